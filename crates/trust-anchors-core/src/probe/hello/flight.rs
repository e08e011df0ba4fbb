//! A server's first flight, as far as it is sent in clear: up to ServerHelloDone before TLS 1.3, the ServerHello alone in TLS 1.3.

use super::names::{KeyExchange, group_name, suite_name};
use crate::probe::failure::Kind;
use crate::probe::plain_text::{self, FIRST_OCTETS};
use crate::probe::session::{ClientCertificateRequest, Protocol, Session};

/// The most that is read of a server in one handshake. OpenSSL reads no Certificate message of more than 100 KiB, and the other messages
/// of a flight are small.
const MAX_OCTETS: usize = 256 * 1024;
/// The longest fragment of a record: RFC 5246, 6.2.3.
const MAX_FRAGMENT: usize = (1 << 14) + 2048;
/// No flight has more messages.
const MAX_CERTIFICATES: usize = 1024;

/// What a ServerHello says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerHello {
    /// The version.
    pub protocol: Protocol,
    /// The cipher suite's IANA name.
    pub cipher_suite: String,
    /// The group's IANA name: in TLS 1.3 alone.
    pub group: Option<String>,
    /// The protocol chosen by ALPN; escaped.
    pub alpn: Option<String>,
    /// Whether the server renegotiates safely (RFC 5746), or not at all (TLS 1.3).
    pub renegotiates_safely: bool,
}

/// How far the reading has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// There has to be more.
    Unfinished,
    /// All that is sent in clear was read.
    Finished,
    /// It ends here.
    Ended(Kind),
}

/// Reads a flight octet by octet, in pieces of any size.
#[derive(Debug, Default)]
pub struct Flight {
    /// The ServerHello.
    pub hello: Option<ServerHello>,
    certificates: Vec<Vec<u8>>,
    ocsp_response: Option<Vec<u8>>,
    group: Option<String>,
    key_exchange_bits: Option<u32>,
    signature_scheme: Option<u16>,
    request: Option<ClientCertificateRequest>,
    /// Records that are not complete yet.
    records: Vec<u8>,
    /// Messages that are not complete yet.
    messages: Vec<u8>,
    total: usize,
}

impl Flight {
    /// Reads on. After anything but [`Progress::Unfinished`] there is nothing more to be read.
    pub fn read(&mut self, octets: &[u8]) -> Progress {
        self.total += octets.len();
        if self.total > MAX_OCTETS {
            return Progress::Ended(Kind::Oversized);
        }
        self.records.extend(octets);
        let records = std::mem::take(&mut self.records);
        let mut rest = records.as_slice();
        loop {
            match record(rest) {
                Ok(Some((kind, fragment, after))) => {
                    rest = after;
                    match self.fragment(kind, fragment) {
                        Progress::Unfinished => {}
                        ended => return ended,
                    }
                }
                Ok(None) => break,
                Err(kind) => return Progress::Ended(kind),
            }
        }
        self.records = rest.to_vec();
        Progress::Unfinished
    }

    /// What the server said of itself; none when it did not come to a ServerHello.
    pub fn session(self) -> Option<Session> {
        let hello = self.hello?;
        Some(Session {
            is_complete: false,
            protocol: hello.protocol,
            cipher_suite: hello.cipher_suite,
            group: hello.group.or(self.group),
            key_exchange_bits: self.key_exchange_bits,
            signature_scheme: self.signature_scheme,
            renegotiates_safely: Some(hello.renegotiates_safely),
            alpn: hello.alpn,
            certificates: self.certificates,
            ocsp_response: self.ocsp_response,
            client_certificate: self.request,
        })
    }

    fn fragment(&mut self, kind: u8, fragment: &[u8]) -> Progress {
        match (kind, fragment) {
            (ALERT, [_, CLOSE_NOTIFY, ..]) => Progress::Ended(Kind::Closed),
            // A server that does not know the name may say so and go on (RFC 6066, 3).
            (ALERT, [WARNING, ..]) => Progress::Unfinished,
            (ALERT, [_, description, ..]) => Progress::Ended(Kind::Alert(*description)),
            (HANDSHAKE, fragment) => {
                self.messages.extend(fragment);
                let messages = std::mem::take(&mut self.messages);
                let mut rest = messages.as_slice();
                while let Some((kind, body, after)) = message(rest) {
                    rest = after;
                    match self.message(kind, body) {
                        Some(Progress::Unfinished) => {}
                        Some(ended) => return ended,
                        None => return malformed("a message of the handshake cannot be read"),
                    }
                }
                self.messages = rest.to_vec();
                Progress::Unfinished
            }
            _ => malformed("a record that does not belong here"),
        }
    }

