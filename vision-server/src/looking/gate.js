/** Which pictures are worth a call: those that differ from the last one that was sent. */

/** Compares with what was sent, not with what was seen: a slow drift adds up. */
export class Gate {
  /**
   * @param {object} rules
   * @param {number} rules.threshold mean difference of a pixel, 0–255
   * @param {number} rules.minMs between two calls
   * @param {number} rules.maxMs after so long a still picture is worth a call, too
   */
  constructor({threshold, minMs, maxMs}) {
    this.threshold = threshold;
    this.minMs = minMs;
    this.maxMs = maxMs;
    /** @type {Uint8Array | null} */
    this.ref = null;
    this.at = -Infinity;
    this.busy = false;
    /** @type {{ref: Uint8Array | null, at: number} | null} */
    this.before = null;
  }

  /**
   * Shall this one be sent? Then it is the one to compare with, until `done`.
   *
   * @param {Uint8Array} gray
   * @param {number} now ms of any steady clock
   * @param {boolean} [force]
   * @returns {boolean}
   */
  offer(gray, now, force = false) {
    if (this.busy) return false;
    if (!force && (now - this.at < this.minMs || (this.isStill(gray) && now - this.at < this.maxMs))) return false;
    this.before = {ref: this.ref, at: this.at};
    this.ref = Uint8Array.from(gray);
    this.at = now;
    this.busy = true;
    return true;
  }

  /**
   * Does it look like the one that was sent last?
   *
   * @param {Uint8Array} gray
   * @returns {boolean}
   */
  isStill(gray) {
    return this.ref !== null && difference(gray, this.ref) < this.threshold;
  }

  /**
   * The call is over; after a failure the picture is still one that nobody has described.
   *
   * @param {boolean} described
   */
  done(described) {
    this.busy = false;
    if (!described && this.before) this.ref = this.before.ref;
    this.before = null;
  }

  /** What was sent counts no more: another question is asked of the same picture. */
  forget() {
    this.ref = null;
    if (this.before) this.before.ref = null;
  }
}

/**
 * The mean of how much two thumbnails differ.
 *
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 * @returns {number}
 */
export function difference(one, other) {
  let sum = 0;
  for (let place = 0; place < one.length; place++) sum += Math.abs(one[place] - other[place]);
  return sum / one.length;
}
