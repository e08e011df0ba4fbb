'use strict'

// Random certificate chains, judged by `verifyChain` and by the OpenSSL inside Node 18, 20, 22, 24 and 26: code, stage, depth, every error
// and the path that was built.
//
//   TRUST_ANCHORS_VERIFY_CASES=20000 TRUST_ANCHORS_VERIFY_SEED=7 node --test __test__/verify-fuzz.test.js
//   TRUST_ANCHORS_VERIFY_FIRST=1234 TRUST_ANCHORS_VERIFY_CASES=1 …       one case again
//   TRUST_ANCHORS_VERIFY_NODES=24 …                                      one Node alone

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { test } = require('node:test')

const { forEachConcurrently } = require('./support/environment')
const nodesModule = require('./support/nodes')
const { pemBlock } = require('./support/pki')
const { randomCases } = require('./support/random-pki')
const { compare, describe, shrink } = require('./support/verify-parity')

/**
 * Accepted differences: `expected` and `actual` are patterns for the lines that `describe` makes, `nodes` the majors.
 * @type {{ nodes: number[], expected: string, actual: string, reason: string }[]}
 */
const exceptions = require('./verify/exceptions.json')

const DEFAULTS = { SEED: '1', CASES: '2000', FIRST: '0' }
const setting = (name) => process.env[`TRUST_ANCHORS_VERIFY_${name}`] ?? DEFAULTS[name]
const SEED = setting('SEED')
const CASES = Number(setting('CASES'))
const FIRST = Number(setting('FIRST'))
const usual = Object.keys(DEFAULTS).every((name) => setting(name) === DEFAULTS[name]) && !setting('NODES')
const CHUNK = 500
/** A run that is wrong everywhere ends early. */
const ENOUGH_DIFFERENCES = 100
const SHRUNK_DIFFERENCES = 5
/** We may not know, but seldom. */
const UNDETERMINED_SHARE = 0.01
const skip = nodesModule.unsupported ?? false

const count = (map, key, by = 1) => map.set(key, (map.get(key) ?? 0) + by)
const listed = (map) => [...map].sort(([, one], [, other]) => other - one).map(([key, value]) => `${key} ${value}`).join(', ')

/** Writes a case where it can be looked at: the certificates as sent, those trusted, and the question. */
function keep(major, each, result) {
  const folder = path.join(os.tmpdir(), 'trust-anchors-verify-kept')
  fs.mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${each.id.replace('/', '-')}-node${major}`)
  const { chain, ca, ...question } = each
  fs.writeFileSync(`${file}-chain.pem`, chain.map((bytes) => pemBlock(bytes)).join(''))
  fs.writeFileSync(`${file}-ca.pem`, ca.join(''))
  fs.writeFileSync(`${file}.json`, JSON.stringify({ ...question, node: major, ...result }, null, 2))
  return `${file}.json`
}

test(`${CASES} random chains end in the verdict of each real Node`, { skip }, async (context) => {
  const nodes = nodesModule.nodes.filter(({ major }) => !setting('NODES') || setting('NODES').split(',').includes(String(major)))
  const codes = new Map()
  const numbers = new Map()
  const undetermined = new Map()
  const totals = { compared: 0, ok: 0, crashed: 0, undetermined: 0 }
  const found = []
  const used = new Set()
  const starts = Array.from({ length: Math.ceil(CASES / CHUNK) }, (_, index) => FIRST + index * CHUNK)
  await forEachConcurrently(starts, async (start) => {
    if (found.length >= ENOUGH_DIFFERENCES) return
    const length = Math.min(CHUNK, FIRST + CASES - start)
    const cases = await randomCases(Array.from({ length }, (_, index) => ({ seed: SEED, number: start + index })))
    for (const { major } of nodes) {
      for (const [index, result] of (await compare(major, cases)).entries()) {
        const { expected, actual, differences } = result
        totals.crashed += result.crashed ? 1 : 0
        if (result.crashed) continue
        if (result.undetermined !== null) {
          totals.undetermined++
          count(undetermined, result.undetermined)
          continue
        }
        totals.compared++
        totals.ok += expected.ok ? 1 : 0
        count(codes, expected.code ?? 'ok')
        for (const error of expected.errors) count(numbers, error.split('@')[0])
        if (differences.length === 0) continue
        const lines = [describe(expected, cases[index]), describe(actual, cases[index])]
        const exception = exceptions.findIndex((entry) => entry.nodes.includes(major) && new RegExp(entry.expected).test(lines[0]) && new RegExp(entry.actual).test(lines[1]))
        if (exception === -1) found.push({ major, each: cases[index], result })
        else used.add(exception)
      }
    }
  })

  const problems = []
  for (const [index, { major, each, result }] of found.entries()) {
    const smallest = index < SHRUNK_DIFFERENCES ? await shrink(major, each) : each
    const [final] = smallest === each ? [result] : await compare(major, [smallest])
    problems.push(
      `  case ${each.id} on Node ${major} (${final.differences.join(', ')}), kept as ${keep(major, smallest, final)}\n` +
        `    parts: ${smallest.parts.filter((_, place) => !smallest.without?.includes(place)).join('; ')}\n` +
        `    Node:        ${describe(final.expected, smallest)}\n    verifyChain: ${describe(final.actual, smallest)}`,
    )
  }
  const share = totals.undetermined / (totals.compared + totals.undetermined)
  context.diagnostic(
    `seed ${SEED}, cases ${FIRST} to ${FIRST + CASES - 1} on Node ${nodes.map(({ version }) => version).join(', ')}: ` +
      `${totals.compared} verdicts compared (${totals.ok} ok), ${totals.undetermined} undetermined (${(share * 100).toFixed(2)} %), ` +
      `${totals.crashed} crashes of Node, ${found.length} differences`,
  )
  context.diagnostic(`codes: ${listed(codes)}`)
  context.diagnostic(`OpenSSL errors: ${[...numbers].sort(([one], [other]) => one - other).map(([number, times]) => `${number} (${times})`).join(', ')}`)
  if (undetermined.size > 0) context.diagnostic(`undetermined: ${listed(undetermined)}`)
  assert.equal(problems.length, 0, `\n${problems.join('\n')}\n`)
  assert.ok(share <= UNDETERMINED_SHARE, `${(share * 100).toFixed(2)} % undetermined`)
  if (usual) {
    const needless = exceptions.filter((_, index) => !used.has(index))
    assert.deepEqual(needless, [], 'exceptions that are no longer needed')
  }
})
