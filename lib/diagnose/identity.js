'use strict'

// The client certificate of a connection: what Node takes as `cert`, `key`, `pfx` and `passphrase`, as a chain in DER and a key in PKCS#8.

const { X509Certificate, createPrivateKey } = require('node:crypto')
const tls = require('node:tls')

const { pkcs12Identity } = require('../native.js')
const { invalidValue } = require('../validate.js')

/** The labels that `PEM_read_bio_X509_AUX` takes, by which Node's `setCert` reads. */
const PEM = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^-]+-----END \1-----/g

/**
 * @typedef {{ cert?: string | Uint8Array, key?: string | Uint8Array, pfx?: Uint8Array, passphrase?: string }} IdentityOptions
 * @typedef {{ certificates: Buffer[], privateKey: Buffer }} Identity The leaf first, DER; PKCS#8 in DER.
 */

/**
 * Undefined when no client certificate is given. Throws Node's own errors, as `tls.createSecureContext` does: for a wrong passphrase, or a key that
 * does not belong to the certificate. As in Node, `pfx` overrides `cert` and `key`.
 *
 * @param {IdentityOptions} given
 * @returns {Identity | undefined}
 */
function identityOf({ cert, key, pfx, passphrase }) {
  if (cert === undefined && key === undefined && pfx === undefined) return undefined
  if (pfx === undefined && cert === undefined) throw withoutValue('options.cert', 'is needed beside options.key')
  if (pfx === undefined && key === undefined) throw withoutValue('options.key', 'is needed beside options.cert')
  // Whatever Node refuses is refused here, in its words.
  tls.createSecureContext(/** @type {import('node:tls').SecureContextOptions} */ ({ cert, key, pfx, passphrase }))
  return pfx === undefined
    ? { certificates: certificatesIn(/** @type {string | Uint8Array} */ (cert)), privateKey: pkcs8(/** @type {string | Uint8Array} */ (key), passphrase) }
    : identityIn(pfx, passphrase)
}

/** @param {string | Uint8Array} pem */
function certificatesIn(pem) {
  const text = typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1')
  return [...text.matchAll(PEM)].map(([block]) => new X509Certificate(block).raw)
}

/** @param {string | Uint8Array} key @param {string} [passphrase] */
function pkcs8(key, passphrase) {
  const pem = typeof key === 'string' ? key : Buffer.from(key)
  return createPrivateKey({ key: pem, passphrase }).export({ type: 'pkcs8', format: 'der' })
}

/** @param {Uint8Array} pfx @param {string} [passphrase] */
function identityIn(pfx, passphrase) {
  const opened = pkcs12Identity(pfx, passphrase)
  const [der] = opened?.privateKeys ?? []
  if (opened == null || der === undefined) throw withoutValue('options.pfx', 'holds no private key that can be read')
  const key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
  const certificates = opened.certificates.map((each) => new X509Certificate(each))
  const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key))
  if (leaf === undefined) throw withoutValue('options.pfx', 'holds no certificate that belongs to its private key')
  return { certificates: chainFrom(leaf, certificates).map(({ raw }) => raw), privateKey: Buffer.from(der) }
}

/**
 * OpenSSL leads from the leaf to the root through what else the file holds (`ssl_add_cert_chain`), whatever its order.
 *
 * @param {X509Certificate} leaf @param {X509Certificate[]} others
 */
function chainFrom(leaf, others) {
  const chain = [leaf]
  const waiting = new Set(others)
  waiting.delete(leaf)
  for (const last of chain) {
    const issuer = [...waiting].find((candidate) => last.checkIssued(candidate))
    if (issuer === undefined) break
    waiting.delete(issuer)
    chain.push(issuer)
  }
  return chain
}

/** The value is a key, and stays out of messages. @param {string} name @param {string} expected */
function withoutValue(name, expected) {
  const error = invalidValue(name, expected, undefined)
  error.message = `The property '${name}' ${expected}`
  return error
}

module.exports = { identityOf }
