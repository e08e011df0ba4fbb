'use strict'

const assert = require('node:assert')
const { test } = require('node:test')

const { nodes, unsupported } = require('./support/nodes')
const { cases, judge } = require('./support/signatures')

// The Rust tests hold the model against the same verdicts.
test('the verdicts on keys and signatures that the model is tested with are those of real Nodes', { skip: unsupported ?? false }, async (t) => {
  const certificates = cases.map(({ certificate }) => certificate)
  for (const { major } of nodes) {
    await t.test(`Node ${major}`, async () => {
      const verdicts = await judge(major, certificates)
      const openssl = major < 22 ? '3.0' : '3.5'
      assert.deepStrictEqual(
        Object.fromEntries(cases.map(({ name }, index) => [name, verdicts[index]])),
        Object.fromEntries(cases.map(({ name, verdict }) => [name, verdict[openssl]])),
      )
    })
  }
})
