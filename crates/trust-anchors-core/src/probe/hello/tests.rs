//! Against flights by script and against `openssl s_server`, whose own defaults are set aside where they stand in the way.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::node::NodeVersion;
use crate::probe::Settings;
use crate::probe::plain_text::PlainText;

const NODES: [&str; 5] = ["18", "20", "22", "24", "26"];

fn settings() -> Settings {
    Settings {
        stage_timeout: Duration::from_secs(5),
        deadline: Duration::from_secs(20),
        all_addresses: false,
        look_further: true,
        identity: None,
    }
}

fn target(address: SocketAddr) -> Target {
    Target {
        host: "server.example".to_owned(),
        port: address.port(),
        server_name: Some("server.example".to_owned()),
        start_tls: None,
        alpn: vec!["http/1.1".to_owned()],
        connect_to: None,
        proxy: None,
    }
}

async fn flight_of(address: SocketAddr) -> FirstFlight {
    let clock = Clock::start(&settings());
    first_flight(&target(address), &clock, address).await
}

async fn versions_of(address: SocketAddr, known: Option<&Session>) -> Vec<(&'static str, bool)> {
    let clock = Clock::start(&settings());
    let offers = versions(&target(address), &clock, address, known).await;
    let is_spoken = |offer: &Offer| (offer.protocol.as_str(), offer.cipher_suite.is_some());
    offers.iter().map(is_spoken).collect()
}

/// A certificate and its key, made once a run.
static IDENTITY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let line =
        "req -x509 -newkey rsa:2048 -nodes -keyout /dev/stdout -subj /CN=server.example -days 3650";
    let done = openssl(line).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    done.stdout
});

/// By `openssl dhparam -2 1024`, which takes a while.
const DH_1024: &str = "-----BEGIN DH PARAMETERS-----\n\
MIGHAoGBAPRce4YR8GT3mzoCGhWs0SSUS7yC6MvOmHIW4r6sZ9ZyjAcgsW9Dkmjj\n\
6CvH4ZC9WpFLRDgMFwvr8M/JEOOhPRiPQUYcUgIHRML9dzxg2QUG/26uE7c5pAzJ\n\
cmvFlhpfB4d0Qx2uxqqsKdd6bhxMyuDIxU6BWlVtXWDmnxYUkhHPAgEC\n\
-----END DH PARAMETERS-----
";

fn openssl(line: &str) -> Command {
    let mut command = Command::new("openssl");
    command
        .args(line.split(' '))
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .stdin(Stdio::piped());
    command
}

/// A running `openssl s_server`, stopped with its value; its folder goes with it.
struct Server {
    child: Child,
    address: SocketAddr,
    folder: PathBuf,
}

impl Server {
    fn start(options: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("trust-anchors-hello-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("identity.pem"), &*IDENTITY).unwrap();
        std::fs::write(folder.join("dh1024.pem"), DH_1024).unwrap();
        let line =
            format!("s_server -accept 127.0.0.1:0 -cert identity.pem -key identity.pem {options}");
        let mut child = openssl(&line)
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("ACCEPT ")?.parse().ok());
        Self {
            child,
            address: address.expect(options),
            folder,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A peer that reads a hello, sends these octets and leaves; as often as it is asked.
async fn scripted(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut hello = vec![0; 8192];
            let count = stream.read(&mut hello).await.unwrap_or(0);
            let _ = stream.write_all(&answer(&hello[..count])).await;
            let _ = stream.shutdown().await;
            // What it was sent is read to the end, or leaving would be a reset.
            while stream.read(&mut hello).await.is_ok_and(|count| count > 0) {}
        }
    });
    address
}

fn record(kind: u8, version: [u8; 2], fragment: &[u8]) -> Vec<u8> {
    let length = u16::try_from(fragment.len()).unwrap();
    [&[kind], &version[..], &length.to_be_bytes(), fragment].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind], &length[1..], body].concat()
}

fn hello_of_server(version: [u8; 2], suite: u16, extensions: &[u8]) -> Vec<u8> {
    let mut body = [&version[..], &[7; 32], &[0], &suite.to_be_bytes(), &[0]].concat();
    if !extensions.is_empty() {
        body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
        body.extend(extensions);
    }
    message(2, &body)
}

fn certificates(all: &[&[u8]]) -> Vec<u8> {
    let vector = |content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&length[1..], content].concat()
    };
    let list: Vec<u8> = all.iter().flat_map(|one| vector(one)).collect();
    message(11, &vector(&list))
}

