/** The MQTT contract, read from the repository's `topics/`: names, schemas, who may do what. */

import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Ajv} from 'ajv';
import {parse} from 'yaml';
import {CommandRefused, ConfigError} from './errors.js';

/** @typedef {'state' | 'command' | 'event' | 'stream'} Kind */

/**
 * @typedef {object} Row
 * @property {string} path below the instance, as `vision/availability`
 * @property {Kind} kind
 * @property {string[]} by
 * @property {string[]} to
 * @property {boolean} binary
 * @property {import('ajv').ValidateFunction | null} fits
 */

/** Bytes; a larger command is refused unread. */
const LARGEST_COMMAND = 4096;
const HERE = dirname(fileURLToPath(import.meta.url));
const PLACES = [join(HERE, '..', '..', 'topics'), join(HERE, '..', 'topics')];
const INSTANCE = '{instance}/';

/** All rows, by their path; reads the files once. */
export class Contract {
  /** @param {string} [folder] where `asyncapi.yaml` and `schemas/` lie */
  constructor(folder = PLACES.find((each) => existsSync(join(each, 'asyncapi.yaml')))) {
    if (!folder) throw new ConfigError(`the contract is missing: put the repository's topics/ beside vision-server/`);
    const ajv = new Ajv({strict: false, allErrors: false});
    const document = parse(readFileSync(join(folder, 'asyncapi.yaml'), 'utf8'), {maxAliasCount: -1});
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    for (const [name, channel] of Object.entries(document.channels)) {
      const path = channel.address.slice(channel.address.indexOf(INSTANCE) + INSTANCE.length);
      const file = join(folder, 'schemas', `${path.replace(/[{}]/g, '').replaceAll('/', '.')}.json`);
      const message = document.components.messages[name];
      /** @type {import('ajv').ValidateFunction | null} */
      let compiled = null;
      this.rows.set(path, {
        path,
        kind: channel['x-kind'],
        by: channel['x-published-by'],
        to: channel['x-read-by'],
        binary: message.contentType !== 'application/json' && message.contentType !== 'text/plain',
        get fits() {
          if (!existsSync(file)) return null;
          compiled ??= ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
          return compiled;
        },
      });
    }
  }

  /**
   * @param {string} path
   * @returns {Row}
   */
  row(path) {
    const found = this.rows.get(path);
    if (!found) throw new Error(`${path} is not in the contract`);
    return found;
  }

  /**
   * What the payload of a state or an event is; throws where our own would break the contract.
   *
   * @param {string} path
   * @param {unknown} value
   * @returns {string | Buffer}
   */
  encode(path, value) {
    const row = this.row(path);
    if (Buffer.isBuffer(value)) return value;
    const sent = typeof value === 'boolean' ? (value ? 'ON' : 'OFF') : value;
    if (row.fits && !row.fits(sent)) throw new Error(`${path}: ${complaint(row.fits)}`);
    return typeof sent === 'string' ? sent : JSON.stringify(sent);
  }

  /**
   * A command's fields, by the rules of the contract; throws CommandRefused.
   *
   * @param {string} path
   * @param {Buffer} payload
   * @returns {{id: string | null, value: any}}
   */
  command(path, payload) {
    const row = this.row(path);
    if (payload.length > LARGEST_COMMAND) {
      throw new CommandRefused('too_large', `${payload.length} bytes; at most ${LARGEST_COMMAND}`);
    }
    const text = decoded(payload).trim();
    if (text.includes('\0')) throw new CommandRefused('bad_payload', 'contains a NUL character');
    const schema = /** @type {{required?: string[]} | undefined} */ (row.fits?.schema);
    const anything = !schema?.required?.includes('value');
    const fields = text.startsWith('{') ? object(text, anything) : {value: text};
    if (row.fits && !row.fits(fields)) {
      if (anything) return {id: null, value: text};
      const limit = row.fits.errors?.[0]?.keyword === 'maxLength';
      const refused = new CommandRefused(limit ? 'out_of_range' : 'bad_payload', complaint(row.fits), 'value');
      throw Object.assign(refused, {id: readableId(fields)});
    }
    return {id: readableId(fields), value: fields.value};
  }
}

/**
 * @param {Buffer} payload
 * @returns {string}
 */
function decoded(payload) {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(payload);
  } catch {
    throw new CommandRefused('bad_payload', 'not valid UTF-8');
  }
}

/**
 * @param {string} text
 * @param {boolean} anything does any payload do?
 * @returns {Record<string, any>}
 */
function object(text, anything) {
  try {
    return JSON.parse(text);
  } catch {
    if (anything) return {value: text};
    throw new CommandRefused('bad_payload', 'not valid JSON');
  }
}

/**
 * @param {Record<string, any>} fields
 * @returns {string | null}
 */
function readableId(fields) {
  return typeof fields.id === 'string' && fields.id.length <= 64 ? fields.id : null;
}

/**
 * @param {import('ajv').ValidateFunction} fits
 * @returns {string}
 */
function complaint(fits) {
  const error = fits.errors?.[0];
  if (!error) return 'not as the contract says';
  const allowed = error.params?.allowedValues ? `: ${error.params.allowedValues.join(', ')}` : '';
  return `${error.instancePath.slice(1).replaceAll('/', '.')} ${error.message}${allowed}`.trim();
}
