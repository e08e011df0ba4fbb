'use strict'

/**
 * @typedef {import('../../index.js').Finding} Finding
 */

/** @type {import('./options.js').OptionSpec} */
const STRICT = { about: 'Let warnings fail as well as errors' }
const FORMATS = /** @type {const} */ (['text', 'json', 'github', 'sarif'])
/** @type {import('./options.js').OptionSpec} */
const FORMAT = {
  value: 'FORMAT',
  choices: FORMATS,
  about: '`text` (default), `json`, `github` (annotations of a GitHub workflow) or `sarif` (2.1.0, for code scanning)',
}
/** @type {import('./options.js').OptionSpec} */
const MIN_DAYS = { value: 'N', about: 'Report certificates that expire within N days; default 30' }

/**
 * @param {Finding[]} findings
 * @param {boolean} strict
 */
function exitCode(findings, strict) {
  return findings.some(({ severity }) => severity === 'error' || (strict && severity === 'warning')) ? 1 : 0
}

/**
 * A whole number from the command line.
 *
 * @param {string | true | undefined} value
 * @param {string} option
 */
function wholeNumber(value, option) {
  if (value === undefined) return undefined
  const { CommandError } = require('./errors.js')
  if (!/^\d{1,5}$/.test(String(value)) || Number(value) > 36500) throw new CommandError(`\`${option}\` must be a whole number of days up to 36500, and is \`${value}\``)
  return Number(value)
}

/**
 * Findings in a format for machines.
 *
 * @param {'github' | 'sarif'} format
 * @param {Finding[]} findings
 */
function formatted(format, findings) {
  const { name, version, repository } = require('../../package.json')
  if (format === 'github') return require('../reporters/github.js').github(findings, { folder: process.cwd() })
  const rules = require('../native.js').rules()
  const home = repository.url.replace(/^git\+|\.git$/g, '')
  return require('../reporters/sarif.js').sarif(findings, { rules, folder: process.cwd(), tool: { name, version, home } })
}

/**
 * Where to read on.
 *
 * @param {Finding[]} findings
 * @param {import('./context.js').Context} context
 */
function sayExplain(findings, context) {
  const [first] = require('../text.js').bySeverity(findings)
  if (first && first.severity !== 'info') context.say('hint', `\`trust-anchors explain ${first.rule}\` explains a rule`)
}

module.exports = { FORMAT, MIN_DAYS, STRICT, exitCode, formatted, sayExplain, wholeNumber }
