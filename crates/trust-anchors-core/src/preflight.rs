//! What is wrong with the trust of a process before it connects anywhere: its settings and its stores against each other.

pub(crate) mod products;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::certificate::{Certificate, Fingerprint, iso8601};
use crate::env::{
    Facts, Flag, Origin, PathFault, Platform, Switch, SystemCa, SystemCaOff, SystemCaOn,
    TrustOptions, holds_pem, split_node_options,
};
use crate::findings::Finding;
use crate::findings::rules::certificate::{EXPIRED, EXPIRES_SOON};
use crate::findings::rules::environment::{self as rules, PrivateAuthority};
use crate::findings::rules::store::{
    NO_SYSTEM_STORE, SYSTEM_FILE_DAMAGED, SYSTEM_FILE_NOT_PEM, SYSTEM_STORE_UNREADABLE,
};
use crate::inspect::{self, Input};
use crate::node::NodeVersion;
use crate::openssl_config;
use crate::pem::node as node_reading;
use crate::public_roots::is_public;
use crate::runtime::Runtime;
use crate::source::StoreKind;
use crate::store::Store;
use crate::stores::file::{self, Content};
use crate::stores::paths::{self, PathStatus};

const EXTRA: &str = "NODE_EXTRA_CA_CERTS";
const REJECT: &str = "NODE_TLS_REJECT_UNAUTHORIZED";
const USE_SYSTEM: &str = "NODE_USE_SYSTEM_CA";
const CERT_FILE: &str = "SSL_CERT_FILE";
const CERT_DIR: &str = "SSL_CERT_DIR";

/// OpenSSL's own directory in the official builds of Node (`OPENSSLDIR`).
const OPENSSL_DIRECTORY: &str = "/etc/ssl";
/// Where distributions keep all certificates of the system in one file.
const SYSTEM_BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The stores of the machine, read and merged already.
#[derive(Debug, Clone, Copy)]
pub struct Stores<'a> {
    /// Mozilla's list, the system's store, and Node's list where it is known. Neither `NODE_EXTRA_CA_CERTS` nor anything else is in it.
    pub merged: &'a Store,
    /// Whether the list of the Node that is judged is in it.
    pub has_node_list: bool,
}

impl<'a> Stores<'a> {
    /// The certificates of one store, also those that the merge leaves out, each once.
    fn of(self, store: StoreKind) -> impl Iterator<Item = &'a Arc<Certificate>> {
        let excluded = self.merged.excluded.iter().map(|it| &it.certificate);
        self.merged
            .certificates
            .iter()
            .chain(excluded)
            .filter(move |it| is_from(it, store))
    }
}

fn is_from(certificate: &Certificate, store: StoreKind) -> bool {
    certificate
        .sources
        .iter()
        .any(|source| source.store == store)
}

/// How to judge.
#[derive(Debug, Clone)]
pub struct Options {
    /// Seconds since 1970.
    pub now: i64,
    /// A certificate that expires within this many days is a finding.
    pub min_days_left: u32,
}

/// What the process trusts of one store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreState {
    /// Whether the process trusts it.
    pub trusted: bool,
    /// How many certificates it has; `None` when that is not known.
    pub certificates: Option<usize>,
    /// The file, of the extra store.
    pub path: Option<PathBuf>,
    /// Why it is trusted or not, in words.
    pub reason: String,
}

/// What the process trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The list compiled into Node.
    pub bundled: StoreState,
    /// The system's store, or with `--use-openssl-ca` OpenSSL's own locations.
    pub system: StoreState,
    /// `NODE_EXTRA_CA_CERTS`.
    pub extra: StoreState,
    /// Whether certificates are verified by default.
    pub verifies: bool,
}

/// The whole answer.
#[derive(Debug)]
pub struct Report {
    /// What the process trusts.
    pub trust: Trust,
    /// What is wrong, gravest first.
    pub findings: Vec<Finding>,
}

/// Judges a process.
pub fn preflight(facts: &Facts, stores: Stores<'_>, options: &Options) -> Report {
    let mut findings = Vec::new();
    privileges(facts, &mut findings);
    let extra = extra(facts, options, &mut findings);
    verification(facts, &mut findings);
    system_variable(facts, &mut findings);
    node_options(facts, &mut findings);
    openssl_locations(facts, &mut findings);
    security_level(facts, &mut findings);
    let trusted_extra: HashSet<Fingerprint> = extra.iter().map(|it| *it.sha256()).collect();
    system_authorities(facts, stores, &trusted_extra, options.now, &mut findings);
    system_store(facts, stores, &mut findings);
    bundled(facts, stores, &trusted_extra, &mut findings);
    clock(stores, options.now, &mut findings);
    // A stable sort: findings of one severity keep the order in which the process meets their causes.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.rule.severity));
    Report {
        trust: trust(facts, stores, extra.len()),
        findings,
    }
}

