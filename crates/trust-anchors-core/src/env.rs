//! The trust settings of a process, parsed from facts that the caller gathered: variables now and at start, flags, env files, the Node
//! version and the platform.
//!
//! Modelled on Node's `src/node.cc` (`InitializeNodeWithArgs`, `ProcessGlobalArgsInternal`), `src/node_options.cc`
//! (`ParseNodeOptionsEnvVar`, `PerProcessOptions::CheckOptions`) and `src/node_credentials.cc` (`SafeGetenv`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::node::NodeVersion;
use crate::runtime::Runtime;

/// Names and values of environment variables.
pub type Variables = BTreeMap<String, String>;

/// The operating system, as far as trust depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Linux.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
    /// Another Unix.
    Other,
}

impl Platform {
    /// From Node's `process.platform`.
    pub fn parse(name: &str) -> Self {
        match name {
            "linux" | "android" => Self::Linux,
            "darwin" => Self::MacOs,
            "win32" => Self::Windows,
            _ => Self::Other,
        }
    }
}

/// Why Node does not believe the environment (`SafeGetenv` in `src/node_credentials.cc`): then `NODE_EXTRA_CA_CERTS`, `NODE_OPTIONS` and
/// `NODE_USE_SYSTEM_CA` count for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privilege {
    /// Real and effective user or group differ: a set-user-ID or set-group-ID binary.
    SetId,
    /// The binary carries file capabilities (`AT_SECURE`) other than `cap_net_bind_service` alone.
    FileCapabilities,
}

/// What decides whether Node believes the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Credentials {
    /// Real and effective user differ.
    pub user_differs: bool,
    /// Real and effective group differ.
    pub group_differs: bool,
    /// `AT_SECURE` of the auxiliary vector (Linux).
    pub at_secure: bool,
    /// The effective capabilities, as the bits of `CapEff` in `/proc/self/status` (Linux).
    pub effective_capabilities: u64,
    /// The permitted capabilities, as the bits of `CapPrm`.
    pub permitted_capabilities: u64,
}

/// `CAP_NET_BIND_SERVICE` as a bit.
const NET_BIND_SERVICE: u64 = 1 << 10;

impl Credentials {
    /// Why Node ignores the environment; `None` when it believes it.
    pub fn privilege(self) -> Option<Privilege> {
        if self.user_differs || self.group_differs {
            return Some(Privilege::SetId);
        }
        let only_net_bind_service = self.effective_capabilities == NET_BIND_SERVICE
            && self.permitted_capabilities == NET_BIND_SERVICE;
        (self.at_secure && !only_net_bind_service).then_some(Privilege::FileCapabilities)
    }
}

/// How the Node binary was built, as far as trust depends on it (`process.config`). Distributions build it in ways of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Build {
    /// `NODE_OPENSSL_CERT_STORE` (configure's `--openssl-use-def-ca-store`): `--use-openssl-ca` is the default. Debian and Fedora.
    pub openssl_store: bool,
    /// Linked with the system's OpenSSL (`node_shared_openssl`), whose default security level is the distribution's choice.
    pub shared_openssl: bool,
}

/// One `NAME=value` of an env file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1, where it is known.
    pub line: Option<u32>,
    /// The value, parsed as Node parses it.
    pub value: String,
}

/// An env file with its parsed content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvFile {
    /// The file.
    pub path: PathBuf,
    /// Its variables, parsed as Node parses them, each with its line.
    pub variables: BTreeMap<String, (String, Option<u32>)>,
}

impl EnvFile {
    fn definition(&self, name: &str) -> Option<Definition> {
        let (value, line) = self.variables.get(name)?;
        Some(Definition {
            path: self.path.clone(),
            line: *line,
            value: value.clone(),
        })
    }
}

