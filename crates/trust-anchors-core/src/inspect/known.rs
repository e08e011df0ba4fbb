//! What the bundled list holds, for "already bundled" and for issuers outside the file.

use std::collections::HashSet;

use once_cell::sync::Lazy;

use crate::certificate::Certificate;
use crate::der::OpensslVersion;
use crate::stores::bundled;

/// Whether Mozilla's list has this certificate.
pub(super) fn is_bundled(certificate: &Certificate) -> bool {
    static BUNDLED: Lazy<HashSet<&'static [u8]>> = Lazy::new(|| bundled::mozilla().collect());
    BUNDLED.contains(certificate.der())
}

/// Whether Mozilla's list has a certificate with this subject, as encoded.
pub(super) fn is_bundled_subject(subject: &[u8]) -> bool {
    static SUBJECTS: Lazy<HashSet<Vec<u8>>> = Lazy::new(|| {
        bundled::mozilla()
            .filter_map(|der| Certificate::decode_static(der, OpensslVersion::V3_5).ok())
            .map(|certificate| certificate.subject_der().to_vec())
            .collect()
    });
    SUBJECTS.contains(subject)
}
