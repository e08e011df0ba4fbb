'use strict'

/**
 * What can be wrong with, or odd about, one certificate. Each entry is `name: [weight, change]`, where `change` is called with
 * the draft, a random generator and the case.
 */

const der = require('../der')
const { mutatedDer } = require('../mutate')
const { RARE_VALUES, EXTENSIONS, basicConstraints, extendedKeyUsage, garbage, generalName, keyUsageBits, nameConstraints, randomGeneralName, randomNameConstraints } = require('./extensions')
const { DSA_DIGESTS, EC_DIGESTS, ML_DSA, RSA_DIGESTS, pssIdentifier, pssPublicKey, signPss, signingKey, signsMlDsa } = require('./keys')
const { encodeName, plainName, respell } = require('./names')

const DAY = 86_400_000
const element = (tag, text) => der.element(tag, Buffer.from(text, 'latin1'))
const digits = (milliseconds) => new Date(milliseconds).toISOString().replace(/[-:T]|\.\d+/g, '')

/** Times in every spelling, some of which OpenSSL reads, near `moment`. */
function oddTime(random, moment) {
  const long = digits(moment)
  const short = long.slice(2)
  return random.pick([
    () => element(0x17, short.slice(0, 10) + 'Z'),
    () => element(0x18, long.slice(0, 12) + 'Z'),
    () => element(0x17, short.slice(0, -1) + random.pick(['+0000', '-0000', '+0100', '-0500', '+1400', '+0060', '+01', '+01:00'])),
    () => element(0x18, long.slice(0, -1) + random.pick(['+0000', '+0100', '-0100', '-1200', '+9999'])),
    () => element(0x18, long.slice(0, -1) + random.pick(['.5Z', '.0Z', '.123456Z', '.Z', ',5Z', '.5', '.5+0100'])),
    () => element(0x18, long),
    () => element(0x18, short),
    () => element(0x17, long),
    () => element(0x17, short.slice(0, -1)),
    () => element(0x18, long.slice(0, -1)),
    () => element(0x17, short.toLowerCase()),
    () => element(0x17, short + random.pick(['\0', ' ', 'Z', '0'])),
    () => element(0x18, long + random.pick(['\0', ' ', 'Z', '0'])),
    () => element(0x17, random.pick(['', 'Z', 'garbage', '200230000000Z', '200229000000Z', '210229000000Z', '201301000000Z', '200001000000Z', '200100000000Z', '200101240000Z', '200101006000Z', '200101000060Z', '200101000059Z', '500101000000Z', '491231235959Z', '-00101000000Z', '20 101000000Z'])),
    () => element(0x18, random.pick(['', 'Z', '99991231235959Z', '00000101000000Z', '00010101000000Z', '19000101000000Z', '20210229000000Z', '20200229000000Z', '100000101000000Z', '20200101000060Z', '20201301000000Z', '2020010100Z', '-2020101000000Z'])),
    () => element(random.pick([0x16, 0x0c, 0x13, 0x04]), short),
  ])()
}

function setTime(draft, random, moment) {
  const field = random.pick(['notBefore', 'notAfter'])
  draft[field] = moment(field)
}

/** Turns one octet of the signature. */
function corrupt(random) {
  return (signature) => {
    const changed = Buffer.from(signature)
    if (changed.length > 0) changed[random.below(changed.length)] ^= 1 << random.below(8)
    return Buffer.concat([Buffer.alloc(1), changed])
  }
}

const ANY_ALGORITHMS = [
  ...Object.values(RSA_DIGESTS).map((oid) => der.sequence(der.objectIdentifier(oid), der.nullValue())),
  ...[...Object.values(EC_DIGESTS), ...Object.values(DSA_DIGESTS), ...Object.values(ML_DSA), '1.3.101.112', '1.3.101.113', '1.2.840.10045.4.2', '1.2.840.10045.4.3', '1.2.840.113549.1.1.2', '1.2.840.113549.1.1.3', '1.2.840.113549.1.1.1', '1.3.14.3.2.29', '1.2.840.10040.4.1', '1.2.156.10197.1.501', '1.2.643.7.1.1.3.2', '1.2.3.4', '1.2.840.113549.1.1.10'].map((oid) => der.sequence(der.objectIdentifier(oid))),
]

