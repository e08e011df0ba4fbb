//! Keys, signatures and encodings of a chain.

use super::fixes::{LOOK_AT_CHAIN, NEVER_OFF};
use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;
use crate::findings::Shell::Bash;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &CA_KEY_TOO_SMALL,
    &EE_KEY_TOO_SMALL,
    &CA_MD_TOO_WEAK,
    &CERT_SIGNATURE_FAILURE,
    &UNABLE_TO_DECRYPT_CERT_SIGNATURE,
    &UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY,
    &SIGNATURE_ALGORITHM_MISMATCH,
    &EC_KEY_EXPLICIT_PARAMS,
    &OUT_OF_MEM,
    &UNSPECIFIED,
];

const LEVELS: &str = "The default security level is 1 (80 bits) on Node 18, 20 and 22, and 2 (112 bits) on Node 24 and 26: RSA keys below 2048 bits pass on the former and fail on the latter; below 1024 bits \
they fail on all. The `code` of the error is `UNSPECIFIED`.";
const NOT_LOWER: &str = "Do not lower the level for the whole process (`--tls-cipher-list`, `OPENSSL_CONF`): every other connection gets weaker too. Where an old device cannot be mended this week, the `ciphers` option of \
that one connection (`DEFAULT@SECLEVEL=1`) takes 1024 bits again, and a date to end it belongs beside it";
const NEW_KEY: FixText = FixText::run(
    "Have the certificate issued again for a new key",
    &[(
        Bash,
        "openssl req -new -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN={host} -addext subjectAltName=DNS:{host}",
    )],
);
const KEY_SIZES: FixText = FixText::run(
    "See the keys and signatures of what the server sends",
    &[(
        Bash,
        "openssl s_client -connect {host}:{port} -servername {host} </dev/null 2>/dev/null | grep -A2 '^ *[0-9] s:'",
    )],
);

