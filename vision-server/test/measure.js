/**
 * How long the vision-server itself takes, from a picture to a subscriber, without the model; and
 * what it needs of the machine while a stream runs: `npm run measure`.
 */

import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {loadConfig} from '../src/config/config.js';
import {House} from '../src/home/house.js';
import {Settings} from '../src/home/settings.js';
import {ModelServer} from './stand_ins/model_server.js';
import {Listener, Mosquitto, freePort} from './stand_ins/mosquitto.js';
import {film, frame} from './stand_ins/pictures.js';

const PICTURES = 100;
const MODEL_MS = 50;
const STREAM_S = 20;
const MAIN = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'main.js');

const folder = mkdtempSync(join(tmpdir(), 'pickled-measure-'));
const model = await ModelServer.start();
const broker = await Mosquitto.start();
const listener = await Listener.start(broker);

/** @param {object} source @param {object} [more] */
function configured(source, more = {}) {
  const backend = {kind: 'ollama', host: model.url, model: 'seer'};
  const file = {mqtt: {port: broker.port}, vision: {source, backend, interval_s: 0.2, port: 0, ...more}};
  writeFileSync(join(folder, 'pickled.yaml'), JSON.stringify(file));
}

async function delays() {
  configured({kind: 'srt', port: await freePort()});
  const config = {...loadConfig({environ: {HOME: folder}, cwd: folder}), intervalMs: 0};
  const house = new House(config, {settings: new Settings(join(folder, 'vision.json'))});
  const running = house.run();
  await listener.next('vision/availability', ({text}) => text === 'online');
  model.always = {delayMs: MODEL_MS};
  /** @type {number[]} */
  const shares = [];
  for (let count = 0; count < PICTURES; count++) {
    const colour = ['red', 'green', 'blue', 'yellow'][count % 4];
    const seen = frame(colour);
    const began = performance.now();
    house.eye.see(seen);
    await listener.next('event/vision');
    shares.push(performance.now() - began - MODEL_MS);
  }
  await house.end();
  await running;
  shares.sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => shares[Math.floor(part * (shares.length - 1))].toFixed(1);
  console.log(`picture to subscriber without the model's ${MODEL_MS} ms: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (${PICTURES} pictures)`);
}

async function needs() {
  const clip = join(folder, 'clip.mp4');
  film(clip, [['red', 4], ['blue', 4]], {fps: 30});
  const port = await freePort();
  configured({kind: 'srt', port}, {interval_s: 2});
  const server = spawn(process.execPath, [MAIN], {cwd: folder, env: {...process.env, HOME: folder}, stdio: 'ignore'});
  await listener.next('vision/availability', ({text}) => text === 'online');
  const phone = spawn('ffmpeg', ['-loglevel', 'error', '-re', '-stream_loop', '-1', '-i', clip, '-c', 'copy', '-f', 'mpegts', `srt://127.0.0.1:${port}`], {stdio: 'ignore'});
  await listener.next('event/vision');
  const ids = () => execFileSync('ps', ['-o', 'pid=', '--ppid', String(server.pid)]).toString().split(/\s+/).filter(Boolean).concat(String(server.pid));
  const ticks = () => ids().reduce((sum, id) => sum + used(id), 0);
  const before = ticks();
  await new Promise((resolve) => setTimeout(resolve, STREAM_S * 1000));
  const share = (ticks() - before) / STREAM_S;
  const memory = ids().reduce((sum, id) => sum + proportional(id), 0);
  console.log(`SRT, 320x180 at 30 fps, a picture a second: ${share.toFixed(1)} % of a core, ${(memory / 1024).toFixed(0)} MiB (PSS, Node and ffmpeg)`);
  phone.kill('SIGKILL');
  server.kill('SIGTERM');
}

/** KiB, what is shared counted once. @param {string} id */
function proportional(id) {
  return Number(/^Pss:\s+(\d+)/m.exec(execFileSync('cat', [`/proc/${id}/smaps_rollup`]).toString())?.[1] ?? 0);
}

/** Hundredths of a second of processor time. @param {string} id */
function used(id) {
  const fields = execFileSync('cat', [`/proc/${id}/stat`]).toString().split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

await delays();
await needs();
await listener.close();
await model.close();
await broker.close();
rmSync(folder, {recursive: true});
