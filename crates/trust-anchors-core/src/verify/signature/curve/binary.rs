//! Arithmetic on elliptic curves over fields of characteristic two.

use num_bigint::BigUint;

use super::{Affine, Point};

/// Words of 64 bits in an element: enough for OpenSSL's largest field, of 661 bits.
const WORDS: usize = 11;

/// A polynomial over the integers modulo two, the lowest coefficients first.
type Element = [u64; WORDS];

const ZERO: Element = [0; WORDS];

/// Polynomials modulo another one.
#[derive(Debug, Clone)]
pub(in crate::verify) struct BinaryField {
    degree: u32,
    /// The exponents of the modulus below its degree.
    exponents: Vec<u32>,
}

/// A curve y² + xy = x³ + ax² + b.
#[derive(Debug, Clone)]
pub(super) struct BinaryCurve {
    field: BinaryField,
    a: Element,
    b: Element,
}

/// A point (X/Z, Y/Z²), after López and Dahab; at infinity Z is zero.
#[derive(Debug, Clone, Copy)]
struct Projective {
    x: Element,
    y: Element,
    z: Element,
}

impl BinaryField {
    /// The field of a polynomial, by its exponents from the largest down to zero; `None` when it is too large.
    pub(in crate::verify) fn new(exponents: &[u32]) -> Option<Self> {
        let (degree, exponents) = exponents.split_first()?;
        let fits = (1..64 * WORDS as u32).contains(degree);
        fits.then(|| Self {
            degree: *degree,
            exponents: exponents.to_vec(),
        })
    }

    /// The field of a polynomial, as the number with its bits.
    pub(super) fn modulo(polynomial: &BigUint) -> Option<Self> {
        let exponents: Vec<u32> = (0..u32::try_from(polynomial.bits()).ok()?)
            .rev()
            .filter(|exponent| polynomial.bit(u64::from(*exponent)))
            .collect();
        Self::new(&exponents)
    }

    /// The element with the bits of a number; `None` when it has more than the field.
    fn element(&self, number: &BigUint) -> Option<Element> {
        if number.bits() > u64::from(self.degree) {
            return None;
        }
        let mut element = ZERO;
        for (word, digit) in element.iter_mut().zip(number.iter_u64_digits()) {
            *word = digit;
        }
        Some(element)
    }

    fn multiply(&self, one: &Element, other: &Element) -> Element {
        let words = self.words();
        // Four bits at a time: the multiples of `other` by the sixteen polynomials of degree three.
        let mut multiples = [[0u64; WORDS + 1]; 16];
        for index in 1..16 {
            let mut multiple = multiples.get(index / 2).copied().unwrap_or_default();
            shift_up(&mut multiple, words + 1, 1);
            if index % 2 == 1 {
                for (word, added) in multiple.iter_mut().zip(other) {
                    *word ^= added;
                }
            }
            if let Some(place) = multiples.get_mut(index) {
                *place = multiple;
            }
        }
        let mut product = [0u64; 2 * WORDS + 1];
        for nibble in (0..16).rev() {
            for (index, word) in one.iter().enumerate().take(words) {
                let multiple = multiples.get((word >> (4 * nibble)) as usize & 15);
                let added = multiple.into_iter().flatten().take(words + 1);
                for (place, added) in product.iter_mut().skip(index).zip(added) {
                    *place ^= added;
                }
            }
            if nibble != 0 {
                shift_up(&mut product, 2 * words + 1, 4);
            }
        }
        self.reduce(product)
    }

    /// The square: the bits move apart, and zeros come between them.
    fn square(&self, element: &Element) -> Element {
        let mut product = [0u64; 2 * WORDS + 1];
        for (word, places) in element.iter().zip(product.chunks_exact_mut(2)) {
            if let [low, high] = places {
                *low = spread(*word as u32);
                *high = spread((word >> 32) as u32);
            }
        }
        self.reduce(product)
    }

    /// How many words an element has that are not always zero.
    fn words(&self) -> usize {
        (self.degree as usize).div_ceil(64).min(WORDS)
    }

    /// What is left of a product: every word beyond the degree is replaced by what its bits are modulo the polynomial.
    fn reduce(&self, mut product: [u64; 2 * WORDS + 1]) -> Element {
        let degree = self.degree as usize;
        let (last, bits) = (degree / 64, degree % 64);
        for index in (last..product.len().min(2 * self.words() + 1)).rev() {
            let kept = if index == last { bits } else { 0 };
            // A fold that reaches into its own word has to be folded again.
            while let Some(surplus) = product
                .get(index)
                .map(|word| word >> kept)
                .filter(|surplus| *surplus != 0)
            {
                if let Some(word) = product.get_mut(index) {
                    *word ^= surplus << kept;
                }
                for exponent in &self.exponents {
                    let position = 64 * index + kept - degree + *exponent as usize;
                    let (index, shift) = (position / 64, position % 64);
                    if let Some(word) = product.get_mut(index) {
                        *word ^= surplus << shift;
                    }
                    if let Some(word) = product.get_mut(index + 1).filter(|_| shift != 0) {
                        *word ^= surplus >> (64 - shift);
                    }
                }
            }
        }
        let mut element = ZERO;
        for (word, reduced) in element.iter_mut().zip(product) {
            *word = reduced;
        }
        element
    }

