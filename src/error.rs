//! Errors as JavaScript sees them: every one carries a `code`, and no panic passes.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::Env;
use napi::tokio::task::JoinError;

/// The `code` of a thrown error.
#[derive(Debug, Clone, Copy)]
pub enum Code {
    /// A defect of this package: Rust panicked. The process goes on.
    Internal,
    /// An argument that the JavaScript facade should have refused.
    InvalidArgument,
    /// The call cannot be answered.
    Failed,
}

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        match self {
            Self::Internal => "ERR_TRUST_ANCHORS_INTERNAL",
            Self::InvalidArgument => "ERR_INVALID_ARG_VALUE",
            Self::Failed => "ERR_TRUST_ANCHORS_FAILED",
        }
    }
}

/// An error with one of our codes.
pub type Error = napi::Error<Code>;
/// What every export returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Runs `work`; a panic in it becomes an error with the code `ERR_TRUST_ANCHORS_INTERNAL`.
pub fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(from_panic(payload.as_ref())))
}

/// What became of a task of tokio's that has no output.
pub fn from_join(error: JoinError) -> Error {
    match error.try_into_panic() {
        Ok(payload) => from_panic(payload.as_ref()),
        Err(error) => Error::new(Code::Failed, error.to_string()),
    }
}

fn from_panic(payload: &(dyn Any + Send)) -> Error {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown cause".into());
    Error::new(
        Code::Internal,
        format!("a defect in trust-anchors, please report it: {text}"),
    )
}

/// The same error as a JavaScript object, for asynchronous calls, where napi-rs would replace the code.
pub fn into_napi(env: Env, error: Error) -> napi::Error {
    napi::Error::from(napi::JsError::from(error).into_unknown(env))
}
