//! The certificates and, for a client that shows one, the private keys of a PKCS#12 file (RFC 7292), decrypted with PBES2 (RFC 8018; OpenSSL 3's default) or with the PKCS#12
//! schemes that older tools use (RC2 and triple DES with SHA-1, RFC 7292 appendix C).
//!
//! The integrity code over the file is not checked: nothing is trusted because of it, and a wrong password shows as padding or
//! content that does not fit.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipher, BlockDecryptMut, InnerIvInit, KeyInit};
use des::TdesEde3;
use hmac::Hmac;
use rc2::Rc2;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::{DATA, ENCRYPTED_DATA, Unlock, decode, definite};
use crate::certificate::Certificate;
use crate::der::{Element, OpensslVersion, read_element};

/// `bagtypes` of PKCS#12: 1 key, 2 shrouded key, 3 certificate, 6 safe contents.
const BAG_TYPES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
/// Safes and safes within safes.
const MAX_DEPTH: usize = 4;

/// What the file holds.
#[derive(Debug, Default)]
pub(super) struct Safe {
    /// The certificates, in order.
    pub(super) certificates: Vec<Certificate>,
    /// How many private keys it holds.
    pub(super) private_keys: usize,
    /// The private keys in PKCS#8, in order; empty unless they are asked for.
    pub(super) opened_keys: Vec<Vec<u8>>,
    /// Whether a part of it does not open with the password.
    pub(super) locked: bool,
}

struct Opener<'a> {
    version: OpensslVersion,
    unlock: &'a Unlock<'a>,
    opens_keys: bool,
    safe: Safe,
}

/// Opens `pfx`, a whole PFX element of definite length; with its private keys only where `opens_keys` says so.
pub(super) fn open(
    pfx: &Element<'_>,
    version: OpensslVersion,
    unlock: &Unlock<'_>,
    opens_keys: bool,
) -> Safe {
    let mut opener = Opener {
        version,
        unlock,
        opens_keys,
        safe: Safe::default(),
    };
    if opener.authenticated_safe(pfx).is_none() {
        opener.safe.locked = true;
    }
    opener.safe
}

