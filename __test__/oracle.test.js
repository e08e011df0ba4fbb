'use strict'

// The judge that other suites take as the truth (support/judge.js) says what a live Node says: in real handshakes, in ones that end at a broken
// certificate, and on all the chains whose verdicts were recorded before.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { after, describe, test } = require('node:test')
const { gunzipSync } = require('node:zlib')

const der = require('./support/der')
const { runNode } = require('./support/environment')
const { judge, oracleAddon, storeOf, storesOf } = require('./support/judge')
const { ANY_LEVEL, presentingServer, tlsServer } = require('./support/loopback')
const { generator } = require('./support/mutate')
const nodesModule = require('./support/nodes')
const { certificate, pemBlock, standardPki } = require('./support/pki')
const { randomCase } = require('./support/random-pki')
const { certificatesIn, x509Code } = require('./support/verdict')

/** Verdicts that were recorded with another replay of the same function; no test depends on them. */
const RECORDED = process.env.TRUST_ANCHORS_ORACLE ?? path.join(__dirname, '..', '..', 'shared', 'oracle', 'verdicts.jsonl.gz')

const skip = nodesModule.unsupported ?? false
const majors = skip ? [] : nodesModule.nodes.map(({ major }) => major)

/** Connects as often as it is told, one after the other, and says how each connection ended. */
const CONNECT = `
const tls = require('tls')
const connect = (options) => new Promise((resolve) => {
  const socket = tls.connect({ host: '127.0.0.1', ...options })
  const settle = (answer) => { resolve(answer); socket.destroy() }
  socket.on('secureConnect', () => settle({ code: null, reason: null }))
  socket.on('error', ({ code, message }) => settle({ code, reason: message }))
})
const main = async () => {
  const answers = []
  for (const options of JSON.parse(require('fs').readFileSync(0, 'utf8'))) answers.push(await connect(options))
  console.log(JSON.stringify(answers))
}
main()
`

/** Serves on the Node under test, asks its own client for a certificate, and says what it thinks of it. */
const ACCEPT = `
const tls = require('tls')
const ask = ({ cert, key, ca, client }) => new Promise((resolve, reject) => {
  // The connection has to be kept for its server to be asked about it.
  const options = { cert, key, ca, requestCert: true, rejectUnauthorized: false }
  const server = tls.createServer(options, (socket) => {
    resolve(socket.authorizationError ?? null)
    socket.destroy()
    server.close()
  })
  server.on('tlsClientError', reject)
  server.listen(0, '127.0.0.1', () => {
    tls.connect({ host: '127.0.0.1', port: server.address().port, servername: 'localhost', ...client }).on('error', () => {})
  })
})
const main = async () => {
  const answers = []
  for (const question of JSON.parse(require('fs').readFileSync(0, 'utf8'))) answers.push(await ask(question))
  console.log(JSON.stringify(answers))
}
main()
`

/** What Node makes of every verify result, forced upon real handshakes. */
const FORCE = `
const tls = require('tls')
const { addon, cert, key, highest } = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const oracle = { exports: {} }
process.dlopen(oracle, addon)
const connect = (port, secureContext) => new Promise((resolve) => {
  const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', secureContext })
  const settle = (answer) => { resolve(answer); socket.destroy() }
  socket.on('secureConnect', () => settle(null))
  socket.on('error', ({ code }) => settle(code))
})
const server = tls.createServer({ cert, key }).listen(0, '127.0.0.1', async () => {
  const answers = []
  for (let number = 0; number <= highest; number++) {
    const secureContext = tls.createSecureContext({ ca: [] })
    oracle.exports.forceResult(secureContext.context._external, number)
    answers.push(await connect(server.address().port, secureContext))
  }
  console.log(JSON.stringify(answers))
  server.close()
})
`

/** Verifies in real handshakes, at the time asked for, and says what came of it, whatever the handshakes came to. */
const OBSERVE = `
const tls = require('tls')
const { addon, cases } = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const oracle = { exports: {} }
process.dlopen(oracle, addon)
const connect = (port, secureContext) => new Promise((resolve) => {
  const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', secureContext })
  socket.on('secureConnect', () => socket.destroy())
  socket.on('error', () => {})
  socket.on('close', resolve)
})
const main = async () => {
  const answers = []
  for (const { port, time, ...options } of cases) {
    const secureContext = tls.createSecureContext(options)
    oracle.exports.observe(secureContext.context._external, time)
    await connect(port, secureContext)
    const seen = oracle.exports.observed()
    answers.push(seen ? {
      error: seen.error,
      errors: seen.errors.map(({ number, depth }) => [number, depth]),
      chain: seen.chain.map((bytes) => bytes.toString('base64')),
    } : null)
  }
  console.log(JSON.stringify(answers))
}
main()
`

