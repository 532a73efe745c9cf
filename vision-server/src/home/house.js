/** Puts all parts of the vision-server together, and lets them live. */

import {Contract} from '../contract.js';
import {CommandRefused} from '../errors.js';
import {log} from '../log.js';
import {Eye} from '../looking/eye.js';
import {keep} from '../looking/keeping.js';
import {questionOf} from '../looking/question.js';
import {Bus} from './bus.js';
import {Commands} from './commands.js';
import {Settings} from './settings.js';

/** @typedef {import('../looking/eye.js').Sight} Sight */
/** @typedef {import('../looking/frame.js').Frame} Frame */
/** @typedef {(event: object) => void} Listener */

/** Cameras are looked at this often, where nothing else is said. */
const POLL_MS = 1000;
const LONGEST_DETAIL = 300;

export class House {
  /**
   * @param {import('../config/config.js').Config} config
   * @param {object} [parts]
   * @param {Settings} [parts.settings]
   * @param {Contract} [parts.contract]
   */
  constructor(config, {settings, contract} = {}) {
    this.config = config;
    this.settings = settings ?? Settings.at(process.env, config.instance);
    this.bus = new Bus(config, contract ?? new Contract());
    this.source = config.source.open(POLL_MS);
    this.enabled = config.enabled;
    this.prompt = config.prompt;
    this.discreet = false;
    this.live = false;
    this.parts = {source: {status: 'starting', detail: ''}, backend: {status: 'idle', detail: ''}};
    /** @type {Set<Listener>} */
    this.listeners = new Set();
    this.eye = new Eye({
      backend: config.backend.open(),
      source: this.source,
      rules: config,
      question: () => questionOf(this.prompt),
      closed: () => this.closed,
      tell: (sight, frame) => this.tell(sight, frame),
      report: (status, detail) => this.report('backend', status, detail),
    });
    new Commands(this.bus, {
      'vision_enabled/set': (value) => this.enable(value === 'TOGGLE' ? !this.enabled : value === 'ON'),
      'vision_prompt/set': (value) => this.ask(value),
      'cmd/vision_capture': () => this.eye.capture(),
    });
    this.bus.on('discreet/state', (payload) => this.setDiscreet(payload.toString() === 'ON'));
    this.bus.on('live/state', (payload) => {
      this.live = payload.toString() === 'ON';
      this.eye.look();
    });
    this.ending = new AbortController();
  }

  /**
   * Until `end`.
   *
   * @returns {Promise<void>}
   */
  async run() {
    await this.settings.load();
    this.enabled = this.settings.kept.enabled ?? this.enabled;
    this.prompt = this.settings.kept.prompt ?? this.prompt;
    this.bus.retain('vision_enabled/state', this.enabled);
    this.bus.retain('vision_prompt/state', this.prompt);
    if (!this.config.snapshot) this.bus.clear('vision/snapshot');
    this.bus.open();
    await keep(this.source, {
      signal: this.ending.signal,
      emit: (frame) => this.eye.see(frame),
      report: (status, detail) => this.report('source', status, detail),
    });
  }

  async end() {
    this.ending.abort();
    this.eye.stop();
    if (this.config.snapshot) this.bus.clear('vision/snapshot'); // nobody takes an old one for what is there
    await this.settings.saving;
    await this.bus.close();
  }

  /** Why it may not look now; empty: it may. */
  get closed() {
    if (!this.enabled) return 'it is switched off: publish ON to vision_enabled/set';
    if (this.discreet) return 'discreet: nothing is looked at';
    if (this.config.onlyLive && !this.live) return 'the stream is not live, and only_live is set';
    return '';
  }

  /**
   * @param {boolean} on
   * @returns {Promise<string>}
   */
  async enable(on) {
    this.enabled = on;
    this.bus.retain('vision_enabled/state', on);
    if (!on) this.hide();
    this.eye.look();
    return unsaved(await this.settings.set({enabled: on}));
  }

  /**
   * @param {string} prompt
   * @returns {Promise<string>}
   */
  async ask(prompt) {
    if (prompt.length > 2000) throw new CommandRefused('out_of_range', 'at most 2000 characters', 'value');
    this.prompt = prompt;
    this.bus.retain('vision_prompt/state', prompt);
    this.eye.asked();
    return unsaved(await this.settings.set({prompt}));
  }

  /** @param {boolean} discreet */
  setDiscreet(discreet) {
    if (discreet === this.discreet) return;
    this.discreet = discreet;
    if (discreet) this.hide();
    else this.eye.look();
  }

  /** What was seen is shown no more. */
  hide() {
    this.eye.forget();
    if (this.config.snapshot) this.bus.clear('vision/snapshot');
  }

  /**
   * @param {Sight} sight
   * @param {Frame} frame
   */
  tell(sight, frame) {
    const event = {event_type: 'scene', ts: new Date().toISOString(), ...described(sight)};
    this.bus.publish('event/vision', event);
    for (const each of this.listeners) each(event);
    if (this.config.snapshot) this.bus.retain('vision/snapshot', frame.jpeg);
  }

  /**
   * @param {'source' | 'backend'} part
   * @param {string} status
   * @param {string} detail
   */
  report(part, status, detail) {
    const before = this.parts[part];
    this.parts[part] = {status, detail: detail.slice(0, LONGEST_DETAIL)};
    if (before.status !== status || (status === 'down' && before.detail !== this.parts[part].detail)) {
      log(status === 'down' ? 'warning' : 'info', `${part} ${status}${detail ? `: ${detail}` : ''}`);
    }
  }

  /** What was seen last; null where nothing was, or may be told. */
  get latest() {
    const {sight} = this.eye;
    return sight && !this.closed
      ? {event_type: 'scene', ts: new Date().toISOString(), ...described(sight), age_ms: Date.now() - sight.at}
      : null;
  }

  /** How it is, in figures. */
  get status() {
    const {frames, calls, failed, still, same, tokens, cost, latencyMs} = this.eye.figures;
    return {
      enabled: this.enabled,
      looks: !this.closed,
      why: this.closed,
      prompt: this.prompt,
      source: {kind: this.config.source.kind, ...this.parts.source},
      backend: {kind: this.config.backend.kind, model: this.eye.backend.model, ...this.parts.backend},
      mqtt: {connected: this.bus.connected, detail: this.bus.connected ? '' : this.bus.detail},
      frames, calls, failed, still, same, tokens, cost, latency_ms: latencyMs,
    };
  }
}

/**
 * @param {Sight} sight
 */
function described({text, at, model, latencyMs, tokens, cost}) {
  return {
    text,
    captured_at: new Date(at).toISOString(),
    model,
    ...(latencyMs === null ? {} : {latency_ms: latencyMs}),
    ...(tokens === null ? {} : {tokens}),
    ...(cost === null ? {} : {cost}),
  };
}

/**
 * @param {string} why
 * @returns {string}
 */
function unsaved(why) {
  return why ? `in force now; it can't be saved (${why.slice(0, 100)})` : '';
}
