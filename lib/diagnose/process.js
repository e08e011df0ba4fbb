'use strict'

// What the findings need to know of this process. Nothing that costs anything is looked at before the verdict asks for it.

const { nativeOf } = require('../verify.js')

/**
 * @typedef {import('../../binding.js').NativeTrust} NativeTrust
 * @typedef {import('../trusted.js').Trusted} Trusted
 *
 * @typedef {object} ProcessFacts
 * @property {import('../../binding.js').NativeProcess} process
 * @property {NativeTrust} [system] The system's store, where the verdict's trust may be without it.
 * @property {NativeTrust} [byDefault] What the process trusts by itself, where the verdict is that of a `ca` option.
 * @property {NativeTrust} [given] The `ca` of the program's own options, where the verdict is not that of it.
 */

/** @type {NativeTrust | undefined} */
let system

/** The system's store, read once a process. */
function systemTrust() {
  const { loadTrustStoreSync, nativeTrustOf } = require('../trust-store.js')
  system ??= nativeTrustOf(/** @type {import('../trust-store.js').TrustStore} */ (loadTrustStoreSync({ bundled: false, extra: false })))
  return system
}

/**
 * @param {import('../../index.js').Verdict | null} verdict
 * @param {import('./options.js').Asked} asked
 * @param {Trusted} trusted What the verdict trusts.
 * @returns {ProcessFacts}
 */
function processOf(verdict, { isNow, minDaysLeft, now, question, tlsOptions }, trusted) {
  const { node } = question
  const lacksAnchor = verdict !== null && !verdict.ok && nativeOf(verdict).lacksAnchor()
  const isDefault = trusted.name === 'default'
  const ca = trusted.name === 'default' ? tlsOptions?.ca : undefined
  const asksForSettings = (lacksAnchor && isDefault) || process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0'
  return {
    process: {
      node,
      isNow,
      facts: asksForSettings ? { ...require('../process-facts.js').processFacts(), node, now, minDaysLeft } : undefined,
    },
    system: lacksAnchor && trusted.name !== 'merged' ? systemTrust() : undefined,
    byDefault: lacksAnchor && trusted.name === 'ca' ? require('../trusted.js').trustedByDefault().on(node) : undefined,
    given: ca === undefined || ca === '' ? undefined : require('../trusted.js').trustedByOption(ca, false, 'options.tlsOptions.ca').trust,
  }
}

module.exports = { processOf }
