//! The options that a program passes to its TLS client, against what the server showed to one that offers everything.

use std::sync::Arc;

use super::hello::Hello;
use crate::case::{Case, Presented, Trust, Viewpoint};
use crate::diagnose::elsewhere::Judged;
use crate::diagnose::{Evidence, Observed};
use crate::explain::hosts;
use crate::findings::rules::client as rules;
use crate::findings::{Finding, Fix, escape};
use crate::node::NodeVersion;
use crate::openssl_config;
use crate::probe::{Protocol, Session, WithoutServerName};
use crate::verify::{Error, Stage};

/// The description of the alert of a server that knows none of the protocols offered by ALPN (RFC 7301 section 3.2), in Node's codes.
const NO_APPLICATION_PROTOCOL: &str = "NO_APPLICATION_PROTOCOL";
/// That of a server with which nothing is shared, in the spellings of all versions.
const HANDSHAKE_FAILURE: &str = "HANDSHAKE_FAILURE";

/// The options, reduced to plain facts.
#[derive(Debug, Clone, Default)]
pub struct ClientOptions {
    /// `rejectUnauthorized: false`.
    pub unverified: bool,
    /// Whether there is a `checkServerIdentity` that is not Node's.
    pub own_identity_check: bool,
    /// `servername`; empty where none is to be sent.
    pub servername: Option<String>,
    /// What sets the versions, as it stands in the program: `maxVersion: 'TLSv1.2'`.
    pub versions: Vec<String>,
    /// `ciphers`.
    pub ciphers: Option<String>,
    /// `ecdhCurve`.
    pub curves: Option<String>,
    /// `sigalgs`.
    pub signature_algorithms: Option<String>,
    /// `ALPNProtocols`; empty where they are given as bytes.
    pub alpn: Option<Vec<String>>,
    /// `ca`, where the verdict is not that of it.
    pub ca: Option<Arc<Trust>>,
    /// The first message of a client with these options.
    pub hello: Option<Vec<u8>>,
    /// What Node throws at them before it connects.
    pub refused: Option<Observed>,
    /// What this Node's own handshake with them came to.
    pub observed: Option<Observed>,
}

pub(super) fn findings(
    evidence: &Evidence<'_>,
    judged: Option<Judged<'_>>,
    options: &ClientOptions,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(refused(options));
    findings.extend(unverified(options));
    let session = evidence
        .attempt()
        .and_then(|attempt| attempt.session.as_ref());
    let hello = options.hello.as_deref().and_then(Hello::read);
    if let (Some(session), Some(hello)) = (session, &hello) {
        let versions = versions(evidence, session, hello, options);
        let shares_version = versions.is_none();
        findings.extend(versions);
        if shares_version {
            findings.extend(nothing_shared(session, hello, options));
        }
    }
    findings.extend(application_protocol(options));
    if let Some(judged) = judged {
        findings.extend(certificates_of_option(judged, options));
        findings.extend(server_name(evidence, judged, options));
        findings.extend(level_raised(judged, options));
    }
    findings.extend(old_versions(hello.as_ref(), options));
    findings.extend(level_lowered(evidence.process.node, options));
    findings.extend(identity_check(options));
    findings
}

/// What is wrong with the options whichever server they are for.
pub(super) fn with_any_server(options: &ClientOptions, node: NodeVersion) -> Vec<Finding> {
    let hello = options.hello.as_deref().and_then(Hello::read);
    let findings = [
        refused(options),
        unverified(options),
        old_versions(hello.as_ref(), options),
        level_lowered(node, options),
        identity_check(options),
    ];
    findings.into_iter().flatten().collect()
}

fn refused(options: &ClientOptions) -> Option<Finding> {
    let refused = options.refused.as_ref()?;
    let message = format!(
        "this Node does not take the options: {}",
        match (&refused.code, &refused.message) {
            (Some(code), Some(message)) => format!("{code}, {}", escape(message)),
            (code, message) => escape(code.as_ref().or(message.as_ref())?),
        }
    );
    Some(Finding::new(&rules::OPTIONS_REFUSED, message).fix(Fix::new(
        "Leave out what is named: the defaults of Node connect to every server of today",
    )))
}

fn unverified(options: &ClientOptions) -> Option<Finding> {
    options.unverified.then(|| {
        Finding::new(
            &rules::OPTION_UNVERIFIED,
            "`rejectUnauthorized` is false in the options: every certificate is accepted for every host, whoever presents it",
        )
        .fix(Fix::new("Remove the option, and trust the certificate authority that made it necessary").with_code(
            "const { loadTrustStoreSync } = require('trust-anchors')\nconst agent = loadTrustStoreSync({ extra: 'company-ca.pem' }).agent()",
        ))
    })
}

fn names(versions: &[Protocol]) -> String {
    let names: Vec<&str> = versions.iter().map(|it| it.as_str()).collect();
    names.join(", ")
}

