//! One certificate's facts, taken once from its DER.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};
use x509_parser::prelude::{FromDer, GeneralName, SubjectAlternativeName};

use crate::der::{self, DecodeError, DecodedCertificate, Fields, OpensslVersion, Value};
use crate::source::Source;

mod canonical;
#[cfg(test)]
pub(crate) mod forge;
mod names;
mod trusted;
pub use canonical::canonicalize;
pub use names::{dotted, rfc4514};
pub use trusted::{TrustSettings, TrustedCertificate};

const OBJECT_IDENTIFIER: u32 = 6;

/// The SHA-256 of a certificate's DER: its identity.
pub type Fingerprint = [u8; 32];

/// The identity of a certificate with this DER.
pub fn digest(der: &[u8]) -> Fingerprint {
    Sha256::digest(der).into()
}

/// A certificate that OpenSSL's `d2i_X509` accepts, with what deciding about it needs.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Der,
    sha256: OnceLock<Fingerprint>,
    fields: Fields,
    not_before: Option<i64>,
    not_after: Option<i64>,
    extensions: OnceLock<Extensions>,
    /// Every place it was found in, in the order of reading.
    pub sources: Vec<Source>,
}

/// A certificate's bytes: shared, or compiled in.
#[derive(Debug, Clone)]
pub(crate) enum Der {
    Shared(Arc<[u8]>),
    Static(&'static [u8]),
}

impl Der {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Shared(bytes) => bytes,
            Self::Static(bytes) => bytes,
        }
    }
}

impl Borrow<[u8]> for Der {
    fn borrow(&self) -> &[u8] {
        self.bytes()
    }
}

impl PartialEq for Der {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Der {}

impl Hash for Der {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes().hash(state);
    }
}

/// The extensions that decide what a certificate may anchor (RFC 5280 section 4.2.1).
#[derive(Debug, Clone, Default)]
struct Extensions {
    basic_constraints: Option<bool>,
    key_usage: Option<u16>,
    extended_key_usage: Option<Vec<Vec<u8>>>,
    subject_key_identifier: Option<Vec<u8>>,
    authority_key_identifier: Option<Vec<u8>>,
    name_constraints: bool,
}

/// The public key, in the words of Node's `KeyObject`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// `rsa`, `rsa-pss`, `ec`, `ed25519` … (Node's `asymmetricKeyType`), or the dotted object identifier.
    pub algorithm: String,
    /// Size in bits, where the algorithm has one that is known.
    pub bits: Option<u32>,
}

impl Certificate {
    /// Takes the certificate at the start of `input`, as OpenSSL of that version decodes it.
    pub fn decode(input: &[u8], version: OpensslVersion) -> Result<Self, DecodeError> {
        der::decode_certificate(input, version).map(Self::from_decoded)
    }

    /// Takes a certificate that is decoded already.
    pub fn from_decoded(decoded: DecodedCertificate<'_>) -> Self {
        Self::from_parts(Der::Shared(decoded.der.into()), decoded.fields)
    }

    /// Takes a compiled-in certificate without copying it.
    pub fn decode_static(der: &'static [u8], version: OpensslVersion) -> Result<Self, DecodeError> {
        let fields = der::decode_certificate(der, version)?.fields;
        Ok(Self::from_parts(Der::Static(der), fields))
    }

    /// Bytes that no OpenSSL takes for a certificate, as one whose facts are all empty, so that they can be shown and
    /// compared.
    pub fn unreadable(bytes: &[u8]) -> Self {
        Self::from_parts(Der::Shared(bytes.into()), Fields::default())
    }

    fn from_parts(der: Der, fields: Fields) -> Self {
        let at =
            |range: &std::ops::Range<usize>| der.bytes().get(range.clone()).unwrap_or_default();
        Self {
            sha256: OnceLock::new(),
            not_before: unix_time(at(&fields.not_before)),
            not_after: unix_time(at(&fields.not_after)),
            extensions: OnceLock::new(),
            der,
            fields,
            sources: Vec::new(),
        }
    }

