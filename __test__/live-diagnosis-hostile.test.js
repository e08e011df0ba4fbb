'use strict'

// Peers that are broken or mean, on every Node: each costs bounded time, and ends in a finding and never in an exception.

const assert = require('node:assert/strict')
const net = require('node:net')
const { once } = require('node:events')

const { describeLive, startTogether } = require('./support/live-diagnosis')
const { HANDSHAKE, LOOPBACK, alert, handshakeMessage, rawServer, record, refusedPort, serverHello, tlsServer } = require('./support/loopback')
const { certificate } = require('./support/pki')

const root = certificate({ subject: { O: 'Example', CN: 'Example Root CA' }, ca: true })
const leaf = root.issue({ subject: 'localhost', server: true, altNames: ['DNS:localhost'] })

/** Far below what a peer that says nothing could cost, and far above what the others do. */
const STAGE_TIMEOUT = 700
const TIMEOUT = 3_000
/** No measure of speed: what a hang is told by. */
const LIMIT = 30_000

/** A server that does something with every connection, whatever the client says. @param {(socket: net.Socket) => void} greet */
async function speaker(greet) {
  const sockets = new Set()
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    greet(socket)
  })
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  return {
    port: server.address().port,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Octets one at a time, for as long as somebody listens. */
const dripping = (bytes, interval) => (socket) => {
  let sent = 0
  const timer = setInterval(() => socket.write(bytes.subarray(sent % bytes.length, (sent++ % bytes.length) + 1)), interval)
  socket.on('close', () => clearInterval(timer))
  socket.resume()
}

/** The same record without end, as fast as it is taken, and never so fast that the other peers have to wait. */
const endless = (bytes) => {
  const piece = Buffer.concat(Array.from({ length: Math.ceil(16_384 / bytes.length) }, () => bytes))
  return (socket) => {
    const more = () => socket.destroyed || socket.write(piece, () => setTimeout(more, 1))
    socket.resume()
    socket.once('data', more)
  }
}

/** A sound server whose answer ends after some octets. */
async function cutting(length, end) {
  const real = await tlsServer({ cert: leaf.pem, key: leaf.key.pem })
  const front = await speaker((client) => {
    const upstream = net.connect(real.port, real.host)
    let left = length
    upstream.on('error', () => {})
    upstream.on('data', (bytes) => {
      if (left <= 0) return
      const part = bytes.subarray(0, left)
      left -= part.length
      client.write(part, () => { if (left <= 0) end(client) })
    })
    client.on('close', () => upstream.destroy())
    client.pipe(upstream)
  })
  return { port: front.port, stop: async () => { await front.stop(); await real.stop() } }
}

const reset = (socket) => socket.resetAndDestroy()
const halfClose = (socket) => socket.end()
/** With secure renegotiation, which OpenSSL asks for. */
const HELLO = serverHello({ extensions: [0, 5, 0xff, 1, 0, 1, 0] })
/** The beginning of 16 MB of certificates. */
const HUGE = record(HANDSHAKE, Buffer.concat([Buffer.from([11, 0xff, 0xff, 0xff]), Buffer.alloc(4_096)]))

const start = () => startTogether({
  silent: speaker((socket) => socket.resume()),
  slow: speaker(dripping(serverHello(), 250)),
  garbage: rawServer((socket) => socket.end(Buffer.from('deadbeef'.repeat(64), 'hex'))),
  zeros: rawServer((socket) => socket.end(Buffer.alloc(512))),
  text: rawServer((socket) => socket.end('I have nothing to say to you\r\n')),
  http: rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')),
  closes: rawServer((socket) => socket.end()),
  resets: rawServer(reset),
  resetInHello: cutting(20, reset),
  resetInHandshake: cutting(200, reset),
  closesInHello: cutting(20, halfClose),
  closesInHandshake: cutting(200, halfClose),
  alerts: rawServer((socket) => socket.end(alert(80))),
  strangeAlert: rawServer((socket) => socket.end(alert(234))),
  endlessAlerts: speaker(endless(alert(90, 1))),
  hugeMessage: rawServer((socket) => socket.write(Buffer.concat([HELLO, HUGE]))),
  endlessMessages: speaker(endless(record(HANDSHAKE, handshakeMessage(0, Buffer.alloc(0))))),
  nothing: refusedPort(),
})

/** @typedef {import('./support/live-diagnosis').Case} Case */

/** @type {(name: string, title: string, expected: Omit<Case, 'title' | 'look'>) => Case} */
const peer = (name, title, expected) => ({
  title,
  look: (servers) => ({ target: `https://localhost:${servers[name].port}` }),
  ...expected,
  check(diagnosis, major, answer) {
    assert.ok(answer.milliseconds < LIMIT, `${answer.milliseconds} ms`)
    assert.ok(diagnosis.failure, 'it ended somewhere')
    for (const { message, fixes } of diagnosis.findings) {
      assert.ok(message.length > 0)
      assert.ok(fixes.length > 0, `nothing is to be done about: ${message}`)
    }
    expected.check?.(diagnosis, major, answer)
  },
})

const failed = (stage, kind) => ({ failure }) => assert.deepEqual([failure.stage, failure.kind], [stage, kind])

const cases = [
  peer('silent', 'silence', { code: 'ETIMEDOUT', rules: ['connection-stalled'], check: failed('handshake', 'timed-out') }),
  peer('slow', 'four octets a second', { code: 'ETIMEDOUT', rules: ['connection-stalled'], check: failed('handshake', 'timed-out') }),
  peer('garbage', 'garbage', { code: 'ERR_SSL_WRONG_VERSION_NUMBER', rules: ['handshake-unreadable'] }),
  peer('zeros', 'zeros', { code: 'ERR_SSL_WRONG_VERSION_NUMBER', rules: ['handshake-unreadable'] }),
  peer('text', 'text', { code: 'ERR_SSL_WRONG_VERSION_NUMBER', rules: ['plain-text-on-tls-port'] }),
  peer('http', 'HTTP', { code: 'ERR_SSL_WRONG_VERSION_NUMBER', rules: ['plain-text-on-tls-port'], check: failed('handshake', 'plain-text') }),
  peer('closes', 'the end at once', { code: 'ECONNRESET', rules: ['connection-closed'], check: failed('handshake', 'closed') }),
  peer('resets', 'a reset at once', { code: 'ECONNRESET', rules: ['connection-reset'], check: failed('handshake', 'reset') }),
  peer('resetInHello', 'a reset in the ServerHello', { code: 'ECONNRESET', rules: ['connection-reset'], check: failed('handshake', 'reset') }),
  peer('resetInHandshake', 'a reset in the handshake', { code: 'ECONNRESET', rules: ['connection-reset'], check: failed('handshake', 'reset') }),
  peer('closesInHello', 'a half-close in the ServerHello', { code: 'ECONNRESET', rules: ['connection-closed'], check: failed('handshake', 'closed') }),
  peer('closesInHandshake', 'a half-close in the handshake', { code: 'ECONNRESET', rules: ['connection-closed'], check: failed('handshake', 'closed') }),
  peer('alerts', 'the alert internal_error', { code: 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', rules: ['server-alert'], check: failed('handshake', 'alert') }),
  peer('strangeAlert', 'an alert that no one knows', {
    code: 'ECONNRESET',
    rules: ['server-alert'],
    check({ failure, findings }) {
      assert.deepEqual([failure.stage, failure.kind, failure.alert], ['handshake', 'alert', 234])
      assert.match(findings[0].message, /alert (number )?234/)
    },
  }),
  peer('endlessAlerts', 'warnings without end', { code: 'ERR_SSL_TOO_MANY_WARN_ALERTS', rules: ['handshake-oversized'], check: failed('handshake', 'oversized') }),
  peer('hugeMessage', 'the beginning of 16 MB of certificates', { code: 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE', rules: ['handshake-oversized'], check: failed('handshake', 'oversized') }),
  // OpenSSL passes over them for as long as they come.
  peer('endlessMessages', 'requests for another hello without end', { code: 'ETIMEDOUT', rules: ['handshake-oversized'], check: failed('handshake', 'oversized') }),
  peer('nothing', 'a port at which nothing listens', { code: 'ECONNREFUSED', rules: ['connection-refused'], check: failed('tcp', 'refused') }),
]

describeLive('hostile peers', { start, cases, options: { ca: root.pem, stageTimeout: STAGE_TIMEOUT, timeout: TIMEOUT } })
