//! From what an error says to its entry in the catalogue.

use crate::findings::codes::x509::{VERIFY_ERRORS, VerifyError, verify_error};
use crate::findings::codes::{self, ErrorCode};

/// As much as is read of one text.
const TEXT_LIMIT: usize = 16 * 1024;

/// An entry, and which of OpenSSL's errors it stands for here.
#[derive(Debug, Clone, Copy)]
pub struct Match {
    /// The entry.
    pub entry: &'static ErrorCode,
    /// The `code` of Node's error, in the spelling that was met.
    pub code: &'static str,
    /// OpenSSL's verification error, when it is one.
    pub verify_error: Option<&'static VerifyError>,
}

impl Match {
    fn of(entry: &'static ErrorCode) -> Self {
        let verify_error = match entry.openssl {
            [number] => verify_error(*number),
            _ => None,
        };
        Self {
            entry,
            code: entry.code,
            verify_error,
        }
    }

    fn of_verify_error(error: &'static VerifyError) -> Option<Self> {
        let entry = codes::all()
            .find(|it| it.openssl.contains(&error.number))
            .or_else(|| codes::find("UNSPECIFIED"))?;
        Some(Self {
            entry,
            code: entry.code,
            verify_error: Some(error),
        })
    }
}

/// The entry for what a caught error carries: the first of its codes that says something by itself, else what its messages say, else a code
/// that only says that something failed.
pub fn lookup(codes: &[String], texts: &[String]) -> Option<Match> {
    let named: Vec<Match> = codes.iter().filter_map(|code| by_code(code)).collect();
    let telling =
        |found: &Match| !found.entry.carrier && found.entry.family != codes::Family::Connection;
    let said: Vec<Match> = texts.iter().filter_map(|text| by_text(text)).collect();
    named
        .iter()
        .find(|it| telling(it))
        .or_else(|| said.iter().find(|it| telling(it)))
        .or_else(|| named.iter().find(|it| !it.entry.carrier))
        .or_else(|| said.iter().find(|it| !it.entry.carrier))
        .or_else(|| said.iter().find(|it| it.verify_error.is_some()))
        .or_else(|| named.first())
        .or_else(|| said.first())
        .copied()
}

/// The entry for a code, in any case: Node's, `X509_V_ERR_…`, OpenSSL's reason without `ERR_SSL_`, or a number of OpenSSL's verification errors.
pub fn by_code(code: &str) -> Option<Match> {
    let code = code.trim();
    if code.is_empty() || code.len() > 100 {
        return None;
    }
    if let Ok(number) = code.parse::<u16>() {
        return verify_error(number).and_then(Match::of_verify_error);
    }
    let upper = code.to_ascii_uppercase();
    if let Some(found) = exact(&upper) {
        return Some(found);
    }
    let bare = ["X509_V_ERR_", "SSL_R_", "PEM_R_", "X509_R_", "EVP_R_"]
        .iter()
        .find_map(|prefix| upper.strip_prefix(prefix))
        .unwrap_or(&upper);
    if let Some(error) = VERIFY_ERRORS.iter().find(|it| it.name == bare) {
        return Match::of_verify_error(error);
    }
    [
        "ERR_SSL_",
        "ERR_OSSL_",
        "ERR_OSSL_PEM_",
        "ERR_OSSL_X509_",
        "ERR_TLS_",
        "ERR_",
    ]
    .iter()
    .find_map(|prefix| exact(&format!("{prefix}{bare}")))
}

fn exact(code: &str) -> Option<Match> {
    if let Some(entry) = codes::all().find(|it| it.name == code) {
        return Some(Match::of(entry));
    }
    let (entry, alias) = codes::all().find_map(|entry| {
        let alias = entry.aliases.iter().find(|alias| **alias == code)?;
        Some((entry, *alias))
    })?;
    let found = Match::of(entry);
    // Other aliases are OpenSSL's names, which no error of Node has for its code.
    let code = if alias.starts_with("ERR_") {
        alias
    } else {
        found.code
    };
    Some(Match { code, ..found })
}

/// The entry for a text: a code alone, a message, or a line of a log.
pub fn by_text(text: &str) -> Option<Match> {
    let text = shortened(text.trim());
    if let Some(found) = by_code(text) {
        return Some(found);
    }
    let coded = || {
        text.split(|character: char| {
            !(character.is_ascii_alphanumeric() || matches!(character, '_' | '/'))
        })
        .filter(|word| is_code(word))
        .filter_map(by_code)
    };
    coded()
        .find(|found| !found.entry.carrier)
        .or_else(|| by_words(text))
        .or_else(|| coded().next())
}

/// Whether a word of a text may be a code, and is no common word in capitals.
fn is_code(word: &str) -> bool {
    let upper = word.bytes().all(|byte| {
        byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'/')
    });
    upper && word.len() >= 5 && (word.contains('_') || word.starts_with('E'))
}

