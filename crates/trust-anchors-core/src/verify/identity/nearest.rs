//! The name of a certificate that was probably meant when none fits.

use super::address::Address;
use super::{Compared, Labels, Mismatch, without_dot};

/// A name of the certificate that does not fit, and what it has to do with the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest<'a> {
    /// The name, not escaped for display.
    pub name: &'a str,
    /// Why it does not fit.
    pub relation: Relation,
}

/// What a name has to do with a host that it does not fit; the more telling ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// The certificate has this very address, and this release of Node compares no IPv6 address.
    AddressNotCompared,
    /// The same IPv4 address, on one side as an IPv6 one (`::ffff:192.0.2.1`), which are two addresses for Node.
    OtherFamily,
    /// The address stands among the names, where Node does not look for one.
    AddressAmongNames,
    /// The common name would fit, and does not count beside DNS names.
    UnusedCommonName,
    /// The host is the domain itself, and the wildcard stands for one label in front of it.
    AboveWildcard,
    /// The host has more labels than the one that the wildcard stands for.
    BelowWildcard,
    /// A wildcard that Node never takes for one: outside the first label, several of them, in an A-label, or right under a
    /// top-level domain.
    RefusedWildcard,
    /// All but `www.` in front of one of them.
    Www,
    /// One or two characters apart.
    Misspelling,
    /// Another name in the same domain.
    SameDomain,
}

/// So many names are looked at, which is more than certificates in use have.
const MOST_NAMES: usize = 1_000;
/// No longer name is looked at: the DNS has none.
const LONGEST_NAME: usize = 255;

pub(super) fn find(mismatch: &Mismatch) -> Option<Nearest<'_>> {
    let names = &mismatch.names;
    let candidates = || {
        names
            .dns_names
            .iter()
            .chain(&names.common_names)
            .map(String::as_str)
            .filter(|name| name.len() <= LONGEST_NAME)
            .take(MOST_NAMES)
    };
    if let Some(address) = Address::parse(&mismatch.host) {
        let addresses = names.addresses.iter().flatten().map(String::as_str);
        return addresses
            .take(MOST_NAMES)
            .chain(candidates())
            .filter_map(|name| {
                let relation = address_relation(&address, mismatch, name)?;
                Some(Nearest { name, relation })
            })
            .min_by_key(|nearest| nearest.relation);
    }
    let host = mismatch.compared_host.to_ascii_lowercase();
    if host.is_empty() || host.len() > LONGEST_NAME {
        return None;
    }
    let labels = Labels::of(&host);
    let unused = (mismatch.compared == Compared::DnsNames)
        .then(|| {
            names
                .common_names
                .iter()
                .find(|name| labels.fit(name.as_bytes()))
        })
        .flatten()
        .map(|name| Nearest {
            name,
            relation: Relation::UnusedCommonName,
        });
    unused.or_else(|| {
        candidates()
            .filter_map(|name| {
                let relation = name_relation(&host, name)?;
                Some(Nearest { name, relation })
            })
            .min_by_key(|nearest| nearest.relation)
    })
}

fn address_relation(host: &Address, mismatch: &Mismatch, name: &str) -> Option<Relation> {
    let address = Address::parse(name)?;
    if address == *host {
        let is_address = mismatch
            .names
            .addresses
            .iter()
            .flatten()
            .any(|one| one == name);
        return Some(if is_address {
            Relation::AddressNotCompared
        } else {
            Relation::AddressAmongNames
        });
    }
    (address.as_ipv4() == host.as_ipv4() && host.as_ipv4().is_some())
        .then_some(Relation::OtherFamily)
}

fn name_relation(host: &str, name: &str) -> Option<Relation> {
    let name = without_dot(name).to_ascii_lowercase();
    if name.contains('*') {
        let domain = name
            .strip_prefix("*.")
            .filter(|domain| !domain.contains('*'));
        if domain == Some(host) {
            return Some(Relation::AboveWildcard);
        }
        if is_covered(host, &name) {
            return Some(Relation::RefusedWildcard);
        }
        let is_below = domain
            .and_then(|domain| host.strip_suffix(domain))
            .is_some_and(|before| before.ends_with('.'));
        if is_below {
            return Some(Relation::BelowWildcard);
        }
    }
    if host.strip_prefix("www.") == Some(&name) || name.strip_prefix("www.") == Some(host) {
        return Some(Relation::Www);
    }
    if is_misspelling(host.as_bytes(), name.as_bytes()) {
        return Some(Relation::Misspelling);
    }
    let domain = |name: &str| {
        let mut labels = name.rsplit('.').map(str::to_owned);
        Some((labels.next()?, labels.next()?))
    };
    let host_domain = domain(host)?;
    (domain(&name) == Some(host_domain)).then_some(Relation::SameDomain)
}

