//! Protocols that begin in plain text and turn to TLS: what is said before the first octet of TLS, and how servers decline.

mod imap;
mod ldap;
mod mysql;
mod pop3;
mod postgres;
mod smtp;

use tokio::io::{AsyncRead, AsyncWrite};

use super::conversation::Conversation;
use super::failure::{Failure, Stage};
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
}

/// Speaks as far as the next octet is TLS's.
pub async fn upgrade<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    protocol: StartTls,
) -> Result<S, Failure> {
    let mut server = Conversation::new(stream, Stage::StartTls, protocol.plain_text());
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

/// What a server says that offers other things.
fn no_starttls(offered: &str) -> String {
    let list = match offered {
        "" => String::new(),
        offered => format!(": {offered}"),
    };
    format!("no STARTTLS among what it offers{list}")
}

#[cfg(test)]
mod tests;
