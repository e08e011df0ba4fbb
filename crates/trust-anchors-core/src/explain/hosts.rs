//! What the name of a host tells.

use std::net::{IpAddr, Ipv4Addr};

/// Top-level names that no public CA may certify, and what internal networks use for themselves.
const PRIVATE_SUFFIXES: &[&str] = &[
    "local",
    "localhost",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "corp",
    "home",
    "private",
    "test",
    "svc",
    "consul",
    "docker",
];

/// Hosts whose certificates come from public CAs, and that programs connect to every day.
const PUBLIC_SERVICES: &[&str] = &[
    "nodejs.org",
    "github.com",
    "githubusercontent.com",
    "gitlab.com",
    "bitbucket.org",
    "google.com",
    "googleapis.com",
    "gstatic.com",
    "microsoft.com",
    "microsoftonline.com",
    "azure.com",
    "windows.net",
    "apple.com",
    "cloudflare.com",
    "docker.io",
    "docker.com",
    "stripe.com",
    "paypal.com",
    "slack.com",
    "atlassian.net",
    "openai.com",
    "anthropic.com",
    "twilio.com",
    "sendgrid.com",
    "sentry.io",
    "datadoghq.com",
    "auth0.com",
    "okta.com",
    "vercel.com",
    "mozilla.org",
    "wikipedia.org",
    "pypi.org",
    "debian.org",
    "playwright.dev",
    "discord.com",
    "telegram.org",
    "facebook.com",
];

/// Managed services with CAs of their own, and where the CA file is.
const MANAGED_SERVICES: &[(&str, &str, &str)] = &[
    (
        "rds.amazonaws.com",
        "Amazon RDS",
        "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem",
    ),
    (
        "docdb.amazonaws.com",
        "Amazon DocumentDB",
        "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem",
    ),
    ("supabase.co", "Supabase", ""),
    ("supabase.com", "Supabase", ""),
    ("ondigitalocean.com", "DigitalOcean", ""),
    ("aivencloud.com", "Aiven", ""),
    ("redis-cloud.com", "Redis Cloud", ""),
    ("redislabs.com", "Redis Cloud", ""),
];

fn is_under(host: &str, suffix: &str) -> bool {
    host.strip_suffix(suffix)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// In lower case, without a final dot.
pub fn plain(host: &str) -> String {
    let lower = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_ascii_lowercase();
    lower.strip_suffix('.').unwrap_or(&lower).to_owned()
}

/// The address, when the host is one.
pub fn address(host: &str) -> Option<IpAddr> {
    host.split('%').next().and_then(|host| host.parse().ok())
}

/// Whether the host is one of an internal network, for which no public CA gives certificates.
pub fn is_private(host: &str) -> bool {
    match address(host) {
        Some(IpAddr::V4(it)) => {
            it.is_private() || it.is_loopback() || it.is_link_local() || it == Ipv4Addr::UNSPECIFIED
        }
        Some(IpAddr::V6(it)) => {
            it.is_loopback() || it.is_unique_local() || it.is_unicast_link_local()
        }
        None => !host.contains('.') || PRIVATE_SUFFIXES.iter().any(|suffix| is_under(host, suffix)),
    }
}

/// The well-known service that the host belongs to, whose certificates come from public CAs.
pub fn public_service(host: &str) -> Option<&'static str> {
    PUBLIC_SERVICES
        .iter()
        .find(|suffix| is_under(host, suffix))
        .copied()
}

/// The vendor of a managed service with its own CA, and the URL of the CA file (empty where it is behind a login).
pub fn managed_service(host: &str) -> Option<(&'static str, &'static str)> {
    MANAGED_SERVICES
        .iter()
        .find(|(suffix, ..)| is_under(host, suffix))
        .map(|(_, vendor, url)| (*vendor, *url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_it_is() {
        for host in [
            "localhost",
            "db",
            "api.svc.cluster.local",
            "10.0.0.3",
            "::1",
            "fe80::1%eth0",
            "ldap.corp",
        ] {
            assert!(is_private(host), "{host}");
        }
        for host in [
            "example.com",
            "93.184.216.34",
            "2606:2800::1",
            "local.example.com",
        ] {
            assert!(!is_private(host), "{host}");
        }
        assert_eq!(public_service("api.github.com"), Some("github.com"));
        assert_eq!(public_service("notgithub.com"), None);
        assert_eq!(
            managed_service("x.eu-west-1.rds.amazonaws.com").map(|(vendor, _)| vendor),
            Some("Amazon RDS")
        );
    }
}
