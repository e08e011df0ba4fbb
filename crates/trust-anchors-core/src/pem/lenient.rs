//! What is really in a CA file, whatever Node makes of it: blocks whose armor is indented, quoted, on one line, in UTF-16, glued or
//! otherwise damaged, base64 without armor, and binary certificates before or after the text.
//!
//! One pass finds every BEGIN and END, in any of their shapes; each byte is looked at a fixed number of times, so hostile input costs
//! no more than its size. Nothing is decoded before it is asked for.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use super::Position;
use crate::container::{self, Contents, Unlock};
use crate::der::OpensslVersion;

/// No label in use is longer; RFC 7468 names none over 25 characters.
const MAX_LABEL_BYTES: usize = 80;
/// A run of dashes or blanks is followed no further than this.
const MAX_RUN_BYTES: usize = 64;
/// Longer text before a BEGIN is not looked for before the other lines.
const MAX_PREFIX_BYTES: usize = 32;
/// Blocks with less in them than [`MIN_BASE64`] are kept up to this number: no file has so many for a good reason.
const MAX_SMALL_BLOCKS: usize = 10_000;
/// Less base64 than this holds no certificate.
pub const MIN_BASE64: usize = 64;

/// A block, however damaged.
#[derive(Debug)]
pub struct Block {
    /// The label as written, without the blanks around it.
    pub label: String,
    /// What the label stands for.
    pub kind: Label,
    /// Where it is in the file.
    pub position: Position,
    /// How it is packed.
    pub armor: Armor,
    /// Why Node does not see its BEGIN line; `None` when it does, unless something before it hides the line.
    pub begin: Option<BeginFault>,
    /// How it ends.
    pub end: End,
    /// The line of its END, or its last line.
    pub end_line: u32,
    body: Range<usize>,
    /// What stands before the BEGIN on its line, and so perhaps before every line of the body.
    prefix: Range<usize>,
    contents: Vec<Contents>,
}

/// How a block is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Armor {
    /// Between BEGIN and END.
    Pem,
    /// Base64 that has no BEGIN line.
    Base64,
    /// Base64 of a whole PEM text, as a Kubernetes secret holds it.
    Base64OfPem,
    /// Binary.
    Binary,
}

/// Why Node's search (`get_name` in OpenSSL's `pem_lib.c`) passes over a BEGIN line. Only a line that starts with
/// `-----BEGIN ` and ends with `-----` is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BeginFault {
    /// The text is UTF-16.
    Utf16,
    /// The line is commented out.
    Commented,
    /// A byte order mark stands before it.
    ByteOrderMark,
    /// Lines end with CR alone.
    CarriageReturn,
    /// Newlines are written as the two characters `\n`.
    LiteralNewline,
    /// An END stands before it on its line.
    Glued,
    /// Blanks stand before it.
    Indented,
    /// `>` or `|` stands before it.
    MailQuoted,
    /// A quotation mark stands before it.
    Quoted,
    /// Other text stands before it.
    TextBefore,
    /// The base64 follows on the same line.
    OneLine,
    /// The dashes, the word or the blanks are not as they must be.
    Armor,
    /// Text follows it on its line.
    TextAfter,
}

/// How a block ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With an END line that OpenSSL takes.
    Exact,
    /// With an END that OpenSSL does not take.
    Damaged(EndFault),
    /// With the next BEGIN, or the end of the file.
    Missing,
}

/// What is wrong with an END line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndFault {
    /// It names another label.
    OtherLabel,
    /// Something stands before it on its line.
    TextBefore,
    /// Something stands behind it on its line.
    TextAfter,
    /// The next BEGIN stands behind it on its line.
    Glued,
    /// The dashes, the word or the blanks are not as they must be.
    Armor,
}

/// What a label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// `CERTIFICATE` and `X509 CERTIFICATE`: what Node loads.
    Certificate,
    /// `TRUSTED CERTIFICATE`, OpenSSL's form with trust settings.
    Trusted,
    /// `PKCS7` and `CMS`.
    Pkcs7,
    /// `PKCS12`.
    Pkcs12,
    /// Any private key.
    PrivateKey,
    /// PGP.
    Pgp,
    /// `CERTIFICATE REQUEST`, `NEW CERTIFICATE REQUEST`.
    SigningRequest,
    /// `X509 CRL`.
    RevocationList,
    /// A public key, SSH's included.
    PublicKey,
    /// Parameters of a key.
    Parameters,
    /// Anything else.
    Other,
}

