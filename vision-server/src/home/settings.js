/** What was set by command, kept over restarts in one small file. */

import {mkdir, readFile, rename, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {words} from '../errors.js';
import {log} from '../log.js';

/** @typedef {{enabled?: boolean, prompt?: string}} Kept */

/** Saves one after the other; what is in force does not wait for the disk. */
export class Settings {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
    /** @type {Kept} */
    this.kept = {};
    /** @type {Promise<string>} */
    this.saving = Promise.resolve('');
  }

  /**
   * Where it lies: where the service may write, else in the user's own folder.
   *
   * @param {Record<string, string | undefined>} environ
   * @param {string} instance
   * @returns {Settings}
   */
  static at(environ, instance) {
    const own = environ.STATE_DIRECTORY?.split(':')[0];
    const home = environ.HOME || homedir();
    const folder = own || join(environ.XDG_STATE_HOME || join(home, '.local', 'state'), 'pickled');
    return new Settings(join(folder, `vision-${instance}.json`));
  }

  async load() {
    try {
      const {enabled, prompt} = JSON.parse(await readFile(this.path, 'utf8'));
      if (typeof enabled === 'boolean') this.kept.enabled = enabled;
      if (typeof prompt === 'string') this.kept.prompt = prompt.slice(0, 2000);
    } catch (error) {
      if (/** @type {any} */ (error)?.code === 'ENOENT') return;
      log('warning', `${this.path} can't be used, the configuration holds: ${words(error)}`);
    }
  }

  /**
   * @param {Kept} changed
   * @returns {Promise<string>} why it could not be saved; empty: it is
   */
  set(changed) {
    Object.assign(this.kept, changed);
    const text = JSON.stringify(this.kept);
    this.saving = this.saving.then(() => this.write(text));
    return this.saving;
  }

  /**
   * @param {string} text
   * @returns {Promise<string>}
   */
  async write(text) {
    try {
      await mkdir(dirname(this.path), {recursive: true, mode: 0o700});
      await writeFile(`${this.path}.new`, text, {mode: 0o600, flush: true});
      await rename(`${this.path}.new`, this.path);
      return '';
    } catch (error) {
      log('warning', `what was set can't be saved: ${words(error)}`);
      return words(error);
    }
  }
}
