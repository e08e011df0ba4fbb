//! Internet resources of RFC 3779: autonomous systems and address blocks. OpenSSL checks in every chain that nobody hands on
//! what it does not have (`X509v3_asid_validate_path` in `crypto/x509/v3_asid.c`, `X509v3_addr_validate_path` in
//! `crypto/x509/v3_addr.c`), beginning at a leaf that has any.

use std::sync::Arc;

use num_bigint::BigInt;

use super::error::Error;
use super::{Stop, Verification};
use crate::der::{BitString, Value};

/// Universal tag numbers.
const INTEGER: u32 = 2;
const BIT_STRING: u32 = 3;
const NULL: u32 = 5;

/// The values of the two extensions, as they are in the certificate.
#[derive(Debug, Default)]
pub struct Resources {
    /// autonomousSysNum.
    pub systems: Option<Box<[u8]>>,
    /// ipAddrBlocks.
    pub addresses: Option<Box<[u8]>>,
}

impl Resources {
    fn are_none(&self) -> bool {
        self.systems.is_none() && self.addresses.is_none()
    }

    fn octets(&self) -> usize {
        [&self.systems, &self.addresses]
            .into_iter()
            .flatten()
            .map(|value| value.len())
            .sum()
    }
}

impl Verification<'_> {
    /// Both checks, in OpenSSL's order.
    pub(super) fn check_resources(&mut self) -> Result<(), Stop> {
        const OCTETS_IN_A_MICROSECOND: usize = 20;
        let path: Vec<_> = self
            .path
            .iter()
            .map(|element| Arc::clone(&element.certificate))
            .collect();
        let values = || {
            path.iter()
                .map(|certificate| &certificate.facts().resources)
        };
        if values().next().is_none_or(Resources::are_none) {
            return Ok(());
        }
        self.spend(0, |effort| {
            let octets = values().map(Resources::octets).sum();
            effort.spend_on(octets, OCTETS_IN_A_MICROSECOND)
        })?;
        let systems: Vec<_> = values()
            .map(|resources| resources.systems.as_deref().map(Systems::read))
            .collect();
        let addresses: Vec<_> = values()
            .map(|resources| resources.addresses.as_deref().map(read_families))
            .collect();
        for (error, depth) in check_systems(&systems).into_iter().chain(check_addresses(
            &addresses,
            self.profile.sorts_address_families,
        )) {
            self.report(error, depth);
        }
        Ok(())
    }
}

/// Resources of one kind: those of the issuer, or ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Choice<T> {
    Inherit,
    Ranges(Vec<T>),
}

impl<T> Choice<T> {
    fn read(value: &Value<'_>, range: impl Fn(&Value<'_>) -> T) -> Self {
        if value.is(NULL) {
            Self::Inherit
        } else {
            Self::Ranges(value.values().map(|value| range(&value)).collect())
        }
    }
}

/// `ASIdentifiers`: autonomous system numbers and routing domains.
#[derive(Debug)]
struct Systems([Option<Choice<SystemRange>>; 2]);

/// First and last number.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SystemRange {
    first: BigInt,
    last: BigInt,
}

impl Systems {
    fn read(value: &[u8]) -> Self {
        let mut systems = Self([None, None]);
        for part in sequence(value) {
            let [numbers, domains] = &mut systems.0;
            let place = if part.context() == Some(0) {
                numbers
            } else {
                domains
            };
            *place = part
                .values()
                .next()
                .map(|choice| Choice::read(&choice, SystemRange::read));
        }
        systems
    }

    /// `X509v3_asid_is_canonical`.
    fn is_canonical(&self) -> bool {
        self.0.iter().flatten().all(|choice| match choice {
            Choice::Inherit => true,
            Choice::Ranges(ranges) => {
                ranges.iter().all(|range| range.first <= range.last)
                    && !ranges.is_empty()
                    && pairs(ranges).all(|(one, next)| &one.last + 1 < next.first)
            }
        })
    }
}

impl SystemRange {
    fn read(value: &Value<'_>) -> Self {
        let number = |value: Value<'_>| BigInt::from_signed_bytes_be(value.content());
        if value.is(INTEGER) {
            let number = number(*value);
            return Self {
                first: number.clone(),
                last: number,
            };
        }
        let mut ends = value.values();
        let mut end = || ends.next().map(number).unwrap_or_default();
        Self {
            first: end(),
            last: end(),
        }
    }
}

