'use strict'

/**
 * Real server programs on loopback. Each lives in a folder of its own, which goes with it, and ends with the test that started it, however that
 * test ends. Where the tests run as root the programs run as `nobody`: PostgreSQL, MariaDB and squid refuse to be root.
 *
 *   const server = await startProgram('tinyproxy', {
 *     files: () => ({ 'tinyproxy.conf': `Port ${port}\n…` }),
 *     args: (folder) => ['-d', '-c', `${folder}/tinyproxy.conf`],
 *     ready: () => accepts(port),
 *   })
 *   await server.stop()
 */

const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { spawn } = require('node:child_process')
const { once } = require('node:events')

const { cleanEnvironment, run } = require('../environment')
const { LOOPBACK } = require('../loopback')
const { writeTree } = require('../pki')

/** Between two looks at a program that is starting. */
const POLL_INTERVAL = 20
/** Far above what any program here takes to start or to end. */
const START_LIMIT = 60_000
const END_LIMIT = 10_000
/** A program that is starting may take a connection and forget it. */
const ANSWER_LIMIT = 2_000

/** Below the ports that the kernel gives to connections and to servers at port 0, so that none of those can take one before it is used. */
const FIRST_PORT = 20_000
const LAST_PORT = 31_999
const given = new Set()

const isRoot = process.getuid?.() === 0

/** A port for a program that cannot be told to choose one. */
async function freePort() {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT + 1))
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)))
  })
}

/** @param {number} port @returns {Promise<boolean>} */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, LOOPBACK)
    socket.once('connect', () => { socket.destroy(); resolve(true) })
    socket.once('error', () => resolve(false))
  })
}

/** Whether a server says something, once it has been told `bytes`. @param {number} port @param {Buffer} [bytes] @returns {Promise<boolean>} */
function answers(port, bytes = Buffer.alloc(0)) {
  return new Promise((resolve) => {
    const socket = net.connect(port, LOOPBACK, () => socket.write(bytes))
    socket.setTimeout(ANSWER_LIMIT, () => socket.destroy())
    socket.once('data', () => { socket.destroy(); resolve(true) })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}

/** What runs `command` as a user that servers may be, and ends it when this process is gone, even when it was killed. */
function launch(command, args, asRoot) {
  const user = isRoot && !asRoot ? ['--reuid=nobody', '--regid=nogroup', '--clear-groups'] : []
  return /** @type {const} */ (['setpriv', ['--pdeathsig=TERM', ...user, '--', command, ...args]])
}

/**
 * @typedef {object} Program
 * @property {(folder: string) => Record<string, string | Buffer | object>} [files] what is in the folder; nobody else can read it
 * @property {(folder: string, prepare: (command: string, args: string[]) => Promise<void>) => Promise<void>} [before] what has to be done in
 *   the folder first; `prepare` runs a program as the user that the server will be
 * @property {(folder: string) => string[]} args
 * @property {() => Promise<boolean>} ready
 * @property {NodeJS.Signals} [signal] what ends it
 * @property {boolean} [asRoot] for a program that takes care of its users itself
 */

/**
 * @param {string} command
 * @param {Program} program
 * @returns {Promise<{ folder: string, log: () => string, stop: () => Promise<void> }>}
 */
async function startProgram(command, { files = () => ({}), before, args, ready, signal = 'SIGTERM', asRoot = false }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `trust-anchors-${path.basename(command)}-`))
  const removeFolder = () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  const prepare = async (tool, options) => {
    const { status, stdout, stderr } = await run(...launch(tool, options, asRoot), { cwd: folder, env: { HOME: folder, TMPDIR: folder } })
    if (status !== 0) throw new Error(`${tool} failed: ${stdout}${stderr}`)
  }
  try {
    writeTree(folder, files(folder))
    if (!asRoot) giveAway(folder)
    await before?.(folder, prepare)
  } catch (error) {
    removeFolder()
    throw error
  }
  const child = spawn(...launch(command, args(folder), asRoot), {
    cwd: folder,
    env: cleanEnvironment({ HOME: folder, TMPDIR: folder }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { log += chunk })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  let ended = false
  const failed = new Promise((_, reject) => {
    child.once('error', (error) => reject(new Error(`${command} cannot be started: ${error.message}`)))
    child.once('close', (status, by) => {
      ended = true
      reject(new Error(`${command} ended early (${by ?? status}): ${log}`))
    })
  })
  failed.catch(() => {})

  const server = {
    folder,
    log: () => log,
    async stop() {
      process.removeListener('exit', kill)
      if (!ended) {
        child.kill(signal)
        const impatience = setTimeout(kill, END_LIMIT)
        await once(child, 'close')
        clearTimeout(impatience)
      }
      removeFolder()
    },
  }
  const limit = Date.now() + START_LIMIT
  const started = (async () => {
    while (!ended && !(await ready())) {
      if (Date.now() > limit) throw new Error(`${command} does not come up: ${log}`)
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL))
    }
  })()
  try {
    await Promise.race([started, failed])
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

/** Makes a folder and what is in it the servers' user's; keys must be no one else's to read. */
function giveAway(entry) {
  const isFolder = fs.statSync(entry).isDirectory()
  fs.chmodSync(entry, isFolder ? 0o700 : 0o600)
  // 65534 is `nobody` and `nogroup` on every Debian.
  if (isRoot) fs.chownSync(entry, 65_534, 65_534)
  if (isFolder) for (const name of fs.readdirSync(entry)) giveAway(path.join(entry, name))
}

module.exports = { accepts, answers, freePort, startProgram }
