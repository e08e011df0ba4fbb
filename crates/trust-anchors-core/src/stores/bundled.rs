//! Mozilla's list of TLS server roots, compiled in: complete certificates from `webpki-root-certs`, and the name constraints that
//! Mozilla puts on some of them from `webpki-roots`.

use webpki_root_certs::TLS_SERVER_ROOT_CERTS;
use webpki_roots::TLS_SERVER_ROOTS;

use crate::certificate::Certificate;
use crate::der::{self, OpensslVersion};

/// The roots that Mozilla trusts for TLS servers, in DER.
pub fn mozilla() -> impl Iterator<Item = &'static [u8]> {
    TLS_SERVER_ROOT_CERTS
        .iter()
        .map(|certificate| certificate.as_ref())
}

/// The beginning of the root that became valid last, in seconds since 1970. A list is made after its newest root is valid, so this has
/// certainly passed.
pub fn newest_beginning(version: OpensslVersion) -> Option<i64> {
    mozilla()
        .filter_map(|der| Certificate::decode_static(der, version).ok()?.not_before())
        .max()
}

/// A root that Mozilla lets issue for some names alone.
#[derive(Debug, Clone, Copy)]
pub struct Constrained {
    /// The content octets of the subject `Name`.
    subject: &'static [u8],
    /// The content octets of the `SubjectPublicKeyInfo`.
    subject_public_key_info: &'static [u8],
    /// The content octets of the `NameConstraints` (RFC 5280 section 4.2.1.10).
    name_constraints: &'static [u8],
}

/// The roots that Mozilla's products constrain by name beyond what their certificates say. A `ca` array cannot carry this.
pub fn constrained() -> impl Iterator<Item = Constrained> {
    TLS_SERVER_ROOTS.iter().filter_map(|anchor| {
        anchor
            .name_constraints
            .as_ref()
            .map(|name_constraints| Constrained {
                subject: der_bytes(&anchor.subject),
                subject_public_key_info: der_bytes(&anchor.subject_public_key_info),
                name_constraints: der_bytes(name_constraints),
            })
    })
}

fn der_bytes(der: &'static impl AsRef<[u8]>) -> &'static [u8] {
    der.as_ref()
}

impl Constrained {
    /// Whether `certificate` has the constrained name and key.
    pub fn fits(&self, certificate: &Certificate) -> bool {
        let content = |octets| der::read_element(octets).map(|(element, _)| element.content);
        content(certificate.subject_der()) == Some(self.subject)
            && content(certificate.subject_public_key_info()) == Some(self.subject_public_key_info)
    }

    /// The domains it may issue for, as the constraint writes them (`.tr`).
    pub fn permitted_domains(&self) -> Vec<String> {
        const PERMITTED: u8 = 0xa0;
        const DNS_NAME: u8 = 0x82;
        let mut domains = Vec::new();
        let mut rest = self.name_constraints;
        while let Some((part, after)) = der::read_element(rest) {
            rest = after;
            if part.tag != PERMITTED {
                continue;
            }
            let mut subtrees = part.content;
            while let Some((subtree, after)) = der::read_element(subtrees) {
                subtrees = after;
                if let Some((base, _)) = der::read_element(subtree.content)
                    && base.tag == DNS_NAME
                {
                    domains.push(String::from_utf8_lossy(base.content).into_owned());
                }
            }
        }
        domains
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::OpensslVersion;

    #[test]
    fn every_constrained_root_is_one_of_the_complete_certificates() {
        let roots: Vec<Certificate> = mozilla()
            .map(|der| Certificate::decode_static(der, OpensslVersion::V3_5).unwrap())
            .collect();
        assert!(roots.len() > 100);
        let constrained: Vec<Constrained> = constrained().collect();
        assert!(!constrained.is_empty());
        for constrained in constrained {
            assert_eq!(
                roots.iter().filter(|root| constrained.fits(root)).count(),
                1
            );
            assert!(!constrained.permitted_domains().is_empty());
        }
    }
}
