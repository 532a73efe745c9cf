import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Gate, difference} from '../src/looking/gate.js';
import {saysTheSame} from '../src/looking/sameness.js';
import {frame} from './stand_ins/pictures.js';

const gate = () => new Gate({threshold: 4, minMs: 1000, maxMs: 60_000});
const gray = (/** @type {number} */ value) => new Uint8Array(1024).fill(value);

test('a still picture is sent once', () => {
  const own = gate();
  assert.equal(own.offer(gray(100), 0), true);
  own.done(true);
  const sent = Array.from({length: 50}, (_, s) => own.offer(gray(100 + (s % 3)), 1000 * (s + 1)));
  assert.deepEqual(sent.filter(Boolean), []);
});

test('a slow drift adds up against what was sent', () => {
  const own = gate();
  const sent = [];
  for (let s = 0; s < 20; s++) {
    if (own.offer(gray(100 + s), s * 2000)) {
      sent.push(s);
      own.done(true);
    }
  }
  assert.deepEqual(sent, [0, 4, 8, 12, 16]);
});

test('nothing is sent while a call is under way, nor before the shortest time', () => {
  const own = gate();
  assert.equal(own.offer(gray(0), 0), true);
  assert.equal(own.offer(gray(200), 5000), false);
  own.done(true);
  assert.equal(own.offer(gray(200), 999), false);
  assert.equal(own.offer(gray(200), 1000), true);
});

test('a picture whose call failed is sent again', () => {
  const own = gate();
  own.offer(gray(0), 0);
  own.done(true);
  assert.equal(own.offer(gray(90), 2000), true);
  own.done(false);
  assert.equal(own.offer(gray(90), 4000), true);
});

test('after the longest time, and when forced, a still picture is sent, too', () => {
  const own = gate();
  own.offer(gray(7), 0);
  own.done(true);
  assert.equal(own.offer(gray(7), 59_999), false);
  assert.equal(own.offer(gray(7), 60_000), true);
  own.done(true);
  assert.equal(own.offer(gray(7), 60_001, true), true);
});

test('noise of a sensor is no change, another colour is', () => {
  const still = difference(frame('red').gray, frame('red', 8).gray);
  const cut = difference(frame('red').gray, frame('white').gray);
  assert.ok(still < 4, `${still}`);
  assert.ok(cut > 13, `${cut}`);
});

test('two descriptions of the same words say the same', () => {
  assert.ok(saysTheSame('A man stands on a bridge.', 'a man stands, on a bridge'));
  assert.ok(!saysTheSame('A man stands on a bridge.', 'A market square with stalls and lanterns.'));
  assert.ok(!saysTheSame('', 'A market.'));
});
