'use strict'

/**
 * Self-signed certificates of every kind of key and signature, right and wrong, and what real Nodes make of each:
 * `fixtures/signatures.txt`, which the Rust tests hold the model against and the JavaScript tests real Nodes.
 *
 *   const { cases, judge } = require('./support/signatures')
 *   cases                              // [{ name, certificate, verdict: { '3.0': 'rsa 1024 issued verified', '3.5': … } }, …]
 *   await judge(24, certificates)      // ['rsa 1024 issued verified', …]: the same verdicts from a real Node
 *
 * `node __test__/support/signatures.js` makes the certificates anew, with other keys, and measures the verdicts with Node 20 and 24. It
 * needs Node 24 itself, for ML-DSA.
 */

const crypto = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

const der = require('./der')
const { runNode } = require('./environment')

const { bitString, children, element, explicit, integer, nullValue, objectIdentifier, octetString, read, sequence, set, time, utf8String } = der

const FILE = path.join(__dirname, '..', '..', 'fixtures', 'signatures.txt')

const HEADER = `# Self-signed certificates, and what Node's OpenSSL makes of their keys and signatures.
# name | certificate, in base64 | verdict | verdict of OpenSSL 3.5 where it differs from that of 3.0
# A verdict is the kind of the key and its size (\`none\` where X509_get0_pubkey gives no key), \`issued\` where X509_check_issued says so of
# the certificate and itself, and \`verified\` where X509_verify does.
# \`node __test__/support/signatures.js\` makes the certificates anew and measures the verdicts.
`

const JUDGE = `
const { X509Certificate } = require('crypto')
let text = ''
process.stdin.on('data', (chunk) => { text += chunk }).on('end', () => {
  const verdicts = JSON.parse(text).map((certificate) => {
    const x509 = new X509Certificate(Buffer.from(certificate, 'base64'))
    let key
    try { key = x509.publicKey } catch { return 'none' }
    // Not every Node has names for the newer kinds.
    const kind = [key.asymmetricKeyType].find((name) => /^(rsa|rsa-pss|dsa|ec|(ed|x)(25519|448))$/.test(name)) ?? 'other'
    // Node 20 aborts when it is asked for the details of an SM2 key.
    const size = /^(rsa|dsa)/.test(kind) ? key.asymmetricKeyDetails.modulusLength : undefined
    let verified = false
    try { verified = x509.verify(key) } catch {}
    const words = [kind, size, x509.checkIssued(x509) && 'issued', verified && 'verified']
    return words.filter(Boolean).join(' ')
  })
  process.stdout.write(JSON.stringify(verdicts))
})
`

/**
 * What a real Node says of each certificate.
 *
 * @param {number} major
 * @param {Buffer[]} certificates
 * @returns {Promise<string[]>}
 */
async function judge(major, certificates) {
  const stdin = JSON.stringify(certificates.map((certificate) => certificate.toString('base64')))
  const { status, signal, stdout, stderr } = await runNode(major, ['-e', JUDGE], { stdin })
  if (status !== 0) throw new Error(`Node ${major} ended with ${status ?? signal}: ${stderr}`)
  return JSON.parse(stdout)
}

/** @returns {{ name: string, certificate: Buffer, verdict: Record<string, string> }[]} */
function readCases() {
  const lines = fs.readFileSync(FILE, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const [name, certificate, verdict, newer = verdict] = line.split('|').map((column) => column.trim())
    return { name, certificate: Buffer.from(certificate, 'base64'), verdict: { '3.0': verdict, 3.5: newer } }
  })
}

const RSA = '1.2.840.113549.1.1.'
const NIST = '2.16.840.1.101.3.4.'
const ECDSA = '1.2.840.10045.4.'
const ECDSA_SHA256 = `${ECDSA}3.2`

const NAME = sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String('Signature'))))
const VALIDITY = sequence(time('2025-01-01'), time('2045-01-01'))

/** An AlgorithmIdentifier. */
const algorithm = (identifier, ...parameters) => sequence(objectIdentifier(identifier), ...parameters)

