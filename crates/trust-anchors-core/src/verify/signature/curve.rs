//! Arithmetic on elliptic curves over prime fields, for the curves that aws-lc does not have.

use num_bigint::BigUint;

use super::field::PrimeField;
use crate::verify::key::curves::NamedCurve;

/// A curve y² = x³ + ax + b over a prime field, with a generator.
#[derive(Debug, Clone)]
pub(in crate::verify) struct Curve {
    field: PrimeField,
    a: BigUint,
    b: BigUint,
    generator: Point,
    pub(in crate::verify) order: BigUint,
}

/// A point; `None` is the one at infinity.
pub(in crate::verify) type Point = Option<Affine>;

/// The coordinates of a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::verify) struct Affine {
    x: BigUint,
    y: BigUint,
}

/// A point (X/Z², Y/Z³); at infinity Z is zero.
#[derive(Debug, Clone)]
struct Jacobian {
    x: BigUint,
    y: BigUint,
    z: BigUint,
}

impl Curve {
    /// The numbers of a named curve; `None` in characteristic two.
    pub(in crate::verify) fn of(named: &NamedCurve) -> Option<Self> {
        if named.binary {
            return None;
        }
        let number = |text: &str| BigUint::parse_bytes(text.as_bytes(), 16);
        let [a, b] = named.coefficients.map(number);
        let [x, y] = named.generator.map(number);
        Some(Self {
            field: PrimeField {
                prime: number(named.field)?,
            },
            a: a?,
            b: b?,
            generator: Some(Affine { x: x?, y: y? }),
            order: number(named.order)?,
        })
    }

    /// A curve whose generator is not known yet (`ossl_ec_GFp_simple_group_set_curve` in `crypto/ec/ecp_smpl.c`).
    pub(in crate::verify) fn new(
        prime: BigUint,
        a: BigUint,
        b: BigUint,
        order: BigUint,
    ) -> Option<Self> {
        Some(Self {
            a: a % &prime,
            b: b % &prime,
            generator: None,
            order,
            field: PrimeField { prime },
        })
    }

    /// The same curve with the generator that the octets encode.
    pub(in crate::verify) fn with_generator(mut self, octets: &[u8]) -> Option<Self> {
        self.generator = Some(self.decode_point(octets)??);
        Some(self)
    }

    #[cfg(test)]
    pub(super) fn holds_generator(&self) -> bool {
        let times_order = self.combine(&self.order, &BigUint::ZERO, &None);
        let generator = self.generator.as_ref();
        times_order.is_none()
            && generator.is_some_and(|Affine { x, y }| self.field.square(y) == self.right_side(x))
    }

    /// Reads a point (`ossl_ec_GFp_simple_oct2point` in `crypto/ec/ecp_oct.c`): at infinity, compressed, uncompressed or hybrid;
    /// it has to be on the curve.
    pub(in crate::verify) fn decode_point(&self, octets: &[u8]) -> Option<Point> {
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
                let on_curve = self.field.square(&y) == self.right_side(&x);
                let parity_fits = form == 0x04 || y.bit(0) == (form == 0x07);
                (on_curve && parity_fits).then_some(Some(Affine { x, y }))
            }
            _ => None,
        }
    }

    /// The x coordinate of `first`·G + `second`·P; `None` at infinity.
    pub(in crate::verify) fn combine(
        &self,
        first: &BigUint,
        second: &BigUint,
        point: &Point,
    ) -> Option<BigUint> {
        let generator = self.jacobian(&self.generator);
        let point = self.jacobian(point);
        let both = self.add(&generator, &point);
        let mut sum = self.jacobian(&None);
        for bit in (0..first.bits().max(second.bits())).rev() {
            sum = self.double(&sum);
            sum = match (first.bit(bit), second.bit(bit)) {
                (true, true) => self.add(&sum, &both),
                (true, false) => self.add(&sum, &generator),
                (false, true) => self.add(&sum, &point),
                (false, false) => sum,
            };
        }
        let inverse = self.field.invert(&sum.z)?;
        Some(self.field.multiply(&sum.x, &self.field.square(&inverse)))
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
