//! Protocols that begin in plain text and turn to TLS: what is said before the first octet of TLS, and how servers decline.

mod imap;
mod ldap;
mod mysql;
mod pop3;
mod postgres;
mod smtp;

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::conversation::Conversation;
use super::failure::{Failure, Kind, Stage};
use super::plain_text::PlainText;

/// Protocols that begin in plain text and turn to TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartTls {
    /// `SSLRequest`.
    Postgres,
    /// The greeting and `SSLRequest` of MySQL and MariaDB.
    Mysql,
    /// RFC 3207.
    Smtp,
    /// RFC 9051.
    Imap,
    /// RFC 2595.
    Pop3,
    /// RFC 4511, 4.14.
    Ldap,
}

impl StartTls {
    fn plain_text(self) -> PlainText {
        match self {
            Self::Postgres => PlainText::Postgres,
            Self::Mysql => PlainText::Mysql,
            Self::Smtp => PlainText::Smtp,
            Self::Imap => PlainText::Imap,
            Self::Pop3 => PlainText::Pop3,
            Self::Ldap => PlainText::Ldap,
        }
    }

    fn server_begins(self) -> bool {
        !matches!(self, Self::Postgres | Self::Ldap)
    }
}

/// Speaks as far as the next octet is TLS's. A server that should greet, and is silent for as long as `patience`, may be waiting for TLS: it is
/// sent a `ClientHello`, and is heard for as long as the caller lets this run.
pub async fn upgrade<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    protocol: StartTls,
    patience: Duration,
) -> Result<S, Failure> {
    let mut server = Conversation::new(stream, Stage::StartTls, protocol.plain_text());
    if protocol.server_begins() && timeout(patience, server.wait()).await.is_err() {
        server.say(CLIENT_HELLO).await?;
        server.wait().await?;
        // What is no TLS came too late.
        server.octets(3).await?;
        return Err(Failure::new(Stage::StartTls, Kind::TimedOut));
    }
    match protocol {
        StartTls::Postgres => postgres::ask(&mut server).await?,
        StartTls::Mysql => mysql::ask(&mut server).await?,
        StartTls::Smtp => smtp::ask(&mut server).await?,
        StartTls::Imap => imap::ask(&mut server).await?,
        StartTls::Pop3 => pop3::ask(&mut server).await?,
        StartTls::Ldap => ldap::ask(&mut server).await?,
    }
    server.into_stream()
}

/// Whether a server answers in TLS to whoever begins with it.
pub async fn ask_for_tls<S: AsyncRead + AsyncWrite + Unpin>(stream: S) -> Result<(), Failure> {
    let mut server = Conversation::new(stream, Stage::StartTls, PlainText::Unknown);
    server.say(CLIENT_HELLO).await?;
    match server.octets(3).await {
        Err(failure) if failure.kind == Kind::TlsInstead => Ok(()),
        Err(failure) => Err(failure),
        Ok(_) => Err(server.fault(Kind::Closed)),
    }
}

/// What a server says that offers other things.
fn no_starttls(offered: &str) -> String {
    let list = match offered {
        "" => String::new(),
        offered => format!(": {offered}"),
    };
    format!("no STARTTLS among what it offers{list}")
}

/// A `ClientHello` of TLS 1.2 without extensions, RFC 5246, 7.4.1.2: enough for any answer in TLS, an alert most likely.
const CLIENT_HELLO: &[u8] = &[
    22, 3, 1, 0, 51, // a record of the handshake
    1, 0, 0, 47, // ClientHello
    3, 3, // TLS 1.2
    0x74, 0x72, 0x75, 0x73, 0x74, 0x2d, 0x61, 0x6e, 0x63, 0x68, 0x6f, 0x72, 0x73, 0x20, 0x61, 0x73,
    0x6b, 0x73, 0x20, 0x77, 0x68, 0x65, 0x74, 0x68, 0x65, 0x72, 0x20, 0x54, 0x4c, 0x53, 0x20,
    0x3f, // random
    0,    // no session
    0, 8, 0xc0, 0x2b, 0xc0, 0x2f, 0x00, 0x9c, 0x00, 0x2f, // cipher suites
    1, 0, // no compression
];

#[cfg(test)]
mod tests;
