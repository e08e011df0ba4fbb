'use strict'

// The installed store reaches every connection of a thread, and leaves no trace when it is undone. Each case is a process of its own on this Node.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, it } = require('node:test')

const { clientPath } = require('./support/clients')
const { runNode } = require('./support/environment')
const { tlsServer } = require('./support/loopback')
const { pemBlock, revocationList, standardPki } = require('./support/pki')

const root = path.join(__dirname, '..')
const canReplace = typeof require('node:tls').setDefaultCACertificates === 'function'

describe('an installed store', () => {
  const pki = standardPki()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'install-'))
  const extra = path.join(folder, 'root.pem')
  let server

  before(async () => {
    fs.writeFileSync(extra, pki.root.pem)
    server = await tlsServer({ cert: pki.leaf.chainPem, key: pki.leaf.key.pem, ALPNProtocols: ['http/1.1'], speak: undefined })
  })
  after(async () => {
    await server?.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const PRELUDE = () => `
    const assert = require('node:assert/strict')
    const tls = require('node:tls')
    const https = require('node:https')
    const trustAnchors = require(${JSON.stringify(root)})
    const port = ${server.port}
    const to = { host: '127.0.0.1', port, servername: 'localhost' }
    const code = (make) => new Promise((resolve) => {
      const socket = make()
      socket.once('secureConnect', () => { socket.destroy(); resolve('ok') })
      socket.once('connect', () => socket.constructor.name.startsWith('ClientHttp2') && (socket.destroy(), resolve('ok')))
      socket.once('error', (error) => resolve(error.code))
    })
    const connect = (options) => code(() => tls.connect({ ...to, ...options }))
    const get = (agent) => new Promise((resolve) => {
      const request = https.get({ ...to, agent, path: '/' })
      request.once('socket', (socket) => socket.once('secureConnect', () => { request.destroy(); resolve('ok') }))
      request.once('error', (error) => resolve(error.code))
    })
    const load = () => trustAnchors.loadTrustStoreSync({ extra: ${JSON.stringify(extra)}, system: false })
    const REFUSED = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
  `
  async function inProcess(script, { args = [], env = {} } = {}) {
    const { status, stderr, stdout } = await runNode(process.execPath, [...args, '-e', `${PRELUDE()}\n;(async () => {${script}\n})().catch((error) => { console.error(error); process.exitCode = 1 })`], { env })
    assert.equal(status, 0, stderr)
    return stdout
  }

  it('reaches tls, https with agents made before, http2 and contexts without arguments', async () => {
    await inProcess(`
      const agent = new https.Agent()
      assert.equal(await connect(), REFUSED)
      const undo = load().install()
      assert.equal(await connect(), 'ok')
      assert.equal(await connect(), 'ok')
      assert.equal(await get(agent), 'ok')
      assert.equal(await get(https.globalAgent), 'ok')
      assert.equal(await connect({ secureContext: tls.createSecureContext() }), 'ok')
      assert.equal(await connect({ minVersion: 'TLSv1.3' }), 'ok')
      assert.equal(await connect({ ciphers: 'DEFAULT' }), 'ok')
      undo()
      assert.equal(await connect(), REFUSED)
      assert.equal(await get(new https.Agent()), REFUSED)
    `)
  })

  it('outlives the connections that share a context', async () => {
    for (const args of [[], ['--use-openssl-ca']]) {
      await inProcess(`
        load().install()
        for (const options of [{}, { minVersion: 'TLSv1.3' }]) {
          for (let count = 0; count < 3; count += 1) {
            assert.equal(await connect(options), 'ok')
            // What is closed with a connection is closed by then.
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        }
      `, { args })
    }
  })

  it('reaches fetch and undici', async () => {
    const undici = clientPath(Number(process.versions.node.split('.')[0]) < 20 ? 'undici6' : 'undici')
    await inProcess(`
      const ended = (promise) => promise.then(() => 'ok', (error) => (error.cause ?? error).code ?? error.message)
      const { request } = require(${JSON.stringify(undici)})
      const url = 'https://localhost:' + port
      const isTrusted = (end) => end !== REFUSED
      assert.equal(await ended(fetch(url)), REFUSED)
      const undo = load().install()
      assert.ok(isTrusted(await ended(fetch(url))))
      assert.ok(isTrusted(await ended(request(url))))
      undo()
      process.exit()
    `)
  })

  it('leaves what is given its own trust alone', async () => {
    await inProcess(`
      const made = tls.createSecureContext()
      const undo = load().install()
      assert.equal(await connect({ ca: tls.rootCertificates[0] }), REFUSED)
      assert.equal(await connect({ secureContext: made }), REFUSED)
      assert.equal(await connect({ ca: [] }), REFUSED)
      assert.deepEqual(undo.report.unreachable.map(({ what }) => what.split(' ')[0]), ['agents,', 'secure', 'sessions', 'worker', 'child'])
      https.globalAgent.options.ca = tls.rootCertificates[0]
      assert.equal(undo.report.unreachable[0].what, 'https.globalAgent')
    `)
  })

  it('adds to a context of its own what its owner adds, and to no other', async () => {
    await inProcess(`
      const store = trustAnchors.loadTrustStoreSync({ extra: false, system: false })
      const undo = store.install()
      const own = tls.createSecureContext()
      own.context.addCACert(require('fs').readFileSync(${JSON.stringify(extra)}, 'utf8'))
      assert.equal(await connect({ secureContext: own }), 'ok')
      assert.equal(await connect(), REFUSED)
      assert.equal(await connect({ secureContext: tls.createSecureContext() }), REFUSED)
    `)
  })

  it('is undone in any order, by several copies, around others that wrap the same function', async () => {
    const copy = path.join(folder, 'copy')
    fs.mkdirSync(copy, { recursive: true })
    fs.cpSync(path.join(root, 'lib'), path.join(copy, 'lib'), { recursive: true })
    for (const name of fs.readdirSync(root).filter((file) => /^(index|binding)\.js$|\.node$|^package\.json$/.test(file))) fs.cpSync(path.join(root, name), path.join(copy, name))
    await inProcess(`
      const other = require(${JSON.stringify(copy)})
      const original = tls.createSecureContext
      const listed = tls.getCACertificates?.('default')
      const empty = () => other.loadTrustStoreSync({ extra: false, system: false })
      const first = empty().install()
      const second = load().install()
      assert.equal(await connect(), 'ok')
      first()
      assert.equal(await connect(), 'ok')
      second()
      assert.equal(await connect(), REFUSED)
      assert.equal(tls.createSecureContext, original)
      // Node writes a list that is set in lines of its own length.
      const identities = (list) => new Set(list.map((pem) => new (require('node:crypto').X509Certificate)(pem).fingerprint256))
      if (listed) assert.deepEqual(identities(tls.getCACertificates('default')), identities(listed))

      const under = load().install()
      let calls = 0
      const wrapped = tls.createSecureContext
      tls.createSecureContext = (options) => { calls += 1; return wrapped(options) }
      const over = tls.createSecureContext
      assert.equal(await connect(), 'ok')
      under()
      assert.equal(tls.createSecureContext, over)
      assert.equal(await connect(), REFUSED)
      assert.ok(calls >= 2)
      second()
      under()
      assert.equal(await connect(), REFUSED)
    `)
  })

  it('the last one installed counts, whether or not it was waiting for a connection', async () => {
    await inProcess(`
      const empty = trustAnchors.loadTrustStoreSync({ extra: false, system: false })
      const first = load().install()
      const second = empty.install()
      assert.equal(await connect(), REFUSED)
      assert.equal(await connect({ minVersion: 'TLSv1.3' }), REFUSED)
      second()
      assert.equal(await connect(), 'ok')
      first()
      assert.equal(await connect(), REFUSED)
    `)
    await inProcess(`
      const undo = trustAnchors.loadTrustStoreSync({ extra: false, system: false }).install()
      assert.equal(await connect(), REFUSED)
      undo()
      assert.equal(await connect(), 'ok')
      const again = trustAnchors.loadTrustStoreSync({ extra: false, system: false }).install()
      assert.equal(await connect(), REFUSED)
      again()
      assert.equal(await connect(), 'ok')
    `, { args: ['--require', path.join(root, 'register.js')], env: { NODE_EXTRA_CA_CERTS: extra } })
  })

  it('takes nothing away that was set since', { skip: canReplace ? false : 'this Node has no tls.setDefaultCACertificates' }, async () => {
    await inProcess(`
      const undo = trustAnchors.loadTrustStoreSync({ extra: false, system: false }).install()
      tls.setDefaultCACertificates([require('fs').readFileSync(${JSON.stringify(extra)}, 'utf8')])
      undo()
      assert.equal(await connect(), 'ok')
      assert.equal(tls.getCACertificates('default').length, 1)
    `)
  })

  it('keeps `crl` and `pfx` as they are', async () => {
    await inProcess(`
      load().install()
      assert.equal(await connect({ crl: ${JSON.stringify(pemBlock(revocationList(pki.root), 'X509 CRL'))} }), 'UNABLE_TO_GET_CRL')
    `)
  })

  it('serves the merged store from --import and --require, which load nothing until a connection needs it', async () => {
    const register = path.join(root, 'register.js')
    for (const flag of ['--import', '--require']) {
      const specifier = flag === '--import' ? `file://${register}` : register
      await inProcess(`
        assert.equal(await connect(), 'ok')
        assert.equal(await connect(), 'ok')
      `, { args: [flag, specifier], env: { NODE_EXTRA_CA_CERTS: extra } })
    }
    const { stdout, status } = await runNode(process.execPath, ['--require', register, '-e', "console.log(Object.keys(require.cache).filter((name) => name.endsWith('.node')).length)"])
    assert.equal(status, 0)
    assert.equal(stdout.trim(), '0')
  })

  it('is taken over by workers, with one line or through execArgv', async () => {
    const register = path.join(root, 'register.js')
    await inProcess(`
      const { Worker } = require('node:worker_threads')
      const WORKER = \`
        const tls = require('node:tls')
        const { parentPort } = require('node:worker_threads')
        const socket = tls.connect({ host: '127.0.0.1', port: \${port}, servername: 'localhost' })
        socket.once('secureConnect', () => { socket.destroy(); parentPort.postMessage('ok') })
        socket.once('error', (error) => parentPort.postMessage(error.code))
      \`
      const says = (source, options) => new Promise((resolve, reject) => {
        const worker = new Worker(source, { eval: true, ...options })
        worker.once('message', (message) => { resolve(message); worker.terminate() })
        worker.once('error', reject)
      })
      const line = 'require(' + JSON.stringify(${JSON.stringify(register)}) + ');'
      const undo = load().install()
      assert.equal(await says(line + WORKER), 'ok')
      assert.equal(await says(WORKER, { execArgv: ['--require', ${JSON.stringify(register)}] }), 'ok')
      const above = trustAnchors.loadTrustStoreSync({ extra: false, system: false }).install()
      assert.equal(await says(line + WORKER), REFUSED)
      above()
      assert.equal(await says(line + WORKER), 'ok')
      undo()
      assert.equal(await says(line + WORKER), REFUSED)
    `)
  })
})
