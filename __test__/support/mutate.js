'use strict'

/**
 * Damaged CA files, each decided by a seed and a number alone.
 *
 *   const { mutatedFile } = require('./support/mutate')
 *   const bytes = mutatedFile(seed, number)
 *
 * A file starts as a few blocks, or as one of the named files, and goes through one to six changes of its text, of its
 * lines, of its armor, or of the DER inside a block.
 */

const der = require('./der')
const { certificate, pemBlock, revocationList, signingRequest, standardPki } = require('./pki')
const { namedFiles } = require('../ca-files')

/** Files above this size would make the run slow and teach nothing that smaller ones do not. */
const MAXIMUM_SIZE = 60_000

/** A small generator of random numbers (sfc32), the same on every machine. */
function generator(seed, number) {
  const mix = (text) => {
    let hash = 0x811c9dc5
    for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193)
    return hash >>> 0
  }
  let [a, b, c, counter] = [mix(`${seed}`), mix(`${number}`), mix(`${seed}/${number}`), 1]
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 0x1_0000_0000
  }
  for (let round = 0; round < 12; round++) next()
  return {
    /** A whole number below `limit`. */
    below: (limit) => Math.floor(next() * limit),
    /** A whole number from `low` to `high`, both included. */
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)],
  }
}

const WIDTHS = [1, 3, 4, 16, 60, 63, 64, 64, 64, 65, 76, 127, 128, 253, 254, 255, 256, 508, 512, Infinity]
const BYTES = [...'\0\n\r\t -=:!A/+\v\f\x1a\x7f\x80\xa0\xc2\xef\xff"\'\\>'].map((character) => character.charCodeAt(0))
const LABELS = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE', 'PRIVATE KEY', 'PKCS7', 'CERTIFICATE ', 'certificate', 'FOO', '']
const HEADERS = ['Comment: x', 'Proc-Type: 4,ENCRYPTED', 'Proc-Type: 4,MIC-CLEAR', 'Proc-Type: 5,ENCRYPTED', 'Proc-Type:4 ,ENCRYPTED', 'DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF', 'DEK-Info: DES-CBC,0011223344556677', 'DEK-Info: NOPE,00', ':', 'no colon here', 'AAAA:']
const BLANKS = ['', ' ', '\t', '  ', '\r', '\xa0', '\f', '\x80']
const ARMOR = /^-----(BEGIN|END) /

let materials

/**
 * Certificates with what real ones seldom have: every type of string in a name, several attributes in one relative name,
 * unique identifiers, odd keys and algorithms. Their signatures fit nothing, and nobody checks them on loading.
 */
