//! Which Node gets through a handshake that was only looked at, and the code it ends in otherwise.

use rustls::crypto::aws_lc_rs::ALL_CIPHER_SUITES;

use super::names::{
    KeyExchange, NODE_SCHEMES, group_name, is_group_of_node, is_scheme_of_node, is_suite_of_node,
    suite_name,
};
use crate::der::OpensslVersion;
use crate::node::NodeVersion;
use crate::probe::failure::{Failure, Kind, Stage};
use crate::probe::groups;
use crate::probe::session::{Protocol, Session};
use crate::verify::security::finite_field_is_strong_enough;

/// Who can go on from a server's first flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// A Node with its defaults and the probe's own handshake.
    Both,
    /// A Node alone: the probe has to be content with what was sent in clear.
    NodeAlone,
    /// The probe alone: it does not insist on RFC 5746.
    ProbeAlone,
    /// Neither.
    Neither,
}

impl Support {
    /// Of a session, for one Node.
    pub fn of(session: &Session, node: NodeVersion) -> Self {
        match (obstacle(session, node).is_none(), is_within_reach(session)) {
            (true, true) => Self::Both,
            (true, false) => Self::NodeAlone,
            (false, true) => Self::ProbeAlone,
            (false, false) => Self::Neither,
        }
    }
}

/// Why a Node with its defaults does not go on with what the server chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Older than `tls.DEFAULT_MIN_VERSION`, which is TLS 1.2 in every Node from 18.
    ProtocolTooOld,
    /// A cipher suite that is not among `tls.DEFAULT_CIPHERS`.
    CipherSuite,
    /// The server knows nothing of RFC 5746, and OpenSSL 3 insists on it (`SSL_OP_LEGACY_SERVER_CONNECT`).
    UnsafeRenegotiation,
    /// A curve that is not offered.
    Group,
    /// A Diffie-Hellman group below the security level: 1,024 bits at level 1, 2,048 at level 2.
    KeyExchangeTooSmall {
        /// Bits of the prime.
        bits: u32,
    },
    /// The server signs the key exchange in a way that was not offered, with SHA-1 as a rule.
    SignatureScheme,
}

/// The first that a Node stumbles over, in the order of OpenSSL's client (`ssl/statem/statem_clnt.c`); none when it goes on.
///
/// What the certificates come to is not asked here.
pub fn obstacle(session: &Session, node: NodeVersion) -> Option<Obstacle> {
    let openssl = node.openssl();
    if session.protocol < Protocol::Tls1_2 {
        return Some(Obstacle::ProtocolTooOld);
    }
    if !is_suite_of_node(&session.cipher_suite, openssl) {
        return Some(Obstacle::CipherSuite);
    }
    if session.renegotiates_safely == Some(false) {
        return Some(Obstacle::UnsafeRenegotiation);
    }
    // The probe's own handshake offers the hybrid group beside all others, and a server that chooses it is taken to have others too: to ask for
    // them would be one more connection to nearly every server of today.
    let is_foreign = |group: &String| !session.is_complete && !is_group_of_node(group, openssl);
    if session.group.as_ref().is_some_and(is_foreign) {
        return Some(Obstacle::Group);
    }
    if let Some(bits) = session.key_exchange_bits
        && !finite_field_is_strong_enough(node.security_level(), bits)
    {
        return Some(Obstacle::KeyExchangeTooSmall { bits });
    }
    if session
        .signature_scheme
        .is_some_and(|scheme| !is_scheme_of_node(scheme, openssl))
    {
        return Some(Obstacle::SignatureScheme);
    }
    None
}

/// Whether there is an obstacle for every Node from 18 on: what differs between them grew stricter in one and offers more in the other.
pub fn is_beyond_every_node(session: &Session) -> bool {
    [18, 20, 22, 24, 26].into_iter().all(|major| {
        let node = NodeVersion {
            major,
            minor: u32::MAX,
        };
        obstacle(session, node).is_some()
    })
}

/// Whether the server signs in a way that no Node offers.
pub fn is_signed_oddly(session: &Session) -> bool {
    session
        .signature_scheme
        .is_some_and(|scheme| !NODE_SCHEMES.contains(&scheme))
}

/// Whether rustls goes on with what the server chose.
pub fn is_within_reach(session: &Session) -> bool {
    let suites = ALL_CIPHER_SUITES.iter().map(|suite| suite.suite());
    let mut groups = groups::offered().into_iter().map(|group| group.name());
    let is_known = suites
        .map(|suite| suite_name(suite.into()))
        .any(|suite| suite == session.cipher_suite);
    let is_group_known = session
        .group
        .as_ref()
        .is_none_or(|chosen| groups.any(|group| group_name(group.into()) == *chosen));
    is_known && is_group_known && session.protocol >= Protocol::Tls1_2
}

