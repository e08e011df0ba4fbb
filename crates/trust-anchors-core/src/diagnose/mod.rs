//! What a look at an endpoint, the verdict on its chain and the facts of this process come to: findings, each with who must act and what
//! mends it. Connects to nothing; everything it judges is an argument.

pub mod client;
mod connection;
mod defaults;
mod elsewhere;
mod fixes;
pub mod hazard;
mod interception;
pub mod issuers;

use crate::case::{Case, Viewpoint};
use crate::findings::Finding;
use crate::probe::{Attempt, Failure, Probe, Target};
use crate::verify::Verdict;

use elsewhere::Judged;

pub use client::{ClientOptions, Process};

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
    /// The verdict on the chain of the decisive attempt; none when no certificates came.
    pub judged: Option<(&'a Case, &'a Viewpoint, &'a Verdict)>,
    /// What this Node observed; none when it did not look.
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
}

/// What is wrong, the gravest first; of the same gravity what explains the verdict comes before what decides it.
pub fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let judged = evidence.judged.map(Judged::from);
    if let Some(judged) = judged {
        findings.extend(interception::findings(evidence, judged));
        findings.extend(defaults::findings(evidence, judged));
    }
    findings.extend(client::findings(evidence, judged));
    if let Some((case, viewpoint, verdict)) = evidence.judged {
        findings.extend(case.findings(viewpoint, verdict));
    }
    findings.extend(connection::findings(evidence));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.rule.severity));
    findings
}