/// `asid_validate_path_internal`.
fn check_systems(path: &[Option<Systems>]) -> Vec<(Error, usize)> {
    let mut found = Vec::new();
    let Some(Some(leaf)) = path.first() else {
        return found;
    };
    if !leaf.is_canonical() {
        found.push((Error::InvalidExtension, 0));
    }
    let mut below: [(Option<&[SystemRange]>, bool); 2] = [(None, false), (None, false)];
    for (below, choice) in below.iter_mut().zip(&leaf.0) {
        match choice {
            Some(Choice::Inherit) => below.1 = true,
            Some(Choice::Ranges(ranges)) => below.0 = Some(ranges),
            None => {}
        }
    }
    for (depth, systems) in path.iter().enumerate().skip(1) {
        let Some(systems) = systems else {
            if below.iter().any(|(ranges, _)| ranges.is_some()) {
                found.push((Error::UnnestedResource, depth));
            }
            continue;
        };
        if !systems.is_canonical() {
            found.push((Error::InvalidExtension, depth));
        }
        for ((child, inherits), choice) in below.iter_mut().zip(&systems.0) {
            match choice {
                None if child.is_some() => {
                    found.push((Error::UnnestedResource, depth));
                    (*child, *inherits) = (None, false);
                }
                None | Some(Choice::Inherit) => {}
                Some(Choice::Ranges(parent)) => {
                    let ends = |range: &SystemRange| (range.first.clone(), range.last.clone());
                    if *inherits || contains(parent, child.unwrap_or_default(), ends) {
                        (*child, *inherits) = (Some(parent.as_slice()), false);
                    } else {
                        found.push((Error::UnnestedResource, depth));
                    }
                }
            }
        }
    }
    if let Some((depth, Some(Systems(last)))) = path.iter().enumerate().next_back() {
        let inheriting = last
            .iter()
            .filter(|choice| **choice == Some(Choice::Inherit));
        found.extend(inheriting.map(|_| (Error::UnnestedResource, depth + 1)));
    }
    found
}

/// `IPAddressFamily`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Family {
    /// Address family identifier, and perhaps a subsequent one.
    identifier: Vec<u8>,
    blocks: Choice<Block>,
}

/// A prefix, or a range that none describes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    is_range: bool,
    first: Bits,
    last: Bits,
}

/// A BIT STRING.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Bits {
    unused: u8,
    octets: Vec<u8>,
}

fn read_families(value: &[u8]) -> Vec<Family> {
    sequence(value)
        .map(|family| {
            let mut fields = family.values();
            Family {
                identifier: fields
                    .next()
                    .map(|field| field.octets().into_owned())
                    .unwrap_or_default(),
                blocks: fields
                    .next()
                    .map_or(Choice::Inherit, |choice| Choice::read(&choice, Block::read)),
            }
        })
        .collect()
}

impl Family {
    /// How many octets its addresses have (`length_from_afi`); none in a family that OpenSSL does not know.
    fn octets(&self) -> usize {
        match self.identifier.as_slice() {
            [0, 1, ..] => 4,
            [0, 2, ..] => 16,
            _ => 0,
        }
    }

    /// `IPAddressFamily_check_len`.
    fn has_identifier(&self) -> bool {
        matches!(self.identifier.len(), 2 | 3)
    }

    fn is_canonical(&self) -> bool {
        let Choice::Ranges(blocks) = &self.blocks else {
            return true;
        };
        let octets = self.octets();
        let is_sound = |block: &Block, ends: &(Vec<u8>, Vec<u8>)| {
            ends.0 <= ends.1 && !(block.is_range && is_prefix(&ends.0, &ends.1))
        };
        let pairs_are_sound = pairs(blocks).all(|(one, next)| {
            let (Some(own), Some(other)) = (one.ends(octets), next.ends(octets)) else {
                return false;
            };
            own.0 < other.0
                && other.0 <= other.1
                && is_sound(one, &own)
                && own.1 < one_less(other.0)
        });
        let last_is_sound = match blocks.last() {
            None => false,
            Some(last) if last.is_range => {
                last.ends(octets).is_some_and(|ends| is_sound(last, &ends))
            }
            Some(_) => true,
        };
        self.has_identifier() && pairs_are_sound && last_is_sound
    }
}

impl Block {
    fn read(value: &Value<'_>) -> Self {
        let bits = |value: &Value<'_>| Bits::from(value.bits());
        if value.is(BIT_STRING) {
            return Self {
                is_range: false,
                first: bits(value),
                last: bits(value),
            };
        }
        let mut ends = value.values();
        let mut end = || ends.next().map(|end| bits(&end)).unwrap_or_default();
        Self {
            is_range: true,
            first: end(),
            last: end(),
        }
    }

    /// The first and the last address (`extract_min_max`); `None` when they are longer than addresses of the family.
    fn ends(&self, octets: usize) -> Option<(Vec<u8>, Vec<u8>)> {
        Some((
            self.first.expand(octets, 0)?,
            self.last.expand(octets, 0xff)?,
        ))
    }
}

