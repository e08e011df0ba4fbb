'use strict'

// `diagnose` of live servers as a program calls it: arguments, the shape of a diagnosis, what this Node itself comes to, and the end that a signal
// makes. Which finding a fault has is shown elsewhere.

const assert = require('node:assert/strict')
const net = require('node:net')
const { describe, test, before, after } = require('node:test')

const { diagnose, loadTrustStoreSync } = require('..')
const { surface } = require('../lib/layout.js')
const { diagnosis: textOf, summary } = require('../lib/diagnosis-text.js')
const { preambleServer, rawServer, refusedPort, tlsServer } = require('./support/loopback.js')
const { certificate, pemBlock } = require('./support/pki.js')

const HOST = 'localhost'
const dates = { notBefore: '2024-01-01', notAfter: '2044-01-01' }
const root = certificate({ subject: { O: 'Acme Corp', CN: 'Acme Root CA' }, ca: true, ...dates })
const intermediate = root.issue({ subject: { O: 'Acme Corp', CN: 'Acme Issuing CA' }, ca: true, ...dates })
const leaf = intermediate.issue({ subject: HOST, server: true, altNames: [`DNS:${HOST}`], ...dates })
const client = root.issue({ subject: 'a client', client: true, ...dates })

/** @type {Record<string, Awaited<ReturnType<typeof tlsServer>>>} */
const servers = {}
before(async () => {
  servers.whole = await tlsServer({ cert: leaf.pem + intermediate.pem, key: leaf.key.pem })
  servers.leafOnly = await tlsServer({ cert: leaf.pem, key: leaf.key.pem })
  servers.asking = await tlsServer({ cert: leaf.pem + intermediate.pem, key: leaf.key.pem, ca: root.pem, requestCert: true, rejectUnauthorized: true })
  servers.refused = /** @type {any} */ (await refusedPort())
})
after(() => Promise.all(Object.values(servers).map((server) => server.stop())))

const at = (/** @type {{ port: number }} */ { port }) => `https://${HOST}:${port}`
/** A diagnosis that looks nowhere else. @param {{ port: number }} server @param {import('..').DiagnoseOptions} [options] */
const look = (server, options) => diagnose(at(server), { ca: root.pem, proxy: false, ...options })

