//! No path from the server's certificate to one that Node trusts.

use super::fixes::{
    CA_OPTION, CARRY_INTERMEDIATE, EXTRA_NOT_LOADED, FIND_INTERMEDIATE, INTERCEPTED, LOOK_AT_CHAIN,
    MANAGED_SERVICE, MERGED_STORE, NEVER_BLINDLY, NEVER_LEAF, NEVER_OFF, OPENSSL_STORE, PRIVATE_CA,
    SEND_CHAIN, TRUST_CA_FILE, USE_SYSTEM_CA,
};
use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &UNABLE_TO_VERIFY_LEAF_SIGNATURE,
    &UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    &SELF_SIGNED_CERT_IN_CHAIN,
    &DEPTH_ZERO_SELF_SIGNED_CERT,
    &UNABLE_TO_GET_ISSUER_CERT,
    &CERT_UNTRUSTED,
    &CERT_REJECTED,
    &CERT_CHAIN_TOO_LONG,
];

const TRUST_RULES: &[&str] = &[
    "extra-ca-file-missing",
    "ca-file-no-certificate",
    "ca-file-der",
    "extra-ca-set-at-run-time",
    "extra-ca-in-env-file",
    "system-ca-not-trusted",
];

const MISSING_INTERMEDIATE: Cause = Cause {
    id: "missing-intermediate",
    title: "The server does not send its intermediate certificate",
    tells: "`openssl s_client -connect {host}:{port} -servername {host} -showcerts </dev/null` prints one certificate, and its issuer is an intermediate of a \
known CA. Browsers and curl on some systems work all the same: they download or remember intermediates, Node does neither",
    actor: Actor::Server,
    fixes: &[SEND_CHAIN, FIND_INTERMEDIATE, CARRY_INTERMEDIATE],
};

/// The leaf alone, and its issuer unknown.
pub static UNABLE_TO_VERIFY_LEAF_SIGNATURE: ErrorCode = ErrorCode {
    name: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    family: Family::Trust,
    openssl: &[21],
    texts: &["unable to verify the first certificate"],
    title: "The server sent one certificate, and Node does not know its issuer",
    meaning: "The chain ends at its first link. Node has the server's own certificate and nothing above it: the issuer was not sent, and it is not among the \
CAs that this process trusts. Most often the server forgot its intermediate certificate.",
    versions: "All versions. Node 24 and later append “; if the root CA is installed locally, try running Node.js with --use-system-ca”.",
    hint: "Node 24 and 26 suggest `--use-system-ca` whenever this happens, even when it is on already. It only helps where the *issuer itself* is in the system's \
store. For a missing intermediate, the most frequent cause, it changes nothing: a system's store holds roots.",
    causes: &[
        MISSING_INTERMEDIATE,
        INTERCEPTED,
        PRIVATE_CA,
        EXTRA_NOT_LOADED,
        CA_OPTION,
        MANAGED_SERVICE,
        OPENSSL_STORE,
    ],
    avoid: &[NEVER_OFF, NEVER_LEAF, NEVER_BLINDLY],
    rules: TRUST_RULES,
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `build_chain` reports 20 for the leaf, then `internal_verify` 21 since the only certificate cannot be checked; the \
last one counts. Node `src/crypto/crypto_common.cc`.",
    ..ErrorCode::NONE
};

