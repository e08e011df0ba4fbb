'use strict'

// The code that is predicted for a connection, for each Node, and the one that this Node's connection to the same server ends in.

const assert = require('node:assert/strict')
const { test } = require('node:test')

const { NativeProber, predictedCode } = require('../binding.js')
const { trustedByOption } = require('../lib/trusted.js')
const { nativeOf, verdictOn } = require('../lib/verify.js')
const { runNode } = require('./support/environment')
const {
  HANDSHAKE, LOOPBACK, alert, handshakeMessage, opensslServer, rawServer, record, refusedPort, serverHello, tlsServer,
} = require('./support/loopback')
const { nodes } = require('./support/nodes')
const { certificate } = require('./support/pki')

const NAME = 'www.example.com'
const server = { subject: NAME, server: true, altNames: [`DNS:${NAME}`] }
const root = certificate({ subject: 'Example Root', ca: true })
const intermediate = root.issue({ subject: 'Example Issuing CA', ca: true })
const leaf = intermediate.issue(server)
const rsaLeaf = intermediate.issue({ ...server, keyType: 'rsa-2048', keyName: 'rsa' })
const weakLeaf = intermediate.issue({ ...server, keyType: 'rsa-1024', keyName: 'weak' })
const expired = intermediate.issue({ ...server, notAfter: '2021-01-01' })
const elsewhere = intermediate.issue({ subject: 'db.example.com', server: true, altNames: ['DNS:db.example.com'] })
const clientRoot = certificate({ subject: 'Example Client CA', ca: true })

const identity = (/** @type {any} */ of, cert = of.chainPem) => ({ cert, key: of.key.pem })
const serving = (/** @type {any} */ of, options = {}) => () => tlsServer({ ...identity(of), ...options })
const openssl = (/** @type {any} */ of, ...args) => () => opensslServer(args, identity(of))
const answering = (/** @type {Buffer | string} */ bytes) => () => rawServer((socket) => socket.end(bytes))
const demanding = { requestCert: true, rejectUnauthorized: true, ca: clientRoot.pem }

/** A TLS 1.2 server with an RSA key exchange that knows nothing of RFC 5746. */
const withoutRenegotiation = () => {
  const list = Buffer.concat([rsaLeaf, intermediate].flatMap(({ der }) => [Buffer.from([0, der.length >> 8, der.length & 255]), der]))
  const message = handshakeMessage(11, Buffer.concat([Buffer.from([0, list.length >> 8, list.length & 255]), list]))
  return rawServer((socket) => socket.write(Buffer.concat([serverHello({ cipher: 0x2f }), record(HANDSHAKE, message), record(HANDSHAKE, handshakeMessage(14, Buffer.alloc(0)))])))
}

/** @type {Record<string, () => Promise<{ host: string, port: number, stop: () => Promise<void> }>>} */
const SERVERS = {
  'a sound server': serving(leaf),
  'a sound server of TLS 1.2': serving(leaf, { maxVersion: 'TLSv1.2' }),
  'a leaf alone': () => tlsServer(identity(leaf, leaf.pem)),
  'an expired leaf': serving(expired),
  'another name': serving(elsewhere),
  'a root that nobody knows': serving(certificate({ subject: 'Other Root', ca: true }).issue(server)),
  'a key of 1,024 bits': serving(weakLeaf),
  'a client certificate demanded in TLS 1.3': serving(leaf, demanding),
  'a client certificate demanded in TLS 1.2': serving(leaf, { ...demanding, maxVersion: 'TLSv1.2' }),
  'a client certificate demanded, and an expired leaf': serving(expired, demanding),
  'a client certificate asked for': serving(leaf, { ...demanding, rejectUnauthorized: false }),
  'a port where nothing listens': refusedPort,
  'a reset': () => rawServer((socket) => socket.resetAndDestroy()),
  'an end without a word': answering(''),
  'HTTP': answering('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'SSH': answering('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'),
  'the alert handshake_failure': answering(alert(40)),
  'the alert unrecognized_name': answering(alert(112)),
  'the alert internal_error': answering(alert(80)),
  'the alert bad_certificate': answering(alert(42)),
  'TLS 1.1 at most': openssl(leaf, '-no_tls1_2', '-no_tls1_3', '-min_protocol', 'TLSv1', '-cipher', 'ALL:@SECLEVEL=0'),
  'a cipher suite that the probe does not have': openssl(leaf, '-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA'),
  'an RSA key exchange': openssl(rsaLeaf, '-tls1_2', '-cipher', 'AES128-SHA'),
  'a cipher suite without a cipher': openssl(leaf, '-tls1_2', '-cipher', 'ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0'),
  'a server that knows nothing of secure renegotiation': withoutRenegotiation,
}

// A server that is content may say nothing; one that refuses a client certificate says so at once.
const CONNECT = `
  const tls = require('node:tls')
  const [port, ca] = process.argv.slice(1)
  const ends = (error) => { console.log(JSON.stringify({ code: error?.code ?? null })); process.exit() }
  const socket = tls.connect({ host: '${LOOPBACK}', port: Number(port), servername: '${NAME}', ca }, () => setTimeout(ends, 500))
  socket.on('data', () => ends())
  socket.on('error', ends)`

const trusted = trustedByOption(root.pem, false)

/** What is predicted, for each Node. @param {number} port @returns {Promise<Record<string, string | null>>} */
async function predictions(port) {
  const prober = new NativeProber(
    { host: NAME, port, serverName: NAME, alpn: [], connectTo: { host: LOOPBACK, port } },
    { stageTimeout: 2000, deadline: 20_000, allAddresses: false, lookFurther: false },
  )
  const probe = /** @type {import('../binding.js').NativeProbe} */ (await prober.run())
  const session = probe.attempts()[probe.decisive()]?.session
  return Object.fromEntries(nodes.map(({ version }) => {
    const isJudged = session !== undefined && session.certificates.length > 0
    const verdict = isJudged ? verdictOn(session.certificates, 'chain', trusted, { hostname: NAME, node: version }, 'options') : null
    return [version, predictedCode(probe, verdict === null ? undefined : nativeOf(verdict), version)]
  }))
}

/** What each Node comes to. @param {number} port @returns {Promise<Record<string, string | null>>} */
async function observations(port) {
  return Object.fromEntries(await Promise.all(nodes.map(async ({ version, path: node }) => {
    const { stdout, stderr } = await runNode(node, ['-e', CONNECT, String(port), root.pem])
    assert.equal(stderr, '')
    return [version, JSON.parse(stdout).code]
  })))
}

for (const [title, serve] of Object.entries(SERVERS)) {
  test(`${title}: the code is predicted for every Node`, async () => {
    const running = await serve()
    try {
      assert.deepEqual(await predictions(running.port), await observations(running.port))
    } finally {
      await running.stop()
    }
  })
}
