//! Rules about the environment of the process.

use std::path::Path;

use crate::env::{NodeOptionsError, Origin, Privilege, Switch, holds_pem};
use crate::findings::{Actor, Finding, Fix, Rule, Severity, Shell, escape};
use crate::node::NodeVersion;
use crate::runtime::Runtime;

/// The rules of this area.
pub static RULES: &[&Rule] = &[
    &EXTRA_CA_FILE_MISSING,
    &EXTRA_CA_FILE_UNREADABLE,
    &EXTRA_CA_PATH_TILDE,
    &EXTRA_CA_PATH_QUOTED,
    &EXTRA_CA_PATH_LIST,
    &EXTRA_CA_PATH_BLANKS,
    &EXTRA_CA_PATH_VARIABLE,
    &EXTRA_CA_PATH_URL,
    &EXTRA_CA_PATH_RELATIVE,
    &EXTRA_CA_PATH_MOVED,
    &EXTRA_CA_INLINE_PEM,
    &EXTRA_CA_SET_AT_RUN_TIME,
    &EXTRA_CA_IN_ENV_FILE,
    &EXTRA_CA_CHANGED_AT_RUN_TIME,
    &EXTRA_CA_EMPTIED,
    &EXTRA_CA_NOT_IN_EVERY_CONTEXT,
    &ENVIRONMENT_IGNORED,
    &VERIFICATION_DISABLED,
    &VERIFICATION_SWITCH_NEAR_MISS,
    &SSL_CERT_WITHOUT_EFFECT,
    &SSL_CERT_MISSING,
    &SSL_CERT_HIDES_SYSTEM_STORE,
    &SYSTEM_CA_NEAR_MISS,
    &SYSTEM_CA_UNSUPPORTED,
    &SYSTEM_CA_SET_TOO_LATE,
    &SYSTEM_CA_OVERRULED,
    &SYSTEM_CA_OPTION_UNSUPPORTED,
    &CA_OPTIONS_CONFLICT,
    &CA_OPTIONS_SUPERSEDED,
    &NODE_OPTIONS_MALFORMED,
    &SECURITY_LEVEL_CHANGED,
    &OPENSSL_CONFIG_MISSING,
    &OPENSSL_CONFIG_REJECTED,
    &OPENSSL_STORE_EMPTY,
    &SYSTEM_CA_NOT_TRUSTED,
    &BUNDLED_LIST_DIFFERS,
    &CLOCK_IMPLAUSIBLE,
];

const NODE_EXTRA: &str = "NODE_EXTRA_CA_CERTS";
const EXAMPLE_FILE: &str = "/etc/ssl/certs/company-ca.pem";

// ---- NODE_EXTRA_CA_CERTS: the value ----

/// `NODE_EXTRA_CA_CERTS` names no file.
pub static EXTRA_CA_FILE_MISSING: Rule = Rule {
    id: "extra-ca-file-missing",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS names a file that does not exist",
    finds: "`NODE_EXTRA_CA_CERTS` is set, and nothing stands under the name it holds.",
    why: "Node opens the value as a file name, to the letter. When that fails it prints one line on stderr and goes on without any extra \
certificate. Node 18 and 20 do so at startup; Node 22 and later at the first use of TLS, so a program that makes no connection for a while \
says nothing for a while. `--no-warnings` does not hide the line, a log that drops stderr does.",
    looks: "Warning: Ignoring extra certs from `/etc/ssl/company.pem`, load failed: error:80000002:system library::No such file or directory",
    fix: "Name the file by its absolute path, before the process starts. In a container, copy it into the image first: a mount that is \
missing looks the same.\n\n```bash\nexport NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```\n\n```powershell\n$env:NODE_EXTRA_CA_CERTS \
= 'C:\\certs\\company-ca.pem'\n```\n\n```dockerfile\nCOPY company-ca.pem /etc/ssl/certs/company-ca.pem\nENV \
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`, `UseExtraCaCerts`; OpenSSL `BIO_new_file`.",
};

/// The file that `NODE_EXTRA_CA_CERTS` names does not exist.
pub fn extra_ca_file_missing(value: &str, opened: &Path) -> Finding {
    let place = if Path::new(value) == opened {
        String::new()
    } else {
        format!(" (looked for as {})", shown(&opened.display().to_string()))
    };
    Finding::new(
        &EXTRA_CA_FILE_MISSING,
        format!(
            "{NODE_EXTRA} names {}, which does not exist{place}: Node prints one warning and trusts no extra certificate",
            shown(value)
        ),
    )
    .at(Some(opened), None)
    .fix(set_variable(
        "Name a file that exists, by its absolute path",
        NODE_EXTRA,
        EXAMPLE_FILE,
    ))
    .fix(
        Fix::new("In a container, copy the file into the image").with(
            Shell::Dockerfile,
            format!("COPY company-ca.pem {EXAMPLE_FILE}\nENV {NODE_EXTRA}={EXAMPLE_FILE}"),
        ),
    )
}

/// `NODE_EXTRA_CA_CERTS` names a file that cannot be opened.
pub static EXTRA_CA_FILE_UNREADABLE: Rule = Rule {
    id: "extra-ca-file-unreadable",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS names a file that this process may not read",
    finds: "`NODE_EXTRA_CA_CERTS` names something that cannot be opened: the file or a directory above it denies permission, a part of the \
path is no directory, or links lead in a circle.",
    why: "Node opens the file with the rights of the process. When that fails it prints one line on stderr and goes on without any extra \
certificate. A file made by root with mode 600 and a service that runs as another user is the usual case.",
    looks: "Warning: Ignoring extra certs from `/etc/ssl/company.pem`, load failed: error:8000000D:system library::Permission denied",
    fix: "A CA certificate is no secret: make it readable for everybody.\n\n```bash\nchmod a+r /etc/ssl/certs/company-ca.pem\n```\n\n\
```powershell\nicacls C:\\certs\\company-ca.pem /grant '*S-1-1-0:R'\n```\n\n```dockerfile\nCOPY --chmod=644 company-ca.pem \
/etc/ssl/certs/company-ca.pem\n```",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`; OpenSSL `BIO_new_file`.",
};

/// The file that `NODE_EXTRA_CA_CERTS` names cannot be opened; `reason` is what the system says.
pub fn extra_ca_file_unreadable(value: &str, opened: &Path, reason: &str) -> Finding {
    let path = opened.display().to_string();
    Finding::new(
        &EXTRA_CA_FILE_UNREADABLE,
        format!(
            "{NODE_EXTRA} names {}, which cannot be read ({}): Node prints one warning and trusts no extra certificate",
            shown(value),
            escape(reason)
        ),
    )
    .at(Some(opened), None)
    .fix(
        Fix::new("Let every user read the file: a CA certificate is no secret")
            .with(Shell::Bash, format!("chmod a+r {}", bash(&path)))
            .with(
                Shell::PowerShell,
                format!("icacls {} /grant '*S-1-1-0:R'", powershell(&path)),
            )
            .with(
                Shell::Dockerfile,
                format!("COPY --chmod=644 company-ca.pem {}", dockerfile_word(&path)),
            ),
    )
}

/// A `~` in `NODE_EXTRA_CA_CERTS`.
pub static EXTRA_CA_PATH_TILDE: Rule = Rule {
    id: "extra-ca-path-tilde",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS begins with ~, which only a shell understands",
    finds: "The value begins with `~` and no file of that very name exists.",
    why: "Node uses the value as a file name, to the letter. A shell replaces `~` only at the start of an unquoted word: not within quotes, \
not in a Dockerfile's `ENV`, not in an env file, not in a systemd unit.",
    looks: "Warning: Ignoring extra certs from `~/company-ca.pem`, load failed: error:80000002:system library::No such file or directory",
    fix: "Write the home directory out.\n\n```bash\nexport NODE_EXTRA_CA_CERTS=\"$HOME/company-ca.pem\"\n```\n\n```powershell\n\
$env:NODE_EXTRA_CA_CERTS = \"$HOME\\company-ca.pem\"\n```\n\n```dockerfile\nENV NODE_EXTRA_CA_CERTS=/home/node/company-ca.pem\n```",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`.",
};

/// `NODE_EXTRA_CA_CERTS` begins with `~`; `path` is what a shell makes of it.
pub fn extra_ca_path_tilde(value: &str, path: &str) -> Finding {
    taken_literally(
        &EXTRA_CA_PATH_TILDE,
        value,
        "its `~` is no home directory to Node",
        "Write the home directory out",
        path,
    )
}

/// Quotes in `NODE_EXTRA_CA_CERTS`.
pub static EXTRA_CA_PATH_QUOTED: Rule = Rule {
    id: "extra-ca-path-quoted",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS has quotes in its value",
    finds: "The value begins or ends with a quote and no file of that very name exists.",
    why: "Node uses the value as a file name, to the letter. Quotes get into it where nothing takes them off: `set NAME=\"…\"` in \
cmd.exe, `docker run --env-file`, a Kubernetes manifest, single quotes within double ones.",
    looks: "Warning: Ignoring extra certs from `\"/etc/ssl/company.pem\"`, load failed: error:80000002:system library::No such file or directory",
    fix: "Set the value without quotes.\n\n```bash\nexport NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```\n\n```powershell\n\
$env:NODE_EXTRA_CA_CERTS = 'C:\\certs\\company-ca.pem'\n```\n\nIn cmd.exe: `set NODE_EXTRA_CA_CERTS=C:\\certs\\company-ca.pem`",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`.",
};

/// Quotes are part of `NODE_EXTRA_CA_CERTS`; `path` is without them.
pub fn extra_ca_path_quoted(value: &str, path: &str) -> Finding {
    taken_literally(
        &EXTRA_CA_PATH_QUOTED,
        value,
        "the quotes are part of the name",
        "Set the value without the quotes",
        path,
    )
}

/// Several paths in `NODE_EXTRA_CA_CERTS`.
pub static EXTRA_CA_PATH_LIST: Rule = Rule {
    id: "extra-ca-path-list",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS lists several files, and Node takes one",
    finds: "The value has a separator (`:`, `;` or `,`) between parts that look like paths, and no file of that very name exists.",
    why: "Node opens one file. Unlike `PATH` or `SSL_CERT_DIR` of other programs, the variable is no list.",
    looks: "Warning: Ignoring extra certs from `/a.pem:/b.pem`, load failed: error:80000002:system library::No such file or directory",
    fix: "Put the certificates into one file. `trust-anchors export` writes one that is clean; `cat` needs a line feed at each file's \
end.\n\n```bash\nawk 1 /a.pem /b.pem > /etc/ssl/certs/company-ca.pem\nexport NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```\n\n\
```powershell\nGet-Content a.pem, b.pem | Set-Content -Encoding ascii company-ca.pem\n```",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`.",
};

