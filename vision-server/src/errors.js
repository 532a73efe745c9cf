/** The errors of the vision-server: each message says what is wrong and how to mend it. */

/** Something in `pickled.yaml` or the environment can't be used. */
export class ConfigError extends Error {
  name = 'ConfigError';
}

/** A source gives no picture. */
export class SourceError extends Error {
  name = 'SourceError';
}

/** The vision model gave no description. */
export class BackendError extends Error {
  name = 'BackendError';

  /**
   * @param {string} message
   * @param {object} [more]
   * @param {number} [more.retryAfterS] so long it wants to be left alone, s
   * @param {boolean} [more.lasting] will it be the same until somebody mends it?
   */
  constructor(message, {retryAfterS = 0, lasting = false} = {}) {
    super(message);
    this.retryAfterS = retryAfterS;
    this.lasting = lasting;
  }
}

/** A command is not obeyed; its code is one of the contract's. */
export class CommandRefused extends Error {
  name = 'CommandRefused';

  /**
   * @param {string} code
   * @param {string} message
   * @param {string | null} [field]
   */
  constructor(code, message, field = null) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

/**
 * What went wrong, in words.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function words(error) {
  return error instanceof Error ? error.message : String(error);
}
