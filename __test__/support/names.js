'use strict'

/**
 * Host names and certificates, each pair decided by a seed and a number alone.
 *
 *   const { hostAndCertificate, oddHost } = require('./support/names')
 *   const { hostname, certificate } = hostAndCertificate(seed, number)    // certificate: DER, signed by nobody
 *   const hostname = oddHost(seed, number)                                // for `url.domainToASCII`
 *
 * The host is most often one of the certificate's names, or close to one, so that matches and near misses both occur.
 */

const { isUtf8 } = require('node:buffer')
const punycode = require('node:punycode')

const der = require('./der')
const { generator } = require('./mutate')
const { certificate: signed } = require('./pki')

const WORDS = ['example', 'www', 'mail', 'a', 'b', 'api', 'test', 'co', 'x1', '1', 'xn', 'localhost', 'very-long-label-'.repeat(4)]
const TOPS = ['com', 'test', 'uk', 'local', 'c', '1a', 'xn--p1ai', 'de']
const U_LABELS = [
  'münchen', 'faß', 'FASS', 'bücher', 'Ülm', '例え', 'пример', 'مثال', 'דוגמה', 'ελληνικός', 'βόλος', 'ıstanbul', 'İstanbul', 'ẞtraße', '💩', 'ｅｘａｍｐｌｅ',
  '①②', 'ﬁle', 'Ω', 'K', 'क्‍ष', 'نامه‌ای', 'a\u00adb', 'e\u0301', '가\u11a8', 'q\u0307\u0323', '한국', 'ไทย', '１２７', '\u2488', 'é_é', '≠', '<\u0338', 'א1', '1א', 'aא',
]
const A_LABELS = [
  'xn--mnchen-3ya', 'XN--MNCHEN-3YA', 'xn--Mnchen-3ya', 'xn--fa-hia', 'xn--zca', 'xn--', 'xn--a', 'xn--a-', 'xn--abc-', 'xn--99999999', 'xn--4db', 'xn--a-0hc', 'xn--ls8h',
  'xn--e-zcb', 'xn--ab-j1t', 'xn--11b6iy14e', 'xn---9ca', 'xn--9ca-',
]
const ADDRESSES = [
  '127.0.0.1', '10.0.0.1', '0.0.0.0', '255.255.255.255', '192.0.2.1', '::', '::1', 'fe80::1', '2001:db8::1', '2001:db8:0:0:1:0:0:1', '1:0:0:2:0:0:0:3', '::ffff:127.0.0.1',
  '::127.0.0.1', '::ffff:0:0', '1:2:3:4:5:6:7:8', '0:0:1::', '::2', '::1:0', '64:ff9b::1.2.3.4', '1::',
]
const HOST_TAILS = ['/x', '\\x', '?x', '#x', ':80', ' ', '%00', '%2e', '\t', '\n', '\0', '@x', '。', '．', '｡', '%41', '%', '%zz', '%ff', '\u200d', '\ufeff', '<', ']', '[', '|', '"', "'", ',', '*']
const ODD = [...'\0\n\r\t "\'\\,;:/*+=#<>@.\x7f\x80\xa0\xe9\xff'].map((character) => character.charCodeAt(0))
const UTF8_ODD = ['é', '証', '💩', '\u2028', 'ÿ'].map((text) => Buffer.from(text))

const SMTP_UTF8 = '1.3.6.1.5.5.7.8.9'
const OTHER_NAMES = [SMTP_UTF8, '1.3.6.1.5.5.7.8.5', '1.3.6.1.5.5.7.8.7', '1.3.6.1.4.1.311.20.2.3', '1.3.6.1.5.5.7.8.8', '1.2.3.4']
const ATTRIBUTES = [
  '2.5.4.3', '2.5.4.3', '2.5.4.6', '2.5.4.7', '2.5.4.8', '2.5.4.10', '2.5.4.11', '2.5.4.5', '2.5.4.97', '2.5.4.45', '0.9.2342.19200300.100.1.25', '0.9.2342.19200300.100.1.1',
  '1.2.840.113549.1.9.1', '1.3.6.1.5.5.7.1.4', '2.16.840.1.101.3.4.3.17', '1.3.6.1.4.1.311.60.2.1.3', '1.2.3.4', '2.999.1', '2.5.4.3.1', `1.2.${'4294967295.'.repeat(20)}1`,
]
const IDENTIFIERS = ['1.2.3', '2.5.29.17', '0.9.2342', '2.999', '2.100.3', '1.3.6.1.4.1.311.20.2.3', '1.2.18446744073709551616.5', `2.1${'.123456789'.repeat(30)}`, `2.16.${'7.'.repeat(120)}7`]

