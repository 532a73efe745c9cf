/** A camera that gives a JPEG at an address: a camera proxy, Frigate, go2rtc, a phone. */

import {SourceError, words} from '../errors.js';
import {Limit} from '../limit.js';
import {LARGEST_JPEG, frameOf} from '../looking/frame.js';
import {poll} from './polling.js';

/** @typedef {import('./sources.js').Source} Source */
/** @typedef {import('./sources.js').Frame} Frame */

const TIMEOUT_MS = 5000;

/** @implements {Source} */
export class UrlSource {
  /** @param {{url: URL, headers: Record<string, string>, everyMs: number}} options */
  constructor({url, headers, everyMs}) {
    this.url = url;
    this.headers = headers;
    this.everyMs = everyMs;
    this.etag = '';
    /** @type {Frame | null} */
    this.last = null;
  }

  /** @param {import('../config/fields.js').Fields} fields */
  static read(fields) {
    const url = new URL(fields.url('url', ['http', 'https']));
    const token = fields.text('token', null, {form: /^[\x21-\x7e]+$/, meant: 'a token without spaces'});
    const everyS = fields.number('every_s', 0, {least: 0, most: 3600});
    /** @type {Record<string, string>} */
    const headers = token ? {authorization: `Bearer ${token}`} : {};
    if (!token && url.username) {
      const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      headers.authorization = `Basic ${Buffer.from(login).toString('base64')}`;
    }
    url.username = url.password = '';
    return (/** @type {number} */ pollMs) => new UrlSource({url, headers, everyMs: everyS * 1000 || pollMs});
  }

  /** @type {Source['run']} */
  async run(signal, emit, report) {
    await poll((each) => this.fetched(each, true), {everyMs: this.everyMs, where: this.where, signal, emit, report});
  }

  /** @type {NonNullable<Source['grab']>} */
  async grab(signal) {
    const frame = await this.fetched(signal, false);
    return /** @type {Frame} */ (frame ?? this.last);
  }

  get where() {
    return `${this.url.origin}${this.url.pathname}`;
  }

  /**
   * @param {AbortSignal} signal
   * @param {boolean} ifChanged
   * @returns {Promise<Frame | null>} null: it is the last one still
   */
  async fetched(signal, ifChanged) {
    const limit = new Limit(signal, TIMEOUT_MS);
    /** @type {Record<string, string>} */
    const condition = ifChanged && this.etag ? {'if-none-match': this.etag} : {};
    try {
      // Only the host that is configured: whoever answers there sends us nowhere else.
      const answer = await fetch(this.url, {signal: limit.signal, redirect: 'error', headers: {...this.headers, ...condition}});
      if (answer.status === 304 && this.last) {
        this.last = {...this.last, at: Date.now()};
        return this.last;
      }
      if (!answer.ok) throw new SourceError(`${this.where} answers ${answer.status} ${answer.statusText}`);
      this.last = frameOf(await body(answer), Date.now());
      this.etag = answer.headers.get('etag') ?? '';
      return this.last;
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const cause = /** @type {any} */ (error)?.cause;
      const why = limit.over ? `no picture within ${TIMEOUT_MS / 1000} s` : words(cause ?? error);
      throw new SourceError(`${this.where}: ${why}`);
    } finally {
      limit.lift();
    }
  }
}

/**
 * @param {Response} answer
 * @returns {Promise<Buffer>}
 */
async function body(answer) {
  const chunks = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > LARGEST_JPEG) throw new SourceError(`the picture has more than ${LARGEST_JPEG} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
