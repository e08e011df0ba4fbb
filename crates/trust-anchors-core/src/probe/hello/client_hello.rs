//! ClientHellos written by hand: what a Node offers, and what nobody offers any more.

use super::names::{
    NODE_GROUPS, NODE_SCHEMES, NODE_SUITES, OTHER_GROUPS, OTHER_SCHEMES, OTHER_SUITES,
    RENEGOTIATION_SUITE, is_group_of_every_node, is_scheme_of_every_node, is_suite_of_every_node,
    suite_name,
};
use crate::probe::session::Protocol;

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// TLS 1.3 and 1.2 with what every Node offers by default: what is answered is what each of them is answered. There is no key share in
    /// it, so that TLS 1.3 answers by a HelloRetryRequest that names the group.
    AsEveryNode,
    /// The same with what any Node offers: a server that refused the other chooses what sets Nodes apart.
    AsAnyNode,
    /// Everything there ever was, strong or not, up to this version.
    UpTo(Protocol),
}

/// The message in a record of its own (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2), and its random octets by the caller, 32 for the client and 32
/// for the session.
pub fn write(
    offered: Offered,
    server_name: Option<&str>,
    alpn: &[String],
    random: &[u8; 64],
) -> Vec<u8> {
    let newest = match offered {
        Offered::AsEveryNode | Offered::AsAnyNode => Protocol::Tls1_3,
        Offered::UpTo(newest) => newest,
    };
    let (client_random, session) = random.split_at(32);
    let mut body = Vec::new();
    body.extend(number(newest.min(Protocol::Tls1_2)));
    body.extend(client_random);
    // Middleboxes take a hello without a session for no TLS 1.3 (RFC 8446, appendix D.4).
    vector8(
        &mut body,
        if newest == Protocol::Tls1_3 {
            session
        } else {
            &[]
        },
    );
    let suites = suites(offered, newest);
    vector16(&mut body, |body| put_all(body, &suites));
    vector8(&mut body, &[NO_COMPRESSION]);
    if newest > Protocol::Ssl3 {
        let extensions = extensions(offered, newest, server_name, alpn, HEADERS + body.len());
        vector16(&mut body, |body| body.extend(extensions));
    }
    let mut record = vec![HANDSHAKE];
    // The record's own version is the lowest that servers take (RFC 8446, 5.1).
    record.extend(number(newest.min(Protocol::Tls1)));
    vector16(&mut record, |record| {
        record.push(CLIENT_HELLO);
        vector24(record, &body);
    });
    record
}

/// A version's number on the wire.
pub fn number(protocol: Protocol) -> [u8; 2] {
    match protocol {
        Protocol::Ssl3 => [3, 0],
        Protocol::Tls1 => [3, 1],
        Protocol::Tls1_1 => [3, 2],
        Protocol::Tls1_2 => [3, 3],
        Protocol::Tls1_3 => [3, 4],
    }
}

const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const NO_COMPRESSION: u8 = 0;

/// Octets of a record's header, of a message's, and of the length of the extensions.
const HEADERS: usize = 5 + 4 + 2;

fn suites(offered: Offered, newest: Protocol) -> Vec<u16> {
    let mut suites = NODE_SUITES.to_vec();
    match offered {
        Offered::AsEveryNode => suites.retain(|suite| is_suite_of_every_node(*suite)),
        Offered::AsAnyNode => {}
        Offered::UpTo(_) => {
            suites.extend(OTHER_SUITES);
            suites.retain(|suite| is_of(*suite, newest));
        }
    }
    suites.push(RENEGOTIATION_SUITE);
    suites
}

/// Whether a suite can be chosen with a version: each kind of suite came with one, and those of TLS 1.3 are of no use to the older ones.
fn is_of(suite: u16, version: Protocol) -> bool {
    let is_new = suite >> 8 == 0x13;
    match version {
        Protocol::Tls1_3 => is_new,
        Protocol::Tls1_2 => !is_new,
        older => {
            let name = suite_name(suite);
            let came_later = ["_GCM_", "_CCM", "_POLY1305_", "_SHA256", "_SHA384"];
            let came_later = is_new || came_later.iter().any(|part| name.contains(part));
            // A curve is agreed on by an extension, and SSL 3.0 has none.
            let is_on_a_curve = name.starts_with("TLS_ECDH");
            !came_later && (older > Protocol::Ssl3 || !is_on_a_curve)
        }
    }
}

