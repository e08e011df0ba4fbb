//! `verifyChain`.

use std::sync::Arc;

use napi::bindgen_prelude::{Either, Uint8Array, Uint8ArraySlice};
use napi_derive::napi;
use trust_anchors_core::case::changes::is_same;
use trust_anchors_core::case::presented::Piece;
use trust_anchors_core::case::{Case, Presented, Trust, Viewpoint};
use trust_anchors_core::certificate::dotted;
use trust_anchors_core::node::NodeVersion;
use trust_anchors_core::openssl_config;
use trust_anchors_core::verify::identity::Compared;
use trust_anchors_core::verify::{self, Origin, Purpose, Stage};

use crate::convert::{Certificate, Finding, node_version};
use crate::error::{Result, guarded};

/// What is trusted, indexed once and shared by every verification with it.
#[napi]
pub struct NativeTrust {
    pub(crate) trust: Arc<Trust>,
}

#[napi]
impl NativeTrust {
    /// The entries of a `ca` option, as Node reads them.
    #[napi(factory, catch_unwind)]
    pub fn from_ca(entries: Vec<Either<String, Uint8Array>>) -> Self {
        let entries = entries.into_iter().map(|entry| match entry {
            Either::A(text) => text.into_bytes(),
            Either::B(bytes) => bytes.to_vec(),
        });
        Self {
            trust: Arc::new(Trust::from_ca(entries)),
        }
    }

    /// The roots that a Node line ships; `null` for a line whose list is not known.
    #[napi(catch_unwind)]
    pub fn shipped_by(node: String) -> Result<Option<NativeTrust>> {
        guarded(|| {
            let node = node_version(&node)?;
            Ok(Trust::shipped_by(node).map(|trust| NativeTrust {
                trust: Arc::new(trust),
            }))
        })
    }

    /// This and what another trusts, which comes behind it.
    #[napi(catch_unwind)]
    pub fn with(&self, other: &NativeTrust) -> NativeTrust {
        let parts = vec![Arc::clone(&self.trust), Arc::clone(&other.trust)];
        NativeTrust {
            trust: Arc::new(Trust::union(parts)),
        }
    }

    /// What the store of a context holds, for the tests that compare it with Node's.
    #[napi(catch_unwind)]
    pub fn stored(&self, node: String) -> Result<Vec<StoredCertificate>> {
        guarded(|| {
            let profile = verify::Profile::of(node_version(&node)?);
            let certificates = self.trust.anchors(&profile).certificates();
            Ok(certificates
                .iter()
                .map(|stored| (&**stored).into())
                .collect())
        })
    }
}

/// A certificate in a store, with the settings of a `TRUSTED CERTIFICATE` block.
#[napi(object, object_from_js = false)]
pub struct StoredCertificate {
    /// SHA-256 of the DER in hexadecimal.
    pub sha256: String,
    /// The uses it is trusted for as dotted object identifiers; left out when nothing is said.
    pub trusted: Option<Vec<String>>,
    /// The uses it is not trusted for.
    pub rejected: Vec<String>,
}

impl From<&verify::Examined> for StoredCertificate {
    fn from(stored: &verify::Examined) -> Self {
        let written = |uses: &Vec<Vec<u8>>| uses.iter().map(|used| dotted(used)).collect();
        let settings = stored.settings.clone().unwrap_or_default();
        Self {
            sha256: stored.certificate.fingerprint(),
            trusted: settings.trusted.as_ref().map(written),
            rejected: written(&settings.rejected),
        }
    }
}

/// How a chain is judged; the JavaScript facade fills in every field.
#[napi(object, object_to_js = false)]
pub struct NativeQuestion {
    /// The host name or address that was asked for.
    pub hostname: Option<String>,
    /// Whether a server judges a client.
    pub client: bool,
    /// Seconds since 1970.
    pub now: i64,
    /// `allowPartialTrustChain`.
    pub allow_partial_trust_chain: bool,
    /// `24` or `24.11.0`.
    pub node: String,
    /// A cipher string, for the security level in it.
    pub ciphers: Option<String>,
}

impl NativeQuestion {
    fn viewpoint(&self, trust: &NativeTrust) -> Result<Viewpoint> {
        let node = node_version(&self.node)?;
        Ok(Viewpoint {
            node,
            trust: Arc::clone(&trust.trust),
            now: self.now,
            allows_partial_chain: self.allow_partial_trust_chain,
            security_level: self
                .ciphers
                .as_deref()
                .and_then(openssl_config::security_level),
        })
    }
}

