'use strict'

/**
 * Chains, each with the code that `tls.connect` ends in. Dates lie decades away on both sides, so that the real clock changes nothing.
 *
 *   chain    what the server sends, its own certificate first
 *   ca       what the client trusts: certificates, or PEM
 *   code     null when it connects; `{ 18: …, 24: … }` says what holds from these versions on
 *   reason   OpenSSL's text, or what Node says of the names
 *   actor    who has to act, where code and reason tell it
 *   crl      revocation lists; `client`: further options of the client; `servername: ''`: its address is checked
 */

const der = require('../support/der')
const { keyPair } = require('../support/keys')
const { certificate, pemBlock, revocationList } = require('../support/pki')

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4'
const SUBJECT_ALT_NAME = '2.5.29.17'
const NAME_CONSTRAINTS = '2.5.29.30'
const EXPIRED = { notBefore: '2010-01-01', notAfter: '2015-01-01' }
const FUTURE = { notBefore: '2060-01-01', notAfter: '2070-01-01' }
const BARE = { subjectKeyIdentifier: false, authorityKeyIdentifier: false }
const SERVER = { subject: 'localhost', server: true, altNames: ['DNS:localhost', 'IP:127.0.0.1'] }
const CLIENT = { subject: 'A client', extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] }

const authority = (subject, options = {}) => certificate({ subject, ca: true, ...options })
const root = authority('Live Root')
const otherRoot = authority('Another Live Root')
const clientRoot = authority('Root of Clients')
const intermediate = root.issue({ subject: 'Live Intermediate', ca: true })
const leaf = intermediate.issue(SERVER)
const directLeaf = root.issue({ ...SERVER, keyName: 'direct' })

/** All of a chain but its root. */
const sent = (entry) => entry.chain.filter(({ issuer }) => issuer)
/** A leaf of the root that differs from a sound one in `options`. */
const withLeaf = (options) => ({ chain: [root.issue({ ...SERVER, ...options })], ca: [root] })
/** A leaf below an intermediate that differs from a sound one in `options`. */
const withIntermediate = (options, leafOptions = {}) => ({
  chain: sent(root.issue({ subject: 'Faulty Intermediate', ca: true, ...options }).issue({ ...SERVER, ...leafOptions })),
  ca: [root],
})
/** A leaf below a trusted root that differs from a sound one in `options`. */
const withRoot = (options) => ({ chain: [authority('Faulty Root', options).issue(SERVER)], ca: [authority('Faulty Root', options)] })
/** The root with revocation lists. */
const withLists = (...crl) => ({ chain: [directLeaf], ca: [root], crl })

const utcTime = (text) => der.element(0x17, Buffer.from(text))
const critical = (oid, value) => ({ extensions: [{ oid, critical: true, value }] })
/** Name constraints with one permitted subtree, which `pki.js` has no spelling for. */
const permitting = (...subtree) => critical(NAME_CONSTRAINTS, der.sequence(der.explicit(0, der.sequence(...subtree))))
const localhost = der.implicit(2, Buffer.from('localhost'))
const registeredIdentifier = (...octets) => der.implicit(8, Buffer.from(octets))
const manyNames = (start) => Array.from({ length: 1100 }, (_, index) => `DNS:${start}${index}.test`)

/** OpenSSL's own form of a certificate, which says what it may and what it must not be used for. */
const openSslForm = (entry, settings) => pemBlock(Buffer.concat([entry.der, der.sequence(settings)]), 'TRUSTED CERTIFICATE')
const rejectedFor = (entry, usage) => openSslForm(entry, der.element(0xa0, der.objectIdentifier(usage)))
const trustedFor = (entry, usage) => openSslForm(entry, der.sequence(der.objectIdentifier(usage)))

