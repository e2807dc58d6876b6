use std::fmt;
use std::future::Future;

use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::Instrument as _;

/// Work that goes on in the background, and that a service waits for before it ends. Cheap to clone; clones are the
/// same work.
///
/// Each [`Client`](crate::Client) has one ([`Client::tasks`](crate::Client::tasks)).
/// [`Client::send_detached`](crate::Client::send_detached) and sessions put their work there, and so do, for a webhook
/// receiver, the handlers of [`acknowledge_first`](https://docs.rs/trtc-call/latest/trtc_call/axum_webhook/fn.acknowledge_first.html).
#[derive(Clone)]
pub struct Tasks(TaskTracker);

impl Tasks {
    /// None so far.
    #[must_use]
    pub fn new() -> Tasks {
        let tracker = TaskTracker::new();
        // Closed means that waiting ends once there is no task; new ones are taken all the same.
        tracker.close();
        Tasks(tracker)
    }

    /// Runs `task` in the background, whether or not anybody waits.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task.in_current_span());
    }

    /// How many there are at present.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none at present.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Waits until there is none. Ask when nothing new can come any more: after the server has shut down.
    pub async fn drained(&self) {
        self.0.wait().await;
    }

    /// Counts as a task until it is dropped.
    pub(crate) fn token(&self) -> TaskTrackerToken {
        self.0.token()
    }
}

impl Default for Tasks {
    fn default() -> Tasks {
        Tasks::new()
    }
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tasks").field("len", &self.len()).finish()
    }
}
