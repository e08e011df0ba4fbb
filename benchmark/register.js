'use strict'

// A program that does nothing, with `trust-anchors/register` and without: what every process of a machine pays that has it in NODE_OPTIONS.

const { execFileSync } = require('node:child_process')
const path = require('node:path')

const { cleanEnvironment } = require('../__test__/support/environment')
const { nodePath } = require('../__test__/support/nodes')
const { median, milliseconds, root } = require('./measure')

const ROUNDS = 40
const MOST_MILLISECONDS = 8

const register = path.join(root, 'register.js')
const WAYS = { plain: [], require: ['--require', register], import: ['--import', register] }

function run() {
  const took = (node, args) => {
    const begin = process.hrtime.bigint()
    execFileSync(nodePath(node), [...args, '-e', '0'], { env: cleanEnvironment(), stdio: 'ignore' })
    return Number(process.hrtime.bigint() - begin) / 1e6
  }
  return [20, 24].flatMap((node) => {
    const figures = Object.fromEntries(Object.keys(WAYS).map((way) => [way, []]))
    for (let round = -2; round < ROUNDS; round += 1) {
      for (const [way, args] of Object.entries(WAYS)) {
        const each = took(node, args)
        if (round >= 0) figures[way].push(each)
      }
    }
    const t = Object.fromEntries(Object.entries(figures).map(([way, list]) => [way, median(list)]))
    return ['require', 'import'].map((way) => ({
      what: `Node ${node}: \`node --${way} trust-anchors/register -e 0\` more than \`node -e 0\``,
      figure: `${milliseconds(t[way] - t.plain)}  ${milliseconds(t[way])} - ${milliseconds(t.plain)}`,
      target: `at most ${MOST_MILLISECONDS} ms`,
      met: t[way] - t.plain <= MOST_MILLISECONDS,
    }))
  })
}

module.exports = { run }
