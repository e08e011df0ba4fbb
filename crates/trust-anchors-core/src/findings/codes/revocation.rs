//! Revocation lists, which count where the `crl` option is given.

use super::fixes::NEVER_OFF;
use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;
use crate::findings::Shell::Bash;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &CERT_REVOKED,
    &UNABLE_TO_GET_CRL,
    &CRL_HAS_EXPIRED,
    &CRL_NOT_YET_VALID,
    &CRL_SIGNATURE_FAILURE,
    &UNABLE_TO_DECRYPT_CRL_SIGNATURE,
    &ERROR_IN_CRL_LAST_UPDATE_FIELD,
    &ERROR_IN_CRL_NEXT_UPDATE_FIELD,
    &CRL_PATH_VALIDATION_ERROR,
];

const ONLY_WITH_CRL: &str = "All versions, and only where the `crl` option is given: Node looks at no revocation list and asks no OCSP responder by itself.";
const KEEP_CRL: &str = "Do not drop the `crl` option to make it work: whoever asked for it wanted stolen certificates to be refused";
const FRESH_CRL: FixText = FixText::run(
    "Get the CA's current list; its address is in the certificate",
    &[(
        Bash,
        "openssl x509 -in server.pem -noout -ext crlDistributionPoints\ncurl -fsSLo ca.crl http://crl.example.com/ca.crl && openssl crl -inform DER -in ca.crl -out ca.crl.pem",
    )],
);
const SHOW_CRL: FixText = FixText::run(
    "See a list's issuer and dates",
    &[(
        Bash,
        "openssl crl -in ca.crl.pem -noout -issuer -lastupdate -nextupdate",
    )],
);

/// Revoked.
pub static CERT_REVOKED: ErrorCode = ErrorCode {
    name: "CERT_REVOKED",
    code: "CERT_REVOKED",
    family: Family::Revocation,
    openssl: &[23],
    texts: &["certificate revoked"],
    title: "A certificate of the chain is on its CA's revocation list",
    meaning: "The CA has called the certificate back before its end: its key was lost or stolen, it was replaced, or it should never have been issued.",
    versions: ONLY_WITH_CRL,
    causes: &[Cause {
        id: "revoked",
        title: "The certificate was replaced, and the server still serves the old one",
        tells: "`openssl crl -in ca.crl.pem -noout -text | grep -A3 SERIAL` has the serial number of the certificate, with the date and the reason",
        actor: Actor::Server,
        fixes: &[
            FixText::new(
                "Serve the certificate that replaced it, or have a new one issued for a new key",
            ),
            SHOW_CRL,
        ],
    }],
    avoid: &[
        "Do not connect all the same: if the key was stolen, whoever has it answers",
        KEEP_CRL,
    ],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `cert_crl`.",
    ..ErrorCode::NONE
};

/// No list for an issuer.
pub static UNABLE_TO_GET_CRL: ErrorCode = ErrorCode {
    name: "UNABLE_TO_GET_CRL",
    code: "UNABLE_TO_GET_CRL",
    family: Family::Revocation,
    openssl: &[3],
    texts: &["unable to get certificate crl"],
    title: "There is no revocation list for one of the CAs of the chain",
    meaning: "The `crl` option is given, and then every CA on the path needs a list in it, the intermediate's and the root's: OpenSSL refuses a certificate that it cannot look up.",
    versions: ONLY_WITH_CRL,
    causes: &[Cause {
        id: "crl-missing",
        title: "The list of one CA of the path is missing",
        tells: "Compare the issuers of the lists with the issuers of the chain: `openssl crl -in ca.crl.pem -noout -issuer`",
        actor: Actor::Client,
        fixes: &[
            FixText::write(
                "Give the lists of all CAs of the path",
                "tls.connect({ ca, crl: [fs.readFileSync('root.crl.pem'), fs.readFileSync('intermediate.crl.pem')] })",
            ),
            FRESH_CRL,
        ],
    }],
    avoid: &[KEEP_CRL, NEVER_OFF],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_cert`, `X509_V_FLAG_CRL_CHECK_ALL`; Node `SecureContext::AddCRL`.",
    ..ErrorCode::NONE
};

/// A list past its end.
pub static CRL_HAS_EXPIRED: ErrorCode = ErrorCode {
    name: "CRL_HAS_EXPIRED",
    code: "CRL_HAS_EXPIRED",
    family: Family::Revocation,
    openssl: &[12],
    texts: &["crl has expired"],
    title: "A revocation list is out of date",
    meaning: "The list says when the next one was due, and that time has passed. What was revoked since is unknown, so OpenSSL refuses.",
    versions: ONLY_WITH_CRL,
    causes: &[
        Cause {
            id: "crl-stale",
            title: "The program reads the list once and never again",
            tells: "`openssl crl -in ca.crl.pem -noout -nextupdate` is in the past, and the CA offers a newer one",
            actor: Actor::Client,
            fixes: &[
                FRESH_CRL,
                FixText::new(
                    "Fetch the list in time, and make a new secure context or agent with it: running contexts keep the old one",
                ),
            ],
        },
        Cause {
            id: "crl-not-published",
            title: "The CA has not published a new list",
            tells: "The one at its address is out of date as well: a private CA whose job stopped",
            actor: Actor::Server,
            fixes: &[FixText::run(
                "Let the CA sign a new list",
                &[(Bash, "openssl ca -config ca.cnf -gencrl -out ca.crl.pem")],
            )],
        },
    ],
    avoid: &[KEEP_CRL],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_crl_time`.",
    ..ErrorCode::NONE
};

