//! What a Node.js process trusts: CA files read as Node reads them, the stores merged, and everything that is wrong with
//! them said with its fix. This crate knows nothing of Node-API, reads no clock and no environment: both are arguments.

pub mod case;
pub mod certificate;
pub mod container;
pub mod der;
pub mod diagnose;
pub mod env;
pub mod explain;
pub mod findings;
pub mod inspect;
pub mod node;
pub mod ocsp;
pub mod openssl_config;
pub mod pem;
pub mod preflight;
pub mod probe;
pub mod public_roots;
pub mod runtime;
pub mod shipped_roots;
pub mod source;
pub mod store;
pub mod stores;
pub mod verify;