/** Ranges of characters that differ in what becomes of them, and all. */
const SCRIPTS = [
  [0x20, 0x7e], [0x80, 0x24f], [0x300, 0x36f], [0x370, 0x52f], [0x590, 0x5ff], [0x600, 0x6ff], [0x700, 0x8ff], [0x900, 0x97f], [0x980, 0xd7f], [0xe00, 0xfff], [0x1000, 0x109f],
  [0x1100, 0x11ff], [0x1200, 0x1dff], [0x1e00, 0x1fff], [0x2000, 0x206f], [0x2070, 0x2bff], [0x2c00, 0x2fff], [0x3000, 0x33ff], [0xa000, 0xabff], [0xac00, 0xac7f], [0xf900, 0xfaff],
  [0xfb00, 0xfdff], [0xfe00, 0xffff], [0x10000, 0x10fff], [0x11000, 0x11fff], [0x16a00, 0x16fff], [0x1d100, 0x1d7ff], [0x1e000, 0x1efff], [0x1f000, 0x1faff], [0xe0000, 0xe01ff],
  [0x0, 0x10ffff],
]
/** The characters of the rules for joiners and for right-to-left labels, and of compositions. */
const RULED = [...'\u200c\u200d\u094d\u0915\u0644\u0627\u0628\u064b\u05d0\u05b0\u0660\u06f01a-_\u0301\u0323\u0307\u1100\u1161\u11a8\uac00\uac01\u1e9b\u212b\u0958\u3002\u00ad\ufe0f\u0338<=>\u{105d2}\u{16d63}\u{16d67}\u0897']

function characterOf(random) {
  if (random.chance(0.4)) return random.pick(RULED)
  const number = random.between(...random.pick(SCRIPTS))
  return number >= 0xd800 && number <= 0xdfff ? 'x' : String.fromCodePoint(number)
}

const charactersOf = (random, count) => Array.from({ length: count }, () => characterOf(random)).join('')

const times = (random, low, high, make) => Array.from({ length: random.between(low, high) }, make)

function label(random) {
  const kind = random.below(20)
  if (kind < 12) return random.pick(WORDS)
  if (kind < 14) return random.pick(U_LABELS)
  if (kind < 16) return random.pick(A_LABELS)
  if (kind < 17) return `xn--${punycode.encode(charactersOf(random, random.between(1, 4)))}`
  if (kind < 18) return charactersOf(random, random.between(1, 4))
  return ''
}

function name(random) {
  const labels = times(random, 1, 3, () => label(random))
  if (random.chance(0.9)) labels.push(random.pick(TOPS))
  return labels.join('.')
}

/** The same address in another spelling, or one that only looks like it. */
function respellAddress(random, address) {
  if (!address.includes(':')) {
    const octets = address.split('.').map(Number)
    const number = octets.reduce((all, octet) => all * 256 + octet, 0)
    return random.pick([
      address, octets.map((octet) => `0${octet.toString(8)}`).join('.'), octets.map((octet) => `0x${octet.toString(16)}`).join('.'), String(number), `0x${number.toString(16)}`,
      `::ffff:${address}`, `${address}.`, `${address}..`, `0${address}`, ` ${address}`, octets.slice(0, 3).join('.'), `${octets[0]}.${octets[3]}`, `[::ffff:${address}]`,
      address.replaceAll('.', '。'), address.replace('1', '１'), `${address}.0`,
    ])
  }
  return random.pick([
    address, address.toUpperCase(), `[${address}]`, `${address}%eth0`, `${address}%25eth0`, `${address}%`, `${address}%a_b`, `${address}.`, address.replace('::', ':0:'),
    address.replace('::', ':0:0:'), address.replace('::', '::0'), address.replace(/\b1\b/, '0001'), address.replace(/\b1\b/, '00001'), `${address}:`, `::${address}`, `${address}/64`,
  ])
}

function randomCase(random, text) {
  return [...text].map((character) => (random.chance(0.5) ? character.toUpperCase() : character.toLowerCase())).join('')
}

/** A wildcard of any shape over a name. */
function wildcard(random, text) {
  const [first, ...others] = text.split('.')
  const middle = random.below(first.length + 1)
  const rest = others.map((other) => `.${other}`).join('')
  return random.pick([
    `*${rest}`, `*.${text}`, `*.*${rest}`, `${first.slice(0, middle)}*${first.slice(middle)}${rest}`, `${first.slice(0, 1)}*${rest}`, `*${first.slice(1)}${rest}`, `**${rest}`,
    `*a*${rest}`, `${first}.*${rest}`, '*', '*.', '.*', `*${rest}.`, `xn--*${rest}`, `*xn--${rest}`, `${text}.*`, `*.${others.slice(-1)}`,
  ])
}