describe('a diagnosis', () => {
  test('of a healthy server: the chain, the verdict, the session, and nothing wrong', async () => {
    const found = await look(servers.whole)
    assert.equal(found.ok, true)
    assert.equal(found.code, null)
    assert.equal(found.target, at(servers.whole))
    assert.equal(found.node, process.versions.node)
    assert.deepEqual(found.endpoint, {
      protocol: 'https', host: HOST, port: servers.whole.port, servername: HOST, starttls: null, proxy: null, address: '127.0.0.1',
    })
    assert.deepEqual(found.chain.map(({ subject }) => subject), ['CN=localhost', 'CN=Acme Issuing CA,O=Acme Corp'])
    assert.deepEqual(found.verdict?.path.map(({ presented }) => presented), [0, 1, null])
    assert.deepEqual(found.observed, { ok: true, code: null, message: null, node: process.versions.node })
    assert.equal(found.session?.complete, true)
    assert.equal(found.session?.protocol, 'TLSv1.3')
    assert.equal(found.failure, null)
    assert.deepEqual(found.findings.filter(({ severity }) => severity === 'error'), [])
    for (const stage of /** @type {const} */ (['dns', 'tcp', 'handshake'])) assert.equal(typeof found.timings[stage], 'number', stage)
    assert.equal(found.timings.proxy, null)
  })

  test('of a missing intermediate: predicted and observed alike, with the finding first', async () => {
    const found = await look(servers.leafOnly)
    assert.equal(found.ok, false)
    assert.equal(found.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    assert.equal(found.observed?.code, found.code)
    assert.equal(found.verdict?.code, found.code)
    assert.equal(found.findings[0]?.rule, 'chain-missing-intermediate')
    assert.equal(found.findings[0]?.actor, 'server')
    // What is to be copied names the port that was looked at.
    const commands = JSON.stringify(found.findings[0]?.fixes)
    assert.match(commands, new RegExp(`\\blocalhost:${servers.leafOnly.port}\\b`))
    assert.doesNotMatch(commands, /localhost:443\b/)
  })

  test('of a port at which nothing listens: where it ended, and no verdict', async () => {
    const found = await look(servers.refused)
    assert.equal(found.ok, false)
    assert.equal(found.code, 'ECONNREFUSED')
    assert.equal(found.verdict, null)
    assert.deepEqual(found.chain, [])
    assert.deepEqual(found.perspectives, [])
    assert.equal(found.failure?.stage, 'tcp')
    assert.equal(found.failure?.kind, 'refused')
    assert.equal(found.findings[0]?.rule, 'connection-refused')
  })

  test('of a name that no server has', async () => {
    const found = await look(servers.whole, { servername: 'other.test' })
    assert.equal(found.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
    assert.equal(found.observed?.code, found.code)
    assert.equal(found.endpoint?.servername, 'other.test')
    assert.equal(found.verdict?.mismatch?.host, 'other.test')
  })

  test('elsewhere than the name says', async () => {
    const found = await diagnose('https://db.acme.test', { ca: root.pem, proxy: false, connectTo: `127.0.0.1:${servers.whole.port}`, servername: HOST })
    assert.equal(found.ok, true)
    assert.equal(found.endpoint?.host, 'db.acme.test')
    assert.equal(found.endpoint?.address, '127.0.0.1')
  })

  test('is data: JSON keeps all of it', async () => {
    for (const server of [servers.whole, servers.leafOnly, servers.refused]) {
      const found = await look(server)
      const copy = JSON.parse(JSON.stringify(found))
      assert.deepEqual(Object.keys(copy).sort(), [...Object.keys(found), 'perspectives'].sort())
      assert.deepEqual(copy.findings, JSON.parse(JSON.stringify(found.findings)))
      assert.deepEqual(copy.perspectives, JSON.parse(JSON.stringify(found.perspectives)))
      if (found.verdict !== null) assert.deepEqual(copy.verdict.path, JSON.parse(JSON.stringify(found.verdict.path)))
    }
  })

  test('without the observation and without looking further', async () => {
    const found = await look(servers.leafOnly, { observe: false, lookFurther: false })
    assert.equal(found.observed, null)
    assert.equal(found.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    assert.deepEqual(found.session?.versions, [])
    assert.equal(found.session?.withoutServername, null)
  })

  test('of another Node or time makes no connection of this one', async () => {
    const other = await look(servers.whole, { node: process.versions.node.startsWith('18') ? '20' : '18' })
    assert.equal(other.ok, true)
    assert.equal(other.observed, null)
    const later = await look(servers.whole, { time: '2045-01-01' })
    assert.equal(later.code, 'CERT_HAS_EXPIRED')
    assert.equal(later.observed, null)
  })

  test('of every address', async () => {
    const found = await look(servers.whole, { allAddresses: true })
    const v4 = found.addresses.find(({ address }) => address === '127.0.0.1')
    assert.equal(v4?.ok, true)
    assert.deepEqual(v4?.chain, found.chain.map(({ sha256 }) => sha256))
    for (const { address, code } of found.addresses) if (address !== '127.0.0.1') assert.equal(code, 'ECONNREFUSED', String(address))
    assert.deepEqual((await look(servers.whole)).addresses, [])
  })

  test('with a client certificate, and without the one that is asked for', async () => {
    const [without, with_] = [await look(servers.asking), await look(servers.asking, { cert: client.pem, key: client.key.pem })]
    assert.equal(without.session?.clientCertificate?.sent, false)
    assert.deepEqual(without.session?.clientCertificate?.authorities, ['CN=Acme Root CA,O=Acme Corp'])
    assert.equal(with_.ok, true)
    assert.equal(with_.session?.clientCertificate?.sent, true)
    assert.equal(with_.observed?.ok, true)
    assert.ok(!JSON.stringify(with_).includes('PRIVATE KEY'))
  })

  test('after STARTTLS', async () => {
    const server = await preambleServer(async (socket, next) => {
      await next(8)
      socket.write('S')
    }, { cert: leaf.pem + intermediate.pem, key: leaf.key.pem })
    try {
      const found = await diagnose(`postgres://user:secret@${HOST}:${server.port}/db`, { ca: root.pem })
      assert.equal(found.verdict?.ok, true)
      assert.equal(found.endpoint?.starttls, 'postgres')
      assert.equal(found.endpoint?.protocol, 'postgres')
      assert.doesNotMatch(`${JSON.stringify(found)}${found}`, /secret/)
    } finally {
      await server.stop()
    }
  })
})

describe('a chain', () => {
  test('is judged without a connection', async () => {
    for (const chain of [leaf.pem + intermediate.pem, [leaf.der, intermediate.der]]) {
      const found = await diagnose(chain, { ca: root.pem, servername: HOST })
      assert.equal(found.ok, true)
      assert.equal(found.endpoint, null)
      assert.equal(found.session, null)
      assert.deepEqual(found.chain.map(({ sha256 }) => sha256), [leaf, intermediate].map(({ sha256 }) => sha256))
    }
    const wrong = await diagnose(leaf.pem, { ca: root.pem, servername: 'other.test' })
    assert.equal(wrong.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    assert.match(String(wrong), /^certificates: Node \d+ refuses it: UNABLE_TO_VERIFY_LEAF_SIGNATURE$/m)
  })
})

describe('perspectives', () => {
  test('say who comes to which end, the asked one first', async () => {
    const found = await look(servers.whole)
    const [asked, started, ...others] = found.perspectives
    assert.equal(asked?.ok, true)
    assert.equal(asked?.store, 'ca')
    assert.equal(asked?.differs, false)
    assert.match(String(started?.label), /as started here$/)
    assert.equal(started?.ok, false)
    assert.equal(started?.differs, true)
    for (const label of [/--use-system-ca$/, /merged store$/, /^curl and OpenSSL/, /^browsers/]) {
      assert.equal(others.filter((other) => label.test(other.label)).length, 1, String(label))
    }
    const lines = [asked, ...others].filter((seen) => seen?.store === 'ca').map((seen) => Number.parseInt(String(seen?.node), 10))
    assert.deepEqual(lines.sort(), [18, 20, 22, 24, 26])
  })

  test('can be named', async () => {
    const found = await look(servers.whole, { perspectives: [{ node: '18' }, { time: '2045-01-01' }] })
    assert.deepEqual(found.perspectives.map(({ ok }) => ok), [true, false])
    assert.match(String(found.perspectives[0]?.label), /^Node 18$/)
  })
})

test("a store's own diagnose trusts that store", async () => {
  const store = loadTrustStoreSync({ bundled: false, system: false, extra: false, ca: root.pem })
  for (const options of [{}, { cert: client.pem, key: client.key.pem }]) {
    const found = await store.diagnose(at(servers.whole), { proxy: false, ...options })
    assert.equal(found.ok, true)
    assert.equal(found.observed?.ok, true)
  }
})

test('wrong arguments reject with the codes of Node', async () => {
  /** @type {[unknown, any, string, RegExp][]} */
  const cases = [
    [undefined, {}, 'ERR_INVALID_ARG_TYPE', /"target" argument/],
    [42, {}, 'ERR_INVALID_ARG_TYPE', /"target" argument/],
    ['ftp://example.com', {}, 'ERR_INVALID_ARG_VALUE', /scheme ftp:/],
    ['https://example.com', null, 'ERR_INVALID_ARG_TYPE', /"options" argument/],
    ['https://example.com', { ca: 42 }, 'ERR_INVALID_ARG_TYPE', /"options\.ca" property/],
    ['https://example.com', { servername: 42 }, 'ERR_INVALID_ARG_TYPE', /"options\.servername"/],
    ['https://example.com', { connectTo: 42 }, 'ERR_INVALID_ARG_TYPE', /"options\.connectTo"/],
    ['https://example.com', { starttls: 'ftp' }, 'ERR_INVALID_ARG_VALUE', /'options\.starttls' must be one of: 'postgres'/],
    ['https://example.com', { starttls: true }, 'ERR_INVALID_ARG_VALUE', /'options\.starttls'/],
    ['https://example.com', { proxy: true }, 'ERR_INVALID_ARG_TYPE', /"options\.proxy"/],
    ['https://example.com', { env: 'PATH' }, 'ERR_INVALID_ARG_TYPE', /"options\.env"/],
    ['https://example.com', { cert: 42 }, 'ERR_INVALID_ARG_TYPE', /"options\.cert"/],
    ['https://example.com', { key: 42 }, 'ERR_INVALID_ARG_TYPE', /"options\.key"/],
    ['https://example.com', { pfx: 'text' }, 'ERR_INVALID_ARG_TYPE', /"options\.pfx"/],
    ['https://example.com', { passphrase: 42 }, 'ERR_INVALID_ARG_TYPE', /"options\.passphrase"/],
    ['https://example.com', { allAddresses: 1 }, 'ERR_INVALID_ARG_TYPE', /"options\.allAddresses"/],
    ['https://example.com', { observe: 'yes' }, 'ERR_INVALID_ARG_TYPE', /"options\.observe"/],
    ['https://example.com', { lookFurther: 0 }, 'ERR_INVALID_ARG_TYPE', /"options\.lookFurther"/],
    ['https://example.com', { fetchMissing: 'yes' }, 'ERR_INVALID_ARG_TYPE', /"options\.fetchMissing"/],
    ['https://example.com', { allowPartialTrustChain: 1 }, 'ERR_INVALID_ARG_TYPE', /"options\.allowPartialTrustChain"/],
    ['https://example.com', { minDaysLeft: -1 }, 'ERR_OUT_OF_RANGE', /"options\.minDaysLeft"/],
    ['https://example.com', { timeout: 0 }, 'ERR_OUT_OF_RANGE', /"options\.timeout"/],
    ['https://example.com', { stageTimeout: '5' }, 'ERR_INVALID_ARG_TYPE', /"options\.stageTimeout"/],
    ['https://example.com', { node: '16' }, 'ERR_INVALID_ARG_VALUE', /'options\.node'/],
    ['https://example.com', { time: 'tomorrow' }, 'ERR_INVALID_ARG_VALUE', /'options\.time'/],
    ['https://example.com', { perspectives: {} }, 'ERR_INVALID_ARG_TYPE', /"options\.perspectives"/],
    ['https://example.com', { tlsOptions: 1 }, 'ERR_INVALID_ARG_TYPE', /"options\.tlsOptions"/],
    ['https://example.com', { signal: {} }, 'ERR_INVALID_ARG_TYPE', /"options\.signal"/],
  ]
  for (const [target, options, code, message] of cases) {
    const label = `${String(target)} ${JSON.stringify(options)}`
    await assert.rejects(diagnose(target, options), (/** @type {any} */ error) => {
      assert.equal(error.code, code, `${label}: ${error.message}`)
      assert.match(error.message, message, label)
      return true
    })
  }
})

describe('a signal', () => {
  test('that is aborted already is heard before anything is connected to', async () => {
    const reason = new Error('enough')
    await assert.rejects(diagnose(at(servers.whole), { signal: AbortSignal.abort(reason) }), (error) => error === reason)
  })

  test('ends a look at a server that says nothing, at once', async () => {
    const server = await rawServer(() => {})
    try {
      const controller = new AbortController()
      const reason = new Error('enough')
      const found = diagnose(`https://${HOST}:${server.port}`, { proxy: false, signal: controller.signal, timeout: 600_000, stageTimeout: 600_000 })
      setTimeout(() => controller.abort(reason), 50)
      await assert.rejects(found, (error) => error === reason)
    } finally {
      await server.stop()
    }
  })
})

test('the time is that of the look and the observation together', async () => {
  const server = await rawServer(() => {})
  try {
    const found = await diagnose(`https://${HOST}:${server.port}`, { proxy: false, lookFurther: false, stageTimeout: 300, timeout: 400 })
    assert.equal(found.code, 'ETIMEDOUT')
    assert.equal(found.failure?.kind, 'timed-out')
    if (found.observed !== null) assert.match(String(found.observed.message), /^no answer within (?:[1-9]|[1-9]\d|100) ms$/)
  } finally {
    await server.stop()
  }
})

test('a server that says nothing ends with its timeout', async () => {
  const server = net.createServer(() => {})
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)) })
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  try {
    const found = await diagnose(`https://127.0.0.1:${port}`, { proxy: false, observe: false, lookFurther: false, stageTimeout: 100, timeout: 300 })
    assert.equal(found.failure?.kind, 'timed-out')
    assert.equal(found.code, 'ETIMEDOUT')
  } finally {
    server.close()
  }
})

