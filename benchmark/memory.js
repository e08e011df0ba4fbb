'use strict'

// Resident memory of 100 live contexts: one store shared by 100 agents, against a `ca` array given 100 times.

const { inTurn, root, times } = require('./measure')

const MOST_MEGABYTES = 3
const CONTEXTS = 100

const script = (make) => `
  const tls = require('node:tls')
  const store = require(${JSON.stringify(root)}).loadTrustStoreSync()
  const warm = [tls.createSecureContext({ ca: [...store.ca] }), store.secureContext, store.agent()]
  const megabytes = () => { gc(); gc(); return process.memoryUsage().rss / 2 ** 20 }
  const before = megabytes()
  const live = Array.from({ length: ${CONTEXTS} }, () => ${make})
  console.log(JSON.stringify(megabytes() - before + 0 * (live.length + warm.length)))
`

async function run() {
  const rows = []
  for (const node of [20, 24]) {
    const args = ['--expose-gc']
    const t = inTurn({
      shared: { node, args, script: script('store.agent()') },
      private: { node, args, script: script('tls.createSecureContext({ ca: [...store.ca] })') },
    }, 3)
    rows.push({
      what: `Node ${node}: ${CONTEXTS} live agents of one store, against ${CONTEXTS} contexts of the same \`ca\``,
      figure: `${t.shared.toFixed(1)} MB against ${t.private.toFixed(1)} MB (${times(t.private / Math.max(t.shared, 0.1))})`,
      target: `at most ${MOST_MEGABYTES} MB`,
      met: t.shared <= MOST_MEGABYTES,
    })
  }
  return rows
}

module.exports = { run }
