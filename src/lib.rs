//! The Node-API side of `trust-anchors`: it converts and delegates, and decides nothing.

mod convert;
mod error;
mod inspect;
mod rules;
mod task;
