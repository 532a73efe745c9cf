/** One question to a model's server: with a time limit, a size limit, and its refusals in words. */

import {BackendError, words} from '../errors.js';
import {Limit} from '../limit.js';

const LARGEST_ANSWER = 1_000_000;
const LONGEST_COMPLAINT = 200;
const LONGEST_WAIT_S = 3600;
/** Without a `retry-after`, so long a server that has too much to do is left alone, s. */
const BUSY_S = 10;

/**
 * @param {string} url
 * @param {object} asked
 * @param {object} how
 * @param {number} how.timeoutMs
 * @param {string | null} [how.key]
 * @param {AbortSignal} how.signal
 * @returns {Promise<any>} what its JSON says; throws BackendError
 */
export async function ask(url, asked, {timeoutMs, key = null, signal}) {
  const limit = new Limit(signal, timeoutMs);
  const where = new URL(url).host;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'error', // a key goes nowhere else
      headers: {'content-type': 'application/json', ...(key ? {authorization: `Bearer ${key}`} : {})},
      body: JSON.stringify(asked),
      signal: limit.signal,
    });
    const text = await read(answer);
    if (!answer.ok) throw refused(answer, text, where);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof BackendError) throw error;
    if (signal.aborted) throw new BackendError('stopped');
    if (limit.over) throw new BackendError(`${where} does not answer within ${timeoutMs / 1000} s`);
    if (error instanceof SyntaxError) throw new BackendError(`${where} answers what is no JSON`);
    const cause = /** @type {any} */ (error)?.cause;
    throw new BackendError(`${where} can't be reached: ${cause?.code ?? words(cause ?? error)}`);
  } finally {
    limit.lift();
  }
}

/**
 * @param {Response} answer
 * @returns {Promise<string>}
 */
async function read(answer) {
  const chunks = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) throw new BackendError('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/**
 * @param {Response} answer
 * @param {string} text
 * @param {string} where
 * @returns {BackendError}
 */
function refused(answer, text, where) {
  const said = complaint(text);
  const told = `${where} answers ${answer.status}${said ? `: ${said}` : ''}`;
  const {status} = answer;
  const after = retryAfter(answer.headers.get('retry-after'));
  if (status === 429 || status === 503) return new BackendError(told, {retryAfterS: after ?? BUSY_S});
  const remedy = status === 401 || status === 403 ? '; is the key right?' : status === 402 ? '; is there credit left?' : '';
  return new BackendError(told + remedy, {retryAfterS: after ?? 0, lasting: [400, 401, 402, 403, 404].includes(status)});
}

/**
 * OpenAI's shape, Ollama's, and Overshoot's.
 *
 * @param {string} text
 * @returns {string}
 */
function complaint(text) {
  try {
    const body = JSON.parse(text);
    const error = body.error ?? body.detail?.error ?? body.detail;
    const said = typeof error === 'string' ? error : error?.message;
    return typeof said === 'string' ? said.slice(0, LONGEST_COMPLAINT) : '';
  } catch {
    return '';
  }
}

/**
 * Seconds, or a date.
 *
 * @param {string | null} header
 * @returns {number | null}
 */
export function retryAfter(header) {
  if (!header) return null;
  const seconds = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(LONGEST_WAIT_S, Math.max(0, seconds)) : null;
}

/**
 * What a model said, as one line; throws BackendError where that is nothing.
 *
 * @param {unknown} said
 * @returns {string}
 */
export function plain(said) {
  const text = typeof said === 'string' ? said : '';
  const thought = text.replace(/^\s*<think>[\s\S]*?(<\/think>|$)/, '');
  const line = thought.replace(/[\x00-\x1f\x7f\u2028\u2029]+/g, ' ').replace(/\s+/g, ' ').trim();
  if (!line) throw new BackendError('the model says nothing of the picture');
  return line.slice(0, LONGEST_TEXT);
}

/** Characters of a description. */
const LONGEST_TEXT = 600;
