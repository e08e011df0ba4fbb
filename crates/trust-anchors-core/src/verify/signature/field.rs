//! Arithmetic in prime fields. Everything here is public: the times it takes tell nothing that anyone keeps secret.

use num_bigint::BigUint;

/// The integers modulo a prime. Elements are smaller than it.
#[derive(Debug, Clone)]
pub(super) struct PrimeField {
    pub(super) prime: BigUint,
}

impl PrimeField {
    pub(super) fn multiply(&self, one: &BigUint, other: &BigUint) -> BigUint {
        one * other % &self.prime
    }

    pub(super) fn square(&self, number: &BigUint) -> BigUint {
        self.multiply(number, number)
    }

    pub(super) fn scale(&self, number: &BigUint, factor: u32) -> BigUint {
        number * factor % &self.prime
    }

    pub(super) fn add(&self, one: &BigUint, other: &BigUint) -> BigUint {
        let sum = one + other;
        if sum >= self.prime {
            sum - &self.prime
        } else {
            sum
        }
    }

    pub(super) fn subtract(&self, one: &BigUint, other: &BigUint) -> BigUint {
        if one >= other {
            one - other
        } else {
            one + &self.prime - other
        }
    }

    pub(super) fn negate(&self, number: &BigUint) -> BigUint {
        self.subtract(&BigUint::ZERO, number)
    }

    pub(super) fn invert(&self, number: &BigUint) -> Option<BigUint> {
        number.modinv(&self.prime)
    }

    /// A square root, by Tonelli and Shanks; `None` where there is none.
    pub(super) fn square_root(&self, square: &BigUint) -> Option<BigUint> {
        let one = BigUint::from(1u8);
        let less_one = &self.prime - &one;
        if square.bits() == 0 {
            return Some(square.clone());
        }
        let twos = less_one.trailing_zeros()?;
        let odd = &less_one >> twos;
        let mut order = twos;
        let mut root = square.modpow(&((&odd + &one) >> 1u8), &self.prime);
        let mut rest = square.modpow(&odd, &self.prime);
        let mut generator = if order == 1 {
            less_one
        } else {
            self.non_residue(&less_one)?.modpow(&odd, &self.prime)
        };
        while rest != one {
            let mut power = rest.clone();
            let mut exponent = 0;
            while power != one {
                power = self.square(&power);
                exponent += 1;
                if exponent >= order {
                    return None;
                }
            }
            let factor =
                (0..order - exponent - 1).fold(generator.clone(), |factor, _| self.square(&factor));
            order = exponent;
            generator = self.square(&factor);
            root = self.multiply(&root, &factor);
            rest = self.multiply(&rest, &generator);
        }
        (self.square(&root) == *square).then_some(root)
    }

    /// A number that is no square; half of all numbers are none.
    fn non_residue(&self, less_one: &BigUint) -> Option<BigUint> {
        let half = less_one >> 1u8;
        (2u32..128)
            .map(BigUint::from)
            .find(|candidate| candidate.modpow(&half, &self.prime) == *less_one)
    }
}
