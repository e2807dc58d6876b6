//! What becomes of one key when it is asked for.

use std::slice::from_ref;

use super::{Limiter, Ring, RingEvent, RingState, Terms};
use crate::UnixMillis;
use crate::word::word_enum;

word_enum! {
    /// What is known about a key.
    Verdict {
        /// The service has rung.
        Rung = "rung",
        /// The service has refused: no phone rang, and none will for this key.
        Refused = "refused",
        /// Whether a phone rang is unknown. It is not sent again, and settled by webhooks, records or people.
        Unknown = "unknown",
        /// Nothing was ever heard of it. It is not sent again.
        PresumedNotRung = "presumed_not_rung",
        /// Somebody else is sending it, or a worker will: ask again.
        InProgress = "in_progress",
        /// Surely nothing was sent: the service could not be reached, or took no more rings. Ask again.
        NotSent = "not_sent",
        /// It was taken back before it was sent.
        Cancelled = "cancelled",
        /// The key stands for another call. Nothing was sent.
        KeyReused = "key_reused",
    }
}

impl Verdict {
    /// What a state says to who did not just send it.
    #[must_use]
    pub fn of_state(state: RingState) -> Verdict {
        match state {
            RingState::Rung => Verdict::Rung,
            RingState::Refused => Verdict::Refused,
            RingState::Unknown => Verdict::Unknown,
            RingState::PresumedNotRung => Verdict::PresumedNotRung,
            RingState::Cancelled => Verdict::Cancelled,
            RingState::Queued | RingState::Claimed | RingState::Sending => Verdict::InProgress,
        }
    }
}

/// What came of asking for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taking {
    /// It is known, and nothing is sent.
    Known(Verdict),
    /// There is no slot before that time.
    NoSlot(UnixMillis),
    /// It is in hand: to be sent at its slot, or first marked, as its state says.
    Taken,
}

/// What came of asking for a key, and what is to be written for it, in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Took {
    /// What came of it.
    pub taking: Taking,
    /// The key's ring as it is to be from now on.
    pub ring: Ring,
    /// Whether that is to be written: put in where it was not there.
    pub is_changed: bool,
    /// The limiter as it is to be from now on, where slots were taken.
    pub limiter: Option<Limiter>,
}

impl Took {
    /// Puts the ring that is `wanted` in, for later, or tells what is known about the one that is there with its key.
    #[must_use]
    pub fn put_in(wanted: Ring, found: Option<Ring>) -> Took {
        let (verdict, ring, is_changed) = match found {
            None => (Verdict::InProgress, wanted, true),
            Some(ring) if ring.fingerprint != wanted.fingerprint => {
                (Verdict::KeyReused, ring, false)
            }
            Some(ring) => (Verdict::of_state(ring.state), ring, false),
        };
        Took {
            taking: Taking::Known(verdict),
            ring,
            is_changed,
            limiter: None,
        }
    }
}

impl Terms {
    /// Takes the ring that is `wanted`, or tells what is known about the one that is there with its key.
    #[must_use]
    pub fn take_once(
        &self,
        wanted: Ring,
        found: Option<Ring>,
        mut limiter: Limiter,
        now: UnixMillis,
    ) -> Took {
        let known = |verdict, ring, is_changed| Took {
            taking: Taking::Known(verdict),
            ring,
            is_changed,
            limiter: None,
        };
        let (ring, is_changed) = match found {
            None => (wanted, true),
            Some(ring) if ring.fingerprint != wanted.fingerprint => {
                return known(Verdict::KeyReused, ring, false);
            }
            Some(ring) => match ring.apply(&RingEvent::TimePassed, now) {
                Ok(passed) => (passed, true),
                Err(_) => (ring, false),
            },
        };
        if ring.state != RingState::Queued {
            return known(Verdict::of_state(ring.state), ring, is_changed);
        }
        let claimed = self.claim(from_ref(&ring), &mut limiter, now);
        let taken = claimed.into_iter().find(|taken| taken.state.is_in_hand());
        match taken {
            Some(ring) => Took {
                taking: Taking::Taken,
                ring,
                is_changed: true,
                limiter: Some(limiter),
            },
            None => Took {
                taking: Taking::NoSlot(limiter.next_chance(now).max(UnixMillis(now.0 + 1))),
                ring,
                is_changed,
                limiter: None,
            },
        }
    }
}
