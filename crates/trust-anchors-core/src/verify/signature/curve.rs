//! Arithmetic on elliptic curves, for the curves that aws-lc does not have. Everything here is public: the times it takes tell
//! nothing that anyone keeps secret.

use num_bigint::BigUint;

use crate::verify::key::curves::NamedCurve;

mod binary;
pub(super) mod field;
mod prime;

use binary::BinaryCurve;
pub(in crate::verify) use binary::BinaryField;
use field::PrimeField;
use prime::PrimeCurve;

/// A curve with a generator.
#[derive(Debug, Clone)]
pub(in crate::verify) struct Curve {
    equation: Equation,
    generator: Point,
    pub(in crate::verify) order: BigUint,
}

#[derive(Debug, Clone)]
enum Equation {
    Prime(PrimeCurve),
    Binary(BinaryCurve),
}

/// The field of a curve.
#[derive(Debug, Clone)]
pub(in crate::verify) enum Field {
    /// The integers modulo this prime.
    Prime(BigUint),
    /// A field of characteristic two.
    Binary(BinaryField),
}

/// A point; `None` is the one at infinity.
pub(in crate::verify) type Point = Option<Affine>;

/// The coordinates of a point. An element of a field of characteristic two is the number with the bits of its polynomial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::verify) struct Affine {
    x: BigUint,
    y: BigUint,
}

impl Affine {
    pub(super) fn coordinates(&self) -> [&BigUint; 2] {
        [&self.x, &self.y]
    }
}

impl Curve {
    /// The numbers of a named curve.
    pub(in crate::verify) fn of(named: &NamedCurve) -> Option<Self> {
        let number = |text: &str| BigUint::parse_bytes(text.as_bytes(), 16);
        let [a, b] = named.coefficients.map(number);
        let [x, y] = named.generator.map(number);
        let field = number(named.field)?;
        let field = if named.binary {
            Field::Binary(BinaryField::modulo(&field)?)
        } else {
            Field::Prime(field)
        };
        Some(Self {
            equation: Equation::new(field, a?, b?)?,
            generator: Some(Affine { x: x?, y: y? }),
            order: number(named.order)?,
        })
    }

    /// A curve by its parameters (`EC_GROUP_new_from_ecparameters` in `crypto/ec/ec_asn1.c`). `None` when `generator` does not encode
    /// a point on it, or the one at infinity.
    pub(in crate::verify) fn new(
        field: Field,
        [a, b]: [BigUint; 2],
        generator: &[u8],
        order: BigUint,
    ) -> Option<Self> {
        let equation = Equation::new(field, a, b)?;
        Some(Self {
            generator: Some(equation.decode_point(generator)??),
            equation,
            order,
        })
    }

    /// Whether the field is of characteristic two.
    pub(in crate::verify) fn is_binary(&self) -> bool {
        matches!(self.equation, Equation::Binary(_))
    }

    /// Reads a point (`EC_POINT_oct2point`): at infinity, compressed, uncompressed or hybrid; it has to be on the curve.
    pub(in crate::verify) fn decode_point(&self, octets: &[u8]) -> Option<Point> {
        self.equation.decode_point(octets)
    }

    /// The x coordinate of `first`·G + `second`·P; `None` at infinity.
    pub(super) fn combine(
        &self,
        first: &BigUint,
        second: &BigUint,
        point: &Point,
    ) -> Option<BigUint> {
        let (first, second) = ((first, &self.generator), (second, point));
        match &self.equation {
            Equation::Prime(curve) => curve.combine(first, second),
            Equation::Binary(curve) => curve.combine(first, second),
        }
    }

    /// Whether the generator is on the curve.
    #[cfg(test)]
    pub(super) fn holds_generator(&self) -> bool {
        self.generator
            .as_ref()
            .is_some_and(|Affine { x, y }| match &self.equation {
                Equation::Prime(curve) => curve.holds(x, y),
                Equation::Binary(curve) => curve.holds(x, y),
            })
    }
}

impl Equation {
    fn new(field: Field, a: BigUint, b: BigUint) -> Option<Self> {
        Some(match field {
            Field::Prime(prime) => Self::Prime(PrimeCurve {
                a: a % &prime,
                b: b % &prime,
                field: PrimeField { prime },
            }),
            Field::Binary(field) => Self::Binary(BinaryCurve::new(field, &a, &b)?),
        })
    }

    fn decode_point(&self, octets: &[u8]) -> Option<Point> {
        match self {
            Self::Prime(curve) => curve.decode_point(octets),
            Self::Binary(curve) => curve.decode_point(octets),
        }
    }
}
