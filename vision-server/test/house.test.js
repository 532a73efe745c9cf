import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {after, afterEach, beforeEach, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {loadConfig} from '../src/config/config.js';
import {Contract} from '../src/contract.js';
import {House} from '../src/home/house.js';
import {Settings} from '../src/home/settings.js';
import {ModelServer} from './stand_ins/model_server.js';
import {Listener, Mosquitto, hasMosquitto} from './stand_ins/mosquitto.js';
import {picture} from './stand_ins/pictures.js';

const SKIP = {skip: hasMosquitto ? false : 'mosquitto is not on this machine'};
const MAIN = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'main.js');
const CONTRACT = new Contract();

const model = await ModelServer.start();
const broker = hasMosquitto ? await Mosquitto.start() : /** @type {any} */ (null);
after(async () => {
  await model.close();
  await broker?.close();
});

/** @type {string} */
let folder;
/** @type {Listener} */
let listener;
/** @type {House | null} */
let house = null;
/** @type {Promise<void>} */
let running = Promise.resolve();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pickled-house-'));
  show('red');
  model.always = {};
  model.asked = [];
  if (hasMosquitto) listener = await Listener.start(broker);
});
afterEach(async () => {
  await stop();
  if (hasMosquitto) {
    for (const path of ['vision/availability', 'vision_enabled/state', 'vision_prompt/state', 'discreet/state', 'vision/snapshot']) {
      await listener.send(path, '', true);
    }
    await listener.close();
  }
  rmSync(folder, {recursive: true});
});

/** @param {string} colour */
function show(colour) {
  writeFileSync(join(folder, 'now.jpg'), picture(colour));
}

/** @param {object} [more] */
function config(more = {}) {
  const vision = {
    source: {kind: 'file', path: 'now.jpg', every_s: 0.05},
    backend: {kind: 'ollama', host: model.url, model: 'seer', timeout_s: 20},
    interval_s: 0.2, port: 0, ...more,
  };
  writeFileSync(join(folder, 'pickled.yaml'), JSON.stringify({mqtt: {port: broker.port}, vision}));
  return loadConfig({environ: {HOME: folder}, cwd: folder});
}

/** @param {object} [more] */
function start(more) {
  house = new House(config(more), {settings: new Settings(join(folder, 'state', 'vision.json')), contract: CONTRACT});
  running = house.run();
  return house;
}

async function stop() {
  await house?.end();
  await running;
  house = null;
}

/** @param {(told: any) => boolean} [fits] */
const seen = async (fits = () => true) =>
  JSON.parse((await listener.next('event/vision', ({text}) => fits(JSON.parse(text)))).text);

/** @param {string} id */
const answered = async (id) =>
  JSON.parse((await listener.next('event/command', ({text}) => JSON.parse(text).id === id)).text);

/** Everything ours is as the contract says. */
function holdsTheContract() {
  for (const {path, payload, retain} of listener.heard) {
    const row = CONTRACT.row(path);
    assert.equal(retain, row.kind === 'state', path);
    if (!payload.length || row.binary || !row.fits) continue;
    const text = payload.toString();
    assert.ok(row.fits(row.kind === 'event' ? JSON.parse(text) : text), `${path}: ${text}`);
  }
}

test('what is seen is told, with what it took, and the states are retained', SKIP, async () => {
  start({prompt: 'signs', backend: {kind: 'ollama', host: model.url, model: 'seer', price_in: 1, price_out: 1}});
  const told = await seen();
  holdsTheContract();
  assert.deepEqual([told.text, told.model, told.tokens, told.cost], ['The picture is red.', 'seer', 312, 312e-6]);
  assert.ok(told.latency_ms >= 0 && Date.parse(told.captured_at) <= Date.parse(told.ts));
  assert.match(model.asked[0].question, /never an instruction.*signs/s);
  const late = await Listener.start(broker);
  for (const [path, value] of [['vision/availability', 'online'], ['vision_enabled/state', 'ON'], ['vision_prompt/state', 'signs']]) {
    assert.equal((await late.next(path)).text, value);
    late.heard = [];
    await late.client?.unsubscribeAsync('#');
    await late.client?.subscribeAsync('#', {qos: 1, rap: true});
  }
  await late.close();
  assert.ok(!listener.heard.some(({path, payload}) => path === 'vision/snapshot' && payload.length), 'no picture without being asked');
});

test('commands are obeyed, answered, and kept over a restart', SKIP, async () => {
  start();
  await seen();
  await listener.send('vision_prompt/set', '{"value": "dogs", "id": "p1"}');
  assert.deepEqual((await answered('p1')).code, 'ok');
  await listener.send('vision_enabled/set', '{"value": "TOGGLE", "id": "e1"}');
  const answer = await answered('e1');
  assert.deepEqual([answer.event_type, answer.command, answer.code], ['accepted', 'vision_enabled/set', 'ok']);
  await listener.send('vision_enabled/set', '{"value": "TOGGLE", "id": "e1"}');
  await answered('e1');
  await listener.send('cmd/vision_capture', '{"id": "c1"}');
  const refused = await answered('c1');
  assert.deepEqual([refused.event_type, refused.code], ['rejected', 'not_allowed']);
  holdsTheContract();
  await stop();
  listener.heard = [];
  start();
  assert.equal((await listener.next('vision_enabled/state')).text, 'OFF');
  assert.equal((await listener.next('vision_prompt/state')).text, 'dogs');
  await listener.next('vision/availability', ({text}) => text === 'online');
  const asked = model.asked.length;
  await listener.send('vision_enabled/set', 'ON');
  await seen();
  assert.match(model.asked[asked].question, /dogs/);
});

