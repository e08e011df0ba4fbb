//! Rules about CA files.

use crate::findings::Rule;

/// The rules of this area.
pub static RULES: &[&Rule] = &[];
