//! What is wrong with a server that answers: beyond the verdict on its chain, how it sends that chain and what it speaks.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::code::{self, Prediction};
use super::{Evidence, client_certificate, protocol_list};
use crate::case::cause::date;
use crate::certificate::{Certificate, digest, iso8601};
use crate::der::OpensslVersion;
use crate::findings::codes::FixText;
use crate::findings::codes::fixes::{REISSUE_NAMES, RENEW};
use crate::findings::rules::session as rules;
use crate::findings::{Finding, Shell, escape};
use crate::ocsp::{self, Freshness, Signature, Status};
use crate::probe::{Attempt, Kind, Protocol, Session, WithoutServerName};
use crate::verify::{Error, Origin, Verdict};

const SECONDS_A_DAY: i64 = 24 * 60 * 60;
/// A certificate that is younger was probably just put in place.
const RENEWED_DAYS: i64 = 30;
/// More is not a chain; what comes after is not compared.
const MAX_COMPARED: usize = 64;
/// So many addresses are shown.
const MAX_SHOWN: usize = 6;

const SEND_PATH: FixText = FixText::write(
    "On the server, send the leaf and the intermediates that lead to the root, in that order, and nothing else",
    "# cat server.pem intermediate.pem > fullchain.pem\n# nginx:   ssl_certificate /etc/ssl/fullchain.pem;\n# Apache:  SSLCertificateFile /etc/ssl/fullchain.pem\n\
# HAProxy: cat fullchain.pem server.key > site.pem\n# Node:    cert: fs.readFileSync('fullchain.pem')",
);
const DEPLOY_FULL_CHAIN: FixText = FixText::write(
    "Have the renewal put the whole chain in place, not the certificate alone",
    "# certbot: fullchain.pem, not cert.pem   (acme.sh: --fullchain-file; lego: NAME.crt)\n# nginx:   ssl_certificate /etc/letsencrypt/live/{host}/fullchain.pem;\n\
# Node:    cert: fs.readFileSync('/etc/letsencrypt/live/{host}/fullchain.pem')",
);
const RENEW_INTERMEDIATE: FixText = FixText::new(
    "Replace the intermediate in the server's chain file by the CA's current one; a renewal of the leaf brings it along",
);
const REPLACE_ANCHOR: FixText =
    FixText::new("Give the clients the CA's next root before that day, beside the present one");
const DEFAULT_SERVER: FixText = FixText::write(
    "On the server, let clients without a server name get this certificate",
    "# nginx:   listen {port} ssl default_server;   in the `server` block of {host}\n# Apache:  the first <VirtualHost *:{port}> is the default\n\
# HAProxy: the first certificate of `crt` is the default\n# Node:    the `cert` and `key` of createServer, beside addContext",
);
const SEND_NAME: FixText = FixText::write(
    "Or let the client send the name, where it connects by an address or through a driver that sends none",
    "tls.connect({ host: '192.0.2.10', port: {port}, servername: '{host}' })\n// pg, mysql2: ssl: { servername: '{host}' }",
);
const STAPLE: FixText = FixText::write(
    "On the server, turn OCSP stapling on",
    "# nginx:   ssl_stapling on; ssl_stapling_verify on; resolver 192.0.2.53;\n# Apache:  SSLUseStapling on  and  SSLStaplingCache shmcb:/run/ocsp(128000)\n\
# HAProxy: ocsp-update on, behind the certificate in the `crt-list`\n# Node:    server.on('OCSPRequest', …)",
);
const REFRESH_STAPLE: FixText = FixText::run(
    "On the server, see why it does not get a fresh response from the CA, and reload it",
    &[(
        Shell::Bash,
        "openssl x509 -in fullchain.pem -noout -ocsp_uri\nnginx -t && journalctl -u nginx | grep -i ocsp",
    )],
);
const REISSUE: FixText = FixText::new(
    "Have a new certificate issued, for a new key, and put it in place: a revocation is not taken back",
);
const WITHOUT_MUST_STAPLE: FixText = FixText::new(
    "Or have the certificate issued again without the extension (certbot: without `--must-staple`)",
);
const CURRENT_VERSIONS: FixText = FixText::write(
    "On the server, speak TLS 1.2 and 1.3 only",
    "# nginx:   ssl_protocols TLSv1.2 TLSv1.3;\n# Apache:  SSLProtocol -all +TLSv1.2 +TLSv1.3\n# HAProxy: ssl-default-bind-options ssl-min-ver TLSv1.2\n# Node:    minVersion: 'TLSv1.2'",
);
const CURRENT_CIPHERS: FixText = FixText::write(
    "On the server, offer TLS 1.3, or TLS 1.2 with ECDHE and an AEAD cipher",
    "# nginx:   ssl_protocols TLSv1.2 TLSv1.3;  ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;\n# Apache:  SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20\n\
# HAProxy: ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20\n# Node:    leave `ciphers` out",
);
const EVERY_ADDRESS: FixText = FixText::run(
    "Ask each address by itself",
    &[(
        Shell::Bash,
        "for address in $(getent ahosts {host} | awk '{print $1}' | sort -u); do\n  echo \"$address\"; npx trust-anchors diagnose https://{host}:{port} --connect-to \"$address\"\ndone",
    )],
);
const REPORT: FixText = FixText::run(
    "Look again; when it stays, report it with this output, which holds no secrets",
    &[(
        Shell::Bash,
        "npx trust-anchors diagnose https://{host}:{port} --format json",
    )],
);
const UPDATE_NODE: FixText = FixText::new(
    "Update Node, and have the certificate issued for a common key: P-256 or RSA 2048",
);

