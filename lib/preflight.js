'use strict'

const binding = require('./native.js')
const { invalidValue, validateAbortSignal, validateBoolean, validateInteger, validateNode, validateObject, validateTime } =
  require('./validate.js')

const DEFAULT_MIN_DAYS_LEFT = 30

/**
 * What a process trusts, and what is wrong with it.
 */
class PreflightReport {
  /**
   * @param {import('../binding.js').PreflightReport} native
   * @param {{ node: string, runtime: string, strict: boolean }} about
   * @param {import('../index.js').PreflightEndpoint[]} [endpoints]
   */
  constructor({ trust, findings: own }, { node, runtime, strict }, endpoints = []) {
    const findings = endpoints.length === 0 ? own : bySeverity([...own, ...require('./preflight-endpoints.js').endpointFindings(endpoints, own)])
    this.ok = endpoints.every(({ ok }) => ok) && !findings.some(({ severity }) => severity === 'error' || (strict && severity === 'warning'))
    this.node = node
    this.runtime = /** @type {import('../index.js').PreflightReport['runtime']} */ (runtime)
    this.trust = trust
    this.endpoints = endpoints
    this.findings = findings
  }

  toString() {
    return require('./text.js').preflightReport(this)
  }
}

const GRAVITY = { error: 0, warning: 1, info: 2 }

/**
 * The gravest first, else in their order.
 *
 * @param {import('../index.js').Finding[]} findings
 */
const bySeverity = (findings) => findings.sort((one, other) => GRAVITY[one.severity] - GRAVITY[other.severity])

/**
 * @param {string} one
 * @param {string} other
 */
const sameMajor = (one, other) => Number.parseInt(one.replace(/^v/, ''), 10) === Number.parseInt(other, 10)

/**
 * @param {unknown} options
 * @param {{ nodeRoots?: boolean }} [how] `nodeRoots: false` leaves Node's own list out, which only `tls` can give
 */
function request(options, { nodeRoots = true } = {}) {
  const given = validateObject(options, 'options')
  const env = given.env === undefined ? undefined : validateObject(given.env, 'options.env')
  const node = validateNode(given.node, 'options.node')
  const strict = validateBoolean(given.strict ?? false, 'options.strict')
  const facts = require('./process-facts.js').processFacts(env)
  const knowsRoots = nodeRoots && facts.runtime === 'node' && sameMajor(node, process.versions.node)
  return {
    native: {
      ...facts,
      node,
      now: validateTime(given.time, 'options.time'),
      minDaysLeft: validateInteger(given.minDaysLeft ?? DEFAULT_MIN_DAYS_LEFT, 'options.minDaysLeft', 0, 36500),
    },
    roots: () => (knowsRoots ? require('./bundled.js').nodeRoots() : undefined),
    about: { node: node.replace(/^v/, ''), runtime: facts.runtime, strict },
    signal: validateAbortSignal(given.signal, 'options.signal'),
  }
}

/**
 * @param {import('../index.js').PreflightOptions} [options]
 * @param {{ nodeRoots?: boolean }} [how]
 */
function preflightSync(options, how) {
  const { endpoints } = validateObject(options, 'options')
  if (endpoints !== undefined) throw invalidValue('options.endpoints', 'is for `preflight`: what is synchronous cannot wait for a server', endpoints)
  const { native, about, roots } = request(options, how)
  // Reads the stores; only then is `tls` loaded, which alone has Node's own list.
  const begun = binding.preflightStart(native)
  return new PreflightReport(begun.finish(roots()), about)
}

/**
 * @param {import('../index.js').PreflightNetworkOptions} [options]
 */
async function preflight(options) {
  const { native, about, roots, signal } = request(options)
  const { abortable } = require('./abortable.js')
  const given = validateObject(options, 'options')
  const { endpointOptions, lookAtEndpoints } = require('./preflight-endpoints.js')
  const wanted = endpointOptions(given)
  const { minDaysLeft } = native
  const looks = wanted.endpoints.length === 0 ? [] : lookAtEndpoints(wanted, { minDaysLeft, node: given.node, time: given.time, signal })
  const ofAgent = given.env === undefined ? globalAgentFindings(native.node) : []
  const [report, endpoints, more] = await Promise.all([abortable(signal, () => binding.preflight(native, roots())), looks, ofAgent])
  return new PreflightReport(more.length === 0 ? report : { ...report, findings: bySeverity([...report.findings, ...more]) }, about, endpoints)
}

/**
 * What is wrong with the options that a program has given its global agent; nothing is loaded for a program that has none.
 *
 * @param {string} node
 * @returns {Promise<import('../index.js').Finding[]>}
 */
async function globalAgentFindings(node) {
  const { moduleLoadList } = /** @type {{ moduleLoadList?: string[] }} */ (/** @type {unknown} */ (process))
  if (!moduleLoadList?.includes('NativeModule https')) return []
  const { inspectTlsOptions } = require('./inspect-tls-options.js')
  const options = /** @type {unknown} */ (require('node:https').globalAgent?.options)
  // A program may have put anything in its place.
  if (typeof options !== 'object' || options === null) return []
  const findings = await inspectTlsOptions(options, { node })
  return findings.map((finding) => ({ ...finding, detail: ['in the options of https.globalAgent', finding.detail].filter(Boolean).join('; ') }))
}

module.exports = { PreflightReport, preflight, preflightSync }
