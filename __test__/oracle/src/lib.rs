//! For the tests alone: what the OpenSSL inside the running Node binary makes of a certificate chain, on the context of a real
//! `tls.createSecureContext`, without a key and without a connection. `__test__/support/judge.js` is its user.
#![cfg(unix)]
#![expect(unsafe_code, reason = "OpenSSL's functions are called by address")]

mod live;
mod node;
mod openssl;
mod verify;

use napi::bindgen_prelude::{Buffer, JsValue, Unknown, sys};
use napi::{Error, Result};
use napi_derive::napi;

use crate::openssl::{
    Certificate, Functions, Items, SslContext, Stack, StoreObject, encoded, functions, text,
};
use crate::verify::{Link, Role, SentChain, Session};

/// How a chain is to be judged.
#[napi(object)]
pub struct JudgeOptions {
    /// Seconds since 1970; the clock's when absent.
    pub time: Option<i64>,
    /// `'server'`: the chain is a server's, and a client judges; `'client'`: the reverse.
    pub purpose: String,
}

/// One error of a verification.
#[napi(object)]
pub struct VerifyError {
    /// OpenSSL's number, `X509_V_ERR_*`.
    pub number: i32,
    /// Position in the built chain, the leaf being 0.
    pub depth: i32,
}

impl From<(i32, i32)> for VerifyError {
    fn from((number, depth): (i32, i32)) -> Self {
        Self { number, depth }
    }
}

/// One element of the built chain: sent or from the store.
#[napi(object)]
pub struct ChainElement {
    /// Position in the chain as sent.
    pub sent: Option<u32>,
    /// DER of a certificate of the store.
    pub store: Option<Buffer>,
}

/// What OpenSSL made of the chain once it was decoded.
#[napi(object)]
pub struct Verification {
    /// The last error, 0 when there was none.
    pub error: i32,
    /// OpenSSL's text for it.
    pub reason: String,
    /// The depth of the last error.
    pub depth: i32,
    /// All errors in the order in which they were raised.
    pub errors: Vec<VerifyError>,
    /// Leaf first.
    pub chain: Vec<ChainElement>,
    /// The type of the leaf's key, absent when OpenSSL cannot read it.
    pub leaf_key: Option<String>,
    /// The reason why a client refuses the leaf's key after the verification, absent when it does not.
    pub key_fault: Option<String>,
    /// `SSL_get_security_level`.
    pub security_level: i32,
}

/// Why the message could not be decoded.
#[napi(object)]
pub struct Undecodable {
    /// Position of the certificate as sent.
    pub at: u32,
    /// `error:068000DD:asn1 encoding routines::illegal padding`
    pub text: String,
    /// `illegal padding`
    pub reason: String,
}

/// One of the two.
#[napi(object)]
pub struct Judgement {
    /// Set when every certificate of the message was decoded.
    pub verification: Option<Verification>,
    /// Set when one was not.
    pub undecodable: Option<Undecodable>,
}

/// A certificate of a store.
#[napi(object)]
pub struct StoreEntry {
    /// Its DER.
    pub der: Buffer,
    /// Purposes that its auxiliary part trusts, as dotted identifiers; absent when it says nothing.
    pub trusted: Option<Vec<String>>,
    /// Purposes that its auxiliary part rejects.
    pub rejected: Option<Vec<String>>,
}

fn failure(reason: String) -> Error {
    Error::from_reason(reason)
}

/// The `SSL_CTX` behind `secureContext.context._external`, which Node's `SecureContext::CtxGetter` (src/crypto/crypto_context.cc) gives.
fn context_of(external: &Unknown) -> Result<*mut SslContext> {
    let value = external.value();
    let mut kind = sys::ValueType::napi_undefined;
    // SAFETY: the value belongs to the call under way.
    let status = unsafe { sys::napi_typeof(value.env, value.value, &raw mut kind) };
    if status != sys::Status::napi_ok || kind != sys::ValueType::napi_external {
        return Err(failure(
            "this is no secureContext.context._external".to_owned(),
        ));
    }
    // SAFETY: it was just seen to be an external, and only the tests call this, with nothing but such a one.
    let pointer = unsafe { node::external_value(value.value.cast()) }.map_err(failure)?;
    Ok(pointer.cast())
}

