//! What a verdict comes from, in a few words.

use std::sync::Arc;

use crate::certificate::{Certificate, iso8601};
use crate::findings::escape;
use crate::node::NodeVersion;
use crate::shipped_roots;
use crate::verify::{Error, Examined, Stage, Verdict};

impl Verdict {
    /// The certificate that the code is about; none where nothing was decoded.
    pub fn certificate(&self) -> Option<&Arc<Examined>> {
        if self.stage == Some(Stage::Handshake) {
            return None;
        }
        self.path
            .get(self.depth?)
            .map(|element| &element.certificate)
    }

    /// Whether no path leads to a trust anchor, whatever else is wrong.
    pub fn lacks_anchor(&self) -> bool {
        self.errors.iter().any(|(error, _)| lacks_anchor(*error))
    }

    /// What the certificate that the code is about is in its path.
    fn role(&self) -> &'static str {
        match self.certificate() {
            _ if self.depth == Some(0) => "leaf",
            Some(examined) if examined.facts().is_self_signed => "root",
            _ => "intermediate",
        }
    }

    /// What is wrong, in a few words for one line; empty for a good chain. Text from certificates is escaped. `node`: the Node whose
    /// verdict it is.
    pub fn cause(&self, node: NodeVersion) -> String {
        let reason = || escape(self.reason.as_deref().unwrap_or_default());
        let Some(Examined { certificate, .. }) =
            self.certificate().map(|certificate| &**certificate)
        else {
            return reason();
        };
        let name = format!("`{}`", certificate.display_name());
        match self.errors.last() {
            Some((Error::EndEntityKeyTooSmall, _)) => {
                format!("{} key of {name} is too weak", key(certificate))
            }
            Some((Error::AuthorityKeyTooSmall, _)) => {
                format!("CA key {} of {name} is too weak", key(certificate))
            }
            Some((Error::AuthorityDigestTooWeak, _)) => {
                format!(
                    "{name} is signed with {}, which is too weak",
                    certificate.signature_algorithm()
                )
            }
            Some((Error::CertificateHasExpired, _)) => {
                format!(
                    "{} {name} expired on {}",
                    self.role(),
                    date(certificate.not_after())
                )
            }
            Some((Error::CertificateNotYetValid, _)) => {
                format!(
                    "{} {name} is valid from {} on",
                    self.role(),
                    date(certificate.not_before())
                )
            }
            _ if self.stage == Some(Stage::Identity) => reason(),
            Some((error, _)) if lacks_anchor(*error) => {
                format!("{}: {name}{}", reason(), list_of(certificate, node))
            }
            _ => format!("{}: {name}", reason()),
        }
    }
}

/// Whether the error is that no trust anchor was found.
fn lacks_anchor(error: Error) -> bool {
    matches!(
        error,
        Error::UnableToGetIssuerCertificate
            | Error::UnableToGetIssuerCertificateLocally
            | Error::UnableToVerifyLeafSignature
            | Error::DepthZeroSelfSignedCertificate
            | Error::SelfSignedCertificateInChain
    )
}

/// Whether the root of the certificate is on another Node's list and not on this one's, as the end of a sentence.
fn list_of(certificate: &Certificate, node: NodeVersion) -> String {
    let Some((root, history)) = list_history(certificate, node) else {
        return String::new();
    };
    if root.sha256() == certificate.sha256() {
        format!(", which {history}")
    } else {
        format!(", whose issuer `{}` {history}", root.display_name())
    }
}

/// The root that a certificate is or names as its issuer, and when it left Node's list or joins it, where another Node has it on its list and
/// this one does not.
pub fn list_history(certificate: &Certificate, node: NodeVersion) -> Option<(Certificate, String)> {
    let (root, shipped) = shipped_roots::root_of(certificate)?;
    let left = shipped.left_in().filter(|list| list.major <= node.major);
    let joined = shipped.joined_in().filter(|list| list.major > node.major);
    let history = match (left, joined) {
        (Some(list), _) => format!("left Node's list in Node {}", list.major),
        (_, Some(list)) => format!("is on Node's list from Node {} on", list.major),
        _ => return None,
    };
    Some((root, history))
}

/// `RSA-1024`, `EC-192`, `ed25519`.
pub fn key(certificate: &Certificate) -> String {
    let key = certificate.public_key();
    let algorithm = match key.algorithm.as_str() {
        "rsa" => "RSA",
        "rsa-pss" => "RSA-PSS",
        "ec" => "EC",
        "dsa" => "DSA",
        other => other,
    };
    match key.bits {
        Some(bits) => format!("{algorithm}-{bits}"),
        None => algorithm.to_owned(),
    }
}

/// The day of a time.
pub fn date(seconds: Option<i64>) -> String {
    let text = seconds.map(iso8601).unwrap_or_default();
    match text.split_once('T') {
        Some((day, _)) => day.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::OpensslVersion;

    #[test]
    fn a_root_that_is_on_another_list_is_said() {
        let node = |text| NodeVersion::parse(text).unwrap();
        let mut said = 0;
        for der in shipped_roots::of_node(node("20")).unwrap() {
            let root = Certificate::decode_static(der, OpensslVersion::V3_5).unwrap();
            assert_eq!(list_of(&root, node("20")), "");
            let later = list_of(&root, node("24"));
            let left = shipped_roots::shipped(root.sha256()).unwrap().left_in();
            let expected = left.map_or_else(String::new, |list| {
                format!(", which left Node's list in Node {}", list.major)
            });
            assert_eq!(later, expected);
            said += usize::from(left.is_some());
        }
        assert!(said > 20);
        let newest = shipped_roots::of_node(node("26"))
            .unwrap()
            .filter_map(|der| {
                let root = Certificate::decode_static(der, OpensslVersion::V3_5).ok()?;
                let joined = shipped_roots::shipped(root.sha256())?.joined_in()?;
                Some((root, joined.major))
            });
        for (root, major) in newest {
            let expected = format!(", which is on Node's list from Node {major} on");
            assert_eq!(list_of(&root, node("18")), expected);
        }
    }
}
