'use strict'

// A watched store follows its files in every way that files are changed in; what is new shows in connections to real servers of two CAs.

const assert = require('node:assert/strict')
const { once } = require('node:events')
const fs = require('node:fs')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')
const { after, afterEach, before, beforeEach, describe, it } = require('node:test')
const tls = require('node:tls')

const { loadTrustStore, loadTrustStoreSync } = require('..')
const { clientPath } = require('./support/clients')
const { runNode } = require('./support/environment')
const { tlsServer } = require('./support/loopback')
const { REFUSED, authority, connecting: connect, follow, replace } = require('./support/watching')

const root = path.join(__dirname, '..')

describe('a watched store', () => {
  const one = authority('Rotated CA 1')
  const two = authority('Rotated CA 2')
  const servers = []
  let folder
  let file
  let watchers

  before(async () => {
    for (const { identity } of [one, two]) {
      servers.push(await tlsServer({ ...identity, speak: (socket) => socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')), greeting: '' }))
    }
  })
  after(() => Promise.all(servers.map((server) => server.stop())))
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watch-'))
    file = path.join(folder, 'ca.pem')
    watchers = []
  })
  afterEach(() => {
    for (const watcher of watchers) watcher.close()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const load = (extra = file) => loadTrustStoreSync({ bundled: false, system: false, extra, env: {} })

  /** Watches until the test ends. */
  function changesOf(store, options) {
    const following = follow(store, options)
    watchers.push(following.watcher)
    return following
  }

  const get = (server, agent, route = '/') => new Promise((resolve) => {
    https.get({ host: '127.0.0.1', port: server.port, servername: 'localhost', path: route, agent }, (response) => response.resume().once('end', () => resolve('ok')))
      .once('error', (error) => resolve(error.code))
  })
  const verdicts = async (options) => [await connect(servers[0], options), await connect(servers[1], options)]

  /** A file that is there from the beginning, and what takes the place of its content. */
  const SWAPS = {
    'is overwritten': () => ({ begin: () => fs.writeFileSync(file, one.pem), change: () => fs.writeFileSync(file, two.pem) }),
    'is replaced by another that is renamed, as editors do it': () => ({
      begin: () => fs.writeFileSync(file, one.pem),
      change: () => {
        fs.writeFileSync(`${file}.new`, two.pem)
        fs.renameSync(file, `${file}~`)
        fs.renameSync(`${file}.new`, file)
      },
    }),
    'is behind ..data, as Kubernetes swaps it': () => ({
      begin: () => {
        fs.mkdirSync(path.join(folder, '..1'))
        fs.writeFileSync(path.join(folder, '..1', 'ca.pem'), one.pem)
        fs.symlinkSync('..1', path.join(folder, '..data'))
        fs.symlinkSync('..data/ca.pem', file)
      },
      change: () => {
        fs.mkdirSync(path.join(folder, '..2'))
        fs.writeFileSync(path.join(folder, '..2', 'ca.pem'), two.pem)
        fs.symlinkSync('..2', path.join(folder, '..data_tmp'))
        fs.renameSync(path.join(folder, '..data_tmp'), path.join(folder, '..data'))
        fs.rmSync(path.join(folder, '..1'), { recursive: true })
      },
    }),
    'is a link to another folder, as certbot swaps it': () => ({
      begin: () => {
        for (const name of ['archive', 'live']) fs.mkdirSync(path.join(folder, name))
        fs.writeFileSync(path.join(folder, 'archive', 'chain1.pem'), one.pem)
        file = path.join(folder, 'live', 'chain.pem')
        fs.symlinkSync('../archive/chain1.pem', file)
      },
      change: () => {
        fs.writeFileSync(path.join(folder, 'archive', 'chain2.pem'), two.pem)
        fs.unlinkSync(file)
        fs.symlinkSync('../archive/chain2.pem', file)
      },
    }),
    'is written in many steps': () => ({
      begin: () => fs.writeFileSync(file, one.pem),
      change: () => {
        const half = two.pem.length >> 1
        fs.writeFileSync(file, '')
        for (let round = 0; round < 50; round += 1) fs.appendFileSync(file, '\n')
        fs.appendFileSync(file, two.pem.slice(0, half))
        fs.appendFileSync(file, two.pem.slice(half))
      },
    }),
    'is in a folder that is replaced': () => ({
      begin: () => {
        fs.mkdirSync(path.join(folder, 'given'))
        file = path.join(folder, 'given', 'ca.pem')
        fs.writeFileSync(file, one.pem)
      },
      change: () => {
        fs.mkdirSync(path.join(folder, 'next'))
        fs.writeFileSync(path.join(folder, 'next', 'ca.pem'), two.pem)
        fs.renameSync(path.join(folder, 'given'), path.join(folder, 'last'))
        fs.renameSync(path.join(folder, 'next'), path.join(folder, 'given'))
      },
    }),
  }

  for (const [title, make] of Object.entries(SWAPS)) {
    it(`follows a file that ${title}`, async () => {
      const { begin, change } = make()
      begin()
      const store = load(file)
      const held = store.connectOptions()
      const agent = store.agent()
      assert.deepEqual(await verdicts(held), ['ok', REFUSED])
      const { next, watcher } = changesOf(store)
      await watcher.ready
      change()
      let given = await next()
      // The steps of a writer may be seen one by one where the system is slow to tell of them.
      while (given.kept) given = await next()
      assert.equal(given.store, store)
      assert.deepEqual([given.added, given.removed].map((list) => list.map(({ sha256 }) => sha256)), [[two.sha256], [one.sha256]])
      assert.deepEqual(store.certificates.map(({ sha256 }) => sha256), [two.sha256])
      assert.deepEqual(await verdicts(held), [REFUSED, 'ok'])
      assert.deepEqual([await get(servers[0], agent), await get(servers[1], agent)], [REFUSED, 'ok'])
    })
  }

  it('follows a directory: what comes, and what goes', async () => {
    fs.writeFileSync(file, one.pem)
    const store = load(folder)
    const { next, watcher } = changesOf(store)
    await watcher.ready
    fs.writeFileSync(path.join(folder, 'second.pem'), two.pem)
    let change = await next()
    while (change.kept || store.certificates.length < 2) change = await next()
    assert.deepEqual(await verdicts(store.connectOptions()), ['ok', 'ok'])
    fs.unlinkSync(file)
    do change = await next()
    while (change.kept || store.certificates.length > 1)
    assert.deepEqual(await verdicts(store.connectOptions()), [REFUSED, 'ok'])
  })

  it('keeps what it has of a file that goes, and takes it when it is back', async () => {
    fs.writeFileSync(file, one.pem)
    const store = load()
    const { next, watcher } = changesOf(store)
    await watcher.ready
    fs.unlinkSync(file)
    const gone = await next()
    assert.equal(gone.kept, true)
    assert.ok(gone.findings.some(({ rule }) => rule === 'ca-file-missing'), JSON.stringify(gone.findings.map(({ rule }) => rule)))
    assert.deepEqual(await verdicts(store.connectOptions()), ['ok', REFUSED])
    replace(file, two.pem)
    assert.equal((await next()).kept, false)
    assert.deepEqual(await verdicts(store.connectOptions()), [REFUSED, 'ok'])
  })

  it('keeps what it has of a file that is cut off or of another kind', async () => {
    fs.writeFileSync(file, one.pem)
    const store = load()
    const { next, watcher } = changesOf(store)
    await watcher.ready
    for (const text of [`${two.pem}${one.pem.slice(0, 200)}\n`, 'not a certificate\n']) {
      replace(file, text)
      const { kept, findings } = await next()
      assert.equal(kept, true)
      assert.ok(findings.some(({ severity }) => severity === 'error'))
      assert.deepEqual(await verdicts(store.connectOptions()), ['ok', REFUSED])
    }
  })

  it('finds what changed since it was loaded, and what nothing tells of', async (context) => {
    fs.writeFileSync(file, one.pem)
    const store = await loadTrustStore({ bundled: false, system: false, extra: file, env: {} })
    fs.writeFileSync(file, two.pem)
    context.mock.method(fs, 'watch', () => { throw Object.assign(new Error('no more watches'), { code: 'ENOSPC' }) })
    const { next } = changesOf(store, { interval: 100 })
    assert.equal((await next()).kept, false)
    assert.deepEqual(await verdicts(store.connectOptions()), [REFUSED, 'ok'])
    replace(file, one.pem)
    assert.equal((await next()).kept, false)
    assert.deepEqual(await verdicts(store.connectOptions()), ['ok', REFUSED])
  })

  it('resumes no session that was verified before, and goes on with connections in flight', async () => {
    fs.writeFileSync(file, one.pem)
    const store = load()
    const held = store.connectOptions()
    const agent = store.agent({ maxVersion: 'TLSv1.2' })
    const talking = await tlsServer({ ...one.identity, greeting: 'ready', speak: (socket) => socket.on('data', (bytes) => socket.write(bytes)) })
    servers.push(talking)
    const inFlight = tls.connect({ host: '127.0.0.1', port: talking.port, servername: 'localhost', ...held })
    const session = once(inFlight, 'session').then(([bytes]) => bytes)
    await once(inFlight, 'data')
    assert.equal(await get(servers[0], agent), 'ok')
    const bytes = await session
    assert.equal(await connect(talking, { ...held, session: bytes }), 'ok')
    const { next, watcher } = changesOf(store)
    await watcher.ready
    replace(file, two.pem)
    await next()
    assert.equal(await connect(talking, { ...held, session: bytes }), REFUSED)
    assert.equal(await get(servers[0], agent), REFUSED)
    inFlight.write('still there')
    assert.equal(String((await once(inFlight, 'data'))[0]), 'still there')
    inFlight.destroy()
    // Back again, the earlier session still belongs to an earlier state, and sessions of this one are resumed.
    replace(file, one.pem)
    await next()
    const resumed = (given) => new Promise((resolve, reject) => {
      const socket = tls.connect({ host: '127.0.0.1', port: talking.port, servername: 'localhost', ...held, session: given })
      let latest
      socket.on('session', (ticket) => { latest = ticket })
      socket.on('data', () => setImmediate(() => { resolve({ reused: socket.isSessionReused(), latest }); socket.destroy() }))
      socket.on('error', reject)
    })
    const first = await resumed(bytes)
    assert.equal(first.reused, false)
    assert.equal((await resumed(first.latest)).reused, true)
  })

  it('makes the contexts of a new state when connections need them, once', async (context) => {
    fs.writeFileSync(file, one.pem)
    const store = load()
    const agents = [store.agent(), store.agent({ minVersion: 'TLSv1.2' }), store.agent({ maxVersion: 'TLSv1.2' })]
    const { next, watcher } = changesOf(store)
    await watcher.ready
    const made = context.mock.method(tls, 'createSecureContext')
    for (const text of [two.pem, one.pem, two.pem]) {
      replace(file, text)
      await next()
    }
    assert.equal(made.mock.callCount(), 0)
    assert.deepEqual([await get(servers[0], agents[1]), await get(servers[1], agents[1])], [REFUSED, 'ok'])
    assert.equal(made.mock.callCount(), 1)
  })

  for (const [title, options] of Object.entries({ 'idle or in use': { keepAlive: true }, 'and what waits for one': { keepAlive: true, maxSockets: 1 } })) {
    it(`gives no request a connection of its agents that was there before: ${title}`, async (context) => {
      fs.writeFileSync(file, one.pem)
      let release
      const server = https.createServer(one.identity, (request, response) => {
        if (request.url === '/held') release = () => response.end('ok')
        else response.end('ok')
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const target = { port: server.address().port }
      const store = load()
      const agent = store.agent(options)
      context.after(() => {
        agent.destroy()
        server.closeAllConnections()
        server.close()
      })
      assert.equal(await get(target, agent), 'ok')
      const held = get(target, agent, '/held')
      await once(server, 'request')
      const waiting = options.maxSockets === 1 ? get(target, agent) : undefined
      const { next, watcher } = changesOf(store)
      await watcher.ready
      replace(file, two.pem)
      await next()
      release()
      assert.equal(await held, 'ok')
      if (waiting !== undefined) assert.equal(await waiting, REFUSED)
      assert.equal(await get(target, agent), REFUSED)
    })
  }

  it('is followed by undici, whose connector keeps a copy of what it is given', async () => {
    const { Agent, request } = require(clientPath(Number(process.versions.node.split('.')[0]) < 20 ? 'undici6' : 'undici'))
    fs.writeFileSync(file, one.pem)
    const store = load()
    const dispatcher = new Agent({ connect: store.connectOptions(), pipelining: 0 })
    const ask = ({ port }) => request(`https://localhost:${port}/`, { dispatcher }).then(({ body }) => body.text(), (error) => error.code)
    assert.deepEqual([await ask(servers[0]), await ask(servers[1])], ['ok', REFUSED])
    const { next, watcher } = changesOf(store)
    await watcher.ready
    replace(file, two.pem)
    await next()
    assert.deepEqual([await ask(servers[0]), await ask(servers[1])], [REFUSED, 'ok'])
    await dispatcher.close()
  })

  it('ends with close(), with a signal, and throws for wrong arguments alone', async () => {
    fs.writeFileSync(file, one.pem)
    const store = load()
    const controller = new AbortController()
    const watcher = store.watch(undefined, { signal: controller.signal })
    assert.equal(watcher.closed, false)
    controller.abort()
    assert.equal(watcher.closed, true)
    watcher.close()
    assert.equal(store.watch(undefined, { signal: AbortSignal.abort() }).closed, true)
    assert.throws(() => store.watch('path'), { code: 'ERR_INVALID_ARG_TYPE' })
    assert.throws(() => store.watch(undefined, { interval: 1 }), { code: 'ERR_OUT_OF_RANGE' })

    const warned = once(process, 'warning')
    const thrower = store.watch(() => { throw new Error('from a listener') })
    const { next } = changesOf(store)
    await thrower.ready
    fs.writeFileSync(file, two.pem)
    await next()
    const [warning] = await warned
    assert.equal(warning.code, 'TRUST_ANCHORS_WATCH')
    assert.match(warning.message, /from a listener/)
    thrower.close()
  })

  /** A process of its own: what is installed is the whole thread's. */
  async function inProcess(script, args = []) {
    fs.writeFileSync(file, one.pem)
    const prelude = `
      const assert = require('node:assert/strict')
      const fs = require('node:fs')
      const https = require('node:https')
      const tls = require('node:tls')
      const file = ${JSON.stringify(file)}
      const REFUSED = ${JSON.stringify(REFUSED)}
      const [one, two] = ${JSON.stringify(servers.slice(0, 2).map(({ port }) => port))}
      const [pemOne, pemTwo] = ${JSON.stringify([one.pem, two.pem])}
      const replace = (text) => { fs.writeFileSync(file + '.new', text); fs.renameSync(file + '.new', file) }
      const store = require(${JSON.stringify(root)}).loadTrustStoreSync({ system: false, extra: file, env: {} })
      const get = (port, agent) => new Promise((resolve) => {
        https.get({ host: '127.0.0.1', port, servername: 'localhost', agent }, (response) => response.resume().once('end', () => resolve('ok'))).once('error', (error) => resolve(error.code))
      })
      const asked = (port) => fetch('https://localhost:' + port).then((response) => response.text(), (error) => error.cause.code)
    `
    const { status, stderr, stdout } = await runNode(process.execPath, [...args, '-e', `${prelude};(async () => {${script}\n})().catch((error) => { console.error(error); process.exit(1) })`])
    assert.equal(status, 0, stderr)
    return stdout
  }

  it('is the default of the thread, where it is installed', async () => {
    const out = await inProcess(`
      const undo = store.install()
      const agent = new https.Agent()
      const own = store.agent()
      let watcher
      assert.deepEqual([await get(one, agent), await get(two, agent), await asked(one), await asked(two)], ['ok', REFUSED, 'ok', REFUSED])
      const changed = new Promise((resolve) => { watcher = store.watch(resolve) })
      await watcher.ready
      const alive = setInterval(() => {}, 1000)
      replace(pemTwo)
      assert.equal((await changed).kept, false)
      assert.deepEqual([await get(one, agent), await get(two, agent), await asked(one), await asked(two)], [REFUSED, 'ok', REFUSED, 'ok'])
      assert.deepEqual([await get(one, own), await get(two, own)], [REFUSED, 'ok'])
      clearInterval(alive)
      undo()
      assert.deepEqual([await get(one, new https.Agent()), await get(two, new https.Agent())], [REFUSED, REFUSED])
      console.log('done')
    `)
    assert.equal(out.trim(), 'done')
  })

  it('is the default of the thread, where nothing else was made of it', async (context) => {
    const keeping = https.createServer(one.identity, (_request, response) => response.end('ok'))
    keeping.listen(0, '127.0.0.1')
    context.after(() => {
      keeping.closeAllConnections()
      keeping.close()
    })
    await once(keeping, 'listening')
    const out = await inProcess(`
      store.install()
      https.globalAgent.keepAlive = true
      assert.equal(await get(${keeping.address().port}), 'ok')
      let watcher
      const changed = new Promise((resolve) => { watcher = store.watch(resolve) })
      await watcher.ready
      const alive = setInterval(() => {}, 1000)
      replace(pemTwo)
      assert.equal((await changed).kept, false)
      assert.deepEqual([await get(one), await get(two), await get(${keeping.address().port})], [REFUSED, 'ok', REFUSED])
      clearInterval(alive)
      console.log('done')
    `)
    assert.equal(out.trim(), 'done')
  })

  it('keeps no process alive', async () => {
    await inProcess('store.watch()')
  })

  it('works in a worker', async () => {
    const worker = `
      const store = require(${JSON.stringify(root)}).loadTrustStoreSync({ bundled: false, system: false, extra: ${JSON.stringify(file)}, env: {} })
      const { parentPort } = require('node:worker_threads')
      const alive = setInterval(() => {}, 1000)
      store.watch(({ certificates, store }) => { parentPort.postMessage(store.certificates[0].sha256); clearInterval(alive) }).ready.then(() => parentPort.postMessage('ready'))
    `
    const out = await inProcess(`
      const { Worker } = require('node:worker_threads')
      const worker = new Worker(${JSON.stringify(worker)}, { eval: true })
      worker.on('message', (message) => { if (message === 'ready') replace(pemTwo); else console.log(message) })
    `)
    assert.equal(out.trim(), two.sha256)
  })
})
