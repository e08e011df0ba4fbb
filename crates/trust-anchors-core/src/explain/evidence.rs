//! What is known of a connection and of the process, held against the causes of its error.

use super::hosts::{address, is_private, managed_service, plain, public_service};
use super::{Failure, Process};
use crate::certificate::iso8601;
use crate::env::Facts;
use crate::findings::codes::{Cause, ErrorCode, Family};
use crate::findings::{Finding, Fix, Severity, Shell, escape};
use crate::preflight::products::product;

const EXTRA: &str = "NODE_EXTRA_CA_CERTS";
const PROXY_VARIABLES: &[&str] = &[
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "HTTP_PROXY",
    "http_proxy",
];
/// A proof, or close to it.
const PROOF: i8 = 3;
const STRONG: i8 = 2;
const HINT: i8 = 1;
const AGAINST: i8 = -1;

/// What speaks for a cause, or against it.
pub struct Evidence {
    /// Above 0 for it, below 0 against it.
    pub strength: i8,
    /// In words.
    pub because: Option<String>,
    /// Fixes for this very case, before those of the catalogue.
    pub fixes: Vec<Fix>,
    /// Whether these fixes are all that it takes.
    pub suffices: bool,
}

impl Evidence {
    fn new(strength: i8, because: impl Into<String>) -> Self {
        Self {
            strength,
            because: Some(because.into()),
            fixes: Vec::new(),
            suffices: false,
        }
    }

    fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}

/// What is known about a cause; `None` when it cannot be the cause.
pub fn of(
    cause: &Cause,
    entry: &ErrorCode,
    failure: &Failure,
    process: Option<&Process<'_>>,
) -> Option<Evidence> {
    let host = failure.host.as_deref().map(plain);
    let known = Known {
        entry,
        failure,
        process,
        host: host.as_deref(),
    };
    let found = match cause.id {
        "intercepted" => known.intercepted(),
        "private-ca" | "development-server" => known.private_ca(),
        "managed-service" => return known.managed_service(),
        "extra-not-loaded" => return known.extra_not_loaded(),
        "openssl-store" => return known.openssl_store(),
        "missing-intermediate" => known.missing_intermediate(),
        "clock" => known.clock(),
        "ip-address" => return known.ip_address(),
        "wildcard-depth" => known.wildcard_depth(),
        "sibling-name" => known.sibling_name(),
        "internal-name" => known.internal_name(),
        "no-alternative-name" => return known.no_alternative_name(),
        "node-22-ipv6" => return known.node_22_ipv6(),
        "expired" => known.expired(),
        "plain-port" => known.plain_port(),
        "starttls" => known.starttls(),
        "proxy-scheme" => known.proxy_scheme(),
        "proxy" => known.proxy(),
        "security-level" => known.security_level(),
        "minimum-version" => known.flag(&["--tls-min-v1.3"]),
        "maximum-version" => known.flag(&["--tls-max-v1.2"]),
        _ => None,
    };
    Some(found.unwrap_or_else(nothing))
}

struct Known<'a> {
    entry: &'a ErrorCode,
    failure: &'a Failure,
    process: Option<&'a Process<'a>>,
    host: Option<&'a str>,
}

fn nothing() -> Evidence {
    Evidence {
        strength: 0,
        because: None,
        fixes: Vec::new(),
        suffices: false,
    }
}

