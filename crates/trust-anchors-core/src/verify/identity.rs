//! Whether a certificate is one for a host: `tls.checkServerIdentity` (`lib/tls.js`), given the legacy object that Node
//! makes of the certificate (`X509Certificate#toLegacyObject`, `TLSSocket#getPeerCertificate`).
//!
//! Node writes the subject alternative names into one text, quotes in it what could be mistaken for something else, and
//! takes the text apart again. What comes out is what went in, so the names are compared as they are here, and the text
//! is written for the message alone.

use std::borrow::Cow;

use crate::certificate::Certificate;
use crate::der::{self, GeneralName};
use crate::verify::profile::{OddAttributes, Profile};

mod address;
mod alternative_names;
mod distinguished_name;
mod domain;
mod nearest;
mod object_names;

use address::Address;
use alternative_names::text_of;

pub use nearest::{Nearest, Relation};

/// Why a certificate is not one for a host: the facts of Node's `ERR_TLS_CERT_ALTNAME_INVALID`. Nothing in it is escaped
/// for display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The error's `reason`, word for word.
    pub reason: String,
    /// The error's `host`: the name asked for, without a trailing dot.
    pub host: String,
    /// The host as it was compared with names, which are in ASCII.
    pub compared_host: String,
    /// What the host was compared with.
    pub compared: Compared,
    /// The names that the certificate has.
    pub names: Names,
}

/// What in a certificate a host was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// The host is an address: with the addresses alone.
    Addresses,
    /// With the DNS names; the common name does not count beside them.
    DnsNames,
    /// There is no DNS name: with the common names of the subject.
    CommonNames,
    /// With nothing: there is neither a DNS name nor a common name.
    Nothing,
}

/// The names of a certificate, as far as `tls.checkServerIdentity` looks at them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The DNS names of subjectAltName in their order, their octets taken for Latin-1.
    pub dns_names: Vec<String>,
    /// The IP addresses of subjectAltName in their order, in canonical spelling; `None` for one that has neither 4 nor 16
    /// octets.
    pub addresses: Vec<Option<String>>,
    /// The common names of the subject in their order, as Node sees them ([`OddAttributes`]).
    pub common_names: Vec<String>,
}

impl Mismatch {
    /// The error's `message`.
    pub fn message(&self) -> String {
        format!(
            "Hostname/IP does not match certificate's altnames: {}",
            self.reason
        )
    }

    /// The name of the certificate that was probably meant, and why it does not do.
    pub fn nearest(&self) -> Option<Nearest<'_>> {
        nearest::find(self)
    }
}

/// Whether `certificate` is one for `host`, which is a name or an address (`checkServerIdentity` in `lib/tls.js`). Node asks
/// once the chain is found to be good; the certificate is the leaf.
pub fn check(
    host: &str,
    certificate: &Certificate,
    profile: &Profile,
) -> Result<(), Box<Mismatch>> {
    let value = alternative_names_value(certificate, profile).unwrap_or_default();
    let presented = Presented {
        alternative_names: der::read_general_names(&value).collect(),
        common_names: common_names(certificate, profile),
    };
    let ascii_host = domain_to_ascii(host, profile);
    let host = without_dot(host);
    let compared_host = ascii_host.as_deref().map_or(host, without_dot);
    let address = Address::parse(match profile.host_conversion {
        Some(conversion) if conversion.decides_addresses => compared_host,
        _ => host,
    });
    let compared = match address {
        Some(address) => presented.compare_address(&address),
        None => presented.compare_name(&Labels::of(compared_host)),
    };
    compared.map_err(|compared| {
        let names = presented.names();
        Box::new(Mismatch {
            reason: presented.reason(host, compared, &names, profile),
            host: host.to_owned(),
            compared_host: compared_host.to_owned(),
            compared,
            names,
        })
    })
}

/// What a certificate says of whom it is for.
struct Presented<'a> {
    alternative_names: Vec<GeneralName<'a>>,
    common_names: Vec<String>,
}

