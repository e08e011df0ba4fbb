//! The two readings of a file laid over each other: each block with what Node does with it, and the fault that explains it.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnosis::{self, Fault};
use super::{Block, Fate, Options, place};
use crate::certificate::{Certificate, Fingerprint, TrustedCertificate};
use crate::container::{Kind, Unlock};
use crate::der::OpensslVersion;
use crate::findings::Rule;
use crate::findings::rules::file::{self as rules, Meeting};
use crate::pem::lenient::{self, Armor, BeginFault, Label, Scan};
use crate::pem::{Position, bun, deno, node};
use crate::runtime::Runtime;
use crate::source::{Source, StoreKind};

/// No more blocks are listed, but for those that hold certificates or stop Node.
const MAX_BLOCKS: usize = 200_000;

/// Everything that is in a file.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Every certificate once, with all its places.
    pub(super) found: Vec<Certificate>,
    /// What Node loads, as indexes of `found`, each with the line of its block.
    pub(super) loaded: Vec<(usize, u32)>,
    /// Every block.
    pub(super) blocks: Vec<Block>,
    /// What Node prints.
    pub(super) warning: Option<String>,
    /// What is known of each block besides, in the same order.
    pub(super) entries: Vec<Entry>,
    /// Why Node's reading ended before the end of the file.
    pub(super) end: Option<EarlyEnd>,
    /// Whether there are more blocks than are listed.
    pub(super) is_cut: bool,
}

/// Where Node's reading ended before the end of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EarlyEnd {
    /// At a block: the index of its entry.
    Block(usize),
    /// At a line that starts with NUL.
    Nul(u32),
}

/// What is known of a block besides what the report says.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// What is wrong with it.
    pub(super) fault: Option<Fault>,
    /// The entry of the block that Node takes this one for a part of.
    pub(super) swallowed_by: Option<usize>,
    /// Whether it has no fault of its own, and Node had stopped before it.
    pub(super) is_behind: bool,
    /// Private keys in it.
    pub(super) private_keys: usize,
    /// What it is, when it is no PEM.
    pub(super) binary: Option<Kind>,
    /// What its label stands for.
    pub(super) label: Option<Label>,
    /// What is wrong with its end, should it turn out to swallow another block.
    ending: Option<&'static Rule>,
}

/// A block as Node's reader sees it.
struct NodeBlock {
    position: Position,
    outcome: Outcome,
    /// 0 in Node's own reading; the others begin behind a block that stopped the one before.
    pass: u32,
    /// Whether it was read and dropped with the whole file.
    is_dropped: bool,
}

impl NodeBlock {
    /// Whether what is said of it is what becomes of it.
    fn counts(&self) -> bool {
        self.pass == 0 && !self.is_dropped
    }
}

enum Outcome {
    Certificate(Option<Box<Certificate>>),
    Skipped,
    Stop(node::End),
}

