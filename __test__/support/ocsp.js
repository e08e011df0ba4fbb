'use strict'

/**
 * OCSP responses as `openssl ocsp` makes them, dated from when they are made on.
 *
 *   const { ocspResponse } = require('./support/ocsp')
 *
 *   const response = ocspResponse({ issuer, leaf, status: 'revoked', days: 7 })   // Buffer: for `s_server -status_file`
 *
 *   const other = datedOcspResponse({ issuer, leaf, producedAt: '2040-01-01', nextUpdate: '2040-01-08' })   // by hand, for any dates
 *
 * `issuer`, `leaf` and `responder` are certificates of pki.js; without a responder the issuer signs. `status` is `good`, `revoked` (for
 * keyCompromise, on 2026-01-02) or `unknown`; without `days` the response has no nextUpdate.
 *
 * `node __test__/support/ocsp.js` makes fixtures/ocsp.txt anew, with the dates of that day.
 */

const { createHash } = require('node:crypto')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { cleanEnvironment } = require('./environment')
const der = require('./der')
const { certificate } = require('./pki')

const FILE = path.join(__dirname, '..', '..', 'fixtures', 'ocsp.txt')
const HEADER = `# OCSP responses by \`openssl ocsp\`, and the certificates they are about.
# name | DER in base64
# \`node __test__/support/ocsp.js\` makes them anew, with the dates of that day.
`

function ocspResponse({ issuer, leaf, status = 'good', responder = issuer, days, digest = 'sha1' }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ocsp-'))
  try {
    const file = (name, text) => {
      fs.writeFileSync(path.join(folder, name), text)
      return path.join(folder, name)
    }
    const serial = certificateSerial(leaf)
    const revoked = status === 'revoked' ? '260102030405Z,keyCompromise' : ''
    const line = `${status === 'revoked' ? 'R' : 'V'}\t450101000000Z\t${revoked}\t${serial}\tunknown\t/CN=leaf\n`
    const out = path.join(folder, 'response.der')
    execFileSync('openssl', [
      'ocsp',
      '-index', file('index.txt', status === 'unknown' ? '' : line),
      '-CA', file('ca.pem', issuer.pem),
      '-rsigner', file('signer.pem', responder.pem),
      '-rkey', file('key.pem', responder.key.pem),
      ...(responder === issuer ? ['-resp_no_certs'] : ['-resp_key_id']),
      ...(days === undefined ? [] : ['-ndays', String(days)]),
      `-${digest}`,
      '-issuer', path.join(folder, 'ca.pem'),
      '-cert', file('leaf.pem', leaf.pem),
      '-no_nonce',
      '-respout', out,
    ], { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
    return fs.readFileSync(out)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * An answer with the dates that are wanted, signed by the issuer. Dates are anything that `new Date()` takes.
 *
 * @param {{ issuer: import('./pki').TestCertificate, leaf: import('./pki').TestCertificate, producedAt: string, nextUpdate: string, status?: 'good' | 'revoked' }} options
 */
function datedOcspResponse({ issuer, leaf, producedAt, nextUpdate, status = 'good' }) {
  const time = (/** @type {string} */ date) => der.element(0x18, Buffer.from(new Date(date).toISOString().replace(/[-:T]|\.\d+/g, '')))
  const sha1 = (/** @type {Buffer} */ bytes) => createHash('sha1').update(bytes).digest()
  const publicKey = der.children(der.read(issuer.key.spki).body)[1].body.subarray(1)
  const certificateId = der.sequence(
    der.sequence(der.objectIdentifier('1.3.14.3.2.26'), der.nullValue()),
    der.octetString(sha1(issuer.name)),
    der.octetString(sha1(publicKey)),
    der.certificateParts(leaf.der).serial,
  )
  const state = status === 'good' ? der.implicit(0) : der.element(0xa1, time(producedAt))
  const answer = der.sequence(certificateId, state, time(producedAt), der.explicit(0, time(nextUpdate)))
  const data = der.sequence(der.explicit(1, issuer.name), time(producedAt), der.sequence(answer))
  const basic = der.sequence(data, issuer.key.signatureAlgorithm('sha256'), der.bitString(issuer.key.sign(data, 'sha256')))
  const successful = der.element(0x0a, Buffer.from([0]))
  return der.sequence(successful, der.explicit(0, der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.48.1.1'), der.octetString(basic))))
}

function certificateSerial(leaf) {
  return new (require('node:crypto').X509Certificate)(leaf.der).serialNumber
}

function remake() {
  const root = certificate({ subject: 'OCSP Root', ca: true })
  const stranger = certificate({ subject: 'OCSP Root', ca: true, keyName: 'stranger' })
  const mustStaple = { oid: '1.3.6.1.5.5.7.1.24', value: der.sequence(der.integer(5)) }
  const leaf = root.issue({ subject: 'leaf', server: true, extensions: [mustStaple] })
  const other = root.issue({ subject: 'other', server: true })
  const responder = root.issue({ subject: 'OCSP Responder', extendedKeyUsage: ['1.3.6.1.5.5.7.3.9'] })
  const pretender = root.issue({ subject: 'No Responder', server: true })
  const issuer = root
  const all = {
    root: root.der,
    stranger: stranger.der,
    leaf: leaf.der,
    other: other.der,
    responder: responder.der,
    good: ocspResponse({ issuer, leaf, days: 7 }),
    'good without an end': ocspResponse({ issuer, leaf }),
    'good by SHA-256': ocspResponse({ issuer, leaf, days: 7, digest: 'sha256' }),
    revoked: ocspResponse({ issuer, leaf, days: 7, status: 'revoked' }),
    unknown: ocspResponse({ issuer, leaf, days: 7, status: 'unknown' }),
    'by a responder': ocspResponse({ issuer, leaf, days: 7, responder }),
    'by a pretender': ocspResponse({ issuer, leaf, days: 7, responder: pretender }),
    'try later': Buffer.from('30030a0103', 'hex'),
    unauthorized: Buffer.from('30030a0106', 'hex'),
  }
  const lines = Object.entries(all).map(([name, bytes]) => `${name} | ${bytes.toString('base64')}`)
  fs.writeFileSync(FILE, `${HEADER}${lines.join('\n')}\n`)
}

module.exports = { datedOcspResponse, ocspResponse }

if (require.main === module) remake()
