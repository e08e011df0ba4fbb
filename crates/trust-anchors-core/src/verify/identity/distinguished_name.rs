//! Distinguished names as OpenSSL turns them into text for Node.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::der::{self, NameAttribute, OpensslVersion};

use super::object_names::short_name;

/// The value of an attribute in UTF-8 (`ASN1_STRING_to_UTF8` in `crypto/asn1/a_strex.c`, `ASN1_mbstring_copy` in
/// `crypto/asn1/a_mbstr.c`); `None` for a type that is no string, and for characters that are none.
pub(super) fn to_utf8(attribute: &NameAttribute<'_>) -> Option<String> {
    let octets = &*attribute.value;
    match Width::of(attribute.string_type)? {
        Width::Utf8 => std::str::from_utf8(octets).ok().map(str::to_owned),
        width => units(octets, width).map(char::from_u32).collect(),
    }
}

/// A `Name` as `X509_NAME_print_ex` (`crypto/asn1/a_strex.c`) writes it with `XN_FLAG_RFC2253` less `ASN1_STRFLGS_ESC_MSB` and
/// `ASN1_STRFLGS_ESC_CTRL` (`kX509NameFlagsRFC2253WithinUtf8JSON` in Node): the last attribute first, control characters and
/// octets that are no UTF-8 as they are.
pub(super) fn rfc2253(name: &[u8], version: OpensslVersion) -> Vec<u8> {
    let attributes: Vec<_> = der::name_attributes(name).collect();
    let mut text = Vec::new();
    let mut previous_set = None;
    for attribute in attributes.iter().rev() {
        match previous_set {
            None => {}
            Some(set) if set == attribute.set => text.push(b'+'),
            Some(_) => text.push(b','),
        }
        previous_set = Some(attribute.set);
        let known = short_name(attribute.attribute, version);
        match known {
            Some(name) => text.extend_from_slice(name.as_bytes()),
            None => text.extend_from_slice(numeric(attribute.attribute, 80).as_bytes()),
        }
        text.push(b'=');
        match Width::of(attribute.string_type) {
            Some(width) if known.is_some() => write_value(&attribute.value, width, &mut text),
            _ => {
                text.push(b'#');
                for octet in attribute.value_der() {
                    text.extend_from_slice(&hexadecimal(octet, b"0123456789ABCDEF"));
                }
            }
        }
    }
    text
}

/// An object identifier in numbers, in a buffer of so many octets (`OBJ_obj2txt` in `crypto/objects/obj_dat.c`): what does not
/// fit is left out, and of an identifier of more than 586 octets everything.
pub(super) fn numeric(identifier: &[u8], buffer: usize) -> String {
    const LONGEST: usize = 586;
    let mut text = String::new();
    if identifier.len() > LONGEST {
        return text;
    }
    for (index, arc) in identifier
        .split_inclusive(|octet| octet & 0x80 == 0)
        .enumerate()
    {
        if text.len() >= buffer {
            break;
        }
        let mut arc = Decimal::from_base_128(arc);
        if index == 0 {
            let root = arc.split_root();
            let _ = write!(text, "{root}");
        }
        text.push('.');
        arc.write(&mut text);
    }
    text.truncate(buffer - 1);
    text
}

/// How many octets a character takes (`tag2nbyte` in `crypto/asn1/tbl_standard.h`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    Utf8,
    One,
    Two,
    Four,
}

impl Width {
    fn of(string_type: u32) -> Option<Self> {
        match string_type {
            12 => Some(Self::Utf8),
            18..=20 | 22..=24 | 26 => Some(Self::One),
            28 => Some(Self::Four),
            30 => Some(Self::Two),
            _ => None,
        }
    }
}

fn units(octets: &[u8], width: Width) -> impl Iterator<Item = u32> {
    let size = match width {
        Width::Utf8 | Width::One => 1,
        Width::Two => 2,
        Width::Four => 4,
    };
    octets.chunks(size).map(|unit| {
        unit.iter()
            .fold(0, |value, octet| (value << 8) | u32::from(*octet))
    })
}

