/** What OBS Studio shows: a screenshot of the scene on program, over obs-websocket 5. */

import {createHash} from 'node:crypto';
import WebSocket from 'ws';
import {SourceError, words} from '../errors.js';
import {frameOf} from '../looking/frame.js';
import {poll} from './polling.js';

/** @typedef {import('./sources.js').Source} Source */
/** @typedef {import('./sources.js').Frame} Frame */

const TIMEOUT_MS = 5000;
const LARGEST_MESSAGE = 8_000_000;
const [HELLO, IDENTIFY, IDENTIFIED, REQUEST, RESPONSE] = [0, 1, 2, 6, 7];
const WRONG_PASSWORD = 4009;

/** @implements {Source} */
export class ObsSource {
  /** @param {{url: string, password: string | null, scene: string | null, width: number, everyMs: number}} options */
  constructor({url, password, scene, width, everyMs}) {
    this.url = url;
    this.password = password;
    this.scene = scene;
    this.width = width;
    this.everyMs = everyMs;
    /** @type {Connection | null} */
    this.connection = null;
  }

  /** @param {import('../config/fields.js').Fields} fields */
  static read(fields) {
    const url = fields.url('url', ['ws', 'wss'], 'ws://127.0.0.1:4455');
    const password = fields.text('password', null);
    const scene = fields.text('scene', null);
    const width = fields.number('width', 640, {least: 64, most: 1920, whole: true});
    const everyS = fields.number('every_s', 0, {least: 0, most: 3600});
    return (/** @type {number} */ pollMs) =>
      new ObsSource({url, password, scene, width, everyMs: everyS * 1000 || pollMs});
  }

  /** @type {Source['run']} */
  async run(signal, emit, report) {
    report('waiting', `connecting to OBS at ${this.url}`);
    const connection = await Connection.open(this.url, this.password, signal);
    this.connection = connection;
    try {
      await poll(() => this.screenshot(connection), {everyMs: this.everyMs, where: `OBS at ${this.url}`, signal, emit, report});
    } finally {
      this.connection = null;
      connection.close();
    }
  }

  /** @type {NonNullable<Source['grab']>} */
  async grab() {
    if (!this.connection) throw new SourceError(`OBS at ${this.url} is not connected`);
    return this.screenshot(this.connection);
  }

  /**
   * Asks each time which scene is on program: a screenshot of another one is black.
   *
   * @param {Connection} connection
   * @returns {Promise<Frame>}
   */
  async screenshot(connection) {
    const source = this.scene ?? (await connection.ask('GetCurrentProgramScene')).currentProgramSceneName;
    const asked = {sourceName: source, imageFormat: 'jpg', imageWidth: this.width, imageCompressionQuality: 75};
    const {imageData} = await connection.ask('GetSourceScreenshot', asked);
    const data = typeof imageData === 'string' ? imageData.slice(imageData.indexOf(',') + 1) : '';
    return frameOf(Buffer.from(data, 'base64'), Date.now());
  }
}

/** One connection; each request waits for its answer. */
export class Connection {
  /** @param {WebSocket} socket */
  constructor(socket) {
    this.socket = socket;
    this.number = 0;
    /** @type {Map<string, {answer: (data: any) => void, fail: (error: Error) => void}>} */
    this.waiting = new Map();
    this.ended = '';
  }

  /**
   * @param {string} url
   * @param {string | null} password
   * @param {AbortSignal} signal
   * @returns {Promise<Connection>} throws SourceError
   */
  static async open(url, password, signal) {
    const socket = new WebSocket(url, {handshakeTimeout: TIMEOUT_MS, maxPayload: LARGEST_MESSAGE});
    const connection = new Connection(socket);
    await new Promise((resolve, reject) => {
      const fail = (/** @type {string} */ why) => {
        socket.terminate();
        reject(new SourceError(`OBS at ${url}: ${why}`));
      };
      const timer = setTimeout(() => fail(`it does not greet within ${TIMEOUT_MS / 1000} s`), TIMEOUT_MS);
      signal.addEventListener('abort', () => fail('stopped'), {once: true});
      socket.on('error', (error) => fail(words(error) || 'can not be reached: is its WebSocket server switched on?'));
      socket.on('close', (code) => {
        connection.over(code === WRONG_PASSWORD ? 'it refuses the password' : `it closed the connection (${code})`);
        fail(connection.ended);
      });
      socket.on('message', (data) => {
        const {op, d} = parsed(data);
        if (op === HELLO) {
          if (d?.authentication && !password) return fail('it wants a password: set vision.source.password_file');
          const authentication = d?.authentication && password ? proof(password, d.authentication) : undefined;
          socket.send(JSON.stringify({op: IDENTIFY, d: {rpcVersion: 1, eventSubscriptions: 0, authentication}}));
        } else if (op === IDENTIFIED) {
          clearTimeout(timer);
          resolve(undefined);
        } else if (op === RESPONSE) connection.take(d);
        return undefined;
      });
    });
    return connection;
  }

  /**
   * @param {string} requestType
   * @param {Record<string, unknown>} [requestData]
   * @returns {Promise<any>} throws SourceError
   */
  async ask(requestType, requestData) {
    if (this.ended) throw new SourceError(`OBS: ${this.ended}`);
    const requestId = String(++this.number);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(requestId);
        reject(new SourceError(`OBS does not answer ${requestType} within ${TIMEOUT_MS / 1000} s`));
      }, TIMEOUT_MS);
      const settle = (/** @type {() => void} */ how) => {
        clearTimeout(timer);
        this.waiting.delete(requestId);
        how();
      };
      this.waiting.set(requestId, {
        answer: (data) => settle(() => resolve(data)),
        fail: (error) => settle(() => reject(error)),
      });
      this.socket.send(JSON.stringify({op: REQUEST, d: {requestType, requestId, requestData}}));
    });
  }

  /** @param {any} answer */
  take(answer) {
    const waits = this.waiting.get(answer?.requestId);
    if (!waits) return;
    const status = answer.requestStatus ?? {};
    if (status.result) waits.answer(answer.responseData ?? {});
    else waits.fail(new SourceError(`OBS: ${status.comment ?? answer.requestType} (${status.code})`));
  }

  /** @param {string} why */
  over(why) {
    this.ended = why;
    for (const each of [...this.waiting.values()]) each.fail(new SourceError(`OBS: ${why}`));
  }

  close() {
    this.socket.close();
    setTimeout(() => this.socket.terminate(), 500).unref();
  }
}

/**
 * @param {string} password
 * @param {{salt: string, challenge: string}} asked
 * @returns {string}
 */
function proof(password, {salt, challenge}) {
  const hashed = (/** @type {string} */ text) => createHash('sha256').update(text).digest('base64');
  return hashed(hashed(password + salt) + challenge);
}

/**
 * @param {import('ws').RawData} data
 * @returns {any}
 */
function parsed(data) {
  try {
    return JSON.parse(data.toString()) ?? {};
  } catch {
    return {};
  }
}
