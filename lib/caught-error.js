'use strict'

// What a caught error carries, whoever threw it: https, tls, fetch, undici, axios, got, node-fetch, ws, database drivers, mailers, or an
// AggregateError of several attempts. Whatever it is made of, reading it neither throws nor runs on without end.

// Limits against hostile or accidental monsters; real errors wrap each other three or four deep.
const MOST_ERRORS = 64
const MOST_ATTEMPTS = 16
const MOST_TEXTS = 128
const LONGEST_TEXT = 8192
const LARGEST_CERTIFICATE = 256 * 1024

// Where libraries put the error that they wrap.
const INNER = ['cause', 'error', 'err', 'originalError', 'original', 'parent', 'inner', 'innerError', 'previous', 'lastError', 'lastNodeError', 'reason']
const INNER_LISTS = ['errors', 'previousErrors', 'graphQLErrors']
// `details` is grpc-js's, `sqlMessage` the MySQL drivers', `response` nodemailer's.
const TEXTS = ['message', 'reason', 'details', 'sqlMessage']
const CODES = ['code', 'errno', 'authorizationError']

/**
 * @typedef {{
 *   codes: string[],
 *   texts: string[],
 *   host?: string,
 *   port?: number,
 *   certificate?: Uint8Array,
 * }} Carried
 */

/**
 * A property, undefined when it cannot be read: getters and proxies may throw.
 *
 * @param {object} object
 * @param {string} name
 * @returns {unknown}
 */
function read(object, name) {
  try {
    return /** @type {Record<string, unknown>} */ (object)[name]
  } catch {
    return undefined
  }
}

/**
 * @param {unknown} value
 * @returns {value is object}
 */
const isObject = (value) => typeof value === 'object' && value !== null

/**
 * @param {unknown} value
 * @returns {string | undefined}
 */
const text = (value) => (typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_TEXT) : undefined)

/**
 * The elements of a list, however long it says it is.
 *
 * @param {unknown} list
 * @returns {unknown[]}
 */
function elements(list) {
  try {
    return Array.isArray(list) ? Array.from({ length: Math.min(list.length, MOST_ATTEMPTS) }, (_, index) => read(list, String(index))) : []
  } catch {
    return []
  }
}

/**
 * The error and what it wraps, the outermost first, each once.
 *
 * @param {object} error
 */
function unwrapped(error) {
  const found = new Set([error])
  // A set gives what is added to it while it is walked.
  for (const outer of found) {
    const inner = [...INNER.map((name) => read(outer, name)), ...INNER_LISTS.flatMap((name) => elements(read(outer, name)))]
    for (const value of inner) if (isObject(value) && found.size < MOST_ERRORS) found.add(value)
  }
  return [...found]
}

/**
 * @param {unknown} value
 * @param {string} [base]
 */
function parsedUrl(value, base) {
  const given = isObject(value) ? text(read(value, 'href')) : text(value)
  if (given === undefined) return undefined
  try {
    const { protocol, hostname, port } = new URL(given, base)
    if (hostname === '') return undefined
    const usual = { 'https:': 443, 'http:': 80, 'wss:': 443, 'ws:': 80 }[protocol]
    return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) }
  } catch {
    return undefined
  }
}

/**
 * @param {unknown} value
 * @returns {number | undefined}
 */
function validPort(value) {
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value
  return typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined
}

/**
 * The place that an error speaks of: what it says itself, then the request that its library keeps beside it.
 *
 * @param {object} error
 * @returns {{ host?: string | undefined, port?: number | undefined }[]}
 */
function places(error) {
  const own = { host: text(read(error, 'host')) ?? text(read(error, 'hostname')), port: validPort(read(error, 'port')) }
  const config = read(error, 'config')
  const request = read(error, 'request')
  const options = read(error, 'options')
  const urls = [
    // axios: the URL after redirects, then the one asked for.
    isObject(request) ? parsedUrl(read(request, '_currentUrl')) : undefined,
    isObject(config) ? parsedUrl(read(config, 'url'), text(read(config, 'baseURL'))) : undefined,
    // got
    isObject(options) ? parsedUrl(read(options, 'url')) : undefined,
    parsedUrl(read(error, 'url')),
    // node-fetch, and lines of logs.
    parsedUrl(/\bhttps?:\/\/[^\s'"`<>,)]+/.exec(text(read(error, 'message')) ?? '')?.[0]),
  ]
  const kept = [options, request].flatMap((holder) => (isObject(holder) ? [{ host: text(read(holder, 'hostname')) ?? text(read(holder, 'host')), port: validPort(read(holder, 'port')) }] : []))
  return [own, ...urls.flatMap((url) => url ?? []), ...kept, { host: text(read(error, 'address')) }, ...quotedPlaces(text(read(error, 'message')) ?? '')]
}

/**
 * The place that Node's own messages quote: a name that misses the certificate's, or what could not be reached.
 *
 * @param {string} message
 */
function quotedPlaces(message) {
  const [, missed] = /\b(?:Host|IP): (\S+?)\.? is not (?:in the cert|cert)'s /.exec(message) ?? []
  if (missed !== undefined) return [{ host: missed }]
  const [, host, port] = /\b(?:connect|getaddrinfo) E[A-Z_]+ ([\w.:-]+?)(?::(\d{1,5}))?(?=$|[\s)"',;])/.exec(message) ?? []
  return host === undefined ? [] : [{ host, port: validPort(port) }]
}

/**
 * The DER of a certificate as `getPeerCertificate()` gives it, or of an `X509Certificate`.
 *
 * @param {object} error
 */
function certificate(error) {
  for (const name of ['cert', 'certificate', 'peerCertificate']) {
    const value = read(error, name)
    const raw = isObject(value) ? read(value, 'raw') : undefined
    if (raw instanceof Uint8Array && raw.length > 0 && raw.length <= LARGEST_CERTIFICATE) return Uint8Array.from(raw)
  }
  return undefined
}

/**
 * @param {object | string} errorOrText
 * @returns {Carried}
 */
function carriedBy(errorOrText) {
  const errors = typeof errorOrText === 'string' ? [{ code: errorOrText, message: errorOrText }] : unwrapped(errorOrText)
  const codes = new Set()
  const texts = new Set()
  for (const error of errors) {
    for (const name of CODES) {
      const code = text(read(error, name))
      if (code !== undefined) codes.add(code)
    }
    for (const value of [...TEXTS.map((name) => read(error, name)), ...elements(read(error, 'opensslErrorStack'))]) {
      const said = text(value)
      if (said !== undefined && texts.size < MOST_TEXTS) texts.add(said)
    }
  }
  const all = errors.flatMap(places)
  const host = all.find((place) => place.host !== undefined)
  const port = host?.port ?? all.find((place) => place.port !== undefined && (place.host === undefined || place.host === host?.host))?.port
  const der = errors.map(certificate).find((it) => it !== undefined)
  return {
    codes: [...codes],
    texts: [...texts],
    ...(host?.host === undefined ? {} : { host: host.host }),
    ...(port === undefined ? {} : { port }),
    ...(der === undefined ? {} : { certificate: der }),
  }
}

module.exports = { carriedBy, isObject }
