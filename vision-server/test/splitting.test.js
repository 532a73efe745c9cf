import assert from 'node:assert/strict';
import {test} from 'node:test';
import {SourceError} from '../src/errors.js';
import {SIDE, frameOf, isBlank} from '../src/looking/frame.js';
import {JpegSplitter, Pairing, ThumbnailSplitter} from '../src/sources/splitting.js';
import {picture} from './stand_ins/pictures.js';

const JPEGS = ['red', 'green', 'blue', 'white'].map((each) => picture(each));

/** The same numbers each time. @param {number} seed */
function dice(seed) {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

/**
 * @param {Buffer} whole
 * @param {() => number} random
 */
function* chunks(whole, random) {
  for (let at = 0; at < whole.length;) {
    const size = 1 + Math.floor(random() ** 3 * 900);
    yield whole.subarray(at, at + size);
    at += size;
  }
}

test('however the stream is cut, the same pictures come out', () => {
  const whole = Buffer.concat(JPEGS);
  for (let seed = 1; seed <= 100; seed++) {
    const splitter = new JpegSplitter();
    const found = [...chunks(whole, dice(seed))].flatMap((each) => splitter.feed(each));
    assert.deepEqual(found.map((each) => each.toString('hex')), JPEGS.map((each) => each.toString('hex')));
  }
  const byByte = new JpegSplitter();
  assert.equal([...whole].flatMap((each) => byByte.feed(Buffer.from([each]))).length, JPEGS.length);
});

test('what is torn before the first picture is passed over', () => {
  const splitter = new JpegSplitter();
  const found = splitter.feed(Buffer.concat([JPEGS[0].subarray(50), JPEGS[1]]));
  assert.equal(found.length, 1);
});

test('what never becomes a picture is not kept for ever', () => {
  const splitter = new JpegSplitter();
  assert.throws(() => {
    for (let count = 0; count < 100; count++) splitter.feed(Buffer.alloc(100_000, 1));
  }, SourceError);
});

test('the n-th picture gets the n-th thumbnail, whatever comes first', () => {
  /** @type {string[]} */
  const pairs = [];
  const pairing = new Pairing((jpeg, gray) => pairs.push(`${JPEGS.findIndex((each) => each.equals(jpeg))}:${gray[0]}`));
  const thumbnails = new ThumbnailSplitter();
  const four = Buffer.concat([0, 1, 2, 3].map((value) => Buffer.alloc(SIDE * SIDE, value)));
  pairing.addThumbnails(thumbnails.feed(four.subarray(0, 1500)));
  pairing.addJpegs(JPEGS.slice(0, 3));
  pairing.addThumbnails(thumbnails.feed(four.subarray(1500)));
  pairing.addJpegs(JPEGS.slice(3));
  assert.deepEqual(pairs, ['0:0', '1:1', '2:2', '3:3']);
});

test('pictures without thumbnails end the stream', () => {
  const pairing = new Pairing(() => {});
  assert.throws(() => pairing.addJpegs(Array(20).fill(JPEGS[0])), SourceError);
});

test('what is no JPEG, or a broken one, is refused', () => {
  for (const bytes of [Buffer.from('hello'), Buffer.alloc(0), JPEGS[0].subarray(0, 60), Buffer.alloc(5_000_000, 0xff)]) {
    assert.throws(() => frameOf(bytes, 0), SourceError);
  }
});

test('a picture of one colour is none', () => {
  assert.equal(isBlank({...frameOf(JPEGS[0], 0), gray: new Uint8Array(1024).fill(3)}), true);
  assert.equal(isBlank(frameOf(JPEGS[0], 0)), false);
});