impl Label {
    fn of(label: &str) -> Self {
        let words: Vec<String> = label
            .split_whitespace()
            .map(str::to_ascii_uppercase)
            .collect();
        let label = words.join(" ");
        match label.as_str() {
            "CERTIFICATE" | "X509 CERTIFICATE" => Self::Certificate,
            "TRUSTED CERTIFICATE" => Self::Trusted,
            "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => Self::Pkcs7,
            "PKCS12" => Self::Pkcs12,
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Self::SigningRequest,
            "X509 CRL" | "CRL" => Self::RevocationList,
            _ if label.starts_with("PGP ") => Self::Pgp,
            _ if label.ends_with("PRIVATE KEY") => Self::PrivateKey,
            _ if label.ends_with("PUBLIC KEY") => Self::PublicKey,
            _ if label.ends_with("PARAMETERS") => Self::Parameters,
            _ => Self::Other,
        }
    }

    /// What it is called, with its article.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Certificate => "a certificate",
            Self::Trusted => "a certificate with OpenSSL trust settings",
            Self::Pkcs7 => "a PKCS#7 bundle",
            Self::Pkcs12 => "a PKCS#12 file",
            Self::PrivateKey => "a private key",
            Self::Pgp => "a PGP block",
            Self::SigningRequest => "a certificate signing request",
            Self::RevocationList => "a certificate revocation list",
            Self::PublicKey => "a public key",
            Self::Parameters => "key parameters",
            Self::Other => "an unknown block",
        }
    }

    /// Whether certificates are looked for in it.
    fn may_hold_certificates(self) -> bool {
        matches!(
            self,
            Self::Certificate
                | Self::Trusted
                | Self::Pkcs7
                | Self::Pkcs12
                | Self::SigningRequest
                | Self::RevocationList
                | Self::PublicKey
                | Self::Other
        )
    }
}

/// The body of a block, decoded.
#[derive(Debug, Default)]
pub struct Body {
    /// The bytes.
    pub data: Vec<u8>,
    /// Where in the body a character stands that is no base64, as a line of the file.
    pub bad_line: Option<u32>,
    /// The first line of the body that is blank, as a line of the file.
    pub blank_line: Option<u32>,
    /// The first header line (`Name: value`), as a line of the file.
    pub header_line: Option<u32>,
    /// How many base64 characters there are.
    pub digits: usize,
}

/// Everything found in a file.
#[derive(Debug)]
pub struct Scan<'a> {
    text: Cow<'a, [u8]>,
    /// The blocks in the order of the file.
    pub blocks: Vec<Block>,
    /// Whether blocks too small for a certificate were left out because there are too many of them.
    pub is_cut: bool,
}

/// Finds every block. `version` and `unlock` are for binary contents, see [`container::open`].
pub fn scan<'a>(input: &'a [u8], version: OpensslVersion, unlock: &Unlock<'_>) -> Scan<'a> {
    Scanner {
        version,
        unlock,
        nested: false,
    }
    .scan(input)
}

impl Scan<'_> {
    /// Decodes the body of a block.
    pub fn body(&self, block: &Block) -> Body {
        let text = self.text.get(block.body.clone()).unwrap_or_default();
        let prefix = self.text.get(block.prefix.clone()).unwrap_or_default();
        decode(text, prefix, block.position.line)
    }

    /// What a block holds besides certificates of its own label: certificates in order, containers opened. Keys and other blocks
    /// without certificates are not decoded.
    pub fn contents(
        &self,
        block: &Block,
        version: OpensslVersion,
        unlock: &Unlock<'_>,
    ) -> Vec<Contents> {
        if block.armor != Armor::Pem || !block.kind.may_hold_certificates() {
            return Vec::new();
        }
        let found = open_all(&self.body(block).data, version, unlock);
        if !found.is_empty() {
            return found;
        }
        // Words before a blank line are no base64, though they look like it.
        let text = self.text.get(block.body.clone()).unwrap_or_default();
        match memmem::find(text, b"\n\n") {
            Some(blank) => {
                let rest = text.get(blank + 2..).unwrap_or_default();
                open_all(&decode(rest, b"", 1).data, version, unlock)
            }
            None => found,
        }
    }
}

