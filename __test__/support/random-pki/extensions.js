'use strict'

/** Extensions of every kind that verification looks at, whole and broken, and the names inside them. */

const der = require('../der')
const { EXTENDED_KEY_USAGES, extension, generalName, keyUsageBits } = require('../pki')
const { encodeName, plainName } = require('./names')

/** Object identifiers by the name the fuzzer uses for an extension. */
const EXTENSIONS = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  issuingDistributionPoint: '2.5.29.28',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInformationAccess: '1.3.6.1.5.5.7.1.1',
  addressBlocks: '1.3.6.1.5.5.7.1.7',
  autonomousSystems: '1.3.6.1.5.5.7.1.8',
  proxyCertInfo: '1.3.6.1.5.5.7.1.14',
  tlsFeature: '1.3.6.1.5.5.7.1.24',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  netscapeCertType: '2.16.840.1.113730.1.1',
  netscapeComment: '2.16.840.1.113730.1.13',
  signedTimestamps: '1.3.6.1.4.1.11129.2.4.2',
  poison: '1.3.6.1.4.1.11129.2.4.3',
  unknown: '1.3.6.1.4.1.32473.1.7',
}

const USAGES = {
  ...EXTENDED_KEY_USAGES,
  microsoftSgc: '1.3.6.1.4.1.311.10.3.3',
  netscapeSgc: '2.16.840.1.113730.4.1',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  dvcs: '1.3.6.1.5.5.7.3.10',
  ipsecEndSystem: '1.3.6.1.5.5.7.3.5',
  unknown: '1.3.6.1.4.1.32473.2.1',
}

function basicConstraints(ca, pathLength) {
  return der.sequence(
    ...(ca === undefined ? [] : ca ? [der.boolean(true)] : []),
    ...(pathLength === undefined ? [] : [der.integer(pathLength)]),
  )
}

const extendedKeyUsage = (usages) => der.sequence(...usages.map((usage) => der.objectIdentifier(USAGES[usage] ?? usage)))

/**
 * @param {{ permitted?: Buffer[], excluded?: Buffer[] }} subtrees GeneralSubtree elements
 */
function nameConstraints({ permitted, excluded }) {
  return der.sequence(
    ...(permitted ? [der.explicit(0, ...permitted)] : []),
    ...(excluded ? [der.explicit(1, ...excluded)] : []),
  )
}

const utf8Name = (text) => der.explicit(0, der.objectIdentifier('1.3.6.1.5.5.7.8.9'), der.explicit(0, der.utf8String(text)))
const principalName = (text) => der.explicit(0, der.objectIdentifier('1.3.6.1.4.1.311.20.2.3'), der.explicit(0, der.utf8String(text)))

const DNS_CONSTRAINTS = ['', '.', 'com', 'example.com', '.example.com', 'example.com', 'EXAMPLE.Com', 'www.example.com', 'xample.com', '*.example.com', 'example.com.', 'example.org', '.org', 'example', 'exam\0ple.com', 'ex\xe4mple.com', 'localhost']
const DNS_NAMES = ['example.com', 'www.example.com', 'WWW.Example.COM', 'a.www.example.com', '*.example.com', 'w*.example.com', '*.com', '*', 'example.org', 'www.example.org', 'example.com.', '.example.com', 'www.example.com\0.example.org', '', ' ', 'www example.com', 'w\xfcw.example.com', '192.0.2.7', 'localhost', 'xn--bcher-kva.example', 'a'.repeat(64) + '.example.com', 'www..example.com', 'DNS:www.example.com, DNS:example.org']
const IP_CONSTRAINTS = ['192.0.2.0/255.255.255.0', '0.0.0.0/0.0.0.0', '192.0.2.7/255.255.255.255', '10.0.0.0/255.0.0.0', '192.0.2.7/255.0.255.0', '192.0.2.9/255.255.255.0', '2001:db8::/ffff:ffff::', '::/::', '2001:db8::7/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']
const IP_NAMES = ['192.0.2.7', '192.0.3.7', '10.1.2.3', '2001:db8::7', '2001:db9::7', '::1', '127.0.0.1', '::ffff:192.0.2.7'.replace('192.0.2.7', 'c000:207')]
const EMAIL_CONSTRAINTS = ['', 'example.com', '.example.com', 'user@example.com', 'USER@example.com', 'user@EXAMPLE.com', 'example.org', '@example.com', 'user@', '.com', 'us\0er@example.com', '@']
const EMAIL_NAMES = ['user@example.com', 'USER@example.com', 'user@Example.COM', 'user@mail.example.com', 'other@example.org', 'user', '@example.com', 'user@', 'us@er@example.com', '"us@er"@example.com', 'us\0er@example.com', '', 'us\xe9r@example.com']
const URI_CONSTRAINTS = ['', '.', 'example.com', '.example.com', 'www.example.com', 'WWW.EXAMPLE.COM', 'com', 'example.org', '192.0.2.7', 'https://example.com', '*.example.com']
const URI_NAMES = ['https://www.example.com/', 'https://www.example.com:8443/path', 'https://user@www.example.com/', 'HTTPS://WWW.EXAMPLE.COM', 'https://example.com', 'https://192.0.2.7/', 'https://[2001:db8::7]/', 'urn:example:com', 'https:///path', 'https:/x', 'https://', '//www.example.com', 'www.example.com', 'ldap://example.org', '', 'https://www.example.com?x', 'https://www.example.com#x', 'https://www.exa\0mple.com/', 'https://@www.example.com/', 'https://:80/']

