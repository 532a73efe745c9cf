import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {after, beforeEach, test} from 'node:test';
import {readBackend} from '../src/backends/backends.js';
import {retryAfter} from '../src/backends/http.js';
import {BackendError} from '../src/errors.js';
import {ModelServer} from './stand_ins/model_server.js';
import {picture} from './stand_ins/pictures.js';

const server = await ModelServer.start();
after(() => server.close());
beforeEach(() => {
  server.next = [];
  assert.deepEqual(server.problems.splice(0), []);
});

const openai = {kind: 'openai', base_url: `${server.url}/v1`, model: 'seer', api_key: 'k', timeout_s: 20};
const BACKENDS = {
  ollama: {kind: 'ollama', host: server.url, model: 'seer', timeout_s: 20},
  openai,
  overshoot: {...openai, kind: 'overshoot'},
};

/**
 * @param {object} values
 * @param {string} colour
 */
function describe(values, colour = 'red', signal = new AbortController().signal) {
  return readBackend(values, null).open().describe(picture(colour), 'What is there?', signal);
}

for (const [kind, values] of Object.entries(BACKENDS)) {
  test(`${kind} describes a picture, and counts what it cost`, async () => {
    const said = await describe({...values, price_in: 1, price_out: 10}, 'blue');
    assert.deepEqual(said, {text: 'The picture is blue.', model: 'seer', tokens: 312, cost: (300 + 120) / 1e6});
    assert.equal(server.asked.at(-1)?.key, kind === 'ollama' ? '' : 'Bearer k');
    assert.equal(server.asked.at(-1)?.question, 'What is there?');
  });

  test(`${kind} that has too much to do says how long to wait`, async () => {
    server.next = [{status: 429, retryAfter: '7'}, {status: 503}, {status: 503, retryAfter: 'nonsense'}];
    await assert.rejects(describe(values), (error) => error instanceof BackendError && error.retryAfterS === 7 && /429: not now/.test(error.message));
    await assert.rejects(describe(values), (error) => error instanceof BackendError && error.retryAfterS > 0);
    await assert.rejects(describe(values), (error) => error instanceof BackendError && error.retryAfterS > 0);
  });

  test(`${kind} that hangs, or answers garbage, fails in words`, async () => {
    server.next = [{hang: true}];
    await assert.rejects(describe({...values, timeout_s: 0.5}), /within 0\.5 s/);
    server.next = [
      {body: '<html>'}, {body: '{}'}, {body: '[1]'}, {body: 'null'}, {say: '  \n '},
      {status: 401}, {say: '<think>It is a'}, {body: JSON.stringify('x'.repeat(1_100_000))},
    ];
    const said = [/no JSON/, /says nothing/, /says nothing/, /says nothing/, /says nothing/, /is the key right/, /says nothing/, /too long/];
    for (const each of said) await assert.rejects(describe(values), (error) => error instanceof BackendError && each.test(error.message));
  });
}

test('a description is one line, without thoughts, and not too long', async () => {
  server.next = [{say: '<think>Hm.</think> A dog.\n\u0007Two\u2028cats. '}, {say: 'long '.repeat(1000)}];
  assert.equal((await describe(BACKENDS.ollama)).text, 'A dog. Two cats.');
  assert.equal((await describe(BACKENDS.ollama)).text.length, 600);
});

test('a key and a picture go nowhere else', async () => {
  let reached = 0;
  const other = createServer((_, response) => response.end(String(reached++))).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const {port} = /** @type {import('node:net').AddressInfo} */ (other.address());
  server.next = [{status: 307, location: `http://127.0.0.1:${port}/v1/chat/completions`}];
  await assert.rejects(describe(BACKENDS.openai), BackendError);
  assert.equal(reached, 0);
  other.close();
});

test('a server that is not there is named', async () => {
  await assert.rejects(describe({...BACKENDS.ollama, host: 'http://127.0.0.1:9'}), /127\.0\.0\.1:9 can't be reached/);
});

test('a call ends when it is wanted no more', async () => {
  server.next = [{hang: true}];
  const stopped = new AbortController();
  const asked = server.asked.length;
  const call = describe({...BACKENDS.ollama, timeout_s: 60}, 'red', stopped.signal);
  await server.askedTimes(asked + 1);
  stopped.abort();
  await assert.rejects(call, /stopped/);
});

test('retry-after is read in seconds and as a date, within limits', () => {
  assert.equal(retryAfter('2.5'), 2.5);
  assert.equal(retryAfter('999999'), 3600);
  const in20 = retryAfter(new Date(Date.now() + 20_000).toUTCString());
  assert.ok(in20 !== null && in20 > 15 && in20 <= 20);
  assert.equal(retryAfter('soon'), null);
  assert.equal(retryAfter(null), null);
});
