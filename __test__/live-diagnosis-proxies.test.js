'use strict'

// What is found through real proxies, on every Node: tinyproxy and squid, with TLS and without, and mitmproxy, which looks into it.

const assert = require('node:assert/strict')
const { X509Certificate } = require('node:crypto')

const { describeLive, startTogether } = require('./support/live-diagnosis')
const { LOOPBACK, refusedPort } = require('./support/loopback')
const { startNginxListeners } = require('./support/nginx')
const { certificate } = require('./support/pki')
const { startHaproxy } = require('./support/servers/haproxy')
const { startMitmproxy } = require('./support/servers/mitmproxy')
const { freePort } = require('./support/servers/program')
const { startSquid } = require('./support/servers/squid')
const { startTinyproxy } = require('./support/servers/tinyproxy')

const authority = (CN) => certificate({ subject: { O: 'Example', CN }, ca: true })
const root = authority('Example Root CA')
const strangeRoot = authority('Strange Root CA')
const intermediate = root.issue({ subject: { O: 'Example', CN: 'Example Issuing CA' }, ca: true })
const server = { subject: 'localhost', server: true, altNames: ['DNS:localhost', 'IP:127.0.0.1'] }
const leaf = intermediate.issue(server)
const proxyLeaf = root.issue({ ...server, keyName: 'proxy' })
const strangeLeaf = strangeRoot.issue(server)
const expiredLeaf = root.issue({ ...server, keyName: 'expired', notBefore: '2020-01-01', notAfter: '2021-01-01' })
const identity = (entry, chain = entry.chainPem) => ({ certificate: chain, key: entry.key.pem })

const USER = 'someone'
const PASSWORD = 'not-to-be-shown'
const CREDENTIALS = `${USER}:${PASSWORD}`

async function start() {
  const forbidden = await freePort()
  const front = await startTogether({
    web: startNginxListeners({ whole: identity(leaf), leafOnly: identity(leaf, leaf.pem), strange: identity(strangeLeaf) }),
    nothing: refusedPort(),
    open: startTinyproxy(),
  })
  const { web, open } = front
  try {
    const behind = await startTogether({
      tinyproxy: startTinyproxy({ user: USER, password: PASSWORD, connectPorts: Object.values(web.ports) }),
      squid: startSquid({ user: USER, password: PASSWORD, forbidden: [forbidden], ...identity(proxyLeaf) }),
      haproxy: startHaproxy({
        good: { ...identity(proxyLeaf), to: open.port },
        strange: { ...identity(strangeLeaf), to: open.port },
        expired: { ...identity(expiredLeaf), to: open.port },
      }),
      mitmproxy: startMitmproxy({ upstreamAuthority: root.pem }),
      mitmproxyReverse: startMitmproxy({ upstreamAuthority: root.pem, reverse: `https://localhost:${web.ports.whole}` }),
    })
    return { ...front, ...behind, forbidden: { port: forbidden, stop: async () => {} } }
  } catch (error) {
    await Promise.all(Object.values(front).map((each) => each.stop()))
    throw error
  }
}

const proxyAt = (port, credentials, scheme = 'http') => `${scheme}://${credentials ? `${credentials}@` : ''}localhost:${port}`
/** A site of nginx through a proxy. */
const through = (proxy, credentials) => (name) => (servers) => ({
  target: `https://localhost:${servers.web.ports[name]}`,
  options: { proxy: proxyAt(servers[proxy].port, credentials) },
})
/** The same through a proxy that is spoken to over TLS. */
const over = (proxyPort, credentials) => (name) => (servers) => ({
  target: `https://localhost:${servers.web.ports[name]}`,
  options: { proxy: proxyAt(proxyPort(servers), credentials, 'https') },
})
const haproxy = (name) => over((servers) => servers.haproxy.ports[name])
const squidTls = over((servers) => servers.squid.tlsPort, CREDENTIALS)

/** What came from the server itself, whatever is in between. */
const fromServer = ({ chain, endpoint, timings }) => {
  assert.equal(chain[0].sha256, leaf.sha256)
  assert.match(endpoint.proxy, /^localhost:\d+$/)
  assert.equal(endpoint.address, LOOPBACK)
  assert.ok(timings.proxy !== null)
}
const endsAtProxy = (kind) => ({ failure, chain, verdict }) => {
  assert.deepEqual([failure.stage, failure.kind], ['proxy', kind])
  assert.deepEqual(chain, [])
  assert.equal(verdict, null)
}
/** The proxy, and not the server, is to be mended. */
const actor = (expected) => ({ findings }) => assert.equal(findings[0].actor, expected, findings[0].message)
const all = (...checks) => (...args) => checks.forEach((check) => check(...args))
const keepsSecret = (diagnosis, major, { text }) => {
  for (const shown of [JSON.stringify(diagnosis), text]) {
    assert.ok(!shown.includes(PASSWORD))
    assert.ok(!shown.includes(Buffer.from(CREDENTIALS).toString('base64')))
  }
}

