/**
 * A model server that is strict about what it is asked, and says which colour a picture has.
 *
 * By itself: `node model_server.js [--say TEXT]` prints its port, and runs until it is ended.
 */

import {createServer} from 'node:http';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import jpeg from 'jpeg-js';

/**
 * @typedef {object} Behaviour how one request is met
 * @property {number} [status]
 * @property {string} [retryAfter]
 * @property {string} [body] what is answered as it is
 * @property {string} [location]
 * @property {boolean} [hang]
 * @property {number} [delayMs]
 * @property {string} [say]
 */

/** @typedef {{path: string, key: string, question: string, colour: string, at: number}} Asked */

const COLOURS = {
  red: [200, 40, 40], green: [40, 170, 60], blue: [40, 60, 200],
  yellow: [220, 210, 50], white: [230, 230, 230], grey: [128, 128, 128], black: [16, 16, 16],
};

export class ModelServer {
  constructor() {
    /** @type {Asked[]} */
    this.asked = [];
    /** @type {string[]} what was wrong with requests */
    this.problems = [];
    /** @type {Behaviour[]} for the next requests, one each */
    this.next = [];
    /** @type {Behaviour} for all others */
    this.always = {};
    this.inFlight = 0;
    this.mostInFlight = 0;
    /** @type {(() => void)[]} */
    this.waiting = [];
    this.server = createServer((request, response) => void this.meet(request, response));
  }

  /** @returns {Promise<ModelServer>} */
  static async start(port = 0) {
    const own = new ModelServer();
    await new Promise((resolve) => own.server.listen(port, '127.0.0.1', () => resolve(undefined)));
    return own;
  }

  get url() {
    return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (this.server.address()).port}`;
  }

  /**
   * Until it was asked so often.
   *
   * @param {number} count
   */
  async askedTimes(count) {
    while (this.asked.length < count) await new Promise((resolve) => this.waiting.push(() => resolve(undefined)));
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async meet(request, response) {
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    response.on('close', () => this.inFlight--);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const behaviour = this.next.shift() ?? this.always;
    try {
      const {question, colour, ollama} = this.read(request, Buffer.concat(chunks).toString());
      const key = request.headers.authorization ?? '';
      this.asked.push({path: request.url ?? '', key, question, colour, at: performance.now()});
      for (const each of this.waiting.splice(0)) each();
      if (behaviour.delayMs) await new Promise((resolve) => setTimeout(resolve, behaviour.delayMs));
      if (behaviour.hang) return;
      this.answer(response, behaviour, behaviour.say ?? `The picture is ${colour}.`, ollama);
    } catch (error) {
      this.problems.push(String(error));
      response.writeHead(400, {'content-type': 'application/json'}).end(JSON.stringify({error: String(error)}));
    }
  }

  /**
   * @param {import('node:http').ServerResponse} response
   * @param {Behaviour} behaviour
   * @param {string} said
   * @param {boolean} ollama
   */
  answer(response, {status = 200, retryAfter, body, location}, said, ollama) {
    const headers = {
      'content-type': 'application/json',
      ...(retryAfter ? {'retry-after': retryAfter} : {}),
      ...(location ? {location} : {}),
    };
    const whole = ollama
      ? {model: 'seer', message: {role: 'assistant', content: said}, done: true, prompt_eval_count: 300, eval_count: 12}
      : {choices: [{index: 0, message: {role: 'assistant', content: said}}], usage: {prompt_tokens: 300, completion_tokens: 12}};
    const refused = {detail: {error: {code: 'refused', message: 'not now'}}};
    response.writeHead(status, headers).end(body ?? JSON.stringify(status === 200 ? whole : refused));
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {string} text
   */
  read(request, text) {
    must(request.method === 'POST', 'only POST');
    must(request.headers['content-type'] === 'application/json', 'only JSON');
    const body = JSON.parse(text);
    must(body.model === 'seer', `there is no model ${body.model}`);
    must(body.stream === false, 'the answer shall come whole');
    must(Array.isArray(body.messages) && body.messages.length === 1 && body.messages[0].role === 'user', 'one message');
    const ollama = request.url === '/api/chat';
    const {question, picture} = ollama ? ofOllama(body) : ofOpenAi(request.url, body);
    must(typeof question === 'string' && question.length > 0, 'a question');
    must(/^[A-Za-z0-9+/]+=*$/.test(picture), 'the picture is no base64');
    return {question, ollama, colour: colourOf(Buffer.from(picture, 'base64'))};
  }
}

/** @param {any} body */
function ofOllama(body) {
  only(body, ['model', 'stream', 'think', 'keep_alive', 'options', 'messages']);
  const {content, images} = body.messages[0];
  only(body.messages[0], ['role', 'content', 'images']);
  only(body.options, ['num_ctx', 'num_predict', 'temperature']);
  must(Array.isArray(images) && images.length === 1, 'one picture');
  return {question: content, picture: images[0]};
}

/**
 * @param {string | undefined} url
 * @param {any} body
 */
function ofOpenAi(url, body) {
  must(url === '/v1/chat/completions', `there is no ${url}`);
  only(body, ['model', 'stream', 'max_tokens', 'temperature', 'messages']);
  const [text, image] = body.messages[0].content;
  must(text.type === 'text' && image.type === 'image_url', 'a text, then a picture');
  const {url: data} = image.image_url;
  const start = 'data:image/jpeg;base64,';
  must(data.startsWith(start), 'a data: URL of a JPEG');
  return {question: text.text, picture: data.slice(start.length)};
}

/** @param {Buffer} bytes */
function colourOf(bytes) {
  const {data} = jpeg.decode(bytes, {useTArray: true, formatAsRGBA: false});
  const sums = [0, 0, 0];
  const pixels = data.length / 3;
  for (let at = 0; at < data.length; at += 3) for (let c = 0; c < 3; c++) sums[c] += data[at + c];
  const mean = sums.map((sum) => sum / pixels);
  const far = (/** @type {number[]} */ colour) => colour.reduce((sum, each, c) => sum + (each - mean[c]) ** 2, 0);
  return Object.entries(COLOURS).sort(([, a], [, b]) => far(a) - far(b))[0][0];
}

/**
 * @param {Record<string, unknown>} object
 * @param {string[]} keys
 */
function only(object, keys) {
  for (const key of Object.keys(object)) must(keys.includes(key), `unknown key ${key}`);
}

/**
 * @param {boolean} fine
 * @param {string} why
 */
function must(fine, why) {
  if (!fine) throw new Error(why);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const {values} = parseArgs({options: {say: {type: 'string'}, port: {type: 'string', default: '0'}, delay: {type: 'string', default: '0'}}});
  const server = await ModelServer.start(Number(values.port));
  server.always = {say: values.say, delayMs: Number(values.delay)};
  process.stdout.write(`${new URL(server.url).port}\n`);
}
