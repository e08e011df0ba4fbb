'use strict'

// The same chain as others see it who are known to come to another end: this Node started otherwise, curl, browsers, other Node lines.

const { nativeTrustOf } = require('../trust-store.js')
const { perspectiveResult } = require('../perspectives.js')
const { trustedByDefault } = require('../trusted.js')
const { nativeOf } = require('../verify.js')

/**
 * @typedef {import('../../binding.js').NativeTrust} NativeTrust
 * @typedef {import('../../index.js').DiagnosedPerspective} DiagnosedPerspective
 * @typedef {import('../trusted.js').Trusted} Trusted
 * @typedef {object} SeenFrom
 * @property {Trusted} trusted What the verdict trusts.
 * @property {import('../verify.js').Question} asked
 * @property {boolean} isChosen Whether the caller has named the perspectives.
 * @typedef {{ label: string, store: string, node: string, trust: NativeTrust }} Row
 */

const LINES = ['18', '20', '22', '24', '26']
// `--use-system-ca` came with 23.8, and with 22.15 for those that stay.
const FIRST_WITH_SYSTEM_CA = 22
const LINE_WITH_SYSTEM_CA = '24'

/**
 * The stores of this process, read once for all that share what they trust.
 *
 * @type {WeakMap<Trusted, ReturnType<typeof readStores>>}
 */
const known = new WeakMap()

function readStores() {
  const { loadTrustStoreSync } = require('../trust-store.js')
  const load = (/** @type {import('../../index.js').TrustStoreOptions} */ options) =>
    /** @type {import('../trust-store.js').TrustStore} */ (loadTrustStoreSync(options))
  const merged = load({})
  const byDefault = trustedByDefault()
  const system = nativeTrustOf(merged, ['system'])
  return {
    byDefault,
    merged: nativeTrustOf(merged),
    system,
    /** What a Node trusts that is started with `--use-system-ca`. */
    withSystem: (/** @type {string} */ node) => byDefault.on(node).with(system),
    mozilla: nativeTrustOf(load({ bundled: 'mozilla', system: false, extra: false })),
  }
}

/** @param {Trusted} trusted */
function storesFor(trusted) {
  const stores = known.get(trusted) ?? readStores()
  known.set(trusted, stores)
  return stores
}

const major = (/** @type {string} */ node) => Number.parseInt(node.replace(/^v/, ''), 10)

/** @param {string} store */
function trustWords(store) {
  if (store === 'default') return 'as started here'
  if (store === 'ca') return 'with the given CA certificates'
  return store === 'merged' ? 'with this store' : `with the store ${store}`
}

/**
 * @param {SeenFrom} from
 * @returns {Row[]}
 */
function rowsOf({ asked, trusted }) {
  const stores = storesFor(trusted)
  const { node } = asked
  const name = `Node ${major(node)}`
  const withFlag = major(node) >= FIRST_WITH_SYSTEM_CA ? node : LINE_WITH_SYSTEM_CA
  const started = { label: `${name} as started here`, store: 'default', node, trust: stores.byDefault.on(node) }
  return [
    { label: `${name} ${trustWords(trusted.name)}`, store: trusted.name, node, trust: trusted.on(node) },
    ...(trusted.name === 'default' ? [] : [started]),
    { label: `Node ${major(withFlag)} with --use-system-ca`, store: 'default+system', node: withFlag, trust: stores.withSystem(withFlag) },
    ...(trusted.name === 'merged' ? [] : [{ label: `${name} with the merged store`, store: 'merged', node, trust: stores.merged }]),
    { label: 'curl and OpenSSL (the system store)', store: 'system', node, trust: stores.system },
    { label: "browsers (Mozilla's list of today)", store: 'mozilla', node, trust: stores.mozilla },
    ...LINES.filter((line) => Number(line) !== major(node)).map((line) => (
      { label: `Node ${line} ${trustWords(trusted.name)}`, store: trusted.name, node: line, trust: trusted.on(line) })),
  ]
}

/**
 * @param {import('../../index.js').Verdict} verdict
 * @param {SeenFrom} from
 * @returns {DiagnosedPerspective[]}
 */
function perspectivesOf(verdict, from) {
  if (from.isChosen) return verdict.perspectives.map((seen) => ({ label: seen.text.slice(0, seen.text.indexOf(': ')), ...seen }))
  const native = nativeOf(verdict)
  const { asked, trusted } = from
  return rowsOf(from).map(({ label, node, store, trust }) => {
    const seenFrom = { ...asked, node }
    return { label, ...perspectiveResult(native.elsewhere(trust, seenFrom), seenFrom, store, asked, trusted.name) }
  })
}

module.exports = { perspectivesOf }
