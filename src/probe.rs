//! Live endpoints.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use napi::Env;
use napi::bindgen_prelude::{Buffer, PromiseRaw, Uint8Array};
use napi::tokio::select;
use napi::tokio::sync::Notify;
use napi_derive::napi;
use trust_anchors_core::certificate::{self, iso8601, rfc4514};
use trust_anchors_core::container::{self, Unlock};
use trust_anchors_core::der::OpensslVersion;
use trust_anchors_core::ocsp::{self, Staple, Status};
use trust_anchors_core::probe::{
    self, Attempt, ClientIdentity, Failure, Kind, Probe, Proxy, ProxyTls, Session, Settings,
    StartTls, Target, WithoutServerName, hello,
};

use crate::convert::{Certificate, node_version};
use crate::error::{Code, Error, Result};
use crate::task;

/// What is looked at; the JavaScript facade fills in every field.
#[napi(object, object_to_js = false)]
pub struct NativeTarget {
    /// The name in ASCII, or the address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The name for the server name indication; absent for an address.
    pub server_name: Option<String>,
    /// The protocol whose preamble comes before TLS.
    #[napi(ts_type = "'postgres' | 'mysql' | 'smtp' | 'imap' | 'pop3' | 'ldap'")]
    pub start_tls: Option<String>,
    /// The protocols offered by ALPN.
    pub alpn: Vec<String>,
    /// Where to connect in place of `host` and `port`.
    pub connect_to: Option<NativeEndpoint>,
    /// The proxy in between.
    pub proxy: Option<NativeProxy>,
}

/// A host and a port.
#[napi(object, object_to_js = false)]
pub struct NativeEndpoint {
    /// Name or address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// An HTTP proxy.
#[napi(object, object_to_js = false)]
pub struct NativeProxy {
    /// Name or address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether it is spoken to over TLS.
    pub is_tls: bool,
    /// Over TLS, the certificates that were judged good: it has to show them again.
    pub certificates: Option<Vec<Buffer>>,
    /// Over TLS, why it is not used.
    pub refusal: Option<String>,
    /// The value of `Proxy-Authorization`.
    pub authorization: Option<String>,
}

/// How it is looked at; times in milliseconds.
#[napi(object, object_to_js = false)]
pub struct NativeProbeSettings {
    /// The longest that one stage may take.
    pub stage_timeout: u32,
    /// The longest that everything may take together.
    pub deadline: u32,
    /// Whether every address is looked at.
    pub all_addresses: bool,
    /// Whether to look at the answer without a server name, and at the TLS versions.
    pub look_further: bool,
    /// The client certificate's chain, DER.
    pub certificates: Option<Vec<Buffer>>,
    /// Its key, PKCS#8 in DER.
    pub private_key: Option<Buffer>,
}

impl NativeTarget {
    pub(crate) fn target(self) -> Result<Target> {
        let start_tls = match self.start_tls.as_deref() {
            None => None,
            Some("postgres") => Some(StartTls::Postgres),
            Some("mysql") => Some(StartTls::Mysql),
            Some("smtp") => Some(StartTls::Smtp),
            Some("imap") => Some(StartTls::Imap),
            Some("pop3") => Some(StartTls::Pop3),
            Some("ldap") => Some(StartTls::Ldap),
            Some(other) => {
                let message = format!("not a protocol with STARTTLS: {other}");
                return Err(Error::new(Code::InvalidArgument, message));
            }
        };
        Ok(Target {
            host: self.host,
            port: self.port,
            server_name: self.server_name,
            start_tls,
            alpn: self.alpn,
            connect_to: self.connect_to.map(|to| (to.host, to.port)),
            proxy: self.proxy.map(|proxy| Proxy {
                host: proxy.host,
                port: proxy.port,
                tls: proxy
                    .is_tls
                    .then(|| match (proxy.certificates, proxy.refusal) {
                        (Some(certificates), None) => ProxyTls::Accepted(
                            certificates.iter().map(|der| der.to_vec()).collect(),
                        ),
                        (_, refusal) => ProxyTls::Refused(
                            refusal.unwrap_or_else(|| "its certificate was not judged".to_owned()),
                        ),
                    }),
                authorization: proxy.authorization,
            }),
        })
    }
}

impl NativeProbeSettings {
    pub(crate) fn settings(self) -> Settings {
        let identity =
            self.certificates
                .zip(self.private_key)
                .map(|(certificates, private_key)| ClientIdentity {
                    certificates: certificates.iter().map(|der| der.to_vec()).collect(),
                    private_key: private_key.to_vec(),
                });
        Settings {
            stage_timeout: Duration::from_millis(self.stage_timeout.into()),
            deadline: Duration::from_millis(self.deadline.into()),
            all_addresses: self.all_addresses,
            look_further: self.look_further,
            identity,
        }
    }
}

/// What a PKCS#12 file holds for a client to show.
#[napi(object, object_from_js = false)]
pub struct Pkcs12Identity {
    /// DER, in the file's order.
    pub certificates: Vec<Buffer>,
    /// PKCS#8 in DER, in the file's order.
    pub private_keys: Vec<Buffer>,
}

/// Opens a PKCS#12 file with its private keys; `null` when it is none, or when the passphrase does not open it.
#[napi(catch_unwind)]
pub fn pkcs12_identity(pfx: Uint8Array, passphrase: Option<String>) -> Option<Pkcs12Identity> {
    let unlock = Unlock::new(passphrase.as_deref());
    let identity = container::identity(&pfx, OpensslVersion::V3_5, &unlock)?;
    Some(Pkcs12Identity {
        certificates: buffers(&identity.certificates),
        private_keys: buffers(&identity.private_keys),
    })
}

/// One look at an endpoint, which can be ended early.
#[napi]
pub struct NativeProber {
    asked: Mutex<Option<(Target, Settings)>>,
    cancelled: Arc<Notify>,
}

#[napi]
impl NativeProber {
    /// Nothing happens until `run`.
    #[napi(constructor, catch_unwind)]
    pub fn new(target: NativeTarget, settings: NativeProbeSettings) -> Result<Self> {
        Ok(Self {
            asked: Mutex::new(Some((target.target()?, settings.settings()))),
            cancelled: Arc::new(Notify::new()),
        })
    }

