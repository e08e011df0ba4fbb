'use strict'

// The rules of the merged store, each on a system laid out in a folder: once with the fault, once without.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, test } = require('node:test')
const tls = require('node:tls')

const binding = require('../lib/native.js')
const { certificate, pemBlock } = require('./support/pki')

const LINUX = { skip: process.platform !== 'linux' && 'the store of this platform is not made of files' }
const folders = []

after(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true })
})

/** A store over the system that `tree` describes (path -> content). */
function load(tree, { nodeRoots, links = {}, env = {}, ...options } = {}) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'store-rules-')))
  folders.push(folder)
  for (const [name, content] of Object.entries(tree)) {
    const file = path.join(folder, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, content)
  }
  for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, path.join(folder, name))
  const inside = ([name, value]) => [name, value.replaceAll('$ROOT', folder)]
  const store = binding.loadTrustStoreSync({
    mozilla: false, system: true, extraFromEnvironment: false, extra: [], ca: [], honorSystemDistrust: true, node: process.versions.node,
    now: Date.parse('2026-01-01') / 1000, minDaysLeft: 30, systemRoot: folder, ...options, env: Object.fromEntries(Object.entries(env).map(inside)),
  })
  store.merge(nodeRoots)
  return { store, folder, findings: store.findings(), names: store.certificates().map(({ subject }) => subject.replace('CN=', '')) }
}

const of = ({ findings }, rule) => findings.filter((finding) => finding.rule === rule)

function found(loaded, rule) {
  const findings = of(loaded, rule)
  assert.equal(findings.length, 1, `${rule}: ${JSON.stringify(loaded.findings, null, 1)}`)
  return findings[0]
}

function absent(loaded, rule) {
  assert.deepEqual(of(loaded, rule), [])
}

const BUNDLE = 'etc/ssl/certs/ca-certificates.crt'
const root = certificate({ subject: 'Root', ca: true })
const other = certificate({ subject: 'Other', ca: true })
const leaf = root.issue({ subject: 'www.example.com', server: true })
const expired = certificate({ subject: 'Expired', ca: true, notAfter: '2024-01-01' })
const selfSigned = certificate({ subject: 'localhost', altNames: ['DNS:localhost'], server: true })

test('rule no-system-store: found in an empty container, with the package to install', LINUX, () => {
  const systems = {
    'ID=alpine\n': /^apk add/, 'ID=ubuntu\nID_LIKE=debian\n': /^apt-get/, 'ID="rocky"\nID_LIKE="rhel centos fedora"\n': /^dnf/, 'ID=arch\n': /^pacman/,
  }
  for (const [release, command] of Object.entries(systems)) {
    const { fixes } = found(load({ 'etc/os-release': release }, { nodeRoots: root.pem }), 'no-system-store')
    assert.deepEqual(fixes[0].commands.map(({ shell }) => shell), ['bash', 'dockerfile'])
    assert.match(fixes[0].commands[0].text, command)
    assert.match(fixes[0].commands[1].text, /^RUN /)
  }
  const { fixes } = found(load({}, { nodeRoots: root.pem }), 'no-system-store')
  assert.match(fixes[0].commands[0].text, /^COPY --from=/)
})

test('rule no-system-store: found where the variables point past it, and then nothing is to be installed', () => {
  const env = { SSL_CERT_FILE: '$ROOT/nothing.pem', SSL_CERT_DIR: '' }
  const finding = found(load({ [BUNDLE]: root.pem }, { env }), 'no-system-store')
  assert.equal(finding.fixes[0].commands[0].text, 'unset SSL_CERT_FILE SSL_CERT_DIR')
  assert.ok(!JSON.stringify(finding.fixes).includes('install'))
})

test('rule no-system-store: absent with one certificate, and when no system store was asked for', LINUX, () => {
  absent(load({ 'etc/ssl/certs/one.pem': root.pem }), 'no-system-store')
  absent(load({}, { system: false }), 'no-system-store')
})

test('rule system-store-unreadable: found for a file and a directory that are not there', () => {
  const loaded = load({}, { env: { SSL_CERT_FILE: '$ROOT/a.pem', SSL_CERT_DIR: '$ROOT/b' } })
  assert.deepEqual(of(loaded, 'system-store-unreadable').map(({ location }) => location.path), [
    path.join(loaded.folder, 'a.pem'), path.join(loaded.folder, 'b'),
  ])
})