/// A flight of SSL 3.0 with RC4, and with all messages that may come.
fn old_flight(version: [u8; 2], suite: u16) -> Vec<u8> {
    let flight = [
        hello_of_server(version, suite, &[]),
        certificates(&[b"first", b"second"]),
        message(13, &[1, 1, 0, 6, 0, 4, b'n', b'a', b'm', b'e']),
        message(14, &[]),
    ];
    record(22, version, &flight.concat())
}

/// The newest version that a hello offers, by its own field: these servers know no extensions.
fn version_of(hello: &[u8]) -> [u8; 2] {
    [hello[9], hello[10]]
}

fn obstacles(session: &Session) -> Vec<Option<Obstacle>> {
    let node = |text| NodeVersion::parse(text).unwrap();
    NODES.map(|text| obstacle(session, node(text))).to_vec()
}

fn codes(seen: &FirstFlight) -> Vec<Option<String>> {
    let code = |text| {
        let node = NodeVersion::parse(text).unwrap();
        node_code(seen.failure.as_ref(), seen.session.as_ref(), node)
    };
    NODES.map(code).to_vec()
}

#[tokio::test]
async fn a_key_exchange_by_rsa_is_within_a_nodes_reach() {
    let server = Server::start("-tls1_2 -cipher AES128-SHA");
    let seen = flight_of(server.address).await;
    assert_eq!(seen.failure, None);
    assert_eq!(codes(&seen), vec![None; 5]);
    let session = seen.session.unwrap();
    assert_eq!(session.protocol, Protocol::Tls1_2);
    assert_eq!(session.cipher_suite, "TLS_RSA_WITH_AES_128_CBC_SHA");
    assert_eq!(session.key_exchange(), "RSA");
    assert_eq!(session.certificates.len(), 1);
    assert!(!session.is_complete);
    assert_eq!(obstacles(&session), vec![None; 5]);
    let node = NodeVersion::parse("26").unwrap();
    assert_eq!(Support::of(&session, node), Support::NodeAlone);
}