/// No version that both speak, because of the options.
fn versions(
    evidence: &Evidence<'_>,
    session: &Session,
    hello: &Hello,
    options: &ClientOptions,
) -> Option<Finding> {
    if options.versions.is_empty() || hello.versions.is_empty() {
        return None;
    }
    let offers = &evidence.attempt()?.versions;
    let mut spoken: Vec<Protocol> = offers
        .iter()
        .filter(|offer| offer.cipher_suite.is_some())
        .map(|offer| offer.protocol)
        .chain([session.protocol])
        .collect();
    spoken.sort_unstable();
    spoken.dedup();
    let shares = hello
        .versions
        .iter()
        .any(|version| spoken.contains(version));
    let may_share = hello.may_speak_less
        && spoken
            .iter()
            .any(|version| Some(version) < hello.versions.first());
    if shares || may_share {
        return None;
    }
    // The server took the highest that it speaks; what it speaks below that is known only where it was asked.
    let is_sure = !offers.is_empty()
        || hello
            .versions
            .iter()
            .all(|version| *version > session.protocol);
    is_sure.then(|| {
        let message = format!(
            "the options leave {} ({}), and the server speaks {}: there is no version in common",
            names(&hello.versions),
            escape(&options.versions.join(", ")),
            names(&spoken)
        );
        Finding::new(&rules::OPTION_VERSIONS, message).fix(
            Fix::new("Leave `minVersion`, `maxVersion`, `secureProtocol` and `secureOptions` out: Node speaks TLSv1.2 and TLSv1.3 by default"),
        )
    })
}

/// A handshake that fails where one that offers more does not.
fn nothing_shared(session: &Session, hello: &Hello, options: &ClientOptions) -> Option<Finding> {
    let observed = options.observed.as_ref().filter(|observed| !observed.ok)?;
    let code = observed
        .code
        .as_deref()
        .filter(|code| code.contains(HANDSHAKE_FAILURE))?;
    let lacks_suite = !hello.suites.contains(&session.cipher_suite);
    let lacks_group = session
        .group
        .as_ref()
        .filter(|group| !hello.groups.contains(group));
    let what = if options.ciphers.is_some() && lacks_suite {
        format!(
            "`ciphers` leaves {}, and the server takes {}, which is not among them",
            count(hello.suites.len(), "cipher suite"),
            session.cipher_suite
        )
    } else if let (Some(_), Some(group)) = (&options.curves, lacks_group) {
        format!(
            "`ecdhCurve` leaves {}, and the server takes {group}, which is not among them",
            count(hello.groups.len(), "group")
        )
    } else if options.signature_algorithms.is_some() {
        "`sigalgs` leaves no signature algorithm that the server takes".to_owned()
    } else {
        return None;
    };
    let message = format!(
        "{what}: the handshake fails with {}, and not without the option",
        escape(code)
    );
    Some(
        Finding::new(&rules::OPTION_NOTHING_SHARED, message).fix(Fix::new(
            "Leave the option out, or add what the server takes to it",
        )),
    )
}

fn count(number: usize, thing: &str) -> String {
    match number {
        0 => format!("no {thing}"),
        1 => format!("1 {thing}"),
        many => format!("{many} {thing}s"),
    }
}

fn application_protocol(options: &ClientOptions) -> Option<Finding> {
    let protocols = options.alpn.as_ref()?;
    let observed = options.observed.as_ref().filter(|observed| !observed.ok)?;
    observed
        .code
        .as_deref()
        .filter(|code| code.contains(NO_APPLICATION_PROTOCOL))?;
    let offered: Vec<String> = protocols
        .iter()
        .map(|name| format!("`{}`", escape(name)))
        .collect();
    let message = if offered.is_empty() {
        "`ALPNProtocols` offers nothing that the server speaks: it ends the handshake".to_owned()
    } else {
        format!(
            "`ALPNProtocols` offers {}, and the server speaks none of it: it ends the handshake",
            offered.join(", ")
        )
    };
    Some(
        Finding::new(&rules::OPTION_ALPN, message).fix(
            Fix::new("Add the protocol that the server speaks, or leave the option out")
                .with_code("ALPNProtocols: ['http/1.1']"),
        ),
    )
}

/// `ca` that is narrower than the trust of the verdict.
fn certificates_of_option(judged: Judged<'_>, options: &ClientOptions) -> Option<Finding> {
    let given = options.ca.as_ref()?;
    if judged.verdict.lacks_anchor() || judged.by(Arc::clone(given)).is_some() {
        return None;
    }
    judged.top().map(super::trust::replaces)
}

