/** Where configuration comes from: `pickled.yaml`, systemd's credentials, `.env`, the environment. */

import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {parseEnv} from 'node:util';
import {parseDocument} from 'yaml';
import {ConfigError, words} from '../errors.js';

/** @typedef {Record<string, any>} Values */
/** @typedef {Record<string, string | undefined>} Environment */

const FILE_NAME = 'pickled.yaml';
const LARGEST_FILE = 1_000_000;
const SECRET = /(^|_)(password|token|secret|api_key|passphrase)$/;
const SECTIONS = ['mqtt', 'vision', 'instance'];
/** Where a section's variables lead one level further down. */
const INNER = {vision: ['source', 'backend']};

/**
 * The file to read: the one named, else the first that is there; null if there is none.
 *
 * @param {string | undefined} named
 * @param {Environment} environ
 * @param {string} cwd
 * @returns {string | null}
 */
export function findFile(named, environ, cwd) {
  if (named) return resolve(cwd, named);
  const home = environ.HOME || homedir();
  const folder = environ.XDG_CONFIG_HOME || join(home, '.config');
  const places = [join(cwd, FILE_NAME), join(folder, 'pickled', FILE_NAME), join('/etc/pickled', FILE_NAME)];
  return places.find((each) => existsSync(each)) ?? null;
}

/**
 * All layers in one, the later ones win.
 *
 * @param {string | null} path
 * @param {Environment} environ
 * @param {string} cwd
 * @returns {{values: Values, baseDir: string}}
 */
export function readLayers(path, environ, cwd) {
  const baseDir = path ? dirname(path) : cwd;
  const dotenv = join(baseDir, '.env');
  const layers = [
    path ? ofYaml(path) : {},
    ofCredentials(environ),
    existsSync(dotenv) ? ofVariables(parseEnv(text(dotenv))) : {},
    ofVariables(environ),
  ];
  const values = layers.map((each) => withSecrets(each, baseDir)).reduce(merged, {});
  return {values, baseDir};
}

/**
 * @param {string} path
 * @returns {Values}
 */
function ofYaml(path) {
  const secrets = join(dirname(path), 'secrets.yaml');
  const document = parseDocument(text(path), {
    customTags: [{tag: '!secret', resolve: (/** @type {string} */ name) => shared(secrets, name)}],
  });
  if (document.errors.length) throw new ConfigError(`${path}: ${document.errors[0].message.split('\n')[0]}`);
  const values = document.toJS({maxAliasCount: 100}) ?? {};
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new ConfigError(`${path} holds no keys: write \`vision: {source: {kind: obs}}\``);
  }
  return Object.fromEntries(Object.entries(values).filter(([key]) => SECTIONS.includes(key)));
}

/**
 * What `!secret name` means, as in Home Assistant.
 *
 * @param {string} path
 * @param {string} name
 * @returns {string}
 */
function shared(path, name) {
  const values = existsSync(path) ? parseDocument(text(path)).toJS() : {};
  const found = values?.[name];
  if (found === undefined || found === null) throw new ConfigError(`!secret ${name}: write it into ${path}`);
  return String(found);
}

/**
 * Files named like `mqtt_password`; the unit's name may stand in front, `pickled_mqtt_password`.
 *
 * @param {Environment} environ
 * @returns {Values}
 */
function ofCredentials(environ) {
  const folder = environ.CREDENTIALS_DIRECTORY;
  /** @type {Values} */
  const values = {};
  if (!folder || !existsSync(folder)) return values;
  for (const file of readdirSync(folder).sort()) {
    const name = file.toLowerCase().replace(/^pickled_/, '');
    const [section, ...rest] = name.split('_');
    const key = rest.join('_');
    if (!['mqtt', 'vision'].includes(section) || !SECRET.test(key)) continue;
    const secret = text(join(folder, file)).replace(/[\r\n]+$/, '');
    if (secret && secret !== 'none') put(values, [section, ...inner(section, key)], secret);
  }
  return values;
}

/**
 * `PICKLED_VISION__SOURCE__KIND`, `__` one level down; and the prototype's two.
 *
 * @param {Environment} environ
 * @returns {Values}
 */
function ofVariables(environ) {
  /** @type {Values} */
  const values = {};
  if (environ.VISION_ENABLED?.trim()) put(values, ['vision', 'enabled'], environ.VISION_ENABLED.trim());
  if (environ.OVERSHOOT_API_KEY) put(values, ['vision', 'overshoot_api_key'], environ.OVERSHOOT_API_KEY);
  for (const name of Object.keys(environ).sort()) {
    const value = environ[name];
    if (!name.startsWith('PICKLED_') || !value) continue;
    const place = name.slice('PICKLED_'.length).toLowerCase().split('__');
    if (SECTIONS.includes(place[0])) put(values, place, value);
  }
  return values;
}

/**
 * @param {string} section
 * @param {string} key
 * @returns {string[]}
 */
function inner(section, key) {
  const within = section === 'vision' ? INNER.vision.find((each) => key.startsWith(`${each}_`)) : undefined;
  return within ? [within, key.slice(within.length + 1)] : [key];
}

/**
 * @param {Values} values
 * @param {string[]} place
 * @param {unknown} value
 */
function put(values, place, value) {
  let at = values;
  for (const key of place.slice(0, -1)) {
    at[key] ??= {};
    if (typeof at[key] !== 'object') throw new ConfigError(`${place.join('.')} is given both whole and in parts`);
    at = at[key];
  }
  at[place[place.length - 1]] = value;
}

/**
 * Another `kind` replaces a part as a whole.
 *
 * @param {Values} below
 * @param {Values} above
 * @returns {Values}
 */
function merged(below, above) {
  if ('kind' in above && above.kind !== below.kind) return above;
  const result = {...below};
  for (const [key, value] of Object.entries(above)) {
    result[key] = isObject(result[key]) && isObject(value) ? merged(result[key], value) : value;
  }
  return result;
}

/**
 * `…_file` of a secret replaced by what the file holds.
 *
 * @param {Values} values
 * @param {string} baseDir
 * @returns {Values}
 */
function withSecrets(values, baseDir) {
  /** @type {Values} */
  const result = {};
  for (const [key, value] of Object.entries(values)) {
    const stem = key.replace(/_file$/, '');
    if (isObject(value)) result[key] = withSecrets(value, baseDir);
    else if (stem !== key && SECRET.test(stem)) {
      if (value === null || value === '') continue;
      const secret = text(resolve(baseDir, String(value))).replace(/[\r\n]+$/, '');
      if (!secret) throw new ConfigError(`${key}: ${value} is empty; write the secret into it`);
      result[stem] = secret;
    } else result[key] = value;
  }
  return result;
}

/**
 * @param {unknown} value
 * @returns {value is Values}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @param {string} path
 * @returns {string}
 */
function text(path) {
  try {
    const content = readFileSync(path);
    if (content.length > LARGEST_FILE) throw new Error(`it has more than ${LARGEST_FILE} bytes`);
    return new TextDecoder('utf-8', {fatal: true}).decode(content);
  } catch (error) {
    throw new ConfigError(`${path} can't be read: ${words(error)}`);
  }
}
