'use strict'

// The merge on a tree laid out as Debian's `ca-certificates` and `ssl-cert` lay it out, and on the store of the machine that runs this; both
// compared with what Node itself reads there.

const assert = require('node:assert/strict')
const { X509Certificate, createHash } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const tls = require('node:tls')

const { loadTrustStore, loadTrustStoreSync } = require('..')
const { namedFiles } = require('./ca-files')
const { cleanEnvironment, runNodeSync } = require('./support/environment')
const { nodes, unsupported } = require('./support/nodes')
const { certificate, pemBlock, standardPki } = require('./support/pki')

const NODES_WITH_SYSTEM = unsupported ? [] : nodes.filter(({ major }) => major >= 22)
const digest = (pem) => createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')
const rules = (store) => store.findings.map(({ rule }) => rule)
const names = (store) => store.certificates.map(({ subject }) => subject)

/** What `tls.getCACertificates('system')` of a real Node holds, each certificate once. */
function systemOfNode(major, env) {
  const script = "process.stdout.write(JSON.stringify(require('node:tls').getCACertificates('system')))"
  const { status, stdout, stderr } = runNodeSync(major, ['-e', script], { env })
  assert.equal(status, 0, stderr)
  return [...new Set(JSON.parse(stdout).map(digest))].sort()
}

const all = (store) => [...store.certificates, ...store.excluded.map((entry) => entry.certificate)].map(({ sha256 }) => sha256).sort()

let folder
let env

const good = certificate({ subject: 'Good Root', ca: true })
const twin = certificate({ subject: 'Second Root', ca: true })
const expired = certificate({ subject: 'Expired Root', ca: true, notAfter: '2024-01-01' })
const company = certificate({ subject: 'Company Root', ca: true })
const intermediate = company.issue({ subject: 'Company Intermediate', ca: true })
const leaf = company.issue({ subject: 'www.example.com', server: true })
const snakeoil = certificate({ subject: 'localhost', altNames: ['DNS:localhost'], server: true })

before(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'store-merge-')))
  const shared = path.join(folder, 'usr/share/ca-certificates/mozilla')
  const certs = path.join(folder, 'etc/ssl/certs')
  fs.mkdirSync(shared, { recursive: true })
  fs.mkdirSync(certs, { recursive: true })
  const installed = { Good_Root: good, Second_Root: twin, Expired_Root: expired }
  for (const [name, { pem }] of Object.entries(installed)) {
    fs.writeFileSync(path.join(shared, `${name}.crt`), pem)
    fs.symlinkSync(path.join(shared, `${name}.crt`), path.join(certs, `${name}.pem`))
    fs.symlinkSync(`${name}.pem`, path.join(certs, `${createHash('sha256').update(name).digest('hex').slice(0, 8)}.0`))
  }
  fs.writeFileSync(path.join(certs, 'ca-certificates.crt'), Object.values(installed).map(({ pem }) => pem).join(''))
  fs.writeFileSync(path.join(certs, 'ssl-cert-snakeoil.pem'), snakeoil.pem)
  fs.symlinkSync('ssl-cert-snakeoil.pem', path.join(certs, '0123abcd.0'))
  fs.symlinkSync('/nonexistent', path.join(certs, 'dangling.pem'))
  env = { SSL_CERT_FILE: path.join(certs, 'ca-certificates.crt'), SSL_CERT_DIR: certs }
})

after(() => fs.rmSync(folder, { recursive: true, force: true }))

