'use strict'

// The verdicts that real Nodes gave on thousands of chains, where the file with them lies beside the project: equal in `ok`, in `code` and in the whole
// list of errors. What is not equal stands in an exceptions file with its reason; one that starts to be equal fails here.

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')

const { verifyChain } = require('..')
const exceptions = require('./recorded-exceptions.json')
const { FILE, recordedVerdicts } = require('./support/recorded')

const MOST_EXCEPTIONS = 5
const cases = recordedVerdicts()

/** @param {any} recorded @param {string} node */
function predicted({ peer, intermediates, trusted, time, kind, hostname }, node) {
  const verdict = verifyChain({ chain: [peer, ...intermediates], ca: trusted, time, node, purpose: kind, hostname: hostname?.value })
  const { ok, code, undetermined } = verdict
  return { ok, code, errors: verdict.errors.map(({ openssl, depth }) => [openssl, depth]), undetermined }
}

describe('verdicts that were recorded', { skip: cases === undefined && `there is no ${FILE}` }, () => {
  for (const node of ['20', '24']) {
    test(`all are predicted for Node ${node}`, (context) => {
      const differences = []
      const excepted = []
      for (const recorded of cases ?? []) {
        const { ok, code, errors } = recorded[`node${node}`]
        const actual = predicted(recorded, node)
        try {
          assert.deepEqual(actual, { ok, code, errors, undetermined: null })
        } catch {
          const known = exceptions.some((exception) => exception.id === recorded.id && exception.nodes.includes(node))
          if (known) excepted.push(recorded.id)
          else differences.push({ id: recorded.id, expected: { ok, code, errors }, actual })
        }
      }
      context.diagnostic(`${cases?.length} cases, ${differences.length} differences, ${excepted.length} exceptions`)
      assert.deepEqual(differences, [])
      const stale = exceptions.filter((exception) => exception.nodes.includes(node) && !excepted.includes(exception.id))
      assert.deepEqual(stale, [], 'these are equal now: take them out')
    })
  }

  test('there are few exceptions, each with its reason', () => {
    assert.ok(exceptions.length <= MOST_EXCEPTIONS)
    for (const { reason } of exceptions) assert.match(reason, /\w/)
  })
})
