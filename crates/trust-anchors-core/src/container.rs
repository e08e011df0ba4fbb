//! Certificates outside PEM: DER, several certificates in a row, PKCS#7 (RFC 2315, RFC 5652) and PKCS#12 (RFC 7292). Node reads
//! none of these from a CA file; they are opened to say what is in them and to write it as PEM.
//!
//! Only what leads to certificates is read. Private keys are decrypted by [`identity`] alone, for the client certificate of a connection.

mod pkcs12;

use std::borrow::Cow;
use std::cell::Cell;

use crate::certificate::Certificate;
use crate::der::{Element, OpensslVersion, read_element};

/// `signedData` of PKCS#7.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// `data` of PKCS#7.
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
/// `encryptedData` of PKCS#7.
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
/// Deeper nesting than any certificate container has; it bounds the recursion.
const MAX_DEPTH: usize = 24;
/// Indefinite-length input is copied level by level; a container of a CA file is far smaller.
const MAX_INDEFINITE_BYTES: usize = 16 * 1024 * 1024;

/// What binary data is.
#[derive(Debug)]
pub struct Contents {
    /// Its kind.
    pub kind: Kind,
    /// The certificates in it, in order.
    pub certificates: Vec<Certificate>,
    /// How many private keys it holds.
    pub private_keys: usize,
    /// How many bytes of the input it takes.
    pub consumed: usize,
}

/// The kinds of binary data that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A certificate.
    Certificate,
    /// PKCS#7 signed data, usually certificates alone (`.p7b`).
    Pkcs7,
    /// PKCS#12 (`.p12`, `.pfx`).
    Pkcs12,
    /// PKCS#12 whose certificates the password does not open.
    Pkcs12Locked,
    /// A certificate revocation list.
    RevocationList,
    /// A certificate signing request (PKCS#10).
    SigningRequest,
    /// A private key, encrypted or not.
    PrivateKey,
    /// A public key.
    PublicKey,
}

impl Kind {
    /// What it is called, with an article where it needs one.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Certificate => "a DER certificate",
            Self::Pkcs7 => "a PKCS#7 bundle",
            Self::Pkcs12 | Self::Pkcs12Locked => "a PKCS#12 file",
            Self::RevocationList => "a certificate revocation list",
            Self::SigningRequest => "a certificate signing request",
            Self::PrivateKey => "a private key",
            Self::PublicKey => "a public key",
        }
    }

    /// The label of its block in a report.
    pub fn label(self) -> &'static str {
        match self {
            Self::Certificate => "DER certificate",
            Self::Pkcs7 => "PKCS#7",
            Self::Pkcs12 | Self::Pkcs12Locked => "PKCS#12",
            Self::RevocationList => "DER revocation list",
            Self::SigningRequest => "DER certificate signing request",
            Self::PrivateKey => "DER private key",
            Self::PublicKey => "DER public key",
        }
    }
}

/// All key derivations of a file together. OpenSSL asks for 2,048 iterations, Java for 10,000, the most careful tools for 600,000. Hostile
/// counts, or hostile numbers of containers, end here after about a second, not after an hour.
const MAX_ITERATIONS: u64 = 3_000_000;

/// What opens the PKCS#12 containers of one file.
#[derive(Debug)]
pub struct Unlock<'a> {
    password: &'a str,
    iterations_left: Cell<u64>,
}

impl<'a> Unlock<'a> {
    /// Opens with `password`; without one the empty password is tried.
    pub fn new(password: Option<&'a str>) -> Self {
        Self {
            password: password.unwrap_or_default(),
            iterations_left: Cell::new(MAX_ITERATIONS),
        }
    }

    /// Takes iterations off what is left; `None` when there are not as many.
    fn spend(&self, iterations: u64) -> Option<()> {
        let left = self.iterations_left.get().checked_sub(iterations)?;
        self.iterations_left.set(left);
        Some(())
    }
}

/// Opens what stands at the start of `input`; `None` when it is none of the kinds.
pub fn open(input: &[u8], version: OpensslVersion, unlock: &Unlock<'_>) -> Option<Contents> {
    if input.first() != Some(&0x30) {
        return None;
    }
    if let Ok((certificate, consumed)) = decode(input, version) {
        return Some(Contents {
            kind: Kind::Certificate,
            certificates: vec![certificate],
            private_keys: 0,
            consumed,
        });
    }
    let (layer, consumed) = definite(input)?;
    let (outer, _) = read_element(&layer)?;
    let mut contents = Contents {
        kind: kind(&outer)?,
        certificates: Vec::new(),
        private_keys: 0,
        consumed,
    };
    match contents.kind {
        Kind::Pkcs7 => contents.certificates = pkcs7_certificates(&outer, version),
        Kind::Pkcs12 => {
            let safe = pkcs12::open(&outer, version, unlock, false);
            if safe.locked && safe.certificates.is_empty() {
                contents.kind = Kind::Pkcs12Locked;
            }
            contents.certificates = safe.certificates;
            contents.private_keys = safe.private_keys;
        }
        Kind::PrivateKey => contents.private_keys = 1,
        // What has the outline of a certificate and is none that OpenSSL takes.
        Kind::Certificate => {}
        _ => {}
    }
    Some(contents)
}

