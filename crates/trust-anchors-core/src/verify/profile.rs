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
    /// Whether the address families of a leaf are put in order before its issuers' are compared with them (RFC 3779).
    pub sorts_address_families: bool,
    /// What the object that Node makes of a certificate holds for an attribute of the subject that is no string.
    pub odd_attributes: OddAttributes,
    /// How `tls.checkServerIdentity` converts the host before it compares; `None` where it takes the host as it is.
    pub host_conversion: Option<HostConversion>,
}

/// What stands for an attribute that is no string (`GetX509NameObject` in `src/crypto/crypto_x509.cc`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OddAttributes {
    /// The whole subject is missing: Node 18 and 20.
    NoSubject,
    /// `undefined`, as the second of several values of one type, and nothing anywhere else: Node 22.
    Gap,
    /// Nothing: Node 24 and 26.
    Nothing,
}

/// How a Node version converts a host with `url.domainToASCII`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostConversion {
    /// Whether the converted host, not the host itself, decides if it is an address. It does in Node 22: `domainToASCII` gives
    /// nothing for an IPv6 address, so none ever matches.
    pub decides_addresses: bool,
    /// The URL parser behind `domainToASCII`.
    pub ada: AdaVersion,
}

/// A release line of Ada, Node's URL parser, as far as its hosts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdaVersion {
    /// Ada 2.9: Node 22.
    V2,
    /// Ada 4.0: Node 24 and 26.
    V4,
}

impl Profile {
    /// The profile of an official build with default settings.
    pub fn of(node: NodeVersion) -> Self {
        Self {
            node,
            openssl: node.openssl(),
            security_level: node.security_level(),
            sorts_address_families: node.openssl() != OpensslVersion::V3_0,
            odd_attributes: match node.major {
                ..22 => OddAttributes::NoSubject,
                22 | 23 => OddAttributes::Gap,
                24.. => OddAttributes::Nothing,
            },
            host_conversion: (node.major >= 22).then_some(HostConversion {
                decides_addresses: node.major == 22,
                ada: if node.major < 24 {
                    AdaVersion::V2
                } else {
                    AdaVersion::V4
                },
            }),
        }
    }
}
