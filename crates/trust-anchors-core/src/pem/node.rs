//! The reading that Node gives `NODE_EXTRA_CA_CERTS`: a loop of OpenSSL's `PEM_read_bio_X509` over a file
//! (`X509_STORE` and `LoadCertsFromFile` in Node's `crypto_context.cc`), byte for byte; and the one it gives a `ca` option.
//!
//! Modelled on OpenSSL's `PEM_read_bio_ex` with `PEM_FLAG_EAY_COMPATIBLE` (`crypto/pem/pem_lib.c`), `fgets` and `mem_gets` behind
//! `BIO_gets`, and `EVP_DecodeUpdate`/`EVP_DecodeFinal` (`crypto/evp/encode.c`); the same text on Node 18 to 26.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Position, encrypted};
use crate::certificate::{Certificate, TrustedCertificate};
use crate::der::{DecodeError, OpensslVersion};
use crate::node::NodeVersion;

/// OpenSSL reads lines into a buffer of 255 bytes, one of which is the terminator (`LINESIZE` in `pem_lib.c`).
const LINE_BYTES: usize = 254;
/// A base64 line after a blank line may hold 64 characters and its newline (`get_header_and_data`).
const DATA_LINE_BYTES: usize = 65;

/// What Node reads from a file or an entry.
#[derive(Debug, Clone)]
pub struct Reading<T = Certificate> {
    /// The certificates, in order, with their places.
    pub certificates: Vec<(T, Position)>,
    /// The blocks that were stepped over because of their label.
    pub skipped: Vec<(String, Position)>,
    /// How the reading ended.
    pub end: End,
    /// The place of the block at which it ended, when it was not the end of the file.
    pub end_position: Option<Position>,
    /// How many bytes were read when it ended: all of them, or fewer when it stopped or met a line that starts with NUL.
    pub end_offset: usize,
    /// How the reader itself puts how it ended, where that is not told by `end`.
    pub words: Option<String>,
}

/// What Node before 22 prints when OpenSSL met an invalid certificate in its store ([`meets_invalid_certificate`]).
pub const INVALID_CERTIFICATE: &str = "error:1100009E:X509 V3 routines::invalid certificate";

