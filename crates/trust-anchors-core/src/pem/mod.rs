//! PEM text, read twice: as Node's OpenSSL reads it ([`node`]), or Bun's BoringSSL ([`bun`]), or Deno's rustls ([`deno`]), and for what is really there
//! ([`lenient`]).

pub mod bun;
pub mod deno;
mod encrypted;
pub mod lenient;
pub mod node;
pub mod plain;

use std::ops::Range;

/// Where a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The line of its BEGIN, counted from 1.
    pub line: u32,
    /// The line of its END, or the last line that was read for it.
    pub end_line: u32,
    /// Its bytes in the file, BEGIN to the end of its last line.
    pub bytes: Range<usize>,
}
