//! What a look at an endpoint, the verdict on its chain and the facts of this process come to: findings, each with who must act and what
//! mends it, and the code that Node ends with. Connects to nothing; everything it judges is an argument.

mod alert;
pub mod client;
mod client_certificate;
mod code;
mod connection;
mod defaults;
mod elsewhere;
mod fixes;
pub mod hazard;
mod interception;
pub mod issuers;
mod server;

use crate::case::{Case, Viewpoint};
use crate::explain::{self, fill};
use crate::findings::codes::FixText;
use crate::findings::{Finding, Fix, Rule, escape};
use crate::probe::{Attempt, Failure, Probe, Protocol, Target};
use crate::verify::Verdict;

use elsewhere::Judged;

pub use client::{ClientOptions, Ineffective, PassedOptions, Process, passed_findings};
pub use code::predicted_code;

/// What this Node's own `tls.connect` came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Whether it connected, and was authorized.
    pub ok: bool,
    /// The `code` of its error; an error may come without one.
    pub code: Option<String>,
    /// The error's message.
    pub message: Option<String>,
}

/// Everything that is known about an endpoint.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// What was looked at.
    pub target: &'a Target,
    /// What was seen.
    pub probe: &'a Probe,
    /// Whether every address of the name was looked at, and not only until one answered.
    pub all_addresses: bool,
    /// The certificates that a server was answered with that asked for one: DER, the leaf first; empty when there are none.
    pub client_certificates: &'a [Vec<u8>],
    /// The verdict on the chain of the decisive attempt; none when no certificates came.
    pub judged: Option<(&'a Case, &'a Viewpoint, &'a Verdict)>,
    /// Who judges other chains that were seen on the way, such as a proxy's; none when that is not known.
    pub viewpoint: Option<&'a Viewpoint>,
    /// What this Node observed, with the same trust and at the same time; none when it did not look.
    pub observed: Option<Observed>,
    /// Why this Node did not look although it was asked to.
    pub not_observed: Option<String>,
    /// Seconds since 1970.
    pub now: i64,
    /// A certificate that expires within this many days is a finding.
    pub min_days_left: u32,
    /// The process that connects.
    pub process: Process,
}

impl<'a> Evidence<'a> {
    /// The attempt that counts.
    pub fn attempt(&self) -> Option<&'a Attempt> {
        self.probe.decisive()
    }

    /// Where the attempt that counts ended.
    pub fn failure(&self) -> Option<&'a Failure> {
        self.attempt()?.failure.as_ref()
    }

    /// Whether every address ended in the same way.
    fn ends_alike(&self) -> bool {
        let decisive = self.failure();
        let mut attempts = self.probe.attempts.iter();
        attempts.all(|attempt| attempt.failure.as_ref() == decisive)
    }

    /// Where the connection goes to: the target, or what stands in for it.
    fn connected_to(&self) -> (String, u16) {
        match &self.target.connect_to {
            Some((host, port)) => (escape(host), *port),
            None => (escape(&self.target.host), self.target.port),
        }
    }

    fn connected_host(&self) -> String {
        self.connected_to().0
    }

    /// `host:port` of where the connection goes to.
    fn endpoint(&self) -> String {
        let (host, port) = self.connected_to();
        host_and_port(&host, port)
    }

    /// What commands are filled with.
    fn place(&self) -> explain::Failure {
        let (host, port) = self.connected_to();
        explain::Failure {
            host: Some(host),
            port: Some(port),
            ..explain::Failure::default()
        }
    }

    fn filled(&self, fix: &FixText) -> Fix {
        let place = self.place();
        fix.filled(|text| fill(text, &place))
    }

    fn found(&self, rule: &'static Rule, message: String, fixes: &[FixText]) -> Finding {
        let mut finding = Finding::new(rule, message);
        finding.fixes = fixes.iter().map(|fix| self.filled(fix)).collect();
        finding
    }
}

/// What is wrong, the gravest first; of the same gravity what ends the connection comes first, and what explains the verdict before what
/// decides it.
pub fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings = connection::findings(evidence);
    findings.extend(client_certificate::findings(evidence));
    let judged = evidence.judged.map(Judged::from);
    let mut is_inspected = false;
    if let Some(judged) = judged {
        is_inspected = interception::is_recognised(judged);
        findings.extend(interception::findings(evidence, judged));
        findings.extend(defaults::findings(evidence, judged));
    }
    findings.extend(client::findings(evidence, judged));
    if let Some((case, viewpoint, verdict)) = evidence.judged {
        let port = Some(evidence.target.port);
        findings.extend(case.findings_at(viewpoint, verdict, port));
    }
    findings.extend(server::findings(evidence));
    if is_inspected {
        findings.retain(|finding| !interception::blames_another(finding));
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.rule.severity));
    findings
}

/// `host:port`, with brackets where an address needs them; escaped.
fn host_and_port(host: &str, port: u16) -> String {
    let host = escape(host);
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// `TLSv1 and TLSv1.1`.
fn protocol_list(protocols: &[Protocol]) -> String {
    let names: Vec<&str> = protocols.iter().map(|protocol| protocol.as_str()).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => (*only).to_owned(),
        None => String::new(),
    }
}
