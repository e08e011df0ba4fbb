'use strict'

// Files that somebody made to hurt, or that merely are not what they should be: inspecting them ends, in bounded memory, with a finding. Each
// runs in a child that reports its memory; the child's limit is only there so that a hang shows as a failure.

const assert = require('node:assert/strict')
const { execFileSync, spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const test = require('node:test')

const { runNode } = require('./support/environment')
const { pemBlock, standardPki } = require('./support/pki')

const { root, otherRoot } = standardPki()
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-hostile-'))
test.after(() => fs.rmSync(folder, { recursive: true, force: true }))
const READ_LIMIT = 128 * 1024 * 1024
const MEBIBYTE = 1024 * 1024

/**
 * What inspecting `file` gives, in short, and the most memory it took, in MiB, above what Node itself takes.
 *
 * @param {string} file
 * @param {object} [options]
 */
async function inspectedInChild(file, options = {}) {
  const script = `
    const { inspectCaFileSync } = require(${JSON.stringify(path.join(__dirname, '..'))})
    inspectCaFileSync(Buffer.from('x'))
    const before = process.resourceUsage().maxRSS
    const report = inspectCaFileSync(${JSON.stringify(file)}, ${JSON.stringify({ node: '24', time: '2026-01-01', ...options })})
    console.log(JSON.stringify({
      mebibytes: (process.resourceUsage().maxRSS - before) / 1024,
      format: report.format, loaded: report.loadedByNode.length, found: report.found.length, blocks: report.blocks.length,
      warning: report.nodeWarning,
      findings: report.findings.map(({ rule, message, detail }) => ({ rule, message, detail })),
      repaired: report.repaired === null ? 0 : report.repaired.length,
    }))`
  const { stdout, stderr, signal } = await runNode(process.execPath, ['-e', script], { limit: 300_000 })
  assert.equal(signal, null, `inspecting ${file} hangs`)
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

/** @param {{ findings: { rule: string }[] }} report */
const rules = (report) => report.findings.map(({ rule }) => rule)

/** @param {string} name @param {Buffer | string} piece @param {number} [total] */
function filled(name, piece, total = READ_LIMIT + MEBIBYTE) {
  const file = path.join(folder, name)
  const descriptor = fs.openSync(file, 'w')
  const bytes = Buffer.from(piece)
  const chunk = Buffer.concat(Array.from({ length: Math.ceil(4 * MEBIBYTE / bytes.length) }, () => bytes))
  for (let written = 0; written < total; written += chunk.length) fs.writeSync(descriptor, chunk)
  fs.closeSync(descriptor)
  return file
}

/** As many bytes more as make 1 GiB of it, which take no room on the disk. @param {string} file */
function grownToGibibyte(file) {
  fs.truncateSync(file, 1024 * MEBIBYTE)
  return file
}

for (const [name, piece, limit] of /** @type {[string, string, number][]} */ ([
  ['NULs', '', 400],
  ['text', `${'a line of text that goes on for a while, as logs do, with a colon: here'.repeat(2)}\n`, 400],
  ['one line', 'no line break anywhere ', 400],
  ['base64 on one line', root.der.toString('base64').slice(0, 64), 700],
  ['BEGIN lines', '-----BEGIN CERTIFICATE-----\n', 700],
  ['BEGINs on one line', '-----BEGIN A-----', 700],
  ['empty blocks', '-----BEGIN A-----\n-----END A-----\n', 1500],
  ['small blocks', '-----BEGIN A-----\nQUJD\n-----END A-----\n', 1800],
  ['dashes', '-', 400],
  ['starts of certificates', 'MIIB ', 700],
  ['literal newlines', '\\n', 400],
  ['NULs and line feeds', '\0\n', 700],
])) {
  test(`1 GiB of ${name} ends in a finding, in bounded memory`, async () => {
    const file = grownToGibibyte(filled('gibibyte', piece || 'x', piece ? undefined : 1))
    if (!piece) fs.writeFileSync(file, '')
    if (!piece) fs.truncateSync(file, 1024 * MEBIBYTE)
    const report = await inspectedInChild(file)
    assert.ok(rules(report).includes('ca-file-too-large'), rules(report).join())
    assert.equal(report.loaded, 0)
    assert.ok(report.mebibytes < limit, `${report.mebibytes} MiB`)
    fs.rmSync(file)
  })
}

test('1 GiB of the same certificate: what fits the limit is read, once found and each time loaded', async () => {
  const file = grownToGibibyte(filled('blocks', root.pem))
  const report = await inspectedInChild(file)
  assert.equal(report.found, 1)
  assert.equal(report.loaded, Math.floor(READ_LIMIT / root.pem.length))
  assert.ok(rules(report).includes('ca-file-too-large'))
  assert.ok(report.findings.length < 10)
  assert.ok(report.mebibytes < 1500, `${report.mebibytes} MiB`)
  fs.rmSync(file)
})

/** As many certificates as asked for, told apart by their serial numbers. @param {number} count */
function certificates(count) {
  const at = root.der.indexOf(root.der.subarray(-1)) && root.der.indexOf(Buffer.from([0x02])) // the version's INTEGER
  const serial = root.der.indexOf(Buffer.from([0x02]), at + 3)
  return Array.from({ length: count }, (_, index) => {
    const copy = Buffer.from(root.der)
    copy.writeUInt32BE(index, serial + 4)
    return copy
  })
}

test('100,000 certificates are found, and their faults are a handful of findings', async () => {
  const file = path.join(folder, 'many.pem')
  const descriptor = fs.openSync(file, 'w')
  for (const certificate of certificates(100_000)) fs.writeSync(descriptor, pemBlock(certificate).replaceAll(/^(?=.)/gm, ' '))
  fs.closeSync(descriptor)
  const report = await inspectedInChild(file, { time: '2050-01-01' })
  assert.equal(report.found, 100_000)
  assert.equal(report.loaded, 0)
  assert.ok(report.findings.length < 10, rules(report).join())
  assert.ok(report.findings.some(({ rule, message }) => rule === 'pem-indented' && message.startsWith('100000 blocks are indented')))
  assert.ok(report.findings.some(({ rule, message }) => rule === 'certificate-all-expired' && message.startsWith('100000 certificates')))
  assert.ok(report.mebibytes < 1500, `${report.mebibytes} MiB`)
  fs.rmSync(file)
})

test('100,000 certificates in DER, and 100,000 faulty blocks', async () => {
  const file = path.join(folder, 'many.der')
  fs.writeFileSync(file, Buffer.concat(certificates(100_000)))
  assert.equal((await inspectedInChild(file)).found, 100_000)
  fs.writeFileSync(file, `${root.pem.replace(/\n-----END/, '\n\n-----END')}`.repeat(100_000))
  const report = await inspectedInChild(file)
  assert.equal(report.found, 1)
  assert.ok(report.findings.length < 10)
  fs.rmSync(file)
})

test('PKCS#12 that asks for endless key derivation, once and a thousand times, ends soon', async () => {
  const { pkcs12 } = require('./support/pki')
  const bytes = pkcs12([root])
  // The iteration count of 2048 wherever it stands: INTEGER 08 00.
  for (let at = bytes.indexOf('02020800', 0, 'hex'); at >= 0; at = bytes.indexOf('02020800', at + 1, 'hex')) bytes.writeUInt16BE(0x7fff, at + 2)
  const file = path.join(folder, 'hostile.p12')
  fs.writeFileSync(file, Buffer.concat(Array.from({ length: 1000 }, () => bytes)))
  const report = await inspectedInChild(file)
  assert.equal(report.format, 'pkcs12')
  assert.ok(report.found <= 1)
  assert.ok(rules(report).includes('ca-file-pkcs12-locked'))
  fs.writeFileSync(file, pemBlock(bytes).repeat(1000))
  assert.deepEqual(rules(await inspectedInChild(file)), ['pem-not-a-certificate'])
  fs.rmSync(file)
})

test('/dev/zero, /dev/full, /dev/urandom and a FIFO end at once', async () => {
  const fifo = path.join(folder, 'fifo')
  execFileSync('mkfifo', [fifo])
  for (const [file, rule] of [['/dev/zero', 'ca-file-empty'], ['/dev/full', 'ca-file-empty'], ['/dev/urandom', 'ca-file-device'], [fifo, 'ca-file-pipe']]) {
    assert.deepEqual(rules(await inspectedInChild(file)), [rule])
  }
})

/**
 * Runs `script` in another process while `work` runs here, and ends it then.
 *
 * @param {string} script
 * @param {() => void} work
 */
async function meanwhile(script, work) {
  const child = spawn(process.execPath, ['-e', script], { env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve))
    work()
  } finally {
    const closed = new Promise((resolve) => child.once('close', resolve))
    child.kill()
    await closed
  }
}

test('rule ca-file-changed: found for a file that grows while it is read', async () => {
  const file = filled('growing', root.pem, 32 * MEBIBYTE)
  const { inspectCaFileSync } = require('..')
  await meanwhile(`
    const fs = require('fs')
    const descriptor = fs.openSync(${JSON.stringify(file)}, 'a')
    console.log('begun')
    for (;;) { fs.writeSync(descriptor, 'x'); if (fs.fstatSync(descriptor).size > ${64 * MEBIBYTE}) fs.ftruncateSync(descriptor, ${32 * MEBIBYTE}) }
  `, () => {
    for (let attempt = 0; attempt < 100; attempt++) {
      if (inspectCaFileSync(file).findings.some(({ rule }) => rule === 'ca-file-changed')) return
    }
    assert.fail('never seen')
  })
  fs.rmSync(file)
})

test('rule ca-file-changed: absent for a file at rest', () => {
  const { inspectCaFileSync } = require('..')
  const file = path.join(folder, 'rest.pem')
  fs.writeFileSync(file, root.pem)
  assert.ok(!inspectCaFileSync(file).findings.some(({ rule }) => rule === 'ca-file-changed'))
})

test('a file that is replaced, truncated, removed, and turned into a FIFO or directory under the reader ends in some report each time', async () => {
  const file = path.join(folder, 'swapped.pem')
  fs.writeFileSync(file, root.pem)
  const known = new Set([root.sha256, otherRoot.sha256])
  const { inspectCaFileSync } = require('..')
  const formats = new Set()
  await meanwhile(`
    const fs = require('fs')
    const file = ${JSON.stringify(file)}
    const attempt = (work) => { try { work() } catch {} }
    const states = [
      () => fs.writeFileSync(file + '.new', ${JSON.stringify(otherRoot.pem)}.repeat(200)),
      () => fs.writeFileSync(file, ${JSON.stringify(root.pem)}.repeat(1000)),
      () => fs.truncateSync(file, 100),
      () => fs.rmSync(file + '.new', { recursive: true }),
      () => fs.mkdirSync(file + '.new'),
      () => fs.symlinkSync(file, file + '.new'),
      () => fs.symlinkSync(${JSON.stringify(path.join(folder, 'fifo'))}, file + '.new'),
    ]
    console.log('begun')
    for (let turn = 0; ; turn++) {
      attempt(() => fs.rmSync(file + '.new', { recursive: true, force: true }))
      attempt(states[turn % states.length])
      attempt(() => fs.rmSync(file, { recursive: true, force: true }))
      attempt(() => fs.renameSync(file + '.new', file))
    }
  `, () => {
    for (let turn = 0; turn < 2000; turn++) {
      const report = inspectCaFileSync(file)
      formats.add(report.format)
      for (const { sha256 } of report.found) assert.ok(known.has(sha256))
      assert.ok(report.format === 'pem' || report.findings.length > 0)
    }
  })
  assert.ok(formats.size > 1, [...formats].join())
})
