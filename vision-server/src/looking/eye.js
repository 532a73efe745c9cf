/** Looks: offers each picture to the gate, has the model describe it, and tells what is new. */

import {BackendError, CommandRefused, SourceError, words} from '../errors.js';
import {Limit} from '../limit.js';
import {Gate} from './gate.js';
import {saysTheSame} from './sameness.js';

/** @typedef {import('./frame.js').Frame} Frame */

/**
 * @typedef {object} Sight what was seen
 * @property {string} text
 * @property {number} at when the picture was taken, ms since 1970
 * @property {string} model
 * @property {number | null} latencyMs of the model; null where a still picture is only confirmed
 * @property {number | null} tokens
 * @property {number | null} cost
 */

/**
 * @typedef {object} Rules
 * @property {number} threshold
 * @property {number} intervalMs
 * @property {number} maxIntervalMs
 * @property {number} stillMs
 */

/** "What is that?" is answered from a picture no older than this. */
const FRESH_MS = 1000;
/** So long a fresh picture may take to come. */
const FRESH_WAIT_MS = 2500;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** One call at a time; of the pictures that come meanwhile the newest wins. */
export class Eye {
  /**
   * @param {object} parts
   * @param {import('../backends/backends.js').Backend} parts.backend
   * @param {import('../sources/sources.js').Source} parts.source
   * @param {Rules} parts.rules
   * @param {() => string} parts.question
   * @param {() => string} parts.closed why it may not look now; empty: it may
   * @param {(sight: Sight, frame: Frame) => void} parts.tell
   * @param {(status: 'up' | 'down', detail: string) => void} parts.report how the model is
   */
  constructor({backend, source, rules, question, closed, tell, report}) {
    this.backend = backend;
    this.source = source;
    this.gate = new Gate({threshold: rules.threshold, minMs: rules.intervalMs, maxMs: rules.maxIntervalMs});
    this.stillMs = rules.stillMs;
    this.question = question;
    this.closed = closed;
    this.tell = tell;
    this.report = report;
    /** @type {Frame | null} */
    this.newest = null;
    /** @type {Sight | null} */
    this.sight = null;
    this.toldAt = -Infinity;
    this.notBefore = 0;
    this.failures = 0;
    /** @type {Frame | null} */
    this.sending = null;
    /** @type {Frame | null} */
    this.wanted = null;
    this.promised = false;
    /** @type {((frame: Frame) => void)[]} */
    this.awaiting = [];
    /** @type {NodeJS.Timeout | undefined} */
    this.timer = undefined;
    this.stopped = new AbortController();
    this.figures = {frames: 0, calls: 0, failed: 0, still: 0, same: 0, tokens: 0, cost: 0, latencyMs: 0};
  }

  /** @param {Frame} frame */
  see(frame) {
    this.figures.frames++;
    this.newest = frame;
    for (const each of this.awaiting.splice(0)) each(frame);
    this.look();
  }

  /** What it may do, or is asked, has changed. */
  look() {
    const frame = this.newest;
    if (!frame || this.stopped.signal.aborted || this.closed()) return;
    const now = performance.now();
    if (now < this.notBefore) return this.later(this.notBefore - now);
    if (this.gate.offer(frame.gray, now)) void this.send(frame, false);
    else if (!this.gate.busy && this.gate.isStill(frame.gray)) this.confirm(frame);
    else if (!this.gate.busy) this.later(this.gate.at + this.gate.minMs - now);
    return undefined;
  }

  /** Another question is asked from now on. */
  asked() {
    this.gate.forget();
    this.look();
  }

  /**
   * Look now, whatever the gate says; the picture is taken when this returns.
   *
   * @returns {Promise<void>} throws CommandRefused
   */
  async capture() {
    const closed = this.closed();
    if (closed) throw new CommandRefused('not_allowed', closed);
    const wait = this.notBefore - performance.now();
    if (wait > 0 && this.failures) {
      throw new CommandRefused('unavailable', `the model wants to be left alone for ${Math.ceil(wait / 1000)} s`);
    }
    if (this.sending && Date.now() - this.sending.at < FRESH_MS) {
      this.promised = true; // that one is as fresh
      return;
    }
    const frame = await this.fresh();
    if (this.closed()) throw new CommandRefused('not_allowed', this.closed());
    if (this.gate.busy) this.wanted = frame;
    else if (this.gate.offer(frame.gray, performance.now(), true)) void this.send(frame, true);
  }

