//! Servers that `tls` cannot talk to, and the versions that a server speaks besides: a ClientHello by hand, and the answer as far as it is
//! sent in clear. No handshake is completed here, so nothing here needs a key or a cipher.
//!
//! The messages are read by a small parser of this module. The `tls-parser` crate reads them too, but brings a third version of `syn` and some
//! twenty other crates for eight kinds of messages.

mod client_hello;
mod flight;
pub mod names;
mod support;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

pub use flight::{ServerHello, first_hello};
pub use support::{
    Obstacle, Support, alert_code, alert_name, is_signed_oddly, node_code, obstacle,
};

use super::failure::{Failure, Kind, Stage};
use super::session::{Protocol, Session};
use super::transport::{self, Transport};
use super::{Attempt, Clock, Offer, Target};
use client_hello::Offered;
use flight::{Flight, Progress};

/// What a server answers a client that does not complete the handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstFlight {
    /// What it said of itself, to a hello as a Node sends it or, when it refuses that, to one that offers everything there ever was.
    pub session: Option<Session>,
    /// Where a hello as a Node sends it ended: an alert is the alert that a Node gets. None when the server goes on; whether a Node does, is
    /// said by [`obstacle`].
    pub failure: Option<Failure>,
}

impl FirstFlight {
    /// Together with what the probe's own handshake came to, which had ended before: the session that says most, and where a Node's
    /// handshake ends. None of a failure when there is a Node that goes on where the probe could not.
    pub fn beside(
        self,
        session: Option<Session>,
        failure: Option<Failure>,
    ) -> (Option<Session>, Option<Failure>) {
        let is_answer =
            |failure: &Failure| failure.stage == Stage::Handshake && failure.kind != Kind::TimedOut;
        let failure = match (&self.session, self.failure.filter(is_answer)) {
            (_, Some(refusal)) => Some(refusal),
            (None, None) => failure,
            (Some(seen), None) => match () {
                () if support::is_beyond_every_node(seen) => {
                    Some(Failure::new(Stage::Handshake, Kind::NothingShared))
                }
                // rustls takes shorter messages than OpenSSL: what was too long for it may have been read here.
                () if support::is_within_reach(seen) => failure.filter(|failure| {
                    failure.kind != Kind::Oversized || seen.certificates.is_empty()
                }),
                () => None,
            },
        };
        let session = match (session, self.session) {
            (Some(own), Some(seen)) if own.is_complete && failure.is_none() => Some(Session {
                signature_scheme: seen.signature_scheme,
                ..own
            }),
            (own, seen) => seen.or(own),
        };
        (session, failure)
    }
}

/// Reads the first flight of a server, by as many connections as it takes to get one: six at most.
pub async fn first_flight(target: &Target, clock: &Clock, address: SocketAddr) -> FirstFlight {
    let flight = |offered| async move {
        match ask(target, clock, address, offered, Until::Done).await {
            Ok((flight, failure)) => (flight.session(), failure),
            Err(failure) => (None, Some(failure)),
        }
    };
    let (mut session, mut failure) = flight(Offered::AsEveryNode).await;
    if session.is_none() && failure.as_ref().is_some_and(is_refusal) {
        let (other, other_failure) = flight(Offered::AsAnyNode).await;
        if other.is_some() {
            (session, failure) = (other, other_failure);
        }
    }
    // A Node has left by then: what follows is not for it.
    if session.as_ref().is_some_and(support::is_beyond_every_node) {
        failure = None;
    }
    let has_certificates = |session: &Session| !session.certificates.is_empty();
    if session.as_ref().is_some_and(has_certificates) || !failure.as_ref().is_none_or(is_refusal) {
        return FirstFlight { session, failure };
    }
    // TLS 1.3 sends its certificates encrypted, and who refuses one hello may take another.
    for newest in [
        Protocol::Tls1_2,
        Protocol::Tls1_3,
        Protocol::Tls1,
        Protocol::Ssl3,
    ] {
        let (other, other_failure) = flight(Offered::UpTo(newest)).await;
        session = match (session, other) {
            (Some(session), Some(other)) => Some(Session {
                certificates: other.certificates,
                ocsp_response: other.ocsp_response,
                client_certificate: other.client_certificate,
                ..session
            }),
            (session, other) => session.or(other),
        };
        let answers = other_failure.as_ref().is_none_or(is_refusal);
        if session.is_some() || !answers {
            break;
        }
    }
    FirstFlight { session, failure }
}

/// Which versions a server speaks, the oldest first: with any cipher suite and group there ever was. What `known` tells is not asked again.
///
/// A server answers with the newest version that it knows and that is not newer than the one asked for (RFC 5246, appendix E.1), so that
/// most servers say all in two short connections. A version that could not be asked for is missing.
pub async fn versions(
    target: &Target,
    clock: &Clock,
    address: SocketAddr,
    known: Option<&Session>,
) -> Vec<Offer> {
    let spoken = |newest| spoken(target, clock, address, newest);
    let settled =
        known.map(|session| Answer::Spoken(session.protocol, session.cipher_suite.clone()));
    let newest = match known {
        Some(session) => session.protocol,
        None => Protocol::Tls1_3,
    };
    let (first, second, third) = tokio::join!(
        async {
            match settled {
                Some(answer) => answer,
                None => spoken(Protocol::Tls1_3).await,
            }
        },
        async {
            match newest {
                Protocol::Tls1_3 => Some(spoken(Protocol::Tls1_2).await),
                _ => None,
            }
        },
        async {
            match newest {
                Protocol::Ssl3 | Protocol::Tls1 | Protocol::Tls1_1 => None,
                _ => Some(spoken(Protocol::Tls1_1).await),
            }
        }
    );
    let mut found = Found::default();
    found.note(Protocol::Tls1_3, first);
    if let Some(answer) = second {
        found.note(Protocol::Tls1_2, answer);
    }
    if let Some(answer) = third {
        found.note(Protocol::Tls1_1, answer);
    }
    while let Some(next) = found.next_to_ask() {
        let answer = spoken(next).await;
        found.note(next, answer);
    }
    found.offers()
}

