//! The text that Node makes of subjectAltName: `subjectaltname` of the legacy object, and what an error message shows
//! (`SafeX509SubjectAltNamePrint` and `PrintGeneralName` in `src/crypto/crypto_common.cc` up to Node 20,
//! `deps/ncrypto/ncrypto.cc` later).

use crate::der::{GeneralName, OpensslVersion, OtherName};

use super::distinguished_name::{from_utf8, hexadecimal, numeric, rfc2253};

/// The text of these names.
pub(super) fn text_of(names: &[GeneralName<'_>], version: OpensslVersion) -> String {
    let mut text = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            text.extend_from_slice(b", ");
        }
        write_name(name, version, &mut text);
    }
    from_utf8(text)
}

fn write_name(name: &GeneralName<'_>, version: OpensslVersion, text: &mut Vec<u8>) {
    match name {
        GeneralName::Dns(octets) => write_latin1("DNS:", octets, text),
        GeneralName::Email(octets) => write_latin1("email:", octets, text),
        GeneralName::Uri(octets) => write_latin1("URI:", octets, text),
        GeneralName::Directory(name) => {
            text.extend_from_slice(b"DirName:");
            write_quoted(&rfc2253(name, version), true, "", text);
        }
        GeneralName::IpAddress(octets) => {
            text.extend_from_slice(b"IP Address:");
            text.extend_from_slice(address(octets).as_bytes());
        }
        GeneralName::RegisteredId(identifier) => {
            text.extend_from_slice(b"Registered ID:");
            text.extend_from_slice(numeric(identifier, 256).as_bytes());
        }
        GeneralName::Other(name) => write_other_name(name, text),
        GeneralName::X400 => text.extend_from_slice(b"X400Name:<unsupported>"),
        GeneralName::EdiParty => text.extend_from_slice(b"EdiPartyName:<unsupported>"),
    }
}

/// An `iPAddress`, not yet in the canonical spelling.
fn address(octets: &[u8]) -> String {
    let join = |parts: Vec<String>, separator| parts.join(separator);
    match octets.len() {
        4 => join(octets.iter().map(u8::to_string).collect(), "."),
        16 => join(
            octets
                .chunks(2)
                .map(|pair| {
                    let group = pair
                        .iter()
                        .fold(0, |value, octet| (value << 8) | u16::from(*octet));
                    format!("{group:X}")
                })
                .collect(),
            ":",
        ),
        length => format!("<invalid length={length}>"),
    }
}

fn write_other_name(name: &OtherName<'_>, text: &mut Vec<u8>) {
    const UTF8_STRING: u32 = 12;
    const IA5_STRING: u32 = 22;
    let known = match name.identifier {
        // 1.3.6.1.5.5.7.8.9
        [0x2b, 6, 1, 5, 5, 7, 8, 9] => Some(("SmtpUTF8Mailbox:", UTF8_STRING)),
        // 1.3.6.1.5.5.7.8.5
        [0x2b, 6, 1, 5, 5, 7, 8, 5] => Some(("XmppAddr:", UTF8_STRING)),
        // 1.3.6.1.5.5.7.8.7
        [0x2b, 6, 1, 5, 5, 7, 8, 7] => Some(("SRVName:", IA5_STRING)),
        // 1.3.6.1.4.1.311.20.2.3
        [0x2b, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 3] => Some(("UPN:", UTF8_STRING)),
        // 1.3.6.1.5.5.7.8.8
        [0x2b, 6, 1, 5, 5, 7, 8, 8] => Some(("NAIRealm:", UTF8_STRING)),
        _ => None,
    };
    text.extend_from_slice(b"othername:");
    match known {
        Some((prefix, value_type)) if name.value_type == Some(value_type) => {
            write_quoted(&name.value, value_type == UTF8_STRING, prefix, text);
        }
        _ => text.extend_from_slice(b"<unsupported>"),
    }
}

fn write_latin1(kind: &str, octets: &[u8], text: &mut Vec<u8>) {
    text.extend_from_slice(kind.as_bytes());
    write_quoted(octets, false, "", text);
}

/// `PrintAltName`: octets that are safe as they are, others as a JSON string, with `prefix` inside it. Octets beyond ASCII
/// are safe in UTF-8, and escaped as the Latin-1 characters they stand for elsewhere.
fn write_quoted(octets: &[u8], is_utf8: bool, prefix: &str, text: &mut Vec<u8>) {
    let is_plain = |octet: u8| matches!(octet, b' '..=b'~') || (is_utf8 && octet >= 0x80);
    let is_safe = |octet: &u8| is_plain(*octet) && !matches!(octet, b'"' | b'\\' | b',' | b'\'');
    if octets.iter().all(is_safe) {
        text.extend_from_slice(prefix.as_bytes());
        text.extend_from_slice(octets);
        return;
    }
    text.push(b'"');
    text.extend_from_slice(prefix.as_bytes());
    for octet in octets {
        match *octet {
            b'\\' | b'"' => text.extend_from_slice(&[b'\\', *octet]),
            octet if is_plain(octet) && octet != b',' => text.push(octet),
            octet => {
                text.extend_from_slice(b"\\u00");
                text.extend_from_slice(&hexadecimal(octet, b"0123456789abcdef"));
            }
        }
    }
    text.push(b'"');
}