/// Whether OpenSSL queues an error about an invalid certificate while Node before 22 puts these into its store one by one:
/// `X509_STORE_add_cert` compares each with those of the same subject, and that looks at their extensions (`X509_cmp`). All
/// of them are in the store nevertheless. The subjects of the bundled roots, which are in the store before, are left out of
/// this.
pub fn meets_invalid_certificate<'a>(
    loaded: impl Iterator<Item = &'a Certificate>,
    version: OpensslVersion,
) -> bool {
    let mut subjects: Vec<(Vec<u8>, &Certificate)> = loaded
        .map(|certificate| (certificate.canonical_subject(), certificate))
        .collect();
    subjects.sort_by(|(one, _), (other, _)| one.cmp(other));
    subjects
        .chunk_by(|(one, _), (other, _)| one == other)
        .any(|group| {
            group.len() > 1
                && group
                    .iter()
                    .any(|(_, certificate)| certificate.is_invalid(version))
        })
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
    /// A `Proc-Type` header of another version than 4 (`PEM_get_EVP_CIPHER_INFO` raises nothing there).
    ProcTypeVersion,
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
    /// `PEM_R_SHORT_HEADER`.
    ShortHeader,
    /// `PEM_R_NOT_DEK_INFO`.
    NotDekInfo,
    /// `PEM_R_UNSUPPORTED_ENCRYPTION`.
    UnsupportedEncryption,
    /// `PEM_R_MISSING_DEK_IV`.
    MissingDekIv,
    /// `PEM_R_BAD_IV_CHARS`.
    BadIvChars,
    /// `PEM_R_BAD_DECRYPT`: Node has only an empty password to offer. Holds the error that OpenSSL 3.0 queues before it.
    BadDecrypt(&'static str),
    /// `d2i_X509` refused the data.
    Certificate(DecodeError),
    /// BoringSSL's `d2i_X509` refused the data, and OpenSSL's does not.
    OpensslOnly,
    /// BoringSSL's `PEM_R_NO_DATA`.
    NoData,
    /// BoringSSL's `PEM_R_UNSUPPORTED_PROC_TYPE_VERSION`.
    ProcTypeVersion,
    /// A line that starts like a BEGIN line, and does not end like one, of which rustls alone complains.
    BadBeginLine,
}

/// Reads a file as Node reads that of `NODE_EXTRA_CA_CERTS`; `version` decides what `d2i_X509` accepts.
pub fn read(input: &[u8], version: OpensslVersion) -> Reading {
    const LABELS: &[&[u8]] = &[b"CERTIFICATE", b"X509 CERTIFICATE"];
    read_openssl(Lines::of_file(input, LINE_BYTES), LABELS, |data| {
        Certificate::decode(data, version)
    })
}

/// Reads an entry of a `ca` option as Node does (`SecureContext::AddCACert` in `crypto_context.cc`): a loop of
/// `PEM_read_bio_X509_AUX` over memory. It takes `TRUSTED CERTIFICATE` blocks with their settings, which may follow a certificate in any
/// block, and NUL does not end it. Node never says how it ended.
pub fn read_ca_entry(input: &[u8], version: OpensslVersion) -> Reading<TrustedCertificate> {
    const LABELS: &[&[u8]] = &[b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE"];
    read_openssl(Lines::of_memory(input, LINE_BYTES), LABELS, |data| {
        TrustedCertificate::decode(data, version)
    })
}

fn read_openssl<T>(
    mut lines: Lines<'_>,
    labels: &[&[u8]],
    decode: impl Fn(&[u8]) -> Result<T, DecodeError>,
) -> Reading<T> {
    read_blocks(&mut lines, labels, next_block, |block| {
        let data = encrypted::open(&block.header, &block.data)?;
        decode(&data).map_err(|error| End::Warning(PemError::Certificate(error)))
    })
}

/// Reads block after block, steps over those with other labels, and ends at the first that is refused.
pub(super) fn read_blocks<'a, T>(
    lines: &mut Lines<'a>,
    labels: &[&[u8]],
    next_block: impl Fn(&mut Lines<'a>) -> Step<'a>,
    decode: impl Fn(&Block<'a>) -> Result<T, End>,
) -> Reading<T> {
    let mut certificates = Vec::new();
    let mut skipped = Vec::new();
    let (end, end_position) = loop {
        match next_block(lines) {
            Step::End => break (End::NoStartLine, None),
            Step::Stop(end, position) => break (end, Some(position)),
            Step::Block(block) if !labels.contains(&block.label) => {
                skipped.push((
                    String::from_utf8_lossy(block.label).into_owned(),
                    block.position,
                ));
            }
            Step::Block(block) => match decode(&block) {
                Ok(certificate) => certificates.push((certificate, block.position)),
                Err(end) => break (end, Some(block.position)),
            },
        }
    };
    Reading {
        certificates,
        skipped,
        end,
        end_position,
        end_offset: lines.offset,
        words: None,
    }
}

/// What `BIO_gets` gives for a buffer of some size.
pub(super) struct Lines<'a> {
    input: &'a [u8],
    pub(super) offset: usize,
    pub(super) line: u32,
    /// As much of a line as the buffer holds.
    longest: usize,
    /// A file is read with `fgets`, and `strlen` says how much that was.
    is_file: bool,
}

impl<'a> Lines<'a> {
    fn of_file(input: &'a [u8], longest: usize) -> Self {
        Self {
            input,
            offset: 0,
            line: 1,
            longest,
            is_file: true,
        }
    }

    pub(super) fn of_memory(input: &'a [u8], longest: usize) -> Self {
        Self {
            is_file: false,
            ..Self::of_file(input, longest)
        }
    }

    /// The place of a block that begins there, and whose last line was read last.
    pub(super) fn position(&self, begin: usize, line: u32) -> Position {
        Position {
            line,
            end_line: self.line.saturating_sub(1).max(line),
            bytes: begin..self.offset,
        }
    }

    /// The next piece of a line; `None` at the end of the input, or of a file at a piece that starts with NUL, which OpenSSL takes
    /// for the end.
    pub(super) fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.input.get(self.offset..).unwrap_or_default();
        let window = rest.get(..self.longest).unwrap_or(rest);
        let piece = match memchr::memchr(b'\n', window) {
            Some(index) => window.get(..=index).unwrap_or(window),
            None => window,
        };
        self.offset += piece.len();
        if piece.last() == Some(&b'\n') {
            self.line += 1;
        }
        let text = if self.is_file {
            until_nul(piece)
        } else {
            piece
        };
        (!text.is_empty()).then_some(text)
    }
}

/// What a C string with these bytes holds.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or(bytes)
}

