'use strict'

const { invalidType, isBytes } = require('./validate.js')

const PEM_OR_DER = 'of type string or an instance of Buffer or TypedArray'
const MAX_ENTRIES = 100_000

/**
 * A list of PEM texts and bytes, no longer than is read of it.
 *
 * @param {unknown} value
 * @param {string} name
 * @param {number} mostText
 * @returns {(string | Uint8Array)[]}
 */
function pieces(value, name, mostText) {
  if (typeof value === 'string' || isBytes(value)) return [clipped(value, mostText)]
  if (!Array.isArray(value)) throw invalidType(name, `${PEM_OR_DER}, or an array of these`, value)
  const found = []
  let left = mostText
  for (let index = 0; index < value.length; index++) {
    const entry = value[index]
    if (typeof entry !== 'string' && !isBytes(entry)) throw invalidType(`${name}[${index}]`, PEM_OR_DER, entry)
    if (left < 0 || index >= MAX_ENTRIES) continue
    found.push(clipped(entry, left))
    left -= entry.length
  }
  return found
}

/**
 * One more than the most is enough to show that there is more.
 *
 * @template {string | Uint8Array} T
 * @param {T} piece
 * @param {number} most
 * @returns {T}
 */
function clipped(piece, most) {
  if (piece.length <= most) return piece
  return /** @type {T} */ (typeof piece === 'string' ? piece.slice(0, most + 1) : piece.subarray(0, most + 1))
}

module.exports = { pieces }