/// `do_buf` and `do_esc_char` of `crypto/asn1/a_strex.c`, with `ASN1_STRFLGS_ESC_2253` and `ASN1_STRFLGS_UTF8_CONVERT`. UTF-8 is
/// taken octet by octet, and a surrogate or a number that is no character is left out.
fn write_value(octets: &[u8], width: Width, text: &mut Vec<u8>) {
    let count = units(octets, width).count();
    for (index, unit) in units(octets, width).enumerate() {
        let is_last = index + 1 == count;
        // The only character of a value is the last one, and so not the first.
        let is_first = index == 0 && !is_last;
        let is_escaped = match u8::try_from(unit) {
            Ok(b',' | b'+' | b'"' | b'\\' | b'<' | b'>' | b';') => true,
            Ok(b' ') => is_first || is_last,
            Ok(b'#') => is_first,
            _ => false,
        };
        if is_escaped {
            text.push(b'\\');
        }
        if width == Width::Utf8 {
            text.extend(u8::try_from(unit));
        } else if let Some(character) = char::from_u32(unit) {
            text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

/// A number of any size, as decimal digits in groups of nine, the lowest first.
struct Decimal {
    groups: Vec<u32>,
}

impl Decimal {
    const GROUP: u64 = 1_000_000_000;

    fn from_base_128(octets: &[u8]) -> Self {
        let mut decimal = Self { groups: vec![0] };
        // Four at a time, which still fits.
        for digits in octets.chunks(4) {
            let mut carry = digits
                .iter()
                .fold(0, |value, octet| (value << 7) | u64::from(octet & 0x7f));
            for group in &mut decimal.groups {
                let value = (u64::from(*group) << (7 * digits.len())) + carry;
                *group = u32::try_from(value % Self::GROUP).unwrap_or_default();
                carry = value / Self::GROUP;
            }
            if carry > 0 {
                decimal
                    .groups
                    .push(u32::try_from(carry).unwrap_or_default());
            }
        }
        decimal
    }

    /// Takes the first arc out of the first subidentifier (ITU-T X.690, section 8.19.4).
    fn split_root(&mut self) -> u32 {
        let is_short = self.groups.len() == 1;
        let Some(lowest) = self.groups.first_mut() else {
            return 0;
        };
        if is_short && *lowest < 80 {
            let root = *lowest / 40;
            *lowest %= 40;
            return root;
        }
        let mut borrow = 80;
        for group in &mut self.groups {
            match group.checked_sub(borrow) {
                Some(rest) => {
                    *group = rest;
                    break;
                }
                None => {
                    *group = *group + 1_000_000_000 - borrow;
                    borrow = 1;
                }
            }
        }
        2
    }

    fn write(&self, text: &mut String) {
        let mut groups = self
            .groups
            .iter()
            .rev()
            .skip_while(|group| **group == 0)
            .peekable();
        if groups.peek().is_none() {
            text.push('0');
        }
        for (index, group) in groups.enumerate() {
            let _ = if index == 0 {
                write!(text, "{group}")
            } else {
                write!(text, "{group:09}")
            };
        }
    }
}

/// The two digits of an octet.
pub(super) fn hexadecimal(octet: u8, digits: &[u8; 16]) -> [u8; 2] {
    [octet >> 4, octet & 0xf]
        .map(|digit| digits.get(usize::from(digit)).copied().unwrap_or_default())
}

/// UTF-8 as V8 reads it (`String::NewFromUtf8`): what is none becomes U+FFFD.
pub(super) fn from_utf8(octets: Vec<u8>) -> String {
    match String::from_utf8_lossy(&octets) {
        Cow::Owned(text) => text,
        Cow::Borrowed(_) => String::from_utf8(octets).unwrap_or_default(),
    }
}
