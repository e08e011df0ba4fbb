'use strict'

const binding = require('./binding.js')
const { isBytes, validateAbortSignal, validateInteger, validateNode, validateObject, validatePathOrBytes, validateString, validateTime } =
  require('./lib/validate.js')
const { CaFileReport } = require('./lib/report.js')

const DEFAULT_MIN_DAYS_LEFT = 30

/**
 * @param {unknown} options
 */
function inspectOptions(options) {
  const { node, time, minDaysLeft, password, signal } = validateObject(options, 'options')
  return {
    native: {
      node: validateNode(node, 'options.node'),
      now: validateTime(time, 'options.time'),
      minDaysLeft: validateInteger(minDaysLeft ?? DEFAULT_MIN_DAYS_LEFT, 'options.minDaysLeft', 0, 36500),
      password: password === undefined ? undefined : validateString(password, 'options.password'),
    },
    signal: validateAbortSignal(signal, 'options.signal'),
  }
}

/**
 * @param {string | Uint8Array} pathOrBytes
 * @param {import('./index.js').InspectOptions} [options]
 */
function inspectCaFileSync(pathOrBytes, options) {
  const input = validatePathOrBytes(pathOrBytes, 'pathOrBytes')
  return new CaFileReport(binding.inspectCaFileSync(input, inspectOptions(options).native))
}

/**
 * @param {string | Uint8Array} pathOrBytes
 * @param {import('./index.js').InspectOptions & { signal?: AbortSignal }} [options]
 */
async function inspectCaFile(pathOrBytes, options) {
  const input = validatePathOrBytes(pathOrBytes, 'pathOrBytes')
  const { native, signal } = inspectOptions(options)
  // The bytes are copied before the work begins, so the caller may reuse its buffer.
  const { abortable } = require('./lib/abortable.js')
  return new CaFileReport(await abortable(signal, () => binding.inspectCaFile(isBytes(input) ? input.slice() : input, native)))
}

/**
 * @param {import('./index.js').TrustStoreOptions} [options]
 */
function loadTrustStoreSync(options) {
  const { TrustStore } = require('./lib/trust-store.js')
  const { native, withNodeRoots } = require('./lib/options.js').trustStoreOptions(options)
  return new TrustStore(binding.loadTrustStoreSync(native), withNodeRoots)
}

/**
 * @param {import('./index.js').TrustStoreOptions & { signal?: AbortSignal }} [options]
 */
async function loadTrustStore(options) {
  const { TrustStore } = require('./lib/trust-store.js')
  const { native, signal, withNodeRoots } = require('./lib/options.js').trustStoreOptions(options)
  const { abortable } = require('./lib/abortable.js')
  const load = () => binding.loadTrustStore(withNodeRoots ? { ...native, nodeRoots: require('./lib/bundled.js').nodeRoots() } : native)
  return new TrustStore(await abortable(signal, load), withNodeRoots)
}

module.exports.inspectCaFile = inspectCaFile
module.exports.inspectCaFileSync = inspectCaFileSync
module.exports.loadTrustStore = loadTrustStore
module.exports.loadTrustStoreSync = loadTrustStoreSync
