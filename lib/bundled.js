'use strict'

/**
 * The list compiled into this Node as one PEM text. Loading `tls` costs a fresh process some 4 ms, so this is asked for as late as possible.
 */
function nodeRoots() {
  // The entries have no final newline: joined with anything else, OpenSSL reads the first and stops without a word.
  return require('node:tls').rootCertificates.join('\n')
}

module.exports = { nodeRoots }