impl NativeQuestion {
    fn case(&self, chain: &[Either<Uint8ArraySlice<'_>, String>]) -> Case {
        let presented = Presented::read(chain.iter().map(|piece| match piece {
            Either::A(bytes) => Piece::Bytes(bytes),
            Either::B(text) => Piece::Text(text.as_bytes()),
        }));
        let purpose = if self.client {
            Purpose::Client
        } else {
            Purpose::Server
        };
        Case::new(presented, self.hostname.clone(), purpose)
    }
}

/// The verdict on a chain in short; nothing for a good one. Each piece is PEM text, or bytes: PEM or the DER of one certificate.
///
/// Nothing native outlives the call: an object with native parts would be left to the garbage collector, which costs more than the
/// verdict.
#[napi(catch_unwind)]
pub fn judge_chain(
    chain: Vec<Either<Uint8ArraySlice<'_>, String>>,
    trust: &NativeTrust,
    question: NativeQuestion,
) -> Result<Option<VerdictFacts>> {
    guarded(|| {
        let viewpoint = question.viewpoint(trust)?;
        let verdict = question.case(&chain).judge(&viewpoint);
        Ok((!verdict.is_ok).then(|| VerdictFacts::from(&verdict)))
    })
}

/// The same with everything that can be asked about the verdict.
#[napi(catch_unwind)]
pub fn examine_chain(
    chain: Vec<Either<Uint8ArraySlice<'_>, String>>,
    trust: &NativeTrust,
    question: NativeQuestion,
) -> Result<NativeVerdict> {
    guarded(|| {
        let viewpoint = question.viewpoint(trust)?;
        let case = question.case(&chain);
        let verdict = case.judge(&viewpoint);
        Ok(NativeVerdict {
            case,
            viewpoint,
            verdict,
        })
    })
}

/// A verdict. Its parts become JavaScript values when they are asked for.
#[napi]
pub struct NativeVerdict {
    pub(crate) case: Case,
    pub(crate) viewpoint: Viewpoint,
    pub(crate) verdict: verify::Verdict,
}

/// The verdict in short.
#[napi(object, object_from_js = false)]
pub struct VerdictFacts {
    /// Whether the connection is authorized.
    pub ok: bool,
    /// The `code` of Node's error.
    pub code: Option<String>,
    /// OpenSSL's or Node's text.
    pub reason: Option<String>,
    /// Where the verdict is reached.
    #[napi(ts_type = "'handshake' | 'verify' | 'identity'")]
    pub stage: Option<&'static str>,
    /// The position in the path, or in the message.
    pub depth: Option<u32>,
    /// What could not be checked.
    pub undetermined: Option<String>,
}

impl From<&verify::Verdict> for VerdictFacts {
    fn from(verdict: &verify::Verdict) -> Self {
        Self {
            ok: verdict.is_ok,
            code: verdict.code.clone(),
            reason: verdict.reason.clone(),
            stage: verdict.stage.map(|stage| match stage {
                Stage::Handshake => "handshake",
                Stage::Verify => "verify",
                Stage::Identity => "identity",
            }),
            depth: verdict.depth.map(number),
            undetermined: verdict
                .undetermined
                .as_ref()
                .map(|undetermined| undetermined.reason.to_string()),
        }
    }
}

/// The verdict from elsewhere.
#[napi(object, object_from_js = false)]
pub struct PerspectiveFacts {
    /// The verdict in short.
    pub verdict: VerdictFacts,
    /// Whether it comes to another end than the one that was asked for.
    pub differs: bool,
    /// What is wrong, in a few words; empty for a good chain.
    pub cause: String,
    /// SHA-256 of the certificate that the code is about.
    pub certificate: Option<String>,
}

/// A verdict that differs from the one before it in time.
#[napi(object, object_from_js = false)]
pub struct ChangeFacts {
    /// The first second of it, since 1970.
    pub at: i64,
    /// The certificate whose validity begins or ends then.
    pub of: Certificate,
    /// Whether it ends.
    pub expires: bool,
    /// The verdict from then on.
    pub then: PerspectiveFacts,
}

/// One error that OpenSSL reports.
#[napi(object, object_from_js = false)]
pub struct VerifyError {
    /// OpenSSL's number.
    pub openssl: u32,
    /// Node's code.
    pub code: &'static str,
    /// OpenSSL's text.
    pub reason: &'static str,
    /// The position in the path.
    pub depth: u32,
}

/// A certificate of the path.
#[napi(object, object_from_js = false)]
pub struct PathElement {
    /// The certificate.
    pub certificate: Certificate,
    /// Its position in what was sent; absent when it is from the store.
    pub presented: Option<u32>,
}

/// What a host name was compared with.
#[napi(object, object_from_js = false)]
pub struct NameMismatch {
    /// The name or address asked for.
    pub host: String,
    /// What in the certificate it was compared with.
    #[napi(ts_type = "'addresses' | 'dns-names' | 'common-names' | 'nothing'")]
    pub compared: &'static str,
    /// DNS names of subjectAltName.
    pub dns_names: Vec<String>,
    /// IP addresses of subjectAltName.
    pub addresses: Vec<String>,
    /// Common names of the subject.
    pub common_names: Vec<String>,
}

#[napi]
impl NativeVerdict {
    /// The verdict in short.
    #[napi(catch_unwind)]
    pub fn facts(&self) -> VerdictFacts {
        VerdictFacts::from(&self.verdict)
    }

