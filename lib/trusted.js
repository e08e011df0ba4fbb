'use strict'

// What a verification trusts: a `ca` option, what the process trusts by itself, or parts of either.

const { NativeTrust } = require('./native.js')
const { pieces } = require('./pieces.js')

// What is beyond is never looked at (`case::trust` in the core); cut here, a text of half a gigabyte is not copied either.
const MAX_TEXT = 8 * 1024 * 1024
const STORES = ['bundled', 'system', 'extra', 'ca', 'merged']

/**
 * What a call trusts, and the parts that a perspective may ask for.
 *
 * @typedef {object} Trusted
 * @property {string} name What it is called.
 * @property {NativeTrust} trust All of it.
 * @property {(node: string) => NativeTrust} on All of it, as another Node line would have it.
 * @property {(names: string[], node: string) => NativeTrust} part The union of these stores; `bundled` is the list of that Node.
 */

/** @type {{ given: unknown, entries: string[], trust: NativeTrust } | undefined} */
let last

/**
 * Whether a `ca` value is what it was at the last call: strings alone, since bytes may have changed.
 *
 * @param {unknown} ca
 */
function isLast(ca) {
  if (last === undefined) return false
  if (typeof ca === 'string') return ca === last.given
  if (!Array.isArray(ca) || ca.length !== last.entries.length) return false
  if (ca === last.given && Object.isFrozen(ca)) return true
  const { entries } = last
  for (let index = 0; index < entries.length; index++) if (ca[index] !== entries[index]) return false
  return true
}

/**
 * What a `ca` value holds, indexed. That of the last call is kept, so that a program which asks about one chain after the other reads it once.
 *
 * @param {unknown} ca
 * @param {string} name
 * @returns {NativeTrust}
 */
function trustOf(ca, name) {
  if (last !== undefined && isLast(ca)) return last.trust
  const entries = pieces(ca, name, MAX_TEXT)
  const trust = NativeTrust.fromCa(entries)
  const isText = entries.every((entry) => typeof entry === 'string')
  const isWhole = !Array.isArray(ca) || ca.length === entries.length
  if (isText && isWhole) last = { given: ca, entries: Array.isArray(ca) ? [...ca] : entries, trust }
  return trust
}

/** @param {string} node */
function lineOf(node) {
  return /^v?(\d+)/.exec(node)?.[1] ?? ''
}

/** @type {Map<string, NativeTrust>} */
const bundled = new Map()

/**
 * The list that a Node ships: this process's own for its line, else the one that is known of the line; undefined for a line that is not known.
 *
 * @param {string} node
 * @returns {NativeTrust | undefined}
 */
function bundledTrust(node) {
  const line = lineOf(node)
  let trust = bundled.get(line)
  if (trust === undefined) {
    const isOwn = line === lineOf(process.versions.node)
    trust = isOwn ? NativeTrust.fromCa([require('./bundled.js').nodeRoots()]) : (NativeTrust.shippedBy(line) ?? undefined)
    if (trust !== undefined) bundled.set(line, trust)
  }
  return trust
}

/**
 * @param {string[]} names
 * @param {string} node
 * @param {(names: string[]) => NativeTrust} others What the names besides `bundled` stand for.
 */
function union(names, node, others) {
  const list = names.includes('bundled') || names.includes('merged') ? bundledTrust(node) : undefined
  const rest = names.filter((name) => name !== 'bundled')
  if (rest.length === 0) return list ?? NativeTrust.fromCa([])
  return list === undefined ? others(rest) : list.with(others(rest))
}

/**
 * Stores of this process besides the bundled one, with what was given inline.
 *
 * @param {string[]} names
 * @param {(string | Uint8Array)[]} ca
 */
function storesOfProcess(names, ca) {
  const { loadTrustStoreSync, nativeTrustOf } = require('./trust-store.js')
  const isWanted = (/** @type {string} */ name) => names.includes('merged') || names.includes(name)
  const store = loadTrustStoreSync({ bundled: false, system: isWanted('system'), extra: isWanted('extra'), ca: isWanted('ca') ? ca : undefined })
  return nativeTrustOf(/** @type {import('./trust-store.js').TrustStore} */ (store))
}

/**
 * @param {unknown} ca
 * @param {boolean} isDivided Whether a perspective may ask for parts.
 * @param {string} [name]
 * @returns {Trusted}
 */
function trustedByOption(ca, isDivided, name = 'input.ca') {
  const trust = trustOf(ca, name)
  // The list may be another one by the time that a perspective is looked at.
  const entries = isDivided ? pieces(ca, name, MAX_TEXT) : []
  return {
    name: 'ca',
    trust,
    on: () => trust,
    part: (names, node) => (names.every((name) => name === 'ca') ? trust : union(names, node, (rest) => storesOfProcess(rest, entries))),
  }
}

/**
 * What this process trusts when it is given no `ca`. Another Node line would have its own list in the place of this one's.
 *
 * @returns {Trusted}
 */
function trustedByDefault() {
  const { defaultTrust, withoutRoots } = require('./bundled.js')
  const entries = defaultTrust()
  const trust = trustOf(entries, 'input.ca')
  return {
    name: 'default',
    trust,
    on: (node) => {
      const list = lineOf(node) === lineOf(process.versions.node) ? undefined : bundledTrust(node)
      return list === undefined ? trust : list.with(NativeTrust.fromCa(withoutRoots(entries)))
    },
    part: (names, node) => union(names, node, (rest) => storesOfProcess(rest, [])),
  }
}

module.exports = { STORES, bundledTrust, trustedByDefault, trustedByOption, union }
