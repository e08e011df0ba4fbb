//! What a CA file holds, what Node loads from it, what is lost, and the repaired file.

mod blocks;
mod diagnosis;
mod known;
mod place;
mod summary;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::certificate::{Certificate, Fingerprint};
use crate::der::OpensslVersion;
use crate::findings::Finding;
use crate::findings::rules::certificate::{self, Judgement, Role};
use crate::findings::rules::file::{self as rules, File};
use crate::node::NodeVersion;
use crate::pem::{Position, bun, deno};
use crate::runtime::Runtime;
use crate::source::Source;
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
    /// What reads the file: what the report says of Node is said of that.
    pub runtime: Runtime,
    /// The Node whose reading is asked for; of another runtime, the Node whose OpenSSL tells what else is in the file.
    pub node: NodeVersion,
    /// The time to judge dates by, in seconds since 1970.
    pub now: i64,
    /// A certificate that expires within this many days is a finding.
    pub min_days_left: u32,
    /// The password of a PKCS#12 file; without one the empty password is tried.
    pub password: Option<String>,
    /// The certificates that Node has without the file; `None` for Mozilla's list as compiled in.
    pub bundled: Option<Arc<HashSet<Fingerprint>>>,
}

impl Options {
    /// The OpenSSL that says what is a certificate. Whatever Node they say they are: BoringSSL is as strict as the latest, and rustls looks at less of an
    /// anchor than the most lenient.
    fn openssl(&self) -> OpensslVersion {
        match self.runtime {
            Runtime::Node | Runtime::Electron => self.node.openssl(),
            Runtime::Bun => OpensslVersion::V3_5,
            Runtime::Deno => OpensslVersion::V3_0,
        }
    }
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
    /// A named pipe or a socket.
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
    /// Exactly what Node adds from it, in order; a certificate that is in the file twice is loaded twice. Each has the one
    /// place that Node loads it from.
    pub loaded_by_node: Vec<Arc<Certificate>>,
    /// What Node prints about it; `None` when it says nothing.
    pub node_warning: Option<String>,
    /// Everything that is really in there, each certificate once with all its places. Not among it: what is commented out, and
    /// `TRUSTED CERTIFICATE` blocks whose settings keep servers from being trusted.
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
    let path = match input {
        Input::Bytes(bytes) => return inspect_bytes(None, bytes, options, &Reading::default()),
        Input::Path(path) => path,
    };
    match file::read(path) {
        Ok(Content::Bytes {
            bytes,
            truncated,
            changed,
            error,
        }) => {
            let reading = Reading {
                truncated,
                changed,
                error,
            };
            inspect_bytes(Some(path), &bytes, options, &reading)
        }
        Ok(content) => place::report(path, &content, options.runtime),
        Err(error) => place::unreadable(path, &error, options.runtime),
    }
}

/// Inspects what was read from a file.
pub(crate) fn inspect_content(path: &Path, bytes: &[u8], options: &Options) -> CaFileReport {
    inspect_bytes(Some(path), bytes, options, &Reading::default())
}

/// How the bytes were come by.
#[derive(Debug, Default)]
struct Reading {
    truncated: bool,
    changed: bool,
    error: Option<std::io::Error>,
}

fn inspect_bytes(
    path: Option<&Path>,
    bytes: &[u8],
    options: &Options,
    reading: &Reading,
) -> CaFileReport {
    let contents = blocks::take_apart(path, bytes, options, reading.truncated);
    let found: Vec<&Certificate> = contents.found.iter().collect();
    let usable: Vec<bool> = found
        .iter()
        .map(|certificate| {
            certificate::role(certificate) != Role::Leaf
                && match options.runtime {
                    Runtime::Bun => bun::is_accepted(certificate.der()),
                    Runtime::Deno => deno::is_accepted(certificate.der()),
                    Runtime::Node | Runtime::Electron => true,
                }
        })
        .collect();
    let mut is_loaded = vec![false; found.len()];
    for (index, _) in &contents.loaded {
        if let Some(loaded) = is_loaded.get_mut(*index) {
            *loaded = true;
        }
    }
    let differs = usable
        .iter()
        .zip(&is_loaded)
        .any(|(usable, loaded)| *usable && !loaded);
    let repaired = differs.then(|| {
        let usable = found
            .iter()
            .zip(&usable)
            .filter_map(|(certificate, usable)| usable.then_some(*certificate));
        text::clean_pem(usable)
    });

    let file = File {
        path,
        runtime: options.runtime,
        repairable: repaired.is_some(),
        is_binary: contents.entries.iter().any(|entry| entry.binary.is_some()),
    };
    let mut findings = Vec::new();
    if reading.truncated {
        findings.push(rules::too_large(&file, file::READ_LIMIT));
    }
    if contents.is_cut {
        findings.push(rules::too_many_blocks(&file));
    }
    if reading.changed {
        findings.push(rules::changed(&file));
    }
    if let Some(error) = &reading.error {
        findings.push(rules::cut_off(&file, error));
    }
    let format = contents.describe(&file, bytes, &mut findings);
    let judgement = Judgement {
        file,
        node: options.node,
        now: options.now,
        min_days_left: options.min_days_left,
    };
    let is_bundled = |certificate: &Certificate| match &options.bundled {
        Some(bundled) => bundled.contains(certificate.sha256()),
        None => known::is_bundled(certificate),
    };
    findings.extend(certificate::judge(
        &found,
        is_bundled,
        known::is_bundled_subject,
        &judgement,
    ));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.rule.severity));

    let found: Vec<Arc<Certificate>> = contents.found.into_iter().map(Arc::new).collect();
    CaFileReport {
        path: path.map(Path::to_path_buf),
        format,
        loaded_by_node: contents
            .loaded
            .iter()
            .filter_map(|(index, line)| found.get(*index).map(|found| at_line(found, *line)))
            .collect(),
        node_warning: contents.warning,
        found,
        blocks: contents.blocks,
        findings,
        repaired,
    }
}

/// A certificate with this one of its places.
fn at_line(certificate: &Arc<Certificate>, line: u32) -> Arc<Certificate> {
    match certificate.sources.as_slice() {
        [first, _, ..] => Arc::new(certificate.with_source(Source {
            line: Some(line),
            ..first.clone()
        })),
        _ => Arc::clone(certificate),
    }
}
