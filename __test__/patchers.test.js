'use strict'

// The installed store beside the packages that change the same function of Node, as they are published: each adds a CA of its own, in any order, and both
// are undone in any order. Each case is a process of its own on this Node.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, it } = require('node:test')

const { runNode } = require('./support/environment')
const { tlsServer } = require('./support/loopback')
const { packagePath } = require('./support/packages')
const { certificate } = require('./support/pki')

const root = path.join(__dirname, '..')
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const canReplace = typeof require('node:tls').setDefaultCACertificates === 'function'

/** Node with a list that can be replaced, and without: `tls.createSecureContext` is wrapped then. */
const MODES = canReplace ? { 'on the default list': [], 'on wrapped contexts': ['--use-openssl-ca'] } : { 'on wrapped contexts': [] }

/** What puts a package's CA in place, and what takes it away again, as its own code does. `pem` and `file` are that CA. */
const PATCHERS = {
  'win-ca in its + mode': {
    setUp: () => `const { inject } = require(${JSON.stringify(packagePath('win-ca'))}); const add = () => inject('+', [pem]); const remove = () => inject(false)`,
  },
  // It has no way back.
  'syswide-cas': {
    setUp: () => `const add = () => require(${JSON.stringify(packagePath('syswide-cas'))}).addCAs(file)`,
  },
  // As VS Code's extension host does it; it has no way back either.
  '@vscode/proxy-agent': {
    skip: major < 22 || (major === 22 && minor < 15) ? 'it is for Node 22.15 and later' : false,
    setUp: () => `
      const proxyAgent = require(${JSON.stringify(packagePath('@vscode/proxy-agent'))})
      const log = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, () => {}]))
      const params = { log, getLogLevel: () => 0, addCertificatesV1: () => false, addCertificatesV2: () => true, loadSystemCertificatesFromNode: () => true, loadAdditionalCertificates: async () => [pem] }
      const add = () => Object.assign(tls, proxyAgent.createTlsPatch(params, { ...tls }))
    `,
  },
}

