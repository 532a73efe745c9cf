/** A frame: one JPEG, and the small grey picture that the gate compares. */

import jpeg from 'jpeg-js';
import {SourceError, words} from '../errors.js';

/**
 * @typedef {object} Frame
 * @property {Buffer} jpeg
 * @property {Uint8Array} gray `SIDE` × `SIDE` pixels
 * @property {number} at when it was taken, ms since 1970
 */

export const SIDE = 32;
export const LARGEST_JPEG = 4_000_000;

/** A picture whose grey differs by no more than this is of one colour: no picture, as OBS gives off program. */
const UNIFORM = 3;

/**
 * @param {Buffer} bytes
 * @param {number} at
 * @returns {Frame} throws SourceError if that is no picture
 */
export function frameOf(bytes, at) {
  if (bytes.length > LARGEST_JPEG) throw new SourceError(`the picture has ${bytes.length} bytes, more than ${LARGEST_JPEG}`);
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) {
    throw new SourceError('what came is no JPEG');
  }
  let picture;
  try {
    picture = jpeg.decode(bytes, {useTArray: true, formatAsRGBA: false, maxResolutionInMP: 12, maxMemoryUsageInMB: 256});
  } catch (error) {
    throw new SourceError(`the JPEG can't be read: ${words(error)}`);
  }
  return {jpeg: bytes, gray: shrunk(picture), at};
}

/**
 * @param {{width: number, height: number, data: Uint8Array}} picture RGB
 * @returns {Uint8Array}
 */
function shrunk({width, height, data}) {
  const sums = new Float64Array(SIDE * SIDE);
  const counts = new Uint32Array(SIDE * SIDE);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * SIDE) / height) * SIDE;
    for (let x = 0; x < width; x++) {
      const place = row + Math.floor((x * SIDE) / width);
      const at = (y * width + x) * 3;
      sums[place] += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
      counts[place]++;
    }
  }
  return Uint8Array.from(sums, (sum, place) => (counts[place] ? Math.round(sum / counts[place]) : 0));
}

/**
 * Is it of one colour?
 *
 * @param {Frame} frame
 * @returns {boolean}
 */
export function isBlank({gray}) {
  let least = 255;
  let most = 0;
  for (const each of gray) {
    if (each < least) least = each;
    if (each > most) most = each;
  }
  return most - least <= UNIFORM;
}
