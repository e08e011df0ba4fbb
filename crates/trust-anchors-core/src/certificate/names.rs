//! Names for people: distinguished names (RFC 4514) and object identifiers.

use std::borrow::Cow;

use crate::certificate::hexadecimal;
use crate::der;

/// A `Name` as RFC 4514 writes it: last relative distinguished name first, special characters escaped, and control
/// characters escaped for a terminal. A value that is no string is given as `#` and
/// its DER in hexadecimal.
pub fn rfc4514(name: &[u8]) -> String {
    let mut relative_names: Vec<String> = Vec::new();
    let mut last = None;
    for attribute in der::name_attributes(name) {
        let key = attribute_type(attribute.attribute);
        let attribute_text = match attribute.to_utf8() {
            Some(value) => format!("{key}={}", escape_value(&value)),
            None => format!("{key}=#{}", hexadecimal(&attribute.value_der())),
        };
        match relative_names.last_mut() {
            Some(relative_name) if last == Some(attribute.set) => {
                relative_name.push('+');
                relative_name.push_str(&attribute_text);
            }
            _ => relative_names.push(attribute_text),
        }
        last = Some(attribute.set);
    }
    relative_names.reverse();
    relative_names.join(",")
}

/// The last common name in a `Name`, unescaped.
pub fn common_name(name: &[u8]) -> Option<String> {
    const COMMON_NAME: [u8; 3] = [0x55, 0x04, 3];
    der::name_attributes(name)
        .filter(|attribute| attribute.attribute == COMMON_NAME)
        .filter_map(|attribute| attribute.to_utf8().map(Cow::into_owned))
        .last()
}

/// Escapes a value (RFC 4514 section 2.4), then what a terminal would act on.
fn escape_value(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (index, character) in value.chars().enumerate() {
        let special = matches!(character, '"' | '+' | ',' | ';' | '<' | '>' | '\\')
            || (index == 0 && matches!(character, '#' | ' '))
            || (index == last && character == ' ');
        if special {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    crate::findings::escape(&escaped)
}

fn attribute_type(identifier: &[u8]) -> String {
    match identifier {
        [0x55, 0x04, 3] => "CN".into(),
        [0x55, 0x04, 5] => "serialNumber".into(),
        [0x55, 0x04, 6] => "C".into(),
        [0x55, 0x04, 7] => "L".into(),
        [0x55, 0x04, 8] => "ST".into(),
        [0x55, 0x04, 9] => "STREET".into(),
        [0x55, 0x04, 10] => "O".into(),
        [0x55, 0x04, 11] => "OU".into(),
        [0x55, 0x04, 97] => "organizationIdentifier".into(),
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 25] => "DC".into(),
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 1] => "UID".into(),
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 1] => "emailAddress".into(),
        _ => dotted(identifier),
    }
}

/// An object identifier in dotted form (`OBJ_obj2txt`), from its content octets. One with a number beyond 128 bits is given as `#` and
/// its octets in hexadecimal.
pub fn dotted(identifier: &[u8]) -> String {
    let mut numbers = Vec::new();
    let mut number = 0u128;
    for octet in identifier {
        let Some(shifted) = number.checked_mul(0x80) else {
            return format!("#{}", hexadecimal(identifier));
        };
        number = shifted | u128::from(octet & 0x7f);
        if octet & 0x80 != 0 {
            continue;
        }
        if numbers.is_empty() {
            // The first two numbers share an encoding.
            let first = (number / 40).min(2);
            numbers.push(first.to_string());
            number -= first * 40;
        }
        numbers.push(number.to_string());
        number = 0;
    }
    numbers.join(".")
}

/// A signature algorithm's usual name, or its dotted object identifier.
pub fn algorithm(identifier: &[u8]) -> String {
    let name = match dotted(identifier).as_str() {
        "1.2.840.113549.1.1.2" => "md2WithRSAEncryption",
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.10" => "rsassaPss",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.113549.1.1.14" => "sha224WithRSAEncryption",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.1" => "ecdsa-with-SHA224",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.2.840.10040.4.3" => "dsa-with-SHA1",
        "2.16.840.1.101.3.4.3.2" => "dsa-with-SHA256",
        "1.3.101.112" => "ed25519",
        "1.3.101.113" => "ed448",
        "2.16.840.1.101.3.4.3.17" => "ml-dsa-44",
        "2.16.840.1.101.3.4.3.18" => "ml-dsa-65",
        "2.16.840.1.101.3.4.3.19" => "ml-dsa-87",
        other => return other.to_owned(),
    };
    name.to_owned()
}

/// A key type in the words of Node's `KeyObject#asymmetricKeyType`, or its dotted object identifier.
pub fn key_type(identifier: &[u8]) -> String {
    let name = match dotted(identifier).as_str() {
        "1.2.840.113549.1.1.1" => "rsa",
        "1.2.840.113549.1.1.10" => "rsa-pss",
        "1.2.840.10045.2.1" => "ec",
        "1.2.840.10040.4.1" => "dsa",
        "1.3.101.110" => "x25519",
        "1.3.101.111" => "x448",
        "1.3.101.112" => "ed25519",
        "1.3.101.113" => "ed448",
        "2.16.840.1.101.3.4.3.17" => "ml-dsa-44",
        "2.16.840.1.101.3.4.3.18" => "ml-dsa-65",
        "2.16.840.1.101.3.4.3.19" => "ml-dsa-87",
        other => return other.to_owned(),
    };
    name.to_owned()
}

/// The size of a named curve in bits.
pub fn curve_bits(identifier: &[u8]) -> Option<u32> {
    match dotted(identifier).as_str() {
        "1.2.840.10045.3.1.1" => Some(192),
        "1.3.132.0.33" => Some(224),
        "1.2.840.10045.3.1.7" | "1.3.132.0.10" | "1.3.36.3.3.2.8.1.1.7" => Some(256),
        "1.3.36.3.3.2.8.1.1.9" => Some(320),
        "1.3.132.0.34" | "1.3.36.3.3.2.8.1.1.11" => Some(384),
        "1.3.36.3.3.2.8.1.1.13" => Some(512),
        "1.3.132.0.35" => Some(521),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_are_written_as_openssl_writes_them() {
        for (octets, text) in [
            (&[0x55, 0x1d, 0x25, 0x00][..], "2.5.29.37.0"),
            (&[0x2b, 6, 1, 4, 1, 0x82, 0x37], "1.3.6.1.4.1.311"),
            (&[0x7f, 0x09], "2.47.9"),
            (&[0xa0, 0x1d, 0x25], "2.4045.37"),
            (&[0x27, 0x28], "0.39.40"),
            (&[0x4f], "1.39"),
            (&[0x83, 0xff, 0xff, 0x7f], "2.8388527"),
            (&[], ""),
        ] {
            assert_eq!(dotted(octets), text);
        }
        assert_eq!(dotted(&[0xff; 20]), format!("#{}", "ff".repeat(20)));
    }
}