/** A self-signed certificate. `sign` makes the signature of the TBSCertificate; `inner` is the algorithm inside it. */
function selfSigned({ key, outer, inner = outer, sign, unusedBits = 0 }) {
  const tbs = sequence(explicit(0, integer(2)), integer(1), inner, NAME, VALIDITY, NAME, key)
  return sequence(tbs, outer, bitString(sign(tbs), unusedBits))
}

/** A positive INTEGER from its octets. */
const unsigned = (octets) => integer(BigInt(`0x0${Buffer.from(octets).toString('hex')}`))

const spki = (publicKey) => publicKey.export({ type: 'spki', format: 'der' })

/** The two parts of a SubjectPublicKeyInfo: the algorithm's elements, and the octets of the key. */
function spkiParts(info) {
  const [identifier, key] = children(read(info).body)
  return { elements: children(identifier.body), octets: key.body.subarray(1) }
}

const changed = (bytes, index = 20) => {
  const copy = Buffer.from(bytes)
  copy[index] ^= 1
  return copy
}

function makeCertificates() {
  const made = []
  const add = (name, options) => made.push([name, selfSigned(options)])
  rsaPkcs1(add)
  rsaKeys(add)
  rsaPss(add)
  ellipticCurves(add)
  explicitCurves(add)
  otherKeys(add)
  return made
}

function rsaPkcs1(add) {
  const digests = {
    md5: `${RSA}4`, sha1: `${RSA}5`, 'sha1 of OIW': '1.3.14.3.2.29', sha224: `${RSA}14`, sha256: `${RSA}11`, sha384: `${RSA}12`, sha512: `${RSA}13`,
    'sha512-256': `${RSA}16`, ripemd160: '1.3.36.3.3.1.2', 'sha3-256': `${NIST}3.14`, sha: '1.3.14.3.2.15', md4: `${RSA}3`,
  }
  const key = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 })
  const sha256 = { key: spki(key.publicKey), outer: algorithm(`${RSA}11`, nullValue()) }
  const sign = (tbs) => crypto.sign('sha256', tbs, key.privateKey)
  for (const [digest, identifier] of Object.entries(digests)) {
    const name = { 'sha1 of OIW': 'sha1', sha: 'sha1', md4: 'md5' }[digest] ?? digest
    add(`rsa 1024 ${digest}`, { ...sha256, outer: algorithm(identifier, nullValue()), sign: (tbs) => crypto.sign(name, tbs, key.privateKey) })
  }
  for (const bits of [512, 1023, 1025, 2048, 3072]) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: bits })
    add(`rsa ${bits}`, { ...sha256, key: spki(publicKey), sign: (tbs) => crypto.sign('sha256', tbs, privateKey) })
  }
  const three = crypto.generateKeyPairSync('rsa', { modulusLength: 1024, publicExponent: 3 })
  add('rsa exponent 3', { ...sha256, key: spki(three.publicKey), sign: (tbs) => crypto.sign('sha256', tbs, three.privateKey) })

  add('rsa algorithm parameters absent', { ...sha256, outer: algorithm(`${RSA}11`), sign })
  add('rsa algorithm parameters of any kind', { ...sha256, outer: algorithm(`${RSA}11`, octetString(Buffer.from('x'))), sign })
  add('rsa algorithm inside without parameters', { ...sha256, inner: algorithm(`${RSA}11`), sign })
  add('rsa algorithm inside is another', { ...sha256, inner: algorithm(`${RSA}12`, nullValue()), sign })
  add('rsa signature changed', { ...sha256, sign: (tbs) => changed(sign(tbs)) })
  add('rsa signature empty', { ...sha256, sign: () => Buffer.alloc(0) })
  add('rsa signature with a zero before it', { ...sha256, sign: (tbs) => Buffer.concat([Buffer.from([0]), sign(tbs)]) })
  const unused = (tbs) => Buffer.concat([sign(tbs).subarray(0, -1), Buffer.from([0])])
  add('rsa signature with unused bits', { ...sha256, sign: unused, unusedBits: 4 })

  const encoded = { key: key.privateKey, padding: crypto.constants.RSA_PKCS1_PADDING }
  const info = (tbs, ...parameters) =>
    sequence(algorithm(`${NIST}2.1`, ...parameters), octetString(crypto.createHash('sha256').update(tbs).digest()))
  add('rsa digest info without NULL', { ...sha256, sign: (tbs) => crypto.privateEncrypt(encoded, info(tbs)) })
  add('rsa digest info with an octet after it', {
    ...sha256, sign: (tbs) => crypto.privateEncrypt(encoded, Buffer.concat([info(tbs, nullValue()), Buffer.from([0])])),
  })
  add('rsa digest without info', { ...sha256, sign: (tbs) => crypto.privateEncrypt(encoded, crypto.createHash('sha256').update(tbs).digest()) })
  add('rsa padding of seven octets', {
    ...sha256,
    sign(tbs) {
      const content = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(7, 0xff), Buffer.from([0]), info(tbs, nullValue())])
      const block = Buffer.concat([content, Buffer.alloc(128 - content.length)])
      return crypto.privateEncrypt({ key: key.privateKey, padding: crypto.constants.RSA_NO_PADDING }, block)
    },
  })
}

