//! POP3: RFC 2595, 4.

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Conversation, Failure};

pub(super) async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
) -> Result<(), Failure> {
    status(server).await?;
    // What servers list after `CAPA` is not asked for: many list nothing before a login, and all answer this.
    server.say(b"STLS\r\n").await?;
    status(server).await
}

/// RFC 1939, 3: `+OK` or `-ERR`.
async fn status<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
) -> Result<(), Failure> {
    let line = server.line().await?;
    if line.starts_with("+OK") {
        return Ok(());
    }
    if line.starts_with("-ERR") {
        return Err(server.declined(&line));
    }
    Err(server.unexpected("+OK", &line))
}
