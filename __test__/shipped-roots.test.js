'use strict'

// The roots that the package says each Node line ships are those of `tls.rootCertificates` on the real Node, one by one and in its order.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const { test } = require('node:test')

const { verifyChain } = require('..')
const { NativeTrust } = require('../lib/native')
const { runNode } = require('./support/environment')
const nodesModule = require('./support/nodes')

test('the bundled store of every Node line is known', { skip: nodesModule.unsupported ?? false }, async (context) => {
  const counts = []
  for (const { major, version } of nodesModule.nodes) {
    const { stdout } = await runNode(major, ['-p', "JSON.stringify(require('tls').rootCertificates)"])
    const digest = (pem) => crypto.createHash('sha256').update(Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')).digest('hex')
    const expected = JSON.parse(stdout).map(digest)
    const known = NativeTrust.shippedBy(String(major)).stored(version).map(({ sha256 }) => sha256)
    assert.deepEqual(known, expected, `Node ${version}: run scripts/shipped-roots.js`)
    counts.push(`${expected.length} on ${version}`)
  }
  context.diagnostic(`roots compared: ${counts.join(', ')}`)
})

test('a root that has left the list is said to have left it', { skip: nodesModule.unsupported ?? false }, async () => {
  const rootsOf = async (major) => JSON.parse((await runNode(major, ['-p', "JSON.stringify(require('tls').rootCertificates)"])).stdout)
  const [older, newer] = [await rootsOf(20), await rootsOf(22)]
  const left = older.find((pem) => !newer.includes(pem))
  const stayed = older.find((pem) => newer.includes(pem))
  const details = (chain, node) => verifyChain({ chain, ca: [], node }).findings.map(({ detail }) => detail ?? '').join('\n')
  assert.match(details([left], '22'), /^`.*` left Node's list in Node 22 \(the lists were read on \d{4}-\d\d-\d\d\)$/m)
  assert.match(details([left], '26'), /left Node's list in Node 22/)
  assert.doesNotMatch(details([left], '20'), /Node's list/)
  assert.doesNotMatch(details([stayed], '22'), /Node's list/)
})

test('the list of another line is not known', () => {
  assert.equal(NativeTrust.shippedBy('17'), null)
  assert.equal(NativeTrust.shippedBy('25'), null)
  assert.throws(() => NativeTrust.shippedBy('newest'), { code: 'ERR_INVALID_ARG_VALUE' })
})
