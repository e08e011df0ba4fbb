//! Connections that did not come to a session: one finding for each way in which they end.

use super::alert;
use super::{Evidence, protocol_list};
use crate::case::presented::Piece;
use crate::case::{Case, Presented};
use crate::findings::codes::FixText;
use crate::findings::rules::connection as rules;
use crate::findings::{Finding, Rule, Shell, escape};
use crate::probe::hello::{Obstacle, obstacle};
use crate::probe::{Failure, Kind, PlainText, Protocol, Proxy, Session, Stage, StartTls};
use crate::verify::Purpose;

const REACH: FixText = FixText::run(
    "See whether the port answers at all",
    &[
        (Shell::Bash, "nc -vz -w 5 {host} {port}"),
        (Shell::PowerShell, "Test-NetConnection {host} -Port {port}"),
    ],
);
const LISTENERS: FixText = FixText::run(
    "On the server, see which ports programs listen on, and at which addresses",
    &[
        (Shell::Bash, "ss -ltnp"),
        (Shell::PowerShell, "Get-NetTCPConnection -State Listen"),
    ],
);
const RESOLVE: FixText = FixText::run(
    "Ask the resolver that Node asks, on the same machine or in the same container",
    &[
        (Shell::Bash, "getent ahosts {host}"),
        (Shell::PowerShell, "Resolve-DnsName {host}"),
    ],
);
const ROUTE: FixText = FixText::run(
    "See which of the name's addresses there is a route to",
    &[
        (
            Shell::Bash,
            "getent ahosts {host} | awk '{print $1}' | sort -u | xargs -n 1 ip route get",
        ),
        (Shell::PowerShell, "Test-NetConnection {host} -TraceRoute"),
    ],
);
const IPV4_FIRST: FixText = FixText::run(
    "When only its IPv6 addresses fail, take IPv4 first",
    &[
        (
            Shell::Bash,
            "export NODE_OPTIONS=--dns-result-order=ipv4first",
        ),
        (
            Shell::PowerShell,
            "$env:NODE_OPTIONS = '--dns-result-order=ipv4first'",
        ),
        (
            Shell::Dockerfile,
            "ENV NODE_OPTIONS=--dns-result-order=ipv4first",
        ),
    ],
);
const OPEN_PORT: FixText = FixText::new(
    "Open the port in the firewall or security group in front of the server, for the address that this machine comes from",
);
const SERVER_LOG: FixText =
    FixText::new("Look into the log of the server or load balancer at that moment");
const OTHER_NAME: FixText = FixText::run(
    "See whether it depends on the server name",
    &[(
        Shell::Bash,
        "openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null\nopenssl s_client -connect {host}:{port} -noservername -brief </dev/null",
    )],
);
const SMALL_HELLO: FixText = FixText::write(
    "When it began with Node 24, leave the large post-quantum key share out for this host",
    "tls.connect({ host: '{host}', port: {port}, ecdhCurve: 'X25519:P-256:P-384' })",
);
const TURN_TLS_ON: FixText = FixText::write(
    "On the server, turn TLS on for this port",
    "# nginx:   listen {port} ssl;\n# Apache:  Listen {port} https  and  SSLEngine on\n# HAProxy: bind :{port} ssl crt /etc/ssl/site.pem\n\
# Node:    https.createServer({ cert, key }).listen({port})",
);
const TURN_STARTTLS_ON: FixText = FixText::write(
    "On the server, turn TLS on",
    "# PostgreSQL: ssl = on, ssl_cert_file = 'fullchain.pem', ssl_key_file = 'server.key'\n# MariaDB:    ssl_cert = fullchain.pem, ssl_key = server.key\n\
# Postfix:    smtpd_tls_security_level = may, smtpd_tls_chain_files = server.key, fullchain.pem\n# Dovecot:    ssl = yes, ssl_cert = <fullchain.pem, ssl_key = <server.key",
);
const NAME_ON_SERVER: FixText = FixText::write(
    "On the server, add the name",
    "# nginx:   server_name {host};\n# Apache:  ServerName {host}\n# HAProxy: a certificate for {host} in the directory of `crt`\n# Node:    server.addContext('{host}', { cert, key })",
);
const CURRENT_VERSIONS: FixText = FixText::write(
    "On the server, speak TLS 1.2 and 1.3",
    "# nginx:   ssl_protocols TLSv1.2 TLSv1.3;\n# Apache:  SSLProtocol -all +TLSv1.2 +TLSv1.3\n# HAProxy: ssl-default-bind-options ssl-min-ver TLSv1.2\n# Node:    minVersion: 'TLSv1.2'",
);
const CURRENT_CIPHERS: FixText = FixText::write(
    "On the server, offer what every client of today has",
    "# nginx:   ssl_ciphers HIGH:!aNULL:!MD5;  ssl_ecdh_curve X25519:prime256v1;\n# Apache:  SSLCipherSuite HIGH:!aNULL:!MD5\n\
# HAProxy: ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20\n# Node:    leave `ciphers` and `ecdhCurve` out",
);
const UPDATE_SERVER: FixText =
    FixText::new("Update the server, or the appliance in front of it: RFC 5746 is of 2010");