    /// Looks, once; `null` when it was cancelled. The process lives until it is done. Rejects for a defect of this package alone.
    #[napi(catch_unwind, ts_return_type = "Promise<NativeProbe | null>")]
    pub fn run<'env>(&self, env: &'env Env) -> Result<PromiseRaw<'env, Option<NativeProbe>>> {
        let asked = self
            .asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let (target, settings) =
            asked.ok_or_else(|| Error::new(Code::InvalidArgument, "a prober runs once"))?;
        let cancelled = Arc::clone(&self.cancelled);
        task::spawn_connections(env, async move {
            let looking = probe::probe(&target, &settings);
            let probe = select! {
                biased;
                () = cancelled.notified() => return None,
                probe = looking => Arc::new(probe),
            };
            let identity = settings.identity.map(|identity| identity.certificates);
            Some(NativeProbe {
                target,
                all_addresses: settings.all_addresses,
                client_certificates: identity.unwrap_or_default(),
                probe,
            })
        })
    }

    /// Ends a run at once, one that is yet to begin too; connections are closed.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.cancelled.notify_one();
    }
}

/// A TLS alert in OpenSSL's words: `handshake failure`; `null` for a number that has none.
#[napi(catch_unwind)]
pub fn alert_name(description: u8) -> Option<&'static str> {
    hello::alert_name(description)
}

/// What was seen.
#[napi]
pub struct NativeProbe {
    pub(crate) target: Target,
    pub(crate) all_addresses: bool,
    pub(crate) client_certificates: Vec<Vec<u8>>,
    pub(crate) probe: Arc<Probe>,
}

#[napi]
impl NativeProbe {
    /// One an address, in the order in which they were tried.
    #[napi(catch_unwind)]
    pub fn attempts(&self) -> Vec<AttemptFacts> {
        self.probe.attempts.iter().map(AttemptFacts::from).collect()
    }

    /// The certificates of an attempt that can be read, in the order in which they were sent.
    #[napi(catch_unwind)]
    pub fn chain(&self, attempt: u32) -> Vec<Certificate> {
        let session = usize::try_from(attempt)
            .ok()
            .and_then(|position| self.probe.attempts.get(position))
            .and_then(|attempt| attempt.session.as_ref());
        session
            .iter()
            .flat_map(|session| &session.certificates)
            .filter_map(|der| certificate::Certificate::decode(der, OpensslVersion::V3_5).ok())
            .map(|certificate| Certificate::from(&certificate))
            .collect()
    }

