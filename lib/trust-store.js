'use strict'

const binding = require('./native.js')
const { trustStoreOptions } = require('./options.js')
const { invalidValue, validateObject } = require('./validate.js')

// What `tls.createSecureContext` reads. Given beside a secure context, Node ignores all of it without a word.
const CONTEXT_OPTIONS = [
  'allowPartialTrustChain', 'cert', 'ciphers', 'clientCertEngine', 'crl', 'dhparam', 'ecdhCurve', 'honorCipherOrder', 'key', 'maxVersion',
  'minVersion', 'passphrase', 'pfx', 'privateKeyEngine', 'privateKeyIdentifier', 'secureOptions', 'secureProtocol', 'sessionIdContext',
  'sessionTimeout', 'sigalgs', 'ticketKeys',
]

const END = '-----END CERTIFICATE-----\n'

/**
 * The blocks of a clean PEM text. Slices of one string cost a fresh process half a millisecond less than as many strings made one by one.
 *
 * @param {string} pem
 */
function certificatesOf(pem) {
  const blocks = []
  for (let start = 0, end; start < pem.length; start = end) {
    end = pem.indexOf(END, start) + END.length
    blocks.push(pem.slice(start, end))
  }
  return blocks
}

/**
 * Bundled, system and extra certificates as one store. Files are read when it is made; the merge with Node's own list waits for the first use,
 * so that a program which makes no TLS connection never loads `tls`.
 */
class TrustStore {
  #native
  #withNodeRoots
  #merged = false
  /** @type {string[]} */
  #ca = []
  /** @type {import('../index.js').Certificate[] | undefined} */
  #certificates
  /** @type {import('../index.js').Excluded[] | undefined} */
  #excluded
  /** @type {import('../index.js').Finding[] | undefined} */
  #findings
  /** @type {import('node:tls').SecureContext | undefined} */
  #secureContext

  /**
   * @param {import('../binding.js').NativeTrustStore} native
   * @param {boolean} withNodeRoots
   */
  constructor(native, withNodeRoots) {
    this.#native = native
    this.#withNodeRoots = withNodeRoots
  }

  #store() {
    if (!this.#merged) {
      this.#native.merge(this.#withNodeRoots ? require('./bundled.js').nodeRoots() : undefined)
      this.#merged = true
    }
    return this.#native
  }

  get ca() {
    if (!Object.isFrozen(this.#ca)) {
      this.#ca = certificatesOf(this.#store().toPem())
      // The secure context is made of it once: a later change would go unseen.
      Object.freeze(this.#ca)
    }
    return this.#ca
  }

  get certificates() {
    return (this.#certificates ??= this.#store().certificates())
  }

  get excluded() {
    return (this.#excluded ??= this.#store().excluded())
  }

  get findings() {
    return (this.#findings ??= this.#store().findings())
  }

  get secureContext() {
    return (this.#secureContext ??= require('node:tls').createSecureContext({ ca: this.ca }))
  }

  /**
   * @param {import('node:https').AgentOptions} [options]
   */
  agent(options) {
    const given = validateObject(options, 'options')
    for (const name of ['ca', 'secureContext']) {
      if (given[name] !== undefined) {
        throw invalidValue(`options.${name}`, 'would replace the store; give further certificates to loadTrustStore({ ca })', given[name])
      }
    }
    const https = require('node:https')
    const own = CONTEXT_OPTIONS.filter((name) => given[name] !== undefined)
    if (own.length === 0) return new https.Agent({ ...options, secureContext: this.secureContext })
    const contextOptions = Object.fromEntries(own.map((name) => [name, given[name]]))
    const secureContext = require('node:tls').createSecureContext({ ...contextOptions, ca: this.ca })
    return new https.Agent({ ...options, secureContext })
  }

  connectOptions() {
    return { secureContext: this.secureContext }
  }

  toPem() {
    return this.#store().toPem()
  }

  toJSON() {
    return { certificates: this.certificates, excluded: this.excluded, findings: this.findings }
  }

  toString() {
    return require('./text.js').trustStore(this)
  }
}

/** @type {typeof import('../index.js').loadTrustStoreSync} */
function loadTrustStoreSync(options) {
  const { native, withNodeRoots } = trustStoreOptions(options)
  return new TrustStore(binding.loadTrustStoreSync(native), withNodeRoots)
}

/** @type {typeof import('../index.js').loadTrustStore} */
async function loadTrustStore(options) {
  const { native, signal, withNodeRoots } = trustStoreOptions(options)
  const { abortable } = require('./abortable.js')
  // Given the list, even an empty one, the merge is done off the main thread, too.
  const load = () => binding.loadTrustStore({ ...native, nodeRoots: withNodeRoots ? require('./bundled.js').nodeRoots() : '' })
  return new TrustStore(await abortable(signal, load), withNodeRoots)
}

module.exports = { TrustStore, loadTrustStore, loadTrustStoreSync }
