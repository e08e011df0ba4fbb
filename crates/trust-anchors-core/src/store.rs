//! The merged store: ordered, without duplicates, every entry with all its sources, and what was left out with the reason.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::certificate::{Certificate, TrustedCertificate, pem_length, write_pem};
use crate::findings::Finding;
use crate::findings::rules::certificate::{Judgement, judge};
use crate::findings::rules::file::File;
use crate::findings::rules::store as rules;
use crate::inspect;
use crate::pem::plain;
use crate::public_roots::is_public;
use crate::source::{Source, StoreKind};
use crate::stores::bundled;
use crate::stores::distrust::{Distrust, Statement};
use crate::stores::extra::{self, Extra, Item, PlainText};
use crate::stores::system::{self, SystemFile, SystemStore};

mod addition;
mod collection;
mod note;
mod order;

use collection::{Collection, Entry};
use note::{Note, Reason};

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
    reason: Reason,
}

impl Excluded {
    /// Why, for people.
    pub fn reason(&self) -> String {
        self.reason.text(&self.certificate)
    }
}

/// The merged store.
#[derive(Debug, Default)]
pub struct Store {
    /// The anchors and intermediates, in the order that serves every leaf.
    pub certificates: Vec<Arc<Certificate>>,
    /// What was left out.
    pub excluded: Vec<Excluded>,
    /// Every file and directory that was read.
    pub files: Vec<PathBuf>,
    notes: Vec<Note>,
    judged_by: Option<inspect::Options>,
}

/// Where an anchor was read from, when the system's store alone has it and no public list ever had.
fn private_source(certificate: &Certificate) -> Option<(&Source, &Arc<PathBuf>)> {
    let from_system = |source: &Source| source.store == StoreKind::System;
    if !certificate.sources.iter().all(from_system) || is_public(certificate.sha256()) {
        return None;
    }
    // A file of its own tells more than the bundle that was made of it.
    let mut places = certificate.sources.iter().rev();
    places.find_map(|source| source.path.as_ref().map(|path| (source, path)))
}

impl Store {
    /// What is wrong, and what is worth knowing.
    pub fn findings(&self) -> Vec<Finding> {
        let Some(options) = &self.judged_by else {
            return Vec::new();
        };
        let mut findings: Vec<Finding> = self
            .notes
            .iter()
            .flat_map(|note| note.findings(options))
            .collect();
        findings.extend(self.private_anchors(options));
        findings
    }

    /// What is wrong with the anchors that somebody added to the system's store, file by file: weak keys, purposes that exclude
    /// servers, dates. Public roots are their programs' business, and files that were named are judged where they are read.
    fn private_anchors(&self, options: &inspect::Options) -> Vec<Finding> {
        let mut files: Vec<(Arc<PathBuf>, Vec<Certificate>)> = Vec::new();
        let mut indexes: HashMap<&Arc<PathBuf>, usize> = HashMap::new();
        for certificate in &self.certificates {
            let Some((source, path)) = private_source(certificate) else {
                continue;
            };
            let member = certificate.with_source(source.clone());
            let next = files.len();
            match files.get_mut(*indexes.entry(path).or_insert(next)) {
                Some((_, members)) => members.push(member),
                None => files.push((Arc::clone(path), vec![member])),
            }
        }
        if files.is_empty() {
            return Vec::new();
        }
        let subjects: HashSet<&[u8]> = self
            .certificates
            .iter()
            .map(|certificate| certificate.subject_der())
            .collect();
        files
            .iter()
            .flat_map(|(path, members)| {
                let judgement = Judgement {
                    file: File::at(path, options.runtime),
                    node: options.node,
                    now: options.now,
                    min_days_left: options.min_days_left,
                };
                let members: Vec<&Certificate> = members.iter().collect();
                judge(
                    &members,
                    |_| false,
                    |subject| subjects.contains(subject),
                    &judgement,
                )
            })
            .collect()
    }

