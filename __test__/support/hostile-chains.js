'use strict'

/**
 * Chains and stores that somebody made to keep a verification busy. Each is `{ chain, ca, hostname? }` as `verifyChain` takes them, by a name that says
 * what is wrong with it.
 */

const fs = require('node:fs')
const path = require('node:path')

const der = require('./der')
const { keyPair } = require('./keys')
const { certificate, pemBlock } = require('./pki')

const RSA = '1.2.840.113549.1.1.1'
const ELLIPTIC = '1.2.840.10045.2.1'
const BRAINPOOL_P512R1 = '1.3.36.3.3.2.8.1.1.13'

/** A number that no key has, but that OpenSSL takes for a modulus: odd, and as long as asked for. */
function modulus(bits, seed) {
  const octets = Buffer.alloc(bits / 8, seed)
  octets[0] |= 0x80
  octets[octets.length - 1] |= 1
  return Buffer.concat([Buffer.from([0]), octets])
}

/** An RSA key whose every use is as slow as OpenSSL allows. */
function slowKey(bits, seed) {
  const exponent = bits > 3072 ? Buffer.concat([Buffer.from([0]), Buffer.alloc(8, 0xff)]) : Buffer.alloc(bits / 8, 0x11)
  const key = der.sequence(der.element(0x02, modulus(bits, seed)), der.element(0x02, exponent))
  return der.sequence(der.sequence(der.objectIdentifier(RSA), der.element(0x05, Buffer.alloc(0))), der.element(0x03, Buffer.concat([Buffer.from([0]), key])))
}

/** A compressed point: whether it is on the curve takes a square root. */
function compressedKey(seed) {
  const point = Buffer.concat([Buffer.from([0, 2]), Buffer.alloc(64, seed)])
  return der.sequence(der.sequence(der.objectIdentifier(ELLIPTIC), der.objectIdentifier(BRAINPOOL_P512R1)), der.element(0x03, point))
}

/** A line of authorities, each with this key and signed by the one before it as far as anybody can see. */
function line(count, options, leafOptions = {}) {
  const authorities = []
  for (let number = 0; number < count; number += 1) {
    const issuer = authorities.at(-1)
    const own = { subject: `Slow CA ${number}`, ca: true, ...options(number) }
    authorities.push(issuer ? issuer.issue(own) : certificate(own))
  }
  const leaf = authorities.at(-1).issue({ subject: 'leaf', altNames: ['DNS:localhost'], ...leafOptions })
  return { leaf, authorities }
}

/** subjectAltName with very many names. */
function nameExtension(count, name) {
  const all = Array.from({ length: count }, (_, number) => der.element(0x82, Buffer.from(name(number))))
  return [{ oid: '2.5.29.17', value: der.sequence(Buffer.concat(all)) }]
}

const pems = (certificates) => certificates.map(({ pem }) => pem)
const names = (count, name) => Array.from({ length: count }, (_, number) => `DNS:${name(number)}`)

