'use strict'

/**
 * Diagnoses of real servers by every Node: what is found, the code predicted and the code observed. A suite starts its servers once, has one
 * child of each Node look at all of them, stops them, and then compares; so no server outlives its suite, whatever was found.
 *
 *   describeLive('nginx', {
 *     start: () => startTogether({ web: startNginx(…) }),
 *     cases: [{ title: 'leaf only', look: ({ web }) => ({ target: `https://localhost:${web.port}` }), code: 'UNABLE_…', rules: ['chain-…'] }],
 *   })
 */

const assert = require('node:assert/strict')
const path = require('node:path')
const { before, describe, test } = require('node:test')

const { forEachConcurrently, runNode } = require('./environment')
const { nodes } = require('./nodes')

const CHILD = path.join(__dirname, 'diagnose-child.js')

/** Where a preamble or a proxy declines, there is nothing for this Node to look at. */
const STAGES_BEFORE_TLS = ['proxy', 'starttls']

/** The families of codes that OpenSSL 3.2, with Node 22, spelled anew. */
const handshakeFailure = (major) => (major < 22 ? 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' : 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE')

/**
 * @typedef {import('../..').Diagnosis} Diagnosis
 * @typedef {string | null | ((major: number) => string | null)} Code
 *
 * @typedef {object} Case
 * @property {string} title
 * @property {(servers: any) => { target: string, options?: import('../..').DiagnoseOptions }} look
 * @property {Code} code what the diagnosis says that Node's error carries, and what it was seen to carry
 * @property {Code} [observed] where this Node's own look ends with another code; undefined: the same
 * @property {boolean} [ok] where neither code nor observation tells
 * @property {Code} [verdict] of the chain; where there is one and this is undefined, `code`
 * @property {string[] | ((major: number) => string[])} rules every error and warning found, and no other
 * @property {string[]} [infos] rules that tell what is worth knowing; others may be there too
 * @property {(diagnosis: Diagnosis, major: number, answer: { text: string, milliseconds: number }) => void} [check]
 */

/**
 * Starts servers at the same time; when one cannot be started, the others are stopped.
 *
 * @template {Record<string, Promise<{ stop: () => Promise<void> }>>} Starting
 * @param {Starting} starting
 */
async function startTogether(starting) {
  const names = Object.keys(starting)
  const outcomes = await Promise.allSettled(Object.values(starting))
  const failed = outcomes.find(({ status }) => status === 'rejected')
  if (failed) {
    await Promise.all(outcomes.map((outcome) => outcome.status === 'fulfilled' && outcome.value.stop()))
    throw failed.reason
  }
  return Object.fromEntries(names.map((name, index) => [name, outcomes[index].value]))
}

const stopAll = (servers) => Promise.all(Object.values(servers).map((server) => server.stop()))

/** Buffers are to arrive as such. */
const asJson = (value) => JSON.stringify(value, (name, entry) => {
  return entry?.type === 'Buffer' ? `base64:${Buffer.from(entry.data).toString('base64')}` : entry
})

/**
 * @param {string} title
 * @param {{ start: () => Promise<Record<string, any>>, cases: Case[], options?: import('../..').DiagnoseOptions, env?: Record<string, string>, skip?: string | null }} suite
 *   `options` are those of every case, `env` is the environment of the processes that look
 */
function describeLive(title, { start, cases, options, env, skip }) {
  describe(title, { skip: skip ?? false }, () => {
    /** @type {Map<number, { diagnosis: Diagnosis, text: string, error?: string, milliseconds: number }[]>} */
    const answers = new Map()

    before(async () => {
      const servers = await start()
      try {
        const questions = cases.map(({ look }) => {
          const { target, options: own } = look(servers)
          return { target, options: { proxy: false, ...options, ...own } }
        })
        await forEachConcurrently(nodes, async ({ major }) => {
          const { status, signal, stdout, stderr } = await runNode(major, [CHILD], { stdin: asJson(questions), env })
          assert.equal(status, 0, `Node ${major} ended with ${signal ?? status}: ${stderr}`)
          answers.set(major, JSON.parse(stdout))
        })
      } finally {
        await stopAll(servers)
      }
    })

    for (const [index, it] of cases.entries()) {
      test(it.title, async (context) => {
        for (const { major } of nodes) {
          await context.test(`on Node ${major}`, () => {
            const answer = answers.get(major)?.[index]
            assert.ok(answer, 'nothing was looked at')
            assert.equal(answer.error, undefined)
            compare(it, answer, major)
          })
        }
      })
    }
  })
}

/** @param {Case} it */
function compare(it, answer, major) {
  const { diagnosis } = answer
  const code = codeFor(it.code, major)
  const rulesOf = (...severities) => diagnosis.findings.filter(({ severity }) => severities.includes(severity)).map(({ rule }) => rule)
  const seen = {
    code: diagnosis.code,
    observed: diagnosis.observed?.code ?? null,
    verdict: diagnosis.verdict?.code ?? null,
    ok: diagnosis.ok,
    rules: rulesOf('error', 'warning').sort(),
  }
  const verdict = it.verdict === undefined && diagnosis.verdict !== null ? code : codeFor(it.verdict ?? null, major)
  const observed = it.observed === undefined ? code : codeFor(it.observed, major)
  assert.deepEqual(seen, { code, observed, verdict, ok: it.ok ?? (code === null && observed === null), rules: [...(typeof it.rules === 'function' ? it.rules(major) : it.rules)].sort() }, answer.text)
  const hasTls = !STAGES_BEFORE_TLS.includes(diagnosis.failure?.stage)
  assert.equal(diagnosis.observed !== null, hasTls, hasTls ? 'this Node did not look' : 'this Node looked where there is no TLS')
  const infos = rulesOf('info')
  for (const rule of it.infos ?? []) assert.ok(infos.includes(rule), `${rule} is not among ${infos.join(', ')}`)
  it.check?.(diagnosis, major, answer)
}

/** @param {Code} code */
const codeFor = (code, major) => (typeof code === 'function' ? code(major) : code)

/** The versions that a server was found to speak. @param {NonNullable<Diagnosis['session']>} session */
const spoken = ({ versions }) => versions.filter(({ cipherSuite }) => cipherSuite !== null).map(({ protocol }) => protocol)

module.exports = { describeLive, handshakeFailure, spoken, startTogether }