impl From<BitString<'_>> for Bits {
    fn from(bits: BitString<'_>) -> Self {
        Self {
            unused: bits.unused_bits,
            octets: bits.octets.into_owned(),
        }
    }
}

impl Bits {
    /// `addr_expand`.
    fn expand(&self, octets: usize, fill: u8) -> Option<Vec<u8>> {
        if self.octets.len() > octets {
            return None;
        }
        let mut address = self.octets.clone();
        if let Some(last) = address.last_mut() {
            let mask = (1 << self.unused) - 1;
            *last = (*last & !mask) | (fill & mask);
        }
        address.resize(octets, fill);
        Some(address)
    }
}

/// Whether the addresses from `first` to `last` are those of one prefix (`range_should_be_prefix`).
fn is_prefix(first: &[u8], last: &[u8]) -> bool {
    let mut pairs = first
        .iter()
        .zip(last)
        .skip_while(|(one, other)| one == other);
    let Some((one, other)) = pairs.next() else {
        return true;
    };
    let mask = one ^ other;
    let is_tail = mask.wrapping_add(1) & mask == 0;
    let rest_is_whole = pairs.all(|(one, other)| (*one, *other) == (0, 0xff));
    rest_is_whole && is_tail && one & mask == 0
}

/// `addr_validate_path_internal`.
fn check_addresses(path: &[Option<Vec<Family>>], sorts: bool) -> Vec<(Error, usize)> {
    let mut found = Vec::new();
    let Some(Some(leaf)) = path.first() else {
        return found;
    };
    if !are_canonical(leaf) {
        found.push((Error::InvalidExtension, 0));
    }
    let mut below = leaf.clone();
    if sorts {
        below.sort_by(|one, other| one.identifier.cmp(&other.identifier));
    }
    let mut top: &[Family] = leaf;
    for (depth, families) in path.iter().enumerate().skip(1) {
        top = families.as_deref().unwrap_or_default();
        if !are_canonical(top) {
            found.push((Error::InvalidExtension, depth));
        }
        for child in &mut below {
            let parent = top
                .iter()
                .find(|family| family.identifier == child.identifier);
            let Some(parent) = parent else {
                if child.blocks != Choice::Inherit {
                    found.push((Error::UnnestedResource, depth));
                    break;
                }
                continue;
            };
            if let Choice::Ranges(own) = &parent.blocks {
                let octets = child.octets();
                let is_nested = match &child.blocks {
                    Choice::Inherit => true,
                    Choice::Ranges(blocks) => blocks_contain(own, blocks, octets),
                };
                if is_nested {
                    *child = parent.clone();
                } else {
                    found.push((Error::UnnestedResource, depth));
                }
            }
        }
    }
    // Behind an identifier of no known length nothing is looked at any more.
    let known = top.iter().take_while(|family| family.has_identifier());
    let inheriting = known.filter(|family| {
        family.blocks == Choice::Inherit
            && below
                .iter()
                .any(|child| child.identifier == family.identifier)
    });
    found.extend(inheriting.map(|_| (Error::UnnestedResource, path.len())));
    found
}

/// `X509v3_addr_is_canonical`.
fn are_canonical(families: &[Family]) -> bool {
    pairs(families).all(|(one, next)| {
        one.has_identifier() && next.has_identifier() && one.identifier < next.identifier
    }) && families.iter().all(Family::is_canonical)
}

/// `addr_contains`.
fn blocks_contain(parent: &[Block], child: &[Block], octets: usize) -> bool {
    let all = |blocks: &[Block]| -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
        blocks.iter().map(|block| block.ends(octets)).collect()
    };
    match (all(parent), all(child)) {
        (Some(parent), Some(child)) => contains(&parent, &child, Clone::clone),
        _ => child.is_empty(),
    }
}

/// Whether each range of `child` lies in one of `parent`, both in order (`asid_contains`).
fn contains<T, E: Ord>(parent: &[T], child: &[T], ends: impl Fn(&T) -> (E, E)) -> bool {
    let mut parents = parent.iter().map(&ends).peekable();
    child.iter().all(|range| {
        let (first, last) = ends(range);
        while parents.next_if(|(_, end)| *end < last).is_some() {}
        parents.peek().is_some_and(|(start, _)| *start <= first)
    })
}

fn one_less(mut address: Vec<u8>) -> Vec<u8> {
    for octet in address.iter_mut().rev() {
        let (less, borrows) = octet.overflowing_sub(1);
        *octet = less;
        if !borrows {
            break;
        }
    }
    address
}

fn pairs<T>(list: &[T]) -> impl Iterator<Item = (&T, &T)> {
    list.iter().zip(list.iter().skip(1))
}

fn sequence(value: &[u8]) -> impl Iterator<Item = Value<'_>> {
    Value::read(value)
        .into_iter()
        .flat_map(|sequence| sequence.values())
}
