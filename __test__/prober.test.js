'use strict'

// What becomes of a look at an endpoint that is cancelled, asked for twice, or left behind by its process; and that it leaves nothing open.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')
const { after, before, describe, it } = require('node:test')

const { diagnose } = require('../index.js')
const { NativeProber } = require('../lib/native.js')
const { cleanEnvironment } = require('./support/environment')
const { LOOPBACK, rawServer, refusedPort, tlsServer } = require('./support/loopback')
const { certificate } = require('./support/pki')

const AN_HOUR = 3_600_000

const root = certificate({ subject: 'Prober Root', ca: true })
const leaf = root.issue({ subject: 'localhost', altNames: ['IP:127.0.0.1'], server: true })

const prober = (port, settings) =>
  new NativeProber({ host: LOOPBACK, port, alpn: [] }, { stageTimeout: AN_HOUR, deadline: AN_HOUR, allAddresses: false, lookFurther: true, ...settings })

describe('a prober', () => {
  let silent
  before(async () => {
    silent = net.createServer().listen(0, LOOPBACK)
    await once(silent, 'listening')
  })
  after(() => silent.close())
  const port = () => /** @type {net.AddressInfo} */ (silent.address()).port

  it('comes to nothing when it is cancelled before it runs', async () => {
    const early = prober(port())
    early.cancel()
    assert.equal(await early.run(), null)
  })

  it('comes to nothing when it is cancelled as soon as it runs', async () => {
    const hasty = prober(port())
    const running = hasty.run()
    hasty.cancel()
    assert.equal(await running, null)
  })

  it('ends its connection when it is cancelled while the peer is silent', async () => {
    const waiting = prober(port())
    const running = waiting.run()
    const [socket] = await once(silent, 'connection')
    socket.on('error', () => {})
    const closed = once(socket.resume(), 'close')
    waiting.cancel()
    waiting.cancel()
    assert.equal(await running, null)
    await closed
    waiting.cancel()
  })

  it('runs once', async () => {
    const once = prober(port())
    once.cancel()
    await once.run()
    assert.throws(() => once.run(), { code: 'ERR_INVALID_ARG_VALUE', message: 'a prober runs once' })
  })

  it('is cancelled by the signal of `diagnose`, which rejects with its reason', async () => {
    const controller = new AbortController()
    const diagnosed = diagnose(`https://${LOOPBACK}:${port()}`, { signal: controller.signal, stageTimeout: 600_000, timeout: 600_000 })
    const [socket] = await once(silent, 'connection')
    socket.on('error', () => {})
    const closed = once(socket.resume(), 'close')
    const reason = new Error('enough')
    controller.abort(reason)
    await assert.rejects(diagnosed, reason)
    await closed
  })
})

describe('a process', () => {
  const native = path.join(__dirname, '..', 'lib', 'native.js')
  const start = `
    const { NativeProber } = require(${JSON.stringify(native)})
    const silent = require('node:net').createServer().listen(0, '127.0.0.1')
    const run = (stageTimeout) => {
      const target = { host: '127.0.0.1', port: silent.address().port, alpn: [] }
      return new NativeProber(target, { stageTimeout, deadline: ${AN_HOUR}, allAddresses: false, lookFurther: true }).run()
    }`
  const output = (script) =>
    execFileSync(process.execPath, ['-e', `${start}\n${script}`], { env: cleanEnvironment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

  it('lives until its prober is done', () => {
    assert.equal(output(`silent.on('listening', () => {
      silent.unref().on('connection', (socket) => socket.unref())
      run(300).then((probe) => console.log(probe.attempts()[0].failure.kind))
    })`), 'timed-out\n')
  })

  it('may exit while its prober runs', () => {
    assert.equal(output(`
      silent.on('connection', () => { console.log('connected'); process.exit() })
      silent.on('listening', () => run(${AN_HOUR}))`), 'connected\n')
  })

  it('may end a worker whose prober runs', () => {
    assert.equal(output(`
      const { Worker } = require('node:worker_threads')
      silent.on('listening', () => {
        const code = ${JSON.stringify(start)}.replace(/const silent = .*/, 'const silent = { address: () => ({ port: ' + silent.address().port + ' }) }')
        const worker = new Worker(code + '; run(${AN_HOUR})', { eval: true })
        silent.once('connection', async () => {
          // The connections of others go on, and new ones begin.
          const beside = run(300)
          console.log('connected', await worker.terminate())
          for (const probe of await Promise.all([beside, run(100)])) console.log(probe.attempts()[0].failure.kind)
          process.exit()
        })
      })`), 'connected 1\ntimed-out\ntimed-out\n')
  })
})

describe('hundreds of probes', () => {
  const peersOf = () => Promise.all([
    tlsServer({ cert: leaf.pem, key: leaf.key.pem }),
    tlsServer({ cert: leaf.pem, key: leaf.key.pem, maxVersion: 'TLSv1.2' }),
    tlsServer({ cert: leaf.pem, key: leaf.key.pem, requestCert: true, ca: root.pem }),
    rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    rawServer((socket) => socket.destroy()),
    rawServer((socket) => socket.end(Buffer.alloc(300, 0xff))),
    rawServer(() => {}),
    refusedPort(),
  ])

  /** Looks at each kind of peer so often, and counts what is open when they are gone. */
  async function openAfter(rounds) {
    const peers = await peersOf()
    const look = ({ port }) => diagnose(`https://${LOOPBACK}:${port}`, { ca: root.pem, observe: false, stageTimeout: 50, timeout: 1000 })
    for (let round = 0; round < rounds; round++) await Promise.all(peers.map(look))
    await Promise.all(peers.map((peer) => peer.stop()))
    return fs.readdirSync('/proc/self/fd').length
  }

  it('leave no descriptor behind', async () => {
    // The runtime opens some of its own when it begins.
    const few = await openAfter(1)
    assert.ok((await openAfter(25)) <= few)
  })
})
