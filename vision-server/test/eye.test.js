import assert from 'node:assert/strict';
import {after, afterEach, test} from 'node:test';
import {readBackend} from '../src/backends/backends.js';
import {CommandRefused, SourceError} from '../src/errors.js';
import {Eye} from '../src/looking/eye.js';
import {ModelServer} from './stand_ins/model_server.js';
import {frame} from './stand_ins/pictures.js';

const server = await ModelServer.start();
after(() => server.close());

/** @typedef {import('../src/looking/eye.js').Sight} Sight */

/** An eye on a real model server, and what it told. */
class Watched {
  /**
   * @param {object} [how]
   * @param {Partial<import('../src/looking/eye.js').Rules>} [how.rules]
   * @param {import('../src/sources/sources.js').Source['grab']} [how.grab]
   * @param {number} [how.timeoutS]
   */
  constructor({rules = {}, grab = null, timeoutS = 20} = {}) {
    server.asked = [];
    server.mostInFlight = 0;
    server.next = [];
    server.always = {};
    /** @type {Sight[]} */
    this.told = [];
    /** @type {string[]} */
    this.health = [];
    this.closed = '';
    this.question = 'What is there?';
    /** @type {(() => void)[]} */
    this.waiting = [];
    this.eye = new Eye({
      backend: readBackend({kind: 'ollama', host: server.url, model: 'seer', timeout_s: timeoutS}, null).open(),
      source: {run: async () => {}, grab},
      rules: {threshold: 4, intervalMs: 0, maxIntervalMs: 60_000, stillMs: 60_000, ...rules},
      question: () => this.question,
      closed: () => this.closed,
      tell: (sight) => {
        this.told.push(sight);
        for (const each of this.waiting.splice(0)) each();
      },
      report: (status, detail) => this.health.push(`${status} ${detail}`),
    });
  }

  /** @param {number} count */
  async toldTimes(count) {
    while (this.told.length < count) await new Promise((resolve) => this.waiting.push(() => resolve(undefined)));
  }
}

/** @type {Watched | null} */
let watched = null;
afterEach(() => watched?.eye.stop());

/** @param {ConstructorParameters<typeof Watched>[0]} [how] */
function watch(how) {
  watched = new Watched(how);
  return watched;
}

/** Until what was begun has been done. */
const settled = async () => {
  while (server.inFlight) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 20));
};

test('a picture is described once, and a still one costs no further call', async () => {
  const own = watch();
  own.eye.see(frame('red'));
  await own.toldTimes(1);
  for (let count = 0; count < 30; count++) own.eye.see(frame('red', 6));
  await settled();
  assert.equal(server.asked.length, 1);
  assert.deepEqual(own.told.map(({text}) => text), ['The picture is red.']);
  assert.equal(own.eye.figures.still, 30);
});

test('a still picture is said to be still there, without a call', async () => {
  const own = watch({rules: {stillMs: 0}});
  own.eye.see(frame('red', 0, 1000));
  await own.toldTimes(1);
  await settled();
  own.eye.see(frame('red', 0, 2000));
  await own.toldTimes(2);
  assert.deepEqual(own.told.map(({text, at}) => [text, at]), [['The picture is red.', 1000], ['The picture is red.', 2000]]);
  assert.deepEqual([own.told[1].latencyMs, server.asked.length], [null, 1]);
});

test('one call at a time, and of what comes meanwhile the newest picture wins', async () => {
  const own = watch();
  server.next = [{delayMs: 100}];
  for (const each of ['red', 'green', 'yellow', 'white', 'blue']) own.eye.see(frame(each));
  await own.toldTimes(2);
  await settled();
  assert.deepEqual(server.asked.map(({colour}) => colour), ['red', 'blue']);
  assert.equal(server.mostInFlight, 1);
});

test('the shortest time between two calls is kept, and the last picture not lost', async () => {
  const own = watch({rules: {intervalMs: 700}});
  own.eye.see(frame('red'));
  await own.toldTimes(1);
  await settled();
  own.eye.see(frame('blue'));
  assert.equal(own.eye.sending, null);
  await own.toldTimes(2);
  assert.equal(own.told[1].text, 'The picture is blue.');
});

test('the same description of another picture is not told again', async () => {
  const own = watch();
  server.always = {say: 'A street with people.'};
  own.eye.see(frame('red'));
  await own.toldTimes(1);
  await settled();
  own.eye.see(frame('blue'));
  await server.askedTimes(2);
  await settled();
  assert.deepEqual([own.told.length, own.eye.figures.same], [1, 1]);
});

