'use strict'

// What is said about the options of a program, beside what Node and the libraries make of the same options.

const assert = require('node:assert/strict')
const { X509Certificate } = require('node:crypto')
const https = require('node:https')
const tls = require('node:tls')
const { after, before, describe, test } = require('node:test')

const { inspectTlsOptions, loadTrustStoreSync, preflight } = require('..')
const { requireClient } = require('./support/clients')
const { connect, preambleServer, tlsServer } = require('./support/loopback')
const { certificate, pemBlock } = require('./support/pki')

const major = Number(process.versions.node.split('.')[0])
const root = certificate({ subject: 'Example Root', ca: true })
const other = certificate({ subject: 'Other Root', ca: true })
const leaf = root.issue({ subject: 'localhost', server: true, altNames: ['DNS:localhost', 'IP:127.0.0.1'] })
const NOT_TRUSTED = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
const REFUSED = /^ERR_/
const CERTIFICATE_ERROR = /unable to verify the first certificate/
/** Protocol 10 with TLS among its capabilities (CLIENT_SSL, CLIENT_PROTOCOL_41, CLIENT_SECURE_CONNECTION, CLIENT_PLUGIN_AUTH). */
const MYSQL_GREETING = (() => {
  const payload = Buffer.concat([
    Buffer.from('\n8.0.0\0'), Buffer.from([1, 0, 0, 0]), Buffer.from('abcdefgh\0'), Buffer.from([0x00, 0x8a, 33, 2, 0, 0x08, 0x00, 21]), Buffer.alloc(10),
    Buffer.from('ijklmnopqrst\0mysql_native_password\0'),
  ])
  return Buffer.concat([Buffer.from([payload.length, 0, 0, 0]), payload])
})()

