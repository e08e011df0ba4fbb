//! What OpenSSL notes about a certificate before it verifies anything with it.

use std::ops::BitOr;
use std::sync::OnceLock;

use super::constraints::NameConstraints;
use super::key::{self, PublicKey};
use super::profile::Profile;
use super::resources::Resources;
use super::signature::{self, Fit};
use crate::certificate::{Certificate, TrustSettings, canonicalize};
use crate::der::{self, Value};

/// A certificate with what verifying takes from it. Belongs to one OpenSSL, whose decoder accepted it.
#[derive(Debug)]
pub struct Examined {
    /// The certificate.
    pub certificate: Certificate,
    /// The trust settings of a `TRUSTED CERTIFICATE` block (`X509_CERT_AUX`).
    pub settings: Option<TrustSettings>,
    names: OnceLock<Names>,
    facts: OnceLock<Facts>,
    pub(super) profile: Profile,
}

/// Subject and issuer in the form in which names are compared.
#[derive(Debug)]
pub struct Names {
    /// The subject.
    pub subject: Box<[u8]>,
    /// The issuer.
    pub issuer: Box<[u8]>,
}

impl Names {
    fn read(certificate: &Certificate) -> Self {
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
        Self { subject, issuer }
    }

    /// Whether they are one name (`EXFLAG_SI`).
    pub fn are_one(&self) -> bool {
        self.subject == self.issuer
    }
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
            names: OnceLock::new(),
            facts: OnceLock::new(),
            profile: *profile,
        }
    }

    /// The names, read at the first call.
    pub fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::read(&self.certificate))
    }

    /// The facts, taken at the first call.
    pub fn facts(&self) -> &Facts {
        self.facts
            .get_or_init(|| Facts::read(&self.certificate, self.names(), &self.profile))
    }

    /// What the first call of [`facts`](Self::facts) costs in microseconds, roughly; nothing when it was made.
    pub(super) fn cost(&self) -> u32 {
        const OCTETS_IN_A_MICROSECOND: usize = 200;
        if self.facts.get().is_some() {
            return 0;
        }
        let octets = self.certificate.der().len() / OCTETS_IN_A_MICROSECOND;
        u32::try_from(octets)
            .unwrap_or(u32::MAX)
            .saturating_add(key::decoding_cost(
                self.certificate.subject_public_key_info(),
            ))
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
    fn read(certificate: &Certificate, names: &Names, profile: &Profile) -> Self {
        let mut facts = Self {
            is_invalid: certificate.is_invalid(profile.openssl),
            is_self_issued: names.are_one(),
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
            is_version_1: certificate.is_version_1(),
            subject_alternative_names: None,
            name_constraints: None,
            resources: Resources::default(),
            key: PublicKey::decode(certificate.subject_public_key_info(), profile),
        };
        for extension in der::read_extensions(certificate.extensions_der()) {
            facts.has_unknown_critical |= extension.critical && !is_known(extension.identifier);
            facts.take(extension.identifier, &extension.value, profile);
        }
        if facts.is_invalid {
            facts.drop_unreadable(certificate, profile);
        }
        facts.is_self_signed = facts.is_self_issued
            && facts.accepts_authority(&facts.authority, certificate, names)
            && signature::algorithm_fits(certificate, facts.key.as_ref(), profile) == Fit::Fits;
        facts
    }

    /// Whether this certificate, with these facts, is the one that an authorityKeyIdentifier speaks of (`X509_check_akid`).
    pub fn accepts_authority(
        &self,
        authority: &Authority,
        certificate: &Certificate,
        names: &Names,
    ) -> bool {
        let fits = |wanted: &Option<Box<[u8]>>, found: &[u8]| {
            wanted.as_deref().is_none_or(|wanted| wanted == found)
        };
        let key_fits = match (&authority.key_identifier, &self.subject_key_identifier) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        };
        key_fits
            && fits(&authority.serial_number, certificate.serial_number_octets())
            && fits(&authority.issuer, &names.issuer)
    }

    /// Of an invalid certificate only these extensions count: it issues nothing and has no issuer.
    fn drop_unreadable(&mut self, certificate: &Certificate, profile: &Profile) {
        let is_readable = |identifier| {
            der::is_readable(certificate.extensions_der(), identifier, profile.openssl)
        };
        self.proxy.take_if(|_| !is_readable(PROXY));
        let Resources { systems, addresses } = &mut self.resources;
        systems.take_if(|_| !is_readable(AUTONOMOUS_SYSTEMS));
        addresses.take_if(|_| !is_readable(IP_ADDRESS_BLOCKS));
    }

    fn take(&mut self, identifier: &[u8], octets: &[u8], profile: &Profile) {
        let Some(value) = Value::read(octets) else {
            return;
        };
        match identifier {
            SUBJECT_KEY_IDENTIFIER => self.subject_key_identifier = Some(value.octets().into()),
            KEY_USAGE => {
                let bits = value.bits().octets;
                let octet = |index| bits.get(index).copied().unwrap_or_default();
                self.key_usage = Some(Usage(u16::from_be_bytes([octet(0), octet(1)])));
            }
            SUBJECT_ALTERNATIVE_NAME => self.subject_alternative_names = Some(octets.into()),
            BASIC_CONSTRAINTS => {
                let mut is_ca = false;
                for part in value.values() {
                    if part.is(BOOLEAN) {
                        is_ca = part.content().first().is_some_and(|octet| *octet != 0);
                    } else {
                        self.path_length = long(part.content());
                    }
                }
                self.basic_constraints = Some(is_ca);
            }
            NAME_CONSTRAINTS => {
                self.name_constraints = Some(NameConstraints::new(octets, profile.openssl));
            }
            AUTHORITY_KEY_IDENTIFIER => self.authority = Authority::read(&value),
            EXTENDED_KEY_USAGE => self.extended_key_usage = Some(ExtendedUsage::read(&value)),
            NETSCAPE_TYPE => {
                self.netscape_type = Some(value.bits().octets.first().copied().unwrap_or_default());
            }
            IP_ADDRESS_BLOCKS => self.resources.addresses = Some(octets.into()),
            AUTONOMOUS_SYSTEMS => self.resources.systems = Some(octets.into()),
            PROXY => {
                let path_length = value.values().find(|part| part.is(INTEGER));
                self.proxy = Some(Proxy {
                    path_length: path_length.and_then(|part| long(part.content())),
                });
            }
            _ => {}
        }
    }
}

