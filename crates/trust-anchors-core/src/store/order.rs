//! The order of anchors that share a subject.
//!
//! OpenSSL takes as issuer the first certificate of the store with the right subject that fits the key identifier, or any with that
//! subject where one side has no key identifier; it tries neither the signature nor the next one (`X509_STORE_CTX_get1_issuer`
//! and `ossl_x509_likely_issued`, the same from OpenSSL 3.0 to 3.5). Times count: one that is valid now goes before one that is not. The
//! store keeps certificates of one subject in the order in which they were added wherever the C library sorts stably, as glibc does.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::note::Note;
use crate::certificate::{Certificate, canonicalize};

/// No more conflicts of one subject are told one by one.
const MOST_CONFLICTS: usize = 10;

/// The certificates in the order that serves every leaf: as they came, but those of one subject together and in the order in which
/// OpenSSL must see them. Where no order serves every leaf, a note says whose leaves fail.
pub fn arrange(
    certificates: Vec<Arc<Certificate>>,
    now: i64,
    notes: &mut Vec<Note>,
) -> Vec<Arc<Certificate>> {
    let mut names = Vec::with_capacity(certificates.len() * 128);
    let ends: Vec<usize> = certificates
        .iter()
        .map(|certificate| {
            canonicalize(certificate.subject_der(), &mut names);
            names.len()
        })
        .collect();
    let mut by_subject: HashMap<&[u8], usize, RandomState> =
        HashMap::with_capacity_and_hasher(certificates.len(), RandomState::default());
    let mut groups: Vec<Group> = Vec::with_capacity(certificates.len());
    let mut start = 0;
    for (certificate, end) in certificates.into_iter().zip(ends) {
        let name = names.get(start..end).unwrap_or_default();
        start = end;
        let next = groups.len();
        match groups.get_mut(*by_subject.entry(name).or_insert(next)) {
            Some(group) => group.others.push(certificate),
            None => groups.push(Group {
                first: certificate,
                others: Vec::new(),
            }),
        }
    }
    let mut ordered = Vec::with_capacity(groups.len());
    for group in groups {
        if group.others.is_empty() {
            ordered.push(group.first);
            continue;
        }
        let mut members = group.others;
        members.push(group.first);
        let has_issuer = |certificate: &Certificate| {
            let mut issuer = Vec::new();
            canonicalize(certificate.issuer_der(), &mut issuer);
            by_subject.contains_key(issuer.as_slice())
        };
        sort(&mut members, now, has_issuer);
        let conflicts = conflicts(&members, now);
        if conflicts.is_empty() {
            notes.push(Note::SameSubject(members.clone()));
        }
        let more = conflicts.len().saturating_sub(MOST_CONFLICTS);
        for (first, second) in conflicts.into_iter().take(MOST_CONFLICTS) {
            notes.push(Note::SameSubjectConflict {
                first,
                second,
                more,
            });
        }
        ordered.append(&mut members);
    }
    ordered
}

/// Certificates of one subject, nearly always one.
struct Group {
    first: Arc<Certificate>,
    others: Vec<Arc<Certificate>>,
}

/// Valid ones before those whose time has not come; keys with an identifier before keys without; newer keys first; and of the same key
/// the self-signed certificate before a cross-signed one, at which OpenSSL would go on to look for an issuer; among those one whose
/// issuer is in the store; and the one that lasts longer first.
fn sort(group: &mut [Arc<Certificate>], now: i64, has_issuer: impl Fn(&Certificate) -> bool) {
    let mut keys: HashMap<Vec<u8>, (bool, Reverse<bool>, Reverse<i64>)> = HashMap::new();
    for certificate in group.iter() {
        let rank = (
            certificate.is_not_yet_valid(now),
            Reverse(certificate.subject_key_identifier().is_some()),
            Reverse(certificate.not_before().unwrap_or(i64::MIN)),
        );
        keys.entry(certificate.subject_public_key_info().to_vec())
            .and_modify(|known| *known = (*known).min(rank))
            .or_insert(rank);
    }
    group.sort_by_cached_key(|certificate| {
        let key = certificate.subject_public_key_info();
        (
            keys.get(key).copied(),
            key.to_vec(),
            certificate.is_not_yet_valid(now),
            Reverse(certificate.is_self_signed()),
            Reverse(has_issuer(certificate)),
            Reverse(certificate.not_after().unwrap_or(i64::MIN)),
            Reverse(certificate.not_before().unwrap_or(i64::MIN)),
            *certificate.sha256(),
        )
    });
}

/// The certificates whose leaves OpenSSL takes for another's, each after the one that stands in its way; each key once.
fn conflicts(group: &[Arc<Certificate>], now: i64) -> Vec<(Arc<Certificate>, Arc<Certificate>)> {
    let mut conflicts = Vec::new();
    let mut before = Before::default();
    let mut told: HashSet<&[u8]> = HashSet::new();
    for second in group {
        let family = key_family(second);
        if !second.is_not_yet_valid(now)
            && let Some(first) = before.in_the_way_of(second, &family)
            && told.insert(second.subject_public_key_info())
        {
            conflicts.push((Arc::clone(first), Arc::clone(second)));
        }
        before.add(second, family);
    }
    conflicts
}

/// The certificates of a subject that come before another, by what OpenSSL looks at: the key identifier and the kind of key.
#[derive(Default)]
struct Before<'a> {
    all: HashMap<String, Firsts<'a>>,
    without_identifier: HashMap<String, Firsts<'a>>,
    by_identifier: HashMap<(String, &'a [u8]), Firsts<'a>>,
}

/// The first two certificates with different keys.
type Firsts<'a> = Vec<&'a Arc<Certificate>>;

impl<'a> Before<'a> {
    fn add(&mut self, certificate: &'a Arc<Certificate>, family: String) {
        match certificate.subject_key_identifier() {
            Some(identifier) => {
                let key = (family.clone(), identifier);
                remember(self.by_identifier.entry(key).or_default(), certificate);
            }
            None => remember(
                self.without_identifier.entry(family.clone()).or_default(),
                certificate,
            ),
        }
        remember(self.all.entry(family).or_default(), certificate);
    }

    /// The certificate that OpenSSL takes for the issuer of what `second` issued, or, where `second` is a server's own certificate, for
    /// its issuer.
    fn in_the_way_of(&self, second: &'a Certificate, family: &str) -> Option<&'a Arc<Certificate>> {
        let issues = second.can_issue();
        let authority = if issues {
            // What RFC 5280 section 4.2.1.1 has a CA write into the certificates that it issues.
            second.subject_key_identifier()
        } else {
            second.authority_key_identifier()
        };
        let candidates = match authority {
            None => [self.all.get(family), None],
            Some(identifier) => [
                self.by_identifier.get(&(family.to_owned(), identifier)),
                self.without_identifier.get(family),
            ],
        };
        candidates
            .into_iter()
            .flatten()
            .flatten()
            .copied()
            .find(|first| {
                !issues || first.subject_public_key_info() != second.subject_public_key_info()
            })
    }
}

fn remember<'a>(firsts: &mut Firsts<'a>, certificate: &'a Arc<Certificate>) {
    let is_new = firsts
        .iter()
        .all(|known| known.subject_public_key_info() != certificate.subject_public_key_info());
    if firsts.len() < 2 && is_new {
        firsts.push(certificate);
    }
}

/// The kind of key that a signature's algorithm tells apart (`check_sig_alg_match` in `crypto/x509/v3_purp.c`).
fn key_family(certificate: &Certificate) -> String {
    match certificate.public_key().algorithm.as_str() {
        "rsa-pss" => "rsa".into(),
        other => other.into(),
    }
}