function rsaKeys(add) {
  const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 })
  const { n, e } = publicKey.export({ format: 'jwk' })
  const [modulus, exponent] = [Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')]
  const numbers = [unsigned(modulus), unsigned(exponent)]
  const outer = algorithm(`${RSA}11`, nullValue())
  const sign = (tbs) => crypto.sign('sha256', tbs, privateKey)
  const plain = algorithm(`${RSA}1`, nullValue())
  const keys = {
    'without parameters': sequence(algorithm(`${RSA}1`), bitString(sequence(...numbers))),
    'with parameters of any kind': sequence(algorithm(`${RSA}1`, sequence(integer(1))), bitString(sequence(...numbers))),
    'with the identifier of X.500': sequence(algorithm('2.5.8.1.1', nullValue()), bitString(sequence(...numbers))),
    'with a negative modulus': sequence(plain, bitString(sequence(integer(modulus), numbers[1]))),
    'with a padded modulus': sequence(plain, bitString(sequence(integer(Buffer.concat([Buffer.alloc(3), modulus])), numbers[1]))),
    'in BER': sequence(plain, bitString(Buffer.concat([Buffer.from([0x30, 0x80]), ...numbers, Buffer.alloc(2)]))),
    'with an element after it': sequence(plain, bitString(Buffer.concat([sequence(...numbers), nullValue()]))),
    'with a third number': sequence(plain, bitString(sequence(...numbers, integer(1)))),
    'with one number': sequence(plain, bitString(sequence(numbers[0]))),
    'with unused bits': sequence(plain, bitString(sequence(...numbers), 3)),
    'with a zero modulus': sequence(plain, bitString(sequence(integer(0), numbers[1]))),
    'with a zero exponent': sequence(plain, bitString(sequence(numbers[0], integer(0)))),
    'with the modulus for exponent': sequence(plain, bitString(sequence(numbers[0], numbers[0]))),
    'of 16392 bits': sequence(plain, bitString(sequence(unsigned(Buffer.alloc(2049, 0xff)), numbers[1]))),
    'that is garbage': sequence(plain, bitString(Buffer.from('garbage'))),
    'of PSS, unrestricted': sequence(algorithm(`${RSA}10`), bitString(sequence(...numbers))),
  }
  for (const [name, key] of Object.entries(keys)) add(`rsa key ${name}`, { key, outer, sign })
  add('rsa exponent 1', {
    key: sequence(plain, bitString(sequence(numbers[0], integer(1)))),
    outer,
    sign(tbs) {
      const info = sequence(algorithm(`${NIST}2.1`, nullValue()), octetString(crypto.createHash('sha256').update(tbs).digest()))
      return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(125 - info.length, 0xff), Buffer.from([0]), info])
    },
  })
}

