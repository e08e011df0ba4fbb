'use strict'

/**
 * The list compiled into this Node as one PEM text. Loading `tls` costs a fresh process some 4 ms, so this is asked for as late as possible.
 */
function nodeRoots() {
  // The entries have no final newline: joined with anything else, OpenSSL reads the first and stops without a word.
  return require('node:tls').rootCertificates.join('\n')
}

/** @type {string[] | undefined} */
let known

/**
 * What a TLS client of this process trusts when it is given no `ca`, as far as Node says so; Node 18 and 20 do not tell the file of
 * `NODE_EXTRA_CA_CERTS` from the rest, so it is read again as they read it.
 *
 * @returns {string[]}
 */
function defaultTrust() {
  const tls = require('node:tls')
  // It may be set anew at any time; the variable is read once, by Node at its start and here.
  if (typeof tls.getCACertificates === 'function') return tls.getCACertificates('default')
  if (known === undefined) {
    const extra = process.env.NODE_EXTRA_CA_CERTS
    const loaded = extra ? require('./inspect.js').inspectCaFileSync(extra).loadedByNode : []
    known = [...tls.rootCertificates, ...loaded.map(({ pem }) => pem)]
  }
  return known
}

/**
 * The certificates of a list that are not compiled into this Node.
 *
 * @param {string[]} entries
 */
function withoutRoots(entries) {
  const roots = new Set(require('node:tls').rootCertificates.map((pem) => pem.trim()))
  return entries.filter((pem) => !roots.has(pem.trim()))
}

module.exports = { defaultTrust, nodeRoots, withoutRoots }