    /// The element that gives 1 with this one, as its power of 2ᵐ − 2; zero for zero.
    fn invert(&self, element: &Element) -> Element {
        let mut inverse = one();
        let mut power = *element;
        for _ in 1..self.degree {
            power = self.square(&power);
            inverse = self.multiply(&inverse, &power);
        }
        inverse
    }

    /// The element's one square root, its power of 2ᵐ⁻¹.
    fn square_root(&self, element: &Element) -> Element {
        (1..self.degree).fold(*element, |root, _| self.square(&root))
    }

    /// A solution z of z² + z = c, of which there are none or two (IEEE 1363 annex A.4.7).
    fn solve(&self, c: &Element) -> Option<Element> {
        // Half of all elements have the trace one that is needed; in fields of odd degree the first one has.
        (0..self.degree)
            .find_map(|exponent| {
                let seed = self.element(&(BigUint::from(1u8) << exponent))?;
                let (mut solution, mut trace) = (ZERO, seed);
                for _ in 1..self.degree {
                    let squared = self.square(&trace);
                    solution = add(&self.square(&solution), &self.multiply(&squared, c));
                    trace = add(&squared, &seed);
                }
                (trace != ZERO).then_some(solution)
            })
            .filter(|solution| add(&self.square(solution), solution) == *c)
    }
}

impl BinaryCurve {
    pub(super) fn new(field: BinaryField, a: &BigUint, b: &BigUint) -> Option<Self> {
        Some(Self {
            a: field.element(a)?,
            b: field.element(b)?,
            field,
        })
    }

    /// Whether the coordinates satisfy the equation.
    #[cfg(test)]
    pub(super) fn holds(&self, x: &BigUint, y: &BigUint) -> bool {
        self.point(x, y).is_some()
    }

    /// Reads a point (`ossl_ec_GF2m_simple_oct2point` in `crypto/ec/ec2_oct.c`). What a compressed or hybrid point tells of y is the
    /// last bit of y/x.
    pub(super) fn decode_point(&self, octets: &[u8]) -> Option<Point> {
        let length = usize::try_from(self.field.degree.div_ceil(8)).ok()?;
        let (&form, coordinates) = octets.split_first()?;
        let (x, y) = match form {
            0x00 if coordinates.is_empty() => return Some(None),
            0x02 | 0x03 if coordinates.len() == length => {
                let x = BigUint::from_bytes_be(coordinates);
                let y = self.decompress(&self.field.element(&x)?, form == 0x03)?;
                (x, number(&y))
            }
            0x04 | 0x06 | 0x07 if coordinates.len() == 2 * length => {
                let (x, y) = coordinates.split_at_checked(length)?;
                (BigUint::from_bytes_be(x), BigUint::from_bytes_be(y))
            }
            _ => return None,
        };
        let (element_x, element_y) = self.point(&x, &y)?;
        let parity_fits = || {
            let inverse = self.field.invert(&element_x);
            is_odd(&self.field.multiply(&element_y, &inverse)) == (form == 0x07)
        };
        (!matches!(form, 0x06 | 0x07) || parity_fits()).then_some(Some(Affine { x, y }))
    }

    /// The coordinates, when they satisfy the equation.
    fn point(&self, x: &BigUint, y: &BigUint) -> Option<(Element, Element)> {
        let field = &self.field;
        let (x, y) = (field.element(x)?, field.element(y)?);
        let left = field.multiply(&y, &add(&y, &x));
        let right = add(
            &field.multiply(&field.square(&x), &add(&x, &self.a)),
            &self.b,
        );
        (left == right).then_some((x, y))
    }

    fn decompress(&self, x: &Element, is_odd_quotient: bool) -> Option<Element> {
        let field = &self.field;
        if *x == ZERO {
            return Some(field.square_root(&self.b));
        }
        let inverse = field.invert(x);
        let c = add(
            &add(x, &self.a),
            &field.multiply(&self.b, &field.square(&inverse)),
        );
        let mut quotient = field.solve(&c)?;
        if is_odd(&quotient) != is_odd_quotient {
            quotient = add(&quotient, &one());
        }
        Some(field.multiply(x, &quotient))
    }