/// What a client can show of itself, from a PKCS#12 file.
pub struct Identity {
    /// The certificates, DER, in the file's order.
    pub certificates: Vec<Vec<u8>>,
    /// The private keys in PKCS#8, in the file's order.
    pub private_keys: Vec<Vec<u8>>,
}

/// Opens a PKCS#12 file with its private keys; none when `input` is no such file, or when the password does not open it.
pub fn identity(input: &[u8], version: OpensslVersion, unlock: &Unlock<'_>) -> Option<Identity> {
    let (layer, _) = definite(input)?;
    let (outer, _) = read_element(&layer)?;
    if kind(&outer)? != Kind::Pkcs12 {
        return None;
    }
    let safe = pkcs12::open(&outer, version, unlock, true);
    if safe.locked {
        return None;
    }
    Some(Identity {
        certificates: safe
            .certificates
            .iter()
            .map(|certificate| certificate.der().to_vec())
            .collect(),
        private_keys: safe.opened_keys,
    })
}

/// All certificates that follow each other in `input`, with how many bytes they take.
pub fn certificates(input: &[u8], version: OpensslVersion) -> (Vec<Certificate>, usize) {
    let mut found = Vec::new();
    let mut offset = 0;
    while let Some(rest) = input.get(offset..).filter(|rest| !rest.is_empty()) {
        let Ok((certificate, consumed)) = decode(rest, version) else {
            break;
        };
        found.push(certificate);
        offset += consumed.max(1);
    }
    (found, offset)
}

fn decode(input: &[u8], version: OpensslVersion) -> Result<(Certificate, usize), ()> {
    let consumed = crate::der::decode_certificate(input, version)
        .map_err(drop)?
        .consumed;
    let certificate = Certificate::decode(input, version).map_err(drop)?;
    Ok((certificate, consumed))
}

fn kind(outer: &Element<'_>) -> Option<Kind> {
    let mut tags = Vec::with_capacity(4);
    let mut children = Vec::with_capacity(4);
    let mut rest = outer.content;
    while children.len() < 4
        && let Some((child, after)) = read_element(rest)
    {
        tags.push(child.tag);
        children.push(child);
        rest = after;
    }
    let first = children.first()?;
    let inner = |index: usize| {
        children
            .get(index)
            .and_then(|child| read_element(child.content))
            .map(|(element, _)| element)
    };
    match tags.as_slice() {
        [0x06, ..] if first.content == SIGNED_DATA => Some(Kind::Pkcs7),
        [0x02, 0x30, ..]
            if inner(1).is_some_and(|identifier| {
                identifier.content == DATA || identifier.content == SIGNED_DATA
            }) =>
        {
            Some(Kind::Pkcs12)
        }
        // PKCS#8, PKCS#1 and SEC 1.
        [0x02, 0x30, 0x04, ..] | [0x02, 0x02, 0x02, 0x02] | [0x02, 0x04, ..] => {
            Some(Kind::PrivateKey)
        }
        // Encrypted PKCS#8.
        [0x30, 0x04] => Some(Kind::PrivateKey),
        [0x30, 0x03] => Some(Kind::PublicKey),
        [0x30, 0x30, 0x03] => Some(signed_kind(first)),
        _ => None,
    }
}

/// Certificate, request and revocation list have the same outline; their first part tells them apart.
fn signed_kind(to_be_signed: &Element<'_>) -> Kind {
    let mut tags = Vec::with_capacity(5);
    let mut rest = to_be_signed.content;
    while tags.len() < 5
        && let Some((child, after)) = read_element(rest)
    {
        tags.push(child.tag);
        rest = after;
    }
    match tags.as_slice() {
        [0x02, 0x30, 0x30, 0xa0, ..] | [0x02, 0x30, 0x30] => Kind::SigningRequest,
        [0x02, 0x30, 0x30, 0x17 | 0x18, ..] | [0x30, 0x30, 0x17 | 0x18, ..] => Kind::RevocationList,
        _ => Kind::Certificate,
    }
}

/// The `certificates` of SignedData.
fn pkcs7_certificates(content_info: &Element<'_>, version: OpensslVersion) -> Vec<Certificate> {
    pkcs7_set(content_info)
        .map(|set| members(set, version))
        .unwrap_or_default()
}

fn pkcs7_set<'a>(content_info: &Element<'a>) -> Option<&'a [u8]> {
    let (_, rest) = read_element(content_info.content)?;
    let (explicit, _) = read_element(rest).filter(|(element, _)| element.tag == 0xa0)?;
    let (signed_data, _) = read_element(explicit.content)?;
    let mut rest = signed_data.content;
    while let Some((part, after)) = read_element(rest) {
        if part.tag == 0xa0 {
            return Some(part.content);
        }
        rest = after;
    }
    None
}

