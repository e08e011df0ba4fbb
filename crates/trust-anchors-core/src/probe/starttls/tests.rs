use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use super::*;
use crate::probe::failure::Kind;
use crate::probe::scripted::Step::*;
use crate::probe::scripted::{Step, peer};

const GUARD: Duration = Duration::from_secs(10);
const POSTGRES_REQUEST: &[u8] = b"\0\0\0\x08\x04\xd2\x16\x2f";
const LDAP_REQUEST: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
const MYSQL_GREETING: &[u8] =
    b"\x27\0\0\0\x0a8.0.36\0\x01\0\0\0challeng\0\xff\xff\x2d\x02\0\xff\xff\x15\0\0\0\0\0\0\0\0\0\0";
const TLS_ALERT: &[u8] = b"\x15\x03\x03\0\x02\x02\x46";

async fn ask(protocol: StartTls, script: Vec<Step>) -> Result<(), Failure> {
    let done = timeout(GUARD, upgrade(peer(script), protocol)).await;
    done.expect("hangs").map(|_| ())
}

async fn kind(protocol: StartTls, script: Vec<Step>) -> Kind {
    let failure = ask(protocol, script).await.unwrap_err();
    assert_eq!(failure.stage, Stage::StartTls);
    failure.kind
}

fn declined(words: &str) -> Kind {
    Kind::Declined(words.into())
}

/// A server of each protocol that agrees, by what it says and hears.
fn agreeing() -> Vec<(StartTls, Vec<Step>)> {
    vec![
        (StartTls::Postgres, vec![Hear(POSTGRES_REQUEST), Drip(b"S")]),
        (StartTls::Mysql, vec![Drip(MYSQL_GREETING), Skip(36)]),
        (
            StartTls::Smtp,
            vec![
                Drip(b"220-mail.example.com ESMTP\r\n220 at your service\r\n"),
                Hear(b"EHLO [127.0.0.1]\r\n"),
                Drip(b"250-mail.example.com\r\n250-PIPELINING\r\n250 starttls\r\n"),
                Hear(b"STARTTLS\r\n"),
                Drip(b"220 2.0.0 Ready to start TLS\r\n"),
            ],
        ),
        (
            StartTls::Imap,
            vec![
                Drip(b"* OK [CAPABILITY IMAP4rev1] ready\r\n"),
                Hear(b"a1 CAPABILITY\r\n"),
                Drip(b"* capability IMAP4rev1 StartTLS LOGINDISABLED\r\na1 ok done\r\n"),
                Hear(b"a2 STARTTLS\r\n"),
                Drip(b"a2 OK begin\r\n"),
            ],
        ),
        (
            StartTls::Pop3,
            vec![
                Drip(b"+OK ready\r\n"),
                Hear(b"STLS\r\n"),
                Drip(b"+OK begin\r\n"),
            ],
        ),
        (
            StartTls::Ldap,
            vec![
                Hear(LDAP_REQUEST),
                Drip(b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0"),
            ],
        ),
    ]
}

#[tokio::test]
async fn servers_that_agree_are_left_where_tls_begins() {
    for (protocol, mut script) in agreeing() {
        // What comes after a word of the client's is the first octet of TLS.
        script.push(Skip(1));
        script.push(Say(b"\x16"));
        let mut stream = upgrade(peer(script), protocol).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"\x16")
            .await
            .unwrap();
        assert_eq!(stream.read_u8().await.unwrap(), 0x16, "{protocol:?}");
    }
}

#[tokio::test]
async fn a_server_that_goes_on_in_plain_text_is_refused() {
    for (protocol, mut script) in agreeing() {
        let Some(Drip(last)) = script.pop() else {
            continue;
        };
        script.push(Say([last, b"injected\x1b[31m".as_slice()].concat().leak()));
        let Kind::Malformed(text) = kind(protocol, script).await else {
            panic!("{protocol:?}");
        };
        assert_eq!(
            text,
            r"goes on in plain text after it has agreed to TLS: `injected\u{1b}[31m`"
        );
    }
}

#[tokio::test]
async fn postgres_declines() {
    let no = vec![Hear(POSTGRES_REQUEST), Say(b"N")];
    assert_eq!(kind(StartTls::Postgres, no).await, declined("N"));
    let full = vec![
        Hear(POSTGRES_REQUEST),
        Say(b"E\0\0\0\x2cSFATAL\0VFATAL\0C53300\0Mtoo many clients\0\0"),
        Stay,
    ];
    assert_eq!(
        kind(StartTls::Postgres, full).await,
        declined("FATAL 53300: too many clients")
    );
    let old = vec![Hear(POSTGRES_REQUEST), Say(b"EFATAL:  unsupported\n\0")];
    assert_eq!(
        kind(StartTls::Postgres, old).await,
        declined("FATAL:  unsupported")
    );
}

#[tokio::test]
async fn mysql_declines() {
    let mut plain = MYSQL_GREETING.to_vec();
    // The capabilities follow the version, the thread and the challenge.
    plain[26] = 0xf7;
    assert_eq!(
        kind(StartTls::Mysql, vec![Say(plain.leak())]).await,
        declined("no CLIENT_SSL among its capabilities")
    );
    let blocked = b"\x18\0\0\0\xff\x69\x04Host 'x' is blocked\x1b\x07";
    assert_eq!(
        kind(StartTls::Mysql, vec![Say(blocked)]).await,
        declined(r"1129: Host 'x' is blocked\u{1b}\u{7}")
    );
    let with_state = b"\x12\0\0\0\xff\x10\x04#08004Too many!";
    assert_eq!(
        kind(StartTls::Mysql, vec![Say(with_state)]).await,
        declined("1040: Too many!")
    );
    let old = kind(StartTls::Mysql, vec![Say(b"\x05\0\0\0\x093.23")]).await;
    assert!(matches!(old, Kind::Malformed(_)), "{old:?}");
}

