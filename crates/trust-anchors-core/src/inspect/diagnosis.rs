//! Which rule explains what Node does with a block.

use crate::certificate::Certificate;
use crate::container::{Kind, Unlock};
use crate::der::{OpensslVersion, read_element};
use crate::findings::Rule;
use crate::findings::rules::file::{self as rules, Meeting};
use crate::pem::lenient::{BeginFault, Block, Body, End, EndFault, Label};
use crate::pem::node::{self, PemError, SilentStop};

/// What is wrong with a block.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// The rule.
    pub(super) rule: &'static Rule,
    /// The line of the fault.
    pub(super) line: u32,
    /// How Node meets it.
    pub(super) meeting: Meeting,
    /// What is worth saying besides.
    pub(super) note: Option<String>,
}

/// The rule for a BEGIN line that Node does not see.
pub(super) fn begin_rule(begin: BeginFault) -> &'static Rule {
    match begin {
        BeginFault::Utf16 => &rules::UTF16,
        BeginFault::Commented => &rules::COMMENTED_OUT,
        BeginFault::ByteOrderMark => &rules::BYTE_ORDER_MARK,
        BeginFault::CarriageReturn => &rules::CARRIAGE_RETURNS,
        BeginFault::LiteralNewline => &rules::LITERAL_NEWLINES,
        BeginFault::Glued => &rules::GLUED,
        BeginFault::Indented => &rules::INDENTED,
        BeginFault::MailQuoted => &rules::MAIL_QUOTED,
        BeginFault::Quoted => &rules::QUOTED,
        BeginFault::TextBefore => &rules::TEXT_BEFORE,
        BeginFault::OneLine => &rules::ONE_LINE,
        BeginFault::Armor => &rules::BEGIN_DAMAGED,
        BeginFault::TextAfter => &rules::TEXT_AFTER,
    }
}

/// The rule for binary data that holds certificates; `None` for what holds none.
pub(super) fn binary_rule(kind: Kind) -> Option<&'static Rule> {
    match kind {
        Kind::Certificate => Some(&rules::DER),
        Kind::Pkcs7 => Some(&rules::PKCS7),
        Kind::Pkcs12 => Some(&rules::PKCS12),
        Kind::Pkcs12Locked => Some(&rules::PKCS12_LOCKED),
        Kind::RevocationList | Kind::SigningRequest | Kind::PrivateKey | Kind::PublicKey => None,
    }
}

/// The fault of a block that Node steps over although it holds certificates.
pub(super) fn label_fault(block: &Block, has_certificates: bool) -> Option<Fault> {
    if !has_certificates {
        return None;
    }
    let rule = match block.kind {
        Label::Trusted => &rules::TRUSTED_LABEL,
        Label::Pkcs7 => &rules::PKCS7,
        Label::Pkcs12 => &rules::PKCS12,
        _ => &rules::OTHER_LABEL,
    };
    Some(Fault {
        rule,
        line: block.position.line,
        meeting: Meeting::PassesBy,
        note: None,
    })
}

/// The fault of a block that is passed over because rustls makes no anchor of it.
pub(super) fn passed_over(block: &Block, data: &[u8], version: OpensslVersion) -> Fault {
    Fault {
        rule: &rules::NOT_A_CERTIFICATE,
        line: block.position.line,
        meeting: Meeting::PassesBy,
        note: openssl_only(data, version),
    }
}

/// The rule for what is wrong with the end of a block.
pub(super) fn ending_rule(end: End) -> Option<&'static Rule> {
    match end {
        End::Missing => Some(&rules::END_MISSING),
        End::Damaged(EndFault::Glued) => Some(&rules::GLUED),
        End::Damaged(_) => Some(&rules::END_DAMAGED),
        End::Exact => None,
    }
}

/// The rule for a block that stopped Node and that the lenient reader does not see.
pub(super) fn unexplained(end: node::End) -> &'static Rule {
    match end {
        node::End::NoStartLine
        | node::End::Silent(SilentStop::EmptyBlock)
        | node::End::Warning(PemError::NoData) => &rules::EMPTY_BLOCK,
        node::End::Silent(SilentStop::LongLineAfterBlankLine) => &rules::BLANK_LINE,
        node::End::Warning(PemError::BadEndLine) => &rules::END_DAMAGED,
        node::End::Warning(PemError::BadBase64) => &rules::BAD_BASE64,
        node::End::Warning(PemError::Certificate(_) | PemError::OpensslOnly) => {
            &rules::NOT_A_CERTIFICATE
        }
        node::End::Warning(PemError::BadBeginLine) => &rules::BEGIN_DAMAGED,
        node::End::Silent(_) | node::End::Warning(_) => &rules::HEADER,
    }
}

