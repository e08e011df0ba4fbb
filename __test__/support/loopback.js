'use strict'

/**
 * Servers on loopback that fail in a chosen way, and connections that tell how they ended. Every server listens at port 0 and is stopped by the
 * test that started it.
 *
 *   const server = await tlsServer({ cert: leaf.chainPem, key: leaf.key.pem })
 *   const { error } = await connect(server, { ca: root.pem })      // null when the connection works
 *   await server.first                                             // { error, socket }: how the first handshake ended for the server
 *   await server.stop()
 *
 *   rawServer(answer)                   what is no TLS, or TLS written by hand: `answer(socket, bytes)` gets the first bytes of the client
 *   preambleServer(dialogue, options)   a protocol that speaks in the clear before TLS: PostgreSQL, MySQL, SMTP
 *   damagingServer(options)             a sound server behind something that damages what it sends
 *   presentingServer(list, options)     any bytes as certificates, those that no TLS library would load among them
 *   opensslServer(args)                 `openssl s_server`, for what Node's own server refuses to offer
 *   refusedPort()                       a port at which nothing listens
 *
 *   record, alert, serverHello          the bytes of TLS that are written by hand
 */

const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const tls = require('node:tls')
const { spawn } = require('node:child_process')
const { once } = require('node:events')

const { cleanEnvironment } = require('./environment')

const LOOPBACK = '127.0.0.1'
const TLS_1_2 = 0x0303
const CHANGE_CIPHER_SPEC = 20
const ALERT = 21
const HANDSHAKE = 22
const SERVER_HELLO = 2
const CERTIFICATE = 11

/** Servers must present keys and digests that no client of today accepts. */
const ANY_LEVEL = 'DEFAULT@SECLEVEL=0'

/**
 * @param {net.Server} server
 * @param {string} host
 */