const DIRECTORY_NAMES = [
  plainName({}),
  plainName({ O: 'Example' }),
  plainName({ O: 'EXAMPLE' }),
  plainName({ O: 'Example', OU: 'Unit' }),
  plainName({ O: 'Other' }),
  plainName({ C: 'DE' }),
  plainName({ CN: 'www.example.com' }),
  plainName({ O: 'Example', CN: 'www.example.com' }),
]

/** A constraint in place of a name: `{ kind, value }`, the value a GeneralName element. */
function randomConstraintBase(random, kinds) {
  const kind = random.pick(kinds ?? ['dns', 'dns', 'dns', 'ip', 'ip', 'email', 'uri', 'directory', 'directory', 'other', 'registered', 'x400', 'edi', 'badIp', 'utf8'])
  switch (kind) {
    case 'dns': return generalName(`DNS:${random.pick(DNS_CONSTRAINTS)}`)
    case 'ip': return generalName(`IP:${random.pick(IP_CONSTRAINTS)}`)
    case 'badIp': return der.implicit(7, Buffer.alloc(random.pick([0, 4, 5, 7, 9, 16, 31, 33]), random.pick([0, 192, 255])))
    case 'email': return generalName(`email:${random.pick(EMAIL_CONSTRAINTS)}`)
    case 'uri': return generalName(`URI:${random.pick(URI_CONSTRAINTS)}`)
    case 'directory': return der.explicit(4, encodeName(random.pick(DIRECTORY_NAMES)))
    case 'utf8': return utf8Name(random.pick(EMAIL_CONSTRAINTS))
    default: return randomOddName(random, kind)
  }
}

function randomOddName(random, kind) {
  switch (kind) {
    case 'other': return principalName(random.pick(['user@example.com', 'someone']))
    case 'registered': return der.implicit(8, Buffer.from([0x2a, 3, random.pick([4, 5])]))
    case 'x400': return der.explicit(3, der.sequence())
    default: return der.explicit(5, der.explicit(1, der.utf8String('party')))
  }
}

function randomSubtree(random, kinds) {
  const base = randomConstraintBase(random, kinds)
  const limits = []
  if (random.chance(0.06)) limits.push(der.implicit(0, Buffer.from([random.pick([0, 0, 1])])))
  if (random.chance(0.06)) limits.push(der.implicit(1, Buffer.from([random.pick([0, 1, 5])])))
  return der.sequence(base, ...limits)
}

/** @returns {Buffer} the value of a nameConstraints extension */
function randomNameConstraints(random) {
  const kinds = random.chance(0.5) ? [random.pick(['dns', 'ip', 'email', 'uri', 'directory', 'utf8'])] : undefined
  const subtrees = () => Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => randomSubtree(random, kinds))
  const shape = random.below(20)
  if (shape === 0) return nameConstraints({})
  if (shape === 1) return nameConstraints({ permitted: [] })
  if (shape === 2) return nameConstraints({ excluded: [] })
  if (shape < 11) return nameConstraints({ permitted: subtrees() })
  if (shape < 16) return nameConstraints({ excluded: subtrees() })
  return nameConstraints({ permitted: subtrees(), excluded: subtrees() })
}

