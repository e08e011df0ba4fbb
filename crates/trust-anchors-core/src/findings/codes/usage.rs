//! What the certificates of a chain are made for, and the limits that their issuers put on them.

use super::ErrorCode;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[];