/// Everything about a process that decides what it trusts.
#[derive(Debug, Clone)]
pub struct Facts {
    /// `process.env` now.
    pub variables: Variables,
    /// The variables it was started with; `None` where they cannot be known.
    pub variables_at_start: Option<Variables>,
    /// `process.execArgv`.
    pub exec_argv: Vec<String>,
    /// What `--env-file` and `--env-file-if-exists` name, in their order.
    pub env_files: Vec<EnvFile>,
    /// The `.env` of the working directory, which `dotenv` and `process.loadEnvFile()` read by default.
    pub dotenv: Option<EnvFile>,
    /// The Node version to judge by.
    pub node: NodeVersion,
    /// How that Node was built.
    pub build: Build,
    /// What runs the program.
    pub runtime: Runtime,
    /// The operating system.
    pub platform: Platform,
    /// The working directory.
    pub cwd: PathBuf,
    /// The working directory at start; `None` where it cannot be known.
    pub cwd_at_start: Option<PathBuf>,
    /// The home directory, which a shell puts for `~`.
    pub home: Option<PathBuf>,
    /// What decides whether Node believes the environment.
    pub credentials: Credentials,
}

/// Who set a variable to the value it has now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It was there when the process started (or nothing says that it was not).
    Start,
    /// `--env-file` or `--env-file-if-exists`.
    EnvFile(Definition),
    /// The program, and the `.env` of the working directory holds this very value: `dotenv` or `process.loadEnvFile()`.
    Dotenv(Definition),
    /// The program.
    Program,
}

impl Facts {
    /// The value of a variable now.
    pub fn now(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// The value of a variable that the process was started with, without what env files and the program added.
    pub fn at_start(&self, name: &str) -> Option<&str> {
        match &self.variables_at_start {
            Some(variables) => variables.get(name).map(String::as_str),
            // An env file never replaces a variable, so one that has the same value is where it came from.
            None => self
                .now(name)
                .filter(|value| self.env_file(name).is_none_or(|it| it.value != *value)),
        }
    }

    /// What an env file named on the command line says; the last one wins.
    pub fn env_file(&self, name: &str) -> Option<Definition> {
        self.env_files
            .iter()
            .rev()
            .find_map(|file| file.definition(name))
    }

    /// Who set the variable to its value; `None` when it is not set now.
    pub fn origin(&self, name: &str) -> Option<Origin> {
        let now = self.now(name)?;
        if self.at_start(name) == Some(now) {
            return Some(Origin::Start);
        }
        let same = |definition: &Definition| definition.value == now;
        if let Some(definition) = self.env_file(name).filter(same) {
            return Some(Origin::EnvFile(definition));
        }
        let dotenv = self.dotenv.as_ref().and_then(|file| file.definition(name));
        Some(match dotenv.filter(same) {
            Some(definition) => Origin::Dotenv(definition),
            None => Origin::Program,
        })
    }

    /// Why Node ignores the environment.
    pub fn privilege(&self) -> Option<Privilege> {
        self.credentials.privilege()
    }

    /// The value that Node took for a variable it reads once at startup (`NODE_EXTRA_CA_CERTS`, `NODE_USE_SYSTEM_CA`): not from env
    /// files, not empty, not in a privileged process.
    pub fn captured(&self, name: &str) -> Option<&str> {
        if self.privilege().is_some() {
            return None;
        }
        self.at_start(name).filter(|value| !value.is_empty())
    }

    /// The `NODE_OPTIONS` that this process started with: the environment's, else an env file's (`node.cc`: the environment is
    /// preferred).
    pub fn node_options(&self) -> Option<String> {
        if self.privilege().is_some() {
            return None;
        }
        match self.at_start("NODE_OPTIONS") {
            Some(value) => Some(value.to_owned()),
            None => self
                .env_file("NODE_OPTIONS")
                .map(|definition| definition.value),
        }
    }

    /// The options about trust that this process runs with; `NODE_OPTIONS` first, so that the command line overrides.
    pub fn options(&self) -> TrustOptions {
        let mut options = TrustOptions::default();
        if self.runtime == Runtime::Deno {
            return options;
        }
        if let Some(Ok(arguments)) = self.node_options().as_deref().map(split_node_options) {
            options.take(&arguments, Place::NodeOptions);
        }
        options.take(&self.exec_argv, Place::CommandLine);
        options
    }

    /// Whether OpenSSL's own locations take the place of the bundled list.
    pub fn uses_openssl_store(&self) -> bool {
        let options = self.options();
        options.is_on(Switch::OpensslCa)
            || self.build.openssl_store && !options.is_on(Switch::BundledCa)
    }

    /// Whether and why Node adds the system's certificates.
    pub fn system_ca(&self) -> SystemCa {
        if self.runtime == Runtime::Deno {
            let stores = self.now("DENO_TLS_CA_STORE").unwrap_or_default();
            return if stores.split(',').any(|store| store.trim() == "system") {
                SystemCa::On(SystemCaOn::DenoVariable)
            } else {
                SystemCa::Off(SystemCaOff::DenoNotAsked)
            };
        }
        let options = self.options();
        if self.uses_openssl_store() {
            return SystemCa::Off(SystemCaOff::OpensslCa);
        }
        if self.runtime == Runtime::Node && !self.node.has_system_ca() {
            return SystemCa::Off(SystemCaOff::Unsupported);
        }
        match options.flag(Switch::SystemCa) {
            Some(Flag { on: true, place }) => return SystemCa::On(SystemCaOn::Option(place)),
            Some(Flag { on: false, place }) => return SystemCa::Off(SystemCaOff::Option(place)),
            None => {}
        }
        if self.captured("NODE_USE_SYSTEM_CA") == Some("1")
            && (self.runtime != Runtime::Node || self.node.has_system_ca_variable())
        {
            return SystemCa::On(SystemCaOn::Variable);
        }
        SystemCa::Off(SystemCaOff::NotAsked)
    }

    /// A path as Node opens it: relative to the working directory, which Node 18 and 20 take at startup, and Node 22 and later at the
    /// first use of TLS.
    pub fn resolve(&self, path: &str) -> PathBuf {
        let base = match (&self.cwd_at_start, self.node.major < 22) {
            (Some(cwd), true) => cwd,
            _ => &self.cwd,
        };
        base.join(path)
    }

    /// Whether a path is absolute on this platform.
    pub fn is_absolute(&self, path: &str) -> bool {
        if self.platform == Platform::Windows {
            let drive = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
                && path.as_bytes().get(1) == Some(&b':');
            return drive || path.starts_with(['\\', '/']);
        }
        Path::new(path).is_absolute()
    }
}

/// Whether Node adds the system's certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemCa {
    /// It does.
    On(SystemCaOn),
    /// It does not.
    Off(SystemCaOff),
}

