//! Certificates by identity: each once, with all its sources, in the order in which they came.

use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::certificate::{Certificate, Der};
use crate::der::{self, OpensslVersion};
use crate::inspect;
use crate::pem::plain;
use crate::source::{Source, StoreKind};

/// A certificate with what decides whether it stays.
#[derive(Debug)]
pub struct Entry {
    /// The certificate, with its sources.
    pub certificate: Arc<Certificate>,
    /// Whether OpenSSL takes it for a certificate.
    pub readable: bool,
    /// Whether it was found by listing a directory of the system store, and nowhere else.
    pub only_in_system_directory: bool,
}

impl Entry {
    /// Whether `store` has it.
    pub fn is_from(&self, store: StoreKind) -> bool {
        is_from(&self.certificate, store)
    }
}

fn is_from(certificate: &Certificate, store: StoreKind) -> bool {
    certificate
        .sources
        .iter()
        .any(|source| source.store == store)
}

struct Slot {
    certificate: Certificate,
    readable: bool,
    only_in_system_directory: bool,
}

/// The certificates that were found so far. The same certificate is recognised by its PEM text before it is decoded, and by its
/// DER before it is parsed or hashed: most of a system store is the bundled list again, twice.
pub struct Collection<'a> {
    version: OpensslVersion,
    slots: Vec<Slot>,
    by_body: HashMap<&'a [u8], usize, RandomState>,
    by_der: HashMap<Der, usize, RandomState>,
    scratch: Vec<u8>,
}

/// What became of a block.
enum Body {
    Taken,
    NotPlain,
    NotParsable(Vec<u8>),
}

impl<'a> Collection<'a> {
    /// An empty collection; `version` decides what is a certificate.
    pub fn new(version: OpensslVersion) -> Self {
        Self {
            version,
            slots: Vec::with_capacity(256),
            by_body: HashMap::with_capacity_and_hasher(512, RandomState::default()),
            by_der: HashMap::with_capacity_and_hasher(512, RandomState::default()),
            scratch: Vec::new(),
        }
    }

    /// How many certificates there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Takes the list of the running Node.
    pub fn node(&mut self, text: &'a str, options: &inspect::Options) {
        let source = |line| Source {
            store: StoreKind::Node,
            path: None,
            line,
        };
        let plainly_read = plain::blocks(text.as_bytes()).is_some_and(|blocks| {
            blocks
                .iter()
                .all(|block| self.body(block.body, source(None), true))
        });
        if !plainly_read {
            let report = inspect::inspect(inspect::Input::Bytes(text.as_bytes()), options);
            for certificate in &report.found {
                self.der(certificate.der(), source(None), true);
            }
        }
    }

    /// Takes a certificate of Mozilla's list.
    pub fn mozilla(&mut self, der: &'static [u8]) {
        let source = Source {
            store: StoreKind::Mozilla,
            path: None,
            line: None,
        };
        if let Some(index) = self.by_der.get(der) {
            return self.again(*index, source, true);
        }
        match Certificate::decode_static(der, self.version) {
            Ok(certificate) => self.insert(certificate, true, source, true),
            Err(_) => self.insert(Certificate::unreadable(der), false, source, true),
        };
    }

    /// Takes the plain body of a PEM block; whether it is one. `named`: its file was named, not found by listing a directory
    /// of the system store.
    pub fn body(&mut self, body: &'a [u8], source: Source, named: bool) -> bool {
        match self.try_body(body, &source, named) {
            Body::Taken => true,
            Body::NotPlain => false,
            Body::NotParsable(data) => {
                let unreadable = Certificate::unreadable(&data);
                self.insert(unreadable, false, source, named);
                true
            }
        }
    }

    /// The same, but takes nothing that OpenSSL does not take for a certificate.
    pub fn certificate_body(&mut self, body: &'a [u8], source: &Source) -> bool {
        matches!(self.try_body(body, source, true), Body::Taken)
    }

    fn try_body(&mut self, body: &'a [u8], source: &Source, named: bool) -> Body {
        if let Some(index) = self.by_body.get(body) {
            let index = *index;
            self.again(index, source.clone(), named);
            return Body::Taken;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        let data = plain::decode(body, &mut scratch);
        self.scratch = scratch;
        let Some(data) = data else {
            return Body::NotPlain;
        };
        match self.try_der(&data, source, named) {
            Some(index) => {
                self.by_body.insert(body, index);
                Body::Taken
            }
            None => Body::NotParsable(data),
        }
    }

    /// Takes a certificate in DER; bytes behind it are ignored, as OpenSSL ignores them.
    pub fn der(&mut self, data: &[u8], source: Source, named: bool) -> usize {
        match self.try_der(data, &source, named) {
            Some(index) => index,
            None => self.insert(Certificate::unreadable(data), false, source, named),
        }
    }

    fn try_der(&mut self, data: &[u8], source: &Source, named: bool) -> Option<usize> {
        let whole = der::read_element(data).map_or(data, |(element, _)| element.whole);
        if let Some(index) = self.by_der.get(whole) {
            let index = *index;
            let is_readable = self.slots.get(index).is_some_and(|slot| slot.readable);
            if is_readable {
                self.again(index, source.clone(), named);
                return Some(index);
            }
        }
        let certificate = Certificate::decode(data, self.version).ok()?;
        Some(self.insert(certificate, true, source.clone(), named))
    }

    /// Takes a certificate that was read with its sources.
    pub fn certificate(&mut self, certificate: &Certificate) {
        let mut sources = certificate.sources.iter().cloned();
        let Some(first) = sources.next() else {
            return;
        };
        let index = self.der(certificate.der(), first, true);
        for source in sources {
            self.again(index, source, true);
        }
    }

    fn insert(
        &mut self,
        certificate: Certificate,
        readable: bool,
        source: Source,
        named: bool,
    ) -> usize {
        let index = self.slots.len();
        // BER is kept as the DER that OpenSSL writes back, which may be known already.
        match self.by_der.entry(certificate.shared_der()) {
            MapEntry::Occupied(known) => {
                let known = *known.get();
                self.again(known, source, named);
                return known;
            }
            MapEntry::Vacant(free) => {
                free.insert(index);
            }
        }
        let only_in_system_directory = source.store == StoreKind::System && !named;
        let mut certificate = certificate;
        certificate.sources.push(source);
        self.slots.push(Slot {
            certificate,
            readable,
            only_in_system_directory,
        });
        index
    }

    fn again(&mut self, index: usize, source: Source, named: bool) {
        if let Some(slot) = self.slots.get_mut(index) {
            slot.only_in_system_directory &= source.store == StoreKind::System && !named;
            let mut last = slot.certificate.sources.iter().rev().take(8);
            if last.all(|known| *known != source) {
                slot.certificate.sources.push(source);
            }
        }
    }

    /// Whether any certificate comes from `store`.
    pub fn has(&self, store: StoreKind) -> bool {
        self.slots
            .iter()
            .any(|slot| is_from(&slot.certificate, store))
    }

    /// The certificates in the order in which they came.
    pub fn into_entries(self) -> impl Iterator<Item = Entry> {
        self.slots.into_iter().map(|slot| Entry {
            certificate: Arc::new(slot.certificate),
            readable: slot.readable,
            only_in_system_directory: slot.only_in_system_directory,
        })
    }
}
