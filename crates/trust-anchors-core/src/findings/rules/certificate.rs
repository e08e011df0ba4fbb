//! Rules about one certificate of a CA file: what keeps it from anchoring servers, now or later.

use std::collections::HashSet;

use super::file::{File, Names};
use crate::certificate::{Certificate, iso8601};
use crate::findings::{Actor, Finding, Fix, Rule, Severity};
use crate::node::NodeVersion;

/// One finding a certificate up to this number; one for all of them above it.
const APART: usize = 5;
/// The keyCertSign bit of keyUsage.
const KEY_CERT_SIGN: u16 = 1 << 5;
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// What a certificate can do in a CA file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A self-signed CA.
    Root,
    /// A CA that another one has signed.
    Intermediate,
    /// A self-signed certificate that is no CA: it anchors itself and nothing else.
    SelfSignedLeaf,
    /// A certificate of a server, a client or a person.
    Leaf,
}

/// The role of a certificate, as OpenSSL's `check_ca` (`crypto/x509/v3_purp.c`) and `X509_check_issued` see it.
pub fn role(certificate: &Certificate) -> Role {
    let signs = certificate
        .key_usage()
        .is_some_and(|bits| bits & KEY_CERT_SIGN != 0);
    let maybe = certificate.basic_constraints().is_none() && (signs || certificate.version() == 1);
    match (certificate.is_self_signed(), certificate.is_ca()) {
        (true, true) => Role::Root,
        (true, false) if maybe => Role::Root,
        (true, false) => Role::SelfSignedLeaf,
        (false, true) => Role::Intermediate,
        (false, false) => Role::Leaf,
    }
}

/// What the certificates are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Judgement<'a> {
    /// The file.
    pub file: File<'a>,
    /// The Node whose behaviour is told.
    pub node: NodeVersion,
    /// Seconds since 1970.
    pub now: i64,
    /// A certificate that expires within this many days is a finding.
    pub min_days_left: u32,
}

/// A certificate that a rule applies to, with what the message says of it.
struct Hit<'a> {
    certificate: &'a Certificate,
    text: String,
}

