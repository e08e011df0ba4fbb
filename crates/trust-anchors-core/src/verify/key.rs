//! A certificate's public key, as OpenSSL decodes it.

use std::sync::OnceLock;

use aws_lc_rs::signature::ParsedPublicKey;
use num_bigint::BigUint;

use super::profile::Profile;
use crate::der::{self, AlgorithmIdentifier, BitString, OpensslVersion};

pub(super) mod curves;
pub(super) mod elliptic;
pub(super) mod rsa;

use elliptic::EllipticKey;
use rsa::RsaKey;

/// What kind of key it is: OpenSSL's key type (`EVP_PKEY_get0_type_name`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `RSA` (rsaEncryption).
    Rsa,
    /// `RSA-PSS` (id-RSASSA-PSS).
    RsaPss,
    /// `EC`, on any curve but SM2's.
    Ec,
    /// `SM2`: an elliptic curve key on the curve of that name.
    Sm2,
    /// `DSA`.
    Dsa,
    /// `DH` and `DHX`.
    Dh,
    /// `X25519`.
    X25519,
    /// `X448`.
    X448,
    /// `ED25519`.
    Ed25519,
    /// `ED448`.
    Ed448,
    /// `ML-DSA-44`, `-65` and `-87`, by that number.
    MlDsa(u8),
    /// `SLH-DSA-…`, by the last arc of its object identifier, 20 to 31.
    SlhDsa(u8),
    /// `ML-KEM-512`, `-768` and `-1024`, by that number.
    MlKem(u16),
}

/// A public key that OpenSSL decodes (`X509_get0_pubkey` gives one).
#[derive(Debug, Clone)]
pub struct PublicKey {
    kind: Kind,
    bits: u32,
    security_bits: i32,
    material: Material,
}

/// What checking a signature with the key needs.
#[derive(Debug, Clone)]
pub(super) enum Material {
    Rsa(Box<RsaKey>),
    Elliptic(Box<EllipticKey>),
    Dsa(Box<DsaKey>),
    Edwards(Box<EdwardsKey>),
    /// ML-DSA and SLH-DSA: the octets as they are.
    Octets(Box<[u8]>),
    /// A key that signs nothing.
    Unsigning,
}

/// An Ed25519 or Ed448 key.
#[derive(Debug, Clone)]
pub(super) struct EdwardsKey {
    pub(super) octets: Box<[u8]>,
    pub(super) parsed: OnceLock<Option<ParsedPublicKey>>,
}

/// A DSA key with its domain.
#[derive(Debug, Clone)]
pub(super) struct DsaKey {
    pub(super) prime: BigUint,
    pub(super) order: BigUint,
    pub(super) generator: BigUint,
    pub(super) key: BigUint,
}

/// Whether a key's decoder gets past the header of the structure (`asn1_d2i_read_bio` in `crypto/asn1/a_d2i_fp.c`), which `d2i_X509`
/// accepts with any number of length octets. Measured with 3.0.16, 3.0.19 and 3.5.8.
fn is_header_readable(subject_public_key_info: &[u8], version: OpensslVersion) -> bool {
    let most = match version {
        OpensslVersion::V3_0 | OpensslVersion::V3_5_0 => 5,
        OpensslVersion::V3_5 => 8,
    };
    match subject_public_key_info {
        [_, length @ 0x80..=0xff, ..] => length & 0x7f <= most,
        _ => true,
    }
}

/// What [`PublicKey::decode`] costs in microseconds, roughly: whether a point is on its curve is quickly known on the usual curves
/// alone.
pub fn decoding_cost(subject_public_key_info: &[u8]) -> u32 {
    const ELLIPTIC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    const USUAL: u32 = 5;
    const OTHER_CURVE: u32 = 500;
    let algorithm = der::read_subject_public_key_info(subject_public_key_info);
    match algorithm {
        Some((algorithm, _)) if algorithm.algorithm == ELLIPTIC => {
            let is_usual = algorithm.parameters.is_some_and(|parameters| {
                // P-256; secp256k1, P-384 and P-521.
                matches!(&*parameters, [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7])
                    || matches!(&*parameters, [6, 5, 0x2b, 0x81, 4, 0, 10 | 34 | 35])
            });
            if is_usual { USUAL } else { OTHER_CURVE }
        }
        _ => USUAL,
    }
}

