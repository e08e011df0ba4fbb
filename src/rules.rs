//! The catalogue of rules, and the exports that tests use to see what a panic does.

use napi::Env;
use napi::bindgen_prelude::{AsyncTask, PromiseRaw};
use napi_derive::napi;
use trust_anchors_core::findings;
use trust_anchors_core::public_roots::is_public;

use crate::error::{Result, guarded};
use crate::task::{Guarded, spawn, spawn_connections};

/// One entry of the catalogue.
#[napi(object, object_from_js = false)]
pub struct Rule {
    /// Stable kebab-case name of the fault.
    pub id: &'static str,
    /// `error`, `warning` or `info`.
    #[napi(ts_type = "'error' | 'warning' | 'info'")]
    pub severity: &'static str,
    /// Who must act.
    #[napi(ts_type = "'server' | 'client' | 'proxy' | 'clock'")]
    pub actor: &'static str,
    /// One line.
    pub title: &'static str,
    /// Markdown.
    pub finds: &'static str,
    /// Markdown.
    pub why: &'static str,
    /// Real output.
    pub looks: &'static str,
    /// Markdown.
    pub fix: &'static str,
    /// Markdown.
    pub source: &'static str,
}

/// Every rule.
#[napi(catch_unwind)]
pub fn rules() -> Vec<Rule> {
    findings::rules::all()
        .map(|rule| Rule {
            id: rule.id,
            severity: rule.severity.as_str(),
            actor: rule.actor.as_str(),
            title: rule.title,
            finds: rule.finds,
            why: rule.why,
            looks: rule.looks,
            fix: rule.fix,
            source: rule.source,
        })
        .collect()
}

/// Panics on the calling thread, so that a test can show what JavaScript sees of it.
#[napi(catch_unwind)]
pub fn panic_sync() -> Result<()> {
    guarded(on_purpose)
}

/// Panics on libuv's thread pool, so that a test can show what JavaScript sees of it.
#[napi(catch_unwind, ts_return_type = "Promise<void>")]
pub fn panic_async() -> AsyncTask<Guarded<()>> {
    spawn(None, on_purpose)
}

/// Panics in the runtime of connections, so that a test can show what JavaScript sees of it.
#[napi(catch_unwind, ts_return_type = "Promise<void>")]
pub fn panic_connection(env: &Env) -> Result<PromiseRaw<'_, ()>> {
    spawn_connections(env, async {
        let _ = on_purpose();
    })
}

#[expect(clippy::panic, reason = "a panic is what is asked for")]
fn on_purpose() -> Result<()> {
    panic!("asked for")
}

/// Whether a certificate is a root that Node or Debian ships or has shipped.
///
/// @param sha256 64 hexadecimal digits; anything else is none
#[napi(catch_unwind)]
pub fn is_public_root(sha256: String) -> bool {
    let mut digest = [0; 32];
    let is_digest = sha256.len() == 64
        && digest.iter_mut().enumerate().all(|(index, octet)| {
            let digits = sha256.get(index * 2..index * 2 + 2);
            digits
                .and_then(|digits| u8::from_str_radix(digits, 16).ok())
                .map(|value| *octet = value)
                .is_some()
        });
    is_digest && is_public(&digest)
}
