//! Elliptic curve keys: the curve by name or by its parameters, and the point.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256K1_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    ECDSA_P521_SHA512_ASN1, ParsedPublicKey, VerificationAlgorithm,
};
use num_bigint::BigUint;

use super::curves::{self, NamedCurve};
use crate::der;
use crate::verify::signature::curve::{BinaryField, Curve, Field, Point};

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

    pub(in crate::verify) fn is_binary(&self) -> bool {
        match self {
            Self::Named(named) => named.binary,
            Self::Explicit(curve) => curve.is_binary(),
        }
    }

    /// The bits of the order (`EC_GROUP_order_bits`).
    pub(in crate::verify) fn order_bits(&self) -> u32 {
        match self {
            Self::Named(named) => named.order_bits,
            Self::Explicit(curve) => super::bits(&curve.order),
        }
    }

    /// The point that the octets encode, by plain numbers.
    pub(in crate::verify) fn decode_point(&self, octets: &[u8]) -> Option<Point> {
        self.numbers()?.decode_point(octets)
    }

    /// The numbers of the curve.
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

/// `ECPARAMETERS` (`EC_GROUP_new_from_ecparameters` in `crypto/ec/ec_asn1.c`).
fn explicit(content: &[u8]) -> Option<Curve> {
    let (_version, rest) = tagged(content, INTEGER)?;
    let (field, rest) = tagged(rest, SEQUENCE)?;
    let (coefficients, rest) = tagged(rest, SEQUENCE)?;
    let (generator, rest) = tagged(rest, OCTET_STRING)?;
    let (order, rest) = tagged(rest, INTEGER)?;
    if !rest.is_empty() {
        let (cofactor, rest) = tagged(rest, INTEGER)?;
        unsigned(cofactor)?;
        nothing_after(rest)?;
    }
    let (a, rest) = tagged(coefficients, OCTET_STRING)?;
    let (b, rest) = tagged(rest, OCTET_STRING)?;
    if !rest.is_empty() {
        let (_seed, rest) = tagged(rest, BIT_STRING)?;
        nothing_after(rest)?;
    }
    let order = unsigned(order)?;
    let (field, field_bits) = explicit_field(field)?;
    if order.bits() == 0 || order.bits() > field_bits + 1 {
        return None;
    }
    let coefficients = [a, b].map(BigUint::from_bytes_be);
    Curve::new(field, coefficients, generator, order)
}

/// `X9_62_FIELDID`: the field, and its bits.
fn explicit_field(content: &[u8]) -> Option<(Field, u64)> {
    const PRIME_FIELD: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x01];
    const BINARY_FIELD: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x02];
    let (kind, rest) = tagged(content, OBJECT_IDENTIFIER)?;
    let (element, after) = der::read_element(rest)?;
    nothing_after(after)?;
    let (field, bits) = match (kind, element.tag) {
        (PRIME_FIELD, INTEGER) => {
            let prime = unsigned(der::read_integer(element.whole)?)?;
            let bits = prime.bits();
            let is_possible = bits > 2 && prime.bit(0);
            (is_possible.then_some(Field::Prime(prime))?, bits)
        }
        (BINARY_FIELD, SEQUENCE) => {
            let exponents = polynomial(element.content)?;
            let bits = u64::from(*exponents.first()?);
            if bits > FIELD_BITS_MAX {
                return None;
            }
            (Field::Binary(BinaryField::new(&exponents)?), bits)
        }
        _ => return None,
    };
    (bits <= FIELD_BITS_MAX).then_some((field, bits))
}

/// `X9_62_CHARACTERISTIC_TWO`: the exponents of the polynomial, from the largest down to zero.
fn polynomial(content: &[u8]) -> Option<Vec<u32>> {
    const TRINOMIAL: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x02, 0x03, 0x02];
    const PENTANOMIAL: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x02, 0x03, 0x03];
    let exponent = |content: &[u8]| u32::try_from(unsigned(content)?).ok();
    let (degree, rest) = tagged(content, INTEGER)?;
    let (basis, rest) = tagged(rest, OBJECT_IDENTIFIER)?;
    let mut exponents = match basis {
        TRINOMIAL => {
            let (middle, rest) = tagged(rest, INTEGER)?;
            nothing_after(rest)?;
            vec![exponent(degree)?, exponent(middle)?]
        }
        PENTANOMIAL => {
            let (middle, after) = tagged(rest, SEQUENCE)?;
            nothing_after(after)?;
            let (first, middle) = tagged(middle, INTEGER)?;
            let (second, middle) = tagged(middle, INTEGER)?;
            let (third, middle) = tagged(middle, INTEGER)?;
            nothing_after(middle)?;
            let [first, second, third] = [first, second, third].map(exponent);
            vec![exponent(degree)?, third?, second?, first?]
        }
        _ => return None,
    };
    exponents.push(0);
    let falls = exponents
        .iter()
        .zip(exponents.iter().skip(1))
        .all(|(larger, smaller)| larger > smaller);
    falls.then_some(exponents)
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// The content of the next element, which must have this tag, and what follows it.
fn tagged(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (element, rest) = der::read_element(input)?;
    (element.tag == tag).then_some((element.content, rest))
}

fn nothing_after(rest: &[u8]) -> Option<()> {
    rest.is_empty().then_some(())
}

/// A number that has to be zero or positive.
fn unsigned(content: &[u8]) -> Option<BigUint> {
    let positive = content.first().is_some_and(|octet| octet & 0x80 == 0);
    positive.then(|| BigUint::from_bytes_be(content))
}
