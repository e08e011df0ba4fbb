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
   */
  constructor({ trust, findings }, { node, runtime, strict }) {
    this.ok = !findings.some(({ severity }) => severity === 'error' || (strict && severity === 'warning'))
    this.node = node
    this.runtime = /** @type {import('../index.js').PreflightReport['runtime']} */ (runtime)
    this.trust = trust
    this.findings = findings
  }

  toString() {
    return require('./text.js').preflightReport(this)
  }
}

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
  if (given.endpoints !== undefined) {
    throw invalidValue('options.endpoints', 'is not supported: this preflight opens no connection', given.endpoints)
  }
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
  const { native, about, roots } = request(options, how)
  // Reads the stores; only then is `tls` loaded, which alone has Node's own list.
  const begun = binding.preflightStart(native)
  return new PreflightReport(begun.finish(roots()), about)
}

/**
 * @param {import('../index.js').PreflightOptions & { signal?: AbortSignal }} [options]
 */
async function preflight(options) {
  const { native, about, roots, signal } = request(options)
  const { abortable } = require('./abortable.js')
  return new PreflightReport(await abortable(signal, () => binding.preflight(native, roots())), about)
}

module.exports = { PreflightReport, preflight, preflightSync }