/// What turns the system's certificates on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemCaOn {
    /// `--use-system-ca`.
    Option(Place),
    /// `NODE_USE_SYSTEM_CA=1`.
    Variable,
    /// `DENO_TLS_CA_STORE` with `system` in it.
    DenoVariable,
}

/// Why the system's certificates are not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemCaOff {
    /// Nothing asks for them.
    NotAsked,
    /// This Node cannot.
    Unsupported,
    /// `--no-use-system-ca`.
    Option(Place),
    /// OpenSSL's own locations are taken instead, by `--use-openssl-ca` or by the way Node was built.
    OpensslCa,
    /// `DENO_TLS_CA_STORE` without `system` in it.
    DenoNotAsked,
}

/// Where an option was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In `NODE_OPTIONS`.
    NodeOptions,
    /// On the command line.
    CommandLine,
}

impl Place {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NodeOptions => "in NODE_OPTIONS",
            Self::CommandLine => "on the command line",
        }
    }
}

/// A switch that is on or off, and where that was said last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    /// `--use-…` or `--no-use-…`.
    pub on: bool,
    /// Where.
    pub place: Place,
}

/// The switches about trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// `--use-openssl-ca`.
    OpensslCa,
    /// `--use-bundled-ca`.
    BundledCa,
    /// `--use-system-ca`.
    SystemCa,
    /// `--openssl-shared-config`.
    OpensslSharedConfig,
}

