//! What a server said of itself in a handshake.

/// A protocol version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// SSL 3.0.
    Ssl3,
    /// TLS 1.0.
    Tls1,
    /// TLS 1.1.
    Tls1_1,
    /// TLS 1.2.
    Tls1_2,
    /// TLS 1.3.
    Tls1_3,
}

impl Protocol {
    /// As Node's `tlsSocket.getProtocol()` writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ssl3 => "SSLv3",
            Self::Tls1 => "TLSv1",
            Self::Tls1_1 => "TLSv1.1",
            Self::Tls1_2 => "TLSv1.2",
            Self::Tls1_3 => "TLSv1.3",
        }
    }
}

/// The facts of one handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whether the handshake was completed; otherwise only the server's first flight was read.
    pub is_complete: bool,
    /// The version.
    pub protocol: Protocol,
    /// The cipher suite by its IANA name.
    pub cipher_suite: String,
    /// The key exchange group by its IANA name; none for a key exchange without one.
    pub group: Option<String>,
    /// The size in bits of the Diffie-Hellman prime, or of the RSA key of an export suite; none for any other key exchange, and for a
    /// completed handshake.
    pub key_exchange_bits: Option<u32>,
    /// The scheme by which the server signed its key exchange, in TLS 1.3 its handshake (RFC 8446, 4.2.3).
    pub signature_scheme: Option<u16>,
    /// Whether the server knows RFC 5746, or speaks TLS 1.3, which renegotiates nothing; none when that is not known.
    pub renegotiates_safely: Option<bool>,
    /// The protocol chosen by ALPN.
    pub alpn: Option<String>,
    /// DER, in the order and form they were sent.
    pub certificates: Vec<Vec<u8>>,
    /// The stapled OCSP response, DER.
    pub ocsp_response: Option<Vec<u8>>,
    /// Whether a client certificate was asked for.
    pub client_certificate: Option<ClientCertificateRequest>,
}

/// The server's wish for a client certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientCertificateRequest {
    /// Names of the CAs it accepts, DER; empty when it does not say.
    pub authorities: Vec<Vec<u8>>,
    /// Whether one was sent.
    pub sent: bool,
    /// The alert that refused what was sent, or that none was; none when the server went on.
    pub refused: Option<u8>,
}
