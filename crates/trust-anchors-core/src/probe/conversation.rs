//! Talk in the clear, before TLS: lines and counted octets, of which a bounded number is read.

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use super::failure::{Failure, Kind, Stage};
use super::plain_text::{self, FIRST_OCTETS, PlainText};
use crate::findings::escape;

/// The longest line: mail servers are allowed 512 octets, proxies send cookies.
const LONGEST_LINE: usize = 8 * 1024;
/// All that is read before TLS.
const MOST_OCTETS: usize = 64 * 1024;
/// Lines, all together: each costs a peer no more than one octet.
const MOST_LINES: usize = 512;
/// How much of a peer's words is shown.
const LONGEST_EXCERPT: usize = 200;

/// A peer that is spoken to in the clear.
pub struct Conversation<S> {
    stream: BufReader<S>,
    stage: Stage,
    expected: PlainText,
    received: usize,
    lines: usize,
    first: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Conversation<S> {
    /// Nothing is read yet. `expected` is what the peer should speak.
    pub fn new(stream: S, stage: Stage, expected: PlainText) -> Self {
        Self {
            stream: BufReader::new(stream),
            stage,
            expected,
            received: 0,
            lines: 0,
            first: Vec::new(),
        }
    }

    /// Sends. A peer that has closed may have said before what it is.
    pub async fn say(&mut self, octets: &[u8]) -> Result<(), Failure> {
        let sent = async {
            self.stream.write_all(octets).await?;
            self.stream.flush().await
        };
        if let Err(error) = sent.await {
            let _ = self.stream.fill_buf().await;
            return Err(self.fault(Failure::of(self.stage, &error).kind));
        }
        Ok(())
    }

    /// Until something has come, or the end.
    async fn wait(&mut self) -> Result<(), Failure> {
        let waited = self.stream.fill_buf().await.map(|_| ());
        waited.map_err(|error| self.fault(Failure::of(self.stage, &error).kind))
    }

    /// The next line without its end; octets that are no UTF-8 become U+FFFD.
    pub async fn line(&mut self) -> Result<String, Failure> {
        self.lines += 1;
        if self.lines > MOST_LINES {
            return Err(self.fault(Kind::Oversized));
        }
        let mut line = self.until(b'\n').await?;
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    /// What comes before the next `end`, which is read too.
    pub async fn until(&mut self, end: u8) -> Result<Vec<u8>, Failure> {
        let mut octets = Vec::new();
        while !self.read(Some(end), LONGEST_LINE, &mut octets).await? {
            if octets.len() >= LONGEST_LINE {
                return Err(self.fault(Kind::Oversized));
            }
        }
        Ok(octets)
    }

    /// So many octets.
    pub async fn octets(&mut self, count: usize) -> Result<Vec<u8>, Failure> {
        if count > MOST_OCTETS {
            return Err(self.fault(Kind::Oversized));
        }
        let mut octets = Vec::new();
        while octets.len() < count {
            let rest = count - octets.len();
            self.read(None, rest, &mut octets).await?;
        }
        Ok(octets)
    }

    /// Reads once, at most so many octets, and none after `end`. True when `end` was found, which is left out.
    async fn read(
        &mut self,
        end: Option<u8>,
        most: usize,
        into: &mut Vec<u8>,
    ) -> Result<bool, Failure> {
        self.wait().await?;
        let available = self.stream.buffer();
        if available.is_empty() {
            return Err(self.fault(Kind::Closed));
        }
        let available = available.get(..most).unwrap_or(available);
        let found = end.and_then(|end| memchr::memchr(end, available));
        let taken = found.map_or(available.len(), |position| position + 1);
        into.extend(available.iter().take(found.unwrap_or(taken)));
        let room = FIRST_OCTETS.saturating_sub(self.first.len());
        self.first.extend(available.iter().take(taken.min(room)));
        self.stream.consume(taken);
        self.received += taken;
        if self.speaks_tls() {
            return Err(Failure::new(self.stage, Kind::TlsInstead));
        }
        if self.received > MOST_OCTETS {
            return Err(self.fault(Kind::Oversized));
        }
        Ok(found.is_some())
    }

    /// RFC 8446, 5.1. The third octet is never zero since SSL 3.0; in a MySQL packet of that length it is.
    fn speaks_tls(&self) -> bool {
        matches!(self.first.as_slice(), [20..=24, 3, 1..=4, ..])
    }

    /// A fault of the peer's: that it speaks something else, when it does, says more.
    pub fn fault(&self, kind: Kind) -> Failure {
        let mut first = self.first.clone();
        first.extend(self.stream.buffer());
        let kind = match plain_text::recognise(&first) {
            Some(other) if other != self.expected && other != PlainText::Unknown => {
                Kind::PlainText(other)
            }
            _ => kind,
        };
        Failure::new(self.stage, kind)
    }

    /// The fault of an answer that the protocol does not have.
    pub fn unexpected(&self, expected: &str, answer: &str) -> Failure {
        let text = format!("expected {expected}, got `{}`", excerpt(answer));
        self.fault(Kind::Malformed(text))
    }

    /// The peer says no, in these words.
    pub fn declined(&self, words: &str) -> Failure {
        Failure::new(self.stage, Kind::Declined(excerpt(words)))
    }

    /// The connection, for TLS to begin. Whatever the peer has already sent is none of TLS: a server waits for the client's first message.
    pub fn into_stream(self) -> Result<S, Failure> {
        let rest = self.stream.buffer();
        if !rest.is_empty() {
            let text = format!(
                "goes on in plain text after it has agreed to TLS: `{}`",
                excerpt(&String::from_utf8_lossy(rest))
            );
            return Err(self.fault(Kind::Malformed(text)));
        }
        Ok(self.stream.into_inner())
    }

    /// The connection with what the peer has already sent.
    pub fn into_buffered(self) -> BufReader<S> {
        self.stream
    }
}

/// Words of a peer on one line, escaped, and not too many of them.
fn excerpt(words: &str) -> String {
    let words = words.trim();
    let mut shown: String = words.chars().take(LONGEST_EXCERPT).collect();
    if shown.len() < words.len() {
        shown.push('…');
    }
    escape(&shown)
}
