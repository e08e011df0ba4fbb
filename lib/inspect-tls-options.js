'use strict'

// What is wrong with the TLS options of a program, as its library reads them. Nothing is connected to.

const { clientOptionsOf } = require('./diagnose/client-options.js')
const { passedOptionFindings } = require('./native.js')
const { invalidType, isBytes, validateNode, validateObject, validateOneOf } = require('./validate.js')

/** @typedef {Record<string, unknown>} Options */

/**
 * The options of one TLS client, and what its library passes over.
 *
 * @typedef {object} Read
 * @property {Options[]} tls
 * @property {import('../binding.js').NativeIneffective[]} ineffective
 */

// What a program gives to say whom it trusts and who it is.
const OF_TRUST = ['ca', 'cert', 'checkServerIdentity', 'ciphers', 'crl', 'key', 'maxVersion', 'minVersion', 'pfx', 'rejectUnauthorized', 'secureContext', 'servername']
// What `tls.createSecureContext` refuses by its type or its content.
const OF_THE_CONTEXT = ['ca', 'cert', 'crl', 'key', 'passphrase', 'pfx']

/** @param {unknown} value */
const objectOf = (value) => /** @type {Options} */ (typeof value === 'object' && value !== null ? value : {})

/**
 * @param {Options} options
 * @param {string} because
 * @param {(name: string) => string} instead
 */
const misplaced = (options, because, instead) =>
  OF_TRUST.filter((name) => options[name] !== undefined).map((option) => ({ option, because, instead: instead(option) }))

/** Where each library has its TLS options. @type {Record<string, (options: Options) => Read>} */
const LIBRARIES = {
  node: (options) => ({ tls: [options], ineffective: [] }),
  undici: (options) => ({
    tls: ['connect', 'requestTls', 'proxyTls'].filter((place) => typeof options[place] === 'object').map((place) => objectOf(options[place])),
    ineffective: misplaced(options, 'undici reads TLS options in `connect` alone, and ProxyAgent in `requestTls` and `proxyTls`', (name) => `new undici.Agent({ connect: { ${name} } })`),
  }),
  axios: (options) => ({
    tls: [objectOf(objectOf(options.httpsAgent).options)],
    ineffective: [
      ...misplaced(options, 'axios reads TLS options from `httpsAgent` alone', (name) => `axios.create({ httpsAgent: new https.Agent({ ${name} }) })`),
      ...(options.adapter === 'fetch' && options.httpsAgent !== undefined
        ? [{ option: 'httpsAgent', because: 'the adapter `fetch` knows no agents', instead: "axios.create({ adapter: 'http', httpsAgent })" }]
        : []),
    ],
  }),
  pg: (options) => {
    const url = typeof options.connectionString === 'string' ? options.connectionString : ''
    const isOverridden = options.ssl !== undefined && /[?&]ssl(mode|cert|key|rootcert)?=/.test(url)
    const because = 'what the URL says of TLS (`sslmode` and the like) takes the place of `ssl`'
    return { tls: [objectOf(options.ssl)], ineffective: isOverridden ? [{ option: 'ssl', because, instead: 'new pg.Client({ connectionString: urlWithoutSslMode, ssl: { ca } })' }] : [] }
  },
  mysql2: (options) => {
    const { secureContext, ...ssl } = objectOf(options.ssl)
    const because = 'mysql2 makes a context of its own'
    return { tls: [ssl], ineffective: secureContext === undefined ? [] : [{ option: 'ssl.secureContext', because, instead: 'mysql.createConnection({ ssl: { ca: store.ca } })' }] }
  },
}

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
  const read = /** @type {(options: Options) => Read} */ (LIBRARIES[validateOneOf(library, 'how.library', Object.keys(LIBRARIES))])
  if (!Array.isArray(publicHosts) || !publicHosts.every((host) => typeof host === 'string')) throw invalidType('how.publicHosts', 'an array of strings', publicHosts)
  const { ineffective, tls } = read(given)
  const about = { node: validateNode(node, 'how.node'), publicHosts, ineffective }
  const all = await Promise.all((tls.length === 0 ? [{}] : tls).map((each, index) => findingsOf(each, { ...about, ineffective: index === 0 ? ineffective : [] })))
  return /** @type {import('../index.js').Finding[]} */ (all.flat().sort((one, other) => GRAVITY[one.severity] - GRAVITY[other.severity]))
}

module.exports = { inspectTlsOptions }
