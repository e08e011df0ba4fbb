//! `NODE_EXTRA_CA_CERTS` and the files and directories named beside it: everything that inspecting them finds.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::system::regular_files;
use crate::certificate::Certificate;
use crate::findings::Finding;
use crate::inspect::{self, Format};
use crate::source::StoreKind;

/// What was read.
#[derive(Debug, Default)]
pub struct Extra {
    /// The certificates with their sources, in the order of the files.
    pub certificates: Vec<Arc<Certificate>>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Every file and directory that was read.
    pub visited: Vec<PathBuf>,
}

impl Extra {
    /// Reads a file as `NODE_EXTRA_CA_CERTS` names it.
    pub fn file(&mut self, path: &Path, options: &inspect::Options) {
        self.visited.push(path.to_path_buf());
        let report = inspect::inspect(inspect::Input::Path(path), options);
        self.certificates.extend(report.found);
        self.findings.extend(report.findings);
    }

    /// Reads a file that nobody named: one without a trace of a certificate, such as a README, is passed over.
    fn entry(&mut self, path: &Path, options: &inspect::Options) {
        self.visited.push(path.to_path_buf());
        let report = inspect::inspect(inspect::Input::Path(path), options);
        let other = matches!(report.format, Format::Unknown | Format::Empty);
        if !report.found.is_empty() || !other {
            self.findings.extend(report.findings);
        }
        self.certificates.extend(report.found);
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
        let report = inspect::inspect(inspect::Input::Bytes(bytes), options);
        for certificate in report.found {
            let mut certificate = Certificate::clone(&certificate);
            for source in &mut certificate.sources {
                source.store = StoreKind::Inline;
            }
            self.certificates.push(Arc::new(certificate));
        }
        self.findings.extend(report.findings);
    }
}
