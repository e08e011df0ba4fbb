//! Certificates with OpenSSL's trust settings.

use super::{Certificate, Der};
use crate::der::{self, DecodeError, OpensslVersion};

/// A certificate of a `TRUSTED CERTIFICATE` block, or of any other that is read as one.
#[derive(Debug, Clone)]
pub struct TrustedCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// `None` when nothing follows the certificate.
    pub settings: Option<TrustSettings>,
}

/// Uses for which a certificate is trusted or not (`X509_CERT_AUX` in `crypto/x509/x_x509a.c`), as content octets of object
/// identifiers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustSettings {
    /// `None` when nothing is said about trust.
    pub trusted: Option<Vec<Vec<u8>>>,
    /// Uses that are refused.
    pub rejected: Vec<Vec<u8>>,
}

impl TrustedCertificate {
    /// Decodes as `d2i_X509_AUX` does: a certificate, and whatever follows it must be its settings.
    ///
    /// # Errors
    ///
    /// What OpenSSL refuses in either.
    pub fn decode(data: &[u8], version: OpensslVersion) -> Result<Self, DecodeError> {
        let decoded = der::decode_certificate(data, version)?;
        let settings = if decoded.consumed < data.len() {
            let uses = der::decode_auxiliary(data, decoded.consumed, version)?;
            let owned = |uses: Vec<&[u8]>| uses.into_iter().map(<[u8]>::to_vec).collect();
            Some(TrustSettings {
                trusted: uses.trusted.map(owned),
                rejected: owned(uses.rejected),
            })
        } else {
            None
        };
        Ok(Self {
            certificate: Certificate::from_parts(Der::Shared(decoded.der.into()), decoded.fields),
            settings,
        })
    }

    /// Whether its settings reject TLS servers.
    pub fn rejects_servers(&self) -> bool {
        let settings = self.settings.as_ref();
        settings.is_some_and(|settings| names_servers(&settings.rejected))
    }

    /// Whether its settings leave TLS servers trusted.
    pub fn trusts_servers(&self) -> bool {
        let trusted = self
            .settings
            .as_ref()
            .and_then(|settings| settings.trusted.as_deref());
        !self.rejects_servers() && trusted.is_none_or(names_servers)
    }
}

fn names_servers(uses: &[Vec<u8>]) -> bool {
    const ANY_USE: &[u8] = &[0x55, 0x1d, 0x25, 0x00];
    const SERVER: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
    uses.iter().any(|used| used == ANY_USE || used == SERVER)
}