impl Presented<'_> {
    fn compare_address(&self, address: &Address) -> Result<(), Compared> {
        self.addresses()
            .any(|octets| octets == address.octets())
            .then_some(())
            .ok_or(Compared::Addresses)
    }

    fn compare_name(&self, host: &Labels) -> Result<(), Compared> {
        let fits = |name: &[u8]| host.fit(name);
        let (compared, is_match) = match self.common_names.as_slice() {
            _ if self.dns_names().next().is_some() => {
                (Compared::DnsNames, self.dns_names().any(fits))
            }
            // One empty name is false to JavaScript; a list of names is true whatever it holds.
            [] => (Compared::Nothing, false),
            [only] if only.is_empty() => (Compared::Nothing, false),
            names => (
                Compared::CommonNames,
                names.iter().any(|name| fits(name.as_bytes())),
            ),
        };
        is_match.then_some(()).ok_or(compared)
    }

    fn dns_names(&self) -> impl Iterator<Item = &[u8]> {
        self.alternative_names.iter().filter_map(|name| match name {
            GeneralName::Dns(octets) => Some(&**octets),
            _ => None,
        })
    }

    fn addresses(&self) -> impl Iterator<Item = &[u8]> {
        self.alternative_names.iter().filter_map(|name| match name {
            GeneralName::IpAddress(octets) => Some(&**octets),
            _ => None,
        })
    }

    fn names(&self) -> Names {
        let address = |octets| Address::from_octets(octets).map(|address| address.to_string());
        Names {
            dns_names: self.dns_names().map(latin1).collect(),
            addresses: self.addresses().map(address).collect(),
            common_names: self.common_names.clone(),
        }
    }

    /// The error's `reason`.
    fn reason(&self, host: &str, compared: Compared, names: &Names, profile: &Profile) -> String {
        match compared {
            Compared::Addresses => {
                let addresses: Vec<_> = names
                    .addresses
                    .iter()
                    .map(|address| address.as_deref().unwrap_or_default())
                    .collect();
                let addresses = addresses.join(", ");
                format!("IP: {host} is not in the cert's list: {addresses}")
            }
            Compared::DnsNames => format!(
                "Host: {host}. is not in the cert's altnames: {}",
                text_of(&self.alternative_names, profile.openssl)
            ),
            Compared::CommonNames => format!(
                "Host: {host}. is not cert's CN: {}",
                names.common_names.join(",")
            ),
            Compared::Nothing => "Cert does not contain a DNS name".to_owned(),
        }
    }
}

/// The host in ASCII, as a Node version compares it with DNS names (`url.domainToASCII`): empty when it is no host, and `None`
/// for a version that compares the host as it is.
pub fn domain_to_ascii(host: &str, profile: &Profile) -> Option<String> {
    let conversion = profile.host_conversion?;
    Some(domain::to_ascii(host, conversion.ada))
}

/// The value of the first subjectAltName (`GetSubjectAltNameString` in `src/crypto/crypto_common.cc`,
/// `X509View::getSubjectAltName` in `deps/ncrypto/ncrypto.cc`); `None` when there is none, and when OpenSSL cannot decode it.
fn alternative_names_value<'a>(
    certificate: &'a Certificate,
    profile: &Profile,
) -> Option<Cow<'a, [u8]>> {
    const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
    der::read_extensions(certificate.extensions_der())
        .find(|extension| extension.identifier == SUBJECT_ALTERNATIVE_NAME)
        .map(|extension| extension.value)
        .filter(|value| der::are_general_names(value, profile.openssl))
}

/// The `CN` of the legacy object's `subject` (`GetX509NameObject`).
fn common_names(certificate: &Certificate, profile: &Profile) -> Vec<String> {
    const COMMON_NAME: &[u8] = &[0x55, 0x04, 3];
    let mut found = Vec::new();
    for attribute in der::name_attributes(certificate.subject_der()) {
        let text = distinguished_name::to_utf8(&attribute);
        if text.is_none() && profile.odd_attributes == OddAttributes::NoSubject {
            return Vec::new();
        }
        if attribute.attribute != COMMON_NAME {
            continue;
        }
        match text {
            Some(text) => found.push(text),
            // `undefined` matches nothing and reads like an empty text.
            None if found.len() == 1 && profile.odd_attributes == OddAttributes::Gap => {
                found.push(String::new());
            }
            None => {}
        }
    }
    found
}

/// Octets as the characters that they are in Latin-1.
fn latin1(octets: &[u8]) -> String {
    octets.iter().map(|octet| char::from(*octet)).collect()
}

/// `unfqdn`.
fn without_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// A host, taken apart once for all the names it is compared with (`splitHost`).
struct Labels {
    labels: Vec<Vec<u8>>,
}

impl Labels {
    fn of(host: &str) -> Self {
        let host = without_dot(host).to_ascii_lowercase();
        Self {
            labels: host.split('.').map(|label| label.into()).collect(),
        }
    }