fn session(external: &Unknown, options: &JudgeOptions) -> Result<Session> {
    let role = match options.purpose.as_str() {
        "server" => Role::Client,
        "client" => Role::Server,
        other => {
            return Err(failure(format!(
                "the purpose is server or client, and not {other}"
            )));
        }
    };
    // SAFETY: the JavaScript caller holds the context that the external belongs to.
    unsafe { Session::new(context_of(external)?, role, options.time) }.map_err(failure)
}

/// Decodes and verifies a chain: DER, leaf first, in the order sent.
#[napi(catch_unwind)]
pub fn judge(external: Unknown, chain: Vec<Buffer>, options: JudgeOptions) -> Result<Judgement> {
    let functions = functions().map_err(failure)?;
    let session = session(&external, &options)?;
    let chain: Vec<&[u8]> = chain.iter().map(AsRef::as_ref).collect();
    let sent = match SentChain::decode(functions, &chain).map_err(failure)? {
        Ok(sent) => sent,
        Err(undecodable) => {
            let mut line = [0_u8; 256];
            // SAFETY: the buffer has the length given, and ends in a NUL afterwards; the reason's text is a constant of OpenSSL's.
            let (line, reason) = unsafe {
                (functions.ERR_error_string_n)(
                    undecodable.code,
                    line.as_mut_ptr().cast(),
                    line.len(),
                );
                (
                    text(line.as_ptr().cast()),
                    text((functions.ERR_reason_error_string)(undecodable.code)),
                )
            };
            let at = u32::try_from(undecodable.at).unwrap_or(u32::MAX);
            return Ok(Judgement {
                verification: None,
                undecodable: Some(Undecodable {
                    at,
                    text: line,
                    reason,
                }),
            });
        }
    };
    let outcome = session.judge(&sent).map_err(failure)?;
    let chain = outcome.chain.into_iter().map(|link| match link {
        Link::Sent(position) => ChainElement {
            sent: u32::try_from(position).ok(),
            store: None,
        },
        Link::Store(der) => ChainElement {
            sent: None,
            store: Some(der.into()),
        },
    });
    let verification = Verification {
        error: outcome.error,
        // SAFETY: a constant text, or one that lives in a buffer of OpenSSL's until the next call.
        reason: unsafe {
            text((functions.X509_verify_cert_error_string)(
                outcome.error.into(),
            ))
        },
        depth: outcome.depth,
        errors: outcome.errors.into_iter().map(VerifyError::from).collect(),
        chain: chain.collect(),
        leaf_key: sent.leaf_key(functions),
        // SAFETY: a constant text.
        key_fault: sent
            .key_fault(functions)
            .map(|code| unsafe { text((functions.ERR_reason_error_string)(code)) }),
        security_level: session.security_level(),
    };
    Ok(Judgement {
        verification: Some(verification),
        undecodable: None,
    })
}

/// The certificates in the store of a context, in the store's order.
#[napi(catch_unwind)]
pub fn store_entries(external: Unknown) -> Result<Vec<StoreEntry>> {
    let functions = functions().map_err(failure)?;
    let context = context_of(&external)?;
    // SAFETY: the JavaScript caller holds the context, and the context its store, which nothing changes during this call.
    let objects = unsafe {
        let store = (functions.SSL_CTX_get_cert_store)(context);
        Items::<StoreObject>::of(functions, (functions.X509_STORE_get0_objects)(store))
    };
    let entries = objects.filter_map(|object| {
        // SAFETY: an object of that store; null when it holds no certificate.
        let certificate = unsafe { (functions.X509_OBJECT_get0_X509)(object) };
        (!certificate.is_null()).then_some(certificate)
    });
    // SAFETY: certificates of that store, which outlive the call.
    Ok(entries
        .map(|certificate| unsafe { entry(functions, certificate) })
        .collect())
}