/// `NODE_EXTRA_CA_CERTS` lists these paths.
pub fn extra_ca_path_list(value: &str, paths: &[String]) -> Finding {
    let finding = Finding::new(
        &EXTRA_CA_PATH_LIST,
        format!(
            "{NODE_EXTRA} is {}, and Node takes the whole for one file name: no file is found and no extra certificate is trusted",
            shown(value)
        ),
    );
    let [only] = paths else {
        let joined = |quote: fn(&str) -> String, separator: &str| {
            let quoted: Vec<String> = paths.iter().map(|path| quote(path)).collect();
            quoted.join(separator)
        };
        return finding.fix(
            Fix::new("Put the certificates into one file and name that")
                .with(
                    Shell::Bash,
                    format!(
                        "awk 1 {} > {EXAMPLE_FILE}\nexport {NODE_EXTRA}={EXAMPLE_FILE}",
                        joined(bash, " ")
                    ),
                )
                .with(
                    Shell::PowerShell,
                    format!(
                        "Get-Content {} | Set-Content -Encoding ascii C:\\certs\\company-ca.pem\n$env:{NODE_EXTRA} = \
'C:\\certs\\company-ca.pem'",
                        joined(powershell, ", ")
                    ),
                )
                .with(
                    Shell::Dockerfile,
                    format!(
                        "RUN awk 1 {} > {EXAMPLE_FILE}\nENV {NODE_EXTRA}={EXAMPLE_FILE}",
                        joined(bash, " ")
                    ),
                ),
        );
    };
    finding.fix(set_variable("Name the file alone", NODE_EXTRA, only))
}

/// Blanks at an end of `NODE_EXTRA_CA_CERTS`.
pub static EXTRA_CA_PATH_BLANKS: Rule = Rule {
    id: "extra-ca-path-blanks",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS has a blank or line end at its end",
    finds: "The value begins or ends with a blank, tab, carriage return or line feed, and no file of that very name exists.",
    why: "Node uses the value as a file name, to the letter. A carriage return comes from a script or env file with Windows line ends; a \
blank from `set NAME=value & …` in cmd.exe; a line feed from a secret that was written with `echo`. In Node's own warning it cannot be seen.",
    looks: "Warning: Ignoring extra certs from `/etc/ssl/company.pem `, load failed: error:80000002:system library::No such file or directory",
    fix: "Set the value without it, and save the file it comes from with LF line ends.\n\n```bash\nsed -i 's/[[:space:]]*$//' .env\n```\n\n\
```powershell\n$env:NODE_EXTRA_CA_CERTS = $env:NODE_EXTRA_CA_CERTS.Trim()\n```",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`.",
};

/// A blank or line end at an end of `NODE_EXTRA_CA_CERTS`; `path` is without it.
pub fn extra_ca_path_blanks(value: &str, path: &str) -> Finding {
    let end = value
        .chars()
        .next_back()
        .filter(|last| last.is_whitespace())
        .or_else(|| value.chars().next());
    let name = match end {
        Some(' ') => "a blank",
        Some('\t') => "a tab",
        Some('\r') => "a carriage return",
        Some('\n') => "a line feed",
        _ => "white space",
    };
    taken_literally(
        &EXTRA_CA_PATH_BLANKS,
        value,
        &format!("{name} at its end is part of the name"),
        "Set the value without it",
        path,
    )
}

/// An unexpanded variable in `NODE_EXTRA_CA_CERTS`.
pub static EXTRA_CA_PATH_VARIABLE: Rule = Rule {
    id: "extra-ca-path-variable",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS holds the name of a variable instead of its value",
    finds: "The value holds `$NAME`, `${NAME}` or `%NAME%`, and no file of that very name exists.",
    why: "Node uses the value as a file name, to the letter. Nothing has put the variable's value in its place: single quotes in a \
shell, an env file, a systemd unit, a `%NAME%` outside cmd.exe or a `$NAME` within it.",
    looks: "Warning: Ignoring extra certs from `$HOME/ca.pem`, load failed: error:80000002:system library::No such file or directory",
    fix: "Write the value out, or let the shell put it in.\n\n```bash\nexport NODE_EXTRA_CA_CERTS=\"$HOME/ca.pem\"\n```\n\n```powershell\n\
$env:NODE_EXTRA_CA_CERTS = \"$HOME\\ca.pem\"\n```\n\n```dockerfile\nENV NODE_EXTRA_CA_CERTS=/home/node/ca.pem\n```",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`.",
};

/// `NODE_EXTRA_CA_CERTS` holds a variable's name; `path` is with the value in its place.
pub fn extra_ca_path_variable(value: &str, path: &str) -> Finding {
    taken_literally(
        &EXTRA_CA_PATH_VARIABLE,
        value,
        "no variable is put into it",
        "Write the value out",
        path,
    )
}

/// A URL in `NODE_EXTRA_CA_CERTS`.
pub static EXTRA_CA_PATH_URL: Rule = Rule {
    id: "extra-ca-path-url",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS is a file:// URL, and Node wants a path",
    finds: "The value begins with `file:`, and no file of that very name exists.",
    why: "Node uses the value as a file name, to the letter; it is not parsed as a URL.",
    looks: "Warning: Ignoring extra certs from `file:///etc/ssl/company.pem`, load failed: error:80000002:system library::No such file or directory",
    fix: "Set the path alone.\n\n```bash\nexport NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```\n\n```powershell\n\
$env:NODE_EXTRA_CA_CERTS = 'C:\\certs\\company-ca.pem'\n```",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`.",
};

/// `NODE_EXTRA_CA_CERTS` is a URL of `path`.
pub fn extra_ca_path_url(value: &str, path: &str) -> Finding {
    taken_literally(
        &EXTRA_CA_PATH_URL,
        value,
        "it is no URL to Node",
        "Set the path alone",
        path,
    )
}

/// A relative path in `NODE_EXTRA_CA_CERTS`.
pub static EXTRA_CA_PATH_RELATIVE: Rule = Rule {
    id: "extra-ca-path-relative",
    severity: Severity::Info,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS is a relative path",
    finds: "The value is a relative path, and the file is there today.",
    why: "The path is taken from the working directory: at startup on Node 18 and 20, at the first use of TLS on Node 22 and later. A \
process that is started from another directory, and on Node 22 and later one that changes directory first, does not find the file.",
    looks: "note[extra-ca-path-relative]: NODE_EXTRA_CA_CERTS is the relative path `certs/ca.pem`",
    fix: "Make it absolute.\n\n```bash\nexport NODE_EXTRA_CA_CERTS=\"$PWD/certs/ca.pem\"\n```\n\n```powershell\n\
$env:NODE_EXTRA_CA_CERTS = \"$PWD\\certs\\ca.pem\"\n```",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`; Node 22 and later load in a thread that the first use of TLS starts.",
};

/// `NODE_EXTRA_CA_CERTS` is relative, and found as `opened`.
pub fn extra_ca_path_relative(value: &str, opened: &Path) -> Finding {
    Finding::new(
        &EXTRA_CA_PATH_RELATIVE,
        format!(
            "{NODE_EXTRA} is the relative path {}: it is found from this working directory and from no other",
            shown(value)
        ),
    )
    .at(Some(opened), None)
    .fix(set_variable(
        "Make the path absolute",
        NODE_EXTRA,
        &opened.display().to_string(),
    ))
}

/// A relative path in `NODE_EXTRA_CA_CERTS` after a change of directory.
pub static EXTRA_CA_PATH_MOVED: Rule = Rule {
    id: "extra-ca-path-moved",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS is relative, and the working directory has changed",
    finds: "The value is a relative path, the file is where the process started, and the process has since changed its directory to one \
that has no such file (Node 22 and later).",
    why: "Node 22 and later open the file at the first use of TLS, from the directory the process is in by then. Node 18 and 20 open it at \
startup and are not affected.",
    looks: "Warning: Ignoring extra certs from `ca.pem`, load failed: error:80000002:system library::No such file or directory",
    fix: "Make it absolute.\n\n```bash\nexport NODE_EXTRA_CA_CERTS=\"$PWD/certs/ca.pem\"\n```\n\n```powershell\n\
$env:NODE_EXTRA_CA_CERTS = \"$PWD\\certs\\ca.pem\"\n```",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`, started off-thread by `lib/tls.js` on Node 22 and later.",
};

/// `NODE_EXTRA_CA_CERTS` is relative to where the process started: there it is `found`, here it would be `looked_for`.
pub fn extra_ca_path_moved(value: &str, found: &Path, looked_for: &Path) -> Finding {
    Finding::new(
        &EXTRA_CA_PATH_MOVED,
        format!(
            "{NODE_EXTRA} is the relative path {}, and the process has changed its working directory: Node looks for {} at the first use \
of TLS and finds nothing, unless TLS was used before the change",
            shown(value),
            shown(&looked_for.display().to_string())
        ),
    )
    .at(Some(found), None)
    .fix(set_variable(
        "Make the path absolute",
        NODE_EXTRA,
        &found.display().to_string(),
    ))
}

/// A certificate's text in `NODE_EXTRA_CA_CERTS`.
pub static EXTRA_CA_INLINE_PEM: Rule = Rule {
    id: "extra-ca-inline-pem",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS holds a certificate instead of the name of a file",
    finds: "The value holds a PEM block.",
    why: "Node takes the value for a file name; the whole text of the certificate is printed as one in the warning. Secrets of a CI \
system are often set like this.",
    looks: "Warning: Ignoring extra certs from `-----BEGIN CERTIFICATE-----…`, load failed: error:80000002:system library::No such file or directory",
    fix: "Write the text into a file before the process starts.\n\n```bash\nprintf '%s\\n' \"$NODE_EXTRA_CA_CERTS\" > \
\"$HOME/company-ca.pem\"\nexport NODE_EXTRA_CA_CERTS=\"$HOME/company-ca.pem\"\n```\n\n```powershell\nSet-Content -Encoding ascii \
company-ca.pem $env:NODE_EXTRA_CA_CERTS\n$env:NODE_EXTRA_CA_CERTS = \"$PWD\\company-ca.pem\"\n```\n\n```dockerfile\nCOPY company-ca.pem \
/etc/ssl/certs/company-ca.pem\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```\n\nOr give the text to the program: \
`loadTrustStoreSync({ ca: text })`.",
    source: "Node `src/crypto/crypto_context.cc`: `LoadCertsFromFile`.",
};

