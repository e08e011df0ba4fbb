//! Where a look at an endpoint ended, and how.

use super::plain_text::PlainText;

/// The stages of a connection, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Name to addresses.
    Resolve,
    /// TCP.
    Connect,
    /// `CONNECT` and, for a proxy over TLS, the handshake with it.
    Proxy,
    /// The plain-text preamble of a protocol that turns to TLS.
    StartTls,
    /// The TLS handshake.
    Handshake,
}

impl Stage {
    /// The word the public API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resolve => "dns",
            Self::Connect => "tcp",
            Self::Proxy => "proxy",
            Self::StartTls => "starttls",
            Self::Handshake => "handshake",
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The name does not resolve.
    NotFound,
    /// Nobody listens.
    Refused,
    /// No route.
    Unreachable,
    /// A TCP reset.
    Reset,
    /// The peer closed without a word of its reason.
    Closed,
    /// The stage's timeout or the deadline.
    TimedOut,
    /// A TLS alert; its description, RFC 8446, 6.
    Alert(u8),
    /// Text where TLS was expected.
    PlainText(PlainText),
    /// TLS where the preamble's text was expected.
    TlsInstead,
    /// The peer's own protocol says no: the status of `CONNECT`, the answer to STARTTLS. Escaped, one line.
    Declined(String),
    /// More than is read of anybody.
    Oversized,
    /// What cannot be read.
    Malformed(String),
    /// No version, cipher suite or group in common with this client.
    NothingShared,
    /// Everything else of the operating system, in its words.
    Other(String),
}

impl Kind {
    /// The word the public API uses.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Reset => "reset",
            Self::Closed => "closed",
            Self::TimedOut => "timed-out",
            Self::Alert(_) => "alert",
            Self::PlainText(_) => "plain-text",
            Self::TlsInstead => "tls-instead",
            Self::Declined(_) => "declined",
            Self::Oversized => "oversized",
            Self::Malformed(_) => "malformed",
            Self::NothingShared => "nothing-shared",
            Self::Other(_) => "other",
        }
    }
}

/// Where and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The stage.
    pub stage: Stage,
    /// How.
    pub kind: Kind,
}

impl Failure {
    /// A failure.
    pub fn new(stage: Stage, kind: Kind) -> Self {
        Self { stage, kind }
    }

    /// An error of the operating system, or of rustls inside one.
    pub fn of(stage: Stage, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let kind = match error.kind() {
            _ if super::limits::TooMuch::is_in(error) => Kind::Oversized,
            ErrorKind::ConnectionRefused => Kind::Refused,
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted => {
                Kind::Reset
            }
            // The last of them for an IPv6 address on a machine without IPv6.
            ErrorKind::NetworkUnreachable
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable => Kind::Unreachable,
            ErrorKind::UnexpectedEof => Kind::Closed,
            ErrorKind::TimedOut => Kind::TimedOut,
            _ => Kind::Other(crate::findings::escape(&error.to_string())),
        };
        Self::new(stage, kind)
    }
}
