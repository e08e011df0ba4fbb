//! Rules about CA files: what stands under the name, what kind of file it is, and what is wrong with its blocks.

mod catalogue;
pub mod fixes;

use std::path::Path;

pub use catalogue::*;

use crate::findings::{Finding, Fix, Rule, Severity, escape};
use crate::runtime::Runtime;

/// More names than this are counted, not listed.
const NAMED: usize = 3;
/// More lines than this are counted, not listed.
const LINES: usize = 5;

/// What a finding about a file needs to know of the file.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its name; `None` for bytes.
    pub path: Option<&'a Path>,
    /// What reads it.
    pub runtime: Runtime,
    /// Whether the report offers a repaired copy.
    pub repairable: bool,
    /// Whether it holds binary certificates or containers.
    pub is_binary: bool,
}

impl<'a> File<'a> {
    /// A file that there is nothing to say of but its name.
    pub fn at(path: &'a Path, runtime: Runtime) -> Self {
        Self {
            path: Some(path),
            runtime,
            repairable: false,
            is_binary: false,
        }
    }

    /// The name in backticks, for messages.
    pub fn name(&self) -> String {
        match self.path {
            Some(path) => format!("`{}`", escape(&path.display().to_string())),
            None => "the file".into(),
        }
    }

    /// A finding of `rule` at `line` of this file.
    fn finding(&self, rule: &'static Rule, message: String, line: Option<u32>) -> Finding {
        Finding::new(rule, message).at(self.path, line)
    }

    /// Adds the fixes: the repaired copy where there is one, then what other tools can do; of a fault that leaves nothing to
    /// repair, the way to do without what is damaged.
    fn mend(&self, rule: &'static Rule, finding: Finding) -> Finding {
        let finding = fixes::repair(self)
            .into_iter()
            .chain(fixes::of_rule(rule, self))
            .fold(finding, Finding::fix);
        if finding.fixes.is_empty() && rule.severity == Severity::Error {
            return finding.fix(Fix::new(
                "Put the certificate in the place of the block as its CA gives it out, or delete the block",
            ));
        }
        finding
    }
}

/// Certificates by name: as many as a message can hold, and how many there are.
#[derive(Debug, Clone, Default)]
pub struct Names {
    names: Vec<String>,
    count: usize,
}

impl Names {
    /// Adds one; `name` is asked for only while names are still listed.
    pub fn add(&mut self, name: impl FnOnce() -> String) {
        if self.names.len() < NAMED {
            self.names.push(name());
        }
        self.count += 1;
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.count
    }

    /// `no certificate`, `` `A` ``, `` `A` and `B` ``, `` `A`, `B`, `C` and 4 more certificates ``.
    pub fn list(&self) -> String {
        let quoted: Vec<String> = self.names.iter().map(|name| format!("`{name}`")).collect();
        let more = self.count - self.names.len();
        match (quoted.as_slice(), more) {
            ([], _) => "no certificate".into(),
            ([one], 0) => one.clone(),
            ([most @ .., last], 0) => format!("{} and {last}", most.join(", ")),
            (all, 1) => format!("{} and 1 more certificate", all.join(", ")),
            (all, more) => format!("{} and {more} more certificates", all.join(", ")),
        }
    }
}

/// How Node meets a damaged block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meeting {
    /// It steps over the block, or does not see that there is one, and goes on.
    PassesBy,
    /// It ends its reading there without a word.
    StopsSilently,
    /// It ends its reading there with a warning.
    StopsWarning,
    /// It loads the block, and loses what the block swallows.
    Swallows,
    /// It has stopped before, and would stop there again.
    Behind,
}

/// Blocks with the same fault.
#[derive(Debug, Clone)]
pub struct Damage {
    /// The lines of the faults, all of them.
    pub lines: Vec<u32>,
    /// How many blocks.
    pub blocks: usize,
    /// How Node meets the first of them that it meets.
    pub meeting: Meeting,
    /// The certificates that are lost by it: their own and, where Node stops, all behind.
    pub lost: Names,
    /// How many of the blocks hold nothing that can be read.
    pub unreadable: usize,
    /// What is worth saying besides, such as a value that was found.
    pub note: Option<String>,
}

/// The lines, in parentheses; nothing where there are none.
fn places(lines: &[u32]) -> String {
    let listed: Vec<String> = lines.iter().take(LINES).map(u32::to_string).collect();
    let more = lines.len().saturating_sub(LINES);
    match (listed.as_slice(), more) {
        ([], _) => String::new(),
        ([one], 0) => format!(" (line {one})"),
        (all, 0) => format!(" (lines {})", all.join(", ")),
        (all, more) => format!(" (lines {} and {more} more)", all.join(", ")),
    }
}