/// `NODE_EXTRA_CA_CERTS` is a text of `characters` with a PEM block. The text itself is never shown: it may hold a key.
pub fn extra_ca_inline_pem(characters: usize) -> Finding {
    Finding::new(
        &EXTRA_CA_INLINE_PEM,
        format!(
            "{NODE_EXTRA} holds the text of a certificate ({characters} characters) where Node wants the name of a file: no extra \
certificate is trusted"
        ),
    )
    .fix(
        Fix::new("Write the text into a file, and name that")
            .with(
                Shell::Bash,
                format!(
                    "printf '%s\\n' \"${NODE_EXTRA}\" > \"$HOME/company-ca.pem\"\nexport {NODE_EXTRA}=\"$HOME/company-ca.pem\""
                ),
            )
            .with(
                Shell::PowerShell,
                format!(
                    "Set-Content -Encoding ascii \"$HOME\\company-ca.pem\" $env:{NODE_EXTRA}\n$env:{NODE_EXTRA} = \
\"$HOME\\company-ca.pem\""
                ),
            )
            .with(
                Shell::Dockerfile,
                format!("COPY company-ca.pem {EXAMPLE_FILE}\nENV {NODE_EXTRA}={EXAMPLE_FILE}"),
            ),
    )
    .fix(
        Fix::new("Or give the text to the program").with_code(
            "const { loadTrustStoreSync } = require('trust-anchors')\n\
const agent = loadTrustStoreSync({ ca: process.env.COMPANY_CA }).agent()",
        ),
    )
}

// ---- NODE_EXTRA_CA_CERTS: when and by whom it is set ----

/// `NODE_EXTRA_CA_CERTS` set by the program.
pub static EXTRA_CA_SET_AT_RUN_TIME: Rule = Rule {
    id: "extra-ca-set-at-run-time",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS was set after the process had started",
    finds: "The process started without `NODE_EXTRA_CA_CERTS` and has it now: set by the program, by `dotenv` or by \
`process.loadEnvFile()`. What the process started with is read from `/proc/self/environ`, so this is found on Linux.",
    why: "Node takes the variable once, at startup. Setting `process.env` later changes nothing for this process; child processes \
started afterwards do get it.",
    looks: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY, although process.env.NODE_EXTRA_CA_CERTS is what it should be",
    fix: "Set it before the process starts, or load the file in the program.\n\n```bash\nNODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem \
node app.js\n```\n\n```powershell\n$env:NODE_EXTRA_CA_CERTS = 'C:\\certs\\company-ca.pem'; node app.js\n```\n\n```dockerfile\nENV \
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```\n\n```js\nconst { loadTrustStoreSync } = require('trust-anchors')\n\
const agent = loadTrustStoreSync().agent()\n```",
    source: "Node `src/node.cc`: `InitializeOncePerProcessInternal` (the variable is read once); `UseExtraCaCerts`.",
};

/// The process set `NODE_EXTRA_CA_CERTS` to `value` too late.
pub fn extra_ca_set_at_run_time(value: &str, origin: &Origin) -> Finding {
    let finding = Finding::new(
        &EXTRA_CA_SET_AT_RUN_TIME,
        format!(
            "{NODE_EXTRA} was set to {} by {}, after the process had started: Node read it before, so the file is not trusted here",
            shown(value),
            by_whom(origin)
        ),
    )
    .fix(before_start(NODE_EXTRA, value))
    .fix(in_the_program());
    located(finding, origin)
}

/// `NODE_EXTRA_CA_CERTS` in an env file.
pub static EXTRA_CA_IN_ENV_FILE: Rule = Rule {
    id: "extra-ca-in-env-file",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS comes from --env-file, which is too late",
    finds: "A file given with `--env-file` or `--env-file-if-exists` sets `NODE_EXTRA_CA_CERTS`, and the process started without it.",
    why: "Node reads env files into `process.env`, but takes `NODE_EXTRA_CA_CERTS` from the environment the process was started with. \
`NODE_OPTIONS`, `SSL_CERT_FILE`, `SSL_CERT_DIR` and `NODE_TLS_REJECT_UNAUTHORIZED` in the same file do work.",
    looks: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY, although process.env.NODE_EXTRA_CA_CERTS is what it should be",
    fix: "Set it before the process starts.\n\n```bash\nexport NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\nnode --env-file=.env \
app.js\n```\n\n```powershell\n$env:NODE_EXTRA_CA_CERTS = 'C:\\certs\\company-ca.pem'; node --env-file=.env app.js\n```\n\n\
```dockerfile\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```",
    source: "Node `src/node.cc`: `InitializeNodeWithArgsInternal` (env files), `InitializeOncePerProcessInternal`; `src/node_dotenv.cc`.",
};

/// An env file sets `NODE_EXTRA_CA_CERTS` to `value`.
pub fn extra_ca_in_env_file(value: &str, origin: &Origin) -> Finding {
    let finding = Finding::new(
        &EXTRA_CA_IN_ENV_FILE,
        format!(
            "{NODE_EXTRA} is set to {} by {}: Node reads it before env files, so the file is not trusted",
            shown(value),
            by_whom(origin)
        ),
    )
    .fix(before_start(NODE_EXTRA, value))
    .fix(in_the_program());
    located(finding, origin)
}

/// `NODE_EXTRA_CA_CERTS` changed by the program.
pub static EXTRA_CA_CHANGED_AT_RUN_TIME: Rule = Rule {
    id: "extra-ca-changed-at-run-time",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS was changed or deleted after the process had started",
    finds: "The process started with one `NODE_EXTRA_CA_CERTS` and now has another, or none. Found on Linux, where `/proc/self/environ` \
tells what the process started with.",
    why: "This process goes on with the value it started with; child processes and workers' `tls.getCACertificates('default')` see the new \
one. Parent and child then trust different certificates.",
    looks: "warning[extra-ca-changed-at-run-time]: NODE_EXTRA_CA_CERTS was `/a.pem` at start and is `/b.pem` now",
    fix: "Set the right value before the process starts and leave it alone.\n\n```bash\nexport \
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```\n\n```powershell\n$env:NODE_EXTRA_CA_CERTS = 'C:\\certs\\company-ca.pem'\n```",
    source: "Node `src/node.cc`: `InitializeOncePerProcessInternal`; `lib/tls.js`: `getCACertificates`.",
};

/// `NODE_EXTRA_CA_CERTS` was `before` at start and is `now`.
pub fn extra_ca_changed_at_run_time(before: &str, now: Option<&str>) -> Finding {
    let change = match now {
        None => "was deleted since".to_owned(),
        Some("") => "was emptied since".to_owned(),
        Some(now) => format!("is {} now", shown(now)),
    };
    Finding::new(
        &EXTRA_CA_CHANGED_AT_RUN_TIME,
        format!(
            "{NODE_EXTRA} was {} at start and {change}: this process keeps trusting the first, its child processes do not",
            shown(before)
        ),
    )
    .fix(before_start(
        NODE_EXTRA,
        now.filter(|now| !now.is_empty()).unwrap_or(before),
    ))
}

/// An empty `NODE_EXTRA_CA_CERTS`.
pub static EXTRA_CA_EMPTIED: Rule = Rule {
    id: "extra-ca-emptied",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "NODE_EXTRA_CA_CERTS is set to nothing",
    finds: "The variable exists and is empty.",
    why: "Node takes an empty value for none, without a word. It usually was set properly and emptied later: a second `export`, an `ENV` \
further down in the Dockerfile, a CI variable that is not defined for this branch, `NODE_EXTRA_CA_CERTS=$UNSET`.",
    looks: "warning[extra-ca-emptied]: NODE_EXTRA_CA_CERTS is set to nothing",
    fix: "Find the later assignment and remove it, or set the file there.\n\n```bash\nexport \
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem   # or: unset NODE_EXTRA_CA_CERTS\n```\n\n```powershell\n$env:NODE_EXTRA_CA_CERTS = \
'C:\\certs\\company-ca.pem'\n```\n\n```dockerfile\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```",
    source: "Node `src/node.cc`: `InitializeOncePerProcessInternal` (`if (!extra_ca_certs.empty())`).",
};

/// `NODE_EXTRA_CA_CERTS` is empty.
pub fn extra_ca_emptied() -> Finding {
    Finding::new(
        &EXTRA_CA_EMPTIED,
        format!("{NODE_EXTRA} is set to nothing, which Node takes for not set: a later assignment may have emptied it"),
    )
    .fix(set_variable("Set the file where it was emptied", NODE_EXTRA, EXAMPLE_FILE))
    .fix(unset_variable("Or unset it, if no extra certificate is wanted", NODE_EXTRA))
}

/// `NODE_EXTRA_CA_CERTS` on Node 18 and 20.
pub static EXTRA_CA_NOT_IN_EVERY_CONTEXT: Rule = Rule {
    id: "extra-ca-not-in-every-context",
    severity: Severity::Info,
    actor: Actor::Client,
    title: "On this Node, contexts with crl, or with a pfx that holds CAs, do not trust NODE_EXTRA_CA_CERTS",
    finds: "`NODE_EXTRA_CA_CERTS` is in effect on a Node before 22.",
    why: "Up to Node 20, a context that is made with `crl`, with a `pfx` that holds CA certificates, after `context.addCACert()`, or (Node \
20) with `allowPartialTrustChain` gets a store of its own, made of the bundled list alone. Node 22 puts the extra certificates into that too.",
    looks: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY from the requests with `crl` or `pfx`, and from no others",
    fix: "Give those contexts the certificates themselves, or use Node 22 or later.\n\n```js\nconst { loadTrustStoreSync } = \
require('trust-anchors')\ntls.connect({ pfx, passphrase, ca: loadTrustStoreSync().ca })\n```",
    source: "Node 18 and 20 `src/crypto/crypto_context.cc`: `SecureContext::AddCRL`, `LoadPKCS12`, `NewRootCertStore`; nodejs PR 44529.",
};

/// `NODE_EXTRA_CA_CERTS` is in effect on this Node, but not in every context.
pub fn extra_ca_not_in_every_context(node: NodeVersion) -> Finding {
    Finding::new(
        &EXTRA_CA_NOT_IN_EVERY_CONTEXT,
        format!(
            "on Node {}, a TLS context with `crl`, or with a `pfx` that holds CA certificates, does not trust {NODE_EXTRA}",
            node.major
        ),
    )
    .fix(Fix::new("Give such a context the certificates itself").with_code(
        "const { loadTrustStoreSync } = require('trust-anchors')\ntls.connect({ pfx, passphrase, ca: loadTrustStoreSync().ca })",
    ))
    .fix(Fix::new("Or use Node 22 or later"))
}

// ---- the environment as a whole ----

