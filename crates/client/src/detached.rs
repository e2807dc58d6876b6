use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use trtc_call_core::{
    Endpoint, Error, InvalidRequest, OutcomeUnknown, Problem, Reply, RingAttempt, TransportError,
    TransportErrorKind, UnixSeconds,
};

use crate::Client;

impl Client {
    /// Sends a request in a task of its own: what is returned is a future of the reply, **which may be dropped**, by
    /// `select!`, a timeout, or a caller who hangs up. The request goes on, and so do its retries.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use trtc_call::call_engine::start_call_by_robot::Request;
    /// use trtc_call::{Client, Error};
    ///
    /// # async fn ring(client: &Client, call: Request) -> Result<(), Error> {
    /// match tokio::time::timeout(Duration::from_secs(2), client.send_detached(call)).await {
    ///     Ok(reply) => println!("{:?}", reply?.response.call_id),
    ///     Err(_) => println!("it rings sooner or later"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Where nobody waits for the reply, a call that is started is logged with its CallId, and one whose outcome is unknown
    /// is handed to [`on_abandoned`](crate::ClientBuilder::on_abandoned). Before the process ends, wait for
    /// [`drained`](Self::drained).
    ///
    /// # Errors
    /// The future's are those of [`send`](Self::send), and [`Error::Build`] outside of a tokio runtime. Where the
    /// runtime is shut down before the reply is there, a call's outcome is unknown.
    pub fn send_detached<E>(&self, request: E) -> Detached<E::Response>
    where
        E: Endpoint + Send + Sync + 'static,
        E::Response: Send + 'static,
    {
        let (sender, reply) = oneshot::channel();
        let detached = Detached {
            reply,
            ring: request.ring_attempt(),
            sent_at: self.now(),
            client: self.clone(),
        };
        if Handle::try_current().is_err() {
            let fix = "send it within a tokio runtime, or with blocking::Client";
            let problem = Problem::new("runtime", "is missing", fix);
            // The receiver is at hand.
            let _ = sender.send(Err(InvalidRequest::from(problem).into()));
            return detached;
        }
        let client = self.clone();
        let send = async move {
            let sent = client.send(&request).await;
            let Err(untaken) = sender.send(sent) else {
                return;
            };
            match untaken {
                Err(Error::OutcomeUnknown(unknown)) => client.tell_abandoned(*unknown),
                // Whatever else it is has been logged.
                _ => tracing::info!("nobody waited for the reply"),
            }
        };
        self.tasks().spawn(send);
        detached
    }

    fn now(&self) -> UnixSeconds {
        (self.0.sender.clock)()
    }

    fn tell_abandoned(&self, unknown: OutcomeUnknown) {
        if let Some(on_abandoned) = &self.0.sender.on_abandoned {
            on_abandoned(unknown);
        }
    }
}

/// The reply to a request that goes on by itself, from [`Client::send_detached`]. It may be dropped.
#[must_use = "await it for the reply, or drop it on purpose"]
pub struct Detached<T> {
    reply: oneshot::Receiver<Result<Reply<T>, Error>>,
    ring: Option<RingAttempt>,
    sent_at: UnixSeconds,
    client: Client,
}

impl<T> Future for Detached<T> {
    type Output = Result<Reply<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let reply = Pin::new(&mut self.reply).poll(context);
        reply.map(|reply| match reply {
            Ok(result) => result,
            Err(_) => Err(self.cut_off()),
        })
    }
}

impl<T> Detached<T> {
    /// The task is gone with its runtime.
    fn cut_off(&self) -> Error {
        let why = "the runtime was shut down before the reply came";
        let error = TransportError::new(TransportErrorKind::Cancelled, why).into();
        Error::unknown_outcome(self.ring.clone(), self.sent_at, self.client.now(), error)
    }
}

impl<T> fmt::Debug for Detached<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Detached")
            .field("ring", &self.ring)
            .finish_non_exhaustive()
    }
}
