//! The connection failed below TLS, or without a word.

use super::{Cause, ErrorCode, Family, FixText};
use crate::findings::Actor;
use crate::findings::Shell::{Bash, PowerShell};

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[
    &ECONNRESET,
    &ECONNREFUSED,
    &ENOTFOUND,
    &EAI_AGAIN,
    &ETIMEDOUT,
    &EHOSTUNREACH,
    &EPIPE,
];

const REACH: FixText = FixText::run(
    "See whether the port answers at all",
    &[
        (Bash, "nc -vz -w 5 {host} {port}"),
        (PowerShell, "Test-NetConnection {host} -Port {port}"),
    ],
);

/// The other side, or something between, ends the connection.
pub const HUNG_UP: Cause = Cause {
    id: "hung-up",
    title: "The other side, or a firewall on the way, ends the connection without a word",
    tells: "`openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null`: when it fails too, and works from another network, something on the way does it; when it works, compare what Node sends (versions, \
ciphers, server name, client certificate)",
    actor: Actor::Server,
    fixes: &[
        FixText::run(
            "Try from here, then from another network",
            &[(
                Bash,
                "openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null",
            )],
        ),
        FixText::new(
            "Look into the server's log at the same minute: the reason stands there, if anywhere",
        ),
    ],
};

/// Reset, before TLS was up or after.
pub static ECONNRESET: ErrorCode = ErrorCode {
    name: "ECONNRESET",
    code: "ECONNRESET",
    aliases: &["UND_ERR_SOCKET"],
    family: Family::Connection,
    texts: &[
        "client network socket disconnected before secure tls connection was established",
        "read econnreset",
        "write econnreset",
        ":socket hang up",
        ":other side closed",
    ],
    title: "The other side closed the connection",
    meaning: "With the message “Client network socket disconnected before secure TLS connection was established” it happened during the handshake: the server, or something before it, hung up without a TLS alert. On a server \
(`tlsClientError`, “socket hang up”) it is a client that went away, which is also how a Node client refuses a certificate. In a running connection it is mostly a keep-alive connection that the server closed first.",
    versions: "All versions.",
    causes: &[
        HUNG_UP,
        Cause {
            id: "client-certificate-refused",
            title: "A Node server refused the client certificate, or the lack of one",
            tells: "The server is written in Node with `requestCert: true`: it closes the connection without an alert, and says why in `tlsClientError` (`socket.authorizationError`)",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Send the client certificate that the server wants, with its intermediates",
                "{ cert: fs.readFileSync('client-fullchain.pem'), key: fs.readFileSync('client.key') }",
            )],
        },
        Cause {
            id: "proxy",
            title: "A proxy is needed to get out, or the proxy does not let this host through",
            tells: "`curl -v https://{host}:{port}/` uses the proxy's variables by itself and works; Node uses them only where it is told to",
            actor: Actor::Client,
            fixes: &[FixText::run(
                "From Node 22.21 and 24 on, let Node use the proxy's variables",
                &[(
                    Bash,
                    "export NODE_USE_ENV_PROXY=1 HTTPS_PROXY=http://proxy.example.com:3128",
                )],
            )],
        },
        Cause {
            id: "starttls",
            title: "The port begins in clear text, and the server hangs up on TLS",
            tells: "A mail or database port: 25, 587, 143, 389, 5432, 3306",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Let the protocol begin in clear text, and require the upgrade",
                "nodemailer.createTransport({ host: '{host}', port: 587, secure: false, requireTLS: true })",
            )],
        },
        Cause {
            id: "keep-alive",
            title: "In a running connection: the server closed an idle one just as a request was sent on it",
            tells: "It comes now and then, mostly after a pause; the server's idle timeout is shorter than the agent's",
            actor: Actor::Client,
            fixes: &[FixText::write(
                "Retry idempotent requests, and let idle connections end earlier than the server's",
                "new https.Agent({ keepAlive: true, timeout: 4000 })",
            )],
        },
        Cause {
            id: "server-callback",
            title: "On a Node server: `SNICallback` or `ALPNCallback` failed",
            tells: "The server's `tlsClientError` has the callback's own error; every client of that name sees `ECONNRESET`",
            actor: Actor::Server,
            fixes: &[FixText::new("Mend the callback")],
        },
    ],
    avoid: &[
        "Do not search among the CAs: a certificate that Node does not trust ends in a code of its own, never in this one",
    ],
    source: "Node `lib/internal/tls/wrap.js`: `onSocketClose`, `TLSSocket.prototype._tlsError`.",
    ..ErrorCode::NONE
};

