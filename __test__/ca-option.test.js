'use strict'

// Entries of a `ca` option, read by the package and by `tls.createSecureContext` of Node 18, 20, 22, 24 and 26: the same certificates with the
// same trust settings in the store. The named CA files, the ways in which this reading differs from that of NODE_EXTRA_CA_CERTS, and
// files damaged at random.
//
//   TRUST_ANCHORS_FUZZ_CA=200000 TRUST_ANCHORS_FUZZ_SEED=7 node --test __test__/ca-option.test.js

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const { test } = require('node:test')

const { namedFiles } = require('./ca-files')
const { storesOf } = require('./support/judge')
const { mutatedFile } = require('./support/mutate')
const nodesModule = require('./support/nodes')
const der = require('./support/der')
const { pemBlock, standardPki } = require('./support/pki')
const { NativeTrust } = require('../lib/native')

const SEED = process.env.TRUST_ANCHORS_FUZZ_SEED ?? '1'
const CASES = Number(process.env.TRUST_ANCHORS_FUZZ_CA ?? 5000)
const CHUNK = 5000
const skip = nodesModule.unsupported ?? false

/**
 * One line a certificate, in an order of their own: OpenSSL sorts its store by subject. Of copies the first one is taken, as verification
 * takes it; OpenSSL 3.5 overlooks a copy when certificates of other subjects stand between two of its own (`X509_OBJECT_retrieve_match`).
 */
function lines(certificates) {
  const first = new Map()
  for (const certificate of certificates) if (!first.has(certificate.sha256)) first.set(certificate.sha256, certificate)
  return [...first.values()].map(({ sha256, trusted, rejected }) => `${sha256} ${trusted ?? '-'} ${rejected ?? ''}`).sort()
}

/**
 * Compares what every Node makes of each `ca` with what the package makes of it.
 * @returns {Promise<{ certificates: number, settings: number, problems: string[] }>}
 */
async function compare(cases) {
  const totals = { certificates: 0, settings: 0, problems: [] }
  for (const { major, version } of nodesModule.nodes) {
    const stores = await storesOf(major, cases.map(({ ca }) => ca))
    for (const [index, { name, ca }] of cases.entries()) {
      assert.ok(Array.isArray(stores[index]), `${name} on Node ${major}: ${JSON.stringify(stores[index])}`)
      const expected = lines(stores[index])
      const actual = lines(NativeTrust.fromCa(ca).stored(version))
      totals.certificates += expected.length
      totals.settings += expected.filter((line) => !line.endsWith(' - ')).length
      if (actual.join() !== expected.join()) {
        totals.problems.push(`  ${name} on Node ${major}: Node ${JSON.stringify(expected)}, the reader ${JSON.stringify(actual)}`)
      }
    }
  }
  return totals
}

const report = ({ certificates, settings, problems }) =>
  `${certificates} certificates compared, ${settings} of them with trust settings, ${problems.length} differences`

/** A block with trust settings: `X509_CERT_AUX` behind the certificate. */
function trustedBlock(certificate, auxiliary, label = 'TRUSTED CERTIFICATE') {
  return pemBlock(Buffer.concat([certificate.der, auxiliary]), label)
}