/** Runs a script on a Node with its input as JSON, and gives the JSON it prints. */
async function answersOf(major, script, input) {
  const { status, signal, stdout, stderr } = await runNode(major, ['-e', script], { stdin: JSON.stringify(input) })
  assert.equal(status, 0, `Node ${major} ended with ${signal ?? status}: ${stderr}`)
  return JSON.parse(stdout)
}

/** The certificate in one PEM block. */
const bytesOf = (pem) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')

/** What OpenSSL keeps byte by byte of a certificate that it decoded, in hexadecimal; around it, it may tidy up. */
const toBeSigned = (certificate) => der.children(der.read(certificate).body)[0].raw.toString('hex')

const stopped = []
after(() => Promise.all(stopped.map((server) => server.stop())))

/** Chains with their names; every fault alone, and some together. Dates are long past or far ahead, so that no clock matters. */
function chains() {
  const authority = (subject, options) => certificate({ subject, ca: true, ...options })
  const server = { subject: 'localhost', server: true, altNames: ['DNS:localhost'] }
  const past = { notBefore: '2010-01-01', notAfter: '2015-01-01' }
  const future = { notBefore: '2060-01-01', notAfter: '2070-01-01' }
  const root = authority('Oracle Root')
  const other = authority('Oracle Other Root')
  const intermediate = root.issue({ subject: 'Oracle Intermediate', ca: true })
  const lower = intermediate.issue({ subject: 'Oracle Lower', ca: true })
  const leaf = intermediate.issue(server)
  const selfSigned = certificate({ ...server, keyName: 'self' })
  const under = (options, leafOptions = {}) => {
    const between = root.issue({ subject: 'Oracle Between', ca: true, ...options })
    return { sent: [between.issue({ ...server, ...leafOptions }), between], ca: [root] }
  }
  const single = (options) => ({ sent: [intermediate.issue({ ...server, ...options }), intermediate], ca: [root] })
  const weakRoot = authority('Oracle Weak Root', { keyType: 'rsa-1024' })
  const digestRoot = authority('Oracle Digest Root', { keyType: 'rsa-2048', digest: 'md5' })
  const edwards = authority('Oracle Edwards Root', { keyType: 'ed25519' })
  const rsa = authority('Oracle RSA Root', { keyType: 'rsa-2048' })
  const shallow = root.issue({ subject: 'Oracle Shallow', ca: true, pathLength: 0 })
  const deep = shallow.issue({ subject: 'Oracle Deep', ca: true })
  const weakLeaf = { sent: [rsa.issue({ ...server, keyType: 'rsa-1024', keyName: 'weak leaf' })], ca: [rsa] }
  const critical = [{ oid: '1.3.6.1.4.1.32473.9', critical: true, value: Buffer.from('0500', 'hex') }]
  return {
    'good': { sent: [leaf, intermediate], ca: [root] },
    'good, with the root': { sent: [leaf, intermediate, root], ca: [root] },
    'good, Ed25519': { sent: [edwards.issue({ ...server, keyType: 'ed25519', keyName: 'edwards leaf' })], ca: [edwards] },
    'no intermediate': { sent: [leaf], ca: [root] },
    'no middle': { sent: [lower.issue(server), lower], ca: [root] },
    'root sent, not trusted': { sent: [leaf, intermediate, root], ca: [other] },
    'self-signed': { sent: [selfSigned], ca: [root] },
    'self-signed, trusted': { sent: [selfSigned], ca: [selfSigned] },
    'intermediate trusted alone': { sent: [leaf, intermediate], ca: [intermediate] },
    'intermediate trusted alone, partial': { sent: [leaf, intermediate], ca: [intermediate], partial: true },
    'expired leaf': single(past),
    'future leaf': single(future),
    'expired intermediate': under(past),
    'expired leaf, untrusted': { ...single(past), ca: [other] },
    'broken signature': single({ signature: 'broken' }),
    'client usage': single({ extendedKeyUsage: ['clientAuth'] }),
    'intermediate is no authority': under({ ca: false, keyUsage: null }),
    'intermediate may be an authority': under({ ca: null, keyUsage: ['keyCertSign'] }),
    'path too long': { sent: [deep.issue(server), deep, shallow], ca: [root] },
    'intermediate without certSign': under({ keyUsage: ['cRLSign'] }),
    'unknown critical extension': single({ extensions: critical }),
    'name not permitted': under({ nameConstraints: { permitted: ['DNS:example.test'] } }),
    'name excluded, expired leaf': under({ nameConstraints: { excluded: ['DNS:localhost'] } }, past),
    'leaf of RSA-1024': weakLeaf,
    'leaf of RSA-1024, level 1': { ...weakLeaf, ciphers: 'DEFAULT@SECLEVEL=1' },
    'root of RSA-1024': { sent: [weakRoot.issue(server)], ca: [weakRoot] },
    'leaf signed with SHA-1': { sent: [rsa.issue({ ...server, digest: 'sha1' })], ca: [rsa] },
    'root signed with MD5': { sent: [digestRoot.issue(server)], ca: [digestRoot] },
    'another name': single({ subject: 'example.test', altNames: ['DNS:example.test'] }),
    'another name, expired': single({ ...past, altNames: ['DNS:example.test'] }),
  }
}

