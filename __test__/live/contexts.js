'use strict'

/**
 * What `tls.createSecureContext` throws for damaged keys, PEM texts and settings; `tls.connect` and `https.createServer` throw the same. The last
 * ones are thrown by other calls of `node:tls`.
 *
 *   code     null when it throws an error without a code; `{ 18: …, 24: … }` says what holds from these versions on
 *   reason   OpenSSL's text, or the message
 *   accepted nothing is thrown
 *   unexplained why `explain` has nothing to say of it
 */

const crypto = require('node:crypto')
const net = require('node:net')
const tls = require('node:tls')

const der = require('../support/der')
const { certificate, pemBlock, pkcs12, signingRequest } = require('../support/pki')

const SERVER = { subject: 'localhost', server: true, altNames: ['DNS:localhost'] }
const root = certificate({ subject: 'Live Root', ca: true })
const leaf = root.issue(SERVER)
const rsaLeaf = root.issue({ ...SERVER, keyType: 'rsa-2048', keyName: 'rsa leaf' })
const weakRoot = certificate({ subject: 'RSA-512 Root', ca: true, keyType: 'rsa-512' })

const identityOf = (entry) => ({ cert: entry.pem, key: entry.key.pem })
const lines = leaf.pem.split('\n')
const derOfKey = leaf.key.privateKey.export({ format: 'der', type: 'pkcs8' })
/** With one salt in 256 the padding of a wrong decryption happens to be sound, and the error is another one. */
function encrypted(entry, type) {
  for (;;) {
    const key = entry.key.privateKey.export({ format: 'pem', type, cipher: 'aes-256-cbc', passphrase: 'right' })
    if (['', 'wrong'].every((passphrase) => errorOf(() => crypto.createPrivateKey({ key, passphrase })).code === 'ERR_OSSL_BAD_DECRYPT')) return key
  }
}

function errorOf(attempt) {
  try {
    return attempt() && {}
  } catch (error) {
    return error
  }
}

const smallGroup = der.sequence(der.integer(Buffer.concat([Buffer.alloc(1), crypto.getDiffieHellman('modp1').getPrime()])), der.integer(2))

const NO_START_LINE = { code: 'ERR_OSSL_PEM_NO_START_LINE', reason: 'no start line' }
const BAD_END_LINE = { code: 'ERR_OSSL_PEM_BAD_END_LINE', reason: 'bad end line' }
const BAD_BASE64 = { code: 'ERR_OSSL_PEM_BAD_BASE64_DECODE', reason: 'bad base64 decode' }
const UNREADABLE_KEY = { code: 'ERR_OSSL_UNSUPPORTED', reason: 'unsupported' }
const BAD_DECRYPT = { code: 'ERR_OSSL_BAD_DECRYPT', reason: 'bad decrypt' }
const WEAK_KEY = 'ERR_SSL_EE_KEY_TOO_SMALL'

