//! Keys, signatures and encodings of a chain.

use super::ErrorCode;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[];
