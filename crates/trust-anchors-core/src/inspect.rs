//! What a CA file holds, what Node loads from it, what is lost, and the repaired file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::findings::Finding;
use crate::node::NodeVersion;
use crate::pem::{Position, node};
use crate::source::{Source, StoreKind};
use crate::stores::file::{self, Content};

/// What to inspect.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// A file, as `NODE_EXTRA_CA_CERTS` names it.
    Path(&'a Path),
    /// Bytes that a file would hold.
    Bytes(&'a [u8]),
}

/// How to inspect.
#[derive(Debug, Clone)]
pub struct Options {
    /// The Node whose reading is asked for.
    pub node: NodeVersion,
    /// The time to judge dates by, in seconds since 1970.
    pub now: i64,
    /// A certificate that expires within this many days is a finding.
    pub min_days_left: u32,
    /// The password of a PKCS#12 file; without one the empty password is tried.
    pub password: Option<String>,
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PEM blocks, faulty ones included.
    Pem,
    /// One or more certificates in DER.
    Der,
    /// PKCS#7, PEM or DER.
    Pkcs7,
    /// PKCS#12.
    Pkcs12,
    /// A directory.
    Directory,
    /// A pipe or socket.
    Pipe,
    /// A device.
    Device,
    /// Nothing, or blanks alone.
    Empty,
    /// No file: it does not exist or cannot be read.
    Unreadable,
    /// Something else.
    Unknown,
}

impl Format {
    /// The word the public API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pem => "pem",
            Self::Der => "der",
            Self::Pkcs7 => "pkcs7",
            Self::Pkcs12 => "pkcs12",
            Self::Directory => "directory",
            Self::Pipe => "pipe",
            Self::Device => "device",
            Self::Empty => "empty",
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown",
        }
    }
}

/// What Node does with a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Node loads it.
    Loaded,
    /// Node steps over it: its label is not a certificate's.
    Skipped,
    /// Node stops reading here.
    Stopped,
    /// Node never gets here, or does not see it as a block.
    Lost,
}

impl Fate {
    /// The word the public API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Skipped => "skipped",
            Self::Stopped => "stopped",
            Self::Lost => "lost",
        }
    }
}

/// A block of the file.
#[derive(Debug, Clone)]
pub struct Block {
    /// The label between the dashes, or what the bytes are (`DER certificate`).
    pub label: String,
    /// Where it is; `None` when the file has no lines.
    pub position: Option<Position>,
    /// What Node does with it.
    pub fate: Fate,
    /// The certificates in it, as indexes of `found`.
    pub certificates: Vec<usize>,
}

/// The whole answer.
#[derive(Debug)]
pub struct CaFileReport {
    /// The file.
    pub path: Option<PathBuf>,
    /// What kind of file it is.
    pub format: Format,
    /// Exactly what Node adds from it, in order.
    pub loaded_by_node: Vec<Arc<Certificate>>,
    /// What Node prints about it; `None` when it says nothing.
    pub node_warning: Option<String>,
    /// Everything that is really in there.
    pub found: Vec<Arc<Certificate>>,
    /// Every block, in the order of the file.
    pub blocks: Vec<Block>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Clean PEM of `found`, when it differs from what Node loads.
    pub repaired: Option<String>,
}

/// Inspects a file. Always answers: whatever is wrong with the file is a finding.
pub fn inspect(input: Input<'_>, options: &Options) -> CaFileReport {
    let (path, bytes) = match input {
        Input::Bytes(bytes) => (None, bytes.to_vec()),
        Input::Path(path) => match file::read(path) {
            Ok(Content::Bytes { bytes, .. }) => (Some(path), bytes),
            Ok(_) | Err(_) => (Some(path), Vec::new()),
        },
    };
    let reading = node::read(&bytes, options.node.openssl());
    let shared_path = path.map(|path| Arc::new(path.to_path_buf()));
    let loaded: Vec<Arc<Certificate>> = reading
        .certificates
        .iter()
        .map(|(certificate, position)| {
            let mut certificate = certificate.clone();
            certificate.sources.push(Source {
                store: StoreKind::Extra,
                path: shared_path.clone(),
                line: Some(position.line),
            });
            Arc::new(certificate)
        })
        .collect();
    let node_warning = match reading.end {
        node::End::Warning(error) => Some(format!(
            "Warning: Ignoring extra certs from `{}`, load failed: {}",
            path.map(|path| path.display().to_string())
                .unwrap_or_default(),
            error.openssl_text(options.node)
        )),
        _ => None,
    };
    CaFileReport {
        path: path.map(Path::to_path_buf),
        format: Format::Pem,
        found: loaded.clone(),
        loaded_by_node: loaded,
        node_warning,
        blocks: Vec::new(),
        findings: Vec::new(),
        repaired: None,
    }
}
