//! What one verification may cost. OpenSSL bounds the length of a path and the comparisons of names, but not the size of keys, of
//! certificates in the store, or the number of those that share a name: a store made to that end keeps it busy for minutes.

/// Microseconds of a usual machine, roughly. A chain as there is one in the world takes less than one.
const LIMIT: u32 = 40_000;

/// What is left of the limit.
#[derive(Debug)]
pub struct Effort {
    left: u32,
}

/// The limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted;

impl Exhausted {
    /// What that means, for people.
    pub fn reason(self) -> &'static str {
        "the certificates take more work than any that are in use"
    }
}

impl Effort {
    /// For something that takes this many microseconds.
    ///
    /// # Errors
    ///
    /// When there is not that much left.
    pub fn spend(&mut self, microseconds: u32) -> Result<(), Exhausted> {
        self.left = self.left.checked_sub(microseconds).ok_or(Exhausted)?;
        Ok(())
    }

    /// For work on this many octets, of which a microsecond sees so many.
    ///
    /// # Errors
    ///
    /// When there is not that much left.
    pub fn spend_on(&mut self, octets: usize, in_a_microsecond: usize) -> Result<(), Exhausted> {
        self.spend(u32::try_from(octets / in_a_microsecond).unwrap_or(u32::MAX))
    }
}

impl Default for Effort {
    fn default() -> Self {
        Self { left: LIMIT }
    }
}
