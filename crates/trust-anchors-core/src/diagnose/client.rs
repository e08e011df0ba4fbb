//! What is wrong on this side of the connection.

use super::Evidence;
use crate::findings::Finding;
use crate::node::NodeVersion;

/// The process that connects.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its Node.
    pub node: NodeVersion,
}

/// What the process itself does wrong.
pub(super) fn findings(_evidence: &Evidence<'_>) -> Vec<Finding> {
    Vec::new()
}