function rareCertificates({ root, rsaRoot }) {
  const oid = der.objectIdentifier
  const attribute = (value, type = '2.5.4.3') => der.sequence(oid(type), value)
  const text = (tag, bytes) => der.element(tag, Buffer.from(bytes))
  const wide = (value) => Buffer.from(value, 'utf16le').swap16()
  const universal = (value) => Buffer.concat([...value].map((character) => Buffer.from([0, 0, character.charCodeAt(0) >> 8, character.charCodeAt(0) & 255])))
  const strings = [
    text(0x0c, 'Zürich  Ä 証明書'), text(0x13, ' two  blanks '), text(0x14, 'caf\xe9'), text(0x16, 'ia5@example.test'),
    text(0x1a, 'visible'), text(0x12, '0123 4'), text(0x1e, wide('BMP é 証')), text(0x1c, universal('Universal é')),
    text(0x19, 'graphic'), text(0x1b, 'general'), der.bitString(Buffer.from([1, 2, 3])), der.octetString(Buffer.from('octets')),
    text(0x0c, ''), der.integer(5), der.sequence(text(0x0c, 'nested')), text(0x17, '200101000000Z'), der.boolean(true),
  ]
  const named = (values) => der.sequence(...values.map((value) => der.set(attribute(value))))
  const several = der.sequence(der.set(attribute(strings[1]), attribute(strings[0], '2.5.4.10'), attribute(strings[6], '2.5.4.11')), der.set(attribute(strings[3], '1.2.840.113549.1.9.1')))
  const curve = der.sequence(
    der.integer(1),
    der.sequence(oid('1.2.840.10045.1.1'), der.integer(0x0102030405060708090a0b0c0d0e0f10n)),
    der.sequence(der.octetString(Buffer.alloc(16, 1)), der.octetString(Buffer.alloc(16, 2)), der.bitString(Buffer.alloc(8, 3))),
    der.octetString(Buffer.alloc(33, 2)),
    der.integer(0x7fff),
    der.integer(1),
  )
  const key = (algorithm, bits, ...parameters) => der.sequence(der.sequence(oid(algorithm), ...parameters), der.bitString(bits))
  const keys = [
    key('1.2.840.10045.2.1', Buffer.alloc(33, 2), curve),
    key('1.2.840.10045.2.1', Buffer.alloc(65, 4), oid('1.2.3.4')),
    key('1.2.840.10040.4.1', der.integer(77), der.sequence(der.integer(23), der.integer(11), der.integer(4))),
    key('1.2.840.113549.1.1.10', der.sequence(der.integer(0x00c1n), der.integer(3)), der.sequence()),
    key('1.2.840.113549.1.1.1', Buffer.from('not a key'), der.nullValue()),
    key('1.3.101.110', Buffer.alloc(32, 9)),
    key('2.16.840.1.101.3.4.3.17', Buffer.alloc(1312, 5)),
    key('1.2.643.7.1.1.1.1', der.octetString(Buffer.alloc(64, 6)), der.sequence(oid('1.2.643.7.1.2.1.1.1'))),
  ]
  const algorithms = [
    der.sequence(oid('1.2.840.113549.1.1.10'), der.sequence(der.explicit(0, der.sequence(oid('2.16.840.1.101.3.4.2.1'))), der.explicit(2, der.integer(32)))),
    der.sequence(oid('1.2.3.4'), der.octetString(Buffer.from('parameters'))),
    der.sequence(oid('1.2.840.10045.4.3.2')),
  ]
  const extension = (...parts) => der.sequence(oid('1.3.6.1.4.1.32473.1.9'), ...parts)
  const extensions = [
    [extension(der.octetString())],
    [extension(der.boolean(false), der.octetString(Buffer.from('explicit default')))],
    [extension(der.element(0x01, Buffer.from([1])), der.octetString(Buffer.from('true as one')))],
    Array.from({ length: 30 }, (_, index) => extension(der.octetString(Buffer.alloc(index)))),
    [],
  ]
  const variants = []
  const vary = (base, change) => {
    const copy = tree(base.der)
    const [tbs, algorithm] = copy.children
    const fields = tbs.children
    change({ tbs, algorithm, fields })
    variants.push({ der: encode(copy) })
  }
  const raw = (bytes) => ({ raw: bytes })
  const readable = [0x0c, 0x13, 0x14, 0x16, 0x12, 0x1e, 0x1c, 0x03, 0x30]
  const long = named(strings.filter(([tag]) => readable.includes(tag)))
  for (const distinguished of [long, several, ...strings.map((value) => named([value]))]) {
    vary(root, ({ fields }) => fields.splice(3, 3, raw(distinguished), fields[4], raw(distinguished)))
  }
  for (const bytes of keys) vary(rsaRoot, ({ fields }) => fields.splice(6, 1, raw(bytes)))
  for (const bytes of algorithms) {
    vary(root, ({ tbs, fields, algorithm }) => {
      fields.splice(2, 1, raw(bytes))
      Object.assign(algorithm, raw(bytes))
      return tbs
    })
  }
  for (const list of extensions) vary(root, ({ fields }) => fields.splice(7, 1, raw(der.explicit(3, der.sequence(...list)))))
  for (const unique of [[1], [2], [1, 2]]) {
    vary(root, ({ fields }) => fields.splice(7, 0, ...unique.map((tag) => raw(der.implicit(tag, Buffer.from([0, 1, 2, 3]))))))
  }
  vary(root, ({ fields }) => fields.splice(0, 1))
  vary(root, ({ fields }) => fields.splice(7, 1))
  return variants
}

