'use strict'

// Client libraries that are made once and connect again after a watched store has changed: on each Node, to real servers of two CAs.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, it } = require('node:test')

const { SMALL, startRealPeers } = require('./recipes/support/peers')
const { REFUSED } = require('./recipes/support/said')
const { clientPath } = require('./support/clients')
const { forEachConcurrently, runNode } = require('./support/environment')
const { nodes, unsupported } = require('./support/nodes')
const { GIVEN, INSTALLED } = require('./support/watched-clients')
const { authority } = require('./support/watching')

const CHILD = path.join(__dirname, 'support', 'watched-clients.js')

describe('client libraries of a watched store', { skip: unsupported ?? false }, () => {
  const one = authority('Rotated CA 1')
  const two = authority('Rotated CA 2')
  const identities = { one: one.identity, two: two.identity }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watch-clients-'))
  const targets = {}
  const running = []

  before(async () => {
    const real = await startRealPeers(identities)
    running.push(real)
    const peers = new Set([GIVEN, INSTALLED].flatMap((clients) => Object.values(clients).map(({ peer }) => peer)))
    for (const peer of peers) {
      targets[peer] = {}
      for (const which of ['one', 'two']) {
        const target = peer in SMALL ? await SMALL[peer](identities[which]) : real.at(peer, which)
        running.push(target)
        targets[peer][which] = { url: target.url, host: target.host, port: target.port }
      }
    }
  })
  after(async () => {
    await Promise.all(running.map((server) => server.stop()))
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const short = (ends) => ends.map((end) => (REFUSED.test(end) ? 'refused' : end))

  for (const [title, clients] of Object.entries({ 'given the store': GIVEN, 'told nothing, where it is installed': INSTALLED })) {
    it(`${title}, are verified by what it has become`, async () => {
      const isInstalled = clients === INSTALLED
      await forEachConcurrently(nodes, async ({ major }) => {
        const file = path.join(folder, `${major}-${isInstalled}.pem`)
        fs.writeFileSync(file, one.pem)
        const { status, signal, stdout, stderr } = await runNode(major, ['--no-warnings', '--dns-result-order=ipv4first', CHILD], {
          stdin: JSON.stringify({ file, pems: [one.pem, two.pem], isInstalled, targets }),
          env: { TRUST_ANCHORS_TEST_CLIENTS: path.resolve(clientPath('pg'), '..', '..') },
        })
        assert.equal(status, 0, `Node ${major}: ${signal} ${stderr}`)
        const found = JSON.parse(stdout)
        assert.equal(found.kept, false)
        const names = Object.entries(clients).filter(([, { since = 18 }]) => since <= major).map(([name]) => name)
        const expected = (ends) => Object.fromEntries(names.map((name) => [name, ends(clients[name])]))
        const actual = (ends) => Object.fromEntries(Object.entries(ends).map(([name, outcomes]) => [name, short(outcomes)]))
        assert.deepEqual(actual(found.before), expected(() => ['connected', 'refused']), `Node ${major}, before`)
        assert.deepEqual(actual(found.after), expected(({ follows }) => (follows ? ['refused', 'connected'] : ['connected', 'refused'])), `Node ${major}, after`)
      })
    })
  }
})
