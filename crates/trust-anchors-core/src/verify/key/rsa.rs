//! RSA keys and the parameters of RSASSA-PSS.

use std::sync::OnceLock;

use aws_lc_rs::signature::ParsedPublicKey;
use num_bigint::BigUint;

use crate::der::{self, AlgorithmIdentifier};
use crate::verify::signature::pss::PssParameters;

/// An RSA key (`rsa_pub_decode` in `crypto/rsa/rsa_ameth.c`).
#[derive(Debug, Clone)]
pub(in crate::verify) struct RsaKey {
    /// `RSAPublicKey` in DER, whatever it was encoded in.
    pub(in crate::verify) der: Box<[u8]>,
    /// What RSA-PSS keys restrict signatures to.
    pub(in crate::verify) restriction: Option<PssParameters>,
    modulus_bits: u32,
    exponent_bits: u32,
    /// Whether modulus and exponent are both odd.
    is_odd: bool,
    /// The key prepared for the algorithm that it was first used with.
    pub(in crate::verify) parsed: OnceLock<Option<(usize, ParsedPublicKey)>>,
}

impl RsaKey {
    /// Numbers are taken for unsigned, as OpenSSL takes them, and what follows the key is ignored.
    pub(super) fn decode(octets: &[u8]) -> Option<Self> {
        let [modulus, exponent] = der::read_numbers(octets)?;
        let odd = |number: &[u8]| number.last().is_some_and(|octet| octet & 1 == 1);
        let numbers = [
            der::unsigned_integer(modulus),
            der::unsigned_integer(exponent),
        ];
        Some(Self {
            der: der::sequence_of(&numbers.concat()).into(),
            restriction: None,
            modulus_bits: bit_length(modulus),
            exponent_bits: bit_length(exponent),
            is_odd: odd(modulus) && odd(exponent),
            parsed: OnceLock::new(),
        })
    }

    /// The key as RSASSA-PSS restricts it (`ossl_rsa_param_decode` in `crypto/rsa/rsa_backend.c`): not at all without parameters.
    pub(super) fn restricted(mut self, algorithm: &AlgorithmIdentifier<'_>) -> Option<Self> {
        if let Some(parameters) = algorithm.parameters.as_deref() {
            self.restriction = Some(PssParameters::of_key(parameters)?);
        }
        Some(self)
    }

    pub(in crate::verify) fn modulus_bits(&self) -> u32 {
        self.modulus_bits
    }

    pub(in crate::verify) fn exponent_bits(&self) -> u32 {
        self.exponent_bits
    }

    pub(in crate::verify) fn is_odd(&self) -> bool {
        self.is_odd
    }

    /// The modulus and the exponent.
    pub(in crate::verify) fn numbers(&self) -> Option<[BigUint; 2]> {
        let numbers = der::read_numbers(&self.der)?;
        Some(numbers.map(BigUint::from_bytes_be))
    }
}

fn bit_length(octets: &[u8]) -> u32 {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let significant = octets.get(zeros..).unwrap_or_default();
    let first = significant.first().map_or(0, |octet| octet.leading_zeros());
    u32::try_from(significant.len() * 8).map_or(u32::MAX, |bits| bits - first)
}
