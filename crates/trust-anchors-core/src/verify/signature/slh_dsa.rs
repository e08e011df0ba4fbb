//! SLH-DSA (FIPS 205), pure and without a context, as certificates use it. Numbers of algorithms are those of the standard.

use super::Outcome;
use super::digest::{Digest, shake256};

/// Microseconds of the largest parameter set; the smallest takes a fiftieth.
pub(super) const COST: u32 = 15_000;

/// Checks a signature with any of the twelve parameter sets, by the last arc of its object identifier
/// (`ossl_slh_dsa_verify` in `crypto/slh_dsa/slh_dsa.c`).
pub(super) fn verify(set: u8, key: &[u8], message: &[u8], signature: &[u8]) -> Outcome {
    let valid = Parameters::of(set).and_then(|parameters| {
        Verification {
            parameters,
            seed: key.get(..parameters.n)?,
        }
        .verify(key, message, signature)
    });
    Outcome::of(valid.unwrap_or_default())
}

/// A parameter set (section 11, table 2).
#[derive(Clone, Copy)]
struct Parameters {
    shake: bool,
    /// Octets of a node.
    n: usize,
    /// The layers of the hypertree, and the height of a tree in each.
    layers: u32,
    height: u32,
    /// The height of the trees of FORS, and their number.
    fors_height: u32,
    fors_trees: usize,
}

impl Parameters {
    fn of(set: u8) -> Option<Self> {
        let (shake, size) = match set {
            20..=25 => (false, set - 20),
            26..=31 => (true, set - 26),
            _ => return None,
        };
        let (n, layers, height, fors_height, fors_trees) = match size {
            0 => (16, 7, 9, 12, 14),
            1 => (16, 22, 3, 6, 33),
            2 => (24, 7, 9, 14, 17),
            3 => (24, 22, 3, 8, 33),
            4 => (32, 8, 8, 14, 22),
            _ => (32, 17, 4, 9, 35),
        };
        Some(Self {
            shake,
            n,
            layers,
            height,
            fors_height,
            fors_trees,
        })
    }

    /// Chains of a one-time signature: two a message octet, and three for the checksum.
    fn chains(&self) -> usize {
        2 * self.n + 3
    }

    fn tree_bits(&self) -> u32 {
        self.height * (self.layers - 1)
    }

    fn fors_octets(&self) -> usize {
        (self.fors_trees * self.fors_height as usize).div_ceil(8)
    }
}

/// What an address is of (section 4.2).
#[derive(Clone, Copy)]
enum AddressType {
    OneTimeHash = 0,
    OneTimeKey = 1,
    Tree = 2,
    ForsTree = 3,
    ForsRoots = 4,
}

/// An address (section 4.2). The two last words are those of a chain and a hash in it, or of a height in a tree and a node there.
#[derive(Clone, Copy)]
struct Address {
    layer: u32,
    tree: u64,
    kind: AddressType,
    key_pair: u32,
    chain_or_height: u32,
    hash_or_index: u32,
}

impl Address {
    fn new(layer: u32, tree: u64) -> Self {
        Self {
            layer,
            tree,
            kind: AddressType::OneTimeHash,
            key_pair: 0,
            chain_or_height: 0,
            hash_or_index: 0,
        }
    }

    /// The same place, as an address of another type.
    fn of(self, kind: AddressType, key_pair: u32) -> Self {
        Self {
            kind,
            key_pair,
            chain_or_height: 0,
            hash_or_index: 0,
            ..self
        }
    }

    /// 32 octets for SHAKE; 22 for SHA-2 (section 11.2).
    fn octets(&self, shake: bool) -> Vec<u8> {
        let kind = self.kind as u32;
        let words = [self.key_pair, self.chain_or_height, self.hash_or_index].map(u32::to_be_bytes);
        let words = words.as_flattened();
        let tree = self.tree.to_be_bytes();
        if shake {
            [
                &self.layer.to_be_bytes(),
                &[0; 4][..],
                &tree,
                &kind.to_be_bytes(),
                words,
            ]
            .concat()
        } else {
            let ([.., layer], [.., kind]) = (self.layer.to_be_bytes(), kind.to_be_bytes());
            [&[layer][..], &tree, &[kind], words].concat()
        }
    }
}

