'use strict'

// A rule comes with a test that it fires and a test that it does not. Both say so in their titles, which stand as literals in a file under
// __test__:
//
//   test('rule <id>: found …', …)     an input with the fault: the finding appears
//   test('rule <id>: absent …', …)    a near input without it: it does not

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const test = require('node:test')

const ids = require('../binding.js').rules().map(({ id }) => id)

/** @param {string} folder @returns {string[]} */
function scripts(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : scripts(full)
    return /\.[cm]?js$/.test(entry.name) && full !== __filename ? [full] : []
  })
}

const titles = scripts(__dirname).flatMap((file) =>
  [...fs.readFileSync(file, 'utf8').matchAll(/['"`]rule ([a-z0-9-]+): (found|absent)\b/g)].map(([, id, outcome]) => ({ file, id, outcome })),
)

test('every rule has a test that it is found and a test that it is absent', () => {
  const missing = ids.flatMap((id) =>
    ['found', 'absent'].filter((outcome) => !titles.some((title) => title.id === id && title.outcome === outcome)).map((outcome) => `rule ${id}: ${outcome}`),
  )
  assert.deepEqual(missing, [], 'no test has one of these titles')
})

test('every test of a rule is about a rule that exists', () => {
  assert.deepEqual(titles.filter(({ id }) => !ids.includes(String(id))), [], 'the rule was renamed or removed')
})