/// A list from the future.
pub static CRL_NOT_YET_VALID: ErrorCode = ErrorCode {
    name: "CRL_NOT_YET_VALID",
    code: "CRL_NOT_YET_VALID",
    family: Family::Revocation,
    openssl: &[11],
    texts: &["crl is not yet valid"],
    title: "A revocation list begins in the future, by this machine's clock",
    meaning: "The list was made later than it is here: one of the two clocks is wrong.",
    versions: ONLY_WITH_CRL,
    causes: &[
        super::fixes::CLOCK,
        Cause {
            id: "issuer-clock",
            title: "The clock of the machine that signs the list is ahead",
            tells: "`date -u` here is right, and `openssl crl -in ca.crl.pem -noout -lastupdate` is later",
            actor: Actor::Server,
            fixes: &[
                FixText::new("Set that clock, and sign the list again"),
                SHOW_CRL,
            ],
        },
    ],
    avoid: &[KEEP_CRL],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_crl_time`.",
    ..ErrorCode::NONE
};

const FOREIGN_LIST: Cause = Cause {
    id: "crl-foreign",
    title: "The list is of another CA with the same name, or damaged",
    tells: "`openssl crl -in ca.crl.pem -noout -verify -CAfile ca.pem` fails too",
    actor: Actor::Client,
    fixes: &[FRESH_CRL, SHOW_CRL],
};

/// A list whose signature does not fit.
pub static CRL_SIGNATURE_FAILURE: ErrorCode = ErrorCode {
    name: "CRL_SIGNATURE_FAILURE",
    code: "CRL_SIGNATURE_FAILURE",
    family: Family::Revocation,
    openssl: &[8],
    texts: &["crl signature failure"],
    title: "The signature on a revocation list does not fit its CA",
    meaning: "The list names a CA of the path as its issuer, and that CA's key did not sign it.",
    versions: ONLY_WITH_CRL,
    causes: &[FOREIGN_LIST],
    avoid: &[KEEP_CRL],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_crl`, `X509_CRL_verify`.",
    ..ErrorCode::NONE
};

/// A list whose signature could not be opened.
pub static UNABLE_TO_DECRYPT_CRL_SIGNATURE: ErrorCode = ErrorCode {
    name: "UNABLE_TO_DECRYPT_CRL_SIGNATURE",
    code: "UNABLE_TO_DECRYPT_CRL_SIGNATURE",
    family: Family::Revocation,
    openssl: &[5],
    texts: &["unable to decrypt crl's signature"],
    title: "The signature on a revocation list could not be opened",
    meaning: "The value under the signature could not be computed at all, as opposed to being wrong.",
    versions: "Node knows the code; OpenSSL 3 does not raise it and says `CRL_SIGNATURE_FAILURE` instead.",
    causes: &[FOREIGN_LIST],
    avoid: &[KEEP_CRL],
    source: "OpenSSL `include/openssl/x509_vfy.h`.",
    ..ErrorCode::NONE
};