/// Reads a file both ways. `is_cut` tells that `bytes` are only the first part of it.
pub(super) fn take_apart(
    path: Option<&Path>,
    bytes: &[u8],
    options: &Options,
    is_cut: bool,
) -> Contents {
    let version = options.openssl();
    let (mut node_blocks, first, nul_line) = passes(bytes, options.runtime, version, is_cut);
    let warning = first.warning(path, &node_blocks, options);
    if options.runtime.takes_all_or_nothing() && matches!(first.end, node::End::Warning(_)) {
        for block in &mut node_blocks {
            block.is_dropped |= matches!(block.outcome, Outcome::Certificate(_));
        }
    }
    let unlock = Unlock::new(options.password.as_deref());
    let mut scan = lenient::scan(bytes, version, &unlock);
    let lenient_blocks = std::mem::take(&mut scan.blocks);
    let mut assembly = Assembly {
        contents: Contents {
            warning,
            is_cut: scan.is_cut,
            ..Contents::default()
        },
        index: HashMap::new(),
        path: path.map(|path| Arc::new(path.to_path_buf())),
        bytes,
        runtime: options.runtime,
        version,
        unlock: &unlock,
    };
    let mut next = 0;
    // The entry of the Node block that was matched last, and the block's range.
    let mut current: Option<(usize, Range<usize>)> = None;
    for mut block in lenient_blocks {
        let start = block.position.bytes.start;
        while let Some(node_block) = node_blocks.get_mut(next)
            && node_block.position.bytes.end <= start
        {
            assembly.node_alone(node_block);
            next += 1;
        }
        if let Some((entry, range)) = &current
            && range.contains(&start)
        {
            let entry = *entry;
            assembly.swallowed(&scan, &mut block, entry);
            continue;
        }
        match node_blocks.get_mut(next) {
            Some(node_block)
                if block.armor == Armor::Pem && node_block.position.bytes.contains(&start) =>
            {
                next += 1;
                let range = node_block.position.bytes.clone();
                let entry = assembly.seen(&scan, &mut block, node_block);
                current = Some((entry, range));
            }
            _ => assembly.unseen(&scan, &mut block),
        }
    }
    for node_block in node_blocks.iter_mut().skip(next) {
        assembly.node_alone(node_block);
    }
    let mut contents = assembly.contents;
    if contents.end.is_none()
        && let Some(line) = nul_line
    {
        contents.end = Some(EarlyEnd::Nul(line));
    }
    contents
}

/// How the first reading ended.
struct FirstEnd {
    end: node::End,
    words: Option<String>,
}

impl FirstEnd {
    /// What is printed.
    fn warning(
        &self,
        path: Option<&Path>,
        blocks: &[NodeBlock],
        options: &Options,
    ) -> Option<String> {
        let version = options.openssl();
        let mut loaded = blocks.iter().filter_map(|block| match &block.outcome {
            Outcome::Certificate(Some(certificate)) if block.pass == 0 => Some(&**certificate),
            _ => None,
        });
        let error = match (options.runtime, self.end) {
            (Runtime::Bun, node::End::Warning(error)) => error.boringssl_text().to_owned(),
            (Runtime::Bun, _) => {
                return match loaded.next() {
                    Some(_) => None,
                    None => place::nothing_found(path, options.runtime),
                };
            }
            (Runtime::Deno, _) => self.words.clone()?,
            (Runtime::Node | Runtime::Electron, end) => match end {
                _ if options.node.warns_with_first_error()
                    && node::meets_invalid_certificate(loaded, version) =>
                {
                    node::INVALID_CERTIFICATE.to_owned()
                }
                node::End::Warning(error) => error.openssl_text(options.node),
                _ => return None,
            },
        };
        Some(place::ignoring(path, &error, options.runtime))
    }
}

/// The reading of Node, or of what runs in its place, and where it ends early what it would be behind that place, and so on to the end of the file. With it
/// come the end of the first one, and the line at which a NUL ended it.
fn passes(
    bytes: &[u8],
    runtime: Runtime,
    version: OpensslVersion,
    is_cut: bool,
) -> (Vec<NodeBlock>, FirstEnd, Option<u32>) {
    let mut blocks: Vec<NodeBlock> = Vec::new();
    let mut first = FirstEnd {
        end: node::End::NoStartLine,
        words: None,
    };
    let mut nul_line = None;
    let mut offset = 0;
    let mut line = 0;
    let mut pass = 0;
    while let Some(rest) = bytes.get(offset..).filter(|rest| !rest.is_empty()) {
        let reading = match runtime {
            Runtime::Bun => bun::read(rest),
            Runtime::Deno => deno::read(rest, version),
            Runtime::Node | Runtime::Electron => node::read(rest, version),
        };
        let shift = |position: Position| Position {
            line: position.line + line,
            end_line: position.end_line + line,
            bytes: position.bytes.start + offset..position.bytes.end + offset,
        };
        let first_of_pass = blocks.len();
        blocks.extend(
            reading
                .certificates
                .into_iter()
                .map(|(certificate, position)| NodeBlock {
                    position: shift(position),
                    outcome: Outcome::Certificate(Some(Box::new(certificate))),
                    pass,
                    is_dropped: false,
                }),
        );
        blocks.extend(reading.skipped.into_iter().map(|(_, position)| NodeBlock {
            position: shift(position),
            outcome: Outcome::Skipped,
            pass,
            is_dropped: false,
        }));
        if let Some(added) = blocks.get_mut(first_of_pass..) {
            added.sort_unstable_by_key(|block| block.position.bytes.start);
        }
        let consumed = match reading.end_position {
            Some(position) => {
                let at_cut = is_cut && position.bytes.end == rest.len();
                let consumed = position.bytes.end;
                if !at_cut {
                    if pass == 0 {
                        first = FirstEnd {
                            end: reading.end,
                            words: reading.words,
                        };
                    }
                    blocks.push(NodeBlock {
                        position: shift(position),
                        outcome: Outcome::Stop(reading.end),
                        pass,
                        is_dropped: false,
                    });
                }
                consumed
            }
            None => reading.end_offset,
        }
        .max(1);
        let passed = rest.get(..consumed).unwrap_or(rest);
        let lines = memchr::memchr_iter(b'\n', passed).count();
        if pass == 0 && reading.end == node::End::NoStartLine && passed.len() < rest.len() {
            let number = lines + usize::from(passed.last() != Some(&b'\n'));
            nul_line = Some(u32::try_from(number).unwrap_or(u32::MAX));
        }
        line = line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        offset += passed.len();
        pass += 1;
    }
    (blocks, first, nul_line)
}

