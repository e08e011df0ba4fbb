//! The reading that Node gives `NODE_EXTRA_CA_CERTS`: a loop of OpenSSL's `PEM_read_bio_X509` over a file
//! (`X509_STORE` and `LoadCertsFromFile` in Node's `crypto_context.cc`), byte for byte.
//!
//! Modelled on OpenSSL's `PEM_read_bio_ex` with `PEM_FLAG_EAY_COMPATIBLE` (`crypto/pem/pem_lib.c`), `fgets` behind
//! `BIO_gets`, and `EVP_DecodeUpdate`/`EVP_DecodeFinal` (`crypto/evp/encode.c`); the same text on Node 18 to 26.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Position;
use crate::certificate::Certificate;
use crate::der::OpensslVersion;

/// OpenSSL reads lines into a buffer of 255 bytes, one of which is the terminator (`LINESIZE` in `pem_lib.c`).
const LINE_BYTES: usize = 254;
/// A base64 line after a blank line may hold 64 characters and its newline (`get_header_and_data`).
const DATA_LINE_BYTES: usize = 65;

/// What Node reads from a file.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The certificates, in order, with their places.
    pub certificates: Vec<(Certificate, Position)>,
    /// The blocks that were stepped over because of their label.
    pub skipped: Vec<(String, Position)>,
    /// How the reading ended.
    pub end: End,
    /// The place of the block at which it ended, when it was not the end of the file.
    pub end_position: Option<Position>,
}

/// How the reading ended. Certificates read before it stay in every case; what follows is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// No further BEGIN line: `PEM_R_NO_START_LINE`, no warning.
    NoStartLine,
    /// OpenSSL stopped without queueing an error, so Node says nothing.
    Silent(SilentStop),
    /// OpenSSL queued an error, so Node prints its warning.
    Warning(PemError),
}

/// Why OpenSSL stopped without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SilentStop {
    /// A line of more than 64 characters after a blank line.
    LongLineAfterBlankLine,
    /// A block without any data.
    EmptyBlock,
}

/// The PEM error behind Node's warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemError {
    /// `PEM_R_BAD_END_LINE`.
    BadEndLine,
    /// `PEM_R_BAD_BASE64_DECODE`.
    BadBase64,
    /// `PEM_R_NOT_PROC_TYPE`.
    NotProcType,
    /// `PEM_R_NOT_ENCRYPTED`.
    NotEncrypted,
    /// `PEM_R_SHORT_HEADER`, `PEM_R_NOT_DEK_INFO` and the others of `PEM_get_EVP_CIPHER_INFO` and of decryption.
    Encrypted,
    /// `d2i_X509` refused the data.
    Certificate(&'static str),
}

/// Reads `input` as Node does; `version` decides what `d2i_X509` accepts.
pub fn read(input: &[u8], version: OpensslVersion) -> Reading {
    let mut reader = Reader {
        lines: Lines {
            input,
            offset: 0,
            line: 1,
        },
    };
    let mut certificates = Vec::new();
    let mut skipped = Vec::new();
    loop {
        match reader.next_block() {
            Step::End => {
                return Reading {
                    certificates,
                    skipped,
                    end: End::NoStartLine,
                    end_position: None,
                };
            }
            Step::Stop(end, position) => {
                return Reading {
                    certificates,
                    skipped,
                    end,
                    end_position: Some(position),
                };
            }
            Step::Block(block)
                if block.label != b"CERTIFICATE" && block.label != b"X509 CERTIFICATE" =>
            {
                skipped.push((
                    String::from_utf8_lossy(block.label).into_owned(),
                    block.position,
                ));
            }
            Step::Block(block) => {
                let stop = |error| End::Warning(error);
                if let Err(error) = check_header(&block.header) {
                    return Reading {
                        certificates,
                        skipped,
                        end: stop(error),
                        end_position: Some(block.position),
                    };
                }
                match Certificate::decode(&block.data, version) {
                    Ok(certificate) => certificates.push((certificate, block.position)),
                    Err(error) => {
                        let end = stop(PemError::Certificate(error.reason));
                        return Reading {
                            certificates,
                            skipped,
                            end,
                            end_position: Some(block.position),
                        };
                    }
                }
            }
        }
    }
}

