'use strict'

/**
 * Keys and signatures for very many certificates: a pool of keys a type, and every way to sign with them that a
 * certificate can name. What the keys of ../keys.js do well (being the same in every run), these do fast.
 */

const crypto = require('node:crypto')

const der = require('../der')
const { CURVES, byteStream, keyPair, modularInverse, toBigInt, toBytes } = require('../keys')

/** Domain parameters, made once by `openssl dsaparam`; the keys in them come from the seed. */
const DSA_DOMAINS = {
  'dsa-1024': [
    'b64cebbbe0ce7a7c5e5fc78930755aaf31190fb5f3901639f727b47970b40389f62e46a90cf743b24e8208fdc197d6033fe9aab8128c0413fa176c9a5eac19f8094ba6da99bc2e0d7a5f3adeb5208a648eb03015c39c16def1b650f984b00566fe9fcf5d1a0164df673c6cb6e3f195acfe7d4040ee1c74558da287e1f19e3397',
    'a23c3c36638bff717851674ed9ea1c6f1020d5ae37a71c4f955a309f',
    '7e1eb569baa56fff2c712a70d5e1d60038a52761f42074386773741b66f1c180926d19489ed629f398a748af2c977971fb4dfce5b8da08dbc675fa815f0cbeade67c0d25c2c61c0310b483303cd8965938c7f59d1b7349bb9be6e8ec96532d0284bfdad4c90a191df886117b317d6c6d8297ba0277b31976545c72b57f07072b',
  ],
  'dsa-2048': [
    '858d3b61a6e8967a46cb899f8946cda7dea0eb5651a6142c28cb3cec393e64598f63cccc7aae9bcf2f15b296c43b1c0118e783b30ac742d675ffe889a86504dfd6b59695020d45fe3fcbbbef9642420385a92c082a210063b3181d1b9c4663c6f151370d0909f8d479690a26c2cdb22e3b8f8a2ff3f6c9598e776fbd315aaf6892de93e0a0562c59630072831aa1f8e470055bd1b7b154fb004cbbc648f7973c6492349b13a80d96d39e34b4dc343dba844e6292b4ab7dca4ed4f49b160a515c109567c5abda3fb4ca283a4c4f8a2a0d9fbf651ecda4df079c17f2edd15e791b52d80c6d342019b4e6e11594054eb7574bab0902c633dbd41399ea8631aec4b7',
    'd1366af5a37d3d3a7892895a4ea5e3dcfde8d8498819972dea73d97899f49cef',
    '53767297b84eeb9052b7d192d3e4a18dee79c6d62944cab3dd940eda682ece3c2cef2da208780b757d22238779efbe373aac1fc0c98350ac73806c7a1ae953f7f8920d32bc5632ac49ff75c4999720885215ef59f7511d1024743bd44827ffe0bb83d658512dbb48685671eaccdb28f3104def7fd7c65b7e566c80aaeb48e71f215ca0029ec17e4e6ef4135435f663013f449bcab664857afe6c5ade54e53cd2ca20cc285f3e08cb8582ad0509fc5832e7ca23d76afd828825db050cf94f1421df4284fea6274bfedcfe9ca4f373bcfa9449e19f136cb8a211ee4277eb3a4fd659f947ee209d0d1aca2b3d59eb27aae81c0f7614c9a2e4db67e971fe9a58e9c0',
  ],
}

const ML_DSA = {
  'ml-dsa-44': '2.16.840.1.101.3.4.3.17',
  'ml-dsa-65': '2.16.840.1.101.3.4.3.18',
  'ml-dsa-87': '2.16.840.1.101.3.4.3.19',
}

const RSA_DIGESTS = {
  md5: '1.2.840.113549.1.1.4',
  sha1: '1.2.840.113549.1.1.5',
  sha224: '1.2.840.113549.1.1.14',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
  'sha512-224': '1.2.840.113549.1.1.15',
  'sha512-256': '1.2.840.113549.1.1.16',
  'sha3-256': '2.16.840.1.101.3.4.3.14',
  ripemd160: '1.3.36.3.3.1.2',
}

