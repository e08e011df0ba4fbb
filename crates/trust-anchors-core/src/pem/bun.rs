//! The reading that Bun gives `NODE_EXTRA_CA_CERTS`: BoringSSL's `PEM_read_bio_X509` over the file in memory, until there is no further BEGIN line.
//! Anything else that ends it makes Bun drop the whole file, and so does a file without a certificate
//! (`us_ssl_ctx_load_all_certs_from_file` in Bun's `root_certs.cpp`).
//!
//! Modelled on BoringSSL's `PEM_read_bio` and `PEM_bytes_read_bio` (`crypto/pem/pem_lib.cc`), and on `EVP_DecodeUpdate` and `EVP_DecodeFinal`
//! (`crypto/base64/base64.cc`), as they are in Bun 1.4.5.

use std::ops::Range;

use super::encrypted;
use super::node::{Block, End, Lines, PemError, Reading, Step, clean, read_blocks, until_nul};
use crate::certificate::{Certificate, unix_time};
use crate::der::{DecodedCertificate, OpensslVersion, decode_certificate, read_element};

/// What BoringSSL decodes is, but for what is checked here, what this one does.
const OPENSSL: OpensslVersion = OpensslVersion::V3_5;

/// `BIO_gets(bp, buf, 254)`: one of them is the terminator.
const LINE_BYTES: usize = 253;

const LABELS: &[&[u8]] = &[b"CERTIFICATE", b"X509 CERTIFICATE"];

const CONSTRUCTED: u8 = 0x20;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// What Bun says of a file without any certificate in it.
pub const NO_CERTIFICATE: &str = "error:10000009:SSL routines:OPENSSL_internal:PEM routines";

/// Reads a file as Bun does. Whether the certificates count is decided by how it ended ([`Reading::end`]).
pub fn read(input: &[u8]) -> Reading {
    let mut lines = Lines::of_memory(input, LINE_BYTES);
    read_blocks(&mut lines, LABELS, next_block, |block| {
        check_header(&block.header).map_err(End::Warning)?;
        let data = encrypted::open(&block.header, &block.data)?;
        decode(&data).map_err(End::Warning)
    })
}

/// `PEM_get_EVP_CIPHER_INFO`, as far as it is not OpenSSL's: one blank behind each name, and a version of its own error.
fn check_header(header: &[u8]) -> Result<(), PemError> {
    let header = until_nul(header);
    if header.is_empty() {
        return Ok(());
    }
    let rest = header
        .strip_prefix(b"Proc-Type: ")
        .ok_or(PemError::NotProcType)?
        .strip_prefix(b"4,")
        .ok_or(PemError::ProcTypeVersion)?
        .strip_prefix(b"ENCRYPTED")
        .ok_or(PemError::NotEncrypted)?;
    let end = memchr::memchr(b'\n', rest).ok_or(PemError::ShortHeader)?;
    match rest.get(end + 1..) {
        Some(next) if next.starts_with(b"DEK-Info: ") => Ok(()),
        _ => Err(PemError::NotDekInfo),
    }
}

/// BoringSSL's `d2i_X509`.
fn decode(data: &[u8]) -> Result<Certificate, PemError> {
    let decoded = decode_certificate(data, OPENSSL).map_err(PemError::Certificate)?;
    if is_distinguished(data) && is_well_formed(&decoded) {
        Ok(Certificate::from_decoded(decoded))
    } else {
        Err(PemError::OpensslOnly)
    }
}

/// Whether BoringSSL decodes a certificate that OpenSSL decodes. The other way round, a name may hold strings of any type for BoringSSL, and of some for
/// OpenSSL: what the latter refuses cannot be told of.
pub fn is_accepted(der: &[u8]) -> bool {
    decode(der).is_ok()
}

/// Whether the fields go with the version, and whether the dates are dates (`x509_parse` in `crypto/x509/x_x509.cc`, `CBS_parse_utc_time`).
fn is_well_formed(DecodedCertificate { der, fields, .. }: &DecodedCertificate<'_>) -> bool {
    let at = |range: &Range<usize>| der.get(range.clone()).unwrap_or_default();
    let has_extensions = !fields.extensions.is_empty();
    // `[1]` and `[2]` follow the key.
    let has_unique_identifier = der
        .get(fields.subject_public_key_info.end)
        .is_some_and(|tag| tag & 0xc0 == 0x80 && matches!(tag & 0x1f, 1 | 2))
        && fields.subject_public_key_info.end < fields.tbs_certificate.end;
    let fits_version = match at(&fields.version) {
        [] | [0] => !has_extensions && !has_unique_identifier,
        [1] => !has_extensions,
        [2] => true,
        _ => false,
    };
    fits_version && is_time(at(&fields.not_before)) && is_time(at(&fields.not_after))
}

