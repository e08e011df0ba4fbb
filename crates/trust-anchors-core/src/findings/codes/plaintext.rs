//! What answers does not speak TLS, or not yet.

use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;
use crate::findings::Shell::{Bash, PowerShell};

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &ERR_SSL_WRONG_VERSION_NUMBER,
    &ERR_SSL_PACKET_LENGTH_TOO_LONG,
    &ERR_SSL_HTTP_REQUEST,
    &ERR_SSL_HTTPS_PROXY_REQUEST,
    &SERVER_WITHOUT_TLS,
    &ETLS,
];

const SEE_ANSWER: FixText = FixText::run(
    "See what answers",
    &[
        (
            Bash,
            "curl -sv --max-time 5 http://{host}:{port}/ -o /dev/null\n(sleep 2) | nc {host} {port} | head -c 200",
        ),
        (
            PowerShell,
            "curl.exe -sv --max-time 5 http://{host}:{port}/ -o NUL",
        ),
    ],
);
const NEVER_PLAIN: &str = "Do not go back to plain HTTP, or a connection without TLS, across a network that others share: passwords and data travel readable";

const PLAIN_PORT: Cause = Cause {
    id: "plain-port",
    title: "The port speaks plain HTTP, or another protocol without TLS",
    tells: "`curl -sv http://{host}:{port}/` gets an answer. The URL says `https:` (or the driver is told to use TLS), and TLS is on another port, or ends at a proxy in front",
    actor: Actor::Client,
    fixes: &[
        FixText::new(
            "Connect to the port that speaks TLS, such as 443 or 8443; behind a gateway inside a cluster, `http:` may be what is meant",
        ),
        SEE_ANSWER,
    ],
};
const STARTTLS: Cause = Cause {
    id: "starttls",
    title: "The protocol begins in clear text and upgrades to TLS (STARTTLS), and TLS was begun at once",
    tells: "Ports 25 and 587 (SMTP), 143 (IMAP), 389 (LDAP), 5432 (PostgreSQL), 3306 (MySQL): `openssl s_client -starttls smtp -connect {host}:{port}` works, without `-starttls` it does not",
    actor: Actor::Client,
    fixes: &[FixText::write(
        "Let the protocol begin in clear text, and require the upgrade",
        "nodemailer.createTransport({ host: '{host}', port: 587, secure: false, requireTLS: true })   // secure: true is for port 465\n\
new pg.Client({ host: '{host}', ssl: true })   // the driver asks for TLS by itself: no tls.connect to port 5432",
    )],
};
const PROXY_SCHEME: Cause = Cause {
    id: "proxy-scheme",
    title: "The proxy is named with `https://`, and speaks plain HTTP",
    tells: "`HTTPS_PROXY` (or the `proxy` option) begins with `https://`. The variable's name tells which requests go through the proxy; the URL's scheme how to speak to the proxy itself",
    actor: Actor::Client,
    fixes: &[FixText::run(
        "Name the proxy with `http://`; what goes through it stays encrypted",
        &[
            (Bash, "export HTTPS_PROXY=http://proxy.example.com:3128"),
            (
                PowerShell,
                "$env:HTTPS_PROXY = 'http://proxy.example.com:3128'",
            ),
        ],
    )],
};
const PROXY: Cause = Cause {
    id: "proxy",
    title: "A proxy or captive portal answers in plain HTTP where the server should",
    tells: "The answer is a proxy's page (407, 403, a login). Some clients send an `https:` request to a proxy without opening a tunnel: axios did so with `HTTPS_PROXY`",
    actor: Actor::Client,
    fixes: &[FixText::write(
        "Open a tunnel through the proxy",
        "const { HttpsProxyAgent } = require('https-proxy-agent')\naxios.get(url, { httpsAgent: new HttpsProxyAgent(process.env.HTTPS_PROXY), proxy: false })",
    )],
};

