'use strict'

/**
 * The client libraries that the tests connect with, at the versions `__test__/clients/package-lock.json` pins; installed
 * by the first use.
 *
 *   const { clientPath, requireClient } = require('./support/clients')
 *   const axios = requireClient('axios')            // in this process
 *   clientPath('undici')                            // for `require` in a child process
 *
 * `undici` is for Node 20 and later, `undici6` is the same library for Node 18.
 * `TRUST_ANCHORS_TEST_CLIENTS` names a folder that already holds them.
 */

const path = require('node:path')

const { installOnce } = require('./install-once')

const FOLDER = path.join(__dirname, '..', 'clients')

/** The folder of an installed client library. */
function clientPath(name) {
  const folder = process.env.TRUST_ANCHORS_TEST_CLIENTS || FOLDER
  if (folder === FOLDER) installOnce(FOLDER)
  return path.join(folder, 'node_modules', name)
}

const requireClient = (name) => require(clientPath(name))

module.exports = { clientPath, requireClient }
