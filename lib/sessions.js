'use strict'

// A connection that resumes a session is not verified again, and clients keep sessions where nobody else reaches them: undici per connector, agents,
// drivers. So every state of a store has a number of its own, which OpenSSL writes into the sessions of its contexts (`SSL_SESSION`, `sid_ctx`), and
// a session with another number is not taken up: the connection verifies what it is shown.

const { randomBytes } = require('node:crypto')

const { runtime } = require('./runtime.js')

/** @type {WeakMap<object, string>} */
const marks = new WeakMap()
let isGuarded = false

/** At most 32 octets (`SSL_MAX_SID_CTX_LENGTH`); nothing that a server sends can contain it by chance or by intent. */
function newMark() {
  if (!isGuarded && runtime() === 'bun') guardBun()
  return randomBytes(12).toString('hex')
}

/**
 * From now on, connections through this context take up sessions of contexts with this mark alone. OpenSSL would refuse others, too, by ending the
 * connection.
 *
 * @param {import('node:tls').SecureContext} secureContext made with `sessionIdContext: mark`
 * @param {string} mark
 */
function keepSessionsApart(secureContext, mark) {
  marks.set(secureContext, mark)
  if (!isGuarded) guard(secureContext)
}

/**
 * Stands before the one place through which every session comes: `tls.connect` has two ways to it, and only one is exported.
 *
 * @param {import('node:tls').SecureContext} secureContext Any: without one, a socket makes one, by what an installed store may have wrapped.
 */
function guard(secureContext) {
  const { TLSSocket } = require('node:tls')
  // A handle without a connection: @types know it as a wrapper of a socket only.
  const probe = /** @type {any} */ (new TLSSocket(/** @type {any} */ (undefined), { secureContext }))
  const handle = Object.getPrototypeOf(probe._handle)
  probe.destroy()
  const { setSession } = handle
  /** @param {Buffer} session */
  handle.setSession = function (session) {
    const mark = marks.get(this._secureContext)
    return mark === undefined || session.includes(mark) ? setSession.call(this, session) : undefined
  }
  isGuarded = true
}

/**
 * Bun (1.4.5) has no such place, and its sessions carry no mark. Its agents go through `tls.connect`, and there no session is taken up any more once a
 * store has changed, but by connections with a `ca` of their own. Sessions of Deno (2.9.6) are bound to their context as it is.
 */
function guardBun() {
  const tls = require('node:tls')
  const { connect } = tls
  /** @param {any[]} args */
  const withoutSession = (...args) => {
    const own = args.map((arg) => (typeof arg === 'object' && arg !== null && arg.session !== undefined && !arg.ca ? { ...arg, session: undefined } : arg))
    return Reflect.apply(connect, tls, own)
  }
  tls.connect = withoutSession
  isGuarded = true
}

module.exports = { keepSessionsApart, newMark }