function rsaPss(add) {
  const digests = { sha1: '1.3.14.3.2.26', sha256: `${NIST}2.1`, sha512: `${NIST}2.3`, md5: '1.2.840.113549.2.5', 'sha3-256': `${NIST}2.8` }
  const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 1032 })
  const digest = (name) => algorithm(digests[name], nullValue())
  const mask = (name) => algorithm(`${RSA}8`, digest(name))
  const parameters = (hash, generator, ...rest) => sequence(explicit(0, digest(hash)), explicit(1, mask(generator)), ...rest)
  const salt = (length) => explicit(2, integer(length))
  const sign = (hash, length) => (tbs) =>
    crypto.sign(hash, tbs, { key: privateKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: length })
  const sha256 = { key: spki(publicKey), sign: sign('sha256', 32) }
  const of = (...encoded) => algorithm(`${RSA}10`, ...encoded)
  for (const name of Object.keys(digests)) {
    add(`pss ${name}`, { key: sha256.key, outer: of(parameters(name, name, salt(20))), sign: sign(name, 20) })
  }
  for (const length of [0, 95]) add(`pss salt of ${length}`, { ...sha256, outer: of(parameters('sha256', 'sha256', salt(length))), sign: sign('sha256', length) })
  const sized = crypto.generateKeyPairSync('rsa', { modulusLength: 1025 })
  add('pss with an octet less than the modulus', {
    key: spki(sized.publicKey),
    outer: of(parameters('sha256', 'sha256', salt(32))),
    sign: (tbs) => crypto.sign('sha256', tbs, { key: sized.privateKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  })
  const variants = {
    'salt of another length': parameters('sha256', 'sha256', salt(31)),
    'mask of another digest': parameters('sha256', 'sha1', salt(32)),
    'negative salt': parameters('sha256', 'sha256', salt(-2)),
    'salt of more than 32 bits': parameters('sha256', 'sha256', salt(2n ** 32n + 32n)),
    'trailer field 1': parameters('sha256', 'sha256', salt(32), explicit(3, integer(1))),
    'trailer field 2': parameters('sha256', 'sha256', salt(32), explicit(3, integer(2))),
    'another element': parameters('sha256', 'sha256', salt(32), nullValue()),
    'digest by the identifier of its signature': sequence(explicit(0, algorithm(`${RSA}11`, nullValue())), explicit(1, mask('sha256')), salt(32)),
    'unknown digest': sequence(explicit(0, algorithm('1.2.3')), explicit(1, mask('sha256')), salt(32)),
    'unknown mask': sequence(explicit(0, digest('sha256')), explicit(1, algorithm('1.2.3', digest('sha256'))), salt(32)),
    'no sequence': octetString(Buffer.from('x')),
  }
  for (const [name, encoded] of Object.entries(variants)) add(`pss ${name}`, { ...sha256, outer: of(encoded) })
  add('pss no parameters', { ...sha256, outer: of() })
  add('pss defaults', { key: sha256.key, outer: of(sequence()), sign: sign('sha1', 20) })

  const octets = spkiParts(sha256.key).octets
  const restrictions = {
    sha256: parameters('sha256', 'sha256', salt(32)),
    'a longer salt': parameters('sha256', 'sha256', salt(33)),
    'a shorter salt': parameters('sha256', 'sha256', salt(0)),
    sha512: parameters('sha512', 'sha512', salt(32)),
    'defaults': sequence(),
    'trailer field 2': parameters('sha256', 'sha256', salt(32), explicit(3, integer(2))),
    'unknown digest': sequence(explicit(0, algorithm('1.2.3'))),
    'NULL': nullValue(),
  }
  for (const [name, encoded] of Object.entries(restrictions)) {
    add(`pss key with ${name}`, { ...sha256, key: sequence(of(encoded), bitString(octets)), outer: of(parameters('sha256', 'sha256', salt(32))) })
  }
}

function ellipticCurves(add) {
  const digests = { sha1: '1', sha224: '3.1', sha256: '3.2', sha384: '3.3', sha512: '3.4' }
  for (const curve of ['prime256v1', 'secp384r1', 'secp521r1', 'secp224r1']) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: curve })
    for (const [digest, last] of Object.entries(digests)) {
      add(`ec ${curve} ${digest}`, { key: spki(publicKey), outer: algorithm(ECDSA + last), sign: (tbs) => crypto.sign(digest, tbs, privateKey) })
    }
  }
  const others = [
    'prime192v1', 'prime239v1', 'secp112r1', 'secp128r2', 'secp160r1', 'secp224k1', 'secp256k1', 'brainpoolP256r1', 'brainpoolP320t1', 'brainpoolP512r1',
    'wap-wsg-idm-ecid-wtls8', 'sect163k1', 'sect233r1', 'c2pnb176v1', 'c2tnb239v3', 'sect571r1', 'SM2',
  ]
  for (const curve of others) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: curve })
    add(`ec ${curve}`, { key: spki(publicKey), outer: algorithm(ECDSA_SHA256), sign: (tbs) => crypto.sign('sha256', tbs, privateKey) })
    add(`ec ${curve} signature changed`, { key: spki(publicKey), outer: algorithm(ECDSA_SHA256), sign: (tbs) => crypto.sign('sha256', changed(tbs), privateKey) })
    const { elements, octets } = spkiParts(spki(publicKey))
    const point = changed(octets, octets.length - 1)
    add(`ec ${curve} beside the curve`, { key: sequence(sequence(...elements.map(({ raw }) => raw)), bitString(point)), outer: algorithm(ECDSA_SHA256), sign: () => Buffer.alloc(9) })
  }

  for (const curve of ['prime256v1', 'secp224r1', 'brainpoolP256r1', 'sect233r1']) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: curve })
    const { elements, octets } = spkiParts(spki(publicKey))
    const half = (octets.length - 1) / 2
    const sign = (tbs) => crypto.sign('sha256', tbs, privateKey)
    const key = (bytes) => sequence(sequence(...elements.map(({ raw }) => raw)), bitString(bytes))
    const outer = algorithm(ECDSA_SHA256)
    for (const form of [2, 3]) add(`ec ${curve} compressed ${form}`, { key: key(Buffer.concat([Buffer.from([form]), octets.subarray(1, 1 + half)])), outer, sign })
    for (const form of [5, 6, 7]) add(`ec ${curve} form ${form}`, { key: key(Buffer.concat([Buffer.from([form]), octets.subarray(1)])), outer, sign })
    add(`ec ${curve} at infinity`, { key: key(Buffer.from([0])), outer, sign })
    add(`ec ${curve} with an octet more`, { key: key(Buffer.concat([octets, Buffer.from([0])])), outer, sign })
  }

  const { publicKey, privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' })
  const p256 = crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  for (const [name, pair] of [['brainpool', { publicKey, privateKey }], ['p256', p256]]) {
    const key = spki(pair.publicKey)
    const outer = algorithm(ECDSA_SHA256)
    const sign = (tbs) => crypto.sign('sha256', tbs, pair.privateKey)
    const numbers = (tbs) => children(read(sign(tbs)).body).map(({ body }) => body)
    add(`ecdsa ${name} padded number`, { key, outer, sign: (tbs) => { const [r, s] = numbers(tbs); return sequence(element(2, Buffer.alloc(1), r), element(2, s)) } })
    add(`ecdsa ${name} octet after it`, { key, outer, sign: (tbs) => Buffer.concat([sign(tbs), Buffer.alloc(1)]) })
    add(`ecdsa ${name} third element`, { key, outer, sign: (tbs) => { const [r, s] = numbers(tbs); return sequence(element(2, r), element(2, s), nullValue()) } })
    add(`ecdsa ${name} zero`, { key, outer, sign: (tbs) => sequence(integer(0), element(2, numbers(tbs)[1])) })
    add(`ecdsa ${name} plain numbers`, { key, outer, sign: (tbs) => crypto.sign('sha256', tbs, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }) })
    add(`ecdsa ${name} without a digest`, { key, outer: algorithm(`${ECDSA}3`), sign })
    add(`ecdsa ${name} algorithm with NULL`, { key, outer: algorithm(ECDSA_SHA256, nullValue()), sign })
    const [identifier] = spkiParts(key).elements
    add(`ec ${name} without a curve`, { key: sequence(sequence(identifier.raw), bitString(spkiParts(key).octets)), outer, sign })
    add(`ec ${name} unknown curve`, { key: sequence(sequence(identifier.raw, objectIdentifier('1.2.3')), bitString(spkiParts(key).octets)), outer, sign })
  }
  add('ecdsa sha3-256', { key: spki(p256.publicKey), outer: algorithm(`${NIST}3.10`), sign: (tbs) => crypto.sign('sha3-256', tbs, p256.privateKey) })
  add('rsa algorithm with an ec key', { key: spki(p256.publicKey), outer: algorithm(`${RSA}11`, nullValue()), sign: () => Buffer.alloc(64) })
  add('unknown algorithm', { key: spki(p256.publicKey), outer: algorithm('1.2.3'), sign: () => Buffer.alloc(64) })
}