const SEE_OFFER: FixText = FixText::run(
    "See what the server chooses, and when",
    &[(
        Shell::Bash,
        "openssl s_client -connect {host}:{port} -servername {host} -brief </dev/null\nopenssl s_client -connect {host}:{port} -servername {host} -tls1_2 -brief </dev/null",
    )],
);
const SEND_CHAIN_ONLY: FixText = FixText::write(
    "On the server, send the leaf and its intermediates, and no bundle of CAs",
    "# nginx:   ssl_certificate /etc/ssl/fullchain.pem;\n# Apache:  SSLCertificateFile /etc/ssl/fullchain.pem\n# HAProxy: crt /etc/ssl/site.pem\n# Node:    cert: fs.readFileSync('fullchain.pem')",
);
const SEE_ANSWER: FixText = FixText::run(
    "See what answers",
    &[(
        Shell::Bash,
        "openssl s_client -connect {host}:{port} -servername {host} -msg </dev/null",
    )],
);
const CHECK_PROXY: FixText = FixText::run(
    "Compare the proxy with what the network asks for",
    &[
        (Shell::Bash, "env | grep -i _proxy | sed 's#//[^@]*@#//…@#'"),
        (
            Shell::PowerShell,
            "netsh winhttp show proxy; Get-ChildItem env:*_PROXY | Select-Object Name",
        ),
    ],
);
const WITHOUT_PROXY: FixText = FixText::run(
    "When the server is inside the network, go there without the proxy",
    &[
        (
            Shell::Bash,
            "export NO_PROXY=\"${NO_PROXY:+$NO_PROXY,}{host}\"",
        ),
        (Shell::PowerShell, "$env:NO_PROXY = '{host}'"),
        (Shell::Dockerfile, "ENV NO_PROXY={host}"),
    ],
);
const PROXY_CREDENTIALS: FixText = FixText::run(
    "Put user and password into the URL of the proxy, percent-encoded",
    &[
        (
            Shell::Bash,
            "export HTTPS_PROXY=http://USER:PASSWORD@proxy.example.com:3128",
        ),
        (
            Shell::PowerShell,
            "$env:HTTPS_PROXY = 'http://USER:PASSWORD@proxy.example.com:3128'",
        ),
    ],
);
const ALLOW_HOST: FixText =
    FixText::new("Have `{host}`, port {port}, allowed by whoever runs the proxy");

/// Where the connection ended, and why, or what keeps this Node from going on; nothing when it goes on.
pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let of_proxy = proxy_certificate(evidence);
    let ended = match evidence.failure() {
        Some(_) if super::client_certificate::decides(evidence) => None,
        // The probe leaves a proxy whose certificate is not accepted.
        Some(failure) if of_proxy.is_some() && failure.stage == Stage::Proxy => None,
        Some(failure) => Some(Ended { evidence, failure }.finding()),
        None => stopped(evidence),
    };
    ended.into_iter().chain(of_proxy).collect()
}

/// What keeps this Node from going on with what the server chose, although another one or the probe can.
fn stopped(evidence: &Evidence<'_>) -> Option<Finding> {
    let session = evidence.attempt()?.session.as_ref()?;
    let obstacle = obstacle(session, evidence.process.node)?;
    let failure = &Failure::new(Stage::Handshake, Kind::NothingShared);
    Some(Ended { evidence, failure }.obstructed(session, obstacle))
}

struct Ended<'a> {
    evidence: &'a Evidence<'a>,
    failure: &'a Failure,
}

