//! The two sides have nothing in common, or one broke the protocol.

use super::fixes::{LOOK_AT_CHAIN, NEVER_OFF};
use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;
use crate::findings::Shell::Bash;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &EPROTO,
    &ERR_SSL_UNSUPPORTED_PROTOCOL,
    &ERR_SSL_NO_PROTOCOLS_AVAILABLE,
    &ERR_SSL_NO_SHARED_CIPHER,
    &ERR_SSL_NO_CIPHERS_AVAILABLE,
    &ERR_SSL_UNKNOWN_CIPHER_RETURNED,
    &ERR_SSL_UNSUPPORTED_COMPRESSION_ALGORITHM,
    &ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED,
    &ERR_SSL_DH_KEY_TOO_SMALL,
    &ERR_TLS_DH_PARAM_SIZE,
    &ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM,
    &ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS,
    &ERR_SSL_NO_SUITABLE_KEY_SHARE,
    &ERR_SSL_NO_APPLICATION_PROTOCOL,
    &ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE,
    &ERR_SSL_CERTIFICATE_VERIFY_FAILED,
    &ERR_SSL_ILLEGAL_PADDING,
    &ERR_SSL_DECODE_ERROR,
    &ERR_SSL_UNEXPECTED_MESSAGE,
    &ERR_SSL_LENGTH_MISMATCH,
    &ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC,
    &ERR_SSL_BAD_SIGNATURE,
    &ERR_SSL_UNEXPECTED_EOF_WHILE_READING,
    &ERR_TLS_HANDSHAKE_TIMEOUT,
    &ERR_TLS_SESSION_ATTACK,
    &ERR_TLS_RENEGOTIATION_DISABLED,
];

const SEE_OFFER: FixText = FixText::run(
    "See what the two sides agree on",
    &[(
        Bash,
        "openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null\nopenssl s_client -connect {host}:{port} -servername {host} -tls1_2 -brief </dev/null",
    )],
);
const NEVER_OLD: &str = "Do not allow TLS 1.0 or 1.1 again for the whole process (`--tls-min-v1.0`, `OPENSSL_CONF`): every connection could be talked down to them. Where one old device needs it, set `minVersion` and `ciphers` \
for that connection alone, and a date to end it";

/// A system error with OpenSSL's words in it.
pub static EPROTO: ErrorCode = ErrorCode {
    name: "EPROTO",
    code: "EPROTO",
    family: Family::Handshake,
    texts: &["write eproto", "read eproto"],
    title: "TLS failed while Node was writing; the message says how",
    meaning: "`EPROTO` is only the wrapping: OpenSSL refused something while data was being written, and its own words stand in the message (`…:SSL routines:…:wrong version number:…`). The same failure has the code `ERR_SSL_…` \
when Node notices it while reading. Explain the message, or the whole error.",
    versions: "All versions.",
    causes: &[Cause {
        id: "message",
        title: "What the message says after `SSL routines:`",
        tells: "`wrong version number`: the other side speaks no TLS. `alert handshake failure`: it refused. `unsupported protocol`: it is too old. `unsafe legacy renegotiation disabled`: it lacks a repair of 2009",
        actor: Actor::Client,
        fixes: &[FixText::run(
            "Explain the message",
            &[(
                Bash,
                "npx trust-anchors explain \"write EPROTO 8020:error:0A00010B:SSL routines:ssl3_get_record:wrong version number\"",
            )],
        )],
    }],
    avoid: &[NEVER_OFF],
    carrier: true,
    source: "Node `src/crypto/crypto_tls.cc`: `TLSWrap::EncOut`, `InvokeQueued(UV_EPROTO, …)`.",
    ..ErrorCode::NONE
};

/// Too old a version.
pub static ERR_SSL_UNSUPPORTED_PROTOCOL: ErrorCode = ErrorCode {
    name: "ERR_SSL_UNSUPPORTED_PROTOCOL",
    code: "ERR_SSL_UNSUPPORTED_PROTOCOL",
    aliases: &["ERR_SSL_WRONG_PROTOCOL_VERSION", "ERR_SSL_VERSION_TOO_LOW"],
    family: Family::Handshake,
    texts: &[":unsupported protocol", ":version too low"],
    title: "The other side offers only TLS versions that this side does not allow",
    meaning: "On a client: the server chose a version below the allowed ones, usually TLS 1.0 or 1.1. On a server (`tlsClientError`): the client offered none of the allowed ones. Node allows TLS 1.2 and 1.3.",
    versions: "All versions; the default has been TLS 1.2 to 1.3 since Node 12. The other side of the same failure sees `ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION`.",
    causes: &[
        Cause {
            id: "old-server",
            title: "The server is too old, or configured for TLS 1.0 or 1.1 alone",
            tells: "`openssl s_client -connect {host}:{port} -tls1_2 -brief </dev/null` fails. An old appliance, Windows Server 2008, SQL Server or Java 7",
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
                SEE_OFFER,
            ],
        },
        Cause {
            id: "minimum-version",
            title: "This process demands TLS 1.3, and the other side has 1.2",
            tells: "`minVersion: 'TLSv1.3'`, `--tls-min-v1.3` in `NODE_OPTIONS`, or `tls.DEFAULT_MIN_VERSION` is set",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Allow TLS 1.2, which is safe",
                "tls.connect({ host: '{host}', port: {port}, minVersion: 'TLSv1.2' })",
            )],
        },
        Cause {
            id: "old-client",
            title: "On a server: an old client, or a scanner that tries old versions",
            tells: "It comes with `tlsClientError`, from addresses that nobody knows",
            actor: Actor::Client,
            fixes: &[FixText::new("Update the client; scanners can be ignored")],
        },
    ],
    avoid: &[NEVER_OLD],
    source: "OpenSSL `ssl/statem/statem_lib.c`: `ssl_choose_client_version`, `ssl_choose_server_version`.",
    ..ErrorCode::NONE
};

