//! One limit for all who ring for an application: the next free slot, which stands in the ledger.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::UnixMillis;

/// The rings in a second, unless told otherwise: so far below [`Command::REQUESTS_PER_SECOND`] that what is sent up to
/// [`TOLERANCE`] after its slot leaves no second with more.
///
/// [`Command::REQUESTS_PER_SECOND`]: crate::Command::REQUESTS_PER_SECOND
pub const DEFAULT_RATE: NonZeroU32 = NonZeroU32::new(190).unwrap();

/// How long after its slot a ring may be sent. 190 slots in a second, each up to 45 ms late, are at most
/// 190 × 1.045 + 1 < 200 in any second.
pub const TOLERANCE: Duration = Duration::from_millis(45);

/// How far ahead slots are given away: what is lost when a worker dies that holds them.
pub const HORIZON: Duration = Duration::from_secs(1);

/// How long nobody is given a slot after the service refused one for frequency, or could not be reached.
const PAUSE: Duration = Duration::from_millis(250);

/// The largest slowdown: slots four times as far apart.
const MAX_SLOWDOWN: u32 = 12;

/// How long until a step of a slowdown is forgotten.
const FORGET: Duration = Duration::from_secs(2);

/// The next free slot of an application's command, as it stands in the ledger. All workers take their slots from it, in
/// the transaction in which they claim rings, so that they keep one limit together.
///
/// Slots are spaced evenly (GCRA without a burst).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limiter {
    /// In microseconds since 1970.
    pub next_free: u64,
    /// By how many quarters slots are further apart than the rate has it.
    pub slowdown: u32,
    /// When it was slowed down last.
    pub slowed_at: UnixMillis,
}

impl Limiter {
    /// Takes at most `wanted` slots, `rate` of them in a second, from when what is committed now can be sent without
    /// being too late, and none further than [`HORIZON`] ahead of that. `lead` is how long it takes to commit and to
    /// begin to send: up to a third of [`TOLERANCE`] of it, nothing has to wait.
    ///
    /// Without a rate, all slots are now.
    pub fn take(
        &mut self,
        wanted: usize,
        now: UnixMillis,
        lead: Duration,
        rate: Option<NonZeroU32>,
    ) -> Vec<UnixMillis> {
        let Some(rate) = rate else {
            return vec![now; wanted];
        };
        let first = now.after(lead.saturating_sub(TOLERANCE / 3));
        let interval = self.interval(now, rate);
        self.heed_clock(now, rate);
        let mut slots = Vec::with_capacity(wanted);
        let last = micros(first.after(HORIZON));
        let mut next = self.next_free.max(micros(first));
        while slots.len() < wanted && next <= last {
            slots.push(UnixMillis(next / 1000));
            next += interval;
        }
        if !slots.is_empty() {
            self.next_free = next;
        }
        slots
    }

    /// When there is a slot again for who got none, or too few, at `now`.
    #[must_use]
    pub fn next_chance(&self, now: UnixMillis) -> UnixMillis {
        let free = UnixMillis(self.next_free.div_ceil(1000));
        UnixMillis(free.0.saturating_sub(milliseconds(HORIZON))).max(now)
    }

    /// Slows everybody down: the service refused a ring for frequency, or could not be reached. For a quarter of a second
    /// there are no slots; then they are a quarter further apart, four times as far at most. A quarter is forgotten every
    /// 2 s. More than once in a quarter of a second counts once.
    pub fn slow(&mut self, now: UnixMillis) {
        let has_passed = now.0.saturating_sub(self.slowed_at.0);
        if has_passed < milliseconds(PAUSE) {
            return;
        }
        self.slowdown = (self.slowdown_at(now) + 1).min(MAX_SLOWDOWN);
        self.slowed_at = now;
        self.next_free = self.next_free.max(micros(now.after(PAUSE)));
    }

    fn slowdown_at(&self, now: UnixMillis) -> u32 {
        let has_passed = now.0.saturating_sub(self.slowed_at.0);
        let forgotten = has_passed / milliseconds(FORGET);
        let forgotten = u32::try_from(forgotten).unwrap_or(u32::MAX);
        self.slowdown.saturating_sub(forgotten).min(MAX_SLOWDOWN)
    }

    /// Between two slots, in microseconds, rounded up.
    fn interval(&self, now: UnixMillis, rate: NonZeroU32) -> u64 {
        spacing(rate) * u64::from(4 + self.slowdown_at(now)) / 4
    }

    /// A free slot further ahead than any can be was written before the clock was set back. Whoever holds slots from
    /// before waits for them by a clock of its own: within a second they are gone.
    fn heed_clock(&mut self, now: UnixMillis, rate: NonZeroU32) {
        let furthest = now.after(3 * (HORIZON + PAUSE));
        let interval = 4 * spacing(rate);
        if self.next_free > micros(furthest) + interval {
            self.next_free = micros(now.after(HORIZON));
            self.slowed_at = self.slowed_at.min(now);
        }
    }
}

/// Between two slots, in microseconds, where nobody is slowed down.
fn spacing(rate: NonZeroU32) -> u64 {
    1_000_000_u64.div_ceil(rate.get().into())
}

