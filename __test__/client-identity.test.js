'use strict'

// A client certificate in its forms: what the server sees of it, and how it refuses it. The server is `openssl s_server`, which refuses by alert;
// Node's own closes without one.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const { EventEmitter, once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, it } = require('node:test')

const { diagnose } = require('../index.js')
const { pkcs12Identity } = require('../lib/native.js')
const { opensslServer, tlsServer } = require('./support/loopback')
const { certificate, pkcs12 } = require('./support/pki')

const UNKNOWN_CA = 48
const CERTIFICATE_EXPIRED = 45
const HANDSHAKE_FAILURE = 40
const CERTIFICATE_REQUIRED = 116

const root = certificate({ subject: 'Client Root', ca: true })
const intermediate = root.issue({ subject: 'Client Intermediate', ca: true })
const server = root.issue({ subject: 'localhost', altNames: ['IP:127.0.0.1'], server: true })
const client = intermediate.issue({ subject: 'client', extendedKeyUsage: ['clientAuth'] })
const expired = root.issue({ subject: 'expired client', extendedKeyUsage: ['clientAuth'], notBefore: '2010-01-01', notAfter: '2011-01-01' })
const stranger = certificate({ subject: 'stranger', keyName: 'stranger' })

const look = (to, options) => diagnose(`https://127.0.0.1:${to.port}`, { ca: root.pem, observe: false, lookFurther: false, ...options })

describe('a client certificate', () => {
  const shown = new EventEmitter()
  let sees
  before(async () => {
    sees = await tlsServer({ cert: server.pem, key: server.key.pem, ca: root.pem, requestCert: true, rejectUnauthorized: false, greeting: '', speak: (socket) => {
      shown.emit('client', { isAuthorized: socket.authorized, name: socket.getPeerCertificate().subject?.CN })
    } })
  })
  after(() => sees.stop())

  const encrypted = crypto.createPrivateKey(client.key.pem).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
  const inFile = [intermediate, root, client]
  for (const [form, options] of [
    ['a chain and a key', { cert: client.chainPem, key: client.key.pem }],
    ['octets', { cert: Buffer.from(client.chainPem), key: new Uint8Array(Buffer.from(client.key.pem)) }],
    ['an encrypted key', { cert: client.chainPem, key: encrypted, passphrase: 'secret' }],
    ['PKCS#12', { pfx: pkcs12(inFile, { key: client, password: 'secret' }), passphrase: 'secret' }],
    ['PKCS#12 that nothing encrypts', { pfx: pkcs12(inFile, { key: client, plain: true }) }],
  ]) {
    it(`is shown: ${form}`, async () => {
      const [[seen], { failure, session }] = await Promise.all([once(shown, 'client'), look(sees, options)])
      assert.equal(failure, null)
      assert.deepEqual(session.clientCertificate, { authorities: ['CN=Client Root'], sent: true, refused: null })
      // The server knows the root alone: it was shown the intermediate too.
      assert.deepEqual(seen, { isAuthorized: true, name: 'client' })
    })
  }

  it('is not shown when there is none', async () => {
    const { session } = await look(sees, {})
    assert.deepEqual(session.clientCertificate, { authorities: ['CN=Client Root'], sent: false, refused: null })
  })

  it('is not shown with a key that the probe cannot use, and that is said', async () => {
    const odd = root.issue({ subject: 'odd client', keyType: 'ed448' })
    const { failure, session } = await look(sees, { cert: odd.pem, key: odd.key.pem })
    assert.deepEqual([session.complete, session.clientCertificate.sent, failure.kind], [true, false, 'other'])
    assert.match(failure.text, /^the client certificate's key is of a kind or size/)
  })

  it('reads the keys of PKCS#12 in its older encryption', () => {
    const opened = pkcs12Identity(pkcs12(inFile, { key: client, password: 'secret', legacy: true }), 'secret')
    assert.deepEqual(opened.privateKeys, [crypto.createPrivateKey(client.key.pem).export({ type: 'pkcs8', format: 'der' })])
    assert.equal(opened.certificates.length, 3)
    assert.equal(pkcs12Identity(pkcs12(inFile, { key: client, password: 'secret', legacy: true }), 'wrong'), null)
    assert.equal(pkcs12Identity(pkcs12(inFile, { key: client, password: 'secret' }), 'wrong'), null)
    assert.equal(pkcs12Identity(Buffer.from('3003020101', 'hex'), undefined), null)
  })

  it('rejects as `tls.createSecureContext` throws', async () => {
    const pfx = pkcs12(inFile, { key: client, password: 'secret' })
    for (const [options, expected] of [
      [{ cert: client.chainPem, key: stranger.key.pem }, /key values mismatch/],
      [{ cert: client.chainPem, key: encrypted, passphrase: 'wrong' }, { code: /^ERR_OSSL_/ }],
      [{ pfx, passphrase: 'wrong' }, /mac verify failure/],
      [{ pfx: Buffer.from('no such file') }, /./],
      [{ cert: client.chainPem }, { code: 'ERR_INVALID_ARG_VALUE', message: "The property 'options.key' is needed beside options.cert" }],
      [{ key: client.key.pem }, { code: 'ERR_INVALID_ARG_VALUE', message: "The property 'options.cert' is needed beside options.key" }],
      [{ pfx: pkcs12([stranger]) }, /Unable to load private key|passed a null parameter/],
    ]) {
      await assert.rejects(look(sees, options), (error) => {
        assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes(client.key.pem.split('\n')[1]), 'a key in an error')
        assert.throws(() => { throw error }, expected)
        return true
      })
    }
  })
})

for (const [version, missing] of [['-tls1_3', CERTIFICATE_REQUIRED], ['-tls1_2', HANDSHAKE_FAILURE]]) {
  describe(`a server that refuses client certificates, ${version}`, () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-client-ca-'))
    let strict
    before(async () => {
      const file = path.join(folder, 'ca.pem')
      fs.writeFileSync(file, root.pem)
      strict = await opensslServer([version, '-Verify', '3', '-verify_return_error', '-CAfile', file], { cert: server.pem, key: server.key.pem })
    })
    after(async () => {
      await strict.stop()
      fs.rmSync(folder, { recursive: true })
    })

    for (const [what, options, alert] of [
      ['none', {}, missing],
      ['one of another authority', { cert: stranger.pem, key: stranger.key.pem }, UNKNOWN_CA],
      ['one that has expired', { cert: expired.pem, key: expired.key.pem }, CERTIFICATE_EXPIRED],
      ['one that it takes', { cert: client.chainPem, key: client.key.pem }, null],
    ]) {
      it(`${what}: ${alert === null ? 'no alert' : `alert ${alert}`}, and the chain all the same`, async () => {
        const { chain, failure, session } = await look(strict, options)
        assert.equal(chain[0].sha256, server.sha256)
        assert.equal(session.clientCertificate.sent, options.cert !== undefined)
        assert.deepEqual(failure, alert === null ? null : { stage: 'handshake', kind: 'alert', alert, text: null })
      })
    }
  })
}
