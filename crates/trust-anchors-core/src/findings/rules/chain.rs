//! Rules about a chain that was judged: one for each way in which a verdict fails, and what is worth knowing beside it.

use super::rule;
use crate::findings::Rule;

/// The rules of this area.
pub static RULES: &[&Rule] = &[
    &MISSING_INTERMEDIATE,
    &ROOT_NOT_TRUSTED,
    &SELF_SIGNED,
    &ANCHOR_WITHOUT_ROOT,
    &ANCHOR_REJECTED,
    &CERTIFICATE_EXPIRED,
    &ANCHOR_EXPIRED,
    &NOT_YET_VALID,
    &DATE_UNREADABLE,
    &SIGNATURE_INVALID,
    &SAME_SUBJECT_CHOSEN,
    &WRONG_PURPOSE,
    &ISSUER_NOT_CA,
    &PATH_LENGTH,
    &UNKNOWN_CRITICAL,
    &NAME_CONSTRAINTS,
    &KEY_TOO_WEAK,
    &SIGNATURE_TOO_WEAK,
    &HOST_NAME,
    &TOO_LONG,
    &UNDECODABLE,
    &EMPTY,
    &INVALID_EXTENSION,
    &UNUSUAL,
    &UNDETERMINED,
    &NOT_READ,
    &OUT_OF_ORDER,
    &LEAF_NOT_FIRST,
];

