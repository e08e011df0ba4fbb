//! The `code` that Node's connection ends with, where what was seen leaves no doubt.

use super::{Evidence, alert, client_certificate};
use crate::probe::hello::{node_code, obstacle};
use crate::probe::{Kind, Protocol, Stage};
use crate::verify;

/// How the connection of a Node ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Prediction {
    /// It is authorized.
    Connects,
    /// An error with this code.
    Fails(String),
}

/// The `code` of Node's error; none where it connects, and where it cannot be told for sure: what a proxy or a STARTTLS dialogue says has
/// the codes of whoever speaks them.
pub fn predicted_code(evidence: &Evidence<'_>) -> Option<String> {
    match predicted(evidence)? {
        Prediction::Connects => None,
        Prediction::Fails(code) => Some(code),
    }
}

/// What comes first decides. A chain that cannot be read ends the handshake in its midst; one that is refused is refused when the client's
/// side is through.
pub(super) fn predicted(evidence: &Evidence<'_>) -> Option<Prediction> {
    let attempt = evidence.attempt()?;
    let node = evidence.process.node;
    let session = attempt.session.as_ref();
    let failure = attempt.failure.as_ref();
    let verdict = evidence.judged.map(|(_, _, verdict)| verdict);
    let judged = verdict.and_then(|verdict| verdict.code.clone());

    // What a server says that has nothing in common with the client comes before any certificate.
    let is_before_certificates = failure.is_some_and(|failure| match failure.kind {
        Kind::NothingShared => true,
        Kind::Alert(number) => matches!(
            number,
            alert::HANDSHAKE_FAILURE | alert::PROTOCOL_VERSION | alert::INSUFFICIENT_SECURITY
        ),
        _ => false,
    }) && !client_certificate::decides(evidence);
    let is_unreadable = !is_before_certificates
        && verdict.is_some_and(|it| it.stage == Some(verify::Stage::Handshake));
    let is_through = session.is_some_and(|it| it.is_complete && it.protocol == Protocol::Tls1_3);
    let is_stopped = session.is_some_and(|it| obstacle(it, node).is_some());
    let ends_with_verdict = is_unreadable || (!is_stopped && (is_through || failure.is_none()));
    if let Some(code) = judged.filter(|_| ends_with_verdict) {
        return Some(Prediction::Fails(code));
    }
    if failure.is_none() && !is_stopped {
        let is_asked = session?.client_certificate.is_some();
        // Where only the server's first flight was read, it has not said yet what it thinks of a client without a certificate.
        let is_certain = verdict?.is_ok && (session?.is_complete || !is_asked);
        return is_certain.then_some(Prediction::Connects);
    }
    if let Some(failure) = failure.filter(|it| it.stage < Stage::StartTls) {
        // An agent reports a proxy's failures in its own way, of several addresses the first one's code counts (`AggregateError`), and the
        // system tells more than is noted here: ENETUNREACH from EHOSTUNREACH, ENOTFOUND from EAI_AGAIN.
        let is_certain = failure.kind == Kind::Refused && evidence.target.proxy.is_none();
        if !is_certain || !evidence.ends_alike() {
            return None;
        }
    }
    node_code(failure, session, node).map(Prediction::Fails)
}
