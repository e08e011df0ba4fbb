//! The checks of a path that was built: extensions, security level, signatures, names (`verify_chain` in
//! `crypto/x509/x509_vfy.c`).

use std::sync::Arc;

use super::constraints::{ConstrainedNames, Effort as Comparisons, Refusal};
use super::error::Error;
use super::facts::Examined;
use super::key::PublicKey;
use super::signature::Outcome;
use super::usage::CertificateAuthority;
use super::{Stop, Undetermined, Verification, checked, path, security, signature, time, usage};
use crate::certificate::canonicalize;
use crate::der;

impl Verification<'_> {
    fn certificate(&self, depth: usize) -> Option<Arc<Examined>> {
        self.path
            .get(depth)
            .map(|element| Arc::clone(&element.certificate))
    }

    /// `check_extensions`, from the leaf up.
    pub(super) fn check_extensions(&mut self) {
        /// What the certificate below asks of one.
        #[derive(PartialEq)]
        enum Demand {
            Nothing,
            NoAuthority,
            Authority,
        }
        let mut demand = Demand::Nothing;
        let (mut issuers, mut proxies) = (0, 0);
        let length = self.path.len();
        for depth in 0..length {
            let Some(certificate) = self.certificate(depth) else {
                break;
            };
            let facts = certificate.facts();
            let is_noted = depth > 0 || self.is_leaf_noted();
            if is_noted && facts.has_unknown_critical {
                self.report(Error::UnhandledCriticalExtension, depth);
            }
            if is_noted && facts.proxy.is_some() {
                self.report(Error::ProxyCertificatesNotAllowed, depth);
            }
            let authority = usage::certificate_authority(facts);
            match (&demand, authority) {
                (Demand::NoAuthority, CertificateAuthority::No) | (Demand::Nothing, _) => {}
                (Demand::NoAuthority, _) => {
                    self.report(Error::InvalidNonCertificateAuthority, depth)
                }
                (Demand::Authority, CertificateAuthority::Yes) => {}
                (Demand::Authority, CertificateAuthority::No) => {
                    self.report(Error::InvalidAuthority, depth)
                }
                (Demand::Authority, _) if depth + 1 < length => {
                    self.report(Error::InvalidAuthority, depth)
                }
                (Demand::Authority, _) => {}
            }
            if length > 1 {
                match &facts.key {
                    None => self.report(Error::Unspecified, depth),
                    Some(key) if key.has_explicit_parameters() => {
                        self.report(Error::ExplicitCurve, depth)
                    }
                    Some(_) => {}
                }
            }
            let is_trusted = depth >= self.untrusted;
            let must_be_authority = demand == Demand::Authority;
            if !usage::fits_purpose(&certificate, self.purpose, is_trusted, must_be_authority) {
                self.report(Error::InvalidPurpose, depth);
            }
            if depth > 1
                && facts
                    .path_length
                    .is_some_and(|limit| issuers > limit.saturating_add(proxies))
            {
                self.report(Error::PathLengthExceeded, depth);
            }
            if depth > 0 && !facts.is_self_issued {
                issuers += 1;
            }
            demand = Demand::Authority;
            if let Some(proxy) = facts.proxy {
                if let Some(limit) = proxy.path_length {
                    if proxies > limit {
                        self.report(Error::ProxyPathLengthExceeded, depth);
                    }
                    proxies = limit;
                }
                proxies = proxies.saturating_add(1);
                demand = Demand::NoAuthority;
            }
        }
    }

    /// Whether OpenSSL has looked at the extensions of the leaf (`ossl_x509v3_cache_extensions`) when it checks the first of them. It has
    /// not where the leaf has no key it knows and nothing made it compare the leaf with another certificate.
    fn is_leaf_noted(&self) -> bool {
        let (Some(leaf), 1) = (self.sent.first(), self.path.len()) else {
            return true;
        };
        if leaf.facts().key.is_some() {
            return true;
        }
        let names = leaf.names();
        let is_readable = |other: &Arc<Examined>| !other.facts().is_invalid;
        let mut namesakes = self.anchors.with_subject(&names.issuer);
        let has_met_store = namesakes.any(|(_, candidate)| is_readable(candidate));
        let has_met_sent = if self.profile.compares_before_issuer {
            self.sent.len() > 1
        } else {
            self.sent.iter().any(|candidate| {
                candidate.names().subject == names.issuer
                    && (Arc::ptr_eq(candidate, leaf) || is_readable(candidate))
            })
        };
        let has_met_twin =
            self.allows_partial_chain && self.anchors.with_subject(&names.subject).next().is_some();
        has_met_store || has_met_sent || has_met_twin
    }

    /// `check_auth_level`: the keys of issuers, and the digests of all signatures but the last.
    pub(super) fn check_security_level(&mut self) {
        let level = self.profile.security_level;
        for depth in 0..self.path.len() {
            let Some(certificate) = self.certificate(depth) else {
                break;
            };
            if depth > 0 && !security::key_is_strong_enough(level, certificate.facts().key.as_ref())
            {
                self.report(Error::AuthorityKeyTooSmall, depth);
            }
            if depth + 1 < self.path.len()
                && !security::digest_is_strong_enough(
                    level,
                    &certificate.certificate,
                    certificate.facts().key.as_ref(),
                    &self.profile,
                )
            {
                self.report(Error::AuthorityDigestTooWeak, depth);
            }
        }
    }

    /// `internal_verify`: from the top down the signature of each certificate, then its times. The last one is its own issuer, or
    /// only an issuer; where a partial chain is allowed its times count.
    pub(super) fn check_signatures(&mut self) -> Result<(), Stop> {
        let Some((mut depth, mut issuer)) = self.top() else {
            return Ok(());
        };
        if !path::has_issued(&issuer, &issuer) && !self.allows_partial_chain {
            match depth.checked_sub(1) {
                Some(below) => depth = below,
                None => self.report(Error::UnableToVerifyLeafSignature, 0),
            }
        }
        for depth in (0..=depth).rev() {
            let Some(subject) = self.certificate(depth) else {
                break;
            };
            // A self-signature adds nothing: whoever could exchange the certificate could sign it too.
            if depth + 1 < self.path.len() {
                self.check_signature(&subject, &issuer, depth)?;
            }
            for error in time::check(&subject.certificate, self.now) {
                self.report(error, depth);
            }
            issuer = subject;
        }
        Ok(())
    }

    fn top(&self) -> Option<(usize, Arc<Examined>)> {
        let depth = self.path.len().checked_sub(1)?;
        Some((depth, self.certificate(depth)?))
    }

    fn check_signature(
        &mut self,
        subject: &Arc<Examined>,
        issuer: &Arc<Examined>,
        depth: usize,
    ) -> Result<(), Stop> {
        if let Err(error) = usage::may_sign(issuer.facts(), subject.facts()) {
            self.report(error, depth + 1);
        }
        let Some(key) = &issuer.facts().key else {
            self.report(Error::UnableToDecodeIssuerPublicKey, depth + 1);
            return Ok(());
        };
        match self.signature(subject, issuer, key, depth)? {
            Outcome::Valid => {}
            Outcome::Invalid => self.report(Error::CertificateSignatureFailure, depth),
        }
        Ok(())
    }

    fn signature(
        &mut self,
        subject: &Arc<Examined>,
        issuer: &Arc<Examined>,
        key: &PublicKey,
        depth: usize,
    ) -> Result<Outcome, Stop> {
        const OCTETS_IN_A_MICROSECOND: usize = 500;
        let known = self
            .work
            .checked
            .iter()
            .find(|(known_subject, known_issuer, _)| {
                Arc::ptr_eq(known_subject, subject) && Arc::ptr_eq(known_issuer, issuer)
            });
        if let Some((_, _, outcome)) = known {
            return Ok(*outcome);
        }
        let certificate = &subject.certificate;
        let profile = self.profile;
        // For one that is known as well: a verdict must not depend on what was judged before.
        self.spend(depth, |effort| {
            effort.spend_on(certificate.tbs_certificate().len(), OCTETS_IN_A_MICROSECOND)?;
            effort.spend(signature::verification_cost(certificate, key, &profile))
        })?;
        let outcome = checked::verify(subject, issuer, key, &profile);
        self.work
            .checked
            .push((Arc::clone(subject), Arc::clone(issuer), outcome));
        Ok(outcome)
    }

    /// `check_name_constraints`: for each certificate, from the top down, the constraints of all those above it. Those on a
    /// self-issued issuer do not count.
    pub(super) fn check_name_constraints(&mut self) -> Result<(), Stop> {
        const OCTETS_IN_A_MICROSECOND: usize = 200;
        let mut comparisons = Comparisons::default();
        for depth in (0..self.path.len()).rev() {
            let Some(certificate) = self.certificate(depth) else {
                break;
            };
            let facts = certificate.facts();
            if depth > 0 && facts.is_self_issued {
                continue;
            }
            if facts.proxy.is_some() && !names_proxy(&certificate) {
                self.report(Error::ProxySubjectNameViolation, depth);
            }
            let mut names = None;
            for above in (depth + 1..self.path.len()).rev() {
                let Some(above) = self.certificate(above) else {
                    break;
                };
                let Some(constraints) = &above.facts().name_constraints else {
                    continue;
                };
                let names = match &names {
                    Some(names) => names,
                    None => {
                        let alternative_names = facts.subject_alternative_names.as_deref();
                        let octets = alternative_names.map_or(0, <[u8]>::len);
                        self.spend(depth, |effort| {
                            effort.spend_on(octets, OCTETS_IN_A_MICROSECOND)
                        })?;
                        names.insert(ConstrainedNames::read(
                            &certificate.certificate,
                            alternative_names,
                            self.profile.openssl,
                        ))
                    }
                };
                match constraints.check(names, depth == 0, &mut comparisons) {
                    Ok(()) => {}
                    Err(Refusal::Error(number)) => {
                        let error = Error::from_number(number).unwrap_or(Error::Unspecified);
                        self.report(error, depth);
                    }
                    Err(Refusal::Abandoned) => return Err(Stop::Abandoned),
                    Err(Refusal::TooMuchEffort) => {
                        let reason = "there are more name constraints than are compared here";
                        self.undetermined(Undetermined { reason, depth });
                        return Err(Stop::Exhausted);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether the subject of a proxy certificate is its issuer's with one common name behind it (RFC 3820 section 3.4).
fn names_proxy(certificate: &Examined) -> bool {
    const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    let (subject, issuer) = (
        certificate.certificate.subject_der(),
        certificate.certificate.issuer_der(),
    );
    let attributes: Vec<_> = der::name_attributes(subject).collect();
    let [rest @ .., before, last] = attributes.as_slice() else {
        return false;
    };
    let is_longer_by_one = rest.len() + 1 == der::name_attributes(issuer).count();
    let mut own = Vec::new();
    let mut other = Vec::new();
    canonicalize(subject, &mut own);
    canonicalize(issuer, &mut other);
    is_longer_by_one
        && before.set != last.set
        && last.attribute == COMMON_NAME
        && own.starts_with(&other)
}
