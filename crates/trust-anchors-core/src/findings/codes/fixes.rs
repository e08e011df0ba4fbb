//! Fixes and causes that several codes share.

use super::{Cause, FixText};
use crate::findings::Actor;
use crate::findings::Shell::{Bash, Dockerfile, PowerShell};

/// Trust a private CA through the variable.
pub const TRUST_CA_FILE: FixText = FixText::run(
    "Give Node the CA's root certificate, before the process starts",
    &[
        (
            Bash,
            "export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem",
        ),
        (
            PowerShell,
            "$env:NODE_EXTRA_CA_CERTS = 'C:\\certs\\company-ca.pem'",
        ),
        (
            Dockerfile,
            "COPY company-ca.pem /etc/ssl/certs/company-ca.pem\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem",
        ),
    ],
);

/// Trust what the system trusts.
pub const USE_SYSTEM_CA: FixText = FixText::run(
    "If the CA is installed in the system already, let Node use the system's store (Node 22.15 or later)",
    &[
        (Bash, "export NODE_OPTIONS=--use-system-ca"),
        (PowerShell, "$env:NODE_OPTIONS = '--use-system-ca'"),
        (Dockerfile, "ENV NODE_OPTIONS=--use-system-ca"),
    ],
);

/// Trust everything that should be trusted, on every version of Node.
pub const MERGED_STORE: FixText = FixText::write(
    "Or connect through the merged store: Node's, the system's and your own CAs, on every version of Node",
    "const { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync({ extra: ['company-ca.pem'] }).agent()\n\
// https.get(url, { agent }), axios.get(url, { httpsAgent: agent })",
);

/// See what the process trusts.
pub const PREFLIGHT: FixText = FixText::run(
    "See what this environment makes Node trust, and what is wrong with it",
    &[
        (Bash, "npx trust-anchors"),
        (PowerShell, "npx trust-anchors"),
    ],
);

/// See what a CA file holds.
pub const INSPECT: FixText = FixText::run(
    "See what Node loads from the CA file, and write a copy that it reads whole",
    &[(
        Bash,
        "npx trust-anchors inspect company-ca.pem --fix company-ca.fixed.pem",
    )],
);

/// Send the intermediates.
pub const SEND_CHAIN: FixText = FixText::write(
    "On the server, send the intermediate certificates after the server's own, in one file",
    "# cat server.pem intermediate.pem > fullchain.pem\n\
# nginx:   ssl_certificate /etc/ssl/fullchain.pem;\n\
# Apache:  SSLCertificateFile /etc/ssl/fullchain.pem\n\
# HAProxy: cat fullchain.pem server.key > site.pem\n\
# Node:    https.createServer({ cert: fs.readFileSync('fullchain.pem'), key })",
);

/// Where a missing intermediate is found.
pub const FIND_INTERMEDIATE: FixText = FixText::run(
    "Fetch the missing intermediate from where the certificate says that its CA publishes it: the whole chain is printed, and what mends it proved",
    &[
        (
            Bash,
            "npx trust-anchors diagnose {host}:{port} --fetch-missing",
        ),
        (
            PowerShell,
            "npx trust-anchors diagnose {host}:{port} --fetch-missing",
        ),
    ],
);

/// Until the server is mended.
pub const CARRY_INTERMEDIATE: FixText = FixText::write(
    "Until the server is mended, carry the intermediate yourself, beside the trust that you have: a path to a known root is found again",
    "const { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync({ extra: ['intermediate.pem'] }).agent()",
);

/// A new certificate for the server.
pub const RENEW: FixText = FixText::run(
    "Renew the server's certificate, and reload the server so that it is used",
    &[(Bash, "certbot renew && systemctl reload nginx")],
);

/// Set the clock.
pub const SET_CLOCK: FixText = FixText::run(
    "Set the clock of this machine, and keep it set",
    &[
        (Bash, "date -u && sudo timedatectl set-ntp true"),
        (PowerShell, "Get-Date -AsUTC; w32tm /resync"),
    ],
);

/// A certificate with the right names.
pub const REISSUE_NAMES: FixText = FixText::write(
    "Have the certificate issued again with every name that clients use, as subject alternative names",
    "subjectAltName = DNS:{host}, DNS:other.example.com, IP:192.0.2.10",
);

/// Address the host by its name.
pub const CONNECT_BY_NAME: FixText = FixText::write(
    "Connect by a name that the certificate has; if only the address can be reached, say which name is meant",
    "tls.connect({ host: '192.0.2.10', port: {port}, servername: 'name-in-the-certificate.example.com' })\n\
https.get({ host: '192.0.2.10', servername: 'name-in-the-certificate.example.com', headers: { host: 'name-in-the-certificate.example.com' } })",
);

/// The look at what is sent.
pub const LOOK_AT_CHAIN: FixText = FixText::run(
    "Look at what the server sends",
    &[(
        Bash,
        "openssl s_client -connect {host}:{port} -servername {host} -showcerts </dev/null",
    )],
);

