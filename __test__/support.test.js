'use strict'

// The tests' own ground: the certificates are what they say, and what is installed comes from no particular registry.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')

const der = require('./support/der')
const { cleanEnvironment, run, runNode } = require('./support/environment')
const nodesModule = require('./support/nodes')
const { certificate, standardPki } = require('./support/pki')

test('every certificate carries a signature that fits its issuer, except the one that is broken', () => {
  for (const [name, made] of Object.entries(standardPki())) {
    const [tbs, , signature] = der.children(der.read(made.der).body)
    const signer = (made.issuer ?? made).key
    const digest = signer.family === 'rsa' || signer.family === 'ec' ? (made.options.digest ?? 'sha256') : null
    const fits = crypto.verify(digest, tbs.raw, signer.publicKey, signature.body.subarray(1))
    assert.equal(fits, name !== 'brokenSignatureRoot', name)
  }
})

test('the same options make the same certificate', () => {
  const make = (keyType) => certificate({ subject: 'Same', keyType, digest: keyType === 'p521' ? 'sha512' : 'sha256' }).sha256
  for (const keyType of ['p256', 'p521', 'ed25519', 'rsa-1024']) assert.equal(make(keyType), make(keyType), keyType)
  assert.notEqual(certificate({ subject: 'Same' }).sha256, certificate({ subject: 'Same', serial: 1 }).sha256)
})

test('a seed and a number make the same file in every process', async () => {
  const script = `
    const { mutatedFile } = require(${JSON.stringify(require.resolve('./support/mutate'))})
    const hash = require('crypto').createHash('sha256')
    for (let number = 0; number < 500; number++) hash.update(mutatedFile('fixed', number))
    process.stdout.write(hash.digest('hex'))`
  const answers = []
  for (let round = 0; round < 2; round++) answers.push((await run(process.execPath, ['-e', script])).stdout)
  assert.match(answers[0], /^[0-9a-f]{64}$/)
  assert.equal(answers[0], answers[1])
})

test('the lock files name no registry', () => {
  for (const folder of ['..', 'nodes', 'clients']) {
    const lock = JSON.parse(fs.readFileSync(path.join(__dirname, folder, 'package-lock.json'), 'utf8'))
    const resolved = Object.entries(lock.packages).filter(([, entry]) => !entry.link && entry.resolved?.startsWith('http'))
    assert.deepEqual(resolved.map(([name]) => name), [], folder)
  }
})

test('children start from a clean environment', { skip: nodesModule.unsupported ?? false }, async () => {
  const script = 'process.stdout.write(JSON.stringify(process.env))'
  for (const { major, version } of nodesModule.nodes) {
    const { stdout } = await runNode(major, ['-e', script], { env: { ADDED: 'yes' } })
    assert.deepEqual(JSON.parse(stdout), cleanEnvironment({ ADDED: 'yes' }))
    assert.equal((await runNode(major, ['--version'])).stdout, `v${version}\n`)
  }
})