    /// The `code` that `tls.connect` of a Node fails with on an attempt before there is anything to verify; `null` where it gets so far, and
    /// where the code is not known.
    #[napi(catch_unwind)]
    pub fn code(&self, attempt: u32, node: String) -> Result<Option<String>> {
        let node = node_version(&node)?;
        let attempt = usize::try_from(attempt)
            .ok()
            .and_then(|position| self.probe.attempts.get(position));
        Ok(attempt.and_then(|attempt| {
            hello::node_code(attempt.failure.as_ref(), attempt.session.as_ref(), node)
        }))
    }

    /// The position of the attempt that counts.
    #[napi(catch_unwind)]
    pub fn decisive(&self) -> u32 {
        let decisive = self.probe.decisive();
        let found = self
            .probe
            .attempts
            .iter()
            .position(|attempt| decisive.is_some_and(|other| std::ptr::eq(attempt, other)));
        found
            .and_then(|position| u32::try_from(position).ok())
            .unwrap_or(0)
    }
}

/// One address looked at.
#[napi(object, object_from_js = false)]
pub struct AttemptFacts {
    /// The peer's address.
    pub address: Option<String>,
    /// The peer's port.
    pub port: Option<u16>,
    /// Milliseconds a stage.
    pub timings: TimingFacts,
    /// The session with the proxy.
    pub proxy_session: Option<SessionFacts>,
    /// The session.
    pub session: Option<SessionFacts>,
    /// Where it ended.
    pub failure: Option<FailureFacts>,
    /// The answer without a server name.
    pub without_server_name: Option<WithoutServerNameFacts>,
    /// The TLS versions.
    pub versions: Vec<OfferFacts>,
}

impl From<&Attempt> for AttemptFacts {
    fn from(attempt: &Attempt) -> Self {
        let timings = &attempt.timings;
        Self {
            address: attempt.address.map(|address| address.ip().to_string()),
            port: attempt.address.map(|address| address.port()),
            timings: TimingFacts {
                dns: timings.dns,
                tcp: timings.tcp,
                proxy: timings.proxy,
                starttls: timings.start_tls,
                handshake: timings.handshake,
            },
            proxy_session: attempt.proxy_session.as_ref().map(SessionFacts::from),
            session: attempt.session.as_ref().map(SessionFacts::from),
            failure: attempt.failure.as_ref().map(FailureFacts::from),
            without_server_name: attempt.without_server_name.as_ref().map(|answer| {
                let mut facts = WithoutServerNameFacts {
                    same: matches!(answer, WithoutServerName::Same),
                    certificates: None,
                    failure: None,
                };
                match answer {
                    WithoutServerName::Same => {}
                    WithoutServerName::Other(sent) => facts.certificates = Some(buffers(sent)),
                    WithoutServerName::Refused(failure) => facts.failure = Some(failure.into()),
                }
                facts
            }),
            versions: attempt
                .versions
                .iter()
                .map(|offer| OfferFacts {
                    protocol: offer.protocol.as_str(),
                    cipher_suite: offer.cipher_suite.clone(),
                })
                .collect(),
        }
    }
}

fn buffers(certificates: &[Vec<u8>]) -> Vec<Buffer> {
    certificates
        .iter()
        .map(|der| Buffer::from(der.as_slice()))
        .collect()
}

/// Milliseconds.
#[napi(object, object_from_js = false)]
pub struct TimingFacts {
    /// Resolving the name.
    pub dns: Option<f64>,
    /// Connecting.
    pub tcp: Option<f64>,
    /// Asking the proxy.
    pub proxy: Option<f64>,
    /// The preamble.
    pub starttls: Option<f64>,
    /// The TLS handshake.
    pub handshake: Option<f64>,
}

/// A session.
#[napi(object, object_from_js = false)]
pub struct SessionFacts {
    /// Whether the handshake was completed.
    pub complete: bool,
    /// As Node writes it.
    pub protocol: &'static str,
    /// IANA name.
    pub cipher_suite: String,
    /// IANA name.
    pub group: Option<String>,
    /// The group, `DHE, 1024 bits` or `RSA`.
    pub key_exchange: String,
    /// The protocol chosen.
    pub alpn: Option<String>,
    /// DER, as sent.
    pub certificates: Vec<Buffer>,
    /// The stapled OCSP response.
    pub ocsp: Option<OcspFacts>,
    /// The wish for a client certificate.
    pub client_certificate: Option<ClientCertificateFacts>,
}