const asCase = ({ sent, ca, partial, ciphers }) => ({
  chain: sent.map((entry) => entry.der), ca: ca.map((entry) => entry.pem), partial, ciphers, hostname: 'localhost',
})

test('every number becomes the code that Node gives it', { skip }, async () => {
  const { leaf } = standardPki()
  const highest = 127
  for (const major of majors) {
    const codes = await answersOf(major, FORCE, { addon: oracleAddon(), cert: leaf.chainPem, key: leaf.key.pem, highest })
    const expected = Array.from({ length: highest + 1 }, (_, number) => (number === 0 ? null : x509Code(number)))
    assert.deepEqual(codes, expected, `Node ${major}`)
  }
})

test('a judged chain ends as a live handshake ends', { skip }, async (context) => {
  const named = Object.entries(chains())
  const ports = []
  for (const [, { sent }] of named) {
    const server = await tlsServer({ cert: sent.map((entry) => entry.pem).join(''), key: sent[0].key.pem })
    stopped.push(server)
    ports.push(server.port)
  }
  const codes = new Set()
  for (const major of majors) {
    const connections = named.map(([, { ca, partial, ciphers }], index) => ({
      port: ports[index], servername: 'localhost', ca: ca.map((entry) => entry.pem), allowPartialTrustChain: partial, ciphers,
    }))
    const live = await answersOf(major, CONNECT, connections)
    const verdicts = await judge(major, named.map(([, entry]) => asCase(entry)))
    for (const [index, [name]] of named.entries()) {
      const { ok, code, reason, stage } = verdicts[index]
      assert.equal(code, live[index].code, `${name}, Node ${major}`)
      assert.equal(ok, live[index].code === null)
      // Node 24 and later add a hint to some messages, and checkServerIdentity words before its reason.
      if (stage === 'verify') assert.ok(live[index].reason.startsWith(reason), `${name}, Node ${major}: ${live[index].reason}`)
      if (stage === 'identity') assert.ok(live[index].reason.endsWith(reason), `${name}, Node ${major}: ${live[index].reason}`)
      codes.add(`${code} ${stage === 'verify' ? reason : ''}`)
    }
  }
  context.diagnostic(`${named.length} chains on Node ${majors.join(', ')}: ${codes.size} different ends, all as judged`)
})

