//! What OpenSSL notes about a certificate before it verifies anything with it.

use std::ops::BitOr;
use std::sync::OnceLock;

use super::constraints::NameConstraints;
use super::key::PublicKey;
use super::profile::Profile;
use super::resources::Resources;
use super::signature::{self, Fit};
use crate::certificate::{Certificate, TrustSettings, canonicalize};
use crate::der::{self, Element};

/// A certificate with what verifying takes from it. Belongs to one OpenSSL, whose decoder accepted it.
#[derive(Debug)]
pub struct Examined {
    /// The certificate.
    pub certificate: Certificate,
    /// The trust settings of a `TRUSTED CERTIFICATE` block (`X509_CERT_AUX`).
    pub settings: Option<TrustSettings>,
    facts: OnceLock<Facts>,
    pub(super) profile: Profile,
}

impl Examined {
    /// A certificate that this OpenSSL has decoded.
    pub fn new(
        certificate: Certificate,
        settings: Option<TrustSettings>,
        profile: &Profile,
    ) -> Self {
        Self {
            certificate,
            settings,
            facts: OnceLock::new(),
            profile: *profile,
        }
    }

    /// The facts, taken at the first call.
    pub fn facts(&self) -> &Facts {
        self.facts
            .get_or_init(|| Facts::read(&self.certificate, &self.profile))
    }

    /// Whether both are one certificate (`X509_cmp`).
    pub fn is(&self, other: &Self) -> bool {
        self.certificate.der() == other.certificate.der()
    }
}

/// What `ossl_x509v3_cache_extensions` notes (`crypto/x509/v3_purp.c`).
#[derive(Debug)]
pub struct Facts {
    /// An extension that OpenSSL knows is there twice, cannot be decoded or contradicts itself (`EXFLAG_INVALID`).
    pub is_invalid: bool,
    /// The subject in the form in which names are compared.
    pub subject: Box<[u8]>,
    /// The issuer in that form.
    pub issuer: Box<[u8]>,
    /// Subject and issuer are one name (`EXFLAG_SI`).
    pub is_self_issued: bool,
    /// It could have issued itself; no signature is tried (`EXFLAG_SS`).
    pub is_self_signed: bool,
    /// cA of basicConstraints, `None` without the extension.
    pub basic_constraints: Option<bool>,
    /// pathLenConstraint; `None` also where it is larger than a C `long`.
    pub path_length: Option<i64>,
    /// keyUsage, `None` without the extension.
    pub key_usage: Option<Usage>,
    /// extendedKeyUsage, `None` without the extension.
    pub extended_key_usage: Option<ExtendedUsage>,
    /// The bits of nsCertType, from the most significant one, `None` without the extension.
    pub netscape_type: Option<u8>,
    /// proxyCertInfo, `None` without the extension.
    pub proxy: Option<Proxy>,
    /// An extension is critical that OpenSSL does not know (`EXFLAG_CRITICAL`).
    pub has_unknown_critical: bool,
    /// Content of subjectKeyIdentifier.
    pub subject_key_identifier: Option<Box<[u8]>>,
    /// authorityKeyIdentifier.
    pub authority: Authority,
    /// The version field says 1 (or is absent).
    pub is_version_1: bool,
    /// The value of subjectAltName.
    pub subject_alternative_names: Option<Box<[u8]>>,
    /// nameConstraints.
    pub name_constraints: Option<NameConstraints>,
    /// Address blocks and autonomous systems.
    pub resources: Resources,
    /// The key, `None` where OpenSSL has none (`X509_get0_pubkey`).
    pub key: Option<PublicKey>,
}

/// The bits of keyUsage (RFC 5280 section 4.2.1.3) that verification asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage(u16);

impl Usage {
    /// digitalSignature.
    pub const DIGITAL_SIGNATURE: Self = Self(0x8000);
    /// keyEncipherment.
    pub const KEY_ENCIPHERMENT: Self = Self(0x2000);
    /// keyAgreement.
    pub const KEY_AGREEMENT: Self = Self(0x0800);
    /// keyCertSign.
    pub const KEY_CERT_SIGN: Self = Self(0x0400);

