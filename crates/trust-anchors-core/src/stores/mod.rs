//! The stores, read from disk and from the system: the only modules that do so. Each gives certificates and findings together; a bad
//! certificate never hides the good ones.

pub mod bundled;
pub mod distrust;
pub mod extra;
pub mod file;
pub mod paths;
pub mod system;