impl Damage {
    fn consequence(&self, runtime: Runtime) -> String {
        let lost = match (self.unreadable, self.lost.count()) {
            (0, 0) => "no certificate is lost by it".to_owned(),
            (0, 1) => format!("{} is lost", self.lost.list()),
            (0, _) => format!("{} are lost", self.lost.list()),
            (1, 0) => "the block is lost".to_owned(),
            (_, 0) => "the blocks are lost".to_owned(),
            (1, _) => format!("the block is lost, and with it {}", self.lost.list()),
            (_, _) => format!("the blocks are lost, and with them {}", self.lost.list()),
        };
        let name = runtime.as_str();
        let drops_all = runtime.takes_all_or_nothing();
        let what = match self.meeting {
            Meeting::PassesBy => format!("{name} passes by without a warning"),
            Meeting::StopsSilently => format!("{name} stops reading there without a warning"),
            Meeting::StopsWarning if drops_all => {
                format!("{name} warns and drops the whole file because of it")
            }
            Meeting::StopsWarning => format!("{name} warns and stops reading there"),
            Meeting::Swallows => {
                format!("{name} takes it and the next block for one, without a warning")
            }
            Meeting::Behind if drops_all => {
                format!("{name} has dropped the file before, and would drop it for this, too")
            }
            Meeting::Behind => format!("{name} has stopped before, and would stop there again"),
        };
        format!("{what}: {lost}")
    }
}

/// A finding about blocks: `one` and `many` say what is wrong with one of them and with several (`{}` is their number).
pub fn damaged(
    rule: &'static Rule,
    (one, many): (&str, &str),
    file: &File<'_>,
    damage: &Damage,
) -> Finding {
    let subject = if damage.blocks == 1 {
        one.to_owned()
    } else {
        many.replace("{}", &damage.blocks.to_string())
    };
    let message = format!(
        "{subject}{}; {}",
        places(&damage.lines),
        damage.consequence(file.runtime)
    );
    let mut finding = file.finding(rule, message, damage.lines.first().copied());
    if let Some(note) = &damage.note {
        finding = finding.detail(note.clone());
    }
    file.mend(rule, finding)
}

/// A finding about the whole file: what it is, and that Node loads nothing from it.
pub fn whole(rule: &'static Rule, file: &File<'_>, what: &str, found: &Names) -> Finding {
    let held = match found.count() {
        0 => String::new(),
        1 => format!("; it holds {}, which is lost", found.list()),
        count => format!(
            "; it holds {count} certificates, all lost: {}",
            found.list()
        ),
    };
    let message = format!(
        "{} is {what}: {}{held}",
        file.name(),
        file.runtime.loads_nothing()
    );
    file.mend(rule, file.finding(rule, message, None))
}

/// The path leads to nothing that can be read; `rule` tells why, `error` is what the system said.
pub fn unreadable(
    path: &Path,
    runtime: Runtime,
    error: &std::io::Error,
    nearby: Option<&Path>,
) -> Finding {
    let rule = match error.kind() {
        std::io::ErrorKind::NotFound => &MISSING,
        std::io::ErrorKind::PermissionDenied => &NOT_READABLE,
        std::io::ErrorKind::NotADirectory => &PATH_NOT_A_DIRECTORY,
        std::io::ErrorKind::InvalidFilename => &NAME_TOO_LONG,
        _ if error.raw_os_error() == Some(too_many_links()) => &SYMLINK_LOOP,
        _ => &READ_ERROR,
    };
    let file = File::at(path, runtime);
    let message = format!(
        "{} cannot be read ({}): {} warns and loads nothing from it",
        file.name(),
        strerror(error),
        runtime.as_str()
    );
    let mut finding = file.finding(rule, message, None);
    if let Some(nearby) = nearby {
        finding = finding.detail(format!(
            "the first part of the path that is not as it must be: `{}`",
            escape(&nearby.display().to_string())
        ));
    }
    for fix in fixes::of_rule(rule, &file) {
        finding = finding.fix(fix);
    }
    finding
}

/// `strerror` of a system error, as OpenSSL puts it into its own texts.
pub fn strerror(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text.get(..end).unwrap_or(&text).to_owned(),
        None => text,
    }
}

/// ELOOP, for which the standard library has no stable kind.
fn too_many_links() -> i32 {
    #[cfg(unix)]
    {
        libc::ELOOP
    }
    #[cfg(not(unix))]
    {
        // ERROR_CANT_RESOLVE_FILENAME
        1921
    }
}

/// A finding about what stands under the path: `message` follows the name.
pub fn place(rule: &'static Rule, file: &File<'_>, message: &str) -> Finding {
    let mut finding = file.finding(rule, format!("{} {message}", file.name()), None);
    for fix in fixes::of_rule(rule, file) {
        finding = finding.fix(fix);
    }
    finding
}

/// The file is empty, or blanks and NULs alone.
pub fn empty(file: &File<'_>, what: &str) -> Finding {
    let message = format!("{} {what}: {}", file.name(), file.runtime.loads_nothing());
    fixes::of_rule(&EMPTY, file)
        .into_iter()
        .fold(file.finding(&EMPTY, message, None), Finding::fix)
}

