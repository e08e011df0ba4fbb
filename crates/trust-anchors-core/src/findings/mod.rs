//! What was found, how grave it is, who must act, and the fix.

pub mod codes;
pub mod rules;

use std::path::{Path, PathBuf};

/// How grave a finding is, by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A fact worth knowing.
    Info,
    /// Works today and breaks on a stated condition.
    Warning,
    /// Node fails, or drops the file, now.
    Error,
}

impl Severity {
    /// The word the public API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Who must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Whoever runs the server.
    Server,
    /// Whoever runs this process.
    Client,
    /// Whoever runs the proxy between them.
    Proxy,
    /// Whoever sets this machine's clock.
    Clock,
}

impl Actor {
    /// The word the public API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Proxy => "proxy",
            Self::Clock => "clock",
        }
    }
}

/// One entry of the catalogue. Its page under `docs/rules` is generated from it.
#[derive(Debug)]
pub struct Rule {
    /// Stable kebab-case name of the fault.
    pub id: &'static str,
    /// A rule has one severity.
    pub severity: Severity,
    /// Who must act.
    pub actor: Actor,
    /// One line, no final period.
    pub title: &'static str,
    /// Markdown: what it finds.
    pub finds: &'static str,
    /// Markdown: why Node rejects or ignores it, with versions.
    pub why: &'static str,
    /// Real output, as a person sees it.
    pub looks: &'static str,
    /// Markdown: commands per platform, safest first.
    pub fix: &'static str,
    /// Markdown: Node file and function, OpenSSL function, RFC section.
    pub source: &'static str,
}

/// Where in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub path: Option<PathBuf>,
    /// The line, counted from 1.
    pub line: Option<u32>,
}

/// The shell a command is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// POSIX shells.
    Bash,
    /// Windows PowerShell and PowerShell 7.
    PowerShell,
    /// Lines of a Dockerfile.
    Dockerfile,
}

impl Shell {
    /// The word the public API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::PowerShell => "powershell",
            Self::Dockerfile => "dockerfile",
        }
    }
}

/// A command that can be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Which shell it is for.
    pub shell: Shell,
    /// The text.
    pub text: String,
}

/// One way to mend what was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fix {
    /// One line, imperative.
    pub title: String,
    /// The same command for the shells where it differs.
    pub commands: Vec<Command>,
    /// Program code, when the fix is made there.
    pub code: Option<String>,
    /// A PEM text to put in place.
    pub pem: Option<String>,
}

impl Fix {
    /// A fix that is said in words alone.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// Adds the command for one shell.
    #[must_use]
    pub fn with(mut self, shell: Shell, text: impl Into<String>) -> Self {
        self.commands.push(Command {
            shell,
            text: text.into(),
        });
        self
    }

    /// Adds program code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Adds a PEM text.
    #[must_use]
    pub fn with_pem(mut self, pem: impl Into<String>) -> Self {
        self.pem = Some(pem.into());
        self
    }
}

/// A rule that applied.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong, what was found, what follows; one line, no final period. Text from certificates and files is escaped.
    pub message: String,
    /// More, where one line does not hold it.
    pub detail: Option<String>,
    /// Where.
    pub location: Option<Location>,
    /// The certificate it is about: lowercase hexadecimal SHA-256 of its DER.
    pub certificate: Option<String>,
    /// The ways to mend it, safest first.
    pub fixes: Vec<Fix>,
}

impl Finding {
    /// A finding of `rule` that says `message`.
    pub fn new(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            message: message.into(),
            detail: None,
            location: None,
            certificate: None,
            fixes: Vec::new(),
        }
    }

    /// Says more.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, path: Option<&Path>, line: Option<u32>) -> Self {
        self.location = Some(Location {
            path: path.map(Path::to_path_buf),
            line,
        });
        self
    }

    /// Says which certificate.
    #[must_use]
    pub fn about(mut self, sha256: impl Into<String>) -> Self {
        self.certificate = Some(sha256.into());
        self
    }

    /// Adds a way to mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}

/// Text from certificates, files and the environment, made safe for a terminal: control characters, bidirectional
/// overrides and line separators become `\u{…}`.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        let hidden = character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if hidden {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}
