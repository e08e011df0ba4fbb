'use strict'

// What a target means: where to connect, what is spoken before TLS, which name is asked for and which is compared.

const net = require('node:net')
const tls = require('node:tls')

const { carriedBy, isObject } = require('../caught-error.js')
const { invalidType, invalidValue, isBytes, validateOneOf, validateString } = require('../validate.js')

/**
 * A server to connect to.
 *
 * @typedef {object} Endpoint
 * @property {'endpoint'} kind
 * @property {string} shown The target as it may be shown: without user, password, path and query, which hold secrets often enough.
 * @property {string} protocol `https`, `postgres`…; `tls` when nothing says more.
 * @property {string} host In ASCII, without brackets; an IPv6 address may end in its zone.
 * @property {number} port
 * @property {string | undefined} servername What is sent as SNI; none for an address, and when it is not wanted.
 * @property {string} hostname What the certificate's names are compared with: Node's `options.servername || options.host`.
 * @property {StartTls | undefined} startTls
 * @property {string[]} alpn
 * @property {{ host: string, port: number } | undefined} connectTo
 * @property {boolean} isDirect Whether it is known to be reached without a proxy, whatever the environment says.
 */

/** @typedef {Omit<Endpoint, 'servername' | 'hostname' | 'connectTo'> & { reached?: string }} Found `reached`: the address of a live connection. */

/**
 * Certificates that are judged without a connection.
 *
 * @typedef {object} GivenChain
 * @property {'chain'} kind
 * @property {string} shown
 * @property {unknown} pieces As `verifyChain` takes a chain.
 * @property {string | undefined} hostname
 *
 * @typedef {NonNullable<import('../../binding.js').NativeTarget['startTls']>} StartTls
 * @typedef {{ port: number, startTls?: StartTls, alpn?: string[] }} Protocol
 */

const POSTGRES = { port: 5432, startTls: /** @type {const} */ ('postgres') }
const MYSQL = { port: 3306, startTls: /** @type {const} */ ('mysql') }

/** @type {Protocol} */
const TLS = { port: 0 }

/** @type {Map<string, Protocol>} */
const PROTOCOLS = new Map(Object.entries({
  https: { port: 443, alpn: ['h2', 'http/1.1'] },
  wss: { port: 443, alpn: ['http/1.1'] },
  postgres: POSTGRES,
  postgresql: POSTGRES,
  mysql: MYSQL,
  mariadb: MYSQL,
  smtp: { port: 25, startTls: 'smtp' },
  smtps: { port: 465 },
  imap: { port: 143, startTls: 'imap' },
  imaps: { port: 993 },
  pop3: { port: 110, startTls: 'pop3' },
  pop3s: { port: 995 },
  ldap: { port: 389, startTls: 'ldap' },
  ldaps: { port: 636 },
  rediss: { port: 6379 },
  mongodb: { port: 27017 },
  'mongodb+tls': { port: 27017 },
  amqps: { port: 5671 },
  mqtts: { port: 8883 },
  tls: TLS,
}))

/** What `host:port` means; every other port is `tls`: TLS from the first octet, of which nothing more is known. */
const BY_PORT = new Map([
  [443, 'https'], [5432, 'postgres'], [3306, 'mysql'], [25, 'smtp'], [587, 'smtp'], [465, 'smtps'], [143, 'imap'], [993, 'imaps'], [110, 'pop3'],
  [995, 'pop3s'], [389, 'ldap'], [636, 'ldaps'], [6379, 'rediss'], [27017, 'mongodb'], [5671, 'amqps'], [8883, 'mqtts'],
])

/** Schemes without TLS: the one to write for the same with it, and the port that goes with them alone. */
const PLAIN = new Map(Object.entries({
  http: { secure: 'https', port: 80 },
  ws: { secure: 'wss', port: 80 },
  redis: { secure: 'rediss', port: undefined },
  amqp: { secure: 'amqps', port: 5672 },
  mqtt: { secure: 'mqtts', port: 1883 },
}))