async function listen(server, host, port = 0) {
  const sockets = new Set()
  server.on('connection', (socket) => {
    sockets.add(socket)
    // How a connection ends is what the client reports; to the server it is no event.
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(port, host)
  await once(server, 'listening')
  return {
    host,
    port: /** @type {net.AddressInfo} */ (server.address()).port,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 * Node's TLS server. It answers every connection with `greeting` and goes on with `speak`, which gets the socket.
 *
 * @param {tls.TlsOptions & { host?: string, port?: number, greeting?: string, speak?: (socket: tls.TLSSocket) => void, staple?: Buffer | null }} [options]
 *   `staple`: an OCSP response
 */
async function tlsServer({ host = LOOPBACK, port = 0, greeting = 'ready', speak, staple, ...options } = {}) {
  const server = tls.createServer({ ciphers: ANY_LEVEL, ...options }, (socket) => {
    socket.on('error', () => {})
    if (greeting !== '') socket.write(greeting)
    speak?.(socket)
  })
  if (staple !== undefined) server.on('OCSPRequest', (_certificate, _issuer, done) => done(null, staple))
  const first = new Promise((resolve) => {
    server.once('tlsClientError', (error) => resolve({ error, socket: null }))
    server.once('secureConnection', (socket) => resolve({ error: null, socket }))
  })
  return { ...(await listen(server, host, port)), first, server }
}

/**
 * A peer whose first answer is `answer`'s; it stays silent after that, unless `answer` ends the connection.
 *
 * @param {(socket: net.Socket, bytes: Buffer) => void} answer
 * @param {{ host?: string, allowHalfOpen?: boolean }} [options]
 */
function rawServer(answer, { host = LOOPBACK, ...options } = {}) {
  const server = net.createServer(options, (socket) => socket.once('data', (bytes) => answer(socket, bytes)))
  return listen(server, host)
}

/**
 * A server that speaks in the clear until `dialogue` is done, and TLS from there on; without `options`, it leaves at that point.
 *
 * @param {(socket: net.Socket, next: (length?: number) => Promise<Buffer>) => Promise<void>} dialogue `next` gives what the client says next,
 *   or as many octets of it as asked for: a client may say hello before the server has answered
 * @param {tls.TlsOptions | null} options
 */
function preambleServer(dialogue, options) {
  const secureContext = options && tls.createSecureContext({ ciphers: ANY_LEVEL, ...options })
  const server = net.createServer(async (socket) => {
    const next = async (length) => {
      for (;;) {
        const bytes = socket.read(length)
        if (bytes !== null) return bytes
        await once(socket, 'readable')
      }
    }
    try {
      await dialogue(socket, next)
    } catch (error) {
      // A client that leaves in its midst; anything else is a fault of the dialogue.
      if (!socket.destroyed) throw error
      return undefined
    }
    if (secureContext === null) return socket.end()
    const secured = new tls.TLSSocket(socket, { isServer: true, secureContext })
    secured.on('error', () => {})
    return secured.resume()
  })
  return listen(server, LOOPBACK)
}

/** @param {number} type @param {Buffer} body @param {number} [version] */
function record(type, body, version = TLS_1_2) {
  const header = Buffer.alloc(5)
  header.writeUInt8(type, 0)
  header.writeUInt16BE(version, 1)
  header.writeUInt16BE(body.length, 3)
  return Buffer.concat([header, body])
}

/** A fatal alert record, as RFC 8446 section 6 numbers them. @param {number} description */
const alert = (description, level = 2, version = TLS_1_2) => record(ALERT, Buffer.from([level, description]), version)

/** @param {number} length */
function threeOctets(length) {
  const octets = Buffer.alloc(3)
  octets.writeUIntBE(length, 0, 3)
  return octets
}

/** @param {number} type @param {Buffer} body */
const handshakeMessage = (type, body) => Buffer.concat([Buffer.from([type]), threeOctets(body.length), body])

/**
 * A ServerHello.
 *
 * @param {{ version?: number, cipher?: number, compression?: number, extensions?: number[] }} [options] `extensions`: octets, none by default
 */
function serverHello({ version = TLS_1_2, cipher = 0xc02b, compression = 0, extensions = [] } = {}) {
  const body = Buffer.alloc(38)
  body.writeUInt16BE(version, 0)
  body.fill(7, 2, 34)
  body.writeUInt16BE(cipher, 35)
  body.writeUInt8(compression, 37)
  return record(HANDSHAKE, handshakeMessage(SERVER_HELLO, Buffer.concat([body, Buffer.from(extensions)])), version)
}

/** The handshake messages in records that are in the clear, with what follows them. @param {Buffer} bytes */
function clearMessages(bytes) {
  let handshake = Buffer.alloc(0)
  let offset = 0
  while (offset + 5 <= bytes.length && bytes[offset] === HANDSHAKE) {
    const end = offset + 5 + bytes.readUInt16BE(offset + 3)
    if (end > bytes.length) return null
    handshake = Buffer.concat([handshake, bytes.subarray(offset + 5, end)])
    offset = end
  }
  const messages = []
  for (let start = 0; start < handshake.length; ) {
    if (start + 4 > handshake.length) return null
    const end = start + 4 + handshake.readUIntBE(start + 1, 3)
    if (end > handshake.length) return null
    messages.push({ type: handshake[start], body: handshake.subarray(start + 4, end) })
    start = end
  }
  return { messages, rest: bytes.subarray(offset) }
}

/**
 * A TLS 1.2 server that presents `certificates`, whatever bytes they are: it stands between the client and a real server with a sound
 * certificate, and puts other bytes into the Certificate message, which TLS 1.2 sends in the clear. A client that accepts the bytes fails at
 * the end of the handshake, since both sides do not remember the same messages; so this shows only how a client refuses to read them.
 *
 * @param {Buffer[]} certificates
 * @param {tls.TlsOptions} options with the certificate and the key of the real server
 */
async function presentingServer(certificates, options) {
  const real = await tlsServer({ ...options, maxVersion: 'TLSv1.2' })
  const list = Buffer.concat(certificates.flatMap((der) => [threeOctets(der.length), der]))
  const replaced = handshakeMessage(CERTIFICATE, Buffer.concat([threeOctets(list.length), list]))
  return between(real, () => {
    let waiting = Buffer.alloc(0)
    let done = false
    return (bytes) => {
      if (done) return bytes
      waiting = Buffer.concat([waiting, bytes])
      const clear = clearMessages(waiting)
      if (clear === null || !clear.messages.some(({ type }) => type === CERTIFICATE)) return Buffer.alloc(0)
      done = true
      const messages = clear.messages.map(({ type, body }) => (type === CERTIFICATE ? replaced : handshakeMessage(type, body)))
      return Buffer.concat([...messages.flatMap((message) => inRecords(message)), clear.rest])
    }
  })
}

/**
 * A TLS 1.3 server behind something that turns a bit of the last record of everything that comes from it.
 *
 * @param {tls.TlsOptions} options
 */
async function damagingServer(options) {
  const real = await tlsServer({ ...options, minVersion: 'TLSv1.3' })
  return between(real, () => (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes[bytes.length - 1] ^ 1])]))
}

/**
 * Stands between clients and a real server, and stops it too.
 *
 * @param {{ host: string, port: number, stop: () => Promise<void> }} real
 * @param {() => (bytes: Buffer) => Buffer} changes gives, for each connection, what its client gets in place of what the server sends
 */
async function between(real, changes) {
  const proxy = net.createServer((client) => {
    const change = changes()
    const upstream = net.connect(real.port, real.host)
    upstream.on('error', () => {})
    upstream.on('data', (bytes) => client.write(change(bytes)))
    upstream.on('close', () => client.end())
    client.on('close', () => upstream.destroy())
    client.pipe(upstream)
  })
  const server = await listen(proxy, LOOPBACK)
  return {
    ...server,
    async stop() {
      await server.stop()
      await real.stop()
    },
  }
}

/** One handshake message in as many records as it needs. @param {Buffer} message */
function inRecords(message, size = 16_384) {
  const records = []
  for (let start = 0; start < message.length; start += size) records.push(record(HANDSHAKE, message.subarray(start, start + size)))
  return records
}

/**
 * `openssl s_server` with the certificate and key given.
 *
 * @param {string[]} args
 * @param {{ cert: string, key: string, files?: Record<string, string> }} identity `files`: what `args` name besides
 */
async function opensslServer(args, { cert, key, files = {} }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-s_server-'))
  fs.writeFileSync(path.join(folder, 'cert.pem'), cert)
  fs.writeFileSync(path.join(folder, 'key.pem'), key, { mode: 0o600 })
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text)
  const identity = ['-cert_chain', 'cert.pem', '-cert', 'cert.pem', '-key', 'key.pem']
  const child = spawn('openssl', ['s_server', '-accept', `${LOOPBACK}:0`, '-www', ...identity, ...args], {
    cwd: folder,
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ready = new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`openssl cannot be started: ${error.message}`)))
    child.once('exit', () => reject(new Error(`openssl s_server ended early: ${output}`)))
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
        const accepting = /^ACCEPT 127\.0\.0\.1:(\d+)$/m.exec(output)
        if (accepting) resolve(Number(accepting[1]))
      })
    }
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const port = await ready
  return {
    host: LOOPBACK,
    port,
    async stop() {
      process.removeListener('exit', kill)
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * A port at which nothing listens and nothing can begin to: it is the client's end of a connection.
 *
 * @returns {Promise<{ host: string, port: number, stop: () => Promise<void> }>}
 */
async function refusedPort() {
  const server = await listen(net.createServer(), LOOPBACK)
  const client = net.connect(server.port, server.host)
  await once(client, 'connect')
  return {
    host: LOOPBACK,
    port: client.localPort,
    async stop() {
      client.destroy()
      await server.stop()
    },
  }
}

/**
 * Connects with `tls.connect`, and waits until the server has said something or the connection has ended.
 *
 * @param {{ host: string, port: number }} server
 * @param {tls.ConnectionOptions} [options]
 * @returns {Promise<{ error: Error | null, secure: boolean, closed: boolean }>} `closed`: it ended without a word and without an error
 */
function connect({ host, port }, options = {}) {
  return new Promise((resolve) => {
    let secure = false
    let socket
    const settle = (error, closed = false) => {
      resolve({ error, secure, closed })
      socket?.destroy()
    }
    try {
      socket = tls.connect({ host, port, servername: 'localhost', ...options })
    } catch (error) {
      return settle(error)
    }
    socket.on('secureConnect', () => { secure = true })
    socket.once('data', () => settle(null))
    socket.once('error', (error) => settle(error))
    socket.once('close', () => settle(null, true))
  })
}

/**
 * Comes to a server as a client that is no TLS client: writes `bytes`, and leaves or stays.
 *
 * @param {{ host: string, port: number }} server
 * @param {Buffer | string} bytes
 * @param {{ leave?: 'end' | 'reset' }} [options]
 */
function say({ host, port }, bytes, { leave } = {}) {
  const socket = net.connect(port, host)
  socket.on('error', () => {})
  socket.once('connect', () => {
    if (leave === 'end') socket.end(bytes)
    else if (leave === 'reset') socket.write(bytes, () => socket.resetAndDestroy())
    else socket.write(bytes)
  })
  return socket
}

module.exports = {
  ANY_LEVEL,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  LOOPBACK,
  alert,
  connect,
  damagingServer,
  handshakeMessage,
  listen,
  opensslServer,
  preambleServer,
  presentingServer,
  rawServer,
  record,
  refusedPort,
  say,
  serverHello,
  tlsServer,
}
