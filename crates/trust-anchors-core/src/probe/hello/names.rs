//! What clients offer and how it is called: cipher suites, groups, signature schemes.

use rustls::CipherSuite;

use crate::der::OpensslVersion;

/// The cipher suites that a Node offers by default, the preferred first: `tls.DEFAULT_CIPHERS`, which is the same from Node 18 to 26,
/// as the OpenSSL inside sends it. Measured from the ClientHello of official builds.
///
/// OpenSSL 3.5 leaves out those of [`SHORT_TAGS`].
pub const NODE_SUITES: &[u16] = &[
    0x1302, 0x1303, 0x1301, 0xc02f, 0xc02b, 0xc030, 0xc02c, 0x009e, 0xc027, 0x0067, 0xc028, 0x006b,
    0x00a3, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc0af, 0xc0ad, 0xc0a3, 0xc09f, 0xc05d, 0xc061, 0xc057,
    0xc053, 0x00a2, 0xc0ae, 0xc0ac, 0xc0a2, 0xc09e, 0xc05c, 0xc060, 0xc056, 0xc052, 0xc024, 0x006a,
    0xc023, 0x0040, 0xc00a, 0xc014, 0x0039, 0x0038, 0xc009, 0xc013, 0x0033, 0x0032, 0x009d, 0xc0a1,
    0xc09d, 0xc051, 0x009c, 0xc0a0, 0xc09c, 0xc050, 0x003d, 0x003c, 0x0035, 0x002f,
];

/// Suites whose tags have eight octets (`…_CCM_8`): OpenSSL 3.0 counts them among its strong ones, OpenSSL 3.5 does not.
const SHORT_TAGS: &[u16] = &[0xc0af, 0xc0a3, 0xc0ae, 0xc0a2, 0xc0a1, 0xc0a0];

/// What no Node offers by default, roughly the best first: other strong ones, Camellia, SEED and IDEA, triple DES, RC4, static
/// Diffie-Hellman, DES, export, without a certificate, without encryption.
pub const OTHER_SUITES: &[u16] = &[
    0x1304, 0x1305, 0xc077, 0xc073, 0x00c4, 0x00c3, 0xc076, 0xc072, 0x00be, 0x00bd, 0x0088, 0x0087,
    0x0045, 0x0044, 0x00c0, 0x00ba, 0x0084, 0x0041, 0x009a, 0x0099, 0x0096, 0x0007, 0xc012, 0xc008,
    0x0016, 0x0013, 0x000a, 0xc011, 0xc007, 0x0066, 0x0005, 0x0004, 0xc032, 0xc02e, 0xc031, 0xc02d,
    0xc02a, 0xc026, 0xc00f, 0xc005, 0xc029, 0xc025, 0xc00e, 0xc004, 0xc00d, 0xc003, 0xc00c, 0xc002,
    0x0015, 0x0012, 0x0009, 0x0064, 0x0062, 0x0065, 0x0063, 0x0014, 0x0011, 0x0008, 0x0006, 0x0003,
    0x00a7, 0x00a6, 0x006d, 0x006c, 0x003a, 0x0034, 0x00c5, 0x00bf, 0x0089, 0x0046, 0x009b, 0x001b,
    0x001a, 0x0018, 0x0019, 0x0017, 0xc019, 0xc018, 0xc017, 0xc016, 0xc015, 0xc010, 0xc00b, 0xc006,
    0xc001, 0x003b, 0x0002, 0x0001,
];

/// RFC 5746, 3.3: a client of this kind knows how to renegotiate safely.
pub const RENEGOTIATION_SUITE: u16 = 0x00ff;

/// The groups that any Node offers by default: those of OpenSSL 3.5, then what OpenSSL 3.0 offers besides. Measured likewise.
pub const NODE_GROUPS: &[u16] = &[
    0x11ec, 0x001d, 0x0017, 0x001e, 0x0018, 0x0019, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104,
];

/// Groups that no Node offers: brainpool's curves, secp256k1, P-224, P-192 and the curves over binary fields.
pub const OTHER_GROUPS: &[u16] = &[
    26, 27, 28, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
];

