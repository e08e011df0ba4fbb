//! What differs between Node versions in the verdict on a chain. The only place of the verification that knows versions.

use crate::der::OpensslVersion;
use crate::node::NodeVersion;

/// How one Node version verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// The Node version it stands for.
    pub node: NodeVersion,
    /// The OpenSSL this Node is built with.
    pub openssl: OpensslVersion,
    /// OpenSSL's security level in a context with default ciphers (`SSL_CTX_set_security_level`).
    pub security_level: u8,
}

impl Profile {
    /// The profile of an official build with default settings.
    pub fn of(node: NodeVersion) -> Self {
        Self {
            node,
            openssl: node.openssl(),
            security_level: node.security_level(),
        }
    }
}