function explicitCurves(add) {
  for (const curve of ['prime256v1', 'secp224r1', 'sect233k1']) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: curve, paramEncoding: 'explicit' })
    const { elements: [identifier, parameters], octets } = spkiParts(spki(publicKey))
    const [version, field, equation, base, order, cofactor] = children(parameters.body).map(({ raw }) => raw)
    const [a, b] = children(read(equation).body).map(({ raw }) => raw)
    const variants = {
      'as written': [version, field, equation, base, order, cofactor],
      'without a cofactor': [version, field, equation, base, order],
      'with a negative cofactor': [version, field, equation, base, order, integer(-1)],
      'without a seed': [version, field, sequence(a, b), base, order, cofactor],
      'with order 7': [version, field, equation, base, integer(7), integer(1)],
      'with order zero': [version, field, equation, base, integer(0), integer(1)],
      'with a base beside it': [version, field, equation, octetString(changed(read(base).body, read(base).body.length - 1)), order, cofactor],
      'with an unknown field': [version, sequence(objectIdentifier('1.2.3'), nullValue()), equation, base, order, cofactor],
      'with an element more': [version, field, equation, base, order, cofactor, nullValue()],
    }
    for (const [name, elements] of Object.entries(variants)) {
      add(`ec explicit ${curve} ${name}`, {
        key: sequence(sequence(identifier.raw, sequence(...elements)), bitString(octets)),
        outer: algorithm(ECDSA_SHA256),
        sign: (tbs) => crypto.sign('sha256', tbs, privateKey),
      })
    }
  }
}

