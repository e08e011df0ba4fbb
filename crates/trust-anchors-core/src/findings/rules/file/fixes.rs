//! The fixes for CA files, as commands with the file's own name in them.

use super::{
    BASE64_OF_PEM, BYTE_ORDER_MARK, CARRIAGE_RETURNS, COMPRESSED, DER, DIRECTORY, EMPTY, File,
    HTML, INDENTED, JAVA_KEYSTORE, LITERAL_NEWLINES, MAIL_QUOTED, MISSING, NAME_TOO_LONG,
    NOT_READABLE, PATH_NOT_A_DIRECTORY, PIPE, PKCS7, PKCS12, PKCS12_LOCKED, PRIVATE_KEY,
    SYMLINK_LOOP, UTF16,
};
use crate::findings::{Fix, Rule, Shell};

/// A name as POSIX shells take it.
pub fn bash_quoted(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/._-+:,@%=".contains(&byte))
        && !text.starts_with('-');
    if plain {
        text.to_owned()
    } else {
        let dashed = if text.starts_with('-') { "./" } else { "" };
        format!("'{dashed}{}'", text.replace('\'', r"'\''"))
    }
}

/// A name as PowerShell takes it.
pub fn powershell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The file's name, the name of its repaired copy, and both for each shell.
struct Paths {
    input: String,
    output: String,
}

impl Paths {
    fn of(file: &File<'_>) -> Self {
        let input = file
            .path
            .map_or_else(|| "ca.pem".into(), |path| path.display().to_string());
        let stem = input.strip_suffix(".pem").unwrap_or(&input);
        Self {
            output: format!("{stem}.clean.pem"),
            input,
        }
    }

    fn bash(&self, template: &str) -> String {
        template
            .replace("{in}", &bash_quoted(&self.input))
            .replace("{out}", &bash_quoted(&self.output))
    }

    fn powershell(&self, template: &str) -> String {
        template
            .replace("{in}", &powershell_quoted(&self.input))
            .replace("{out}", &powershell_quoted(&self.output))
    }
}

/// The commands that write the repaired copy and use it; `None` where there is nothing to repair.
pub fn repair(file: &File<'_>) -> Option<Fix> {
    if !file.repairable {
        return None;
    }
    let fix = Fix::new(
        "Write a clean PEM copy of every CA certificate in it, and point NODE_EXTRA_CA_CERTS at the copy",
    );
    if file.path.is_none() {
        return Some(
            fix.with_code("fs.writeFileSync('ca.clean.pem', inspectCaFileSync(bytes).repaired)"),
        );
    }
    let paths = Paths::of(file);
    Some(
        fix.with(
            Shell::Bash,
            paths.bash(
                "npx trust-anchors inspect {in} --fix {out}\nexport NODE_EXTRA_CA_CERTS={out}",
            ),
        )
        .with(
            Shell::PowerShell,
            paths.powershell(
                "npx trust-anchors inspect {in} --fix {out}\n$env:NODE_EXTRA_CA_CERTS = {out}",
            ),
        )
        .with(
            Shell::Dockerfile,
            paths.bash(
                "RUN npx trust-anchors inspect {in} --fix {out}\nENV NODE_EXTRA_CA_CERTS={out}",
            ),
        ),
    )
}

/// How to replace a file in one step.
pub fn bash_rename(file: &File<'_>) -> String {
    let paths = Paths::of(file);
    paths.bash("cp NEW.pem {in}.new && mv {in}.new {in}")
}

