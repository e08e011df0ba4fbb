//! TLS alerts by name: RFC 8446 section 6, RFC 5246 section 7.2.

use crate::probe::hello::alert_name;

/// The alert `handshake_failure`.
pub const HANDSHAKE_FAILURE: u8 = 40;
/// The alert `unsupported_certificate`.
pub const UNSUPPORTED_CERTIFICATE: u8 = 43;
/// The alert `certificate_revoked`.
pub const CERTIFICATE_REVOKED: u8 = 44;
/// The alert `certificate_expired`.
pub const CERTIFICATE_EXPIRED: u8 = 45;
/// The alert `unknown_ca`.
pub const UNKNOWN_CA: u8 = 48;
/// The alert `access_denied`.
pub const ACCESS_DENIED: u8 = 49;
/// The alert `protocol_version`.
pub const PROTOCOL_VERSION: u8 = 70;
/// The alert `insufficient_security`.
pub const INSUFFICIENT_SECURITY: u8 = 71;
/// The alert `unrecognized_name`.
pub const UNRECOGNIZED_NAME: u8 = 112;
/// The alert `certificate_required`.
pub const CERTIFICATE_REQUIRED: u8 = 116;

/// The name of an alert as the RFC writes it; none for numbers that OpenSSL gives no name.
pub fn name(number: u8) -> Option<String> {
    alert_name(number).map(|words| words.replace(' ', "_"))
}
