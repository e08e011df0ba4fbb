//! A walk through values that OpenSSL can decode, in DER and BER, for whoever knows what stands where.

use std::borrow::Cow;

use super::{BIT_STRING, BitString, CONTEXT, Decoder, INTEGER, OCTET_STRING, UNIVERSAL};

/// One element of a value, of any length OpenSSL can read.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    class: u8,
    number: u32,
    whole: &'a [u8],
    content: &'a [u8],
}

/// The elements of `content`, one after another, up to the first that cannot be read.
pub fn values(content: &[u8]) -> impl Iterator<Item = Value<'_>> {
    let mut rest = content;
    std::iter::from_fn(move || {
        let value = Value::read(rest)?;
        rest = rest.get(value.whole.len()..)?;
        Some(value)
    })
}

/// An `ASN1_INTEGER` at the start of the octets: minimal, as OpenSSL wants it. What follows is not looked at.
pub fn read_integer(input: &[u8]) -> Option<&[u8]> {
    let integer = Value::read(input).filter(|it| it.is(INTEGER) && !it.is_constructed())?;
    match integer.content() {
        [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => None,
        content => Some(content),
    }
}

impl<'a> Value<'a> {
    /// The element at the start of `input`.
    pub fn read(input: &'a [u8]) -> Option<Self> {
        let mut decoder = Decoder::lenient(input);
        let header = decoder.header(input.len()).ok()?;
        let content = if header.indefinite {
            decoder.find_end(&header).ok()?;
            header.content..decoder.at - END_OF_CONTENTS
        } else {
            decoder.at = header.end;
            header.content..header.end
        };
        Some(Self {
            class: header.class,
            number: header.number,
            whole: input.get(..decoder.at)?,
            content: input.get(content)?,
        })
    }

    /// Whether it has this universal tag number.
    pub fn is(&self, number: u32) -> bool {
        self.class == UNIVERSAL && self.number == number
    }

    /// Its number when it is of the context-specific class.
    pub fn context(&self) -> Option<u32> {
        (self.class == CONTEXT).then_some(self.number)
    }

    /// Whether it holds other elements, or the segments of a string.
    pub fn is_constructed(&self) -> bool {
        self.whole
            .first()
            .is_some_and(|identifier| identifier & 0x20 != 0)
    }

    /// The element as it is encoded.
    pub fn whole(&self) -> &'a [u8] {
        self.whole
    }

    /// The content octets; without those that end an indefinite length.
    pub fn content(&self) -> &'a [u8] {
        self.content
    }

    /// The elements inside.
    pub fn values(&self) -> impl Iterator<Item = Value<'a>> + use<'a> {
        values(self.content)
    }

    /// The octets of a string, put together where it is constructed.
    pub fn octets(&self) -> Cow<'a, [u8]> {
        self.string(OCTET_STRING).unwrap_or_default()
    }

    /// The value of a BIT STRING, its unused bits zero.
    pub fn bits(&self) -> BitString<'a> {
        BitString::new(self.string(BIT_STRING).unwrap_or_default())
    }

    fn string(&self, kind: u32) -> Option<Cow<'a, [u8]>> {
        let mut decoder = Decoder::lenient(self.whole);
        let header = decoder.header(self.whole.len()).ok()?;
        decoder.contents(&header, kind).ok()
    }
}

const END_OF_CONTENTS: usize = 2;
