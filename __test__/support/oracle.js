'use strict'

/**
 * What a real Node does with a CA file: it is run with NODE_EXTRA_CA_CERTS set, and asked.
 *
 *   const { loadedBy } = require('./support/oracle')
 *   const answer = await loadedBy(24, file)
 *   answer.loaded       // ['sha256', …]: what Node added, in its order
 *   answer.warning      // what it printed, or null
 *
 *   const answer = await loadedBy(18, file, { candidates: [der, …] })
 *   answer.members      // Map: sha256 -> true (in the store), false (not), null (this Node cannot tell)
 *
 * Node 22 and later list their extra certificates (`tls.getCACertificates('extra')`). Earlier ones cannot; there each
 * candidate gets a certificate that names it as its issuer (by subject, and by issuer and serial number), and the
 * context made with that says whom it finds in the store. A candidate that is not found even in a context that has it as
 * `ca` cannot be found by anybody (its key or an extension cannot be read): `null`, and so is one whose place another
 * certificate of the same subject, issuer and serial number takes.
 *
 * The answers never go through X509Certificate: some Nodes crash on some keys.
 */

const fs = require('node:fs')

const der = require('./der')
const { runNode } = require('./environment')
const { keyPair } = require('./keys')
const { pemBlock, sha256 } = require('./pki')

const LIST_EXTRA = `
const { createHash } = require('crypto')
const digest = (pem) => createHash('sha256').update(Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')).digest('hex')
process.stdout.write(JSON.stringify(require('tls').getCACertificates('extra').map(digest)))
`

const FIND_MEMBERS = `
const { createHash } = require('crypto')
const { createSecureContext } = require('tls')
const find = (options) => {
  let issuer
  try {
    issuer = createSecureContext(options).context.getIssuer()
  } catch {}
  return issuer ? createHash('sha256').update(issuer).digest('hex') : ''
}
const probes = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const answers = probes.map(({ digest, cert, ca }) => {
  const found = find({ cert })
  if (found === digest) return true
  if (found !== '') return null
  return find({ cert, ca }) === digest ? false : null
})
process.stdout.write(JSON.stringify(answers))
`

const SIGNATURE_BY_KEY = {
  '06072a8648ce3d0201': '06082a8648ce3d040302',
  '06092a864886f70d010101': '06092a864886f70d01010b0500',
  '06092a864886f70d01010a': '06092a864886f70d01010b0500',
  '06072a8648ce380401': '0609608648016503040302',
  '06032b6570': '06032b6570',
  '06032b6571': '06032b6571',
}

/** Who may read nothing that is not for everybody. */
const NOBODY = { uid: 65534, gid: 65534 }

/**
 * A certificate that names `candidate` as its issuer, or null when the candidate's bytes do not have that shape. Node
 * never checks its signature, only that its algorithm fits the issuer's key.
 */
function issuedByProbe(candidate) {
  let parts
  try {
    parts = der.certificateParts(candidate)
    parts.serialBody = der.read(parts.serial).body
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null
    throw error
  }
  const algorithm = SIGNATURE_BY_KEY[parts.keyAlgorithm]
  if (!algorithm) return null
  const signature = der.sequence(Buffer.from(algorithm, 'hex'))
  const authority = der.sequence(
    der.explicit(1, der.explicit(4, parts.issuer)),
    der.implicit(2, parts.serialBody),
  )
  const subject = der.sequence(
    der.set(der.sequence(der.objectIdentifier('2.5.4.3'), der.utf8String('probe'))),
  )
  const tbs = der.sequence(
    der.explicit(0, der.integer(2)),
    der.integer(1),
    signature,
    parts.subject,
    der.sequence(der.time('2020-01-01'), der.time('2045-01-01')),
    subject,
    keyPair('p256', 'probe').spki,
    der.explicit(
      3,
      der.sequence(der.sequence(der.objectIdentifier('2.5.29.35'), der.octetString(authority))),
    ),
  )
  return der.sequence(tbs, signature, der.bitString(Buffer.alloc(64, 1)))
}

/** The lines Node prints when it gives up on the file; its only words on stderr, or the run went wrong. */
function warningIn(stderr, describe) {
  if (stderr === '') return null
  // The file's name is printed as it is, so it may hold anything, line feeds too.
  const warning = /^Warning: Ignoring extra certs from `[^]*`, load failed: error:[^\n]*\n$/.exec(stderr)
  if (!warning) throw new Error(`${describe()} printed something unexpected: ${stderr}`)
  return warning[0].trimEnd()
}

/**
 * A FIFO's writing end, opened and closed as soon as a reader waits for one: this ends the wait of a Node that would wait
 * for ever, and is the proof that it did.
 */
async function releaseReader(file, isOver) {
  while (!isOver()) {
    try {
      fs.closeSync(fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK))
      return true
    } catch (error) {
      if (error.code !== 'ENXIO') throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return false
}

/**
 * What the Node of a major version does when `value` is its NODE_EXTRA_CA_CERTS.
 *
 * @param {number} major
 * @param {string} value
 * @param {{ candidates?: Buffer[], cwd?: string, fifo?: boolean, unprivileged?: boolean }} [options]
 *   `candidates`: DER of the certificates to look for on Node 18 and 20; `fifo`: the value is a FIFO nobody writes to;
 *   `unprivileged`: run as nobody when this is root, who may read everything
 * @returns {Promise<{ loaded: string[] | null, members: Map<string, boolean | null> | null, warning: string | null,
 *   waited: boolean }>}
 * @throws {Error} when Node itself ends badly
 */
async function loadedBy(major, value, { candidates = [], cwd, fifo = false, unprivileged = false } = {}) {
  const lists = major >= 22
  const probes = []
  const members = new Map()
  if (!lists) {
    const distinct = new Map(candidates.map((candidate) => [sha256(candidate), candidate]))
    for (const [digest, candidate] of distinct) {
      const probe = issuedByProbe(candidate)
      members.set(digest, null)
      if (probe) probes.push({ digest, cert: pemBlock(probe), ca: pemBlock(candidate) })
    }
  }
  let over = false
  let released = Promise.resolve(false)
  const result = await runNode(major, ['-e', lists ? LIST_EXTRA : FIND_MEMBERS], {
    cwd,
    env: { NODE_EXTRA_CA_CERTS: value },
    stdin: lists ? undefined : JSON.stringify(probes),
    ...(unprivileged && process.getuid() === 0 ? NOBODY : {}),
    onSpawn: (child) => {
      child.on('exit', () => (over = true))
      if (fifo) released = releaseReader(value, () => over)
    },
  })
  const describe = () => `Node ${major} with NODE_EXTRA_CA_CERTS=${JSON.stringify(value)}`
  if (result.status !== 0) {
    throw new Error(`${describe()} ended with ${result.signal ?? `status ${result.status}`}: ${result.stderr}`)
  }
  const warning = warningIn(result.stderr, describe)
  const answer = JSON.parse(result.stdout)
  if (!lists) {
    for (const [index, { digest }] of probes.entries()) members.set(digest, answer[index])
  }
  return { loaded: lists ? answer : null, members: lists ? null : members, warning, waited: await released }
}

module.exports = { NOBODY, loadedBy, releaseReader, sha256, warningIn }
