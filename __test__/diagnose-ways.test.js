'use strict'

// The ways to a server: straight, through proxies, past a preamble; and the servers that this Node must not be connected to.

const assert = require('node:assert/strict')
const http = require('node:http')
const https = require('node:https')
const net = require('node:net')
const path = require('node:path')
const tls = require('node:tls')
const { once } = require('node:events')
const { after, before, describe, it } = require('node:test')

const { diagnose } = require('..')
const { observe } = require('../lib/diagnose/observe.js')
const { NO_PROXY } = require('./live/no-proxy')
const { startPeer, peerWithoutTls } = require('./live/peers')
const { nodes } = require('./support/nodes')
const { LOOPBACK, rawServer, tlsServer } = require('./support/loopback')
const { runNode } = require('./support/environment')
const { certificate } = require('./support/pki')

const root = certificate({ subject: 'Ways Root', ca: true })
const leaf = root.issue({ subject: 'localhost', altNames: ['DNS:localhost', 'IP:127.0.0.1'], server: true })
const identity = { cert: leaf.chainPem, key: leaf.key.pem }
const USUAL = { ca: root.pem, env: {}, lookFurther: false }
const PROXY_PASSWORD = 'hunter2'

/**
 * A proxy that notes what it is asked for.
 *
 * @param {{ tls?: import('node:https').ServerOptions, password?: string, answer?: string }} [options]
 */
