//! Somebody between this process and the server who decrypts what passes: told by the names under which products issue certificates
//! ([`super::issuers`]), and where an authority has a name of its owner's choice, by the structure of the chain.

use super::elsewhere::{Anchored, Judged};
use super::issuers::{self, Issuer, Kind};
use super::{Evidence, fixes};
use crate::certificate::{Certificate, iso8601};
use crate::der;
use crate::explain::hosts;
use crate::findings::rules::{chain, interception as rules, session};
use crate::findings::{Finding, Fix, escape};
use crate::public_roots::is_public;
use crate::shipped_roots;

/// A leaf that began so many seconds ago may well have been made for this connection.
const FRESH: i64 = 24 * 60 * 60;
/// One that is valid for less is made on the spot: no public CA gives certificates for so short a time yet, but to those who ask for it.
const SHORT: i64 = 6 * 24 * 60 * 60;

pub(super) fn findings(evidence: &Evidence<'_>, judged: Judged<'_>) -> Vec<Finding> {
    let found = match recognised(judged) {
        Some((issuer, name)) => Some(named(evidence, judged, issuer, &name)),
        None => suspected(evidence, judged),
    };
    found.into_iter().collect()
}

/// Whether a product between here and the server is known by its name.
pub(super) fn is_recognised(judged: Judged<'_>) -> bool {
    recognised(judged).is_some()
}

/// Whether a finding lays at the server's door what a product in between has signed: the chain is not the server's.
pub(super) fn blames_another(finding: &Finding) -> bool {
    [
        chain::MISSING_INTERMEDIATE.id,
        chain::ROOT_NOT_TRUSTED.id,
        session::CHAIN_NOT_RENEWED.id,
    ]
    .contains(&finding.rule.id)
}

/// The product that issued a certificate of the path, and the name under which it did.
fn recognised(judged: Judged<'_>) -> Option<(&'static Issuer, String)> {
    let leaf = judged.leaf()?;
    let (issuer, certificate) = judged.path().find_map(|certificate| {
        let issuer = issuers::bearer(certificate.issuer_der())?;
        is_between(issuer.kind).then_some((issuer, certificate))
    })?;
    // A certificate that signed itself was not made by anybody between.
    if leaf.is_self_issued() || is_own(leaf, issuer) {
        return None;
    }
    Some((issuer, escape(&certificate.issuer())))
}

fn is_between(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::InspectingProxy | Kind::Antivirus | Kind::DebuggingProxy | Kind::RefusedUpstream
    )
}

/// Whether the server is the product itself, with a certificate of its own: the administration of a gateway, for one.
pub(super) fn is_own(leaf: &Certificate, issuer: &Issuer) -> bool {
    issuer.kind == Kind::InspectingProxy && issuer.is_owner(leaf.subject_der())
}

fn named(evidence: &Evidence<'_>, judged: Judged<'_>, issuer: &Issuer, name: &str) -> Finding {
    let product = issuer.product;
    let host = escape(&evidence.target.host);
    let lacks_anchor = judged.verdict.lacks_anchor();
    if issuer.kind == Kind::RefusedUpstream && lacks_anchor {
        let message = format!(
            "{product} inspects the connection to `{host}` and could not verify the server itself: it signs with `{name}`, which nobody is to trust"
        );
        return Finding::new(&rules::REFUSED_SERVER, message).fix(Fix::new(issuer.advice));
    }
    if !lacks_anchor {
        let message = format!(
            "{product} inspects the connection to `{host}`: the certificate is issued by `{name}`, which this process trusts, and not by the CA of the server"
        );
        return Finding::new(&rules::TRUSTED, message)
            .fix(Fix::new("Nothing is to be done where the inspection is wanted; a program that pins the certificate of the server needs to be exempted from it"));
    }
    let rule = match issuer.kind {
        Kind::Antivirus => &rules::BY_ANTIVIRUS,
        Kind::DebuggingProxy => &rules::BY_DEBUGGING_PROXY,
        _ => &rules::BY_PROXY,
    };
    let message = format!(
        "{product} inspects the connection to `{host}`: the certificate is issued by `{name}` and not by the CA of the server, and this process does not trust that"
    );
    untrusted(evidence, judged, Finding::new(rule, message), Some(issuer))
}

