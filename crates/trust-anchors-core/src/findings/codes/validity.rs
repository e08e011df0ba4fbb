//! Dates of a chain.

use super::fixes::{CLOCK, LOOK_AT_CHAIN, NEVER_OFF, RENEW};
use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;
use crate::findings::Shell::{Bash, PowerShell};

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &CERT_HAS_EXPIRED,
    &CERT_NOT_YET_VALID,
    &ERROR_IN_CERT_NOT_BEFORE_FIELD,
    &ERROR_IN_CERT_NOT_AFTER_FIELD,
];

const DATES: FixText = FixText::run(
    "See the dates of every certificate that the server sends",
    &[(
        Bash,
        "openssl s_client -connect {host}:{port} -servername {host} -showcerts </dev/null 2>/dev/null | \
awk '/BEGIN CERT/{c=\"\"} {c=c $0 \"\\n\"} /END CERT/{printf \"%s\", c | \"openssl x509 -noout -subject -dates\"; close(\"openssl x509 -noout -subject -dates\")}'",
    )],
);

const NOT_BY_CLOCK: &str = "Do not set the clock back to make it work: every other certificate, token and log suffers, and the certificate stays expired for all others";

/// Past its end.
pub static CERT_HAS_EXPIRED: ErrorCode = ErrorCode {
    name: "CERT_HAS_EXPIRED",
    code: "CERT_HAS_EXPIRED",
    family: Family::Certificate,
    openssl: &[10],
    texts: &["certificate has expired", "certificate expired on"],
    title: "A certificate of the chain has expired",
    meaning: "The end date (`notAfter`) of a certificate on the path lies in the past, by this machine's clock. Mostly it is the server's own. An expired certificate hides every \
other fault of the chain, even that it is not trusted at all: more may show once it is renewed.",
    versions: "All versions. The very second of the end date counts as expired already.",
    causes: &[
        Cause {
            id: "expired",
            title: "The server's certificate was not renewed, or it was and the server still serves the old one",
            tells: "`openssl s_client -connect {host}:{port} -servername {host} </dev/null | openssl x509 -noout -enddate`; when the file on the server has a later date, the server was not \
reloaded. Behind a load balancer it may be one of several machines",
            actor: Actor::Server,
            fixes: &[RENEW, DATES],
        },
        Cause {
            id: "expired-in-store",
            title: "A CA certificate in the trust store or a `ca` option has expired, and Node prefers it to the valid one that the server sends",
            tells: "The server's own certificate is valid. Node takes a trusted issuer before a sent one: an old intermediate or root in the CA file wins. \
`npx trust-anchors inspect company-ca.pem` says `certificate-expired`",
            actor: Actor::Client,
            fixes: &[
                FixText::run(
                    "Find it, and take it out of the file",
                    &[(
                        Bash,
                        "npx trust-anchors inspect company-ca.pem --fix company-ca.fixed.pem",
                    )],
                ),
                FixText::new("Put the CA's current root in its place"),
            ],
        },
        Cause {
            id: "expired-intermediate",
            title: "The server sends an expired intermediate or cross-signed root with a certificate that is still valid",
            tells: "The dates of the second or third certificate that is sent: a chain file that was not replaced when the CA changed its intermediates",
            actor: Actor::Server,
            fixes: &[
                FixText::new(
                    "Take the current chain file from the CA, with the certificate's next renewal at the latest",
                ),
                DATES,
            ],
        },
        CLOCK,
    ],
    avoid: &[NEVER_OFF, NOT_BY_CLOCK],
    rules: &[
        "certificate-expired",
        "certificate-all-expired",
        "clock-implausible",
    ],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `ossl_x509_check_cert_time`, from the root down to the leaf; the last error counts.",
    ..ErrorCode::NONE
};

