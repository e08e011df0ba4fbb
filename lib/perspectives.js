'use strict'

// The same chain seen from elsewhere: other Nodes, other stores, other dates.

const { examineChain, judgeChain } = require('./native.js')
const { STORES, bundledTrust } = require('./trusted.js')
const { invalidValue, validateBoolean, validateNode, validateObject, validateOneOf, validateTime } = require('./validate.js')

const NODE_LINES = ['18', '20', '22', '24', '26']
const SECONDS_A_DAY = 24 * 60 * 60
// Roots live for up to 30 years; what is further off than ten says nothing to anybody who runs a program today.
const FORESIGHT = 10 * 365 * SECONDS_A_DAY

/**
 * @typedef {import('../binding.js').NativeVerdict} NativeVerdict
 * @typedef {import('./verify.js').Input} Input
 * @typedef {import('./verify.js').Question} Question
 * @typedef {ReturnType<typeof perspectiveOf>} Perspective
 */

/**
 * @param {unknown} value
 * @param {string} name
 * @param {string} askedNode
 */
function perspectiveOf(value, name, askedNode) {
  const { allowPartialTrustChain, node, store, time, ...unknown } = validateObject(value, name)
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw invalidValue(`${name}.${extra}`, 'is no part of a perspective', unknown[extra])
  const stores = store === undefined ? undefined : (Array.isArray(store) ? store : [store]).map((entry) => validateOneOf(entry, `${name}.store`, STORES))
  const isBundled = stores?.includes('bundled') || stores?.includes('merged')
  const list = isBundled ? validateNode(node ?? askedNode, `${name}.node`) : undefined
  if (list !== undefined && bundledTrust(list) === undefined) throw invalidValue(`${name}.store`, `is not known of Node ${list}`, store)
  return {
    stores,
    node: node === undefined ? undefined : validateNode(node, `${name}.node`),
    now: time === undefined ? undefined : validateTime(time, `${name}.time`),
    allowPartialTrustChain: allowPartialTrustChain === undefined ? undefined : validateBoolean(allowPartialTrustChain, `${name}.allowPartialTrustChain`),
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
function perspectives(native, { asked, trusted, wanted }) {
  /** @param {Partial<Perspective>} perspective */
  const look = ({ allowPartialTrustChain = asked.allowPartialTrustChain, node = asked.node, now = asked.now, stores }) => {
    const seenFrom = { ...asked, allowPartialTrustChain, node, now }
    const trust = stores === undefined ? trusted.on(node) : trusted.part(stores, node)
    const facts = native.elsewhere(trust, seenFrom)
    return perspectiveResult(facts, seenFrom, stores?.join('+') ?? trusted.name, asked, trusted.name)
  }
  if (wanted !== undefined) return wanted.map(look)
  const found = NODE_LINES.map((node) => look({ node }))
  if (!asked.allowPartialTrustChain) found.push(...[look({ allowPartialTrustChain: true })].filter(({ differs }) => differs))
  const later = native.changes(asked.now + FORESIGHT)
  return [...found, ...later.map(({ at, then }) => perspectiveResult(then, { ...asked, now: at }, trusted.name, asked, trusted.name))]
}

/**
 * How the verdict on a chain changes within some days.
 *
 * @param {Input} input
 * @param {number} days
 */
function changes({ asked, chain, trusted }, days) {
  const native = examineChain(chain, trusted.trust, asked)
  const found = native.changes(asked.now + days * SECONDS_A_DAY).map(({ at, expires, of, then }) => ({
    time: iso(at),
    ...outcome(then.verdict),
    certificate: of,
    expires,
    text: `${iso(at).slice(0, 10)}: ${then.verdict.ok ? 'ok' : `${then.verdict.code ?? 'not known'} (${require('./layout.js').escapeLine(then.cause)})`}`,
  }))
  return { now: outcome(judgeChain(chain, trusted.trust, asked) ?? { ok: true }), changes: found }
}

module.exports = { changes, iso, perspectiveOf, perspectiveResult, perspectives }
