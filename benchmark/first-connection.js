'use strict'

// The first connection of a fresh process: through a store that is loaded, and Node's own. Both have `tls` loaded first; from Node 22 on, Node parses its
// list in a thread from then on, and is given the time to end.

const { withServer } = require('./loopback')
const { inTurn, milliseconds, root } = require('./measure')

const MOST_MORE = { 18: 5, 20: 5, 22: 2, 24: 2, 26: 2 }

const client = (port, { prepare = '', use = '' }) => `
  const tls = require('node:tls')
  const options = { host: '127.0.0.1', port: ${port}, servername: 'localhost' }
  ${prepare}
  setTimeout(() => {
    const begin = process.hrtime.bigint()
    ${use}
    const socket = tls.connect(options)
    socket.once('secureConnect', () => {
      console.log(Number(process.hrtime.bigint() - begin) / 1e6)
      socket.destroy()
    })
  }, 40)
`

const load = `const store = require(${JSON.stringify(root)}).loadTrustStoreSync()`

const WAYS = {
  'connectOptions()': { prepare: load, use: 'Object.assign(options, store.connectOptions())' },
  'an installed store': { prepare: `${load}; store.install()` },
}

function run() {
  return withServer({ protocol: 'tls' }, ({ port, env }) => {
    const scripts = {}
    for (const node of Object.keys(MOST_MORE).map(Number)) {
      scripts[`${node}`] = { node, env, script: client(port, {}) }
      for (const [way, how] of Object.entries(WAYS)) scripts[`${node} ${way}`] = { node, env, script: client(port, how) }
    }
    const t = inTurn(scripts, 15)
    return Object.entries(MOST_MORE).flatMap(([node, most]) => Object.keys(WAYS).map((way) => {
      const [ours, own] = [t[`${node} ${way}`], t[node]]
      return {
        what: `Node ${node}: the first connection through ${way}, more than Node's own first one`,
        figure: `${milliseconds(ours - own)}  ${milliseconds(ours)} - ${milliseconds(own)}`,
        target: `at most ${most} ms`,
        met: ours - own <= most,
      }
    }))
  })
}

module.exports = { run }