/** Octets with something put in where it does harm. */
function spoil(random, octets) {
  const at = random.below(octets.length + 1)
  const put = random.pick([
    Buffer.from([random.pick(ODD)]), random.pick(UTF8_ODD), Buffer.from(', DNS:evil.test'), Buffer.from('", DNS:evil.test, "'), Buffer.from('\\u002c DNS:evil.test'), Buffer.from('\\'),
  ])
  return Buffer.concat([octets.subarray(0, at), put, octets.subarray(at)])
}

/** A pattern that a certificate may carry for a name. */
function pattern(random, text) {
  const kind = random.below(20)
  if (kind < 7) return Buffer.from(text, random.chance(0.8) ? 'latin1' : 'utf8')
  if (kind < 12) return Buffer.from(wildcard(random, text), 'latin1')
  if (kind < 13) return Buffer.from(randomCase(random, text), 'latin1')
  if (kind < 14) return Buffer.from(`${text}.`, 'latin1')
  if (kind < 15) return Buffer.from(text.replace(/\.[^.]*$/, ''), 'latin1')
  if (kind < 16) return Buffer.alloc(0)
  if (kind < 17) return Buffer.from(text.split('.').map((part) => (/[^\0-\x7f]/.test(part) ? `xn--${punycode.encode(part.normalize('NFKC').toLowerCase())}` : part)).join('.'), 'latin1')
  return spoil(random, Buffer.from(text, 'latin1'))
}

const wide = (text) => Buffer.from(text, 'utf16le').swap16()
const universal = (text) => Buffer.concat([...text].map((character) => {
  const unit = Buffer.alloc(4)
  unit.writeUInt32BE(character.codePointAt(0))
  return unit
}))

/** A value of a distinguished name, in any type of string that OpenSSL takes there, and some that are none. */
function attributeValue(random, octets) {
  const text = octets.toString('latin1')
  const kind = random.below(24)
  // Octets that are no UTF-8 make a certificate that nobody decodes.
  const utf8 = isUtf8(octets) || random.chance(0.02) ? octets : Buffer.from(text, 'utf8')
  if (kind < 10) return der.element(0x0c, utf8)
  if (kind < 13) return der.element(0x13, octets)
  if (kind < 15) return der.element(0x14, octets)
  if (kind < 17) return der.element(0x16, octets)
  if (kind < 19) return der.element(0x1e, wide(random.chance(0.02) ? `${text}\ud83d` : text))
  if (kind < 21) return random.chance(0.02) ? der.element(0x1c, universal(text), Buffer.from([0, 0x11, 0, 0])) : der.element(0x1c, universal(text))
  if (kind < 22) return der.element(0x12, octets)
  return random.pick([der.element(0x0c, utf8), der.element(0x0c, utf8), der.element(0x0c, utf8), der.bitString(octets), der.sequence(der.element(0x0c, octets)), der.element(0x1d, octets)])
}

function distinguishedName(random, commonNames) {
  const attribute = (type, octets) => der.sequence(der.objectIdentifier(type), attributeValue(random, octets))
  const attributes = commonNames.map((octets) => attribute('2.5.4.3', octets))
  for (let more = random.below(3); more > 0; more--) {
    const octets = Buffer.from(random.pick([' padded ', '#1', '#', ' ', 'Org, Inc.', 'a+b', 'q"uote', 'back\\slash', '<x>;', 'caf\xe9', '', 'plain', 'nul\0', 'a=b', "it's"]), 'latin1')
    attributes.splice(random.below(attributes.length + 1), 0, attribute(random.pick(ATTRIBUTES), octets))
  }
  if (attributes.length > 1 && random.chance(0.1)) return der.sequence(der.set(...attributes))
  return der.sequence(...attributes.map((one) => der.set(one)))
}

function addressOctets(address) {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number))
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const text = dotted ? `${dotted[1]}${(dotted[2] * 256 + +dotted[3]).toString(16)}:${(dotted[4] * 256 + +dotted[5]).toString(16)}` : address
  const [head, tail] = text.split('::').map((part) => (part === '' ? [] : part.split(':')))
  const groups = tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail]
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

