//! Whether an issuer's key made a certificate's signature.
//!
//! aws-lc checks what is in use: RSA, the NIST curves, Ed25519 and ML-DSA. What it lacks or refuses, and OpenSSL accepts, is checked
//! here: small RSA keys, old digests, rare curves, DSA, Ed448, SM2 and SLH-DSA. Everything in a signature check is public.

use std::borrow::Cow;

use super::key::{Kind, Material, PublicKey};
use super::profile::Profile;
use crate::certificate::Certificate;
use crate::der::{self, AlgorithmIdentifier, OpensslVersion};

pub(super) mod curve;
mod digest;
mod discrete;
mod edwards;
mod ml_dsa;
pub(super) mod pss;
mod rsa;
mod slh_dsa;
#[cfg(test)]
mod tests;

use digest::Digest;
use pss::PssParameters;

/// What OpenSSL makes of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The issuer's key made it.
    Valid,
    /// OpenSSL reports `X509_V_ERR_CERT_SIGNATURE_FAILURE`, for whichever reason.
    Invalid,
}

impl Outcome {
    fn of(valid: bool) -> Self {
        if valid { Self::Valid } else { Self::Invalid }
    }
}

/// Whether a certificate's signature algorithm is one for its issuer's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It is.
    Fits,
    /// The issuer has no key that OpenSSL decodes (`X509_V_ERR_NO_ISSUER_PUBLIC_KEY`, 24).
    NoIssuerPublicKey,
    /// The algorithm is for keys of another kind (`X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH`, 77).
    Mismatch,
    /// OpenSSL does not know the algorithm (`X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM`, 76).
    Unsupported,
}

/// What a signature algorithm's object identifier says of digest and key (`OBJ_find_sigid_algs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Algorithm {
    /// `None` where the identifier names no digest.
    digest: Option<Digest>,
    key: KeyName,
}

/// The kind of key that a signature algorithm is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyName {
    Is(Kind),
    /// A kind that no decoded key has: GOST's, key agreement's.
    None,
}

/// Whether the algorithm in the `TBSCertificate` is one for the issuer's key (`check_sig_alg_match` in `crypto/x509/v3_purp.c`, as
/// `X509_check_issued` asks it). The signature itself is not looked at.
pub fn algorithm_fits(
    certificate: &Certificate,
    issuer: Option<&PublicKey>,
    profile: &Profile,
) -> Fit {
    let Some(issuer) = issuer else {
        return Fit::NoIssuerPublicKey;
    };
    let algorithm = der::read_algorithm_identifier(certificate.tbs_signature_algorithm_der())
        .and_then(|identifier| Algorithm::find(identifier.algorithm, profile));
    match algorithm {
        None => Fit::Unsupported,
        Some(algorithm) if algorithm.is_for(issuer.kind()) => Fit::Fits,
        Some(_) => Fit::Mismatch,
    }
}

/// Checks a certificate's signature with the issuer's key (`X509_verify` in `crypto/x509/x_all.c` and `ASN1_item_verify_ctx` in
/// `crypto/asn1/a_verify.c`).
pub fn verify(certificate: &Certificate, issuer: &PublicKey, profile: &Profile) -> Outcome {
    if !algorithms_agree(certificate) {
        return Outcome::Invalid;
    }
    let Some(signature) = signature_octets(certificate.signature_der()) else {
        return Outcome::Invalid;
    };
    let message = certificate.tbs_certificate();
    verify_octets(
        certificate.signature_algorithm_der(),
        message,
        signature,
        issuer,
        profile,
    )
}

/// Checks the signature of anything else that is signed as a certificate is (`ASN1_item_verify_ctx`): the `AlgorithmIdentifier` in DER, the
/// octets that are signed, the BIT STRING in DER.
pub fn verify_signed(
    algorithm: &[u8],
    message: &[u8],
    signature: &[u8],
    issuer: &PublicKey,
    profile: &Profile,
) -> Outcome {
    match signature_octets(signature) {
        Some(signature) => verify_octets(algorithm, message, signature, issuer, profile),
        None => Outcome::Invalid,
    }
}

