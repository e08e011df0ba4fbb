'use strict'

const { escapeLine, escapeLines } = require('../../layout.js')

const ENTITIES = /** @type {Record<string, string>} */ ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })

/**
 * Text for a page, on one line: what a browser or a reader's eye would take for something else is written out.
 *
 * @param {unknown} text
 */
function line(text) {
  return marked(escapeLine(String(text)))
}

/**
 * The same, with its line ends.
 *
 * @param {unknown} text
 */
function lines(text) {
  return marked(escapeLines(String(text)).join('\n'))
}

/** @param {string} text */
function marked(text) {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

/**
 * A message: what stands in backquotes is code.
 *
 * @param {string} text
 */
function prose(text) {
  return line(text).replace(/`([^`]*)`/g, '<code>$1</code>')
}

/**
 * Parts of a page that are there.
 *
 * @param {(string | false | null | undefined)[]} parts
 */
function join(...parts) {
  return parts.filter((part) => typeof part === 'string' && part !== '').join('\n')
}

module.exports = { join, line, lines, prose }
