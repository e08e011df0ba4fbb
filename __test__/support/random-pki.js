'use strict'

/**
 * Random certificate chains with the trust they are judged by, each decided by a seed and a number alone.
 *
 *   const { randomCase } = require('./support/random-pki')
 *   const { chain, ca, hostname, time, purpose, allowPartialTrustChain, parts } = randomCase(seed, number)
 *
 * A case starts as a chain that verifies. Its parts are what makes it differ: structures (a cross-signed authority, a
 * twin, a loop), faults of single certificates, arrangements of what is sent and trusted, and the question asked. Each
 * part draws from a generator of its own, so that a part can be left out (`without`) and the rest stays what it was.
 */

const path = require('node:path')

const { runNode } = require('./environment')
const { generator } = require('./mutate')
const { objectIdentifier, sequence, element } = require('./der')
const { pemBlock } = require('./pki')
const { USAGES } = require('./random-pki/extensions')
const { CERTIFICATE_FAULTS, randomFault } = require('./random-pki/faults')
const { ARRANGEMENTS, QUESTIONS, STRUCTURES, plainPki, randomArrangement, randomQuestion, randomStructure } = require('./random-pki/shapes')

const KINDS = {
  structure: { table: STRUCTURES, draw: randomStructure },
  fault: { table: CERTIFICATE_FAULTS, draw: randomFault },
  arrangement: { table: ARRANGEMENTS, draw: randomArrangement },
  question: { table: QUESTIONS, draw: randomQuestion },
}

/** How many parts of each kind a case has; what stands more often is more likely. */
const COUNTS = {
  structure: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2],
  fault: [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4],
  arrangement: [0, 0, 0, 0, 0, 0, 0, 1, 1, 2],
  question: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2],
}

/**
 * @typedef {object} RandomCase
 * @property {string} id
 * @property {Buffer[]} chain DER, as sent
 * @property {string[]} ca PEM, as for Node's `ca` option
 * @property {string | null} hostname
 * @property {string} time ISO 8601
 * @property {'server' | 'client'} purpose
 * @property {boolean} allowPartialTrustChain
 * @property {string[]} parts what was done, in words; the place in this list is what `without` names
 */

/** OpenSSL takes no more than 100 KiB of certificates, and what judges here sees no message: live tests do. */
const MESSAGE_SIZE = 90_000

/** Faults strike the leaf and its authorities alike, and now and then what stands beside them. */
function target(pki, random) {
  if (pki.drafts.length > pki.levels && random.chance(0.2)) return random.pick(pki.drafts.slice(pki.levels))
  const root = pki.drafts[pki.levels - 1]
  if (random.chance(0.38)) return pki.drafts[0]
  if (random.chance(0.35)) return root
  return random.pick(pki.drafts.slice(0, pki.levels))
}

function trustSettings({ trust, reject, raw }) {
  if (raw) return raw
  const list = (uses) => Buffer.concat(uses.map((use) => objectIdentifier(USAGES[use])))
  return sequence(...(trust ? [sequence(list(trust))] : []), ...(reject ? [element(0xa0, list(reject))] : []))
}

function pemOf(draft) {
  if (!draft.trust) return pemBlock(draft.der)
  return pemBlock(Buffer.concat([draft.der, trustSettings(draft.trust)]), 'TRUSTED CERTIFICATE')
}

/**
 * @param {string | number} seed
 * @param {number} number
 * @param {{ without?: Set<number>, plain?: boolean }} [options]
 *   `without`: places in `parts` to leave out; `plain`: no parts at all
 * @returns {RandomCase}
 */
function randomCase(seed, number, { without = new Set(), plain = false } = {}) {
  const random = generator(seed, number)
  const pki = plainPki(random)
  const parts = []
  for (const [kind, { table, draw }] of Object.entries(KINDS)) {
    const count = plain ? 0 : random.pick(COUNTS[kind])
    for (let index = 0; index < count; index++) {
      const name = draw(random)
      const place = parts.length
      parts.push(name)
      if (without.has(place)) continue
      const own = generator(seed, `${number}/${place}`)
      const change = table[name][1]
      try {
        if (kind === 'fault') {
          const draft = target(pki, own)
          parts[place] = `${draft.label}: ${name}`
          change(draft, own, pki)
        } else {
          change(pki, own)
        }
      } catch (error) {
        // What an earlier part broke may have no place for this one.
        if (!(error instanceof RangeError)) throw error
        parts[place] += ' (impossible here)'
      }
    }
  }
  if (pki.chain.length === 0) pki.chain.push(pki.drafts[0])
  const chain = pki.chain.map((draft) => draft.der)
  while (chain.reduce((sum, { length }) => sum + length, 0) > MESSAGE_SIZE) chain.pop()
  const blocks = pki.trusted.map(pemOf)
  return {
    id: `${seed}/${number}`,
    chain,
    ca: pki.joined ? [blocks.join('')] : blocks,
    hostname: pki.purpose === 'server' ? pki.hostname : null,
    time: new Date(pki.time).toISOString().replace('.000Z', 'Z'),
    purpose: pki.purpose,
    allowPartialTrustChain: pki.allowPartialTrustChain,
    parts,
  }
}

/**
 * Many cases, made by the newest Node, which signs with algorithms that the running one may lack. What differs between
 * runs are ML-DSA's signatures alone.
 * @param {{ seed: string | number, number: number, without?: Iterable<number> }[]} wanted
 * @returns {Promise<RandomCase[]>}
 */
async function randomCases(wanted) {
  const stdin = JSON.stringify(wanted.map(({ seed, number, without = [] }) => [seed, number, [...without]]))
  const child = path.join(__dirname, 'random-pki', 'child.js')
  const { status, signal, stdout, stderr } = await runNode(26, [child], { stdin, limit: 600_000 })
  if (status !== 0) throw new Error(`making cases ended with ${signal ?? status}: ${stderr}`)
  const read = ({ chain, ...others }) => ({ ...others, chain: chain.map((text) => Buffer.from(text, 'base64')) })
  return stdout.trimEnd().split('\n').map((line) => read(JSON.parse(line)))
}

module.exports = { randomCase, randomCases }
