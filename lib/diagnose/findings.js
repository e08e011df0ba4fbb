'use strict'

// The findings of a connection: the core makes them of what was seen.

const { diagnoseFindings } = require('../native.js')
const { nativeOf } = require('../verify.js')
const { processOf } = require('./process.js')

/**
 * @param {object} seen
 * @param {import('../../binding.js').NativeProbe} seen.probe
 * @param {import('../../index.js').Verdict | null} seen.verdict
 * @param {import('../../index.js').ObservedOutcome | null} seen.observed
 * @param {string | undefined} seen.notObserved Why this Node's own connection was not made although it was asked for.
 * @param {import('../../binding.js').NativeClientOptions} [seen.options] What is known of the options of the program.
 * @param {import('./options.js').Asked} asked
 * @param {import('../trusted.js').Trusted} trusted What the verdict trusts.
 * @returns {import('../../index.js').Finding[]}
 */
function findingsOf({ probe, verdict, observed, notObserved, options }, asked, trusted) {
  const { minDaysLeft, now } = asked
  const { byDefault, given, process, system } = processOf(verdict, asked, trusted)
  // The trust is read for a proxy's own certificate alone, where there is no other.
  const isProxySeen = verdict === null && probe.attempts().some(({ proxySession }) => proxySession !== undefined)
  return diagnoseFindings(probe, verdict === null ? undefined : nativeOf(verdict), {
    observed: observed === null ? undefined : { ok: observed.ok, code: observed.code ?? undefined, message: observed.message ?? undefined },
    notObserved,
    now,
    minDaysLeft,
    process: { ...process, options },
  }, system, byDefault, given, isProxySeen ? trusted.trust : undefined)
}

module.exports = { findingsOf }
