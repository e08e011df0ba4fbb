'use strict'

/**
 * Brings about every case of this folder in the Node that runs it, and prints what came of each and what `explain` makes of the error: one line
 * of JSON, `{ kind, title, error, explanation }`. It runs in a child process, so that the settings of the machine and of the test runner change
 * nothing.
 */

const tls = require('node:tls')

const { explain } = require('../..')
const loopback = require('../support/loopback')
const contexts = require('./contexts')
const { valueFor } = require('./expected')
const handshakes = require('./handshakes')
const verification = require('./verification')

const major = Number(process.versions.node.split('.')[0])
const pem = (entries) => entries.map((entry) => entry.pem ?? entry)

/** The error of a client that the server sends `chain` to. */
async function verifiedByClient({ chain, ca, crl, client, servername = 'localhost' }) {
  const server = await loopback.tlsServer({ cert: pem(chain).join(''), key: chain[0].key.pem })
  try {
    const { error } = await loopback.connect(server, { ca: pem(ca), crl, servername, ...client })
    return error
  } finally {
    await server.stop()
  }
}

const [sound] = verification.servers
const identity = { cert: pem(sound.chain).join(''), key: sound.chain[0].key.pem }

/** What a server that asks for a certificate and takes any holds against the client's `chain`. */
async function verifiedByServer({ chain, ca }) {
  const server = await loopback.tlsServer({ ...identity, ca: pem(ca), requestCert: true, rejectUnauthorized: false })
  try {
    const connected = loopback.connect(server, { ca: pem(sound.ca), cert: pem(chain).join(''), key: chain[0].key.pem })
    const { error, socket } = await server.first
    const code = error ? error.code : socket.authorizationError ?? null
    await connected
    return code === null ? null : { code, message: '' }
  } finally {
    await server.stop()
  }
}

function thrownByContext({ options, attempt = () => tls.createSecureContext(options) }) {
  try {
    attempt()
    return null
  } catch (error) {
    return error
  }
}

const KINDS = {
  servers: { cases: verification.servers, run: verifiedByClient },
  clients: { cases: verification.clients, run: verifiedByServer },
  contexts: { cases: contexts, run: thrownByContext },
  'handshakes of clients': { cases: handshakes.clients, run: ({ run }) => run() },
  'handshakes of servers': { cases: handshakes.servers, run: ({ run }) => run() },
}

async function main() {
  for (const [kind, { cases, run }] of Object.entries(KINDS)) {
    for (const entry of cases) {
      if (!valueFor(major, entry.versions ?? true)) continue
      const error = await run(entry)
      const described = error && { code: error.code ?? null, message: error.message, reason: error.reason, library: error.library }
      // An authorizationError is a code alone.
      const explanation = error && explain(error instanceof Error ? error : error.code)
      process.stdout.write(`${JSON.stringify({ kind, title: entry.title, error: described, explanation })}\n`)
    }
  }
}

main()
