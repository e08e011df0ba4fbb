//! Rules about stores and their merge.

use crate::findings::Rule;

/// The rules of this area.
pub static RULES: &[&Rule] = &[];