    /// The same certificate with this as its one place.
    #[must_use]
    pub fn with_source(&self, source: Source) -> Self {
        Self {
            der: self.der.clone(),
            sha256: self.sha256.clone(),
            fields: self.fields.clone(),
            not_before: self.not_before,
            not_after: self.not_after,
            extensions: self.extensions.clone(),
            sources: vec![source],
        }
    }

    /// The DER, as OpenSSL writes it back.
    pub fn der(&self) -> &[u8] {
        self.der.bytes()
    }

    pub(crate) fn shared_der(&self) -> Der {
        self.der.clone()
    }

    /// The SHA-256 of the DER.
    pub fn sha256(&self) -> &Fingerprint {
        self.sha256.get_or_init(|| digest(self.der()))
    }

    fn extensions(&self) -> &Extensions {
        self.extensions
            .get_or_init(|| Extensions::read(self.field(&self.fields.extensions)))
    }

    /// The SHA-256 of the DER in lowercase hexadecimal.
    pub fn fingerprint(&self) -> String {
        hexadecimal(self.sha256())
    }

    fn field(&self, range: &std::ops::Range<usize>) -> &[u8] {
        self.der().get(range.clone()).unwrap_or_default()
    }

    /// The serial number's content octets as encoded.
    pub fn serial_number_octets(&self) -> &[u8] {
        self.field(&self.fields.serial_number)
    }

    /// The version field as people count it: 1 when it is absent.
    pub fn version(&self) -> u8 {
        let number = self.field(&self.fields.version).last();
        number.map_or(1, |number| number.wrapping_add(1))
    }

    /// Whether the version field says 1, or is absent (`X509_get_version` is 0); more than one octet of it counts.
    pub fn is_version_1(&self) -> bool {
        matches!(self.field(&self.fields.version), [] | [0])
    }

    /// Whether OpenSSL takes it for some kind of CA (`X509_check_ca` is not 0): the CA flag, a version 1 self-signed
    /// certificate, or keyUsage with certificate signing in place of basicConstraints.
    pub fn can_issue(&self) -> bool {
        const CERTIFICATE_SIGNING: u16 = 1 << 5;
        match (self.key_usage(), self.basic_constraints()) {
            (Some(usage), _) if usage & CERTIFICATE_SIGNING == 0 => false,
            (_, Some(ca)) => ca,
            (Some(_), None) => true,
            (None, None) => self.is_version_1() && self.is_self_signed(),
        }
    }

    /// The `TBSCertificate`, which the signature covers.
    pub fn tbs_certificate(&self) -> &[u8] {
        self.field(&self.fields.tbs_certificate)
    }

    /// The `signature` algorithm inside the `TBSCertificate`, as encoded.
    pub fn tbs_signature_algorithm_der(&self) -> &[u8] {
        self.field(&self.fields.tbs_signature_algorithm)
    }

    /// The outer `signatureAlgorithm`, as encoded.
    pub fn signature_algorithm_der(&self) -> &[u8] {
        self.field(&self.fields.signature_algorithm)
    }

    /// The `signatureValue` BIT STRING, as encoded.
    pub fn signature_der(&self) -> &[u8] {
        self.field(&self.fields.signature)
    }

    /// The notBefore element, as encoded.
    pub fn not_before_der(&self) -> &[u8] {
        self.field(&self.fields.not_before)
    }

    /// The notAfter element, as encoded.
    pub fn not_after_der(&self) -> &[u8] {
        self.field(&self.fields.not_after)
    }

    /// The `Extensions` sequence as encoded, empty when there is none.
    pub fn extensions_der(&self) -> &[u8] {
        self.field(&self.fields.extensions)
    }

    /// The subject `Name` as encoded.
    pub fn subject_der(&self) -> &[u8] {
        self.field(&self.fields.subject)
    }

    /// The issuer `Name` as encoded.
    pub fn issuer_der(&self) -> &[u8] {
        self.field(&self.fields.issuer)
    }

    /// The `SubjectPublicKeyInfo` as encoded.
    pub fn subject_public_key_info(&self) -> &[u8] {
        self.field(&self.fields.subject_public_key_info)
    }

