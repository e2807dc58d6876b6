//! What happens to a ring, and what its worker makes of a reply.

use std::time::Duration;

use crate::call_engine::start_call_by_robot::{CalleeResult, Response};
use crate::call_session::Failure;
use crate::word::word_enum;
use crate::{CallId, CallRecord, Decision, Error, Repeat, Reply, RetryPolicy, UnixMillis};

/// Something that happens to a ring. Whoever has it in hand names itself and the epoch in which it took it, so that
/// nobody speaks for a ring that was taken from him.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RingEvent {
    /// A worker takes it, to send it at `slot`.
    Taken {
        /// The worker's name, which no other has.
        owner: String,
        /// When it is to be sent.
        slot: UnixMillis,
        /// How long the worker has it in hand, from now on.
        lease: Duration,
    },
    /// Its worker is about to send it: to be committed before the first byte goes.
    Marked {
        /// Who has it in hand.
        holder: Holder,
        /// How long the reply is waited for, from now on.
        lease: Duration,
    },
    /// Its worker does not send it.
    GivenBack {
        /// Who has it in hand.
        holder: Holder,
    },
    /// It is not its time: it is to wait until then, such as for the end of quiet hours.
    Postponed {
        /// From when on workers may take it: later than now.
        until: UnixMillis,
    },
    /// Its worker sent it, or did not.
    Told {
        /// Who has it in hand, or had it.
        holder: Holder,
        /// What became of it.
        result: SendResult,
    },
    /// The time passes: a lease may be over, or the last moment to ring.
    TimePassed,
    /// The service tells of the call in a ring's room.
    Found {
        /// By which way.
        evidence: Evidence,
        /// The call's name.
        call_id: CallId,
        /// How it ended, if it has.
        record: Option<Box<CallRecord>>,
    },
    /// It was looked for among the records, in vain.
    NotFound,
    /// A person says whether it rang.
    SettledByHand {
        /// Whether it did.
        has_rung: bool,
    },
    /// It is not to be sent any more.
    Cancelled,
}

/// Who has a ring in hand: its name, and the ring's epoch since it took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The worker's name.
    pub owner: String,
    /// [`Ring::epoch`](super::Ring::epoch) as it was when the worker took it.
    pub epoch: u64,
}

word_enum! {
    /// By which way it became known what became of a ring.
    Evidence {
        /// The reply.
        Reply = "reply",
        /// A webhook that names its room.
        Webhook = "webhook",
        /// A record that names its room.
        Record = "record",
        /// A person.
        Hand = "hand",
        /// Nothing was found for 7 days.
        Silence = "silence",
    }
}

impl Evidence {
    /// The evidence of that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Evidence> {
        Evidence::ALL
            .into_iter()
            .find(|evidence| evidence.as_str() == word)
    }
}

/// What became of a ring, as its worker tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendResult {
    /// The service rings.
    Rang {
        /// The call's name, if the reply has it.
        call_id: Option<CallId>,
        /// What became of each callee, if the reply tells.
        callees: Vec<CalleeResult>,
        /// The service's name for the request.
        request_id: String,
    },
    /// The service refused for good, or rang no callee.
    Refused {
        /// Why.
        failure: Failure,
        /// The same for each callee, if the reply tells.
        callees: Vec<CalleeResult>,
    },
    /// Surely nothing was done, and it may go better later.
    Nothing {
        /// Why.
        failure: Failure,
        /// From when on it may be sent again, in so long.
        after: Duration,
    },
    /// A phone may have rung.
    Unknown {
        /// Why it is unknown.
        failure: Failure,
    },
    /// The worker woke too late, and sent nothing.
    Dropped,
}

/// The code of the failure when the service took the call and rang nobody.
pub(super) const NOT_RUNG: &str = "not_rung";

/// How a worker goes on after what surely had no effect: for ever, up to a minute apart.
const PATIENCE: RetryPolicy = RetryPolicy {
    max_attempts: u32::MAX,
    base_delay: Duration::from_secs(1),
    max_delay: Duration::from_secs(60),
};

impl SendResult {
    /// What a reply to a ring's only request means. `tries` counts those before it that surely had no effect; `random`
    /// is any number, and spreads the next ones.
    #[must_use]
    pub fn of(reply: &Result<Reply<Response>, Error>, tries: u32, random: u32) -> SendResult {
        let error = match reply {
            Ok(reply) => return SendResult::of_answer(reply),
            Err(error) => error,
        };
        // Why a ring is unknown is told without the words around it.
        let cause = match error {
            Error::OutcomeUnknown(unknown) => &unknown.cause,
            error => error,
        };
        let failure = Failure::from(cause);
        match PATIENCE.decide(Repeat::RingsAgain, error, tries + 1, random, None) {
            Decision::Retry { after } => SendResult::Nothing { failure, after },
            Decision::OutcomeUnknown => SendResult::Unknown { failure },
            Decision::GiveUp => SendResult::Refused {
                failure,
                callees: Vec::new(),
            },
        }
    }

    fn of_answer(reply: &Reply<Response>) -> SendResult {
        let callees = reply.response.callees.clone();
        let has_rung = callees.is_empty() || callees.iter().any(CalleeResult::was_rung);
        if has_rung {
            return SendResult::Rang {
                call_id: reply.response.call_id.clone(),
                callees,
                request_id: reply.request_id.clone(),
            };
        }
        let codes = callees.iter();
        // The service documents none of these codes but 0: a number is all that can be told.
        let codes = codes.map(|callee| {
            let (user, code) = (&callee.user_id, callee.result_code);
            format!("{user} (ResultCode {code})")
        });
        let codes: Vec<String> = codes.collect();
        let message = format!("no callee was rung: {}", codes.join(", "));
        SendResult::Refused {
            failure: Failure::new(NOT_RUNG, message),
            callees,
        }
    }

    /// Whether it shows that the service is asked too often or cannot be reached, so that everybody is to
    /// [slow down](super::Limiter::slow).
    #[must_use]
    pub fn slows_all(&self) -> bool {
        matches!(self, SendResult::Nothing { .. })
    }
}
