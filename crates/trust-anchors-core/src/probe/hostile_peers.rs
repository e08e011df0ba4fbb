//! Peers that do everything but make a handshake. Each look ends soon, having read little, with the failure that says what happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use ::aws_lc_rs::rand::SystemRandom;
use ::aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection, SupportedProtocolVersion, version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// What a peer may put into the buffers of both systems before nobody reads it any more.
const SENT_IN_VAIN: usize = 16 * 1024 * 1024;
const TLS_1_2: &SupportedProtocolVersion = &version::TLS12;
const TLS_1_3: &SupportedProtocolVersion = &version::TLS13;

// ---- plain misbehaviour ----

#[tokio::test]
async fn silent_from_the_beginning() {
    let address = peer(move |mut stream: TcpStream| async move {
        let _ = stream.read_u8().await;
        std::future::pending().await
    });
    assert_ends(hasty(address.await).await, Kind::TimedOut);
}

#[tokio::test]
async fn silent_in_the_middle_of_its_flight() {
    for version in [TLS_1_2, TLS_1_3] {
        let address = peer(move |mut stream: TcpStream| async move {
            let flight = flight(&mut stream, version, &[b"certificate"]).await;
            let _ = stream.write_all(&flight[..flight.len() / 2]).await;
            std::future::pending().await
        });
        assert_ends(hasty(address.await).await, Kind::TimedOut);
    }
}

#[tokio::test]
async fn silent_at_its_end_and_its_certificates_are_known() {
    let address = peer(move |mut stream: TcpStream| async move {
        let flight = flight(&mut stream, TLS_1_2, &[b"leaf", b"issuer"]).await;
        let _ = stream.write_all(&flight).await;
        std::future::pending().await
    });
    let attempt = hasty(address.await).await;
    let session = attempt.session.as_ref().unwrap();
    assert_eq!(session.certificates, [b"leaf".to_vec(), b"issuer".to_vec()]);
    assert_eq!(session.group.as_deref(), Some("x25519"));
    assert!(!session.is_complete);
    assert_ends(attempt, Kind::TimedOut);
}

