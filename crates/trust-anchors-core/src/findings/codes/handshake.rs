//! The two sides have nothing in common, or one broke the protocol.

use super::ErrorCode;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[];
