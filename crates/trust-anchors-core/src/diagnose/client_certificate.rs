//! Servers that ask for a client certificate: whether one is needed, and why the one that was sent is not accepted.

use super::{Evidence, alert};

use crate::certificate::{Certificate, canonicalize, iso8601, rfc4514};
use crate::der::OpensslVersion;
use crate::findings::codes::FixText;
use crate::findings::rules::session as rules;
use crate::findings::{Finding, Shell, escape};
use crate::probe::{ClientCertificateRequest, Kind, Stage};

/// So many names of CAs are shown.
const MAX_AUTHORITIES: usize = 4;
/// So many are compared; a server that trusts every public CA sends some hundred.
const MAX_COMPARED: usize = 4096;

const GIVE_CERTIFICATE: FixText = FixText::write(
    "Give the connection a client certificate from one of those CAs, its intermediates after it, and its key",
    "tls.connect({ host: '{host}', port: {port}, cert: fs.readFileSync('client-fullchain.pem'), key: fs.readFileSync('client.key') })",
);
const DO_NOT_ASK: FixText = FixText::write(
    "Or, if clients are not meant to have one, do not demand it on the server",
    "# nginx:   ssl_verify_client off;\n# Apache:  SSLVerifyClient none\n# HAProxy: leave `verify required` out of `bind`\n# Node:    requestCert: false",
);
const OTHER_CERTIFICATE: FixText = FixText::write(
    "Send the client certificate that those CAs issued, with its intermediates after it",
    "tls.connect({ host: '{host}', port: {port}, cert: fs.readFileSync('client-fullchain.pem'), key: fs.readFileSync('client.key') })",
);
const ACCEPT_CA: FixText = FixText::write(
    "Or let the server trust the CA of the client certificate",
    "# nginx:   ssl_client_certificate /etc/ssl/client-ca.pem;\n# Apache:  SSLCACertificateFile /etc/ssl/client-ca.pem\n# HAProxy: ca-file /etc/ssl/client-ca.pem\n# Node:    ca: fs.readFileSync('client-ca.pem')",
);
const RENEW_CLIENT: FixText = FixText::new("Have the client certificate renewed");
const REISSUE_CLIENT: FixText = FixText::write(
    "Have the client certificate issued again for clients",
    "extendedKeyUsage = clientAuth\nkeyUsage = critical, digitalSignature",
);
const SHOW_CERTIFICATE: FixText = FixText::run(
    "See issuer, dates and uses of the client certificate",
    &[(
        Shell::Bash,
        "openssl x509 -in client.pem -noout -subject -issuer -dates -ext extendedKeyUsage",
    )],
);

/// Whether it is for the client certificate that the connection ended.
pub(super) fn decides(evidence: &Evidence<'_>) -> bool {
    ending(evidence).is_some()
}

enum Ending<'a> {
    /// The alert after a certificate, or after none.
    Refused(u8),
    /// The certificate that was given cannot be sent.
    Unusable(&'a str),
}

fn request<'a>(evidence: &Evidence<'a>) -> Option<&'a ClientCertificateRequest> {
    evidence
        .attempt()?
        .session
        .as_ref()?
        .client_certificate
        .as_ref()
}

fn ending<'a>(evidence: &Evidence<'a>) -> Option<Ending<'a>> {
    let request = request(evidence)?;
    if let Some(number) = request.refused {
        return Some(Ending::Refused(number));
    }
    let failure = evidence.failure()?;
    match &failure.kind {
        Kind::Alert(alert::CERTIFICATE_REQUIRED) => {
            Some(Ending::Refused(alert::CERTIFICATE_REQUIRED))
        }
        Kind::Other(reason) if failure.stage == Stage::Handshake && !request.sent => {
            Some(Ending::Unusable(reason))
        }
        _ => None,
    }
}

/// What the server's wish for a client certificate came to.
pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(request) = request(evidence) else {
        return Vec::new();
    };
    let authorities = Authorities::of(request);
    let finding = match ending(evidence) {
        Some(Ending::Unusable(reason)) => {
            let message = format!(
                "the server asks for a client certificate, and the one that was given cannot be sent: {reason}"
            );
            evidence.found(
                &rules::CLIENT_CERTIFICATE_REFUSED,
                message,
                &[SHOW_CERTIFICATE],
            )
        }
        Some(Ending::Refused(number)) if request.sent => refused(evidence, &authorities, number),
        Some(Ending::Refused(number)) => {
            let message = format!(
                "the server demands a client certificate{}, and none was sent: it ends the connection with the alert {}",
                authorities.from(),
                shown(number)
            );
            let fixes = [GIVE_CERTIFICATE, DO_NOT_ASK];
            evidence.found(&rules::CLIENT_CERTIFICATE_REQUIRED, message, &fixes)
        }
        None if request.sent => return Vec::new(),
        None => {
            let message = format!(
                "the server asks for a client certificate{}, and goes on without one",
                authorities.from()
            );
            evidence.found(&rules::CLIENT_CERTIFICATE_REQUESTED, message, &[])
        }
    };
    vec![finding]
}

/// The names of the CAs that the server accepts.
struct Authorities<'a> {
    names: &'a [Vec<u8>],
}

