'use strict'

// A secure context made from what Node has parsed already: its default one, and what the store has beyond it.

// Further entries of the default list (NODE_EXTRA_CA_CERTS, the system's) are compared one by one; with more of them a context made of `ca` costs less.
const MOST_OTHERS = 64

/** @typedef {import('./wrapper.js').CreateSecureContext} CreateSecureContext */

/**
 * What Node's default context trusts beyond its own list; undefined where it is not that list and more.
 *
 * @param {CreateSecureContext} createSecureContext
 * @returns {string[] | undefined}
 */
function beyondOwnList(createSecureContext) {
  const tls = require('node:tls')
  const roots = tls.rootCertificates
  if (typeof tls.getCACertificates === 'function') {
    const trusted = tls.getCACertificates('default')
    if (trusted.length < roots.length || trusted.length > roots.length + MOST_OTHERS) return undefined
    return roots.every((pem, index) => pem === trusted[index]) ? trusted.slice(roots.length) : undefined
  }
  // Node 18 and 20 give a context to which something is added the list alone, without NODE_EXTRA_CA_CERTS (`NewRootCertStore`); with `--use-openssl-ca`
  // not that either.
  const [root = ''] = roots
  const context = /** @type {{ getIssuer(): Buffer | null }} */ (/** @type {unknown} */ (createSecureContext({ cert: root }).context))
  return context.getIssuer() === null ? undefined : []
}

/**
 * What has to be added to a default context so that it trusts what the store does, as PEM; undefined where nothing that is added makes it so.
 *
 * @param {import('../binding.js').NativeTrustStore} store
 * @param {CreateSecureContext} createSecureContext Node's own.
 * @returns {string | undefined}
 */
function additionOf(store, createSecureContext) {
  const others = beyondOwnList(createSecureContext)
  return others === undefined ? undefined : (store.addition(others.join('\n'), process.versions.node) ?? undefined)
}

/**
 * A context of a store: made from the default one where that comes to the same.
 *
 * @param {CreateSecureContext} createSecureContext Node's own.
 * @param {{ ca: () => readonly string[], addition: (createSecureContext: CreateSecureContext) => string | undefined }} trust
 * @param {import('node:tls').SecureContextOptions} [options]
 */
function contextOf(createSecureContext, trust, options) {
  const addition = trust.addition(createSecureContext)
  if (addition === undefined) return createSecureContext({ ...options, ca: [...trust.ca()] })
  const secureContext = createSecureContext(options)
  // Takes every block of the text, and parses no certificate but these.
  if (addition !== '') /** @type {{ addCACert(pem: string): void }} */ (secureContext.context).addCACert(addition)
  return secureContext
}

/** What `tls.createSecureContext` reads besides `ca`. Given beside a secure context, Node ignores all of it without a word. */
const CONTEXT_OPTIONS = [
  'allowPartialTrustChain', 'cert', 'ciphers', 'clientCertEngine', 'crl', 'dhparam', 'ecdhCurve', 'honorCipherOrder', 'key', 'maxVersion',
  'minVersion', 'passphrase', 'pfx', 'privateKeyEngine', 'privateKeyIdentifier', 'secureOptions', 'secureProtocol', 'sessionIdContext',
  'sessionTimeout', 'sigalgs', 'ticketKeys',
]

module.exports = { CONTEXT_OPTIONS, additionOf, contextOf }