/// # Safety
/// `certificate` is live.
unsafe fn entry(functions: &'static Functions, certificate: *mut Certificate) -> StoreEntry {
    // SAFETY: promised by the caller.
    let (der, trusted, rejected) = unsafe {
        (
            encoded(functions, certificate),
            (functions.X509_get0_trust_objects)(certificate),
            (functions.X509_get0_reject_objects)(certificate),
        )
    };
    // SAFETY: the stacks belong to the certificate.
    unsafe {
        StoreEntry {
            der: der.into(),
            trusted: identifiers(functions, trusted),
            rejected: identifiers(functions, rejected),
        }
    }
}

/// # Safety
/// `stack` is null or a live stack of object identifiers.
unsafe fn identifiers(functions: &'static Functions, stack: *const Stack) -> Option<Vec<String>> {
    if stack.is_null() {
        return None;
    }
    // SAFETY: promised by the caller.
    let objects = unsafe { Items::<std::ffi::c_void>::of(functions, stack) };
    let dotted = objects.map(|object| {
        let mut line = [0_u8; 128];
        // SAFETY: the buffer is one longer than the length given, so it ends in a NUL.
        unsafe {
            (functions.OBJ_obj2txt)(line.as_mut_ptr().cast(), 127, object, 1);
            text(line.as_ptr().cast())
        }
    });
    Some(dotted.collect())
}

/// A certificate as OpenSSL encodes it again, which is not always as it came; absent when it cannot be decoded.
#[napi(catch_unwind)]
pub fn encoded_again(der: Buffer) -> Result<Option<Buffer>> {
    let functions = functions().map_err(failure)?;
    let decoded = SentChain::decode(functions, &[der.as_ref()]).map_err(failure)?;
    Ok(decoded.ok().map(|sent| sent.leaf_encoded(functions).into()))
}

/// Makes every handshake on a context end in one verify result, to see what Node makes of it.
#[napi(catch_unwind)]
pub fn force_result(external: Unknown, error: i32) -> Result<()> {
    let context = context_of(&external)?;
    // SAFETY: the JavaScript caller holds the context.
    unsafe { live::force_result(context, error) }.map_err(failure)
}

/// What a handshake's own verification came to.
#[napi(object)]
pub struct Observation {
    /// The last error, 0 when there was none.
    pub error: i32,
    /// All errors in the order in which they were raised.
    pub errors: Vec<VerifyError>,
    /// DER of the chain that was built.
    pub chain: Vec<Buffer>,
}

/// Lets every handshake of a context verify at another time than the clock's, in seconds since 1970, and keeps what came of it.
#[napi(catch_unwind)]
pub fn observe(external: Unknown, time: i64) -> Result<()> {
    let context = context_of(&external)?;
    // SAFETY: the JavaScript caller holds the context.
    unsafe { live::observe(context, time) }.map_err(failure)
}

/// What the last handshake under observation came to, once; absent when it did not get as far as the verification.
#[napi(catch_unwind)]
pub fn observed() -> Option<Observation> {
    live::observed().map(
        |live::Observation {
             error,
             errors,
             chain,
         }| Observation {
            error,
            errors: errors.into_iter().map(VerifyError::from).collect(),
            chain: chain.into_iter().map(Buffer::from).collect(),
        },
    )
}

/// `OpenSSL_version` of the running Node.
#[napi(catch_unwind)]
pub fn openssl_version() -> Result<String> {
    let functions = functions().map_err(failure)?;
    // SAFETY: a constant text.
    Ok(unsafe { text((functions.OpenSSL_version)(0)) })
}

/// A context made ready once, to measure how long Node's own verification of a chain takes.
#[napi]
pub struct Verifier {
    session: Session,
}

#[napi]
impl Verifier {
    /// Keeps the context alive.
    #[napi(constructor, catch_unwind)]
    pub fn new(external: Unknown, options: JudgeOptions) -> Result<Self> {
        Ok(Self {
            session: session(&external, &options)?,
        })
    }

    /// Decodes every certificate and verifies the chain; whether it is good.
    #[napi(catch_unwind)]
    pub fn verify(&self, chain: Vec<Buffer>) -> Result<bool> {
        let functions = functions().map_err(failure)?;
        let chain: Vec<&[u8]> = chain.iter().map(AsRef::as_ref).collect();
        match SentChain::decode(functions, &chain).map_err(failure)? {
            Ok(sent) => self.session.accepts(&sent).map_err(failure),
            Err(_) => Ok(false),
        }
    }
}
