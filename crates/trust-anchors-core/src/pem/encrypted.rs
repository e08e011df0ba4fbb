//! Blocks with a `Proc-Type: 4,ENCRYPTED` header: Node offers an empty password for them, so a certificate that was
//! encrypted with one is loaded like any other.
//!
//! Modelled on OpenSSL's `PEM_get_EVP_CIPHER_INFO` and `PEM_do_header` (`crypto/pem/pem_lib.c`), `EVP_BytesToKey` with MD5
//! and one round (`crypto/evp/evp_key.c`), and the final block of `EVP_DecryptFinal_ex` in the default provider.

use std::borrow::Cow;

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, KeyIvInit};
use md5::{Digest, Md5};

use super::node::{End, PemError, SilentStop};

/// A cipher that `DEK-Info` may name.
#[derive(Clone, Copy)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    /// In OpenSSL, but written by nothing that is in use: what it holds counts as undecipherable.
    Camellia,
    /// In OpenSSL's legacy provider, which Node does not load.
    Des,
}

/// The ciphers that PEM writers name (RFC 1421 section 4.6.1.3 as OpenSSL extends it), found without regard to case.
const CIPHERS: [(&[u8], Cipher); 8] = [
    (b"AES-128-CBC", Cipher::Aes128),
    (b"AES-192-CBC", Cipher::Aes192),
    (b"AES-256-CBC", Cipher::Aes256),
    (b"DES-EDE3-CBC", Cipher::TripleDes),
    (b"DES-CBC", Cipher::Des),
    (b"CAMELLIA-128-CBC", Cipher::Camellia),
    (b"CAMELLIA-192-CBC", Cipher::Camellia),
    (b"CAMELLIA-256-CBC", Cipher::Camellia),
];

impl Cipher {
    /// The length of a block, which is that of the initialisation vector.
    fn block_bytes(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 | Self::Camellia => 16,
            Self::TripleDes | Self::Des => 8,
        }
    }

    /// The plain text, or the error that OpenSSL 3.0 queues first.
    fn decrypt(self, vector: &[u8], data: &[u8]) -> Result<Vec<u8>, &'static str> {
        let decrypted = match self {
            Self::Des => return Err("error:0308010C:digital envelope routines::unsupported"),
            _ if !data.len().is_multiple_of(self.block_bytes()) => {
                return Err("error:1C80006B:Provider routines::wrong final block length");
            }
            Self::Aes128 => {
                decrypt::<cbc::Decryptor<aes::Aes128>>(&key::<16>(vector), vector, data)
            }
            Self::Aes192 => {
                decrypt::<cbc::Decryptor<aes::Aes192>>(&key::<24>(vector), vector, data)
            }
            Self::Aes256 => {
                decrypt::<cbc::Decryptor<aes::Aes256>>(&key::<32>(vector), vector, data)
            }
            Self::TripleDes => {
                decrypt::<cbc::Decryptor<des::TdesEde3>>(&key::<24>(vector), vector, data)
            }
            Self::Camellia => None,
        };
        decrypted.ok_or("error:1C800064:Provider routines::bad decrypt")
    }
}

/// The data of a block whose header is `header`: as it is when there is no header, decrypted with an empty password when
/// the header asks for it.
pub(super) fn open<'a>(header: &[u8], data: &'a [u8]) -> Result<Cow<'a, [u8]>, End> {
    let warning = |error| Err(End::Warning(error));
    // The header ends where OpenSSL's string does.
    let header = header.split(|byte| *byte == 0).next().unwrap_or_default();
    if header.is_empty() || header.first() == Some(&b'\n') {
        return Ok(Cow::Borrowed(data));
    }
    let Some(rest) = header.strip_prefix(b"Proc-Type:") else {
        return warning(PemError::NotProcType);
    };
    let Some(rest) = skip(rest, b" \t").strip_prefix(b"4,") else {
        return Err(End::Silent(SilentStop::ProcTypeVersion));
    };
    let Some(rest) = skip(rest, b" \t").strip_prefix(b"ENCRYPTED") else {
        return warning(PemError::NotEncrypted);
    };
    if !matches!(rest.first(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
        return warning(PemError::NotEncrypted);
    }
    let Some(rest) = skip(rest, b" \t\r").strip_prefix(b"\n") else {
        return warning(PemError::ShortHeader);
    };
    let Some(rest) = rest.strip_prefix(b"DEK-Info:") else {
        return warning(PemError::NotDekInfo);
    };
    let rest = skip(rest, b" \t");
    let end = rest
        .iter()
        .position(|byte| b" \t,".contains(byte))
        .unwrap_or(rest.len());
    let (name, rest) = rest.split_at_checked(end).unwrap_or((rest, b""));
    let Some((_, cipher)) = CIPHERS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
    else {
        return warning(PemError::UnsupportedEncryption);
    };
    let Some(digits) = skip(rest, b" \t").strip_prefix(b",") else {
        return warning(PemError::MissingDekIv);
    };
    let Some(vector) = hexadecimal(digits, cipher.block_bytes()) else {
        return warning(PemError::BadIvChars);
    };
    match cipher.decrypt(&vector, data) {
        Ok(plain) => Ok(Cow::Owned(plain)),
        Err(first) => warning(PemError::BadDecrypt(first)),
    }
}

/// `text += strspn(text, bytes)`.
fn skip<'a>(text: &'a [u8], bytes: &[u8]) -> &'a [u8] {
    let start = text
        .iter()
        .position(|byte| !bytes.contains(byte))
        .unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

/// `load_iv`: that many bytes in hexadecimal at the start of `digits`; what follows is ignored.
fn hexadecimal(digits: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    digits
        .get(..bytes * 2)?
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(value(high)? << 4 | value(low)?).ok(),
            _ => None,
        })
        .collect()
}

/// `EVP_BytesToKey` with MD5, one round, the first eight bytes of the vector for salt, and an empty password.
fn key<const LENGTH: usize>(vector: &[u8]) -> [u8; LENGTH] {
    let salt = vector.get(..8).unwrap_or(vector);
    let mut key = [0; LENGTH];
    let mut digest = Vec::new();
    for part in key.chunks_mut(16) {
        digest = Md5::new()
            .chain_update(&digest)
            .chain_update(salt)
            .finalize()
            .to_vec();
        for (octet, derived) in part.iter_mut().zip(&digest) {
            *octet = *derived;
        }
    }
    key
}

/// Cipher block chaining with the padding of PKCS#7.
fn decrypt<Mode: KeyIvInit + BlockDecryptMut>(
    key: &[u8],
    vector: &[u8],
    data: &[u8],
) -> Option<Vec<u8>> {
    Mode::new_from_slices(key, vector)
        .ok()?
        .decrypt_padded_vec_mut::<Pkcs7>(data)
        .ok()
}
