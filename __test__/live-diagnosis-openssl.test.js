'use strict'

// What is found about `openssl s_server`, on every Node: what is old, what is weak, and what is stapled.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')

const der = require('./support/der')
const { describeLive, handshakeFailure, spoken, startTogether } = require('./support/live-diagnosis')
const { opensslServer } = require('./support/loopback')
const { datedOcspResponse } = require('./support/ocsp')
const { certificate, pemBlock } = require('./support/pki')

const MUST_STAPLE = { oid: '1.3.6.1.5.5.7.1.24', value: der.sequence(der.integer(5)) }
const root = certificate({ subject: { O: 'Example', CN: 'Example Root CA' }, ca: true })
const server = { subject: 'localhost', server: true, altNames: ['DNS:localhost'] }
const leaf = root.issue(server)
const rsa = root.issue({ ...server, keyType: 'rsa-2048', keyName: 'rsa' })
const weak = root.issue({ ...server, keyType: 'rsa-1024', keyName: 'weak' })
const client = root.issue({ subject: 'a client', extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] })
const strangeClient = certificate({ subject: 'a strange client', extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] })
const stapled = root.issue({ ...server, keyName: 'stapled', extensions: [MUST_STAPLE] })

/** The group of 1,024 bits of RFC 2409. */
const SMALL_GROUP = pemBlock(
  der.sequence(der.integer(Buffer.concat([Buffer.alloc(1), crypto.getDiffieHellman('modp2').getPrime()])), der.integer(2)),
  'DH PARAMETERS',
)

const openssl = (options, entry = rsa, files = {}) => opensslServer(options.split(' '), { cert: entry.pem, key: entry.key.pem, files })
const at = (name, options) => (servers) => ({ target: `https://localhost:${servers[name].port}`, options })
const clientIdentity = (entry) => ({ cert: entry.pem, key: entry.key.pem })

/** A server that staples what the issuer said at some time. */
const stapling = (dates) => openssl('-status_file staple.der', stapled, { 'staple.der': datedOcspResponse({ issuer: root, leaf: stapled, ...dates }) })
const LASTING = { producedAt: '2026-01-01', nextUpdate: '2044-01-01' }

const start = () => startTogether({
  modern: openssl('-serverpref', leaf),
  tls10: openssl('-tls1 -cipher ALL:@SECLEVEL=0'),
  tls11: openssl('-tls1_1 -cipher ALL:@SECLEVEL=0'),
  everything: openssl('-cipher ALL:@SECLEVEL=0'),
  rsaKeyExchange: openssl('-tls1_2 -cipher AES256-SHA'),
  cbc: openssl('-tls1_2 -cipher ECDHE-RSA-AES128-SHA'),
  unencrypted: openssl('-tls1_2 -cipher NULL-SHA256:@SECLEVEL=0'),
  smallGroup: openssl('-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0 -dhparam group.pem', rsa, { 'group.pem': SMALL_GROUP }),
  weakKey: openssl('-cipher ALL:@SECLEVEL=0', weak),
  good: stapling(LASTING),
  revoked: stapling({ ...LASTING, status: 'revoked' }),
  stale: stapling({ producedAt: '2026-01-01', nextUpdate: '2026-01-08' }),
  unstapled: openssl('-tls1_3', stapled),
  required: openssl('-tls1_3 -Verify 1 -verify_return_error -CAfile ca.pem', leaf, { 'ca.pem': root.pem }),
  requiredTls12: openssl('-tls1_2 -Verify 1 -verify_return_error -CAfile ca.pem', leaf, { 'ca.pem': root.pem }),
})

const legacy = (protocol) => ({ session, chain }) => {
  assert.equal(session.complete, false)
  assert.equal(session.protocol, protocol)
  assert.deepEqual(spoken(session), [protocol])
  assert.equal(chain[0].sha256, rsa.sha256)
}
/** Security level 2, the default of OpenSSL 3.2, which Node 22 lowers. */
const hasLevelTwo = (major) => major >= 24
const staple = (status) => ({ session }) => assert.equal(session.ocsp.status, status)