impl PublicKey {
    /// Decodes a `SubjectPublicKeyInfo` as OpenSSL does when it reads a certificate (`x509_pubkey_ex_d2i_ex` in
    /// `crypto/x509/x_pubkey.c`, which asks the provider's decoders).
    ///
    /// `None` where `X509_get0_pubkey` gives no key: an unknown algorithm, parameters or a key that cannot be decoded, a point that
    /// is not on its curve; and ML-DSA, SLH-DSA and ML-KEM before OpenSSL 3.5.
    pub fn decode(subject_public_key_info: &[u8], profile: &Profile) -> Option<Self> {
        if !is_header_readable(subject_public_key_info, profile.openssl) {
            return None;
        }
        let (algorithm, key) = der::read_subject_public_key_info(subject_public_key_info)?;
        // The unused bits of the BIT STRING are not looked at.
        let octets = &*key.octets;
        match algorithm.algorithm {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01] | [0x55, 0x08, 0x01, 0x01] => {
                Self::rsa(Kind::Rsa, RsaKey::decode(octets)?)
            }
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a] => Self::rsa(
                Kind::RsaPss,
                RsaKey::decode(octets)?.restricted(&algorithm)?,
            ),
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01] => Self::elliptic(&algorithm, octets),
            [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01] | [0x2b, 0x0e, 0x03, 0x02, 0x0c] => {
                Self::dsa(&algorithm, octets)
            }
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x03, 0x01] => {
                Self::diffie_hellman(&algorithm, octets, false)
            }
            [0x2a, 0x86, 0x48, 0xce, 0x3e, 0x02, 0x01] => {
                Self::diffie_hellman(&algorithm, octets, true)
            }
            [0x2b, 0x65, last @ 110..=113] => Self::montgomery(*last, &algorithm, octets),
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, family, last]
                if profile.openssl != OpensslVersion::V3_0 =>
            {
                Self::post_quantum(*family, *last, &algorithm, &key)
            }
            _ => None,
        }
    }

    /// The kind of key.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The size in bits (`EVP_PKEY_get_bits`): of the modulus, the prime, the order of the curve.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The strength in bits (`EVP_PKEY_get_security_bits`), which the security levels ask for. RSA keys beyond 256 bits of strength
    /// are not told apart.
    pub fn security_bits(&self) -> i32 {
        self.security_bits
    }

    /// Whether an elliptic curve was given by its parameters instead of a name (`check_curve` in `crypto/x509/x509_vfy.c`).
    pub fn has_explicit_parameters(&self) -> bool {
        matches!(&self.material, Material::Elliptic(key) if key.curve.is_explicit())
    }

    pub(super) fn material(&self) -> &Material {
        &self.material
    }

    fn rsa(kind: Kind, key: RsaKey) -> Option<Self> {
        let bits = key.modulus_bits();
        Some(Self {
            kind,
            bits,
            security_bits: factoring_strength(bits),
            material: Material::Rsa(Box::new(key)),
        })
    }

    fn elliptic(algorithm: &AlgorithmIdentifier<'_>, octets: &[u8]) -> Option<Self> {
        let key = EllipticKey::decode(algorithm.parameters.as_deref()?, octets)?;
        let bits = key.curve.order_bits();
        Some(Self {
            kind: if key.curve.is_sm2() {
                Kind::Sm2
            } else {
                Kind::Ec
            },
            bits,
            security_bits: elliptic_strength(bits),
            material: Material::Elliptic(Box::new(key)),
        })
    }

    /// `dsa_pub_decode` in `crypto/dsa/dsa_ameth.c`. A key whose parameters are those of its issuer is not decoded any more since
    /// OpenSSL 3, since the decoders of its providers make no key without parameters.
    fn dsa(algorithm: &AlgorithmIdentifier<'_>, octets: &[u8]) -> Option<Self> {
        let numbers = der::read_numbers(algorithm.parameters.as_deref()?)?;
        let [prime, order, generator] = numbers.map(BigUint::from_bytes_be);
        let key = BigUint::from_bytes_be(der::read_integer(octets)?);
        let size = bits(&prime);
        Some(Self {
            kind: Kind::Dsa,
            bits: size,
            security_bits: discrete_logarithm_strength(size, Some(bits(&order))),
            material: Material::Dsa(Box::new(DsaKey {
                prime,
                order,
                generator,
                key,
            })),
        })
    }

    /// `dh_pub_decode` in `crypto/dh/dh_ameth.c`: PKCS#3's parameters are p, g and a length, X9.42's p, g, q and more.
    fn diffie_hellman(
        algorithm: &AlgorithmIdentifier<'_>,
        octets: &[u8],
        x942: bool,
    ) -> Option<Self> {
        let parameters = algorithm.parameters.as_deref()?;
        let numbers = if x942 {
            x942_numbers(parameters)?
        } else {
            der::read_numbers(parameters)
                .map(|[prime, generator]| [prime, generator, &[]])
                .or_else(|| der::read_numbers(parameters))?
        };
        let [prime, _generator, order] = numbers.map(BigUint::from_bytes_be);
        der::read_integer(octets)?;
        let size = bits(&prime);
        let exponent_bits = if x942 {
            Some(bits(&order))
        } else {
            // A prime of RFC 3526 or RFC 7919 brings its order along, and the length does not count.
            let is_of_a_group = size >= 1536 && begins_and_ends_with_ones(&prime);
            let length = u32::try_from(i32::try_from(&order).ok()?).ok()?;
            (length != 0 && !is_of_a_group).then_some(length)
        };
        Some(Self {
            kind: Kind::Dh,
            bits: size,
            security_bits: discrete_logarithm_strength(size, exponent_bits),
            material: Material::Unsigning,
        })
    }

    /// `ossl_ecx_key_op` in `crypto/ec/ecx_backend.c`: no parameters, and the exact length.
    fn montgomery(last: u8, algorithm: &AlgorithmIdentifier<'_>, octets: &[u8]) -> Option<Self> {
        let (kind, length, bits, security_bits) = match last {
            110 => (Kind::X25519, 32, 253, 128),
            111 => (Kind::X448, 56, 448, 224),
            112 => (Kind::Ed25519, 32, 256, 128),
            _ => (Kind::Ed448, 57, 456, 224),
        };
        if algorithm.parameters.is_some() || octets.len() != length {
            return None;
        }
        let material = match kind {
            Kind::Ed25519 | Kind::Ed448 => Material::Edwards(Box::new(EdwardsKey {
                octets: octets.into(),
                parsed: OnceLock::new(),
            })),
            _ => Material::Unsigning,
        };
        Some(Self {
            kind,
            bits,
            security_bits,
            material,
        })
    }

    /// ML-DSA, SLH-DSA and ML-KEM (`ossl_ml_dsa_d2i_PUBKEY` and its like in OpenSSL 3.5's `providers/implementations/encode_decode`).
    fn post_quantum(
        family: u8,
        last: u8,
        algorithm: &AlgorithmIdentifier<'_>,
        key: &BitString<'_>,
    ) -> Option<Self> {
        let octets = &*key.octets;
        let (kind, length, security_bits): (Kind, usize, i32) = match (family, last) {
            (3, 17) => (Kind::MlDsa(44), 1312, 128),
            (3, 18) => (Kind::MlDsa(65), 1952, 192),
            (3, 19) => (Kind::MlDsa(87), 2592, 256),
            (3, 20 | 21 | 26 | 27) => (Kind::SlhDsa(last), 32, 128),
            (3, 22 | 23 | 28 | 29) => (Kind::SlhDsa(last), 48, 192),
            (3, 24 | 25 | 30 | 31) => (Kind::SlhDsa(last), 64, 256),
            (4, 1) => (Kind::MlKem(512), 800, 128),
            (4, 2) => (Kind::MlKem(768), 1184, 192),
            (4, 3) => (Kind::MlKem(1024), 1568, 256),
            _ => return None,
        };
        if algorithm.parameters.is_some() || key.unused_bits != 0 || octets.len() != length {
            return None;
        }
        if matches!(kind, Kind::MlKem(_)) && !has_ml_kem_coefficients(octets) {
            return None;
        }
        Some(Self {
            kind,
            bits: match kind {
                Kind::MlKem(size) => size.into(),
                _ => u32::try_from(length * 8).ok()?,
            },
            security_bits,
            material: match kind {
                Kind::MlKem(_) => Material::Unsigning,
                _ => Material::Octets(octets.into()),
            },
        })
    }
}

