'use strict'

// `verifyChain` against the OpenSSL inside Node, replayed by the tests' oracle in the same process: the same chains, decoded and verified by
// both, with a store that both have prepared. Ours remembers the signatures that it has checked and OpenSSL does not, so what is promised is
// measured with more chains than are remembered, one after the other; the same chain again and again is told beside it.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { certificate } = require('../__test__/support/pki')
const { oracleAddon } = require('../__test__/support/judge')
const { inTurn, root, times } = require('./measure')

const LEAST = 1.5
// Two signatures each, and `verify::checked` in the core remembers 2,048.
const CHAINS = 1100
const TIME = '2025-06-01T00:00:00Z'
const VALIDITY = { notBefore: '2025-01-01T00:00:00Z', notAfter: '2035-01-01T00:00:00Z' }

/** Leaves and intermediates as sent, no certificate in two chains, and the root they end in. */
function chains(keyType) {
  const options = { ...VALIDITY, keyType }
  const anchor = certificate({ ...options, subject: 'Benchmark Root', ca: true })
  const sent = Array.from({ length: CHAINS }, (_, number) => {
    const intermediate = anchor.issue({ ...options, subject: `Benchmark CA ${number}`, keyName: 'Benchmark CA', ca: true })
    const leaf = intermediate.issue({ ...options, subject: 'www.example.com', altNames: ['DNS:www.example.com'] })
    return [leaf, intermediate].map(({ der }) => der.toString('base64'))
  })
  return { sent, anchor: anchor.pem }
}

/** What is timed, in a process of its own: rounds of all in turn, the medians of a round's microseconds a call. */
const script = (input) => `
  const { chains, ca, addon } = JSON.parse(require('node:fs').readFileSync(${JSON.stringify(input)}, 'utf8'))
  const oracle = { exports: {} }
  process.dlopen(oracle, addon)
  const { Verifier } = oracle.exports
  const { verifyChain } = require(${JSON.stringify(root)})
  const sent = chains.map((chain) => chain.map((text) => Buffer.from(text, 'base64')))
  const time = ${JSON.stringify(TIME)}
  const context = require('node:tls').createSecureContext({ ca })
  const verifier = new Verifier(context.context._external, { purpose: 'server', time: Date.parse(time) / 1000 })
  const questions = sent.map((chain) => ({ chain, ca, time }))
  const subjects = {
    node: (call) => verifier.verify(sent[call]),
    ours: (call) => verifyChain(questions[call]).ok,
    again: () => verifyChain(questions[0]).ok,
  }
  const samples = { node: [], ours: [], again: [] }
  for (let round = 0; round < 6; round += 1) {
    for (const [name, subject] of Object.entries(subjects)) {
      const begin = process.hrtime.bigint()
      for (let call = 0; call < sent.length; call += 1) if (!subject(call)) throw new Error(name + ' does not verify the chain')
      if (round > 0) samples[name].push(Number(process.hrtime.bigint() - begin) / 1e3 / sent.length)
    }
  }
  const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1]
  console.log(JSON.stringify({ node: median(samples.node), ours: median(samples.ours), again: median(samples.again) }))
`

async function run() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'verify-'))
  try {
    const addon = oracleAddon()
    const others = Array.from({ length: 299 }, (_, number) => certificate({ ...VALIDITY, subject: `Other Root ${number}`, ca: true }).pem)
    const rows = []
    for (const [name, keyType] of [['RSA-2048', 'rsa-2048'], ['ECDSA P-256', 'p256']]) {
      const { sent, anchor } = chains(keyType)
      for (const [anchors, ca] of [[1, [anchor]], [300, [...others, anchor]]]) {
        const input = path.join(folder, `${keyType}-${anchors}.json`)
        fs.writeFileSync(input, JSON.stringify({ chains: sent, ca, addon }))
        for (const node of [24, 20]) {
          const { figures } = inTurn({ figures: { node, script: script(input) } }, 5)
          const ratio = figures.node / figures.ours
          rows.push({
            what: `Node ${node}: three certificates, ${name}, ${anchors === 1 ? 'one anchor' : `${anchors} anchors`}`,
            figure: `${times(ratio)} as fast  ${figures.ours.toFixed(0)} µs, OpenSSL ${figures.node.toFixed(0)} µs; the same again ${figures.again.toFixed(0)} µs`,
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
