/** A real Mosquitto for a test, and a client of it that keeps all that it hears. */

import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import mqtt from 'mqtt';

const PLACES = ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'];
const PROGRAM = PLACES.find((each) => spawnSync(each, ['-h']).error === undefined);

export const hasMosquitto = PROGRAM !== undefined;

/** @returns {Promise<number>} */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const {port} = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Mosquitto {
  /** @param {number} port */
  constructor(port) {
    this.port = port;
    this.folder = mkdtempSync(join(tmpdir(), 'pickled-broker-'));
    /** @type {import('node:child_process').ChildProcess | null} */
    this.process = null;
  }

  static async start() {
    const own = new Mosquitto(await freePort());
    await own.begin();
    return own;
  }

  async begin() {
    const file = join(this.folder, 'mosquitto.conf');
    writeFileSync(file, `listener ${this.port} 127.0.0.1\nallow_anonymous true\n`);
    this.process = spawn(/** @type {string} */ (PROGRAM), ['-c', file], {stdio: 'ignore'});
    while (!(await this.listens())) await sleep(20);
  }

  /** @returns {Promise<boolean>} */
  listens() {
    const socket = connect(this.port, '127.0.0.1');
    return new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    }).finally(() => socket.destroy());
  }

  async kill() {
    const gone = new Promise((resolve) => this.process?.once('exit', resolve));
    this.process?.kill('SIGKILL');
    await gone;
  }

  async close() {
    await this.kill();
    rmSync(this.folder, {recursive: true});
  }
}

/** @typedef {{path: string, text: string, payload: Buffer, retain: boolean}} Heard */

export class Listener {
  /**
   * @param {Mosquitto} broker
   */
  static async start(broker, instance = 'home') {
    const own = new Listener();
    own.start = `pickled/${instance}/`;
    own.client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {reconnectPeriod: 100, protocolVersion: 5});
    own.client.on('message', (topic, payload, packet) => own.take(topic, payload, packet.retain));
    await own.client.subscribeAsync('#', {qos: 1, rap: true});
    return own;
  }

  constructor() {
    this.start = '';
    /** @type {Heard[]} */
    this.heard = [];
    /** @type {(() => void)[]} */
    this.waiting = [];
    /** @type {import('mqtt').MqttClient | null} */
    this.client = null;
  }

  /**
   * @param {string} topic
   * @param {Buffer} payload
   * @param {boolean} retain
   */
  take(topic, payload, retain) {
    this.heard.push({path: topic.slice(this.start.length), text: payload.toString(), payload, retain});
    for (const each of this.waiting.splice(0)) each();
  }

  /**
   * The next message that fits, of those that were not looked at yet.
   *
   * @param {string} path
   * @param {(heard: Heard) => boolean} [fits]
   * @returns {Promise<Heard>}
   */
  async next(path, fits = () => true, {withinMs = 30_000} = {}) {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      for (const each of this.waiting.splice(0)) each();
    }, withinMs);
    for (;;) {
      const place = this.heard.findIndex((each) => each.path === path && fits(each));
      if (place >= 0) {
        clearTimeout(timer);
        return this.heard.splice(0, place + 1)[place];
      }
      if (late) throw new Error(`no ${path} that fits; ${this.heard.map(({path: at, text}) => `${at} ${text.slice(0, 200)}`).join(' | ').slice(0, 2000)}`);
      await new Promise((resolve) => this.waiting.push(() => resolve(undefined)));
    }
  }

  /**
   * @param {string} path
   * @param {string} payload
   */
  async send(path, payload, retain = false) {
    await this.client?.publishAsync(this.start + path, payload, {qos: 1, retain});
  }

  async close() {
    await this.client?.endAsync(true);
  }
}