impl Switch {
    const ALL: [(&'static str, Self); 4] = [
        ("use-openssl-ca", Self::OpensslCa),
        ("use-bundled-ca", Self::BundledCa),
        ("use-system-ca", Self::SystemCa),
        ("openssl-shared-config", Self::OpensslSharedConfig),
    ];

    /// The name with its dashes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpensslCa => "--use-openssl-ca",
            Self::BundledCa => "--use-bundled-ca",
            Self::SystemCa => "--use-system-ca",
            Self::OpensslSharedConfig => "--openssl-shared-config",
        }
    }
}

/// The options about trust, the last of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustOptions {
    openssl_ca: Option<Flag>,
    bundled_ca: Option<Flag>,
    system_ca: Option<Flag>,
    openssl_shared_config: Option<Flag>,
    /// `--tls-cipher-list`.
    pub tls_cipher_list: Option<(String, Place)>,
    /// `--openssl-config`.
    pub openssl_config: Option<(String, Place)>,
    /// `--env-file`, which is no option for `NODE_OPTIONS`.
    pub env_file: Option<(String, Place)>,
}

impl TrustOptions {
    /// The options among these arguments.
    pub fn parse(arguments: &[String], place: Place) -> Self {
        let mut options = Self::default();
        options.take(arguments, place);
        options
    }

    /// What was said last about a switch; `None` when nothing was.
    pub fn flag(&self, switch: Switch) -> Option<Flag> {
        match switch {
            Switch::OpensslCa => self.openssl_ca,
            Switch::BundledCa => self.bundled_ca,
            Switch::SystemCa => self.system_ca,
            Switch::OpensslSharedConfig => self.openssl_shared_config,
        }
    }

    /// Whether a switch is on.
    pub fn is_on(&self, switch: Switch) -> bool {
        self.flag(switch).is_some_and(|flag| flag.on)
    }

    fn take(&mut self, arguments: &[String], place: Place) {
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let Some(option) = argument.strip_prefix("--") else {
                continue;
            };
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (option, None),
            };
            // Node takes an underscore in an option's name for a dash.
            let name = name.replace('_', "-");
            let (positive, on) = match name.strip_prefix("no-") {
                Some(positive) => (positive, false),
                None => (name.as_str(), true),
            };
            if let Some((_, switch)) = Switch::ALL.iter().find(|(known, _)| *known == positive) {
                let flag = Some(Flag { on, place });
                match switch {
                    Switch::OpensslCa => self.openssl_ca = flag,
                    Switch::BundledCa => self.bundled_ca = flag,
                    Switch::SystemCa => self.system_ca = flag,
                    Switch::OpensslSharedConfig => self.openssl_shared_config = flag,
                }
                continue;
            }
            let target = match name.as_str() {
                "tls-cipher-list" => &mut self.tls_cipher_list,
                "openssl-config" => &mut self.openssl_config,
                "env-file" | "env-file-if-exists" => &mut self.env_file,
                _ => continue,
            };
            if let Some(value) = value.or_else(|| arguments.next().cloned()) {
                *target = Some((value, place));
            }
        }
    }
}

/// Why Node refuses the text of `NODE_OPTIONS` as a whole (exit 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeOptionsError {
    /// A backslash within double quotes is the last character.
    InvalidEscape,
    /// A double quote is not closed.
    UnterminatedString,
}

impl NodeOptionsError {
    /// What Node prints in brackets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidEscape => "invalid escape",
            Self::UnterminatedString => "unterminated string",
        }
    }
}

/// Splits `NODE_OPTIONS` as `ParseNodeOptionsEnvVar` does: at spaces alone (a tab or line feed belongs to the option); double quotes keep
/// spaces, and within them a backslash takes the next character as it is. Single quotes mean nothing.
pub fn split_node_options(text: &str) -> Result<Vec<String>, NodeOptionsError> {
    let mut arguments: Vec<String> = Vec::new();
    let mut in_string = false;
    let mut starts_new = true;
    let mut characters = text.chars();
    while let Some(mut character) = characters.next() {
        if character == '\\' && in_string {
            character = characters.next().ok_or(NodeOptionsError::InvalidEscape)?;
        } else if character == ' ' && !in_string {
            starts_new = true;
            continue;
        } else if character == '"' {
            in_string = !in_string;
            continue;
        }
        match arguments.last_mut() {
            Some(last) if !starts_new => last.push(character),
            _ => arguments.push(character.into()),
        }
        starts_new = false;
    }
    if in_string {
        return Err(NodeOptionsError::UnterminatedString);
    }
    Ok(arguments)
}

