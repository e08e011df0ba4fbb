'use strict'

// Fresh processes in turn (A B C A B C …), so that a change of the machine's speed meets all of them; medians of what each says.

const { execFileSync } = require('node:child_process')
const path = require('node:path')

const { cleanEnvironment } = require('../__test__/support/environment')
const { nodePath } = require('../__test__/support/nodes')

const root = path.join(__dirname, '..')

const median = (numbers) => numbers.slice().sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

/**
 * Runs each script `rounds` times in a fresh process; a script prints one JSON value, a number or an object of numbers.
 *
 * @template {string} Name
 * @param {Record<Name, { node: number, script: string, env?: Record<string, string>, args?: string[] }>} scripts
 * @param {number} rounds
 * @returns {Record<Name, number & Record<string, number>>} medians
 */
function inTurn(scripts, rounds = 15) {
  const figures = Object.fromEntries(Object.keys(scripts).map((name) => [name, []]))
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, { node, script, env, args = [] }] of Object.entries(scripts)) {
      const options = { env: cleanEnvironment(env), encoding: 'utf8', cwd: root, stdio: ['ignore', 'pipe', 'pipe'] }
      const output = execFileSync(nodePath(node), ['-e', script, ...args], options)
      // The first round warms the file cache.
      if (round >= 0) figures[name].push(JSON.parse(output))
    }
  }
  return Object.fromEntries(Object.entries(figures).map(([name, values]) => [name, summary(values)]))
}

function summary(values) {
  if (typeof values[0] === 'number') return median(values)
  return Object.fromEntries(Object.keys(values[0]).map((key) => [key, median(values.map((value) => value[key]))]))
}

/** A script that times `code` in milliseconds. */
const timed = (code) => `
  const begin = process.hrtime.bigint()
  ${code}
  console.log(Number(process.hrtime.bigint() - begin) / 1e6)
`

const milliseconds = (value) => `${value.toFixed(2)} ms`
const times = (value) => `${value.toFixed(2)}x`

module.exports = { inTurn, median, milliseconds, root, timed, times }