/** One name of a subjectAltName, of any kind. */
function randomGeneralName(random) {
  const kind = random.pick(['dns', 'dns', 'dns', 'ip', 'email', 'uri', 'directory', 'other', 'registered', 'x400', 'edi', 'badIp', 'utf8', 'raw'])
  switch (kind) {
    case 'dns': return generalName(`DNS:${random.pick(DNS_NAMES)}`)
    case 'ip': return generalName(`IP:${random.pick(IP_NAMES)}`)
    case 'badIp': return der.implicit(7, Buffer.alloc(random.pick([0, 3, 5, 8, 15, 17]), 192))
    case 'email': return generalName(`email:${random.pick(EMAIL_NAMES)}`)
    case 'uri': return generalName(`URI:${random.pick(URI_NAMES)}`)
    case 'directory': return der.explicit(4, encodeName(random.pick(DIRECTORY_NAMES)))
    case 'utf8': return utf8Name(random.pick(['us\u00e9r@example.com', 'us\u00e9r@example.org', 'user@example.com', 'b\u00fcro', '']))
    case 'raw': return random.pick([der.element(0x89, Buffer.from('x')), der.element(0xa2, der.ia5String('www.example.com')), der.ia5String('www.example.com'), der.element(0x82), der.element(0xa6, Buffer.from('x'))])
    default: return randomOddName(random, kind)
  }
}

/** Address blocks and autonomous system numbers of RFC 3779. */
function addressBlocks(families) {
  return der.sequence(
    ...families.map(({ family, prefixes, inherit }) =>
      der.sequence(
        der.octetString(Buffer.from(family)),
        inherit ? der.nullValue() : der.sequence(...prefixes.map(([unused, ...octets]) => der.bitString(Buffer.from(octets), unused))),
      ),
    ),
  )
}

function randomAddressBlocks(random) {
  const choice = random.below(9)
  if (choice === 0) return addressBlocks([{ family: [0, 1], inherit: true }])
  if (choice === 1) return addressBlocks([{ family: [0, 1], prefixes: [[0, 10]] }])
  if (choice === 2) return addressBlocks([{ family: [0, 1], prefixes: [[0, 10, 1], [0, 10, 3]] }])
  if (choice === 3) return addressBlocks([{ family: [0, 1], prefixes: [[0, 10, 3], [0, 10, 1]] }])
  if (choice === 4) return addressBlocks([{ family: [0, 2], prefixes: [[0, 0x20, 1]] }, { family: [0, 1], prefixes: [[0, 10]] }])
  if (choice === 5) return addressBlocks([{ family: [0, 1], prefixes: [[0, 10]] }, { family: [0, 2], inherit: true }])
  if (choice === 6) return addressBlocks([{ family: [0, 1, 1], prefixes: [[0, 10]] }])
  if (choice === 7) return der.sequence(der.sequence(der.octetString(Buffer.from([0, 1])), der.sequence(der.sequence(der.bitString(Buffer.from([10, 0])), der.bitString(Buffer.from([10, random.pick([0, 7])]))))))
  return addressBlocks([])
}

function randomAutonomousSystems(random) {
  const range = (low, high) => der.sequence(der.integer(low), der.integer(high))
  return random.pick([
    () => der.sequence(der.explicit(0, der.nullValue())),
    () => der.sequence(der.explicit(0, der.sequence(der.integer(7)))),
    () => der.sequence(der.explicit(0, der.sequence(range(1, 100)))),
    () => der.sequence(der.explicit(0, der.sequence(range(100, 1)))),
    () => der.sequence(der.explicit(0, der.sequence(der.integer(9), der.integer(5)))),
    () => der.sequence(der.explicit(0, der.sequence(range(1, 10), der.integer(11)))),
    () => der.sequence(der.explicit(0, der.sequence(der.integer(7))), der.explicit(1, der.nullValue())),
    () => der.sequence(),
  ])()
}

const policy = (oid, ...qualifiers) => der.sequence(der.objectIdentifier(oid), ...qualifiers)

