//! Mailboxes: rfc822Name, and SmtpUTF8Mailbox (RFC 9598), which is held against the same constraints.

use super::{UNSPECIFIED, UNSUPPORTED_NAME_SYNTAX, is_host_or_in_dotted};
use crate::der::{OpensslVersion, OtherName};

/// A mailbox of a certificate.
#[derive(Debug)]
pub(super) struct Mailbox {
    /// As it is: case counts in the local part.
    text: Box<[u8]>,
    /// In lower case.
    folded: Box<[u8]>,
    /// Where the last `@` is.
    at: Option<usize>,
}

/// A mailbox, a host or, with a dot in front, a domain that a constraint names.
#[derive(Debug)]
pub(super) struct MailboxBase {
    mailbox: Mailbox,
    international: Result<InternationalBase, u16>,
}

/// What an [`InternationalMailbox`] is compared with: labels in Unicode, ASCII in lower case.
#[derive(Debug, PartialEq, Eq)]
enum InternationalBase {
    Host(Box<[u8]>),
    Domain(Box<[u8]>),
}

/// The value of an SmtpUTF8Mailbox, `None` when it is no UTF8String.
#[derive(Debug)]
pub(super) struct InternationalMailbox(Option<Mailbox>);

impl Mailbox {
    pub(super) fn new(text: &[u8]) -> Self {
        Self {
            text: text.into(),
            folded: text.to_ascii_lowercase().into(),
            at: memchr::memrchr(b'@', text),
        }
    }

    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    /// `nc_email`.
    pub(super) fn is_within(&self, base: &MailboxBase) -> Result<bool, u16> {
        let base = &base.mailbox;
        let (local_part, host) = self.parts().ok_or(UNSUPPORTED_NAME_SYNTAX)?;
        let Some((base_local_part, base_host)) = base.parts() else {
            let compared = if base.folded.starts_with(b".") {
                &self.folded
            } else {
                host
            };
            return Ok(is_host_or_in_dotted(compared, &base.folded));
        };
        if !base_local_part.is_empty() {
            if local_part.len() != base_local_part.len() {
                return Ok(false);
            }
            if local_part.contains(&0) || base_local_part.contains(&0) {
                return Err(UNSUPPORTED_NAME_SYNTAX);
            }
            if local_part != base_local_part {
                return Ok(false);
            }
        }
        Ok(host == base_host)
    }

    /// The local part as it is and the host in lower case; `None` without an `@`.
    fn parts(&self) -> Option<(&[u8], &[u8])> {
        let at = self.at?;
        Some((self.text.get(..at)?, self.folded.get(at + 1..)?))
    }
}

impl MailboxBase {
    pub(super) fn new(text: &[u8], version: OpensslVersion) -> Self {
        Self {
            mailbox: Mailbox::new(text),
            international: InternationalBase::new(text, version),
        }
    }
}

impl InternationalBase {
    fn new(text: &[u8], version: OpensslVersion) -> Result<Self, u16> {
        // What `nc_email_eai` uses of its buffer.
        let limit = match version {
            OpensslVersion::V3_0 => 255,
            _ => 256,
        };
        if text.contains(&0) {
            return Err(UNSUPPORTED_NAME_SYNTAX);
        }
        if !text.starts_with(b".") {
            return Ok(Self::Host(unicode_labels(text, limit)?.into()));
        }
        // The domain keeps its own dot behind the other one, so that no usual mailbox is in it.
        let mut domain = unicode_labels(text, limit - 1)?;
        domain.insert(0, b'.');
        Ok(Self::Domain(domain.into()))
    }
}

impl InternationalMailbox {
    pub(super) fn new(name: &OtherName<'_>) -> Self {
        const UTF8_STRING: u32 = 12;
        let is_text = name.value_type == Some(UTF8_STRING);
        Self(is_text.then(|| Mailbox::new(&name.value)))
    }

    pub(super) fn length(&self) -> usize {
        self.0.as_ref().map_or(0, Mailbox::length)
    }