/// What keeps the process from trusting what its settings name: its variables, flags and the extra file, without any look at the stores.
pub fn settings(facts: &Facts, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    privileges(facts, &mut findings);
    extra(facts, options, &mut findings);
    system_variable(facts, &mut findings);
    node_options(facts, &mut findings);
    openssl_locations(facts, &mut findings);
    findings
}

// ---- the environment as a whole ----

fn privileges(facts: &Facts, findings: &mut Vec<Finding>) {
    let Some(privilege) = facts.privilege() else {
        return;
    };
    let set = |name: &str| facts.now(name).is_some_and(|value| !value.is_empty());
    let mut names = Vec::new();
    if set(EXTRA) {
        names.push(EXTRA);
    }
    if facts.now(USE_SYSTEM) == Some("1") {
        names.push(USE_SYSTEM);
    }
    let about_trust = facts
        .now("NODE_OPTIONS")
        .and_then(|text| split_node_options(text).ok())
        .is_some_and(|arguments| {
            TrustOptions::parse(&arguments, crate::env::Place::NodeOptions)
                != TrustOptions::default()
        });
    if about_trust {
        names.push("NODE_OPTIONS");
    }
    if !names.is_empty() {
        findings.push(rules::environment_ignored(privilege, &names));
    }
}

// ---- NODE_EXTRA_CA_CERTS ----

/// Judges the variable and the file, and gives what Node loads from it.
fn extra(facts: &Facts, options: &Options, findings: &mut Vec<Finding>) -> Vec<Arc<Certificate>> {
    if facts.privilege().is_some() {
        return Vec::new();
    }
    let now = facts.now(EXTRA);
    let Some(value) = facts.captured(EXTRA) else {
        match (now, facts.origin(EXTRA)) {
            (Some(""), _) => findings.push(rules::extra_ca_emptied()),
            (Some(now), Some(origin @ Origin::EnvFile(_))) => {
                findings.push(rules::extra_ca_in_env_file(now, &origin));
            }
            (Some(now), Some(origin)) if origin != Origin::Start => {
                findings.push(rules::extra_ca_set_at_run_time(now, &origin));
            }
            _ => {}
        }
        return Vec::new();
    };
    if now != Some(value) {
        findings.push(rules::extra_ca_changed_at_run_time(value, now));
    }
    let opened = facts.resolve(value);
    let status = paths::status(&opened);
    if matches!(status, PathStatus::Missing | PathStatus::Unreadable(_)) {
        findings.push(unopened(facts, value, &opened, &status));
        return Vec::new();
    }
    if !facts.is_absolute(value) {
        findings.push(rules::extra_ca_path_relative(value, &opened));
    }
    let report = inspect::inspect(
        Input::Path(&opened),
        &inspect::Options {
            runtime: facts.runtime,
            node: facts.node,
            now: options.now,
            min_days_left: options.min_days_left,
            password: None,
            bundled: None,
        },
    );
    let loaded = &report.loaded_by_node;
    findings.extend(
        report
            .findings
            .into_iter()
            .filter(|finding| !is_ageing_of_public_list(finding, loaded, options)),
    );
    if facts.runtime == Runtime::Node && facts.node.major < 22 && !report.loaded_by_node.is_empty()
    {
        findings.push(rules::extra_ca_not_in_every_context(facts.node));
    }
    report.loaded_by_node
}

/// Whether a finding only says that public roots expire. Whoever names the system's bundle has some of them in it, and nothing to mend:
/// their successors are there too.
fn is_ageing_of_public_list(
    finding: &Finding,
    loaded: &[Arc<Certificate>],
    options: &Options,
) -> bool {
    if ![EXPIRED.id, EXPIRES_SOON.id].contains(&finding.rule.id) {
        return false;
    }
    let until = options.now + i64::from(options.min_days_left) * 86_400;
    loaded
        .iter()
        .filter(|it| match &finding.certificate {
            Some(fingerprint) => it.fingerprint() == *fingerprint,
            None => it.is_expired(until),
        })
        .all(|it| is_public(it.sha256()))
}

