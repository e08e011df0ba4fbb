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
    &OPTIONS_REFUSED,
    &OPTION_UNVERIFIED,
    &OPTION_VERSIONS,
    &OPTION_NOTHING_SHARED,
    &OPTION_ALPN,
    &OPTION_SERVER_NAME,
    &OPTION_LEVEL_RAISED,
    &OPTION_LEVEL_LOWERED,
    &OPTION_OLD_VERSIONS,
    &OPTION_IDENTITY_CHECK,
    &OPTION_CA_UNUSABLE,
    &OPTION_CA_INCOMPLETE,
    &OPTION_CA_ALONE,
    &OPTION_INEFFECTIVE,
    &CLOCK_BEHIND,
    &CLOCK_AHEAD,
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
rule!(
    OPTIONS_REFUSED,
    "client-options-refused",
    Error,
    Client,
    "Node does not take the TLS options",
    "Options (`tlsOptions`) from which this Node makes no client: ciphers or curves that its OpenSSL does not have, versions that do not exist or leave none.",
    "Node throws before it connects, or ends the connection before its first message: `ERR_SSL_NO_CIPHER_MATCH`, `ERR_TLS_INVALID_PROTOCOL_VERSION`, `ERR_SSL_NO_PROTOCOLS_AVAILABLE` and others. No server has a part in it. Names that an \
older OpenSSL knew, and lists copied from other software, are the usual cause.",
    "error[client-options-refused]: this Node does not take the options: ERR_SSL_NO_CIPHER_MATCH, no cipher match",
    "Leave the option out, or name what this Node has: `node -p 'crypto.getCiphers()'` is about encryption of data, `node -p 'tls.getCiphers()'` lists the cipher suites.",
    "- Node `src/crypto/crypto_context.cc`: `SecureContext::Init`, `SecureContext::SetCiphers`; `lib/internal/tls/secure-context.js`"
);
rule!(
    OPTION_UNVERIFIED,
    "client-option-unverified",
    Error,
    Client,
    "The options turn certificate verification off",
    "`rejectUnauthorized` that is false in the options of the program (`tlsOptions`).",
    "The connection accepts every certificate for every host name, so anybody between the two ends can read and change what is sent. `socket.authorized` is false then, and nobody looks at it.",
    "error[client-option-unverified]: `rejectUnauthorized` is false in the options: every certificate is accepted for every host, whoever presents it",
    "Remove the option, and trust the CA that made it necessary.\n\n```js\nconst { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync({ extra: 'company-ca.pem' }).agent()\n```",
    "- Node `lib/_tls_wrap.js`: `onConnectSecure`"
);
rule!(
    OPTION_VERSIONS,
    "client-option-versions",
    Error,
    Client,
    "The options leave no TLS version that the server speaks",
    "`minVersion`, `maxVersion`, `secureProtocol` or `secureOptions` in the options of the program (`tlsOptions`) that leave versions of which the server speaks none. What is left is read from the first message that this Node makes of them.",
    "The server ends the handshake with the alert protocol_version (`ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION`), or Node does (`ERR_SSL_UNSUPPORTED_PROTOCOL`).",
    "error[client-option-versions]: the options leave TLSv1.3 (minVersion: 'TLSv1.3'), and the server speaks TLSv1.2: there is no version in common",
    "Leave the options out: Node speaks TLS 1.2 and TLS 1.3 by default, and takes the higher one.",
    "- Node `lib/internal/tls/secure-context.js`; OpenSSL `ssl/statem/statem_lib.c`, `ssl_choose_client_version`\n- RFC 8446 section 4.1.2"
);
rule!(
    OPTION_NOTHING_SHARED,
    "client-option-nothing-shared",
    Error,
    Client,
    "The options leave nothing in common with the server",
    "`ciphers`, `ecdhCurve` or `sigalgs` in the options of the program (`tlsOptions`), with which this Node's own handshake fails and without which it does not.",
    "The server finds no cipher suite, group or signature algorithm that it takes, and ends the handshake with the alert handshake_failure: `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE` in Node 18 and 20, \
`ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE` later.",
    "error[client-option-nothing-shared]: `ciphers` leaves 1 cipher suite, and the server takes TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, which is not among them: the handshake fails with ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE, and not without the option",
    "Leave the option out, or add what the server takes.\n\n```js\nhttps.get(url, { ciphers: `${tls.DEFAULT_CIPHERS}:ECDHE-ECDSA-AES256-GCM-SHA384` })\n```",
    "- OpenSSL `ssl/statem/statem_srvr.c`, `tls_post_process_client_hello`\n- RFC 8446 section 4.1.1"
);
rule!(
    OPTION_ALPN,
    "client-option-alpn",
    Error,
    Client,
    "The options offer no protocol that the server speaks",
    "`ALPNProtocols` in the options of the program (`tlsOptions`), with which this Node's own handshake fails by the alert no_application_protocol.",
    "A server that is asked for protocols, and speaks none of them, ends the handshake (`ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL`); one that is not asked does not.",
    "error[client-option-alpn]: `ALPNProtocols` offers `mqtt`, and the server speaks none of it: it ends the handshake",
    "Add the protocol that the server speaks, or leave the option out.\n\n```js\ntls.connect({ host, port: 443, servername: host, ALPNProtocols: ['http/1.1'] })\n```",
    "- RFC 7301 section 3.2"
);
rule!(
    OPTION_SERVER_NAME,
    "client-option-servername",
    Error,
    Client,
    "The options ask the server for another name",
    "`servername` in the options of the program (`tlsOptions`) that is not the host and that the certificate is not for; or an empty one, at a server that answers otherwise without a name.",
    "Node sends `servername` as server name indication and compares the certificate with it, and not with the host: `ERR_TLS_CERT_ALTNAME_INVALID`. An empty one sends none, and a server with several names shows the certificate of another.",
    "error[client-option-servername]: `servername` is `www.example.org` in the options, and the certificate that the server shows is for `api.example.com`: Node asks for that name and compares it",
    "Leave `servername` out, or set it to a name of the certificate; `https` sets it to the host by itself, `tls.connect` does not send one unless told to.\n\n```js\ntls.connect({ host: '192.0.2.10', port: 443, servername: \
'www.example.com' })\n```",
    "- Node `lib/_tls_wrap.js`: `onConnectSecure`; `lib/_http_agent.js`: `calculateServerName`"
);
rule!(
    OPTION_LEVEL_RAISED,
    "client-option-security-level-raised",
    Error,
    Client,
    "The options raise the security level above what the chain has",
    "`@SECLEVEL` in `ciphers` of the options of the program (`tlsOptions`), at which a key or digest of the chain is too weak, and at the default not.",
    "Level 3 takes RSA keys of 3072 bits and more, level 4 of 7680: few public CAs have such keys. Node ends in `UNSPECIFIED` with the reason \"EE certificate key too weak\" or \"CA certificate key too weak\".",
    "error[client-option-security-level-raised]: `ciphers` raises the security level to 3, at which `api.example.com` does not pass: EE certificate key too weak",
    "Leave `@SECLEVEL` out of `ciphers`.",
    "- OpenSSL `ssl/t1_lib.c`, `ssl_security_cert`; `SSL_CTX_set_security_level(3)`"
);
rule!(
    OPTION_LEVEL_LOWERED,
    "client-option-security-level-lowered",
    Warning,
    Client,
    "The options lower the security level",
    "`@SECLEVEL` in `ciphers` of the options of the program (`tlsOptions`) below the default of this Node: 2 from Node 24 on, 1 before.",
    "At level 1 RSA keys of 1024 bits pass, at level 0 MD5 and SHA-1 signatures, export ciphers and TLS 1.0 as well: what is set for one old server holds for every connection with these options.",
    "warning[client-option-security-level-lowered]: `ciphers` lowers the security level to 0, from 2 in Node 24: weaker keys, digests and versions pass on every connection with these options",
    "Leave it out, but on connections to the one server that needs it and cannot be mended.",
    "- OpenSSL `SSL_CTX_set_security_level(3)`; Node `deps/openssl`: the default of each line"
);
rule!(
    OPTION_OLD_VERSIONS,
    "client-option-old-versions",
    Warning,
    Client,
    "The options offer TLS 1.0 or 1.1",
    "`minVersion`, `secureProtocol` or `secureOptions` in the options of the program (`tlsOptions`) with which the first message of this Node offers versions below TLS 1.2.",
    "Node offers TLS 1.2 and 1.3 by default. The older ones were given up by RFC 8996, since their handshakes rest on SHA-1 and MD5. At security level 1 and above OpenSSL 3 offers them no more, whatever `minVersion` says.",
    "warning[client-option-old-versions]: the options offer TLSv1.1, TLSv1 (minVersion: 'TLSv1'), which everybody else has given up",
    "Set `minVersion` to `'TLSv1.2'`, or leave it out.",
    "- RFC 8996; OpenSSL `ssl/ssl_lib.c`, `ssl_set_option_list`"
);
rule!(
    OPTION_IDENTITY_CHECK,
    "client-option-identity-check",
    Warning,
    Client,
    "The program compares the name of the server itself",
    "A `checkServerIdentity` in the options of the program (`tlsOptions`) that is not Node's.",
    "Node calls it in place of its own comparison of the host with the names of the certificate. A function that returns nothing accepts every valid certificate, whoever it was issued to. What it does cannot be seen from outside.",
    "warning[client-option-identity-check]: `checkServerIdentity` is a function of the program: whether the certificate is for this host is up to that, and not to Node",
    "Remove it; where it adds a check, such as a pinned key, let it call Node's own first.\n\n```js\nfunction checkServerIdentity(host, certificate) {\n  return tls.checkServerIdentity(host, certificate) ?? checkPin(certificate)\n}\n```",
    "- Node `lib/_tls_wrap.js`: `onConnectSecure`; `lib/tls.js`: `checkServerIdentity`"
);
rule!(
    OPTION_CA_UNUSABLE,
    "client-option-ca-unusable",
    Error,
    Client,
    "The `ca` option holds no certificate",
    "A `ca` that is given and from which Node reads no certificate: a path, an empty list, DER, any other text.",
    "Node reads the value as PEM and says nothing when there is none in it. It takes the place of the default trust all the same, so that nothing is trusted: connections end in `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, \
`UNABLE_TO_VERIFY_LEAF_SIGNATURE` or `SELF_SIGNED_CERT_IN_CHAIN`. An empty text, null and false stand for the default trust.",
    "error[client-option-ca-unusable]: `ca` is a path, `/etc/ssl/company-ca.pem`, and Node reads no file here: Node takes it without a word, trusts nothing, and every connection fails",
    "Give it the text of the certificates.\n\n```js\nhttps.get(url, { ca: fs.readFileSync('company-ca.pem') })\n```",
    "- Node `lib/internal/tls/secure-context.js`: `configSecureContext`; `src/crypto/crypto_context.cc`: `SecureContext::AddCACert`"
);
rule!(
    OPTION_CA_INCOMPLETE,
    "client-option-ca-incomplete",
    Error,
    Client,
    "Node reads a part of the `ca` option",
    "An entry of `ca` with more certificates than Node reads from it.",
    "Node reads an entry up to its first fault, and goes on with the next entry. Often the blocks are glued: the entries of `tls.rootCertificates` have no final line break, and `list.join('')` makes one line of an END and a BEGIN line.",
    "error[client-option-ca-incomplete]: `ca` holds 3 certificates, and Node reads 1: it stops at the first fault without a word, and the rest is not trusted",
    "Give the list itself, or join it with line breaks.\n\n```js\nhttps.get(url, { ca: [...tls.rootCertificates, fs.readFileSync('company-ca.pem')] })\n```",
    "- Node `src/crypto/crypto_context.cc`: `SecureContext::AddCACert`; OpenSSL `PEM_read_bio_X509_AUX`"
);
rule!(
    OPTION_CA_ALONE,
    "client-option-ca-alone",
    Warning,
    Client,
    "The `ca` option takes the place of the public authorities",
    "A `ca` without any public root, in options with which the program connects to hosts of public authorities as well, as it says itself (`publicHosts`).",
    "`ca` replaces the default trust and does not add to it. It works as long as all connections go to servers of its own certificates; the first redirect to a public host, or a server that moves to a public certificate, fails.",
    "warning[client-option-ca-alone]: `ca` takes the place of the default trust, and the program connects to api.example.com with it too: no public authority is trusted there",
    "Trust both.\n\n```js\nconst { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync({ ca: fs.readFileSync('company-ca.pem') }).agent()\n```",
    "- Node `lib/internal/tls/secure-context.js`: `configSecureContext`"
);
rule!(
    OPTION_INEFFECTIVE,
    "client-option-ineffective",
    Error,
    Client,
    "A TLS option has no effect where it stands",
    "An option at a level at which the library does not look for it, or beside another one that takes its place: `ca` at the top level of the options of undici, `fetch`, axios, node-fetch, pg, mysql2, ioredis, redis, kafkajs, nodemailer or ldapts, \
`tls` of node-redis where it reads `socket`, `tlsOptions` of mongodb or mqtt, which read the top level, `secureContext` in mysql2's `ssl`, `ssl` of pg beside a URL with `sslmode`, `ca` beside a `secureContext`, or beside an `agent` that has one.",
    "Libraries take TLS options in places of their own and pass over the rest without a word: the connection goes on with the default trust, and with a private authority ends in `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE` \
or `SELF_SIGNED_CERT_IN_CHAIN`.",
    "error[client-option-ineffective]: `ca` has no effect where it stands: undici reads TLS options in `connect` alone",
    "Give it where it counts.\n\n```js\nnew undici.Agent({ connect: store.connectOptions() })\naxios.create({ httpsAgent: store.agent() })\nmysql.createConnection({ host, ssl: { ca: store.ca } })\nnew Redis({ host, tls: store.connectOptions() })\ncreateClient({ socket: { host, tls: true, ...store.connectOptions() } })\n```",
    "- undici `lib/core/connect.js`: `buildConnector`; axios `lib/adapters/http.js`; mysql2 `lib/base/connection.js`: `startTLS`; pg-connection-string `index.js`: `parse`; Node `lib/_tls_wrap.js`: `connect`"
);
rule!(
    CLOCK_BEHIND,
    "client-clock-behind",
    Warning,
    Clock,
    "The clock of this machine is behind the times that the server shows",
    "A stapled OCSP response from the future, or a chain of which two certificates or more are not valid yet. Nothing is sent to anybody to find out; how sure it is stands in the detail.",
    "Verification compares dates with the machine's clock: `CERT_NOT_YET_VALID`, for every server that has renewed its certificate lately. A board without a battery, a machine that slept and a container on it are the usual cause. Node does not look \
at OCSP responses by itself, but their dates are signed by the CA.",
    "warning[client-clock-behind]: the clock says 2026-11-21T10:25:26Z, and the OCSP response that the server staples was made on 2040-01-01T00:00:00Z: it seems to be at least 4788 days behind",
    "Set the clock.\n\n```bash\ndate -u && sudo timedatectl set-ntp true\n```\n\n```powershell\nGet-Date -AsUTC; w32tm /resync\n```",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `ossl_x509_check_cert_time`\n- RFC 6960 section 4.2.2.1"
);
rule!(
    CLOCK_AHEAD,
    "client-clock-ahead",
    Warning,
    Clock,
    "The clock of this machine may be ahead of the times that the server shows",
    "A certificate that has expired by the clock, at a server that staples an OCSP response from before, or on a path to a public root that would have expired as well.",
    "By a clock that is ahead good certificates have expired: `CERT_HAS_EXPIRED` at every server. Servers that staple ask their CA every few days, so an old response means that the clock is wrong or that the server was left alone: it is no proof.",
    "warning[client-clock-ahead]: the clock says 2026-11-21T10:25:28Z, and the server staples an OCSP response that was good until 2021-05-27T00:00:00Z and made while its certificate was valid: it seems to be at least 2004 days ahead",
    "Compare the clock with another one, and set it.\n\n```bash\ndate -u && sudo timedatectl set-ntp true\n```\n\n```powershell\nGet-Date -AsUTC; w32tm /resync\n```",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `ossl_x509_check_cert_time`\n- RFC 6960 section 4.2.2.1"
);