module.exports = [
  { title: 'a certificate that is no PEM', options: { cert: 'hello' }, ...NO_START_LINE },
  { title: 'a certificate in DER', options: { cert: leaf.der }, ...NO_START_LINE },
  { title: 'a path in place of a certificate', options: { cert: '/etc/ssl/cert.pem' }, ...NO_START_LINE },
  { title: 'a key in place of a certificate', options: { cert: leaf.key.pem }, ...NO_START_LINE },
  { title: 'a signing request in place of a certificate', options: { cert: pemBlock(signingRequest(), 'CERTIFICATE REQUEST') }, ...NO_START_LINE },
  { title: 'a certificate in one line', options: { cert: leaf.pem.replace(/\n/g, ' ') }, ...NO_START_LINE },
  { title: 'a certificate with \\n in place of line feeds', options: { cert: leaf.pem.replace(/\n/g, '\\n') }, ...NO_START_LINE },
  { title: 'a certificate without its last line', options: { cert: lines.slice(0, -2).join('\n') }, ...BAD_END_LINE },
  { title: 'a certificate with the last line of another block', options: { cert: leaf.pem.replace('END CERTIFICATE', 'END X509 CRL') }, ...BAD_END_LINE },
  { title: 'a certificate with a line of other characters', options: { cert: [...lines.slice(0, 3), '!!!!', ...lines.slice(3)].join('\n') }, ...BAD_BASE64 },
  { title: 'a certificate that lost a character', options: { cert: leaf.pem.replace(lines[2], lines[2].slice(1)) }, ...BAD_BASE64 },
  {
    title: 'a certificate whose DER is cut short', options: { cert: pemBlock(leaf.der.subarray(0, leaf.der.length - 20)) },
    code: 'ERR_OSSL_ASN1_TOO_LONG', reason: 'too long',
  },
  { title: 'certificates as objects', options: { ca: [new crypto.X509Certificate(leaf.pem)] }, code: 'ERR_INVALID_ARG_TYPE' },

  { title: 'a key that is no PEM', options: { cert: leaf.pem, key: 'hello' }, ...UNREADABLE_KEY },
  { title: 'a certificate in place of a key', options: { cert: leaf.pem, key: leaf.pem }, ...UNREADABLE_KEY },
  { title: 'a public key in place of a key', options: { cert: leaf.pem, key: leaf.key.publicKey.export({ format: 'pem', type: 'spki' }) }, ...UNREADABLE_KEY },
  { title: 'a key with \\n in place of line feeds', options: { cert: leaf.pem, key: leaf.key.pem.replace(/\n/g, '\\n') }, ...UNREADABLE_KEY },
  { title: 'a key whose DER is cut short', options: { cert: leaf.pem, key: pemBlock(derOfKey.subarray(0, 40), 'PRIVATE KEY') }, ...UNREADABLE_KEY },
  {
    title: 'the key of another certificate', options: { cert: leaf.pem, key: root.key.pem },
    code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH', reason: 'key values mismatch', actor: 'server',
  },
  { title: 'a key of another kind', options: { cert: leaf.pem, key: rsaLeaf.key.pem }, accepted: true },
  { title: 'an encrypted key without its passphrase', options: { cert: leaf.pem, key: encrypted(leaf, 'pkcs8') }, ...BAD_DECRYPT },
  { title: 'an encrypted key with another passphrase', options: { cert: leaf.pem, key: encrypted(leaf, 'pkcs8'), passphrase: 'wrong' }, ...BAD_DECRYPT },
  { title: 'a traditional encrypted key without its passphrase', options: { cert: rsaLeaf.pem, key: encrypted(rsaLeaf, 'pkcs1') }, ...BAD_DECRYPT },
  {
    title: 'a traditional encrypted key with another passphrase', options: { cert: rsaLeaf.pem, key: encrypted(rsaLeaf, 'pkcs1'), passphrase: 'wrong' },
    ...BAD_DECRYPT,
  },

  {
    title: 'a leaf of RSA-512', options: identityOf(root.issue({ ...SERVER, keyType: 'rsa-512', keyName: 'weak' })),
    code: WEAK_KEY, reason: 'ee key too small', actor: 'server',
  },
  {
    title: 'a leaf of RSA-1024', options: identityOf(root.issue({ ...SERVER, keyType: 'rsa-1024', keyName: 'weak' })),
    accepted: { 18: true, 24: false }, code: WEAK_KEY, reason: 'ee key too small', actor: 'server',
  },
  {
    title: 'an authority of RSA-512 in the chain', options: { ...identityOf(weakRoot.issue(SERVER)), cert: weakRoot.issue(SERVER).pem + weakRoot.pem },
    code: 'ERR_SSL_CA_KEY_TOO_SMALL', reason: 'ca key too small',
  },
  {
    // OpenSSL 3.5 looks at no signature of a certificate that it only sends.
    title: 'a leaf signed with SHA-1', options: identityOf(root.issue({ ...SERVER, digest: 'sha1' })),
    accepted: { 18: false, 22: true }, code: 'ERR_SSL_CA_MD_TOO_WEAK', reason: 'ca md too weak',
  },

  { title: 'a PKCS#12 file that is none', options: { pfx: Buffer.from('hello') }, code: null, reason: 'not enough data' },
  { title: 'PEM in place of a PKCS#12 file', options: { pfx: Buffer.from(leaf.pem) }, code: null, reason: 'wrong tag' },
  {
    title: 'a PKCS#12 file without its passphrase', options: { pfx: pkcs12([leaf], { key: leaf, password: 'right' }) },
    code: null, reason: 'mac verify failure',
  },
  {
    title: 'a PKCS#12 file with another passphrase', options: { pfx: pkcs12([leaf], { key: leaf, password: 'right' }), passphrase: 'wrong' },
    code: null, reason: 'mac verify failure',
  },
  {
    title: 'a PKCS#12 file of an older tool', options: { pfx: pkcs12([leaf], { key: leaf, password: 'right', legacy: true }), passphrase: 'right' },
    code: { 18: null, 20: 'ERR_CRYPTO_UNSUPPORTED_OPERATION' }, reason: { 18: 'unsupported', 20: 'Unsupported PKCS12 PFX data' },
  },
  {
    title: 'a PKCS#12 file without a key', options: { pfx: pkcs12([leaf], { password: 'right' }), passphrase: 'right' },
    code: { 18: null, 20: 'ERR_CRYPTO_OPERATION_FAILED' }, reason: { 18: 'passed a null parameter', 20: 'Unable to load private key from PFX data' },
    unexplained: { 18: 'the message says nothing', 20: '' },
  },

  { title: 'a revocation list that is none', options: { crl: 'hello' }, code: 'ERR_CRYPTO_OPERATION_FAILED', reason: 'Failed to parse CRL' },
  { title: 'a cipher that does not exist', options: { ciphers: 'NO-SUCH-CIPHER' }, code: 'ERR_SSL_NO_CIPHER_MATCH', reason: 'no cipher match' },
  { title: 'a group that does not exist', options: { ecdhCurve: 'no-such-group' }, code: 'ERR_CRYPTO_OPERATION_FAILED', reason: 'Failed to set ECDH curve' },
  {
    title: 'a Diffie-Hellman group of 768 bits', options: { dhparam: pemBlock(smallGroup, 'DH PARAMETERS') },
    code: 'ERR_INVALID_ARG_VALUE', unexplained: 'the code of any wrong argument; its message says what is wrong',
  },
  { title: 'a version that does not exist', options: { minVersion: 'TLSv9' }, code: 'ERR_TLS_INVALID_PROTOCOL_VERSION' },
  { title: 'a version and a method', options: { minVersion: 'TLSv1.2', secureProtocol: 'TLSv1_2_method' }, code: 'ERR_TLS_PROTOCOL_VERSION_CONFLICT' },
  { title: 'a method that is gone', options: { secureProtocol: 'SSLv3_method' }, code: 'ERR_TLS_INVALID_PROTOCOL_METHOD' },

  { title: 'a context for no host', attempt: () => tls.createServer({}).addContext('', {}), code: 'ERR_TLS_REQUIRED_SERVER_NAME' },
  {
    // Alternative names in quotes, as Node writes them, that no JSON reads; Node itself writes no such thing.
    title: 'alternative names that are no JSON', attempt: () => tls.checkServerIdentity('localhost', { subjectaltname: 'DNS:"' }),
    code: 'ERR_TLS_CERT_ALTNAME_FORMAT',
  },
  {
    title: 'application protocols in a list and by a function', attempt: () => tls.createServer({ ALPNProtocols: ['h2'], ALPNCallback: () => undefined }),
    code: 'ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS',
  },
  {
    title: 'the host of a client, named on the server', code: 'ERR_TLS_SNI_FROM_SERVER',
    attempt: () => new tls.TLSSocket(new net.Socket(), { isServer: true, secureContext: tls.createSecureContext() }).setServername('localhost'),
  },
  { title: 'a digest that OpenSSL 3 has put away', attempt: () => crypto.createHash('md4'), code: 'ERR_OSSL_EVP_UNSUPPORTED', reason: 'unsupported' },
]
