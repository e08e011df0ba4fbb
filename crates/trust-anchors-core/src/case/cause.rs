//! What a verdict comes from, in a few words.

use std::sync::Arc;

use crate::certificate::{Certificate, iso8601};
use crate::findings::escape;
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

    /// What is wrong, in a few words for one line; empty for a good chain. Text from certificates is escaped.
    pub fn cause(&self) -> String {
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
                format!("{name} expired on {}", date(certificate.not_after()))
            }
            Some((Error::CertificateNotYetValid, _)) => {
                format!("{name} is valid from {} on", date(certificate.not_before()))
            }
            _ if self.stage == Some(Stage::Identity) => reason(),
            _ => format!("{}: {name}", reason()),
        }
    }
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
