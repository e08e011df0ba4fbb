//! The reading that Bun gives `NODE_EXTRA_CA_CERTS`: BoringSSL's `PEM_read_bio_X509` over the file in memory, until there is no further BEGIN line.
//! Anything else that ends it makes Bun drop the whole file, and so does a file without a certificate
//! (`us_ssl_ctx_load_all_certs_from_file` in Bun's `root_certs.cpp`).
//!
//! Modelled on BoringSSL's `PEM_read_bio` and `PEM_bytes_read_bio` (`crypto/pem/pem_lib.cc`), and on `EVP_DecodeUpdate` and `EVP_DecodeFinal`
//! (`crypto/base64/base64.cc`), as they are in Bun 1.4.5.

use super::encrypted;
use super::node::{Block, End, Lines, PemError, Reading, Step, clean, read_blocks, until_nul};
use crate::certificate::Certificate;
use crate::der::{OpensslVersion, read_element};

/// `BIO_gets(bp, buf, 254)`: one of them is the terminator.
const LINE_BYTES: usize = 253;

const LABELS: &[&[u8]] = &[b"CERTIFICATE", b"X509 CERTIFICATE"];

/// What Bun says of a file without any certificate in it.
pub const NO_CERTIFICATE: &str = "error:10000009:SSL routines:OPENSSL_internal:PEM routines";

/// Reads a file as Bun does. Whether the certificates count is decided by how it ended ([`Reading::end`]).
pub fn read(input: &[u8]) -> Reading {
    let mut lines = Lines::of_memory(input, LINE_BYTES);
    read_blocks(&mut lines, LABELS, next_block, |block| {
        let data = encrypted::open(&block.header, &block.data).map_err(|end| match end {
            // BoringSSL says so where OpenSSL is silent.
            End::Silent(_) => End::Warning(PemError::ProcTypeVersion),
            end => end,
        })?;
        decode(&data).map_err(End::Warning)
    })
}

/// BoringSSL's `d2i_X509`: OpenSSL's, but for lengths that are not DER and versions that X.509 does not have.
fn decode(data: &[u8]) -> Result<Certificate, PemError> {
    let certificate =
        Certificate::decode(data, OpensslVersion::V3_5).map_err(PemError::Certificate)?;
    if is_accepted(&certificate, data) {
        Ok(certificate)
    } else {
        Err(PemError::OpensslOnly)
    }
}

/// Whether BoringSSL decodes a certificate that OpenSSL decodes, from these bytes.
pub fn is_accepted(certificate: &Certificate, data: &[u8]) -> bool {
    has_shortest_lengths(data) && certificate.version() <= 3
}

/// Whether the first element of `data`, and every one inside it, has a definite length in as few octets as it takes.
fn has_shortest_lengths(data: &[u8]) -> bool {
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
        if octets != needed {
            return false;
        }
        // What follows the certificate is ignored.
        if !std::mem::take(&mut is_first) && !after.is_empty() {
            waiting.push(after);
        }
        if element.tag & 0x20 != 0 && !element.content.is_empty() {
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
    match decode_base64(&data) {
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

/// `EVP_DecodeUpdate` over the whole text, then `EVP_DecodeFinal`; `None` where either fails.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r'))
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
        let decoded = |text: &str| decode_base64(text.as_bytes());
        assert_eq!(decoded("QUJD\n"), Some(b"ABC".to_vec()));
        assert_eq!(decoded("QU\x0cJ D\t\r\n"), Some(b"ABC".to_vec()));
        assert_eq!(decoded("QUI=\n"), Some(b"AB".to_vec()));
        assert_eq!(decoded("QQ==\n"), Some(b"A".to_vec()));
        assert_eq!(decoded(""), Some(Vec::new()));
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
}