/**
 * Every extension that OpenSSL looks into, in two certificates of one subject: what contradicts a proxy certificate is in
 * the one, the proxy certificate's in the other.
 */
function certificatesWithEveryExtension({ root }) {
  const oid = der.objectIdentifier
  const known = (last, ...value) => [`2.5.29.${last}`, der.sequence(...value)]
  const directory = der.explicit(4, der.certificateParts(root.der).subject)
  const names = [
    der.explicit(0, oid('1.2.3.4'), der.explicit(0, der.utf8String('other'))),
    der.implicit(1, Buffer.from('someone@example.test')),
    der.implicit(2, Buffer.from('example.test')),
    der.explicit(3, der.integer(1), der.utf8String('x400')),
    directory,
    der.explicit(5, der.explicit(0, der.printableString('assigner')), der.explicit(1, der.utf8String('party'))),
    der.implicit(6, Buffer.from('https://example.test/')),
    der.implicit(7, Buffer.from([127, 0, 0, 1])),
    der.implicit(8, Buffer.from([0x2a, 3, 4])),
  ]
  const subtree = der.sequence(names[2], der.implicit(0, Buffer.from([0])), der.implicit(1, Buffer.from([5])))
  const fullName = der.explicit(0, der.explicit(0, names[6], directory))
  const relative = der.explicit(0, der.explicit(1, der.sequence(oid('2.5.4.3'), der.utf8String('relative'))))
  const range = der.sequence(der.bitString(Buffer.from([10, 0])), der.bitString(Buffer.from([10, 1])))
  const shared = [
    ['2.5.29.14', der.octetString(Buffer.alloc(20, 7))],
    known(35, der.implicit(0, Buffer.alloc(20, 7)), der.explicit(1, directory, names[2]), der.implicit(2, Buffer.from([5]))),
    ['2.5.29.15', der.bitString(Buffer.from([0x06, 0x80]), 7)],
    known(37, oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2')),
    ['2.16.840.1.113730.1.1', der.bitString(Buffer.from([0x44]), 2)],
    known(30, der.explicit(0, subtree, der.sequence(directory)), der.explicit(1, subtree)),
    known(
      31,
      der.sequence(fullName, der.implicit(1, Buffer.from([1, 0x80])), der.explicit(2, directory)),
      der.sequence(relative),
      der.sequence(der.explicit(2, names[2])),
    ),
    ['1.3.6.1.5.5.7.1.7', der.sequence(
      der.sequence(der.octetString(Buffer.from([0, 1])), der.sequence(der.bitString(Buffer.from([10])), range)),
      der.sequence(der.octetString(Buffer.from([0, 2])), der.nullValue()),
    )],
    ['1.3.6.1.5.5.7.1.8', der.sequence(
      der.explicit(0, der.sequence(der.integer(5), der.sequence(der.integer(7), der.integer(9)))),
      der.explicit(1, der.nullValue()),
    )],
  ]
  const plain = [known(19, der.boolean(true), der.integer(3)), known(17, ...names), known(18, names[2])]
  const proxy = [
    known(19),
    ['1.3.6.1.5.5.7.1.14', der.sequence(der.integer(1), der.sequence(oid('1.2.3'), der.octetString(Buffer.from('policy'))))],
  ]
  return [plain, proxy].map((own, index) => {
    const extensions = [...own, ...shared].map(([oid, value]) => ({ oid, value }))
    const bare = { ca: null, keyUsage: null, subjectKeyIdentifier: false, authorityKeyIdentifier: false }
    return certificate({ subject: 'Every Extension', keyType: 'ed25519', serial: index + 1, ...bare, extensions })
  })
}

/** Two certificates of one subject, one of them with a damaged extension: Node 18 and 20 look at it then. */
function damagedExtension(random) {
  const twins = random.pick([[0, 0], [0, 1], [1, 0], [1, 1]]).map((index) => prepare().extended[index])
  const damaged = tree(twins[1].der)
  const list = damaged.children[0].children.at(-1).children[0].children
  const place = random.below(list.length)
  const value = list[place].children.at(-1)
  if (random.chance(0.1)) list.splice(place, 0, list[place])
  else if (random.chance(0.1)) list.splice(place, 1)
  else value.body = mutatedDer(value.body, random)
  const blocks = [pemBlock(twins[0].der), pemBlock(encode(damaged))]
  return (random.chance(0.5) ? blocks : blocks.reverse()).join('')
}

function prepare() {
  if (materials) return materials
  const pki = standardPki()
  const certificates = [...Object.values(pki), ...rareCertificates(pki)]
  const others = [
    pki.leaf.key.pem,
pemBlock(Buffer.alloc(300, 0x5a), 'RSA PRIVATE KEY').replace('\n', '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n'),
    pemBlock(revocationList(pki.root, [5n]), 'X509 CRL'),
    pemBlock(signingRequest(), 'CERTIFICATE REQUEST'),
    pemBlock(Buffer.from('nobody looks inside'), 'FOO BAR'),
    '# a comment\n',
    '\n',
    'Bag Attributes: <No Attributes>\n',
    'subject=CN = somebody\n',
  ]
  // Containers made by a tool differ in every run, and a file must be the same in every run.
  const named = namedFiles().filter(({ name, contents }) => contents?.length < MAXIMUM_SIZE && !/^(pkcs12|proc-type|encrypted|gzip)/.test(name))
  materials = { certificates, extended: certificatesWithEveryExtension(pki), named, others }
  return materials
}

// Text goes through the mutations as Latin-1, so that every byte stays what it is.

function startingText(random) {
  const { certificates, others, named } = prepare()
  if (random.chance(0.3)) return Buffer.from(random.pick(named).contents).toString('latin1')
  const parts = []
  const count = random.pick([1, 2, 2, 3, 3, 4])
  for (let index = 0; index < count; index++) {
    if (random.chance(0.2)) {
      parts.push(random.pick(others))
      continue
    }
    const label = random.chance(0.9) ? 'CERTIFICATE' : random.pick(LABELS)
    parts.push(pemBlock(random.pick(certificates).der, label, { width: random.chance(0.7) ? 64 : random.pick(WIDTHS) }))
  }
  const text = parts.join('')
  return random.chance(0.15) ? text.replaceAll('\n', '\r\n') : text
}

/** Changes one line, chosen at random, of those that `wanted` accepts. */
function changeLine(text, random, change, wanted = () => true) {
  const lines = text.split('\n')
  const places = lines.flatMap((line, index) => (wanted(line) ? [index] : []))
  if (places.length === 0) return text
  const place = random.pick(places)
  lines.splice(place, 1, ...[change(lines[place], lines, place)].flat())
  return lines.join('\n')
}

/** Replaces the body of one block, chosen at random, by what `change` makes of its bytes. */
function changeBlock(text, random, change) {
  const blocks = [...text.matchAll(/-----BEGIN ([^\n]*?)-----\r?\n([A-Za-z0-9+/=\r\n]+?)-----END [^\n]*?-----/g)]
  if (blocks.length === 0) return text
  const block = random.pick(blocks)
  const replacement = change(Buffer.from(block[2], 'base64'), block[1])
  return text.slice(0, block.index) + replacement + text.slice(block.index + block[0].length)
}

const isArmor = (line) => ARMOR.test(line)
const isBody = (line) => line !== '' && !line.includes('-')

const TEXT_CHANGES = {
  turnBit(text, random) {
    const place = random.below(text.length)
    return put(text, place, 1, String.fromCharCode(text.charCodeAt(place) ^ (1 << random.below(8))))
  },
  setByte: (text, random) => put(text, random.below(text.length), 1, String.fromCharCode(random.pick(BYTES))),
  insertByte: (text, random) => put(text, random.below(text.length + 1), 0, String.fromCharCode(random.pick(BYTES))),
  insertAnyByte: (text, random) => put(text, random.below(text.length + 1), 0, String.fromCharCode(random.below(256))),
  removeBytes: (text, random) => put(text, random.below(text.length), random.pick([1, 1, 1, 2, 4, 30]), ''),
  splitLine: (text, random) => changeLine(text, random, (line) => {
    const place = random.below(line.length + 1)
    return [line.slice(0, place), line.slice(place)]
  }),
  joinLines: (text, random) => changeLine(text, random, (line, lines, place) => line + (lines.splice(place + 1, 1)[0] ?? '')),
  removeLine: (text, random) => changeLine(text, random, () => []),
  repeatLine: (text, random) => changeLine(text, random, (line) => [line, line]),
  swapLines: (text, random) => changeLine(text, random, (line, lines, place) => [...lines.splice(place + 1, 1), line]),
  insertBlankLine: (text, random) => changeLine(text, random, (line) => [random.pick(BLANKS), line]),
  blankAfterBegin: (text, random) => changeLine(text, random, (line) => [line, random.pick(BLANKS)], (line) => line.startsWith('-----BEGIN')),
  blankBeforeEnd: (text, random) => changeLine(text, random, (line) => [random.pick(BLANKS), line], (line) => line.startsWith('-----END')),
  insertHeader: (text, random) => changeLine(text, random, (line) => [line, random.pick(HEADERS), ...(random.chance(0.6) ? [''] : [])], (line) => line.startsWith('-----BEGIN')),
  insertTwoHeaders: (text, random) => changeLine(text, random, (line) => [line, 'Proc-Type: 4,ENCRYPTED', random.pick(HEADERS), ''], (line) => line.startsWith('-----BEGIN')),
  insertHeaderAnywhere: (text, random) => changeLine(text, random, (line) => [random.pick(HEADERS), line]),
  changeLabel: (text, random) => changeLine(text, random, (line) => line.replace(/^(-----(?:BEGIN|END) ).*?(-----\s*)$/, (_, before, after) => before + random.pick(LABELS) + after), isArmor),
  changeLabels: (text, random) => {
    const label = random.pick(LABELS)
    return changeBlock(text, random, (bytes) => pemBlock(bytes, label).trimEnd())
  },
  changeDashes: (text, random) => changeLine(text, random, (line) => random.pick([`-${line}`, `${line}-`, line.slice(1), line.replace(/-(\s*)$/, '$1'), `${line}-----`, line.replace(/ /, ''), line.replace(/ /, '  ')]), isArmor),
  spaceBefore: (text, random) => changeLine(text, random, (line) => random.pick(BLANKS) + line),
  spaceAfter: (text, random) => changeLine(text, random, (line) => line + random.pick(BLANKS)),
  spaceInside: (text, random) => changeLine(text, random, (line) => put(line, random.below(line.length + 1), 0, random.pick([' ', '\t', '\r', '\f', '\v', '\xa0']))),
  textAfter: (text, random) => changeLine(text, random, (line) => line + random.pick(['x', ' # note', '"', '\\', ',', '=', '-']), random.chance(0.5) ? isArmor : undefined),
  crlf: (text) => text.replaceAll(/\r?\n/g, '\r\n'),
  crOnly: (text) => text.replaceAll(/\r?\n/g, '\r'),
  crOnlyPart: (text, random) => {
    const place = random.below(text.length)
    return text.slice(0, place) + text.slice(place).replaceAll('\n', '\r')
  },
  crOnce: (text, random) => changeLine(text, random, (line, lines, place) => `${line}\r${lines.splice(place + 1, 1)[0] ?? ''}`),
  crAfter: (text, random) => changeLine(text, random, (line) => `${line}\r`),
  nulAtLineStart: (text, random) => changeLine(text, random, (line) => `\0${line}`),
  nulInside: (text, random) => changeLine(text, random, (line) => put(line, random.below(line.length + 1), 0, '\0')),
  mark: (text, random) => changeLine(text, random, (line) => `\xef\xbb\xbf${line}`, random.chance(0.6) ? (line) => line.startsWith('-----BEGIN') : undefined),
  markFirst: (text) => `\xef\xbb\xbf${text}`,
  wide: (text) => Buffer.from(text, 'utf16le').toString('latin1'),
  truncate: (text, random) => text.slice(0, random.below(text.length + 1)),
  truncateNearEnd: (text, random) => text.slice(0, -random.between(1, 40)),
  removeStart: (text, random) => text.slice(random.below(text.length)),
  append: (text, random) => text + (random.chance(0.4) ? '\n' : '') + startingText(random),
  prepend: (text, random) => startingText(random).trimEnd() + (random.chance(0.6) ? '\n' : '') + text,
  glue: (text, random) => text.trimEnd() + startingText(random),
  copyPart: (text, random) => {
    const start = random.below(text.length)
    const part = text.slice(start, start + random.between(1, 400))
    return put(text, random.below(text.length + 1), 0, part)
  },
  padLine: (text, random) => changeLine(text, random, (line) => {
    const length = random.pick([253, 254, 255, 507, 508, 509, 762])
    const fill = random.pick([' ', 'x', 'A', '\t', '\x80', '=', '-', '\r'])
    const missing = Math.max(0, length + random.pick([0, 0, 0, -1, 1]) - line.length)
    return random.chance(0.5) ? line + fill.repeat(missing) : fill.repeat(missing) + line
  }),
  padBegin: (text, random) => changeLine(text, random, (line) => random.pick(['x', ' ', '\0']).repeat(random.pick([226, 227, 228, 253, 254, 255, 508])) + line, isArmor),
  longLine: (text, random) => changeLine(text, random, (line) => [line, random.pick(['x', 'A', ' ', '\x80']).repeat(random.pick([64, 65, 253, 254, 255, 508, 509]))]),
  longBodyLine: (text, random) => changeLine(text, random, (line, lines, place) => line + lines.splice(place + 1, random.between(1, 8)).filter(isBody).join(''), isBody),
  rewrap: (text, random) => {
    const width = random.pick(WIDTHS)
    const blank = random.chance(0.4) ? '\n' : ''
    return changeBlock(text, random, (bytes, label) => pemBlock(bytes, label, { width }).trimEnd().replace('\n', `\n${blank}`))
  },
  emptyBlock: (text, random) => changeLine(text, random, (line) => [`-----BEGIN ${random.pick(LABELS)}-----`, `-----END ${random.pick(LABELS)}-----`, line]),
  emptyBody: (text, random) => changeBlock(text, random, (_, label) => `-----BEGIN ${label}-----\n${random.pick(['', '\n', '-\n', '=\n', '====\n', 'AAAA\n'])}-----END ${label}-----`),
  changePadding: (text, random) => changeLine(text, random, (line) => random.pick([line.replace(/=+/, ''), `${line}=`, `${line}==`, `${line}====`, `${line}AAAA`, `=${line}`, `${line}-`, `${line}-AAAA`]), isBody),
  turnBase64: (text, random) => changeLine(text, random, (line) => put(line, random.below(line.length), 1, random.pick([...'ABCZabcz0189+/=-_!*'])), isBody),
}

function put(text, place, removed, inserted) {
  return text.slice(0, place) + inserted + text.slice(place + removed)
}

/** The tree of a DER structure; what cannot be read as elements is a leaf. */
function tree(bytes) {
  const { tag, body, end } = der.read(bytes)
  if (end !== bytes.length) throw new RangeError('bytes after the element')
  if (tag & 0x20) {
    try {
      return { tag, children: der.children(body).map((child) => tree(child.raw)) }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
    }
  }
  return { tag, body }
}

function allNodes(node, parent = null, found = []) {
  found.push({ node, parent })
  for (const child of node.children ?? []) allNodes(child, node, found)
  return found
}

function encode(node) {
  if (node.raw) return node.raw
  const body = node.children ? Buffer.concat(node.children.map(encode)) : node.body
  const tag = node.tagOctets ?? Buffer.from([node.tag])
  if (node.indefinite) return Buffer.concat([tag, Buffer.from([0x80]), body, Buffer.from([0, 0])])
  let length = der.lengthOctets(Math.max(0, body.length + (node.lengthError ?? 0)))
  if (node.lengthOctets) {
    const value = Buffer.alloc(node.lengthOctets)
    const width = Math.min(6, node.lengthOctets)
    value.writeUIntBE(body.length % 256 ** width, node.lengthOctets - width, width)
    length = Buffer.concat([Buffer.from([0x80 | node.lengthOctets]), value])
  }
  return Buffer.concat([tag, length, body])
}

const TAGS = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1c, 0x1e, 0x24, 0x23, 0x30, 0x31, 0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa2, 0xa3, 0x00, 0x1f, 0x3f, 0x40, 0xc0]
const VALUES = ['', '00', 'ff', '01', '80', '0000', '00ff', 'ffff', '0080', 'ff80', '7f', '0101', '05', '08ff', '07ff', '0102030405060708090a0b0c0d0e0f1011121314', '00'.repeat(40), 'ff'.repeat(300)]
const TEXTS = ['200101000000Z', '2001010000Z', '20200101000000Z', '200101000000', '200101000000+0100', '20200101000000.5Z', '209901000000Z', '200230000000Z', '99999999999999Z', '20210229000000Z', '2001010000000Z', 'garbage', '-00101000000Z', '20 0101000000Z']

