'use strict'

// `verifyChain` against the OpenSSL inside Node, replayed by the tests' oracle in the same process: the same chain, decoded and verified by
// both, with a store that both have prepared.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { certificate } = require('../__test__/support/pki')
const { oracleAddon } = require('../__test__/support/judge')
const { inTurn, root, times } = require('./measure')

const LEAST = 1.5
const TIME = '2025-06-01T00:00:00Z'
const VALIDITY = { notBefore: '2025-01-01T00:00:00Z', notAfter: '2035-01-01T00:00:00Z' }

/** A leaf and an intermediate as sent, and the root they end in. */
function chain(keyType) {
  const anchor = certificate({ ...VALIDITY, keyType, subject: 'Benchmark Root', ca: true })
  const intermediate = anchor.issue({ ...VALIDITY, keyType, subject: 'Benchmark CA', ca: true })
  const leaf = intermediate.issue({ ...VALIDITY, keyType, subject: 'www.example.com', altNames: ['DNS:www.example.com'] })
  return { sent: [leaf, intermediate].map(({ der }) => der.toString('base64')), anchor: anchor.pem }
}

/** What is timed, in a process of its own: rounds of both in turn, the medians of a round's microseconds a call. */
const script = (input) => `
  const { chain, ca, addon } = JSON.parse(require('node:fs').readFileSync(${JSON.stringify(input)}, 'utf8'))
  const oracle = { exports: {} }
  process.dlopen(oracle, addon)
  const { Verifier } = oracle.exports
  const { verifyChain } = require(${JSON.stringify(root)})
  const sent = chain.map((text) => Buffer.from(text, 'base64'))
  const time = ${JSON.stringify(TIME)}
  const context = require('node:tls').createSecureContext({ ca })
  const verifier = new Verifier(context.context._external, { purpose: 'server', time: Date.parse(time) / 1000 })
  const question = { chain: sent, ca, time }
  const subjects = { node: () => verifier.verify(sent), ours: () => verifyChain(question).ok }
  const samples = { node: [], ours: [] }
  for (let round = 0; round < 12; round += 1) {
    for (const [name, subject] of Object.entries(subjects)) {
      const begin = process.hrtime.bigint()
      for (let call = 0; call < 400; call += 1) if (!subject()) throw new Error(name + ' does not verify the chain')
      if (round > 1) samples[name].push(Number(process.hrtime.bigint() - begin) / 400e3)
    }
  }
  const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1]
  console.log(JSON.stringify({ node: median(samples.node), ours: median(samples.ours) }))
`

async function run() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'verify-'))
  try {
    const addon = oracleAddon()
    const others = Array.from({ length: 299 }, (_, number) => certificate({ ...VALIDITY, subject: `Other Root ${number}`, ca: true }).pem)
    const rows = []
    for (const [name, keyType] of [['RSA-2048', 'rsa-2048'], ['ECDSA P-256', 'p256']]) {
      const { sent, anchor } = chain(keyType)
      for (const [anchors, ca] of [[1, [anchor]], [300, [...others, anchor]]]) {
        const input = path.join(folder, `${keyType}-${anchors}.json`)
        fs.writeFileSync(input, JSON.stringify({ chain: sent, ca, addon }))
        for (const node of [24, 20]) {
          const { figures } = inTurn({ figures: { node, script: script(input) } }, 5)
          const ratio = figures.node / figures.ours
          rows.push({
            what: `Node ${node}: three certificates, ${name}, ${anchors === 1 ? 'one anchor' : `${anchors} anchors`}`,
            figure: `${times(ratio)} as fast  ${figures.ours.toFixed(0)} µs, OpenSSL ${figures.node.toFixed(0)} µs`,
            ...(node === 24 ? { target: `at least ${LEAST}x`, met: ratio >= LEAST } : {}),
          })
        }
      }
    }
    return rows
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

module.exports = { run }
