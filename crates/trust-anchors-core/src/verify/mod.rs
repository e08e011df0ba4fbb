//! The verdict of a Node TLS client or server on the certificates of its peer: `X509_verify_cert` as Node runs it, then
//! `tls.checkServerIdentity`. No input or output, and no clock.
//!
//! Node's callback lets OpenSSL go on after every error, and what counts in the end is the error that was reported last. So all
//! checks are made, each in its turn, and the order in which they are made is part of the verdict:
//!
//! 1. every certificate of the peer's message is decoded; one that cannot be ends the handshake ([`Stage::Handshake`]);
//! 2. the leaf's key against the security level;
//! 3. the path is built, and reported when it ends in no anchor (`path`);
//! 4. extensions, CA flags, purpose and path lengths, from the leaf up (`chain`, `usage`);
//! 5. keys of issuers and digests against the security level, from the leaf up (`security`);
//! 6. signatures and times, from the top down (`signature`, `time`);
//! 7. name constraints, from the top down (`constraints`), and RFC 3779 resources;
//! 8. the host name, when nothing was wrong so far (`identity`, [`Stage::Identity`]).

use std::sync::Arc;

pub mod anchors;
mod chain;
mod checked;
pub mod constraints;
mod effort;
pub mod error;
pub mod facts;
pub mod identity;
pub mod key;
mod path;
pub mod profile;
pub mod resources;
pub mod security;
pub mod signature;
mod time;
pub mod usage;

pub use anchors::Anchors;
pub use error::Error;
pub use facts::Examined;
pub use profile::Profile;
pub use usage::Purpose;

use signature::Outcome;

use effort::{Effort, Exhausted};

use crate::certificate::Certificate;
use crate::der;

/// The largest certificate message that OpenSSL takes, in bytes (`SSL_MAX_CERT_LIST_DEFAULT` in `include/openssl/ssl.h`).
pub const MAX_MESSAGE: usize = 100 * 1024;

/// What a peer sent, decoded by one OpenSSL.
#[derive(Debug)]
pub struct Chain {
    sent: Result<Vec<Arc<Examined>>, Handshake>,
}

/// Why a handshake ends at the certificate message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    /// The `code` of Node's error.
    pub code: String,
    /// OpenSSL's text.
    pub reason: String,
    /// Which certificate of the message it is about, from 0.
    pub index: Option<usize>,
}

impl Chain {
    /// Decodes the certificates of a message, each as its bytes, in the order in which they were sent
    /// (`tls_process_server_certificate` in `ssl/statem/statem_clnt.c`).
    pub fn decode(sent: &[impl AsRef<[u8]>], profile: &Profile) -> Self {
        Self {
            sent: decode(sent, profile),
        }
    }

    /// The decoded certificates; none when the handshake ends at them.
    pub fn certificates(&self) -> &[Arc<Examined>] {
        self.sent.as_deref().unwrap_or_default()
    }
}

fn decode(sent: &[impl AsRef<[u8]>], profile: &Profile) -> Result<Vec<Arc<Examined>>, Handshake> {
    /// What TLS 1.3 writes in front of the list, and around each certificate of it (RFC 8446 section 4.4.2).
    const LIST_OCTETS: usize = 4;
    const ENTRY_OCTETS: usize = 5;
    let message = LIST_OCTETS
        + sent
            .iter()
            .map(|der| der.as_ref().len() + ENTRY_OCTETS)
            .sum::<usize>();
    if message > MAX_MESSAGE {
        return Err(Handshake::new("excessive message size", None));
    }
    if sent.is_empty() {
        return Err(Handshake::new("length mismatch", None));
    }
    sent.iter()
        .enumerate()
        .map(|(index, der)| {
            let der = der.as_ref();
            let decoded =
                der::decode_certificate(der, profile.openssl).map_err(|error| Handshake {
                    code: code(error.openssl_reason()),
                    reason: error.openssl_error(),
                    index: Some(index),
                })?;
            if decoded.consumed != der.len() {
                return Err(Handshake::new("cert length mismatch", Some(index)));
            }
            let certificate = Certificate::from_decoded(decoded);
            Ok(Arc::new(Examined::new(certificate, None, profile)))
        })
        .collect()
}

/// The `code` that Node makes of the text of an OpenSSL error (`TLSWrap::GetSSLError`).
fn code(reason: &str) -> String {
    format!("ERR_SSL_{}", reason.to_ascii_uppercase().replace(' ', "_"))
}

