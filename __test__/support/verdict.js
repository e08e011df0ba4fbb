'use strict'

// What judge.js and the Nodes that it asks have in common.

const der = require('./der')

// Node's `X509ErrorCode` (src/crypto/crypto_common.cc, and deps/ncrypto from Node 24 on): the numbers that have a code of their own. It is the
// same in Node 18 to 26: oracle.test.js asks each of them for every number.
const CODES = new Map([
  [2, 'UNABLE_TO_GET_ISSUER_CERT'],
  [3, 'UNABLE_TO_GET_CRL'],
  [4, 'UNABLE_TO_DECRYPT_CERT_SIGNATURE'],
  [5, 'UNABLE_TO_DECRYPT_CRL_SIGNATURE'],
  [6, 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY'],
  [7, 'CERT_SIGNATURE_FAILURE'],
  [8, 'CRL_SIGNATURE_FAILURE'],
  [9, 'CERT_NOT_YET_VALID'],
  [10, 'CERT_HAS_EXPIRED'],
  [11, 'CRL_NOT_YET_VALID'],
  [12, 'CRL_HAS_EXPIRED'],
  [13, 'ERROR_IN_CERT_NOT_BEFORE_FIELD'],
  [14, 'ERROR_IN_CERT_NOT_AFTER_FIELD'],
  [15, 'ERROR_IN_CRL_LAST_UPDATE_FIELD'],
  [16, 'ERROR_IN_CRL_NEXT_UPDATE_FIELD'],
  [17, 'OUT_OF_MEM'],
  [18, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [19, 'SELF_SIGNED_CERT_IN_CHAIN'],
  [20, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  [21, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [22, 'CERT_CHAIN_TOO_LONG'],
  [23, 'CERT_REVOKED'],
  [25, 'PATH_LENGTH_EXCEEDED'],
  [26, 'INVALID_PURPOSE'],
  [27, 'CERT_UNTRUSTED'],
  [28, 'CERT_REJECTED'],
  [62, 'HOSTNAME_MISMATCH'],
  [79, 'INVALID_CA'],
])

/**
 * The `code` of the error that Node makes of OpenSSL's number.
 * @param {number} number `X509_V_ERR_*`, not 0
 */
function x509Code(number) {
  return CODES.get(number) ?? 'UNSPECIFIED'
}

/**
 * The `code` that Node makes from the text of an error of OpenSSL's (`TLSWrap::ClearOut` in src/crypto/crypto_tls.cc).
 * @param {string} reason `illegal padding`
 */
function handshakeCode(reason) {
  return `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`
}

/** A verdict of which nothing is known yet; see judge.js for the fields. */
function noVerdict() {
  return {
    ok: false, code: null, stage: null, error: null, depth: null, errors: [], reason: null,
    chain: null, sources: null, leafKey: null, keyFault: null, at: null,
  }
}

/**
 * The DER in every PEM block of a `ca`, whether Node can read it or not: what the names `T0`, `T1`, … count.
 * @param {(string | Buffer)[]} ca
 */
function certificatesIn(ca) {
  const found = []
  for (const entry of ca) {
    for (const [, base64] of entry.toString('latin1').matchAll(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^-]*)-----END/g)) {
      const bytes = Buffer.from(base64, 'base64')
      try {
        // A TRUSTED CERTIFICATE has more behind the certificate.
        found.push(der.read(bytes).raw)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        found.push(bytes)
      }
    }
  }
  return found
}

module.exports = { certificatesIn, handshakeCode, noVerdict, x509Code }
