//! The digests that OpenSSL's default provider computes, and the ones it only knows the size of.

use md5::Md5;
use ripemd::Ripemd160;
use sha1::Sha1;
use sha2::digest::{ExtendableOutput, Update, XofReader};
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512, Shake256};
use sm3::Sm3;

/// A digest that a signature algorithm or RSA-PSS parameters can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512Of224,
    Sha512Of256,
    Sha3Of224,
    Sha3Of256,
    Sha3Of384,
    Sha3Of512,
    Ripemd160,
    Sm3,
    /// Digests that no signature works with: MD4, MDC2 and Whirlpool, whose code is in the legacy provider, which Node does not load;
    /// BLAKE2 and SHAKE, which RSA refuses.
    Unusable {
        size: usize,
    },
    /// GOST R 34.11-94: without an implementation, and yet with a strength.
    Gost94,
    /// MD2, SHA-0 and the other GOST digests: names without an implementation.
    Absent,
}

/// The octets of a digest.
#[derive(Debug, Clone, Copy)]
pub(super) struct DigestValue {
    octets: [u8; Self::MAX],
    size: usize,
}

impl DigestValue {
    const MAX: usize = 64;

    fn new(digest: &[u8]) -> Self {
        let mut octets = [0; Self::MAX];
        for (place, octet) in octets.iter_mut().zip(digest) {
            *place = *octet;
        }
        Self {
            octets,
            size: digest.len().min(Self::MAX),
        }
    }
}

impl std::ops::Deref for DigestValue {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.octets.get(..self.size).unwrap_or_default()
    }
}