test('rule system-store-unreadable: absent for a link that leads nowhere, as Node passes over it', LINUX, () => {
  absent(load({ [BUNDLE]: root.pem }, { links: { 'etc/ssl/certs/gone.pem': '/nonexistent' } }), 'system-store-unreadable')
})

test('rule system-file-damaged: found where Node stops in the middle, and the rest is kept', LINUX, () => {
  const loaded = load({ 'etc/ssl/certs/company.pem': root.pem + other.pem.replace('-----END CERTIFICATE-----\n', '') + expired.pem + selfSigned.pem + certificate({ subject: 'Last', ca: true }).pem })
  const finding = found(loaded, 'system-file-damaged')
  assert.equal(finding.location.path, path.join(loaded.folder, 'etc/ssl/certs/company.pem'))
  assert.ok(loaded.names.includes('Last'))
})

test('rule system-file-damaged: absent for what Node reads to its end', LINUX, () => {
  absent(load({ 'etc/ssl/certs/company.pem': `# text\r\n${root.pem.replaceAll('\n', '\r\n')}${other.pem}\ntext` }), 'system-file-damaged')
})

test('rule system-file-not-pem: found for DER, which is not trusted for lying there', LINUX, () => {
  const loaded = load({ [BUNDLE]: root.pem, 'etc/ssl/certs/company.cer': other.der })
  assert.match(found(loaded, 'system-file-not-pem').message, /is der, not PEM: neither Node nor OpenSSL reads the 1 certificate in it/)
  assert.deepEqual(loaded.names, ['Root'])
})

test('rule system-file-not-pem: absent for files that hold no certificates', LINUX, () => {
  absent(load({ [BUNDLE]: root.pem, 'etc/ssl/certs/README': 'text', 'etc/ssl/certs/random': Buffer.from([0x30, 1, 2, 3]) }), 'system-file-not-pem')
})

