//! What the certificates of a chain are made for, and the limits that their issuers put on them.

use super::fixes::{LOOK_AT_CHAIN, NEVER_OFF};
use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;
use crate::findings::Shell::Bash;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &INVALID_PURPOSE,
    &INVALID_CA,
    &PATH_LENGTH_EXCEEDED,
    &KEYUSAGE_NO_CERTSIGN,
    &UNHANDLED_CRITICAL_EXTENSION,
    &PERMITTED_VIOLATION,
    &EXCLUDED_VIOLATION,
    &SUBTREE_MINMAX,
    &UNSUPPORTED_CONSTRAINT_TYPE,
    &UNSUPPORTED_NAME_SYNTAX,
    &INVALID_EXTENSION,
    &PATH_LOOP,
];

const UNSPECIFIED: &str =
    "All versions; the `code` of the error is `UNSPECIFIED`, and only the message tells it apart.";
const SERVER_EXTENSIONS: FixText = FixText::write(
    "Have the server's certificate made with these extensions",
    "basicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature, keyEncipherment\nextendedKeyUsage = serverAuth\nsubjectAltName = DNS:{host}",
);
const CA_EXTENSIONS: FixText = FixText::write(
    "Have the CA's certificate made with these extensions",
    "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash",
);
const SHOW_EXTENSIONS: FixText = FixText::run(
    "See the extensions of a certificate",
    &[(
        Bash,
        "openssl x509 -in ca.pem -noout -subject -ext basicConstraints,keyUsage,extendedKeyUsage,nameConstraints",
    )],
);

/// Not for this use.
pub static INVALID_PURPOSE: ErrorCode = ErrorCode {
    name: "INVALID_PURPOSE",
    code: "INVALID_PURPOSE",
    family: Family::Certificate,
    openssl: &[26],
    texts: &[
        "unsuitable certificate purpose",
        "unsupported certificate purpose",
    ],
    title: "A certificate of the chain may not be used for a TLS server",
    meaning: "The server's certificate, or a CA above it, says what it is for, and a TLS server (on a server that checks its clients: a TLS client) is not among it. It may also be that a certificate \
which is no CA signed another one.",
    versions: "All versions. `anyExtendedKeyUsage` does not count as server authentication.",
    causes: &[
        Cause {
            id: "leaf-purpose",
            title: "The server's certificate is for something else: client authentication, mail, code",
            tells: "`openssl s_client -connect {host}:{port} -servername {host} </dev/null | openssl x509 -noout -ext extendedKeyUsage,keyUsage` does not show `TLS Web Server Authentication`. Public CAs \
have stopped putting client authentication into server certificates: a certificate that served both before may fail as a client's now",
            actor: Actor::Server,
            fixes: &[SERVER_EXTENSIONS],
        },
        Cause {
            id: "not-a-ca",
            title: "A certificate in the middle is no CA: its basic constraints are missing or say `CA:FALSE`",
            tells: "`openssl x509 -in intermediate.pem -noout -ext basicConstraints` shows nothing, or `CA:FALSE`. Often an old private CA, of version 1 or without extensions",
            actor: Actor::Server,
            fixes: &[CA_EXTENSIONS, SHOW_EXTENSIONS],
        },
        Cause {
            id: "ca-purpose",
            title: "A CA of the path is limited to other uses",
            tells: "An intermediate or the root has an `extendedKeyUsage` without `TLS Web Server Authentication`: mail or client CAs. Node holds that against the root too",
            actor: Actor::Server,
            fixes: &[
                FixText::new("Have the certificate issued by a CA that is made for servers"),
                SHOW_EXTENSIONS,
            ],
        },
        Cause {
            id: "trusted-leaf",
            title: "A self-signed certificate in the trust store is not for servers",
            tells: "Subject and issuer are the same, and its key usage lacks `Digital Signature` or `Key Encipherment`: it was made as a CA and is used as the server's own",
            actor: Actor::Server,
            fixes: &[
                FixText::new(
                    "Make a CA and a server certificate under it, rather than one certificate that is both",
                ),
                SERVER_EXTENSIONS,
            ],
        },
        super::chain::TRUST_SETTINGS,
    ],
    avoid: &[NEVER_OFF],
    rules: &["certificate-extended-key-usage", "certificate-key-usage"],
    source: "OpenSSL `crypto/x509/v3_purp.c`: `check_purpose_ssl_server`, `check_ssl_ca`; `x509_vfy.c`: `check_extensions`.",
    ..ErrorCode::NONE
};

