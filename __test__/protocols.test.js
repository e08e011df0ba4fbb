'use strict'

// Servers that speak TLS in a way that few do: which Node gets through, and the code that it fails with otherwise, as predicted from what the server
// said to a hello by hand, and as every real Node reports it.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const test = require('node:test')

const { diagnose } = require('..')
const { cleanEnvironment, forEachConcurrently, runNode } = require('./support/environment')
const { alert, opensslServer, rawServer, record, serverHello } = require('./support/loopback')
const { nodePath, nodes, unsupported } = require('./support/nodes')
const { ocspResponse } = require('./support/ocsp')
const { certificate } = require('./support/pki')

const HOST = 'localhost'
const root = certificate({ subject: 'Protocols Root', ca: true })
const rsa = root.issue({ subject: HOST, server: true, altNames: [`DNS:${HOST}`], keyType: 'rsa-2048' })
const identity = { cert: rsa.pem, key: rsa.key.pem }

/** By `openssl dhparam -2 1024`, which takes a while. */
const DH_1024 = `-----BEGIN DH PARAMETERS-----
MIGHAoGBAPRce4YR8GT3mzoCGhWs0SSUS7yC6MvOmHIW4r6sZ9ZyjAcgsW9Dkmjj
6CvH4ZC9WpFLRDgMFwvr8M/JEOOhPRiPQUYcUgIHRML9dzxg2QUG/26uE7c5pAzJ
cmvFlhpfB4d0Qx2uxqqsKdd6bhxMyuDIxU6BWlVtXWDmnxYUkhHPAgEC
-----END DH PARAMETERS-----
`
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-protocols-'))
test.after(() => fs.rmSync(folder, { recursive: true, force: true }))
const file = (name, content) => {
  const where = path.join(folder, name)
  fs.writeFileSync(where, content)
  return where
}

const openssl = (line) => () => opensslServer(line.split(' '), identity)
/** Sends so many KiB of certificates, most of them of no use. */
const long = (kibibytes, option) => () =>
  opensslServer([option], { ...identity, cert: rsa.pem + root.pem.repeat(Math.floor((kibibytes * 1024 - rsa.der.length) / (root.der.length + 3))) })
