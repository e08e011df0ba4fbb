//! MySQL and MariaDB: the server's greeting (`Protocol::HandshakeV10`), and the client's `SSLRequest` in answer.

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Conversation, Failure};

const PROTOCOL: u8 = 10;
const ERROR: u8 = 0xff;
/// Thread, first part of the challenge, filler: what stands between the version and the capabilities.
const BEFORE_CAPABILITIES: usize = 4 + 8 + 1;

const CLIENT_LONG_PASSWORD: u32 = 0x0000_0001;
const CLIENT_PROTOCOL_41: u32 = 0x0000_0200;
const CLIENT_SSL: u32 = 0x0000_0800;
const CLIENT_SECURE_CONNECTION: u32 = 0x0000_8000;
const CLIENT_PLUGIN_AUTH: u32 = 0x0008_0000;

pub(super) async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
) -> Result<(), Failure> {
    let greeting = packet(server).await?;
    let capabilities = match greeting.as_slice() {
        [PROTOCOL, rest @ ..] => capabilities(rest),
        [ERROR, rest @ ..] => return Err(server.declined(&error(rest))),
        _ => None,
    };
    let Some(capabilities) = capabilities else {
        let words = String::from_utf8_lossy(&greeting);
        return Err(server.unexpected("a greeting of protocol 10", &words));
    };
    if u32::from(capabilities) & CLIENT_SSL == 0 {
        return Err(server.declined("no CLIENT_SSL among its capabilities"));
    }
    server.say(&ssl_request()).await
}

/// The content of a packet: length in three octets, the least significant first, and a number in the sequence, 0 here.
async fn packet<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
) -> Result<Vec<u8>, Failure> {
    let header = server.octets(4).await?;
    if header.last() != Some(&0) {
        let words = String::from_utf8_lossy(&header);
        return Err(server.unexpected("a greeting", &words));
    }
    let length = header
        .iter()
        .take(3)
        .rev()
        .fold(0, |sum: usize, octet| sum << 8 | usize::from(*octet));
    server.octets(length).await
}

/// The lower half of the capabilities, in which `CLIENT_SSL` is.
fn capabilities(greeting: &[u8]) -> Option<u16> {
    let version = memchr::memchr(0, greeting)?;
    let rest = greeting.get(version + 1 + BEFORE_CAPABILITIES..)?;
    rest.first_chunk().map(|lower| u16::from_le_bytes(*lower))
}

/// `1129: Host '192.0.2.7' is blocked …`. `ERR_Packet`: before the handshake it has no SQL state, and some servers send one.
fn error(content: &[u8]) -> String {
    let Some((number, rest)) = content.split_first_chunk() else {
        return "an error without a number".into();
    };
    let words = match rest {
        [b'#', _, _, _, _, _, words @ ..] => words,
        words => words,
    };
    let number = u16::from_le_bytes(*number);
    format!("{number}: {}", String::from_utf8_lossy(words))
}

/// The flags, the longest packet (1 GiB), `utf8mb4`, and filler.
fn ssl_request() -> Vec<u8> {
    const LENGTH: u8 = 32;
    const UTF8MB4: u8 = 45;
    let flags = CLIENT_LONG_PASSWORD
        | CLIENT_PROTOCOL_41
        | CLIENT_SSL
        | CLIENT_SECURE_CONNECTION
        | CLIENT_PLUGIN_AUTH;
    let mut packet = vec![LENGTH, 0, 0, 1];
    packet.extend(flags.to_le_bytes());
    packet.extend((1u32 << 30).to_le_bytes());
    packet.push(UTF8MB4);
    packet.extend([0; 23]);
    packet
}