/// No version left.
pub static ERR_SSL_NO_PROTOCOLS_AVAILABLE: ErrorCode = ErrorCode {
    name: "ERR_SSL_NO_PROTOCOLS_AVAILABLE",
    code: "ERR_SSL_NO_PROTOCOLS_AVAILABLE",
    family: Family::Handshake,
    texts: &["no protocols available"],
    title: "The options leave no TLS version over",
    meaning: "Minimum, maximum and security level of this side contradict each other, so it has no version to offer. The other side is not at fault: nothing was asked of it.",
    versions: "All versions. On Node 24 and later also with `maxVersion: 'TLSv1.1'` or lower: security level 2 leaves those out.",
    causes: &[
        Cause {
            id: "contradiction",
            title: "`minVersion` is above `maxVersion`, one of them set elsewhere",
            tells: "The options of the connection, the agent and the defaults: `node -p \"[tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION]\"`, `--tls-min-v1.3`, `--tls-max-v1.2` in `NODE_OPTIONS`",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Leave both out, or let them agree",
                "tls.connect({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' })",
            )],
        },
        Cause {
            id: "security-level",
            title: "Only TLS 1.0 or 1.1 is allowed, and the security level forbids them",
            tells: "`maxVersion` is `TLSv1` or `TLSv1.1`; it worked on Node 22",
            actor: Actor::Client,
            fixes: &[FixText::new(
                "Have the other side speak TLS 1.2; where it cannot, that connection alone needs `ciphers: 'DEFAULT@SECLEVEL=0'` beside the versions",
            )],
        },
    ],
    avoid: &[NEVER_OLD],
    source: "OpenSSL `ssl/statem/statem_lib.c`: `tls_setup_handshake`.",
    ..ErrorCode::NONE
};

/// No cipher in common.
pub static ERR_SSL_NO_SHARED_CIPHER: ErrorCode = ErrorCode {
    name: "ERR_SSL_NO_SHARED_CIPHER",
    code: "ERR_SSL_NO_SHARED_CIPHER",
    family: Family::Handshake,
    texts: &["no shared cipher"],
    title: "The server has no cipher in common with the client",
    meaning: "A server says this (`tlsClientError`): of what the client offered, nothing can be used with its own settings and certificate. The client sees `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE`.",
    versions: "All versions.",
    causes: &[
        Cause {
            id: "no-certificate",
            title: "The server has no certificate, or none for that kind of cipher",
            tells: "`key` and `cert` are missing or undefined (a variable that is not set), an `SNICallback` gave a context without them, or the certificate is ECDSA and the client offers RSA ciphers alone",
            actor: Actor::Server,
            fixes: &[FixText::write(
                "Give the server key and certificate",
                "https.createServer({ key: fs.readFileSync('server.key'), cert: fs.readFileSync('fullchain.pem') })",
            )],
        },
        Cause {
            id: "cipher-list",
            title: "One side has a cipher list of its own that is too narrow or outdated",
            tells: "The `ciphers` option, `--tls-cipher-list`; only TLS 1.2 is affected, TLS 1.3 has its own three",
            actor: Actor::Server,
            fixes: &[
                FixText::new("Leave `ciphers` out: the defaults of both sides fit together"),
                SEE_OFFER,
            ],
        },
        Cause {
            id: "old-client",
            title: "The client is very old, or a scanner",
            tells: "It comes from addresses that nobody knows, or from one old device",
            actor: Actor::Client,
            fixes: &[FixText::new("Update the client; scanners can be ignored")],
        },
    ],
    avoid: &[
        "Do not open the list to everything (`ALL`, `SECLEVEL=0`) for one client: all others could be talked down to broken ciphers",
    ],
    source: "OpenSSL `ssl/statem/statem_srvr.c`: `tls_post_process_client_hello`, `ssl3_choose_cipher`.",
    ..ErrorCode::NONE
};

/// Nothing to offer.
pub static ERR_SSL_NO_CIPHERS_AVAILABLE: ErrorCode = ErrorCode {
    name: "ERR_SSL_NO_CIPHERS_AVAILABLE",
    code: "ERR_SSL_NO_CIPHERS_AVAILABLE",
    family: Family::Handshake,
    texts: &["no ciphers available"],
    title: "The options leave no cipher over for the allowed TLS versions",
    meaning: "The cipher list of this side has nothing for the versions that it allows, or the security level takes all of them out.",
    versions: "All versions.",
    causes: &[Cause {
        id: "cipher-list",
        title: "The `ciphers` option or `--tls-cipher-list` does not fit the versions",
        tells: "A list of TLS 1.3 names (`TLS_AES_…`) with `maxVersion: 'TLSv1.2'`, or one of old ciphers at security level 2",
        actor: Actor::Client,
        fixes: &[
            FixText::new("Leave `ciphers` out"),
            FixText::run(
                "See what a list stands for",
                &[(Bash, "openssl ciphers -v 'DEFAULT@SECLEVEL=2'")],
            ),
        ],
    }],
    avoid: &[NEVER_OLD],
    source: "OpenSSL `ssl/statem/statem_clnt.c`: `ssl_cipher_list_to_bytes`.",
    ..ErrorCode::NONE
};

