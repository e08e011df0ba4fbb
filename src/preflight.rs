//! `preflight`.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::PathBuf;

use napi::bindgen_prelude::{AbortSignal, AsyncTask};
use napi_derive::napi;
use trust_anchors_core::env::{Build, Credentials, EnvFile, Facts, Platform};
use trust_anchors_core::inspect;
use trust_anchors_core::node::NodeVersion;
use trust_anchors_core::preflight::{self, Stores};
use trust_anchors_core::runtime::Runtime;
use trust_anchors_core::store::{self, Sources};
use trust_anchors_core::stores::system;

use crate::convert::Finding;
use crate::error::{Code, Error, Result, guarded};
use crate::task::{Guarded, spawn};

/// One `NAME=value` of an env file.
#[napi(object, object_to_js = false)]
pub struct PreflightVariable {
    /// The name.
    pub name: String,
    /// The value, parsed as Node parses it.
    pub value: String,
    /// The line, from 1.
    pub line: Option<u32>,
}

/// An env file with its parsed content.
#[napi(object, object_to_js = false)]
pub struct PreflightEnvFile {
    /// The file.
    pub path: String,
    /// Its variables.
    pub variables: Vec<PreflightVariable>,
}

impl From<PreflightEnvFile> for EnvFile {
    fn from(file: PreflightEnvFile) -> Self {
        Self {
            path: file.path.into(),
            variables: file
                .variables
                .into_iter()
                .map(|variable| (variable.name, (variable.value, variable.line)))
                .collect(),
        }
    }
}

/// What the process is, and how to judge it; `lib/preflight.js` gathers it.
#[napi(object, object_to_js = false)]
pub struct PreflightFacts {
    /// `process.env`.
    pub env: HashMap<String, String>,
    /// The variables the process was started with, where they are known.
    pub env_at_start: Option<HashMap<String, String>>,
    /// `process.execArgv`.
    pub exec_argv: Vec<String>,
    /// What `--env-file` names.
    pub env_files: Vec<PreflightEnvFile>,
    /// The `.env` of the working directory.
    pub dotenv: Option<PreflightEnvFile>,
    /// `24` or `24.11.0`.
    pub node: String,
    /// `node`, `bun`, `deno` or `electron`.
    pub runtime: String,
    /// `process.platform`.
    pub platform: String,
    /// Whether Node is built to use OpenSSL's own locations.
    pub openssl_store: bool,
    /// Whether Node is linked with the system's OpenSSL.
    pub shared_openssl: bool,
    /// The working directory.
    pub cwd: String,
    /// The working directory at start, where it is known.
    pub cwd_at_start: Option<String>,
    /// The home directory.
    pub home: Option<String>,
    /// Whether the process that is judged is this one, with its credentials.
    pub this_process: bool,
    /// `process.getuid() !== process.geteuid()`.
    pub user_differs: bool,
    /// `process.getgid() !== process.getegid()`.
    pub group_differs: bool,
    /// Seconds since 1970.
    pub now: i64,
    /// A certificate that expires within this many days is a finding.
    pub min_days_left: u32,
}

/// What the process trusts of one store.
#[napi(object, object_from_js = false)]
pub struct PreflightStore {
    /// Whether the process trusts it.
    pub trusted: bool,
    /// How many certificates it has.
    pub certificates: Option<u32>,
    /// The file, of the extra store.
    pub path: Option<String>,
    /// Why it is trusted or not.
    pub reason: String,
}

impl From<preflight::StoreState> for PreflightStore {
    fn from(state: preflight::StoreState) -> Self {
        Self {
            trusted: state.trusted,
            certificates: state
                .certificates
                .map(|count| u32::try_from(count).unwrap_or(u32::MAX)),
            path: state.path.map(|path| path.display().to_string()),
            reason: state.reason,
        }
    }
}

/// What the process trusts.
#[napi(object, object_from_js = false)]
pub struct PreflightTrust {
    /// The list compiled into Node.
    pub bundled: PreflightStore,
    /// The system's store.
    pub system: PreflightStore,
    /// `NODE_EXTRA_CA_CERTS`.
    pub extra: PreflightStore,
    /// Whether certificates are verified by default.
    pub verifies: bool,
}

/// What is wrong with the trust of a process.
#[napi(object, object_from_js = false)]
pub struct PreflightReport {
    /// What the process trusts.
    pub trust: PreflightTrust,
    /// What is wrong, gravest first.
    pub findings: Vec<Finding>,
}

/// What the process is, in the core's types.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) facts: Facts,
    pub(crate) inspect: inspect::Options,
}

impl TryFrom<PreflightFacts> for Facts {
    type Error = Error;

