//! The trust store as OpenSSL holds it: indexed once, asked by every verification.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::facts::Examined;

/// Trust anchors and whatever else was put into the store, in the order in which OpenSSL finds them (`X509_STORE`).
///
/// Belongs to one OpenSSL: which certificates it decodes differs.
#[derive(Debug, Default)]
pub struct Anchors {
    certificates: Vec<Arc<Examined>>,
    by_subject: HashMap<Box<[u8]>, Vec<usize>, RandomState>,
}

impl Anchors {
    /// Puts the certificates into a store one by one. One that is there already is not put in again, whatever its trust
    /// settings (`X509_STORE_add_cert`).
    pub fn new(certificates: impl IntoIterator<Item = Arc<Examined>>) -> Self {
        let mut anchors = Self::default();
        let mut known = HashSet::with_hasher(RandomState::default());
        for certificate in certificates {
            if !known.insert(certificate.certificate.shared_der()) {
                continue;
            }
            let subject = &certificate.names().subject;
            let group = match anchors.by_subject.get_mut(subject) {
                Some(group) => group,
                None => anchors.by_subject.entry(subject.clone()).or_default(),
            };
            group.push(anchors.certificates.len());
            anchors.certificates.push(certificate);
        }
        anchors
    }

    /// The certificates of this subject, given in the form in which names are compared. The order is that of insertion:
    /// OpenSSL sorts by subject with the C library's `qsort`, which keeps it in glibc.
    pub fn with_subject<'a>(
        &'a self,
        subject: &[u8],
    ) -> impl Iterator<Item = (usize, &'a Arc<Examined>)> {
        self.by_subject
            .get(subject)
            .into_iter()
            .flatten()
            .filter_map(|index| Some((*index, self.certificates.get(*index)?)))
    }

    /// All certificates, in the order of insertion.
    pub fn certificates(&self) -> &[Arc<Examined>] {
        &self.certificates
    }
}
