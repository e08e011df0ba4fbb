//! The verdicts come from real Nodes: `fixtures/d2i-x509.txt` says how they are measured again, and `__test__/d2i.test.js` does so
//! in every test run.

use super::*;

const CASES: &str = include_str!("../../../../fixtures/d2i-x509.txt");
const PARTS: [&str; 10] = [
    "version",
    "serial",
    "tbs_algorithm",
    "issuer",
    "validity",
    "subject",
    "key",
    "tail",
    "algorithm",
    "signature",
];

struct Case {
    name: &'static str,
    input: Vec<u8>,
    /// How much of the input is the certificate.
    length: usize,
    verdicts: [(OpensslVersion, &'static str); 3],
}

fn cases() -> Vec<Case> {
    let rows: Vec<Vec<&str>> = CASES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let (base, cases): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row[0] == "base");
    let base = |part: &str| bytes(base.iter().find(|row| row[1] == part).unwrap()[2]);
    cases
        .into_iter()
        .map(|row| {
            let (place, replacement) = (row[1], bytes(row[2]));
            let part = |part: &&str| {
                if *part == place {
                    replacement.clone()
                } else {
                    base(part)
                }
            };
            let parts: Vec<Vec<u8>> = PARTS.iter().map(part).collect();
            let tbs = if place == "tbs" {
                replacement.clone()
            } else {
                sequence(&parts[..8].concat())
            };
            let mut input = sequence(&[tbs, parts[8..].concat()].concat());
            let mut length = input.len();
            match place {
                "certificate" => {
                    input = replacement;
                    length = input.len();
                }
                "after" => input.extend(replacement),
                _ => {}
            }
            let (oldest, newest) = (row[3], *row.get(4).unwrap_or(&row[3]));
            Case {
                name: row[0],
                input,
                length,
                verdicts: [
                    (OpensslVersion::V3_0, oldest),
                    // Measured with Node 24.5 and 24.16: short times are refused already, long empty lengths still.
                    (
                        OpensslVersion::V3_5_0,
                        if oldest == "header too long" {
                            oldest
                        } else {
                            newest
                        },
                    ),
                    (OpensslVersion::V3_5, newest),
                ],
            }
        })
        .collect()
}

/// A certificate of the file by its name.
pub(crate) fn case(name: &str) -> Vec<u8> {
    cases()
        .into_iter()
        .find(|case| case.name == name)
        .unwrap()
        .input
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    hexadecimal
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn sequence(contents: &[u8]) -> Vec<u8> {
    [&HeaderOctets::new(true, SEQUENCE, contents.len()), contents].concat()
}

#[test]
fn the_verdicts_are_those_of_real_nodes() {
    for case in cases() {
        for (version, expected) in case.verdicts {
            let verdict = match decode_certificate(&case.input, version) {
                Ok(decoded) if *decoded.der == case.input[..case.length] => {
                    assert!(matches!(decoded.der, Cow::Borrowed(_)), "{}", case.name);
                    "same".to_owned()
                }
                Ok(decoded) => format!("as {}", hexadecimal(&decoded.der)),
                Err(error) => error.reason.openssl().1.to_owned(),
            };
            assert_eq!(verdict, expected, "{} in {version:?}", case.name);
        }
    }
}

#[test]
fn what_is_accepted_is_read_whatever_its_encoding() {
    let input = case("all-indefinite");
    let decoded = decode_certificate(&input, OpensslVersion::V3_5).unwrap();
    assert_eq!(decoded.consumed, input.len());
    let at = |range: &Range<usize>| &decoded.der[range.clone()];
    let Fields {
        version,
        serial_number,
        issuer,
        not_before,
        not_after,
        subject,
        subject_public_key_info,
        extensions,
        signature_algorithm,
        signature,
        ..
    } = &decoded.fields;
    assert_eq!(at(version), [2]);
    assert_eq!(at(serial_number), [5]);
    assert_eq!(
        name_attributes(at(issuer)).collect::<Vec<_>>(),
        [NameAttribute {
            set: 0,
            attribute: &[0x55, 4, 3],
            string_type: UTF8_STRING,
            value: Cow::Owned(b"A".to_vec()),
        }]
    );
    assert_eq!(name_attributes(at(subject)).count(), 0);
    assert_eq!(
        read_time(at(not_before)),
        Some((UTC_TIME, b"250101000000Z".into()))
    );
    assert_eq!(
        read_time(at(not_after)),
        Some((GENERALIZED_TIME, b"20500101000000Z".into()))
    );
    let (algorithm, key) = read_subject_public_key_info(at(subject_public_key_info)).unwrap();
    assert_eq!(algorithm.algorithm, [0x2b, 0x65, 0x70]);
    assert_eq!(algorithm.parameters, None);
    assert_eq!((key.unused_bits, &*key.octets), (0, &[1][..]));
    assert_eq!(
        read_extensions(at(extensions)).collect::<Vec<_>>(),
        [Extension {
            identifier: &[0x55, 0x1d, 0x13],
            critical: false,
            value: Cow::Owned(vec![0x30, 0]),
        }]
    );
    assert_eq!(hexadecimal(at(signature_algorithm)), "300506032b6570");
    assert_eq!(hexadecimal(at(signature)), "0303000102");
}

#[test]
fn names_keep_their_sets_apart() {
    let input = case("name-sets-empty-and-not");
    let decoded = decode_certificate(&input, OpensslVersion::V3_0).unwrap();
    let subject = &decoded.der[decoded.fields.subject.clone()];
    let sets: Vec<usize> = name_attributes(subject)
        .map(|attribute| attribute.set)
        .collect();
    assert_eq!(sets, [1]);
}

#[test]
fn any_value_but_zero_is_critical() {
    for (name, critical) in [
        ("extension-false-written-out", false),
        ("extension-critical-not-canonical", true),
        ("extensions", false),
    ] {
        let input = case(name);
        let decoded = decode_certificate(&input, OpensslVersion::V3_0).unwrap();
        let extensions = &decoded.der[decoded.fields.extensions.clone()];
        let found: Vec<bool> = read_extensions(extensions)
            .map(|extension| extension.critical)
            .collect();
        assert_eq!(found, [critical], "{name}");
    }
}

#[test]
fn parts_that_one_version_alone_accepts_are_readable() {
    let short_time = case("utc-time-empty");
    let decoded = decode_certificate(&short_time, OpensslVersion::V3_0).unwrap();
    let not_before = &decoded.der[decoded.fields.not_before.clone()];
    assert_eq!(read_time(not_before), Some((UTC_TIME, b"".into())));

    let long_length = case("parameters-null-long-length");
    let decoded = decode_certificate(&long_length, OpensslVersion::V3_5).unwrap();
    let algorithm = &decoded.der[decoded.fields.signature_algorithm.clone()];
    let algorithm = read_algorithm_identifier(algorithm).unwrap();
    assert_eq!(algorithm.parameters.as_deref(), Some(&[5, 0][..]));

    // OpenSSL writes this one so that it would not read it again.
    let unreadable = case("parameters-tag-0-constructed");
    let decoded = decode_certificate(&unreadable, OpensslVersion::V3_0).unwrap();
    assert!(decode_certificate(&decoded.der, OpensslVersion::V3_0).is_err());
    let algorithm = &decoded.der[decoded.fields.signature_algorithm.clone()];
    assert_eq!(
        read_algorithm_identifier(algorithm).unwrap().algorithm,
        [0x2b, 0x65, 0x70]
    );
}

#[test]
fn what_follows_the_certificate_is_not_consumed() {
    for name in ["octets-after", "certificate-after"] {
        let case = cases().into_iter().find(|case| case.name == name).unwrap();
        let decoded = decode_certificate(&case.input, OpensslVersion::V3_5).unwrap();
        assert_eq!(decoded.consumed, case.length, "{name}");
    }
}

#[test]
fn an_error_says_where_and_why_and_what_openssl_calls_it() {
    let error = decode_certificate(&case("certificate-cut-off"), OpensslVersion::V3_0).unwrap_err();
    assert_eq!(
        error,
        DecodeError {
            offset: 0,
            reason: Reason::TooLong
        }
    );
    assert_eq!(
        error.to_string(),
        "the length of an element reaches past the end of the data at byte 0"
    );
    assert_eq!(
        error.openssl_error(),
        "error:0680009B:asn1 encoding routines::too long"
    );
    let error =
        decode_certificate(&case("key-algorithm-of-587-octets"), OpensslVersion::V3_5).unwrap_err();
    assert_eq!(
        error.openssl_error(),
        "error:0688010A:asn1 encoding routines::nested asn1 error"
    );
    let error = decode_certificate(&case("integer-empty"), OpensslVersion::V3_5).unwrap_err();
    assert_eq!(error.offset, 9);
}

#[test]
fn a_name_reaches_a_mebibyte_and_no_further() {
    let with_name_of = |length: usize| {
        let value = length - 29;
        let attribute = [
            &[0x06, 3, 0x55, 4, 3][..],
            &HeaderOctets::new(false, UTF8_STRING, value),
            &vec![b'a'; value],
        ]
        .concat();
        let set = [
            &[0x31, 0x83][..],
            &u32::try_from(sequence(&attribute).len())
                .unwrap()
                .to_be_bytes()[1..],
            &sequence(&attribute),
        ]
        .concat();
        let name = sequence(&set);
        let base = decode_parts();
        let tbs = [&base[..5].concat()[..], &name, &base[6]].concat();
        (
            name.len(),
            sequence(&[sequence(&tbs), base[8].clone(), base[9].clone()].concat()),
        )
    };
    let (length, input) = with_name_of(NAME_MAX + 4);
    assert_eq!(length, NAME_MAX);
    assert!(decode_certificate(&input, OpensslVersion::V3_5).is_ok());
    let (length, input) = with_name_of(NAME_MAX + 5);
    assert_eq!(length, NAME_MAX + 1);
    let error = decode_certificate(&input, OpensslVersion::V3_5).unwrap_err();
    assert_eq!(error.reason, Reason::TooLong);
}

fn decode_parts() -> Vec<Vec<u8>> {
    PARTS
        .iter()
        .map(|part| {
            let row = CASES
                .lines()
                .find(|line| line.starts_with(&format!("base | {part} |")));
            bytes(row.unwrap().split('|').nth(2).unwrap().trim())
        })
        .collect()
}

#[test]
fn no_damage_panics() {
    let mut state = 1u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize
    };
    for case in cases() {
        for length in 0..case.input.len() {
            let _ = decode_certificate(&case.input[..length], OpensslVersion::V3_5);
            looks_like_certificate(&case.input[..length]);
        }
        for _ in 0..200 {
            let mut input = case.input.clone();
            let at = random() % input.len();
            input[at] = u8::try_from(random() & 0xff).unwrap();
            for version in [OpensslVersion::V3_0, OpensslVersion::V3_5] {
                let Ok(decoded) = decode_certificate(&input, version) else {
                    continue;
                };
                let at = |range: &Range<usize>| &decoded.der[range.clone()];
                let fields = &decoded.fields;
                assert!(read_time(at(&fields.not_before)).is_some());
                assert!(read_algorithm_identifier(at(&fields.signature_algorithm)).is_some());
                assert!(
                    read_subject_public_key_info(at(&fields.subject_public_key_info)).is_some()
                );
                name_attributes(at(&fields.issuer)).count();
                read_extensions(at(&fields.extensions)).count();
            }
        }
    }
}

#[test]
fn certificates_are_told_from_what_begins_alike() {
    let certificate = case("extensions");
    assert!(looks_like_certificate(&certificate));
    assert!(looks_like_certificate(&certificate[..60]));
    assert!(looks_like_certificate(&case("version-absent")));
    assert!(looks_like_certificate(&case("all-indefinite")));
    assert!(!looks_like_certificate(b""));
    assert!(!looks_like_certificate(b"-----BEGIN CERTIFICATE-----"));
    for (what, hexadecimal) in [
        ("PKCS#7", "300f06092a864886f70d010702a0023000"),
        ("PKCS#12", "30090201033004060100"),
        ("PKCS#8", "300e020100300506032b657004020000"),
        ("SubjectPublicKeyInfo", "300b300506032b657003020001"),
        (
            "certification request",
            "301a3010020100300030090603550403a0003000300506032b657003010030",
        ),
        (
            "revocation list",
            "30333029020101300506032b65703000170d3235303130313030303030305a170d3235303130313030303030305a300506032b6570030100",
        ),
    ] {
        assert!(!looks_like_certificate(&bytes(hexadecimal)), "{what}");
    }
}

#[test]
fn elements_are_read_one_after_another() {
    let (element, rest) = read_element(&[0x04, 0x02, 1, 2, 0x05, 0x00]).unwrap();
    assert_eq!(
        element,
        Element {
            tag: 4,
            content: &[1, 2],
            whole: &[4, 2, 1, 2]
        }
    );
    assert_eq!(rest, [5, 0]);
    assert!(read_element(&[]).is_none());
    assert!(read_element(&[0x04, 0x03, 1]).is_none());
    assert!(read_element(&[0x30, 0x80, 0, 0]).is_none());
    assert!(read_element(&[0x1f, 0x20, 0]).is_none());
}
