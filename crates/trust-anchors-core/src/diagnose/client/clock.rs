//! The clock of this machine against the times that the server itself shows: a stapled OCSP response, and the dates of its certificates. Nobody is
//! asked for the time.

use crate::certificate::{Certificate, iso8601};
use crate::diagnose::Evidence;
use crate::diagnose::elsewhere::Judged;
use crate::findings::codes::fixes::SET_CLOCK;
use crate::findings::rules::client as rules;
use crate::findings::{Finding, Rule};
use crate::ocsp::{self, Signature, Staple};
use crate::public_roots::is_public;
use crate::verify::{Error, Origin};

/// Clocks differ by as much, and responders date back by it.
const TOLERANCE: i64 = 10 * 60;

pub(super) fn findings(evidence: &Evidence<'_>, judged: Judged<'_>) -> Option<Finding> {
    if !evidence.process.is_now {
        return None;
    }
    let staple = staple(evidence, judged);
    behind(evidence.now, judged, staple.as_ref())
        .or_else(|| ahead(evidence.now, judged, staple.as_ref()))
}

/// The stapled response, where it is an answer about the leaf that its issuer is not known to deny.
fn staple(evidence: &Evidence<'_>, judged: Judged<'_>) -> Option<Staple> {
    let response = evidence
        .attempt()?
        .session
        .as_ref()?
        .ocsp_response
        .as_ref()?;
    let mut path = judged.path();
    let leaf = path.next()?;
    let staple = ocsp::read(response, leaf, path.next());
    (staple.signature != Signature::Invalid).then_some(staple)
}

fn is_signed(staple: &Staple) -> bool {
    matches!(
        staple.signature,
        Signature::Issuer | Signature::Responder { .. }
    )
}

/// Something that exists already is from the future.
fn behind(now: i64, judged: Judged<'_>, staple: Option<&Staple>) -> Option<Finding> {
    let signed = staple.and_then(|staple| {
        let at = staple.produced_at.max(staple.this_update)?;
        (at > now + TOLERANCE).then_some((at, staple))
    });
    if let Some((at, staple)) = signed {
        let sureness = if is_signed(staple) {
            "sure: the CA signed the response, and signs none for a time to come"
        } else {
            "likely: the CA's signature on the response could not be checked"
        };
        let what = format!(
            "the OCSP response that the server staples was made on {}",
            iso8601(at)
        );
        return Some(finding(
            &rules::CLOCK_BEHIND,
            now,
            &what,
            at - now,
            "behind",
            sureness,
        ));
    }
    let mut begins: Vec<i64> = judged
        .path()
        .filter_map(Certificate::not_before)
        .filter(|begin| *begin > now + TOLERANCE)
        .collect();
    begins.sort_unstable();
    // One certificate may have been made for a time to come.
    let [first, .., last] = begins.as_slice() else {
        return None;
    };
    let what = format!(
        "{} certificates of the chain begin later, the first on {} and the last on {}",
        begins.len(),
        iso8601(*first),
        iso8601(*last)
    );
    let sureness =
        "likely: a CA seldom makes a certificate for a time to come, and never its own with it";
    Some(finding(
        &rules::CLOCK_BEHIND,
        now,
        &what,
        last - now,
        "behind",
        sureness,
    ))
}

/// Things are over that a server in use would have renewed.
fn ahead(now: i64, judged: Judged<'_>, staple: Option<&Staple>) -> Option<Finding> {
    let has_expired = |depth: usize| {
        let errors = &judged.verdict.errors;
        errors.contains(&(Error::CertificateHasExpired, depth))
    };
    if !has_expired(0) {
        return None;
    }
    let leaf_until = judged.leaf()?.not_after()?;
    let stale = staple.and_then(|staple| {
        let (made, until) = (staple.produced_at?, staple.next_update?);
        (made <= leaf_until && until + TOLERANCE < now).then_some(until)
    });
    let anchor = judged
        .verdict
        .path
        .iter()
        .enumerate()
        .skip(1)
        .find(|(depth, element)| {
            let certificate = &element.certificate.certificate;
            has_expired(*depth)
                && matches!(element.origin, Origin::Store(_))
                && is_public(certificate.sha256())
        });
    let (what, by) = match (stale, anchor) {
        (Some(until), _) => (
            format!(
                "the server staples an OCSP response that was good until {} and made while its certificate was valid",
                iso8601(until)
            ),
            now - until,
        ),
        (None, Some((_, element))) => {
            let root = &element.certificate.certificate;
            let until = root.not_after()?;
            (
                format!(
                    "not only the certificate has expired but the public root `{}` as well, on {}",
                    root.display_name(),
                    iso8601(until)
                ),
                now - until,
            )
        }
        (None, None) => return None,
    };
    let sureness = "possible: a server that nobody has looked after for as long shows the same";
    Some(finding(
        &rules::CLOCK_AHEAD,
        now,
        &what,
        by,
        "ahead",
        sureness,
    ))
}

fn finding(
    rule: &'static Rule,
    now: i64,
    what: &str,
    by: i64,
    direction: &str,
    sureness: &str,
) -> Finding {
    let message = format!(
        "the clock says {}, and {what}: it seems to be at least {} {direction}",
        iso8601(now),
        duration(by)
    );
    Finding::new(rule, message)
        .detail(sureness)
        .fix(SET_CLOCK.filled(str::to_owned))
}

fn duration(seconds: i64) -> String {
    let (number, unit) = match seconds {
        172_800.. => (seconds / 86_400, "days"),
        7_200.. => (seconds / 3_600, "hours"),
        _ => (seconds / 60, "minutes"),
    };
    format!("{number} {unit}")
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_in_the_largest_unit_of_which_there_are_two() {
        for (seconds, expected) in [
            (601, "10 minutes"),
            (7_199, "119 minutes"),
            (7_200, "2 hours"),
            (172_799, "47 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
    }
}