/// What is found in the session and around it.
pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(attempt) = evidence.attempt()
        && let Some(session) = &attempt.session
    {
        let answer = Answer::new(evidence, attempt, session);
        findings.extend(answer.renewal());
        findings.extend(answer.expiring());
        findings.extend(answer.common_name_only());
        findings.extend(answer.duplicates());
        findings.extend(answer.unrelated());
        findings.extend(answer.root_sent());
        findings.extend(answer.staple());
        findings.extend(answer.server_name());
        findings.extend(answer.legacy_versions());
        findings.extend(answer.outdated_suite());
    }
    findings.extend(addresses(evidence));
    findings.extend(differs(evidence));
    findings.extend(not_observed(evidence));
    findings
}

/// A server's answer, its certificates read.
struct Answer<'a> {
    evidence: &'a Evidence<'a>,
    attempt: &'a Attempt,
    session: &'a Session,
    /// Those that can be read, each with its position in the message.
    certificates: Vec<(usize, Certificate)>,
}

impl<'a> Answer<'a> {
    fn new(evidence: &'a Evidence<'a>, attempt: &'a Attempt, session: &'a Session) -> Self {
        let certificates = session
            .certificates
            .iter()
            .take(MAX_COMPARED)
            .enumerate()
            .filter_map(|(position, der)| {
                let certificate = Certificate::decode(der, OpensslVersion::V3_5).ok()?;
                Some((position, certificate))
            })
            .collect();
        Self {
            evidence,
            attempt,
            session,
            certificates,
        }
    }

    fn leaf(&self) -> Option<&Certificate> {
        match self.certificates.first() {
            Some((0, leaf)) => Some(leaf),
            _ => None,
        }
    }

