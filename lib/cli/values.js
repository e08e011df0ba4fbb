'use strict'

const { readFileSync } = require('node:fs')

const { CommandError } = require('./errors.js')

// Values of options that more than one command takes.

/** @type {import('./options.js').OptionSpec} */
const AT = { value: 'DATE', about: 'Judge dates as on this day: 2027-01-31, 2027-01-31T12:00:00Z; default now' }
/** @type {import('./options.js').OptionSpec} */
const PASSWORD_FILE = { value: 'FILE', about: 'The first line of this file is the password of a PKCS#12 file' }

/**
 * A Node version.
 *
 * @param {string | true | undefined} value
 */
function nodeVersion(value) {
  if (value === undefined) return undefined
  if (/^v?(1[89]|[2-9]\d)(\.\d+){0,2}$/.test(String(value))) return String(value)
  throw new CommandError(`\`--node\` must be a Node version from 18 on, and is \`${value}\``, ['write it as `18`, `24` or `24.11.0`'])
}

/**
 * @param {string | true | undefined} value
 * @returns {'node' | 'bun' | 'deno' | undefined}
 */
function runtimeName(value) {
  if (value === undefined || value === 'node' || value === 'bun' || value === 'deno') return value
  throw new CommandError(`\`--runtime\` must be node, bun or deno, and is \`${value}\``)
}

/**
 * A day or a time.
 *
 * @param {string | true | undefined} value
 */
function date(value) {
  if (value === undefined) return undefined
  const text = String(value)
  if (/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new CommandError(`\`--at\` must be a date, and is \`${value}\``, ['write it as `2027-01-31` or `2027-01-31T12:00:00Z`'])
}

/** @param {string} file */
function passwordOf(file) {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] ?? ''
  } catch (error) {
    throw new CommandError(`cannot read the password: ${/** @type {Error} */ (error).message}`)
  }
}

/**
 * Milliseconds of `--timeout`.
 *
 * @param {string | true | undefined} value
 */
function secondsOf(value) {
  if (value === undefined) return undefined
  const seconds = Number(value)
  if (!/^\d{1,3}(?:\.\d+)?$/.test(String(value)) || seconds <= 0 || seconds > 600) throw new CommandError(`\`--timeout\` must be a number of seconds up to 600, and is \`${value}\``)
  return Math.max(1, Math.round(seconds * 1000))
}

module.exports = { AT, PASSWORD_FILE, date, nodeVersion, passwordOf, runtimeName, secondsOf }