/// Whether a UTCTime or a GeneralizedTime is one: to the second, with `Z`; a UTCTime may have an offset.
fn is_time(element: &[u8]) -> bool {
    if unix_time(element).is_some() {
        return true;
    }
    let Some([0x17, 17, digits @ .., sign, _, _, _, _]) =
        element.get(..19).filter(|_| element.len() == 19)
    else {
        return false;
    };
    let in_utc = [&[0x17, 13], digits, b"Z"].concat();
    let offset = element.get(15..).unwrap_or_default();
    let is_offset = matches!(
        offset,
        [b'0'..=b'1', b'0'..=b'9', b'0'..=b'5', b'0'..=b'9']
            | [b'2', b'0'..=b'3', b'0'..=b'5', b'0'..=b'9']
    );
    matches!(sign, b'+' | b'-') && is_offset && unix_time(&in_utc).is_some()
}

/// Whether the first element of `data`, and every one inside it, has a definite length in as few octets as it takes, and is no string in parts, no empty
/// set (a relative name without an attribute), and of no type that BoringSSL does not know (EXTERNAL, EMBEDDED PDV, CHARACTER STRING).
fn is_distinguished(data: &[u8]) -> bool {
    let mut rest = data;
    let mut is_first = true;
    let mut waiting = Vec::new();
    loop {
        let Some((element, after)) = read_element(rest) else {
            return false;
        };
        let octets = element.whole.len() - element.content.len() - 1;
        let needed = match element.content.len() {
            ..0x80 => 1,
            length => 1 + (usize::BITS - length.leading_zeros()).div_ceil(8) as usize,
        };
        let is_odd = match element.tag {
            SET => element.content.is_empty(),
            SEQUENCE => false,
            0x08 | 0x0b | 0x1d => true,
            tag => tag & 0xe0 == CONSTRUCTED,
        };
        if octets != needed || is_odd {
            return false;
        }
        // What follows the certificate is ignored.
        if !std::mem::take(&mut is_first) && !after.is_empty() {
            waiting.push(after);
        }
        if element.tag & CONSTRUCTED != 0 && !element.content.is_empty() {
            waiting.push(element.content);
        }
        match waiting.pop() {
            Some(next) => rest = next,
            None => return true,
        }
    }
}

/// `PEM_read_bio`: one block of any label.
fn next_block<'a>(lines: &mut Lines<'a>) -> Step<'a> {
    let (label, begin, line) = loop {
        let (start, number) = (lines.offset, lines.line);
        let Some(raw) = lines.next() else {
            return Step::End;
        };
        let label = until_nul(clean(raw))
            .strip_prefix(b"-----BEGIN ")
            .and_then(|rest| rest.strip_suffix(b"-----"));
        if let Some(label) = label {
            break (label, start, number);
        }
    };
    let mut header = Vec::new();
    let mut data = Vec::new();
    let mut has_header = false;
    let end_line = loop {
        let Some(raw) = lines.next() else {
            break None;
        };
        let text = clean(raw);
        if text.is_empty() && !has_header {
            has_header = true;
            header = std::mem::take(&mut data);
        } else if text.starts_with(b"-----END ") {
            break Some(text);
        } else {
            data.extend_from_slice(text);
            data.push(b'\n');
        }
    };
    let position = lines.position(begin, line);
    let is_end = end_line
        .and_then(|text| text.strip_prefix(b"-----END "))
        .is_some_and(|rest| rest.strip_suffix(b"-----") == Some(label));
    if !is_end {
        return Step::Stop(End::Warning(PemError::BadEndLine), position);
    }
    match decode_base64(&data, LABELS.contains(&label)) {
        None => Step::Stop(End::Warning(PemError::BadBase64), position),
        Some(data) if data.is_empty() => Step::Stop(End::Warning(PemError::NoData), position),
        Some(data) => Step::Block(Block {
            label,
            header,
            data,
            position,
        }),
    }
}

/// `EVP_DecodeUpdate` over the whole text, then `EVP_DecodeFinal`; `None` where either fails. In the blocks of certificates, and in no others, a form feed
/// is a blank (measured).
fn decode_base64(text: &[u8], is_certificate: bool) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| {
            !(matches!(byte, b' ' | b'\t' | b'\n' | b'\r') || is_certificate && *byte == 0x0c)
        })
        .collect();
    let mut data = Vec::with_capacity(digits.len() / 4 * 3);
    let mut is_over = false;
    for quad in digits.chunks(4) {
        let [one, two, three, four] = quad else {
            return None;
        };
        if is_over {
            return None;
        }
        let bytes = match (three, four) {
            (b'=', b'=') => 1,
            (_, b'=') => 2,
            _ => 3,
        };
        is_over = bytes < 3;
        let mut bits = 0;
        for (place, digit) in [one, two, three, four].into_iter().enumerate() {
            let value = if place > bytes {
                0
            } else {
                digit_value(*digit)?
            };
            bits = bits << 6 | u32::from(value);
        }
        data.extend_from_slice(bits.to_be_bytes().get(1..=bytes)?);
    }
    Some(data)
}

