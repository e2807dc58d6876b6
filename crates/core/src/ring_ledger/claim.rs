//! What a worker takes, decided within the transaction that commits it.

use std::num::NonZeroU32;
use std::time::Duration;

use super::{Limiter, Ring, RingEvent, RingState};
use crate::UnixMillis;

/// How long before its slot a ring is marked as being sent at the earliest: what is lost, as unknown, when a worker dies
/// is what it sends in so long.
pub const MARK_AHEAD: Duration = Duration::from_millis(100);

/// On what terms a worker takes rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The worker's name, which no other has.
    pub owner: String,
    /// How long it has in hand what it takes.
    pub lease: Duration,
    /// How long it waits for a reply before the outcome counts as unknown.
    pub reply_lease: Duration,
    /// How long committing takes it.
    pub lead: Duration,
    /// The slots of a second; `None`: no limit.
    pub rate: Option<NonZeroU32>,
}

impl Terms {
    /// Takes as many of the waiting rings as there are slots for, in their order, and marks those at once that are to be
    /// sent within [`MARK_AHEAD`]. Gives what is to be written, which may also be rings that time has passed by.
    #[must_use]
    pub fn claim(&self, rings: &[Ring], limiter: &mut Limiter, now: UnixMillis) -> Vec<Ring> {
        let mut changed = Vec::new();
        let mut ready = Vec::new();
        for ring in rings {
            match ring.apply(&RingEvent::TimePassed, now) {
                // A lease was over: it is taken, or written as it is now.
                Ok(passed) if passed.state == RingState::Queued => ready.push((passed, true)),
                Ok(passed) => changed.push(passed),
                Err(_) if ring.state == RingState::Queued => ready.push((ring.clone(), false)),
                Err(_) => {}
            }
        }
        let slots = limiter.take(ready.len(), now, self.lead, self.rate);
        let mut slots = slots.into_iter();
        for (ring, is_changed) in ready {
            let taken = slots.next().and_then(|slot| {
                let (owner, lease) = (self.owner.clone(), self.lease);
                ring.apply(&RingEvent::Taken { owner, slot, lease }, now)
                    .ok()
            });
            match taken {
                Some(taken) => changed.push(self.mark_if_soon(&taken, now).unwrap_or(taken)),
                None if is_changed => changed.push(ring),
                None => {}
            }
        }
        changed
    }

    /// Marks what this worker has in hand and is to be sent soon. Gives what is to be written.
    #[must_use]
    pub fn mark(&self, rings: &[Ring], now: UnixMillis) -> Vec<Ring> {
        let marked = rings.iter().map(|ring| self.mark_if_soon(ring, now));
        marked.flatten().collect()
    }

    fn mark_if_soon(&self, ring: &Ring, now: UnixMillis) -> Option<Ring> {
        let is_mine = ring.owner.as_deref() == Some(self.owner.as_str());
        let is_soon = ring
            .slot
            .is_some_and(|slot| slot <= now.after(MARK_AHEAD + self.lead));
        if !is_mine || !is_soon || ring.not_after.is_some_and(|last| last <= now) {
            return None;
        }
        let (holder, lease) = (ring.holder(), self.reply_lease);
        ring.apply(&RingEvent::Marked { holder, lease }, now).ok()
    }
}
