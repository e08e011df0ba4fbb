'use strict'

// The question of `diagnose`: which trust, from which perspectives.

const { nativeTrustOf } = require('../trust-store.js')
const { verdictOn } = require('../verify.js')

/**
 * @typedef {import('../../index.js').StoreName} StoreName
 * @typedef {import('../../index.js').Verdict} Verdict
 * @typedef {import('../../index.js').PerspectiveVerdict} PerspectiveVerdict
 * @typedef {import('../../index.js').VerifyOptions} VerifyOptions
 * @typedef {{ name: string, text: Uint8Array, places: [sha256: string, line: number | undefined][] }} CaFile
 * @typedef {object} Trust
 * @property {string} name The store's, as perspectives call it.
 * @property {string} words The same for people.
 * @property {{ name: string, trust: import('../../binding.js').NativeTrust, names: readonly string[], on: (node: string) => import('../../binding.js').NativeTrust, part: (names: string[]) => import('../../binding.js').NativeTrust }} trusted
 * @property {StoreName[][]} others What else to look from.
 * @property {(sha256: string) => import('../../index.js').Source[]} sourcesOf Where a trusted certificate is from.
 */

const STORE_WORDS = /** @type {Record<string, string>} */ ({
  bundled: 'the list in this Node',
  system: 'the system store',
  extra: 'NODE_EXTRA_CA_CERTS',
  merged: 'all stores together',
})
const STORES = ['bundled', 'system', 'extra', 'ca', 'merged']
const LINES = ['18', '20', '22', '24', '26']
// tls.createSecureContext: `allowPartialTrustChain` came with 22.9 and 20.18.
const FIRST_WITH_PARTIAL_CHAINS = 20

/**
 * What is trusted: the files of `--ca` as Node's `ca` option, a store of this process, both, or what Node trusts here when it is told nothing.
 *
 * @param {CaFile[]} files
 * @param {StoreName | undefined} store
 * @returns {Trust}
 */
function trustOf(files, store) {
  const binding = require('../native.js')
  const { loadTrustStoreSync } = require('../../index.js')
  /** @type {import('../trust-store.js').TrustStore | undefined} */
  let merged
  const all = () => (merged ??= /** @type {import('../trust-store.js').TrustStore} */ (loadTrustStoreSync({ bundled: 'node', ca: files.map(({ text }) => text) })))
  const part = (/** @type {string[]} */ names) => nativeTrustOf(all(), names)
  const fileWords = files.length === 1 ? files[0]?.name ?? '' : `${files.length} files`
  /** @type {Map<string, import('../../index.js').Source>} */
  const inFiles = new Map()
  for (const { name, places } of files) for (const [sha256, line] of places) if (!inFiles.has(sha256)) inFiles.set(sha256, { store: 'ca', path: name, ...(line === undefined ? {} : { line }) })
  /** @type {Map<string, import('../../index.js').Source[]> | undefined} */
  let inStores
  const sourcesOf = (/** @type {string} */ sha256) => {
    const file = inFiles.get(sha256)
    if (store === undefined && file) return [file]
    inStores ??= new Map([...all().certificates, ...all().excluded.map(({ certificate }) => certificate)].map((entry) => [entry.sha256, entry.sources]))
    const sources = (inStores.get(sha256) ?? []).filter((source) => source.store !== 'ca')
    return file ? [file, ...sources] : sources
  }
  const extra = process.env.NODE_EXTRA_CA_CERTS ? /** @type {StoreName[][]} */ ([['extra']]) : []
  const own = /** @type {StoreName[][]} */ ([['bundled'], ['system'], ...extra, ['merged']])
  if (store !== undefined) {
    const names = files.length === 0 || store === 'merged' ? [store] : /** @type {StoreName[]} */ ([store, 'ca'])
    const words = files.length === 0 ? String(STORE_WORDS[store]) : `${STORE_WORDS[store]} and ${fileWords}`
    return { name: names.join('+'), words, trusted: { name: names.join('+'), trust: part(names), names: STORES, on: () => part(names), part }, others: own.filter((names_) => names_.join() !== names.join()), sourcesOf }
  }
  if (files.length > 0) {
    const trust = binding.NativeTrust.fromCa(files.map(({ text }) => text))
    return { name: 'ca', words: fileWords, trusted: { name: 'ca', trust, names: STORES, on: () => trust, part: (names) => (names.join() === 'ca' ? trust : part(names)) }, others: own, sourcesOf }
  }
  const { defaultTrust } = require('../bundled.js')
  const { trust: trusts } = require('../../index.js').preflightSync()
  const names = /** @type {const} */ (['bundled', 'system', 'extra']).filter((name) => trusts[name].trusted)
  const name = names.join('+') || 'nothing'
  const trust = binding.NativeTrust.fromCa(defaultTrust())
  return {
    name,
    words: `what Node trusts here (${name})`,
    trusted: { name, trust, names: STORES, on: () => trust, part },
    others: own.filter(([other]) => other !== name),
    sourcesOf,
  }
}

const major = (/** @type {string} */ node) => Number.parseInt(node.replace(/^v/, ''), 10)

/**
 * The verdict and the same chain from elsewhere: every Node with what is trusted, with partial chains where they make a difference, and with
 * the stores of this process; then every Node at the dates at which the verdict changes.
 *
 * @param {(string | Uint8Array)[]} pieces
 * @param {Trust} trust
 * @param {VerifyOptions & { node: string }} options
 * @returns {{ verdict: Verdict, perspectives: PerspectiveVerdict[] }}
 */
function judge(pieces, { others, trusted }, options) {
  const given = { ...options }
  const verdict = verdictOn(pieces, 'chain', trusted, given, 'options')
  // Those of a call that names none, which finds the dates.
  const usual = verdict.perspectives
  const [asked] = usual
  const dates = [...new Set(usual.map(({ time }) => time))].filter((time) => time !== asked?.time)
  const nodes = LINES.includes(String(major(options.node))) ? LINES : [...LINES, options.node].sort((one, other) => major(one) - major(other))
  /** @type {import('../../index.js').Perspective[]} */
  const wanted = nodes.map((node) => ({ node }))
  if (usual.some(({ allowPartialTrustChain, ok }) => allowPartialTrustChain !== (options.allowPartialTrustChain ?? false) && ok !== verdict.ok)) {
    for (const node of nodes) if (major(node) >= FIRST_WITH_PARTIAL_CHAINS) wanted.push({ node, allowPartialTrustChain: true })
  }
  for (const store of others) for (const node of nodes) wanted.push({ node, store })
  for (const time of dates) for (const node of nodes) wanted.push({ node, time })
  return { verdict, perspectives: verdictOn(pieces, 'chain', trusted, { ...given, perspectives: wanted }, 'options').perspectives }
}

module.exports = { judge, trustOf }