/// `PEM_get_EVP_CIPHER_INFO`, as far as a header can go without a password.
fn check_header(header: &[u8]) -> Result<(), PemError> {
    if header.is_empty() || header.first() == Some(&b'\n') {
        return Ok(());
    }
    let Some(rest) = header.strip_prefix(b"Proc-Type:") else {
        return Err(PemError::NotProcType);
    };
    let rest = rest.trim_ascii_start();
    let Some(rest) = rest.strip_prefix(b"4") else {
        return Err(PemError::Encrypted);
    };
    let Some(rest) = rest.strip_prefix(b",") else {
        return Err(PemError::Encrypted);
    };
    if !rest.trim_ascii_start().starts_with(b"ENCRYPTED") {
        return Err(PemError::NotEncrypted);
    }
    Err(PemError::Encrypted)
}

/// `fgets` with a buffer of 255 bytes, then `strlen`.
struct Lines<'a> {
    input: &'a [u8],
    offset: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    /// The next piece of a line; `None` at the end of the file or at a piece that starts with NUL, which OpenSSL takes for
    /// the end.
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.input.get(self.offset..).unwrap_or_default();
        let window = rest.get(..LINE_BYTES).unwrap_or(rest);
        let piece = match memchr::memchr(b'\n', window) {
            Some(index) => window.get(..=index).unwrap_or(window),
            None => window,
        };
        self.offset += piece.len();
        if piece.last() == Some(&b'\n') {
            self.line += 1;
        }
        let text = match memchr::memchr(0, piece) {
            Some(index) => piece.get(..index).unwrap_or(piece),
            None => piece,
        };
        (!text.is_empty()).then_some(text)
    }
}

/// `sanitize_line`: trailing bytes up to space and from 0x80 on are cut (`char` is signed where Node's official
/// binaries were measured).
fn clean(line: &[u8]) -> &[u8] {
    let mut line = line;
    while let Some((last, rest)) = line.split_last() {
        if *last <= b' ' || *last >= 0x80 {
            line = rest;
        } else {
            break;
        }
    }
    line
}

struct Reader<'a> {
    lines: Lines<'a>,
}

struct Block<'a> {
    label: &'a [u8],
    header: Vec<u8>,
    data: Vec<u8>,
    position: Position,
}

enum Step<'a> {
    Block(Block<'a>),
    End,
    Stop(End, Position),
}

#[derive(PartialEq)]
enum State {
    Maybe,
    InHeader,
    PostHeader,
}

