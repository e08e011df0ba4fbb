//! Provenance: which store, which file and which line a certificate came from.

use std::path::PathBuf;
use std::sync::Arc;

/// The store a certificate came from, in Node's words where Node has them
/// (`tls.getCACertificates(type)`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreKind {
    /// The list compiled into this Node (`tls.rootCertificates`).
    Node,
    /// Mozilla's list, compiled into this package.
    Mozilla,
    /// What the operating system trusts.
    System,
    /// `NODE_EXTRA_CA_CERTS` and the files and directories named beside it.
    Extra,
    /// Certificates given inline, as Node's `ca` option.
    Inline,
}

impl StoreKind {
    /// The name the public API uses: `bundled` for both bundled lists is told apart as `node` and `mozilla`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Mozilla => "mozilla",
            Self::System => "system",
            Self::Extra => "extra",
            Self::Inline => "ca",
        }
    }
}

/// Where one copy of a certificate was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Source {
    /// The store.
    pub store: StoreKind,
    /// The file, when the store is made of files.
    pub path: Option<Arc<PathBuf>>,
    /// The line of the file where the block begins, counted from 1; `None` for a binary file.
    pub line: Option<u32>,
}