impl Known<'_> {
    fn facts(&self) -> Option<&Facts> {
        self.process.map(|process| process.facts)
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.facts()?.now(name).filter(|value| !value.is_empty())
    }

    /// The first proxy variable that is set, for a host that it is not taken off.
    fn proxy_variable(&self) -> Option<(&'static str, &str)> {
        let excepted = ["NO_PROXY", "no_proxy"].iter().any(|name| {
            self.variable(name).is_some_and(|list| {
                list.split(',').map(str::trim).any(|entry| {
                    let suffix = entry.trim_start_matches("*.").trim_start_matches('.');
                    entry == "*"
                        || (!suffix.is_empty()
                            && self.host.is_some_and(|host| {
                                host == suffix || host.ends_with(&format!(".{suffix}"))
                            }))
                })
            })
        });
        if excepted {
            return None;
        }
        PROXY_VARIABLES
            .iter()
            .find_map(|name| Some((*name, self.variable(name)?)))
    }

    // ---- trust ----

    fn intercepted(&self) -> Option<Evidence> {
        if let Some(certificate) = &self.failure.certificate {
            let issuer = certificate.issuer();
            if let Some(name) = product(&issuer) {
                return Some(Evidence::new(
                    PROOF,
                    format!(
                        "the certificate is issued by `{}`: that is {name}",
                        escape(&issuer)
                    ),
                ));
            }
        }
        if let Some(service) = self.host.and_then(public_service) {
            if self.entry.family == Family::Trust {
                return Some(Evidence::new(
                    STRONG,
                    format!(
                        "`{service}` has certificates of public CAs, which Node knows: what answered is something in between"
                    ),
                ));
            }
            return None;
        }
        if self.host.is_some_and(is_private) {
            return Some(Evidence::new(
                AGAINST,
                "the host is an internal one, and TLS inspection is about public ones",
            ));
        }
        if self.entry.family != Family::Trust {
            return None;
        }
        let (name, _) = self.proxy_variable()?;
        Some(Evidence::new(
            HINT,
            format!("`{name}` is set: connections leave through a proxy"),
        ))
    }

    fn private_ca(&self) -> Option<Evidence> {
        let host = self.host?;
        if public_service(host).is_some() || managed_service(host).is_some() {
            return Some(Evidence::new(
                AGAINST,
                format!("`{}` is a public service", escape(host)),
            ));
        }
        is_private(host).then(|| {
            Evidence::new(
                STRONG,
                format!(
                    "`{}` is an internal host, for which no public CA gives certificates",
                    escape(host)
                ),
            )
        })
    }

    fn managed_service(&self) -> Option<Evidence> {
        let Some(host) = self.host else {
            return Some(nothing());
        };
        let (vendor, url) = managed_service(host)?;
        let evidence = Evidence::new(
            PROOF,
            format!(
                "`{}` belongs to {vendor}, which has a CA of its own",
                escape(host)
            ),
        );
        if url.is_empty() {
            return Some(evidence);
        }
        Some(
            evidence.fix(
                Fix::new(format!("Download the CA file of {vendor}"))
                    .with(Shell::Bash, format!("curl -fsSLo vendor-ca.pem {url}"))
                    .with(
                        Shell::PowerShell,
                        format!("Invoke-WebRequest {url} -OutFile vendor-ca.pem"),
                    ),
            ),
        )
    }

    /// What keeps Node from reading all of the extra file.
    fn extra_fault(&self) -> Option<&Finding> {
        self.process?.findings.iter().find(|it| {
            it.rule.severity == Severity::Error
                || (it.rule.severity == Severity::Warning
                    && it.rule.id.starts_with("extra-ca")
                    && it.rule.id != "extra-ca-path-relative")
        })
    }

    fn extra_not_loaded(&self) -> Option<Evidence> {
        if self.process.is_none() {
            return Some(nothing());
        }
        if let Some(finding) = self.extra_fault() {
            let mut evidence = Evidence::new(
                PROOF,
                format!("{} (`{}`)", finding.message, finding.rule.id),
            );
            evidence.fixes.clone_from(&finding.fixes);
            evidence.suffices = !finding.fixes.is_empty();
            return Some(evidence);
        }
        // Without the variable there is nothing that should have been loaded.
        self.variable(EXTRA).map(|_| {
            Evidence::new(
                AGAINST,
                format!("`{EXTRA}` is set, and Node reads its file whole; the CA of this server may be missing in it"),
            )
        })
    }

    fn openssl_store(&self) -> Option<Evidence> {
        let Some(facts) = self.facts() else {
            return Some(nothing());
        };
        facts.uses_openssl_store().then(|| {
            Evidence::new(
                STRONG,
                "this process uses OpenSSL's store instead of Node's own",
            )
        })
    }

    fn missing_intermediate(&self) -> Option<Evidence> {
        if let Some(certificate) = &self.failure.certificate
            && let Some(name) = product(&certificate.issuer())
        {
            return Some(Evidence::new(
                AGAINST,
                format!("the issuer is {name}, which sends what it has"),
            ));
        }
        let host = self.host?;
        if public_service(host).is_some() {
            return Some(Evidence::new(
                AGAINST,
                format!("`{}` sends its intermediates", escape(host)),
            ));
        }
        // Of an internal host whose CA the process already has, all but the intermediate is in place.
        (is_private(host) && self.loads_extra()).then(|| {
            Evidence::new(
                STRONG,
                format!("Node has read the CA of `{EXTRA}`; what lies between it and the server's certificate has to be sent"),
            )
        })
    }

    /// Whether there is an extra file, and nothing wrong with it is known.
    fn loads_extra(&self) -> bool {
        self.process.is_some() && self.variable(EXTRA).is_some() && self.extra_fault().is_none()
    }

    // ---- dates ----

    fn clock(&self) -> Option<Evidence> {
        let process = self.process?;
        let passed = process.passed?;
        if process.now < passed {
            let because = format!(
                "this machine's clock says {}, and {} has passed already",
                iso8601(process.now),
                iso8601(passed)
            );
            return Some(Evidence::new(PROOF, because));
        }
        None
    }

    fn expired(&self) -> Option<Evidence> {
        let not_after = self.failure.certificate.as_ref()?.not_after()?;
        let now = self.process?.now;
        if now <= not_after {
            return Some(Evidence::new(
                AGAINST,
                format!(
                    "the server's own certificate is valid until {}: another one of the chain has expired",
                    iso8601(not_after)
                ),
            ));
        }
        let days = (now - not_after) / 86_400;
        let ago = match days {
            0 => "today".to_owned(),
            1 => "yesterday".to_owned(),
            days => format!("{days} days ago"),
        };
        Some(Evidence::new(
            PROOF,
            format!("it expired on {}, {ago}", iso8601(not_after)),
        ))
    }

    // ---- names ----

    /// The DNS names of the certificate; where only the message is there, those that it quotes.
    fn dns_names(&self) -> Option<Vec<String>> {
        let dns = |names: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            names
                .filter_map(|name| name.trim().strip_prefix("DNS:"))
                .map(str::to_ascii_lowercase)
                .collect()
        };
        if let Some(certificate) = &self.failure.certificate {
            let names = certificate.subject_alternative_names();
            return Some(dns(&mut names.iter().map(String::as_str)));
        }
        let quoted = self
            .failure
            .texts
            .iter()
            .find_map(|text| text.split_once("cert's altnames: ").map(|(_, names)| names))?;
        Some(dns(&mut quoted.split(',')))
    }

    fn ip_address(&self) -> Option<Evidence> {
        match self.host {
            Some(host) if address(host).is_some() => Some(Evidence::new(
                STRONG,
                format!("`{}` is an address", escape(host)),
            )),
            Some(_) => None,
            None => Some(nothing()),
        }
    }

    fn is_name(&self) -> Option<&str> {
        self.host.filter(|host| address(host).is_none())
    }

    fn wildcard_depth(&self) -> Option<Evidence> {
        let host = self.is_name()?;
        let names = self.dns_names()?;
        let pattern = names.iter().find(|name| {
            name.strip_prefix("*.").is_some_and(|suffix| {
                host == suffix
                    || host
                        .strip_suffix(suffix)
                        .is_some_and(|rest| rest.ends_with('.'))
            })
        })?;
        let reach = if pattern.strip_prefix("*.") == Some(host) {
            "does not cover the bare domain"
        } else {
            "covers one label, not two"
        };
        Some(Evidence::new(
            PROOF,
            format!(
                "the certificate has `{}`, which {reach}: `{}` is not covered",
                escape(pattern),
                escape(host)
            ),
        ))
    }

    fn sibling_name(&self) -> Option<Evidence> {
        let host = self.is_name()?;
        let names = self.dns_names()?;
        let sibling = names.iter().find(|name| is_sibling(host, name))?;
        Some(Evidence::new(
            STRONG,
            format!(
                "the certificate has `{}`, and `{}` was asked for",
                escape(sibling),
                escape(host)
            ),
        ))
    }

    fn internal_name(&self) -> Option<Evidence> {
        let host = self.is_name()?;
        is_private(host)
            .then(|| Evidence::new(STRONG, format!("`{}` is an internal name", escape(host))))
    }

    fn no_alternative_name(&self) -> Option<Evidence> {
        match self.dns_names() {
            Some(names) if names.is_empty() => {
                if self.is_name().is_some() || self.host.is_none() {
                    Some(Evidence::new(STRONG, "the certificate has no DNS name"))
                } else {
                    Some(nothing())
                }
            }
            Some(_) => None,
            None => {
                let said = self.failure.texts.iter().any(|text| {
                    text.contains("is not cert's CN")
                        || text.contains("does not contain a DNS name")
                });
                Some(if said {
                    Evidence::new(
                        STRONG,
                        "the message says that the certificate has no DNS name",
                    )
                } else {
                    nothing()
                })
            }
        }
    }

    fn node_22_ipv6(&self) -> Option<Evidence> {
        let facts = self.facts()?;
        let ipv6 = self
            .host
            .is_some_and(|host| host.contains(':') && address(host).is_some());
        (facts.node.major == 22 && ipv6)
            .then(|| Evidence::new(STRONG, "this is Node 22, and the host is an IPv6 address"))
    }

    // ---- what answers ----

    fn plain_port(&self) -> Option<Evidence> {
        let port = self.failure.port?;
        let protocol = match port {
            80 | 3000 | 5000 | 8000 | 8080 | 8081 | 8888 => "plain HTTP",
            6379 => "plain Redis",
            11211 => "plain memcached",
            1883 => "plain MQTT",
            5672 => "plain AMQP",
            9092 => "plain Kafka",
            27017 => "plain MongoDB",
            9200 => "plain Elasticsearch",
            _ => {
                return (port == 443)
                    .then(|| Evidence::new(AGAINST, "port 443 is the port of TLS"));
            }
        };
        Some(Evidence::new(
            STRONG,
            format!("port {port} is usually {protocol}"),
        ))
    }

    fn starttls(&self) -> Option<Evidence> {
        let port = self.failure.port?;
        let (protocol, fix) = match port {
            25 | 587 | 2525 => (
                "SMTP",
                "nodemailer.createTransport({ host: '{host}', port: {port}, secure: false, requireTLS: true })",
            ),
            143 => (
                "IMAP",
                "new ImapFlow({ host: '{host}', port: 143, secure: false })   // upgrades with STARTTLS; or port 993 with secure: true",
            ),
            110 => ("POP3", "// POP3 over TLS is port 995"),
            389 => (
                "LDAP",
                "// ldap://{host} with startTLS, or ldaps://{host}:636",
            ),
            5432 | 6432 => (
                "PostgreSQL",
                "new pg.Client({ host: '{host}', port: {port}, ssl: true })   // the driver asks for TLS first",
            ),
            3306 => (
                "MySQL",
                "mysql.createConnection({ host: '{host}', port: 3306, ssl: {} })   // the driver asks for TLS first",
            ),
            21 => (
                "FTP",
                "// FTP over TLS upgrades with AUTH TLS; implicit TLS is port 990",
            ),
            1433 => (
                "SQL Server",
                "// encrypt: true; the driver wraps the handshake in its own protocol",
            ),
            _ => {
                return (port == 443)
                    .then(|| Evidence::new(AGAINST, "port 443 speaks TLS from the first byte"));
            }
        };
        let evidence = Evidence::new(
            PROOF,
            format!("port {port} is {protocol}'s, which begins in clear text and upgrades"),
        );
        Some(
            evidence.fix(
                Fix::new(format!(
                    "Let {protocol} begin in clear text, and require the upgrade"
                ))
                .with_code(super::fill(fix, self.failure)),
            ),
        )
    }

    fn proxy_scheme(&self) -> Option<Evidence> {
        let (name, value) = self.proxy_variable()?;
        if !value.to_ascii_lowercase().starts_with("https://") {
            return None;
        }
        let plain = format!("http://{}", value.get(8..).unwrap_or_default());
        // What stands before the `@` is a password.
        let shown = match plain.rsplit_once('@') {
            Some((_, place)) => format!("http://{place}"),
            None => plain,
        };
        let evidence = Evidence::new(
            STRONG,
            format!(
                "`{name}` begins with `https://`, which means TLS to the proxy itself; most proxies speak plain HTTP"
            ),
        );
        if !shown
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_:/[]".contains(&byte))
        {
            return Some(evidence);
        }
        Some(
            evidence.fix(
                Fix::new("Name the proxy with `http://`; what goes through it stays encrypted")
                    .with(Shell::Bash, format!("export {name}={shown}"))
                    .with(Shell::PowerShell, format!("$env:{name} = '{shown}'")),
            ),
        )
    }

    fn proxy(&self) -> Option<Evidence> {
        let (name, _) = self.proxy_variable()?;
        Some(Evidence::new(
            HINT,
            format!("`{name}` is set: connections leave through a proxy"),
        ))
    }

    // ---- versions and settings ----

    fn security_level(&self) -> Option<Evidence> {
        let facts = self.facts()?;
        let level = facts.node.security_level();
        let major = facts.node.major;
        Some(if level >= 2 {
            Evidence::new(
                HINT,
                format!("this is Node {major}, whose default security level is {level}"),
            )
        } else {
            Evidence::new(
                AGAINST,
                format!("this is Node {major}, whose default security level is {level}"),
            )
        })
    }

    fn flag(&self, flags: &[&str]) -> Option<Evidence> {
        let facts = self.facts()?;
        let options = facts.node_options().unwrap_or_default();
        let given = |flag: &&&str| {
            options.split_whitespace().any(|it| it == **flag)
                || facts.exec_argv.iter().any(|it| it == **flag)
        };
        let flag = flags.iter().find(given)?;
        Some(Evidence::new(STRONG, format!("`{flag}` is set")))
    }
}