/// A privileged process does not believe its environment.
pub static ENVIRONMENT_IGNORED: Rule = Rule {
    id: "environment-ignored",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "This process runs with raised privileges, so Node ignores the trust settings of its environment",
    finds: "`NODE_EXTRA_CA_CERTS`, `NODE_USE_SYSTEM_CA` or trust options in `NODE_OPTIONS` are set, and the Node binary is \
set-user-ID, set-group-ID or carries file capabilities.",
    why: "Node believes these variables only when real and effective user and group agree and the kernel does not ask for secure \
execution (`AT_SECURE`). One exception: a binary whose only capability is `cap_net_bind_service`. Nothing is printed. \
`NODE_TLS_REJECT_UNAUTHORIZED` is believed all the same.",
    looks: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY, and no warning about NODE_EXTRA_CA_CERTS",
    fix: "Take the privileges off the binary; to listen on a low port, give it `cap_net_bind_service` alone or an ambient \
capability.\n\n```bash\nsetcap cap_net_bind_service=+ep \"$(command -v node)\"\n# or in the systemd unit: \
AmbientCapabilities=CAP_NET_BIND_SERVICE\n```\n\n```js\nconst { loadTrustStoreSync } = require('trust-anchors')\n\
const agent = loadTrustStoreSync({ extra: '/etc/ssl/certs/company-ca.pem' }).agent()\n```",
    source: "Node `src/node_credentials.cc`: `SafeGetenv`, `HasOnly`, `linux_at_secure`.",
};

/// The process is privileged, so the variables in `names` have no effect.
pub fn environment_ignored(privilege: Privilege, names: &[&str]) -> Finding {
    let why = match privilege {
        Privilege::SetId => "is set-user-ID or set-group-ID, so real and effective identity differ",
        Privilege::FileCapabilities => "carries file capabilities",
    };
    let finding = Finding::new(
        &ENVIRONMENT_IGNORED,
        format!(
            "{} {} no effect: the Node binary {why}, and Node then ignores such variables without a word",
            and(names),
            if names.len() == 1 { "has" } else { "have" }
        ),
    );
    let finding = match privilege {
        Privilege::SetId => finding.fix(
            Fix::new("Take the set-ID bits off the Node binary")
                .with(Shell::Bash, "chmod ug-s \"$(command -v node)\"")
                .with(Shell::Dockerfile, "RUN chmod ug-s \"$(command -v node)\""),
        ),
        Privilege::FileCapabilities => finding.fix(
            Fix::new("Leave the binary no capability but cap_net_bind_service, with which Node believes its environment")
                .with(
                    Shell::Bash,
                    "setcap cap_net_bind_service=+ep \"$(command -v node)\"",
                )
                .with(
                    Shell::Dockerfile,
                    "RUN setcap cap_net_bind_service=+ep \"$(command -v node)\"",
                ),
        ),
    };
    finding.fix(
        Fix::new("Or load the certificates in the program").with_code(
            "const { loadTrustStoreSync } = require('trust-anchors')\n\
const agent = loadTrustStoreSync({ extra: '/etc/ssl/certs/company-ca.pem' }).agent()",
        ),
    )
}

// ---- NODE_TLS_REJECT_UNAUTHORIZED ----

const REJECT: &str = "NODE_TLS_REJECT_UNAUTHORIZED";

/// `NODE_TLS_REJECT_UNAUTHORIZED=0`.
pub static VERIFICATION_DISABLED: Rule = Rule {
    id: "verification-disabled",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_TLS_REJECT_UNAUTHORIZED=0 turns certificate verification off",
    finds: "`NODE_TLS_REJECT_UNAUTHORIZED` is exactly `0`, wherever it comes from: the environment, an env file, the program.",
    why: "Every connection that does not say otherwise accepts every certificate for every host name, so anybody between the two ends can \
read and change what is sent. Node looks at `process.env` at each connection, so an env file or an assignment in the program has the same \
effect. An explicit `rejectUnauthorized: true` in a connection's options wins over it.",
    looks: "(node:1234) Warning: Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS \
requests insecure by disabling certificate verification.",
    fix: "Unset it, and trust the certificate authority that made it necessary.\n\n```bash\nunset NODE_TLS_REJECT_UNAUTHORIZED\nexport \
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```\n\n```powershell\nRemove-Item Env:NODE_TLS_REJECT_UNAUTHORIZED\n\
$env:NODE_EXTRA_CA_CERTS = 'C:\\certs\\company-ca.pem'\n```\n\n```dockerfile\n# remove the line that sets NODE_TLS_REJECT_UNAUTHORIZED\n\
COPY company-ca.pem /etc/ssl/certs/company-ca.pem\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```",
    source: "Node `lib/internal/options.js`: `getAllowUnauthorized`; `lib/_tls_wrap.js`: `connect`.",
};

/// `NODE_TLS_REJECT_UNAUTHORIZED=0` turns verification off.
pub fn verification_disabled(origin: &Origin) -> Finding {
    let finding = Finding::new(
        &VERIFICATION_DISABLED,
        format!(
            "{REJECT}=0, set by {}, turns verification off: every certificate is accepted for every host, whoever presents it",
            by_whom(origin)
        ),
    );
    let finding = match origin {
        Origin::EnvFile(definition) | Origin::Dotenv(definition) => {
            let path = definition.path.display().to_string();
            finding.fix(
                Fix::new("Remove the line from the file")
                    .with(
                        Shell::Bash,
                        format!("sed -i '/^\\(export \\)\\?{REJECT}=/d' {}", bash(&path)),
                    )
                    .with(
                        Shell::PowerShell,
                        format!(
                            "(Get-Content {0}) -notmatch '^(export )?{REJECT}=' | Set-Content {0}",
                            powershell(&path)
                        ),
                    ),
            )
        }
        Origin::Program => finding.fix(Fix::new(format!(
            "Remove the assignment to process.env.{REJECT} from the program"
        ))),
        Origin::Start => finding.fix(unset_variable("Unset it", REJECT)),
    };
    let finding = finding.fix(set_variable(
        "Trust the certificate authority that made it necessary",
        NODE_EXTRA,
        EXAMPLE_FILE,
    ));
    located(finding, origin)
}

/// A value of `NODE_TLS_REJECT_UNAUTHORIZED` that does nothing.
pub static VERIFICATION_SWITCH_NEAR_MISS: Rule = Rule {
    id: "verification-switch-near-miss",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "NODE_TLS_REJECT_UNAUTHORIZED has a value that does nothing",
    finds: "`NODE_TLS_REJECT_UNAUTHORIZED` looks like an attempt to turn verification off (`false`, `no`, `off`, `00`, `0` with a blank) \
and is not exactly `0`.",
    why: "Node compares the value with the text `0` alone. Any other value leaves verification on. That is the safe side, but somebody \
believes otherwise, and the certificate error that led to it is still there.",
    looks: "warning[verification-switch-near-miss]: NODE_TLS_REJECT_UNAUTHORIZED=`false` does nothing: verification is on",
    fix: "Unset it, and trust the certificate authority that made it necessary.\n\n```bash\nunset NODE_TLS_REJECT_UNAUTHORIZED\nexport \
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```\n\n```powershell\nRemove-Item Env:NODE_TLS_REJECT_UNAUTHORIZED\n\
$env:NODE_EXTRA_CA_CERTS = 'C:\\certs\\company-ca.pem'\n```",
    source: "Node `lib/internal/options.js`: `getAllowUnauthorized`.",
};

/// `NODE_TLS_REJECT_UNAUTHORIZED` is `value`, which does nothing.
pub fn verification_switch_near_miss(value: &str, origin: &Origin) -> Finding {
    let finding = Finding::new(
        &VERIFICATION_SWITCH_NEAR_MISS,
        format!(
            "{REJECT} is {}, which does nothing: certificates are verified as if it were not set",
            shown(value)
        ),
    )
    .fix(unset_variable("Unset it", REJECT))
    .fix(set_variable(
        "Trust the certificate authority that made it necessary",
        NODE_EXTRA,
        EXAMPLE_FILE,
    ));
    located(finding, origin)
}

// ---- SSL_CERT_FILE, SSL_CERT_DIR ----

/// `SSL_CERT_FILE` or `SSL_CERT_DIR` that Node does not read.
pub static SSL_CERT_WITHOUT_EFFECT: Rule = Rule {
    id: "ssl-cert-without-effect",
    severity: Severity::Info,
    actor: Actor::Client,
    title: "SSL_CERT_FILE and SSL_CERT_DIR have no effect on this Node",
    finds: "`SSL_CERT_FILE` or `SSL_CERT_DIR` is set, and neither `--use-openssl-ca` nor the system store is turned on.",
    why: "By default Node trusts the list compiled into it and `NODE_EXTRA_CA_CERTS`. It reads `SSL_CERT_FILE` and `SSL_CERT_DIR` only \
with `--use-openssl-ca`, and on Linux with `--use-system-ca` or `NODE_USE_SYSTEM_CA=1`. curl, Python, Go and others do read them, so they \
may well be set for those. Bun reads them always.",
    looks: "note[ssl-cert-without-effect]: SSL_CERT_FILE is set, and this Node does not read it",
    fix: "Turn the system store on (Node 22.15 and later), or name the file in `NODE_EXTRA_CA_CERTS`.\n\n```bash\nexport \
NODE_OPTIONS=--use-system-ca\n# before Node 22.15:\nexport NODE_EXTRA_CA_CERTS=\"$SSL_CERT_FILE\"\n```\n\n```powershell\n$env:NODE_OPTIONS \
= '--use-system-ca'\n```\n\n```dockerfile\nENV NODE_OPTIONS=--use-system-ca\n```",
    source: "Node `src/crypto/crypto_context.cc`: `NewRootCertStore`, `GetOpenSSLSystemCertificates`; OpenSSL \
`X509_STORE_set_default_paths`.",
};

/// `names` are set and not read; `file` is what `SSL_CERT_FILE` names, when it is set.
pub fn ssl_cert_without_effect(names: &[&str], file: Option<&str>, node: NodeVersion) -> Finding {
    let finding = Finding::new(
        &SSL_CERT_WITHOUT_EFFECT,
        format!(
            "{} {} set, and Node does not read {} without `--use-system-ca` or `--use-openssl-ca`",
            and(names),
            if names.len() == 1 { "is" } else { "are" },
            if names.len() == 1 { "it" } else { "them" },
        ),
    );
    let finding = if node.has_system_ca() {
        finding.fix(use_system_ca(node))
    } else {
        finding
    };
    match file {
        Some(file) => finding.fix(set_variable(
            "Name the file in NODE_EXTRA_CA_CERTS",
            NODE_EXTRA,
            file,
        )),
        None => finding,
    }
}

