//! From blocks and faults to findings: one finding a cause, however many blocks it hits.

use std::collections::BTreeSet;

use super::blocks::{Contents, EarlyEnd};
use super::diagnosis::binary_rule;
use super::{Fate, Format};
use crate::container::Kind;
use crate::findings::rules::file::{self as rules, Damage, File, Meeting, Names};
use crate::findings::{Finding, Rule, escape};
use crate::pem::lenient::Label;
use crate::runtime::Runtime;

/// As much of the start of a file as is looked at to say what it is.
const HEAD_BYTES: usize = 4096;

struct Group {
    rule: &'static Rule,
    lines: Vec<u32>,
    meeting: Meeting,
    note: Option<String>,
    lost: BTreeSet<usize>,
    /// Blocks labelled as certificates in which none can be read.
    unreadable: usize,
}

impl Contents {
    /// What kind of file it is; the findings about the file and its blocks go into `findings`.
    pub(super) fn describe(
        &self,
        file: &File<'_>,
        bytes: &[u8],
        findings: &mut Vec<Finding>,
    ) -> Format {
        for group in self.groups() {
            findings.push(self.finding(file, &group));
        }
        let keys: usize = self.entries.iter().map(|entry| entry.private_keys).sum();
        if keys > 0 {
            let lines: Vec<u32> = self
                .entries
                .iter()
                .zip(&self.blocks)
                .filter(|(entry, _)| entry.private_keys > 0 && entry.binary.is_none())
                .filter_map(|(_, block)| block.position.as_ref().map(|position| position.line))
                .collect();
            findings.push(rules::private_keys(file, keys, &lines));
        }
        let explained = findings
            .iter()
            .any(|finding| finding.rule.severity == crate::findings::Severity::Error);
        if self.found.is_empty() && !explained {
            return self.describe_nothing(file, bytes, findings);
        }
        self.format()
    }

    fn format(&self) -> Format {
        let first_binary = self.entries.iter().find_map(|entry| entry.binary);
        let labels = || self.entries.iter().filter_map(|entry| entry.label);
        match first_binary {
            Some(kind) if labels().next().is_none() => match kind {
                Kind::Pkcs7 => Format::Pkcs7,
                Kind::Pkcs12 | Kind::Pkcs12Locked => Format::Pkcs12,
                _ => Format::Der,
            },
            _ if labels().any(|label| label == Label::Pkcs7)
                && !labels().any(|label| label == Label::Certificate) =>
            {
                Format::Pkcs7
            }
            _ => Format::Pem,
        }
    }

    /// The faults, one group a rule, in the order of the file.
    fn groups(&self) -> Vec<Group> {
        let loaded: BTreeSet<usize> = self.loaded.iter().map(|(index, _)| *index).collect();
        let mut groups: Vec<Group> = Vec::new();
        let own = |index: usize| {
            self.blocks
                .get(index)
                .into_iter()
                .flat_map(|block| &block.certificates)
                .copied()
                .filter(|certificate| !loaded.contains(certificate))
                .collect::<Vec<usize>>()
        };
        let mut behind: Vec<usize> = Vec::new();
        for (index, (entry, block)) in self.entries.iter().zip(&self.blocks).enumerate() {
            let Some(fault) = &entry.fault else {
                if entry.is_behind {
                    behind.extend(own(index));
                }
                continue;
            };
            let is_end = self.end == Some(EarlyEnd::Block(index));
            let stops = matches!(
                fault.meeting,
                Meeting::StopsSilently | Meeting::StopsWarning
            );
            let meeting = if stops && block.fate != Fate::Stopped {
                Meeting::Behind
            } else {
                fault.meeting
            };
            let group = match groups
                .iter_mut()
                .find(|group| std::ptr::eq(group.rule, fault.rule))
            {
                Some(group) => {
                    if is_end || group.meeting == Meeting::PassesBy {
                        group.meeting = meeting;
                    }
                    group
                }
                None => {
                    groups.push(Group {
                        rule: fault.rule,
                        lines: Vec::new(),
                        meeting,
                        note: None,
                        lost: BTreeSet::new(),
                        unreadable: 0,
                    });
                    let Some(group) = groups.last_mut() else {
                        continue;
                    };
                    group
                }
            };
            group.lines.push(fault.line);
            if group.note.is_none() {
                group.note.clone_from(&fault.note);
            }
            group.lost.extend(own(index));
            if block.certificates.is_empty() && entry.label == Some(Label::Certificate) {
                group.unreadable += 1;
            }
        }
        for (index, entry) in self.entries.iter().enumerate() {
            let Some(container) = entry.swallowed_by else {
                continue;
            };
            let rule = self
                .entries
                .get(container)
                .and_then(|entry| entry.fault.as_ref())
                .map(|fault| fault.rule);
            if let Some(group) = groups
                .iter_mut()
                .find(|group| rule.is_some_and(|rule| std::ptr::eq(group.rule, rule)))
            {
                group.lost.extend(own(index));
            }
        }
        self.attribute(behind, &mut groups);
        // What Node passes by and loads from another block is no loss.
        groups.retain(|group| {
            group.meeting != Meeting::PassesBy
                || !group.lost.is_empty()
                || group.unreadable > 0
                || std::ptr::eq(group.rule, &rules::PKCS12_LOCKED)
                || std::ptr::eq(group.rule, &rules::COMMENTED_OUT)
        });
        groups
    }