#[tokio::test]
async fn an_octet_now_and_then() {
    let address = peer(move |mut stream: TcpStream| async move {
        let flight = flight(&mut stream, TLS_1_3, &[b"certificate"]).await;
        for octet in flight {
            let _ = stream.write_u8(octet).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let settings = Settings {
        deadline: Duration::from_millis(200),
        ..settings()
    };
    assert_ends(look_at(address.await, &settings).await, Kind::TimedOut);
}

#[tokio::test]
async fn closed_without_a_word() {
    let address = peer(|_| async {});
    let ended = patient(address.await).await.failure.unwrap().kind;
    assert!(matches!(ended, Kind::Closed | Kind::Reset), "{ended:?}");
    let address = peer(move |mut stream: TcpStream| async move {
        client_hello(&mut stream).await;
        let _ = stream.shutdown().await;
        // Half-closed: it goes on listening.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    assert_ends(patient(address.await).await, Kind::Closed);
}

#[tokio::test]
async fn plain_text_and_garbage() {
    for (sent, kind) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            Kind::PlainText(PlainText::Http),
        ),
        (
            b"220 mail.example ESMTP\r\n",
            Kind::PlainText(PlainText::Smtp),
        ),
        (b"hi\n", Kind::PlainText(PlainText::Unknown)),
    ] {
        let address = peer(move |mut stream: TcpStream| async move {
            let _ = stream.write_all(sent).await;
            client_hello(&mut stream).await;
        });
        assert_ends(patient(address.await).await, kind);
    }
    // It waits for the client to speak, which waits too.
    let address = peer(move |mut stream: TcpStream| async move {
        let _ = stream.write_all(b"+OK").await;
        std::future::pending().await
    });
    assert_ends(hasty(address.await).await, Kind::PlainText(PlainText::Pop3));
    for garbage in [&[0xff; 4096][..], &[0; 64], &[22, 3, 3, 0, 4, 99, 0, 0, 0]] {
        let address = peer(move |mut stream: TcpStream| async move {
            client_hello(&mut stream).await;
            let _ = stream.write_all(garbage).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        });
        let ended = patient(address.await).await.failure.unwrap().kind;
        assert!(matches!(ended, Kind::Malformed(_)), "{ended:?}");
    }
}

#[tokio::test]
async fn reset_or_closed_at_any_octet_of_its_flight() {
    for version in [TLS_1_2, TLS_1_3] {
        for resets in [false, true] {
            let length = Arc::new(AtomicUsize::new(usize::MAX));
            for cut in (0..).step_by(23) {
                if cut >= length.load(Ordering::Relaxed) {
                    break;
                }
                let noted = Arc::clone(&length);
                let address = peer(move |mut stream: TcpStream| {
                    let noted = Arc::clone(&noted);
                    async move {
                        let flight = flight(&mut stream, version, &[b"certificate"]).await;
                        // The whole flight would be no cut.
                        noted.fetch_min(flight.len() - 1, Ordering::Relaxed);
                        let _ = stream.write_all(&flight[..cut.min(flight.len() - 1)]).await;
                        if resets {
                            let _ = stream.set_zero_linger();
                        }
                    }
                });
                let attempt = patient(address.await).await;
                let kind = attempt.failure.unwrap().kind;
                assert!(
                    matches!(kind, Kind::Reset | Kind::Closed),
                    "{version:?}, {cut} octets: {kind:?}"
                );
                assert!(attempt.session.is_none_or(|session| !session.is_complete));
            }
        }
    }
}

#[tokio::test]
async fn any_octet_changed() {
    for version in [TLS_1_2, TLS_1_3] {
        for position in (0..700).step_by(17) {
            let address = peer(move |mut stream: TcpStream| async move {
                let mut flight = flight(&mut stream, version, &[b"certificate"]).await;
                let position = position % flight.len();
                flight[position] ^= 0x41;
                let _ = stream.write_all(&flight).await;
                let _ = stream.shutdown().await;
                let _ = stream.read_to_end(&mut Vec::new()).await;
            });
            // Some octets are random, and none of them completes a handshake.
            let attempt = patient(address.await).await;
            assert!(attempt.session.is_none_or(|session| !session.is_complete));
        }
    }
}

// ---- endless ----

#[tokio::test]
async fn endless_records() {
    let handshake_of_nothing = [22, 3, 3, 0, 0];
    let change_cipher_spec = [20, 3, 3, 0, 1, 1];
    let warning = [21, 3, 3, 0, 2, 1, 90];
    let application_data = [23, 3, 3, 0, 1, 0];
    let hello_request = [22, 3, 3, 0, 4, 0, 0, 0, 0];
    let records: [&[u8]; 5] = [
        &handshake_of_nothing,
        &change_cipher_spec,
        &warning,
        &application_data,
        &hello_request,
    ];
    for record in records {
        for version in [None, Some(TLS_1_2), Some(TLS_1_3)] {
            let (address, sent) = flood(version, record.repeat(100)).await;
            let kind = patient(address).await.failure.unwrap().kind;
            assert!(
                matches!(kind, Kind::Malformed(_) | Kind::Oversized),
                "{record:?} after {version:?}: {kind:?}"
            );
            assert!(sent.load(Ordering::Relaxed) < SENT_IN_VAIN);
        }
    }
}

#[tokio::test]
async fn endless_fragments_of_one_message() {
    // A certificate message of 16 MiB, begun in each size of record.
    for size in [1, 100, 16_384] {
        let mut message = vec![11, 0xff, 0xff, 0xff];
        message.resize(size.max(4), 0);
        let first = record(&message);
        let (address, _) = flood_after(Some(TLS_1_2), first, record(&vec![0; size])).await;
        assert_ends(patient(address).await, Kind::Oversized);
    }
    // Under the limit, and never complete.
    let first = record(&[11, 0, 0xff, 0xff]);
    let (address, _) = flood_after(Some(TLS_1_2), first, record(&[0])).await;
    let kind = patient(address).await.failure.unwrap().kind;
    assert!(
        matches!(kind, Kind::Malformed(_) | Kind::Oversized),
        "{kind:?}"
    );
}

#[tokio::test]
async fn sixteen_megabytes_of_certificates() {
    static HUGE: [u8; 160_000] = [7; 160_000];
    for version in [TLS_1_2, TLS_1_3] {
        let address = peer(move |mut stream: TcpStream| async move {
            let flight = flight(&mut stream, version, &[&HUGE[..]; 100]).await;
            let _ = stream.write_all(&flight).await;
        });
        assert_ends(patient(address.await).await, Kind::Oversized);
    }
}

// ---- odd messages ----

#[tokio::test]
async fn certificates_that_are_none() {
    for version in [TLS_1_2, TLS_1_3] {
        let attempt = patient(server(version, &[b"garbage", b"more"]).await).await;
        let session = attempt.session.unwrap();
        assert!(session.is_complete);
        assert_eq!(
            session.certificates,
            [b"garbage".to_vec(), b"more".to_vec()]
        );
        assert_eq!(attempt.failure, None);
    }
}

#[tokio::test]
async fn no_certificate_at_all() {
    for version in [TLS_1_2, TLS_1_3] {
        let attempt = patient(server(version, &[]).await).await;
        let none = Kind::Malformed("the server sent no certificate".to_owned());
        assert_ends(attempt, none);
    }
}

#[tokio::test]
async fn a_request_to_begin_again_is_passed_over() {
    let address = peer(move |mut stream: TcpStream| async move {
        let flight = flight(&mut stream, TLS_1_2, &[b"certificate"]).await;
        let (server_hello, rest) = flight.split_at(first_record(&flight));
        let sent = [server_hello, &record(&[0, 0, 0, 0]), rest].concat();
        let _ = stream.write_all(&sent).await;
        // Whatever the client says to it.
        let _ = stream.read_u8().await;
    });
    let attempt = patient(address.await).await;
    let session = attempt.session.unwrap();
    assert_eq!(session.certificates, [b"certificate".to_vec()]);
}

// ---- a proxy ----

#[tokio::test]
async fn a_proxy_has_to_own_the_certificates_that_were_judged() {
    const P_256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    let of_others: &[u8] = webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .find(|der| der.windows(P_256.len()).any(|part| part == P_256))
        .unwrap();
    let certificates: &'static [&'static [u8]] =
        Box::leak(Box::new([of_others.to_vec().leak() as &[u8]]));
    for version in [TLS_1_2, TLS_1_3] {
        for (known, expected) in [
            (None, "invalid peer certificate: BadSignature"),
            (
                Some(&[of_others.to_vec()][..]),
                "invalid peer certificate: BadSignature",
            ),
            (
                Some(&[b"another".to_vec()][..]),
                "it shows other certificates than before",
            ),
        ] {
            let address = server(version, certificates).await;
            let stream = TcpStream::connect(address).await.unwrap();
            let tunnel = tls::tunnel(Box::new(stream), &Opening::default(), known).await;
            let failure = tunnel.map(|tunnel| tunnel.session).unwrap_err();
            match failure.kind {
                Kind::Malformed(words) | Kind::Other(words) => assert_eq!(words, expected),
                kind => panic!("{kind:?}"),
            }
        }
    }
}

// ---- the address of a name that works ----

#[tokio::test]
async fn the_next_address_is_tried_and_all_are_told() {
    let refused = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (refusing, _) = (refused.local_addr().unwrap(), drop(refused));
    let alive = server(TLS_1_3, &[b"certificate"]).await;
    let (target, settings) = (target(), settings());
    let look = Look {
        target: &target,
        settings: &settings,
        clock: Clock::start(&settings),
        client_key: None,
    };
    let addresses = [refusing, alive, refusing];
    let attempts = || {
        addresses
            .iter()
            .map(|address| Attempt::of(Some(*address), None))
            .collect::<Vec<_>>()
    };
    let told = |attempts: &[Attempt]| -> Vec<(bool, Option<Kind>)> {
        attempts
            .iter()
            .map(|attempt| {
                let kind = attempt.failure.as_ref().map(|failure| failure.kind.clone());
                (attempt.session.is_some(), kind)
            })
            .collect()
    };
    let first = look.at_the_first_that_answers(attempts()).await;
    assert_eq!(told(&first), [(false, Some(Kind::Refused)), (true, None)]);
    let all = look.at_all(attempts()).await;
    assert_eq!(
        told(&all),
        [
            (false, Some(Kind::Refused)),
            (true, None),
            (false, Some(Kind::Refused))
        ]
    );
    let decisive = Probe { attempts: all }.decisive().unwrap().address;
    assert_eq!(decisive, Some(alive));
}

#[tokio::test]
async fn the_next_address_is_left_alone_while_the_first_is_slow_to_speak() {
    let slow = peer(|mut stream: TcpStream| async move {
        tokio::time::sleep(HEAD_START * 2).await;
        let _ = stream.write_all(b"554 no service\r\n").await;
    });
    let other = server(TLS_1_3, &[b"certificate"]);
    let (slow, other) = tokio::join!(slow, other);
    let (target, settings) = (
        Target {
            start_tls: Some(StartTls::Smtp),
            ..target()
        },
        settings(),
    );
    let look = Look {
        target: &target,
        settings: &settings,
        clock: Clock::start(&settings),
        client_key: None,
    };
    let attempts = [slow, other].map(|address| Attempt::of(Some(address), None));
    let tried = look.at_the_first_that_answers(attempts.into()).await;
    assert_eq!(tried.len(), 1);
    let kind = &tried[0].failure.as_ref().unwrap().kind;
    assert!(matches!(kind, Kind::Declined(_)), "{kind:?}");
}

// ---- the peers ----

/// A peer on loopback that does this on every connection.
async fn peer<F: Future<Output = ()> + Send + 'static>(
    behave: impl Fn(TcpStream) -> F + Send + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(behave(stream));
        }
    });
    address
}

