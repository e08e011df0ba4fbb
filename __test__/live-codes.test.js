'use strict'

// Every code that a TLS client or server of Node can end in, brought about on loopback in each Node: what Node really reports is what `verifyChain`
// and `explain` are held against.

const assert = require('node:assert/strict')
const path = require('node:path')
const test = require('node:test')

const { verifyChain } = require('..')
const binding = require('../binding.js')
const contexts = require('./live/contexts')
const { valueFor } = require('./live/expected')
const handshakes = require('./live/handshakes')
const verification = require('./live/verification')
const { forEachConcurrently, runNode } = require('./support/environment')
const { nodes, unsupported } = require('./support/nodes')

/** The codes that Node has names for: X509Pointer::ErrorCode in deps/ncrypto/ncrypto.cc, and before it X509ErrorCode in src/crypto/crypto_common.cc. */
const VERIFICATION_CODES = [
  'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_CRL', 'UNABLE_TO_DECRYPT_CERT_SIGNATURE', 'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'CERT_SIGNATURE_FAILURE', 'CRL_SIGNATURE_FAILURE', 'CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED',
  'CRL_NOT_YET_VALID', 'CRL_HAS_EXPIRED', 'ERROR_IN_CERT_NOT_BEFORE_FIELD', 'ERROR_IN_CERT_NOT_AFTER_FIELD', 'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD', 'OUT_OF_MEM', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_CHAIN_TOO_LONG', 'CERT_REVOKED', 'INVALID_CA', 'PATH_LENGTH_EXCEEDED', 'INVALID_PURPOSE', 'CERT_UNTRUSTED',
  'CERT_REJECTED', 'HOSTNAME_MISMATCH',
]

/** What Node 24 and later add to the message, and the codes they add it to. */
const HINT = '; if the root CA is installed locally, try running Node.js with --use-system-ca'
const HINTED = ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT']

/** The cases by the kind under which `live/observe.js` reports them. */
const CASES = {
  servers: verification.servers,
  clients: verification.clients,
  contexts,
  'handshakes of clients': handshakes.clients,
  'handshakes of servers': handshakes.servers,
}

/**
 * @typedef {{ kind: string, title: string, error: null | { code: string | null, message: string, reason?: string, library?: string } }} Observation
 * @type {Map<number, Promise<Observation[]>>}
 */
const observations = new Map()

/** Two Nodes at a time, each once. */
const observing = forEachConcurrently(unsupported ? [] : nodes, ({ major }) => {
  const observation = runNode(major, ['--no-warnings', path.join(__dirname, 'live', 'observe.js')]).then(({ status, stdout, stderr }) => {
    assert.equal(stderr, '')
    assert.equal(status, 0)
    return stdout.trim().split('\n').map((line) => JSON.parse(line))
  })
  observations.set(major, observation)
  return observation
})
observing.catch(() => {})

const told = (error) => error && { code: error.code, reason: error.reason ?? error.message }

test('real Nodes are there to be observed', { skip: unsupported ?? false }, () => assert.ok(nodes.length >= 5))

for (const { major } of unsupported ? [] : nodes) {
  /** @param {string} kind @param {(entry: any, error: any) => any} actual @param {(entry: any) => any} expected */
  const compare = async (kind, actual, expected) => {
    await observing
    const observed = (await observations.get(major)).filter((observation) => observation.kind === kind)
    const cases = CASES[kind].filter(({ versions = true }) => valueFor(major, versions))
    assert.deepEqual(observed.map(({ title }) => title), cases.map(({ title }) => title))
    assert.deepEqual(
      Object.fromEntries(observed.map(({ title, error }, index) => [title, actual(cases[index], error)])),
      Object.fromEntries(cases.map((entry) => [entry.title, expected(entry)])),
    )
  }

  test(`Node ${major}: chains that a client judges`, () => compare('servers', (entry, error) => told(error), (entry) => {
    const code = valueFor(major, entry.code)
    if (code === null) return null
    const hint = major >= 24 && HINTED.includes(code) ? HINT : ''
    return { code, reason: valueFor(major, entry.reason) + hint }
  }))

  test(`Node ${major}: chains that a server judges`, () => compare('clients', (entry, error) => error?.code ?? null, (entry) => entry.code))

  test(`Node ${major}: keys, PEM texts and settings`, () => compare(
    'contexts',
    (entry, error) => error && { code: error.code, ...(entry.reason && { reason: error.reason ?? error.message }) },
    (entry) => {
      if (valueFor(major, entry.accepted ?? false)) return null
      return { code: valueFor(major, entry.code), ...(entry.reason && { reason: valueFor(major, entry.reason) }) }
    },
  ))

  for (const side of ['clients', 'servers']) {
    test(`Node ${major}: handshakes that end at the ${side}`, () => compare(
      `handshakes of ${side}`,
      (entry, error) => error?.code ?? null,
      (entry) => valueFor(major, entry.code),
    ))
  }

  test(`Node ${major}: the code of an OpenSSL error is its reason`, async () => {
    await observing
    const errors = (await observations.get(major)).map(({ error }) => error).filter((error) => error?.library)
    assert.ok(errors.length > 50)
    for (const { code, reason } of errors) {
      assert.ok(code.endsWith(`_${reason.toUpperCase().replaceAll(' ', '_')}`), `${code} of ${reason}`)
    }
  })
}