fn server_name(
    evidence: &Evidence<'_>,
    judged: Judged<'_>,
    options: &ClientOptions,
) -> Option<Finding> {
    let name = options.servername.as_deref()?;
    let host = judged.case.host.as_deref()?;
    if name.is_empty() {
        return no_server_name(evidence, host);
    }
    if hosts::plain(name) == hosts::plain(host) || judged.verdict.stage == Some(Stage::Identity) {
        return None;
    }
    let presented = Presented::read(
        judged
            .case
            .presented
            .certificates()
            .iter()
            .map(|der| crate::case::presented::Piece::Bytes(der)),
    );
    let other = Case::new(presented, Some(name.to_owned()), judged.case.purpose);
    let verdict = other.judge(judged.viewpoint);
    verdict.mismatch.as_ref()?;
    let message = format!(
        "`servername` is `{}` in the options, and the certificate that the server shows is for `{}`: Node asks for that name and compares it",
        escape(name),
        escape(host)
    );
    Some(
        Finding::new(&rules::OPTION_SERVER_NAME, message).fix(Fix::new(
            "Leave `servername` out, or set it to a name of the certificate",
        )),
    )
}

/// `servername: ''` at a server that needs one.
fn no_server_name(evidence: &Evidence<'_>, host: &str) -> Option<Finding> {
    let answer = match evidence.attempt()?.without_server_name.as_ref()? {
        WithoutServerName::Same => return None,
        WithoutServerName::Other(_) => "shows another certificate",
        WithoutServerName::Refused(_) => "ends the handshake",
    };
    let message = format!(
        "`servername` is empty in the options, so that no name is sent, and without one the server {answer}"
    );
    Some(
        Finding::new(&rules::OPTION_SERVER_NAME, message).fix(
            Fix::new("Send the name").with_code(format!("servername: '{}'", plain_name(host))),
        ),
    )
}

/// A name that may stand in code.
fn plain_name(host: &str) -> &str {
    let is_plain = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    if is_plain { host } else { "www.example.com" }
}

fn is_of_level(error: Error) -> bool {
    matches!(
        error,
        Error::EndEntityKeyTooSmall | Error::AuthorityKeyTooSmall | Error::AuthorityDigestTooWeak
    )
}

/// A security level at which the chain fails, and at the default not.
fn level_raised(judged: Judged<'_>, options: &ClientOptions) -> Option<Finding> {
    let level = openssl_config::security_level(options.ciphers.as_deref()?)?;
    if level <= judged.viewpoint.profile().security_level {
        return None;
    }
    let viewpoint = Viewpoint {
        security_level: Some(level),
        ..judged.viewpoint.clone()
    };
    let verdict = judged.case.judge(&viewpoint);
    let (error, depth) = verdict
        .errors
        .iter()
        .find(|found| is_of_level(found.0) && !judged.verdict.errors.contains(found))?;
    let certificate = &verdict.path.get(*depth)?.certificate.certificate;
    let message = format!(
        "`ciphers` raises the security level to {level}, at which `{}` does not pass: {}",
        certificate.display_name(),
        error.reason()
    );
    Some(
        Finding::new(&rules::OPTION_LEVEL_RAISED, message)
            .about(certificate.fingerprint())
            .fix(Fix::new("Leave `@SECLEVEL` out of `ciphers`"))
            .fix(Fix::new(
                "Or have the certificate issued for a stronger key",
            )),
    )
}

fn level_lowered(node: NodeVersion, options: &ClientOptions) -> Option<Finding> {
    let level = openssl_config::security_level(options.ciphers.as_deref()?)?;
    let default = node.security_level();
    (level < default).then(|| {
        let message = format!(
            "`ciphers` lowers the security level to {level}, from {default} in Node {}: weaker keys, digests and versions pass on every connection with these options",
            node.major
        );
        Finding::new(&rules::OPTION_LEVEL_LOWERED, message)
            .fix(Fix::new("Leave `@SECLEVEL` out of `ciphers`, but for the one server that cannot be mended"))
    })
}

fn old_versions(hello: Option<&Hello>, options: &ClientOptions) -> Option<Finding> {
    if options.versions.is_empty() {
        return None;
    }
    let old: Vec<Protocol> = hello?
        .versions
        .iter()
        .copied()
        .filter(|version| *version < Protocol::Tls1_2)
        .collect();
    (!old.is_empty()).then(|| {
        let message = format!(
            "the options offer {} ({}), which everybody else has given up",
            names(&old),
            escape(&options.versions.join(", "))
        );
        Finding::new(&rules::OPTION_OLD_VERSIONS, message)
            .fix(Fix::new("Set `minVersion` to 'TLSv1.2', or leave it out"))
    })
}

fn identity_check(options: &ClientOptions) -> Option<Finding> {
    options.own_identity_check.then(|| {
        Finding::new(
            &rules::OPTION_IDENTITY_CHECK,
            "`checkServerIdentity` is a function of the program: whether the certificate is for this host is up to that, and not to Node",
        )
        .fix(Fix::new("Remove it, or let it call tls.checkServerIdentity(host, certificate) first and return its error"))
    })
}
