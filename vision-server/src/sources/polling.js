/** Takes a picture again and again from a source that gives one when asked. */

import {setTimeout as sleep} from 'node:timers/promises';
import {SourceError} from '../errors.js';
import {isBlank} from '../looking/frame.js';

/** @typedef {import('./sources.js').Frame} Frame */
/** @typedef {import('./sources.js').Report} Report */

/** So often in a row a picture may be missing before the source is taken for gone. */
const MOST_MISSED = 2;

/**
 * @param {(signal: AbortSignal) => Promise<Frame | null>} grab null where the picture is the last one
 * @param {object} how
 * @param {number} how.everyMs
 * @param {string} how.where
 * @param {AbortSignal} how.signal
 * @param {(frame: Frame) => void} how.emit
 * @param {Report} how.report
 */
export async function poll(grab, {everyMs, where, signal, emit, report}) {
  let missed = 0;
  while (!signal.aborted) {
    const began = Date.now();
    try {
      const frame = await grab(signal);
      missed = 0;
      if (frame && isBlank(frame)) report('waiting', `${where} shows nothing but one colour`);
      else report('up', where);
      if (frame && !isBlank(frame)) emit(frame);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SourceError) || ++missed > MOST_MISSED) throw error;
    }
    await sleep(Math.max(50, everyMs - (Date.now() - began)), undefined, {signal}).catch(() => {});
  }
}
