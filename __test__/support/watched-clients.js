'use strict'

/**
 * Clients that live longer than a state of a watched store: each is made once, and `attempt` makes a new connection of it. Run by itself, it tells how the
 * connections of each end before and after a change of the CA file. `{ file, pems, isInstalled, targets }` comes by standard input.
 *
 * @typedef {{ url: string, host: string, port: number }} Target
 *
 * @typedef {object} Client
 * @property {string} peer who answers (recipes/support/peers.js)
 * @property {number} [since] the first Node that the library runs on
 * @property {boolean} follows whether the next connection is verified by what the store has become
 * @property {(store: import('../../index.js').TrustStore, targets: Record<string, Target>) => (which: string) => Promise<unknown>} open
 */

const { once } = require('node:events')
const fs = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')

const { said } = require('../recipes/support/said')
const { clientPath } = require('./clients')
const { replace } = require('./watching')

/** By its name, as its users load it: from its folder, a library that is an ES module would not be found. */
const library = createRequire(path.join(clientPath('pg'), '..', '..', 'package.json'))

/** The same of each target. */
const each = (targets, make) => Object.fromEntries(Object.entries(targets).map(([which, target]) => [which, make(target)]))

const throughHttp2 = (options) => (_store, targets) => async (which) => {
  const session = require('node:http2').connect(targets[which].url, options)
  await once(session, 'connect').finally(() => session.destroy())
}

const throughWs = (options) => (_store, targets) => async (which) => {
  const socket = new (library('ws'))(targets[which].url, options)
  await once(socket, 'open').finally(() => socket.terminate())
}

const throughPg = (ssl) => (_store, targets) => {
  const pools = each(targets, ({ url }) => new (library('pg').Pool)({ connectionString: url, ssl }))
  return async (which) => (await pools[which].connect()).release(true)
}

const throughMysql2 = (ssl) => (_store, targets) => {
  const pools = each(targets, ({ url }) => library('mysql2/promise').createPool({ uri: url, ssl }))
  return async (which) => (await pools[which].getConnection()).destroy()
}

const throughMariaDb = (ssl) => (_store, targets) => {
  const configurations = each(targets, ({ host, port }) => ({ host, port, user: 'root', ssl }))
  return async (which) => (await library('mariadb').createConnection(configurations[which])).destroy()
}

const throughIoredis = (tls) => (_store, targets) => {
  const clients = each(targets, ({ url }) => new (library('ioredis').Redis)(url, { tls, lazyConnect: true, retryStrategy: null }))
  return async (which) => {
    const ended = new Promise((resolve) => clients[which].once('end', resolve))
    const ready = once(clients[which], 'ready')
    clients[which].connect().catch(() => {})
    await ready.finally(() => clients[which].disconnect())
    await ended
  }
}

const throughRedis = (options) => (_store, targets) => {
  const clients = each(targets, ({ url }) => library('redis').createClient({ url, socket: { tls: true, reconnectStrategy: false, ...options } }).on('error', () => {}))
  return async (which) => {
    await clients[which].connect()
    clients[which].destroy()
  }
}

const throughMongodb = (options) => (_store, targets) => {
  const clients = each(targets, ({ url }) => new (library('mongodb').MongoClient)(url, { tls: true, ...options }))
  return (which) => clients[which].connect().then((client) => client.db().command({ ping: 1 })).finally(() => clients[which].close())
}

const throughNodemailer = (tls) => (_store, targets) => {
  const transports = each(targets, ({ host, port }) => library('nodemailer').createTransport({ host, port, secure: true, tls }))
  return (which) => transports[which].verify()
}

const throughGrpc = (credentialsOf) => (_store, targets) => {
  const grpc = library('@grpc/grpc-js')
  const credentials = credentialsOf(grpc.credentials)
  const bytes = (message) => message
  return (which) => {
    // Connections are shared by all clients with the same credentials otherwise.
    const client = new grpc.Client(`${targets[which].host}:${targets[which].port}`, credentials, { 'grpc.use_local_subchannel_pool': 1 })
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest('/shop.Orders/List', bytes, bytes, Buffer.alloc(0), (error, reply) => (error ? reject(error) : resolve(reply)))
    }).finally(() => client.close())
  }
}

