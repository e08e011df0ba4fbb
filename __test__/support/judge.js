'use strict'

/**
 * The verdict of a real Node on any certificate chain, without its keys and without a connection: the OpenSSL inside each Node
 * binary verifies it on the context of a real `tls.createSecureContext`, as it does in a handshake, and then the real
 * `tls.checkServerIdentity` looks at the names. See ../oracle/src/verify.rs for the first and judge-child.js for the second.
 *
 *   const { judge, storeOf, storesOf } = require('./support/judge')
 *
 *   const [verdict] = await judge(24, [{ chain: [leaf.der, intermediate.der], ca: [root.pem], hostname: 'localhost', time: '2026-01-01' }])
 *   // { ok: false, code: 'CERT_HAS_EXPIRED', stage: 'verify', depth: 0, error: 10, errors: [[20, 1], [10, 0]], … }
 *
 *   await storeOf(24, [pem, …])       // [{ sha256, trusted: null, rejected: null }, …], in the order of the store
 *
 * A process judges some thousand cases a second. Cases that share one `ca` array share its context, as connections do.
 * The addon is built by the first call (`cargo build`, which finds it built afterwards).
 */

const { spawnSync } = require('node:child_process')
const path = require('node:path')

const { runNode } = require('./environment')
const { noVerdict } = require('./verdict')

const ROOT = path.join(__dirname, '..', '..')
const CHILD = path.join(__dirname, 'judge-child.js')
/** Characters of input for one process: it reads all of it before it begins. */
const BATCH = 1 << 25
/** A process that takes too long is ended with the first of them; the others come from whoever ends the tests. */
const OUR_OWN_SIGNALS = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'])

let addon

/**
 * Builds the addon and gives its path; every official Node binary loads it.
 * @returns {string}
 * @throws {Error} with cargo's own words when it cannot be built
 */
function oracleAddon() {
  if (addon) return addon
  const args = ['build', '--release', '--locked', '--package', 'trust-anchors-oracle', '--message-format', 'json-render-diagnostics']
  const { status, stdout, stderr, error } = spawnSync('cargo', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: Infinity })
  if (error) throw error
  if (status !== 0) throw new Error(`cargo could not build the oracle:\n${stderr}`)
  for (const line of stdout.trim().split('\n')) {
    const { reason, target, filenames } = JSON.parse(line)
    if (reason === 'compiler-artifact' && target.name === 'trust_anchors_oracle') addon = filenames[0]
  }
  if (!addon) throw new Error(`cargo named no file for the oracle:\n${stdout}`)
  return addon
}

/**
 * @typedef {string | Buffer} CaEntry as an entry of Node's `ca` option
 * @typedef {object} Case
 * @property {Buffer[]} chain DER, leaf first, then in the order sent
 * @property {CaEntry[]} [ca] Node's `ca` option; without it Node's own store
 * @property {string} [hostname] what the client connects to; without it no name is checked
 * @property {string | number} [time] anything `new Date()` takes, or seconds since 1970; default the clock's
 * @property {'server' | 'client'} [purpose] whose chain it is; default a server's
 * @property {boolean} [partial] Node's `allowPartialTrustChain`, which Node 18 does not have
 * @property {string} [ciphers] Node's `ciphers` option
 *
 * @typedef {object} Verdict
 * @property {boolean} ok
 * @property {string | null} code of the error Node gives
 * @property {'context' | 'handshake' | 'verify' | 'identity' | 'crash' | null} stage where it fails: `context`: `createSecureContext`
 *   throws; `handshake`: a certificate of the message cannot be decoded; `crash`: this Node itself ends, see `reason`
 * @property {number | null} error OpenSSL's number of the last error; null when nothing was verified
 * @property {number | null} depth of the last error
 * @property {[number, number][]} errors number and depth of every error, in the order raised
 * @property {string | null} reason the text of the error
 * @property {string[] | null} chain the one that was built: `L` the leaf, `I0` the first certificate after it, `T0` the first one
 *   among the PEM blocks of `ca`, `I1=T0` one that is both, or the SHA-256 of one that is none of these
 * @property {('sent' | 'store')[] | null} sources where each of them was taken from
 * @property {string | null} leafKey OpenSSL's type of the leaf's key; null when it cannot be read
 * @property {string | null} keyFault the code in which the handshake of a client ends after the verification, whatever came of that, because
 *   it cannot use the leaf's key; `ok` and `code` say nothing of it, since no server can present such a certificate in earnest
 * @property {number | null} at position of the certificate that cannot be decoded
 */

