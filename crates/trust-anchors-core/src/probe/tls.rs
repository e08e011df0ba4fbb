//! The handshake by rustls, with a verifier that accepts everything: what it lets pass is judged elsewhere. It serves this module alone, and
//! nothing is sent through a connection that it accepted but a close. More is sent through [`tunnel`] alone, whose verifier asks for a proof.

use std::io;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature,
    verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{
    AlertDescription, ClientConfig, ClientConnection, DigitallySignedStruct, Error, InvalidMessage,
    PeerMisbehaved, ProtocolVersion, SignatureScheme,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::client_key::ClientKey;
use super::failure::{Failure, Kind, Stage};
use super::groups;
use super::hello::names::{group_name, suite_name};
use super::limits::Limited;
use super::plain_text;
use super::session::{ClientCertificateRequest, Protocol, Session};
use super::transport::Transport;

/// How long a server may take to refuse a client certificate after a TLS 1.3 handshake that it has not answered yet.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(1);
/// How many octets are taken from the connection at once: a whole flight of most servers.
const BUFFER: usize = 8 * 1024;

/// What varies between handshakes of the same probe.
#[derive(Clone, Default)]
pub struct Opening<'a> {
    /// The name for the server name indication.
    pub server_name: Option<&'a str>,
    /// The protocols offered by ALPN.
    pub alpn: &'a [String],
    /// The client certificate.
    pub client_key: Option<&'a ClientKey>,
}

/// One handshake, which keeps what it has seen wherever it ends.
pub struct Handshake {
    connection: ClientConnection,
    observer: Arc<Observer>,
}

impl Handshake {
    /// Nothing is sent yet.
    pub fn new(opening: &Opening<'_>) -> Result<Self, Failure> {
        let observer = Arc::new(Observer::of(opening));
        let config = config(opening, Arc::clone(&observer) as _, &observer)?;
        let name = name(opening);
        let connection = ClientConnection::new(Arc::new(config), name);
        Ok(Self {
            connection: connection.map_err(|error| of_rustls(&error))?,
            observer,
        })
    }

