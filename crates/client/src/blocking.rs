//! For programs without an async runtime.
//!
//! ```no_run
//! use trtc_call::call_engine::end_call;
//! use trtc_call::{CallId, Client, blocking};
//!
//! # fn end(client: Client, call_id: CallId) -> Result<(), Box<dyn std::error::Error>> {
//! let client = blocking::Client::new(client)?;
//! client.send(&end_call::Request::new(call_id))?;
//! # Ok(())
//! # }
//! ```

use std::fmt;

use tokio::runtime::{Builder, Handle, Runtime};
use trtc_call_core::{Endpoint, Error, Reply};

use crate::ConfigError;

/// A [`Client`](crate::Client) whose calls block, on a runtime of its own with one thread.
pub struct Client {
    client: crate::Client,
    /// `None` only while being dropped.
    runtime: Option<Runtime>,
}

impl Client {
    /// Starts the runtime.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn new(client: crate::Client) -> Result<Client, ConfigError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("trtc-call")
            .enable_all()
            .build()
            .map_err(|error| ConfigError::Runtime(error.to_string()))?;
        Ok(Client {
            client,
            runtime: Some(runtime),
        })
    }

    /// Sends a request and waits for the reply: [`Client::send`](crate::Client::send), blocking.
    ///
    /// # Errors
    /// As [`Client::send`](crate::Client::send).
    pub fn send<E>(&self, request: &E) -> Result<Reply<E::Response>, Error>
    where
        E: Endpoint + Sync,
        E::Response: Send,
    {
        let send = || {
            let runtime = self
                .runtime
                .as_ref()
                .map_or_else(Handle::current, |r| r.handle().clone());
            runtime.block_on(self.client.send(request))
        };
        if Handle::try_current().is_err() {
            return send();
        }
        // Within somebody else's runtime, tokio refuses to block: block a thread that is not in it.
        std::thread::scope(|scope| match scope.spawn(send).join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    }
}

/// A runtime may not be dropped within another's task, but it may be left to end in the background.
impl Drop for Client {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}