/// The signature schemes that any Node offers by default. Measured likewise.
pub const NODE_SCHEMES: &[u16] = &[
    0x0905, 0x0906, 0x0904, 0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081a, 0x081b, 0x081c, 0x0809,
    0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402,
    0x0502, 0x0602,
];

/// Signature schemes that no Node offers: with SHA-1 and MD5.
pub const OTHER_SCHEMES: &[u16] = &[0x0203, 0x0201, 0x0202, 0x0101];

/// Whether a Node with this OpenSSL offers a cipher suite by default.
pub fn is_suite_of_node(suite: &str, openssl: OpensslVersion) -> bool {
    let found = NODE_SUITES
        .iter()
        .find(|number| suite_name(**number) == suite);
    found.is_some_and(|number| offers_suite(openssl, *number))
}

/// Whether a Node with this OpenSSL offers a group by default.
pub fn is_group_of_node(group: &str, openssl: OpensslVersion) -> bool {
    let found = NODE_GROUPS
        .iter()
        .find(|number| group_name(**number) == group);
    found.is_some_and(|number| offers_group(openssl, *number))
}

/// Whether a Node with this OpenSSL offers a signature scheme by default.
pub fn is_scheme_of_node(scheme: u16, openssl: OpensslVersion) -> bool {
    NODE_SCHEMES.contains(&scheme) && offers_scheme(openssl, scheme)
}

/// Whether every Node from 18 on offers one of [`NODE_SUITES`].
pub fn is_suite_of_every_node(suite: u16) -> bool {
    EVERY_OPENSSL
        .iter()
        .all(|openssl| offers_suite(*openssl, suite))
}

/// Whether every Node from 18 on offers one of [`NODE_GROUPS`].
pub fn is_group_of_every_node(group: u16) -> bool {
    EVERY_OPENSSL
        .iter()
        .all(|openssl| offers_group(*openssl, group))
}

/// Whether every Node from 18 on offers one of [`NODE_SCHEMES`].
pub fn is_scheme_of_every_node(scheme: u16) -> bool {
    EVERY_OPENSSL
        .iter()
        .all(|openssl| offers_scheme(*openssl, scheme))
}

/// What is offered differs between these.
const EVERY_OPENSSL: [OpensslVersion; 2] = [OpensslVersion::V3_0, OpensslVersion::V3_5];

fn offers_suite(openssl: OpensslVersion, suite: u16) -> bool {
    openssl == OpensslVersion::V3_0 || !SHORT_TAGS.contains(&suite)
}

/// X25519MLKEM768 came to OpenSSL 3.5, which offers fewer of the finite fields.
fn offers_group(openssl: OpensslVersion, group: u16) -> bool {
    match openssl {
        OpensslVersion::V3_0 => group != 0x11ec,
        _ => !matches!(group, 0x0102..=0x0104),
    }
}

/// ML-DSA and Brainpool's curves for TLS 1.3 came to OpenSSL 3.5.
fn offers_scheme(openssl: OpensslVersion, scheme: u16) -> bool {
    openssl != OpensslVersion::V3_0 || !matches!(scheme, 0x0904..=0x0906 | 0x081a..=0x081c)
}

/// A cipher suite's IANA name, or its number where it has none.
pub fn suite_name(number: u16) -> String {
    match CipherSuite::from(number).as_str() {
        // The crate's own prefix sets them apart; IANA's names have none.
        Some(name) => name.replacen("TLS13_", "TLS_", 1),
        None => format!("0x{number:04X}"),
    }
}

