//! Moments: the system's clock, `--now`, and how a moment is shown.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use trtc_call::UnixSeconds;

/// `--now`, for commands whose result depends on the time.
#[derive(Debug, Args)]
pub(crate) struct NowArg {
    /// Moment to take for the present, in Unix seconds [default: this machine's clock]
    #[arg(long, value_name = "UNIX")]
    now: Option<u64>,
}

impl NowArg {
    pub(crate) fn get(&self) -> UnixSeconds {
        self.now.map_or_else(now, UnixSeconds)
    }
}

/// The system's clock. A clock before 1970 counts as 1970.
pub(crate) fn now() -> UnixSeconds {
    UnixSeconds(now_ms() / 1000)
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}

/// A moment for people: in UTC, and as the number where no calendar reaches.
pub(crate) struct Utc(pub(crate) UnixSeconds);

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.0;
        let timestamp = i64::try_from(seconds)
            .ok()
            .and_then(|s| jiff::Timestamp::from_second(s).ok());
        match timestamp {
            Some(timestamp) => write!(f, "{}", timestamp.strftime("%Y-%m-%d %H:%M:%S UTC")),
            None => write!(f, "Unix second {seconds}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_in_utc_and_those_beyond_the_calendar_as_numbers() {
        assert_eq!(Utc(UnixSeconds(0)).to_string(), "1970-01-01 00:00:00 UTC");
        assert_eq!(
            Utc(UnixSeconds(1_700_000_000)).to_string(),
            "2023-11-14 22:13:20 UTC"
        );
        assert_eq!(
            Utc(UnixSeconds(u64::MAX)).to_string(),
            "Unix second 18446744073709551615"
        );
    }
}
