//! When a verdict changes, as far as the validity of certificates decides it.

use std::sync::Arc;

use super::{Case, Viewpoint};
use crate::verify::{Examined, Verdict};

/// As many certificates are looked at for their dates. A path with more of them has other faults.
const MAX_CERTIFICATES: usize = 64;
/// As many dates are tried, the nearest first.
const MAX_DATES: usize = 16;
/// As many candidates of one name in a store are followed.
const MAX_SAME_SUBJECT: usize = 8;

/// A verdict that differs from the one before it.
#[derive(Debug)]
pub struct Change {
    /// The first second of it, since 1970.
    pub at: i64,
    /// The certificate whose validity begins or ends then.
    pub certificate: Arc<Examined>,
    /// Whether it ends.
    pub expires: bool,
    /// The verdict from then on.
    pub verdict: Verdict,
}

impl Case {
    /// The changes of the verdict after the viewpoint's time and up to `until`, in their order. They are at the dates of the
    /// certificates that were sent, and of those in the store that a path from them may reach.
    pub fn changes(&self, viewpoint: &Viewpoint, until: i64) -> Vec<Change> {
        let mut dates: Vec<(i64, bool, Arc<Examined>)> = Vec::new();
        for certificate in self.reachable(viewpoint) {
            let (begin, end) = (
                certificate.certificate.not_before(),
                certificate.certificate.not_after(),
            );
            for (date, expires) in [(begin, false), (end, true)] {
                if let Some(date) = date.filter(|date| (viewpoint.now + 1..=until).contains(date)) {
                    dates.push((date, expires, Arc::clone(&certificate)));
                }
            }
        }
        // Of several on one date the one nearest to the leaf is told.
        dates.sort_by_key(|(date, expires, _)| (*date, !expires));
        dates.dedup_by_key(|(date, _, _)| *date);
        dates.truncate(MAX_DATES);
        let mut before = self.judge(viewpoint);
        let mut changes = Vec::new();
        for (at, expires, certificate) in dates {
            let verdict = self.judge(&Viewpoint {
                now: at,
                ..viewpoint.clone()
            });
            if !is_same(&before, &verdict) {
                before = verdict.clone();
                changes.push(Change {
                    at,
                    certificate,
                    expires,
                    verdict,
                });
            }
        }
        changes
    }

    /// What was sent, and what a path from it may reach in the store.
    fn reachable(&self, viewpoint: &Viewpoint) -> Vec<Arc<Examined>> {
        let profile = viewpoint.profile();
        let anchors = viewpoint.trust.anchors(&profile);
        let mut found: Vec<Arc<Examined>> = self
            .presented
            .chain(&profile)
            .certificates()
            .iter()
            .take(MAX_CERTIFICATES)
            .cloned()
            .collect();
        let mut position = 0;
        while let Some(subject) = found.get(position).map(Arc::clone) {
            position += 1;
            for (_, issuer) in anchors
                .with_subject(&subject.names().issuer)
                .take(MAX_SAME_SUBJECT)
            {
                if found.len() >= MAX_CERTIFICATES {
                    return found;
                }
                if !found.iter().any(|known| known.is(issuer)) {
                    found.push(Arc::clone(issuer));
                }
            }
        }
        found
    }
}

/// Whether two verdicts come to the same end.
pub fn is_same(one: &Verdict, other: &Verdict) -> bool {
    (one.is_ok, &one.code, &one.reason, one.depth)
        == (other.is_ok, &other.code, &other.reason, other.depth)
}