test('a capture is answered, and what it sees is told also if it is known', SKIP, async () => {
  start({interval_s: 60});
  await seen();
  const before = Date.now();
  await listener.send('cmd/vision_capture', '{"id": "c2"}');
  const {text, captured_at} = await seen();
  assert.equal(text, 'The picture is red.');
  assert.ok(Date.parse(captured_at) >= before - 1000);
  assert.equal(model.asked.length, 2);
});

test('what is no command is refused with a code of the contract', SKIP, async () => {
  start();
  await listener.next('vision/availability', ({text}) => text === 'online');
  /** @type {[string, string, boolean, string][]} */
  const wrong = [
    ['vision_enabled/set', 'PERHAPS', false, 'bad_payload'],
    ['vision_enabled/set', '{"value": "ON", "loud": 1}', false, 'bad_payload'],
    ['vision_enabled/set', '{broken', false, 'bad_payload'],
    ['vision_prompt/set', 'x'.repeat(2001), false, 'out_of_range'],
    ['vision_prompt/set', 'x'.repeat(5000), false, 'too_large'],
    ['vision_prompt/set', '', false, 'bad_payload'],
    ['vision_enabled/set', 'OFF', true, 'retained'],
  ];
  for (const [path, payload, retain, code] of wrong) {
    await listener.send(path, payload, retain);
    const told = JSON.parse((await listener.next('event/command')).text);
    assert.deepEqual([told.event_type, told.command, told.code], ['rejected', path, code]);
  }
  await listener.send('vision_enabled/set', '', true);
  assert.equal(house?.enabled, true);
});

test('in discreet nothing is looked at, and a published picture goes', SKIP, async () => {
  start({snapshot: true});
  const shown = await listener.next('vision/snapshot', ({payload}) => payload.length > 0);
  assert.equal(shown.payload.readUInt16BE(0), 0xffd8);
  await listener.send('discreet/state', 'ON', true);
  await listener.next('vision/snapshot', ({payload}) => payload.length === 0);
  const asked = model.asked.length;
  show('blue');
  await listener.send('cmd/vision_capture', '{"id": "d1"}');
  assert.equal((await answered('d1')).code, 'not_allowed');
  assert.deepEqual([house?.latest, model.asked.length], [null, asked]);
  await listener.send('discreet/state', 'OFF', true);
  assert.equal((await seen()).text, 'The picture is blue.');
});

test('with only_live it looks while the stream is live', SKIP, async () => {
  start({only_live: true});
  await listener.next('vision/availability', ({text}) => text === 'online');
  await listener.send('live/state', 'OFF', true);
  await listener.send('cmd/vision_capture', '{"id": "l1"}');
  assert.equal((await answered('l1')).code, 'not_allowed');
  await listener.send('live/state', 'ON', true);
  assert.equal((await seen()).text, 'The picture is red.');
  await listener.send('live/state', '', true);
});

test('killed, it is said to be offline; stopped, it says so itself', SKIP, async () => {
  config();
  const how = {cwd: folder, env: {...process.env, HOME: folder}};
  for (const signal of /** @type {const} */ (['SIGKILL', 'SIGTERM'])) {
    const child = spawn(process.execPath, [MAIN], {...how, stdio: 'ignore'});
    await listener.next('vision/availability', ({text}) => text === 'online');
    await seen();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await listener.next('vision/availability', ({text}) => text === 'offline');
    assert.equal(await gone, signal === 'SIGKILL' ? null : 0);
  }
});

test('a broker that goes and comes back has all states again', SKIP, async () => {
  const own = await Mosquitto.start();
  const {port} = own;
  const [ours, before] = [broker.port, listener];
  broker.port = port;
  try {
    start();
    listener = await Listener.start(own);
    await seen();
    await own.kill();
    show('blue');
    await own.begin();
    assert.equal((await listener.next('vision_enabled/state')).text, 'ON');
    await listener.next('vision/availability', ({text}) => text === 'online');
    show('green');
    assert.equal((await seen(({text}) => /green/.test(text))).text, 'The picture is green.');
    await stop();
    await listener.close();
  } finally {
    [broker.port, listener] = [ours, before];
    await own.close();
  }
});

test('secrets stand in no log', SKIP, async () => {
  const vision = {
    source: {kind: 'srt', passphrase: 'very-secret-phrase', port: 1},
    backend: {kind: 'openai', base_url: 'http://127.0.0.1:9/v1', model: 'seer', api_key: 'sk-very-secret'}, port: 0,
  };
  writeFileSync(join(folder, 'pickled.yaml'), JSON.stringify({mqtt: {port: broker.port, username: 'vision', password: 'very-secret-word'}, vision}));
  const child = spawn(process.execPath, [MAIN], {cwd: folder, env: {...process.env, HOME: folder}, stdio: ['ignore', 'ignore', 'pipe']});
  let said = '';
  await new Promise((resolve) => child.stderr.on('data', (chunk) => {
    said += chunk;
    if (/source (waiting|down)/.test(said) && /connected to the broker/.test(said)) resolve(undefined);
  }));
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  assert.doesNotMatch(said, /very-secret/);
});

test('a wrong configuration ends it with a sentence', async () => {
  writeFileSync(join(folder, 'pickled.yaml'), 'vision: {source: {kind: satellite}}');
  const child = spawn(process.execPath, [MAIN], {cwd: folder, env: {...process.env, HOME: folder}, stdio: ['ignore', 'ignore', 'pipe']});
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 1);
  assert.match(said, /error: vision\.source\.kind must be one of/);
  assert.equal(said.trim().split('\n').length, 1);
  assert.ok(readFileSync(MAIN));
});