/** @type {import('./support/live-diagnosis').Case[]} */
const cases = [
  { title: 'nothing old', look: at('modern'), code: null, rules: [] },
  {
    title: 'TLS 1.0 alone',
    look: at('tls10'),
    code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    verdict: null,
    rules: ['protocol-legacy-only'],
    check: legacy('TLSv1'),
  },
  {
    title: 'TLS 1.1 alone',
    look: at('tls11'),
    code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    verdict: null,
    rules: ['protocol-legacy-only'],
    check: legacy('TLSv1.1'),
  },
  {
    title: 'old versions beside new ones',
    look: at('everything'),
    code: null,
    rules: [],
    infos: ['protocol-legacy-offered'],
    check: ({ session }) => assert.deepEqual(spoken(session), ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']),
  },
  {
    title: 'RSA key exchange',
    look: at('rsaKeyExchange'),
    code: null,
    rules: [],
    infos: ['cipher-suite-outdated'],
    check({ session, chain }) {
      assert.equal(session.cipherSuite, 'TLS_RSA_WITH_AES_256_CBC_SHA')
      assert.equal(session.group, null)
      assert.equal(chain[0].sha256, rsa.sha256)
    },
  },
  {
    title: 'CBC',
    look: at('cbc'),
    code: null,
    rules: [],
    infos: ['cipher-suite-outdated'],
    check: ({ session }) => assert.equal(session.cipherSuite, 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'),
  },
  {
    title: 'no cipher suite that Node has',
    look: at('unencrypted'),
    code: handshakeFailure,
    verdict: null,
    rules: ['handshake-nothing-shared'],
  },
  {
    title: 'Diffie-Hellman of 1,024 bits',
    look: at('smallGroup'),
    code: (major) => (hasLevelTwo(major) ? 'ERR_SSL_DH_KEY_TOO_SMALL' : null),
    verdict: null,
    rules: (major) => (hasLevelTwo(major) ? ['handshake-nothing-shared'] : []),
    check: ({ findings }, major) => hasLevelTwo(major) && assert.match(findings[0].message, /1,?024/),
  },
  { title: 'an RSA key of 1,024 bits', look: at('weakKey'), code: (major) => (hasLevelTwo(major) ? 'UNSPECIFIED' : null), rules: (major) => (hasLevelTwo(major) ? ['chain-key-too-weak'] : []) },
  { title: 'a stapled response: good', look: at('good'), code: null, rules: [], check: staple('good') },
  { title: 'a stapled response: revoked', look: at('revoked'), code: null, rules: ['ocsp-staple-revoked'], check: staple('revoked') },
  { title: 'a stapled response: out of date', look: at('stale'), code: null, rules: ['ocsp-staple-stale'], check: staple('good') },
  { title: 'no stapled response where the certificate demands one', look: at('unstapled'), code: null, rules: ['ocsp-staple-missing'] },
  {
    title: 'a client certificate that TLS 1.3 misses',
    look: at('required'),
    code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    verdict: null,
    rules: ['client-certificate-required'],
    check: ({ session }) => assert.deepEqual([session.complete, session.clientCertificate.sent], [true, false]),
  },
  { title: 'a client certificate that TLS 1.2 misses', look: at('requiredTls12'), code: handshakeFailure, verdict: null, rules: ['client-certificate-required'] },
  { title: 'the client certificate that is required', look: at('required', clientIdentity(client)), code: null, rules: [] },
  {
    title: 'a client certificate that nobody issued',
    look: at('required', clientIdentity(strangeClient)),
    code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    verdict: null,
    rules: ['client-certificate-refused'],
  },
]

describeLive('openssl s_server', { start, cases, options: { ca: root.pem } })
