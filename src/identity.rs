//! `checkServerIdentities` and `domainsToAscii`, with which the tests compare host names with real Nodes.

use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use trust_anchors_core::certificate::Certificate;
use trust_anchors_core::node::NodeVersion;
use trust_anchors_core::verify::identity;
use trust_anchors_core::verify::profile::Profile;

use crate::error::{Code, Error, Result, guarded};

/// A host and a certificate.
#[napi(object, object_to_js = false)]
pub struct IdentityCase {
    /// What is connected to.
    pub hostname: String,
    /// DER.
    pub certificate: Uint8Array,
}

/// The `reason` of Node's `ERR_TLS_CERT_ALTNAME_INVALID` for each pair of a host and a certificate; null where the certificate
/// is one for the host, and `undecodable` where OpenSSL decodes no certificate.
#[napi(catch_unwind)]
pub fn check_server_identities(
    cases: Vec<IdentityCase>,
    node: String,
) -> Result<Vec<Option<String>>> {
    guarded(|| {
        let profile = profile(&node)?;
        let reason =
            |case: &IdentityCase| match Certificate::decode(&case.certificate, profile.openssl) {
                Ok(certificate) => identity::check(&case.hostname, &certificate, &profile)
                    .err()
                    .map(|mismatch| mismatch.reason),
                Err(_) => Some("undecodable".to_owned()),
            };
        Ok(cases.iter().map(reason).collect())
    })
}

/// What `url.domainToASCII` makes of each host; null for a Node that compares hosts as they are.
#[napi(catch_unwind)]
pub fn domains_to_ascii(hosts: Vec<String>, node: String) -> Result<Vec<Option<String>>> {
    guarded(|| {
        let profile = profile(&node)?;
        Ok(hosts
            .iter()
            .map(|host| identity::domain_to_ascii(host, &profile))
            .collect())
    })
}

fn profile(node: &str) -> Result<Profile> {
    NodeVersion::parse(node)
        .map(Profile::of)
        .ok_or_else(|| Error::new(Code::InvalidArgument, "not a Node version"))
}
