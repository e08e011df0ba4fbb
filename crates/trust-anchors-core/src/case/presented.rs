//! What a peer sent, read from PEM texts and DER.

use memchr::memmem;

use super::PerOpenssl;
use crate::container::Unlock;
use crate::der::{self, OpensslVersion};
use crate::pem::{lenient, plain};
use crate::verify::{Chain, MAX_MESSAGE, Profile};

/// More text than this is not read. The largest message that OpenSSL takes is 140 kB as PEM; the rest is for what tools write
/// between the blocks.
pub const MAX_TEXT: usize = 4 * 1024 * 1024;

/// What a peer sent, as it was sent: order, duplicates and what has nothing to do with the rest are kept.
#[derive(Debug, Default)]
pub struct Presented {
    certificates: Vec<Vec<u8>>,
    /// Whether not all of the input was read: there is more text than [`MAX_TEXT`].
    pub is_cut: bool,
    /// How many pieces of the input hold no certificate: text without a block, blocks whose text is no base64.
    pub unreadable: usize,
    chains: PerOpenssl<Chain>,
}

impl Presented {
    /// Reads pieces of input. One with a `-----BEGIN` in it is PEM, with any number of blocks; everything else is taken for the
    /// bytes of one certificate in the message. What follows the certificate in a block is dropped, as a server does when it loads a
    /// file; bytes are kept as they are.
    ///
    /// A block that Node would not find in a file, being indented or damaged at its edges, is read all the same: a peer sends
    /// certificates, not text.
    pub fn read<'a>(pieces: impl IntoIterator<Item = Piece<'a>>) -> Self {
        let mut presented = Self::default();
        let (mut text_left, mut message_left) = (MAX_TEXT, MAX_MESSAGE);
        for piece in pieces {
            let before = presented.certificates.len();
            match piece {
                Piece::Bytes(bytes)
                    if memmem::find(
                        bytes.get(..bytes.len().min(MAX_TEXT)).unwrap_or(bytes),
                        b"-----BEGIN",
                    )
                    .is_none() =>
                {
                    // What is larger than the message ends the handshake whatever it holds.
                    let bytes = bytes
                        .get(..bytes.len().min(MAX_MESSAGE + 1))
                        .unwrap_or(bytes);
                    presented.certificates.push(bytes.to_vec());
                }
                Piece::Bytes(text) | Piece::Text(text) => {
                    let read = text.get(..text_left).unwrap_or(text);
                    presented.is_cut |= read.len() < text.len();
                    text_left -= read.len();
                    presented.text(read);
                }
            }
            let added = presented.certificates.get(before..).unwrap_or_default();
            let size: usize = added.iter().map(|certificate| certificate.len() + 1).sum();
            match message_left.checked_sub(size) {
                Some(left) => message_left = left,
                // The verdict is certain now.
                None => break,
            }
        }
        presented
    }

    fn text(&mut self, text: &[u8]) {
        if !self.plain(text) {
            self.lenient(text);
        }
    }

    /// Well-formed text, in which all readings agree.
    fn plain(&mut self, text: &[u8]) -> bool {
        let Some(blocks) = plain::blocks(text).filter(|blocks| !blocks.is_empty()) else {
            return false;
        };
        let before = self.certificates.len();
        let mut scratch = Vec::new();
        for block in blocks {
            if block.label != b"CERTIFICATE" {
                continue;
            }
            let Some(der) = plain::decode(block.body, &mut scratch) else {
                self.certificates.truncate(before);
                return false;
            };
            self.certificates.push(without_trailing(der));
        }
        self.certificates.len() > before
    }

    fn lenient(&mut self, text: &[u8]) {
        let scan = lenient::scan(text, OpensslVersion::V3_5, &Unlock::new(None));
        let before = self.certificates.len();
        let mut size = 0;
        for block in &scan.blocks {
            if !matches!(
                block.kind,
                lenient::Label::Certificate | lenient::Label::Trusted
            ) {
                continue;
            }
            let data = scan.body(block).data;
            if data.is_empty() {
                self.unreadable += 1;
                continue;
            }
            size += data.len();
            self.certificates.push(without_trailing(data));
            if size > MAX_MESSAGE {
                break;
            }
        }
        if self.certificates.len() == before {
            self.unreadable += 1;
        }
    }

    /// The certificates' bytes.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    /// The same with the certificate at this position in the first place.
    pub fn with_first(&self, position: usize) -> Self {
        let mut certificates = self.certificates.clone();
        if let Some(front) = certificates.get_mut(..=position) {
            front.rotate_right(1);
        }
        Self {
            certificates,
            is_cut: self.is_cut,
            unreadable: self.unreadable,
            chains: PerOpenssl::default(),
        }
    }

    /// What an OpenSSL decodes.
    pub fn chain(&self, profile: &Profile) -> &Chain {
        self.chains.get_or_init(profile.openssl, || {
            Chain::decode(&self.certificates, profile)
        })
    }
}