/** Given what the store has for them. @type {Record<string, Client>} */
const GIVEN = {
  'node:http2': { peer: 'https', follows: true, open: (store, targets) => throughHttp2(store.connectOptions())(store, targets) },
  ws: { peer: 'websocket', follows: true, open: (store, targets) => throughWs(store.connectOptions())(store, targets) },
  'pg, Pool': { peer: 'postgres', follows: true, open: (store, targets) => throughPg(store.connectOptions())(store, targets) },
  'mysql2, `ca` that is asked for': { peer: 'mariadb', follows: true, open: (store, targets) => throughMysql2({ get ca() { return store.ca } })(store, targets) },
  'mysql2, `ca`': { peer: 'mariadb', follows: false, open: (store, targets) => throughMysql2({ ca: store.ca })(store, targets) },
  mariadb: { peer: 'mariadb', since: 20, follows: true, open: (store, targets) => throughMariaDb(store.connectOptions())(store, targets) },
  ioredis: { peer: 'redis', since: 20, follows: true, open: (store, targets) => throughIoredis(store.connectOptions())(store, targets) },
  redis: { peer: 'redis', since: 20, follows: true, open: (store, targets) => throughRedis(store.connectOptions())(store, targets) },
  mongodb: { peer: 'mongodb', since: 20, follows: true, open: (store, targets) => throughMongodb(store.connectOptions())(store, targets) },
  nodemailer: { peer: 'smtp', since: 20, follows: true, open: (store, targets) => throughNodemailer(store.connectOptions())(store, targets) },
  '@grpc/grpc-js': { peer: 'grpc', follows: true, open: (store, targets) => throughGrpc((credentials) => credentials.createFromSecureContext(store.secureContext))(store, targets) },
  '@grpc/grpc-js, createSsl': { peer: 'grpc', follows: false, open: (store, targets) => throughGrpc((credentials) => credentials.createSsl(Buffer.from(store.toPem())))(store, targets) },
}

/** Told nothing, where the store is installed. @type {Record<string, Client>} */
const INSTALLED = {
  'node:http2': { peer: 'https', follows: true, open: throughHttp2() },
  ws: { peer: 'websocket', follows: true, open: throughWs() },
  'pg, Pool': { peer: 'postgres', follows: true, open: throughPg(true) },
  // Both make a secure context of their own, and keep it.
  mysql2: { peer: 'mariadb', follows: false, open: throughMysql2({}) },
  '@grpc/grpc-js, createSsl': { peer: 'grpc', follows: false, open: throughGrpc((credentials) => credentials.createSsl()) },
  mariadb: { peer: 'mariadb', since: 20, follows: true, open: throughMariaDb(true) },
  ioredis: { peer: 'redis', since: 20, follows: true, open: throughIoredis() },
  redis: { peer: 'redis', since: 20, follows: true, open: throughRedis() },
  mongodb: { peer: 'mongodb', since: 20, follows: true, open: throughMongodb() },
  nodemailer: { peer: 'smtp', since: 20, follows: true, open: throughNodemailer() },
}

async function main() {
  const { file, pems, isInstalled, targets } = JSON.parse(fs.readFileSync(0, 'utf8'))
  const { loadTrustStoreSync } = require('../..')
  const store = loadTrustStoreSync({ extra: file, system: false, env: {} })
  if (isInstalled) store.install()
  const major = Number(process.versions.node.split('.')[0])
  const able = Object.entries(isInstalled ? INSTALLED : GIVEN).filter(([, { since = 18 }]) => since <= major)
  const attempts = able.map(([name, { peer, open }]) => ({ name, attempt: open(store, targets[peer]) }))
  /** How each ends, to the server of either CA. */
  async function ends() {
    const found = {}
    for (const { name, attempt } of attempts) {
      found[name] = []
      for (const which of ['one', 'two']) found[name].push(await attempt(which).then(() => 'connected', (error) => said(error) || String(error)))
    }
    return found
  }
  const before = await ends()
  let told
  const changed = new Promise((resolve) => { told = resolve })
  const watcher = store.watch(told)
  await watcher.ready
  const alive = setInterval(() => {}, 1000)
  replace(file, pems[1])
  const { kept } = await changed
  clearInterval(alive)
  const after = await ends()
  fs.writeSync(1, JSON.stringify({ kept, before, after }))
  // Pools may be waiting for what comes no more.
  process.exit()
}

if (require.main === module) {
  main().catch((error) => {
    console.error(error)
    process.exit(1)
  })
}

module.exports = { GIVEN, INSTALLED }
