/** Chat completions with a picture: vLLM, llama.cpp, LM Studio, Overshoot, and others in the cloud. */

import {costOf} from './backends.js';
import {ask, plain} from './http.js';
import {counted} from './ollama.js';

/** @typedef {import('./backends.js').Backend} Backend */
/** @typedef {import('./backends.js').Description} Description */

/** @implements {Backend} */
export class OpenAiBackend {
  /** @param {import('./backends.js').Shared & {url: string, key: string | null}} options */
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
    const {url, key, model, maxTokens, timeoutMs} = this.options;
    const picture = `data:image/jpeg;base64,${jpeg.toString('base64')}`;
    const answer = await ask(`${url.replace(/\/+$/, '')}/chat/completions`, {
      model,
      stream: false,
      max_tokens: maxTokens,
      temperature: 0.2,
      messages: [{
        role: 'user',
        content: [{type: 'text', text: question}, {type: 'image_url', image_url: {url: picture}}],
      }],
    }, {timeoutMs, key, signal});
    const [read, written] = [counted(answer?.usage?.prompt_tokens), counted(answer?.usage?.completion_tokens)];
    const tokens = read !== null && written !== null ? read + written : null;
    const text = plain(answer?.choices?.[0]?.message?.content);
    return {text, model, tokens, cost: costOf(this.options, read, written)};
  }
}