impl Opener<'_> {
    fn authenticated_safe(&mut self, pfx: &Element<'_>) -> Option<()> {
        let (_version, rest) = read_element(pfx.content)?;
        let (content_info, _) = read_element(rest)?;
        let octets = data_of(&content_info)?;
        let (layer, _) = definite(&octets)?;
        let (sequence, _) = read_element(&layer)?;
        let mut rest = sequence.content;
        while let Some((content_info, after)) = read_element(rest) {
            rest = after;
            if self.content_info(&content_info).is_none() {
                self.safe.locked = true;
            }
        }
        Some(())
    }

    /// One ContentInfo: plain or encrypted.
    fn content_info(&mut self, content_info: &Element<'_>) -> Option<()> {
        let (identifier, rest) = read_element(content_info.content)?;
        if identifier.content == DATA {
            let octets = data_of(content_info)?;
            return self.safe_contents(&octets, 0);
        }
        if identifier.content != ENCRYPTED_DATA {
            return None;
        }
        let (explicit, _) = read_element(rest)?;
        let (encrypted_data, _) = read_element(explicit.content)?;
        let (_version, rest) = read_element(encrypted_data.content)?;
        let (info, _) = read_element(rest)?;
        let (_content_type, rest) = read_element(info.content)?;
        let (algorithm, rest) = read_element(rest)?;
        let (encrypted, _) = read_element(rest)?;
        let encrypted = octets_of(&encrypted);
        for password in Password::candidates(self.unlock.password) {
            if let Some(plain) = self.decrypt(&algorithm, &encrypted, &password)
                && self.safe_contents(&plain, 0).is_some()
            {
                return Some(());
            }
        }
        None
    }

    /// SafeContents: a sequence of bags.
    fn safe_contents(&mut self, octets: &[u8], depth: usize) -> Option<()> {
        let (layer, _) = definite(octets)?;
        let (sequence, _) = read_element(&layer).filter(|(element, _)| element.tag == 0x30)?;
        let mut rest = sequence.content;
        while !rest.is_empty() {
            let (bag, after) = read_element(rest).filter(|(element, _)| element.tag == 0x30)?;
            rest = after;
            let (identifier, value) = read_element(bag.content)?;
            let (value, _) = read_element(value)?;
            let Some([number]) = identifier.content.strip_prefix(BAG_TYPES) else {
                continue;
            };
            match number {
                1 | 2 => {
                    self.safe.private_keys += 1;
                    if self.opens_keys && self.key_bag(*number, &value).is_none() {
                        self.safe.locked = true;
                    }
                }
                3 => self.certificate_bag(&value),
                6 if depth < MAX_DEPTH => {
                    self.safe_contents(value.content, depth + 1)?;
                }
                _ => {}
            }
        }
        Some(())
    }

    /// A key, or a shrouded key: RFC 5958, 2 and 3.
    fn key_bag(&mut self, number: u8, explicit: &Element<'_>) -> Option<()> {
        let (key, _) = read_element(explicit.content)?;
        if number == 1 {
            self.safe.opened_keys.push(key.whole.to_vec());
            return Some(());
        }
        let (algorithm, rest) = read_element(key.content)?;
        let (encrypted, _) = read_element(rest)?;
        let encrypted = octets_of(&encrypted);
        let opened = Password::candidates(self.unlock.password)
            .iter()
            .filter_map(|password| self.decrypt(&algorithm, &encrypted, password))
            .find(|plain| is_private_key(plain))?;
        self.safe.opened_keys.push(opened);
        Some(())
    }

    fn certificate_bag(&mut self, explicit: &Element<'_>) {
        let certificate = read_element(explicit.content).and_then(|(bag, _)| {
            let (_identifier, rest) = read_element(bag.content)?;
            let (explicit, _) = read_element(rest)?;
            let (octets, _) = read_element(explicit.content)?;
            decode(&octets_of(&octets), self.version).ok()
        });
        if let Some((certificate, _)) = certificate {
            self.safe.certificates.push(certificate);
        }
    }

    /// Decrypts with the scheme that `algorithm` names; `None` for a wrong password or a scheme that no tool uses here.
    fn decrypt(
        &self,
        algorithm: &Element<'_>,
        encrypted: &[u8],
        password: &Password,
    ) -> Option<Vec<u8>> {
        let (identifier, parameters) = read_element(algorithm.content)?;
        let (parameters, _) = read_element(parameters)?;
        match identifier.content {
            // pbes2
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d] => {
                self.pbes2(&parameters, encrypted, password)
            }
            // pkcs-12PbeIds
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, number] => {
                let (salt, rest) = read_element(parameters.content)?;
                let (count, _) = read_element(rest)?;
                // Once for the vector, once or twice for the key.
                let iterations = self.spend(number_of(&count)?, 3)?;
                let derive = |purpose, length| {
                    pkcs12_key(&password.bmp, salt.content, purpose, iterations, length)
                };
                let vector = derive(2, 8);
                match number {
                    // pbeWithSHAAnd3-KeyTripleDES-CBC
                    3 => decrypt(
                        TdesEde3::new_from_slice(&derive(1, 24)).ok()?,
                        &vector,
                        encrypted,
                    ),
                    // pbeWithSHAAnd2-KeyTripleDES-CBC
                    4 => {
                        let mut key = derive(1, 16);
                        let first = key.get(..8)?.to_vec();
                        key.extend(first);
                        decrypt(TdesEde3::new_from_slice(&key).ok()?, &vector, encrypted)
                    }
                    // pbeWithSHAAnd128BitRC2-CBC
                    5 => decrypt(
                        Rc2::new_with_eff_key_len(&derive(1, 16), 128),
                        &vector,
                        encrypted,
                    ),
                    // pbewithSHAAnd40BitRC2-CBC
                    6 => decrypt(
                        Rc2::new_with_eff_key_len(&derive(1, 5), 40),
                        &vector,
                        encrypted,
                    ),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn pbes2(
        &self,
        parameters: &Element<'_>,
        encrypted: &[u8],
        password: &Password,
    ) -> Option<Vec<u8>> {
        let (derivation, rest) = read_element(parameters.content)?;
        let (scheme, _) = read_element(rest)?;
        let (identifier, derivation) = read_element(derivation.content)?;
        if identifier.content != [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c] {
            return None;
        }
        let (derivation, _) = read_element(derivation)?;
        let (salt, rest) = read_element(derivation.content)?;
        let (count, mut rest) = read_element(rest)?;
        // SHA-1 is run twice for a key of more than 20 octets.
        let iterations = self.spend(number_of(&count)?, 2)?;
        // hmacWithSHA1 is the default.
        let mut function = 7;
        while let Some((part, after)) = read_element(rest) {
            rest = after;
            if part.tag == 0x30
                && let Some((identifier, _)) = read_element(part.content)
            {
                function = match identifier.content {
                    [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, number] => *number,
                    _ => return None,
                };
            }
        }
        let (identifier, vector) = read_element(scheme.content)?;
        let (vector, _) = read_element(vector)?;
        let cipher = match identifier.content {
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 2] => Cipher::Aes128,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 22] => Cipher::Aes192,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 42] => Cipher::Aes256,
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07] => Cipher::TripleDes,
            _ => return None,
        };
        let mut key = vec![0; cipher.key_length()];
        let password = password.utf8.as_bytes();
        let salt = salt.content;
        match function {
            7 => pbkdf2::pbkdf2::<Hmac<Sha1>>(password, salt, iterations, &mut key).ok()?,
            8 => pbkdf2::pbkdf2::<Hmac<Sha224>>(password, salt, iterations, &mut key).ok()?,
            9 => pbkdf2::pbkdf2::<Hmac<Sha256>>(password, salt, iterations, &mut key).ok()?,
            10 => pbkdf2::pbkdf2::<Hmac<Sha384>>(password, salt, iterations, &mut key).ok()?,
            11 => pbkdf2::pbkdf2::<Hmac<Sha512>>(password, salt, iterations, &mut key).ok()?,
            _ => return None,
        }
        let vector = vector.content;
        match cipher {
            Cipher::Aes128 => decrypt(Aes128::new_from_slice(&key).ok()?, vector, encrypted),
            Cipher::Aes192 => decrypt(Aes192::new_from_slice(&key).ok()?, vector, encrypted),
            Cipher::Aes256 => decrypt(Aes256::new_from_slice(&key).ok()?, vector, encrypted),
            Cipher::TripleDes => decrypt(TdesEde3::new_from_slice(&key).ok()?, vector, encrypted),
        }
    }

    /// The count of iterations, once it is taken off what is left `times` over.
    fn spend(&self, iterations: u64, times: u64) -> Option<u32> {
        self.unlock.spend(iterations.checked_mul(times)?)?;
        u32::try_from(iterations).ok().filter(|count| *count > 0)
    }
}

