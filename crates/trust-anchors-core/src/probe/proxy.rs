//! Through an HTTP proxy: `CONNECT`, RFC 9110, 9.3.6.

use std::net::{IpAddr, Ipv6Addr};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use super::conversation::Conversation;
use super::failure::{Failure, Kind, Stage};
use super::plain_text::PlainText;
use super::session::Session;
use super::tls::{Opening, tunnel};
use super::transport::Transport;

/// An HTTP proxy that is asked to `CONNECT`.
#[derive(Clone)]
pub struct Proxy {
    /// Name or address, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// What is known of its certificates, when it is spoken to over TLS.
    pub tls: Option<ProxyTls>,
    /// The value of `Proxy-Authorization`; never shown.
    pub authorization: Option<String>,
}

/// A proxy over TLS is told where the connection goes, and credentials. So it is used only when its certificates were judged good before.
#[derive(Clone)]
pub enum ProxyTls {
    /// It has to show these again, DER.
    Accepted(Vec<Vec<u8>>),
    /// It is left after the handshake, for this reason.
    Refused(String),
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

/// Turns to TLS with a proxy, and notes what it says of itself in `session`.
pub async fn secure(
    transport: Transport,
    proxy: &Proxy,
    tls: &ProxyTls,
    session: &mut Option<Session>,
) -> Result<Transport, Failure> {
    let is_address = proxy.host.parse::<IpAddr>().is_ok();
    let opening = Opening {
        server_name: (!is_address).then_some(proxy.host.as_str()),
        alpn: &[],
        client_key: None,
    };
    let known = match tls {
        ProxyTls::Accepted(certificates) => Some(certificates.as_slice()),
        ProxyTls::Refused(_) => None,
    };
    let tunnel = tunnel(transport, &opening, known).await;
    let mut tunnel = tunnel.map_err(|failure| Failure::new(Stage::Proxy, failure.kind))?;
    *session = Some(tunnel.session);
    if let ProxyTls::Refused(reason) = tls {
        let _ = tunnel.transport.shutdown().await;
        return Err(Failure::new(Stage::Proxy, Kind::Other(reason.clone())));
    }
    Ok(tunnel.transport)
}

/// Asks for a connection to `host` and `port`; the proxy resolves the name. Whatever comes after its answer is the server's.
pub async fn connect<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    proxy: &Proxy,
    host: &str,
    port: u16,
) -> Result<BufReader<S>, Failure> {
    let mut peer = Conversation::new(stream, Stage::Proxy, PlainText::Http);
    peer.say(request(proxy, host, port).as_bytes()).await?;
    loop {
        let answer = Answer::read(&mut peer).await?;
        match answer.status {
            // Interim answers, RFC 9110, 15.2.
            100..=199 => {}
            // Any 2xx, though Node and undici take 200 alone: RFC 9110, 9.3.6.
            200..=299 => return Ok(peer.into_buffered()),
            _ => return Err(peer.declined(&answer.words())),
        }
    }
}

/// As Node's own `https.Agent` asks (`getTunnelConfigForProxiedHttps` in lib/https.js), without the wish to keep the connection.
fn request(proxy: &Proxy, host: &str, port: u16) -> String {
    // A zone means nothing to another machine.
    let address = host.split('%').next().unwrap_or(host);
    let authority = match address.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]:{port}"),
        Err(_) => format!("{host}:{port}"),
    };
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
    if let Some(authorization) = &proxy.authorization {
        request.push_str("Proxy-Authorization: ");
        request.push_str(authorization);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    request
}

/// The head of a response.
struct Answer {
    status: u16,
    reason: String,
    /// Schemes of `Proxy-Authenticate`.
    schemes: Vec<String>,
}

impl Answer {
    async fn read<S: AsyncRead + AsyncWrite + Unpin>(
        peer: &mut Conversation<S>,
    ) -> Result<Self, Failure> {
        let line = peer.line().await?;
        let Some((status, reason)) = status_line(&line) else {
            return Err(peer.unexpected("HTTP/1.1 200", &line));
        };
        let mut answer = Self {
            status,
            reason,
            schemes: Vec::new(),
        };
        loop {
            let line = peer.line().await?;
            if line.is_empty() {
                return Ok(answer);
            }
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            if name.eq_ignore_ascii_case("proxy-authenticate") {
                let scheme = value.trim().split([' ', ',']).next().unwrap_or_default();
                answer.schemes.push(scheme.to_owned());
            }
        }
    }

