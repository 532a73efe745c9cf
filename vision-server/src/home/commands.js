/** Takes what is commanded over MQTT, and answers each on `event/command`. */

import {CommandRefused} from '../errors.js';
import {log} from '../log.js';

const KNOWN_IDS = 1000;

/** @typedef {(value: any) => void | string | Promise<void | string>} Obey may say what the answer should */

export class Commands {
  /**
   * @param {import('./bus.js').Bus} bus
   * @param {Record<string, Obey>} effects by their path
   */
  constructor(bus, effects) {
    this.bus = bus;
    /** @type {Map<string, object>} */
    this.known = new Map();
    for (const [path, obey] of Object.entries(effects)) {
      bus.on(path, (payload, retained) => void this.take(path, obey, payload, retained));
    }
  }

  /**
   * @param {string} path
   * @param {Obey} obey
   * @param {Buffer} payload
   * @param {boolean} retained
   */
  async take(path, obey, payload, retained) {
    if (retained && !payload.length) return; // that is how a retained command is removed
    /** @type {string | null} */
    let id = null;
    try {
      if (retained) throw new CommandRefused('retained', 'publish commands without the retain flag');
      const command = this.bus.contract.command(path, payload);
      id = command.id;
      const before = id === null ? undefined : this.known.get(`${path} ${id}`);
      if (before) return this.answer(before);
      const said = await obey(command.value);
      const event = this.event(path, id, {code: 'ok', message: said ?? ''});
      if (id !== null) this.remember(`${path} ${id}`, event);
      this.answer(event);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      const read = /** @type {any} */ (error).id ?? id;
      const {code, message, field} = error;
      this.answer(this.event(path, read, {code, message: message.slice(0, 200), field}));
    }
  }

  /**
   * @param {string} command
   * @param {string | null} id
   * @param {{code: string, message: string, field?: string | null}} told
   */
  event(command, id, {code, message, field = null}) {
    const ts = new Date().toISOString();
    const event_type = code === 'ok' ? 'accepted' : 'rejected';
    return {ts, event_type, command, code, message, ...(id === null ? {} : {id}), ...(field ? {field} : {})};
  }

  /** @param {object} event */
  answer(event) {
    if (!this.bus.publish('event/command', event)) log('warning', 'an answer is lost: the broker is away');
  }

  /**
   * @param {string} key
   * @param {object} event
   */
  remember(key, event) {
    this.known.set(key, event);
    const oldest = this.known.keys().next().value;
    if (this.known.size > KNOWN_IDS && oldest !== undefined) this.known.delete(oldest);
  }
}
