'use strict'

// What is found about a real nginx, on every Node: chains as administrators leave them, names, client certificates.

const assert = require('node:assert/strict')

const { describeLive, spoken, startTogether } = require('./support/live-diagnosis')
const { startNginxListeners } = require('./support/nginx')
const { certificate } = require('./support/pki')

const authority = (CN) => certificate({ subject: { O: 'Example', CN }, ca: true })
const root = authority('Example Root CA')
const strangeRoot = authority('Strange Root CA')
const clientRoot = authority('Example Client CA')
const intermediate = root.issue({ subject: { O: 'Example', CN: 'Example Issuing CA' }, ca: true })
const names = (...list) => list.map((name) => (/^\d/.test(name) ? `IP:${name}` : `DNS:${name}`))
const serverCertificate = (issuer, options) => issuer.issue({ subject: 'localhost', server: true, altNames: names('localhost', '127.0.0.1'), ...options })
const lower = intermediate.issue({ subject: { O: 'Example', CN: 'Example Lower CA' }, ca: true })
const leaf = serverCertificate(intermediate)
const expired = serverCertificate(intermediate, { notBefore: '2020-01-01', notAfter: '2021-01-01' })
const deepLeaf = serverCertificate(lower)
const strangeIntermediate = strangeRoot.issue({ subject: { O: 'Example', CN: 'Strange Issuing CA' }, ca: true })
const strange = serverCertificate(strangeIntermediate)
const selfSigned = certificate({ subject: 'localhost', server: true, altNames: names('localhost') })
const [one, two] = ['one.test', 'two.test'].map((name) => intermediate.issue({ subject: name, server: true, altNames: names(name) }))
const client = clientRoot.issue({ subject: 'a client', extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] })
const strangeClient = strangeRoot.issue({ subject: 'a strange client', extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] })

const site = (entry, certificates = entry.chainPem) => ({ certificate: certificates, key: entry.key.pem })
const pem = (...entries) => entries.map((entry) => entry.pem).join('')
const clientIdentity = (entry) => ({ cert: entry.chainPem, key: entry.key.pem })

/** `localhost` with a site's port. */
const at = (name, options) => ({ web }) => ({ target: `https://localhost:${web.ports[name]}`, options })
/** A name that no resolver knows, at a site's port. */
const named = (host, name, options) => ({ web }) => ({ target: `https://${host}`, options: { connectTo: `127.0.0.1:${web.ports[name]}`, ...options } })

const start = () => startTogether({
  web: startNginxListeners({
    whole: site(leaf),
    leafOnly: site(leaf, leaf.pem),
    rootSent: site(leaf, pem(leaf, intermediate, root)),
    wrongOrder: site(deepLeaf, pem(deepLeaf, intermediate, lower)),
    expired: site(expired),
    strange: site(strange),
    strangeWithRoot: site(strange, pem(strange, strangeIntermediate, strangeRoot)),
    selfSigned: site(selfSigned),
    names: [{ ...site(one), name: 'one.test' }, { ...site(two), name: 'two.test' }],
    known: [{ ...site(one), settings: 'ssl_reject_handshake on;' }, { ...site(two), name: 'two.test' }],
    required: { ...site(leaf), clientAuthorities: clientRoot.pem },
    requiredTls12: { ...site(leaf), clientAuthorities: clientRoot.pem, settings: 'ssl_protocols TLSv1.2;' },
    optional: { ...site(leaf), clientAuthorities: clientRoot.pem, verifyClient: 'optional' },
    plain: { ...site(leaf), plain: true },
  }),
})

/** What nginx's own words tell: it asks, names its authorities, and decides about what it gets when the handshake is over. */
const asked = ({ sent }) => ({ session }) => {
  assert.equal(session.complete, true)
  assert.deepEqual(session.clientCertificate, { authorities: ['CN=Example Client CA,O=Example'], sent, refused: null })
}

