'use strict'

/**
 * Certificates made to order, the same in every run: keys, serial numbers, signatures and dates depend on the options
 * alone. Everything is synchronous and fast (a P-256 certificate takes about 2 ms, an RSA-2048 key 0.1 s once a machine).
 *
 *   const { certificate, standardPki, pemBlock, pkcs7, pkcs12, writeTree } = require('./support/pki')
 *
 *   const root = certificate({ subject: 'Example Root', ca: true })
 *   const intermediate = root.issue({ subject: 'Example Intermediate', ca: true, pathLength: 0 })
 *   const leaf = intermediate.issue({ subject: 'localhost', altNames: ['DNS:localhost', 'IP:127.0.0.1'], server: true })
 *
 *   leaf.der leaf.pem leaf.sha256            // Buffer, PEM text, lowercase hex
 *   leaf.key.pem                             // its private key, for a server
 *   leaf.chain                               // [leaf, intermediate, root]
 *   leaf.chainPem                            // leaf and intermediates, as a server sends them
 *
 * `standardPki()` gives the set most tests want, one entry a kind: see `standardPki` below for the names.
 *
 * Options of `certificate` and `issue` (all optional; those with a default name it):
 *   subject          text (a common name) or { C, O, OU, CN, … }; default 'Test'
 *   ca               true: basicConstraints CA:TRUE and keyUsage keyCertSign, cRLSign; false: CA:FALSE; null: no
 *                    basicConstraints at all; default false
 *   pathLength       number
 *   server           true: extendedKeyUsage serverAuth, keyUsage digitalSignature, keyEncipherment
 *   keyUsage         array of RFC 5280 names, or null for none; default by `ca` and `server`
 *   extendedKeyUsage array of `serverAuth clientAuth codeSigning emailProtection any` or dotted identifiers; default none
 *   altNames         array of 'DNS:…', 'IP:…', 'email:…', 'URI:…'
 *   issuerAddresses  array of texts: the URIs of caIssuers in authorityInfoAccess; default none
 *   nameConstraints  { permitted?: […], excluded?: […] } of 'DNS:…', 'IP:address/mask', 'email:…'
 *   notBefore, notAfter   anything `new Date()` takes, or a Buffer with the whole DER element; default 2020-01-01 and
 *                    2045-01-01
 *   keyType          see keys.js; default 'p256'
 *   keyName          text; the same type and name give the same key; default: the subject
 *   publicKey        Buffer with a subjectPublicKeyInfo to carry instead of the key's own
 *   digest           'sha256' (default), 'sha1', 'md5', 'sha384', …
 *   serial           number, BigInt or contents as Buffer; default: derived from the options
 *   version          1, 3 (default) or 4
 *   subjectKeyIdentifier   true (default for version 3), false, or Buffer
 *   authorityKeyIdentifier true (default when the issuer has a subject key identifier), false, Buffer (key identifier), or
 *                    'issuer-serial'
 *   extensions       more of them: array of { oid, critical?, value: Buffer }; they come last
 *   signature        Buffer to put in place of the real one, or 'broken' (one bit turned)
 *   issuerKey        a key pair (keys.js) that signs instead of the issuer's
 */

const crypto = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { execFileSync } = require('node:child_process')

const der = require('./der')
const { keyPair } = require('./keys')

const NAME_TYPES = {
  C: '2.5.4.6',
  ST: '2.5.4.8',
  L: '2.5.4.7',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  CN: '2.5.4.3',
  serialNumber: '2.5.4.5',
  emailAddress: '1.2.840.113549.1.9.1',
}

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

const EXTENDED_KEY_USAGES = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  any: '2.5.29.37.0',
}

/** A distinguished name, one attribute a relative name, in the order given. */
function name(subject) {
  const attributes = typeof subject === 'string' ? { CN: subject } : subject
  return der.sequence(
    ...Object.entries(attributes).map(([type, value]) =>
      der.set(
        der.sequence(
          der.objectIdentifier(NAME_TYPES[type] ?? type),
          Buffer.isBuffer(value)
            ? value
            : type === 'C'
              ? der.printableString(value)
              : type === 'emailAddress'
                ? der.ia5String(value)
                : der.utf8String(value),
        ),
      ),
    ),
  )
}

function addressBytes(text) {
  if (text.includes(':')) {
    const [head, tail = ''] = text.split('::')
    const groups = (part) => (part === '' ? [] : part.split(':'))
    const missing = text.includes('::') ? 8 - groups(head).length - groups(tail).length : 0
    const all = [...groups(head), ...Array(missing).fill('0'), ...groups(tail)]
    return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
  }
  return Buffer.from(text.split('.').map(Number))
}