impl Block {
    /// What a block without armor holds; empty for PEM.
    pub fn take_contents(&mut self) -> Vec<Contents> {
        std::mem::take(&mut self.contents)
    }
}

/// One container after the other, until something is none.
fn open_all(data: &[u8], version: OpensslVersion, unlock: &Unlock<'_>) -> Vec<Contents> {
    let mut found = Vec::new();
    let mut offset = 0;
    while let Some(rest) = data.get(offset..)
        && let Some(contents) = container::open(rest, version, unlock)
    {
        offset += contents.consumed.max(1);
        found.push(contents);
    }
    found
}

#[derive(Clone, Copy)]
struct Scanner<'p> {
    version: OpensslVersion,
    unlock: &'p Unlock<'p>,
    nested: bool,
}

/// A BEGIN or END with the dashes around it.
#[derive(Debug)]
struct Token {
    is_begin: bool,
    /// From the first dash to behind the last.
    range: Range<usize>,
    label: Range<usize>,
    /// Whether dashes, word and blanks are as they must be.
    exact: bool,
}

impl Scanner<'_> {
    fn scan<'a>(self, input: &'a [u8]) -> Scan<'a> {
        let mut blocks = Vec::new();
        let start = self.binary(input, 0, &mut blocks);
        let rest = input.get(start..).unwrap_or_default();
        // UTF-16 of ASCII is ASCII with a NUL before or behind each character.
        let text = if memchr::memchr(0, rest).is_some() {
            Cow::Owned(rest.iter().copied().filter(|byte| *byte != 0).collect())
        } else {
            Cow::Borrowed(rest)
        };
        let mut cursor = Cursor {
            raw: rest,
            base: start,
            carriage_returns: memchr::memchr(b'\n', rest).is_none(),
            condensed: text.len() != rest.len(),
            at: 0,
            at_raw: 0,
            line: 1,
        };
        let mut gap = 0;
        let mut small = 0;
        let mut is_cut = false;
        let mut iterator = Tokens::new(&text).peekable();
        while let Some(token) = iterator.next() {
            if !token.is_begin {
                continue;
            }
            self.bare(&text, gap..token.range.start, &mut cursor, &mut blocks);
            let (end_token, body_end) = match iterator.peek() {
                Some(next) if next.is_begin => (None, next.range.start),
                Some(next) => {
                    let start = next.range.start;
                    (iterator.next(), start)
                }
                None => (None, text.len()),
            };
            let end_token = end_token.as_ref();
            if body_end.saturating_sub(token.range.end) < MIN_BASE64 {
                small += 1;
                if small > MAX_SMALL_BLOCKS {
                    is_cut = true;
                    gap = end_token.map_or(body_end, |end| end.range.end);
                    continue;
                }
            }
            let block_end = end_token.map_or(body_end, |end| end.range.end);
            let (line, begin_raw) = cursor.advance(token.range.start);
            let body = token.range.end.min(body_end)..body_end;
            let (end_line, end_raw) = match end_token {
                Some(end) => {
                    let (line, _) = cursor.advance(end.range.start);
                    (line, cursor.advance(end.range.end).1)
                }
                None => {
                    let trimmed = text
                        .get(body.clone())
                        .unwrap_or_default()
                        .trim_ascii_end()
                        .len();
                    let (line, _) = cursor.advance(body.start + trimmed);
                    (line, cursor.advance(body_end).1)
                }
            };
            let label_text = text.get(token.label.clone()).unwrap_or_default();
            let label = String::from_utf8_lossy(label_text).trim().to_owned();
            let begin = begin_fault(
                &text,
                &token,
                end_token,
                cursor.in_utf16(&(begin_raw..end_raw)),
            );
            let body_start = if begin == Some(BeginFault::TextAfter) {
                body.start + line_after(&text, body.start).len()
            } else {
                body.start
            };
            let before = line_before(&text, token.range.start).len();
            blocks.push(Block {
                kind: Label::of(&label),
                label,
                position: Position {
                    line,
                    end_line,
                    bytes: begin_raw..end_raw,
                },
                armor: Armor::Pem,
                begin,
                end: end_token.map_or(End::Missing, |end| {
                    end_fault(&text, &token, end).map_or(End::Exact, End::Damaged)
                }),
                end_line,
                body: body_start.min(body_end)..body_end,
                prefix: token.range.start - before..token.range.start,
                contents: Vec::new(),
            });
            gap = block_end;
        }
        self.bare(&text, gap..text.len(), &mut cursor, &mut blocks);
        if !blocks.is_empty() && start < input.len() {
            // Binary behind the text: `cat a.pem b.der`.
            let end = blocks.last().map_or(0, |block| block.position.bytes.end);
            let blanks = input
                .get(end..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            self.binary(input, end + blanks, &mut blocks);
        }
        Scan {
            text,
            blocks,
            is_cut,
        }
    }

    /// Takes the binary containers that stand at `start` one after the other, and gives back where they end.
    fn binary(self, input: &[u8], start: usize, blocks: &mut Vec<Block>) -> usize {
        let mut offset = start;
        while let Some(rest) = input.get(offset..)
            && let Some(contents) = container::open(rest, self.version, self.unlock)
        {
            let end = offset + contents.consumed.max(1);
            blocks.push(Block {
                label: contents.kind.label().into(),
                kind: Label::Other,
                position: Position {
                    line: 1,
                    end_line: 1,
                    bytes: offset..end,
                },
                armor: Armor::Binary,
                begin: None,
                end: End::Missing,
                end_line: 1,
                body: 0..0,
                prefix: 0..0,
                contents: vec![contents],
            });
            offset = end;
        }
        offset
    }

    /// Finds base64 without armor in `gap`.
    fn bare(
        self,
        text: &[u8],
        gap: Range<usize>,
        cursor: &mut Cursor<'_>,
        blocks: &mut Vec<Block>,
    ) {
        // A certificate or container starts with a long SEQUENCE, in base64 `MI`; PEM itself with `LS0t`.
        let mut offset = gap.start;
        let finder = memmem::Finder::new(b"MI");
        let pem_finder = memmem::Finder::new(b"LS0tLS");
        let find = |finder: &memmem::Finder<'_>, from: usize| {
            text.get(from..gap.end)
                .and_then(|rest| finder.find(rest))
                .map(|index| from + index)
        };
        let mut next_der = find(&finder, offset);
        let mut next_pem = find(&pem_finder, offset);
        while let Some(start) = match (next_der, next_pem) {
            (Some(der), Some(pem)) => Some(der.min(pem)),
            (der, pem) => der.or(pem),
        } {
            let inside_word = start > gap.start
                && text
                    .get(start - 1)
                    .is_some_and(|byte| digit(*byte).is_some());
            let end = if inside_word {
                start + 2
            } else {
                let end = run_end(text, start, gap.end);
                self.take_bare(text, start..end, cursor, blocks);
                end.max(start + 2)
            };
            offset = end;
            if next_der.is_some_and(|found| found < offset) {
                next_der = find(&finder, offset);
            }
            if next_pem.is_some_and(|found| found < offset) {
                next_pem = find(&pem_finder, offset);
            }
        }
    }

    fn take_bare(
        self,
        text: &[u8],
        range: Range<usize>,
        cursor: &mut Cursor<'_>,
        blocks: &mut Vec<Block>,
    ) {
        if range.len() < MIN_BASE64 {
            return;
        }
        let body = decode(text.get(range.clone()).unwrap_or_default(), b"", 1);
        if body.digits < MIN_BASE64 {
            return;
        }
        let (armor, label, contents) = if is_pem(&body.data) {
            if self.nested {
                return;
            }
            let nested = Self {
                nested: true,
                ..self
            };
            let scan = nested.scan(&body.data);
            let mut contents = Vec::new();
            for block in &scan.blocks {
                contents.extend(scan.contents(block, self.version, self.unlock));
                if block.kind == Label::PrivateKey {
                    contents.push(private_key());
                }
            }
            (Armor::Base64OfPem, "base64 of PEM".to_owned(), contents)
        } else {
            let contents = open_all(&body.data, self.version, self.unlock);
            let Some(first) = contents.first() else {
                return;
            };
            let label = format!("base64 without armor ({})", first.kind.label());
            (Armor::Base64, label, contents)
        };
        if contents.is_empty() {
            return;
        }
        let (line, begin) = cursor.advance(range.start);
        let trimmed = text
            .get(range.clone())
            .unwrap_or_default()
            .trim_ascii_end()
            .len();
        let (end_line, end) = cursor.advance(range.start + trimmed);
        blocks.push(Block {
            label,
            kind: Label::Other,
            position: Position {
                line,
                end_line,
                bytes: begin..end,
            },
            armor,
            begin: None,
            end: End::Missing,
            end_line,
            body: 0..0,
            prefix: 0..0,
            contents,
        });
    }
}

