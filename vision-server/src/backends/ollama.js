/** Ollama's own API: a picture beside the question, as plain text back. */

import {costOf} from './backends.js';
import {ask, plain} from './http.js';

/** @typedef {import('./backends.js').Backend} Backend */
/** @typedef {import('./backends.js').Description} Description */

/** @implements {Backend} */
export class OllamaBackend {
  /** @param {import('./backends.js').Shared & {url: string, keepAlive: string, numCtx: number}} options */
  constructor(options) {
    this.options = options;
    this.model = options.model;
    this.timeoutMs = options.timeoutMs;
  }

  /**
   * @param {Buffer} jpeg
   * @param {string} question
   * @param {AbortSignal} signal
   * @returns {Promise<Description>}
   */
  async describe(jpeg, question, signal) {
    const {url, model, keepAlive, numCtx, maxTokens, timeoutMs} = this.options;
    const answer = await ask(`${url.replace(/\/+$/, '')}/api/chat`, {
      model,
      stream: false,
      think: false,
      keep_alive: keepAlive,
      options: {num_ctx: numCtx, num_predict: maxTokens, temperature: 0.2},
      messages: [{role: 'user', content: question, images: [jpeg.toString('base64')]}],
    }, {timeoutMs, signal});
    const [read, written] = [counted(answer?.prompt_eval_count), counted(answer?.eval_count)];
    const tokens = read !== null && written !== null ? read + written : null;
    return {text: plain(answer?.message?.content), model, tokens, cost: costOf(this.options, read, written)};
  }
}

/**
 * @param {unknown} value
 * @returns {number | null}
 */
export function counted(value) {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}
