//! Name constraints (RFC 5280 section 4.2.1.10) as OpenSSL checks them: `check_name_constraints` in
//! `crypto/x509/x509_vfy.c` and what it calls in `crypto/x509/v3_ncons.c`.
//!
//! OpenSSL departs from the RFC in that the common name of a leaf without DNS names counts as one, that every name is
//! compared as text (a wildcard is none), and that constraints count whether they are critical or not, on a trust
//! anchor too.

use std::sync::OnceLock;

use crate::certificate::{Certificate, canonicalize};
use crate::der::{self, GeneralName, NameAttribute, OpensslVersion};

mod mailbox;
use mailbox::{InternationalMailbox, Mailbox, MailboxBase};

/// `X509_V_ERR_…` numbers in `x509_vfy.h`.
const UNSPECIFIED: u16 = 1;
const PERMITTED_VIOLATION: u16 = 47;
const EXCLUDED_VIOLATION: u16 = 48;
const SUBTREE_MINMAX: u16 = 49;
const UNSUPPORTED_CONSTRAINT_TYPE: u16 = 51;
const UNSUPPORTED_NAME_SYNTAX: u16 = 53;

/// OpenSSL's limit for one certificate and the constraints of another: names times constraints (`NAME_CHECK_MAX`).
const COMPARISONS_MAX: usize = 1 << 20;

/// Why a certificate does not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The verify callback is called with this `X509_V_ERR_…` number: 1 more than 2^20 comparisons, 47 not permitted, 48
    /// excluded, 49 a minimum or maximum, 51 a kind of constraint that OpenSSL cannot check, 53 a name or constraint that it cannot read.
    Error(u16),
    /// Verification ends without a callback (`X509_V_ERR_OUT_OF_MEM`, after which `X509_verify_cert` returns -1): a common
    /// name has a type that is no text.
    Abandoned,
    /// OpenSSL would go on comparing; [`Effort`] is spent.
    TooMuchEffort,
}

/// What comparing names may cost in one verification. OpenSSL bounds each certificate and the constraints of each other one
/// by `NAME_CHECK_MAX`, 2^20 comparisons of any length, but a chain has thousands of such pairs.
#[derive(Debug, Clone)]
pub struct Effort {
    left: usize,
}

impl Effort {
    /// Comparisons of names of up to 64 octets: four times what OpenSSL allows a pair.
    const LIMIT: usize = 4 * COMPARISONS_MAX;

    fn spend(&mut self, octets: usize, comparisons: usize) -> Result<(), Refusal> {
        let cost = comparisons.saturating_mul(1 + octets / 64);
        self.left = self.left.checked_sub(cost).ok_or(Refusal::TooMuchEffort)?;
        Ok(())
    }
}

impl Default for Effort {
    fn default() -> Self {
        Self { left: Self::LIMIT }
    }
}

/// The nameConstraints extension of one certificate.
#[derive(Debug)]
pub struct NameConstraints {
    value: Box<[u8]>,
    version: OpensslVersion,
    /// Read when they are first needed: most certificates of a store are in no path.
    lists: OnceLock<Lists>,
}

#[derive(Debug, Default)]
struct Lists {
    permitted: Vec<Subtree>,
    excluded: Vec<Subtree>,
}

/// `GENERAL_SUBTREE`.
#[derive(Debug)]
struct Subtree {
    base: Base,
    /// The minimum is absent or 0, the maximum absent (`nc_minmax_valid`).
    has_default_limits: bool,
}

/// The name at the root of a subtree, ready to compare with.
#[derive(Debug)]
enum Base {
    Mailbox(Box<MailboxBase>),
    /// In lower case.
    Dns(Box<[u8]>),
    /// In the form of [`canonicalize`].
    Directory(Box<[u8]>),
    /// A host or, with a dot in front, a domain; in lower case.
    Uri(Box<[u8]>),
    /// `None` when it is not two addresses long.
    IpAddress(Option<Box<Network>>),
    /// Content octets of the object identifier.
    Other(Box<[u8]>),
    X400,
    EdiParty,
    RegisteredId,
}

