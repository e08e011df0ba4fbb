//! The merged store: ordered, without duplicates, every entry with all its sources, and what was left out with the reason.

use std::sync::Arc;

use crate::certificate::Certificate;
use crate::findings::Finding;

/// A certificate that was left out, and why.
#[derive(Debug, Clone)]
pub struct Excluded {
    /// The certificate.
    pub certificate: Arc<Certificate>,
    /// Why, for people.
    pub reason: String,
}

/// The merged store.
#[derive(Debug, Default)]
pub struct Store {
    /// The anchors and intermediates, in the order that serves every leaf.
    pub certificates: Vec<Arc<Certificate>>,
    /// What was left out.
    pub excluded: Vec<Excluded>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}
