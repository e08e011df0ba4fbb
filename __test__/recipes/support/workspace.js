'use strict'

/**
 * Where recipes run: a folder in which they find the libraries and this package by their names, their peers, and a fresh process of any Node.
 *
 *   const bench = await workspace()
 *   const target = await bench.meet('mqtt', { server: 'good' })
 *   const results = await bench.run(24, 'given', tasks)          // see child.js
 *   await bench.stop()
 */

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { clientPath } = require('../../support/clients')
const { runNode } = require('../../support/environment')
const { standardPki } = require('../../support/pki')
const { SMALL, startRealPeers, tunnel } = require('./peers')
const { REFUSED } = require('./said')

const ROOT = path.join(__dirname, '..', '..', '..')

async function workspace() {
  const pki = standardPki()
  const stranger = pki.otherRoot.issue({ subject: 'localhost', server: true, altNames: ['DNS:localhost', 'IP:127.0.0.1'], keyName: 'stranger' })
  const identity = (leaf) => ({ cert: leaf.chainPem, key: leaf.key.pem })
  const identities = { good: identity(pki.leaf), bad: identity(stranger) }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recipes-'))
  const files = { extra: path.join(folder, 'root.pem'), other: path.join(folder, 'other.pem') }
  fs.writeFileSync(files.extra, pki.root.pem)
  fs.writeFileSync(files.other, pki.otherRoot.pem)
  for (const undici of ['undici', 'undici6']) modules(path.join(folder, undici), undici)
  let runs = 0
  let real
  try {
    real = await startRealPeers(identities)
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true })
    throw error
  }

  /** @param {string} peer @param {{ server: 'good' | 'bad', proxy?: 'good' | 'bad' }} meeting */
  async function meet(peer, { server, proxy = 'good' }) {
    if (peer === 'proxied') {
      const [origin, way] = [await SMALL.https(identities[server]), await tunnel(identities[proxy])]
      return { ...origin, proxy: way.url, stop: async () => { await origin.stop(); await way.stop() } }
    }
    return peer in SMALL ? SMALL[peer](identities[server]) : real.at(peer, server)
  }

  /** Runs these in one process. @param {number} major @param {'given' | 'installed' | 'registered'} way @param {object[]} tasks */
  async function run(major, way, tasks) {
    const home = path.join(folder, major < 20 ? 'undici6' : 'undici')
    const answer = path.join(folder, `${runs++}.json`)
    const isRegistered = way === 'registered'
    const flags = ['--no-warnings', '--dns-result-order=ipv4first', ...(isRegistered ? ['--import', 'trust-anchors/register'] : [])]
    const { status, signal, stderr } = await runNode(major, [...flags, path.join(home, 'recipes', 'support', 'child.js'), answer], {
      cwd: home,
      stdin: JSON.stringify({ ...files, installed: way === 'installed', tasks }),
      // Of what is registered the CA is a part as the system's, which Node's own default does not have.
      env: { KAFKAJS_LOG_LEVEL: 'nothing', ...(isRegistered && { SSL_CERT_FILE: files.extra }) },
    })
    assert.equal(status, 0, `${signal} ${stderr}`)
    return JSON.parse(fs.readFileSync(answer, 'utf8'))
  }

  async function stop() {
    await real.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
  return { meet, run, stop }
}

/** @param {string} home @param {string} undici */
function modules(home, undici) {
  const folder = path.join(home, 'node_modules')
  fs.mkdirSync(folder, { recursive: true })
  const installed = path.dirname(clientPath('axios'))
  for (const name of fs.readdirSync(installed)) {
    if (name !== 'undici' && !name.startsWith('.')) fs.symlinkSync(path.join(installed, name), path.join(folder, name))
  }
  fs.symlinkSync(path.join(installed, undici), path.join(folder, 'undici'))
  fs.symlinkSync(ROOT, path.join(folder, 'trust-anchors'))
  fs.cpSync(path.join(__dirname, '..'), path.join(home, 'recipes'), { recursive: true })
}

/**
 * How an attempt ended: `connected`, `refused`, or what went wrong.
 *
 * @param {{ ok: boolean, error?: string, stray: string[] }} result of `run`
 * @param {{ heard: () => boolean }} target
 * @param {'peer' | 'code'} [toldBy]
 */
function outcomeOf({ ok, error = '', stray }, target, toldBy) {
  if (stray.length > 0) return `beside what it was waited for, ${stray.join('; ')}`
  if (ok) return 'connected'
  if (REFUSED.test(error)) return target.heard() ? `refused, after the client had spoken: ${error}` : 'refused'
  return toldBy === 'peer' && target.heard() ? 'connected' : error
}

module.exports = { outcomeOf, workspace }
