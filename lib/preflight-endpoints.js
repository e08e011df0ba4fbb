'use strict'

// The endpoints of a preflight: each looked at once, all within one time budget.

const { someAtATime } = require('./diagnose/many.js')
const { targetOf } = require('./diagnose/target.js')
const { invalidType, invalidValue, validateInteger } = require('./validate.js')

const CONCURRENCY = 64
const DEFAULT_TIMEOUT = 10_000
const LONGEST = 600_000

/**
 * @typedef {import('../index.js').PreflightEndpoint} PreflightEndpoint
 * @typedef {import('../index.js').Finding} Finding
 */

/**
 * @param {Record<string, unknown>} given The options of the preflight.
 */
function endpointOptions({ endpoints, env, timeout }) {
  const budget = validateInteger(timeout ?? DEFAULT_TIMEOUT, 'options.timeout', 1, LONGEST)
  if (endpoints === undefined) return { endpoints: [], timeout: budget }
  if (!Array.isArray(endpoints)) throw invalidType('options.endpoints', 'an instance of Array', endpoints)
  if (env !== undefined && endpoints.length > 0) throw invalidValue('options.endpoints', 'is judged by what this process trusts, and options.env speaks of another', endpoints)
  const targets = endpoints.map((endpoint, index) => {
    const name = `options.endpoints[${index}]`
    if (typeof endpoint !== 'string' && !(endpoint instanceof URL)) throw invalidType(name, 'of type string or an instance of URL', endpoint)
    const text = String(endpoint)
    if (text.includes('-----BEGIN ')) throw invalidValue(name, 'is a certificate, and an address of a server is asked for', text)
    // What is no address is a wrong argument, and nothing is connected to.
    targetOf(text)
    return text
  })
  return { endpoints: targets, timeout: budget }
}

/**
 * @param {ReturnType<typeof endpointOptions>} wanted
 * @param {{ minDaysLeft: number, node?: unknown, time?: unknown, signal: AbortSignal | undefined }} options Of `diagnose`.
 * @returns {Promise<PreflightEndpoint[]>}
 */
async function lookAtEndpoints({ endpoints, timeout }, options) {
  const { diagnoseWith } = require('./diagnose.js')
  const trusted = require('./trusted.js').trustedByDefault()
  const end = Date.now() + timeout
  /** @type {PreflightEndpoint[]} */
  const found = []
  await someAtATime(endpoints, CONCURRENCY, async (endpoint, index) => {
    // A start-up waits for it: one look each, and no second connection to compare with.
    const left = Math.max(1, end - Date.now())
    const asked = { ...options, timeout: left, stageTimeout: left, observe: false, lookFurther: false }
    const { target, ok, code, findings } = await diagnoseWith(endpoint, asked, trusted, () => ({}))
    found[index] = { target, ok, code, findings }
  })
  return found
}

/**
 * The findings of the endpoints, which name theirs; what the process itself was told already is not told again.
 *
 * @param {readonly PreflightEndpoint[]} endpoints
 * @param {readonly Finding[]} own
 * @returns {Finding[]}
 */
function endpointFindings(endpoints, own) {
  const told = new Set(own.map(({ rule }) => rule))
  return endpoints.flatMap(({ findings, target }) => findings
    .filter(({ rule }) => !told.has(rule))
    .map((finding) => ({ ...finding, message: `${target}: ${finding.message}` })))
}

module.exports = { endpointFindings, endpointOptions, lookAtEndpoints }
