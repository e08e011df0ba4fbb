//! Node's versions, and the facts about trust that differ between them.

use crate::der::OpensslVersion;

/// A Node version, as far as trust depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeVersion {
    /// Major version.
    pub major: u32,
    /// Minor version.
    pub minor: u32,
}

impl NodeVersion {
    /// Parses `24`, `24.11` or `v24.11.0`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        let major = parts.next()?.parse().ok()?;
        let minor = match parts.next() {
            Some(part) => part.parse().ok()?,
            None => u32::MAX,
        };
        Some(Self { major, minor })
    }

    /// The OpenSSL this Node is built with, as far as its decoder differs (measured: 22.19 has 3.0.17, 22.20 3.5.2 and 22.23
    /// 3.5.7; 24.4 has 3.0.16, 24.5 3.5.1, 24.16 3.5.6 and 24.17 3.5.7; 26.3.1 has 3.5.7).
    pub fn openssl(self) -> OpensslVersion {
        match (self.major, self.minor) {
            (..22, _) | (22, ..20) | (23, _) | (24, ..5) => OpensslVersion::V3_0,
            (22, ..23) | (24, ..17) | (25, _) | (26, ..3) => OpensslVersion::V3_5_0,
            _ => OpensslVersion::V3_5,
        }
    }

    /// Whether the warning about `NODE_EXTRA_CA_CERTS` tells the first error in OpenSSL's queue, not the last. Node's own choice,
    /// whatever its OpenSSL (measured: 22.19 and 24.4, which have OpenSSL 3.0, tell the last).
    pub fn warns_with_first_error(self) -> bool {
        self.major < 22
    }

    /// OpenSSL's security level in a default context: 1 up to Node 22, 2 from Node 24 on (measured with
    /// `SSL_get_security_level`).
    pub fn security_level(self) -> u8 {
        if self.major >= 24 { 2 } else { 1 }
    }

    /// Whether the `allowPartialTrustChain` option exists (nodejs PR 54790: 20.18 and 22.9); older versions ignore it.
    pub fn has_partial_trust_chain(self) -> bool {
        self.major > 22
            || (self.major == 22 && self.minor >= 9)
            || (self.major == 20 && self.minor >= 18)
    }

    /// Whether `NODE_USE_SYSTEM_CA` is read (nodejs PR 59276: 22.19 and 24.6).
    pub fn has_system_ca_variable(self) -> bool {
        self.major > 24
            || (self.major == 24 && self.minor >= 6)
            || (self.major == 22 && self.minor >= 19)
    }

    /// Whether describing a key on a curve without a NIST name ends the process with SIGSEGV (measured: 24.21 and 26.10, not 22.23):
    /// `getPeerCertificate()`, and with it every handshake of a client that trusts such a chain.
    pub fn dies_of_unnamed_curves(self) -> bool {
        self.major >= 24
    }

    /// Whether `--use-system-ca` exists.
    pub fn has_system_ca(self) -> bool {
        self.major >= 24
            || (self.major == 22 && self.minor >= 15)
            || (self.major == 23 && self.minor >= 8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openssl_follows_the_release() {
        for (text, expected) in [
            ("18.17.0", OpensslVersion::V3_0),
            ("20", OpensslVersion::V3_0),
            ("v22.19.0", OpensslVersion::V3_0),
            ("22.20.0", OpensslVersion::V3_5_0),
            ("22.23.0", OpensslVersion::V3_5),
            ("22", OpensslVersion::V3_5),
            ("24.4.1", OpensslVersion::V3_0),
            ("24.5.0", OpensslVersion::V3_5_0),
            ("24.16.0", OpensslVersion::V3_5_0),
            ("24.17.0", OpensslVersion::V3_5),
            ("26.3.1", OpensslVersion::V3_5),
            ("26", OpensslVersion::V3_5),
        ] {
            let node = NodeVersion::parse(text).unwrap();
            assert_eq!(node.openssl(), expected, "{text}");
        }
    }

    #[test]
    fn partial_trust_chains_came_in_two_lines() {
        for (text, expected) in [
            ("18", false),
            ("20.17.0", false),
            ("20.18.0", true),
            ("21", false),
            ("22.8.0", false),
            ("22.9.0", true),
            ("24", true),
        ] {
            let node = NodeVersion::parse(text).unwrap();
            assert_eq!(node.has_partial_trust_chain(), expected, "{text}");
        }
    }
}