    /// The curve of an EC key, when it is a named one that `EC_curve_nid2nist` has no name for.
    pub fn unnamed_curve(&self) -> Option<String> {
        let parameters = self.curve_parameters()?;
        if !parameters.is(OBJECT_IDENTIFIER) {
            return None;
        }
        match parameters.content() {
            // P-192 and P-256.
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1 | 7] => None,
            // SEC 2: P-224, P-384, P-521, and the binary curves B and K.
            [0x2b, 0x81, 4, 0, 33..=39 | 1 | 15 | 16 | 17 | 26 | 27] => None,
            [0x2b, 0x81, 4, 0, 10] => Some("secp256k1".into()),
            [0x2b, 0x24, 3, 3, 2, 8, 1, 1, ..] => Some("brainpool".into()),
            other => Some(dotted(other)),
        }
    }

    /// What is odd about the key, when Node from 24 on may die of describing it
    /// ([`crate::node::NodeVersion::dies_of_unnamed_curves`]): a curve without a NIST name, or explicit parameters, in which OpenSSL
    /// recognises such curves.
    pub fn undescribable_key(&self) -> Option<String> {
        let parameters = self.curve_parameters()?;
        if !parameters.is(OBJECT_IDENTIFIER) {
            return Some("on a curve of explicit parameters".into());
        }
        self.unnamed_curve()
            .map(|curve| format!("on the curve {curve}, which has no NIST name"))
    }

    /// The parameters of an EC key, RFC 5480, 2.1.1.
    fn curve_parameters(&self) -> Option<Value<'_>> {
        const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
        let info = Value::read(self.subject_public_key_info())?;
        let algorithm = info.values().next()?;
        let mut parts = algorithm.values();
        let identifier = parts.next()?;
        (identifier.content() == EC_PUBLIC_KEY).then(|| parts.next())?
    }

    /// The subject as RFC 4514 writes it, escaped for display.
    pub fn subject(&self) -> String {
        rfc4514(self.subject_der())
    }

    /// The issuer as RFC 4514 writes it, escaped for display.
    pub fn issuer(&self) -> String {
        rfc4514(self.issuer_der())
    }

    /// The serial number in uppercase hexadecimal, as Node's `X509Certificate#serialNumber` (OpenSSL's `BN_bn2hex`): `0` for
    /// zero, else whole octets, with a minus sign where it is negative.
    pub fn serial_number(&self) -> String {
        let octets = self.field(&self.fields.serial_number);
        let negative = octets.first().is_some_and(|octet| octet & 0x80 != 0);
        let mut magnitude = octets.to_vec();
        if negative {
            // Two's complement: all bits turned over, plus one.
            let mut carry = true;
            for octet in magnitude.iter_mut().rev() {
                (*octet, carry) = (!*octet).overflowing_add(carry.into());
            }
        }
        let zeros = magnitude.iter().take_while(|octet| **octet == 0).count();
        let digits = hexadecimal(magnitude.get(zeros..).unwrap_or_default()).to_uppercase();
        match (negative, digits.is_empty()) {
            (_, true) => "0".into(),
            (true, false) => format!("-{digits}"),
            (false, false) => digits,
        }
    }

    /// notBefore in seconds since 1970; `None` when the field cannot be read.
    pub fn not_before(&self) -> Option<i64> {
        self.not_before
    }

    /// notAfter in seconds since 1970; `None` when the field cannot be read.
    pub fn not_after(&self) -> Option<i64> {
        self.not_after
    }

    /// notBefore as ISO 8601, empty when the field cannot be read.
    pub fn not_before_iso(&self) -> String {
        self.not_before.map(iso8601).unwrap_or_default()
    }

    /// notAfter as ISO 8601, empty when the field cannot be read.
    pub fn not_after_iso(&self) -> String {
        self.not_after.map(iso8601).unwrap_or_default()
    }

    /// Whether its time is over at `now` (OpenSSL's `X509_cmp_time`: notAfter itself is too late).
    pub fn is_expired(&self, now: i64) -> bool {
        self.not_after.is_some_and(|not_after| not_after <= now)
    }

    /// Whether its time has not come at `now`.
    pub fn is_not_yet_valid(&self, now: i64) -> bool {
        self.not_before.is_some_and(|not_before| not_before > now)
    }

    /// Whether basicConstraints says it is a CA.
    pub fn is_ca(&self) -> bool {
        self.extensions().basic_constraints == Some(true)
    }

    /// basicConstraints' cA, `None` without the extension.
    pub fn basic_constraints(&self) -> Option<bool> {
        self.extensions().basic_constraints
    }

    /// Whether OpenSSL takes it for self-signed: subject equals issuer and an authority key identifier fits (the
    /// signature is not tried; `X509_check_issued` of the certificate with itself).
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued()
            && match (
                &self.extensions().authority_key_identifier,
                &self.extensions().subject_key_identifier,
            ) {
                (Some(authority), Some(subject)) => authority == subject,
                _ => true,
            }
    }

    /// Whether OpenSSL calls it invalid because of its extensions: one that it knows is there twice, cannot be decoded, or
    /// contradicts itself (`EXFLAG_INVALID`). Node loads such a certificate, and no chain through it verifies.
    pub fn is_invalid(&self, version: OpensslVersion) -> bool {
        der::is_invalid(self.field(&self.fields.extensions), version)
    }

    /// The subject in the form in which OpenSSL compares names (`X509_NAME_cmp`).
    pub fn canonical_subject(&self) -> Vec<u8> {
        let mut canonical = Vec::new();
        canonicalize(self.subject_der(), &mut canonical);
        canonical
    }

    /// Whether subject and issuer are one name to OpenSSL (`X509_NAME_cmp`).
    pub fn is_self_issued(&self) -> bool {
        let canonical = |name| {
            let mut canonical = Vec::new();
            canonicalize(name, &mut canonical);
            canonical
        };
        self.subject_der() == self.issuer_der()
            || canonical(self.subject_der()) == canonical(self.issuer_der())
    }

    /// The bits of keyUsage, bit 0 = digitalSignature, `None` without the extension.
    pub fn key_usage(&self) -> Option<u16> {
        self.extensions().key_usage
    }

    /// The purposes of extendedKeyUsage as encoded object identifiers, `None` without the extension.
    pub fn extended_key_usage(&self) -> Option<&[Vec<u8>]> {
        self.extensions().extended_key_usage.as_deref()
    }

    /// The subject key identifier.
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.extensions().subject_key_identifier.as_deref()
    }

    /// The key identifier of the authority key identifier.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.extensions().authority_key_identifier.as_deref()
    }

    /// Whether it carries name constraints.
    pub fn has_name_constraints(&self) -> bool {
        self.extensions().name_constraints
    }

    /// The public key's algorithm and size.
    pub fn public_key(&self) -> PublicKey {
        public_key(self.subject_public_key_info()).unwrap_or(PublicKey {
            algorithm: "unknown".into(),
            bits: None,
        })
    }

    /// The object identifier of the outer signature algorithm, by its usual name where it has one.
    pub fn signature_algorithm(&self) -> String {
        der::read_algorithm_identifier(self.field(&self.fields.signature_algorithm))
            .map(|identifier| names::algorithm(identifier.algorithm))
            .unwrap_or_default()
    }

    /// The subject alternative names as Node writes them (`DNS:…`, `IP Address:…`), escaped for display.
    pub fn subject_alternative_names(&self) -> Vec<String> {
        const SUBJECT_ALTERNATIVE_NAME: [u8; 3] = [0x55, 0x1d, 17];
        let mut found = Vec::new();
        for extension in der::read_extensions(self.field(&self.fields.extensions)) {
            if extension.identifier == SUBJECT_ALTERNATIVE_NAME
                && let Ok((_, names)) = SubjectAlternativeName::from_der(&extension.value)
            {
                found.extend(names.general_names.iter().map(general_name));
            }
        }
        found
    }

    /// Where the certificate of its issuer can be had: the URIs of `id-ad-caIssuers` in authorityInfoAccess (RFC 5280 section 4.2.2.1), in
    /// their order, escaped for display. A URI proper has nothing to escape.
    pub fn issuer_addresses(&self) -> Vec<String> {
        const AUTHORITY_INFORMATION_ACCESS: [u8; 8] = [0x2b, 6, 1, 5, 5, 7, 1, 1];
        const CA_ISSUERS: [u8; 8] = [0x2b, 6, 1, 5, 5, 7, 48, 2];
        const UNIFORM_RESOURCE_IDENTIFIER: u8 = 0x86;
        let mut found = Vec::new();
        for extension in der::read_extensions(self.field(&self.fields.extensions)) {
            if extension.identifier != AUTHORITY_INFORMATION_ACCESS {
                continue;
            }
            let Some((sequence, _)) = der::read_element(&extension.value) else {
                continue;
            };
            let mut rest = sequence.content;
            while let Some((description, after)) = der::read_element(rest) {
                rest = after;
                if let Some((method, location)) = der::read_element(description.content)
                    && method.content == CA_ISSUERS
                    && let Some((location, _)) = der::read_element(location)
                    && location.tag == UNIFORM_RESOURCE_IDENTIFIER
                {
                    found.push(crate::findings::escape(&String::from_utf8_lossy(
                        location.content,
                    )));
                }
            }
        }
        found
    }

    /// Whether the certificate binds its servers to send an OCSP response with it: the TLS feature `status_request` (RFC 7633). No Node looks
    /// at it.
    pub fn must_staple(&self) -> bool {
        const TLS_FEATURE: [u8; 8] = [0x2b, 6, 1, 5, 5, 7, 1, 24];
        const STATUS_REQUEST: [u8; 1] = [5];
        der::read_extensions(self.extensions_der())
            .filter(|extension| extension.identifier == TLS_FEATURE)
            .filter_map(|extension| {
                let features = der::Value::read(&extension.value)?;
                let mut numbers = features.values();
                Some(numbers.any(|number| number.content() == STATUS_REQUEST))
            })
            .any(|is_bound| is_bound)
    }

    /// A short name for messages: the common name where there is one, else the subject, else the fingerprint.
    pub fn display_name(&self) -> String {
        let common_name = names::common_name(self.subject_der());
        match common_name {
            Some(name) => crate::findings::escape(&name),
            None if self.subject().is_empty() => self.fingerprint(),
            None => self.subject(),
        }
    }

    /// The certificate as PEM, 64 columns, with a final newline.
    pub fn pem(&self) -> String {
        pem(self.der())
    }
}