    /// None for a message that cannot be read.
    fn message(&mut self, kind: u8, body: &[u8]) -> Option<Progress> {
        let mut body = Reader(body);
        match (kind, &self.hello) {
            (SERVER_HELLO, None) => {
                let hello = server_hello(&mut body)?;
                let is_last = hello.protocol == Protocol::Tls1_3;
                self.hello = Some(hello);
                if is_last {
                    return Some(Progress::Finished);
                }
            }
            (CERTIFICATE, Some(_)) => {
                let mut list = body.vector24()?;
                self.certificates.clear();
                while !list.is_empty() {
                    self.certificates.push(list.vector24()?.0.to_vec());
                    if self.certificates.len() > MAX_CERTIFICATES {
                        return Some(Progress::Ended(Kind::Oversized));
                    }
                }
            }
            (CERTIFICATE_STATUS, Some(_)) => {
                if body.u8()? == OCSP {
                    self.ocsp_response = Some(body.vector24()?.0.to_vec());
                }
            }
            (SERVER_KEY_EXCHANGE, Some(hello)) => {
                let (suite, protocol) = (hello.cipher_suite.clone(), hello.protocol);
                self.key_exchange(&mut body, &suite, protocol)?;
            }
            (CERTIFICATE_REQUEST, Some(hello)) => {
                self.request = Some(certificate_request(&mut body, hello.protocol)?);
            }
            (SERVER_HELLO_DONE, Some(_)) => return Some(Progress::Finished),
            (HELLO_REQUEST | NEW_SESSION_TICKET, _) => {}
            _ => return Some(malformed("a message that does not belong here")),
        }
        Some(Progress::Unfinished)
    }

    /// RFC 5246, 7.4.3; RFC 8422, 5.4. None when it cannot be read.
    fn key_exchange(&mut self, body: &mut Reader, suite: &str, protocol: Protocol) -> Option<()> {
        match KeyExchange::of(suite) {
            KeyExchange::Ecdhe => match body.u8()? {
                NAMED_CURVE => {
                    self.group = Some(group_name(body.u16()?));
                    body.vector8()?;
                }
                kind => {
                    // A curve by its parameters, which RFC 8422 took away: nobody reads them any more.
                    let number = if kind == EXPLICIT_PRIME {
                        0xff01
                    } else {
                        0xff02
                    };
                    self.group = Some(group_name(number));
                    return Some(());
                }
            },
            KeyExchange::Dhe => {
                self.key_exchange_bits = Some(bits(body.vector16()?.0));
                body.vector16()?;
                body.vector16()?;
            }
            KeyExchange::ExportRsa => {
                self.key_exchange_bits = Some(bits(body.vector16()?.0));
                body.vector16()?;
            }
            KeyExchange::Certificate => return Some(()),
        }
        if protocol >= Protocol::Tls1_2 && !suite.contains("_anon_") {
            self.signature_scheme = Some(body.u16()?);
        }
        Some(())
    }
}

/// Reads the ServerHello at the start of what a server sent, for whoever has these octets and no more. None when there is none.
pub fn first_hello(octets: &[u8]) -> Option<ServerHello> {
    let octets = octets.get(..MAX_OCTETS).unwrap_or(octets);
    let mut flight = Flight::default();
    flight.read(octets);
    flight.hello
}

const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const WARNING: u8 = 1;
const CLOSE_NOTIFY: u8 = 0;

const HELLO_REQUEST: u8 = 0;
const SERVER_HELLO: u8 = 2;
const NEW_SESSION_TICKET: u8 = 4;
const CERTIFICATE: u8 = 11;
const SERVER_KEY_EXCHANGE: u8 = 12;
const CERTIFICATE_REQUEST: u8 = 13;
const SERVER_HELLO_DONE: u8 = 14;
const CERTIFICATE_STATUS: u8 = 22;

const OCSP: u8 = 1;
const EXPLICIT_PRIME: u8 = 1;
const NAMED_CURVE: u8 = 3;

const ALPN: u16 = 16;
const SUPPORTED_VERSIONS: u16 = 43;
const KEY_SHARE: u16 = 51;
const RENEGOTIATION_INFO: u16 = 0xff01;

fn malformed(words: &str) -> Progress {
    Progress::Ended(Kind::Malformed(words.to_owned()))
}

type Piece<'a> = (u8, &'a [u8], &'a [u8]);

