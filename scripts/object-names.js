'use strict'

/**
 * Writes crates/trust-anchors-core/src/verify/identity/object_names.rs: the short name of every object identifier that the OpenSSL inside the
 * test suite's Nodes knows. Needs a C compiler (`cc`).
 *
 *   node scripts/object-names.js
 */

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const { nodes } = require('../__test__/support/nodes')
const { cleanEnvironment } = require('../__test__/support/environment')

const target = path.join(__dirname, '..', 'crates', 'trust-anchors-core', 'src', 'verify', 'identity', 'object_names.rs')

// Official Node binaries export the functions of their OpenSSL.
const SOURCE = `
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
typedef struct asn1_object_st ASN1_OBJECT;
extern ASN1_OBJECT *OBJ_nid2obj(int number);
extern const char *OBJ_nid2sn(int number);
extern size_t OBJ_length(const ASN1_OBJECT *object);
extern const unsigned char *OBJ_get0_data(const ASN1_OBJECT *object);

__attribute__((constructor)) static void list(void) {
  for (int number = 1; number < 3000; number++) {
    const ASN1_OBJECT *object = OBJ_nid2obj(number);
    if (object == NULL || OBJ_length(object) == 0) continue;
    for (size_t index = 0; index < OBJ_length(object); index++) printf("%02x", OBJ_get0_data(object)[index]);
    printf(" %s\\n", OBJ_nid2sn(number));
  }
  fflush(stdout);
  _Exit(0);
}
`

/** Object identifiers in hexadecimal, and their short names. */
function names(node, library) {
  const script = `process.dlopen({ exports: {} }, ${JSON.stringify(library)})`
  const text = execFileSync(node, ['-e', script], { encoding: 'utf8', env: cleanEnvironment() })
  return new Map(text.trimEnd().split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]))
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-anchors-objects-'))
const library = path.join(folder, 'objects.node')
try {
  execFileSync('cc', ['-shared', '-fPIC', '-xc', '-', '-o', library], { input: SOURCE })
  const [old, later] = [new Map(), new Map()]
  for (const { major, path: node } of nodes) {
    const known = major <= 20 ? old : later
    for (const [identifier, name] of names(node, library)) {
      if ((known.get(identifier) ?? name) !== name) throw new Error(`${identifier} is ${name} and ${known.get(identifier)}`)
      known.set(identifier, name)
    }
  }
  const lost = [...old.keys()].filter((identifier) => !later.has(identifier))
  if (lost.length > 0) throw new Error(`known to OpenSSL 3.0 alone: ${lost.join(', ')}`)
  const rows = [...later].sort(([a], [b]) => Buffer.compare(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))).map(([identifier, name]) => {
    const oldName = old.get(identifier)
    return `${identifier} ${name}${oldName === undefined ? ' -' : oldName === name ? '' : ` ${oldName}`}\n`
  })
  fs.writeFileSync(target, `//! OpenSSL's short names of object identifiers. Made by \`scripts/object-names.js\`; do not edit.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::der::OpensslVersion;

/// The short name (\`OBJ_nid2sn\`) of an object identifier's content octets.
pub(super) fn short_name(identifier: &[u8], version: OpensslVersion) -> Option<&'static str> {
    let (name, old_name) = NAMES.get(identifier)?;
    match version {
        OpensslVersion::V3_0 => *old_name,
        OpensslVersion::V3_5_0 | OpensslVersion::V3_5 => Some(name),
    }
}

/// By identifier, the name in OpenSSL 3.5 and the one in 3.0.
type Names = HashMap<Vec<u8>, (&'static str, Option<&'static str>)>;

/// One text, taken apart when a name is first asked for: as many pointers would be relocated whenever
/// the addon is loaded.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let octet = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    TEXT.lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let identifier = words
                .next()?
                .as_bytes()
                .chunks(2)
                .map(octet)
                .collect::<Option<_>>()?;
            let name = words.next()?;
            let old_name = match words.next() {
                None => Some(name),
                Some("-") => None,
                other => other,
            };
            Some((identifier, (name, old_name)))
        })
        .collect()
});

/// A line each: the identifier in hexadecimal, its name in OpenSSL 3.5, and where that differs in 3.0 the name there, or \`-\` for none.
static TEXT: &str = "\
${rows.join('')}";
`)
  console.log(`${old.size} names in OpenSSL 3.0, ${later.size} in 3.5`)
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}