/** The public key with the parameters of P-256 (FIPS 186-4, D.1.2.3) written out, where others name the curve. */
function withoutCurveName(key) {
  const hex = (text) => Buffer.from(text, 'hex')
  const parameters = der.sequence(
    der.integer(1),
    der.sequence(
      der.objectIdentifier('1.2.840.10045.1.1'),
      der.integer(hex('00ffffffff00000001000000000000000000000000ffffffffffffffffffffffff')),
    ),
    der.sequence(
      der.octetString(hex('ffffffff00000001000000000000000000000000fffffffffffffffffffffffc')),
      der.octetString(hex('5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b')),
    ),
    der.octetString(
      hex('04'),
      hex('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'),
      hex('4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'),
    ),
    der.integer(hex('00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')),
    der.integer(1),
  )
  const point = der.children(der.read(key.spki).body)[1].raw
  return der.sequence(der.sequence(der.objectIdentifier('1.2.840.10045.2.1'), parameters), point)
}

const list = (...parts) => pemBlock(revocationList(...parts), 'X509 CRL')
const serialOf = (entry) => der.read(der.certificateParts(entry.der).serial).body
function damaged(bytes) {
  const copy = Buffer.from(bytes)
  copy[copy.length - 1] ^= 1
  return copy
}

function longChain(length) {
  let last = root
  for (let index = 0; index < length; index++) last = last.issue({ subject: `Intermediate ${index}`, ca: true, keyName: 'long chain' })
  return last.issue(SERVER)
}

const twin = (name) => authority('Twin', { ...BARE, keyName: name })
const shortRoot = authority('Short Root', { pathLength: 0 })
const noListRoot = authority('Root Without cRLSign', { keyUsage: ['keyCertSign'] })

const issuers = [
  { title: 'a sound chain', chain: sent(leaf), ca: [root], code: null },
  {
    title: 'the server does not send its intermediate', chain: [leaf], ca: [root],
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', reason: 'unable to verify the first certificate', actor: 'server',
  },
  {
    title: 'the root is unknown and not sent', chain: sent(leaf), ca: [otherRoot],
    code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', reason: 'unable to get local issuer certificate', actor: 'client',
  },
  {
    title: 'a store that holds nothing', chain: sent(leaf), ca: [],
    code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', reason: 'unable to get local issuer certificate', actor: 'client',
  },
  {
    title: 'the root is unknown and sent', chain: leaf.chain, ca: [otherRoot],
    code: 'SELF_SIGNED_CERT_IN_CHAIN', reason: 'self-signed certificate in certificate chain', actor: 'client',
  },
  {
    title: 'the server signs its certificate itself', chain: [certificate({ ...SERVER, keyName: 'self' })], ca: [root],
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT', reason: 'self-signed certificate',
  },
  {
    title: 'the intermediate is trusted and its root is not', chain: [leaf], ca: [intermediate],
    code: 'UNABLE_TO_GET_ISSUER_CERT', reason: 'unable to get issuer certificate', actor: 'client',
  },
  {
    title: 'a chain of 101 intermediates', chain: sent(longChain(101)), ca: [root],
    code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', reason: 'unable to get local issuer certificate',
  },
  {
    title: 'an issuer whose key nothing can read', chain: [leaf], code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', reason: 'unable to verify the first certificate',
    ca: [authority('Live Intermediate', {
      publicKey: der.sequence(der.sequence(der.objectIdentifier('1.3.6.1.4.1.32473.1.1')), der.bitString(Buffer.alloc(48, 7))),
      subjectKeyIdentifier: false,
    })],
  },
]

const dates = [
  { title: 'an expired leaf', ...withLeaf(EXPIRED), code: 'CERT_HAS_EXPIRED', reason: 'certificate has expired', actor: 'server' },
  { title: 'an expired intermediate', ...withIntermediate(EXPIRED), code: 'CERT_HAS_EXPIRED', reason: 'certificate has expired' },
  { title: 'an expired root', ...withRoot(EXPIRED), code: 'CERT_HAS_EXPIRED', reason: 'certificate has expired' },
  { title: 'an expired leaf of an unknown root', ...withLeaf(EXPIRED), ca: [otherRoot], code: 'CERT_HAS_EXPIRED', reason: 'certificate has expired' },
  { title: 'a leaf of the future', ...withLeaf(FUTURE), code: 'CERT_NOT_YET_VALID', reason: 'certificate is not yet valid' },
  {
    title: 'a start in the thirteenth month', ...withLeaf({ notBefore: utcTime('201301000000Z') }),
    code: 'ERROR_IN_CERT_NOT_BEFORE_FIELD', reason: "format error in certificate's notBefore field", actor: 'server',
  },
  {
    title: 'an end in the thirteenth month', ...withLeaf({ notAfter: utcTime('441301000000Z') }),
    code: 'ERROR_IN_CERT_NOT_AFTER_FIELD', reason: "format error in certificate's notAfter field", actor: 'server',
  },
]

