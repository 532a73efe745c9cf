/** Cuts what ffmpeg writes into JPEGs and thumbnails, and pairs them by their count. */

import {LARGEST_JPEG, SIDE} from '../looking/frame.js';
import {SourceError} from '../errors.js';

const THUMBNAIL = SIDE * SIDE;
const MOST_UNPAIRED = 8;

/** JPEGs one after the other, from `ff d8` to `ff d9`; ffmpeg's own hold no other start marker. */
export class JpegSplitter {
  constructor() {
    /** @type {Buffer} */
    this.held = Buffer.alloc(0);
    this.from = 0;
  }

  /**
   * @param {Buffer} chunk
   * @returns {Buffer[]} what is whole now; throws SourceError if it never becomes whole
   */
  feed(chunk) {
    this.held = this.held.length ? Buffer.concat([this.held, chunk]) : chunk;
    const found = [];
    for (;;) {
      const end = this.held.indexOf(END, this.from);
      if (end < 0) break;
      const start = this.held.indexOf(START);
      if (start >= 0 && start < end) found.push(Buffer.from(this.held.subarray(start, end + 2)));
      this.held = this.held.subarray(end + 2);
      this.from = 0;
    }
    this.from = Math.max(0, this.held.length - 1); // the marker may be cut in two
    if (this.held.length > LARGEST_JPEG) throw new SourceError('ffmpeg wrote what is no JPEG');
    return found;
  }
}

const START = Buffer.from([0xff, 0xd8]);
const END = Buffer.from([0xff, 0xd9]);

/** Thumbnails one after the other. */
export class ThumbnailSplitter {
  constructor() {
    /** @type {Buffer} */
    this.held = Buffer.alloc(0);
  }

  /**
   * @param {Buffer} chunk
   * @returns {Buffer[]}
   */
  feed(chunk) {
    this.held = this.held.length ? Buffer.concat([this.held, chunk]) : chunk;
    const found = [];
    while (this.held.length >= THUMBNAIL) {
      found.push(Buffer.from(this.held.subarray(0, THUMBNAIL)));
      this.held = this.held.subarray(THUMBNAIL);
    }
    return found;
  }
}

/** The n-th JPEG belongs to the n-th thumbnail. */
export class Pairing {
  /** @param {(jpeg: Buffer, gray: Buffer) => void} take */
  constructor(take) {
    this.take = take;
    /** @type {Buffer[]} */
    this.jpegs = [];
    /** @type {Buffer[]} */
    this.grays = [];
  }

  /** @param {Buffer[]} jpegs */
  addJpegs(jpegs) {
    this.jpegs.push(...jpegs);
    this.pair();
  }

  /** @param {Buffer[]} grays */
  addThumbnails(grays) {
    this.grays.push(...grays);
    this.pair();
  }

  pair() {
    while (this.jpegs.length && this.grays.length) {
      this.take(/** @type {Buffer} */ (this.jpegs.shift()), /** @type {Buffer} */ (this.grays.shift()));
    }
    if (this.jpegs.length > MOST_UNPAIRED || this.grays.length > MOST_UNPAIRED) {
      throw new SourceError('ffmpeg gives pictures without their thumbnails');
    }
  }
}
