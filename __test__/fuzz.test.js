'use strict'

// Damaged CA files, read by `inspectCaFileSync` and by Node 18, 20, 22, 24 and 26, with no difference: some by starting
// each real Node, many more by calling the OpenSSL inside it.
//
//   TRUST_ANCHORS_FUZZ_CASES=20000 TRUST_ANCHORS_FUZZ_SEED=7 node --test __test__/fuzz.test.js
//   TRUST_ANCHORS_FUZZ_REPLAY=1000000 TRUST_ANCHORS_FUZZ_CASES=0 …       files read by OpenSSL alone
//   TRUST_ANCHORS_FUZZ_FIRST=1234 TRUST_ANCHORS_FUZZ_CASES=1 …           one file again

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { test } = require('node:test')

const { inspectCaFileSync } = require('..')
const { forEachConcurrently } = require('./support/environment')
const { mutatedFile } = require('./support/mutate')
const nodesModule = require('./support/nodes')
const { compareFile } = require('./support/parity')
const { standardPki } = require('./support/pki')
const { replay } = require('./support/replay')

const SEED = process.env.TRUST_ANCHORS_FUZZ_SEED ?? '1'
const FIRST = Number(process.env.TRUST_ANCHORS_FUZZ_FIRST ?? 0)
const CASES = Number(process.env.TRUST_ANCHORS_FUZZ_CASES ?? 2000)
const REPLAYED = Number(process.env.TRUST_ANCHORS_FUZZ_REPLAY ?? 20_000)
const CHUNK = 10_000
/** A run that is wrong everywhere ends early. */
const ENOUGH_DIFFERENCES = 100
const skip = nodesModule.unsupported ?? false

/** The words of Node's warning after the file's name. */
const words = (warning) => warning && warning.slice(warning.lastIndexOf('load failed: ') + 'load failed: '.length)

/** What `inspectCaFileSync` makes of a file, in the shape of what `replay` answers. */
function read(bytes, version) {
  const report = inspectCaFileSync(bytes, { node: version, time: '2026-01-01T00:00:00Z' })
  return { loaded: report.loadedByNode.map(({ sha256 }) => sha256), error: words(report.nodeWarning) }
}

function keep(number) {
  const folder = path.join(os.tmpdir(), 'trust-anchors-fuzz-kept')
  fs.mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `seed-${SEED}-number-${number}.pem`)
  fs.writeFileSync(file, mutatedFile(SEED, number))
  return `seed ${SEED}, number ${number}, kept as ${file}`
}

test(`${CASES} damaged files are read as each real Node reads them`, { skip }, async (context) => {
  const { nodes } = nodesModule
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-fuzz-'))
  const { root, otherRoot } = standardPki()
  const totals = { files: 0, certificates: 0, unobservable: 0, warnings: 0, loading: 0 }
  const problems = []
  const all = []
  function* numbers() {
    for (let number = FIRST; number < FIRST + CASES && problems.length < ENOUGH_DIFFERENCES; number++) yield number
  }
  await forEachConcurrently(numbers(), async (number) => {
    const value = path.join(folder, `${number}.pem`)
    const bytes = mutatedFile(SEED, number)
    fs.writeFileSync(value, bytes)
    const { differences, answers, ...counts } = await compareFile({ value }, [root.der, otherRoot.der])
    fs.rmSync(value)
    all.push({ number, bytes, answers })
    totals.files++
    totals.certificates += counts.certificates
    totals.unobservable += counts.unobservable
    totals.warnings += answers.get(26).warning === null ? 0 : 1
    totals.loading += answers.get(26).loaded.length > 0 ? 1 : 0
    if (differences.length === 0) return
    const lines = differences.map(
      ({ node, about, expected, actual }) =>
        `    Node ${node}, ${about}: Node ${JSON.stringify(expected)}, the reader ${JSON.stringify(actual)}`,
    )
    problems.push(`  ${keep(number)}\n${lines.join('\n')}`)
  })
  fs.rmSync(folder, { recursive: true })
  // The other test stands on this: OpenSSL called directly answers what the whole Node answers.
  for (const { major } of nodes) {
    const replayed = all.length > 0 ? await replay(major, all.map(({ bytes }) => bytes)) : []
    for (const [index, { number, answers }] of all.entries()) {
      const { loaded, members, warning } = answers.get(major)
      const { loaded: list, error } = replayed[index]
      const unlike = [...(members ?? [])].filter(([digest, isMember]) => isMember !== null && isMember !== list.includes(digest))
      if (words(warning) !== error || unlike.length > 0 || (loaded && loaded.join() !== list.join())) {
        problems.push(`  ${keep(number)}\n    Node ${major} says ${warning} ${loaded ?? unlike}, its OpenSSL alone ${error} ${list}`)
      }
    }
  }
  context.diagnostic(
    `seed ${SEED}, files ${FIRST} to ${FIRST + totals.files - 1} on Node ${nodes.map(({ version }) => version).join(', ')}: ` +
      `${totals.certificates} certificates compared (${totals.unobservable} that Node 18 and 20 cannot tell about), ` +
      `${totals.loading} files that load something, ${totals.warnings} with a warning, ${problems.length} differences`,
  )
  assert.equal(problems.length, 0, `\n${problems.join('\n')}\n`)
})

test(`${REPLAYED} damaged files are read as the OpenSSL inside each Node reads them`, { skip }, async (context) => {
  const { nodes } = nodesModule
  const problems = []
  let certificates = 0
  let warnings = 0
  const last = FIRST + CASES + REPLAYED
  for (let start = FIRST + CASES; start < last && problems.length < ENOUGH_DIFFERENCES; start += CHUNK) {
    const files = Array.from({ length: Math.min(CHUNK, last - start) }, (_, index) => mutatedFile(SEED, start + index))
    for (const { major, version } of nodes) {
      const answers = await replay(major, files)
      for (const [index, expected] of answers.entries()) {
        const actual = read(files[index], version)
        certificates += expected.loaded.length
        warnings += expected.error === null ? 0 : 1
        if (actual.loaded.join() !== expected.loaded.join() || actual.error !== expected.error) {
          problems.push(`  ${keep(start + index)}\n    Node ${major}: ${JSON.stringify(expected)}, the reader ${JSON.stringify(actual)}`)
        }
      }
    }
  }
  context.diagnostic(
    `seed ${SEED}, files ${FIRST + CASES} to ${last - 1} on Node ${nodes.map(({ version }) => version).join(', ')}: ` +
      `${certificates} certificates and ${warnings} warnings compared, ${problems.length} differences`,
  )
  assert.equal(problems.length, 0, `\n${problems.slice(0, ENOUGH_DIFFERENCES).join('\n')}\n`)
})
