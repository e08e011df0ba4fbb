//! Revocation lists, which count where the `crl` option is given.

use super::ErrorCode;

/// The codes of this family.
pub static CODES: &[&ErrorCode] = &[];