/// The fixes with other tools that a rule has, its file's name filled in.
pub fn of_rule(rule: &'static Rule, file: &File<'_>) -> Vec<Fix> {
    let paths = Paths::of(file);
    let tool = |title: &str, bash: &str, powershell: &str| {
        let fix = Fix::new(title);
        if file.path.is_none() {
            return fix;
        }
        let fix = fix.with(Shell::Bash, paths.bash(bash));
        if powershell.is_empty() {
            fix
        } else {
            fix.with(Shell::PowerShell, paths.powershell(powershell))
        }
    };
    let is = |other: &'static Rule| std::ptr::eq(rule, other);
    if is(&DER) {
        let command = "openssl x509 -inform DER -in {in} -out {out}";
        let fix = tool("Convert it from DER to PEM", command, command);
        return vec![if file.path.is_none() {
            fix
        } else {
            fix.with(Shell::Dockerfile, paths.bash(&format!("RUN {command}")))
        }];
    }
    if is(&PKCS7) {
        let command = if file.is_binary {
            "openssl pkcs7 -inform DER -in {in} -print_certs -out {out}"
        } else {
            "openssl pkcs7 -in {in} -print_certs -out {out}"
        };
        return vec![tool("Take the certificates out of it", command, command)];
    }
    if is(&PKCS12) || is(&PKCS12_LOCKED) {
        let command = "openssl pkcs12 -in {in} -nokeys -out {out}";
        let mut fixes = vec![tool(
            "Take the certificates out of it; openssl asks for the password (`-legacy` where it was written with RC2)",
            command,
            command,
        )];
        if is(&PKCS12_LOCKED) {
            fixes.push(
                Fix::new("Inspect it with its password")
                    .with_code("inspectCaFileSync(file, { password })"),
            );
        }
        return fixes;
    }
    if is(&UTF16) {
        return vec![tool(
            "Convert it to ASCII",
            // Right for both byte orders, with a mark or without, and for a file that is ASCII in part.
            "LC_ALL=C tr -d '\\000\\376\\377' < {in} > {out}",
            "Get-Content {in} | Set-Content -Encoding ascii {out}",
        )];
    }
    if is(&CARRIAGE_RETURNS) {
        return vec![tool(
            "Turn CR into newlines",
            "tr '\\r' '\\n' < {in} > {out}",
            "(Get-Content -Raw {in}) -replace \"`r`n?\", \"`n\" | Set-Content -NoNewline -Encoding ascii {out}",
        )];
    }
    if is(&INDENTED) {
        return vec![tool(
            "Take the blanks off the start of each line",
            "sed 's/^[[:space:]]*//' {in} > {out}",
            "(Get-Content {in}).TrimStart() | Set-Content -Encoding ascii {out}",
        )];
    }
    if is(&MAIL_QUOTED) {
        return vec![tool(
            "Take the quotation marks off the start of each line",
            "sed 's/^[>| ]*//' {in} > {out}",
            "(Get-Content {in}) -replace '^[>| ]*' | Set-Content -Encoding ascii {out}",
        )];
    }
    if is(&BYTE_ORDER_MARK) {
        return vec![tool(
            "Take the byte order marks out",
            "sed \"s/$(printf '\\357\\273\\277')//g\" {in} > {out}",
            "(Get-Content -Raw -Encoding utf8 {in}) -replace [char]0xFEFF | Set-Content -NoNewline -Encoding ascii {out}",
        )];
    }
    if is(&LITERAL_NEWLINES) {
        return vec![tool(
            "Turn `\\n` into newlines",
            "printf '%b' \"$(cat {in})\" | tr -d '\"' | grep -oE -- '-----(BEGIN|END) CERTIFICATE-----|^[A-Za-z0-9+/=]+' > {out}",
            "(Get-Content -Raw {in}) -replace '\\\\r' -replace '\\\\n', \"`n\" -replace '\"' | Set-Content -NoNewline -Encoding ascii {out}",
        )];
    }
    if is(&BASE64_OF_PEM) {
        return vec![tool(
            "Decode it once",
            "base64 -d {in} > {out}",
            "[IO.File]::WriteAllBytes({out}, [Convert]::FromBase64String((Get-Content -Raw {in})))",
        )];
    }
    if is(&COMPRESSED) {
        return vec![tool(
            "Unpack it (here gzip; `unzip`, `xz -d` or `bzip2 -d` for the others)",
            "gunzip -c {in} > {out}",
            "",
        )];
    }
    if is(&JAVA_KEYSTORE) {
        let command = "keytool -list -rfc -keystore {in} > {out}";
        return vec![tool(
            "List its certificates as PEM; Node steps over the text between them",
            command,
            command,
        )];
    }
    if is(&DIRECTORY) {
        return vec![tool(
            "Put the PEM files of the directory into one file",
            "for file in {in}/*; do cat \"$file\"; echo; done > {out}",
            "Get-ChildItem -File {in} | Get-Content | Set-Content -Encoding ascii {out}",
        )];
    }
    if is(&NOT_READABLE) {
        return vec![tool(
            "Let the user that runs Node read the file, and enter every directory above it",
            "chmod a+r {in}",
            "icacls {in} /grant 'Users:R'",
        )];
    }
    if is(&MISSING) {
        return vec![tool(
            "Correct NODE_EXTRA_CA_CERTS to a file that exists, best by an absolute path: a relative one counts from where Node starts",
            "ls -l {in}",
            "Get-Item {in}",
        )];
    }
    if is(&PATH_NOT_A_DIRECTORY) || is(&NAME_TOO_LONG) {
        return vec![Fix::new(
            "Correct NODE_EXTRA_CA_CERTS: it takes the path of one file, no list of files and no PEM text",
        )];
    }
    if is(&SYMLINK_LOOP) {
        return vec![tool(
            "See where the links lead, and replace one of them by the file",
            "namei -l {in}",
            "",
        )];
    }
    if is(&PIPE) {
        return vec![tool(
            "Write what the pipe would give into a file, and name that file",
            "timeout 10 cat {in} > {out}",
            "",
        )];
    }
    if is(&EMPTY) {
        return vec![Fix::new(
            "Write the CA certificate into the file again, or unset NODE_EXTRA_CA_CERTS where none is needed",
        )];
    }
    if is(&HTML) {
        return vec![Fix::new(
            "Download the certificate again from an address that needs no login, and look at the file before using it",
        )];
    }
    if is(&PRIVATE_KEY) {
        let replace = Fix::new(
            "Replace the key where others could read this file: a key that was exposed is not secret any more",
        );
        // Of a file with faults openssl would read a part; the clean copy has all of it, and no key.
        if file.repairable {
            return vec![replace];
        }
        let command =
            "openssl crl2pkcs7 -nocrl -certfile {in} | openssl pkcs7 -print_certs -out {out}";
        return vec![
            tool("Keep the certificates and leave the key out", command, ""),
            replace,
        ];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn names_are_quoted_for_their_shell() {
        assert_eq!(bash_quoted("/etc/ca.pem"), "/etc/ca.pem");
        assert_eq!(bash_quoted("my ca's.pem"), r"'my ca'\''s.pem'");
        assert_eq!(bash_quoted("-x"), "'./-x'");
        assert_eq!(powershell_quoted("my ca's.pem"), "'my ca''s.pem'");
    }

    #[test]
    fn bytes_have_no_commands_with_a_file_name() {
        let bytes = File {
            path: None,
            runtime: crate::runtime::Runtime::Node,
            repairable: true,
            is_binary: true,
        };
        assert!(
            of_rule(&DER, &bytes)
                .iter()
                .all(|fix| fix.commands.is_empty())
        );
        assert!(repair(&bytes).unwrap().code.is_some());
        let nothing = File {
            path: Some(Path::new("x")),
            runtime: crate::runtime::Runtime::Node,
            repairable: false,
            is_binary: false,
        };
        assert!(repair(&nothing).is_none());
    }
}
