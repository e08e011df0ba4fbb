'use strict'

// A store in a fresh process, `require` included, against those who read the same certificates.

const path = require('node:path')

const { installOnce } = require('../__test__/support/install-once')
const { inTurn, milliseconds, root, timed, times } = require('./measure')

const peer = (name) => JSON.stringify(path.join(__dirname, 'node_modules', name))

async function run() {
  installOnce(__dirname)
  const ours = `const { loadTrustStoreSync } = require(${JSON.stringify(root)}); const store = loadTrustStoreSync()`
  const scripts = {}
  for (const node of [20, 24]) {
    scripts[`load${node}`] = { node, script: timed(ours) }
    scripts[`ca${node}`] = { node, script: timed(`${ours}; store.ca.length`) }
    scripts[`systemCa${node}`] = {
      node, script: timed(`require(${peer('system-ca')}).systemCertsSync({ includeNodeCertificates: true }).length`),
    }
    scripts[`tls${node}`] = { node, script: timed("require('node:tls')") }
  }
  scripts.system24 = { node: 24, script: timed("require('node:tls').getCACertificates('system').length") }
  scripts.linuxCa20 = {
    node: 20,
    script: `const begin = process.hrtime.bigint()
      require(${peer('linux-ca')}).getAllCerts(true).then(() => console.log(Number(process.hrtime.bigint() - begin) / 1e6))`,
  }
  scripts.vscode20 = {
    node: 20,
    script: `const begin = process.hrtime.bigint(); const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }
      require(${peer('@vscode/proxy-agent')}).loadSystemCertificates({ log, loadSystemCertificatesFromNode: () => false })
        .then(() => console.log(Number(process.hrtime.bigint() - begin) / 1e6))`,
  }
  const t = inTurn(scripts)
  const against = (what, mine, theirs, least) => {
    const ratio = theirs / mine
    return { what, figure: `${times(ratio)}  ${milliseconds(mine)} / ${milliseconds(theirs)}`, target: least && `at least ${least}x`, met: least ? ratio >= least : undefined }
  }
  return [
    against('Node 20: loadTrustStoreSync() against system-ca with Node’s certificates', t.load20, t.systemCa20, 3),
    against('Node 24: loadTrustStoreSync() against system-ca with Node’s certificates', t.load24, t.systemCa24, 3),
    against("Node 24: loadTrustStoreSync() against tls.getCACertificates('system')", t.load24, t.system24, 5),
    against('Node 20: the same, merged and read (.ca), against system-ca', t.ca20, t.systemCa20),
    against('Node 24: the same, merged and read (.ca), against system-ca', t.ca24, t.systemCa24),
    against("Node 24: the same, merged and read (.ca), against getCACertificates('system')", t.ca24, t.system24),
    against("Node 24: merged and read, require('tls') taken off both", t.ca24 - t.tls24, t.system24 - t.tls24),
    against('Node 20: loadTrustStoreSync() against linux-ca', t.load20, t.linuxCa20),
    against('Node 20: loadTrustStoreSync() against @vscode/proxy-agent', t.load20, t.vscode20),
  ]
}

module.exports = { run }