/// The certificates of a SET, stepping over what is none.
fn members(set: &[u8], version: OpensslVersion) -> Vec<Certificate> {
    let mut found = Vec::new();
    let mut rest = set;
    while let Some((member, after)) = read_element(rest) {
        if let Ok((certificate, _)) = decode(member.whole, version) {
            found.push(certificate);
        }
        rest = after;
    }
    found
}

/// The first element of `input` with definite lengths throughout, and how many bytes of `input` it took. Already definite input is
/// not copied.
fn definite(input: &[u8]) -> Option<(Cow<'_, [u8]>, usize)> {
    if let Some((element, _)) = read_element(input)
        && !has_indefinite(element.content, 0)
    {
        return Some((Cow::Borrowed(element.whole), element.whole.len()));
    }
    let input = input
        .get(..MAX_INDEFINITE_BYTES.min(input.len()))
        .unwrap_or(input);
    let mut output = Vec::with_capacity(input.len());
    let rest = rewrite(input, &mut output, 0)?;
    Some((Cow::Owned(output), input.len() - rest.len()))
}

/// Whether an indefinite length stands somewhere in the constructed elements of `content`.
fn has_indefinite(content: &[u8], depth: usize) -> bool {
    let mut rest = content;
    while !rest.is_empty() {
        if rest.get(1) == Some(&0x80) && rest.first().is_some_and(|tag| tag & 0x20 != 0) {
            return true;
        }
        let Some((element, after)) = read_element(rest) else {
            return false;
        };
        if element.tag & 0x20 != 0
            && depth < MAX_DEPTH
            && has_indefinite(element.content, depth + 1)
        {
            return true;
        }
        rest = after;
    }
    false
}

/// Writes one element with a definite length and gives back what follows it. A constructed OCTET STRING becomes a primitive one.
fn rewrite<'a>(input: &'a [u8], output: &mut Vec<u8>, depth: usize) -> Option<&'a [u8]> {
    if depth > MAX_DEPTH {
        return None;
    }
    let tag = *input.first()?;
    let indefinite = tag & 0x20 != 0 && input.get(1) == Some(&0x80);
    let (mut rest, after) = if indefinite {
        (input.get(2..)?, None)
    } else {
        let (element, after) = read_element(input)?;
        if tag & 0x20 == 0 {
            output.extend_from_slice(element.whole);
            return Some(after);
        }
        (element.content, Some(after))
    };
    let mut content = Vec::new();
    loop {
        if indefinite && rest.starts_with(&[0, 0]) {
            rest = rest.get(2..)?;
            break;
        }
        if rest.is_empty() {
            if indefinite {
                return None;
            }
            break;
        }
        rest = rewrite(rest, &mut content, depth + 1)?;
    }
    if tag == 0x24 {
        let mut flat = Vec::with_capacity(content.len());
        let mut parts = content.as_slice();
        while let Some((part, following)) = read_element(parts) {
            flat.extend_from_slice(part.content);
            parts = following;
        }
        write(0x04, &flat, output);
    } else {
        write(tag, &content, output);
    }
    Some(after.unwrap_or(rest))
}

fn write(tag: u8, content: &[u8], output: &mut Vec<u8>) {
    output.push(tag);
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length
        .iter()
        .copied()
        .skip_while(|octet| *octet == 0)
        .collect();
    match significant.as_slice() {
        [] => output.push(0),
        [short] if *short < 0x80 => output.push(*short),
        long => {
            output.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            output.extend_from_slice(long);
        }
    }
    output.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_become_definite() {
        // SEQUENCE { OCTET STRING of two parts, SET { NULL } }, all of indefinite length.
        let input = [
            0x30, 0x80, 0x24, 0x80, 0x04, 1, 7, 0x04, 1, 8, 0, 0, 0x31, 0x80, 5, 0, 0, 0, 0, 0, 99,
        ];
        let (output, consumed) = definite(&input).unwrap();
        assert_eq!(&*output, [0x30, 8, 0x04, 2, 7, 8, 0x31, 2, 5, 0]);
        assert_eq!(consumed, input.len() - 1);
    }

    #[test]
    fn nesting_has_a_limit() {
        let mut input = [0x30, 0x80].repeat(100_000);
        input.extend([0, 0].repeat(100_000));
        assert!(definite(&input).is_none());
        assert!(open(&input, OpensslVersion::V3_5, &Unlock::new(None)).is_none());
    }

    #[test]
    fn lengths_are_minimal() {
        let mut output = Vec::new();
        write(4, &[0; 127], &mut output);
        assert_eq!(output.get(..2), Some(&[4, 127][..]));
        output.clear();
        write(4, &[0; 256], &mut output);
        assert_eq!(output.get(..4), Some(&[4, 0x82, 1, 0][..]));
    }
}
