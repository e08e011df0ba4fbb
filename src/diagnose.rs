//! The findings of a diagnosis.

use std::sync::Arc;

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use trust_anchors_core::case::Viewpoint;
use trust_anchors_core::diagnose::{
    self, ClientOptions, Evidence, Ineffective, Observed, PassedOptions, Process,
};
use trust_anchors_core::env::Facts;

use crate::convert::{Finding, node_version};
use crate::error::{Result, guarded};
use crate::preflight::PreflightFacts;
use crate::probe::NativeProbe;
use crate::verify::{NativeTrust, NativeVerdict};

/// What this Node's own `tls.connect` came to.
#[napi(object, object_to_js = false)]
pub struct NativeObserved {
    /// Whether it connected.
    pub ok: bool,
    /// The `code` of its error.
    pub code: Option<String>,
    /// The error's message.
    pub message: Option<String>,
}

impl From<NativeObserved> for Observed {
    fn from(observed: NativeObserved) -> Self {
        Self {
            ok: observed.ok,
            code: observed.code,
            message: observed.message,
        }
    }
}

/// The process that connects.
#[napi(object, object_to_js = false)]
pub struct NativeProcess {
    /// `24` or `24.11.0`.
    pub node: String,
    /// Whether the time that is judged by is that of its clock.
    pub is_now: bool,
    /// Its settings; absent where the verdict does not ask for them.
    pub facts: Option<PreflightFacts>,
    /// The options of the program, when they are in question.
    pub options: Option<NativeClientOptions>,
}

/// The options that a program passes to its TLS client; `lib/diagnose/client-options.js` gathers them.
#[napi(object, object_to_js = false)]
pub struct NativeClientOptions {
    /// `rejectUnauthorized: false`.
    pub unverified: bool,
    /// Whether there is a `checkServerIdentity` that is not Node's.
    pub own_identity_check: bool,
    /// `servername`.
    pub servername: Option<String>,
    /// What sets the versions, as it stands in the program.
    pub versions: Vec<String>,
    /// `ciphers`.
    pub ciphers: Option<String>,
    /// `ecdhCurve`.
    pub curves: Option<String>,
    /// `sigalgs`.
    pub signature_algorithms: Option<String>,
    /// `ALPNProtocols`; empty where they are given as bytes.
    pub alpn: Option<Vec<String>>,
    /// The first message of a client with these options.
    pub hello: Option<Buffer>,
    /// What Node throws at them.
    pub refused: Option<NativeObserved>,
    /// What this Node's own handshake with them came to.
    pub observed: Option<NativeObserved>,
}

impl From<NativeClientOptions> for ClientOptions {
    fn from(given: NativeClientOptions) -> Self {
        Self {
            unverified: given.unverified,
            own_identity_check: given.own_identity_check,
            servername: given.servername,
            versions: given.versions,
            ciphers: given.ciphers,
            curves: given.curves,
            signature_algorithms: given.signature_algorithms,
            alpn: given.alpn,
            ca: None,
            hello: given.hello.map(|octets| octets.to_vec()),
            refused: given.refused.map(Observed::from),
            observed: given.observed.map(Observed::from),
        }
    }
}

/// An option that has no effect where it stands.
#[napi(object, object_to_js = false)]
pub struct NativeIneffective {
    /// `ca`.
    pub option: String,
    /// Why, as the end of a sentence.
    pub because: String,
    /// Where it has one, as code.
    pub instead: String,
}

/// The options of a program, without a server; `lib/inspect-tls-options.js` gathers them.
#[napi(object, object_to_js = false)]
pub struct NativePassedOptions {
    /// `24` or `24.11.0`.
    pub node: String,
    /// Those of the handshake.
    pub client: NativeClientOptions,
    /// The entries of `ca`, when it is given and Node takes it.
    pub ca: Option<Vec<Buffer>>,
    /// Those that have no effect.
    pub ineffective: Vec<NativeIneffective>,
    /// Hosts of public authorities that the program connects to with these options.
    pub public_hosts: Vec<String>,
}

/// What is wrong with the options of a program, whichever server they are for.
#[napi(catch_unwind)]
pub fn passed_option_findings(given: NativePassedOptions) -> Result<Vec<Finding>> {
    guarded(|| {
        let node = node_version(&given.node)?;
        let ineffective = given.ineffective.into_iter().map(|found| Ineffective {
            option: found.option,
            because: found.because,
            instead: found.instead,
        });
        let options = PassedOptions {
            client: given.client.into(),
            ca: given
                .ca
                .map(|entries| entries.iter().map(|entry| entry.to_vec()).collect()),
            ineffective: ineffective.collect(),
            public_hosts: given.public_hosts,
        };
        let findings = diagnose::passed_findings(&options, node);
        Ok(findings.iter().map(Finding::from).collect())
    })
}

