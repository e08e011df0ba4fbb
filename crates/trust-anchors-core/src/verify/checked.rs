//! The signatures that this process has checked. Checking one costs more than the rest of a verdict; and the servers of a company send the
//! same intermediates, as a watch finds the same chain again and again.
//!
//! Remembered is what a check came to, by all that it looks at: the whole certificate, the whole key and the OpenSSL that reads both. So
//! an answer is that of the same question, whoever asked it first, and holds for ever. Times, names, uses and trust are not part of it.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use foldhash::fast::RandomState;
use sha2::{Digest, Sha256};

use super::facts::Examined;
use super::key::PublicKey;
use super::profile::Profile;
use super::signature::{self, Outcome};
use crate::certificate::Fingerprint;
use crate::der::OpensslVersion;

/// How many signatures are remembered at least, once there were so many; at most, it is twice as many. One takes some hundred octets.
const CAPACITY: usize = 1024;

/// Whether the key of `issuer`, which is `key`, made the certificate's signature.
pub fn verify(
    subject: &Examined,
    issuer: &Examined,
    key: &PublicKey,
    profile: &Profile,
) -> Outcome {
    static CHECKED: LazyLock<Mutex<Checked>> = LazyLock::new(|| Mutex::new(Checked::new(CAPACITY)));
    let signature = Signature::of(subject, issuer, profile);
    // Not held while a signature is checked, which may take milliseconds.
    let checked = || CHECKED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = checked().outcome(&signature);
    known.unwrap_or_else(|| {
        let outcome = signature::verify(&subject.certificate, key, profile);
        checked().note(signature, outcome);
        outcome
    })
}

/// All that a check looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Signature {
    certificate: Fingerprint,
    /// SHA-256 of the issuer's `SubjectPublicKeyInfo`.
    key: [u8; 32],
    openssl: OpensslVersion,
}

impl Signature {
    fn of(subject: &Examined, issuer: &Examined, profile: &Profile) -> Self {
        Self {
            certificate: *subject.certificate.sha256(),
            key: Sha256::digest(issuer.certificate.subject_public_key_info()).into(),
            openssl: profile.openssl,
        }
    }
}

/// Outcomes in two generations: when the younger one is full it becomes the older one, and what was not asked for since then is gone.
#[derive(Debug)]
struct Checked {
    capacity: usize,
    recent: HashMap<Signature, Outcome, RandomState>,
    earlier: HashMap<Signature, Outcome, RandomState>,
}

impl Checked {
    fn new(capacity: usize) -> Self {
        Self {
            capacity,
            recent: HashMap::default(),
            earlier: HashMap::default(),
        }
    }

    fn outcome(&mut self, signature: &Signature) -> Option<Outcome> {
        if let Some(outcome) = self.recent.get(signature) {
            return Some(*outcome);
        }
        let (signature, outcome) = self.earlier.remove_entry(signature)?;
        self.note(signature, outcome);
        Some(outcome)
    }

    fn note(&mut self, signature: Signature, outcome: Outcome) {
        if self.recent.len() >= self.capacity {
            self.earlier = std::mem::take(&mut self.recent);
        }
        self.recent.insert(signature, outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Certificate;
    use crate::node::NodeVersion;

    fn signature(number: u8) -> Signature {
        Signature {
            certificate: [number; 32],
            key: [0; 32],
            openssl: OpensslVersion::V3_5,
        }
    }

    #[test]
    fn an_outcome_is_that_of_the_same_certificate_key_and_openssl_alone() {
        let mut checked = Checked::new(4);
        let asked = signature(1);
        assert_eq!(checked.outcome(&asked), None);
        checked.note(asked.clone(), Outcome::Invalid);
        assert_eq!(checked.outcome(&asked), Some(Outcome::Invalid));
        for other in [
            signature(2),
            Signature {
                key: [1; 32],
                ..asked.clone()
            },
            Signature {
                openssl: OpensslVersion::V3_0,
                ..asked
            },
        ] {
            assert_eq!(checked.outcome(&other), None, "{other:?}");
        }
    }

    #[test]
    fn no_more_is_kept_than_two_generations() {
        let mut checked = Checked::new(4);
        for number in 0..=200 {
            checked.note(signature(number), Outcome::Valid);
            assert!(checked.recent.len() <= 4 && checked.earlier.len() <= 4);
        }
        assert_eq!(checked.outcome(&signature(200)), Some(Outcome::Valid));
        assert_eq!(checked.outcome(&signature(192)), None);
    }

    #[test]
    fn what_is_asked_for_stays() {
        let mut checked = Checked::new(4);
        checked.note(signature(0), Outcome::Valid);
        for number in 1..=200 {
            checked.note(signature(number), Outcome::Valid);
            let kept = checked.outcome(&signature(0));
            assert_eq!(kept, Some(Outcome::Valid), "after {number}");
        }
    }

    #[test]
    fn what_differs_in_one_bit_is_checked_anew() {
        const CASES: &str = include_str!("../../../../fixtures/signatures.txt");
        let profile = Profile::of(NodeVersion::parse("v24.99.0").unwrap());
        let examined = |der: &[u8]| {
            let certificate = Certificate::decode(der, profile.openssl).unwrap();
            Examined::new(certificate, None, &profile)
        };
        let written = |name: &str| {
            let mut columns = CASES.lines().map(|line| line.split('|').map(str::trim));
            let mut found = columns
                .find_map(|mut columns| (columns.next() == Some(name)).then_some(columns))
                .unwrap();
            let text = found.next().unwrap();
            base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).unwrap()
        };
        let judge = |subject: &Examined, issuer: &Examined| {
            let key = issuer.facts().key.as_ref().unwrap();
            verify(subject, issuer, key, &profile)
        };
        let good = written("ec prime256v1 sha256");
        let (own, other) = (examined(&good), examined(&written("ec secp224r1 sha256")));
        let mut damaged = good;
        *damaged.last_mut().unwrap() ^= 1;
        let damaged = examined(&damaged);
        for _ in 0..2 {
            assert_eq!(judge(&own, &own), Outcome::Valid);
            assert_eq!(judge(&own, &other), Outcome::Invalid);
            assert_eq!(judge(&damaged, &own), Outcome::Invalid);
        }
    }
}
