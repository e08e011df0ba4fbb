'use strict'

// `--write-ca` and `--save-ca`: the smallest file that makes Node accept a server, written and tried.

const fs = require('node:fs')

const { colons, counted, escapeLine } = require('../layout.js')
const { CommandError } = require('./errors.js')
const { writeFile } = require('./write.js')

/**
 * @typedef {import('../../index.js').Certificate} Certificate
 * @typedef {import('../../index.js').Diagnosis} Diagnosis
 *
 * @typedef {object} Wanted
 * @property {string} file
 * @property {boolean} ofInspection Whether it is the CA of what inspects TLS, by `--save-ca`.
 * @property {boolean} allowLeaf
 * @property {boolean} force
 * @property {string | undefined} fingerprint SHA-256 in lowercase hexadecimal.
 * @property {boolean} isConfirmed `--yes`
 * @property {boolean} isFetching `--fetch-missing`
 */

const BELONGINGS = /** @type {const} */ (['allow-leaf', 'fingerprint', 'force', 'yes'])
/** Such a CA is for what somebody wants to be refused. */
const NEVER = 'inspection-refused-server'

/**
 * @param {import('./options.js').Given['values']} values
 * @returns {Wanted | undefined}
 */
function wantedFile(values) {
  const { 'write-ca': write, 'save-ca': save, fingerprint } = values
  if (write !== undefined && save !== undefined) throw new CommandError('`--write-ca` and `--save-ca` write the same file: give one of them')
  if (write === undefined && save === undefined) {
    // `--html` writes a file, too.
    const alone = BELONGINGS.find((name) => values[name] !== undefined && !(name === 'force' && values.html !== undefined))
    if (alone !== undefined) throw new CommandError(`\`--${alone}\` belongs to \`--write-ca FILE\` or \`--save-ca FILE\``)
    return undefined
  }
  const hex = fingerprint === undefined ? undefined : String(fingerprint).replace(/^.*[=]/, '').replace(/[:\s]/g, '').toLowerCase()
  if (hex !== undefined && !/^[0-9a-f]{64}$/.test(hex)) {
    throw new CommandError(`\`--fingerprint\` is a SHA-256, 64 hexadecimal digits, and is \`${fingerprint}\``, ['`openssl x509 -in ca.pem -noout -fingerprint -sha256` shows that of a certificate'])
  }
  return {
    file: String(write ?? save),
    ofInspection: save !== undefined,
    allowLeaf: values['allow-leaf'] === true,
    force: values.force === true,
    fingerprint: hex,
    isConfirmed: values.yes === true,
    isFetching: values['fetch-missing'] === true,
  }
}

/**
 * Writes the file and tries it; the diagnosis holds the proof then.
 *
 * @param {Diagnosis} diagnosis
 * @param {Wanted} wanted
 * @param {import('./context.js').Context} context
 * @param {AbortSignal} signal
 * @throws {CommandError} when nothing is written
 */
async function writeCa(diagnosis, wanted, context, signal) {
  const { file, force, ofInspection, allowLeaf } = wanted
  const rules = diagnosis.findings.map(({ rule }) => rule)
  if (rules.includes(NEVER)) {
    throw new CommandError('nothing is written: what inspects TLS signs with the CA that it keeps for servers which it could not verify, and to trust that is to trust every such server')
  }
  if (ofInspection && !rules.some((rule) => rule.startsWith('inspection-'))) {
    throw new CommandError('nothing is saved: nothing that inspects TLS is recognised between here and the server', ['`--write-ca FILE` writes what makes Node accept a server, whoever signed for it'])
  }
  const { pem, certificates, unconfirmed, reason } = diagnosis.smallestCa({ allowLeaf })
  if (pem === null) throw new CommandError(`nothing is written: ${reason}`, wayOut(diagnosis, wanted))
  confirm(ofInspection ? certificates.filter(({ selfSigned }) => selfSigned) : unconfirmed, wanted)
  if (isSame(file, pem)) context.say('note', `${escapeLine(file)} holds exactly that already, and is left as it is`)
  else {
    const { NODE_EXTRA_CA_CERTS: present } = process.env
    writeFile(file, pem, { force, inputs: present ? [{ path: present, what: 'the file that NODE_EXTRA_CA_CERTS names' }] : [] })
    context.say('note', `wrote ${escapeLine(file)}: ${counted(certificates.length, 'certificate')}`)
  }
  const { loadedByNode } = require('../inspect.js').inspectCaFileSync(file)
  if (loadedByNode.length !== certificates.length) throw new CommandError(`\`${file}\` does not read back as it was written; do not use it`)
  for (const { sha256, subject } of certificates) context.say('note', `${escapeLine(subject)}, SHA-256 ${colons(sha256)}`)
  if (!ofInspection && wanted.fingerprint === undefined && !wanted.isConfirmed) {
    for (const { subject } of unconfirmed) {
      context.say('warning', `only the connection itself vouches for ${escapeLine(subject)}: compare its SHA-256 with what whoever runs that CA says, before ${escapeLine(file)} is used`)
    }
  }
  const proof = await diagnosis.prove({ allowLeaf, file: require('node:path').resolve(file), signal })
  if (proof?.ok === false) context.say('warning', `Node ${proof.node} does not connect with ${escapeLine(file)}: ${escapeLine([proof.code, proof.message].filter((part) => part !== null).join(': '))}`)
  if (proof?.ok === true) context.say('note', `proved: Node ${proof.node} connects with NODE_EXTRA_CA_CERTS=${escapeLine(file)}`)
}

/**
 * @param {Certificate[]} roots
 * @param {Wanted} wanted
 */
function confirm(roots, { fingerprint, isConfirmed, ofInspection }) {
  const seen = roots.map(({ sha256, subject }) => `${subject} has the SHA-256 ${colons(sha256)}`)
  const other = fingerprint === undefined ? undefined : roots.find(({ sha256 }) => sha256 !== fingerprint)
  if (other !== undefined) throw new CommandError('nothing is written: the CA is not the one of `--fingerprint`', seen)
  if (!ofInspection || fingerprint !== undefined || isConfirmed) return
  const [first] = roots
  throw new CommandError('nothing is saved: whoever holds the key of this CA can read and change every connection that trusts it, so its fingerprint has to be confirmed first', [
    ...seen,
    'ask whoever runs the inspection for the SHA-256, by another way than this connection',
    `then give it as \`--fingerprint ${first === undefined ? 'SHA256' : colons(first.sha256)}\`, or \`--yes\` to save it unconfirmed`,
  ])
}

/**
 * @param {Diagnosis} diagnosis
 * @param {Wanted} wanted
 */
function wayOut({ chain: [leaf], code }, { allowLeaf, isFetching }) {
  if (!allowLeaf && leaf?.selfSigned === true && code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return ['`--allow-leaf` writes that one certificate']
  return isFetching ? [] : ['`--fetch-missing` fetches what the server should have sent from where its certificates say it is']
}

/** @param {string} file @param {string} text */
function isSame(file, text) {
  try {
    return fs.statSync(file).isFile() && fs.readFileSync(file, 'utf8') === text
  } catch {
    return false
  }
}

module.exports = { wantedFile, writeCa }
