/** Pictures of a stream: one ffmpeg writes each as a JPEG and as a thumbnail. */

import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {SourceError} from '../errors.js';
import {SIDE} from '../looking/frame.js';
import {JpegSplitter, Pairing, ThumbnailSplitter} from './splitting.js';

/** @typedef {import('./sources.js').Source} Source */
/** @typedef {import('./inputs.js').Input} Input */
/** @typedef {import('../config/fields.js').Fields} Fields */

/** Without a picture for so long, a stream is taken for gone: ffmpeg may wait for ever. */
const SILENT_MS = 10_000;
/** Until the first picture of one that is called, or sends. */
const BEGIN_MS = 20_000;
const LOOK_MS = 500;
const END_MS = 2000;
const LONGEST_COMPLAINT = 300;

/** @implements {Source} */
export class FfmpegSource {
  /**
   * @param {Input} input
   * @param {{everyS: number, width: number, silentMs: number}} options
   */
  constructor(input, {everyS, width, silentMs}) {
    this.input = input;
    this.everyS = everyS;
    this.width = width;
    this.silentMs = silentMs;
    /** @type {Source['grab']} */
    this.grab = null;
  }

  /**
   * @param {(fields: Fields, baseDir: string) => Input} input
   * @returns {(fields: Fields, baseDir: string) => (pollMs: number) => Source}
   */
  static reader(input) {
    return (fields, baseDir) => {
      const everyS = fields.number('every_s', 1, {least: 0.1, most: 60});
      const width = fields.number('width', 640, {least: 64, most: 1920, whole: true});
      const silentMs = 1000 * fields.number('silent_s', SILENT_MS / 1000, {least: 2, most: 600});
      const opened = input(fields, baseDir);
      return () => new FfmpegSource(opened, {everyS, width, silentMs: Math.max(silentMs, everyS * 3000)});
    };
  }

  /** @type {Source['run']} */
  async run(signal, emit, report) {
    signal.throwIfAborted();
    const child = spawn('ffmpeg', this.args(), {stdio: ['ignore', 'pipe', 'pipe', 'pipe']});
    const gone = once(child, 'close');
    gone.catch(() => {});
    let complaint = '';
    child.stderr?.on('data', (chunk) => {
      complaint = (complaint + chunk).slice(-4 * LONGEST_COMPLAINT);
    });
    const stop = () => end(child);
    signal.addEventListener('abort', stop, {once: true});
    report('waiting', this.input.listens ? `waiting for a stream at ${this.input.where}` : `opening ${this.input.where}`);
    const watch = {first: true, at: Date.now(), why: ''};
    const look = setInterval(() => this.look(watch, child), LOOK_MS);
    try {
      this.read(child, emit, () => {
        if (watch.first) report('up', this.input.where);
        watch.first = false;
        watch.at = Date.now();
      }, (error) => {
        watch.why ||= error.message;
        end(child);
      });
      const [code] = await gone;
      if (signal.aborted) return;
      throw new SourceError(watch.why || this.ended(code, complaint, watch.first));
    } catch (error) {
      if (/** @type {any} */ (error)?.code === 'ENOENT') {
        throw new SourceError('ffmpeg is not on this machine: install it (apt install ffmpeg), or use obs or url');
      }
      throw error;
    } finally {
      clearInterval(look);
      signal.removeEventListener('abort', stop);
      end(child);
    }
  }

  /** @returns {string[]} */
  args() {
    const every = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${this.everyS})'`;
    const thumbnail = `scale=${SIDE}:${SIDE}:flags=area,format=gray`;
    const graph = `[0:v:0]${every},split[a][b];[a]scale=${this.width}:-2,format=yuvj420p[j];[b]${thumbnail}[g]`;
    return [
      '-hide_banner', '-loglevel', 'error', '-nostdin', '-threads', '1', ...this.input.args,
      '-filter_complex_threads', '1', '-filter_complex', graph,
      // One thread: others would each hold a picture back.
      '-map', '[j]', '-an', '-fps_mode', 'vfr', '-threads', '1', '-c:v', 'mjpeg', '-q:v', '5',
      '-flush_packets', '1', '-f', 'image2pipe', 'pipe:1',
      '-map', '[g]', '-an', '-fps_mode', 'vfr', '-c:v', 'rawvideo', '-flush_packets', '1', '-f', 'rawvideo', 'pipe:3',
    ];
  }

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {(frame: import('./sources.js').Frame) => void} emit
   * @param {() => void} seen
   * @param {(error: SourceError) => void} wrong
   */
  read(child, emit, seen, wrong) {
    const jpegs = new JpegSplitter();
    const grays = new ThumbnailSplitter();
    const pairing = new Pairing((jpeg, gray) => {
      seen();
      emit({jpeg, gray, at: Date.now()});
    });
    const guarded = (/** @type {() => void} */ work) => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        wrong(error);
      }
    };
    child.stdout?.on('data', (chunk) => guarded(() => pairing.addJpegs(jpegs.feed(chunk))));
    const thumbnails = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
    thumbnails.on('data', (chunk) => guarded(() => pairing.addThumbnails(grays.feed(chunk))));
  }

  /**
   * @param {{first: boolean, at: number, why: string}} watch
   * @param {import('node:child_process').ChildProcess} child
   */
  look(watch, child) {
    const silent = Date.now() - watch.at;
    if (watch.first && this.input.listens) return; // nobody sends, which is no fault
    if (silent < (watch.first ? BEGIN_MS : this.silentMs)) return;
    watch.why ||= `no picture from ${this.input.where} for ${Math.round(silent / 1000)} s`;
    end(child);
  }

  /**
   * @param {number | null} code
   * @param {string} complaint
   * @param {boolean} never
   * @returns {string}
   */
  ended(code, complaint, never) {
    let said = complaint.trim().split('\n').at(-1) ?? '';
    for (const secret of this.input.secrets ?? []) said = said.replaceAll(secret, '***');
    if (!never) return `the stream at ${this.input.where} has ended`;
    return `${this.input.where} can't be read: ${said.slice(0, LONGEST_COMPLAINT) || `ffmpeg ended with ${code}`}`;
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function end(child) {
  if (child.exitCode !== null || child.signalCode !== null || !child.pid) return;
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), END_MS).unref();
}