    /// Adds the certificates behind the place where Node's reading ended to the group of that place.
    fn attribute(&self, behind: Vec<usize>, groups: &mut Vec<Group>) {
        let rule = match self.end {
            None => return,
            Some(EarlyEnd::Block(index)) => self
                .entries
                .get(index)
                .and_then(|entry| entry.fault.as_ref())
                .map(|fault| fault.rule),
            Some(EarlyEnd::Nul(_)) => Some(&rules::UTF16)
                .filter(|utf16| groups.iter().any(|group| std::ptr::eq(group.rule, *utf16))),
        };
        let group = groups
            .iter_mut()
            .find(|group| rule.is_some_and(|rule| std::ptr::eq(group.rule, rule)));
        match (group, self.end) {
            (Some(group), _) => group.lost.extend(behind),
            (None, Some(EarlyEnd::Nul(line))) if !behind.is_empty() => groups.push(Group {
                rule: &rules::NUL,
                lines: vec![line],
                meeting: Meeting::StopsSilently,
                note: None,
                lost: behind.into_iter().collect(),
                unreadable: 0,
            }),
            _ => {}
        }
    }

    fn names(&self, indexes: &BTreeSet<usize>) -> Names {
        let mut names = Names::default();
        for index in indexes {
            names.add(|| {
                self.found
                    .get(*index)
                    .map(crate::certificate::Certificate::display_name)
                    .unwrap_or_default()
            });
        }
        names
    }

    fn finding(&self, file: &File<'_>, group: &Group) -> Finding {
        let lost = self.names(&group.lost);
        let blocks = group.lines.len();
        let is = |rule: &'static Rule| std::ptr::eq(group.rule, rule);
        if is(&rules::COMMENTED_OUT) {
            return rules::commented_out(file, blocks, &group.lines);
        }
        let whole_kind = self
            .entries
            .iter()
            .all(|entry| entry.binary.is_some())
            .then(|| {
                self.entries
                    .iter()
                    .filter_map(|entry| entry.binary)
                    .find(|kind| binary_rule(*kind).is_some_and(is))
            })
            .flatten();
        if let Some(kind) = whole_kind {
            let what = match kind {
                Kind::Certificate if blocks > 1 => "certificates in DER, not PEM",
                Kind::Certificate => "a certificate in DER, not PEM",
                Kind::Pkcs12Locked => "a PKCS#12 file that the password does not open",
                other => other.describe(),
            };
            return rules::whole(group.rule, file, what, &lost);
        }
        let is_binary = self
            .entries
            .iter()
            .any(|entry| entry.binary.and_then(binary_rule).is_some_and(is));
        let mut lines = if is_binary {
            Vec::new()
        } else {
            group.lines.clone()
        };
        // The two blocks that meet on a line are one fault.
        let is_glued = std::ptr::eq(group.rule, &rules::GLUED);
        if is_glued {
            lines.dedup();
        }
        let damage = Damage {
            blocks: if is_glued { lines.len() } else { blocks },
            lines,
            meeting: group.meeting,
            lost,
            unreadable: group.unreadable,
            note: group.note.clone(),
        };
        let (one, many) = phrases(group.rule);
        let (one, many) = (
            in_words_of(file.runtime, one),
            in_words_of(file.runtime, many),
        );
        rules::damaged(group.rule, (&one, &many), file, &damage)
    }