/// Why the value names no file.
fn unopened(facts: &Facts, value: &str, opened: &Path, status: &PathStatus) -> Finding {
    match facts.path_fault(value) {
        Some(PathFault::InlinePem) => return rules::extra_ca_inline_pem(value.chars().count()),
        Some(PathFault::Url { path }) => return rules::extra_ca_path_url(value, &path),
        Some(PathFault::Quoted { path }) => return rules::extra_ca_path_quoted(value, &path),
        Some(PathFault::Blanks { path }) => return rules::extra_ca_path_blanks(value, &path),
        Some(PathFault::Tilde { path }) => return rules::extra_ca_path_tilde(value, &path),
        Some(PathFault::Variable { path }) => return rules::extra_ca_path_variable(value, &path),
        Some(PathFault::List { paths }) => return rules::extra_ca_path_list(value, &paths),
        None => {}
    }
    let at_start = facts.cwd_at_start.as_ref().map(|cwd| cwd.join(value));
    if let Some(at_start) = at_start.filter(|path| path != opened && !facts.is_absolute(value))
        && paths::status(&at_start) == PathStatus::File
    {
        return rules::extra_ca_path_moved(value, &at_start, opened);
    }
    match status {
        PathStatus::Unreadable(reason) => rules::extra_ca_file_unreadable(value, opened, reason),
        _ => rules::extra_ca_file_missing(value, opened),
    }
}

// ---- NODE_TLS_REJECT_UNAUTHORIZED ----

fn verification(facts: &Facts, findings: &mut Vec<Finding>) {
    let (Some(value), Some(origin)) = (facts.now(REJECT), facts.origin(REJECT)) else {
        return;
    };
    if value == "0" {
        findings.push(rules::verification_disabled(&origin));
    } else if looks_like_no(value) {
        findings.push(rules::verification_switch_near_miss(value, &origin));
    }
}

/// Whether somebody meant "no" by it.
fn looks_like_no(value: &str) -> bool {
    let word = value
        .trim_matches(|character: char| {
            character.is_whitespace() || matches!(character, '"' | '\'' | ';' | ',')
        })
        .to_ascii_lowercase();
    let zero = {
        let digits = word.trim_start_matches(['-', '+']);
        let digits = digits.strip_prefix("0x").unwrap_or(digits);
        !digits.is_empty() && digits.chars().all(|digit| matches!(digit, '0' | '.'))
    };
    zero || matches!(
        word.as_str(),
        "false" | "no" | "off" | "n" | "f" | "disable" | "disabled" | "never" | "none"
    )
}

// ---- NODE_USE_SYSTEM_CA, NODE_OPTIONS ----

fn system_variable(facts: &Facts, findings: &mut Vec<Finding>) {
    if facts.privilege().is_some() || matches!(facts.runtime, Runtime::Deno | Runtime::Electron) {
        return;
    }
    let Some(now) = facts.now(USE_SYSTEM).filter(|value| !value.is_empty()) else {
        return;
    };
    if now != "1" {
        if !looks_like_no(now) {
            findings.push(rules::system_ca_near_miss(now));
        }
        return;
    }
    let on = matches!(facts.system_ca(), SystemCa::On(_));
    if facts.runtime == Runtime::Node && !facts.node.has_system_ca_variable() {
        if !on {
            findings.push(rules::system_ca_unsupported(facts.node, bundle()));
        }
        return;
    }
    if facts.captured(USE_SYSTEM) != Some("1") {
        if let (false, Some(origin)) = (on, facts.origin(USE_SYSTEM)) {
            findings.push(rules::system_ca_set_too_late(&origin));
        }
        return;
    }
    let options = facts.options();
    if let Some(Flag { on: false, place }) = options.flag(Switch::SystemCa) {
        findings.push(rules::system_ca_overruled(&format!(
            "`--no-use-system-ca` {}",
            place.as_str()
        )));
    } else if let Some(Flag { on: true, place }) = options.flag(Switch::OpensslCa) {
        findings.push(rules::system_ca_overruled(&format!(
            "`--use-openssl-ca` {}",
            place.as_str()
        )));
    } else if facts.uses_openssl_store() {
        findings.push(rules::system_ca_overruled(
            "the way this Node was built (to take OpenSSL's own locations)",
        ));
    }
}

