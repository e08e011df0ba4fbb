'use strict'

// The `code` of Node's error for a connection that ended before there was a verdict.

/** OpenSSL's names of alerts (ssl/ssl_err.c), by their number (RFC 8446, 6; RFC 5246, 7.2). */
const ALERTS = new Map([
  [10, 'SSLV3_ALERT_UNEXPECTED_MESSAGE'],
  [20, 'SSLV3_ALERT_BAD_RECORD_MAC'],
  [21, 'TLSV1_ALERT_DECRYPTION_FAILED'],
  [22, 'TLSV1_ALERT_RECORD_OVERFLOW'],
  [30, 'SSLV3_ALERT_DECOMPRESSION_FAILURE'],
  [40, 'SSLV3_ALERT_HANDSHAKE_FAILURE'],
  [41, 'SSLV3_ALERT_NO_CERTIFICATE'],
  [42, 'SSLV3_ALERT_BAD_CERTIFICATE'],
  [43, 'SSLV3_ALERT_UNSUPPORTED_CERTIFICATE'],
  [44, 'SSLV3_ALERT_CERTIFICATE_REVOKED'],
  [45, 'SSLV3_ALERT_CERTIFICATE_EXPIRED'],
  [46, 'SSLV3_ALERT_CERTIFICATE_UNKNOWN'],
  [47, 'SSLV3_ALERT_ILLEGAL_PARAMETER'],
  [48, 'TLSV1_ALERT_UNKNOWN_CA'],
  [49, 'TLSV1_ALERT_ACCESS_DENIED'],
  [50, 'TLSV1_ALERT_DECODE_ERROR'],
  [51, 'TLSV1_ALERT_DECRYPT_ERROR'],
  [60, 'TLSV1_ALERT_EXPORT_RESTRICTION'],
  [70, 'TLSV1_ALERT_PROTOCOL_VERSION'],
  [71, 'TLSV1_ALERT_INSUFFICIENT_SECURITY'],
  [80, 'TLSV1_ALERT_INTERNAL_ERROR'],
  [86, 'TLSV1_ALERT_INAPPROPRIATE_FALLBACK'],
  [90, 'TLSV1_ALERT_USER_CANCELLED'],
  [100, 'TLSV1_ALERT_NO_RENEGOTIATION'],
  [109, 'TLSV13_ALERT_MISSING_EXTENSION'],
  [110, 'TLSV1_UNSUPPORTED_EXTENSION'],
  [111, 'TLSV1_CERTIFICATE_UNOBTAINABLE'],
  [112, 'TLSV1_UNRECOGNIZED_NAME'],
  [113, 'TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE'],
  [114, 'TLSV1_BAD_CERTIFICATE_HASH_VALUE'],
  [115, 'TLSV1_ALERT_UNKNOWN_PSK_IDENTITY'],
  [116, 'TLSV13_ALERT_CERTIFICATE_REQUIRED'],
  [120, 'TLSV1_ALERT_NO_APPLICATION_PROTOCOL'],
])
// From OpenSSL 3.2 on, which Node has from 22 on, alerts that SSL 3.0 brought are `ssl/tls alert`.
const FIRST_WITH_NEW_NAMES = 22

/** What the system says, in Node's codes. @type {Record<string, string>} */
const SYSTEM = { 'not-found': 'ENOTFOUND', refused: 'ECONNREFUSED', unreachable: 'EHOSTUNREACH', reset: 'ECONNRESET', closed: 'ECONNRESET', 'timed-out': 'ETIMEDOUT' }

/**
 * @param {number} number
 * @param {string} node
 */
function alertCode(number, node) {
  const name = ALERTS.get(number)
  if (name === undefined) return null
  const isNew = Number.parseInt(node.replace(/^v/, ''), 10) >= FIRST_WITH_NEW_NAMES
  return `ERR_SSL_${isNew ? name.replace(/^SSLV3_ALERT/, 'SSL/TLS_ALERT') : name}`
}

/**
 * An alert in words: `handshake failure`.
 *
 * @param {number} number
 */
function alertName(number) {
  return ALERTS.get(number)?.replace(/^(?:SSLV3|TLSV13|TLSV1)_(?:ALERT_)?/, '').toLowerCase().replace(/_/g, ' ') ?? `alert ${number}`
}

/**
 * The code that is known without having connected; null where it depends on more than was seen.
 *
 * @param {import('../../index.js').DiagnosedFailure | null} failure
 * @param {string} node
 * @returns {string | null}
 */
function failureCode(failure, node) {
  // Node has no part in what a proxy or a preamble says: whoever speaks for it gives that a code of their own.
  if (failure === null || failure.stage === 'proxy' || failure.stage === 'starttls') return null
  if (failure.kind === 'alert') return failure.alert === null ? null : alertCode(failure.alert, node)
  if (failure.kind === 'plain-text') return 'ERR_SSL_WRONG_VERSION_NUMBER'
  return SYSTEM[failure.kind] ?? null
}

/**
 * The code of a whole connection: what comes first in it decides.
 *
 * @param {object} seen
 * @param {import('../../index.js').Outcome | null} seen.verdict
 * @param {import('../../index.js').DiagnosedFailure | null} seen.failure
 * @param {boolean} seen.isComplete Whether the client's side of the handshake was completed.
 * @param {import('../../index.js').ObservedOutcome | null} seen.observed
 * @param {string} node
 */
function connectionCode({ verdict, failure, isComplete, observed }, node) {
  const judged = verdict?.code ?? null
  // A chain that cannot be read ends the handshake; one that is refused is refused after it.
  if (judged !== null && (verdict?.stage === 'handshake' || isComplete || failure === null)) return judged
  if (failure === null) return observed?.code ?? null
  return observed?.code ?? failureCode(failure, node) ?? judged
}

module.exports = { alertName, connectionCode, failureCode }
