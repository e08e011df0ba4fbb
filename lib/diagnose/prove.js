'use strict'

// The proof of a fix: a fresh Node, started with the file in NODE_EXTRA_CA_CERTS and with nothing else, connects or does not.

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { runtime } = require('../runtime.js')

const CHILD = path.join(__dirname, 'prove-child.js')
// For a Node to start, besides the time that the connection may take.
const START = 5_000
const MAX_OUTPUT = 64 * 1024

/**
 * @typedef {import('../../index.js').Proof} Proof
 *
 * @typedef {object} Reach How the server is reached: the arguments of `observe`, as they were.
 * @property {Omit<Parameters<import('./observe.js')['observe']>[0], 'signal'>} to
 * @property {import('node:tls').SecureContextOptions} options What the connection takes besides its trust: a client certificate.
 */

/**
 * @param {object} fix
 * @param {string} fix.title
 * @param {string} fix.pem
 * @param {string} [fix.file] Where `pem` is written already; else it is, for as long as it takes.
 * @param {Reach} reach
 * @param {{ node?: string, signal?: AbortSignal }} [how] `node`: the program, default the running one
 * @returns {Promise<Proof>}
 */
async function prove({ title, pem, file }, reach, { node = process.execPath, signal } = {}) {
  const own = node === process.execPath ? process.versions.node : node
  const failed = (/** @type {string} */ message, version = own) => ({ title, ok: false, code: null, message, node: version })
  signal?.throwIfAborted()
  if (node === process.execPath && runtime() !== 'node') return failed('this program is not Node, which alone can be asked')
  const folder = file === undefined ? fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-proof-')) : undefined
  try {
    const named = file ?? path.join(String(folder), 'extra-ca.pem')
    if (folder !== undefined) fs.writeFileSync(named, pem, { mode: 0o600 })
    const { status, stdout, stderr } = await run(node, named, JSON.stringify(reach, asText), reach.to.timeout + START, signal)
    const [version, said = ''] = stdout.split('\n')
    const outcome = /** @type {import('../../index.js').ObservedOutcome | undefined} */ (parsed(said))
    if (outcome === undefined) return failed(`the fresh Node ended early (${status})${stderr === '' ? '' : `: ${stderr.split('\n', 1)[0]}`}`, version || own)
    return { title, ok: outcome.ok, code: outcome.code, message: outcome.message, node: outcome.node }
  } finally {
    if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * What the fresh Node reads goes through a pipe: credentials of a proxy and a client's key are seen by no list of processes.
 *
 * @param {string} node
 * @param {string} file
 * @param {string} input
 * @param {number} limit
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<{ status: string, stdout: string, stderr: string }>}
 */
function run(node, file, input, limit, signal) {
  return new Promise((resolve, reject) => {
    // Windows opens no socket without the former.
    const needed = process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot, TEMP: process.env.TEMP } : {}
    const child = spawn(node, [CHILD], { env: { ...needed, NODE_EXTRA_CA_CERTS: file }, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true, cwd: path.dirname(CHILD) })
    let stdout = ''
    let stderr = ''
    const abort = () => child.kill('SIGKILL')
    const timer = setTimeout(abort, limit)
    signal?.addEventListener('abort', abort, { once: true })
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    child.stdout.on('data', (chunk) => { if (stdout.length < MAX_OUTPUT) stdout += chunk })
    child.stderr.on('data', (chunk) => { if (stderr.length < MAX_OUTPUT) stderr += chunk })
    // A child that ends without reading closes the pipe; how it ended says more.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.once('error', (error) => {
      end()
      resolve({ status: error.message, stdout: '', stderr: '' })
    })
    child.once('close', (code, killed) => {
      end()
      if (signal?.aborted) return reject(signal.reason)
      return resolve({ status: killed === null ? `exit code ${code}` : `signal ${killed}`, stdout, stderr })
    })
  })
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * JSON has no bytes. A Buffer makes text of itself before it comes here.
 *
 * @this {Record<string, unknown>}
 * @param {string} key
 * @param {unknown} value
 */
function asText(key, value) {
  const given = this[key]
  return given instanceof Uint8Array ? { base64: Buffer.from(given).toString('base64') } : value
}

module.exports = { prove }
