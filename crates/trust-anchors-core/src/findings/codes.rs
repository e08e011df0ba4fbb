//! The catalogue of the codes that a TLS connection of Node ends in: one static a code, grouped by where in a connection it arises.
//!
//! Texts may hold `{host}` and `{port}`, which become those of the error at hand. The pages under `docs/errors` are made from it.

pub mod alert;
pub mod chain;
pub mod connection;
pub mod fixes;
pub mod handshake;
pub mod identity;
pub mod material;
pub mod options;
pub mod plaintext;
pub mod revocation;
pub mod strength;
pub mod usage;
pub mod validity;
pub mod x509;

use super::{Actor, Fix, Shell};

/// Where in a connection a code arises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Node found no path from the server's certificate to one that it trusts.
    Trust,
    /// Something about a certificate of the chain: its dates, uses, limits, strength or form.
    Certificate,
    /// The certificate is good, and for another name.
    Identity,
    /// Revocation lists.
    Revocation,
    /// The two sides found no TLS version, cipher or parameters in common, or one broke the protocol.
    Handshake,
    /// The other side ended the handshake with an alert.
    Alert,
    /// What answered does not speak TLS.
    Plaintext,
    /// A key, certificate or container that Node cannot use.
    Material,
    /// An option that Node refuses.
    Options,
    /// The connection failed below TLS.
    Connection,
}

impl Family {
    /// Every family, in the order of the index.
    pub const ALL: [Self; 10] = [
        Self::Trust,
        Self::Identity,
        Self::Certificate,
        Self::Revocation,
        Self::Plaintext,
        Self::Handshake,
        Self::Alert,
        Self::Material,
        Self::Options,
        Self::Connection,
    ];

    /// The word the public API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trust => "trust",
            Self::Certificate => "certificate",
            Self::Identity => "identity",
            Self::Revocation => "revocation",
            Self::Handshake => "handshake",
            Self::Alert => "alert",
            Self::Plaintext => "plaintext",
            Self::Material => "material",
            Self::Options => "options",
            Self::Connection => "connection",
        }
    }
}

/// A fix of the catalogue: `Fix` without allocation.
#[derive(Debug, Clone, Copy)]
pub struct FixText {
    /// One line, imperative.
    pub title: &'static str,
    /// The same command for the shells where it differs.
    pub commands: &'static [(Shell, &'static str)],
    /// Program code, or a server's configuration.
    pub code: Option<&'static str>,
}

impl FixText {
    /// A fix that is said in words alone.
    pub const fn new(title: &'static str) -> Self {
        Self {
            title,
            commands: &[],
            code: None,
        }
    }

    /// A fix that is one command.
    pub const fn run(title: &'static str, commands: &'static [(Shell, &'static str)]) -> Self {
        Self {
            title,
            commands,
            code: None,
        }
    }

    /// A fix that is made in a program or a configuration.
    pub const fn write(title: &'static str, code: &'static str) -> Self {
        Self {
            title,
            commands: &[],
            code: Some(code),
        }
    }

    /// The fix with the placeholders replaced by `fill`.
    pub fn filled(&self, fill: impl Fn(&str) -> String) -> Fix {
        let mut fix = Fix::new(fill(self.title));
        for (shell, text) in self.commands {
            fix = fix.with(*shell, fill(text));
        }
        match self.code {
            Some(code) => fix.with_code(fill(code)),
            None => fix,
        }
    }
}

/// One way to arrive at a code.
#[derive(Debug, Clone, Copy)]
pub struct Cause {
    /// Stable kebab-case name, by which evidence about the connection finds it; several codes may share a cause.
    pub id: &'static str,
    /// One line, no final period.
    pub title: &'static str,
    /// Markdown: what tells it apart from the other causes.
    pub tells: &'static str,
    /// Who must act.
    pub actor: Actor,
    /// What mends it, safest first.
    pub fixes: &'static [FixText],
}

/// One entry of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct ErrorCode {
    /// Unique, and the name of its page: the `code` of Node's error where that is unique, else OpenSSL's name of it.
    pub name: &'static str,
    /// The `code` of Node's error; empty where it has none.
    pub code: &'static str,
    /// Other spellings of the code: of other versions, of OpenSSL.
    pub aliases: &'static [&'static str],
    /// Where it arises.
    pub family: Family,
    /// OpenSSL's numbers (`X509_V_ERR_…`) of it.
    pub openssl: &'static [u16],
    /// What messages say, in lower case; the first is how Node words it.
    pub texts: &'static [&'static str],
    /// One line, no final period.
    pub title: &'static str,
    /// Markdown: what happened, in plain words.
    pub meaning: &'static str,
    /// Markdown: in which versions it appears, and what changed; empty when all are alike.
    pub versions: &'static str,
    /// Markdown: where Node's own words lead astray; empty when they do not.
    pub hint: &'static str,
    /// In order of likelihood.
    pub causes: &'static [Cause],
    /// Markdown, one line each: what not to do, and why.
    pub avoid: &'static [&'static str],
    /// Rules of the catalogue of rules that find its causes.
    pub rules: &'static [&'static str],
    /// Whether the code says only that something went wrong, and the message says what.
    pub carrier: bool,
    /// Markdown: Node file and function, OpenSSL function, RFC section.
    pub source: &'static str,
}

