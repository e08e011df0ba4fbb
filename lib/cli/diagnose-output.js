'use strict'

// Where the results of `diagnose` go, and how.

const { escapeLine } = require('../layout.js')
const { formatted } = require('./findings.js')

/**
 * @typedef {import('./context.js').Context} Context
 * @typedef {import('./diagnose.js').Result} Result
 * @typedef {import('./options.js').Given} Given
 */

/** From more targets than these only the answers are of interest, and each is connected to once. */
const MANY = 20

/**
 * Where the results go: as they come for `ndjson`, else all together.
 *
 * @param {string} format
 * @param {number} total
 * @param {Context} context
 */
function outputOf(format, total, context) {
  return {
    isText: format === 'text',
    streams: format === 'ndjson',
    /** @param {Result} result */
    add(result) {
      if (format === 'ndjson') context.print(require('../reporters/ndjson.js').ndjson(result.json()))
    },
    /** @param {Result[]} results */
    end(results) {
      if (format === 'text') context.print(textOf(results, total > MANY, context.out))
      else if (format === 'json') context.print(require('../reporters/json.js').json(results.map((result) => result.json())))
      else if (format === 'github' || format === 'sarif') context.print(formatted(format, results.flatMap((result) => findingsOf(result, total > 1))))
    },
  }
}

/**
 * Everything about each; of several servers a table besides; of many that alone.
 *
 * @param {Result[]} results
 * @param {boolean} isMany
 * @param {import('../layout.js').Surface} to
 */
function textOf(results, isMany, to) {
  const live = results.flatMap((result) => result.live ?? [])
  const whole = results.filter((result) => !isMany || result.live === undefined)
  const parts = whole.map((result) => result.text(to))
  if (live.length > 1) parts.push(require('../diagnosis-text.js').summary(live, to))
  return parts.join(`\n\n${live.length > 1 ? `${to.paint('dim', (to.unicode ? '─' : '-').repeat(to.width))}\n\n` : ''}`)
}

/**
 * The findings of a result, which name their server where there are several.
 *
 * @param {Result} result
 * @param {boolean} areSeveral
 */
function findingsOf({ findings, live }, areSeveral) {
  return live === undefined || !areSeveral ? findings : findings.map((finding) => ({ ...finding, message: `${live.target}: ${finding.message}` }))
}

/**
 * @param {Result[]} results
 * @param {boolean} wantsName
 * @param {Given['values']} values
 * @param {Context} context
 */
function sayHints(results, wantsName, values, context) {
  if (wantsName) context.say('hint', '`--hostname NAME` checks the name, too')
  const failed = results.find(({ explains }) => explains !== undefined)
  if (failed) context.say('hint', `\`trust-anchors explain ${failed.explains}\` explains a code`)
  const refused = results.flatMap((result) => (result.live !== undefined && !result.ok ? [result.live] : []))
  const unknown = refused.find(({ failure, target }) => failure?.kind === 'not-found' && !/:\/\/|:\d+$/.test(target))
  if (unknown) context.say('hint', `there is no file \`${escapeLine(unknown.target)}\` here, so it was taken for a host`)
  const [only] = results
  if (results.length === 1 && only?.live !== undefined && !only.ok) sayMore(only.findings, values, context)
  if (results.length > MANY && refused[0]) context.say('hint', `\`trust-anchors diagnose ${escapeLine(refused[0].target)}\` says all about one of them`)
}

/**
 * What else there is for a server that is refused.
 *
 * @param {Result['findings']} findings
 * @param {Given['values']} values
 * @param {Context} context
 */
function sayMore(findings, values, context) {
  const rules = findings.map(({ rule }) => rule)
  const isWritten = values['write-ca'] !== undefined || values['save-ca'] !== undefined
  if (rules.includes('chain-missing-intermediate') && values['fetch-missing'] === undefined) {
    context.say('hint', '`--fetch-missing` fetches what is missing from where the certificate says it is, and proves what mends it')
  } else if (!isWritten && rules.some((rule) => rule.startsWith('inspection-by-'))) {
    context.say('hint', '`--save-ca FILE` saves the CA of what inspects, and proves that Node connects with it')
  } else if (!isWritten && rules.includes('chain-root-not-trusted')) context.say('hint', '`--write-ca FILE` writes what makes Node accept the server, and proves it')
  const places = findings.flatMap(({ fixes }) => fixes).flatMap(({ commands = [] }) => commands)
  if (values['all-fixes'] === undefined && places.some(({ platform }) => platform === 'Kubernetes')) {
    context.say('hint', '`--all-fixes` shows how the file is given to Node in Dockerfiles, docker-compose, Kubernetes, GitHub Actions and systemd')
  }
}

module.exports = { MANY, outputOf, sayHints }