/// Says which CA is needed, where it is, and how it gets trusted.
fn untrusted(
    evidence: &Evidence<'_>,
    judged: Judged<'_>,
    finding: Finding,
    issuer: Option<&Issuer>,
) -> Finding {
    let in_system = (evidence.process.system.as_ref()).and_then(|system| judged.with(system));
    let mut details = vec![needed(judged, in_system.as_ref())];
    if evidence.process.system.is_some() {
        details.push(match in_system.as_ref().map(Anchored::path) {
            Some(Some(path)) => format!("the system's store has it: {}", escape(&path)),
            Some(None) => "the system's store has it".into(),
            None => "the system's store does not have it".into(),
        });
    }
    let mut finding = finding.detail(details.join("\n"));
    match &in_system {
        Some(found) => {
            finding = finding.about(found.certificate().fingerprint());
            finding.fixes = fixes::trust_system(&evidence.process, found);
        }
        None => {
            if let Some(top) = judged.top() {
                finding = finding.about(top.fingerprint());
            }
            finding.fixes = vec![
                match issuer {
                    Some(issuer) => fixes::advice(issuer),
                    None => Fix::new(
                        "Ask whoever runs the network or this machine for the CA certificate, with its fingerprint",
                    ),
                },
                fixes::trust_file(),
            ];
        }
    }
    finding
}

/// The CA that is to be trusted.
pub(super) fn needed(judged: Judged<'_>, in_system: Option<&Anchored>) -> String {
    let certificate = in_system
        .map(Anchored::certificate)
        .or_else(|| judged.top().filter(|top| top.is_self_issued()));
    match (certificate, judged.top()) {
        (Some(root), _) => format!(
            "needed: {} (SHA-256 {})",
            escape(&root.subject()),
            root.fingerprint()
        ),
        (None, Some(top)) => format!("needed: {}, which was not sent", escape(&top.issuer())),
        (None, None) => String::new(),
    }
}

/// A private CA where there should be a public one.
fn suspected(evidence: &Evidence<'_>, judged: Judged<'_>) -> Option<Finding> {
    let (leaf, top) = (judged.leaf()?, judged.top()?);
    let host = hosts::plain(&evidence.target.host);
    let service = hosts::public_service(&host);
    let lacks_anchor = judged.verdict.lacks_anchor();
    // A private CA that is trusted is no trouble; only a public service never has one.
    if hosts::is_private(&host) || !lacks_anchor && service.is_none() {
        return None;
    }
    // Default certificates and the authorities of tools are told by name; `defaults` speaks of them.
    let is_known = judged.path().any(|it| {
        issuers::bearer(it.issuer_der())
            .or_else(|| issuers::bearer(it.subject_der()))
            .is_some()
    });
    if is_known || leaf.is_self_issued() || is_logged(leaf) || leads_to_public(top) {
        return None;
    }
    let in_system = (evidence.process.system.as_ref())
        .filter(|_| lacks_anchor)
        .and_then(|system| judged.with(system));
    let mut signs = Vec::new();
    if let Some(service) = service {
        signs.push(format!(
            "the certificates of {service} come from public CAs"
        ));
    }
    if in_system.is_some() {
        signs.push("somebody put the CA into the store of this machine".to_owned());
    }
    signs.extend(freshness(leaf, judged.viewpoint.now));
    // One sign alone may be a private CA that is well kept.
    if service.is_none() && signs.len() < 2 {
        return None;
    }
    let conclusion = match service {
        Some(_) => {
            "a proxy or virus scanner between this process and the server is likely to inspect TLS"
        }
        None => {
            "either something between this process and the server inspects TLS, or the server has a CA of its own"
        }
    };
    let message = format!(
        "the certificate for `{}` is issued by the private CA `{}`: {conclusion}",
        escape(&evidence.target.host),
        escape(&top.issuer())
    );
    let finding = Finding::new(&rules::SUSPECTED, message);
    let mut finding = if lacks_anchor {
        untrusted(evidence, judged, finding, None)
    } else {
        finding.fix(Fix::new("Compare the issuer with what is seen from another network; where the inspection is wanted, nothing is to be done"))
    };
    let signs = signs.join("\n");
    finding.detail = Some(match finding.detail {
        Some(detail) => format!("{signs}\n{detail}"),
        None => signs,
    });
    Some(finding)
}

/// Whether the leaf looks as if it was made for this connection, or for few.
fn freshness(leaf: &Certificate, now: i64) -> Option<String> {
    let (begin, end) = (leaf.not_before()?, leaf.not_after()?);
    if (0..FRESH).contains(&(now - begin)) {
        Some(format!("the certificate was made on {}", iso8601(begin)))
    } else if end - begin < SHORT {
        Some(format!(
            "the certificate is made for {} hours",
            (end - begin) / 3600
        ))
    } else {
        None
    }
}

/// Whether the certificate carries timestamps of public logs (RFC 6962 section 3.3): a public CA made it, though the path breaks off.
fn is_logged(leaf: &Certificate) -> bool {
    const TIMESTAMPS: [u8; 10] = [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2];
    der::read_extensions(leaf.extensions_der()).any(|extension| extension.identifier == TIMESTAMPS)
}

/// Whether the path ends at a public root, or names one as its next step.
fn leads_to_public(top: &Certificate) -> bool {
    is_public(top.sha256()) || shipped_roots::root_of(top).is_some()
}