test('rule store-directory-too-large: found for a file far beyond any certificate', LINUX, () => {
  const { folder } = load({ [BUNDLE]: root.pem, 'etc/ssl/certs/large.pem': '' })
  fs.truncateSync(path.join(folder, 'etc/ssl/certs/large.pem'), 2 ** 30)
  const env = { SSL_CERT_FILE: '', SSL_CERT_DIR: path.join(folder, 'etc/ssl/certs') }
  const loaded = load({}, { env })
  assert.match(found(loaded, 'store-directory-too-large').message, /large\.pem` is 1073741824 bytes long and was not read$/)
  assert.deepEqual(loaded.names, ['Root'])
})

test('rule store-directory-too-large: absent for a directory of a thousand certificates', LINUX, () => {
  const tree = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`etc/ssl/certs/${index}.pem`, root.pem]))
  const loaded = load(tree)
  absent(loaded, 'store-directory-too-large')
  assert.equal(loaded.store.certificates()[0].sources.length, 1000)
})

test('rule unparsable-certificate: found with its line, and the rest is kept', LINUX, () => {
  const loaded = load({ [BUNDLE]: root.pem + pemBlock(Buffer.from('3003020105', 'hex')) + other.pem })
  assert.equal(found(loaded, 'unparsable-certificate').location.line, root.pem.trimEnd().split('\n').length + 1)
  assert.deepEqual(loaded.names, ['Root', 'Other'])
  assert.match(loaded.store.excluded()[0].reason, /^not parsable/)
})

test('rule unparsable-certificate: absent for an odd certificate that OpenSSL takes', LINUX, () => {
  const odd = certificate({ subject: 'Odd', ca: true, version: 4, serial: -1n, signature: 'broken' })
  const loaded = load({ [BUNDLE]: odd.pem })
  absent(loaded, 'unparsable-certificate')
  assert.deepEqual(loaded.names, ['Odd'])
})

test('rule distrusted-by-system: found for each way in which a system says so', LINUX, () => {
  const said = {
    'etc/pki/ca-trust/source/blocklist/x.pem': root.pem,
    'usr/share/pki/ca-trust-source/blacklist/x.cer': root.pem,
    'etc/ca-certificates/trust-source/blocklist/x.crt': root.pem,
    'usr/share/pki/ca-trust-source/x.p11-kit': `[p11-kit-object-v1]\nclass: certificate\nx-distrusted: true\n${root.pem}`,
    'etc/ca-certificates.conf': 'mozilla/Other.crt\n!mozilla/Root.crt\n',
  }
  for (const [file, content] of Object.entries(said)) {
    const tree = { [BUNDLE]: other.pem, 'usr/share/ca-certificates/mozilla/Root.crt': root.pem, [file]: content }
    const loaded = load(tree, { nodeRoots: root.pem })
    assert.equal(found(loaded, 'distrusted-by-system').location.path, path.join(loaded.folder, file))
    assert.deepEqual(loaded.names, ['Other'])
    assert.equal(loaded.store.excluded()[0].reason.split(',')[0], `distrusted by the system: ${path.join(loaded.folder, file)}`)
  }
})

test('rule distrusted-by-system: absent when only another is distrusted, and when the system is not to be heeded', LINUX, () => {
  const blocked = { [BUNDLE]: root.pem, 'etc/pki/ca-trust/source/blocklist/x.pem': other.pem }
  absent(load(blocked), 'distrusted-by-system')
  const loaded = load(blocked, { nodeRoots: other.pem, honorSystemDistrust: false })
  absent(loaded, 'distrusted-by-system')
  assert.deepEqual(loaded.names, ['Other', 'Root'])
})

test('rule expired-anchor-left-out: found for an expired root, from whatever store', () => {
  const loaded = load({}, { nodeRoots: root.pem + expired.pem, system: false })
  assert.match(found(loaded, 'expired-anchor-left-out').message, /"Expired" .* expired on 2024-01-01T00:00:00Z/)
  assert.deepEqual(loaded.names, ['Root'])
})

test('rule expired-anchor-left-out: absent for one that is not valid yet, which stays', () => {
  const future = certificate({ subject: 'Future', ca: true, notBefore: '2040-01-01' })
  const loaded = load({}, { nodeRoots: future.pem, system: false })
  absent(loaded, 'expired-anchor-left-out')
  assert.deepEqual(loaded.names, ['Future'])
})

test('rule expired-anchor-left-out: absent for one that a person named, which its own rule is about', () => {
  const loaded = load({}, { ca: [expired.pem, leaf.pem, root.pem], system: false })
  assert.deepEqual(loaded.findings.map(({ rule }) => rule).sort(), ['certificate-all-expired', 'certificate-is-leaf'])
  assert.equal(loaded.store.excluded().length, 2)
  assert.deepEqual(loaded.names, ['Root'])
})

test('rule leaf-in-store: found for a server certificate that a CA issued', LINUX, () => {
  const loaded = load({ [BUNDLE]: root.pem + leaf.pem })
  assert.match(found(loaded, 'leaf-in-store').message, /"www\.example\.com" .* was issued by CN=Root and is no CA/)
  assert.deepEqual(loaded.names, ['Root'])
})

test('rule leaf-in-store: absent for an intermediate and for a server that signs itself', LINUX, () => {
  const loaded = load({ [BUNDLE]: root.issue({ subject: 'Intermediate', ca: true }).pem + selfSigned.pem })
  absent(loaded, 'leaf-in-store')
  assert.deepEqual(loaded.names, ['Intermediate', 'localhost'])
})

test('rule server-certificate-in-system-store: found for snakeoil', LINUX, () => {
  const loaded = load({ [BUNDLE]: root.pem, 'etc/ssl/certs/ssl-cert-snakeoil.pem': selfSigned.pem })
  const finding = found(loaded, 'server-certificate-in-system-store')
  assert.equal(finding.location.path, path.join(loaded.folder, 'etc/ssl/certs/ssl-cert-snakeoil.pem'))
  assert.deepEqual(loaded.names, ['Root'])
})

test('rule server-certificate-in-system-store: absent for a root there, and for the same file named by a person', LINUX, () => {
  absent(load({ 'etc/ssl/certs/company.pem': root.pem }), 'server-certificate-in-system-store')
  const loaded = load({ 'etc/ssl/certs/ssl-cert-snakeoil.pem': selfSigned.pem }, { ca: [selfSigned.pem] })
  absent(loaded, 'server-certificate-in-system-store')
  assert.deepEqual(loaded.names, ['localhost'])
})

test("rule removed-by-mozilla: found for a root of Node that Mozilla's list lacks", () => {
  const loaded = load({}, { nodeRoots: root.pem, mozilla: true, system: false })
  assert.match(found(loaded, 'removed-by-mozilla').message, /^one root that Node trusts is no longer in Mozilla's list: "Root"/)
  assert.ok(loaded.names.includes('Root'))
})

test("rule removed-by-mozilla: absent for a root of the system, and without Mozilla's list", LINUX, () => {
  absent(load({ [BUNDLE]: root.pem }, { nodeRoots: '', mozilla: true }), 'removed-by-mozilla')
  absent(load({}, { nodeRoots: root.pem, system: false }), 'removed-by-mozilla')
})

test('rule mozilla-name-constraint: found with the names that Mozilla allows', () => {
  const loaded = load({}, { mozilla: true, system: false })
  const finding = found(loaded, 'mozilla-name-constraint')
  assert.match(finding.message, /^Mozilla trusts ".+" \([0-9a-f]{8}…\) for \.[a-z]+ alone; Node trusts it for every name$/)
  assert.ok(loaded.store.certificates().some(({ sha256 }) => sha256 === finding.certificate))
})

test('rule mozilla-name-constraint: absent without that root', () => {
  absent(load({}, { nodeRoots: root.pem, system: false }), 'mozilla-name-constraint')
})

test('rule same-subject-anchors: found for two keys of one name that carry identifiers', () => {
  const twins = ['one', 'two'].map((keyName) => certificate({ subject: 'Twin', ca: true, keyName }))
  const loaded = load({}, { nodeRoots: twins.map(({ pem }) => pem).join(''), system: false })
  assert.match(found(loaded, 'same-subject-anchors').message, /^2 certificates share the subject CN=Twin/)
})

test('rule same-subject-anchors: absent for names that differ', () => {
  absent(load({}, { nodeRoots: root.pem + other.pem, system: false }), 'same-subject-anchors')
})

test('rule same-subject-conflict: found for two keys of one name without identifiers, each pair once', () => {
  const twins = ['one', 'two', 'three'].map((keyName) => certificate({ subject: 'Twin', ca: true, keyName, subjectKeyIdentifier: false }))
  const loaded = load({}, { nodeRoots: twins.map(({ pem }) => pem).join(''), system: false })
  const conflicts = of(loaded, 'same-subject-conflict')
  assert.equal(conflicts.length, 2)
  assert.ok(conflicts.every(({ message }) => message.endsWith('will fail with CERT_SIGNATURE_FAILURE')))
  assert.equal(new Set(conflicts.map((finding) => finding.certificate)).size, 2)
})

test('rule same-subject-conflict: absent for kinds of keys that a signature tells apart', () => {
  const twins = ['p256', 'rsa-2048'].map((keyType) => certificate({ subject: 'Twin', ca: true, keyType, subjectKeyIdentifier: false }))
  absent(load({}, { nodeRoots: twins.map(({ pem }) => pem).join(''), system: false }), 'same-subject-conflict')
})

test('rule no-anchors: found when every source together gives none', () => {
  const loaded = load({}, { nodeRoots: expired.pem, system: false })
  assert.match(found(loaded, 'no-anchors').message, /^the merged store is empty/)
  assert.deepEqual(loaded.store.ca(), [])
})

test('rule no-anchors: absent with one certificate', () => {
  absent(load({}, { ca: [root.pem], system: false }), 'no-anchors')
  absent(load({}, { nodeRoots: tls.rootCertificates.join('\n'), system: false }), 'no-anchors')
})

test('anchors that somebody added to the system are judged one by one, in the file that they were added with', LINUX, () => {
  const weak = certificate({ subject: 'Weak', ca: true, keyType: 'rsa-1024' })
  const ending = certificate({ subject: 'Ending', ca: true, notAfter: '2026-01-15' })
  const tree = { [BUNDLE]: root.pem + weak.pem + ending.pem, 'etc/ssl/certs/company.pem': weak.pem, 'etc/ssl/certs/next.pem': ending.pem }
  const loaded = load(tree, { node: '24' })
  const at = (rule) => path.relative(loaded.folder, found(loaded, rule).location.path)
  assert.equal(at('certificate-key-too-weak'), 'etc/ssl/certs/company.pem')
  assert.equal(at('certificate-expires-soon'), 'etc/ssl/certs/next.pem')
  assert.equal(loaded.findings.length, 2)
  assert.deepEqual(load(tree, { node: '24', system: false, nodeRoots: tree[BUNDLE] }).findings, [])
})
