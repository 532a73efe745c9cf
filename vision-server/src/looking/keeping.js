/** Keeps a source running: one that fails is started again, later each time. */

import {setTimeout as sleep} from 'node:timers/promises';
import {SourceError, words} from '../errors.js';

/** @typedef {'up' | 'waiting' | 'down'} Status */

const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * Until aborted.
 *
 * @param {import('../sources/sources.js').Source} source
 * @param {object} how
 * @param {AbortSignal} how.signal
 * @param {(frame: import('./frame.js').Frame) => void} how.emit
 * @param {(status: Status, detail: string) => void} how.report
 * @param {number} [how.firstMs]
 */
export async function keep(source, {signal, emit, report, firstMs = FIRST_MS}) {
  let wait = firstMs;
  while (!signal.aborted) {
    try {
      await source.run(signal, (frame) => {
        wait = firstMs; // it works: whoever left may be back at once
        emit(frame);
      }, report);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SourceError)) throw error;
      report('down', words(error));
    }
    await sleep(wait, undefined, {signal}).catch(() => {});
    wait = Math.min(LONGEST_MS, wait * 2);
  }
}