    fn try_from(given: PreflightFacts) -> Result<Self> {
        let invalid = |what: &str, value: &str| {
            Error::new(Code::InvalidArgument, format!("not a {what}: {value}"))
        };
        let node =
            NodeVersion::parse(&given.node).ok_or_else(|| invalid("Node version", &given.node))?;
        let runtime =
            Runtime::parse(&given.runtime).ok_or_else(|| invalid("runtime", &given.runtime))?;
        let mut credentials = if given.this_process {
            process_credentials()
        } else {
            Credentials::default()
        };
        credentials.user_differs = given.user_differs;
        credentials.group_differs = given.group_differs;
        let sorted = |map: HashMap<String, String>| map.into_iter().collect::<BTreeMap<_, _>>();
        Ok(Self {
            variables: sorted(given.env),
            variables_at_start: given.env_at_start.map(sorted),
            exec_argv: given.exec_argv,
            env_files: given.env_files.into_iter().map(EnvFile::from).collect(),
            dotenv: given.dotenv.map(EnvFile::from),
            node,
            build: Build {
                openssl_store: given.openssl_store,
                shared_openssl: given.shared_openssl,
            },
            runtime,
            platform: Platform::parse(&given.platform),
            cwd: given.cwd.into(),
            cwd_at_start: given.cwd_at_start.map(PathBuf::from),
            home: given.home.map(PathBuf::from),
            credentials,
        })
    }
}

impl TryFrom<PreflightFacts> for Request {
    type Error = Error;

    fn try_from(given: PreflightFacts) -> Result<Self> {
        let (now, min_days_left) = (given.now, given.min_days_left);
        let facts = Facts::try_from(given)?;
        let inspect = inspect::Options {
            runtime: facts.runtime,
            node: facts.node,
            now,
            min_days_left,
            password: None,
            bundled: None,
        };
        Ok(Self { facts, inspect })
    }
}

/// What the kernel says about the rights of this process.
#[cfg(target_os = "linux")]
fn process_credentials() -> Credentials {
    #[expect(
        unsafe_code,
        reason = "getauxval only reads the vector that the kernel gave the process, and takes any key"
    )]
    // SAFETY: the call has no preconditions.
    let at_secure = unsafe { libc::getauxval(libc::AT_SECURE) } != 0;
    if !at_secure {
        return Credentials::default();
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let capabilities = |field: &str| {
        status
            .lines()
            .find_map(|line| line.strip_prefix(field))
            .and_then(|value| u64::from_str_radix(value.trim(), 16).ok())
            .unwrap_or_default()
    };
    Credentials {
        at_secure,
        effective_capabilities: capabilities("CapEff:"),
        permitted_capabilities: capabilities("CapPrm:"),
        ..Credentials::default()
    }
}

#[cfg(not(target_os = "linux"))]
fn process_credentials() -> Credentials {
    Credentials::default()
}

/// Reads what the judgement needs of the machine's stores.
fn read_stores(facts: &Facts, inspect: &inspect::Options) -> Sources {
    let location = |name: &str| facts.now(name).map(OsString::from);
    store::load(store::Options {
        mozilla: true,
        system: Some(system::Options {
            root: "/".into(),
            certificate_file: location("SSL_CERT_FILE"),
            certificate_directory: location("SSL_CERT_DIR"),
        }),
        distrust_root: None,
        extra_from_environment: None,
        extra: Vec::new(),
        inline: Vec::new(),
        inspect: inspect.clone(),
    })
}

fn judge(
    facts: &Facts,
    inspect: &inspect::Options,
    sources: &Sources,
    node_roots: Option<&str>,
) -> PreflightReport {
    let merged = store::merge(sources, node_roots);
    let report = preflight::preflight(
        facts,
        Stores {
            merged: &merged,
            has_node_list: node_roots.is_some(),
        },
        &preflight::Options {
            now: inspect.now,
            min_days_left: inspect.min_days_left,
        },
    );
    PreflightReport {
        trust: PreflightTrust {
            bundled: report.trust.bundled.into(),
            system: report.trust.system.into(),
            extra: report.trust.extra.into(),
            verifies: report.trust.verifies,
        },
        findings: report.findings.iter().map(Finding::from).collect(),
    }
}

/// A judgement that has begun: the stores are read, Node's own list is not known yet.
#[napi]
pub struct NativePreflight {
    request: Request,
    sources: Sources,
}

#[napi]
impl NativePreflight {
    /// Judges. `node_roots`: `tls.rootCertificates` of the Node that is judged, joined by newlines, where they are known.
    #[napi(catch_unwind)]
    pub fn finish(&self, node_roots: Option<String>) -> Result<PreflightReport> {
        let Request { facts, inspect } = &self.request;
        guarded(|| Ok(judge(facts, inspect, &self.sources, node_roots.as_deref())))
    }
}

/// Begins to judge a process: reads the stores. From Node 22 on, loading `tls` starts a thread that parses Node's own list, and what is
/// read after that waits for a processor; so the stores come first.
#[napi(catch_unwind)]
pub fn preflight_start(facts: PreflightFacts) -> Result<NativePreflight> {
    guarded(|| {
        let request: Request = facts.try_into()?;
        let sources = read_stores(&request.facts, &request.inspect);
        Ok(NativePreflight { request, sources })
    })
}

/// Judges a process on libuv's thread pool.
#[napi(catch_unwind, ts_return_type = "Promise<PreflightReport>")]
pub fn preflight(
    facts: PreflightFacts,
    node_roots: Option<String>,
    signal: Option<AbortSignal>,
) -> AsyncTask<Guarded<PreflightReport>> {
    let request: Result<Request> = facts.try_into();
    spawn(signal, move || {
        let Request { facts, inspect } = request?;
        let sources = read_stores(&facts, &inspect);
        Ok(judge(&facts, &inspect, &sources, node_roots.as_deref()))
    })
}
