'use strict'

/**
 * One line of JSON: everything that might end a line is escaped in it.
 *
 * @param {unknown} data
 */
function ndjson(data) {
  // JSON allows the two separators as they are; readers of lines in JavaScript do not.
  return JSON.stringify(data).replace(/[\u2028\u2029]/g, (character) => (character === '\u2028' ? '\\u2028' : '\\u2029'))
}

module.exports = { ndjson }
