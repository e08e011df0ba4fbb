//! Ed25519 and Ed448 (RFC 8032).

use std::sync::LazyLock;

use aws_lc_rs::signature::{ED25519, ParsedPublicKey};
use num_bigint::BigUint;

use super::Outcome;
use super::curve::field::PrimeField;
use super::digest::shake256;
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
pub(super) fn verify_ed448(key: &[u8], message: &[u8], signature: &[u8]) -> Outcome {
    let curve = &*CURVE;
    Outcome::of(
        curve
            .as_ref()
            .and_then(|curve| curve.verify(key, message, signature))
            .unwrap_or_default(),
    )
}

/// Octets of a point and of a number.
const LENGTH: usize = 57;

static CURVE: LazyLock<Option<Edwards448>> = LazyLock::new(Edwards448::new);

/// The curve x² + y² = 1 + dx²y² of RFC 8032 section 5.2.
struct Edwards448 {
    field: PrimeField,
    d: BigUint,
    order: BigUint,
    base: Point,
}

/// A point (X/Z, Y/Z).
#[derive(Clone)]
struct Point {
    x: BigUint,
    y: BigUint,
    z: BigUint,
}

impl Edwards448 {
    fn new() -> Option<Self> {
        let number = |text: &str| BigUint::parse_bytes(text.as_bytes(), 16);
        let one = BigUint::from(1u8);
        let prime = (&one << 448u32) - (&one << 224u32) - &one;
        let order =
            (&one << 446u32) - number("8335dc163bb124b65129c96fde933d8d723a70aadc873d6d54a7bb0d")?;
        let base = Point {
            x: number(concat!(
                "4f1970c66bed0ded221d15a622bf36da9e146570470f1767ea6de324",
                "a3d3a46412ae1af72ab66511433b80e18b00938e2626a82bc70cc05e"
            ))?,
            y: number(concat!(
                "693f46716eb6bc248876203756c9c7624bea73736ca3984087789c1e",
                "05a0c2d73ad3ff1ce67c39c4fdbd132c4ed7c8ad9808795bf230fa14"
            ))?,
            z: one,
        };
        Some(Self {
            d: &prime - 39081u32,
            field: PrimeField { prime },
            order,
            base,
        })
    }

    /// Whether 4·(S·B − k·A − R) is the neutral point (RFC 8032 section 5.2.7); `None` where a part cannot be decoded.
    fn verify(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
        let (commitment, response) = signature.split_at_checked(LENGTH)?;
        if response.len() != LENGTH {
            return None;
        }
        let point = self.decode(key)?;
        let commitment_point = self.decode(commitment)?;
        let response = BigUint::from_bytes_le(response);
        if response >= self.order {
            return None;
        }
        let prefix = b"SigEd448\0\0";
        let hash: [u8; 2 * LENGTH] = shake256(&[prefix, commitment, key, message]);
        let challenge = BigUint::from_bytes_le(&hash) % &self.order;
        let sum = self.combine(&response, &challenge, &self.negate(&point));
        let difference = self.add(&sum, &self.negate(&commitment_point));
        let cleared = self.double(&self.double(&difference));
        Some(cleared.x.bits() == 0 && cleared.y == cleared.z)
    }

    /// RFC 8032 section 5.2.3, but for the two points whose x is zero: `gf_isr` in `crypto/ec/curve448/curve448.c` finds no root of
    /// zero.
    fn decode(&self, octets: &[u8]) -> Option<Point> {
        let (last, y) = octets.split_last()?;
        if octets.len() != LENGTH || last & 0x7f != 0 {
            return None;
        }
        let y = BigUint::from_bytes_le(y);
        if y >= self.field.prime {
            return None;
        }
        let one = BigUint::from(1u8);
        let y_squared = self.field.square(&y);
        let numerator = self.field.subtract(&y_squared, &one);
        let denominator = self
            .field
            .subtract(&self.field.multiply(&self.d, &y_squared), &one);
        let x_squared = self
            .field
            .multiply(&numerator, &self.field.invert(&denominator)?);
        let x = self.field.square_root(&x_squared)?;
        let is_odd = last & 0x80 != 0;
        let x = match (x.bit(0) == is_odd, x.bits()) {
            (_, 0) => return None,
            (true, _) => x,
            (false, _) => self.field.negate(&x),
        };
        Some(Point { x, y, z: one })
    }

    /// `first`·B + `second`·P.
    fn combine(&self, first: &BigUint, second: &BigUint, point: &Point) -> Point {
        let both = self.add(&self.base, point);
        let one = BigUint::from(1u8);
        let mut sum = Point {
            x: BigUint::ZERO,
            y: one.clone(),
            z: one,
        };
        for bit in (0..first.bits().max(second.bits())).rev() {
            sum = self.double(&sum);
            sum = match (first.bit(bit), second.bit(bit)) {
                (true, true) => self.add(&sum, &both),
                (true, false) => self.add(&sum, &self.base),
                (false, true) => self.add(&sum, point),
                (false, false) => sum,
            };
        }
        sum
    }

    fn negate(&self, point: &Point) -> Point {
        Point {
            x: self.field.negate(&point.x),
            ..point.clone()
        }
    }

    /// RFC 8032 section 5.2.4; good for any two points.
    fn add(&self, one: &Point, other: &Point) -> Point {
        let field = &self.field;
        let z = field.multiply(&one.z, &other.z);
        let z_squared = field.square(&z);
        let x = field.multiply(&one.x, &other.x);
        let y = field.multiply(&one.y, &other.y);
        let product = field.multiply(&self.d, &field.multiply(&x, &y));
        let less = field.subtract(&z_squared, &product);
        let more = field.add(&z_squared, &product);
        let sums = field.multiply(&field.add(&one.x, &one.y), &field.add(&other.x, &other.y));
        let crossed = field.subtract(&field.subtract(&sums, &x), &y);
        Point {
            x: field.multiply(&field.multiply(&z, &less), &crossed),
            y: field.multiply(&field.multiply(&z, &more), &field.subtract(&y, &x)),
            z: field.multiply(&less, &more),
        }
    }

    /// RFC 8032 section 5.2.4.
    fn double(&self, point: &Point) -> Point {
        let field = &self.field;
        let sum = field.square(&field.add(&point.x, &point.y));
        let x = field.square(&point.x);
        let y = field.square(&point.y);
        let both = field.add(&x, &y);
        let rest = field.subtract(&both, &field.scale(&field.square(&point.z), 2));
        Point {
            x: field.multiply(&field.subtract(&sum, &both), &rest),
            y: field.multiply(&both, &field.subtract(&x, &y)),
            z: field.multiply(&both, &rest),
        }
    }
}