describe('the text', () => {
  const plain = surface({ shells: ['bash'] })
  /** Without what is another at every run. @param {string} text */
  const steady = (text) => text.replace(/localhost:\d+/g, 'localhost:PORT').replace(/\bNode \d+(?:\.\d+\.\d+)?/g, 'Node N').replace(/[\d.]+ ms/g, 'T ms')

  test('of a healthy server is short', async () => {
    const text = steady(textOf(await look(servers.whole, { lookFurther: false }), plain))
    assert.match(text, /^localhost:PORT: Node N accepts it\n\nThe path, from the leaf\n {2}0 CN=localhost\n/)
    assert.match(text, /\n\nSession: TLSv1\.3, TLS_\w+, \w+, with 127\.0\.0\.1\n\nNode N itself connects, too\nDNS T ms, TCP T ms, handshake T ms$/)
    assert.doesNotMatch(text, /error|warning|As others/)
  })

  test('of a refusal gives the answer, the place, the cause, who acts, and the others', async () => {
    const text = steady(textOf(await look(servers.leafOnly), plain))
    assert.match(text, /^localhost:PORT: Node N refuses it: UNABLE_TO_VERIFY_LEAF_SIGNATURE\nNode prints: Error: unable to verify the first certificate/)
    assert.match(text, /x UNABLE_TO_VERIFY_LEAF_SIGNATURE \(OpenSSL 21\)/)
    assert.match(text, /^error\[chain-missing-intermediate\]: /m)
    assert.match(text, /^ {2}who must act: whoever runs the server$/m)
    assert.match(text, /^As others see this chain$/m)
    assert.match(text, /^Predicted and observed: /m)
    for (const line of text.split('\n')) assert.ok(line.length <= 80 || /^ {5,}\S/.test(line), `more than 80 columns: ${line}`)
  })

  test('escapes what a server had a say in', async () => {
    const wild = certificate({ subject: { CN: 'x\u001b[31m\u202e<script>' }, server: true, altNames: [`DNS:${HOST}`], ...dates })
    const server = await tlsServer({ cert: wild.pem, key: wild.key.pem })
    try {
      const found = await look(server)
      // eslint-disable-next-line no-control-regex
      for (const text of [String(found), summary([found], plain)]) assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/)
    } finally {
      await server.stop()
    }
  })

  test('of several is a table', async () => {
    const text = steady(summary([await look(servers.whole), await look(servers.leafOnly), await look(servers.refused)], plain))
    assert.match(text, /^3 targets: 1 ok, 2 not\n {2}localhost:PORT +ok +until 2044-01-01\n/)
    assert.match(text, /\n {2}localhost:PORT +UNABLE_TO_VERIFY_LEAF_SIGNATURE +until 2044-01-01 {2}chain-missing-intermediate/)
    assert.match(text, /\n {2}localhost:PORT +ECONNREFUSED +connection-refused$/)
  })
})

test('what no certificate is among those sent, is told', async () => {
  const found = await diagnose(pemBlock(Buffer.from([0x30, 0, 0])), { ca: root.pem })
  assert.equal(found.ok, false)
  assert.equal(found.verdict?.stage, 'handshake')
  assert.doesNotThrow(() => `${found}`)
})
