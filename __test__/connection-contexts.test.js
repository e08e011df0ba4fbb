'use strict'

// Connections that ask for the same context share it, and those that ask for another never do.

const assert = require('node:assert/strict')
const { after, before, describe, it } = require('node:test')
const tls = require('node:tls')

const { ConnectionContexts, shapeOf } = require('../lib/connection-contexts')
const { runNode } = require('./support/environment')
const { tlsServer } = require('./support/loopback')
const { standardPki } = require('./support/pki')

const root = require('node:path').join(__dirname, '..')
/** What `tls.connect` adds. */
const OF_CONNECTION = { ciphers: tls.DEFAULT_CIPHERS, checkServerIdentity: tls.checkServerIdentity, minDHSize: 1024 }

describe('the shape of a context', () => {
  const shape = (options) => shapeOf({ ...OF_CONNECTION, ...options }, tls)

  it('is none where the context may leave the connection', () => {
    assert.equal(shapeOf(undefined, tls), undefined)
    assert.equal(shapeOf({ cert: 'a', key: 'b' }, tls), undefined)
  })

  it('is one for all connections that ask for nothing', () => {
    assert.equal(shape({}), '')
    assert.equal(shape({ host: 'localhost', servername: 'localhost', cert: undefined }), '')
  })

  it('follows what is asked for, not who holds it', () => {
    const key = Buffer.from('a key')
    const before = shape({ key })
    assert.equal(before, shape({ key: Buffer.from('a key'), host: 'other' }))
    key[0] += 1
    assert.notEqual(before, shape({ key }))
  })

  it('tells all options and values apart', () => {
    const options = [
      { cert: 'a' }, { key: 'a' }, { cert: ['a'] }, { pfx: Buffer.from('a') }, { pfx: new Uint16Array([1]) }, { pfx: new DataView(new ArrayBuffer(1)) },
      { pfx: new DataView(new ArrayBuffer(2)) }, { key: [{ pem: 'a', passphrase: 'b' }] }, { key: [{ pem: 'a', passphrase: 'c' }] }, { ciphers: 'AES128-SHA' },
      { minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.3' }, { crl: 'a' }, { secureOptions: 1 }, { sessionIdContext: 'a' }, {},
    ]
    assert.equal(new Set(options.map(shape)).size, options.length)
  })

  it('is none where a value cannot be told from others', () => {
    assert.equal(shape({ key: () => 'a key' }), undefined)
  })

  it('holds no key', () => {
    assert.doesNotMatch(String(shape({ key: 'a very secret key' })), /secret/)
  })
})

describe('contexts that are shared', () => {
  it('are made once, and those asked for last are kept', () => {
    const contexts = new ConnectionContexts()
    let made = 0
    const of = (shape) => contexts.of(String(shape), () => (made += 1))
    assert.deepEqual([of(0), of(0)], [1, 1])
    for (let shape = 1; shape < 16; shape += 1) of(shape)
    of(0)
    of(16)
    assert.deepEqual({ made, first: of(0), second: of(1) }, { made: 17, first: 1, second: 18 })
    contexts.clear()
    assert.equal(of(0), 19)
  })
})

describe('an installed store and client certificates', () => {
  const pki = standardPki()
  const client = (name) => {
    const { key, pem } = pki.root.issue({ subject: name, extendedKeyUsage: ['clientAuth'] })
    return { cert: pem, key: key.pem }
  }
  let server
  before(async () => {
    const speak = (socket) => socket.end(socket.getPeerCertificate().subject?.CN ?? 'nobody')
    server = await tlsServer({ cert: pki.leaf.chainPem, key: pki.leaf.key.pem, ca: pki.root.pem, requestCert: true, rejectUnauthorized: false, greeting: '', speak })
  })
  after(() => server?.stop())

  it('gives every connection the certificate that it asks for', async () => {
    const script = `
      const tls = require('node:tls')
      const { ca, clients, port } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
      const undo = require(${JSON.stringify(root)}).loadTrustStoreSync({ ca, system: false }).install()
      const ask = (options) => new Promise((resolve, reject) => {
        let text = ''
        tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ...options })
          .setEncoding('utf8').on('data', (part) => { text += part }).once('end', () => resolve(text)).once('error', reject)
      })
      const main = async () => {
        const answers = []
        for (const options of [clients[0], clients[1], {}, clients[0], { ...clients[1], ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' }]) answers.push(await ask(options))
        undo()
        answers.push(await ask(clients[0]).catch(({ code }) => code))
        console.log(JSON.stringify(answers))
      }
      main()
    `
    const stdin = JSON.stringify({ ca: pki.root.pem, clients: [client('first'), client('second')], port: server.port })
    const { stderr, stdout } = await runNode(process.execPath, ['-e', script], { stdin })
    assert.equal(stderr, '')
    assert.deepEqual(JSON.parse(stdout), ['first', 'second', 'nobody', 'first', 'second', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'])
  })
})