impl Handshake {
    fn new(reason: &str, index: Option<usize>) -> Self {
        Self {
            code: code(reason),
            reason: reason.into(),
            index,
        }
    }
}

/// What a chain is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The trust store, made for the same profile's OpenSSL.
    pub anchors: &'a Anchors,
    /// The host name or address that was asked for; looked at when a client judges a server.
    pub host: Option<&'a str>,
    /// Seconds since 1970.
    pub now: i64,
    /// Who judges whom.
    pub purpose: Purpose,
    /// Whether any certificate of the store ends a path (`allowPartialTrustChain`, `X509_V_FLAG_PARTIAL_CHAIN`).
    pub allows_partial_chain: bool,
    /// The Node version.
    pub profile: Profile,
}

/// Where a verdict is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The certificate message itself: the handshake ends there.
    Handshake,
    /// `X509_verify_cert`.
    Verify,
    /// `tls.checkServerIdentity`.
    Identity,
}

/// What Node says about a chain.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Whether the connection is authorized.
    pub is_ok: bool,
    /// The `code` of Node's error. None for a good chain, and where it cannot be said for sure.
    pub code: Option<String>,
    /// OpenSSL's text, or Node's about the host name.
    pub reason: Option<String>,
    /// Where the verdict is reached; none for a good chain.
    pub stage: Option<Stage>,
    /// The position in the path, or in the message, of what the code is about.
    pub depth: Option<usize>,
    /// Every error that OpenSSL reports, in its order, with the position in the path.
    pub errors: Vec<(Error, usize)>,
    /// The path that was built, from the leaf.
    pub path: Vec<PathElement>,
    /// What could not be checked.
    pub undetermined: Option<Undetermined>,
    /// What the host name was compared with, when it did not match.
    pub mismatch: Option<Box<identity::Mismatch>>,
}

/// A certificate of the path.
#[derive(Debug, Clone)]
pub struct PathElement {
    /// The certificate.
    pub certificate: Arc<Examined>,
    /// Where it was taken from.
    pub origin: Origin,
}

/// Where a certificate of the path was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The peer sent it, at this position.
    Sent(usize),
    /// It is in the store, at this position of [`Anchors::certificates`].
    Store(usize),
}

/// Something that OpenSSL checks and this cannot, so that either outcome is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undetermined {
    /// What cannot be checked, for people.
    pub reason: &'static str,
    /// The position in the path.
    pub depth: usize,
}

/// What the verifications of one chain share, by several Nodes, with several stores, at several times.
#[derive(Debug, Default)]
pub struct Work {
    /// What is left of the work that is done for all of them.
    effort: Effort,
    /// The signatures that were checked. In a store whose certificates issue each other, one comes up again and again in one path too.
    checked: Vec<(Arc<Examined>, Arc<Examined>, Outcome)>,
}

/// Judges a chain as Node does.
pub fn verify(chain: &Chain, question: &Question<'_>, work: &mut Work) -> Verdict {
    match &chain.sent {
        Ok(sent) => Verification::new(sent, question, work).run(question),
        Err(handshake) => Verdict::at_handshake(handshake.clone(), Verdict::good(Vec::new())),
    }
}

/// `X509_STORE_CTX`.
struct Verification<'a> {
    sent: &'a [Arc<Examined>],
    anchors: &'a Anchors,
    now: i64,
    purpose: Purpose,
    allows_partial_chain: bool,
    profile: Profile,
    path: Vec<PathElement>,
    /// How many of the path's certificates, from the leaf, are not from the store (`num_untrusted`).
    untrusted: usize,
    errors: Vec<(Error, usize)>,
    undetermined: Option<(Undetermined, usize)>,
    work: &'a mut Work,
}

/// Why a verification ends before its last check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// OpenSSL ends it without saying why: what was reported last counts.
    Abandoned,
    /// OpenSSL ends it with an error of its own, whatever was reported, and the callback is not told (`int_err` in `build_chain`).
    Broken,
    /// It would take too long; what there is to say is said.
    Exhausted,
}

impl<'a> Verification<'a> {
    fn new(sent: &'a [Arc<Examined>], question: &Question<'a>, work: &'a mut Work) -> Self {
        let leaf = sent.first().map(|leaf| PathElement {
            certificate: Arc::clone(leaf),
            origin: Origin::Sent(0),
        });
        Self {
            sent,
            anchors: question.anchors,
            now: question.now,
            purpose: question.purpose,
            allows_partial_chain: question.allows_partial_chain,
            profile: question.profile,
            path: leaf.into_iter().collect(),
            untrusted: 1,
            errors: Vec::new(),
            undetermined: None,
            work,
        }
    }

