'use strict'

// Anchors that share a subject: the order that the merged store gives, tried in real handshakes on every Node. Where the order matters, the
// reverse is shown to fail; where no order can serve, the finding must say which handshake fails and with which code.

const assert = require('node:assert/strict')
const { test } = require('node:test')

const { loadTrustStoreSync } = require('..')
const { runNode } = require('./support/environment')
const { nodes, unsupported } = require('./support/nodes')
const { certificate } = require('./support/pki')

/** The anchors of one subject. Servers stand beside them: which certificate they present. */
const root = (keyName, options = {}) => certificate({ subject: 'Twin Root', ca: true, keyName, ...options })
const server = (issuer, options = {}) =>
  issuer.issue({ subject: 'localhost', altNames: ['DNS:localhost'], server: true, keyName: 'server', ...options })
const selfSigned = (keyName, options = {}) =>
  certificate({ subject: 'localhost', altNames: ['DNS:localhost'], server: true, keyName, ...options })
const NO_IDENTIFIER = { subjectKeyIdentifier: false }

const other = certificate({ subject: 'Other Root', ca: true })

/**
 * Every case: the anchors, the servers, whether the order must matter, and the rule that is expected. The order given must serve every server, but for a
 * `conflict`, where the last server of the given order fails with `code`.
 */
const cases = {
  'two keys, each with an identifier': () => {
    const anchors = [root('one'), root('two')]
    return { anchors, servers: anchors.map((anchor) => server(anchor)) }
  },
  'a root and its cross-signed twin whose issuer is missing': () => {
    const own = root('one')
    return { anchors: [own.crossSignedBy(other), own], servers: [server(own)], reverse: 'UNABLE_TO_GET_ISSUER_CERT' }
  },
  'the same without key identifiers': () => {
    const own = root('one', NO_IDENTIFIER)
    return { anchors: [own.crossSignedBy(other), own], servers: [server(own)], reverse: 'UNABLE_TO_GET_ISSUER_CERT' }
  },
  'cross-signed by one that is in the store and by one that is not': () => {
    const own = root('one')
    const present = certificate({ subject: 'Present Root', ca: true })
    return {
      anchors: [own.crossSignedBy(other), own.crossSignedBy(present), present],
      servers: [server(own)],
      reverse: 'UNABLE_TO_GET_ISSUER_CERT',
    }
  },
  'a renewed root with the same key': () => {
    const anchors = [root('one', { notAfter: '2040-01-01' }), root('one')]
    return { anchors, servers: [server(anchors[0])] }
  },
  'an expired twin with the same key': () => {
    const anchors = [root('one', { notAfter: '2024-01-01' }), root('one')]
    return { anchors, servers: [server(anchors[1])], rule: 'certificate-all-expired' }
  },
  'an expired twin with another key, no identifiers': () => {
    const anchors = [root('one', { ...NO_IDENTIFIER, notAfter: '2024-01-01' }), root('two', NO_IDENTIFIER)]
    return { anchors, servers: [server(anchors[1])], rule: 'certificate-all-expired' }
  },
  'a twin whose time has not come, no identifiers': () => {
    const anchors = [root('one', { ...NO_IDENTIFIER, notBefore: '2044-01-01' }), root('two', NO_IDENTIFIER)]
    return { anchors, servers: [server(anchors[1])] }
  },
  'two kinds of key, no identifiers': () => {
    const anchors = [root('one', NO_IDENTIFIER), root('two', { ...NO_IDENTIFIER, keyType: 'rsa-2048' })]
    return { anchors, servers: anchors.map((anchor) => server(anchor)) }
  },
  'two keys, no identifiers': () => {
    const anchors = [root('one', NO_IDENTIFIER), root('two', NO_IDENTIFIER)]
    return { anchors, servers: anchors.map((anchor) => server(anchor)), conflict: 'CERT_SIGNATURE_FAILURE' }
  },
  'two keys, one of them with an identifier': () => {
    const anchors = [root('one', NO_IDENTIFIER), root('two')]
    return { anchors, servers: anchors.map((anchor) => server(anchor)), conflict: 'CERT_SIGNATURE_FAILURE' }
  },
  'two keys with the same identifier': () => {
    const identifier = { subjectKeyIdentifier: Buffer.alloc(20, 7) }
    const anchors = [root('one', identifier), root('two', identifier)]
    return { anchors, servers: anchors.map((anchor) => server(anchor)), conflict: 'CERT_SIGNATURE_FAILURE' }
  },
  'two curves, no identifiers': () => {
    const anchors = [root('one', NO_IDENTIFIER), root('two', { ...NO_IDENTIFIER, keyType: 'p384' })]
    return { anchors, servers: anchors.map((anchor) => server(anchor)), conflict: 'CERT_SIGNATURE_FAILURE' }
  },
  'names that differ in case and white space, no identifiers': () => {
    const anchors = [root('one', NO_IDENTIFIER), root('two', { ...NO_IDENTIFIER, subject: ' TWIN   root' })]
    return { anchors, servers: anchors.map((anchor) => server(anchor)), conflict: 'CERT_SIGNATURE_FAILURE' }
  },
  'two servers that sign themselves': () => {
    const anchors = [selfSigned('one'), selfSigned('two')]
    return { anchors, servers: anchors, conflict: 'DEPTH_ZERO_SELF_SIGNED_CERT' }
  },
  'two servers that sign themselves and name their key': () => {
    const anchors = [selfSigned('one', { authorityKeyIdentifier: true }), selfSigned('two', { authorityKeyIdentifier: true })]
    return { anchors, servers: anchors }
  },
  'a server that signs itself, renewed with the same key': () => {
    const named = { authorityKeyIdentifier: true }
    const anchors = [selfSigned('one', named), selfSigned('one', { ...named, notAfter: '2040-01-01' })]
    return { anchors, servers: anchors, conflict: 'DEPTH_ZERO_SELF_SIGNED_CERT' }
  },
}