/** @type {import('./support/live-diagnosis').Case[]} */
const cases = [
  {
    title: 'a whole chain',
    look: at('whole'),
    code: null,
    rules: [],
    check({ chain, session, endpoint }) {
      assert.deepEqual(chain.map(({ sha256 }) => sha256), [leaf.sha256, intermediate.sha256])
      assert.equal(session.protocol, 'TLSv1.3')
      assert.equal(session.alpn, 'http/1.1')
      assert.equal(session.clientCertificate, null)
      assert.equal(endpoint.address, '127.0.0.1')
      assert.deepEqual(spoken(session), ['TLSv1.2', 'TLSv1.3'])
    },
  },
  {
    title: 'the leaf alone',
    look: at('leafOnly'),
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    rules: ['chain-missing-intermediate'],
    check({ findings, chain }) {
      assert.equal(chain.length, 1)
      const [missing] = findings
      assert.equal(missing.actor, 'server')
      assert.match(missing.message, /CN=Example Issuing CA/)
    },
  },
  { title: 'a root that is sent', look: at('rootSent'), code: null, rules: [], infos: ['chain-root-sent'] },
  {
    title: 'the wrong order',
    look: at('wrongOrder'),
    code: null,
    rules: [],
    infos: ['chain-out-of-order'],
    check: ({ chain, verdict }) => {
      assert.deepEqual(chain.map(({ sha256 }) => sha256), [deepLeaf, intermediate, lower].map(({ sha256 }) => sha256))
      assert.deepEqual(verdict.path.map(({ presented }) => presented), [0, 2, 1, null])
    },
  },
  { title: 'an expired certificate', look: at('expired'), code: 'CERT_HAS_EXPIRED', rules: ['chain-certificate-expired'] },
  { title: 'an unknown root', look: at('strange'), code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', rules: ['chain-root-not-trusted'] },
  { title: 'an unknown root that is sent', look: at('strangeWithRoot'), code: 'SELF_SIGNED_CERT_IN_CHAIN', rules: ['chain-root-not-trusted'] },
  { title: 'a self-signed certificate', look: at('selfSigned'), code: 'DEPTH_ZERO_SELF_SIGNED_CERT', rules: ['chain-self-signed-leaf'] },
  { title: 'the first of two names', look: named('one.test', 'names'), code: null, rules: [] },
  {
    title: 'the second of two names, which another certificate hides from who asks for none',
    look: named('two.test', 'names'),
    code: null,
    rules: [],
    infos: ['server-name-decides'],
    check({ session, chain }) {
      assert.equal(chain[0].sha256, two.sha256)
      assert.equal(session.withoutServername.same, false)
      assert.equal(session.withoutServername.certificate.sha256, one.sha256)
    },
  },
  {
    title: 'a third name',
    look: named('three.test', 'names'),
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    rules: ['chain-host-name-mismatch'],
    check: ({ findings }) => assert.match(findings[0].message, /one\.test/),
  },
  {
    title: 'the address in place of a name',
    look: ({ web }) => ({ target: `https://127.0.0.1:${web.ports.names}` }),
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    rules: ['chain-host-name-mismatch'],
    check: ({ endpoint, session }) => {
      assert.equal(endpoint.servername, null)
      assert.equal(session.withoutServername, null)
    },
  },
  {
    title: 'a name that is refused in the handshake',
    look: named('three.test', 'known'),
    code: 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
    rules: ['server-name-unrecognized'],
    check({ failure, verdict, chain }) {
      assert.deepEqual([failure.stage, failure.kind, failure.alert], ['handshake', 'alert', 112])
      assert.equal(verdict, null)
      assert.deepEqual(chain, [])
    },
  },
  { title: 'the same server by a name that it knows', look: named('two.test', 'known'), code: null, rules: [] },
  { title: 'a client certificate is required', look: at('required'), code: null, rules: [], infos: ['client-certificate-requested'], check: asked({ sent: false }) },
  { title: 'a client certificate is required, in TLS 1.2', look: at('requiredTls12'), code: null, rules: [], infos: ['client-certificate-requested'], check: asked({ sent: false }) },
  { title: 'a client certificate is welcome', look: at('optional'), code: null, rules: [], infos: ['client-certificate-requested'], check: asked({ sent: false }) },
  { title: 'the client certificate that is required', look: at('required', clientIdentity(client)), code: null, rules: [], check: asked({ sent: true }) },
  {
    title: 'a client certificate of an authority that is not among those named',
    look: at('required', clientIdentity(strangeClient)),
    code: null,
    rules: [],
    check: ({ session }) => assert.equal(session.clientCertificate.refused, null),
  },
  {
    title: 'HTTP on the port',
    look: at('plain'),
    code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    rules: ['plain-text-on-tls-port'],
    check: ({ failure, chain }) => {
      assert.deepEqual([failure.stage, failure.kind], ['handshake', 'plain-text'])
      assert.deepEqual(chain, [])
    },
  },
]

describeLive('nginx', { start, cases, options: { ca: root.pem } })