#[tokio::test]
async fn a_cipher_block_chain_on_a_curve_is_within_a_nodes_reach() {
    let server = Server::start("-tls1_2 -cipher ECDHE-RSA-AES256-SHA -named_curve secp521r1");
    let session = flight_of(server.address).await.session.unwrap();
    assert_eq!(session.cipher_suite, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");
    assert_eq!(session.group.as_deref(), Some("secp521r1"));
    assert_eq!(obstacles(&session), vec![None; 5]);
}

#[tokio::test]
async fn a_small_group_is_too_small_from_node_24_on() {
    let options = "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0 -dhparam dh1024.pem";
    let server = Server::start(options);
    let seen = flight_of(server.address).await;
    let session = seen.session.as_ref().unwrap();
    assert_eq!(session.key_exchange(), "DHE, 1024 bits");
    let too_small = Some(Obstacle::KeyExchangeTooSmall { bits: 1024 });
    assert_eq!(obstacles(session), [None, None, None, too_small, too_small]);
    let code = Some("ERR_SSL_DH_KEY_TOO_SMALL".to_owned());
    assert_eq!(codes(&seen), [None, None, None, code.clone(), code]);
}

#[tokio::test]
async fn a_tiny_group_is_too_small_for_all() {
    let prime = [&[0, 65, 0][..], &[0xff; 64], &[0, 1, 2], &[0, 1, 9]].concat();
    let flight = [
        hello_of_server([3, 3], 0x009e, &[0xff, 1, 0, 1, 0]),
        certificates(&[b"leaf"]),
        message(12, &[&prime[..], &[8, 4, 0, 1, 1]].concat()),
        message(14, &[]),
    ];
    let flight = record(22, [3, 3], &flight.concat());
    let address = scripted(move |_| flight.clone()).await;
    let session = flight_of(address).await.session.unwrap();
    let too_small = Some(Obstacle::KeyExchangeTooSmall { bits: 512 });
    assert_eq!(obstacles(&session), vec![too_small; 5]);
}

#[tokio::test]
async fn old_versions_of_openssl_are_named() {
    for (option, protocol) in [("-tls1", Protocol::Tls1), ("-tls1_1", Protocol::Tls1_1)] {
        let server = Server::start(&format!("{option} -cipher ALL:@SECLEVEL=0"));
        let seen = flight_of(server.address).await;
        // OpenSSL reads the extension that offers TLS 1.3 and 1.2, and finds nothing for itself in it.
        let alert = Failure::new(Stage::Handshake, Kind::Alert(70));
        assert_eq!(seen.failure, Some(alert), "{option}");
        let code = Some("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION".to_owned());
        assert_eq!(codes(&seen), vec![code; 5]);
        let session = seen.session.unwrap();
        assert_eq!(session.protocol, protocol);
        assert_eq!(session.certificates.len(), 1);
        assert_eq!(obstacles(&session), vec![Some(Obstacle::ProtocolTooOld); 5]);
    }
}

#[tokio::test]
async fn a_suite_that_nobody_offers_is_named() {
    let server = Server::start("-tls1_2 -cipher CAMELLIA128-SHA:@SECLEVEL=0");
    let seen = flight_of(server.address).await;
    let alert = Failure::new(Stage::Handshake, Kind::Alert(40));
    assert_eq!(seen.failure, Some(alert));
    let (old, new) = (
        "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
        "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE",
    );
    assert_eq!(
        codes(&seen),
        [old, old, new, new, new].map(|code| Some(code.to_owned()))
    );
    let session = seen.session.unwrap();
    assert_eq!(session.cipher_suite, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA");
    assert_eq!(obstacles(&session), vec![Some(Obstacle::CipherSuite); 5]);
}

#[tokio::test]
async fn a_group_of_tls_1_3_is_named_by_its_request() {
    let server = Server::start("-tls1_3 -groups secp521r1");
    let seen = flight_of(server.address).await;
    assert_eq!(seen.failure, None);
    let session = seen.session.unwrap();
    assert_eq!(session.protocol, Protocol::Tls1_3);
    assert_eq!(session.group.as_deref(), Some("secp521r1"));
    assert_eq!(session.renegotiates_safely, Some(true));
    // Nothing but TLS 1.3: they come encrypted.
    assert!(session.certificates.is_empty());
    assert_eq!(obstacles(&session), vec![None; 5]);
}

#[tokio::test]
async fn certificates_of_tls_1_3_are_read_from_tls_1_2() {
    let server = Server::start("-groups secp521r1");
    let session = flight_of(server.address).await.session.unwrap();
    assert_eq!(session.protocol, Protocol::Tls1_3);
    assert_eq!(session.certificates.len(), 1);
}

#[tokio::test]
async fn the_authorities_of_a_certificate_request_are_read() {
    let server = Server::start("-tls1_2 -cipher AES128-SHA -Verify 1 -CAfile identity.pem");
    let session = flight_of(server.address).await.session.unwrap();
    let request = session.client_certificate.unwrap();
    assert_eq!(request.authorities.len(), 1);
    assert!(!request.sent);
}

#[tokio::test]
async fn versions_are_found_out() {
    let server = Server::start("-cipher ALL:@SECLEVEL=0");
    let all = [
        ("SSLv3", false),
        ("TLSv1", true),
        ("TLSv1.1", true),
        ("TLSv1.2", true),
        ("TLSv1.3", true),
    ];
    assert_eq!(versions_of(server.address, None).await, all);
    let known = flight_of(server.address).await.session;
    assert_eq!(versions_of(server.address, known.as_ref()).await, all);
    for (options, expected) in [
        ("-tls1_3", [false, false, false, false, true]),
        ("-tls1_2", [false, false, false, true, false]),
        (
            "-tls1_1 -cipher ALL:@SECLEVEL=0",
            [false, false, true, false, false],
        ),
        (
            "-no_tls1_1 -cipher ALL:@SECLEVEL=0",
            [false, true, false, true, true],
        ),
        ("-cipher DEFAULT", [false, false, false, true, true]),
    ] {
        let server = Server::start(options);
        let found = versions_of(server.address, None).await;
        assert_eq!(
            found.iter().map(|it| it.1).collect::<Vec<_>>(),
            expected,
            "{options}"
        );
        let known = flight_of(server.address).await.session;
        let found = versions_of(server.address, known.as_ref()).await;
        assert_eq!(
            found.iter().map(|it| it.1).collect::<Vec<_>>(),
            expected,
            "{options}"
        );
    }
}

#[tokio::test]
async fn ssl_3_is_named() {
    let address = scripted(|hello| match version_of(hello) {
        // It knows nothing newer, and takes whatever is newer for it.
        [3, _] => old_flight([3, 0], 0x0005),
        _ => Vec::new(),
    })
    .await;
    let seen = flight_of(address).await;
    let (session, failure) = seen.clone().beside(None, None);
    let nothing_shared = Failure::new(Stage::Handshake, Kind::NothingShared);
    assert_eq!(
        (session, failure),
        (seen.session.clone(), Some(nothing_shared))
    );
    let code = Some("ERR_SSL_UNSUPPORTED_PROTOCOL".to_owned());
    assert_eq!(codes(&seen), vec![code; 5]);
    let session = seen.session.unwrap();
    assert_eq!(session.protocol, Protocol::Ssl3);
    assert_eq!(session.cipher_suite, "TLS_RSA_WITH_RC4_128_SHA");
    assert_eq!(
        session.certificates,
        [b"first".to_vec(), b"second".to_vec()]
    );
    let request = session.client_certificate.clone().unwrap();
    assert_eq!(request.authorities, [b"name"]);
    let expected = [true, false, false, false, false];
    for known in [None, Some(&session)] {
        let found = versions_of(address, known).await;
        assert_eq!(found.iter().map(|it| it.1).collect::<Vec<_>>(), expected);
    }
}

#[tokio::test]
async fn a_server_that_takes_no_newer_hello_is_named_too() {
    let address = scripted(|hello| match version_of(hello) {
        [3, 0] => old_flight([3, 0], 0x0004),
        _ => Vec::new(),
    })
    .await;
    let seen = flight_of(address).await;
    assert_eq!(
        seen.failure,
        Some(Failure::new(Stage::Handshake, Kind::Closed))
    );
    assert_eq!(codes(&seen), vec![Some("ECONNRESET".to_owned()); 5]);
    assert_eq!(seen.session.unwrap().protocol, Protocol::Ssl3);
}

#[tokio::test]
async fn export_keys_are_measured() {
    let modulus = [&[0, 64][..], &[0xff; 64], &[0, 1, 3], &[0, 1, 9]].concat();
    let flight = [
        hello_of_server([3, 3], 0x0003, &[]),
        certificates(&[b"leaf"]),
        message(12, &modulus),
        message(14, &[]),
    ];
    let flight = record(22, [3, 3], &flight.concat());
    let address = scripted(move |_| flight.clone()).await;
    let session = flight_of(address).await.session.unwrap();
    assert_eq!(session.cipher_suite, "TLS_RSA_EXPORT_WITH_RC4_40_MD5");
    assert_eq!(session.key_exchange(), "export RSA, 512 bits");
}

#[tokio::test]
async fn a_server_without_safe_renegotiation_is_told() {
    let key_exchange = [&[3, 0, 29, 1, 5, 8, 4][..], &[0, 1, 1]].concat();
    for (extensions, safe) in [(&[][..], false), (&[0xff, 1, 0, 1, 0][..], true)] {
        let flight = [
            hello_of_server([3, 3], 0xc02f, extensions),
            certificates(&[b"leaf"]),
            message(12, &key_exchange),
            message(14, &[]),
        ];
        let flight = record(22, [3, 3], &flight.concat());
        assert_eq!(first_hello(&flight).unwrap().renegotiates_safely, safe);
        let address = scripted(move |_| flight.clone()).await;
        let seen = flight_of(address).await;
        let code = (!safe).then(|| "ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED".to_owned());
        assert_eq!(codes(&seen), vec![code; 5]);
        let session = seen.session.unwrap();
        assert_eq!(session.signature_scheme, Some(0x0804));
        let support = Support::of(&session, NodeVersion::parse("22").unwrap());
        assert_eq!(support == Support::Both, safe);
    }
}

#[tokio::test]
async fn plain_text_is_recognised() {
    let address = scripted(|_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()).await;
    let seen = flight_of(address).await;
    let kind = Kind::PlainText(PlainText::Http);
    assert_eq!(seen.failure, Some(Failure::new(Stage::Handshake, kind)));
    assert_eq!(seen.session, None);
}

#[tokio::test]
async fn a_silent_server_costs_one_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let settings = Settings {
        stage_timeout: Duration::from_millis(50),
        ..settings()
    };
    let clock = Clock::start(&settings);
    let seen = first_flight(&target(address), &clock, address).await;
    assert_eq!(
        seen.failure,
        Some(Failure::new(Stage::Handshake, Kind::TimedOut))
    );
    let clock = Clock::start(&settings);
    assert!(
        versions(&target(address), &clock, address, None)
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let warning = record(21, [3, 3], &[1, 112]);
    let endless = [
        // Alerts that mean nothing, empty records, a certificate of sixteen megabytes, certificates without end.
        warning.repeat(1 << 20),
        record(22, [3, 3], &[]).repeat(1 << 20),
        [
            record(
                22,
                [3, 3],
                &hello_of_server([3, 3], 0x002f, &[0xff, 1, 0, 1, 0]),
            ),
            record(22, [3, 3], &[11, 0xff, 0xff, 0xff]),
            record(22, [3, 3], &[0; 1 << 14]).repeat(1 << 10),
        ]
        .concat(),
    ];
    for answer in endless {
        let address = scripted(move |_| answer.clone()).await;
        let seen = flight_of(address).await;
        assert_eq!(
            seen.failure,
            Some(Failure::new(Stage::Handshake, Kind::Oversized))
        );
    }
    let mut flight = Flight::default();
    let hello = record(22, [3, 3], &hello_of_server([3, 3], 0x002f, &[]));
    assert_eq!(flight.read(&hello), Progress::Unfinished);
    let many = certificates(&[&b"x"[..]; 4000]);
    assert_eq!(
        flight.read(&record(22, [3, 3], &many)),
        Progress::Ended(Kind::Oversized)
    );
}

/// Every cut, every changed octet, and every size of the pieces: no panic, and nothing read twice.
#[test]
fn a_flight_in_pieces_reads_the_same() {
    let whole = old_flight([3, 1], 0x0005);
    let read = |pieces: &[&[u8]]| {
        let mut flight = Flight::default();
        let mut last = Progress::Unfinished;
        for piece in pieces {
            last = flight.read(piece);
        }
        (last, flight.session())
    };
    let expected = read(&[&whole]);
    assert_eq!(expected.0, Progress::Finished);
    for at in 0..whole.len() {
        let (start, end) = whole.split_at(at);
        assert_eq!(read(&[start, end]), expected, "{at}");
        assert_eq!(read(&[start]).0, Progress::Unfinished, "{at}");
        for value in [0x00, 0x01, 0x7f, 0xff, whole[at] ^ 1] {
            let mut changed = whole.clone();
            changed[at] = value;
            read(&[&changed]);
        }
    }
    let octets: Vec<&[u8]> = whole.chunks(1).collect();
    assert_eq!(read(&octets), expected);
    // A record for every octet of the messages.
    let messages = &whole[5..];
    let split: Vec<u8> = messages
        .chunks(1)
        .flat_map(|octet| record(22, [3, 1], octet))
        .collect();
    assert_eq!(read(&[&split]), expected);
}

#[test]
fn a_hello_is_well_formed_whatever_is_asked_for() {
    let long = "a".repeat(255);
    for offered in [
        Offered::AsEveryNode,
        Offered::AsAnyNode,
        Offered::UpTo(Protocol::Tls1_3),
        Offered::UpTo(Protocol::Tls1_2),
        Offered::UpTo(Protocol::Tls1_1),
        Offered::UpTo(Protocol::Tls1),
        Offered::UpTo(Protocol::Ssl3),
    ] {
        for name in [None, Some("a.example"), Some(long.as_str())] {
            let hello = client_hello::write(offered, name, &["h2".to_owned()], &[1; 64]);
            let length = usize::from(u16::from_be_bytes([hello[3], hello[4]]));
            assert_eq!(hello.len(), length + 5);
            let length = usize::from(u16::from_be_bytes([hello[7], hello[8]]));
            assert_eq!(hello.len(), length + 9);
            assert!(
                hello.len() < 256 || hello.len() > 516,
                "{offered:?} {}",
                hello.len()
            );
        }
    }
}

#[test]
fn a_server_that_answers_newer_than_it_is_asked_is_not_asked_for_ever() {
    let mut found = super::Found::default();
    let answer = || super::Answer::Spoken(Protocol::Tls1_2, "suite".into());
    found.note(Protocol::Tls1_3, answer());
    assert_eq!(found.next_to_ask(), Some(Protocol::Tls1_1));
    found.note(Protocol::Tls1_1, answer());
    assert_eq!(found.next_to_ask(), None);
}