/// There is no certificate in it; `held` says what is.
pub fn no_certificate(file: &File<'_>, held: &str) -> Finding {
    let message = format!("{} holds no certificate: {held}", file.name());
    file.finding(&NO_CERTIFICATE, message, None).fix(Fix::new(
        "Put the certificate of the CA into the file as PEM, or point NODE_EXTRA_CA_CERTS at the file that holds it",
    ))
}

/// Private keys are in the file.
pub fn private_keys(file: &File<'_>, count: usize, lines: &[u32]) -> Finding {
    let what = if count == 1 {
        "holds a private key".to_owned()
    } else {
        format!("holds {count} private keys")
    };
    let message = format!(
        "{} {what}{}; a CA file is read by every process and copied into images, and a key has no use in it",
        file.name(),
        places(lines)
    );
    file.mend(
        &PRIVATE_KEY,
        file.finding(&PRIVATE_KEY, message, lines.first().copied()),
    )
}

/// Certificates in blocks that are commented out.
pub fn commented_out(file: &File<'_>, count: usize, lines: &[u32]) -> Finding {
    let what = if count == 1 {
        "a block is commented out".to_owned()
    } else {
        format!("{count} blocks are commented out")
    };
    let message = format!(
        "{what}{}; {} does not load it, and neither does the repaired copy",
        places(lines),
        file.runtime.as_str()
    );
    file.finding(&COMMENTED_OUT, message, lines.first().copied())
}

/// Only the first part of the file was read.
pub fn too_large(file: &File<'_>, limit: u64) -> Finding {
    let message = format!(
        "{} is larger than {} MiB, and only that much of it was inspected; {} reads all of it at every start",
        file.name(),
        limit / (1024 * 1024),
        file.runtime.as_str()
    );
    file.finding(&TOO_LARGE, message, None).fix(Fix::new(
        "Point NODE_EXTRA_CA_CERTS at a file that holds the CA certificates alone",
    ))
}

/// Not every block is listed.
pub fn too_many_blocks(file: &File<'_>) -> Finding {
    let message = format!(
        "{} holds far more blocks than a CA file can need, and not all of them are listed; {} reads all of them at every start",
        file.name(),
        file.runtime.as_str()
    );
    file.finding(&TOO_LARGE, message, None).fix(Fix::new(
        "Point NODE_EXTRA_CA_CERTS at a file that holds the CA certificates alone",
    ))
}

/// Reading failed after the file was opened.
pub fn cut_off(file: &File<'_>, error: &std::io::Error) -> Finding {
    let message = format!(
        "{} opens, and reading it fails ({}): {} takes that for the end of the file and says nothing",
        file.name(),
        strerror(error),
        file.runtime.as_str()
    );
    file.finding(&READ_ERROR, message, None)
}

/// The file changed while it was read.
pub fn changed(file: &File<'_>) -> Finding {
    let message = format!(
        "{} changed while it was read: this report, and a {} that starts now, may see part of it",
        file.name(),
        file.runtime.as_str()
    );
    file.finding(&CHANGED, message, None).fix(
        Fix::new("Write a new file beside it and rename it into place, so that no reader sees half of it").with(
            crate::findings::Shell::Bash,
            fixes::bash_rename(file),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Names {
        let mut names = Names::default();
        for index in 0..count {
            names.add(|| format!("N{index}"));
        }
        names
    }

    #[test]
    fn zero_one_and_many_are_worded_apart() {
        assert_eq!(names(0).list(), "no certificate");
        assert_eq!(names(1).list(), "`N0`");
        assert_eq!(names(2).list(), "`N0` and `N1`");
        assert_eq!(names(3).list(), "`N0`, `N1` and `N2`");
        assert_eq!(names(4).list(), "`N0`, `N1`, `N2` and 1 more certificate");
        assert_eq!(names(9).list(), "`N0`, `N1`, `N2` and 6 more certificates");
    }

    #[test]
    fn system_errors_have_their_own_rules() {
        let rule = |code| {
            unreadable(
                Path::new("x"),
                Runtime::Node,
                &std::io::Error::from_raw_os_error(code),
                None,
            )
            .rule
            .id
        };
        assert_eq!(rule(2), "ca-file-missing");
        assert_eq!(rule(13), "ca-file-not-readable");
        #[cfg(target_os = "linux")]
        {
            assert_eq!(rule(20), "ca-file-path-not-a-directory");
            assert_eq!(rule(36), "ca-file-name-too-long");
            assert_eq!(rule(40), "ca-file-symlink-loop");
            assert_eq!(rule(5), "ca-file-read-error");
        }
    }

    #[test]
    fn strerror_is_the_system_text_alone() {
        let error = std::io::Error::from_raw_os_error(2);
        assert_eq!(strerror(&error), "No such file or directory");
    }
}
