//! The OpenSSL inside the running Node binary: official binaries export its functions, and these are looked up by name, so that nothing
//! is linked and a build without them says which one it lacks.

use std::ffi::{CStr, c_char, c_int, c_long, c_uint, c_ulong, c_void};
use std::marker::PhantomData;
use std::sync::OnceLock;

use crate::node::symbol;

/// OpenSSL's types, which are only ever seen through pointers.
macro_rules! opaque {
    ($($name:ident)*) => {
        $(
            #[repr(C)]
            pub struct $name {
                _private: [u8; 0],
            }
        )*
    };
}

opaque! { SslContext Ssl Stack Certificate Store StoreObject StoreContext Parameters Key }

/// What OpenSSL calls for every error, and for every certificate it has finished: `int (*)(int, X509_STORE_CTX *)`.
pub type VerifyCallback = extern "C" fn(c_int, *mut StoreContext) -> c_int;

/// What a context can have instead of `X509_verify_cert`: `int (*)(X509_STORE_CTX *, void *)`.
pub type CertificateVerifier = extern "C" fn(*mut StoreContext, *mut c_void) -> c_int;

macro_rules! functions {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        /// The functions by OpenSSL's own names.
        #[expect(non_snake_case, reason = "these are OpenSSL's names")]
        pub struct Functions {
            $(pub $name: unsafe extern "C" fn($($argument: $type),*) $(-> $result)?,)*
        }

        impl Functions {
            fn resolve() -> Result<Self, String> {
                Ok(Self {
                    $(
                        // SAFETY: the symbol has this name in OpenSSL 3, and the type is the one that OpenSSL 3 declares for it.
                        $name: unsafe {
                            std::mem::transmute::<*mut c_void, unsafe extern "C" fn($($type),*) $(-> $result)?>(symbol(stringify!($name))?)
                        },
                    )*
                })
            }
        }
    };
}

functions! {
    fn SSL_new(context: *mut SslContext) -> *mut Ssl;
    fn SSL_free(ssl: *mut Ssl);
    fn SSL_ctrl(ssl: *mut Ssl, command: c_int, number: c_long, pointer: *mut c_void) -> c_long;
    fn SSL_set_accept_state(ssl: *mut Ssl);
    fn SSL_set_connect_state(ssl: *mut Ssl);
    fn SSL_get_security_level(ssl: *const Ssl) -> c_int;
    fn SSL_get0_param(ssl: *mut Ssl) -> *mut Parameters;
    fn SSL_get_ex_data_X509_STORE_CTX_idx() -> c_int;
    fn SSL_CTX_get_cert_store(context: *const SslContext) -> *mut Store;
    fn SSL_CTX_set_cert_verify_callback(context: *mut SslContext, verifier: CertificateVerifier, argument: *mut c_void);
    fn SSL_get_SSL_CTX(ssl: *const Ssl) -> *mut SslContext;
    fn X509_STORE_get0_objects(store: *const Store) -> *mut Stack;
    fn X509_OBJECT_get0_X509(object: *const StoreObject) -> *mut Certificate;
    fn X509_STORE_CTX_new() -> *mut StoreContext;
    fn X509_STORE_CTX_free(context: *mut StoreContext);
    fn X509_STORE_CTX_init(context: *mut StoreContext, store: *mut Store, certificate: *mut Certificate, sent: *mut Stack) -> c_int;
    fn X509_STORE_CTX_get0_param(context: *const StoreContext) -> *mut Parameters;
    fn X509_STORE_CTX_set_flags(context: *mut StoreContext, flags: c_ulong);
    fn X509_STORE_CTX_set_ex_data(context: *mut StoreContext, index: c_int, data: *mut c_void) -> c_int;
    fn X509_STORE_CTX_set_default(context: *mut StoreContext, name: *const c_char) -> c_int;
    fn X509_STORE_CTX_set_verify_cb(context: *mut StoreContext, callback: VerifyCallback);
    fn X509_STORE_CTX_set_error(context: *mut StoreContext, error: c_int);
    fn X509_STORE_CTX_get_error(context: *const StoreContext) -> c_int;
    fn X509_STORE_CTX_get_error_depth(context: *const StoreContext) -> c_int;
    fn X509_STORE_CTX_get0_chain(context: *const StoreContext) -> *mut Stack;
    fn X509_VERIFY_PARAM_set_auth_level(parameters: *mut Parameters, level: c_int);
    fn X509_VERIFY_PARAM_set1(to: *mut Parameters, from: *const Parameters) -> c_int;
    fn X509_VERIFY_PARAM_set_time(parameters: *mut Parameters, time: libc::time_t);
    fn X509_verify_cert(context: *mut StoreContext) -> c_int;
    fn X509_verify_cert_error_string(error: c_long) -> *const c_char;
    fn X509_new() -> *mut Certificate;
    fn X509_free(certificate: *mut Certificate);
    fn X509_get0_pubkey(certificate: *const Certificate) -> *mut Key;
    fn X509_get0_trust_objects(certificate: *mut Certificate) -> *mut Stack;
    fn X509_get0_reject_objects(certificate: *mut Certificate) -> *mut Stack;
    fn EVP_PKEY_missing_parameters(key: *const Key) -> c_int;
    fn EVP_PKEY_get0_type_name(key: *const Key) -> *const c_char;
    fn d2i_X509(certificate: *mut *mut Certificate, bytes: *mut *const u8, length: c_long) -> *mut Certificate;
    fn i2d_X509(certificate: *const Certificate, out: *mut *mut u8) -> c_int;
    fn OBJ_obj2txt(buffer: *mut c_char, length: c_int, object: *const c_void, no_name: c_int) -> c_int;
    fn OPENSSL_sk_new_null() -> *mut Stack;
    fn OPENSSL_sk_free(stack: *mut Stack);
    fn OPENSSL_sk_push(stack: *mut Stack, item: *const c_void) -> c_int;
    fn OPENSSL_sk_num(stack: *const Stack) -> c_int;
    fn OPENSSL_sk_value(stack: *const Stack, index: c_int) -> *mut c_void;
    fn ERR_clear_error();
    fn ERR_peek_error() -> c_ulong;
    fn ERR_error_string_n(error: c_ulong, text: *mut c_char, length: usize);
    fn ERR_reason_error_string(error: c_ulong) -> *const c_char;
    fn OpenSSL_version(kind: c_int) -> *const c_char;
}

