//! What is wrong on this side of the connection.

mod clock;
mod hello;
mod options;
mod passed;
mod trust;

use std::sync::Arc;

use super::Evidence;
use super::elsewhere::Judged;
use crate::case::Trust;
use crate::env::Facts;
use crate::findings::Finding;
use crate::findings::rules::environment;
use crate::node::NodeVersion;

pub use options::ClientOptions;
pub use passed::{Ineffective, PassedOptions, passed_findings};

const REJECT: &str = "NODE_TLS_REJECT_UNAUTHORIZED";

/// The process that connects. What costs something to find out is left out where the verdict does not ask for it.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its Node.
    pub node: NodeVersion,
    /// Whether it is asked about the present: the time that is judged by is that of its clock.
    pub is_now: bool,
    /// Its settings.
    pub facts: Option<Facts>,
    /// The system's store, where the verdict's trust is without it.
    pub system: Option<Arc<Trust>>,
    /// What it trusts by itself, where the verdict is that of a `ca` option.
    pub default: Option<Arc<Trust>>,
    /// The options of the program, when they are in question.
    pub options: Option<ClientOptions>,
}

impl Process {
    /// A process of which nothing is known but its Node.
    pub fn of(node: NodeVersion) -> Self {
        Self {
            node,
            is_now: false,
            facts: None,
            system: None,
            default: None,
            options: None,
        }
    }
}

/// What the process itself does wrong.
pub(super) fn findings(evidence: &Evidence<'_>, judged: Option<Judged<'_>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(judged) = judged {
        findings.extend(trust::findings(evidence, judged));
        findings.extend(clock::findings(evidence, judged));
    }
    findings.extend(verification(&evidence.process));
    if let Some(options) = &evidence.process.options {
        findings.extend(options::findings(evidence, judged, options));
    }
    findings
}

/// Verification that the environment turns off.
fn verification(process: &Process) -> Option<Finding> {
    let facts = process.facts.as_ref()?;
    let origin = facts.origin(REJECT)?;
    (facts.now(REJECT)? == "0").then(|| environment::verification_disabled(&origin))
}
