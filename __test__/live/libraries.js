'use strict'

/**
 * Client libraries, each as people use it: with the process's default trust and no options about TLS.
 *
 *   since     the first version of Node that the library is for
 *   peer      what its server is: `tls` from the first byte, or a protocol that begins in the clear
 *   ownResolver   it does not ask `dns.lookup`
 *   tellsHost   its error says what it connected to, whatever failed
 *   hosts     what its error tells of the host where that differs from what Node tells, by the title of the failure
 *   connect   ends in the library's error
 */

const http2 = require('node:http2')
const https = require('node:https')
const { once } = require('node:events')

const { importClient, requireClient } = require('../support/clients')

const url = ({ host, port }) => `https://${host}:${port}/`

/** The error of what reports it by an event. */
async function errorEvent(emitter) {
  emitter.on('error', () => {})
  const [error] = await once(emitter, 'error').catch((reason) => [reason])
  throw error
}

const major = Number(process.versions.node.split('.')[0])
const undici = () => requireClient(major < 20 ? 'undici6' : 'undici')

const smtp = (options) => async ({ host, port }) => {
  const { default: nodemailer } = await importClient('nodemailer')
  const transport = nodemailer.createTransport({ host, port, ...options })
  try {
    await transport.sendMail({ from: 'a@example.test', to: 'b@example.test', text: 'hello' })
  } finally {
    transport.close()
  }
}

/** mysql2 hands a connected socket to `tls.connect`, and no host: Node then compares the certificate with `localhost`. */
const MYSQL2_HOSTS = { 'a certificate for another host': 'localhost', 'a server that hangs up': undefined }

module.exports = [
  { name: 'https', peer: 'tls', connect: (server) => errorEvent(https.get(url(server))) },
  { name: 'http2', peer: 'tls', connect: (server) => errorEvent(http2.connect(url(server))) },
  { name: 'fetch', peer: 'tls', connect: (server) => fetch(url(server)) },
  { name: 'undici', peer: 'tls', connect: (server) => undici().request(url(server)) },
  { name: 'undici fetch', peer: 'tls', connect: (server) => undici().fetch(url(server)) },
  { name: 'axios', peer: 'tls', tellsHost: true, connect: (server) => requireClient('axios').get(url(server)) },
  {
    name: 'got', since: 20, peer: 'tls', tellsHost: true,
    connect: async (server) => (await importClient('got')).default(url(server), { retry: { limit: 0 } }),
  },
  { name: 'node-fetch', peer: 'tls', tellsHost: true, connect: async (server) => (await importClient('node-fetch')).default(url(server)) },
  { name: 'superagent', peer: 'tls', connect: async (server) => requireClient('superagent').get(url(server)) },
  { name: 'ws', peer: 'tls', connect: (server) => errorEvent(new (requireClient('ws'))(url(server).replace('https', 'wss'))) },
  {
    name: 'pg', peer: 'postgresql',
    connect: async ({ host, port }) => {
      const client = new (requireClient('pg').Client)({ host, port, user: 'someone', password: 'secret', database: 'test', ssl: true })
      client.on('error', () => {})
      await client.connect()
    },
  },
  {
    name: 'mysql2', peer: 'mysql', hosts: MYSQL2_HOSTS,
    connect: ({ host, port }) => errorEvent(requireClient('mysql2').createConnection({ host, port, user: 'someone', ssl: { verifyIdentity: true } })),
  },
  {
    name: 'mysql2/promise', peer: 'mysql', hosts: MYSQL2_HOSTS,
    connect: ({ host, port }) => requireClient('mysql2/promise').createConnection({ host, port, user: 'someone', ssl: { verifyIdentity: true } }),
  },
  { name: 'nodemailer', since: 20, peer: 'tls', ownResolver: true, connect: smtp({ secure: true }) },
  { name: 'nodemailer with STARTTLS', since: 20, peer: 'smtp', ownResolver: true, connect: smtp({ requireTLS: true }) },
]
