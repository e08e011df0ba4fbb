//! The quick reading of well-formed PEM: the form that every tool writes, in which all readers agree. Whatever departs from it
//! is left to the exact readings.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem::Finder;

const DASHES: &[u8] = b"-----";
const BEGIN: &[u8] = b"-----BEGIN ";
/// The columns of a full line: 64 (RFC 7468 section 2), 72 in Node's own list, 76 (MIME).
const MOST_COLUMNS: usize = 76;

static FIND_DASHES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(DASHES));

/// A block whose lines are all in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'a> {
    /// The label between the dashes.
    pub label: &'a [u8],
    /// The line of its BEGIN, counted from 1.
    pub line: u32,
    /// The text between BEGIN and END, without the newline before END.
    pub body: &'a [u8],
}

/// The blocks of a text, or `None` when anything in it departs from the plain form: BEGIN and END whole lines of their own with the
/// same label, no other run of five dashes, no NUL, LF as line end. The bodies are not looked at: [`decode`] does.
pub fn blocks(text: &[u8]) -> Option<Vec<Block<'_>>> {
    let dashes = &*FIND_DASHES;
    let mut blocks = Vec::with_capacity(text.len() / 1500 + 1);
    let mut offset = 0;
    let mut line = 1;
    loop {
        let rest = text.get(offset..)?;
        let Some(gap) = dashes.find(rest) else {
            return memchr::memchr(0, rest).is_none().then_some(blocks);
        };
        let before = rest.get(..gap)?;
        if before.last().is_some_and(|last| *last != b'\n') || memchr::memchr(0, before).is_some() {
            return None;
        }
        line += count_lines(before);
        let after_begin = rest.get(gap..)?.strip_prefix(BEGIN)?;
        let label_length = dashes.find(after_begin)?;
        let (label, after_label) = after_begin.split_at_checked(label_length)?;
        let body_and_more = after_label.strip_prefix(b"-----\n")?;
        if memchr::memchr2(b'\n', 0, label).is_some() {
            return None;
        }
        let end = dashes.find(body_and_more)?;
        let body = body_and_more.get(..end)?.strip_suffix(b"\n")?;
        let after_end = body_and_more
            .get(end..)?
            .strip_prefix(b"-----END ")?
            .strip_prefix(label)?
            .strip_prefix(DASHES)?;
        let remaining = match after_end {
            [] => after_end,
            [b'\n', remaining @ ..] => remaining,
            _ => return None,
        };
        blocks.push(Block { label, line, body });
        line += count_lines(body) + 3;
        offset = text.len() - remaining.len();
    }
}

fn count_lines(text: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', text).count()).unwrap_or(u32::MAX)
}

/// The data of a plain body: base64 in lines of one width, the last one no longer than the others; `None` for any other body.
pub fn decode(body: &[u8], scratch: &mut Vec<u8>) -> Option<Vec<u8>> {
    let columns = memchr::memchr(b'\n', body).unwrap_or(body.len());
    if columns == 0 || columns > MOST_COLUMNS {
        return None;
    }
    scratch.clear();
    let mut rest = body;
    while let Some((full, after)) = rest.split_at_checked(columns + 1) {
        let (newline, line) = full.split_last()?;
        if *newline != b'\n' {
            return None;
        }
        scratch.extend_from_slice(line);
        rest = after;
    }
    if rest.is_empty() || rest.len() > columns {
        return None;
    }
    scratch.extend_from_slice(rest);
    STANDARD.decode(&scratch).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8w\nMTI=";

    fn pem(body: &str) -> String {
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    }

    #[test]
    fn gives_label_line_and_body_of_every_block() {
        let text = format!("# one\n{}\n# two\n{}", pem(BODY), pem("AQID").trim_end());
        let found = blocks(text.as_bytes()).unwrap();
        assert_eq!(
            found.iter().map(|block| block.line).collect::<Vec<_>>(),
            [2, 8]
        );
        assert_eq!(found[0].body, BODY.as_bytes());
        assert_eq!(found[1].body, b"AQID");
        assert!(found.iter().all(|block| block.label == b"CERTIFICATE"));
        let expected: Vec<u8> = (1..=50).collect();
        for width in [4, 64, 72, 76] {
            let text = BODY.replace('\n', "");
            let lines: Vec<&[u8]> = text.as_bytes().chunks(width).collect();
            let body = lines.join(&b'\n');
            assert_eq!(decode(&body, &mut Vec::new()).as_ref(), Some(&expected));
        }
    }

    #[test]
    fn leaves_every_other_form_to_the_exact_readings() {
        let plain = pem(BODY);
        for text in [
            plain.replace('\n', "\r\n"),
            plain.replace("-----BEGIN", " -----BEGIN"),
            plain.replace("-----BEGIN", "\u{feff}-----BEGIN"),
            plain.replace("END CERTIFICATE", "END X"),
            plain.replace("-----END CERTIFICATE-----\n", ""),
            format!("{plain}-----"),
            format!("\0{plain}"),
            format!("{plain}\0"),
            plain.replace("-----END CERTIFICATE-----", "-----END CERTIFICATE----- "),
            format!("{}{plain}", plain.trim_end()),
        ] {
            assert_eq!(blocks(text.as_bytes()), None, "{text:?}");
        }
        for body in [
            "",
            "AQID\nAQIDAQID",
            &"A".repeat(80),
            "AQ ID",
            "AQI",
            "AQJ=",
            "AQID\n",
            "AQID\n\nAQID",
        ] {
            assert_eq!(decode(body.as_bytes(), &mut Vec::new()), None, "{body:?}");
        }
    }
}
