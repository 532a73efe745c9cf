/** The kinds of vision model, and what each is told in `vision.backend`. */

import {Fields} from '../config/fields.js';
import {ConfigError} from '../errors.js';
import {OllamaBackend} from './ollama.js';
import {OpenAiBackend} from './openai.js';

/**
 * @typedef {object} Description
 * @property {string} text
 * @property {string} model
 * @property {number | null} tokens as the server counted them, both ways
 * @property {number | null} cost in the currency of the prices; null where none are set
 */

/**
 * @typedef {object} Backend
 * @property {string} model
 * @property {(jpeg: Buffer, question: string, signal: AbortSignal) => Promise<Description>} describe
 *   throws BackendError
 * @property {number} timeoutMs
 */

/**
 * @typedef {object} BackendChoice
 * @property {string} kind
 * @property {() => Backend} open
 */

const KINDS = ['ollama', 'openai', 'overshoot'];
const OVERSHOOT = 'https://api.overshoot.ai/v1beta';

/**
 * @param {unknown} values
 * @param {string | null} overshootKey of the environment
 * @returns {BackendChoice} throws ConfigError
 */
export function readBackend(values, overshootKey) {
  const fields = new Fields('vision.backend', values);
  const kind = fields.text('kind', '');
  if (!KINDS.includes(kind)) {
    throw new ConfigError(`vision.backend.kind must be one of ${KINDS.join(', ')}, not ${kind || 'nothing'}.`);
  }
  const shared = {
    model: fields.text('model', kind === 'ollama' ? 'qwen3-vl:4b' : ''),
    timeoutMs: 1000 * fields.number('timeout_s', 30, {least: 0.5, most: 600}),
    maxTokens: fields.number('max_tokens', 80, {least: 8, most: 1000, whole: true}),
    priceIn: fields.number('price_in', null, {least: 0, most: 1e6}),
    priceOut: fields.number('price_out', null, {least: 0, most: 1e6}),
  };
  if (!shared.model) throw new ConfigError('vision.backend.model is missing: the name of a model that sees pictures.');
  const open = kind === 'ollama' ? readOllama(fields, shared) : readOpenAi(fields, shared, kind, overshootKey);
  fields.end();
  return {kind, open};
}

/** @typedef {{model: string, timeoutMs: number, maxTokens: number, priceIn: number | null, priceOut: number | null}} Shared */

/**
 * @param {Fields} fields
 * @param {Shared} shared
 */
function readOllama(fields, shared) {
  const url = fields.url('host', ['http', 'https'], 'http://127.0.0.1:11434');
  const keepAlive = fields.text('keep_alive', '10m', {form: /^-?\d+[smh]?$/, meant: 'a time, as 10m'});
  const numCtx = fields.number('num_ctx', 4096, {least: 512, most: 1_000_000, whole: true});
  return () => new OllamaBackend({...shared, url, keepAlive, numCtx});
}

/**
 * @param {Fields} fields
 * @param {Shared} shared
 * @param {string} kind
 * @param {string | null} overshootKey
 */
function readOpenAi(fields, shared, kind, overshootKey) {
  const url = fields.url('base_url', ['http', 'https'], kind === 'overshoot' ? OVERSHOOT : undefined);
  const form = {form: /^[\x21-\x7e]+$/, meant: 'a key without spaces'};
  const key = fields.text('api_key', null, form) ?? (kind === 'overshoot' ? overshootKey : null);
  if (kind === 'overshoot' && !key) {
    throw new ConfigError('vision.backend: overshoot needs a key: set OVERSHOOT_API_KEY, or vision.backend.api_key_file.');
  }
  return () => new OpenAiBackend({...shared, url, key});
}

/**
 * @param {Shared} prices per million tokens
 * @param {number | null} read
 * @param {number | null} written
 * @returns {number | null}
 */
export function costOf({priceIn, priceOut}, read, written) {
  if ((priceIn === null && priceOut === null) || read === null || written === null) return null;
  return ((priceIn ?? 0) * read + (priceOut ?? 0) * written) / 1e6;
}
