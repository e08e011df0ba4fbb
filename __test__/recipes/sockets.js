'use strict'

/** @type {import('./index.js').Recipe[]} */
module.exports = [
  {
    library: 'ws',
    peer: 'websocket',
    code: async ({ store, url }) => {
      const WebSocket = require('ws')
      const { once } = require('node:events')
      const socket = new WebSocket(url, store.connectOptions())
      await once(socket, 'open')
      socket.close()
    },
    reached: true,
    unchanged: async ({ url }) => {
      const WebSocket = require('ws')
      const socket = new WebSocket(url)
      await require('node:events').once(socket, 'open')
      socket.close()
    },
  },
  {
    library: 'socket.io-client',
    peer: 'socketIo',
    code: async ({ store, url }) => {
      const { io } = require('socket.io-client')
      const socket = io(url, { agent: store.agent(), reconnection: false })
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject))
      socket.close()
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { io } = require('socket.io-client')
      const socket = io(url, { reconnection: false })
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject))
      socket.close()
    },
  },
  {
    library: 'socket.io-client',
    title: 'WebSockets alone',
    peer: 'socketIo',
    code: async ({ store, url }) => {
      const { io } = require('socket.io-client')
      const socket = io(url, { agent: store.agent(), transports: ['websocket'], reconnection: false })
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject))
      socket.close()
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { io } = require('socket.io-client')
      const socket = io(url, { transports: ['websocket'], reconnection: false })
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject))
      socket.close()
    },
  },
  {
    library: '@grpc/grpc-js',
    peer: 'grpc',
    note: 'On Node 26 it fails with an IP address in place of a host name (`ERR_INVALID_ARG_VALUE`), whatever is trusted.',
    code: async ({ store, host, port }) => {
      const grpc = require('@grpc/grpc-js')
      const client = new grpc.Client(`${host}:${port}`, grpc.credentials.createFromSecureContext(store.secureContext))
      const bytes = (message) => message
      await new Promise((resolve, reject) => {
        client.makeUnaryRequest('/shop.Orders/List', bytes, bytes, Buffer.alloc(0), (error, reply) => (error ? reject(error) : resolve(reply)))
      }).finally(() => client.close())
    },
    reached: true,
    unchanged: async ({ host, port }) => {
      const grpc = require('@grpc/grpc-js')
      const client = new grpc.Client(`${host}:${port}`, grpc.credentials.createSsl())
      const bytes = (message) => message
      await new Promise((resolve, reject) => {
        client.makeUnaryRequest('/shop.Orders/List', bytes, bytes, Buffer.alloc(0), (error, reply) => (error ? reject(error) : resolve(reply)))
      }).finally(() => client.close())
    },
  },
  {
    library: '@grpc/grpc-js',
    title: 'createSsl',
    peer: 'grpc',
    note: 'It parses the store again for each of its credentials, and these do not follow a store that is watched, nor one that is installed.',
    code: async ({ store, host, port }) => {
      const grpc = require('@grpc/grpc-js')
      const client = new grpc.Client(`${host}:${port}`, grpc.credentials.createSsl(Buffer.from(store.toPem())))
      const bytes = (message) => message
      await new Promise((resolve, reject) => {
        client.makeUnaryRequest('/shop.Orders/List', bytes, bytes, Buffer.alloc(0), (error, reply) => (error ? reject(error) : resolve(reply)))
      }).finally(() => client.close())
    },
  },
]