#[derive(Debug)]
struct Network {
    base: Address,
    mask: u128,
}

#[derive(Debug, Clone, Copy)]
struct Address {
    is_version_6: bool,
    bits: u128,
}

/// What the constraints on a certificate are checked against: its subject and its alternative names.
#[derive(Debug)]
pub struct ConstrainedNames {
    /// The checks of `NAME_CONSTRAINTS_check`, in its order.
    names: Vec<Result<Name, UnreadableName>>,
    /// The names that OpenSSL counts; an emailAddress in the subject is not counted again.
    count: usize,
    /// The checks of `NAME_CONSTRAINTS_check_CN`; none when the certificate has a DNS name.
    common_names: Vec<Result<Name, UnreadableName>>,
}

/// A name of a certificate, ready to be compared.
#[derive(Debug)]
enum Name {
    Mailbox(Mailbox),
    /// An otherName of the type SmtpUTF8Mailbox (RFC 9598): constrained as an rfc822Name.
    InternationalMailbox(InternationalMailbox),
    /// In lower case.
    Dns(Box<[u8]>),
    /// In the form of [`canonicalize`].
    Directory(Box<[u8]>),
    /// The host in lower case, `None` for a URI that OpenSSL cannot read.
    Uri(Option<Box<[u8]>>),
    /// `None` when it has neither 4 nor 16 octets.
    IpAddress(Option<Address>),
    /// Content octets of the object identifier.
    Other(Box<[u8]>),
    X400,
    EdiParty,
    RegisteredId,
}

/// A name that ends the check, whatever the constraints are.
type UnreadableName = Refusal;

impl NameConstraints {
    /// Takes the value of the extension, which this OpenSSL can decode (the certificate is not
    /// [invalid](crate::der::is_invalid)).
    pub fn new(value: &[u8], version: OpensslVersion) -> Self {
        Self {
            value: value.into(),
            version,
            lists: OnceLock::new(),
        }
    }

    /// `NAME_CONSTRAINTS_check`, and for a leaf `NAME_CONSTRAINTS_check_CN` after it, as `check_name_constraints` calls them for every
    /// certificate of a chain, but self-issued ones other than the leaf, with the constraints of each one above it.
    ///
    /// # Errors
    ///
    /// The first refusal; there is at most one for a certificate and these constraints.
    pub fn check(
        &self,
        names: &ConstrainedNames,
        is_leaf: bool,
        effort: &mut Effort,
    ) -> Result<(), Refusal> {
        // Reading an octet of them takes as long as some comparisons.
        const READING: usize = 6;
        effort.spend(0, self.value.len().saturating_mul(READING))?;
        let lists = self
            .lists
            .get_or_init(|| Lists::read(&self.value, self.version));
        let constraints = lists.permitted.len() + lists.excluded.len();
        if names.count > 0 && constraints > COMPARISONS_MAX / names.count {
            return Err(Refusal::Error(UNSPECIFIED));
        }
        let common_names = if is_leaf { &*names.common_names } else { &[] };
        for name in names.names.iter().chain(common_names) {
            let name = name.as_ref().map_err(|refusal| *refusal)?;
            effort.spend(name.length(), constraints)?;
            lists.check(name).map_err(Refusal::Error)?;
        }
        Ok(())
    }
}

impl Lists {
    fn read(value: &[u8], version: OpensslVersion) -> Self {
        let mut lists = Self::default();
        der::read_name_constraints(value, |list, subtree| {
            let subtree = Subtree::new(&subtree, version);
            match list {
                der::Subtrees::Permitted => lists.permitted.push(subtree),
                der::Subtrees::Excluded => lists.excluded.push(subtree),
            }
        });
        lists
    }

