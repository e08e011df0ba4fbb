'use strict'

/**
 * Connections that fail before any chain is judged, on the side that reports it: `clients` by `tls.connect`, `servers` by 'tlsClientError'.
 * Each `run` gives the error, or null for a connection that works.
 *
 *   code    null when there is no error; `{ 18: …, 22: … }` says what holds from these versions on
 *   versions `{ 18: false, 22: true }`: those that can be brought there
 *   actor   who has to act, where the code tells it
 */

const crypto = require('node:crypto')
const net = require('node:net')
const tls = require('node:tls')
const { once } = require('node:events')

const der = require('../support/der')
const loopback = require('../support/loopback')
const { certificate, pemBlock } = require('../support/pki')

const { alert, handshakeMessage, opensslServer, presentingServer, rawServer, record, serverHello, tlsServer } = loopback

const HANDSHAKE = 22
const APPLICATION_DATA = 23
const SERVER_HELLO = 2
const CERTIFICATE = 11
const SERVER = { subject: 'localhost', server: true, altNames: ['DNS:localhost', 'IP:127.0.0.1'] }

const root = certificate({ subject: 'Live Root', ca: true })
const otherRoot = certificate({ subject: 'Another Live Root', ca: true })
const leaf = root.issue(SERVER)
const otherLeaf = root.issue({ ...SERVER, keyName: 'other leaf' })
const unknownKeyLeaf = root.issue({
  ...SERVER,
  publicKey: der.sequence(der.sequence(der.objectIdentifier('1.3.6.1.4.1.32473.1.1')), der.bitString(Buffer.alloc(48, 7))),
})
const rsaLeaf = root.issue({ ...SERVER, keyType: 'rsa-2048', keyName: 'rsa leaf' })
const client = root.issue({ subject: 'A client', extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] })
const identityOf = (entry) => ({ cert: entry.chainPem, key: entry.key.pem })
const identity = identityOf(leaf)
const trust = { ca: root.pem }