    /// A file without a certificate and without a fault that explains it.
    fn describe_nothing(
        &self,
        file: &File<'_>,
        bytes: &[u8],
        findings: &mut Vec<Finding>,
    ) -> Format {
        let is_blank = bytes
            .iter()
            .all(|byte| *byte == 0 || byte.is_ascii_whitespace())
            || matches!(bytes, b"\xef\xbb\xbf" | b"\xff\xfe" | b"\xfe\xff");
        if is_blank {
            let what = if bytes.is_empty() {
                "is empty"
            } else if memchr::memchr(0, bytes).is_some() {
                "holds nothing but NUL bytes and blanks"
            } else {
                "holds nothing but blanks"
            };
            findings.push(rules::empty(file, what));
            return Format::Empty;
        }
        if let Some(what) = compression(bytes) {
            findings.push(rules::whole(
                &rules::COMPRESSED,
                file,
                what,
                &Names::default(),
            ));
            return Format::Unknown;
        }
        if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed])
            || bytes.starts_with(&[0xce, 0xce, 0xce, 0xce])
        {
            findings.push(rules::whole(
                &rules::JAVA_KEYSTORE,
                file,
                "a Java key store",
                &Names::default(),
            ));
            return Format::Unknown;
        }
        let head =
            String::from_utf8_lossy(bytes.get(..HEAD_BYTES.min(bytes.len())).unwrap_or(bytes))
                .replace('\0', "");
        let lower = head.to_lowercase();
        if ["<!doctype html", "<html", "<head", "<body"]
            .iter()
            .any(|tag| lower.contains(tag))
        {
            let mut finding = rules::whole(&rules::HTML, file, "a web page", &Names::default());
            if let Some(title) = title(&head) {
                finding = finding.detail(format!("its title is `{title}`"));
            }
            findings.push(finding);
            return Format::Unknown;
        }
        let mut kinds: Vec<&'static str> = Vec::new();
        for entry in &self.entries {
            let kind = match (entry.binary, entry.label) {
                (Some(kind), _) => kind.describe(),
                (None, Some(label)) => label.describe(),
                (None, None) => continue,
            };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        let held = match kinds.as_slice() {
            [] if lower.starts_with("ssh-") => "it is an SSH public key".to_owned(),
            [] if lower.starts_with("version https://git-lfs") => {
                "it is a Git LFS pointer (`git lfs pull` fetches the file)".to_owned()
            }
            [] if is_text(bytes) => "it is text without a PEM block".to_owned(),
            [] => "it is binary data of no known kind".to_owned(),
            [only] => format!("it is {only}"),
            [most @ .., last] => format!("it is {} and {last}", most.join(", ")),
        };
        let binary = self.entries.iter().any(|entry| entry.binary.is_some());
        findings.push(rules::no_certificate(file, &held));
        match kinds.is_empty() {
            true => Format::Unknown,
            false if binary => Format::Der,
            false => Format::Pem,
        }
    }
}

fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD_BYTES.min(bytes.len())).unwrap_or(bytes);
    !head
        .iter()
        .any(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
}

/// The kind of a packed file by its first bytes.
fn compression(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1f, 0x8b, ..] => Some("packed with gzip"),
        [b'P', b'K', 3, 4, ..] => Some("a zip archive"),
        [b'B', b'Z', b'h', ..] => Some("packed with bzip2"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some("packed with xz"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("packed with zstd"),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some("a 7-Zip archive"),
        _ => None,
    }
}

/// The title of a web page, short and escaped.
fn title(head: &str) -> Option<String> {
    let lower = head.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let open = start + lower.get(start..)?.find('>')? + 1;
    let end = open + lower.get(open..)?.find("</title")?;
    let words: Vec<&str> = head.get(open..end)?.split_whitespace().collect();
    let title: String = words.join(" ").chars().take(80).collect();
    (!title.is_empty()).then(|| escape(&title))
}

/// A phrase about Node, said of what reads the file.
fn in_words_of(runtime: Runtime, phrase: &str) -> String {
    match runtime {
        Runtime::Node | Runtime::Electron => phrase.to_owned(),
        Runtime::Bun | Runtime::Deno => ["Node", "OpenSSL"]
            .into_iter()
            .fold(phrase.to_owned(), |phrase, name| {
                phrase.replace(name, runtime.as_str())
            }),
    }
}

