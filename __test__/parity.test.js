'use strict'

// Every named CA file, read by `inspectCaFileSync` and by the real Node 18, 20, 22, 24 and 26: the same certificates in
// the same order, and a warning where Node warns. Differences that are meant to stay are in ca-files/exceptions.json,
// each with its reason; one that has gone fails as well.
//
// `TRUST_ANCHORS_UPDATE_OUTCOMES=1` writes what Node did to ca-files/outcomes.json, which is compared on every platform.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, test } = require('node:test')

const { namedFiles } = require('./ca-files')
const { inspectCaFileSync } = require('..')
const { forEachConcurrently } = require('./support/environment')
const nodesModule = require('./support/nodes')
const { compareFile } = require('./support/parity')
const { standardPki } = require('./support/pki')
const { replay } = require('./support/replay')

const OUTCOMES = path.join(__dirname, 'ca-files', 'outcomes.json')
const EXCEPTIONS = path.join(__dirname, 'ca-files', 'exceptions.json')

let folder
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-parity-'))
  fs.chmodSync(folder, 0o755)
})
after(() => fs.rmSync(folder, { recursive: true, force: true }))

const prepared = (entry) => {
  const own = path.join(folder, entry.name)
  fs.mkdirSync(own)
  return entry.make(own)
}

const names = new Map(Object.entries(standardPki()).map(([name, certificate]) => [certificate.sha256, name]))
const nameOf = (digest) => names.get(digest) ?? digest.slice(0, 16)

test('there are at least 250 named files, each with a name of its own', () => {
  const all = namedFiles().map(({ name }) => name)
  assert.equal(new Set(all).size, all.length)
  assert.ok(all.length >= 250, `${all.length} files`)
})

test('every named file is read as each Node reads it', { skip: nodesModule.unsupported ?? false }, async (context) => {
  const exceptions = JSON.parse(fs.readFileSync(EXCEPTIONS, 'utf8'))
  const pki = standardPki()
  const totals = { certificates: 0, unobservable: 0, silent: 0, warning: 0 }
  const problems = []
  const outcomes = {}
  const others = []
  const met = new Set()
  const regular = namedFiles().filter(({ contents }) => contents !== undefined)
  const replayed = new Map()
  for (const major of [18, 20]) {
    const lists = await replay(major, regular.map(({ contents }) => Buffer.from(contents)))
    replayed.set(major, new Map(regular.map(({ name }, index) => [name, lists[index].loaded])))
  }
  await forEachConcurrently(namedFiles(), async (entry) => {
    const named = entry.certificates.map((name) => pki[name].der)
    const { differences, answers, ...counts } = await compareFile(prepared(entry), named)
    totals.certificates += counts.certificates
    totals.unobservable += counts.unobservable
    for (const { node, about, expected, actual } of differences) {
      const exception = exceptions.find((item) => item.name === entry.name && item.node === node && item.about === about)
      const same = exception && JSON.stringify([exception.expected, exception.actual]) === JSON.stringify([expected, actual])
      if (same) met.add(exception)
      else problems.push(`${entry.name} (${entry.about}), Node ${node}: ${about}: Node ${JSON.stringify(expected)}, the reader ${JSON.stringify(actual)}`)
    }
    const latest = answers.get(26)
    totals.warning += latest.warning === null ? 0 : 1
    totals.silent += latest.warning === null && latest.loaded.length === 0 ? 1 : 0
    // Node 18 and 20 have no list to show; what their OpenSSL loads was asked for apart.
    const outcome = (major) => {
      const loaded = answers.get(major).loaded ?? replayed.get(major).get(entry.name) ?? latest.loaded
      return { loads: loaded.map(nameOf), warns: answers.get(major).warning !== null }
    }
    outcomes[entry.name] = outcome(26)
    for (const major of [18, 20, 22, 24]) {
      const other = outcome(major)
      if (JSON.stringify(other) !== JSON.stringify(outcomes[entry.name])) others.push([entry.name, `node${major}`, other])
    }
  })
  for (const [name, node, other] of others) outcomes[name][node] = other
  for (const exception of exceptions) {
    if (!met.has(exception)) problems.push(`the exception for ${exception.name} on Node ${exception.node} is not needed any more`)
  }
  const { nodes } = nodesModule
  context.diagnostic(
    `${namedFiles().length} files on Node ${nodes.map(({ version }) => version).join(', ')}: ` +
      `${totals.certificates} certificates compared (${totals.unobservable} that Node 18 and 20 cannot tell about), ` +
      `${totals.warning} files with a warning, ${totals.silent} that load nothing and say nothing, ` +
      `${problems.length} differences, ${exceptions.length} exceptions`,
  )
  if (process.env.TRUST_ANCHORS_UPDATE_OUTCOMES) {
    const sorted = Object.fromEntries(namedFiles().map(({ name }) => [name, outcomes[name]]))
    const lines = Object.entries(sorted).map(([name, outcome]) => `  ${JSON.stringify(name)}: ${JSON.stringify(outcome)}`)
    fs.writeFileSync(OUTCOMES, `{\n${lines.join(',\n')}\n}\n`)
  }
  assert.equal(problems.length, 0, `\n${problems.join('\n')}\n`)
  if (!process.env.TRUST_ANCHORS_UPDATE_OUTCOMES) {
    assert.deepEqual(outcomes, JSON.parse(fs.readFileSync(OUTCOMES, 'utf8')), 'outcomes.json is not what Node does')
  }
})

test('bytes are read as the file that holds them', () => {
  const outcomes = JSON.parse(fs.readFileSync(OUTCOMES, 'utf8'))
  const problems = []
  for (const entry of namedFiles()) {
    if (entry.contents === undefined) continue
    const expected = outcomes[entry.name]
    for (const node of ['18', '20', '22', '24', '26']) {
      const report = inspectCaFileSync(Buffer.from(entry.contents), { node, time: '2026-01-01T00:00:00Z' })
      const { loads, warns } = expected[`node${node}`] ?? expected
      const actual = report.loadedByNode.map((certificate) => nameOf(certificate.sha256))
      if (actual.join() !== loads.join() || (report.nodeWarning !== null) !== warns) {
        problems.push(`${entry.name}, Node ${node}: ${actual.join()} (${report.nodeWarning}) and not ${loads.join()} (${warns})`)
      }
    }
  }
  assert.equal(problems.length, 0, `\n${problems.join('\n')}\n`)
})
