//! A live endpoint looked at: the certificates exactly as they were sent, the facts of the session, and where it ended when it did not get
//! so far. Knows nothing of verdicts, stores and findings.
//!
//! Every look opens a connection of its own: `transport` resolves, connects, asks the proxy and speaks the STARTTLS preamble; `tls` makes the
//! handshake with a verifier that accepts everything; `hello` reads the flight of servers that `tls` cannot talk to. Nothing is sent but
//! that, and a close. Each stage has a timeout, the whole a deadline, and what is read is bounded.

pub mod failure;
pub mod plain_text;
pub mod session;
pub mod tls;
pub mod transport;

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

pub use failure::{Failure, Kind, Stage};
pub use plain_text::PlainText;
pub use session::{ClientCertificateRequest, Protocol, Session};
pub use transport::{Proxy, StartTls};

/// What is looked at.
#[derive(Debug, Clone)]
pub struct Target {
    /// The name in ASCII, or the address without brackets, that was asked for.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The name for the server name indication; none for an address.
    pub server_name: Option<String>,
    /// The protocol whose preamble comes before TLS.
    pub start_tls: Option<StartTls>,
    /// The protocols offered by ALPN, the preferred first; none offers no ALPN.
    pub alpn: Vec<String>,
    /// Where to connect in place of host and port; name, SNI and verdict stay those of the target.
    pub connect_to: Option<(String, u16)>,
    /// The proxy in between.
    pub proxy: Option<Proxy>,
}

/// A certificate to answer a server with that asks for one.
#[derive(Clone)]
pub struct ClientIdentity {
    /// DER, the leaf first.
    pub certificates: Vec<Vec<u8>>,
    /// PKCS#8 in DER.
    pub private_key: Vec<u8>,
}

/// How it is looked at.
#[derive(Clone)]
pub struct Settings {
    /// The longest any one stage may take.
    pub stage_timeout: Duration,
    /// The longest everything may take together.
    pub deadline: Duration,
    /// Whether every address of the name is looked at, and not only the first that answers.
    pub all_addresses: bool,
    /// Whether to look at what the server answers without a server name, and which TLS versions it speaks besides.
    pub look_further: bool,
    /// The client certificate.
    pub identity: Option<ClientIdentity>,
}

/// What was seen.
#[derive(Debug, Default)]
pub struct Probe {
    /// One an address, in the order in which they were tried; one without an address when the name did not resolve. Never empty.
    pub attempts: Vec<Attempt>,
}

impl Probe {
    /// The attempt that counts: the first with a session, else the last.
    pub fn decisive(&self) -> Option<&Attempt> {
        let answered = self
            .attempts
            .iter()
            .find(|attempt| attempt.session.is_some());
        answered.or_else(|| self.attempts.last())
    }
}

/// One address looked at.
#[derive(Debug, Default)]
pub struct Attempt {
    /// The peer of the TCP connection: the proxy's when there is one.
    pub address: Option<SocketAddr>,
    /// How long each stage took.
    pub timings: Timings,
    /// The session with a proxy that is spoken to over TLS.
    pub proxy_session: Option<Session>,
    /// What the server said of itself, as far as it came. May stand beside a failure that came later.
    pub session: Option<Session>,
    /// Where it ended.
    pub failure: Option<Failure>,
    /// What the server answers when no name is asked for; none when that was not looked at.
    pub without_server_name: Option<WithoutServerName>,
    /// TLS versions the server speaks, the oldest first; empty when that was not looked at.
    pub versions: Vec<Offer>,
}

/// Whether the server speaks a version.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The version.
    pub protocol: Protocol,
    /// The cipher suite chosen with it, by its IANA name; none when it refuses the version.
    pub cipher_suite: Option<String>,
}

/// The answer to a client that sends no server name.
#[derive(Debug, Clone)]
pub enum WithoutServerName {
    /// The same certificates.
    Same,
    /// Others: DER, as sent.
    Other(Vec<Vec<u8>>),
    /// No session.
    Refused(Failure),
}

/// Milliseconds that each stage took; none for stages that were not reached or are not there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timings {
    /// Resolving the name.
    pub dns: Option<f64>,
    /// Connecting.
    pub tcp: Option<f64>,
    /// Asking the proxy, its TLS handshake included.
    pub proxy: Option<f64>,
    /// The preamble.
    pub start_tls: Option<f64>,
    /// The TLS handshake.
    pub handshake: Option<f64>,
}

/// How long there is left: the deadline of everything, and the timeout of each stage within it.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    end: Instant,
    stage: Duration,
}

impl Clock {
    /// Starts now.
    pub fn start(settings: &Settings) -> Self {
        Self {
            end: Instant::now() + settings.deadline,
            stage: settings.stage_timeout,
        }
    }

    /// Runs one stage, and tells how many milliseconds it took.
    pub async fn stage<T>(
        &self,
        stage: Stage,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> (Option<f64>, Result<T, Failure>) {
        let begun = Instant::now();
        let done = timeout_at(self.end.min(begun + self.stage), work).await;
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        (
            Some(took),
            done.unwrap_or_else(|_| Err(Failure::new(stage, Kind::TimedOut))),
        )
    }
}

/// Looks at a target. Ends within the deadline of `settings`, and at once when the future is dropped.
pub async fn probe(target: &Target, settings: &Settings) -> Probe {
    let clock = Clock::start(settings);
    let (dns, resolved) = clock
        .stage(Stage::Resolve, transport::resolve(target))
        .await;
    let addresses = match resolved {
        Ok(addresses) => addresses,
        Err(failure) => {
            let attempt = Attempt {
                timings: Timings {
                    dns,
                    ..Timings::default()
                },
                failure: Some(failure),
                ..Attempt::default()
            };
            return Probe {
                attempts: vec![attempt],
            };
        }
    };
    let mut probe = Probe::default();
    for address in addresses {
        let mut attempt = look(target, settings, &clock, address).await;
        attempt.timings.dns = dns;
        let answered = attempt.failure.as_ref().is_none_or(Failure::is_answer);
        probe.attempts.push(attempt);
        if answered && !settings.all_addresses {
            break;
        }
    }
    probe
}

/// One address.
async fn look(target: &Target, settings: &Settings, clock: &Clock, address: SocketAddr) -> Attempt {
    let mut attempt = Attempt {
        address: Some(address),
        ..Attempt::default()
    };
    let transport = match transport::open(target, clock, address, &mut attempt).await {
        Ok(transport) => transport,
        Err(failure) => {
            attempt.failure = Some(failure);
            return attempt;
        }
    };
    let handshake = tls::handshake(transport, target, target.server_name.as_deref(), settings);
    let (took, done) = clock.stage(Stage::Handshake, handshake).await;
    attempt.timings.handshake = took;
    match done {
        Ok(session) => attempt.session = Some(session),
        Err(failure) => attempt.failure = Some(failure),
    }
    attempt
}