/// Whether a text holds PEM, as it is or in base64: then it may hold a private key, and is never shown.
pub fn holds_pem(text: &str) -> bool {
    text.contains("-----BEGIN") || text.contains("LS0tLS1CRUdJT")
}

/// What is wrong with a `NODE_EXTRA_CA_CERTS` that names no file. Node uses the value as a file name to the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathFault {
    /// A certificate instead of a path.
    InlinePem,
    /// A URL.
    Url {
        /// The path in it.
        path: String,
    },
    /// Quotes are part of the value.
    Quoted {
        /// Without them.
        path: String,
    },
    /// A blank, carriage return or line feed at one end.
    Blanks {
        /// Without it.
        path: String,
    },
    /// `~`, which only a shell understands.
    Tilde {
        /// With the home directory in its place.
        path: String,
    },
    /// `$NAME`, `${NAME}` or `%NAME%`.
    Variable {
        /// With the values in their places, as far as they are set.
        path: String,
    },
    /// Several paths.
    List {
        /// Each.
        paths: Vec<String>,
    },
}

impl Facts {
    /// Why a value that names no file names none, when its text tells.
    pub fn path_fault(&self, value: &str) -> Option<PathFault> {
        if holds_pem(value) {
            return Some(PathFault::InlinePem);
        }
        let trimmed = value.trim();
        if let Some(path) = unquoted(trimmed) {
            return Some(PathFault::Quoted {
                path: path.to_owned(),
            });
        }
        if trimmed.len() != value.len() {
            return Some(PathFault::Blanks {
                path: trimmed.to_owned(),
            });
        }
        if let Some(rest) = value
            .get(..5)
            .filter(|scheme| scheme.eq_ignore_ascii_case("file:"))
            .and_then(|_| value.get(5..))
        {
            let path = rest
                .strip_prefix("//localhost/")
                .or_else(|| rest.strip_prefix("///"))
                .map(|path| format!("/{path}"))
                .unwrap_or_else(|| rest.trim_start_matches("//").to_owned());
            return Some(PathFault::Url { path });
        }
        if let Some(paths) = self.list(value) {
            return Some(PathFault::List { paths });
        }
        if value == "~" || value.starts_with("~/") || value.starts_with("~\\") {
            let home = self
                .home
                .as_ref()
                .map_or_else(|| "$HOME".into(), |home| home.display().to_string());
            let rest = value.get(1..).unwrap_or_default();
            return Some(PathFault::Tilde {
                path: format!("{home}{rest}"),
            });
        }
        let path = self.expand(value);
        (path != value).then_some(PathFault::Variable { path })
    }

    /// The parts of a list of paths. `:` counts where it is no drive letter's, and everything only when the parts look like paths.
    fn list(&self, value: &str) -> Option<Vec<String>> {
        let windows = self.platform == Platform::Windows;
        let separators: &[char] = if windows {
            &[';', ',']
        } else {
            &[':', ';', ',']
        };
        let paths: Vec<String> = value
            .split(separators)
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        let like_paths = paths
            .iter()
            .all(|part| part.contains(['/', '\\', '.']) && !part.starts_with("//"));
        (value.contains(separators) && like_paths && !paths.is_empty()).then_some(paths)
    }

    /// Puts the values of variables where a shell would; an unset one stays as it is written.
    fn expand(&self, value: &str) -> String {
        let mut expanded = String::with_capacity(value.len());
        let mut rest = value;
        while let Some(index) = rest.find(['$', '%']) {
            let (before, at) = rest.split_at(index);
            expanded.push_str(before);
            match reference(at) {
                Some((name, length)) => {
                    let (_, after) = at.split_at(length);
                    // A text that differs shows that there was a reference, even if nothing is known to put there.
                    match self.now(name) {
                        Some(value) => expanded.push_str(value),
                        None => expanded.push_str(&format!("<{name}>")),
                    }
                    rest = after;
                }
                None => {
                    let (sign, after) = at.split_at(1);
                    expanded.push_str(sign);
                    rest = after;
                }
            }
        }
        expanded.push_str(rest);
        expanded
    }
}

