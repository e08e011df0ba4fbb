'use strict'

// The longest that a verdict takes: chains and stores that somebody made to hurt, each in a process of its own.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { boundsScript, writeHostileChains } = require('../__test__/support/hostile-chains')
const { inTurn } = require('./measure')

const MOST_MILLISECONDS = 100
const MOST_MEBIBYTES = 64

async function run() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bounds-'))
  try {
    return Object.entries(writeHostileChains(folder)).map(([what, file]) => {
      const { it } = inTurn({ it: { node: 24, script: boundsScript(file) } }, 5)
      return {
        what,
        figure: `${it.milliseconds.toFixed(1)} ms  ${it.mebibytes.toFixed(1)} MiB`,
        target: `at most ${MOST_MILLISECONDS} ms, ${MOST_MEBIBYTES} MiB`,
        met: it.milliseconds <= MOST_MILLISECONDS && it.mebibytes <= MOST_MEBIBYTES,
      }
    })
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

module.exports = { run }
