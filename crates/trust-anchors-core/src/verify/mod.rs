//! The verdict of a Node TLS client or server on the certificates of its peer: `X509_verify_cert` as Node runs it, then
//! `tls.checkServerIdentity`.

pub mod constraints;
pub mod identity;
pub mod key;
pub mod profile;
pub mod security;
pub mod signature;