    /// Makes the handshake. Dropping the future leaves what was seen so far to [`Self::session`].
    pub async fn run<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut Limited<S>,
    ) -> Result<(), Failure> {
        let mut buffer = vec![0; BUFFER];
        loop {
            if let Err(error) = self.send(stream).await {
                // The peer may have said why before it closed.
                while self.connection.is_handshaking() {
                    match self.receive(stream, &mut buffer).await {
                        Ok(()) => {}
                        Err(failure) if matches!(failure.kind, Kind::Alert(_)) => {
                            return Err(failure);
                        }
                        Err(_) => break,
                    }
                }
                return Err(of_io(&error));
            }
            if !self.connection.is_handshaking() {
                return Ok(());
            }
            if let Err(failure) = self.receive(stream, &mut buffer).await {
                // The alert by which TLS closes.
                let _ = self.send(stream).await;
                return Err(failure);
            }
        }
    }

    /// Says goodbye to a server whose handshake was completed. In TLS 1.3 a server looks at the client's certificate after that, so one that
    /// asked for it is heard out, for a second at most: the alert by which it refuses comes back as the failure.
    pub async fn close<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut Limited<S>,
    ) -> Result<(), Failure> {
        self.connection.send_close_notify();
        let sent = self.send(stream).await;
        let is_open = self.connection.protocol_version() == Some(ProtocolVersion::TLSv1_3)
            && self.observer.seen().request.is_some();
        if is_open {
            return timeout(REFUSAL_TIMEOUT, self.refusal(stream))
                .await
                .unwrap_or(Ok(()));
        }
        if sent.is_ok() {
            let _ = stream.shutdown().await;
        }
        Ok(())
    }

    /// Reads until the server has shown what it thinks of the client's certificate: by an alert, or by anything else, which it sends to
    /// accepted clients alone.
    async fn refusal<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut Limited<S>,
    ) -> Result<(), Failure> {
        let mut buffer = vec![0; BUFFER];
        loop {
            match self.receive(stream, &mut buffer).await {
                Err(failure) if matches!(failure.kind, Kind::Alert(_)) => return Err(failure),
                Err(_) => return Ok(()),
                Ok(()) => {}
            }
            let state = self.connection.process_new_packets();
            let has_spoken = state.map_or(true, |state| state.plaintext_bytes_to_read() > 0);
            if has_spoken || self.connection.tls13_tickets_received() > 0 {
                return Ok(());
            }
        }
    }

    async fn send(&mut self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        let mut flight = Vec::new();
        while self.connection.wants_write() {
            self.connection.write_tls(&mut flight)?;
        }
        if !flight.is_empty() {
            stream.write_all(&flight).await?;
            stream.flush().await?;
        }
        Ok(())
    }

    /// Reads once and takes in what came.
    async fn receive(
        &mut self,
        stream: &mut (impl AsyncRead + Unpin),
        buffer: &mut [u8],
    ) -> Result<(), Failure> {
        let length = stream.read(buffer).await.map_err(|error| of_io(&error))?;
        if length == 0 {
            return Err(Failure::new(Stage::Handshake, Kind::Closed));
        }
        let mut rest = buffer.get(..length).unwrap_or_default();
        while !rest.is_empty() {
            // It fails for a buffer full of parts of one message alone.
            let taken = self.connection.read_tls(&mut rest);
            let taken = taken.map_err(|_| Failure::new(Stage::Handshake, Kind::Oversized))?;
            let state = self.connection.process_new_packets();
            let state = state.map_err(|error| self.refused(&error))?;
            if taken == 0 || state.peer_has_closed() {
                return Err(Failure::new(Stage::Handshake, Kind::Closed));
            }
        }
        Ok(())
    }

    /// A server that was shown a certificate, or the lack of one, and answers with an alert refuses that.
    fn refused(&self, error: &Error) -> Failure {
        if let Error::AlertReceived(alert) = error
            && let Some(request) = &mut self.observer.seen().request
        {
            request.refused = Some(u8::from(*alert));
        }
        of_rustls(error)
    }

    /// What a peer speaks in place of TLS, by the first octets that it sent.
    pub fn plain_text(&self, first: &[u8]) -> Option<Failure> {
        if self.connection.protocol_version().is_some() {
            return None;
        }
        let protocol = plain_text::recognise(first)?;
        Some(Failure::new(Stage::Handshake, Kind::PlainText(protocol)))
    }

    /// What keeps the client certificate from being sent to a server that asked for it.
    pub fn unusable_key(&self) -> Option<Failure> {
        match &self.observer.client_key {
            Some(ClientKey::Unusable(reason)) if self.observer.seen().request.is_some() => Some(
                Failure::new(Stage::Handshake, Kind::Other((*reason).to_owned())),
            ),
            _ => None,
        }
    }

    /// What the server said of itself; none when it did not come as far as its certificates.
    pub fn session(self) -> Option<Session> {
        session(&self.connection, &self.observer)
    }
}

/// A connection over TLS to a proxy, as the way to the next one.
pub struct Tunnel {
    /// What the proxy said of itself.
    pub session: Session,
    /// Inside its TLS.
    pub transport: Transport,
}

/// Makes the handshake with a proxy. Since more than a close is sent through this connection, the proxy has to prove that its certificate is
/// its own, and `known` are the certificates that it has to show: those that were judged before. Without them nothing secret may be sent.
pub async fn tunnel(
    transport: Transport,
    opening: &Opening<'_>,
    known: Option<&[Vec<u8>]>,
) -> Result<Tunnel, Failure> {
    let observer = Arc::new(Observer::of(opening));
    let proven = Proven {
        observer: Arc::clone(&observer),
        known: known.map(<[_]>::to_vec),
    };
    let config = config(opening, Arc::new(proven), &observer)?;
    let connecting = TlsConnector::from(Arc::new(config));
    let connecting = connecting.connect(name(opening), Limited::new(transport));
    match connecting.into_fallible().await {
        Ok(stream) => match session(stream.get_ref().1, &observer) {
            Some(session) => Ok(Tunnel {
                session,
                transport: Box::new(stream),
            }),
            None => Err(of_rustls(&Error::NoCertificatesPresented)),
        },
        Err((error, stream)) => Err(match plain_text::recognise(stream.first()) {
            Some(protocol) => Failure::new(Stage::Handshake, Kind::PlainText(protocol)),
            None => of_io(&error),
        }),
    }
}