/// The fault of the block at which Node stops.
pub(super) fn stop_fault(
    bytes: &[u8],
    block: &Block,
    body: &Body,
    end: node::End,
    version: OpensslVersion,
    unlock: &Unlock<'_>,
) -> Fault {
    let fault = |rule, line| Fault {
        rule,
        line,
        meeting: super::blocks::meeting_of(end),
        note: None,
    };
    let begin = block.position.line;
    let raw = bytes.get(block.position.bytes.clone()).unwrap_or_default();
    if let Some(nul) = memchr::memchr(0, raw) {
        let lines = memchr::memchr_iter(b'\n', raw.get(..nul).unwrap_or_default()).count();
        return fault(
            &rules::NUL,
            begin.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX)),
        );
    }
    let is_foreign = !matches!(
        block.kind,
        Label::Certificate | Label::Trusted | Label::Other
    );
    if end == node::End::Warning(PemError::BadBeginLine) {
        return fault(block.begin.map_or(&rules::BEGIN_DAMAGED, begin_rule), begin);
    }
    if block.begin == Some(BeginFault::Armor) {
        // OpenSSL takes what follows its own `BEGIN ` for the label, blanks included, and no END has that.
        return fault(&rules::BEGIN_DAMAGED, begin);
    }
    let ending = || ending_rule(block.end).map(|rule| fault(rule, block.end_line));
    let missing = || (block.end == End::Missing).then(ending).flatten();
    let header = || body.header_line.map(|line| fault(&rules::HEADER, line));
    let blank = || body.blank_line.map(|line| fault(&rules::BLANK_LINE, line));
    let bad = || body.bad_line.map(|line| fault(&rules::BAD_BASE64, line));
    let foreign = || is_foreign.then(|| fault(&rules::FOREIGN_BLOCK, begin));
    let explained = match end {
        node::End::NoStartLine
        | node::End::Silent(SilentStop::EmptyBlock)
        | node::End::Warning(PemError::NoData) => {
            if body.digits == 0 {
                None
            } else {
                header().or_else(blank)
            }
        }
        node::End::Silent(SilentStop::LongLineAfterBlankLine) => header().or_else(blank),
        node::End::Warning(PemError::BadEndLine) => foreign()
            .or_else(missing)
            .or_else(header)
            .or_else(blank)
            .or_else(ending),
        node::End::Warning(PemError::BadBase64) => {
            foreign().or_else(ending).or_else(bad).or_else(header)
        }
        node::End::Warning(PemError::OpensslOnly) => Some(Fault {
            note: openssl_only(&body.data, version),
            ..fault(&rules::NOT_A_CERTIFICATE, begin)
        }),
        node::End::Warning(PemError::Certificate(_)) => match block.end {
            End::Missing => ending(),
            _ => Some(Fault {
                note: undecodable(&body.data, version, unlock),
                ..fault(&rules::NOT_A_CERTIFICATE, begin)
            }),
        },
        node::End::Silent(_) | node::End::Warning(_) => header().or_else(blank),
    };
    explained.unwrap_or_else(|| fault(unexplained(end), begin))
}

/// What can be said of data that OpenSSL takes for a certificate, and another library does not.
pub(super) fn openssl_only(data: &[u8], version: OpensslVersion) -> Option<String> {
    let certificate = Certificate::decode(data, version).ok()?;
    Some(format!(
        "it is the certificate of `{}`; Node takes it",
        certificate.display_name()
    ))
}

/// What can be said of data that `d2i_X509` refuses.
fn undecodable(data: &[u8], version: OpensslVersion, unlock: &Unlock<'_>) -> Option<String> {
    let others = [
        (OpensslVersion::V3_0, "Node 18 and 20 take it"),
        (OpensslVersion::V3_5, "current Node 22 and later take it"),
        (
            OpensslVersion::V3_5_0,
            "Node with OpenSSL 3.5.0 to 3.5.6 takes it",
        ),
    ];
    for (other, nodes) in others {
        if other != version
            && let Ok(certificate) = Certificate::decode(data, other)
        {
            return Some(format!(
                "it is the certificate of `{}`; {nodes}",
                certificate.display_name()
            ));
        }
    }
    if let Some(declared) = declared_length(data)
        && declared > data.len()
    {
        return Some(format!(
            "it is cut short: {} of {declared} bytes are there",
            data.len()
        ));
    }
    match crate::container::open(data, version, unlock).map(|contents| contents.kind) {
        Some(Kind::Certificate) | None => None,
        Some(kind) => Some(format!("it is {}", kind.describe())),
    }
}

/// How long the first element says it is, header included.
fn declared_length(data: &[u8]) -> Option<usize> {
    if read_element(data).is_some() {
        return None;
    }
    let [0x30, first, rest @ ..] = data else {
        return None;
    };
    let count = usize::from(first.checked_sub(0x80)?);
    let octets = rest.get(..count).filter(|_| (1..=4).contains(&count))?;
    let length = octets
        .iter()
        .fold(0usize, |length, octet| (length << 8) | usize::from(*octet));
    Some(length + 2 + count)
}
