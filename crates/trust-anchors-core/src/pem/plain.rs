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

    /// Whatever is taken for plain, Node reads to its end and in the same way.
    #[test]
    fn agrees_with_nodes_reading_on_every_text_that_it_takes() {
        use crate::certificate::forge::Forge;
        use crate::der::OpensslVersion;
        use crate::pem::node::{self, End};

        let pieces: Vec<String> = [1, 2, 3]
            .map(|serial| {
                Forge {
                    serial,
                    ..Forge::default()
                }
                .pem()
            })
            .into();
        let other = pieces[0].replace("CERTIFICATE", "PUBLIC KEY");
        let snippets: [&[u8]; 14] = [
            b"\n",
            b"\r\n",
            b"-----",
            b"-----BEGIN CERTIFICATE-----\n",
            b"-----END CERTIFICATE-----\n",
            b"-----BEGIN X509 CERTIFICATE-----\n",
            b" ",
            b":",
            b"=",
            b"\0",
            b"\xef\xbb\xbf",
            b"A: B\n\n",
            b"AAAA",
            b"text\n",
        ];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = move |limit: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % limit as u64).unwrap()
        };
        let mut taken = 0;
        for _ in 0..20_000 {
            let mut text = Vec::new();
            for _ in 0..=random(3) {
                match random(5) {
                    0 => text.extend(other.as_bytes()),
                    index => text.extend(pieces[index % 3].as_bytes()),
                }
            }
            for _ in 0..random(3) {
                let at = random(text.len());
                match random(4) {
                    0 => text[at] = u8::try_from(random(256)).unwrap(),
                    1 => text.truncate(at.max(1)),
                    2 => {
                        text.remove(at);
                    }
                    _ => {
                        let snippet = snippets[random(snippets.len())];
                        text.splice(at..at, snippet.iter().copied());
                    }
                }
            }
            let reading = node::read(&text, OpensslVersion::V3_5);
            let Some(found) = blocks(&text) else {
                continue;
            };
            let mut scratch = Vec::new();
            let data: Option<Vec<Vec<u8>>> = found
                .iter()
                .map(|block| decode(block.body, &mut scratch))
                .collect();
            let Some(data) = data else {
                continue;
            };
            let is_certificate = |block: &Block<'_>| block.label.ends_with(b"CERTIFICATE");
            let labels_known = found.iter().all(|block| {
                matches!(
                    block.label,
                    b"CERTIFICATE" | b"X509 CERTIFICATE" | b"PUBLIC KEY"
                )
            });
            let expected: Option<Vec<(Vec<u8>, u32)>> = found
                .iter()
                .zip(&data)
                .filter(|(block, _)| is_certificate(block))
                .map(|(block, data)| {
                    let certificate =
                        crate::certificate::Certificate::decode(data, OpensslVersion::V3_5).ok()?;
                    Some((certificate.der().to_vec(), block.line))
                })
                .collect();
            let Some(expected) = expected.filter(|_| labels_known) else {
                continue;
            };
            taken += 1;
            let loaded: Vec<(Vec<u8>, u32)> = reading
                .certificates
                .iter()
                .map(|(certificate, position)| (certificate.der().to_vec(), position.line))
                .collect();
            assert_eq!(
                reading.end,
                End::NoStartLine,
                "{}",
                String::from_utf8_lossy(&text)
            );
            assert_eq!(loaded, expected, "{}", String::from_utf8_lossy(&text));
        }
        assert!(taken > 5_000, "{taken} texts were taken");
    }
}
