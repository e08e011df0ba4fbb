'use strict'

// A store from a private CA, as its users use it: against a real nginx, with axios, undici and https, on every Node.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')

const { loadTrustStore, loadTrustStoreSync } = require('..')
const { clientPath } = require('./support/clients')
const { runNode } = require('./support/environment')
const { startNginx } = require('./support/nginx')
const { nodes } = require('./support/nodes')
const { standardPki } = require('./support/pki')

const root = path.join(__dirname, '..')
const pki = standardPki()
const quiet = { bundled: false, system: false, extra: false, env: {} }
let folder
let rootFile
let server

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-store-'))
  rootFile = path.join(folder, 'root.pem')
  fs.writeFileSync(rootFile, pki.root.pem)
  server = await startNginx({ certificate: pki.leaf.chainPem, key: pki.leaf.key.pem })
})

after(async () => {
  await server?.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** Runs `script` in a Node with the whole store over the private CA, and gives back what it printed as JSON. */
async function inNode(node, script, env = {}) {
  const prelude = `
    const https = require('node:https')
    const trustAnchors = require(${JSON.stringify(root)})
    const url = 'https://localhost:${server.port}/'
    const lookup = (host, options, done) => options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
    const get = (options) => new Promise((resolve) => {
      https.get(url, { lookup, ...options }, (response) => {
        let body = ''
        response.on('data', (chunk) => { body += chunk })
        response.on('end', () => resolve(response.socket.isSessionReused() ? body + ' (resumed)' : body))
      }).on('error', (error) => resolve(error.code))
    })
    const code = (error) => error.cause?.code ?? error.code
    const main = async () => { ${script} }
    main().then((result) => console.log(JSON.stringify(result)))
  `
  const { status, stdout, stderr } = await runNode(node, ['-e', prelude], { env: { NODE_EXTRA_CA_CERTS: '', ...env } })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

for (const { major } of nodes) {
  describe(`Node ${major}`, () => {
    test('axios reaches a server of a private CA through agent() and through ca', async () => {
      const result = await inNode(major, `
        const axios = require(${JSON.stringify(clientPath('axios'))})
        const store = trustAnchors.loadTrustStoreSync({ extra: ${JSON.stringify(rootFile)} })
        const request = (httpsAgent) => axios.get(url, { httpsAgent, lookup: (host, options, done) => done(null, '127.0.0.1', 4), proxy: false })
          .then((response) => response.data, (error) => code(error))
        return {
          default: await request(new https.Agent()),
          agent: await request(store.agent()),
          ca: await request(new https.Agent({ ca: store.ca })),
          joined: await request(new https.Agent({ ca: store.toPem() })),
        }
      `)
      assert.deepEqual(result, { default: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', agent: 'hello', ca: 'hello', joined: 'hello' })
    })

    test('undici, fetch and tls.connect reach it with connectOptions()', async () => {
      const undici = clientPath(major === 18 ? 'undici6' : 'undici')
      const result = await inNode(major, `
        const undici = require(${JSON.stringify(undici)})
        const tls = require('node:tls')
        const store = await trustAnchors.loadTrustStore({ extra: ${JSON.stringify(rootFile)} })
        const dispatcher = new undici.Agent({ connect: { ...store.connectOptions(), lookup } })
        const text = (response) => response.text()
        const connected = await new Promise((resolve) => {
          const socket = tls.connect({ host: '127.0.0.1', port: ${server.port}, servername: 'localhost', ...store.connectOptions() }, () => {
            resolve(socket.authorized)
            socket.destroy()
          })
          socket.on('error', (error) => resolve(error.code))
        })
        return {
          default: await undici.fetch(url, { dispatcher: new undici.Agent({ connect: { lookup } }) }).then(text, code),
          store: await undici.fetch(url, { dispatcher }).then(text, code),
          connected,
        }
      `)
      assert.deepEqual(result, { default: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', store: 'hello', connected: true })
    })

    test('no other agent resumes the sessions of its agent, and its agent resumes no other one’s', async () => {
      const result = await inNode(major, `
        const store = trustAnchors.loadTrustStoreSync({ extra: ${JSON.stringify(rootFile)} })
        const empty = trustAnchors.loadTrustStoreSync({ bundled: false, system: false, extra: false })
        const [agent, second, distrusting] = [store.agent(), store.agent(), empty.agent()]
        // Two requests: the first leaves a session behind, the second shows that its own agent does resume it.
        const own = [await get({ agent }), await get({ agent })]
        return {
          own,
          global: await get({}),
          fresh: await get({ agent: new https.Agent() }),
          second: await get({ agent: second }),
          distrusting: await get({ agent: distrusting }),
        }
      `)
      assert.deepEqual(result.own, ['hello', 'hello (resumed)'])
      assert.equal(result.global, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
      assert.equal(result.fresh, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
      assert.equal(result.second, 'hello', 'a second agent of the same store makes a session of its own')
      assert.equal(result.distrusting, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
    })

    test('the process goes on trusting what it trusted', async () => {
      const result = await inNode(major, `
        const store = trustAnchors.loadTrustStoreSync()
        const { X509Certificate } = require('node:crypto')
        const fingerprint = (pem) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()
        const own = new Set(store.ca.map(fingerprint))
        const lost = require('node:tls').rootCertificates.map(fingerprint).filter((sha256) => !own.has(sha256))
        const excluded = store.excluded.map(({ certificate }) => certificate.sha256)
        return { count: own.size, lost: lost.length, unexplained: lost.filter((sha256) => !excluded.includes(sha256)) }
      `)
      assert.ok(result.count > 100)
      assert.ok(result.lost < 10, 'no more than what has expired since this Node was made')
      assert.deepEqual(result.unexplained, [])
    })
  })
}

test('the asynchronous store equals the synchronous one', async () => {
  const options = { extra: rootFile, env: {}, time: '2026-06-01' }
  const [one, other] = [loadTrustStoreSync(options), await loadTrustStore(options)]
  assert.deepEqual(other.toJSON(), one.toJSON())
  assert.deepEqual(other.ca, one.ca)
})

test('an aborted signal rejects with its reason', async () => {
  const reason = new Error('enough')
  await assert.rejects(loadTrustStore({ signal: AbortSignal.abort(reason) }), reason)
  const controller = new AbortController()
  const loading = loadTrustStore({ signal: controller.signal })
  controller.abort(reason)
  await assert.rejects(loading, reason)
})

test('certificates given inline, as PEM or DER, in any number', () => {
  const store = loadTrustStoreSync({ ...quiet, ca: [pki.root.pem + pki.otherRoot.pem, pki.thirdRoot.der] })
  assert.deepEqual(new Set(store.certificates.map(({ sha256 }) => sha256)),
    new Set([pki.root.sha256, pki.otherRoot.sha256, pki.thirdRoot.sha256]))
  assert.deepEqual(store.certificates.map(({ sources }) => sources.map(({ store }) => store)), [['ca'], ['ca'], ['ca']])
})

test('a directory of certificates, each with its path and line', () => {
  const directory = path.join(folder, 'directory')
  fs.mkdirSync(directory)
  fs.writeFileSync(path.join(directory, 'a.pem'), `a comment\n${pki.root.pem}`)
  fs.writeFileSync(path.join(directory, 'b.crt'), pki.otherRoot.der)
  const store = loadTrustStoreSync({ ...quiet, extra: directory })
  const sources = Object.fromEntries(store.certificates.map(({ sha256, sources }) => [sha256, sources]))
  assert.deepEqual(sources[pki.root.sha256], [{ store: 'extra', path: path.join(directory, 'a.pem'), line: 2 }])
  assert.deepEqual(sources[pki.otherRoot.sha256], [{ store: 'extra', path: path.join(directory, 'b.crt') }])
})

test('one bad certificate never loses the rest', () => {
  const file = path.join(folder, 'half-broken.pem')
  fs.writeFileSync(file, `${pki.root.pem}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${pki.otherRoot.pem}`)
  const store = loadTrustStoreSync({ ...quiet, extra: [file, path.join(folder, 'missing.pem')] })
  assert.deepEqual(new Set(store.certificates.map(({ sha256 }) => sha256)), new Set([pki.root.sha256, pki.otherRoot.sha256]))
  assert.ok(store.findings.some(({ severity, location }) => severity === 'error' && location?.path?.endsWith('missing.pem')))
})

test('an agent with a client certificate keeps the store', () => {
  const store = loadTrustStoreSync({ ...quiet, ca: pki.root.pem })
  const agent = store.agent({ cert: pki.leaf.chainPem, key: pki.leaf.key.pem, keepAlive: true })
  assert.notEqual(agent.options.secureContext, store.secureContext)
  assert.equal(agent.options.keepAlive, true)
  assert.equal(store.agent().options.secureContext, store.secureContext)
})

test('options that would replace the store are refused', () => {
  const store = loadTrustStoreSync({ ...quiet, ca: pki.root.pem })
  assert.throws(() => store.agent({ ca: pki.root.pem }), { code: 'ERR_INVALID_ARG_VALUE' })
  for (const [options, code] of [
    [{ bundled: 'debian' }, 'ERR_INVALID_ARG_VALUE'],
    [{ system: 'yes' }, 'ERR_INVALID_ARG_TYPE'],
    [{ extra: 3 }, 'ERR_INVALID_ARG_TYPE'],
    [{ ca: [undefined] }, 'ERR_INVALID_ARG_TYPE'],
    [{ time: 'soon' }, 'ERR_INVALID_ARG_VALUE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
  ]) {
    assert.throws(() => loadTrustStoreSync(options), { code })
  }
})

test('worker threads load their own', async () => {
  const result = await inNode(process.execPath, `
    const { Worker } = require('node:worker_threads')
    const run = () => new Promise((resolve, reject) => {
      const worker = new Worker(${JSON.stringify(`
        const { parentPort } = require('node:worker_threads')
        const store = require(${JSON.stringify(root)}).loadTrustStoreSync({ extra: ${JSON.stringify('FILE')} })
        parentPort.postMessage([store.ca.length, typeof store.secureContext.context])
      `)}.replace('FILE', ${JSON.stringify(rootFile)}), { eval: true })
      worker.on('message', resolve)
      worker.on('error', reject)
    })
    const here = trustAnchors.loadTrustStoreSync({ extra: ${JSON.stringify(rootFile)} }).ca.length
    return { here, workers: await Promise.all([run(), run(), run()]) }
  `)
  assert.deepEqual(result.workers, [[result.here, 'object'], [result.here, 'object'], [result.here, 'object']])
})

test('two copies of the package in one process do not disturb each other', async () => {
  const copy = path.join(folder, 'copy')
  fs.mkdirSync(copy)
  for (const name of ['index.js', 'binding.js', 'package.json', 'lib', ...fs.readdirSync(root).filter((entry) => entry.endsWith('.node'))]) {
    fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true })
  }
  const result = await inNode(process.execPath, `
    const other = require(${JSON.stringify(copy)})
    const [one, two] = [trustAnchors, other].map(({ loadTrustStoreSync }) => loadTrustStoreSync({ extra: ${JSON.stringify(rootFile)} }))
    return { apart: trustAnchors.loadTrustStoreSync !== other.loadTrustStoreSync, one: await get({ agent: one.agent() }), two: await get({ agent: two.agent() }) }
  `)
  assert.deepEqual(result, { apart: true, one: 'hello', two: 'hello' })
})