/// `SSL_CERT_FILE` or `SSL_CERT_DIR` in effect, and naming nothing.
pub static SSL_CERT_MISSING: Rule = Rule {
    id: "ssl-cert-missing",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "SSL_CERT_FILE or SSL_CERT_DIR is in effect and points nowhere",
    finds: "Node reads the variable (`--use-openssl-ca`, or on Linux the system store), and what it names does not exist, cannot be read, \
is a directory where a file belongs, a file where a directory belongs, or (`SSL_CERT_DIR`, system store) a list.",
    why: "The variable takes the place of the default location, and nothing is loaded from there. Of a missing `SSL_CERT_FILE` Node says \
nothing; of a missing `SSL_CERT_DIR` the system store says `Cannot open directory`. For the system store `SSL_CERT_DIR` is one \
directory; only OpenSSL's own store (`--use-openssl-ca`) splits it at `:`.",
    looks: "Cannot open directory /etc/certs to load OpenSSL certificates.",
    fix: "Point it at the real location, or unset it so that the default counts.\n\n```bash\nunset SSL_CERT_FILE SSL_CERT_DIR\n```\n\n\
```powershell\nRemove-Item Env:SSL_CERT_FILE, Env:SSL_CERT_DIR\n```\n\n```dockerfile\nENV \
SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt\n```",
    source: "Node `src/crypto/crypto_context.cc`: `GetOpenSSLSystemCertificates`; OpenSSL `X509_get_default_cert_file_env`, \
`by_dir.c`: `add_cert_dir`.",
};

/// The variable `name`, in effect, is `value`, and `fault` says why nothing is loaded from it.
pub fn ssl_cert_missing(name: &str, value: &str, fault: &str) -> Finding {
    Finding::new(
        &SSL_CERT_MISSING,
        format!(
            "{name} is {}, {}: Node loads nothing from it, and the default location is not read instead",
            if value.is_empty() { "empty".to_owned() } else { shown(value) },
            escape(fault)
        ),
    )
    .at(Some(Path::new(value)).filter(|_| !value.is_empty()), None)
    .fix(unset_variable("Unset it, so that the default location counts", name))
}

/// `SSL_CERT_FILE` or `SSL_CERT_DIR` in the way of the platform's store.
pub static SSL_CERT_HIDES_SYSTEM_STORE: Rule = Rule {
    id: "ssl-cert-hides-system-store",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "SSL_CERT_FILE or SSL_CERT_DIR hides certificates of the platform's store",
    finds: "Node reads the system's certificates (`--use-system-ca`, `NODE_USE_SYSTEM_CA=1` or `--use-openssl-ca`), `SSL_CERT_FILE` or \
`SSL_CERT_DIR` is set, and the platform's own store holds certificates that are in neither.",
    why: "Each of the two takes the place of one default location; it adds nothing to it. Whoever installs a certificate in the \
platform's store later (`update-ca-certificates`) will not see it trusted.",
    looks: "warning[ssl-cert-hides-system-store]: SSL_CERT_DIR hides 144 certificates of /etc/ssl/certs",
    fix: "Unset the variable, and trust the one file in addition.\n\n```bash\nexport NODE_EXTRA_CA_CERTS=\"$SSL_CERT_FILE\"\nunset \
SSL_CERT_FILE SSL_CERT_DIR\n```\n\n```powershell\n$env:NODE_EXTRA_CA_CERTS = $env:SSL_CERT_FILE; Remove-Item Env:SSL_CERT_FILE\n```\n\n\
```dockerfile\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/company-ca.pem\n```",
    source: "Node `src/crypto/crypto_context.cc`: `GetOpenSSLSystemCertificates`; OpenSSL `by_file_ctrl`, `dir_ctrl`.",
};

/// The variables `names` hide `hidden` certificates of the platform's `location`.
pub fn ssl_cert_hides_system_store(names: &[&str], hidden: usize, location: &str) -> Finding {
    let mut finding = Finding::new(
        &SSL_CERT_HIDES_SYSTEM_STORE,
        format!(
            "{} {} {hidden} {} of {} that would be trusted without {}",
            and(names),
            if names.len() == 1 { "hides" } else { "hide" },
            if hidden == 1 {
                "certificate"
            } else {
                "certificates"
            },
            shown(location),
            if names.len() == 1 { "it" } else { "them" },
        ),
    );
    for name in names {
        finding = finding.fix(unset_variable(format!("Unset {name}"), name));
    }
    finding
}

// ---- NODE_USE_SYSTEM_CA and the options ----

const USE_SYSTEM: &str = "NODE_USE_SYSTEM_CA";

/// A value of `NODE_USE_SYSTEM_CA` that does nothing.
pub static SYSTEM_CA_NEAR_MISS: Rule = Rule {
    id: "system-ca-near-miss",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "NODE_USE_SYSTEM_CA has a value that does nothing",
    finds: "`NODE_USE_SYSTEM_CA` is neither `1` nor an obvious no (`0`, `false`, `no`, `off`, empty).",
    why: "Node compares the value with the text `1` alone: `true`, `yes`, `2`, `01` and `1` with a blank leave the system store off, \
without a word.",
    looks: "warning[system-ca-near-miss]: NODE_USE_SYSTEM_CA is `true`, which does nothing",
    fix: "Set it to 1.\n\n```bash\nexport NODE_USE_SYSTEM_CA=1\n```\n\n```powershell\n$env:NODE_USE_SYSTEM_CA = '1'\n```\n\n\
```dockerfile\nENV NODE_USE_SYSTEM_CA=1\n```",
    source: "Node `src/node.cc`: `InitializeNodeWithArgsInternal` (`use_system_ca == \"1\"`).",
};

/// `NODE_USE_SYSTEM_CA` is `value`, which does nothing.
pub fn system_ca_near_miss(value: &str) -> Finding {
    Finding::new(
        &SYSTEM_CA_NEAR_MISS,
        format!(
            "{USE_SYSTEM} is {}, which does nothing: only `1` turns the system store on",
            shown(value)
        ),
    )
    .fix(set_variable("Set it to 1", USE_SYSTEM, "1"))
}

/// `NODE_USE_SYSTEM_CA=1` on a Node that does not know it.
pub static SYSTEM_CA_UNSUPPORTED: Rule = Rule {
    id: "system-ca-unsupported",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_USE_SYSTEM_CA is set, and this Node does not know it",
    finds: "`NODE_USE_SYSTEM_CA=1` on a Node before 22.19, on 23, or on 24 before 24.6.",
    why: "An older Node does not read the variable and says nothing. From 22.15 (and 23.8) on, the option `--use-system-ca` does the same.",
    looks: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY, although NODE_USE_SYSTEM_CA is 1",
    fix: "Use the option where it exists, else name the system's bundle, else use a newer Node.\n\n```bash\nexport \
NODE_OPTIONS=--use-system-ca                                     # Node 22.15 and later\nexport \
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt            # any Node, Debian, Ubuntu, Alpine\n```\n\n```powershell\n\
$env:NODE_OPTIONS = '--use-system-ca'\n```\n\n```dockerfile\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt\n```",
    source: "Node `doc/api/cli.md`: `NODE_USE_SYSTEM_CA`; nodejs PR 59276.",
};

/// `NODE_USE_SYSTEM_CA=1`, which this Node does not know; `bundle` is the system's file, where there is one.
pub fn system_ca_unsupported(node: NodeVersion, bundle: Option<&str>) -> Finding {
    let finding = Finding::new(
        &SYSTEM_CA_UNSUPPORTED,
        format!(
            "{USE_SYSTEM}=1 has no effect on Node {}: the system store is not trusted",
            version(node)
        ),
    );
    without_system_ca(finding, node, bundle)
}

/// `NODE_USE_SYSTEM_CA` that comes too late.
pub static SYSTEM_CA_SET_TOO_LATE: Rule = Rule {
    id: "system-ca-set-too-late",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_USE_SYSTEM_CA was set after the process had started",
    finds: "`NODE_USE_SYSTEM_CA=1` comes from an env file, from `dotenv` or from the program, and the process started without it.",
    why: "Node takes the variable once, from the environment the process was started with; env files come later. `NODE_OPTIONS` with \
`--use-system-ca` does work in an env file (Node 22.15 and later).",
    looks: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY, although process.env.NODE_USE_SYSTEM_CA is 1",
    fix: "Set it before the process starts.\n\n```bash\nNODE_USE_SYSTEM_CA=1 node --env-file=.env app.js\n```\n\n```powershell\n\
$env:NODE_USE_SYSTEM_CA = '1'; node app.js\n```\n\n```dockerfile\nENV NODE_USE_SYSTEM_CA=1\n```",
    source: "Node `src/node.cc`: `InitializeNodeWithArgsInternal`.",
};

/// `NODE_USE_SYSTEM_CA=1` came too late, from `origin`.
pub fn system_ca_set_too_late(origin: &Origin) -> Finding {
    let finding = Finding::new(
        &SYSTEM_CA_SET_TOO_LATE,
        format!(
            "{USE_SYSTEM}=1 was set by {}, after Node had read it: the system store is not trusted",
            by_whom(origin)
        ),
    )
    .fix(before_start(USE_SYSTEM, "1"));
    located(finding, origin)
}

/// `NODE_USE_SYSTEM_CA` against an option.
pub static SYSTEM_CA_OVERRULED: Rule = Rule {
    id: "system-ca-overruled",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "An option overrules NODE_USE_SYSTEM_CA=1",
    finds: "`NODE_USE_SYSTEM_CA=1` together with `--no-use-system-ca` or `--use-openssl-ca`, or on a Node that is built as if the \
latter were given (Debian's and Fedora's packages; `NODE_OPENSSL_CERT_STORE` among `process.config.target_defaults.defines`).",
    why: "An option counts more than the variable: `--no-use-system-ca` turns the system store off, and `--use-openssl-ca` takes \
OpenSSL's own locations in place of every other list.",
    looks: "warning[system-ca-overruled]: --no-use-system-ca on the command line overrules NODE_USE_SYSTEM_CA=1",
    fix: "Keep the one that is meant.\n\n```bash\nunset NODE_USE_SYSTEM_CA\n```\n\n```powershell\nRemove-Item \
Env:NODE_USE_SYSTEM_CA\n```",
    source: "Node `src/node_options.cc`; `src/crypto/crypto_context.cc`: `NewRootCertStore`.",
};

/// `what` overrules `NODE_USE_SYSTEM_CA=1`.
pub fn system_ca_overruled(what: &str) -> Finding {
    Finding::new(
        &SYSTEM_CA_OVERRULED,
        format!("{what} overrules {USE_SYSTEM}=1: the system store is not added"),
    )
    .fix(Fix::new(
        "If the system store is wanted, remove the option; on a Node that is built so, add `--use-bundled-ca`",
    ))
    .fix(unset_variable(
        "Or unset the variable if it is not",
        USE_SYSTEM,
    ))
}

