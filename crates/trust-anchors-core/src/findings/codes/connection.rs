//! The connection failed below TLS.

use super::ErrorCode;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[];
