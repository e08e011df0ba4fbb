'use strict'

/**
 * Child processes with an environment that a test chose: the machine's own trust settings (NODE_EXTRA_CA_CERTS,
 * SSL_CERT_FILE, NODE_OPTIONS and their like) never reach them.
 *
 *   const { cleanEnvironment, runNode, runNodeSync, forEachConcurrently } = require('./support/environment')
 *
 *   const { status, signal, stdout, stderr } = await runNode(24, ['-e', script], { env: { NODE_EXTRA_CA_CERTS: file } })
 *
 * The first argument of `runNode` is a major version of support/nodes.js, or the path of a binary.
 */

const { spawn, spawnSync } = require('node:child_process')
const os = require('node:os')

/** The variables a process needs to run at all, and those given. */
function cleanEnvironment(variables = {}) {
  const environment = {}
  for (const name of ['PATH', 'HOME', ...(process.platform === 'win32' ? ['SystemRoot', 'TEMP', 'USERPROFILE'] : [])]) {
    if (process.env[name] !== undefined) environment[name] = process.env[name]
  }
  return { ...environment, ...variables }
}

function binaryPath(node) {
  if (typeof node === 'string' && node.includes('/')) return node
  return require('./nodes').nodePath(node)
}

/**
 * Runs a program to its end.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string, stdin?: string | Buffer, uid?: number, gid?: number, limit?: number,
 *   onSpawn?: (child: import('node:child_process').ChildProcess) => void }} [options]
 *   `env` is added to the clean environment; `limit`: milliseconds after which the child is killed (signal 'SIGKILL'),
 *   a guard against a hang and far above what any child takes
 * @returns {Promise<{ status: number | null, signal: string | null, stdout: string, stderr: string }>}
 */
function run(file, args, { env, cwd, stdin, uid, gid, limit = 120_000, onSpawn } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      uid,
      gid,
      env: cleanEnvironment(env),
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      timeout: limit,
      killSignal: 'SIGKILL',
    })
    const stdout = []
    const stderr = []
    child.stdout.on('data', (chunk) => stdout.push(chunk))
    child.stderr.on('data', (chunk) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (status, signal) => {
      resolve({ status, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() })
    })
    if (stdin !== undefined) {
      // A child that ends without reading its input closes the pipe; how it ended is reported by 'close'.
      child.stdin.on('error', () => {})
      child.stdin.end(stdin)
    }
    onSpawn?.(child)
  })
}

/** Runs a Node of the given major version; see `run`. */
function runNode(node, args, options) {
  return run(binaryPath(node), args, options)
}

/** `runNode`, waiting for the end. */
function runNodeSync(node, args, { env, cwd, stdin, limit = 120_000 } = {}) {
  const { status, signal, stdout, stderr, error } = spawnSync(binaryPath(node), args, {
    cwd,
    env: cleanEnvironment(env),
    input: stdin,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: limit,
    killSignal: 'SIGKILL',
    maxBuffer: Infinity,
  })
  if (error && status === null && signal === null) throw error
  return { status, signal, stdout, stderr }
}

/**
 * Calls `work` for every item, as many at a time as there are processors, and gives the results in the items' order.
 * @template Item, Result
 * @param {Iterable<Item>} items
 * @param {(item: Item, index: number) => Promise<Result>} work
 * @returns {Promise<Result[]>}
 */
async function forEachConcurrently(items, work, concurrency = os.availableParallelism?.() ?? os.cpus().length) {
  const iterator = items[Symbol.iterator]()
  const results = []
  let next = 0
  const worker = async () => {
    for (let step = iterator.next(); !step.done; step = iterator.next()) {
      const index = next++
      results[index] = await work(step.value, index)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return results
}

module.exports = { cleanEnvironment, forEachConcurrently, run, runNode, runNodeSync }
