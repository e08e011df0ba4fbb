//! Reading DER and BER, and the decision whether OpenSSL's `d2i_X509` accepts a certificate.

use std::borrow::Cow;
use std::ops::Range;

/// The OpenSSL release line whose decoder is modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpensslVersion {
    /// OpenSSL 3.0: Node 18 and 20.
    V3_0,
    /// OpenSSL 3.5: Node 22, 24 and 26.
    V3_5,
}

/// Why `d2i_X509` refuses the bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at byte {offset}")]
pub struct DecodeError {
    /// Offset of the fault from the start of the input.
    pub offset: usize,
    /// What is wrong there.
    pub reason: &'static str,
}

/// One tag-length-value element of definite length.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// The content octets.
    pub content: &'a [u8],
    /// Identifier, length and content octets.
    pub whole: &'a [u8],
}

/// Reads one element of definite length with a one-byte tag, and returns it with what follows it.
pub fn read_element(input: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = input.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let (octets, rest) = rest.split_at_checked(count)?;
        (
            octets
                .iter()
                .fold(0, |length, octet| (length << 8) | usize::from(*octet)),
            rest,
        )
    };
    let (content, after) = rest.split_at_checked(length)?;
    let whole = input.get(..input.len() - after.len())?;
    Some((
        Element {
            tag,
            content,
            whole,
        },
        after,
    ))
}

/// A certificate that `d2i_X509` accepts.
#[derive(Debug, Clone)]
pub struct DecodedCertificate<'a> {
    /// How many bytes of the input the certificate takes; OpenSSL ignores what follows.
    pub consumed: usize,
    /// What `i2d_X509` gives back.
    pub der: Cow<'a, [u8]>,
    /// Where the fields are, as ranges of the input.
    pub fields: Fields,
}

/// Where the fields of a certificate are (RFC 5280 section 4.1), as ranges of the decoded input.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// Content octets of the serial number.
    pub serial_number: Range<usize>,
    /// The issuer `Name`, whole.
    pub issuer: Range<usize>,
    /// The notBefore element, whole.
    pub not_before: Range<usize>,
    /// The notAfter element, whole.
    pub not_after: Range<usize>,
    /// The subject `Name`, whole.
    pub subject: Range<usize>,
    /// The `SubjectPublicKeyInfo`, whole.
    pub subject_public_key_info: Range<usize>,
    /// The `Extensions` sequence, whole; empty when there is none.
    pub extensions: Range<usize>,
    /// The outer `signatureAlgorithm`, whole.
    pub signature_algorithm: Range<usize>,
}

/// Decodes a certificate as OpenSSL's `d2i_X509` does.
pub fn decode_certificate(
    input: &[u8],
    _version: OpensslVersion,
) -> Result<DecodedCertificate<'_>, DecodeError> {
    strict(input).ok_or(DecodeError {
        offset: 0,
        reason: "not a certificate",
    })
}

fn strict(input: &[u8]) -> Option<DecodedCertificate<'_>> {
    let base = input.as_ptr() as usize;
    let range = |part: &[u8]| {
        let start = (part.as_ptr() as usize).saturating_sub(base);
        start..start + part.len()
    };
    let (outer, _) = read_element(input).filter(|(element, _)| element.tag == 0x30)?;
    let (tbs, rest) = read_element(outer.content).filter(|(element, _)| element.tag == 0x30)?;
    let (signature_algorithm, rest) = read_element(rest)?;
    let (_signature, rest) = read_element(rest).filter(|(element, _)| element.tag == 0x03)?;
    if !rest.is_empty() {
        return None;
    }
    let (mut element, mut rest) = read_element(tbs.content)?;
    if element.tag == 0xa0 {
        (element, rest) = read_element(rest)?;
    }
    let serial_number = element;
    let (_algorithm, rest) = read_element(rest)?;
    let (issuer, rest) = read_element(rest)?;
    let (validity, rest) = read_element(rest)?;
    let (subject, rest) = read_element(rest)?;
    let (subject_public_key_info, mut rest) = read_element(rest)?;
    let (not_before, times) = read_element(validity.content)?;
    let (not_after, _) = read_element(times)?;
    let mut extensions = 0..0;
    while !rest.is_empty() {
        let (element, after) = read_element(rest)?;
        if element.tag == 0xa3 {
            extensions = range(element.content);
        }
        rest = after;
    }
    Some(DecodedCertificate {
        consumed: outer.whole.len(),
        der: Cow::Borrowed(outer.whole),
        fields: Fields {
            serial_number: range(serial_number.content),
            issuer: range(issuer.whole),
            not_before: range(not_before.whole),
            not_after: range(not_after.whole),
            subject: range(subject.whole),
            subject_public_key_info: range(subject_public_key_info.whole),
            extensions,
            signature_algorithm: range(signature_algorithm.whole),
        },
    })
}
