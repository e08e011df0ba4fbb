'use strict'

// What is trusted for some hosts only vouches for no other one: against real servers, of which one has a certificate of the internal authority for a public
// name, through everything that keeps connections and sessions.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const http = require('node:http')
const http2 = require('node:http2')
const https = require('node:https')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const tls = require('node:tls')
const { once } = require('node:events')
const { after, before, describe, it } = require('node:test')

const { loadTrustStore, loadTrustStoreSync } = require('..')
const { requireClient } = require('./support/clients')
const { tlsServer } = require('./support/loopback')
const { certificate } = require('./support/pki')

const [major, minor] = process.versions.node.split('.').map(Number)
const REFUSED = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
const ADDRESS = '127.0.0.1'

const internalRoot = certificate({ subject: 'Internal Root', ca: true })
const publicRoot = certificate({ subject: 'Public Root', ca: true })
const ofInternal = internalRoot.issue({ subject: 'internal', server: true, altNames: ['DNS:git.internal.example', 'DNS:deep.git.internal.example', 'DNS:xn--bcher-kva.example', `IP:${ADDRESS}`] })
const impostor = internalRoot.issue({ subject: 'impostor', server: true, altNames: ['DNS:www.public.example', 'DNS:git.internal.example', `IP:${ADDRESS}`] })
const ofPublic = publicRoot.issue({ subject: 'public', server: true, altNames: ['DNS:www.public.example', 'DNS:git.internal.example'] })

const common = { bundled: false, system: false, extra: false, env: {}, ca: publicRoot.pem }
const hosts = { '*.internal.example': { ca: internalRoot.pem } }
const lookup = (_host, options, done) => (options.all ? done(null, [{ address: ADDRESS, family: 4 }]) : done(null, ADDRESS, 4))
const codeOf = (error) => error.cause?.code ?? error.code ?? error.message