    /// `407 Proxy Authentication Required (Negotiate, NTLM)`.
    fn words(&self) -> String {
        let mut words = format!("{} {}", self.status, self.reason);
        if !self.schemes.is_empty() {
            words.push_str(&format!(" ({})", self.schemes.join(", ")));
        }
        words
    }
}

/// RFC 9112, 4.
fn status_line(line: &str) -> Option<(u16, String)> {
    let (version, rest) = line.split_once(' ')?;
    version.strip_prefix("HTTP/1.")?;
    let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_status = status.len() == 3 && status.bytes().all(|it| it.is_ascii_digit());
    let status = is_status.then(|| status.parse().ok()).flatten()?;
    Some((status, reason.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;
    use crate::probe::failure::Kind;
    use crate::probe::scripted::Step::*;
    use crate::probe::scripted::{Step, peer};

    fn proxy(authorization: Option<&str>) -> Proxy {
        Proxy {
            host: "proxy.example.com".into(),
            port: 3128,
            tls: None,
            authorization: authorization.map(str::to_owned),
        }
    }

    async fn kind(script: Vec<Step>) -> Kind {
        let failure = connect(peer(script), &proxy(None), "example.com", 443)
            .await
            .unwrap_err();
        assert_eq!(failure.stage, Stage::Proxy);
        failure.kind
    }

    const REQUEST: &[u8] = b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n";

    #[tokio::test]
    async fn what_comes_after_the_answer_is_the_servers() {
        let script = vec![
            Hear(REQUEST),
            Say(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n220 mail"),
        ];
        let stream = connect(peer(script), &proxy(None), "example.com", 443).await;
        let mut rest = String::new();
        stream.unwrap().read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "220 mail");
    }

    #[tokio::test]
    async fn credentials_and_addresses() {
        let script = vec![
            Hear(b"CONNECT [::1]:8443 HTTP/1.1\r\nHost: [::1]:8443\r\nProxy-Authorization: Basic dTpw\r\n\r\n"),
            Drip(b"HTTP/1.1 200\r\n\r\n"),
        ];
        let proxy = proxy(Some("Basic dTpw"));
        assert_eq!(format!("{proxy:?}"), "proxy.example.com:3128");
        connect(peer(script), &proxy, "::1", 8443).await.unwrap();
    }

    #[tokio::test]
    async fn refusals_name_the_status() {
        let cases: [(&'static [u8], &str); 4] = [
            (
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\nproxy-authenticate: Basic realm=\"x\"\r\n\r\n<html>",
                "407 Proxy Authentication Required (Negotiate, Basic)",
            ),
            (b"HTTP/1.1 403 Forbidden\x1b[31m\r\n\r\n", r"403 Forbidden\u{1b}[31m"),
            (b"HTTP/1.0 502 Bad Gateway\r\n\r\n", "502 Bad Gateway"),
            (b"HTTP/1.1 504\r\n\r\n", "504"),
        ];
        for (answer, words) in cases {
            let script = vec![Hear(REQUEST), Say(answer), Stay];
            assert_eq!(kind(script).await, Kind::Declined(words.into()));
        }
    }

    #[tokio::test]
    async fn what_is_no_proxy_is_told_apart() {
        let tls = vec![Hear(REQUEST), Say(b"\x15\x03\x01\0\x02\x02\x46"), Stay];
        assert_eq!(kind(tls).await, Kind::TlsInstead);
        let shell = vec![Say(b"SSH-2.0-x\r\n"), Stay];
        assert_eq!(kind(shell).await, Kind::PlainText(PlainText::Ssh));
        let garbage = kind(vec![Hear(REQUEST), Say(b"\0\x01\x02\n"), Stay]).await;
        assert_eq!(
            garbage,
            Kind::Malformed(r"expected HTTP/1.1 200, got `\u{0}\u{1}\u{2}`".into())
        );
        assert_eq!(kind(vec![Hear(REQUEST)]).await, Kind::Closed);
    }

    #[tokio::test]
    async fn hostile_proxies_cost_little() {
        let long = vec![Hear(REQUEST), Say(b"HTTP/1.1 200 "), Flood(b'x', 1 << 20)];
        assert_eq!(kind(long).await, Kind::Oversized);
        let many = b"a: b\r\n".repeat(20_000).leak();
        let many = vec![Hear(REQUEST), Say(b"HTTP/1.1 200 OK\r\n"), Say(many)];
        assert_eq!(kind(many).await, Kind::Oversized);
        let interim = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(5_000).leak();
        assert_eq!(
            kind(vec![Hear(REQUEST), Say(interim)]).await,
            Kind::Oversized
        );
    }
}
