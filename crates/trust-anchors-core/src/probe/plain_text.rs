//! Which plain-text protocol a peer speaks that was expected to speak TLS, by the first octets it sent.

/// What a plain-text peer seems to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlainText {
    /// A status line, or a page without one: RFC 9112.
    Http,
    /// `220 …`, or a refusal in its place: RFC 5321.
    Smtp,
    /// `220 …` of a file server: RFC 959.
    Ftp,
    /// `* OK …`: RFC 9051.
    Imap,
    /// `+OK …`: RFC 1939.
    Pop3,
    /// `SSH-2.0-…`: RFC 4253.
    Ssh,
    /// The greeting or an error packet of MySQL or MariaDB.
    Mysql,
    /// An `ErrorResponse` of PostgreSQL.
    Postgres,
    /// A `NoticeOfDisconnection`: RFC 4511.
    Ldap,
    /// The protocol header that an AMQP broker answers another with.
    Amqp,
    /// An error in Redis' protocol.
    Redis,
    /// Some other text.
    Unknown,
}

impl PlainText {
    /// The protocol's name, for people; none for unknown text.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Http => "HTTP",
            Self::Smtp => "SMTP",
            Self::Ftp => "FTP",
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
            Self::Ssh => "SSH",
            Self::Mysql => "MySQL",
            Self::Postgres => "PostgreSQL",
            Self::Ldap => "LDAP",
            Self::Amqp => "AMQP",
            Self::Redis => "Redis",
            Self::Unknown => return None,
        })
    }
}

/// How many of the first octets are worth keeping for [`recognise`]; more changes nothing.
pub const FIRST_OCTETS: usize = 1024;

/// Recognises plain text in what a peer sent first, in whole or in part.
///
/// None for a TLS record, for octets that are no text, and for the page by which a web server says that its port does speak TLS and
/// got something else: that one is no plain-text port.
pub fn recognise(first_octets: &[u8]) -> Option<PlainText> {
    let octets = first_octets.get(..FIRST_OCTETS).unwrap_or(first_octets);
    if is_tls_record(octets) {
        return None;
    }
    if let Some(binary) = recognise_binary(octets) {
        return Some(binary);
    }
    if !is_text(octets) {
        return None;
    }
    let text = octets.trim_ascii_start();
    if starts_with(text, b"HTTP/")
        || starts_with(text, b"<!doctype html")
        || starts_with(text, b"<html")
    {
        return (!is_from_tls_port(text)).then_some(PlainText::Http);
    }
    let known = [
        (&b"SSH-"[..], PlainText::Ssh),
        (b"* OK", PlainText::Imap),
        (b"* PREAUTH", PlainText::Imap),
        (b"* BYE", PlainText::Imap),
        (b"+OK", PlainText::Pop3),
        (b"AMQP", PlainText::Amqp),
        (b"-NOAUTH", PlainText::Redis),
        (b"-DENIED", PlainText::Redis),
        (b"-MISCONF", PlainText::Redis),
        (b"-LOADING", PlainText::Redis),
        (b"-ERR max number of clients", PlainText::Redis),
        (b"-ERR Protocol error", PlainText::Redis),
        (b"-ERR unknown command", PlainText::Redis),
        (b"-ERR", PlainText::Pop3),
    ];
    let found = known
        .iter()
        .find(|(beginning, _)| text.starts_with(beginning));
    Some(match found {
        Some((_, protocol)) => *protocol,
        None => reply(text).unwrap_or(PlainText::Unknown),
    })
}

/// RFC 8446, 5.1: a content type, and a version that begins with 3. An alert or a handshake record is the only thing that may come first;
/// the others are faults within TLS.
fn is_tls_record(octets: &[u8]) -> bool {
    matches!(octets, [20..=24] | [20..=24, 3, ..])
}

fn recognise_binary(octets: &[u8]) -> Option<PlainText> {
    match octets {
        // Length in three octets, sequence number 0, then version 10 of the protocol or an error.
        [_, _, 0, 0, 10, b'0'..=b'9', ..] | [_, _, 0, 0, 0xff, _, _, ..] => Some(PlainText::Mysql),
        // A length in four octets, and the severity as the first field.
        [b'E', 0, 0, _, _, b'S', rest @ ..]
            if starts_with(rest, b"FATAL") || starts_with(rest, b"ERROR") =>
        {
            Some(PlainText::Postgres)
        }
        // A message of the number 0 whose answer is an ExtendedResponse.
        [0x30, rest @ ..] if contains(rest, NOTICE_OF_DISCONNECTION) => Some(PlainText::Ldap),
        [b'A', b'M', b'Q', b'P', ..] => Some(PlainText::Amqp),
        _ => None,
    }
}

/// RFC 4511, 4.4.1.
const NOTICE_OF_DISCONNECTION: &[u8] = b"1.3.6.1.4.1.1466.20036";