fn micros(at: UnixMillis) -> u64 {
    at.0.saturating_mul(1000)
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: UnixMillis = UnixMillis(1_700_000_000_000);
    const NONE: Duration = Duration::ZERO;

    /// The most slots in any window of a second.
    fn busiest(slots: &[UnixMillis]) -> usize {
        let mut slots: Vec<u64> = slots.iter().map(|slot| slot.0).collect();
        slots.sort_unstable();
        let (mut first, mut most) = (0, 0);
        for (index, slot) in slots.iter().enumerate() {
            while slots[first] + 1000 <= *slot {
                first += 1;
            }
            most = most.max(index + 1 - first);
        }
        most
    }

    #[test]
    fn what_is_sent_late_within_the_tolerance_still_keeps_the_services_limit() {
        let late = f64::from(DEFAULT_RATE.get()) * (1.0 + TOLERANCE.as_secs_f64()) + 1.0;
        assert!(
            late < f64::from(crate::Command::REQUESTS_PER_SECOND),
            "{late}"
        );
    }

    #[test]
    fn slots_are_given_a_second_ahead_and_then_none_until_there_is_a_chance() {
        let mut limiter = Limiter::default();
        let slots = limiter.take(1000, NOW, NONE, Some(DEFAULT_RATE));
        assert_eq!(slots.len(), 190);
        assert_eq!(slots.first(), Some(&NOW));
        assert!(limiter.take(1, NOW, NONE, Some(DEFAULT_RATE)).is_empty());
        let chance = limiter.next_chance(NOW);
        assert!(
            chance > NOW && chance <= NOW.after(Duration::from_millis(6)),
            "{chance}"
        );
        assert_eq!(limiter.take(5, chance, NONE, Some(DEFAULT_RATE)).len(), 1);
    }

    #[test]
    fn without_a_rate_every_slot_is_now() {
        let mut limiter = Limiter::default();
        assert_eq!(limiter.take(3, NOW, NONE, None), [NOW; 3]);
        assert_eq!(limiter, Limiter::default());
    }

    #[test]
    fn a_refusal_for_frequency_pauses_everybody_and_then_slows_down_for_a_while() {
        let mut limiter = Limiter::default();
        limiter.slow(NOW);
        limiter.slow(NOW.after(Duration::from_millis(10)));
        assert_eq!(limiter.slowdown, 1);
        let soon = NOW.after(PAUSE);
        let slots = limiter.take(1000, soon, NONE, Some(DEFAULT_RATE));
        assert_eq!(slots.first(), Some(&soon));
        assert_eq!(slots.len(), 190 * 4 / 5);
        let later = NOW.after(2 * FORGET);
        assert_eq!(
            limiter.take(1000, later, NONE, Some(DEFAULT_RATE)).len(),
            190
        );
        let second = Duration::from_secs(1);
        // It does not stand still, however often it is slowed down.
        for step in 0..60 {
            limiter.slow(later.after(step * second));
        }
        let later = later.after(70 * second);
        assert!(!limiter.take(9, later, NONE, Some(DEFAULT_RATE)).is_empty());
    }

    #[test]
    fn a_clock_that_was_set_back_stops_nobody_for_longer_than_a_second() {
        let mut limiter = Limiter::default();
        limiter.take(
            100,
            NOW.after(Duration::from_secs(3600)),
            NONE,
            Some(DEFAULT_RATE),
        );
        let slots = limiter.take(1, NOW, NONE, Some(DEFAULT_RATE));
        assert_eq!(slots, [NOW.after(HORIZON)]);
    }

    #[test]
    fn what_is_committed_soon_waits_for_nothing_and_what_takes_long_is_not_late() {
        let first = |lead| {
            let lead = Duration::from_millis(lead);
            let slots = Limiter::default().take(1, NOW, lead, Some(DEFAULT_RATE));
            slots.first().map(|slot| slot.0 - NOW.0)
        };
        assert_eq!([first(0), first(5), first(15)], [Some(0); 3]);
        for lead in [16, 100, 1000] {
            let late = lead - first(lead).unwrap();
            assert!((15..45).contains(&late), "{late} ms after its slot");
        }
    }

    proptest! {
        #[test]
        fn whoever_takes_slots_and_whenever_no_second_has_more_than_the_rate_and_one(
            rate in 1u32..500,
            takes in proptest::collection::vec((0u64..400, 0usize..60, 0u64..50), 1..80),
        ) {
            let rate = NonZeroU32::new(rate);
            let (mut limiter, mut now, mut slots) = (Limiter::default(), NOW, Vec::new());
            for (pause, wanted, lead) in takes {
                now = now.after(Duration::from_millis(pause));
                let lead = Duration::from_millis(lead);
                let taken = limiter.take(wanted, now, lead, rate);
                prop_assert!(taken.iter().all(|slot| slot.after(TOLERANCE) > now.after(lead)));
                prop_assert!(taken.iter().all(|slot| *slot >= now));
                prop_assert!(taken.iter().all(|slot| *slot <= now.after(lead + HORIZON)));
                slots.extend(taken);
            }
            prop_assert!(busiest(&slots) <= rate.map_or(0, |rate| rate.get() as usize + 1));
        }
    }
}
