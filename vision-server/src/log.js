/** Says on the standard error what happens, one line each; what others wrote can't forge one. */

/** @typedef {'info' | 'warning' | 'error'} Level */

/**
 * @param {Level} level
 * @param {string} message
 */
export function log(level, message) {
  const line = message.replace(/[\x00-\x1f\x7f\u2028\u2029]+/g, ' ').slice(0, 1000);
  process.stderr.write(`${new Date().toISOString()} ${level}: ${line}\n`);
}