/// A peer that makes handshakes.
async fn server(
    version: &'static SupportedProtocolVersion,
    certificates: &'static [&'static [u8]],
) -> SocketAddr {
    peer(move |mut stream| async move {
        let (mut server, flight) = answer(&mut stream, version, certificates).await;
        let mut buffer = vec![0; 4096];
        let mut sent = stream.write_all(&flight).await;
        while sent.is_ok()
            && let Ok(length @ 1..) = stream.read(&mut buffer).await
        {
            sent = match server.read_tls(&mut &buffer[..length]) {
                Ok(_) if server.process_new_packets().is_ok() => {
                    stream.write_all(&output(&mut server)).await
                }
                _ => break,
            };
        }
    })
    .await
}

/// Sends `records` without end, after a ServerHello of that version. Counts what it sends.
async fn flood(
    version: Option<&'static SupportedProtocolVersion>,
    records: Vec<u8>,
) -> (SocketAddr, Arc<AtomicUsize>) {
    flood_after(version, Vec::new(), records).await
}

async fn flood_after(
    version: Option<&'static SupportedProtocolVersion>,
    first: Vec<u8>,
    records: Vec<u8>,
) -> (SocketAddr, Arc<AtomicUsize>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let address = peer(move |mut stream: TcpStream| {
        let (first, records, count) = (first.clone(), records.clone(), Arc::clone(&count));
        async move {
            let mut begun = match version {
                None => {
                    client_hello(&mut stream).await;
                    Vec::new()
                }
                Some(version) => {
                    let mut flight = flight(&mut stream, version, &[b"certificate"]).await;
                    flight.truncate(first_record(&flight));
                    flight
                }
            };
            begun.extend(first);
            let mut sent = stream.write_all(&begun).await;
            while sent.is_ok() {
                sent = stream.write_all(&records).await;
                count.fetch_add(records.len(), Ordering::Relaxed);
            }
        }
    })
    .await;
    (address, sent)
}