  /** Ends the call that is under way. */
  stop() {
    clearTimeout(this.timer);
    this.stopped.abort();
  }

  /** What was seen counts no more, as when it must not be known. */
  forget() {
    this.sight = null;
    this.newest = null;
    this.wanted = null;
    this.gate.forget();
  }

  /** @returns {Promise<Frame>} */
  async fresh() {
    if (this.newest && Date.now() - this.newest.at < FRESH_MS) return this.newest;
    const limit = new Limit(this.stopped.signal, FRESH_WAIT_MS);
    try {
      const frame = this.source.grab ? await this.source.grab(limit.signal) : await this.next(limit.signal);
      this.newest = frame;
      return frame;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      throw new CommandRefused('unavailable', `there is no picture: ${words(error)}`.slice(0, 200));
    } finally {
      limit.lift();
    }
  }

  /**
   * @param {AbortSignal} limit
   * @returns {Promise<Frame>}
   */
  next(limit) {
    return new Promise((resolve, reject) => {
      this.awaiting.push(resolve);
      const late = () => {
        this.awaiting = this.awaiting.filter((each) => each !== resolve);
        reject(new SourceError(`none came within ${FRESH_WAIT_MS / 1000} s`));
      };
      limit.addEventListener('abort', late, {once: true});
    });
  }

  /**
   * @param {Frame} frame
   * @param {boolean} forced
   */
  async send(frame, forced) {
    const {figures} = this;
    const began = performance.now();
    const question = this.question();
    this.sending = frame;
    figures.calls++;
    let described = false;
    try {
      const said = await this.backend.describe(frame.jpeg, question, this.stopped.signal);
      figures.latencyMs = Math.round(performance.now() - began);
      figures.tokens += said.tokens ?? 0;
      figures.cost += said.cost ?? 0;
      this.failures = 0;
      this.report('up', '');
      described = !this.closed();
      if (described) this.described({...said, at: frame.at, latencyMs: figures.latencyMs}, frame, forced || this.promised);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      if (!this.stopped.signal.aborted) this.failed(error);
    } finally {
      this.sending = null;
      this.promised = false;
      this.gate.done(described);
      const wanted = this.wanted;
      this.wanted = null;
      if (wanted && described && !this.closed() && this.gate.offer(wanted.gray, performance.now(), true)) {
        void this.send(wanted, true);
      } else if (question !== this.question()) this.asked();
      else if (this.newest !== frame || !described) this.look();
    }
  }

  /**
   * @param {Sight} sight
   * @param {Frame} frame
   * @param {boolean} forced
   */
  described(sight, frame, forced) {
    const known = this.sight !== null && saysTheSame(this.sight.text, sight.text);
    this.sight = known && this.sight ? {...sight, text: this.sight.text} : sight;
    if (known) this.figures.same++;
    if (!known || forced || performance.now() - this.toldAt >= this.stillMs) this.say(this.sight, frame);
  }

  /**
   * The picture is the one that was described: that still holds, and costs nothing to say.
   *
   * @param {Frame} frame
   */
  confirm(frame) {
    this.figures.still++;
    if (!this.sight || performance.now() - this.toldAt < this.stillMs) return;
    this.sight = {...this.sight, at: frame.at, latencyMs: null, tokens: null, cost: null};
    this.say(this.sight, frame);
  }

  /**
   * @param {Sight} sight
   * @param {Frame} frame
   */
  say(sight, frame) {
    this.toldAt = performance.now();
    this.tell(sight, frame);
  }

  /** @param {BackendError} error */
  failed(error) {
    this.figures.failed++;
    this.failures++;
    const growing = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.failures - 1));
    const wait = error.lasting ? LONGEST_WAIT_MS : Math.max(error.retryAfterS * 1000, growing);
    this.notBefore = performance.now() + wait;
    this.report('down', `${error.message}; tried again in ${Math.round(wait / 1000)} s`);
  }

  /** @param {number} ms */
  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Math.max(10, ms));
    this.timer.unref();
  }
}
