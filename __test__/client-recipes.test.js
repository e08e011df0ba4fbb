'use strict'

// Every client library with every Node that it runs on, as docs/clients.md shows it: to a server of a CA that is in the store, and to one of a CA that
// is not. Once with the store given to the library, once with nothing but `store.install()`, and once with nothing but `trust-anchors/register`.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, it } = require('node:test')

const { FIRST_NODE, nameOf, recipes } = require('./recipes')
const { SMALL, startRealPeers, tunnel } = require('./recipes/support/peers')
const { REFUSED } = require('./recipes/support/said')
const { FILE, page } = require('../scripts/client-pages')
const { clientPath } = require('./support/clients')
const { forEachConcurrently, runNode } = require('./support/environment')
const { nodes, unsupported } = require('./support/nodes')
const { standardPki } = require('./support/pki')

const ROOT = path.join(__dirname, '..')
const pki = standardPki()
const stranger = pki.otherRoot.issue({ subject: 'localhost', server: true, altNames: ['DNS:localhost', 'IP:127.0.0.1'], keyName: 'stranger' })
const identity = (leaf) => ({ cert: leaf.chainPem, key: leaf.key.pem })
const IDENTITIES = { good: identity(pki.leaf), bad: identity(stranger) }

/** What each connection meets: the server's certificate, and the proxy's where there is one. */
const MEETINGS = {
  proxied: [{ server: 'good', proxy: 'good' }, { server: 'bad', proxy: 'good' }, { server: 'good', proxy: 'bad' }],
  other: [{ server: 'good' }, { server: 'bad' }],
}

describe('client libraries', { skip: unsupported ?? false }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recipes-'))
  const extra = path.join(folder, 'root.pem')
  let real

  before(async () => {
    fs.writeFileSync(extra, pki.root.pem)
    for (const undici of ['undici', 'undici6']) workspace(undici)
    real = await startRealPeers(IDENTITIES)
  })
  after(async () => {
    await real?.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  /** A folder in which recipes find the libraries, and this package, by their names. */
  function workspace(undici) {
    const modules = path.join(folder, undici, 'node_modules')
    fs.mkdirSync(modules, { recursive: true })
    const installed = path.dirname(clientPath('axios'))
    for (const name of fs.readdirSync(installed)) {
      if (name !== 'undici' && !name.startsWith('.')) fs.symlinkSync(path.join(installed, name), path.join(modules, name))
    }
    fs.symlinkSync(path.join(installed, undici), path.join(modules, 'undici'))
    fs.symlinkSync(ROOT, path.join(modules, 'trust-anchors'))
    fs.cpSync(path.join(__dirname, 'recipes'), path.join(folder, undici, 'recipes'), { recursive: true })
  }

  async function meet(peer, { server, proxy }) {
    if (peer === 'proxied') {
      const [origin, way] = [await SMALL.https(IDENTITIES[server]), await tunnel(IDENTITIES[proxy])]
      return { ...origin, proxy: way.url, stop: async () => { await origin.stop(); await way.stop() } }
    }
    return peer in SMALL ? SMALL[peer](IDENTITIES[server]) : real.at(peer, server)
  }

  /** Runs these in one process, and gives how each ended: `connected`, `refused`, or what went wrong. */
  async function outcomes(major, way, attempts) {
    const targets = []
    try {
      for (const { recipe, meeting } of attempts) targets.push(await meet(recipe.peer, meeting))
      const tasks = attempts.map(({ recipe, form }, index) => {
        const { url, host, port, proxy } = targets[index]
        return { name: nameOf(recipe), form, target: { url, host, port, proxy } }
      })
      const home = path.join(folder, major < 20 ? 'undici6' : 'undici')
      const answer = path.join(folder, `${major}-${way}.json`)
      const isRegistered = way === 'registered'
      const flags = ['--no-warnings', '--dns-result-order=ipv4first', ...(isRegistered ? ['--import', 'trust-anchors/register'] : [])]
      const { status, signal, stderr } = await runNode(major, [...flags, path.join(home, 'recipes', 'support', 'child.js'), answer], {
        cwd: home,
        stdin: JSON.stringify({ extra, installed: way === 'installed', tasks }),
        // Of what is registered the CA is a part as the system's, which Node's own default does not have.
        env: { KAFKAJS_LOG_LEVEL: 'nothing', ...(isRegistered && { SSL_CERT_FILE: extra }) },
      })
      assert.equal(status, 0, `${signal} ${stderr}`)
      return JSON.parse(fs.readFileSync(answer, 'utf8')).map(({ ok, error, stray }, index) => {
        if (stray.length > 0) return `beside what it was waited for, ${stray.join('; ')}`
        if (ok) return 'connected'
        if (REFUSED.test(error)) return targets[index].heard() ? `refused, after the client had spoken: ${error}` : 'refused'
        return attempts[index].recipe.toldBy === 'peer' && targets[index].heard() ? 'connected' : error
      })
    } finally {
      await Promise.all(targets.map((target) => target.stop()))
    }
  }

  const meetings = ({ peer }) => MEETINGS[peer === 'proxied' ? 'proxied' : 'other']
  const isSound = ({ server, proxy = 'good' }) => server === 'good' && proxy === 'good'
  const label = ({ recipe, form, meeting }) =>
    `${nameOf(recipe)}${typeof form === 'number' ? ` (pitfall ${form + 1})` : ''}: ${Object.entries(meeting).map(([who, kind]) => `${kind} ${who}`).join(', ')}`

  it('are told of the store, and trust what is in it and nothing else', async () => {
    const rounds = nodes.flatMap(({ major }) => ['given', 'installed', 'registered'].map((way) => ({ major, way })))
    const differences = (await forEachConcurrently(rounds, async ({ major, way }) => {
      const able = recipes.filter(({ since = FIRST_NODE }) => since <= major)
      const attempts = able.flatMap((recipe) => {
        const forms = way === 'given' ? ['code'] : recipe.unchanged ? ['unchanged'] : []
        const made = forms.flatMap((form) => meetings(recipe).map((meeting) => {
          const isReached = form === 'code' || recipe.reached === true
          return { recipe, form, meeting, expected: isSound(meeting) && isReached ? 'connected' : 'refused' }
        }))
        const pitfalls = (way === 'given' ? recipe.pitfalls ?? [] : []).map(({ outcome }, form) => ({
          recipe, form, meeting: meetings(recipe)[outcome === 'refused' ? 0 : 1], expected: outcome,
        }))
        return [...made, ...pitfalls]
      })
      const found = await outcomes(major, way, attempts)
      return attempts.flatMap((attempt, index) => (found[index] === attempt.expected
        ? []
        : [`Node ${major}, ${way}: ${label(attempt)}: ${found[index]}, not ${attempt.expected}`]))
    })).flat()
    assert.deepEqual(differences, [])
  })

  it('are on the page as they are tested', () => {
    assert.equal(fs.readFileSync(FILE, 'utf8'), page())
  })
})