/// A cipher that was not offered.
pub static ERR_SSL_UNKNOWN_CIPHER_RETURNED: ErrorCode = ErrorCode {
    name: "ERR_SSL_UNKNOWN_CIPHER_RETURNED",
    code: "ERR_SSL_UNKNOWN_CIPHER_RETURNED",
    aliases: &["ERR_SSL_WRONG_CIPHER_RETURNED"],
    family: Family::Handshake,
    texts: &["unknown cipher returned", "wrong cipher returned"],
    title: "The server chose a cipher that was not offered",
    meaning: "The answer breaks the protocol: a server picks one of the ciphers that it is offered. Old and broken servers, and middleboxes that rewrite handshakes, do this.",
    versions: "All versions.",
    causes: &[Cause {
        id: "broken-server",
        title: "The server or an appliance in front is broken or too old",
        tells: "`openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null` fails with the same words",
        actor: Actor::Server,
        fixes: &[
            FixText::new("Update the server or the appliance"),
            SEE_OFFER,
        ],
    }],
    avoid: &[NEVER_OLD],
    source: "OpenSSL `ssl/statem/statem_clnt.c`: `set_client_ciphersuite`.",
    ..ErrorCode::NONE
};

/// Compression, which was not offered.
pub static ERR_SSL_UNSUPPORTED_COMPRESSION_ALGORITHM: ErrorCode = ErrorCode {
    name: "ERR_SSL_UNSUPPORTED_COMPRESSION_ALGORITHM",
    code: "ERR_SSL_UNSUPPORTED_COMPRESSION_ALGORITHM",
    aliases: &["ERR_SSL_COMPRESSION_DISABLED"],
    family: Family::Handshake,
    texts: &["unsupported compression algorithm", "compression disabled"],
    title: "The server wants to compress, which Node does not offer",
    meaning: "Compressed TLS gives secrets away, so Node never offers it, and a server must not choose it. Very old servers, and what merely looks like TLS, do.",
    versions: "All versions; Node 24 and later say `ERR_SSL_COMPRESSION_DISABLED`.",
    causes: &[Cause {
        id: "broken-server",
        title: "The server or an appliance in front is broken or too old",
        tells: "`openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null` fails with the same words",
        actor: Actor::Server,
        fixes: &[
            FixText::new("Turn TLS compression off on the server, or update it"),
            SEE_OFFER,
        ],
    }],
    avoid: &[NEVER_OLD],
    source: "OpenSSL `ssl/statem/statem_clnt.c`: `tls_process_server_hello`.",
    ..ErrorCode::NONE
};

/// A server without RFC 5746.
pub static ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED: ErrorCode = ErrorCode {
    name: "ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
    code: "ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
    family: Family::Handshake,
    texts: &["unsafe legacy renegotiation disabled"],
    title: "The server lacks a repair of TLS from 2009, and OpenSSL 3 insists on it",
    meaning: "TLS 1.2 and older had a flaw in renegotiation that lets an attacker put words before a client's. Servers that were repaired say so in the handshake (RFC 5746); this one does not.",
    versions: "Node 18 and later, that is OpenSSL 3. Node 16 connected.",
    causes: &[
        Cause {
            id: "old-server",
            title: "The server or a load balancer in front was never updated",
            tells: "`openssl s_client -connect {host}:{port} -servername {host} -tls1_2 -brief </dev/null` fails with the same words, and works with `-legacy_server_connect`. Banks, authorities, old F5 or IIS",
            actor: Actor::Server,
            fixes: &[
                FixText::new(
                    "Have the server updated to RFC 5746, or to TLS 1.3, which has no renegotiation",
                ),
                FixText::write(
                    "Until then, allow it for this host alone",
                    "const crypto = require('node:crypto')\nconst agent = new https.Agent({ secureOptions: crypto.constants.SSL_OP_LEGACY_SERVER_CONNECT })\n\
https.get('https://{host}/', { agent })   // axios: { httpsAgent: agent }; undici: new Agent({ connect: { secureOptions } })",
                ),
            ],
        },
        Cause {
            id: "intercepted",
            title: "A TLS-inspecting proxy speaks old TLS towards this side",
            tells: "Every host fails so, and only from inside this network",
            actor: Actor::Proxy,
            fixes: &[FixText::new(
                "Have the proxy updated, or the host taken out of its inspection",
            )],
        },
    ],
    avoid: &[
        "Do not allow it for the whole process (`UnsafeLegacyRenegotiation` in `OPENSSL_CONF`): every other connection loses the protection as well",
        "Do not go back to Node 16: it has no security updates",
    ],
    source: "OpenSSL `ssl/statem/extensions.c`: `final_renegotiate`; RFC 5746.",
    ..ErrorCode::NONE
};

const SMALL_DH: Cause = Cause {
    id: "small-group",
    title: "The server uses 1024-bit or smaller parameters for DHE ciphers",
    tells: "`openssl s_client -connect {host}:{port} -cipher 'DHE:@SECLEVEL=0' -tls1_2 </dev/null | grep 'Peer Temp Key\\|Server Temp Key'`",
    actor: Actor::Server,
    fixes: &[
        FixText::write(
            "Give the server larger parameters, or ECDHE ciphers alone",
            "# nginx\nssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;   # or: ssl_dhparam dh2048.pem;",
        ),
        FixText::write(
            "Or leave DHE out on this side: ECDHE is what nearly every server prefers anyway",
            "tls.connect({ host: '{host}', port: {port}, ciphers: 'ECDHE+AESGCM:ECDHE+CHACHA20' })",
        ),
    ],
};

