'use strict'

/**
 * What the real Bun and Deno do with a CA file: each is run with NODE_EXTRA_CA_CERTS set, and asked.
 *
 *   const oracle = await runtimeOracle()
 *   const { loaded, warning } = await oracle.loadedBy('bun', file)          // ['sha256', …] in its order, what it printed or null
 *   const { members } = await oracle.loadedBy('deno', file, { candidates })  // Map: sha256 -> true (trusted), false (not), null (it cannot tell)
 *   await oracle.stop()
 *
 * Bun lists its extra certificates. Deno's list is not what it trusts (`tls.getCACertificates` reads the file by itself), so each candidate gets a server
 * with a certificate that it has issued. A candidate whose key the tests do not have, or from which Deno takes no certificate even when it is given as
 * `ca`, cannot be asked about.
 */

const tls = require('node:tls')

const der = require('./der')
const { keyPairOf } = require('./keys')
const { listen, LOOPBACK, ANY_LEVEL } = require('./loopback')
const { NOBODY, releaseReader, sha256 } = require('./oracle')
const { certificate, pemBlock } = require('./pki')
const { runRuntime } = require('./runtimes')

const LIST = `
const { createHash } = require('node:crypto')
const digest = (pem) => createHash('sha256').update(Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')).digest('hex')
console.log(JSON.stringify(require('node:tls').getCACertificates('extra').map(digest)))
process.exit(0)
`

// Even without a candidate it connects once: only then is the file read.
const CONNECT = `
const tls = require('node:tls')
const hostname = '127.0.0.1'
const connect = (port, servername) => new Promise((resolve) => {
  const socket = tls.connect({ host: hostname, port, servername }, () => { resolve(true); socket.destroy() })
  socket.on('error', () => resolve(false))
})
// A \`ca\` that holds no certificate ends a process with 'Uncaught null' in node:tls.
const connectWith = async (port, name, ca) => {
  try {
    const connection = await Deno.startTls(await Deno.connect({ hostname, port }), { hostname: name, caCerts: [ca] })
    await connection.handshake()
    connection.close()
    return true
  } catch {
    return false
  }
}
;(async () => {
  const { port, probes } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
  const answers = []
  for (const { name, ca } of [{ name: 'nobody.test' }, ...probes]) answers.push(await (ca ? connectWith : connect)(port, name, ca))
  console.log(JSON.stringify(answers.slice(1)))
  process.exit(0)
})()
`

/** What is printed about the file; anything else on stderr, and the run went wrong. */
function warningIn(stderr, describe) {
  if (stderr === '') return null
  const warning = /^Warning: Ignoring extra certs from [`"][^]*[`"], load failed: [^\n]*\n$/.exec(stderr)
  if (!warning) throw new Error(`${describe()} printed something unexpected: ${stderr}`)
  return stderr.trimEnd()
}

async function runtimeOracle() {
  /** @type {Map<string, tls.SecureContext | null>} */
  const contexts = new Map()
  /** @type {Map<string, boolean>} */
  const controls = new Map()
  const nameOf = (digest) => `${digest.slice(0, 40)}.test`
  const server = await listen(
    tls.createServer({
      ciphers: ANY_LEVEL,
      SNICallback: (name, done) => {
        const context = contexts.get(name)
        done(context ? null : new Error('nobody has that name'), context)
      },
    }),
    LOOPBACK,
  )

  /** Whether there is a server with a certificate that this one has issued. */
  function serve(candidate, digest) {
    const name = nameOf(digest)
    if (!contexts.has(name)) {
      contexts.set(name, null)
      let parts
      try {
        parts = der.certificateParts(candidate)
      } catch (error) {
        if (error instanceof RangeError || error instanceof TypeError) return false
        throw error
      }
      const key = keyPairOf(parts.publicKey)
      if (key) {
        const issuer = { name: parts.subject, key, options: { subjectKeyIdentifier: false }, sha256: digest, der: candidate }
        const leaf = certificate({ subject: 'localhost', altNames: [`DNS:${name}`], server: true, keyName: 'runtime oracle' }, issuer)
        contexts.set(name, tls.createSecureContext({ key: leaf.key.pem, cert: pemBlock(leaf.der), ciphers: ANY_LEVEL }))
      }
    }
    return contexts.get(name) !== null
  }

  async function connects(probes, options = {}) {
    const { stdout, stderr, status, signal } = await runRuntime('deno', ['data:text/javascript,' + encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('file:///'); ${CONNECT}`)], {
      ...options,
      stdin: JSON.stringify({ port: server.port, probes }),
    })
    if (status !== 0) throw new Error(`Deno ended with ${signal ?? `status ${status}`}: ${stderr}`)
    return { answers: JSON.parse(stdout), stderr }
  }

  /** Whether Deno can be shown a chain that ends in this one at all. */
  async function isObservable(candidates) {
    const unknown = candidates.filter(({ digest }) => !controls.has(digest))
    if (unknown.length > 0) {
      const { answers } = await connects(unknown.map(({ digest, bytes }) => ({ name: nameOf(digest), ca: pemBlock(bytes) })))
      unknown.forEach(({ digest }, index) => controls.set(digest, answers[index]))
    }
    return ({ digest }) => controls.get(digest)
  }

  /**
   * @param {'bun' | 'deno'} name
   * @param {string} value
   * @param {{ candidates?: Buffer[], cwd?: string, fifo?: boolean, unprivileged?: boolean }} [options] see `loadedBy` of oracle.js
   */
  async function loadedBy(name, value, { candidates = [], cwd, fifo = false, unprivileged = false } = {}) {
    let over = false
    let released = Promise.resolve(false)
    const options = {
      cwd,
      env: { NODE_EXTRA_CA_CERTS: value },
      ...(unprivileged && process.getuid() === 0 ? NOBODY : {}),
      onSpawn: (child) => {
        child.on('exit', () => (over = true))
        if (fifo) released = releaseReader(value, () => over)
      },
    }
    const describe = () => `${name} with NODE_EXTRA_CA_CERTS=${JSON.stringify(value)}`
    if (name === 'bun') {
      const { status, signal, stdout, stderr } = await runRuntime('bun', ['-e', LIST], options)
      if (status !== 0) throw new Error(`${describe()} ended with ${signal ?? `status ${status}`}: ${stderr}`)
      return { loaded: JSON.parse(stdout), members: null, warning: warningIn(stderr, describe), waited: await released }
    }
    const distinct = new Map(candidates.map((bytes) => [sha256(bytes), bytes]))
    const members = new Map([...distinct.keys()].map((digest) => [digest, null]))
    const served = [...distinct].map(([digest, bytes]) => ({ digest, bytes })).filter(({ digest, bytes }) => serve(bytes, digest))
    const probed = served.filter(await isObservable(served))
    const { answers, stderr } = await connects(probed.map(({ digest }) => ({ name: nameOf(digest) })), options)
    probed.forEach(({ digest }, index) => members.set(digest, answers[index]))
    return { loaded: null, members, warning: warningIn(stderr, describe), waited: await released }
  }

  return { loadedBy, stop: () => server.stop() }
}

module.exports = { runtimeOracle }