const KEY_TYPES = ['rsa-512', 'rsa-768', 'rsa-1008', 'rsa-1024', 'rsa-1024', 'rsa-1280', 'rsa-1536', 'rsa-2032', 'rsa-2048', 'rsa-3072', 'p192', 'p224', 'p256', 'p384', 'p521', 'secp256k1', 'brainpoolP256', 'brainpoolP384', 'prime239', 'ed25519', 'ed448', 'dsa-1024', 'dsa-2048']

function randomKeyType(random) {
  const type = random.pick([...KEY_TYPES, 'ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'])
  return type.startsWith('ml-dsa') && !signsMlDsa() ? 'ed25519' : type
}

const rebuildSpki = (spki, change) => {
  const [algorithm, bits] = der.children(der.read(spki).body)
  return der.sequence(...change(algorithm.raw, bits.body.subarray(1), bits.raw))
}

function oddPublicKey(random, draft) {
  const { type, spki } = signingKey(draft.key.type, draft.key.name)
  const oid = der.objectIdentifier
  const withBits = (change) => rebuildSpki(spki, (algorithm, bits) => [algorithm, der.bitString(change(bits))])
  const withAlgorithm = (algorithm) => rebuildSpki(spki, (_, __, bits) => [algorithm, bits])
  const other = signingKey(randomKeyType(random), 'other').spki
  const common = [
    () => other,
    () => withBits((bits) => bits.subarray(0, -1)),
    () => withBits((bits) => Buffer.concat([bits, Buffer.from([0])])),
    () => withBits((bits) => Buffer.concat([Buffer.from([bits[0] ^ 1]), bits.subarray(1)])),
    () => withBits((bits) => Buffer.concat([bits.subarray(0, -1), Buffer.from([bits[bits.length - 1] ^ 1])])),
    () => withBits(() => Buffer.alloc(0)),
    () => rebuildSpki(spki, (algorithm, bits) => [algorithm, der.bitString(bits, 1)]),
    () => withAlgorithm(der.sequence(oid('1.3.6.1.4.1.32473.1.1'))),
    () => withAlgorithm(der.sequence(oid('1.3.101.110'))),
    () => withAlgorithm(der.sequence(oid('1.2.840.113549.1.1.1'), der.nullValue())),
    () => withAlgorithm(der.sequence(oid('1.2.840.113549.1.1.1'))),
    () => withAlgorithm(der.sequence(oid('2.5.8.1.1'), der.nullValue())),
    () => withAlgorithm(der.sequence(oid('1.2.840.10045.2.1'))),
    () => withAlgorithm(der.sequence(oid('1.2.840.10045.2.1'), der.nullValue())),
    () => withAlgorithm(der.sequence(oid('1.2.840.10045.2.1'), oid(random.pick(['1.2.840.10045.3.1.7', '1.3.132.0.34', '1.2.3.4', '1.3.132.0.8'])))),
    () => withAlgorithm(der.sequence(oid('1.3.101.112'), der.nullValue())),
    () => withAlgorithm(der.sequence(oid('1.2.840.10040.4.1'))),
    () => mutatedDer(spki, random),
  ]
  if (type.startsWith('rsa')) {
    const numbers = (change) => rebuildSpki(spki, (algorithm, bits) => [algorithm, der.bitString(der.sequence(...change(...der.children(der.read(bits).body).map(({ raw }) => raw))))])
    const modulus = BigInt(`0x${der.children(der.read(der.children(der.read(spki).body)[1].body, 1).body)[0].body.toString('hex')}`)
    common.push(
      () => numbers((n) => [n, der.integer(random.pick([0, 1, 2, 3, 4, 65536, -3]))]),
      () => numbers((_, e) => [der.integer(random.pick([0n, 1n, -modulus, modulus - 1n, modulus << 1n])), e]),
      () => numbers((n, e) => [n, e, der.nullValue()]),
      () => numbers((n) => [n]),
      () => numbers((_, e) => [der.integer((1n << BigInt(random.pick([4096, 8192, 16384, 16385, 20000]))) - 1n), e]),
      () => numbers((n) => [n, der.integer((1n << 70n) + 1n)]),
      () => pssPublicKey(spki, random.pick([undefined, {}, { digest: 'sha256', mask: 'sha256', saltLength: 32 }, { digest: 'sha1' }, { digest: 'sha256', mask: 'sha256', saltLength: 64 }])),
      () => pssPublicKey(spki, random.pick([undefined, { digest: 'sha256', mask: 'sha256', saltLength: 32 }])),
    )
  } else if (/^(p|secp|brain|prime)/.test(type)) {
    const half = (bits) => (bits.length - 1) / 2
    const compressed = (bits) => Buffer.concat([Buffer.from([2 | (bits[bits.length - 1] & 1)]), bits.subarray(1, 1 + half(bits))])
    common.push(
      () => withBits(compressed),
      () => withBits((bits) => Buffer.concat([Buffer.from([compressed(bits)[0] ^ 1]), compressed(bits).subarray(1)])),
      () => withBits((bits) => Buffer.concat([Buffer.from([6 | (bits[bits.length - 1] & 1)]), bits.subarray(1)])),
      () => withBits(() => Buffer.from([0])),
      () => withBits((bits) => Buffer.concat([bits.subarray(0, 1), Buffer.alloc(bits.length - 1)])),
      () => withAlgorithm(der.sequence(oid('1.2.840.10045.2.1'), explicitP256(random))),
    )
  }
  return random.pick(common)()
}