const signatures = [
  {
    title: 'a signature by another key of the same name', chain: [twin('one').issue(SERVER)], ca: [twin('two')],
    code: 'CERT_SIGNATURE_FAILURE', reason: 'certificate signature failure',
  },
  { title: 'a damaged signature', ...withLeaf({ signature: 'broken' }), code: 'CERT_SIGNATURE_FAILURE', reason: 'certificate signature failure' },
]

const usages = [
  {
    title: 'a leaf for clients only', ...withLeaf({ extendedKeyUsage: ['clientAuth'] }),
    code: 'INVALID_PURPOSE', reason: 'unsuitable certificate purpose', actor: 'server',
  },
  { title: 'an intermediate that is no authority', ...withIntermediate({ ca: false }), code: 'INVALID_PURPOSE', reason: 'unsuitable certificate purpose' },
  { title: 'a root for mail only', ...withRoot({ extendedKeyUsage: ['emailProtection'] }), code: 'INVALID_PURPOSE', reason: 'unsuitable certificate purpose' },
  {
    title: 'a root that the client keeps for mail', chain: sent(leaf), ca: [trustedFor(root, EMAIL_PROTECTION)],
    code: 'INVALID_PURPOSE', reason: 'unsuitable certificate purpose',
  },
  {
    title: 'a root that the client rejects for servers', chain: sent(leaf), ca: [rejectedFor(root, SERVER_AUTH)],
    code: 'INVALID_PURPOSE', reason: 'unsuitable certificate purpose',
  },
  {
    title: 'a leaf that the client rejects for servers, where partial chains are allowed', chain: sent(leaf), ca: [rejectedFor(leaf, SERVER_AUTH)],
    client: { allowPartialTrustChain: true },
    code: { 18: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 20: 'CERT_REJECTED' },
    reason: { 18: 'unable to get local issuer certificate', 20: 'certificate rejected' },
  },
  {
    title: 'an intermediate without basic constraints', ...withIntermediate({ ca: null, keyUsage: ['keyCertSign'] }),
    code: 'INVALID_CA', reason: 'invalid CA certificate',
  },
  {
    title: 'one intermediate more than the path length allows', ca: [shortRoot],
    chain: sent(shortRoot.issue({ subject: 'Below Short Root', ca: true }).issue(SERVER)),
    code: 'PATH_LENGTH_EXCEEDED', reason: 'path length constraint exceeded',
  },
]