impl<'a> Authorities<'a> {
    fn of(request: &'a ClientCertificateRequest) -> Self {
        Self {
            names: &request.authorities,
        }
    }

    /// ` from …`; empty when the server does not say.
    fn from(&self) -> String {
        if self.names.is_empty() {
            return String::new();
        }
        let shown: Vec<String> = self
            .names
            .iter()
            .take(MAX_AUTHORITIES)
            .map(|name| format!("`{}`", escape(&rfc4514(name))))
            .collect();
        let more = self.names.len() - shown.len();
        match (shown.split_last(), more) {
            (Some((only, [])), 0) => format!(" from {only}"),
            (Some((last, rest)), 0) => format!(" from {} or {last}", rest.join(", ")),
            _ => format!(" from {} or {more} other CAs", shown.join(", ")),
        }
    }

    /// Whether the chain leads to one of them by name, or nothing is said.
    fn admit(&self, chain: &[Certificate]) -> bool {
        let canonical = |name: &[u8]| {
            let mut canonical = Vec::new();
            canonicalize(name, &mut canonical);
            canonical
        };
        let accepted: Vec<Vec<u8>> = self
            .names
            .iter()
            .take(MAX_COMPARED)
            .map(|name| canonical(name))
            .collect();
        accepted.is_empty()
            || chain
                .iter()
                .any(|certificate| accepted.contains(&canonical(certificate.issuer_der())))
    }
}

fn shown(number: u8) -> String {
    match alert::name(number) {
        Some(name) => format!("{name} ({number})"),
        None => number.to_string(),
    }
}

/// Why the certificate that was sent is not accepted, as far as that can be seen from here.
fn refused(evidence: &Evidence<'_>, authorities: &Authorities<'_>, number: u8) -> Finding {
    let chain: Vec<Certificate> = evidence
        .client_certificates
        .iter()
        .filter_map(|der| Certificate::decode(der, OpensslVersion::V3_5).ok())
        .collect();
    let Some(leaf) = chain.first() else {
        let message = format!(
            "the server does not accept the client certificate: it ends the connection with the alert {}",
            shown(number)
        );
        return evidence.found(
            &rules::CLIENT_CERTIFICATE_REFUSED,
            message,
            &[SHOW_CERTIFICATE],
        );
    };
    let (why, fixes): (String, &[FixText]) = if leaf.is_expired(evidence.now) {
        let since = leaf.not_after().map(iso8601).unwrap_or_default();
        (
            format!("it expired on {since}"),
            &[RENEW_CLIENT, SHOW_CERTIFICATE],
        )
    } else if leaf.is_not_yet_valid(evidence.now) {
        let from = leaf.not_before().map(iso8601).unwrap_or_default();
        (format!("it is valid from {from} on"), &[SHOW_CERTIFICATE])
    } else if !is_for_clients(leaf) {
        (
            "its extendedKeyUsage does not allow TLS clients".into(),
            &[REISSUE_CLIENT, SHOW_CERTIFICATE],
        )
    } else if !authorities.admit(&chain) {
        (
            format!(
                "`{}` issued it, and the server accepts certificates{}",
                escape(&leaf.issuer()),
                authorities.from()
            ),
            &[OTHER_CERTIFICATE, ACCEPT_CA],
        )
    } else {
        match meaning(number) {
            Some((why, fixes)) => (why.to_owned(), fixes),
            None => (
                "why is for the server's log to say".into(),
                &[SHOW_CERTIFICATE, ACCEPT_CA],
            ),
        }
    };
    let message = format!(
        "the server does not accept the client certificate `{}`: {why} (alert {})",
        leaf.display_name(),
        shown(number)
    );
    evidence
        .found(&rules::CLIENT_CERTIFICATE_REFUSED, message, fixes)
        .about(leaf.fingerprint())
}

fn is_for_clients(leaf: &Certificate) -> bool {
    const CLIENT_AUTHENTICATION: [u8; 8] = [0x2b, 6, 1, 5, 5, 7, 3, 2];
    const ANY: [u8; 4] = [0x55, 0x1d, 0x25, 0];
    leaf.extended_key_usage().is_none_or(|usages| {
        usages
            .iter()
            .any(|usage| *usage == CLIENT_AUTHENTICATION || *usage == ANY)
    })
}

/// What the alert says where nothing else tells.
fn meaning(number: u8) -> Option<(&'static str, &'static [FixText])> {
    Some(match number {
        alert::UNKNOWN_CA => (
            "the server does not know the CA that issued it, or misses an intermediate",
            &[OTHER_CERTIFICATE, ACCEPT_CA],
        ),
        alert::CERTIFICATE_EXPIRED => (
            "the server takes it, or a CA above it, for expired",
            &[RENEW_CLIENT, SHOW_CERTIFICATE],
        ),
        alert::CERTIFICATE_REVOKED => ("it is revoked", &[RENEW_CLIENT]),
        alert::UNSUPPORTED_CERTIFICATE => (
            "the server does not take certificates of its kind",
            &[REISSUE_CLIENT, SHOW_CERTIFICATE],
        ),
        alert::ACCESS_DENIED => (
            "it is valid, and its owner has no access",
            &[OTHER_CERTIFICATE],
        ),
        _ => return None,
    })
}
