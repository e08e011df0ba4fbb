//! Bounds on what is read of a peer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::plain_text::FIRST_OCTETS;

/// How many octets of TLS are read in one look. Node's OpenSSL takes 100 KiB of certificates (`SSL_MAX_CERT_LIST_DEFAULT`), rustls 64 KiB;
/// everything else of a handshake is small, and a look reads nothing after it.
const MAX_RECEIVED: usize = 256 * 1024;
/// A stream of which a bounded number of octets is read, give or take the buffer of one read. The read after that fails with [`TooMuch`].
#[derive(Debug)]
pub struct Limited<S> {
    inner: S,
    received: usize,
    first: Vec<u8>,
}

/// The peer sends more than is read of anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMuch;

impl std::fmt::Display for TooMuch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "more than {MAX_RECEIVED} octets")
    }
}

impl std::error::Error for TooMuch {}

impl TooMuch {
    /// Whether this is what an error says.
    pub fn is_in(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Self>())
    }
}

impl<S> Limited<S> {
    /// Nothing is read yet.
    pub fn new(inner: S) -> Self {
        Self {
            inner,
            received: 0,
            first: Vec::new(),
        }
    }

    /// The first octets that came, as many as plain text is recognised by.
    pub fn first(&self) -> &[u8] {
        &self.first
    }

    fn note(&mut self, octets: &[u8]) {
        self.received += octets.len();
        let kept = octets
            .len()
            .min(FIRST_OCTETS.saturating_sub(self.first.len()));
        self.first.extend(octets.iter().take(kept));
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Limited<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.received >= MAX_RECEIVED {
            return Poll::Ready(Err(io::Error::other(TooMuch)));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        self.note(buffer.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Limited<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, octets)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn reads_so_much_and_keeps_the_beginning() {
        let sent: Vec<u8> = (0..=255).cycle().take(MAX_RECEIVED + 1).collect();
        let mut stream = Limited::new(sent.as_slice());
        let mut received = Vec::new();
        let error = stream
            .read_to_end(&mut received)
            .await
            .expect_err("one octet more than is read");
        assert!(TooMuch::is_in(&error));
        assert!(received.len() >= MAX_RECEIVED);
        assert_eq!(stream.first(), &sent[..FIRST_OCTETS]);
    }

    #[tokio::test]
    async fn what_is_short_enough_comes_to_its_end() {
        let sent = vec![7; 300];
        let mut stream = Limited::new(sent.as_slice());
        let mut received = Vec::new();
        assert_eq!(stream.read_to_end(&mut received).await.ok(), Some(300));
        assert_eq!(stream.first(), sent);
    }
}