/// A record, its type and what follows; none while it is not complete.
fn record(octets: &[u8]) -> Result<Option<Piece<'_>>, Kind> {
    match octets {
        [] => return Ok(None),
        [20..=24] | [20..=24, 3, ..] => {}
        other => {
            let start = other.get(..FIRST_OCTETS).unwrap_or(other);
            return Err(match plain_text::recognise(start) {
                Some(protocol) => Kind::PlainText(protocol),
                None => Kind::Malformed("what the server sends is not TLS".to_owned()),
            });
        }
    }
    let mut reader = Reader(octets);
    let header = (reader.u8(), reader.u16(), reader.u16());
    let (Some(kind), Some(_), Some(length)) = header else {
        return Ok(None);
    };
    if usize::from(length) > MAX_FRAGMENT {
        return Err(Kind::Malformed(
            "a record is longer than TLS allows".to_owned(),
        ));
    }
    Ok(reader
        .take(usize::from(length))
        .map(|fragment| (kind, fragment, reader.0)))
}

/// A message, its type and what follows; none while it is not complete.
fn message(octets: &[u8]) -> Option<Piece<'_>> {
    let mut reader = Reader(octets);
    let kind = reader.u8()?;
    let body = reader.vector24()?;
    Some((kind, body.0, reader.0))
}

/// RFC 8446, 4.1.3; RFC 5246, 7.4.1.3.
fn server_hello(body: &mut Reader) -> Option<ServerHello> {
    let mut protocol = match body.u16()? {
        0x0300 => Protocol::Ssl3,
        0x0301 => Protocol::Tls1,
        0x0302 => Protocol::Tls1_1,
        0x0303 => Protocol::Tls1_2,
        0x0304 => Protocol::Tls1_3,
        _ => return None,
    };
    body.take(32)?;
    body.vector8()?;
    let cipher_suite = suite_name(body.u16()?);
    body.u8()?;
    let (mut group, mut alpn, mut renegotiates_safely) = (None, None, false);
    let mut extensions = if body.is_empty() {
        Reader(&[])
    } else {
        body.vector16()?
    };
    while !extensions.is_empty() {
        let kind = extensions.u16()?;
        let mut extension = extensions.vector16()?;
        match kind {
            SUPPORTED_VERSIONS if extension.u16()? == 0x0304 => protocol = Protocol::Tls1_3,
            KEY_SHARE => group = Some(group_name(extension.u16()?)),
            ALPN => {
                let name = extension.vector16()?.vector8()?;
                alpn = Some(crate::findings::escape(&String::from_utf8_lossy(name.0)));
            }
            RENEGOTIATION_INFO => renegotiates_safely = true,
            _ => {}
        }
    }
    Some(ServerHello {
        protocol,
        cipher_suite,
        group,
        alpn,
        renegotiates_safely: renegotiates_safely || protocol == Protocol::Tls1_3,
    })
}

/// RFC 5246, 7.4.4; without the signature schemes before TLS 1.2.
fn certificate_request(body: &mut Reader, protocol: Protocol) -> Option<ClientCertificateRequest> {
    body.vector8()?;
    if protocol >= Protocol::Tls1_2 {
        body.vector16()?;
    }
    let mut request = ClientCertificateRequest::default();
    let mut names = body.vector16()?;
    while !names.is_empty() {
        request.authorities.push(names.vector16()?.0.to_vec());
    }
    Some(request)
}

/// The bits of an unsigned number.
fn bits(number: &[u8]) -> u32 {
    let first = number.iter().position(|octet| *octet != 0);
    let significant = first.and_then(|first| number.get(first..));
    significant.map_or(0, |octets| {
        let zeros = octets.first().map_or(0, |octet| octet.leading_zeros());
        let octets = u32::try_from(octets.len()).unwrap_or(u32::MAX);
        octets.saturating_mul(8).saturating_sub(zeros)
    })
}

/// Octets from the front, never more than there are.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn unsigned(&mut self, octets: usize) -> Option<usize> {
        let octets = self.take(octets)?;
        Some(
            octets
                .iter()
                .fold(0, |sum, octet| sum << 8 | usize::from(*octet)),
        )
    }

    fn u8(&mut self) -> Option<u8> {
        self.unsigned(1).and_then(|number| number.try_into().ok())
    }

    fn u16(&mut self) -> Option<u16> {
        self.unsigned(2).and_then(|number| number.try_into().ok())
    }

    fn vector8(&mut self) -> Option<Self> {
        let length = self.unsigned(1)?;
        self.take(length).map(Self)
    }

    fn vector16(&mut self) -> Option<Self> {
        let length = self.unsigned(2)?;
        self.take(length).map(Self)
    }

    fn vector24(&mut self) -> Option<Self> {
        let length = self.unsigned(3)?;
        self.take(length).map(Self)
    }
}
