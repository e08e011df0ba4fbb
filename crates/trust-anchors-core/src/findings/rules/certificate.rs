//! Rules about one certificate.

use crate::findings::Rule;

/// The rules of this area.
pub static RULES: &[&Rule] = &[];