/// DER as a `CERTIFICATE` block, 64 columns, with a final newline.
pub fn pem(der: &[u8]) -> String {
    let mut text = String::with_capacity(pem_length(der));
    write_pem(der, &mut text);
    text
}

/// How long [`pem`] is.
pub fn pem_length(der: &[u8]) -> usize {
    let body = der.len().div_ceil(3) * 4;
    BEGIN.len() + body + body.div_ceil(COLUMNS) + END.len()
}

/// Writes what [`pem`] gives behind `text`.
pub fn write_pem(der: &[u8], text: &mut String) {
    text.push_str(BEGIN);
    let mut body = [0; 4 * 1024];
    // Whole lines at a time, three bytes to four characters.
    for part in der.chunks(body.len() / 4 * 3) {
        let length = STANDARD.encode_slice(part, &mut body).unwrap_or(0);
        let written = body.get(..length).unwrap_or_default();
        for line in written.chunks(COLUMNS) {
            text.push_str(std::str::from_utf8(line).unwrap_or_default());
            text.push('\n');
        }
    }
    text.push_str(END);
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----\n";
const END: &str = "-----END CERTIFICATE-----\n";
const COLUMNS: usize = 64;

/// Lowercase hexadecimal.
pub fn hexadecimal(octets: &[u8]) -> String {
    use std::fmt::Write;
    octets.iter().fold(
        String::with_capacity(octets.len() * 2),
        |mut text, octet| {
            let _ = write!(text, "{octet:02x}");
            text
        },
    )
}

/// Seconds since 1970 as ISO 8601 in UTC.
pub fn iso8601(seconds: i64) -> String {
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_default()
}

/// A `Time` element (RFC 5280 section 4.1.2.5) in seconds since 1970; `None` for any form but the two that RFC 5280 allows.
pub(crate) fn unix_time(element: &[u8]) -> Option<i64> {
    let (time_type, text) = der::read_time(element)?;
    let digits = text.strip_suffix(b"Z")?;
    let number = |range: std::ops::Range<usize>| -> Option<u16> {
        digits.get(range)?.iter().try_fold(0u16, |value, digit| {
            digit
                .is_ascii_digit()
                .then(|| value * 10 + u16::from(digit - b'0'))
        })
    };
    let (year, at) = match (time_type, digits.len()) {
        (23, 12) => {
            let year = number(0..2)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, 2)
        }
        (24, 14) => (number(0..4)?, 4),
        _ => return None,
    };
    let part = |index: usize| {
        number(at + 2 * index..at + 2 * index + 2).and_then(|value| u8::try_from(value).ok())
    };
    let date = Date::from_calendar_date(i32::from(year), Month::try_from(part(0)?).ok()?, part(1)?)
        .ok()?;
    let time = Time::from_hms(part(2)?, part(3)?, part(4)?).ok()?;
    Some(
        PrimitiveDateTime::new(date, time)
            .assume_utc()
            .unix_timestamp(),
    )
}

