//! Fixes that several findings of a diagnosis share.

use super::Process;
use super::elsewhere::Anchored;
use super::issuers::Issuer;
use crate::findings::codes::fixes::TRUST_CA_FILE;
use crate::findings::rules::environment::{in_the_program, set_variable, use_system_ca};
use crate::findings::{Fix, Shell};

const EXTRA: &str = "NODE_EXTRA_CA_CERTS";

/// Trust what the system trusts, on this Node.
pub(super) fn trust_system(process: &Process, found: &Anchored) -> Vec<Fix> {
    let mut fixes = Vec::new();
    if process.node.has_system_ca() {
        fixes.push(use_system_ca(process.node));
    }
    if let Some(path) = found.path() {
        fixes.push(set_variable(
            "Name the file of the system in NODE_EXTRA_CA_CERTS, which every Node takes",
            EXTRA,
            &path,
        ));
    }
    fixes.push(in_the_program());
    fixes
}

/// Trust a CA whose certificate has to be got first.
pub(super) fn trust_file() -> Fix {
    TRUST_CA_FILE.filled(str::to_owned)
}

/// What is to be done about a product.
pub(super) fn advice(issuer: &Issuer) -> Fix {
    let fix = Fix::new(issuer.advice);
    if issuer.command.is_empty() {
        fix
    } else {
        fix.with(Shell::Bash, issuer.command)
    }
}