/// The functions, looked up once a process.
pub fn functions() -> Result<&'static Functions, String> {
    static FUNCTIONS: OnceLock<Result<Functions, String>> = OnceLock::new();
    FUNCTIONS
        .get_or_init(Functions::resolve)
        .as_ref()
        .map_err(Clone::clone)
}

/// A pointer that is freed when it goes out of scope.
pub struct Owned<T> {
    pointer: *mut T,
    free: unsafe extern "C" fn(*mut T),
}

impl<T> Owned<T> {
    /// Takes what an OpenSSL constructor gave; an error when it gave nothing.
    pub fn new(
        pointer: *mut T,
        free: unsafe extern "C" fn(*mut T),
        what: &str,
    ) -> Result<Self, String> {
        if pointer.is_null() {
            return Err(format!("OpenSSL made no {what}"));
        }
        Ok(Self { pointer, free })
    }

    pub fn as_ptr(&self) -> *mut T {
        self.pointer
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from the constructor that belongs to `free`, and nobody else frees it.
        unsafe { (self.free)(self.pointer) }
    }
}

/// The items of a stack that belongs to somebody else; none when there is no stack.
pub struct Items<'stack, T> {
    functions: &'static Functions,
    stack: *const Stack,
    next: c_int,
    item: PhantomData<&'stack T>,
}

impl<T> Items<'_, T> {
    /// # Safety
    /// `stack` is null, or a stack of `T` that lives and does not change as long as the iterator.
    pub unsafe fn of(functions: &'static Functions, stack: *const Stack) -> Self {
        Self {
            functions,
            stack,
            next: 0,
            item: PhantomData,
        }
    }
}

impl<T> Iterator for Items<'_, T> {
    type Item = *mut T;

    fn next(&mut self) -> Option<*mut T> {
        // SAFETY: `of` was promised a stack that lives; OpenSSL answers -1 for the length of a null one.
        let length = unsafe { (self.functions.OPENSSL_sk_num)(self.stack) };
        if self.next >= length {
            return None;
        }
        // SAFETY: the index is below the length.
        let item = unsafe { (self.functions.OPENSSL_sk_value)(self.stack, self.next) };
        self.next += 1;
        Some(item.cast())
    }
}

/// A text that OpenSSL keeps for the life of the process; empty when there is none.
///
/// # Safety
/// `text` is null or ends in a NUL.
pub unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: promised by the caller.
    unsafe { CStr::from_ptr(text) }
        .to_string_lossy()
        .into_owned()
}

/// The DER of a certificate, as OpenSSL kept or makes it.
///
/// # Safety
/// `certificate` is a live certificate.
pub unsafe fn encoded(functions: &Functions, certificate: *const Certificate) -> Vec<u8> {
    // SAFETY: without a buffer i2d_X509 only gives the length.
    let length = unsafe { (functions.i2d_X509)(certificate, std::ptr::null_mut()) };
    let mut bytes = vec![0_u8; usize::try_from(length).unwrap_or(0)];
    if !bytes.is_empty() {
        let mut end = bytes.as_mut_ptr();
        // SAFETY: the buffer has the length that was just asked for.
        unsafe { (functions.i2d_X509)(certificate, &raw mut end) };
    }
    bytes
}

/// `SSL_CTRL_CERT_FLAGS`, which answers the flags when it is given none to add.
pub const CERT_FLAGS: c_int = 99;
/// `SSL_CERT_FLAG_SUITEB_128_LOS`, the flags that `tls1_suiteb` reads.
pub const SUITE_B: c_uint = 0x30000;
/// `ERR_PACK(ERR_LIB_SSL, 0, SSL_R_CERT_LENGTH_MISMATCH)`.
pub const CERT_LENGTH_MISMATCH: c_ulong = (20 << 23) | 135;
/// `ERR_PACK(ERR_LIB_SSL, 0, SSL_R_UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS)`.
pub const UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS: c_ulong = (20 << 23) | 239;
/// `ERR_PACK(ERR_LIB_SSL, 0, SSL_R_UNKNOWN_CERTIFICATE_TYPE)`.
pub const UNKNOWN_CERTIFICATE_TYPE: c_ulong = (20 << 23) | 247;
