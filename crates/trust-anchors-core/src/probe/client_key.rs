//! The client certificate that a server may ask for.

use std::sync::Arc;

use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};

use super::ClientIdentity;

/// A client certificate with its key, read once for all connections of a probe.
#[derive(Clone)]
pub enum ClientKey {
    /// It can answer.
    Ready(Arc<CertifiedKey>),
    /// It cannot, for this reason. Says nothing of the key's value.
    Unusable(&'static str),
}

impl ClientKey {
    /// Reads certificates and key; what is wrong with them comes to light when a server asks.
    pub fn new(identity: &ClientIdentity) -> Self {
        let Ok(private) = PrivateKeyDer::try_from(identity.private_key.as_slice()) else {
            return Self::Unusable("the client certificate's key is no private key in PKCS#8");
        };
        let Ok(private) = any_supported_type(&private) else {
            return Self::Unusable(
                "the client certificate's key is of a kind or size that the probe cannot sign with",
            );
        };
        let certificates: Vec<CertificateDer<'static>> = identity
            .certificates
            .iter()
            .map(|der| CertificateDer::from(der.clone()))
            .collect();
        if certificates.is_empty() {
            return Self::Unusable("there is a key and no client certificate");
        }
        let key = CertifiedKey::new(certificates, private);
        // A certificate that webpki cannot read may be one that the server takes.
        if key.keys_match() == Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) {
            return Self::Unusable("the key does not belong to the client certificate");
        }
        Self::Ready(Arc::new(key))
    }
}
