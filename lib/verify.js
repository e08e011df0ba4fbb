'use strict'

const { NativeTrust, verifyChain: verifyNatively } = require('./native.js')
const { invalidType, invalidValue, isBytes, validateBoolean, validateNode, validateObject, validateOneOf, validateString, validateTime } = require('./validate.js')

/**
 * @typedef {import('../binding.js').NativeVerdict} NativeVerdict
 * @typedef {import('../index.js').Verdict} VerdictShape
 */

const PEM_OR_DER = 'of type string or an instance of Buffer or TypedArray'
const PURPOSES = ['server', 'client']
const NODE_LINES = ['18', '20', '22', '24', '26']
const STORES = ['bundled', 'system', 'extra', 'ca', 'merged']
const SECONDS_A_DAY = 24 * 60 * 60
// Roots live for up to 30 years; what is further off than ten says nothing to anybody who runs a program today.
const FORESIGHT = 10 * 365 * SECONDS_A_DAY

// What is beyond is never looked at (`case::presented` and `case::trust` in the core); cut here, a text of half a gigabyte is not copied either.
const MAX_CHAIN_TEXT = 4 * 1024 * 1024
const MAX_CHAIN_ENTRIES = 100_000
const MAX_TRUST_TEXT = 8 * 1024 * 1024

/**
 * A list of PEM texts and bytes, no longer than is read of it.
 *
 * @param {unknown} value
 * @param {string} name
 * @param {number} mostText
 * @returns {(string | Uint8Array)[]}
 */
function pieces(value, name, mostText) {
  if (typeof value === 'string') return [value.length > mostText ? value.slice(0, mostText + 1) : value]
  if (isBytes(value)) return [value]
  if (!Array.isArray(value)) throw invalidType(name, `${PEM_OR_DER}, or an array of these`, value)
  const found = []
  let left = mostText
  for (let index = 0; index < value.length; index++) {
    const entry = value[index]
    if (typeof entry !== 'string' && !isBytes(entry)) throw invalidType(`${name}[${index}]`, PEM_OR_DER, entry)
    // One more is enough to show that there are more.
    if (left < 0 || index >= MAX_CHAIN_ENTRIES) continue
    found.push(typeof entry === 'string' && entry.length > left ? entry.slice(0, left + 1) : entry)
    left -= entry.length
  }
  return found
}

/** @type {{ entries: (string | Uint8Array)[], trust: NativeTrust } | undefined} */
let last

/**
 * What a `ca` value holds, indexed. That of the last call is kept, so that a program which asks about one chain after the other reads it once;
 * strings never change, bytes may, and are read anew.
 *
 * @param {(string | Uint8Array)[]} entries
 * @returns {NativeTrust}
 */
function trustOf(entries) {
  const known = last?.entries
  if (known !== undefined && known.length === entries.length && entries.every((entry, index) => entry === known[index])) {
    return /** @type {NonNullable<typeof last>} */ (last).trust
  }
  const trust = NativeTrust.fromCa(entries)
  if (entries.every((entry) => typeof entry === 'string')) last = { entries, trust }
  return trust
}

/**
 * @param {Record<string, unknown>} options
 * @param {string} name
 */
function question({ allowPartialTrustChain, ciphers, hostname, node, purpose, time }, name) {
  return {
    hostname: hostname === undefined ? undefined : validateString(hostname, `${name}.hostname`),
    client: validateOneOf(purpose ?? 'server', `${name}.purpose`, PURPOSES) === 'client',
    now: validateTime(time, `${name}.time`),
    allowPartialTrustChain: validateBoolean(allowPartialTrustChain ?? false, `${name}.allowPartialTrustChain`),
    node: validateNode(node, `${name}.node`),
    ciphers: ciphers === undefined ? undefined : validateString(ciphers, `${name}.ciphers`),
  }
}

