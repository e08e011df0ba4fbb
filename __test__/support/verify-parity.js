'use strict'

/**
 * What `verifyChain` says about a chain beside what a real Node says, and the least that is needed to see a difference.
 *
 *   const { compare, shrink, describe } = require('./support/verify-parity')
 *
 *   const results = await compare(24, cases)      // cases of random-pki.js, or of the same shape
 *   results[0]                                    // { expected, actual, differences: ['code', 'errors'], undetermined: null }
 */

const { inspectCaFileSync, verifyChain } = require('../..')
const der = require('./der')
const { judge } = require('./judge')
const { pemBlock, sha256 } = require('./pki')
const { randomCases } = require('./random-pki')

/**
 * A verdict reduced to what is compared.
 * @typedef {object} Outcome
 * @property {boolean} ok
 * @property {string | null} code
 * @property {string | null} stage
 * @property {number | null} depth
 * @property {string | null} reason
 * @property {string[]} errors `number@depth`
 * @property {string[] | null} path SHA-256 and `sent` or `store`, from the leaf up; null where nothing was built
 */

const FIELDS = ['ok', 'code', 'stage', 'depth', 'reason', 'errors', 'path']

/** Cases share their anchors between versions. */
const blocks = new WeakMap()

/** The certificates in the blocks of `ca`, as the judge counts them, by the SHA-256 of how OpenSSL encodes them. */
function blocksOf(ca) {
  if (!blocks.has(ca)) {
    const found = []
    for (const [, base64] of ca.join('').matchAll(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----([^-]*)-----END/g)) {
      let bytes = Buffer.from(base64, 'base64')
      try {
        bytes = der.read(bytes).raw
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
      }
      found.push(inspectCaFileSync(Buffer.from(pemBlock(bytes))).loadedByNode[0]?.sha256 ?? sha256(bytes))
    }
    blocks.set(ca, found)
  }
  return blocks.get(ca)
}

/** @returns {Outcome} */
function outcomeOfNode(verdict, { chain, ca }) {
  const trusted = blocksOf(ca)
  const digest = (label) => {
    const [, kind, index] = /^([LIT])(\d*)$/.exec(label) ?? []
    if (kind === 'T') return trusted[Number(index)]
    return kind ? sha256(chain[kind === 'L' ? 0 : Number(index) + 1]) : label
  }
  const { ok, code, stage } = verdict
  return {
    ok,
    code,
    stage,
    depth: stage === 'verify' ? verdict.depth : stage === 'handshake' ? verdict.at : null,
    reason: stage === 'verify' ? verdict.reason : null,
    errors: verdict.errors.map(([number, depth]) => `${number}@${depth}`),
    path: verdict.chain?.map((label, index) => {
      const names = label.split('=')
      const name = verdict.sources[index] === 'store' ? names.at(-1) : names[0]
      return `${digest(name)} ${verdict.sources[index]}`
    }) ?? null,
  }
}

/** @returns {Outcome} */
function outcomeOfOurs(verdict, { chain }) {
  // What was sent is told apart by its bytes, not by how OpenSSL would encode them.
  const element = ({ presented, sha256: digest }) => (presented === null ? `${digest} store` : `${sha256(chain[presented])} sent`)
  return {
    ok: verdict.ok,
    code: verdict.code,
    stage: verdict.stage,
    depth: verdict.stage === 'identity' ? null : verdict.depth,
    reason: verdict.stage === 'verify' ? verdict.reason : null,
    errors: verdict.errors.map(({ openssl, depth }) => `${openssl}@${depth}`),
    path: verdict.errors.length === 0 && verdict.stage === 'handshake' ? null : verdict.path.map(element),
  }
}

/**
 * @param {number} major
 * @param {import('./random-pki').RandomCase[]} cases
 * @returns {Promise<{ expected: Outcome, actual: Outcome, differences: string[], undetermined: string | null, crashed: boolean }[]>}
 *   in the order of the cases; nothing differs where we say that we cannot tell, or where this Node crashes
 */
async function compare(major, cases) {
  const verdicts = await judge(
    major,
    cases.map(({ chain, ca, hostname, time, purpose, allowPartialTrustChain }) => ({
      chain, ca, hostname: hostname ?? undefined, time, purpose, partial: allowPartialTrustChain || undefined,
    })),
  )
  return cases.map((each, index) => {
    const { chain, ca, hostname, time, purpose, allowPartialTrustChain } = each
    const expected = outcomeOfNode(verdicts[index], each)
    const verdict = verifyChain({ chain, ca, hostname: hostname ?? undefined, time, purpose, allowPartialTrustChain, node: String(major) })
    const actual = outcomeOfOurs(verdict, each)
    const undetermined = verdict.undetermined ?? null
    const crashed = verdicts[index].stage === 'crash'
    const compared = undetermined !== null || crashed ? [] : FIELDS
    return { expected, actual, undetermined, crashed, differences: compared.filter((field) => String(expected[field]) !== String(actual[field])) }
  })
}

/** The list without each eighth of what comes after the first `kept`: without each single one, once there are few. */
function shorter(list, kept) {
  const size = Math.ceil((list.length - kept) / 8)
  const starts = []
  for (let start = kept; start < list.length; start += size) starts.push(start)
  return starts.map((start) => [...list.slice(0, start), ...list.slice(start + size)])
}

/**
 * Leaves out parts, then certificates, as long as a difference remains.
 * @param {number} major
 * @param {import('./random-pki').RandomCase} start a case whose outcomes differ
 * @returns {Promise<import('./random-pki').RandomCase & { without: number[] }>}
 */
async function shrink(major, start) {
  const [seed, number] = start.id.split('/')
  const differing = async (candidates) => {
    if (candidates.length === 0) return undefined
    const results = await compare(major, candidates)
    return candidates[results.findIndex(({ differences }) => differences.length > 0)]
  }
  let smallest = { ...start, without: [] }
  for (;;) {
    const { without, parts } = smallest
    const wanted = parts.flatMap((_, place) => (without.includes(place) ? [] : [[...without, place]]))
    if (wanted.length === 0) break
    const made = await randomCases(wanted.map((list) => ({ seed, number: Number(number), without: list })))
    const next = await differing(made.map((each, index) => ({ ...each, without: wanted[index] })))
    if (!next) break
    smallest = next
  }
  for (;;) {
    const { chain, ca } = smallest
    const candidates = [
      ...shorter(chain, 1).map((list) => ({ ...smallest, chain: list })),
      ...shorter(ca, 0).map((list) => ({ ...smallest, ca: list })),
      ...(smallest.hostname === null ? [] : [{ ...smallest, hostname: null }]),
      ...(smallest.allowPartialTrustChain ? [{ ...smallest, allowPartialTrustChain: false }] : []),
    ]
    const next = await differing(candidates)
    if (!next) break
    smallest = next
  }
  return smallest
}

/** An outcome on one line; the path by places in the case. */
function describe(outcome, { chain, ca }) {
  const sent = chain.map(sha256)
  const trusted = blocksOf(ca)
  const label = (element) => {
    const [digest, from] = element.split(' ')
    const place = (from === 'sent' ? sent : trusted).indexOf(digest)
    return place === -1 ? `${from} ${digest.slice(0, 8)}` : `${from} ${place}`
  }
  const { ok, code, stage, depth, reason, errors, path } = outcome
  return `${ok ? 'ok' : `${stage} ${code} at ${depth} (${reason})`} [${errors.join(' ')}] ${path ? `<${path.map(label).join(', ')}>` : 'no path'}`
}

module.exports = { compare, describe, shrink }
