//! Work on libuv's thread pool, guarded against panics.

use napi::bindgen_prelude::{AbortSignal, AsyncTask, ToNapiValue, TypeName};
use napi::{Env, Task};

use crate::error::{Result, guarded, into_napi};

type Work<T> = Box<dyn FnOnce() -> Result<T> + Send>;

/// The one task of this addon: runs a closure off the main thread. A panic in it rejects the promise.
pub struct Guarded<T> {
    work: Option<Work<T>>,
}

impl<T: Send + ToNapiValue + TypeName + 'static> Task for Guarded<T> {
    type Output = Result<T>;
    type JsValue = T;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let work = self.work.take();
        Ok(guarded(|| match work {
            Some(work) => work(),
            None => unreachable!("libuv runs a piece of work once"),
        }))
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> napi::Result<Self::JsValue> {
        output.map_err(|error| into_napi(env, error))
    }
}

/// A promise of what `work` returns. Aborting `signal` takes work off the queue that has not begun.
pub fn spawn<T: Send + ToNapiValue + TypeName + 'static>(
    signal: Option<AbortSignal>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> AsyncTask<Guarded<T>> {
    AsyncTask::with_optional_signal(
        Guarded {
            work: Some(Box::new(work)),
        },
        signal,
    )
}
