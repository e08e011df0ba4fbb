'use strict'

// What is wrong with the TLS options of a program, as its library reads them. Nothing is connected to.

const { clientOptionsOf } = require('./diagnose/client-options.js')
const { passedOptionFindings } = require('./native.js')
const { LIBRARY_NAMES, readOptions } = require('./tls-option-places.js')
const { invalidType, isBytes, validateNode, validateObject, validateOneOf } = require('./validate.js')

/** @typedef {Record<string, unknown>} Options */

// What `tls.createSecureContext` refuses by its type or its content.
const OF_THE_CONTEXT = ['ca', 'cert', 'crl', 'key', 'passphrase', 'pfx']

/**
 * What Node takes as entries of `ca`; undefined for none, and for what it refuses.
 *
 * @param {unknown} ca
 */
function entriesOf(ca) {
  if (!ca) return undefined
  const entries = Array.isArray(ca) ? ca : [ca]
  if (!entries.every((entry) => typeof entry === 'string' || ArrayBuffer.isView(entry))) return undefined
  return entries.map((entry) => (isBytes(entry) ? Buffer.from(entry) : typeof entry === 'string' ? Buffer.from(entry) : Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength)))
}

/**
 * What Node throws at the files of the options.
 *
 * @param {Options} options
 * @returns {{ ok: false, code?: string, message: string } | undefined}
 */
function refusalOf(options) {
  try {
    require('node:tls').createSecureContext(Object.fromEntries(OF_THE_CONTEXT.map((name) => [name, options[name]])))
    return undefined
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error)
    return { ok: false, code: typeof code === 'string' ? code : undefined, message: String(message) }
  }
}

/**
 * @param {Options} options
 * @param {Omit<import('../binding.js').NativePassedOptions, 'client' | 'ca'>} about
 */
async function findingsOf(options, about) {
  const isReplaced = Boolean(options.secureContext) && Boolean(options.ca)
  const because = 'a `secureContext` beside it takes its place'
  const ineffective = isReplaced ? [{ option: 'ca', because, instead: 'tls.createSecureContext({ ca })' }] : []
  const client = await clientOptionsOf(options, null)
  const refused = client.refused ?? refusalOf(options)
  return passedOptionFindings({
    ...about,
    client: { ...client, refused },
    ca: isReplaced || refused !== undefined ? undefined : entriesOf(options.ca),
    ineffective: [...about.ineffective, ...ineffective],
  })
}

const GRAVITY = { error: 0, warning: 1, info: 2 }

/** @type {typeof import('../index.js').inspectTlsOptions} */
async function inspectTlsOptions(options, how) {
  if (options === undefined) throw invalidType('options', 'of type object', options)
  const given = validateObject(options, 'options')
  const { library = 'node', node, publicHosts = [] } = validateObject(how, 'how')
  const name = validateOneOf(library, 'how.library', LIBRARY_NAMES)
  if (!Array.isArray(publicHosts) || !publicHosts.every((host) => typeof host === 'string')) throw invalidType('how.publicHosts', 'an array of strings', publicHosts)
  const { ineffective, tls } = readOptions(name, given)
  const about = { node: validateNode(node, 'how.node'), publicHosts, ineffective }
  const all = await Promise.all((tls.length === 0 ? [{}] : tls).map((each, index) => findingsOf(each, { ...about, ineffective: index === 0 ? ineffective : [] })))
  return /** @type {import('../index.js').Finding[]} */ (all.flat().sort((one, other) => GRAVITY[one.severity] - GRAVITY[other.severity]))
}

module.exports = { inspectTlsOptions }