fn private_key() -> Contents {
    Contents {
        kind: container::Kind::PrivateKey,
        certificates: Vec::new(),
        private_keys: 1,
        consumed: 1,
    }
}

fn is_pem(data: &[u8]) -> bool {
    data.strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(data)
        .trim_ascii_start()
        .starts_with(b"-----BEGIN ")
}

/// Where a run of base64 from `start` on ends: behind its padding, or before the first character that is neither base64 nor a
/// line break.
fn run_end(text: &[u8], start: usize, limit: usize) -> usize {
    let mut offset = start;
    let mut padded = false;
    while offset < limit {
        let Some(byte) = text.get(offset) else { break };
        match byte {
            b'=' => padded = true,
            _ if padded => break,
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'\\'
                if matches!(
                    text.get(offset + 1),
                    Some(b'n' | b'r' | b't' | b'\n' | b'\r')
                ) =>
            {
                offset += 1;
            }
            byte if digit(*byte).is_some() => {}
            _ => break,
        }
        offset += 1;
    }
    offset.min(limit)
}

/// Goes through a text once, and knows the line and the place in the file of what it passes.
struct Cursor<'a> {
    raw: &'a [u8],
    base: usize,
    /// A file without any LF has its lines counted by CR.
    carriage_returns: bool,
    /// Whether NULs were taken out of the text.
    condensed: bool,
    at: usize,
    at_raw: usize,
    line: u32,
}

