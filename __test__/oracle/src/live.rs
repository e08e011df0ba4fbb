//! Real handshakes under observation: OpenSSL lets a context have its own function in place of `X509_verify_cert`, and gives it everything
//! that the handshake has prepared.

use std::cell::RefCell;
use std::ffi::{c_int, c_void};
use std::ptr::without_provenance_mut;

use crate::openssl::{
    Certificate, CertificateVerifier, Items, SslContext, StoreContext, encoded, functions,
};
use crate::verify::{record, recorded};

/// What a handshake's own verification came to.
pub struct Observation {
    /// `X509_STORE_CTX_get_error`.
    pub error: c_int,
    /// Every error with its depth.
    pub errors: Vec<(c_int, c_int)>,
    /// DER, leaf first.
    pub chain: Vec<Vec<u8>>,
}

thread_local! {
    static OBSERVATION: RefCell<Option<Observation>> = const { RefCell::new(None) };
}

/// Lets every handshake of a context verify as it would, at another time, and keeps what came of it.
///
/// # Safety
/// `context` is a live `SSL_CTX`.
pub unsafe fn observe(context: *mut SslContext, time: i64) -> Result<(), String> {
    extern "C" fn verify(context: *mut StoreContext, time: *mut c_void) -> c_int {
        let (Ok(functions), Ok(time)) = (functions(), i64::try_from(time.addr())) else {
            return 0;
        };
        recorded();
        // SAFETY: OpenSSL calls this with the live context of the handshake under way, which keeps the chain that it builds.
        let observation = unsafe {
            (functions.X509_VERIFY_PARAM_set_time)(
                (functions.X509_STORE_CTX_get0_param)(context),
                time,
            );
            (functions.X509_STORE_CTX_set_verify_cb)(context, record);
            (functions.X509_verify_cert)(context);
            let chain =
                Items::<Certificate>::of(functions, (functions.X509_STORE_CTX_get0_chain)(context));
            Observation {
                error: (functions.X509_STORE_CTX_get_error)(context),
                errors: recorded(),
                chain: chain.map(|element| encoded(functions, element)).collect(),
            }
        };
        OBSERVATION.set(Some(observation));
        1
    }
    // SAFETY: promised by the caller.
    unsafe { set_verifier(context, verify, time) }
}

/// What the last handshake under observation came to; `None` when it did not get as far.
pub fn observed() -> Option<Observation> {
    OBSERVATION.take()
}

/// Lets every handshake of a context end in one verify result.
///
/// # Safety
/// `context` is a live `SSL_CTX`.
pub unsafe fn force_result(context: *mut SslContext, error: c_int) -> Result<(), String> {
    extern "C" fn verify(context: *mut StoreContext, error: *mut c_void) -> c_int {
        let (Ok(functions), Ok(error)) = (functions(), c_int::try_from(error.addr())) else {
            return 0;
        };
        // SAFETY: OpenSSL calls this with the live context of the handshake under way.
        unsafe { (functions.X509_STORE_CTX_set_error)(context, error) }
        1
    }
    // SAFETY: promised by the caller.
    unsafe { set_verifier(context, verify, error.into()) }
}

/// # Safety
/// `context` is a live `SSL_CTX`.
unsafe fn set_verifier(
    context: *mut SslContext,
    verifier: CertificateVerifier,
    argument: i64,
) -> Result<(), String> {
    let number = usize::try_from(argument).map_err(|error| error.to_string())?;
    // SAFETY: promised by the caller; the argument is a number and never followed.
    unsafe {
        (functions()?.SSL_CTX_set_cert_verify_callback)(
            context,
            verifier,
            without_provenance_mut(number),
        )
    };
    Ok(())
}
