//! `NODE_EXTRA_CA_CERTS` and the files and directories named beside it: everything that inspecting them finds.

use std::collections::HashSet;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::system::{DIRECTORY_FILE_LIMIT, read_known, regular_files};
use crate::certificate::Certificate;
use crate::findings::Finding;
use crate::inspect::{self, CaFileReport, Format};
use crate::pem::plain;
use crate::source::StoreKind;

/// What was read.
#[derive(Debug, Default)]
pub struct Extra {
    /// What was found, in the order of the files.
    pub items: Vec<Item>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Every file and directory that was read.
    pub visited: Vec<PathBuf>,
}

/// Something that was found.
#[derive(Debug)]
pub enum Item {
    /// A certificate with its sources.
    Certificate(Arc<Certificate>),
    /// A text that need not be taken apart to be known: a program that never asks what is wrong never pays for it.
    Plain(Arc<PlainText>),
}

/// Certificate blocks in plain form, in which every reading agrees.
#[derive(Debug)]
pub struct PlainText {
    /// The file.
    pub path: Option<Arc<PathBuf>>,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl PlainText {
    /// The text, if it is plain.
    fn new(path: Option<&Path>, bytes: Vec<u8>) -> Option<Self> {
        let is_certificate =
            |block: &plain::Block<'_>| matches!(block.label, b"CERTIFICATE" | b"X509 CERTIFICATE");
        let blocks = plain::blocks(&bytes)?;
        (!blocks.is_empty() && blocks.iter().all(is_certificate)).then(|| Self {
            path: path.map(|path| Arc::new(path.to_path_buf())),
            bytes,
        })
    }

    /// The store that it belongs to.
    pub fn store(&self) -> StoreKind {
        match self.path {
            Some(_) => StoreKind::Extra,
            None => StoreKind::Inline,
        }
    }

    /// What inspecting it finds.
    pub fn inspect(&self, options: &inspect::Options) -> CaFileReport {
        match &self.path {
            Some(path) => inspect::inspect_content(path, &self.bytes, options),
            None => inspect::inspect(inspect::Input::Bytes(&self.bytes), options),
        }
    }
}

impl Extra {
    /// Reads a file as `NODE_EXTRA_CA_CERTS` names it.
    pub fn file(&mut self, path: &Path, options: &inspect::Options) {
        if !self.plain(path) {
            let report = inspect::inspect(inspect::Input::Path(path), options);
            self.add(report);
        }
        self.visited.push(path.to_path_buf());
    }

    /// Reads a file that nobody named: one without a trace of a certificate, such as a README, is passed over.
    fn entry(&mut self, path: &Path, options: &inspect::Options) {
        if !self.plain(path) {
            let report = inspect::inspect(inspect::Input::Path(path), options);
            let other = matches!(report.format, Format::Unknown | Format::Empty);
            if !report.found.is_empty() || !other {
                self.add(report);
            }
        }
        self.visited.push(path.to_path_buf());
    }

    fn plain(&mut self, path: &Path) -> bool {
        let is_small =
            |metadata: &Metadata| metadata.is_file() && metadata.len() <= DIRECTORY_FILE_LIMIT;
        let text = std::fs::metadata(path)
            .ok()
            .filter(is_small)
            .and_then(|metadata| read_known(path, metadata.len(), DIRECTORY_FILE_LIMIT).ok()?)
            .and_then(|bytes| PlainText::new(Some(path), bytes));
        let is_plain = text.is_some();
        self.items
            .extend(text.map(|text| Item::Plain(Arc::new(text))));
        is_plain
    }

    fn add(&mut self, report: CaFileReport) {
        self.items
            .extend(report.found.into_iter().map(Item::Certificate));
        self.findings.extend(report.findings);
    }

    /// Reads a file, or the regular files of a directory in the order of their names.
    pub fn file_or_directory(&mut self, path: &Path, options: &inspect::Options) {
        if !path.is_dir() {
            return self.file(path, options);
        }
        let Ok(listing) = regular_files(path, &mut HashSet::new()) else {
            return self.file(path, options);
        };
        self.visited.push(path.to_path_buf());
        self.findings.extend(listing.findings);
        for (path, _) in listing.files {
            self.entry(&path, options);
        }
    }

    /// Reads what a program gives as Node's `ca` option.
    pub fn inline(&mut self, bytes: &[u8], options: &inspect::Options) {
        if let Some(text) = PlainText::new(None, bytes.to_vec()) {
            return self.items.push(Item::Plain(Arc::new(text)));
        }
        let report = inspect::inspect(inspect::Input::Bytes(bytes), options);
        self.add(CaFileReport {
            found: report.found.iter().map(|found| inline(found)).collect(),
            ..report
        });
    }
}

/// A certificate of bytes that were inspected, as one that was given inline.
pub fn inline(certificate: &Certificate) -> Arc<Certificate> {
    let mut certificate = certificate.clone();
    for source in &mut certificate.sources {
        source.store = StoreKind::Inline;
    }
    Arc::new(certificate)
}