#[tokio::test]
async fn smtp_declines() {
    let busy = vec![Say(b"554-go\r\n554 away\r\n")];
    assert_eq!(kind(StartTls::Smtp, busy).await, declined("554 go away"));
    let without = vec![
        Say(b"220 x\r\n"),
        Skip(18),
        Say(b"250-x\r\n250-SIZE 1000\r\n250 8BITMIME\r\n"),
        Stay,
    ];
    assert_eq!(
        kind(StartTls::Smtp, without).await,
        declined("no STARTTLS among what it offers: SIZE 1000, 8BITMIME")
    );
    let unavailable = vec![
        Say(b"220 x\r\n"),
        Skip(18),
        Say(b"250-x\r\n250 STARTTLS\r\n"),
        Skip(10),
        Say(b"454 4.7.0 TLS not available\r\n"),
    ];
    assert_eq!(
        kind(StartTls::Smtp, unavailable).await,
        declined("454 4.7.0 TLS not available")
    );
}

#[tokio::test]
async fn imap_declines() {
    for greeting in [&b"* BYE overloaded\r\n"[..], b"* PREAUTH as root\r\n"] {
        let words = std::str::from_utf8(greeting).unwrap().trim();
        let answer = kind(StartTls::Imap, vec![Say(greeting), Stay]).await;
        assert_eq!(answer, declined(words));
    }
    let without = vec![
        Say(b"* OK x\r\n"),
        Skip(15),
        Say(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na1 OK\r\n"),
        Stay,
    ];
    assert_eq!(
        kind(StartTls::Imap, without).await,
        declined("no STARTTLS among what it offers: IMAP4rev1 AUTH=PLAIN")
    );
    let refused = vec![
        Say(b"* OK x\r\n"),
        Skip(15),
        Say(b"* CAPABILITY STARTTLS\r\na1 OK\r\n"),
        Skip(13),
        Say(b"a2 BAD not now\r\n"),
    ];
    assert_eq!(kind(StartTls::Imap, refused).await, declined("BAD not now"));
}

#[tokio::test]
async fn pop3_declines() {
    let refused = vec![Say(b"+OK\r\n"), Skip(6), Say(b"-ERR no TLS\r\n")];
    assert_eq!(kind(StartTls::Pop3, refused).await, declined("-ERR no TLS"));
}

#[tokio::test]
async fn ldap_declines() {
    // Lengths in four octets, as Active Directory writes them.
    let refused =
        b"\x30\x84\0\0\0\x18\x02\x01\x01\x78\x84\0\0\0\x0f\x0a\x01\x35\x04\0\x04\x84\0\0\0\x04none";
    assert_eq!(
        kind(StartTls::Ldap, vec![Skip(31), Say(refused)]).await,
        declined("53 unwillingToPerform: none")
    );
    let agreed =
        b"\x30\x84\0\0\0\x14\x02\x01\x01\x78\x84\0\0\0\x0b\x0a\x01\0\x04\0\x04\x84\0\0\0\0";
    ask(StartTls::Ldap, vec![Skip(31), Say(agreed), Stay])
        .await
        .unwrap();
    // An answer to a search.
    let other = kind(
        StartTls::Ldap,
        vec![Skip(31), Say(b"\x30\x05\x02\x01\x01\x65\0")],
    )
    .await;
    assert!(matches!(other, Kind::Malformed(_)), "{other:?}");
}

const ALL: [StartTls; 6] = [
    StartTls::Postgres,
    StartTls::Mysql,
    StartTls::Smtp,
    StartTls::Imap,
    StartTls::Pop3,
    StartTls::Ldap,
];

#[tokio::test]
async fn a_server_that_speaks_tls_at_once_is_told_apart() {
    for protocol in ALL {
        assert_eq!(
            kind(protocol, vec![Drip(TLS_ALERT), Stay]).await,
            Kind::TlsInstead,
            "{protocol:?}"
        );
    }
}

#[tokio::test]
async fn another_protocol_is_named() {
    let web = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    let shell = b"SSH-2.0-OpenSSH_9.2\r\n";
    for protocol in ALL {
        for (greeting, other) in [(&web[..], PlainText::Http), (shell, PlainText::Ssh)] {
            assert_eq!(
                kind(protocol, vec![Say(greeting)]).await,
                Kind::PlainText(other),
                "{protocol:?}"
            );
        }
    }
}

#[tokio::test]
async fn hostile_servers_cost_little() {
    for protocol in ALL {
        let flood = || vec![Flood(b' ', 1 << 20)];
        let failure = ask(protocol, flood()).await.unwrap_err();
        let is_bounded = matches!(failure.kind, Kind::Oversized | Kind::Malformed(_));
        assert!(is_bounded, "{protocol:?}: {failure:?}");
        assert_eq!(kind(protocol, vec![]).await, Kind::Closed, "{protocol:?}");
    }
    let lines = vec![Flood(b'\n', 1 << 20)];
    let failure = ask(StartTls::Imap, lines).await.unwrap_err();
    assert!(matches!(failure.kind, Kind::Malformed(_)), "{failure:?}");
    let endless = b"* OK\r\n".repeat(1000).leak();
    assert_eq!(
        kind(StartTls::Imap, vec![Say(endless)]).await,
        Kind::Oversized
    );
}
