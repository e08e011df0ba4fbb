'use strict'

// `verifyChain` as its users see it. Whether its verdicts are Node's is shown elsewhere: by recorded verdicts, and by real Nodes on chains made at random.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { X509Certificate } = require('node:crypto')
const path = require('node:path')
const { describe, test } = require('node:test')
const util = require('node:util')

const { loadTrustStoreSync, verifyChain } = require('..')
const { NativeTrust } = require('../lib/native')
const { cleanEnvironment } = require('./support/environment')
const { certificate, pemBlock, standardPki } = require('./support/pki')

const pki = standardPki()
const time = '2030-06-01T00:00:00Z'
const NODE_LINES = ['18', '20', '22', '24', '26']
const nothing = { bundled: false, system: false, extra: false, env: {} }
const asked = { time, node: '24' }
const chain = [pki.leaf.pem, pki.intermediate.pem]
const good = { ...asked, chain, ca: pki.root.pem, hostname: 'localhost' }
const OK = { ok: true, code: null, reason: null, stage: null, depth: null, undetermined: null }

/** @param {import('..').Verdict} verdict */
const short = ({ ok, code, reason, stage, depth, undetermined }) => ({ ok, code, reason, stage, depth, undetermined })
/** @param {import('..').Verdict} verdict */
const subjects = ({ path }) => path.map(({ subject, presented }) => [/CN=([^,]*)/.exec(subject)?.[1], presented])

