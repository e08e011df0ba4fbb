//! A chain that leads to nothing the process trusts, and would to what it could.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::Process;
use crate::case::Trust;
use crate::case::cause::list_history;
use crate::certificate::Certificate;
use crate::diagnose::Evidence;
use crate::diagnose::elsewhere::{Anchored, Judged};
use crate::diagnose::fixes;
use crate::findings::rules::client as rules;
use crate::findings::rules::environment::{self, in_the_program, set_variable};
use crate::findings::{Finding, Fix, Shell, escape};
use crate::inspect::{self, CaFileReport, Input};
use crate::preflight;
use crate::shipped_roots;

const EXTRA: &str = "NODE_EXTRA_CA_CERTS";

pub(super) fn findings(evidence: &Evidence<'_>, judged: Judged<'_>) -> Vec<Finding> {
    if judged.verdict.is_ok || !judged.verdict.lacks_anchor() {
        return Vec::new();
    }
    let process = &evidence.process;
    if let Some(default) = &process.default {
        // The settings of the process count for nothing beside the option.
        let found = replaced(judged, default).or_else(|| system(process, judged));
        return found.into_iter().collect();
    }
    let mut findings = Vec::new();
    findings.extend(extra(evidence, judged));
    findings.extend(system(process, judged));
    findings.extend(list(judged));
    findings.extend(settings(evidence));
    findings
}

/// A `ca` option that is narrower than the default trust.
fn replaced(judged: Judged<'_>, default: &Arc<Trust>) -> Option<Finding> {
    let found = judged.by(Arc::clone(default))?;
    Some(replaces(found.certificate()).detail(rest(&found)))
}

/// What vouches for the server without the `ca` option.
pub(super) fn replaces(anchor: &Certificate) -> Finding {
    let message = format!(
        "the `ca` option does not hold the root of this server, `{}`, which this process trusts without the option: `ca` takes the place of the default trust",
        anchor.display_name()
    );
    Finding::new(&rules::CA_REPLACES_DEFAULTS, message)
        .about(anchor.fingerprint())
        .fix(Fix::new("Give both: the default trust and the CAs of your own, parsed once").with_code(
            "const { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync({ ca: fs.readFileSync('company-ca.pem') }).agent()",
        ))
        .fix(Fix::new("Or leave the option out on connections to servers of other CAs"))
}

fn system(process: &Process, judged: Judged<'_>) -> Option<Finding> {
    let found = judged.with(process.system.as_ref()?)?;
    let place = found.path().map(|path| format!(" ({})", escape(&path)));
    let message = format!(
        "the system's store holds `{}`{}, which vouches for this server, and this process does not trust that store: curl and browsers accept the server, Node does not",
        found.certificate().display_name(),
        place.unwrap_or_default()
    );
    let mut finding = Finding::new(&rules::ROOT_ONLY_IN_SYSTEM_STORE, message)
        .about(found.certificate().fingerprint())
        .detail(rest(&found));
    finding.fixes = fixes::trust_system(process, &found);
    Some(finding)
}

/// What the verdict is once the anchor is found.
fn rest(found: &Anchored) -> String {
    match (&found.verdict.code, found.verdict.is_ok) {
        (_, true) => "with it the verdict is good".into(),
        (Some(code), false) => format!("with it the chain has an anchor, and fails with {code}"),
        (None, false) => "with it the chain has an anchor; the verdict is not known".into(),
    }
}

/// The file of `NODE_EXTRA_CA_CERTS`: what is lost of it, or the whole of it where it was not read.
fn extra(evidence: &Evidence<'_>, judged: Judged<'_>) -> Option<Finding> {
    let facts = evidence.process.facts.as_ref()?;
    let captured = facts
        .captured(EXTRA)
        .filter(|_| facts.privilege().is_none());
    let value = captured
        .or_else(|| facts.now(EXTRA))
        .filter(|value| !value.is_empty())?;
    let path = facts.resolve(value);
    let report = inspect::inspect(
        Input::Path(&path),
        &inspect::Options {
            runtime: facts.runtime,
            node: facts.node,
            now: judged.viewpoint.now,
            min_days_left: evidence.min_days_left,
            password: None,
            bundled: None,
        },
    );
    if captured.is_none() {
        let whole = Arc::new(Trust::from_certificates(report.loaded_by_node.clone()));
        return judged
            .with(&whole)
            .map(|found| not_used(&found, value, &path));
    }
    let loaded: HashSet<_> = report
        .loaded_by_node
        .iter()
        .map(|it| *it.sha256())
        .collect();
    let lost = report
        .found
        .iter()
        .filter(|it| !loaded.contains(it.sha256()));
    let lost = Arc::new(Trust::from_certificates(lost.map(Arc::clone).collect()));
    let found = judged.with(&lost)?;
    Some(not_loaded(&found, &path, &report))
}

