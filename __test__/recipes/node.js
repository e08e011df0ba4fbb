'use strict'

/** @type {import('./index.js').Recipe[]} */
module.exports = [
  {
    library: 'node:https',
    peer: 'https',
    code: async ({ store, url }) => {
      const https = require('node:https')
      const agent = store.agent()
      const response = await new Promise((resolve, reject) => https.get(url, { agent }, resolve).on('error', reject))
      response.resume()
    },
    reached: true,
    unchanged: async ({ url }) => {
      const https = require('node:https')
      const response = await new Promise((resolve, reject) => https.get(url, resolve).on('error', reject))
      response.resume()
    },
  },
  {
    library: 'node:http2',
    peer: 'https',
    code: async ({ store, url }) => {
      const http2 = require('node:http2')
      const { once } = require('node:events')
      const session = http2.connect(url, store.connectOptions())
      await once(session, 'connect')
      session.close()
    },
    reached: true,
    unchanged: async ({ url }) => {
      const session = require('node:http2').connect(url)
      await require('node:events').once(session, 'connect')
      session.close()
    },
  },
  {
    library: 'node:tls',
    peer: 'https',
    code: async ({ store, host, port }) => {
      const tls = require('node:tls')
      const { once } = require('node:events')
      const socket = tls.connect({ host, port, ...store.connectOptions() })
      await once(socket, 'secureConnect')
      socket.end()
    },
    reached: true,
    unchanged: async ({ host, port }) => {
      const socket = require('node:tls').connect({ host, port })
      await require('node:events').once(socket, 'secureConnect')
      socket.end()
    },
  },
  {
    library: 'fetch',
    title: 'built in',
    peer: 'https',
    note: 'The dispatcher is undici\'s from npm: version 6 on Node 18, 7 from Node 20 on. Without that package, `store.install()` is the way.',
    code: async ({ store, url }) => {
      const { Agent } = require('undici')
      const dispatcher = new Agent({ connect: store.connectOptions() })
      await fetch(url, { dispatcher })
    },
    reached: true,
    unchanged: async ({ url }) => {
      await fetch(url)
    },
  },
  {
    library: 'fetch',
    title: 'every call',
    peer: 'https',
    code: async ({ store, url }) => {
      const { Agent, setGlobalDispatcher } = require('undici')
      setGlobalDispatcher(new Agent({ connect: store.connectOptions() }))
      await fetch(url)
    },
  },
]
