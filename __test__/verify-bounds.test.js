'use strict'

// Chains and stores that somebody made to hurt: the verdict comes in bounded memory, with what was too much said where it was. How long each takes is
// measured by `npm run benchmark -- bounds`.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const test = require('node:test')

const { runNode } = require('./support/environment')
const { boundsScript, writeHostileChains } = require('./support/hostile-chains')

const MEBIBYTES = 64
const EXPECTED = {
  'ten thousand certificates': { code: 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE' },
  'one text of ten thousand certificates': { code: 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE' },
  'a store that goes round in a circle': { code: 'UNABLE_TO_GET_ISSUER_CERT', path: 102 },
  'forty authorities with keys of 16384 bits': { undetermined: /more work/ },
  'forty authorities with exponents of 3072 bits': { undetermined: /more work/ },
  'points that take a square root each': { undetermined: /more work/ },
  'sixty times a thousand names and a thousand constraints': { undetermined: /more name constraints/ },
  'a hundred thousand names in the store': { code: 'UNSPECIFIED' },
  'thousands of names in the leaf': { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  'eight megabytes of nothing in the store': { code: null, ok: true },
  'a store of broken blocks': { code: null, ok: true },
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-bounds-'))
test.after(() => fs.rmSync(folder, { recursive: true, force: true }))
const files = writeHostileChains(folder)

for (const [name, file] of Object.entries(files)) {
  test(`${name}: a verdict in bounded memory`, async () => {
    const { stdout, stderr, signal } = await runNode(process.execPath, ['-e', boundsScript(file)], { limit: 120_000 })
    assert.equal(signal, null, 'hangs')
    assert.equal(stderr, '')
    const verdict = JSON.parse(stdout)
    assert.ok(verdict.mebibytes <= MEBIBYTES, `${verdict.mebibytes.toFixed(0)} MiB`)
    const { ok = false, code, undetermined, path: length } = EXPECTED[name] ?? {}
    assert.equal(verdict.ok, ok)
    if (code !== undefined) assert.equal(verdict.code, code)
    if (undetermined) assert.match(verdict.undetermined, undetermined)
    if (length) assert.equal(verdict.path, length)
  })
}
