//! The Node-API side of `trust-anchors`: it converts and delegates, and decides nothing.

#![cfg_attr(
    test,
    allow(dead_code, reason = "napi-derive registers no export in a test build")
)]

mod access;
mod convert;
mod diagnose;
mod error;
mod explain;
mod identity;
mod inspect;
mod preflight;
mod probe;
mod rules;
mod store;
mod task;
mod transport;
mod verify;
