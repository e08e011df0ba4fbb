//! `inspectCaFile`.

use std::collections::HashMap;
use std::path::PathBuf;

use napi::bindgen_prelude::{AbortSignal, AsyncTask, Either, Uint8Array};
use napi_derive::napi;
use trust_anchors_core::{certificate, inspect};

use crate::convert::{Certificate, Finding, node_version, runtime};
use crate::error::{Error, Result, guarded};
use crate::task::{Guarded, spawn};

/// How to inspect; the JavaScript facade fills in every field.
#[napi(object, object_to_js = false)]
pub struct InspectOptions {
    /// `node`, `bun`, `deno` or `electron`.
    pub runtime: String,
    /// `24` or `24.11.0`.
    pub node: String,
    /// Seconds since 1970.
    pub now: i64,
    /// A certificate that expires within this many days is a finding.
    pub min_days_left: u32,
    /// For PKCS#12.
    pub password: Option<String>,
}

impl TryFrom<InspectOptions> for inspect::Options {
    type Error = Error;

    fn try_from(options: InspectOptions) -> Result<Self> {
        let node = node_version(&options.node)?;
        Ok(Self {
            runtime: runtime(&options.runtime)?,
            node,
            now: options.now,
            min_days_left: options.min_days_left,
            password: options.password,
            bundled: None,
        })
    }
}

/// A block of the file.
#[napi(object, object_from_js = false)]
pub struct CaFileBlock {
    /// The label between the dashes, or what the bytes are.
    pub label: String,
    /// The line of its BEGIN, from 1.
    pub line: Option<u32>,
    /// The line of its END.
    pub end_line: Option<u32>,
    /// Its first byte in the file.
    pub start: Option<u32>,
    /// The byte after its last.
    pub end: Option<u32>,
    /// What Node does with it.
    #[napi(ts_type = "'loaded' | 'skipped' | 'stopped' | 'lost'")]
    pub fate: &'static str,
    /// The certificates in it, as indexes of `found`.
    pub certificates: Vec<u32>,
}

/// A certificate that Node loads.
#[napi(object, object_from_js = false)]
pub struct LoadedCertificate {
    /// Its index in `found`.
    pub index: u32,
    /// The line of the block it is loaded from.
    pub line: Option<u32>,
}

/// What a CA file holds, and what Node makes of it.
#[napi(object, object_from_js = false)]
pub struct CaFileReport {
    /// The file.
    pub path: Option<String>,
    /// What kind of file it is.
    pub format: &'static str,
    /// Exactly what Node adds from it, in order.
    pub loaded_by_node: Vec<LoadedCertificate>,
    /// What Node prints about it.
    pub node_warning: Option<String>,
    /// Everything that is really in there.
    pub found: Vec<Certificate>,
    /// Every block, in the order of the file.
    pub blocks: Vec<CaFileBlock>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Clean PEM of `found`, when it differs from what Node loads.
    pub repaired: Option<String>,
}

impl From<&inspect::CaFileReport> for CaFileReport {
    fn from(report: &inspect::CaFileReport) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let indexes: HashMap<&certificate::Fingerprint, usize> = report
            .found
            .iter()
            .enumerate()
            .map(|(index, certificate)| (certificate.sha256(), index))
            .collect();
        Self {
            path: report.path.as_ref().map(|path| path.display().to_string()),
            format: report.format.as_str(),
            loaded_by_node: report
                .loaded_by_node
                .iter()
                .filter_map(|certificate| {
                    let index = indexes.get(certificate.sha256())?;
                    let source = certificate.sources.first();
                    Some(LoadedCertificate {
                        index: count(*index),
                        line: source.and_then(|source| source.line),
                    })
                })
                .collect(),
            node_warning: report.node_warning.clone(),
            found: report
                .found
                .iter()
                .map(|certificate| Certificate::from(&**certificate))
                .collect(),
            blocks: report
                .blocks
                .iter()
                .map(|block| CaFileBlock {
                    label: block.label.clone(),
                    line: block.position.as_ref().map(|position| position.line),
                    end_line: block.position.as_ref().map(|position| position.end_line),
                    start: block
                        .position
                        .as_ref()
                        .map(|position| count(position.bytes.start)),
                    end: block
                        .position
                        .as_ref()
                        .map(|position| count(position.bytes.end)),
                    fate: block.fate.as_str(),
                    certificates: block
                        .certificates
                        .iter()
                        .map(|index| count(*index))
                        .collect(),
                })
                .collect(),
            findings: report.findings.iter().map(Finding::from).collect(),
            repaired: report.repaired.clone(),
        }
    }
}

enum Input {
    Path(PathBuf),
    Bytes(Vec<u8>),
}

impl From<Either<String, Uint8Array>> for Input {
    fn from(input: Either<String, Uint8Array>) -> Self {
        match input {
            Either::A(path) => Self::Path(path.into()),
            Either::B(bytes) => Self::Bytes(bytes.to_vec()),
        }
    }
}

fn inspect(input: &Input, options: InspectOptions) -> Result<CaFileReport> {
    let options = options.try_into()?;
    let input = match input {
        Input::Path(path) => inspect::Input::Path(path),
        Input::Bytes(bytes) => inspect::Input::Bytes(bytes),
    };
    Ok(CaFileReport::from(&inspect::inspect(input, &options)))
}

/// Inspects a CA file on the calling thread.
#[napi(catch_unwind)]
pub fn inspect_ca_file_sync(
    input: Either<String, Uint8Array>,
    options: InspectOptions,
) -> Result<CaFileReport> {
    guarded(|| inspect(&input.into(), options))
}

/// Inspects a CA file on libuv's thread pool.
#[napi(catch_unwind, ts_return_type = "Promise<CaFileReport>")]
pub fn inspect_ca_file(
    input: Either<String, Uint8Array>,
    options: InspectOptions,
    signal: Option<AbortSignal>,
) -> AsyncTask<Guarded<CaFileReport>> {
    let input = Input::from(input);
    spawn(signal, move || inspect(&input, options))
}
