//! A live endpoint looked at: the certificates exactly as they were sent, the facts of the session, and where it ended when it did not get
//! so far. Knows nothing of verdicts, stores and findings.
//!
//! Every look opens a connection of its own: `transport` resolves, connects, asks the proxy and speaks the STARTTLS preamble; `tls` makes the
//! handshake with a verifier that accepts everything; `hello` reads the flight of servers that `tls` cannot talk to. Nothing is sent but
//! that, and a close. Each stage has a timeout, the whole a deadline, and what is read is bounded.

mod conversation;
pub mod failure;
pub mod hello;
pub mod limits;
pub mod plain_text;
pub mod proxy;
#[cfg(test)]
mod scripted;
pub mod session;
pub mod starttls;
pub mod tls;
pub mod transport;

mod client_key;
mod groups;
#[cfg(test)]
mod hostile_peers;
mod together;

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use client_key::ClientKey;
use limits::Limited;
use tls::{Handshake, Opening};
use transport::Transport;

pub use failure::{Failure, Kind, Stage};
pub use plain_text::PlainText;
pub use proxy::{Proxy, ProxyTls};
pub use session::{ClientCertificateRequest, Protocol, Session};
pub use starttls::StartTls;

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
    /// Whether to look at what the server answers without a server name, and which TLS versions it speaks besides. MySQL's servers, which count
    /// such connections, are not asked.
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
    /// The attempt that counts: the first with a session, else the last of those that came furthest.
    pub fn decisive(&self) -> Option<&Attempt> {
        let stage = |attempt: &&Attempt| attempt.failure.as_ref().map(|failure| failure.stage);
        let answered = self
            .attempts
            .iter()
            .find(|attempt| attempt.session.is_some());
        answered.or_else(|| self.attempts.iter().max_by_key(stage))
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

impl Attempt {
    fn of(address: Option<SocketAddr>, dns: Option<f64>) -> Self {
        Self {
            address,
            timings: Timings {
                dns,
                ..Timings::default()
            },
            ..Self::default()
        }
    }

    /// Notes for another connection to the same address.
    fn again(&self) -> Self {
        Self::of(self.address, None)
    }
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

    /// Whether the deadline has passed.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.end
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

/// How many addresses of a name are looked at, at most.
const MAX_ADDRESSES: usize = 16;
/// How many of them at once, when all are looked at.
const ADDRESSES_AT_ONCE: usize = 4;
/// How long an address may take to connect before the next one is tried beside it; Node's `net.getDefaultAutoSelectFamilyAttemptTimeout()`.
const HEAD_START: Duration = Duration::from_millis(250);

/// Looks at a target. Ends within the deadline of `settings`, and at once when the future is dropped.
///
/// What few looks come to is boxed: the future, which is moved several times, has room for all that is not.
pub async fn probe(target: &Target, settings: &Settings) -> Probe {
    let clock = Clock::start(settings);
    let (dns, resolved) = clock
        .stage(Stage::Resolve, transport::resolve(target))
        .await;
    let addresses = match resolved {
        Ok(addresses) => addresses,
        Err(failure) => {
            let attempt = Attempt {
                failure: Some(failure),
                ..Attempt::of(None, dns)
            };
            return Probe {
                attempts: vec![attempt],
            };
        }
    };
    let attempts = addresses
        .into_iter()
        .take(MAX_ADDRESSES)
        .map(|address| Attempt::of(Some(address), dns))
        .collect();
    let look = Look {
        target,
        settings,
        clock,
        client_key: settings.identity.as_ref().map(ClientKey::new),
    };
    Probe {
        attempts: if settings.all_addresses {
            look.at_all(attempts).await
        } else {
            look.at_the_first_that_answers(attempts).await
        },
    }
}

/// What all connections of a probe have in common.
struct Look<'a> {
    target: &'a Target,
    settings: &'a Settings,
    clock: Clock,
    client_key: Option<ClientKey>,
}

impl Look<'_> {
    async fn at_all(&self, mut attempts: Vec<Attempt>) -> Vec<Attempt> {
        let looks = attempts.iter_mut().map(|attempt| async move {
            let opened = self.open(attempt).await;
            self.at_what_is_open(opened, attempt).await;
        });
        together::all(looks, ADDRESSES_AT_ONCE).await;
        attempts
    }

    /// Tries one address after the other, as Node does (`autoSelectFamily`): the next one when one fails to connect or takes long. Those that
    /// had not connected when another one did are told as timed out, which is what Node makes of them.
    async fn at_the_first_that_answers(&self, mut attempts: Vec<Attempt>) -> Vec<Attempt> {
        let connections = attempts.iter_mut().map(|attempt| self.connect(attempt));
        let raced = together::race(connections, HEAD_START, Result::is_ok).await;
        let mut tried = Vec::with_capacity(raced.len());
        for (mut attempt, connected) in attempts.into_iter().zip(raced) {
            match connected {
                Some(Ok(connected)) => {
                    let opened = self.prepare(connected, &mut attempt).await;
                    self.at_what_is_open(opened, &mut attempt).await;
                }
                Some(Err(failure)) => attempt.failure = Some(failure),
                None => attempt.failure = Some(Failure::new(Stage::Connect, Kind::TimedOut)),
            }
            tried.push(attempt);
        }
        tried
    }

    async fn connect(&self, attempt: &mut Attempt) -> Result<TcpStream, Failure> {
        let Some(address) = attempt.address else {
            return Err(Failure::new(Stage::Resolve, Kind::NotFound));
        };
        transport::connect(&self.clock, address, attempt).await
    }

    async fn prepare(
        &self,
        connected: TcpStream,
        attempt: &mut Attempt,
    ) -> Result<Transport, Failure> {
        transport::prepare(self.target, &self.clock, connected, attempt).await
    }

    async fn open(&self, attempt: &mut Attempt) -> Result<Transport, Failure> {
        let connected = self.connect(attempt).await?;
        self.prepare(connected, attempt).await
    }

    async fn at_what_is_open(&self, opened: Result<Transport, Failure>, attempt: &mut Attempt) {
        match opened {
            Ok(transport) => self.at_tls(transport, attempt).await,
            Err(failure) => attempt.failure = Some(self.ended(failure, attempt.address).await),
        }
    }

    /// How it ended before TLS. A server of TLS from the first octet closes at a preamble, or waits for another one.
    async fn ended(&self, failure: Failure, address: Option<SocketAddr>) -> Failure {
        let is_unanswered = failure.stage == Stage::StartTls
            && matches!(failure.kind, Kind::Closed | Kind::Reset | Kind::TimedOut);
        let Some(address) = address.filter(|_| is_unanswered) else {
            return failure;
        };
        let direct = Target {
            start_tls: None,
            ..self.target.clone()
        };
        let seen = Box::pin(hello::first_flight(&direct, &self.clock, address)).await;
        match seen.session {
            Some(_) => Failure::new(Stage::StartTls, Kind::TlsInstead),
            None => failure,
        }
    }

    /// Everything from the first octet of TLS on.
    async fn at_tls(&self, transport: Transport, attempt: &mut Attempt) {
        let mut opening = Opening {
            server_name: self.target.server_name.as_deref(),
            alpn: &self.target.alpn,
            client_key: self.client_key.as_ref(),
        };
        let mut heard = self.handshake(transport, &opening).await;
        let is_refused_by_alpn = heard.failure.as_ref().is_some_and(tls::is_refused_by_alpn);
        if is_refused_by_alpn && let Ok(transport) = self.open(&mut attempt.again()).await {
            opening.alpn = &[];
            heard = self.handshake(transport, &opening).await;
        }
        attempt.timings.handshake = heard.took;
        if let Some(address) = attempt.address
            && heard.may_take_another_hello()
        {
            let seen = Box::pin(hello::first_flight(self.target, &self.clock, address)).await;
            (attempt.session, attempt.failure) = seen.beside(heard.session, heard.failure);
        } else {
            (attempt.session, attempt.failure) = (heard.session, heard.failure);
        }
        // MySQL and MariaDB shut a client out that leaves before it logs in a hundred times (`max_connect_errors`): one look has to do.
        if self.settings.look_further
            && self.target.start_tls != Some(StartTls::Mysql)
            && let Some(session) = &attempt.session
        {
            let further = Box::pin(async {
                tokio::join!(
                    self.without_server_name(&opening, attempt, session),
                    self.versions(attempt, session)
                )
            });
            let (nameless, versions) = further.await;
            attempt.without_server_name = nameless;
            attempt.versions = versions;
        }
    }

    /// One handshake, as far as it comes.
    async fn handshake(&self, transport: Transport, opening: &Opening<'_>) -> Heard {
        let mut stream = Limited::new(transport);
        let mut handshake = match Handshake::new(opening) {
            Ok(handshake) => handshake,
            Err(failure) => {
                return Heard {
                    took: None,
                    session: None,
                    failure: Some(failure),
                };
            }
        };
        let running = handshake.run(&mut stream);
        let (took, done) = self.clock.stage(Stage::Handshake, running).await;
        let failure = match done {
            Ok(()) => {
                let closing = handshake.close(&mut stream);
                let (_, closed) = self.clock.stage(Stage::Handshake, closing).await;
                closed
                    .err()
                    .filter(|failure| failure.kind != Kind::TimedOut)
            }
            // Whatever came in place of TLS says more than how TLS ended.
            Err(failure) => handshake.plain_text(stream.first()).or(Some(failure)),
        };
        let unusable_key = handshake.unusable_key();
        let mut session = handshake.session();
        if let Some(session) = &mut session
            && session.renegotiates_safely.is_none()
        {
            let hello = hello::first_hello(stream.first());
            session.renegotiates_safely = hello.map(|hello| hello.renegotiates_safely);
        }
        Heard {
            took,
            failure: failure.or(unusable_key),
            session,
        }
    }

    async fn versions(&self, attempt: &Attempt, session: &Session) -> Vec<Offer> {
        match attempt.address {
            Some(address) => {
                hello::versions(self.target, &self.clock, address, Some(session)).await
            }
            None => Vec::new(),
        }
    }

    /// What is answered to a client that asks for no name; none for a target without one, and when it could not be asked.
    async fn without_server_name(
        &self,
        opening: &Opening<'_>,
        attempt: &Attempt,
        session: &Session,
    ) -> Option<WithoutServerName> {
        opening.server_name?;
        let transport = self.open(&mut attempt.again()).await.ok()?;
        let nameless = Opening {
            server_name: None,
            ..opening.clone()
        };
        let mut heard = self.handshake(transport, &nameless).await;
        // A server that rustls cannot talk to refuses it by whatever name.
        if let Some(address) = attempt.address
            && !session.is_complete
            && heard.may_take_another_hello()
        {
            let target = Target {
                server_name: None,
                ..self.target.clone()
            };
            let seen = hello::first_flight(&target, &self.clock, address).await;
            (heard.session, heard.failure) = seen.beside(heard.session, heard.failure);
        }
        match heard.session {
            Some(other) if other.certificates == session.certificates => {
                Some(WithoutServerName::Same)
            }
            Some(other) => Some(WithoutServerName::Other(other.certificates)),
            None if self.clock.is_over() => None,
            None => heard.failure.map(WithoutServerName::Refused),
        }
    }
}

/// What came of a handshake.
struct Heard {
    took: Option<f64>,
    session: Option<Session>,
    failure: Option<Failure>,
}

impl Heard {
    /// Whether the two did not agree on anything, or on what no Node offers, so that a client that offers something else may hear more.
    fn may_take_another_hello(&self) -> bool {
        let Some(failure) = &self.failure else {
            return self.session.as_ref().is_some_and(hello::is_signed_oddly);
        };
        let may_be_refusal = match failure.kind {
            Kind::NothingShared => return true,
            Kind::Alert(_) | Kind::Closed | Kind::Reset | Kind::Oversized | Kind::Malformed(_) => {
                true
            }
            _ => false,
        };
        may_be_refusal && self.session.is_none()
    }
}
