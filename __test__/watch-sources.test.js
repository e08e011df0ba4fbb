'use strict'

// Where a watched store may be from: directories, the system's files by their variables, and what is for some hosts only.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')
const { after, afterEach, before, beforeEach, describe, it } = require('node:test')

const { loadTrustStoreSync } = require('..')
const { LOOPBACK, tlsServer } = require('./support/loopback')
const { REFUSED, authority, connecting, follow, replace } = require('./support/watching')

const NAMES = ['DNS:localhost', 'DNS:git.one.example', 'DNS:two.example', 'DNS:elsewhere.example']
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'

describe('a watched store', () => {
  const authorities = ['Rotated CA 1', 'Rotated CA 2', 'Rotated CA 3'].map((subject) => authority(subject, NAMES))
  const [one, two, three] = authorities
  const servers = []
  let folder
  let watchers

  before(async () => {
    const speak = (socket) => socket.on('data', () => socket.end(ANSWER))
    for (const { identity } of authorities) servers.push(await tlsServer({ ...identity, greeting: '', speak }))
  })
  after(() => Promise.all(servers.map((server) => server.stop())))
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watch-sources-'))
    watchers = []
  })
  afterEach(() => {
    for (const watcher of watchers) watcher.close()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  /** A path in the test's folder, and a file there if it is given a text. */
  function at(name, text) {
    const file = path.join(folder, name)
    if (text !== undefined) {
      fs.mkdirSync(path.dirname(file), { recursive: true })
      fs.writeFileSync(file, text)
    }
    return file
  }
  const load = (options) => loadTrustStoreSync({ bundled: false, system: false, extra: false, env: {}, ...options })
  async function following(store) {
    const { next, watcher } = follow(store)
    watchers.push(watcher)
    await watcher.ready
    /** The steps of a change may be seen one by one: the first that is as it should be. */
    const until = async (isIt) => {
      let change = await next()
      while (!isIt(change)) change = await next()
      return change
    }
    return { next, until }
  }
  const names = (certificates) => certificates.map(({ subject }) => /\d$/.exec(subject)[0]).sort().join('')
  const verdicts = (options) => Promise.all(servers.map((server) => connecting(server, options)))
  const rules = ({ findings }) => findings.map(({ rule }) => rule)

  describe('of a directory', () => {
    it('gains and loses files, links, and what links lead to', async () => {
      at('ca/one.pem', one.pem)
      const outside = at('outside/current.pem', two.pem)
      const store = load({ extra: at('ca') })
      const held = store.connectOptions()
      const { until } = await following(store)
      const is = (wanted) => ({ kept }) => !kept && names(store.certificates) === wanted
      fs.symlinkSync(outside, at('ca/linked.pem'))
      assert.equal(names((await until(is('12'))).added), '2')
      assert.deepEqual(await verdicts(held), ['ok', 'ok', REFUSED])
      replace(outside, three.pem)
      const turned = await until(is('13'))
      assert.deepEqual([names(turned.added), names(turned.removed)], ['3', '2'])
      assert.deepEqual(await verdicts(held), ['ok', REFUSED, 'ok'])
      fs.unlinkSync(at('ca/one.pem'))
      assert.equal(names((await until(is('3'))).removed), '1')
      assert.deepEqual(await verdicts(held), [REFUSED, REFUSED, 'ok'])
      at('ca/two.pem', two.pem)
      fs.unlinkSync(at('ca/linked.pem'))
      await until(is('2'))
      assert.deepEqual(await verdicts(held), [REFUSED, 'ok', REFUSED])
    })

    it('is a volume of Kubernetes, whose files all change at once', async () => {
      const release = (name, pems) => pems.forEach((pem, index) => at(`volume/${name}/${index}.pem`, pem))
      release('..1', [one.pem, two.pem])
      fs.symlinkSync('..1', at('volume/..data'))
      for (const name of ['0.pem', '1.pem']) fs.symlinkSync(`..data/${name}`, at(`volume/${name}`))
      const store = load({ extra: at('volume') })
      const held = store.connectOptions()
      assert.deepEqual(await verdicts(held), ['ok', 'ok', REFUSED])
      const { next } = await following(store)
      release('..2', [three.pem, two.pem])
      fs.symlinkSync('..2', at('volume/..data_tmp'))
      fs.renameSync(at('volume/..data_tmp'), at('volume/..data'))
      fs.rmSync(at('volume/..1'), { recursive: true })
      const { kept, added, removed } = await next()
      assert.deepEqual([kept, names(added), names(removed)], [false, '3', '1'])
      assert.deepEqual(await verdicts(held), [REFUSED, 'ok', 'ok'])
    })

    for (const [title, change] of Object.entries({
      emptied: () => fs.unlinkSync(at('ca/one.pem')),
      'taken away': () => fs.rmSync(at('ca'), { recursive: true }),
    })) {
      it(`stays as it was when that is ${title}, and says so`, async () => {
        at('ca/one.pem', one.pem)
        const store = load({ extra: at('ca') })
        const { next, until } = await following(store)
        change()
        const gone = await next()
        assert.deepEqual([gone.kept, gone.added, gone.removed], [true, [], []])
        assert.ok(gone.findings.some(({ severity, location }) => severity !== 'info' && location?.path === at('ca')), JSON.stringify(gone.findings))
        assert.equal(names(store.certificates), '1')
        assert.deepEqual(await verdicts(store.connectOptions()), ['ok', REFUSED, REFUSED])
        at('ca/two.pem', two.pem)
        await until(({ kept }) => !kept)
        assert.deepEqual(await verdicts(store.connectOptions()), [REFUSED, 'ok', REFUSED])
      })
    }
  })

  describe('of the system', () => {
    const system = () => load({ system: true, env: { SSL_CERT_FILE: at('bundle.pem'), SSL_CERT_DIR: `${at('certs')}:${at('more')}` } })
    const onLinux = { skip: process.platform !== 'linux' && 'the variables are of Linux' }

    it('follows SSL_CERT_FILE and SSL_CERT_DIR', onLinux, async () => {
      at('bundle.pem', one.pem)
      at('certs/two.pem', two.pem)
      const store = system()
      const held = store.connectOptions()
      assert.deepEqual(await verdicts(held), ['ok', 'ok', REFUSED])
      const { until } = await following(store)
      replace(at('bundle.pem'), three.pem)
      const change = await until(({ kept }) => !kept)
      assert.deepEqual([names(change.added), names(change.removed)], ['3', '1'])
      assert.deepEqual(await verdicts(held), [REFUSED, 'ok', 'ok'])
      at('certs/one.pem', one.pem)
      await until(() => store.certificates.length === 3)
      fs.unlinkSync(at('certs/two.pem'))
      await until(() => store.certificates.length === 2)
      assert.deepEqual(await verdicts(held), ['ok', REFUSED, 'ok'])
    })

    it('stays as it was when one of the two is lost', onLinux, async () => {
      at('bundle.pem', one.pem)
      at('certs/two.pem', two.pem)
      at('more/three.pem', three.pem)
      const store = system()
      const { next, until } = await following(store)
      const losesAt = ({ kept, findings }, place) => kept && findings.some(({ severity, location }) => severity !== 'info' && location?.path === place)
      fs.unlinkSync(at('bundle.pem'))
      const withoutFile = await next()
      assert.ok(losesAt(withoutFile, at('bundle.pem')), JSON.stringify(withoutFile))
      assert.deepEqual(await verdicts(store.connectOptions()), ['ok', 'ok', 'ok'])
      at('bundle.pem', three.pem)
      await until(({ kept }) => !kept)
      fs.unlinkSync(at('certs/two.pem'))
      const withoutOne = await next()
      assert.ok(losesAt(withoutOne, at('certs')), JSON.stringify(withoutOne))
      assert.deepEqual(await verdicts(store.connectOptions()), [REFUSED, 'ok', 'ok'])
    })
  })

  describe('with `hosts`', () => {
    const HOSTS = ['git.one.example', 'two.example', 'elsewhere.example']
    const [ONE, TWO, ELSEWHERE] = HOSTS
    const get = (server, servername, agent) => new Promise((resolve) => {
      https.get({ host: LOOPBACK, port: server.port, servername, agent }, (response) => response.resume().once('end', () => resolve('ok'))).once('error', (error) => resolve(error.code))
    })
    /** Whom each host is trusted with, as numbers: by the one agent, by options made before, and by options made now. */
    async function trusted(store, agent, held) {
      const found = {}
      for (const host of HOSTS) {
        const ways = [
          (server) => get(server, host, agent),
          (server) => connecting(server, { servername: host, ...held[host] }),
          (server) => connecting(server, { servername: host, ...store.connectOptions(host) }),
        ]
        const each = []
        for (const way of ways) each.push((await Promise.all(servers.map(way))).map((outcome, index) => (outcome === 'ok' ? index + 1 : '')).join(''))
        found[host] = each.every((one) => one === each[0]) ? each[0] : each
      }
      return found
    }

    it('follows for each host what is its own, and for all what is common', async () => {
      const common = at('common.pem', one.pem)
      const own = at('two/ca.pem', two.pem)
      const store = load({ extra: common, hosts: { '*.one.example': { ca: two.pem }, [TWO]: { extra: path.dirname(own) } } })
      const agent = store.agent({ keepAlive: true })
      const held = Object.fromEntries(HOSTS.map((host) => [host, store.connectOptions(host)]))
      assert.deepEqual(await trusted(store, agent, held), { [ONE]: '12', [TWO]: '12', [ELSEWHERE]: '1' })
      assert.deepEqual(store.hosts.map(({ certificates }) => names(certificates)), ['2', '2'])
      const { next, until } = await following(store)

      replace(own, three.pem)
      const ofHost = await until(({ kept }) => !kept)
      assert.deepEqual([names(ofHost.added), names(ofHost.removed)], ['3', '2'])
      assert.deepEqual(ofHost.added[0].sources.map(({ host }) => host), [TWO])
      assert.deepEqual(store.hosts.map(({ certificates }) => names(certificates)), ['2', '3'])
      assert.deepEqual(await trusted(store, agent, held), { [ONE]: '12', [TWO]: '13', [ELSEWHERE]: '1' })

      replace(common, three.pem)
      await until(({ kept }) => !kept)
      assert.deepEqual(await trusted(store, agent, held), { [ONE]: '23', [TWO]: '3', [ELSEWHERE]: '3' })

      fs.unlinkSync(own)
      const gone = await next()
      assert.equal(gone.kept, true)
      assert.ok(gone.findings.some(({ host }) => host === TWO), JSON.stringify(rules(gone)))
      replace(own, one.pem)
      await until(({ kept }) => !kept)
      assert.deepEqual(await trusted(store, agent, held), { [ONE]: '23', [TWO]: '13', [ELSEWHERE]: '3' })
      agent.destroy()
    })
  })
})