/** What may stand behind a certificate, and what may not. */
function auxiliaries() {
  const any = der.objectIdentifier('2.5.29.37.0')
  const server = der.objectIdentifier('1.3.6.1.5.5.7.3.1')
  const email = der.objectIdentifier('1.3.6.1.5.5.7.3.4')
  const alias = der.utf8String('an alias')
  const key = der.octetString(Buffer.from('key'))
  const other = der.explicit(1, der.sequence(email), der.sequence(any, der.integer(1)))
  return {
    empty: der.sequence(),
    trusted: der.sequence(der.sequence(server)),
    'trusted for nothing': der.sequence(der.sequence()),
    rejected: der.sequence(der.explicit(0, server, email)),
    everything: der.sequence(der.sequence(any), der.explicit(0, email), alias, key, other),
    'out of order': der.sequence(der.explicit(0, email), der.sequence(any)),
    'with an unknown part': der.sequence(der.sequence(any), der.integer(1)),
    'with what is no identifier': der.sequence(der.sequence(der.integer(1))),
    'other without a sequence': der.sequence(der.explicit(1, any)),
    'followed by more': Buffer.concat([der.sequence(alias), Buffer.from('more')]),
    'in BER': Buffer.from(`3080${der.sequence(any).toString('hex')}2c800c0161000000000000`, 'hex'),
    'no sequence': der.integer(1),
    'a zero octet': Buffer.alloc(1),
    'another certificate': standardPki().otherRoot.der,
  }
}

/** Blocks with damaged trust settings and NUL between, decided by the seed and a number. */
function damagedSettings(number) {
  const { root, otherRoot, thirdRoot } = standardPki()
  let digest = Buffer.alloc(0)
  const random = (limit) => {
    if (digest.length < 4) digest = crypto.createHash('sha256').update(`${SEED}/${number}/${digest.toString('hex')}`).digest()
    const value = digest.readUInt32LE(0) % limit
    digest = digest.subarray(4)
    return value
  }
  const pick = (list) => list[random(list.length)]
  const blocks = [root, otherRoot, thirdRoot].map((certificate) => {
    let auxiliary = pick(Object.values(auxiliaries()))
    if (random(2) === 0) {
      auxiliary = Buffer.from(auxiliary)
      auxiliary[random(auxiliary.length)] = pick([0, 1, 2, 5, 6, 0x0c, 0x30, 0x80, 0xa0, 0xa1, random(256)])
    }
    if (random(8) === 0) auxiliary = auxiliary.subarray(0, random(auxiliary.length))
    return trustedBlock(certificate, auxiliary, pick(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE', 'TRUSTED CERTIFICATE']))
  })
  const bytes = Buffer.from(blocks.join(''))
  if (random(2) === 0) return bytes
  const at = random(bytes.length)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(['\0', '\0\n', '\n\0\n', '\0:', '\0!!!\n'])), bytes.subarray(at)])
}

