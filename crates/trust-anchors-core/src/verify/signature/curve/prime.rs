//! Arithmetic on elliptic curves over prime fields.

use num_bigint::BigUint;

use super::field::PrimeField;
use super::{Affine, Point};

/// A curve y² = x³ + ax + b over a prime field.
#[derive(Debug, Clone)]
pub(super) struct PrimeCurve {
    pub(super) field: PrimeField,
    pub(super) a: BigUint,
    pub(super) b: BigUint,
}

/// A point (X/Z², Y/Z³); at infinity Z is zero.
#[derive(Debug, Clone)]
struct Jacobian {
    x: BigUint,
    y: BigUint,
    z: BigUint,
}

impl PrimeCurve {
    /// Reads a point (`ossl_ec_GFp_simple_oct2point` in `crypto/ec/ecp_oct.c`): at infinity, compressed, uncompressed or hybrid;
    /// it has to be on the curve.
    pub(super) fn decode_point(&self, octets: &[u8]) -> Option<Point> {
        let length = usize::try_from(self.field.prime.bits().div_ceil(8)).ok()?;
        let (&form, coordinates) = octets.split_first()?;
        let coordinate = |octets: &[u8]| {
            let number = BigUint::from_bytes_be(octets);
            (number < self.field.prime).then_some(number)
        };
        match form {
            0x00 if coordinates.is_empty() => Some(None),
            0x02 | 0x03 if coordinates.len() == length => {
                let x = coordinate(coordinates)?;
                let y = self.field.square_root(&self.right_side(&x))?;
                let is_odd = form == 0x03;
                let y = match (y.bit(0) == is_odd, y.bits()) {
                    (true, _) => y,
                    (false, 0) => return None,
                    (false, _) => self.field.negate(&y),
                };
                Some(Some(Affine { x, y }))
            }
            0x04 | 0x06 | 0x07 if coordinates.len() == 2 * length => {
                let (x, y) = coordinates.split_at_checked(length)?;
                let (x, y) = (coordinate(x)?, coordinate(y)?);
                let on_curve = self.holds(&x, &y);
                let parity_fits = form == 0x04 || y.bit(0) == (form == 0x07);
                (on_curve && parity_fits).then_some(Some(Affine { x, y }))
            }
            _ => None,
        }
    }

    /// The x coordinate of the sum of two points, each taken so many times; `None` at infinity.
    pub(super) fn combine(
        &self,
        (first, one): (&BigUint, &Point),
        (second, other): (&BigUint, &Point),
    ) -> Option<BigUint> {
        let one = self.jacobian(one);
        let other = self.jacobian(other);
        let both = self.add(&one, &other);
        let mut sum = self.jacobian(&None);
        for bit in (0..first.bits().max(second.bits())).rev() {
            sum = self.double(&sum);
            sum = match (first.bit(bit), second.bit(bit)) {
                (true, true) => self.add(&sum, &both),
                (true, false) => self.add(&sum, &one),
                (false, true) => self.add(&sum, &other),
                (false, false) => sum,
            };
        }
        let inverse = self.field.invert(&sum.z)?;
        Some(self.field.multiply(&sum.x, &self.field.square(&inverse)))
    }

    /// Whether the coordinates satisfy the equation.
    pub(super) fn holds(&self, x: &BigUint, y: &BigUint) -> bool {
        self.field.square(y) == self.right_side(x)
    }

    /// x³ + ax + b.
    fn right_side(&self, x: &BigUint) -> BigUint {
        (((x * x + &self.a) % &self.field.prime) * x + &self.b) % &self.field.prime
    }

    fn jacobian(&self, point: &Point) -> Jacobian {
        let one = BigUint::from(1u8);
        match point {
            Some(Affine { x, y }) => Jacobian {
                x: x.clone(),
                y: y.clone(),
                z: one,
            },
            None => Jacobian {
                x: one.clone(),
                y: one,
                z: BigUint::default(),
            },
        }
    }

    fn double(&self, point: &Jacobian) -> Jacobian {
        let Jacobian { x, y, z } = point;
        let y_squared = self.field.square(y);
        let product = self.field.multiply(x, &y_squared) * 4u8 % &self.field.prime;
        let z_squared = self.field.square(z);
        let slope = (x * x * 3u8 + &self.a * self.field.square(&z_squared)) % &self.field.prime;
        let doubled = &product * 2u8 % &self.field.prime;
        let x_sum = self.field.subtract(&self.field.square(&slope), &doubled);
        let fourth = self.field.square(&y_squared) * 8u8 % &self.field.prime;
        let y_sum = self.field.subtract(
            &self
                .field
                .multiply(&slope, &self.field.subtract(&product, &x_sum)),
            &fourth,
        );
        Jacobian {
            x: x_sum,
            y: y_sum,
            z: y * z * 2u8 % &self.field.prime,
        }
    }

    fn add(&self, one: &Jacobian, other: &Jacobian) -> Jacobian {
        if one.z.bits() == 0 {
            return other.clone();
        }
        if other.z.bits() == 0 {
            return one.clone();
        }
        let one_z = self.field.square(&one.z);
        let other_z = self.field.square(&other.z);
        let one_x = self.field.multiply(&one.x, &other_z);
        let other_x = self.field.multiply(&other.x, &one_z);
        let one_y = self
            .field
            .multiply(&one.y, &self.field.multiply(&other_z, &other.z));
        let other_y = self
            .field
            .multiply(&other.y, &self.field.multiply(&one_z, &one.z));
        let run = self.field.subtract(&other_x, &one_x);
        let rise = self.field.subtract(&other_y, &one_y);
        if run.bits() == 0 {
            return if rise.bits() == 0 {
                self.double(one)
            } else {
                self.jacobian(&None)
            };
        }
        let square = self.field.square(&run);
        let cube = self.field.multiply(&square, &run);
        let product = self.field.multiply(&one_x, &square);
        let x = self.field.subtract(
            &self.field.subtract(&self.field.square(&rise), &cube),
            &(&product * 2u8 % &self.field.prime),
        );
        let y = self.field.subtract(
            &self
                .field
                .multiply(&rise, &self.field.subtract(&product, &x)),
            &self.field.multiply(&one_y, &cube),
        );
        Jacobian {
            x,
            y,
            z: self
                .field
                .multiply(&self.field.multiply(&one.z, &other.z), &run),
        }
    }
}
