'use strict'

const { validateAbortSignal, validateBoolean, validateInteger, validateObject, validateString } = require('../validate.js')
const { LONGEST } = require('./options.js')

/**
 * What was found out about a target.
 *
 * @implements {DiagnosisShape}
 * @typedef {import('../../index.js').Diagnosis} DiagnosisShape
 */
class Diagnosis {
  #seenFrom
  #mending
  /** @type {DiagnosisShape['perspectives'] | undefined} */
  #perspectives

  /**
   * @param {Omit<DiagnosisShape, 'toJSON' | 'toString' | 'perspectives' | 'prove' | 'smallestCa'>} facts
   * @param {import('./perspectives.js').SeenFrom} seenFrom
   * @param {import('./mend.js').Mending} mending
   */
  constructor(facts, seenFrom, mending) {
    this.target = facts.target
    this.endpoint = facts.endpoint
    this.node = facts.node
    this.ok = facts.ok
    this.code = facts.code
    this.verdict = facts.verdict
    this.observed = facts.observed
    /** @type {DiagnosisShape['chain']} */
    this.chain = []
    // Among its own properties, as data is, and made when it is first asked for.
    Object.defineProperty(this, 'chain', { get: () => facts.chain })
    this.session = facts.session
    this.failure = facts.failure
    this.addresses = facts.addresses
    this.timings = facts.timings
    this.findings = facts.findings
    this.fetched = facts.fetched
    this.completed = facts.completed
    this.proofs = facts.proofs
    this.#seenFrom = seenFrom
    this.#mending = mending
  }

  get perspectives() {
    return (this.#perspectives ??= this.verdict === null ? [] : require('./perspectives.js').perspectivesOf(this.verdict, this.#seenFrom))
  }

  /** @type {DiagnosisShape['smallestCa']} */
  smallestCa(options) {
    return this.#mending.smallestCa(smallestOptions(options))
  }

  /** @type {DiagnosisShape['prove']} */
  async prove(options) {
    const tried = proveOptions(options)
    const proof = await this.#mending.prove(tried)
    if (proof !== null) {
      this.proofs = [...this.proofs, proof]
      this.findings = this.#mending.findings({ ...tried, proof })
    }
    return proof
  }

  toJSON() {
    const { verdict, ...own } = this
    const { perspectives: _, findings: __, ...judged } = verdict?.toJSON() ?? {}
    return { ...own, verdict: verdict === null ? null : judged, perspectives: this.perspectives }
  }

  toString() {
    return require('../diagnosis-text.js').diagnosis(this)
  }

  // An accessor would be shown as one.
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return { ...this }
  }
}

/** @param {unknown} options */
function smallestOptions(options) {
  const { allowLeaf } = validateObject(options, 'options')
  return { allowLeaf: validateBoolean(allowLeaf ?? false, 'options.allowLeaf') }
}

/** @param {unknown} options */
function proveOptions(options) {
  const { file, node, signal, timeout } = validateObject(options, 'options')
  return {
    ...smallestOptions(options),
    file: file === undefined ? undefined : validateString(file, 'options.file'),
    node: node === undefined ? undefined : validateString(node, 'options.node'),
    timeout: timeout === undefined ? undefined : validateInteger(timeout, 'options.timeout', 1, LONGEST),
    signal: validateAbortSignal(signal, 'options.signal'),
  }
}

module.exports = { Diagnosis }