describe('the verdict', () => {
  test('on a good chain has no code, and the path with its places', () => {
    const verdict = verifyChain(good)
    assert.deepEqual(short(verdict), OK)
    assert.deepEqual(verdict.errors, [])
    assert.equal(verdict.mismatch, null)
    assert.deepEqual(subjects(verdict), [['localhost', 0], ['Intermediate', 1], ['Root', null]])
    assert.deepEqual(verdict.path.map(({ sources }) => sources), [[], [], [{ store: 'ca', line: 1 }]])
    assert.equal(verdict.path[2].sha256, pki.root.sha256)
  })

  test('on a bad chain has every error in its order, and the last one’s code', () => {
    const leaf = pki.intermediate.issue({ subject: 'localhost', server: true, notAfter: '2029-01-01' })
    const verdict = verifyChain({ ...good, chain: leaf.pem })
    assert.deepEqual(short(verdict), { ...OK, ok: false, code: 'CERT_HAS_EXPIRED', reason: 'certificate has expired', stage: 'verify', depth: 0 })
    assert.deepEqual(verdict.errors, [
      { openssl: 20, code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', reason: 'unable to get local issuer certificate', depth: 0 },
      { openssl: 21, code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', reason: 'unable to verify the first certificate', depth: 0 },
      { openssl: 10, code: 'CERT_HAS_EXPIRED', reason: 'certificate has expired', depth: 0 },
    ])
  })

  test('on a wrong name says what it was compared with', () => {
    const verdict = verifyChain({ ...good, hostname: 'example.com' })
    assert.equal(verdict.code, 'ERR_TLS_CERT_ALTNAME_INVALID')
    assert.equal(verdict.stage, 'identity')
    assert.equal(verdict.reason, "Host: example.com. is not in the cert's altnames: DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1")
    assert.deepEqual(verdict.mismatch, {
      host: 'example.com', compared: 'dns-names', dnsNames: ['localhost'], addresses: ['127.0.0.1', '::1'], commonNames: ['localhost'],
    })
    assert.deepEqual(short(verifyChain({ ...good, hostname: undefined })), OK)
  })

  test('of a server on a client asks for another purpose, and for no name', () => {
    const client = pki.intermediate.issue({ subject: 'someone', extendedKeyUsage: ['clientAuth'] })
    const input = { ...good, chain: [client.pem, pki.intermediate.pem] }
    assert.equal(verifyChain(input).code, 'INVALID_PURPOSE')
    assert.deepEqual(short(verifyChain({ ...input, purpose: 'client' })), OK)
  })

  test('depends on the Node, and on its ciphers’ security level', () => {
    const leaf = pki.root.issue({ subject: 'localhost', server: true, keyType: 'rsa-1024' })
    const input = { ...good, chain: leaf.pem, hostname: undefined }
    for (const [node, code] of [['18', null], ['20', null], ['22.23.3', null], ['24', 'UNSPECIFIED'], ['26.10.0', 'UNSPECIFIED']]) {
      assert.equal(verifyChain({ ...input, node: String(node) }).code, code, String(node))
    }
    assert.equal(verifyChain({ ...input, node: '24', ciphers: 'DEFAULT@SECLEVEL=1' }).code, null)
    assert.equal(verifyChain({ ...input, node: '20', ciphers: 'DEFAULT@SECLEVEL=2' }).reason, 'EE certificate key too weak')
  })

  test('is the running Node’s where none is named', () => {
    const leaf = pki.root.issue({ subject: 'localhost', server: true, keyType: 'rsa-1024' })
    const [major] = process.versions.node.split('.').map(Number)
    assert.equal(verifyChain({ chain: leaf.pem, ca: pki.root.pem, time }).ok, Number(major) < 24)
  })

  test('ends at any anchor where partial chains are allowed', () => {
    const input = { ...good, ca: pki.intermediate.pem }
    assert.equal(verifyChain(input).code, 'UNABLE_TO_GET_ISSUER_CERT')
    assert.deepEqual(short(verifyChain({ ...input, allowPartialTrustChain: true })), OK)
  })

  test('is plain data for JSON and for the console, and text for people', () => {
    const verdict = verifyChain({ ...good, hostname: 'example.com' })
    const json = JSON.parse(JSON.stringify(verdict))
    assert.deepEqual(Object.keys(json), [
      'ok', 'code', 'reason', 'stage', 'depth', 'errors', 'path', 'mismatch', 'undetermined', 'perspectives', 'findings',
    ])
    assert.deepEqual(json.path, JSON.parse(JSON.stringify(verdict.path)))
    assert.match(util.inspect(verdict), /errors: \[\]/)
    assert.match(String(verdict), /^ERR_TLS_CERT_ALTNAME_INVALID at depth 0: Host: example\.com\./)
    assert.match(String(verifyChain(good)), /^ok\n {2}0 CN=localhost/)
  })
})

describe('the chain', () => {
  test('is taken as PEM or DER, whole or in pieces', () => {
    for (const form of [
      pki.leaf.pem + pki.intermediate.pem,
      Buffer.from(pki.leaf.pem + pki.intermediate.pem),
      [pki.leaf.der, pki.intermediate.der],
      [pki.leaf.pem, new Uint8Array(pki.intermediate.der)],
      `0 s:CN = localhost\n${pki.leaf.pem.replace(/\n/g, '\r\n')}\n   i:CN = Root\n${pki.intermediate.pem}`,
    ]) {
      assert.deepEqual(short(verifyChain({ ...good, chain: form })), OK)
    }
  })

  test('is judged as it was sent: in any order, with duplicates and what does not belong', () => {
    const sent = [pki.leaf.pem, pki.otherRoot.pem, pki.leaf.pem, pki.root.pem, pki.intermediate.pem, pki.intermediate.pem]
    const verdict = verifyChain({ ...good, chain: sent })
    assert.deepEqual(subjects(verdict), [['localhost', 0], ['Intermediate', 4], ['Root', null]])
    assert.equal(verifyChain({ ...good, chain: [pki.intermediate.pem, pki.leaf.pem] }).code, 'INVALID_PURPOSE')
  })

  test('ends the handshake where a certificate cannot be decoded', () => {
    const trailing = Buffer.concat([pki.leaf.der, Buffer.from([0])])
    for (const [sent, code, depth] of [
      [[pki.leaf.der.subarray(1), pki.intermediate.der], /^ERR_SSL_/, 0],
      [[pki.leaf.der, Buffer.from('garbage')], /^ERR_SSL_/, 1],
      [[trailing, pki.intermediate.der], /^ERR_SSL_CERT_LENGTH_MISMATCH$/, 0],
    ]) {
      const verdict = verifyChain({ ...good, chain: sent })
      assert.equal(verdict.stage, 'handshake')
      assert.match(String(verdict.code), code)
      assert.equal(verdict.depth, depth)
      assert.deepEqual([verdict.errors, verdict.path], [[], []])
    }
    // A server that reads a file drops what follows a certificate in its block.
    assert.deepEqual(short(verifyChain({ ...good, chain: [pemBlock(trailing), pki.intermediate.pem] })), OK)
  })

  test('is no chain without a certificate', () => {
    for (const empty of ['', 'garbage', [], Buffer.alloc(0), pki.leaf.key.pem]) {
      const verdict = verifyChain({ ...good, chain: empty })
      assert.equal(verdict.ok, false)
      assert.equal(verdict.stage, 'handshake')
    }
  })

  test('of any size is judged in bounded time', () => {
    const many = Array.from({ length: 10_000 }, () => pki.intermediate.der)
    const inputs = [
      [pki.leaf.der, ...many],
      (pki.leaf.pem + pki.intermediate.pem.repeat(10_000)),
      'x'.repeat(64 * 1024 * 1024),
      Buffer.alloc(64 * 1024 * 1024),
      Array.from({ length: 1_000_000 }, () => ''),
    ]
    for (const input of inputs) assert.equal(verifyChain({ ...good, chain: input }).stage, 'handshake')
    assert.equal(verifyChain({ ...good, chain: inputs[0] }).code, 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE')
    assert.equal(verifyChain({ ...good, ca: inputs.slice(1, 4) }).ok, false)
  })
})

describe('the trust', () => {
  test('is read as Node reads a `ca` option', () => {
    assert.deepEqual(short(verifyChain({ ...good, ca: [Buffer.from('garbage'), pki.otherRoot.pem + pki.root.pem] })), OK)
    for (const ca of [[], [''], 'garbage', pki.root.der, pki.otherRoot.pem]) {
      assert.equal(verifyChain({ ...good, ca }).code, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
    }
  })

  test('is read once where it is given again, and anew where it changed', () => {
    const bytes = Buffer.from(pki.root.pem)
    assert.equal(verifyChain({ ...good, ca: bytes }).ok, true)
    bytes.fill(0)
    assert.equal(verifyChain({ ...good, ca: bytes }).ok, false)
    const list = [pki.root.pem]
    assert.equal(verifyChain({ ...good, ca: list }).ok, true)
    list[0] = pki.otherRoot.pem
    assert.equal(verifyChain({ ...good, ca: list }).ok, false)
    assert.equal(verifyChain(good).ok, true)
  })

  test('is what this process trusts where none is given', () => {
    const [root] = require('node:tls').rootCertificates
    // A public root is its own chain; whether it is valid today is not asked.
    const { path, errors } = verifyChain({ chain: root, node: '22' })
    assert.equal(path[0].presented, null)
    assert.ok(errors.every(({ openssl }) => ![18, 19, 20].includes(openssl)))
    assert.equal(verifyChain({ ...good, ca: undefined }).code, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
  })

  test('of a store is the store, with the places of its certificates', () => {
    const store = loadTrustStoreSync({ ...nothing, ca: [pki.otherRoot.pem, pki.root.pem] })
    const verdict = store.verifyChain(chain, { ...asked, hostname: 'localhost' })
    assert.deepEqual(short(verdict), OK)
    assert.deepEqual(verdict.path[2].sources.map(({ store }) => store), ['ca'])
    assert.equal(loadTrustStoreSync(nothing).verifyChain(chain, asked).code, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
  })
})

describe('perspectives', () => {
  const leaf = pki.intermediate.issue({ subject: 'localhost', server: true, notAfter: '2033-03-01', keyType: 'rsa-1024' })
  const input = { ...good, hostname: undefined, chain: [leaf.pem, pki.intermediate.pem], node: '20' }

  test('are by default every Node, and the dates at which the verdict changes', () => {
    assert.deepEqual(verifyChain(input).perspectives.map(({ text }) => text), [
      'Node 18: ok',
      'Node 20: ok',
      'Node 22: ok',
      'Node 24: UNSPECIFIED (RSA-1024 key of `localhost` is too weak)',
      'Node 26: UNSPECIFIED (RSA-1024 key of `localhost` is too weak)',
      'Node 20, on 2033-03-01: CERT_HAS_EXPIRED (leaf `localhost` expired on 2033-03-01)',
    ])
    const { perspectives } = verifyChain({ ...good, ca: pki.intermediate.pem })
    assert.ok(perspectives.some(({ allowPartialTrustChain, ok, differs }) => allowPartialTrustChain && ok && differs))
  })

  test('are the ones that are asked for', () => {
    const [one, two] = verifyChain({ ...input, perspectives: [{}, { node: '24', time: '2034-01-01', allowPartialTrustChain: true }] }).perspectives
    assert.deepEqual(one, {
      node: '20', store: 'ca', time, allowPartialTrustChain: false, ...OK, differs: false, certificate: null, text: 'Node 20: ok',
    })
    assert.deepEqual(two, {
      node: '24', store: 'ca', time: '2034-01-01T00:00:00Z', allowPartialTrustChain: true, ...OK, ok: false, code: 'CERT_HAS_EXPIRED',
      reason: 'certificate has expired', stage: 'verify', depth: 0, differs: true, certificate: leaf.sha256,
      text: 'Node 24, partial chains allowed, on 2034-01-01: CERT_HAS_EXPIRED (leaf `localhost` expired on 2033-03-01)',
    })
    assert.deepEqual(verifyChain({ ...input, perspectives: [] }).perspectives, [])
  })

  test('take the parts of a store', () => {
    const store = loadTrustStoreSync({ ...nothing, bundled: 'node', ca: pki.root.pem })
    const stores = ['bundled', 'ca', ['bundled', 'ca'], 'system', 'merged']
    const { perspectives } = store.verifyChain(input.chain, { time, node: '20', perspectives: stores.map((store) => ({ store })) })
    assert.deepEqual(perspectives.map(({ store, ok }) => [store, ok]), [
      ['bundled', false], ['ca', true], ['bundled+ca', true], ['system', false], ['merged', true],
    ])
  })

  test('have the list of their own Node', () => {
    // Each line's list is compared with Node's own elsewhere: here is a root that is good for a server, so that trust alone decides.
    const at = '2025-06-01'
    const has = (line, { fingerprint256 }) =>
      NativeTrust.shippedBy(line).stored(line).some(({ sha256 }) => sha256 === fingerprint256.replaceAll(':', '').toLowerCase())
    const roots = require('node:tls').rootCertificates.map((pem) => new X509Certificate(pem)).filter(({ raw }) => verifyChain({ chain: raw, time: at }).ok)
    const root = roots.find((candidate) => !NODE_LINES.every((line) => has(line, candidate))) ?? roots[0]
    const expected = NODE_LINES.map((line) => has(line, root))
    const { perspectives } = verifyChain({ chain: root.raw, time: at, perspectives: NODE_LINES.map((node) => ({ node, store: 'bundled' })) })
    assert.deepEqual(perspectives.map(({ ok }) => ok), expected)

    // Without a `ca` too, in a process to which nothing was added.
    const script = `
      const { verifyChain } = require(${JSON.stringify(path.join(__dirname, '..'))})
      const { perspectives } = verifyChain({ chain: ${JSON.stringify(root.toString())}, time: '${at}', perspectives: ${JSON.stringify(NODE_LINES)}.map((node) => ({ node })) })
      console.log(JSON.stringify(perspectives.map(({ ok, store }) => [ok, store])))`
    const alone = spawnSync(process.execPath, ['-e', script], { env: cleanEnvironment(), encoding: 'utf8' })
    assert.deepEqual(JSON.parse(alone.stdout), expected.map((ok) => [ok, 'default']), alone.stderr)
  })

  test('take this process’s stores beside a `ca`', () => {
    const [bundled, both] = verifyChain({ ...input, perspectives: [{ store: 'bundled' }, { store: ['bundled', 'ca'] }] }).perspectives
    assert.deepEqual([bundled?.code, both?.code], ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', null])
  })
})

describe('a forecast', () => {
  const soon = certificate({ subject: 'Soon Root', ca: true, notAfter: '2030-07-01' })
  const store = loadTrustStoreSync({ ...nothing, time, ca: [pki.root.pem, soon.pem] })

  test('names what expires, and when', () => {
    const forecast = store.forecast({ time, days: 60 })
    assert.equal(forecast.from, time)
    assert.equal(forecast.until, '2030-07-31T00:00:00Z')
    assert.deepEqual(forecast.expiring.map(({ certificate, expires, daysLeft }) => [certificate.subject, expires, daysLeft]), [
      ['CN=Soon Root', '2030-07-01T00:00:00Z', 30],
    ])
    assert.equal(forecast.chain, null)
    assert.match(String(forecast), /1 certificate of the store expires from 2030-06-01 to 2030-07-31\n {2}2030-07-01 \(in 30 days\) CN=Soon Root, from ca/)
    assert.deepEqual(store.forecast({ time, days: 10 }).expiring, [])
  })

  test('follows a chain until it breaks', () => {
    const leaf = soon.issue({ subject: 'localhost', server: true })
    const { chain: followed } = store.forecast({ time, days: 60, chain: leaf.pem, node: '24' })
    assert.equal(followed?.now.ok, true)
    assert.deepEqual(followed?.changes.map(({ time, code, depth, expires, certificate }) => [time, code, depth, expires, certificate.subject]), [
      ['2030-07-01T00:00:00Z', 'CERT_HAS_EXPIRED', 1, true, 'CN=Soon Root'],
    ])
    assert.equal(followed?.changes[0]?.text, '2030-07-01: CERT_HAS_EXPIRED (root `Soon Root` expired on 2030-07-01)')
  })
})

describe('wrong arguments', () => {
  /** @type {[any, string, RegExp][]} */
  const wrong = [
    [undefined, 'ERR_INVALID_ARG_TYPE', /The "input" argument must be of type object\. Received undefined/],
    ['PEM', 'ERR_INVALID_ARG_TYPE', /The "input" argument must be of type object/],
    [{ ...good, chain: undefined }, 'ERR_INVALID_ARG_TYPE', /The "input\.chain" property must be of type string or an instance of Buffer or TypedArray, or an array of these\. Received undefined/],
    [{ ...good, chain: [1] }, 'ERR_INVALID_ARG_TYPE', /The "input\.chain\[0\]" property .* Received type number \(1\)/],
    [{ ...good, ca: null }, 'ERR_INVALID_ARG_TYPE', /"input\.ca"/],
    [{ ...good, ca: [undefined] }, 'ERR_INVALID_ARG_TYPE', /"input\.ca\[0\]"/],
    [{ ...good, hostname: 1 }, 'ERR_INVALID_ARG_TYPE', /"input\.hostname"/],
    [{ ...good, time: 'soon' }, 'ERR_INVALID_ARG_VALUE', /'input\.time'/],
    [{ ...good, purpose: 'mail' }, 'ERR_INVALID_ARG_VALUE', /'input\.purpose' must be one of: 'server', 'client'/],
    [{ ...good, node: '16' }, 'ERR_INVALID_ARG_VALUE', /'input\.node'/],
    [{ ...good, allowPartialTrustChain: 1 }, 'ERR_INVALID_ARG_TYPE', /"input\.allowPartialTrustChain"/],
    [{ ...good, ciphers: 1 }, 'ERR_INVALID_ARG_TYPE', /"input\.ciphers"/],
    [{ ...good, perspectives: {} }, 'ERR_INVALID_ARG_TYPE', /"input\.perspectives"/],
    [{ ...good, perspectives: [{ store: 'mine' }] }, 'ERR_INVALID_ARG_VALUE', /'input\.perspectives\[0\]\.store' must be one of/],
    [{ ...good, perspectives: [{ store: 'bundled', node: '19' }] }, 'ERR_INVALID_ARG_VALUE', /'input\.perspectives\[0\]\.store' is not known of Node 19/],
    [{ ...good, perspectives: [{ hostname: 'x' }] }, 'ERR_INVALID_ARG_VALUE', /'input\.perspectives\[0\]\.hostname'/],
  ]
  for (const [input, code, message] of wrong) {
    test(`throw ${code}: ${message.source}`, () => assert.throws(() => verifyChain(input), { code, message }))
  }

  test('throw in the methods of a store', () => {
    const store = loadTrustStoreSync(nothing)
    assert.throws(() => store.verifyChain(/** @type {any} */ (undefined)), { code: 'ERR_INVALID_ARG_TYPE', message: /The "chain" argument/ })
    assert.throws(() => store.verifyChain(chain, { node: 'x' }), { code: 'ERR_INVALID_ARG_VALUE', message: /'options\.node'/ })
    assert.throws(() => store.forecast({ days: 0 }), { code: 'ERR_OUT_OF_RANGE' })
    assert.throws(() => store.forecast({ chain: /** @type {any} */ (1) }), { code: 'ERR_INVALID_ARG_TYPE', message: /"options\.chain"/ })
  })
})
