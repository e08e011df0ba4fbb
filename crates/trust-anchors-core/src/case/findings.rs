//! What is wrong with a chain, by rule: who must act, and what mends it. Every error of OpenSSL counts, not only the last one, since mending
//! that uncovers the next.

use super::cause::{date, key, list_history};
use super::{Case, Viewpoint};
use crate::certificate::{Certificate, iso8601};
use crate::explain::{Failure, fill};
use crate::findings::codes::FixText;
use crate::findings::codes::fixes::{
    CARRY_INTERMEDIATE, CONNECT_BY_NAME, FIND_INTERMEDIATE, MERGED_STORE, REISSUE_NAMES, RENEW,
    SEND_CHAIN, SET_CLOCK, TRUST_CA_FILE, USE_SYSTEM_CA,
};
use crate::findings::rules::chain as rules;
use crate::findings::{Finding, Fix, Rule, Shell, escape};
use crate::node::NodeVersion;
use crate::shipped_roots;
use crate::verify::identity::{Mismatch, Nearest, Relation};
use crate::verify::usage::{CertificateAuthority, certificate_authority};
use crate::verify::{Error, Examined, MAX_MESSAGE, Origin, PathElement, Purpose, Stage, Verdict};

const SECONDS_A_DAY: i64 = 24 * 60 * 60;
/// So many certificates are tried in the first place; a chain file has one leaf, and nearly always at its end.
const MAX_LEAVES: usize = 3;
/// So many addresses of an issuer's certificate are shown.
const MAX_ADDRESSES: usize = 3;
/// A name that is not matched is shown beside so many of the certificate's.
const MAX_NAMES: usize = 8;

const PLAIN_CERTIFICATE: FixText = FixText::run(
    "Write the certificate without its trust settings, if it is to be trusted for TLS",
    &[(
        Shell::Bash,
        "openssl x509 -in ca.pem -clrtrust -clrreject -out plain.pem",
    )],
);
const ADD_ROOT: FixText =
    FixText::new("Put the root that issued it into the same store, got from whoever runs the CA");
const ALLOW_PARTIAL: FixText = FixText::write(
    "Or let a chain end at any certificate of the store (Node 22.9 or later)",
    "tls.connect({ host: '{host}', port: {port}, ca, allowPartialTrustChain: true })",
);
const REISSUE: FixText = FixText::write(
    "Have the certificate issued again with",
    "extendedKeyUsage = serverAuth\nkeyUsage = critical, digitalSignature",
);
const REISSUE_CLIENT: FixText = FixText::write(
    "Have the certificate issued again with",
    "extendedKeyUsage = clientAuth\nkeyUsage = critical, digitalSignature",
);
const REISSUE_CA: FixText = FixText::write(
    "Have the CA's certificate issued again, for the same key and name, with",
    "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign",
);
const REISSUE_KEY: FixText =
    FixText::new("Have the certificate issued for a new key: at least RSA 2048, or P-256");
const LOWER_LEVEL: FixText = FixText::write(
    "Until then lower the security level on this one connection",
    "tls.connect({ host: '{host}', port: {port}, ciphers: 'DEFAULT@SECLEVEL=1' })",
);
const REISSUE_DIGEST: FixText =
    FixText::new("Have the certificate issued again, signed with SHA-256 or better");
const REISSUE_FORM: FixText = FixText::new("Have the certificate issued again by current software");
const TRUST_LEAF: FixText = FixText::write(
    "Trust this one certificate on the connection that needs it, by its file from the server itself",
    "tls.connect({ host: '{host}', port: {port}, ca: fs.readFileSync('server.pem') })",
);
const SHOW_CHAIN: FixText = FixText::run(
    "Look at what the server sends",
    &[(
        Shell::Bash,
        "openssl s_client -connect {host}:{port} -servername {host} -showcerts </dev/null",
    )],
);
const IN_ORDER: FixText = FixText::new(
    "Write the server's chain file in order: its own certificate, then each one's issuer",
);
const SEND_LESS: FixText =
    FixText::new("Send the leaf and the intermediates that lead to the root, and nothing else");
