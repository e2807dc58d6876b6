use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use trtc_call::webhook::{self, ingest::IngestEvent};
use trtc_call::{CallId, SessionHandle};

/// The sessions that go on.
#[derive(Debug)]
pub(crate) struct Sessions {
    going_on: Mutex<BTreeMap<u64, GoingOn>>,
    count: watch::Sender<u64>,
    stop: watch::Sender<bool>,
}

#[derive(Debug)]
struct GoingOn {
    handle: SessionHandle,
    call_id: Option<CallId>,
}

/// How long the end of the sessions may take when the console stops.
const PATIENCE: Duration = Duration::from_secs(15);

impl Sessions {
    pub(crate) fn new() -> Sessions {
        Sessions {
            going_on: Mutex::default(),
            count: watch::Sender::new(0),
            stop: watch::Sender::new(false),
        }
    }

    pub(crate) fn count(&self) -> u64 {
        *self.count.borrow()
    }

    /// Ends the session of a call. Returns whether there is one.
    pub(crate) fn end(&self, call_id: &CallId) -> bool {
        let going_on = self.lock();
        let mut sessions = going_on.values();
        let found = sessions.find(|session| session.call_id.as_ref() == Some(call_id));
        found.map(|session| session.handle.end()).is_some()
    }

    /// Ends all of them, and says how many were not ended in time.
    pub(crate) async fn end_all(&self) -> u64 {
        self.stop.send_replace(true);
        let mut count = self.count.subscribe();
        // The sender is here, so that waiting fails for want of time alone.
        let _ = tokio::time::timeout(PATIENCE, count.wait_for(|count| *count == 0)).await;
        self.count()
    }

    pub(crate) fn hear_call(&self, event: &webhook::Event) {
        for session in self.lock().values() {
            session.handle.call_webhook(event);
        }
    }

    pub(crate) fn hear_ingest(&self, event: &IngestEvent) {
        for session in self.lock().values() {
            session.handle.ingest_webhook(event);
        }
    }

    /// Whether all of them are to end.
    pub(super) fn stop(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    pub(super) fn add(&self, handle: SessionHandle) -> u64 {
        let mut going_on = self.lock();
        let id = going_on.last_key_value().map_or(0, |(last, _)| last + 1);
        going_on.insert(
            id,
            GoingOn {
                handle,
                call_id: None,
            },
        );
        self.count.send_replace(going_on.len() as u64);
        id
    }

    pub(super) fn name(&self, id: u64, call_id: &CallId) {
        if let Some(session) = self.lock().get_mut(&id) {
            session.call_id = Some(call_id.clone());
        }
    }

    pub(super) fn remove(&self, id: u64) {
        let mut going_on = self.lock();
        going_on.remove(&id);
        self.count.send_replace(going_on.len() as u64);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, GoingOn>> {
        self.going_on.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
