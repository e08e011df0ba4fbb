//! Rules about this side of a connection: what the process trusts, how its client is set up, and its clock.

use super::rule;
use crate::findings::Rule;

/// The rules of this area.
pub static RULES: &[&Rule] = &[
    &ROOT_ONLY_IN_SYSTEM_STORE,
    &ROOT_IN_FILE_NOT_LOADED,
    &ROOT_FILE_NOT_USED,
    &ROOT_LEFT_LIST,
    &ROOT_NOT_YET_LISTED,
    &CA_REPLACES_DEFAULTS,
];

rule!(
    ROOT_ONLY_IN_SYSTEM_STORE,
    "client-root-only-in-system-store",
    Error,
    Client,
    "The system trusts the root of this server, and this process does not",
    "A chain without a path to a trust anchor, for which there is one as soon as the system's store is trusted too.",
    "Node has a list of its own and reads the system's store only when told to (`--use-system-ca`, `NODE_USE_SYSTEM_CA`): curl and browsers accept the server, Node ends in `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, \
`UNABLE_TO_VERIFY_LEAF_SIGNATURE`, `SELF_SIGNED_CERT_IN_CHAIN` or `DEPTH_ZERO_SELF_SIGNED_CERT`.",
    "error[client-root-only-in-system-store]: the system's store holds `Example Root` (/usr/local/share/ca-certificates/example.crt), which vouches for this server, and this process does not trust that store: curl and browsers accept the server, Node does not",
    "Turn the system store on, name its file, or connect through the merged store.\n\n```bash\nexport NODE_OPTIONS=--use-system-ca                            # Node 22.15 and later\nexport \
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt   # any Node; Debian, Ubuntu, Alpine\n```\n\n```powershell\n$env:NODE_OPTIONS = '--use-system-ca'\n```\n\n```dockerfile\nENV \
NODE_OPTIONS=--use-system-ca\n```\n\n```js\nconst { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync().agent()\n```",
    "- Node `src/crypto/crypto_context.cc`: `NewRootCertStore`"
);
rule!(
    ROOT_IN_FILE_NOT_LOADED,
    "client-root-in-file-not-loaded",
    Error,
    Client,
    "The root of this server is in the CA file, in a form that Node does not load",
    "A chain without a path to a trust anchor, for which there is one as soon as a certificate is trusted that is in the file of `NODE_EXTRA_CA_CERTS` and that Node does not load.",
    "Node reads the file up to its first fault and drops the rest, or passes over what is no plain PEM certificate, at most with one line on stderr. The verdict was worked out anew with what was lost, so that it is known to be the cause.",
    "error[client-root-in-file-not-loaded]: `Example Root` stands in line 12 of /etc/ssl/company.pem and would vouch for this server, but Node does not load it: an END line is not what its BEGIN line asks for (line 11); Node warns and stops reading there: `Other Root` and `Example Root` are lost",
    "Write a copy of the file that Node loads whole, and name that.\n\n```bash\nnpx trust-anchors inspect company-ca.pem --fix company-ca.fixed.pem\nexport NODE_EXTRA_CA_CERTS=\"$PWD/company-ca.fixed.pem\"\n```\n\n\
```powershell\nnpx trust-anchors inspect company-ca.pem --fix company-ca.fixed.pem\n$env:NODE_EXTRA_CA_CERTS = \"$PWD\\company-ca.fixed.pem\"\n```",
    "- Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`; OpenSSL `PEM_read_bio_X509`"
);
rule!(
    ROOT_FILE_NOT_USED,
    "client-root-file-not-used",
    Error,
    Client,
    "The CA file would do, and this process has not read it",
    "A chain without a path to a trust anchor, for which there is one with the file that `NODE_EXTRA_CA_CERTS` names now; the variable was set after the start of the process, or Node does not believe it.",
    "Node takes the variable when it starts. A program that sets `process.env.NODE_EXTRA_CA_CERTS`, dotenv and `--env-file` come too late, and a process with raised privileges ignores it (all versions).",
    "error[client-root-file-not-used]: `Example Root` in /etc/ssl/company.pem would vouch for this server, and this process has not read the file: Node takes NODE_EXTRA_CA_CERTS at its start only",
    "Set the variable before the process starts, or give the file to the program's own trust.\n\n```bash\nNODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem node app.js\n```\n\n```powershell\n$env:NODE_EXTRA_CA_CERTS = \
'C:\\certs\\company-ca.pem'; node app.js\n```\n\n```dockerfile\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```\n\n```js\nconst { loadTrustStoreSync } = require('trust-anchors')\nconst agent \
= loadTrustStoreSync({ extra: '/etc/ssl/certs/company-ca.pem' }).agent()\n```",
    "- Node `src/node.cc`: `InitializeOncePerProcessInternal`, which calls `crypto::UseExtraCaCerts`"
);
rule!(
    ROOT_LEFT_LIST,
    "client-root-left-list",
    Error,
    Server,
    "The root of this server is no longer on Node's list",
    "A chain that leads to a root which an older Node ships and this one does not.",
    "Mozilla takes roots off its list when a CA gives up or is distrusted, and each line of Node ships the list of its day: the server works with an older Node, or an older system, and not with this one.",
    "error[client-root-left-list]: the root of this server, `Entrust Root Certification Authority`, left Node's list in Node 22: it works with an older Node and not with Node 24",
    "Have the certificate of the server issued by a CA that is on the lists. Until then trust the root on the connections that need it, got from the CA itself.\n\n```js\nconst { loadTrustStoreSync } = \
require('trust-anchors')\nconst agent = loadTrustStoreSync({ extra: 'old-root.pem' }).agent()\n```",
    "- Node `src/node_root_certs.h` of each line, made by `tools/mk-ca-bundle.pl` from Mozilla's `certdata.txt`"
);
rule!(
    ROOT_NOT_YET_LISTED,
    "client-root-not-yet-listed",
    Error,
    Client,
    "The root of this server is younger than this Node's list",
    "A chain that leads to a root which a later Node ships and this one does not.",
    "The list is compiled into Node. A new root reaches an old line only with an update of its list, and lines that are no longer maintained get none: the server works with a later Node, and in browsers.",
    "error[client-root-not-yet-listed]: the root of this server, `TrustAsia TLS RSA Root CA`, is on Node's list from Node 20 on, and this is Node 18",
    "Update Node, or connect through the merged store, which has today's list of Mozilla. A server can also send the older root's cross-signed certificate, which most CAs publish.\n\n```js\nconst { loadTrustStoreSync } = \
require('trust-anchors')\nconst agent = loadTrustStoreSync().agent()\n```",
    "- Node `src/node_root_certs.h` of each line, made by `tools/mk-ca-bundle.pl` from Mozilla's `certdata.txt`"
);
rule!(
    CA_REPLACES_DEFAULTS,
    "client-ca-replaces-defaults",
    Error,
    Client,
    "The `ca` option takes the place of the trust that would accept the server",
    "A chain without a path to a trust anchor in the `ca` option, for which there is one in what the process trusts without it.",
    "`ca` replaces the default trust and does not add to it: with one private CA in it, every public server fails, and neither `NODE_EXTRA_CA_CERTS` nor the system's store counts any more (all versions).",
    "error[client-ca-replaces-defaults]: the `ca` option does not hold the root of this server, `Example Root`, which this process trusts without the option: `ca` takes the place of the default trust",
    "Leave the option out on connections to servers of other CAs, or give both.\n\n```js\nconst tls = require('node:tls')\nhttps.get(url, { ca: [...tls.rootCertificates, fs.readFileSync('company-ca.pem')] })\n\n// \
parsed once, and with the system's store\nconst { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync({ ca: fs.readFileSync('company-ca.pem') }).agent()\n```",
    "- Node `lib/internal/tls/secure-context.js`: `configSecureContext`"
);
