//! RSA signatures: PKCS#1 v1.5 and PSS.

use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_2048_8192_SHA384, RsaParameters, VerificationAlgorithm,
};
use num_bigint::BigUint;

use super::digest::Digest;
use super::pss::PssParameters;
use super::{Outcome, power_cost};
use crate::verify::key::rsa::RsaKey;

/// `OPENSSL_RSA_MAX_MODULUS_BITS`, `OPENSSL_RSA_SMALL_MODULUS_BITS` and `OPENSSL_RSA_MAX_PUBEXP_BITS` in `include/openssl/rsa.h`: no
/// larger modulus, and no larger exponent with a modulus that is not small.
const MODULUS_BITS_MAX: u32 = 16384;
const MODULUS_BITS_SMALL: u32 = 3072;
const EXPONENT_BITS_MAX: u32 = 64;

/// The algorithms of aws-lc, and the moduli from which on it takes them; 8192 bits is its limit.
static ALGORITHMS: [(Digest, u32, &RsaParameters); 4] = [
    (
        Digest::Sha256,
        1024,
        &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    ),
    (Digest::Sha384, 2048, &RSA_PKCS1_2048_8192_SHA384),
    (
        Digest::Sha512,
        1024,
        &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    ),
    (
        Digest::Sha1,
        1024,
        &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
    ),
];

/// `ossl_rsa_verify` in `crypto/rsa/rsa_sign.c`: the padding and the `DigestInfo` have to be exactly what a signer would write.
pub(super) fn verify_pkcs1(
    key: &RsaKey,
    digest: Digest,
    message: &[u8],
    signature: &[u8],
) -> Outcome {
    if let Some(valid) = verify_with_aws_lc(key, digest, message, signature) {
        return Outcome::of(valid);
    }
    let (Some(prefix), Some(value)) = (digest.digest_info_prefix(), digest.of(&[message])) else {
        return Outcome::Invalid;
    };
    let Some(encoded) = recover(key, signature) else {
        return Outcome::Invalid;
    };
    if signature.len() != encoded.len() {
        return Outcome::Invalid;
    }
    const PADDING_MIN: usize = 8;
    let content = prefix.len() + value.len();
    let Some(padding) = encoded
        .len()
        .checked_sub(content + 3)
        .filter(|padding| *padding >= PADDING_MIN)
    else {
        return Outcome::Invalid;
    };
    let expected = [&[0, 1], &*vec![0xff; padding], &[0], &prefix, &value].concat();
    Outcome::of(encoded == expected)
}

/// `RSA_verify_PKCS1_PSS_mgf1` in `crypto/rsa/rsa_pss.c`, with the restrictions that an RSA-PSS key brings. The signature may lack
/// leading zeros, unlike one of PKCS#1 v1.5.
pub(super) fn verify_pss(
    key: &RsaKey,
    parameters: &PssParameters,
    message: &[u8],
    signature: &[u8],
) -> Outcome {
    if key
        .restriction
        .is_some_and(|restriction| !restriction.allows(parameters))
    {
        return Outcome::Invalid;
    }
    if !parameters.digest.is_for_rsa() || !parameters.mask_digest.is_for_rsa() {
        return Outcome::Invalid;
    }
    let Some(digest) = parameters.digest.of(&[message]) else {
        return Outcome::Invalid;
    };
    let Some(encoded) = recover(key, signature) else {
        return Outcome::Invalid;
    };
    Outcome::of(pss_fits(key, parameters, &digest, &encoded).unwrap_or_default())
}