fn verify_octets(
    algorithm: &[u8],
    message: &[u8],
    signature: &[u8],
    issuer: &PublicKey,
    profile: &Profile,
) -> Outcome {
    let Some(identifier) = der::read_algorithm_identifier(algorithm) else {
        return Outcome::Invalid;
    };
    let Some(algorithm) = Algorithm::find(identifier.algorithm, profile) else {
        return Outcome::Invalid;
    };
    if !algorithm.is_for(issuer.kind()) {
        return Outcome::Invalid;
    }
    match (issuer.material(), algorithm.digest) {
        (Material::Rsa(key), None) => {
            let parameters = identifier.parameters.as_deref();
            match parameters.and_then(PssParameters::of_signature) {
                Some(parameters) => rsa::verify_pss(key, &parameters, message, signature),
                None => Outcome::Invalid,
            }
        }
        (Material::Rsa(key), Some(digest)) => rsa::verify_pkcs1(key, digest, message, signature),
        // An identifier without a digest leaves it to the key type, which says SHA-256.
        (Material::Elliptic(key), digest) if issuer.kind() == Kind::Ec => {
            let digest = digest.unwrap_or(Digest::Sha256);
            discrete::verify_ecdsa(key, digest, message, signature)
        }
        (Material::Elliptic(key), _) => discrete::verify_sm2(key, message, signature),
        (Material::Dsa(key), Some(digest)) => discrete::verify_dsa(key, digest, message, signature),
        (Material::Edwards(key), None) if issuer.kind() == Kind::Ed25519 => {
            edwards::verify_ed25519(key, message, signature)
        }
        (Material::Edwards(key), None) => edwards::verify_ed448(&key.octets, message, signature),
        (Material::Octets(key), None) => match issuer.kind() {
            Kind::MlDsa(size) => ml_dsa::verify(size, key, message, signature),
            Kind::SlhDsa(set) => slh_dsa::verify(set, key, message, signature),
            _ => Outcome::Invalid,
        },
        _ => Outcome::Invalid,
    }
}

/// What [`verify`] costs at most, in microseconds of a usual machine and roughly: for a caller that has to bound the sum. Most
/// signatures cost less than 100; an RSA key of 16384 bits costs thousands.
pub fn verification_cost(certificate: &Certificate, issuer: &PublicKey, profile: &Profile) -> u32 {
    let algorithm = der::read_algorithm_identifier(certificate.signature_algorithm_der())
        .and_then(|identifier| Algorithm::find(identifier.algorithm, profile))
        .filter(|algorithm| algorithm.is_for(issuer.kind()));
    let Some(algorithm) = algorithm else {
        return 0;
    };
    match issuer.material() {
        Material::Rsa(key) => rsa::cost(key, algorithm.digest),
        Material::Elliptic(key) => discrete::ecdsa_cost(key, algorithm.digest),
        Material::Dsa(key) => discrete::dsa_cost(key),
        Material::Edwards(_) if issuer.kind() == Kind::Ed448 => 2000,
        Material::Octets(_) if matches!(issuer.kind(), Kind::SlhDsa(_)) => slh_dsa::COST,
        Material::Edwards(_) | Material::Octets(_) => 50,
        Material::Unsigning => 0,
    }
}

/// Microseconds of a power modulo an odd number, as measured with num-bigint, which takes exponents by 64 bits.
fn power_cost(modulus_bits: u32, exponent_bits: u32) -> u32 {
    let products = u64::from(exponent_bits.next_multiple_of(64)) * 5 / 4 + 16;
    let cost = u64::from(modulus_bits).pow(2) * products / 3_500_000;
    u32::try_from(cost).unwrap_or(u32::MAX)
}

/// Bits of security of the algorithm that signed the certificate, as `X509_get_signature_info` gives them; `None` where it fails
/// (`x509_sig_info_init` in `crypto/x509/x509_set.c`).
pub(super) fn security_bits(
    certificate: &Certificate,
    own_key: Option<&PublicKey>,
    profile: &Profile,
) -> Option<i32> {
    let identifier = der::read_algorithm_identifier(certificate.signature_algorithm_der())?;
    let algorithm = Algorithm::find(identifier.algorithm, profile)?;
    if let Some(digest) = algorithm.digest {
        return digest.security_bits();
    }
    let own_strength = match algorithm.key {
        KeyName::Is(Kind::RsaPss) => identifier
            .parameters
            .as_deref()
            .and_then(PssParameters::of_signature)
            .and_then(|parameters| parameters.security_bits()),
        KeyName::Is(Kind::Ed25519) => Some(128),
        KeyName::Is(Kind::Ed448) => Some(224),
        _ => None,
    };
    let inherited = || {
        let bits = own_key?.security_bits();
        (profile.openssl != OpensslVersion::V3_0 && bits != 0).then_some(bits)
    };
    own_strength.or_else(inherited)
}

