'use strict'

/**
 * A name with several addresses, for a child process: there is no name server on loopback that `getaddrinfo` would ask. Needs a C compiler
 * (`cc`); see resolver.c.
 *
 *   const { resolving } = require('./support/resolver')
 *   await runNode(24, ['-e', script], { env: resolving('many.test', ['127.0.0.1', '127.0.0.2']) })
 */

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

let library

function build() {
  if (library) return library
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-resolver-'))
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
  library = path.join(folder, 'resolver.so')
  execFileSync('cc', ['-O2', '-Wall', '-shared', '-fPIC', path.join(__dirname, 'resolver.c'), '-o', library, '-ldl'])
  return library
}

/**
 * @param {string} name
 * @param {string[]} addresses
 * @returns {Record<string, string>} variables for the child
 */
function resolving(name, addresses) {
  return { LD_PRELOAD: build(), TRUST_ANCHORS_TEST_NAME: name, TRUST_ANCHORS_TEST_ADDRESSES: addresses.join(',') }
}

module.exports = { resolving }
