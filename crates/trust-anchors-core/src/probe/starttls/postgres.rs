//! PostgreSQL: `SSLRequest`, as "SSL Session Encryption" in its protocol's documentation has it.

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Conversation, Failure};

/// Length 8, and the number that stands where a protocol version would.
const SSL_REQUEST: &[u8] = &[0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
/// What libpq takes for the length of an `ErrorResponse`; anything else is the text of protocol 2.
const ERROR_LENGTHS: std::ops::RangeInclusive<usize> = 8..=30_000;

pub(super) async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
) -> Result<(), Failure> {
    server.say(SSL_REQUEST).await?;
    let answer = server.octets(1).await?;
    match answer.as_slice() {
        b"S" => Ok(()),
        b"N" => Err(server.declined("N")),
        b"E" => {
            let words = error_response(server).await?;
            Err(server.declined(&words))
        }
        // Enough to tell what it is: an alert, a page.
        other => {
            let mut words = other.to_vec();
            words.extend(server.octets(4).await?);
            Err(server.unexpected("S or N", &String::from_utf8_lossy(&words)))
        }
    }
}

/// `FATAL 53300: sorry, too many clients already`.
async fn error_response<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
) -> Result<String, Failure> {
    let length = server.octets(4).await?;
    let announced = length
        .iter()
        .fold(0, |sum: usize, octet| sum << 8 | usize::from(*octet));
    if !ERROR_LENGTHS.contains(&announced) {
        let rest = server.until(0).await?;
        return Ok(String::from_utf8_lossy(&[length, rest].concat()).into_owned());
    }
    let body = server.octets(announced - length.len()).await?;
    let field = |kind: u8| {
        let found = body
            .split(|octet| *octet == 0)
            .find(|field| field.first() == Some(&kind))?;
        Some(String::from_utf8_lossy(found.get(1..)?).into_owned())
    };
    let severity = field(b'S').unwrap_or_default();
    let code = field(b'C').unwrap_or_default();
    let message = field(b'M').unwrap_or_default();
    Ok(format!("{severity} {code}: {message}"))
}