impl ExtendedUsage {
    fn read(value: &Value<'_>) -> Self {
        let mut usage = Self::default();
        for purpose in value.values() {
            match purpose.content() {
                SERVER_AUTHENTICATION => usage.server = true,
                CLIENT_AUTHENTICATION => usage.client = true,
                MICROSOFT_SERVER_GATED | NETSCAPE_SERVER_GATED => usage.server_gated = true,
                _ => {}
            }
        }
        usage
    }
}

impl Authority {
    fn read(value: &Value<'_>) -> Self {
        let mut found = Self::default();
        for part in value.values() {
            match part.context() {
                Some(0) => found.key_identifier = Some(part.octets().into()),
                Some(1) => {
                    found.issuer = part
                        .values()
                        .find(|name| name.context() == Some(DIRECTORY_NAME))
                        .and_then(|name| name.values().next())
                        .map(|name| {
                            let mut canonical = Vec::new();
                            canonicalize(name.whole(), &mut canonical);
                            canonical.into()
                        });
                }
                Some(2) => found.serial_number = Some(part.content().into()),
                _ => {}
            }
        }
        found
    }
}

/// Universal tag numbers.
const BOOLEAN: u32 = 1;
const INTEGER: u32 = 2;
/// The number of directoryName among the general names.
const DIRECTORY_NAME: u32 = 4;

/// Content octets of id-kp-serverAuth and id-kp-clientAuth.
pub(super) const SERVER_AUTHENTICATION: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
pub(super) const CLIENT_AUTHENTICATION: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
const MICROSOFT_SERVER_GATED: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3];
const NETSCAPE_SERVER_GATED: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1];

const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 14];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 17];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];
const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1d, 32];
const POLICY_MAPPINGS: &[u8] = &[0x55, 0x1d, 33];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 35];
const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 36];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 0x1d, 54];
const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1];
const PROXY: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 14];
const IP_ADDRESS_BLOCKS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 7];
const AUTONOMOUS_SYSTEMS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 8];
const OCSP_NO_CHECK: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 5];

/// Whether verification handles the extension, so that it may be critical (`X509_supported_extension`).
fn is_known(identifier: &[u8]) -> bool {
    matches!(
        identifier,
        NETSCAPE_TYPE
            | KEY_USAGE
            | SUBJECT_ALTERNATIVE_NAME
            | BASIC_CONSTRAINTS
            | CERTIFICATE_POLICIES
            | CRL_DISTRIBUTION_POINTS
            | EXTENDED_KEY_USAGE
            | IP_ADDRESS_BLOCKS
            | AUTONOMOUS_SYSTEMS
            | OCSP_NO_CHECK
            | POLICY_CONSTRAINTS
            | PROXY
            | NAME_CONSTRAINTS
            | POLICY_MAPPINGS
            | INHIBIT_ANY_POLICY
    )
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
