//! The first message of a TLS client, as far as it is compared with what a server showed (RFC 8446 section 4.1.2).

use crate::probe::Protocol;
use crate::probe::hello::names;

const HANDSHAKE_RECORD: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_NAME: u16 = 0;
const SUPPORTED_GROUPS: u16 = 10;
const SUPPORTED_VERSIONS: u16 = 43;

/// What a client offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hello {
    /// Versions, as it lists them; where it lists none, the highest.
    pub versions: Vec<Protocol>,
    /// Whether there may be others below: the highest is named, and nothing said of the lowest.
    pub may_speak_less: bool,
    /// Cipher suites by their IANA names, the preferred first.
    pub suites: Vec<String>,
    /// Key exchange groups by their IANA names, the preferred first.
    pub groups: Vec<String>,
    /// Whether it names the server.
    pub names_server: bool,
}

impl Hello {
    /// Reads the records of a first message; `None` for anything else.
    pub fn read(octets: &[u8]) -> Option<Self> {
        let message = message(octets)?;
        let mut reader = Reader(&message);
        if reader.byte()? != CLIENT_HELLO {
            return None;
        }
        reader.take(3)?;
        let highest = reader.number()?;
        reader.take(32)?;
        reader.vector_of_byte_length()?;
        let suites = numbers(reader.vector()?);
        reader.vector_of_byte_length()?;
        let mut hello = Self {
            versions: protocol(highest).into_iter().collect(),
            may_speak_less: true,
            suites: suites
                .filter(|number| *number != names::RENEGOTIATION_SUITE)
                .map(names::suite_name)
                .collect(),
            ..Self::default()
        };
        // A message without extensions ends here.
        let mut extensions = Reader(reader.vector().unwrap_or_default());
        while let Some(extension) = extensions.number() {
            let mut body = Reader(extensions.vector()?);
            match extension {
                SERVER_NAME => hello.names_server = true,
                SUPPORTED_GROUPS => {
                    hello.groups = numbers(body.vector()?).map(names::group_name).collect()
                }
                SUPPORTED_VERSIONS => {
                    hello.may_speak_less = false;
                    hello.versions = numbers(body.vector_of_byte_length()?)
                        .filter_map(protocol)
                        .collect();
                }
                _ => {}
            }
        }
        Some(hello)
    }
}

/// The message in one record or several.
fn message(octets: &[u8]) -> Option<Vec<u8>> {
    let mut records = Reader(octets);
    let mut message = Vec::new();
    while let Some(kind) = records.byte() {
        if kind != HANDSHAKE_RECORD {
            return None;
        }
        records.take(2)?;
        message.extend_from_slice(records.vector()?);
    }
    Some(message)
}

fn protocol(number: u16) -> Option<Protocol> {
    Some(match number {
        0x0300 => Protocol::Ssl3,
        0x0301 => Protocol::Tls1,
        0x0302 => Protocol::Tls1_1,
        0x0303 => Protocol::Tls1_2,
        0x0304 => Protocol::Tls1_3,
        _ => return None,
    })
}

fn numbers(octets: &[u8]) -> impl Iterator<Item = u16> + '_ {
    octets
        .as_chunks()
        .0
        .iter()
        .map(|pair| u16::from_be_bytes(*pair))
}

/// What is left to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    /// With its length before it in two octets.
    fn vector(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(length.into())
    }

    fn vector_of_byte_length(&mut self) -> Option<&'a [u8]> {
        let length = self.byte()?;
        self.take(length.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [&length, body].concat()
    }

    fn written(extensions: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let extensions: Vec<u8> = extensions
            .iter()
            .flat_map(|(number, body)| [number.to_be_bytes().to_vec(), vector(body)].concat())
            .collect();
        let body = [
            &[3, 3][..],
            &[7; 32],
            &[0],
            &vector(&[0x13, 1, 0xc0, 0x2f, 0, 0xff]),
            &[1, 0],
            &vector(&extensions),
        ]
        .concat();
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        let message = [&[1], &length[1..], &body].concat();
        [&[22, 3, 1][..], &vector(&message)].concat()
    }

    #[test]
    fn what_is_offered_is_read() {
        let octets = written(&[
            (0, vec![0, 0]),
            (10, vector(&[0, 29, 0, 23])),
            (43, vec![4, 3, 4, 3, 3]),
        ]);
        let hello = Hello::read(&octets).unwrap();
        assert_eq!(hello.versions, [Protocol::Tls1_3, Protocol::Tls1_2]);
        assert_eq!(
            hello.suites,
            [
                "TLS_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
            ]
        );
        assert_eq!(hello.groups.len(), 2);
        assert!(hello.names_server);
        let older = Hello::read(&written(&[])).unwrap();
        assert_eq!(older.versions, [Protocol::Tls1_2]);
        assert!(older.may_speak_less && !hello.may_speak_less);
        assert!(!older.names_server);
    }

    #[test]
    fn nothing_else_is_read() {
        let octets = written(&[(43, vec![4, 3, 4, 3, 3])]);
        for length in 1..octets.len() {
            assert_eq!(Hello::read(&octets[..length]), None, "{length}");
        }
        assert_eq!(Hello::read(&[21, 3, 3, 0, 2, 2, 80]), None);
        assert_eq!(Hello::read(b""), None);
    }
}
