//! The OCSP response that a server staples to its certificate: what it says of it, from when to when, and whether it may say so (RFC 6960).
//!
//! No Node looks at a response by itself. What is wrong with one is trouble with other clients: browsers that insist on it, and those that
//! believe a revocation.

use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512};

use crate::certificate::{Certificate, canonicalize, hexadecimal, rfc4514, unix_time};
use crate::der::{OpensslVersion, Value};
use crate::node::NodeVersion;
use crate::verify::key::PublicKey;
use crate::verify::profile::Profile;
use crate::verify::signature::{self, Outcome};

/// What a response says of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staple {
    /// The answer.
    pub status: Status,
    /// When the response was signed, in seconds since 1970.
    pub produced_at: Option<i64>,
    /// From when on the answer is known to be right, in seconds since 1970.
    pub this_update: Option<i64>,
    /// Until when there will be a newer answer, in seconds since 1970; none when newer ones are to be had all the time.
    pub next_update: Option<i64>,
    /// Who answers: the name (RFC 4514), or the SHA-1 of the key in hexadecimal.
    pub responder: Option<String>,
    /// Whether it is the issuer's answer.
    pub signature: Signature,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// When, in seconds since 1970.
        at: i64,
        /// Why: CRLReason, RFC 5280, 5.3.1.
        reason: Option<u8>,
    },
    /// The responder does not know the certificate.
    Unknown,
    /// No answer: OCSPResponseStatus, RFC 6960, 4.2.1.
    Failed(Fault),
    /// An answer about other certificates alone.
    OtherCertificate,
    /// What is not an OCSP response, or not a basic one.
    Unreadable,
}

impl Status {
    /// In one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Revoked { .. } => "revoked",
            Self::Unknown => "unknown",
            Self::Failed(_) => "failed",
            Self::OtherCertificate => "other-certificate",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Why a responder gives no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It could not read the request.
    MalformedRequest,
    /// It has trouble of its own.
    InternalError,
    /// It is busy.
    TryLater,
    /// It answers signed requests alone.
    SignatureRequired,
    /// It has no say about the certificate.
    Unauthorized,
    /// A number that RFC 6960 does not have.
    Other(u8),
}

impl Fault {
    /// As RFC 6960 calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MalformedRequest => "malformedRequest",
            Self::InternalError => "internalError",
            Self::TryLater => "tryLater",
            Self::SignatureRequired => "sigRequired",
            Self::Unauthorized => "unauthorized",
            Self::Other(_) => "a status that does not exist",
        }
    }
}

/// Whether a response is the issuer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// Not looked at: the issuer's certificate is not known, or there was no answer to be signed.
    NotChecked,
    /// The issuer's key made it.
    Issuer,
    /// A responder's key made it, which the issuer lets answer (`id-kp-OCSPSigning`).
    Responder {
        /// When the responder's certificate expires, in seconds since 1970.
        not_after: Option<i64>,
    },
    /// Neither did.
    Invalid,
}

impl Signature {
    /// In one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotChecked => "not-checked",
            Self::Issuer => "issuer",
            Self::Responder { .. } => "responder",
            Self::Invalid => "invalid",
        }
    }
}

/// Whether an answer is still of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It is.
    Current,
    /// There should be a newer one by now.
    Stale,
    /// It is from the future.
    NotYet,
}

impl Staple {
    /// At a time, in seconds since 1970, to the second. Without a nextUpdate an answer does not go stale (RFC 6960, 4.2.2.1).
    pub fn freshness(&self, now: i64) -> Freshness {
        if self.next_update.is_some_and(|until| until < now) {
            Freshness::Stale
        } else if self.this_update.is_some_and(|from| from > now) {
            Freshness::NotYet
        } else {
            Freshness::Current
        }
    }

    fn without_answer(status: Status) -> Self {
        Self {
            status,
            produced_at: None,
            this_update: None,
            next_update: None,
            responder: None,
            signature: Signature::NotChecked,
        }
    }
}

