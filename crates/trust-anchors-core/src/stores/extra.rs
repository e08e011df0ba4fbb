//! `NODE_EXTRA_CA_CERTS` and the files and directories named beside it: everything that inspecting them finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::system::list;
use crate::certificate::Certificate;
use crate::findings::Finding;
use crate::inspect;
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

    /// Reads a file, or the regular files of a directory in the order of their names.
    pub fn file_or_directory(&mut self, path: &Path, options: &inspect::Options) {
        if !path.is_dir() {
            return self.file(path, options);
        }
        self.visited.push(path.to_path_buf());
        let Ok((names, complete)) = list(path) else {
            return self.file(path, options);
        };
        if !complete {
            self.findings
                .push(crate::findings::rules::store::directory_limit(
                    path,
                    &format!(
                        "holds more than {} entries",
                        super::system::DIRECTORY_ENTRY_LIMIT
                    ),
                ));
        }
        for name in names {
            let path = path.join(name);
            if std::fs::metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
                self.file(&path, options);
            }
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