/// Nobody listens.
pub static ECONNREFUSED: ErrorCode = ErrorCode {
    name: "ECONNREFUSED",
    code: "ECONNREFUSED",
    family: Family::Connection,
    texts: &["connect econnrefused"],
    title: "Nothing listens on that address and port; this is not TLS",
    meaning: "The machine answered, and refused: no program listens there, or a firewall says so. No TLS was spoken. From Node 20 on an `AggregateError` lists each address that was tried.",
    versions: "All versions. Since Node 17 `localhost` may mean `::1` first, where a server on `127.0.0.1` alone is not found.",
    causes: &[
        Cause {
            id: "not-listening",
            title: "The server is not running, still starting, or on another port",
            tells: "On the server: `ss -ltnp` does not show the port",
            actor: Actor::Server,
            fixes: &[
                FixText::new("Start the server, or wait for it; check the port"),
                REACH,
            ],
        },
        Cause {
            id: "wrong-address",
            title: "The name leads to the wrong place: `localhost` inside a container is the container itself, or `::1`",
            tells: "The message has the address that was tried",
            actor: Actor::Client,
            fixes: &[FixText::new(
                "Use the service's name in the container network, or `127.0.0.1` instead of `localhost`",
            )],
        },
    ],
    avoid: &[],
    source: "`connect(2)`.",
    ..ErrorCode::NONE
};

/// No such name.
pub static ENOTFOUND: ErrorCode = ErrorCode {
    name: "ENOTFOUND",
    code: "ENOTFOUND",
    aliases: &["EAI_NONAME", "EAI_NODATA"],
    family: Family::Connection,
    texts: &["getaddrinfo enotfound"],
    title: "The host name does not exist, as far as this machine knows; this is not TLS",
    meaning: "The name could not be turned into an address.",
    versions: "All versions.",
    causes: &[
        Cause {
            id: "misspelled",
            title: "The name is misspelled, holds a scheme or a port, or is known in another network alone",
            tells: "The message quotes it: `https://…` or `host:443` as `host` is a usual slip; internal names need the VPN or the cluster's DNS",
            actor: Actor::Client,
            fixes: &[FixText::run(
                "Ask the system",
                &[
                    (Bash, "getent hosts {host}"),
                    (PowerShell, "Resolve-DnsName {host}"),
                ],
            )],
        },
        Cause {
            id: "proxy",
            title: "Only the proxy knows outside names",
            tells: "A network without DNS for the outside; `curl` works through the proxy",
            actor: Actor::Client,
            fixes: &[FixText::run(
                "From Node 22.21 and 24 on, let Node use the proxy's variables",
                &[(
                    Bash,
                    "export NODE_USE_ENV_PROXY=1 HTTPS_PROXY=http://proxy.example.com:3128",
                )],
            )],
        },
    ],
    avoid: &[],
    source: "`getaddrinfo(3)`; Node `lib/dns.js`.",
    ..ErrorCode::NONE
};

/// No answer from DNS.
pub static EAI_AGAIN: ErrorCode = ErrorCode {
    name: "EAI_AGAIN",
    code: "EAI_AGAIN",
    family: Family::Connection,
    texts: &["getaddrinfo eai_again"],
    title: "The name server did not answer; this is not TLS",
    meaning: "The name may exist; whoever should know did not answer in time.",
    versions: "All versions.",
    causes: &[Cause {
        id: "dns",
        title: "No network yet, a wrong name server, or one that is overloaded",
        tells: "`getent hosts {host}` is slow or fails as well; in containers `cat /etc/resolv.conf`. It passes when it is load",
        actor: Actor::Client,
        fixes: &[
            FixText::new(
                "Give the machine or container a name server that answers; retry with a pause",
            ),
            FixText::run("Ask the system", &[(Bash, "getent hosts {host}")]),
        ],
    }],
    avoid: &[],
    source: "`getaddrinfo(3)`.",
    ..ErrorCode::NONE
};

