//! Whether a certificate may be what it is used for: the CA flag, its purpose, and the trust settings of an anchor.

use super::facts::{
    CLIENT_AUTHENTICATION, Examined, ExtendedUsage, Facts, SERVER_AUTHENTICATION, Usage,
};

/// What the chain is verified for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A client looks at a server's certificate (`ssl_server`).
    Server,
    /// A server looks at a client's certificate (`ssl_client`).
    Client,
}

/// What kind of CA a certificate is (`X509_check_ca` in `crypto/x509/v3_purp.c`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateAuthority {
    /// 0: none.
    No,
    /// 1: basicConstraints say so.
    Yes,
    /// 3 and 4: there are no basicConstraints; version 1 and self-signed, or a keyUsage with certificate signing.
    Perhaps,
    /// 5: there are no basicConstraints, and nsCertType names some kind of CA.
    Netscape,
}

/// Bits of nsCertType.
const NETSCAPE_CLIENT: u8 = 0x80;
const NETSCAPE_SERVER: u8 = 0x40;
const NETSCAPE_TLS_AUTHORITY: u8 = 0x04;
const NETSCAPE_ANY_AUTHORITY: u8 = 0x07;

/// `X509_check_ca`. An invalid certificate is no CA.
pub fn certificate_authority(facts: &Facts) -> CertificateAuthority {
    let refuses_signing = facts
        .key_usage
        .is_some_and(|usage| !usage.allows(Usage::KEY_CERT_SIGN));
    if facts.is_invalid || refuses_signing {
        return CertificateAuthority::No;
    }
    match facts.basic_constraints {
        Some(true) => CertificateAuthority::Yes,
        Some(false) => CertificateAuthority::No,
        None if facts.is_version_1 && facts.is_self_signed => CertificateAuthority::Perhaps,
        None if facts.key_usage.is_some() => CertificateAuthority::Perhaps,
        None if facts
            .netscape_type
            .is_some_and(|bits| bits & NETSCAPE_ANY_AUTHORITY != 0) =>
        {
            CertificateAuthority::Netscape
        }
        None => CertificateAuthority::No,
    }
}

/// Whether keyUsage lets a certificate issue another (`ossl_x509_signing_allowed`).
pub fn may_sign(issuer: &Facts, subject: &Facts) -> Result<(), super::error::Error> {
    use super::error::Error;
    let (needed, error) = if subject.proxy.is_some() {
        (
            Usage::DIGITAL_SIGNATURE,
            Error::KeyUsageWithoutDigitalSignature,
        )
    } else {
        (
            Usage::KEY_CERT_SIGN,
            Error::KeyUsageWithoutCertificateSigning,
        )
    };
    match issuer.key_usage {
        Some(usage) if !usage.allows(needed) => Err(error),
        _ => Ok(()),
    }
}

/// `check_purpose` in `x509_vfy.c`: the trust settings of an anchor go before its extensions, and a certificate whose extensions
/// cannot be read passes.
pub fn fits_purpose(
    certificate: &Examined,
    purpose: Purpose,
    is_trusted: bool,
    must_be_authority: bool,
) -> bool {
    let explicit = if is_trusted {
        explicit_trust(certificate, purpose)
    } else {
        None
    };
    let facts = certificate.facts();
    match explicit {
        Some(is_trusted) => is_trusted,
        None => facts.is_invalid || has_purpose(facts, purpose, must_be_authority),
    }
}

/// `check_purpose_ssl_server` and `check_purpose_ssl_client`.
fn has_purpose(facts: &Facts, purpose: Purpose, must_be_authority: bool) -> bool {
    let extended = |usage: ExtendedUsage| match purpose {
        Purpose::Server => usage.server || usage.server_gated,
        Purpose::Client => usage.client,
    };
    if !facts.extended_key_usage.is_none_or(extended) {
        return false;
    }
    if must_be_authority {
        return match certificate_authority(facts) {
            CertificateAuthority::No => false,
            CertificateAuthority::Netscape => facts
                .netscape_type
                .is_some_and(|bits| bits & NETSCAPE_TLS_AUTHORITY != 0),
            CertificateAuthority::Yes | CertificateAuthority::Perhaps => true,
        };
    }
    let (usages, netscape) = match purpose {
        Purpose::Server => (
            Usage::DIGITAL_SIGNATURE | Usage::KEY_ENCIPHERMENT | Usage::KEY_AGREEMENT,
            NETSCAPE_SERVER,
        ),
        Purpose::Client => (
            Usage::DIGITAL_SIGNATURE | Usage::KEY_AGREEMENT,
            NETSCAPE_CLIENT,
        ),
    };
    facts.key_usage.is_none_or(|usage| usage.allows(usages))
        && facts.netscape_type.is_none_or(|bits| bits & netscape != 0)
}

/// What the trust settings of a `TRUSTED CERTIFICATE` say about a purpose, if they say anything (`obj_trust` in
/// `crypto/x509/x509_trust.c`).
fn explicit_trust(certificate: &Examined, purpose: Purpose) -> Option<bool> {
    const ANY: &[u8] = &[0x55, 0x1d, 0x25, 0];
    let settings = certificate.settings.as_ref()?;
    let concerns = |uses: &[Vec<u8>]| {
        let wanted = match purpose {
            Purpose::Server => SERVER_AUTHENTICATION,
            Purpose::Client => CLIENT_AUTHENTICATION,
        };
        uses.iter().any(|used| used == wanted || used == ANY)
    };
    if concerns(&settings.rejected) {
        return Some(false);
    }
    settings.trusted.as_deref().map(concerns)
}

/// Whether a certificate of the store is trusted by itself: `Some(true)` as an anchor, `Some(false)` never, `None` neither
/// (`X509_check_trust`): its settings decide, and without any a self-signed certificate is trusted.
pub fn trust(certificate: &Examined, purpose: Purpose) -> Option<bool> {
    let facts = certificate.facts();
    explicit_trust(certificate, purpose)
        .or_else(|| (!facts.is_invalid && facts.is_self_signed).then_some(true))
}
