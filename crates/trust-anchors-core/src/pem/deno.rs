//! The reading that Deno gives `NODE_EXTRA_CA_CERTS`: the PEM reader of rustls over the file. A fault in any block of it makes Deno drop the whole file; a
//! certificate that no anchor can be made of is passed over without a word.
//!
//! Modelled on `rustls-pemfile` 2 and on `RootCertStore::add` of rustls, as they are in Deno 2.9.6.

use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, Engine};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

use super::Position;
use super::node::{End, PemError, Reading};
use crate::certificate::Certificate;
use crate::der::OpensslVersion;

const BEGIN: &[u8] = b"-----BEGIN ";
/// The one label that counts.
pub const LABEL: &str = "CERTIFICATE";
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A block that has begun.
struct Section<'a> {
    label: &'a [u8],
    begin: usize,
    line: u32,
    base64: Vec<u8>,
}

/// Reads a file as Deno does. Whether the certificates count is decided by how it ended ([`Reading::end`]). Blocks of other labels and certificates
/// that are passed over are both among [`Reading::skipped`]. What OpenSSL would not decode cannot be told of, whatever rustls makes of it.
pub fn read(input: &[u8], version: OpensslVersion) -> Reading {
    let mut reading = Reading {
        certificates: Vec::new(),
        skipped: Vec::new(),
        end: End::NoStartLine,
        end_position: None,
        end_offset: input.len(),
        words: None,
    };
    let mut section: Option<Section<'_>> = None;
    let (mut offset, mut number) = (0, 1);
    while let Some(line) = line_at(input, offset) {
        let (start, line_number) = (offset, number);
        offset += line.len();
        if line.ends_with(b"\n") {
            number += 1;
        }
        let place = |begin: usize, line: u32| Position {
            line,
            end_line: line_number.max(line),
            bytes: begin..offset,
        };
        if line.starts_with(BEGIN) {
            let Some(label) = label_of(line) else {
                let (begin, line_of_begin) = section
                    .as_ref()
                    .map_or((start, line_number), |open| (open.begin, open.line));
                reading.end = End::Warning(PemError::BadBeginLine);
                reading.end_position = Some(place(begin, line_of_begin));
                reading.end_offset = offset;
                reading.words = Some(format!(
                    "illegal section start: {:?}",
                    String::from_utf8_lossy(line)
                ));
                return reading;
            };
            // Another BEGIN gives the block another name, and takes nothing away.
            match &mut section {
                Some(open) => open.label = label,
                None => {
                    section = Some(Section {
                        label,
                        begin: start,
                        line: line_number,
                        base64: Vec::new(),
                    });
                }
            }
            continue;
        }
        let Some(open) = &mut section else {
            continue;
        };
        if !is_end_of(line, open.label) {
            open.base64.extend_from_slice(line.trim_ascii());
            continue;
        }
        let position = place(open.begin, open.line);
        let label = String::from_utf8_lossy(open.label).into_owned();
        match BASE64.decode(&open.base64) {
            Err(error) => {
                reading.end = End::Warning(PemError::BadBase64);
                reading.end_position = Some(position);
                reading.end_offset = offset;
                reading.words = Some(format!("{error:?}"));
                return reading;
            }
            Ok(der) => match (label == LABEL).then(|| anchor(&der, version)).flatten() {
                Some(certificate) => reading.certificates.push((certificate, position)),
                None => reading.skipped.push((label, position)),
            },
        }
        section = None;
    }
    if let Some(open) = section {
        reading.end = End::Warning(PemError::BadEndLine);
        reading.end_position = Some(Position {
            line: open.line,
            end_line: number.max(open.line),
            bytes: open.begin..input.len(),
        });
        let marker = [b"-----END ", open.label, b"-----"].concat();
        reading.words = Some(format!(
            "section end {:?} missing",
            String::from_utf8_lossy(&marker)
        ));
    }
    reading
}

/// The certificate, where an anchor can be made of it.
fn anchor(der: &[u8], version: OpensslVersion) -> Option<Certificate> {
    is_accepted(der)
        .then(|| Certificate::decode(der, version).ok())
        .flatten()
}

/// Whether rustls makes an anchor of a certificate.
pub fn is_accepted(der: &[u8]) -> bool {
    RootCertStore::empty()
        .add(CertificateDer::from_slice(der))
        .is_ok()
}

/// Up to and with CR or LF.
fn line_at(input: &[u8], offset: usize) -> Option<&[u8]> {
    let rest = input.get(offset..).filter(|rest| !rest.is_empty())?;
    match memchr::memchr2(b'\n', b'\r', rest) {
        Some(end) => rest.get(..=end),
        None => Some(rest),
    }
}

/// What stands between `BEGIN` and the five dashes at the end of the line, among which blanks do not count.
fn label_of(line: &[u8]) -> Option<&[u8]> {
    let mut dashes = 0;
    let mut first = line.len();
    for (place, byte) in line.iter().enumerate().rev() {
        match byte {
            b'-' => {
                dashes += 1;
                first = place;
            }
            b'\n' | b'\r' | b' ' => {}
            _ => break,
        }
    }
    line.get(BEGIN.len()..first).filter(|_| dashes == 5)
}

fn is_end_of(line: &[u8], label: &[u8]) -> bool {
    line.strip_prefix(b"-----END ")
        .and_then(|rest| rest.strip_prefix(label))
        .is_some_and(|rest| rest.starts_with(b"-----"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::pem;
    use crate::pem::node;

    fn block(root: usize) -> String {
        pem(webpki_root_certs::TLS_SERVER_ROOT_CERTS[root].as_ref())
    }

    /// The lines at which the certificates begin, the labels that are passed over, and what rustls says at the end.
    fn outcome(input: &str) -> (Vec<u32>, Vec<String>, Option<String>) {
        let reading = read(input.as_bytes(), OpensslVersion::V3_5);
        assert_eq!(
            reading.words.is_some(),
            matches!(reading.end, node::End::Warning(_))
        );
        (
            reading
                .certificates
                .iter()
                .map(|(_, position)| position.line)
                .collect(),
            reading
                .skipped
                .into_iter()
                .map(|(label, _)| label)
                .collect(),
            reading.words,
        )
    }

    #[test]
    fn a_certificate_that_is_none_is_passed_over() {
        let none = pem(b"\x30\x00");
        assert_eq!(
            outcome(&(none + &block(0))),
            (vec![4], vec!["CERTIFICATE".into()], None)
        );
    }

    #[test]
    fn faults_have_the_words_of_rustls() {
        let bad = block(0).replacen("\nM", "\n!", 1);
        assert_eq!(outcome(&bad).2.as_deref(), Some("InvalidByte(0, 33)"));
        let begin = block(0).replacen("-----\n", "----- x\n", 1);
        assert_eq!(
            outcome(&begin).2.as_deref(),
            Some("illegal section start: \"-----BEGIN CERTIFICATE----- x\\n\"")
        );
        let open = block(0).replace("-----END CERTIFICATE-----\n", "");
        assert_eq!(
            outcome(&open).2.as_deref(),
            Some("section end \"-----END CERTIFICATE-----\" missing")
        );
    }

    #[test]
    fn lines_may_end_with_either_and_be_indented() {
        let indented = block(0).replace("\nM", "\n \tM");
        for text in [block(0).replace('\n', "\r"), indented] {
            assert_eq!(outcome(&text), (vec![1], vec![], None));
        }
    }
}
