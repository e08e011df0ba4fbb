//! The way to the server up to the first octet of TLS.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::mpsc;

use super::failure::{Failure, Kind, Stage};
use super::{Attempt, Clock, Settings, Target, proxy, starttls};

/// Octets in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection on which the next octet is TLS's.
pub type Transport = Box<dyn Stream>;

/// The addresses of what is connected to, in the system's order, each once.
pub async fn resolve(target: &Target) -> Result<Vec<SocketAddr>, Failure> {
    let (host, port) = match &target.proxy {
        Some(proxy) => (proxy.host.as_str(), proxy.port),
        None => destination(target),
    };
    lookup(host, port).await
}

async fn lookup(host: &str, port: u16) -> Result<Vec<SocketAddr>, Failure> {
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
    target: &Target,
    clock: &Clock,
    address: SocketAddr,
    attempt: &mut Attempt,
) -> Result<Transport, Failure> {
    let connected = connect(clock, address, attempt).await?;
    prepare(target, clock, connected, attempt).await
}

/// Connects to one address.
pub async fn connect(
    clock: &Clock,
    address: SocketAddr,
    attempt: &mut Attempt,
) -> Result<TcpStream, Failure> {
    let (took, connected) = clock.stage(Stage::Connect, stream(address)).await;
    attempt.timings.tcp = took;
    connected
}

/// Goes from a connection as far as TLS may begin.
pub async fn prepare(
    target: &Target,
    clock: &Clock,
    connected: TcpStream,
    attempt: &mut Attempt,
) -> Result<Transport, Failure> {
    let mut transport: Transport = Box::new(connected);
    if let Some(proxy) = &target.proxy {
        let (host, port) = destination(target);
        let session = &mut attempt.proxy_session;
        let asking = async {
            if let Some(tls) = &proxy.tls {
                transport = proxy::secure(transport, proxy, tls, session).await?;
            }
            proxy::connect(transport, proxy, host, port).await
        };
        let (took, done) = clock.stage(Stage::Proxy, asking).await;
        attempt.timings.proxy = took;
        transport = Box::new(done?);
    }
    if let Some(protocol) = target.start_tls {
        let upgrade = starttls::upgrade(transport, protocol);
        let (took, done) = clock.stage(Stage::StartTls, upgrade).await;
        attempt.timings.start_tls = took;
        transport = done?;
    }
    Ok(transport)
}

/// Goes the same way again, to an address that a probe has come to.
pub async fn reopen(
    target: &Target,
    settings: &Settings,
    (host, port): (String, u16),
) -> Result<Transport, Failure> {
    let clock = Clock::start(settings);
    // A literal, perhaps with the name of a zone, which the system's resolver understands.
    let (_, found) = clock
        .stage(Stage::Resolve, lookup(host.as_str(), port))
        .await;
    let address = found?.into_iter().next();
    let address = address.ok_or_else(|| Failure::new(Stage::Resolve, Kind::NotFound))?;
    open(target, &clock, address, &mut Attempt::default()).await
}

/// Carries octets between a connection and whoever has the other ends of the channels, until both directions have ended. An error of the
/// connection is the last that `incoming` gets.
pub async fn carry(
    transport: Transport,
    mut outgoing: mpsc::Receiver<Vec<u8>>,
    incoming: mpsc::Sender<io::Result<Vec<u8>>>,
) {
    let (mut reader, mut writer) = tokio::io::split(transport);
    let reading = async move {
        loop {
            let mut octets = Vec::with_capacity(PIECE);
            let read = reader.read_buf(&mut octets).await;
            let is_end = !matches!(read, Ok(1..));
            let message = match read {
                Ok(0) => return,
                Ok(_) => Ok(octets),
                Err(error) => Err(error),
            };
            if incoming.send(message).await.is_err() || is_end {
                return;
            }
        }
    };
    let writing = async move {
        while let Some(octets) = outgoing.recv().await {
            if writer.write_all(&octets).await.is_err() || writer.flush().await.is_err() {
                return;
            }
        }
    };
    tokio::join!(reading, writing);
}

/// How much is read at once.
const PIECE: usize = 16 * 1024;

async fn stream(address: SocketAddr) -> Result<TcpStream, Failure> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| Failure::of(Stage::Connect, &error))?;
    // The answer to a small message is waited for, every time.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// Where the connection ends, through a proxy or without one.
fn destination(target: &Target) -> (&str, u16) {
    match &target.connect_to {
        Some((host, port)) => (host, *port),
        None => (&target.host, target.port),
    }
}