impl Ended<'_> {
    fn finding(&self) -> Finding {
        let proxy = self.evidence.target.proxy.as_ref();
        match (self.failure.stage, proxy) {
            (Stage::Resolve | Stage::Connect | Stage::Proxy, Some(proxy)) => self.at_proxy(proxy),
            (Stage::Resolve, None) => self.resolving(),
            (Stage::Connect, None) => self.connecting(),
            (Stage::Proxy, None) => self.unreadable(),
            (Stage::StartTls, _) => self.preamble(),
            (Stage::Handshake, _) => self.handshake(),
        }
    }

    fn found(&self, rule: &'static Rule, message: String, fixes: &[FixText]) -> Finding {
        self.evidence.found(rule, message, fixes)
    }

    fn resolving(&self) -> Finding {
        let host = self.evidence.connected_host();
        let message = match &self.failure.kind {
            Kind::TimedOut => {
                let timings = self
                    .evidence
                    .attempt()
                    .and_then(|attempt| attempt.timings.dns);
                format!("`{host}` does not resolve{}", within(timings))
            }
            Kind::NotFound => {
                format!("`{host}` does not resolve: the system knows no address of that name")
            }
            other => format!("`{host}` does not resolve: {}", words(other)),
        };
        self.found(&rules::HOST_NOT_FOUND, message, &[RESOLVE])
    }

    fn connecting(&self) -> Finding {
        let (host, port) = self.evidence.connected_to();
        let timings = self.evidence.attempt().map(|attempt| attempt.timings);
        match &self.failure.kind {
            Kind::Refused => {
                let message = format!(
                    "nothing listens on port {port} of `{host}`: the connection is refused"
                );
                self.found(&rules::REFUSED, message, &[LISTENERS, REACH])
            }
            Kind::Unreachable => {
                let message = format!("there is no route to `{host}`, port {port}");
                self.found(&rules::UNREACHABLE, message, &[ROUTE, IPV4_FIRST])
            }
            Kind::TimedOut => {
                let message = format!(
                    "`{}` does not answer: no reply to the first packet{}",
                    self.evidence.endpoint(),
                    within(timings.and_then(|timings| timings.tcp))
                );
                self.found(&rules::TIMED_OUT, message, &[OPEN_PORT, REACH])
            }
            Kind::Reset | Kind::Closed => self.reset("as soon as it is made"),
            other => {
                let message = format!("no connection to `{host}`, port {port}: {}", words(other));
                self.found(&rules::FAILED, message, &[REACH])
            }
        }
    }

    fn reset(&self, when: &str) -> Finding {
        let message = format!(
            "`{}` resets the connection {when}, without saying why",
            self.evidence.endpoint()
        );
        let fixes = [SERVER_LOG, OTHER_NAME, SMALL_HELLO];
        self.found(&rules::RESET, message, &fixes)
    }

    fn closed(&self, when: &str) -> Finding {
        let message = format!(
            "`{}` closes the connection {when}, without saying why",
            self.evidence.endpoint()
        );
        self.found(&rules::CLOSED, message, &[SERVER_LOG, OTHER_NAME])
    }

    fn stalled(&self, what: &str, took: Option<f64>) -> Finding {
        let message = format!(
            "`{}` accepts the connection and then says nothing: {what} did not end{}",
            self.evidence.endpoint(),
            within(took)
        );
        self.found(&rules::STALLED, message, &[SERVER_LOG, SEE_ANSWER])
    }

    fn preamble(&self) -> Finding {
        let endpoint = self.evidence.endpoint();
        let name = self.evidence.target.start_tls.map_or("STARTTLS", preamble);
        let timings = self.evidence.attempt().map(|attempt| attempt.timings);
        match &self.failure.kind {
            Kind::Declined(answer) => {
                let said = if answer.is_empty() {
                    String::new()
                } else {
                    format!(": {answer}")
                };
                let message =
                    format!("the {name} server at `{endpoint}` does not turn to TLS{said}");
                self.found(&rules::STARTTLS_DECLINED, message, &[TURN_STARTTLS_ON])
            }
            Kind::TlsInstead => {
                let message = format!(
                    "`{endpoint}` speaks TLS from the first octet, and was asked for the preamble of {name}"
                );
                let fix = FixText::new(
                    "Connect with TLS from the first octet, by the scheme that says so (`smtps://`, `imaps://`, `pop3s://`, `ldaps://`, `tls://`)",
                );
                self.found(&rules::STARTTLS_ON_TLS_PORT, message, &[fix])
            }
            Kind::Reset => self.reset(&format!("in the preamble of {name}")),
            Kind::Closed => self.closed(&format!("in the preamble of {name}")),
            Kind::TimedOut => self.stalled(
                &format!("the preamble of {name}"),
                timings.and_then(|timings| timings.start_tls),
            ),
            other => {
                let answer = match other {
                    Kind::PlainText(spoken) => format!("it answers in {}", spoken_name(*spoken)),
                    other => words(other),
                };
                let message = format!("`{endpoint}` does not speak {name}: {answer}");
                let fix = FixText::new("Compare scheme and port with what the server runs there");
                self.found(&rules::STARTTLS_OTHER_PROTOCOL, message, &[fix])
            }
        }
    }

    fn handshake(&self) -> Finding {
        let endpoint = self.evidence.endpoint();
        let timings = self.evidence.attempt().map(|attempt| attempt.timings);
        match &self.failure.kind {
            Kind::Reset => self.reset("in the TLS handshake"),
            Kind::Closed => self.closed("in the TLS handshake"),
            Kind::TimedOut => self.stalled(
                "the TLS handshake",
                timings.and_then(|timings| timings.handshake),
            ),
            Kind::PlainText(spoken) => self.plain_text(*spoken),
            Kind::Alert(number) => self.alert(*number),
            Kind::NothingShared => self.nothing_shared(None),
            Kind::Oversized => {
                let message = "the server's handshake has more than clients take; Node stops at 100 KiB of certificates".into();
                self.found(&rules::OVERSIZED, message, &[SEND_CHAIN_ONLY])
            }
            other => {
                let mut finding = self.unreadable();
                let said = words(other);
                if !said.is_empty() {
                    finding.detail = Some(said);
                }
                finding.message =
                    format!("`{endpoint}` answers with something that is no TLS handshake");
                finding
            }
        }
    }

    fn unreadable(&self) -> Finding {
        let message = words(&self.failure.kind);
        self.found(&rules::UNREADABLE, message, &[SEE_ANSWER, SERVER_LOG])
    }

    fn plain_text(&self, spoken: PlainText) -> Finding {
        let endpoint = self.evidence.endpoint();
        let message = format!(
            "`{endpoint}` speaks {} in plain text where TLS is expected",
            spoken_name(spoken)
        );
        let scheme = match spoken {
            PlainText::Smtp => Some("smtp"),
            PlainText::Imap => Some("imap"),
            PlainText::Pop3 => Some("pop3"),
            PlainText::Mysql => Some("mysql"),
            PlainText::Postgres => Some("postgres"),
            PlainText::Ldap => Some("ldap"),
            _ => None,
        };
        let turns = scheme.map(|scheme| {
            let command = format!("npx trust-anchors diagnose {scheme}://{{host}}:{{port}}");
            let failure = self.evidence.place();
            crate::findings::Fix::new(
                "Look at it by its own scheme: this protocol turns to TLS after a preamble",
            )
            .with(Shell::Bash, crate::explain::fill(&command, &failure))
        });
        let mut finding = self.found(&rules::PLAIN_TEXT, message, &[]);
        finding.fixes.extend(turns);
        if matches!(spoken, PlainText::Http | PlainText::Unknown) {
            finding.fixes.push(self.evidence.filled(&TURN_TLS_ON));
        }
        finding.fix(self.evidence.filled(&LISTENERS))
    }

    fn alert(&self, number: u8) -> Finding {
        let host = escape(
            self.evidence
                .target
                .server_name
                .as_deref()
                .unwrap_or(&self.evidence.target.host),
        );
        match number {
            alert::UNRECOGNIZED_NAME => {
                let message = format!(
                    "the server knows no name `{host}`: it refuses the handshake with the alert unrecognized_name"
                );
                let fixes = [NAME_ON_SERVER, OTHER_NAME];
                self.found(&rules::SERVER_NAME_UNRECOGNIZED, message, &fixes)
            }
            alert::PROTOCOL_VERSION => self.legacy_only(),
            alert::HANDSHAKE_FAILURE | alert::INSUFFICIENT_SECURITY => {
                self.nothing_shared(Some(number))
            }
            _ => {
                let name = alert::name(number);
                let message = format!(
                    "the server ends the handshake with the alert {}",
                    name.map_or(number.to_string(), |name| format!("{name} ({number})"))
                );
                self.found(&rules::SERVER_ALERT, message, &[SERVER_LOG, SEE_OFFER])
            }
        }
    }

    fn legacy_only(&self) -> Finding {
        let offered = self.offered_versions();
        let message = match &*offered {
            [] => "the server refuses TLS 1.2 and 1.3, the versions that Node speaks".into(),
            offered => format!(
                "the server refuses TLS 1.2 and 1.3, the versions that Node speaks; it offers {}",
                protocol_list(offered)
            ),
        };
        self.found(&rules::LEGACY_ONLY, message, &[CURRENT_VERSIONS, SEE_OFFER])
    }

    /// The versions that the server was seen to speak, the oldest first.
    fn offered_versions(&self) -> Vec<Protocol> {
        let attempt = self.evidence.attempt();
        let mut offered: Vec<Protocol> = attempt
            .iter()
            .flat_map(|attempt| &attempt.versions)
            .filter(|offer| offer.cipher_suite.is_some())
            .map(|offer| offer.protocol)
            .collect();
        if offered.is_empty() {
            let session = attempt.and_then(|attempt| attempt.session.as_ref());
            offered.extend(session.map(|session| session.protocol));
        }
        offered
    }

    fn nothing_shared(&self, number: Option<u8>) -> Finding {
        let session = self
            .evidence
            .attempt()
            .and_then(|attempt| attempt.session.as_ref());
        let obstacle = session.and_then(|seen| obstacle(seen, self.evidence.process.node));
        if let (Some(session), Some(obstacle)) = (session, obstacle) {
            return self.obstructed(session, obstacle);
        }
        let said = match number.and_then(alert::name) {
            Some(name) => format!(" (alert {name})"),
            None => String::new(),
        };
        let message = format!(
            "the server finds nothing in common with the client{said}: no cipher suite, no group or no signature algorithm"
        );
        self.found(
            &rules::NOTHING_SHARED,
            message,
            &[CURRENT_CIPHERS, SEE_OFFER],
        )
    }

    /// What the server does offer, and why that does not do.
    fn obstructed(&self, session: &Session, obstacle: Obstacle) -> Finding {
        let node = self.evidence.process.node;
        let why = match obstacle {
            Obstacle::ProtocolTooOld => return self.legacy_only(),
            Obstacle::UnsafeRenegotiation => {
                let message = format!(
                    "the server knows nothing of secure renegotiation (RFC 5746), and OpenSSL of Node {} insists on it",
                    node.major
                );
                return self.found(&rules::LEGACY_RENEGOTIATION, message, &[UPDATE_SERVER]);
            }
            Obstacle::CipherSuite => {
                format!("a cipher suite that Node {} does not offer", node.major)
            }
            Obstacle::Group => format!("a group that Node {} does not offer", node.major),
            Obstacle::KeyExchangeTooSmall { bits } => format!(
                "Diffie-Hellman parameters of {bits} bits, below security level {} of Node {}",
                node.security_level(),
                node.major
            ),
            Obstacle::SignatureScheme => {
                "a signature over the key exchange that Node does not offer, with SHA-1 as a rule"
                    .into()
            }
        };
        let message = format!(
            "the server and Node have no handshake in common: the server chooses {why} ({}, {}, key exchange {})",
            session.protocol.as_str(),
            session.cipher_suite,
            session.key_exchange()
        );
        self.found(
            &rules::NOTHING_SHARED,
            message,
            &[CURRENT_CIPHERS, SEE_OFFER],
        )
    }

    fn at_proxy(&self, proxy: &Proxy) -> Finding {
        let name = proxy_name(proxy);
        let (what, fixes): (String, &[FixText]) = match (&self.failure.kind, self.failure.stage) {
            (Kind::Declined(answer), _) => return self.proxy_says_no(&name, answer),
            (Kind::NotFound, _) => (": its name does not resolve".into(), &[CHECK_PROXY]),
            (Kind::Refused, _) => (
                " refuses connections: nothing listens there".into(),
                &[CHECK_PROXY],
            ),
            (Kind::Unreachable, _) => (
                " cannot be reached: there is no route to it".into(),
                &[CHECK_PROXY],
            ),
            (Kind::TimedOut, _) => (
                " does not answer in time".into(),
                &[CHECK_PROXY, WITHOUT_PROXY],
            ),
            (Kind::Reset, _) => (
                " resets the connection".into(),
                &[CHECK_PROXY, WITHOUT_PROXY],
            ),
            (Kind::Closed, _) => (
                " closes the connection without an answer".into(),
                &[CHECK_PROXY, WITHOUT_PROXY],
            ),
            (Kind::PlainText(_), _) => (
                " is spoken to over TLS, and does not speak it: its URL begins with `http://`"
                    .into(),
                &[CHECK_PROXY],
            ),
            (Kind::TlsInstead, _) => (
                " speaks TLS, and is spoken to in plain text: its URL begins with `https://`"
                    .into(),
                &[CHECK_PROXY],
            ),
            (Kind::Alert(number), _) => (
                format!(
                    " ends the handshake with it by the alert {}",
                    alert::name(*number).unwrap_or_else(|| number.to_string())
                ),
                &[CHECK_PROXY],
            ),
            (Kind::NothingShared, _) => (
                " has no TLS version or cipher suite in common with this client".into(),
                &[CHECK_PROXY],
            ),
            (Kind::Oversized | Kind::Malformed(_), _) => {
                (" does not answer as an HTTP proxy".into(), &[CHECK_PROXY])
            }
            (Kind::Other(words), _) => (format!(" cannot be used: {words}"), &[CHECK_PROXY]),
        };
        self.found(
            &rules::PROXY_NOT_USABLE,
            format!("the proxy `{name}`{what}"),
            fixes,
        )
    }

    fn proxy_says_no(&self, name: &str, answer: &str) -> Finding {
        // tinyproxy answers 401 to other credentials.
        if answer.starts_with("407") || answer.starts_with("401") {
            let message = format!("the proxy `{name}` asks for other credentials: {answer}");
            return self.found(&rules::PROXY_CREDENTIALS, message, &[PROXY_CREDENTIALS]);
        }
        let target = self.evidence.target;
        let message = format!(
            "the proxy `{name}` does not connect to `{}:{}`: {answer}",
            escape(&target.host),
            target.port
        );
        self.found(&rules::PROXY_REFUSED, message, &[ALLOW_HOST, WITHOUT_PROXY])
    }
}

