//! The other side ended the handshake, and said why in one word.

use super::fixes::{LOOK_AT_CHAIN, NEVER_OFF};
use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;
use crate::findings::Shell::Bash;

/// The codes of this family, the frequent ones first.
pub static CODES: &[&ErrorCode] = &[
    &HANDSHAKE_FAILURE,
    &UNKNOWN_CA,
    &BAD_CERTIFICATE,
    &CERTIFICATE_REQUIRED,
    &CERTIFICATE_UNKNOWN,
    &CERTIFICATE_EXPIRED,
    &CERTIFICATE_REVOKED,
    &UNSUPPORTED_CERTIFICATE,
    &NO_CERTIFICATE,
    &PROTOCOL_VERSION,
    &UNRECOGNIZED_NAME,
    &NO_APPLICATION_PROTOCOL,
    &INTERNAL_ERROR,
    &ACCESS_DENIED,
    &INSUFFICIENT_SECURITY,
    &DECRYPT_ERROR,
    &DECODE_ERROR,
    &ILLEGAL_PARAMETER,
    &UNEXPECTED_MESSAGE,
    &BAD_RECORD_MAC,
    &RECORD_OVERFLOW,
    &DECRYPTION_FAILED,
    &DECOMPRESSION_FAILURE,
    &EXPORT_RESTRICTION,
    &INAPPROPRIATE_FALLBACK,
    &USER_CANCELLED,
    &NO_RENEGOTIATION,
    &MISSING_EXTENSION,
    &UNSUPPORTED_EXTENSION,
    &CERTIFICATE_UNOBTAINABLE,
    &BAD_CERTIFICATE_STATUS_RESPONSE,
    &BAD_CERTIFICATE_HASH_VALUE,
    &UNKNOWN_PSK_IDENTITY,
];

const SSLV3: &str = "Node 18 and 20 spell it `ERR_SSL_SSLV3_ALERT_…`, Node 22 and later `ERR_SSL_SSL/TLS_ALERT_…`; the words `sslv3` have nothing to do with the version in use. While writing, the code is `EPROTO` with the same words in its message.";
const TLSV1: &str = "All versions; the words `tlsv1` have nothing to do with the version in use. While writing, the code is `EPROTO` with the same words in its message.";
const RARE: &str = "All versions, and rare.";
const SOURCE: &str = "OpenSSL `ssl/record/rec_layer_s3.c`: `ssl3_read_bytes`, `SSL_AD_REASON_OFFSET`; RFC 8446 section 6.2.";
const THEIR_LOG: &str = "The alert is all that is sent: the reason stands in the other side's log";

const SEE_REQUEST: FixText = FixText::run(
    "See whether the server asks for a client certificate, and from which CAs",
    &[(
        Bash,
        "openssl s_client -connect {host}:{port} -servername {host} </dev/null 2>/dev/null | grep -A8 'client certificate CA names'",
    )],
);
const GIVE_CLIENT_CERTIFICATE: FixText = FixText::write(
    "Give the client its certificate, with the intermediates after it, and its key",
    "const options = { cert: fs.readFileSync('client-fullchain.pem'), key: fs.readFileSync('client.key') }\n\
https.get('https://{host}:{port}/', options)   // axios: { httpsAgent: new https.Agent(options) }; undici: new Agent({ connect: options })",
);
const TRY_CLIENT_CERTIFICATE: FixText = FixText::run(
    "Try the client certificate outside Node",
    &[(
        Bash,
        "openssl s_client -connect {host}:{port} -servername {host} -cert client.pem -key client.key -cert_chain client-fullchain.pem -brief </dev/null",
    )],
);
const SHOW_CLIENT_CERTIFICATE: FixText = FixText::run(
    "See issuer, dates and uses of the client certificate",
    &[(
        Bash,
        "openssl x509 -in client.pem -noout -subject -issuer -dates -ext extendedKeyUsage",
    )],
);

