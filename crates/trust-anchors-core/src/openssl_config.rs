//! The part of an OpenSSL configuration file that changes trust: the cipher string of TLS contexts.
//!
//! Modelled on OpenSSL's `def_load_bio` (`crypto/conf/conf_def.c`) and `ssl_conf` module (`crypto/conf/conf_ssl.c`,
//! `ssl/ssl_mcnf.c`: `SSL_add_ssl_module`, section `system_default`). `.include` is not followed, and variables (`$name`) are not
//! expanded: a cipher string that comes through them is not seen.

use std::collections::HashMap;

/// A setting and its line, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CipherString {
    /// The value of `CipherString`.
    pub value: String,
    /// Its line.
    pub line: u32,
}

/// Why OpenSSL refuses the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    /// The line, from 1.
    pub line: u32,
    /// In OpenSSL's words.
    pub reason: &'static str,
}

/// The cipher string that TLS contexts get by default, where `section` of the file's head (`nodejs_conf`, or `openssl_conf` with
/// `--openssl-shared-config`) leads to one.
pub fn cipher_string(text: &str, section: &str) -> Result<Option<CipherString>, SyntaxError> {
    let config = parse(text)?;
    let value = |section: &str, name: &str| {
        config
            .get(&(section.to_owned(), name.to_owned()))
            .or_else(|| config.get(&("default".to_owned(), name.to_owned())))
    };
    let found = config
        .get(&("default".to_owned(), section.to_owned()))
        .and_then(|(modules, _)| value(modules, "ssl_conf"))
        .and_then(|(contexts, _)| value(contexts, "system_default"))
        .and_then(|(commands, _)| config.get(&(commands.clone(), "CipherString".to_owned())));
    Ok(found.map(|(value, line)| CipherString {
        value: value.clone(),
        line: *line,
    }))
}

/// The security level in a cipher string (`@SECLEVEL=n`, the last one); `None` when it has none.
pub fn security_level(ciphers: &str) -> Option<u8> {
    let (_, rest) = ciphers.rsplit_once("@SECLEVEL=")?;
    let digit = rest.chars().next()?.to_digit(10)?;
    u8::try_from(digit).ok().filter(|level| *level <= 5)
}

type Settings = HashMap<(String, String), (String, u32)>;

fn parse(text: &str) -> Result<Settings, SyntaxError> {
    let mut settings = Settings::new();
    let mut section = "default".to_owned();
    let mut pending = String::new();
    for (number, line) in (1u32..).zip(text.lines()) {
        pending.push_str(line.trim_end_matches('\r'));
        if pending.ends_with('\\') && !pending.ends_with("\\\\") {
            pending.pop();
            continue;
        }
        let whole = std::mem::take(&mut pending);
        let line = without_comment(&whole).trim();
        if line.is_empty() || line.starts_with(".include") || line.starts_with(".pragma") {
            continue;
        }
        if let Some(rest) = line.strip_prefix('[') {
            let (name, _) = rest.split_once(']').ok_or(SyntaxError {
                line: number,
                reason: "missing close square bracket",
            })?;
            section = name.trim().to_owned();
            continue;
        }
        let (name, value) = line.split_once('=').ok_or(SyntaxError {
            line: number,
            reason: "missing equal sign",
        })?;
        let (target, name) = match name.trim().split_once("::") {
            Some((target, name)) => (target.to_owned(), name),
            None => (section.clone(), name.trim()),
        };
        let value = value.trim().trim_matches(['"', '\'']);
        settings.insert((target, name.to_owned()), (value.to_owned(), number));
    }
    Ok(settings)
}

/// The line up to a `#` that is neither quoted nor escaped.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut escaped = false;
    for (index, character) in line.char_indices() {
        match (character, quote) {
            _ if escaped => escaped = false,
            ('\\', _) => escaped = true,
            ('#', None) => return line.get(..index).unwrap_or(line),
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if character == open => quote = None,
            _ => {}
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "\
nodejs_conf = node_init   # for Node alone
openssl_conf = other

[node_init]
ssl_conf = ssl
[ ssl ]
system_default = defaults
[defaults]
MinProtocol = TLSv1.2
CipherString = \\
  DEFAULT@SECLEVEL=0
[other]
providers = none
";

    #[test]
    fn the_cipher_string_is_found_behind_its_section() {
        assert_eq!(
            cipher_string(CONFIG, "nodejs_conf"),
            Ok(Some(CipherString {
                value: "DEFAULT@SECLEVEL=0".into(),
                line: 11
            }))
        );
        assert_eq!(cipher_string(CONFIG, "openssl_conf"), Ok(None));
        assert_eq!(cipher_string("", "nodejs_conf"), Ok(None));
    }

    #[test]
    fn what_openssl_refuses_is_refused() {
        for (text, line, reason) in [
            ("a = b\n[ nodejs\n", 2, "missing close square bracket"),
            ("nodejs_conf = a\nfoo\n", 2, "missing equal sign"),
        ] {
            assert_eq!(
                cipher_string(text, "nodejs_conf"),
                Err(SyntaxError { line, reason })
            );
        }
        assert_eq!(
            cipher_string("# foo\n\n.include /x\n", "nodejs_conf"),
            Ok(None)
        );
    }

    #[test]
    fn a_security_level_is_found_in_a_cipher_string() {
        assert_eq!(security_level("DEFAULT@SECLEVEL=0"), Some(0));
        assert_eq!(security_level("DEFAULT:@SECLEVEL=3"), Some(3));
        assert_eq!(security_level("@SECLEVEL=1:ALL@SECLEVEL=2"), Some(2));
        assert_eq!(security_level("DEFAULT"), None);
    }
}