/// Judges the certificates of a file one by one. `is_issuer_known` says whether some certificate outside the file has that subject.
pub fn judge(
    certificates: &[&Certificate],
    is_bundled: impl Fn(&Certificate) -> bool,
    is_issuer_known: impl Fn(&[u8]) -> bool,
    judgement: &Judgement<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let roles: Vec<Role> = certificates
        .iter()
        .map(|certificate| role(certificate))
        .collect();
    let mut each = |rule: &'static Rule,
                    fix: &dyn Fn() -> Vec<Fix>,
                    many: &str,
                    test: &dyn Fn(&Certificate, Role) -> Option<String>| {
        let hits: Vec<Hit<'_>> = certificates
            .iter()
            .zip(&roles)
            .filter_map(|(certificate, role)| {
                test(certificate, *role).map(|text| Hit { certificate, text })
            })
            .collect();
        findings.extend(report(rule, &hits, many, fix, judgement));
    };

    let none = || Vec::new();
    let now = judgement.now;
    let anchors = || {
        certificates
            .iter()
            .zip(&roles)
            .filter(|(_, role)| **role != Role::Leaf)
    };
    let all_expired =
        anchors().next().is_some() && anchors().all(|(certificate, _)| certificate.is_expired(now));
    each(
        if all_expired { &ALL_EXPIRED } else { &EXPIRED },
        &|| {
            vec![Fix::new(
                "Get the CA's current certificate from whoever runs the CA, and put it in the place of the expired one",
            )]
        },
        "have expired: every chain that ends in one of them fails with CERT_HAS_EXPIRED",
        &|certificate, _| {
            certificate.is_expired(now).then(|| {
                format!(
                    "expired on {}: every chain that ends in it fails with CERT_HAS_EXPIRED",
                    certificate.not_after_iso()
                )
            })
        },
    );
    each(
        &NOT_YET_VALID,
        &|| {
            vec![Fix::new(format!(
                "Compare the clock of this machine (it was taken for {}) with the real time, and wait for the date where the clock is right",
                iso8601(now)
            ))]
        },
        "are not valid yet: every chain that ends in one of them fails with CERT_NOT_YET_VALID",
        &|certificate, _| {
            certificate.is_not_yet_valid(now).then(|| {
                format!(
                    "is not valid before {}: every chain that ends in it fails with CERT_NOT_YET_VALID",
                    certificate.not_before_iso()
                )
            })
        },
    );
    let days = i64::from(judgement.min_days_left);
    each(
        &EXPIRES_SOON,
        &|| {
            vec![Fix::new(
                "Add the CA's next certificate to the file before that day; both may stand in it together",
            )]
        },
        &format!(
            "expire within {days} days, and every chain that ends in one of them fails from then on"
        ),
        &|certificate, _| {
            let left = certificate.not_after()? - now;
            (left > 0 && left <= days * SECONDS_A_DAY).then(|| {
                let count = left / SECONDS_A_DAY;
                let in_days = match count {
                    0 => "in less than a day".to_owned(),
                    1 => "in 1 day".to_owned(),
                    count => format!("in {count} days"),
                };
                format!(
                    "expires on {} ({in_days}); every chain that ends in it fails with CERT_HAS_EXPIRED from then on",
                    certificate.not_after_iso()
                )
            })
        },
    );

    let version = judgement.node.openssl();
    each(
        &INVALID_EXTENSION,
        &|| {
            vec![Fix::new(
                "Have the CA issue its certificate again without the extension that cannot be read, or without the second copy of it",
            )]
        },
        "have an extension that OpenSSL cannot read, or have it twice: chains never reach one of them (UNABLE_TO_GET_ISSUER_CERT_LOCALLY or UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
        &|certificate, _| {
            certificate.is_invalid(version).then(|| {
                "has an extension that OpenSSL cannot read, or has it twice: chains never reach it (UNABLE_TO_GET_ISSUER_CERT_LOCALLY or UNABLE_TO_VERIFY_LEAF_SIGNATURE)".into()
            })
        },
    );

    let level = judgement.node.security_level();
    each(
        &KEY_TOO_WEAK,
        &|| {
            vec![Fix::new(
                "Have the CA make a new key of at least 2048 bits RSA or on P-256, and take its new certificate into the file",
            )]
        },
        "have keys too weak for this Node: every chain that ends in one of them fails (UNSPECIFIED, \"CA certificate key too weak\")",
        &|certificate, _| {
            let key = weak_key(certificate, level)?;
            Some(format!(
                "has a key too weak for Node {} ({key}): every chain that ends in it fails (UNSPECIFIED, \"CA certificate key too weak\")",
                judgement.node.major
            ))
        },
    );
    if level < 2 {
        each(
            &KEY_WEAK,
            &|| {
                vec![Fix::new(
                    "Have the CA make a new key of at least 2048 bits RSA or on P-256 before moving to Node 24",
                )]
            },
            "have keys that Node 24 and later refuse: every chain that ends in one of them fails there (UNSPECIFIED, \"CA certificate key too weak\")",
            &|certificate, _| {
                if weak_key(certificate, level).is_some() {
                    return None;
                }
                let key = weak_key(certificate, 2)?;
                Some(format!(
                    "has a key that Node 24 and later refuse ({key}): every chain that ends in it fails there (UNSPECIFIED, \"CA certificate key too weak\")"
                ))
            },
        );
    }
    each(
        &SIGNATURE_TOO_WEAK,
        &|| {
            vec![Fix::new(
                "Have the CA issue it again with SHA-256; the root above it may keep its own signature",
            )]
        },
        "are signed with a digest that is too weak: every chain through one of them fails (UNSPECIFIED, \"CA signature digest algorithm too weak\")",
        &|certificate, role| {
            if role != Role::Intermediate {
                return None;
            }
            let algorithm = weak_signature(certificate)?;
            Some(format!(
                "is signed with {algorithm}: every chain through it fails (UNSPECIFIED, \"CA signature digest algorithm too weak\")"
            ))
        },
    );
    each(
        &LEAF,
        &|| {
            vec![Fix::new(
                "Put the certificate of the CA that signed it into the file: `openssl s_client -connect HOST:443 -showcerts` shows who that is",
            )]
        },
        "are no CA certificates and not self-signed: Node trusts nothing because of them",
        &|certificate, role| {
            (role == Role::Leaf).then(|| {
                format!(
                    "is no CA certificate, and not self-signed (issuer `{}`): Node trusts nothing because of it, not even the server it belongs to (UNABLE_TO_VERIFY_LEAF_SIGNATURE or UNABLE_TO_GET_ISSUER_CERT)",
                    certificate.issuer()
                )
            })
        },
    );
    each(
        &SELF_SIGNED_LEAF,
        &none,
        "are self-signed and no CAs: each makes Node trust the one server that has it, and nothing else",
        &|_, role| {
            (role == Role::SelfSignedLeaf).then(|| {
                "is self-signed and no CA: it makes Node trust the one server that has it, and nothing else".into()
            })
        },
    );
    let subjects: HashSet<&[u8]> = certificates
        .iter()
        .map(|certificate| certificate.subject_der())
        .collect();
    each(
        &ROOT_MISSING,
        &|| {
            vec![Fix::new(
                "Add the certificate of the root that signed it to the file; ask whoever runs the CA for it",
            )]
        },
        "are intermediates whose issuers are neither in the file nor in the bundled list: chains through them fail with UNABLE_TO_GET_ISSUER_CERT",
        &|certificate, role| {
            let missing = role == Role::Intermediate
                && !subjects.contains(certificate.issuer_der())
                && !is_issuer_known(certificate.issuer_der());
            missing.then(|| {
                format!(
                    "is an intermediate, and its issuer `{}` is neither in the file nor in the bundled list: chains through it fail with UNABLE_TO_GET_ISSUER_CERT",
                    certificate.issuer()
                )
            })
        },
    );
    each(
        &KEY_USAGE,
        &|| {
            vec![Fix::new(
                "Have the CA issue its certificate again with keyCertSign in keyUsage",
            )]
        },
        "may not sign certificates by their key usage: chains through them fail (UNSPECIFIED, \"key usage does not include certificate signing\")",
        &|certificate, role| {
            let bits = certificate.key_usage()?;
            (matches!(role, Role::Root | Role::Intermediate) && bits & KEY_CERT_SIGN == 0).then(|| {
                "may not sign certificates by its key usage: chains through it fail (UNSPECIFIED, \"key usage does not include certificate signing\")".into()
            })
        },
    );
    each(
        &EXTENDED_KEY_USAGE,
        &|| {
            vec![Fix::new(
                "Have the CA issue its certificate again without extendedKeyUsage, or with serverAuth in it",
            )]
        },
        "are not for servers by their extended key usage: chains through them fail with INVALID_PURPOSE",
        &|certificate, role| {
            (role != Role::Leaf && !serves(certificate)).then(|| {
                "is not for servers by its extended key usage (serverAuth is missing): chains through it fail with INVALID_PURPOSE".into()
            })
        },
    );
    let crashes = judgement.node.dies_of_unnamed_curves();
    each(
        if crashes {
            &CURVE_CRASHES
        } else {
            &CURVE_CRASHES_LATER
        },
        &|| {
            vec![Fix::new(
                "Have the CA make a new key on P-256, P-384 or P-521, and take its new certificate into the file",
            )]
        },
        if crashes {
            "have keys on curves without a NIST name: a connection to a server whose chain ends in one of them crashes this Node (SIGSEGV)"
        } else {
            "have keys on curves without a NIST name: Node 24 and 26 crash (SIGSEGV) on a connection to a server whose chain ends in one of them"
        },
        &|certificate, _| {
            let curve = certificate.unnamed_curve()?;
            Some(if crashes {
                format!(
                    "has a key on the curve {curve}, which has no NIST name: a connection to a server whose chain ends in it crashes this Node (SIGSEGV)"
                )
            } else {
                format!(
                    "has a key on the curve {curve}, which has no NIST name: Node 24 and 26 crash (SIGSEGV) on a connection to a server whose chain ends in it"
                )
            })
        },
    );
    each(
        &DUPLICATE,
        &none,
        "stand in the file more than once, which changes nothing",
        &|certificate, _| {
            let copies = certificate.sources.len();
            (copies > 1).then(|| {
                let lines: Vec<String> = certificate
                    .sources
                    .iter()
                    .filter_map(|source| source.line)
                    .take(5)
                    .map(|line| line.to_string())
                    .collect();
                format!(
                    "stands in the file {copies} times (lines {}{}), which changes nothing",
                    lines.join(", "),
                    if copies > lines.len() { " …" } else { "" }
                )
            })
        },
    );
    each(
        &ALREADY_BUNDLED,
        &none,
        "are in Mozilla's list already, which Node carries: naming them again changes nothing while they stay in it",
        &|certificate, _| {
            is_bundled(certificate).then(|| {
                "is in Mozilla's list already, which Node carries: naming it again changes nothing while it stays in it".into()
            })
        },
    );
    findings
}

