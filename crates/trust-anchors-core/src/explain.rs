//! What an error of a connection means: its entry in the catalogue of codes, and the causes ranked by what is known of the connection and of the
//! process.

mod evidence;
pub(crate) mod hosts;
mod lookup;

pub use lookup::{Match, by_text, lookup};

use crate::certificate::Certificate;
use crate::env::Facts;
use crate::findings::codes::{Cause, ErrorCode};
use crate::findings::{Finding, Fix};

use evidence::Evidence;

/// What stands for the host in fixes while none is known.
const HOST: &str = "example.com";
/// What stands for the port in fixes while none is known.
const PORT: u16 = 443;

/// What an error carries.
#[derive(Debug, Default)]
pub struct Failure {
    /// The codes of the error and of what it wraps, the outermost first.
    pub codes: Vec<String>,
    /// The messages, reasons and lines of OpenSSL's error stack, the outermost first.
    pub texts: Vec<String>,
    /// The host that the connection was for.
    pub host: Option<String>,
    /// The port.
    pub port: Option<u16>,
    /// The server's certificate.
    pub certificate: Option<Certificate>,
}

/// What is known of the process.
#[derive(Debug)]
pub struct Process<'a> {
    /// Its settings.
    pub facts: &'a Facts,
    /// What is wrong with them (`preflight::settings`).
    pub findings: &'a [Finding],
    /// Seconds since 1970.
    pub now: i64,
    /// A time that has certainly passed, in seconds since 1970: an earlier `now` is a wrong clock.
    pub passed: Option<i64>,
}

/// How likely a cause is, with what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likelihood {
    /// Something speaks for it.
    Likely,
    /// Nothing speaks for it or against it.
    Possible,
    /// Something speaks against it.
    Unlikely,
}

impl Likelihood {
    /// The word the public API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Possible => "possible",
            Self::Unlikely => "unlikely",
        }
    }
}

/// A cause with what is known about it.
#[derive(Debug)]
pub struct RankedCause {
    /// The cause.
    pub cause: &'static Cause,
    /// How likely it is.
    pub likelihood: Likelihood,
    /// What speaks for or against it; text from certificates and the environment is escaped.
    pub because: Option<String>,
    /// What tells it apart, for this host.
    pub tells: String,
    /// What mends it, for this host.
    pub fixes: Vec<Fix>,
}

/// The causes of an entry, the likeliest first: those with evidence for them, then the others in the order of the catalogue, then those with
/// evidence against them. Causes that cannot be are left out.
pub fn rank(
    entry: &'static ErrorCode,
    failure: &Failure,
    process: Option<&Process<'_>>,
) -> Vec<RankedCause> {
    let mut ranked: Vec<(i8, RankedCause)> = entry
        .causes
        .iter()
        .filter_map(|cause| {
            let Evidence {
                strength,
                because,
                fixes,
                suffices,
            } = evidence::of(cause, entry, failure, process)?;
            let likelihood = match strength {
                1.. => Likelihood::Likely,
                0 => Likelihood::Possible,
                _ => Likelihood::Unlikely,
            };
            let general = if suffices { &[][..] } else { cause.fixes };
            let general = general
                .iter()
                .map(|fix| fix.filled(|text| fill(text, failure)));
            Some((
                strength,
                RankedCause {
                    cause,
                    likelihood,
                    because,
                    tells: fill(cause.tells, failure),
                    fixes: fixes.into_iter().chain(general).collect(),
                },
            ))
        })
        .collect();
    ranked.sort_by_key(|(strength, _)| std::cmp::Reverse(*strength));
    ranked.into_iter().map(|(_, cause)| cause).collect()
}

/// `text` with the failure's host and port in it; a host that is no plain name or address never gets into a command.
pub fn fill(text: &str, failure: &Failure) -> String {
    let host = failure
        .host
        .as_deref()
        .filter(|host| is_plain(host))
        .unwrap_or(HOST);
    let bracketed = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    text.replace("{host}:", &format!("{bracketed}:"))
        .replace("{host}", host)
        .replace("{port}", &failure.port.unwrap_or(PORT).to_string())
}

/// Whether a host holds nothing that a shell or a string would take for more than text.
fn is_plain(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 253
        && !host.starts_with('-')
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::codes::chain::UNABLE_TO_VERIFY_LEAF_SIGNATURE;

    #[test]
    fn commands_hold_the_host_of_the_failure_unless_it_could_do_harm() {
        let at = |host: &str| Failure {
            host: Some(host.into()),
            port: Some(8443),
            ..Failure::default()
        };
        assert_eq!(
            fill(
                "-connect {host}:{port} -servername {host}",
                &at("db.internal")
            ),
            "-connect db.internal:8443 -servername db.internal"
        );
        assert_eq!(
            fill("-connect {host}:{port}", &at("::1")),
            "-connect [::1]:8443"
        );
        assert_eq!(
            fill("-connect {host}:{port}", &at("$(reboot)")),
            "-connect example.com:8443"
        );
        assert_eq!(
            fill("{host}:{port}", &Failure::default()),
            "example.com:443"
        );
    }

    #[test]
    fn without_evidence_the_order_is_the_catalogue_s() {
        let ranked = rank(&UNABLE_TO_VERIFY_LEAF_SIGNATURE, &Failure::default(), None);
        let ids: Vec<_> = ranked.iter().map(|it| it.cause.id).collect();
        let expected: Vec<_> = UNABLE_TO_VERIFY_LEAF_SIGNATURE
            .causes
            .iter()
            .map(|it| it.id)
            .collect();
        assert_eq!(ids, expected);
        assert!(
            ranked
                .iter()
                .all(|it| it.likelihood == Likelihood::Possible)
        );
    }
}