impl Digest {
    /// The digest that an object identifier names (`EVP_get_digestbyobj`): its own, or that of the RSA signature with it.
    pub(super) fn find(identifier: &[u8]) -> Option<Self> {
        Some(match identifier {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05]
            | [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 4] => Self::Md5,
            [0x2b, 0x0e, 0x03, 0x02, 0x1a | 0x1d]
            | [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 5] => Self::Sha1,
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, last] => match last {
                3 => Self::Unusable { size: 16 },
                11 => Self::Sha256,
                12 => Self::Sha384,
                13 => Self::Sha512,
                14 => Self::Sha224,
                15 => Self::Sha512Of224,
                16 => Self::Sha512Of256,
                _ => return None,
            },
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last] => match last {
                1 => Self::Sha256,
                2 => Self::Sha384,
                3 => Self::Sha512,
                4 => Self::Sha224,
                5 => Self::Sha512Of224,
                6 => Self::Sha512Of256,
                7 => Self::Sha3Of224,
                8 => Self::Sha3Of256,
                9 => Self::Sha3Of384,
                10 => Self::Sha3Of512,
                11 => Self::Unusable { size: 16 },
                12 => Self::Unusable { size: 32 },
                _ => return None,
            },
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, last] => match last {
                13 => Self::Sha3Of224,
                14 => Self::Sha3Of256,
                15 => Self::Sha3Of384,
                16 => Self::Sha3Of512,
                _ => return None,
            },
            [0x2b, 0x24, 0x03, 0x02, 0x01] | [0x2b, 0x24, 0x03, 0x03, 0x01, 0x02] => {
                Self::Ripemd160
            }
            [0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x11 | 0x78] => Self::Sm3,
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x04] | [0x55, 0x08, 0x03, 0x64 | 0x65] => {
                Self::Unusable { size: 16 }
            }
            [0x2b, 0x06, 0x01, 0x04, 0x01, 0x8d, 0x3a, 0x0c, 0x02, 2, 8] => {
                Self::Unusable { size: 32 }
            }
            [0x28, 0xcf, 0x06, 0x03, 0x00, 0x37]
            | [0x2b, 0x06, 0x01, 0x04, 0x01, 0x8d, 0x3a, 0x0c, 0x02, 1, 16] => {
                Self::Unusable { size: 64 }
            }
            _ => return None,
        })
    }

    /// How many octets it has (`EVP_MD_get_size`); `None` for a name without an implementation.
    pub(super) fn size(self) -> Option<usize> {
        Some(match self {
            Self::Md5 => 16,
            Self::Sha1 | Self::Ripemd160 => 20,
            Self::Sha224 | Self::Sha512Of224 | Self::Sha3Of224 => 28,
            Self::Sha256 | Self::Sha512Of256 | Self::Sha3Of256 | Self::Sm3 => 32,
            Self::Sha384 | Self::Sha3Of384 => 48,
            Self::Sha512 | Self::Sha3Of512 => 64,
            Self::Unusable { size } => size,
            Self::Gost94 | Self::Absent => return None,
        })
    }

    /// Bits of security of a signature over it (`x509_sig_info_init` in `crypto/x509/x509_set.c`): half its bits, less for the
    /// broken ones.
    pub(super) fn security_bits(self) -> Option<i32> {
        match self {
            Self::Sha1 => Some(63),
            Self::Md5 => Some(39),
            Self::Gost94 => Some(105),
            _ => self.size().and_then(|size| i32::try_from(size * 4).ok()),
        }
    }

    /// Whether RSA signs it (`ossl_digest_rsa_sign_get_md_nid` in `providers/common/digest_to_nid.c` and its like).
    pub(super) fn is_for_rsa(self) -> bool {
        self.identifier().is_some()
    }

    /// Whether an RSA key that is restricted to RSASSA-PSS can name it (`oaeppss_name_nid_map` in `crypto/rsa/rsa_schemes.c`).
    pub(super) fn is_for_pss_key(self) -> bool {
        matches!(
            self,
            Self::Sha1
                | Self::Sha224
                | Self::Sha256
                | Self::Sha384
                | Self::Sha512
                | Self::Sha512Of224
                | Self::Sha512Of256
        )
    }

    /// The digest of the parts put together; `None` for one that no signature works with.
    pub(super) fn of(self, parts: &[&[u8]]) -> Option<DigestValue> {
        fn hash<D: sha2::digest::Digest>(parts: &[&[u8]]) -> DigestValue {
            let mut state = D::new();
            for part in parts {
                state.update(part);
            }
            DigestValue::new(&state.finalize())
        }
        Some(match self {
            Self::Md5 => hash::<Md5>(parts),
            Self::Sha1 => hash::<Sha1>(parts),
            Self::Sha224 => hash::<Sha224>(parts),
            Self::Sha256 => hash::<Sha256>(parts),
            Self::Sha384 => hash::<Sha384>(parts),
            Self::Sha512 => hash::<Sha512>(parts),
            Self::Sha512Of224 => hash::<Sha512_224>(parts),
            Self::Sha512Of256 => hash::<Sha512_256>(parts),
            Self::Sha3Of224 => hash::<Sha3_224>(parts),
            Self::Sha3Of256 => hash::<Sha3_256>(parts),
            Self::Sha3Of384 => hash::<Sha3_384>(parts),
            Self::Sha3Of512 => hash::<Sha3_512>(parts),
            Self::Ripemd160 => hash::<Ripemd160>(parts),
            Self::Sm3 => hash::<Sm3>(parts),
            Self::Unusable { .. } | Self::Gost94 | Self::Absent => return None,
        })
    }

    /// The octets that stand before the digest in a PKCS#1 `DigestInfo` (`ossl_rsa_digestinfo_encoding` in
    /// `crypto/rsa/rsa_sign.c`); `None` for a digest that has none there.
    pub(super) fn digest_info_prefix(self) -> Option<Vec<u8>> {
        let identifier = self.identifier()?;
        let size = u8::try_from(self.size()?).ok()?;
        let length = u8::try_from(identifier.len()).ok()?;
        let mut prefix = vec![0x30, length + size + 8, 0x30, length + 4, 0x06, length];
        prefix.extend_from_slice(identifier);
        prefix.extend_from_slice(&[0x05, 0x00, 0x04, size]);
        Some(prefix)
    }

    /// Content octets of its own object identifier, where RSA signs it.
    fn identifier(self) -> Option<&'static [u8]> {
        Some(match self {
            Self::Md5 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05],
            Self::Sha1 => &[0x2b, 0x0e, 0x03, 0x02, 0x1a],
            Self::Ripemd160 => &[0x2b, 0x24, 0x03, 0x02, 0x01],
            Self::Sha256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 1],
            Self::Sha384 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 2],
            Self::Sha512 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 3],
            Self::Sha224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 4],
            Self::Sha512Of224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 5],
            Self::Sha512Of256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 6],
            Self::Sha3Of224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 7],
            Self::Sha3Of256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 8],
            Self::Sha3Of384 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 9],
            Self::Sha3Of512 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 10],
            Self::Sm3 | Self::Unusable { .. } | Self::Gost94 | Self::Absent => return None,
        })
    }
}

/// SHAKE256 of the parts put together, `N` octets of it.
pub(super) fn shake256<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut state = Shake256::default();
    for part in parts {
        state.update(part);
    }
    let mut output = [0; N];
    state.finalize_xof().read(&mut output);
    output
}
