//! The findings of a diagnosis.

use std::sync::Arc;

use napi_derive::napi;
use trust_anchors_core::diagnose::{self, Evidence, Observed, Process};
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

/// The process that connects.
#[napi(object, object_to_js = false)]
pub struct NativeProcess {
    /// `24` or `24.11.0`.
    pub node: String,
    /// Its settings; absent where the verdict does not ask for them.
    pub facts: Option<PreflightFacts>,
}

/// What a process may trust besides.
#[derive(Default)]
struct Stores<'a> {
    system: Option<&'a NativeTrust>,
    default: Option<&'a NativeTrust>,
}

fn process(given: NativeProcess, stores: &Stores<'_>) -> Result<Process> {
    let trust = |store: Option<&NativeTrust>| store.map(|store| Arc::clone(&store.trust));
    Ok(Process {
        node: node_version(&given.node)?,
        facts: given.facts.map(Facts::try_from).transpose()?,
        system: trust(stores.system),
        default: trust(stores.default),
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
/// `by_default`: what the process trusts by itself, where the verdict is that of a `ca` option.
#[napi(catch_unwind)]
pub fn diagnose_findings(
    probe: &NativeProbe,
    verdict: Option<&NativeVerdict>,
    context: DiagnoseContext,
    system: Option<&NativeTrust>,
    by_default: Option<&NativeTrust>,
) -> Result<Vec<Finding>> {
    guarded(|| {
        let evidence = Evidence {
            target: &probe.target,
            probe: &probe.probe,
            judged: verdict.map(|judged| (&judged.case, &judged.viewpoint, &judged.verdict)),
            observed: context.observed.map(|observed| Observed {
                ok: observed.ok,
                code: observed.code,
                message: observed.message,
            }),
            not_observed: context.not_observed,
            now: context.now,
            min_days_left: context.min_days_left,
            process: process(
                context.process,
                &Stores {
                    system,
                    default: by_default,
                },
            )?,
        };
        Ok(diagnose::findings(&evidence)
            .iter()
            .map(Finding::from)
            .collect())
    })
}
