'use strict'

/**
 * What a case of this folder expects of a version: a plain value holds for all, and `{ 18: …, 24: … }` from the named versions on.
 *
 * @param {number} major
 * @param {any} value
 */
function valueFor(major, value) {
  if (value === null || typeof value !== 'object') return value
  const since = Math.max(...Object.keys(value).map(Number).filter((version) => version <= major))
  return value[since]
}

module.exports = { valueFor }
