'use strict'

/**
 * Other packages that the tests run, at the versions `__test__/packages/package-lock.json` pins; installed by the first use, without their scripts.
 *
 *   const { packagePath } = require('./support/packages')
 *   packagePath('win-ca')           // for `require` in a child process
 *
 * `TRUST_ANCHORS_TEST_PACKAGES` names a folder that already holds them.
 */

const path = require('node:path')

const { installOnce } = require('./install-once')

const FOLDER = path.join(__dirname, '..', 'packages')

/** The folder of an installed package. */
function packagePath(name) {
  const folder = process.env.TRUST_ANCHORS_TEST_PACKAGES || FOLDER
  if (folder === FOLDER) installOnce(FOLDER, ['--ignore-scripts'])
  return path.join(folder, 'node_modules', name)
}

module.exports = { packagePath }