/** One name of subjectAltName. */
function generalName(random, text) {
  const kind = random.below(40)
  if (kind < 22) return der.implicit(2, pattern(random, text))
  if (kind < 29) {
    const octets = addressOctets(random.pick(ADDRESSES))
    return der.implicit(7, random.chance(0.1) ? Buffer.concat([octets, Buffer.from([1])]).subarray(random.below(3)) : octets)
  }
  if (kind < 31) return der.implicit(1, pattern(random, `a@${text}`))
  if (kind < 33) return der.implicit(6, pattern(random, `https://${text}/`))
  if (kind < 35) return der.explicit(4, distinguishedName(random, [pattern(random, text)]))
  if (kind < 36) return der.implicit(8, der.read(der.objectIdentifier(random.pick(IDENTIFIERS))).body)
  if (kind < 39) {
    const octets = pattern(random, text)
    const value = random.pick([der.element(0x0c, octets), der.element(0x0c, octets), der.element(0x16, octets), der.element(0x13, octets), der.sequence(), der.nullValue()])
    return der.explicit(0, der.objectIdentifier(random.pick(OTHER_NAMES)), der.explicit(0, value))
  }
  return random.pick([der.explicit(3, der.sequence()), der.explicit(5, der.explicit(1, der.utf8String('party'))), der.element(0xa2, der.ia5String(text.slice(0, 1)), der.element(0x16, Buffer.from(text.slice(1), 'latin1')))])
}

let parts

/** A certificate with these elements for its subject and subjectAltName (null for none), and a signature that fits nothing. */
function unsigned(subject, alternativeNames) {
  parts ??= der.certificateParts(signed({ subject: 'names' }).der)
  const extensions = alternativeNames.map((value) => der.sequence(der.objectIdentifier('2.5.29.17'), der.octetString(value)))
  return der.sequence(
    der.sequence(
      der.explicit(0, der.integer(2)), der.integer(1), parts.signatureAlgorithm, parts.issuer, parts.validity, subject, parts.publicKey,
      ...(extensions.length > 0 ? [der.explicit(3, der.sequence(...extensions))] : []),
    ),
    parts.signatureAlgorithm,
    der.bitString(Buffer.from([0])),
  )
}

function hostFor(random, base) {
  const kind = random.below(30)
  if (kind < 9) return base
  if (kind < 13) return `${random.pick(WORDS)}.${base}`
  if (kind < 15) return base.replace(/^[^.]*/, () => label(random))
  if (kind < 16) return base.replace(/^[^.]*\./, '')
  if (kind < 17) return randomCase(random, base)
  if (kind < 19) return base + random.pick(['.', '..', '。'])
  if (kind < 20) return base + random.pick(HOST_TAILS)
  if (kind < 21) return base.replace('.', random.pick(HOST_TAILS))
  if (kind < 22) return random.pick(['evil.test', '', '.', '..', '[::1]', '*', `*.${base}`, `.${base}`, 'localhost'])
  if (kind < 23) return name(random)
  if (kind < 25) return random.pick(ADDRESSES)
  return respellAddress(random, random.pick(ADDRESSES))
}

/**
 * @param {string} seed
 * @param {number} number
 * @returns {{ hostname: string, certificate: Buffer }}
 */
function hostAndCertificate(seed, number) {
  const random = generator(`names ${seed}`, number)
  const base = name(random)
  const commonNames = random.chance(0.15) ? [] : times(random, 1, random.chance(0.7) ? 1 : 3, () => (random.chance(0.1) ? Buffer.from(random.pick(ADDRESSES)) : pattern(random, base)))
  const subject = distinguishedName(random, commonNames)
  const names = () => {
    const value = der.sequence(...times(random, random.chance(0.05) ? 0 : 1, random.chance(0.5) ? 1 : 5, () => generalName(random, random.chance(0.8) ? base : name(random))))
    return random.chance(0.02) ? value.subarray(0, value.length - 1) : random.chance(0.02) ? Buffer.concat([value, Buffer.from([0])]) : value
  }
  const alternativeNames = random.chance(0.3) ? [] : random.chance(0.02) ? [names(), names()] : [names()]
  return { hostname: hostFor(random, base), certificate: unsigned(subject, alternativeNames) }
}

/**
 * A host for `url.domainToASCII`.
 * @param {string} seed
 * @param {number} number
 */
function oddHost(seed, number) {
  const random = generator(`hosts ${seed}`, number)
  const kind = random.below(10)
  if (kind < 5) return charactersOf(random, random.between(1, 8))
  if (kind < 6) return `é.xn--${punycode.encode(charactersOf(random, random.between(1, 5)))}`
  if (kind < 7) return `xn--${punycode.encode(charactersOf(random, random.between(1, 5)))}`
  if (kind < 8) return respellAddress(random, random.pick(ADDRESSES))
  if (kind < 9) return encodeURIComponent(charactersOf(random, random.between(1, 4)))
  return hostFor(random, name(random))
}

module.exports = { hostAndCertificate, oddHost, unsigned }
