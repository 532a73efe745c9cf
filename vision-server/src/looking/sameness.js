/** Tells whether two descriptions say the same. */

/** So much of all their words two of the same have in common. */
const SAME = 0.75;

/**
 * @param {string} one
 * @param {string} other
 * @returns {boolean}
 */
export function saysTheSame(one, other) {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  if (!a.size || !b.size) return a.size === b.size;
  let common = 0;
  for (const each of a) if (b.has(each)) common++;
  return common / (a.size + b.size - common) >= SAME;
}

/**
 * @param {string} text
 * @returns {Set<string>}
 */
function wordsOf(text) {
  return new Set(text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}