    fn verdict(&self) -> Option<&'a Verdict> {
        self.evidence.judged.map(|(_, _, verdict)| verdict)
    }

    /// Positions of the certificates to which names lead from the leaf.
    fn related(&self) -> Vec<usize> {
        let mut related = vec![0];
        let mut issuers: Vec<&[u8]> = self
            .leaf()
            .map(Certificate::issuer_der)
            .into_iter()
            .collect();
        while let Some(issuer) = issuers.pop() {
            for (position, certificate) in &self.certificates {
                if !related.contains(position) && is_named(certificate, issuer) {
                    related.push(*position);
                    issuers.push(certificate.issuer_der());
                }
            }
        }
        related
    }

    /// Positions that repeat an earlier certificate, with that one's.
    fn repeated(&self) -> Vec<(usize, usize)> {
        let mut first: BTreeMap<&[u8], usize> = BTreeMap::new();
        let mut repeated = Vec::new();
        for (position, certificate) in &self.certificates {
            match first.get(certificate.der()) {
                Some(earlier) => repeated.push((*position, *earlier)),
                None => {
                    first.insert(certificate.der(), *position);
                }
            }
        }
        repeated
    }

    /// A chain that an earlier certificate had, or none any more since the last renewal.
    fn renewal(&self) -> Option<Finding> {
        let is_incomplete = self.verdict()?.errors.iter().any(|(error, depth)| {
            *depth == 0
                && matches!(
                    error,
                    Error::UnableToVerifyLeafSignature
                        | Error::UnableToGetIssuerCertificateLocally
                        | Error::CertificateSignatureFailure
                )
        });
        let leaf = self.leaf().filter(|_| is_incomplete)?;
        let begun = leaf.not_before()?;
        let issuer = escape(&leaf.issuer());
        let others = self.certificates.iter().skip(1).map(|(_, other)| other);
        let outdated = others
            .filter(|other| other.is_ca() && !other.is_self_issued())
            .find(|other| other.not_before().is_some_and(|since| since < begun));
        let message = match outdated {
            Some(other) if is_named(other, leaf.issuer_der()) => {
                if !has_other_key(other, leaf) {
                    return None;
                }
                format!(
                    "`{}` was issued by a newer `{issuer}` than the one that is sent with it: the chain is that of an earlier certificate",
                    leaf.display_name()
                )
            }
            Some(other) => format!(
                "`{}` was issued by `{issuer}`, and sent with `{}`, which may have issued the one before it: the chain was not renewed with the certificate",
                leaf.display_name(),
                other.display_name()
            ),
            None => {
                let days = (self.evidence.now - begun) / SECONDS_A_DAY;
                if self.certificates.len() > 1 || !(0..RENEWED_DAYS).contains(&days) {
                    return None;
                }
                format!(
                    "`{}` is new, valid since {}: if clients could connect before, its chain was lost when it was renewed",
                    leaf.display_name(),
                    date(Some(begun))
                )
            }
        };
        let finding = self
            .evidence
            .found(&rules::CHAIN_NOT_RENEWED, message, &[DEPLOY_FULL_CHAIN]);
        Some(finding.about(leaf.fingerprint()))
    }

    /// What of the path expires soon.
    fn expiring(&self) -> Vec<Finding> {
        let now = self.evidence.now;
        let until = now + i64::from(self.evidence.min_days_left) * SECONDS_A_DAY;
        let path = self.verdict().map(|verdict| &*verdict.path);
        let mut findings = Vec::new();
        for (depth, element) in path.unwrap_or_default().iter().enumerate() {
            let certificate = &element.certificate.certificate;
            let Some(not_after) = certificate.not_after() else {
                continue;
            };
            if !(now..until).contains(&not_after) || certificate.is_expired(now) {
                continue;
            }
            let left = match (not_after - now) / SECONDS_A_DAY {
                0 => "in less than a day".into(),
                1 => "in 1 day".into(),
                days => format!("in {days} days"),
            };
            let (rule, whose, fixes): (_, _, &[FixText]) = match element.origin {
                Origin::Sent(_) if depth == 0 => (&rules::EXPIRES_SOON, "", &[RENEW]),
                Origin::Sent(_) => (&rules::EXPIRES_SOON, "", &[RENEW_INTERMEDIATE]),
                Origin::Store(_) => (
                    &rules::ANCHOR_EXPIRES_SOON,
                    " of the trust store",
                    &[REPLACE_ANCHOR],
                ),
            };
            let message = format!(
                "`{}`{whose} expires on {} (position {depth} of the path), {left}: Node fails with CERT_HAS_EXPIRED from then on",
                certificate.display_name(),
                date(Some(not_after))
            );
            let finding = self.evidence.found(rule, message, fixes);
            findings.push(finding.about(certificate.fingerprint()));
        }
        findings
    }

    /// A host that only the common name has.
    fn common_name_only(&self) -> Option<Finding> {
        let leaf = self
            .leaf()
            .filter(|_| self.verdict().is_some_and(|it| it.is_ok))?;
        let names = leaf.subject_alternative_names();
        let is_address = self.evidence.target.host.parse::<IpAddr>().is_ok();
        if is_address || names.iter().any(|name| name.starts_with("DNS:")) {
            return None;
        }
        let message = format!(
            "`{}` has no DNS name in subjectAltName: Node takes its common name for one, browsers and other clients refuse it",
            leaf.display_name()
        );
        let finding = self
            .evidence
            .found(&rules::COMMON_NAME_ONLY, message, &[REISSUE_NAMES]);
        Some(finding.about(leaf.fingerprint()))
    }

    fn duplicates(&self) -> Option<Finding> {
        let repeated = self.repeated();
        let (position, earlier) = *repeated.first()?;
        let (_, certificate) = self.certificates.iter().find(|(at, _)| *at == position)?;
        let more = match repeated.len() - 1 {
            0 => String::new(),
            1 => ", and one more is repeated".into(),
            more => format!(", and {more} more are repeated"),
        };
        let message = format!(
            "`{}` is sent twice, at positions {earlier} and {position}{more}: the repetition helps nobody",
            certificate.display_name()
        );
        let finding = self
            .evidence
            .found(&rules::DUPLICATE, message, &[SEND_PATH]);
        Some(finding.about(certificate.fingerprint()))
    }

    fn unrelated(&self) -> Option<Finding> {
        self.leaf()?;
        let related = self.related();
        let repeated = self.repeated();
        let strangers: Vec<&Certificate> = self
            .certificates
            .iter()
            .filter(|(position, _)| {
                !related.contains(position) && !repeated.iter().any(|(again, _)| again == position)
            })
            .map(|(_, certificate)| certificate)
            .collect();
        let (first, others) = strangers.split_first()?;
        let message = match others.len() {
            0 => format!(
                "`{}` is sent and has nothing to do with the certificate: no issuer's name leads to it",
                first.display_name()
            ),
            more => format!(
                "`{}` and {more} more are sent and have nothing to do with the certificate: no issuer's name leads to them",
                first.display_name()
            ),
        };
        let finding = self
            .evidence
            .found(&rules::UNRELATED, message, &[SEND_PATH]);
        Some(finding.about(first.fingerprint()))
    }

    fn root_sent(&self) -> Option<Finding> {
        let related = self.related();
        let (_, root) = self.certificates.iter().find(|(position, certificate)| {
            *position > 0 && related.contains(position) && certificate.is_self_issued()
        })?;
        let message = format!(
            "the root `{}` is sent along: a client that trusts it has it already, and to one that does not it means nothing",
            root.display_name()
        );
        let finding = self
            .evidence
            .found(&rules::ROOT_SENT, message, &[SEND_PATH]);
        Some(finding.about(root.fingerprint()))
    }

    /// What a stapled OCSP response says, or that it is missing where the certificate demands one.
    fn staple(&self) -> Option<Finding> {
        let leaf = self.leaf()?;
        let name = leaf.display_name();
        let Some(response) = &self.session.ocsp_response else {
            if !leaf.must_staple() {
                return None;
            }
            let message = format!(
                "`{name}` demands that an OCSP response is stapled to it, and none is: Node does not mind, clients that honour the demand refuse it"
            );
            let fixes = [STAPLE, WITHOUT_MUST_STAPLE];
            let finding = self.evidence.found(&rules::STAPLE_MISSING, message, &fixes);
            return Some(finding.about(leaf.fingerprint()));
        };
        let staple = ocsp::read(response, leaf, self.issuer());
        let now = self.evidence.now;
        let (rule, what, fixes): (_, String, &[FixText]) = match staple.status {
            Status::Revoked { at, .. } => (
                &rules::STAPLE_REVOKED,
                format!(
                    "the OCSP response that is stapled to `{name}` says that it was revoked on {}",
                    date(Some(at))
                ),
                &[REISSUE],
            ),
            Status::Good if staple.freshness(now) == Freshness::Stale => (
                &rules::STAPLE_STALE,
                format!(
                    "the OCSP response that is stapled to `{name}` was to be replaced by {}",
                    staple.next_update.map(iso8601).unwrap_or_default()
                ),
                &[REFRESH_STAPLE],
            ),
            Status::Good if staple.freshness(now) == Freshness::NotYet => (
                &rules::STAPLE_STALE,
                format!(
                    "the OCSP response that is stapled to `{name}` holds from {} on, which is yet to come",
                    staple.this_update.map(iso8601).unwrap_or_default()
                ),
                &[REFRESH_STAPLE],
            ),
            Status::Good if staple.signature == Signature::Invalid => (
                &rules::STAPLE_USELESS,
                format!(
                    "the OCSP response that is stapled to `{name}` is not signed by the CA that issued it, nor in its name"
                ),
                &[REFRESH_STAPLE],
            ),
            Status::Good => return None,
            Status::Unknown => (
                &rules::STAPLE_USELESS,
                format!(
                    "the OCSP response that is stapled to `{name}` says that the responder does not know it"
                ),
                &[REFRESH_STAPLE],
            ),
            Status::Failed(fault) => (
                &rules::STAPLE_USELESS,
                format!(
                    "the OCSP response that is stapled to `{name}` holds no answer: {}",
                    fault.as_str()
                ),
                &[REFRESH_STAPLE],
            ),
            Status::OtherCertificate => (
                &rules::STAPLE_USELESS,
                format!(
                    "the OCSP response that is stapled to `{name}` is about another certificate"
                ),
                &[REFRESH_STAPLE],
            ),
            Status::Unreadable => (
                &rules::STAPLE_USELESS,
                format!("what is stapled to `{name}` is no OCSP response that can be read"),
                &[REFRESH_STAPLE],
            ),
        };
        let message =
            format!("{what}: Node does not look at it, other clients refuse the connection");
        Some(
            self.evidence
                .found(rule, message, fixes)
                .about(leaf.fingerprint()),
        )
    }

    /// The certificate that issued the leaf, as the verdict found it.
    fn issuer(&self) -> Option<&'a Certificate> {
        let element = self.verdict()?.path.get(1)?;
        Some(&element.certificate.certificate)
    }

    fn server_name(&self) -> Option<Finding> {
        self.evidence.target.server_name.as_ref()?;
        let what = match self.attempt.without_server_name.as_ref()? {
            WithoutServerName::Same => return None,
            WithoutServerName::Other(sent) => {
                let other = sent
                    .first()
                    .and_then(|der| Certificate::decode(der, OpensslVersion::V3_5).ok());
                let ours = self.session.certificates.first();
                if sent.first() == ours {
                    "it sends the same certificate with another chain".into()
                } else {
                    match other {
                        Some(other) => format!("it sends `{}`", other.display_name()),
                        None => "it sends another certificate".into(),
                    }
                }
            }
            WithoutServerName::Refused(failure) => match failure.kind {
                // It says nothing about names.
                Kind::TimedOut | Kind::Refused | Kind::Unreachable => return None,
                Kind::Alert(number) => match super::alert::name(number) {
                    Some(name) => format!("it refuses the handshake (alert {name})"),
                    None => "it refuses the handshake".into(),
                },
                _ => "it ends the connection".into(),
            },
        };
        let message =
            format!("the server goes by the server name: to a client that sends none {what}");
        let fixes = [DEFAULT_SERVER, SEND_NAME];
        Some(
            self.evidence
                .found(&rules::SERVER_NAME_DECIDES, message, &fixes),
        )
    }

    fn legacy_versions(&self) -> Option<Finding> {
        let legacy: Vec<Protocol> = self
            .attempt
            .versions
            .iter()
            .filter(|offer| offer.cipher_suite.is_some() && offer.protocol < Protocol::Tls1_2)
            .map(|offer| offer.protocol)
            .collect();
        if legacy.is_empty() || self.session.protocol < Protocol::Tls1_2 {
            return None;
        }
        let message = format!(
            "the server still speaks {}, which RFC 8996 retires; Node does not use it by itself",
            protocol_list(&legacy)
        );
        Some(
            self.evidence
                .found(&rules::LEGACY_OFFERED, message, &[CURRENT_VERSIONS]),
        )
    }

    fn outdated_suite(&self) -> Option<Finding> {
        let suite = &self.session.cipher_suite;
        let is_outdated = self.session.protocol == Protocol::Tls1_2
            && self.attempt.failure.is_none()
            && (suite.contains("_CBC_") || suite.starts_with("TLS_RSA_"));
        if !is_outdated {
            return None;
        }
        let message = format!(
            "the server chooses {} with {suite}: Node can, and current clients and libraries do not any more",
            self.session.protocol.as_str()
        );
        Some(
            self.evidence
                .found(&rules::SUITE_OUTDATED, message, &[CURRENT_CIPHERS]),
        )
    }
}