const NODE_CHANGES = {
  tag: ({ node }, random) => void (node.tag = random.pick(TAGS)),
  tagBit: ({ node }, random) => void (node.tag ^= 1 << random.below(8)),
  highTag: ({ node }, random) => void (node.tagOctets = random.pick([Buffer.from([0x1f, 0x01]), Buffer.from([node.tag | 0x1f, node.tag & 0x1f]), Buffer.from([0x3f, 0x81, 0x01])])),
  empty: ({ node }) => {
    delete node.children
    node.body = Buffer.alloc(0)
  },
  value: ({ node }, random) => {
    delete node.children
    node.body = Buffer.from(random.pick(VALUES), 'hex')
  },
  time: ({ node }, random) => {
    delete node.children
    node.body = Buffer.from(random.pick(TEXTS))
    if (random.chance(0.6)) node.tag = random.pick([0x17, 0x18])
  },
  turnBit: ({ node }, random) => {
    const bytes = Buffer.from(node.children ? Buffer.concat(node.children.map(encode)) : node.body)
    if (bytes.length === 0) return
    bytes[random.below(bytes.length)] ^= 1 << random.below(8)
    delete node.children
    node.body = bytes
  },
  insertByte: ({ node }, random) => {
    const bytes = node.children ? Buffer.concat(node.children.map(encode)) : node.body
    const place = random.chance(0.4) ? random.pick([0, bytes.length]) : random.below(bytes.length + 1)
    delete node.children
    node.body = Buffer.concat([bytes.subarray(0, place), Buffer.from([random.pick([0, 0xff, 0x80, 1, random.below(256)])]), bytes.subarray(place)])
  },
  removeByte: ({ node }, random) => {
    const bytes = node.children ? Buffer.concat(node.children.map(encode)) : node.body
    const place = random.below(bytes.length + 1)
    delete node.children
    node.body = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)])
  },
  lengthError: ({ node }, random) => void (node.lengthError = random.pick([-1, 1, -2, 2, 100, 70_000])),
  longLength: ({ node }, random) => void (node.lengthOctets = random.pick([1, 2, 3, 4, 5, 8, 9, 16])),
  indefinite: ({ node }) => void (node.indefinite = true),
  hugeLength: ({ node }, random) => void (node.raw = Buffer.concat([Buffer.from([node.tag]), Buffer.from(random.pick(['847fffffff', '84ffffffff', '887fffffffffffffff', '88ffffffffffffffff', 'ff', '80', '8100']), 'hex'), node.children ? Buffer.concat(node.children.map(encode)) : node.body])),
  remove: ({ node, parent }) => void parent?.children.splice(parent.children.indexOf(node), 1),
  repeat: ({ node, parent }) => void parent?.children.splice(parent.children.indexOf(node), 0, node),
  swap: ({ node, parent }, random) => {
    if (!parent) return
    const place = parent.children.indexOf(node)
    const other = random.below(parent.children.length)
    ;[parent.children[place], parent.children[other]] = [parent.children[other], parent.children[place]]
  },
  wrap: ({ node }, random) => {
    const inner = { ...node }
    for (const key of Object.keys(node)) delete node[key]
    Object.assign(node, { tag: random.pick([0x30, 0x31, 0xa0, 0xa1, 0xa3, 0x24, 0x23, 0x04]), children: [inner] })
  },
  insert: ({ node, parent }, random) => void parent?.children.splice(random.below(parent.children.length + 1), 0, { tag: random.pick(TAGS), body: Buffer.from(random.pick(VALUES), 'hex') }),
  constructed: ({ node }) => {
    // A string in pieces, as BER allows.
    if (node.children || node.body.length < 2) return
    const half = node.body.length >> 1
    const { tag, body } = node
    delete node.body
    Object.assign(node, { tag: tag | 0x20, children: [{ tag, body: body.subarray(0, half) }, { tag, body: body.subarray(half) }] })
  },
}