/** P-256 written out as parameters; some of them wrong. */
function explicitP256(random) {
  const hex = (text) => Buffer.from(text, 'hex')
  const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  return der.sequence(
    der.integer(1),
    der.sequence(der.objectIdentifier('1.2.840.10045.1.1'), der.integer(prime)),
    der.sequence(
      der.octetString(hex('ffffffff00000001000000000000000000000000fffffffffffffffffffffffc')),
      der.octetString(hex(random.chance(0.8) ? '5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b' : '5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604c')),
      ...(random.chance(0.5) ? [der.bitString(hex('c49d360886e704936a6678e1139d26b7819f7e90'))] : []),
    ),
    der.octetString(hex('046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5')),
    der.integer(order),
    ...(random.chance(0.8) ? [der.integer(1)] : []),
  )
}

function randomExtensionName(random, draft) {
  return random.chance(0.75) && draft.extensions?.length ? random.pick(draft.extensions).name : random.pick(Object.keys(EXTENSIONS))
}

const valueOf = (entry) => (typeof entry.value === 'function' ? entry.value() : entry.value)
const issuerOf = (draft) => draft.issuer ?? draft
const SERIALS = [0, -1, -128, 127, 128, 1n << 63n, (1n << 159n) - 1n, 1n << 170n, -(1n << 160n), Buffer.from([0, 1]), Buffer.from([0xff, 0xff]), Buffer.alloc(0), Buffer.from([0, 0]), Buffer.from([0x80])]

