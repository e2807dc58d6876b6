//! The emulated clock: the shell's time plus whatever was jumped over. It never goes back.

use std::time::Duration;

use serde::Serializer;
use trtc_call_core::UnixMillis;

/// Whole milliseconds; what does not fit is for ever.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Writes a duration as whole milliseconds.
pub(crate) fn as_milliseconds<S: Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(milliseconds(*duration))
}

#[derive(Debug, Default)]
pub(crate) struct Clock {
    shell: UnixMillis,
    jumped: Duration,
}

impl Clock {
    /// Takes note of the shell's time. An earlier time than before is ignored: machines set their
    /// clocks back, and events must not happen twice.
    pub(crate) fn observe(&mut self, shell: UnixMillis) {
        self.shell = self.shell.max(shell);
    }

    pub(crate) fn jump(&mut self, by: Duration) {
        self.jumped = self.jumped.saturating_add(by);
    }

    /// The emulated time.
    pub(crate) fn now(&self) -> UnixMillis {
        self.shell.after(self.jumped)
    }

    /// The shell's time: that of the world outside.
    pub(crate) fn shell(&self) -> UnixMillis {
        self.shell
    }

    pub(crate) fn jumped(&self) -> Duration {
        self.jumped
    }

    /// When the shell's clock shows what the emulated clock calls `emulated`.
    pub(crate) fn in_shell_time(&self, emulated: UnixMillis) -> UnixMillis {
        UnixMillis(emulated.0.saturating_sub(milliseconds(self.jumped)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_moves_the_emulated_time_and_a_clock_set_back_does_not() {
        let mut clock = Clock::default();
        clock.observe(UnixMillis(5_000));
        clock.jump(Duration::from_secs(60));
        assert_eq!(clock.now(), UnixMillis(65_000));
        clock.observe(UnixMillis(4_000));
        assert_eq!(clock.now(), UnixMillis(65_000));
        assert_eq!(clock.in_shell_time(UnixMillis(66_000)), UnixMillis(6_000));
    }

    #[test]
    fn time_ends_without_overflow() {
        let mut clock = Clock::default();
        clock.observe(UnixMillis(u64::MAX - 1));
        clock.jump(Duration::MAX);
        clock.jump(Duration::MAX);
        assert_eq!(clock.now(), UnixMillis(u64::MAX));
    }
}