/// The check of RFC 8017 section 9.1.2; `None` where it ends early.
fn pss_fits(
    key: &RsaKey,
    parameters: &PssParameters,
    digest: &[u8],
    encoded: &[u8],
) -> Option<bool> {
    // The encoded message is one bit shorter than the modulus: its first octet may be missing, or be partly unused.
    let salt_length = parameters.salt_length()?;
    let top_bits = key.modulus_bits().checked_sub(1)? & 7;
    let first = *encoded.first()?;
    if first & 0xffu8.checked_shl(top_bits)? != 0 {
        return None;
    }
    let encoded = if top_bits == 0 {
        encoded.get(1..)?
    } else {
        encoded
    };
    let (body, trailer) = encoded.split_at_checked(encoded.len().checked_sub(1)?)?;
    let (masked, hash) = body.split_at_checked(body.len().checked_sub(digest.len())?)?;
    if trailer != [0xbc] || masked.len() < salt_length + 1 {
        return None;
    }
    let mut block = masked.to_vec();
    for (counter, part) in (0u32..).zip(block.chunks_mut(parameters.mask_digest.size()?)) {
        let mask = parameters.mask_digest.of(&[hash, &counter.to_be_bytes()])?;
        for (octet, mask) in part.iter_mut().zip(mask.iter()) {
            *octet ^= mask;
        }
    }
    if top_bits != 0 {
        let first = block.first_mut()?;
        *first &= 0xff >> (8 - top_bits);
    }
    let (padding, salt) = block.split_at_checked(block.len() - salt_length)?;
    let (one, zeros) = padding.split_last()?;
    if *one != 1 || zeros.iter().any(|octet| *octet != 0) {
        return None;
    }
    Some(*parameters.digest.of(&[&[0; 8], digest, salt])? == *hash)
}

/// The signature to the power of the exponent (`rsa_ossl_public_decrypt` in `crypto/rsa/rsa_ossl.c`), in as many octets as the
/// modulus has; `None` where OpenSSL does not compute it.
fn recover(key: &RsaKey, signature: &[u8]) -> Option<Vec<u8>> {
    if !is_computed(key) {
        return None;
    }
    let size = usize::try_from(key.modulus_bits().div_ceil(8)).ok()?;
    let [modulus, exponent] = key.numbers()?;
    let signature_number = BigUint::from_bytes_be(signature);
    if exponent >= modulus
        || !modulus.bit(0)
        || signature.len() > size
        || signature_number >= modulus
    {
        return None;
    }
    let recovered = signature_number.modpow(&exponent, &modulus).to_bytes_be();
    let mut octets = vec![0; size.checked_sub(recovered.len())?];
    octets.extend_from_slice(&recovered);
    Some(octets)
}

/// What aws-lc says of the signature, where it takes the key and the digest.
fn verify_with_aws_lc(
    key: &RsaKey,
    digest: Digest,
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let (index, algorithm) = aws_algorithm(key, digest)?;
    let parsed = key.parsed.get_or_init(|| {
        ParsedPublicKey::new(algorithm, &key.der)
            .ok()
            .map(|parsed| (index, parsed))
    });
    Some(match parsed {
        Some((for_index, parsed)) if *for_index == index => {
            parsed.verify_sig(message, signature).is_ok()
        }
        _ => algorithm.verify_sig(&key.der, message, signature).is_ok(),
    })
}

/// The algorithm of aws-lc for the key and the digest, and its place among them.
fn aws_algorithm(key: &RsaKey, digest: Digest) -> Option<(usize, &'static RsaParameters)> {
    let takes_key = key.is_odd() && (2..=33).contains(&key.exponent_bits());
    ALGORITHMS
        .iter()
        .enumerate()
        .find(|(_, (candidate, from, _))| {
            *candidate == digest && takes_key && (*from..=8192).contains(&key.modulus_bits())
        })
        .map(|(index, (_, _, algorithm))| (index, *algorithm))
}

/// Microseconds; no digest means PSS.
pub(super) fn cost(key: &RsaKey, digest: Option<Digest>) -> u32 {
    if !is_computed(key) {
        return 0;
    }
    match digest.and_then(|digest| aws_algorithm(key, digest)) {
        Some(_) => key.modulus_bits().pow(2) / 300_000,
        None => power_cost(key.modulus_bits(), key.exponent_bits()),
    }
}

/// Whether OpenSSL computes with moduli and exponents of that size.
fn is_computed(key: &RsaKey) -> bool {
    key.modulus_bits() <= MODULUS_BITS_SMALL
        || (key.modulus_bits() <= MODULUS_BITS_MAX && key.exponent_bits() <= EXPONENT_BITS_MAX)
}
