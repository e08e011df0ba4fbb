//! `explain`, and the catalogue of error codes behind it.

use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use trust_anchors_core::certificate;
use trust_anchors_core::explain::{self, Failure, Process};
use trust_anchors_core::findings::codes::{self, ErrorCode as Entry, Family};
use trust_anchors_core::preflight;
use trust_anchors_core::stores::bundled;

use crate::convert::{Certificate, Fix, node_version};
use crate::error::{Result, guarded};
use crate::preflight::{PreflightFacts, Request};

/// One way to arrive at a code.
#[napi(object, object_from_js = false)]
pub struct CodeCause {
    /// Stable kebab-case name.
    pub id: &'static str,
    /// One line.
    pub title: String,
    /// Markdown: what tells it apart.
    pub tells: String,
    /// Who must act.
    #[napi(ts_type = "'server' | 'client' | 'proxy' | 'clock'")]
    pub actor: &'static str,
    /// How likely it is.
    #[napi(ts_type = "'likely' | 'possible' | 'unlikely'")]
    pub likelihood: &'static str,
    /// What speaks for or against it.
    pub because: Option<String>,
    /// What mends it.
    pub fixes: Vec<Fix>,
}

impl From<explain::RankedCause> for CodeCause {
    fn from(ranked: explain::RankedCause) -> Self {
        Self {
            id: ranked.cause.id,
            title: ranked.cause.title.to_owned(),
            tells: ranked.tells,
            actor: ranked.cause.actor.as_str(),
            likelihood: ranked.likelihood.as_str(),
            because: ranked.because,
            fixes: ranked.fixes.iter().map(Fix::from).collect(),
        }
    }
}

/// One entry of the catalogue of error codes.
#[napi(object, object_from_js = false)]
pub struct ErrorCode {
    /// Unique, and the name of its page.
    pub name: &'static str,
    /// The `code` of Node's error; empty where it has none.
    pub code: &'static str,
    /// Other spellings of the code.
    pub aliases: Vec<&'static str>,
    /// Where in a connection it arises.
    #[napi(
        ts_type = "'trust' | 'identity' | 'certificate' | 'revocation' | 'plaintext' | 'handshake' | 'alert' | 'material' | 'options' | 'connection'"
    )]
    pub family: &'static str,
    /// OpenSSL's numbers of it.
    pub openssl: Vec<u16>,
    /// OpenSSL's texts of those numbers.
    pub reasons: Vec<&'static str>,
    /// One line.
    pub title: &'static str,
    /// Markdown.
    pub meaning: &'static str,
    /// Markdown; empty when all versions are alike.
    pub versions: &'static str,
    /// Markdown; empty when Node's own words do not mislead.
    pub hint: &'static str,
    /// In order of likelihood.
    pub causes: Vec<CodeCause>,
    /// Markdown, one line each.
    pub avoid: Vec<&'static str>,
    /// Rules that find its causes.
    pub rules: Vec<&'static str>,
    /// Markdown.
    pub source: &'static str,
}

fn described(entry: &'static Entry, failure: &Failure, process: Option<&Process<'_>>) -> ErrorCode {
    ErrorCode {
        name: entry.name,
        code: entry.code,
        aliases: entry.aliases.to_vec(),
        family: entry.family.as_str(),
        openssl: entry.openssl.to_vec(),
        reasons: entry
            .openssl
            .iter()
            .filter_map(|number| Some(codes::x509::verify_error(*number)?.text))
            .collect(),
        title: entry.title,
        meaning: entry.meaning,
        versions: entry.versions,
        hint: entry.hint,
        causes: explain::rank(entry, failure, process)
            .into_iter()
            .map(CodeCause::from)
            .collect(),
        avoid: entry.avoid.to_vec(),
        rules: entry.rules.to_vec(),
        source: entry.source,
    }
}

/// Every entry, by family.
#[napi(catch_unwind)]
pub fn error_codes() -> Vec<ErrorCode> {
    codes::all()
        .map(|entry| described(entry, &Failure::default(), None))
        .collect()
}

/// What an error carries, gathered by `lib/caught-error.js`.
#[napi(object, object_to_js = false)]
pub struct CarriedFacts {
    /// The codes of the error and of what it wraps, the outermost first.
    pub codes: Vec<String>,
    /// Messages and reasons, the outermost first.
    pub texts: Vec<String>,
    /// The host that the connection was for.
    pub host: Option<String>,
    /// The port.
    pub port: Option<u32>,
    /// `24` or `24.11.0`: the Node whose error it is.
    pub node: String,
    /// The server's certificate, in DER.
    pub certificate: Option<Uint8Array>,
}

/// What is known about an error.
#[napi(object, object_from_js = false)]
pub struct Explained {
    /// Its entry.
    pub entry: ErrorCode,
    /// OpenSSL's number of it.
    pub openssl: Option<u16>,
    /// OpenSSL's name of it, without `X509_V_ERR_`.
    pub openssl_name: Option<&'static str>,
    /// OpenSSL's text of it.
    pub reason: Option<&'static str>,
    /// The server's certificate.
    pub certificate: Option<Certificate>,
}

/// The entry of an error with its causes ranked; `null` when the catalogue does not know the error. `facts`: the process, when it is the one
/// that the error arose in.
#[napi(catch_unwind)]
pub fn explain(carried: CarriedFacts, facts: Option<PreflightFacts>) -> Result<Option<Explained>> {
    guarded(|| {
        let Some(found) = explain::lookup(&carried.codes, &carried.texts) else {
            return Ok(None);
        };
        let request = facts.map(Request::try_from).transpose()?;
        let version = node_version(&carried.node)?.openssl();
        let failure = Failure {
            codes: carried.codes,
            texts: carried.texts,
            host: carried.host,
            port: carried.port.and_then(|port| u16::try_from(port).ok()),
            certificate: carried
                .certificate
                .and_then(|der| certificate::Certificate::decode(&der, version).ok()),
        };
        let findings = match &request {
            Some(request) if found.entry.family == Family::Trust => preflight::settings(
                &request.facts,
                &preflight::Options {
                    now: request.inspect.now,
                    min_days_left: 0,
                },
            ),
            _ => Vec::new(),
        };
        let process = request.as_ref().map(|request| Process {
            facts: &request.facts,
            findings: &findings,
            now: request.inspect.now,
            passed: (found.entry.family == Family::Certificate)
                .then(|| bundled::newest_beginning(version))
                .flatten(),
        });
        Ok(Some(Explained {
            entry: ErrorCode {
                code: found.code,
                ..described(found.entry, &failure, process.as_ref())
            },
            openssl: found.verify_error.map(|it| it.number),
            openssl_name: found.verify_error.map(|it| it.name),
            reason: found.verify_error.map(|it| it.text),
            certificate: failure.certificate.as_ref().map(Certificate::from),
        }))
    })
}