/// Reads a response in DER, as the server sent it with `leaf`. Without the issuer's certificate its key and signature are not compared.
///
/// Any octets will do: what cannot be read is [`Status::Unreadable`].
pub fn read(response: &[u8], leaf: &Certificate, issuer: Option<&Certificate>) -> Staple {
    match body(response) {
        Some(Body::Fault(fault)) => Staple::without_answer(Status::Failed(fault)),
        Some(Body::Basic(basic)) => basic
            .staple(leaf, issuer)
            .unwrap_or_else(|| Staple::without_answer(Status::Unreadable)),
        None => Staple::without_answer(Status::Unreadable),
    }
}

/// Reads a response together with the certificates that came with it, DER in the order in which they were sent: the issuer is looked for
/// among them. None when the leaf cannot be read.
pub fn read_with(response: &[u8], sent: &[Vec<u8>]) -> Option<Staple> {
    let decode = |der: &Vec<u8>| Certificate::decode(der, OpensslVersion::V3_5).ok();
    let (leaf, others) = sent.split_first()?;
    let leaf = decode(leaf)?;
    let mut name = Vec::new();
    canonicalize(leaf.issuer_der(), &mut name);
    let issuer = others
        .iter()
        .filter_map(decode)
        .find(|certificate| certificate.canonical_subject() == name);
    Some(read(response, &leaf, issuer.as_ref()))
}

const INTEGER: u32 = 2;
const BIT_STRING: u32 = 3;
const OCTET_STRING: u32 = 4;
const OBJECT_IDENTIFIER: u32 = 6;
const ENUMERATED: u32 = 10;
const SEQUENCE: u32 = 16;
const GENERALIZED_TIME: u32 = 24;

/// `id-pkix-ocsp-basic`.
const BASIC: [u8; 9] = [0x2b, 6, 1, 5, 5, 7, 48, 1, 1];
/// `id-kp-OCSPSigning`.
const OCSP_SIGNING: [u8; 8] = [0x2b, 6, 1, 5, 5, 7, 3, 9];

/// How many of the certificates in a response are looked at: one is what there is.
const MAX_RESPONDERS: usize = 8;

enum Body<'a> {
    Fault(Fault),
    Basic(Basic<'a>),
}

/// `BasicOCSPResponse`.
struct Basic<'a> {
    data: Value<'a>,
    algorithm: Value<'a>,
    signature: Value<'a>,
    certificates: Option<Value<'a>>,
}

/// `ResponseData`.
struct Data<'a> {
    responder: Value<'a>,
    produced_at: i64,
    answers: Value<'a>,
}

/// `SingleResponse`, without what is not of use here.
struct Answer<'a> {
    digest: &'a [u8],
    issuer_name_hash: Value<'a>,
    issuer_key_hash: Value<'a>,
    serial_number: &'a [u8],
    status: Status,
    this_update: i64,
    next_update: Option<i64>,
}

/// `OCSPResponse`.
fn body(response: &[u8]) -> Option<Body<'_>> {
    let outer = sequence(Value::read(response)?)?;
    let mut fields = outer.values();
    let status = fields.next().filter(|it| it.is(ENUMERATED))?;
    let [status] = *status.content() else {
        return None;
    };
    let fault = match status {
        0 => {
            let bytes = sequence(explicit(fields.next()?, 0)?)?;
            let mut fields = bytes.values();
            let kind = fields.next().filter(|it| it.is(OBJECT_IDENTIFIER))?;
            let octets = fields.next().filter(|it| it.is(OCTET_STRING))?;
            if kind.content() != BASIC || octets.is_constructed() {
                return None;
            }
            return basic(octets.content()).map(Body::Basic);
        }
        1 => Fault::MalformedRequest,
        2 => Fault::InternalError,
        3 => Fault::TryLater,
        5 => Fault::SignatureRequired,
        6 => Fault::Unauthorized,
        other => Fault::Other(other),
    };
    Some(Body::Fault(fault))
}

fn basic(octets: &[u8]) -> Option<Basic<'_>> {
    let outer = sequence(Value::read(octets)?)?;
    let mut fields = outer.values();
    Some(Basic {
        data: sequence(fields.next()?)?,
        algorithm: sequence(fields.next()?)?,
        signature: fields.next().filter(|it| it.is(BIT_STRING))?,
        certificates: fields
            .next()
            .and_then(|field| sequence(explicit(field, 0)?)),
    })
}