/// No TLS record.
pub static ERR_SSL_WRONG_VERSION_NUMBER: ErrorCode = ErrorCode {
    name: "ERR_SSL_WRONG_VERSION_NUMBER",
    code: "ERR_SSL_WRONG_VERSION_NUMBER",
    aliases: &[
        "ERR_SSL_UNKNOWN_PROTOCOL",
        "ERR_SSL_WRONG_SSL_VERSION",
        "ERR_SSL_UNSUPPORTED_SSL_VERSION",
    ],
    family: Family::Plaintext,
    texts: &["wrong version number", "unknown protocol:"],
    title: "What answered does not speak TLS",
    meaning: "Node began TLS, and the first bytes that came back are no TLS: it took them for a record with an impossible version. Despite the name it is hardly ever about TLS versions. The other side speaks plain HTTP, \
SMTP, a database protocol, or is a proxy.",
    versions: "All versions. The code is `ERR_SSL_WRONG_VERSION_NUMBER` or, when Node notices it while writing, `EPROTO` with the same words in its message: `https.get` and axios mostly show the latter, `fetch` the former.",
    causes: &[PLAIN_PORT, STARTTLS, PROXY_SCHEME, PROXY],
    avoid: &[
        "Do not set `minVersion`, `secureProtocol` or other versions: the other side speaks no version at all",
        NEVER_PLAIN,
    ],
    source: "OpenSSL `ssl/record`: `ssl3_get_record` (3.0), `tls_validate_record_header` (3.5); `SSL_R_WRONG_VERSION_NUMBER`.",
    ..ErrorCode::NONE
};

/// A record longer than records are.
pub static ERR_SSL_PACKET_LENGTH_TOO_LONG: ErrorCode = ErrorCode {
    name: "ERR_SSL_PACKET_LENGTH_TOO_LONG",
    code: "ERR_SSL_PACKET_LENGTH_TOO_LONG",
    aliases: &[
        "ERR_SSL_DATA_LENGTH_TOO_LONG",
        "ERR_SSL_ENCRYPTED_LENGTH_TOO_LONG",
        "ERR_SSL_RECORD_TOO_SMALL",
        "ERR_SSL_RECORD_LENGTH_MISMATCH",
        "ERR_SSL_RX_RECORD_TOO_LONG",
    ],
    family: Family::Plaintext,
    texts: &[
        "packet length too long",
        "data length too long",
        "encrypted length too long",
        "record too long",
        "record too small",
        ":record length mismatch",
    ],
    title: "The length of a TLS record is impossible",
    meaning: "What came back looks like TLS for a few bytes and then has a length that no record may have. The other side speaks something else, or bytes were lost or put in between.",
    versions: "Node 18 and 20 say `ERR_SSL_PACKET_LENGTH_TOO_LONG`, Node 22 and later `ERR_SSL_DATA_LENGTH_TOO_LONG`; or `EPROTO` with the same words.",
    causes: &[
        PLAIN_PORT,
        STARTTLS,
        PROXY,
        Cause {
            id: "mixed-stream",
            title: "Plain bytes get into the TLS stream",
            tells: "A program writes to the underlying socket while TLS runs on it, or reads a part of the stream before `tls.connect({ socket })`; a tunnel or SSH forward prints a banner",
            actor: Actor::Client,
            fixes: &[FixText::new(
                "Leave the socket alone once it is given to `tls.connect`; wait for the whole answer to CONNECT or STARTTLS before",
            )],
        },
    ],
    avoid: &[NEVER_PLAIN],
    source: "OpenSSL `ssl/record`: `ssl3_get_record` (3.0), `tls_validate_record_header` (3.5).",
    ..ErrorCode::NONE
};

/// Plain HTTP to a TLS server.
pub static ERR_SSL_HTTP_REQUEST: ErrorCode = ErrorCode {
    name: "ERR_SSL_HTTP_REQUEST",
    code: "ERR_SSL_HTTP_REQUEST",
    family: Family::Plaintext,
    texts: &[":http request"],
    title: "A client spoke plain HTTP to this TLS server",
    meaning: "The server expected TLS, and the first bytes were those of an HTTP request. It comes with the `tlsClientError` event.",
    versions: "All versions.",
    causes: &[
        Cause {
            id: "http-url",
            title: "The client uses an `http:` URL with the port of `https:`",
            tells: "A browser or script asked for `http://{host}:{port}/`; scanners do so all day on public addresses",
            actor: Actor::Client,
            fixes: &[
                FixText::new("Use `https:` in the URL"),
                FixText::write(
                    "For people who type the address, redirect on port 80",
                    "http.createServer((request, response) => {\n  response.writeHead(308, { location: `https://{host}${request.url}` }).end()\n}).listen(80)",
                ),
            ],
        },
        Cause {
            id: "tls-ends-before",
            title: "A load balancer ends TLS in front and speaks plain HTTP to this server",
            tells: "All requests fail so, and they come from the balancer's addresses; its health checks too",
            actor: Actor::Server,
            fixes: &[FixText::new(
                "Let the balancer speak TLS to its targets (target protocol HTTPS), or listen with `http` behind it",
            )],
        },
    ],
    avoid: &[
        "Do not let one port answer both: a request that was sent in clear text has been read by then",
    ],
    source: "OpenSSL `ssl/record`: `SSL_R_HTTP_REQUEST`; Node `tlsClientError`.",
    ..ErrorCode::NONE
};

