'use strict'

// 2,000 short HTTPS requests, each with a connection of its own, through the store and through Node's defaults; and how long the event loop was held
// up meanwhile. The ways take turns in one process, a hundred requests each, so that whatever the machine does meets all of them; in every other
// process they do so in the opposite order. An installed store has processes of its own, since a program installs it once; it is held against processes that
// make as many requests by default alone. So has a store given as `ca`, for the memory that it takes.

const path = require('node:path')

const { installOnce } = require('../__test__/support/install-once')
const { withServer } = require('./loopback')
const { inTurn, milliseconds, root, times } = require('./measure')

const REQUESTS = 2000
const BLOCK = 100
const AT_ONCE = 8
const ROUNDS = 3
const MOST = 1.05
const MOST_DELAY = 1.1

const client = (port) => `
  const https = require('node:https')
  const { monitorEventLoopDelay } = require('node:perf_hooks')
  const undici = require(${JSON.stringify(path.join(__dirname, 'node_modules', 'undici'))})
  const store = require(${JSON.stringify(root)}).loadTrustStoreSync()

  const url = 'https://localhost:${port}/'
  const agent = (options) => new https.Agent({ keepAlive: false, ...options })
  const get = (agent) => new Promise((resolve, reject) => {
    https.get(url, { agent, family: 4 }, (response) => response.resume().once('end', resolve)).once('error', reject)
  })
  const dispatch = (dispatcher) => undici.request(url, { dispatcher }).then(({ body }) => body.dump())
  const dispatcher = (connect) => new undici.Agent({ pipelining: 0, connect: { family: 4, ...connect } })
  const through = (way, argument) => () => way(argument)
  const all = {
    default: through(get, agent()),
    install: through(get, agent()),
    agent: through(get, store.agent({ keepAlive: false })),
    undici: through(dispatch, dispatcher()),
    connectOptions: through(dispatch, dispatcher(store.connectOptions())),
    ca: through(get, agent({ ca: store.ca })),
  }

  async function block(request) {
    // What a first connection costs is measured elsewhere.
    await request()
    let left = ${BLOCK}
    const worker = async () => { while (left-- > 0) await request() }
    // A new one each time: an old one counts what passed since it was disabled.
    const histogram = monitorEventLoopDelay({ resolution: 1 })
    histogram.enable()
    const started = process.hrtime.bigint()
    await Promise.all(Array.from({ length: ${AT_ONCE} }, worker))
    const took = Number(process.hrtime.bigint() - started) / 1e6
    histogram.disable()
    return { took, delay: histogram.percentile(99) / 1e6 }
  }

  async function main(names) {
    if (names.includes('install')) store.install()
    const measured = names.map((name) => ({ name, way: all[name], blocks: [] }))
    for (const { way } of measured) await block(way)
    for (let done = 0; done < ${REQUESTS}; done += ${BLOCK}) {
      for (const { way, blocks } of measured) blocks.push(await block(way))
    }
    const median = (list) => list.sort((a, b) => a - b)[list.length >> 1]
    const figures = ({ name, blocks }) => [
      [name, blocks.reduce((sum, { took }) => sum + took, 0)],
      [name + 'Delay', median(blocks.map(({ delay }) => delay))],
    ]
    console.log(JSON.stringify(Object.fromEntries(measured.flatMap(figures))))
    process.exit()
  }
  main(process.argv.slice(1))
`

function run() {
  installOnce(__dirname)
  return withServer({ protocol: 'https' }, ({ port, env }) => {
    const rows = []
    const script = client(port)
    const rate = (took) => `${Math.round((REQUESTS / took) * 1000)}/s`
    const row = (what, ratio, figures, most) => rows.push({
      what,
      figure: `${times(ratio)}  ${figures}`,
      target: most && `at most ${most}x`,
      met: most ? ratio <= most : undefined,
    })
    for (const node of [20, 24]) {
      const ways = ['default', 'agent', 'undici', 'connectOptions']
      const one = { node, script, env }
      const { forth, back, installed, plain } = inTurn({
        forth: { ...one, args: ways },
        installed: { ...one, args: ['install'] },
        back: { ...one, args: ways.slice().reverse() },
        plain: { ...one, args: ['default'] },
      }, ROUNDS)
      const t = { ...installed, plain: plain.default, plainDelay: plain.defaultDelay }
      for (const name of Object.keys(forth)) t[name] = (forth[name] + back[name]) / 2
      const { ca } = inTurn({ ca: { ...one, args: ['ca'] } }, 1)
      for (const [way, other, peer = other] of [['agent', 'default'], ['install', 'plain', 'default'], ['connectOptions', 'undici']]) {
        const name = way === 'connectOptions' ? 'undici with connectOptions()' : `${way}()`
        row(`Node ${node}: ${REQUESTS} requests through ${name} against ${peer}`, t[way] / t[other], `${rate(t[way])} and ${rate(t[other])}`, MOST)
        const delays = [t[`${way}Delay`], t[`${other}Delay`]]
        row(`Node ${node}: event-loop delay meanwhile, 99th percentile`, delays[0] / delays[1], delays.map(milliseconds).join(' / '), MOST_DELAY)
      }
      row(`Node ${node}: ${REQUESTS} requests with \`ca: store.ca\` against agent()`, ca.ca / t.agent, `${rate(ca.ca)} and ${rate(t.agent)}`)
      row(`Node ${node}: event-loop delay meanwhile, 99th percentile`, ca.caDelay / t.agentDelay, `${milliseconds(ca.caDelay)} / ${milliseconds(t.agentDelay)}`)
    }
    return rows
  })
}

module.exports = { run }
