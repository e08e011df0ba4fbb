'use strict'

// One context for all connections that ask for the same one. What a store adds to a context is parsed for each context anew: on OpenSSL 3.0 that takes
// milliseconds, more than the whole connection.

const { CONTEXT_OPTIONS } = require('./default-context.js')

const MOST = 16

/**
 * What tells the context of these options from others; nothing where it may not be shared. That `tls.connect` asks for it is seen by the three options
 * which it adds to its caller's (`lib/_tls_wrap.js`): such a context never leaves its connection.
 *
 * @param {Record<string, unknown> | undefined} options
 * @param {typeof import('node:tls')} tls
 * @returns {string | undefined}
 */
function shapeOf(options, tls) {
  if (options === undefined || options.minDHSize !== 1024 || typeof options.checkServerIdentity !== 'function') return undefined
  const isShaping = (/** @type {string} */ name) => options[name] !== undefined && (name !== 'ciphers' || options.ciphers !== tls.DEFAULT_CIPHERS)
  const given = CONTEXT_OPTIONS.filter(isShaping).map((name) => [name, options[name]])
  if (given.length === 0) return ''
  try {
    // A digest: there are private keys among them.
    return require('node:crypto').createHash('sha256').update(require('node:v8').serialize(given)).digest('base64')
  } catch {
    return undefined
  }
}

/** Those that were asked for last. */
class ConnectionContexts {
  /** @type {Map<string, import('node:tls').SecureContext>} */
  #known = new Map()

  /**
   * @param {string} shape
   * @param {() => import('node:tls').SecureContext} make
   */
  of(shape, make) {
    const context = this.#known.get(shape) ?? make()
    this.#known.delete(shape)
    this.#known.set(shape, context)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break
      this.#known.delete(oldest)
    }
    return context
  }

  clear() {
    this.#known.clear()
  }
}

module.exports = { ConnectionContexts, shapeOf }
