'use strict'

/**
 * Each client library with TLS options wherever somebody might give them: `__test__/tls-option-places.test.js` connects with every one of them, and holds
 * what happens against what `inspectTlsOptions` says of the same options.
 *
 * @typedef {object} Library
 * @property {import('../../index.js').InspectTlsOptionsOptions['library']} library
 * @property {keyof typeof import('./support/peers.js').PEERS} peer who answers
 * @property {number} [since] the first Node that the library runs on; 18 where it is left out
 * @property {'peer'} [toldBy] where the peer says that the certificate was accepted; see `index.js`
 * @property {(target: import('./index.js').Target) => object} [base] what is needed beside, so that there is TLS at all
 * @property {RegExp} [ownError] what it says by itself of options that it cannot do with
 * @property {string[]} [without] ways that are not tried, since it waits for ever
 * @property {(options: any, target: import('./index.js').Target) => Promise<void>} connect throws when the connection fails
 */

const bytes = (message) => message

/** @type {Library[]} */
const libraries = [
  {
    library: 'node',
    peer: 'https',
    ownError: /stream\.pause is not a function|The "options\.agent" property/,
    connect: async (options, { url }) => {
      const response = await new Promise((resolve, reject) => require('node:https').get(url, options, resolve).on('error', reject))
      response.resume()
    },
  },
  {
    library: 'undici',
    peer: 'https',
    connect: async (options, { url }) => {
      const { Agent, request } = require('undici')
      await request(url, { dispatcher: new Agent(options) })
    },
  },
  { library: 'fetch', peer: 'https', connect: async (options, { url }) => void (await fetch(url, options)) },
  { library: 'axios', peer: 'https', connect: (options, { url }) => require('axios').create(options).get(url) },
  {
    library: 'got',
    peer: 'https',
    ownError: /Unexpected (?:agent )?option|does not exist/,
    since: 20,
    connect: async (options, { url }) => {
      const { default: got } = await import('got')
      await got.extend({ retry: { limit: 0 }, ...options })(url)
    },
  },
  {
    library: 'ky',
    peer: 'https',
    connect: async (options, { url }) => {
      const { default: ky } = await import('ky')
      await ky.create({ retry: 0, ...options })(url)
    },
  },
  {
    library: 'node-fetch',
    peer: 'https',
    ownError: /stream\.pause is not a function|The "options\.agent" property/,
    connect: async (options, { url }) => {
      const { default: nodeFetch } = await import('node-fetch')
      await nodeFetch(url, options)
    },
  },
  { library: 'superagent', peer: 'https', connect: async (options, { url }) => void (await require('superagent').agent(options).get(url)) },
  {
    library: 'ws',
    peer: 'websocket',
    ownError: /stream\.pause is not a function|The "options\.agent" property/,
    connect: async (options, { url }) => {
      const WebSocket = require('ws')
      const socket = new WebSocket(url, options)
      await require('node:events').once(socket, 'open')
      socket.close()
    },
  },
  {
    library: 'socket.io-client',
    peer: 'socketIo',
    ownError: /stream\.pause is not a function|The "options\.agent" property/,
    connect: async (options, { url }) => {
      const { io } = require('socket.io-client')
      const socket = io(url, { reconnection: false, ...options })
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject))
      socket.close()
    },
  },
  {
    library: '@grpc/grpc-js',
    peer: 'grpc',
    connect: async (options, { host, port }) => {
      const grpc = require('@grpc/grpc-js')
      const client = new grpc.Client(`${host}:${port}`, grpc.credentials.createSsl(), options)
      await new Promise((resolve, reject) => {
        client.makeUnaryRequest('/shop.Orders/List', bytes, bytes, Buffer.alloc(0), (error, reply) => (error ? reject(error) : resolve(reply)))
      }).finally(() => client.close())
    },
  },
  {
    library: 'pg',
    peer: 'postgres',
    ownError: /con\.connect is not a function/,
    base: ({ url }) => ({ connectionString: url, ssl: true }),
    connect: async (options) => {
      const { Client } = require('pg')
      const client = new Client(options)
      await client.connect().finally(() => client.end())
    },
  },
  {
    library: 'knex',
    peer: 'postgres',
    base: ({ url }) => ({ client: 'pg', connection: { connectionString: url, ssl: true } }),
    connect: async (options) => {
      const database = require('knex')(options)
      await database.raw('select 1').finally(() => database.destroy())
    },
  },
  {
    library: 'mysql2',
    peer: 'mariadb',
    base: ({ url }) => ({ uri: url, ssl: {} }),
    connect: async (options) => {
      const connection = await require('mysql2/promise').createConnection(options)
      await connection.query('select 1').finally(() => connection.end())
    },
  },
  {
    library: 'mariadb',
    peer: 'mariadb',
    since: 20,
    base: ({ host, port }) => ({ host, port, user: 'root', ssl: true }),
    connect: async (options) => {
      const connection = await require('mariadb').createConnection(options)
      await connection.query('select 1').finally(() => connection.end())
    },
  },
  {
    library: 'ioredis',
    peer: 'redis',
    since: 20,
    connect: async (options, { url }) => {
      const { Redis } = require('ioredis')
      const redis = new Redis(url, { retryStrategy: () => null, ...options })
      await require('node:events').once(redis, 'ready').finally(() => redis.disconnect())
    },
  },
  {
    library: 'redis',
    peer: 'redis',
    // It speaks in the clear.
    ownError: /ECONNRESET/,
    since: 20,
    base: ({ host, port }) => ({ socket: { host, port, tls: true } }),
    connect: async (options) => {
      const client = require('redis').createClient(options)
      client.connect().catch(() => {})
      await require('node:events').once(client, 'ready').finally(() => client.destroy())
    },
  },
  {
    library: 'mongodb',
    peer: 'mongodb',
    ownError: /is not supported|must be either "true" or "false"/,
    since: 20,
    connect: async (options, { url }) => {
      const { MongoClient } = require('mongodb')
      const client = new MongoClient(`${url}&tls=true`, options)
      await client.db().command({ ping: 1 }).finally(() => client.close())
    },
  },
  {
    library: 'nodemailer',
    peer: 'smtp',
    ownError: /this\._socket\.connect is not a function/,
    without: ['connection'],
    since: 20,
    base: ({ host, port }) => ({ host, port, secure: true }),
    connect: (options) => require('nodemailer').createTransport(options).verify(),
  },
  {
    library: 'mqtt',
    peer: 'mqtt',
    ownError: /stream\.pause is not a function|The "options\.agent" property/,
    connect: async (options, { url }) => {
      const client = await require('mqtt').connectAsync(url, { reconnectPeriod: 0, ...options })
      await client.endAsync()
    },
  },
  {
    library: 'amqplib',
    peer: 'amqp',
    ownError: /stream\.pause is not a function|The "options\.agent" property/,
    toldBy: 'peer',
    connect: async (options, { url }) => {
      const connection = await require('amqplib').connect(url, options)
      await connection.close()
    },
  },
  {
    library: 'kafkajs',
    peer: 'kafka',
    toldBy: 'peer',
    base: ({ host, port }) => ({ brokers: [`${host}:${port}`], ssl: true, retry: { retries: 0 } }),
    connect: async (options) => {
      const { Kafka } = require('kafkajs')
      const admin = new Kafka(options).admin()
      await admin.connect().finally(() => admin.disconnect())
    },
  },
  {
    library: 'ldapts',
    peer: 'ldap',
    since: 20,
    base: ({ url }) => ({ url }),
    connect: async (options) => {
      const { Client } = require('ldapts')
      const client = new Client(options)
      await client.bind('cn=reader,dc=example,dc=com', 'password').finally(() => client.unbind())
    },
  },
]