const OTHER_CA: FixText = FixText::new(
    "Have the certificate issued for names that the CA may vouch for, or by another CA",
);
const ALLOWED_CA: FixText = FixText::new(
    "Issue from the CA that may, or have its certificate issued again with a larger pathLenConstraint",
);
const REPLACE_ANCHOR: FixText =
    FixText::new("Replace it in the trust store by the CA's current certificate, or take it out");
const ONE_OF_NAME: FixText =
    FixText::new("Take the one that is not used any more out of the trust store");
const ASK_NODE: FixText = FixText::run(
    "Ask OpenSSL itself",
    &[(
        Shell::Bash,
        "openssl verify -CAfile ca.pem -untrusted chain.pem server.pem",
    )],
);
const GIVE_CHAIN: FixText =
    FixText::new("Give the certificates of the chain and of the CAs alone, as PEM or DER");

impl Case {
    /// What is wrong with a verdict of this case: what decides its code comes first.
    pub fn findings(&self, viewpoint: &Viewpoint, verdict: &Verdict) -> Vec<Finding> {
        self.findings_at(viewpoint, verdict, None)
    }

    /// The same of a server at a port, which its fixes name.
    pub fn findings_at(
        &self,
        viewpoint: &Viewpoint,
        verdict: &Verdict,
        port: Option<u16>,
    ) -> Vec<Finding> {
        let judged = Judged {
            case: self,
            viewpoint,
            verdict,
            port,
        };
        if let Some(finding) = judged.leaf_not_first() {
            // Everything else is said of the wrong certificate.
            return vec![finding];
        }
        let mut found: Vec<(usize, Finding)> = Vec::new();
        for (error, depth) in verdict.errors.iter().rev() {
            for (depth, finding) in judged.error(*error, *depth) {
                let is_known = |(other_depth, other): &(usize, Finding)| {
                    std::ptr::eq(other.rule, finding.rule) && *other_depth == depth
                };
                if !found.iter().any(is_known) {
                    found.push((depth, finding));
                }
            }
        }
        let of_errors = found.into_iter().map(|(_, finding)| finding);
        let ends = match verdict.stage {
            Some(Stage::Handshake) => Some(judged.handshake()),
            Some(Stage::Identity) => judged.host_name(),
            _ => None,
        };
        let mut findings: Vec<Finding> = ends.into_iter().chain(of_errors).collect();
        findings.extend(judged.undetermined());
        findings.extend(judged.not_read());
        findings.extend(judged.out_of_order());
        findings
    }
}

struct Judged<'a> {
    case: &'a Case,
    viewpoint: &'a Viewpoint,
    verdict: &'a Verdict,
    port: Option<u16>,
}