/// One finding for each of a few, one for all of many.
fn report(
    rule: &'static Rule,
    hits: &[Hit<'_>],
    many: &str,
    fix: &dyn Fn() -> Vec<Fix>,
    judgement: &Judgement<'_>,
) -> Vec<Finding> {
    let line =
        |certificate: &Certificate| certificate.sources.first().and_then(|source| source.line);
    let fixed = |finding: Finding| fix().into_iter().fold(finding, Finding::fix);
    if hits.len() <= APART {
        return hits
            .iter()
            .map(|hit| {
                let message = format!("`{}` {}", hit.certificate.display_name(), hit.text);
                fixed(
                    Finding::new(rule, message)
                        .at(judgement.file.path, line(hit.certificate))
                        .about(hit.certificate.fingerprint()),
                )
            })
            .collect();
    }
    let mut names = Names::default();
    for hit in hits {
        names.add(|| hit.certificate.display_name());
    }
    let first = hits.first().and_then(|hit| line(hit.certificate));
    vec![fixed(
        Finding::new(rule, format!("{} certificates {many}", hits.len()))
            .at(judgement.file.path, first)
            .detail(names.list()),
    )]
}

/// The key in words when OpenSSL's security level refuses it (`ssl_security_cert_key`, `EVP_PKEY_get_security_bits`): below 80 bits
/// of strength at level 1, below 112 at level 2.
fn weak_key(certificate: &Certificate, level: u8) -> Option<String> {
    let key = certificate.public_key();
    let bits = key.bits?;
    let least = match (key.algorithm.as_str(), level) {
        ("rsa" | "rsa-pss" | "dsa", 2..) => 2047,
        ("rsa" | "rsa-pss" | "dsa", _) => 1023,
        ("ec", 2..) => 224,
        ("ec", _) => 160,
        _ => return None,
    };
    (bits < least).then(|| format!("{} {bits} bits", key.algorithm))
}

/// The signature algorithm when its digest is below 80 bits of strength, as OpenSSL 3 counts it (SHA-1: 63).
fn weak_signature(certificate: &Certificate) -> Option<String> {
    let algorithm = certificate.signature_algorithm();
    let lower = algorithm.to_ascii_lowercase();
    let weak = ["md2with", "md4with", "md5with", "sha1with", "with-sha1"]
        .iter()
        .any(|part| lower.contains(part));
    weak.then_some(algorithm)
}

/// Whether extendedKeyUsage lets it serve servers (`check_purpose_ssl_server` in `crypto/x509/v3_purp.c`): anyExtendedKeyUsage does not
/// count.
fn serves(certificate: &Certificate) -> bool {
    const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
    const MICROSOFT_SGC: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3];
    const NETSCAPE_SGC: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1];
    certificate.extended_key_usage().is_none_or(|purposes| {
        purposes
            .iter()
            .any(|purpose| [SERVER_AUTH, MICROSOFT_SGC, NETSCAPE_SGC].contains(&purpose.as_slice()))
    })
}

