//! Ed25519 and Ed448 (RFC 8032).

use aws_lc_rs::signature::{ED25519, ParsedPublicKey};

use super::Outcome;
use crate::verify::key::EdwardsKey;

/// `ossl_ed25519_verify` in `crypto/ec/curve25519.c`.
pub(super) fn verify_ed25519(key: &EdwardsKey, message: &[u8], signature: &[u8]) -> Outcome {
    let parsed = key
        .parsed
        .get_or_init(|| ParsedPublicKey::new(&ED25519, &key.octets).ok());
    Outcome::of(
        parsed
            .as_ref()
            .is_some_and(|key| key.verify_sig(message, signature).is_ok()),
    )
}

/// `ossl_ed448_verify` in `crypto/ec/curve448/eddsa.c`.
pub(super) fn verify_ed448(_key: &[u8], _message: &[u8], _signature: &[u8]) -> Outcome {
    Outcome::Undetermined("Ed448 signatures are not checked")
}