impl Cursor<'_> {
    /// Line and file offset of the byte at `to` of the text; `to` never goes back.
    fn advance(&mut self, to: usize) -> (u32, usize) {
        let newline = if self.carriage_returns { b'\r' } else { b'\n' };
        let mut remaining = to.saturating_sub(self.at);
        if self.condensed {
            while let Some(byte) = self.raw.get(self.at_raw) {
                if *byte != 0 {
                    if remaining == 0 {
                        break;
                    }
                    remaining -= 1;
                    if *byte == newline {
                        self.line = self.line.saturating_add(1);
                    }
                }
                self.at_raw += 1;
            }
        } else {
            let passed = self
                .raw
                .get(self.at_raw..self.at_raw + remaining)
                .unwrap_or_default();
            let lines = memchr::memchr_iter(newline, passed).count();
            self.line = self
                .line
                .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.at_raw += remaining;
        }
        self.at = self.at.max(to);
        (self.line, self.base + self.at_raw)
    }

    /// Whether the bytes of the file in `range` are mostly NUL and character in turn.
    fn in_utf16(&self, range: &Range<usize>) -> bool {
        if !self.condensed {
            return false;
        }
        let bytes = self
            .raw
            .get(range.start.saturating_sub(self.base)..range.end.saturating_sub(self.base))
            .unwrap_or_default();
        let head = bytes.get(..256.min(bytes.len())).unwrap_or(bytes);
        memchr::memchr_iter(0, head).count() * 3 > head.len()
    }
}

/// Every BEGIN and END in the order of the text, found one after the other.
struct Tokens<'a> {
    text: &'a [u8],
    words: [(&'static str, memmem::FindIter<'a, 'static>, Option<usize>); 6],
    previous_end: usize,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a [u8]) -> Self {
        let words = ["BEGIN", "begin", "Begin", "END", "end", "End"].map(|word| {
            let mut places = memmem::find_iter(text, word.as_bytes());
            let first = places.next();
            (word, places, first)
        });
        Self {
            text,
            words,
            previous_end: 0,
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let (word, places, next) = self
                .words
                .iter_mut()
                .filter(|(_, _, next)| next.is_some())
                .min_by_key(|(_, _, next)| *next)?;
            let at = std::mem::replace(next, places.next())?;
            let Some(mut token) = token(self.text, at, word) else {
                continue;
            };
            // A run of dashes between an END and the BEGIN glued to it belongs to both; the first keeps its five.
            if token.range.start < self.previous_end {
                token.range.start = self.previous_end.min(token.label.start);
            }
            self.previous_end = token.range.end;
            return Some(token);
        }
    }
}