/// The `code` that `tls.connect` of a Node fails with before there is anything to verify; none when it gets so far, and where it is not
/// known: a server that is silent leaves Node waiting.
///
/// `failure` is where the attempt ended, `session` what the server said before. Measured on Node 18 to 26.
pub fn node_code(
    failure: Option<&Failure>,
    session: Option<&Session>,
    node: NodeVersion,
) -> Option<String> {
    let openssl = node.openssl();
    let is_decided_by_server = failure.is_some_and(|failure| {
        !matches!(
            failure.kind,
            Kind::NothingShared | Kind::Malformed(_) | Kind::Oversized
        )
    });
    if !is_decided_by_server
        && let Some(obstacle) = session.and_then(|session| obstacle(session, node))
    {
        return match obstacle {
            Obstacle::ProtocolTooOld => Some("ERR_SSL_UNSUPPORTED_PROTOCOL".to_owned()),
            // Where another Node's offer was answered so, this one's is refused.
            Obstacle::CipherSuite => alert_code(HANDSHAKE_FAILURE, openssl),
            Obstacle::UnsafeRenegotiation => {
                Some("ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED".to_owned())
            }
            Obstacle::Group if session.is_some_and(|it| it.protocol == Protocol::Tls1_3) => {
                alert_code(HANDSHAKE_FAILURE, openssl)
            }
            Obstacle::Group => Some("ERR_SSL_WRONG_CURVE".to_owned()),
            Obstacle::KeyExchangeTooSmall { .. } => Some("ERR_SSL_DH_KEY_TOO_SMALL".to_owned()),
            Obstacle::SignatureScheme if session.is_some_and(is_signed_oddly) => {
                Some("ERR_SSL_WRONG_SIGNATURE_TYPE".to_owned())
            }
            Obstacle::SignatureScheme => alert_code(HANDSHAKE_FAILURE, openssl),
        };
    }
    let failure = failure?;
    let code = match (&failure.kind, failure.stage) {
        (Kind::Alert(description), Stage::Handshake) => return alert_code(*description, openssl),
        (Kind::NotFound, _) => "ENOTFOUND",
        (Kind::Refused, _) => "ECONNREFUSED",
        (Kind::Unreachable, _) => "EHOSTUNREACH",
        (Kind::TimedOut, Stage::Connect) => "ETIMEDOUT",
        (Kind::Reset | Kind::Closed, Stage::Handshake) => "ECONNRESET",
        (Kind::PlainText(_), Stage::Handshake) => "ERR_SSL_WRONG_VERSION_NUMBER",
        _ => return None,
    };
    Some(code.to_owned())
}

const HANDSHAKE_FAILURE: u8 = 40;

/// The `code` for an alert that the server sends (`ssl3_read_bytes`, the reason is 1000 and the description; spelled by `ssl/ssl_err.c`);
/// none for numbers that OpenSSL gives no name.
pub fn alert_code(description: u8, openssl: OpensslVersion) -> Option<String> {
    let (family, name) = alert(description)?;
    let prefix = match family {
        Family::Ssl3 if openssl == OpensslVersion::V3_0 => "SSLV3_ALERT",
        Family::Ssl3 => "SSL/TLS_ALERT",
        Family::Tls1 => "TLSV1_ALERT",
        Family::Tls1_3 => "TLSV13_ALERT",
        Family::Bare => "TLSV1",
    };
    let name = name.to_uppercase().replace(' ', "_");
    Some(format!("ERR_SSL_{prefix}_{name}"))
}

/// An alert in OpenSSL's words: `handshake failure`; none for numbers that it gives no name.
pub fn alert_name(description: u8) -> Option<&'static str> {
    alert(description).map(|(_, name)| name)
}

fn alert(description: u8) -> Option<(Family, &'static str)> {
    Some(match description {
        10 => (Family::Ssl3, "unexpected message"),
        20 => (Family::Ssl3, "bad record mac"),
        21 => (Family::Tls1, "decryption failed"),
        22 => (Family::Tls1, "record overflow"),
        30 => (Family::Ssl3, "decompression failure"),
        40 => (Family::Ssl3, "handshake failure"),
        41 => (Family::Ssl3, "no certificate"),
        42 => (Family::Ssl3, "bad certificate"),
        43 => (Family::Ssl3, "unsupported certificate"),
        44 => (Family::Ssl3, "certificate revoked"),
        45 => (Family::Ssl3, "certificate expired"),
        46 => (Family::Ssl3, "certificate unknown"),
        47 => (Family::Ssl3, "illegal parameter"),
        48 => (Family::Tls1, "unknown ca"),
        49 => (Family::Tls1, "access denied"),
        50 => (Family::Tls1, "decode error"),
        51 => (Family::Tls1, "decrypt error"),
        60 => (Family::Tls1, "export restriction"),
        70 => (Family::Tls1, "protocol version"),
        71 => (Family::Tls1, "insufficient security"),
        80 => (Family::Tls1, "internal error"),
        86 => (Family::Tls1, "inappropriate fallback"),
        90 => (Family::Tls1, "user cancelled"),
        100 => (Family::Tls1, "no renegotiation"),
        109 => (Family::Tls1_3, "missing extension"),
        110 => (Family::Bare, "unsupported extension"),
        111 => (Family::Bare, "certificate unobtainable"),
        112 => (Family::Bare, "unrecognized name"),
        113 => (Family::Bare, "bad certificate status response"),
        114 => (Family::Bare, "bad certificate hash value"),
        115 => (Family::Tls1, "unknown psk identity"),
        116 => (Family::Tls1_3, "certificate required"),
        120 => (Family::Tls1, "no application protocol"),
        _ => return None,
    })
}

/// How OpenSSL spells an alert: by the version of the protocol that brought it.
enum Family {
    Ssl3,
    Tls1,
    Tls1_3,
    Bare,
}

// Groups of a key exchange by certificate have no name; the suite says so.
impl Session {
    /// How the key is agreed on, for people: the group, `DHE, 1024 bits`, or `RSA`.
    pub fn key_exchange(&self) -> String {
        match (&self.group, self.key_exchange_bits) {
            (Some(group), _) => group.clone(),
            (None, Some(bits)) => match KeyExchange::of(&self.cipher_suite) {
                KeyExchange::ExportRsa => format!("export RSA, {bits} bits"),
                _ => format!("DHE, {bits} bits"),
            },
            (None, None) if self.cipher_suite.starts_with("TLS_RSA_") => "RSA".to_owned(),
            (None, None) => "unknown".to_owned(),
        }
    }
}