/// What the `NODE_OPTIONS` of now do to a process that starts with them: this one, were it started again, and its children.
fn node_options(facts: &Facts, findings: &mut Vec<Finding>) {
    if facts.runtime != Runtime::Node || facts.privilege().is_some() {
        return;
    }
    let text = facts.now("NODE_OPTIONS").unwrap_or_default();
    let arguments = match split_node_options(text) {
        Ok(arguments) => arguments,
        Err(error) => {
            findings.push(rules::node_options_malformed(error));
            return;
        }
    };
    for argument in &arguments {
        let trimmed = argument.trim();
        let known = ["--use-", "--no-use-", "--tls-", "--openssl-"];
        let with_blank = trimmed.len() != argument.len()
            && known.iter().any(|start| trimmed.starts_with(start))
            && !trimmed.contains('=');
        let env_file = argument == "--env-file" || argument.starts_with("--env-file=");
        if with_blank || env_file {
            findings.push(rules::node_options_not_allowed(argument));
        }
    }
    let given = TrustOptions::parse(&arguments, crate::env::Place::NodeOptions);
    if let Some(flag) = given.flag(Switch::SystemCa)
        && !facts.node.has_system_ca()
    {
        let option = if flag.on {
            "--use-system-ca"
        } else {
            "--no-use-system-ca"
        };
        findings.push(rules::system_ca_option_unsupported(
            option,
            facts.node,
            bundle(),
        ));
    }
    let whole = TrustOptions::parse(
        &[arguments.as_slice(), facts.exec_argv.as_slice()].concat(),
        crate::env::Place::NodeOptions,
    );
    if !whole.is_on(Switch::OpensslCa) {
        return;
    }
    if whole.is_on(Switch::BundledCa) {
        findings.push(rules::ca_options_conflict(Switch::BundledCa, facts.node));
    }
    if whole.is_on(Switch::SystemCa) && facts.node.has_system_ca() {
        findings.push(if facts.node.major >= 24 {
            rules::ca_options_conflict(Switch::SystemCa, facts.node)
        } else {
            rules::ca_options_superseded(facts.node)
        });
    }
}

// ---- SSL_CERT_FILE, SSL_CERT_DIR ----

fn openssl_locations(facts: &Facts, findings: &mut Vec<Finding>) {
    let openssl = facts.uses_openssl_store();
    let unix = matches!(facts.platform, Platform::Linux | Platform::Other);
    let system = unix && matches!(facts.system_ca(), SystemCa::On(_));
    let set: Vec<&str> = [CERT_FILE, CERT_DIR]
        .into_iter()
        .filter(|name| facts.now(name).is_some())
        .collect();
    if !openssl && !system {
        let has_value = set
            .iter()
            .any(|name| facts.now(name).is_some_and(|value| !value.is_empty()));
        // Who names the same file in both has seen to every program.
        let is_extra = facts.now(CERT_FILE).is_some() && facts.now(CERT_FILE) == facts.now(EXTRA);
        if has_value && !is_extra && facts.runtime == Runtime::Node {
            findings.push(rules::ssl_cert_without_effect(
                &set,
                facts.now(CERT_FILE).filter(|value| !value.is_empty()),
                facts.node,
            ));
        }
        return;
    }
    let before = findings.len();
    if let Some(value) = facts.now(CERT_FILE)
        && let Some(fault) = file_fault(&facts.cwd.join(value), value)
    {
        findings.push(rules::ssl_cert_missing(CERT_FILE, value, &fault));
    }
    if let Some(value) = facts.now(CERT_DIR) {
        let directories: Vec<&str> = if openssl {
            value.split(':').filter(|part| !part.is_empty()).collect()
        } else {
            vec![value]
        };
        for directory in directories {
            if let Some(fault) = directory_fault(&facts.cwd.join(directory), directory) {
                findings.push(rules::ssl_cert_missing(CERT_DIR, directory, &fault));
            }
        }
    }
    if findings.len() == before && unix && !set.is_empty() {
        hidden_by_variables(facts, &set, findings);
    }
    if openssl && unix {
        openssl_store(facts, findings);
    }
}

fn file_fault(path: &Path, value: &str) -> Option<String> {
    if value.is_empty() {
        return Some("which names no file".into());
    }
    match paths::status(path) {
        PathStatus::Missing => Some("which does not exist".into()),
        PathStatus::Unreadable(reason) => Some(format!("which cannot be read ({reason})")),
        PathStatus::Directory => Some("which is a directory and not a file".into()),
        PathStatus::File | PathStatus::Other => None,
    }
}

