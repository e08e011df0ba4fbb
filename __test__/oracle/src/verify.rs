//! `ssl_verify_cert_chain()` (OpenSSL, ssl/ssl_cert.c) without a handshake: the same calls in the same order, on the context of a real
//! `tls.createSecureContext`, with a callback that does what Node's does.

use std::cell::RefCell;
use std::ffi::{CStr, c_int, c_long, c_uint, c_ulong};
use std::ptr::null_mut;

use crate::openssl::{
    CERT_FLAGS, CERT_LENGTH_MISMATCH, Certificate, Functions, Items, Owned, SUITE_B, Ssl,
    SslContext, Stack, StoreContext, UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS,
    UNKNOWN_CERTIFICATE_TYPE, encoded, functions, text,
};

/// Who verifies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A client judges the chain of a server.
    Client,
    /// A server judges the chain of a client.
    Server,
}

/// An `SSL` made from a context, ready to judge any number of chains.
pub struct Session {
    functions: &'static Functions,
    ssl: Owned<Ssl>,
    role: Role,
    time: Option<i64>,
}

/// The certificates of a `Certificate` message, decoded.
pub struct SentChain {
    stack: Owned<Stack>,
    certificates: Vec<Owned<Certificate>>,
}

/// Why a `Certificate` message could not be decoded.
pub struct DecodeFailure {
    /// Position in the message.
    pub at: usize,
    /// The first error of the queue: the one that Node reports.
    pub code: c_ulong,
}

/// Where an element of the built chain came from.
pub enum Link {
    /// Sent, at this position.
    Sent(usize),
    /// From the store; its DER.
    Store(Vec<u8>),
}

/// What OpenSSL made of a chain.
pub struct Outcome {
    /// `SSL_get_verify_result`: 0, or the last error.
    pub error: c_int,
    /// The depth at which the last error stands.
    pub depth: c_int,
    /// Every error with its depth, in the order in which the callback got them.
    pub errors: Vec<(c_int, c_int)>,
    /// The chain that was built, leaf first.
    pub chain: Vec<Link>,
}

thread_local! {
    static ERRORS: RefCell<Vec<(c_int, c_int)>> = const { RefCell::new(Vec::new()) };
}

/// Node's `VerifyCallback` (src/crypto/crypto_common.cc) lets everything pass; this one keeps what passed.
pub extern "C" fn record(passed: c_int, context: *mut StoreContext) -> c_int {
    if passed == 0
        && let Ok(functions) = functions()
    {
        // SAFETY: OpenSSL calls this with the live context of the verification under way.
        let error = unsafe {
            (
                (functions.X509_STORE_CTX_get_error)(context),
                (functions.X509_STORE_CTX_get_error_depth)(context),
            )
        };
        ERRORS.with_borrow_mut(|errors| errors.push(error));
    }
    1
}

/// What was recorded since the last call.
pub fn recorded() -> Vec<(c_int, c_int)> {
    ERRORS.with_borrow_mut(std::mem::take)
}

impl SentChain {
    /// Decodes as `tls_process_server_certificate` and `tls_process_client_certificate` do (ssl/statem): one after the other, nothing
    /// cleared in between, and no byte may be left over.
    pub fn decode(
        functions: &'static Functions,
        chain: &[&[u8]],
    ) -> Result<Result<Self, DecodeFailure>, String> {
        // SAFETY: neither takes a pointer; the error queue is this thread's own.
        let stack = unsafe {
            (functions.ERR_clear_error)();
            Owned::new(
                (functions.OPENSSL_sk_new_null)(),
                functions.OPENSSL_sk_free,
                "stack",
            )?
        };
        let mut certificates = Vec::with_capacity(chain.len());
        for (at, der) in chain.iter().enumerate() {
            // SAFETY: takes nothing.
            let mut certificate = unsafe { (functions.X509_new)() };
            let mut rest = der.as_ptr();
            let length = c_long::try_from(der.len()).map_err(|error| error.to_string())?;
            // SAFETY: `rest` points to `length` bytes. On failure d2i_X509 frees what `certificate` held and sets it to null.
            let decoded =
                unsafe { (functions.d2i_X509)(&raw mut certificate, &raw mut rest, length) };
            // SAFETY: takes nothing.
            let first_error = unsafe { (functions.ERR_peek_error)() };
            if decoded.is_null() {
                return Ok(Err(DecodeFailure {
                    at,
                    code: first_error,
                }));
            }
            let certificate = Owned::new(certificate, functions.X509_free, "certificate")?;
            if rest != der.as_ptr_range().end {
                let code = if first_error == 0 {
                    CERT_LENGTH_MISMATCH
                } else {
                    first_error
                };
                return Ok(Err(DecodeFailure { at, code }));
            }
            // SAFETY: both live; the stack does not own what it holds, and is dropped with the certificates.
            unsafe { (functions.OPENSSL_sk_push)(stack.as_ptr(), certificate.as_ptr().cast()) };
            certificates.push(certificate);
        }
        Ok(Ok(Self {
            stack,
            certificates,
        }))
    }

