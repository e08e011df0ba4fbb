'use strict'

// Runs inside each Node that is asked: `node judge-child.js ADDON` reads requests from standard input and writes an answer a line. See
// judge.js for what the fields mean.

const { X509Certificate, createHash } = require('node:crypto')
const fs = require('node:fs')
const tls = require('node:tls')

const der = require('./der')
const { certificatesIn, handshakeCode, noVerdict, x509Code } = require('./verdict')

process.dlopen(module, process.argv[2])
const oracle = module.exports

/** AlgorithmIdentifiers of the curves that have a NIST name, as they are always written: P-192, P-224, P-256, P-384, P-521. */
const NIST_CURVES = ['06082a8648ce3d030101', '06052b81040021', '06082a8648ce3d030107', '06052b81040022', '06052b81040023'].map((curve) =>
  der.sequence(Buffer.from('06072a8648ce3d0201', 'hex'), Buffer.from(curve, 'hex')),
)

/** P-256's base point. */
const ANY_KEY = Buffer.from(
  '3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
    '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  'hex',
)

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
const pemBlock = (bytes) => `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`

/**
 * The object that `checkServerIdentity` gets. Node 24 and 26 die when they describe a key on a curve without a NIST name, and the
 * names in a certificate do not depend on its key: such a key is replaced first. Null where that takes more than DER.
 */
function legacyObject(certificate, keyType) {
  let harmless = certificate
  const dies = keyType === 'EC' && Number(process.versions.node.split('.')[0]) >= 24
  if (dies && !NIST_CURVES.some((algorithm) => certificate.includes(algorithm))) {
    try {
      const parts = der.certificateParts(certificate)
      const [tbs, ...signature] = der.children(der.read(certificate).body).map(({ raw }) => raw)
      const fields = der.children(der.read(tbs).body).map(({ raw }) => (raw.equals(parts.publicKey) ? ANY_KEY : raw))
      harmless = der.sequence(der.sequence(...fields), ...signature)
    } catch (error) {
      if (error instanceof RangeError) return null
      throw error
    }
  }
  // As PEM, since Node looks for PEM first, and a certificate could hold some.
  return new X509Certificate(pemBlock(harmless)).toLegacyObject()
}

/** Adds a name to those that a certificate has already. */
function label(names, digest, name) {
  if (names.has(digest)) names.get(digest).push(name)
  else names.set(digest, [name])
}

/** A `ca`, and the names that its PEM blocks get, by SHA-256. */
class Trust {
  constructor(ca) {
    this.ca = ca
    this.certificates = certificatesIn(ca ?? [])
    this.names = new Map()
    for (const [index, bytes] of this.certificates.entries()) label(this.names, sha256(bytes), `T${index}`)
  }

  /** The SHA-256 of a block by that of the certificate that OpenSSL made of it: around the signed part it may encode differently. */
  originalOf(digest) {
    if (this.names.has(digest)) return digest
    this.originals ??= new Map(
      this.certificates.map((bytes) => [sha256(oracle.encodedAgain(bytes) ?? bytes), sha256(bytes)]).reverse(),
    )
    return this.originals.get(digest) ?? digest
  }
}

const trusts = []
const contexts = new Map()

function contextFor({ ca, ciphers, partial }) {
  const key = JSON.stringify([ca, ciphers, partial])
  let context = contexts.get(key)
  if (!context) {
    const options = { ca: trusts[ca].ca, ciphers }
    if (partial !== undefined) options.allowPartialTrustChain = partial
    context = tls.createSecureContext(options).context
    if (contexts.size === 64) contexts.delete(contexts.keys().next().value)
    contexts.set(key, context)
  }
  return context._external
}

function judge(request) {
  const none = noVerdict()
  let context
  try {
    context = contextFor(request)
  } catch (error) {
    return { ...none, code: error.code ?? null, stage: 'context', reason: error.message }
  }
  const chain = request.chain.map((base64) => Buffer.from(base64, 'base64'))
  const options = { purpose: request.purpose }
  if (request.time !== null) options.time = request.time
  const { verification, undecodable } = oracle.judge(context, chain, options)
  if (undecodable) {
    return { ...none, code: handshakeCode(undecodable.reason), stage: 'handshake', reason: undecodable.text, at: undecodable.at }
  }
  const { error, depth, reason, leafKey = null, keyFault } = verification
  const trust = trusts[request.ca]
  const digests = chain.map(sha256)
  const sentNames = new Map()
  for (const [index, digest] of digests.entries()) label(sentNames, digest, index === 0 ? 'L' : `I${index - 1}`)
  const path = verification.chain.map(({ sent, store }) => {
    const digest = store ? trust.originalOf(sha256(store)) : digests[sent]
    const names = [...(sentNames.get(digest) ?? []), ...(trust.names.get(digest) ?? [])]
    return names.length > 0 ? names.join('=') : digest
  })
  const sources = verification.chain.map(({ store }) => (store ? 'store' : 'sent'))
  const errors = verification.errors.map(({ number, depth }) => [number, depth])
  const answer = { ...none, error, errors, chain: path, sources, leafKey }
  if (keyFault && request.purpose === 'server') answer.keyFault = handshakeCode(keyFault)
  if (error !== 0) return { ...answer, code: x509Code(error), stage: 'verify', depth, reason }
  if (request.hostname !== undefined && request.hostname !== null) {
    const described = legacyObject(chain[0], leafKey)
    if (!described) return { ...answer, stage: 'crash', reason: 'a key that this Node cannot describe' }
    const problem = tls.checkServerIdentity(request.hostname, described)
    if (problem) return { ...answer, code: problem.code, stage: 'identity', reason: problem.reason }
  }
  return { ...answer, ok: true }
}

function list(request) {
  let context
  try {
    context = contextFor(request)
  } catch (error) {
    return { thrown: { code: error.code ?? null, message: error.message } }
  }
  const entries = oracle.storeEntries(context)
  return { store: entries.map((entry) => ({ sha256: sha256(entry.der), trusted: entry.trusted ?? null, rejected: entry.rejected ?? null })) }
}

/** At once and whole, so that what was answered is known if this process dies at the next request. */
function answer(value) {
  const line = Buffer.from(`${JSON.stringify(value)}\n`)
  for (let written = 0; written < line.length; ) written += fs.writeSync(1, line, written)
}

for (const line of fs.readFileSync(0, 'utf8').split('\n')) {
  const request = JSON.parse(line)
  if (request.define !== undefined) {
    trusts[request.define] = new Trust(request.ca?.map((base64) => Buffer.from(base64, 'base64')))
    continue
  }
  try {
    answer(request.store ? list(request) : judge(request))
  } catch (error) {
    answer({ failure: error.stack })
  }
}