rule!(
    MISSING_INTERMEDIATE,
    "chain-missing-intermediate",
    Error,
    Server,
    "The server sends its certificate without the intermediate that issued it",
    "A leaf that came alone, or with certificates that did not issue it, and whose issuer is not in the trust store either.",
    "A TLS server has to send the chain up to the root (RFC 8446 section 4.4.2). Browsers hide the fault: they remember intermediates from other sites, or download them. \
Node does neither, and fails with `UNABLE_TO_VERIFY_LEAF_SIGNATURE` on every version. Where the issuer is a private root that signs servers directly, nothing is \
missing on the server: the client has to trust that root.",
    "error[chain-missing-intermediate]: the server sent `www.example.com` without its issuer `CN=Example Issuing CA`, and the trust store does not hold that either: Node cannot check the certificate",
    "On the server, put the intermediate behind the server's certificate in one file and reload (`cat server.pem intermediate.pem > fullchain.pem`); certbot writes that file as \
`fullchain.pem`. `npx trust-anchors diagnose HOST:PORT --fetch-missing` fetches the intermediate from where the certificate says it is, prints that file, and proves what helps until the server \
sends it. Without it, a client may carry the intermediate beside its own trust: `loadTrustStoreSync({ extra: ['intermediate.pem'] })`. `--use-system-ca` does not help: \
intermediates are in no system store.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `build_chain` and `internal_verify`\n- RFC 8446 section 4.4.2"
);
rule!(
    ROOT_NOT_TRUSTED,
    "chain-root-not-trusted",
    Error,
    Client,
    "The chain leads to a CA that is not trusted",
    "A chain whose last certificate is a self-signed one that the trust store does not hold, or an intermediate whose issuer is neither sent nor in the store.",
    "The CA is a private one, that of a proxy which inspects TLS, or a public one that this list does not have yet or any more. When its certificate was sent, Node says \
`SELF_SIGNED_CERT_IN_CHAIN`, otherwise `UNABLE_TO_GET_ISSUER_CERT_LOCALLY` (all versions). That the root was sent does not make it trusted.",
    "error[chain-root-not-trusted]: the chain of `www.example.com` leads to `CN=Company Root`, which the trust store does not hold",
    "Get the root's certificate from whoever runs the CA, compare its fingerprint, and give it to Node before it starts: `NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem`. \
`npx trust-anchors diagnose HOST:PORT --write-ca company-ca.pem` writes it where the server sends it or the system has it, shows the fingerprint, and proves that Node connects. When the \
system trusts it already: `NODE_OPTIONS=--use-system-ca` (Node 22.15 and later), or `loadTrustStoreSync()` on every version. A `ca` option replaces the whole list: add to it \
with `loadTrustStoreSync({ ca })`.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `build_chain`\n- Node `src/crypto/crypto_context.cc`, `NewRootCertStore`"
);
rule!(
    SELF_SIGNED,
    "chain-self-signed-leaf",
    Error,
    Client,
    "The server's certificate is self-signed, and not trusted",
    "A leaf that is its own issuer and is not in the trust store, or that stands there behind another certificate of the same name.",
    "Nobody vouches for such a certificate but itself: Node says `DEPTH_ZERO_SELF_SIGNED_CERT` (all versions). Development servers, appliances and default installations \
have them. Put into the trust store it is accepted, whatever it says about being a CA.",
    "error[chain-self-signed-leaf]: `localhost` is self-signed and not in the trust store: nobody else vouches for it",
    "Trust this one certificate on the clients that need it, by its file from the server itself: `NODE_EXTRA_CA_CERTS=/path/server.pem` or `ca` of the connection. Better for more than one \
server: a private CA (`mkcert`, step-ca) whose root the clients trust.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `build_chain`"
);
rule!(
    ANCHOR_WITHOUT_ROOT,
    "chain-anchor-without-root",
    Error,
    Client,
    "The trust store holds an intermediate, and not its root",
    "A chain that reaches a certificate of the trust store which another CA has issued, while that CA is not in the store.",
    "Node does not set `X509_V_FLAG_PARTIAL_CHAIN`: trust ends at self-signed certificates alone. Once a certificate is taken from the store, its issuer is looked for in the store as well and \
not among what was sent, so the chain fails with `UNABLE_TO_GET_ISSUER_CERT` even when the server sends the root (all versions).",
    "error[chain-anchor-without-root]: `Example Issuing CA` is in the trust store, and its issuer `CN=Example Root` is not: Node ends a chain at a self-signed certificate only",
    "Put the root into the same store: `openssl x509 -in ca.pem -noout -issuer` names it. From Node 22.9 on `tls.connect({ ca, allowPartialTrustChain: true })` ends a chain at any certificate \
of the store.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `build_chain` and `check_trust`\n- Node `src/crypto/crypto_context.cc`, `SetAllowPartialTrustChain`"
);
rule!(
    ANCHOR_REJECTED,
    "chain-anchor-rejected",
    Error,
    Client,
    "The trust store says that this anchor is not for TLS servers",
    "A chain that reaches a `TRUSTED CERTIFICATE` of the `ca` option whose settings reject the purpose.",
    "OpenSSL's own form of a certificate carries settings (`openssl x509 -addtrust`, `-addreject`). Node reads them in a `ca` option and honours them: `CERT_REJECTED`, or `INVALID_PURPOSE` where the \
settings trust other uses only (all versions).",
    "error[chain-anchor-rejected]: the settings of the TRUSTED CERTIFICATE `Mail CA` in `ca` keep it from vouching for TLS servers",
    "If it is to be trusted for TLS, write the certificate without settings: `openssl x509 -in ca.pem -clrtrust -clrreject -out plain.pem`.",
    "- OpenSSL `crypto/x509/x509_trust.c`, `obj_trust`; `x509_vfy.c`, `check_trust` and `check_purpose`"
);
rule!(
    CERTIFICATE_EXPIRED,
    "chain-certificate-expired",
    Error,
    Server,
    "A certificate that the server sends has expired",
    "A leaf or intermediate of the path whose notAfter is over.",
    "`CERT_HAS_EXPIRED`, from the second of notAfter on (all versions). It is checked last of all, from the top down, so it hides every other fault of the chain: an expired leaf of an unknown CA is \
reported as expired. An intermediate may be expired while the leaf is not: servers go on sending the one they were set up with.",
    "error[chain-certificate-expired]: `www.example.com` expired on 2026-03-01 (position 0 of the path), 12 days before the time it is judged by",
    "Renew the certificate and reload the server (`certbot renew && systemctl reload nginx`). For an intermediate: put the CA's current one into the server's chain file. Where the date looks \
right, look at the clock: `date -u`.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `ossl_x509_check_cert_time`\n- RFC 5280 section 6.1.3 (a) (2)"
);
rule!(
    ANCHOR_EXPIRED,
    "chain-anchor-expired",
    Error,
    Client,
    "The path ends in an expired certificate of the trust store",
    "A certificate that was taken from the trust store and whose notAfter is over.",
    "The dates of trusted certificates count as well: `CERT_HAS_EXPIRED` (all versions). OpenSSL prefers the store to what was sent: an expired intermediate or cross-signed root in the store is taken only \
where no valid one of that name is there, but it is taken before a valid one that the server sent.",
    "error[chain-anchor-expired]: `Example Root` of the trust store expired on 2021-09-30 (position 2 of the path)",
    "Replace it by the CA's current certificate, or take it out: where the server sends a valid one of the same name, or another root of the same key is trusted, the chain works without it.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `build_chain` and `ossl_x509_check_cert_time`"
);
rule!(
    NOT_YET_VALID,
    "chain-not-yet-valid",
    Error,
    Clock,
    "A certificate of the chain is not valid yet",
    "A certificate of the path whose notBefore is still to come.",
    "`CERT_NOT_YET_VALID` (all versions). A certificate that was issued minutes ago, on a machine whose clock is behind, is the usual case.",
    "error[chain-not-yet-valid]: `www.example.com` is valid from 2031-01-01T00:00:00Z on, and is judged by 2030-06-01T00:00:00Z",
    "Check the clock of this machine (`date -u`; PowerShell: `Get-Date -AsUTC`) and set it with NTP; else wait for the date, or have the certificate issued again.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `ossl_x509_check_cert_time`"
);
rule!(
    DATE_UNREADABLE,
    "chain-date-unreadable",
    Error,
    Server,
    "A date of a certificate is not written as it must be",
    "A notBefore or notAfter that is no UTCTime or GeneralizedTime in the one form that RFC 5280 allows: without seconds, with an offset, with a month 13.",
    "`ERROR_IN_CERT_NOT_BEFORE_FIELD` or `ERROR_IN_CERT_NOT_AFTER_FIELD` (all versions); OpenSSL 3.5 (Node 22.20, 24.5 and later) refuses some of them while decoding already.",
    "error[chain-date-unreadable]: notAfter of `www.example.com` is not a time in the form that RFC 5280 demands",
    "Have the certificate issued again by software that writes `YYMMDDHHMMSSZ`: `openssl asn1parse -in cert.pem` shows the field.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `X509_cmp_time`\n- RFC 5280 section 4.1.2.5"
);
rule!(
    SIGNATURE_INVALID,
    "chain-signature-invalid",
    Error,
    Server,
    "The signature of a certificate does not verify",
    "A certificate whose signature was not made with the key of the certificate that names itself its issuer.",
    "`CERT_SIGNATURE_FAILURE` (all versions). OpenSSL chooses issuers by name and key identifier and never goes back on its choice, so a certificate of a CA that was made anew under its old name, without key \
identifiers, is tried with the wrong key. Otherwise the bytes were changed.",
    "error[chain-signature-invalid]: the signature of `www.example.com` was not made with the key of `CN=Example Issuing CA`: it was changed, or that is another CA of the same name",
    "Send the intermediate that issued the certificate: `openssl verify -partial_chain -trusted intermediate.pem server.pem` tells whether it is the one. A CA that gets a new key should get a new name, or \
subject and authority key identifiers.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `internal_verify`"
);
rule!(
    SAME_SUBJECT_CHOSEN,
    "chain-same-subject-anchor",
    Error,
    Client,
    "The trust store holds several certificates of one name, and the wrong one is taken",
    "A path that fails at a certificate of the trust store, or at the signature below it, while the store holds another of the same subject.",
    "OpenSSL takes the first of the name that is valid now and whose key identifier fits, looks at neither keys nor signatures nor extensions, and never tries another (all versions). With a CA that was made anew \
under its old name the order in the store decides.",
    "error[chain-same-subject-anchor]: the trust store holds 2 certificates of the subject `CN=Example Root`; Node takes the first that fits, which is not the one that this chain needs",
    "Take out the one that is not used any more. `loadTrustStoreSync({ ca })` puts those of one subject into the order that serves every chain, where there is one.",
    "- OpenSSL `crypto/x509/x509_lu.c`, `X509_STORE_CTX_get1_issuer`"
);
rule!(
    WRONG_PURPOSE,
    "chain-wrong-purpose",
    Error,
    Server,
    "A certificate of the chain may not be used for this purpose",
    "A keyUsage, extendedKeyUsage or Netscape certificate type that excludes TLS servers (or clients, when a server asks): on the leaf, or on a CA above it.",
    "`INVALID_PURPOSE` (all versions). OpenSSL asks the same extendedKeyUsage of every CA and of the root; `anyExtendedKeyUsage` alone does not count. A client certificate that a server presents is \
the usual case.",
    "error[chain-wrong-purpose]: `www.example.com` is not for TLS servers: its extendedKeyUsage or keyUsage excludes them",
    "Have the certificate issued with `extendedKeyUsage = serverAuth` and `keyUsage = digitalSignature` (for a client `clientAuth`). On a CA leave extendedKeyUsage out, or let it hold both.",
    "- OpenSSL `crypto/x509/v3_purp.c`, `check_purpose_ssl_server` and `check_purpose_ssl_client`; `x509_vfy.c`, `check_purpose`"
);
rule!(
    ISSUER_NOT_CA,
    "chain-issuer-not-a-ca",
    Error,
    Server,
    "A certificate issued another one, and is no CA",
    "An issuer of the path without cA in basicConstraints, or whose keyUsage has no keyCertSign; a trusted root is no exception.",
    "`INVALID_PURPOSE`, rarely `INVALID_CA`, or `UNSPECIFIED` with the reason \"key usage does not include certificate signing\" (all versions). A version 1 certificate passes as a root only.",
    "error[chain-issuer-not-a-ca]: `Example Issuing CA` issued the certificate below it and is no CA: basicConstraints or keyUsage do not allow it",
    "Have the CA's certificate issued again with `basicConstraints = critical, CA:TRUE` and `keyUsage = critical, keyCertSign, cRLSign`, with the same key and name: certificates below it stay as they are.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `check_extensions`; `v3_purp.c`, `X509_check_ca` and `ossl_x509_signing_allowed`\n- RFC 5280 section 4.2.1.9"
);
rule!(
    PATH_LENGTH,
    "chain-path-length-exceeded",
    Error,
    Server,
    "There are more intermediates than a CA of the chain allows",
    "A pathLenConstraint that is smaller than the number of intermediates below that CA; self-issued ones do not count.",
    "`PATH_LENGTH_EXCEEDED` (all versions). Usually a CA with `pathlen:0`, which may issue servers' certificates only, has issued another CA.",
    "error[chain-path-length-exceeded]: `Example Root` allows 0 intermediates below it, and there are more",
    "Issue from the CA that is allowed to, or have the CA's certificate issued again with a larger pathLenConstraint, or none.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `check_extensions`\n- RFC 5280 section 4.2.1.9"
);
rule!(
    UNKNOWN_CRITICAL,
    "chain-unknown-critical-extension",
    Error,
    Server,
    "A certificate has a critical extension that OpenSSL does not know",
    "An extension that is marked critical and not handled, on any certificate of the path, the root included.",
    "`UNSPECIFIED` with the reason \"unhandled critical extension\" (all versions). Known ones that must not be critical count too: key identifiers, authorityInfoAccess, TLS feature, the poison of Certificate \
Transparency.",
    "error[chain-unknown-critical-extension]: `www.example.com` has a critical extension that OpenSSL does not know",
    "Have the certificate issued again with that extension not critical, or without it: `openssl x509 -in cert.pem -noout -text` shows them.",
    "- OpenSSL `crypto/x509/v3_purp.c`, `X509_supported_extension`; `x509_vfy.c`, `check_extensions`\n- RFC 5280 section 4.2"
);
rule!(
    NAME_CONSTRAINTS,
    "chain-name-constraint-violated",
    Error,
    Server,
    "A CA of the chain may not issue for this name",
    "A name of a certificate that the nameConstraints of a CA above it exclude, or do not permit, or that cannot be compared with them.",
    "`UNSPECIFIED` with the reasons \"permitted subtree violation\", \"excluded subtree violation\" and others (all versions). OpenSSL checks the leaf's DNS names, addresses, mail addresses, URIs and directory \
names; without a DNS name also a common name that looks like one. Constraints count on a trusted root as well, critical or not.",
    "error[chain-name-constraint-violated]: a CA above `www.example.com` does not permit one of its names (permitted subtree violation)",
    "Have the certificate issued for names that the CA may vouch for, or by another CA: `openssl x509 -in ca.pem -noout -ext nameConstraints` shows what it permits.",
    "- OpenSSL `crypto/x509/v3_ncons.c`, `NAME_CONSTRAINTS_check`; `x509_vfy.c`, `check_name_constraints`\n- RFC 5280 section 4.2.1.10"
);
rule!(
    KEY_TOO_WEAK,
    "chain-key-too-weak",
    Error,
    Server,
    "A key of the chain is too weak for this Node",
    "A leaf, intermediate or root whose key is below OpenSSL's security level: RSA under 1023 bits at level 1 (Node 18, 20, 22); RSA under 2047 bits and curves under 224 bits at level 2 (Node 24, 26).",
    "`UNSPECIFIED` with the reason \"EE certificate key too weak\" or \"CA certificate key too weak\". The key of the trusted root is checked as well. Node 24 raised the default level from 1 to 2: chains with RSA-1024 \
that worked before fail there.",
    "error[chain-key-too-weak]: the key RSA-1024 of `Old Root` is below security level 2 of Node 24: works on Node 18, 20 and 22",
    "Have the certificate issued for a new key of at least RSA 2048 or P-256. Until then `ciphers: 'DEFAULT@SECLEVEL=1'` on the one connection that needs it lowers the level there; never set it for all.",
    "- OpenSSL `ssl/t1_lib.c`, `ssl_security_cert_key`; `crypto/x509/x509_vfy.c`, `check_auth_level`"
);
rule!(
    SIGNATURE_TOO_WEAK,
    "chain-signature-too-weak",
    Error,
    Server,
    "A certificate of the chain is signed with a digest that is too weak",
    "A signature with SHA-1, MD5 or older on any certificate but the last of the path.",
    "OpenSSL 3 counts SHA-1 as 63 bits, below the 80 of security level 1: `UNSPECIFIED` with the reason \"CA signature digest algorithm too weak\" on Node 18 and later; it worked in Node 16. The signature of \
the root is never looked at.",
    "error[chain-signature-too-weak]: `www.example.com` is signed with sha1WithRSAEncryption, which Node has not taken since version 18",
    "Have the certificate issued again with SHA-256. Nothing but security level 0 would take it as it is.",
    "- OpenSSL `crypto/x509/x509_set.c`, `x509_sig_info_init`; `x509_vfy.c`, `check_auth_level`"
);
rule!(
    HOST_NAME,
    "chain-host-name-mismatch",
    Error,
    Server,
    "The certificate is good, and for another name",
    "A host that none of the leaf's names match.",
    "`ERR_TLS_CERT_ALTNAME_INVALID`, from `tls.checkServerIdentity`, once everything else is good. A `*` stands for exactly one label; an IP address matches IP addresses alone; the common name counts only where \
there is no DNS name. Node 22.23 and later, 24.17 to 24.19, and 26.3.1 to 26.5 match no IPv6 address at all.",
    "error[chain-host-name-mismatch]: the certificate is not for `db.example.com`; it is for `www.example.com` and `example.com`",
    "Connect by a name that the certificate has (`servername` where only the address can be reached), or have it issued with every name that clients use, as subjectAltName.",
    "- Node `lib/tls.js`, `checkServerIdentity`\n- RFC 6125 section 6.4"
);
rule!(
    TOO_LONG,
    "chain-too-long",
    Error,
    Server,
    "The chain is too long",
    "More than 100 kB of certificates, or a path of more than a hundred issuers, which a trust store with cross-signed CAs in a circle can make as well.",
    "OpenSSL takes a certificate message of 102,400 bytes at most (`ERR_SSL_EXCESSIVE_MESSAGE_SIZE`), and follows 101 issuers (`CERT_CHAIN_TOO_LONG`, which the missing end of the path then hides: \
`UNABLE_TO_GET_ISSUER_CERT_LOCALLY` or `UNABLE_TO_GET_ISSUER_CERT`).",
    "error[chain-too-long]: the certificates that were sent do not fit into a message of 102400 bytes, the most that OpenSSL takes",
    "Send the leaf and the intermediates that lead to the root, and nothing else: not a whole CA bundle.",
    "- OpenSSL `ssl/statem/statem_clnt.c`, `ossl_statem_client_max_message_size`; `crypto/x509/x509_vfy.c`, `build_chain`"
);
rule!(
    UNDECODABLE,
    "chain-undecodable-certificate",
    Error,
    Server,
    "A certificate that was sent cannot be decoded",
    "Bytes in the certificate message that OpenSSL does not take for a certificate, a certificate with something behind it, or a leaf whose key it cannot use.",
    "The handshake ends before anything is verified, with `ERR_SSL_…` codes that name OpenSSL's decoding error. OpenSSL 3.0 (Node 18 and 20) and 3.5 differ in what they take.",
    "error[chain-undecodable-certificate]: certificate number 2 of what was sent cannot be decoded: illegal padding",
    "Put certificates into the server's chain file that OpenSSL reads: `openssl x509 -in cert.pem -noout -text` says where it stops. Have a damaged one issued again.",
    "- OpenSSL `ssl/statem/statem_clnt.c`, `tls_process_server_certificate`; `crypto/asn1/tasn_dec.c`"
);
rule!(
    EMPTY,
    "chain-empty",
    Error,
    Server,
    "There is no certificate in the chain",
    "Input without a certificate: empty, text without a `-----BEGIN CERTIFICATE-----`, or other blocks only.",
    "A server that sends no certificate fails the handshake on both sides; what was given here holds none.",
    "error[chain-empty]: the chain holds no certificate",
    "Give the certificates as PEM or DER, the leaf first: `openssl s_client -connect HOST:443 -servername HOST -showcerts </dev/null` prints what a server sends.",
    "- OpenSSL `ssl/statem/statem_clnt.c`, `tls_process_server_certificate`"
);
rule!(
    INVALID_EXTENSION,
    "chain-invalid-extension",
    Error,
    Server,
    "A certificate has an extension that OpenSSL cannot read",
    "A certificate of the chain with an extension that OpenSSL knows and cannot decode, that stands in it twice or contradicts itself.",
    "OpenSSL marks it as invalid, and takes it neither for an issuer nor looks for its issuer: the chain ends there with `UNABLE_TO_VERIFY_LEAF_SIGNATURE` or `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, \
though nothing is missing (all versions).",
    "error[chain-invalid-extension]: `Example Issuing CA` has an extension that OpenSSL cannot read, or has it twice: no path leads through it",
    "Have the certificate issued again; `openssl x509 -in cert.pem -noout -text` shows the extension that it cannot read as bytes.",
    "- OpenSSL `crypto/x509/v3_purp.c`, `ossl_x509v3_cache_extensions` (`EXFLAG_INVALID`)"
);
rule!(
    UNUSUAL,
    "chain-unusual-certificate",
    Error,
    Server,
    "A certificate of the chain is of a kind that TLS in Node does not take",
    "Proxy certificates, curves that are written out rather than named, issuers with a key of an unknown kind, and RFC 3779 resources that their issuer does not have.",
    "`UNSPECIFIED` with OpenSSL's reason, or `UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY` (all versions). Such certificates belong to grids, routers and experiments.",
    "error[chain-unusual-certificate]: `www.example.com`: certificate public key has explicit ECC parameters",
    "Have the certificate issued with an RSA key of 2048 bits or more, or on the named curve P-256.",
    "- OpenSSL `crypto/x509/x509_vfy.c`, `check_extensions` and `internal_verify`; `v3_addr.c`"
);
rule!(
    UNDETERMINED,
    "chain-not-judged",
    Warning,
    Client,
    "Something about the chain cannot be checked here",
    "Keys that take more work than any in use, or more name constraints than this package compares.",
    "Node checks it, with either outcome; nothing is guessed. `ok` is false and `undetermined` says what it is.",
    "warning[chain-not-judged]: the verdict is not known: the certificates take more work than any that are in use (position 1 of the path)",
    "Ask Node itself: connect with it, or `openssl verify -CAfile ca.pem -untrusted chain.pem server.pem`.",
    "- This package's verification; OpenSSL `crypto/x509/x509_vfy.c`"
);
rule!(
    NOT_READ,
    "chain-input-not-read",
    Warning,
    Client,
    "A part of the input was not read",
    "A block without a certificate in it, more than 4 MB of text for the chain, or more than 8 MB for the trust store.",
    "A server sends 100 kB at most, and the longest lists of CAs hold some 500 certificates. What lies beyond the limits was not looked at; a block whose text is no base64 holds nothing that can be judged.",
    "warning[chain-input-not-read]: 1 piece of the chain holds no certificate and was passed over",
    "Give the chain and the CAs alone. `npx trust-anchors inspect FILE` says what is wrong with a block.",
    "- The limits of this package; OpenSSL `SSL_MAX_CERT_LIST_DEFAULT`"
);
rule!(
    OUT_OF_ORDER,
    "chain-out-of-order",
    Info,
    Server,
    "The intermediates are not sent in their order",
    "A chain that verifies, and in which a certificate that the path needs was sent before the one that it issued.",
    "Node does not mind: OpenSSL takes what was sent for a heap. TLS 1.2 demands the order (RFC 5246 section 7.4.2), TLS 1.3 recommends it, and some clients insist.",
    "note[chain-out-of-order]: the certificates are not sent in the order of the path (0, 2, 1): Node does not mind, other clients may",
    "Write the server's chain file in order: its own certificate, then each one's issuer.",
    "- RFC 8446 section 4.4.2; RFC 5246 section 7.4.2"
);
rule!(
    LEAF_NOT_FIRST,
    "chain-leaf-not-first",
    Error,
    Server,
    "The chain does not begin with the server's own certificate",
    "A chain that begins with a CA certificate and fails, and that Node accepts with another of its certificates in the first place.",
    "The first certificate of the message is the one that is judged (RFC 8446 section 4.4.2); the order of the others does not matter. A chain file that begins with the root or an \
intermediate makes Node say `INVALID_PURPOSE`, `ERR_TLS_CERT_ALTNAME_INVALID`, `SELF_SIGNED_CERT_IN_CHAIN` or another code about that one. A server that also has the key says so at its start: \
nginx, Apache and Node refuse a key that does not fit the first certificate of the file.",
    "error[chain-leaf-not-first]: the chain begins with the CA certificate `Example Root`; with `www.example.com`, certificate number 3 of it, in the first place Node accepts it",
    "Write the server's chain file anew: its own certificate first, then the intermediates, and no root.",
    "- OpenSSL `ssl/statem/statem_clnt.c`, `tls_process_server_certificate`; `ssl/ssl_cert.c`, `ssl_verify_cert_chain`\n- RFC 8446 section 4.4.2"
);