/// The token with `word` at `at`, if dashes stand before it and a label, dashes or the end of the line behind.
fn token(text: &[u8], at: usize, word: &str) -> Option<Token> {
    let before = text.get(at.saturating_sub(MAX_RUN_BYTES)..at)?;
    let blanks = before
        .iter()
        .rev()
        .take_while(|byte| is_blank(**byte))
        .count();
    let dashed = before.get(..before.len() - blanks)?;
    let dashes = dashes_at_end(dashed);
    if dashes == 0 {
        return None;
    }
    let start = at - blanks - dashes;
    let label_start = at + word.len();
    let window = text.get(label_start..(label_start + MAX_LABEL_BYTES).min(text.len()))?;
    let mut label_length = window.len();
    let mut closing = 0;
    let mut ended = window.len() < MAX_LABEL_BYTES;
    for (index, byte) in window.iter().enumerate() {
        if matches!(byte, b'\n' | b'\r' | b'\\' | b'"' | b'\'' | b'<' | b',') {
            (label_length, ended) = (index, true);
            break;
        }
        let dashes = dashes_at_start(window.get(index..)?);
        if dashes > 0 {
            (label_length, ended) = (index, true);
            let tail = text.get(label_start + index..)?;
            closing = closing_dashes(tail.get(..MAX_RUN_BYTES.min(tail.len()))?);
            break;
        }
    }
    if !ended {
        return None;
    }
    let label = label_start..label_start + label_length;
    let is_begin = word.eq_ignore_ascii_case("begin");
    let label_text = text.get(label.clone())?;
    let exact_label = label_text
        .strip_prefix(b" ")
        .is_some_and(|label| label.first() != Some(&b' ') && label.last() != Some(&b' '));
    Some(Token {
        is_begin,
        exact: blanks == 0
            && text.get(start..at) == Some(b"-----")
            && (word == "BEGIN" || word == "END")
            && exact_label
            && text.get(label.end..label.end + closing) == Some(b"-----"),
        range: start..label.end + closing,
        label,
    })
}

/// How many bytes of dashes close a token: five belong to it where ten stand between END and BEGIN.
fn closing_dashes(tail: &[u8]) -> usize {
    let mut length = 0;
    let mut count = 0;
    loop {
        let next = dashes_step(tail.get(length..).unwrap_or_default());
        if next == 0 {
            return length;
        }
        length += next;
        count += 1;
        if count == 5 {
            let rest = tail.get(length..).unwrap_or_default();
            let more = dashes_at_start(rest);
            let glued = rest
                .get(more..)
                .unwrap_or_default()
                .trim_ascii_start()
                .get(..5)
                .is_some_and(|word| word.eq_ignore_ascii_case(b"begin"));
            if glued {
                return length;
            }
        }
    }
}

/// The bytes of the dash that `text` starts with, 0 when it starts with none. Word processors turn dashes into others.
fn dashes_step(text: &[u8]) -> usize {
    match text {
        [b'-', ..] => 1,
        // Hyphens and dashes U+2010 to U+2015, the minus sign, the small em dash, the full-width hyphen.
        [0xe2, 0x80, 0x90..=0x95, ..]
        | [0xe2, 0x88, 0x92, ..]
        | [0xef, 0xb9, 0x98, ..]
        | [0xef, 0xbc, 0x8d, ..] => 3,
        // Windows-1252.
        [0x96 | 0x97, ..] => 1,
        _ => 0,
    }
}

fn dashes_at_start(text: &[u8]) -> usize {
    let mut length = 0;
    loop {
        let next = dashes_step(text.get(length..).unwrap_or_default());
        if next == 0 {
            return length;
        }
        length += next;
    }
}

