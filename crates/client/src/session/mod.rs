//! A call from the first ring to the record, driven: [`Client::session`].

mod driver;
mod exchange;

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};
use trtc_call_core::call_engine::start_call_by_robot::CalleeResult;
use trtc_call_core::call_session::{CallSession, Outcome, Phase, Plan, SessionEvent};
use trtc_call_core::webhook::{self, ingest::IngestEvent};
use trtc_call_core::{CallId, Error, InvalidRequest, Problem};

use self::driver::{Driver, Order, now};
use crate::{Client, RecordedExchange};

impl Client {
    /// Does the whole job of one call: rings, plays the plan's media when somebody answers, hangs up,
    /// cleans up, and fetches the record.
    ///
    /// ```no_run
    /// use trtc_call::call_engine::start_call_by_robot;
    /// use trtc_call::call_session::{Media, Plan, SessionEvent};
    /// use trtc_call::stream_ingest::StreamUrl;
    /// use trtc_call::{Client, MediaType};
    ///
    /// # async fn play(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let call = start_call_by_robot::Request::builder("robot", ["jack"], MediaType::Audio)
    ///     .room("call-4711")
    ///     .build()?;
    /// let media = Media::new(StreamUrl::new("https://example.com/hello.mp3")?);
    /// let mut session = client.session(Plan::builder(call, media).build()?).start()?;
    /// while let Some(event) = session.next().await {
    ///     match event {
    ///         SessionEvent::Playing { .. } => println!("the callee hears it"),
    ///         SessionEvent::Ended { outcome } => println!("{:?}", outcome.reason),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn session(&self, plan: Plan) -> SessionBuilder {
        let now = now(self);
        self.driven(CallSession::new(plan, now))
    }

    /// Does the rest of the job of a call that is up already, such as one that a ledger's worker has started: see
    /// [`CallSession::of_started`]. It never rings.
    pub fn session_of_started(
        &self,
        plan: Plan,
        call_id: CallId,
        callees: Vec<CalleeResult>,
    ) -> SessionBuilder {
        let now = now(self);
        self.driven(CallSession::of_started(plan, call_id, callees, now))
    }

    /// Goes on with a session that [`save`](SessionBuilder::save) handed out, in this process or another.
    /// No call and no stream is started that may have been started already.
    ///
    /// # Errors
    /// If the text was not handed out by `save`, or by another version of this library.
    pub fn resume_session(&self, saved: &str) -> Result<SessionBuilder, Problem> {
        let session = CallSession::resume(saved, now(self))?;
        Ok(self.driven(session))
    }

    fn driven(&self, session: CallSession) -> SessionBuilder {
        SessionBuilder {
            client: self.clone(),
            session,
            save: None,
            record: None,
        }
    }
}

/// A session that is about to start.
#[must_use = "nothing happens before it is started"]
pub struct SessionBuilder {
    client: Client,
    session: CallSession,
    save: Option<Save>,
    record: Option<Record>,
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Saving = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;
type Save = Box<dyn FnMut(String) -> Saving + Send>;
type Record = Arc<dyn Fn(RecordedExchange) + Send + Sync>;

impl SessionBuilder {
    /// Hands out the session as text, for [`Client::resume_session`], before each request and after each
    /// reply, each time in place of the last.
    ///
    /// While it is being saved the session waits. What starts a call or a stream is not sent if it could
    /// not be saved before; what ends one is.
    ///
    /// The text holds no key and no token, but whom you call, and the URL of what you play.
    ///
    /// A file must survive a crash in the middle of a write: write another, have it on the disk, and put it in the
    /// place of the last, all of it off the runtime.
    ///
    /// ```no_run
    /// use std::fs::{self, File};
    /// use std::io::{self, Write as _};
    ///
    /// # use trtc_call::{Client, Error, call_session::Plan};
    /// # fn start(client: &Client, plan: Plan) -> Result<(), Error> {
    /// fn write(text: &str) -> io::Result<()> {
    ///     let mut file = File::create("session.json.new")?;
    ///     file.write_all(text.as_bytes())?;
    ///     file.sync_all()?;
    ///     fs::rename("session.json.new", "session.json")?;
    ///     File::open(".")?.sync_all() // of the folder, so that the new name is on the disk (Unix)
    /// }
    ///
    /// let session = client
    ///     .session(plan)
    ///     .save(|text| async move { tokio::task::spawn_blocking(move || write(&text)).await? })
    ///     .start()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn save<F, S, E>(mut self, mut save: F) -> SessionBuilder
    where
        F: FnMut(String) -> S + Send + 'static,
        S: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.save = Some(Box::new(move |text| {
            let saving = save(text);
            Box::pin(async move { saving.await.map_err(Into::into) })
        }));
        self
    }

    /// Hands each attempt of each request to `record` as it ends: for people who want to see the packets.
    pub fn record(
        mut self,
        record: impl Fn(RecordedExchange) + Send + Sync + 'static,
    ) -> SessionBuilder {
        self.record = Some(Arc::new(record));
        self
    }

