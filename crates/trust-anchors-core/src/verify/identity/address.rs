//! IP addresses as Node reads and writes them.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// An IP address. An IPv4 address in IPv6 (`::ffff:127.0.0.1`) is an IPv6 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    V4([u8; 4]),
    V6([u8; 16]),
}

impl Address {
    /// The address that `net.isIP` (`lib/internal/net.js`) takes `text` for. Decimal octets have no leading zeros, and an IPv6
    /// address may have a zone, which `canonicalizeIP` drops.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(Self::V4(address.octets()));
        }
        let is_zone_character =
            |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b':');
        let address = match text.split_once('%') {
            Some((address, zone)) => {
                (!zone.is_empty() && zone.bytes().all(is_zone_character)).then_some(address)?
            }
            None => text,
        };
        let address: Ipv6Addr = address.parse().ok()?;
        Some(Self::V6(address.octets()))
    }

    /// The address in the octets of an `iPAddress`.
    pub(super) fn from_octets(octets: &[u8]) -> Option<Self> {
        match octets.len() {
            4 => octets.try_into().ok().map(Self::V4),
            16 => octets.try_into().ok().map(Self::V6),
            _ => None,
        }
    }

    /// The IPv4 address, also one that is written as an IPv6 address (`::ffff:192.0.2.1`).
    pub(super) fn as_ipv4(&self) -> Option<Ipv4Addr> {
        match self {
            Self::V4(octets) => Some((*octets).into()),
            Self::V6(octets) => Ipv6Addr::from(*octets).to_ipv4_mapped(),
        }
    }

    pub(super) fn octets(&self) -> &[u8] {
        match self {
            Self::V4(octets) => octets,
            Self::V6(octets) => octets,
        }
    }
}

impl fmt::Display for Address {
    /// The spelling of `canonicalizeIP`: `uv_inet_ntop` (`deps/uv/src/inet.c`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let octets = match self {
            Self::V4(octets) => return Ipv4Addr::from(*octets).fmt(f),
            Self::V6(octets) => octets,
        };
        let groups = Ipv6Addr::from(*octets).segments();
        let zeros = longest_zeros(&groups);
        // `::1.2.3.4` and `::ffff:1.2.3.4`, but `::102`.
        let ends_in_dots = match (zeros.start, zeros.len()) {
            (0, 6) => true,
            (0, 5) => groups.get(5) == Some(&0xffff),
            _ => false,
        };
        if ends_in_dots {
            let [.., a, b, c, d] = *octets;
            let prefix = if zeros.len() == 5 { "::ffff:" } else { "::" };
            return write!(f, "{prefix}{}", Ipv4Addr::new(a, b, c, d));
        }
        f.write_str(&compressed(Ipv6Addr::from(*octets)))
    }
}

/// An IPv6 address in hexadecimal groups, the first of the longest runs of two or more zeros left out.
pub(super) fn compressed(address: Ipv6Addr) -> String {
    let groups = address.segments();
    let zeros = longest_zeros(&groups);
    let hexadecimal = |groups: &[u16]| {
        let groups: Vec<_> = groups.iter().map(|group| format!("{group:x}")).collect();
        groups.join(":")
    };
    match (groups.get(..zeros.start), groups.get(zeros.end..)) {
        (Some(before), Some(after)) if !zeros.is_empty() => {
            format!("{}::{}", hexadecimal(before), hexadecimal(after))
        }
        _ => hexadecimal(&groups),
    }
}

/// The first of the longest runs of two or more zeros.
fn longest_zeros(groups: &[u16; 8]) -> std::ops::Range<usize> {
    let mut best = 0..0;
    let mut start = 0;
    for (index, group) in groups.iter().enumerate() {
        if *group != 0 {
            start = index + 1;
        } else if index + 1 - start > best.len() {
            best = start..index + 1;
        }
    }
    if best.len() < 2 { 0..0 } else { best }
}