fn session(connection: &ClientConnection, observer: &Observer) -> Option<Session> {
    let seen = std::mem::take(&mut *observer.seen());
    let protocol = match connection.protocol_version()? {
        ProtocolVersion::TLSv1_2 => Protocol::Tls1_2,
        _ => Protocol::Tls1_3,
    };
    let suite = connection.negotiated_cipher_suite()?.suite();
    let group = connection.negotiated_key_exchange_group();
    if seen.certificates.is_empty() {
        return None;
    }
    Some(Session {
        is_complete: !connection.is_handshaking(),
        protocol,
        cipher_suite: suite_name(suite.into()),
        group: group.map(|group| group_name(group.name().into())),
        key_exchange_bits: None,
        signature_scheme: seen.signature_scheme,
        renegotiates_safely: (protocol == Protocol::Tls1_3).then_some(true),
        alpn: connection
            .alpn_protocol()
            .map(|protocol| crate::findings::escape(&String::from_utf8_lossy(protocol))),
        certificates: seen.certificates,
        ocsp_response: seen.ocsp_response,
        client_certificate: seen.request,
    })
}

/// Whether this is how a server says that it speaks none of the protocols offered by ALPN: RFC 7301, 3.2.
pub fn is_refused_by_alpn(failure: &Failure) -> bool {
    failure.kind == Kind::Alert(u8::from(AlertDescription::NoApplicationProtocol))
}

fn name(opening: &Opening<'_>) -> ServerName<'static> {
    let name = opening
        .server_name
        .and_then(|name| ServerName::try_from(name.to_owned()).ok());
    // For an address none is sent.
    name.unwrap_or_else(|| ServerName::IpAddress(std::net::Ipv4Addr::UNSPECIFIED.into()))
}

fn config(
    opening: &Opening<'_>,
    verifier: Arc<dyn ServerCertVerifier>,
    observer: &Arc<Observer>,
) -> Result<ClientConfig, Failure> {
    let mut config = BASE.as_ref().map_err(of_rustls)?.clone();
    config.dangerous().set_certificate_verifier(verifier);
    config.client_auth_cert_resolver = Arc::clone(observer) as _;
    config.alpn_protocols = opening
        .alpn
        .iter()
        .map(|protocol| protocol.clone().into_bytes())
        .filter(|protocol| (1..=255).contains(&protocol.len()))
        .collect();
    Ok(config)
}

/// What is the same for every handshake.
static BASE: LazyLock<Result<ClientConfig, Error>> = LazyLock::new(|| {
    let provider = CryptoProvider {
        kx_groups: groups::offered(),
        ..aws_lc_rs::default_provider()
    };
    let observer = Arc::new(Observer::default());
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&observer) as _)
        .with_client_cert_resolver(observer);
    config.resumption = Resumption::disabled();
    // OpenSSL does not compare either.
    config.check_selected_alpn = false;
    Ok(config)
});

/// What the server's messages said, as far as it came.
#[derive(Debug, Default)]
struct Seen {
    certificates: Vec<Vec<u8>>,
    ocsp_response: Option<Vec<u8>>,
    request: Option<ClientCertificateRequest>,
    signature_scheme: Option<u16>,
}

/// Accepts everything and notes it.
#[derive(Default)]
struct Observer {
    client_key: Option<ClientKey>,
    seen: Mutex<Seen>,
}

