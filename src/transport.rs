//! A connection for this Node's own TLS, made by the way that the probe takes: through a proxy, or after a preamble.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::Buffer;
use napi::tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use napi::tokio::task::AbortHandle;
use napi_derive::napi;
use trust_anchors_core::diagnose::hazard::hazard;
use trust_anchors_core::probe::transport;
use trust_anchors_core::probe::{Failure, Settings, Target};

use crate::convert::node_version;
use crate::error::Result;
use crate::probe::{FailureFacts, NativeProbeSettings, NativeTarget};

/// Why a Node must not be connected to a server, by the certificates that are presented and those of the path; `null` when it can.
#[napi(catch_unwind)]
pub fn connection_hazard(certificates: Vec<Buffer>, node: String) -> Result<Option<String>> {
    Ok(hazard(&certificates, node_version(&node)?))
}

/// How many pieces wait in each direction: a flight of TLS is one or two.
const WAITING: usize = 4;

type Incoming = mpsc::Receiver<io::Result<Vec<u8>>>;

/// Octets to and from a server, from the first octet of TLS on. One task owns the connection: ending it closes the descriptor at once.
#[napi]
pub struct NativeTransport {
    target: Target,
    settings: Settings,
    address: (String, u16),
    running: Mutex<Option<AbortHandle>>,
    is_closed: AtomicBool,
    incoming: Arc<AsyncMutex<Option<Incoming>>>,
    outgoing: Mutex<Option<mpsc::Sender<Vec<u8>>>>,
}

/// What was read.
#[napi(object, object_from_js = false)]
pub struct Octets {
    /// The octets; absent at the end.
    pub octets: Option<Buffer>,
    /// Node's code for how the connection ended, when it did not end well.
    pub error: Option<&'static str>,
}

#[napi]
impl NativeTransport {
    /// Nothing happens until `open`. `address` and `port` are those of the TCP connection: the proxy's, when there is one.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        target: NativeTarget,
        address: String,
        port: u16,
        settings: NativeProbeSettings,
    ) -> Result<Self> {
        Ok(Self {
            target: target.target()?,
            settings: settings.settings(),
            address: (address, port),
            running: Mutex::default(),
            is_closed: AtomicBool::new(false),
            incoming: Arc::default(),
            outgoing: Mutex::default(),
        })
    }

    /// Connects, and speaks as far as TLS may begin; `null`, or where it ended. Rejects for a defect of this package, and when it is closed.
    #[napi]
    pub async fn open(&self) -> napi::Result<Option<FailureFacts>> {
        let (opened, waiting) = oneshot::channel();
        let (to_server, outgoing) = mpsc::channel(WAITING);
        let (incoming, from_server) = mpsc::channel(WAITING);
        let (target, settings) = (self.target.clone(), self.settings.clone());
        let address = self.address.clone();
        // In a task of its own: a panic comes back as an error, and the task can be aborted.
        let task = napi::tokio::spawn(async move {
            match transport::reopen(&target, &settings, address).await {
                Ok(transport) => {
                    let _ = opened.send(None);
                    transport::carry(transport, outgoing, incoming).await;
                }
                Err(failure) => {
                    let _ = opened.send(Some(failure));
                }
            }
        });
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.abort_handle());
        // Closed before there was anything to end.
        if self.is_closed.load(Ordering::SeqCst) {
            task.abort();
        }
        *self.outgoing.lock().unwrap_or_else(PoisonError::into_inner) = Some(to_server);
        *self.incoming.lock().await = Some(from_server);
        match waiting.await {
            Ok(failure) => Ok(failure.as_ref().map(|failure: &Failure| failure.into())),
            Err(_) => Err(napi::Error::from_reason(
                "the connection was closed while it was made",
            )),
        }
    }

    /// What comes next.
    #[napi]
    pub async fn read(&self) -> Octets {
        let mut incoming = self.incoming.lock().await;
        let received = match incoming.as_mut() {
            Some(incoming) => incoming.recv().await,
            None => None,
        };
        match received {
            Some(Ok(octets)) => Octets {
                octets: Some(octets.into()),
                error: None,
            },
            Some(Err(error)) => Octets {
                octets: None,
                error: Some(code(&error)),
            },
            None => Octets {
                octets: None,
                error: None,
            },
        }
    }

    /// Sends; false when the connection has ended, which `read` tells more about.
    #[napi]
    pub async fn write(&self, octets: Buffer) -> bool {
        let outgoing = self
            .outgoing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match outgoing {
            Some(outgoing) => outgoing.send(octets.to_vec()).await.is_ok(),
            None => false,
        }
    }

    /// Ends everything at once; what is being waited for comes back.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        if let Some(running) = &*self.running.lock().unwrap_or_else(PoisonError::into_inner) {
            running.abort();
        }
    }
}

impl Drop for NativeTransport {
    fn drop(&mut self) {
        self.close();
    }
}

/// As libuv names it.
fn code(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::ConnectionReset => "ECONNRESET",
        io::ErrorKind::ConnectionAborted => "ECONNABORTED",
        io::ErrorKind::BrokenPipe => "EPIPE",
        io::ErrorKind::TimedOut => "ETIMEDOUT",
        io::ErrorKind::NetworkUnreachable => "ENETUNREACH",
        io::ErrorKind::HostUnreachable => "EHOSTUNREACH",
        _ => "EIO",
    }
}
