'use strict'

// What a session is told to be, held against what the server at the other end says of it: the OpenSSL of each Node.

const assert = require('node:assert/strict')
const { EventEmitter, once } = require('node:events')
const tls = require('node:tls')
const { describe, it } = require('node:test')

const { diagnose } = require('../index.js')
const { NativeProber } = require('../lib/native.js')
const { LOOPBACK, tlsServer } = require('./support/loopback')
const { certificate } = require('./support/pki')

const root = certificate({ subject: 'Handshake Root', ca: true })
const intermediate = root.issue({ subject: 'Handshake Intermediate', ca: true })
const leaf = intermediate.issue({ subject: 'localhost', altNames: ['DNS:localhost', 'IP:127.0.0.1'], server: true })
const other = root.issue({ subject: 'other', altNames: ['DNS:other.example'], server: true })
const identity = { cert: leaf.chainPem, key: leaf.key.pem }
const opensslMinor = Number(process.versions.openssl.split('.')[1])

/** Looks at a server with these options, and gives the attempt with what the server says of its first session. */
async function looked(options, { alpn = [], serverName, lookFurther = false } = {}) {
  const sessions = new EventEmitter()
  const server = await tlsServer({ ...identity, ...options, greeting: '', speak: (socket) => sessions.emit('session', {
    protocol: socket.getProtocol(), cipherSuite: socket.getCipher().standardName, alpn: socket.alpnProtocol || null, servername: socket.servername || null,
  }) })
  try {
    const target = { host: LOOPBACK, port: server.port, serverName, alpn }
    const prober = new NativeProber(target, { stageTimeout: 10_000, deadline: 10_000, allAddresses: false, lookFurther })
    const [[said], probe] = await Promise.all([once(sessions, 'session'), prober.run()])
    const [attempt] = probe.attempts()
    return { attempt, said, session: attempt.session }
  } finally {
    await server.stop()
  }
}

describe('a session', () => {
  for (const [protocol, ciphers] of [
    ['TLSv1.3', 'TLS_AES_256_GCM_SHA384'],
    ['TLSv1.3', 'TLS_AES_128_GCM_SHA256'],
    ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ]) {
    it(`is told as the server tells it: ${protocol}, ${ciphers}`, async () => {
      const { said, session } = await looked({ ciphers, minVersion: protocol, maxVersion: protocol })
      assert.deepEqual([session.protocol, session.cipherSuite], [said.protocol, said.cipherSuite])
      assert.equal(said.protocol, protocol)
      assert.deepEqual(session.certificates, [leaf.der, intermediate.der])
      assert.equal(session.complete, true)
    })
  }

  const groups = [['X25519', 'x25519'], ['P-256', 'secp256r1'], ['P-384', 'secp384r1'], ['P-521', 'secp521r1']]
  if (opensslMinor >= 5) groups.push(['X25519MLKEM768', 'X25519MLKEM768'])
  for (const [ecdhCurve, group] of groups) {
    it(`has a group: ${group}`, async () => {
      assert.equal((await looked({ ecdhCurve })).session.group, group)
      if (group !== 'X25519MLKEM768') assert.equal((await looked({ ecdhCurve, maxVersion: 'TLSv1.2' })).session.group, group)
    })
  }

  it('prefers the group that this Node prefers', async () => {
    const { session } = await looked({})
    assert.equal(session.group, opensslMinor >= 5 ? 'X25519MLKEM768' : 'x25519')
  })

  for (const [keyType, digest] of [['rsa-2048'], ['p384'], ['p521'], ['ed25519'], ['ed448'], ['p256', 'sha1']]) {
    it(`is made with a key of any kind: ${keyType}${digest ? `, ${digest}` : ''}`, async () => {
      const odd = certificate({ subject: 'localhost', keyType, digest, server: true })
      const { attempt, session } = await looked({ cert: odd.pem, key: odd.key.pem })
      assert.equal(attempt.failure, undefined)
      assert.deepEqual(session.certificates, [odd.der])
    })
  }

  it('tells the protocol that the server chose, and does without when the server has none of them', async () => {
    const both = await looked({ ALPNProtocols: ['http/1.1'] }, { alpn: ['h2', 'http/1.1'] })
    assert.deepEqual([both.session.alpn, both.said.alpn], ['http/1.1', 'http/1.1'])
    const neither = await looked({ ALPNProtocols: ['foo'] }, { alpn: ['h2', 'http/1.1'] })
    assert.equal(neither.session.alpn, undefined)
    assert.equal(neither.attempt.failure, undefined)
  })

  it('carries what is stapled, whatever it is', async () => {
    const staple = Buffer.from('no response at all')
    const stapling = tls.createServer(identity, (socket) => socket.on('error', () => {}))
    stapling.on('OCSPRequest', (_certificate, _issuer, done) => done(null, staple))
    stapling.listen(0, LOOPBACK)
    await once(stapling, 'listening')
    const target = { host: LOOPBACK, port: /** @type {import('node:net').AddressInfo} */ (stapling.address()).port, alpn: [] }
    const probe = await new NativeProber(target, { stageTimeout: 10_000, deadline: 10_000, allAddresses: false, lookFurther: false }).run()
    assert.equal(probe.attempts()[0].session.ocsp.status, 'unreadable')
    stapling.close()
    await once(stapling, 'close')
  })
})

describe('the answer without a name', () => {
  const named = { SNICallback: (name, done) => done(null, name === 'other.example' ? tls.createSecureContext({ cert: other.pem, key: other.key.pem }) : null) }

  it('is told to be the same', async () => {
    const { attempt, said } = await looked(named, { serverName: 'localhost', lookFurther: true })
    assert.equal(said.servername, 'localhost')
    assert.equal(attempt.withoutServerName.same, true)
  })

  it('is told with its certificates when it is another', async () => {
    const { attempt, session } = await looked(named, { serverName: 'other.example', lookFurther: true })
    assert.deepEqual(session.certificates[0], other.der)
    assert.deepEqual({ ...attempt.withoutServerName }, { same: false, certificates: [leaf.der, intermediate.der] })
  })

  it('is not asked for when no name was sent', async () => {
    const { attempt, said } = await looked(named, { lookFurther: true })
    assert.equal(said.servername, null)
    assert.equal(attempt.withoutServerName, undefined)
  })
})

describe('the addresses of a name', () => {
  it('are tried until one answers, or all of them', async () => {
    const server = await tlsServer(identity)
    const found = await require('node:dns/promises').lookup('localhost', { all: true })
    const addresses = new Set(found.map(({ address }) => address))
    const options = { ca: root.pem, observe: false, lookFurther: false }
    const one = await diagnose(`https://localhost:${server.port}`, options)
    assert.deepEqual([one.endpoint.address, one.ok, one.addresses], [LOOPBACK, true, []])
    const all = await diagnose(`https://localhost:${server.port}`, { ...options, allAddresses: true })
    assert.deepEqual(new Set(all.addresses.map(({ address }) => address)), addresses)
    for (const { address, failure, ok } of all.addresses) {
      assert.equal(ok, address === LOOPBACK)
      // The latter where there is no IPv6.
      assert.ok(ok ? failure === null : ['refused', 'unreachable'].includes(failure.kind), JSON.stringify(failure))
    }
    assert.deepEqual([all.endpoint.address, all.ok], [LOOPBACK, true])
    await server.stop()
  })
})
