/** Pictures of one colour with a dark band below, as JPEG or as a frame. */

import {spawnSync} from 'node:child_process';
import jpeg from 'jpeg-js';
import {frameOf} from '../../src/looking/frame.js';

/** @type {Record<string, [number, number, number]>} */
const RGB = {red: [230, 30, 30], green: [30, 200, 50], blue: [30, 50, 230], yellow: [240, 230, 30], white: [250, 250, 250]};

/**
 * @param {string} colour
 * @param {number} [noise] how far a pixel may be off
 * @returns {Buffer}
 */
export function picture(colour, noise = 0, [width, height] = [96, 64]) {
  const data = Buffer.alloc(width * height * 4, 255);
  for (let place = 0; place < width * height; place++) {
    const dark = place >= width * height * 0.85;
    for (let c = 0; c < 3; c++) {
      const off = noise ? ((place * 7919 + c * 104729) % (2 * noise + 1)) - noise : 0;
      data[place * 4 + c] = Math.max(0, Math.min(255, (dark ? 20 : RGB[colour][c]) + off));
    }
  }
  return Buffer.from(jpeg.encode({data, width, height}, 85).data);
}

/**
 * @param {string} colour
 * @param {number} [noise]
 */
export function frame(colour, noise = 0, at = Date.now()) {
  return frameOf(picture(colour, noise), at);
}

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

/**
 * A film: so many seconds of each colour, in that order.
 *
 * @param {string} path
 * @param {[string, number][]} colours
 */
export function film(path, colours, {fps = 10} = {}) {
  const inputs = colours.flatMap(([colour, s]) => ['-f', 'lavfi', '-i', `color=${hex(colour)}:s=320x180:r=${fps}:d=${s},drawbox=y=150:h=30:color=black:t=fill`]);
  const graph = `${colours.map((_, place) => `[${place}:v]`).join('')}concat=n=${colours.length}[v]`;
  const run = spawnSync('ffmpeg', [
    '-loglevel', 'error', '-y', ...inputs, '-filter_complex', graph, '-map', '[v]',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-g', String(fps), '-pix_fmt', 'yuv420p', path,
  ], {encoding: 'utf8'});
  if (run.status !== 0) throw new Error(run.stderr);
}

/** @param {string} colour */
function hex(colour) {
  return `0x${Buffer.from(RGB[colour]).toString('hex')}`;
}