#[derive(Clone, Copy)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
}

impl Cipher {
    fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
        }
    }
}

/// The password in the two encodings the schemes want.
struct Password {
    utf8: String,
    bmp: Vec<u8>,
}

impl Password {
    /// The encodings to try: the empty password is written by some tools as no bytes at all, by others as its terminator
    /// alone (OpenSSL's `PKCS12_verify_mac` tries both as well).
    fn candidates(password: &str) -> Vec<Self> {
        let mut bmp: Vec<u8> = password.encode_utf16().flat_map(u16::to_be_bytes).collect();
        bmp.extend([0, 0]);
        let mut found = vec![Self {
            utf8: password.to_owned(),
            bmp,
        }];
        if password.is_empty() {
            found.push(Self {
                utf8: String::new(),
                bmp: Vec::new(),
            });
        }
        found
    }
}

/// Whether this begins as a `PrivateKeyInfo` does: a version and an algorithm. What a wrong password leaves may have good padding by chance.
fn is_private_key(plain: &[u8]) -> bool {
    let parts = read_element(plain).and_then(|(sequence, _)| {
        let (version, rest) = read_element(sequence.content)?;
        let (algorithm, _) = read_element(rest)?;
        Some((sequence.tag, version.tag, algorithm.tag))
    });
    parts == Some((0x30, 0x02, 0x30))
}