/// `--use-system-ca` on a Node that dies of it.
pub static SYSTEM_CA_OPTION_UNSUPPORTED: Rule = Rule {
    id: "system-ca-option-unsupported",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "--use-system-ca in NODE_OPTIONS ends a Node that does not know it",
    finds: "`NODE_OPTIONS` holds `--use-system-ca` (or `--no-use-system-ca`), and the Node it is judged for is older than 22.15.",
    why: "A Node that does not know an option of `NODE_OPTIONS` ends at once with status 9. A process that runs has got past that, but \
every Node process it starts ends, and so does everything on a machine where the variable is set for several versions.",
    looks: "node: --use-system-ca is not allowed in NODE_OPTIONS",
    fix: "Use the variable, which older versions ignore, or the system's bundle.\n\n```bash\nunset NODE_OPTIONS\nexport \
NODE_USE_SYSTEM_CA=1\nexport NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt\n```\n\n```powershell\nRemove-Item \
Env:NODE_OPTIONS; $env:NODE_USE_SYSTEM_CA = '1'\n```\n\n```dockerfile\nENV NODE_OPTIONS= NODE_USE_SYSTEM_CA=1\n```",
    source: "Node `src/node.cc`: `ProcessGlobalArgsInternal`; `src/node_options-inl.h`: `NotAllowedInEnvErr`.",
};

/// A Node of this version ends because of `option` in `NODE_OPTIONS`.
pub fn system_ca_option_unsupported(
    option: &str,
    node: NodeVersion,
    bundle: Option<&str>,
) -> Finding {
    let finding = Finding::new(
        &SYSTEM_CA_OPTION_UNSUPPORTED,
        format!(
            "NODE_OPTIONS holds `{option}`, which Node {} does not know: every such process ends at once with status 9",
            version(node)
        ),
    )
    .fix(
        Fix::new("Take it out of NODE_OPTIONS")
            .with(
                Shell::Bash,
                format!("export NODE_OPTIONS=\"${{NODE_OPTIONS//{option}/}}\""),
            )
            .with(
                Shell::PowerShell,
                format!("$env:NODE_OPTIONS = $env:NODE_OPTIONS -replace '{option}', ''"),
            )
            .with(Shell::Dockerfile, "ENV NODE_OPTIONS="),
    );
    match bundle {
        Some(bundle) => finding.fix(set_variable(
            "Name the system's bundle instead, which every Node reads",
            NODE_EXTRA,
            bundle,
        )),
        None => finding,
    }
}

/// Options about CAs that exclude each other.
pub static CA_OPTIONS_CONFLICT: Rule = Rule {
    id: "ca-options-conflict",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "Two options about CAs exclude each other, so Node does not start",
    finds: "`--use-openssl-ca` together with `--use-bundled-ca`, or (Node 24 and later) with `--use-system-ca`, in `NODE_OPTIONS` and \
the command line taken together.",
    why: "Node checks its options before it does anything and ends with status 9. `NODE_OPTIONS` from one place and a flag from another \
are enough.",
    looks: "node: either --use-openssl-ca or --use-bundled-ca can be used, not both",
    fix: "Keep one of them. `--use-system-ca` already adds to the bundled list.\n\n```bash\nexport NODE_OPTIONS=--use-system-ca\n```\n\n\
```powershell\n$env:NODE_OPTIONS = '--use-system-ca'\n```\n\n```dockerfile\nENV NODE_OPTIONS=--use-system-ca\n```",
    source: "Node `src/node_options.cc`: `PerProcessOptions::CheckOptions`.",
};

/// `--use-openssl-ca` and `other` exclude each other.
pub fn ca_options_conflict(other: Switch, node: NodeVersion) -> Finding {
    let finding = Finding::new(
        &CA_OPTIONS_CONFLICT,
        format!(
            "`--use-openssl-ca` and `{}` exclude each other: Node {} ends at once with status 9",
            other.as_str(),
            node.major
        ),
    );
    finding.fix(keep_one(node))
}

/// `--use-openssl-ca` beside `--use-system-ca` on Node 22.
pub static CA_OPTIONS_SUPERSEDED: Rule = Rule {
    id: "ca-options-superseded",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "--use-openssl-ca makes --use-system-ca void, and a later Node refuses the two",
    finds: "`--use-openssl-ca` together with `--use-system-ca` on Node 22.",
    why: "Node 22 accepts both and takes OpenSSL's own locations alone; neither the bundled list nor the system store as Node reads it is \
used. Node 24 and later end with status 9.",
    looks: "warning[ca-options-superseded]: `--use-openssl-ca` makes `--use-system-ca` void",
    fix: "Keep one of them.\n\n```bash\nexport NODE_OPTIONS=--use-system-ca\n```\n\n```powershell\n$env:NODE_OPTIONS = \
'--use-system-ca'\n```\n\n```dockerfile\nENV NODE_OPTIONS=--use-system-ca\n```",
    source: "Node 22 `src/crypto/crypto_context.cc`: `NewRootCertStore`.",
};

/// `--use-system-ca` is void beside `--use-openssl-ca`.
pub fn ca_options_superseded(node: NodeVersion) -> Finding {
    Finding::new(
        &CA_OPTIONS_SUPERSEDED,
        "`--use-openssl-ca` makes `--use-system-ca` void: only OpenSSL's own locations are trusted, and Node 24 refuses to start with both",
    )
    .fix(keep_one(node))
}

/// A `NODE_OPTIONS` that Node refuses.
pub static NODE_OPTIONS_MALFORMED: Rule = Rule {
    id: "node-options-malformed",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "NODE_OPTIONS cannot be parsed, or holds an option that is not allowed there, so Node does not start",
    finds: "`NODE_OPTIONS` has a double quote that is not closed, ends in a backslash within quotes, or holds an option about trust that \
Node takes on the command line alone or writes otherwise (`--env-file`; `--use-system-ca` with a tab or line feed behind it).",
    why: "Node splits the text at spaces, takes double quotes (single ones mean nothing) and, within them, a backslash as an escape. On \
any error it ends with status 9, and so does every Node process that inherits the variable.",
    looks: "node: invalid value for NODE_OPTIONS (unterminated string)",
    fix: "Write the value anew.\n\n```bash\nexport NODE_OPTIONS='--use-system-ca'\n```\n\n```powershell\n$env:NODE_OPTIONS = \
'--use-system-ca'\n```\n\n```dockerfile\nENV NODE_OPTIONS=--use-system-ca\n```",
    source: "Node `src/node_options.cc`: `ParseNodeOptionsEnvVar`; `src/node_options-inl.h`.",
};

/// Node refuses the whole of `NODE_OPTIONS`.
pub fn node_options_malformed(error: NodeOptionsError) -> Finding {
    Finding::new(
        &NODE_OPTIONS_MALFORMED,
        format!(
            "NODE_OPTIONS cannot be parsed ({}): every Node process that gets it ends at once with status 9",
            error.as_str()
        ),
    )
    .fix(unset_variable("Unset it, and write it anew", "NODE_OPTIONS"))
}

/// `NODE_OPTIONS` holds `option`, which is not allowed there.
pub fn node_options_not_allowed(option: &str) -> Finding {
    Finding::new(
        &NODE_OPTIONS_MALFORMED,
        format!(
            "NODE_OPTIONS holds {}, which is not allowed there: every Node process that gets it ends at once with status 9",
            shown(option)
        ),
    )
    .fix(unset_variable("Unset it, and write it anew", "NODE_OPTIONS"))
}

// ---- OpenSSL's configuration ----

/// The security level is not Node's.
pub static SECURITY_LEVEL_CHANGED: Rule = Rule {
    id: "security-level-changed",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "OpenSSL's security level is not the one this Node has by default",
    finds: "`--tls-cipher-list`, or the `CipherString` of the OpenSSL configuration that Node reads (`OPENSSL_CONF`, `--openssl-config`, \
the default `openssl.cnf`), holds `@SECLEVEL=n` with an `n` that is not this Node's default: 1 up to Node 22, 2 from Node 24 on.",
    why: "The level decides which keys and signatures count. Raised, chains fail that work elsewhere, with `UNSPECIFIED` (`EE certificate \
key too weak`, `CA signature digest algorithm too weak`). Lowered, keys and signatures are accepted that others refuse: RSA-1024 at level \
1, SHA-1 at level 0. In a configuration Node reads the section that `nodejs_conf` names; with `--openssl-shared-config` the one that \
`openssl_conf` names. `--tls-cipher-list` comes last and wins.",
    looks: "warning[security-level-changed]: --tls-cipher-list sets OpenSSL's security level to 0; this Node's default is 2",
    fix: "Take `@SECLEVEL` out of the setting, and for the one server that needs it give `ciphers` in that connection's options.\n\n\
```bash\nunset OPENSSL_CONF\n```\n\n```powershell\nRemove-Item Env:OPENSSL_CONF\n```\n\n```js\nnew https.Agent({ ciphers: \
'DEFAULT@SECLEVEL=1' })\n```",
    source: "OpenSSL `SSL_CTX_set_security_level`, `ssl_security_default_callback`, `ssl_cipher_process_rulestr`; Node \
`src/node.cc`: `InitCryptoOnce`.",
};

/// `what` sets the security level to `level`; this Node's is `default`.
pub fn security_level_changed(
    what: &str,
    path: Option<&Path>,
    line: Option<u32>,
    level: u8,
    default: u8,
) -> Finding {
    let effect = if level > default {
        "certificates with keys or signatures that work elsewhere are refused"
    } else {
        "keys and signatures are accepted that this Node refuses by default"
    };
    let mut finding = Finding::new(
        &SECURITY_LEVEL_CHANGED,
        format!(
            "{what} sets OpenSSL's security level to {level}, where this Node's default is {default}: {effect}"
        ),
    );
    if path.is_some() {
        finding = finding.at(path, line);
    }
    finding
        .fix(Fix::new(format!("Take `@SECLEVEL={level}` out of it")))
        .fix(
            Fix::new("If one server needs another level, say so for that connection alone")
                .with_code(format!(
                    "new https.Agent({{ ciphers: 'DEFAULT@SECLEVEL={level}' }})"
                )),
        )
}

/// `OPENSSL_CONF` names no file.
pub static OPENSSL_CONFIG_MISSING: Rule = Rule {
    id: "openssl-config-missing",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "The OpenSSL configuration that is asked for does not exist",
    finds: "`OPENSSL_CONF` or `--openssl-config` names a file that does not exist or cannot be read.",
    why: "Node goes on with OpenSSL's defaults and says nothing, so whatever the file was to set is not set.",
    looks: "warning[openssl-config-missing]: OPENSSL_CONF names `/etc/ssl/company.cnf`, which does not exist",
    fix: "Name the right file, or unset it.\n\n```bash\nunset OPENSSL_CONF\n```\n\n```powershell\nRemove-Item Env:OPENSSL_CONF\n```",
    source: "Node `src/node.cc`: `InitCryptoOnce` (`CONF_MFLAGS_IGNORE_MISSING_FILE`).",
};

