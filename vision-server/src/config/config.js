/** All that the vision-server is told, as one object; what can't be used is refused in a sentence. */

import {readBackend} from '../backends/backends.js';
import {ConfigError} from '../errors.js';
import {readSource} from '../sources/sources.js';
import {Fields, isThisMachine} from './fields.js';
import {findFile, readLayers} from './layers.js';

/** @typedef {import('../sources/sources.js').SourceChoice} SourceChoice */
/** @typedef {import('../backends/backends.js').BackendChoice} BackendChoice */

/**
 * @typedef {object} MqttConfig
 * @property {string} host
 * @property {number} port
 * @property {string | null} username
 * @property {string | null} password
 * @property {boolean} tls
 * @property {string | null} caFile
 * @property {boolean} insecure
 * @property {string} baseTopic
 */

/**
 * @typedef {object} Config
 * @property {string | null} path the file; null if there is none
 * @property {string} instance
 * @property {MqttConfig} mqtt
 * @property {boolean} enabled does it look from the start on?
 * @property {SourceChoice} source
 * @property {BackendChoice} backend
 * @property {number} intervalMs the shortest time between two calls of the model
 * @property {number} maxIntervalMs after so long it is called also for a still picture
 * @property {number} stillMs so often a still picture is said to be still there, without a call
 * @property {number} threshold mean difference of 32 × 32 grey pixels, 0–255, from which it is another picture
 * @property {string} prompt what it looks for; empty: nothing in particular
 * @property {boolean} snapshot are pictures published?
 * @property {boolean} onlyLive does it look only while the stream is live?
 * @property {string} host
 * @property {number} port
 * @property {string | null} token
 */

/**
 * Find, read, merge and check the configuration; throws ConfigError.
 *
 * @param {object} where
 * @param {string} [where.file]
 * @param {Record<string, string | undefined>} where.environ
 * @param {string} where.cwd
 * @returns {Config}
 */
export function loadConfig({file, environ, cwd}) {
  const path = findFile(file, environ, cwd);
  const {values, baseDir} = readLayers(path, environ, cwd);
  const instance = String(values.instance ?? 'home');
  if (!/^[a-z0-9-]{1,32}$/.test(instance)) throw new ConfigError('instance must be up to 32 of a-z, 0-9 and -.');
  return {path, instance, mqtt: readMqtt(values.mqtt ?? {}, baseDir), ...readVision(values.vision ?? {}, baseDir)};
}

/**
 * @param {unknown} values
 * @param {string} baseDir
 */
function readVision(values, baseDir) {
  const fields = new Fields('vision', values);
  const key = fields.text('overshoot_api_key', null);
  const read = {
    enabled: fields.flag('enabled', true),
    source: readSource(fields.take('source') ?? {kind: 'obs'}, baseDir),
    backend: readBackend(fields.take('backend') ?? {kind: 'ollama'}, key),
    intervalMs: 1000 * fields.number('interval_s', 5, {least: 0.2, most: 3600}),
    maxIntervalMs: 1000 * fields.number('max_interval_s', 300, {least: 1, most: 86_400}),
    stillMs: 1000 * fields.number('still_s', 30, {least: 1, most: 3600}),
    threshold: fields.number('threshold', 4, {least: 0, most: 255}),
    prompt: fields.text('prompt', ''),
    snapshot: fields.flag('snapshot', false),
    onlyLive: fields.flag('only_live', false),
    host: fields.text('host', '127.0.0.1', {form: /^[\w.:-]{1,255}$/, meant: 'a host name or an address'}),
    port: fields.number('port', 3001, {least: 0, most: 65_535, whole: true}),
    token: fields.text('token', null, {form: /^[\x21-\x7e]{16,200}$/, meant: 'at least 16 characters without spaces'}),
  };
  fields.flag('remarks', true); // the daemon's
  fields.end();
  if (!isThisMachine(read.host) && !read.token) {
    throw new ConfigError(
      `vision.host ${read.host}: whoever reaches this address would see the stream and start calls that cost. ` +
      'Set vision.token_file, or leave it at 127.0.0.1.',
    );
  }
  return read;
}

/**
 * @param {unknown} values
 * @param {string} baseDir
 * @returns {MqttConfig}
 */
function readMqtt(values, baseDir) {
  const fields = new Fields('mqtt', values);
  const caFile = fields.text('ca_file', null);
  const mqtt = {
    host: fields.text('host', '127.0.0.1'),
    port: fields.number('port', 1883, {least: 1, most: 65_535, whole: true}),
    username: fields.text('username', null),
    password: fields.text('password', null),
    tls: fields.flag('tls', false),
    caFile: caFile && new URL(caFile, `file://${baseDir}/`).pathname,
    insecure: fields.flag('insecure', false),
    baseTopic: fields.text('base_topic', 'pickled', {form: /^[^$+#/\s\x00][^+#\s\x00]{0,63}$/, meant: 'a topic'}),
  };
  if (mqtt.password && !mqtt.tls && !mqtt.insecure && !isThisMachine(mqtt.host)) {
    throw new ConfigError(
      `mqtt: the password would go to ${mqtt.host} in clear text. Set mqtt.tls: true, or mqtt.insecure: true if ` +
      'you trust everybody in that network.',
    );
  }
  return mqtt;
}