    /// Whether it has one of these.
    pub fn allows(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

impl BitOr for Usage {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What extendedKeyUsage says about TLS.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExtendedUsage {
    /// serverAuth.
    pub server: bool,
    /// clientAuth.
    pub client: bool,
    /// Microsoft's or Netscape's server-gated cryptography, which OpenSSL takes for serverAuth.
    pub server_gated: bool,
}

/// proxyCertInfo (RFC 3820 section 3.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proxy {
    /// pCPathLenConstraint.
    pub path_length: Option<i64>,
}

/// authorityKeyIdentifier (RFC 5280 section 4.2.1.1), every part optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authority {
    /// keyIdentifier.
    pub key_identifier: Option<Box<[u8]>>,
    /// Content octets of authorityCertSerialNumber.
    pub serial_number: Option<Box<[u8]>>,
    /// The first directoryName of authorityCertIssuer, in the form in which names are compared.
    pub issuer: Option<Box<[u8]>>,
}

impl Facts {
    fn read(certificate: &Certificate, profile: &Profile) -> Self {
        let canonical = |name: &[u8]| {
            let mut canonical = Vec::with_capacity(name.len() + 8);
            canonicalize(name, &mut canonical);
            canonical.into_boxed_slice()
        };
        let subject = canonical(certificate.subject_der());
        let issuer = if certificate.subject_der() == certificate.issuer_der() {
            subject.clone()
        } else {
            canonical(certificate.issuer_der())
        };
        let mut facts = Self {
            is_invalid: certificate.is_invalid(profile.openssl),
            is_self_issued: subject == issuer,
            subject,
            issuer,
            is_self_signed: false,
            basic_constraints: None,
            path_length: None,
            key_usage: None,
            extended_key_usage: None,
            netscape_type: None,
            proxy: None,
            has_unknown_critical: false,
            subject_key_identifier: None,
            authority: Authority::default(),
            is_version_1: certificate.version() == 1,
            subject_alternative_names: None,
            name_constraints: None,
            resources: Resources::default(),
            key: PublicKey::decode(certificate.subject_public_key_info(), profile),
        };
        for extension in der::read_extensions(certificate.extensions_der()) {
            facts.has_unknown_critical |= extension.critical && !is_known(extension.identifier);
            facts.take(extension.identifier, &extension.value, profile);
        }
        facts.is_self_signed = facts.is_self_issued
            && facts.accepts_authority(&facts.authority, certificate)
            && signature::algorithm_fits(certificate, facts.key.as_ref(), profile) == Fit::Fits;
        facts
    }

    /// Whether this certificate, with these facts, is the one that an authorityKeyIdentifier speaks of (`X509_check_akid`).
    pub fn accepts_authority(&self, authority: &Authority, certificate: &Certificate) -> bool {
        let fits = |wanted: &Option<Box<[u8]>>, found: &[u8]| {
            wanted.as_deref().is_none_or(|wanted| wanted == found)
        };
        let key_fits = match (&authority.key_identifier, &self.subject_key_identifier) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        };
        key_fits
            && fits(&authority.serial_number, certificate.serial_number_octets())
            && fits(&authority.issuer, &self.issuer)
    }

    fn take(&mut self, identifier: &[u8], value: &[u8], profile: &Profile) {
        let Some((element, _)) = der::read_element(value) else {
            return;
        };
        match identifier {
            [0x55, 0x1d, last] => self.take_standard(*last, &element, value, profile),
            IP_ADDRESS_BLOCKS => self.resources.addresses = Some(value.into()),
            AUTONOMOUS_SYSTEMS => self.resources.systems = Some(value.into()),
            NETSCAPE_TYPE => self.netscape_type = Some(bits(&element)[0]),
            PROXY => {
                let path_length = parts(element.content)
                    .next()
                    .filter(|part| part.tag == 0x02)
                    .and_then(|part| long(part.content));
                self.proxy = Some(Proxy { path_length });
            }
            _ => {}
        }
    }