    fn leaf(&self) -> *mut Certificate {
        self.certificates.first().map_or(null_mut(), Owned::as_ptr)
    }

    /// The DER that OpenSSL gives the leaf.
    pub fn leaf_encoded(&self, functions: &Functions) -> Vec<u8> {
        // SAFETY: a decoded chain has a leaf, unless it is empty, and then i2d_X509 encodes nothing.
        unsafe { encoded(functions, self.leaf()) }
    }

    /// The type of the leaf's public key by OpenSSL's name; `None` when OpenSSL cannot read it.
    pub fn leaf_key(&self, functions: &Functions) -> Option<String> {
        // SAFETY: the leaf lives as long as this chain, or is null, for which OpenSSL answers null; its key lives as long as it.
        unsafe {
            let key = (functions.X509_get0_pubkey)(self.leaf());
            (!key.is_null()).then(|| text((functions.EVP_PKEY_get0_type_name)(key)))
        }
    }

    /// The first error of the queue when `tls_post_process_server_certificate` (ssl/statem/statem_clnt.c) refuses the leaf's key, which it
    /// does after the verification and whatever came of it.
    pub fn key_fault(&self, functions: &Functions) -> Option<c_ulong> {
        // SAFETY: takes nothing; the queue is this thread's own.
        unsafe { (functions.ERR_clear_error)() };
        let readable = self.leaf_key(functions);
        // SAFETY: the leaf lives as long as this chain, and its key as long as it.
        let (first_error, complete) = unsafe {
            let first_error = (functions.ERR_peek_error)();
            let key = (functions.X509_get0_pubkey)(self.leaf());
            (
                first_error,
                !key.is_null() && (functions.EVP_PKEY_missing_parameters)(key) == 0,
            )
        };
        match readable {
            _ if first_error != 0 => Some(first_error),
            Some(name) if complete => {
                (!KEY_TYPES.contains(&name.as_str())).then_some(UNKNOWN_CERTIFICATE_TYPE)
            }
            _ => Some(UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS),
        }
    }
}

/// The key types that `ssl_cert_lookup_by_pkey` (ssl/ssl_cert.c) knows in Node's builds; it is not exported. ML-DSA is known only to OpenSSL 3.5,
/// and 3.0 cannot read such a key in the first place.
const KEY_TYPES: [&str; 9] = [
    "RSA",
    "RSA-PSS",
    "DSA",
    "EC",
    "ED25519",
    "ED448",
    "ML-DSA-44",
    "ML-DSA-65",
    "ML-DSA-87",
];

impl Session {
    /// `time` in seconds since 1970; the clock's when there is none.
    ///
    /// # Safety
    /// `context` is a live `SSL_CTX`; the session keeps it alive from then on.
    pub unsafe fn new(
        context: *mut SslContext,
        role: Role,
        time: Option<i64>,
    ) -> Result<Self, String> {
        let functions = functions()?;
        // SAFETY: promised by the caller.
        let ssl = Owned::new(
            unsafe { (functions.SSL_new)(context) },
            functions.SSL_free,
            "SSL",
        )?;
        // SAFETY: the SSL was just made.
        unsafe {
            match role {
                Role::Client => (functions.SSL_set_connect_state)(ssl.as_ptr()),
                Role::Server => (functions.SSL_set_accept_state)(ssl.as_ptr()),
            }
        }
        Ok(Self {
            functions,
            ssl,
            role,
            time,
        })
    }

