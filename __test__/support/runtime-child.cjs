'use strict'

// Run by Bun and by Deno: everything the package does, one step after the other, with the results as JSON on stdout. The servers on loopback are the
// test's: `trusted` has a certificate of the CA in `extra`, `other` one of a CA that nothing names.

const fs = require('node:fs')
const http2 = require('node:http2')
const https = require('node:https')
const path = require('node:path')
const tls = require('node:tls')
const { Worker } = require('node:worker_threads')

const { extra, folder, otherRoot, packageFolder, ports, root, chain } = JSON.parse(process.argv[2])
const trustAnchors = require(packageFolder)

const codeOf = (error) => String(error?.code ?? error?.cause?.code ?? error?.message)

/** How a request ends: `ok`, or the error's code. */
function get(port, { host = 'localhost', ...options } = {}) {
  return new Promise((resolve) => {
    const request = https.get(`https://${host}:${port}/`, options, (response) => {
      response.resume()
      response.on('end', () => resolve('ok'))
    })
    request.on('error', (error) => resolve(codeOf(error)))
  })
}

/** How a connection ends. */
function connect(port, options) {
  return new Promise((resolve) => {
    const socket = tls.connect({ host: 'localhost', port, ...(options.host ? {} : { servername: 'localhost' }), ...options }, () => {
      resolve('ok')
      socket.destroy()
    })
    socket.on('error', (error) => resolve(codeOf(error)))
  })
}

function connectHttp2(port, options) {
  return new Promise((resolve) => {
    const session = http2.connect(`https://localhost:${port}`, options, () => {
      resolve('ok')
      session.destroy()
    })
    session.on('error', (error) => resolve(codeOf(error)))
  })
}

/** Bun and Deno say why in words of their own: whether it was refused is all that is comparable. */
async function fetched(port, options) {
  try {
    await (await fetch(`https://localhost:${port}/`, options)).text()
    return 'ok'
  } catch {
    return 'refused'
  }
}

/** A session of a connection, as a client keeps it: Bun tells it in an event, Deno when it is asked. */
function sessionOf(port, options) {
  return new Promise((resolve, reject) => {
    let session
    const socket = tls.connect({ host: 'localhost', port, servername: 'localhost', ...options }, () => {
      session = socket.getSession()
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    })
    socket.on('session', (told) => (session = told))
    socket.on('data', () => {})
    socket.on('close', () => resolve(session))
    socket.on('error', reject)
  })
}

const both = async (way, options) => [await way(ports.trusted, options), await way(ports.other, options)]
const store = trustAnchors.loadTrustStoreSync({ extra })
const loaded = (report) => report.loadedByNode.map(({ subject }) => subject)

