//! ML-DSA (FIPS 204), pure and without a context, as certificates use it.

use aws_lc_rs::signature::{ML_DSA_44, ML_DSA_65, ML_DSA_87, VerificationAlgorithm};

use super::Outcome;

/// `ossl_ml_dsa_verify` in `crypto/ml_dsa/ml_dsa_sign.c`.
pub(super) fn verify(size: u8, key: &[u8], message: &[u8], signature: &[u8]) -> Outcome {
    let algorithm = match size {
        44 => &ML_DSA_44,
        65 => &ML_DSA_65,
        _ => &ML_DSA_87,
    };
    Outcome::of(algorithm.verify_sig(key, message, signature).is_ok())
}
