import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {after, test} from 'node:test';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {Limit} from '../src/limit.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const server = createServer(() => {}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const {port} = /** @type {import('node:net').AddressInfo} */ (server.address());
after(() => {
  server.closeAllConnections();
  server.close();
});

/** @param {Limit} limit */
async function asked(limit) {
  const collecting = setInterval(collect, 20);
  try {
    await fetch(`http://127.0.0.1:${port}/`, {signal: limit.signal});
    return 'answered';
  } catch {
    return limit.over ? 'late' : 'stopped';
  } finally {
    clearInterval(collecting);
    limit.lift();
  }
}

test('a server that hangs is given up also when garbage is collected meanwhile', async () => {
  assert.equal(await asked(new Limit(new AbortController().signal, 300)), 'late');
});

test('who stops it ends it before its time', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  assert.equal(await asked(new Limit(stop.signal, 60_000)), 'stopped');
  assert.equal(await asked(new Limit(stop.signal, 60_000)), 'stopped');
});