/// Before its beginning.
pub static CERT_NOT_YET_VALID: ErrorCode = ErrorCode {
    name: "CERT_NOT_YET_VALID",
    code: "CERT_NOT_YET_VALID",
    family: Family::Certificate,
    openssl: &[9],
    texts: &["certificate is not yet valid"],
    title: "A certificate of the chain begins in the future, by this machine's clock",
    meaning: "The start date (`notBefore`) of a certificate on the path has not come. Certificates are hardly ever made for later: mostly the clock here, or that of the machine that made \
the certificate, is wrong.",
    versions: "All versions.",
    causes: &[
        CLOCK,
        Cause {
            id: "issuer-clock",
            title: "The machine that made the certificate has a clock that is ahead",
            tells: "`date -u` here is right, and the certificate begins minutes or hours later: a private CA, a development certificate, a container that was just started",
            actor: Actor::Server,
            fixes: &[
                FixText::new(
                    "Make the certificate again once that clock is right; let private CAs date certificates an hour back",
                ),
                FixText::run(
                    "Compare",
                    &[(
                        Bash,
                        "date -u; openssl s_client -connect {host}:{port} -servername {host} </dev/null 2>/dev/null | openssl x509 -noout -startdate",
                    )],
                ),
            ],
        },
        Cause {
            id: "staged",
            title: "A certificate for later was put in place too early",
            tells: "The start date is days away, and the same name has a certificate that is valid now",
            actor: Actor::Server,
            fixes: &[
                FixText::new("Serve the current certificate until the new one begins"),
                LOOK_AT_CHAIN,
            ],
        },
    ],
    avoid: &[NEVER_OFF],
    rules: &["certificate-not-yet-valid", "clock-implausible"],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `ossl_x509_check_cert_time`.",
    ..ErrorCode::NONE
};

const ODD_DATE: Cause = Cause {
    id: "odd-date",
    title: "The tool that made the certificate wrote a date in a form that DER does not allow",
    tells: "`openssl asn1parse -in server.pem | grep -E 'UTCTIME|GENERALIZEDTIME'`: without seconds, with an offset such as `+0100`, with fractions, or a month 13",
    actor: Actor::Server,
    fixes: &[
        FixText::new("Have the certificate made again by another tool or version"),
        FixText::run(
            "See all certificates that are sent",
            &[
                (
                    Bash,
                    "openssl s_client -connect {host}:{port} -servername {host} -showcerts </dev/null",
                ),
                (
                    PowerShell,
                    "openssl s_client -connect {host}:{port} -servername {host} -showcerts",
                ),
            ],
        ),
    ],
};

/// An unreadable beginning.
pub static ERROR_IN_CERT_NOT_BEFORE_FIELD: ErrorCode = ErrorCode {
    name: "ERROR_IN_CERT_NOT_BEFORE_FIELD",
    code: "ERROR_IN_CERT_NOT_BEFORE_FIELD",
    family: Family::Certificate,
    openssl: &[13],
    texts: &["format error in certificate's notbefore field"],
    title: "The start date of a certificate cannot be read",
    meaning: "`notBefore` of a certificate on the path is not a date as RFC 5280 wants it: `YYMMDDHHMMSSZ` up to 2049, `YYYYMMDDHHMMSSZ` after.",
    versions: "All versions; Node 22 and later already refuse some such certificates when they parse the chain (`ERR_SSL_UTCTIME_IS_TOO_SHORT`).",
    causes: &[ODD_DATE],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `ossl_x509_check_cert_time`, `X509_cmp_time`; RFC 5280 section 4.1.2.5.",
    ..ErrorCode::NONE
};

/// An unreadable end.
pub static ERROR_IN_CERT_NOT_AFTER_FIELD: ErrorCode = ErrorCode {
    name: "ERROR_IN_CERT_NOT_AFTER_FIELD",
    code: "ERROR_IN_CERT_NOT_AFTER_FIELD",
    family: Family::Certificate,
    openssl: &[14],
    texts: &["format error in certificate's notafter field"],
    title: "The end date of a certificate cannot be read",
    meaning: "`notAfter` of a certificate on the path is not a date as RFC 5280 wants it: `YYMMDDHHMMSSZ` up to 2049, `YYYYMMDDHHMMSSZ` after.",
    versions: "All versions; Node 22 and later already refuse some such certificates when they parse the chain (`ERR_SSL_UTCTIME_IS_TOO_SHORT`).",
    causes: &[ODD_DATE],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `ossl_x509_check_cert_time`, `X509_cmp_time`; RFC 5280 section 4.1.2.5.",
    ..ErrorCode::NONE
};
