//! The merged store: ordered, without duplicates, every entry with all its sources, and what was left out with the reason.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::findings::Finding;
use crate::findings::rules::store as rules;
use crate::inspect;
use crate::pem::plain;
use crate::source::{Source, StoreKind};
use crate::stores::bundled;
use crate::stores::distrust::{Distrust, TrustedCertificate};
use crate::stores::extra::Extra;
use crate::stores::system::{self, SystemFile, SystemStore};

mod collection;
mod names;
mod order;

use collection::{Collection, Entry};

/// What to load and how to merge it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether Mozilla's list is wanted.
    pub mozilla: bool,
    /// Where the system store is, when it is wanted.
    pub system: Option<system::Options>,
    /// Where the system says what it distrusts, when that is to be honoured.
    pub distrust_root: Option<PathBuf>,
    /// The value of `NODE_EXTRA_CA_CERTS`, when it is wanted.
    pub extra_from_environment: Option<OsString>,
    /// More files and directories.
    pub extra: Vec<PathBuf>,
    /// Certificates given inline.
    pub inline: Vec<Vec<u8>>,
    /// How files are inspected: Node's version, the time, the days left that are enough.
    pub inspect: inspect::Options,
}

/// A certificate that was left out, and why.
#[derive(Debug, Clone)]
pub struct Excluded {
    /// The certificate.
    pub certificate: Arc<Certificate>,
    /// Why, for people.
    pub reason: String,
}

/// The merged store.
#[derive(Debug, Default)]
pub struct Store {
    /// The anchors and intermediates, in the order that serves every leaf.
    pub certificates: Vec<Arc<Certificate>>,
    /// What was left out.
    pub excluded: Vec<Excluded>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Every file and directory that was read.
    pub files: Vec<PathBuf>,
}

impl Store {
    /// All certificates as one PEM text.
    pub fn to_pem(&self) -> String {
        self.certificates
            .iter()
            .map(|certificate| certificate.pem())
            .collect()
    }
}

/// What the stores hold, read but not merged.
#[derive(Debug)]
pub struct Sources {
    options: Options,
    distrust: Distrust,
    system: SystemStore,
    extra: Extra,
}

/// Reads the stores. Always answers: whatever is wrong becomes a finding.
pub fn load(options: Options) -> Sources {
    Sources {
        distrust: match &options.distrust_root {
            Some(root) => Distrust::read(root, &options.inspect),
            None => Distrust::default(),
        },
        system: match &options.system {
            Some(options) => system::read(options),
            None => SystemStore::default(),
        },
        extra: read_extra(&options),
        options,
    }
}

/// Merges what was read with the list of the running Node (`tls.rootCertificates` joined by newlines), when that is wanted. Touches
/// no file. One bad certificate never loses the rest.
pub fn merge(sources: Sources, node_roots: Option<&str>) -> Store {
    let Sources {
        options,
        mut distrust,
        system,
        extra,
    } = sources;
    let mut findings = system.findings;
    let mut collection = Collection::new(options.inspect.node.openssl());
    if let Some(text) = node_roots {
        collection.node(text, &options.inspect);
    }
    if options.mozilla {
        for der in bundled::mozilla() {
            collection.mozilla(der);
        }
    }
    for file in &system.files {
        system_file(
            &mut collection,
            file,
            &mut distrust,
            &options,
            &mut findings,
        );
    }
    for der in &system.certificates {
        collection.der(der, source(StoreKind::System), true);
    }
    findings.extend(extra.findings);
    for certificate in &extra.certificates {
        collection.certificate(certificate);
    }
    if let Some(system_options) = &options.system
        && !collection.has(StoreKind::System)
    {
        findings.push(rules::no_system_store(system_options, &system.release));
    }

    let mut files = distrust.visited.split_off(0);
    files.extend(system.visited);
    files.extend(extra.visited);
    files.sort_unstable();
    files.dedup();
    decide(collection, &distrust, &options, findings, files)
}

fn source(store: StoreKind) -> Source {
    Source {
        store,
        path: None,
        line: None,
    }
}

fn read_extra(options: &Options) -> Extra {
    let mut extra = Extra::default();
    if let Some(path) = options
        .extra_from_environment
        .as_ref()
        .filter(|path| !path.is_empty())
    {
        extra.file(path.as_ref(), &options.inspect);
    }
    for path in &options.extra {
        extra.file_or_directory(path, &options.inspect);
    }
    for bytes in &options.inline {
        extra.inline(bytes, &options.inspect);
    }
    extra
}