fn extensions(
    offered: Offered,
    newest: Protocol,
    server_name: Option<&str>,
    alpn: &[String],
    before: usize,
) -> Vec<u8> {
    let mut all = Vec::new();
    if let Some(name) = server_name {
        extension(&mut all, SERVER_NAME, |body| {
            vector16(body, |body| {
                body.push(HOST_NAME);
                vector16(body, |body| body.extend(name.as_bytes()));
            });
        });
    }
    extension(&mut all, STATUS_REQUEST, |body| {
        body.extend([1, 0, 0, 0, 0])
    });
    let mut groups = NODE_GROUPS.to_vec();
    let mut schemes = NODE_SCHEMES.to_vec();
    match offered {
        Offered::AsEveryNode => {
            groups.retain(|group| is_group_of_every_node(*group));
            schemes.retain(|scheme| is_scheme_of_every_node(*scheme));
        }
        Offered::AsAnyNode => {}
        Offered::UpTo(_) => {
            groups.extend(OTHER_GROUPS);
            schemes.extend(OTHER_SCHEMES);
        }
    }
    extension(&mut all, SUPPORTED_GROUPS, |body| {
        vector16(body, |body| put_all(body, &groups));
    });
    extension(&mut all, POINT_FORMATS, |body| vector8(body, &[0, 1, 2]));
    if newest >= Protocol::Tls1_2 {
        extension(&mut all, SIGNATURE_ALGORITHMS, |body| {
            vector16(body, |body| put_all(body, &schemes));
        });
    }
    if !alpn.is_empty() {
        extension(&mut all, ALPN, |body| {
            vector16(body, |body| {
                for protocol in alpn {
                    vector8(body, protocol.as_bytes());
                }
            });
        });
    }
    extension(&mut all, ENCRYPT_THEN_MAC, |_| ());
    extension(&mut all, EXTENDED_MASTER_SECRET, |_| ());
    if newest == Protocol::Tls1_3 {
        let versions: &[u8] = match offered {
            Offered::UpTo(_) => &[3, 4],
            _ => &[3, 4, 3, 3],
        };
        extension(&mut all, SUPPORTED_VERSIONS, |body| vector8(body, versions));
        extension(&mut all, KEY_EXCHANGE_MODES, |body| vector8(body, &[1]));
        extension(&mut all, KEY_SHARE, |body| vector16(body, |_| ()));
    }
    pad(&mut all, before);
    all
}

/// RFC 7685: some old load balancers hang on hellos of 256 to 511 octets.
fn pad(extensions: &mut Vec<u8>, before: usize) {
    const HEADER: usize = 4;
    // A record's header does not count, but an octet too many does no harm.
    let missing = 520_usize.saturating_sub(before + extensions.len() + HEADER);
    if before + extensions.len() >= 256 && missing > 0 {
        extension(extensions, PADDING, |body| {
            body.resize(body.len() + missing, 0)
        });
    }
}

const SERVER_NAME: u16 = 0;
const HOST_NAME: u8 = 0;
const STATUS_REQUEST: u16 = 5;
const SUPPORTED_GROUPS: u16 = 10;
const POINT_FORMATS: u16 = 11;
const SIGNATURE_ALGORITHMS: u16 = 13;
const ALPN: u16 = 16;
const PADDING: u16 = 21;
const ENCRYPT_THEN_MAC: u16 = 22;
const EXTENDED_MASTER_SECRET: u16 = 23;
const SUPPORTED_VERSIONS: u16 = 43;
const KEY_EXCHANGE_MODES: u16 = 45;
const KEY_SHARE: u16 = 51;

fn extension(to: &mut Vec<u8>, kind: u16, body: impl FnOnce(&mut Vec<u8>)) {
    to.extend(kind.to_be_bytes());
    vector16(to, body);
}

fn put_all(to: &mut Vec<u8>, numbers: &[u16]) {
    to.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
}

/// A vector with a length of one octet; what does not fit is cut.
fn vector8(to: &mut Vec<u8>, content: &[u8]) {
    let content = content.get(..usize::from(u8::MAX)).unwrap_or(content);
    to.push(u8::try_from(content.len()).unwrap_or(u8::MAX));
    to.extend(content);
}

/// A vector with a length of two octets; a hello is far shorter than what fits.
fn vector16(to: &mut Vec<u8>, content: impl FnOnce(&mut Vec<u8>)) {
    let mut body = Vec::new();
    content(&mut body);
    to.extend(u16::try_from(body.len()).unwrap_or(u16::MAX).to_be_bytes());
    to.extend(body);
}

fn vector24(to: &mut Vec<u8>, content: &[u8]) {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    to.extend(length.to_be_bytes().iter().skip(1));
    to.extend(content);
}
