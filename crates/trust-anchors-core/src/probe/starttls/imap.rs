//! IMAP: RFC 9051, 6.2.1.

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Conversation, Failure, no_starttls};

pub(super) async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
) -> Result<(), Failure> {
    let greeting = server.line().await?;
    match greeting
        .get(..4)
        .unwrap_or_default()
        .to_ascii_uppercase()
        .as_str()
    {
        "* OK" => {}
        // Who is logged in already cannot turn to TLS.
        "* PR" | "* BY" => return Err(server.declined(&greeting)),
        _ => return Err(server.unexpected("* OK", &greeting)),
    }
    let untagged = command(server, "a1", "CAPABILITY").await?;
    let offered = untagged.iter().find_map(|line| capabilities(line));
    let offered = offered.unwrap_or_default();
    let has_starttls = offered
        .split(' ')
        .any(|it| it.eq_ignore_ascii_case("STARTTLS"));
    if !has_starttls {
        return Err(server.declined(&no_starttls(&offered)));
    }
    command(server, "a2", "STARTTLS").await?;
    Ok(())
}

/// The untagged lines before the answer; any answer but `OK` declines.
async fn command<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
    tag: &str,
    command: &str,
) -> Result<Vec<String>, Failure> {
    server
        .say(format!("{tag} {command}\r\n").as_bytes())
        .await?;
    let mut untagged = Vec::new();
    loop {
        let line = server.line().await?;
        match line.strip_prefix(tag).and_then(|it| it.strip_prefix(' ')) {
            Some(answer) if starts_with(answer, "OK") => return Ok(untagged),
            Some(answer) => return Err(server.declined(answer)),
            None if starts_with(&line, "* BYE") => return Err(server.declined(&line)),
            None if line.starts_with('*') => untagged.push(line),
            None => return Err(server.unexpected(&format!("{tag} OK"), &line)),
        }
    }
}

/// `* CAPABILITY IMAP4rev1 STARTTLS`.
fn capabilities(line: &str) -> Option<String> {
    const BEGINNING: &str = "* CAPABILITY ";
    starts_with(line, BEGINNING).then(|| line.chars().skip(BEGINNING.len()).collect())
}

fn starts_with(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}
