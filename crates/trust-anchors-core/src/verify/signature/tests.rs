//! The verdicts come from real Nodes: `fixtures/signatures.txt` says how they are measured again, and `__test__/signatures.test.js` does
//! so in every test run.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::node::NodeVersion;
use crate::verify::security;

const CASES: &str = include_str!("../../../../../fixtures/signatures.txt");

struct Case {
    name: &'static str,
    certificate: Vec<u8>,
    verdicts: [(u32, &'static str); 2],
}

fn cases() -> impl Iterator<Item = Case> {
    CASES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let columns: Vec<&str> = line.split('|').map(str::trim).collect();
            Case {
                name: columns[0],
                certificate: STANDARD.decode(columns[1]).unwrap(),
                verdicts: [
                    (20, columns[2]),
                    (24, columns.get(3).copied().unwrap_or(columns[2])),
                ],
            }
        })
}

fn profile(major: u32) -> Profile {
    Profile::of(NodeVersion::parse(&format!("v{major}.99.0")).unwrap())
}

fn decode(name: &str, profile: &Profile) -> (Certificate, Option<PublicKey>) {
    let case = cases().find(|case| case.name == name).unwrap();
    let certificate = Certificate::decode(&case.certificate, profile.openssl).unwrap();
    let key = PublicKey::decode(certificate.subject_public_key_info(), profile);
    (certificate, key)
}

/// A verdict in the words of the fixture.
fn verdict(certificate: &Certificate, key: Option<&PublicKey>, profile: &Profile) -> String {
    let Some(key) = key else {
        assert_eq!(
            algorithm_fits(certificate, None, profile),
            Fit::NoIssuerPublicKey
        );
        return "none".into();
    };
    let kind = match key.kind() {
        Kind::Rsa => "rsa",
        Kind::RsaPss => "rsa-pss",
        Kind::Ec => "ec",
        Kind::Dsa => "dsa",
        Kind::X25519 => "x25519",
        Kind::Ed25519 => "ed25519",
        Kind::Ed448 => "ed448",
        _ => "other",
    };
    let mut words = vec![kind.to_owned()];
    if matches!(key.kind(), Kind::Rsa | Kind::RsaPss | Kind::Dsa) && key.bits() != 0 {
        words.push(key.bits().to_string());
    }
    if algorithm_fits(certificate, Some(key), profile) == Fit::Fits {
        words.push("issued".into());
    }
    if verify(certificate, key, profile) == Outcome::Valid {
        words.push("verified".into());
    }
    words.join(" ")
}

#[test]
fn keys_and_signatures_are_judged_as_real_nodes_judge_them() {
    let mut differences = Vec::new();
    for case in cases() {
        for (major, expected) in case.verdicts {
            let profile = profile(major);
            let certificate = Certificate::decode(&case.certificate, profile.openssl).unwrap();
            let key = PublicKey::decode(certificate.subject_public_key_info(), &profile);
            let found = verdict(&certificate, key.as_ref(), &profile);
            if found != expected {
                differences.push(format!("{} on {major}: {found}, not {expected}", case.name));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn a_prepared_key_serves_more_than_one_algorithm() {
    let profile = profile(24);
    let (one, key) = decode("rsa 1024 sha256", &profile);
    let (other, _) = decode("rsa 1024 sha512", &profile);
    let key = key.unwrap();
    for certificate in [&one, &other, &one] {
        assert_eq!(verify(certificate, &key, &profile), Outcome::Valid);
    }
}

#[test]
fn keys_are_as_strong_as_their_size() {
    for (name, bits, expected) in [
        ("rsa 512", 512, 56),
        ("rsa 1023", 1023, 80),
        ("rsa 2048", 2048, 112),
        ("rsa 3072", 3072, 128),
        ("rsa key of 16392 bits", 16392, 256),
        ("dsa sha256", 1024, 80),
        ("ec secp112r1", 112, 56),
        ("ec prime192v1", 192, 80),
        ("ec secp224r1 sha256", 224, 112),
        ("ec prime256v1 sha256", 256, 128),
        ("ec secp384r1 sha256", 384, 192),
        ("ec secp521r1 sha256", 521, 256),
        ("ec sect163k1", 163, 80),
        ("ed25519", 256, 128),
        ("ed448", 456, 224),
        ("ml-dsa-44", 10496, 128),
    ] {
        let (_, key) = decode(name, &profile(24));
        let key = key.unwrap();
        assert_eq!(
            (key.bits(), key.security_bits()),
            (bits, expected),
            "{name}"
        );
        for level in 0..=6 {
            let wanted = [0, 80, 112, 128, 192, 256, 256][usize::from(level)];
            let found = security::key_is_strong_enough(level, Some(&key));
            assert_eq!(found, expected >= wanted, "{name} at level {level}");
        }
    }
    assert!(security::key_is_strong_enough(0, None));
    assert!(!security::key_is_strong_enough(1, None));
}

#[test]
fn digests_are_as_strong_as_openssl_takes_them_for() {
    for (name, older, newer) in [
        ("rsa 1024 md5", Some(39), Some(39)),
        ("rsa 1024 sha1", Some(63), Some(63)),
        ("rsa 1024 ripemd160", Some(80), Some(80)),
        ("rsa 1024 sha224", Some(112), Some(112)),
        ("rsa 1024 sha512", Some(256), Some(256)),
        ("rsa 1024 md4", Some(64), Some(64)),
        ("rsa 1024 sha", None, None),
        ("pss sha256", Some(128), Some(128)),
        ("pss defaults", Some(64), Some(64)),
        // A signature whose parameters cannot be decoded is as strong as the certificate's own key, since OpenSSL 3.5.
        ("pss trailer field 2", None, Some(80)),
        ("ed25519", Some(128), Some(128)),
        ("ed448", Some(224), Some(224)),
        ("ecdsa p256 without a digest", None, Some(128)),
        ("ml-dsa-44", None, Some(128)),
        ("unknown algorithm", None, None),
    ] {
        for (major, expected) in [(20, older), (24, newer)] {
            let profile = profile(major);
            let (certificate, key) = decode(name, &profile);
            let found = security_bits(&certificate, key.as_ref(), &profile);
            assert_eq!(found, expected, "{name} on {major}");
        }
    }
}

#[test]
fn explicit_parameters_are_noticed() {
    let has_explicit_parameters = |name| {
        let (_, key) = decode(name, &profile(24));
        key.unwrap().has_explicit_parameters()
    };
    assert!(has_explicit_parameters("ec explicit prime256v1 as written"));
    assert!(!has_explicit_parameters("ec prime256v1 sha256"));
}

#[test]
fn the_built_in_curves_are_consistent() {
    for named in crate::verify::key::curves::CURVES {
        let curve = curve::Curve::of(named).unwrap();
        assert!(curve.holds_generator(), "{}", named.name);
        assert_eq!(
            curve.order.bits(),
            u64::from(named.order_bits),
            "{}",
            named.name
        );
    }
}