async function startProxy({ tls: secure, password, answer } = {}) {
  const server = secure ? https.createServer(secure) : http.createServer()
  const sockets = new Set()
  const seen = []
  server.on(secure ? 'secureConnection' : 'connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('connect', (request, socket) => {
    seen.push({ url: request.url, authorization: request.headers['proxy-authorization'] })
    if (answer !== undefined) return socket.end(answer)
    if (password && request.headers['proxy-authorization'] !== `Basic ${Buffer.from(`user:${password}`).toString('base64')}`) {
      return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n')
    }
    const [, host, port] = /^(.*):(\d+)$/.exec(request.url)
    const upstream = net.connect(Number(port), host === 'localhost' ? LOOPBACK : host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(socket)
      socket.pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    upstream.on('close', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
    return undefined
  })
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  return {
    port: server.address().port,
    seen,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** @type {Record<string, any>} */
const peers = {}
before(async () => {
  for (const kind of ['tls', 'postgresql', 'mysql', 'smtp']) peers[kind] = await startPeer(kind, identity)
})
after(() => Promise.all(Object.values(peers).map((peer) => peer.stop())))

const SCHEMES = { tls: 'tls', postgresql: 'postgresql', mysql: 'mysql', smtp: 'smtp' }

describe('the way to a server', () => {
  for (const [kind, scheme] of Object.entries(SCHEMES)) {
    const target = () => `${scheme}://127.0.0.1:${peers[kind].port}`

    it(`${scheme}: is straight`, async () => {
      const found = await diagnose(target(), USUAL)
      assert.deepEqual([found.ok, found.code, found.observed?.ok, found.failure], [true, null, true, null])
      assert.equal(found.timings.starttls === null, kind === 'tls')
    })

    it(`${scheme}: comes to the same code without trust`, async () => {
      const found = await diagnose(target(), { ...USUAL, ca: [] })
      assert.deepEqual([found.code, found.observed?.code], ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
    })

    it(`${scheme}: goes through a proxy, which resolves the name`, async () => {
      const proxy = await startProxy({ password: PROXY_PASSWORD })
      try {
        const found = await diagnose(`${scheme}://localhost:${peers[kind].port}`, { ...USUAL, proxy: `http://user:${PROXY_PASSWORD}@127.0.0.1:${proxy.port}` })
        assert.deepEqual([found.ok, found.code, found.observed?.ok, found.failure], [true, null, true, null])
        assert.equal(found.endpoint?.proxy, `127.0.0.1:${proxy.port}`)
        assert.notEqual(found.timings.proxy, null)
        assert.ok(proxy.seen.every(({ url }) => url === `localhost:${peers[kind].port}`))
        assert.ok(!JSON.stringify(found).includes(PROXY_PASSWORD))
      } finally {
        await proxy.stop()
      }
    })
  }

  for (const [kind, words] of [['postgresql', /^N$/], ['mysql', /CLIENT_SSL/], ['smtp', /^no STARTTLS among what it offers$/]]) {
    it(`${kind}: ends where the server declines`, async () => {
      const peer = await peerWithoutTls(kind)
      try {
        const found = await diagnose(`${SCHEMES[kind]}://127.0.0.1:${peer.port}`, USUAL)
        assert.deepEqual([found.ok, found.failure?.stage, found.failure?.kind, found.observed], [false, 'starttls', 'declined', null])
        assert.match(String(found.failure?.text), words)
      } finally {
        await peer.stop()
      }
    })
  }

  it('ends where the server speaks TLS from the first octet', async () => {
    const found = await diagnose(`postgres://127.0.0.1:${peers.tls.port}`, USUAL)
    assert.deepEqual([found.failure?.stage, found.failure?.kind], ['starttls', 'tls-instead'])
    // A server of SMTP should greet; this one waits for TLS.
    const silent = await diagnose(`smtp://127.0.0.1:${peers.tls.port}`, { ...USUAL, stageTimeout: 1_000 })
    assert.deepEqual([silent.failure?.stage, silent.failure?.kind], ['starttls', 'tls-instead'])
  })

  for (const [answer, text] of [
    ['HTTP/1.1 403 Forbidden\r\n\r\n', '403 Forbidden'],
    ['HTTP/1.0 502 Bad Gateway\r\n\r\n', '502 Bad Gateway'],
    ['HTTP/1.1 503 Service \x1b[31mUnavailable\r\n\r\n', '503 Service \\u{1b}[31mUnavailable'],
  ]) {
    it(`ends where the proxy answers ${text}`, async () => {
      const proxy = await startProxy({ answer })
      try {
        const found = await diagnose('https://server.example', { ...USUAL, proxy: `http://127.0.0.1:${proxy.port}` })
        assert.deepEqual([found.failure, found.observed], [{ stage: 'proxy', kind: 'declined', alert: null, text }, null])
      } finally {
        await proxy.stop()
      }
    })
  }
})

describe('a proxy over TLS', () => {
  const target = () => `https://127.0.0.1:${peers.tls.port}`

  it('gets the credentials when it is trusted', async () => {
    const proxy = await startProxy({ tls: identity, password: PROXY_PASSWORD })
    try {
      const found = await diagnose(target(), { ...USUAL, proxy: `https://user:${PROXY_PASSWORD}@localhost:${proxy.port}` })
      assert.deepEqual([found.ok, found.code, found.observed?.ok, found.failure], [true, null, true, null])
    } finally {
      await proxy.stop()
    }
  })

  it('is asked for nothing when it is not', async () => {
    const other = certificate({ subject: 'Another Root', ca: true }).issue({ subject: 'localhost', altNames: ['DNS:localhost'], server: true })
    const proxy = await startProxy({ tls: { cert: other.chainPem, key: other.key.pem } })
    try {
      const found = await diagnose(target(), { ...USUAL, proxy: `https://user:${PROXY_PASSWORD}@localhost:${proxy.port}` })
      assert.deepEqual([found.ok, found.failure?.stage, found.observed, proxy.seen], [false, 'proxy', null, []])
    } finally {
      await proxy.stop()
    }
  })
})

describe('NO_PROXY', () => {
  // Each agent has its own environment; a connection that goes past the proxy ends at once, at a lookup that fails.
  const PROGRAM = `
    const https = require('https')
    const [port, cases] = JSON.parse(process.argv[1])
    const lookup = (name, options, done) => done(Object.assign(new Error('direct'), { code: 'DIRECT' }))
    const ask = ([list, host]) => new Promise((resolve) => {
      const agent = new https.Agent({ proxyEnv: { HTTPS_PROXY: 'http://127.0.0.1:' + port, NO_PROXY: list } })
      https.get({ host, port: 443, agent, lookup, timeout: 100 }, () => {}).on('error', ({ code }) => resolve(code !== 'ERR_PROXY_TUNNEL')).on('timeout', function () { this.destroy() })
    })
    Promise.all(cases.map(ask)).then((bypassed) => console.log(JSON.stringify(bypassed)))`

  it('is read as Node reads it', async () => {
    const proxy = await startProxy({ answer: 'HTTP/1.1 403 Forbidden\r\n\r\n' })
    // An address needs no lookup, and there is nobody at this one to connect to.
    const cases = NO_PROXY.filter(([, host]) => net.isIP(host) === 0)
    try {
      for (const { major } of nodes.filter(({ major }) => major >= 24)) {
        const { stdout, stderr } = await runNode(major, ['-e', PROGRAM, JSON.stringify([proxy.port, cases])])
        assert.deepEqual(JSON.parse(stdout), cases.map(([, , isBypassed]) => isBypassed), `Node ${major}: ${stderr}`)
      }
    } finally {
      await proxy.stop()
    }
  })
})

describe('a live connection', () => {
  it('is a target, and nothing is sent on it', async () => {
    const socket = tls.connect({ host: LOOPBACK, port: peers.tls.port, servername: 'localhost', ca: root.pem })
    await once(socket, 'secureConnect')
    try {
      const sent = socket.bytesWritten
      const found = await diagnose(socket, { ...USUAL, env: { HTTPS_PROXY: 'http://192.0.2.1:3128' } })
      assert.deepEqual([found.ok, found.endpoint?.host, found.endpoint?.servername, found.endpoint?.address], [true, 'localhost', 'localhost', LOOPBACK])
      assert.equal(socket.bytesWritten, sent)
      const given = await diagnose(socket.getPeerCertificate(true), USUAL)
      assert.deepEqual([given.ok, given.endpoint], [true, null])
    } finally {
      socket.destroy()
    }
  })
})

describe('the observation', () => {
  const way = (server, more) => ({ hostname: 'localhost', host: 'localhost', servername: 'localhost', port: server.port, address: LOOPBACK, timeout: 60_000, ...more })

  it('loses no code and never rejects', async () => {
    const reset = await rawServer((socket) => socket.resetAndDestroy())
    const closed = await rawServer((socket) => socket.end())
    const text = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    try {
      for (const more of [{}, { startTls: undefined }]) {
        assert.equal((await observe(way(reset, more), {})).code, 'ECONNRESET')
        assert.equal((await observe(way(closed, more), {})).code, 'ECONNRESET')
        assert.equal((await observe(way(text, more), {})).code, 'ERR_SSL_WRONG_VERSION_NUMBER')
      }
      const mismatch = await observe({ ...way(peers.tls), hostname: 'other.example' }, { ca: root.pem })
      assert.equal(mismatch.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
      assert.equal((await observe(way(peers.tls), { minVersion: 'nonsense' })).code, 'ERR_TLS_INVALID_PROTOCOL_VERSION')
    } finally {
      await Promise.all([reset.stop(), closed.stop(), text.stop()])
    }
  })

  it('through a tunnel ends as it does without', async () => {
    for (const answer of [(socket) => socket.resetAndDestroy(), (socket) => socket.end(), (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')]) {
      const server = await rawServer((socket) => {
        socket.write('S')
        socket.once('data', () => answer(socket))
      })
      const plain = await rawServer(answer)
      try {
        const through = await observe(way(server, { startTls: 'postgres' }), {})
        assert.equal(through.code, (await observe(way(plain), {})).code)
      } finally {
        await Promise.all([server.stop(), plain.stop()])
      }
    }
  })

  it('ends in time, and at once when it is aborted', async () => {
    const silent = await rawServer(() => {})
    const quiet = await rawServer((socket) => socket.write('S'))
    try {
      for (const [server, more] of [[silent, {}], [quiet, { startTls: 'postgres' }], [silent, { startTls: 'postgres' }]]) {
        assert.equal((await observe(way(server, { ...more, timeout: 100 }), {})).code, 'ETIMEDOUT')
        const controller = new AbortController()
        const observed = observe(way(server, { ...more, signal: controller.signal }), {})
        setTimeout(() => controller.abort(), 20)
        assert.equal((await observed).code, 'ABORT_ERR')
      }
      for (const more of [{}, { startTls: 'postgres' }]) assert.equal((await observe(way(silent, { ...more, signal: AbortSignal.abort() }), {})).code, 'ABORT_ERR')
    } finally {
      await Promise.all([silent.stop(), quiet.stop()])
    }
  })

  it('leaves nothing open', async () => {
    const program = `
      const { observe } = require(${JSON.stringify(path.join(__dirname, '../lib/diagnose/observe.js'))})
      const to = { hostname: 'localhost', host: 'localhost', servername: 'localhost', address: '127.0.0.1', timeout: 600000 }
      Promise.all([observe({ ...to, port: ${peers.tls.port} }, {}), observe({ ...to, port: ${peers.postgresql.port}, startTls: 'postgres' }, {})])
        .then((seen) => console.log(seen.map(({ code }) => code).join()))`
    for (const { major } of nodes) {
      const { status, stdout, stderr } = await runNode(major, ['-e', program])
      assert.deepEqual([status, stdout, stderr], [0, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE,UNABLE_TO_VERIFY_LEAF_SIGNATURE\n', ''], `Node ${major}`)
    }
  })
})

describe('a chain that ends the process of Node 24 and 26', () => {
  const PROGRAM = `
    const { diagnose } = require(${JSON.stringify(path.join(__dirname, '..'))})
    const [port, ca] = JSON.parse(process.argv[1])
    diagnose('https://localhost:' + port, { ca, env: {}, connectTo: '127.0.0.1' }).then((found) => {
      console.log(JSON.stringify([found.ok, found.code, found.observed?.ok ?? null]))
    })`
  const BARE = `
    const [port, ca] = JSON.parse(process.argv[1])
    require('tls').connect({ host: '127.0.0.1', port, ca, servername: 'localhost' }, function () { this.destroy() }).on('error', (error) => console.log(error.code))`

  for (const [name, anchor, chainOf] of [
    ['in the anchor, which no server sends', certificate({ subject: 'Odd Root', ca: true, keyType: 'secp256k1' }), (odd) => odd],
    ['in an intermediate', root, () => root.issue({ subject: 'Odd Intermediate', ca: true, keyType: 'brainpoolP256' })],
  ]) {
    it(name, async () => {
      const served = chainOf(anchor).issue({ subject: 'localhost', altNames: ['DNS:localhost'], server: true })
      const server = await tlsServer({ cert: served.chainPem, key: served.key.pem })
      try {
        for (const { major } of nodes) {
          const input = JSON.stringify([server.port, anchor.pem])
          const dies = major >= 24
          const bare = await runNode(major, ['-e', BARE, input])
          assert.deepEqual([bare.signal, bare.status], dies ? ['SIGSEGV', null] : [null, 0], `Node ${major}: ${bare.stdout}`)
          const { status, stdout, stderr } = await runNode(major, ['-e', PROGRAM, input])
          assert.deepEqual([status, stderr], [0, ''], `Node ${major}`)
          assert.deepEqual(JSON.parse(stdout), [true, null, dies ? null : true], `Node ${major}`)
        }
      } finally {
        await server.stop()
      }
    })
  }
})
