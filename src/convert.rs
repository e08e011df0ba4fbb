//! The shapes that cross to JavaScript: one object a type of the core, one conversion each.

use napi_derive::napi;
use trust_anchors_core::node::NodeVersion;
use trust_anchors_core::runtime::Runtime;
use trust_anchors_core::{certificate, findings, source};

use crate::error::{Code, Error, Result};

/// `24` or `24.11.0`.
pub fn node_version(text: &str) -> Result<NodeVersion> {
    NodeVersion::parse(text)
        .ok_or_else(|| Error::new(Code::InvalidArgument, format!("not a Node version: {text}")))
}

/// `node`, `bun`, `deno` or `electron`.
pub fn runtime(name: &str) -> Result<Runtime> {
    Runtime::parse(name)
        .ok_or_else(|| Error::new(Code::InvalidArgument, format!("not a runtime: {name}")))
}

/// Where one copy of a certificate was found.
#[napi(object, object_from_js = false)]
pub struct Source {
    /// `node`, `mozilla`, `system`, `extra` or `ca`.
    #[napi(ts_type = "'node' | 'mozilla' | 'system' | 'extra' | 'ca'")]
    pub store: &'static str,
    /// The file.
    pub path: Option<String>,
    /// The line where the block begins, from 1.
    pub line: Option<u32>,
}

impl From<&source::Source> for Source {
    fn from(source: &source::Source) -> Self {
        Self {
            store: source.store.as_str(),
            path: source.path.as_ref().map(|path| path.display().to_string()),
            line: source.line,
        }
    }
}

/// Algorithm and size of a public key.
#[napi(object, object_from_js = false)]
pub struct PublicKey {
    /// In the words of Node's `KeyObject#asymmetricKeyType`.
    pub algorithm: String,
    /// Size in bits.
    pub bits: Option<u32>,
}

/// A certificate's facts.
#[napi(object, object_from_js = false)]
pub struct Certificate {
    /// Lowercase hexadecimal SHA-256 of the DER.
    pub sha256: String,
    /// RFC 4514.
    pub subject: String,
    /// RFC 4514.
    pub issuer: String,
    /// Uppercase hexadecimal.
    pub serial_number: String,
    /// ISO 8601.
    pub not_before: String,
    /// ISO 8601.
    pub not_after: String,
    /// basicConstraints' cA.
    pub ca: bool,
    /// Subject equals issuer, and the authority key identifier fits.
    pub self_signed: bool,
    /// Algorithm and size.
    pub public_key: PublicKey,
    /// Usual name or dotted object identifier.
    pub signature_algorithm: String,
    /// As Node writes them.
    pub subject_alt_names: Vec<String>,
    /// Every place it was found in.
    pub sources: Vec<Source>,
    /// PEM with a final newline.
    pub pem: String,
}

impl From<&certificate::Certificate> for Certificate {
    fn from(certificate: &certificate::Certificate) -> Self {
        let key = certificate.public_key();
        Self {
            sha256: certificate.fingerprint(),
            subject: certificate.subject(),
            issuer: certificate.issuer(),
            serial_number: certificate.serial_number(),
            not_before: certificate.not_before_iso(),
            not_after: certificate.not_after_iso(),
            ca: certificate.is_ca(),
            self_signed: certificate.is_self_signed(),
            public_key: PublicKey {
                algorithm: key.algorithm,
                bits: key.bits,
            },
            signature_algorithm: certificate.signature_algorithm(),
            subject_alt_names: certificate.subject_alternative_names(),
            sources: certificate.sources.iter().map(Source::from).collect(),
            pem: certificate.pem(),
        }
    }
}

/// A command that can be copied.
#[napi(object, object_from_js = false)]
pub struct Command {
    /// `bash`, `powershell` or `dockerfile`.
    #[napi(ts_type = "'bash' | 'powershell' | 'dockerfile'")]
    pub shell: &'static str,
    /// The text.
    pub text: String,
}

/// One way to mend what was found.
#[napi(object, object_from_js = false)]
pub struct Fix {
    /// One line, imperative.
    pub title: String,
    /// The same command for the shells where it differs.
    pub commands: Option<Vec<Command>>,
    /// Program code.
    pub code: Option<String>,
    /// A PEM text to put in place.
    pub pem: Option<String>,
}

impl From<&findings::Fix> for Fix {
    fn from(fix: &findings::Fix) -> Self {
        let commands: Vec<Command> = fix
            .commands
            .iter()
            .map(|command| Command {
                shell: command.shell.as_str(),
                text: command.text.clone(),
            })
            .collect();
        Self {
            title: fix.title.clone(),
            commands: (!commands.is_empty()).then_some(commands),
            code: fix.code.clone(),
            pem: fix.pem.clone(),
        }
    }
}

/// Where in a file.
#[napi(object, object_from_js = false)]
pub struct Location {
    /// The file.
    pub path: Option<String>,
    /// The line, from 1.
    pub line: Option<u32>,
}

/// A rule that applied.
#[napi(object, object_from_js = false)]
pub struct Finding {
    /// The rule's identifier.
    pub rule: &'static str,
    /// `error`, `warning` or `info`.
    #[napi(ts_type = "'error' | 'warning' | 'info'")]
    pub severity: &'static str,
    /// Who must act.
    #[napi(ts_type = "'server' | 'client' | 'proxy' | 'clock'")]
    pub actor: &'static str,
    /// What is wrong, what was found, what follows.
    pub message: String,
    /// More.
    pub detail: Option<String>,
    /// Where.
    pub location: Option<Location>,
    /// SHA-256 of the certificate it is about.
    pub certificate: Option<String>,
    /// The ways to mend it, safest first.
    pub fixes: Vec<Fix>,
}

impl From<&findings::Finding> for Finding {
    fn from(finding: &findings::Finding) -> Self {
        Self {
            rule: finding.rule.id,
            severity: finding.rule.severity.as_str(),
            actor: finding.rule.actor.as_str(),
            message: finding.message.clone(),
            detail: finding.detail.clone(),
            location: finding.location.as_ref().map(|location| Location {
                path: location
                    .path
                    .as_ref()
                    .map(|path| path.display().to_string()),
                line: location.line,
            }),
            certificate: finding.certificate.clone(),
            fixes: finding.fixes.iter().map(Fix::from).collect(),
        }
    }
}
