'use strict'

/**
 * Certificates with one element changed, and what OpenSSL's `d2i_X509` says to each: `fixtures/d2i-x509.txt`, which the Rust
 * tests hold their decoder against and the JavaScript tests real Nodes.
 *
 *   const { cases, judge } = require('./support/d2i')
 *   cases                              // [{ name, certificate, trailing, verdict: { '3.0': 'same', '3.5': 'too long' } }, …]
 *   await judge(24, certificates)      // ['same', 'as 30…', 'too long', …]: the same verdicts from a real Node
 *
 * `node __test__/support/d2i.js` measures the verdicts again, with Node 20 and 24, and writes them into the file.
 */

const fs = require('node:fs')
const path = require('node:path')

const { runNode } = require('./environment')

const FILE = path.join(__dirname, '..', '..', 'fixtures', 'd2i-x509.txt')
/** The parts of a certificate in their order; the first eight are the TBSCertificate. */
const PARTS = ['version', 'serial', 'tbs_algorithm', 'issuer', 'validity', 'subject', 'key', 'tail', 'algorithm', 'signature']

// `new X509Certificate(pem)` is PEM_read_bio_X509_AUX and fails with the first error in OpenSSL's queue; `raw` is i2d_X509. What
// follows a certificate is auxiliary data to it, but not to the reading of DER.
const JUDGE = `
const { X509Certificate } = require('crypto')
let text = ''
process.stdin.on('data', (chunk) => { text += chunk }).on('end', () => {
  const verdicts = JSON.parse(text).map(({ certificate, trailing }) => {
    const der = Buffer.from(certificate, 'base64')
    try {
      const input = trailing ? der : '-----BEGIN CERTIFICATE-----\\n' + certificate + '\\n-----END CERTIFICATE-----\\n'
      const { raw } = new X509Certificate(input)
      return raw.equals(der.subarray(0, der.length - trailing)) ? 'same' : 'as ' + raw.toString('hex')
    } catch (error) {
      const match = /^error:[0-9A-F]{8}:asn1 encoding routines::(.*)$/.exec(error.message)
      return match ? match[1] : String(error.message)
    }
  })
  process.stdout.write(JSON.stringify(verdicts))
})
`

/** One element of definite length in its shortest form. */
function element(tag, ...contents) {
  const body = Buffer.concat(contents)
  const length = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

/** The certificate with one part replaced: a part of PARTS, the whole `tbs` or `certificate`, or what comes `after` it. */
function build(base, place, replacement) {
  if (place === 'certificate') return { certificate: replacement, trailing: 0 }
  const parts = PARTS.map((part) => (part === place ? replacement : base.get(part)))
  const tbs = place === 'tbs' ? replacement : element(0x30, ...parts.slice(0, 8))
  const certificate = element(0x30, tbs, ...parts.slice(8))
  return place === 'after'
    ? { certificate: Buffer.concat([certificate, replacement]), trailing: replacement.length }
    : { certificate, trailing: 0 }
}

function readCases() {
  const base = new Map()
  const cases = []
  for (const line of fs.readFileSync(FILE, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [name, place, hexadecimal, verdict, newer = verdict] = line.split('|').map((column) => column.trim())
    const bytes = Buffer.from(hexadecimal, 'hex')
    if (name === 'base') base.set(place, bytes)
    else cases.push({ name, ...build(base, place, bytes), verdict: { '3.0': verdict, 3.5: newer } })
  }
  return cases
}

/**
 * What a real Node's `d2i_X509` says: `same`, `as` and the certificate that it gives back instead, or OpenSSL's reason.
 *
 * @param {number} major
 * @param {{ certificate: Buffer, trailing: number }[]} certificates
 * @returns {Promise<string[]>}
 */
async function judge(major, certificates) {
  const stdin = JSON.stringify(certificates.map(({ certificate, trailing }) => ({ certificate: certificate.toString('base64'), trailing })))
  const { status, signal, stdout, stderr } = await runNode(major, ['-e', JUDGE], { stdin })
  if (status !== 0) throw new Error(`Node ${major} ended with ${status ?? signal}: ${stderr}`)
  return JSON.parse(stdout)
}

async function remeasure() {
  const cases = readCases()
  const [older, newer] = [await judge(20, cases), await judge(24, cases)]
  let index = 0
  const lines = fs.readFileSync(FILE, 'utf8').split('\n').map((line) => {
    const columns = line.split('|').map((column) => column.trim())
    if (line === '' || line.startsWith('#') || columns[0] === 'base') return line
    const verdicts = older[index] === newer[index] ? [older[index]] : [older[index], newer[index]]
    index += 1
    return [...columns.slice(0, 3), ...verdicts].join(' | ')
  })
  fs.writeFileSync(FILE, lines.join('\n'))
}

module.exports = {
  get cases() {
    return readCases()
  },
  judge,
}

if (require.main === module) remeasure()