/// How the fault of a rule is said of one block and of several.
fn phrases(rule: &'static Rule) -> (&'static str, &'static str) {
    let table: [(&'static Rule, &'static str, &'static str); 26] = [
        (
            &rules::UTF16,
            "a block is in UTF-16",
            "{} blocks are in UTF-16",
        ),
        (
            &rules::NUL,
            "a line starts with a NUL byte",
            "{} blocks hold NUL bytes",
        ),
        (
            &rules::BYTE_ORDER_MARK,
            "a byte order mark stands before a BEGIN line",
            "byte order marks stand before {} BEGIN lines",
        ),
        (
            &rules::CARRIAGE_RETURNS,
            "the lines of a block end with CR alone",
            "the lines of {} blocks end with CR alone",
        ),
        (
            &rules::LITERAL_NEWLINES,
            "the newlines of a block are written as `\\n`",
            "the newlines of {} blocks are written as `\\n`",
        ),
        (
            &rules::ONE_LINE,
            "a block stands on one line",
            "{} blocks stand on one line each",
        ),
        (
            &rules::GLUED,
            "an END and a BEGIN stand on one line",
            "an END and a BEGIN stand on one line {} times",
        ),
        (
            &rules::INDENTED,
            "a block is indented",
            "{} blocks are indented",
        ),
        (
            &rules::MAIL_QUOTED,
            "a block is quoted as in a mail",
            "{} blocks are quoted as in a mail",
        ),
        (
            &rules::QUOTED,
            "a block stands in quotation marks",
            "{} blocks stand in quotation marks",
        ),
        (
            &rules::TEXT_BEFORE,
            "text stands before a BEGIN on its line",
            "text stands before {} BEGINs on their lines",
        ),
        (
            &rules::TEXT_AFTER,
            "text stands behind a BEGIN on its line",
            "text stands behind {} BEGINs on their lines",
        ),
        (
            &rules::BEGIN_DAMAGED,
            "a BEGIN line is not `-----BEGIN CERTIFICATE-----`",
            "{} BEGIN lines are not `-----BEGIN CERTIFICATE-----`",
        ),
        (
            &rules::TRUSTED_LABEL,
            "a certificate has the label TRUSTED CERTIFICATE",
            "{} certificates have the label TRUSTED CERTIFICATE",
        ),
        (
            &rules::OTHER_LABEL,
            "a certificate has a label that Node does not know",
            "{} certificates have labels that Node does not know",
        ),
        (
            &rules::BLANK_LINE,
            "a blank line stands inside a block",
            "blank lines stand inside {} blocks",
        ),
        (
            &rules::HEADER,
            "a header line stands inside a certificate",
            "header lines stand inside {} certificates",
        ),
        (
            &rules::END_MISSING,
            "a block has no END line",
            "{} blocks have no END line",
        ),
        (
            &rules::END_DAMAGED,
            "an END line is not what its BEGIN line asks for",
            "{} END lines are not what their BEGIN lines ask for",
        ),
        (
            &rules::BAD_BASE64,
            "a block holds what is not base64",
            "{} blocks hold what is not base64",
        ),
        (
            &rules::EMPTY_BLOCK,
            "a block is empty",
            "{} blocks are empty",
        ),
        (
            &rules::FOREIGN_BLOCK,
            "a block that is no certificate cannot be read",
            "{} blocks that are no certificates cannot be read",
        ),
        (
            &rules::NOT_A_CERTIFICATE,
            "a block holds no certificate that OpenSSL reads",
            "{} blocks hold no certificate that OpenSSL reads",
        ),
        (
            &rules::SECOND_CERTIFICATE,
            "a block holds more than one certificate",
            "{} blocks hold more than one certificate",
        ),
        (
            &rules::NO_ARMOR,
            "base64 of a certificate has no BEGIN line",
            "{} times base64 of a certificate has no BEGIN line",
        ),
        (
            &rules::BASE64_OF_PEM,
            "PEM is in base64 once more",
            "{} times PEM is in base64 once more",
        ),
    ];
    table
        .iter()
        .find(|(entry, _, _)| std::ptr::eq(*entry, rule))
        .map(|(_, one, many)| (*one, *many))
        .or_else(|| {
            let binary = [
                (
                    &rules::DER,
                    "a certificate in DER stands in the file",
                    "{} certificates in DER stand in the file",
                ),
                (
                    &rules::PKCS7,
                    "a PKCS#7 bundle stands in the file",
                    "{} PKCS#7 bundles stand in the file",
                ),
                (
                    &rules::PKCS12,
                    "a PKCS#12 file stands in the file",
                    "{} PKCS#12 files stand in the file",
                ),
                (
                    &rules::PKCS12_LOCKED,
                    "a PKCS#12 file that the password does not open stands in the file",
                    "{} PKCS#12 files that the password does not open stand in the file",
                ),
            ];
            binary
                .into_iter()
                .find(|(entry, _, _)| std::ptr::eq(*entry, rule))
                .map(|(_, one, many)| (one, many))
        })
        .unwrap_or((rule.title, rule.title))
}
