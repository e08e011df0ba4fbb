//! Building the path from the leaf towards an anchor (`build_chain` in `crypto/x509/x509_vfy.c`).
//!
//! OpenSSL never goes back on a choice here: each issuer is looked for in the store first, then among what was sent, and once one comes
//! from the store the rest must too.

use std::sync::Arc;

use super::error::Error;
use super::facts::Examined;
use super::signature::{self, Fit};
use super::{Origin, PathElement, Stop, Verification, time, usage};

/// How many certificates may stand between the leaf and the end of the path (`X509_VERIFY_PARAM` "default" in
/// `crypto/x509/x509_vpm.c`).
const MAX_DEPTH: usize = 100;
/// One more may be found, which is then one too many.
const MAX_LENGTH: usize = MAX_DEPTH + 1;

impl Verification<'_> {
    /// `build_chain`, and what it reports about a path that is not trusted.
    pub(super) fn build_path(&mut self) -> Result<(), Stop> {
        let mut unused: Vec<usize> = (0..self.sent.len()).collect();
        let (mut search_sent, mut search_store) = (true, true);
        let mut is_trusted = false;
        while search_sent || search_store {
            let Some(current) = self.path.last().map(|last| Arc::clone(&last.certificate)) else {
                break;
            };
            let length = self.path.len();
            if search_store {
                let issuer = if length > MAX_LENGTH {
                    None
                } else {
                    self.issuer_in_store(&current)?
                };
                if let Some(issuer) = issuer {
                    if current.facts().key.is_none() {
                        return Err(Stop::Broken);
                    }
                    if let Some((from, is_complete)) = self.take_from_store(&current, issuer) {
                        search_sent = false;
                        is_trusted = self.is_trusted(from);
                        if is_trusted {
                            break;
                        }
                        if !is_complete {
                            continue;
                        }
                    }
                }
                if !search_sent {
                    break;
                }
            }
            if search_sent {
                let is_complete = length > MAX_LENGTH || is_self_signed(&current);
                let found = if is_complete {
                    None
                } else {
                    self.issuer_among_sent(&current, &unused)?
                };
                match found {
                    Some(index) => {
                        unused.retain(|other| *other != index);
                        self.push(index);
                        self.untrusted += 1;
                    }
                    None => (search_sent, search_store) = (false, true),
                }
            }
        }
        let length = self.path.len();
        if !is_trusted && length <= MAX_LENGTH && length == self.untrusted {
            is_trusted = self.is_leaf_trusted();
        }
        if !is_trusted {
            self.report_untrusted();
        }
        Ok(())
    }

    fn push(&mut self, index: usize) {
        if let Some(certificate) = self.sent.get(index) {
            self.path.push(PathElement {
                certificate: Arc::clone(certificate),
                origin: Origin::Sent(index),
            });
        }
    }

    /// `X509_STORE_CTX_get1_issuer`: the first that is valid now, else the one that expires last.
    fn issuer_in_store(&mut self, subject: &Examined) -> Result<Option<PathElement>, Stop> {
        let anchors = self.anchors;
        let candidates = || anchors.with_subject(&subject.names().issuer);
        self.spend_on_candidates(subject, candidates().map(|(_, candidate)| &**candidate))?;
        let issuers = candidates().filter(|(_, candidate)| has_issued(candidate, subject));
        let best = self.best(issuers, |(_, candidate)| candidate);
        Ok(best.map(|(index, certificate)| PathElement {
            certificate: Arc::clone(certificate),
            origin: Origin::Store(index),
        }))
    }

    /// `get0_best_issuer_sk` (3.0: `find_issuer`) among what was sent and is not in the path yet. A leaf that is self-issued may be its
    /// own twin's subject.
    fn issuer_among_sent(
        &mut self,
        subject: &Examined,
        unused: &[usize],
    ) -> Result<Option<usize>, Stop> {
        let sent = self.sent;
        let of_name = unused
            .iter()
            .filter_map(|index| sent.get(*index))
            .filter(|candidate| candidate.names().subject == subject.names().issuer);
        self.spend_on_candidates(subject, of_name.map(|candidate| &**candidate))?;
        let allows_twin = subject.names().are_one() && self.path.len() == 1;
        let candidates = unused.iter().filter_map(|index| {
            let candidate = self.sent.get(*index)?;
            let is_issuer = has_issued(candidate, subject)
                && (allows_twin
                    || !self
                        .path
                        .iter()
                        .any(|element| element.certificate.is(candidate)));
            is_issuer.then_some((*index, candidate))
        });
        let best = self.best(candidates, |(_, candidate)| candidate);
        Ok(best.map(|(index, _)| index))
    }

    fn spend_on_candidates<'c>(
        &mut self,
        subject: &Examined,
        candidates: impl Iterator<Item = &'c Examined>,
    ) -> Result<(), Stop> {
        const IN_A_MICROSECOND: usize = 10;
        let mut count = 0;
        self.spend(self.path.len() - 1, |effort| {
            effort.spend(subject.cost())?;
            for candidate in candidates {
                effort.spend(candidate.cost())?;
                count += 1;
            }
            effort.spend_on(count, IN_A_MICROSECOND)
        })
    }

    fn best<T>(
        &self,
        candidates: impl Iterator<Item = T>,
        certificate: impl Fn(&T) -> &Arc<Examined>,
    ) -> Option<T> {
        let mut best: Option<T> = None;
        for candidate in candidates {
            let own = &certificate(&candidate).certificate;
            if time::is_valid(own, self.now) {
                return Some(candidate);
            }
            let is_better = best
                .as_ref()
                .is_none_or(|best| time::expires_later(own, &certificate(best).certificate));
            if is_better {
                best = Some(candidate);
            }
        }
        best
    }

    /// Puts an issuer of the store behind the path, or in the place of its twin that was sent. Gives the position from which on trust is
    /// to be looked for, and whether the path ends here; nothing when a self-signed certificate is not the one in the store.
    fn take_from_store(
        &mut self,
        current: &Examined,
        issuer: PathElement,
    ) -> Option<(usize, bool)> {
        if !is_self_signed(current) {
            let is_complete = is_self_signed(&issuer.certificate);
            self.path.push(issuer);
            return Some((self.path.len() - 1, is_complete));
        }
        if !issuer.certificate.is(current) {
            return None;
        }
        let last = self.path.len() - 1;
        self.untrusted = last;
        self.path.pop();
        self.path.push(issuer);
        Some((last, true))
    }

    /// `check_trust` of what the store has given from this position on.
    fn is_trusted(&mut self, from: usize) -> bool {
        for depth in from..self.path.len() {
            let Some(element) = self.path.get(depth) else {
                break;
            };
            match usage::trust(&element.certificate, self.purpose) {
                Some(true) => return true,
                Some(false) => {
                    self.report(Error::CertificateRejected, depth);
                    return false;
                }
                None => {}
            }
        }
        self.allows_partial_chain
    }

    /// `check_trust` when nothing came from the store: the leaf itself may be in it, which counts where partial chains are allowed.
    fn is_leaf_trusted(&mut self) -> bool {
        let Some(leaf) = self.path.first().filter(|_| self.allows_partial_chain) else {
            return false;
        };
        let twin = self
            .anchors
            .with_subject(&leaf.certificate.names().subject)
            .find(|(_, candidate)| candidate.is(&leaf.certificate))
            .map(|(index, certificate)| PathElement {
                certificate: Arc::clone(certificate),
                origin: Origin::Store(index),
            });
        let Some(twin) = twin else { return false };
        if usage::trust(&twin.certificate, self.purpose) == Some(false) {
            self.report(Error::CertificateRejected, 0);
            return false;
        }
        if let Some(leaf) = self.path.first_mut() {
            *leaf = twin;
        }
        self.untrusted = 0;
        true
    }

    /// What is said about a path without an anchor. An error that was reported before is reported again in its place.
    fn report_untrusted(&mut self) {
        let depth = self.path.len() - 1;
        if let Some(error) = self.last_error() {
            self.report(error, depth);
            return;
        }
        if self.path.len() > MAX_LENGTH {
            self.report(Error::CertificateChainTooLong, depth);
        }
        let ends_self_signed = self
            .path
            .last()
            .is_some_and(|last| is_self_signed(&last.certificate));
        let error = match (ends_self_signed, depth, self.untrusted <= depth) {
            (true, 0, _) => Error::DepthZeroSelfSignedCertificate,
            (true, _, _) => Error::SelfSignedCertificateInChain,
            (false, _, true) => Error::UnableToGetIssuerCertificate,
            (false, _, false) => Error::UnableToGetIssuerCertificateLocally,
        };
        self.report(error, depth);
    }
}

/// `X509_self_signed` without trying the signature.
fn is_self_signed(certificate: &Examined) -> bool {
    let facts = certificate.facts();
    facts.is_self_signed && !facts.is_invalid && facts.key.is_some()
}

/// Whether one certificate could have issued the other, the signature not tried (`ossl_x509_likely_issued`).
pub(super) fn has_issued(issuer: &Examined, subject: &Examined) -> bool {
    if issuer.names().subject != subject.names().issuer {
        return false;
    }
    let (own, other) = (issuer.facts(), subject.facts());
    !own.is_invalid
        && !other.is_invalid
        && own.accepts_authority(&other.authority, &issuer.certificate, issuer.names())
        && signature::algorithm_fits(&subject.certificate, own.key.as_ref(), &subject.profile)
            == Fit::Fits
}
