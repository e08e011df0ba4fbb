'use strict'

/**
 * Who answers the recipes: real PostgreSQL, MariaDB and Redis, and the smallest peers of the other protocols. Each small peer is made for one
 * connection of one recipe, at a port of its own, so that no client can resume a session or keep a connection of another.
 *
 *   const target = await PEERS.mqtt({ key, cert })
 *   target.url, target.host, target.port
 *   target.heard()          // whether the client has said anything after the handshake
 *   await target.stop()
 */

const http2 = require('node:http2')
const https = require('node:https')
const net = require('node:net')
const tls = require('node:tls')

const { requireClient } = require('../../support/clients')
const { LOOPBACK, listen, tlsServer } = require('../../support/loopback')
const { accepts, freePort, startProgram } = require('../../support/servers/program')
const { startMariaDb } = require('../../support/servers/mariadb')
const { startPostgres } = require('../../support/servers/postgres')

/** By its name, since Node 26 no longer lets libraries send an address as the server's name, as some of them do. */
const HOST = 'localhost'

/** @typedef {{ cert: string, key: string }} Identity */

/** A server that is there already. @param {import('node:net').Server} server @param {string} scheme */
async function listening(server, scheme, end = () => {}) {
  const { port, stop } = await listen(server, LOOPBACK)
  return { host: HOST, port, url: `${scheme}://${HOST}:${port}/`, heard: () => false, async stop() { end(); await stop() } }
}

/**
 * A protocol on TLS in which `speak` gives the answer to what the client says; where it gives none, the connection ends.
 *
 * @param {string} scheme @param {(bytes: Buffer) => string | Buffer | undefined} speak
 * @param {{ greeting?: string, query?: string }} [options]
 */
const speaking = (scheme, speak, { greeting = '', query = '' } = {}) => async (/** @type {Identity} */ identity) => {
  let heard = false
  const server = await tlsServer({
    ...identity,
    greeting,
    speak: (socket) => socket.on('data', (bytes) => {
      heard = true
      const answer = speak(bytes)
      if (answer === undefined) socket.end()
      else socket.write(answer)
    }),
  })
  return { host: HOST, port: server.port, url: `${scheme}://${HOST}:${server.port}/${query}`, heard: () => heard, stop: server.stop }
}

/** HTTP in both versions. @param {Identity} identity */
const web = (identity) => listening(http2.createSecureServer({ ...identity, allowHTTP1: true }, (_request, response) => { response.end('ok') }), 'https')

/** A proxy that is spoken to by TLS. @param {Identity} identity */
function tunnel(identity) {
  const server = https.createServer(identity)
  server.on('connect', (request, client, head) => {
    const upstream = net.connect(Number(new URL(`http://${request.url}`).port), LOOPBACK, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
    client.on('close', () => upstream.destroy())
  })
  return listening(server, 'https')
}

/** What MongoDB's `hello` and `ping` are answered with, after the header of the message that asked. @param {Buffer} bytes */
function mongodb(bytes) {
  const { serialize } = requireClient('bson')
  const body = serialize({ ok: 1, isWritablePrimary: true, ismaster: true, helloOk: true, minWireVersion: 0, maxWireVersion: 21, maxBsonObjectSize: 16777216, maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000, localTime: new Date(0) })
  const OP_REPLY = 1
  const OP_QUERY = 2004
  const OP_MSG = 2013
  const isQuery = bytes.readInt32LE(12) === OP_QUERY
  // OP_REPLY: flags, cursor, first document, number of documents. OP_MSG: flags and the kind of its one section.
  const preamble = isQuery ? Buffer.concat([Buffer.alloc(16), Buffer.from([1, 0, 0, 0])]) : Buffer.alloc(5)
  const header = Buffer.alloc(16)
  header.writeInt32LE(16 + preamble.length + body.length, 0)
  header.writeInt32LE(bytes.readInt32LE(4), 8)
  header.writeInt32LE(isQuery ? OP_REPLY : OP_MSG, 12)
  return Buffer.concat([header, preamble, body])
}

/** @param {Identity} identity */
async function websocket(identity) {
  const server = https.createServer(identity)
  const { WebSocketServer } = requireClient('ws')
  new WebSocketServer({ server })
  return listening(server, 'wss')
}

/** @param {Identity} identity */
async function socketIo(identity) {
  const server = https.createServer(identity)
  const { Server } = requireClient('socket.io')
  const io = new Server(server)
  return listening(server, 'https', () => io.engine.close())
}

/** @param {Identity} identity */
function grpc(identity) {
  const server = http2.createSecureServer(identity)
  server.on('stream', (stream) => {
    stream.on('error', () => {})
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true })
    // One message of no length, not compressed.
    stream.end(Buffer.alloc(5))
  })
  return listening(server, 'https')
}