/// What a process may trust besides.
#[derive(Default)]
struct Stores<'a> {
    system: Option<&'a NativeTrust>,
    default: Option<&'a NativeTrust>,
    given: Option<&'a NativeTrust>,
}

fn process(given: NativeProcess, stores: &Stores<'_>) -> Result<Process> {
    let trust = |store: Option<&NativeTrust>| store.map(|store| Arc::clone(&store.trust));
    Ok(Process {
        node: node_version(&given.node)?,
        is_now: given.is_now,
        facts: given.facts.map(Facts::try_from).transpose()?,
        system: trust(stores.system),
        default: trust(stores.default),
        options: given.options.map(|options| ClientOptions {
            ca: trust(stores.given),
            ..options.into()
        }),
    })
}

/// What is known besides the probe and the verdict; `lib/diagnose.js` gathers it.
#[napi(object, object_to_js = false)]
pub struct DiagnoseContext {
    /// What this Node observed; absent when it did not look.
    pub observed: Option<NativeObserved>,
    /// Why this Node did not look although it was asked to.
    pub not_observed: Option<String>,
    /// Seconds since 1970.
    pub now: i64,
    /// A certificate that expires within this many days is a finding.
    pub min_days_left: u32,
    /// The process.
    pub process: NativeProcess,
}

/// What is wrong with an endpoint and the way to it, the gravest first. `system`: the system's store, where the verdict's trust is without it;
/// `by_default`: what the process trusts by itself, where the verdict is that of a `ca` option; `given`: the `ca` of the program's options;
/// `trust`: what judges the certificate of a proxy when there is no verdict on the target's.
#[napi(catch_unwind)]
pub fn diagnose_findings(
    probe: &NativeProbe,
    verdict: Option<&NativeVerdict>,
    context: DiagnoseContext,
    system: Option<&NativeTrust>,
    by_default: Option<&NativeTrust>,
    given: Option<&NativeTrust>,
    trust: Option<&NativeTrust>,
) -> Result<Vec<Finding>> {
    guarded(|| {
        let stores = Stores {
            system,
            default: by_default,
            given,
        };
        with_evidence(probe, verdict, context, &stores, trust, |evidence| {
            let findings = diagnose::findings(evidence);
            findings.iter().map(Finding::from).collect()
        })
    })
}

/// The `code` of the error that a Node ends with; `null` where it connects, and where it cannot be told for sure. `verdict`: that Node's.
#[napi(catch_unwind)]
pub fn predicted_code(
    probe: &NativeProbe,
    verdict: Option<&NativeVerdict>,
    node: String,
) -> Result<Option<String>> {
    let context = DiagnoseContext {
        observed: None,
        not_observed: None,
        now: 0,
        min_days_left: 0,
        process: NativeProcess {
            node,
            is_now: false,
            facts: None,
            options: None,
        },
    };
    let stores = Stores::default();
    guarded(|| {
        let code = diagnose::predicted_code;
        with_evidence(probe, verdict, context, &stores, None, code)
    })
}

fn with_evidence<T>(
    probe: &NativeProbe,
    verdict: Option<&NativeVerdict>,
    context: DiagnoseContext,
    stores: &Stores<'_>,
    trust: Option<&NativeTrust>,
    work: impl FnOnce(&Evidence<'_>) -> T,
) -> Result<T> {
    let process = process(context.process, stores)?;
    let otherwise = trust.map(|trust| Viewpoint {
        node: process.node,
        trust: Arc::clone(&trust.trust),
        now: context.now,
        allows_partial_chain: false,
        security_level: None,
    });
    let viewpoint = verdict.map(|judged| &judged.viewpoint);
    Ok(work(&Evidence {
        target: &probe.target,
        probe: &probe.probe,
        all_addresses: probe.all_addresses,
        client_certificates: &probe.client_certificates,
        judged: verdict.map(|judged| (&judged.case, &judged.viewpoint, &judged.verdict)),
        viewpoint: viewpoint.or(otherwise.as_ref()),
        observed: context.observed.map(Observed::from),
        not_observed: context.not_observed,
        now: context.now,
        min_days_left: context.min_days_left,
        process,
    }))
}
