'use strict'

const assert = require('node:assert')
const { test } = require('node:test')

const { cases, judge } = require('./support/d2i')
const { nodes, unsupported } = require('./support/nodes')

// The Rust tests hold the decoder against the same verdicts.
test('the verdicts on certificates that the decoder is tested with are those of real Nodes', { skip: unsupported ?? false }, async (t) => {
  for (const { major } of nodes) {
    await t.test(`Node ${major}`, async () => {
      const verdicts = await judge(major, cases)
      const openssl = major < 22 ? '3.0' : '3.5'
      assert.deepStrictEqual(
        Object.fromEntries(cases.map(({ name }, index) => [name, verdicts[index]])),
        Object.fromEntries(cases.map(({ name, verdict }) => [name, verdict[openssl]])),
      )
    })
  }
})
