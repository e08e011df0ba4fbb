'use strict'

// The options that a program passes to its TLS client, reduced to plain facts, and what this Node makes of them: its first message, which never
// leaves the process, and a handshake with the server.

const { Duplex } = require('node:stream')

const { observe } = require('./observe.js')

/**
 * @typedef {import('../../binding.js').NativeClientOptions} NativeClientOptions
 * @typedef {import('node:tls').ConnectionOptions} ConnectionOptions
 */

// What decides how a handshake begins. Functions and sockets of the program are never used.
const OF_THE_HANDSHAKE = ['ALPNProtocols', 'ciphers', 'ecdhCurve', 'maxVersion', 'minVersion', 'secureOptions', 'secureProtocol', 'servername', 'sigalgs']
/** The type of records that carry the messages of a handshake (RFC 8446 section 5.1). */
const HANDSHAKE = 22
const OF_VERSIONS = ['maxVersion', 'minVersion', 'secureOptions', 'secureProtocol']

/** @param {unknown} value */
const text = (value) => (typeof value === 'string' ? value : undefined)

/**
 * @param {Record<string, unknown>} options
 * @param {string[]} names
 */
function pick(options, names) {
  return Object.fromEntries(names.filter((name) => options[name] !== undefined && options[name] !== null).map((name) => [name, options[name]]))
}

/**
 * The first message of a client with these options; or the error that Node throws at them.
 *
 * @param {ConnectionOptions} options
 * @returns {Promise<{ hello?: Buffer, refused?: { ok: false, code?: string, message: string } }>}
 */
function firstMessage(options) {
  const tls = require('node:tls')
  return new Promise((resolve) => {
    const refuse = (/** @type {unknown} */ error) => {
      const { code, message, reason } = /** @type {NodeJS.ErrnoException & { reason?: string }} */ (error)
      resolve({ refused: { ok: false, code: text(code), message: text(reason) ?? String(message) } })
    }
    const wire = new Duplex({
      read() {},
      write(hello, _, done) {
        // In place of a message an alert comes where nothing can be offered; the error says why.
        if (hello[0] === HANDSHAKE) resolve({ hello })
        done()
      },
    })
    try {
      // Writes before it returns, or fails.
      const socket = tls.connect({ ...options, socket: wire })
      socket.on('error', refuse)
      setImmediate(() => socket.destroy(new Error('no first message was made')))
    } catch (error) {
      refuse(error)
    }
  })
}

/** @param {unknown} protocols `ALPNProtocols`: names, or bytes with a length before each. */
function alpnOf(protocols) {
  return Array.isArray(protocols) ? protocols.map(String) : protocols === undefined ? undefined : []
}

/**
 * @param {Record<string, unknown>} options
 * @param {Parameters<typeof observe>[0] | null} to Where this Node may try them; null where it is not to connect.
 * @param {import('node:tls').SecureContextOptions} [identity] The client certificate that the server is shown.
 * @returns {Promise<NativeClientOptions>}
 */
async function clientOptionsOf(options, to, identity) {
  const handshake = /** @type {ConnectionOptions} */ (pick(options, OF_THE_HANDSHAKE))
  const { hello, refused } = await firstMessage(handshake)
  // The program's own name and protocols in place of the endpoint's; what is trusted comes behind the handshake.
  const way = to && { ...to, alpn: undefined, servername: handshake.servername ?? to.servername }
  const observed = way === null || refused !== undefined ? undefined : await observe(way, { ...identity, ...handshake })
  const versions = Object.entries(pick(options, OF_VERSIONS)).map(([name, value]) => `${name}: ${typeof value === 'string' ? `'${value}'` : String(value)}`)
  return {
    unverified: options.rejectUnauthorized === false,
    ownIdentityCheck: typeof options.checkServerIdentity === 'function' && options.checkServerIdentity !== require('node:tls').checkServerIdentity,
    servername: text(options.servername),
    versions,
    ciphers: text(options.ciphers),
    curves: text(options.ecdhCurve),
    signatureAlgorithms: text(options.sigalgs),
    alpn: alpnOf(options.ALPNProtocols),
    hello,
    refused,
    observed: observed && { ok: observed.ok, code: observed.code ?? undefined, message: observed.message ?? undefined },
  }
}

module.exports = { clientOptionsOf }