const unspecified = [
  {
    title: 'an intermediate whose key may not sign certificates', ...withIntermediate({ keyUsage: ['digitalSignature'] }),
    reason: 'key usage does not include certificate signing',
  },
  { title: 'an unknown critical extension', ...withLeaf(critical('1.3.6.1.4.1.32473.1.2', der.nullValue())), reason: 'unhandled critical extension' },
  {
    title: 'a name outside the permitted ones', ...withIntermediate({ nameConstraints: { permitted: ['DNS:example.test'] } }),
    reason: 'permitted subtree violation',
  },
  { title: 'an excluded name', ...withIntermediate({ nameConstraints: { excluded: ['DNS:localhost'] } }), reason: 'excluded subtree violation' },
  {
    title: 'a name constraint with a minimum', ...withIntermediate(permitting(localhost, der.implicit(0, Buffer.from([1])))),
    reason: 'name constraints minimum and maximum not supported',
  },
  {
    title: 'a name constraint of a kind that nothing reads',
    ...withIntermediate(permitting(registeredIdentifier(42)), {
      altNames: undefined,
      extensions: [{ oid: SUBJECT_ALT_NAME, value: der.sequence(localhost, registeredIdentifier(42, 3)) }],
    }),
    reason: 'unsupported name constraint type',
  },
  {
    title: 'an address constraint of five octets', ...withIntermediate(permitting(der.implicit(7, Buffer.from([127, 0, 0, 1, 0])))),
    reason: 'unsupported or invalid name syntax',
  },
  {
    title: 'a URI without a host under a URI constraint',
    ...withIntermediate({ nameConstraints: { permitted: ['URI:example.test'] } }, { altNames: ['DNS:localhost', 'URI:nowhere'] }),
    reason: 'unsupported or invalid name syntax',
  },
  {
    title: 'more names and constraints than OpenSSL compares',
    ...withIntermediate({ nameConstraints: { excluded: manyNames('excluded') } }, { altNames: ['DNS:localhost', ...manyNames('name')] }),
    reason: 'unspecified certificate verification error',
  },
  { title: 'a leaf of RSA-768', ...withLeaf({ keyType: 'rsa-768', keyName: 'weak' }), reason: 'EE certificate key too weak' },
  {
    title: 'a leaf of RSA-1024', ...withLeaf({ keyType: 'rsa-1024', keyName: 'weak' }),
    code: { 18: null, 24: 'UNSPECIFIED' }, reason: 'EE certificate key too weak',
  },
  { title: 'a root of RSA-512', ...withRoot({ keyType: 'rsa-512' }), reason: 'CA certificate key too weak' },
  {
    title: 'a root of RSA-1024', ...withRoot({ keyType: 'rsa-1024' }),
    code: { 18: null, 24: 'UNSPECIFIED' }, reason: 'CA certificate key too weak',
  },
  { title: 'a leaf signed with SHA-1', ...withLeaf({ digest: 'sha1' }), reason: 'CA signature digest algorithm too weak' },
  {
    title: 'an intermediate whose curve has no name',
    ...withIntermediate({ keyName: 'unnamed', publicKey: withoutCurveName(keyPair('p256', 'unnamed')) }),
    reason: 'Certificate public key has explicit ECC parameters',
  },
  {
    title: 'an issuer that may not sign revocation lists', chain: [noListRoot.issue(SERVER)], ca: [noListRoot], crl: [list(noListRoot)],
    reason: 'key usage does not include CRL signing',
  },
].map((entry) => ({ code: 'UNSPECIFIED', ...entry }))

const revocation = [
  { title: 'revocation lists that revoke nothing', chain: sent(leaf), ca: [root], crl: [list(root), list(intermediate)], code: null },
  {
    title: 'a revoked leaf', chain: sent(leaf), ca: [root], crl: [list(root), list(intermediate, [serialOf(leaf)])],
    code: 'CERT_REVOKED', reason: 'certificate revoked', actor: 'server',
  },
  { title: 'no revocation list of the issuer', ...withLists(list(otherRoot)), code: 'UNABLE_TO_GET_CRL', reason: 'unable to get certificate CRL', actor: 'client' },
  {
    title: 'a revocation list with a damaged signature', ...withLists(pemBlock(damaged(revocationList(root)), 'X509 CRL')),
    code: 'CRL_SIGNATURE_FAILURE', reason: 'CRL signature failure',
  },
  {
    title: 'a revocation list of the future', ...withLists(list(root, [], { thisUpdate: FUTURE.notBefore, nextUpdate: FUTURE.notAfter })),
    code: 'CRL_NOT_YET_VALID', reason: 'CRL is not yet valid',
  },
  {
    title: 'an expired revocation list', ...withLists(list(root, [], { thisUpdate: EXPIRED.notBefore, nextUpdate: EXPIRED.notAfter })),
    code: 'CRL_HAS_EXPIRED', reason: 'CRL has expired', actor: 'client',
  },
  {
    title: 'a revocation list from the thirteenth month', ...withLists(list(root, [], { thisUpdate: utcTime('201301000000Z') })),
    code: 'ERROR_IN_CRL_LAST_UPDATE_FIELD', reason: "format error in CRL's lastUpdate field",
  },
  {
    title: 'a revocation list until the thirteenth month', ...withLists(list(root, [], { nextUpdate: utcTime('441301000000Z') })),
    code: 'ERROR_IN_CRL_NEXT_UPDATE_FIELD', reason: "format error in CRL's nextUpdate field",
  },
]