/// A CONNECT to a TLS server.
pub static ERR_SSL_HTTPS_PROXY_REQUEST: ErrorCode = ErrorCode {
    name: "ERR_SSL_HTTPS_PROXY_REQUEST",
    code: "ERR_SSL_HTTPS_PROXY_REQUEST",
    family: Family::Plaintext,
    texts: &[":https proxy request"],
    title: "A client takes this TLS server for an HTTP proxy",
    meaning: "The server expected TLS, and the first bytes were `CONNECT`: the client wants to tunnel through it.",
    versions: "All versions.",
    causes: &[Cause {
        id: "proxy-setting",
        title: "The client has this server's address as its proxy",
        tells: "`HTTPS_PROXY` or the `proxy` option on the client names this host and port",
        actor: Actor::Client,
        fixes: &[
            FixText::new(
                "Take the address out of the client's proxy settings, or name the real proxy",
            ),
            FixText::new(
                "If this is meant to be a proxy that is reached by TLS, name it with `https://` in the client's settings",
            ),
        ],
    }],
    avoid: &[],
    source: "OpenSSL `ssl/record`: `SSL_R_HTTPS_PROXY_REQUEST`; Node `tlsClientError`.",
    ..ErrorCode::NONE
};

/// A mail server without STARTTLS.
pub static ETLS: ErrorCode = ErrorCode {
    name: "ETLS",
    code: "ETLS",
    family: Family::Plaintext,
    texts: &["error upgrading connection with starttls"],
    title: "The mail server does not go over to TLS",
    meaning: "nodemailer asked for TLS with STARTTLS (`requireTLS`, or because the server offered it), and the server refused. No certificate has been looked at.",
    versions: "It comes from nodemailer, not from Node.",
    causes: &[Cause {
        id: "tls-off",
        title: "The server offers no TLS on this port",
        tells: "`openssl s_client -starttls smtp -connect {host}:{port} </dev/null` says that the server offers no STARTTLS, or that it is not available",
        actor: Actor::Server,
        fixes: &[
            FixText::new(
                "Use the port on which TLS begins at once, usually 465, with `secure: true`",
            ),
            FixText::new("Give the mail server a certificate, and turn STARTTLS on"),
        ],
    }],
    avoid: &[NEVER_PLAIN],
    source: "nodemailer `lib/smtp-connection`: `_actionSTARTTLS`; RFC 3207 section 4.",
    ..ErrorCode::NONE
};

/// A database without TLS.
pub static SERVER_WITHOUT_TLS: ErrorCode = ErrorCode {
    name: "SERVER_WITHOUT_TLS",
    code: "",
    aliases: &["HANDSHAKE_NO_SSL_SUPPORT"],
    family: Family::Plaintext,
    texts: &[
        "the server does not support ssl connections",
        "server does not support secure connection",
    ],
    title: "The database has TLS turned off",
    meaning: "The driver asked the database for TLS as its protocol provides, and the database said that it has none. pg words it “The server does not support SSL connections”, MySQL's drivers `HANDSHAKE_NO_SSL_SUPPORT`.",
    versions: "It comes from the driver, not from Node.",
    causes: &[Cause {
        id: "tls-off",
        title: "The database runs without a certificate, or a pooler without TLS stands in front",
        tells: "`psql 'host={host} sslmode=require'` says the same; `SHOW ssl` in PostgreSQL, `SHOW VARIABLES LIKE 'have_ssl'` in MySQL",
        actor: Actor::Server,
        fixes: &[
            FixText::write(
                "Turn TLS on in the database",
                "# postgresql.conf\nssl = on\nssl_cert_file = 'server.crt'\nssl_key_file = 'server.key'",
            ),
            FixText::new(
                "Only where the connection never leaves the machine (a socket, `localhost`), leave `ssl` out of the driver's options",
            ),
        ],
    }],
    avoid: &[NEVER_PLAIN],
    source: "pg `lib/connection.js`: the answer `N` to SSLRequest; mysql2 `lib/commands/client_handshake.js`.",
    ..ErrorCode::NONE
};