fn dashes_at_end(text: &[u8]) -> usize {
    let mut length = 0;
    loop {
        let rest = text.get(..text.len() - length).unwrap_or_default();
        let three = rest.len().saturating_sub(3);
        let step = match rest.get(three..) {
            Some(tail) if tail.len() == 3 && dashes_step(tail) == 3 => 3,
            _ => match rest.last() {
                Some(b'-' | 0x96 | 0x97) => 1,
                _ => return length,
            },
        };
        length += step;
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// What OpenSSL's `sanitize_line` cuts off the end of a line.
fn is_trailing(byte: u8) -> bool {
    byte <= b' ' || byte >= 0x80
}

/// What stands before `start` on its line, 256 bytes of it at most.
fn line_before(text: &[u8], start: usize) -> &[u8] {
    let window = text
        .get(start.saturating_sub(256)..start)
        .unwrap_or_default();
    match memchr::memrchr(b'\n', window) {
        Some(index) => window.get(index + 1..).unwrap_or_default(),
        None => window,
    }
}

/// What stands behind `end` on its line, 256 bytes of it at most.
fn line_after(text: &[u8], end: usize) -> &[u8] {
    let window = text
        .get(end..(end + 256).min(text.len()))
        .unwrap_or_default();
    match memchr::memchr(b'\n', window) {
        Some(index) => window.get(..index).unwrap_or_default(),
        None => window,
    }
}

fn begin_fault(text: &[u8], token: &Token, end: Option<&Token>, utf16: bool) -> Option<BeginFault> {
    if utf16 {
        return Some(BeginFault::Utf16);
    }
    let before = line_before(text, token.range.start);
    let after = line_after(text, token.range.end);
    let literal = |text: &[u8]| text.starts_with(b"\\n") || text.starts_with(b"\\r\\n");
    if literal(after) || before.ends_with(b"\\n") {
        return Some(BeginFault::LiteralNewline);
    }
    let same_line = end.is_some_and(|end| {
        text.get(token.range.end..end.range.start)
            .is_some_and(|body| memchr::memchr2(b'\n', b'\r', body).is_none())
    });
    if let Some(fault) = prefix_fault(before) {
        if same_line && fault == BeginFault::Glued {
            return Some(BeginFault::OneLine);
        }
        // Somebody who comments a block out does so on every line.
        let is_whole = end.is_none_or(|end| {
            prefix_fault(line_before(text, end.range.start)) == Some(BeginFault::Commented)
        });
        return Some(if fault == BeginFault::Commented && !is_whole {
            BeginFault::TextBefore
        } else {
            fault
        });
    }
    if after.contains(&b'\r') && !after.trim_ascii().is_empty() {
        return Some(BeginFault::CarriageReturn);
    }
    if !after.iter().all(|byte| is_trailing(*byte)) {
        let base64 = after
            .trim_ascii()
            .iter()
            .take_while(|byte| digit(**byte).is_some())
            .count();
        return Some(if same_line || base64 >= 16 {
            BeginFault::OneLine
        } else if token.exact {
            BeginFault::TextAfter
        } else {
            BeginFault::Armor
        });
    }
    (!token.exact).then_some(BeginFault::Armor)
}

/// What the text before a BEGIN on its line makes of it.
fn prefix_fault(before: &[u8]) -> Option<BeginFault> {
    let trimmed = before.trim_ascii();
    let comment = |text: &[u8]| {
        !text.is_empty()
            && text
                .iter()
                .all(|byte| matches!(byte, b'#' | b'/' | b';' | b'*' | b'!' | b' ' | b'\t'))
    };
    match before {
        [] => None,
        _ if before.ends_with(b"\xef\xbb\xbf") || before.ends_with(b"\xff\xfe") => {
            Some(BeginFault::ByteOrderMark)
        }
        _ if before.iter().all(|byte| is_blank(*byte)) => Some(BeginFault::Indented),
        _ if comment(before) => Some(BeginFault::Commented),
        _ if before.last() == Some(&b'\r') => Some(BeginFault::CarriageReturn),
        _ if dashes_at_end(trimmed) > 0 => Some(BeginFault::Glued),
        _ if !trimmed.is_empty()
            && trimmed
                .iter()
                .all(|byte| matches!(byte, b'>' | b'|' | b' ' | b'\t')) =>
        {
            Some(BeginFault::MailQuoted)
        }
        _ if matches!(trimmed.last(), Some(b'"' | b'\'' | b'`')) => Some(BeginFault::Quoted),
        _ => Some(BeginFault::TextBefore),
    }
}

fn end_fault(text: &[u8], begin: &Token, end: &Token) -> Option<EndFault> {
    let before = line_before(text, end.range.start);
    let after = line_after(text, end.range.end);
    let label = |token: &Token| {
        text.get(token.label.clone())
            .unwrap_or_default()
            .trim_ascii()
            .to_vec()
    };
    if dashes_at_start(after.trim_ascii_start()) > 0 {
        return Some(EndFault::Glued);
    }
    if label(begin) != label(end) {
        return Some(EndFault::OtherLabel);
    }
    if !before.is_empty() {
        return Some(EndFault::TextBefore);
    }
    if !end.exact {
        return Some(EndFault::Armor);
    }
    (!after.iter().all(|byte| is_trailing(*byte))).then_some(EndFault::TextAfter)
}

/// The value of a base64 character.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// The value of a character that the URL alphabet has in place of another (RFC 4648 section 5).
fn url_digit(byte: u8) -> Option<u8> {
    match byte {
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

/// Decodes base64 with anything between its characters that gets there by indenting, quoting and escaping. Header lines are left
/// out, and so is `prefix` at the start of a line. A character that none of this explains makes the rest worthless: what was decoded so
/// far is given back.
fn decode(text: &[u8], prefix: &[u8], first_line: u32) -> Body {
    let mut body = Body {
        data: Vec::with_capacity(text.len() / 4 * 3),
        ..Body::default()
    };
    let mut group = 0u32;
    let mut filled = 0u8;
    let mut padding = 0u8;
    let mut is_padded = false;
    let mut line = first_line;
    let mut offset = 0;
    let mut line_start = true;
    let mut line_digits = false;
    let mut headers = false;
    let mut seen_line = false;
    while let Some(byte) = text.get(offset) {
        if line_start {
            line_start = false;
            line_digits = false;
            let rest = text.get(offset..).unwrap_or_default();
            if seen_line
                && !prefix.is_empty()
                && prefix.len() <= MAX_PREFIX_BYTES
                && rest.starts_with(prefix)
            {
                offset += prefix.len();
                continue;
            }
            let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            let whole = rest.get(..length).unwrap_or_default();
            let is_header = whole.len() < 512
                && (memchr::memchr(b':', whole).is_some()
                    || (headers && whole.first().is_some_and(|byte| is_blank(*byte))));
            if seen_line && is_header {
                body.header_line.get_or_insert(line);
                headers = true;
                offset += length;
                line_digits = true;
                continue;
            }
            headers = false;
        }
        offset += 1;
        match byte {
            b'\n' => {
                if seen_line && !line_digits {
                    body.blank_line.get_or_insert(line);
                }
                seen_line = true;
                line = line.saturating_add(1);
                line_start = true;
            }
            b'\\' => {
                if text.get(offset).is_some_and(u8::is_ascii_alphabetic) {
                    offset += 1;
                }
            }
            // A closing quotation mark, and what joins strings in programs.
            b'"' | b'\''
                if offset > 1
                    && text
                        .get(offset - 2)
                        .is_some_and(|before| !before.is_ascii_whitespace()) =>
            {
                offset += text
                    .get(offset..)
                    .unwrap_or_default()
                    .iter()
                    .take_while(|byte| b" \t+,.;)&\\".contains(byte))
                    .count();
            }
            b'=' => {
                line_digits = true;
                padding += 1;
                let bytes = match (filled, padding) {
                    (2, 2) | (3, 1) => filled - 1,
                    (2, 1) => continue,
                    _ => {
                        body.bad_line.get_or_insert(line);
                        return body;
                    }
                };
                let value = group << (6 * u32::from(4 - filled));
                let octets = value.to_be_bytes();
                body.data
                    .extend_from_slice(octets.get(1..1 + usize::from(bytes)).unwrap_or_default());
                (group, filled, padding) = (0, 0, 0);
                is_padded = true;
            }
            _ => {
                if let Some(value) = digit(*byte).or(url_digit(*byte)) {
                    if padding > 0 {
                        body.bad_line.get_or_insert(line);
                        return body;
                    }
                    line_digits = true;
                    if is_padded {
                        body.bad_line.get_or_insert(line);
                    }
                    body.digits += 1;
                    group = (group << 6) | u32::from(value);
                    filled += 1;
                    if filled == 4 {
                        body.data
                            .extend_from_slice(group.to_be_bytes().get(1..).unwrap_or_default());
                        (group, filled) = (0, 0);
                    }
                } else if !is_filler(*byte) {
                    body.bad_line.get_or_insert(line);
                    return body;
                }
            }
        }
    }
    if filled > 0 {
        body.bad_line.get_or_insert(line);
    }
    body
}

/// What indenting, quoting and wrapping put between base64 characters.
fn is_filler(byte: u8) -> bool {
    byte <= b' '
        || byte >= 0x80
        || matches!(byte, b'"' | b'\'' | b'`' | b',' | b'>' | b'|' | b'#' | b';')
}
