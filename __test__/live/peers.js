'use strict'

/** The servers that client libraries speak to: TLS from the first byte, or after a dialogue in the clear. */

const { preambleServer, rawServer, tlsServer } = require('../support/loopback')

/** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL */
async function postgresql(socket, next) {
  await next(8)
  socket.write('S')
}

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html */
async function mysql(socket, next) {
  const SSL_REQUEST = 36
  socket.write(mysqlGreeting(CLIENT_SSL))
  await next(SSL_REQUEST)
}

const CLIENT_SSL = 0x0000_0800
const CLIENT_PLUGIN_AUTH_SECURE_CONNECTION_AND_PROTOCOL_41 = 0x0008_8200

function mysqlGreeting(further) {
  const capabilities = Buffer.alloc(4)
  capabilities.writeUInt32LE(CLIENT_PLUGIN_AUTH_SECURE_CONNECTION_AND_PROTOCOL_41 | further)
  const greeting = Buffer.concat([
    Buffer.from('\x0a8.0.0\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('12345678\0'),
    capabilities.subarray(0, 2),
    Buffer.from([33, 2, 0]),
    capabilities.subarray(2),
    Buffer.from([21]),
    Buffer.alloc(10),
    Buffer.from('123456789012\0'),
    Buffer.from('mysql_native_password\0'),
  ])
  const header = Buffer.alloc(4)
  header.writeUIntLE(greeting.length, 0, 3)
  return Buffer.concat([header, greeting])
}

/** RFC 3207. */
async function smtp(socket, next) {
  socket.write('220 localhost ESMTP\r\n')
  await next()
  socket.write('250-localhost\r\n250 STARTTLS\r\n')
  await next()
  socket.write('220 ready\r\n')
}

/** The same protocols, spoken by servers that have no TLS. */
const WITHOUT_TLS = {
  async postgresql(socket, next) {
    await next(8)
    socket.write('N')
  },
  async mysql(socket) {
    socket.write(mysqlGreeting(0))
  },
  async smtp(socket, next) {
    socket.write('220 localhost ESMTP\r\n')
    await next()
    socket.write('250 localhost\r\n')
    await next()
    socket.write('454 TLS not available\r\n')
    await next()
  },
}

const PREAMBLES = { postgresql, mysql, smtp }

/**
 * @param {'tls' | keyof typeof PREAMBLES} kind
 * @param {import('node:tls').TlsOptions} options
 */
const startPeer = (kind, options) => (kind === 'tls' ? tlsServer(options) : preambleServer(PREAMBLES[kind], options))

/** A server that leaves where TLS begins. @param {'tls' | keyof typeof PREAMBLES} kind */
const leavingPeer = (kind) => (kind === 'tls' ? rawServer((socket) => socket.end()) : preambleServer(PREAMBLES[kind], null))

/** A server without TLS. @param {keyof typeof WITHOUT_TLS} kind */
const peerWithoutTls = (kind) => preambleServer(WITHOUT_TLS[kind], null)

module.exports = { leavingPeer, peerWithoutTls, startPeer }