function* oddEntries() {
  const { root, otherRoot, thirdRoot } = standardPki()
  const [R, O, T] = [root.pem, otherRoot.pem, thirdRoot.pem]
  for (const [name, auxiliary] of Object.entries(auxiliaries())) {
    for (const label of ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']) {
      yield [`${label}, auxiliary ${name}`, R + trustedBlock(otherRoot, auxiliary, label) + T]
    }
  }
  yield ['the same certificate twice, settings first', trustedBlock(root, auxiliaries().rejected) + R]
  yield ['the same certificate twice, settings last', R + trustedBlock(root, auxiliaries().rejected)]

  const lineOf = (text, index, change) => {
    const all = text.split('\n')
    all[index] = change(all[index])
    return all.join('\n')
  }
  const inside = (text, at, what) => text.slice(0, at) + what + text.slice(at)
  yield ['a line of NUL alone', `${R}\0\n${O}`]
  yield ['a line that begins with NUL', `${R}\0text\n${O}`]
  yield ['NUL at the very end', `${R}\0`]
  yield ['only NUL', '\0'.repeat(1000)]
  yield ['NUL before BEGIN', `\0${R}`]
  yield ['NUL behind BEGIN', lineOf(R, 0, (line) => `${line}\0`)]
  yield ['NUL and text behind BEGIN', lineOf(R, 0, (line) => `${line}\0x`)]
  yield ['NUL in the label', R.replace('-----BEGIN CERTIFICATE-----', '-----BEGIN CERTIFICATE\0X-----')]
  yield ['NUL first in the label', R.replace('-----BEGIN CERTIFICATE-----', '-----BEGIN \0CERTIFICATE-----')]
  yield ['NUL in both labels', R.replaceAll('CERTIFICATE-----', 'CERTIFICATE\0-----')]
  yield ['NUL behind END', R.replace(/-----END.*-----/, '$&\0')]
  yield ['NUL and text behind END', R.replace(/-----END.*-----/, '$&\0x')]
  for (const index of [1, 3, -3]) {
    const at = (index + R.split('\n').length) % R.split('\n').length
    yield [`NUL at the end of line ${index}`, lineOf(R, at, (line) => `${line}\0`) + O]
    yield [`NUL at the start of line ${index}`, lineOf(R, at, (line) => `\0${line}`) + O]
    yield [`NUL in the middle of line ${index}`, lineOf(R, at, (line) => inside(line, 20, '\0')) + O]
    yield [`NUL and what does not count behind line ${index}`, lineOf(R, at, (line) => `${line}\0!!!`) + O]
    yield [`NUL and a colon behind line ${index}`, lineOf(R, at, (line) => `${line}\0:`) + O]
    yield [`a line of NUL before line ${index}`, lineOf(R, at, (line) => `\0\0\n${line}`) + O]
  }
  const begin = '-----BEGIN CERTIFICATE-----\n'
  yield ['a line of NUL for a blank one', R.replace(begin, `${begin}\0\n`)]
  yield ['a header with NUL', R.replace(begin, `${begin}Proc-Type: 4,MIC-CLEAR\0x\n\n`)]
  yield ['a header that NUL hides', R.replace(begin, `${begin}\0Proc-Type: 4,MIC-CLEAR\n\n`)]
  yield ['254 NUL before BEGIN', '\0'.repeat(254) + R]
  yield ['253 NUL before BEGIN', '\0'.repeat(253) + R]
  yield ['a mark', `\ufeff${R}\ufeff${O}`]
  yield ['a mark behind text', `text\n\ufeff${R}`]
  yield ['nothing', '']
  yield ['DER', root.der]
  yield ['UTF-16', Buffer.from(R, 'utf16le')]
  yield ['glued', R.trimEnd() + O]
  yield ['carriage returns alone', R.replaceAll('\n', '\r')]
}

test('an entry of a `ca` option is read as each Node reads it', { skip }, async (context) => {
  const { root, otherRoot } = standardPki()
  const named = namedFiles().filter(({ contents }) => contents !== undefined)
  const bytes = (contents) => Buffer.from(contents)
  const cases = [
    ...named.map(({ name, contents }) => ({ name: `file ${name}`, ca: [bytes(contents)] })),
    ...[...oddEntries()].map(([name, contents]) => ({ name, ca: [bytes(contents)] })),
    { name: 'several entries', ca: [bytes(root.pem), bytes('garbage'), bytes(otherRoot.pem.trimEnd()), bytes(root.pem)] },
  ]
  const totals = await compare(cases)
  context.diagnostic(`${cases.length} entries on Node ${nodesModule.nodes.map(({ version }) => version).join(', ')}: ${report(totals)}`)
  assert.equal(totals.problems.length, 0, `\n${totals.problems.join('\n')}\n`)
})

test(`${CASES} damaged entries are read as each Node reads them`, { skip }, async (context) => {
  const all = { certificates: 0, settings: 0, problems: [] }
  for (let start = 0; start < CASES && all.problems.length === 0; start += CHUNK) {
    const cases = Array.from({ length: Math.min(CHUNK, CASES - start) }, (_, index) => ({
      name: `seed ${SEED}, number ${start + index}`,
      ca: [index % 3 === 0 ? damagedSettings(start + index) : mutatedFile(SEED, start + index)],
    }))
    const { certificates, settings, problems } = await compare(cases)
    all.certificates += certificates
    all.settings += settings
    all.problems.push(...problems)
  }
  context.diagnostic(`seed ${SEED}: ${report(all)}`)
  assert.equal(all.problems.length, 0, `\n${all.problems.slice(0, 20).join('\n')}\n`)
})
