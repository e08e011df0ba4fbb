'use strict'

const { NativeTrust, examineChain, judgeChain } = require('./native.js')
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
const MAX_ENTRIES = 100_000
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
  if (typeof value === 'string' || isBytes(value)) return [clipped(value, mostText)]
  if (!Array.isArray(value)) throw invalidType(name, `${PEM_OR_DER}, or an array of these`, value)
  const found = []
  let left = mostText
  for (let index = 0; index < value.length; index++) {
    const entry = value[index]
    if (typeof entry !== 'string' && !isBytes(entry)) throw invalidType(`${name}[${index}]`, PEM_OR_DER, entry)
    if (left < 0 || index >= MAX_ENTRIES) continue
    found.push(clipped(entry, left))
    left -= entry.length
  }
  return found
}

/**
 * One more than the most is enough to show that there is more.
 *
 * @template {string | Uint8Array} T
 * @param {T} piece
 * @param {number} most
 * @returns {T}
 */
function clipped(piece, most) {
  if (piece.length <= most) return piece
  return /** @type {T} */ (typeof piece === 'string' ? piece.slice(0, most + 1) : piece.subarray(0, most + 1))
}

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
  const entries = pieces(ca, name, MAX_TRUST_TEXT)
  const trust = NativeTrust.fromCa(entries)
  const isText = entries.every((entry) => typeof entry === 'string')
  const isWhole = !Array.isArray(ca) || ca.length === entries.length
  if (isText && isWhole) last = { given: ca, entries: Array.isArray(ca) ? [...ca] : entries, trust }
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
 * What a verdict was asked for, kept so that its other parts can be worked out when they are asked for.
 *
 * @typedef {object} Input
 * @property {(string | Uint8Array)[]} chain
 * @property {Trusted} trusted
 * @property {Question} asked
 * @property {Perspective[]} [wanted]
 */

/** @type {import('../binding.js').VerdictFacts} */
const GOOD = { ok: true }

/**
 * What Node says about a chain. What is not always looked at is made when it is first asked for.
 *
 * @implements {VerdictShape}
 */
class Verdict {
  #input
  /** @type {NativeVerdict | undefined} */
  #examined
  /** @type {{ -readonly [Part in 'errors' | 'path' | 'mismatch' | 'perspectives' | 'findings']?: VerdictShape[Part] }} */
  #made = {}

  /**
   * @param {import('../binding.js').VerdictFacts} facts
   * @param {Input} input
   */
  constructor(facts, input) {
    this.#input = input
    this.ok = facts.ok
    this.code = facts.code ?? null
    this.reason = facts.reason ?? null
    this.stage = facts.stage ?? null
    this.depth = facts.depth ?? null
    this.undetermined = facts.undetermined ?? null
  }

  get #native() {
    const { chain, trusted, asked } = this.#input
    return (this.#examined ??= examineChain(chain, trusted.trust, asked))
  }

  get errors() {
    return (this.#made.errors ??= this.#native.errors())
  }

  get path() {
    return (this.#made.path ??= this.#native.path().map(({ certificate, presented }) => ({ ...certificate, presented: presented ?? null })))
  }

  get mismatch() {
    if (this.#made.mismatch === undefined) this.#made.mismatch = this.#native.mismatch() ?? null
    return this.#made.mismatch
  }

  get perspectives() {
    return (this.#made.perspectives ??= see(this.#native, this.#input))
  }

  get findings() {
    return (this.#made.findings ??= this.#native.findings())
  }

  toJSON() {
    const { ok, code, reason, stage, depth, errors, path, mismatch, undetermined, perspectives, findings } = this
    return { ok, code, reason, stage, depth, errors, path, mismatch, undetermined, perspectives, findings }
  }

  toString() {
    return require('./verdict-text.js').verdict(this)
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
 * @param {Input} input
 */
function see(native, { asked, trusted, wanted }) {
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
 * @returns {Input}
 */
function inputOf(chain, name, trusted, options, optionsName) {
  const asked = question(options, optionsName)
  const { perspectives } = options
  if (perspectives !== undefined && !Array.isArray(perspectives)) throw invalidType(`${optionsName}.perspectives`, 'an instance of Array', perspectives)
  const wanted = perspectives?.map((entry, index) => perspectiveOf(entry, `${optionsName}.perspectives[${index}]`, trusted))
  return { chain: pieces(chain, name, MAX_CHAIN_TEXT), trusted, asked, wanted }
}

/**
 * @param {unknown} chain
 * @param {string} name
 * @param {Trusted} trusted
 * @param {Record<string, unknown>} options
 * @param {string} optionsName
 */
function verdictOn(chain, name, trusted, options, optionsName) {
  const input = inputOf(chain, name, trusted, options, optionsName)
  const facts = judgeChain(input.chain, trusted.trust, input.asked) ?? GOOD
  // The caller's bytes may be another chain by the time that more is asked.
  input.chain = input.chain.map((piece) => (typeof piece === 'string' ? piece : Buffer.from(piece)))
  return new Verdict(facts, input)
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
  const { asked, ...input } = inputOf(chain, 'options.chain', trusted, options, 'options')
  const native = examineChain(input.chain, trusted.trust, asked)
  const changes = native.changes(asked.now + days * SECONDS_A_DAY).map(({ at, expires, of, then }) => ({
    time: iso(at),
    ...outcome(then.verdict),
    certificate: of,
    expires,
    text: `${iso(at).slice(0, 10)}: ${then.verdict.ok ? 'ok' : `${then.verdict.code ?? 'not known'} (${require('./layout.js').escapeLine(then.cause)})`}`,
  }))
  return { now: outcome(judgeChain(input.chain, trusted.trust, asked) ?? GOOD), changes }
}

/**
 * @param {unknown} ca
 * @param {boolean} isDivided Whether a perspective may ask for parts.
 * @returns {Trusted}
 */
function trustedByOption(ca, isDivided) {
  const trust = trustOf(ca, 'input.ca')
  // The list may be another one by the time that a perspective is looked at.
  const entries = isDivided ? pieces(ca, 'input.ca', MAX_TRUST_TEXT) : []
  return { name: 'ca', trust, names: STORES, part: (names) => (names.every((name) => name === 'ca') ? trust : partOfProcess(names, entries)) }
}

/**
 * Stores of this process, with what was given inline.
 *
 * @param {string[]} names
 * @param {(string | Uint8Array)[]} ca
 */
function partOfProcess(names, ca) {
  const { loadTrustStoreSync, nativeTrustOf } = require('./trust-store.js')
  const isWanted = (/** @type {string} */ name) => names.includes('merged') || names.includes(name)
  const store = loadTrustStoreSync({
    bundled: isWanted('bundled') ? 'node' : false,
    system: isWanted('system'),
    extra: isWanted('extra'),
    ca: isWanted('ca') ? ca : undefined,
  })
  return nativeTrustOf(/** @type {import('./trust-store.js').TrustStore} */ (store))
}

/** @type {typeof import('../index.js').verifyChain} */
function verifyChain(input) {
  if (input === undefined) throw invalidType('input', 'of type object', input)
  const given = validateObject(input, 'input')
  // As in Node, nothing and an empty string stand for what the process trusts by itself.
  const ca = given.ca === undefined || given.ca === '' ? require('./bundled.js').defaultTrust() : given.ca
  const trusted = trustedByOption(ca, given.perspectives !== undefined)
  return /** @type {VerdictShape} */ (verdictOn(given.chain, 'input.chain', trusted, given, 'input'))
}

module.exports = { STORES, changesOf, iso, verdictOn, verifyChain }