fn not_used(found: &Anchored, value: &str, path: &Path) -> Finding {
    let message = format!(
        "`{}` in {} would vouch for this server, and this process has not read the file: Node takes {EXTRA} at its start only",
        found.certificate().display_name(),
        escape(value)
    );
    Finding::new(&rules::ROOT_FILE_NOT_USED, message)
        .about(found.certificate().fingerprint())
        .at(Some(path), None)
        .detail(rest(found))
        .fix(set_variable(
            "Set the variable before the process starts",
            EXTRA,
            &path.display().to_string(),
        ))
        .fix(in_the_program())
}

fn not_loaded(found: &Anchored, path: &Path, report: &CaFileReport) -> Finding {
    let certificate = found.certificate();
    let fingerprint = certificate.fingerprint();
    let line = certificate.sources.iter().find_map(|source| source.line);
    let is_about = |finding: &&Finding| finding.certificate.as_ref() == Some(&fingerprint);
    let is_before = |finding: &&Finding| {
        let at = finding.location.as_ref().and_then(|location| location.line);
        matches!((at, line), (Some(at), Some(line)) if at <= line)
    };
    let file_rules = crate::findings::rules::file::RULES;
    let of_file = || {
        let is_of_file = |finding: &&Finding| {
            file_rules
                .iter()
                .any(|rule| std::ptr::eq(*rule, finding.rule))
        };
        report.findings.iter().filter(is_of_file)
    };
    // A fault ends the reading of everything behind it.
    let fault = of_file()
        .find(is_about)
        .or_else(|| of_file().rfind(is_before))
        .or_else(|| of_file().next());
    let place = line
        .map(|line| format!(" line {line} of"))
        .unwrap_or_default();
    let message = format!(
        "`{}` stands in{place} {} and would vouch for this server, but Node does not load it{}",
        certificate.display_name(),
        escape(&path.display().to_string()),
        fault
            .map(|fault| format!(": {}", fault.message))
            .unwrap_or_default()
    );
    let file = path.display().to_string();
    let mut finding = Finding::new(&rules::ROOT_IN_FILE_NOT_LOADED, message)
        .about(fingerprint.clone())
        .at(
            Some(path),
            fault
                .and_then(|fault| fault.location.as_ref()?.line)
                .or(line),
        )
        .detail(rest(found))
        .fix(
            Fix::new("Write a copy that Node loads whole, and name it in NODE_EXTRA_CA_CERTS")
                .with(
                    Shell::Bash,
                    format!(
                        "npx trust-anchors inspect {} --fix company-ca.fixed.pem",
                        environment::bash(&file)
                    ),
                )
                .with(
                    Shell::PowerShell,
                    format!(
                        "npx trust-anchors inspect {} --fix company-ca.fixed.pem",
                        environment::powershell(&file)
                    ),
                ),
        );
    finding.fixes.push(in_the_program());
    finding
}

/// A root that another Node's list has.
fn list(judged: Judged<'_>) -> Option<Finding> {
    let node = judged.viewpoint.node;
    let (root, history) = list_history(judged.top()?, node)?;
    let (_, shipped) = shipped_roots::root_of(judged.top()?)?;
    let has_left = shipped
        .left_in()
        .is_some_and(|list| list.major <= node.major);
    let name = root.display_name();
    let read = format!("the lists were read on {}", shipped_roots::READ_ON);
    let finding = if has_left {
        let message = format!(
            "the root of this server, `{name}`, {history}: it works with an older Node and not with Node {}",
            node.major
        );
        Finding::new(&rules::ROOT_LEFT_LIST, message)
            .fix(Fix::new("Have the certificate of the server issued by a CA that is on today's lists"))
            .fix(
                Fix::new(format!("Until then trust the root on the connections that need it, once its fingerprint is compared with what the CA publishes (SHA-256 {})", root.fingerprint()))
                    .with_pem(root.pem()),
            )
    } else {
        let message = format!(
            "the root of this server, `{name}`, {history}, and this is Node {}",
            node.major
        );
        Finding::new(&rules::ROOT_NOT_YET_LISTED, message)
            .fix(Fix::new("Update Node to a line whose list has the root"))
            .fix(in_the_program())
    };
    Some(finding.about(root.fingerprint()).detail(read))
}

/// What keeps the process from trusting what its settings name.
fn settings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(facts) = &evidence.process.facts else {
        return Vec::new();
    };
    let options = preflight::Options {
        now: evidence.now,
        min_days_left: evidence.min_days_left,
    };
    let is_of_environment = |finding: &Finding| {
        environment::RULES
            .iter()
            .any(|rule| std::ptr::eq(*rule, finding.rule))
    };
    let findings = preflight::settings(facts, &options).into_iter();
    findings.filter(is_of_environment).collect()
}
