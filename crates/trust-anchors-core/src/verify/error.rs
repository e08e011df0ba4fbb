//! What OpenSSL finds wrong with a chain, by its numbers, and the codes that Node gives them.

macro_rules! errors {
    ($($(#[$documentation:meta])* $name:ident = $number:literal $code:literal $reason:literal,)*) => {
        /// One of OpenSSL's `X509_V_ERR_…` that verification in Node can end in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Error {
            $($(#[$documentation])* $name,)*
        }

        impl Error {
            /// OpenSSL's number.
            pub fn number(self) -> u16 {
                match self {
                    $(Self::$name => $number,)*
                }
            }

            /// The `code` of Node's error: the constant's name for the ones that Node knows, `UNSPECIFIED` for all others
            /// (`X509ErrorCode` in Node's `crypto_common.cc`).
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// OpenSSL's text for it (`X509_verify_cert_error_string`).
            pub fn reason(self) -> &'static str {
                match self {
                    $(Self::$name => $reason,)*
                }
            }

            /// The error with this number.
            pub fn from_number(number: u16) -> Option<Self> {
                match number {
                    $($number => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

errors! {
    /// Something went wrong inside OpenSSL, or a limit was reached.
    Unspecified = 1 "UNSPECIFIED" "unspecified certificate verification error",
    /// An issuer is in the store, and its own issuer is not.
    UnableToGetIssuerCertificate = 2 "UNABLE_TO_GET_ISSUER_CERT" "unable to get issuer certificate",
    /// The key of an issuer is of no kind that OpenSSL knows.
    UnableToDecodeIssuerPublicKey = 6 "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY" "unable to decode issuer public key",
    /// The signature does not verify.
    CertificateSignatureFailure = 7 "CERT_SIGNATURE_FAILURE" "certificate signature failure",
    /// notBefore is in the future.
    CertificateNotYetValid = 9 "CERT_NOT_YET_VALID" "certificate is not yet valid",
    /// notAfter is now or in the past.
    CertificateHasExpired = 10 "CERT_HAS_EXPIRED" "certificate has expired",
    /// notBefore is no time.
    ErrorInCertificateNotBefore = 13 "ERROR_IN_CERT_NOT_BEFORE_FIELD" "format error in certificate's notBefore field",
    /// notAfter is no time.
    ErrorInCertificateNotAfter = 14 "ERROR_IN_CERT_NOT_AFTER_FIELD" "format error in certificate's notAfter field",
    /// A self-signed certificate that is not in the store, alone.
    DepthZeroSelfSignedCertificate = 18 "DEPTH_ZERO_SELF_SIGNED_CERT" "self-signed certificate",
    /// The chain ends in a self-signed certificate that is not in the store.
    SelfSignedCertificateInChain = 19 "SELF_SIGNED_CERT_IN_CHAIN" "self-signed certificate in certificate chain",
    /// The issuer is neither sent nor in the store.
    UnableToGetIssuerCertificateLocally = 20 "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" "unable to get local issuer certificate",
    /// The same of a leaf that came alone.
    UnableToVerifyLeafSignature = 21 "UNABLE_TO_VERIFY_LEAF_SIGNATURE" "unable to verify the first certificate",
    /// More than a hundred issuers.
    CertificateChainTooLong = 22 "CERT_CHAIN_TOO_LONG" "certificate chain too long",
    /// pathLenConstraint of a CA is exceeded.
    PathLengthExceeded = 25 "PATH_LENGTH_EXCEEDED" "path length constraint exceeded",
    /// The certificate may not be used for TLS servers, or for TLS clients.
    InvalidPurpose = 26 "INVALID_PURPOSE" "unsuitable certificate purpose",
    /// Trust settings reject the anchor.
    CertificateRejected = 28 "CERT_REJECTED" "certificate rejected",
    /// keyUsage of an issuer has no keyCertSign.
    KeyUsageWithoutCertificateSigning = 32 "UNSPECIFIED" "key usage does not include certificate signing",
    /// A critical extension that OpenSSL does not know.
    UnhandledCriticalExtension = 34 "UNSPECIFIED" "unhandled critical extension",
    /// The issuer of a proxy certificate is a CA.
    InvalidNonCertificateAuthority = 37 "UNSPECIFIED" "invalid non-CA certificate (has CA markings)",
    /// More proxy certificates than one of them allows.
    ProxyPathLengthExceeded = 38 "UNSPECIFIED" "proxy path length constraint exceeded",
    /// keyUsage of a proxy certificate's issuer has no digitalSignature.
    KeyUsageWithoutDigitalSignature = 39 "UNSPECIFIED" "key usage does not include digital signature",
    /// A proxy certificate, which TLS does not take.
    ProxyCertificatesNotAllowed = 40 "UNSPECIFIED" "proxy certificates not allowed, please set the appropriate flag",
    /// RFC 3779 resources that OpenSSL does not understand.
    InvalidExtension = 41 "UNSPECIFIED" "invalid or inconsistent certificate extension",
    /// RFC 3779 resources that the issuer does not have.
    UnnestedResource = 46 "UNSPECIFIED" "RFC 3779 resource not subset of parent's resources",
    /// A name outside of what a CA permits.
    PermittedViolation = 47 "UNSPECIFIED" "permitted subtree violation",
    /// A name that a CA excludes.
    ExcludedViolation = 48 "UNSPECIFIED" "excluded subtree violation",
    /// A name constraint with a minimum or a maximum.
    SubtreeMinimumMaximum = 49 "UNSPECIFIED" "name constraints minimum and maximum not supported",
    /// A constraint for a kind of name that OpenSSL cannot compare.
    UnsupportedConstraintType = 51 "UNSPECIFIED" "unsupported name constraint type",
    /// A constraint that is not written as its kind demands.
    UnsupportedConstraintSyntax = 52 "UNSPECIFIED" "unsupported or invalid name constraint syntax",
    /// A name that is not written as its kind demands.
    UnsupportedNameSyntax = 53 "UNSPECIFIED" "unsupported or invalid name syntax",
    /// The key of the leaf is too weak for the security level.
    EndEntityKeyTooSmall = 66 "UNSPECIFIED" "EE certificate key too weak",
    /// The key of a CA is too weak for the security level.
    AuthorityKeyTooSmall = 67 "UNSPECIFIED" "CA certificate key too weak",
    /// A signature's digest is too weak for the security level.
    AuthorityDigestTooWeak = 68 "UNSPECIFIED" "CA signature digest algorithm too weak",
    /// The subject of a proxy certificate is not its issuer's with one more common name.
    ProxySubjectNameViolation = 72 "UNSPECIFIED" "proxy subject name violation",
    /// A certificate that issues and is no CA.
    InvalidAuthority = 79 "INVALID_CA" "invalid CA certificate",
    /// An elliptic curve written out rather than named.
    ExplicitCurve = 94 "UNSPECIFIED" "Certificate public key has explicit ECC parameters",
}
