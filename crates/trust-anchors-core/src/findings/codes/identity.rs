//! A certificate that is good, for another name.

use super::fixes::{CONNECT_BY_NAME, INTERCEPTED, LOOK_AT_CHAIN, REISSUE_NAMES};
use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &ERR_TLS_CERT_ALTNAME_INVALID,
    &HOSTNAME_MISMATCH,
    &ERR_TLS_CERT_ALTNAME_FORMAT,
];

const SOURCE: &str = "Node `lib/tls.js`: `checkServerIdentity`, called by `onConnectSecure` in `lib/internal/tls/wrap.js` once the chain is verified; RFC 6125, RFC 9525.";

const WRONG_HOST: Cause = Cause {
    id: "wrong-server",
    title: "The name leads to another server, or the server has no certificate for this name and answers with its default one",
    tells: "The certificate's names have nothing to do with the one asked for: an old DNS entry, a load balancer's or hoster's default, a name missing in the server's \
configuration. `openssl s_client -connect {host}:{port} -servername {host} </dev/null | openssl x509 -noout -ext subjectAltName`",
    actor: Actor::Server,
    fixes: &[
        FixText::new(
            "Have the name answered with a certificate of its own: virtual host, ingress `tls` section, the custom domain of the hoster",
        ),
        FixText::run(
            "See where the name leads",
            &[
                (crate::findings::Shell::Bash, "getent ahosts {host}"),
                (crate::findings::Shell::PowerShell, "Resolve-DnsName {host}"),
            ],
        ),
        LOOK_AT_CHAIN,
    ],
};