/// What came of asking for a version or an older one.
enum Answer {
    Spoken(Protocol, String),
    Refused,
    Unknown,
}

async fn spoken(target: &Target, clock: &Clock, address: SocketAddr, newest: Protocol) -> Answer {
    let asked = ask(target, clock, address, Offered::UpTo(newest), Until::Hello).await;
    match asked {
        Ok((flight, failure)) => match (flight.hello, failure) {
            (Some(hello), _) => Answer::Spoken(hello.protocol, hello.cipher_suite),
            (None, Some(failure)) if is_refusal(&failure) => Answer::Refused,
            (None, _) => Answer::Unknown,
        },
        Err(_) => Answer::Unknown,
    }
}

const VERSIONS: [Protocol; 5] = [
    Protocol::Ssl3,
    Protocol::Tls1,
    Protocol::Tls1_1,
    Protocol::Tls1_2,
    Protocol::Tls1_3,
];

/// What is known of each version: nothing, that it is refused, or the suite it is spoken with.
#[derive(Default)]
struct Found {
    answers: [Option<Option<String>>; VERSIONS.len()],
    has_given_up: bool,
}

impl Found {
    fn note(&mut self, asked: Protocol, answer: Answer) {
        let (spoken, suite) = match answer {
            // A server that answers with a newer version than any it was offered would do so for ever.
            Answer::Spoken(protocol, _) if protocol > asked => {
                self.has_given_up = true;
                return;
            }
            Answer::Spoken(protocol, suite) => (Some(protocol), Some(suite)),
            Answer::Refused => (None, None),
            Answer::Unknown => {
                self.has_given_up = true;
                return;
            }
        };
        for (version, known) in VERSIONS.iter().zip(&mut self.answers) {
            // Between what was asked for and what is spoken there is nothing. TLS 1.3 says nothing of the others.
            let is_settled = *version <= asked
                && spoken.is_none_or(|spoken| *version > spoken)
                && (asked < Protocol::Tls1_3 || *version == asked || spoken.is_some());
            if is_settled && known.is_none() {
                *known = Some(None);
            }
            if Some(*version) == spoken {
                *known = Some(suite.clone());
            }
        }
    }

    /// The newest of the old versions that nothing is known of yet.
    fn next_to_ask(&self) -> Option<Protocol> {
        let mut open = VERSIONS
            .iter()
            .zip(&self.answers)
            .filter(|(_, known)| known.is_none());
        match self.has_given_up {
            true => None,
            false => open.next_back().map(|(version, _)| *version),
        }
    }

    fn offers(self) -> Vec<Offer> {
        let known = VERSIONS.iter().zip(self.answers);
        known
            .filter_map(|(protocol, answer)| {
                Some(Offer {
                    protocol: *protocol,
                    cipher_suite: answer?,
                })
            })
            .collect()
    }
}

/// How much of the flight is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    Hello,
    Done,
}

/// Opens a connection, sends a hello, reads the answer, and leaves. The failure is one of the handshake; the error one before it.
async fn ask(
    target: &Target,
    clock: &Clock,
    address: SocketAddr,
    offered: Offered,
    until: Until,
) -> Result<(Flight, Option<Failure>), Failure> {
    let mut on_the_way = Attempt::default();
    let transport = transport::open(target, clock, address, &mut on_the_way).await?;
    let mut flight = Flight::default();
    let exchange = exchange(transport, target, offered, until, &mut flight);
    let (_, done) = clock.stage(Stage::Handshake, exchange).await;
    Ok((flight, done.err()))
}

async fn exchange(
    mut transport: Transport,
    target: &Target,
    offered: Offered,
    until: Until,
    flight: &mut Flight,
) -> Result<(), Failure> {
    let of_system = |error| Failure::of(Stage::Handshake, &error);
    let mut random = [0; 64];
    // Nothing is kept secret with these octets: without a source of them zeros do.
    let _ = aws_lc_rs::rand::fill(&mut random);
    // One protocol at most can be chosen by a server that is asked for what it speaks at all.
    let alpn = match offered {
        Offered::UpTo(_) => &[],
        _ => target.alpn.as_slice(),
    };
    let hello = client_hello::write(offered, target.server_name.as_deref(), alpn, &random);
    transport.write_all(&hello).await.map_err(of_system)?;
    let mut octets = vec![0; 16 * 1024];
    loop {
        let count = transport.read(&mut octets).await.map_err(of_system)?;
        let came = octets.get(..count).unwrap_or_default();
        if came.is_empty() {
            return Err(Failure::new(Stage::Handshake, Kind::Closed));
        }
        match flight.read(came) {
            Progress::Finished => return Ok(()),
            Progress::Unfinished if until == Until::Hello && flight.hello.is_some() => {
                return Ok(());
            }
            Progress::Unfinished => {}
            Progress::Ended(kind) => return Err(Failure::new(Stage::Handshake, kind)),
        }
    }
}

/// Whether a server that ends a handshake so may take another hello: it says so, or leaves without a word as many old ones do.
fn is_refusal(failure: &Failure) -> bool {
    matches!(failure.kind, Kind::Alert(_) | Kind::Closed | Kind::Reset)
}
