'use strict'

// `npm test`: the Rust tests, then the JavaScript tests on the Node that runs this.

const { spawnSync } = require('node:child_process')
const { readdirSync } = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const tests = readdirSync(__dirname).filter((name) => name.endsWith('.test.js')).map((name) => path.join(__dirname, name))

/** @type {[string, string[]][]} */
const steps = [
  ['cargo', ['test', '--workspace', '--locked']],
  [process.execPath, ['--test', ...tests]],
]
for (const [command, args] of steps) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}
