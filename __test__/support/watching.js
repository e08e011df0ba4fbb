'use strict'

/**
 * What the tests of watched stores have in common.
 *
 *   const one = authority('Rotated CA 1')
 *   const { next, watcher } = follow(store)
 *   await watcher.ready
 *   replace(file, one.pem)
 *   const change = await next()
 */

const fs = require('node:fs')
const tls = require('node:tls')

const { LOOPBACK } = require('./loopback')
const { certificate } = require('./pki')

/** What Node says of a certificate whose CA it does not trust. */
const REFUSED = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'

/** A CA and a server of it. @param {string} subject @param {string[]} [altNames] */
function authority(subject, altNames = ['DNS:localhost']) {
  const anchor = certificate({ subject, ca: true })
  const leaf = anchor.issue({ subject: 'localhost', altNames, server: true })
  return { pem: anchor.pem, sha256: anchor.sha256, identity: { cert: leaf.chainPem, key: leaf.key.pem } }
}

/** Puts a file in the place of another, at once. @param {string} file @param {string} text */
function replace(file, text) {
  fs.writeFileSync(`${file}.new`, text)
  fs.renameSync(`${file}.new`, file)
}

/**
 * Watches, and gives the changes one by one.
 *
 * @param {import('../../index.js').TrustStore} store
 * @param {import('../../index.js').WatchOptions} [options]
 */
function follow(store, options) {
  /** @type {import('../../index.js').StoreChange[]} */
  const arrived = []
  const waiting = []
  const watcher = store.watch((change) => (waiting.shift() ?? ((given) => arrived.push(given)))(change), options)
  /** @returns {Promise<import('../../index.js').StoreChange>} */
  const next = () => (arrived.length > 0 ? Promise.resolve(arrived.shift()) : new Promise((resolve) => waiting.push(resolve)))
  return { next, watcher, arrived }
}

/**
 * How a connection ends: `ok`, or the code of its error.
 *
 * @param {{ port: number }} server
 * @param {tls.ConnectionOptions} options
 * @returns {Promise<string>}
 */
const connecting = ({ port }, options) => new Promise((resolve) => {
  const socket = tls.connect({ host: LOOPBACK, port, servername: 'localhost', ...options })
  socket.once('secureConnect', () => { resolve('ok'); socket.destroy() })
  socket.once('error', (error) => resolve(error.code))
})

module.exports = { REFUSED, authority, connecting, follow, replace }
