//! The parameters of RSASSA-PSS (RFC 4055 section 3.1).

use super::digest::Digest;
use crate::der::{self, Value};

/// The universal tag number of a SEQUENCE.
const SEQUENCE: u32 = 16;

/// `RSASSA-PSS-params`, decoded: of a signature, or as what a key restricts signatures to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) struct PssParameters {
    pub(super) digest: Digest,
    /// The digest of the mask generation function.
    pub(super) mask_digest: Digest,
    salt_length: i32,
    trailer_field: i32,
}

impl PssParameters {
    /// Decodes the parameters of a key (`ossl_rsa_pss_get_param_unverified` in `crypto/rsa/rsa_ameth.c`): known digests and MGF1, and
    /// whatever numbers.
    pub(in crate::verify) fn of_key(parameters: &[u8]) -> Option<Self> {
        let sequence = Value::read(parameters).filter(|it| it.is(SEQUENCE))?;
        let mut decoded = Self {
            digest: Digest::Sha1,
            mask_digest: Digest::Sha1,
            salt_length: 20,
            trailer_field: 1,
        };
        let mut next = 0;
        let mut unread = sequence.content().len();
        for field in sequence.values() {
            unread -= field.whole().len();
            let number = field.context().filter(|number| *number >= next)?;
            next = number + 1;
            let value = Value::read(field.content())?;
            if !field.is_constructed() || value.whole().len() != field.content().len() {
                return None;
            }
            match number {
                0 => decoded.digest = algorithm_digest(value.whole())?,
                1 => decoded.mask_digest = mask_digest(value.whole())?,
                2 => decoded.salt_length = integer(value.whole())?,
                3 => decoded.trailer_field = integer(value.whole())?,
                _ => return None,
            }
        }
        if unread > 0 {
            return None;
        }
        Some(decoded)
    }

    /// Decodes the parameters of a signature (`ossl_rsa_pss_get_param` in `crypto/rsa/rsa_ameth.c`): the salt length is not negative,
    /// and the trailer field is 1.
    pub(in crate::verify) fn of_signature(parameters: &[u8]) -> Option<Self> {
        Self::of_key(parameters)
            .filter(|decoded| decoded.salt_length >= 0 && decoded.trailer_field == 1)
    }

    /// The salt's octets; `None` when the length is negative.
    pub(super) fn salt_length(&self) -> Option<usize> {
        usize::try_from(self.salt_length).ok()
    }

    /// Whether a key with these parameters takes a signature with those (`rsa_digest_signverify_init` and `rsa_set_ctx_params` in
    /// `providers/implementations/signature/rsa_sig.c`): the same digests, such as it has names for, and no shorter salt.
    pub(super) fn allows(&self, signature: &Self) -> bool {
        self.digest.is_for_pss_key()
            && self.mask_digest.is_for_pss_key()
            && self.digest == signature.digest
            && self.mask_digest == signature.mask_digest
            && (0..=signature.salt_length).contains(&self.salt_length)
    }

    /// `rsa_sig_info_set` in `crypto/rsa/rsa_ameth.c`.
    pub(super) fn security_bits(&self) -> Option<i32> {
        match self.digest {
            Digest::Sha1 => Some(64),
            digest => digest.security_bits(),
        }
    }
}

/// The digest that an `AlgorithmIdentifier` names, whatever its parameters, which only may not be end-of-contents octets.
fn algorithm_digest(element: &[u8]) -> Option<Digest> {
    let identifier = der::read_algorithm_identifier(element)?;
    match identifier.parameters.as_deref() {
        Some([0x00, 0x00]) => None,
        _ => Digest::find(identifier.algorithm),
    }
}

/// The digest in the parameters of MGF1.
fn mask_digest(element: &[u8]) -> Option<Digest> {
    const MGF1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08];
    let identifier = der::read_algorithm_identifier(element)?;
    if identifier.algorithm != MGF1 {
        return None;
    }
    algorithm_digest(identifier.parameters.as_deref()?)
}

/// An INTEGER as a C `int` gets it from `ASN1_INTEGER_get`: cut to 32 bits, and -1 beyond 64.
fn integer(element: &[u8]) -> Option<i32> {
    let content = der::read_integer(element)?;
    if content.len() > size_of::<i64>() {
        return Some(-1);
    }
    let sign = match content.first() {
        Some(0x80..) => -1,
        _ => 0,
    };
    let value = content
        .iter()
        .fold(sign, |number: i64, octet| (number << 8) | i64::from(*octet));
    let [.., a, b, c, d] = value.to_be_bytes();
    Some(i32::from_be_bytes([a, b, c, d]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(digest: Digest) -> PssParameters {
        PssParameters {
            digest,
            mask_digest: digest,
            salt_length: 20,
            trailer_field: 1,
        }
    }

    #[test]
    fn lengths_may_be_written_as_in_ber() {
        let salt_length = [0xa2, 0x83, 0, 0, 3, 0x02, 0x01, 0x15];
        let definite = der::sequence_of(&salt_length);
        let indefinite = [&[0x30, 0x80], &salt_length[..], &[0, 0]].concat();
        for encoded in [definite, indefinite] {
            let decoded = PssParameters::of_signature(&encoded).unwrap();
            assert_eq!(decoded.salt_length(), Some(21));
        }
        assert_eq!(PssParameters::of_key(&[0x30, 0x02, 0xa2, 0x05]), None);
    }

    #[test]
    fn a_restricted_key_takes_no_digest_that_it_cannot_name() {
        for (digest, is_taken) in [(Digest::Sha256, true), (Digest::Md5, false)] {
            let parameters = parameters(digest);
            assert_eq!(parameters.allows(&parameters), is_taken, "{digest:?}");
        }
    }
}
