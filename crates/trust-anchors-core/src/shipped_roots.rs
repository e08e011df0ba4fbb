//! The roots that each Node line ships (`tls.rootCertificates`): to say since when a root is on the list or until when it was, and to
//! judge a chain with the bundled store of another Node.
//!
//! A list changes within a line too. What is said of a line holds for the version that [`LISTS`] names.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use crate::certificate::{Certificate, Fingerprint, canonicalize};
use crate::der::OpensslVersion;
use crate::node::NodeVersion;
use crate::stores::bundled;

mod table;
use table::ROOTS;
pub use table::{LISTS, READ_ON};

/// A Node whose list was read.
#[derive(Debug, PartialEq, Eq)]
pub struct List {
    /// Its line.
    pub major: u32,
    /// Its whole version.
    pub version: &'static str,
}

/// In which lists a root is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipped {
    /// A bit for each of [`LISTS`], the lowest for the first.
    lists: u8,
}

impl Shipped {
    /// The lists that have the root, the oldest first.
    pub fn lists(self) -> impl DoubleEndedIterator<Item = &'static List> {
        let has = move |index: &usize| self.lists & (1 << index) != 0;
        (0..LISTS.len())
            .filter(has)
            .filter_map(|index| LISTS.get(index))
    }

    /// Whether the list of this line has it.
    pub fn is_in(self, major: u32) -> bool {
        self.lists().any(|list| list.major == major)
    }

    /// The first list without it after those that have it; `None` while the newest has it.
    pub fn left_in(self) -> Option<&'static List> {
        let last = self.lists().next_back()?;
        LISTS.iter().find(|list| list.major > last.major)
    }

    /// The first list that has it; `None` when the oldest has it already.
    pub fn joined_in(self) -> Option<&'static List> {
        let first = self.lists().next()?;
        (Some(first) != LISTS.first()).then_some(first)
    }
}

/// In which lists a certificate is, by its SHA-256; `None` for one that is in none of them. The whole digest is compared: a
/// certificate can be made to have the first octets of another's.
pub fn shipped(sha256: &Fingerprint) -> Option<Shipped> {
    ROOTS
        .iter()
        .find(|root| root.sha256 == *sha256)
        .map(|root| Shipped { lists: root.lists })
}

/// The roots that a Node's line ships, in DER and in Node's order; `None` for a line whose list was not read.
pub fn of_node(node: NodeVersion) -> Option<impl Iterator<Item = &'static [u8]>> {
    let index = LISTS.iter().position(|list| list.major == node.major)?;
    let is_in = move |root: &&Root| root.lists & (1 << index) != 0;
    Some(ROOTS.iter().filter(is_in).filter_map(Root::der))
}

/// The root that a certificate is, or that issued it by its names and key identifiers, of those that any list has; no signature is
/// tried.
pub fn root_of(certificate: &Certificate) -> Option<(Certificate, Shipped)> {
    type BySubject = HashMap<Vec<u8>, Vec<&'static Root>, RandomState>;
    static BY_SUBJECT: OnceLock<BySubject> = OnceLock::new();
    let by_subject = BY_SUBJECT.get_or_init(|| {
        let mut by_subject = BySubject::default();
        for root in &ROOTS {
            let subject = root
                .certificate()
                .map(|certificate| certificate.canonical_subject());
            by_subject
                .entry(subject.unwrap_or_default())
                .or_default()
                .push(root);
        }
        by_subject
    });
    let mut issuer = Vec::new();
    canonicalize(certificate.issuer_der(), &mut issuer);
    by_subject.get(&issuer)?.iter().find_map(|root| {
        let candidate = root.certificate()?;
        let identifiers = (
            certificate.authority_key_identifier(),
            candidate.subject_key_identifier(),
        );
        let fits = match identifiers {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        };
        let is_itself = root.sha256 == *certificate.sha256();
        // Another certificate of its own subject is no issuer of a root.
        let is_other = certificate.is_self_issued() && !is_itself;
        (fits && !is_other).then_some((candidate, Shipped { lists: root.lists }))
    })
}

/// A root of any list.
struct Root {
    sha256: Fingerprint,
    lists: u8,
    /// Its place in [`REMOVED`], unless Mozilla's list has it.
    removed: Option<Range<usize>>,
}

/// The roots that are no longer in Mozilla's list, one behind the other.
static REMOVED: &[u8] = include_bytes!("shipped_roots/removed.der");

impl Root {
    fn certificate(&self) -> Option<Certificate> {
        // All OpenSSLs decode them alike.
        Certificate::decode_static(self.der()?, OpensslVersion::V3_5).ok()
    }

    fn der(&self) -> Option<&'static [u8]> {
        static MOZILLA: OnceLock<HashMap<Fingerprint, &'static [u8], RandomState>> =
            OnceLock::new();
        match &self.removed {
            Some(place) => REMOVED.get(place.clone()),
            None => MOZILLA
                .get_or_init(|| {
                    let digest = |der| (crate::certificate::digest(der), der);
                    bundled::mozilla().map(digest).collect()
                })
                .get(&self.sha256)
                .copied(),
        }
    }
}

/// A line of the table, with the digest in hexadecimal.
#[expect(
    clippy::indexing_slicing,
    reason = "the compiler evaluates it, and refuses a table that is wrong"
)]
const fn root(sha256: &str, lists: u8, removed: Option<Range<usize>>) -> Root {
    const fn value(digit: u8) -> u8 {
        match digit {
            b'0'..=b'9' => digit - b'0',
            _ => digit - b'a' + 10,
        }
    }
    let digits = sha256.as_bytes();
    let mut octets = [0; 32];
    let mut index = 0;
    while index < octets.len() {
        octets[index] = value(digits[2 * index]) << 4 | value(digits[2 * index + 1]);
        index += 1;
    }
    Root {
        sha256: octets,
        lists,
        removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::digest;

    #[test]
    fn every_root_has_its_certificate() {
        for root in &ROOTS {
            let der = root.der().expect("run scripts/shipped-roots.js");
            assert_eq!(digest(der), root.sha256);
        }
        let mut end = 0;
        for place in ROOTS.iter().filter_map(|root| root.removed.as_ref()) {
            assert_eq!(place.start, end);
            end = place.end;
        }
        assert_eq!(end, REMOVED.len());
    }

    #[test]
    fn what_a_line_ships_is_in_its_list() {
        for list in &LISTS {
            let node = NodeVersion::parse(list.version).unwrap();
            let roots: Vec<_> = of_node(node).unwrap().collect();
            assert!(roots.len() > 100);
            for der in roots {
                assert!(shipped(&digest(der)).unwrap().is_in(list.major));
            }
        }
        let unknown = NodeVersion::parse("17").unwrap();
        assert!(of_node(unknown).is_none());
    }

    #[test]
    fn a_root_joins_and_leaves() {
        let of = |lists| Shipped { lists };
        let majors = |shipped: Shipped| {
            (
                shipped.joined_in().map(|list| list.major),
                shipped.left_in().map(|list| list.major),
            )
        };
        assert_eq!(majors(of(0b11111)), (None, None));
        assert_eq!(majors(of(0b00011)), (None, Some(22)));
        assert_eq!(majors(of(0b11000)), (Some(24), None));
        assert_eq!(majors(of(0b00110)), (Some(20), Some(24)));
        assert!(of(0b00011).is_in(20));
        assert!(!of(0b00011).is_in(22));
        assert_eq!(shipped(&[0; 32]), None);
    }
}