impl Algorithm {
    /// `OBJ_find_sigid_algs` (`crypto/objects/obj_xref.c`), as Node's binaries answer it.
    fn find(identifier: &[u8], profile: &Profile) -> Option<Self> {
        let newer = profile.openssl != OpensslVersion::V3_0;
        let rsa = |digest| Some((Some(digest), KeyName::Is(Kind::Rsa)));
        let ecdsa = |digest| Some((Some(digest), KeyName::Is(Kind::Ec)));
        let dsa = |digest| Some((Some(digest), KeyName::Is(Kind::Dsa)));
        let alone = |kind| Some((None, KeyName::Is(kind)));
        let foreign = |digest| Some((Some(digest), KeyName::None));
        let (digest, key) = match identifier {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, last] => match last {
                2 => rsa(Digest::Absent),
                3 => rsa(Digest::Unusable { size: 16 }),
                4 => rsa(Digest::Md5),
                5 => rsa(Digest::Sha1),
                10 => alone(Kind::RsaPss),
                11 => rsa(Digest::Sha256),
                12 => rsa(Digest::Sha384),
                13 => rsa(Digest::Sha512),
                14 => rsa(Digest::Sha224),
                _ => None,
            },
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, rest @ ..] => match rest {
                [1] => ecdsa(Digest::Sha1),
                [2] | [3] => alone(Kind::Ec),
                [3, 1] => ecdsa(Digest::Sha224),
                [3, 2] => ecdsa(Digest::Sha256),
                [3, 3] => ecdsa(Digest::Sha384),
                [3, 4] => ecdsa(Digest::Sha512),
                _ => None,
            },
            [0x2b, 0x65, 112] => alone(Kind::Ed25519),
            [0x2b, 0x65, 113] => alone(Kind::Ed448),
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, last] => match last {
                1 => dsa(Digest::Sha224),
                2 => dsa(Digest::Sha256),
                9 if newer => ecdsa(Digest::Sha3Of224),
                10 if newer => ecdsa(Digest::Sha3Of256),
                11 if newer => ecdsa(Digest::Sha3Of384),
                12 if newer => ecdsa(Digest::Sha3Of512),
                13 => rsa(Digest::Sha3Of224),
                14 => rsa(Digest::Sha3Of256),
                15 => rsa(Digest::Sha3Of384),
                16 => rsa(Digest::Sha3Of512),
                17 if newer => alone(Kind::MlDsa(44)),
                18 if newer => alone(Kind::MlDsa(65)),
                19 if newer => alone(Kind::MlDsa(87)),
                20..=31 if newer => alone(Kind::SlhDsa(*last)),
                _ => None,
            },
            [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03] => dsa(Digest::Sha1),
            [0x2b, 0x0e, 0x03, 0x02, last] => match last {
                3 => rsa(Digest::Md5),
                13 => dsa(Digest::Absent),
                15 => rsa(Digest::Absent),
                27 => dsa(Digest::Sha1),
                29 => rsa(Digest::Sha1),
                _ => None,
            },
            [0x2b, 0x24, 0x03, 0x03, 0x01, 0x02] => rsa(Digest::Ripemd160),
            [0x55, 0x08, 0x03, 0x64] => rsa(Digest::Unusable { size: 16 }),
            [0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75] => {
                Some((Some(Digest::Sm3), KeyName::Is(Kind::Sm2)))
            }
            [0x2b, 0x81, 0x05, 0x10, 0x86, 0x48, 0x3f, 0x00, 2 | 3] => foreign(Digest::Sha1),
            [0x2b, 0x81, 0x04, 0x01, 11 | 14, last] => match last {
                0 => foreign(Digest::Sha224),
                1 => foreign(Digest::Sha256),
                2 => foreign(Digest::Sha384),
                3 => foreign(Digest::Sha512),
                _ => None,
            },
            [0x2a, 0x85, 0x03, 0x02, 0x02, 3 | 4]
            | [0x2a, 0x85, 0x03, 0x02, 0x09, 0x01, 0x03, 3 | 4] => foreign(Digest::Gost94),
            [0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x03, 2 | 3] => foreign(Digest::Absent),
            _ => None,
        }?;
        Some(Self { digest, key })
    }

    /// Whether it is for keys of this kind (`EVP_PKEY_is_a`); RSASSA-PSS is for plain RSA keys too.
    fn is_for(self, kind: Kind) -> bool {
        self.key == KeyName::Is(kind)
            || (self.key == KeyName::Is(Kind::RsaPss) && kind == Kind::Rsa)
    }
}

/// Whether the algorithm inside the `TBSCertificate` is the one outside (`X509_ALGOR_cmp`): absent parameters and NULL differ.
fn algorithms_agree(certificate: &Certificate) -> bool {
    let outer = certificate.signature_algorithm_der();
    let inner = certificate.tbs_signature_algorithm_der();
    // Written differently, they may still say the same.
    outer == inner
        || match (
            der::read_algorithm_identifier(outer),
            der::read_algorithm_identifier(inner),
        ) {
            (Some(outer), Some(inner)) => is_same(&outer, &inner),
            _ => false,
        }
}

/// `ASN1_TYPE_cmp` looks at the type and the octets of the parameters, and at no unused bits.
fn is_same(one: &AlgorithmIdentifier<'_>, other: &AlgorithmIdentifier<'_>) -> bool {
    fn without_unused_bits<'a>(parameters: &'a Option<Cow<'a, [u8]>>) -> (&'a [u8], &'a [u8]) {
        let parameters = parameters.as_deref().unwrap_or_default();
        match der::read_element(parameters) {
            Some((element, _)) if element.tag == 0x03 => {
                (&[0x03], element.content.get(1..).unwrap_or_default())
            }
            _ => (&[], parameters),
        }
    }
    one.algorithm == other.algorithm
        && without_unused_bits(&one.parameters) == without_unused_bits(&other.parameters)
}

/// The octets of the signature; `None` when its BIT STRING has unused bits, which OpenSSL refuses.
fn signature_octets(bit_string: &[u8]) -> Option<&[u8]> {
    let (element, _) = der::read_element(bit_string)?;
    element.content.strip_prefix(&[0])
}