    /// `SSL_get_security_level`.
    pub fn security_level(&self) -> c_int {
        // SAFETY: the SSL lives.
        unsafe { (self.functions.SSL_get_security_level)(self.ssl.as_ptr()) }
    }

    /// Judges a chain, and gives `take` the finished context, the last error and all errors.
    fn verify<T>(
        &self,
        sent: &SentChain,
        take: impl FnOnce(*mut StoreContext, c_int, Vec<(c_int, c_int)>) -> T,
    ) -> Result<T, String> {
        const FOR_SERVERS: &CStr = c"ssl_server";
        const FOR_CLIENTS: &CStr = c"ssl_client";
        let Self {
            functions,
            ssl,
            role,
            time,
        } = self;
        let ssl = ssl.as_ptr();
        // SAFETY: takes nothing.
        let context = Owned::new(
            unsafe { (functions.X509_STORE_CTX_new)() },
            functions.X509_STORE_CTX_free,
            "X509_STORE_CTX",
        )?;
        let context = &context;
        recorded();
        // SAFETY: everything pointed to lives until the end of this function: the SSL keeps its context and store, `sent` its stack.
        let error = unsafe {
            let store = (functions.SSL_CTX_get_cert_store)((functions.SSL_get_SSL_CTX)(ssl));
            let context = context.as_ptr();
            if (functions.X509_STORE_CTX_init)(context, store, sent.leaf(), sent.stack.as_ptr())
                != 1
            {
                return Err("X509_STORE_CTX_init failed".to_owned());
            }
            let parameters = (functions.X509_STORE_CTX_get0_param)(context);
            (functions.X509_VERIFY_PARAM_set_auth_level)(
                parameters,
                (functions.SSL_get_security_level)(ssl),
            );
            let flags = (functions.SSL_ctrl)(ssl, CERT_FLAGS, 0, null_mut());
            let suite_b = c_uint::try_from(flags).unwrap_or(0) & SUITE_B;
            (functions.X509_STORE_CTX_set_flags)(context, c_ulong::from(suite_b));
            let index = (functions.SSL_get_ex_data_X509_STORE_CTX_idx)();
            if (functions.X509_STORE_CTX_set_ex_data)(context, index, ssl.cast()) != 1 {
                return Err("X509_STORE_CTX_set_ex_data failed".to_owned());
            }
            let purpose = if *role == Role::Server {
                FOR_CLIENTS
            } else {
                FOR_SERVERS
            };
            if (functions.X509_STORE_CTX_set_default)(context, purpose.as_ptr()) != 1 {
                return Err("X509_STORE_CTX_set_default failed".to_owned());
            }
            (functions.X509_VERIFY_PARAM_set1)(parameters, (functions.SSL_get0_param)(ssl));
            // The one step that a handshake does not have.
            if let Some(time) = *time {
                (functions.X509_VERIFY_PARAM_set_time)(parameters, time);
            }
            (functions.X509_STORE_CTX_set_verify_cb)(context, record);
            (functions.X509_verify_cert)(context);
            (functions.X509_STORE_CTX_get_error)(context)
        };
        Ok(take(context.as_ptr(), error, recorded()))
    }

    /// Whether the chain verifies.
    pub fn accepts(&self, sent: &SentChain) -> Result<bool, String> {
        self.verify(sent, |_, error, _| error == 0)
    }

    /// Everything OpenSSL has to say about the chain.
    pub fn judge(&self, sent: &SentChain) -> Result<Outcome, String> {
        let functions = self.functions;
        self.verify(sent, |context, error, errors| {
            // SAFETY: the context lives until `verify` returns, and holds the chain it built.
            let chain = unsafe {
                Items::<Certificate>::of(functions, (functions.X509_STORE_CTX_get0_chain)(context))
            };
            let chain = chain.map(|element| {
                match sent
                    .certificates
                    .iter()
                    .position(|own| own.as_ptr() == element)
                {
                    Some(position) => Link::Sent(position),
                    // SAFETY: an element of that chain.
                    None => Link::Store(unsafe { encoded(functions, element) }),
                }
            });
            let depth = errors.last().map_or(0, |(_, depth)| *depth);
            Outcome {
                error,
                depth,
                chain: chain.collect(),
                errors,
            }
        })
    }
}
