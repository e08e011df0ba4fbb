'use strict'

// The `code` of Node's error for a connection that ended before there was a verdict.

/**
 * An alert in words: `handshake failure`.
 *
 * @param {number} number
 */
function alertName(number) {
  return require('../native.js').alertName(number) ?? `alert ${number}`
}

/** Alerts of a server that has nothing in common with what is offered: those come before any certificate. */
const NOTHING_SHARED = new Set([40, 70, 71])

/**
 * The code of a whole connection: what comes first in it decides.
 *
 * @param {object} seen
 * @param {import('../../index.js').Outcome | null} seen.verdict
 * @param {import('../../index.js').DiagnosedFailure | null} seen.failure
 * @param {string | null} seen.unjudged What Node fails with before there is anything to judge, as `NativeProbe.code` knows it.
 * @param {boolean} seen.isComplete Whether the client's side of the handshake was completed.
 * @param {import('../../index.js').ObservedOutcome | null} seen.observed
 * @returns {string | null}
 */
function connectionCode({ verdict, failure, unjudged, isComplete, observed }) {
  const judged = verdict?.code ?? null
  if (failure === null) {
    // The probe got through, or saw that others do, and this Node does not.
    return unjudged ?? judged ?? observed?.code ?? null
  }
  const isBeforeCertificates = failure.kind === 'nothing-shared' || (failure.alert !== null && NOTHING_SHARED.has(failure.alert))
  // A chain that cannot be read ends the handshake; one that is refused is refused after it.
  if (judged !== null && ((verdict?.stage === 'handshake' && !isBeforeCertificates) || isComplete)) return judged
  // Node itself waits for as long as it takes: programs with a limit, as all should have, end so.
  const impatient = failure.kind === 'timed-out' ? 'ETIMEDOUT' : null
  return observed?.code ?? unjudged ?? judged ?? impatient
}

module.exports = { alertName, connectionCode }
