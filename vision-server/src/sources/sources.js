/** The kinds of source, and what each is told in `vision.source`. */

import {Fields} from '../config/fields.js';
import {ConfigError} from '../errors.js';
import {FFMPEG_KINDS} from './inputs.js';
import {FfmpegSource} from './ffmpeg.js';
import {FileSource} from './file.js';
import {ObsSource} from './obs.js';
import {UrlSource} from './url.js';

/** @typedef {import('../looking/frame.js').Frame} Frame */
/** @typedef {(status: 'up' | 'waiting', detail: string) => void} Report */

/**
 * @typedef {object} Source
 * @property {(signal: AbortSignal, emit: (frame: Frame) => void, report: Report) => Promise<void>} run
 *   gives frames until aborted; throws SourceError when there are none any more
 * @property {((signal: AbortSignal) => Promise<Frame>) | null} grab takes one now, where that can be done
 */

/**
 * @typedef {object} SourceChoice
 * @property {string} kind
 * @property {(pollMs: number) => Source} open
 */

const LATER = new Map([
  ['browser', 'use obs, url or a stream (srt, rtmp, rtsp)'],
  ['twitch', 'use obs or a stream (srt, rtmp, rtsp)'],
]);

/**
 * @param {unknown} values
 * @param {string} baseDir relative paths count from there
 * @returns {SourceChoice} throws ConfigError
 */
export function readSource(values, baseDir) {
  const fields = new Fields('vision.source', values);
  const kind = fields.text('kind', '');
  const later = LATER.get(kind);
  if (later) throw new ConfigError(`vision.source: ${kind} is not built yet: ${later}.`);
  const read = READERS[kind];
  if (!read) {
    throw new ConfigError(`vision.source.kind must be one of ${Object.keys(READERS).join(', ')}, not ${kind || 'nothing'}.`);
  }
  const open = read(fields, baseDir);
  fields.end();
  return {kind, open};
}

/** @type {Record<string, (fields: Fields, baseDir: string) => (pollMs: number) => Source>} */
const READERS = {
  obs: (fields) => ObsSource.read(fields),
  url: (fields) => UrlSource.read(fields),
  file: (fields, baseDir) => FileSource.read(fields, baseDir),
  ...Object.fromEntries(
    Object.entries(FFMPEG_KINDS).map(([kind, input]) => [kind, FfmpegSource.reader(input)]),
  ),
};