/// A program between replaces the server's certificate.
pub const INTERCEPTED: Cause = Cause {
    id: "intercepted",
    title: "A proxy, firewall or virus scanner inspects TLS and signs with a CA of its own, which Node does not know",
    tells: "The issuer is your company or a product (Zscaler, Netskope, Fortinet, Palo Alto, an antivirus) where a browser at home shows a public \
CA; browsers on the same machine work, since the CA is in the system's store: \
`openssl s_client -connect {host}:{port} -servername {host} </dev/null | openssl x509 -noout -issuer`",
    actor: Actor::Client,
    fixes: &[USE_SYSTEM_CA, TRUST_CA_FILE, MERGED_STORE],
};

/// A private CA that nobody told Node about.
pub const PRIVATE_CA: Cause = Cause {
    id: "private-ca",
    title: "The server's certificate comes from a private CA, and this process was not told to trust it",
    tells: "The host is an internal one, and the issuer is no public CA. The variable, the `ca` option or the agent with the CA may be set for \
another process, another client or another container",
    actor: Actor::Client,
    fixes: &[TRUST_CA_FILE, USE_SYSTEM_CA, MERGED_STORE],
};

/// `NODE_EXTRA_CA_CERTS` is set and does not do what it should.
pub const EXTRA_NOT_LOADED: Cause = Cause {
    id: "extra-not-loaded",
    title: "NODE_EXTRA_CA_CERTS is set, but the CA in it is not loaded",
    tells: "Node prints one line about it at most, and often none: a wrong path, DER, one damaged block, a variable set too late. `npx trust-anchors` \
says which",
    actor: Actor::Client,
    fixes: &[PREFLIGHT, INSPECT],
};

/// The `ca` option replaces everything.
pub const CA_OPTION: Cause = Cause {
    id: "ca-option",
    title: "The `ca` option replaces Node's list for this connection, and the right CA is not in it",
    tells: "The client, agent or database driver is given `ca` (or `secureContext`): nothing else counts then, neither the bundled list nor \
`NODE_EXTRA_CA_CERTS`. A path, DER, an empty string or certificates joined without newlines give no error and an empty list",
    actor: Actor::Client,
    fixes: &[
        FixText::write(
            "Add to the list rather than replace it",
            "const { loadTrustStoreSync } = require('trust-anchors')\nconst { ca } = loadTrustStoreSync({ ca: fs.readFileSync('company-ca.pem') })",
        ),
        INSPECT,
    ],
};

/// `--use-openssl-ca` and an empty store behind it.
pub const OPENSSL_STORE: Cause = Cause {
    id: "openssl-store",
    title: "Node uses OpenSSL's store instead of its own (`--use-openssl-ca`), and the CA is not in it",
    tells: "`--use-openssl-ca` is in `NODE_OPTIONS` or on the command line, or the distribution built Node so: only `SSL_CERT_FILE`, `SSL_CERT_DIR` and \
`NODE_EXTRA_CA_CERTS` count then. In slim images the store is empty",
    actor: Actor::Client,
    fixes: &[
        FixText::run(
            "Install the system's CA bundle",
            &[
                (Bash, "apt-get update && apt-get install -y ca-certificates"),
                (
                    Dockerfile,
                    "RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates",
                ),
            ],
        ),
        PREFLIGHT,
    ],
};

/// A managed database with a CA of its vendor.
pub const MANAGED_SERVICE: Cause = Cause {
    id: "managed-service",
    title: "A managed database or broker has a CA of its vendor, which no public list holds",
    tells: "The host belongs to a cloud service (Amazon RDS, Aiven, Supabase, DigitalOcean, Redis Cloud …); its console or documentation offers a CA file",
    actor: Actor::Client,
    fixes: &[
        FixText::write(
            "Download the vendor's CA file, and give it to the driver",
            "const { loadTrustStoreSync } = require('trust-anchors')\nconst { ca } = loadTrustStoreSync({ extra: ['vendor-ca.pem'] })\n\
new pg.Client({ host: '{host}', ssl: { ca } })   // mysql2: ssl: { ca }; ioredis: tls: { ca }",
        ),
        FixText::new(
            "With pg, leave `sslmode` out of the connection string: it replaces the `ssl` object, `ca` included",
        ),
    ],
};

/// The clock.
pub const CLOCK: Cause = Cause {
    id: "clock",
    title: "The clock of this machine is wrong",
    tells: "`date -u` is off by minutes or more: a virtual machine that slept, a board without a battery, a container with a faked time. Then many hosts \
fail at once",
    actor: Actor::Clock,
    fixes: &[SET_CLOCK],
};

/// What never helps against a certificate that is not trusted.
pub const NEVER_OFF: &str = "Do not turn verification off (`NODE_TLS_REJECT_UNAUTHORIZED`, `rejectUnauthorized`): the error goes away, and so does the \
proof of who answers. Whoever stands between then reads and changes everything, tokens and passwords included";
/// The same, of certificates copied from the wire.
pub const NEVER_BLINDLY: &str = "Do not trust a certificate only because the server sent it: on a hijacked connection it is the attacker's. Take the CA file from whoever \
runs the server or the network, and compare its fingerprint";
/// The same, of intermediates and leaves.
pub const NEVER_LEAF: &str = "Do not put the server's own certificate into `NODE_EXTRA_CA_CERTS`: unless it is self-signed, Node does not take it for an anchor";