/// The entry whose words the text holds; of several the longest.
fn by_words(text: &str) -> Option<Match> {
    let said = normalised(text);
    let entries =
        codes::all().flat_map(|entry| entry.texts.iter().map(move |words| (*words, entry)));
    let best = entries
        .filter(|(words, _)| holds(&said, words))
        .max_by_key(|(words, entry)| (!entry.carrier, words.len()));
    let verified = VERIFY_ERRORS
        .iter()
        .filter(|it| it.text.len() > 20 || said == normalised(it.text))
        .filter(|it| said.contains(&normalised(it.text)))
        .max_by_key(|it| it.text.len());
    match (best, verified) {
        (Some((words, entry)), Some(error)) if words.len() > error.text.len() => {
            Some(Match::of(entry))
        }
        (Some((_, entry)), None) => Some(Match::of(entry)),
        (_, Some(error)) => Match::of_verify_error(error),
        (None, None) => None,
    }
}

/// Whether a normalised text holds `words`. Words that begin with `:` are too common to count anywhere: they count after a colon, as in
/// OpenSSL's `…:SSL routines::words`, or alone.
fn holds(said: &str, words: &str) -> bool {
    match words.strip_prefix(':') {
        Some(bare) => said == bare || said.contains(words) || said.contains(&format!(": {bare}")),
        None => said.contains(words),
    }
}

fn normalised(text: &str) -> String {
    text.to_ascii_lowercase()
        .replace(['-', '\u{2019}'], " ")
        .replace('\u{2018}', "'")
}

fn shortened(text: &str) -> &str {
    let mut end = text.len().min(TEXT_LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_found_by_everything_that_people_paste() {
        for (text, expected) in [
            (
                "unable_to_verify_leaf_signature",
                "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            ),
            (
                "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
                "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            ),
            ("20", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
            (
                "Error: unable to verify the first certificate",
                "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            ),
            (
                "Error: unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca",
                "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            ),
            (
                "reason: self signed certificate in certificate chain",
                "SELF_SIGNED_CERT_IN_CHAIN",
            ),
            (
                "npm ERR! code SELF_SIGNED_CERT_IN_CHAIN",
                "SELF_SIGNED_CERT_IN_CHAIN",
            ),
            ("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT"),
            (
                "Hostname/IP does not match certificate's altnames: Host: b.test. is not in the cert's altnames: DNS:a.test",
                "ERR_TLS_CERT_ALTNAME_INVALID",
            ),
        ] {
            assert_eq!(
                by_text(text).map(|found| found.entry.name),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "",
            "hello",
            "ERR_MODULE_NOT_FOUND",
            "99",
            "the certificate",
            "http request failed",
            "an unsupported protocol of the application",
        ] {
            assert!(by_text(text).is_none(), "{text}");
        }
    }

    #[test]
    fn every_text_of_an_entry_leads_to_it() {
        for entry in codes::all() {
            for words in entry.texts {
                let line = format!("error:0A000000:SSL routines:{words}");
                let found = by_text(&line).map(|found| found.entry.name);
                assert_eq!(found, Some(entry.name), "{line}");
            }
            for name in entry.aliases.iter().chain([&entry.name]) {
                assert_eq!(
                    by_code(name).map(|found| found.entry.name),
                    Some(entry.name),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn every_number_of_openssl_leads_somewhere() {
        for error in VERIFY_ERRORS {
            for text in [
                error.number.to_string(),
                error.text.to_owned(),
                format!("X509_V_ERR_{}", error.name),
            ] {
                let found = by_text(&text).and_then(|found| found.verify_error);
                assert_eq!(found, Some(error), "{text}");
            }
        }
    }

    #[test]
    fn what_wraps_gives_way_to_what_it_wraps() {
        let look = |codes: &[&str], texts: &[&str]| {
            let owned = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
            lookup(&owned(codes), &owned(texts)).map(|found| found.entry.name)
        };
        let eproto = "write EPROTO 8020:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl3_record.c:355:";
        assert_eq!(
            look(&["EPROTO"], &[eproto]),
            Some("ERR_SSL_WRONG_VERSION_NUMBER")
        );
        assert_eq!(look(&["EPROTO"], &["write EPROTO"]), Some("EPROTO"));
        assert_eq!(
            look(&["UNSPECIFIED"], &["CA certificate key too weak"]),
            Some("CA_KEY_TOO_SMALL")
        );
        assert_eq!(
            look(&["ESOCKET"], &["self-signed certificate"]),
            Some("DEPTH_ZERO_SELF_SIGNED_CERT")
        );
        assert_eq!(
            look(&["ECONNREFUSED", "CERT_HAS_EXPIRED"], &[]),
            Some("CERT_HAS_EXPIRED")
        );
        let lookup_failed = ["issuer certificate lookup error".to_owned()];
        assert_eq!(
            lookup(&["UNSPECIFIED".to_owned()], &lookup_failed)
                .and_then(|it| it.verify_error)
                .map(|it| it.number),
            Some(70)
        );
        let python = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)";
        assert_eq!(
            look(&[], &[python]),
            Some("UNABLE_TO_GET_ISSUER_CERT_LOCALLY")
        );
    }
}