describe('an installed store beside other packages', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchers-'))
  const copy = path.join(folder, 'copy')
  const files = { ours: path.join(folder, 'ours.pem'), theirs: path.join(folder, 'theirs.pem') }
  const roots = { ours: certificate({ subject: 'Our Root', ca: true }), theirs: certificate({ subject: 'Their Root', ca: true }) }
  const servers = {}

  before(async () => {
    for (const side of ['ours', 'theirs']) {
      fs.writeFileSync(files[side], roots[side].pem)
      const leaf = roots[side].issue({ subject: 'localhost', altNames: ['DNS:localhost'], server: true })
      servers[side] = await tlsServer({ cert: leaf.chainPem, key: leaf.key.pem })
    }
    fs.mkdirSync(copy)
    fs.cpSync(path.join(root, 'lib'), path.join(copy, 'lib'), { recursive: true })
    for (const name of fs.readdirSync(root).filter((file) => /^(index|binding)\.js$|\.node$|^package\.json$/.test(file))) fs.cpSync(path.join(root, name), path.join(copy, name))
  })
  after(async () => {
    await Promise.all(Object.values(servers).map((server) => server.stop()))
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const PRELUDE = ({ name, setUp }) => `
    const assert = require('node:assert/strict')
    const https = require('node:https')
    const tls = require('node:tls')
    const file = ${JSON.stringify(files.theirs)}
    const pem = require('node:fs').readFileSync(file, 'utf8')
    const to = (port) => ({ host: '127.0.0.1', port, servername: 'localhost' })
    const OURS = to(${servers.ours.port})
    const THEIRS = to(${servers.theirs.port})
    const connects = (target, options) => new Promise((resolve) => {
      const socket = tls.connect({ ...target, ...options })
      socket.once('secureConnect', () => { socket.destroy(); resolve(true) })
      socket.once('error', (error) => resolve(error.code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' ? false : error.code))
    })
    const trusts = async (options) => ({ ours: await connects(OURS, options), theirs: await connects(THEIRS, options) })
    const expect = async (ours, theirs, options) => assert.deepEqual(await trusts(options), { ours, theirs })
    const storeOf = (options, from = ${JSON.stringify(root)}) => require(from).loadTrustStoreSync({ extra: false, system: false, ...options })
    const install = (from) => storeOf({ extra: ${JSON.stringify(files.ours)} }, from).install()
    const COPY = ${JSON.stringify(copy)}
    const original = tls.createSecureContext
    // These packages leave a context with a \`ca\` alone. Ours has one where it leaves out what Node trusts, or cannot see it.
    const isHidden = ${!name.startsWith('@vscode')} && (process.execArgv.includes('--use-openssl-ca') || (!tls.setDefaultCACertificates && storeOf({}).excluded.length > 0))
    ${setUp()}
  `
  async function inProcess(patcher, script, { args = [], env = {} } = {}) {
    const { status, stderr } = await runNode(process.execPath, [...args, '-e', `${PRELUDE(patcher)}\n;(async () => {${script}\nprocess.exit()})().catch((error) => { console.error(error); process.exit(1) })`], { env })
    assert.equal(status, 0, stderr)
  }

  for (const [name, { setUp, skip = false }] of Object.entries(PATCHERS)) {
    for (const [mode, args] of Object.entries(MODES)) {
      const test = (title, script, more = {}) => it(`${name}, ${mode}: ${title}`, { skip }, () => inProcess({ name, setUp }, script, { ...more, args: [...args, ...(more.args ?? [])] }))

      test('before ours', `
        add()
        const theirs = tls.createSecureContext
        await expect(false, true)
        const undo = install()
        await expect(true, !isHidden)
        assert.deepEqual(undo.report.unreachable.filter(({ what }) => what.includes('createSecureContext')), [])
        undo()
        assert.equal(tls.createSecureContext, theirs)
        await expect(false, true)
      `)

      test('after ours, which is undone below it', `
        const undo = install()
        add()
        const theirs = tls.createSecureContext
        await expect(true, true)
        await expect(true, true, { minVersion: 'TLSv1.3' })
        const isCovered = undo.report.mechanism === 'createSecureContext'
        const said = () => undo.report.unreachable.some(({ why }) => why === 'another package has wrapped it since')
        assert.equal(said(), isCovered)
        undo()
        assert.equal(said(), isCovered)
        assert.equal(tls.createSecureContext, theirs)
        await expect(false, true)
        undo()
        await expect(false, true)
      `)

      test('between two copies of ours', `
        const first = install()
        add()
        const second = install(COPY)
        await expect(true, !isHidden)
        first()
        await expect(true, !isHidden)
        second()
        await expect(false, true)
      `)

      test('a store that is not installed stays what it is', `
        install()
        add()
        assert.equal(await connects(OURS, { secureContext: storeOf({}).secureContext }), false)
        storeOf({}, COPY).install()
        assert.equal(await connects(OURS, { secureContext: storeOf({}, COPY).secureContext }), false)
        assert.ok(storeOf({}).agent())
      `)

      test('with the trust that comes from the command line', `
        add()
        await expect(true, true)
        await expect(true, true)
      `, { args: ['--require', path.join(root, 'register.js')], env: { NODE_EXTRA_CA_CERTS: files.ours } })
    }
  }

  for (const [mode, args] of Object.entries(MODES)) {
    const test = (title, script) => it(`win-ca, ${mode}: ${title}`, () => inProcess({ name: 'win-ca', ...PATCHERS['win-ca in its + mode'] }, script, { args }))

    test('undone in every order, with nothing left', `
      const steps = { first: () => install(), theirs: () => (add(), remove), second: () => install(COPY) }
      const orders = (names) => (names.length === 0 ? [[]] : names.flatMap((name) => orders(names.filter((other) => other !== name)).map((rest) => [name, ...rest])))
      for (const made of orders(Object.keys(steps))) {
        for (const undone of orders(Object.keys(steps))) {
          const undo = Object.fromEntries(made.map((name) => [name, steps[name]()]))
          await expect(true, !isHidden || made[2] === 'theirs')
          for (const [index, name] of undone.entries()) {
            undo[name]()
            const left = undone.slice(index + 1)
            assert.equal(await connects(OURS), left.includes('first') || left.includes('second'), made + ' ' + undone)
            if (!isHidden) assert.equal(await connects(THEIRS), left.includes('theirs'), made + ' ' + undone)
          }
          // What of theirs could not be taken away when it was undone is still there, for the next time; what of ours was below it goes with a context.
          add()
          remove()
          tls.createSecureContext({})
          assert.equal(tls.createSecureContext, original, made + ' ' + undone)
        }
      }
    `)

    test('what it added is gone from every connection with it', `
      const undo = install()
      await expect(true, false)
      add()
      await expect(true, true)
      remove()
      await expect(true, false)
      undo()
      assert.equal(tls.createSecureContext, original)
    `)

    it(`a package that takes it away, ${mode}: is reported`, () => inProcess({ name: 'one that gives back what it found', setUp: () => '' }, `
      const found = tls.createSecureContext
      const undo = install()
      tls.createSecureContext = found
      const isGone = undo.report.mechanism === 'createSecureContext'
      await expect(!isGone, false)
      assert.equal(undo.report.unreachable[0].instead === 'store.install() again', isGone)
      undo()
      assert.equal(tls.createSecureContext, original)
      const again = install()
      await expect(true, false)
      again()
      await expect(false, false)
    `, { args }))

    it(`@vscode/proxy-agent, ${mode}: what it gives to one connection stays with that one`, { skip: PATCHERS['@vscode/proxy-agent'].skip }, () => inProcess({ name: '@vscode/proxy-agent', ...PATCHERS['@vscode/proxy-agent'] }, `
      params.addCertificatesV2 = () => false
      for (const makeFirst of [install, add]) {
        const undo = makeFirst === install ? install() : (add(), install())
        if (makeFirst === install) add()
        await expect(true, true, { _vscodeAdditionalCaCerts: [pem] })
        await expect(true, false)
        await expect(true, false)
        undo()
        tls.createSecureContext = original
      }
    `, { args }))
  }

  /** Each gives `https.globalAgent` a list, and not the process. mac-ca reads it from a program of macOS. */
  const GLOBALLY = {
    'win-ca': () => `require(${JSON.stringify(packagePath('win-ca'))}).inject(true, [pem])`,
    'ssl-root-cas': () => `require(${JSON.stringify(packagePath('ssl-root-cas'))}).inject().addFile(file)`,
    'mac-ca': () => `
      const { platform } = process
      Object.defineProperty(process, 'platform', { value: 'darwin' })
      require('node:child_process').spawnSync = () => ({ stdout: pem })
      require(${JSON.stringify(packagePath('mac-ca'))}).addToGlobalAgent()
      Object.defineProperty(process, 'platform', { value: platform })
    `,
  }
  for (const [name, setUp] of Object.entries(GLOBALLY)) {
    it(`${name}: what the global agent no longer takes from the process is reported`, () => inProcess({ name, setUp }, `
      const undo = install()
      await expect(true, false)
      const get = (target, agent) => new Promise((resolve) => {
        const request = https.get({ ...target, agent })
        request.once('error', ({ code }) => resolve(code))
        request.once('socket', (socket) => socket.once('secureConnect', () => { resolve('ok'); socket.destroy() }))
      })
      const REFUSED = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
      assert.deepEqual([await get(OURS), await get(THEIRS)], [REFUSED, 'ok'])
      assert.deepEqual(undo.report.unreachable[0], { what: 'https.globalAgent', why: 'it has a ca of its own', instead: 'https.globalAgent = store.agent()' })
      const isEvery = undo.report.unreachable[1].what.includes('new https.Agent()')
      assert.equal(isEvery, ${name === 'mac-ca'})
      assert.equal(await get(OURS, new https.Agent()), isEvery ? REFUSED : 'ok')
      assert.equal(await get(OURS, storeOf({ extra: ${JSON.stringify(files.ours)} }).agent()), 'ok')
    `))
  }
})