/// Takes what Node takes from a file of the system store, and what stands behind a fault at which Node would stop.
fn system_file<'a>(
    collection: &mut Collection<'a>,
    file: &'a SystemFile,
    distrust: &mut Distrust,
    options: &Options,
    findings: &mut Vec<Finding>,
) {
    let source = |line| Source {
        store: StoreKind::System,
        path: Some(Arc::clone(&file.path)),
        line,
    };
    if options.distrust_root.is_some() {
        distrust.rejected(&file.bytes, &file.path, &options.inspect);
    }
    let plainly_read = plain::blocks(&file.bytes).is_some_and(|blocks| {
        blocks.iter().all(|block| match block.label {
            b"CERTIFICATE" | b"X509 CERTIFICATE" => {
                collection.body(block.body, source(Some(block.line)), !file.in_directory)
            }
            b"TRUSTED CERTIFICATE" => {
                let trusted = plain::decode(block.body, &mut Vec::new())
                    .and_then(|data| TrustedCertificate::read(&data, &options.inspect));
                if let Some(trusted) = &trusted
                    && trusted.trusts_servers
                {
                    collection.der(
                        trusted.certificate.der(),
                        source(Some(block.line)),
                        !file.in_directory,
                    );
                }
                trusted.is_some()
            }
            _ => true,
        })
    });
    if plainly_read {
        return;
    }
    let report = inspect::inspect(inspect::Input::Bytes(&file.bytes), &options.inspect);
    if report.format == inspect::Format::Pem {
        for certificate in &report.found {
            let line = certificate.sources.first().and_then(|source| source.line);
            collection.der(certificate.der(), source(line), !file.in_directory);
        }
        if report.loaded_by_node.len() < report.found.len() {
            findings.push(rules::system_file_damaged(
                &file.path,
                report.loaded_by_node.len(),
                report.found.len(),
            ));
        }
    } else if !report.found.is_empty() {
        findings.push(rules::system_file_not_pem(
            &file.path,
            report.format,
            report.found.len(),
        ));
    }
}

/// Decides about every certificate, and puts those that stay in order.
fn decide(
    collection: Collection<'_>,
    distrust: &Distrust,
    options: &Options,
    mut findings: Vec<Finding>,
    files: Vec<PathBuf>,
) -> Store {
    let now = options.inspect.now;
    let mut kept = Vec::with_capacity(collection.len());
    let mut excluded = Vec::new();
    let mut removed_by_mozilla = Vec::new();
    for entry in collection.into_entries() {
        if let Some((reason, finding)) = reason_to_leave_out(&entry, distrust, now) {
            findings.push(finding);
            excluded.push(Excluded {
                certificate: entry.certificate,
                reason,
            });
            continue;
        }
        if options.mozilla && entry.is_from(StoreKind::Node) && !entry.is_from(StoreKind::Mozilla) {
            removed_by_mozilla.push(Arc::clone(&entry.certificate));
        }
        kept.push(entry.certificate);
    }
    if !removed_by_mozilla.is_empty() {
        findings.push(rules::removed_by_mozilla(&removed_by_mozilla));
    }
    for constrained in bundled::constrained() {
        if let Some(certificate) = kept
            .iter()
            .find(|certificate| constrained.fits(certificate))
        {
            findings.push(rules::mozilla_name_constraint(
                certificate,
                &constrained.permitted_domains(),
            ));
        }
    }
    let certificates = order::arrange(kept, now, &mut findings);
    if certificates.is_empty() {
        findings.push(rules::no_anchors());
    }
    Store {
        certificates,
        excluded,
        findings,
        files,
    }
}

/// Why a certificate does not stay, for people, and the finding.
fn reason_to_leave_out(entry: &Entry, distrust: &Distrust, now: i64) -> Option<(String, Finding)> {
    let certificate = &entry.certificate;
    if !entry.readable {
        return Some((
            "cannot be parsed: OpenSSL refuses it".into(),
            rules::unreadable_certificate(certificate),
        ));
    }
    if let Some(statement) = distrust.statement(certificate) {
        return Some((
            format!(
                "distrusted by the system: {}",
                rules::place(&statement.path, statement.line)
            ),
            rules::distrusted(certificate, statement),
        ));
    }
    if certificate.is_expired(now) {
        return Some((
            format!("expired on {}", certificate.not_after_iso()),
            rules::expired(certificate),
        ));
    }
    if !certificate.can_issue() {
        if !certificate.is_self_signed() {
            return Some((
                "can anchor nothing: an end entity that another certificate issued".into(),
                rules::cannot_anchor(certificate),
            ));
        }
        if entry.only_in_system_directory {
            return Some((
                "a server's own certificate that lies in a directory of the system store".into(),
                rules::server_certificate_in_system_store(certificate),
            ));
        }
    }
    None
}
