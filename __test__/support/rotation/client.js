'use strict'

// `node --expose-gc client.js WAY ROTATIONS`: a CA file that changes over and over between two CAs with servers of each, under load without a pause. After
// each change that is told, requests of known outcome are made, and connections that were there before are gone on with; what all of them and the load
// come to is printed as JSON (`Rotation` of index.js).

const { fork } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')

const { loadTrustStoreSync } = require('../../..')
const { clientPath } = require('../clients')
const { cleanEnvironment } = require('../environment')
const { LOOPBACK } = require('../loopback')

const REFUSED = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
/** Requests at a time, and requests to each side after a change. */
const LOAD = 2
const JUDGED = 20

const get = (/** @type {https.Agent | undefined} */ agent) => (port, route) => new Promise((resolve) => {
  const request = https.get({ host: LOOPBACK, port, servername: 'localhost', path: route, agent }, async (response) => {
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) text += chunk
    resolve(text)
  })
  request.once('error', (error) => resolve(error.code))
})

/** Each gives the clients that a store is used through: they answer with what the server said, or with an error's code. */
const WAYS = {
  agent: (store) => [get(store.agent())],
  undici: (store) => {
    const { Agent, request } = require(clientPath(Number(process.versions.node.split('.')[0]) < 20 ? 'undici6' : 'undici'))
    const dispatcher = new Agent({ connect: store.connectOptions(), pipelining: 0 })
    return [(port, route) => request(`https://localhost:${port}${route}`, { dispatcher }).then(({ body }) => body.text()).catch((error) => error.code)]
  },
  install: (store) => {
    store.install()
    const agent = new https.Agent()
    return [get(agent), (port, route) => fetch(`https://localhost:${port}${route}`).then((response) => response.text()).catch((error) => error.cause?.code ?? error.message)]
  },
}

async function main(way, rotations) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rotation-'))
  const file = path.join(folder, 'ca.pem')
  const servers = fork(path.join(__dirname, 'servers.js'), { env: cleanEnvironment() })
  const [sides] = await once(servers, 'message')
  fs.writeFileSync(file, sides[0].pem)
  const store = loadTrustStoreSync({ system: false, extra: file, env: {} })
  const clients = WAYS[way](store)

  const counts = { judged: 0, passed: 0, refused: 0, wronglyFailed: 0, wronglyPassed: 0, acrossChange: 0, otherEnds: {}, verified: 0, resumed: 0, inFlight: 0, brokenInFlight: 0 }
  let trusted = 0
  let generation = 0
  let isChanging = false
  let isPaused = false
  let isOver = false

  /** @param {number} side @param {string} outcome @param {boolean} isJudged */
  function note(side, outcome, isJudged) {
    const isPass = outcome === 'verified' || outcome === 'resumed'
    if (isPass) counts[outcome] += 1
    else if (outcome !== REFUSED) counts.otherEnds[outcome] = (counts.otherEnds[outcome] ?? 0) + 1
    if (!isJudged) counts.acrossChange += 1
    else {
      counts.judged += 1
      counts[side === trusted ? (isPass ? 'passed' : 'wronglyFailed') : isPass ? 'wronglyPassed' : 'refused'] += 1
    }
  }

  async function load(offset) {
    for (let turn = offset; !isOver && !isPaused; turn += 1) {
      const side = turn % 2
      const begun = { generation, isChanging }
      const outcome = await clients[(turn >> 1) % clients.length](turn % 4 < 2 ? sides[side].resuming : sides[side].verified, '/')
      // What was asked while a change was on its way may come out either way, and no other.
      note(side, outcome, !begun.isChanging && !isChanging && begun.generation === generation)
    }
  }
  const startLoads = () => Array.from({ length: LOAD }, (_, index) => load(index))

  async function measured() {
    isPaused = true
    await Promise.all(loads)
    // Connections close, and what held them is collected, some turns later.
    let descriptors = null
    for (let rounds = 0, before; rounds < 3 || (before !== descriptors && rounds < 40); rounds += 1) {
      before = descriptors
      await new Promise((resolve) => setTimeout(resolve, 50))
      global.gc?.()
      if (process.platform === 'linux') descriptors = fs.readdirSync('/proc/self/fd').length
    }
    const { rss, heapUsed, external } = process.memoryUsage()
    isPaused = false
    loads = startLoads()
    const mebibytes = (bytes) => +(bytes / 2 ** 20).toFixed(2)
    return { rss: mebibytes(rss), heap: mebibytes(heapUsed), external: mebibytes(external), descriptors }
  }

  let told
  const watcher = store.watch((change) => told?.(change))
  await watcher.ready
  const begin = performance.now()
  let loads = startLoads()
  const memory = []
  const delays = []
  for (let rotation = 1; rotation <= rotations; rotation += 1) {
    const next = 1 - trusted
    const held = clients.map((ask) => ask(sides[trusted].verified, '/held'))
    for (const _ of held) await once(servers, 'message')
    isChanging = true
    const changed = new Promise((resolve) => { told = resolve })
    const written = performance.now()
    fs.writeFileSync(`${file}.new`, sides[next].pem)
    fs.renameSync(`${file}.new`, file)
    const { kept } = await changed
    delays.push(performance.now() - written)
    if (kept) throw new Error('a whole file was taken for a damaged one')
    trusted = next
    generation += 1
    isChanging = false
    await Promise.all(clients.flatMap((ask) => [0, 1].flatMap((side) => Array.from({ length: JUDGED / clients.length }, async () => note(side, await ask(sides[side].verified, '/'), true)))))
    servers.send('release')
    for (const outcome of await Promise.all(held)) counts[outcome === 'held' ? 'inFlight' : 'brokenInFlight'] += 1
    if ([Math.ceil(rotations / 5), Math.ceil(rotations / 2), rotations].includes(rotation)) memory.push({ rotation, ...(await measured()) })
  }
  isOver = true
  await Promise.all(loads)
  watcher.close()
  servers.disconnect()
  fs.rmSync(folder, { recursive: true, force: true })
  delays.sort((one, other) => one - other)
  const toldAfter = { median: Math.round(delays[delays.length >> 1]), most: Math.round(delays.at(-1)) }
  const seconds = Math.round((performance.now() - begin) / 1000)
  fs.writeSync(1, JSON.stringify({ node: process.versions.node, way, rotations, seconds, ...counts, toldAfter, memory }))
  process.exit()
}

main(process.argv[2] ?? 'agent', Number(process.argv[3] ?? 10)).catch((error) => {
  console.error(error)
  process.exit(1)
})
