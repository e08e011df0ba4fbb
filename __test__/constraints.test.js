'use strict'

// Name constraints, with names and constraints of every kind and many odd ones: what `verifyChain` reports about a chain, beside what
// the OpenSSL inside Node 18, 20, 22, 24 and 26 reports. The signatures are wrong, which is reported before and changes nothing.
//
//   TRUST_ANCHORS_FUZZ_CONSTRAINTS=100000 TRUST_ANCHORS_FUZZ_SEED=7 node --test __test__/constraints.test.js

const assert = require('node:assert/strict')
const { test } = require('node:test')

const { verifyChain } = require('..')
const der = require('./support/der')
const { judge } = require('./support/judge')
const { keyPair } = require('./support/keys')
const { generator } = require('./support/mutate')
const nodesModule = require('./support/nodes')
const { certificate, pemBlock } = require('./support/pki')

const SEED = process.env.TRUST_ANCHORS_FUZZ_SEED ?? '1'
const CASES = Number(process.env.TRUST_ANCHORS_FUZZ_CONSTRAINTS ?? 3000)
const CHUNK = 5000
const TIME = '2026-01-01T00:00:00Z'

const bytes = (text) => Buffer.from(text, 'latin1')
const utf8 = (text) => Buffer.from(text).toString('latin1')

const HOSTS = [
  'example.com', 'Example.COM', '.example.com', 'a.example.com', 'b.a.example.com', '*.example.com', 'com', '.com', '', 'xample.com', 'example.com.',
  '-a.example.com', 'a-.b', 'a_b.c', 'localhost', 'xn--bcher-kva.example', utf8('bücher.example'), utf8('BüCHER.example'), 'a.xn--bcher-kva.example',
  '.xn--bcher-kva.example', 'xn--.example', 'xn--a', 'xn--99999999999', 'XN--bcher-kva.example', 'a\0.example.com', 'example.com\0', 'a..b', 'xn---',
  'xn--a-b-', 'xn--abc-', 'xn--4ca', 'xn--zzzz9a', '@', 'a@b', '..example.com', '\xff.example.com', utf8('a.bücher.example'),
]
const LOCAL_PARTS = ['user', 'User', 'USER', '', 'us\0r', 'a@b', utf8('uüser'), '"a b"']
const SCHEMES = [
  'https://', 'http://', 'h://', 'urn:', 'a:b://', '://', 'x:/', '//', '1://', 'a+b.-1://', 'a b://', 'https://user:pw@', 'h://user@', 'h://[', 'h://u@[', 'h://::',
]
const ENDS = [
  '', '/', ':443', ':443/a', '/a:b', '?q', '#f', '/p?q=http://x', ':', ':99999', ':4294967297', ':18446744073709551617', ': 80', ':80x', ']', ']:80/', ']x', '/@x', '?@',
]

function host(random) {
  let text = random.pick(HOSTS)
  if (random.chance(0.05)) text = 'a'.repeat(1 + random.below(260)) + text
  if (random.chance(0.03)) text = `${text}.${random.pick(HOSTS)}`
  if (random.chance(0.06) && text !== '') {
    const at = random.below(text.length)
    text = text.slice(0, at) + random.pick([...'\0@.:/-_Aa*x9\x80']) + text.slice(at + 1)
  }
  if (random.chance(0.04)) text = `xn--${Array.from({ length: random.below(12) }, () => random.pick([...'abcxyz019-AZ'])).join('')}`
  if (random.chance(0.02)) text = random.pick(['', '.']) + 'a'.repeat(246 + random.below(12)) + random.pick(['', '.xn--4ca'])
  return text
}

const mailbox = (random) => (random.chance(0.15) ? host(random) : `${random.pick(LOCAL_PARTS)}@${host(random)}`)
const uri = (random) => (random.chance(0.1) ? host(random) : random.pick(SCHEMES) + host(random) + random.pick(ENDS))

