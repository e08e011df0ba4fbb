'use strict'

/** @type {import('./index.js').Recipe[]} */
module.exports = [
  {
    library: 'pg',
    title: 'Pool',
    peer: 'postgres',
    code: async ({ store, url }) => {
      const { Pool } = require('pg')
      const pool = new Pool({ connectionString: url, ssl: store.connectOptions() })
      await pool.query('select 1').finally(() => pool.end())
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { Pool } = require('pg')
      const pool = new Pool({ connectionString: url, ssl: true })
      await pool.query('select 1').finally(() => pool.end())
    },
    pitfalls: [
      {
        what: '`sslmode` in the URL replaces `ssl`, store and all',
        instead: 'the URL without `sslmode`, as below, or `store.install()`',
        outcome: 'refused',
        code: async ({ store, url }) => {
          const { Pool } = require('pg')
          const pool = new Pool({ connectionString: `${url}?sslmode=verify-full`, ssl: store.connectOptions() })
          await pool.query('select 1').finally(() => pool.end())
        },
      },
    ],
  },
  {
    library: 'pg',
    title: '`sslmode` in the URL',
    peer: 'postgres',
    code: async ({ store, url: base }) => {
      const { Pool } = require('pg')
      const url = new URL(`${base}?sslmode=verify-full`)
      url.searchParams.delete('sslmode')
      const pool = new Pool({ connectionString: url.href, ssl: store.connectOptions() })
      await pool.query('select 1').finally(() => pool.end())
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { Pool } = require('pg')
      const pool = new Pool({ connectionString: `${url}?sslmode=verify-full` })
      await pool.query('select 1').finally(() => pool.end())
    },
  },
  {
    library: 'knex',
    title: 'over pg',
    peer: 'postgres',
    code: async ({ store, url }) => {
      const knex = require('knex')
      const database = knex({ client: 'pg', connection: { connectionString: url, ssl: store.connectOptions() } })
      await database.raw('select 1').finally(() => database.destroy())
    },
    reached: true,
    unchanged: async ({ url }) => {
      const knex = require('knex')
      const database = knex({ client: 'pg', connection: { connectionString: url, ssl: true } })
      await database.raw('select 1').finally(() => database.destroy())
    },
  },
  {
    library: 'mysql2',
    peer: 'mariadb',
    note: 'It does not compare the host name unless `ssl.verifyIdentity` is true.',
    code: async ({ store, url }) => {
      const mysql = require('mysql2/promise')
      const connection = await mysql.createConnection({ uri: url, ssl: { ca: store.ca } })
      await connection.query('select 1').finally(() => connection.end())
    },
    reached: true,
    unchanged: async ({ url }) => {
      const mysql = require('mysql2/promise')
      const connection = await mysql.createConnection({ uri: url, ssl: {} })
      await connection.query('select 1').finally(() => connection.end())
    },
    pitfalls: [
      {
        what: '`secureContext` is ignored',
        instead: '`ssl: { ca: store.ca }`',
        outcome: 'refused',
        code: async ({ store, url }) => {
          const mysql = require('mysql2/promise')
          const connection = await mysql.createConnection({ uri: url, ssl: store.connectOptions() })
          await connection.end()
        },
      },
    ],
  },
  {
    library: 'mysql2',
    title: 'pool of a store that is watched',
    peer: 'mariadb',
    note: 'It keeps the context of an `ssl` object until its `ca` is another. Asked for like this, `ca` is always what the store has become; given as `ca: store.ca`, or left out where '
      + '`store.install()` gives the default, it stays what it was at the first connection.',
    code: async ({ store, url }) => {
      const mysql = require('mysql2/promise')
      const pool = mysql.createPool({ uri: url, ssl: { get ca() { return store.ca } } })
      await pool.query('select 1').finally(() => pool.end())
    },
  },
  {
    library: 'mariadb',
    peer: 'mariadb',
    since: 20,
    code: async ({ store, host, port }) => {
      const mariadb = require('mariadb')
      const connection = await mariadb.createConnection({ host, port, user: 'root', ssl: store.connectOptions() })
      await connection.query('select 1').finally(() => connection.end())
    },
    reached: true,
    unchanged: async ({ host, port }) => {
      const mariadb = require('mariadb')
      const connection = await mariadb.createConnection({ host, port, user: 'root', ssl: true })
      await connection.query('select 1').finally(() => connection.end())
    },
  },
  {
    library: 'ioredis',
    peer: 'redis',
    since: 20,
    code: async ({ store, url }) => {
      const { Redis } = require('ioredis')
      const { once } = require('node:events')
      const redis = new Redis(url, { tls: store.connectOptions() })
      await once(redis, 'ready').finally(() => redis.disconnect())
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { Redis } = require('ioredis')
      const redis = new Redis(url)
      await require('node:events').once(redis, 'ready').finally(() => redis.disconnect())
    },
  },
  {
    library: 'redis',
    peer: 'redis',
    since: 20,
    code: async ({ store, url }) => {
      const { createClient } = require('redis')
      const { once } = require('node:events')
      const client = createClient({ url, socket: { tls: true, ...store.connectOptions() } })
      client.connect().catch(() => {})
      await once(client, 'ready').finally(() => client.destroy())
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { createClient } = require('redis')
      const client = createClient({ url })
      client.connect().catch(() => {})
      await require('node:events').once(client, 'ready').finally(() => client.destroy())
    },
  },
  {
    library: 'mongodb',
    peer: 'mongodb',
    since: 20,
    note: 'Version 7 needs Node 20.19.',
    code: async ({ store, url }) => {
      const { MongoClient } = require('mongodb')
      const client = new MongoClient(url, { tls: true, ...store.connectOptions() })
      await client.db().command({ ping: 1 }).finally(() => client.close())
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { MongoClient } = require('mongodb')
      const client = new MongoClient(url, { tls: true })
      await client.db().command({ ping: 1 }).finally(() => client.close())
    },
  },
]