struct Verification<'a> {
    parameters: Parameters,
    /// PK.seed.
    seed: &'a [u8],
}

impl Verification<'_> {
    /// Algorithm 20, of a message with an empty context (algorithm 24).
    fn verify(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
        let Parameters {
            n,
            height,
            fors_height,
            fors_trees,
            layers,
            ..
        } = self.parameters;
        let (randomizer, rest) = signature.split_at_checked(n)?;
        let fors_length = fors_trees * (fors_height as usize + 1) * n;
        let (fors, hypertree) = rest.split_at_checked(fors_length)?;
        let layer_length = (self.parameters.chains() + height as usize) * n;
        if hypertree.len() != layer_length * layers as usize {
            return None;
        }
        let tree_bits = self.parameters.tree_bits();
        let tree_octets = tree_bits.div_ceil(8) as usize;
        let leaf_octets = height.div_ceil(8) as usize;
        let fors_octets = self.parameters.fors_octets();
        let digest = self.message_digest(
            randomizer,
            key,
            message,
            fors_octets + tree_octets + leaf_octets,
        );
        let (indices, rest) = digest.split_at_checked(fors_octets)?;
        let (tree, leaf) = rest.split_at_checked(tree_octets)?;
        let mut tree = number(tree) & (u64::MAX >> (64 - tree_bits));
        let mut leaf = number(leaf) & (u64::MAX >> (64 - height));

        let mut node = self.fors_root(
            Address::new(0, tree),
            u32::try_from(leaf).ok()?,
            indices,
            fors,
        );
        for (layer, part) in (0..layers).zip(hypertree.chunks_exact(layer_length)) {
            node = self.tree_root(
                Address::new(layer, tree),
                u32::try_from(leaf).ok()?,
                &node,
                part,
            );
            leaf = tree & (u64::MAX >> (64 - height));
            tree >>= height;
        }
        Some(Some(node.as_slice()) == key.get(n..))
    }

    /// Algorithm 17: the public key that a FORS signature of these indices leads to.
    fn fors_root(&self, address: Address, leaf: u32, indices: &[u8], signature: &[u8]) -> Vec<u8> {
        let Parameters { n, fors_height, .. } = self.parameters;
        let address = address.of(AddressType::ForsTree, leaf);
        let mut roots = Vec::new();
        let trees = signature.chunks_exact((fors_height as usize + 1) * n);
        for (tree, (part, index)) in (0u32..).zip(trees.zip(digits(indices, fors_height))) {
            let (secret, path) = part.split_at(n.min(part.len()));
            let place = Address {
                hash_or_index: (tree << fors_height) + index,
                ..address
            };
            let start = self.hash(place, &[secret]);
            roots.extend_from_slice(&self.climb(place, index, start, path));
        }
        self.hash(address.of(AddressType::ForsRoots, leaf), &[&roots, &[]])
    }

    /// Algorithm 11: the root of the tree that a one-time signature of the node leads to.
    fn tree_root(&self, address: Address, leaf: u32, node: &[u8], signature: &[u8]) -> Vec<u8> {
        let (one_time, path) =
            signature.split_at((self.parameters.chains() * self.parameters.n).min(signature.len()));
        let start = self.one_time_key(address.of(AddressType::OneTimeHash, leaf), node, one_time);
        let place = Address {
            hash_or_index: leaf,
            ..address.of(AddressType::Tree, 0)
        };
        self.climb(place, leaf, start, path)
    }

    /// Climbs from a leaf to the root, with the nodes beside the path.
    fn climb(&self, mut place: Address, index: u32, start: Vec<u8>, path: &[u8]) -> Vec<u8> {
        let mut node = start;
        for (step, beside) in path.chunks_exact(self.parameters.n).enumerate() {
            place.chain_or_height += 1;
            place.hash_or_index /= 2;
            node = if (index >> step) & 1 == 0 {
                self.hash(place, &[&node, beside])
            } else {
                self.hash(place, &[beside, &node])
            };
        }
        node
    }

    /// Algorithm 8: the one-time key that a signature of the message leads to.
    fn one_time_key(&self, address: Address, message: &[u8], signature: &[u8]) -> Vec<u8> {
        let digits: Vec<u32> = digits(message, 4).collect();
        let checksum: u32 = digits.iter().map(|digit| 15 - digit).sum();
        let checksum = [(checksum >> 8) & 15, (checksum >> 4) & 15, checksum & 15];
        let mut ends = Vec::with_capacity(signature.len());
        let parts = signature.chunks_exact(self.parameters.n);
        for (chain, (part, digit)) in (0u32..).zip(parts.zip(digits.into_iter().chain(checksum))) {
            let mut value = part.to_vec();
            for step in digit..15 {
                let place = Address {
                    chain_or_height: chain,
                    hash_or_index: step,
                    ..address
                };
                value = self.hash(place, &[&value]);
            }
            ends.extend_from_slice(&value);
        }
        self.hash(
            address.of(AddressType::OneTimeKey, address.key_pair),
            &[&ends, &[]],
        )
    }

    /// F, H and Tₗ (sections 11.1 and 11.2): F is the one of a single part.
    fn hash(&self, address: Address, parts: &[&[u8]]) -> Vec<u8> {
        let Parameters { shake, n, .. } = self.parameters;
        let octets = address.octets(shake);
        let (digest, block) = match (n, parts) {
            (16, _) | (_, [_]) => (Digest::Sha256, 64),
            _ => (Digest::Sha512, 128),
        };
        let zeros = [0; 128];
        let padding = zeros.get(..block - n).unwrap_or_default();
        let padding = if shake { &[] } else { padding };
        let mut input: Vec<&[u8]> = vec![self.seed, padding, &octets];
        input.extend(parts);
        let whole: [u8; 64] = if shake {
            shake256(&input)
        } else {
            first_octets(digest, &input)
        };
        whole.get(..n).unwrap_or_default().to_vec()
    }

    /// H_msg (sections 11.1 and 11.2).
    fn message_digest(
        &self,
        randomizer: &[u8],
        key: &[u8],
        message: &[u8],
        length: usize,
    ) -> Vec<u8> {
        // The two zero octets say that the message is not a digest, and that its context is empty.
        let input = [randomizer, key, &[0, 0], message];
        let whole: [u8; 64] = if self.parameters.shake {
            shake256(&input)
        } else {
            let digest = if self.parameters.n == 16 {
                Digest::Sha256
            } else {
                Digest::Sha512
            };
            let Some(inner) = digest.of(&input) else {
                return Vec::new();
            };
            let mut mask = Vec::new();
            for counter in 0u32..2 {
                let block = digest.of(&[randomizer, self.seed, &inner, &counter.to_be_bytes()]);
                mask.extend_from_slice(block.as_deref().unwrap_or_default());
            }
            let mut whole = [0; 64];
            for (place, octet) in whole.iter_mut().zip(mask) {
                *place = octet;
            }
            whole
        };
        whole.get(..length).unwrap_or_default().to_vec()
    }
}

fn first_octets(digest: Digest, input: &[&[u8]]) -> [u8; 64] {
    let mut octets = [0; 64];
    if let Some(value) = digest.of(input) {
        for (place, octet) in octets.iter_mut().zip(value.iter()) {
            *place = *octet;
        }
    }
    octets
}

/// A number from its octets, the most significant first; eight octets at most.
fn number(octets: &[u8]) -> u64 {
    octets
        .iter()
        .fold(0, |number, octet| (number << 8) | u64::from(*octet))
}

/// Algorithm 4: the octets as digits of so many bits.
fn digits(octets: &[u8], bits: u32) -> impl Iterator<Item = u32> {
    let (mut collected, mut available) = (0u32, 0);
    let mut octets = octets.iter();
    std::iter::from_fn(move || {
        while available < bits {
            collected = (collected << 8) | u32::from(*octets.next()?);
            available += 8;
        }
        available -= bits;
        Some((collected >> available) & ((1 << bits) - 1))
    })
}
