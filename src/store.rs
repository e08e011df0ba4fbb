//! `loadTrustStore`.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use napi::bindgen_prelude::{AbortSignal, AsyncTask, Either, Uint8Array};
use napi::{Env, JsString};
use napi_derive::napi;
use trust_anchors_core::case::Trust;
use trust_anchors_core::certificate;
use trust_anchors_core::inspect;
use trust_anchors_core::runtime::Runtime;
use trust_anchors_core::store::{self, Sources, Store};
use trust_anchors_core::stores::system;
use trust_anchors_core::verify::Profile;

use crate::convert::{Certificate, Finding, node_version};
use crate::error::{Code, Error, Result, guarded};
use crate::task::{Guarded, spawn};
use crate::verify::NativeTrust;

/// What to load and how to merge it; the JavaScript facade fills in every field.
#[napi(object, object_to_js = false)]
pub struct NativeTrustStoreOptions {
    /// `tls.rootCertificates` joined by newlines; left out, the stores are read and not yet merged.
    pub node_roots: Option<String>,
    /// Mozilla's list.
    pub mozilla: bool,
    /// What the operating system trusts.
    pub system: bool,
    /// What `NODE_EXTRA_CA_CERTS` of `env` names.
    pub extra_from_environment: bool,
    /// Files or directories.
    pub extra: Vec<String>,
    /// PEM or DER.
    pub ca: Vec<Either<String, Uint8Array>>,
    /// Whether what the system explicitly distrusts is left out.
    pub honor_system_distrust: bool,
    /// `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE` and `SSL_CERT_DIR` are looked up.
    pub env: HashMap<String, String>,
    /// Where the system's files lie, `/` when left out: a test lays out another system's in a folder.
    pub system_root: Option<String>,
    /// `24` or `24.11.0`.
    pub node: String,
    /// Seconds since 1970.
    pub now: i64,
    /// A certificate that expires within this many days is a finding.
    pub min_days_left: u32,
}

impl TryFrom<NativeTrustStoreOptions> for (store::Options, Option<String>) {
    type Error = Error;

    fn try_from(options: NativeTrustStoreOptions) -> Result<Self> {
        let node = node_version(&options.node)?;
        let variable = |name: &str| options.env.get(name).map(OsString::from);
        let root = PathBuf::from(options.system_root.as_deref().unwrap_or("/"));
        let native = store::Options {
            mozilla: options.mozilla,
            system: options.system.then(|| system::Options {
                root: root.clone(),
                certificate_file: variable("SSL_CERT_FILE"),
                certificate_directory: variable("SSL_CERT_DIR"),
            }),
            distrust_root: options.honor_system_distrust.then_some(root),
            extra_from_environment: options
                .extra_from_environment
                .then(|| variable("NODE_EXTRA_CA_CERTS"))
                .flatten(),
            extra: options.extra.into_iter().map(PathBuf::from).collect(),
            inline: options
                .ca
                .into_iter()
                .map(|entry| match entry {
                    Either::A(text) => text.into_bytes(),
                    Either::B(bytes) => bytes.to_vec(),
                })
                .collect(),
            inspect: inspect::Options {
                // The findings of a store speak of Node's reading, wherever it is loaded.
                runtime: Runtime::Node,
                node,
                now: options.now,
                min_days_left: options.min_days_left,
                password: None,
                bundled: None,
            },
        };
        Ok((native, options.node_roots))
    }
}

fn load((options, node_roots): (store::Options, Option<String>)) -> NativeTrustStore {
    let native = NativeTrustStore {
        sources: RefCell::new(Some(store::load(options))),
        store: OnceCell::new(),
    };
    if node_roots.is_some() {
        native.merged(node_roots.as_deref());
    }
    native
}

/// A certificate that was left out, and why.
#[napi(object, object_from_js = false)]
pub struct Excluded {
    /// The certificate.
    pub certificate: Certificate,
    /// Why, for people.
    pub reason: String,
}

/// What the stores hold, and from the merge on the merged store. Its facts become JavaScript values when they are asked for.
#[napi]
pub struct NativeTrustStore {
    sources: RefCell<Option<Sources>>,
    store: OnceCell<Store>,
}

impl NativeTrustStore {
    /// The merged store. What was read is kept until the merge is done: should it panic, the next call panics, too, and no call ever
    /// answers for an empty store.
    fn merged(&self, node_roots: Option<&str>) -> &Store {
        if self.store.get().is_none() {
            let merged = self
                .sources
                .borrow()
                .as_ref()
                .map(|sources| store::merge(sources, node_roots));
            if let Some(merged) = merged {
                let _ = self.store.set(merged);
                self.sources.take();
            }
        }
        self.store.get_or_init(Store::default)
    }
}