struct Assembly<'a> {
    contents: Contents,
    index: HashMap<Fingerprint, usize>,
    path: Option<Arc<PathBuf>>,
    bytes: &'a [u8],
    runtime: Runtime,
    version: OpensslVersion,
    unlock: &'a Unlock<'a>,
}

impl Assembly<'_> {
    /// Takes a certificate in, and gives its index.
    fn add(&mut self, mut certificate: Certificate, line: Option<u32>) -> usize {
        let source = Source {
            store: StoreKind::Extra,
            path: self.path.clone(),
            line,
        };
        let found = &mut self.contents.found;
        let index = *self
            .index
            .entry(*certificate.sha256())
            .or_insert(found.len());
        if let Some(known) = found.get_mut(index) {
            // A block that is decoded for what stands behind its certificate gives the same one again.
            if known.sources.last() != Some(&source) || line.is_none() {
                known.sources.push(source);
            }
        } else {
            certificate.sources = vec![source];
            found.push(certificate);
        }
        index
    }

    fn push(&mut self, block: Block, entry: Entry) -> usize {
        if self.contents.blocks.len() >= MAX_BLOCKS
            && block.certificates.is_empty()
            && block.fate != Fate::Stopped
        {
            self.contents.is_cut = true;
            return self.contents.entries.len();
        }
        self.contents.blocks.push(block);
        self.contents.entries.push(entry);
        self.contents.entries.len() - 1
    }

    /// A block that Node's reader sees and the lenient one does not.
    fn node_alone(&mut self, node_block: &mut NodeBlock) {
        let line = node_block.position.line;
        let is_first = node_block.counts();
        let mut certificates = Vec::new();
        let mut fault = None;
        let fate = match &mut node_block.outcome {
            Outcome::Certificate(certificate) => {
                let indexes = certificate.take().map(|found| self.add(*found, Some(line)));
                certificates.extend(indexes);
                if is_first {
                    self.contents
                        .loaded
                        .extend(indexes.map(|index| (index, line)));
                }
                Fate::Loaded
            }
            Outcome::Skipped => Fate::Skipped,
            Outcome::Stop(end) => {
                fault = Some(Fault {
                    rule: diagnosis::unexplained(*end),
                    line,
                    meeting: meeting_of(*end),
                    note: None,
                });
                Fate::Stopped
            }
        };
        let stops = fate == Fate::Stopped;
        let entry = self.push(
            Block {
                label: "unknown".into(),
                position: Some(node_block.position.clone()),
                fate: if is_first { fate } else { Fate::Lost },
                certificates,
            },
            Entry {
                is_behind: !is_first && fault.is_none(),
                fault,
                label: Some(Label::Other),
                ..Entry::default()
            },
        );
        if stops && is_first {
            self.contents.end = Some(EarlyEnd::Block(entry));
        }
    }

    /// A block that both see.
    fn seen(
        &mut self,
        scan: &Scan<'_>,
        block: &mut lenient::Block,
        node_block: &mut NodeBlock,
    ) -> usize {
        let is_first = node_block.counts();
        let line = block.position.line;
        let mut entry = Entry {
            label: Some(block.kind),
            private_keys: usize::from(block.kind == Label::PrivateKey),
            ending: diagnosis::ending_rule(block.end),
            ..Entry::default()
        };
        let mut certificates = Vec::new();
        let fate = match &mut node_block.outcome {
            Outcome::Certificate(certificate) => {
                if let Some(certificate) = certificate.take() {
                    let length = certificate.der().len();
                    let index = self.add(*certificate, Some(line));
                    certificates.push(index);
                    if is_first {
                        self.contents.loaded.push((index, line));
                    }
                    // Base64 with a newline every 64 characters takes less; only what is longer may hold another certificate.
                    if block.position.bytes.len() > length * 3 / 2 + 200 {
                        let (others, _) = self.certificates_in(scan, block);
                        certificates.extend(others.iter().filter(|other| **other != index));
                        if certificates.len() > 1 {
                            entry.fault = Some(Fault {
                                rule: &rules::SECOND_CERTIFICATE,
                                line,
                                meeting: Meeting::PassesBy,
                                note: None,
                            });
                        }
                    }
                }
                Fate::Loaded
            }
            Outcome::Skipped => {
                let (found, keys) = self.certificates_in(scan, block);
                certificates = found;
                entry.private_keys += keys;
                entry.fault = if self.runtime == Runtime::Deno && block.label == deno::LABEL {
                    let data = scan.body(block).data;
                    Some(diagnosis::passed_over(block, &data, self.version))
                } else {
                    diagnosis::label_fault(block, !certificates.is_empty())
                };
                Fate::Skipped
            }
            Outcome::Stop(end) => {
                let (found, keys) = self.certificates_in(scan, block);
                certificates = found;
                entry.private_keys += keys;
                let body = scan.body(block);
                entry.fault = Some(diagnosis::stop_fault(
                    self.bytes,
                    block,
                    &body,
                    *end,
                    self.version,
                    self.unlock,
                ));
                Fate::Stopped
            }
        };
        entry.is_behind = !is_first && entry.fault.is_none();
        let number = self.push(
            Block {
                label: crate::findings::escape(&block.label),
                position: Some(block.position.clone()),
                fate: if is_first { fate } else { Fate::Lost },
                certificates,
            },
            entry,
        );
        if is_first && fate == Fate::Stopped {
            self.contents.end = Some(EarlyEnd::Block(number));
        }
        number
    }

    /// A block inside one that Node reads past its end.
    fn swallowed(&mut self, scan: &Scan<'_>, block: &mut lenient::Block, by: usize) {
        let (certificates, private_keys) = self.certificates_in(scan, block);
        if certificates.is_empty() && private_keys == 0 {
            return;
        }
        let fate = self.contents.blocks.get(by).map(|block| block.fate);
        if let Some(container) = self.contents.entries.get_mut(by)
            && container.fault.is_none()
            && matches!(fate, Some(Fate::Loaded | Fate::Skipped | Fate::Lost))
        {
            let line = self
                .contents
                .blocks
                .get(by)
                .and_then(|block| block.position.as_ref())
                .map_or(1, |position| position.end_line);
            container.fault = Some(Fault {
                rule: container.ending.unwrap_or(&rules::END_MISSING),
                line,
                meeting: Meeting::Swallows,
                note: None,
            });
        }
        let fault = block
            .begin
            .map(|begin| begin_fault(begin, block.position.line));
        self.push(
            Block {
                label: crate::findings::escape(&block.label),
                position: Some(block.position.clone()),
                fate: Fate::Lost,
                certificates,
            },
            Entry {
                swallowed_by: fault.is_none().then_some(by),
                fault,
                private_keys,
                label: Some(block.kind),
                ..Entry::default()
            },
        );
    }

    /// A block that Node's reader does not see.
    fn unseen(&mut self, scan: &Scan<'_>, block: &mut lenient::Block) {
        let is_commented = block.begin == Some(BeginFault::Commented);
        let binary = block.armor == Armor::Binary;
        let kind = block.armor;
        let (certificates, private_keys, what) = if kind == Armor::Pem {
            let (certificates, keys) = if is_commented {
                (Vec::new(), 0)
            } else {
                self.certificates_in(scan, block)
            };
            (certificates, keys, None)
        } else {
            let contents = block.take_contents();
            let what = contents.first().map(|contents| contents.kind);
            let keys = contents.iter().map(|contents| contents.private_keys).sum();
            let line = (!binary).then_some(block.position.line);
            let certificates = contents
                .into_iter()
                .flat_map(|contents| contents.certificates)
                .map(|certificate| self.add(certificate, line))
                .collect();
            (certificates, keys, what)
        };
        let private_keys = private_keys + usize::from(block.kind == Label::PrivateKey);
        if kind == Armor::Pem && certificates.is_empty() && private_keys == 0 {
            // Words that look like a BEGIN line, unless there is as much behind them as a certificate takes.
            let body = scan.body(block);
            if block.kind == Label::Other || body.digits < lenient::MIN_BASE64 {
                return;
            }
        }
        let line = block.position.line;
        let simple = |rule| Fault {
            rule,
            line,
            meeting: Meeting::PassesBy,
            note: None,
        };
        let fault = match kind {
            Armor::Base64 => Some(simple(&rules::NO_ARMOR)),
            Armor::Base64OfPem => Some(simple(&rules::BASE64_OF_PEM)),
            Armor::Binary => what.and_then(diagnosis::binary_rule).map(simple),
            Armor::Pem => match block.begin {
                Some(begin) => Some(begin_fault(begin, line)),
                None => Some(simple(&rules::TEXT_BEFORE)),
            },
        };
        // A key or a request that Node would step over anyway is not lost.
        let loses =
            kind != Armor::Pem || !certificates.is_empty() || block.kind == Label::Certificate;
        self.push(
            Block {
                label: crate::findings::escape(&block.label),
                position: Some(block.position.clone()),
                fate: Fate::Lost,
                certificates,
            },
            Entry {
                fault: fault.filter(|_| loses),
                private_keys,
                binary: what.filter(|_| binary),
                label: (kind == Armor::Pem).then_some(block.kind),
                ..Entry::default()
            },
        );
    }

    /// The certificates in a PEM block, taken in, and how many private keys came with them.
    fn certificates_in(&mut self, scan: &Scan<'_>, block: &lenient::Block) -> (Vec<usize>, usize) {
        let line = Some(block.position.line);
        if block.kind == Label::Trusted {
            let trusted = TrustedCertificate::decode(&scan.body(block).data, self.version)
                .ok()
                .filter(TrustedCertificate::trusts_servers);
            let index = trusted.map(|trusted| self.add(trusted.certificate, line));
            return (index.into_iter().collect(), 0);
        }
        let contents = scan.contents(block, self.version, self.unlock);
        let keys = contents.iter().map(|contents| contents.private_keys).sum();
        let certificates = contents
            .into_iter()
            .flat_map(|contents| contents.certificates)
            .map(|certificate| self.add(certificate, line))
            .collect();
        (certificates, keys)
    }
}

fn begin_fault(begin: BeginFault, line: u32) -> Fault {
    Fault {
        rule: diagnosis::begin_rule(begin),
        line,
        meeting: Meeting::PassesBy,
        note: None,
    }
}

/// How Node meets the block at which its reading ends so.
pub(super) fn meeting_of(end: node::End) -> Meeting {
    match end {
        node::End::Warning(_) => Meeting::StopsWarning,
        node::End::Silent(_) | node::End::NoStartLine => Meeting::StopsSilently,
    }
}
