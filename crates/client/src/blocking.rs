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
use trtc_call_core::call_session::{Media, Outcome, Phase, SessionEvent};
use trtc_call_core::stream_ingest::start_stream_ingest;
use trtc_call_core::{CloudEndpoint, Endpoint, Error, JsonText, Reply, RoomId, UserId};

use crate::records::PAUSE;
use crate::{ConfigError, SessionBuilder, SessionHandle};

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
        self.block_on(self.client.send(request))
    }

    /// Sends a request to the cloud API and waits for the reply:
    /// [`Client::send_cloud`](crate::Client::send_cloud), blocking.
    ///
    /// # Errors
    /// As [`Client::send_cloud`](crate::Client::send_cloud).
    pub fn send_cloud<E>(&self, request: &E) -> Result<Reply<E::Response>, Error>
    where
        E: CloudEndpoint + Sync,
        E::Response: Send,
    {
        self.block_on(self.client.send_cloud(request))
    }

    /// Plays media into a room as `user`, with tokens made for it:
    /// [`Client::start_stream_ingest`](crate::Client::start_stream_ingest), blocking.
    ///
    /// # Errors
    /// As [`Client::start_stream_ingest`](crate::Client::start_stream_ingest).
    pub fn start_stream_ingest(
        &self,
        room: RoomId,
        user: UserId,
        media: Media,
    ) -> Result<Reply<start_stream_ingest::Response>, Error> {
        self.block_on(self.client.start_stream_ingest(room, user, media))
    }

    /// Starts a session, made by [`Client::session`](crate::Client::session) or
    /// [`Client::resume_session`](crate::Client::resume_session), on this client's runtime.
    ///
    /// # Errors
    /// As [`SessionBuilder::start`](crate::SessionBuilder::start).
    pub fn start_session(&self, session: SessionBuilder) -> Result<Session<'_>, Error> {
        let _within = self.handle().enter();
        Ok(Session {
            client: self,
            session: session.start()?,
        })
    }

    /// Lists the records that match a filter, page after page:
    /// [`Client::records`](crate::Client::records), blocking.
    pub fn records(&self, filter: get_record_by_filter::Request) -> Records<'_> {
        Records {
            client: self,
            pages: Pages::new(filter),
            page: Vec::new().into_iter(),
            has_failed: false,
        }
    }
}

impl Client {
    fn block_on<T: Send>(&self, future: impl Future<Output = T> + Send) -> T {
        let block = || self.handle().block_on(future);
        if Handle::try_current().is_err() {
            return block();
        }
        // Within somebody else's runtime, tokio refuses to block: block a thread that is not in it.
        std::thread::scope(|scope| match scope.spawn(block).join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    }

    fn handle(&self) -> Handle {
        let runtime = self.runtime.as_ref();
        runtime.map_or_else(Handle::current, |runtime| runtime.handle().clone())
    }
}

/// A session that goes on, from [`Client::start_session`]: an iterator over its events.
///
/// It goes on by itself, whether or not its events are taken. **Dropping it ends it**, and waits until
/// call and stream are ended: 2 minutes at most.
#[derive(Debug)]
#[must_use = "dropping it ends the call"]
pub struct Session<'a> {
    client: &'a Client,
    session: crate::Session,
}

impl Session<'_> {
    /// Waits for the end, and leaves out the events on the way there. `None` never comes while the client
    /// is there.
    pub fn outcome(&mut self) -> Option<Outcome> {
        self.client.block_on(self.session.outcome())
    }

    /// How far it has got.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.session.phase()
    }

    /// Ends the call and the stream. Wait for the [`outcome`](Self::outcome).
    pub fn end(&self) {
        self.session.end();
    }

    /// Stops here and leaves call and stream as they are:
    /// [`Session::suspend`](crate::Session::suspend), blocking.
    #[must_use]
    pub fn suspend(self) -> Option<String> {
        self.client.block_on(self.session.suspended())
    }

    /// For other threads: whoever is to end it, or to pass on webhooks.
    #[must_use]
    pub fn handle(&self) -> SessionHandle {
        self.session.handle()
    }
}

impl Iterator for Session<'_> {
    type Item = SessionEvent;

    fn next(&mut self) -> Option<SessionEvent> {
        self.client.block_on(self.session.next())
    }
}

/// The runtime, which would finish the work in the background, may be dropped next.
impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.session.end();
        self.client.block_on(self.session.cleaned_up());
    }
}

/// The records that match a filter, from [`Client::records`].
///
/// **An error need not end it**, as with [`crate::Records`]. Leave the loop at an error, as `?` and
/// `collect::<Result<_, _>>` do, unless you want to wait for a service that is out of reach.
#[derive(Debug)]
#[must_use = "nothing is asked for until the first record is"]
pub struct Records<'a> {
    client: &'a Client,
    pages: Pages,
    /// What is left of the page that came last.
    page: std::vec::IntoIter<CallRecord>,
    /// Whether the last page failed, and is not to be asked for at once.
    has_failed: bool,
}

impl Records<'_> {
    /// How many records match in all, as the service counted them last; `None` before the first page.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }

    /// The entries that came since this was asked last and are no records, such as one without a CallId, as they
    /// arrived. They end nothing: the other records are listed.
    pub fn take_unreadable(&mut self) -> Vec<JsonText> {
        self.pages.take_unreadable()
    }
}

impl Iterator for Records<'_> {
    type Item = Result<CallRecord, Error>;

    fn next(&mut self) -> Option<Result<CallRecord, Error>> {
        loop {
            if let Some(record) = self.page.next() {
                return Some(Ok(record));
            }
            let request = self.pages.next_request()?;
            if self.has_failed {
                std::thread::sleep(PAUSE);
            }
            let page = self.pages.take(self.client.send(request));
            self.has_failed = page.is_err();
            match page {
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