/** A proxy that asks who its clients are. @param {string} name @returns {import('./support/live-diagnosis').Case[]} */
const guarded = (name) => [
  { title: `${name}, with credentials`, look: through(name, CREDENTIALS)('whole'), code: null, rules: [], check: all(fromServer, keepsSecret) },
  {
    title: `${name}, with credentials, and a server that sends its leaf alone`,
    look: through(name, CREDENTIALS)('leafOnly'),
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    rules: ['chain-missing-intermediate'],
    check: all(fromServer, keepsSecret, actor('server')),
  },
  { title: `${name}, without credentials`, look: through(name)('whole'), code: null, ok: false, rules: ['proxy-credentials-refused'], check: endsAtProxy('declined') },
  {
    title: `${name}, with other credentials`,
    look: through(name, `another:${PASSWORD}`)('whole'),
    code: null,
    ok: false,
    rules: ['proxy-credentials-refused'],
    check: all(endsAtProxy('declined'), keepsSecret),
  },
  {
    title: `${name}, to a port that it forbids`,
    look: (servers) => ({ target: `https://localhost:${servers.forbidden.port}`, options: { proxy: proxyAt(servers[name].port, CREDENTIALS) } }),
    code: null,
    ok: false,
    rules: ['proxy-refused'],
    check: all(endsAtProxy('declined'), keepsSecret),
  },
]

/** What looks into TLS shows a certificate of its own. */
const inspected = ({ chain, session }) => {
  assert.notEqual(chain[0].sha256, leaf.sha256)
  assert.equal(new X509Certificate(chain[0].pem).issuer, 'CN=mitmproxy\nO=mitmproxy')
  assert.equal(session.complete, true)
}

/** @type {import('./support/live-diagnosis').Case[]} */
const cases = [
  { title: 'tinyproxy, open to all', look: through('open')('whole'), code: null, rules: [], check: fromServer },
  {
    title: 'tinyproxy, and a server of an unknown root',
    look: through('open')('strange'),
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    rules: ['chain-missing-intermediate'],
    check: actor('server'),
  },
  {
    title: 'tinyproxy, and a port at which nothing listens',
    look: (servers) => ({ target: `https://localhost:${servers.nothing.port}`, options: { proxy: proxyAt(servers.open.port) } }),
    code: null,
    ok: false,
    rules: ['proxy-refused'],
    check: endsAtProxy('declined'),
  },
  ...guarded('tinyproxy'),
  ...guarded('squid'),
  { title: 'squid over TLS', look: squidTls('whole'), code: null, rules: [], check: all(fromServer, keepsSecret) },
  {
    title: 'squid over TLS, and a server that sends its leaf alone',
    look: squidTls('leafOnly'),
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    rules: ['chain-missing-intermediate'],
    check: all(fromServer, keepsSecret, actor('server')),
  },
  { title: 'a proxy over TLS', look: haproxy('good')('whole'), code: null, rules: [], check: fromServer },
  {
    title: 'a proxy over TLS whose own root is unknown',
    look: haproxy('strange')('whole'),
    code: null,
    ok: false,
    rules: ['proxy-certificate-not-trusted'],
    check: actor('proxy'),
  },
  {
    title: 'a proxy over TLS whose own certificate has expired',
    look: haproxy('expired')('whole'),
    code: null,
    ok: false,
    rules: ['proxy-certificate-not-trusted'],
    check: actor('proxy'),
  },
  {
    title: 'a proxy that is not there',
    look: (servers) => ({ target: `https://localhost:${servers.web.ports.whole}`, options: { proxy: proxyAt(servers.nothing.port) } }),
    code: 'ECONNREFUSED',
    rules: ['proxy-not-usable'],
    check: ({ chain }) => assert.deepEqual(chain, []),
  },
  {
    title: 'a web server in place of a proxy',
    look: (servers) => ({ target: `https://localhost:${servers.web.ports.whole}`, options: { proxy: proxyAt(servers.web.ports.leafOnly) } }),
    code: null,
    ok: false,
    rules: ['proxy-refused'],
    check: endsAtProxy('declined'),
  },
  {
    title: 'mitmproxy, whose authority is not known',
    look: through('mitmproxy')('whole'),
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    rules: ['inspection-by-debugging-proxy'],
    check: inspected,
  },
  {
    title: 'mitmproxy, whose authority is trusted',
    look: (servers) => {
      const { target, options } = through('mitmproxy')('whole')(servers)
      return { target, options: { ...options, ca: servers.mitmproxy.authority } }
    },
    code: null,
    rules: [],
    infos: ['inspection-trusted'],
    check: inspected,
  },
  {
    title: 'mitmproxy in the place of a server',
    look: (servers) => ({ target: `https://localhost:${servers.mitmproxyReverse.port}` }),
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    rules: ['inspection-by-debugging-proxy'],
    check: inspected,
  },
]

describeLive('proxies', { start, cases, options: { ca: root.pem } })
