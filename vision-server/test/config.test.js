import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {loadConfig} from '../src/config/config.js';
import {ConfigError} from '../src/errors.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'pickled-vision-'));
after(() => rmSync(FOLDER, {recursive: true}));

/**
 * @param {string} text
 * @param {Record<string, string>} [environ]
 */
function load(text, environ = {}) {
  writeFileSync(join(FOLDER, 'pickled.yaml'), text);
  return loadConfig({environ: {HOME: FOLDER, ...environ}, cwd: FOLDER});
}

test('without a file everything has a default, and nothing leaves this machine', () => {
  const config = loadConfig({environ: {HOME: '/nowhere'}, cwd: '/nowhere'});
  assert.equal(config.source.kind, 'obs');
  assert.equal(config.backend.kind, 'ollama');
  assert.deepEqual([config.host, config.port, config.snapshot], ['127.0.0.1', 3001, false]);
  assert.deepEqual([config.mqtt.host, config.mqtt.port], ['127.0.0.1', 1883]);
});

test('pickled.yaml is read, with what is the daemon\'s in it', () => {
  const config = load(`
instance: studio
channel: somebody
llm: {kind: ollama}
mqtt: {host: broker.local, base_topic: house/pickled}
vision: {source: {kind: srt, passphrase: "1234567890ab", host: 0.0.0.0}, backend: {kind: openai, base_url: "http://127.0.0.1:8000/v1", model: seer},
  interval_s: 2, prompt: signs, snapshot: true, port: 3002, remarks: false}
`);
  assert.deepEqual([config.instance, config.mqtt.baseTopic, config.port], ['studio', 'house/pickled', 3002]);
  assert.deepEqual([config.intervalMs, config.prompt, config.snapshot], [2000, 'signs', true]);
});

test('the environment wins over the file, and another kind replaces a whole part', () => {
  const config = load('mqtt: {host: a, username: pickled}\nvision: {backend: {kind: ollama, keep_alive: 5m}}', {
    PICKLED_MQTT__HOST: 'b',
    PICKLED_MQTT__USERNAME: 'vision',
    PICKLED_VISION__BACKEND: '',
    PICKLED_VISION__INTERVAL_S: '9',
    PICKLED_LLM__MODEL: 'the daemon\'s',
  });
  assert.deepEqual([config.mqtt.host, config.mqtt.username, config.intervalMs], ['b', 'vision', 9000]);
});

test('the prototype\'s two variables are obeyed', () => {
  const said = 'vision: {backend: {kind: overshoot, model: seer}}';
  assert.equal(load(said, {OVERSHOOT_API_KEY: 'ovs_1'}).enabled, true);
  assert.equal(load(said, {OVERSHOOT_API_KEY: 'ovs_1', VISION_ENABLED: 'false'}).enabled, false);
  assert.throws(() => load(said), /OVERSHOOT_API_KEY/);
});

test('secrets come from files, credentials and secrets.yaml', () => {
  writeFileSync(join(FOLDER, 'pass'), 'from-a-file\n');
  writeFileSync(join(FOLDER, 'secrets.yaml'), 'broker: from-secrets\n');
  assert.equal(load('mqtt: {password_file: pass}').mqtt.password, 'from-a-file');
  assert.equal(load('mqtt: {password: !secret broker}').mqtt.password, 'from-secrets');
  const credentials = mkdtempSync(join(FOLDER, 'credentials-'));
  writeFileSync(join(credentials, 'pickled_mqtt_password'), 'from-systemd');
  writeFileSync(join(credentials, 'pickled_vision_source_passphrase'), 'sixteen-or-more');
  const config = load('vision: {source: {kind: srt}}', {CREDENTIALS_DIRECTORY: credentials});
  assert.equal(config.mqtt.password, 'from-systemd');
});

/** @type {[string, string, RegExp][]} */
const REFUSED = [
  ['a typo', 'vision: {intervall_s: 5}', /vision\.intervall_s is not a known key.*interval_s/],
  ['an interval that is none', 'vision: {interval_s: often}', /interval_s must be a number from 0\.2/],
  ['an unknown source', 'vision: {source: {kind: satellite}}', /must be one of obs, url, file, srt, rtmp/],
  ['a source that comes later', 'vision: {source: {kind: browser}}', /browser is not built yet: use obs/],
  ['an unknown backend', 'vision: {backend: {kind: magic}}', /must be one of ollama, openai/],
  ['a page for everybody', 'vision: {host: 0.0.0.0}', /token_file/],
  ['a short token', 'vision: {host: 0.0.0.0, token: short}', /at least 16/],
  ['a password in clear text', 'mqtt: {host: far.example, password: x}', /clear text/],
  ['a file for an address', 'vision: {source: {kind: url, url: "file:///etc/passwd"}}', /begins with http/],
  ['a file for a camera', 'vision: {source: {kind: rtsp, url: "file:/etc/passwd"}}', /begins with rtsp/],
  ['a concat for a camera', 'vision: {source: {kind: rtsp, url: "concat:/etc/passwd|/etc/group"}}', /begins with rtsp/],
  ['options in a host', 'vision: {source: {kind: srt, host: "127.0.0.1:1?mode=x"}}', /host must be/],
  ['a path in a stream key', 'vision: {source: {kind: rtmp, path: "x -i /etc/passwd"}}', /path must be/],
  ['a device that is none', 'vision: {source: {kind: v4l2, device: /dev/../etc/passwd}}', /must be a device/],
  ['a short passphrase', 'vision: {source: {kind: srt, passphrase: short}}', /10 to 79/],
  ['an open port without one', 'vision: {source: {kind: srt, host: 0.0.0.0}}', /passphrase is missing/],
  ['RTMP for everybody', 'vision: {source: {kind: rtmp, host: 0.0.0.0}}', /trusted_network/],
  ['a clip that is not there', 'vision: {source: {kind: clip, path: none.mp4}}', /there is no/],
  ['no mapping', 'vision: on', /must be a section/],
  ['no YAML', 'vision: {', /pickled\.yaml/],
  ['an instance that is none', 'instance: a/b', /instance must be/],
];

for (const [what, text, said] of REFUSED) {
  test(`refused in a sentence: ${what}`, () => {
    assert.throws(() => load(text), (error) => error instanceof ConfigError && said.test(error.message));
  });
}