/// A chain that ends below its root.
pub static UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ErrorCode = ErrorCode {
    name: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    family: Family::Trust,
    openssl: &[20],
    texts: &["unable to get local issuer certificate"],
    title: "The chain leads to a CA that this process does not trust",
    meaning: "The server sent its certificate and at least one above it, but the issuer of the last one is not among the CAs that this process trusts. The root is \
missing here, or an intermediate is missing in the middle.",
    versions: "All versions. A chain of more than 101 certificates ends here too.",
    hint: "Node adds no hint to this code, although it is the one where `--use-system-ca` often helps: when the root is installed in the system and Node does not \
look there.",
    causes: &[
        INTERCEPTED,
        PRIVATE_CA,
        EXTRA_NOT_LOADED,
        CA_OPTION,
        Cause {
            id: "missing-intermediate",
            title: "The server sends an incomplete chain: one intermediate, not the one above it",
            tells: "`openssl s_client -connect {host}:{port} -servername {host} -showcerts </dev/null`: the issuer (`i:`) of the last certificate is neither sent nor a \
root that is in lists; a public CA usually offers a file named `fullchain` or `ca-bundle`",
            actor: Actor::Server,
            fixes: &[SEND_CHAIN, CARRY_INTERMEDIATE],
        },
        MANAGED_SERVICE,
        Cause {
            id: "old-list",
            title: "The root is public, and newer than this Node's list or gone from it",
            tells: "The issuer of the last certificate is a public CA, and another Node version connects. `npx trust-anchors list --diff mozilla node` shows what this \
Node lacks of Mozilla's list",
            actor: Actor::Client,
            fixes: &[
                FixText::write(
                    "Connect through the merged store, which holds today's Mozilla list",
                    "const { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync().agent()",
                ),
                FixText::new("Update Node: every release brings the list of its day"),
            ],
        },
        OPENSSL_STORE,
    ],
    avoid: &[NEVER_OFF, NEVER_BLINDLY, NEVER_LEAF],
    rules: TRUST_RULES,
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `build_chain`, `X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY` at a depth above 0.",
    ..ErrorCode::NONE
};

/// The root was sent, and is not trusted.
pub static SELF_SIGNED_CERT_IN_CHAIN: ErrorCode = ErrorCode {
    name: "SELF_SIGNED_CERT_IN_CHAIN",
    code: "SELF_SIGNED_CERT_IN_CHAIN",
    family: Family::Trust,
    openssl: &[19],
    texts: &["self signed certificate in certificate chain"],
    title: "The server sent its root certificate along, and this process does not trust that root",
    meaning: "The chain is complete: it ends in a self-signed root, sent by the server. That root is not among the CAs of this process. Public sites rarely send \
their root, so this is mostly a private CA: a company's proxy, an internal service, or a managed database.",
    versions: "All versions. Node 16 and earlier wrote “self signed” without the hyphen.",
    hint: "Node adds no hint to this code, although it is one where `--use-system-ca` often helps: when the root is installed in the system and Node does not look \
there.",
    causes: &[
        INTERCEPTED,
        PRIVATE_CA,
        MANAGED_SERVICE,
        EXTRA_NOT_LOADED,
        CA_OPTION,
        OPENSSL_STORE,
        Cause {
            id: "same-subject",
            title: "Another root of the same name is trusted: the CA was renewed, or made anew with the same subject",
            tells: "The fingerprint of the root in your CA file differs from the one sent, and the subject is the same: \
`openssl x509 -in company-ca.pem -noout -subject -fingerprint -sha256`",
            actor: Actor::Client,
            fixes: &[
                FixText::new(
                    "Get the current root from whoever runs the CA, and keep the old one beside it until nothing uses it",
                ),
                INSPECT_ROOT,
            ],
        },
    ],
    avoid: &[NEVER_OFF, NEVER_BLINDLY],
    rules: TRUST_RULES,
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `build_chain`, `X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN`.",
    ..ErrorCode::NONE
};

const INSPECT_ROOT: FixText = super::fixes::INSPECT;