/// A group's IANA name, or its number where it has none.
pub fn group_name(number: u16) -> String {
    let name = match number {
        1 => "sect163k1",
        2 => "sect163r1",
        3 => "sect163r2",
        4 => "sect193r1",
        5 => "sect193r2",
        6 => "sect233k1",
        7 => "sect233r1",
        8 => "sect239k1",
        9 => "sect283k1",
        10 => "sect283r1",
        11 => "sect409k1",
        12 => "sect409r1",
        13 => "sect571k1",
        14 => "sect571r1",
        15 => "secp160k1",
        16 => "secp160r1",
        17 => "secp160r2",
        18 => "secp192k1",
        19 => "secp192r1",
        20 => "secp224k1",
        21 => "secp224r1",
        22 => "secp256k1",
        23 => "secp256r1",
        24 => "secp384r1",
        25 => "secp521r1",
        26 => "brainpoolP256r1",
        27 => "brainpoolP384r1",
        28 => "brainpoolP512r1",
        29 => "x25519",
        30 => "x448",
        31 => "brainpoolP256r1tls13",
        32 => "brainpoolP384r1tls13",
        33 => "brainpoolP512r1tls13",
        0x0100 => "ffdhe2048",
        0x0101 => "ffdhe3072",
        0x0102 => "ffdhe4096",
        0x0103 => "ffdhe6144",
        0x0104 => "ffdhe8192",
        0x0200 => "MLKEM512",
        0x0201 => "MLKEM768",
        0x0202 => "MLKEM1024",
        0x11eb => "SecP256r1MLKEM768",
        0x11ec => "X25519MLKEM768",
        0x11ed => "SecP384r1MLKEM1024",
        0xff01 => "arbitrary_explicit_prime_curves",
        0xff02 => "arbitrary_explicit_char2_curves",
        _ => return format!("0x{number:04X}"),
    };
    name.to_owned()
}

/// How the key is agreed on, as the suite's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyExchange {
    /// The client encrypts it with the certificate's key, or it is derived from that key: the server sends nothing besides.
    Certificate,
    /// RSA for export: a key of at most 512 bits is sent besides.
    ExportRsa,
    /// Finite-field Diffie-Hellman with a key of its own.
    Dhe,
    /// The same on a curve.
    Ecdhe,
}

impl KeyExchange {
    /// Of a suite of TLS 1.2 or older, by its IANA name.
    pub fn of(suite: &str) -> Self {
        let is = |beginning: &str| suite.starts_with(beginning);
        if is("TLS_ECDHE_") || is("TLS_ECDH_anon_") {
            Self::Ecdhe
        } else if is("TLS_DHE_") || is("TLS_DH_anon_") {
            Self::Dhe
        } else if is("TLS_RSA_EXPORT") {
            Self::ExportRsa
        } else {
            Self::Certificate
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_has_a_name_and_stands_once() {
        let mut all: Vec<u16> = [NODE_SUITES, OTHER_SUITES].concat();
        for number in &all {
            assert!(suite_name(*number).starts_with("TLS_"), "{number:04x}");
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn every_group_has_a_name() {
        for number in [NODE_GROUPS, OTHER_GROUPS].concat() {
            assert!(!group_name(number).starts_with("0x"), "{number:04x}");
        }
    }

    #[test]
    fn versions_of_node_differ_in_short_tags_and_groups() {
        for (suite, old, new) in [
            ("TLS_RSA_WITH_AES_128_CBC_SHA", true, true),
            ("TLS_RSA_WITH_AES_128_CCM_8", true, false),
            ("TLS_RSA_WITH_RC4_128_SHA", false, false),
        ] {
            assert_eq!(
                is_suite_of_node(suite, OpensslVersion::V3_0),
                old,
                "{suite}"
            );
            assert_eq!(
                is_suite_of_node(suite, OpensslVersion::V3_5),
                new,
                "{suite}"
            );
        }
        for (group, old, new) in [
            ("secp521r1", true, true),
            ("X25519MLKEM768", false, true),
            ("ffdhe2048", true, true),
            ("ffdhe8192", true, false),
            ("brainpoolP256r1", false, false),
        ] {
            assert_eq!(
                is_group_of_node(group, OpensslVersion::V3_0),
                old,
                "{group}"
            );
            assert_eq!(
                is_group_of_node(group, OpensslVersion::V3_5),
                new,
                "{group}"
            );
        }
    }
}