const EC_DIGESTS = {
  sha1: '1.2.840.10045.4.1',
  sha224: '1.2.840.10045.4.3.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
  'sha3-256': '2.16.840.1.101.3.4.3.10',
}

const DSA_DIGESTS = {
  sha1: '1.2.840.10040.4.3',
  sha224: '2.16.840.1.101.3.4.3.1',
  sha256: '2.16.840.1.101.3.4.3.2',
  sha384: '2.16.840.1.101.3.4.3.3',
}

/** Digests alone, as RSASSA-PSS parameters name them. */
const DIGEST_IDENTIFIERS = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
}

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'
const RSASSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'

/** Nonces a key signs with. They repeat, which gives its private key away: it is public text anyway. */
const NONCES = 4

const pool = new Map()

/**
 * @typedef {object} SigningKey
 * @property {string} type
 * @property {string} family `rsa`, `ec`, `dsa`, `ed25519`, `ed448` or `ml-dsa`
 * @property {Buffer} spki
 * @property {string[]} digests those it can sign with; the first is the usual one
 * @property {(bytes: Buffer, digest?: string) => Buffer} sign
 * @property {(digest?: string) => Buffer} algorithm the AlgorithmIdentifier
 */

/**
 * @param {string} type what ../keys.js knows, `dsa-1024`, `dsa-2048`, or `ml-dsa-44 65 87` where this Node can
 * @param {string | number} name
 * @returns {SigningKey}
 */
function signingKey(type, name) {
  const label = `${type} ${name}`
  if (!pool.has(label)) pool.set(label, makeKey(type, `fuzz ${name}`))
  return pool.get(label)
}

function makeKey(type, name) {
  if (DSA_DOMAINS[type]) return dsaKey(type, name)
  if (ML_DSA[type]) return mlDsaKey(type, name)
  const pair = keyPair(type, name)
  if (pair.family === 'rsa') return rsaKey(pair)
  if (pair.family === 'ec') return ecKey(pair)
  const { family, spki, privateKey } = pair
  const algorithm = pair.signatureAlgorithm()
  return { type, family, spki, digests: ['none'], sign: (bytes) => crypto.sign(null, bytes, privateKey), algorithm: () => algorithm }
}

const identifiers = (table, parameters) => {
  const made = new Map()
  return (digest) => {
    if (!made.has(digest)) made.set(digest, der.sequence(der.objectIdentifier(table[digest]), ...parameters))
    return made.get(digest)
  }
}

const rsaIdentifier = identifiers(RSA_DIGESTS, [der.nullValue()])
const ecIdentifier = identifiers(EC_DIGESTS, [])
const dsaIdentifier = identifiers(DSA_DIGESTS, [])

function rsaKey({ type, family, spki, privateKey }) {
  return {
    type,
    family,
    spki,
    privateKey,
    digests: Object.keys(RSA_DIGESTS).sort((one, other) => Number(other === 'sha256') - Number(one === 'sha256')),
    sign(bytes, digest = 'sha256') {
      return orBytes(spki, () => crypto.sign(digest === 'md5' ? 'RSA-MD5' : digest, bytes, privateKey))
    },
    algorithm: (digest = 'sha256') => rsaIdentifier(digest),
  }
}

/** A key that is too short for a digest signs nothing: a signature of the right length stands for it. */
function orBytes(spki, sign) {
  try {
    return sign()
  } catch (error) {
    if (!/too (small|big)|too large|key.*size|unsupported/i.test(String(error.message))) throw error
    const { body } = der.read(der.children(der.read(spki).body)[1].body, 1)
    return crypto.createHash('sha512').update(spki).digest().subarray(0, Math.min(64, der.children(body)[0].body.length - 1))
  }
}