/** Answers every request with what the TLS session was, or sends it elsewhere. */
async function webServer({ chainPem, key }) {
  const server = https.createServer({ cert: chainPem, key: key.pem }, (request, response) => {
    const to = new URL(request.url, 'https://self.example').searchParams.get('to')
    if (to === null) response.end(request.socket.isSessionReused() ? 'resumed' : 'full')
    else response.writeHead(302, { location: to }).end()
  })
  server.listen(0, ADDRESS)
  await once(server, 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  return {
    port,
    url: (host) => `https://${host}:${port}/`,
    stop: () => new Promise((resolve) => {
      server.closeAllConnections()
      server.close(resolve)
    }),
  }
}

function get(to, options) {
  const ofUrl = ({ hostname, port, pathname, search }) => ({ host: hostname, port, path: pathname + search })
  const target = typeof to === 'string' ? ofUrl(new URL(to)) : to
  return new Promise((resolve) => {
    https.get({ lookup, ...target, ...options }, (response) => {
      let body = ''
      response.on('data', (chunk) => { body += chunk })
      response.on('end', () => resolve(body))
    }).on('error', (error) => resolve(codeOf(error)))
  })
}

describe('trust for some hosts', () => {
  let internal
  let fake
  let open
  before(async () => {
    [internal, fake, open] = await Promise.all([ofInternal, impostor, ofPublic].map(webServer))
  })
  after(() => Promise.all([internal, fake, open].map((server) => server?.stop())))

  const store = loadTrustStoreSync({ ...common, hosts })
  const withAgent = async (use, options) => {
    const agent = store.agent(options)
    try {
      return await use(agent)
    } finally {
      agent.destroy()
    }
  }

  it('vouches for its own names and for no public one', () => withAgent(async (agent) => {
    assert.equal(await get(internal.url('git.internal.example'), { agent }), 'full')
    assert.equal(await get(internal.url('deep.git.internal.example'), { agent }), 'full')
    assert.equal(await get(fake.url('www.public.example'), { agent }), REFUSED)
    assert.equal(await get(open.url('www.public.example'), { agent }), 'full')
    // What all hosts are trusted with is trusted for these, too.
    assert.equal(await get(open.url('git.internal.example'), { agent }), 'full')
    assert.equal(await get(internal.url(ADDRESS), { agent }), REFUSED)
  }))

  it('is the same when it is loaded off the main thread, from files', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hosts-'))
    const file = path.join(folder, 'internal.pem')
    try {
      fs.writeFileSync(file, internalRoot.pem)
      const loaded = await loadTrustStore({ ...common, hosts: { '*.internal.example': { extra: file } } })
      const agent = loaded.agent()
      assert.equal(await get(internal.url('git.internal.example'), { agent }), 'full')
      assert.equal(await get(fake.url('www.public.example'), { agent }), REFUSED)
      agent.destroy()
      const [source] = loaded.hosts[0].certificates[0].sources
      assert.deepEqual(source, { store: 'extra', path: file, line: 1, host: '*.internal.example' })
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })

  it('holds beside the whole merged store, whose contexts are made from the default one', async () => {
    const whole = loadTrustStoreSync({ extra: false, ca: publicRoot.pem, hosts })
    const agent = whole.agent()
    assert.equal(await get(internal.url('git.internal.example'), { agent }), 'full')
    assert.equal(await get(fake.url('www.public.example'), { agent }), REFUSED)
    assert.equal(await get(open.url('www.public.example'), { agent }), 'full')
    agent.destroy()
  })

  it('gives neither a kept connection nor a session to another name', () => withAgent(async (agent) => {
    // One port and one certificate for both names: nothing but the name tells them apart.
    assert.equal(await get(fake.url('git.internal.example'), { agent }), 'full')
    assert.equal(await get(fake.url('git.internal.example'), { agent }), 'full', 'over the connection that was kept')
    assert.equal(await get(fake.url('www.public.example'), { agent }), REFUSED)
    const one = { agent, host: 'git.internal.example', port: fake.port, path: '/' }
    assert.equal(await get({ ...one, servername: 'www.public.example' }), REFUSED)
    assert.equal(await get({ ...one, headers: { host: 'www.public.example' } }), REFUSED)
  }, { keepAlive: true }))

  it('resumes sessions for the names that made them', () => withAgent(async (agent) => {
    const ends = []
    for (let round = 0; round < 3; round++) {
      ends.push(await get(fake.url('git.internal.example'), { agent }))
      assert.equal(await get(fake.url('www.public.example'), { agent }), REFUSED)
      assert.equal(await get({ host: 'git.internal.example', port: fake.port, servername: 'www.public.example', agent }), REFUSED)
      assert.equal(await get(fake.url('git.internal.example'), { agent: new https.Agent() }), REFUSED)
    }
    assert.equal(ends[0], 'full')
    assert.ok(ends.includes('resumed'), String(ends))
  }))

  it('goes by the name that is verified, not by the one that is connected to', () => withAgent(async (agent) => {
    const to = { port: fake.port, agent }
    assert.equal(await get({ ...to, host: 'git.internal.example', servername: 'www.public.example' }), REFUSED)
    assert.equal(await get({ ...to, host: 'www.public.example', servername: 'git.internal.example' }), 'full')
    assert.equal(await get({ ...to, host: 'www.public.example', servername: 'www.public.example' }), REFUSED)
    assert.equal(await get({ ...to, host: 'www.public.example', servername: '' }), REFUSED)
    // Trusted as the name in the header, and held against it.
    assert.equal(await get({ ...to, port: internal.port, host: 'www.public.example', headers: { host: 'git.internal.example' } }), 'full')
    assert.equal(await get({ ...to, port: internal.port, host: 'www.public.example', headers: { host: 'other.internal.example' } }), 'ERR_TLS_CERT_ALTNAME_INVALID')
  }))

  it('is not widened by what a request asks for', () => withAgent(async (agent) => {
    const { secureContext } = store.connectOptions('git.internal.example')
    assert.equal(await get(fake.url('www.public.example'), { agent, secureContext }), REFUSED)
    assert.equal(await get(fake.url('www.public.example'), { agent, ca: internalRoot.pem }), REFUSED)
  }))

  it('holds with contexts of an agent’s own', () => withAgent(async (agent) => {
    assert.equal(await get(internal.url('git.internal.example'), { agent }), 'full')
    assert.equal(await get(fake.url('www.public.example'), { agent }), REFUSED)
    const socket = agent.createConnection(internal.port, 'git.internal.example', { lookup, servername: 'git.internal.example' })
    await once(socket, 'secureConnect')
    assert.equal(socket.getProtocol(), 'TLSv1.2')
    socket.destroy()
  }, { maxVersion: 'TLSv1.2' }))

  it('follows redirects with axios, each hop with its own trust', () => withAgent(async (agent) => {
    const axios = requireClient('axios')
    const request = (url) => axios.get(url, { httpsAgent: agent, lookup: (_host, _options, done) => done(null, ADDRESS, 4), proxy: false }).then(({ data }) => data, codeOf)
    const redirect = (from, to) => `${from}?to=${encodeURIComponent(to)}`
    const [git, www, stolen] = [internal.url('git.internal.example'), open.url('www.public.example'), fake.url('www.public.example')]
    assert.equal(await request(redirect(git, www)), 'full')
    assert.equal(await request(redirect(www, git)), 'full')
    assert.equal(await request(redirect(git, stolen)), REFUSED)
    assert.equal(await request(redirect(www, redirect(git, stolen))), REFUSED)
  }, { keepAlive: true, maxCachedSessions: 0 }))

  describe('connectOptions(host)', () => {
    const connect = (options) => new Promise((resolve) => {
      const socket = tls.connect({ lookup, ...options }, () => {
        socket.destroy()
        resolve('ok')
      }).on('error', (error) => resolve(codeOf(error)))
    })

    it('is the trust of that host, and no other host’s', async () => {
      const options = store.connectOptions('git.internal.example')
      const to = { port: fake.port }
      assert.equal(await connect({ ...to, host: 'git.internal.example', ...options }), 'ok')
      assert.equal(await connect({ ...to, host: 'www.public.example', ...options }), 'ERR_TRUST_ANCHORS_OTHER_HOST')
      assert.equal(await connect({ ...to, host: 'git.internal.example', servername: 'www.public.example', ...options }), 'ERR_TRUST_ANCHORS_OTHER_HOST')
      assert.equal(await connect({ ...to, host: 'www.public.example', ...store.connectOptions('www.public.example') }), REFUSED)
      assert.equal(await connect({ ...to, host: 'git.internal.example', ...store.connectOptions() }), REFUSED)
      assert.equal(await connect({ port: internal.port, host: 'other.internal.example', ...options }), 'ERR_TLS_CERT_ALTNAME_INVALID')
      assert.deepEqual(store.connectOptions('www.public.example'), { secureContext: store.secureContext })
    })

    it('takes a URL, and what is in one', () => {
      for (const host of [new URL('https://git.internal.example:8443/x'), 'GIT.internal.example.']) assert.notEqual(store.connectOptions(host).secureContext, store.secureContext)
      for (const host of ['https://git.internal.example', 'git.internal.example:443', '', 'a b']) {
        assert.throws(() => store.connectOptions(host), { code: 'ERR_INVALID_ARG_VALUE' })
      }
      assert.throws(() => store.connectOptions(/** @type {any} */ (7)), { code: 'ERR_INVALID_ARG_TYPE' })
    })

    it('serves http2', async () => {
      const server = http2.createSecureServer({ cert: impostor.chainPem, key: impostor.key.pem })
      server.listen(0, ADDRESS)
      await once(server, 'listening')
      const { port } = /** @type {net.AddressInfo} */ (server.address())
      const ends = (host, given = host) => new Promise((resolve) => {
        const client = http2.connect(`https://${host}:${port}`, { lookup, ...store.connectOptions(given) })
        client.once('connect', () => {
          client.destroy()
          resolve('ok')
        })
        client.once('error', (error) => resolve(codeOf(error)))
      })
      try {
        assert.equal(await ends('git.internal.example'), 'ok')
        assert.equal(await ends('www.public.example'), REFUSED)
        assert.equal(await ends('www.public.example', 'git.internal.example'), 'ERR_TRUST_ANCHORS_OTHER_HOST')
      } finally {
        server.close()
      }
    })

    it('serves undici: a dispatcher for one host, and one that chooses by origin', async () => {
      const { Agent, Pool, fetch } = requireClient(major < 20 ? 'undici6' : 'undici')
      const ends = (url, dispatcher) => fetch(url, { dispatcher }).then((response) => response.text(), codeOf)
      const one = new Agent({ connect: { ...store.connectOptions('git.internal.example'), lookup } })
      const each = new Agent({ factory: (origin, options) => new Pool(origin, { ...options, connect: { ...store.connectOptions(new URL(origin)), lookup } }) })
      try {
        assert.equal(await ends(fake.url('git.internal.example'), one), 'full')
        assert.equal(await ends(fake.url('www.public.example'), one), 'ERR_TRUST_ANCHORS_OTHER_HOST')
        assert.equal(await ends(fake.url('git.internal.example'), each), 'full')
        assert.equal(await ends(fake.url('www.public.example'), each), REFUSED)
        assert.equal(await ends(open.url('www.public.example'), each), 'full')
        const redirect = (to) => `${internal.url('git.internal.example')}?to=${encodeURIComponent(to)}`
        assert.equal(await ends(redirect(open.url('www.public.example')), each), 'full')
        assert.equal(await ends(redirect(fake.url('www.public.example')), each), REFUSED)
      } finally {
        await Promise.all([one.destroy(), each.destroy()])
      }
    })
  })

  it('trusts addresses that are connected to as such', async () => {
    const byAddress = loadTrustStoreSync({ ...common, hosts: { '127.0.0.0/8': { ca: internalRoot.pem } } })
    const agent = byAddress.agent()
    assert.equal(await get(internal.url(ADDRESS), { agent }), 'full')
    assert.equal(await get(fake.url(ADDRESS), { agent }), 'full')
    assert.equal(await get(fake.url('www.public.example'), { agent }), REFUSED, 'a name that leads to such an address is a name')
    assert.equal(await get({ host: ADDRESS, port: fake.port, servername: 'www.public.example', agent }), REFUSED)
    agent.destroy()
  })

  const agentsTakeProxies = major > 24 || (major === 24 && minor >= 5)
  if (agentsTakeProxies) it('goes through the proxy of Node’s own agent', async () => {
    let tunnels = 0
    const proxy = http.createServer().on('connect', (request, socket) => {
      tunnels += 1
      const through = net.connect(Number(request.url.split(':')[1]), ADDRESS, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        through.pipe(socket).pipe(through)
      })
      for (const end of [socket, through]) end.on('error', () => {})
    })
    proxy.listen(0, ADDRESS)
    await once(proxy, 'listening')
    const { port } = /** @type {net.AddressInfo} */ (proxy.address())
    try {
      await withAgent(async (agent) => {
        assert.equal(await get(internal.url('git.internal.example'), { agent }), 'full')
        assert.equal(await get(fake.url('www.public.example'), { agent }), REFUSED)
        assert.equal(await get(open.url('www.public.example'), { agent }), 'full')
      }, { proxyEnv: { HTTPS_PROXY: `http://${ADDRESS}:${port}` } })
      assert.equal(tunnels, 3)
    } finally {
      proxy.closeAllConnections()
      proxy.close()
    }
  })

  it('is what verifyChain, forecast and diagnose go by', async () => {
    const chain = impostor.chainPem
    assert.equal(store.verifyChain(chain, { hostname: 'git.internal.example' }).code, null)
    assert.equal(store.verifyChain(chain, { hostname: 'www.public.example' }).code, REFUSED)
    assert.equal(store.verifyChain(chain).code, REFUSED)
    assert.equal(store.forecast({ chain, hostname: 'git.internal.example' }).chain.now.ok, true)
    assert.ok(store.forecast({ days: 36_000 }).expiring.some(({ certificate: { sha256 } }) => sha256 === internalRoot.sha256))
    const server = await tlsServer({ cert: impostor.chainPem, key: impostor.key.pem })
    const diagnosed = (servername) => store.diagnose(`${ADDRESS}:${server.port}`, { servername, proxy: false, timeout: 8000 })
    try {
      const [own, other] = [await diagnosed('git.internal.example'), await diagnosed('www.public.example')]
      assert.deepEqual([own.ok, own.code, own.observed?.ok], [true, null, true])
      assert.deepEqual([other.ok, other.code, other.observed?.code], [false, REFUSED, REFUSED])
    } finally {
      await server.stop()
    }
  })

  it('is not in what every host is trusted with', () => {
    const sha256 = (list) => list.map((each) => each.sha256)
    assert.deepEqual(sha256(store.certificates), [publicRoot.sha256])
    assert.ok(!store.toPem().includes(internalRoot.pem.trim()))
    assert.deepEqual(store.hosts.map(({ host, certificates }) => [host, sha256(certificates)]), [['*.internal.example', [internalRoot.sha256]]])
    assert.deepEqual(store.hosts[0].certificates[0].sources.map(({ store: from, host }) => [from, host]), [['ca', '*.internal.example']])
    assert.match(String(store), /for \*\.internal\.example only: 1 certificate/)
    assert.equal(JSON.parse(JSON.stringify(store)).hosts.length, 1)
  })

  it('says where a finding comes from', () => {
    const faulty = loadTrustStoreSync({ ...common, hosts: { ...hosts, 'git.internal.example': { extra: path.join(__dirname, 'no-such-file.pem') } } })
    assert.equal(faulty.findings.length, 1)
    assert.equal(faulty.findings[0].host, 'git.internal.example')
    assert.deepEqual(faulty.hosts.map(({ findings }) => findings.length), [0, 1])
  })

  it('is not installed for the whole thread, which the report says', async () => {
    const uninstall = store.install()
    try {
      const line = uninstall.report.unreachable.find(({ what }) => what.includes('*.internal.example'))
      assert.match(line.instead, /store\.agent\(\)/)
      assert.equal(await get(internal.url('git.internal.example'), { agent: new https.Agent() }), REFUSED)
      assert.equal(await withAgent((agent) => get(internal.url('git.internal.example'), { agent })), 'full')
    } finally {
      uninstall()
    }
  })
})

