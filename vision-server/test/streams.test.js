import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {keep} from '../src/looking/keeping.js';
import {readSource} from '../src/sources/sources.js';
import {freePort} from './stand_ins/mosquitto.js';
import {film, hasFfmpeg} from './stand_ins/pictures.js';

const SKIP = {skip: hasFfmpeg ? false : 'ffmpeg is not on this machine'};
const PASSPHRASE = 'a-long-passphrase';
/** Twenty times takes two minutes: `PICKLED_PROVE=1`. */
const TIMES = process.env.PICKLED_PROVE ? 20 : 2;

const FOLDER = mkdtempSync(join(tmpdir(), 'pickled-streams-'));
const CLIP = join(FOLDER, 'clip.mp4');
if (hasFfmpeg) film(CLIP, [['red', 2], ['blue', 2]], {fps: 20});
after(() => rmSync(FOLDER, {recursive: true}));

/** @param {string} to @param {string[]} form */
function send(to, form) {
  const args = ['-loglevel', 'error', '-re', '-stream_loop', '-1', '-i', CLIP, '-c', 'copy', ...form, to];
  return spawn('ffmpeg', args, {stdio: 'ignore'});
}

/** @param {import('node:child_process').ChildProcess} child */
async function gone(child, signal = /** @type {NodeJS.Signals} */ ('SIGINT')) {
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await over;
}

/** A source that is kept running, and what came of it. @param {object} values */
function kept(values) {
  const stop = new AbortController();
  /** @type {string[]} */
  const states = [];
  /** @type {(() => void)[]} */
  let waiting = [];
  let frames = 0;
  const wake = () => {
    for (const each of waiting) each();
    waiting = [];
  };
  const running = keep(readSource(values, FOLDER).open(1000), {
    signal: stop.signal,
    firstMs: 50,
    emit: () => {
      frames++;
      wake();
    },
    report: (status, detail) => {
      states.push(`${status} ${detail}`);
      wake();
    },
  });
  const until = async (/** @type {() => boolean} */ fits) => {
    while (!fits()) await new Promise((resolve) => waiting.push(() => resolve(undefined)));
  };
  return {
    states,
    until,
    frames: () => frames,
    end: async () => {
      stop.abort();
      await running;
    },
  };
}

test('a phone that leaves and comes back is seen again, each time', {...SKIP, timeout: 300_000}, async () => {
  const port = await freePort();
  const own = kept({kind: 'srt', port, passphrase: PASSPHRASE, every_s: 0.2, latency_ms: 100});
  const to = `srt://127.0.0.1:${port}?passphrase=${PASSPHRASE}&latency=100000`;
  for (let time = 0; time < TIMES; time++) {
    await own.until(() => own.states.at(-1)?.startsWith('waiting') ?? false);
    const before = own.frames();
    let phone = send(to, ['-f', 'mpegts']);
    phone.once('exit', () => {}); // one that came too early is refused, as by a phone's app
    const again = setInterval(() => {
      if (phone.exitCode !== null) phone = send(to, ['-f', 'mpegts']);
    }, 500);
    await own.until(() => own.frames() > before);
    clearInterval(again);
    assert.match(own.states.at(-1) ?? '', /^up srt:/);
    await gone(phone);
    await own.until(() => own.states.some((each, place) => place > 1 && each.startsWith('down') && /has ended/.test(each)));
    own.states.splice(0, own.states.findLastIndex((each) => each.startsWith('down')));
  }
  await own.end();
});

test('who does not know the passphrase shows it nothing', SKIP, async () => {
  const port = await freePort();
  const own = kept({kind: 'srt', port, passphrase: PASSPHRASE, every_s: 0.2, latency_ms: 100});
  await own.until(() => own.states.length > 0);
  const stranger = send(`srt://127.0.0.1:${port}?passphrase=another-passphrase&latency=100000`, ['-f', 'mpegts']);
  const code = await new Promise((resolve) => stranger.once('exit', resolve));
  assert.notEqual(code, 0);
  assert.equal(own.frames(), 0);
  await own.end();
});

test('a sender that goes silent is given up', SKIP, async () => {
  const port = await freePort();
  const own = kept({kind: 'rtmp', port, every_s: 0.2, silent_s: 2});
  await own.until(() => own.states.length > 0);
  let phone = send(`rtmp://127.0.0.1:${port}/live/stream`, ['-f', 'flv']);
  const again = setInterval(() => {
    if (phone.exitCode !== null) phone = send(`rtmp://127.0.0.1:${port}/live/stream`, ['-f', 'flv']);
  }, 500);
  await own.until(() => own.frames() > 0);
  clearInterval(again);
  phone.kill('SIGSTOP');
  await own.until(() => own.states.some((each) => /^down no picture from rtmp:.* for [23] s/.test(each)));
  await gone(phone, 'SIGKILL');
  await own.end();
});