/** A real Redis, which speaks nothing but TLS. @param {Identity} identity */
async function startRedis({ cert, key }) {
  const port = await freePort()
  const { stop } = await startProgram('redis-server', {
    files: () => ({ 'server.pem': cert, 'server.key': key }),
    args: (folder) => [
      '--port', '0', '--tls-port', String(port), '--bind', LOOPBACK, '--tls-cert-file', `${folder}/server.pem`, '--tls-key-file', `${folder}/server.key`,
      '--tls-auth-clients', 'no', '--save', '', '--dir', folder,
    ],
    // To what is no TLS it says nothing.
    ready: () => accepts(port),
  })
  return { port, stop }
}

/** The answers to EHLO and QUIT (RFC 5321). @param {Buffer} bytes */
const mail = (bytes) => (/^QUIT/i.test(bytes.toString()) ? '221 bye\r\n' : '250 peer\r\n')

/** Mail that begins in the clear (RFC 3207). @param {Identity} identity */
function startTls(identity) {
  const secureContext = tls.createSecureContext(identity)
  const server = net.createServer((socket) => {
    socket.write('220 peer ESMTP\r\n')
    socket.on('data', function speak(bytes) {
      if (!/^STARTTLS/i.test(bytes.toString())) return socket.write('250-peer\r\n250 STARTTLS\r\n')
      socket.off('data', speak)
      socket.write('220 go ahead\r\n')
      const secured = new tls.TLSSocket(socket, { isServer: true, secureContext })
      secured.on('error', () => {})
      return secured.on('data', (words) => secured.write(mail(words)))
    })
  })
  return listening(server, 'smtp')
}

/** The small ones, made anew for each connection. */
const SMALL = {
  https: web,
  websocket,
  socketIo,
  grpc,
  mongodb: speaking('mongodb', mongodb, { query: '?serverSelectionTimeoutMS=1500&directConnection=true' }),
  smtp: speaking('smtps', mail, { greeting: '220 peer ESMTP\r\n' }),
  startTls,
  // CONNACK, without a fault; nothing is said to DISCONNECT.
  mqtt: speaking('mqtts', (bytes) => (bytes[0] >> 4 === 1 ? Buffer.from([0x20, 2, 0, 0]) : undefined)),
  amqp: speaking('amqps', () => undefined),
  kafka: speaking('kafka', () => undefined),
  // BindResponse, success, to a message of up to 127 octets; nothing to UnbindRequest. The number of a message is its fifth octet.
  ldap: speaking('ldaps', (bytes) => (bytes[5] === 0x60 ? Buffer.from([0x30, 12, 2, 1, bytes[4], 0x61, 7, 10, 1, 0, 4, 0, 4, 0]) : undefined)),
}

/** The real ones, which serve all recipes of theirs: of their clients, only mysql2 resumes sessions, and those of one `ssl` object. */
const REAL = {
  postgres: {
    start: ({ cert, key }) => startPostgres({ certificate: cert, key }),
    url: (port) => `postgres://owner@${HOST}:${port}/postgres`,
  },
  mariadb: {
    start: ({ cert, key }) => startMariaDb({ certificate: cert, key }),
    url: (port) => `mysql://root@${HOST}:${port}/mysql`,
  },
  redis: { start: startRedis, url: (port) => `rediss://${HOST}:${port}` },
}

/**
 * Starts the real servers, one with each certificate.
 *
 * @param {Record<string, Identity>} identities
 */
async function startRealPeers(identities) {
  const running = []
  /** @type {Record<string, { host: string, port: number, url: string }>} */
  const found = {}
  const starts = Object.entries(REAL).flatMap(([peer, { start, url }]) => Object.entries(identities).map(async ([kind, identity]) => {
    const server = await start(identity)
    running.push(server)
    found[`${peer} ${kind}`] = { host: HOST, port: server.port, url: url(server.port) }
  }))
  const stop = () => Promise.all(running.map((server) => server.stop()))
  const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  return { at: (peer, kind) => ({ ...found[`${peer} ${kind}`], heard: () => false, stop: async () => {} }), stop }
}

/** By name; `proxied` is an https server behind a proxy. */
const PEERS = { ...SMALL, ...REAL, proxied: tunnel }

module.exports = { PEERS, REAL, SMALL, startRealPeers, tunnel }
