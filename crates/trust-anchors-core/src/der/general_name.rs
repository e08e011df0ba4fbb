//! The names of subjectAltName and the subtrees of nameConstraints, read from an extension value that OpenSSL can decode
//! ([`is_invalid`](super::is_invalid) says whether it can), in DER and BER.

use std::borrow::Cow;

use super::extensions::IA5_STRING;
use super::{
    CONTEXT, DecodeError, Decoder, Frame, INTEGER, OCTET_STRING, OTHER, SEQUENCE, UNIVERSAL,
};

/// A `GeneralName` (RFC 5280 section 4.2.1.6). Nothing is known of its octets but that they are there: a DNS name may hold
/// anything, an address may have any length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeneralName<'a> {
    /// `otherName`.
    Other(OtherName<'a>),
    /// `rfc822Name`.
    Email(Cow<'a, [u8]>),
    /// `dNSName`.
    Dns(Cow<'a, [u8]>),
    /// `x400Address`, which nothing looks into.
    X400,
    /// `directoryName`: the whole `Name` element, for [`name_attributes`](super::name_attributes).
    Directory(&'a [u8]),
    /// `ediPartyName`, which nothing looks into.
    EdiParty,
    /// `uniformResourceIdentifier`.
    Uri(Cow<'a, [u8]>),
    /// `iPAddress`: in a certificate 4 or 16 octets, in a constraint 8 or 32; any other number in a broken one.
    IpAddress(Cow<'a, [u8]>),
    /// `registeredID`: content octets of the object identifier.
    RegisteredId(&'a [u8]),
}

/// An `otherName`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherName<'a> {
    /// Content octets of the object identifier that says what the value is.
    pub identifier: &'a [u8],
    /// Universal tag number of the value: 12 UTF8String, 22 IA5String …; `None` when its tag is of another class.
    pub value_type: Option<u32>,
    /// The value's octets in the encoding of its type; for a SEQUENCE, a SET and another class the whole element.
    pub value: Cow<'a, [u8]>,
}

/// A `GeneralSubtree` (RFC 5280 section 4.2.1.10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subtree<'a> {
    /// The name at its root.
    pub base: GeneralName<'a>,
    /// Content octets of the INTEGER `minimum`, when it is written: DER leaves out the default of 0.
    pub minimum: Option<&'a [u8]>,
    /// Content octets of the INTEGER `maximum`.
    pub maximum: Option<&'a [u8]>,
}

/// The names of a `GeneralNames` value, as of subjectAltName, in their order. What follows the value is ignored.
pub fn read_general_names(value: &[u8]) -> impl Iterator<Item = GeneralName<'_>> {
    let mut decoder = Decoder::lenient(value);
    let mut frame = decoder.collection(value.len(), SEQUENCE).ok();
    std::iter::from_fn(move || {
        let frame = frame.as_mut()?;
        if !decoder.more(frame).ok()? {
            return None;
        }
        decoder.general_name(frame.limit).ok()
    })
}

/// Which of the two lists of `NameConstraints` a subtree is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subtrees {
    /// `permittedSubtrees`.
    Permitted,
    /// `excludedSubtrees`.
    Excluded,
}

/// Hands over the subtrees of a `NameConstraints` value, those of each list in their order.
pub fn read_name_constraints<'a>(value: &'a [u8], mut take: impl FnMut(Subtrees, Subtree<'a>)) {
    // A value that OpenSSL decodes is read to its end.
    let _ = Decoder::lenient(value).name_constraints(value.len(), &mut take);
}

impl<'a> Decoder<'a> {
    /// `GENERAL_NAME` (`crypto/x509/v3_genn.c`).
    fn general_name(&mut self, limit: usize) -> Result<GeneralName<'a>, DecodeError> {
        let header = self.header(limit)?;
        let mut octets = |kind| self.contents(&header, kind);
        let name = match header.number {
            0 => {
                self.at = header.content;
                let mut frame = Frame::of(&header);
                let name = self.other_name(&mut frame)?;
                self.close_sequence(&mut frame)?;
                GeneralName::Other(name)
            }
            1 => GeneralName::Email(octets(IA5_STRING)?),
            2 => GeneralName::Dns(octets(IA5_STRING)?),
            4 => {
                self.at = header.content;
                let mut frame = Frame::of(&header);
                let name = self.name(frame.limit)?;
                self.close_explicit(&mut frame)?;
                GeneralName::Directory(self.slice(name))
            }
            6 => GeneralName::Uri(octets(IA5_STRING)?),
            7 => GeneralName::IpAddress(octets(OCTET_STRING)?),
            8 => {
                self.at = header.end;
                GeneralName::RegisteredId(self.slice(header.content..header.end))
            }
            number => {
                octets(OTHER)?;
                if number == 3 {
                    GeneralName::X400
                } else {
                    GeneralName::EdiParty
                }
            }
        };
        Ok(name)
    }

    /// `OTHERNAME` (`crypto/x509/v3_genn.c`).
    fn other_name(&mut self, frame: &mut Frame) -> Result<OtherName<'a>, DecodeError> {
        let identifier = self.object_identifier(frame.limit)?;
        let tag = self.expect(frame.limit, CONTEXT, 0)?;
        self.at = tag.content;
        let mut explicit = Frame::of(&tag);
        let header = self.header(explicit.limit)?;
        let value_type = (header.class == UNIVERSAL).then_some(header.number);
        let value = self.contents(&header, value_type.unwrap_or(OTHER))?;
        self.close_explicit(&mut explicit)?;
        Ok(OtherName {
            identifier,
            value_type,
            value,
        })
    }

    /// `NAME_CONSTRAINTS` (`crypto/x509/v3_ncons.c`).
    fn name_constraints(
        &mut self,
        limit: usize,
        take: &mut impl FnMut(Subtrees, Subtree<'a>),
    ) -> Result<(), DecodeError> {
        let mut frame = self.sequence(limit)?;
        while self.more(&mut frame)? {
            let header = self.header(frame.limit)?;
            let list = if header.is(CONTEXT, 0) {
                Subtrees::Permitted
            } else {
                Subtrees::Excluded
            };
            self.at = header.content;
            let mut subtrees = Frame::of(&header);
            while self.more(&mut subtrees)? {
                take(list, self.subtree(subtrees.limit)?);
            }
        }
        Ok(())
    }

    /// `GENERAL_SUBTREE` (`crypto/x509/v3_ncons.c`).
    fn subtree(&mut self, limit: usize) -> Result<Subtree<'a>, DecodeError> {
        let mut frame = self.sequence(limit)?;
        let base = self.general_name(frame.limit)?;
        let (mut minimum, mut maximum) = (None, None);
        while self.more(&mut frame)? {
            let header = self.header(frame.limit)?;
            self.contents(&header, INTEGER)?;
            let octets = Some(self.slice(header.content..header.end));
            if header.is(CONTEXT, 0) {
                minimum = octets;
            } else {
                maximum = octets;
            }
        }
        Ok(Subtree {
            base,
            minimum,
            maximum,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::forge::{element, name};

    fn read(names: &[Vec<u8>]) -> Vec<String> {
        let value = element(0x30, &names.concat());
        read_general_names(&value)
            .map(|name| format!("{name:?}"))
            .collect()
    }

    #[test]
    fn every_kind_of_name_is_read() {
        let directory = name("a");
        let other = [
            element(0x06, &[0x2a, 3]),
            element(0xa0, &element(0x0c, b"value")),
        ]
        .concat();
        let value = element(
            0x30,
            &[
                element(0xa0, &other),
                element(0x81, b"a@example.test"),
                element(0x82, b"example.test"),
                element(0xa3, &element(0x02, &[1])),
                element(0xa4, &directory),
                element(0xa5, &element(0xa1, &element(0x0c, b"party"))),
                element(0x86, b"https://example.test"),
                element(0x87, &[127, 0, 0, 1]),
                element(0x88, &[0x2a, 3, 4]),
            ]
            .concat(),
        );
        let names: Vec<_> = read_general_names(&value).collect();
        assert_eq!(
            names,
            [
                GeneralName::Other(OtherName {
                    identifier: &[0x2a, 3],
                    value_type: Some(12),
                    value: b"value"[..].into(),
                }),
                GeneralName::Email(b"a@example.test"[..].into()),
                GeneralName::Dns(b"example.test"[..].into()),
                GeneralName::X400,
                GeneralName::Directory(&directory),
                GeneralName::EdiParty,
                GeneralName::Uri(b"https://example.test"[..].into()),
                GeneralName::IpAddress([127, 0, 0, 1][..].into()),
                GeneralName::RegisteredId(&[0x2a, 3, 4]),
            ]
        );
    }

    #[test]
    fn names_in_ber_are_read() {
        // A constructed string, of indefinite length, in a value of indefinite length.
        let value = [
            &[0x30, 0x80, 0xa2, 0x80][..],
            &element(0x16, b"example"),
            &element(0x16, b".test"),
            &[0, 0],
            &element(0x82, b"b.test"),
            &[0, 0],
            b"what follows",
        ]
        .concat();
        let names: Vec<_> = read_general_names(&value).collect();
        assert_eq!(
            names,
            [
                GeneralName::Dns(b"example.test"[..].into()),
                GeneralName::Dns(b"b.test"[..].into()),
            ]
        );
        assert_eq!(read(&[]).len(), 0);
    }

    #[test]
    fn subtrees_are_read_with_their_limits() {
        let subtree =
            |limits: &[u8]| element(0x30, &[&element(0x82, b"example.test"), limits].concat());
        let permitted = element(
            0xa0,
            &[subtree(b""), subtree(&[0x80, 1, 0, 0x81, 1, 5])].concat(),
        );
        let excluded = element(0xa1, &subtree(&[0x81, 1, 5]));
        let both = element(0x30, &[permitted, excluded.clone()].concat());
        let lists = |value| {
            let (mut permitted, mut excluded) = (Vec::new(), Vec::new());
            read_name_constraints(value, |list, subtree| match list {
                Subtrees::Permitted => permitted.push(subtree),
                Subtrees::Excluded => excluded.push(subtree),
            });
            (permitted, excluded)
        };
        let (permitted, excluded_subtrees) = lists(&both);
        let limits = |subtrees: &[Subtree<'_>]| -> Vec<_> {
            subtrees
                .iter()
                .map(|subtree| {
                    (
                        subtree.minimum.map(<[u8]>::to_vec),
                        subtree.maximum.map(<[u8]>::to_vec),
                    )
                })
                .collect()
        };
        assert_eq!(
            limits(&permitted),
            [(None, None), (Some(vec![0]), Some(vec![5]))]
        );
        assert_eq!(limits(&excluded_subtrees), [(None, Some(vec![5]))]);

        let only_excluded = element(0x30, &excluded);
        let (permitted, excluded) = lists(&only_excluded);
        assert_eq!((permitted.len(), excluded.len()), (0, 1));
    }
}
