'use strict'

// `npm test`: the Rust tests, then the JavaScript tests. A suite that starts every Node by itself, or that looks at the repository and not at
// the running Node, runs once; all others run on each Node.

const { spawnSync } = require('node:child_process')
const { readdirSync } = require('node:fs')
const path = require('node:path')

const { nodes } = require('./support/nodes')

const ONCE = new Set([
  'ca-option',
  'catalogue',
  'chain-rules',
  'client-recipes',
  'constraints',
  'diagnose-client-rules',
  'diagnose-codes',
  'diagnose-deploy',
  'diagnose-fixes',
  'diagnose-rules',
  'diagnose-ways',
  'doctor',
  'error-pages',
  'explain-clients',
  'fuzz',
  'hostile',
  'inspect',
  'live-codes',
  'live-diagnosis-databases',
  'live-diagnosis-hostile',
  'live-diagnosis-mail',
  'live-diagnosis-nginx',
  'live-diagnosis-openssl',
  'live-diagnosis-proxies',
  'names',
  'oracle',
  'page',
  'parity',
  'preflight',
  'protocols',
  'recorded-verdicts',
  'reporters',
  'rule-pages',
  'run',
  'runtimes',
  'runtimes-parity',
  'same-subject',
  'shipped-roots',
  'signatures',
  'tls-option-places',
  'trust-store',
  'verify-bounds',
  'verify-fuzz',
  'watch-clients',
])

const root = path.join(__dirname, '..')
const suites = readdirSync(__dirname).filter((name) => name.endsWith('.test.js')).map((name) => name.slice(0, -'.test.js'.length))
const file = (name) => path.join(__dirname, `${name}.test.js`)

function run(title, command, args, env) {
  console.log(`\n## ${title}`)
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env })
  if (error) throw error
  if (status !== 0) failed.push(title)
}

const failed = []
const unknown = [...ONCE].filter((name) => !suites.includes(name))
if (unknown.length > 0) throw new Error(`no such suites: ${unknown.join(', ')}`)

run('Rust', 'cargo', ['test', '--workspace', '--locked'], process.env)
run(`JavaScript, once (on ${process.version})`, process.execPath, ['--test', ...suites.filter((name) => ONCE.has(name)).map(file)], process.env)
for (const { version, path: node } of nodes) {
  run(`JavaScript on Node ${version}`, node, ['--test', ...suites.filter((name) => !ONCE.has(name)).map(file)], process.env)
}
console.log(failed.length === 0 ? '\nAll suites passed.' : `\nFAILED: ${failed.join('; ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
