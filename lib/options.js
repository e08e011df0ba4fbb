'use strict'

const { invalidType, isBytes, validateAbortSignal, validateBoolean, validateInteger, validateNode, validateObject, validateOneOf, validatePathOrBytes,
  validateString, validateTime } = require('./validate.js')

const BUNDLED = ['node', 'mozilla']
const DEFAULT_MIN_DAYS_LEFT = 30
// The variables that say which files hold certificates.
const VARIABLES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR']

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
function validatePath(value, name) {
  if (isBytes(value)) throw invalidType(name, 'of type string or an instance of URL', value)
  return /** @type {string} */ (validatePathOrBytes(value, name))
}

/**
 * @param {unknown} bundled
 */
function bundledStores(bundled) {
  if (bundled === undefined) return BUNDLED
  if (bundled === false) return []
  if (!Array.isArray(bundled)) return [validateOneOf(bundled, 'options.bundled', BUNDLED)]
  return bundled.map((entry, index) => validateOneOf(entry, `options.bundled[${index}]`, BUNDLED))
}

/**
 * @param {unknown} extra
 */
function extraStores(extra = true) {
  if (typeof extra === 'boolean') return { extraFromEnvironment: extra, extra: [] }
  const paths = Array.isArray(extra)
    ? extra.map((entry, index) => validatePath(entry, `options.extra[${index}]`))
    : [validatePath(extra, 'options.extra')]
  return { extraFromEnvironment: true, extra: paths }
}

/**
 * @param {unknown} ca
 * @returns {(string | Uint8Array)[]}
 */
function inlineCertificates(ca) {
  if (ca === undefined) return []
  const entries = Array.isArray(ca) ? ca : [ca]
  return entries.map((entry, index) => {
    if (typeof entry === 'string' || isBytes(entry)) return entry
    throw invalidType(Array.isArray(ca) ? `options.ca[${index}]` : 'options.ca', 'of type string or an instance of Buffer or TypedArray', entry)
  })
}

/**
 * @param {unknown} env
 */
function variables(env) {
  const given = env === undefined ? process.env : validateObject(env, 'options.env')
  return Object.fromEntries(VARIABLES.filter((name) => typeof given[name] === 'string').map((name) => [name, String(given[name])]))
}

/**
 * @param {unknown} options
 */
function trustStoreOptions(options) {
  const { bundled, system, extra, ca, honorSystemDistrust, env, minDaysLeft, node, signal, time } = validateObject(options, 'options')
  const stores = bundledStores(bundled)
  return {
    native: {
      mozilla: stores.includes('mozilla'),
      system: validateBoolean(system ?? true, 'options.system'),
      ...extraStores(extra),
      ca: inlineCertificates(ca),
      honorSystemDistrust: validateBoolean(honorSystemDistrust ?? true, 'options.honorSystemDistrust'),
      env: variables(env),
      ...commonOptions({ minDaysLeft, node, time }),
    },
    signal: validateAbortSignal(signal, 'options.signal'),
    withNodeRoots: stores.includes('node'),
  }
}

/**
 * @param {unknown} options
 */
function inspectOptions(options) {
  const { node, time, minDaysLeft, password, signal } = validateObject(options, 'options')
  return {
    native: {
      ...commonOptions({ minDaysLeft, node, time }),
      password: password === undefined ? undefined : validateString(password, 'options.password'),
    },
    signal: validateAbortSignal(signal, 'options.signal'),
  }
}

/**
 * @param {{ minDaysLeft: unknown, node: unknown, time: unknown }} options
 */
function commonOptions({ minDaysLeft, node, time }) {
  return {
    node: validateNode(node, 'options.node'),
    now: validateTime(time, 'options.time'),
    minDaysLeft: validateInteger(minDaysLeft ?? DEFAULT_MIN_DAYS_LEFT, 'options.minDaysLeft', 0, 36500),
  }
}

module.exports = { inspectOptions, trustStoreOptions }
