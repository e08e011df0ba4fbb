//! Elliptic curve keys: the curve by name or by its parameters, and the point.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256K1_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    ECDSA_P521_SHA512_ASN1, ParsedPublicKey, VerificationAlgorithm,
};
use num_bigint::BigUint;

use super::curves::{self, NamedCurve};
use crate::der;
use crate::verify::signature::curve::{Curve, Point};

/// `OPENSSL_ECC_MAX_FIELD_BITS` in `include/openssl/ec.h`.
const FIELD_BITS_MAX: u64 = 661;

/// An elliptic curve key (`eckey_pub_decode` in `crypto/ec/ec_ameth.c`).
#[derive(Debug, Clone)]
pub(in crate::verify) struct EllipticKey {
    pub(in crate::verify) curve: KeyCurve,
    pub(in crate::verify) point: KeyPoint,
}

/// A key's curve.
#[derive(Debug, Clone)]
pub(in crate::verify) enum KeyCurve {
    Named(&'static NamedCurve),
    Explicit(Box<Curve>),
}

/// A key's point.
#[derive(Debug, Clone)]
pub(in crate::verify) enum KeyPoint {
    /// On one of the curves of aws-lc.
    Parsed(ParsedPublicKey),
    /// On any other one.
    Affine(Point),
    /// On a curve of characteristic two; whether it really is on it is not known.
    Unchecked,
}

impl EllipticKey {
    pub(super) fn decode(parameters: &[u8], octets: &[u8]) -> Option<Self> {
        let (element, _) = der::read_element(parameters)?;
        let curve = match element.tag {
            0x06 => KeyCurve::Named(curves::named(element.content)?),
            0x30 => KeyCurve::Explicit(Box::new(explicit(element.content)?)),
            _ => return None,
        };
        let point = match &curve {
            KeyCurve::Named(named) => match (aws_algorithm(named), octets) {
                (Some(algorithm), [0x04, ..]) => {
                    KeyPoint::Parsed(ParsedPublicKey::new(algorithm, octets).ok()?)
                }
                _ if named.binary => {
                    let length = field_octets(u64::from(binary_degree(named)?));
                    has_point_length(octets, length).then_some(KeyPoint::Unchecked)?
                }
                _ => KeyPoint::Affine(Curve::of(named)?.decode_point(octets)?),
            },
            KeyCurve::Explicit(curve) => KeyPoint::Affine(curve.decode_point(octets)?),
        };
        Some(Self { curve, point })
    }
}

impl KeyCurve {
    pub(super) fn is_explicit(&self) -> bool {
        matches!(self, Self::Explicit(_))
    }

    pub(super) fn is_sm2(&self) -> bool {
        matches!(self, Self::Named(named) if named.name == "SM2")
    }

    /// The bits of the order (`EC_GROUP_order_bits`).
    pub(in crate::verify) fn order_bits(&self) -> u32 {
        match self {
            Self::Named(named) => named.order_bits,
            Self::Explicit(curve) => super::bits(&curve.order),
        }
    }

    /// The point that the octets encode, by plain numbers; `None` in characteristic two.
    pub(in crate::verify) fn decode_point(&self, octets: &[u8]) -> Option<Point> {
        self.numbers()?.decode_point(octets)
    }

    /// The numbers of the curve; `None` in characteristic two.
    pub(in crate::verify) fn numbers(&self) -> Option<std::borrow::Cow<'_, Curve>> {
        match self {
            Self::Named(named) => Curve::of(named).map(std::borrow::Cow::Owned),
            Self::Explicit(curve) => Some(std::borrow::Cow::Borrowed(curve)),
        }
    }
}

/// An algorithm of aws-lc for keys on this curve; the digest in it does not bind the key.
fn aws_algorithm(curve: &NamedCurve) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match curve.name {
        "prime256v1" => &ECDSA_P256_SHA256_ASN1,
        "secp384r1" => &ECDSA_P384_SHA384_ASN1,
        "secp521r1" => &ECDSA_P521_SHA512_ASN1,
        "secp256k1" => &ECDSA_P256K1_SHA256_ASN1,
        _ => return None,
    })
}

fn binary_degree(curve: &NamedCurve) -> Option<u32> {
    super::bits(&BigUint::parse_bytes(curve.field.as_bytes(), 16)?).checked_sub(1)
}

fn field_octets(bits: u64) -> usize {
    usize::try_from(bits.div_ceil(8)).unwrap_or(usize::MAX)
}

fn has_point_length(octets: &[u8], length: usize) -> bool {
    match octets {
        [0x00] => true,
        [0x02 | 0x03, x @ ..] => x.len() == length,
        [0x04 | 0x06 | 0x07, coordinates @ ..] => coordinates.len() == 2 * length,
        _ => false,
    }
}

/// `ECPARAMETERS` (`EC_GROUP_new_from_ecparameters` in `crypto/ec/ec_asn1.c`) over a prime field.
fn explicit(content: &[u8]) -> Option<Curve> {
    let tagged = |input, tag| {
        der::read_element(input)
            .filter(|(element, _)| element.tag == tag)
            .map(|(element, rest)| (element.content, rest))
    };
    const PRIME_FIELD: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x01];
    let nothing_after = |rest: &[u8]| rest.is_empty().then_some(());
    let (_version, rest) = tagged(content, 0x02)?;
    let (field, rest) = tagged(rest, 0x30)?;
    let (coefficients, rest) = tagged(rest, 0x30)?;
    let (base, rest) = tagged(rest, 0x04)?;
    let (order, rest) = tagged(rest, 0x02)?;
    if !rest.is_empty() {
        let (cofactor, rest) = tagged(rest, 0x02)?;
        unsigned(cofactor)?;
        nothing_after(rest)?;
    }
    let (field_type, prime) = tagged(field, 0x06)?;
    if field_type != PRIME_FIELD {
        return None;
    }
    let prime = unsigned(super::read_integer(prime)?)?;
    let order = unsigned(order)?;
    let (a, rest) = tagged(coefficients, 0x04)?;
    let (b, rest) = tagged(rest, 0x04)?;
    if !rest.is_empty() {
        let (_seed, rest) = tagged(rest, 0x03)?;
        nothing_after(rest)?;
    }
    if prime.bits() <= 2
        || prime.bits() > FIELD_BITS_MAX
        || !prime.bit(0)
        || order.bits() == 0
        || order.bits() > prime.bits() + 1
    {
        return None;
    }
    let curve = Curve::new(
        prime,
        BigUint::from_bytes_be(a),
        BigUint::from_bytes_be(b),
        order,
    )?;
    curve.with_generator(base)
}

/// A number that has to be zero or positive.
fn unsigned(content: &[u8]) -> Option<BigUint> {
    let positive = content.first().is_some_and(|octet| octet & 0x80 == 0);
    positive.then(|| BigUint::from_bytes_be(content))
}