/// The name of the variable that `text` starts with a reference to, and the length of the reference.
fn reference(text: &str) -> Option<(&str, usize)> {
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || character == '_')
    };
    if let Some(rest) = text.strip_prefix("${") {
        let name = rest.split_once('}')?.0;
        return is_name(name).then_some((name, name.len() + 3));
    }
    if let Some(rest) = text.strip_prefix("$env:") {
        let length = name_length(rest);
        return rest
            .get(..length)
            .filter(|name| is_name(name))
            .map(|name| (name, length + 5));
    }
    if let Some(rest) = text.strip_prefix('$') {
        let length = name_length(rest);
        return rest
            .get(..length)
            .filter(|name| is_name(name))
            .map(|name| (name, length + 1));
    }
    let rest = text.strip_prefix('%')?;
    let name = rest.split_once('%')?.0;
    is_name(name).then_some((name, name.len() + 2))
}

fn name_length(text: &str) -> usize {
    text.find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .unwrap_or(text.len())
}

/// The text between quotes that are part of the value; one at either end is enough.
fn unquoted(value: &str) -> Option<&str> {
    let quotes = [
        '"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}',
    ];
    let inner = value.trim_matches(quotes);
    (inner.len() != value.len()).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            variables: Variables::new(),
            variables_at_start: None,
            exec_argv: Vec::new(),
            env_files: Vec::new(),
            dotenv: None,
            node: NodeVersion {
                major: 24,
                minor: 21,
            },
            build: Build::default(),
            runtime: Runtime::Node,
            platform: Platform::Linux,
            cwd: "/srv/app".into(),
            cwd_at_start: None,
            home: Some("/home/user".into()),
            credentials: Credentials::default(),
        }
    }

    fn variables(list: &[(&str, &str)]) -> Variables {
        list.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn node_options_are_split_as_node_splits_them() {
        let cases: [(&str, &[&str]); 8] = [
            ("", &[]),
            ("  --a   --b ", &["--a", "--b"]),
            ("--a\t--b", &["--a\t--b"]),
            ("--title=\"one two\"", &["--title=one two"]),
            ("\"--a\"\"b\"", &["--ab"]),
            ("\"a\\\"b\\\\c\"", &["a\"b\\c"]),
            ("a\\b", &["a\\b"]),
            ("'--a b'", &["'--a", "b'"]),
        ];
        for (text, expected) in cases {
            assert_eq!(split_node_options(text), Ok(words(expected)), "{text}");
        }
        assert_eq!(
            split_node_options("--a \""),
            Err(NodeOptionsError::UnterminatedString)
        );
        assert_eq!(
            split_node_options("\"--a\\"),
            Err(NodeOptionsError::InvalidEscape)
        );
    }

    #[test]
    fn the_last_word_about_an_option_counts() {
        let mut facts = facts();
        facts.variables = variables(&[(
            "NODE_OPTIONS",
            "--use_system_ca --tls-cipher-list DEFAULT --openssl-config=/a",
        )]);
        assert_eq!(
            facts.system_ca(),
            SystemCa::On(SystemCaOn::Option(Place::NodeOptions))
        );
        facts.exec_argv = words(&["--no-use-system-ca", "--tls-cipher-list=X"]);
        assert_eq!(
            facts.system_ca(),
            SystemCa::Off(SystemCaOff::Option(Place::CommandLine))
        );
        let options = facts.options();
        assert_eq!(
            options.tls_cipher_list,
            Some(("X".into(), Place::CommandLine))
        );
        assert_eq!(
            options.openssl_config,
            Some(("/a".into(), Place::NodeOptions))
        );
    }

    #[test]
    fn the_variable_counts_only_from_the_start_and_only_as_one() {
        let mut facts = facts();
        facts.variables = variables(&[("NODE_USE_SYSTEM_CA", "1")]);
        assert_eq!(facts.system_ca(), SystemCa::On(SystemCaOn::Variable));
        facts.variables_at_start = Some(Variables::new());
        assert_eq!(facts.system_ca(), SystemCa::Off(SystemCaOff::NotAsked));
        facts.variables_at_start = Some(variables(&[("NODE_USE_SYSTEM_CA", "true")]));
        assert_eq!(facts.system_ca(), SystemCa::Off(SystemCaOff::NotAsked));
        facts.variables_at_start = Some(variables(&[("NODE_USE_SYSTEM_CA", "1")]));
        facts.node = NodeVersion {
            major: 22,
            minor: 18,
        };
        assert_eq!(facts.system_ca(), SystemCa::Off(SystemCaOff::NotAsked));
        facts.node = NodeVersion {
            major: 20,
            minor: 20,
        };
        assert_eq!(facts.system_ca(), SystemCa::Off(SystemCaOff::Unsupported));
    }

    #[test]
    fn a_node_that_is_built_for_openssl_s_store_uses_it_unless_told() {
        let mut facts = facts();
        assert!(!facts.uses_openssl_store());
        facts.build.openssl_store = true;
        facts.variables = variables(&[("NODE_USE_SYSTEM_CA", "1")]);
        assert!(facts.uses_openssl_store());
        assert_eq!(facts.system_ca(), SystemCa::Off(SystemCaOff::OpensslCa));
        // Measured with Debian's Node 18.20.4: the negative option changes nothing, the other one does.
        facts.exec_argv = words(&["--no-use-openssl-ca"]);
        assert!(facts.uses_openssl_store());
        facts.exec_argv = words(&["--use-bundled-ca"]);
        assert!(!facts.uses_openssl_store());
        assert_eq!(facts.system_ca(), SystemCa::On(SystemCaOn::Variable));
    }

    #[test]
    fn deno_has_a_variable_of_its_own_and_no_node_options() {
        let mut facts = facts();
        facts.runtime = Runtime::Deno;
        facts.variables = variables(&[
            ("NODE_USE_SYSTEM_CA", "1"),
            ("NODE_OPTIONS", "--use-openssl-ca --use-system-ca"),
        ]);
        assert_eq!(facts.system_ca(), SystemCa::Off(SystemCaOff::DenoNotAsked));
        assert_eq!(facts.options(), TrustOptions::default());
        facts.variables = variables(&[("DENO_TLS_CA_STORE", "mozilla,system")]);
        assert_eq!(facts.system_ca(), SystemCa::On(SystemCaOn::DenoVariable));
    }

    #[test]
    fn node_options_of_an_env_file_count_when_the_environment_has_none() {
        let mut facts = facts();
        facts.env_files = vec![EnvFile {
            path: "a.env".into(),
            variables: [(
                "NODE_OPTIONS".to_owned(),
                ("--use-system-ca".to_owned(), Some(3)),
            )]
            .into(),
        }];
        facts.variables_at_start = Some(Variables::new());
        assert_eq!(
            facts.system_ca(),
            SystemCa::On(SystemCaOn::Option(Place::NodeOptions))
        );
        facts.variables_at_start = Some(variables(&[("NODE_OPTIONS", "--title=x")]));
        assert_eq!(facts.system_ca(), SystemCa::Off(SystemCaOff::NotAsked));
    }

    #[test]
    fn the_origin_of_a_value_is_told() {
        let mut facts = facts();
        let file = |path: &str, value: &str| EnvFile {
            path: path.into(),
            variables: [("NAME".to_owned(), (value.to_owned(), Some(2)))].into(),
        };
        facts.variables = variables(&[("NAME", "now")]);
        assert_eq!(facts.origin("OTHER"), None);
        assert_eq!(facts.origin("NAME"), Some(Origin::Start));
        facts.variables_at_start = Some(variables(&[("NAME", "before")]));
        assert_eq!(facts.origin("NAME"), Some(Origin::Program));
        facts.dotenv = Some(file(".env", "now"));
        assert!(matches!(facts.origin("NAME"), Some(Origin::Dotenv(it)) if it.line == Some(2)));
        facts.env_files = vec![file("a.env", "now"), file("b.env", "other")];
        assert!(matches!(facts.origin("NAME"), Some(Origin::Dotenv(_))));
        facts.env_files.reverse();
        assert!(
            matches!(facts.origin("NAME"), Some(Origin::EnvFile(it)) if it.path == Path::new("a.env"))
        );
    }

    #[test]
    fn a_privileged_process_does_not_believe_its_environment() {
        let mut facts = facts();
        facts.variables = variables(&[("NODE_EXTRA_CA_CERTS", "/a.pem")]);
        assert_eq!(facts.captured("NODE_EXTRA_CA_CERTS"), Some("/a.pem"));
        let secure = |capabilities| Credentials {
            at_secure: true,
            effective_capabilities: capabilities,
            permitted_capabilities: capabilities,
            ..Credentials::default()
        };
        for (credentials, privilege) in [
            (secure(1 << 13), Some(Privilege::FileCapabilities)),
            (
                secure(NET_BIND_SERVICE | 1 << 13),
                Some(Privilege::FileCapabilities),
            ),
            (secure(NET_BIND_SERVICE), None),
            (
                Credentials {
                    user_differs: true,
                    ..secure(NET_BIND_SERVICE)
                },
                Some(Privilege::SetId),
            ),
        ] {
            facts.credentials = credentials;
            assert_eq!(facts.privilege(), privilege, "{credentials:?}");
            assert_eq!(
                facts.captured("NODE_EXTRA_CA_CERTS").is_none(),
                privilege.is_some()
            );
        }
    }

    #[test]
    fn the_fault_of_a_path_is_named() {
        let mut facts = facts();
        facts.variables = variables(&[("CERTS", "/certs")]);
        let path = |path: &str| path.to_owned();
        let cases = [
            ("/a/b.pem", None),
            ("b.pem", None),
            ("100%.pem", None),
            (
                "~/ca.pem",
                Some(PathFault::Tilde {
                    path: path("/home/user/ca.pem"),
                }),
            ),
            (
                "\"/a.pem\"",
                Some(PathFault::Quoted {
                    path: path("/a.pem"),
                }),
            ),
            (
                "'/a.pem",
                Some(PathFault::Quoted {
                    path: path("/a.pem"),
                }),
            ),
            (
                "/a.pem ",
                Some(PathFault::Blanks {
                    path: path("/a.pem"),
                }),
            ),
            (
                "/a.pem\r",
                Some(PathFault::Blanks {
                    path: path("/a.pem"),
                }),
            ),
            (
                "$CERTS/a.pem",
                Some(PathFault::Variable {
                    path: path("/certs/a.pem"),
                }),
            ),
            (
                "${CERTS}/a.pem",
                Some(PathFault::Variable {
                    path: path("/certs/a.pem"),
                }),
            ),
            (
                "%CERTS%/a.pem",
                Some(PathFault::Variable {
                    path: path("/certs/a.pem"),
                }),
            ),
            (
                "${NONE}/a.pem",
                Some(PathFault::Variable {
                    path: path("<NONE>/a.pem"),
                }),
            ),
            (
                "file:///a.pem",
                Some(PathFault::Url {
                    path: path("/a.pem"),
                }),
            ),
            (
                "/a.pem:/b.pem",
                Some(PathFault::List {
                    paths: vec![path("/a.pem"), path("/b.pem")],
                }),
            ),
            (
                "/a.pem, /b.pem",
                Some(PathFault::List {
                    paths: vec![path("/a.pem"), path("/b.pem")],
                }),
            ),
            (
                "-----BEGIN CERTIFICATE-----\nMII",
                Some(PathFault::InlinePem),
            ),
        ];
        for (value, fault) in cases {
            assert_eq!(facts.path_fault(value), fault, "{value}");
        }
        facts.platform = Platform::Windows;
        assert_eq!(facts.path_fault("C:\\a.pem"), None);
        assert!(facts.is_absolute("C:\\a.pem"));
    }
}