/** What the protocols with STARTTLS are without it. @type {Record<StartTls, { protocol: string, alpn: string[] }>} */
const WITHOUT_PREAMBLE = {
  // From PostgreSQL 17 on; such a server wants the name of its protocol.
  postgres: { protocol: 'postgres', alpn: ['postgresql'] },
  mysql: { protocol: 'mysql', alpn: [] },
  smtp: { protocol: 'smtps', alpn: [] },
  imap: { protocol: 'imaps', alpn: [] },
  pop3: { protocol: 'pop3s', alpn: [] },
  ldap: { protocol: 'ldaps', alpn: [] },
}
const START_TLS = Object.keys(WITHOUT_PREAMBLE)

const LONGEST_TARGET = 8192
const LONGEST_HOST = 253
const MOST_CERTIFICATES = 100

/**
 * @param {unknown} target
 * @param {Record<string, unknown>} [options] `servername`, `connectTo` and `starttls` are looked at
 * @returns {Endpoint | GivenChain}
 */
function targetOf(target, options = {}) {
  if (isBytes(target) || Array.isArray(target)) return givenChain(target, options)
  if (target instanceof URL) return withOptions(ofText(target.href), options)
  if (typeof target === 'string') return target.includes('-----BEGIN ') ? givenChain(target, options) : withOptions(ofText(target), options)
  if (!isObject(target)) {
    throw invalidType('target', 'of type string or an instance of URL, Buffer, TypedArray, Error, TLSSocket or a peer certificate', target)
  }
  if (tried(() => target instanceof tls.TLSSocket)) return withOptions(ofSocket(/** @type {import('node:tls').TLSSocket} */ (target)), options)
  const certificates = sentBy(target)
  if (certificates.length > 0) return givenChain(certificates, options)
  return ofError(target, options)
}

/**
 * The DER of a certificate as `getPeerCertificate(true)` gives it, and of those above it: what the server sent, and the issuer that this Node
 * put on top from its own store.
 *
 * @param {object} leaf
 */
function sentBy(leaf) {
  const found = []
  const seen = new Set()
  /** @type {unknown} */
  let next = leaf
  while (isObject(next) && !seen.has(next) && seen.size < MOST_CERTIFICATES) {
    seen.add(next)
    const certificate = /** @type {{ raw?: unknown, issuerCertificate?: unknown }} */ (next)
    // Whatever was thrown may be passed here: getters and proxies throw.
    const raw = tried(() => certificate.raw)
    if (!isBytes(raw) || raw.length === 0) break
    found.push(raw)
    next = tried(() => certificate.issuerCertificate)
  }
  return found
}

/**
 * @param {unknown} pieces
 * @param {Record<string, unknown>} options
 * @param {string} [host]
 * @returns {GivenChain}
 */
function givenChain(pieces, { servername }, host) {
  const hostname = servername === undefined ? host : asciiName(validateString(servername, 'options.servername'), 'options.servername')
  return { kind: 'chain', shown: 'certificates', pieces, hostname: hostname === '' ? undefined : hostname }
}

/**
 * @param {import('node:tls').TLSSocket} socket
 * @returns {Found}
 */
function ofSocket(socket) {
  const { remoteAddress, remotePort } = socket
  if (remoteAddress === undefined || remotePort === undefined) throw invalidValue('target', 'is not connected, so it has no address', socket)
  // `_host` is what `checkServerIdentity` falls back to; `servername` is false when none was sent.
  const { servername, _host: host } = /** @type {{ servername?: unknown, _host?: unknown }} */ (/** @type {unknown} */ (socket))
  const name = [servername, host].find((it) => typeof it === 'string' && it !== '') ?? remoteAddress
  const place = placeOf(bracketed(String(name)), String(name))
  const endpoint = endpointAt(place.host, remotePort)
  return { ...endpoint, isDirect: true, reached: remoteAddress }
}

/**
 * @param {object} error
 * @param {Record<string, unknown>} options
 */
