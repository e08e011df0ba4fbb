'use strict'

/**
 * DER, as little of it as the tests need: building structures byte by byte, so that every fault can be built on
 * purpose, and walking over them, so that they can be damaged on purpose.
 */

/** Header octets for a definite length, in the shortest form. */
function lengthOctets(length) {
  if (length < 0x80) return Buffer.from([length])
  const octets = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return Buffer.from([0x80 | octets.length, ...octets])
}

/** One element: a tag octet, then the contents (buffers are concatenated). */
function element(tag, ...contents) {
  const body = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOctets(body.length), body])
}

const sequence = (...contents) => element(0x30, ...contents)
const set = (...contents) => element(0x31, ...contents)
const octetString = (...contents) => element(0x04, ...contents)
const bitString = (bytes, unusedBits = 0) => element(0x03, Buffer.from([unusedBits]), bytes)
const boolean = (value) => element(0x01, Buffer.from([value ? 0xff : 0]))
const nullValue = () => element(0x05)
const utf8String = (text) => element(0x0c, Buffer.from(text, 'utf8'))
const printableString = (text) => element(0x13, Buffer.from(text, 'latin1'))
const ia5String = (text) => element(0x16, Buffer.from(text, 'latin1'))
/** `[number]`, holding other elements. */
const explicit = (number, ...contents) => element(0xa0 | number, ...contents)
/** `[number] IMPLICIT` of a primitive type. */
const implicit = (number, ...contents) => element(0x80 | number, ...contents)

/** INTEGER from a number, a BigInt, or a buffer that already is its two's complement contents. */
function integer(value) {
  if (Buffer.isBuffer(value)) return element(0x02, value)
  let rest = BigInt(value)
  const octets = []
  do {
    octets.unshift(Number(BigInt.asUintN(8, rest)))
    rest >>= 8n
  } while (rest !== 0n && rest !== -1n)
  if (rest === 0n && octets[0] >= 0x80) octets.unshift(0)
  if (rest === -1n && octets[0] < 0x80) octets.unshift(0xff)
  return element(0x02, Buffer.from(octets))
}

/** OBJECT IDENTIFIER from its dotted text. */
function objectIdentifier(dotted) {
  const [first, second, ...others] = dotted.split('.').map(Number)
  const octets = []
  for (const arc of [first * 40 + second, ...others]) {
    const group = [arc % 128]
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) group.unshift(0x80 | (rest % 128))
    octets.push(...group)
  }
  return element(0x06, Buffer.from(octets))
}

/** UTCTime up to 2049 and GeneralizedTime after, as RFC 5280 section 4.1.2.5 asks; a Buffer is taken as it is. */
function time(value) {
  if (Buffer.isBuffer(value)) return value
  const digits = new Date(value).toISOString().replace(/[-:T]|\.\d+/g, '')
  return Number(digits.slice(0, 4)) < 2050 ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits))
}

/**
 * Reads one element at `offset`.
 * @returns {{ tag: number, start: number, bodyStart: number, end: number, raw: Buffer, body: Buffer }}
 * @throws {RangeError} when the bytes there are no element with a definite length inside the buffer
 */
function read(bytes, offset = 0) {
  const tag = bytes[offset]
  let length = bytes[offset + 1]
  let bodyStart = offset + 2
  if (tag === undefined || length === undefined || (tag & 0x1f) === 0x1f || length === 0x80) {
    throw new RangeError(`no DER element at offset ${offset}`)
  }
  if (length > 0x80) {
    const count = length & 0x7f
    length = 0
    for (let index = 0; index < count; index++) length = length * 256 + bytes[bodyStart++]
  }
  const end = bodyStart + length
  if (!(end <= bytes.length)) throw new RangeError(`the DER element at offset ${offset} is longer than its buffer`)
  return { tag, start: offset, bodyStart, end, raw: bytes.subarray(offset, end), body: bytes.subarray(bodyStart, end) }
}

/** The elements inside a constructed element's contents. */
function children(body) {
  const found = []
  for (let offset = 0; offset < body.length; ) {
    const child = read(body, offset)
    found.push(child)
    offset = child.end
  }
  return found
}

/** The parts of a certificate that a test needs to name it; throws RangeError when the bytes hold no such shape. */
function certificateParts(der) {
  const outer = read(der)
  const tbs = children(read(outer.body).body)
  const base = tbs[0].tag === 0xa0 ? 1 : 0
  const [serial, signature, issuer, validity, subject, publicKey] = tbs.slice(base)
  const keyAlgorithm = read(read(publicKey.body).body)
  return {
    der: outer.raw,
    serial: serial.raw,
    signatureAlgorithm: signature.raw,
    issuer: issuer.raw,
    validity: validity.raw,
    subject: subject.raw,
    publicKey: publicKey.raw,
    keyAlgorithm: keyAlgorithm.raw.toString('hex'),
  }
}

module.exports = {
  bitString,
  boolean,
  certificateParts,
  children,
  element,
  explicit,
  ia5String,
  implicit,
  integer,
  lengthOctets,
  nullValue,
  objectIdentifier,
  octetString,
  printableString,
  read,
  sequence,
  set,
  time,
  utf8String,
}