test('a judged client certificate ends as a live server ends', { skip }, async () => {
  const { root, otherRoot, intermediate, leaf } = standardPki()
  const client = { subject: 'client', extendedKeyUsage: ['clientAuth'], keyName: 'client' }
  const sent = [
    [intermediate.issue(client), intermediate],
    [intermediate.issue(client)],
    [intermediate.issue({ ...client, extendedKeyUsage: ['serverAuth'] }), intermediate],
    [intermediate.issue({ ...client, keyUsage: ['keyEncipherment'] }), intermediate],
    [intermediate.issue({ ...client, notAfter: '2021-01-01' }), intermediate],
    [certificate({ ...client, keyName: 'alone' })],
  ]
  const asked = sent.flatMap((chain) => [root, otherRoot].map((ca) => ({ chain, ca })))
  const questions = asked.map(({ chain, ca }) => ({
    cert: leaf.chainPem, key: leaf.key.pem, ca: [ca.pem],
    client: { cert: chain.map((entry) => entry.pem).join(''), key: chain[0].key.pem, ca: [root.pem] },
  }))
  const cases = asked.map(({ chain, ca }) => ({ chain: chain.map((entry) => entry.der), ca: [ca.pem], purpose: 'client' }))
  for (const major of majors) {
    const codes = (await judge(major, cases)).map(({ code }) => code)
    assert.deepEqual(codes, await answersOf(major, ACCEPT, questions), `Node ${major}`)
    assert.ok(new Set(codes).size >= 5)
  }
})

/** How a client ends that can use the leaf's key and goes on: the server signed with another one, or saw other messages. */
const LATER = new RegExp(
  '^none$|ALERT_BAD_RECORD_MAC|ALERT_DECRYPT_ERROR|BAD_SIGNATURE|SIGNATURE_FAILURE|WRONG_(CERTIFICATE|SIGNATURE)_TYPE|WRONG_CURVE|' +
    'ECC_CERT_NOT_FOR_SIGNING',
)

describe('a message that cannot be read', { skip }, () => {
  const { leaf, intermediate, root } = standardPki()
  const spki = (algorithm, key = Buffer.alloc(48, 7)) => der.sequence(der.sequence(...algorithm), der.bitString(key))
  const generated = (type, options) => crypto.generateKeyPairSync(type, options).publicKey.export({ type: 'spki', format: 'der' })
  const keyed = (publicKey) => intermediate.issue({ ...leaf.options, publicKey }).der
  const unknownKey = keyed(spki([der.objectIdentifier('1.3.6.1.4.1.32473.1.1')]))
  const dates = (text) => intermediate.issue({ ...leaf.options, notBefore: der.element(0x17, Buffer.from(text)) }).der
  const named = {
    'a sound one': [leaf.der, intermediate.der],
    'a key of no known type': [unknownKey],
    'a point that is on no curve': [keyed(spki([der.objectIdentifier('1.2.840.10045.2.1'), der.objectIdentifier('1.2.840.10045.3.1.7')]))],
    'a key for key agreement': [keyed(generated('x25519'))],
    'a Diffie-Hellman key': [keyed(generated('dh', { group: 'modp14' }))],
    'a DSA key without parameters': [keyed(spki([der.objectIdentifier('1.2.840.10040.4.1')], der.integer(4711)))],
    'a PSS key': [keyed(generated('rsa-pss', { modulusLength: 2048 }))],
    'an Ed448 key': [keyed(generated('ed448'))],
    'no bytes': [Buffer.alloc(0)],
    'no certificate': [Buffer.from('hello')],
    'no bytes after a sound one': [leaf.der, Buffer.alloc(0)],
    'a byte too many': [Buffer.concat([leaf.der, Buffer.from([0])])],
    'half a certificate': [leaf.der.subarray(0, 200)],
    'a serial number with padding': [intermediate.issue({ ...leaf.options, serial: Buffer.from('0001', 'hex') }).der],
    'an empty serial number': [leaf.der, root.issue({ ca: true, serial: Buffer.alloc(0) }).der],
    'a date without seconds': [dates('2001010000Z')],
    'a broken one after a key of no known type': [unknownKey, Buffer.from('3003020100', 'hex')],
  }
  const random = generator('oracle', 1)
  for (let number = 0; number < 60; number++) {
    const damaged = Buffer.from(leaf.der)
    for (let count = random.between(1, 2); count > 0; count--) damaged[random.below(damaged.length)] = random.below(256)
    named[`damaged certificate ${number}`] = number % 2 === 0 ? [damaged, intermediate.der] : [leaf.der, damaged]
  }

  test('ends a live handshake with the code judged', async (context) => {
    const servers = []
    for (const list of Object.values(named)) {
      servers.push(await presentingServer(list, { cert: leaf.chainPem, key: leaf.key.pem, ciphers: ANY_LEVEL }))
    }
    stopped.push(...servers)
    const counts = {}
    for (const major of majors) {
      const live = await answersOf(major, CONNECT, servers.map(({ port }) => ({ port, servername: 'localhost', ca: [root.pem] })))
      const verdicts = await judge(major, Object.values(named).map((chain) => ({ chain, ca: [root.pem] })))
      for (const [index, name] of Object.keys(named).entries()) {
        const { stage, code, keyFault } = verdicts[index]
        const expected = stage === 'handshake' ? code : keyFault
        const actual = live[index].code
        if (expected === null) assert.match(actual ?? 'none', LATER, `${name}, Node ${major}`)
        else assert.equal(actual, expected, `${name}, Node ${major}`)
        counts[expected ?? 'readable'] = (counts[expected ?? 'readable'] ?? 0) + 1
      }
    }
    context.diagnostic(JSON.stringify(counts))
    assert.ok(Object.keys(counts).length >= 8)
  })
})