macro_rules! rule {
    ($name:ident, $id:literal, $severity:ident, $title:literal, $finds:literal, $why:literal, $looks:literal, $fix:literal, $source:literal) => {
        #[doc = concat!($title, ".")]
        pub static $name: Rule = Rule {
            id: $id,
            severity: Severity::$severity,
            actor: Actor::Client,
            title: $title,
            finds: $finds,
            why: $why,
            looks: $looks,
            fix: $fix,
            source: $source,
        };
    };
}

rule!(
    ALL_EXPIRED,
    "certificate-all-expired",
    Error,
    "Every certificate of the CA file has expired",
    "A CA file in which no certificate is valid any more.",
    "Node loads them. OpenSSL checks the dates of every certificate of a chain, the trusted root's too: a chain that ends in one of them fails with `CERT_HAS_EXPIRED`, on Node 18, 20, 22, 24 and 26 alike. Such a file adds no trust at all.",
    "error: `Example Root` expired on 2021-09-30T14:01:15Z: every chain that ends in it fails with CERT_HAS_EXPIRED",
    "Replace the file by the CA's current certificate. Where the dates look right, look at the clock: `date -u`; PowerShell: `Get-Date -AsUTC`.",
    "OpenSSL `crypto/x509/x509_vfy.c`, `ossl_x509_check_cert_time`; RFC 5280 section 6.1.3 (a) (2)"
);
rule!(
    EXPIRED,
    "certificate-expired",
    Warning,
    "A CA certificate has expired",
    "A certificate of a CA file whose notAfter is over, beside others that are valid.",
    "Node loads it. OpenSSL checks the dates of every certificate of a chain, the trusted root's too: a chain that ends in it fails with `CERT_HAS_EXPIRED`, on Node 18, 20, 22, 24 and 26 alike, unless another anchor of the same name is still valid.",
    "warning: `Example Root` expired on 2021-09-30T14:01:15Z: every chain that ends in it fails with CERT_HAS_EXPIRED",
    "Replace it by the CA's current certificate. Take it out where nothing ends in it any more: `openssl x509 -in FILE -noout -subject -enddate` shows subject and date.",
    "OpenSSL `crypto/x509/x509_vfy.c`, `ossl_x509_check_cert_time`; RFC 5280 section 6.1.3 (a) (2)"
);
rule!(
    NOT_YET_VALID,
    "certificate-not-yet-valid",
    Error,
    "A CA certificate is not valid yet",
    "A certificate of a CA file whose notBefore is still to come.",
    "Node loads it, and chains that end in it fail with `CERT_NOT_YET_VALID` (Node 18 to 26). Just as often it is the clock of the machine that is wrong.",
    "error: `Example Root` is not valid before 2031-01-01T00:00:00Z: every chain that ends in it fails with CERT_NOT_YET_VALID",
    "Check the clock (`date -u`; PowerShell: `Get-Date -AsUTC`), set it with NTP, or wait for the date.",
    "OpenSSL `crypto/x509/x509_vfy.c`, `ossl_x509_check_cert_time`; RFC 5280 section 6.1.3 (a) (2)"
);
rule!(
    EXPIRES_SOON,
    "certificate-expires-soon",
    Warning,
    "A CA certificate expires soon",
    "A certificate of a CA file that expires within the days asked for (`minDaysLeft`, 30 by default).",
    "From the second of notAfter on every chain that ends in it fails with `CERT_HAS_EXPIRED` (Node 18 to 26).",
    "warning: `Example Root` expires on 2026-12-01T00:00:00Z (in 10 days); every chain that ends in it fails with CERT_HAS_EXPIRED from then on",
    "Add the CA's next certificate to the file now. Old and new may stand in it together, also under the same name.",
    "OpenSSL `crypto/x509/x509_vfy.c`, `ossl_x509_check_cert_time`; RFC 5280 section 4.1.2.5"
);
rule!(
    INVALID_EXTENSION,
    "certificate-invalid-extension",
    Error,
    "A CA certificate has an extension that OpenSSL cannot read",
    "A certificate with an extension that OpenSSL knows and cannot decode, or that stands in it twice.",
    "Node loads it. OpenSSL marks it as invalid and never takes it for the issuer of another certificate: chains that should end in it fail with `UNABLE_TO_GET_ISSUER_CERT_LOCALLY` or `UNABLE_TO_VERIFY_LEAF_SIGNATURE` (Node 18 to 26). Node 18 and 20 print a warning about the file when it holds another certificate of the same subject, and load both nevertheless.",
    "error: `Example Root` has an extension that OpenSSL cannot read, or has it twice: chains never reach it (UNABLE_TO_GET_ISSUER_CERT_LOCALLY or UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
    "Have the CA issue its certificate again. `openssl x509 -in FILE -noout -text` shows the extension that it cannot read as bytes.",
    "OpenSSL `crypto/x509/v3_purp.c`, `ossl_x509v3_cache_extensions` (`EXFLAG_INVALID`); RFC 5280 section 4.2"
);
rule!(
    KEY_TOO_WEAK,
    "certificate-key-too-weak",
    Error,
    "A CA's key is too weak for this Node",
    "A key below OpenSSL's security level of the Node asked for: RSA under 1023 bits on Node 18, 20 and 22; RSA or DSA under 2047 bits and curves under 224 bits on Node 24 and 26.",
    "The default security level is 1 up to Node 22 and 2 from Node 24 on. The key of the trusted root is checked as well: the chain fails with code `UNSPECIFIED` and the reason \"CA certificate key too weak\".",
    "error: `Old Root` has a key too weak for Node 24 (rsa 1024 bits): every chain that ends in it fails (UNSPECIFIED, \"CA certificate key too weak\")",
    "A new key: at least RSA 2048 or P-256. Until then `ciphers: 'DEFAULT@SECLEVEL=1'` on the one connection that needs it lowers the level there; never set it for all.",
    "OpenSSL `ssl/t1_lib.c`, `ssl_security_cert_key`; `SSL_CTX_set_security_level`"
);
rule!(
    KEY_WEAK,
    "certificate-key-weak",
    Warning,
    "A CA's key is too weak for Node 24 and later",
    "A key that this Node takes and Node 24 and later refuse: RSA or DSA under 2047 bits, curves under 224 bits.",
    "Node 24 raised OpenSSL's default security level from 1 to 2. Chains that end in such a certificate work on Node 18, 20 and 22 and fail there with code `UNSPECIFIED` and the reason \"CA certificate key too weak\".",
    "warning: `Old Root` has a key that Node 24 and later refuse (rsa 1024 bits): every chain that ends in it fails there (UNSPECIFIED, \"CA certificate key too weak\")",
    "A new key before the update: at least RSA 2048 or P-256.",
    "OpenSSL `ssl/t1_lib.c`, `ssl_security_cert_key`; `SSL_CTX_set_security_level`"
);
rule!(
    SIGNATURE_TOO_WEAK,
    "certificate-signature-too-weak",
    Error,
    "An intermediate is signed with SHA-1 or MD5",
    "A CA certificate that is not self-signed and carries a signature with SHA-1 or an older digest.",
    "OpenSSL 3 counts SHA-1 as 63 bits, below the 80 of security level 1: a chain through it fails on Node 18 and later with code `UNSPECIFIED` and the reason \"CA signature digest algorithm too weak\". The signature of the root a chain ends in is never looked at.",
    "error: `Old Issuing CA` is signed with sha1WithRSAEncryption: every chain through it fails (UNSPECIFIED, \"CA signature digest algorithm too weak\")",
    "Have the CA issue the intermediate again with SHA-256 and put the new one on the servers and into the file.",
    "OpenSSL `ssl/t1_lib.c`, `ssl_security_cert_sig`; `crypto/x509/x509_set.c`, `x509_sig_info_init`"
);
rule!(
    LEAF,
    "certificate-is-leaf",
    Error,
    "A server's certificate is in the CA file, not its CA's",
    "A certificate that is no CA and not self-signed.",
    "Node loads it, and it makes nothing trusted: OpenSSL looks for the issuer of the certificate, and Node does not ask it to stop at a trusted one (`X509_V_FLAG_PARTIAL_CHAIN`). The server it belongs to is refused with `UNABLE_TO_VERIFY_LEAF_SIGNATURE` or `UNABLE_TO_GET_ISSUER_CERT_LOCALLY` as before (Node 18 to 26).",
    "error: `db.example.com` is no CA certificate, and not self-signed (issuer `CN=Example CA`): Node trusts nothing because of it, …",
    "Put the CA's certificate into the file. `openssl x509 -in FILE -noout -issuer` names the CA.",
    "OpenSSL `crypto/x509/x509_vfy.c`, `build_chain`"
);
rule!(
    SELF_SIGNED_LEAF,
    "certificate-self-signed-leaf",
    Info,
    "A self-signed certificate that is no CA is in the CA file",
    "A self-signed certificate without cA in basicConstraints.",
    "Node accepts it as its own anchor: the server that presents this certificate is trusted, and nothing else is (Node 18 to 26). When the server gets a new one, the file has to follow.",
    "info: `localhost` is self-signed and no CA: it makes Node trust the one server that has it, and nothing else",
    "Nothing to do. A CA of one's own with certificates issued by it saves changing the file.",
    "OpenSSL `crypto/x509/x509_vfy.c`, `build_chain`, `check_extensions`"
);
rule!(
    ROOT_MISSING,
    "certificate-root-missing",
    Error,
    "An intermediate is in the CA file without its root",
    "A CA certificate that is not self-signed, and whose issuer is neither in the file nor in the bundled list.",
    "OpenSSL builds the chain up to a self-signed certificate. When it ends at this one the chain fails with `UNABLE_TO_GET_ISSUER_CERT`, although the intermediate is trusted, also when the server sends the root (Node 18 to 26).",
    "error: `Example Issuing CA` is an intermediate, and its issuer `CN=Example Root` is neither in the file nor in the bundled list: chains through it fail with UNABLE_TO_GET_ISSUER_CERT",
    "Add the root's certificate. A single connection can take the intermediate for an anchor with `allowPartialTrustChain: true` (Node 20 and later).",
    "OpenSSL `crypto/x509/x509_vfy.c`, `build_chain`; `X509_V_FLAG_PARTIAL_CHAIN`"
);
rule!(
    KEY_USAGE,
    "certificate-key-usage",
    Error,
    "A CA's key usage keeps it from signing certificates",
    "A CA certificate with a keyUsage that lacks keyCertSign.",
    "Chains through it fail with code `UNSPECIFIED` and the reason \"key usage does not include certificate signing\"; the root's key usage counts too (Node 18 to 26).",
    "error: `Example Root` may not sign certificates by its key usage: chains through it fail (UNSPECIFIED, \"key usage does not include certificate signing\")",
    "Have the CA issue its certificate again with `keyUsage = critical, keyCertSign, cRLSign`.",
    "OpenSSL `crypto/x509/x509_vfy.c`, `internal_verify`; RFC 5280 section 4.2.1.3"
);
rule!(
    EXTENDED_KEY_USAGE,
    "certificate-extended-key-usage",
    Error,
    "A CA's extended key usage keeps it from anchoring servers",
    "A CA certificate with an extendedKeyUsage that lacks serverAuth.",
    "OpenSSL asks every certificate of the chain for the purpose, the root too; anyExtendedKeyUsage does not count. Chains through it fail with `INVALID_PURPOSE` (Node 18 to 26).",
    "error: `Mail CA` is not for servers by its extended key usage (serverAuth is missing): chains through it fail with INVALID_PURPOSE",
    "Take another CA for servers, or have this one issued again without extendedKeyUsage.",
    "OpenSSL `crypto/x509/v3_purp.c`, `check_purpose_ssl_server`; RFC 5280 section 4.2.1.12"
);
rule!(
    CURVE_CRASHES,
    "certificate-curve-crashes",
    Error,
    "A CA's key is on a curve that crashes this Node",
    "An EC key on a curve without a NIST name (secp256k1, brainpool), on Node 24 or later.",
    "Node 24.21 and 26.10 crash with SIGSEGV in `getPeerCertificate()`, in `X509Certificate#toLegacyObject()` and in the handshake of a TLS client that trusts such a chain. Loading the file does not crash.",
    "error: `Example Root` has a key on the curve secp256k1, which has no NIST name: a connection to a server whose chain ends in it crashes this Node (SIGSEGV)",
    "A new key on P-256, P-384 or P-521; until then Node 22.",
    "Node `src/crypto/crypto_x509.cc`, `GetECGroupBits` and what `toLegacyObject` does with `EC_curve_nid2nist`"
);
rule!(
    CURVE_CRASHES_LATER,
    "certificate-curve-crashes-later",
    Warning,
    "A CA's key is on a curve that crashes Node 24 and 26",
    "An EC key on a curve without a NIST name (secp256k1, brainpool), on Node 22 or earlier.",
    "Node 18, 20 and 22 verify such chains. Node 24.21 and 26.10 crash with SIGSEGV on a connection to a server whose chain ends in such a certificate.",
    "warning: `Example Root` has a key on the curve secp256k1, which has no NIST name: Node 24 and 26 crash (SIGSEGV) on a connection to a server whose chain ends in it",
    "A new key on P-256, P-384 or P-521 before the update.",
    "Node `src/crypto/crypto_x509.cc`, `GetECGroupBits` and what `toLegacyObject` does with `EC_curve_nid2nist`"
);
rule!(
    DUPLICATE,
    "certificate-duplicate",
    Info,
    "A certificate stands in the CA file more than once",
    "The same certificate, byte for byte, in several blocks.",
    "Node keeps every copy in `tls.getCACertificates('extra')`; the store itself is a set, so the copies cost a little time and change nothing (Node 18 to 26).",
    "info: `Example Root` stands in the file 2 times (lines 1, 40), which changes nothing",
    "Nothing to do. Take the copies out where the file is kept by hand.",
    "OpenSSL `crypto/x509/x509_lu.c`, `x509_store_add`"
);
rule!(
    ALREADY_BUNDLED,
    "certificate-already-bundled",
    Info,
    "A certificate of the CA file is in the bundled list already",
    "A certificate that Mozilla's list has, which Node carries (`tls.rootCertificates`).",
    "`NODE_EXTRA_CA_CERTS` adds to the bundled list; a certificate that is in both counts once. It keeps the certificate trusted after Mozilla and Node remove it (Node 18 to 26).",
    "info: 138 certificates are in Mozilla's list already, which Node carries: naming them again changes nothing while they stay in it",
    "Nothing to do. Keep the private CAs alone in the file, so that distrust of a public CA reaches you with the next Node.",
    "Node `src/crypto/crypto_context.cc`, `NewRootCertStore`"
);

/// The rules of this area.
pub static RULES: &[&Rule] = &[
    &ALL_EXPIRED,
    &EXPIRED,
    &NOT_YET_VALID,
    &EXPIRES_SOON,
    &INVALID_EXTENSION,
    &KEY_TOO_WEAK,
    &KEY_WEAK,
    &SIGNATURE_TOO_WEAK,
    &LEAF,
    &SELF_SIGNED_LEAF,
    &ROOT_MISSING,
    &KEY_USAGE,
    &EXTENDED_KEY_USAGE,
    &CURVE_CRASHES,
    &CURVE_CRASHES_LATER,
    &DUPLICATE,
    &ALREADY_BUNDLED,
];
