/** One picture on the disk, read again when it changes: to try things, or where a program writes one. */

import {readFile, stat} from 'node:fs/promises';
import {resolve} from 'node:path';
import {ConfigError, SourceError, words} from '../errors.js';
import {LARGEST_JPEG, frameOf} from '../looking/frame.js';
import {poll} from './polling.js';

/** @typedef {import('./sources.js').Source} Source */
/** @typedef {import('./sources.js').Frame} Frame */

/** @implements {Source} */
export class FileSource {
  /** @param {{path: string, everyMs: number}} options */
  constructor({path, everyMs}) {
    this.path = path;
    this.everyMs = everyMs;
    /** @type {{changed: number, frame: Frame} | null} */
    this.last = null;
  }

  /**
   * @param {import('../config/fields.js').Fields} fields
   * @param {string} baseDir
   */
  static read(fields, baseDir) {
    const path = fields.text('path', '');
    const everyS = fields.number('every_s', 0, {least: 0, most: 3600});
    if (!path) throw new ConfigError('vision.source.path is missing: the JPEG to look at.');
    return (/** @type {number} */ pollMs) =>
      new FileSource({path: resolve(baseDir, path), everyMs: everyS * 1000 || pollMs});
  }

  /** @type {Source['run']} */
  async run(signal, emit, report) {
    await poll(() => this.grab(), {everyMs: this.everyMs, where: this.path, signal, emit, report});
  }

  /** @returns {Promise<Frame>} */
  async grab() {
    try {
      const {mtimeMs, size} = await stat(this.path);
      if (size > LARGEST_JPEG) throw new SourceError(`it has ${size} bytes, more than ${LARGEST_JPEG}`);
      if (this.last?.changed === mtimeMs) return {...this.last.frame, at: Date.now()};
      const frame = frameOf(await readFile(this.path), Date.now());
      this.last = {changed: mtimeMs, frame};
      return frame;
    } catch (error) {
      throw new SourceError(`${this.path}: ${words(error)}`);
    }
  }
}