describe('the options of a TLS client', () => {
  let server
  before(async () => {
    server = await tlsServer({ cert: leaf.chainPem, key: leaf.key.pem })
  })
  after(() => server?.stop())

  const rules = async (options, how) => (await inspectTlsOptions(options, how)).map(({ rule }) => rule)
  /** The code of this Node's own connection; null when it works. */
  const ends = async (options) => (await connect(server, { servername: 'localhost', ...options })).error?.code ?? null

  /** How mysql2 ends at a server that says no more once TLS is there. */
  async function mysqlEnds(ssl) {
    const silent = await preambleServer(async (socket, next) => {
      socket.write(MYSQL_GREETING)
      await next(36)
    }, { cert: leaf.chainPem, key: leaf.key.pem })
    try {
      const connection = requireClient('mysql2').createConnection({ host: silent.host, port: silent.port, user: 'user', connectTimeout: 700, ssl })
      return await new Promise((resolve) => connection.once('error', ({ code, message }) => resolve(`${code} ${message}`)))
    } finally {
      await silent.stop()
    }
  }

  test('rule client-option-ca-unusable: found in everything from which Node reads no certificate', async () => {
    for (const [ca, words] of /** @type {const} */ ([
      ['/etc/ssl/company-ca.pem', /is a path, `\/etc\/ssl\/company-ca\.pem`/],
      ['C:\\certs\\company.crt', /is a path/],
      ['./company', /is a path/],
      [[], /is an empty list/],
      [[''], /is empty/],
      ['garbage', /holds no certificate/],
      [[root.der], /is DER/],
      [pemBlock('PUBLIC KEY', root.der), /holds no certificate/],
      [[root.pem.trim(), other.pem.trim()].join(''), /holds no certificate/],
    ])) {
      assert.equal(await ends({ ca }), NOT_TRUSTED, String(ca))
      const findings = await inspectTlsOptions({ ca })
      assert.deepEqual(findings.map(({ rule }) => rule), ['client-option-ca-unusable'], String(ca))
      assert.match(findings[0].message, words)
    }
  })

  test('rule client-option-ca-unusable: absent where Node reads one, and where nothing is given', async () => {
    for (const ca of [root.pem, Buffer.from(root.pem), [root.pem], [other.pem, `text before\n${root.pem}`], new DataView(new Uint8Array(Buffer.from(root.pem)).buffer)]) {
      assert.equal(await ends({ ca }), null)
      assert.deepEqual(await rules({ ca }), [])
    }
    for (const ca of [undefined, null, false, '']) assert.deepEqual(await rules({ ca }), [], String(ca))
  })

  test('rule client-option-ca-incomplete: found where the rest of an entry is lost', async () => {
    const glued = other.pem + [other.pem.trim(), root.pem.trim()].join('')
    const broken = other.pem + pemBlock('CERTIFICATE', Buffer.from('no certificate')) + root.pem
    for (const ca of [glued, broken, [other.pem, glued]]) {
      assert.equal(await ends({ ca }), NOT_TRUSTED)
      assert.deepEqual(await rules({ ca }), ['client-option-ca-incomplete'])
    }
    const [finding] = await inspectTlsOptions({ ca: [other.pem, glued] })
    assert.match(finding.message, /^`ca\[1\]` holds 3 certificates, and Node reads 1/)
    assert.match(finding.detail, /list\.join\(''\)/)
  })

  test('rule client-option-ca-incomplete: absent where all are read', async () => {
    for (const ca of [other.pem + root.pem, [other.pem.trim(), root.pem.trim()], [other.pem.trim(), root.pem.trim()].join('\n'), `# -----BEGIN CERTIFICATE-----\n${root.pem}`, root.pem + root.pem]) {
      assert.equal(await ends({ ca }), null)
      assert.deepEqual(await rules({ ca }), [])
    }
  })

  test('rule client-option-ca-alone: found with a private authority and public hosts', async () => {
    const findings = await inspectTlsOptions({ ca: root.pem }, { publicHosts: ['api.example.com'] })
    assert.deepEqual(findings.map(({ rule, severity }) => [rule, severity]), [['client-option-ca-alone', 'warning']])
    assert.match(findings[0].message, /api\.example\.com/)
  })

  test('rule client-option-ca-alone: absent with public roots beside it, and without public hosts', async () => {
    assert.deepEqual(await rules({ ca: [...tls.rootCertificates, root.pem] }, { publicHosts: ['api.example.com'] }), [])
    assert.deepEqual(await rules({ ca: root.pem }), [])
    assert.deepEqual(await rules({ ca: root.pem }, { publicHosts: [] }), [])
  })

  test('rule client-option-ineffective: found where the library passes over an option', async () => {
    const empty = loadTrustStoreSync({ bundled: false, system: false, extra: false, env: {} }).connectOptions()
    assert.equal(await ends({ ca: root.pem, ...empty }), NOT_TRUSTED)
    assert.deepEqual(await rules({ ca: root.pem, ...empty }), ['client-option-ineffective'])

    const url = `https://localhost:${server.port}/`
    const ended = (promise) => promise.then(() => null, (error) => (error.cause ?? error).code)
    const { Agent, request } = requireClient(major < 20 ? 'undici6' : 'undici')
    const dispatcher = new Agent({ ca: root.pem })
    assert.equal(await ended(request(url, { dispatcher })), NOT_TRUSTED)
    await dispatcher.destroy()
    assert.deepEqual(await rules({ ca: root.pem }, { library: 'undici' }), ['client-option-ineffective'])

    const axios = requireClient('axios')
    assert.equal(await ended(axios.get(url, { ca: root.pem, proxy: false })), NOT_TRUSTED)
    assert.deepEqual(await rules({ ca: root.pem }, { library: 'axios' }), ['client-option-ineffective'])
    assert.equal(await ended(axios.get(url, { adapter: 'fetch', httpsAgent: new https.Agent({ ca: root.pem }), proxy: false })), NOT_TRUSTED)
    assert.deepEqual(await rules({ adapter: 'fetch', httpsAgent: new https.Agent({ ca: root.pem }) }, { library: 'axios' }), ['client-option-ineffective'])

    const { Client } = requireClient('pg')
    const options = { connectionString: 'postgres://localhost/db?sslmode=verify-full', ssl: { ca: root.pem } }
    assert.notEqual(new Client(options).connectionParameters.ssl.ca, root.pem)
    assert.deepEqual(await rules(options, { library: 'pg' }), ['client-option-ineffective'])

    const { secureContext } = loadTrustStoreSync({ bundled: false, system: false, extra: false, env: {}, ca: root.pem }).connectOptions()
    assert.match(await mysqlEnds({ secureContext }), CERTIFICATE_ERROR)
    assert.deepEqual(await rules({ ssl: { secureContext } }, { library: 'mysql2' }), ['client-option-ineffective'])
  })

  test('rule client-option-ineffective: absent where the library takes it', async () => {
    const url = `https://localhost:${server.port}/`
    const code = (promise) => promise.then(() => null, (error) => (error.cause ?? error).code)
    const { Agent, request } = requireClient(major < 20 ? 'undici6' : 'undici')
    const dispatcher = new Agent({ connect: { ca: root.pem } })
    assert.notEqual(await code(request(url, { dispatcher })), NOT_TRUSTED)
    await dispatcher.destroy()
    assert.deepEqual(await rules({ connect: { ca: root.pem } }, { library: 'undici' }), [])
    const httpsAgent = new https.Agent({ ca: root.pem })
    assert.notEqual(await code(requireClient('axios').get(url, { httpsAgent, proxy: false })), NOT_TRUSTED)
    assert.deepEqual(await rules({ httpsAgent }, { library: 'axios' }), [])
    const { Client } = requireClient('pg')
    const options = { connectionString: 'postgres://localhost/db', ssl: { ca: root.pem } }
    assert.equal(new Client(options).connectionParameters.ssl.ca, root.pem)
    assert.deepEqual(await rules(options, { library: 'pg' }), [])
    assert.doesNotMatch(await mysqlEnds({ ca: root.pem }), CERTIFICATE_ERROR)
    assert.deepEqual(await rules({ ssl: { ca: root.pem } }, { library: 'mysql2' }), [])
  })

  test('says what Node refuses', async () => {
    for (const options of [{ ca: new X509Certificate(root.pem) }, { ca: [undefined] }, { ca: {} }, { minVersion: 'TLSv9' }, { ciphers: 'none-such' }]) {
      assert.deepEqual(await rules(options), ['client-options-refused'])
      assert.throws(() => tls.createSecureContext(/** @type {any} */ (options)), ({ code }) => REFUSED.test(code))
    }
  })

  test('says what weakens a connection', async () => {
    assert.deepEqual(await rules({ rejectUnauthorized: false }), ['client-option-unverified'])
    assert.deepEqual(await rules({ checkServerIdentity: () => undefined }), ['client-option-identity-check'])
    assert.deepEqual(await rules({ ciphers: 'DEFAULT@SECLEVEL=0' }), ['client-option-security-level-lowered'])
    assert.deepEqual((await rules({ ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1' })).sort(), ['client-option-old-versions', 'client-option-security-level-lowered'])
    assert.deepEqual(await rules({ httpsAgent: new https.Agent({ rejectUnauthorized: false }) }, { library: 'axios' }), ['client-option-unverified'])
    assert.deepEqual(await rules({ connect: { rejectUnauthorized: false } }, { library: 'undici' }), ['client-option-unverified'])
    assert.deepEqual(await rules({ ssl: { rejectUnauthorized: false, ca: '/ca.pem' } }, { library: 'pg' }), ['client-option-unverified', 'client-option-ca-unusable'])
  })

  test('has nothing to say about the defaults and the options of a store', async () => {
    const store = loadTrustStoreSync({ env: {}, extra: false, system: false })
    for (const options of [{}, https.globalAgent.options, store.connectOptions(), store.agent().options, { ca: store.ca }]) assert.deepEqual(await rules(options, { publicHosts: ['example.com'] }), [])
    assert.deepEqual(await rules({}, { library: 'undici' }), [])
  })

  test('reads the names that got and MongoDB have for them, and the options of an agent', async () => {
    const path = '/etc/ssl/company-ca.pem'
    assert.deepEqual(await rules({ https: { certificateAuthority: path } }, { library: 'got' }), ['client-option-ca-unusable'])
    assert.deepEqual(await rules({ https: { certificateAuthority: root.pem } }, { library: 'got' }), [])
    const verifies = await rules({ rejectUnauthorized: false })
    assert.equal(verifies.length, 1)
    for (const name of ['tlsAllowInvalidCertificates', 'tlsInsecure']) assert.deepEqual(await rules({ [name]: true }, { library: 'mongodb' }), verifies)
    assert.deepEqual(await rules({ tlsInsecure: false }, { library: 'mongodb' }), [])
    for (const [library, options] of /** @type {const} */ ([['node', (agent) => ({ agent })], ['ws', (agent) => ({ agent })], ['axios', (httpsAgent) => ({ httpsAgent })], ['got', (agent) => ({ agent: { https: agent } })]])) {
      assert.deepEqual(await rules(options(new https.Agent({ ca: path })), { library }), ['client-option-ca-unusable'], library)
      assert.deepEqual(await rules(options(new https.Agent({ ca: root.pem })), { library }), [], library)
      assert.deepEqual(await rules(options(new https.Agent({ rejectUnauthorized: false })), { library }), verifies, library)
    }
    for (const agent of [false, undefined, null, new (require('node:http').Agent)()]) assert.deepEqual(await rules({ agent, httpAgent: agent }), [])
  })

  test('says where an option counts', async () => {
    const store = loadTrustStoreSync({ env: {}, extra: false, system: false, ca: root.pem })
    for (const [library, options, option, fix] of /** @type {const} */ ([
      ['redis', { tls: { ca: root.pem } }, 'tls.ca', 'createClient({ socket: { tls: true, ca } })'],
      ['kafkajs', { ca: root.pem }, 'ca', 'new Kafka({ ssl: { ca } })'],
      ['got', { https: { certificateAuthority: root.pem }, agent: { https: store.agent() } }, 'https.certificateAuthority', 'new https.Agent({ ca })'],
      ['axios', { agent: store.agent() }, 'agent', 'axios.create({ httpsAgent: new https.Agent({ ca }) })'],
      ['undici', { uri: 'https://proxy.example.com', connect: { ca: root.pem } }, 'connect.ca', 'new undici.ProxyAgent({ uri, requestTls: { ca } })'],
      ['knex', { client: 'mysql2', connection: { ssl: store.connectOptions() } }, 'connection.ssl.secureContext', "knex({ client: 'mysql2', connection: { ssl: { ca: store.ca } } })"],
      ['nodemailer', { servername: 'mail.example.com', key: 'x' }, 'key', 'nodemailer.createTransport({ host, tls: { key } })'],
    ])) {
      const [finding, ...more] = await inspectTlsOptions(options, { library })
      assert.deepEqual(more, [], library)
      assert.ok(finding.message.startsWith(`\`${option}\` has no effect where it stands: `), finding.message)
      assert.equal(finding.fixes[0].code, fix)
    }
  })

  test('is what the preflight says of the global agent', async () => {
    const { options } = https.globalAgent
    const ofAgent = async () => (await preflight()).findings.filter(({ detail }) => detail?.startsWith('in the options of https.globalAgent'))
    assert.deepEqual(await ofAgent(), [])
    options.ca = '/etc/ssl/company-ca.pem'
    try {
      const [finding, ...more] = await ofAgent()
      assert.deepEqual([finding.rule, more], ['client-option-ca-unusable', []])
      assert.equal((await preflight()).ok, false)
      assert.ok(!(await preflight({ env: {} })).findings.some(({ rule }) => rule === finding.rule))
    } finally {
      delete options.ca
    }
  })

  test('takes an object, a library that it knows and hosts', async () => {
    for (const options of [undefined, null, 'x', []]) await assert.rejects(inspectTlsOptions(/** @type {any} */ (options)), { code: 'ERR_INVALID_ARG_TYPE' })
    await assert.rejects(inspectTlsOptions({}, { library: /** @type {any} */ ('curl') }), { code: 'ERR_INVALID_ARG_VALUE' })
    await assert.rejects(inspectTlsOptions({}, { publicHosts: /** @type {any} */ ('x') }), { code: 'ERR_INVALID_ARG_TYPE' })
  })
})