const CERTIFICATE_FAULTS = {
  // Basic constraints, version and path length.
  'bc-absent': [4, (draft) => draft.remove('basicConstraints')],
  'bc-other': [5, (draft) => draft.set('basicConstraints', basicConstraints(!isAuthority(draft)), true)],
  'bc-path-length': [8, (draft, random) => draft.set('basicConstraints', basicConstraints(isAuthority(draft) || random.chance(0.3), random.pick([0, 0, 0, 1, 1, 2, 3, 127, 2n ** 31n, 2n ** 40n, 2n ** 63n, 2n ** 64n, -1, -(2n ** 70n)])), random.chance(0.7))],
  'bc-explicit-false': [2, (draft) => draft.set('basicConstraints', der.sequence(der.boolean(false)), true)],
  'bc-false-path-length': [2, (draft, random) => draft.set('basicConstraints', basicConstraints(undefined, random.pick([0, 1])), true)],
  'bc-odd-boolean': [1, (draft, random) => draft.set('basicConstraints', der.sequence(der.element(1, Buffer.from([random.pick([1, 0x7f, 0x80])]))), true)],
  'bc-trailing': [1, (draft) => draft.set('basicConstraints', Buffer.concat([basicConstraints(isAuthority(draft)), Buffer.from([0, 0])]), true)],
  'bc-trailing-inside': [1, (draft) => draft.set('basicConstraints', der.sequence(der.boolean(true), der.integer(3), der.nullValue()), true)],
  'bc-criticality': [1, (draft) => flipCritical(draft, 'basicConstraints')],
  version: [5, (draft, random) => (draft.version = random.pick([null, null, 0, 1, 1, 3, 255, -1, 2n ** 40n, der.explicit(0), der.integer(2)]))],
  'version-one-bare': [4, (draft, random) => Object.assign(draft, { version: random.pick([null, null, 0, 1]), extensions: null })],
  'no-extensions': [2, (draft) => (draft.extensions = null)],

  // Key usage.
  'ku-absent': [3, (draft) => draft.remove('keyUsage')],
  'ku-random': [7, (draft, random) => draft.set('keyUsage', der.bitString(Buffer.from([random.below(256)])), random.chance(0.8))],
  'ku-one': [5, (draft, random) => draft.set('keyUsage', keyUsageBits([random.pick(['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly'])]), true)],
  'ku-odd': [4, (draft, random) => draft.set('keyUsage', random.pick([der.bitString(Buffer.alloc(0)), der.bitString(Buffer.from([0])), der.bitString(Buffer.from([0, 0])), der.bitString(Buffer.from([0, 0x80]), 7), der.bitString(Buffer.from([0xff, 0x80]), 7), der.bitString(Buffer.from([6, 0, 0])), der.bitString(Buffer.from([0x06]), 3), Buffer.from([0x03, 0x02, 0x08, 0xff]), Buffer.from([0x03, 0x01, 0x00])]), true)],
  'ku-criticality': [1, (draft) => flipCritical(draft, 'keyUsage')],

  // Extended key usage, Netscape's type.
  'eku-random': [10, (draft, random) => draft.set('extendedKeyUsage', extendedKeyUsage(Array.from({ length: random.pick([1, 1, 2, 3]) }, () => random.pick(['serverAuth', 'clientAuth', 'codeSigning', 'emailProtection', 'any', 'microsoftSgc', 'netscapeSgc', 'timeStamping', 'ocspSigning', 'dvcs', 'ipsecEndSystem', 'unknown']))), random.chance(0.3))],
  'eku-empty': [1, (draft) => draft.set('extendedKeyUsage', der.sequence())],
  'eku-absent': [1, (draft) => draft.remove('extendedKeyUsage')],
  'netscape-type': [4, (draft, random) => draft.set('netscapeCertType', random.chance(0.85) ? RARE_VALUES.netscapeCertType(random) : der.bitString(Buffer.alloc(random.below(3))), random.chance(0.2))],

  // Key identifiers.
  'skid-absent': [2, (draft) => draft.remove('subjectKeyIdentifier')],
  'skid-other': [3, (draft, random) => draft.set('subjectKeyIdentifier', der.octetString(random.pick([Buffer.alloc(20, 7), Buffer.alloc(0), Buffer.from([1]), Buffer.alloc(200, 3)])))],
  'akid-absent': [2, (draft) => draft.remove('authorityKeyIdentifier')],
  'akid-usual': [2, (draft) => draft.setAuthorityKeyIdentifier()],
  'akid-wrong': [5, (draft, random) => draft.set('authorityKeyIdentifier', der.sequence(der.implicit(0, random.pick([Buffer.alloc(20, 9), Buffer.alloc(0), Buffer.from([1])]))))],
  'akid-own': [2, (draft) => draft.set('authorityKeyIdentifier', () => der.sequence(der.implicit(0, draft.keyIdentifier)))],
  'akid-empty': [1, (draft) => draft.set('authorityKeyIdentifier', der.sequence())],
  'akid-issuer-serial': [8, (draft, random) => {
    const right = random.pick([[true, true], [true, true], [false, true], [true, false], [false, false]])
    const form = random.below(9)
    draft.set('authorityKeyIdentifier', () => {
      const issuer = issuerOf(draft)
      const name = right[0] ? issuer.issuerField : encodeName(plainName({ CN: 'Somebody else' }))
      const names = [der.explicit(4, name)]
      if (form === 0) names.unshift(generalName('DNS:example.com'))
      if (form === 1) names.push(der.explicit(4, encodeName(plainName({ CN: 'A second' }))))
      if (form === 2) names.unshift(der.explicit(4, encodeName(plainName({ CN: 'A first' }))))
      if (form === 3) names.splice(0, 1, generalName('URI:http://example.com/'))
      const serial = right[1] ? der.read(issuer.serialElement).body : Buffer.from([77])
      return der.sequence(
        ...(form === 4 ? [der.implicit(0, issuer.keyIdentifier)] : form === 5 ? [der.implicit(0, Buffer.alloc(20, 9))] : []),
        ...(form === 6 ? [] : [der.explicit(1, ...names)]),
        ...(form === 7 ? [] : [der.implicit(2, serial)]),
      )
    })
  }],

  // Names inside and constraints on them.
  'name-constraints': [16, (draft, random) => draft.set('nameConstraints', randomNameConstraints(random), random.chance(0.7))],
  'name-constraints-two': [12, (draft, random, pki) => {
    draft.set('nameConstraints', randomNameConstraints(random), random.chance(0.7))
    const leaf = pki.drafts[0]
    leaf.set('subjectAltName', der.sequence(...Array.from({ length: random.between(1, 3) }, () => randomGeneralName(random))))
  }],
  'name-constraints-fit': [3, (draft, random) => draft.set('nameConstraints', nameConstraints({ permitted: ['DNS:example.com', 'IP:192.0.2.0/255.255.255.0', 'email:example.com', 'URI:.example.com', 'DNS:example.org'].slice(0, random.between(1, 5)).map((text) => der.sequence(generalName(text))) }), true)],
  'name-constraints-many': [0.15, (draft, random, pki) => {
    const count = random.pick([1023, 1024, 1025, 2000])
    draft.set('nameConstraints', nameConstraints({ excluded: Array.from({ length: count }, (_, index) => der.sequence(generalName(`DNS:x${index}.test`))) }))
    pki.drafts[0].set('subjectAltName', der.sequence(...Array.from({ length: random.pick([511, 1023, 1024, 1025]) }, (_, index) => generalName(`DNS:y${index}.example.com`))))
  }],
  'san-absent': [3, (draft) => draft.remove('subjectAltName')],
  'san-random': [10, (draft, random) => draft.set('subjectAltName', der.sequence(...Array.from({ length: random.pick([0, 1, 1, 2, 3, 5]) }, () => randomGeneralName(random))), random.chance(0.2))],
  'san-more': [4, (draft, random) => {
    const own = draft.find('subjectAltName')
    const names = own ? der.children(der.read(valueOf(own)).body).map(({ raw }) => raw) : []
    draft.set('subjectAltName', der.sequence(...names, ...Array.from({ length: random.pick([1, 2, 3]) }, () => randomGeneralName(random))))
  }],
  subject: [4, (draft, random) => (draft.subject = random.pick([
    () => plainName({}),
    () => plainName({ CN: random.pick(['www.example.com', '*.example.com', 'www.example.org', '192.0.2.7', 'localhost', 'not a host', 'www.example.com\0.org', 'wWw.eXample.com.', 'under_score.example.com', '-a.example.com', 'a', '.example.com', '']) }),
    () => plainName({ O: 'Example', CN: 'www.example.com' }),
    () => plainName({ O: 'Example', emailAddress: random.pick(['user@example.com', 'user@example.org', 'user', '']) }),
    () => [[{ type: 'CN', tag: 0x1e, text: 'www.example.com' }]],
    () => [[{ type: 'CN', tag: random.pick([0x04, 0x1c, 0x14, 0x1a, 0x03]), text: random.pick(['www.example.com', 'ww\xe9.example.com']) }]],
    () => [[{ type: 'CN', tag: 0x0c, text: 'www.example.org' }], [{ type: 'CN', tag: 0x0c, text: 'www.example.com' }]],
    () => [[{ type: 'CN', tag: 0x0c, text: 'www.example.com' }, { type: 'O', tag: 0x0c, text: 'Example' }]],
    () => [[{ type: 'emailAddress', tag: random.pick([0x0c, 0x16]), text: 'user@example.com' }], [{ type: 'CN', tag: 0x0c, text: 'x' }]],
    () => [[]],
  ])())],
  'issuer-respelled': [6, (draft, random) => (draft.issuerName = respell(draft.issuerName ?? issuerOf(draft).subject, random))],
  'subject-respelled': [3, (draft, random) => {
    const subject = draft.subject
    draft.subject = respell(subject, random)
    if (draft.isSelfSigned) draft.issuerName ??= subject
  }],
  'issuer-other': [2, (draft, random) => (draft.issuerName = random.pick([plainName({ CN: 'Nobody' }), plainName({}), draft.subject]))],

  // Other extensions.
  'rare-extension': [9, (draft, random) => {
    const name = random.pick(Object.keys(RARE_VALUES))
    draft.set(name, RARE_VALUES[name](random), random.chance(0.4))
  }],
  'rfc3779': [3, (draft, random, pki) => {
    const name = random.pick(['addressBlocks', 'autonomousSystems'])
    for (const each of pki.drafts) if (each === draft || random.chance(0.7)) each.set(name, RARE_VALUES[name](random), random.chance(0.5))
  }],
  proxy: [2, (draft, random) => {
    draft.set('proxyCertInfo', RARE_VALUES.proxyCertInfo(random), random.chance(0.9))
    if (random.chance(0.7)) ['subjectAltName', 'issuerAltName', 'basicConstraints'].forEach((name) => draft.remove(name))
  }],
  'unknown-critical': [3, (draft, random) => draft.set(random.pick(['unknown', 'poison', 'tlsFeature', 'netscapeComment', 'freshestCrl', 'authorityInformationAccess', 'issuerAltName', 'signedTimestamps', 'issuingDistributionPoint']), der.nullValue(), true)],
  'now-critical': [3, (draft, random) => flipCritical(draft, randomExtensionName(random, draft))],
  'extension-garbage': [9, (draft, random) => draft.set(randomExtensionName(random, draft), garbage(random), random.chance(0.3))],
  'extension-damaged': [9, (draft, random) => {
    const name = randomExtensionName(random, draft)
    const own = draft.find(name)
    const value = own ? own.value : RARE_VALUES[name]?.(random) ?? garbage(random)
    draft.set(name, () => mutatedDer(typeof value === 'function' ? value() : value, random), own?.critical ?? false)
  }],
  'extension-twice': [4, (draft, random) => {
    const name = randomExtensionName(random, draft)
    const own = draft.find(name) ?? { name, critical: false, value: RARE_VALUES[name]?.(random) ?? garbage(random) }
    draft.extensions = [...(draft.extensions ?? []), own, ...(draft.find(name) ? [] : [own])]
  }],
  'extensions-reversed': [1, (draft) => draft.extensions?.reverse()],
  'extension-odd-shape': [2, (draft, random) => {
    // An odd one that is there already has no identifier of its own.
    const oid = der.objectIdentifier(EXTENSIONS[randomExtensionName(random, draft)] ?? EXTENSIONS.basicConstraints)
    const raw = random.pick([
      () => der.sequence(oid, der.boolean(false), der.octetString()),
      () => der.sequence(oid, der.element(1, Buffer.from([1])), der.octetString(der.nullValue())),
      () => der.sequence(oid, der.boolean(true)),
      () => der.sequence(oid),
      () => der.sequence(oid, der.octetString(), der.nullValue()),
      () => der.sequence(),
      () => der.sequence(oid, der.bitString(Buffer.alloc(1))),
    ])()
    draft.extensions = [...(draft.extensions ?? []), { name: 'odd', critical: false, value: Buffer.alloc(0), raw }]
  }],

  // Serial number and unique identifiers.
  serial: [3, (draft, random) => (draft.serial = random.pick(SERIALS))],
  'unique-identifiers': [2, (draft, random) => (draft.uniqueIdentifiers = random.pick([der.implicit(1, Buffer.from([0, 1])), der.implicit(2, Buffer.from([0, 1])), Buffer.concat([der.implicit(1, Buffer.from([0])), der.implicit(2, Buffer.from([7, 0x80]))]), der.implicit(1), Buffer.concat([der.implicit(2, Buffer.from([0, 1])), der.implicit(1, Buffer.from([0, 1]))])]))],

  // Times.
  expired: [7, (draft, random, pki) => (draft.notAfter = pki.time - random.pick([1000, DAY, 400 * DAY]))],
  future: [5, (draft, random, pki) => (draft.notBefore = pki.time + random.pick([1000, DAY, 400 * DAY]))],
  'time-edge': [4, (draft, random, pki) => setTime(draft, random, () => pki.time + random.pick([-1000, 0, 0, 1000]))],
  'time-odd': [9, (draft, random, pki) => setTime(draft, random, (field) => oddTime(random, pki.time + (field === 'notAfter' ? 1 : -1) * random.pick([3_600_000, 20 * 3_600_000, DAY, 400 * DAY, -DAY])))],
  'time-reversed': [2, (draft) => ([draft.notBefore, draft.notAfter] = [draft.notAfter, draft.notBefore])],
  'time-wide': [2, (draft, random) => Object.assign(draft, { notBefore: random.pick([draft.notBefore, element(0x17, '500101000000Z'), element(0x18, '00010101000000Z')]), notAfter: element(0x18, '99991231235959Z') })],

  // Keys and signatures.
  'key-type': [12, (draft, random) => (draft.key = { type: randomKeyType(random), name: random.below(3) })],
  'public-key-explicit-curve': [2, (draft, random) => {
    draft.key = { type: 'p256', name: random.below(3) }
    draft.publicKey = (spki) => rebuildSpki(spki, (_, __, bits) => [der.sequence(der.objectIdentifier('1.2.840.10045.2.1'), explicitP256(random)), bits])
  }],
  'public-key-without-domain': [1, (draft, random) => {
    for (const each of random.chance(0.6) ? [draft, issuerOf(draft)] : [draft]) each.key = { type: random.pick(['dsa-1024', 'dsa-2048']), name: random.below(3) }
    draft.publicKey = (spki) => rebuildSpki(spki, (_, __, bits) => [der.sequence(der.objectIdentifier('1.2.840.10040.4.1'), ...(random.chance(0.3) ? [der.nullValue()] : [])), bits])
  }],
  'public-key-odd': [8, (draft, random) => (draft.publicKey = oddPublicKey(random, draft))],
  digest: [9, (draft, random) => (draft.digest = random.pick(['sha1', 'sha1', 'md5', 'sha224', 'sha384', 'sha512', 'sha512-224', 'sha512-256', 'sha3-256', 'ripemd160']))],
  'signature-corrupt': [5, (draft, random) => (draft.changeSignature = corrupt(random))],
  'signature-odd': [4, (draft, random) => (draft.changeSignature = random.pick([
    () => Buffer.alloc(1),
    () => Buffer.alloc(0),
    (signature) => Buffer.concat([Buffer.from([3]), signature]),
    (signature) => Buffer.concat([Buffer.from([1]), signature]),
    (signature) => Buffer.concat([Buffer.from([8]), signature]),
    (signature) => Buffer.concat([Buffer.alloc(2), signature]),
    (signature) => Buffer.concat([Buffer.alloc(1), signature, Buffer.alloc(1)]),
    (signature) => Buffer.concat([Buffer.alloc(1), signature.subarray(0, -1)]),
    (signature) => Buffer.concat([Buffer.alloc(1), signature.subarray(1)]),
    (signature) => Buffer.concat([Buffer.alloc(1), mutatedDer(signature, random)]),
    (signature) => Buffer.concat([Buffer.alloc(1), longForm(signature)]),
    (signature) => Buffer.alloc(signature.length + 1),
  ]))],
  'signer-other': [4, (draft, random, pki) => (draft.signer = random.pick(pki.drafts))],
  pss: [7, (draft, random) => {
    const issuer = issuerOf(draft)
    if (!issuer.key.type.startsWith('rsa')) issuer.key = { type: random.pick(['rsa-2048', 'rsa-1024']), name: random.below(3) }
    const digest = random.pick(['sha256', 'sha256', 'sha384', 'sha512', 'sha1', 'sha224', 'md5'])
    const saltLength = random.pick([32, 32, 20, 0, 48, 64])
    const said = { digest, mask: digest, saltLength }
    const maskDigest = random.chance(0.85) ? digest : random.pick(['sha1', 'sha256'])
    said.mask = maskDigest
    const wrong = random.below(14)
    if (wrong === 0) said.digest = 'sha512'
    if (wrong === 1) said.mask = random.pick(['sha1', 'sha512'])
    if (wrong === 2) said.saltLength = random.pick([saltLength + 1, -1, 400, 0])
    if (wrong === 3) said.trailer = random.pick([1, 2, 0])
    if (wrong === 4) delete said.digest
    if (wrong === 5) delete said.mask
    if (wrong === 6) delete said.saltLength
    let identifier = pssIdentifier(said)
    if (wrong === 7) identifier = pssIdentifier()
    if (wrong === 8) identifier = mutatedDer(identifier, random)
    draft.algorithm = { identifier, sign: (tbs, key) => (key.family === 'rsa' ? signPss(key, tbs, { digest, maskDigest, saltLength }) : key.sign(tbs)) }
    if (random.chance(0.2)) issuer.publicKey = (spki) => pssPublicKey(spki, random.pick([undefined, { digest, mask: digest, saltLength }, { digest: 'sha512', mask: 'sha512', saltLength: 0 }]))
  }],
  'pss-key': [3, (draft, random) => {
    if (!draft.key.type.startsWith('rsa')) draft.key = { type: 'rsa-2048', name: random.below(3) }
    const parameters = random.pick([undefined, undefined, { digest: 'sha256', mask: 'sha256', saltLength: 32 }, { digest: 'sha256', mask: 'sha256', saltLength: 20 }, { digest: 'sha384', mask: 'sha384', saltLength: 48 }, {}])
    draft.publicKey = (spki) => pssPublicKey(spki, parameters)
  }],
  'algorithm-other': [4, (draft, random) => (draft.algorithm = { identifier: random.pick(ANY_ALGORITHMS) })],
  'algorithm-differs-outside': [3, (draft, random) => {
    const issuer = issuerOf(draft)
    const key = signingKey(issuer.key.type, issuer.key.name)
    const usual = key.algorithm(key.digests[0])
    const [inner, outer] = random.pick([[usual, random.pick(ANY_ALGORITHMS)], [random.pick(ANY_ALGORITHMS), usual]])
    draft.algorithm = { identifier: inner, outer }
  }],
  'algorithm-parameters': [4, (draft, random) => {
    const issuer = issuerOf(draft)
    const key = signingKey(issuer.key.type, issuer.key.name)
    const oid = der.children(der.read(key.algorithm(key.digests[0])).body)[0].raw
    const odd = () => der.sequence(oid, ...random.pick([[], [der.nullValue()], [der.sequence()], [der.octetString(Buffer.from('x'))], [der.nullValue(), der.nullValue()], [Buffer.from([5, 1, 0])]]))
    const identifier = odd()
    draft.algorithm = { identifier, outer: random.chance(0.5) ? identifier : odd() }
  }],

  // Bytes.
  'damaged-signed': [9, (draft, random) => draft.damage(random, { signed: true })],
  'damaged': [5, (draft, random) => draft.damage(random, { signed: false })],
  'bytes-after': [1, (draft, random) => draft.changes.push((bytes) => Buffer.concat([bytes, random.pick([Buffer.from([0]), Buffer.from('trailing'), bytes])]))],

  // Settings of the store.
  'trust-settings': [5, (draft, random) => {
    const uses = () => Array.from({ length: random.pick([0, 1, 1, 2]) }, () => random.pick(['serverAuth', 'clientAuth', 'any', 'emailProtection', 'codeSigning', 'unknown']))
    draft.trust = random.pick([() => ({ trust: uses() }), () => ({ reject: uses() }), () => ({ trust: uses(), reject: uses() }), () => ({}), () => ({ raw: garbage(random) })])()
  }],
}

function isAuthority(draft) {
  const own = draft.find('basicConstraints')
  const value = own && valueOf(own)
  return Boolean(value && value.length > 2)
}

function flipCritical(draft, name) {
  draft.extensions = draft.extensions && draft.extensions.map((entry) => (entry.name === name ? { ...entry, critical: !entry.critical } : entry))
}

/** The outer element with its length in one octet more than it needs. */
function longForm(bytes) {
  if (bytes[0] !== 0x30 || bytes[1] >= 0x80) return bytes
  return Buffer.concat([Buffer.from([0x30, 0x81]), bytes.subarray(1)])
}

/** A pick by weight from a table of `name: [weight, …]`. */
function weighted(table) {
  const names = Object.keys(table)
  const total = names.reduce((sum, name) => sum + table[name][0], 0)
  return (random) => {
    let place = (random.below(1_000_000) / 1_000_000) * total
    for (const name of names) {
      place -= table[name][0]
      if (place < 0) return name
    }
    return names[0]
  }
}

module.exports = { CERTIFICATE_FAULTS, DAY, KEY_TYPES, randomFault: weighted(CERTIFICATE_FAULTS), weighted }