const ODD_LIST: Cause = Cause {
    id: "odd-date",
    title: "The tool that made the list wrote a date in a form that DER does not allow",
    tells: "`openssl crl -in ca.crl.pem -noout -text` says `Bad time value`",
    actor: Actor::Server,
    fixes: &[
        FixText::run(
            "Sign the list again",
            &[(Bash, "openssl ca -config ca.cnf -gencrl -out ca.crl.pem")],
        ),
        SHOW_CRL,
    ],
};

/// An unreadable date.
pub static ERROR_IN_CRL_LAST_UPDATE_FIELD: ErrorCode = ErrorCode {
    name: "ERROR_IN_CRL_LAST_UPDATE_FIELD",
    code: "ERROR_IN_CRL_LAST_UPDATE_FIELD",
    family: Family::Revocation,
    openssl: &[15],
    texts: &["format error in crl's lastupdate field"],
    title: "The date of a revocation list cannot be read",
    meaning: "`lastUpdate` of a list in the `crl` option is not a date as RFC 5280 wants it.",
    versions: ONLY_WITH_CRL,
    causes: &[ODD_LIST],
    avoid: &[KEEP_CRL],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_crl_time`; RFC 5280 section 5.1.2.4.",
    ..ErrorCode::NONE
};

/// An unreadable date of the next list.
pub static ERROR_IN_CRL_NEXT_UPDATE_FIELD: ErrorCode = ErrorCode {
    name: "ERROR_IN_CRL_NEXT_UPDATE_FIELD",
    code: "ERROR_IN_CRL_NEXT_UPDATE_FIELD",
    family: Family::Revocation,
    openssl: &[16],
    texts: &["format error in crl's nextupdate field"],
    title: "The end date of a revocation list cannot be read",
    meaning: "`nextUpdate` of a list in the `crl` option is not a date as RFC 5280 wants it.",
    versions: ONLY_WITH_CRL,
    causes: &[ODD_LIST],
    avoid: &[KEEP_CRL],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_crl_time`; RFC 5280 section 5.1.2.5.",
    ..ErrorCode::NONE
};

/// The rest about lists.
pub static CRL_PATH_VALIDATION_ERROR: ErrorCode = ErrorCode {
    name: "CRL_PATH_VALIDATION_ERROR",
    code: "UNSPECIFIED",
    family: Family::Revocation,
    openssl: &[33, 35, 36, 44, 54],
    texts: &[
        "crl path validation error",
        "unable to get crl issuer certificate",
        "key usage does not include crl signing",
        "unhandled critical crl extension",
        "different crl scope",
    ],
    title: "A revocation list cannot be used for this chain",
    meaning: "There is a list, and OpenSSL may not use it: its issuer is unknown or may not sign lists (`cRLSign`), it covers other certificates, or it has a critical extension that OpenSSL does not know. The message says which.",
    versions: "All versions, and only where the `crl` option is given. The `code` of the error is `UNSPECIFIED`.",
    causes: &[
        Cause {
            id: "crl-issuer",
            title: "The list is signed by a key that may not sign lists, or that is not on the path",
            tells: "`openssl x509 -in ca.pem -noout -ext keyUsage` lacks `CRL Sign`; or the list's issuer is a separate one (an indirect list), which Node does not follow",
            actor: Actor::Server,
            fixes: &[
                FixText::new(
                    "Let the CA that issued the certificates sign the list, with `cRLSign` in its key usage",
                ),
                SHOW_CRL,
            ],
        },
        Cause {
            id: "crl-scope",
            title: "The list covers a part of the CA's certificates: one kind, or one distribution point",
            tells: "`openssl crl -in ca.crl.pem -noout -text` shows `Issuing Distribution Point`",
            actor: Actor::Client,
            fixes: &[
                FixText::new(
                    "Use the list that the certificate itself names, or the CA's complete one",
                ),
                FRESH_CRL,
            ],
        },
    ],
    avoid: &[KEEP_CRL],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_crl`, `crl_crldp_check`.",
    ..ErrorCode::NONE
};
