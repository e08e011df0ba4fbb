//! What a store has beyond the context that Node makes by itself.
//!
//! A context made of a `ca` option is parsed certificate by certificate; the default one shares what Node has parsed already, so that adding what is
//! missing costs a fraction. That gives the same trust only where the default holds nothing that this store leaves out, and where the order of
//! same-subject anchors comes out the same (see `order`).

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::Store;
use crate::certificate::{Certificate, canonicalize, pem_length, write_pem};
use crate::source::StoreKind;

impl Store {
    /// The certificates to add to a context that trusts Node's own list and `others`, as one PEM text; none where the sum would trust
    /// otherwise than this store does.
    pub fn addition(&self, others: &[&Certificate]) -> Option<String> {
        let is_from_node = |certificate: &Certificate| {
            certificate
                .sources
                .iter()
                .any(|source| source.store == StoreKind::Node)
        };
        let is_dropped = self
            .excluded
            .iter()
            .any(|excluded| is_from_node(&excluded.certificate));
        let mut given: HashSet<&[u8], RandomState> =
            others.iter().map(|certificate| certificate.der()).collect();
        let mut text = String::new();
        let mut length = 0;
        let mut added: Vec<&Certificate> = Vec::new();
        // By subject: whether one of the addition has come, and how many of the default list have.
        let mut subjects: HashMap<Vec<u8>, (bool, usize), RandomState> = HashMap::default();
        for certificate in &self.certificates {
            let is_given = given.remove(certificate.der()) || is_from_node(certificate);
            let mut subject = Vec::new();
            canonicalize(certificate.subject_der(), &mut subject);
            let (has_added, count) = subjects.entry(subject).or_default();
            if is_given {
                *count += 1;
                if *has_added || *count > 1 {
                    return None;
                }
            } else {
                *has_added = true;
                length += pem_length(certificate.der());
                added.push(certificate);
            }
        }
        if is_dropped || !given.is_empty() {
            return None;
        }
        text.reserve_exact(length);
        for certificate in added {
            write_pem(certificate.der(), &mut text);
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::der::OpensslVersion;
    use crate::source::Source;

    fn roots() -> Vec<Certificate> {
        webpki_root_certs::TLS_SERVER_ROOT_CERTS
            .iter()
            .take(3)
            .filter_map(|der| Certificate::decode(der, OpensslVersion::V3_5).ok())
            .collect()
    }

    fn from(store: StoreKind, certificate: &Certificate) -> Arc<Certificate> {
        Arc::new(certificate.with_source(Source {
            store,
            path: None,
            line: None,
        }))
    }

    #[test]
    fn what_node_has_is_not_added() {
        let [one, two, three] = &roots()[..] else {
            unreachable!("there are more than three roots")
        };
        let store = Store {
            certificates: vec![
                from(StoreKind::Node, one),
                from(StoreKind::System, two),
                from(StoreKind::Extra, three),
            ],
            ..Store::default()
        };
        let both = two.pem() + &three.pem();
        assert_eq!(store.addition(&[]), Some(both));
        assert_eq!(store.addition(&[three]), Some(two.pem()));
    }

    #[test]
    fn what_is_trusted_beyond_the_store_cannot_be_taken_away() {
        let [one, two, ..] = &roots()[..] else {
            unreachable!("there are more than two roots")
        };
        let store = Store {
            certificates: vec![from(StoreKind::Node, one)],
            ..Store::default()
        };
        assert_eq!(store.addition(&[two]), None);
    }

    #[test]
    fn an_anchor_that_has_to_come_first_is_not_added_behind() {
        let [one, ..] = &roots()[..] else {
            unreachable!("there are roots")
        };
        // The same subject, another certificate: one octet of its signature differs.
        let mut der = one.der().to_vec();
        if let Some(last) = der.last_mut() {
            *last ^= 1;
        }
        let Ok(other) = Certificate::decode(&der, OpensslVersion::V3_5) else {
            unreachable!("a signature may be any octets")
        };
        let (listed, added) = (from(StoreKind::Node, one), from(StoreKind::Extra, &other));
        let before = Store {
            certificates: vec![Arc::clone(&added), Arc::clone(&listed)],
            ..Store::default()
        };
        assert_eq!(before.addition(&[]), None);
        let behind = Store {
            certificates: vec![listed, added],
            ..Store::default()
        };
        assert_eq!(behind.addition(&[]), Some(other.pem()));
    }
}