/// The certificate of a proxy that is spoken to over TLS.
fn proxy_certificate(evidence: &Evidence<'_>) -> Option<Finding> {
    let proxy = evidence.target.proxy.as_ref()?;
    let session = evidence.attempt()?.proxy_session.as_ref()?;
    let viewpoint = evidence.viewpoint?;
    let sent = session.certificates.iter();
    let presented = Presented::read(sent.map(|der| Piece::Bytes(der)));
    let case = Case::new(presented, Some(proxy.host.clone()), Purpose::Server);
    let verdict = case.judge(viewpoint);
    if verdict.is_ok || verdict.undetermined.is_some() {
        return None;
    }
    let found = case.findings(viewpoint, &verdict);
    let message = format!(
        "the certificate of the proxy `{}` is not accepted ({}): the server's own is another matter",
        proxy_name(proxy),
        verdict.code.as_deref().unwrap_or("no code")
    );
    let mut finding = Finding::new(&rules::PROXY_CERTIFICATE, message);
    // What is said of a server's chain holds for the proxy's.
    for cause in found {
        finding.detail.get_or_insert(cause.message);
        finding.certificate = finding.certificate.or(cause.certificate);
        finding.fixes.extend(cause.fixes);
    }
    Some(finding)
}

fn proxy_name(proxy: &Proxy) -> String {
    super::host_and_port(&proxy.host, proxy.port)
}

