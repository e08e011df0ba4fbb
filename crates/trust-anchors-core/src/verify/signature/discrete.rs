//! Signatures of discrete logarithms: ECDSA and DSA.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA384_ASN1, ECDSA_P256_SHA512_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA512_ASN1,
    ECDSA_P521_SHA256_ASN1, ECDSA_P521_SHA384_ASN1, ParsedPublicKey, VerificationAlgorithm,
};
use num_bigint::BigUint;

use super::curve::Point;
use super::digest::Digest;
use super::{Outcome, power_cost};
use crate::der;
use crate::verify::key::elliptic::{EllipticKey, KeyCurve, KeyPoint};
use crate::verify::key::{DsaKey, bits};

/// `OPENSSL_DSA_MAX_MODULUS_BITS` in `include/openssl/dsa.h`.
const DSA_PRIME_BITS_MAX: u32 = 10000;

/// `ossl_ecdsa_simple_verify_sig` in `crypto/ec/ecdsa_ossl.c`.
pub(super) fn verify_ecdsa(
    key: &EllipticKey,
    digest: Digest,
    message: &[u8],
    signature: &[u8],
) -> Outcome {
    let point = match &key.point {
        KeyPoint::Parsed(parsed) => {
            match verify_with_aws_lc(&key.curve, parsed, digest, message, signature) {
                Some(valid) => return Outcome::of(valid),
                None => key.curve.decode_point(parsed.as_ref()),
            }
        }
        KeyPoint::Affine(point) => Some(point.clone()),
    };
    let Some(value) = digest.of(&[message]) else {
        return Outcome::Invalid;
    };
    Outcome::of(
        point
            .and_then(|point| ecdsa_fits(&key.curve, &point, &value, signature))
            .unwrap_or_default(),
    )
}

fn ecdsa_fits(curve: &KeyCurve, point: &Point, digest: &[u8], signature: &[u8]) -> Option<bool> {
    let curve = curve.numbers()?;
    let order = &curve.order;
    let [r, s] = read_signature(signature, order)?;
    // `ossl_ec_group_do_inverse_ord` takes the power that gives the inverse modulo a prime, and fails for an even order.
    if !order.bit(0) || order.bits() < 2 {
        return None;
    }
    let inverse = s.modpow(&(order - 2u8), order);
    let first = truncated(digest, order) * &inverse % order;
    let second = &r * &inverse % order;
    Some(curve.combine(&first, &second, point)? % order == r)
}

/// `ossl_sm2_internal_verify` and `sm2_sig_verify` in `crypto/sm2/sm2_sign.c`, with the empty identifier that certificates are
/// verified with.
pub(super) fn verify_sm2(key: &EllipticKey, message: &[u8], signature: &[u8]) -> Outcome {
    Outcome::of(sm2_fits(key, message, signature).unwrap_or_default())
}

fn sm2_fits(key: &EllipticKey, message: &[u8], signature: &[u8]) -> Option<bool> {
    let (KeyCurve::Named(named), KeyPoint::Affine(point)) = (&key.curve, &key.point) else {
        return None;
    };
    let curve = key.curve.numbers()?;
    let order = &curve.order;
    let [r, s] = read_signature(signature, order)?;
    let sum = (&r + &s) % order;
    if sum.bits() == 0 {
        return None;
    }
    let ([a, b], [x, y]) = (named.coefficients, named.generator);
    let mut identity = vec![0, 0];
    for number in [a, b, x, y] {
        let number = BigUint::parse_bytes(number.as_bytes(), 16)?;
        write_field_element(&number, &mut identity);
    }
    for number in point.as_ref()?.coordinates() {
        write_field_element(number, &mut identity);
    }
    let identity = Digest::Sm3.of(&[&identity])?;
    let digest = BigUint::from_bytes_be(&Digest::Sm3.of(&[&identity, message])?);
    let x = curve.combine(&s, &sum, point)?;
    Some((digest + x) % order == r)
}

/// Writes a number of SM2's field in 32 octets.
fn write_field_element(number: &BigUint, octets: &mut Vec<u8>) {
    let significant = number.to_bytes_be();
    octets.resize(octets.len() + 32usize.saturating_sub(significant.len()), 0);
    octets.extend_from_slice(&significant);
}

/// `dsa_do_verify` in `crypto/dsa/dsa_ossl.c`.
pub(super) fn verify_dsa(
    key: &DsaKey,
    digest: Digest,
    message: &[u8],
    signature: &[u8],
) -> Outcome {
    let Some(value) = digest.of(&[message]) else {
        return Outcome::Invalid;
    };
    Outcome::of(dsa_fits(key, &value, signature).unwrap_or_default())
}

