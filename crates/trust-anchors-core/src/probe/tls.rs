//! The handshake by rustls, with a verifier that accepts everything: what it lets pass is judged elsewhere. It serves this module alone, and
//! nothing is sent through a connection that it accepted but a close.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, ProtocolVersion, SignatureScheme,
    SupportedProtocolVersion,
};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsConnector;

use super::failure::{Failure, Kind, Stage};
use super::session::{ClientCertificateRequest, Protocol, Session};
use super::transport::Transport;
use super::{Settings, Target};

static PROVIDER: LazyLock<Arc<CryptoProvider>> =
    LazyLock::new(|| Arc::new(aws_lc_rs::default_provider()));
static VERSIONS: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13, &rustls::version::TLS12];

/// What the server's messages said, as far as it came.
#[derive(Debug, Default)]
struct Seen {
    certificates: Vec<Vec<u8>>,
    ocsp_response: Option<Vec<u8>>,
    request: Option<ClientCertificateRequest>,
}

/// Accepts everything and notes it.
#[derive(Debug, Default)]
struct Observer {
    seen: Mutex<Seen>,
}

impl Observer {
    fn note(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl ServerCertVerifier for Observer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.note(|seen| {
            seen.certificates = std::iter::once(end_entity)
                .chain(intermediates)
                .map(|certificate| certificate.to_vec())
                .collect();
            seen.ocsp_response = (!ocsp_response.is_empty()).then(|| ocsp_response.to_vec());
        });
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        use SignatureScheme::*;
        vec![
            ECDSA_NISTP256_SHA256,
            ECDSA_NISTP384_SHA384,
            ECDSA_NISTP521_SHA512,
            ED25519,
            ED448,
            RSA_PSS_SHA256,
            RSA_PSS_SHA384,
            RSA_PSS_SHA512,
            RSA_PKCS1_SHA256,
            RSA_PKCS1_SHA384,
            RSA_PKCS1_SHA512,
            ECDSA_SHA1_Legacy,
            RSA_PKCS1_SHA1,
        ]
    }
}

impl ResolvesClientCert for Observer {
    fn resolve(
        &self,
        root_hint_subjects: &[&[u8]],
        _schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.note(|seen| {
            seen.request = Some(ClientCertificateRequest {
                authorities: root_hint_subjects
                    .iter()
                    .map(|name| name.to_vec())
                    .collect(),
                ..ClientCertificateRequest::default()
            });
        });
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Makes the handshake and closes.
pub async fn handshake(
    transport: Transport,
    target: &Target,
    server_name: Option<&str>,
    _settings: &Settings,
) -> Result<Session, Failure> {
    let observer = Arc::new(Observer::default());
    let config = ClientConfig::builder_with_provider(Arc::clone(&PROVIDER))
        .with_protocol_versions(VERSIONS)
        .map_err(|error| of_rustls(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&observer) as _);
    let mut config = config.with_client_cert_resolver(Arc::clone(&observer) as _);
    config.enable_sni = server_name.is_some();
    config.resumption = rustls::client::Resumption::disabled();
    config.alpn_protocols = target
        .alpn
        .iter()
        .map(|protocol| protocol.clone().into_bytes())
        .collect();
    let name = server_name
        .and_then(|name| ServerName::try_from(name.to_owned()).ok())
        .unwrap_or_else(|| ServerName::IpAddress(std::net::Ipv4Addr::UNSPECIFIED.into()));
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, transport)
        .await
        .map_err(|error| of_io(&error))?;
    let (_, connection) = stream.get_ref();
    let protocol = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_2) => Protocol::Tls1_2,
        _ => Protocol::Tls1_3,
    };
    let cipher_suite = connection
        .negotiated_cipher_suite()
        .and_then(|suite| suite.suite().as_str())
        .unwrap_or_default()
        .replace("TLS13_", "TLS_");
    let group = connection
        .negotiated_key_exchange_group()
        .and_then(|group| group.name().as_str().map(str::to_owned));
    let alpn = connection
        .alpn_protocol()
        .map(|protocol| crate::findings::escape(&String::from_utf8_lossy(protocol)));
    let _ = stream.shutdown().await;
    let seen = std::mem::take(&mut *observer.seen.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Session {
        is_complete: true,
        protocol,
        cipher_suite,
        group,
        alpn,
        certificates: seen.certificates,
        ocsp_response: seen.ocsp_response,
        client_certificate: seen.request,
    })
}

fn of_io(error: &std::io::Error) -> Failure {
    match error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Error>())
    {
        Some(error) => of_rustls(error),
        None => Failure::of(Stage::Handshake, error),
    }
}

fn of_rustls(error: &Error) -> Failure {
    let kind = match error {
        Error::AlertReceived(alert) => Kind::Alert(u8::from(*alert)),
        Error::PeerIncompatible(_) => Kind::NothingShared,
        error => Kind::Malformed(crate::findings::escape(&error.to_string())),
    };
    Failure::new(Stage::Handshake, kind)
}