/// p, g and q of `DomainParameters` (RFC 3279 section 2.3.3); what may follow them is not looked at.
fn x942_numbers(parameters: &[u8]) -> Option<[&[u8]; 3]> {
    let (sequence, _) = der::read_element(parameters).filter(|(it, _)| it.tag == 0x30)?;
    let mut rest = sequence.content;
    let mut numbers = [&[][..]; 3];
    for number in &mut numbers {
        let (element, after) = der::read_element(rest).filter(|(it, _)| it.tag == 0x02)?;
        (*number, rest) = (element.content, after);
    }
    Some(numbers)
}

fn begins_and_ends_with_ones(prime: &BigUint) -> bool {
    let octets = prime.to_bytes_be();
    octets.starts_with(&[0xff; 8]) && octets.ends_with(&[0xff; 8])
}

/// Whether every coefficient of an ML-KEM key, of 12 bits each, is smaller than 3329 (FIPS 203 section 7.2). A seed of 32 octets
/// stands behind them.
fn has_ml_kem_coefficients(octets: &[u8]) -> bool {
    let (coefficients, _seed) = octets.split_at(octets.len().saturating_sub(32));
    coefficients.chunks_exact(3).all(|octets| {
        let three = octets
            .iter()
            .rev()
            .fold(0u32, |number, octet| (number << 8) | u32::from(*octet));
        three & 0xfff < 3329 && three >> 12 < 3329
    })
}

