'use strict'

// Live servers, many at a time.

const { setMaxListeners } = require('node:events')

const { diagnoseWith } = require('../diagnose.js')
const { identityOf } = require('../diagnose/identity.js')
const { someAtATime } = require('../diagnose/many.js')
const { targetOf } = require('../diagnose/target.js')
const { CommandError } = require('./errors.js')

/**
 * @typedef {import('../../index.js').Diagnosis} Diagnosis
 * @typedef {import('./diagnose.js').Result} Result
 * @typedef {import('./diagnose.js').Trust} Trust
 * @typedef {{ target: string, place?: string }} Listed
 */

/**
 * A target that cannot be one, or a client certificate that cannot be used, ends the command before anything is connected to.
 *
 * @param {Listed[]} targets
 * @param {Record<string, unknown>} options
 */
function checkTargets(targets, options) {
  try {
    identityOf(options)
  } catch (error) {
    throw new CommandError(`the client certificate cannot be used: ${/** @type {Error} */ (error).message}`)
  }
  for (const { target, place } of targets) {
    try {
      targetOf(target, options)
    } catch (error) {
      throw new CommandError(`${place === undefined ? '' : `${place}: `}${/** @type {Error} */ (error).message}`)
    }
  }
}

/**
 * What the observation trusts: the same as the verdict, in one context for all targets.
 *
 * @param {import('./diagnose.js').CaFile[]} files
 * @param {import('../../index.js').StoreName | undefined} store
 * @returns {import('../diagnose.js').ObservedTrust}
 */
function observedTrust(files, store) {
  const given = files.map(({ text }) => Buffer.from(text))
  if (store === undefined && given.length === 0) return (context) => ({ ...context })
  /** @type {(string | Buffer)[] | undefined} */
  let ca
  /** @type {import('node:tls').SecureContext | undefined} */
  let shared
  return (context) => {
    ca ??= store === undefined ? given : storedCertificates(store, given)
    if (context !== undefined) return { ca, ...context }
    return { secureContext: (shared ??= require('node:tls').createSecureContext({ ca })) }
  }
}

/** @param {import('../../index.js').StoreName} store @param {Buffer[]} ca */
function storedCertificates(store, ca) {
  const { loadTrustStoreSync } = require('../../index.js')
  const has = (/** @type {string} */ name) => store === 'merged' || store === name
  return loadTrustStoreSync({ bundled: has('bundled') ? 'node' : false, system: has('system'), extra: has('extra'), ca }).ca
}

/**
 * Diagnoses every target, some at a time. Ctrl-C ends it at once, and what there is by then is the result.
 *
 * @param {Listed[]} targets
 * @param {object} how
 * @param {Record<string, unknown>} how.options Of `diagnose`.
 * @param {Trust} how.trust
 * @param {ReturnType<typeof observedTrust>} how.observed
 * @param {number} how.concurrency
 * @param {ReturnType<import('./progress.js').progressBar>} how.bar
 * @param {(diagnosis: Diagnosis, signal: AbortSignal) => Promise<void>} how.onDiagnosis What is done about each before it is a result.
 * @param {(result: Result) => void} how.onResult Called as they come.
 * @returns {Promise<{ results: Result[], interrupted: boolean }>} in the order of the targets
 */
async function diagnoseServers(targets, { options, trust, observed, concurrency, bar, onDiagnosis, onResult }) {
  checkTargets(targets, options)
  const ending = new AbortController()
  const { signal } = ending
  // As many wait for it as there are targets at a time.
  setMaxListeners(0, signal)
  let interrupted = false
  const interrupt = () => {
    interrupted = true
    ending.abort()
  }
  // The second one ends the process as ever.
  process.once('SIGINT', interrupt)
  /** @type {(Result | undefined)[]} */
  const found = new Array(targets.length).fill(undefined)
  bar.start()
  try {
    await someAtATime(targets, concurrency, async ({ target }, index) => {
      try {
        const diagnosis = await diagnoseWith(target, { ...options, signal }, trust.trusted, observed)
        await onDiagnosis(diagnosis, signal)
        const result = resultOf(diagnosis, trust)
        found[index] = result
        onResult(result)
        bar.step(result.ok)
      } catch (error) {
        if (interrupted) return
        // No other one is worth waiting for.
        ending.abort()
        throw error
      }
    }, () => signal.aborted)
  } finally {
    process.removeListener('SIGINT', interrupt)
    bar.clear()
  }
  return { results: found.filter((result) => result !== undefined), interrupted }
}

/**
 * @param {Diagnosis} diagnosis
 * @param {Trust} trust
 * @returns {Result}
 */
function resultOf(diagnosis, trust) {
  return {
    ok: diagnosis.ok,
    findings: diagnosis.findings,
    explains: diagnosis.code ?? undefined,
    live: diagnosis,
    text: (to) => require('../diagnosis-text.js').diagnosis(withSources(diagnosis, trust), to),
    json: () => withSources(diagnosis, trust).toJSON(),
    page: () => withSources(diagnosis, trust),
  }
}

/**
 * Says of each certificate that was taken from a store where it stands there.
 *
 * @param {Diagnosis} diagnosis
 * @param {Trust} trust
 */
function withSources(diagnosis, trust) {
  for (const element of diagnosis.verdict?.path ?? []) {
    const known = element.presented === null ? trust.sourcesOf(element.sha256) : []
    // A list is read as a `ca` option; where it stands in that says nothing.
    element.sources = known.length > 0 ? known : element.sources.filter(({ store }) => store !== 'ca')
  }
  return diagnosis
}

module.exports = { diagnoseServers, observedTrust }