/// `what` names a configuration that is not there.
pub fn openssl_config_missing(what: &str, value: &str, reason: &str) -> Finding {
    let finding = Finding::new(
        &OPENSSL_CONFIG_MISSING,
        format!(
            "{what} names {}, which {}: Node goes on without it and says nothing",
            shown(value),
            escape(reason)
        ),
    );
    if what == "OPENSSL_CONF" {
        finding.fix(unset_variable("Name the right file, or unset it", what))
    } else {
        finding.fix(Fix::new(format!("Name the right file, or drop `{what}`")))
    }
}

/// An OpenSSL configuration with a syntax error.
pub static OPENSSL_CONFIG_REJECTED: Rule = Rule {
    id: "openssl-config-rejected",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "The OpenSSL configuration has a syntax error, so Node does not start",
    finds: "The file that `OPENSSL_CONF` or `--openssl-config` names has a section head without `]`, or a line without `=`.",
    why: "OpenSSL refuses the whole file, and Node ends with status 100 before it runs a line of JavaScript. A process that runs has got \
past that, but every Node process it starts with the variable ends.",
    looks: "node: OpenSSL configuration error: … missing equal sign",
    fix: "Mend the line, or unset the variable.\n\n```bash\nunset OPENSSL_CONF\n```\n\n```powershell\nRemove-Item \
Env:OPENSSL_CONF\n```",
    source: "OpenSSL `crypto/conf/conf_def.c`: `def_load_bio`; Node `src/node.cc`: `InitCryptoOnce`.",
};

/// `what` names a configuration whose `line` OpenSSL refuses.
pub fn openssl_config_rejected(what: &str, path: &Path, line: u32, reason: &str) -> Finding {
    Finding::new(
        &OPENSSL_CONFIG_REJECTED,
        format!(
            "{what} names {}, and OpenSSL refuses its line {line} ({reason}): every Node process that gets it ends with status 100",
            shown(&path.display().to_string())
        ),
    )
    .at(Some(path), Some(line))
    .fix(Fix::new("Mend the line"))
    .fix(unset_variable("Or unset the variable", "OPENSSL_CONF"))
}

// ---- the stores ----

/// `--use-openssl-ca` with nothing to read.
pub static OPENSSL_STORE_EMPTY: Rule = Rule {
    id: "openssl-store-empty",
    severity: Severity::Error,
    actor: Actor::Client,
    title: "--use-openssl-ca is on, and OpenSSL's locations hold no certificate",
    finds: "`--use-openssl-ca` takes the place of the bundled list, and neither the file nor the directories that OpenSSL reads hold a \
certificate it can find there.",
    why: "With the option Node trusts what OpenSSL's own locations hold (`SSL_CERT_FILE`, `SSL_CERT_DIR`, by default `/etc/ssl/cert.pem` and \
`/etc/ssl/certs`) and nothing else but `NODE_EXTRA_CA_CERTS`. In a directory only names of the form `<hash>.0` count. In a bare container \
there is nothing, so every public server fails.",
    looks: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY from every server",
    fix: "Install the system's certificates, or drop the option: Node has a list of its own.\n\n```bash\napt-get update && apt-get \
install -y ca-certificates\n```\n\n```dockerfile\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm \
-rf /var/lib/apt/lists/*\n# Alpine: RUN apk add --no-cache ca-certificates\n# Fedora, RHEL: RUN dnf install -y ca-certificates\n```",
    source: "Node `src/crypto/crypto_context.cc`: `NewRootCertStore`; OpenSSL `X509_STORE_set_default_paths`, `by_dir.c`.",
};

/// `--use-openssl-ca` finds nothing in these locations.
pub fn openssl_store_empty(locations: &[String]) -> Finding {
    let shown_locations: Vec<String> = locations.iter().map(|location| shown(location)).collect();
    Finding::new(
        &OPENSSL_STORE_EMPTY,
        format!(
            "OpenSSL's own locations take the place of the bundled list, and no certificate is found in {}: no public server is trusted",
            shown_locations.join(" and ")
        ),
    )
    .fix(
        Fix::new("Use the list that Node has of its own, in place of `--use-openssl-ca`")
            .with(Shell::Bash, "node --use-bundled-ca app.js")
            .with(Shell::PowerShell, "node --use-bundled-ca app.js")
            .with(Shell::Dockerfile, "ENV NODE_OPTIONS=--use-bundled-ca"),
    )
    .fix(
        Fix::new("Or install the system's certificates")
            .with(
                Shell::Bash,
                "apt-get update && apt-get install -y ca-certificates   # Alpine: apk add ca-certificates; Fedora, RHEL: dnf install \
ca-certificates",
            )
            .with(
                Shell::Dockerfile,
                "RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*",
            ),
    )
}

/// Private CAs of the system that Node does not trust.
pub static SYSTEM_CA_NOT_TRUSTED: Rule = Rule {
    id: "system-ca-not-trusted",
    severity: Severity::Warning,
    actor: Actor::Client,
    title: "The system trusts private CAs that this Node does not",
    finds: "The system's store holds CA certificates that no public list knows, and this process trusts neither the system's store nor, \
through `NODE_EXTRA_CA_CERTS`, those certificates.",
    why: "Node does not read the system's store unless told to. Behind a proxy that inspects TLS, browsers and curl work, because \
somebody installed the proxy's certificate in the system, and Node fails at every server. This is the usual cause of the error below on a \
company's network.",
    looks: "SELF_SIGNED_CERT_IN_CHAIN: self-signed certificate in certificate chain\nUNABLE_TO_GET_ISSUER_CERT_LOCALLY: unable to get \
local issuer certificate",
    fix: "Turn the system store on (Node 22.15 and later), name the system's bundle, or load the merged store in the program.\n\n\
```bash\nexport NODE_OPTIONS=--use-system-ca                            # Node 22.15 and later\nexport \
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt   # any Node; Debian, Ubuntu, Alpine\n```\n\n```powershell\n$env:NODE_OPTIONS = \
'--use-system-ca'\n```\n\n```dockerfile\nCOPY company-ca.crt /usr/local/share/ca-certificates/\nRUN update-ca-certificates\nENV \
NODE_OPTIONS=--use-system-ca\n```\n\n```js\nconst { loadTrustStoreSync } = require('trust-anchors')\nconst agent = \
loadTrustStoreSync().agent()\n```",
    source: "Node `src/crypto/crypto_context.cc`: `NewRootCertStore`.",
};