impl From<&Session> for SessionFacts {
    fn from(session: &Session) -> Self {
        Self {
            complete: session.is_complete,
            protocol: session.protocol.as_str(),
            cipher_suite: session.cipher_suite.clone(),
            group: session.group.clone(),
            key_exchange: session.key_exchange(),
            alpn: session.alpn.clone(),
            certificates: buffers(&session.certificates),
            ocsp: session
                .ocsp_response
                .as_deref()
                .and_then(|response| ocsp::read_with(response, &session.certificates))
                .map(OcspFacts::from),
            client_certificate: session.client_certificate.as_ref().map(|request| {
                ClientCertificateFacts {
                    authorities: request
                        .authorities
                        .iter()
                        .map(|name| rfc4514(name))
                        .collect(),
                    sent: request.sent,
                    refused: request.refused,
                }
            }),
        }
    }
}

/// What a stapled response says; times in ISO 8601.
#[napi(object, object_from_js = false)]
pub struct OcspFacts {
    /// The answer, in one word.
    #[napi(
        ts_type = "'good' | 'revoked' | 'unknown' | 'failed' | 'other-certificate' | 'unreadable'"
    )]
    pub status: &'static str,
    /// When it was signed.
    pub produced_at: Option<String>,
    /// From when on it holds.
    pub this_update: Option<String>,
    /// Until when.
    pub next_update: Option<String>,
    /// When the certificate was revoked.
    pub revoked_at: Option<String>,
    /// Who signed it, as far as that can be told from what the server sent.
    #[napi(ts_type = "'issuer' | 'responder' | 'invalid' | 'not-checked'")]
    pub signature: &'static str,
}

impl From<Staple> for OcspFacts {
    fn from(staple: Staple) -> Self {
        let revoked_at = match staple.status {
            Status::Revoked { at, .. } => Some(iso8601(at)),
            _ => None,
        };
        Self {
            status: staple.status.as_str(),
            produced_at: staple.produced_at.map(iso8601),
            this_update: staple.this_update.map(iso8601),
            next_update: staple.next_update.map(iso8601),
            revoked_at,
            signature: staple.signature.as_str(),
        }
    }
}

/// The wish for a client certificate.
#[napi(object, object_from_js = false)]
pub struct ClientCertificateFacts {
    /// RFC 4514.
    pub authorities: Vec<String>,
    /// Whether one was sent.
    pub sent: bool,
    /// The alert that refused it.
    pub refused: Option<u8>,
}

/// Where it ended.
#[napi(object, object_from_js = false)]
pub struct FailureFacts {
    /// The stage.
    #[napi(ts_type = "'dns' | 'tcp' | 'proxy' | 'starttls' | 'handshake'")]
    pub stage: &'static str,
    /// How, in one word.
    #[napi(
        ts_type = "'not-found' | 'refused' | 'unreachable' | 'reset' | 'closed' | 'timed-out' | 'alert' | 'plain-text' | 'tls-instead' | 'declined' | 'oversized' | 'malformed' | 'nothing-shared' | 'other'"
    )]
    pub kind: &'static str,
    /// The alert's number.
    pub alert: Option<u8>,
    /// The peer's or the system's words; the name of the protocol that is spoken in place of TLS.
    pub text: Option<String>,
}

impl From<&Failure> for FailureFacts {
    fn from(failure: &Failure) -> Self {
        let (alert, text) = match &failure.kind {
            Kind::Alert(description) => (Some(*description), None),
            Kind::Declined(text) | Kind::Malformed(text) | Kind::Other(text) => {
                (None, Some(text.clone()))
            }
            Kind::PlainText(protocol) => (None, protocol.name().map(str::to_owned)),
            _ => (None, None),
        };
        Self {
            stage: failure.stage.as_str(),
            kind: failure.kind.as_str(),
            alert,
            text,
        }
    }
}

/// The answer without a server name.
#[napi(object, object_from_js = false)]
pub struct WithoutServerNameFacts {
    /// Whether the certificates are the same.
    pub same: bool,
    /// The others, DER.
    pub certificates: Option<Vec<Buffer>>,
    /// Where it ended.
    pub failure: Option<FailureFacts>,
}

/// Whether a version is spoken.
#[napi(object, object_from_js = false)]
pub struct OfferFacts {
    /// The version.
    pub protocol: &'static str,
    /// The cipher suite chosen with it.
    pub cipher_suite: Option<String>,
}
