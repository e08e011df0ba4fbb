//! Rules about the environment of the process.

use crate::findings::Rule;

/// The rules of this area.
pub static RULES: &[&Rule] = &[];
