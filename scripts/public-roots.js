'use strict'

/**
 * Writes crates/trust-anchors-core/src/public_roots.rs: the certificates that Node or Debian ship or have shipped, so that a certificate of
 * the system store that none of them knows can be told for a private one.
 *
 *   node scripts/public-roots.js [bundle.pem …]
 *
 * Takes the lists of the test suite's Nodes, the given PEM files, and what the committed file already knows: a root stays known after
 * everybody has removed it.
 */

const { createHash } = require('node:crypto')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const { nodes } = require('../__test__/support/nodes')
const { cleanEnvironment } = require('../__test__/support/environment')

const target = path.join(__dirname, '..', 'crates', 'trust-anchors-core', 'src', 'public_roots.rs')
const known = new Set(fs.existsSync(target) ? fs.readFileSync(target, 'utf8').match(/\b0x[0-9a-f]{16}\b/g) : [])

/**
 * @param {string} text
 */
function add(text) {
  for (const [, body] of text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)) {
    known.add(`0x${createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex').slice(0, 16)}`)
  }
}

for (const { path: binary } of nodes) {
  const print = "process.stdout.write(require('tls').rootCertificates.join('\\n'))"
  add(execFileSync(binary, ['-e', print], { encoding: 'utf8', env: cleanEnvironment(), maxBuffer: Infinity }))
}
for (const file of process.argv.slice(2)) add(fs.readFileSync(file, 'utf8'))

fs.writeFileSync(target, `//! The public roots that Node or Debian ship or have shipped. Made by \`scripts/public-roots.js\`; do not edit.

/// The first eight bytes of each one's SHA-256, sorted.
pub static PUBLIC_ROOTS: &[u64] = &[
${[...known].sort().map((prefix) => `    ${prefix},\n`).join('')}];

/// Whether a certificate is one of them, by its SHA-256.
pub fn is_public(sha256: &[u8; 32]) -> bool {
    let [a, b, c, d, e, f, g, h, ..] = *sha256;
    PUBLIC_ROOTS
        .binary_search(&u64::from_be_bytes([a, b, c, d, e, f, g, h]))
        .is_ok()
}
`)
