'use strict'

// What this Node's own `tls.connect` comes to, beside what is predicted.

const net = require('node:net')
const tls = require('node:tls')

const { failureOf } = require('./facts.js')
const { Tunnel } = require('./tunnel.js')

/**
 * How a server is reached: an endpoint, and the address that a probe has come to.
 *
 * @typedef {object} Way
 * @property {string} hostname What the certificate's names are compared with.
 * @property {string} host
 * @property {number} port
 * @property {string | undefined} [servername]
 * @property {'perhaps' | 'due'} [word] Whether the server, which asks for a client certificate, says after the handshake what it thinks of it.
 * @property {import('./target.js').StartTls | undefined} [startTls]
 * @property {string[]} [alpn]
 * @property {{ host: string, port: number } | undefined} [connectTo]
 * @property {import('../../binding.js').NativeProxy | undefined} [proxy]
 * @property {string} address Of the TCP connection: the proxy's, when there is one.
 * @property {number | undefined} [addressPort] Its port; default that of the endpoint.
 * @property {number} timeout Milliseconds for everything.
 * @property {AbortSignal | undefined} [signal] Ends it at once: the outcome has the code `ABORT_ERR` then.
 *
 * @typedef {import('../../index.js').ObservedOutcome} ObservedOutcome
 * @typedef {Error & { code?: string }} CodedError
 */

/** What the system says, in Node's codes; for what a proxy or a preamble says, whoever speaks for Node has a code of their own. */
const SYSTEM = new Map([['refused', 'ECONNREFUSED'], ['unreachable', 'EHOSTUNREACH'], ['reset', 'ECONNRESET'], ['closed', 'ECONNRESET'], ['timed-out', 'ETIMEDOUT']])

/** Milliseconds for a server to say that it refuses a client certificate: many that accept it say nothing, and where the probe was refused a word is due. */
const WORD_ON_CLIENT = { perhaps: 1_000, due: 5_000 }

/**
 * The way that a probe has come.
 *
 * @param {import('./target.js').Endpoint} endpoint
 * @param {import('./proxy.js').Proxy | undefined} proxy
 * @param {import('../../binding.js').AttemptFacts} attempt
 * @param {{ timeout: number }} asked
 * @returns {Way}
 */
function wayTo({ connectTo, host, hostname, port, servername, startTls }, proxy, attempt, { timeout }) {
  // Offered is what the server agreed to: one that refuses what it does not know would fail here alone.
  const alpn = attempt.session?.alpn === undefined ? [] : [attempt.session.alpn]
  const word = attempt.session?.clientCertificate === undefined ? undefined : attempt.failure === undefined ? 'perhaps' : 'due'
  return { hostname, host, port, servername, word, startTls, alpn, connectTo, proxy, address: String(attempt.address), addressPort: attempt.port, timeout }
}

/** Whether there is anything for TLS to do: not behind a proxy or a preamble that declines. @param {import('../../binding.js').AttemptFacts} attempt */
const comesToTls = ({ failure }) => failure?.stage !== 'proxy' && failure?.stage !== 'starttls'

/**
 * Why this Node must not connect: some chains end its process.
 *
 * @param {import('../../binding.js').AttemptFacts} attempt
 * @param {import('../../index.js').Verdict | null} verdict
 * @returns {string | undefined}
 */