/** MGF1 of RFC 8017, appendix B.2.1. */
function mask(seed, length, digest) {
  const blocks = []
  for (let counter = 0, made = 0; made < length; counter++) {
    const octets = Buffer.alloc(4)
    octets.writeUInt32BE(counter)
    blocks.push(crypto.createHash(digest).update(seed).update(octets).digest())
    made += blocks[counter].length
  }
  return Buffer.concat(blocks).subarray(0, length)
}

/**
 * RSASSA-PSS (RFC 8017, section 9.1.1) with chosen parameters. Node's own takes a new salt every time, and no mask digest.
 * @param {SigningKey & { privateKey: crypto.KeyObject }} key
 * @param {Buffer} bytes
 * @param {{ digest?: string, maskDigest?: string, saltLength?: number }} parameters
 */
function signPss({ spki, privateKey }, bytes, { digest = 'sha256', maskDigest = digest, saltLength = 32 }) {
  const modulusBits = privateKey.asymmetricKeyDetails.modulusLength
  const length = Math.ceil((modulusBits - 1) / 8)
  const message = crypto.createHash(digest).update(bytes).digest()
  const room = length - message.length - saltLength - 2
  if (room < 0) return crypto.createHash('sha512').update(spki).digest().subarray(0, Math.floor(modulusBits / 8) - 1)
  const salt = mask(message, saltLength, digest)
  const hash = crypto.createHash(digest).update(Buffer.alloc(8)).update(message).update(salt).digest()
  const data = Buffer.concat([Buffer.alloc(room), Buffer.from([1]), salt])
  const pad = mask(hash, data.length, maskDigest)
  for (const [index, octet] of pad.entries()) data[index] ^= octet
  data[0] &= 0xff >> (8 * length - (modulusBits - 1))
  const encoded = Buffer.concat([Buffer.alloc(Math.ceil(modulusBits / 8) - length), data, hash, Buffer.from([0xbc])])
  return crypto.privateDecrypt({ key: privateKey, padding: crypto.constants.RSA_NO_PADDING }, encoded)
}

/**
 * The AlgorithmIdentifier of RSASSA-PSS. A parameter that is not given is not encoded.
 * @param {{ digest?: string, mask?: string, saltLength?: number, trailer?: number }} [parameters] undefined: none at all
 */
function pssIdentifier(parameters) {
  if (!parameters) return der.sequence(der.objectIdentifier(RSASSA_PSS))
  const digestIdentifier = (digest) => der.sequence(der.objectIdentifier(DIGEST_IDENTIFIERS[digest]), der.nullValue())
  const { digest, mask, saltLength, trailer } = parameters
  const parts = []
  if (digest) parts.push(der.explicit(0, digestIdentifier(digest)))
  if (mask) parts.push(der.explicit(1, der.sequence(der.objectIdentifier(MGF1), digestIdentifier(mask))))
  if (saltLength !== undefined) parts.push(der.explicit(2, der.integer(saltLength)))
  if (trailer !== undefined) parts.push(der.explicit(3, der.integer(trailer)))
  return der.sequence(der.objectIdentifier(RSASSA_PSS), der.sequence(...parts))
}

/** The same RSA key under the identifier of RSASSA-PSS, with or without parameters that bind it. */
function pssPublicKey(spki, parameters) {
  return der.sequence(pssIdentifier(parameters), der.children(der.read(spki).body)[1].raw)
}

/** The integers of a DSA or ECDSA signature: `s = (message + r·x) / k`, with `r` and `1/k` found once a nonce. */
function discreteLogarithmSigner({ order, secret, pairs }) {
  const orderBits = order.toString(2).length
  return (bytes, digest) => {
    const hash = crypto.createHash(digest).update(bytes).digest()
    let message = toBigInt(hash)
    if (hash.length * 8 > orderBits) message >>= BigInt(hash.length * 8 - orderBits)
    for (let attempt = 0; attempt < NONCES; attempt++) {
      const [r, inverse] = pairs[(hash[0] + attempt) % NONCES]
      const s = (inverse * (message + r * secret)) % order
      if (s !== 0n) return der.sequence(der.integer(r), der.integer(s))
    }
    throw new Error('no nonce gives a signature')
  }
}

