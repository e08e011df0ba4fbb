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

    /// The OpenSSL release line this Node is built with.
    pub fn openssl(self) -> OpensslVersion {
        if self.major >= 22 {
            OpensslVersion::V3_5
        } else {
            OpensslVersion::V3_0
        }
    }

    /// OpenSSL's security level in a default context: 1 up to Node 22, 2 from Node 24 on (measured with
    /// `SSL_get_security_level`).
    pub fn security_level(self) -> u8 {
        if self.major >= 24 { 2 } else { 1 }
    }

    /// Whether `NODE_USE_SYSTEM_CA` is read (nodejs PR 59276: 22.19 and 24.6).
    pub fn has_system_ca_variable(self) -> bool {
        self.major > 24
            || (self.major == 24 && self.minor >= 6)
            || (self.major == 22 && self.minor >= 19)
    }

    /// Whether `--use-system-ca` exists.
    pub fn has_system_ca(self) -> bool {
        self.major >= 24
            || (self.major == 22 && self.minor >= 15)
            || (self.major == 23 && self.minor >= 8)
    }
}