/// The name does not fit.
pub static ERR_TLS_CERT_ALTNAME_INVALID: ErrorCode = ErrorCode {
    name: "ERR_TLS_CERT_ALTNAME_INVALID",
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
    aliases: &["TLS_CERT_ALTNAME_INVALID"],
    family: Family::Identity,
    texts: &[
        "hostname/ip does not match certificate's altnames",
        "is not in the cert's altnames",
        "is not in the cert's list",
        "is not cert's cn",
        "cert does not contain a dns name",
        "hostname/ip doesn't match certificate's altnames",
    ],
    title: "The certificate is trusted, but not for the name that was asked for",
    meaning: "The chain is in order. The name or address that the client connects to is not among those in the certificate, so this may be another server than the one \
meant. The message says both: what was asked for, and what the certificate has.",
    versions: "All versions. Internationalised names match from Node 22.23, 24.17 and 26.3.1 on. From there on Node 22 matches no IPv6 address, whatever the certificate says; 24 does again from 24.20 on, and 26 from 26.6 on.",
    causes: &[
        WRONG_HOST,
        Cause {
            id: "ip-address",
            title: "The connection is made to an IP address, and the certificate has names only",
            tells: "The message says `IP: … is not in the cert's list`. An address matches `IP Address` entries only, never a DNS entry or the common name",
            actor: Actor::Client,
            fixes: &[CONNECT_BY_NAME, REISSUE_NAMES],
        },
        Cause {
            id: "wildcard-depth",
            title: "A wildcard does not reach that far: `*` stands for exactly one label",
            tells: "`*.example.com` covers `a.example.com`, neither `example.com` nor `a.b.example.com`",
            actor: Actor::Server,
            fixes: &[REISSUE_NAMES],
        },
        Cause {
            id: "sibling-name",
            title: "The certificate is for a sibling of the name: with or without `www`, another environment, an old domain",
            tells: "One of the certificate's names differs from the one asked for in a label or a few letters",
            actor: Actor::Server,
            fixes: &[
                REISSUE_NAMES,
                FixText::new("Or correct the name in this program's configuration"),
            ],
        },
        Cause {
            id: "internal-name",
            title: "The server is reached under an internal name: a container's, a Kubernetes service, a tunnel, `localhost`",
            tells: "The name has no dot or ends in `.local`, `.internal`, `.svc`, and the certificate has the public name",
            actor: Actor::Client,
            fixes: &[
                FixText::write(
                    "Say which name the certificate is to have; it is checked as strictly as the host's",
                    "tls.connect({ host: '{host}', port: {port}, servername: 'name-in-the-certificate.example.com' })\n\
new pg.Client({ host: '{host}', ssl: { ca, servername: 'name-in-the-certificate.example.com' } })",
                ),
                REISSUE_NAMES,
            ],
        },
        Cause {
            id: "no-alternative-name",
            title: "The certificate has no DNS name at all, or only a common name that Node does not match",
            tells: "The message says `Cert does not contain a DNS name` or `is not cert's CN`. Once there is one DNS entry, the common name does not count",
            actor: Actor::Server,
            fixes: &[REISSUE_NAMES],
        },
        Cause {
            id: "node-22-ipv6",
            title: "Node 22 matches no IPv6 address",
            tells: "The address is IPv6, it is in the certificate, and the same connection works on Node 20 or 24",
            actor: Actor::Client,
            fixes: &[CONNECT_BY_NAME, FixText::new("Or run Node 24 or later")],
        },
        INTERCEPTED,
    ],
    avoid: &[
        "Do not replace `checkServerIdentity` by a function that accepts everything: any certificate of any trusted CA would do, an attacker's own included",
        "Do not turn verification off (`NODE_TLS_REJECT_UNAUTHORIZED`, `rejectUnauthorized`): the name is the only thing that ties the certificate to the server",
        "Do not rely on the common name: once a certificate has DNS names, nobody looks at it",
    ],
    rules: &[],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// OpenSSL's own check of the name, which Node does not use for connections.
pub static HOSTNAME_MISMATCH: ErrorCode = ErrorCode {
    name: "HOSTNAME_MISMATCH",
    code: "HOSTNAME_MISMATCH",
    family: Family::Identity,
    openssl: &[62],
    texts: &["hostname mismatch"],
    title: "The certificate is not for the name that was asked for, says OpenSSL",
    meaning: "OpenSSL was asked to check the name and found none that fits. Node itself leaves that check to JavaScript and reports `ERR_TLS_CERT_ALTNAME_INVALID`; this \
code comes from a context that native code or another program prepared, or from another tool's log.",
    versions: "All versions know the code; none raises it by itself.",
    causes: &[WRONG_HOST],
    avoid: &[
        "Do not turn the check of names off: the name is the only thing that ties a certificate to a server",
    ],
    rules: &[],
    source: "OpenSSL `crypto/x509/x509_vfy.c`: `check_id`, `X509_VERIFY_PARAM_set1_host`.",
    ..ErrorCode::NONE
};

/// Alternative names that Node does not dare to read.
pub static ERR_TLS_CERT_ALTNAME_FORMAT: ErrorCode = ErrorCode {
    name: "ERR_TLS_CERT_ALTNAME_FORMAT",
    code: "ERR_TLS_CERT_ALTNAME_FORMAT",
    family: Family::Identity,
    texts: &["invalid subject alternative name string"],
    title: "The certificate's alternative names cannot be taken apart",
    meaning: "Node reads a certificate's names from one text, where names with special characters are quoted. A quotation in it does not end as it should. Real certificates \
do not bring Node to write such a text; hand-made objects that are passed to `tls.checkServerIdentity` do.",
    versions: "All versions.",
    causes: &[
        Cause {
            id: "hand-made-certificate",
            title: "A program calls `tls.checkServerIdentity` with an object of its own",
            tells: "The stack of the error shows `checkServerIdentity` called from your code or a library, with a `subjectaltname` that was put together by hand",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Pass the certificate that Node gives",
                "tls.checkServerIdentity(host, socket.getPeerCertificate())",
            )],
        },
        Cause {
            id: "odd-names",
            title: "The certificate's names hold quotation marks or control characters",
            tells: "`openssl x509 -in server.pem -noout -ext subjectAltName` shows them",
            actor: Actor::Server,
            fixes: &[REISSUE_NAMES],
        },
    ],
    avoid: &[
        "Do not take the names apart by hand: a name may hold a comma, and an attacker's would",
    ],
    rules: &[],
    source: "Node `lib/tls.js`: `splitEscapedAltNames`.",
    ..ErrorCode::NONE
};
