'use strict'

// Lines of text for a terminal: escaping, widths, wrapping and colour. Nothing here looks at the environment: width and colour are
// arguments.

/**
 * @typedef {'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan'} Style
 * @typedef {NonNullable<import('../index.js').Fix['commands']>[number]['shell']} Shell
 * @typedef {{ width: number, rows: number, shells: readonly Shell[], everyPlatform: boolean, unicode: boolean, paint: (style: Style, text: string) => string }} Surface
 *   `width`: of prose; `rows`: of the rows of a list, which stay whole where they are not for a terminal, so that `grep` finds all of them;
 *   `shells`: whose commands to show, where there are any; `everyPlatform`: those of every other place as well; `unicode`: whether lines are drawn with more than ASCII
 */

/** @type {Record<Style, [number, number]>} */
const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], cyan: [36, 39] }

const DEFAULT_WIDTH = 80
/** @type {readonly Shell[]} */
const ALL_SHELLS = ['bash', 'powershell', 'dockerfile']

/**
 * Where text goes to: how wide it is, and whether it shows colour.
 *
 * @param {{ width?: number, rows?: number, color?: boolean, shells?: readonly Shell[], everyPlatform?: boolean, unicode?: boolean }} [options]
 * @returns {Surface}
 */
function surface({ width = DEFAULT_WIDTH, rows = Infinity, color = false, shells = ALL_SHELLS, everyPlatform = false, unicode = false } = {}) {
  return {
    width,
    rows,
    shells,
    everyPlatform,
    unicode,
    paint: color ? (style, text) => `\x1b[${CODES[style][0]}m${text}\x1b[${CODES[style][1]}m` : (_style, text) => text,
  }
}

// Controls (C0, DEL, C1), line and paragraph separators, direction overrides and isolates, and characters without a shape: what could move
// the cursor, reorder a line or hide in it.
// eslint-disable-next-line no-control-regex
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu

/**
 * One line that is safe to print, whoever wrote it: what a terminal would obey or hide becomes `\u{…}`.
 *
 * @param {string} text
 */
function escapeLine(text) {
  return text.replace(HIDDEN, (character) => `\\u{${/** @type {number} */ (character.codePointAt(0)).toString(16)}}`)
}

/**
 * As `escapeLine`, for text that keeps its line breaks and tabs: commands and program code.
 *
 * @param {string} text
 */
function escapeLines(text) {
  return text.split('\n').map((line) => line.split('\t').map(escapeLine).join('\t'))
}

const MARK = /\p{Mark}/u
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u

/**
 * Columns that the text takes on a terminal (East Asian wide characters take two, combining marks none).
 *
 * @param {string} text
 */
function columns(text) {
  // eslint-disable-next-line no-control-regex
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let count = 0
  for (const character of text) count += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return count
}

/**
 * Lines of at most `width` columns, broken at blanks; a word that is longer stays whole, and so does code in backticks that fits, so that
 * it can be copied.
 *
 * @param {string} text
 * @param {number} width
 * @returns {string[]}
 */
function wrap(text, width) {
  const lines = []
  let line = ''
  let used = 0
  for (const word of words(text, width)) {
    const size = columns(word)
    if (line !== '' && used + 1 + size > width) {
      lines.push(line)
      line = word
      used = size
    } else {
      line = line === '' ? word : `${line} ${word}`
      used += size + (used === 0 ? 0 : 1)
    }
  }
  lines.push(line)
  return lines
}

/**
 * @param {string} text
 * @param {number} width
 */
function words(text, width) {
  const parts = []
  let open = ''
  for (const word of text.split(' ')) {
    const joined = open === '' ? word : `${open} ${word}`
    const inCode = (joined.match(/`/g) ?? []).length % 2 === 1
    if (inCode && columns(joined) < width) open = joined
    else {
      parts.push(...(inCode ? joined.split(' ') : [joined]))
      open = ''
    }
  }
  if (open !== '') parts.push(...open.split(' '))
  return parts
}

/**
 * Lines of at most `width` columns of a distinguished name: broken after commas, within a part that is too long at blanks, and within a word
 * that is too long anywhere.
 *
 * @param {string} name
 * @param {number} width
 * @returns {string[]}
 */
function wrapName(name, width) {
  if (columns(name) <= width) return [name]
  /** @type {string[]} */
  const lines = []
  let line = ''
  /** @param {string[]} pieces @param {((piece: string) => string[])[]} finer */
  const place = (pieces, [split, ...finer]) => {
    for (const piece of pieces) {
      if (columns(line) + columns(piece.trimEnd()) <= width) line += piece
      else if (columns(piece.trimEnd()) <= width || split === undefined) {
        if (line !== '') lines.push(line.trimEnd())
        line = piece
      } else place(split(piece), finer)
    }
  }
  place(name.match(/(?:\\.|[^,\\])+,?|,/gsu) ?? [name], [(part) => part.split(/(?<= )/), (word) => [...word]])
  return [...lines, line.trimEnd()]
}

/**
 * A fingerprint as `openssl` writes it: `AB:CD…`.
 *
 * @param {string} sha256
 */
function colons(sha256) {
  return sha256.toUpperCase().replace(/..(?!$)/g, '$&:')
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`
}

module.exports = { DEFAULT_WIDTH, colons, columns, counted, escapeLine, escapeLines, surface, wrap, wrapName }