/** A well-formed value, or nearly so, for the extensions that few certificates carry. */
const RARE_VALUES = {
  issuerAltName: (random) => der.sequence(randomGeneralName(random)),
  crlDistributionPoints: (random) => {
    const uri = generalName('URI:http://crl.example.com/x.crl')
    const full = der.explicit(0, der.explicit(0, uri))
    return random.pick([
      () => der.sequence(der.sequence(full)),
      () => der.sequence(der.sequence(full, der.implicit(1, Buffer.from([1, 0x80])))),
      () => der.sequence(der.sequence(full, der.implicit(1, Buffer.alloc(0)))),
      () => der.sequence(der.sequence(der.explicit(0, der.explicit(1, der.sequence(der.objectIdentifier('2.5.4.3'), der.utf8String('x')))))),
      () => der.sequence(der.sequence(der.explicit(2, uri))),
      () => der.sequence(der.sequence(der.explicit(0, der.explicit(1)), der.explicit(2, der.explicit(4, encodeName(plainName({ O: 'x' })))))),
      () => der.sequence(der.sequence()),
      () => der.sequence(),
    ])()
  },
  freshestCrl: (random) => RARE_VALUES.crlDistributionPoints(random),
  issuingDistributionPoint: (random) => random.pick([der.sequence(), der.sequence(der.implicit(1, Buffer.from([0xff]))), der.nullValue()]),
  certificatePolicies: (random) => random.pick([
    der.sequence(policy('2.23.140.1.2.1')),
    der.sequence(policy('2.5.29.32.0')),
    der.sequence(policy('1.2.3.4'), policy('1.2.3.4')),
    der.sequence(policy('1.2.3.4', der.sequence(der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.2.1'), der.ia5String('x'))))),
    der.sequence(),
  ]),
  policyMappings: (random) => random.pick([der.sequence(der.sequence(der.objectIdentifier('1.2.3'), der.objectIdentifier('1.2.4'))), der.sequence(der.sequence(der.objectIdentifier('2.5.29.32.0'), der.objectIdentifier('1.2.4'))), der.sequence()]),
  policyConstraints: (random) => random.pick([der.sequence(der.implicit(0, Buffer.from([0]))), der.sequence(der.implicit(1, Buffer.from([0]))), der.sequence(der.implicit(0, Buffer.from([0xff]))), der.sequence()]),
  inhibitAnyPolicy: (random) => random.pick([der.integer(0), der.integer(3), der.integer(-1)]),
  authorityInformationAccess: (random) => random.pick([der.sequence(der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.48.2'), generalName('URI:http://ca.example.com/'))), der.sequence()]),
  addressBlocks: randomAddressBlocks,
  autonomousSystems: randomAutonomousSystems,
  proxyCertInfo: (random) => {
    const rule = random.pick(['1.3.6.1.5.5.7.21.1', '1.3.6.1.5.5.7.21.2', '1.3.6.1.5.5.7.21.0', '1.2.3'])
    const limit = random.chance(0.5) ? [der.integer(random.pick([0, 1, -1]))] : []
    return der.sequence(...limit, der.sequence(der.objectIdentifier(rule), ...(random.chance(0.2) ? [der.octetString(Buffer.from('x'))] : [])))
  },
  tlsFeature: (random) => random.pick([der.sequence(der.integer(5)), der.sequence()]),
  ocspNoCheck: () => der.nullValue(),
  netscapeCertType: (random) => der.bitString(Buffer.from([random.pick([0x80, 0x40, 0xc0, 0x20, 0x04, 0x07, 0x01, 0xff, 0x00, 0x44])]), 0),
  netscapeComment: () => der.ia5String('a comment'),
  signedTimestamps: () => der.octetString(der.octetString(Buffer.alloc(4))),
  poison: () => der.nullValue(),
  unknown: (random) => random.pick([der.nullValue(), Buffer.alloc(0), Buffer.from('not DER')]),
}

/** What stands in an extension that cannot be decoded, or that decodes to nothing. */
function garbage(random) {
  return random.pick([
    Buffer.alloc(0),
    Buffer.from([0x30]),
    Buffer.from([0x30, 0x05, 0x01]),
    Buffer.from('garbage'),
    der.nullValue(),
    der.sequence(),
    der.sequence(der.nullValue()),
    der.octetString(Buffer.from([1, 2, 3])),
    der.octetString(),
    der.bitString(Buffer.alloc(0)),
    Buffer.from([0x03, 0x01, 0x08]),
    Buffer.from([0x03, 0x00]),
    der.bitString(Buffer.from([0xff]), 7),
    der.integer(5),
    der.boolean(true),
    Buffer.from([0x30, 0x80, 0x00, 0x00]),
    Buffer.from([0x30, 0x81, 0x00]),
  ])
}

module.exports = {
  DIRECTORY_NAMES,
  EXTENSIONS,
  RARE_VALUES,
  USAGES,
  basicConstraints,
  extendedKeyUsage,
  extension,
  garbage,
  generalName,
  keyUsageBits,
  nameConstraints,
  randomGeneralName,
  randomNameConstraints,
}