/// A client that shows no certificate where one is wanted.
pub const CLIENT_CERTIFICATE_MISSING: Cause = Cause {
    id: "client-certificate-missing",
    title: "The server wants a client certificate (mTLS), and none was sent",
    tells: "`openssl s_client -connect {host}:{port} -servername {host} </dev/null` lists `Acceptable client certificate CA names`. `cert` and `key` are not set, or set where this client does not look (undici wants them under `connect`)",
    actor: Actor::Client,
    fixes: &[GIVE_CLIENT_CERTIFICATE, SEE_REQUEST],
};
const CLIENT_CERTIFICATE_REFUSED: Cause = Cause {
    id: "client-certificate-refused",
    title: "The server does not accept the client certificate: wrong CA, a missing intermediate, expired, or not made for clients",
    tells: "A client certificate is set. `openssl x509 -in client.pem -noout -issuer -dates -ext extendedKeyUsage`: the issuer is not among the CAs that the server names, or `TLS Web Client Authentication` is missing",
    actor: Actor::Client,
    fixes: &[
        SHOW_CLIENT_CERTIFICATE,
        GIVE_CLIENT_CERTIFICATE,
        TRY_CLIENT_CERTIFICATE,
    ],
};
/// On a server: the client does not trust the server.
const CLIENT_DOES_NOT_TRUST: Cause = Cause {
    id: "client-does-not-trust",
    title: "On a server: a client does not trust this server's certificate",
    tells: "It comes with `tlsClientError` on the server. curl, browsers, Java and Go send this alert; a Node client just hangs up (`ECONNRESET`)",
    actor: Actor::Server,
    fixes: &[super::fixes::SEND_CHAIN, LOOK_AT_CHAIN],
};
const BROKEN: Cause = Cause {
    id: "broken-peer",
    title: "One side, or an appliance between them, is broken or out of date",
    tells: THEIR_LOG,
    actor: Actor::Server,
    fixes: &[
        FixText::run(
            "Try another TLS client from here",
            &[(
                Bash,
                "openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null",
            )],
        ),
        FixText::write(
            "If only TLS 1.3 fails, stay with 1.2 for this host until the other side is mended",
            "tls.connect({ host: '{host}', port: {port}, maxVersion: 'TLSv1.2' })",
        ),
    ],
};