const unrecorded = fs.existsSync(RECORDED) ? false : `no ${path.basename(RECORDED)} lies beside the project, and TRUST_ANCHORS_ORACLE names none`

test('a random chain is judged as the handshake of a client verifies it', { skip }, async (context) => {
  const { leaf } = standardPki()
  const cases = []
  for (let number = 0; cases.length < 120; number++) {
    const { id, chain, ca, time, purpose, allowPartialTrustChain } = randomCase('oracle', number)
    if (purpose === 'server') cases.push({ id, chain, ca, time: Math.floor(new Date(time).getTime() / 1000), partial: allowPartialTrustChain })
  }
  const servers = []
  for (const { chain } of cases) servers.push(await presentingServer(chain, { cert: leaf.chainPem, key: leaf.key.pem }))
  stopped.push(...servers)
  let errors = 0
  for (const major of majors) {
    const asked = cases.map(({ ca, time, partial }, index) => ({ port: servers[index].port, ca, time, allowPartialTrustChain: partial }))
    const live = await answersOf(major, OBSERVE, { addon: oracleAddon(), cases: asked })
    const verdicts = await judge(major, cases)
    for (const [index, { id, chain, ca }] of cases.entries()) {
      const trusted = certificatesIn(ca)
      const named = (label) => {
        const [, kind, position] = /^([LIT])([0-9]*)/.exec(label) ?? []
        return kind === 'L' ? chain[0] : kind === 'I' ? chain[Number(position) + 1] : trusted[Number(position)]
      }
      const verdict = verdicts[index]
      const seen = live[index]
      if (verdict.stage === 'handshake') assert.equal(seen, null, `${id}, Node ${major}`)
      else {
        const judged = { error: verdict.error, errors: verdict.errors, chain: verdict.chain.map((label) => toBeSigned(named(label))) }
        seen.chain = seen.chain.map((base64) => toBeSigned(Buffer.from(base64, 'base64')))
        assert.deepEqual(judged, seen, `${id}, Node ${major}`)
      }
      errors += verdict.errors.length
    }
  }
  const told = `the ${errors} errors of the live verifications, and the chains that they built`
  context.diagnostic(`${cases.length} chains on Node ${majors.join(', ')}: ${told}`)
})

test('recorded verdicts are given again', { skip: skip || unrecorded }, async (context) => {
  const recorded = gunzipSync(fs.readFileSync(RECORDED)).toString().trim().split('\n').map((line) => JSON.parse(line))
  const cases = recorded.map(({ peer, intermediates, trusted, time, kind, hostname }) => ({
    chain: [peer, ...intermediates].map(bytesOf), ca: trusted, time, purpose: kind, hostname: hostname?.value,
  }))
  const told = ({ ok, code, stage, depth, errors, error, chain, reason }) => ({
    ok, code, stage, depth, errors, error, chain, reason: stage === 'verify' || stage === 'handshake' ? reason : null,
  })
  for (const major of majors) {
    const verdicts = await judge(major, cases)
    for (const [index, entry] of recorded.entries()) {
      const known = entry[`node${major}`]
      if (known) assert.deepEqual(told(verdicts[index]), { reason: null, ...told(known) }, `${entry.id}, Node ${major}`)
      else assert.equal(verdicts[index].code, entry.other[major], `${entry.id}, Node ${major}`)
    }
  }
  const told20And24 = 'code, depth, error list, chain and reason are the recorded ones'
  context.diagnostic(`${recorded.length} chains: on Node 20 and 24 ${told20And24}, on 18, 22 and 26 the code`)
})