function ecKey({ type, family, spki, privateKey }) {
  const [opensslName, , orderHex] = CURVES[type]
  const order = BigInt(`0x${orderHex}`)
  const size = orderHex.length / 2
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
  const secret = toBigInt(der.children(der.read(der.children(der.read(pkcs8).body)[2].body).body)[1].body)
  const take = byteStream(`nonces ${pkcs8.toString('hex')}`)
  const pairs = Array.from({ length: NONCES }, () => {
    const nonce = (toBigInt(take(size + 8)) % (order - 1n)) + 1n
    const exchange = crypto.createECDH(opensslName)
    exchange.setPrivateKey(toBytes(nonce, size))
    const point = exchange.getPublicKey()
    return [toBigInt(point.subarray(1, 1 + (point.length - 1) / 2)) % order, modularInverse(nonce, order)]
  })
  const sign = discreteLogarithmSigner({ order, secret, pairs })
  return {
    type,
    family,
    spki,
    digests: ['sha256', ...Object.keys(EC_DIGESTS).filter((digest) => digest !== 'sha256')],
    sign: (bytes, digest = 'sha256') => sign(bytes, digest),
    algorithm: (digest = 'sha256') => ecIdentifier(digest),
  }
}

function power(base, exponent, modulus) {
  let result = 1n
  for (let rest = exponent, factor = base % modulus; rest > 0n; rest >>= 1n, factor = (factor * factor) % modulus) {
    if (rest & 1n) result = (result * factor) % modulus
  }
  return result
}

function dsaKey(type, name) {
  const [p, order, g] = DSA_DOMAINS[type].map((hex) => BigInt(`0x${hex}`))
  const take = byteStream(`${type} ${name}`)
  const scalar = () => (toBigInt(take(40)) % (order - 1n)) + 1n
  const secret = scalar()
  const pairs = Array.from({ length: NONCES }, () => {
    const nonce = scalar()
    return [power(g, nonce, p) % order, modularInverse(nonce, order)]
  })
  const domain = der.sequence(der.integer(p), der.integer(order), der.integer(g))
  const algorithm = der.sequence(der.objectIdentifier('1.2.840.10040.4.1'), domain)
  const sign = discreteLogarithmSigner({ order, secret, pairs })
  return {
    type,
    family: 'dsa',
    spki: der.sequence(algorithm, der.bitString(der.integer(power(g, secret, p)))),
    digests: ['sha256', 'sha1', 'sha224', 'sha384'],
    sign: (bytes, digest = 'sha256') => sign(bytes, digest),
    algorithm: (digest = 'sha256') => dsaIdentifier(digest),
  }
}

function mlDsaKey(type, name) {
  const pkcs8 = der.sequence(
    der.integer(0),
    der.sequence(der.objectIdentifier(ML_DSA[type])),
    der.octetString(der.implicit(0, byteStream(`${type} ${name}`)(32))),
  )
  const privateKey = crypto.createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const algorithm = der.sequence(der.objectIdentifier(ML_DSA[type]))
  return {
    type,
    family: 'ml-dsa',
    spki: crypto.createPublicKey(privateKey).export({ format: 'der', type: 'spki' }),
    digests: ['none'],
    sign: (bytes) => crypto.sign(null, bytes, privateKey),
    algorithm: () => algorithm,
  }
}

let mlDsa

/** Whether this Node signs with ML-DSA (24 and later do). */
function signsMlDsa() {
  if (mlDsa === undefined) {
    try {
      signingKey('ml-dsa-44', 'probe')
      mlDsa = true
    } catch {
      mlDsa = false
    }
  }
  return mlDsa
}

module.exports = {
  DIGEST_IDENTIFIERS,
  DSA_DIGESTS,
  EC_DIGESTS,
  ML_DSA,
  RSASSA_PSS,
  RSA_DIGESTS,
  RSA_ENCRYPTION,
  pssIdentifier,
  pssPublicKey,
  signPss,
  signingKey,
  signsMlDsa,
}
