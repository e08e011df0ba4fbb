//! Certificates that are not meant for anybody: what software shows until it is given another, what authorities for trying out have issued, and
//! those of authorities that tools make for themselves.

use super::elsewhere::Judged;
use super::interception::{is_own, needed};
use super::issuers::{self, Kind};
use super::{Evidence, fixes};
use crate::certificate::Certificate;
use crate::findings::rules::interception as rules;
use crate::findings::{Finding, Fix, escape};

/// `make-ssl-cert` of Debian gives ten years of 365 days.
const SNAKEOIL_SECONDS: i64 = 3650 * 24 * 60 * 60;

pub(super) fn findings(evidence: &Evidence<'_>, judged: Judged<'_>) -> Vec<Finding> {
    finding(evidence, judged).into_iter().collect()
}

fn finding(evidence: &Evidence<'_>, judged: Judged<'_>) -> Option<Finding> {
    let leaf = judged.leaf()?;
    let host = escape(&evidence.target.host);
    let published = judged.path().find_map(|it| {
        let issuer = issuers::bearer(it.issuer_der())?;
        (issuer.kind == Kind::PublishedKey).then_some((issuer, it))
    });
    if let Some((issuer, certificate)) = published {
        let message = format!(
            "`{host}` shows a certificate from the tests of {}, issued by `{}`: everybody has its key, and can read what is sent",
            issuer.product,
            escape(&certificate.issuer())
        );
        return Some(
            about(Finding::new(&rules::PUBLISHED_KEY, message), leaf).fix(fixes::advice(issuer)),
        );
    }
    if judged.verdict.is_ok {
        return None;
    }
    if leaf.is_self_issued() {
        return own(leaf, &host);
    }
    let (issuer, certificate) = judged
        .path()
        .find_map(|it| Some((issuers::bearer(it.issuer_der())?, it)))?;
    let name = escape(&certificate.issuer());
    let product = issuer.product;
    match issuer.kind {
        Kind::Staging => {
            let message = format!(
                "the certificate of `{host}` is from {product}, issued by `{name}`: it is for trying out, and no client trusts it"
            );
            Some(about(Finding::new(&rules::STAGING, message), leaf).fix(fixes::advice(issuer)))
        }
        Kind::LocalAuthority if judged.verdict.lacks_anchor() => {
            Some(local(evidence, judged, issuer, &name))
        }
        _ if is_own(leaf, issuer) => {
            let message = format!(
                "`{host}` is itself a device of {product}, which shows the certificate it was made with, issued by `{name}`"
            );
            let fix = Fix::new(
                "Give the device a certificate for the name that clients use, from a CA that they trust",
            );
            Some(about(Finding::new(&rules::DEFAULT_CERTIFICATE, message), leaf).fix(fix))
        }
        _ => None,
    }
}

/// A certificate that signed itself.
fn own(leaf: &Certificate, host: &str) -> Option<Finding> {
    let name = leaf.display_name();
    let (message, fix) = match issuers::bearer(leaf.subject_der()) {
        Some(issuer) if issuer.kind == Kind::DefaultCertificate => (
            format!(
                "`{host}` shows the default certificate of {}, `{name}`: none is configured for this name",
                issuer.product
            ),
            fixes::advice(issuer),
        ),
        _ if is_snakeoil(leaf, host) => (
            format!(
                "`{host}` shows a certificate as Debian's package ssl-cert makes it for a machine at its installation, `{name}`: none is configured for this name"
            ),
            Fix::new(
                "Replace ssl-cert-snakeoil.pem and ssl-cert-snakeoil.key in the configuration of the server by a certificate for this name",
            ),
        ),
        _ => return None,
    };
    Some(about(Finding::new(&rules::DEFAULT_CERTIFICATE, message), leaf).fix(fix))
}

/// Whether a self-signed certificate has the form of `make-ssl-cert generate-default-snakeoil`, and is for another name than the one that was asked
/// for: nothing but a common name, the same as the only alternative name, no CA, and ten years.
fn is_snakeoil(leaf: &Certificate, host: &str) -> bool {
    let names = leaf.subject_alternative_names();
    let [name] = names.as_slice() else {
        return false;
    };
    let lifetime = leaf.not_after().zip(leaf.not_before());
    lifetime.is_some_and(|(until, from)| until - from == SNAKEOIL_SECONDS)
        && leaf.basic_constraints() == Some(false)
        && leaf.key_usage().is_none()
        && leaf.extended_key_usage().is_none()
        && leaf.authority_key_identifier().is_none()
        && name.strip_prefix("DNS:").is_some_and(|name| {
            !name.eq_ignore_ascii_case(host) && leaf.subject() == format!("CN={name}")
        })
}

fn local(
    evidence: &Evidence<'_>,
    judged: Judged<'_>,
    issuer: &issuers::Issuer,
    name: &str,
) -> Finding {
    let message = format!(
        "the certificate of `{}` is from the authority that {} made for itself, `{name}`, and this process does not trust that",
        escape(&evidence.target.host),
        issuer.product
    );
    let in_system = (evidence.process.system.as_ref()).and_then(|system| judged.with(system));
    let mut finding =
        Finding::new(&rules::LOCAL_AUTHORITY, message).detail(needed(judged, in_system.as_ref()));
    finding.fixes = match &in_system {
        Some(found) => fixes::trust_system(&evidence.process, found),
        None => vec![fixes::advice(issuer), fixes::trust_file()],
    };
    match judged.leaf() {
        Some(leaf) => about(finding, leaf),
        None => finding,
    }
}

fn about(finding: Finding, certificate: &Certificate) -> Finding {
    finding.about(certificate.fingerprint())
}