/// A short Diffie-Hellman group.
pub static ERR_SSL_DH_KEY_TOO_SMALL: ErrorCode = ErrorCode {
    name: "ERR_SSL_DH_KEY_TOO_SMALL",
    code: "ERR_SSL_DH_KEY_TOO_SMALL",
    family: Family::Handshake,
    texts: &["dh key too small"],
    title: "The server's Diffie-Hellman parameters are too short",
    meaning: "The server picked a DHE cipher with a group that can be broken (Logjam). The security level does not allow it.",
    versions: "Below 1024 bits on all versions, below 2048 on Node 24 and later (security level 2).",
    causes: &[SMALL_DH],
    avoid: &[
        "Do not lower the security level for the whole process: leaving DHE out solves it without weakening anything",
    ],
    source: "OpenSSL `ssl/statem/statem_clnt.c`: `tls_process_ske_dhe`.",
    ..ErrorCode::NONE
};

/// The same, as an option of the client asks.
pub static ERR_TLS_DH_PARAM_SIZE: ErrorCode = ErrorCode {
    name: "ERR_TLS_DH_PARAM_SIZE",
    code: "ERR_TLS_DH_PARAM_SIZE",
    family: Family::Handshake,
    texts: &["dh parameter size"],
    title: "The server's Diffie-Hellman parameters are shorter than `minDHSize` asks",
    meaning: "The client's `minDHSize` (default 1024) is larger than the group that the server picked. The message always says “less than 2048”, whatever the option is.",
    versions: "All versions.",
    causes: &[SMALL_DH],
    avoid: &[],
    source: "Node `lib/internal/tls/wrap.js`: `onConnectSecure`.",
    ..ErrorCode::NONE
};

/// The certificate fits no algorithm that the client takes.
pub static ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: ErrorCode = ErrorCode {
    name: "ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM",
    code: "ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM",
    family: Family::Handshake,
    texts: &["no suitable signature algorithm"],
    title: "The server has no certificate that it could sign with for this client",
    meaning: "A server says this (`tlsClientError`): it has no key at all, or none whose algorithm the client accepts.",
    versions: "All versions.",
    causes: &[
        Cause {
            id: "no-certificate",
            title: "The server has no key and certificate",
            tells: "`key` or `cert` is undefined: a variable that is not set, an `SNICallback` with an empty context. The client sees `handshake failure`",
            actor: Actor::Server,
            fixes: &[FixText::write(
                "Give the server key and certificate",
                "https.createServer({ key: fs.readFileSync('server.key'), cert: fs.readFileSync('fullchain.pem') })",
            )],
        },
        Cause {
            id: "key-and-certificate",
            title: "Key and certificate are of different kinds",
            tells: "An EC key beside an RSA certificate: Node takes both without a word, and has no pair. `openssl pkey -in server.key -noout -text | head -1`, `openssl x509 -in server.pem -noout -text | grep 'Public Key Algorithm'`",
            actor: Actor::Server,
            fixes: &[super::material::COMPARE_KEYS],
        },
        Cause {
            id: "odd-key",
            title: "The key is of a kind that TLS 1.3 or the client does not take",
            tells: "P-224, secp256k1, brainpool, DSA",
            actor: Actor::Server,
            fixes: &[FixText::run(
                "Use P-256 or RSA-2048",
                &[(
                    Bash,
                    "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out server.key",
                )],
            )],
        },
    ],
    avoid: &[],
    source: "OpenSSL `ssl/t1_lib.c`: `tls_choose_sigalg`.",
    ..ErrorCode::NONE
};

/// No signature algorithm in common.
pub static ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS: ErrorCode = ErrorCode {
    name: "ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS",
    code: "ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS",
    aliases: &[
        "ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHM",
        "ERR_SSL_WRONG_SIGNATURE_TYPE",
    ],
    family: Family::Handshake,
    texts: &["no shared signature algorithm", ":wrong signature type"],
    title: "The two sides have no signature algorithm in common",
    meaning: "What one side may sign with, the other does not take: by the `sigalgs` option, by the security level, or because one side is very old.",
    versions: "All versions. Security level 1 of OpenSSL 3 already takes SHA-1 signatures out.",
    causes: &[Cause {
        id: "signature-list",
        title: "One side has a list of its own, or knows SHA-1 alone",
        tells: "The `sigalgs` option, `SignatureAlgorithms` in an `openssl.cnf`; an old server that answers TLS 1.2 with SHA-1",
        actor: Actor::Client,
        fixes: &[
            FixText::new("Leave `sigalgs` out"),
            FixText::new("Update the side that knows SHA-1 alone"),
            SEE_OFFER,
        ],
    }],
    avoid: &[NEVER_OLD],
    source: "OpenSSL `ssl/t1_lib.c`: `tls1_set_server_sigalgs`, `tls12_check_peer_sigalg`.",
    ..ErrorCode::NONE
};

/// No group in common.
pub static ERR_SSL_NO_SUITABLE_KEY_SHARE: ErrorCode = ErrorCode {
    name: "ERR_SSL_NO_SUITABLE_KEY_SHARE",
    code: "ERR_SSL_NO_SUITABLE_KEY_SHARE",
    aliases: &[
        "ERR_SSL_NO_SUITABLE_GROUPS",
        "ERR_SSL_BAD_KEY_SHARE",
        "ERR_SSL_NO_SHARED_GROUP",
        "ERR_SSL_WRONG_CURVE",
    ],
    family: Family::Handshake,
    texts: &[
        "no suitable key share",
        "no suitable groups",
        ":bad key share",
        ":wrong curve",
    ],
    title: "The two sides have no curve or group in common",
    meaning: "TLS 1.3 needs a group for the key exchange that both know, and there is none.",
    versions: "All versions.",
    causes: &[Cause {
        id: "group-list",
        title: "One side allows a single curve",
        tells: "The `ecdhCurve` option, `Groups` in an `openssl.cnf`, a FIPS profile",
        actor: Actor::Server,
        fixes: &[
            FixText::write(
                "Leave `ecdhCurve` out, or name several",
                "{ ecdhCurve: 'X25519:P-256:P-384' }",
            ),
            SEE_OFFER,
        ],
    }],
    avoid: &[],
    source: "OpenSSL `ssl/statem/extensions.c`: `final_key_share`.",
    ..ErrorCode::NONE
};