impl Extensions {
    fn read(sequence: &[u8]) -> Self {
        let mut found = Self::default();
        for extension in der::read_extensions(sequence) {
            found.take(extension.identifier, &extension.value);
        }
        found
    }

    fn take(&mut self, identifier: &[u8], value: &[u8]) {
        let [0x55, 0x1d, last] = identifier else {
            return;
        };
        let Some((element, _)) = der::read_element(value) else {
            return;
        };
        match last {
            14 => self.subject_key_identifier = Some(element.content.to_vec()),
            15 => {
                let bits = element.content.get(1..).unwrap_or_default();
                let bit = |index: usize| {
                    bits.get(index / 8)
                        .is_some_and(|octet| octet & (0x80 >> (index % 8)) != 0)
                };
                self.key_usage = Some(
                    (0..9)
                        .filter(|index| bit(*index))
                        .fold(0, |usage, index| usage | (1 << index)),
                );
            }
            19 => {
                let ca = der::read_element(element.content).is_some_and(|(first, _)| {
                    first.tag == 0x01 && first.content.first().is_some_and(|octet| *octet != 0)
                });
                self.basic_constraints = Some(ca);
            }
            30 => self.name_constraints = true,
            35 => {
                let mut rest = element.content;
                while let Some((part, after)) = der::read_element(rest) {
                    if part.tag == 0x80 {
                        self.authority_key_identifier = Some(part.content.to_vec());
                    }
                    rest = after;
                }
            }
            37 => {
                let mut purposes = Vec::new();
                let mut rest = element.content;
                while let Some((purpose, after)) = der::read_element(rest) {
                    purposes.push(purpose.content.to_vec());
                    rest = after;
                }
                self.extended_key_usage = Some(purposes);
            }
            _ => {}
        }
    }
}

