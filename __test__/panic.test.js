'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const path = require('node:path')
const test = require('node:test')

const binding = path.join(__dirname, '..', 'binding.js')

/**
 * @param {string} script
 */
function run(script) {
  return spawnSync(process.execPath, ['-e', `const binding = require(${JSON.stringify(binding)}); ${script}`], {
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
  })
}

test('a panic on the main thread is an error with a code, and the process goes on', () => {
  const { status, stdout } = run("try { binding.panicSync() } catch (error) { console.log(error instanceof Error, error.code, 'alive') }")
  assert.equal(stdout, 'true ERR_TRUST_ANCHORS_INTERNAL alive\n')
  assert.equal(status, 0)
})

test('a panic on the thread pool rejects with a code, and the process goes on', () => {
  const { status, stdout } = run("binding.panicAsync().catch((error) => console.log(error instanceof Error, error.code, 'alive'))")
  assert.equal(stdout, 'true ERR_TRUST_ANCHORS_INTERNAL alive\n')
  assert.equal(status, 0)
})

test('a panic beside a connection rejects with a code, and the process goes on', () => {
  const { status, stdout } = run("binding.panicConnection().catch((error) => console.log(error instanceof Error, error.code, 'alive'))")
  assert.equal(stdout, 'true ERR_TRUST_ANCHORS_INTERNAL alive\n')
  assert.equal(status, 0)
})
