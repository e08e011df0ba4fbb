//! The options that a program passes to its TLS client, without a server to hold them against.

use std::cmp::Reverse;

use super::options::{ClientOptions, with_any_server};
use crate::findings::rules::client as rules;
use crate::findings::{Finding, Fix, escape};
use crate::node::NodeVersion;
use crate::pem::node::{self, End};
use crate::public_roots;

/// The longest text that may be a path.
const LONGEST_PATH: usize = 4096;
const LABELS: [&[u8]; 3] = [
    b"-----BEGIN CERTIFICATE-----",
    b"-----BEGIN X509 CERTIFICATE-----",
    b"-----BEGIN TRUSTED CERTIFICATE-----",
];
/// What `list.join('')` leaves of an END and a BEGIN line.
const GLUED: &[u8] = b"CERTIFICATE----------BEGIN ";

/// An option that has no effect where it stands.
#[derive(Debug, Clone)]
pub struct Ineffective {
    /// `ca`.
    pub option: String,
    /// Why, as the end of a sentence: `undici reads it in "connect" alone`.
    pub because: String,
    /// Where it has one, as code.
    pub instead: String,
}

/// Options, reduced to plain facts.
#[derive(Debug, Clone, Default)]
pub struct PassedOptions {
    /// Those of the handshake.
    pub client: ClientOptions,
    /// The entries of `ca`, when it is given and Node takes it.
    pub ca: Option<Vec<Vec<u8>>>,
    /// Those that have no effect.
    pub ineffective: Vec<Ineffective>,
    /// Hosts of public authorities that the program connects to with these options.
    pub public_hosts: Vec<String>,
}

/// What is wrong with them, the gravest first.
pub fn passed_findings(options: &PassedOptions, node: NodeVersion) -> Vec<Finding> {
    let mut findings = with_any_server(&options.client, node);
    findings.extend(options.ineffective.iter().map(ineffective));
    if let Some(entries) = &options.ca {
        findings.extend(certificates(entries, &options.public_hosts, node));
    }
    findings.sort_by_key(|finding| Reverse(finding.rule.severity));
    findings
}

fn ineffective(found: &Ineffective) -> Finding {
    let message = format!(
        "`{}` has no effect where it stands: {}",
        escape(&found.option),
        escape(&found.because)
    );
    Finding::new(&rules::OPTION_INEFFECTIVE, message)
        .fix(Fix::new("Give it where it counts").with_code(found.instead.clone()))
}

fn certificates(entries: &[Vec<u8>], public_hosts: &[String], node: NodeVersion) -> Vec<Finding> {
    let readings: Vec<_> = entries
        .iter()
        .map(|entry| node::read_ca_entry(entry, node.openssl()))
        .collect();
    let loaded = || readings.iter().flat_map(|reading| &reading.certificates);
    if loaded().next().is_none() {
        return vec![unusable(entries)];
    }
    let mut findings = Vec::new();
    for (place, (entry, reading)) in entries.iter().zip(&readings).enumerate() {
        let name = match entries.len() {
            1 => "`ca`".to_owned(),
            _ => format!("`ca[{place}]`"),
        };
        findings.extend(incomplete(&name, entry, reading));
    }
    let is_public =
        loaded().any(|(trusted, _)| public_roots::is_public(trusted.certificate.sha256()));
    if let (false, Some(host)) = (is_public, public_hosts.first()) {
        let message = format!(
            "`ca` takes the place of the default trust, and the program connects to {} with it too: no public authority is trusted there",
            escape(host)
        );
        findings.push(
            Finding::new(&rules::OPTION_CA_ALONE, message).fix(
                Fix::new("Trust both").with_code(
                    "const { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync({ ca: fs.readFileSync('company-ca.pem') }).agent()",
                ),
            ),
        );
    }
    findings
}

fn unusable(entries: &[Vec<u8>]) -> Finding {
    let what = match entries {
        [] => "is an empty list".to_owned(),
        _ => entries.iter().find_map(|entry| path_of(entry)).map_or_else(
            || match entries.iter().find(|entry| !entry.is_empty()) {
                None => "is empty".to_owned(),
                Some(entry) if entry.first() == Some(&0x30) => {
                    "is DER, and Node reads PEM".to_owned()
                }
                Some(_) => "holds no certificate that Node reads".to_owned(),
            },
            |path| format!("is a path, `{}`, and Node reads no file here", escape(path)),
        ),
    };
    let message = format!(
        "`ca` {what}: Node takes it without a word, trusts nothing, and every connection fails"
    );
    let finding = Finding::new(&rules::OPTION_CA_UNUSABLE, message);
    if entries.iter().any(|entry| is_glued(entry)) {
        return unglue(finding);
    }
    finding.fix(
        Fix::new("Give it the text of the certificates")
            .with_code("ca: fs.readFileSync('company-ca.pem')"),
    )
}

fn is_glued(entry: &[u8]) -> bool {
    memchr::memmem::find(entry, GLUED).is_some()
}

fn unglue(finding: Finding) -> Finding {
    finding
        .detail("an END line and the next BEGIN line are one, as `list.join('')` leaves them")
        .fix(
            Fix::new("Give the list itself, or put a line break between its entries")
                .with_code("ca: list"),
        )
}

/// An entry that is a path by its looks.
fn path_of(entry: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(entry).ok()?.trim();
    let is_line = !text.is_empty() && text.len() <= LONGEST_PATH && !text.contains(['\n', '\r']);
    let lower = text.to_ascii_lowercase();
    let extension = [
        ".pem", ".crt", ".cer", ".der", ".cert", ".p7b", ".p12", ".pfx",
    ];
    let start = ["./", "../", "~/", "file:"];
    let is_path = extension.iter().any(|end| lower.ends_with(end))
        || start.iter().any(|begin| lower.starts_with(begin));
    (is_line && is_path).then_some(text)
}

fn incomplete<T>(name: &str, entry: &[u8], reading: &node::Reading<T>) -> Option<Finding> {
    let count = |label: &[u8]| memchr::memmem::find_iter(entry, label).count();
    let there: usize = LABELS.iter().map(|label| count(label)).sum();
    let read = reading.certificates.len();
    // Read to the end: what it stepped over is a comment.
    if matches!(reading.end, End::NoStartLine) || read >= there {
        return None;
    }
    let message = format!(
        "{name} holds {there} certificate{}, and Node reads {read}: it stops at the first fault without a word, and the rest is not trusted",
        if there == 1 { "" } else { "s" }
    );
    let finding = Finding::new(&rules::OPTION_CA_INCOMPLETE, message);
    Some(if is_glued(entry) {
        unglue(finding)
    } else {
        finding.fix(Fix::new("Write a copy that Node reads whole").with_code(
            "const { inspectCaFileSync } = require('trust-anchors')\nconst { repaired } = inspectCaFileSync('company-ca.pem')",
        ))
    })
}
