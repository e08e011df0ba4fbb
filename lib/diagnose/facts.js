'use strict'

// What the probe saw, as a `Diagnosis` tells it.

const { createHash } = require('node:crypto')

const { alertName } = require('./code.js')

/**
 * @typedef {import('../../binding.js').AttemptFacts} AttemptFacts
 * @typedef {import('../../index.js').Diagnosis} Diagnosis
 * @typedef {import('../../index.js').DiagnosedFailure} DiagnosedFailure
 */

/**
 * Where it ended.
 *
 * @param {import('../../binding.js').FailureFacts | undefined} failure
 * @returns {DiagnosedFailure | null}
 */
function failureOf(failure) {
  if (failure === undefined) return null
  const { stage, kind, alert, text } = failure
  return { stage, kind, alert: alert ?? null, text: text ?? null }
}

/**
 * @param {AttemptFacts['timings']} timings
 * @returns {Diagnosis['timings']}
 */
function timingsOf({ dns, tcp, proxy, starttls, handshake }) {
  return { dns: dns ?? null, tcp: tcp ?? null, proxy: proxy ?? null, starttls: starttls ?? null, handshake: handshake ?? null }
}

/** @param {AttemptFacts['withoutServerName']} answer */
function withoutServernameOf(answer) {
  if (answer === undefined) return null
  const [first] = answer.certificates ?? []
  return { same: answer.same, certificate: first === undefined ? null : certificateOf(first), failure: failureOf(answer.failure) }
}

/**
 * The certificates of a chain that can be read, in its order.
 *
 * @param {unknown} chain
 */
function certificatesOf(chain) {
  const pieces = /** @type {(string | Uint8Array)[]} */ (Array.isArray(chain) ? chain : [chain])
  return pieces.flatMap((piece) => {
    const { blocks, found } = require('../inspect.js').inspectCaFileSync(Buffer.from(piece))
    return blocks.flatMap(({ certificates }) => certificates).flatMap((index) => (found[index] === undefined ? [] : [{ ...found[index], sources: [] }]))
  })
}

/**
 * One certificate; null when nobody can read it.
 *
 * @param {Uint8Array} der
 */
function certificateOf(der) {
  return certificatesOf([der])[0] ?? null
}

/**
 * The wish for a client certificate.
 *
 * @param {import('../../binding.js').ClientCertificateFacts} request
 */
function requestOf({ authorities, sent, refused }) {
  return { authorities, sent, refused: refused === undefined ? null : alertName(refused) }
}

/**
 * What a stapled response says.
 *
 * @param {import('../../binding.js').OcspFacts} facts
 * @returns {import('../../index.js').DiagnosedOcsp}
 */
function ocspOf({ status, producedAt, thisUpdate, nextUpdate, revokedAt, signature }) {
  return { status, producedAt: producedAt ?? null, thisUpdate: thisUpdate ?? null, nextUpdate: nextUpdate ?? null, revokedAt: revokedAt ?? null, signature }
}

/**
 * @param {AttemptFacts} attempt
 * @returns {Diagnosis['session']}
 */
function sessionOf({ session, versions, withoutServerName }) {
  if (session === undefined) return null
  const { alpn, cipherSuite, clientCertificate, complete, group, keyExchange, ocsp, protocol } = session
  return {
    complete,
    protocol,
    cipherSuite,
    group: group ?? null,
    keyExchange,
    alpn: alpn ?? null,
    ocsp: ocsp === undefined ? null : ocspOf(ocsp),
    clientCertificate: clientCertificate === undefined ? null : requestOf(clientCertificate),
    versions: versions.map((offer) => ({ protocol: offer.protocol, cipherSuite: offer.cipherSuite ?? null })),
    // Without the name it fails as with it, where the probe cannot go on: that says nothing of the name.
    withoutServername: complete || withoutServerName?.failure === undefined ? withoutServernameOf(withoutServerName) : null,
  }
}

/**
 * What one address answered.
 *
 * @param {AttemptFacts} attempt
 * @param {import('../../index.js').Outcome | null} verdict
 * @param {string | null} code
 * @returns {import('../../index.js').DiagnosedAddress}
 */
function addressOf({ address, failure, session }, verdict, code) {
  return {
    address: address ?? null,
    ok: verdict !== null && verdict.ok && failure === undefined && code === null,
    code,
    chain: (session?.certificates ?? []).map((der) => createHash('sha256').update(der).digest('hex')),
    failure: failureOf(failure),
  }
}

module.exports = { addressOf, certificatesOf, failureOf, sessionOf, timingsOf }