    /// The x coordinate of the sum of two points, each taken so many times; `None` at infinity.
    pub(super) fn combine(
        &self,
        (first, one): (&BigUint, &Point),
        (second, other): (&BigUint, &Point),
    ) -> Option<BigUint> {
        let (one, other) = (self.projective(one)?, self.projective(other)?);
        let both = self.normalized(&self.add(&one, &other));
        let mut sum = INFINITY;
        for bit in (0..first.bits().max(second.bits())).rev() {
            sum = self.double(&sum);
            sum = match (first.bit(bit), second.bit(bit)) {
                (true, true) => self.add(&sum, &both),
                (true, false) => self.add(&sum, &one),
                (false, true) => self.add(&sum, &other),
                (false, false) => sum,
            };
        }
        (sum.z != ZERO).then(|| number(&self.normalized(&sum).x))
    }

    fn projective(&self, point: &Point) -> Option<Projective> {
        match point {
            None => Some(INFINITY),
            Some(Affine { x, y }) => Some(Projective {
                x: self.field.element(x)?,
                y: self.field.element(y)?,
                z: one(),
            }),
        }
    }

    /// The same point with Z = 1, unless it is at infinity.
    fn normalized(&self, point: &Projective) -> Projective {
        if point.z == ZERO {
            return INFINITY;
        }
        let inverse = self.field.invert(&point.z);
        Projective {
            x: self.field.multiply(&point.x, &inverse),
            y: self.field.multiply(&point.y, &self.field.square(&inverse)),
            z: one(),
        }
    }

    fn double(&self, point: &Projective) -> Projective {
        let field = &self.field;
        let z_squared = field.square(&point.z);
        let x_squared = field.square(&point.x);
        let z = field.multiply(&x_squared, &z_squared);
        let b_term = field.multiply(&self.b, &field.square(&z_squared));
        let x = add(&field.square(&x_squared), &b_term);
        let bracket = add(
            &add(&field.multiply(&self.a, &z), &field.square(&point.y)),
            &b_term,
        );
        let y = add(&field.multiply(&b_term, &z), &field.multiply(&x, &bracket));
        Projective { x, y, z }
    }

    /// The sum with a point whose Z is 1, or that is at infinity.
    fn add(&self, sum: &Projective, other: &Projective) -> Projective {
        if sum.z == ZERO {
            return *other;
        }
        if other.z == ZERO {
            return *sum;
        }
        let field = &self.field;
        let rise = add(&sum.y, &field.multiply(&other.y, &field.square(&sum.z)));
        let run = add(&sum.x, &field.multiply(&other.x, &sum.z));
        if run == ZERO {
            return if rise == ZERO {
                self.double(sum)
            } else {
                INFINITY
            };
        }
        let c = field.multiply(&sum.z, &run);
        let z = field.square(&c);
        let d = field.multiply(&other.x, &z);
        let bracket = add(
            &add(&rise, &field.square(&run)),
            &field.multiply(&self.a, &c),
        );
        let x = add(&field.square(&rise), &field.multiply(&c, &bracket));
        let y = add(
            &field.multiply(&add(&d, &x), &add(&field.multiply(&rise, &c), &z)),
            &field.multiply(&add(&other.y, &other.x), &field.square(&z)),
        );
        Projective { x, y, z }
    }
}

const INFINITY: Projective = Projective {
    x: ZERO,
    y: ZERO,
    z: ZERO,
};

fn one() -> Element {
    let mut element = ZERO;
    if let Some(word) = element.first_mut() {
        *word = 1;
    }
    element
}

fn add(one: &Element, other: &Element) -> Element {
    let mut sum = *one;
    for (word, added) in sum.iter_mut().zip(other) {
        *word ^= added;
    }
    sum
}

fn is_odd(element: &Element) -> bool {
    element.first().is_some_and(|word| word & 1 == 1)
}

/// The number with the bits of an element.
fn number(element: &Element) -> BigUint {
    let octets: Vec<u8> = element.iter().flat_map(|word| word.to_le_bytes()).collect();
    BigUint::from_bytes_le(&octets)
}

/// Shifts the first words up by less than 64 bits.
fn shift_up(words: &mut [u64], count: usize, bits: u32) {
    let mut carry = 0;
    for word in words.iter_mut().take(count) {
        let shifted = (*word << bits) | carry;
        carry = *word >> (64 - bits);
        *word = shifted;
    }
}

/// A zero after every bit.
fn spread(word: u32) -> u64 {
    let mut spread = u64::from(word);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        spread = (spread | (spread << shift)) & mask;
    }
    spread
}
