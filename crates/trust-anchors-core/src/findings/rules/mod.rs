//! The catalogue of rules: one static a rule, grouped by what it is about.

pub mod certificate;
pub mod chain;
pub mod client;
pub mod connection;
pub mod environment;
pub mod file;
pub mod interception;
pub mod session;
pub mod store;

use super::Rule;

macro_rules! rule {
    ($name:ident, $id:literal, $severity:ident, $actor:ident, $title:literal, $finds:literal, $why:literal, $looks:literal, $fix:literal, $source:literal) => {
        #[doc = concat!($title, ".")]
        pub static $name: $crate::findings::Rule = $crate::findings::Rule {
            id: $id,
            severity: $crate::findings::Severity::$severity,
            actor: $crate::findings::Actor::$actor,
            title: $title,
            finds: $finds,
            why: $why,
            looks: $looks,
            fix: $fix,
            source: $source,
        };
    };
}
use rule;

/// Every rule, by area; identifiers are unique.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        file::RULES,
        certificate::RULES,
        store::RULES,
        environment::RULES,
        chain::RULES,
        connection::RULES,
        interception::RULES,
        client::RULES,
        session::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule with this identifier.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn identifiers_are_unique_and_in_kebab_case() {
        let mut seen = BTreeSet::new();
        for rule in super::all() {
            assert!(seen.insert(rule.id), "two rules are named {}", rule.id);
            assert!(
                rule.id
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{} is not in kebab case",
                rule.id
            );
        }
    }
}