fn public_key(info: &[u8]) -> Option<PublicKey> {
    let (algorithm, key) = der::read_subject_public_key_info(info)?;
    let parameters = algorithm.parameters.as_deref().unwrap_or_default();
    let name = names::key_type(algorithm.algorithm);
    let bits = match name.as_str() {
        "rsa" | "rsa-pss" => {
            let (sequence, _) = der::read_element(&key.octets)?;
            let (modulus, _) = der::read_element(sequence.content)?;
            bit_length(modulus.content)
        }
        "dsa" => {
            let (sequence, _) = der::read_element(parameters)?;
            let (prime, _) = der::read_element(sequence.content)?;
            bit_length(prime.content)
        }
        "ec" => {
            der::read_element(parameters).and_then(|(curve, _)| names::curve_bits(curve.content))
        }
        "ed25519" | "x25519" => Some(253),
        "ed448" | "x448" => Some(456),
        _ => None,
    };
    Some(PublicKey {
        algorithm: name,
        bits,
    })
}

fn bit_length(integer: &[u8]) -> Option<u32> {
    let significant: Vec<u8> = integer
        .iter()
        .copied()
        .skip_while(|octet| *octet == 0)
        .collect();
    let first = significant.first()?;
    u32::try_from(significant.len())
        .ok()?
        .checked_mul(8)?
        .checked_sub(first.leading_zeros())
}

