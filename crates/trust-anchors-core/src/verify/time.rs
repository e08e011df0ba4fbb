//! Validity periods as `X509_cmp_time` and `ASN1_TIME_compare` read them (`crypto/x509/x509_vfy.c`, `crypto/asn1/a_time.c`).

use time::{Date, Duration, Month, PrimitiveDateTime, Time};

use super::error::Error;
use crate::certificate::Certificate;
use crate::der;

/// What is wrong with a certificate's times at `now`, in seconds since 1970, in OpenSSL's order
/// (`ossl_x509_check_cert_time`).
pub fn check(certificate: &Certificate, now: i64) -> impl Iterator<Item = Error> {
    let not_before = match certificate.not_before() {
        None => Some(Error::ErrorInCertificateNotBefore),
        Some(not_before) => (not_before > now).then_some(Error::CertificateNotYetValid),
    };
    let not_after = match certificate.not_after() {
        None => Some(Error::ErrorInCertificateNotAfter),
        Some(not_after) => (not_after <= now).then_some(Error::CertificateHasExpired),
    };
    not_before.into_iter().chain(not_after)
}

/// Whether a candidate for an issuer is valid at `now`.
pub fn is_valid(certificate: &Certificate, now: i64) -> bool {
    check(certificate, now).next().is_none()
}

/// Whether `candidate` expires later than `other`. More forms of a time are understood here than [`check`] accepts; one that is
/// in none of them is not later.
pub fn expires_later(candidate: &Certificate, other: &Certificate) -> bool {
    let expiry = |certificate: &Certificate| match certificate.not_after() {
        Some(not_after) => Some(not_after),
        None => {
            let (time_type, text) = der::read_time(certificate.not_after_der())?;
            lenient(time_type, &text)
        }
    };
    matches!((expiry(candidate), expiry(other)), (Some(candidate), Some(other)) if candidate > other)
}

/// A time with or without seconds, with a fraction, with an offset in place of `Z` (`ossl_asn1_time_to_tm`).
fn lenient(time_type: u32, text: &[u8]) -> Option<i64> {
    let mut rest = text;
    let shortest = if time_type == 23 { 11 } else { 13 };
    if text.len() < shortest {
        return None;
    }
    let year = match time_type {
        23 => {
            let year = i32::from(two_digits(&mut rest)?);
            if year < 50 { 2000 + year } else { 1900 + year }
        }
        24 => i32::from(two_digits(&mut rest)?) * 100 + i32::from(two_digits(&mut rest)?),
        _ => return None,
    };
    let month = Month::try_from(two_digits(&mut rest)?).ok()?;
    let date = Date::from_calendar_date(year, month, two_digits(&mut rest)?).ok()?;
    let (hour, minute) = (two_digits(&mut rest)?, two_digits(&mut rest)?);
    let second = match rest.first()? {
        b'Z' | b'+' | b'-' => 0,
        _ => two_digits(&mut rest)?,
    };
    let time = Time::from_hms(hour, minute, second).ok()?;
    if let (24, Some(fraction)) = (time_type, rest.strip_prefix(b".")) {
        let digits = fraction
            .iter()
            .take_while(|octet| octet.is_ascii_digit())
            .count();
        if digits == 0 {
            return None;
        }
        rest = fraction.get(digits..)?;
    }
    let (zone, mut rest) = rest.split_first()?;
    let offset = match zone {
        b'Z' => Duration::ZERO,
        b'+' | b'-' => {
            let (hours, minutes) = (two_digits(&mut rest)?, two_digits(&mut rest)?);
            if hours > 12 || minutes > 59 {
                return None;
            }
            let offset = Duration::hours(hours.into()) + Duration::minutes(minutes.into());
            if *zone == b'+' { -offset } else { offset }
        }
        _ => return None,
    };
    let at = PrimitiveDateTime::new(date, time)
        .assume_utc()
        .unix_timestamp();
    rest.is_empty().then(|| at + offset.whole_seconds())
}

fn two_digits(rest: &mut &[u8]) -> Option<u8> {
    let ([tens, ones], after) = rest.split_first_chunk()?;
    *rest = after;
    let digit = |octet: &u8| octet.is_ascii_digit().then(|| octet - b'0');
    Some(digit(tens)? * 10 + digit(ones)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_forms_are_compared() {
        let noon = lenient(23, b"260101120000Z");
        assert!(noon.is_some());
        assert_eq!(lenient(24, b"202601011200Z"), noon);
        assert_eq!(lenient(24, b"20260101120000.5Z"), noon);
        assert_eq!(lenient(23, b"2601011300+0100"), noon);
        assert_eq!(lenient(23, b"260101073000-0430"), noon);
    }

    #[test]
    fn what_is_no_time_is_not_compared() {
        for text in [
            "26010112Z",
            "269901120000Z",
            "260101120000",
            "260101120000+1",
            "260101120000Zx",
            "26010112000aZ",
        ] {
            assert_eq!(lenient(23, text.as_bytes()), None, "{text}");
        }
        assert_eq!(lenient(24, b"20260101120000.Z"), None);
        assert_eq!(lenient(22, b"260101120000Z"), None);
    }
}
