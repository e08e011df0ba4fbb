'use strict'

// What docs/runtimes.md says of Bun and Deno, asked of both: every part of the package, with servers on loopback whose certificates are good and bad.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const http2 = require('node:http2')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, it } = require('node:test')

const { verifyChain } = require('..')
const { run } = require('./support/environment')
const { ANY_LEVEL, listen, LOOPBACK, tlsServer } = require('./support/loopback')
const { certificate, standardPki } = require('./support/pki')
const runtimes = require('./support/runtimes')

const ROOT = path.join(__dirname, '..')
const PROGRAM = path.join(ROOT, 'bin', 'trust-anchors.js')
const CHILD = path.join(__dirname, 'support', 'runtime-child.cjs')
const UNKNOWN_ISSUER = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
/** The server that is trusted, and the other one. */
const TRUSTED = ['ok', UNKNOWN_ISSUER]
const REFUSED = [UNKNOWN_ISSUER, UNKNOWN_ISSUER]

// A program with the three ways to a server that each runtime has.
const WAYS = `
const code = (error) => error.code ?? error.cause?.code ?? error.message
const [url] = process.argv.slice(2)
const { hostname: host, port } = new URL(url)
const ways = {
  https: () => new Promise((resolve) => require('node:https').get(url, { agent: false }, (response) => { response.resume(); resolve('ok') }).on('error', (error) => resolve(code(error)))),
  tls: () => new Promise((resolve) => { const socket = require('node:tls').connect({ host, port, servername: host }, () => { resolve('ok'); socket.destroy() }).on('error', (error) => resolve(code(error))) }),
  fetch: () => fetch(url).then((response) => response.text()).then(() => 'ok', () => 'refused'),
}
;(async () => {
  const results = []
  for (const way of Object.values(ways)) results.push(await way())
  console.log(JSON.stringify(results))
  process.exit(0)
})()
`

