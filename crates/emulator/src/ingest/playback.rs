use std::time::Duration;

use trtc_call_core::UnixMillis;

use crate::clock::milliseconds;

/// How much of the media is left to play, whatever the speed, the rounds and the pauses.
#[derive(Debug, Clone)]
pub(super) struct Playback {
    /// In hundredths of a millisecond of media, so that every speed plays a whole number of them in a
    /// millisecond; `None` never ends.
    left: Option<u64>,
    /// 100 is normal speed.
    tempo_percent: u32,
    is_paused: bool,
    /// The moment that `left` is about.
    as_of: UnixMillis,
}

impl Playback {
    /// `repeat_num` rounds, -1 for ever, of which the first begins `seek` into the media.
    pub(super) fn new(
        duration: Option<Duration>,
        repeat_num: i64,
        seek: Duration,
        tempo_percent: u32,
        now: UnixMillis,
    ) -> Playback {
        let rounds = u64::try_from(repeat_num).ok();
        let left = duration.zip(rounds).map(|(duration, rounds)| {
            let whole = milliseconds(duration).saturating_mul(rounds);
            let skipped = milliseconds(seek.min(duration));
            whole.saturating_sub(skipped).saturating_mul(100)
        });
        Playback {
            left,
            tempo_percent,
            is_paused: false,
            as_of: now,
        }
    }

    pub(super) fn set_tempo(&mut self, tempo_percent: u32, now: UnixMillis) {
        self.settle(now);
        self.tempo_percent = tempo_percent;
    }

    pub(super) fn pause(&mut self, is_paused: bool, now: UnixMillis) {
        self.settle(now);
        self.is_paused = is_paused;
    }

    /// When the media ends, if it does and is not paused.
    pub(super) fn ends_at(&self) -> Option<UnixMillis> {
        let left = self.left.filter(|_| !self.is_paused)?;
        let takes = left.div_ceil(u64::from(self.tempo_percent.max(1)));
        Some(UnixMillis(self.as_of.0.saturating_add(takes)))
    }

    fn settle(&mut self, now: UnixMillis) {
        let passed = now.0.saturating_sub(self.as_of.0);
        if let Some(left) = self.left.as_mut().filter(|_| !self.is_paused) {
            let played = passed.saturating_mul(u64::from(self.tempo_percent));
            *left = left.saturating_sub(played);
        }
        self.as_of = self.as_of.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn rounds_are_played_one_after_the_other_and_the_first_may_begin_late() {
        let ends = |rounds, seek| {
            Playback::new(Some(10 * SECOND), rounds, seek, 100, UnixMillis(7)).ends_at()
        };
        assert_eq!(ends(1, Duration::ZERO), Some(UnixMillis(10_007)));
        assert_eq!(ends(3, 4 * SECOND), Some(UnixMillis(26_007)));
        assert_eq!(ends(2, 99 * SECOND), Some(UnixMillis(10_007)));
        assert_eq!(ends(-1, Duration::ZERO), None);
        let live = Playback::new(None, 1, Duration::ZERO, 100, UnixMillis(7));
        assert_eq!(live.ends_at(), None);
    }

    #[test]
    fn a_pause_and_a_change_of_speed_move_the_end() {
        let mut playback = Playback::new(Some(10 * SECOND), 1, Duration::ZERO, 200, UnixMillis(0));
        assert_eq!(playback.ends_at(), Some(UnixMillis(5_000)));
        playback.pause(true, UnixMillis(1_000)); // 8 s left
        assert_eq!(playback.ends_at(), None);
        playback.set_tempo(50, UnixMillis(60_000));
        playback.pause(false, UnixMillis(100_000));
        assert_eq!(playback.ends_at(), Some(UnixMillis(116_000)));
    }

    #[test]
    fn the_longest_media_end_without_overflow() {
        let playback = Playback::new(Some(Duration::MAX), 1000, Duration::ZERO, 50, UnixMillis(9));
        assert!(playback.ends_at() > Some(UnixMillis(1 << 50)));
    }
}