function address(random, isBase) {
  const length = random.pick(isBase ? [8, 8, 8, 32, 32, 4, 0, 16, 7] : [4, 4, 4, 16, 16, 0, 5, 8])
  return Buffer.from(Array.from({ length }, (_, index) => random.pick(isBase && index >= length / 2 ? [255, 255, 0, 240] : [10, 10, 10, 11, 0])))
}

/** The value of an attribute: text of any type, now and then in segments, and a BIT STRING, which is no text. */
function attributeValue(random) {
  const text = random.pick([() => 'Example', () => 'example', () => ' EXAMPLE  Inc', mailbox, host, host, host])(random)
  const tag = random.pick([0x0c, 0x0c, 0x13, 0x16, 0x16, 0x1e, 0x14, 0x12, 0x1c, 0x03])
  const wide = (size) => Buffer.concat([...bytes(text)].map((octet) => Buffer.from([...Array(size - 1).fill(0), octet])))
  if (tag === 0x1e) return der.element(tag, wide(2))
  if (tag === 0x1c) return der.element(tag, wide(4))
  if (tag === 0x03) return der.bitString(bytes(text))
  const octets = tag === 0x0c ? Buffer.from(text, 'utf8') : bytes(text)
  if (random.chance(0.97)) return der.element(tag, octets)
  const half = octets.length >> 1
  return Buffer.concat([Buffer.from([tag | 0x20, 0x80]), der.octetString(octets.subarray(0, half)), der.octetString(octets.subarray(half)), Buffer.alloc(2)])
}

/** A Name as the list of its relative distinguished names. */
function distinguishedName(random) {
  return Array.from({ length: random.pick([0, 1, 1, 1, 2, 2, 3]) }, () => {
    const attributes = Array.from({ length: random.pick([0, 1, 1, 1, 1, 1, 1, 2, 3]) }, () => {
      const type = random.pick(['2.5.4.3', '2.5.4.3', '2.5.4.10', '2.5.4.6', '1.2.840.113549.1.9.1'])
      const isMailbox = type.startsWith('1.2') && random.chance(0.8)
      return der.sequence(der.objectIdentifier(type), isMailbox ? der.element(0x16, bytes(mailbox(random))) : attributeValue(random))
    })
    return der.set(...attributes)
  })
}

/** A GeneralName; as a base often one that fits the subject. */
function generalName(random, isBase, subject) {
  const directory = () => {
    if (!isBase || random.chance(0.3)) return distinguishedName(random)
    return subject.slice(random.chance(0.8) ? 0 : 1, random.chance(0.5) ? 1 : undefined)
  }
  const other = () => {
    const type = random.pick(['1.3.6.1.5.5.7.8.9', '1.3.6.1.5.5.7.8.9', '1.3.6.1.5.5.7.8.9', '1.2.3', '1.2.4'])
    const value = der.element(random.pick([0x0c, 0x0c, 0x0c, 0x0c, 0x16]), bytes(mailbox(random)))
    return der.explicit(0, der.objectIdentifier(type), der.explicit(0, value))
  }
  const dns = () => der.implicit(2, bytes(host(random)))
  const email = () => der.implicit(1, bytes(isBase && random.chance(0.5) ? host(random) : mailbox(random)))
  const locator = () => der.implicit(6, bytes(isBase ? host(random) : uri(random)))
  const network = () => der.implicit(7, address(random, isBase))
  return random.pick([
    dns, dns, dns, dns, email, email, locator, locator, network, network, () => der.explicit(4, der.sequence(...directory())), other, other,
    () => der.implicit(8, Buffer.from([0x2a, 3 + random.below(2)])),
    () => der.explicit(3, der.integer(1)),
    () => der.explicit(5, der.explicit(1, der.utf8String('party'))),
  ])()
}

function subtree(random, subject) {
  const parts = [generalName(random, true, subject)]
  if (random.chance(0.03)) parts.push(der.implicit(0, Buffer.from([random.pick([0, 1, 0x80])])))
  if (random.chance(0.02)) parts.push(der.implicit(1, Buffer.from([5])))
  return der.sequence(...parts)
}

