//! Keys, certificates and containers that Node cannot use.

use super::ErrorCode;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[];