/// Whether the host fits a pattern, label by label, when every `*` may stand for any characters.
fn is_covered(host: &str, pattern: &str) -> bool {
    let count = |name: &str| name.split('.').count();
    count(host) == count(pattern)
        && host
            .split('.')
            .zip(pattern.split('.'))
            .all(|(label, pattern)| is_label_covered(label, pattern))
}

fn is_label_covered(label: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return label == pattern;
    };
    let Some(mut left) = label.strip_prefix(first) else {
        return false;
    };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        match left.split_once(part) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    true
}

/// Whether no more than two neighbouring characters differ.
fn is_misspelling(one: &[u8], other: &[u8]) -> bool {
    let start = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other)
        .count();
    let (one, other) = (
        one.get(start..).unwrap_or_default(),
        other.get(start..).unwrap_or_default(),
    );
    let end = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    one.len().max(other.len()) - end <= 2 && start + end > 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::identity::Names;

    fn nearest(host: &str, compared: Compared, names: Names) -> Option<(String, Relation)> {
        let mismatch = Mismatch {
            reason: String::new(),
            host: host.into(),
            compared_host: host.into(),
            compared,
            names,
        };
        find(&mismatch).map(|nearest| (nearest.name.to_owned(), nearest.relation))
    }

    #[test]
    fn the_most_telling_name_is_found() {
        for (host, names, expected) in [
            (
                "example.com",
                &["a.test", "*.example.com"][..],
                Some(("*.example.com", Relation::AboveWildcard)),
            ),
            (
                "a.b.example.com",
                &["www.example.com", "*.example.com"],
                Some(("*.example.com", Relation::BelowWildcard)),
            ),
            (
                "a.b.example.com",
                &["a.*.example.com"],
                Some(("a.*.example.com", Relation::RefusedWildcard)),
            ),
            (
                "a.com",
                &["*.com"],
                Some(("*.com", Relation::RefusedWildcard)),
            ),
            (
                "bac.example.com",
                &["*a*.example.com"],
                Some(("*a*.example.com", Relation::RefusedWildcard)),
            ),
            (
                "example.com",
                &["mail.example.com", "www.example.com."],
                Some(("www.example.com.", Relation::Www)),
            ),
            (
                "www.example.com",
                &["example.com"],
                Some(("example.com", Relation::Www)),
            ),
            (
                "api.exmaple.com",
                &["api.example.com"],
                Some(("api.example.com", Relation::Misspelling)),
            ),
            (
                "api.example.com",
                &["b.test", "mail.EXAMPLE.com"],
                Some(("mail.EXAMPLE.com", Relation::SameDomain)),
            ),
            (
                "localhost",
                &["example.com", "*"],
                Some(("*", Relation::RefusedWildcard)),
            ),
            ("localhost", &["example.com"], None),
            ("a.test", &["b.com"], None),
        ] {
            let names = Names {
                dns_names: names.iter().map(|name| (*name).into()).collect(),
                ..Names::default()
            };
            let found = nearest(host, Compared::DnsNames, names);
            let expected = expected.map(|(name, relation)| (name.to_owned(), relation));
            assert_eq!(found, expected, "{host}");
        }
    }

    #[test]
    fn a_common_name_beside_dns_names_is_told() {
        let names = Names {
            dns_names: vec!["b.test".into()],
            common_names: vec!["a.test".into()],
            ..Names::default()
        };
        assert_eq!(
            nearest("a.test", Compared::DnsNames, names),
            Some(("a.test".into(), Relation::UnusedCommonName))
        );
    }

    #[test]
    fn addresses_are_told_where_they_do_not_count() {
        let names = Names {
            dns_names: vec!["192.0.2.2".into()],
            addresses: vec![Some("::1".into()), None, Some("192.0.2.1".into())],
            common_names: Vec::new(),
        };
        for (host, compared, expected) in [
            (
                "::1",
                Compared::DnsNames,
                Some(("::1", Relation::AddressNotCompared)),
            ),
            (
                "192.0.2.2",
                Compared::Addresses,
                Some(("192.0.2.2", Relation::AddressAmongNames)),
            ),
            (
                "::ffff:192.0.2.1",
                Compared::Addresses,
                Some(("192.0.2.1", Relation::OtherFamily)),
            ),
            ("192.0.2.3", Compared::Addresses, None),
        ] {
            let expected = expected.map(|(name, relation)| (name.to_owned(), relation));
            assert_eq!(nearest(host, compared, names.clone()), expected, "{host}");
        }
    }
}
