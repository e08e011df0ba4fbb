'use strict'

// One connection through the store, against a default connection and against the same store given as `ca`. The server is a process of its own;
// every way trusts its private root, and no session is resumed. What is added to a default connection is what the ways differ in.

const { withServer } = require('./loopback')
const { inTurn, milliseconds, root, times } = require('./measure')

const CONNECTIONS = 150
const LEAST = { 20: 10, 24: 4 }

const client = (port) => `
  const tls = require('node:tls')
  const store = require(${JSON.stringify(root)}).loadTrustStoreSync()
  const base = { host: '127.0.0.1', port: ${port}, servername: 'localhost' }
  const agent = store.agent()
  const ways = {
    default: () => tls.connect(base),
    connectOptions: () => tls.connect({ ...base, ...store.connectOptions() }),
    agent: () => agent.createConnection({ ...base, ...agent.options }),
    ca: () => tls.connect({ ...base, ca: store.ca }),
  }
  const connect = (make) => new Promise((resolve, reject) => {
    const begin = process.hrtime.bigint()
    const socket = make()
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      const took = Number(process.hrtime.bigint() - begin) / 1e6
      socket.once('close', () => resolve(took))
      socket.resume()
      socket.end()
    })
  })
  const main = async () => {
    const figures = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
    for (let round = -10; round < ${CONNECTIONS}; round += 1) {
      for (const [name, make] of Object.entries(ways)) {
        const took = await connect(make)
        if (round >= 0) figures[name].push(took)
      }
    }
    const median = (list) => list.sort((a, b) => a - b)[list.length >> 1]
    console.log(JSON.stringify(Object.fromEntries(Object.entries(figures).map(([name, list]) => [name, median(list)]))))
  }
  main()
`

function run() {
  return withServer({ protocol: 'tls' }, ({ port, env }) => {
    const rows = []
    for (const node of [20, 24]) {
      const { t } = inTurn({ t: { node, script: client(port), env } }, 3)
      for (const way of ['agent', 'connectOptions']) {
        const ratio = t[way] / t.default
        rows.push({
          what: `Node ${node}: a connection through ${way}() against a default one`,
          figure: `${times(ratio)}  ${milliseconds(t[way])} / ${milliseconds(t.default)}`,
          target: 'at most 1.1x',
          met: ratio <= 1.1,
        })
      }
      const ratio = t.ca / t.connectOptions
      rows.push({
        what: `Node ${node}: the same store given as \`ca\` against connectOptions()`,
        figure: `${times(ratio)}  ${milliseconds(t.ca)} / ${milliseconds(t.connectOptions)}`,
        target: `at least ${LEAST[node]}x`,
        met: ratio >= LEAST[node],
      })
    }
    return rows
  })
}

module.exports = { run }
