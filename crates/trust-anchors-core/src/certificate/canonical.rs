//! Distinguished names as OpenSSL compares them.

use crate::der::{self, NameAttribute};

/// The form in which `X509_NAME_cmp` compares names (`x509_name_canon` and `asn1_string_canon` in `crypto/x509/x_name.c`): strings
/// as UTF-8 whatever their type, ASCII letters in lower case, white space at the ends dropped and elsewhere one space. Written
/// behind what `canonical` holds.
///
/// As OpenSSL's, the form of a name begins with the form of another exactly when its relative distinguished names begin with
/// the other's: name constraints are compared that way (`nc_dn`). Unlike OpenSSL's it is no DER.
pub fn canonicalize(name: &[u8], canonical: &mut Vec<u8>) {
    let mut attributes = der::name_attributes(name).peekable();
    while let Some(first) = attributes.next() {
        let mut written = vec![canonical_attribute(&first)];
        while let Some(other) = attributes.next_if(|attribute| attribute.set == first.set) {
            written.push(canonical_attribute(&other));
        }
        // The attributes of a relative distinguished name have no order.
        written.sort_unstable();
        with_length(canonical, |canonical| {
            canonical.extend(written.into_iter().flatten());
        });
    }
}

/// Writes what `write` writes, with its length before it.
fn with_length(canonical: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = canonical.len();
    canonical.extend_from_slice(&[0; 4]);
    write(canonical);
    // A certificate is far from 4 GiB long: `X509_NAME_MAX` is 1 MiB.
    let length = (canonical.len() - start - 4) as u32;
    if let Some(place) = canonical.get_mut(start..start + 4) {
        place.copy_from_slice(&length.to_be_bytes());
    }
}

fn canonical_attribute(attribute: &NameAttribute<'_>) -> Vec<u8> {
    let mut written = Vec::with_capacity(attribute.attribute.len() + attribute.value.len() + 9);
    with_length(&mut written, |written| {
        written.extend_from_slice(attribute.attribute);
    });
    with_length(&mut written, |written| {
        let type_at = written.len();
        written.push(0);
        let string_type = write_value(attribute, written);
        if let Some(place) = written.get_mut(type_at) {
            *place = string_type;
        }
    });
    written
}

/// Writes the octets to compare; their type.
fn write_value(attribute: &NameAttribute<'_>, canonical: &mut Vec<u8>) -> u8 {
    const UTF8_STRING: u8 = 12;
    let is_folded = matches!(attribute.string_type, 12 | 19 | 20 | 22 | 28 | 30);
    match attribute.to_utf8().filter(|_| is_folded) {
        Some(text) => {
            fold(text.as_bytes(), canonical);
            UTF8_STRING
        }
        None => {
            canonical.extend_from_slice(&attribute.value);
            // The types that a name may have are numbers below 31.
            attribute.string_type as u8
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
    use crate::certificate::forge::element;

    fn canonical(name: &[u8]) -> Vec<u8> {
        let mut canonical = Vec::new();
        canonicalize(name, &mut canonical);
        canonical
    }

    fn name(tag: u8, value: &[u8]) -> Vec<u8> {
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
    }

    #[test]
    fn the_encoding_does_not_count() {
        let der = name(12, b"example root");
        // The same in BER: indefinite lengths, a constructed string, a long length.
        let ber = [
            &[0x30, 0x80, 0x31, 0x80, 0x30, 0x81, 0x1a][..],
            &[0x06, 0x81, 0x03, 0x55, 0x04, 0x03, 0x2c, 0x80],
            &[0x04, 0x08],
            b"Example ",
            &[0x04, 0x04],
            b"Root",
            &[0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
        ]
        .concat();
        assert_eq!(canonical(&ber), canonical(&der));
        assert_eq!(canonical(&[0x30, 0x02, 0x31, 0x00]), b"");
    }

    #[test]
    fn a_name_begins_with_another_at_the_border_of_its_parts() {
        let attribute = |last: u8, value: &[u8]| {
            let identifier = element(0x06, &[0x55, 0x04, last]);
            element(0x30, &[identifier, element(0x0c, value)].concat())
        };
        let named = |sets: &[&[&[u8]]]| {
            let sets: Vec<_> = sets
                .iter()
                .map(|set| element(0x31, &set.concat()))
                .collect();
            canonical(&element(0x30, &sets.concat()))
        };
        let (country, organization) = (&*attribute(6, b"AQ"), &*attribute(10, b"Example"));
        let longer = &*attribute(10, b"Example Incorporated");
        let unit = &*attribute(11, b"a");
        let base = named(&[&[country], &[organization]]);
        for (sets, begins) in [
            (&[&[country][..], &[organization]][..], true),
            (&[&[country], &[organization], &[unit]], true),
            (&[&[country], &[longer]], false),
            (&[&[country], &[organization, unit]], false),
            (&[&[country, organization]], false),
            (&[&[country]], false),
        ] {
            assert_eq!(named(sets).starts_with(&base), begins, "{sets:?}");
        }
        assert_eq!(
            named(&[&[organization, country]]),
            named(&[&[country, organization]])
        );
    }
}