/// Reads the first record of the client.
async fn client_hello(stream: &mut TcpStream) -> Vec<u8> {
    let mut received = vec![0; 5];
    stream.read_exact(&mut received).await.unwrap();
    let length = usize::from(u16::from_be_bytes([received[3], received[4]]));
    received.resize(5 + length, 0);
    stream.read_exact(&mut received[5..]).await.unwrap();
    received
}

/// What a sound server with these certificates, which nobody reads, answers the client with.
async fn flight(
    stream: &mut TcpStream,
    version: &'static SupportedProtocolVersion,
    certificates: &[&[u8]],
) -> Vec<u8> {
    answer(stream, version, certificates).await.1
}

/// The server with its flight.
async fn answer(
    stream: &mut TcpStream,
    version: &'static SupportedProtocolVersion,
    certificates: &[&[u8]],
) -> (ServerConnection, Vec<u8>) {
    let received = client_hello(stream).await;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(AnyCertificates(certified(certificates))));
    let mut server = ServerConnection::new(Arc::new(config)).unwrap();
    server.set_buffer_limit(None);
    server.read_tls(&mut received.as_slice()).unwrap();
    // It answers a hello that it does not take with an alert.
    let _ = server.process_new_packets();
    let flight = output(&mut server);
    (server, flight)
}