/// No answer.
pub static ETIMEDOUT: ErrorCode = ErrorCode {
    name: "ETIMEDOUT",
    code: "ETIMEDOUT",
    aliases: &[
        "UND_ERR_CONNECT_TIMEOUT",
        "ESOCKETTIMEDOUT",
        "ECONNABORTED",
        "ERR_SOCKET_CONNECTION_TIMEOUT",
    ],
    family: Family::Connection,
    texts: &[
        "connect etimedout",
        "connect timeout error",
        "connection timeout",
    ],
    title: "There was no answer in time; mostly this is not TLS",
    meaning: "The connection was not made within the time that the system or the client gives it. Packets are dropped on the way, or the machine is off.",
    versions: "All versions. With several addresses, Node 20 and later give each 250 ms before they try the next (`autoSelectFamilyAttemptTimeout`), which is too short for some slow links.",
    causes: &[
        Cause {
            id: "firewall",
            title: "A firewall or security group drops the packets",
            tells: "`nc -vz -w 5 {host} {port}` hangs; it works from another network",
            actor: Actor::Proxy,
            fixes: &[FixText::new("Have the port opened for this machine"), REACH],
        },
        Cause {
            id: "proxy",
            title: "A proxy is needed to get out",
            tells: "`curl` works through the proxy",
            actor: Actor::Client,
            fixes: &[FixText::run(
                "From Node 22.21 and 24 on, let Node use the proxy's variables",
                &[(
                    Bash,
                    "export NODE_USE_ENV_PROXY=1 HTTPS_PROXY=http://proxy.example.com:3128",
                )],
            )],
        },
        Cause {
            id: "slow-attempts",
            title: "Each address gets too little time",
            tells: "An `AggregateError` with a time-out for each address, on a link that needs more than 250 ms",
            actor: Actor::Client,
            fixes: &[FixText::run(
                "Give each attempt more time (Node 20 and later)",
                &[(
                    Bash,
                    "export NODE_OPTIONS=--network-family-autoselection-attempt-timeout=1000",
                )],
            )],
        },
    ],
    avoid: &[],
    source: "`connect(2)`; Node `lib/net.js`: `internalConnectMultiple`; undici `lib/core/connect.js`.",
    ..ErrorCode::NONE
};

/// No way there.
pub static EHOSTUNREACH: ErrorCode = ErrorCode {
    name: "EHOSTUNREACH",
    code: "EHOSTUNREACH",
    aliases: &["ENETUNREACH", "EADDRNOTAVAIL"],
    family: Family::Connection,
    texts: &["connect ehostunreach", "connect enetunreach"],
    title: "There is no way to that address from here; this is not TLS",
    meaning: "The system has no route to the address: no network, a VPN that is down, or an IPv6 address where there is no IPv6.",
    versions: "All versions.",
    causes: &[Cause {
        id: "route",
        title: "The network or VPN is down, or the address is IPv6 and this machine has none",
        tells: "`ip route get {host}`; the message has the address that was tried",
        actor: Actor::Client,
        fixes: &[
            FixText::new("Bring the network or VPN up"),
            FixText::run(
                "Prefer IPv4 where IPv6 leads nowhere",
                &[(Bash, "export NODE_OPTIONS=--dns-result-order=ipv4first")],
            ),
        ],
    }],
    avoid: &[],
    source: "`connect(2)`.",
    ..ErrorCode::NONE
};

/// Written to a closed connection.
pub static EPIPE: ErrorCode = ErrorCode {
    name: "EPIPE",
    code: "EPIPE",
    family: Family::Connection,
    texts: &["write epipe"],
    title: "The connection was closed while this side was still writing",
    meaning: "The other side has gone, and data was written to it. During the handshake it is the same as `ECONNRESET`; later, a server often ends a request that is too large or not allowed before it is sent whole.",
    versions: "All versions.",
    causes: &[
        HUNG_UP,
        Cause {
            id: "early-answer",
            title: "The server answered early and closed: 401, 413, a limit of its proxy",
            tells: "Small requests work, large ones fail",
            actor: Actor::Server,
            fixes: &[FixText::new(
                "Raise the limit on the server or proxy, or send `Expect: 100-continue` before a large body",
            )],
        },
    ],
    avoid: &[],
    source: "`write(2)`.",
    ..ErrorCode::NONE
};
