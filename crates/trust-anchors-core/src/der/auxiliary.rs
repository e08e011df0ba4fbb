//! What OpenSSL writes behind a certificate in a `TRUSTED CERTIFICATE` block (`X509_CERT_AUX` in `crypto/x509/x_x509a.c`).

use super::extensions::{Type, implicit, many, own};
use super::{
    CONTEXT, DecodeError, Decoder, Frame, OBJECT_IDENTIFIER, OCTET_STRING, OTHER, OpensslVersion,
    SEQUENCE, UNIVERSAL, UTF8_STRING,
};

/// The uses that are trusted and rejected, as content octets of object identifiers. The name and key identifier beside them
/// decide nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses<'a> {
    /// `None` when nothing is said about trust.
    pub trusted: Option<Vec<&'a [u8]>>,
    /// Empty also when nothing is said about rejection: OpenSSL makes no difference.
    pub rejected: Vec<&'a [u8]>,
}

static AUXILIARY: Type = Type::Sequence(&[
    many(&Type::Value(OBJECT_IDENTIFIER)).optional(),
    implicit(0, &Type::Value(OBJECT_IDENTIFIER))
        .many_of(SEQUENCE)
        .optional(),
    own(&Type::Value(UTF8_STRING)).optional(),
    own(&Type::Value(OCTET_STRING)).optional(),
    implicit(
        1,
        &Type::Sequence(&[
            own(&Type::Value(OBJECT_IDENTIFIER)),
            own(&Type::Any).optional(),
        ]),
    )
    .many_of(SEQUENCE)
    .optional(),
]);

/// Decodes what is behind the first `start` octets (`d2i_X509_CERT_AUX`). What follows it is ignored.
///
/// # Errors
///
/// What OpenSSL refuses, by its offset in the input.
pub fn decode_auxiliary(
    input: &[u8],
    start: usize,
    version: OpensslVersion,
) -> Result<Uses<'_>, DecodeError> {
    let mut decoder = Decoder::new(input, version);
    decoder.at = start;
    decoder.value(input.len(), &AUXILIARY)?;
    decoder.at = start;
    let mut uses = Uses::default();
    let mut frame = decoder.sequence(input.len())?;
    while decoder.more(&mut frame)? {
        let header = decoder.header(frame.limit)?;
        if header.is(UNIVERSAL, SEQUENCE) {
            uses.trusted = Some(decoder.object_identifiers(frame.limit)?);
        } else if header.is(CONTEXT, 0) {
            uses.rejected = decoder.object_identifiers(frame.limit)?;
        } else {
            decoder.contents(&header, OTHER)?;
        }
    }
    Ok(uses)
}

impl<'a> Decoder<'a> {
    /// A SEQUENCE OF OBJECT IDENTIFIER, whatever its tag.
    fn object_identifiers(&mut self, limit: usize) -> Result<Vec<&'a [u8]>, DecodeError> {
        let header = self.header(limit)?;
        self.at = header.content;
        let mut frame = Frame::of(&header);
        let mut identifiers = Vec::new();
        while self.more(&mut frame)? {
            identifiers.push(self.object_identifier(frame.limit)?);
        }
        Ok(identifiers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::forge::element;

    const ANY: &[u8] = &[0x55, 0x1d, 0x25, 0x00];

    fn uses(parts: &[Vec<u8>]) -> Option<(Option<usize>, usize)> {
        let value = element(0x30, &parts.concat());
        let uses = decode_auxiliary(&value, 0, OpensslVersion::V3_5).ok()?;
        Some((
            uses.trusted.map(|trusted| trusted.len()),
            uses.rejected.len(),
        ))
    }

    #[test]
    fn the_parts_are_optional_and_ordered() {
        let any = element(0x06, ANY);
        let trusted = element(0x30, &any);
        let rejected = element(0xa0, &[any.clone(), any.clone()].concat());
        let alias = element(0x0c, b"name");
        let key = element(0x04, b"key");
        let other = element(0xa1, &element(0x30, &any));
        let all = [
            trusted.clone(),
            rejected.clone(),
            alias.clone(),
            key.clone(),
            other,
        ];
        assert_eq!(uses(&all), Some((Some(1), 2)));
        assert_eq!(uses(&[]), Some((None, 0)));
        assert_eq!(uses(std::slice::from_ref(&alias)), Some((None, 0)));
        assert_eq!(uses(&[element(0x30, b"")]), Some((Some(0), 0)));
        assert_eq!(uses(&[rejected, trusted.clone()]), None);
        assert_eq!(uses(&[key, alias]), None);
        assert_eq!(uses(&[element(0x30, b"\x05\x00")]), None);
        assert_eq!(uses(&[trusted, element(0x02, &[1])]), None);
    }

    #[test]
    fn what_follows_is_ignored_and_ber_is_read() {
        let value = b"behind\x30\x80\x30\x80\x06\x04\x55\x1d\x25\x00\x00\x00\x00\x00more";
        let uses = decode_auxiliary(value, 6, OpensslVersion::V3_0).unwrap();
        assert_eq!(uses.trusted.unwrap(), [ANY]);
        assert!(decode_auxiliary(value, 0, OpensslVersion::V3_0).is_err());
    }
}