function otherKeys(add) {
  const dsa = crypto.generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })
  const sha256 = { key: spki(dsa.publicKey), outer: algorithm(`${NIST}3.2`), sign: (tbs) => crypto.sign('sha256', tbs, dsa.privateKey) }
  const { elements: [identifier, domain], octets } = spkiParts(sha256.key)
  add('dsa sha256', sha256)
  add('dsa sha1', { ...sha256, outer: algorithm('1.2.840.10040.4.3'), sign: (tbs) => crypto.sign('sha1', tbs, dsa.privateKey) })
  add('dsa sha1 of OIW', { ...sha256, outer: algorithm('1.3.14.3.2.27'), sign: (tbs) => crypto.sign('sha1', tbs, dsa.privateKey) })
  add('dsa sha384', { ...sha256, outer: algorithm(`${NIST}3.3`), sign: (tbs) => crypto.sign('sha384', tbs, dsa.privateKey) })
  add('dsa signature changed', { ...sha256, sign: (tbs) => crypto.sign('sha256', changed(tbs), dsa.privateKey) })
  add('dsa key without parameters', { ...sha256, key: sequence(sequence(identifier.raw), bitString(octets)) })
  add('dsa key with NULL', { ...sha256, key: sequence(sequence(identifier.raw, nullValue()), bitString(octets)) })
  add('dsa key with the identifier of OIW', { ...sha256, key: sequence(sequence(objectIdentifier('1.3.14.3.2.12'), domain.raw), bitString(octets)) })
  const [p, q] = children(domain.body).map(({ raw }) => raw)
  add('dsa order of another size', { ...sha256, key: sequence(sequence(identifier.raw, sequence(p, integer(2n ** 161n - 1n), q)), bitString(octets)) })

  const edwards = [['ed25519', '1.3.101.112'], ['ed448', '1.3.101.113']]
  for (const [name, oid] of edwards) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync(name)
    const key = spki(publicKey)
    const point = spkiParts(key).octets
    const sign = (tbs) => crypto.sign(null, tbs, privateKey)
    const outer = algorithm(oid)
    add(name, { key, outer, sign })
    add(`${name} signature changed`, { key, outer, sign: (tbs) => changed(sign(tbs), 70) })
    add(`${name} signature with an octet more`, { key, outer, sign: (tbs) => Buffer.concat([sign(tbs), Buffer.alloc(1)]) })
    add(`${name} algorithm with NULL`, { key, outer: algorithm(oid, nullValue()), sign })
    add(`${name} key with NULL`, { key: sequence(algorithm(oid, nullValue()), bitString(point)), outer, sign })
    add(`${name} key too short`, { key: sequence(algorithm(oid), bitString(point.subarray(1))), outer, sign })
    const neutral = Buffer.concat([Buffer.from([1]), Buffer.alloc(point.length - 1)])
    const nothing = Buffer.concat([neutral, Buffer.alloc(point.length)])
    add(`${name} neutral key`, { key: sequence(algorithm(oid), bitString(neutral)), outer, sign: () => nothing })
  }
  // A key that is read, not made, is of the type SM2.
  const made = crypto.generateKeyPairSync('ec', { namedCurve: 'SM2' })
  const sm2 = crypto.createPrivateKey({ key: made.privateKey.export({ type: 'pkcs8', format: 'der' }), format: 'der', type: 'pkcs8' })
  const sm2Signed = { key: spki(made.publicKey), outer: algorithm('1.2.156.10197.1.501'), sign: (tbs) => crypto.sign('sm3', tbs, sm2) }
  add('sm2', sm2Signed)
  add('sm2 signature changed', { ...sm2Signed, sign: (tbs) => crypto.sign('sm3', changed(tbs), sm2) })

  const x25519 = crypto.generateKeyPairSync('x25519')
  add('x25519', { key: spki(x25519.publicKey), outer: algorithm('1.3.101.112'), sign: () => Buffer.alloc(64) })

  for (const [name, last] of [['ml-dsa-44', 17], ['slh-dsa-sha2-128s', 20]]) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync(name)
    const key = spki(publicKey)
    const sign = (tbs) => crypto.sign(null, tbs, privateKey)
    add(name, { key, outer: algorithm(`${NIST}3.${last}`), sign })
    add(`${name} signature empty`, { key, outer: algorithm(`${NIST}3.${last}`), sign: () => Buffer.alloc(0) })
    add(`${name} key with unused bits`, { key: sequence(algorithm(`${NIST}3.${last}`), bitString(spkiParts(key).octets, 1)), outer: algorithm(ECDSA_SHA256), sign: () => Buffer.alloc(0) })
  }
}

async function remake() {
  const made = makeCertificates()
  const certificates = made.map(([, certificate]) => certificate)
  const [older, newer] = [await judge(20, certificates), await judge(24, certificates)]
  const lines = made.map(([name, certificate], index) => {
    const verdicts = older[index] === newer[index] ? [older[index]] : [older[index], newer[index]]
    return [name, certificate.toString('base64'), ...verdicts].join(' | ')
  })
  fs.writeFileSync(FILE, `${HEADER}${lines.join('\n')}\n`)
}

module.exports = {
  get cases() {
    return readCases()
  },
  judge,
}

if (require.main === module) remake()
