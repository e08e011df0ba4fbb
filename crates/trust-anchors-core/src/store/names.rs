//! Distinguished names as OpenSSL compares them.

use crate::der;

/// The form in which `X509_NAME_cmp` compares names (`x509_name_canon` and `asn1_string_canon` in `crypto/x509/x_name.c`): strings
/// as UTF-8 whatever their type, ASCII letters in lower case, white space at the ends dropped and elsewhere one space.
pub fn canonical(name: &[u8]) -> Vec<u8> {
    canonical_name(name).unwrap_or_else(|| name.to_vec())
}

fn canonical_name(name: &[u8]) -> Option<Vec<u8>> {
    let (sequence, _) = der::read_element(name)?;
    let mut canonical = Vec::with_capacity(name.len() + 8);
    let mut rest = sequence.content;
    while !rest.is_empty() {
        let (relative_name, after) = der::read_element(rest)?;
        rest = after;
        let mut attributes = Vec::new();
        let mut parts = relative_name.content;
        while !parts.is_empty() {
            let (attribute, after) = der::read_element(parts)?;
            parts = after;
            let (identifier, value) = der::read_element(attribute.content)?;
            let (value, _) = der::read_element(value)?;
            attributes.push((identifier.whole, canonical_value(value.tag, value.content)));
        }
        attributes.sort_unstable();
        canonical.push(0x31);
        canonical.extend((attributes.len() as u32).to_be_bytes());
        for (identifier, (tag, value)) in attributes {
            canonical.extend(identifier);
            canonical.push(tag);
            canonical.extend((value.len() as u32).to_be_bytes());
            canonical.extend(value);
        }
    }
    Some(canonical)
}

/// The tag and the octets to compare.
fn canonical_value(tag: u8, octets: &[u8]) -> (u8, Vec<u8>) {
    const UTF8: u8 = 12;
    let text = match tag {
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
    let Some(text) = text else {
        return (tag, octets.to_vec());
    };
    let mut folded = Vec::with_capacity(text.len());
    for word in text
        .as_bytes()
        .split(|byte| matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r'))
        .filter(|word| !word.is_empty())
    {
        if !folded.is_empty() {
            folded.push(b' ');
        }
        folded.extend(word.iter().map(u8::to_ascii_lowercase));
    }
    (UTF8, folded)
}

#[cfg(test)]
mod tests {
    use super::*;

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