/// A reply of three digits: mail and file servers greet alike.
fn reply(text: &[u8]) -> Option<PlainText> {
    let [code @ .., b' ' | b'-'] = text.get(..4)? else {
        return None;
    };
    let line = text.split(|octet| *octet == b'\n').next()?;
    let is_file_server = [&b"ftp"[..], b"filezilla", b"file server"]
        .iter()
        .any(|word| contains(line, word));
    match code {
        b"220" | b"421" | b"530" if is_file_server => Some(PlainText::Ftp),
        b"220" | b"421" | b"450" | b"500" | b"501" | b"502" | b"503" | b"521" | b"550" | b"554" => {
            Some(PlainText::Smtp)
        }
        _ => None,
    }
}

/// The words of nginx, Apache, Go, Jetty and Tomcat for a request in plain text to a port for TLS.
fn is_from_tls_port(text: &[u8]) -> bool {
    [
        &b"plain HTTP request was sent to HTTPS port"[..],
        b"speaking plain HTTP to an SSL-enabled server port",
        b"sent an HTTP request to an HTTPS server",
        b"combination of host and port requires TLS",
    ]
    .iter()
    .any(|words| contains(text, words))
}

/// Whether it reads as one or more lines: nothing but printable characters, whatever their encoding, and white space.
fn is_text(octets: &[u8]) -> bool {
    let printable = |octet: &u8| matches!(octet, b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..);
    let ascii = octets.iter().filter(|octet| octet.is_ascii()).count();
    !octets.is_empty() && octets.iter().all(printable) && ascii * 2 >= octets.len()
}

fn starts_with(octets: &[u8], beginning: &[u8]) -> bool {
    octets
        .get(..beginning.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

fn contains(octets: &[u8], words: &[u8]) -> bool {
    octets
        .windows(words.len())
        .any(|window| window.eq_ignore_ascii_case(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_are_told_apart_by_how_they_begin() {
        let cases: [(&[u8], PlainText); 26] = [
            (b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", PlainText::Http),
            (b"http/1.0 400", PlainText::Http),
            (b"<html><body>Bad request</body></html>", PlainText::Http),
            (b"220 mail.example.com ESMTP Postfix\r\n", PlainText::Smtp),
            (b"220-mail.example.com\r\n220 ready\r\n", PlainText::Smtp),
            (b"554 5.7.1 go away\r\n", PlainText::Smtp),
            (b"502 5.5.2 Error: command not recognized\r\n", PlainText::Smtp),
            (b"220 (vsFTPd 3.0.5)\r\n", PlainText::Ftp),
            (b"220-FileZilla Server 1.8\r\n", PlainText::Ftp),
            (b"421 Too many connections to this FTP server\r\n", PlainText::Ftp),
            (b"* OK [CAPABILITY IMAP4rev1] ready\r\n", PlainText::Imap),
            (b"* BYE overloaded\r\n", PlainText::Imap),
            (b"+OK POP3 ready\r\n", PlainText::Pop3),
            (b"-ERR busy\r\n", PlainText::Pop3),
            (b"SSH-2.0-OpenSSH_9.2\r\n", PlainText::Ssh),
            (b"\x4a\x00\x00\x00\x0a8.0.36\x00\x08", PlainText::Mysql),
            (b"\x5b\x00\x00\x00\x0a5.5.5-10.11.6-MariaDB\x00", PlainText::Mysql),
            (b"\x45\x00\x00\x00\xff\x6a\x04Host is blocked", PlainText::Mysql),
            (b"E\x00\x00\x00\x88SFATAL\x00VFATAL\x00C0A000\x00", PlainText::Postgres),
            (b"\x30\x24\x02\x01\x00\x78\x1f\x0a\x01\x02\x04\x00\x04\x00\x8a\x161.3.6.1.4.1.1466.20036", PlainText::Ldap),
            (b"AMQP\x00\x00\x09\x01", PlainText::Amqp),
            (b"-ERR unknown command 'x'\r\n", PlainText::Redis),
            (b"-DENIED Redis is running in protected mode", PlainText::Redis),
            (b"-ERR max number of clients reached\r\n", PlainText::Redis),
            (b"RFB 003.008\n", PlainText::Unknown),
            (b"H", PlainText::Unknown),
        ];
        for (octets, expected) in cases {
            let shown = String::from_utf8_lossy(octets);
            assert_eq!(recognise(octets), Some(expected), "{shown}");
        }
    }

    #[test]
    fn tls_and_noise_are_no_text() {
        let page = b"HTTP/1.1 400 Bad Request\r\n\r\n<center>The plain HTTP request was sent to HTTPS port</center>";
        let cases: [&[u8]; 9] = [
            b"",
            b"\x16\x03\x03\x00\x40\x02",
            b"\x15\x03\x00\x00\x02\x02\x28",
            b"\x16",
            b"\x00\x00\x00\x00\x00\x00\x00\x00",
            b"N\x00",
            b"\xff\xfb\x01\xff\xfb\x03",
            b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
            page,
        ];
        for octets in cases {
            assert_eq!(recognise(octets), None, "{octets:?}");
        }
    }
}
