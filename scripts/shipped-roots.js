'use strict'

/**
 * Writes crates/trust-anchors-core/src/shipped_roots/: which root each Node line ships (`tls.rootCertificates` of the test suite's Nodes), and
 * the DER of those that are no longer in Mozilla's list, which is compiled in anyway.
 *
 *   npm run build && node scripts/shipped-roots.js
 *
 * To be run after an update of `webpki-root-certs` or of the Nodes; the Rust tests fail when a root has neither source.
 */

const { createHash } = require('node:crypto')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const { loadTrustStoreSync } = require('..')
const { nodes } = require('../__test__/support/nodes')
const { cleanEnvironment } = require('../__test__/support/environment')

const folder = path.join(__dirname, '..', 'crates', 'trust-anchors-core', 'src', 'shipped_roots')
const table = path.join(folder, 'table.rs')

const derOf = (pem) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')
const digestOf = (der) => createHash('sha256').update(der).digest('hex')

/** @type {Map<string, Buffer>} */
const roots = new Map()
const lists = nodes.map(({ major, version, path: binary }) => {
  const print = "process.stdout.write(JSON.stringify(require('tls').rootCertificates))"
  const pems = JSON.parse(execFileSync(binary, ['-e', print], { encoding: 'utf8', env: cleanEnvironment(), maxBuffer: Infinity }))
  const digests = pems.map((pem) => {
    const der = derOf(pem)
    roots.set(digestOf(der), der)
    return digestOf(der)
  })
  return { major, version, digests }
})

/** One order of all roots in which every list has its own: the next one is that which no list has later than another of what is left. */
function commonOrder() {
  const left = lists.map(({ digests }) => [...digests])
  const order = []
  while (order.length < roots.size) {
    const heads = left.map(([head]) => head).filter((head) => head !== undefined)
    const next = heads.find((head) => left.every((list) => list[0] === head || !list.includes(head)))
    if (next === undefined) throw new Error('the lists have no common order: the table needs one for each')
    order.push(next)
    for (const list of left) if (list[0] === next) list.shift()
  }
  return order
}

const mozilla = new Set(loadTrustStoreSync({ bundled: 'mozilla', system: false, extra: false }).certificates.map(({ sha256 }) => sha256))

const removed = []
let end = 0
const rows = commonOrder().map((digest) => {
  const bits = lists.map(({ digests }) => (digests.includes(digest) ? '1' : '0')).reverse().join('')
  let der = 'None'
  if (!mozilla.has(digest)) {
    const root = roots.get(digest)
    removed.push(root)
    der = `Some(${end}..${end + root.length})`
    end += root.length
  }
  return `    root("${digest}", 0b${bits}, ${der}),\n`
})

const text = `//! Which root each Node line ships. Made by \`scripts/shipped-roots.js\`; do not edit.

use super::{List, Root, root};

/// When the lists were read.
pub static READ_ON: &str = "TODAY";

/// The Nodes whose lists were read, the oldest first.
pub static LISTS: [List; ${lists.length}] = [
${lists.map(({ major, version }) => `    List {\n        major: ${major},\n        version: "${version}",\n    },\n`).join('')}];

/// The roots in the order that all lists share: SHA-256, a bit for each list that has it, the lowest for the oldest, and the place in
/// \`removed.der\` unless Mozilla's list has it.
#[rustfmt::skip]
pub(super) static ROOTS: [Root; ${rows.length}] = [
${rows.join('')}];
`
const before = fs.existsSync(table) ? fs.readFileSync(table, 'utf8') : ''
const [, day] = /READ_ON: &str = "(.*)"/.exec(before) ?? []
// The day is that of the last change: running it again changes nothing.
const unchanged = before === text.replace('TODAY', day)
fs.mkdirSync(folder, { recursive: true })
fs.writeFileSync(table, unchanged ? before : text.replace('TODAY', new Date().toISOString().slice(0, 10)))
fs.writeFileSync(path.join(folder, 'removed.der'), Buffer.concat(removed))
console.log(`${roots.size} roots, ${removed.length} of them not in Mozilla's list (${end} bytes)`)
