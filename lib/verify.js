'use strict'

const { examineChain, judgeChain } = require('./native.js')
const { pieces } = require('./pieces.js')
const { trustedByDefault, trustedByOption } = require('./trusted.js')
const { invalidType, validateBoolean, validateNode, validateObject, validateOneOf, validateString, validateTime } = require('./validate.js')

/**
 * @typedef {import('../binding.js').NativeVerdict} NativeVerdict
 * @typedef {import('../index.js').Verdict} VerdictShape
 * @typedef {import('./perspectives.js').Perspective} Perspective
 * @typedef {import('./trusted.js').Trusted} Trusted
 * @typedef {ReturnType<typeof question>} Question
 */

const PURPOSES = ['server', 'client']
// What is beyond is never looked at (`case::presented` in the core); cut here, a text of half a gigabyte is not copied either.
const MAX_TEXT = 4 * 1024 * 1024

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
   * @param {NativeVerdict} [examined]
   */
  constructor(facts, input, examined) {
    this.#input = input
    this.#examined = examined
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

  /**
   * The verdict as the addon knows it.
   *
   * @param {VerdictShape} verdict
   */
  static nativeOf(verdict) {
    return /** @type {Verdict} */ (verdict).#native
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
    return (this.#made.perspectives ??= require('./perspectives.js').perspectives(this.#native, this.#input))
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
  const wanted = perspectives?.map((entry, index) =>
    require('./perspectives.js').perspectiveOf(entry, `${optionsName}.perspectives[${index}]`, asked.node))
  return { chain: pieces(chain, name, MAX_TEXT), trusted, asked, wanted }
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
 * As `verdictOn`, for a verdict whose parts are asked for anyway: the chain is read and judged once.
 *
 * @param {Uint8Array[]} chain
 * @param {Trusted} trusted
 * @param {Record<string, unknown>} options
 */
function examinedOn(chain, trusted, options) {
  const input = inputOf(chain, 'chain', trusted, options, 'options')
  const native = examineChain(input.chain, trusted.trust, input.asked)
  return new Verdict(native.facts(), input, native)
}

/** @type {typeof import('../index.js').verifyChain} */
function verifyChain(input) {
  if (input === undefined) throw invalidType('input', 'of type object', input)
  const given = validateObject(input, 'input')
  // As in Node, nothing and an empty string stand for what the process trusts by itself.
  const isDefault = given.ca === undefined || given.ca === ''
  const trusted = isDefault ? trustedByDefault() : trustedByOption(given.ca, given.perspectives !== undefined)
  return /** @type {VerdictShape} */ (verdictOn(given.chain, 'input.chain', trusted, given, 'input'))
}

module.exports = { examinedOn, inputOf, nativeOf: Verdict.nativeOf, verdictOn, verifyChain }