/// ALPN on the server's side.
pub static ERR_SSL_NO_APPLICATION_PROTOCOL: ErrorCode = ErrorCode {
    name: "ERR_SSL_NO_APPLICATION_PROTOCOL",
    code: "ERR_SSL_NO_APPLICATION_PROTOCOL",
    family: Family::Handshake,
    texts: &[
        "ssl routines:tls_handle_alpn:no application protocol",
        "ssl routines::no application protocol",
    ],
    title: "The client and this server speak no application protocol in common (ALPN)",
    meaning: "The client says which protocols it speaks inside TLS (`h2`, `http/1.1`), and the server's list has none of them. The client sees `ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL`.",
    versions: "Node 20 and later end the handshake; Node 18 went on without a protocol.",
    causes: &[Cause {
        id: "alpn",
        title: "The server offers HTTP/2 alone, and the client speaks HTTP/1.1, or the other way round",
        tells: "`openssl s_client -connect {host}:{port} -alpn h2,http/1.1 </dev/null | grep ALPN`",
        actor: Actor::Server,
        fixes: &[FixText::write(
            "Let an HTTP/2 server answer HTTP/1.1 too",
            "http2.createSecureServer({ allowHTTP1: true, key, cert })",
        )],
    }],
    avoid: &[],
    source: "OpenSSL `ssl/statem/statem_srvr.c`: `tls_handle_alpn`; Node `SelectALPNCallback`; RFC 7301.",
    ..ErrorCode::NONE
};

/// mTLS on the server's side.
pub static ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: ErrorCode = ErrorCode {
    name: "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE",
    code: "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE",
    family: Family::Handshake,
    texts: &["peer did not return a certificate"],
    title: "The server wants a client certificate, and the client sent none",
    meaning: "A server with `requestCert: true` says this (`tlsClientError`). The client sees `ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED`, or with TLS 1.2 `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE`.",
    versions: "All versions.",
    causes: &[super::alert::CLIENT_CERTIFICATE_MISSING],
    avoid: &["Do not drop `requestCert` to let a client in: it is what keeps others out"],
    source: "OpenSSL `ssl/statem/statem_srvr.c`: `tls_process_client_certificate`.",
    ..ErrorCode::NONE
};

/// The word of other programs for every failed verification.
pub static ERR_SSL_CERTIFICATE_VERIFY_FAILED: ErrorCode = ErrorCode {
    name: "ERR_SSL_CERTIFICATE_VERIFY_FAILED",
    code: "ERR_SSL_CERTIFICATE_VERIFY_FAILED",
    aliases: &["CERTIFICATE_VERIFY_FAILED"],
    family: Family::Handshake,
    texts: &[
        "ssl routines::certificate verify failed",
        "certificate verify failed",
    ],
    title: "A chain was refused, says OpenSSL, without saying why",
    meaning: "Node lets OpenSSL go on and reports the reason by itself, so its own connections do not end in this code. It comes from native addons and other programs (Python, curl, Ruby, gRPC's core), or from a server that \
checks client certificates inside OpenSSL.",
    versions: "Not from Node's own `tls`.",
    causes: &[Cause {
        id: "other-program",
        title: "Another program or a native addon refused the chain, and reads other CA files than Node",
        tells: "The same connection by Node: `node -e \"require('tls').connect({port}, '{host}', { servername: '{host}' }).on('error', console.error)\"` names the reason",
        actor: Actor::Client,
        fixes: &[
            FixText::run(
                "Give OpenSSL's programs the CA file by their own variables",
                &[(
                    Bash,
                    "export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt",
                )],
            ),
            LOOK_AT_CHAIN,
        ],
    }],
    avoid: &[NEVER_OFF],
    carrier: true,
    source: "OpenSSL `ssl/statem/statem_clnt.c`: `tls_post_process_server_certificate`; Node's verify callback always returns 1.",
    ..ErrorCode::NONE
};