/** A certificate whose signature fits nothing. */
function unsigned({ subject, issuer, key, serial, extensions }) {
  const algorithm = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'))
  const list = extensions.map(([type, value]) => der.sequence(der.objectIdentifier(type), der.octetString(value)))
  const tbs = der.sequence(
    der.explicit(0, der.integer(2)), der.integer(serial), algorithm, issuer, der.sequence(der.time('2020-01-01'), der.time('2045-01-01')), subject, key,
    ...(list.length > 0 ? [der.explicit(3, der.sequence(...list))] : []),
  )
  return der.sequence(tbs, algorithm, der.bitString(der.sequence(der.integer(1), der.integer(1))))
}

const AUTHORITY = der.sequence(der.set(der.sequence(der.objectIdentifier('2.5.4.3'), der.utf8String('Constrained Authority'))))

/** A leaf, and the authority with constraints that issued it. */
function randomChain(random, root) {
  const subject = distinguishedName(random)
  // Around OpenSSL's limit of 2^20 comparisons, and below TLS's limit of 102,400 octets for the message.
  const many = random.chance(0.001)
  const alternative = Array.from({ length: many ? 2400 : random.pick([0, 1, 1, 1, 2, 3]) }, () => generalName(random, false, subject))
  const constraints = [0, 1].filter(() => random.chance(0.6)).map((number) => {
    const count = many ? random.between(216, 222) : random.pick([0, 1, 1, 2, 3])
    return der.explicit(number, ...Array.from({ length: count }, () => subtree(random, subject)))
  })
  const key = keyPair('p256', 'constraints').spki
  const leaf = unsigned({
    subject: der.sequence(...subject), issuer: AUTHORITY, key, serial: 2,
    extensions: random.chance(0.7) ? [['2.5.29.17', der.sequence(...alternative)]] : [],
  })
  const authority = unsigned({
    subject: AUTHORITY, issuer: der.certificateParts(root.der).subject, key, serial: 1,
    extensions: [['2.5.29.19', der.sequence(der.boolean(true))], ['2.5.29.30', der.sequence(...constraints)]],
  })
  return [leaf, authority]
}

const skip = nodesModule.unsupported ?? false

test(`${CASES} chains under name constraints get the errors that each Node reports`, { skip }, async (context) => {
  const root = certificate({ subject: 'Constraints Root', keyType: 'p256', key: 'constraints', ca: true })
  const ca = [pemBlock(root.der)]
  const problems = []
  const seen = new Map()
  for (let start = 0; start < CASES && problems.length === 0; start += CHUNK) {
    const cases = Array.from({ length: Math.min(CHUNK, CASES - start) }, (_, index) => ({
      chain: randomChain(generator(`constraints ${SEED}`, start + index), root), ca, time: TIME,
    }))
    for (const { major, version } of nodesModule.nodes) {
      const verdicts = await judge(major, cases)
      for (const [index, { errors }] of verdicts.entries()) {
        const expected = errors.map(([number, depth]) => `${number}@${depth}`).join(' ')
        const verdict = verifyChain({ chain: cases[index].chain, ca, node: version, time: TIME })
        const actual = verdict.errors.map(({ openssl, depth }) => `${openssl}@${depth}`).join(' ')
        seen.set(expected, (seen.get(expected) ?? 0) + 1)
        if (actual !== expected) problems.push(`  seed ${SEED}, number ${start + index}, Node ${version}: Node ${expected}, predicted ${actual}`)
      }
    }
  }
  const counts = [...seen].sort(([, one], [, other]) => other - one).map(([errors, count]) => `${errors || 'none'}: ${count}`)
  context.diagnostic(`seed ${SEED}, ${CASES} chains on Node ${nodesModule.nodes.map(({ version }) => version).join(', ')}: ${counts.join('; ')}`)
  assert.equal(problems.length, 0, `\n${problems.slice(0, 20).join('\n')}\n`)
})