function hazardOf({ session }, verdict) {
  // The anchor is described too, and no server sends it.
  const path = (verdict?.path ?? []).map(({ pem }) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64'))
  return require('../native.js').connectionHazard([...(session?.certificates ?? []), ...path], process.versions.node) ?? undefined
}

/**
 * One real handshake; nothing is sent through it. Never rejects.
 *
 * @param {Way} way
 * @param {import('node:tls').ConnectionOptions} trust
 * @returns {Promise<ObservedOutcome>}
 */
async function observe(way, trust) {
  const stop = new AbortController()
  const { signal } = stop
  const ended = new Promise((/** @type {(outcome: ObservedOutcome) => void} */ resolve) => {
    signal.addEventListener('abort', () => resolve(outcomeOf(signal.reason)), { once: true })
  })
  const abort = () => stop.abort(coded('ABORT_ERR', 'The operation was aborted'))
  const timer = setTimeout(() => stop.abort(coded('ETIMEDOUT', `no answer within ${way.timeout} ms`)), way.timeout)
  way.signal?.addEventListener('abort', abort, { once: true })
  if (way.signal?.aborted) abort()
  try {
    return await Promise.race([ended, connected(way, trust, signal).catch(outcomeOf)])
  } finally {
    clearTimeout(timer)
    way.signal?.removeEventListener('abort', abort)
    // Whatever is still open.
    stop.abort()
  }
}

/**
 * @param {Way} way
 * @param {import('node:tls').ConnectionOptions} trust
 * @param {AbortSignal} signal
 */
async function connected(way, trust, signal) {
  if (way.proxy === undefined && way.startTls === undefined) return handshake({ host: addressOf(way), port: portOf(way) }, way, trust, signal)
  // Loaded late: a direct connection needs no addon, and the fresh Node of a proof starts sooner.
  const { NativeTransport } = require('../native.js')
  const { address, addressPort, alpn, connectTo, host, port, proxy, servername, startTls, timeout } = way
  const target = { host, port, serverName: servername, startTls, alpn: alpn ?? [], connectTo, proxy }
  const transport = new NativeTransport(target, address, addressPort ?? portOf(way), { stageTimeout: timeout, deadline: timeout, allAddresses: false, lookFurther: false })
  const close = () => transport.close()
  signal.addEventListener('abort', close, { once: true })
  if (signal.aborted) close()
  const failure = failureOf(await transport.open() ?? undefined)
  if (failure === null) return handshake({ socket: new Tunnel(transport) }, way, trust, signal)
  const { kind, stage, text } = failure
  const message = `${stage}: ${text ?? kind}`
  return { ...outcomeOf(new Error(message)), code: SYSTEM.get(kind) ?? null }
}

/**
 * @param {{ host: string, port: number } | { socket: Tunnel }} to
 * @param {Way} way
 * @param {import('node:tls').ConnectionOptions} trust
 * @param {AbortSignal} signal
 * @returns {Promise<ObservedOutcome>}
 */
function handshake(to, { alpn, hostname, servername, word }, trust, signal) {
  return new Promise((resolve) => {
    const socket = tls.connect({
      ...trust,
      ...to,
      servername: servername ?? '',
      ...(alpn === undefined || alpn.length === 0 ? {} : { ALPNProtocols: alpn }),
      // A resumed session would not be verified.
      session: undefined,
      rejectUnauthorized: true,
      checkServerIdentity: identityCheck(hostname),
    })
    const done = (/** @type {unknown} */ error) => {
      resolve(outcomeOf(error))
      // Errors of what is thrown away are nobody's.
      socket.on('error', () => {})
      socket.destroy()
      if ('socket' in to) to.socket.destroy()
    }
    socket.once('secureConnect', () => {
      if (word === undefined || socket.getProtocol() !== 'TLSv1.3') return done(undefined)
      // The server speaks about the client's certificate, or the want of one, when the client is through: with a session, data or an alert.
      const accepted = () => done(undefined)
      const patience = setTimeout(accepted, WORD_ON_CLIENT[word])
      socket.once('close', () => clearTimeout(patience))
      socket.once('session', accepted)
      socket.once('data', accepted)
    })
    socket.once('error', done)
    socket.once('close', () => done(coded('ECONNRESET', 'the connection was closed')))
    if ('socket' in to) to.socket.on('error', done)
    signal.addEventListener('abort', () => done(signal.reason), { once: true })
    if (signal.aborted) done(signal.reason)
  })
}

/**
 * What Node's own function throws, of a certificate whose names it cannot take apart, is not caught by Node: it would end the process.
 *
 * @param {string} hostname What Node would compare with is the name that was sent, and here is none sent for an address.
 */
function identityCheck(hostname) {
  return (/** @type {string} */ _, /** @type {import('node:tls').PeerCertificate} */ certificate) => {
    try {
      return tls.checkServerIdentity(hostname, certificate)
    } catch (error) {
      return /** @type {Error} */ (error)
    }
  }
}

/** @param {Way} way */
const portOf = ({ addressPort, connectTo, port }) => addressPort ?? connectTo?.port ?? port

/** The address with the zone that the endpoint names. @param {Way} way */
function addressOf({ address, connectTo, host }) {
  const zone = /%.*$/.exec(connectTo?.host ?? host)?.[0]
  return zone !== undefined && net.isIPv6(address) && !address.includes('%') ? `${address}${zone}` : address
}

/**
 * @param {string} code
 * @param {string} message
 */
const coded = (code, message) => Object.assign(new Error(message), { code })

/** @param {unknown} error */
function outcomeOf(error) {
  const { code, message } = /** @type {Partial<CodedError>} */ (error ?? {})
  return { ok: error === undefined, code: typeof code === 'string' ? code : null, message: message ?? null, node: process.versions.node }
}

module.exports = { comesToTls, hazardOf, observe, wayTo }