fn directory_fault(path: &Path, value: &str) -> Option<String> {
    if value.is_empty() {
        return Some("which names no directory".into());
    }
    match paths::status(path) {
        PathStatus::Directory => None,
        PathStatus::Missing if value.contains(':') => {
            Some("a list, which the system store takes for the name of one directory".into())
        }
        PathStatus::Missing => Some("which does not exist".into()),
        PathStatus::Unreadable(reason) => Some(format!("which cannot be read ({reason})")),
        PathStatus::File | PathStatus::Other => Some("which is a file and not a directory".into()),
    }
}

/// The platform's certificates that the variables hide. Only another directory can: the default file rarely exists, and where it does
/// the directory holds the same.
fn hidden_by_variables(facts: &Facts, set: &[&str], findings: &mut Vec<Finding>) {
    let platform = Path::new(OPENSSL_DIRECTORY).join("certs");
    let Some(directory) = facts.now(CERT_DIR) else {
        return;
    };
    let directory = facts.cwd.join(directory);
    let canonical = |path: &Path| std::fs::canonicalize(path).ok();
    if canonical(&directory) == canonical(&platform) {
        return;
    }
    let Some(bundle) = bundle() else {
        return;
    };
    let mut trusted = HashSet::new();
    if let Some(file) = facts.now(CERT_FILE) {
        trusted.extend(fingerprints(&facts.cwd.join(file), facts.node));
    }
    for name in paths::names(&directory) {
        trusted.extend(fingerprints(&directory.join(name), facts.node));
    }
    let hidden = fingerprints(Path::new(bundle), facts.node)
        .into_iter()
        .filter(|fingerprint| !trusted.contains(fingerprint))
        .collect::<HashSet<_>>()
        .len();
    if hidden > 0 {
        let names: Vec<&str> = set
            .iter()
            .copied()
            .filter(|name| *name == CERT_DIR)
            .collect();
        findings.push(rules::ssl_cert_hides_system_store(&names, hidden, bundle));
    }
}

/// Whether OpenSSL finds anything in its own locations; in directories only hashed names count (`by_dir.c`).
fn openssl_store(facts: &Facts, findings: &mut Vec<Finding>) {
    let file = match facts.now(CERT_FILE) {
        Some(value) => facts.cwd.join(value),
        None => Path::new(OPENSSL_DIRECTORY).join("cert.pem"),
    };
    let directories: Vec<PathBuf> = match facts.now(CERT_DIR) {
        Some(value) => value
            .split(':')
            .filter(|part| !part.is_empty())
            .map(|part| facts.cwd.join(part))
            .collect(),
        None => vec![Path::new(OPENSSL_DIRECTORY).join("certs")],
    };
    let has_hashed_name = |directory: &PathBuf| {
        paths::names(directory)
            .iter()
            .any(|name| is_hashed_name(name))
    };
    if directories.iter().any(has_hashed_name) || !fingerprints(&file, facts.node).is_empty() {
        return;
    }
    let locations: Vec<String> = std::iter::once(&file)
        .chain(&directories)
        .map(|path| path.display().to_string())
        .collect();
    findings.push(rules::openssl_store_empty(&locations));
}

