import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {SourceError} from '../src/errors.js';
import {readSource} from '../src/sources/sources.js';
import {difference} from '../src/looking/gate.js';
import {keep} from '../src/looking/keeping.js';
import {ObsStandIn} from './stand_ins/obs.js';
import {film, frame, hasFfmpeg, picture} from './stand_ins/pictures.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'pickled-sources-'));
after(() => rmSync(FOLDER, {recursive: true}));
const NO_FFMPEG = hasFfmpeg ? false : 'ffmpeg is not on this machine';

/** @typedef {import('../src/looking/frame.js').Frame} Frame */

/**
 * Runs a source until enough has come.
 *
 * @param {object} values
 * @param {(frames: Frame[], states: string[]) => boolean} enough
 */
async function watch(values, enough, {withinMs = 40_000, pollMs = 30} = {}) {
  const stop = new AbortController();
  /** @type {Frame[]} */
  const frames = [];
  /** @type {string[]} */
  const states = [];
  const look = () => enough(frames, states) && stop.abort();
  const timer = setTimeout(() => stop.abort(), withinMs);
  await keep(readSource(values, FOLDER).open(pollMs), {
    signal: stop.signal,
    firstMs: 20,
    emit: (each) => {
      frames.push(each);
      look();
    },
    report: (status, detail) => {
      states.push(`${status} ${detail}`);
      look();
    },
  });
  clearTimeout(timer);
  assert.ok(enough(frames, states), `not enough came: ${frames.length} frames, ${states.slice(-3).join('; ')}`);
  return {frames, states};
}

/** @param {Frame} one @param {string} colour */
const shows = (one, colour) => difference(one.gray, frame(colour).gray) < 12;

test('a picture on the disk is seen, and seen again when it changes', async () => {
  const path = join(FOLDER, 'picture.jpg');
  writeFileSync(path, picture('red'));
  const {frames} = await watch({kind: 'file', path}, (all) => {
    if (all.length === 2) writeFileSync(path, picture('white'));
    return all.some((each) => shows(each, 'white'));
  });
  assert.ok(shows(frames[0], 'red'));
});

test('a picture that is gone is said, and it goes on when it is back', async () => {
  const path = join(FOLDER, 'gone.jpg');
  await watch({kind: 'file', path}, (all, states) => {
    if (states.some((each) => each.startsWith('down'))) writeFileSync(path, picture('blue'));
    return all.length > 0;
  });
});