    /// `nc_match`.
    fn check(&self, name: &Name) -> Result<(), u16> {
        let mut is_permitted = None;
        for subtree in &self.permitted {
            if !name.is_subject_to(&subtree.base) {
                continue;
            }
            if !subtree.has_default_limits {
                return Err(SUBTREE_MINMAX);
            }
            if is_permitted != Some(true) {
                is_permitted = Some(name.is_within(&subtree.base)?);
            }
        }
        if is_permitted == Some(false) {
            return Err(PERMITTED_VIOLATION);
        }
        for subtree in &self.excluded {
            if !name.is_subject_to(&subtree.base) {
                continue;
            }
            if !subtree.has_default_limits {
                return Err(SUBTREE_MINMAX);
            }
            if name.is_within(&subtree.base)? {
                return Err(EXCLUDED_VIOLATION);
            }
        }
        Ok(())
    }
}

impl Subtree {
    fn new(subtree: &der::Subtree<'_>, version: OpensslVersion) -> Self {
        let is_zero = |octets: &[u8]| octets.iter().all(|octet| *octet == 0);
        Self {
            base: Base::new(&subtree.base, version),
            has_default_limits: subtree.maximum.is_none() && subtree.minimum.is_none_or(is_zero),
        }
    }
}

impl Base {
    fn new(name: &GeneralName<'_>, version: OpensslVersion) -> Self {
        match name {
            GeneralName::Email(text) => Self::Mailbox(Box::new(MailboxBase::new(text, version))),
            GeneralName::Dns(text) => Self::Dns(text.to_ascii_lowercase().into()),
            GeneralName::Directory(name) => Self::Directory(canonical(name)),
            GeneralName::Uri(text) => Self::Uri(text.to_ascii_lowercase().into()),
            GeneralName::IpAddress(octets) => Self::IpAddress(Network::new(octets).map(Box::new)),
            GeneralName::Other(other) => Self::Other(other.identifier.into()),
            GeneralName::X400 => Self::X400,
            GeneralName::EdiParty => Self::EdiParty,
            GeneralName::RegisteredId(_) => Self::RegisteredId,
        }
    }
}

impl ConstrainedNames {
    /// Takes the names of a certificate; `alternative_names` is the value of its subjectAltName extension, when it has one and
    /// OpenSSL can decode it.
    pub fn read(
        certificate: &Certificate,
        alternative_names: Option<&[u8]>,
        version: OpensslVersion,
    ) -> Self {
        const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01];
        const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
        const IA5_STRING: u32 = 22;

        let mut names = Vec::new();
        let mut common_names = Vec::new();
        let mut count = 0;
        for attribute in der::name_attributes(certificate.subject_der()) {
            if count == 0 {
                names.push(Ok(Name::Directory(canonical(certificate.subject_der()))));
            }
            count += 1;
            match attribute.attribute {
                EMAIL_ADDRESS if attribute.string_type == IA5_STRING => {
                    names.push(Ok(Name::Mailbox(Mailbox::new(&attribute.value))));
                }
                EMAIL_ADDRESS => names.push(Err(Refusal::Error(UNSUPPORTED_NAME_SYNTAX))),
                COMMON_NAME => common_names.extend(host_in_common_name(&attribute).transpose()),
                _ => {}
            }
        }
        let mut has_dns_name = false;
        for name in der::read_general_names(alternative_names.unwrap_or_default()) {
            has_dns_name |= matches!(name, GeneralName::Dns(_));
            names.push(Ok(Name::new(&name, version)));
            count += 1;
        }
        if has_dns_name {
            common_names.clear();
        }
        Self {
            names,
            count,
            common_names,
        }
    }
}

/// `cn2dnsid`: a common name that looks like a host name, in lower case.
fn host_in_common_name(attribute: &NameAttribute<'_>) -> Result<Option<Name>, UnreadableName> {
    let Some(text) = attribute.to_utf8() else {
        return Err(Refusal::Abandoned);
    };
    let text = text.trim_end_matches('\0').as_bytes();
    if text.contains(&0) {
        return Err(Refusal::Error(UNSUPPORTED_NAME_SYNTAX));
    }
    Ok(looks_like_host(text).then(|| Name::Dns(text.to_ascii_lowercase().into())))
}

