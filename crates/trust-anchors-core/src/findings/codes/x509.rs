//! OpenSSL's verification errors: `X509_V_ERR_*` of `include/openssl/x509_vfy.h`, texts of `X509_verify_cert_error_string`.

/// One `X509_V_ERR_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyError {
    /// Its number.
    pub number: u16,
    /// Its name without `X509_V_ERR_`.
    pub name: &'static str,
    /// OpenSSL's text, which is the message of Node's error.
    pub text: &'static str,
    /// Whether Node's error carries the name as its `code`; all others carry `UNSPECIFIED` (`X509Pointer::ErrorCode`, ncrypto).
    pub named: bool,
}

const fn named(number: u16, name: &'static str, text: &'static str) -> VerifyError {
    VerifyError {
        number,
        name,
        text,
        named: true,
    }
}

const fn nameless(number: u16, name: &'static str, text: &'static str) -> VerifyError {
    VerifyError {
        number,
        name,
        text,
        named: false,
    }
}

/// All of OpenSSL 3.5, by number; 95 is newer than 3.0.
pub static VERIFY_ERRORS: &[VerifyError] = &[
    nameless(
        1,
        "UNSPECIFIED",
        "unspecified certificate verification error",
    ),
    named(
        2,
        "UNABLE_TO_GET_ISSUER_CERT",
        "unable to get issuer certificate",
    ),
    named(3, "UNABLE_TO_GET_CRL", "unable to get certificate CRL"),
    named(
        4,
        "UNABLE_TO_DECRYPT_CERT_SIGNATURE",
        "unable to decrypt certificate's signature",
    ),
    named(
        5,
        "UNABLE_TO_DECRYPT_CRL_SIGNATURE",
        "unable to decrypt CRL's signature",
    ),
    named(
        6,
        "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
        "unable to decode issuer public key",
    ),
    named(7, "CERT_SIGNATURE_FAILURE", "certificate signature failure"),
    named(8, "CRL_SIGNATURE_FAILURE", "CRL signature failure"),
    named(9, "CERT_NOT_YET_VALID", "certificate is not yet valid"),
    named(10, "CERT_HAS_EXPIRED", "certificate has expired"),
    named(11, "CRL_NOT_YET_VALID", "CRL is not yet valid"),
    named(12, "CRL_HAS_EXPIRED", "CRL has expired"),
    named(
        13,
        "ERROR_IN_CERT_NOT_BEFORE_FIELD",
        "format error in certificate's notBefore field",
    ),
    named(
        14,
        "ERROR_IN_CERT_NOT_AFTER_FIELD",
        "format error in certificate's notAfter field",
    ),
    named(
        15,
        "ERROR_IN_CRL_LAST_UPDATE_FIELD",
        "format error in CRL's lastUpdate field",
    ),
    named(
        16,
        "ERROR_IN_CRL_NEXT_UPDATE_FIELD",
        "format error in CRL's nextUpdate field",
    ),
    named(17, "OUT_OF_MEM", "out of memory"),
    named(18, "DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
    named(
        19,
        "SELF_SIGNED_CERT_IN_CHAIN",
        "self-signed certificate in certificate chain",
    ),
    named(
        20,
        "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        "unable to get local issuer certificate",
    ),
    named(
        21,
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "unable to verify the first certificate",
    ),
    named(22, "CERT_CHAIN_TOO_LONG", "certificate chain too long"),
    named(23, "CERT_REVOKED", "certificate revoked"),
    nameless(
        24,
        "NO_ISSUER_PUBLIC_KEY",
        "issuer certificate doesn't have a public key",
    ),
    named(
        25,
        "PATH_LENGTH_EXCEEDED",
        "path length constraint exceeded",
    ),
    named(26, "INVALID_PURPOSE", "unsuitable certificate purpose"),
    named(27, "CERT_UNTRUSTED", "certificate not trusted"),
    named(28, "CERT_REJECTED", "certificate rejected"),
    nameless(29, "SUBJECT_ISSUER_MISMATCH", "subject issuer mismatch"),
    nameless(
        30,
        "AKID_SKID_MISMATCH",
        "authority and subject key identifier mismatch",
    ),
    nameless(
        31,
        "AKID_ISSUER_SERIAL_MISMATCH",
        "authority and issuer serial number mismatch",
    ),
    nameless(
        32,
        "KEYUSAGE_NO_CERTSIGN",
        "key usage does not include certificate signing",
    ),
    nameless(
        33,
        "UNABLE_TO_GET_CRL_ISSUER",
        "unable to get CRL issuer certificate",
    ),
    nameless(
        34,
        "UNHANDLED_CRITICAL_EXTENSION",
        "unhandled critical extension",
    ),
    nameless(
        35,
        "KEYUSAGE_NO_CRL_SIGN",
        "key usage does not include CRL signing",
    ),
    nameless(
        36,
        "UNHANDLED_CRITICAL_CRL_EXTENSION",
        "unhandled critical CRL extension",
    ),
    nameless(
        37,
        "INVALID_NON_CA",
        "invalid non-CA certificate (has CA markings)",
    ),
    nameless(
        38,
        "PROXY_PATH_LENGTH_EXCEEDED",
        "proxy path length constraint exceeded",
    ),
    nameless(
        39,
        "KEYUSAGE_NO_DIGITAL_SIGNATURE",
        "key usage does not include digital signature",
    ),
    nameless(
        40,
        "PROXY_CERTIFICATES_NOT_ALLOWED",
        "proxy certificates not allowed, please set the appropriate flag",
    ),
    nameless(
        41,
        "INVALID_EXTENSION",
        "invalid or inconsistent certificate extension",
    ),
    nameless(
        42,
        "INVALID_POLICY_EXTENSION",
        "invalid or inconsistent certificate policy extension",
    ),
    nameless(43, "NO_EXPLICIT_POLICY", "no explicit policy"),
    nameless(44, "DIFFERENT_CRL_SCOPE", "different CRL scope"),
    nameless(
        45,
        "UNSUPPORTED_EXTENSION_FEATURE",
        "unsupported extension feature",
    ),
    nameless(
        46,
        "UNNESTED_RESOURCE",
        "RFC 3779 resource not subset of parent's resources",
    ),
    nameless(47, "PERMITTED_VIOLATION", "permitted subtree violation"),
    nameless(48, "EXCLUDED_VIOLATION", "excluded subtree violation"),
    nameless(
        49,
        "SUBTREE_MINMAX",
        "name constraints minimum and maximum not supported",
    ),
    nameless(
        50,
        "APPLICATION_VERIFICATION",
        "application verification failure",
    ),
    nameless(
        51,
        "UNSUPPORTED_CONSTRAINT_TYPE",
        "unsupported name constraint type",
    ),
    nameless(
        52,
        "UNSUPPORTED_CONSTRAINT_SYNTAX",
        "unsupported or invalid name constraint syntax",
    ),
    nameless(
        53,
        "UNSUPPORTED_NAME_SYNTAX",
        "unsupported or invalid name syntax",
    ),
    nameless(54, "CRL_PATH_VALIDATION_ERROR", "CRL path validation error"),
    nameless(55, "PATH_LOOP", "path loop"),
    nameless(
        56,
        "SUITE_B_INVALID_VERSION",
        "Suite B: certificate version invalid",
    ),
    nameless(
        57,
        "SUITE_B_INVALID_ALGORITHM",
        "Suite B: invalid public key algorithm",
    ),
    nameless(58, "SUITE_B_INVALID_CURVE", "Suite B: invalid ECC curve"),
    nameless(
        59,
        "SUITE_B_INVALID_SIGNATURE_ALGORITHM",
        "Suite B: invalid signature algorithm",
    ),
    nameless(
        60,
        "SUITE_B_LOS_NOT_ALLOWED",
        "Suite B: curve not allowed for this LOS",
    ),
    nameless(
        61,
        "SUITE_B_CANNOT_SIGN_P_384_WITH_P_256",
        "Suite B: cannot sign P-384 with P-256",
    ),
    named(62, "HOSTNAME_MISMATCH", "hostname mismatch"),
    nameless(63, "EMAIL_MISMATCH", "email address mismatch"),
    nameless(64, "IP_ADDRESS_MISMATCH", "IP address mismatch"),
    nameless(65, "DANE_NO_MATCH", "no matching DANE TLSA records"),
    nameless(66, "EE_KEY_TOO_SMALL", "EE certificate key too weak"),
    nameless(67, "CA_KEY_TOO_SMALL", "CA certificate key too weak"),
    nameless(
        68,
        "CA_MD_TOO_WEAK",
        "CA signature digest algorithm too weak",
    ),
    nameless(
        69,
        "INVALID_CALL",
        "invalid certificate verification context",
    ),
    nameless(70, "STORE_LOOKUP", "issuer certificate lookup error"),
    nameless(
        71,
        "NO_VALID_SCTS",
        "Certificate Transparency required, but no valid SCTs found",
    ),
    nameless(
        72,
        "PROXY_SUBJECT_NAME_VIOLATION",
        "proxy subject name violation",
    ),
    nameless(73, "OCSP_VERIFY_NEEDED", "OCSP verification needed"),
    nameless(74, "OCSP_VERIFY_FAILED", "OCSP verification failed"),
    nameless(75, "OCSP_CERT_UNKNOWN", "OCSP unknown cert"),
    nameless(
        76,
        "UNSUPPORTED_SIGNATURE_ALGORITHM",
        "Cannot find certificate signature algorithm",
    ),
    nameless(
        77,
        "SIGNATURE_ALGORITHM_MISMATCH",
        "subject signature algorithm and issuer public key algorithm mismatch",
    ),
    nameless(
        78,
        "SIGNATURE_ALGORITHM_INCONSISTENCY",
        "cert info signature and signature algorithm mismatch",
    ),
    named(79, "INVALID_CA", "invalid CA certificate"),
    nameless(
        80,
        "PATHLEN_INVALID_FOR_NON_CA",
        "Path length invalid for non-CA cert",
    ),
    nameless(
        81,
        "PATHLEN_WITHOUT_KU_KEY_CERT_SIGN",
        "Path length given without key usage keyCertSign",
    ),
    nameless(
        82,
        "KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA",
        "Key usage keyCertSign invalid for non-CA cert",
    ),
    nameless(83, "ISSUER_NAME_EMPTY", "Issuer name empty"),
    nameless(84, "SUBJECT_NAME_EMPTY", "Subject name empty"),
    nameless(
        85,
        "MISSING_AUTHORITY_KEY_IDENTIFIER",
        "Missing Authority Key Identifier",
    ),
    nameless(
        86,
        "MISSING_SUBJECT_KEY_IDENTIFIER",
        "Missing Subject Key Identifier",
    ),
    nameless(
        87,
        "EMPTY_SUBJECT_ALT_NAME",
        "Empty Subject Alternative Name extension",
    ),
    nameless(
        88,
        "EMPTY_SUBJECT_SAN_NOT_CRITICAL",
        "Subject empty and Subject Alt Name extension not critical",
    ),
    nameless(
        89,
        "CA_BCONS_NOT_CRITICAL",
        "Basic Constraints of CA cert not marked critical",
    ),
    nameless(
        90,
        "AUTHORITY_KEY_IDENTIFIER_CRITICAL",
        "Authority Key Identifier marked critical",
    ),
    nameless(
        91,
        "SUBJECT_KEY_IDENTIFIER_CRITICAL",
        "Subject Key Identifier marked critical",
    ),
    nameless(
        92,
        "CA_CERT_MISSING_KEY_USAGE",
        "CA cert does not include key usage extension",
    ),
    nameless(
        93,
        "EXTENSIONS_REQUIRE_VERSION_3",
        "Using cert extension requires at least X509v3",
    ),
    nameless(
        94,
        "EC_KEY_EXPLICIT_PARAMS",
        "Certificate public key has explicit ECC parameters",
    ),
    nameless(
        95,
        "RPK_UNTRUSTED",
        "Raw public key untrusted, no trusted keys configured",
    ),
];

/// The error of this number.
pub fn verify_error(number: u16) -> Option<&'static VerifyError> {
    VERIFY_ERRORS.iter().find(|it| it.number == number)
}
