'use strict'

// `preflightSync()` with every store, after `require`.

const { inTurn, milliseconds, root } = require('./measure')

const MOST_MILLISECONDS = 10

async function run() {
  const script = `
    const { preflightSync } = require(${JSON.stringify(root)})
    const begin = process.hrtime.bigint()
    preflightSync().findings.length
    console.log(Number(process.hrtime.bigint() - begin) / 1e6)
  `
  const scripts = Object.fromEntries([18, 20, 22, 24, 26].map((node) => [`on${node}`, { node, script }]))
  const t = inTurn(scripts)
  return Object.entries(t).map(([name, value]) => ({
    what: `Node ${name.slice(2)}: preflightSync(), stores included`,
    figure: milliseconds(value),
    target: `at most ${MOST_MILLISECONDS} ms`,
    met: value <= MOST_MILLISECONDS,
  }))
}

module.exports = { run }