/// A certificate that cannot be decoded.
pub static ERR_SSL_ILLEGAL_PADDING: ErrorCode = ErrorCode {
    name: "ERR_SSL_ILLEGAL_PADDING",
    code: "ERR_SSL_ILLEGAL_PADDING",
    aliases: &[
        "ERR_SSL_ILLEGAL_ZERO_CONTENT",
        "ERR_SSL_UTCTIME_IS_TOO_SHORT",
        "ERR_SSL_GENERALIZEDTIME_IS_TOO_SHORT",
        "ERR_SSL_TOO_LONG",
        "ERR_SSL_TOO_SMALL",
        "ERR_SSL_EXPLICIT_LENGTH_MISMATCH",
        "ERR_SSL_CERT_LENGTH_MISMATCH",
        "ERR_SSL_WRONG_TAG",
        "ERR_SSL_BAD_OBJECT_HEADER",
        "ERR_SSL_HEADER_TOO_LONG",
        "ERR_SSL_INVALID_OBJECT_ENCODING",
        "ERR_SSL_INVALID_BIT_STRING_BITS_LEFT",
        "ERR_SSL_TYPE_NOT_PRIMITIVE",
        "ERR_SSL_UNEXPECTED_EOC",
        "ERR_SSL_NOT_ENOUGH_DATA",
        "ERR_SSL_ILLEGAL_NEGATIVE_VALUE",
        "ERR_SSL_FIELD_MISSING",
        "ERR_SSL_EXPECTING_AN_INTEGER",
    ],
    family: Family::Handshake,
    texts: &[
        "asn1 encoding routines::illegal padding",
        "asn1 encoding routines::illegal zero content",
        "utctime is too short",
        "generalizedtime is too short",
        "ssl routines:tls_process_server_certificate:cert length mismatch",
        ":cert length mismatch",
    ],
    title: "A certificate that the other side sent cannot be decoded",
    meaning: "Before anything is verified, every certificate of the chain is taken apart, and one of them is not well-formed: a number with needless zeros, a date without seconds, bytes missing or left over. The code is OpenSSL's \
first complaint, so it differs: `ERR_SSL_ILLEGAL_PADDING`, `ERR_SSL_TOO_LONG`, `ERR_SSL_UTCTIME_IS_TOO_SHORT` and others all mean this.",
    versions: "All versions. OpenSSL 3.5 (Node 22 and later, with few exceptions) is stricter about dates: such a certificate got as far as `ERROR_IN_CERT_NOT_BEFORE_FIELD` before.",
    causes: &[
        Cause {
            id: "malformed-certificate",
            title: "The certificate was made by a faulty tool, or damaged on the way into the server",
            tells: "`openssl s_client -connect {host}:{port} -servername {host} -showcerts </dev/null` fails with the same words; home-made tools, old appliances, devices with their own generator",
            actor: Actor::Server,
            fixes: &[
                FixText::new("Have the certificate made again with OpenSSL or another usual tool"),
                FixText::run(
                    "Check a certificate's encoding",
                    &[(Bash, "openssl asn1parse -in server.pem -i")],
                ),
            ],
        },
        Cause {
            id: "malformed-intermediate",
            title: "One of the intermediates in the server's chain file is the damaged one",
            tells: "The server's own certificate can be read by itself: `openssl x509 -in server.pem -noout -text`",
            actor: Actor::Server,
            fixes: &[FixText::run(
                "Check each certificate of the file",
                &[(Bash, "npx trust-anchors inspect fullchain.pem")],
            )],
        },
    ],
    avoid: &[NEVER_OFF],
    rules: &["unparsable-certificate"],
    source: "OpenSSL `ssl/statem/statem_clnt.c`: `tls_process_server_certificate`; `crypto/asn1`: `d2i_X509`.",
    ..ErrorCode::NONE
};

/// A message or key that cannot be decoded.
pub static ERR_SSL_DECODE_ERROR: ErrorCode = ErrorCode {
    name: "ERR_SSL_DECODE_ERROR",
    code: "ERR_SSL_DECODE_ERROR",
    aliases: &[
        "ERR_SSL_UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS",
        "ERR_SSL_UNKNOWN_CERTIFICATE_TYPE",
        "ERR_SSL_UNSUPPORTED_ALGORITHM",
    ],
    family: Family::Handshake,
    texts: &[
        "digital envelope routines::decode error",
        ":unknown certificate type",
        "unable to find public key parameters",
    ],
    title: "The key of the server's certificate, or a handshake message, cannot be read",
    meaning: "OpenSSL could take the certificate apart, and not the public key in it: its algorithm or curve is unknown or damaged.",
    versions: "All versions. ML-DSA and SLH-DSA keys are known from OpenSSL 3.5 on.",
    causes: &[Cause {
        id: "unknown-key",
        title: "The server's certificate has a key of a kind that this Node does not know",
        tells: "`openssl s_client -connect {host}:{port} -servername {host} </dev/null | openssl x509 -noout -text | grep -A3 'Public Key Algorithm'`",
        actor: Actor::Server,
        fixes: &[
            FixText::new(
                "Have the server use RSA or P-256, beside its other certificate if it wants both",
            ),
            FixText::new(
                "Or run a Node whose OpenSSL knows the algorithm: `node -p process.versions.openssl`",
            ),
        ],
    }],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `ssl/statem/statem_clnt.c`: `tls_post_process_server_certificate`.",
    ..ErrorCode::NONE
};

const BROKEN_PEER: Cause = Cause {
    id: "broken-server",
    title: "The other side, or an appliance on the way, breaks the protocol",
    tells: "`openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null` fails as well, perhaps only from this network; with `-tls1_2` it may work",
    actor: Actor::Server,
    fixes: &[
        SEE_OFFER,
        FixText::new("Update the server, or the firewall, load balancer or VPN on the way"),
        FixText::write(
            "If only TLS 1.3 fails, stay with 1.2 for this host until that is done",
            "tls.connect({ host: '{host}', port: {port}, maxVersion: 'TLSv1.2' })",
        ),
    ],
};
const NOT_TLS: Cause = Cause {
    id: "plain-port",
    title: "What answers is no TLS server, or not one of this kind",
    tells: "A protocol whose first byte happens to look like TLS; a DTLS or QUIC endpoint; a STARTTLS port",
    actor: Actor::Client,
    fixes: &[FixText::new("Check host, port and protocol")],
};

/// A message out of turn.
pub static ERR_SSL_UNEXPECTED_MESSAGE: ErrorCode = ErrorCode {
    name: "ERR_SSL_UNEXPECTED_MESSAGE",
    code: "ERR_SSL_UNEXPECTED_MESSAGE",
    aliases: &[
        "ERR_SSL_UNEXPECTED_RECORD",
        "ERR_SSL_BAD_RECORD_TYPE",
        "ERR_SSL_UNEXPECTED_CCS_MESSAGE",
    ],
    family: Family::Handshake,
    texts: &[
        "ssl routines:ssl3_read_bytes:unexpected message",
        "ssl routines::unexpected message",
        "read_transition:unexpected message",
        ":unexpected record",
    ],
    title: "A TLS message came out of turn",
    meaning: "The bytes look like TLS, and the message is not one that may come now. On a server it is also what remains of a client that had nothing to offer (`ERR_SSL_NO_PROTOCOLS_AVAILABLE` over there).",
    versions: "All versions.",
    causes: &[NOT_TLS, BROKEN_PEER],
    avoid: &[],
    source: "OpenSSL `ssl/statem`: `ossl_statem_client_read_transition`; `ssl3_read_bytes`.",
    ..ErrorCode::NONE
};

