//! What a campaign asks for besides its rows.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Ring, RingState};
use crate::call_session::Media;
use crate::word::word_enum;
use crate::{CallResult, JsonText, Problem, UnixMillis};

word_enum! {
    /// Whether a campaign's rows are rung.
    CampaignState {
        /// Workers ring them.
        Running = "running",
        /// Workers wait.
        Paused = "paused",
        /// What had not been sent was taken back.
        Cancelled = "cancelled",
    }
}

impl CampaignState {
    /// The state of that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<CampaignState> {
        CampaignState::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// How a campaign rings. Stored as JSON; what is missing is not asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Policy {
    /// The most calls that are up at the same time, where webhooks or records tell of their ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_up: Option<u32>,
    /// The hours in which nobody is rung.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// Further attempts at who was not reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<Again>,
    /// Whether it is of interest how calls end, so that they are looked for among the records.
    pub watch: bool,
    /// What whoever rings plays to who answers. A worker only rings: who runs it goes on with each call that has rung, by
    /// a [`CallSession::of_started`](crate::call_session::CallSession::of_started), as the command does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub play: Option<Media>,
}

/// Hours of the day, as a clock on the wall shows them where the callee is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuietHours {
    /// When they begin, such as `21:00`.
    pub from: String,
    /// When they end, such as `08:00`.
    pub until: String,
    /// The time zone of rows that name none, such as `Europe/Berlin`.
    pub time_zone: String,
}

/// Further attempts, each a ring of its own with a key derived from the first's. There is none at what is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Again {
    /// After which ends of a call: `NotAnswer`, `CallBusy`, `Offline`, `Reject`.
    pub after: Vec<String>,
    /// Attempts in all, the first included.
    pub attempts: u32,
    /// Milliseconds from the end of an attempt to the next.
    pub pause_ms: u64,
}

impl Again {
    /// Attempts in all, the first included, each so long after the end of the one before, at who did not answer, was busy
    /// or offline.
    #[must_use]
    pub fn new(attempts: u32, pause: Duration) -> Again {
        let after = [
            CallResult::NotAnswer,
            CallResult::CallBusy,
            CallResult::Offline,
        ];
        Again {
            after: after
                .iter()
                .map(|result| result.as_str().to_owned())
                .collect(),
            attempts,
            pause_ms: u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
        }
    }

    fn follows(&self, ring: &Ring) -> bool {
        let is_not_rung = ring.state == RingState::Refused && ring.is_not_rung();
        if ring.state != RingState::Rung && !is_not_rung {
            return false;
        }
        match &ring.call_result {
            Some(result) => self.is_after(result),
            // A reply's code does not say whether the callee was busy or offline. Where it matters, the record will.
            None => {
                let either = [CallResult::CallBusy, CallResult::Offline];
                is_not_rung && either.iter().all(|result| self.is_after(result))
            }
        }
    }

    fn is_after(&self, result: &CallResult) -> bool {
        let mut after = self.after.iter();
        after.any(|word| word == result.as_str())
    }
}

impl Policy {
    /// Reads a policy as it is stored.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(json: &str) -> Result<Policy, Problem> {
        serde_json::from_str(json).map_err(|error| {
            let rule = format!("must be a campaign's policy: {error}");
            Problem::new("policy", rule, "see the documentation of `Policy`")
        })
    }

    /// The further attempt that follows a ring whose call has ended, or that rang nobody, if the policy wants one.
    #[must_use]
    pub fn next_attempt(&self, ring: &Ring, now: UnixMillis) -> Option<Ring> {
        let again = self.again.as_ref()?;
        if !again.follows(ring) || ring.attempt >= again.attempts {
            return None;
        }
        let first_key = ring.first_key.as_ref().unwrap_or(&ring.key);
        let attempt = ring.attempt + 1;
        let key = first_key.of_attempt(attempt).ok()?;
        let (call, room) = if ring.own_room {
            let old = ring.key.room(ring.sdk_app_id);
            let new = key.room(ring.sdk_app_id);
            (ring.call.moved(&old, &new), JsonText::of(&new).ok()?)
        } else {
            (ring.call.clone(), ring.room.clone())
        };
        let mut next = Ring::bare(ring.sdk_app_id, key, call, room, now);
        next.fingerprint.clone_from(&ring.fingerprint);
        next.own_room = ring.own_room;
        next.campaign.clone_from(&ring.campaign);
        next.line = ring.line;
        next.data.clone_from(&ring.data);
        next.time_zone.clone_from(&ring.time_zone);
        next.not_before = Some(now.after(Duration::from_millis(again.pause_ms)));
        next.not_after = ring.not_after;
        next.watched = ring.watched;
        next.attempt = attempt;
        next.first_key = Some(first_key.clone());
        Some(next)
    }
}
