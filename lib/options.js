'use strict'

const { invalidType, invalidValue, isBytes, validateAbortSignal, validateBoolean, validateInteger, validateNode, validateObject, validateOneOf, validatePathOrBytes,
  validateString, validateTime } = require('./validate.js')

const BUNDLED = ['node', 'mozilla']
const RUNTIMES = ['node', 'bun', 'deno']
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
  return { extraFromEnvironment: true, extra: extraPaths(extra, 'options.extra') }
}

/**
 * @param {unknown} extra
 * @param {string} name
 */
function extraPaths(extra, name) {
  return Array.isArray(extra) ? extra.map((entry, index) => validatePath(entry, `${name}[${index}]`)) : [validatePath(extra, name)]
}

/**
 * @param {unknown} ca
 * @param {string} [name]
 * @returns {(string | Uint8Array)[]}
 */
function inlineCertificates(ca, name = 'options.ca') {
  if (ca === undefined) return []
  const entries = Array.isArray(ca) ? ca : [ca]
  return entries.map((entry, index) => {
    if (typeof entry === 'string' || isBytes(entry)) return entry
    throw invalidType(Array.isArray(ca) ? `${name}[${index}]` : name, 'of type string or an instance of Buffer or TypedArray', entry)
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
 * Each host's store: what all hosts are trusted with, and what it names. Without a `native`, it names nothing.
 *
 * @template {{ extra: string[], ca: (string | Uint8Array)[] }} Native
 * @param {unknown} hosts
 * @param {Native} native
 */
function hostStores(hosts, native) {
  const { keyOf, patternOf } = require('./hosts.js')
  /** @type {Map<string, string>} */
  const known = new Map()
  return Object.entries(validateObject(hosts, 'options.hosts')).map(([text, value]) => {
    const name = `options.hosts['${text}']`
    if (value === undefined) throw invalidType(name, 'of type object', value)
    const { extra, ca, ...others } = validateObject(value, name)
    const [other] = Object.keys(others)
    if (other !== undefined) throw invalidValue(`${name}.${other}`, 'is not known; a host takes `extra` and `ca`', others[other])
    const pattern = patternOf(text, name)
    const key = keyOf(pattern)
    const same = known.get(key)
    if (same !== undefined) throw invalidValue(name, `covers the same hosts as '${same}'`, text)
    known.set(key, text)
    const paths = extra === undefined ? [] : extraPaths(extra, `${name}.extra`)
    const inline = inlineCertificates(ca, `${name}.ca`)
    const isEmpty = paths.length === 0 && inline.length === 0
    return { text, pattern, native: isEmpty ? undefined : { ...native, extra: [...native.extra, ...paths], ca: [...native.ca, ...inline] } }
  })
}

/**
 * @param {unknown} options
 */
function trustStoreOptions(options) {
  const { bundled, system, extra, ca, honorSystemDistrust, hosts, env, minDaysLeft, node, signal, time } = validateObject(options, 'options')
  const stores = bundledStores(bundled)
  const native = {
    mozilla: stores.includes('mozilla'),
    system: validateBoolean(system ?? true, 'options.system'),
    ...extraStores(extra),
    ca: inlineCertificates(ca),
    honorSystemDistrust: validateBoolean(honorSystemDistrust ?? true, 'options.honorSystemDistrust'),
    env: variables(env),
    ...commonOptions({ minDaysLeft, node, time }),
  }
  return {
    native,
    hosts: hosts === undefined ? [] : hostStores(hosts, native),
    signal: validateAbortSignal(signal, 'options.signal'),
    withNodeRoots: stores.includes('node'),
  }
}

/**
 * @param {unknown} options
 */
function inspectOptions(options) {
  const { node, runtime, time, minDaysLeft, password, signal } = validateObject(options, 'options')
  return {
    native: {
      ...commonOptions({ minDaysLeft, node, time }),
      runtime: readerOf(runtime, node),
      password: password === undefined ? undefined : validateString(password, 'options.password'),
    },
    signal: validateAbortSignal(signal, 'options.signal'),
  }
}

/**
 * Whose reading is asked for: a Node's where one is named, and else that of what is running.
 *
 * @param {unknown} runtime
 * @param {unknown} node
 * @returns {'node' | 'bun' | 'deno'}
 */
function readerOf(runtime, node) {
  if (runtime !== undefined) return /** @type {'node' | 'bun' | 'deno'} */ (validateOneOf(runtime, 'options.runtime', RUNTIMES))
  const running = node === undefined ? require('./runtime.js').runtime() : 'node'
  return running === 'electron' ? 'node' : running
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
