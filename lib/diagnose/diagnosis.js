'use strict'

/**
 * What was found out about a target.
 *
 * @implements {DiagnosisShape}
 * @typedef {import('../../index.js').Diagnosis} DiagnosisShape
 */
class Diagnosis {
  #seenFrom
  /** @type {DiagnosisShape['perspectives'] | undefined} */
  #perspectives

  /**
   * @param {Omit<DiagnosisShape, 'toJSON' | 'toString' | 'perspectives'>} facts
   * @param {import('./perspectives.js').SeenFrom} seenFrom
   */
  constructor(facts, seenFrom) {
    this.target = facts.target
    this.endpoint = facts.endpoint
    this.node = facts.node
    this.ok = facts.ok
    this.code = facts.code
    this.verdict = facts.verdict
    this.observed = facts.observed
    this.chain = facts.chain
    this.session = facts.session
    this.failure = facts.failure
    this.addresses = facts.addresses
    this.timings = facts.timings
    this.findings = facts.findings
    this.fetched = facts.fetched
    this.proofs = facts.proofs
    this.#seenFrom = seenFrom
  }

  get perspectives() {
    return (this.#perspectives ??= this.verdict === null ? [] : require('./perspectives.js').perspectivesOf(this.verdict, this.#seenFrom))
  }

  toJSON() {
    const { verdict, ...own } = this
    const { perspectives: _, findings: __, ...judged } = verdict?.toJSON() ?? {}
    return { ...own, verdict: verdict === null ? null : judged, perspectives: this.perspectives }
  }

  toString() {
    return require('../diagnosis-text.js').diagnosis(this)
  }
}

module.exports = { Diagnosis }
