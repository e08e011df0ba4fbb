'use strict'

/**
 * How many characters to insert, delete, replace or swap with their neighbour to make one text of the other.
 *
 * @param {string} one
 * @param {string} other
 */
function distance(one, other) {
  /** @type {number[][]} */
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)]
  const at = (/** @type {number} */ row, /** @type {number} */ column) => rows[row]?.[column] ?? 0
  for (let row = 1; row <= one.length; row++) {
    rows[row] = [row]
    for (let column = 1; column <= other.length; column++) {
      const cost = one[row - 1] === other[column - 1] ? 0 : 1
      let best = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + cost)
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        best = Math.min(best, at(row - 2, column - 2) + 1)
      }
      /** @type {number[]} */ (rows[row])[column] = best
    }
  }
  return at(one.length, other.length)
}

/**
 * The candidate that was probably meant; undefined when none is near.
 *
 * @param {string} given
 * @param {Iterable<string>} candidates
 */
function nearest(given, candidates) {
  const wanted = given.slice(0, 100).toLowerCase()
  /** @type {string | undefined} */
  let best
  let bestDistance = Infinity
  for (const candidate of candidates) {
    const away = wanted.length >= 3 && candidate.startsWith(wanted) ? 0.5 : distance(wanted, candidate.toLowerCase())
    if (away < bestDistance) [best, bestDistance] = [candidate, away]
  }
  return best !== undefined && bestDistance <= Math.max(2, Math.floor(best.length / 3)) && bestDistance < wanted.length ? best : undefined
}

module.exports = { nearest }