/// A piece of the input.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    /// PEM.
    Text(&'a [u8]),
    /// PEM or DER.
    Bytes(&'a [u8]),
}

/// The first element of a block's data, which is what OpenSSL takes of it.
fn without_trailing(mut data: Vec<u8>) -> Vec<u8> {
    let length = match der::read_element(&data) {
        Some((element, _)) => element.whole.len(),
        // Of indefinite length, or no certificate at all.
        None => der::decode_certificate(&data, OpensslVersion::V3_5)
            .map_or(data.len(), |decoded| decoded.consumed),
    };
    data.truncate(length);
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::pem;

    const ELEMENT: &[u8] = &[0x30, 3, 2, 1, 5];

    #[test]
    fn order_and_duplicates_are_kept() {
        let other = [0x30, 0];
        let text = format!("{}{}{}", pem(ELEMENT), pem(&other), pem(ELEMENT));
        let read = Presented::read([Piece::Text(text.as_bytes()), Piece::Bytes(&other)]);
        assert_eq!(read.certificates(), [ELEMENT, &other, ELEMENT, &other]);
    }

    #[test]
    fn one_may_be_put_first() {
        let [one, two, three]: [&[u8]; 3] = [&[1], &[2], &[3]];
        let sent = Presented::read([one, two, three].map(Piece::Bytes));
        assert_eq!(sent.with_first(2).certificates(), [three, one, two]);
        assert_eq!(sent.with_first(0).certificates(), [one, two, three]);
        assert_eq!(sent.with_first(3).certificates(), [one, two, three]);
    }

    #[test]
    fn what_follows_a_certificate_is_dropped_in_text_alone() {
        let trailing = [ELEMENT, b"\0\0"].concat();
        let text = pem(&trailing);
        for (piece, expected) in [
            (Piece::Text(text.as_bytes()), ELEMENT),
            (Piece::Bytes(text.as_bytes()), ELEMENT),
            (Piece::Bytes(&trailing), trailing.as_slice()),
        ] {
            assert_eq!(Presented::read([piece]).certificates(), [expected]);
        }
    }

    #[test]
    fn damaged_text_is_read_as_far_as_it_holds_certificates() {
        let text = pem(&[ELEMENT, &[0; 60]].concat()).replace('\n', "\n   ");
        assert_eq!(
            Presented::read([Piece::Text(text.as_bytes())]).certificates(),
            [ELEMENT]
        );
        let read = Presented::read([Piece::Text(b"nothing here")]);
        assert!(read.certificates().is_empty());
        assert_eq!(read.unreadable, 1);
    }

    #[test]
    fn reading_ends_when_the_message_is_too_large() {
        let large = vec![0x30; MAX_MESSAGE * 3];
        let read = Presented::read([Piece::Bytes(&large), Piece::Bytes(ELEMENT)]);
        assert_eq!(read.certificates().len(), 1);
        let text = vec![b' '; MAX_TEXT + 1];
        assert!(Presented::read([Piece::Text(&text)]).is_cut);
    }
}
