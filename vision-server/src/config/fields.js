/** Reads single values of the configuration, and says in a sentence what is wrong with one. */

import {isIP} from 'node:net';
import {ConfigError} from '../errors.js';

const ON = ['true', 'yes', 'on', '1'];
const OFF = ['false', 'no', 'off', '0', ''];

/** The keys of one section; each is taken once, and what is left over is unknown. */
export class Fields {
  /**
   * @param {string} name as it is called in messages
   * @param {unknown} values
   */
  constructor(name, values) {
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw new ConfigError(`${name} must be a section with keys, as \`${name}: {…}\``);
    }
    this.name = name;
    /** @type {Record<string, any>} */
    this.left = {...values};
    /** @type {string[]} */
    this.known = [];
  }

  /**
   * @param {string} key
   * @returns {any} undefined where it is not given, or null
   */
  take(key) {
    const value = this.left[key];
    delete this.left[key];
    this.known.push(key);
    return value ?? undefined;
  }

  /**
   * @template T
   * @param {string} key
   * @param {T} otherwise
   * @param {object} [limits]
   * @param {RegExp} [limits.form]
   * @param {string} [limits.meant] what is wanted, in words
   * @param {number} [limits.longest]
   * @returns {string | T}
   */
  text(key, otherwise, {form, meant = 'a text', longest = 2000} = {}) {
    const value = this.take(key);
    if (value === undefined) return otherwise;
    const given = typeof value === 'number' ? String(value) : value;
    if (typeof given !== 'string' || given.length > longest || (form && !form.test(given))) {
      throw this.wrong(key, `must be ${meant}`);
    }
    return given;
  }

  /**
   * @template T
   * @param {string} key
   * @param {T} otherwise
   * @param {{least: number, most: number, whole?: boolean}} limits
   * @returns {number | T}
   */
  number(key, otherwise, {least, most, whole = false}) {
    const value = this.take(key);
    if (value === undefined) return otherwise;
    const given = typeof value === 'string' && value.trim() ? Number(value) : value;
    const fits = typeof given === 'number' && given >= least && given <= most;
    if (!fits || (whole && !Number.isInteger(given))) {
      throw this.wrong(key, `must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
    }
    return given;
  }

  /**
   * @template T
   * @param {string} key
   * @param {T} otherwise
   * @returns {boolean | T}
   */
  flag(key, otherwise) {
    const value = this.take(key);
    if (value === undefined) return otherwise;
    const given = String(value).trim().toLowerCase();
    if (ON.includes(given)) return true;
    if (OFF.includes(given)) return false;
    throw this.wrong(key, 'must be true or false');
  }

  /**
   * An address of one of these schemes.
   *
   * @param {string} key
   * @param {string[]} schemes
   * @param {string} [otherwise]
   * @returns {string}
   */
  url(key, schemes, otherwise) {
    const value = this.take(key) ?? otherwise;
    if (value === undefined) throw this.wrong(key, `is missing: an address, as ${schemes[0]}://…`);
    const address = typeof value === 'string' && !/[\s\x00-\x1f]/.test(value) ? parsed(value) : null;
    if (!address || !schemes.includes(address.protocol.slice(0, -1)) || !address.hostname) {
      throw this.wrong(key, `must be an address that begins with ${schemes.map((each) => `${each}://`).join(' or ')}`);
    }
    return String(value);
  }

  /**
   * @param {string} key
   * @param {string} what
   * @returns {ConfigError}
   */
  wrong(key, what) {
    return new ConfigError(`${this.name}.${key} ${what}.`);
  }

  /** Nothing may be left over. */
  end() {
    const unknown = Object.keys(this.left)[0];
    if (unknown !== undefined) {
      throw new ConfigError(`${this.name}.${unknown} is not a known key (there are ${this.known.join(', ')}).`);
    }
  }
}

/**
 * @param {string} text
 * @returns {URL | null}
 */
function parsed(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/**
 * @param {string} host
 * @returns {boolean}
 */
export function isThisMachine(host) {
  const plain = host.replace(/^\[|\]$/g, '').toLowerCase();
  return isIP(plain) ? plain === '::1' || plain.startsWith('127.') : plain === 'localhost';
}