/** The same option wherever somebody might give it. @type {Record<string, (options: object) => object>} */
const places = {
  'the top level': (options) => options,
  ...Object.fromEntries(['connect', 'connection', 'https', 'socket', 'ssl', 'sslOptions', 'tls', 'tlsOptions'].map((name) => [name, (options) => ({ [name]: options })])),
  agent: (options) => ({ agent: new (require('node:https').Agent)(options) }),
  'agent.https': (options) => ({ agent: { https: new (require('node:https').Agent)(options) } }),
  httpAgent: (options) => ({ httpAgent: new (require('node:https').Agent)(options) }),
  httpsAgent: (options) => ({ httpsAgent: new (require('node:https').Agent)(options) }),
}

/** What is for some libraries alone. @type {Record<string, Record<string, (target: { ca: string, other: string, file: string }) => object>>} */
const special = {
  node: {
    'beside an agent': ({ ca, other }) => ({ ca, agent: new (require('node:https').Agent)({ ca: other }) }),
    'beside an agent with nothing in it': ({ ca }) => ({ ca, agent: new (require('node:https').Agent)({ ca: undefined }) }),
    'beside an agent without': ({ ca }) => ({ ca, agent: new (require('node:https').Agent)() }),
  },
  ws: { 'beside an agent': ({ ca, other }) => ({ ca, agent: new (require('node:https').Agent)({ ca: other }) }) },
  'socket.io-client': { 'beside an agent': ({ ca, other }) => ({ ca, agent: new (require('node:https').Agent)({ ca: other }) }) },
  got: {
    'https.certificateAuthority': ({ ca }) => ({ https: { certificateAuthority: ca } }),
    'beside an agent': ({ ca, other }) => ({ https: { certificateAuthority: ca }, agent: { https: new (require('node:https').Agent)({ ca: other }) } }),
  },
  fetch: { dispatcher: ({ ca }) => ({ dispatcher: new (require('undici').Agent)({ connect: { ca } }) }) },
  ky: { dispatcher: ({ ca }) => ({ dispatcher: new (require('undici').Agent)({ connect: { ca } }) }) },
  axios: {
    dispatcher: ({ ca }) => ({ dispatcher: new (require('undici').Agent)({ connect: { ca } }) }),
    'fetchOptions, without the adapter': ({ ca }) => ({ fetchOptions: { dispatcher: new (require('undici').Agent)({ connect: { ca } }) } }),
    'fetchOptions, with the adapter': ({ ca }) => ({ adapter: 'fetch', fetchOptions: { dispatcher: new (require('undici').Agent)({ connect: { ca } }) } }),
    'httpsAgent, with the adapter for fetch': ({ ca }) => ({ adapter: 'fetch', httpsAgent: new (require('node:https').Agent)({ ca }) }),
  },
  'node-fetch': { dispatcher: ({ ca }) => ({ dispatcher: new (require('undici').Agent)({ connect: { ca } }) }) },
  superagent: {
    dispatcher: ({ ca }) => ({ dispatcher: new (require('undici').Agent)({ connect: { ca } }) }),
    secureContext: ({ ca }) => ({ secureContext: require('node:tls').createSecureContext({ ca }) }),
  },
  mysql2: { 'ssl.secureContext': ({ ca }) => ({ ssl: { secureContext: require('node:tls').createSecureContext({ ca }) } }) },
  mongodb: {
    tlsCAFile: ({ file }) => ({ tlsCAFile: file }),
    'tlsCAFile beside ca': ({ file, other }) => ({ tlsCAFile: file, ca: other }),
    'tlsCAFile beside secureContext': ({ file, other }) => ({ tlsCAFile: file, secureContext: require('node:tls').createSecureContext({ ca: other }) }),
  },
  pg: { 'beside sslmode': ({ ca, url }) => ({ connectionString: `${url}?sslmode=verify-full`, ssl: { ca } }) },
  redis: { 'socket.tls': ({ ca }) => ({ socket: { tls: { ca } } }) },
  knex: {
    'connection.ssl': ({ ca }) => ({ connection: { ssl: { ca } } }),
    'connection.tls': ({ ca }) => ({ connection: { tls: { ca } } }),
    'beside sslmode': ({ ca, url }) => ({ connection: { connectionString: `${url}?sslmode=verify-full`, ssl: { ca } } }),
  },
}

const isPlain = (value) => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** @param {any} under @param {any} over @returns {any} */
function merged(under, over) {
  const names = Object.keys({ ...under, ...over })
  return Object.fromEntries(names.map((name) => [name, isPlain(under[name]) && isPlain(over[name]) ? merged(under[name], over[name]) : name in over ? over[name] : under[name]]))
}

/** Every way to give a library the CA of its peer. @param {Library} library */
const waysOf = ({ library, without = [] }) => [...Object.keys(places), ...Object.keys(special[library] ?? {})].filter((way) => !without.includes(way))

/**
 * The options of a library, with the CA in a place of them.
 *
 * @param {Library} library @param {string} way @param {import('./index.js').Target & { ca: string, other: string, file: string }} target
 */
function optionsOf({ library, base }, way, target) {
  const over = special[library]?.[way]?.(target) ?? places[way]({ ca: target.ca })
  return merged(base?.(target) ?? {}, over)
}

module.exports = { libraries, optionsOf, waysOf }
