//! The other side ended the handshake, and said why in one word.

use super::ErrorCode;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[];