test('the names are looked at whatever the key is', { skip }, async () => {
  const { root } = standardPki()
  for (const keyType of ['secp256k1', 'brainpoolP256', 'p224', 'ed448', 'p521']) {
    const leaf = root.issue({ subject: 'localhost', server: true, altNames: ['DNS:localhost'], keyType, keyName: 'odd' })
    const cases = ['localhost', 'example.test'].map((hostname) => ({ chain: [leaf.der], ca: [root.pem], hostname }))
    for (const major of majors) {
      const codes = (await judge(major, cases)).map(({ code }) => code)
      assert.deepEqual(codes, [null, 'ERR_TLS_CERT_ALTNAME_INVALID'], `${keyType}, Node ${major}`)
    }
  }
})

test('the time asked about is the time judged', { skip }, async () => {
  const { root, directLeaf } = standardPki()
  const times = ['2019-12-31T23:59:59Z', '2020-01-01T00:00:00Z', '2044-12-31T23:59:59Z', 2366841600]
  const codes = ['CERT_NOT_YET_VALID', null, null, 'CERT_HAS_EXPIRED']
  for (const major of majors) {
    const verdicts = await judge(major, times.map((time) => ({ chain: [directLeaf.der], ca: [root.pem], time })))
    assert.deepEqual(verdicts.map(({ code }) => code), codes, `Node ${major}`)
  }
})

test('a store is listed as the context holds it', { skip }, async () => {
  const { root, otherRoot, twinA, twinB, unknownKeyRoot } = standardPki()
  // Trusts serverAuth, rejects emailProtection: the X509_CERT_AUX of a TRUSTED CERTIFICATE.
  const usage = (identifier) => der.objectIdentifier(identifier)
  const auxiliary = der.sequence(der.sequence(usage('1.3.6.1.5.5.7.3.1')), der.implicit(0, usage('1.3.6.1.5.5.7.3.4')))
  auxiliary[auxiliary.indexOf(0x80)] = 0xa0
  const trusted = pemBlock(Buffer.concat([otherRoot.der, auxiliary]), 'TRUSTED CERTIFICATE')
  const digests = (store) => store.map(({ sha256 }) => sha256)
  for (const major of majors) {
    const [several, twins, reversed, none, auxiliaries] = await storesOf(major, [
      [root.pem + otherRoot.pem, Buffer.from(root.pem), unknownKeyRoot.pem],
      [twinA.pem, twinB.pem],
      [twinB.pem, twinA.pem],
      [],
      [trusted],
    ])
    assert.deepEqual(digests(several).sort(), [root, otherRoot, unknownKeyRoot].map(({ sha256 }) => sha256).sort(), `Node ${major}`)
    assert.deepEqual(digests(twins), [twinA.sha256, twinB.sha256])
    assert.deepEqual(digests(reversed), [twinB.sha256, twinA.sha256])
    assert.deepEqual(none, [])
    assert.deepEqual(auxiliaries, [
      { sha256: otherRoot.sha256, trusted: ['1.3.6.1.5.5.7.3.1'], rejected: ['1.3.6.1.5.5.7.3.4'] },
    ], `Node ${major}`)
    assert.ok((await storeOf(major, undefined)).length > 100)
  }
})

test('a verifier that was made ready agrees with the judge', { skip }, async () => {
  const { root, intermediate, leaf, otherRoot } = standardPki()
  const script = `
    const { addon, ca, chains } = JSON.parse(require('fs').readFileSync(0, 'utf8'))
    const oracle = { exports: {} }
    process.dlopen(oracle, addon)
    const external = require('tls').createSecureContext({ ca }).context._external
    const verifier = new oracle.exports.Verifier(external, { purpose: 'server', time: 1767225600 })
    console.log(JSON.stringify(chains.map((chain) => verifier.verify(chain.map((bytes) => Buffer.from(bytes, 'base64'))))))`
  const lists = [[leaf.der, intermediate.der], [leaf.der], [leaf.der, intermediate.der, otherRoot.der], [Buffer.from('no certificate')]]
  const chains = lists.map((chain) => chain.map((bytes) => bytes.toString('base64')))
  for (const major of majors) {
    assert.deepEqual(await answersOf(major, script, { addon: oracleAddon(), ca: [root.pem], chains }), [true, false, true, false])
  }
})
