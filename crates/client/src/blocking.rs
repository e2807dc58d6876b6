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
use trtc_call_core::call_record::{CallRecord, Pages, get_record_by_filter};
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

    /// Lists the records that match a filter, page after page:
    /// [`Client::records`](crate::Client::records), blocking.
    pub fn records(&self, filter: get_record_by_filter::Request) -> Records<'_> {
        Records {
            client: self,
            pages: Pages::new(filter),
            page: Vec::new().into_iter(),
        }
    }
}

/// The records that match a filter, from [`Client::records`].
///
/// **An error does not end it**: it keeps its place, and goes on with the page that failed. Leave the
/// loop at an error, as `?` and `collect::<Result<_, _>>` do, unless you want that page tried again.
#[derive(Debug)]
#[must_use = "nothing is asked for until the first record is"]
pub struct Records<'a> {
    client: &'a Client,
    pages: Pages,
    /// What is left of the page that came last.
    page: std::vec::IntoIter<CallRecord>,
}

impl Records<'_> {
    /// How many records match in all, as the service counted them last; `None` before the first page.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }
}

impl Iterator for Records<'_> {
    type Item = Result<CallRecord, Error>;

    fn next(&mut self) -> Option<Result<CallRecord, Error>> {
        loop {
            if let Some(record) = self.page.next() {
                return Some(Ok(record));
            }
            let answer = self.client.send(self.pages.next_request()?);
            match self.pages.take(answer) {
                Ok(page) => self.page = page.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
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
