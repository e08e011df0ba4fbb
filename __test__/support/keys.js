'use strict'

/**
 * Key pairs and signatures that come out the same in every run, so that a test file made from them can be made again
 * from its seed. Every key is derived from public text: nothing they sign means anything outside these tests.
 */

const crypto = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const der = require('./der')

/** Curves by the name the tests use: OpenSSL's name, object identifier, and the order of the base point. */
const CURVES = {
  p192: ['prime192v1', '1.2.840.10045.3.1.1', 'ffffffffffffffffffffffff99def836146bc9b1b4d22831'],
  p224: ['secp224r1', '1.3.132.0.33', 'ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d'],
  p256: [
    'prime256v1',
    '1.2.840.10045.3.1.7',
    'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  ],
  p384: [
    'secp384r1',
    '1.3.132.0.34',
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  ],
  p521: [
    'secp521r1',
    '1.3.132.0.35',
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  ],
  secp256k1: [
    'secp256k1',
    '1.3.132.0.10',
    'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
  ],
  brainpoolP256: [
    'brainpoolP256r1',
    '1.3.36.3.3.2.8.1.1.7',
    'a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7',
  ],
  brainpoolP384: [
    'brainpoolP384r1',
    '1.3.36.3.3.2.8.1.1.11',
    '8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565',
  ],
  prime239: [
    'prime239v1',
    '1.2.840.10045.3.1.4',
    '7fffffffffffffffffffffff7fffff9e5e9a9f5d9071fbd1522688909d0b',
  ],
}

/** Object identifiers of signature algorithms, by key family and digest. */
const SIGNATURE_ALGORITHMS = {
  rsa: {
    md5: '1.2.840.113549.1.1.4',
    sha1: '1.2.840.113549.1.1.5',
    sha224: '1.2.840.113549.1.1.14',
    sha256: '1.2.840.113549.1.1.11',
    sha384: '1.2.840.113549.1.1.12',
    sha512: '1.2.840.113549.1.1.13',
  },
  ec: {
    sha1: '1.2.840.10045.4.1',
    sha224: '1.2.840.10045.4.3.1',
    sha256: '1.2.840.10045.4.3.2',
    sha384: '1.2.840.10045.4.3.3',
    sha512: '1.2.840.10045.4.3.4',
  },
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
}

/** An endless stream of bytes that depends on `seed` alone. */
function byteStream(seed) {
  let counter = 0
  let pool = Buffer.alloc(0)
  return (length) => {
    while (pool.length < length) {
      pool = Buffer.concat([pool, crypto.createHash('sha512').update(`${seed}:${counter++}`).digest()])
    }
    const taken = pool.subarray(0, length)
    pool = pool.subarray(length)
    return Buffer.from(taken)
  }
}

const toBigInt = (bytes) => BigInt(`0x${bytes.toString('hex') || '0'}`)
const toBytes = (value, length) => Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')
const base64url = (value) => {
  const text = value.toString(16)
  return Buffer.from(text.length % 2 === 0 ? text : `0${text}`, 'hex').toString('base64url')
}

function modularInverse(value, modulus) {
  let [previous, current] = [modulus, ((value % modulus) + modulus) % modulus]
  let [previousFactor, factor] = [0n, 1n]
  while (current !== 0n) {
    const quotient = previous / current
    ;[previous, current] = [current, previous - quotient * current]
    ;[previousFactor, factor] = [factor, previousFactor - quotient * factor]
  }
  return ((previousFactor % modulus) + modulus) % modulus
}

const SMALL_PRIMES = []
for (let candidate = 3; SMALL_PRIMES.length < 300; candidate += 2) {
  if (SMALL_PRIMES.every((prime) => candidate % prime !== 0)) SMALL_PRIMES.push(candidate)
}

/** The first prime of `bits` bits, both top bits set, that the stream leads to and that fits exponent 65537. */
function primeFrom(take, bits) {
  const bytes = take(bits / 8)
  bytes[0] |= 0xc0
  bytes[bytes.length - 1] |= 1
  let candidate = toBigInt(bytes)
  const residues = SMALL_PRIMES.map((prime) => Number(candidate % BigInt(prime)))
  for (let step = 0; ; step += 2, candidate += 2n) {
    if (SMALL_PRIMES.some((prime, index) => (residues[index] + step) % prime === 0)) continue
    if (candidate % 65537n !== 1n && crypto.checkPrimeSync(candidate)) return candidate
  }
}

function rsaPrivateKey(seed, bits) {
  const take = byteStream(seed)
  let p = primeFrom(take, bits / 2)
  let q = primeFrom(take, bits / 2)
  if (p < q) [p, q] = [q, p]
  const e = 65537n
  const d = modularInverse(e, (p - 1n) * (q - 1n))
  const jwk = { kty: 'RSA', n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: modularInverse(q, p) }
  for (const [field, value] of Object.entries(jwk)) if (typeof value === 'bigint') jwk[field] = base64url(value)
  return crypto.createPrivateKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'pkcs8' })
}