/// `sanitize_line`: trailing bytes up to space and from 0x80 on are cut (`char` is signed where Node's official
/// binaries were measured).
pub(super) fn clean(line: &[u8]) -> &[u8] {
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

/// A block as it was read, before anything is made of its data.
pub(super) struct Block<'a> {
    pub(super) label: &'a [u8],
    pub(super) header: Vec<u8>,
    pub(super) data: Vec<u8>,
    pub(super) position: Position,
}

/// What the search for the next block comes to.
pub(super) enum Step<'a> {
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

/// `PEM_read_bio_ex`: one block of any label.
fn next_block<'a>(lines: &mut Lines<'a>) -> Step<'a> {
    let Some((label, begin, line)) = begin(lines) else {
        return Step::End;
    };
    let body = body(lines, label);
    let position = lines.position(begin, line);
    let (header, data) = match body {
        Ok(parts) => parts,
        Err(end) => return Step::Stop(end, position),
    };
    match decode_base64(&data) {
        None => Step::Stop(End::Warning(PemError::BadBase64), position),
        Some(data) if data.is_empty() => Step::Stop(End::Silent(SilentStop::EmptyBlock), position),
        Some(data) => Step::Block(Block {
            label,
            header,
            data,
            position,
        }),
    }
}

/// `get_name`: searches the BEGIN line; the label, where the line starts and its number.
fn begin<'a>(lines: &mut Lines<'a>) -> Option<(&'a [u8], usize, u32)> {
    let mut first = true;
    loop {
        let (start, number) = (lines.offset, lines.line);
        let mut line = lines.next()?;
        if std::mem::take(&mut first) && line.len() > 3 {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        let label = clean(line)
            .strip_prefix(b"-----BEGIN ")
            .and_then(|rest| rest.strip_suffix(b"-----"));
        if let Some(label) = label {
            return Some((until_nul(label), start, number));
        }
    }
}

/// `get_header_and_data`.
fn body(lines: &mut Lines<'_>, label: &[u8]) -> Result<(Vec<u8>, Vec<u8>), End> {
    let bad_end = End::Warning(PemError::BadEndLine);
    let mut header = Vec::new();
    let mut data = Vec::new();
    let mut state = State::Maybe;
    let mut partial = false;
    let mut end = false;
    loop {
        let Some(raw) = lines.next() else {
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
        // `BIO_puts` of the line with its line feed.
        let text = until_nul(line);
        target.extend_from_slice(text);
        if text.len() == line.len() {
            target.push(b'\n');
        }
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
    pub fn openssl_text(self, node: NodeVersion) -> String {
        let first = node.warns_with_first_error();
        match self {
            Self::BadEndLine => "error:04800066:PEM routines::bad end line".into(),
            Self::BadBase64 => "error:04800064:PEM routines::bad base64 decode".into(),
            Self::NotProcType => "error:0480006B:PEM routines::not proc type".into(),
            Self::NotEncrypted => "error:0480006A:PEM routines::not encrypted".into(),
            Self::ShortHeader => "error:04800070:PEM routines::short header".into(),
            Self::NotDekInfo => "error:04800069:PEM routines::not dek info".into(),
            Self::UnsupportedEncryption => {
                "error:04800072:PEM routines::unsupported encryption".into()
            }
            Self::MissingDekIv => "error:04800081:PEM routines::missing dek iv".into(),
            Self::BadIvChars => "error:04800067:PEM routines::bad iv chars".into(),
            Self::BadDecrypt(before) if first => before.into(),
            Self::BadDecrypt(_) => "error:04800065:PEM routines::bad decrypt".into(),
            Self::Certificate(error) if first => error.openssl_error(),
            Self::Certificate(_) | Self::OpensslOnly => {
                "error:0488000D:PEM routines::ASN1 lib".into()
            }
            // Said by BoringSSL and rustls alone.
            Self::NoData | Self::ProcTypeVersion | Self::BadBeginLine => {
                self.boringssl_text().into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = "-----BEGIN CERTIFICATE-----\n";
    const END: &str = "-----END CERTIFICATE-----\n";

    /// A real root, and its base64 in lines of `width`.
    fn body(root: usize, width: usize) -> String {
        let der = webpki_root_certs::TLS_SERVER_ROOT_CERTS[root].as_ref();
        let mut text = String::new();
        for line in STANDARD.encode(der).as_bytes().chunks(width) {
            text.push_str(std::str::from_utf8(line).unwrap());
            text.push('\n');
        }
        text
    }

    fn block(root: usize) -> String {
        format!("{BEGIN}{}{END}", body(root, 64))
    }

    /// The lines at which the certificates that Node loads begin, and how its reading ends.
    fn outcome(input: impl AsRef<[u8]>) -> (Vec<u32>, End) {
        let reading = read(input.as_ref(), OpensslVersion::V3_5);
        let lines = reading
            .certificates
            .iter()
            .map(|(_, position)| position.line)
            .collect();
        (lines, reading.end)
    }

    #[test]
    fn a_bad_block_keeps_what_is_before_it_and_loses_what_follows() {
        let bad = block(1).replacen("\nM", "\n!", 1);
        let (lines, end) = outcome([block(0), bad, block(2)].concat());
        assert_eq!((lines, end), (vec![1], End::Warning(PemError::BadBase64)));
    }

    #[test]
    fn a_block_without_end_swallows_the_next_one() {
        let open = block(1).replace(END, "");
        let reading = read(
            [block(0), open, block(2)].concat().as_bytes(),
            OpensslVersion::V3_5,
        );
        let fingerprints: Vec<_> = reading
            .certificates
            .iter()
            .map(|(certificate, _)| *certificate.sha256())
            .collect();
        let alone = |root| {
            *read(block(root).as_bytes(), OpensslVersion::V3_5).certificates[0]
                .0
                .sha256()
        };
        assert_eq!(fingerprints, [alone(0), alone(1)]);
        assert_eq!(reading.end, End::NoStartLine);
    }

    #[test]
    fn glued_blocks_end_with_a_bad_end_line() {
        let glued = block(0).trim_end().to_owned() + &block(1);
        assert_eq!(outcome(glued), (vec![], End::Warning(PemError::BadEndLine)));
    }

    #[test]
    fn the_mark_is_dropped_only_from_the_first_line_of_a_search() {
        assert_eq!(
            outcome(format!("\u{feff}{}", block(0))),
            (vec![1], End::NoStartLine)
        );
        let after_text = format!("text\n\u{feff}{}", block(0));
        assert_eq!(outcome(after_text), (vec![], End::NoStartLine));
    }

    #[test]
    fn a_line_that_starts_with_nul_ends_the_file() {
        let input = format!("{}\0\n{}", block(0), block(1));
        assert_eq!(outcome(input), (vec![1], End::NoStartLine));
    }

    #[test]
    fn begin_is_found_after_a_multiple_of_254_bytes_on_its_line() {
        for (length, loaded) in [(253, 0), (254, 1), (255, 0), (508, 1)] {
            let (lines, _) = outcome("x".repeat(length) + &block(0));
            assert_eq!(lines.len(), loaded, "{length}");
        }
    }

    #[test]
    fn after_a_blank_line_the_body_must_be_64_wide() {
        let input = |width| format!("{BEGIN}\n{}{END}", body(0, width));
        assert_eq!(outcome(input(64)), (vec![1], End::NoStartLine));
        assert_eq!(
            outcome(input(65)),
            (vec![], End::Silent(SilentStop::LongLineAfterBlankLine))
        );
        assert_eq!(
            outcome(input(63)),
            (vec![], End::Warning(PemError::BadEndLine))
        );
    }

    #[test]
    fn an_empty_block_of_any_label_ends_the_file_in_silence() {
        for label in ["CERTIFICATE", "PRIVATE KEY"] {
            let empty = format!("-----BEGIN {label}-----\n-----END {label}-----\n");
            let (lines, end) = outcome(block(0) + &empty + &block(1));
            assert_eq!((lines, end), (vec![1], End::Silent(SilentStop::EmptyBlock)));
        }
    }

    #[test]
    fn other_labels_are_stepped_over_but_their_base64_counts() {
        let foreign = |text: &str| format!("-----BEGIN FOO-----\n{text}\n-----END FOO-----\n");
        assert_eq!(
            outcome(foreign("AAAA") + &block(0)),
            (vec![4], End::NoStartLine)
        );
        assert_eq!(
            outcome(foreign("<redacted>") + &block(0)),
            (vec![], End::Warning(PemError::BadBase64))
        );
    }

    #[test]
    fn a_header_ends_in_the_error_of_its_first_fault() {
        let warnings = [
            ("Comment: x", PemError::NotProcType),
            ("Proc-Type: 4,MIC-CLEAR", PemError::NotEncrypted),
            ("Proc-Type: 4,ENCRYPTED", PemError::NotDekInfo),
            (
                "Proc-Type: 4,ENCRYPTED\nDEK-Info: NOPE,00",
                PemError::UnsupportedEncryption,
            ),
            (
                "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC x",
                PemError::MissingDekIv,
            ),
            (
                "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00",
                PemError::BadIvChars,
            ),
        ];
        for (header, error) in warnings {
            let input = block(0).replacen('\n', &format!("\n{header}\n\n"), 1);
            assert_eq!(outcome(input), (vec![], End::Warning(error)), "{header}");
        }
        let other_version = block(0).replacen('\n', "\nProc-Type: 5,ENCRYPTED\n\n", 1);
        assert_eq!(
            outcome(other_version),
            (vec![], End::Silent(SilentStop::ProcTypeVersion))
        );
    }

    #[test]
    fn base64_is_decoded_as_openssl_does() {
        let decoded = |text: &str| decode_base64(text.as_bytes());
        assert_eq!(decoded("QUJD\n"), Some(b"ABC".to_vec()));
        assert_eq!(decoded("QU JD\t\r\n"), Some(b"ABC".to_vec()));
        assert_eq!(decoded("QUI=\n"), Some(b"AB".to_vec()));
        assert_eq!(decoded("QUJ=\n"), Some(b"AB".to_vec()));
        assert_eq!(decoded("QUJD-rest is ignored!\n"), Some(b"ABC".to_vec()));
        assert_eq!(decoded("QUI\n"), None);
        assert_eq!(decoded("QUI=QUJD\n"), None);
        assert_eq!(decoded("Q===\n"), None);
        assert_eq!(decoded("QUJ\x0cD\n"), None);
    }
}