impl<'a> Basic<'a> {
    fn staple(&self, leaf: &Certificate, issuer: Option<&Certificate>) -> Option<Staple> {
        let data = data(self.data)?;
        let answers: Vec<Answer<'_>> = data.answers.values().map(answer).collect::<Option<_>>()?;
        let found = answers.iter().find(|answer| answer.is_about(leaf, issuer));
        Some(Staple {
            status: found.map_or(Status::OtherCertificate, |answer| answer.status),
            produced_at: Some(data.produced_at),
            this_update: found.map(|answer| answer.this_update),
            next_update: found.and_then(|answer| answer.next_update),
            responder: responder(data.responder),
            signature: match issuer {
                Some(issuer) => self.signature(issuer, data.responder),
                None => Signature::NotChecked,
            },
        })
    }

    /// RFC 6960, 4.2.2.2: the issuer, or a certificate in the response that the issuer made for this.
    fn signature(&self, issuer: &Certificate, responder: Value<'_>) -> Signature {
        // Nobody else looks at responses here: the newest OpenSSL knows most algorithms.
        let profile = Profile::of(NodeVersion {
            major: u32::MAX,
            minor: u32::MAX,
        });
        let key_of = |certificate: &Certificate| {
            PublicKey::decode(certificate.subject_public_key_info(), &profile)
        };
        let Some(issuer_key) = key_of(issuer) else {
            return Signature::NotChecked;
        };
        let is_made_by = |key: &PublicKey| {
            let (algorithm, message) = (self.algorithm.whole(), self.data.whole());
            let signature = self.signature.whole();
            signature::verify_signed(algorithm, message, signature, key, &profile) == Outcome::Valid
        };
        if is_made_by(&issuer_key) {
            return Signature::Issuer;
        }
        let sent = self.certificates.into_iter().flat_map(|all| all.values());
        let delegate = sent
            .take(MAX_RESPONDERS)
            .filter_map(|der| Certificate::decode(der.whole(), OpensslVersion::V3_5).ok())
            .filter(|certificate| is_called(certificate, responder))
            .filter(|certificate| {
                let purposes = certificate.extended_key_usage().unwrap_or_default();
                purposes.iter().any(|purpose| *purpose == OCSP_SIGNING)
            })
            .filter(|certificate| {
                signature::verify(certificate, &issuer_key, &profile) == Outcome::Valid
            })
            .find(|certificate| key_of(certificate).is_some_and(|key| is_made_by(&key)));
        match delegate {
            Some(certificate) => Signature::Responder {
                not_after: certificate.not_after(),
            },
            None => Signature::Invalid,
        }
    }
}

fn data(data: Value<'_>) -> Option<Data<'_>> {
    let mut fields = data.values().peekable();
    // The version is the first, or not there: its default is the only one that there is.
    fields.next_if(|field| field.context() == Some(0));
    let responder = fields.next()?;
    Some(Data {
        responder: responder.context().is_some().then_some(responder)?,
        produced_at: time(fields.next()?)?,
        answers: sequence(fields.next()?)?,
    })
}

fn answer(value: Value<'_>) -> Option<Answer<'_>> {
    let mut fields = sequence(value)?.values();
    let mut identifier = sequence(fields.next()?)?.values();
    let digest = sequence(identifier.next()?)?.values().next()?;
    let mut octets = || identifier.next().filter(|it| it.is(OCTET_STRING));
    let (issuer_name_hash, issuer_key_hash) = (octets()?, octets()?);
    let serial_number = identifier.next().filter(|it| it.is(INTEGER))?;
    let status = fields.next()?;
    let status = match status.context()? {
        0 => Status::Good,
        1 => {
            let mut fields = status.values();
            let at = time(fields.next()?)?;
            let reason = fields.next().and_then(|field| explicit(field, 0));
            Status::Revoked {
                at,
                reason: reason.and_then(|reason| reason.content().first().copied()),
            }
        }
        2 => Status::Unknown,
        _ => return None,
    };
    let this_update = time(fields.next()?)?;
    let next_update = match fields.next().and_then(|field| explicit(field, 0)) {
        Some(until) => Some(time(until)?),
        None => None,
    };
    Some(Answer {
        digest: digest.is(OBJECT_IDENTIFIER).then_some(digest.content())?,
        issuer_name_hash,
        issuer_key_hash,
        serial_number: serial_number.content(),
        status,
        this_update,
        next_update,
    })
}

impl Answer<'_> {
    /// `CertID`, RFC 6960, 4.1.1. The serial number decides where the digest is one that nobody uses.
    fn is_about(&self, leaf: &Certificate, issuer: Option<&Certificate>) -> bool {
        let is_digest_of = |hash: Value<'_>, message: &[u8]| {
            digest_of(self.digest, message).is_none_or(|digest| digest == *hash.octets())
        };
        let is_key_of = |issuer: &Certificate| {
            key_octets(issuer).is_some_and(|key| is_digest_of(self.issuer_key_hash, &key))
        };
        self.serial_number == leaf.serial_number_octets()
            && is_digest_of(self.issuer_name_hash, leaf.issuer_der())
            && issuer.is_none_or(is_key_of)
    }
}

