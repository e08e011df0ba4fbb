'use strict'

// The question of `diagnose`: which trust, from which perspectives.

const { NativeTrust } = require('../native.js')
const { nativeTrustOf } = require('../trust-store.js')
const { bundledTrust, trustedByDefault, union } = require('../trusted.js')
const { verdictOn } = require('../verify.js')
const { CommandError } = require('./errors.js')

/**
 * @typedef {import('../../index.js').StoreName} StoreName
 * @typedef {import('../../index.js').Verdict} Verdict
 * @typedef {import('../../index.js').PerspectiveVerdict} PerspectiveVerdict
 * @typedef {import('../../index.js').VerifyOptions} VerifyOptions
 * @typedef {{ name: string, text: Uint8Array, places: [sha256: string, line: number | undefined][] }} CaFile
 * @typedef {object} Result One diagnosed file or server.
 * @property {boolean} ok
 * @property {import('../../index.js').Finding[]} findings
 * @property {string | undefined} explains What \`explain\` knows its error by.
 * @property {(to: import('../layout.js').Surface) => string} text
 * @property {() => unknown} json
 * @property {import('../../index.js').Diagnosis} [live] Of a server.
 * @property {() => import('../reporters/html.js').Diagnosis} page What a page shows of it.
 * @typedef {object} Trust
 * @property {string} name The store's, as perspectives call it.
 * @property {string} words The same for people.
 * @property {import('../trusted.js').Trusted} trusted
 * @property {StoreName[][]} others What else to look from.
 * @property {(sha256: string) => import('../../index.js').Source[]} sourcesOf Where a trusted certificate is from.
 */

const STORE_WORDS = /** @type {Record<string, string>} */ ({
  system: 'the system store',
  extra: 'NODE_EXTRA_CA_CERTS',
  merged: 'all stores together',
})
const LINES = ['18', '20', '22', '24', '26']
// tls.createSecureContext: `allowPartialTrustChain` came with 22.9 and 20.18.
const FIRST_WITH_PARTIAL_CHAINS = 20

/**
 * What is trusted: the files of `--ca` as Node's `ca` option, a store of this process, both, or what Node trusts here when it is told nothing.
 *
 * @param {CaFile[]} files
 * @param {StoreName | undefined} store
 * @param {string} node Whose bundled list it is.
 * @returns {Trust}
 */
function trustOf(files, store, node) {
  if ((store === 'bundled' || store === 'merged') && bundledTrust(node) === undefined) {
    throw new CommandError(`the list that Node ${node} ships is not known`, [`the lists of Node ${LINES.join(', ')} are, and this Node's own`])
  }
  const stores = storesOf(files)
  const sourcesOf = (/** @type {string} */ sha256) => stores.sourcesOf(sha256, files.length > 0 && store === undefined)
  const fileWords = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`
  // Bundled lists are of Node itself, and stand first.
  const own = /** @type {StoreName[][]} */ ([['bundled'], ['system'], ...(process.env.NODE_EXTRA_CA_CERTS ? [['extra']] : []), ['merged']])
  if (store !== undefined) {
    const names = files.length === 0 || store === 'merged' ? [store] : /** @type {StoreName[]} */ ([store, 'ca'])
    const name = names.join('+')
    const words = store === 'bundled' ? `the list in Node ${node}` : String(STORE_WORDS[store])
    const on = (/** @type {string} */ other) => stores.part(names, other)
    const trusted = { name, trust: on(node), on, part: stores.part }
    return { words: files.length === 0 ? words : `${words} and ${fileWords}`, name, trusted, others: own.filter((other) => other.join('+') !== name), sourcesOf }
  }
  if (files.length > 0) {
    const trusted = { name: 'ca', trust: stores.ca, on: () => stores.ca, part: stores.part }
    return { words: fileWords, name: 'ca', trusted, others: own, sourcesOf }
  }
  const { trust } = require('../../index.js').preflightSync()
  const names = /** @type {const} */ (['bundled', 'system', 'extra']).filter((name) => trust[name].trusted)
  const trusted = trustedByDefault()
  return {
    words: `what Node trusts here (${names.join(' + ') || 'nothing'})`,
    name: trusted.name,
    trusted: { ...trusted, trust: trusted.on(node), part: stores.part },
    others: own.filter(([other]) => names.length > 1 || other !== names[0]),
    sourcesOf,
  }
}

/**
 * The stores of this process and the files of `--ca`, read once.
 *
 * @param {CaFile[]} files
 */
function storesOf(files) {
  const { loadTrustStoreSync } = require('../../index.js')
  const ca = NativeTrust.fromCa(files.map(({ text }) => text))
  /** @type {import('../trust-store.js').TrustStore | undefined} */
  let loaded
  const all = () => (loaded ??= /** @type {import('../trust-store.js').TrustStore} */ (loadTrustStoreSync({ bundled: 'node' })))
  /** @type {Map<string, NativeTrust>} */
  const known = new Map()
  /** @param {string} key @param {() => NativeTrust} make */
  const once = (key, make) => {
    const trust = known.get(key) ?? make()
    known.set(key, trust)
    return trust
  }
  const others = (/** @type {string[]} */ names) => once(names.join('+'), () => {
    const isAll = names.includes('merged')
    const parts = isAll ? ['system', 'extra'] : names.filter((name) => name !== 'ca')
    // What a `ca` option brings is read as Node reads that, and not as a store is read.
    const withFiles = files.length > 0 && (isAll || names.includes('ca'))
    if (parts.length === 0) return ca
    const trust = nativeTrustOf(all(), parts)
    return withFiles ? trust.with(ca) : trust
  })
  /** @type {Map<string, import('../../index.js').Source>} */
  const inFiles = new Map()
  for (const { name, places } of files) {
    for (const [sha256, line] of places) if (!inFiles.has(sha256)) inFiles.set(sha256, { store: 'ca', path: name, ...(line === undefined ? {} : { line }) })
  }
  /** @type {Map<string, import('../../index.js').Source[]> | undefined} */
  let inStores
  /** @param {string} sha256 @param {boolean} filesAlone @returns {import('../../index.js').Source[]} */
  const sourcesOf = (sha256, filesAlone) => {
    const file = inFiles.get(sha256)
    if (filesAlone && file) return [file]
    inStores ??= new Map([...all().certificates, ...all().excluded.map(({ certificate }) => certificate)].map((entry) => [entry.sha256, entry.sources]))
    return [...(file ? [file] : []), ...(inStores.get(sha256) ?? [])]
  }
  return {
    ca,
    part: (/** @type {string[]} */ names, /** @type {string} */ node) => once(`${names.join('+')} of ${major(node)}`, () => union(names, node, others)),
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
  for (const store of others) {
    const needsList = store.includes('bundled') || store.includes('merged')
    for (const node of nodes) if (!needsList || bundledTrust(node) !== undefined) wanted.push({ node, store })
  }
  for (const time of dates) for (const node of nodes) wanted.push({ node, time })
  return { verdict, perspectives: verdictOn(pieces, 'chain', trusted, { ...given, perspectives: wanted }, 'options').perspectives }
}

module.exports = { judge, trustOf }