impl<'a> Judged<'a> {
    fn element(&self, depth: usize) -> Option<&'a PathElement> {
        self.verdict.path.get(depth)
    }

    fn certificate(&self, depth: usize) -> Option<&'a Certificate> {
        self.element(depth)
            .map(|element| &element.certificate.certificate)
    }

    fn name(&self, depth: usize) -> String {
        match self.certificate(depth) {
            Some(certificate) => format!("`{}`", certificate.display_name()),
            None => "the certificate".into(),
        }
    }

    fn issuer_name(&self, depth: usize) -> String {
        match self.certificate(depth) {
            Some(certificate) if !certificate.issuer().is_empty() => {
                format!("`{}`", escape(&certificate.issuer()))
            }
            _ => "its issuer".into(),
        }
    }

    fn leaf(&self) -> String {
        self.name(0)
    }

    fn is_from_store(&self, depth: usize) -> bool {
        self.element(depth)
            .is_some_and(|element| matches!(element.origin, Origin::Store(_)))
    }

    fn peer(&self) -> &'static str {
        match self.case.purpose {
            Purpose::Server => "server",
            Purpose::Client => "client",
        }
    }

    /// A finding about the certificate at this depth.
    fn about(
        &self,
        rule: &'static Rule,
        depth: usize,
        message: String,
        fixes: &[FixText],
    ) -> Finding {
        let mut finding = Finding::new(rule, message);
        if let Some(certificate) = self.certificate(depth) {
            finding = finding.about(certificate.fingerprint());
        }
        finding.fixes = fixes.iter().map(|fix| self.filled(fix)).collect();
        finding
    }

    fn filled(&self, fix: &FixText) -> Fix {
        let failure = Failure {
            host: self.case.host.clone(),
            port: self.port,
            ..Failure::default()
        };
        fix.filled(|text| fill(text, &failure))
    }

    /// The findings of one error, each with the depth that it is about.
    fn error(&self, error: Error, depth: usize) -> Vec<(usize, Finding)> {
        let name = self.name(depth);
        let finding = match error {
            Error::UnableToVerifyLeafSignature
            | Error::UnableToGetIssuerCertificateLocally
            | Error::UnableToGetIssuerCertificate
            | Error::SelfSignedCertificateInChain
            | Error::DepthZeroSelfSignedCertificate => return vec![self.untrusted(error, depth)],
            Error::CertificateSignatureFailure => {
                let message = format!(
                    "the signature of {name} was not made with the key of {}: it was changed, or that is another CA of the same name",
                    self.issuer_name(depth)
                );
                let finding = self.about(
                    &rules::SIGNATURE_INVALID,
                    depth,
                    message,
                    &[SEND_CHAIN, SHOW_CHAIN],
                );
                return self.with_twin(finding, depth, depth + 1);
            }
            Error::CertificateHasExpired => {
                let finding = self.expired(depth);
                return self.with_twin(finding, depth, depth);
            }
            Error::CertificateNotYetValid => {
                let from = self.certificate(depth).and_then(Certificate::not_before);
                let message = format!(
                    "{name} is valid from {} on, and is judged by {}",
                    from.map(iso8601).unwrap_or_default(),
                    iso8601(self.viewpoint.now)
                );
                self.about(
                    &rules::NOT_YET_VALID,
                    depth,
                    message,
                    &[SET_CLOCK, REISSUE_FORM],
                )
            }
            Error::ErrorInCertificateNotBefore | Error::ErrorInCertificateNotAfter => {
                let field = if error == Error::ErrorInCertificateNotBefore {
                    "notBefore"
                } else {
                    "notAfter"
                };
                let message =
                    format!("{field} of {name} is not a time in the form that RFC 5280 demands");
                self.about(&rules::DATE_UNREADABLE, depth, message, &[REISSUE_FORM])
            }
            Error::CertificateRejected => self.rejected(depth),
            Error::InvalidPurpose => self.purpose(depth),
            Error::InvalidAuthority | Error::KeyUsageWithoutCertificateSigning => {
                return self.with_twin(self.not_an_authority(depth), depth, depth);
            }
            Error::PathLengthExceeded | Error::ProxyPathLengthExceeded => {
                let limit = self
                    .element(depth)
                    .and_then(|element| element.certificate.facts().path_length);
                let message = match limit {
                    Some(limit) => {
                        format!("{name} allows {limit} intermediates below it, and there are more")
                    }
                    None => format!("{name} allows fewer certificates below it than there are"),
                };
                self.about(&rules::PATH_LENGTH, depth, message, &[ALLOWED_CA])
            }
            Error::UnhandledCriticalExtension => {
                let message = format!("{name} has a critical extension that OpenSSL does not know");
                self.about(&rules::UNKNOWN_CRITICAL, depth, message, &[REISSUE_FORM])
            }
            Error::PermittedViolation
            | Error::ExcludedViolation
            | Error::SubtreeMinimumMaximum
            | Error::UnsupportedConstraintType
            | Error::UnsupportedConstraintSyntax
            | Error::UnsupportedNameSyntax => {
                let what = match error {
                    Error::PermittedViolation => "does not permit one of its names",
                    Error::ExcludedViolation => "excludes one of its names",
                    _ => "has name constraints that cannot be compared with its names",
                };
                let message = format!("a CA above {name} {what} ({})", error.reason());
                self.about(&rules::NAME_CONSTRAINTS, depth, message, &[OTHER_CA])
            }
            Error::EndEntityKeyTooSmall | Error::AuthorityKeyTooSmall => self.weak_key(depth),
            Error::AuthorityDigestTooWeak => {
                let algorithm = self
                    .certificate(depth)
                    .map(Certificate::signature_algorithm);
                let message = format!(
                    "{name} is signed with {}, whose digest is below security level {} of Node {}",
                    algorithm.unwrap_or_default(),
                    self.viewpoint.profile().security_level,
                    self.viewpoint.node.major
                );
                self.about(
                    &rules::SIGNATURE_TOO_WEAK,
                    depth,
                    message,
                    &[REISSUE_DIGEST],
                )
            }
            Error::CertificateChainTooLong => {
                let message =
                    "the path has more than 100 issuers, the most that OpenSSL follows".into();
                self.about(&rules::TOO_LONG, depth, message, &[SEND_LESS])
            }
            _ => {
                let message = format!("{name}: {}", error.reason());
                self.about(&rules::UNUSUAL, depth, message, &[REISSUE_KEY])
            }
        };
        vec![(depth, finding)]
    }

    /// The path ends in nothing that is trusted.
    fn untrusted(&self, error: Error, depth: usize) -> (usize, Finding) {
        let name = self.name(depth);
        if let Some((invalid, certificate)) = self.invalid(depth) {
            let message = format!(
                "`{}` has an extension that OpenSSL cannot read, or has it twice: no path leads through it",
                certificate.display_name()
            );
            let finding = self
                .about(&rules::INVALID_EXTENSION, invalid, message, &[REISSUE_FORM])
                .about(certificate.fingerprint());
            return (0, finding);
        }
        let finding = match error {
            Error::DepthZeroSelfSignedCertificate => {
                let message = format!(
                    "{name} is self-signed and not in the trust store: nobody else vouches for it"
                );
                let mut finding = self.about(&rules::SELF_SIGNED, depth, message, &[TRUST_LEAF]);
                self.offer(&mut finding, depth, "Trust this certificate, once its fingerprint is compared with the server's own");
                finding
            }
            Error::UnableToGetIssuerCertificate => {
                let message = format!(
                    "{name} is in the trust store, and its issuer {} is not: Node ends a chain at a self-signed certificate only",
                    self.issuer_name(depth)
                );
                self.about(
                    &rules::ANCHOR_WITHOUT_ROOT,
                    depth,
                    message,
                    &[ADD_ROOT, ALLOW_PARTIAL],
                )
            }
            Error::SelfSignedCertificateInChain => {
                let message = format!(
                    "the chain of {} leads to {name}, which was sent and is not in the trust store",
                    self.leaf()
                );
                let mut finding = self.about(
                    &rules::ROOT_NOT_TRUSTED,
                    depth,
                    message,
                    &[TRUST_CA_FILE, USE_SYSTEM_CA, MERGED_STORE],
                );
                self.offer(&mut finding, depth, "Trust this CA, once its fingerprint is compared with what its operator publishes");
                finding
            }
            _ if depth == 0 => {
                let message = format!(
                    "the {} sent {name} without its issuer {}, and the trust store does not hold that either: Node cannot check the certificate",
                    self.peer(),
                    self.issuer_name(0)
                );
                self.about(
                    &rules::MISSING_INTERMEDIATE,
                    0,
                    message,
                    &[
                        SEND_CHAIN,
                        FIND_INTERMEDIATE,
                        CARRY_INTERMEDIATE,
                        TRUST_CA_FILE,
                    ],
                )
            }
            _ => {
                let message = format!(
                    "the chain of {} leads from {name} to {}, which was not sent and is not in the trust store",
                    self.leaf(),
                    self.issuer_name(depth)
                );
                self.about(
                    &rules::ROOT_NOT_TRUSTED,
                    depth,
                    message,
                    &[TRUST_CA_FILE, USE_SYSTEM_CA, MERGED_STORE],
                )
            }
        };
        let history = self
            .certificate(depth)
            .and_then(|certificate| list_history(certificate, self.viewpoint.node));
        let known = history.map(|(root, history)| {
            format!(
                "`{}` {history} (the lists were read on {})",
                root.display_name(),
                shipped_roots::READ_ON
            )
        });
        let finding = match known.or_else(|| self.published(depth)) {
            Some(detail) => finding.detail(detail),
            None => finding,
        };
        // 20 and 21 speak of one leaf.
        (depth, finding)
    }

    /// Where the CA publishes the certificate that is missing above this depth.
    fn published(&self, depth: usize) -> Option<String> {
        let certificate = self.certificate(depth)?;
        if certificate.is_self_issued() {
            return None;
        }
        let mut addresses = certificate.issuer_addresses();
        addresses.truncate(MAX_ADDRESSES);
        if addresses.is_empty() {
            return None;
        }
        let listed = addresses.join("`, `");
        Some(format!(
            "the certificate names where its issuer's can be had: `{listed}`"
        ))
    }

    /// Gives the certificate itself as something to put in place.
    fn offer(&self, finding: &mut Finding, depth: usize, title: &str) {
        if let Some(certificate) = self.certificate(depth) {
            finding.fixes.insert(
                0,
                Fix::new(format!("{title} (SHA-256 {})", certificate.fingerprint()))
                    .with_pem(certificate.pem()),
            );
        }
    }

    /// The certificate that ends the path because OpenSSL takes it for invalid: the last one, or one that is named as its issuer.
    fn invalid(&self, depth: usize) -> Option<(usize, &'a Certificate)> {
        let last = &self.element(depth)?.certificate;
        if last.facts().is_invalid {
            return Some((depth, &last.certificate));
        }
        let profile = self.viewpoint.profile();
        let sent = self.case.presented.chain(&profile).certificates().iter();
        let anchors = self.viewpoint.trust.anchors(&profile);
        let in_store = anchors
            .with_subject(&last.names().issuer)
            .map(|(_, certificate)| certificate);
        sent.chain(in_store)
            .filter(|candidate| candidate.names().subject == last.names().issuer)
            .find(|candidate| candidate.facts().is_invalid)
            .map(|candidate| (depth, &candidate.certificate))
    }

    fn expired(&self, depth: usize) -> Finding {
        let not_after = self.certificate(depth).and_then(Certificate::not_after);
        let name = self.name(depth);
        let on = date(not_after);
        if self.is_from_store(depth) {
            let message =
                format!("{name} of the trust store expired on {on} (position {depth} of the path)");
            return self.about(
                &rules::ANCHOR_EXPIRED,
                depth,
                message,
                &[REPLACE_ANCHOR, MERGED_STORE],
            );
        }
        let days = not_after.map(|not_after| (self.viewpoint.now - not_after) / SECONDS_A_DAY);
        let since = match days {
            Some(0) => "on the day it is judged by".into(),
            Some(1) => "1 day before the time it is judged by".into(),
            days => format!(
                "{} days before the time it is judged by",
                days.unwrap_or_default()
            ),
        };
        let message = format!("{name} expired on {on} (position {depth} of the path), {since}");
        let fixes: &[FixText] = if depth == 0 {
            &[RENEW, SET_CLOCK]
        } else {
            &[SEND_CHAIN, SET_CLOCK]
        };
        self.about(&rules::CERTIFICATE_EXPIRED, depth, message, fixes)
    }

    fn rejected(&self, depth: usize) -> Finding {
        let message = format!(
            "the settings of the TRUSTED CERTIFICATE {} in `ca` keep it from vouching for TLS {}s",
            self.name(depth),
            self.peer()
        );
        self.about(
            &rules::ANCHOR_REJECTED,
            depth,
            message,
            &[PLAIN_CERTIFICATE],
        )
    }

    fn purpose(&self, depth: usize) -> Finding {
        let element = self.element(depth).map(|element| &*element.certificate);
        let has_settings =
            |examined: &Examined| self.is_from_store(depth) && examined.settings.is_some();
        if element.is_some_and(has_settings) {
            return self.rejected(depth);
        }
        let is_authority = |examined: &Examined| {
            certificate_authority(examined.facts()) != CertificateAuthority::No
        };
        if depth > 0 && !element.is_some_and(is_authority) {
            return self.not_an_authority(depth);
        }
        let message = format!(
            "{} is not for TLS {}s: its extendedKeyUsage, keyUsage or Netscape certificate type excludes them",
            self.name(depth),
            self.peer()
        );
        let fixes: &[FixText] = match self.case.purpose {
            Purpose::Server => &[REISSUE],
            Purpose::Client => &[REISSUE_CLIENT],
        };
        self.about(&rules::WRONG_PURPOSE, depth, message, fixes)
    }

    fn not_an_authority(&self, depth: usize) -> Finding {
        let message = format!(
            "{} issued the certificate below it and is no CA: basicConstraints or keyUsage do not allow it",
            self.name(depth)
        );
        self.about(&rules::ISSUER_NOT_CA, depth, message, &[REISSUE_CA])
    }

    fn weak_key(&self, depth: usize) -> Finding {
        let key = self.certificate(depth).map(key).unwrap_or_default();
        let level = self.viewpoint.profile().security_level;
        let mut message = format!(
            "the key {key} of {} is below security level {level} of Node {}",
            self.name(depth),
            self.viewpoint.node.major
        );
        let mut fixes = vec![REISSUE_KEY];
        // A Node with a lower level may take it.
        if self.viewpoint.security_level.is_none()
            && level > 1
            && self.is_strong_enough_before(depth)
        {
            message.push_str(", and not of Node 18, 20 and 22");
            fixes.push(LOWER_LEVEL);
        }
        self.about(&rules::KEY_TOO_WEAK, depth, message, &fixes)
    }

    fn is_strong_enough_before(&self, depth: usize) -> bool {
        let older = NodeVersion::parse("22").map(|node| Viewpoint {
            node,
            ..self.viewpoint.clone()
        });
        let is_weak = |(error, at): &(Error, usize)| {
            *at == depth
                && matches!(
                    error,
                    Error::EndEntityKeyTooSmall | Error::AuthorityKeyTooSmall
                )
        };
        older.is_some_and(|older| !self.case.judge(&older).errors.iter().any(is_weak))
    }

    /// A finding, and another one where the certificate at `anchor` was taken from several of its name in the store.
    fn with_twin(&self, finding: Finding, depth: usize, anchor: usize) -> Vec<(usize, Finding)> {
        let twin = self
            .element(anchor)
            .filter(|_| self.is_from_store(anchor))
            .and_then(|element| {
                let profile = self.viewpoint.profile();
                let anchors = self.viewpoint.trust.anchors(&profile);
                let count = anchors
                    .with_subject(&element.certificate.names().subject)
                    .count();
                (count > 1).then_some((count, &element.certificate.certificate))
            });
        let mut found = vec![(depth, finding)];
        if let Some((count, certificate)) = twin {
            let message = format!(
                "the trust store holds {count} certificates of the subject `{}`; Node takes the first that fits, which is not the one that this chain needs",
                escape(&certificate.subject())
            );
            let finding = self.about(
                &rules::SAME_SUBJECT_CHOSEN,
                anchor,
                message,
                &[ONE_OF_NAME, MERGED_STORE],
            );
            found.push((anchor, finding));
        }
        found
    }

    fn host_name(&self) -> Option<Finding> {
        let mismatch = self.verdict.mismatch.as_deref()?;
        let names = &mismatch.names;
        let mut known: Vec<String> = names.dns_names.iter().map(|name| escape(name)).collect();
        known.extend(names.addresses.iter().flatten().cloned());
        if names.dns_names.is_empty() {
            known.extend(names.common_names.iter().map(|name| escape(name)));
        }
        known.sort_by_cached_key(|name| distance(&mismatch.host, name));
        let more = known.len().saturating_sub(MAX_NAMES);
        known.truncate(MAX_NAMES);
        let list = match (known.split_last(), more) {
            (None, _) => "it names no host".into(),
            (Some((only, [])), _) => format!("it is for `{only}`"),
            (Some((last, rest)), 0) => format!("it is for `{}` and `{last}`", rest.join("`, `")),
            _ => format!("it is for `{}` and {more} more", known.join("`, `")),
        };
        let message = format!(
            "the certificate is not for `{}`; {list}",
            escape(&mismatch.host)
        );
        let finding = self.about(
            &rules::HOST_NAME,
            0,
            message,
            &[CONNECT_BY_NAME, REISSUE_NAMES],
        );
        let near = mismatch.nearest().and_then(|name| near_miss(&name));
        Some(match near.or_else(|| other_kind(mismatch)) {
            Some(detail) => finding.detail(detail),
            None => finding,
        })
    }

    fn handshake(&self) -> Finding {
        let verdict = self.verdict;
        let reason = escape(verdict.reason.as_deref().unwrap_or_default());
        let sent = self.case.presented.certificates();
        if sent.is_empty() {
            let message = "the chain holds no certificate".into();
            return self.about(&rules::EMPTY, 0, message, &[SHOW_CHAIN]);
        }
        let Some(index) = verdict.depth else {
            let message = format!(
                "the certificates that were sent do not fit into a message of {MAX_MESSAGE} bytes, the most that OpenSSL takes"
            );
            return Finding::new(&rules::TOO_LONG, message).fix(self.filled(&SEND_LESS));
        };
        let message = if verdict.path.is_empty() {
            let number = index + 1;
            format!("certificate number {number} of what was sent cannot be decoded: {reason}")
        } else {
            format!(
                "the key of {} is of a kind that OpenSSL cannot use here: {reason}",
                self.leaf()
            )
        };
        let mut finding = self.about(
            &rules::UNDECODABLE,
            index,
            message,
            &[REISSUE_FORM, SHOW_CHAIN],
        );
        if let Some(bytes) = sent.get(index) {
            finding = finding.about(Certificate::unreadable(bytes).fingerprint());
        }
        finding
    }

    fn undetermined(&self) -> Option<Finding> {
        let undetermined = self.verdict.undetermined.as_ref()?;
        let message = format!(
            "the verdict is not known: {} (position {} of the path)",
            undetermined.reason, undetermined.depth
        );
        Some(self.about(
            &rules::UNDETERMINED,
            undetermined.depth,
            message,
            &[ASK_NODE],
        ))
    }

    fn not_read(&self) -> Option<Finding> {
        let presented = &self.case.presented;
        let message = if presented.is_cut {
            "the chain is given with more than 4 MB of text, and was read in part".to_owned()
        } else if self.viewpoint.trust.is_cut {
            "the trust store is given with more than 8 MB of text, and was read in part".to_owned()
        } else {
            match presented.unreadable {
                0 => return None,
                1 => "1 piece of the chain holds no certificate and was passed over".to_owned(),
                many => {
                    format!("{many} pieces of the chain hold no certificate and were passed over")
                }
            }
        };
        Some(Finding::new(&rules::NOT_READ, message).fix(self.filled(&GIVE_CHAIN)))
    }

    fn leaf_not_first(&self) -> Option<Finding> {
        if self.verdict.is_ok || self.verdict.stage == Some(Stage::Handshake) {
            return None;
        }
        let sent = self
            .case
            .presented
            .chain(&self.viewpoint.profile())
            .certificates();
        let (first, others) = sent.split_first()?;
        if !first.certificate.is_ca() {
            return None;
        }
        let (position, leaf) = others
            .iter()
            .enumerate()
            .filter(|(_, other)| !other.certificate.is_ca())
            .take(MAX_LEAVES)
            .map(|(index, other)| (index + 1, other))
            .find(|(position, _)| {
                let presented = self.case.presented.with_first(*position);
                let case = Case::new(presented, self.case.host.clone(), self.case.purpose);
                case.judge(self.viewpoint).is_ok
            })?;
        let message = format!(
            "the chain begins with the CA certificate `{}`; with `{}`, certificate number {} of it, in the first place Node accepts it",
            first.certificate.display_name(),
            leaf.certificate.display_name(),
            position + 1,
        );
        let finding = Finding::new(&rules::LEAF_NOT_FIRST, message)
            .about(first.certificate.fingerprint())
            .fix(self.filled(&IN_ORDER));
        Some(finding)
    }

    fn out_of_order(&self) -> Option<Finding> {
        if !self.verdict.is_ok {
            return None;
        }
        let sent: Vec<usize> = self
            .verdict
            .path
            .iter()
            .filter_map(|element| match element.origin {
                Origin::Sent(position) => Some(position),
                Origin::Store(_) => None,
            })
            .collect();
        if sent.is_sorted() {
            return None;
        }
        let positions: Vec<String> = sent.iter().map(ToString::to_string).collect();
        let message = format!(
            "the certificates are not sent in the order of the path ({}): Node does not mind, other clients may",
            positions.join(", ")
        );
        Some(Finding::new(&rules::OUT_OF_ORDER, message).fix(self.filled(&IN_ORDER)))
    }
}

