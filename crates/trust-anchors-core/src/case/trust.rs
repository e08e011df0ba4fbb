//! What is trusted: Node's `ca` option, or the certificates of a store, as anchors for each OpenSSL.

use std::sync::Arc;

use super::PerOpenssl;
use crate::certificate::{Certificate, TrustSettings, TrustedCertificate};
use crate::node::NodeVersion;
use crate::pem::{node, plain};
use crate::shipped_roots;
use crate::source::{Source, StoreKind};
use crate::verify::{Anchors, Examined, Profile};

/// More text than this is not read: some 5,000 certificates, where the longest lists in use have some 500.
pub const MAX_TEXT: usize = 8 * 1024 * 1024;

/// What is trusted. It is indexed once for each OpenSSL that is asked, when it is first asked.
#[derive(Debug)]
pub struct Trust {
    given: Given,
    /// Whether not all was read: there is more text than [`MAX_TEXT`].
    pub is_cut: bool,
    anchors: PerOpenssl<Anchors>,
}

#[derive(Debug)]
enum Given {
    /// The entries of a `ca` option.
    Entries(Vec<Vec<u8>>),
    /// The certificates of a store, in its order.
    Certificates(Vec<Arc<Certificate>>),
    /// Several, one behind the other.
    Union(Vec<Arc<Trust>>),
}

impl Trust {
    /// The entries of Node's `ca` option. What is not PEM is not read, and a fault ends the entry, both without a word
    /// (`SecureContext::AddCACert`).
    pub fn from_ca(entries: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut is_cut = false;
        let mut left = MAX_TEXT;
        let entries = entries
            .into_iter()
            .map(|mut entry| {
                is_cut |= entry.len() > left;
                entry.truncate(left);
                left -= entry.len();
                entry
            })
            .collect();
        Self {
            given: Given::Entries(entries),
            is_cut,
            anchors: PerOpenssl::default(),
        }
    }

    /// Certificates that were read before, in the order in which they are put into a store.
    pub fn from_certificates(certificates: Vec<Arc<Certificate>>) -> Self {
        Self {
            given: Given::Certificates(certificates),
            is_cut: false,
            anchors: PerOpenssl::default(),
        }
    }

    /// What several trust, the first one's certificates first.
    pub fn union(parts: Vec<Arc<Self>>) -> Self {
        Self {
            is_cut: parts.iter().any(|part| part.is_cut),
            given: Given::Union(parts),
            anchors: PerOpenssl::default(),
        }
    }

    /// The roots that a Node line ships, as its bundled store; `None` for a line whose list is not known.
    pub fn shipped_by(node: NodeVersion) -> Option<Self> {
        let source = Source {
            store: StoreKind::Node,
            path: None,
            line: None,
        };
        let roots = shipped_roots::of_node(node)?.filter_map(|der| {
            let root = Certificate::decode_static(der, node.openssl()).ok()?;
            Some(Arc::new(root.with_source(source.clone())))
        });
        Some(Self::from_certificates(roots.collect()))
    }

    /// The store as an OpenSSL holds it.
    pub fn anchors(&self, profile: &Profile) -> &Anchors {
        self.anchors
            .get_or_init(profile.openssl, || self.index(profile))
    }

    fn index(&self, profile: &Profile) -> Anchors {
        let examined =
            |(certificate, settings)| Arc::new(Examined::new(certificate, settings, profile));
        match &self.given {
            Given::Entries(entries) => Anchors::new(
                entries
                    .iter()
                    .flat_map(|entry| read_entry(entry, profile))
                    .map(examined),
            ),
            Given::Union(parts) => Anchors::new(parts.iter().flat_map(|part| {
                let anchors = part.anchors(profile);
                anchors.certificates().iter().map(Arc::clone)
            })),
            Given::Certificates(certificates) => {
                Anchors::new(certificates.iter().filter_map(|known| {
                    let mut certificate = Certificate::decode(known.der(), profile.openssl).ok()?;
                    certificate.sources.clone_from(&known.sources);
                    Some(examined((certificate, None)))
                }))
            }
        }
    }
}

/// The certificates of one entry, each with its line.
fn read_entry(entry: &[u8], profile: &Profile) -> Vec<(Certificate, Option<TrustSettings>)> {
    let found = read_plain(entry, profile).unwrap_or_else(|| {
        let reading = node::read_ca_entry(entry, profile.openssl);
        let found = reading.certificates.into_iter();
        found
            .map(|(trusted, position)| (trusted, position.line))
            .collect()
    });
    found
        .into_iter()
        .map(|(trusted, line)| {
            let mut certificate = trusted.certificate;
            certificate.sources = vec![Source {
                store: StoreKind::Inline,
                path: None,
                line: Some(line),
            }];
            (certificate, trusted.settings)
        })
        .collect()
}

/// Well-formed text, in which all readings agree; `None` for any other.
fn read_plain(text: &[u8], profile: &Profile) -> Option<Vec<(TrustedCertificate, u32)>> {
    let mut scratch = Vec::new();
    plain::blocks(text)?
        .into_iter()
        .map(|block| {
            if block.label != b"CERTIFICATE" {
                return None;
            }
            let data = plain::decode(block.body, &mut scratch)?;
            let trusted = TrustedCertificate::decode(&data, profile.openssl).ok()?;
            Some((trusted, block.line))
        })
        .collect()
}
