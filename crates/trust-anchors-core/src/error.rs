//! Errors of calls that cannot be answered. Bad certificates are findings, never errors.

use std::path::PathBuf;

/// Why a call cannot be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read and the call has no other answer.
    #[error("cannot read `{path}`: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The call was cancelled.
    #[error("the operation was aborted")]
    Aborted,
}