    /// `nc_email_eai`.
    pub(super) fn is_within(&self, base: &MailboxBase) -> Result<bool, u16> {
        if base.international == Err(UNSUPPORTED_NAME_SYNTAX) {
            return Err(UNSUPPORTED_NAME_SYNTAX);
        }
        let (mailbox, (_, host)) = self
            .0
            .as_ref()
            .and_then(|mailbox| Some((mailbox, mailbox.parts()?)))
            .ok_or(UNSUPPORTED_NAME_SYNTAX)?;
        Ok(match base.international.as_ref().map_err(|error| *error)? {
            InternationalBase::Host(base) => host == &**base,
            InternationalBase::Domain(base) => is_host_or_in_dotted(&mailbox.folded, base),
        })
    }
}

/// `ossl_a2ulabel` in `crypto/punycode.c`, with ASCII in lower case.
fn unicode_labels(host: &[u8], limit: usize) -> Result<Vec<u8>, u16> {
    let mut labels = Vec::new();
    for (index, label) in host.split(|octet| *octet == b'.').enumerate() {
        if index > 0 {
            labels.push(b'.');
        }
        match label.strip_prefix(b"xn--") {
            None => labels.extend_from_slice(label),
            Some(encoded) => {
                for character in decode_punycode(encoded).ok_or(UNSPECIFIED)? {
                    push_utf8(character, &mut labels)?;
                }
            }
        }
        // The result has a NUL at its end.
        if labels.len() >= limit {
            return Err(UNSPECIFIED);
        }
    }
    labels.make_ascii_lowercase();
    Ok(labels)
}

/// `codepoint2utf8`, which takes surrogates for characters.
fn push_utf8(character: u32, text: &mut Vec<u8>) -> Result<(), u16> {
    let continuation = |shift: u32| 0x80 | (character >> shift & 0x3f) as u8;
    match character {
        0..0x80 => text.push(character as u8),
        0x80..0x800 => text.extend([0xc0 | (character >> 6) as u8, continuation(0)]),
        0x800..0x1_0000 => text.extend([
            0xe0 | (character >> 12) as u8,
            continuation(6),
            continuation(0),
        ]),
        0x1_0000..0x11_0000 => text.extend([
            0xf0 | (character >> 18) as u8,
            continuation(12),
            continuation(6),
            continuation(0),
        ]),
        _ => return Err(UNSPECIFIED),
    }
    Ok(())
}

/// `ossl_punycode_decode` (RFC 3492 section 6.2): at most 512 code points, whatever they are.
fn decode_punycode(encoded: &[u8]) -> Option<Vec<u32>> {
    const BASE: u32 = 36;
    const LENGTH_MAX: usize = 512;

    let basic = memchr::memrchr(b'-', encoded).filter(|at| *at > 0);
    let (basic, digits) = match basic {
        Some(at) => (encoded.get(..at)?, encoded.get(at + 1..)?),
        None => (&[][..], encoded),
    };
    if basic.len() > LENGTH_MAX || !basic.is_ascii() {
        return None;
    }
    let mut decoded: Vec<u32> = basic.iter().copied().map(u32::from).collect();
    let (mut character, mut position, mut bias) = (0x80u32, 0u32, 72u32);
    let mut digits = digits.iter();
    while !digits.as_slice().is_empty() {
        let before = position;
        let mut weight = 1u32;
        for round in 1u32.. {
            let digit = match digits.next()? {
                letter @ (b'A'..=b'Z' | b'a'..=b'z') => letter.to_ascii_lowercase() - b'a',
                number @ b'0'..=b'9' => number - b'0' + 26,
                _ => return None,
            };
            let digit = u32::from(digit);
            position = digit.checked_mul(weight)?.checked_add(position)?;
            let threshold = (round * BASE).saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
        }
        let length = u32::try_from(decoded.len()).ok()? + 1;
        bias = adapt(position - before, length, before == 0);
        character = character.checked_add(position / length)?;
        position %= length;
        if decoded.len() >= LENGTH_MAX {
            return None;
        }
        decoded.insert(usize::try_from(position).ok()?, character);
        position += 1;
    }
    Some(decoded)
}

/// RFC 3492 section 6.1.
fn adapt(delta: u32, length: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut bias = 0;
    while delta > 35 * 26 / 2 {
        delta /= 35;
        bias += 36;
    }
    bias + 36 * delta / (delta + 38)
}