/// `X509_V_ERR_CA_KEY_TOO_SMALL`.
pub static CA_KEY_TOO_SMALL: ErrorCode = ErrorCode {
    name: "CA_KEY_TOO_SMALL",
    code: "UNSPECIFIED",
    aliases: &["CA_KEY_TOO_WEAK"],
    family: Family::Certificate,
    openssl: &[67],
    texts: &["ca certificate key too weak"],
    title: "The key of a CA on the path is too short",
    meaning: "An intermediate or the root has a key that is weaker than the security level allows. Node checks the root's key too, although its signature is not checked.",
    versions: LEVELS,
    causes: &[
        Cause {
            id: "security-level",
            title: "An old private CA with RSA-1024 worked until Node 22, and Node 24 refuses it",
            tells: "It broke with the update of Node. `openssl x509 -in company-ca.pem -noout -text | grep 'Public-Key'` shows 1024 bits; `npx trust-anchors inspect company-ca.pem` says `certificate-key-weak`",
            actor: Actor::Server,
            fixes: &[
                FixText::new(
                    "Make a new CA with at least RSA-2048 or P-256, and issue the servers' certificates from it; trust both until all are replaced",
                ),
                KEY_SIZES,
            ],
        },
        Cause {
            id: "intercepted",
            title: "A TLS-inspecting appliance signs with a short key",
            tells: "The issuer is a proxy or firewall, and its CA has 1024 bits",
            actor: Actor::Proxy,
            fixes: &[FixText::new(
                "Have the appliance make a new CA with RSA-2048 or more, and distribute that",
            )],
        },
    ],
    avoid: &[NOT_LOWER, NEVER_OFF],
    rules: &[
        "certificate-key-weak",
        "certificate-key-too-weak",
        "security-level-changed",
    ],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_key_level`, `build_chain`; `ssl/ssl_cert.c`: `ssl_security_default_callback`.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_EE_KEY_TOO_SMALL`.
pub static EE_KEY_TOO_SMALL: ErrorCode = ErrorCode {
    name: "EE_KEY_TOO_SMALL",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[66],
    texts: &["ee certificate key too weak"],
    title: "The key of the server's certificate is too short",
    meaning: "The server's own key (EE: end entity) is weaker than the security level allows.",
    versions: LEVELS,
    causes: &[Cause {
        id: "security-level",
        title: "The server has an RSA-1024 key, which Node 24 refuses",
        tells: "It broke with the update of Node. `openssl s_client -connect {host}:{port} -servername {host} </dev/null | openssl x509 -noout -text | grep Public-Key`. Often a device: printer, switch, baseboard controller",
        actor: Actor::Server,
        fixes: &[NEW_KEY, KEY_SIZES],
    }],
    avoid: &[NOT_LOWER, NEVER_OFF],
    rules: &["security-level-changed"],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_key_level`; `ssl/ssl_cert.c`: `ssl_security_default_callback`.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_CA_MD_TOO_WEAK`.
pub static CA_MD_TOO_WEAK: ErrorCode = ErrorCode {
    name: "CA_MD_TOO_WEAK",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[68],
    texts: &["ca signature digest algorithm too weak"],
    title: "A certificate of the chain is signed with SHA-1 or MD5",
    meaning: "The signature on the server's certificate or on an intermediate uses a digest that can be forged. The root's own signature does not matter, and is not looked at.",
    versions: "Node 18 and later; Node 16 accepted SHA-1. The `code` of the error is `UNSPECIFIED`.",
    causes: &[
        Cause {
            id: "weak-digest",
            title: "A private CA still signs with SHA-1",
            tells: "`openssl s_client -connect {host}:{port} -servername {host} </dev/null | openssl x509 -noout -text | grep 'Signature Algorithm'` shows `sha1WithRSAEncryption`, or an intermediate does",
            actor: Actor::Server,
            fixes: &[
                FixText::run(
                    "Let the CA sign with SHA-256, and issue again what it signed",
                    &[(
                        Bash,
                        "openssl x509 -req -sha256 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 397 -copy_extensions copy -out server.pem",
                    )],
                ),
                KEY_SIZES,
            ],
        },
        Cause {
            id: "weak-digest-intermediate",
            title: "The server's certificate is fine, and the chain file holds an old intermediate",
            tells: "The CA has published the intermediate anew, signed with SHA-256 for the same key",
            actor: Actor::Server,
            fixes: &[
                FixText::new("Take the CA's current chain file"),
                LOOK_AT_CHAIN,
            ],
        },
    ],
    avoid: &[
        "Do not go down to security level 0, which SHA-1 would need: at that level forged certificates and broken ciphers pass as well",
        NEVER_OFF,
    ],
    rules: &["certificate-signature-too-weak"],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_sig_level`.",
    ..ErrorCode::NONE
};

/// A signature that does not fit.
pub static CERT_SIGNATURE_FAILURE: ErrorCode = ErrorCode {
    name: "CERT_SIGNATURE_FAILURE",
    code: "CERT_SIGNATURE_FAILURE",
    family: Family::Certificate,
    openssl: &[7],
    texts: &["certificate signature failure"],
    title: "The signature on a certificate does not fit the key of its issuer",
    meaning: "An issuer was found by its name, and its key did not make the signature. Either it is another CA of the same name, or the certificate was altered.",
    versions: "All versions.",
    causes: &[
        Cause {
            id: "same-subject",
            title: "The CA was made anew under the same name, and the old one is still trusted",
            tells: "Subject of the CA file and issuer of the certificate are equal, the keys differ. Without key identifiers OpenSSL takes the first of the name. \
`openssl verify -CAfile company-ca.pem -untrusted intermediate.pem server.pem` fails as well",
            actor: Actor::Client,
            fixes: &[
                FixText::new(
                    "Replace the old CA in the CA file by the one that signed, or put that one first",
                ),
                FixText::run(
                    "See certificates of one name in a file",
                    &[(Bash, "npx trust-anchors inspect company-ca.pem")],
                ),
            ],
        },
        Cause {
            id: "altered",
            title: "The certificate was altered or damaged",
            tells: "A test certificate edited by hand, a broken tool, a middlebox that patches certificates",
            actor: Actor::Server,
            fixes: &[
                FixText::new("Take the certificate from its CA again"),
                LOOK_AT_CHAIN,
            ],
        },
    ],
    avoid: &[NEVER_OFF],
    rules: &["same-subject-anchors", "same-subject-conflict"],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `internal_verify`, `X509_verify`.",
    ..ErrorCode::NONE
};

/// A signature that could not be opened; only RSA in old OpenSSL.
pub static UNABLE_TO_DECRYPT_CERT_SIGNATURE: ErrorCode = ErrorCode {
    name: "UNABLE_TO_DECRYPT_CERT_SIGNATURE",
    code: "UNABLE_TO_DECRYPT_CERT_SIGNATURE",
    family: Family::Certificate,
    openssl: &[4],
    texts: &["unable to decrypt certificate's signature"],
    title: "The signature on a certificate could not be opened",
    meaning: "The value under the signature could not be computed at all, as opposed to being wrong.",
    versions: "Node knows the code; OpenSSL 3 does not raise it and says `CERT_SIGNATURE_FAILURE` instead. It comes from older OpenSSL, BoringSSL or other libraries.",
    causes: &[Cause {
        id: "altered",
        title: "The certificate or its issuer's key is damaged",
        tells: "`openssl verify -CAfile company-ca.pem server.pem` fails as well",
        actor: Actor::Server,
        fixes: &[
            FixText::new("Take the certificate from its CA again"),
            LOOK_AT_CHAIN,
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `include/openssl/x509_vfy.h`.",
    ..ErrorCode::NONE
};

/// An issuer's key that cannot be read.
pub static UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: ErrorCode = ErrorCode {
    name: "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
    code: "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
    family: Family::Certificate,
    openssl: &[6],
    texts: &["unable to decode issuer public key"],
    title: "The key of a CA on the path cannot be read",
    meaning: "OpenSSL found the issuer of a certificate and cannot make sense of its public key: an unknown algorithm or curve, or damaged bytes.",
    versions: "All versions. Newer algorithms (ML-DSA, SLH-DSA) are known from OpenSSL 3.5 on, so from Node 22 or 24 on, depending on the release.",
    causes: &[Cause {
        id: "unknown-key",
        title: "The CA uses an algorithm that this Node does not know",
        tells: "`openssl x509 -in ca.pem -noout -text | grep -A3 'Public Key Algorithm'`; another version of Node connects",
        actor: Actor::Client,
        fixes: &[
            FixText::new(
                "Run a Node whose OpenSSL knows the algorithm: `node -p process.versions.openssl`",
            ),
            FixText::new("Or have the server use a CA with RSA or P-256"),
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `internal_verify`, `X509_get0_pubkey`.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH` and its neighbours.
pub static SIGNATURE_ALGORITHM_MISMATCH: ErrorCode = ErrorCode {
    name: "SIGNATURE_ALGORITHM_MISMATCH",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[76, 77, 78],
    texts: &[
        "cannot find certificate signature algorithm",
        "subject signature algorithm and issuer public key algorithm mismatch",
        "cert info signature and signature algorithm mismatch",
    ],
    title: "The signature algorithm of a certificate contradicts its issuer's key or itself",
    meaning: "A certificate says twice how it is signed, and its issuer's key is of a kind. These do not agree, or the algorithm is unknown.",
    versions: "OpenSSL 3. While it looks for an issuer it passes over such a one, so Node mostly ends in `UNABLE_TO_GET_ISSUER_CERT_LOCALLY` or `UNABLE_TO_VERIFY_LEAF_SIGNATURE`. The `code` of the error is \
`UNSPECIFIED`.",
    causes: &[Cause {
        id: "altered",
        title: "The certificate was made by a faulty tool, or its issuer is another CA of the same name",
        tells: "`openssl x509 -in certificate.pem -noout -text | grep 'Signature Algorithm'` shows two different lines, or a number",
        actor: Actor::Server,
        fixes: &[
            FixText::new("Have the certificate made again"),
            LOOK_AT_CHAIN,
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/v3_purp.c`: `check_sig_alg_match`; `x509_vfy.c`.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_EC_KEY_EXPLICIT_PARAMS`.
pub static EC_KEY_EXPLICIT_PARAMS: ErrorCode = ErrorCode {
    name: "EC_KEY_EXPLICIT_PARAMS",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[94],
    texts: &["certificate public key has explicit ecc parameters"],
    title: "A certificate spells its elliptic curve out instead of naming it",
    meaning: "The key of a certificate on the path carries the numbers of its curve rather than the curve's name. That was a way to forge certificates, so OpenSSL 3 refuses it, with a well-known curve too.",
    versions: "Node 18 and later. The `code` of the error is `UNSPECIFIED`.",
    causes: &[Cause {
        id: "explicit-curve",
        title: "The key was made with explicit parameters",
        tells: "`openssl x509 -in certificate.pem -noout -text` shows `Field Type` and `Prime` instead of `ASN1 OID: prime256v1`",
        actor: Actor::Server,
        fixes: &[FixText::run(
            "Make the key with a named curve, and have the certificate issued again",
            &[(
                Bash,
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve -out server.key",
            )],
        )],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_extensions`, `check_curve`.",
    ..ErrorCode::NONE
};

/// No memory.
pub static OUT_OF_MEM: ErrorCode = ErrorCode {
    name: "OUT_OF_MEM",
    code: "OUT_OF_MEM",
    family: Family::Certificate,
    openssl: &[17],
    texts: &["x509_v_err_out_of_mem"],
    title: "There was no memory left to verify the chain",
    meaning: "OpenSSL could not get memory while it verified the chain. It says nothing about the certificates.",
    versions: "All versions.",
    causes: &[Cause {
        id: "memory",
        title: "The process or its container is at the end of its memory",
        tells: "`process.memoryUsage()`, the container's limit, and other errors at the same time. A private `ca` array for every connection costs 1 MB each",
        actor: Actor::Client,
        fixes: &[
            FixText::new("Give the process more memory, or find what holds it"),
            FixText::write(
                "Parse the CAs once instead of for every connection",
                "const { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync().agent()   // one secure context for all",
            ),
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `X509_V_ERR_OUT_OF_MEM`.",
    ..ErrorCode::NONE
};

/// Everything that Node has no name for.
pub static UNSPECIFIED: ErrorCode = ErrorCode {
    name: "UNSPECIFIED",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[1],
    texts: &["unspecified certificate verification error"],
    title: "OpenSSL refused the chain for a reason that Node has no code for",
    meaning: "Node knows 28 of OpenSSL's verification errors by name. All others get the code `UNSPECIFIED`, and only the message says what it is: explain the message, or the whole error, rather than the code. Weak keys, \
name constraints and critical extensions are the usual ones.",
    versions: "All versions. OpenSSL's own unspecified error (number 1) is what a chain with too many names and name constraints ends in.",
    causes: &[Cause {
        id: "message",
        title: "The message says which of OpenSSL's errors it is",
        tells: "`CA certificate key too weak`, `CA signature digest algorithm too weak`, `permitted subtree violation`, `unhandled critical extension` and others each have a page",
        actor: Actor::Client,
        fixes: &[FixText::run(
            "Explain the message",
            &[(
                Bash,
                "npx trust-anchors explain \"CA certificate key too weak\"",
            )],
        )],
    }],
    avoid: &[NEVER_OFF],
    carrier: true,
    source: "Node `deps/ncrypto/ncrypto.cc`: `X509Pointer::ErrorCode`.",
    ..ErrorCode::NONE
};