impl Observer {
    fn of(opening: &Opening<'_>) -> Self {
        Self {
            client_key: opening.client_key.cloned(),
            seen: Mutex::default(),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Observer {
    /// Without the client's key.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Observer")
            .field("seen", &self.seen)
            .finish_non_exhaustive()
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
        let mut seen = self.seen();
        seen.certificates = std::iter::once(end_entity)
            .chain(intermediates)
            .map(|certificate| certificate.to_vec())
            .collect();
        seen.ocsp_response = (!ocsp_response.is_empty()).then(|| ocsp_response.to_vec());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.seen().signature_scheme = Some(u16::from(signed.scheme));
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.seen().signature_scheme = Some(u16::from(signed.scheme));
        Ok(HandshakeSignatureValid::assertion())
    }

    /// What OpenSSL 3.5 offers by default, and what it takes when it is told to: a server with an odd key is to show it.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        use SignatureScheme::*;
        vec![
            ECDSA_NISTP256_SHA256,
            ECDSA_NISTP384_SHA384,
            ECDSA_NISTP521_SHA512,
            ED25519,
            ED448,
            ML_DSA_65,
            ML_DSA_87,
            ML_DSA_44,
            // RFC 8734: ECDSA on the Brainpool curves, in TLS 1.3.
            Unknown(0x081a),
            Unknown(0x081b),
            Unknown(0x081c),
            // RSASSA-PSS with a key for that alone.
            Unknown(0x0809),
            Unknown(0x080a),
            Unknown(0x080b),
            RSA_PSS_SHA256,
            RSA_PSS_SHA384,
            RSA_PSS_SHA512,
            RSA_PKCS1_SHA256,
            RSA_PKCS1_SHA384,
            RSA_PKCS1_SHA512,
            // SHA-224 and SHA-1, TLS 1.2 alone.
            Unknown(0x0303),
            Unknown(0x0301),
            ECDSA_SHA1_Legacy,
            RSA_PKCS1_SHA1,
        ]
    }
}

/// Accepts who proves to own the certificate it shows, and notes it.
#[derive(Debug)]
struct Proven {
    observer: Arc<Observer>,
    known: Option<Vec<Vec<u8>>>,
}

impl Proven {
    fn algorithms() -> WebPkiSupportedAlgorithms {
        aws_lc_rs::default_provider().signature_verification_algorithms
    }
}

impl ServerCertVerifier for Proven {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let noted = self.observer.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match &self.known {
            Some(known) if *known != self.observer.seen().certificates => Err(Error::General(
                "it shows other certificates than before".to_owned(),
            )),
            _ => noted,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &Self::algorithms())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &Self::algorithms())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        Self::algorithms().supported_schemes()
    }
}

impl ResolvesClientCert for Observer {
    fn resolve(
        &self,
        root_hint_subjects: &[&[u8]],
        schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        // As OpenSSL does, the certificate is sent whatever names the server hints at, if its key can make a signature that the server takes.
        let key = match &self.client_key {
            Some(ClientKey::Ready(key)) => key.key.choose_scheme(schemes).map(|_| Arc::clone(key)),
            _ => None,
        };
        self.seen().request = Some(ClientCertificateRequest {
            authorities: root_hint_subjects
                .iter()
                .map(|name| name.to_vec())
                .collect(),
            sent: key.is_some(),
            refused: None,
        });
        key
    }

    fn has_certs(&self) -> bool {
        true
    }
}

fn of_io(error: &io::Error) -> Failure {
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
        // A signature that the suite does not go with is one that rustls does not know.
        Error::PeerIncompatible(_)
        | Error::PeerMisbehaved(PeerMisbehaved::SignedKxWithWrongAlgorithm) => Kind::NothingShared,
        Error::InvalidMessage(
            InvalidMessage::HandshakePayloadTooLarge
            | InvalidMessage::CertificatePayloadTooLarge
            | InvalidMessage::MessageTooLarge,
        ) => Kind::Oversized,
        Error::NoCertificatesPresented => {
            Kind::Malformed("the server sent no certificate".to_owned())
        }
        // The verifier's own words.
        Error::General(words) => Kind::Other(words.clone()),
        error => Kind::Malformed(crate::findings::escape(&error.to_string())),
    };
    Failure::new(Stage::Handshake, kind)
}