describe('Bun and Deno', { skip: runtimes.unsupported ?? false }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'runtimes-'))
  const file = (name, text) => {
    const written = path.join(folder, name)
    fs.mkdirSync(path.dirname(written), { recursive: true })
    fs.writeFileSync(written, text)
    return written
  }
  const pki = standardPki()
  const local = { subject: 'localhost', altNames: ['DNS:localhost', 'IP:127.0.0.1'], server: true }
  const root = certificate({ subject: 'Runtime Root', ca: true })
  const otherRoot = certificate({ subject: 'Other Runtime Root', ca: true })
  const leaf = root.issue(local)
  const servers = []
  const ports = {}
  let extra
  let ways

  before(async () => {
    extra = file('root.pem', root.pem)
    ways = file('ways.cjs', WAYS)
    const answer = (_request, response) => response.end('ready')
    const serve = async (name, { create = https.createServer, key, cert }) => {
      const server = await listen(create({ key, cert }, answer), LOOPBACK)
      servers.push(server)
      ports[name] = server.port
    }
    const other = otherRoot.issue(local)
    await serve('trusted', { key: leaf.key.pem, cert: leaf.pem })
    await serve('other', { key: other.key.pem, cert: other.pem })
    await serve('http2', { create: http2.createSecureServer, key: leaf.key.pem, cert: leaf.pem })
  })
  after(async () => {
    for (const server of servers) await server.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  /** As npm installs it: Deno takes the files of a package for CommonJS there, and for ES modules in a clone. */
  function installed() {
    const home = path.join(folder, 'app', 'node_modules', 'trust-anchors')
    if (fs.existsSync(home)) return home
    const { files } = require('../package.json')
    const binaries = fs.readdirSync(ROOT).filter((name) => name.endsWith('.node'))
    for (const name of [...files, ...binaries, 'package.json']) fs.cpSync(path.join(ROOT, name), path.join(home, name), { recursive: true })
    file('app/package.json', '{ "name": "app", "type": "module" }')
    return home
  }

  for (const name of ['bun', 'deno']) {
    const { runRuntime, runtimeEnvironment, runtimeNamed } = runtimes
    const succeed = async (args, options) => {
      const { status, signal, stdout, stderr } = await runRuntime(name, args, options)
      assert.deepEqual([status, signal], [0, null], stderr)
      return { stdout, stderr }
    }

    describe(name, () => {
      /** @type {Record<string, unknown>} */
      let results
      before(async () => {
        const task = { packageFolder: ROOT, extra, folder, ports, root: root.pem, otherRoot: otherRoot.pem, chain: leaf.pem }
        const { stdout, stderr } = await succeed([CHILD, JSON.stringify(task)])
        assert.equal(stderr, '')
        results = JSON.parse(stdout)
      })
      const gives = (step, expected) => assert.deepEqual(results[step], expected)

      it('has every function, and loads the store', () => {
        gives('exports', [Object.keys(require('..')).length, true])
        gives('load', true)
        gives('nothing', REFUSED)
      })
      it('takes `ca` for https, tls and http2', () => gives('ca', [TRUSTED, TRUSTED, 'ok']))
      it('takes an agent', () => {
        gives('agent', [TRUSTED, TRUSTED, TRUSTED])
        gives('wrongName', 'ERR_TLS_CERT_ALTNAME_INVALID')
      })
      it('takes `connectOptions()`', () => gives('connectOptions', [TRUSTED, TRUSTED, 'ok']))
      it('keeps what is trusted for some hosts to these hosts', () => gives('hosts', { named: 'ok', other: UNKNOWN_ISSUER, again: 'ok', misused: 'ERR_TRUST_ANCHORS_OTHER_HOST' }))
      it('gives fetch a store through the option of its own, and refuses what it does not know', () => {
        gives('fetch', { plain: ['refused', 'refused'], own: ['ok', 'refused'], unknown: ['refused', 'refused'] })
      })
      it('installs a store for node:tls and node:https, says that fetch is not reached, and takes it back', () => {
        const report = name === 'bun' ? 'fetch(url, { tls: { ca: store.ca } })' : 'fetch(url, { client: Deno.createHttpClient({ caCerts: store.ca }) })'
        gives('install', { mechanism: 'setDefaultCACertificates', during: [TRUSTED, TRUSTED, TRUSTED], fetch: ['refused', 'refused'], report, after: REFUSED })
      })
      it('follows the files of a store, and resumes no session that was verified before', () => {
        const ways = 7
        gives('watch', { before: Array(ways).fill(TRUSTED), change: [false, 1, 1], after: Array(ways).fill([...TRUSTED].reverse()) })
      })
      it('hands a store to a worker', () => gives('worker', 'ok'))
      it('inspects, judges, explains and looks before it connects', () => {
        gives('inspectCaFile', [[name, 1], [name, 1], ['node', 1]])
        gives('verifyChain', [[true, null], [false, UNKNOWN_ISSUER]])
        gives('preflight', [name, true, name])
        gives('diagnose', [[true, null, true, null], [false, UNKNOWN_ISSUER, false, UNKNOWN_ISSUER]])
        const [explained, findings, variables] = results.others
        assert.equal(explained, UNKNOWN_ISSUER)
        assert.equal(findings.length, 1)
        assert.deepEqual(variables, ['NODE_EXTRA_CA_CERTS', 'DENO_CERT'])
      })

      it('imports the installed package', async () => {
        installed()
        const script = file('app/import.js', "import anchors, { loadTrustStoreSync } from 'trust-anchors'\nconsole.log(loadTrustStoreSync().ca.length > 100, anchors.loadTrustStoreSync === loadTrustStoreSync)\n")
        assert.equal((await succeed([script])).stdout, 'true true\n')
      })

      it('registers and looks first with its own flags', async () => {
        const store = path.join(folder, 'system')
        fs.mkdirSync(store, { recursive: true })
        fs.writeFileSync(path.join(store, 'root.pem'), root.pem)
        const home = installed()
        const url = `https://localhost:${ports.trusted}/`
        // What the merged store finds, and the runtime does not: Bun gives up a file with a fault, and Deno looks into no directory.
        const env = name === 'bun' ? { NODE_EXTRA_CA_CERTS: file('faulty.pem', `${root.pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`) } : { SSL_CERT_DIR: store }
        const flag = name === 'bun' ? '--preload' : '--require'
        const lines = async (args) => JSON.parse((await runRuntime(name, [...args, ways, url], { env })).stdout)
        assert.deepEqual(await lines([]), [UNKNOWN_ISSUER, UNKNOWN_ISSUER, 'refused'])
        assert.deepEqual(await lines([flag, path.join(home, 'register.js')]), ['ok', 'ok', 'refused'])
        const { stderr } = await runRuntime(name, [flag, path.join(home, 'preflight.js'), ways, url], { env: { NODE_EXTRA_CA_CERTS: '/nowhere.pem' } })
        assert.match(stderr, /error\[extra-ca-file-missing\]/)
      })

      it('runs the command line', async () => {
        const { stdout } = await succeed([PROGRAM, 'preflight'])
        assert.match(stdout, new RegExp(`What ${name === 'bun' ? 'Bun' : 'Deno'} trusts here`))
        assert.match((await succeed([PROGRAM, 'inspect', extra])).stdout, new RegExp(`${name === 'bun' ? 'Bun' : 'Deno'} loads the certificate in it`))
        assert.match((await succeed([PROGRAM, 'list'])).stdout, /\n/)
      })

      it('reaches a server as a child of `trust-anchors run`', async () => {
        const { path: binary, args } = runtimeNamed(name)
        const command = [binary, ...args, ways, `https://localhost:${ports.trusted}/`]
        const alone = await run(command[0], command.slice(1), { env: runtimeEnvironment() })
        assert.deepEqual(JSON.parse(alone.stdout), [UNKNOWN_ISSUER, UNKNOWN_ISSUER, 'refused'])
        const env = { ...runtimeEnvironment(), NODE_EXTRA_CA_CERTS: extra, XDG_CACHE_HOME: path.join(folder, 'cache') }
        const through = await run(process.execPath, [PROGRAM, 'run', '--', ...command], { env })
        assert.deepEqual(JSON.parse(through.stdout), ['ok', 'ok', 'ok'], through.stderr)
      })

      it('reaches it with nothing but the variable that `childEnv` has for it', async () => {
        const { childEnv, loadTrustStoreSync } = require('..')
        const env = childEnv(loadTrustStoreSync({ extra }), { tools: [name], directory: path.join(folder, 'bundles') })
        assert.deepEqual(Object.keys(env), [name === 'bun' ? 'NODE_EXTRA_CA_CERTS' : 'DENO_CERT'])
        assert.deepEqual(JSON.parse((await succeed([ways, `https://localhost:${ports.trusted}/`], { env })).stdout), ['ok', 'ok', 'ok'])
      })
    })
  }

  it('need permissions in Deno, and say which', async () => {
    const script = file('load.cjs', `console.log(require(${JSON.stringify(ROOT)}).loadTrustStoreSync().ca.length > 100)`)
    const { path: deno } = runtimes.runtimeNamed('deno')
    const attempt = (...permissions) => run(deno, ['run', '--no-prompt', ...permissions, script], { env: runtimes.runtimeEnvironment() })
    const steps = [
      [['--allow-read'], /Requires env access to "NAPI_RS_NATIVE_LIBRARY_PATH"/],
      [['--allow-read', '--allow-env'], /Requires ffi access to ".*\.node"/],
      [['--allow-read', '--allow-env', '--allow-ffi'], /Requires sys access to "ca"/],
    ]
    for (const [permissions, message] of steps) {
      const { status, stderr } = await attempt(...permissions)
      assert.equal(status, 1)
      assert.match(stderr, message)
    }
    assert.equal((await attempt('--allow-read', '--allow-env', '--allow-ffi', '--allow-sys')).stdout, 'true\n')
  })

  // A verdict is Node's. Where Bun or Deno comes to another one, docs/runtimes.md says so.
  it('judge some chains otherwise than Node, as the page tells', async () => {
    const options = { subject: 'localhost', altNames: ['DNS:localhost'], server: true }
    const critical = [{ oid: '1.3.6.1.4.1.32473.1.2', critical: true, value: Buffer.from('0500', 'hex') }]
    const cases = {
      good: [pki.root.issue(options), pki.root],
      'with an intermediate': [pki.intermediate.issue(options), pki.root],
      'an unknown root': [pki.otherRoot.issue(options), pki.root],
      'an expired leaf': [pki.root.issue({ ...options, notBefore: '2010-01-01', notAfter: '2011-01-01' }), pki.root],
      'an expired root': [pki.expiredRoot.issue(options), pki.expiredRoot],
      'another name': [pki.root.issue({ ...options, altNames: ['DNS:other.test'] }), pki.root],
      'a leaf for clients': [pki.root.issue({ ...options, server: false, extendedKeyUsage: ['clientAuth'] }), pki.root],
      'an RSA key of 1024 bits': [pki.root.issue({ ...options, keyType: 'rsa-1024', keyName: 'weak leaf' }), pki.root],
      'a root with an RSA key of 1024 bits': [pki.weakKeyRoot.issue(options), pki.weakKeyRoot],
      'a SHA-1 signature': [pki.rsaRoot.issue({ ...options, digest: 'sha1' }), pki.rsaRoot],
      'a trusted intermediate alone': [pki.intermediate.issue(options), pki.intermediate],
      'an issuer that is no CA': [pki.directLeaf.issue(options), pki.root],
      'a root for clients': [pki.clientOnlyRoot.issue(options), pki.clientOnlyRoot],
      'a root that may not sign': [pki.noCertSignRoot.issue(options), pki.noCertSignRoot],
      'a root with an unknown critical extension': [pki.unknownCriticalRoot.issue(options), pki.unknownCriticalRoot],
      'a leaf with an unknown critical extension': [pki.root.issue({ ...options, extensions: critical }), pki.root],
      'a root that permits other names': [pki.constrainedRoot.issue(options), pki.constrainedRoot],
      'an Ed448 root': [pki.ed448Root.issue(options), pki.ed448Root],
      'a root on secp256k1': [pki.secp256k1Root.issue(options), pki.secp256k1Root],
      'a broken signature': [pki.root.issue({ ...options, signature: 'broken' }), pki.root],
    }
    const judged = []
    const tasks = []
    for (const [name, [leaf, anchor]] of Object.entries(cases)) {
      const server = await tlsServer({ cert: leaf.chainPem, key: leaf.key.pem, ciphers: ANY_LEVEL })
      servers.push(server)
      tasks.push({ name, port: server.port, ca: anchor.pem })
      const { ok } = verifyChain({ chain: leaf.chainPem, ca: anchor.pem, hostname: 'localhost', node: '26' })
      judged.push([name, { node: ok }])
    }
    const script = file('judge.cjs', `
      const tls = require('node:tls')
      const judge = ({ port, ca }) => new Promise((resolve) => {
        const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ca }, () => { resolve(true); socket.destroy() })
        socket.on('error', () => resolve(false))
      })
      ;(async () => {
        const results = []
        for (const task of ${JSON.stringify(tasks)}) results.push(await judge(task))
        console.log(JSON.stringify(results))
        process.exit(0)
      })()
    `)
    for (const { name } of runtimes.runtimes) {
      const { stdout, stderr } = await runtimes.runRuntime(name, [script])
      const answers = JSON.parse(stdout || `"${stderr}"`)
      judged.forEach(([, outcome], index) => (outcome[name] = answers[index]))
    }
    const differences = Object.fromEntries(judged.filter(([, { node, bun, deno }]) => node !== bun || node !== deno))
    assert.deepEqual(differences, {
      'an expired root': { node: false, bun: false, deno: true },
      'an RSA key of 1024 bits': { node: false, bun: true, deno: false },
      'a root with an RSA key of 1024 bits': { node: false, bun: true, deno: false },
      'a SHA-1 signature': { node: false, bun: true, deno: false },
      'a trusted intermediate alone': { node: false, bun: false, deno: true },
      'a root for clients': { node: false, bun: false, deno: true },
      'a root that may not sign': { node: false, bun: false, deno: true },
      'a root with an unknown critical extension': { node: false, bun: false, deno: true },
      'an Ed448 root': { node: true, bun: false, deno: false },
      'a root on secp256k1': { node: true, bun: false, deno: false },
    })
    // The page has a line for each.
    const page = fs.readFileSync(path.join(ROOT, 'docs', 'runtimes.md'), 'utf8')
    const verdict = (ok) => (ok ? 'accepted' : 'refused')
    for (const [name, { node, bun, deno }] of Object.entries(differences)) {
      assert.ok(page.includes(`| ${name} | ${verdict(node)} | ${verdict(bun)} | ${verdict(deno)} |`), name)
    }
  })
})