test('a server that wants to be left alone is left alone, then asked for the newest picture', async () => {
  const own = watch();
  server.next = [{status: 429, retryAfter: '1.2'}];
  own.eye.see(frame('red'));
  await server.askedTimes(1);
  await settled();
  for (const each of ['green', 'yellow', 'blue']) own.eye.see(frame(each));
  assert.match(own.health[0], /^down .*429.*tried again in 1 s/);
  await own.toldTimes(1);
  assert.ok(server.asked[1].at - server.asked[0].at >= 1150);
  assert.deepEqual([server.asked.length, own.told[0].text], [2, 'The picture is blue.']);
});

for (const [what, behaviour, timeoutS] of /** @type {const} */ ([
  ['an error of the server', {status: 503, retryAfter: '0'}, 20],
  ['a hang', {hang: true}, 2],
  ['garbage', {body: '{]'}, 20],
])) {
  test(`after ${what} the still picture is described after all`, async () => {
    const own = watch({timeoutS});
    server.next = [behaviour];
    own.eye.see(frame('green'));
    await own.toldTimes(1);
    assert.equal(own.told[0].text, 'The picture is green.');
    assert.deepEqual([server.asked.length, own.eye.figures.failed], [2, 1]);
    assert.deepEqual(own.health.map((each) => each.split(' ')[0]), ['down', 'up']);
  });
}

test('a capture looks at once, and tells also what is known', async () => {
  const own = watch({rules: {intervalMs: 60_000}});
  own.eye.see(frame('red'));
  await own.toldTimes(1);
  await settled();
  await own.eye.capture();
  await own.toldTimes(2);
  assert.deepEqual([server.asked.length, own.told[1].text], [2, 'The picture is red.']);
});

test('a capture takes a fresh picture where the newest one is old', async () => {
  const own = watch({grab: async () => frame('blue')});
  own.eye.see(frame('red', 0, Date.now() - 5000));
  await own.toldTimes(1);
  const before = Date.now();
  await own.eye.capture();
  await own.toldTimes(2);
  assert.equal(own.told[1].text, 'The picture is blue.');
  assert.ok(own.told[1].at >= before - 1000);
});

test('a capture waits for the next picture of a stream', async () => {
  const own = watch();
  const capture = own.eye.capture();
  own.eye.see(frame('green'));
  await capture;
  await own.toldTimes(1);
  assert.equal(own.told[0].text, 'The picture is green.');
});

test('a capture during a call comes right after it', async () => {
  const own = watch({rules: {intervalMs: 60_000}, grab: async () => frame('blue')});
  server.next = [{delayMs: 200}];
  own.eye.see(frame('red', 0, Date.now() - 2000));
  await own.eye.capture();
  await own.toldTimes(2);
  assert.deepEqual(own.told.map(({text}) => text), ['The picture is red.', 'The picture is blue.']);
  assert.equal(server.mostInFlight, 1);
});

test('a capture without a picture is refused with the reason', async () => {
  const own = watch({grab: async () => { throw new SourceError('the camera is unplugged'); }});
  await assert.rejects(own.eye.capture(), (error) => error instanceof CommandRefused && error.code === 'unavailable' && /unplugged/.test(error.message));
});

test('while it may not look no picture leaves the house, and what is under way is not told', async () => {
  const own = watch();
  own.closed = 'discreet';
  own.eye.see(frame('red'));
  await assert.rejects(own.eye.capture(), (error) => error instanceof CommandRefused && error.code === 'not_allowed');
  await settled();
  assert.equal(server.asked.length, 0);
  own.closed = '';
  server.next = [{delayMs: 100}];
  own.eye.see(frame('blue'));
  await server.askedTimes(1);
  own.closed = 'discreet';
  own.eye.forget();
  await settled();
  assert.deepEqual([own.told.length, own.eye.sight], [0, null]);
  own.closed = '';
  own.eye.see(frame('blue'));
  await own.toldTimes(1);
});

test('another question is asked of the same picture', async () => {
  const own = watch();
  own.eye.see(frame('red'));
  await own.toldTimes(1);
  await settled();
  own.question = 'Is there a dog?';
  own.eye.asked();
  await server.askedTimes(2);
  assert.equal(server.asked[1].question, 'Is there a dog?');
});
