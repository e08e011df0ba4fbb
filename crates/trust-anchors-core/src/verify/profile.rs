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
    /// Whether a certificate that was sent is compared with the path before it is asked whether it is the issuer, not afterwards.
    pub compares_before_issuer: bool,
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
    /// Nothing: Node 24 and 26. Those before 24.21 end the process instead (measured: 24.4, 24.12 and 26.7 abort), and that is no
    /// answer to compare with.
    Nothing,
}

/// How a Node version converts a host with `url.domainToASCII`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostConversion {
    /// Whether the converted host, not the host itself, decides if it is an address. `domainToASCII` gives nothing for an IPv6
    /// address, so none ever matches then.
    pub decides_addresses: bool,
    /// The URL parser behind `domainToASCII`.
    pub ada: AdaVersion,
}

impl HostConversion {
    /// Measured: the conversion came with 22.23, 24.17 and 26.3.1, addresses are taken as they are again from 24.20 and 26.6 on,
    /// and Ada 4.0 came with 24.20 and 26.7.
    fn of(node: NodeVersion) -> Option<Self> {
        let (decides_addresses, ada) = match (node.major, node.minor) {
            (22, 23..) => (true, AdaVersion::V2),
            (24, 17..20) | (26, 3..6) => (true, AdaVersion::V3),
            (26, 6) => (false, AdaVersion::V3),
            (24, 20..) | (26, 7..) | (27.., _) => (false, AdaVersion::V4),
            _ => return None,
        };
        Some(Self {
            decides_addresses,
            ada,
        })
    }
}

/// A release line of Ada, Node's URL parser, as far as its hosts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdaVersion {
    /// Ada 2.9: Node 22.
    V2,
    /// Ada 3.4: Node 24 up to 24.19, Node 26 up to 26.6.
    V3,
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
            compares_before_issuer: node.openssl() != OpensslVersion::V3_0,
            sorts_address_families: node.openssl() != OpensslVersion::V3_0,
            odd_attributes: match node.major {
                ..22 => OddAttributes::NoSubject,
                22 | 23 => OddAttributes::Gap,
                24.. => OddAttributes::Nothing,
            },
            host_conversion: HostConversion::of(node),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_converted_as_the_release_does() {
        use AdaVersion::{V2, V3, V4};
        for (node, expected) in [
            ("20.20.2", None),
            ("22.22.3", None),
            ("22.23.0", Some((true, V2))),
            ("24.16.0", None),
            ("24.19.0", Some((true, V3))),
            ("24.20.0", Some((false, V4))),
            ("26.5.0", Some((true, V3))),
            ("26.6.0", Some((false, V3))),
            ("26.7.0", Some((false, V4))),
            ("22", Some((true, V2))),
            ("24", Some((false, V4))),
            ("26", Some((false, V4))),
        ] {
            let profile = Profile::of(NodeVersion::parse(node).unwrap());
            let found = profile
                .host_conversion
                .map(|conversion| (conversion.decides_addresses, conversion.ada));
            assert_eq!(found, expected, "{node}");
        }
    }
}