/// Alert 40.
pub static HANDSHAKE_FAILURE: ErrorCode = ErrorCode {
    name: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
    code: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
    aliases: &["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE"],
    family: Family::Alert,
    texts: &["alert handshake failure", "alert number 40"],
    title: "The other side ended the handshake because nothing acceptable was offered",
    meaning: "The server looked at what this client offers (versions, ciphers, curves, names, a client certificate) and found nothing that it can work with. It does not say what was missing. A client sees this; the server's own log has the reason.",
    versions: SSLV3,
    causes: &[
        Cause {
            id: "no-common-cipher",
            title: "The two sides have no cipher or curve in common",
            tells: "`openssl s_client -connect {host}:{port} -servername {host} -cipher 'ALL:@SECLEVEL=0' -brief </dev/null` works and names a cipher that Node does not offer: RC4, 3DES, CBC with SHA-1, or plain RSA with a short key",
            actor: Actor::Server,
            fixes: &[
                FixText::new("Update the server, or let it offer ECDHE with AES-GCM"),
                FixText::new(
                    "Take a `ciphers` option or `--tls-cipher-list` of your own away: the defaults change with the times",
                ),
                FixText::write(
                    "If one old server cannot be changed, name its cipher for that connection alone",
                    "tls.connect({ host: '{host}', port: {port}, ciphers: 'AES256-SHA' })",
                ),
            ],
        },
        CLIENT_CERTIFICATE_MISSING,
        Cause {
            id: "server-name",
            title: "The server knows no such name, or got none",
            tells: "Connecting by address or through a tunnel sends no server name (SNI), and some hosts (Cloudflare, AWS) have no default: \
`openssl s_client -connect {host}:{port} -noservername </dev/null` fails too, with `-servername` and the right name it works",
            actor: Actor::Client,
            fixes: &[super::fixes::CONNECT_BY_NAME],
        },
        Cause {
            id: "no-certificate",
            title: "The server has no certificate: it started without, or its key does not belong to it",
            tells: "Every client fails. On a Node server `tlsClientError` says `ERR_SSL_NO_SHARED_CIPHER` or `ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM`",
            actor: Actor::Server,
            fixes: &[FixText::write(
                "Give the server key and certificate",
                "https.createServer({ key: fs.readFileSync('server.key'), cert: fs.readFileSync('fullchain.pem') })",
            )],
        },
    ],
    avoid: &[
        "Do not open the cipher list to everything, for the whole process: every other connection could be talked down",
        NEVER_OFF,
    ],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 48.
pub static UNKNOWN_CA: ErrorCode = ErrorCode {
    name: "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
    code: "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
    family: Family::Alert,
    texts: &["alert unknown ca", "alert number 48"],
    title: "The other side does not know the CA of the certificate that this side sent",
    meaning: "The other side verified a certificate from here, and found no way to a CA that it trusts. On a client that is about the client certificate, on a server about the server's.",
    versions: TLSV1,
    causes: &[
        CLIENT_CERTIFICATE_REFUSED,
        CLIENT_DOES_NOT_TRUST,
        Cause {
            id: "server-trust",
            title: "The server was not given the CA that issues the client certificates",
            tells: "The client's issuer is right, and missing among the `Acceptable client certificate CA names`",
            actor: Actor::Server,
            fixes: &[
                FixText::write(
                    "Give the server that CA",
                    "https.createServer({ key, cert, requestCert: true, ca: fs.readFileSync('client-ca.pem') })\n// nginx: ssl_client_certificate client-ca.pem;",
                ),
                SEE_REQUEST,
            ],
        },
    ],
    avoid: &[
        "Do not add the CA to `NODE_EXTRA_CA_CERTS` here: it is the other side that does not know it",
        NEVER_OFF,
    ],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 42.
pub static BAD_CERTIFICATE: ErrorCode = ErrorCode {
    name: "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE",
    code: "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE",
    aliases: &["ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE"],
    family: Family::Alert,
    texts: &["alert bad certificate", "alert number 42"],
    title: "The other side does not accept the certificate that this side sent, or its absence",
    meaning: "On a client it is about the client certificate: the server (Go, Java and Envoy say it so) wants one and got none, or does not like the one it got. On a server a client refused the server's certificate.",
    versions: SSLV3,
    causes: &[
        CLIENT_CERTIFICATE_MISSING,
        CLIENT_CERTIFICATE_REFUSED,
        CLIENT_DOES_NOT_TRUST,
    ],
    avoid: &[
        "Do not search among the CAs of this side: it is the other one that refuses",
        NEVER_OFF,
    ],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 116.
pub static CERTIFICATE_REQUIRED: ErrorCode = ErrorCode {
    name: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    family: Family::Alert,
    texts: &["alert certificate required", "alert number 116"],
    title: "The server wants a client certificate, and this client sent none",
    meaning: "The server authenticates its clients by certificate (mTLS). With TLS 1.3 the client learns of it only after its own handshake is done, so the error may come with the first read, after `secureConnect`.",
    versions: "TLS 1.3 alone; with TLS 1.2 the same is `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE`, from Go servers `ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE`.",
    causes: &[
        CLIENT_CERTIFICATE_MISSING,
        Cause {
            id: "client-certificate-not-offered",
            title: "A client certificate is set, and OpenSSL does not send it",
            tells: "`cert` without `key`, options given to the request while the agent has its own, or a key whose algorithm the server does not take",
            actor: Actor::Client,
            fixes: &[GIVE_CLIENT_CERTIFICATE, TRY_CLIENT_CERTIFICATE],
        },
    ],
    avoid: &[NEVER_OFF],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 46.
pub static CERTIFICATE_UNKNOWN: ErrorCode = ErrorCode {
    name: "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    code: "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    aliases: &["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN"],
    family: Family::Alert,
    texts: &["alert certificate unknown", "alert number 46"],
    title: "The other side refused the certificate that this side sent, without saying why",
    meaning: "On a server it mostly means that a client (a browser before its warning is confirmed, a Java program, a phone) does not trust the server's certificate. On a client it is about the client certificate.",
    versions: SSLV3,
    causes: &[CLIENT_DOES_NOT_TRUST, CLIENT_CERTIFICATE_REFUSED],
    avoid: &[
        "On a development server: do not teach every browser an exception, trust a local CA once (`mkcert -install`)",
        NEVER_OFF,
    ],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 45.
pub static CERTIFICATE_EXPIRED: ErrorCode = ErrorCode {
    name: "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED",
    code: "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED",
    aliases: &["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED"],
    family: Family::Alert,
    texts: &["alert certificate expired", "alert number 45"],
    title: "The other side says that the certificate which this side sent has expired",
    meaning: "On a client: the client certificate has expired, by the server's clock. On a server: the server's own.",
    versions: SSLV3,
    causes: &[
        Cause {
            id: "own-certificate-expired",
            title: "The certificate of this side, or an intermediate in its file, has expired",
            tells: "`openssl x509 -in client.pem -noout -enddate`; a running process keeps the certificate that it read at its start",
            actor: Actor::Client,
            fixes: &[
                FixText::new(
                    "Renew it, and let the process read it again: a new secure context or agent, or a restart",
                ),
                SHOW_CLIENT_CERTIFICATE,
            ],
        },
        Cause {
            id: "other-clock",
            title: "The other side's clock is wrong",
            tells: "The certificate is valid here, and other servers accept it",
            actor: Actor::Server,
            fixes: &[FixText::new("Set the other side's clock")],
        },
    ],
    avoid: &[NEVER_OFF],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 44.
pub static CERTIFICATE_REVOKED: ErrorCode = ErrorCode {
    name: "ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED",
    code: "ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED",
    aliases: &["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_REVOKED"],
    family: Family::Alert,
    texts: &["alert certificate revoked", "alert number 44"],
    title: "The other side says that the certificate which this side sent is revoked",
    meaning: "The CA has called the certificate of this side back.",
    versions: SSLV3,
    causes: &[Cause {
        id: "own-certificate-revoked",
        title: "The certificate was replaced, and this process still uses the old one",
        tells: "The CA's revocation list or its portal has the serial number: `openssl x509 -in client.pem -noout -serial`",
        actor: Actor::Client,
        fixes: &[FixText::new(
            "Use the new certificate; if the key may be stolen, make a new key",
        )],
    }],
    avoid: &[NEVER_OFF],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 43.
pub static UNSUPPORTED_CERTIFICATE: ErrorCode = ErrorCode {
    name: "ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    code: "ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    aliases: &["ERR_SSL_SSL/TLS_ALERT_UNSUPPORTED_CERTIFICATE"],
    family: Family::Alert,
    texts: &["alert unsupported certificate", "alert number 43"],
    title: "The other side cannot use the kind of certificate that this side sent",
    meaning: "Its key, its signature or its purpose is not one that the other side takes: mostly a server's certificate that is used as a client's.",
    versions: SSLV3,
    causes: &[Cause {
        id: "client-purpose",
        title: "The certificate is not made for clients, or for servers",
        tells: "`openssl x509 -in client.pem -noout -ext extendedKeyUsage` lacks `TLS Web Client Authentication`. Public CAs have stopped issuing it with server certificates",
        actor: Actor::Client,
        fixes: &[
            FixText::write(
                "Have a client certificate issued",
                "extendedKeyUsage = clientAuth\nkeyUsage = critical, digitalSignature",
            ),
            SHOW_CLIENT_CERTIFICATE,
        ],
    }],
    avoid: &[NEVER_OFF],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 41, of SSL 3.
pub static NO_CERTIFICATE: ErrorCode = ErrorCode {
    name: "ERR_SSL_SSLV3_ALERT_NO_CERTIFICATE",
    code: "ERR_SSL_SSLV3_ALERT_NO_CERTIFICATE",
    aliases: &["ERR_SSL_SSL/TLS_ALERT_NO_CERTIFICATE"],
    family: Family::Alert,
    texts: &["alert no certificate", "alert number 41"],
    title: "The other side has no certificate to send",
    meaning: "A word of SSL 3 for a client without a certificate; some servers still send it where they want one.",
    versions: SSLV3,
    causes: &[CLIENT_CERTIFICATE_MISSING],
    avoid: &[],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 70.
pub static PROTOCOL_VERSION: ErrorCode = ErrorCode {
    name: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    family: Family::Alert,
    texts: &["alert protocol version", "alert number 70"],
    title: "The other side takes none of the TLS versions that this side offers",
    meaning: "The two sides have no TLS version in common. Node offers 1.2 and 1.3; the server allows only older ones, or only 1.3 while this process is held at 1.2.",
    versions: TLSV1,
    causes: &[
        Cause {
            id: "old-server",
            title: "The server speaks TLS 1.0 or 1.1 alone",
            tells: "`openssl s_client -connect {host}:{port} -tls1_2 -brief </dev/null` fails with the same words",
            actor: Actor::Server,
            fixes: &[
                FixText::write(
                    "Allow TLS 1.2 and 1.3 on the server",
                    "# nginx\nssl_protocols TLSv1.2 TLSv1.3;",
                ),
                FixText::write(
                    "Until then, allow the old version for this connection alone; TLS 1.0 and 1.1 are broken, so nothing secret belongs on it",
                    "tls.connect({ host: '{host}', port: {port}, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })",
                ),
            ],
        },
        Cause {
            id: "maximum-version",
            title: "The server demands TLS 1.3, and this process stops at 1.2",
            tells: "`maxVersion`, `secureProtocol: 'TLSv1_2_method'` or `--tls-max-v1.2` is set here",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Allow TLS 1.3",
                "tls.connect({ host: '{host}', port: {port}, maxVersion: 'TLSv1.3' })",
            )],
        },
        Cause {
            id: "minimum-version",
            title: "This process demands TLS 1.3, and the server has 1.2",
            tells: "`minVersion: 'TLSv1.3'` or `--tls-min-v1.3` is set here",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Allow TLS 1.2, which is safe",
                "tls.connect({ host: '{host}', port: {port}, minVersion: 'TLSv1.2' })",
            )],
        },
    ],
    avoid: &[
        "Do not allow TLS 1.0 or 1.1 again for the whole process (`--tls-min-v1.0`): every connection could be talked down to them",
    ],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 112.
pub static UNRECOGNIZED_NAME: ErrorCode = ErrorCode {
    name: "ERR_SSL_TLSV1_UNRECOGNIZED_NAME",
    code: "ERR_SSL_TLSV1_UNRECOGNIZED_NAME",
    aliases: &["ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME"],
    family: Family::Alert,
    texts: &["unrecognized name", "alert number 112"],
    title: "The server does not know the name that was asked for",
    meaning: "The client says in the handshake which host it wants (SNI), and the server has no such host.",
    versions: TLSV1,
    causes: &[
        Cause {
            id: "wrong-name",
            title: "The name is misspelled, new and not configured yet, or only known to another server",
            tells: "`openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null` fails; the name is missing in the server's virtual hosts or ingress rules",
            actor: Actor::Server,
            fixes: &[FixText::new(
                "Configure the name on the server, or point its DNS entry to the right one",
            )],
        },
        Cause {
            id: "wrong-servername",
            title: "The client sends another name than the URL's",
            tells: "The `servername` option, a `host` header that is taken for it, an agent that is shared between hosts, a proxy in between",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Send the right name, or leave it to Node",
                "tls.connect({ host: '{host}', port: {port}, servername: '{host}' })",
            )],
        },
    ],
    avoid: &[
        "Do not connect by address to get round it: then no name is sent, and the certificate does not fit either",
    ],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 120.
pub static NO_APPLICATION_PROTOCOL: ErrorCode = ErrorCode {
    name: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
    code: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
    family: Family::Alert,
    texts: &["alert no application protocol", "alert number 120"],
    title: "The server speaks none of the application protocols that were offered (ALPN)",
    meaning: "This client says which protocols it speaks inside TLS (`h2`, `http/1.1`, or a database's), and the server wants another one.",
    versions: TLSV1,
    causes: &[Cause {
        id: "alpn",
        title: "The server takes HTTP/2 alone and the client offers HTTP/1.1, or the other way round",
        tells: "`openssl s_client -connect {host}:{port} -servername {host} -alpn h2,http/1.1 </dev/null | grep ALPN`. gRPC servers take `h2` alone",
        actor: Actor::Client,
        fixes: &[FixText::write(
            "Offer what the server takes",
            "http2.connect('https://{host}:{port}')\ntls.connect({ host: '{host}', port: {port}, ALPNProtocols: ['h2', 'http/1.1'] })",
        )],
    }],
    avoid: &[],
    source: "OpenSSL `ssl/record/rec_layer_s3.c`: `ssl3_read_bytes`; RFC 7301.",
    ..ErrorCode::NONE
};

/// Alert 80.
pub static INTERNAL_ERROR: ErrorCode = ErrorCode {
    name: "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR",
    code: "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR",
    family: Family::Alert,
    texts: &["alert internal error", "alert number 80"],
    title: "The other side failed at something of its own",
    meaning: "The server could not go on, and it is not about anything that the client sent. Often it has no certificate for the name: Go's, Caddy's and some hosters' way to say so.",
    versions: TLSV1,
    causes: &[
        Cause {
            id: "no-certificate-for-name",
            title: "The server has no certificate for this name, or could not get one",
            tells: "Other names on the same address work. Caddy and Traefik: issuing failed, see their log; a hoster: the custom domain is not finished; or the connection is made by address, so no name is sent",
            actor: Actor::Server,
            fixes: &[
                FixText::new(
                    "Finish the setup of the name where TLS ends; look into the log there",
                ),
                super::fixes::CONNECT_BY_NAME,
            ],
        },
        BROKEN,
    ],
    avoid: &[],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 49.
pub static ACCESS_DENIED: ErrorCode = ErrorCode {
    name: "ERR_SSL_TLSV1_ALERT_ACCESS_DENIED",
    code: "ERR_SSL_TLSV1_ALERT_ACCESS_DENIED",
    family: Family::Alert,
    texts: &["alert access denied", "alert number 49"],
    title: "The certificate of this side is valid, and its holder is not allowed in",
    meaning: "The server verified the client certificate, and its rules do not let that name in. Firewalls send it too, for hosts that they block.",
    versions: TLSV1,
    causes: &[
        Cause {
            id: "not-allowed",
            title: "The server's access rules do not list this certificate",
            tells: "Other client certificates of the same CA get in; `openssl x509 -in client.pem -noout -subject -ext subjectAltName` against the rules",
            actor: Actor::Server,
            fixes: &[FixText::new(
                "Have the subject or name of the certificate added to the server's rules",
            )],
        },
        Cause {
            id: "blocked-host",
            title: "A firewall blocks the host",
            tells: "No client certificate is in use, and it works from another network",
            actor: Actor::Proxy,
            fixes: &[FixText::new(
                "Have the host allowed by whoever runs the firewall",
            )],
        },
    ],
    avoid: &[],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 71.
pub static INSUFFICIENT_SECURITY: ErrorCode = ErrorCode {
    name: "ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY",
    code: "ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY",
    family: Family::Alert,
    texts: &["alert insufficient security", "alert number 71"],
    title: "What this side offers is too weak for the other side",
    meaning: "There would be a common cipher or group, and the other side's rules call it too weak.",
    versions: TLSV1,
    causes: &[Cause {
        id: "own-cipher-list",
        title: "This side has an outdated cipher list of its own, or the server a very strict one",
        tells: "The `ciphers`, `ecdhCurve` or `sigalgs` option, `--tls-cipher-list`; a server with a government profile",
        actor: Actor::Client,
        fixes: &[
            FixText::new("Take these options away, and use a current Node"),
            FixText::run(
                "See what the server takes",
                &[(
                    Bash,
                    "openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null",
                )],
            ),
        ],
    }],
    avoid: &[],
    source: SOURCE,
    ..ErrorCode::NONE
};

/// Alert 51.
pub static DECRYPT_ERROR: ErrorCode = ErrorCode {
    name: "ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR",
    code: "ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR",
    family: Family::Alert,
    texts: &["alert decrypt error", "alert number 51"],
    title: "A signature or check value of the handshake does not fit, says the other side",
    meaning: "The other side could not verify what this side signed: mostly a client certificate with a key that does not belong to it, or a pre-shared key that differs.",
    versions: TLSV1,
    causes: &[
        Cause {
            id: "key-and-certificate",
            title: "The client's key and certificate do not belong together, as the other side sees it",
            tells: "A key in hardware or an engine, or a middlebox that changes the handshake; with `psk`, the keys of both sides differ",
            actor: Actor::Client,
            fixes: &[super::material::COMPARE_KEYS],
        },
        BROKEN,
    ],
    avoid: &[],
    source: SOURCE,
    ..ErrorCode::NONE
};

macro_rules! alert {
    ($(#[$doc:meta])* $item:ident, $name:literal, [$($alias:literal),*], [$($text:literal),*], $title:literal, $meaning:literal, $versions:expr, $causes:expr) => {
        $(#[$doc])*
        pub static $item: ErrorCode = ErrorCode {
            name: $name,
            code: $name,
            aliases: &[$($alias),*],
            family: Family::Alert,
            texts: &[$($text),*],
            title: $title,
            meaning: $meaning,
            versions: $versions,
            causes: $causes,
            source: SOURCE,
            ..ErrorCode::NONE
        };
    };
}

const MIXED: Cause = Cause {
    id: "mixed-stream",
    title: "The streams got mixed up, or a device on the way damages data",
    tells: "It comes and goes. Connections opened before `fork`, a socket used beside its TLS stream, a faulty network card, VPN or proxy",
    actor: Actor::Client,
    fixes: &[
        FixText::new(
            "Open connections after forking, and leave the socket alone once TLS runs on it",
        ),
        FixText::new("Test from another machine and another network"),
    ],
};

alert!(
    /// Alert 50.
    DECODE_ERROR, "ERR_SSL_TLSV1_ALERT_DECODE_ERROR", [], ["alert decode error", "alert number 50"],
    "The other side could not read a handshake message",
    "A message from here was malformed in the other side's eyes. Old servers and middleboxes trip over a large or unknown extension: post-quantum key shares make the first message longer than one packet.",
    TLSV1,
    &[
        Cause {
            id: "large-hello",
            title: "A server or appliance cannot take the larger first message of post-quantum key exchange",
            tells: "It broke with the update to Node 24 (OpenSSL 3.5), and `ecdhCurve: 'X25519:P-256'` mends it",
            actor: Actor::Server,
            fixes: &[
                FixText::new("Update the server, firewall or load balancer"),
                FixText::write("Until then, leave the large key share out for this host", "tls.connect({ host: '{host}', port: {port}, ecdhCurve: 'X25519:P-256:P-384' })"),
            ],
        },
        BROKEN,
    ]
);
alert!(
    /// Alert 47.
    ILLEGAL_PARAMETER, "ERR_SSL_SSLV3_ALERT_ILLEGAL_PARAMETER", ["ERR_SSL_SSL/TLS_ALERT_ILLEGAL_PARAMETER"], ["alert illegal parameter", "alert number 47"],
    "A field of the handshake has a value that the other side does not allow",
    "The message could be read, and contradicts itself or what was said before. One side is faulty, or something on the way changes the handshake.",
    SSLV3,
    &[BROKEN]
);
alert!(
    /// Alert 10.
    UNEXPECTED_MESSAGE, "ERR_SSL_SSLV3_ALERT_UNEXPECTED_MESSAGE", ["ERR_SSL_SSL/TLS_ALERT_UNEXPECTED_MESSAGE"], ["alert unexpected message", "alert number 10"],
    "The other side got a message out of turn",
    "The two sides disagree about where in the handshake they are. One side is faulty, or the stream got mixed up.",
    SSLV3,
    &[BROKEN, MIXED]
);
alert!(
    /// Alert 20.
    BAD_RECORD_MAC, "ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC", ["ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC"], ["alert bad record mac", "alert number 20"],
    "Encrypted data arrived changed at the other side",
    "A check value did not fit over there. TLS does not tolerate a single changed byte, so the connection ended.",
    SSLV3,
    &[MIXED, BROKEN]
);
alert!(
    /// Alert 22.
    RECORD_OVERFLOW, "ERR_SSL_TLSV1_ALERT_RECORD_OVERFLOW", [], ["alert record overflow", "alert number 22"],
    "The other side got a record that is too long",
    "Records have at most 16 KB. Bytes were lost or put in between, or the other side does not speak TLS at this point.",
    TLSV1,
    &[MIXED, BROKEN]
);
alert!(
    /// Alert 21, of TLS 1.0.
    DECRYPTION_FAILED, "ERR_SSL_TLSV1_ALERT_DECRYPTION_FAILED", [], ["alert decryption failed", "alert number 21"],
    "The other side could not decrypt a record",
    "A word of TLS 1.0 for what is `bad record mac` now: encrypted data arrived changed.",
    RARE,
    &[MIXED, BROKEN]
);
alert!(
    /// Alert 30.
    DECOMPRESSION_FAILURE, "ERR_SSL_SSLV3_ALERT_DECOMPRESSION_FAILURE", ["ERR_SSL_SSL/TLS_ALERT_DECOMPRESSION_FAILURE"], ["alert decompression failure", "alert number 30"],
    "The other side could not decompress a record",
    "Compression left TLS long ago, since it gives secrets away, and Node never offers it. An old or broken side sends this.",
    RARE,
    &[BROKEN]
);
alert!(
    /// Alert 60.
    EXPORT_RESTRICTION, "ERR_SSL_TLSV1_ALERT_EXPORT_RESTRICTION", [], ["alert export restriction", "alert number 60"],
    "The other side speaks of export restrictions, which TLS no longer has",
    "A word of the nineties. Whoever sends it is very old or broken.",
    RARE,
    &[BROKEN]
);
alert!(
    /// Alert 86.
    INAPPROPRIATE_FALLBACK, "ERR_SSL_TLSV1_ALERT_INAPPROPRIATE_FALLBACK", ["ERR_SSL_INAPPROPRIATE_FALLBACK"], ["inappropriate fallback", "alert number 86"],
    "The other side refuses a lower version, since both know a higher one",
    "A client that tries again with an older version says so, and a server that knows a newer one refuses: somebody may be talking the two down (RFC 7507).",
    RARE,
    &[Cause {
        id: "fallback",
        title: "A client or proxy retries with a lower `maxVersion` after a failed attempt",
        tells: "The first attempt failed for another reason, such as a lost packet: look for that one",
        actor: Actor::Client,
        fixes: &[FixText::new("Take the retry with an older version out: the first error is the one to mend")],
    }]
);
alert!(
    /// Alert 90.
    USER_CANCELLED, "ERR_SSL_TLSV1_ALERT_USER_CANCELLED", [], ["alert user cancelled", "alert user canceled", "alert number 90"],
    "The other side gave the handshake up, without a fault",
    "A person or a program over there cancelled: a closed dialog, a shutdown, a timeout.",
    RARE,
    &[Cause {
        id: "cancelled",
        title: "The other side cancelled",
        tells: THEIR_LOG,
        actor: Actor::Server,
        fixes: &[FixText::new("Try again; if it stays, look into the log over there")],
    }]
);
alert!(
    /// Alert 100.
    NO_RENEGOTIATION, "ERR_SSL_TLSV1_ALERT_NO_RENEGOTIATION", [], ["alert no renegotiation", "alert number 100"],
    "The other side does not renegotiate",
    "This side asked for a new handshake on a running connection, and the other one refuses. Renegotiation is gone in TLS 1.3, and off nearly everywhere.",
    "TLS 1.2 and older.",
    &[Cause {
        id: "renegotiation",
        title: "A program calls `renegotiate()`, or a server asks for a client certificate late",
        tells: "The stack shows `renegotiate`; or it happens when a protected path is opened",
        actor: Actor::Client,
        fixes: &[FixText::new("Ask for the client certificate in the first handshake, or use TLS 1.3")],
    }]
);
alert!(
    /// Alert 109.
    MISSING_EXTENSION, "ERR_SSL_TLSV13_ALERT_MISSING_EXTENSION", [], ["alert missing extension", "alert number 109"],
    "The other side misses an extension that TLS 1.3 demands",
    "A handshake message lacks a part that must be there: key share, signature algorithms, or the server name where the other side insists on it.",
    "TLS 1.3 alone.",
    &[
        Cause {
            id: "server-name",
            title: "No server name was sent: the connection is made by address",
            tells: "`openssl s_client -connect {host}:{port} -noservername -brief </dev/null` fails too, with the name it works",
            actor: Actor::Client,
            fixes: &[super::fixes::CONNECT_BY_NAME],
        },
        BROKEN,
    ]
);
alert!(
    /// Alert 110.
    UNSUPPORTED_EXTENSION, "ERR_SSL_TLSV1_UNSUPPORTED_EXTENSION", ["ERR_SSL_TLSV1_ALERT_UNSUPPORTED_EXTENSION"], ["tlsv1 unsupported extension", "alert number 110"],
    "The other side got an extension that it did not ask for",
    "An answer holds an extension that was not offered. One side is faulty, or something on the way changes the handshake.",
    RARE,
    &[BROKEN]
);
alert!(
    /// Alert 111.
    CERTIFICATE_UNOBTAINABLE, "ERR_SSL_TLSV1_CERTIFICATE_UNOBTAINABLE", ["ERR_SSL_TLSV1_ALERT_CERTIFICATE_UNOBTAINABLE"], ["certificate unobtainable", "alert number 111"],
    "The other side could not fetch the client certificate from its URL",
    "An extension lets a client send the address of its certificate instead of the certificate. Node never uses it.",
    RARE,
    &[BROKEN]
);
alert!(
    /// Alert 113.
    BAD_CERTIFICATE_STATUS_RESPONSE, "ERR_SSL_TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE", ["ERR_SSL_TLSV1_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE"], ["bad certificate status response", "alert number 113"],
    "The other side does not accept the stapled OCSP response",
    "A server may staple a fresh word of its CA to its certificate (`OCSPRequest`). The client found that word invalid, out of date or missing although the certificate demands it.",
    "All versions, and rare: on a server.",
    &[Cause {
        id: "ocsp-stapling",
        title: "The stapled response is stale or for another certificate",
        tells: "`openssl s_client -connect {host}:{port} -servername {host} -status </dev/null` shows its dates",
        actor: Actor::Server,
        fixes: &[FixText::new("Fetch the response again before its `Next Update`, and after each renewal; staple nothing rather than something stale")],
    }]
);
alert!(
    /// Alert 114.
    BAD_CERTIFICATE_HASH_VALUE, "ERR_SSL_TLSV1_BAD_CERTIFICATE_HASH_VALUE", ["ERR_SSL_TLSV1_ALERT_BAD_CERTIFICATE_HASH_VALUE"], ["bad certificate hash value", "alert number 114"],
    "The other side fetched a certificate from a URL, and it is another one",
    "An extension lets a client send the address and hash of its certificate instead of the certificate. Node never uses it.",
    RARE,
    &[BROKEN]
);
alert!(
    /// Alert 115.
    UNKNOWN_PSK_IDENTITY, "ERR_SSL_TLSV1_ALERT_UNKNOWN_PSK_IDENTITY", ["ERR_SSL_PSK_IDENTITY_NOT_FOUND"], ["unknown psk identity", "psk identity not found", "alert number 115"],
    "The server does not know the identity of the pre-shared key",
    "This connection uses a pre-shared key instead of certificates (`pskCallback`), and the server has no key under the name that was sent.",
    TLSV1,
    &[Cause {
        id: "psk-identity",
        title: "The identity or the server's list of keys is wrong",
        tells: "The `identity` that `pskCallback` returns, against the server's configuration; a `hint` from the server may name another list",
        actor: Actor::Client,
        fixes: &[FixText::write("Return the identity that the server knows", "tls.connect({ pskCallback: (hint) => ({ psk, identity: 'device-17' }), ciphers: 'PSK' })")],
    }]
);
