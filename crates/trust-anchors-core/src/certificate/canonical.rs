//! Distinguished names as OpenSSL compares them.

use crate::der;

/// The form in which `X509_NAME_cmp` compares names (`x509_name_canon` and `asn1_string_canon` in `crypto/x509/x_name.c`): strings
/// as UTF-8 whatever their type, ASCII letters in lower case, white space at the ends dropped and elsewhere one space. Written
/// behind what `canonical` holds.
pub fn canonicalize(name: &[u8], canonical: &mut Vec<u8>) {
    let start = canonical.len();
    if write_name(name, canonical).is_none() {
        canonical.truncate(start);
        canonical.extend_from_slice(name);
    }
}

fn write_name(name: &[u8], canonical: &mut Vec<u8>) -> Option<()> {
    let (sequence, _) = der::read_element(name)?;
    let mut rest = sequence.content;
    while !rest.is_empty() {
        let (relative_name, after) = der::read_element(rest)?;
        rest = after;
        canonical.push(0x31);
        let (attribute, after) = der::read_element(relative_name.content)?;
        if after.is_empty() {
            write_attribute(attribute.content, canonical)?;
            continue;
        }
        let mut attributes = Vec::new();
        let mut parts = relative_name.content;
        while !parts.is_empty() {
            let (attribute, after) = der::read_element(parts)?;
            parts = after;
            let mut written = Vec::new();
            write_attribute(attribute.content, &mut written)?;
            attributes.push(written);
        }
        attributes.sort_unstable();
        canonical.extend(attributes.into_iter().flatten());
    }
    Some(())
}

fn write_attribute(attribute: &[u8], canonical: &mut Vec<u8>) -> Option<()> {
    let (identifier, value) = der::read_element(attribute)?;
    let (value, _) = der::read_element(value)?;
    canonical.extend_from_slice(identifier.whole);
    let start = canonical.len();
    let tag = write_value(value.tag, value.content, canonical);
    // Tag and length behind the value keep it apart from what follows.
    let length = canonical.len() - start;
    canonical.push(tag);
    canonical.extend_from_slice(&u32::try_from(length).ok()?.to_be_bytes());
    Some(())
}

/// Writes the octets to compare; their tag.
fn write_value(tag: u8, octets: &[u8], canonical: &mut Vec<u8>) -> u8 {
    const UTF8: u8 = 12;
    let wide: Option<String> = match tag {
        UTF8 | 19 | 20 | 22 | 26 if octets.is_ascii() => {
            fold(octets, canonical);
            return UTF8;
        }
        UTF8 => std::str::from_utf8(octets).ok().map(str::to_owned),
        19 | 20 | 22 | 26 => Some(octets.iter().map(|octet| char::from(*octet)).collect()),
        28 => octets
            .chunks(4)
            .map(|unit| char::from_u32(u32::from_be_bytes(unit.try_into().ok()?)))
            .collect(),
        30 => octets
            .chunks(2)
            .map(|unit| char::from_u32(u32::from(u16::from_be_bytes(unit.try_into().ok()?))))
            .collect(),
        _ => None,
    };
    match wide {
        Some(text) => {
            fold(text.as_bytes(), canonical);
            UTF8
        }
        None => {
            canonical.extend_from_slice(octets);
            tag
        }
    }
}

fn fold(text: &[u8], canonical: &mut Vec<u8>) {
    let mut first = true;
    for word in text
        .split(|byte| matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r'))
        .filter(|word| !word.is_empty())
    {
        if !std::mem::take(&mut first) {
            canonical.push(b' ');
        }
        canonical.extend(word.iter().map(u8::to_ascii_lowercase));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(name: &[u8]) -> Vec<u8> {
        let mut canonical = Vec::new();
        canonicalize(name, &mut canonical);
        canonical
    }

    fn name(tag: u8, value: &[u8]) -> Vec<u8> {
        let element = |tag: u8, content: &[u8]| {
            let mut element = vec![tag, content.len() as u8];
            element.extend(content);
            element
        };
        let mut attribute = vec![0x06, 0x03, 0x55, 0x04, 0x03];
        attribute.extend(element(tag, value));
        element(0x30, &element(0x31, &element(0x30, &attribute)))
    }

    #[test]
    fn case_white_space_and_string_type_do_not_count() {
        let expected = canonical(&name(12, b"example root"));
        for (tag, value) in [
            (12, &b"Example Root"[..]),
            (19, b"EXAMPLE ROOT"),
            (12, b"  example \t root "),
            (20, b"Example Root"),
            (22, b"example root"),
            (30, b"\0E\0x\0a\0m\0p\0l\0e\0 \0R\0o\0o\0t"),
        ] {
            assert_eq!(canonical(&name(tag, value)), expected, "{value:?}");
        }
    }

    #[test]
    fn letters_beyond_ascii_and_other_types_count() {
        assert_ne!(
            canonical(&name(12, "É".as_bytes())),
            canonical(&name(12, "é".as_bytes()))
        );
        assert_eq!(
            canonical(&name(12, "é".as_bytes())),
            canonical(&name(20, b"\xe9"))
        );
        assert_ne!(canonical(&name(12, b"12")), canonical(&name(18, b"12")));
        assert_ne!(canonical(&name(12, b"a b")), canonical(&name(12, b"ab")));
        assert_eq!(canonical(b"\xff"), b"\xff");
    }
}
