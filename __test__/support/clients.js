'use strict'

/**
 * The client libraries that the tests connect with, at the versions `__test__/clients/package-lock.json` pins; installed
 * by the first use.
 *
 *   const { clientPath, requireClient } = require('./support/clients')
 *   const axios = requireClient('axios')            // in this process
 *   const { default: got } = await importClient('got')          // an ES module
 *   clientPath('undici')                            // for `require` in a child process
 *
 * `undici` is for Node 20 and later, `undici6` is the same library for Node 18; `got` and `nodemailer` are for Node 20 and later too.
 * `TRUST_ANCHORS_TEST_CLIENTS` names a folder that already holds them.
 */

const { createRequire } = require('node:module')
const path = require('node:path')
const { pathToFileURL } = require('node:url')

const { installOnce } = require('./install-once')

const FOLDER = path.join(__dirname, '..', 'clients')

function installedFolder() {
  const folder = process.env.TRUST_ANCHORS_TEST_CLIENTS || FOLDER
  if (folder === FOLDER) installOnce(FOLDER)
  return folder
}

/** The folder of an installed client library. */
const clientPath = (name) => path.join(installedFolder(), 'node_modules', name)

const requireClient = (name) => require(clientPath(name))

/** A client library that is an ES module. */
function importClient(name) {
  const { resolve } = createRequire(path.join(installedFolder(), 'package.json'))
  return import(pathToFileURL(resolve(name)).href)
}

module.exports = { clientPath, importClient, requireClient }