/// Two or more labels of letters, digits, underscores and inner hyphens.
fn looks_like_host(text: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        !label.is_empty()
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
            && label
                .iter()
                .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'-'))
    };
    text.contains(&b'.') && text.split(|octet| *octet == b'.').all(is_label)
}

impl Name {
    fn new(name: &GeneralName<'_>, version: OpensslVersion) -> Self {
        /// id-on-SmtpUTF8Mailbox (RFC 9598).
        const SMTP_UTF8_MAILBOX: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 8, 9];
        match name {
            GeneralName::Email(text) => Self::Mailbox(Mailbox::new(text)),
            GeneralName::Dns(text) => Self::Dns(text.to_ascii_lowercase().into()),
            GeneralName::Directory(name) => Self::Directory(canonical(name)),
            GeneralName::Uri(text) => {
                Self::Uri(host_of(text, version).map(|host| host.to_ascii_lowercase().into()))
            }
            GeneralName::IpAddress(octets) => Self::IpAddress(Address::new(octets)),
            GeneralName::Other(other) if other.identifier == SMTP_UTF8_MAILBOX => {
                Self::InternationalMailbox(InternationalMailbox::new(other))
            }
            GeneralName::Other(other) => Self::Other(other.identifier.into()),
            GeneralName::X400 => Self::X400,
            GeneralName::EdiParty => Self::EdiParty,
            GeneralName::RegisteredId(_) => Self::RegisteredId,
        }
    }
}

impl Name {
    /// Whether the subtree is one for names of this kind.
    fn is_subject_to(&self, base: &Base) -> bool {
        match (self, base) {
            (Self::Mailbox(_) | Self::InternationalMailbox(_), Base::Mailbox(_))
            | (Self::Dns(_), Base::Dns(_))
            | (Self::Directory(_), Base::Directory(_))
            | (Self::Uri(_), Base::Uri(_))
            | (Self::IpAddress(_), Base::IpAddress(_))
            | (Self::X400, Base::X400)
            | (Self::EdiParty, Base::EdiParty)
            | (Self::RegisteredId, Base::RegisteredId) => true,
            (Self::Other(identifier), Base::Other(other)) => identifier == other,
            _ => false,
        }
    }

    /// `nc_match_single`.
    fn is_within(&self, base: &Base) -> Result<bool, u16> {
        match (self, base) {
            (Self::Mailbox(mailbox), Base::Mailbox(base)) => mailbox.is_within(base),
            (Self::InternationalMailbox(mailbox), Base::Mailbox(base)) => mailbox.is_within(base),
            (Self::Dns(name), Base::Dns(base)) => Ok(is_in_domain(name, base)),
            (Self::Directory(name), Base::Directory(base)) => Ok(name.starts_with(base)),
            (Self::Uri(host), Base::Uri(base)) => {
                let host = host.as_deref().ok_or(UNSUPPORTED_NAME_SYNTAX)?;
                Ok(is_host_or_in_dotted(host, base))
            }
            (Self::IpAddress(address), Base::IpAddress(network)) => {
                let address = address.ok_or(UNSUPPORTED_NAME_SYNTAX)?;
                let network = network.as_ref().ok_or(UNSUPPORTED_NAME_SYNTAX)?;
                Ok(network.contains(address))
            }
            _ => Err(UNSUPPORTED_CONSTRAINT_TYPE),
        }
    }

    /// How many octets a comparison may look at.
    fn length(&self) -> usize {
        match self {
            Self::Mailbox(mailbox) => mailbox.length(),
            Self::InternationalMailbox(mailbox) => mailbox.length(),
            Self::Dns(octets) | Self::Directory(octets) => octets.len(),
            Self::Uri(host) => host.as_deref().map_or(0, <[u8]>::len),
            _ => 0,
        }
    }
}

/// `nc_dns`: the domain itself or anything under it; with a dot in front, only what is under it.
fn is_in_domain(name: &[u8], domain: &[u8]) -> bool {
    let Some(before) = name.strip_suffix(domain) else {
        return false;
    };
    domain.is_empty() || domain.starts_with(b".") || before.is_empty() || before.ends_with(b".")
}

