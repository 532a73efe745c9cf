/** The vision-server over HTTP: how it is, what it sees, start and stop; and the same as a WebSocket. */

import {createHash, timingSafeEqual} from 'node:crypto';
import websocket from '@fastify/websocket';
import fastify from 'fastify';
import {isThisMachine} from '../config/fields.js';
import {CommandRefused} from '../errors.js';

/** @typedef {import('./house.js').House} House */

const LARGEST_BODY = 16_384;
const MOST_LISTENERS = 16;
/** Bytes that may wait for one who listens too slowly. */
const MOST_WAITING = 100_000;
const PROMPT = {
  type: 'object',
  required: ['prompt'],
  additionalProperties: false,
  properties: {prompt: {type: 'string', maxLength: 2000}},
};

/**
 * @param {House} house
 * @param {{host: string, token: string | null}} config
 * @returns {Promise<import('fastify').FastifyInstance>} ready to listen
 */
export async function pages(house, {host, token}) {
  const app = fastify({
    bodyLimit: LARGEST_BODY,
    requestTimeout: 10_000,
    forceCloseConnections: true,
    ajv: {customOptions: {coerceTypes: false, removeAdditional: false}},
  });
  await app.register(websocket, {options: {maxPayload: 1024}});
  app.addHook('onRequest', async (request, reply) => {
    const refused = whyNot(request, host, token);
    if (refused) await reply.code(refused.code).send({error: refused.why});
  });
  app.setErrorHandler((error, _request, reply) => {
    const refused = error instanceof CommandRefused;
    const known = /** @type {any} */ (error).statusCode;
    const code = refused ? (error.code === 'unavailable' ? 503 : 409) : known < 500 ? known : 500;
    void reply.code(code).send({error: /** @type {Error} */ (error).message});
  });
  app.get('/health', async (_request, reply) => {
    const {source, backend, mqtt} = house.status;
    const ok = source.status !== 'down' && backend.status !== 'down';
    const more = token ? {} : {source, backend, mqtt}; // with a token, only who has it is told more
    return reply.code(ok ? 200 : 503).send({status: ok ? 'ok' : 'degraded', ...more});
  });
  app.get('/vision/status', async () => house.status);
  app.get('/vision/latest', async (_request, reply) => house.latest ?? reply.code(204).send());
  app.post('/vision/start', async () => told(house, await house.enable(true)));
  app.post('/vision/stop', async () => told(house, await house.enable(false)));
  app.get('/vision/prompt', async () => ({prompt: house.prompt}));
  app.post('/vision/prompt', {schema: {body: PROMPT}}, async (request) => {
    const {prompt} = /** @type {{prompt: string}} */ (request.body);
    return told(house, await house.ask(prompt));
  });
  app.get('/vision/ws', {websocket: true}, (socket) => listen(house, socket));
  return app;
}

/**
 * @param {House} house
 * @param {string} message
 */
function told(house, message) {
  const {enabled, prompt} = house;
  return {enabled, prompt, ...(message ? {message} : {})};
}

/**
 * @param {House} house
 * @param {import('ws').WebSocket} socket
 */
function listen(house, socket) {
  if (house.listeners.size >= MOST_LISTENERS) return socket.close(1013, 'too many listen');
  const take = (/** @type {object} */ event) => {
    if (socket.bufferedAmount > MOST_WAITING) socket.terminate();
    else socket.send(JSON.stringify(event));
  };
  house.listeners.add(take);
  socket.on('close', () => house.listeners.delete(take));
  socket.on('error', () => socket.terminate());
  if (house.latest) take(house.latest);
  return undefined;
}

/**
 * A page of somebody else's in a browser here must not come in: neither by its own name nor by a
 * name of its own that leads to this machine.
 *
 * @param {import('fastify').FastifyRequest} request
 * @param {string} bound
 * @param {string | null} token
 * @returns {{code: number, why: string} | null}
 */
function whyNot(request, bound, token) {
  const named = request.headers.host ?? '';
  const host = named.replace(/:\d+$/, '');
  const {origin} = request.headers;
  if (origin !== undefined && origin !== `http://${named}` && origin !== `https://${named}`) {
    return {code: 403, why: 'pages of other sites may not come in'};
  }
  if (!token) return isThisMachine(host) || host === bound ? null : {code: 403, why: `${host} is no name of this machine`};
  if (request.url === '/health') return null;
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return same(given, token) ? null : {code: 401, why: 'the token is missing: Authorization: Bearer …'};
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {boolean}
 */
function same(one, other) {
  const digest = (/** @type {string} */ text) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