/// Why a name that looks as if it fitted does not; `None` where showing it says enough.
fn near_miss(nearest: &Nearest<'_>) -> Option<String> {
    let name = escape(nearest.name);
    Some(match nearest.relation {
        Relation::AddressNotCompared => format!(
            "`{name}` is among its addresses, but this release of Node matches no IPv6 address: Node 22 since 22.23, 24.17 to 24.19 and 26.3.1 to 26.5 do not"
        ),
        Relation::OtherFamily => format!(
            "`{name}` is the same IPv4 address, which Node takes for another one in the spelling of IPv6"
        ),
        Relation::AddressAmongNames => format!(
            "`{name}` stands among its names, and Node looks for an address among the IP addresses of subjectAltName alone"
        ),
        Relation::UnusedCommonName => {
            format!("its common name `{name}` would fit, and does not count beside DNS names")
        }
        Relation::AboveWildcard => {
            format!("`{name}` stands for names with one label more, not for the domain itself")
        }
        Relation::BelowWildcard => {
            format!("the `*` of `{name}` stands for exactly one label, and the host has more")
        }
        Relation::RefusedWildcard => format!(
            "Node does not take the `*` of `{name}` for a wildcard: there may be one, in the first label, with at least two labels behind it"
        ),
        Relation::Www | Relation::Misspelling | Relation::SameDomain => return None,
    })
}

