//! LDAP: RFC 4511, 4.14.

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Conversation, Failure};
use crate::der::{Value, values};

/// An `ExtendedRequest` of the number 1, for 1.3.6.1.4.1.1466.20037.
const REQUEST: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
const SEQUENCE: u8 = 0x30;
/// `[APPLICATION 24]`, constructed.
const EXTENDED_RESPONSE: u8 = 0x78;
const INTEGER: u32 = 2;
const ENUMERATED: u32 = 10;

pub(super) async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
) -> Result<(), Failure> {
    server.say(REQUEST).await?;
    let (header, message) = message(server).await?;
    match response(&message) {
        Some((0, _)) => Ok(()),
        Some((code, words)) => {
            let name = name(code).map_or(String::new(), |name| format!(" {name}"));
            Err(server.declined(&format!("{code}{name}: {words}")))
        }
        None => {
            let words = [header, message].concat();
            Err(server.unexpected("an ExtendedResponse", &String::from_utf8_lossy(&words)))
        }
    }
}

/// A message and the octets before its content. Lengths are definite, RFC 4511, 5.1; Active Directory writes them in four octets.
async fn message<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let mut header = server.octets(2).await?;
    let length = match *header.as_slice() {
        [SEQUENCE, length @ ..=0x7f] => usize::from(length),
        [SEQUENCE, octets @ 0x81..=0x84] => {
            let long = server.octets(usize::from(octets & 0x7f)).await?;
            let length = long
                .iter()
                .fold(0, |sum: usize, octet| sum << 8 | usize::from(*octet));
            header.extend(long);
            length
        }
        _ => {
            // Enough to tell what it is.
            header.extend(server.octets(3).await?);
            let words = String::from_utf8_lossy(&header);
            return Err(server.unexpected("a message", &words));
        }
    };
    let content = server.octets(length).await?;
    Ok((header, content))
}

/// The result code and what the server says to it.
fn response(message: &[u8]) -> Option<(u8, String)> {
    let mut parts = values(message);
    parts.next().filter(|number| number.is(INTEGER))?;
    let response = parts
        .next()
        .filter(|it| it.whole().first() == Some(&EXTENDED_RESPONSE))?;
    let mut parts = response.values();
    let code = parts.next().filter(|code| code.is(ENUMERATED))?;
    let words = parts.nth(1).map(|words: Value| words.octets().into_owned());
    let words = String::from_utf8_lossy(&words.unwrap_or_default()).into_owned();
    match code.content() {
        [code] => Some((*code, words)),
        _ => None,
    }
}

/// The result codes that are likely here, RFC 4511, appendix A.
fn name(code: u8) -> Option<&'static str> {
    Some(match code {
        1 => "operationsError",
        2 => "protocolError",
        8 => "strongerAuthRequired",
        51 => "busy",
        52 => "unavailable",
        53 => "unwillingToPerform",
        80 => "other",
        _ => return None,
    })
}