/// A self-signed leaf.
pub static DEPTH_ZERO_SELF_SIGNED_CERT: ErrorCode = ErrorCode {
    name: "DEPTH_ZERO_SELF_SIGNED_CERT",
    code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    family: Family::Trust,
    openssl: &[18],
    texts: &["self signed certificate"],
    title: "The server's certificate is signed by itself, and this process does not trust it",
    meaning: "No CA stands behind the server's certificate: it is its own issuer. Node accepts such a certificate only when exactly it is among the trusted ones.",
    versions: "All versions. Node 24 and later append “; if the root CA is installed locally, try running Node.js with --use-system-ca”.",
    hint: "Node 24 and 26 suggest `--use-system-ca`. There is no root CA here: it helps only when this very certificate is in the system's store.",
    causes: &[
        Cause {
            id: "development-server",
            title: "A development or internal server with a certificate that somebody made by hand",
            tells: "Subject and issuer are the same, the name is `localhost` or an internal one: \
`openssl s_client -connect {host}:{port} -servername {host} </dev/null | openssl x509 -noout -subject -issuer`",
            actor: Actor::Client,
            fixes: &[
                FixText::run(
                    "Make the certificate with a local CA, and trust that CA",
                    &[(
                        crate::findings::Shell::Bash,
                        "mkcert -install && mkcert localhost 127.0.0.1 ::1\nexport NODE_EXTRA_CA_CERTS=\"$(mkcert -CAROOT)/rootCA.pem\"",
                    )],
                ),
                FixText::write(
                    "Or trust exactly this certificate, from the file on the server, for this connection alone",
                    "https.get('https://{host}:{port}/', { ca: fs.readFileSync('server.pem') })",
                ),
                TRUST_CA_FILE,
            ],
        },
        Cause {
            id: "default-certificate",
            title: "The server answers with its default certificate, because it has none for this name",
            tells: "The certificate is a placeholder: “Kubernetes Ingress Controller Fake Certificate”, “TRAEFIK DEFAULT CERT”, a router's or Plesk's own. The name \
asked for is not configured there, or no server name was sent (addresses send none)",
            actor: Actor::Server,
            fixes: &[
                FixText::new(
                    "Configure a certificate for the name that clients ask for: the ingress's `tls` section, the virtual host",
                ),
                LOOK_AT_CHAIN,
            ],
        },
        MANAGED_SERVICE,
        INTERCEPTED,
        EXTRA_NOT_LOADED,
        Cause {
            id: "same-subject",
            title: "The certificate was made anew, and the old one of the same name is trusted",
            tells: "It worked until the server was rebuilt; the fingerprints differ: `openssl x509 -in server.pem -noout -fingerprint -sha256`. Where both are trusted, \
the first of the name counts",
            actor: Actor::Client,
            fixes: &[FixText::new(
                "Replace the old certificate in the CA file by the server's new one",
            )],
        },
    ],
    avoid: &[
        NEVER_OFF,
        NEVER_BLINDLY,
        "Do not use a self-signed certificate in production: it cannot be revoked or replaced without touching every client",
    ],
    rules: &[
        "certificate-self-signed-leaf",
        "extra-ca-file-missing",
        "ca-file-no-certificate",
    ],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `build_chain`, `X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT`.",
    ..ErrorCode::NONE
};

/// An anchor that is no root.
pub static UNABLE_TO_GET_ISSUER_CERT: ErrorCode = ErrorCode {
    name: "UNABLE_TO_GET_ISSUER_CERT",
    code: "UNABLE_TO_GET_ISSUER_CERT",
    family: Family::Trust,
    openssl: &[2],
    texts: &["unable to get issuer certificate"],
    title: "An intermediate is trusted, but the root above it is not",
    meaning: "The path reached a certificate that this process trusts, and that one is not self-signed. Node wants the path to go on to a root that is trusted too: an \
intermediate alone does not end it, even if the server sends the root.",
    versions: "All versions. Node 24 and later append “; if the root CA is installed locally, try running Node.js with --use-system-ca”.",
    hint: "Node 24 and 26 suggest `--use-system-ca`. That helps when the root above is in the system's store; the sure way is to trust the root beside the \
intermediate.",
    causes: &[
        Cause {
            id: "root-missing",
            title: "The CA file holds the intermediate and not its root",
            tells: "`npx trust-anchors inspect company-ca.pem` says `certificate-root-missing`; subject and issuer of the last certificate in it differ",
            actor: Actor::Client,
            fixes: &[
                FixText::run(
                    "Add the root to the file: the intermediate's issuer, from whoever runs the CA",
                    &[(
                        crate::findings::Shell::Bash,
                        "cat company-root.pem >> company-ca.pem && npx trust-anchors inspect company-ca.pem",
                    )],
                ),
                FixText::write(
                    "Or let an intermediate end the path, for connections that should trust nothing else of that root (Node 20.18, 22.9 or later)",
                    "tls.connect({ host: '{host}', port: {port}, ca: fs.readFileSync('intermediate.pem'), allowPartialTrustChain: true })",
                ),
            ],
        },
        Cause {
            id: "cross-signed",
            title: "The CA file holds a cross-signed certificate of the root, whose signer is gone",
            tells: "The last certificate of the file has the root's subject and another issuer",
            actor: Actor::Client,
            fixes: &[FixText::new(
                "Replace it by the self-signed certificate of the same subject, from the CA's page of roots",
            )],
        },
        EXTRA_NOT_LOADED,
    ],
    avoid: &[NEVER_OFF, NEVER_BLINDLY],
    rules: &["certificate-root-missing"],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `build_chain`, `X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT` unless `X509_V_FLAG_PARTIAL_CHAIN` is set.",
    ..ErrorCode::NONE
};

