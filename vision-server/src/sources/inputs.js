/**
 * What ffmpeg is told to open, for each kind of source.
 *
 * Nothing of the configuration reaches it as it is: an address is built from typed values, its
 * protocols are named, and what comes over the net is read as one format, so that no playlist in
 * it opens a file.
 */

import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import {isThisMachine} from '../config/fields.js';
import {ConfigError} from '../errors.js';

/** @typedef {import('../config/fields.js').Fields} Fields */

/**
 * @typedef {object} Input
 * @property {string[]} args before and with `-i`
 * @property {boolean} listens does it wait for somebody who sends?
 * @property {string} where as it is called in messages
 * @property {string[]} [secrets] what must not stand in a message
 */

/** First pictures come after 0.7 s instead of 5. Never `nobuffer`: it throws the first keyframe away. */
const SOON = ['-analyzeduration', '300000', '-probesize', '500000'];
const HOST = {form: /^[A-Za-z0-9.:-]{1,255}$/, meant: 'a host name or an address'};
const FORMATS = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,flv,mjpeg,image2';

/** @type {Record<string, (fields: Fields, baseDir: string) => Input>} */
export const FFMPEG_KINDS = {srt, rtmp, rtsp, v4l2, clip};

/**
 * @param {Fields} fields
 * @returns {Input}
 */
function srt(fields) {
  const listens = fields.flag('listen', true);
  const host = fields.text('host', '127.0.0.1', HOST);
  const port = fields.number('port', 9000, {least: 1, most: 65_535, whole: true});
  const latencyMs = fields.number('latency_ms', 1000, {least: 20, most: 30_000, whole: true});
  const form = {form: /^[\x20-\x7e]{10,79}$/, meant: '10 to 79 plain characters'};
  const passphrase = fields.text('passphrase', null, form);
  if (listens && !passphrase && !isThisMachine(host)) {
    throw new ConfigError('vision.source.passphrase is missing: without one, anybody who reaches this port can show it a stream.');
  }
  const options = ['-mode', listens ? 'listener' : 'caller', '-latency', String(latencyMs * 1000)];
  if (passphrase) options.push('-passphrase', passphrase);
  return {
    args: ['-protocol_whitelist', 'srt', ...SOON, ...options, '-f', 'mpegts', '-i', `srt://${bracketed(host)}:${port}`],
    listens,
    where: `srt://${bracketed(host)}:${port}`,
    secrets: passphrase ? [passphrase] : [],
  };
}

/**
 * ffmpeg takes any stream key: only for a network that is trusted.
 *
 * @param {Fields} fields
 * @returns {Input}
 */
function rtmp(fields) {
  const listens = fields.flag('listen', true);
  const host = fields.text('host', '127.0.0.1', HOST);
  const port = fields.number('port', 1935, {least: 1, most: 65_535, whole: true});
  const path = fields.text('path', 'live/stream', {form: /^[\w/.-]{1,200}$/, meant: 'letters, digits, /, _, . and -'});
  const trusted = fields.flag('trusted_network', false);
  if (listens && !isThisMachine(host) && !trusted) {
    throw new ConfigError(
      `vision.source.host ${host}: RTMP asks for no password, so anybody who reaches this port can show it a ` +
      'stream. Use srt with a passphrase, or set trusted_network: true.',
    );
  }
  const listen = listens ? ['-listen', '1'] : [];
  const where = `rtmp://${bracketed(host)}:${port}/${path}`;
  return {args: ['-protocol_whitelist', 'rtmp,tcp', ...SOON, ...listen, '-f', 'flv', '-i', where], listens, where};
}

/**
 * @param {Fields} fields
 * @returns {Input}
 */
function rtsp(fields) {
  const url = new URL(fields.url('url', ['rtsp', 'rtsps']));
  const args = ['-protocol_whitelist', 'rtsp,rtp,udp,tcp,tls,crypto', ...SOON, '-rtsp_transport', 'tcp', '-f', 'rtsp', '-i', url.href];
  const secrets = [url.password, decodeURIComponent(url.password)].filter(Boolean);
  return {args, listens: false, where: `${url.protocol}//${url.host}`, secrets};
}

/**
 * @param {Fields} fields
 * @returns {Input}
 */
function v4l2(fields) {
  const device = fields.text('device', '/dev/video0', {form: /^\/dev\/[\w/.-]{1,100}$/, meant: 'a device, as /dev/video0'});
  if (device.includes('..')) throw fields.wrong('device', 'must be a device, as /dev/video0');
  return {args: ['-f', 'v4l2', '-i', device], listens: false, where: device};
}

/**
 * A video file, again and again, as fast as it was taken: to try things.
 *
 * @param {Fields} fields
 * @param {string} baseDir
 * @returns {Input}
 */
function clip(fields, baseDir) {
  const path = resolve(baseDir, fields.text('path', ''));
  if (!existsSync(path)) throw new ConfigError(`vision.source.path: there is no ${path}.`);
  const args = ['-protocol_whitelist', 'file', '-format_whitelist', FORMATS, '-re', '-stream_loop', '-1', '-i', `file:${path}`];
  return {args, listens: false, where: path};
}

/**
 * @param {string} host
 * @returns {string}
 */
function bracketed(host) {
  return host.includes(':') ? `[${host}]` : host;
}
