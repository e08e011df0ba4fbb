'use strict'

// From a diagnosis to what mends it: the chain that the server should send, the file that makes Node accept it as it is, and the proof of that.

const { colons } = require('../layout.js')
const { serverFix } = require('./chain-files.js')
const { clientCommands, named } = require('./deploy.js')

/**
 * @typedef {import('../../index.js').Finding} Finding
 * @typedef {import('../../index.js').Fix} Fix
 * @typedef {import('../../index.js').Proof} Proof
 * @typedef {import('../../index.js').SmallestCa} SmallestCa
 *
 * @typedef {object} Facts
 * @property {Omit<import('./write-ca.js').Material, 'verdict'> & { verdict: import('../../index.js').Verdict | null }} material
 * @property {Finding[]} findings As they are without a fix that was tried.
 * @property {string | undefined} protocol
 * @property {string | undefined} present The file of NODE_EXTRA_CA_CERTS.
 * @property {import('./prove.js').Reach | null} reach How to connect again; null where nothing was connected to.
 */

const MISSING = 'chain-missing-intermediate'
/** What a CA file mends. */
const UNTRUSTED = [
  'chain-root-not-trusted', 'chain-anchor-without-root', 'chain-self-signed-leaf', 'inspection-by-proxy', 'inspection-by-antivirus',
  'inspection-by-debugging-proxy', 'inspection-suspected', 'local-authority-not-trusted',
]

/** The ways to mend one diagnosis. */
class Mending {
  #facts
  /** @type {Map<boolean, SmallestCa>} */
  #smallest = new Map()

  /** @param {Facts} facts */
  constructor(facts) {
    this.#facts = facts
  }

  /** @param {{ allowLeaf?: boolean }} [options] */
  smallestCa({ allowLeaf = false } = {}) {
    const known = this.#smallest.get(allowLeaf)
    if (known !== undefined) return known
    const { material } = this.#facts
    const found = material.verdict === null
      ? { pem: null, certificates: [], unconfirmed: [], reason: 'the server sent no certificate that could be judged' }
      : require('./write-ca.js').smallestCa({ ...material, verdict: material.verdict }, { allowLeaf })
    this.#smallest.set(allowLeaf, found)
    return found
  }

  /**
   * @param {{ allowLeaf?: boolean, file?: string, node?: string, timeout?: number, signal?: AbortSignal }} options
   * @returns {Promise<Proof | null>} null when there is no file to try, or nothing to connect to
   */
  async prove({ allowLeaf, file, node, timeout, signal }) {
    const { reach } = this.#facts
    const { pem, certificates } = this.smallestCa({ allowLeaf })
    if (reach === null || pem === null) return null
    const title = `NODE_EXTRA_CA_CERTS with ${certificates.map(({ subject }) => `\`${subject}\``).join(' and ')}`
    const within = timeout === undefined ? reach : { ...reach, to: { ...reach.to, timeout } }
    return require('./prove.js').prove({ title, pem, ...(file === undefined ? {} : { file }) }, within, { node, signal })
  }

  /**
   * The findings with the fixes that are known by now.
   *
   * @param {{ allowLeaf?: boolean, file?: string, proof?: Proof | null }} [tried]
   * @returns {Finding[]}
   */
  findings({ allowLeaf, file, proof } = {}) {
    const { findings, material: { completion } } = this.#facts
    if (completion === null && proof === undefined) return findings
    // What several findings come from is mended once.
    const first = findings.find(({ rule }) => rule === MISSING || UNTRUSTED.includes(rule))
    return findings.map((finding) => {
      if (finding.rule === MISSING) return this.#missing(finding, { allowLeaf, file, proof })
      if (!UNTRUSTED.includes(finding.rule)) return finding
      const whose = finding.rule.startsWith('inspection-') ? 'the CA of what inspects the connection, ' : ''
      const fix = this.#clientFix({ allowLeaf, file, proof }, { whose, isStopgap: false })
      if (fix === null && finding !== first) return finding
      const detail = finding === first ? withLines(finding.detail, [...(completion?.steps ?? []), ...this.#notProved(proof)]) : {}
      const others = fix === null ? finding.fixes : finding.fixes.filter((other) => !this.#replaces(other, allowLeaf))
      return { ...finding, ...detail, fixes: fix === null || finding !== first ? others : [fix, ...others] }
    })
  }

  /**
   * @param {Finding} finding
   * @param {{ allowLeaf?: boolean, file?: string, proof?: Proof | null }} tried
   * @returns {Finding}
   */
  #missing(finding, tried) {
    const { material: { completion }, protocol } = this.#facts
    const detail = withLines(finding.detail, [...(completion?.steps ?? []), ...this.#notProved(tried.proof)])
    const fix = this.#clientFix(tried, { whose: '', isStopgap: true })
    const isComplete = completion !== null && (completion.verdict.ok || completion.root !== null) && completion.fetched.length > 0
    const fixes = [...(isComplete ? [serverFix(completion.chain, protocol)] : []), ...(fix === null ? [] : [fix])]
    return { ...finding, ...detail, fixes: fixes.length === 0 ? finding.fixes : isComplete ? fixes : [...fixes, ...finding.fixes] }
  }

  /**
   * The file for clients; null when there is none, or when it was tried and does not help.
   *
   * @param {{ allowLeaf?: boolean, file?: string, proof?: Proof | null }} tried
   * @param {{ whose: string, isStopgap: boolean }} words
   * @returns {Fix | null}
   */
  #clientFix({ allowLeaf, file, proof }, { whose, isStopgap }) {
    const { pem, certificates, unconfirmed } = this.smallestCa({ allowLeaf })
    if (pem === null || proof?.ok === false) return null
    const what = certificates.map(({ subject }) => `\`${subject}\``).join(' and ')
    const place = file === undefined ? `save this as ${named(file)}` : `it is in ${named(file)}`
    const confirmed = unconfirmed.map(({ sha256 }) => `; trust it only when whoever runs that CA confirms its SHA-256 ${colons(sha256)}`).join('')
    return {
      title: `${isStopgap ? 'Until the server is mended, give' : 'Give'} Node ${whose}${what}${whose === '' ? '' : ','} in a file: ${place}${confirmed}`,
      commands: clientCommands(named(file), pem, { isStopgap: isStopgap && unconfirmed.length === 0, ...(this.#facts.present === undefined ? {} : { present: this.#facts.present }) }),
      ...(file === undefined ? { pem } : {}),
      ...(proof ? { proof } : {}),
    }
  }

  /**
   * Whether the file says the same as this fix, which knew less.
   *
   * @param {Fix} other
   * @param {boolean | undefined} allowLeaf
   */
  #replaces({ commands = [], pem }, allowLeaf) {
    if (pem !== undefined) return this.smallestCa({ allowLeaf }).pem?.includes(pem) ?? false
    return commands.some(({ text }) => /NODE_EXTRA_CA_CERTS=\S*company-ca\.pem/.test(text))
  }

  /** @param {Proof | null | undefined} proof */
  #notProved(proof) {
    if (!proof || proof.ok) return []
    return [`tried: ${proof.title}; Node ${proof.node} does not connect with it: ${[proof.code, proof.message].filter((part) => part !== null).join(': ')}`]
  }
}

/**
 * @param {string | undefined} detail
 * @param {string[]} lines
 */
function withLines(detail, lines) {
  const all = [...(detail === undefined ? [] : [detail]), ...lines]
  return all.length === 0 ? {} : { detail: all.join('\n') }
}

module.exports = { Mending }