fn digit_value(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

impl PemError {
    /// BoringSSL's own text for it, as `ERR_error_string` gives it.
    pub fn boringssl_text(self) -> &'static str {
        match self {
            Self::BadBase64 => "error:09000064:PEM routines:OPENSSL_internal:BAD_BASE64_DECODE",
            Self::BadDecrypt(_) => "error:09000065:PEM routines:OPENSSL_internal:BAD_DECRYPT",
            Self::BadEndLine | Self::BadBeginLine => {
                "error:09000066:PEM routines:OPENSSL_internal:BAD_END_LINE"
            }
            Self::BadIvChars | Self::MissingDekIv => {
                "error:09000067:PEM routines:OPENSSL_internal:BAD_IV_CHARS"
            }
            Self::NotDekInfo => "error:0900006b:PEM routines:OPENSSL_internal:NOT_DEK_INFO",
            Self::NotEncrypted => "error:0900006c:PEM routines:OPENSSL_internal:NOT_ENCRYPTED",
            Self::NotProcType => "error:0900006d:PEM routines:OPENSSL_internal:NOT_PROC_TYPE",
            Self::ShortHeader => "error:09000070:PEM routines:OPENSSL_internal:SHORT_HEADER",
            Self::UnsupportedEncryption => {
                "error:09000072:PEM routines:OPENSSL_internal:UNSUPPORTED_ENCRYPTION"
            }
            Self::ProcTypeVersion => {
                "error:09000073:PEM routines:OPENSSL_internal:UNSUPPORTED_PROC_TYPE_VERSION"
            }
            Self::NoData => "error:09000074:PEM routines:OPENSSL_internal:NO_DATA",
            Self::Certificate(_) | Self::OpensslOnly => {
                "error:0900000c:PEM routines:OPENSSL_internal:ASN.1 encoding routines"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_decoded_as_boringssl_does() {
        let decoded = |text: &str| decode_base64(text.as_bytes(), true);
        assert_eq!(decoded("QUJD\n"), Some(b"ABC".to_vec()));
        assert_eq!(decoded("QU\x0cJ D\t\r\n"), Some(b"ABC".to_vec()));
        assert_eq!(decoded("QUI=\n"), Some(b"AB".to_vec()));
        assert_eq!(decoded("QQ==\n"), Some(b"A".to_vec()));
        assert_eq!(decoded(""), Some(Vec::new()));
        assert_eq!(decode_base64(b"QU\x0cJD", false), None);
        for text in [
            "QUI",
            "QUI=QUJD",
            "Q===",
            "====",
            "QUJD-rest",
            "QU=D",
            "QU\0D",
        ] {
            assert_eq!(decoded(text), None, "{text:?}");
        }
    }

    #[test]
    fn fields_go_with_the_version_and_dates_are_dates() {
        let root = webpki_root_certs::TLS_SERVER_ROOT_CERTS[0].as_ref();
        assert!(is_accepted(root));
        let version = root
            .windows(5)
            .position(|octets| octets == [0xa0, 3, 2, 1, 2])
            .unwrap();
        for (number, accepted) in [(0, false), (1, false), (2, true), (3, false), (255, false)] {
            let mut changed = root.to_vec();
            changed[version + 4] = number;
            assert!(Certificate::decode(&changed, OPENSSL).is_ok(), "{number}");
            assert_eq!(is_accepted(&changed), accepted, "{number}");
        }
        let time = |text: &str| is_time(&[&[0x17, text.len() as u8], text.as_bytes()].concat());
        for text in ["450101000000Z", "450101000000+0100", "440229235959Z"] {
            assert!(time(text), "{text}");
        }
        for text in [
            "450229000000Z",
            "451301000000Z",
            "450101000000z",
            "450101000000+01",
            "450101000000+2460",
        ] {
            assert!(!time(text), "{text}");
        }
    }

    #[test]
    fn lengths_are_the_shortest() {
        assert!(is_distinguished(&[0x30, 3, 2, 1, 0]));
        // Indefinite, longer than need be, a string in parts, an empty set, cut short.
        for bytes in [
            &[0x30, 0x80, 2, 1, 0, 0, 0][..],
            &[0x30, 0x81, 3, 2, 1, 0],
            &[0x30, 4, 0x24, 2, 4, 0],
            &[0x30, 2, 0x31, 0],
            &[0x30, 3, 2, 1],
        ] {
            assert!(!is_distinguished(bytes), "{bytes:?}");
        }
    }
}