describe('the hosts that a key covers', () => {
  const root = { ca: internalRoot.pem }
  const covers = (key, host) => loadTrustStoreSync({ ...common, hosts: { [key]: root } }).connectOptions(host).checkServerIdentity !== undefined

  for (const [key, covered, others] of /** @type {const} */ ([
    ['*.corp.example', ['git.corp.example', 'a.b.c.corp.example', 'GIT.Corp.Example', 'git.corp.example.', 'my_host.corp.example'], ['corp.example', 'evilcorp.example', 'corp.example.evil.example', 'git.corp.example.evil', 'xcorp.example']],
    ['corp.example', ['corp.example', 'CORP.example.'], ['git.corp.example', 'notcorp.example', '127.0.0.1']],
    ['*.Corp.Example.', ['git.corp.example'], ['corp.example']],
    ['bücher.example', ['xn--bcher-kva.example', 'BÜCHER.example', 'bücher.example.'], ['bucher.example']],
    ['*.xn--bcher-kva.example', ['www.bücher.example'], ['bücher.example']],
    ['*.local', ['printer.local'], ['local', 'local.example']],
    ['localhost', ['localhost'], ['127.0.0.1', '::1', 'localhost.example']],
    ['10.1.2.3', ['10.1.2.3'], ['10.1.2.4', '::ffff:10.1.2.3', '0x0a.1.2.3', '10.66051', 'x10.1.2.3']],
    ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['11.0.0.0', '9.255.255.255', '10.example', 'a00::1']],
    ['192.168.4.0/22', ['192.168.4.1', '192.168.7.255'], ['192.168.8.0', '192.168.3.255']],
    ['fd00:1::/32', ['fd00:1::1', 'FD00:0001:0:0::1', '[fd00:1::2]'], ['fd00:2::1', '10.0.0.1', 'fd00:1::1%eth0']],
    ['::1', ['::1', '0:0:0:0:0:0:0:1', '[::1]'], ['::2', '127.0.0.1']],
    ['::ffff:10.0.0.0/104', ['::ffff:10.1.2.3'], ['10.1.2.3']],
  ])) {
    it(key, () => {
      for (const host of covered) assert.ok(covers(key, host), `${key} covers ${host}`)
      for (const host of others) assert.ok(!covers(key, host), `${key} does not cover ${host}`)
    })
  }

  it('is decided by the most specific key alone', () => {
    const [wide, narrow, exact] = ['Wide', 'Narrow', 'Exact'].map((subject) => certificate({ subject, ca: true }))
    const store = loadTrustStoreSync({
      ...common,
      hosts: { 'a.b.corp.example': { ca: exact.pem }, '*.corp.example': { ca: wide.pem }, 'out.corp.example': {}, '*.b.corp.example': { ca: narrow.pem }, '10.0.0.0/8': { ca: wide.pem }, '10.1.0.0/16': { ca: narrow.pem }, '10.1.1.1': { ca: exact.pem } },
    })
    const trusts = (host) => [wide, narrow, exact].filter((root) => store.verifyChain(root.issue({ subject: 'leaf', server: true, altNames: [net.isIP(host) ? `IP:${host}` : `DNS:${host}`] }).chainPem, { hostname: host }).ok)
    const expected = { 'git.corp.example': wide, 'x.b.corp.example': narrow, 'b.corp.example': wide, 'a.b.corp.example': exact, 'x.a.b.corp.example': narrow, '10.2.0.1': wide, '10.1.0.1': narrow, '10.1.1.1': exact }
    for (const [host, root] of Object.entries(expected)) assert.deepEqual(trusts(host), [root], host)
    for (const host of ['out.corp.example', 'corp.example', '11.0.0.1']) assert.deepEqual(trusts(host), [], host)
    assert.deepEqual(store.connectOptions('out.corp.example'), { secureContext: store.secureContext })
  })

  it('has to be one', () => {
    const wrong = ['', '*', '*.', '**.corp.example', 'git.*.example', '*corp.example', 'https://corp.example', 'corp.example:443', 'corp.example/path', 'corp..example', '10.1.0.0/8', '10.0.0.0/33', '10.0.0.0/', 'fd00::/129', 'a b', '.corp.example', 'fe80::1%eth0']
    for (const key of wrong) assert.throws(() => loadTrustStoreSync({ ...common, hosts: { [key]: root } }), { code: 'ERR_INVALID_ARG_VALUE' }, key)
    for (const twice of [['corp.example', 'CORP.example.'], ['::1', '0:0::1'], ['10.0.0.1', '10.0.0.1/32']]) {
      assert.throws(() => loadTrustStoreSync({ ...common, hosts: Object.fromEntries(twice.map((key) => [key, root])) }), { code: 'ERR_INVALID_ARG_VALUE', message: /covers the same hosts/ })
    }
  })

  it('takes certificates and paths alone', async () => {
    for (const hosts of [[], 'x', null, { a: undefined }, { a: null }, { a: 'file.pem' }, { a: { extra: true } }, { a: { ca: 7 } }]) {
      await assert.rejects(loadTrustStore({ ...common, hosts: /** @type {any} */ (hosts) }), { code: 'ERR_INVALID_ARG_TYPE' })
    }
    assert.throws(() => loadTrustStoreSync({ hosts: { a: /** @type {any} */ ({ cafile: 'x' }) } }), { code: 'ERR_INVALID_ARG_VALUE', message: /`extra` and `ca`/ })
  })
})
