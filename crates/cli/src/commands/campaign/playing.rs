//! Playing to whoever answers, by the process that rang.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::task::JoinSet;
use trtc_call::call_session::{Media, Outcome, Plan};
use trtc_call::webhook::Event;
use trtc_call::{CallId, Client, Error, SessionHandle};
use trtc_call_ledger::{Policy, Ring, RingKey};

/// The calls of this process that a stream is played into, or will be when somebody answers.
pub(super) struct Playing {
    client: Client,
    media: Media,
    poll_interval: Duration,
    handles: BTreeMap<CallId, SessionHandle>,
    sessions: JoinSet<Played>,
    is_ending: bool,
}

/// A call that is over.
pub(super) struct Played {
    pub(super) key: RingKey,
    call_id: CallId,
    /// `None` only where the runtime is shut down.
    pub(super) outcome: Option<Outcome>,
}

/// The service takes 200 questions in a second: half of these are for calls that ring.
const QUESTIONS: u32 = 100;

impl Playing {
    /// What the policy says, if it says so.
    pub(super) fn of(policy: &Policy, client: &Client) -> Option<Playing> {
        let up = policy.max_up.unwrap_or(QUESTIONS);
        let poll_interval = Duration::from_millis((u64::from(up) * 1000) / u64::from(QUESTIONS));
        Some(Playing {
            client: client.clone(),
            media: policy.play.clone()?,
            poll_interval: poll_interval.clamp(Duration::from_secs(1), *Plan::POLL_INTERVAL.end()),
            handles: BTreeMap::new(),
            sessions: JoinSet::new(),
            is_ending: false,
        })
    }

    /// Goes on with a call that was rung.
    pub(super) fn begin(&mut self, ring: &Ring) -> Result<(), Error> {
        let Some(call_id) = ring.call_id.clone() else {
            return Ok(());
        };
        let call = ring
            .call
            .request()
            .map_err(|problem| Error::Build(problem.into()))?;
        let plan = Plan::builder(call, self.media.clone()).poll_interval(self.poll_interval);
        let plan = plan.build().map_err(Error::Build)?;
        let callees = ring.callees.clone();
        let session = self
            .client
            .session_of_started(plan, call_id.clone(), callees);
        let mut session = session.start()?;
        if self.is_ending {
            session.end();
        }
        self.handles.insert(call_id.clone(), session.handle());
        let key = ring.key.clone();
        self.sessions.spawn(async move {
            let outcome = session.outcome().await;
            Played {
                key,
                call_id,
                outcome,
            }
        });
        Ok(())
    }

    /// A webhook came.
    pub(super) fn hear(&self, event: &Event) {
        let handle = event
            .call_id()
            .and_then(|call_id| self.handles.get(call_id));
        if let Some(handle) = handle {
            handle.call_webhook(event);
        }
    }

    /// Ends all calls and streams.
    pub(super) fn end(&mut self) {
        self.is_ending = true;
        for handle in self.handles.values() {
            handle.end();
        }
    }

    /// How many go on.
    pub(super) fn count(&self) -> usize {
        self.sessions.len()
    }

    /// The next one that is over; there must be some.
    pub(super) async fn next(&mut self) -> Option<Played> {
        let played = self.sessions.join_next().await?.ok()?;
        self.handles.remove(&played.call_id);
        Some(played)
    }
}