/** @param {number} seconds */
function iso(seconds) {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

/**
 * @param {import('../binding.js').VerdictFacts} facts
 */
function outcome({ ok, code, reason, stage, depth, undetermined }) {
  return {
    ok,
    code: code ?? null,
    reason: reason ?? null,
    stage: stage ?? null,
    depth: depth ?? null,
    undetermined: undetermined ?? null,
  }
}

/**
 * What Node says about a chain. What is not always looked at is made when it is first asked for.
 *
 * @implements {VerdictShape}
 */
class Verdict {
  #native
  #perspectives
  /** @type {VerdictShape['errors'] | undefined} */
  #errors
  /** @type {VerdictShape['path'] | undefined} */
  #path
  /** @type {VerdictShape['mismatch'] | undefined} */
  #mismatch
  /** @type {VerdictShape['perspectives'] | undefined} */
  #seen
  /** @type {VerdictShape['findings'] | undefined} */
  #findings

  /**
   * @param {NativeVerdict} native
   * @param {(native: NativeVerdict) => VerdictShape['perspectives']} perspectives
   */
  constructor(native, perspectives) {
    this.#native = native
    this.#perspectives = perspectives
    const facts = native.facts()
    this.ok = facts.ok
    this.code = facts.code ?? null
    this.reason = facts.reason ?? null
    this.stage = facts.stage ?? null
    this.depth = facts.depth ?? null
    this.undetermined = facts.undetermined ?? null
  }

  get errors() {
    return (this.#errors ??= this.#native.errors())
  }

  get path() {
    return (this.#path ??= this.#native.path().map(({ certificate, presented }) => ({ ...certificate, presented: presented ?? null })))
  }

  get mismatch() {
    if (this.#mismatch === undefined) this.#mismatch = this.#native.mismatch() ?? null
    return this.#mismatch
  }

  get perspectives() {
    return (this.#seen ??= this.#perspectives(this.#native))
  }

  get findings() {
    return (this.#findings ??= this.#native.findings())
  }

  toJSON() {
    const { ok, code, reason, stage, depth, errors, path, mismatch, undetermined, perspectives, findings } = this
    return { ok, code, reason, stage, depth, errors, path, mismatch, undetermined, perspectives, findings }
  }

  toString() {
    return require('./text.js').verdict(this)
  }

  // The class's getters would not be shown.
  [Symbol.for('nodejs.util.inspect.custom')]() {
    const { ok, code, reason, stage, depth, errors, path, mismatch, undetermined } = this
    return { ok, code, reason, stage, depth, errors, path, mismatch, undetermined }
  }
}

/**
 * What a call trusts, under the names by which a perspective may ask for a part of it.
 *
 * @typedef {object} Trusted
 * @property {string} name What it is called.
 * @property {NativeTrust} trust All of it.
 * @property {readonly string[]} names The names that `part` knows.
 * @property {(names: string[]) => NativeTrust} part The union of these.
 */

/**
 * @param {unknown} value
 * @param {string} name
 * @param {Trusted} trusted
 */
function perspectiveOf(value, name, trusted) {
  const { allowPartialTrustChain, node, store, time, ...unknown } = validateObject(value, name)
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw invalidValue(`${name}.${extra}`, 'is no part of a perspective', unknown[extra])
  const stores = store === undefined ? undefined : (Array.isArray(store) ? store : [store]).map((entry) => validateOneOf(entry, `${name}.store`, trusted.names))
  return {
    stores,
    node: node === undefined ? undefined : validateNode(node, `${name}.node`),
    now: time === undefined ? undefined : validateTime(time, `${name}.time`),
    allowPartialTrustChain: allowPartialTrustChain === undefined ? undefined : validateBoolean(allowPartialTrustChain, `${name}.allowPartialTrustChain`),
  }
}

/**
 * @typedef {ReturnType<typeof question>} Question
 * @typedef {ReturnType<typeof perspectiveOf>} Perspective
 */

/**
 * One perspective's result.
 *
 * @param {import('../binding.js').PerspectiveFacts} facts
 * @param {Question} seenFrom
 * @param {string} store
 * @param {Question} asked
 * @param {string} askedStore
 * @returns {import('../index.js').PerspectiveVerdict}
 */
function perspectiveResult({ verdict, differs, cause, certificate }, seenFrom, store, asked, askedStore) {
  const { allowPartialTrustChain, node, now } = seenFrom
  const where = [`Node ${node}`]
  if (store !== askedStore) where.push(`store ${store}`)
  if (allowPartialTrustChain) where.push('partial chains allowed')
  if (now !== asked.now) where.push(`on ${iso(now).slice(0, 10)}`)
  const { escapeLine } = require('./layout.js')
  const end = verdict.ok ? 'ok' : `${verdict.code ?? 'not known'} (${escapeLine(cause)})`
  return {
    node,
    store,
    time: iso(now),
    allowPartialTrustChain,
    ...outcome(verdict),
    differs,
    certificate: certificate ?? null,
    text: `${where.join(', ')}: ${end}`,
  }
}

/**
 * The perspectives that are asked for, or the usual ones: each Node line, partial chains where they make a difference, and the dates at which the
 * verdict changes.
 *
 * @param {NativeVerdict} native
 * @param {Perspective[] | undefined} wanted
 * @param {Question} asked
 * @param {Trusted} trusted
 */
function see(native, wanted, asked, trusted) {
  /** @param {Partial<Perspective>} perspective */
  const look = ({ allowPartialTrustChain = asked.allowPartialTrustChain, node = asked.node, now = asked.now, stores }) => {
    const seenFrom = { ...asked, allowPartialTrustChain, node, now }
    const trust = stores === undefined ? trusted.trust : trusted.part(stores)
    const facts = native.elsewhere(trust, seenFrom)
    return perspectiveResult(facts, seenFrom, stores?.join('+') ?? trusted.name, asked, trusted.name)
  }
  if (wanted !== undefined) return wanted.map(look)
  const found = NODE_LINES.map((node) => look({ node }))
  if (!asked.allowPartialTrustChain) found.push(...[look({ allowPartialTrustChain: true })].filter(({ differs }) => differs))
  const changes = native.changes(asked.now + FORESIGHT)
  return [...found, ...changes.map(({ at, then }) => perspectiveResult(then, { ...asked, now: at }, trusted.name, asked, trusted.name))]
}

/**
 * @param {unknown} chain
 * @param {string} name
 * @param {Trusted} trusted
 * @param {Record<string, unknown>} options
 * @param {string} optionsName
 */
function judge(chain, name, trusted, options, optionsName) {
  const asked = question(options, optionsName)
  const { perspectives } = options
  if (perspectives !== undefined && !Array.isArray(perspectives)) throw invalidType(`${optionsName}.perspectives`, 'an instance of Array', perspectives)
  const wanted = perspectives?.map((entry, index) => perspectiveOf(entry, `${optionsName}.perspectives[${index}]`, trusted))
  const native = verifyNatively(pieces(chain, name, MAX_CHAIN_TEXT), trusted.trust, asked)
  return { asked, native, wanted }
}

/**
 * @param {unknown} chain
 * @param {string} name
 * @param {Trusted} trusted
 * @param {Record<string, unknown>} options
 * @param {string} optionsName
 */
function verdictOn(chain, name, trusted, options, optionsName) {
  const { asked, native, wanted } = judge(chain, name, trusted, options, optionsName)
  return new Verdict(native, () => see(native, wanted, asked, trusted))
}

/**
 * How the verdict on a chain changes within some days.
 *
 * @param {unknown} chain
 * @param {Trusted} trusted
 * @param {Record<string, unknown>} options
 * @param {number} days
 */
function changesOf(chain, trusted, options, days) {
  const { asked, native } = judge(chain, 'options.chain', trusted, options, 'options')
  const changes = native.changes(asked.now + days * SECONDS_A_DAY).map(({ at, expires, of, then }) => ({
    time: iso(at),
    ...outcome(then.verdict),
    certificate: of,
    expires,
    text: `${iso(at).slice(0, 10)}: ${then.verdict.ok ? 'ok' : `${then.verdict.code ?? 'not known'} (${require('./layout.js').escapeLine(then.cause)})`}`,
  }))
  return { now: outcome(native.facts()), changes }
}

/**
 * @param {(string | Uint8Array)[]} entries
 * @returns {Trusted}
 */
function trustedByOption(entries) {
  const trust = trustOf(entries)
  return {
    name: 'ca',
    trust,
    names: STORES,
    part: (names) => {
      if (names.every((name) => name === 'ca')) return trust
      const { loadTrustStoreSync, nativeTrustOf } = require('./trust-store.js')
      const merged = names.includes('merged')
      const has = (/** @type {string} */ name) => merged || names.includes(name)
      const ca = has('ca') ? entries : undefined
      const store = loadTrustStoreSync({ bundled: has('bundled') ? 'node' : false, system: has('system'), extra: has('extra'), ca })
      return nativeTrustOf(/** @type {import('./trust-store.js').TrustStore} */ (store))
    },
  }
}

/** @type {typeof import('../index.js').verifyChain} */
function verifyChain(input) {
  if (input === undefined) throw invalidType('input', 'of type object', input)
  const given = validateObject(input, 'input')
  const { ca } = given
  // As in Node, nothing and an empty string stand for what the process trusts by itself.
  const entries = ca === undefined || ca === '' ? require('./bundled.js').defaultTrust() : pieces(ca, 'input.ca', MAX_TRUST_TEXT)
  return /** @type {VerdictShape} */ (verdictOn(given.chain, 'input.chain', trustedByOption(entries), given, 'input'))
}

module.exports = { STORES, changesOf, iso, verdictOn, verifyChain }
