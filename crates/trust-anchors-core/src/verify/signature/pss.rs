//! The parameters of RSASSA-PSS (RFC 4055 section 3.1).

use super::digest::Digest;
use crate::der;

/// `RSASSA-PSS-params`, decoded and accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) struct PssParameters {
    pub(super) digest: Digest,
    /// The digest of the mask generation function.
    pub(super) mask_digest: Digest,
    pub(super) salt_length: usize,
}

impl PssParameters {
    /// Decodes and checks them (`ossl_rsa_pss_decode` and `ossl_rsa_pss_get_param` in `crypto/rsa/rsa_ameth.c`): known digests, MGF1,
    /// a salt length that is not negative, trailer field 1.
    pub(in crate::verify) fn decode(parameters: &[u8]) -> Option<Self> {
        let (sequence, _) = der::read_element(parameters).filter(|(it, _)| it.tag == 0x30)?;
        let mut decoded = Self {
            digest: Digest::Sha1,
            mask_digest: Digest::Sha1,
            salt_length: 20,
        };
        let mut rest = sequence.content;
        let mut next_tag = 0xa0;
        while !rest.is_empty() {
            let (field, after) = der::read_element(rest)?;
            rest = after;
            if field.tag < next_tag {
                return None;
            }
            next_tag = field.tag + 1;
            match field.tag {
                0xa0 => decoded.digest = algorithm_digest(field.content)?,
                0xa1 => decoded.mask_digest = mask_digest(field.content)?,
                0xa2 => decoded.salt_length = number(field.content)?,
                0xa3 if number(field.content)? == 1 => {}
                _ => return None,
            }
        }
        Some(decoded)
    }

    /// `rsa_sig_info_set` in `crypto/rsa/rsa_ameth.c`.
    pub(super) fn security_bits(&self) -> Option<i32> {
        match self.digest {
            Digest::Sha1 => Some(64),
            digest => digest.security_bits(),
        }
    }
}

/// The digest that an `AlgorithmIdentifier` names, whatever its parameters.
fn algorithm_digest(element: &[u8]) -> Option<Digest> {
    Digest::find(der::read_algorithm_identifier(element)?.algorithm)
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

/// An INTEGER that is not negative and fits a C `int`.
fn number(element: &[u8]) -> Option<usize> {
    let (integer, rest) = der::read_element(element)?;
    let content = crate::verify::key::read_integer(integer.whole)?;
    let negative = content.first().is_some_and(|octet| octet & 0x80 != 0);
    if !rest.is_empty() || negative || content.len() > 4 {
        return None;
    }
    Some(
        content
            .iter()
            .fold(0, |number, octet| (number << 8) | usize::from(*octet)),
    )
}