/** A reader's mistake in a case has to be seen, and not be taken for a verdict. */
function seconds(time) {
  if (time === undefined || time === null) return null
  const value = typeof time === 'number' ? time : new Date(time).getTime() / 1000
  if (!Number.isFinite(value)) throw new RangeError(`no time: ${time}`)
  return Math.floor(value)
}

const encodeEntries = (ca) => ca?.map((entry) => Buffer.from(entry).toString('base64'))

/** Lets processes of a Node answer every request, one line each; a request at which the process dies is answered by `onDeath`. */
async function ask(major, requests, onDeath) {
  const library = oracleAddon()
  const answers = []
  while (answers.length < requests.length) {
    const stores = new Map()
    const lines = []
    let size = 0
    let end = answers.length
    for (; end < requests.length && size < BATCH; end++) {
      const { ca, ...request } = requests[end]
      if (!stores.has(ca)) {
        stores.set(ca, stores.size)
        lines.push(JSON.stringify({ define: stores.get(ca), ca: encodeEntries(ca) }))
        size += lines.at(-1).length
      }
      lines.push(JSON.stringify({ ...request, ca: stores.get(ca) }))
      size += lines.at(-1).length
    }
    const { status, signal, stdout, stderr } = await runNode(major, [CHILD, library], { stdin: lines.join('\n'), limit: 600_000 })
    // Of a process that died, the last line may be cut off, and the request after it is the one at which it died.
    const complete = stdout.slice(0, stdout.lastIndexOf('\n') + 1)
    for (const line of complete.split('\n').slice(0, -1)) answers.push(JSON.parse(line))
    const unanswered = answers.length < end
    if (unanswered && signal !== null && !OUR_OWN_SIGNALS.has(signal)) answers.push(onDeath(signal))
    else if (unanswered || status !== 0) throw new Error(`Node ${major} ended with ${signal ?? status}: ${stderr}`)
  }
  const failed = answers.findIndex((answer) => answer.failure !== undefined)
  if (failed !== -1) throw new Error(`case ${failed} on Node ${major}: ${answers[failed].failure}`)
  return answers
}

/**
 * @param {number} major a version of support/nodes.js
 * @param {Case[]} cases
 * @returns {Promise<Verdict[]>} in the order of the cases
 * @throws {Error} when a case cannot be judged, which says nothing about the chain
 */
async function judge(major, cases) {
  const requests = cases.map(({ chain, ca, hostname, time, purpose = 'server', partial, ciphers }) => {
    if (chain.length === 0) throw new RangeError('a chain has at least one certificate')
    return { chain: chain.map((der) => der.toString('base64')), ca, hostname, time: seconds(time), purpose, partial, ciphers }
  })
  return ask(major, requests, (signal) => ({ ...noVerdict(), stage: 'crash', reason: signal }))
}

/**
 * The certificates that `tls.createSecureContext({ ca })` puts into its store, for each of many `ca`.
 *
 * @param {number} major
 * @param {(CaEntry[] | undefined)[]} cas
 * @returns {Promise<({ sha256: string, trusted: string[] | null, rejected: string[] | null }[] | { code: string, message: string })[]>}
 *   in the order of the store, which sorts by subject; with the purposes (dotted identifiers) that the auxiliary part of a `TRUSTED
 *   CERTIFICATE` trusts or rejects, null where it says nothing; or the error that `createSecureContext` throws
 */
async function storesOf(major, cas) {
  const answers = await ask(major, cas.map((ca) => ({ ca, store: true })), (signal) => ({ thrown: { code: signal, message: signal } }))
  return answers.map(({ store, thrown }) => store ?? thrown)
}

/** `storesOf` for one `ca`. */
async function storeOf(major, ca) {
  return (await storesOf(major, [ca]))[0]
}

module.exports = { judge, oracleAddon, storeOf, storesOf }