describe("Debian's layout", () => {
  test('no duplicates, no expired anchor, no snakeoil, and every source is told', () => {
    const store = loadTrustStoreSync({ bundled: false, extra: false, env })
    assert.deepEqual(names(store), ['CN=Good Root', 'CN=Second Root'])
    assert.deepEqual(store.ca, [good.pem, twin.pem])
    const lines = good.pem.trimEnd().split('\n').length
    assert.deepEqual(store.certificates[1].sources, [
      { store: 'system', path: env.SSL_CERT_FILE, line: lines + 1 },
      { store: 'system', path: path.join(env.SSL_CERT_DIR, 'Second_Root.pem'), line: 1 },
    ])
    const left = Object.fromEntries(store.excluded.map((entry) => [entry.certificate.subject, entry.reason]))
    assert.match(left['CN=Expired Root'], /^expired on 2024-01-01T00:00:00Z$/)
    assert.match(left['CN=localhost'], /server's own certificate/)
    assert.equal(store.excluded.length, 2)
    assert.deepEqual(rules(store).sort(), ['expired-anchor-left-out', 'server-certificate-in-system-store'])
  })

  for (const { major } of NODES_WITH_SYSTEM) {
    test(`Node ${major} finds the same certificates there`, () => {
      const store = loadTrustStoreSync({ bundled: false, extra: false, env })
      assert.deepEqual(all(store), systemOfNode(major, env))
    })
  }

  test('asynchronously, the same', async () => {
    const options = { extra: false, env }
    const [one, other] = [loadTrustStoreSync(options), await loadTrustStore(options)]
    assert.deepEqual(other.ca, one.ca)
    assert.deepEqual(other.findings, one.findings)
    assert.deepEqual(other.excluded, one.excluded)
  })

  test('the order is the same in every process', () => {
    const script = `process.stdout.write(JSON.stringify(require(${JSON.stringify(path.join(__dirname, '..'))}).loadTrustStoreSync({ extra: false }).ca))`
    const first = runNodeSync(process.execPath, ['-e', script], { env })
    assert.equal(first.status, 0, first.stderr)
    assert.equal(runNodeSync(process.execPath, ['-e', script], { env }).stdout, first.stdout)
  })
})

describe('the store of this machine', { skip: process.platform !== 'linux' }, () => {
  const bare = cleanEnvironment()

  for (const { major } of NODES_WITH_SYSTEM) {
    // Where a distribution keeps its bundle elsewhere, Node reads nothing and this package does.
    test(`holds all that Node ${major} finds`, () => {
      const found = new Set(all(loadTrustStoreSync({ bundled: false, extra: false, env: bare })))
      assert.deepEqual(systemOfNode(major, {}).filter((sha256) => !found.has(sha256)), [])
    })
  }

  test('with the bundled lists: no duplicates, no expired anchor, no server certificate', () => {
    const store = loadTrustStoreSync({ extra: false, env: bare })
    const digests = store.certificates.map(({ sha256 }) => sha256)
    assert.equal(new Set(digests).size, digests.length)
    assert.deepEqual(store.ca.map(digest), digests)
    const now = new Date().toISOString()
    assert.deepEqual(store.certificates.filter(({ notAfter }) => notAfter <= now), [])
    assert.deepEqual(store.certificates.filter(({ ca, sources }) => !ca && sources.every(({ store: kind }) => kind === 'system')), [])
  })
})

test('every CA file of the collection, lying in the system store: all that Node loads, and a finding wherever there is more', () => {
  const outcomes = JSON.parse(fs.readFileSync(path.join(__dirname, 'ca-files', 'outcomes.json'), 'utf8'))
  const namesOf = new Map(Object.entries(standardPki()).map(([name, { sha256 }]) => [sha256, name]))
  const told = ['system-file-damaged', 'unparsable-certificate']
  let compared = 0
  for (const { name, contents } of namedFiles()) {
    if (contents === undefined) continue
    const directory = path.join(folder, 'collection', name)
    fs.mkdirSync(directory, { recursive: true })
    fs.writeFileSync(path.join(directory, 'file.pem'), contents)
    const store = loadTrustStoreSync({
      bundled: false, extra: false, node: '26', time: '2026-01-01', honorSystemDistrust: false, env: { SSL_CERT_FILE: '', SSL_CERT_DIR: directory },
    })
    const parsed = store.excluded.filter(({ reason }) => !reason.startsWith('not parsable')).map((entry) => entry.certificate)
    const ours = new Set([...store.certificates, ...parsed].map(({ sha256 }) => namesOf.get(sha256) ?? sha256.slice(0, 16)))
    const theirs = new Set(outcomes[name].loads)
    assert.deepEqual([...theirs].filter((entry) => !ours.has(entry)), [], `${name}: Node loads what is not in the store`)
    // Node passes over what OpenSSL itself trusts: TRUSTED CERTIFICATE.
    const more = [...ours].some((entry) => !theirs.has(entry)) && !String(contents).includes('BEGIN TRUSTED CERTIFICATE')
    assert.ok(!more || rules(store).some((rule) => told.includes(rule)), `${name}: more than Node loads, and no finding`)
    compared += 1
  }
  assert.ok(compared >= 250, `${compared} files`)
})

test('nothing is lost that Node trusts by default, but for the expired and what the system distrusts', () => {
  const store = loadTrustStoreSync({ extra: false, env })
  const held = new Set(store.certificates.map(({ sha256 }) => sha256))
  const excluded = new Map(store.excluded.map((entry) => [entry.certificate.sha256, entry.reason]))
  for (const pem of tls.rootCertificates) {
    const sha256 = digest(pem)
    if (!held.has(sha256)) assert.match(excluded.get(sha256) ?? 'lost', /^(expired on|distrusted by the system)/)
  }
  assert.ok(held.size >= tls.rootCertificates.length - store.excluded.length)
})

test('an expired root of Node is left out, too', () => {
  const store = loadTrustStoreSync({ bundled: 'node', system: false, extra: false, env: {}, time: '2200-01-01', ca: [good.pem] })
  assert.deepEqual(store.ca, [])
  assert.equal(store.excluded.length, tls.rootCertificates.length + 1)
  assert.ok(store.excluded.every(({ reason }) => reason.startsWith('expired on')))
  assert.ok(rules(store).includes('no-anchors'))
})

test('what a person names is kept: intermediates and self-signed servers; what can anchor nothing is not', () => {
  const file = path.join(folder, 'company.pem')
  fs.writeFileSync(file, company.pem + intermediate.pem + leaf.pem)
  const store = loadTrustStoreSync({
    bundled: false, system: false, extra: [file], ca: [snakeoil.der, good.pem + twin.pem], env: { NODE_EXTRA_CA_CERTS: file },
  })
  assert.deepEqual(names(store), ['CN=Company Root', 'CN=Company Intermediate', 'CN=localhost', 'CN=Good Root', 'CN=Second Root'])
  assert.deepEqual(store.certificates[0].sources, [{ store: 'extra', path: file, line: 1 }])
  assert.deepEqual(store.certificates[2].sources.map((source) => source.store), ['ca'])
  assert.deepEqual(store.excluded.map((entry) => [entry.certificate.subject, entry.reason]), [
    ['CN=www.example.com', 'can anchor nothing: an end entity that another certificate issued'],
  ])
})

test('one bad certificate never loses the rest', () => {
  const file = path.join(folder, 'broken.pem')
  fs.writeFileSync(file, good.pem + pemBlock(Buffer.from('3003020105', 'hex')) + twin.pem)
  const store = loadTrustStoreSync({ bundled: false, extra: false, env: { SSL_CERT_FILE: file, SSL_CERT_DIR: '' } })
  assert.deepEqual(names(store), ['CN=Good Root', 'CN=Second Root'])
  assert.equal(store.excluded.length, 1)
  assert.match(store.excluded[0].reason, /^not parsable/)
  assert.equal(store.excluded[0].certificate.subject, '')
  assert.ok(rules(store).includes('unparsable-certificate'))
})

test('hostile places end in findings', { skip: process.platform === 'win32' }, () => {
  const hostile = path.join(folder, 'hostile')
  fs.mkdirSync(hostile)
  fs.writeFileSync(path.join(hostile, 'good.pem'), good.pem)
  fs.symlinkSync('/dev/zero', path.join(hostile, 'zero.pem'))
  fs.symlinkSync('loop.pem', path.join(hostile, 'loop.pem'))
  fs.writeFileSync(path.join(hostile, 'large.pem'), '')
  fs.truncateSync(path.join(hostile, 'large.pem'), 2 ** 30)
  const store = loadTrustStoreSync({ bundled: false, extra: false, env: { SSL_CERT_FILE: '/dev/zero', SSL_CERT_DIR: hostile } })
  assert.deepEqual(names(store), ['CN=Good Root'])
  assert.deepEqual(rules(store), ['system-store-unreadable', 'store-directory-too-large'])
})
