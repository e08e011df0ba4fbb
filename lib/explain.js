'use strict'

const binding = require('./native.js')
const { carriedBy, isObject } = require('./caught-error.js')
const { nearest } = require('./nearest.js')
const { invalidType, validateInteger, validateNode, validateObject, validateString, validateTime } = require('./validate.js')

const MOST_NEAREST = 3

/** @type {string[] | undefined} */
let spellings

/** Every code of the catalogue, in every spelling. */
function allSpellings() {
  spellings ??= binding.errorCodes().flatMap(({ name, aliases }) => [name, ...aliases])
  return spellings
}

/** @param {string} name */
function pageOf(name) {
  const repository = require('../package.json').repository.url.replace(/^git\+|\.git$/g, '')
  return `${repository}/blob/main/docs/errors/${name}.md`
}

/**
 * A message as it may be passed on: it can quote a URL with a password, or what somebody gave as a key.
 *
 * @param {string} message
 */
function withoutSecrets(message) {
  return message
    .replace(/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/gs, '(private key)')
    .replace(/\/\/[^/\s@]*@/g, '//')
}

/**
 * What an error means.
 */
class Explanation {
  /**
   * @param {Omit<import('../index.js').Explanation, 'toString'>} facts
   */
  constructor(facts) {
    this.known = facts.known
    this.code = facts.code
    this.name = facts.name
    if (facts.openssl !== undefined) this.openssl = facts.openssl
    if (facts.family !== undefined) this.family = facts.family
    this.title = facts.title
    this.meaning = facts.meaning
    if (facts.hint !== undefined) this.hint = facts.hint
    if (facts.versions !== undefined) this.versions = facts.versions
    this.causes = facts.causes
    this.avoid = facts.avoid
    this.rules = facts.rules
    this.nearest = facts.nearest
    this.context = facts.context
    this.page = facts.page
  }

  /** For the terminal of this platform; the commands of other shells are in the data. */
  toString() {
    const shells = /** @type {const} */ ([process.platform === 'win32' ? 'powershell' : 'bash'])
    return require('./explanation-text.js').explanation(this, require('./layout.js').surface({ shells }))
  }
}

/** @type {typeof import('../index.js').explain} */
function explain(errorOrCode, options) {
  if (typeof errorOrCode !== 'string' && !isObject(errorOrCode)) {
    throw invalidType('errorOrCode', 'of type string or an instance of Error', errorOrCode)
  }
  const given = validateObject(options, 'options')
  const node = validateNode(given.node, 'options.node')
  const env = given.env === undefined ? undefined : validateObject(given.env, 'options.env')
  const now = validateTime(given.time, 'options.time')
  const carried = carriedBy(errorOrCode)
  if (given.host !== undefined) carried.host = validateString(given.host, 'options.host')
  if (given.port !== undefined) carried.port = validateInteger(given.port, 'options.port', 1, 65535)
  const facts = { ...require('./process-facts.js').processFacts(env), node, now, minDaysLeft: 0 }
  const explained = binding.explain({ ...carried, node }, facts)
  const codes = typeof errorOrCode === 'string' ? [] : carried.codes.filter((code) => /^[\w/.-]{1,100}$/.test(code))
  const context = {
    node: node.replace(/^v/, ''),
    ...(codes.length === 0 ? {} : { codes }),
    ...(carried.texts[0] === undefined ? {} : { message: withoutSecrets(carried.texts[0]) }),
    ...(carried.host === undefined ? {} : { host: carried.host }),
    ...(carried.port === undefined ? {} : { port: carried.port }),
    ...(explained?.certificate === undefined ? {} : { certificate: explained.certificate }),
  }
  return explained === null ? unknown(carried, context) : known(explained, context)
}

/**
 * @param {import('../binding.js').Explained} explained
 * @param {import('../index.js').Explanation['context']} context
 */
function known({ entry, openssl, opensslName, reason }, context) {
  return new Explanation({
    known: true,
    code: entry.code === '' ? null : entry.code,
    name: entry.name,
    ...(openssl === undefined ? {} : { openssl: { number: openssl, name: `X509_V_ERR_${opensslName}`, reason: String(reason) } }),
    family: entry.family,
    title: entry.title,
    meaning: entry.meaning,
    ...(entry.hint === '' ? {} : { hint: entry.hint }),
    ...(entry.versions === '' ? {} : { versions: entry.versions }),
    causes: entry.causes,
    avoid: entry.avoid,
    rules: entry.rules,
    nearest: [],
    context,
    page: pageOf(entry.name),
  })
}

/**
 * @param {import('./caught-error.js').Carried} carried
 * @param {import('../index.js').Explanation['context']} context
 */
function unknown({ codes, texts }, context) {
  const code = codes.find((it) => /^[A-Za-z][A-Za-z0-9_/]{0,99}$/.test(it)) ?? null
  const fromOpenssl = code?.startsWith('ERR_SSL_') || code?.startsWith('ERR_OSSL_') || texts.some((it) => /error:[0-9A-F]{8}:/.test(it))
  return new Explanation({
    known: false,
    code,
    name: null,
    title: fromOpenssl ? 'OpenSSL failed with a reason that this catalogue has no page for' : 'This is no error of a TLS connection that this catalogue knows',
    meaning: fromOpenssl
      ? "The code is OpenSSL's own word for the reason: `ERR_SSL_` comes from the handshake, `ERR_OSSL_` from reading keys and certificates or from cryptography. Nothing more is known about it here."
      : 'Nothing in the code or the message tells of TLS. If the error wraps another one, pass the error itself: its `cause` is looked at.',
    causes: [],
    avoid: [],
    rules: [],
    nearest: code === null ? [] : nearestOf(code.toUpperCase()),
    context,
    page: null,
  })
}

/** @param {string} code */
function nearestOf(code) {
  const left = new Set(allSpellings())
  const found = []
  while (found.length < MOST_NEAREST) {
    const name = nearest(code, left)
    if (name === undefined) break
    found.push(name)
    left.delete(name)
  }
  return found
}

module.exports = { Explanation, explain }