/// The octets of a `data` ContentInfo.
fn data_of(content_info: &Element<'_>) -> Option<Vec<u8>> {
    let (identifier, rest) = read_element(content_info.content)?;
    if identifier.content != DATA {
        return None;
    }
    let (explicit, _) = read_element(rest)?;
    let (octets, _) = read_element(explicit.content)?;
    Some(octets_of(&octets))
}

/// The octets of a string, in one piece or in several.
fn octets_of(element: &Element<'_>) -> Vec<u8> {
    if element.tag & 0x20 == 0 {
        return element.content.to_vec();
    }
    let mut octets = Vec::with_capacity(element.content.len());
    let mut rest = element.content;
    while let Some((part, after)) = read_element(rest) {
        octets.extend_from_slice(part.content);
        rest = after;
    }
    octets
}

fn number_of(integer: &Element<'_>) -> Option<u64> {
    if integer.content.len() > 8 || integer.content.first().is_some_and(|octet| *octet >= 0x80) {
        return None;
    }
    Some(
        integer
            .content
            .iter()
            .fold(0, |number, octet| (number << 8) | u64::from(*octet)),
    )
}

/// Decrypts in CBC mode and takes the padding off.
fn decrypt<C: BlockCipher + BlockDecryptMut>(
    cipher: C,
    vector: &[u8],
    encrypted: &[u8],
) -> Option<Vec<u8>> {
    cbc::Decryptor::<C>::inner_iv_slice_init(cipher, vector)
        .ok()?
        .decrypt_padded_vec_mut::<Pkcs7>(encrypted)
        .ok()
}

/// The key derivation of PKCS#12 (RFC 7292 appendix B.2) with SHA-1.
fn pkcs12_key(
    password: &[u8],
    salt: &[u8],
    purpose: u8,
    iterations: u32,
    length: usize,
) -> Vec<u8> {
    const BLOCK: usize = 64;
    let fill = |octets: &[u8]| -> Vec<u8> {
        octets
            .iter()
            .copied()
            .cycle()
            .take(octets.len().div_ceil(BLOCK) * BLOCK)
            .collect()
    };
    let mut state = fill(salt);
    state.extend(fill(password));
    let mut key = Vec::with_capacity(length + 20);
    loop {
        let mut digest = Sha1::new()
            .chain_update([purpose; BLOCK])
            .chain_update(&state)
            .finalize();
        for _ in 1..iterations {
            digest = Sha1::digest(digest);
        }
        key.extend_from_slice(&digest);
        if key.len() >= length {
            key.truncate(length);
            return key;
        }
        let addend: Vec<u8> = digest.iter().copied().cycle().take(BLOCK).collect();
        for block in state.chunks_exact_mut(BLOCK) {
            let mut carry = 1;
            for (octet, add) in block.iter_mut().zip(&addend).rev() {
                let sum = u16::from(*octet) + u16::from(*add) + carry;
                [_, *octet] = sum.to_be_bytes();
                carry = sum >> 8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of a published example of this derivation: password `smeg`.
    #[test]
    fn derives_the_keys_that_openssl_derives() {
        let password: Vec<u8> = "smeg"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .chain([0, 0])
            .collect();
        let salt = [0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f];
        let key = pkcs12_key(&password, &salt, 1, 1, 24);
        assert_eq!(
            crate::certificate::hexadecimal(&key),
            "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"
        );
    }

    #[test]
    fn iterations_have_a_limit_for_the_whole_file() {
        let unlock = Unlock::new(None);
        let opener = Opener {
            version: OpensslVersion::V3_5,
            unlock: &unlock,
            opens_keys: false,
            safe: Safe::default(),
        };
        assert_eq!(opener.spend(2048, 2), Some(2048));
        assert_eq!(opener.spend(u64::from(u32::MAX), 2), None);
        assert_eq!(opener.spend(u64::MAX, 2), None);
        assert_eq!(opener.spend(0, 2), None);
        assert_eq!(opener.spend(1_000_000, 2), Some(1_000_000));
        assert_eq!(opener.spend(1_000_000, 2), None);
    }
}