/** The group of 1,024 bits of RFC 2409. */
const SMALL_GROUP = pemBlock(
  der.sequence(der.integer(Buffer.concat([Buffer.alloc(1), crypto.getDiffieHellman('modp2').getPrime()])), der.integer(2)),
  'DH PARAMETERS',
)
const smallGroupServer = { ...identityOf(rsaLeaf), maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0', dhparam: SMALL_GROUP }

/** How a client of the server ends. */
const clientOf = (start, options = {}) => async () => {
  const server = await start()
  try {
    const { error, closed } = await loopback.connect(server, { ...trust, ...options })
    // `tls.connect` reports no error when the peer leaves after the handshake.
    return closed ? { code: 'closed', message: '' } : error
  } finally {
    await server.stop()
  }
}

/** How a server ends that `approach` comes to. */
const serverOf = (options, approach) => async () => {
  const server = await tlsServer({ ...identity, ...options })
  try {
    const approaching = approach(server)
    const { error } = await server.first
    const socket = await approaching
    socket?.destroy?.()
    return error
  } finally {
    await server.stop()
  }
}

const answer = (bytes) => () => rawServer((socket) => socket.write(bytes))
const answerAndEnd = (bytes) => () => rawServer((socket) => socket.end(bytes))
const node = (options) => () => tlsServer({ ...identity, ...options })
const openssl = (...args) => () => opensslServer(args, identityOf(rsaLeaf))
const present = (...list) => () => presentingServer(list, identity)
const say = (bytes, options) => (server) => loopback.say(server, bytes, options)
const connect = (options) => (server) => loopback.connect(server, { ...trust, ...options })

/** Sends a ClientHello, and `bytes` when the server has answered it. */
const helloAndThen = (bytes) => async ({ host, port }) => {
  let hello = Buffer.alloc(0)
  const listener = await rawServer((socket, received) => {
    hello = received
    socket.destroy()
  })
  await loopback.connect(listener, { maxVersion: 'TLSv1.2' })
  await listener.stop()
  const socket = net.connect(port, host)
  socket.on('error', () => {})
  socket.write(hello)
  await once(socket, 'data')
  socket.write(bytes)
  return socket
}

/** How a server's connection ends whose client asks for one handshake after another. @param {(socket: any) => void} prepare */
const renegotiating = (prepare) => async () => {
  const server = await tlsServer({ ...identity, maxVersion: 'TLSv1.2' })
  const client = tls.connect({ host: server.host, port: server.port, servername: 'localhost', ...trust })
  client.on('error', () => {})
  try {
    const { socket } = await server.first
    prepare(socket)
    const failure = once(socket, 'error').catch((error) => [error])
    const again = () => client.renegotiate({}, (error) => error || again())
    client.once('data', again)
    return (await failure)[0]
  } finally {
    client.destroy()
    await server.stop()
  }
}

/** A serial number with a zero octet that BER allows and DER does not. */
function withPaddedSerial(entry) {
  const [tbs, algorithm, signature] = der.children(der.read(entry.der).body)
  const [version, , ...others] = der.children(tbs.body).map(({ raw }) => raw)
  return der.sequence(der.sequence(version, der.integer(Buffer.from([0, 0, 1])), ...others), algorithm.raw, signature.raw)
}
const withoutSeconds = root.issue({ ...SERVER, notBefore: der.element(0x17, Buffer.from('2001010000Z')) })
const askingOtherClients = { requestCert: true, ca: otherRoot.pem }

const HANDSHAKE_FAILURE = { 18: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 22: 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE' }

const clients = [
  { title: 'plain HTTP', run: clientOf(answerAndEnd('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')), code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
  { title: 'an SMTP greeting', run: clientOf(answer('220 mail.example.test ESMTP\r\n')), code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
  { title: 'an SSH greeting', run: clientOf(answer('SSH-2.0-OpenSSH_9.2\r\n')), code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
  { title: 'zeros', run: clientOf(answer(Buffer.alloc(64))), code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
  {
    title: 'a record longer than TLS allows', run: clientOf(answer(Buffer.concat([Buffer.from([HANDSHAKE, 3, 3, 0xff, 0xff]), Buffer.alloc(70_000)]))),
    code: { 18: 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 22: 'ERR_SSL_DATA_LENGTH_TOO_LONG' },
  },
  { title: 'application data first', run: clientOf(answer(record(APPLICATION_DATA, Buffer.from('hello')))), code: 'ERR_SSL_UNEXPECTED_MESSAGE' },
  { title: 'a record of an unknown type', run: clientOf(answer(record(99, Buffer.from('hello')))), code: 'ERR_SSL_UNEXPECTED_MESSAGE' },
  { title: 'half a record, and the end', run: clientOf(answerAndEnd(record(HANDSHAKE, Buffer.alloc(100)).subarray(0, 50))), code: 'ECONNRESET' },
  { title: 'the end at once', run: clientOf(() => rawServer((socket) => socket.end())), code: 'ECONNRESET' },
  { title: 'a reset at once', run: clientOf(() => rawServer((socket) => socket.resetAndDestroy())), code: 'ECONNRESET' },
  { title: 'a port where nothing listens', run: clientOf(loopback.refusedPort), code: 'ECONNREFUSED', actor: 'server' },

  { title: 'SSL 3.0 in answer', run: clientOf(answer(serverHello({ version: 0x0300 }))), code: 'ERR_SSL_UNSUPPORTED_PROTOCOL', actor: 'server' },
  { title: 'TLS 1.0 in answer', run: clientOf(answer(serverHello({ version: 0x0301 }))), code: 'ERR_SSL_UNSUPPORTED_PROTOCOL', actor: 'server' },
  { title: 'openssl with TLS 1.1 only', run: clientOf(openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')), code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' },
  { title: 'a server for TLS 1.3 only', run: clientOf(node({ minVersion: 'TLSv1.3' }), { maxVersion: 'TLSv1.2' }), code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' },
  { title: 'a server for TLS 1.2 only', run: clientOf(node({ maxVersion: 'TLSv1.2' }), { minVersion: 'TLSv1.3' }), code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' },
  {
    title: 'no cipher in common', code: HANDSHAKE_FAILURE,
    run: clientOf(node({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }), { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }),
  },
  { title: 'no group in common', run: clientOf(node({ ecdhCurve: 'P-384' }), { ecdhCurve: 'P-256' }), code: HANDSHAKE_FAILURE },
  { title: 'a server without a certificate', run: clientOf(node({ cert: undefined, key: undefined })), code: HANDSHAKE_FAILURE },
  {
    title: 'a client whose ciphers are for another version',
    run: clientOf(node({}), { maxVersion: 'TLSv1.2', ciphers: 'TLS_AES_128_GCM_SHA256' }), code: 'ERR_SSL_NO_CIPHERS_AVAILABLE', actor: 'client',
  },
  { title: 'a secure context that is none', run: clientOf(node({}), { secureContext: {} }), code: 'ERR_TLS_INVALID_CONTEXT' },
  {
    title: 'a client without a version', run: clientOf(node({}), { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }),
    code: 'ERR_SSL_NO_PROTOCOLS_AVAILABLE', actor: 'client',
  },
  { title: 'a key that does not belong to the certificate', run: clientOf(node({ key: rsaLeaf.key.pem })), code: HANDSHAKE_FAILURE },
  { title: 'a cipher that was not offered', run: clientOf(answer(serverHello({ cipher: 0x0004 }))), code: 'ERR_SSL_UNKNOWN_CIPHER_RETURNED' },
  { title: 'compression', run: clientOf(answer(serverHello({ compression: 1 }))), code: { 18: 'ERR_SSL_UNSUPPORTED_COMPRESSION_ALGORITHM', 24: 'ERR_SSL_COMPRESSION_DISABLED' } },
  {
    title: 'no word about renegotiation (RFC 5746)', run: clientOf(answer(serverHello()), { maxVersion: 'TLSv1.2' }),
    code: 'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED', actor: 'server',
  },
  { title: 'half an extension', run: clientOf(answer(serverHello({ extensions: [0, 4, 0xff, 0x01] }))), code: 'ERR_SSL_BAD_LENGTH' },
  { title: 'an extension with wrong contents', run: clientOf(answer(serverHello({ extensions: [0, 5, 0, 0x0b, 0, 1, 5] }))), code: 'ERR_SSL_BAD_EXTENSION' },
  { title: 'a ServerHello of two octets', run: clientOf(answer(record(HANDSHAKE, handshakeMessage(SERVER_HELLO, Buffer.from([3, 3]))))), code: 'ERR_SSL_LENGTH_MISMATCH' },
  {
    title: 'a certificate before the ServerHello', run: clientOf(answer(record(HANDSHAKE, handshakeMessage(CERTIFICATE, Buffer.from([0, 0, 0]))))),
    code: 'ERR_SSL_UNEXPECTED_MESSAGE',
  },
  {
    title: 'Diffie-Hellman of 1,024 bits at security level 2', code: 'ERR_SSL_DH_KEY_TOO_SMALL', actor: 'server',
    run: clientOf(node(smallGroupServer), { ciphers: 'DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=2' }),
  },
  {
    title: 'Diffie-Hellman of 1,024 bits below minDHSize', code: 'ERR_TLS_DH_PARAM_SIZE', actor: 'server',
    run: clientOf(node(smallGroupServer), { ciphers: 'DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0', minDHSize: 2048 }),
  },
  {
    // Node 18's server goes on without a protocol.
    title: 'no application protocol in common', run: clientOf(node({ ALPNProtocols: ['h2'] }), { ALPNProtocols: ['http/1.1'] }),
    code: { 18: null, 20: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' },
  },
  { title: 'a host name that the server refuses', run: clientOf(node({ SNICallback: (name, done) => done(new Error('unknown')) })), code: 'ECONNRESET' },

  { title: 'a client certificate missing in TLS 1.2', run: clientOf(node({ ...trust, requestCert: true, maxVersion: 'TLSv1.2' })), code: HANDSHAKE_FAILURE },
  {
    title: 'a client certificate missing in TLS 1.3', run: clientOf(node({ ...trust, requestCert: true })),
    code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', actor: 'client',
  },
  { title: 'a client certificate missing at openssl, TLS 1.2', run: clientOf(openssl('-Verify', '1', '-tls1_2')), code: HANDSHAKE_FAILURE },
  {
    title: 'a client certificate missing at openssl, TLS 1.3', run: clientOf(openssl('-Verify', '1', '-tls1_3')),
    code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', actor: 'client',
  },
  { title: 'a client certificate that a Node server does not trust', run: clientOf(node(askingOtherClients), identityOf(client)), code: 'closed' },
  {
    title: 'a client certificate that openssl does not trust', code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    run: clientOf(openssl('-Verify', '1', '-verify_return_error', '-tls1_3'), identityOf(client)),
  },

  {
    title: 'records that are damaged on the way', run: clientOf(() => loopback.damagingServer(identity)),
    code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  },
  { title: 'a certificate of another key', run: clientOf(present(otherLeaf.der)), code: { 18: 'ERR_SSL_BAD_SIGNATURE', 22: 'ERR_SSL_PROVIDER_SIGNATURE_FAILURE' } },
  { title: 'a certificate of another kind of key', run: clientOf(present(rsaLeaf.der)), code: 'ERR_SSL_WRONG_CERTIFICATE_TYPE' },
  { title: 'a key of an unknown kind', run: clientOf(present(unknownKeyLeaf.der)), code: 'ERR_SSL_DECODE_ERROR' },
  { title: 'no certificate in the Certificate message', run: clientOf(present()), code: 'ERR_SSL_LENGTH_MISMATCH' },
  { title: 'a certificate that is text', run: clientOf(present(Buffer.from('-----BEGIN CERTIFICATE-----'))), code: 'ERR_SSL_TOO_LONG', actor: 'server' },
  { title: 'a certificate cut short', run: clientOf(present(leaf.der.subarray(0, leaf.der.length - 20))), code: 'ERR_SSL_TOO_LONG', actor: 'server' },
  { title: 'a certificate with something after it', run: clientOf(present(Buffer.concat([leaf.der, der.nullValue()]))), code: 'ERR_SSL_CERT_LENGTH_MISMATCH' },
  { title: 'a padded serial number', run: clientOf(present(withPaddedSerial(leaf))), code: 'ERR_SSL_ILLEGAL_PADDING', actor: 'server', chain: [withPaddedSerial(leaf)] },
  {
    title: 'a start without seconds, in OpenSSL 3.0', run: clientOf(node(identityOf(withoutSeconds))), versions: { 18: true, 22: false },
    code: 'ERROR_IN_CERT_NOT_BEFORE_FIELD', chain: [withoutSeconds.der],
  },
  {
    title: 'a start without seconds, in OpenSSL 3.5', run: clientOf(present(withoutSeconds.der)), versions: { 18: false, 22: true },
    code: 'ERR_SSL_UTCTIME_IS_TOO_SHORT', actor: 'server', chain: [withoutSeconds.der],
  },
  { title: 'a Certificate message of 256 KiB', run: clientOf(present(leaf.der, Buffer.alloc(262_144))), code: 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE', actor: 'server' },
]

const servers = [
  { title: 'a client that speaks HTTP', run: serverOf({}, say('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')), code: 'ERR_SSL_HTTP_REQUEST', actor: 'client' },
  { title: 'a client that takes it for a proxy', run: serverOf({}, say('CONNECT example.test:443 HTTP/1.1\r\n\r\n')), code: 'ERR_SSL_HTTPS_PROXY_REQUEST', actor: 'client' },
  { title: 'a client that speaks SSH', run: serverOf({}, say('SSH-2.0-OpenSSH_9.2 and some more\r\n')), code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
  { title: 'a client that leaves at once', run: serverOf({}, say('', { leave: 'end' })), code: 'ECONNRESET' },
  { title: 'a client that leaves in its ClientHello', run: serverOf({}, say(Buffer.from([HANDSHAKE, 3, 1, 1]), { leave: 'end' })), code: 'ECONNRESET' },
  { title: 'a client that resets the connection', run: serverOf({}, say(Buffer.from([HANDSHAKE, 3, 1]), { leave: 'reset' })), code: 'ECONNRESET' },
  { title: 'a client that says nothing', run: serverOf({ handshakeTimeout: 50 }, say('')), code: 'ERR_TLS_HANDSHAKE_TIMEOUT' },
  {
    title: 'a client for TLS 1.1', run: serverOf({ ciphers: undefined }, connect({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })),
    code: 'ERR_SSL_UNSUPPORTED_PROTOCOL',
  },
  {
    title: 'a client for TLS 1.2 at a server for TLS 1.3', run: serverOf({ minVersion: 'TLSv1.3' }, connect({ maxVersion: 'TLSv1.2' })),
    code: 'ERR_SSL_UNSUPPORTED_PROTOCOL',
  },
  {
    title: 'a client without a cipher in common', code: 'ERR_SSL_NO_SHARED_CIPHER',
    run: serverOf({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }, connect({ ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })),
  },
  { title: 'no certificate, in TLS 1.2', run: serverOf({ cert: undefined, key: undefined, maxVersion: 'TLSv1.2' }, connect({})), code: 'ERR_SSL_NO_SHARED_CIPHER' },
  { title: 'no certificate, in TLS 1.3', run: serverOf({ cert: undefined, key: undefined }, connect({})), code: 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM' },
  { title: 'a client without a group in common', run: serverOf({ ecdhCurve: 'P-384' }, connect({ ecdhCurve: 'P-256' })), code: 'ERR_SSL_NO_SUITABLE_KEY_SHARE' },
  { title: 'a client that cannot check the key', run: serverOf({}, connect({ sigalgs: 'RSA-PSS+SHA256' })), code: 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM' },
  {
    title: 'a client without an application protocol in common', run: serverOf({ ALPNProtocols: ['h2'] }, connect({ ALPNProtocols: ['http/1.1'] })),
    code: { 18: null, 20: 'ERR_SSL_NO_APPLICATION_PROTOCOL' },
  },
  {
    title: 'a client without a signature algorithm in common', code: 'ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS',
    run: serverOf({ maxVersion: 'TLSv1.2', sigalgs: 'ECDSA+SHA512' }, connect({ sigalgs: 'ECDSA+SHA256' })),
  },
  {
    // Node 18 throws it where nothing can catch it.
    title: 'an application protocol that the client did not offer', versions: { 18: false, 20: true }, code: 'ERR_TLS_ALPN_CALLBACK_INVALID_RESULT',
    run: serverOf({ ALPNCallback: () => 'other' }, connect({ ALPNProtocols: ['http/1.1'] })),
  },
  {
    title: 'a hint for shared keys that is too long',
    code: { 18: 'ERR_TLS_PSK_SET_IDENTIY_HINT_FAILED', 24: 'ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED' },
    run: serverOf({ pskIdentityHint: 'x'.repeat(300), pskCallback: () => null }, connect({})),
  },
  { title: 'a context of a host that is none', run: serverOf({ SNICallback: (name, done) => done(null, {}) }, connect({})), code: null },
  { title: 'a client that renegotiates too often', run: renegotiating(() => {}), code: 'ERR_TLS_SESSION_ATTACK', actor: 'client' },
  { title: 'a client that renegotiates where it must not', run: renegotiating((socket) => socket.disableRenegotiation()), code: 'ERR_TLS_RENEGOTIATION_DISABLED' },
  {
    title: 'a client without a certificate, in TLS 1.2', run: serverOf({ ...trust, requestCert: true, maxVersion: 'TLSv1.2' }, connect({})),
    code: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', actor: 'client',
  },
  {
    title: 'a client without a certificate, in TLS 1.3', run: serverOf({ ...trust, requestCert: true }, connect({})),
    code: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', actor: 'client',
  },
  { title: 'a client whose certificate is not trusted', run: serverOf(askingOtherClients, connect(identityOf(client))), code: 'ECONNRESET' },
]

/**
 * What each alert is called. OpenSSL keeps the names of SSL 3.0 for those that SSL 3.0 had, and spells them anew in 3.5.
 * Sources: RFC 6101 section 5.4.2, RFC 5246 section 7.2, RFC 6066 section 9, RFC 8446 section 6.
 */
const fromSsl3 = (name) => ({ 18: `ERR_SSL_SSLV3_ALERT_${name}`, 22: `ERR_SSL_SSL/TLS_ALERT_${name}` })
const ALERTS = {
  10: fromSsl3('UNEXPECTED_MESSAGE'),
  20: fromSsl3('BAD_RECORD_MAC'),
  21: 'ERR_SSL_TLSV1_ALERT_DECRYPTION_FAILED',
  22: 'ERR_SSL_TLSV1_ALERT_RECORD_OVERFLOW',
  30: fromSsl3('DECOMPRESSION_FAILURE'),
  40: fromSsl3('HANDSHAKE_FAILURE'),
  41: fromSsl3('NO_CERTIFICATE'),
  42: fromSsl3('BAD_CERTIFICATE'),
  43: fromSsl3('UNSUPPORTED_CERTIFICATE'),
  44: fromSsl3('CERTIFICATE_REVOKED'),
  45: fromSsl3('CERTIFICATE_EXPIRED'),
  46: fromSsl3('CERTIFICATE_UNKNOWN'),
  47: fromSsl3('ILLEGAL_PARAMETER'),
  48: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  49: 'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
  50: 'ERR_SSL_TLSV1_ALERT_DECODE_ERROR',
  51: 'ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR',
  60: 'ERR_SSL_TLSV1_ALERT_EXPORT_RESTRICTION',
  70: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  71: 'ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY',
  80: 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
  86: 'ERR_SSL_TLSV1_ALERT_INAPPROPRIATE_FALLBACK',
  90: 'ERR_SSL_TLSV1_ALERT_USER_CANCELLED',
  100: 'ERR_SSL_TLSV1_ALERT_NO_RENEGOTIATION',
  109: 'ERR_SSL_TLSV13_ALERT_MISSING_EXTENSION',
  110: 'ERR_SSL_TLSV1_UNSUPPORTED_EXTENSION',
  111: 'ERR_SSL_TLSV1_CERTIFICATE_UNOBTAINABLE',
  112: 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
  113: 'ERR_SSL_TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE',
  114: 'ERR_SSL_TLSV1_BAD_CERTIFICATE_HASH_VALUE',
  115: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_PSK_IDENTITY',
  116: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  120: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
}
for (const [number, code] of Object.entries(ALERTS)) {
  clients.push({ title: `alert ${number} from the server`, run: clientOf(answer(alert(Number(number)))), code })
  servers.push({ title: `alert ${number} from the client`, run: serverOf({}, helloAndThen(alert(Number(number)))), code })
}

module.exports = { clients, root, servers }