/// An anchor that is not trusted for servers.
pub static CERT_UNTRUSTED: ErrorCode = ErrorCode {
    name: "CERT_UNTRUSTED",
    code: "CERT_UNTRUSTED",
    family: Family::Trust,
    openssl: &[27],
    texts: &["certificate not trusted"],
    title: "The root is known, and its settings do not trust it for this use",
    meaning: "A `TRUSTED CERTIFICATE` block carries OpenSSL's own settings beside the certificate. Here they do not include this use, so the root counts as unknown.",
    versions: "Node knows the code, and 18 to 26 do not end in it: they go on, find the same settings once more, and report `INVALID_PURPOSE`. It comes from other \
programs, or from a context that native code prepared.",
    causes: &[TRUST_SETTINGS, PRIVATE_CA],
    avoid: &[NEVER_OFF],
    rules: &["pem-trusted-label"],
    source: "OpenSSL `crypto/x509/x509_trust.c`: `X509_check_trust`; `x509_vfy.c`: `check_trust`.",
    ..ErrorCode::NONE
};

/// OpenSSL's own settings beside a certificate.
pub const TRUST_SETTINGS: Cause = Cause {
    id: "trust-settings",
    title: "The CA file has a `TRUSTED CERTIFICATE` block whose settings leave servers out",
    tells: "`openssl x509 -in company-ca.pem -noout -text` ends in `Trusted Uses` or `Rejected Uses`",
    actor: Actor::Client,
    fixes: &[
        FixText::run(
            "Once you know why they were set and that they may go, write the certificate without them",
            &[(
                crate::findings::Shell::Bash,
                "openssl x509 -in company-ca.pem -out company-ca.plain.pem",
            )],
        ),
        MERGED_STORE,
    ],
};

/// An anchor that is rejected.
pub static CERT_REJECTED: ErrorCode = ErrorCode {
    name: "CERT_REJECTED",
    code: "CERT_REJECTED",
    family: Family::Trust,
    openssl: &[28],
    texts: &["certificate rejected"],
    title: "A certificate of the chain is explicitly rejected for this use",
    meaning: "A `TRUSTED CERTIFICATE` block, OpenSSL's own form, carries a rejection beside the certificate: whoever wrote it does not want it used for servers.",
    versions: "Node knows the code, and 18 to 26 do not end in it: they go on, find the same settings once more, and report `INVALID_PURPOSE`. It comes from other \
programs, or from a context that native code prepared.",
    causes: &[TRUST_SETTINGS],
    avoid: &[
        "Do not clear the rejection before you know who set it: a distribution or an administrator rejects a CA that did wrong",
        NEVER_OFF,
    ],
    rules: &["pem-trusted-label", "distrusted-by-system"],
    source: "OpenSSL `crypto/x509/x509_trust.c`: `obj_trust`; `x509_vfy.c`: `check_trust`.",
    ..ErrorCode::NONE
};

/// More certificates than Node follows.
pub static CERT_CHAIN_TOO_LONG: ErrorCode = ErrorCode {
    name: "CERT_CHAIN_TOO_LONG",
    code: "CERT_CHAIN_TOO_LONG",
    family: Family::Trust,
    openssl: &[22],
    texts: &["certificate chain too long"],
    title: "The path has more certificates than OpenSSL follows",
    meaning: "A path ends after 100 intermediate certificates. No honest chain is that long: certificates that sign each other in a circle are.",
    versions: "Node 18 and later report the error that follows, `UNABLE_TO_GET_ISSUER_CERT_LOCALLY` or `UNABLE_TO_GET_ISSUER_CERT`; this code was Node 16's.",
    causes: &[Cause {
        id: "loop",
        title: "Cross-signed certificates in the trust store lead in a circle",
        tells: "Two CAs signed each other, and both cross-signed certificates are in the CA file, without a root",
        actor: Actor::Client,
        fixes: &[
            FixText::new(
                "Take the cross-signed certificates out of the CA file, and put the self-signed roots in",
            ),
            super::fixes::INSPECT,
            USE_SYSTEM_CA,
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `build_chain`; `DEFAULT_VERIFY_DEPTH` 100 of the `default` parameters in `x509_vpm.c`.",
    ..ErrorCode::NONE
};
