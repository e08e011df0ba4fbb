'use strict'

/** @type {import('./index.js').Recipe[]} */
module.exports = [
  {
    library: 'undici',
    title: 'Agent',
    peer: 'https',
    note: 'Version 6 on Node 18; version 7 needs Node 20.',
    code: async ({ store, url }) => {
      const { Agent, request } = require('undici')
      const dispatcher = new Agent({ connect: store.connectOptions() })
      await request(url, { dispatcher })
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { Agent, request } = require('undici')
      await request(url, { dispatcher: new Agent() })
    },
    pitfalls: [
      {
        what: '`secureContext` or `ca` beside `connect` is ignored',
        instead: '`connect: store.connectOptions()`',
        outcome: 'refused',
        code: async ({ store, url }) => {
          const { Agent, request } = require('undici')
          await request(url, { dispatcher: new Agent({ ...store.connectOptions(), ca: store.ca }) })
        },
      },
    ],
  },
  {
    library: 'undici',
    title: 'Pool',
    peer: 'https',
    code: async ({ store, url }) => {
      const { Pool } = require('undici')
      const pool = new Pool(new URL(url).origin, { connect: store.connectOptions() })
      await pool.request({ method: 'GET', path: '/' })
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { Pool } = require('undici')
      await new Pool(new URL(url).origin).request({ method: 'GET', path: '/' })
    },
  },
  {
    library: 'undici',
    title: 'ProxyAgent',
    peer: 'proxied',
    note: '`proxyTls` is the connection to the proxy, `requestTls` the one through it. On Node 26 it fails with an IP address in place of a host name (`ERR_INVALID_ARG_VALUE`), whatever is trusted.',
    code: async ({ store, url, proxy }) => {
      const { ProxyAgent, request } = require('undici')
      const dispatcher = new ProxyAgent({ uri: proxy, proxyTls: store.connectOptions(), requestTls: store.connectOptions() })
      await request(url, { dispatcher })
    },
    reached: true,
    unchanged: async ({ url, proxy }) => {
      const { ProxyAgent, request } = require('undici')
      await request(url, { dispatcher: new ProxyAgent({ uri: proxy }) })
    },
    pitfalls: [
      {
        what: '`connect` reaches neither of the two connections',
        instead: '`proxyTls` and `requestTls`',
        outcome: 'refused',
        code: async ({ store, url, proxy }) => {
          const { ProxyAgent, request } = require('undici')
          await request(url, { dispatcher: new ProxyAgent({ uri: proxy, connect: store.connectOptions() }) })
        },
      },
    ],
  },
  {
    library: 'undici',
    title: 'EnvHttpProxyAgent',
    peer: 'proxied',
    note: '`HTTPS_PROXY` names the proxy. `connect` is for what `NO_PROXY` leaves out. On Node 26 it fails with an IP address in place of a host name (`ERR_INVALID_ARG_VALUE`), whatever is trusted.',
    code: async ({ store, url }) => {
      const { EnvHttpProxyAgent, request } = require('undici')
      const tls = store.connectOptions()
      const dispatcher = new EnvHttpProxyAgent({ connect: tls, proxyTls: tls, requestTls: tls })
      await request(url, { dispatcher })
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { EnvHttpProxyAgent, request } = require('undici')
      await request(url, { dispatcher: new EnvHttpProxyAgent() })
    },
  },
  {
    library: 'axios',
    title: 'with an agent',
    peer: 'https',
    code: async ({ store, url }) => {
      const axios = require('axios')
      const client = axios.create({ httpsAgent: store.agent() })
      await client.get(url)
    },
    reached: true,
    unchanged: async ({ url }) => {
      await require('axios').get(url)
    },
    pitfalls: [
      {
        what: '`ca` given to axios itself is ignored',
        instead: '`httpsAgent: store.agent()`',
        outcome: 'refused',
        code: async ({ store, url }) => {
          await require('axios').get(url, { ca: store.ca })
        },
      },
    ],
  },
  {
    library: 'axios',
    title: 'through a proxy',
    peer: 'proxied',
    note: 'The agent\'s options serve both connections. On Node 26 it fails with an IP address in place of a host name (`ERR_INVALID_ARG_VALUE`), whatever is trusted.',
    code: async ({ store, url, proxy }) => {
      const axios = require('axios')
      const { hostname: host, port } = new URL(proxy)
      const client = axios.create({ proxy: { protocol: 'https', host, port }, httpsAgent: store.agent() })
      await client.get(url)
    },
    reached: true,
    unchanged: async ({ url, proxy }) => {
      const { hostname: host, port } = new URL(proxy)
      await require('axios').get(url, { proxy: { protocol: 'https', host, port } })
    },
  },
  {
    library: 'axios',
    title: '`adapter: \'fetch\'`',
    peer: 'https',
    code: async ({ store, url }) => {
      const axios = require('axios')
      const { Agent } = require('undici')
      const client = axios.create({ adapter: 'fetch', fetchOptions: { dispatcher: new Agent({ connect: store.connectOptions() }) } })
      await client.get(url)
    },
    reached: true,
    unchanged: async ({ url }) => {
      await require('axios').get(url, { adapter: 'fetch' })
    },
    pitfalls: [
      {
        what: '`httpsAgent` is ignored',
        instead: '`fetchOptions.dispatcher`',
        outcome: 'refused',
        code: async ({ store, url }) => {
          await require('axios').get(url, { adapter: 'fetch', httpsAgent: store.agent() })
        },
      },
    ],
  },
  {
    library: 'got',
    peer: 'https',
    since: 20,
    code: async ({ store, url }) => {
      const { default: got } = await import('got')
      const client = got.extend({ agent: { https: store.agent() }, retry: { limit: 0 } })
      await client(url)
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { default: got } = await import('got')
      await got(url, { retry: { limit: 0 } })
    },
  },
  {
    library: 'ky',
    peer: 'https',
    code: async ({ store, url }) => {
      const { default: ky } = await import('ky')
      const { Agent } = require('undici')
      const client = ky.create({ dispatcher: new Agent({ connect: store.connectOptions() }), retry: 0 })
      await client(url)
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { default: ky } = await import('ky')
      await ky(url, { retry: 0 })
    },
  },
  {
    library: 'node-fetch',
    peer: 'https',
    code: async ({ store, url }) => {
      const { default: fetch } = await import('node-fetch')
      await fetch(url, { agent: store.agent() })
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { default: fetch } = await import('node-fetch')
      await fetch(url)
    },
  },
  {
    library: 'superagent',
    peer: 'https',
    code: async ({ store, url }) => {
      const superagent = require('superagent')
      await superagent.get(url).agent(store.agent())
    },
    reached: true,
    unchanged: async ({ url }) => {
      await require('superagent').get(url)
    },
  },
]