fn output(server: &mut ServerConnection) -> Vec<u8> {
    let mut output = Vec::new();
    while server.wants_write() {
        server.write_tls(&mut output).unwrap();
    }
    output
}

#[derive(Debug)]
struct AnyCertificates(Arc<CertifiedKey>);

impl ResolvesServerCert for AnyCertificates {
    fn resolve(&self, _client_hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

fn certified(certificates: &[&[u8]]) -> Arc<CertifiedKey> {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.unwrap().as_ref().to_vec()));
    let certificates = certificates
        .iter()
        .map(|der| CertificateDer::from(der.to_vec()))
        .collect();
    let key = aws_lc_rs::sign::any_supported_type(&key).unwrap();
    Arc::new(CertifiedKey::new(certificates, key))
}

/// A handshake record with this in it.
fn record(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    [&[22, 3, 3][..], &length.to_be_bytes(), content].concat()
}

/// Where the first record of a flight ends.
fn first_record(flight: &[u8]) -> usize {
    5 + usize::from(u16::from_be_bytes([flight[3], flight[4]]))
}

// ---- the looks ----

/// With time for everything.
async fn patient(address: SocketAddr) -> Attempt {
    let begun = Instant::now();
    let attempt = look_at(address, &settings()).await;
    assert!(begun.elapsed() < settings().stage_timeout, "{attempt:?}");
    attempt
}

/// At peers that would keep it waiting.
async fn hasty(address: SocketAddr) -> Attempt {
    let settings = Settings {
        stage_timeout: Duration::from_millis(300),
        ..settings()
    };
    look_at(address, &settings).await
}

async fn look_at(address: SocketAddr, settings: &Settings) -> Attempt {
    let target = Target {
        connect_to: Some((address.ip().to_string(), address.port())),
        ..target()
    };
    let mut attempts = probe(&target, settings).await.attempts;
    assert_eq!(attempts.len(), 1);
    attempts.remove(0)
}

fn target() -> Target {
    Target {
        host: "localhost".to_owned(),
        port: 443,
        server_name: Some("localhost".to_owned()),
        start_tls: None,
        alpn: vec!["h2".to_owned()],
        connect_to: None,
        proxy: None,
    }
}

fn settings() -> Settings {
    Settings {
        stage_timeout: Duration::from_secs(20),
        deadline: Duration::from_secs(20),
        all_addresses: false,
        look_further: false,
        identity: None,
    }
}

#[track_caller]
fn assert_ends(attempt: Attempt, kind: Kind) {
    let ended = attempt.failure.clone();
    let expected = Failure::new(Stage::Handshake, kind);
    assert_eq!(ended, Some(expected), "{attempt:?}");
}