    /// All certificates as one PEM text.
    pub fn to_pem(&self) -> String {
        let lengths = self
            .certificates
            .iter()
            .map(|certificate| pem_length(certificate.der()));
        let mut text = String::with_capacity(lengths.sum());
        for certificate in &self.certificates {
            write_pem(certificate.der(), &mut text);
        }
        text
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
pub fn merge(sources: &Sources, node_roots: Option<&str>) -> Store {
    let Sources {
        options,
        distrust,
        system,
        extra,
    } = sources;
    let mut distrust = distrust.clone();
    let mut notes: Vec<Note> = system.findings.iter().cloned().map(Note::Finding).collect();
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
        system_file(&mut collection, file, &mut distrust, options, &mut notes);
    }
    for der in &system.certificates {
        collection.der(der, source(StoreKind::System), true);
    }
    notes.extend(extra.findings.iter().cloned().map(Note::Finding));
    for item in &extra.items {
        match item {
            Item::Certificate(certificate) => collection.certificate(certificate),
            Item::Plain(text) => {
                plain_text(&mut collection, text, options);
                notes.push(Note::Inspect(Arc::clone(text)));
            }
        }
    }
    if let Some(system_options) = &options.system
        && !collection.has(StoreKind::System)
    {
        notes.push(Note::Finding(rules::no_system_store(
            system_options,
            &system.release,
        )));
    }

    let mut files = std::mem::take(&mut distrust.visited);
    files.extend_from_slice(&system.visited);
    files.extend_from_slice(&extra.visited);
    let mut seen = HashSet::with_capacity_and_hasher(files.len(), RandomState::default());
    files.retain(|path| seen.insert(path.as_os_str().to_owned()));
    Store {
        files,
        ..decide(collection, &distrust, options, notes)
    }
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
        if !extra.visited.contains(path) {
            extra.file_or_directory(path, &options.inspect);
        }
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
    notes: &mut Vec<Note>,
) {
    let source = |line| Source {
        store: StoreKind::System,
        path: Some(Arc::clone(&file.path)),
        line,
    };
    let named = !file.in_directory;
    let plainly_read = plain::blocks(&file.bytes).is_some_and(|blocks| {
        blocks.iter().all(|block| match block.label {
            b"CERTIFICATE" | b"X509 CERTIFICATE" => {
                collection.body(block.body, source(Some(block.line)), named)
            }
            b"TRUSTED CERTIFICATE" => {
                let Some(trusted) = plain::decode(block.body, &mut Vec::new()).and_then(|data| {
                    TrustedCertificate::decode(&data, options.inspect.node.openssl()).ok()
                }) else {
                    return false;
                };
                if trusted.rejects_servers() && options.distrust_root.is_some() {
                    let statement = Statement {
                        path: Arc::clone(&file.path),
                        line: Some(block.line),
                    };
                    distrust.certificate(&trusted.certificate, statement);
                }
                if trusted.trusts_servers() {
                    collection.der(trusted.certificate.der(), source(Some(block.line)), named);
                }
                true
            }
            // Node decodes the base64 of every block, and stops where it cannot.
            _ => plain::decode(block.body, &mut Vec::new()).is_some(),
        })
    });
    if plainly_read {
        return;
    }
    let report = inspect::inspect(inspect::Input::Bytes(&file.bytes), &options.inspect);
    let (loaded, found) = (report.loaded_by_node.len(), report.found.len());
    if report.format == inspect::Format::Pem {
        for certificate in &report.found {
            let line = certificate.sources.first().and_then(|source| source.line);
            collection.der(certificate.der(), source(line), named);
        }
        if loaded < found {
            notes.push(Note::Damaged {
                path: Arc::clone(&file.path),
                loaded,
                found,
            });
        }
    } else if found > 0 {
        notes.push(Note::NotPem {
            path: Arc::clone(&file.path),
            format: report.format,
            found,
        });
    }
}

/// Takes the certificates of a plain text; where one is none, what inspecting the text finds.
fn plain_text<'a>(collection: &mut Collection<'a>, text: &'a PlainText, options: &Options) {
    let blocks = plain::blocks(&text.bytes).unwrap_or_default();
    let all_taken = blocks.iter().all(|block| {
        let source = Source {
            store: text.store(),
            path: text.path.clone(),
            line: Some(block.line),
        };
        collection.certificate_body(block.body, &source)
    });
    if !all_taken {
        for certificate in text.inspect(&options.inspect).found {
            match text.store() {
                StoreKind::Inline => collection.certificate(&extra::inline(&certificate)),
                _ => collection.certificate(&certificate),
            }
        }
    }
}

/// Decides about every certificate, and puts those that stay in order.
fn decide(
    collection: Collection<'_>,
    distrust: &Distrust,
    options: &Options,
    mut notes: Vec<Note>,
) -> Store {
    let now = options.inspect.now;
    let mut kept = Vec::with_capacity(collection.len());
    let mut excluded = Vec::new();
    let mut removed_by_mozilla = Vec::new();
    let with_node = collection.has(StoreKind::Node);
    for entry in collection.into_entries() {
        if let Some(reason) = reason_to_leave_out(&entry, distrust, now) {
            // What a person named was inspected, and said to be expired or a leaf by that.
            let inspected = entry.is_from(StoreKind::Extra) || entry.is_from(StoreKind::Inline);
            if !inspected || matches!(reason, Reason::Distrusted(_)) {
                notes.push(Note::LeftOut {
                    certificate: Arc::clone(&entry.certificate),
                    reason: reason.clone(),
                });
            }
            excluded.push(Excluded {
                certificate: entry.certificate,
                reason,
            });
            continue;
        }
        if with_node
            && options.mozilla
            && entry.is_from(StoreKind::Node)
            && !entry.is_from(StoreKind::Mozilla)
        {
            removed_by_mozilla.push(Arc::clone(&entry.certificate));
        }
        kept.push(entry.certificate);
    }
    if !removed_by_mozilla.is_empty() {
        notes.push(Note::RemovedByMozilla(removed_by_mozilla));
    }
    for constrained in bundled::constrained() {
        if let Some(certificate) = kept
            .iter()
            .find(|certificate| constrained.fits(certificate))
        {
            notes.push(Note::NameConstraint {
                certificate: Arc::clone(certificate),
                constrained,
            });
        }
    }
    let certificates = order::arrange(kept, now, &mut notes);
    if certificates.is_empty() {
        notes.push(Note::NoAnchors);
    }
    Store {
        certificates,
        excluded,
        files: Vec::new(),
        notes,
        judged_by: Some(options.inspect.clone()),
    }
}

/// Why a certificate does not stay.
fn reason_to_leave_out(entry: &Entry, distrust: &Distrust, now: i64) -> Option<Reason> {
    let certificate = &entry.certificate;
    if !entry.readable {
        return Some(Reason::NotParsable);
    }
    if let Some(statement) = distrust.statement(certificate) {
        return Some(Reason::Distrusted(statement.clone()));
    }
    if certificate.is_expired(now) {
        return Some(Reason::Expired);
    }
    if certificate.can_issue() {
        return None;
    }
    if !certificate.is_self_signed() {
        return Some(Reason::CannotAnchor);
    }
    entry
        .only_in_system_directory
        .then_some(Reason::ServerCertificate)
}

#[cfg(test)]
mod tests;