/// A message of a wrong length.
pub static ERR_SSL_LENGTH_MISMATCH: ErrorCode = ErrorCode {
    name: "ERR_SSL_LENGTH_MISMATCH",
    code: "ERR_SSL_LENGTH_MISMATCH",
    aliases: &[
        "ERR_SSL_BAD_LENGTH",
        "ERR_SSL_LENGTH_TOO_SHORT",
        "ERR_SSL_LENGTH_TOO_LONG",
        "ERR_SSL_EXCESSIVE_MESSAGE_SIZE",
        "ERR_SSL_BAD_EXTENSION",
        "ERR_SSL_BAD_HANDSHAKE_LENGTH",
        "ERR_SSL_BAD_PROTOCOL_VERSION_NUMBER",
        "ERR_SSL_BAD_LEGACY_VERSION",
        "ERR_SSL_UNSOLICITED_EXTENSION",
        "ERR_SSL_BAD_CHANGE_CIPHER_SPEC",
        "ERR_SSL_INCONSISTENT_EXTMS",
        "ERR_SSL_NO_CERTIFICATES_RETURNED",
    ],
    family: Family::Handshake,
    texts: &[
        "ssl routines:tls_process_server_hello:length mismatch",
        ":length mismatch",
        ":excessive message size",
        ":bad extension",
    ],
    title: "A handshake message is malformed",
    meaning: "A message of the handshake has a length or content that it must not have. The other side is no TLS server, a broken one, or something on the way changed the bytes.",
    versions: "All versions.",
    causes: &[BROKEN_PEER, NOT_TLS],
    avoid: &[],
    source: "OpenSSL `ssl/statem`.",
    ..ErrorCode::NONE
};

/// Bytes that were changed.
pub static ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC: ErrorCode = ErrorCode {
    name: "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
    code: "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
    aliases: &[
        "ERR_SSL_BAD_RECORD_MAC",
        "ERR_SSL_DIGEST_CHECK_FAILED",
        "ERR_SSL_BAD_DECRYPT",
    ],
    family: Family::Handshake,
    texts: &[
        "decryption failed or bad record mac",
        ":digest check failed",
    ],
    title: "Encrypted data was changed on the way, or the streams got mixed up",
    meaning: "A record could not be decrypted, or its check value is wrong. TLS does not tolerate a single changed byte, so the connection ends.",
    versions: "All versions. The other side of the same failure sees `ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC`.",
    causes: &[
        Cause {
            id: "mixed-stream",
            title: "Two writers use one connection",
            tells: "A connection that was opened before `fork` or `cluster`, a socket that is read or written beside the TLS stream, a hand-made tunnel",
            actor: Actor::Client,
            fixes: &[FixText::new(
                "Open connections after forking; leave the socket alone once TLS runs on it",
            )],
        },
        Cause {
            id: "damaged-on-the-way",
            title: "A device on the way damages data",
            tells: "It comes and goes, with large transfers most: a faulty network card or driver (checksum offload), a VPN with a wrong MTU, a proxy",
            actor: Actor::Proxy,
            fixes: &[
                FixText::run(
                    "Test without offload",
                    &[(Bash, "sudo ethtool -K eth0 tx off rx off")],
                ),
                FixText::new("Test from another network"),
            ],
        },
        BROKEN_PEER,
    ],
    avoid: &[],
    source: "OpenSSL `ssl/record`: `SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC`.",
    ..ErrorCode::NONE
};

/// A proof that fails.
pub static ERR_SSL_BAD_SIGNATURE: ErrorCode = ErrorCode {
    name: "ERR_SSL_BAD_SIGNATURE",
    code: "ERR_SSL_BAD_SIGNATURE",
    aliases: &[
        "ERR_SSL_PROVIDER_SIGNATURE_FAILURE",
        "ERR_SSL_WRONG_CERTIFICATE_TYPE",
        "ERR_SSL_INVALID_SIGNATURE",
    ],
    family: Family::Handshake,
    texts: &[
        "ssl routines::bad signature",
        ":bad signature",
        "ssl routines:tls_process_cert_verify:bad signature",
        "provider signature failure",
        "wrong certificate type",
    ],
    title: "The other side could not prove that it has the key of its certificate",
    meaning: "The handshake is signed with the key of the certificate, and the signature does not fit. Key and certificate over there do not belong together, or something on the way changed the handshake.",
    versions: "All versions; Node 22 and later say `ERR_SSL_PROVIDER_SIGNATURE_FAILURE`. A certificate of another kind of key is `ERR_SSL_WRONG_CERTIFICATE_TYPE`.",
    causes: &[
        Cause {
            id: "key-and-certificate",
            title: "The server's key belongs to another certificate",
            tells: "On the server the two differ: `openssl pkey -in server.key -pubout | sha256sum; openssl x509 -in server.pem -noout -pubkey | sha256sum`",
            actor: Actor::Server,
            fixes: &[super::material::COMPARE_KEYS],
        },
        BROKEN_PEER,
    ],
    avoid: &[NEVER_OFF],
    source: "OpenSSL `ssl/statem/statem_lib.c`: `tls_process_cert_verify`.",
    ..ErrorCode::NONE
};

