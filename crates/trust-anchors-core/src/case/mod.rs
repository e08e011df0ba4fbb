//! One question about a chain, asked of any number of Nodes: what the peer sent and what is trusted are read once, and judged as each
//! OpenSSL decodes them.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::der::OpensslVersion;
use crate::node::NodeVersion;
use crate::verify::{self, Profile, Purpose, Question, Verdict, Work};

pub mod cause;
pub mod changes;
mod findings;
pub mod presented;
pub mod trust;

pub use changes::Change;
pub use presented::Presented;
pub use trust::Trust;

/// What is judged: a chain, and who asked for whom.
#[derive(Debug)]
pub struct Case {
    /// What the peer sent.
    pub presented: Presented,
    /// The host name or address that was asked for.
    pub host: Option<String>,
    /// Who judges whom.
    pub purpose: Purpose,
    work: Mutex<Work>,
}

/// Who judges it: a Node, what it trusts, when.
#[derive(Debug, Clone)]
pub struct Viewpoint {
    /// The Node version.
    pub node: NodeVersion,
    /// What it trusts.
    pub trust: Arc<Trust>,
    /// Seconds since 1970.
    pub now: i64,
    /// `allowPartialTrustChain`, which a Node that does not have it ignores.
    pub allows_partial_chain: bool,
    /// The security level of its ciphers; `None` for the default.
    pub security_level: Option<u8>,
}

impl Viewpoint {
    /// How its Node verifies.
    pub fn profile(&self) -> Profile {
        let mut profile = Profile::of(self.node);
        if let Some(level) = self.security_level {
            profile.security_level = level;
        }
        profile
    }
}

impl Case {
    /// A case that nobody has judged yet.
    pub fn new(presented: Presented, host: Option<String>, purpose: Purpose) -> Self {
        Self {
            presented,
            host,
            purpose,
            work: Mutex::default(),
        }
    }

    /// The verdict of one Node.
    pub fn judge(&self, viewpoint: &Viewpoint) -> Verdict {
        let profile = viewpoint.profile();
        verify::verify(
            self.presented.chain(&profile),
            &Question {
                anchors: viewpoint.trust.anchors(&profile),
                host: self.host.as_deref(),
                now: viewpoint.now,
                purpose: self.purpose,
                allows_partial_chain: viewpoint.allows_partial_chain
                    && viewpoint.node.has_partial_trust_chain(),
                profile,
            },
            &mut self.work.lock().unwrap_or_else(PoisonError::into_inner),
        )
    }
}

/// A value for each OpenSSL, made when it is first asked for.
#[derive(Debug)]
struct PerOpenssl<T>([OnceLock<T>; 3]);

impl<T> Default for PerOpenssl<T> {
    fn default() -> Self {
        Self([const { OnceLock::new() }; 3])
    }
}

impl<T> PerOpenssl<T> {
    fn get_or_init(&self, version: OpensslVersion, make: impl FnOnce() -> T) -> &T {
        let [old, middle, new] = &self.0;
        let value = match version {
            OpensslVersion::V3_0 => old,
            OpensslVersion::V3_5_0 => middle,
            OpensslVersion::V3_5 => new,
        };
        value.get_or_init(make)
    }
}
