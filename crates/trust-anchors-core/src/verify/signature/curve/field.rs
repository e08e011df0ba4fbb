//! Arithmetic in prime fields.

use num_bigint::BigUint;

/// The integers modulo a prime. Elements are smaller than it.
#[derive(Debug, Clone)]
pub(in crate::verify::signature) struct PrimeField {
    pub(in crate::verify::signature) prime: BigUint,
}

impl PrimeField {
    pub(in crate::verify::signature) fn multiply(&self, one: &BigUint, other: &BigUint) -> BigUint {
        one * other % &self.prime
    }

    pub(in crate::verify::signature) fn square(&self, number: &BigUint) -> BigUint {
        self.multiply(number, number)
    }

    pub(in crate::verify::signature) fn scale(&self, number: &BigUint, factor: u32) -> BigUint {
        number * factor % &self.prime
    }

    pub(in crate::verify::signature) fn add(&self, one: &BigUint, other: &BigUint) -> BigUint {
        let sum = one + other;
        if sum >= self.prime {
            sum - &self.prime
        } else {
            sum
        }
    }

    pub(in crate::verify::signature) fn subtract(&self, one: &BigUint, other: &BigUint) -> BigUint {
        if one >= other {
            one - other
        } else {
            one + &self.prime - other
        }
    }

    pub(in crate::verify::signature) fn negate(&self, number: &BigUint) -> BigUint {
        self.subtract(&BigUint::ZERO, number)
    }

    pub(in crate::verify::signature) fn invert(&self, number: &BigUint) -> Option<BigUint> {
        number.modinv(&self.prime)
    }

    /// A square root; `None` where there is none. The time it takes depends on the size of the prime alone.
    pub(in crate::verify::signature) fn square_root(&self, square: &BigUint) -> Option<BigUint> {
        let root = if self.prime.bit(1) || square.bits() == 0 {
            // The prime is 3 modulo 4.
            square.modpow(&((&self.prime + 1u8) >> 2u8), &self.prime)
        } else {
            self.cipolla(square)?
        };
        (self.square(&root) == *square).then_some(root)
    }

    /// Cipolla's algorithm: with w = a² − n no square, (a + √w) to the power of (p + 1) / 2 is a root of n.
    fn cipolla(&self, square: &BigUint) -> Option<BigUint> {
        let half = &self.prime >> 1u8;
        let minus_one = self.negate(&BigUint::from(1u8));
        let (a, w) = (1u32..128).map(BigUint::from).find_map(|a| {
            let w = self.subtract(&self.square(&a), square);
            (w.modpow(&half, &self.prime) == minus_one).then_some((a, w))
        })?;
        let exponent = half + 1u8;
        let (mut real, mut other) = (a.clone(), BigUint::from(1u8));
        for bit in (0..exponent.bits().checked_sub(1)?).rev() {
            let product = self.multiply(&real, &other);
            real = (&real * &real + &w * self.square(&other)) % &self.prime;
            other = self.add(&product, &product);
            if exponent.bit(bit) {
                let next = (&real * &a + &w * &other) % &self.prime;
                other = (&other * &a + &real) % &self.prime;
                real = next;
            }
        }
        Some(real)
    }
}
