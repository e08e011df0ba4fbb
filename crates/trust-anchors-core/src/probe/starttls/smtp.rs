//! SMTP: RFC 3207.

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Conversation, Failure, no_starttls};

/// An address in place of a name, RFC 5321, 4.1.3: this client has no name that a server could look up.
const HELLO: &[u8] = b"EHLO [127.0.0.1]\r\n";

pub(super) async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
) -> Result<(), Failure> {
    reply(server, "220").await?;
    server.say(HELLO).await?;
    let offered = reply(server, "250").await?;
    // The first line names the server.
    let extensions = offered.get(1..).unwrap_or_default();
    if !extensions
        .iter()
        .any(|it| it.eq_ignore_ascii_case("STARTTLS"))
    {
        return Err(server.declined(&no_starttls(&extensions.join(", "))));
    }
    server.say(b"STARTTLS\r\n").await?;
    reply(server, "220").await?;
    Ok(())
}

/// The lines of a reply without its code, RFC 5321, 4.2; any code but the one that was hoped for declines.
async fn reply<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
    hoped_for: &str,
) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    loop {
        let line = server.line().await?;
        let is_reply = line.len() >= 3 && line.bytes().take(3).all(|it| it.is_ascii_digit());
        let Some((code, rest)) = line.split_at_checked(3).filter(|_| is_reply) else {
            return Err(server.unexpected("a reply of three digits", &line));
        };
        let has_more = rest.starts_with('-');
        lines.push(rest.get(1..).unwrap_or_default().trim().to_owned());
        if has_more {
            continue;
        }
        if code != hoped_for {
            return Err(server.declined(&format!("{code} {}", lines.join(" "))));
        }
        return Ok(lines);
    }
}