/// How many bits a number has (`BN_num_bits`).
pub(super) fn bits(number: &BigUint) -> u32 {
    u32::try_from(number.bits()).unwrap_or(u32::MAX)
}

/// `ossl_ifc_ffc_compute_security_bits` in `crypto/rsa/rsa_lib.c`: the sizes at which its result grows, as Node's OpenSSL gives them.
fn factoring_strength(bits: u32) -> i32 {
    const STRENGTHS: &[(u32, i32)] = &[
        (16, 8),
        (41, 16),
        (81, 24),
        (138, 32),
        (213, 40),
        (308, 48),
        (425, 56),
        (566, 64),
        (729, 72),
        (920, 80),
        (1137, 88),
        (1383, 96),
        (1657, 104),
        (1963, 112),
        (2301, 120),
        (2671, 128),
        (3076, 136),
        (3514, 144),
        (3991, 152),
        (4502, 160),
        (5054, 168),
        (5642, 176),
        (6274, 184),
        (6947, 192),
        (7681, 200),
        (8418, 208),
        (9216, 216),
        (10064, 224),
        (10953, 232),
        (11893, 240),
        (12877, 248),
        (13914, 256),
    ];
    STRENGTHS
        .iter()
        .rev()
        .find(|(from, _)| bits >= *from)
        .map_or(0, |(_, strength)| *strength)
}

/// `BN_security_bits` in `crypto/bn/bn_lib.c`; `exponent` is the size of the order or of the private key, where it is known.
pub(super) fn discrete_logarithm_strength(prime: u32, exponent: Option<u32>) -> i32 {
    let strength = match prime {
        15360.. => 256,
        7680.. => 192,
        3072.. => 128,
        2048.. => 112,
        1024.. => 80,
        _ => return 0,
    };
    match exponent.map(|exponent| i32::try_from(exponent / 2).unwrap_or(i32::MAX)) {
        None => strength,
        Some(..80) => 0,
        Some(half) => strength.min(half),
    }
}

/// `ossl_ec_…security_bits` (`ec_get_params` in `providers/implementations/keymgmt/ec_kmgmt.c`), from the bits of the order.
fn elliptic_strength(bits: u32) -> i32 {
    match bits {
        512.. => 256,
        384.. => 192,
        256.. => 128,
        224.. => 112,
        160.. => 80,
        _ => i32::try_from(bits / 2).unwrap_or_default(),
    }
}