    fn take_standard(&mut self, last: u8, element: &Element<'_>, value: &[u8], profile: &Profile) {
        match last {
            14 => self.subject_key_identifier = Some(element.content.into()),
            15 => self.key_usage = Some(Usage(u16::from_be_bytes(bits(element)))),
            17 => self.subject_alternative_names = Some(value.into()),
            19 => {
                let mut is_ca = false;
                for part in parts(element.content) {
                    match part.tag {
                        0x01 => is_ca = part.content.first().is_some_and(|octet| *octet != 0),
                        0x02 => self.path_length = long(part.content),
                        _ => {}
                    }
                }
                self.basic_constraints = Some(is_ca);
            }
            30 => self.name_constraints = Some(NameConstraints::read(value, profile.openssl)),
            35 => self.authority = Authority::read(element.content),
            37 => {
                let mut usage = ExtendedUsage::default();
                for purpose in parts(element.content) {
                    match purpose.content {
                        SERVER_AUTHENTICATION => usage.server = true,
                        CLIENT_AUTHENTICATION => usage.client = true,
                        MICROSOFT_SERVER_GATED | NETSCAPE_SERVER_GATED => usage.server_gated = true,
                        _ => {}
                    }
                }
                self.extended_key_usage = Some(usage);
            }
            _ => {}
        }
    }
}

impl Authority {
    fn read(content: &[u8]) -> Self {
        let mut found = Self::default();
        for part in parts(content) {
            match part.tag & 0x1f {
                0 => found.key_identifier = Some(part.content.into()),
                1 => {
                    found.issuer = parts(part.content)
                        .find(|name| name.tag == DIRECTORY_NAME)
                        .map(|name| {
                            let mut canonical = Vec::new();
                            canonicalize(name.content, &mut canonical);
                            canonical.into()
                        });
                }
                2 => found.serial_number = Some(part.content.into()),
                _ => {}
            }
        }
        found
    }
}

const DIRECTORY_NAME: u8 = 0xa4;

/// Content octets of id-kp-serverAuth and id-kp-clientAuth.
pub(super) const SERVER_AUTHENTICATION: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
pub(super) const CLIENT_AUTHENTICATION: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
const MICROSOFT_SERVER_GATED: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3];
const NETSCAPE_SERVER_GATED: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1];

const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1];
const PROXY: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 14];
const IP_ADDRESS_BLOCKS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 7];
const AUTONOMOUS_SYSTEMS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 8];
const OCSP_NO_CHECK: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 5];

/// Whether verification handles the extension, so that it may be critical (`X509_supported_extension`).
fn is_known(identifier: &[u8]) -> bool {
    match identifier {
        // keyUsage, subjectAltName, basicConstraints, nameConstraints, cRLDistributionPoints, certificatePolicies,
        // policyMappings, policyConstraints, extKeyUsage, inhibitAnyPolicy.
        [0x55, 0x1d, last] => matches!(last, 15 | 17 | 19 | 30 | 31 | 32 | 33 | 36 | 37 | 54),
        _ => matches!(
            identifier,
            NETSCAPE_TYPE | PROXY | IP_ADDRESS_BLOCKS | AUTONOMOUS_SYSTEMS | OCSP_NO_CHECK
        ),
    }
}

fn parts(content: &[u8]) -> impl Iterator<Item = Element<'_>> {
    let mut rest = content;
    std::iter::from_fn(move || {
        let (element, after) = der::read_element(rest)?;
        rest = after;
        Some(element)
    })
}

/// The first sixteen bits of a BIT STRING, the unused ones zero.
fn bits(element: &Element<'_>) -> [u8; 2] {
    let Some((unused, octets)) = element.content.split_first() else {
        return [0, 0];
    };
    let octet = |index: usize| {
        let octet = octets.get(index).copied().unwrap_or_default();
        let is_last = index + 1 == octets.len();
        octet & if is_last { 0xff << (unused & 7) } else { 0xff }
    };
    [octet(0), octet(1)]
}

/// `ASN1_INTEGER_get`: `None` where it gives -1, which stands for no value at all.
fn long(content: &[u8]) -> Option<i64> {
    if content.len() > 8 {
        // A ninth octet may only be the sign of a number that is too large already.
        return None;
    }
    let start = if content.first().is_some_and(|octet| *octet >= 0x80) {
        -1
    } else {
        0
    };
    let value = content
        .iter()
        .fold(start, |value: i64, octet| (value << 8) | i64::from(*octet));
    (value != -1).then_some(value)
}