const steps = {
  exports: async () => [Object.keys(trustAnchors).length, Object.keys(trustAnchors).every((name) => typeof trustAnchors[name] === 'function')],
  load: async () => {
    const { ca, certificates } = await trustAnchors.loadTrustStore({ extra })
    return ca.length > 100 && ca.length === store.ca.length && certificates.length === ca.length
  },
  nothing: () => both(get, { agent: false }),
  ca: async () => [await both(get, { agent: false, ca: store.ca }), await both(connect, { ca: store.ca }), await connectHttp2(ports.http2, { ca: store.ca })],
  agent: async () => {
    const agent = store.agent({ keepAlive: true })
    return [await both(get, { agent: store.agent() }), await both(get, { agent }), await both(get, { agent })]
  },
  wrongName: () => get(ports.trusted, { agent: store.agent(), servername: 'other.test' }),
  connectOptions: async () => [await both(connect, store.connectOptions()), await both(get, { agent: false, ...store.connectOptions() }), await connectHttp2(ports.http2, store.connectOptions())],
  hosts: async () => {
    const some = trustAnchors.loadTrustStoreSync({ hosts: { localhost: { extra } } })
    const agent = some.agent({ keepAlive: true })
    return {
      named: await get(ports.trusted, { agent }),
      other: await get(ports.trusted, { agent, host: '127.0.0.1' }),
      again: await get(ports.trusted, { agent }),
      misused: await connect(ports.trusted, { ...some.connectOptions('localhost'), host: '127.0.0.1' }),
    }
  },
  fetch: async () => {
    const own = typeof Bun === 'undefined' ? { client: Deno.createHttpClient({ caCerts: [...store.ca] }) } : { tls: { ca: store.ca } }
    const unknown = typeof Bun === 'undefined' ? {} : { tls: store.connectOptions() }
    return { plain: await both(fetched), own: await both(fetched, own), unknown: await both(fetched, unknown) }
  },
  install: async () => {
    const before = new https.Agent()
    const uninstall = store.install()
    const during = [await both(get, { agent: false }), await both(get, { agent: before }), await both(connect, {})]
    const { mechanism, unreachable } = uninstall.report
    const result = { mechanism, during, fetch: await both(fetched), report: unreachable[0].instead }
    uninstall()
    return { ...result, after: await both(get, { agent: false }) }
  },
  watch: async () => {
    const file = path.join(folder, `watched-${process.pid}.pem`)
    fs.writeFileSync(file, root)
    const watched = await trustAnchors.loadTrustStore({ extra: file })
    const agents = [watched.agent(), watched.agent({ keepAlive: true }), new https.Agent(watched.connectOptions())]
    const options = watched.connectOptions()
    const uninstall = watched.install()
    const installed = new https.Agent()
    const session = await sessionOf(ports.trusted, options)
    if (session === undefined) throw new Error('there is no session to resume')
    const look = async () => {
      const ways = [...agents.map((agent) => ({ agent })), { agent: false }, { agent: installed }]
      const results = []
      for (const way of ways) results.push(await both(get, way))
      return [...results, await both(connect, options), await both(connect, { ...options, session })]
    }
    const before = await look()
    let changed
    const change = new Promise((resolve) => (changed = resolve))
    const watcher = watched.watch(changed, { interval: 100 })
    // Watching keeps no process alive.
    const alive = setInterval(() => {}, 1000)
    await watcher.ready
    fs.writeFileSync(`${file}.new`, otherRoot)
    fs.renameSync(`${file}.new`, file)
    const { kept, added, removed } = await change
    clearInterval(alive)
    const after = await look()
    watcher.close()
    uninstall()
    return { before, change: [kept, added.length, removed.length], after }
  },
  inspectCaFile: async () => {
    const reports = [await trustAnchors.inspectCaFile(extra), trustAnchors.inspectCaFileSync(fs.readFileSync(extra)), trustAnchors.inspectCaFileSync(extra, { node: '24' })]
    return reports.map((report) => [report.runtime, loaded(report).length])
  },
  verifyChain: async () => {
    const answer = ({ ok, code }) => [ok, code]
    return [answer(store.verifyChain(chain, { hostname: 'localhost' })), answer(trustAnchors.verifyChain({ chain, ca: otherRoot, hostname: 'localhost' }))]
  },
  preflight: async () => {
    const { runtime, trust } = await trustAnchors.preflight()
    return [runtime, trust !== undefined, trustAnchors.preflightSync().runtime]
  },
  diagnose: async () => {
    const one = async (ca) => {
      const { ok, code, observed } = await trustAnchors.diagnose(`localhost:${ports.trusted}`, { ca })
      return [ok, code, observed.ok, observed.code]
    }
    return [await one(root), await one(otherRoot)]
  },
  others: async () => [
    String(trustAnchors.explain('UNABLE_TO_VERIFY_LEAF_SIGNATURE')).split('\n')[0].slice(0, 31),
    (await trustAnchors.inspectTlsOptions({ ca: '/etc/ssl/ca.pem' })).map(({ rule }) => rule),
    Object.keys(trustAnchors.childEnv(store, { directory: folder, tools: ['bun', 'deno'] })),
  ],
  worker: () => {
    const uninstall = store.install()
    const script = `
      const { parentPort, workerData } = require('node:worker_threads')
      require(workerData.register)
      const request = require('node:https').get(workerData.url, { agent: false }, (response) => { response.resume(); parentPort.postMessage('ok') })
      request.on('error', ({ code, message }) => parentPort.postMessage(code ?? message))
    `
    const workerData = { register: path.join(packageFolder, 'register.js'), url: `https://localhost:${ports.trusted}/` }
    return new Promise((resolve) => {
      const worker = new Worker(script, { eval: true, workerData })
      worker.on('message', resolve)
      worker.on('error', (error) => resolve(codeOf(error)))
    }).finally(uninstall)
  },
}

;(async () => {
  const results = {}
  for (const [name, step] of Object.entries(steps)) {
    if (process.env.TRACE) fs.writeSync(2, `${name} `)
    try {
      results[name] = await step()
    } catch (error) {
      results[name] = `throws ${error?.stack ?? error}`
    }
  }
  fs.writeSync(1, JSON.stringify(results))
  process.exit(0)
})()
