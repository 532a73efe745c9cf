import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {difference} from '../src/looking/gate.js';
import {keep} from '../src/looking/keeping.js';
import {Connection} from '../src/sources/obs.js';
import {readSource} from '../src/sources/sources.js';
import {freePort} from './stand_ins/mosquitto.js';
import {frame} from './stand_ins/pictures.js';

const missing = ['obs', 'Xvfb'].filter((each) => spawnSync('sh', ['-c', `command -v ${each}`]).status !== 0);
const SKIP = {skip: missing.length ? `${missing.join(' and ')} not on this machine` : false, timeout: 90_000};
const PASSWORD = 'supersecret';

const folder = mkdtempSync(join(tmpdir(), 'pickled-obs-'));
/** @type {import('node:child_process').ChildProcess[]} */
const running = [];
after(async () => {
  for (const each of running.reverse()) {
    const over = new Promise((resolve) => each.once('exit', resolve));
    each.kill(each.spawnfile === 'obs' ? 'SIGINT' : 'SIGTERM');
    await over;
  }
  rmSync(folder, {recursive: true, force: true});
});

/** OBS Studio itself, on a screen that nobody sees, with a small picture. @param {number} port */
async function startObs(port) {
  const cfg = join(folder, 'cfg', 'obs-studio');
  const profile = join(cfg, 'basic', 'profiles', 'Untitled');
  mkdirSync(profile, {recursive: true});
  mkdirSync(join(folder, 'run'), {mode: 0o700});
  writeFileSync(join(cfg, 'global.ini'), [
    '[General]', 'FirstRun=true', '[OBSWebSocket]', 'FirstLoad=false', 'ServerEnabled=true', `ServerPort=${port}`,
    'AlertsEnabled=false', 'AuthRequired=true', `ServerPassword=${PASSWORD}`, '',
  ].join('\n'));
  const video = ['BaseCX=640', 'BaseCY=360', 'OutputCX=640', 'OutputCY=360', 'FPSType=1', 'FPSInt=5'];
  writeFileSync(join(profile, 'basic.ini'), ['[General]', 'Name=Untitled', '[Video]', ...video, ''].join('\n'));
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x720x24', '-nolisten', 'tcp'], {stdio: ['ignore', 'ignore', 'ignore', 'pipe']});
  running.push(screen);
  const display = await new Promise((resolve) => screen.stdio[3]?.once('data', (data) => resolve(String(data).trim())));
  const env = {
    ...process.env, HOME: folder, XDG_CONFIG_HOME: join(folder, 'cfg'), XDG_RUNTIME_DIR: join(folder, 'run'),
    LIBGL_ALWAYS_SOFTWARE: '1', QT_QPA_PLATFORM: 'xcb', DISPLAY: `:${display}`,
  };
  running.push(spawn('obs', ['--multi'], {env, stdio: 'ignore'}));
  const listens = () => new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1').once('connect', () => resolve(socket.destroy() && true)).once('error', () => resolve(false));
  });
  while (!(await listens())) await sleep(100);
}

test('the real OBS Studio shows the scene on program, and the next one', SKIP, async () => {
  const port = await freePort();
  await startObs(port);
  const url = `ws://127.0.0.1:${port}`;
  const desk = await Connection.open(url, PASSWORD, new AbortController().signal);
  const scene = (await desk.ask('GetCurrentProgramScene')).currentProgramSceneName;
  await desk.ask('CreateScene', {sceneName: 'Next'});
  for (const [sceneName, color] of [[scene, 0xff1e1ee6], ['Next', 0xffe6321e]]) {
    const inputSettings = {color, width: 640, height: 306};
    await desk.ask('CreateInput', {sceneName, inputName: `colour of ${sceneName}`, inputKind: 'color_source_v3', inputSettings});
  }
  const stop = new AbortController();
  /** @type {string[]} */
  const seen = [];
  await keep(readSource({kind: 'obs', url, password: PASSWORD}, folder).open(100), {
    signal: stop.signal,
    report: () => {},
    emit: (each) => {
      const colour = ['red', 'blue'].find((name) => difference(each.gray, frame(name).gray) < 15);
      if (colour && seen.at(-1) !== colour) seen.push(colour);
      if (seen.at(-1) === 'red') void desk.ask('SetCurrentProgramScene', {sceneName: 'Next'});
      if (seen.at(-1) === 'blue') stop.abort();
    },
  });
  desk.close();
  assert.deepEqual(seen, ['red', 'blue']);
});
