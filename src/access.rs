//! `issuerAddresses`, for what `diagnose` fetches when it is asked to.

use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use trust_anchors_core::certificate::Certificate;
use trust_anchors_core::der::OpensslVersion;

use crate::error::{Result, guarded};

/// Where the certificate of the issuer can be had, as the certificate with this DER says; nothing for bytes that are none.
#[napi(catch_unwind)]
pub fn issuer_addresses(certificate: Uint8Array) -> Result<Vec<String>> {
    guarded(|| {
        Ok(Certificate::decode(&certificate, OpensslVersion::V3_5)
            .map(|certificate| certificate.issuer_addresses())
            .unwrap_or_default())
    })
}
