'use strict'

// The smallest PEM that makes Node accept a server, as the file of NODE_EXTRA_CA_CERTS.

const { NativeTrust } = require('../native.js')
const { bundledTrust, trustedByDefault } = require('../trusted.js')
const { verdictOn } = require('../verify.js')
const { lacksIssuer } = require('./aia.js')

/**
 * @typedef {import('../../index.js').Certificate} Certificate
 * @typedef {import('../../index.js').SmallestCa} SmallestCa
 * @typedef {import('../../index.js').Verdict} Verdict
 *
 * @typedef {object} Material What a file can be made of.
 * @property {Certificate[]} sent As the server sent them, its own first.
 * @property {Verdict} verdict On these.
 * @property {import('./aia.js').Completion | null} completion
 * @property {Record<string, unknown>} question The options of the verdict, the host name among them.
 */

/**
 * A Node with that file trusts its own list and the file, and nothing else: neither a `ca` option nor the file that the variable names now.
 *
 * @param {Material} material
 * @param {{ allowLeaf?: boolean }} [options]
 * @returns {SmallestCa}
 */
function smallestCa({ sent, verdict, completion, question }, { allowLeaf = false } = {}) {
  const { node } = process.versions
  const [leaf] = sent
  const chain = sent.map(({ pem }) => pem)
  const bundled = bundledTrust(node) ?? NativeTrust.fromCa([])
  /** @param {Certificate[]} extra */
  const judged = (extra) => {
    const trust = extra.length === 0 ? bundled : bundled.with(NativeTrust.fromCa(extra.map(({ pem }) => pem)))
    const trusted = { name: 'extra', trust, on: () => trust, part: () => trust }
    return verdictOn(chain, 'chain', trusted, { ...question, node, perspectives: undefined }, 'options')
  }
  /** @param {string} reason @returns {SmallestCa} */
  const none = (reason) => ({ pem: null, certificates: [], unconfirmed: [], reason })

  if (leaf === undefined) return none('the server sent no certificate')
  const plain = judged([])
  if (plain.ok) return none(`Node ${node} accepts the server without any file`)
  const known = [...ofStore(verdict), ...(completion === null ? [] : ofStore(completion.verdict))]
  const authorities = [...(completion?.fetched ?? []), ...(completion?.root ? [completion.root] : []), ...sent.slice(1), ...known]
    .filter(({ ca, selfSigned, sha256 }) => (ca || selfSigned) && sha256 !== leaf.sha256)
  let pool = distinct(allowLeaf ? [leaf, ...authorities] : authorities)
  let best = judged(pool)
  if (!best.ok && lacksAnchor(best)) {
    // What the system trusts may hold what neither the server nor its CA's address gave.
    known.push(...fromStores(completion === null ? chain : completion.chain.map(({ pem }) => pem), question, node))
    pool = distinct([...pool, ...known].filter(({ sha256 }) => allowLeaf || sha256 !== leaf.sha256))
    best = judged(pool)
  }
  if (!best.ok) return none(whyNot(best, leaf, completion !== null))
  // What the path does not go through is not needed; a server may send a hundred more.
  const used = best.path.map(({ sha256 }) => sha256)
  const onPath = pool.filter(({ sha256 }) => used.includes(sha256))
  if (judged(onPath).ok) pool = onPath
  for (const certificate of [...pool]) {
    const fewer = pool.filter((other) => other !== certificate)
    if (judged(fewer).ok) pool = fewer
  }
  const unconfirmed = pool.filter(({ selfSigned, sha256 }) => selfSigned && !known.some((other) => other.sha256 === sha256))
  return { pem: pool.map(({ pem }) => pem).join(''), certificates: pool, unconfirmed, reason: null }
}

/** @param {Verdict | ReturnType<typeof verdictOn>} verdict */
function lacksAnchor(verdict) {
  return lacksIssuer(verdict) || verdict.errors.some(({ code }) => code === 'SELF_SIGNED_CERT_IN_CHAIN' || code === 'DEPTH_ZERO_SELF_SIGNED_CERT')
}

/** @param {Pick<Verdict, 'path'>} verdict */
function ofStore({ path }) {
  return path.filter(({ presented }) => presented === null)
}

/**
 * What of this machine's stores the path goes through.
 *
 * @param {string[]} chain
 * @param {Record<string, unknown>} question
 * @param {string} node
 */
function fromStores(chain, question, node) {
  const trust = trustedByDefault().part(['merged'], node)
  const trusted = { name: 'merged', trust, on: () => trust, part: () => trust }
  const verdict = verdictOn(chain, 'chain', trusted, { ...question, node, perspectives: undefined }, 'options')
  return verdict.ok ? ofStore(/** @type {Verdict} */ (verdict)) : []
}

/** @param {Certificate[]} certificates */
function distinct(certificates) {
  return [...new Map(certificates.map((certificate) => [certificate.sha256, certificate])).values()]
}

/**
 * @param {ReturnType<typeof verdictOn>} verdict With everything that could be in a file.
 * @param {Certificate} leaf
 * @param {boolean} isFetched
 */
function whyNot(verdict, leaf, isFetched) {
  const { code, reason, undetermined } = verdict
  if (undetermined !== null) return `what Node says with another CA cannot be told: ${undetermined}`
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return `\`${leaf.subject}\` has no issuer but itself: only trust in this one certificate helps, and a leaf is written when it is asked for alone`
  if (!lacksAnchor(verdict)) return `a CA is not what is missing: with every CA that is known here Node says ${code}${reason === null ? '' : ` (${reason})`}`
  const issuer = verdict.path[verdict.path.length - 1]?.issuer ?? 'its issuer'
  return `the certificate of \`${issuer}\` is neither sent by the server nor in a store of this machine${isFetched ? ', and no address gave it' : ''}: whoever runs that CA has it`
}

module.exports = { smallestCa }
