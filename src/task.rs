//! Work off the main thread, guarded against panics: on libuv's thread pool, and in the runtime of connections.

use napi::bindgen_prelude::{AbortSignal, AsyncTask, PromiseRaw, ToNapiValue, TypeName};
use napi::{Env, Task};

use crate::error::{Code, Error, Result, from_join, guarded, into_napi};

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

/// A promise of what `work` comes to in the runtime of connections. A panic in it rejects the promise.
pub fn spawn_connections<'env, T: Send + ToNapiValue + 'static>(
    env: &'env Env,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<PromiseRaw<'env, T>> {
    // Some kilobytes, which each of the layers around it would move.
    let work = Box::pin(work);
    // In a task of its own, whose panics tokio catches.
    let guarded = async { Ok(napi::tokio::spawn(work).await.map_err(from_join)) };
    let promise = env.spawn_future_with_callback(guarded, |env, output| {
        output.map_err(|error| into_napi(*env, error))
    });
    promise.map_err(|error| Error::new(Code::Failed, error.reason.clone()))
}