impl ErrorCode {
    /// What entries leave out.
    pub const NONE: Self = Self {
        name: "",
        code: "",
        aliases: &[],
        family: Family::Connection,
        openssl: &[],
        texts: &[],
        title: "",
        meaning: "",
        versions: "",
        hint: "",
        causes: &[],
        avoid: &[],
        rules: &[],
        carrier: false,
        source: "",
    };
}

/// Every entry, by family; names are unique.
pub fn all() -> impl Iterator<Item = &'static ErrorCode> {
    [
        chain::CODES,
        identity::CODES,
        validity::CODES,
        usage::CODES,
        strength::CODES,
        revocation::CODES,
        plaintext::CODES,
        handshake::CODES,
        alert::CODES,
        material::CODES,
        options::CODES,
        connection::CODES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The entry of this name.
pub fn find(name: &str) -> Option<&'static ErrorCode> {
    all().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::x509::VERIFY_ERRORS;
    use super::*;
    use crate::findings::rules;

    #[test]
    fn names_and_aliases_are_unique() {
        let mut seen = BTreeSet::new();
        for entry in all() {
            for name in entry.aliases.iter().chain([&entry.name]) {
                assert!(seen.insert(*name), "{name} stands there twice");
                assert_eq!(*name, name.to_ascii_uppercase(), "{name}");
            }
        }
    }

    #[test]
    fn every_verification_error_that_node_names_has_an_entry_of_that_name() {
        for error in VERIFY_ERRORS {
            let entry = all().find(|entry| entry.openssl.contains(&error.number));
            match (error.named, entry) {
                (true, Some(entry)) => {
                    assert_eq!((entry.name, entry.code), (error.name, error.name));
                }
                (true, None) => panic!("{} has no entry", error.name),
                (false, Some(entry)) => assert_eq!(entry.code, "UNSPECIFIED", "{}", entry.name),
                (false, None) => {}
            }
        }
    }

    #[test]
    fn an_entry_says_everything() {
        for entry in all() {
            let name = entry.name;
            assert!(
                !entry.title.is_empty() && !entry.title.ends_with('.'),
                "{name}"
            );
            assert!(entry.meaning.ends_with('.'), "{name}");
            assert!(
                !entry.source.is_empty() && !entry.versions.is_empty(),
                "{name}"
            );
            assert!(!entry.causes.is_empty(), "{name}");
            for text in entry.texts {
                assert!(
                    !text.contains('-') && *text == text.to_ascii_lowercase(),
                    "{name}: {text}"
                );
            }
            for rule in entry.rules {
                assert!(rules::find(rule).is_some(), "{name}: no rule {rule}");
            }
            let ids: BTreeSet<_> = entry.causes.iter().map(|cause| cause.id).collect();
            assert_eq!(
                ids.len(),
                entry.causes.len(),
                "{name}: a cause stands there twice"
            );
            for cause in entry.causes {
                assert!(!cause.fixes.is_empty(), "{name}: {}", cause.id);
                for text in [cause.title, cause.tells] {
                    assert!(!text.is_empty() && !text.ends_with('.'), "{name}: {text}");
                }
                for fix in cause.fixes {
                    assert!(!fix.title.ends_with('.'), "{name}: {}", fix.title);
                }
            }
        }
    }
}
