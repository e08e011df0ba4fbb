//! OpenSSL's security levels: how strong a key and a signature's digest have to be.

use super::key::{PublicKey, discrete_logarithm_strength};
use super::profile::Profile;
use super::signature;
use crate::certificate::Certificate;

/// Bits of security that each level asks for, from level 1 (`minbits_table` in `crypto/x509/x509_vfy.c`).
const LEVELS: [i32; 5] = [80, 112, 128, 192, 256];

/// Whether a certificate's key satisfies a level (`check_key_level` in `crypto/x509/x509_vfy.c`); a key that cannot be decoded
/// satisfies none but level 0.
pub fn key_is_strong_enough(level: u8, key: Option<&PublicKey>) -> bool {
    required(level).is_none_or(|bits| key.is_some_and(|key| key.security_bits() >= bits))
}

/// Whether the algorithm that signed a certificate satisfies a level (`check_sig_level` in `crypto/x509/x509_vfy.c`).
///
/// `own_key` is the key inside this certificate, not the issuer's: where a signature algorithm names no digest, OpenSSL 3.5 takes its
/// strength for the signature's.
pub fn digest_is_strong_enough(
    level: u8,
    certificate: &Certificate,
    own_key: Option<&PublicKey>,
    profile: &Profile,
) -> bool {
    required(level).is_none_or(|bits| {
        signature::security_bits(certificate, own_key, profile)
            .is_some_and(|security| security >= bits)
    })
}

/// Whether a Diffie-Hellman group with a prime of so many bits satisfies a level (`tls_process_ske_dhe` in `ssl/statem/statem_clnt.c`).
pub fn finite_field_is_strong_enough(level: u8, prime: u32) -> bool {
    required(level).is_none_or(|bits| discrete_logarithm_strength(prime, None) >= bits)
}

/// The bits that a level asks for; nothing at level 0, and no more beyond the last level.
fn required(level: u8) -> Option<i32> {
    let index = usize::from(level).min(LEVELS.len()).checked_sub(1)?;
    LEVELS.get(index).copied()
}