/// The end in the middle.
pub static ERR_SSL_UNEXPECTED_EOF_WHILE_READING: ErrorCode = ErrorCode {
    name: "ERR_SSL_UNEXPECTED_EOF_WHILE_READING",
    code: "ERR_SSL_UNEXPECTED_EOF_WHILE_READING",
    aliases: &["ERR_SSL_SSL_HANDSHAKE_FAILURE"],
    family: Family::Handshake,
    texts: &["unexpected eof while reading", ":ssl handshake failure"],
    title: "The other side hung up in the middle of TLS",
    meaning: "The connection was closed without the goodbye that TLS wants. Node itself says `ECONNRESET` for this; the code comes from native addons and other programs.",
    versions: "OpenSSL 3.",
    causes: &[super::connection::HUNG_UP],
    avoid: &[],
    source: "OpenSSL `ssl/record`: `SSL_R_UNEXPECTED_EOF_WHILE_READING`.",
    ..ErrorCode::NONE
};

/// A slow client.
pub static ERR_TLS_HANDSHAKE_TIMEOUT: ErrorCode = ErrorCode {
    name: "ERR_TLS_HANDSHAKE_TIMEOUT",
    code: "ERR_TLS_HANDSHAKE_TIMEOUT",
    family: Family::Handshake,
    texts: &["tls handshake timeout"],
    title: "A client connected and did not finish the handshake in time",
    meaning: "A server says this (`tlsClientError`): within `handshakeTimeout`, 120 seconds by default, the client did not complete TLS.",
    versions: "All versions.",
    causes: &[
        Cause {
            id: "no-tls-client",
            title: "Something connects and says nothing: a health check, a port scanner, a keep-alive of a load balancer",
            tells: "It comes at regular intervals, or from addresses that nobody knows; no bytes arrive",
            actor: Actor::Client,
            fixes: &[FixText::new(
                "Let the health check speak TLS (HTTPS, or TCP with a TLS hello), or ignore these errors in `tlsClientError`",
            )],
        },
        Cause {
            id: "blocked-loop",
            title: "This server's event loop is blocked, or it is short of processors",
            tells: "Many clients at once, slow answers otherwise too; RSA-4096 keys make it worse",
            actor: Actor::Server,
            fixes: &[FixText::new(
                "Find what blocks: `node --cpu-prof`; use a P-256 certificate, and session resumption",
            )],
        },
        Cause {
            id: "lost-packets",
            title: "Large packets of the handshake get lost on the way (MTU)",
            tells: "Only clients behind one VPN or network fail, small answers work: `ping -M do -s 1472 {host}`",
            actor: Actor::Proxy,
            fixes: &[FixText::new(
                "Correct the MTU of the tunnel, and let ICMP `fragmentation needed` through",
            )],
        },
    ],
    avoid: &[
        "Do not raise `handshakeTimeout`: an honest handshake takes well under a second, and waiting connections cost memory",
    ],
    source: "Node `lib/internal/tls/wrap.js`: `TLSSocket.prototype._handleTimeout`.",
    ..ErrorCode::NONE
};

/// Too many renegotiations.
pub static ERR_TLS_SESSION_ATTACK: ErrorCode = ErrorCode {
    name: "ERR_TLS_SESSION_ATTACK",
    code: "ERR_TLS_SESSION_ATTACK",
    family: Family::Handshake,
    texts: &["tls session renegotiation attack detected"],
    title: "A client renegotiates too often",
    meaning: "A server says this: a client asked for a new handshake on the same connection more than `tls.CLIENT_RENEG_LIMIT` times (3) within `CLIENT_RENEG_WINDOW` (600 seconds). Handshakes cost the server far more than the client.",
    versions: "All versions; TLS 1.2 and older alone, TLS 1.3 has no renegotiation.",
    causes: &[Cause {
        id: "renegotiation",
        title: "An attack, a scanner, or a client that renegotiates for no good reason",
        tells: "One address, many connections",
        actor: Actor::Client,
        fixes: &[FixText::write(
            "Allow no renegotiation at all",
            "server.on('secureConnection', (socket) => socket.disableRenegotiation())",
        )],
    }],
    avoid: &["Do not raise the limit: no client needs it"],
    source: "Node `lib/internal/tls/wrap.js`: `onhandshakestart`.",
    ..ErrorCode::NONE
};

/// Renegotiation that was switched off.
pub static ERR_TLS_RENEGOTIATION_DISABLED: ErrorCode = ErrorCode {
    name: "ERR_TLS_RENEGOTIATION_DISABLED",
    code: "ERR_TLS_RENEGOTIATION_DISABLED",
    aliases: &["ERR_TLS_RENEGOTIATION_UNSUPPORTED"],
    family: Family::Handshake,
    texts: &[
        "tls session renegotiation disabled for this socket",
        "tls session renegotiation is unsupported",
    ],
    title: "Renegotiation was asked for on a connection that does not allow it",
    meaning: "`disableRenegotiation()` was called on the socket, or the TLS library has no renegotiation, and one side asked for it.",
    versions: "All versions; `ERR_TLS_RENEGOTIATION_UNSUPPORTED` in Node 24 and later, where the TLS library has none.",
    causes: &[Cause {
        id: "renegotiation",
        title: "A program calls `renegotiate()`, or the other side asks for it: some servers do so to ask for a client certificate late",
        tells: "The stack shows `renegotiate`, or it comes with TLS 1.2 when a protected path is opened (IIS, old Apache)",
        actor: Actor::Server,
        fixes: &[FixText::new(
            "Let the server ask for the client certificate in the first handshake, or use TLS 1.3",
        )],
    }],
    avoid: &[],
    source: "Node `lib/internal/tls/wrap.js`: `TLSSocket.prototype.renegotiate`.",
    ..ErrorCode::NONE
};