function ofError(error, options) {
  const { host, port, certificate } = carriedBy(error)
  if (host !== undefined) {
    const place = tried(() => placeOf(bracketed(host), host))
    if (place !== undefined) return withOptions(endpointAt(place.host, port ?? 443), options)
  }
  if (certificate !== undefined) return givenChain([certificate], options)
  const refused = (/** @type {object} */ shown) => invalidValue('target', 'carries neither a host nor a certificate: pass the address that was connected to', shown)
  throw tried(() => refused(error)) ?? refused({})
}

/**
 * @param {string} text
 * @returns {Found}
 */
function ofText(text) {
  const shown = withoutSecrets(text)
  if (text.length > LONGEST_TARGET) throw invalidValue('target', `is longer than ${LONGEST_TARGET} characters`, shown)
  if (/[\s\p{Cc}]/u.test(text)) throw invalidValue('target', 'holds white space or control characters, which no address does', shown)
  const { scheme, rest } = split(text)
  const authority = authorityOf(rest)
  if (scheme === undefined) {
    const { host, port } = placeOf(firstOf(authority), shown)
    return endpointAt(host, port ?? 443)
  }
  const known = PROTOCOLS.get(scheme)
  if (known === undefined) throw unusable(scheme, authority, shown)
  const { port, startTls, alpn } = known
  const place = placeOf(firstOf(authority), shown)
  if ((place.port ?? port) === 0) throw invalidValue('target', 'needs a port', shown)
  const endpoint = {
    kind: /** @type {const} */ ('endpoint'),
    shown: `${scheme}://${bracketed(place.host)}${place.port === undefined ? '' : `:${place.port}`}`,
    protocol: scheme === 'mongodb+tls' ? 'mongodb' : scheme,
    host: place.host,
    port: place.port ?? port,
    startTls,
    alpn: alpn ?? [],
    isDirect: false,
  }
  // libpq's parameter of that name, PostgreSQL 17.
  const isDirect = startTls === 'postgres' && /[?&]sslnegotiation=direct(?:[&#]|$)/i.test(rest)
  return isDirect ? { ...endpoint, startTls: undefined, alpn: WITHOUT_PREAMBLE.postgres.alpn } : endpoint
}

/**
 * @param {string} scheme
 * @param {string} authority
 * @param {string} shown
 */
function unusable(scheme, authority, shown) {
  const plain = PLAIN.get(scheme)
  if (plain !== undefined) {
    const place = tried(() => placeOf(firstOf(authority), shown))
    const port = place?.port === undefined || place.port === plain.port ? '' : `:${place.port}`
    const instead = `${plain.secure}://${place === undefined ? '' : bracketed(place.host)}${port}`
    return invalidValue('target', `has the scheme ${scheme}:, which has no TLS: write ${instead}`, shown)
  }
  if (scheme === 'mongodb+srv') {
    const name = tried(() => placeOf(firstOf(authority), shown).host) ?? 'NAME'
    return invalidValue('target', `names its servers by a DNS SRV record, which is not looked up here: ask \`dig +short SRV _mongodb._tcp.${name}\`, and write mongodb://HOST:27017 with a host of the answer`, shown)
  }
  const known = [...PROTOCOLS.keys()].map((it) => `${it}:`).join(', ')
  return invalidValue('target', `has the scheme ${scheme}:, and known are ${known}; write tls://HOST:PORT for any other protocol that begins with TLS`, shown)
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Found}
 */
function endpointAt(host, port) {
  const protocol = BY_PORT.get(port) ?? 'tls'
  const { startTls, alpn } = PROTOCOLS.get(protocol) ?? TLS
  const shown = port === 443 ? host : `${bracketed(host)}:${port}`
  return { kind: 'endpoint', shown, protocol, host, port, startTls, alpn: alpn ?? [], isDirect: false }
}

/**
 * @param {Found} found
 * @param {Record<string, unknown>} options
 * @returns {Endpoint}
 */
function withOptions({ reached, ...found }, { connectTo, servername, starttls }) {
  const name = servername === undefined ? undefined : asciiName(validateString(servername, 'options.servername'), 'options.servername')
  const asked = name ?? found.host
  const preamble = starttls === undefined ? {} : starttls === false ? withoutPreamble(found) : withPreamble(starttls)
  const place = connectTo === undefined ? undefined : placeOf(validateString(connectTo, 'options.connectTo'), connectTo, 'options.connectTo')
  return {
    ...found,
    ...preamble,
    servername: asked === '' || net.isIP(asked) ? undefined : asked,
    hostname: asked === '' ? found.host : asked,
    connectTo: place !== undefined ? { host: place.host, port: place.port ?? found.port } : reached === undefined ? undefined : { host: reached, port: found.port },
  }
}

/** @param {{ startTls?: StartTls | undefined }} found */
const withoutPreamble = ({ startTls }) => (startTls === undefined ? {} : { startTls: undefined, ...WITHOUT_PREAMBLE[startTls] })

/** @param {unknown} starttls */
function withPreamble(starttls) {
  if (typeof starttls !== 'string') throw invalidType('options.starttls', 'of type string or false', starttls)
  const startTls = /** @type {StartTls} */ (validateOneOf(starttls, 'options.starttls', START_TLS))
  return { startTls, protocol: startTls, alpn: [] }
}

/** What stands between scheme and path, without the user. @param {string} rest */
function authorityOf(rest) {
  const authority = /^[^/?#\\]*/.exec(rest)?.[0] ?? ''
  return authority.slice(authority.lastIndexOf('@') + 1)
}

/** The first of a list of hosts, as PostgreSQL's and MongoDB's URLs have it. @param {string} authority */
const firstOf = (authority) => authority.replace(/,.*$/, '')

/**
 * A host and the port after it. Names are converted as Node's URL parser does it: `https.request` and `fetch` connect to that.
 *
 * @param {string} text
 * @param {unknown} shown
 * @param {string} [argument]
 * @returns {{ host: string, port: number | undefined }}
 */
function placeOf(text, shown, argument = 'target') {
  if (net.isIPv6(text)) return { host: text, port: undefined }
  const [, address, name, digits] = /^(?:\[([^\][]*)\]|([^:\][]*))(?::(\d*))?$/.exec(text) ?? []
  // RFC 6874 writes the `%` before a zone as `%25`.
  const literal = address?.replace('%25', '%')
  if (literal === undefined ? !name : !net.isIPv6(literal)) throw invalidValue(argument, 'is no address of a server', shown)
  const port = digits === undefined || digits === '' ? undefined : Number(digits)
  if (port !== undefined && (port < 1 || port > 65535)) throw invalidValue(argument, 'has a port that is not between 1 and 65535', shown)
  return { host: literal ?? asciiName(name ?? '', argument, shown), port }
}

/**
 * @param {string} name
 * @param {string} argument
 * @param {unknown} [shown]
 */
function asciiName(name, argument, shown = name) {
  if (name === '' || net.isIP(name)) return name
  // The URL parser, and not `domainToASCII`, turns `127.1` into an address in every Node.
  const ascii = /^[^/?#@:\\%]+$/.test(name) ? tried(() => new URL(`https://${name}`).hostname) : undefined
  if (ascii === undefined || ascii.length > LONGEST_HOST) throw invalidValue(argument, 'is no name of a host', shown)
  return ascii
}

/** @param {string} host */
const bracketed = (host) => (net.isIPv6(host) ? `[${host}]` : host)

/**
 * What of a text can be shown when it is not understood: nothing up to its last `@`, and nothing after the host.
 *
 * @param {string} text
 */
function withoutSecrets(text) {
  const { scheme, rest } = split(text)
  const shown = rest.slice(rest.lastIndexOf('@') + 1).replace(/[/?#\\].*$/s, '')
  return scheme === undefined ? shown : `${scheme}://${shown}`
}

/** @param {string} text */
function split(text) {
  const written = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)
  return { scheme: written?.[1]?.toLowerCase(), rest: text.slice(written?.[0].length ?? 0) }
}

/**
 * @template Result
 * @param {() => Result} work
 * @returns {Result | undefined}
 */
function tried(work) {
  try {
    return work()
  } catch {
    return undefined
  }
}

module.exports = { bracketed, placeOf, targetOf, withoutSecrets }