const pemOf = (entries) => entries.map((entry) => entry.pem ?? entry)

/** Code and reason as a verdict gives them: an error of OpenSSL's queue without the place in its sources that raised it. */
function asVerdict({ code, reason, message }) {
  const [, number, library, text] = /error:([0-9A-F]{8}):([^:]*):[^:]*:([^:]*):/.exec(message) ?? []
  if (number) return { code, reason: `error:${number}:${library}::${text}` }
  return { code, reason: reason ?? message.replace(HINT, '') }
}

/** The cases in which a chain and a store decide alone, as `verifyChain` takes them. @param {number} major */
const judged = (major) => [
  ...verification.servers.filter(({ crl }) => !crl).map(({ title, chain, ca, client, servername = 'localhost' }) => ({
    kind: 'servers', title, input: { chain: pemOf(chain), ca: pemOf(ca), hostname: servername || '127.0.0.1', ...client },
  })),
  ...verification.clients.map(({ title, chain, ca }) => ({ kind: 'clients', title, input: { chain: pemOf(chain), ca: pemOf(ca), purpose: 'client' } })),
  ...handshakes.clients.filter(({ chain, versions = true }) => chain && valueFor(major, versions)).map(({ title, chain }) => ({
    kind: 'handshakes of clients', title, input: { chain, ca: handshakes.root.pem, hostname: 'localhost' },
  })),
]

for (const { major } of unsupported ? [] : nodes) {
  test(`Node ${major}: verifyChain foresees them`, async () => {
    await observing
    const observed = await observations.get(major)
    const expected = {}
    const actual = {}
    for (const { kind, title, input } of judged(major)) {
      const { error } = observed.find((observation) => observation.kind === kind && observation.title === title)
      const { ok, code, reason } = verifyChain({ ...input, time: new Date(), node: String(major) })
      // An authorizationError is a code alone.
      const short = kind === 'clients'
      expected[title] = error && (short ? { code: error.code } : asVerdict(error))
      actual[title] = ok ? null : short ? { code } : { code, reason }
    }
    assert.deepEqual(actual, expected)
  })
}

for (const { major } of unsupported ? [] : nodes) {
  test(`Node ${major}: explain knows them, and who has to act`, async () => {
    await observing
    const expected = {}
    const actual = {}
    for (const { kind, title, error, explanation } of await observations.get(major)) {
      // What `tls.connect` does not tell, nobody can explain.
      if (error === null || error.code === 'closed') continue
      const { actor, unexplained } = CASES[kind].find((entry) => entry.title === title)
      expected[`${kind}: ${title}`] = {
        known: !valueFor(major, unexplained),
        ...(error.code && { code: error.code }),
        ...(error.code === 'UNSPECIFIED' && { reason: error.message }),
        ...(actor && { actor }),
      }
      actual[`${kind}: ${title}`] = {
        known: explanation.known,
        ...(error.code && { code: explanation.code }),
        ...(error.code === 'UNSPECIFIED' && { reason: explanation.openssl?.reason }),
        ...(actor && { actor: explanation.causes[0]?.actor }),
      }
    }
    assert.deepEqual(actual, expected)
  })
}

test('every code of a chain is reached, or known to be out of reach', { skip: unsupported ?? false }, async () => {
  const all = (await observing).flat()
  const reached = new Set(all.map(({ error }) => error?.code).filter((code) => VERIFICATION_CODES.includes(code)))
  const claimed = Object.keys(verification.UNREACHABLE)
  assert.deepEqual([...reached, ...claimed].sort(), [...VERIFICATION_CODES].sort())
})

test('every entry of the catalogue is met, or known not to be', { skip: unsupported ?? false }, async () => {
  const met = new Set((await observing).flat().map(({ explanation }) => explanation?.name).filter(Boolean))
  const claimed = [...Object.keys(verification.UNREACHABLE), ...Object.keys(verification.UNMET)]
  const names = binding.errorCodes().map(({ name }) => name)
  assert.deepEqual(names.filter((name) => !met.has(name) && !claimed.includes(name)), [], 'neither met nor known not to be')
  assert.deepEqual(claimed.filter((name) => met.has(name) || !names.includes(name)), [], 'met after all, or not in the catalogue')
})