    fn report(&mut self, error: Error, depth: usize) {
        self.errors.push((error, depth));
    }

    fn last_error(&self) -> Option<Error> {
        self.errors.last().map(|(error, _)| *error)
    }

    fn undetermined(&mut self, undetermined: Undetermined) {
        if self.undetermined.is_none() {
            self.undetermined = Some((undetermined, self.errors.len()));
        }
    }

    fn run(mut self, question: &Question<'_>) -> Verdict {
        let Some(leaf) = self.sent.first() else {
            return Verdict::good(self.path);
        };
        let key = leaf.facts().key.as_ref();
        if !security::key_is_strong_enough(self.profile.security_level, key) {
            self.report(Error::EndEntityKeyTooSmall, 0);
        }
        let ended = self.check(key.is_some());
        let verdict = self.into_verdict(ended.err());
        match question.host {
            Some(host) if verdict.is_ok && question.purpose == Purpose::Server => {
                verdict.with_identity(identity::check(host, &leaf.certificate, &question.profile))
            }
            _ => verdict,
        }
    }

    /// `verify_chain`.
    fn check(&mut self, has_key: bool) -> Result<(), Stop> {
        self.build_path()?;
        self.check_extensions();
        self.check_security_level();
        if !has_key {
            // OpenSSL stops here (`X509_get_pubkey_parameters`). The handshake ends as well then, but no server can present such a
            // certificate in earnest.
            return Err(Stop::Abandoned);
        }
        self.check_signatures()?;
        self.check_name_constraints()?;
        self.check_resources()
    }

    /// Does not go on with work that would take too long.
    fn spend(
        &mut self,
        depth: usize,
        work: impl FnOnce(&mut Effort) -> Result<(), Exhausted>,
    ) -> Result<(), Stop> {
        work(&mut self.work.effort).map_err(|exhausted| {
            let reason = exhausted.reason();
            self.undetermined(Undetermined { reason, depth });
            Stop::Exhausted
        })
    }

    fn into_verdict(self, stop: Option<Stop>) -> Verdict {
        let mut verdict = Verdict::good(self.path);
        if let Some((undetermined, reported)) = self.undetermined {
            verdict.undetermined = Some(undetermined);
            verdict.is_ok = false;
            verdict.stage = Some(Stage::Verify);
            // What was reported afterwards wins either way.
            if self.errors.len() == reported {
                verdict.depth = Some(undetermined.depth);
                verdict.reason = Some(undetermined.reason.into());
                verdict.errors = self.errors;
                return verdict;
            }
        }
        let unspecified = Some((Error::Unspecified, 0));
        let reported = self.errors.last().copied();
        let last = match stop {
            Some(Stop::Broken) => unspecified,
            Some(Stop::Abandoned) => reported.or(unspecified),
            Some(Stop::Exhausted) | None => reported,
        };
        if let Some((error, depth)) = last {
            verdict.is_ok = false;
            verdict.code = Some(error.code().into());
            verdict.reason = Some(error.reason().into());
            verdict.stage = Some(Stage::Verify);
            verdict.depth = Some(depth);
        }
        verdict.errors = self.errors;
        verdict
    }
}

impl Verdict {
    fn good(path: Vec<PathElement>) -> Self {
        Self {
            is_ok: true,
            code: None,
            reason: None,
            stage: None,
            depth: None,
            errors: Vec::new(),
            path,
            undetermined: None,
            mismatch: None,
        }
    }

    /// The same with the end that the handshake comes to.
    fn at_handshake(handshake: Handshake, verdict: Self) -> Self {
        Self {
            is_ok: false,
            code: Some(handshake.code),
            reason: Some(handshake.reason),
            stage: Some(Stage::Handshake),
            depth: handshake.index,
            ..verdict
        }
    }

    fn with_identity(self, outcome: Result<(), Box<identity::Mismatch>>) -> Self {
        match outcome {
            Ok(()) => self,
            Err(mismatch) => Self {
                is_ok: false,
                code: Some("ERR_TLS_CERT_ALTNAME_INVALID".into()),
                reason: Some(mismatch.reason.clone()),
                stage: Some(Stage::Identity),
                depth: Some(0),
                mismatch: Some(mismatch),
                ..self
            },
        }
    }
}