#[napi]
impl NativeTrustStore {
    /// Merges what was read with the list of this Node, once: merged already, it stays as it is. What the store holds is asked
    /// for after this; asked before, it is merged without that list.
    #[napi(catch_unwind)]
    pub fn merge(&self, node_roots: Option<String>) -> Result<()> {
        guarded(|| {
            self.merged(node_roots.as_deref());
            Ok(())
        })
    }

    /// The certificates as PEM, in the order that serves every leaf.
    #[napi(catch_unwind)]
    pub fn ca(&self) -> Result<Vec<String>> {
        guarded(|| {
            let certificates = &self.merged(None).certificates;
            Ok(certificates
                .iter()
                .map(|certificate| certificate.pem())
                .collect())
        })
    }

    /// The same certificates' facts, in the same order.
    #[napi(catch_unwind)]
    pub fn certificates(&self) -> Result<Vec<Certificate>> {
        guarded(|| {
            let certificates = &self.merged(None).certificates;
            Ok(certificates
                .iter()
                .map(|certificate| Certificate::from(&**certificate))
                .collect())
        })
    }

    /// What was left out.
    #[napi(catch_unwind)]
    pub fn excluded(&self) -> Result<Vec<Excluded>> {
        guarded(|| {
            let excluded = &self.merged(None).excluded;
            Ok(excluded
                .iter()
                .map(|excluded| Excluded {
                    certificate: Certificate::from(&*excluded.certificate),
                    reason: excluded.reason(),
                })
                .collect())
        })
    }

    /// What is wrong.
    #[napi(catch_unwind)]
    pub fn findings(&self) -> Result<Vec<Finding>> {
        guarded(|| {
            let findings = self.merged(None).findings();
            Ok(findings.iter().map(Finding::from).collect())
        })
    }

    /// The certificates as what a chain is verified with: all of them, or those that are from one of these stores.
    #[napi(catch_unwind)]
    pub fn trust(&self, stores: Option<Vec<String>>) -> Result<NativeTrust> {
        guarded(|| {
            let is_from = |certificate: &&Arc<certificate::Certificate>| {
                stores.as_ref().is_none_or(|stores| {
                    let mut sources = certificate.sources.iter();
                    sources.any(|source| stores.iter().any(|store| store == source.store.as_str()))
                })
            };
            let certificates = self.merged(None).certificates.iter().filter(is_from);
            Ok(NativeTrust {
                trust: Arc::new(Trust::from_certificates(certificates.cloned().collect())),
            })
        })
    }

    /// All certificates as one PEM text. Cut at the END lines it gives what `ca` gives, at less cost: V8 shares its characters.
    #[napi(catch_unwind, ts_return_type = "string")]
    pub fn to_pem<'env>(&self, env: &'env Env) -> Result<JsString<'env>> {
        guarded(|| {
            env.create_string_latin1(self.merged(None).to_pem())
                .map_err(|error| Error::new(Code::Failed, error.reason.to_string()))
        })
    }

    /// What a context that trusts Node's own list and `others` (PEM) lacks, as one PEM text; nothing where that context with the addition would trust
    /// otherwise than this store does.
    #[napi(catch_unwind)]
    pub fn addition(&self, others: String, node: String) -> Result<Option<String>> {
        guarded(|| {
            let given = Trust::from_ca([others.into_bytes()]);
            let given = given.anchors(&Profile::of(node_version(&node)?));
            let given: Vec<_> = given
                .certificates()
                .iter()
                .map(|stored| &stored.certificate)
                .collect();
            Ok(self.merged(None).addition(&given))
        })
    }

    /// Every file and directory that was read.
    #[napi(catch_unwind)]
    pub fn files(&self) -> Result<Vec<String>> {
        guarded(|| {
            let files = &self.merged(None).files;
            Ok(files
                .iter()
                .map(|path| path.display().to_string())
                .collect())
        })
    }
}

/// Reads the stores on the calling thread.
#[napi(catch_unwind)]
pub fn load_trust_store_sync(options: NativeTrustStoreOptions) -> Result<NativeTrustStore> {
    guarded(|| Ok(load(options.try_into()?)))
}

/// Reads the stores on libuv's thread pool.
#[napi(catch_unwind, ts_return_type = "Promise<NativeTrustStore>")]
pub fn load_trust_store(
    options: NativeTrustStoreOptions,
    signal: Option<AbortSignal>,
) -> AsyncTask<Guarded<NativeTrustStore>> {
    let request = options.try_into();
    spawn(signal, move || Ok(load(request?)))
}