fn general_name(name: &GeneralName<'_>) -> String {
    use std::net::{Ipv4Addr, Ipv6Addr};
    let text = match name {
        GeneralName::DNSName(name) => format!("DNS:{name}"),
        GeneralName::RFC822Name(name) => format!("email:{name}"),
        GeneralName::URI(name) => format!("URI:{name}"),
        GeneralName::IPAddress(octets) => {
            match (<[u8; 4]>::try_from(*octets), <[u8; 16]>::try_from(*octets)) {
                (Ok(address), _) => format!("IP Address:{}", Ipv4Addr::from(address)),
                (_, Ok(address)) => format!("IP Address:{}", Ipv6Addr::from(address)),
                _ => format!("IP Address:<invalid length={}>", octets.len()),
            }
        }
        GeneralName::DirectoryName(name) => format!("DirName:{name}"),
        GeneralName::RegisteredID(identifier) => format!("Registered ID:{identifier}"),
        _ => "othername:<unsupported>".into(),
    };
    crate::findings::escape(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::tests::case;

    #[test]
    fn facts_are_read_whatever_the_encoding() {
        let certificate =
            Certificate::decode(&case("all-indefinite"), OpensslVersion::V3_5).unwrap();
        assert_eq!(certificate.version(), 3);
        assert_eq!(certificate.serial_number(), "05");
        assert_eq!(certificate.issuer(), "CN=A");
        assert_eq!(certificate.subject(), "");
        assert_eq!(certificate.not_before_iso(), "2025-01-01T00:00:00Z");
        assert_eq!(certificate.not_after_iso(), "2050-01-01T00:00:00Z");
        assert_eq!(certificate.public_key().algorithm, "ed25519");
        assert_eq!(certificate.signature_algorithm(), "ed25519");
        assert_eq!(certificate.basic_constraints(), Some(false));
    }

    #[test]
    fn serial_numbers_are_written_as_node_writes_them() {
        for (name, expected) in [
            ("integer-zero", "0"),
            ("integer-negative", "-80"),
            ("integer-minus-one", "-01"),
            ("integer-needed-zero", "80"),
            ("integer-needed-ones", "-81"),
            ("integer-ones-then-zeros", "-010000"),
        ] {
            let certificate = Certificate::decode(&case(name), OpensslVersion::V3_0).unwrap();
            assert_eq!(certificate.serial_number(), expected, "{name}");
        }
    }

    #[test]
    fn the_addresses_of_the_issuer_are_read_in_their_order() {
        let addresses = vec!["http://ca.test/issuer.cer", "ldap://ca.test/\u{1b}[31m"];
        let forged = forge::Forge {
            issuer_addresses: addresses,
            ..forge::Forge::default()
        };
        let certificate = Certificate::decode(&forged.der(), OpensslVersion::V3_5).unwrap();
        let [first, second] = certificate.issuer_addresses().try_into().unwrap();
        assert_eq!(first, "http://ca.test/issuer.cer");
        assert!(!second.contains('\u{1b}'), "{second}");
        let without = Certificate::decode(&case("all-indefinite"), OpensslVersion::V3_5).unwrap();
        assert!(without.issuer_addresses().is_empty());
    }

    #[test]
    fn names_of_every_kind_are_written() {
        for (name, expected) in [
            ("name-two-in-a-set", "CN=b+CN=a"),
            ("name-sets-empty-and-not", "CN=a"),
            ("name-value-bmp", "CN=é"),
            ("name-value-teletex", "CN=é"),
            ("name-value-constructed-split-in-a-character", "CN=é"),
            ("name-value-sequence", "CN=#3003020101"),
            ("name-value-bit-string", "CN=#030200ff"),
            ("name-empty-set", ""),
        ] {
            let certificate = Certificate::decode(&case(name), OpensslVersion::V3_5).unwrap();
            assert_eq!(certificate.subject(), expected, "{name}");
        }
    }
}
