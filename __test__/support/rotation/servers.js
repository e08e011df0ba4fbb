'use strict'

// The servers of a rotation, in a process of their own so that what the client comes to can be told apart. They answer each request with whether its session
// was resumed, or hold the answer back until they are told to `release` it.

const { constants } = require('node:crypto')
const https = require('node:https')

const { LOOPBACK, listen } = require('../loopback')
const { certificate } = require('../pki')

/** @type {import('node:http').ServerResponse[]} */
const held = []

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
function answer(request, response) {
  response.setHeader('Connection', 'close')
  if (request.url !== '/held') return response.end(request.socket.isSessionReused() ? 'resumed' : 'verified')
  held.push(response)
  response.flushHeaders()
  return process.send('held')
}

/** A CA, a server that lets sessions be resumed, and one whose every connection is verified. @param {string} subject */
async function side(subject) {
  const anchor = certificate({ subject, ca: true })
  const leaf = anchor.issue({ subject: 'localhost', altNames: ['DNS:localhost'], server: true })
  const identity = { cert: leaf.chainPem, key: leaf.key.pem }
  const resuming = await listen(https.createServer(identity, answer), LOOPBACK)
  const verified = await listen(https.createServer({ ...identity, secureOptions: constants.SSL_OP_NO_TICKET }, answer), LOOPBACK)
  return { pem: anchor.pem, resuming: resuming.port, verified: verified.port }
}

process.on('message', () => held.splice(0).forEach((response) => response.end('held')))
process.once('disconnect', () => process.exit())
Promise.all(['Rotated CA 1', 'Rotated CA 2'].map(side)).then((sides) => process.send(sides))