fn dsa_fits(key: &DsaKey, digest: &[u8], signature: &[u8]) -> Option<bool> {
    let (prime, order) = (&key.prime, &key.order);
    if !matches!(bits(order), 160 | 224 | 256) || bits(prime) > DSA_PRIME_BITS_MAX || !prime.bit(0)
    {
        return None;
    }
    let [r, s] = read_signature(signature, order)?;
    let inverse = s.modinv(order)?;
    let whole_octets = digest.get(..usize::try_from(bits(order) / 8).ok()?);
    let number = BigUint::from_bytes_be(whole_octets.unwrap_or(digest));
    let first = number * &inverse % order;
    let second = &r * &inverse % order;
    let product = key.generator.modpow(&first, prime) * key.key.modpow(&second, prime);
    Some(product % prime % order == r)
}

/// The two numbers of a signature, which has to be in DER to the last octet; `None` unless both are between zero and the order.
fn read_signature(signature: &[u8], order: &BigUint) -> Option<[BigUint; 2]> {
    let (sequence, _) = der::read_element(signature)?;
    let (first, rest) = der::read_element(sequence.content)?;
    let (second, _) = der::read_element(rest)?;
    let numbers = [
        der::read_integer(first.whole)?,
        der::read_integer(second.whole)?,
    ];
    let encoded = der::sequence_of(&numbers.map(der::unsigned_integer).concat());
    let numbers = numbers.map(BigUint::from_bytes_be);
    let in_range = numbers
        .iter()
        .all(|number| number.bits() != 0 && number < order);
    (encoded == signature && in_range).then_some(numbers)
}

/// As many leading bits of the digest as the order has.
fn truncated(digest: &[u8], order: &BigUint) -> BigUint {
    let number = BigUint::from_bytes_be(digest);
    let surplus = (digest.len() as u64 * 8).saturating_sub(order.bits());
    number >> surplus
}

/// What aws-lc says of the signature, where it has the curve together with the digest.
fn verify_with_aws_lc(
    curve: &KeyCurve,
    key: &ParsedPublicKey,
    digest: Digest,
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    match aws_algorithm(curve, digest)? {
        None => Some(key.verify_sig(message, signature).is_ok()),
        Some(algorithm) => Some(
            algorithm
                .verify_sig(key.as_ref(), message, signature)
                .is_ok(),
        ),
    }
}

/// Whether aws-lc has the curve together with the digest: the algorithm, nothing for the one that keys are prepared for.
fn aws_algorithm(
    curve: &KeyCurve,
    digest: Digest,
) -> Option<Option<&'static dyn VerificationAlgorithm>> {
    let KeyCurve::Named(named) = curve else {
        return None;
    };
    Some(Some(match (named.name, digest) {
        ("prime256v1" | "secp256k1", Digest::Sha256)
        | ("secp384r1", Digest::Sha384)
        | ("secp521r1", Digest::Sha512) => return Some(None),
        ("prime256v1", Digest::Sha384) => &ECDSA_P256_SHA384_ASN1,
        ("prime256v1", Digest::Sha512) => &ECDSA_P256_SHA512_ASN1,
        ("secp384r1", Digest::Sha256) => &ECDSA_P384_SHA256_ASN1,
        ("secp384r1", Digest::Sha512) => &ECDSA_P384_SHA512_ASN1,
        ("secp521r1", Digest::Sha256) => &ECDSA_P521_SHA256_ASN1,
        ("secp521r1", Digest::Sha384) => &ECDSA_P521_SHA384_ASN1,
        _ => return None,
    }))
}

/// Microseconds.
pub(super) fn ecdsa_cost(key: &EllipticKey, digest: Option<Digest>) -> u32 {
    let bits = key.curve.order_bits();
    let digest = digest.unwrap_or(Digest::Sha256);
    match (&key.point, aws_algorithm(&key.curve, digest)) {
        (KeyPoint::Parsed(_), Some(_)) => bits.pow(2) / 400,
        _ if key.curve.is_binary() => bits.pow(2) / 20 + 200,
        _ => bits.pow(2) / 60 + 200,
    }
}

/// Microseconds.
pub(super) fn dsa_cost(key: &DsaKey) -> u32 {
    if bits(&key.prime) > DSA_PRIME_BITS_MAX || bits(&key.order) > 256 {
        return 0;
    }
    power_cost(bits(&key.prime), bits(&key.order)).saturating_mul(2)
}
