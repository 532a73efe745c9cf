/** The broker: one connection, the states that are retained, the will, and what is subscribed to. */

import {readFileSync} from 'node:fs';
import mqtt from 'mqtt';
import {ConfigError, words} from '../errors.js';
import {log} from '../log.js';

/** @typedef {import('../config/config.js').Config} Config */
/** @typedef {import('../contract.js').Contract} Contract */
/** @typedef {(payload: Buffer, retained: boolean) => void} Take */

const AVAILABILITY = 'vision/availability';
const RECONNECT_MS = 1000;
const CONNECT_MS = 10_000;
const END_MS = 2000;
/** Seconds after which the broker says that we are gone. */
const KEEPALIVE_S = 10;
const LARGEST_RETAINED = 256 * 1024;

/** States are sent again on each connection; events go out only while there is one. */
export class Bus {
  /**
   * @param {Config} config
   * @param {Contract} contract
   */
  constructor(config, contract) {
    this.config = config;
    this.contract = contract;
    /** @type {Map<string, string | Buffer>} */
    this.states = new Map();
    /** @type {Map<string, Take>} */
    this.takers = new Map();
    /** @type {import('mqtt').MqttClient | null} */
    this.client = null;
    this.detail = 'not connected yet';
  }

  get connected() {
    return this.client?.connected ?? false;
  }

  /**
   * Before `open`.
   *
   * @param {string} path
   * @param {Take} take
   */
  on(path, take) {
    if (!this.contract.row(path).to.includes('vision')) throw new Error(`${path} is not ours to read`);
    this.takers.set(path, take);
  }

  open() {
    const {mqtt: broker, instance} = this.config;
    const host = broker.host.includes(':') ? `[${broker.host.replace(/[[\]]/g, '')}]` : broker.host;
    const client = mqtt.connect(`${broker.tls ? 'mqtts' : 'mqtt'}://${host}:${broker.port}`, {
      protocolVersion: 5,
      clientId: `pickled-${instance}-vision`,
      username: broker.username ?? undefined,
      password: broker.password ?? undefined,
      ca: broker.caFile ? certificate(broker.caFile) : undefined,
      clean: true,
      keepalive: KEEPALIVE_S,
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONNECT_MS,
      resubscribe: false,
      queueQoSZero: false,
      will: {topic: this.topic(AVAILABILITY), payload: Buffer.from('offline'), qos: 1, retain: true},
    });
    this.client = client;
    client.on('connect', () => this.connectedAgain());
    client.on('message', (topic, payload, packet) => this.take(topic, payload, packet));
    client.on('error', (error) => this.lost(words(error) || 'it can not be reached'));
    client.on('close', () => this.lost('the connection is lost'));
  }

  /**
   * @param {string} path of a state
   * @param {unknown} value
   */
  retain(path, value) {
    const payload = this.contract.encode(path, value);
    if (payload.length > LARGEST_RETAINED) {
      log('warning', `${path}: ${payload.length} bytes are too many to be published`);
      return;
    }
    this.states.set(path, payload);
    if (this.connected) this.send(path, payload, true);
  }

  /**
   * Takes a retained message away.
   *
   * @param {string} path
   */
  clear(path) {
    this.states.set(path, '');
    if (this.connected) this.send(path, '', true);
  }

  /**
   * @param {string} path of an event
   * @param {unknown} value
   * @returns {boolean} was it sent?
   */
  publish(path, value) {
    const payload = this.contract.encode(path, value);
    if (this.connected) this.send(path, payload, false);
    return this.connected;
  }

  /** Says that we are gone, and waits for that as long as it may take. */
  async close() {
    const {client} = this;
    if (!client) return;
    this.detail = 'stopped';
    if (client.connected) {
      const told = client.publishAsync(this.topic(AVAILABILITY), 'offline', {qos: 1, retain: true});
      await Promise.race([told, new Promise((resolve) => setTimeout(resolve, END_MS).unref())]).catch(() => {});
    }
    client.end(true);
  }

  /**
   * @param {string} path
   * @returns {string}
   */
  topic(path) {
    return `${this.config.mqtt.baseTopic}/${this.config.instance}/${path}`;
  }

  connectedAgain() {
    log('info', `connected to the broker at ${this.config.mqtt.host}:${this.config.mqtt.port}`);
    this.detail = '';
    const topics = [...this.takers.keys()].map((path) => this.topic(path));
    this.client?.subscribe(Object.fromEntries(topics.map((each) => [each, {qos: 1, rap: true}])), (error, granted) => {
      const refused = granted?.filter(({qos}) => qos >= 128).map(({topic}) => topic) ?? [];
      if (error || refused.length) log('warning', `the broker does not let us read ${refused.join(', ') || words(error)}`);
    });
    for (const [path, payload] of this.states) this.send(path, payload, true);
    this.send(AVAILABILITY, 'online', true); // last: the rest is there by then
  }

  /**
   * @param {string} path
   * @param {string | Buffer} payload
   * @param {boolean} retain
   */
  send(path, payload, retain) {
    this.client?.publish(this.topic(path), payload, {qos: 1, retain}, (error) => {
      if (error && this.connected) log('warning', `${path} is not taken by the broker: ${words(error)}`);
    });
  }

  /**
   * @param {string} topic
   * @param {Buffer} payload
   * @param {import('mqtt').IPublishPacket} packet
   */
  take(topic, payload, packet) {
    const start = this.topic('');
    const take = topic.startsWith(start) ? this.takers.get(topic.slice(start.length)) : undefined;
    take?.(payload, packet.retain);
  }

  /** @param {string} why */
  lost(why) {
    if (this.detail === 'stopped') return;
    if (this.detail !== why && !(this.detail && why === 'the connection is lost')) log('warning', `the broker: ${why}`);
    if (!this.detail || why !== 'the connection is lost') this.detail = why;
  }
}

/**
 * @param {string} path
 * @returns {Buffer}
 */
function certificate(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigError(`mqtt.ca_file: ${words(error)}`);
  }
}