    /// Every error that OpenSSL reports, in its order.
    #[napi(catch_unwind)]
    pub fn errors(&self) -> Vec<VerifyError> {
        self.verdict
            .errors
            .iter()
            .map(|(error, depth)| VerifyError {
                openssl: error.number().into(),
                code: error.code(),
                reason: error.reason(),
                depth: number(*depth),
            })
            .collect()
    }

    /// Whether no path leads to a trust anchor, whatever else is wrong.
    #[napi(catch_unwind)]
    pub fn lacks_anchor(&self) -> bool {
        self.verdict.lacks_anchor()
    }

    /// The path, from the leaf.
    #[napi(catch_unwind)]
    pub fn path(&self) -> Vec<PathElement> {
        self.verdict
            .path
            .iter()
            .map(|element| PathElement {
                certificate: Certificate::from(&element.certificate.certificate),
                presented: match element.origin {
                    Origin::Sent(position) => Some(number(position)),
                    Origin::Store(_) => None,
                },
            })
            .collect()
    }

    /// The same chain judged by another Node, with another store, at another time.
    #[napi(catch_unwind)]
    pub fn elsewhere(
        &self,
        trust: &NativeTrust,
        question: NativeQuestion,
    ) -> Result<PerspectiveFacts> {
        guarded(|| {
            let viewpoint = question.viewpoint(trust)?;
            Ok(self.perspective(&self.case.judge(&viewpoint), viewpoint.node))
        })
    }

    /// How the verdict changes after its time, up to `until` in seconds since 1970.
    #[napi(catch_unwind)]
    pub fn changes(&self, until: i64) -> Result<Vec<ChangeFacts>> {
        guarded(|| {
            let changes = self.case.changes(&self.viewpoint, until);
            Ok(changes
                .iter()
                .map(|change| ChangeFacts {
                    at: change.at,
                    of: Certificate::from(&change.certificate.certificate),
                    expires: change.expires,
                    then: self.perspective(&change.verdict, self.viewpoint.node),
                })
                .collect())
        })
    }

    fn perspective(&self, verdict: &verify::Verdict, node: NodeVersion) -> PerspectiveFacts {
        PerspectiveFacts {
            verdict: VerdictFacts::from(verdict),
            differs: !is_same(&self.verdict, verdict),
            cause: verdict.cause(node),
            certificate: verdict
                .certificate()
                .map(|examined| examined.certificate.fingerprint()),
        }
    }

    /// What is wrong, and what mends it.
    #[napi(catch_unwind)]
    pub fn findings(&self) -> Result<Vec<Finding>> {
        guarded(|| {
            let findings = self.case.findings(&self.viewpoint, &self.verdict);
            Ok(findings.iter().map(Finding::from).collect())
        })
    }

    /// What the host name was compared with, when it did not match.
    #[napi(catch_unwind)]
    pub fn mismatch(&self) -> Option<NameMismatch> {
        self.verdict.mismatch.as_ref().map(|mismatch| NameMismatch {
            host: mismatch.host.clone(),
            compared: match mismatch.compared {
                Compared::Addresses => "addresses",
                Compared::DnsNames => "dns-names",
                Compared::CommonNames => "common-names",
                Compared::Nothing => "nothing",
            },
            dns_names: mismatch.names.dns_names.clone(),
            addresses: mismatch.names.addresses.iter().flatten().cloned().collect(),
            common_names: mismatch.names.common_names.clone(),
        })
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
