'use strict'

// What an installed store adds to the contexts of a program: to those that `tls.connect` makes, with a client certificate and without, and to those that the
// program makes itself. The connections are begun and not made.

const { standardPki } = require('../__test__/support/pki')
const { inTurn, milliseconds, root } = require('./measure')

const CONTEXTS = 100
const MOST_MORE = 0.2

const client = ({ cert, key }) => `
  const net = require('node:net')
  const tls = require('node:tls')
  const store = require(${JSON.stringify(root)}).loadTrustStoreSync()
  const certified = ${JSON.stringify({ cert, key })}
  const connect = (options) => tls.connect({ socket: new net.Socket(), servername: 'localhost', ...options }).on('error', () => {}).destroy()
  const ways = {
    connection: () => connect({}),
    certified: () => connect(certified),
    own: () => tls.createSecureContext(certified),
  }
  const measured = () => Object.entries(ways).map(([name, way]) => {
    const times = []
    for (let round = -5; round < ${CONTEXTS}; round += 1) {
      const begin = process.hrtime.bigint()
      way()
      if (round >= 0) times.push(Number(process.hrtime.bigint() - begin) / 1e6)
    }
    return [name, times.sort((a, b) => a - b)[times.length >> 1]]
  })
  const before = measured()
  store.install()
  const after = measured().map(([name, time]) => [name + 'Installed', time])
  console.log(JSON.stringify(Object.fromEntries([...before, ...after])))
  process.exit()
`

function run() {
  const { root: authority } = standardPki()
  const { key, pem } = authority.issue({ subject: 'client', extendedKeyUsage: ['clientAuth'] })
  const script = client({ cert: pem, key: key.pem })
  return [18, 20, 24].flatMap((node) => {
    const { t } = inTurn({ t: { node, script } }, 5)
    const row = (what, name) => {
      const more = t[`${name}Installed`] - t[name]
      return {
        what: `Node ${node}: ${what}, more than without an installed store`,
        figure: `${milliseconds(more)}  ${milliseconds(t[`${name}Installed`])} - ${milliseconds(t[name])}`,
        target: `at most ${MOST_MORE} ms`,
        met: more <= MOST_MORE,
      }
    }
    return [
      row('the context of a connection', 'connection'),
      row('the same with a client certificate', 'certified'),
      row('tls.createSecureContext() with a client certificate', 'own'),
    ]
  })
}

module.exports = { run }