/// By the content octets of the algorithm's identifier.
fn digest_of(identifier: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match identifier {
        [0x2b, 14, 3, 2, 26] => &SHA1_FOR_LEGACY_USE_ONLY,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => &SHA256,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => &SHA384,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => &SHA512,
        _ => return None,
    };
    Some(digest::digest(algorithm, message).as_ref().to_vec())
}

/// The content of the BIT STRING without its first octet: what a key's hash is made of.
fn key_octets(certificate: &Certificate) -> Option<Vec<u8>> {
    let information = sequence(Value::read(certificate.subject_public_key_info())?)?;
    let key = information.values().nth(1).filter(|it| it.is(BIT_STRING))?;
    key.content().get(1..).map(<[u8]>::to_vec)
}

/// `ResponderID`.
fn responder(identifier: Value<'_>) -> Option<String> {
    let inner = identifier.values().next()?;
    match identifier.context()? {
        1 => Some(rfc4514(inner.whole())),
        2 => Some(hexadecimal(&inner.octets())),
        _ => None,
    }
}

fn is_called(certificate: &Certificate, identifier: Value<'_>) -> bool {
    let Some(inner) = identifier.values().next() else {
        return false;
    };
    match identifier.context() {
        Some(1) => inner.whole() == certificate.subject_der(),
        Some(2) => key_octets(certificate).is_some_and(|key| {
            digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, &key).as_ref() == &*inner.octets()
        }),
        _ => false,
    }
}

