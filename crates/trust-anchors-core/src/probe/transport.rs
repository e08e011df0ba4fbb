//! The way to the server up to the first octet of TLS.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};

use super::failure::{Failure, Kind, Stage};
use super::{Attempt, Clock, Target};

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

/// An HTTP proxy that is asked to `CONNECT`.
#[derive(Clone)]
pub struct Proxy {
    /// Name or address, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether it is spoken to over TLS.
    pub is_tls: bool,
    /// The value of `Proxy-Authorization`; never shown.
    pub authorization: Option<String>,
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

/// Octets in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection on which the next octet is TLS's.
pub type Transport = Box<dyn Stream>;

/// The addresses of what is connected to, in the system's order, each once.
pub async fn resolve(target: &Target) -> Result<Vec<SocketAddr>, Failure> {
    let (host, port) = match (&target.proxy, &target.connect_to) {
        (Some(proxy), _) => (proxy.host.as_str(), proxy.port),
        (None, Some((host, port))) => (host.as_str(), *port),
        (None, None) => (target.host.as_str(), target.port),
    };
    let found = lookup_host((host, port))
        .await
        .map_err(|_| Failure::new(Stage::Resolve, Kind::NotFound))?;
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for address in found {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        return Err(Failure::new(Stage::Resolve, Kind::NotFound));
    }
    Ok(addresses)
}

/// Connects to one address, and goes as far as TLS may begin. What is seen on the way is noted in `attempt`.
pub async fn open(
    _target: &Target,
    clock: &Clock,
    address: SocketAddr,
    attempt: &mut Attempt,
) -> Result<Transport, Failure> {
    let connecting = async {
        let stream = TcpStream::connect(address)
            .await
            .map_err(|error| Failure::of(Stage::Connect, &error))?;
        // The answer to a small message is waited for, every time.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    };
    let (took, connected) = clock.stage(Stage::Connect, connecting).await;
    attempt.timings.tcp = took;
    Ok(Box::new(connected?))
}