/// A private CA of the system, for the list in the finding.
#[derive(Debug, Clone)]
pub struct PrivateAuthority {
    /// Its name, escaped.
    pub name: String,
    /// The file it was found in, where there is one.
    pub path: Option<String>,
    /// The product that makes such certificates, when its name tells.
    pub product: Option<&'static str>,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The system trusts `private` ones, and `public` others, that this Node does not; `bundle` is the system's file, where there is one.
pub fn system_ca_not_trusted(
    private: &[PrivateAuthority],
    public: usize,
    (runtime, node): (Runtime, NodeVersion),
    bundle: Option<&str>,
) -> Finding {
    let products: Vec<&str> = {
        let mut names: Vec<&str> = private.iter().filter_map(|it| it.product).collect();
        names.dedup();
        names
    };
    let which = match private {
        [only] => format!("the private CA `{}`", only.name),
        [first, ..] => format!(
            "{} private CAs, among them `{}`,",
            private.len(),
            first.name
        ),
        [] => String::new(),
    };
    let inspection = match products.as_slice() {
        [] => String::new(),
        names => format!(" ({})", names.join(", ")),
    };
    let mut detail: Vec<String> = private
        .iter()
        .map(|it| {
            let product = it
                .product
                .map(|name| format!(" [{name}]"))
                .unwrap_or_default();
            let path = it
                .path
                .as_ref()
                .map(|path| format!(" in {}", escape(path)))
                .unwrap_or_default();
            format!("{}{product}{path}", it.name)
        })
        .collect();
    if public > 0 {
        detail.push(format!(
            "and {public} public {}",
            if public == 1 { "root" } else { "roots" }
        ));
    }
    let mut finding = Finding::new(
        &SYSTEM_CA_NOT_TRUSTED,
        format!(
            "the system trusts {which}{inspection} and this {} does not: a server or proxy whose certificate comes from there is refused \
with SELF_SIGNED_CERT_IN_CHAIN or UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            runtime.as_str()
        ),
    )
    .detail(detail.join("\n"));
    if let [only] = private {
        finding = finding.about(only.sha256.clone());
    }
    if let Some(path) = private.iter().find_map(|it| it.path.as_deref()) {
        finding = finding.at(Some(Path::new(path)), None);
    }
    if runtime == Runtime::Deno {
        finding = finding.fix(set_variable(
            "Turn the system store on",
            "DENO_TLS_CA_STORE",
            "mozilla,system",
        ));
    } else if runtime == Runtime::Bun || node.has_system_ca() {
        finding = finding.fix(use_system_ca(node));
    }
    // One file that holds them all, else the system's bundle.
    let file = match private {
        [
            PrivateAuthority {
                path: Some(path), ..
            },
            rest @ ..,
        ] if rest.iter().all(|it| it.path.as_ref() == Some(path)) => Some(path.as_str()),
        _ => bundle,
    };
    if let Some(file) = file {
        finding = finding.fix(set_variable(
            "Name the file in NODE_EXTRA_CA_CERTS",
            NODE_EXTRA,
            file,
        ));
    }
    finding.fix(in_the_program())
}

/// The bundled list is not Mozilla's of today.
pub static BUNDLED_LIST_DIFFERS: Rule = Rule {
    id: "bundled-list-differs",
    severity: Severity::Info,
    actor: Actor::Client,
    title: "This Node's bundled list is not Mozilla's of today",
    finds: "Mozilla's list, as this package was built with it, has roots that this Node does not ship, or the other way round. Roots that \
this process trusts through the system or `NODE_EXTRA_CA_CERTS` do not count as missing.",
    why: "The list is compiled into Node and ages with it. A server that moves to a new root fails on an old Node, and a root that Mozilla \
has removed stays trusted.",
    looks: "note[bundled-list-differs]: Mozilla's list has 3 roots that this Node lacks",
    fix: "Update Node within its release line; or load the merged store, which adds today's list.\n\n```js\nconst { loadTrustStoreSync } \
= require('trust-anchors')\nconst agent = loadTrustStoreSync().agent()               // both lists\nconst strict = \
loadTrustStoreSync({ bundled: 'mozilla' })    // Mozilla's alone\n```",
    source: "Node `src/node_root_certs.h`, made by `tools/mk-ca-bundle.pl` from Mozilla's `certdata.txt`.",
};

/// Mozilla's list has `missing` roots that this Node lacks; this Node ships `removed` ones that Mozilla's list does not have.
pub fn bundled_list_differs(missing: &[String], removed: &[String], node: NodeVersion) -> Finding {
    let roots = |count: usize| format!("{count} {}", if count == 1 { "root" } else { "roots" });
    let message = match (missing.len(), removed.len()) {
        (missing, 0) => format!(
            "Mozilla's list has {} that this Node does not ship: servers that use them fail here",
            roots(missing)
        ),
        (0, removed) => format!(
            "this Node ships {} that Mozilla's list no longer has",
            roots(removed)
        ),
        (missing, removed) => format!(
            "Mozilla's list has {} that this Node does not ship, and this Node ships {} that Mozilla's list no longer has",
            roots(missing),
            roots(removed)
        ),
    };
    let lines = |sign: char, names: &[String]| -> Vec<String> {
        names.iter().map(|name| format!("{sign} {name}")).collect()
    };
    let finding = Finding::new(&BUNDLED_LIST_DIFFERS, message)
        .detail(
            [lines('+', missing), lines('-', removed)]
                .concat()
                .join("\n"),
        )
        .fix(Fix::new(format!(
            "Update Node {} to its latest release",
            node.major
        )));
    if missing.is_empty() {
        finding.fix(
            Fix::new("Or trust Mozilla's list of today alone").with_code(
                "const { loadTrustStoreSync } = require('trust-anchors')\n\
const agent = loadTrustStoreSync({ bundled: 'mozilla' }).agent()",
            ),
        )
    } else {
        finding.fix(in_the_program())
    }
}

/// The clock contradicts the certificates.
pub static CLOCK_IMPLAUSIBLE: Rule = Rule {
    id: "clock-implausible",
    severity: Severity::Error,
    actor: Actor::Clock,
    title: "The clock of this machine is wrong, by the dates of the roots themselves",
    finds: "The time is before the day on which the newest root of Mozilla's list begins, though that list was made later; or more than \
half of its roots would have expired.",
    why: "Verification compares the dates of every certificate with the machine's clock. A clock that stands at 1970 or 2000 after a power \
cut, in a virtual machine that slept or in a container without time service makes good certificates fail.",
    looks: "CERT_NOT_YET_VALID: certificate is not yet valid\nCERT_HAS_EXPIRED: certificate has expired",
    fix: "Set the clock.\n\n```bash\ntimedatectl set-ntp true\n```\n\n```powershell\nStart-Service w32time; w32tm /resync\n```",
    source: "OpenSSL `x509_check_cert_time`; RFC 5280 section 6.1.3 (a)(2).",
};

/// The clock says `now`; `contradiction` is what the roots say.
pub fn clock_implausible(now: &str, contradiction: &str) -> Finding {
    Finding::new(
        &CLOCK_IMPLAUSIBLE,
        format!("the clock says {now}, but {contradiction}: good certificates fail with CERT_NOT_YET_VALID or CERT_HAS_EXPIRED"),
    )
    .fix(
        Fix::new("Set the clock")
            .with(Shell::Bash, "timedatectl set-ntp true")
            .with(
                Shell::PowerShell,
                "Start-Service w32time; w32tm /resync",
            ),
    )
}

// ---- shared words ----

/// A value in backticks, escaped, and cut where it is very long.
fn shown(value: &str) -> String {
    const LIMIT: usize = 200;
    if holds_pem(value) {
        return format!(
            "a text of {} characters that holds PEM",
            value.chars().count()
        );
    }
    let mut escaped = escape(value);
    if let Some((index, _)) = escaped.char_indices().nth(LIMIT) {
        escaped.truncate(index);
        escaped.push('…');
    }
    format!("`{escaped}`")
}

/// `a`, `a and b`, `a, b and c`.
fn and(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn version(node: NodeVersion) -> String {
    if node.minor == u32::MAX {
        node.major.to_string()
    } else {
        format!("{}.{}", node.major, node.minor)
    }
}

/// Who set a variable, in words.
fn by_whom(origin: &Origin) -> String {
    let file = |definition: &crate::env::Definition| {
        let line = definition
            .line
            .map(|line| format!(", line {line}"))
            .unwrap_or_default();
        format!("{}{line}", shown(&definition.path.display().to_string()))
    };
    match origin {
        Origin::Start => "the environment".into(),
        Origin::EnvFile(definition) => format!("the env file {}", file(definition)),
        Origin::Dotenv(definition) => {
            format!("dotenv or process.loadEnvFile() from {}", file(definition))
        }
        Origin::Program => "the program".into(),
    }
}

/// Says where, when a file is the origin.
fn located(finding: Finding, origin: &Origin) -> Finding {
    match origin {
        Origin::EnvFile(definition) | Origin::Dotenv(definition) => {
            finding.at(Some(&definition.path), definition.line)
        }
        Origin::Start | Origin::Program => finding,
    }
}

/// A finding about a value that Node takes to the letter.
fn taken_literally(
    rule: &'static Rule,
    value: &str,
    why: &str,
    title: &str,
    path: &str,
) -> Finding {
    Finding::new(
        rule,
        format!(
            "{NODE_EXTRA} is {}, and Node takes it to the letter ({why}): no file is found and no extra certificate is trusted",
            shown(value)
        ),
    )
    .fix(set_variable(title, NODE_EXTRA, path))
}

fn before_start(name: &str, value: &str) -> Fix {
    Fix::new(format!("Set {name} before the process starts"))
        .with(Shell::Bash, format!("{name}={} node app.js", bash(value)))
        .with(
            Shell::PowerShell,
            format!("$env:{name} = {}; node app.js", powershell(value)),
        )
        .with(
            Shell::Dockerfile,
            format!("ENV {name}={}", dockerfile_word(value)),
        )
}

pub(crate) fn in_the_program() -> Fix {
    Fix::new("Or load the merged store in the program").with_code(
        "const { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync().agent()",
    )
}

pub(crate) fn use_system_ca(node: NodeVersion) -> Fix {
    let title = "Turn the system store on";
    if node.has_system_ca_variable() {
        set_variable(title, USE_SYSTEM, "1")
    } else {
        set_variable(title, "NODE_OPTIONS", "--use-system-ca")
    }
}

fn without_system_ca(finding: Finding, node: NodeVersion, bundle: Option<&str>) -> Finding {
    let finding = if node.has_system_ca() {
        finding.fix(set_variable(
            "Use the option, which this Node knows",
            "NODE_OPTIONS",
            "--use-system-ca",
        ))
    } else {
        finding
    };
    let finding = match bundle {
        Some(bundle) => finding.fix(set_variable("Name the system's bundle", NODE_EXTRA, bundle)),
        None => finding,
    };
    finding.fix(in_the_program())
}

fn keep_one(node: NodeVersion) -> Fix {
    if node.has_system_ca() {
        set_variable(
            "Keep one: `--use-system-ca` adds the system's certificates to the bundled ones",
            "NODE_OPTIONS",
            "--use-system-ca",
        )
    } else {
        set_variable("Keep one of them", "NODE_OPTIONS", "--use-openssl-ca")
    }
}

/// Sets a variable, for each shell.
pub(crate) fn set_variable(title: impl Into<String>, name: &str, value: &str) -> Fix {
    Fix::new(title)
        .with(Shell::Bash, format!("export {name}={}", bash(value)))
        .with(
            Shell::PowerShell,
            format!("$env:{name} = {}", powershell(value)),
        )
        .with(
            Shell::Dockerfile,
            format!("ENV {name}={}", dockerfile_word(value)),
        )
}

/// Unsets a variable, for each shell. A Dockerfile cannot; an empty value is what Node takes for none.
fn unset_variable(title: impl Into<String>, name: &str) -> Fix {
    Fix::new(title)
        .with(Shell::Bash, format!("unset {name}"))
        .with(Shell::PowerShell, format!("Remove-Item Env:{name}"))
        .with(Shell::Dockerfile, format!("ENV {name}="))
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-./:=@%+,".contains(character))
}

/// A value as it may stand in a command: in the place of one that may hold a key, the name of a file.
fn presentable(text: &str) -> &str {
    if holds_pem(text) { EXAMPLE_FILE } else { text }
}

/// One word of a POSIX shell. Text that a terminal would act on is written as `$'…'`.
pub(crate) fn bash(text: &str) -> String {
    let text = presentable(text);
    if is_plain(text) {
        return text.to_owned();
    }
    if text.chars().any(char::is_control) {
        use std::fmt::Write;
        let mut word = String::from("$'");
        for character in text.chars() {
            match character {
                '\'' | '\\' => word.extend(['\\', character]),
                '\n' => word.push_str("\\n"),
                '\r' => word.push_str("\\r"),
                '\t' => word.push_str("\\t"),
                other if other.is_control() => {
                    let _ = write!(word, "\\u{:04x}", u32::from(other));
                }
                other => word.push(other),
            }
        }
        word.push('\'');
        return word;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// One word of PowerShell.
pub(crate) fn powershell(text: &str) -> String {
    let text = presentable(text);
    format!("'{}'", escape(text).replace('\'', "''"))
}

/// The value of an `ENV` line.
fn dockerfile_word(text: &str) -> String {
    let text = presentable(text);
    if is_plain(text) {
        return text.to_owned();
    }
    let mut word = String::from("\"");
    for character in escape(text).chars() {
        if matches!(character, '"' | '\\' | '$') {
            word.push('\\');
        }
        word.push(character);
    }
    word.push('"');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_for_each_shell() {
        let fix = set_variable("x", "NAME", "/a b/it's $HOME.pem");
        let texts: Vec<&str> = fix
            .commands
            .iter()
            .map(|command| command.text.as_str())
            .collect();
        assert_eq!(
            texts,
            [
                "export NAME='/a b/it'\\''s $HOME.pem'",
                "$env:NAME = '/a b/it''s $HOME.pem'",
                "ENV NAME=\"/a b/it's \\$HOME.pem\"",
            ]
        );
        assert_eq!(bash("a\u{1b}[31m"), "$'a\\u001b[31m'");
        assert_eq!(bash(""), "''");
    }

    #[test]
    fn no_fix_turns_verification_off() {
        for rule in RULES {
            for text in [rule.finds, rule.why, rule.looks, rule.fix, rule.source] {
                assert!(!text.trim().is_empty(), "{} has an empty part", rule.id);
            }
            assert!(
                !rule.fix.contains("REJECT_UNAUTHORIZED=0")
                    && !rule.fix.contains("rejectUnauthorized"),
                "{}",
                rule.id
            );
            assert!(!rule.title.ends_with('.'), "{}", rule.id);
        }
    }

    #[test]
    fn text_from_outside_is_escaped_and_cut() {
        assert_eq!(shown("a\u{1b}[31m"), "`a\\u{1b}[31m`");
        assert!(shown(&"x".repeat(5000)).len() < 220);
        for secret in [
            "-----BEGIN PRIVATE KEY-----\nMIGH",
            "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JR0g=",
        ] {
            for text in [
                shown(secret),
                bash(secret),
                powershell(secret),
                dockerfile_word(secret),
            ] {
                assert!(!text.contains("MIGH") && !text.contains("LS0t"), "{text}");
            }
        }
    }
}