/// What `nc_uri` and `nc_email` make of a host: equal to it, or with a dot in front anything longer that ends so.
fn is_host_or_in_dotted(host: &[u8], base: &[u8]) -> bool {
    if base.starts_with(b".") {
        host.len() > base.len() && host.ends_with(base)
    } else {
        host == base
    }
}

/// The host of a URI as `nc_uri` finds it. Measured with 3.0.16, 3.0.19, 3.5.6 and 3.5.8; 3.5.2 takes an `@` behind the host, as in a
/// path, for the end of a user name.
fn host_of(uri: &[u8], version: OpensslVersion) -> Option<&[u8]> {
    match version {
        OpensslVersion::V3_0 => host_before_colon(uri),
        OpensslVersion::V3_5_0 => parsed_host(uri, false),
        OpensslVersion::V3_5 => parsed_host(uri, true),
    }
}

/// `nc_uri` itself, in OpenSSL 3.0: what is before a colon, wherever that is, or else before a slash.
fn host_before_colon(uri: &[u8]) -> Option<&[u8]> {
    let scheme = until(uri, |octet| octet == b':');
    let after = uri.get(scheme.len()..)?.strip_prefix(b"://")?;
    let host = if after.contains(&b':') {
        until(after, |octet| octet == b':')
    } else {
        until(after, |octet| octet == b'/')
    };
    (!host.is_empty()).then_some(host)
}

/// `OSSL_parse_url` in `crypto/http/http_lib.c`, with a scheme. The host may be empty, and an IPv6 address keeps its brackets. `is_strict`:
/// the scheme is checked, and a bracket is not looked for behind the authority.
fn parsed_host(uri: &[u8], is_strict: bool) -> Option<&[u8]> {
    let is_end = |octet| matches!(octet, b'/' | b'?' | b'#');
    let uri = until(uri, |octet| octet == 0);
    let scheme = uri.get(..memchr::memmem::find(uri, b"://")?)?;
    if !scheme.first()?.is_ascii_alphabetic() && is_strict {
        return None;
    }
    let is_in_scheme = |octet: &u8| octet.is_ascii_alphanumeric() || b"+-.".contains(octet);
    if !scheme.iter().all(is_in_scheme) && is_strict {
        return None;
    }
    let after = uri.get(scheme.len() + b"://".len()..)?;
    let authority = until(after, is_end);
    let user = memchr::memchr(b'@', authority).map_or(0, |at| at + 1);
    let place = if is_strict { authority } else { after }.get(user..)?;
    let end = if place.starts_with(b"[") {
        memchr::memchr(b']', place)? + 1
    } else {
        until(place, |octet| octet == b':' || is_end(octet)).len()
    };
    let (host, rest) = place.split_at_checked(end)?;
    let port = until(rest, is_end);
    let is_port = match port.strip_prefix(b":") {
        Some(digits) => is_port(digits),
        None => port.is_empty(),
    };
    is_port.then_some(host)
}

/// Whether `sscanf` makes a number up to 65535 of it: all digits, of which it keeps the lower 32 bits.
fn is_port(digits: &[u8]) -> bool {
    let number = digits.iter().fold(0u64, |number, digit| {
        let digit = u64::from(digit.wrapping_sub(b'0'));
        number.saturating_mul(10).saturating_add(digit)
    });
    !digits.is_empty()
        && digits.iter().all(u8::is_ascii_digit)
        && number as u32 <= u32::from(u16::MAX)
}

/// What stands before the first such octet.
fn until(octets: &[u8], is_end: impl Fn(u8) -> bool) -> &[u8] {
    let end = octets.iter().position(|octet| is_end(*octet));
    octets
        .get(..end.unwrap_or(octets.len()))
        .unwrap_or_default()
}

