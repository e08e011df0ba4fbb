//! Peers for tests, who say what they are told to.

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

/// What a peer does next.
pub enum Step {
    Say(&'static [u8]),
    /// One octet at a time, each in a write of its own.
    Drip(&'static [u8]),
    /// Reads as many octets, and checks them.
    Hear(&'static [u8]),
    /// Reads as many octets.
    Skip(usize),
    /// So many octets of one kind, or as many as the client takes.
    Flood(u8, usize),
    /// Stays, and says no more.
    Stay,
}

/// The client's end of a connection to such a peer, who closes when the script ends.
pub fn peer(script: Vec<Step>) -> DuplexStream {
    let (client, mut server) = duplex(1024);
    tokio::spawn(async move {
        for step in script {
            match step {
                Step::Say(octets) => server.write_all(octets).await.unwrap(),
                Step::Drip(octets) => {
                    for octet in octets {
                        server.write_all(&[*octet]).await.unwrap();
                        tokio::task::yield_now().await;
                    }
                }
                Step::Hear(octets) => {
                    let mut heard = vec![0; octets.len()];
                    server.read_exact(&mut heard).await.unwrap();
                    assert_eq!(heard, octets, "{}", String::from_utf8_lossy(&heard));
                }
                Step::Skip(count) => {
                    let mut heard = vec![0; count];
                    server.read_exact(&mut heard).await.unwrap();
                }
                Step::Flood(octet, count) => {
                    for _ in 0..count / 1024 {
                        if server.write_all(&[octet; 1024]).await.is_err() {
                            return;
                        }
                    }
                }
                Step::Stay => std::future::pending().await,
            }
        }
    });
    client
}