/// Whether the certificate has this subject, as OpenSSL compares names.
fn is_named(certificate: &Certificate, name: &[u8]) -> bool {
    let mut canonical = Vec::new();
    crate::certificate::canonicalize(name, &mut canonical);
    certificate.canonical_subject() == canonical
}

/// Whether the key identifiers say that this is not the key that signed.
fn has_other_key(issuer: &Certificate, issued: &Certificate) -> bool {
    match (
        issuer.subject_key_identifier(),
        issued.authority_key_identifier(),
    ) {
        (Some(has), Some(wants)) => has != wants,
        _ => false,
    }
}

/// Addresses of one name that do not answer alike.
fn addresses(evidence: &Evidence<'_>) -> Option<Finding> {
    if !evidence.all_addresses {
        return None;
    }
    let mut answers: Vec<(String, Vec<String>)> = Vec::new();
    for attempt in &evidence.probe.attempts {
        let address = attempt.address?.ip().to_string();
        let answer = summary(attempt);
        match answers.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, addresses)) => addresses.push(address),
            None => answers.push((answer, vec![address])),
        }
    }
    if answers.len() < 2 {
        return None;
    }
    let host = escape(&evidence.target.host);
    let mut told: Vec<String> = answers
        .iter()
        .map(|(answer, addresses)| {
            let shown: Vec<&str> = addresses
                .iter()
                .map(String::as_str)
                .take(MAX_SHOWN)
                .collect();
            let more = match addresses.len() - shown.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("{}{more}: {answer}", shown.join(", "))
        })
        .collect();
    let more = told.len().saturating_sub(MAX_SHOWN);
    told.truncate(MAX_SHOWN);
    if more > 0 {
        told.push(format!("{more} more answers"));
    }
    let message = format!(
        "the addresses of `{host}` do not answer alike, so that the outcome depends on which one is taken; {}",
        told.join("; ")
    );
    Some(evidence.found(&rules::ADDRESSES_DIFFER, message, &[EVERY_ADDRESS]))
}

