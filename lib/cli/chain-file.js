'use strict'

const fs = require('node:fs')

const { counted } = require('../layout.js')
const { CommandError } = require('./errors.js')
const { listed } = require('./options.js')

/**
 * @typedef {import('../../index.js').CaFileReport} CaFileReport
 * @typedef {import('../verdict-text.js').Sent} Sent
 * @typedef {object} ChainFile
 * @property {string} name What to call it.
 * @property {string} [path]
 * @property {string} format
 * @property {Sent[]} sent In the order of the file.
 * @property {(string | Uint8Array)[]} pieces The same, as `verifyChain` takes them.
 * @property {string[]} notes What else is worth knowing about it.
 * @property {number} keys How many private keys it holds.
 */

const STDIN = '-'
const FORMATS = /** @type {Record<string, string>} */ ({ pem: 'PEM', der: 'DER', pkcs7: 'PKCS#7', pkcs12: 'PKCS#12' })
const CERTIFICATE = /^(?:X509 |TRUSTED )?CERTIFICATE$/

/**
 * A file with certificates in it, as the inspector reads it: whatever else it is ends the command.
 *
 * @param {string} file
 * @param {import('../../index.js').InspectOptions} options
 * @param {import('./context.js').Context} context
 * @returns {Promise<{ name: string, report: CaFileReport, bytes: () => Uint8Array }>}
 */
async function readFile(file, options, context) {
  const { inspectCaFile } = require('../../index.js')
  if (file === STDIN) {
    const bytes = await context.readStdin()
    if (bytes === undefined) throw new CommandError('standard input is longer than 128 MiB, and no chain is')
    const name = '(standard input)'
    return { name, report: checked(await inspectCaFile(bytes, options), 'standard input', file), bytes: () => bytes }
  }
  const report = checked(await inspectCaFile(file, options), `\`${file}\``, file)
  return { name: file, report, bytes: () => fs.readFileSync(file) }
}

/**
 * @param {CaFileReport} report
 * @param {string} name
 * @param {string} file
 */
function checked(report, name, file) {
  const { blocks, findings, format, found } = report
  const has = (/** @type {string} */ rule) => findings.some((finding) => finding.rule === rule)
  const larger = has('ca-file-too-large') ? ' and larger than 128 MiB' : ''
  if (format === 'directory') throw new CommandError(`${name} is a directory, and certificates are read from a file`)
  if (format === 'pipe') throw new CommandError(`${name} is a pipe, whose end may never come`, ['read it as standard input: `… | trust-anchors diagnose -`'])
  if (format === 'device') throw new CommandError(`${name} is a device, and certificates are read from a file`)
  if (format === 'empty') throw new CommandError(larger === '' ? `${name} is empty` : `${name} is larger than 128 MiB, and there is nothing in those`)
  if (format === 'unreadable') throw unreadable(file, name)
  if (has('ca-file-pkcs12-locked')) throw new CommandError(`${name} is a PKCS#12 file with a password`, ['`--password-file FILE` opens it'])
  if (found.length === 0 && !blocks.some(({ label }) => CERTIFICATE.test(label))) {
    const labels = [...new Set(blocks.map(({ label }) => label))]
    const keys = blocks.some(({ label }) => /PRIVATE KEY/.test(label))
    if (keys) throw new CommandError(`${name} holds a private key and no certificate`, ['name the file that the server sends: its certificate, then the intermediates'])
    throw new CommandError(`${name} holds no certificate${labels.length === 0 ? '' : `, only ${listed(labels.slice(0, 5), 'and')}`}${larger}`)
  }
  return report
}

/** @param {string} file @param {string} name */
function unreadable(file, name) {
  try {
    fs.closeSync(fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0)))
  } catch (error) {
    const { message } = /** @type {Error} */ (error)
    return new CommandError(`cannot read ${name}: ${message}`)
  }
  return new CommandError(`cannot read ${name}`)
}

/**
 * What a server sends that was set up with this file: its certificates in their order, whatever is wrong with them.
 *
 * @param {string} file
 * @param {import('../../index.js').InspectOptions} options
 * @param {import('./context.js').Context} context
 * @returns {Promise<ChainFile>}
 */
async function readChain(file, options, context) {
  const { name, report, bytes } = await readFile(file, options, context)
  const path = file === STDIN ? undefined : file
  /** @type {Sent[]} */
  const sent = []
  /** @type {(string | Uint8Array)[]} */
  const pieces = []
  /** @type {Uint8Array | undefined} */
  let whole
  let unreadable = 0
  for (const { certificates, end, label, line, start } of report.blocks) {
    for (const index of certificates) {
      const certificate = report.found[index]
      if (certificate === undefined) continue
      sent.push({ certificate, ...(path === undefined ? {} : { path }), ...(line === undefined ? {} : { line }) })
      pieces.push(certificate.pem)
    }
    if (certificates.length > 0 || !CERTIFICATE.test(label)) continue
    // A peer would send it all the same, and the handshake would end at it.
    unreadable += 1
    whole ??= bytes()
    const block = Buffer.from(whole.subarray(start, end))
    if (!hasData(block)) continue
    sent.push({ certificate: null, ...(path === undefined ? {} : { path }), ...(line === undefined ? {} : { line }) })
    pieces.push(block)
  }
  const keyLines = report.blocks.flatMap(({ label, line }) => (/PRIVATE KEY/.test(label) ? [line] : []))
  const keys = Math.max(keyLines.length, report.findings.some(({ rule }) => rule === 'ca-file-private-key') ? 1 : 0)
  const notes = []
  if (keys > 0) {
    const at = keyLines.filter((line) => line !== undefined)
    const where = at.length === 0 ? '' : ` (line ${listed(at.slice(0, 3).map(String), 'and')})`
    notes.push(`It holds ${keys === 1 ? 'a private key' : counted(keys, 'private key')}${where}, which is not looked at and never shown`)
  }
  if (unreadable > 0) notes.push(`${counted(unreadable, 'block')} of it cannot be read; \`trust-anchors inspect ${file}\` says why`)
  return { name, ...(path === undefined ? {} : { path }), format: FORMATS[report.format] ?? report.format, sent, pieces, notes, keys }
}

/** Whether there is base64 between the armour. @param {Buffer} block */
function hasData(block) {
  const text = block.toString('latin1').replace(/-----[^-]*-----/g, '').replace(/\0/g, '')
  return Buffer.from(text, 'base64').length > 0
}

/**
 * What a file brings as a `ca` option: its bytes for Node, and where each certificate of it stands.
 *
 * @param {string} file
 * @param {import('../../index.js').InspectOptions} options
 * @param {import('./context.js').Context} context
 */
async function readTrust(file, options, context) {
  const { name, report, bytes } = await readFile(file, options, context)
  /** @type {[sha256: string, line: number | undefined][]} */
  const places = report.found.map(({ sha256, sources }) => [sha256, sources[0]?.line])
  const warnings = []
  const lost = report.found.length - report.loadedByNode.length
  if (report.format !== 'pem') warnings.push(`${name} is ${FORMATS[report.format] ?? report.format}: a \`ca\` option takes PEM alone, so Node trusts nothing because of it`)
  else if (lost > 0) warnings.push(`Node does not read ${lost === 1 ? 'one certificate' : counted(lost, 'certificate')} of ${name}; \`trust-anchors inspect ${file}\` says why`)
  return { name, text: bytes(), places, warnings }
}

module.exports = { STDIN, readChain, readTrust }
