'use strict'

/**
 * What was found out about a target.
 *
 * @implements {DiagnosisShape}
 * @typedef {import('../../index.js').Diagnosis} DiagnosisShape
 */
class Diagnosis {
  /** @param {Omit<DiagnosisShape, 'toJSON' | 'toString' | 'perspectives'>} facts */
  constructor(facts) {
    this.target = facts.target
    this.endpoint = facts.endpoint
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
  }

  get perspectives() {
    return this.verdict?.perspectives ?? []
  }

  toJSON() {
    const { ...own } = this
    return { ...own, verdict: this.verdict?.toJSON() ?? null, perspectives: this.perspectives }
  }

  toString() {
    return this.verdict?.toString() ?? `${this.target}: ${this.failure?.stage} ${this.failure?.kind}`
  }
}

module.exports = { Diagnosis }