impl<'a> Reader<'a> {
    /// `PEM_read_bio_ex`: one block of any label.
    fn next_block(&mut self) -> Step<'a> {
        let Some((label, begin, line)) = self.begin() else {
            return Step::End;
        };
        let body = self.body(label);
        let position = Position {
            line,
            end_line: self.lines.line.saturating_sub(1).max(line),
            bytes: begin..self.lines.offset,
        };
        let (header, data) = match body {
            Ok(parts) => parts,
            Err(end) => return Step::Stop(end, position),
        };
        match decode_base64(&data) {
            None => Step::Stop(End::Warning(PemError::BadBase64), position),
            Some(data) if data.is_empty() => {
                Step::Stop(End::Silent(SilentStop::EmptyBlock), position)
            }
            Some(data) => Step::Block(Block {
                label,
                header,
                data,
                position,
            }),
        }
    }

    /// `get_name`: searches the BEGIN line; the label, where the line starts and its number.
    fn begin(&mut self) -> Option<(&'a [u8], usize, u32)> {
        let mut first = true;
        loop {
            let (start, number) = (self.lines.offset, self.lines.line);
            let mut line = self.lines.next()?;
            if std::mem::take(&mut first) && line.len() > 3 {
                line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
            }
            let label = clean(line)
                .strip_prefix(b"-----BEGIN ")
                .and_then(|rest| rest.strip_suffix(b"-----"));
            if let Some(label) = label {
                return Some((label, start, number));
            }
        }
    }

    /// `get_header_and_data`.
    fn body(&mut self, label: &[u8]) -> Result<(Vec<u8>, Vec<u8>), End> {
        let bad_end = End::Warning(PemError::BadEndLine);
        let mut header = Vec::new();
        let mut data = Vec::new();
        let mut state = State::Maybe;
        let mut partial = false;
        let mut end = false;
        loop {
            let Some(raw) = self.lines.next() else {
                return Err(bad_end);
            };
            let previous_partial = partial;
            partial = raw.len() == LINE_BYTES && raw.last() != Some(&b'\n');
            if state == State::Maybe && memchr::memchr(b':', raw).is_some() {
                state = State::InHeader;
            }
            let line = clean(raw);
            if line.is_empty() {
                if !previous_partial {
                    if state == State::PostHeader {
                        return Err(bad_end);
                    }
                    state = State::PostHeader;
                }
                continue;
            }
            if let Some(rest) = line.strip_prefix(b"-----END ") {
                if rest.strip_suffix(b"-----") != Some(label) {
                    return Err(bad_end);
                }
                if state == State::Maybe {
                    std::mem::swap(&mut header, &mut data);
                }
                return Ok((header, data));
            }
            if end {
                return Err(bad_end);
            }
            let target = if state == State::PostHeader {
                &mut data
            } else {
                &mut header
            };
            target.extend_from_slice(line);
            target.push(b'\n');
            if state == State::PostHeader {
                match line.len() + 1 {
                    DATA_LINE_BYTES => {}
                    length if length > DATA_LINE_BYTES => {
                        return Err(End::Silent(SilentStop::LongLineAfterBlankLine));
                    }
                    _ => end = true,
                }
            }
        }
    }
}

/// `EVP_DecodeUpdate` over the whole text, then `EVP_DecodeFinal`; `None` where either fails.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut digits = Vec::with_capacity(text.len());
    for line in text.split(|byte| *byte == b'\n') {
        digits.extend_from_slice(line);
    }
    if let Ok(data) = STANDARD.decode(&digits) {
        return Some(data);
    }
    decode_base64_odd(&digits)
}

/// The same for text that is not plain base64: blanks are skipped, `-` ends the input, bits behind the last byte are
/// not checked.
fn decode_base64_odd(text: &[u8]) -> Option<Vec<u8>> {
    let mut quads: Vec<u8> = Vec::with_capacity(text.len());
    let mut padding = 0;
    for byte in text {
        let value = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            b'-' => break,
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                if padding > 2 {
                    return None;
                }
                quads.push(0);
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        quads.push(value);
    }
    if !quads.len().is_multiple_of(4) {
        return None;
    }
    let mut data = Vec::with_capacity(quads.len() / 4 * 3);
    for quad in quads.chunks_exact(4) {
        let bits = quad
            .iter()
            .fold(0u32, |bits, value| (bits << 6) | u32::from(*value));
        data.extend_from_slice(bits.to_be_bytes().get(1..).unwrap_or_default());
    }
    data.truncate(data.len().saturating_sub(padding));
    Some(data)
}

impl PemError {
    /// OpenSSL's own text for it, as `ERR_error_string` gives it: Node 18 and 20 print the first queued error, Node 22 and later
    /// the last.
    pub fn openssl_text(self, version: OpensslVersion) -> String {
        match self {
            Self::BadEndLine => "error:04800066:PEM routines::bad end line".into(),
            Self::BadBase64 => "error:04800064:PEM routines::bad base64 decode".into(),
            Self::NotProcType => "error:0480006B:PEM routines::not proc type".into(),
            Self::NotEncrypted => "error:0480006A:PEM routines::not encrypted".into(),
            Self::Encrypted => "error:04800065:PEM routines::bad decrypt".into(),
            Self::Certificate(reason) => match version {
                OpensslVersion::V3_0 => format!("error:asn1 encoding routines::{reason}"),
                OpensslVersion::V3_5 => "error:0488000D:PEM routines::ASN1 lib".into(),
            },
        }
    }
}
