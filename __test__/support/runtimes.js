'use strict'

/**
 * The real Bun and Deno that the tests take as the truth: the binaries of npm's `@oven/bun-linux-x64` and `@deno/linux-x64-glibc`, at the versions that
 * `__test__/runtimes/package-lock.json` pins. The packages `bun` and `deno` fetch the same ones by a script, which is not needed. The first use
 * installs them (some 200 MB), `npm install` of the package never does.
 *
 *   const { runRuntime, runtimes, unsupported } = require('./support/runtimes')
 *   runtimes                                           // [{ name: 'bun', title: 'Bun', version: '1.4.5', path: '…/bun', args: [] }, …]
 *   await runRuntime('deno', ['script.cjs'], { env })  // with every permission; see `run` of support/environment.js
 *
 * `TRUST_ANCHORS_TEST_RUNTIMES` names a folder that already holds them (its `node_modules` has bun and deno).
 * `node __test__/support/runtimes.js` installs and lists them.
 */

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { run } = require('./environment')
const { unsupported } = require('./nodes')
const { pinned } = require('./pinned')

const FOLDER = path.join(__dirname, '..', 'runtimes')
const BINARIES = { bun: { title: 'Bun', file: path.join('bin', 'bun'), args: [] }, deno: { title: 'Deno', file: 'deno', args: ['run', '--allow-all'] } }

let listed
let cache

function load() {
  if (listed) return listed
  if (unsupported) throw new Error(unsupported)
  listed = pinned(FOLDER, 'TRUST_ANCHORS_TEST_RUNTIMES').map(({ name, version, home }) => {
    const { title, file, args } = BINARIES[name]
    return { name, title, version, path: path.join(home, file), args }
  })
  return listed
}

/** Neither looks for a newer version of itself, and both keep what they compile in a folder that goes with this process. */
function runtimeEnvironment() {
  if (cache === undefined) {
    cache = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-runtimes-'))
    // For a child that runs as nobody, too.
    fs.chmodSync(cache, 0o777)
    process.once('exit', () => fs.rmSync(cache, { recursive: true, force: true }))
  }
  return { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0', DENO_DIR: cache, DENO_NO_UPDATE_CHECK: '1', DO_NOT_TRACK: '1', NO_COLOR: '1' }
}

function runtimeNamed(name) {
  const runtime = load().find((entry) => entry.name === name)
  if (!runtime) throw new RangeError(`the tests have no runtime ${name}`)
  return runtime
}

/** Runs a script, or whatever `args` say; see `run` of support/environment.js. */
function runRuntime(name, args, { env, ...options } = {}) {
  const { path: binary, args: before } = runtimeNamed(name)
  return run(binary, [...before, ...args], { ...options, env: { ...runtimeEnvironment(), ...env } })
}

module.exports = {
  get runtimes() {
    return load()
  },
  runRuntime,
  runtimeEnvironment,
  runtimeNamed,
  unsupported,
}

if (require.main === module) {
  for (const { title, version, path: binary } of load()) console.log(`${title} ${version}\t${binary}`)
}