    /// Rings, or goes on.
    ///
    /// # Errors
    /// [`Error::Build`] outside of a tokio runtime, or if the client was given no
    /// [`cloud`](crate::ClientBuilder::cloud) configuration.
    pub fn start(self) -> Result<Session, Error> {
        self.client.cloud()?;
        let runtime = Handle::try_current().map_err(|_| {
            let fix = "start it within a tokio runtime, or with blocking::Client";
            InvalidRequest::from(Problem::new("runtime", "is missing", fix))
        })?;
        let (orders, received) = mpsc::unbounded_channel();
        let (told, events) = mpsc::unbounded_channel();
        let (passed, phase) = watch::channel(self.session.phase());
        runtime.spawn(Driver::new(self, received, told, passed).run());
        Ok(Session {
            events,
            phase,
            handle: SessionHandle { orders },
            outcome: None,
        })
    }
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder")
            .field("phase", &self.session.phase())
            .finish_non_exhaustive()
    }
}

/// A session that goes on, from [`Client::session`]: a [`Stream`] of its events, which also has a
/// [`next`](Self::next) of its own.
///
/// It goes on by itself, whether or not its events are taken. **Dropping it ends it**: the call and the
/// stream are ended in the background, which takes 2 minutes at most and a runtime that runs on. Where the process is
/// to end next, wait: [`close`](Self::close) ends one session, and [`Client::drained`] waits for all that were dropped or
/// ended. A runtime that is shut down before leaves the call up and the stream on, and logs so at ERROR.
///
/// ```no_run
/// # use trtc_call::{Client, Error, call_session::Plan};
/// # async fn play(client: Client, plan: Plan) -> Result<(), Error> {
/// let mut session = client.session(plan).start()?;
/// tokio::select! {
///     outcome = session.outcome() => println!("{outcome:?}"),
///     _ = tokio::signal::ctrl_c() => session.close().await,
/// }
/// client.drained().await; // the last line of `main`
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropping it ends the call"]
pub struct Session {
    events: mpsc::UnboundedReceiver<SessionEvent>,
    phase: watch::Receiver<Phase>,
    handle: SessionHandle,
    outcome: Option<Outcome>,
}

impl Session {
    /// What happened next, or `None` after the end. (Without [`SessionEvent::Ended`] only where the
    /// runtime was shut down.) Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<SessionEvent> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Waits for the end, and leaves out the events on the way there. `None` only where the runtime was
    /// shut down.
    pub async fn outcome(&mut self) -> Option<Outcome> {
        while self.next().await.is_some() {}
        self.outcome.clone()
    }

    /// How far it has got.
    #[must_use]
    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Ends the call and the stream. Wait for the [`outcome`](Self::outcome), or, without the record, until they are
    /// [`cleaned_up`](Self::cleaned_up).
    pub fn end(&self) {
        self.handle.end();
    }

    /// Waits until call and stream are ended, or could not be in time. The record may be missing yet; the
    /// [`outcome`](Self::outcome) has it. It ends nothing by itself: see [`end`](Self::end) and [`close`](Self::close).
    pub async fn cleaned_up(&mut self) {
        // Where the driver is gone, so is everything that could be waited for.
        let _ = self.phase.wait_for(|phase| phase.is_clean()).await;
    }

    /// Ends the call and the stream, and waits until they are: 2 minutes at most. It does not wait for the record.
    pub async fn close(mut self) {
        self.end();
        self.cleaned_up().await;
    }

    /// For whoever is to end it or to pass on webhooks from somewhere else.
    #[must_use]
    pub fn handle(&self) -> SessionHandle {
        self.handle.clone()
    }

    /// Stops here and leaves call and stream as they are, for another process to go on with the text
    /// ([`Client::resume_session`]). Replies that are under way are waited for. `None` if it is over
    /// already.
    ///
    /// Nobody looks after the call in between: go on soon.
    pub async fn suspend(self) -> Option<String> {
        self.suspended().await
    }

    pub(crate) async fn suspended(&self) -> Option<String> {
        let (sender, text) = oneshot::channel();
        self.handle.order(Order::Suspend(sender));
        text.await.ok()
    }
}

impl Stream for Session {
    type Item = SessionEvent;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<SessionEvent>> {
        let event = self.events.poll_recv(context);
        if let Poll::Ready(Some(SessionEvent::Ended { outcome })) = &event {
            self.outcome = Some((**outcome).clone());
        }
        event
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.handle.end();
    }
}

/// Tells a session something from anywhere. Cheap to clone. What is told after the end is left out.
#[derive(Debug, Clone)]
pub struct SessionHandle {
    orders: mpsc::UnboundedSender<Order>,
}

impl SessionHandle {
    /// Ends the call and the stream.
    pub fn end(&self) {
        self.order(Order::End);
    }

    /// Passes on a webhook about a call. Verify it before. Those of other calls are left out, so that
    /// every session may be shown all of them.
    pub fn call_webhook(&self, event: &webhook::Event) {
        self.order(Order::CallWebhook(Box::new(event.clone())));
    }

    /// Passes on a webhook about a stream. Verify it before. Those of other tasks are left out.
    pub fn ingest_webhook(&self, event: &IngestEvent) {
        self.order(Order::IngestWebhook(event.clone()));
    }

    fn order(&self, order: Order) {
        // After its end, nobody listens.
        let _ = self.orders.send(order);
    }
}