impl Address {
    fn new(octets: &[u8]) -> Option<Self> {
        let is_version_6 = match octets.len() {
            4 => false,
            16 => true,
            _ => return None,
        };
        let join = |bits, octet: &u8| (bits << 8) | u128::from(*octet);
        let bits = octets.iter().fold(0, join);
        Some(Self { is_version_6, bits })
    }
}

impl Network {
    fn new(octets: &[u8]) -> Option<Self> {
        let (base, mask) = octets.split_at(octets.len() / 2);
        Some(Self {
            mask: Address::new(mask)?.bits,
            base: Address::new(base)?,
        })
    }

    /// `nc_ip`. Neither must the mask be a prefix nor the base's other bits zero.
    fn contains(&self, address: Address) -> bool {
        self.base.is_version_6 == address.is_version_6
            && self.base.bits & self.mask == address.bits & self.mask
    }
}

fn canonical(name: &[u8]) -> Box<[u8]> {
    let mut canonical = Vec::with_capacity(name.len());
    canonicalize(name, &mut canonical);
    canonical.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::forge::{Forge, element, name};

    const V3_0: OpensslVersion = OpensslVersion::V3_0;
    const V3_5: OpensslVersion = OpensslVersion::V3_5;
    const EMAIL: u8 = 0x81;
    const DNS: u8 = 0x82;
    const DIRECTORY: u8 = 0xa4;
    const URI: u8 = 0x86;
    const IP_ADDRESS: u8 = 0x87;

    fn subtrees(tag: u8, bases: &[Vec<u8>]) -> Vec<u8> {
        let list: Vec<_> = bases.iter().map(|base| element(0x30, base)).collect();
        element(tag, &list.concat())
    }

    fn constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Vec<u8> {
        let lists = [subtrees(0xa0, permitted), subtrees(0xa1, excluded)];
        element(0x30, &lists.concat())
    }

    fn names(
        subject: &'static str,
        alternative: &[Vec<u8>],
        version: OpensslVersion,
    ) -> ConstrainedNames {
        let forged = Forge {
            subject,
            ..Forge::default()
        };
        let certificate = Certificate::decode(&forged.der(), version).unwrap();
        let value = element(0x30, &alternative.concat());
        ConstrainedNames::read(&certificate, Some(&value), version)
    }

    fn number(result: Result<(), Refusal>) -> u16 {
        match result {
            Ok(()) => 0,
            Err(Refusal::Error(number)) => number,
            Err(other) => panic!("{other:?}"),
        }
    }

    /// The error for a name when this is the one permitted subtree.
    fn permitted(name: &[u8], base: &[u8], version: OpensslVersion) -> u16 {
        let value = constraints(&[base.to_vec()], &[]);
        let names = names("no host", &[name.to_vec()], version);
        let constraints = NameConstraints::new(&value, version);
        number(constraints.check(&names, true, &mut Effort::default()))
    }

    // All expectations are those of NAME_CONSTRAINTS_check in Node's binaries.

    #[test]
    fn dns_names_are_compared_as_text() {
        for (name, base, expected) in [
            ("example.com", "example.com", 0),
            ("A.EXAMPLE.com", "example.COM", 0),
            ("aexample.com", "example.com", 47),
            ("example.com", ".example.com", 47),
            ("a.example.com", ".example.com", 0),
            ("*.example.com", "example.com", 0),
            ("a.example.com", "*.example.com", 47),
            ("example.com.", "example.com", 47),
            ("example.com\0", "example.com", 47),
            ("anything", "", 0),
        ] {
            let (presented, base_name) =
                (element(DNS, name.as_bytes()), element(DNS, base.as_bytes()));
            assert_eq!(
                permitted(&presented, &base_name, V3_0),
                expected,
                "{name} {base}"
            );
        }
    }

    #[test]
    fn mailboxes_are_compared_by_host_or_whole() {
        for (name, base, expected) in [
            ("user@example.com", "EXAMPLE.com", 0),
            ("user@a.example.com", "example.com", 47),
            ("user@a.example.com", ".example.com", 0),
            ("user@example.com", "user@Example.com", 0),
            ("User@example.com", "user@example.com", 47),
            ("user@example.com", "@example.com", 0),
            ("\0ser@example.com", "user@example.com", 53),
            ("example.com", "example.com", 53),
        ] {
            let (presented, base_name) = (
                element(EMAIL, name.as_bytes()),
                element(EMAIL, base.as_bytes()),
            );
            assert_eq!(
                permitted(&presented, &base_name, V3_5),
                expected,
                "{name} {base}"
            );
        }
    }

    #[test]
    fn international_mailboxes_are_held_against_constraints_on_mailboxes() {
        let mailbox = |text: &str, tag| {
            let identifier = element(0x06, &[0x2b, 6, 1, 5, 5, 7, 8, 9]);
            let value = element(0xa0, &element(tag, text.as_bytes()));
            element(0xa0, &[identifier, value].concat())
        };
        let long = "a".repeat(255);
        for (name, base, older, newer) in [
            ("u@Bücher.example", "xn--bcher-kva.example", 0, 0),
            ("u@BÜcher.example", "xn--bcher-kva.example", 47, 47),
            ("u@xn--bcher-kva.example", "xn--bcher-kva.example", 47, 47),
            ("u@example", "u@example", 47, 47),
            ("u@a.example", ".example", 47, 47),
            ("u@a..example", ".example", 0, 0),
            ("u@example", "xn--@", 1, 1),
            ("u@example", "exa\0mple", 53, 53),
            ("example", "example", 53, 53),
            ("u@example", &long, 1, 47),
        ] {
            let base_name = element(EMAIL, base.as_bytes());
            let presented = mailbox(name, 0x0c);
            assert_eq!(
                permitted(&presented, &base_name, V3_0),
                older,
                "{name} {base}"
            );
            assert_eq!(
                permitted(&presented, &base_name, V3_5),
                newer,
                "{name} {base}"
            );
        }
        let base = element(EMAIL, b"example");
        assert_eq!(permitted(&mailbox("u@example", 0x16), &base, V3_5), 53);
    }

    #[test]
    fn the_host_of_a_uri_is_found_as_each_openssl_finds_it() {
        for (name, base, expected) in [
            ("https://example.com/a", "example.com", [0, 0, 0]),
            ("https://example.com:443/a", "Example.com", [0, 0, 0]),
            ("https://a.example.com", ".example.com", [0, 0, 0]),
            ("https://example.com", ".example.com", [47, 47, 47]),
            ("https://user:word@h", "h", [47, 0, 0]),
            ("https://u@v@h", "v@h", [47, 0, 0]),
            ("https://h/@", "h", [0, 0, 0]),
            ("https://h?q", "h", [47, 0, 0]),
            ("https://h/a:b", "h/a", [0, 47, 47]),
            ("https://h:99999", "h", [0, 53, 53]),
            ("https://h:4294967296", "h", [0, 0, 0]),
            ("https://h:", "h", [0, 53, 53]),
            ("https://[::1]:1/", "[::1]", [47, 0, 0]),
            ("https://[h/]", "[h/]", [47, 0, 53]),
            ("https://[h]x", "[h]", [47, 53, 53]),
            ("https:///a", "", [53, 0, 0]),
            ("1://h", "h", [0, 0, 53]),
            ("a:b://h", "h", [53, 0, 53]),
            ("://h", "h", [0, 53, 53]),
            ("urn:example.com", "example.com", [53, 53, 53]),
        ] {
            let presented = element(URI, name.as_bytes());
            let base_name = element(URI, base.as_bytes());
            let found = [V3_0, OpensslVersion::V3_5_0, V3_5]
                .map(|version| permitted(&presented, &base_name, version));
            assert_eq!(found, expected, "{name} {base}");
        }
    }

    #[test]
    fn addresses_are_compared_in_their_family() {
        let network: &[u8] = &[10, 0, 0, 9, 255, 0, 255, 0];
        for (address, network, expected) in [
            (&[10, 7, 0, 7][..], network, 0),
            (&[10, 7, 1, 7], network, 47),
            (&[0; 16], network, 47),
            (&[0; 16], &[0; 32], 0),
            (&[10, 7, 0, 7, 0], network, 53),
            (&[10, 7, 0, 7], &[10, 7, 0, 7], 53),
        ] {
            let (presented, base) = (element(IP_ADDRESS, address), element(IP_ADDRESS, network));
            assert_eq!(permitted(&presented, &base, V3_0), expected, "{address:?}");
        }
    }

    #[test]
    fn the_subject_is_a_directory_name() {
        let base = |common_name| element(DIRECTORY, &name(common_name));
        let read = |value: Vec<u8>| NameConstraints::new(&value, V3_0);
        let subject = names("Some Body", &[], V3_0);
        let check =
            |value: Vec<u8>| number(read(value).check(&subject, false, &mut Effort::default()));
        assert_eq!(check(constraints(&[base("some body")], &[])), 0);
        assert_eq!(check(constraints(&[base("some")], &[])), 47);
        assert_eq!(check(constraints(&[], &[base("SOME BODY")])), 48);
        assert_eq!(
            check(constraints(&[], &[element(DIRECTORY, &element(0x30, b""))])),
            48
        );
    }

    #[test]
    fn a_common_name_counts_in_a_leaf_without_dns_names() {
        let value = constraints(&[], &[element(DNS, b"example.com")]);
        let check = |subject, alternative: &[Vec<u8>], is_leaf| {
            let names = names(subject, alternative, V3_5);
            NameConstraints::new(&value, V3_5).check(&names, is_leaf, &mut Effort::default())
        };
        let refused = Err(Refusal::Error(48));
        assert_eq!(check("a.example.com", &[], true), refused);
        assert_eq!(check("a.example.com\0", &[], true), refused);
        assert_eq!(
            check("a.example.com", &[element(IP_ADDRESS, &[0; 4])], true),
            refused
        );
        assert_eq!(
            check("a.example.com", &[element(DNS, b"other")], true),
            Ok(())
        );
        assert_eq!(check("a.example.com", &[], false), Ok(()));
        assert_eq!(check("an example.com", &[], true), Ok(()));
        assert_eq!(check("a-.example.com", &[], true), Ok(()));
        assert_eq!(check("a\0.example.com", &[], true), Err(Refusal::Error(53)));
    }

    #[test]
    fn limits_and_kinds_that_openssl_cannot_check_count_only_for_names_of_the_kind() {
        let registered = element(0x88, &[0x2a, 3]);
        let with_maximum = [element(DNS, b""), element(0x81, &[5])].concat();
        let with_minimum = [element(DNS, b""), element(0x80, &[0])].concat();
        let check = |base: &[u8], name: &[u8]| permitted(name, base, V3_5);
        assert_eq!(check(&registered, &registered), 51);
        assert_eq!(check(&registered, &element(DNS, b"a")), 0);
        assert_eq!(check(&with_maximum, &element(DNS, b"a")), 49);
        assert_eq!(check(&with_maximum, &element(EMAIL, b"a")), 0);
        assert_eq!(check(&with_minimum, &element(DNS, b"a")), 0);
    }

    #[test]
    fn too_many_comparisons_are_refused_as_openssl_refuses_them() {
        let bases = |count| vec![element(DNS, b"b"); count];
        let check = |named: usize, constrained: usize, effort: &mut Effort| {
            let alternative = vec![element(DNS, b"a"); named];
            // The subject counts as one more.
            let names = names("no host", &alternative, V3_5);
            let value = constraints(&[], &bases(constrained));
            NameConstraints::new(&value, V3_5).check(&names, false, effort)
        };
        let mut effort = Effort::default();
        assert_eq!(check(1023, 1024, &mut effort), Ok(()));
        assert_eq!(check(1023, 1025, &mut effort), Err(Refusal::Error(1)));
        for _ in 0..2 {
            assert_eq!(check(1023, 1023, &mut effort), Ok(()));
        }
        assert_eq!(check(1023, 1023, &mut effort), Err(Refusal::TooMuchEffort));
    }
}
