//! What is worth telling about a store, as facts. The words are made when they are asked for: most programs never ask.

use std::path::PathBuf;
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::findings::Finding;
use crate::findings::rules::store as rules;
use crate::inspect::{self, Format};
use crate::stores::bundled::Constrained;
use crate::stores::distrust::Statement;
use crate::stores::extra::PlainText;

/// Something to tell.
#[derive(Debug, Clone)]
pub enum Note {
    /// Said already, by whoever read a file.
    Finding(Finding),
    /// What inspecting a text finds.
    Inspect(Arc<PlainText>),
    /// Node stops in a file of the system store.
    Damaged {
        path: Arc<PathBuf>,
        loaded: usize,
        found: usize,
    },
    /// A file of the system store holds certificates, but not as PEM.
    NotPem {
        path: Arc<PathBuf>,
        format: Format,
        found: usize,
    },
    /// A certificate was left out.
    LeftOut {
        certificate: Arc<Certificate>,
        reason: Reason,
    },
    /// Node's roots that are not in Mozilla's list.
    RemovedByMozilla(Vec<Arc<Certificate>>),
    /// Mozilla lets a root issue for some names alone.
    NameConstraint {
        certificate: Arc<Certificate>,
        constrained: Constrained,
    },
    /// Certificates of one subject that one order serves.
    SameSubject(Vec<Arc<Certificate>>),
    /// Two certificates of one subject that no order serves.
    SameSubjectConflict {
        first: Arc<Certificate>,
        second: Arc<Certificate>,
        /// How many more certificates of the subject are in the same place as `second`.
        more: usize,
    },
    /// The store is empty.
    NoAnchors,
}

/// Why a certificate was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// OpenSSL does not take it for a certificate.
    NotParsable,
    /// The system distrusts it.
    Distrusted(Statement),
    /// Its time is over.
    Expired,
    /// An end entity that another certificate issued.
    CannotAnchor,
    /// A self-signed end entity that only a directory of the system store has.
    ServerCertificate,
}

impl Reason {
    /// The reason for people.
    pub fn text(&self, certificate: &Certificate) -> String {
        match self {
            Self::NotParsable => "not parsable: OpenSSL does not take it for a certificate".into(),
            Self::Distrusted(statement) => format!(
                "distrusted by the system: {}",
                rules::place(&statement.path, statement.line)
            ),
            Self::Expired => format!("expired on {}", certificate.not_after_iso()),
            Self::CannotAnchor => {
                "can anchor nothing: an end entity that another certificate issued".into()
            }
            Self::ServerCertificate => {
                "a server's own certificate that lies in a directory of the system store".into()
            }
        }
    }
}

impl Note {
    /// The words.
    pub fn findings(&self, options: &inspect::Options) -> Vec<Finding> {
        let finding = match self {
            Self::Inspect(text) => return text.inspect(options).findings,
            Self::Finding(finding) => finding.clone(),
            Self::Damaged {
                path,
                loaded,
                found,
            } => rules::system_file_damaged(path, *loaded, *found),
            Self::NotPem {
                path,
                format,
                found,
            } => rules::system_file_not_pem(path, *format, *found),
            Self::LeftOut {
                certificate,
                reason,
            } => match reason {
                Reason::NotParsable => rules::unreadable_certificate(certificate),
                Reason::Distrusted(statement) => rules::distrusted(certificate, statement),
                Reason::Expired => rules::expired(certificate),
                Reason::CannotAnchor => rules::cannot_anchor(certificate),
                Reason::ServerCertificate => rules::server_certificate_in_system_store(certificate),
            },
            Self::RemovedByMozilla(certificates) => rules::removed_by_mozilla(certificates),
            Self::NameConstraint {
                certificate,
                constrained,
            } => rules::mozilla_name_constraint(certificate, &constrained.permitted_domains()),
            Self::SameSubject(group) => rules::same_subject(group),
            Self::SameSubjectConflict {
                first,
                second,
                more,
            } => rules::same_subject_conflict(first, second, *more),
            Self::NoAnchors => rules::no_anchors(),
        };
        vec![finding]
    }
}