test('a camera at an address is asked with its ETag, its login and no further', async () => {
  /** @type {string[]} */
  const asked = [];
  const camera = createServer((request, response) => {
    asked.push(`${request.headers['if-none-match'] ?? '-'} ${request.headers.authorization ?? '-'}`);
    if (asked.length === 3) response.writeHead(302, {location: 'http://127.0.0.1:9/'}).end();
    else if (request.headers['if-none-match'] === '"1"' && asked.length < 6) response.writeHead(304).end();
    else response.writeHead(200, {etag: '"1"'}).end(picture(asked.length < 6 ? 'red' : 'blue'));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => camera.once('listening', resolve));
  const {port} = /** @type {import('node:net').AddressInfo} */ (camera.address());
  const {frames} = await watch({kind: 'url', url: `http://me:pass@127.0.0.1:${port}/a.jpg`}, (all) => all.some((each) => shows(each, 'blue')));
  camera.close();
  const login = `Basic ${Buffer.from('me:pass').toString('base64')}`;
  assert.deepEqual(asked.slice(0, 2), [`- ${login}`, `"1" ${login}`]);
  assert.ok(frames.length >= 4);
});

test('a camera that answers nonsense is down, and says why', async () => {
  const camera = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
  await new Promise((resolve) => camera.once('listening', resolve));
  const {port} = /** @type {import('node:net').AddressInfo} */ (camera.address());
  const {states} = await watch({kind: 'url', url: `http://127.0.0.1:${port}/`}, (_, all) => all.some((each) => each.startsWith('down')));
  camera.close();
  assert.match(states.at(-1) ?? '', /no JPEG/);
});

test('OBS shows the scene that is on program, also after another one was chosen', async () => {
  const obs = await ObsStandIn.start({password: 'secret', scenes: {Walk: picture('red'), Break: picture('blue')}});
  const {frames} = await watch({kind: 'obs', url: obs.url, password: 'secret'}, (all) => {
    if (all.length === 2) obs.program = 'Break';
    return all.some((each) => shows(each, 'blue'));
  });
  assert.ok(shows(frames[0], 'red'));
  assert.deepEqual(obs.problems, []);
  await obs.close();
});

test('OBS that shows one colour gives no picture, and a wrong password is named', async () => {
  const black = /** @type {const} */ ({type: 'black'});
  const obs = await ObsStandIn.start({password: 'secret', scenes: {Walk: black}});
  const {frames} = await watch({kind: 'obs', url: obs.url, password: 'secret'}, (_, states) => states.some((each) => /nothing but one colour/.test(each)));
  assert.equal(frames.length, 0);
  const {states} = await watch({kind: 'obs', url: obs.url, password: 'wrong'}, (_, all) => all.some((each) => each.startsWith('down')));
  assert.match(states.at(-1) ?? '', /refuses the password/);
  await obs.close();
});

test('OBS that goes and comes back is seen again', async () => {
  let obs = await ObsStandIn.start({scenes: {Walk: picture('red')}});
  const {port} = obs;
  let lost = false;
  await watch({kind: 'obs', url: obs.url}, (all, states) => {
    if (all.length === 1 && !lost) {
      lost = true;
      void obs.close().then(async () => {
        obs = await ObsStandIn.start({port, scenes: {Walk: picture('blue')}});
      });
    }
    return states.some((each) => each.startsWith('down')) && shows(all.at(-1) ?? all[0], 'blue');
  });
  await obs.close();
});

test('a clip gives its pictures, each with its thumbnail, again and again', {skip: NO_FFMPEG}, async () => {
  const path = join(FOLDER, 'clip.mp4');
  film(path, [['red', 1], ['white', 1]]);
  const {frames} = await watch({kind: 'clip', path, every_s: 0.5}, (all) => all.length >= 7);
  const colours = frames.map((each) => (shows(each, 'red') ? 'red' : shows(each, 'white') ? 'white' : '?'));
  assert.ok(colours.includes('red') && colours.includes('white') && !colours.includes('?'), colours.join());
  for (const each of frames) assert.equal(each.jpeg.readUInt16BE(0), 0xffd8);
});

test('a clip that is a playlist opens no other file', {skip: NO_FFMPEG}, async () => {
  const secret = join(FOLDER, 'secret.mp4');
  film(secret, [['red', 1]]);
  const playlists = {
    'list.mp4': `ffconcat version 1.0\nfile '${secret}'\n`,
    'list.m3u8': `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:${secret}\n#EXT-X-ENDLIST\n`,
    'list.sdp': readFileSync('/etc/hostname', 'utf8'),
  };
  for (const [name, text] of Object.entries(playlists)) {
    const path = join(FOLDER, name);
    writeFileSync(path, text);
    const {frames, states} = await watch({kind: 'clip', path}, (_, all) => all.some((each) => each.startsWith('down')));
    assert.equal(frames.length, 0);
    assert.match(states.at(-1) ?? '', /can't be read/);
  }
});

test('a source that is stopped leaves no ffmpeg behind', {skip: NO_FFMPEG}, async () => {
  const path = join(FOLDER, 'long.mp4');
  film(path, [['red', 2]]);
  const stop = new AbortController();
  const source = readSource({kind: 'clip', path}, FOLDER).open(0);
  const running = source.run(stop.signal, () => stop.abort(), () => {});
  await running;
  await assert.rejects(source.run(stop.signal, () => {}, () => {}), /abort/i);
  assert.ok(!(await import('node:child_process')).execSync('ps -eo args').toString().includes(`file:${path}`));
  assert.ok(new SourceError('x') instanceof Error);
});
