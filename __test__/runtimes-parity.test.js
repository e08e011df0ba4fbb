'use strict'

// Every named CA file, read by `inspectCaFileSync` with `runtime: 'bun' | 'deno'` and by the real Bun and Deno: the same certificates, and what they print,
// word for word. Differences that are meant to stay are in ca-files/runtime-exceptions.json, each with its reason; one that has gone fails as well.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, test } = require('node:test')

const { namedFiles } = require('./ca-files')
const { inspectCaFileSync } = require('..')
const der = require('./support/der')
const { forEachConcurrently } = require('./support/environment')
const { inCircumstances } = require('./support/parity')
const { sha256, standardPki } = require('./support/pki')
const { runtimeOracle } = require('./support/runtime-oracle')
const { unsupported } = require('./support/runtimes')

const EXCEPTIONS = path.join(__dirname, 'ca-files', 'runtime-exceptions.json')
/** Devices without an end, which both read until there is no memory left: nobody can be asked. */
const ENDLESS = new Set(['path-dev-zero'])

let folder
let oracle
before(async () => {
  if (unsupported) return
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-runtime-parity-'))
  fs.chmodSync(folder, 0o755)
  oracle = await runtimeOracle()
})
after(async () => {
  await oracle?.stop()
  if (folder) fs.rmSync(folder, { recursive: true, force: true })
})

const bytesOf = ({ pem }) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')

/** Everything in a file that looks like a certificate, whatever any reader makes of it. */
function looksLike(contents) {
  const blocks = String(contents ?? '').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.map((pem) => bytesOf({ pem }))
}

/** Certificates with the same name and key are one to whoever verifies a chain. */
function anchorOf(bytes) {
  try {
    const { subject, publicKey } = der.certificateParts(bytes)
    return Buffer.concat([subject, publicKey]).toString('latin1')
  } catch {
    return sha256(bytes)
  }
}

test('a runtime is one of three, the running one or the one of `node` where none is named', () => {
  const options = [undefined, { node: '24' }, { runtime: 'node' }, { runtime: 'bun' }, { runtime: 'deno' }, { runtime: 'deno', node: '24' }]
  const named = options.map((given) => inspectCaFileSync(Buffer.alloc(0), given).runtime)
  assert.deepEqual(named, ['node', 'node', 'node', 'bun', 'deno', 'deno'])
  for (const runtime of ['electron', '', 1, null]) {
    assert.throws(() => inspectCaFileSync(Buffer.alloc(0), { runtime }), { code: /^ERR_INVALID_ARG_/ })
  }
})

test('what is said of a file names who reads it', () => {
  const { root, otherRoot, thirdRoot } = standardPki()
  const faulty = Buffer.from(root.pem + otherRoot.pem.replace('\nM', '\n!') + thirdRoot.pem)
  const text = (runtime) => String(inspectCaFileSync(faulty, { runtime }))
  assert.match(text('node'), /Node \S* ?loads 1 of the 2|Node loads 1 of the 2/)
  for (const [runtime, title] of [['bun', 'Bun'], ['deno', 'Deno']]) {
    assert.match(text(runtime), new RegExp(`${title} loads none of the 2 certificates in it`))
    assert.match(text(runtime), new RegExp(`${title} prints: Warning: Ignoring extra certs`))
    assert.match(text(runtime).replace(/\s+/g, ' '), new RegExp(`${title} warns and drops the whole file because of it`))
    assert.doesNotMatch(text(runtime).split('fix:')[0], /Node/)
  }
})

for (const runtime of ['bun', 'deno']) {
  test(`every named file is read as ${runtime} reads it`, { skip: unsupported ?? false }, async (context) => {
    const exceptions = JSON.parse(fs.readFileSync(EXCEPTIONS, 'utf8')).filter((entry) => entry.runtime === runtime)
    const pki = standardPki()
    const met = new Set()
    const problems = []
    const totals = { certificates: 0, unobservable: 0, warning: 0, silent: 0 }
    const files = namedFiles().filter(({ name }) => !ENDLESS.has(name))
    await forEachConcurrently(files, async (entry) => {
      const own = path.join(folder, runtime, entry.name)
      fs.mkdirSync(own, { recursive: true })
      const place = entry.make(own)
      const report = inCircumstances(place, () => inspectCaFileSync(place.value, { runtime, time: '2026-01-01T00:00:00Z' }))
      const differ = (about, expected, actual) => {
        const same = exceptions.find((item) => item.name === entry.name && item.about === about)
        if (same && JSON.stringify([same.expected, same.actual]) === JSON.stringify([expected, actual])) met.add(same)
        else problems.push(`${entry.name} (${entry.about}): ${about}: ${runtime} ${JSON.stringify(expected)}, the reader ${JSON.stringify(actual)}`)
      }
      if (report.repaired !== null) {
        const repaired = inspectCaFileSync(Buffer.from(report.repaired), { runtime })
        if (repaired.nodeWarning !== null) differ('repaired', null, repaired.nodeWarning)
      }
      const found = [...entry.certificates.map((name) => pki[name].der), ...report.found.map(bytesOf), ...looksLike(entry.contents)]
      const answer = await oracle.loadedBy(runtime, place.value, { ...place, candidates: found })
      const loaded = report.loadedByNode.map(({ sha256: digest }) => digest)
      // What a FIFO is read for comes when somebody writes.
      if (!place.fifo && answer.warning !== report.nodeWarning) differ('warning', answer.warning, report.nodeWarning)
      if (place.fifo && !answer.waited) differ('waiting', 'it waits for a writer', 'it did not')
      totals.warning += answer.warning === null ? 0 : 1
      if (answer.loaded) {
        totals.certificates += answer.loaded.length
        totals.silent += answer.loaded.length === 0 && answer.warning === null ? 1 : 0
        if (answer.loaded.join() !== loaded.join()) differ('loaded', answer.loaded.map((digest) => digest.slice(0, 8)), loaded.map((digest) => digest.slice(0, 8)))
        return
      }
      const anchors = new Set(report.loadedByNode.map((certificate) => anchorOf(bytesOf(certificate))))
      const bytes = new Map(found.map((each) => [sha256(each), each]))
      for (const [digest, isMember] of answer.members) {
        if (isMember === null) {
          totals.unobservable++
          continue
        }
        totals.certificates++
        const expected = anchors.has(anchorOf(bytes.get(digest)))
        if (isMember !== expected) differ('member', [digest.slice(0, 8), isMember], expected)
      }
      totals.silent += loaded.length === 0 && answer.warning === null ? 1 : 0
    })
    for (const exception of exceptions) {
      if (!met.has(exception)) problems.push(`the exception for ${exception.name} is not needed any more`)
    }
    context.diagnostic(
      `${files.length} files: ${totals.certificates} certificates compared (${totals.unobservable} that cannot be asked about), ${totals.warning} files with a warning, ` +
        `${totals.silent} that load nothing and say nothing, ${problems.length} differences, ${exceptions.length} exceptions`,
    )
    assert.equal(problems.length, 0, `\n${problems.join('\n')}\n`)
  })
}