/// A signer that is no CA.
pub static INVALID_CA: ErrorCode = ErrorCode {
    name: "INVALID_CA",
    code: "INVALID_CA",
    family: Family::Certificate,
    openssl: &[79],
    texts: &["invalid ca certificate"],
    title: "A certificate that signed another one is no CA",
    meaning: "A certificate on the path, above the server's, does not say that it may sign others: its basic constraints lack `CA:TRUE`.",
    versions: "All versions. Mostly `INVALID_PURPOSE` follows and is the code that is reported; this one stays when the certificate has a key usage with `keyCertSign` and no basic constraints.",
    causes: &[Cause {
        id: "not-a-ca",
        title: "An intermediate of a private CA was made without basic constraints",
        tells: "`openssl x509 -in intermediate.pem -noout -ext basicConstraints` shows nothing, or `CA:FALSE`",
        actor: Actor::Server,
        fixes: &[CA_EXTENSIONS, SHOW_EXTENSIONS],
    }],
    avoid: &[NEVER_OFF],
    rules: &["certificate-is-leaf"],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_extensions`; `v3_purp.c`: `X509_check_ca`; RFC 5280 section 4.2.1.9.",
    ..ErrorCode::NONE
};

/// More CAs below than allowed.
pub static PATH_LENGTH_EXCEEDED: ErrorCode = ErrorCode {
    name: "PATH_LENGTH_EXCEEDED",
    code: "PATH_LENGTH_EXCEEDED",
    family: Family::Certificate,
    openssl: &[25],
    texts: &["path length constraint exceeded"],
    title: "A CA may not have as many CAs below it as the chain has",
    meaning: "A CA certificate says how many further CAs may follow (`pathlen`), and the chain has more. With `pathlen:0` a CA may issue servers' certificates, no CAs.",
    versions: "All versions. The root's own limit counts too.",
    causes: &[Cause {
        id: "path-length",
        title: "A CA with `pathlen:0` was used to issue another CA",
        tells: "`openssl x509 -in ca.pem -noout -ext basicConstraints` of every CA: count the CAs below each one, self-issued ones aside",
        actor: Actor::Server,
        fixes: &[
            FixText::new(
                "Have the certificate issued directly by the CA with the limit, or by one that stands higher",
            ),
            FixText::new(
                "Or have the limiting CA's certificate made again with a larger `pathlen`, from its own issuer",
            ),
            SHOW_EXTENSIONS,
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_extensions`; RFC 5280 section 4.2.1.9.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_KEYUSAGE_NO_CERTSIGN`.
pub static KEYUSAGE_NO_CERTSIGN: ErrorCode = ErrorCode {
    name: "KEYUSAGE_NO_CERTSIGN",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[32],
    texts: &["key usage does not include certificate signing"],
    title: "A certificate that signed another one may not sign certificates",
    meaning: "A CA on the path has a key usage that lacks `Certificate Sign`. Whatever it signed does not count.",
    versions: UNSPECIFIED,
    causes: &[Cause {
        id: "no-certificate-sign",
        title: "The CA's certificate was made with the key usage of a server",
        tells: "`openssl x509 -in ca.pem -noout -ext keyUsage` does not show `Certificate Sign`. Often a self-signed certificate that serves as a CA and as a server's",
        actor: Actor::Server,
        fixes: &[CA_EXTENSIONS, SHOW_EXTENSIONS],
    }],
    avoid: &[NEVER_OFF],
    rules: &["certificate-key-usage"],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `internal_verify`; `v3_purp.c`: `ossl_x509_signing_allowed`; RFC 5280 section 4.2.1.3.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION`.
pub static UNHANDLED_CRITICAL_EXTENSION: ErrorCode = ErrorCode {
    name: "UNHANDLED_CRITICAL_EXTENSION",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[34],
    texts: &["unhandled critical extension"],
    title: "A certificate has a critical extension that Node's OpenSSL does not know",
    meaning: "“Critical” means: who does not understand this must refuse. OpenSSL does not understand an extension that is so marked, and refuses the certificate, the root included.",
    versions: UNSPECIFIED,
    causes: &[Cause {
        id: "critical-extension",
        title: "A private CA or a product marks an extension of its own, or a standard one, as critical",
        tells: "`openssl x509 -in certificate.pem -noout -text | grep -A1 critical`, for each certificate. OpenSSL handles key usage, basic constraints, names, name constraints and policies; \
not so a critical key identifier, authority information access, TLS feature or a vendor's own",
        actor: Actor::Server,
        fixes: &[
            FixText::new("Have the certificate issued without the mark on that extension"),
            LOOK_AT_CHAIN,
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_extensions`; `v3_purp.c`: `X509_supported_extension`; RFC 5280 section 4.2.",
    ..ErrorCode::NONE
};

const SHOW_CONSTRAINTS: FixText = FixText::run(
    "See the constraints of each CA, and the names of the certificate",
    &[(
        Bash,
        "openssl x509 -in ca.pem -noout -ext nameConstraints\n\
openssl s_client -connect {host}:{port} -servername {host} </dev/null 2>/dev/null | openssl x509 -noout -subject -ext subjectAltName",
    )],
);

/// `X509_V_ERR_PERMITTED_VIOLATION`.
pub static PERMITTED_VIOLATION: ErrorCode = ErrorCode {
    name: "PERMITTED_VIOLATION",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[47],
    texts: &["permitted subtree violation"],
    title: "A CA may only issue for certain names, and the certificate has another one",
    meaning: "A CA on the path carries name constraints: a list of what it may certify. A name of the certificate (also one that nobody asked for) is of a listed kind and not in the list.",
    versions: UNSPECIFIED,
    causes: &[
        Cause {
            id: "outside-permitted",
            title: "The certificate was ordered from a CA that is limited to other domains",
            tells: "The CA's `Permitted` entries do not cover every name of the certificate. `DNS:example.com` covers the domain and what is below it",
            actor: Actor::Server,
            fixes: &[
                SHOW_CONSTRAINTS,
                FixText::new(
                    "Order the certificate from a CA for this domain, or without the names outside",
                ),
            ],
        },
        Cause {
            id: "common-name-counts",
            title: "The certificate has no DNS names, and its common name looks like a host's",
            tells: "There is no `subjectAltName` with DNS entries: then OpenSSL holds the common name against the constraints",
            actor: Actor::Server,
            fixes: &[
                FixText::write(
                    "Put the names into the certificate",
                    "subjectAltName = DNS:{host}",
                ),
                SHOW_CONSTRAINTS,
            ],
        },
    ],
    avoid: &[
        NEVER_OFF,
        "Do not trust the intermediate's issuer more widely to get round it: the limit is there so that this CA cannot speak for other domains",
    ],
    rules: &["mozilla-name-constraint"],
    source: "OpenSSL `crypto/x509/v3_ncons.c`: `NAME_CONSTRAINTS_check`, `NAME_CONSTRAINTS_check_CN`; RFC 5280 section 4.2.1.10.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_EXCLUDED_VIOLATION`.
pub static EXCLUDED_VIOLATION: ErrorCode = ErrorCode {
    name: "EXCLUDED_VIOLATION",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[48],
    texts: &["excluded subtree violation"],
    title: "A CA must not issue for certain names, and the certificate has one of them",
    meaning: "A CA on the path carries name constraints: a list of what it must not certify. A name of the certificate (also one that nobody asked for) is in the list.",
    versions: UNSPECIFIED,
    causes: &[Cause {
        id: "excluded",
        title: "The certificate was ordered from a CA that is barred from this domain or address",
        tells: "An `Excluded` entry of the CA covers a name of the certificate. CAs that are limited to a company's domains often exclude all IP addresses: `IP:0.0.0.0/0.0.0.0`",
        actor: Actor::Server,
        fixes: &[
            SHOW_CONSTRAINTS,
            FixText::new("Order the certificate from another CA, or without the excluded name"),
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/v3_ncons.c`: `NAME_CONSTRAINTS_check`; RFC 5280 section 4.2.1.10.",
    ..ErrorCode::NONE
};

const REMAKE_CONSTRAINTS: FixText = FixText::write(
    "Have the CA's certificate made again with plain constraints",
    "nameConstraints = critical, permitted;DNS:example.com, permitted;IP:10.0.0.0/255.0.0.0",
);

/// `X509_V_ERR_SUBTREE_MINMAX`.
pub static SUBTREE_MINMAX: ErrorCode = ErrorCode {
    name: "SUBTREE_MINMAX",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[49],
    texts: &["name constraints minimum and maximum not supported"],
    title: "The name constraints of a CA use fields that nobody supports",
    meaning: "Each constraint has a minimum and a maximum, which RFC 5280 fixes to 0 and absent. Those of a CA on the path are something else, so OpenSSL refuses rather than guess.",
    versions: UNSPECIFIED,
    causes: &[Cause {
        id: "odd-constraints",
        title: "The tool that made the CA's certificate wrote these fields",
        tells: "`openssl asn1parse -in ca.pem -i` shows integers inside the name constraints",
        actor: Actor::Server,
        fixes: &[REMAKE_CONSTRAINTS],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/v3_ncons.c`: `nc_minmax_valid`; RFC 5280 section 4.2.1.10.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE` and `_SYNTAX`.
pub static UNSUPPORTED_CONSTRAINT_TYPE: ErrorCode = ErrorCode {
    name: "UNSUPPORTED_CONSTRAINT_TYPE",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[51, 52],
    texts: &[
        "unsupported name constraint type",
        "unsupported or invalid name constraint syntax",
    ],
    title: "A CA constrains a kind of name that OpenSSL cannot compare",
    meaning: "A CA on the path limits names such as registered identifiers or other-names, and the certificate has one of that kind; or a constraint itself is not well-formed. OpenSSL refuses rather \
than let an unchecked name pass.",
    versions: UNSPECIFIED,
    causes: &[Cause {
        id: "odd-constraints",
        title: "A private CA's constraints go beyond DNS, IP, mail, URI and directory names",
        tells: "`openssl x509 -in ca.pem -noout -ext nameConstraints` shows `othername`, `Registered ID` or an address that is no network with a mask",
        actor: Actor::Server,
        fixes: &[
            REMAKE_CONSTRAINTS,
            FixText::new("Or have the server's certificate issued without names of that kind"),
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/v3_ncons.c`: `nc_match_single`; RFC 5280 section 4.2.1.10.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_UNSUPPORTED_NAME_SYNTAX`.
pub static UNSUPPORTED_NAME_SYNTAX: ErrorCode = ErrorCode {
    name: "UNSUPPORTED_NAME_SYNTAX",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[53],
    texts: &["unsupported or invalid name syntax"],
    title: "A name of the certificate cannot be held against its CA's constraints",
    meaning: "A CA on the path constrains names, and the certificate has one of the constrained kind that is not well-formed: a URI without a host, an address of an odd length, a mail address without `@`.",
    versions: UNSPECIFIED,
    causes: &[Cause {
        id: "odd-names",
        title: "The certificate has a name that is not one of its kind",
        tells: "`openssl x509 -in server.pem -noout -ext subjectAltName` shows it: `URI:` without `//host`, or an unusual `IP Address`",
        actor: Actor::Server,
        fixes: &[
            FixText::new(
                "Have the certificate issued again without that name, or with a well-formed one",
            ),
            SHOW_CONSTRAINTS,
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/v3_ncons.c`: `nc_uri`, `nc_ip`, `nc_email`; RFC 5280 section 4.2.1.10.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_INVALID_EXTENSION` and its relatives.
pub static INVALID_EXTENSION: ErrorCode = ErrorCode {
    name: "INVALID_EXTENSION",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[41, 42, 45, 46],
    texts: &[
        "invalid or inconsistent certificate extension",
        "invalid or inconsistent certificate policy extension",
        "unsupported extension feature",
        "resource not subset of parent's resources",
    ],
    title: "An extension of a certificate is damaged or contradicts another certificate's",
    meaning: "OpenSSL could read the certificate, and found an extension in it that makes no sense: address resources beyond the issuer's (RFC 3779), policies that cannot be.",
    versions: "All versions, and rare: a certificate with an extension that cannot be decoded is no issuer for OpenSSL, which ends in `UNABLE_TO_GET_ISSUER_CERT_LOCALLY` or \
`UNABLE_TO_VERIFY_LEAF_SIGNATURE` instead. The `code` of the error is `UNSPECIFIED`.",
    causes: &[Cause {
        id: "odd-extension",
        title: "The certificate was made by a tool that writes this extension wrongly",
        tells: "`openssl x509 -in certificate.pem -noout -text` shows hexadecimal where an extension's content should be",
        actor: Actor::Server,
        fixes: &[
            FixText::new("Have the certificate made again without that extension"),
            LOOK_AT_CHAIN,
        ],
    }],
    avoid: &[NEVER_OFF],
    rules: &["certificate-invalid-extension"],
    source: "OpenSSL `crypto/x509/v3_addr.c`, `v3_asid.c`, `pcy_tree.c`; `x509_vfy.c`: `check_policy`.",
    ..ErrorCode::NONE
};

/// `X509_V_ERR_PATH_LOOP`.
pub static PATH_LOOP: ErrorCode = ErrorCode {
    name: "PATH_LOOP",
    code: "UNSPECIFIED",
    family: Family::Certificate,
    openssl: &[55],
    texts: &["path loop"],
    title: "The certificates lead in a circle",
    meaning: "Two certificates name each other as issuer, so the path never reaches a root.",
    versions: "OpenSSL notes it while it builds the path, and passes over that issuer, so Node does not end in it: a circle in the trust store ends in `UNABLE_TO_GET_ISSUER_CERT` or \
`UNABLE_TO_GET_ISSUER_CERT_LOCALLY`. The `code` of the error would be `UNSPECIFIED`.",
    causes: &[Cause {
        id: "loop",
        title: "Cross-signed certificates stand in the chain without a root",
        tells: "Subject and issuer of the certificates in the chain or the CA file change places",
        actor: Actor::Server,
        fixes: &[
            FixText::new(
                "Send and trust the self-signed root's path rather than the cross-signed one",
            ),
            LOOK_AT_CHAIN,
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_issued`.",
    ..ErrorCode::NONE
};