/// Where an address is asked for and the certificate has names alone, or the other way round, or it has no subjectAltName.
fn other_kind(mismatch: &Mismatch) -> Option<String> {
    let names = &mismatch.names;
    let has_addresses = names.addresses.iter().any(Option::is_some);
    let has_names = !names.dns_names.is_empty();
    let is_address = mismatch.host.parse::<std::net::IpAddr>().is_ok();
    Some(match (is_address, has_names, has_addresses) {
        (true, true, false) => {
            "an address is asked for, and the certificate has names alone: connect by one of them".into()
        }
        (false, false, true) => {
            "a name is asked for, and the certificate has addresses alone, beside which the common name counts".into()
        }
        (true, false, false) => {
            "an address is asked for, and the certificate has no subjectAltName: addresses are looked for there alone".into()
        }
        (false, false, false) => {
            "the certificate has no subjectAltName, so that Node compares its common name alone".into()
        }
        _ => return None,
    })
}

/// How far apart two names are: the number of changes that make one of the other.
fn distance(one: &str, other: &str) -> usize {
    /// Longer names are not host names.
    const MAX: usize = 253;
    let other: Vec<char> = other.chars().take(MAX).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, left) in one.chars().take(MAX).enumerate() {
        let mut diagonal = std::mem::replace(row.first_mut().unwrap_or(&mut 0), line + 1);
        let mut before = line + 1;
        for (cell, right) in row.iter_mut().skip(1).zip(&other) {
            let changed = diagonal + usize::from(left != *right);
            diagonal = *cell;
            before = changed.min(*cell + 1).min(before + 1);
            *cell = before;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn near_names_are_near() {
        assert_eq!(distance("db.example.com", "db.example.com"), 0);
        assert_eq!(distance("db.example.com", "dc.example.com"), 1);
        assert_eq!(distance("example.com", "www.example.com"), 4);
        assert_eq!(distance("", "abc"), 3);
    }
}