/// `<eight hexadecimal digits>.<number>`.
fn is_hashed_name(name: &str) -> bool {
    name.split_once('.').is_some_and(|(hash, number)| {
        hash.len() == 8
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The certificates of a file, as Node reads it; none when it cannot be read.
fn fingerprints(path: &Path, node: NodeVersion) -> Vec<Fingerprint> {
    let Ok(Content::Bytes { bytes, .. }) = file::read(path) else {
        return Vec::new();
    };
    node_reading::read(&bytes, node.openssl())
        .certificates
        .iter()
        .map(|(certificate, _)| *certificate.sha256())
        .collect()
}

fn bundle() -> Option<&'static str> {
    SYSTEM_BUNDLES
        .into_iter()
        .find(|path| paths::status(Path::new(path)) == PathStatus::File)
}

// ---- the security level ----

fn security_level(facts: &Facts, findings: &mut Vec<Finding>) {
    if facts.runtime != Runtime::Node {
        return;
    }
    let default = facts.node.security_level();
    // A distribution's OpenSSL has the level 1 or 2 by default; which, nothing here tells.
    let is_default =
        |level: u8| level == default || facts.build.shared_openssl && matches!(level, 1 | 2);
    let options = facts.options();
    let config = openssl_config(facts, &options, findings);
    if let Some((ciphers, _)) = &options.tls_cipher_list
        && let Some(level) = openssl_config::security_level(ciphers)
    {
        if !is_default(level) {
            findings.push(rules::security_level_changed(
                "--tls-cipher-list",
                None,
                None,
                level,
                default,
            ));
        }
        return;
    }
    if let Some((what, path, line, level)) = config.filter(|(.., level)| !is_default(*level)) {
        findings.push(rules::security_level_changed(
            what,
            Some(&path),
            Some(line),
            level,
            default,
        ));
    }
}

/// The level that the OpenSSL configuration sets, and where.
fn openssl_config(
    facts: &Facts,
    options: &TrustOptions,
    findings: &mut Vec<Finding>,
) -> Option<(&'static str, PathBuf, u32, u8)> {
    let (what, value) = if let Some((value, _)) = &options.openssl_config {
        ("--openssl-config", Some(value.as_str()))
    } else if let Some(value) = facts.captured("OPENSSL_CONF") {
        ("OPENSSL_CONF", Some(value))
    } else {
        ("OpenSSL's default configuration", None)
    };
    let path = match value {
        Some(value) => facts.resolve(value),
        None if facts.platform == Platform::Linux => {
            Path::new(OPENSSL_DIRECTORY).join("openssl.cnf")
        }
        None => return None,
    };
    let bytes = match file::read(&path) {
        Ok(Content::Bytes { bytes, .. }) => bytes,
        Ok(_) => return None,
        Err(error) => {
            if let Some(value) = value {
                let reason = match error.kind() {
                    std::io::ErrorKind::NotFound => "does not exist".to_owned(),
                    _ => format!("cannot be read ({})", paths::reason(&error)),
                };
                findings.push(rules::openssl_config_missing(what, value, &reason));
            }
            return None;
        }
    };
    let section = if options.is_on(Switch::OpensslSharedConfig) {
        "openssl_conf"
    } else {
        "nodejs_conf"
    };
    match openssl_config::cipher_string(&String::from_utf8_lossy(&bytes), section) {
        Ok(found) => {
            let found = found?;
            let level = openssl_config::security_level(&found.value)?;
            Some((what, path, found.line, level))
        }
        Err(error) => {
            findings.push(rules::openssl_config_rejected(
                what,
                &path,
                error.line,
                error.reason,
            ));
            None
        }
    }
}

// ---- the stores ----

/// What is wrong with the system's store itself; its files matter only to a process that reads them.
fn system_store(facts: &Facts, stores: Stores<'_>, findings: &mut Vec<Finding>) {
    let is_read = matches!(facts.system_ca(), SystemCa::On(_));
    let concerns_node = |finding: &&Finding| {
        finding.rule.id == NO_SYSTEM_STORE.id
            || is_read
                && [
                    SYSTEM_STORE_UNREADABLE.id,
                    SYSTEM_FILE_DAMAGED.id,
                    SYSTEM_FILE_NOT_PEM.id,
                ]
                .contains(&finding.rule.id)
    };
    // A location that a variable names and that is not there has been said already, in Node's terms.
    let said: HashSet<PathBuf> = findings
        .iter()
        .filter_map(|finding| finding.location.as_ref()?.path.clone())
        .collect();
    let is_new = |finding: &&Finding| {
        finding
            .location
            .as_ref()
            .and_then(|location| location.path.as_ref())
            .is_none_or(|path| !said.contains(path))
    };
    let more: Vec<Finding> = stores
        .merged
        .findings()
        .into_iter()
        .filter(|finding| concerns_node(&finding))
        .filter(|finding| is_new(&finding))
        .collect();
    findings.extend(more);
}

/// The system's CAs that this process does not trust; a finding only when private ones are among them, since every two public lists
/// differ.
fn system_authorities(
    facts: &Facts,
    stores: Stores<'_>,
    trusted_extra: &HashSet<Fingerprint>,
    now: i64,
    findings: &mut Vec<Finding>,
) {
    if matches!(facts.system_ca(), SystemCa::On(_)) || facts.uses_openssl_store() {
        return;
    }
    let mut private = Vec::new();
    let mut public = 0;
    for certificate in stores.of(StoreKind::System) {
        let trusted = is_from(certificate, StoreKind::Node)
            || !trusted_extra.is_empty() && trusted_extra.contains(certificate.sha256());
        if trusted || certificate.is_expired(now) {
            continue;
        }
        if is_from(certificate, StoreKind::Mozilla) || is_public(certificate.sha256()) {
            public += 1;
        } else if is_authority(certificate) {
            private.push(certificate);
        }
    }
    if !stores.has_node_list {
        public = 0;
    }
    let mut private: Vec<PrivateAuthority> = private
        .into_iter()
        .filter_map(|certificate| {
            let subject = certificate.subject();
            // The vendors' own public roots, which only their platforms ship.
            let vendor = match facts.platform {
                Platform::MacOs => subject.contains("O=Apple"),
                Platform::Windows => subject.contains("Microsoft"),
                _ => false,
            };
            (!vendor).then(|| PrivateAuthority {
                name: certificate.display_name(),
                path: own_file(certificate),
                product: products::product(&subject),
                sha256: certificate.fingerprint(),
            })
        })
        .collect();
    private.sort_by(|one, other| {
        (one.product.is_none(), one.product, &one.name).cmp(&(
            other.product.is_none(),
            other.product,
            &other.name,
        ))
    });
    if !private.is_empty() {
        findings.push(rules::system_ca_not_trusted(
            &private,
            public,
            (facts.runtime, facts.node),
            bundle(),
        ));
    }
}

/// The file that the certificate came from: one of its own rather than the bundle that holds every other too.
fn own_file(certificate: &Certificate) -> Option<String> {
    let paths = || {
        certificate
            .sources
            .iter()
            .filter(|source| source.store == StoreKind::System)
            .filter_map(|source| source.path.as_ref())
    };
    paths()
        .find(|path| {
            !SYSTEM_BUNDLES
                .iter()
                .any(|bundle| path.as_path() == Path::new(bundle))
        })
        .or_else(|| paths().next())
        .map(|path| path.display().to_string())
}

/// Whether it can issue: a CA by its extension, or self-signed from the time before there were any.
fn is_authority(certificate: &Certificate) -> bool {
    match certificate.basic_constraints() {
        Some(ca) => ca,
        None => {
            certificate.is_self_signed()
                && certificate.key_usage().is_none()
                && certificate.subject_key_identifier().is_none()
        }
    }
}

fn bundled(
    facts: &Facts,
    stores: Stores<'_>,
    trusted_extra: &HashSet<Fingerprint>,
    findings: &mut Vec<Finding>,
) {
    if !stores.has_node_list || facts.uses_openssl_store() {
        return;
    }
    let system = matches!(facts.system_ca(), SystemCa::On(_));
    let names = |store: StoreKind, lacks: &dyn Fn(&Certificate) -> bool| -> Vec<String> {
        let mut names: Vec<String> = stores
            .of(store)
            .filter(|it| lacks(it))
            .map(|it| it.display_name())
            .collect();
        names.sort();
        names
    };
    let missing = names(StoreKind::Mozilla, &|it| {
        let trusted = is_from(it, StoreKind::Node)
            || system && is_from(it, StoreKind::System)
            || !trusted_extra.is_empty() && trusted_extra.contains(it.sha256());
        !trusted
    });
    let removed = names(StoreKind::Node, &|it| !is_from(it, StoreKind::Mozilla));
    if !missing.is_empty() || !removed.is_empty() {
        findings.push(rules::bundled_list_differs(&missing, &removed, facts.node));
    }
}

/// A public list is made when its newest root is valid, and used while most of its roots are.
fn clock(stores: Stores<'_>, now: i64, findings: &mut Vec<Finding>) {
    let newest = stores
        .of(StoreKind::Mozilla)
        .filter_map(|it| Some((it.not_before()?, it)))
        .max_by_key(|(not_before, _)| *not_before);
    if let Some((not_before, root)) = newest.filter(|(not_before, _)| now < *not_before) {
        let contradiction = format!(
            "the root `{}`, which is already in use, begins on {}",
            root.display_name(),
            iso8601(not_before)
        );
        findings.push(rules::clock_implausible(&iso8601(now), &contradiction));
        return;
    }
    let all = stores.of(StoreKind::Mozilla).count();
    let expired = stores
        .of(StoreKind::Mozilla)
        .filter(|it| it.is_expired(now))
        .count();
    if expired * 2 > all {
        let contradiction =
            format!("{expired} of the {all} roots of Mozilla's list would have expired by then");
        findings.push(rules::clock_implausible(&iso8601(now), &contradiction));
    }
}

// ---- what is trusted, in words ----

fn trust(facts: &Facts, stores: Stores<'_>, extra: usize) -> Trust {
    let openssl = facts.uses_openssl_store();
    let bundled = StoreState {
        trusted: !openssl,
        certificates: stores
            .has_node_list
            .then(|| stores.of(StoreKind::Node).count()),
        path: None,
        reason: if openssl {
            "OpenSSL's own locations take its place".into()
        } else {
            format!("compiled into this {}", facts.runtime.as_str())
        },
    };
    let distinct = Some(stores.of(StoreKind::System).count());
    let system = match facts.system_ca() {
        SystemCa::On(on) => StoreState {
            trusted: true,
            certificates: distinct,
            path: None,
            reason: match on {
                SystemCaOn::Option(place) => format!("`--use-system-ca` {}", place.as_str()),
                SystemCaOn::Variable => "`NODE_USE_SYSTEM_CA=1`".into(),
                SystemCaOn::DenoVariable => "`DENO_TLS_CA_STORE`".into(),
            },
        },
        SystemCa::Off(off) => StoreState {
            trusted: openssl,
            certificates: distinct,
            path: None,
            reason: match off {
                SystemCaOff::NotAsked => {
                    "neither `--use-system-ca` nor `NODE_USE_SYSTEM_CA=1` is in effect".into()
                }
                SystemCaOff::Unsupported => {
                    format!("Node {} cannot read it", facts.node.major)
                }
                SystemCaOff::Option(place) => format!("`--no-use-system-ca` {}", place.as_str()),
                SystemCaOff::OpensslCa => {
                    let why = match facts.options().flag(Switch::OpensslCa) {
                        Some(Flag { on: true, place }) => {
                            format!("`--use-openssl-ca` {}", place.as_str())
                        }
                        _ => "this Node is built so".into(),
                    };
                    format!("OpenSSL's own locations (SSL_CERT_FILE, SSL_CERT_DIR): {why}")
                }
                SystemCaOff::DenoNotAsked => "`DENO_TLS_CA_STORE` does not name it".into(),
            },
        },
    };
    let value = facts.captured(EXTRA);
    let extra = StoreState {
        trusted: extra > 0,
        certificates: value.map(|_| extra),
        path: value
            .filter(|value| !holds_pem(value))
            .map(|value| facts.resolve(value)),
        reason: match (value, facts.privilege(), facts.now(EXTRA)) {
            (Some(_), ..) if extra > 0 => "`NODE_EXTRA_CA_CERTS`".into(),
            (Some(_), ..) => "`NODE_EXTRA_CA_CERTS` is set, and nothing is loaded from it".into(),
            (None, Some(_), Some(_)) => "a privileged process ignores `NODE_EXTRA_CA_CERTS`".into(),
            (None, _, Some(now)) if !now.is_empty() => {
                "`NODE_EXTRA_CA_CERTS` was set too late".into()
            }
            _ => "`NODE_EXTRA_CA_CERTS` is not set".into(),
        },
    };
    Trust {
        bundled,
        system,
        extra,
        verifies: facts.now(REJECT) != Some("0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Certificate;
    use crate::der::OpensslVersion;
    use crate::stores::bundled;

    #[test]
    fn words_that_mean_no_are_told_from_others() {
        for word in [
            "0", "00", "0 ", " 0", "-0", "0x0", "0.0", "\"0\"", "false", "False", "NO", "off",
            "disabled",
        ] {
            assert!(looks_like_no(word), "{word}");
        }
        for word in ["", "1", "true", "yes", "on", "01", "strict"] {
            assert!(!looks_like_no(word), "{word}");
        }
    }

    #[test]
    fn hashed_names_are_those_that_openssl_looks_for() {
        for name in ["2e5ac55d.0", "2E5AC55D.12"] {
            assert!(is_hashed_name(name), "{name}");
        }
        for name in [
            "ca.pem",
            "2e5ac55d",
            "2e5ac55d.",
            "2e5ac55d.r0",
            "2e5ac55.0",
            "2e5ac55dd.0",
        ] {
            assert!(!is_hashed_name(name), "{name}");
        }
    }

    #[test]
    fn public_roots_are_known_and_sorted() {
        assert!(crate::public_roots::PUBLIC_ROOTS.is_sorted());
        let known = bundled::mozilla()
            .filter_map(|der| Certificate::decode_static(der, OpensslVersion::V3_5).ok())
            .filter(|certificate| is_public(certificate.sha256()))
            .count();
        assert!(known > 100, "{known}");
    }
}