function mutatedDer(bytes, random) {
  if (random.chance(0.25)) {
    const changed = Buffer.from(bytes)
    const kind = random.below(5)
    if (kind === 0 && changed.length > 0) changed[random.below(changed.length)] ^= 1 << random.below(8)
    else if (kind === 1 && changed.length > 0) changed[random.below(Math.min(40, changed.length))] = random.pick(BYTES)
    else if (kind === 2) return changed.subarray(0, random.below(changed.length + 1))
    else if (kind === 3) return Buffer.concat([changed, Buffer.from(random.pick(VALUES), 'hex'), random.chance(0.3) ? bytes : Buffer.alloc(0)])
    else {
      const place = random.below(changed.length + 1)
      return Buffer.concat([changed.subarray(0, place), Buffer.from([random.below(256)]), changed.subarray(place)])
    }
    return changed
  }
  let root
  try {
    root = tree(bytes)
  } catch (error) {
    if (error instanceof RangeError) return bytes
    throw error
  }
  const names = Object.keys(NODE_CHANGES)
  for (let count = random.pick([1, 1, 1, 2, 3]); count > 0; count--) {
    const entries = allNodes(root)
    // The few elements near the top are as likely as all the rest: they are what the reader decides by.
    const entry = random.chance(0.5) ? random.pick(entries.slice(0, 14)) : random.pick(entries)
    NODE_CHANGES[random.pick(names)](entry, random)
  }
  return encode(root)
}

const names = Object.keys(TEXT_CHANGES)

/**
 * The file of this number.
 * @param {string | number} seed
 * @param {number} number
 * @param {{ derShare?: number }} [options] how many of the files have a damaged certificate; 0.4 without
 * @returns {Buffer}
 */
function mutatedFile(seed, number, { derShare = 0.4 } = {}) {
  const random = generator(seed, number)
  if (random.chance(derShare / 8)) return Buffer.from(damagedExtension(random), 'latin1')
  let text = startingText(random)
  const changesDer = random.chance(derShare)
  if (changesDer) text = changeBlock(text, random, (bytes, label) => pemBlock(mutatedDer(bytes, random), label).trimEnd())
  const count = changesDer ? random.pick([0, 0, 0, 1, 2]) : random.pick([1, 1, 1, 2, 2, 3, 4, 6])
  for (let done = 0; done < count && text.length > 0; done++) text = TEXT_CHANGES[random.pick(names)](text, random)
  return Buffer.from(text.slice(0, MAXIMUM_SIZE), 'latin1')
}

module.exports = { generator, mutatedDer, mutatedFile, rareCertificates }
