'use strict'

// What `inspectCaFileSync` tells people about the named CA files: it finds what is really in them, whatever Node makes of
// them, and says so wherever Node loads less.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, test } = require('node:test')

const { namedFiles } = require('./ca-files')
const { inspectCaFileSync } = require('..')
const { inCircumstances } = require('./support/parity')
const { standardPki } = require('./support/pki')

let folder
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-ca-files-'))
  fs.chmodSync(folder, 0o755)
})
after(() => fs.rmSync(folder, { recursive: true, force: true }))

const skip = process.platform === 'win32' ? 'the files need the names, links and permissions of POSIX' : false

test('what is in a named file is found, and what Node does not load of it is a finding', { skip }, () => {
  const pki = standardPki()
  const names = new Map(Object.entries(pki).map(([name, { sha256 }]) => [sha256, name]))
  const problems = []
  for (const entry of namedFiles()) {
    const own = path.join(folder, entry.name)
    fs.mkdirSync(own)
    const place = entry.make(own)
    const report = inCircumstances(place, () => inspectCaFileSync(place.value, { node: '24', time: '2026-01-01T00:00:00Z' }))
    const problem = (text) => problems.push(`${entry.name} (${entry.about}): ${text}`)
    const found = new Set(report.found.map(({ sha256 }) => sha256))
    const loaded = new Set(report.loadedByNode.map(({ sha256 }) => sha256))
    const missing = entry.certificates.filter((name) => !found.has(pki[name].sha256))
    if (missing.length > 0) problem(`${missing.join(', ')} not found; found ${[...found].map((digest) => names.get(digest) ?? digest).join(', ')}`)
    if ([...loaded].some((digest) => !found.has(digest))) problem('Node loads what was not found')
    const decisive = report.findings.filter(({ severity }) => severity === 'error')
    const loses = [...found].some((digest) => !loaded.has(digest))
    if (loses && decisive.length === 0) problem('Node loses certificates, and no finding is an error')
    if ((loaded.size === 0 || report.nodeWarning !== null) && report.findings.length === 0) problem('nothing loaded or a warning, and no finding')
    // A repaired text holds what can anchor something: no server certificates that somebody else signed.
    const anchors = report.found.filter(({ ca, selfSigned }) => ca || selfSigned).map(({ sha256 }) => sha256)
    if (anchors.some((digest) => !loaded.has(digest)) && report.repaired === null) problem('CA certificates are lost, and there is no repaired text')
    if (report.repaired !== null) {
      const again = inspectCaFileSync(Buffer.from(report.repaired), { node: '24', time: '2026-01-01T00:00:00Z' })
      const kept = again.loadedByNode.map(({ sha256 }) => sha256)
      if (again.nodeWarning !== null || kept.some((digest) => !found.has(digest)) || anchors.some((digest) => !kept.includes(digest))) {
        problem('Node does not load from the repaired text what was found')
      }
    }
    for (const finding of report.findings) {
      if (finding.fixes.length === 0 && finding.severity === 'error') problem(`the finding ${finding.rule} has no fix`)
      if (/PRIVATE KEY-----\n[A-Za-z0-9+/]/.test(JSON.stringify(finding))) problem(`the finding ${finding.rule} shows a key`)
    }
    assert.equal(JSON.stringify(report).includes(pki.leaf.key.pem.split('\n')[1]), false, `${entry.name}: the report holds a private key`)
  }
  assert.equal(problems.length, 0, `\n${problems.join('\n')}\n`)
})
