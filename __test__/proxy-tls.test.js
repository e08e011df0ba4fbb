'use strict'

// A proxy that is spoken to over TLS: judged as any server, and told nothing unless its certificate is good and its own.

const assert = require('node:assert/strict')
const { once } = require('node:events')
const http = require('node:http')
const https = require('node:https')
const net = require('node:net')
const { after, before, describe, it } = require('node:test')

const { diagnose } = require('../index.js')
const { LOOPBACK, tlsServer } = require('./support/loopback')
const { certificate } = require('./support/pki')

const root = certificate({ subject: 'Proxy Root', ca: true })
const leaf = root.issue({ subject: 'localhost', altNames: ['IP:127.0.0.1'], server: true })
const proxyLeaf = root.issue({ subject: 'proxy', altNames: ['IP:127.0.0.1'], server: true })
const renewed = root.issue({ subject: 'proxy', altNames: ['IP:127.0.0.1'], server: true, serial: 2 })
const stranger = certificate({ subject: 'stranger', altNames: ['IP:127.0.0.1'], server: true })

describe('a proxy over TLS', () => {
  let target
  before(async () => { target = await tlsServer({ cert: leaf.pem, key: leaf.key.pem }) })
  after(() => target.stop())

  /** What is asked of a proxy, while `use` has its port. */
  async function behind(server, use) {
    const asked = []
    server.on('connect', (request, socket) => {
      asked.push({ url: request.url, authorization: request.headers['proxy-authorization'] })
      const [host, port] = request.url.split(':')
      const onward = net.connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      for (const end of [socket, onward]) end.on('error', () => {})
    })
    server.on('tlsClientError', () => {})
    server.listen(0, LOOPBACK)
    await once(server, 'listening')
    try {
      return { diagnosis: await use(/** @type {net.AddressInfo} */ (server.address()).port), asked }
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }
  const through = (port, options) => diagnose(`https://${LOOPBACK}:${target.port}`, { ca: root.pem, proxy: `https://user:secret@${LOOPBACK}:${port}`, lookFurther: false, ...options })

  it('is used, with credentials, when its certificate is good', async () => {
    const proxy = https.createServer({ cert: proxyLeaf.pem, key: proxyLeaf.key.pem })
    const { asked, diagnosis } = await behind(proxy, (port) => through(port))
    assert.deepEqual([diagnosis.ok, diagnosis.failure, diagnosis.observed?.ok], [true, null, true])
    assert.deepEqual(diagnosis.chain.map(({ sha256 }) => sha256), [leaf.sha256])
    const authorization = `Basic ${Buffer.from('user:secret').toString('base64')}`
    assert.deepEqual(asked, [1, 2].map(() => ({ url: `${LOOPBACK}:${target.port}`, authorization })))
    assert.ok(!JSON.stringify(diagnosis).includes('secret'))
  })

  it('is told nothing when its certificate is not accepted', async () => {
    const proxy = https.createServer({ cert: stranger.pem, key: stranger.key.pem })
    const { asked, diagnosis } = await behind(proxy, (port) => through(port))
    assert.deepEqual(asked, [])
    assert.equal(diagnosis.ok, false)
    assert.deepEqual(diagnosis.failure, { stage: 'proxy', kind: 'other', alert: null, text: 'its certificate is not accepted: DEPTH_ZERO_SELF_SIGNED_CERT' })
  })

  it('is told nothing when it shows another certificate than the one that was judged', async () => {
    const proxy = https.createServer({ cert: proxyLeaf.pem, key: proxyLeaf.key.pem })
    proxy.once('secureConnection', () => proxy.setSecureContext({ cert: renewed.pem, key: renewed.key.pem }))
    const { asked, diagnosis } = await behind(proxy, (port) => through(port))
    assert.deepEqual(asked, [])
    assert.deepEqual([diagnosis.failure.stage, diagnosis.failure.text], ['proxy', 'it shows other certificates than before'])
  })

  it('is no proxy over TLS when it answers in plain text', async () => {
    const { asked, diagnosis } = await behind(http.createServer(), (port) => through(port))
    assert.deepEqual(asked, [])
    assert.deepEqual([diagnosis.failure.stage, diagnosis.failure.kind], ['proxy', 'plain-text'])
  })
})