/// Whether two names are close enough for one to be meant by the other: with and without `www`, the first label exchanged, or a letter or two.
fn is_sibling(host: &str, name: &str) -> bool {
    if name.starts_with("*.") {
        return false;
    }
    let bare = |name: &str| name.strip_prefix("www.").unwrap_or(name).to_owned();
    if bare(host) == bare(name) {
        return true;
    }
    let parent = |name: &str| {
        name.split_once('.')
            .map(|(_, rest)| rest.to_owned())
            .filter(|rest| is_own_domain(rest))
    };
    if parent(host).is_some() && parent(host) == parent(name) {
        return true;
    }
    host.len().abs_diff(name.len()) <= 1 && differing(host, name) <= 1
}

/// Whether one holder has all names under it: `example.com`, and neither `com` nor `co.uk`.
fn is_own_domain(name: &str) -> bool {
    let Some((second, top)) = name.rsplit_once('.') else {
        return false;
    };
    second.contains('.')
        || !(top.len() == 2
            && matches!(
                second,
                "co" | "com" | "org" | "net" | "gov" | "ac" | "edu" | "or" | "ne" | "go"
            ))
}

/// How many characters differ in the place where two texts part, at most 2.
fn differing(one: &str, other: &str) -> usize {
    let start = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    let rest = one.len().max(other.len()) - start;
    let end = one
        .bytes()
        .rev()
        .zip(other.bytes().rev())
        .take_while(|(one, other)| one == other)
        .count();
    rest.saturating_sub(end).min(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn siblings_are_names_that_somebody_confuses() {
        for (one, other) in [
            ("example.com", "www.example.com"),
            ("api.example.com", "app.example.com"),
            ("exmaple.com", "exmample.com"),
            ("example.org", "example.org"),
        ] {
            assert!(is_sibling(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("example.com", "example.net.evil"),
            ("a.com", "b.org"),
            ("shop.co.uk", "bank.co.uk"),
            ("db.internal", "www.example.com"),
        ] {
            assert!(!is_sibling(one, other), "{one} {other}");
        }
    }
}