/** A server in Node 24, whose OpenSSL knows what that of other programs does not yet. */
const nodeServer = (options) => async () => {
  const script = `require('node:tls').createServer(${JSON.stringify({ ...identity, ...options })}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`
  const child = spawn(nodePath(24), ['-e', script], { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data')
  return { port: Number(port), stop: async () => (child.kill(), once(child, 'exit')) }
}
/** Sends these octets whatever it hears, and leaves. */
const script = (...octets) => () => rawServer((socket) => socket.end(Buffer.concat(octets)))
const DH = file('dh1024.pem', DH_1024)
const SAFE_RENEGOTIATION = [0, 5, 0xff, 1, 0, 1, 0]

/** What Node makes of octets that are no TLS depends on which they are: no code is predicted. */
const UNPREDICTED = true

/** Each server, and what it says of itself; null for one that says nothing. */
const SERVERS = {
  'RSA key exchange': [openssl('-tls1_2 -cipher AES128-SHA'), { cipherSuite: 'TLS_RSA_WITH_AES_128_CBC_SHA', keyExchange: 'RSA' }],
  'RSA key exchange with GCM': [openssl('-tls1_2 -cipher AES256-GCM-SHA384'), { cipherSuite: 'TLS_RSA_WITH_AES_256_GCM_SHA384' }],
  'CBC on a curve': [openssl('-tls1_2 -cipher ECDHE-RSA-AES256-SHA'), { cipherSuite: 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA' }],
  'CBC with SHA-256': [openssl('-tls1_2 -cipher ECDHE-RSA-AES128-SHA256'), { cipherSuite: 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256' }],
  ARIA: [openssl('-tls1_2 -cipher ECDHE-ARIA128-GCM-SHA256'), { cipherSuite: 'TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256' }],
  CCM: [openssl('-tls1_2 -cipher AES128-CCM'), { cipherSuite: 'TLS_RSA_WITH_AES_128_CCM' }],
  'CCM with short tags': [openssl('-tls1_2 -cipher AES128-CCM8'), { cipherSuite: 'TLS_RSA_WITH_AES_128_CCM_8' }],
  Camellia: [openssl('-tls1_2 -cipher CAMELLIA128-SHA'), { cipherSuite: 'TLS_RSA_WITH_CAMELLIA_128_CBC_SHA' }],
  'no certificate at all': [openssl('-tls1_2 -cipher AECDH-AES128-SHA:@SECLEVEL=0'), { cipherSuite: 'TLS_ECDH_anon_WITH_AES_128_CBC_SHA' }],
  'no encryption': [openssl('-tls1_2 -cipher NULL-SHA256:@SECLEVEL=0'), { cipherSuite: 'TLS_RSA_WITH_NULL_SHA256' }],
  'Diffie-Hellman, 2048 bits': [openssl('-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256'), { keyExchange: 'DHE, 2048 bits' }],
  'Diffie-Hellman, 1024 bits': [openssl(`-tls1_2 -cipher DHE-RSA-AES256-SHA:@SECLEVEL=0 -dhparam ${DH}`), { keyExchange: 'DHE, 1024 bits' }],
  'a curve that is not offered': [openssl('-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256 -named_curve brainpoolP256r1'), { group: 'brainpoolP256r1' }],
  'a curve of 224 bits': [openssl('-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256 -named_curve secp224r1'), { group: 'secp224r1' }],
  'X448 alone': [openssl('-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256 -named_curve X448'), { group: 'x448' }],
  'a signature with SHA-1': [openssl('-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0 -sigalgs RSA+SHA1'), { protocol: 'TLSv1.2' }],
  'the hybrid group before others': [nodeServer({}), { group: 'X25519MLKEM768' }],
  'TLS 1.3 with X448 alone': [openssl('-tls1_3 -groups X448'), { protocol: 'TLSv1.3', group: 'x448' }],
  'TLS 1.3 with P-521 alone': [openssl('-tls1_3 -groups secp521r1'), { protocol: 'TLSv1.3', group: 'secp521r1' }],
  'TLS 1.3 with a finite field': [openssl('-tls1_3 -groups ffdhe3072'), { protocol: 'TLSv1.3', group: 'ffdhe3072' }],
  'TLS 1.3 with a large finite field': [openssl('-tls1_3 -groups ffdhe6144'), { protocol: 'TLSv1.3', group: 'ffdhe6144' }],
  'TLS 1.3 with CCM': [openssl('-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256'), { cipherSuite: 'TLS_AES_128_CCM_SHA256' }],
  'TLS 1.0': [openssl('-tls1 -cipher ALL:@SECLEVEL=0'), { protocol: 'TLSv1' }],
  'TLS 1.1': [openssl('-tls1_1 -cipher ALL:@SECLEVEL=0'), { protocol: 'TLSv1.1' }],
  'TLS 1.0 from a server that does not know extensions': [script(serverHello({ version: 0x0301, cipher: 0x002f })), { protocol: 'TLSv1' }],
  'SSL 3.0': [script(serverHello({ version: 0x0300, cipher: 0x0005 })), { protocol: 'SSLv3', cipherSuite: 'TLS_RSA_WITH_RC4_128_SHA' }],
  'no safe renegotiation': [script(serverHello({ cipher: 0xc02f })), { protocol: 'TLSv1.2' }],
  'an end after the ServerHello': [script(serverHello({ cipher: 0xc02f, extensions: SAFE_RENEGOTIATION })), { protocol: 'TLSv1.2' }],
  'certificates of 80 KiB, TLS 1.2': [long(80, '-tls1_2'), { protocol: 'TLSv1.2' }],
  'certificates of 80 KiB, TLS 1.3': [long(80, '-no_tls1'), { protocol: 'TLSv1.3' }],
  'certificates of 120 KiB': [long(120, '-tls1_2'), { protocol: 'TLSv1.2' }],
  'plain HTTP': [script(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), null],
  'a record of something else': [script(record(23, Buffer.from('x'))), null, UNPREDICTED],
  'an end at once': [script(Buffer.alloc(0)), null],
}

/** Every alert that OpenSSL has a name for. */
for (const number of [10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 60, 70, 71, 80, 86, 90, 100, 109, 110, 111, 112, 113, 114, 115, 116, 120]) {
  SERVERS[`alert ${number}`] = [script(alert(number)), null]
}

/** What `tls.connect` of a Node comes to at each port. */
const OBSERVE = `
const tls = require('node:tls')
const { ca, host, ports } = JSON.parse(process.argv[1])
const connect = (port) => new Promise((resolve) => {
  const socket = tls.connect({ port, host: '127.0.0.1', servername: host, ca }, () => resolve(null))
  socket.once('error', (error) => resolve(error.code ?? error.message))
  socket.once('close', () => resolve('closed'))
}).then((code) => code)
;(async () => {
  const codes = []
  for (const port of ports) codes.push(await connect(port))
  process.stdout.write(JSON.stringify(codes))
  process.exit()
})()
`

test('what few servers speak: predicted as every Node reports it', { skip: unsupported ?? false }, async (t) => {
  const titles = Object.keys(SERVERS)
  const servers = await Promise.all(Object.values(SERVERS).map(([start]) => start()))
  try {
    const ports = servers.map(({ port }) => port)
    /** @type {Map<number, (string | null)[]>} */
    const observed = new Map()
    await forEachConcurrently(nodes, async ({ major }) => {
      const { stdout, stderr } = await runNode(major, ['--no-warnings', '-e', OBSERVE, JSON.stringify({ ca: root.pem, host: HOST, ports })])
      assert.equal(stderr, '')
      observed.set(major, JSON.parse(stdout))
    })
    for (const [index, title] of titles.entries()) {
      const [, said, isUnpredicted = false] = SERVERS[title]
      await t.test(title, async () => {
        const predicted = await Promise.all(nodes.map(async ({ major }) => {
          const options = { ca: root.pem, connectTo: `127.0.0.1:${ports[index]}`, node: String(major), observe: false, lookFurther: false, proxy: /** @type {false} */ (false) }
          const found = await diagnose(`https://${HOST}:${ports[index]}`, options)
          for (const [field, value] of Object.entries(said ?? {})) assert.equal(found.session?.[field], value, `Node ${major}: ${field}`)
          if (said === null) assert.equal(found.session, null)
          assert.equal(found.ok, found.code === null && found.verdict !== null, `Node ${major}: ok`)
          return [major, found.code]
        }))
        if (isUnpredicted) return assert.ok(predicted.every(([, code]) => code === null))
        assert.deepEqual(Object.fromEntries(predicted), Object.fromEntries(nodes.map(({ major }) => [major, observed.get(major)?.[index]])))
      })
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
})

test('a stapled response is read', async (t) => {
  for (const [status, word] of [['good', 'good'], ['revoked', 'revoked'], ['unknown', 'unknown']]) {
    for (const version of ['-tls1_3', '-tls1_2 -cipher AES128-SHA', '-tls1_2']) {
      await t.test(`${status}, ${version}`, async () => {
        const response = file(`${status}.der`, ocspResponse({ issuer: root, leaf: rsa, status, days: 7 }))
        const server = await opensslServer([...version.split(' '), '-status_file', response], { cert: rsa.pem + root.pem, key: rsa.key.pem })
        try {
          const options = { ca: root.pem, connectTo: `127.0.0.1:${server.port}`, observe: false, lookFurther: false, proxy: /** @type {false} */ (false) }
          const { session } = await diagnose(`https://${HOST}:${server.port}`, options)
          assert.equal(session?.ocsp?.status, word)
          assert.equal(session.ocsp.signature, 'issuer')
          const { thisUpdate, nextUpdate, revokedAt } = session.ocsp
          assert.equal(Date.parse(/** @type {string} */ (nextUpdate)) - Date.parse(/** @type {string} */ (thisUpdate)), 7 * 24 * 3600 * 1000)
          assert.equal(revokedAt, status === 'revoked' ? '2026-01-02T03:04:05Z' : null)
        } finally {
          await server.stop()
        }
      })
    }
  }
})

test('the versions that a server speaks are found out', async (t) => {
  for (const [options, expected] of [
    ['-cipher ALL:@SECLEVEL=0', ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']],
    ['-cipher DEFAULT', ['TLSv1.2', 'TLSv1.3']],
    ['-tls1_3', ['TLSv1.3']],
    ['-tls1 -cipher ALL:@SECLEVEL=0', ['TLSv1']],
  ]) {
    await t.test(`openssl s_server ${options}`, async () => {
      const server = await openssl(options)()
      try {
        const found = await diagnose(`https://${HOST}:${server.port}`, { ca: root.pem, connectTo: `127.0.0.1:${server.port}`, observe: false, proxy: false })
        assert.deepEqual(found.session?.versions.filter(({ cipherSuite }) => cipherSuite !== null).map(({ protocol }) => protocol), expected)
        assert.equal(found.session?.versions.length, 5)
      } finally {
        await server.stop()
      }
    })
  }
})