/// ` within 0.3 s`.
fn within(milliseconds: Option<f64>) -> String {
    match milliseconds {
        Some(milliseconds) => format!(" within {:.1} s", milliseconds / 1000.0),
        None => " in time".into(),
    }
}

/// What is known of a failure besides its kind.
fn words(kind: &Kind) -> String {
    match kind {
        Kind::Malformed(words) | Kind::Other(words) | Kind::Declined(words) => words.clone(),
        Kind::Alert(number) => match alert::name(*number) {
            Some(name) => format!("the alert {name}"),
            None => format!("the alert {number}"),
        },
        Kind::Oversized => "it sends more than is read".into(),
        Kind::PlainText(spoken) => format!("it answers in {}", spoken_name(*spoken)),
        other => other.as_str().replace('-', " "),
    }
}

fn spoken_name(spoken: PlainText) -> &'static str {
    spoken.name().unwrap_or("another protocol")
}

fn preamble(protocol: StartTls) -> &'static str {
    match protocol {
        StartTls::Postgres => "PostgreSQL",
        StartTls::Mysql => "MySQL",
        StartTls::Smtp => "SMTP",
        StartTls::Imap => "IMAP",
        StartTls::Pop3 => "POP3",
        StartTls::Ldap => "LDAP",
    }
}
