'use strict'

// `node --expose-gc benchmark/soak.js [rotations]`: a CA file that changes over and over under load, between two CAs with a server each. Counted are
// requests that began after a change was told: those that fail and should pass, and those that pass and should fail; and what memory and
// descriptors come to.

const fs = require('node:fs')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')

const { tlsServer } = require('../__test__/support/loopback')
const { certificate } = require('../__test__/support/pki')
const { loadTrustStoreSync } = require('..')

const ROTATIONS = Number(process.argv[2] ?? 1000)
const AT_ONCE = 4

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'soak-'))
  const file = path.join(folder, 'ca.pem')
  const sides = await Promise.all(['Soak CA 1', 'Soak CA 2'].map(async (subject) => {
    const anchor = certificate({ subject, ca: true })
    const leaf = anchor.issue({ subject: 'localhost', altNames: ['DNS:localhost'], server: true })
    const answer = (socket) => socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'))
    return { pem: anchor.pem, server: await tlsServer({ cert: leaf.chainPem, key: leaf.key.pem, greeting: '', speak: answer }) }
  }))
  fs.writeFileSync(file, sides[0].pem)
  const store = loadTrustStoreSync({ bundled: false, system: false, extra: file, env: {} })
  const agent = store.agent()

  const counts = { passed: 0, refused: 0, wronglyFailed: 0, wronglyPassed: 0, duringChange: 0, errors: {} }
  let state = 0
  let isChanging = false
  let generation = 0
  let isOver = false
  const get = (port) => new Promise((resolve) => {
    https.get({ host: '127.0.0.1', port, servername: 'localhost', agent }, (response) => response.resume().once('end', () => resolve('ok'))).once('error', (error) => resolve(error.code))
  })
  async function load(offset) {
    for (let turn = offset; !isOver; turn += 1) {
      const side = turn % 2
      const begun = { state, generation, isChanging }
      const outcome = await get(sides[side].server.port)
      // What was asked while a change was on its way may come out either way.
      if (begun.isChanging || begun.generation !== generation || isChanging) counts.duringChange += 1
      else if (side === begun.state) {
        if (outcome === 'ok') counts.passed += 1
        else {
          counts.wronglyFailed += 1
          counts.errors[outcome] = (counts.errors[outcome] ?? 0) + 1
        }
      } else counts[outcome === 'ok' ? 'wronglyPassed' : 'refused'] += 1
    }
  }

  const measured = () => {
    global.gc?.()
    const { rss, heapUsed } = process.memoryUsage()
    const descriptors = process.platform === 'linux' ? fs.readdirSync('/proc/self/fd').length : null
    return { rssMiB: +(rss / 2 ** 20).toFixed(1), heapMiB: +(heapUsed / 2 ** 20).toFixed(1), descriptors }
  }

  let told
  const watcher = store.watch((change) => told?.(change))
  await watcher.ready
  const loads = Array.from({ length: AT_ONCE }, (_, index) => load(index))
  const memory = []
  const begin = performance.now()
  for (let rotation = 1; rotation <= ROTATIONS; rotation += 1) {
    const next = 1 - state
    isChanging = true
    const changed = new Promise((resolve) => { told = resolve })
    fs.writeFileSync(`${file}.new`, sides[next].pem)
    fs.renameSync(`${file}.new`, file)
    const { kept } = await changed
    if (kept) throw new Error('a whole file was taken for a damaged one')
    state = next
    generation += 1
    isChanging = false
    // So that every state sees requests of both kinds that begin and end in it.
    for (const side of [0, 1]) {
      const outcome = await get(sides[side].server.port)
      if ((outcome === 'ok') !== (side === state)) counts[outcome === 'ok' ? 'wronglyPassed' : 'wronglyFailed'] += 1
      else counts[outcome === 'ok' ? 'passed' : 'refused'] += 1
    }
    if (rotation === Math.ceil(ROTATIONS / 10) || rotation === Math.ceil(ROTATIONS / 2) || rotation === ROTATIONS) memory.push({ rotation, ...measured() })
  }
  isOver = true
  await Promise.all(loads)
  watcher.close()
  agent.destroy()
  await Promise.all(sides.map(({ server }) => server.stop()))
  fs.rmSync(folder, { recursive: true, force: true })
  console.log(JSON.stringify({ node: process.version, rotations: ROTATIONS, seconds: +((performance.now() - begin) / 1000).toFixed(1), ...counts, memory }, null, 2))
  if (counts.wronglyFailed + counts.wronglyPassed > 0) process.exitCode = 1
}

main()
