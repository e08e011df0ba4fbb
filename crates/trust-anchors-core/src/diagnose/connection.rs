//! Connections that did not come to a session.

use super::Evidence;
use crate::findings::Finding;
use crate::findings::rules::connection as rules;
use crate::probe::{Kind, Stage};

/// Where the connection ended, and why.
pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(failure) = evidence.failure() else {
        return Vec::new();
    };
    let target = evidence.target;
    match (failure.stage, &failure.kind) {
        (Stage::Connect, Kind::Refused) if target.proxy.is_none() => {
            let message = format!(
                "nothing listens on port {} of `{}`: the connection is refused",
                target.port, target.host
            );
            vec![Finding::new(&rules::REFUSED, message)]
        }
        _ => Vec::new(),
    }
}