/** @returns {Record<string, { chain: (string | Buffer)[], ca: string[], hostname?: string }>} */
function hostileChains() {
  const root = certificate({ subject: 'Root', ca: true })
  const leaf = root.issue({ subject: 'leaf', altNames: ['DNS:localhost'] })

  const one = certificate({ subject: 'Loop One', ca: true })
  const two = certificate({ subject: 'Loop Two', ca: true })
  const loop = [one.crossSignedBy(two), two.crossSignedBy(one)]
  const looping = loop[0].issue({ subject: 'leaf', altNames: ['DNS:localhost'] })

  const twinOptions = { subject: 'Twin', ca: true, subjectKeyIdentifier: false, authorityKeyIdentifier: false }
  const parent = certificate({ ...twinOptions, subject: 'Twin Parent' })
  const twins = Array.from({ length: 3000 }, (_, number) => parent.issue({ ...twinOptions, keyName: 'twin', serial: number + 1 }))
  const ofTwins = twins[0].issue({ subject: 'Twin', ca: true, keyName: 'twin leaf', authorityKeyIdentifier: false, serial: 1 })

  const slow = (bits) => line(40, (number) => ({
    publicKey: slowKey(bits, number + 1), keyType: 'rsa-2048', keyName: 'slow', signature: Buffer.alloc(bits / 8, 1),
  }), { keyType: 'rsa-2048', keyName: 'slow', signature: Buffer.alloc(bits / 8, 1) })
  const [huge, odd] = [slow(16384), slow(3072)]

  const curves = Array.from({ length: 240 }, (_, number) => root.issue({
    subject: 'Curve CA', ca: true, publicKey: compressedKey(number + 1), serial: number + 1, notAfter: '2021-01-01', subjectKeyIdentifier: false,
  }))
  const ofCurves = certificate({ subject: 'Curve CA', ca: true }).issue({ subject: 'leaf', authorityKeyIdentifier: false })

  const constraints = { permitted: names(1000, (number) => `n${number}.example`) }
  const constrained = line(60, () => ({ nameConstraints: constraints, altNames: names(1000, (number) => `n${number}.example`) }), {
    altNames: names(1000, (number) => `n${number}.example`),
  })
  const wide = line(2, () => ({ extensions: nameExtension(100_000, (number) => `n${number}.example`), nameConstraints: { permitted: ['DNS:example'] } }))

  const many = root.issue({ subject: 'leaf', extensions: nameExtension(4500, (number) => `n${number}.example.com`) })

  return {
    'ten thousand certificates': { chain: Array.from({ length: 10_000 }, (_, number) => (number === 0 ? leaf.pem : root.pem)), ca: [root.pem] },
    'one text of ten thousand certificates': { chain: [leaf.pem + root.pem.repeat(10_000)], ca: [root.pem] },
    'a chain of as many certificates as a message holds': {
      chain: [leaf.der, ...Array.from({ length: 240 }, (_, number) => root.issue({ subject: 'Root', ca: true, serial: number + 1, keyName: 'x' }).der)], ca: [one.pem],
    },
    'a store that goes round in a circle': { chain: [looping.der], ca: pems(loop) },
    'three thousand certificates of one name': { chain: [ofTwins.der], ca: pems(twins) },
    'forty authorities with keys of 16384 bits': { chain: [huge.leaf.der], ca: pems(huge.authorities) },
    'forty authorities with exponents of 3072 bits': { chain: [odd.leaf.der], ca: pems(odd.authorities) },
    'points that take a square root each': { chain: [ofCurves.der, ...curves.map((one) => one.der)], ca: [root.pem] },
    'sixty times a thousand names and a thousand constraints': { chain: [constrained.leaf.der], ca: pems(constrained.authorities) },
    'a hundred thousand names in the store': { chain: [wide.leaf.der], ca: pems(wide.authorities) },
    'thousands of names in the leaf': { chain: [many.der], ca: [root.pem], hostname: 'absent.example.com' },
    'eight megabytes of nothing in the store': { chain: [leaf.der], ca: ['x\n'.repeat(4_000_000), root.pem] },
    'a store of broken blocks': { chain: [leaf.der], ca: [pemBlock(Buffer.alloc(40, 0x30)).repeat(50_000), root.pem] },
  }
}

/**
 * Writes each as a file of its own.
 *
 * @param {string} folder
 * @returns {Record<string, string>} the files, by name
 */
function writeHostileChains(folder) {
  return Object.fromEntries(Object.entries(hostileChains()).map(([name, { chain, ca, hostname }], index) => {
    const file = path.join(folder, `${index}.json`)
    const sent = chain.map((piece) => (typeof piece === 'string' ? piece : { der: piece.toString('base64') }))
    fs.writeFileSync(file, JSON.stringify({ chain: sent, ca, hostname }))
    return [name, file]
  }))
}

/** A program that judges such a file and prints what came of it, the milliseconds and the memory beyond what it had. */
const boundsScript = (file) => `
  const { verifyChain } = require(${JSON.stringify(path.join(__dirname, '..', '..'))})
  const { chain, ca, hostname } = JSON.parse(require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8'))
  const sent = chain.map((piece) => (typeof piece === 'string' ? piece : Buffer.from(piece.der, 'base64')))
  const time = '2026-01-01T00:00:00Z'
  verifyChain({ chain: Buffer.from('x'), ca: [], time, node: '24' })
  const before = process.resourceUsage().maxRSS
  const begin = process.hrtime.bigint()
  const { ok, code, undetermined, path } = verifyChain({ chain: sent, ca, hostname, time, node: '24' })
  const milliseconds = Number(process.hrtime.bigint() - begin) / 1e6
  const mebibytes = (process.resourceUsage().maxRSS - before) / 1024
  console.log(JSON.stringify({ ok, code, undetermined, path: path.length, milliseconds, mebibytes }))
`

module.exports = { boundsScript, hostileChains, writeHostileChains }