/// What tells one answer from another: the certificates that were sent, else how it ended.
fn summary(attempt: &Attempt) -> String {
    let ended = attempt.failure.as_ref().map(|failure| {
        let stage = failure.stage.as_str();
        match failure.kind {
            Kind::Alert(number) => match super::alert::name(number) {
                Some(name) => format!("alert {name}"),
                None => format!("alert {number}"),
            },
            ref kind => format!("{} ({stage})", kind.as_str().replace('-', " ")),
        }
    });
    let Some(session) = &attempt.session else {
        return ended.unwrap_or_default();
    };
    let whole: Vec<u8> = session
        .certificates
        .iter()
        .flat_map(|der| digest(der))
        .collect();
    let name = session
        .certificates
        .first()
        .and_then(|der| Certificate::decode(der, OpensslVersion::V3_5).ok())
        .map_or_else(
            || "a certificate that cannot be read".into(),
            |leaf| format!("`{}` until {}", leaf.display_name(), date(leaf.not_after())),
        );
    let count = session.certificates.len();
    let short: String = crate::certificate::hexadecimal(&digest(&whole))
        .chars()
        .take(8)
        .collect();
    let ended = ended.map(|how| format!(", then {how}")).unwrap_or_default();
    let noun = if count == 1 {
        "certificate"
    } else {
        "certificates"
    };
    format!("{name}, {count} {noun} ({short}){ended}")
}

