//! `url.domainToASCII` (`BindingData::DomainToASCII` in `src/node_url.cc`): what the URL parser makes of a host name, as if it
//! were set on a URL with a special scheme (`ada::url::set_hostname` in `deps/ada/ada.cpp`).

use std::borrow::Cow;
use std::net::Ipv6Addr;

use crate::verify::profile::AdaVersion;

mod international;
mod normalization;
mod tables;

/// The longest domain in octets that Ada 4.0 converts (`max_domain_input_bytes`). The others have no limit, and are given the same:
/// what a conversion costs grows with the square of the length.
const LONGEST: usize = 16_384;

/// The host as `url.domainToASCII` gives it back; empty when it is none.
pub(super) fn to_ascii(host: &str, ada: AdaVersion) -> String {
    host_of_url(host)
        .filter(|host| !host.is_empty())
        .and_then(|host| parse_host(&host, ada))
        .unwrap_or_default()
}

/// The part of the text that the setter of `hostname` takes for the host: up to what would begin another part of a URL. A port
/// is refused.
fn host_of_url(text: &str) -> Option<String> {
    let host: String = text
        .split('#')
        .next()?
        .chars()
        .filter(|character| !matches!(character, '\t' | '\n' | '\r'))
        .collect();
    let mut is_in_brackets = false;
    for (index, character) in host.char_indices() {
        match character {
            '[' if !is_in_brackets => is_in_brackets = true,
            ']' => is_in_brackets = false,
            ':' if !is_in_brackets => return None,
            '/' | '\\' | '?' if !is_in_brackets => return host.get(..index).map(str::to_owned),
            _ => {}
        }
    }
    Some(host)
}

/// The host parser (WHATWG URL, section 3.5; `ada::url::parse_host`).
fn parse_host(host: &str, ada: AdaVersion) -> Option<String> {
    if let Some(address) = host.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{}]", super::address::compressed(address)));
    }
    let lowercase = host.to_ascii_lowercase();
    if host.is_ascii() && !lowercase.contains("xn-") && !lowercase.bytes().any(is_forbidden) {
        return finished(lowercase);
    }
    let decoded = percent_decoded(host)?;
    // No name is that long: the DNS has 255 octets, and OpenSSL sends no longer one.
    if decoded.len() > LONGEST {
        return None;
    }
    let domain = international::to_ascii(&decoded, ada)?;
    if domain.is_empty() || domain.bytes().any(is_forbidden) {
        return None;
    }
    finished(domain)
}

fn finished(domain: String) -> Option<String> {
    if ends_in_number(&domain) {
        return parse_ipv4(&domain);
    }
    Some(domain)
}

/// The text with its percent-encoded octets decoded; `None` when they are no UTF-8.
fn percent_decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let encoded = (first == b'%')
            .then(|| after.split_first_chunk::<2>())
            .flatten()
            .and_then(|(&[high, low], after)| {
                Some((hexadecimal(high)? << 4 | hexadecimal(low)?, after))
            });
        let (octet, after) = encoded.unwrap_or((first, after));
        octets.push(octet);
        rest = after;
    }
    String::from_utf8(octets).ok().map(Cow::Owned)
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// A forbidden domain code point (WHATWG URL, section 3.3).
fn is_forbidden(octet: u8) -> bool {
    matches!(
        octet,
        0..=b' '
            | b'#'
            | b'/'
            | b':'
            | b'<'
            | b'>'
            | b'?'
            | b'@'
            | b'['
            | b'\\'
            | b']'
            | b'^'
            | b'|'
            | b'%'
            | 0x7f
    )
}

/// The ends-in-a-number checker (WHATWG URL, section 3.5).
fn ends_in_number(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let last = domain.rsplit('.').next().unwrap_or_default();
    match last.strip_prefix("0x") {
        Some(digits) => digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        None => !last.is_empty() && last.bytes().all(|digit| digit.is_ascii_digit()),
    }
}

/// The IPv4 parser (WHATWG URL, section 3.5). Four decimal numbers stay as they are written.
fn parse_ipv4(domain: &str) -> Option<String> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let parts: Vec<&str> = domain.split('.').collect();
    let (last, others) = parts.split_last()?;
    if others.len() > 3 {
        return None;
    }
    let mut address: u64 = 0;
    for part in others {
        let number = parse_ipv4_number(part).filter(|number| *number <= 255)?;
        address = (address << 8) | number;
    }
    let bits = 8 * (4 - others.len());
    let number = parse_ipv4_number(last).filter(|number| *number < 1 << bits)?;
    let address = u32::try_from((address << bits) | number).ok()?;
    Some(std::net::Ipv4Addr::from(address).to_string())
}

fn parse_ipv4_number(text: &str) -> Option<u64> {
    let (digits, radix) = match (text.strip_prefix("0x"), text.strip_prefix('0')) {
        (Some(""), _) => return Some(0),
        (Some(digits), _) => (digits, 16),
        (None, Some(digits)) if !digits.is_empty() => (digits, 8),
        _ => (text, 10),
    };
    // `from_str_radix` would take a sign.
    digits
        .bytes()
        .all(|digit| digit.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, radix).ok())
        .flatten()
        .map(u64::from)
}

/// What the rules for right-to-left labels tell apart (RFC 5893 section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    LeftToRight,
    /// Bidirectional class R or AL.
    RightToLeft,
    ArabicNumber,
    EuropeanNumber,
    NonspacingMark,
    /// Bidirectional class ES, CS, ET, ON or BN.
    Neutral,
    /// Any other, and what Ada's table does not hold.
    Unknown,
}