const names = [
  {
    title: 'a certificate of another host', ...withLeaf({ altNames: ['DNS:other.test'] }),
    reason: "Host: localhost. is not in the cert's altnames: DNS:other.test",
  },
  {
    title: 'an address that the certificate does not hold', ...withLeaf({ altNames: ['DNS:localhost'] }), servername: '',
    reason: "IP: 127.0.0.1 is not in the cert's list: ",
  },
  {
    title: 'a certificate without a name', ...withLeaf({ subject: { O: 'Nameless' }, altNames: undefined, keyName: 'nameless' }),
    reason: 'Cert does not contain a DNS name',
  },
].map((entry) => ({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', ...entry }))

/**
 * Certificates of clients, as a Node server that asks for them judges them: `socket.authorizationError`. Another root than the
 * servers', since a client adds to its own certificate what its `ca` holds of the chain.
 */
const clients = [
  { title: 'a sound client certificate', chain: [clientRoot.issue(CLIENT)], ca: [clientRoot], code: null },
  { title: 'a client certificate of an unknown issuer', chain: [clientRoot.issue(CLIENT)], ca: [otherRoot], code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  { title: 'a client certificate that signs itself', chain: [certificate(CLIENT)], ca: [clientRoot], code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  { title: 'an expired client certificate', chain: [clientRoot.issue({ ...CLIENT, ...EXPIRED })], ca: [clientRoot], code: 'CERT_HAS_EXPIRED' },
  {
    title: 'a server certificate in a client', chain: [clientRoot.issue({ ...CLIENT, extendedKeyUsage: ['serverAuth'] })], ca: [clientRoot],
    code: 'INVALID_PURPOSE',
  },
]

/** The codes that Node has a name for and that no connection ends in, on any of the versions. */
const UNREACHABLE = {
  CERT_CHAIN_TOO_LONG: 'OpenSSL 3 reports the missing issuer after it, and the last error is the code; see the chain of 101 intermediates',
  CERT_UNTRUSTED: 'no check that Node asks for reports it',
  HOSTNAME_MISMATCH: "Node compares the names itself, and never gives OpenSSL the host: the code is Node's ERR_TLS_CERT_ALTNAME_INVALID",
  OUT_OF_MEM: 'memory that is not to be had does not end in a code that a test can wait for',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'a certificate whose key cannot be read is not taken for an issuer; see the issuer whose key nothing can read',
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: 'OpenSSL 3 reports every signature that does not fit as CERT_SIGNATURE_FAILURE',
  UNABLE_TO_DECRYPT_CRL_SIGNATURE: 'OpenSSL 3 reports every signature that does not fit as CRL_SIGNATURE_FAILURE',
}

/** What else the catalogue of errors knows and no case here ends in, by name. */
const UNMET = {
  EAI_AGAIN: 'no name is resolved here',
  ENOTFOUND: 'no name is resolved here',
  EHOSTUNREACH: 'loopback is always reached',
  ETIMEDOUT: 'loopback always answers',
  EPIPE: 'which of both ends of a closing connection notices first is chance',
  EPROTO: 'the wrapping of an error while something is written: `explain` finds the error in it; see the libraries',
  SERVER_WITHOUT_TLS: 'said by database drivers; see the libraries',
  ETLS: 'said by nodemailer; see the libraries',
  INVALID_EXTENSION: 'asked for by X509_V_FLAG_POLICY_CHECK and RFC 3779 checks that Node turns on for no connection',
  PATH_LOOP: 'proxy certificates, which Node does not allow',
  SIGNATURE_ALGORITHM_MISMATCH: 'such a certificate is not taken for an issuer',
  ERR_SSL_CERTIFICATE_VERIFY_FAILED: 'Node goes on with the handshake whatever the verification says, and judges after it',
  ERR_SSL_UNEXPECTED_EOF_WHILE_READING: 'Node reports the end of a connection itself',
  ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED: 'older lines than 18.20: a missing passphrase is ERR_OSSL_BAD_DECRYPT now',
  ERR_TLS_INVALID_STATE: 'calls on a socket without a handle, which depend on when it was closed',
}

module.exports = {
  UNMET,
  UNREACHABLE,
  clients,
  servers: [...issuers, ...dates, ...signatures, ...usages, ...unspecified, ...revocation, ...names],
}