/// What this Node came to, where it is not what was predicted.
fn differs(evidence: &Evidence<'_>) -> Option<Finding> {
    let observed = evidence.observed.as_ref()?;
    // In TLS 1.3 a client is connected before the server has looked at its certificate. And what took too long says nothing.
    let is_late = observed.code.as_deref() == Some("ETIMEDOUT");
    if is_late || client_certificate::decides(evidence) {
        return None;
    }
    let (predicted, is_same) = match code::predicted(evidence)? {
        Prediction::Connects => ("a connection".to_owned(), observed.ok),
        Prediction::Fails(code) => {
            let is_same = !observed.ok && observed.code.as_ref() == Some(&code);
            (format!("`{code}`"), is_same)
        }
    };
    if is_same {
        return None;
    }
    let came = match (&observed.code, &observed.message) {
        _ if observed.ok => "connects".to_owned(),
        (Some(code), _) => format!("ends with `{}`", escape(code)),
        (None, Some(message)) => format!("ends with \"{}\"", escape(message)),
        (None, None) => "fails".to_owned(),
    };
    let message = format!(
        "this Node {came}, and {predicted} was predicted: either the server answers one way and then another, or that is a defect of trust-anchors"
    );
    let mut finding = evidence.found(&rules::OBSERVED_DIFFERS, message, &[REPORT]);
    finding.detail = observed.message.as_deref().map(escape);
    Some(finding)
}

fn not_observed(evidence: &Evidence<'_>) -> Option<Finding> {
    let why = evidence.not_observed.as_deref()?;
    let message = format!(
        "this Node's own connection is left out, and the verdict alone is given: {}",
        escape(why)
    );
    Some(evidence.found(&rules::NOT_OBSERVED, message, &[UPDATE_NODE]))
}
