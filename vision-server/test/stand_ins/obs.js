/** OBS's side of obs-websocket 5, as far as pictures go: greets, checks the password, takes screenshots. */

import {createHash} from 'node:crypto';
import {WebSocketServer} from 'ws';
import jpeg from 'jpeg-js';

const SALT = 'c2FsdA==';
const CHALLENGE = 'Y2hhbGxlbmdl';

export class ObsStandIn {
  /**
   * @param {object} options
   * @param {string} [options.password]
   * @param {Record<string, Buffer | {type: 'black'}>} options.scenes
   * @param {number} [options.port]
   */
  static async start({password = '', scenes, port = 0}) {
    const server = new WebSocketServer({port, host: '127.0.0.1', handleProtocols: () => false});
    await new Promise((resolve) => server.once('listening', () => resolve(undefined)));
    return new ObsStandIn(server, password, scenes);
  }

  /**
   * @param {WebSocketServer} server
   * @param {string} password
   * @param {Record<string, any>} scenes
   */
  constructor(server, password, scenes) {
    this.server = server;
    this.password = password;
    this.scenes = scenes;
    this.program = Object.keys(scenes)[0];
    /** @type {string[]} */
    this.problems = [];
    server.on('connection', (socket) => this.meet(socket));
  }

  get port() {
    return /** @type {import('node:net').AddressInfo} */ (this.server.address()).port;
  }

  get url() {
    return `ws://127.0.0.1:${this.port}`;
  }

  async close() {
    for (const each of this.server.clients) each.close(1001);
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** @param {import('ws').WebSocket} socket */
  meet(socket) {
    let known = false;
    const authentication = this.password ? {challenge: CHALLENGE, salt: SALT} : undefined;
    socket.send(JSON.stringify({op: 0, d: {obsWebSocketVersion: '5.5.0', rpcVersion: 1, authentication}}));
    socket.on('message', (data) => {
      const {op, d} = JSON.parse(data.toString());
      if (op === 1 && !known) {
        if (d.rpcVersion !== 1) this.problems.push('the version of the protocol is missing');
        if (this.password && d.authentication !== this.proof()) return socket.close(4009, 'Authentication failed.');
        known = true;
        socket.send(JSON.stringify({op: 2, d: {negotiatedRpcVersion: 1}}));
      } else if (op === 6 && known) socket.send(JSON.stringify({op: 7, d: this.answer(d)}));
      else socket.close(4007, 'Not identified.');
      return undefined;
    });
  }

  proof() {
    const hashed = (/** @type {string} */ text) => createHash('sha256').update(text).digest('base64');
    return hashed(hashed(this.password + SALT) + CHALLENGE);
  }

  /** @param {any} asked */
  answer({requestType, requestId, requestData}) {
    const fine = {requestType, requestId, requestStatus: {result: true, code: 100}};
    const refused = (/** @type {number} */ code, /** @type {string} */ comment) =>
      ({requestType, requestId, requestStatus: {result: false, code, comment}});
    if (requestType === 'GetCurrentProgramScene') return {...fine, responseData: {currentProgramSceneName: this.program}};
    if (requestType !== 'GetSourceScreenshot') return refused(204, 'Your request type is not valid.');
    const {sourceName, imageFormat, imageWidth} = requestData ?? {};
    if (!(sourceName in this.scenes)) return refused(600, `No source was found by the name of ${sourceName}.`);
    if (imageFormat !== 'jpg') return refused(400, 'Your specified image format is invalid.');
    if (!(imageWidth >= 8 && imageWidth <= 4096)) return refused(402, 'imageWidth is out of range.');
    const shown = sourceName === this.program ? this.scenes[sourceName] : {type: 'black'};
    const bytes = Buffer.isBuffer(shown) ? shown : black();
    return {...fine, responseData: {imageData: `data:image/jpg;base64,${bytes.toString('base64')}`}};
  }
}

function black() {
  return Buffer.from(jpeg.encode({data: Buffer.alloc(64 * 36 * 4), width: 64, height: 36}, 80).data);
}