const HANDSHAKES = `
  const tls = require('node:tls')
  const handshake = ({ ca, cert, key }) => new Promise((resolve) => {
    const server = tls.createServer({ cert, key }, (socket) => socket.on('error', () => {}).end())
    const settle = (result) => server.close(() => resolve(result))
    server.on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1', () => {
      const client = tls.connect({ host: '127.0.0.1', port: server.address().port, servername: 'localhost', ca })
      client.on('secureConnect', () => { client.destroy(); settle('ok') })
      client.on('error', (error) => settle(error.code))
    })
  })
  const read = async () => {
    let text = ''
    for await (const chunk of process.stdin) text += chunk
    const results = []
    for (const entry of JSON.parse(text)) results.push(await handshake(entry))
    console.log(JSON.stringify(results))
  }
  read()
`

const shuffles = (list) => [list, [...list].reverse()]
const prepared = Object.entries(cases).map(([title, make]) => {
  const { anchors, servers, ...expected } = make()
  const stores = shuffles(anchors).map((ca) =>
    loadTrustStoreSync({ bundled: false, system: false, extra: false, env: {}, ca: ca.map((anchor) => anchor.pem) }))
  return { title, anchors, servers, expected, stores, ca: [...stores[0].ca] }
})

/** Each server with the order given and with its reverse. */
const handshakes = prepared.flatMap(({ servers, ca }) =>
  shuffles(ca).flatMap((order) => servers.map((entry) => ({ ca: order, cert: entry.chainPem, key: entry.key.pem }))))

for (const { title, stores, expected } of prepared) {
  test(`${title}: one order, whatever order they come in`, () => {
    // Certificates of different subjects keep the order in which the program gave them.
    const twins = (store) => store.certificates.filter(({ subject }) => subject !== 'CN=Present Root').map(({ sha256 }) => sha256)
    assert.deepEqual(twins(stores[0]), twins(stores[1]))
    const rules = new Set(stores[0].findings.map((finding) => finding.rule))
    assert.equal(rules.has('same-subject-conflict'), expected.conflict !== undefined)
    assert.equal(rules.has('same-subject-anchors'), expected.conflict === undefined && stores[0].ca.length > 1)
    if (expected.rule) assert.ok(rules.has(expected.rule))
    if (expected.conflict) {
      const conflict = stores[0].findings.find((finding) => finding.rule === 'same-subject-conflict')
      assert.match(conflict.message, new RegExp(`will fail with ${expected.conflict}$`))
      assert.equal(conflict.certificate, stores[0].certificates[1].sha256)
      assert.ok(conflict.message.includes(stores[0].certificates[0].sha256.slice(0, 8)))
    }
  })
}

for (const { major } of unsupported ? [] : nodes) {
  test(`Node ${major} agrees in ${handshakes.length} handshakes`, async () => {
    const { status, stdout, stderr } = await runNode(major, ['-e', HANDSHAKES], { stdin: JSON.stringify(handshakes) })
    assert.equal(status, 0, stderr)
    const results = JSON.parse(stdout)
    for (const { title, servers, anchors, expected, stores, ca } of prepared) {
      const given = results.splice(0, servers.length)
      const reversed = results.splice(0, servers.length)
      if (expected.conflict) {
        const fails = stores[0].certificates[1].sha256
        const codes = (lost) => anchors.map((anchor) => (anchor.sha256 === lost ? expected.conflict : 'ok'))
        assert.deepEqual(given, codes(fails), title)
        assert.deepEqual(reversed, codes(stores[0].certificates[0].sha256), `${title}, reversed`)
        continue
      }
      assert.deepEqual(given, servers.map(() => 'ok'), title)
      if (ca.length > 1) assert.deepEqual(reversed, servers.map(() => expected.reverse ?? 'ok'), `${title}, reversed`)
    }
    assert.equal(results.length, 0)
  })
}

test('real Nodes are there to agree', { skip: unsupported ?? false }, () => assert.ok(nodes.length >= 5))
