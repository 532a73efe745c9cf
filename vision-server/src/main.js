#!/usr/bin/env node
/** `pickled-vision [--config FILE]`: looks at the stream until it is stopped. */

import {parseArgs} from 'node:util';
import {loadConfig} from './config/config.js';
import {ConfigError, words} from './errors.js';
import {House} from './home/house.js';
import {pages} from './home/pages.js';
import {log} from './log.js';

const USAGE = 'usage: node src/main.js [--config FILE]   (default: pickled.yaml here, then /etc/pickled)';

async function main() {
  const {values} = parseArgs({options: {config: {type: 'string'}, help: {type: 'boolean', short: 'h'}}});
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const config = loadConfig({file: values.config, environ: process.env, cwd: process.cwd()});
  const house = new House(config);
  const app = await pages(house, config);
  const address = await app.listen({host: config.host, port: config.port});
  log('info', `looking by ${config.source.kind}, described by ${config.backend.kind}; ${address}`);
  const stop = async () => {
    await Promise.all([house.end(), app.close()]);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  await house.run();
}

try {
  await main();
} catch (error) {
  const code = /** @type {any} */ (error)?.code;
  if (error instanceof ConfigError) log('error', error.message);
  else if (code === 'EADDRINUSE') log('error', `${words(error)}: something is there already; set vision.port`);
  else if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) log('error', `${words(error)}; ${USAGE}`);
  else log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = code?.startsWith?.('ERR_PARSE_ARGS') ? 2 : 1;
  setTimeout(() => process.exit(), 100).unref();
}
