//! The order of anchors that share a subject.
//!
//! OpenSSL takes as issuer the first certificate of the store with the right subject that fits the key identifier, or any with that
//! subject where one side has no key identifier; it tries neither the signature nor the next one (`X509_STORE_CTX_get1_issuer`
//! and `ossl_x509_likely_issued`, the same from OpenSSL 3.0 to 3.5). Times count: one that is valid now goes before one that is not. The
//! store keeps certificates of one subject in the order in which they were added wherever the C library sorts stably, as glibc does.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::note::Note;
use crate::certificate::{Certificate, canonicalize};

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
        for (first, second) in conflicts {
            notes.push(Note::SameSubjectConflict { first, second });
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

/// The certificates whose leaves OpenSSL takes for another's, each after the one that stands in its way.
fn conflicts(group: &[Arc<Certificate>], now: i64) -> Vec<(Arc<Certificate>, Arc<Certificate>)> {
    let mut conflicts: Vec<(Arc<Certificate>, Arc<Certificate>)> = Vec::new();
    for (index, second) in group.iter().enumerate() {
        let known = conflicts
            .iter()
            .any(|(_, known)| known.subject_public_key_info() == second.subject_public_key_info());
        if second.is_not_yet_valid(now) || known {
            continue;
        }
        if let Some(first) = group
            .iter()
            .take(index)
            .find(|first| stands_before(first, second))
        {
            conflicts.push((Arc::clone(first), Arc::clone(second)));
        }
    }
    conflicts
}

/// Whether OpenSSL takes `first` for the issuer of what `second` issued, or, where `second` is a server's own certificate, for
/// its issuer.
fn stands_before(first: &Certificate, second: &Certificate) -> bool {
    let same_key = first.subject_public_key_info() == second.subject_public_key_info();
    let authority = if second.can_issue() {
        if same_key {
            return false;
        }
        // What RFC 5280 section 4.2.1.1 has a CA write into the certificates that it issues.
        second.subject_key_identifier()
    } else {
        second.authority_key_identifier()
    };
    let identifiers_fit = match (authority, first.subject_key_identifier()) {
        (Some(authority), Some(subject)) => authority == subject,
        _ => true,
    };
    identifiers_fit && key_family(first) == key_family(second)
}

/// The kind of key that a signature's algorithm tells apart (`check_sig_alg_match` in `crypto/x509/v3_purp.c`).
fn key_family(certificate: &Certificate) -> String {
    match certificate.public_key().algorithm.as_str() {
        "rsa-pss" => "rsa".into(),
        other => other.into(),
    }
}