fn sequence(value: Value<'_>) -> Option<Value<'_>> {
    (value.is(SEQUENCE) && value.is_constructed()).then_some(value)
}

/// What is inside an explicit tag.
fn explicit(value: Value<'_>, number: u32) -> Option<Value<'_>> {
    if value.context()? != number || !value.is_constructed() {
        return None;
    }
    value.values().next()
}

fn time(value: Value<'_>) -> Option<i64> {
    value
        .is(GENERALIZED_TIME)
        .then(|| unix_time(value.whole()))
        .flatten()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    const FIXTURES: &str = include_str!("../../../fixtures/ocsp.txt");
    const WEEK: i64 = 7 * 24 * 3600;

    fn fixture(name: &str) -> Vec<u8> {
        let mut lines = FIXTURES.lines().filter_map(|line| line.split_once(" | "));
        let (_, text) = lines.find(|(found, _)| *found == name).unwrap();
        BASE64_STANDARD.decode(text).unwrap()
    }

    fn certificate(name: &str) -> Certificate {
        Certificate::decode(&fixture(name), OpensslVersion::V3_5).unwrap()
    }

    fn staple(name: &str) -> Staple {
        read(
            &fixture(name),
            &certificate("leaf"),
            Some(&certificate("root")),
        )
    }

    #[test]
    fn answers_are_read() {
        let revoked = Status::Revoked {
            at: 1_767_323_045,
            reason: Some(1),
        };
        for (name, status) in [
            ("good", Status::Good),
            ("good without an end", Status::Good),
            ("good by SHA-256", Status::Good),
            ("revoked", revoked),
            ("unknown", Status::Unknown),
        ] {
            let staple = staple(name);
            assert_eq!(staple.status, status, "{name}");
            assert_eq!(staple.signature, Signature::Issuer, "{name}");
            assert_eq!(staple.responder.as_deref(), Some("CN=OCSP Root"), "{name}");
            assert_eq!(staple.produced_at, staple.this_update, "{name}");
            let until = staple.this_update.unwrap() + WEEK;
            let expected = (name != "good without an end").then_some(until);
            assert_eq!(staple.next_update, expected, "{name}");
        }
    }

    #[test]
    fn an_answer_goes_stale_when_a_newer_one_is_due() {
        let good = staple("good");
        let (from, until) = (good.this_update.unwrap(), good.next_update.unwrap());
        for (now, expected) in [
            (from - 1, Freshness::NotYet),
            (from, Freshness::Current),
            (until, Freshness::Current),
            (until + 1, Freshness::Stale),
        ] {
            assert_eq!(good.freshness(now), expected, "{now}");
        }
        let endless = staple("good without an end");
        assert_eq!(endless.freshness(until + 1), Freshness::Current);
    }

    #[test]
    fn a_responder_needs_the_issuers_leave() {
        let delegated = staple("by a responder");
        assert_eq!(delegated.status, Status::Good);
        let not_after = certificate("responder").not_after();
        assert_eq!(delegated.signature, Signature::Responder { not_after });
        assert_eq!(delegated.responder.unwrap().len(), 40);
        assert_eq!(staple("by a pretender").signature, Signature::Invalid);
    }

    #[test]
    fn another_issuer_of_the_same_name_is_told_apart() {
        let leaf = certificate("leaf");
        let other = read(&fixture("good"), &leaf, Some(&certificate("stranger")));
        assert_eq!(other.status, Status::OtherCertificate);
        assert_eq!(other.signature, Signature::Invalid);
        let sent = [fixture("leaf"), fixture("other"), fixture("root")];
        assert_eq!(read_with(&fixture("good"), &sent), Some(staple("good")));
        let unchecked = read_with(&fixture("good"), &sent[..2]).unwrap();
        assert_eq!(unchecked.status, Status::Good);
        assert_eq!(unchecked.signature, Signature::NotChecked);
    }

    #[test]
    fn an_answer_about_another_certificate_is_none() {
        let root = certificate("root");
        let other = read(&fixture("good"), &certificate("other"), Some(&root));
        assert_eq!(other.status, Status::OtherCertificate);
        assert_eq!(other.this_update, None);
        assert_eq!(other.signature, Signature::Issuer);
    }

    #[test]
    fn refusals_are_named() {
        for (name, fault) in [
            ("try later", Fault::TryLater),
            ("unauthorized", Fault::Unauthorized),
        ] {
            let staple = staple(name);
            assert_eq!(staple.status, Status::Failed(fault), "{name}");
            assert_eq!(staple.signature, Signature::NotChecked, "{name}");
        }
    }

    #[test]
    fn the_tls_feature_is_found() {
        assert!(certificate("leaf").must_staple());
        assert!(!certificate("other").must_staple());
    }

    /// Cut and changed at every octet: no panic, and no answer that is signed and not the one that was given.
    #[test]
    fn damage_never_makes_a_signed_answer() {
        let (leaf, root) = (certificate("leaf"), certificate("root"));
        for name in ["good", "revoked", "by a responder"] {
            let whole = fixture(name);
            let given = staple(name);
            for at in 0..whole.len() {
                let cut = read(&whole[..at], &leaf, Some(&root));
                assert_eq!(cut.status, Status::Unreadable, "{name} {at}");
                for value in [0x00, 0xff, whole[at] ^ 1] {
                    let mut changed = whole.clone();
                    changed[at] = value;
                    let read = read(&changed, &leaf, Some(&root));
                    let is_signed =
                        !matches!(read.signature, Signature::Invalid | Signature::NotChecked);
                    assert!(!is_signed || read.status == given.status, "{name} {at}");
                }
            }
        }
        for garbage in [
            &b""[..],
            b"\x30",
            b"\x30\x80\x00\x00",
            &[0x30; 4096],
            &[0xff; 64],
        ] {
            assert_eq!(read(garbage, &leaf, None).status, Status::Unreadable);
        }
    }
}