    /// Whether a name of the certificate, which may have a wildcard, is one for the host (`check`).
    fn fit(&self, pattern: &[u8]) -> bool {
        if pattern.is_empty() {
            return false;
        }
        let pattern = pattern.strip_suffix(b".").unwrap_or(pattern);
        // Names beyond ASCII never match, whatever characters their octets stand for.
        let is_bad = |octet: &u8| !matches!(octet, 0x21..=0x7f);
        let mut labels = pattern.split(|octet| *octet == b'.');
        let count = pattern.iter().filter(|octet| **octet == b'.').count() + 1;
        if count != self.labels.len()
            || pattern.iter().any(is_bad)
            || labels.clone().any(<[u8]>::is_empty)
        {
            return false;
        }
        let (Some(pattern_first), Some((host_first, host_others))) =
            (labels.next(), self.labels.split_first())
        else {
            return false;
        };
        if !labels
            .zip(host_others)
            .all(|(pattern, host)| pattern.eq_ignore_ascii_case(host))
        {
            return false;
        }
        let pattern_first = pattern_first.to_ascii_lowercase();
        let mut parts = pattern_first.split(|octet| *octet == b'*');
        let is_a_label = pattern_first.windows(4).any(|window| window == b"xn--");
        match (parts.next(), parts.next(), parts.next()) {
            (Some(prefix), Some(suffix), None) if !is_a_label => {
                // `*.tld` is too wide.
                count > 2
                    && prefix.len() + suffix.len() <= host_first.len()
                    && host_first.starts_with(prefix)
                    && host_first.ends_with(suffix)
            }
            (_, Some(_), _) if !is_a_label => false,
            _ => *host_first == pattern_first,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::forge::{Forge, element};
    use crate::der::OpensslVersion;
    use crate::node::NodeVersion;

    fn profile(node: &str) -> Profile {
        Profile::of(NodeVersion::parse(node).unwrap())
    }

    fn certificate(subject: &'static str, names: &[(u8, &[u8])]) -> Certificate {
        let forge = Forge {
            subject,
            alternative_names: names
                .iter()
                .map(|(number, octets)| element(0x80 | number, octets))
                .collect(),
            ..Forge::default()
        };
        Certificate::decode(&forge.der(), OpensslVersion::V3_5).unwrap()
    }

    fn reason(host: &str, certificate: &Certificate, node: &str) -> Option<String> {
        check(host, certificate, &profile(node))
            .err()
            .map(|mismatch| mismatch.reason)
    }

    #[test]
    fn wildcards_stand_for_one_label() {
        for (pattern, host, fits) in [
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "A.EXAMPLE.com.", true),
            ("*.example.com.", "a.example.com", true),
            ("*.example.com", ".example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "a.b.example.com", false),
            ("a*c.example.com", "abc.example.com", true),
            ("a*c.example.com", "ac.example.com", true),
            ("a*a.example.com", "a.example.com", false),
            ("*a*.example.com", "bac.example.com", false),
            ("a.*.com", "a.b.com", false),
            ("*.com", "a.com", false),
            ("*", "a", false),
            ("xn--*.example.com", "xn--a.example.com", false),
            ("xn--a.example.com", "xn--a.example.com", true),
            ("a..example.com", "a..example.com", false),
            ("", "", false),
        ] {
            let certificate = certificate("cn", &[(2, pattern.as_bytes())]);
            assert_eq!(
                reason(host, &certificate, "20"),
                (!fits).then(|| format!(
                    "Host: {}. is not in the cert's altnames: DNS:{pattern}",
                    without_dot(host)
                )),
            );
        }
    }

    #[test]
    fn addresses_match_addresses_alone() {
        let certificate = certificate(
            "127.0.0.1",
            &[
                (2, b"10.0.0.1"),
                (7, &[10, 0, 0, 2]),
                (7, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
                (7, &[1, 2, 3]),
            ],
        );
        assert_eq!(reason("10.0.0.2", &certificate, "24"), None);
        assert_eq!(reason("0:0::1%lo", &certificate, "24"), None);
        assert!(reason("::1", &certificate, "22").is_some());
        assert_eq!(reason("::1", &certificate, "22.22"), None);
        assert_eq!(
            reason("10.0.0.1", &certificate, "24").as_deref(),
            Some("IP: 10.0.0.1 is not in the cert's list: 10.0.0.2, ::1, ")
        );
    }

    #[test]
    fn the_common_name_counts_where_there_is_no_dns_name() {
        let other = certificate("Example.com", &[(1, b"a@example.com")]);
        assert_eq!(reason("example.com", &other, "24"), None);
        assert_eq!(
            reason("a.test", &other, "24").as_deref(),
            Some("Host: a.test. is not cert's CN: Example.com")
        );
        assert_eq!(
            reason("a.test", &certificate("", &[]), "24").as_deref(),
            Some("Cert does not contain a DNS name")
        );
    }

    #[test]
    fn the_text_quotes_what_could_be_mistaken() {
        let certificate = certificate(
            "cn",
            &[
                (2, b"a.test, DNS:b.test"),
                (6, b"https://a.test/\"\\\n\xe9"),
                (
                    8,
                    &[
                        0x2a, 3, 0x8f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
                    ],
                ),
                (
                    7,
                    &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xab],
                ),
            ],
        );
        assert_eq!(
            reason("b.test", &certificate, "24").as_deref(),
            Some(concat!(
                r#"Host: b.test. is not in the cert's altnames: DNS:"a.test\u002c DNS:b.test", "#,
                r#"URI:"https://a.test/\"\\\u000a\u00e9", Registered ID:1.2.3.147573952589676412927, "#,
                "IP Address:2001:DB8:0:0:0:0:0:AB",
            ))
        );
    }

    #[test]
    fn very_many_names_take_little_time() {
        let names: Vec<_> = (0..100_000)
            .map(|number| (2, format!("*.host{number}.example.com").into_bytes()))
            .collect();
        let names: Vec<_> = names
            .iter()
            .map(|(kind, name)| (*kind, name.as_slice()))
            .collect();
        let certificate = certificate("cn", &names);
        let mismatch = check("a.example.com", &certificate, &profile("24")).unwrap_err();
        assert_eq!(mismatch.names.dns_names.len(), 100_000);
        assert_eq!(reason("a.host99999.example.com", &certificate, "24"), None);
    }
}