function ecPrivateKey(seed, curve) {
  const [opensslName, identifier, orderHex] = CURVES[curve]
  const order = BigInt(`0x${orderHex}`)
  const size = orderHex.length / 2
  const scalar = toBytes((toBigInt(byteStream(seed)(size + 8)) % (order - 1n)) + 1n, size)
  const exchange = crypto.createECDH(opensslName)
  exchange.setPrivateKey(scalar)
  return der.sequence(
    der.integer(0),
    der.sequence(der.objectIdentifier('1.2.840.10045.2.1'), der.objectIdentifier(identifier)),
    der.octetString(
      der.sequence(der.integer(1), der.octetString(scalar), der.explicit(1, der.bitString(exchange.getPublicKey()))),
    ),
  )
}

function edwardsPrivateKey(seed, family) {
  const size = family === 'ed25519' ? 32 : 57
  return der.sequence(
    der.integer(0),
    der.sequence(der.objectIdentifier(SIGNATURE_ALGORITHMS[family])),
    der.octetString(der.octetString(byteStream(seed)(size))),
  )
}

/** Looking for RSA primes costs a tenth of a second a key, so what was found once is kept beside other temporary files. */
function cached(seed, make) {
  const folder = path.join(os.tmpdir(), `trust-anchors-test-keys-${os.userInfo().uid}`)
  const file = path.join(folder, `${crypto.createHash('sha256').update(seed).digest('hex')}.der`)
  try {
    return fs.readFileSync(file)
  } catch {
    const bytes = make()
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    fs.writeFileSync(`${file}.${process.pid}`, bytes)
    fs.renameSync(`${file}.${process.pid}`, file)
    return bytes
  }
}

const keys = new Map()

/**
 * The key pair named `name`; the same name and type always give the same key.
 *
 * @param {string} type `rsa-BITS`, one of `p192 p224 p256 p384 p521 secp256k1 brainpoolP256 brainpoolP384 prime239`, `ed25519` or `ed448`
 * @param {string} name any text
 * @returns {{ type: string, family: string, privateKey: crypto.KeyObject, publicKey: crypto.KeyObject, pem: string,
 *   spki: Buffer, sign(bytes: Buffer, digest: string): Buffer, signatureAlgorithm(digest: string): Buffer }}
 */
function keyPair(type, name) {
  const seed = `trust-anchors test key ${type} ${name}`
  if (keys.has(seed)) return keys.get(seed)
  let family = type
  let pkcs8
  if (type.startsWith('rsa-')) {
    family = 'rsa'
    pkcs8 = cached(seed, () => rsaPrivateKey(seed, Number(type.slice(4))))
  } else if (CURVES[type]) {
    family = 'ec'
    pkcs8 = ecPrivateKey(seed, type)
  } else if (type === 'ed25519' || type === 'ed448') {
    pkcs8 = edwardsPrivateKey(seed, type)
  } else {
    throw new TypeError(`unknown key type ${type}`)
  }
  const privateKey = crypto.createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const publicKey = crypto.createPublicKey(privateKey)
  const pair = {
    type,
    family,
    privateKey,
    publicKey,
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    spki: publicKey.export({ format: 'der', type: 'spki' }),
    sign(bytes, digest = 'sha256') {
      if (family === 'ec') return signEcdsa(pkcs8, type, bytes, digest)
      return crypto.sign(family === 'rsa' ? digest : null, bytes, privateKey)
    },
    signatureAlgorithm(digest = 'sha256') {
      const entry = SIGNATURE_ALGORITHMS[family]
      if (typeof entry === 'string') return der.sequence(der.objectIdentifier(entry))
      if (!entry[digest]) throw new TypeError(`no signature algorithm for ${family} with ${digest}`)
      const parameters = family === 'rsa' ? [der.nullValue()] : []
      return der.sequence(der.objectIdentifier(entry[digest]), ...parameters)
    },
  }
  keys.set(seed, pair)
  return pair
}

/** ECDSA with a nonce derived from key and message: Node's own signatures differ every time. */
function signEcdsa(pkcs8, curve, bytes, digest) {
  const [opensslName, , orderHex] = CURVES[curve]
  const order = BigInt(`0x${orderHex}`)
  const size = orderHex.length / 2
  const scalar = toBigInt(der.children(der.read(der.children(der.read(pkcs8).body)[2].body).body)[1].body)
  const hash = crypto.createHash(digest).update(bytes).digest()
  const orderBits = order.toString(2).length
  let message = toBigInt(hash)
  if (hash.length * 8 > orderBits) message >>= BigInt(hash.length * 8 - orderBits)
  const take = byteStream(`nonce ${pkcs8.toString('hex')} ${hash.toString('hex')}`)
  for (;;) {
    const nonce = (toBigInt(take(size + 8)) % (order - 1n)) + 1n
    const exchange = crypto.createECDH(opensslName)
    exchange.setPrivateKey(toBytes(nonce, size))
    const point = exchange.getPublicKey()
    const r = toBigInt(point.subarray(1, 1 + (point.length - 1) / 2)) % order
    const s = (modularInverse(nonce, order) * (message + r * scalar)) % order
    if (r !== 0n && s !== 0n) return der.sequence(der.integer(r), der.integer(s))
  }
}

/** The pair that was made before with this public key, or undefined. @param {Buffer} spki */
const keyPairOf = (spki) => [...keys.values()].find((pair) => pair.spki.equals(spki))

module.exports = { CURVES, byteStream, keyPair, keyPairOf, modularInverse, toBigInt, toBytes }