/** A GeneralName from 'DNS:example.test' and the like. */
function generalName(text) {
  const [, kind, value] = /^(DNS|IP|email|URI):(.*)$/s.exec(text)
  if (kind === 'DNS') return der.implicit(2, Buffer.from(value, 'latin1'))
  if (kind === 'email') return der.implicit(1, Buffer.from(value, 'latin1'))
  if (kind === 'URI') return der.implicit(6, Buffer.from(value, 'latin1'))
  return der.implicit(7, ...value.split('/').map(addressBytes))
}

function extension(oid, critical, value) {
  return der.sequence(der.objectIdentifier(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value))
}

function keyUsageBits(usages) {
  const bits = usages.map((usage) => KEY_USAGES.indexOf(usage))
  const last = Math.max(...bits)
  const octets = Buffer.alloc(Math.floor(last / 8) + 1)
  for (const bit of bits) octets[Math.floor(bit / 8)] |= 0x80 >> bit % 8
  return der.bitString(octets, 7 - (last % 8))
}

const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex')
const sha1 = (bytes) => crypto.createHash('sha1').update(bytes).digest()

/** A PEM block as OpenSSL writes it. `width`, `newline`, and the labels' halves can differ, to make files that are odd. */
function pemBlock(bytes, label = 'CERTIFICATE', { width = 64, newline = '\n' } = {}) {
  const base64 = bytes.toString('base64')
  const lines = width === Infinity ? [base64] : (base64.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join(newline)
}

/** One made certificate; see the head of this file. */
class TestCertificate {
  constructor({ bytes, key, issuer, options }) {
    this.der = bytes
    this.key = key
    this.issuer = issuer
    this.options = options
  }

  get sha256() {
    return sha256(this.der)
  }

  get pem() {
    return pemBlock(this.der)
  }

  get name() {
    return der.certificateParts(this.der).subject
  }

  get chain() {
    return this.issuer ? [this, ...this.issuer.chain] : [this]
  }

  get chainPem() {
    const sent = this.chain.filter((entry, index) => index === 0 || entry.issuer)
    return sent.map((entry) => entry.pem).join('')
  }

  issue(options) {
    return certificate(options, this)
  }

  /** The same subject and key again, issued by another authority: a cross-signed certificate. */
  crossSignedBy(issuer, options = {}) {
    const { keyType, subject, keyName } = this.options
    return certificate({ ...this.options, keyType, subject, keyName, ...options }, issuer)
  }
}

/**
 * Makes one certificate. Without an issuer it signs itself.
 * @param {object} [options] see the head of this file
 * @param {TestCertificate} [issuer]
 * @returns {TestCertificate}
 */
function certificate(options = {}, issuer) {
  const subject = options.subject ?? 'Test'
  const keyType = options.keyType ?? 'p256'
  const keyName = options.keyName ?? JSON.stringify(subject)
  const key = keyPair(keyType, keyName)
  const settled = { ...options, subject, keyType, keyName }
  const version = options.version ?? 3
  const digest = options.digest ?? 'sha256'
  const signer = options.issuerKey ?? issuer?.key ?? key
  const spki = options.publicKey ?? key.spki

  const list = []
  const add = (oid, critical, value) => list.push(extension(oid, critical, value))
  const keyIdentifierOf = (settings, publicKeyInfo) => {
    if (Buffer.isBuffer(settings.subjectKeyIdentifier)) return settings.subjectKeyIdentifier
    if (!(settings.subjectKeyIdentifier ?? (settings.version ?? 3) === 3)) return null
    return sha1(der.children(der.read(publicKeyInfo).body)[1].body.subarray(1))
  }
  const ca = options.ca === undefined ? (version === 3 ? false : null) : options.ca
  if (ca !== null) {
    const contents = ca ? [der.boolean(true)] : []
    if (options.pathLength !== undefined) contents.push(der.integer(options.pathLength))
    add('2.5.29.19', true, der.sequence(...contents))
  }
  let keyUsage = options.keyUsage
  if (keyUsage === undefined) {
    keyUsage = ca ? ['keyCertSign', 'cRLSign'] : options.server ? ['digitalSignature', 'keyEncipherment'] : null
  }
  if (keyUsage) add('2.5.29.15', true, keyUsageBits(keyUsage))
  const extendedKeyUsage = options.extendedKeyUsage ?? (options.server ? ['serverAuth'] : null)
  if (extendedKeyUsage) {
    const identifiers = extendedKeyUsage.map((usage) => der.objectIdentifier(EXTENDED_KEY_USAGES[usage] ?? usage))
    add('2.5.29.37', false, der.sequence(...identifiers))
  }
  if (options.issuerAddresses) {
    const at = (address) => der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.48.2'), generalName(`URI:${address}`))
    add('1.3.6.1.5.5.7.1.1', false, der.sequence(...options.issuerAddresses.map(at)))
  }
  if (options.altNames) add('2.5.29.17', false, der.sequence(...options.altNames.map(generalName)))
  if (options.nameConstraints) {
    const subtrees = (number, entries) =>
      entries ? [der.explicit(number, ...entries.map((entry) => der.sequence(generalName(entry))))] : []
    const { permitted, excluded } = options.nameConstraints
    add('2.5.29.30', true, der.sequence(...subtrees(0, permitted), ...subtrees(1, excluded)))
  }
  const ownKeyIdentifier = keyIdentifierOf({ ...options, version }, spki)
  if (ownKeyIdentifier) add('2.5.29.14', false, der.octetString(ownKeyIdentifier))
  const issuerKeyIdentifier = issuer
    ? keyIdentifierOf(issuer.options, issuer.options.publicKey ?? issuer.key.spki)
    : ownKeyIdentifier
  const authority = options.authorityKeyIdentifier ?? (version === 3 && Boolean(issuer) && issuerKeyIdentifier !== null)
  if (Buffer.isBuffer(authority)) {
    add('2.5.29.35', false, der.sequence(der.implicit(0, authority)))
  } else if (authority === 'issuer-serial') {
    const parts = der.certificateParts(issuer.der)
    const issuerName = der.explicit(1, der.explicit(4, parts.issuer))
    add('2.5.29.35', false, der.sequence(issuerName, der.implicit(2, der.read(parts.serial).body)))
  } else if (authority && issuerKeyIdentifier) {
    add('2.5.29.35', false, der.sequence(der.implicit(0, issuerKeyIdentifier)))
  }
  for (const extra of options.extensions ?? []) add(extra.oid, extra.critical ?? false, extra.value)

  const described = JSON.stringify([settled, issuer?.sha256 ?? null], (_, value) =>
    typeof value === 'bigint' ? String(value) : value instanceof Object && value.sign ? value.pem : value,
  )
  const derivedSerial = crypto.createHash('sha256').update(described).digest().subarray(0, 16)
  derivedSerial[0] = (derivedSerial[0] & 0x7f) | 0x40
  const signatureAlgorithm = signer.signatureAlgorithm(digest)
  const tbs = der.sequence(
    ...(version > 1 ? [der.explicit(0, der.integer(version - 1))] : []),
    der.integer(options.serial ?? derivedSerial),
    signatureAlgorithm,
    issuer ? issuer.name : name(subject),
    der.sequence(der.time(options.notBefore ?? '2020-01-01'), der.time(options.notAfter ?? '2045-01-01')),
    name(subject),
    spki,
    ...(list.length > 0 ? [der.explicit(3, der.sequence(...list))] : []),
  )
  let signature = Buffer.isBuffer(options.signature) ? options.signature : signer.sign(tbs, digest)
  if (options.signature === 'broken') {
    signature = Buffer.from(signature)
    signature[signature.length - 1] ^= 1
  }
  const bytes = der.sequence(tbs, signatureAlgorithm, der.bitString(signature))
  return new TestCertificate({ bytes, key, issuer, options: settled })
}

/** PKCS#7 SignedData with certificates only (what `openssl crl2pkcs7 -nocrl` and Windows' .p7b files hold), as DER. */
function pkcs7(certificates) {
  const data = der.sequence(der.objectIdentifier('1.2.840.113549.1.7.1'))
  const signedData = der.sequence(
    der.integer(1),
    der.set(),
    data,
    der.explicit(0, ...certificates.map((entry) => entry.der)),
    der.set(),
  )
  return der.sequence(der.objectIdentifier('1.2.840.113549.1.7.2'), der.explicit(0, signedData))
}

/** A CRL of `issuer` that revokes the given serial numbers, as DER. */
function revocationList(issuer, serials = [], { thisUpdate = '2024-01-01', nextUpdate = '2044-01-01' } = {}) {
  const algorithm = issuer.key.signatureAlgorithm('sha256')
  const revoked = serials.map((serial) => der.sequence(der.integer(serial), der.time(thisUpdate)))
  const tbs = der.sequence(
    der.integer(1),
    algorithm,
    issuer.name,
    der.time(thisUpdate),
    der.time(nextUpdate),
    ...(revoked.length > 0 ? [der.sequence(...revoked)] : []),
  )
  return der.sequence(tbs, algorithm, der.bitString(issuer.key.sign(tbs, 'sha256')))
}

/** A certificate signing request, as DER. */
function signingRequest({ subject = 'Test', keyType = 'p256', keyName = 'request' } = {}) {
  const key = keyPair(keyType, keyName)
  const information = der.sequence(der.integer(0), name(subject), key.spki, der.explicit(0))
  return der.sequence(information, key.signatureAlgorithm('sha256'), der.bitString(key.sign(information, 'sha256')))
}

/**
 * PKCS#12 made by the openssl command line, so that tests read what real tools write; the salts differ every time.
 *
 * @param {TestCertificate[]} certificates
 * @param {{ password?: string, key?: TestCertificate, legacy?: boolean, plain?: boolean }} [options]
 *   `legacy`: RC2-40 and SHA-1, as older tools write; `plain`: no encryption and no MAC; `key`: put this one's key in
 */
function pkcs12(certificates, { password = '', key, legacy = false, plain = false } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-pkcs12-'))
  try {
    const input = path.join(folder, 'in.pem')
    const output = path.join(folder, 'out.p12')
    fs.writeFileSync(input, [key ? key.key.pem : '', ...certificates.map((entry) => entry.pem)].join(''))
    const options = ['-export', '-in', input, '-out', output, '-passout', `pass:${password}`, '-name', 'test']
    if (!key) options.push('-nokeys')
    if (legacy) options.push('-legacy')
    if (plain) options.push('-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac')
    execFileSync('openssl', ['pkcs12', ...options], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    return fs.readFileSync(output)
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

let standard

/**
 * The set most tests start from (made once a process). Subjects say what each is.
 *
 *   root, otherRoot, thirdRoot     P-256 authorities that have nothing to do with each other
 *   intermediate, leaf             root -> intermediate -> leaf (localhost, 127.0.0.1, ::1)
 *   directLeaf                     root -> leaf
 *   rsaRoot, rsaIntermediate, rsaLeaf          RSA-2048, SHA-256
 *   ed25519Root, ed448Root, p384Root, p521Root, secp256k1Root, brainpoolRoot
 *   weakKeyRoot (RSA-1024), weakDigestRoot (SHA-1), weakDigestIntermediate, md5Root, p192Root
 *   expiredRoot, futureRoot        2010 to 2015; 2060 to 2070
 *   selfSignedLeaf, snakeoil       CA:FALSE; no basicConstraints at all, CN=localhost
 *   versionOneRoot                 no extensions
 *   clientOnlyRoot, serverOnlyRoot, anyUsageRoot          extendedKeyUsage
 *   noCertSignRoot                 CA:TRUE with a keyUsage that lacks keyCertSign
 *   constrainedRoot                nameConstraints permitted DNS:example.test
 *   unknownCriticalRoot            an unknown critical extension
 *   unknownKeyRoot                 a public key of an unknown algorithm
 *   brokenSignatureRoot            its own signature does not fit
 *   twinA, twinB                   one subject, two keys, with key identifiers
 *   bareTwinA, bareTwinB           the same without any key identifier
 *   renewedRoot                    root's subject and key again, other dates and serial
 *   expiredTwin                    root's subject and key again, expired
 *   crossSigned                    otherRoot's subject and key, issued by root
 *   escapeRoot                     terminal control characters and a line feed in its subject
 *
 * @returns {Record<string, TestCertificate>}
 */
function standardPki() {
  if (standard) return standard
  const authority = (subject, options = {}) =>
    certificate({ subject: { O: 'Trust Anchors Test', CN: subject }, ca: true, ...options })
  const root = authority('Root')
  const otherRoot = authority('Other Root')
  const intermediate = root.issue({
    subject: { O: 'Trust Anchors Test', CN: 'Intermediate' },
    ca: true,
    pathLength: 0,
  })
  const leafOptions = {
    subject: 'localhost',
    server: true,
    altNames: ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'],
  }
  const rsaRoot = authority('RSA Root', { keyType: 'rsa-2048' })
  const rsaIntermediate = rsaRoot.issue({
    subject: { O: 'Trust Anchors Test', CN: 'RSA Intermediate' },
    ca: true,
    keyType: 'rsa-2048',
  })
  const bare = { subjectKeyIdentifier: false, authorityKeyIdentifier: false }
  const weakDigestRoot = authority('Weak Digest Root', { keyType: 'rsa-2048', digest: 'sha1' })
  const unknownKey = der.sequence(
    der.sequence(der.objectIdentifier('1.3.6.1.4.1.32473.1.1')),
    der.bitString(Buffer.alloc(48, 7)),
  )
  standard = {
    root,
    otherRoot,
    thirdRoot: authority('Third Root'),
    intermediate,
    leaf: intermediate.issue({ ...leafOptions, keyName: 'leaf' }),
    directLeaf: root.issue({ ...leafOptions, keyName: 'direct leaf' }),
    rsaRoot,
    rsaIntermediate,
    rsaLeaf: rsaIntermediate.issue({ ...leafOptions, keyType: 'rsa-2048', keyName: 'rsa leaf' }),
    ed25519Root: authority('Ed25519 Root', { keyType: 'ed25519' }),
    ed448Root: authority('Ed448 Root', { keyType: 'ed448' }),
    p384Root: authority('P-384 Root', { keyType: 'p384', digest: 'sha384' }),
    p521Root: authority('P-521 Root', { keyType: 'p521', digest: 'sha512' }),
    p192Root: authority('P-192 Root', { keyType: 'p192' }),
    secp256k1Root: authority('secp256k1 Root', { keyType: 'secp256k1' }),
    brainpoolRoot: authority('Brainpool Root', { keyType: 'brainpoolP256' }),
    weakKeyRoot: authority('Weak Key Root', { keyType: 'rsa-1024' }),
    weakDigestRoot,
    weakDigestIntermediate: rsaRoot.issue({
      subject: { O: 'Trust Anchors Test', CN: 'Weak Digest Intermediate' },
      ca: true,
      digest: 'sha1',
    }),
    md5Root: authority('MD5 Root', { keyType: 'rsa-2048', digest: 'md5' }),
    expiredRoot: authority('Expired Root', { notBefore: '2010-01-01', notAfter: '2015-01-01' }),
    futureRoot: authority('Future Root', { notBefore: '2060-01-01', notAfter: '2070-01-01' }),
    selfSignedLeaf: certificate({ ...leafOptions, subject: 'self-signed.test', altNames: ['DNS:self-signed.test'] }),
    snakeoil: certificate({ subject: 'localhost', keyName: 'snakeoil', ca: null, altNames: ['DNS:localhost'] }),
    versionOneRoot: authority('Version One Root', { version: 1, ca: null }),
    clientOnlyRoot: authority('Client Only Root', { extendedKeyUsage: ['clientAuth'] }),
    serverOnlyRoot: authority('Server Only Root', { extendedKeyUsage: ['serverAuth'] }),
    anyUsageRoot: authority('Any Usage Root', { extendedKeyUsage: ['any'] }),
    noCertSignRoot: authority('No Certificate Signing Root', { keyUsage: ['digitalSignature'] }),
    constrainedRoot: authority('Constrained Root', { nameConstraints: { permitted: ['DNS:example.test'] } }),
    unknownCriticalRoot: authority('Unknown Critical Root', {
      extensions: [{ oid: '1.3.6.1.4.1.32473.1.2', critical: true, value: der.nullValue() }],
    }),
    unknownKeyRoot: authority('Unknown Key Root', { publicKey: unknownKey }),
    brokenSignatureRoot: authority('Broken Signature Root', { signature: 'broken' }),
    twinA: authority('Twin', { keyName: 'twin a' }),
    twinB: authority('Twin', { keyName: 'twin b' }),
    bareTwinA: authority('Bare Twin', { keyName: 'bare twin a', ...bare }),
    bareTwinB: authority('Bare Twin', { keyName: 'bare twin b', ...bare }),
    renewedRoot: authority('Root', { notBefore: '2024-01-01', notAfter: '2049-01-01' }),
    expiredTwin: authority('Root', { notBefore: '2010-01-01', notAfter: '2015-01-01' }),
    crossSigned: otherRoot.crossSignedBy(root),
    escapeRoot: authority('Escape \u001b[31mred\u001b[0m\n-----BEGIN CERTIFICATE-----\u202e'),
  }
  return standard
}

/**
 * Writes a tree of files under `folder`: values are text, bytes, or another tree.
 * @returns {string} the folder
 */
function writeTree(folder, tree) {
  fs.mkdirSync(folder, { recursive: true })
  for (const [entry, value] of Object.entries(tree)) {
    const target = path.join(folder, entry)
    if (typeof value === 'string' || Buffer.isBuffer(value)) fs.writeFileSync(target, value)
    else writeTree(target, value)
  }
  return folder
}

module.exports = {
  EXTENDED_KEY_USAGES,
  NAME_TYPES,
  TestCertificate,
  certificate,
  extension,
  generalName,
  keyUsageBits,
  name,
  pemBlock,
  pkcs12,
  pkcs7,
  revocationList,
  sha1,
  sha256,
  signingRequest,
  standardPki,
  writeTree,
}
