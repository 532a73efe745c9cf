import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import WebSocket from 'ws';
import {loadConfig} from '../src/config/config.js';
import {House} from '../src/home/house.js';
import {pages} from '../src/home/pages.js';
import {Settings} from '../src/home/settings.js';
import {ModelServer} from './stand_ins/model_server.js';
import {picture} from './stand_ins/pictures.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'pickled-pages-'));
const TOKEN = 'a-token-of-sixteen';
const model = await ModelServer.start();
/** @type {(() => Promise<unknown>)[]} */
const ends = [];
after(async () => {
  for (const end of ends) await end();
  await model.close();
  rmSync(FOLDER, {recursive: true});
});

/** @param {object} [more] */
async function start(more = {}) {
  const vision = {
    source: {kind: 'file', path: 'now.jpg', every_s: 0.05},
    backend: {kind: 'ollama', host: model.url, model: 'seer'}, interval_s: 0.2, port: 0, ...more,
  };
  writeFileSync(join(FOLDER, 'now.jpg'), picture('red'));
  writeFileSync(join(FOLDER, 'pickled.yaml'), JSON.stringify({mqtt: {port: 9}, vision}));
  const config = loadConfig({environ: {HOME: FOLDER}, cwd: FOLDER});
  const house = new House(config, {settings: new Settings(join(FOLDER, `${ends.length}.json`))});
  const app = await pages(house, config);
  const url = await app.listen({host: '127.0.0.1', port: 0});
  const running = house.run();
  ends.push(() => Promise.all([house.end(), app.close(), running]));
  const told = new Promise((resolve) => house.listeners.add(resolve));
  return {url, house, told};
}

/** @param {string} url @param {RequestInit} [how] */
async function ask(url, how) {
  const answer = await fetch(url, how);
  const text = await answer.text();
  return {code: answer.status, body: text ? JSON.parse(text) : null};
}

/** @param {unknown} body */
const post = (body = undefined) => ({
  method: 'POST', ...(body === undefined ? {} : {body: JSON.stringify(body), headers: {'content-type': 'application/json'}}),
});

test('the pages tell what is seen, without a broker, too, and how it is', async () => {
  const {url, told} = await start();
  await told;
  const {body: latest} = await ask(`${url}/vision/latest`);
  assert.equal(latest.text, 'The picture is red.');
  assert.ok(latest.age_ms >= 0 && latest.ts && latest.captured_at);
  assert.deepEqual((await ask(`${url}/health`)).body.status, 'ok');
  const {body: status} = await ask(`${url}/vision/status`);
  assert.deepEqual([status.calls, status.tokens, status.source.status, status.mqtt.connected], [1, 312, 'up', false]);
});

test('it is started and stopped, and another question is asked', async () => {
  const {url, told, house} = await start();
  await told;
  assert.deepEqual((await ask(`${url}/vision/stop`, post())).body.enabled, false);
  assert.deepEqual(await ask(`${url}/vision/latest`), {code: 204, body: null});
  const calls = house.eye.figures.calls;
  assert.equal((await ask(`${url}/vision/prompt`, post({prompt: 'cats'}))).code, 200);
  assert.deepEqual((await ask(`${url}/vision/prompt`)).body, {prompt: 'cats'});
  assert.equal((await ask(`${url}/vision/prompt`, post({prompt: 7, x: 1}))).code, 400);
  assert.equal((await ask(`${url}/vision/prompt`, post({prompt: 'x'.repeat(20_000)}))).code, 413);
  assert.equal((await ask(`${url}/nothing`)).code, 404);
  const again = new Promise((resolve) => house.listeners.add(resolve));
  assert.deepEqual((await ask(`${url}/vision/start`, post())).body.enabled, true);
  await again;
  assert.equal(house.eye.figures.calls, calls + 1);
  assert.match(model.asked.at(-1)?.question ?? '', /cats/);
});

test('a WebSocket hears what is known, and what is new', async () => {
  const {url, told} = await start();
  await told;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/vision/ws`);
  /** @type {any[]} */
  const heard = [];
  await new Promise((resolve) => socket.on('message', (data) => {
    heard.push(JSON.parse(data.toString()));
    if (heard.length === 1) writeFileSync(join(FOLDER, 'now.jpg'), picture('blue'));
    if (/blue/.test(heard.at(-1).text)) resolve(undefined);
  }));
  socket.close();
  assert.equal(heard[0].text, 'The picture is red.');
});

test('a page of another site, and another name for this machine, may not come in', async () => {
  const {url} = await start();
  const foreign = {headers: {origin: 'http://evil.example'}};
  assert.equal((await ask(`${url}/vision/latest`, foreign)).code, 403);
  assert.equal((await ask(`${url}/vision/stop`, {method: 'POST', ...foreign})).code, 403);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/vision/ws`, {origin: 'http://evil.example'});
  const refused = await new Promise((resolve) => socket.on('error', resolve));
  assert.match(String(refused), /403/);
  const {request} = await import('node:http');
  const code = await new Promise((resolve) => request(`${url}/health`, {headers: {host: 'rebound.example'}}, (answer) => resolve(answer.statusCode)).end());
  assert.equal(code, 403);
});

test('with a token nobody comes in without', async () => {
  const {url, told} = await start({token: TOKEN});
  await told;
  assert.equal((await ask(`${url}/vision/status`)).code, 401);
  assert.equal((await ask(`${url}/vision/status`, {headers: {authorization: 'Bearer wrong'}})).code, 401);
  assert.deepEqual(await ask(`${url}/health`), {code: 200, body: {status: 'ok'}});
  assert.equal((await ask(`${url}/vision/latest`, {headers: {authorization: `Bearer ${TOKEN}`}})).code, 200);
});
