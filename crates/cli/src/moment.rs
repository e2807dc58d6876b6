//! Moments: the system's clock, `--now`, and how a moment is shown.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use trtc_call::{UnixMillis, UnixSeconds};

use crate::duration;

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

/// A moment on the command line: so long ago, or a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Ago(Duration),
    At(UnixSeconds),
}

impl Moment {
    /// The moment, seen from `now`.
    pub(crate) fn at(self, now: UnixSeconds) -> UnixSeconds {
        match self {
            Moment::Ago(duration) => UnixSeconds(now.0.saturating_sub(duration.as_secs())),
            Moment::At(moment) => moment,
        }
    }
}

/// A duration (`2d`, `90m`, or plain seconds) is so long ago; `@` and Unix seconds, or a moment with its
/// offset from UTC (`2026-01-31T08:00:00Z`), is that moment.
impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Moment, String> {
        if let Some(seconds) = text.strip_prefix('@') {
            let moment = seconds.parse().map(|s| Moment::At(UnixSeconds(s)));
            return moment.map_err(|_| "write Unix seconds after the @".to_owned());
        }
        if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
            let seconds = u64::try_from(timestamp.as_second());
            let moment = seconds.map(|s| Moment::At(UnixSeconds(s)));
            return moment.map_err(|_| "must not be before 1970".to_owned());
        }
        duration::parse(text).map(Moment::Ago).map_err(|_| {
            "write how long ago, such as 2d or 90m, or a moment, such as 2026-01-31T08:00:00Z or \
             @1769846400"
                .to_owned()
        })
    }
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

/// A moment for people, to the millisecond.
pub(crate) struct UtcMillis(pub(crate) UnixMillis);

impl fmt::Display for UtcMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = self.0.0;
        let timestamp = i64::try_from(milliseconds)
            .ok()
            .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        match timestamp {
            Some(timestamp) => write!(f, "{}", timestamp.strftime("%Y-%m-%d %H:%M:%S%.3f UTC")),
            None => write!(f, "Unix millisecond {milliseconds}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_so_long_ago_or_a_point_in_time() {
        let now = UnixSeconds(1_700_000_000);
        for (text, seconds) in [
            ("2d", now.0 - 2 * 86_400),
            ("90m", now.0 - 5400),
            ("1.5d", now.0 - 129_600),
            ("@0", 0),
            ("3600", now.0 - 3600),
            ("0", now.0),
            ("100000d", 0),
            ("@1699999999", 1_699_999_999),
            ("2023-11-14T22:13:20Z", 1_700_000_000),
            ("2023-11-15T06:13:20+08:00", 1_700_000_000),
        ] {
            let moment = text.parse::<Moment>().unwrap();
            assert_eq!(moment.at(now).0, seconds, "{text}");
        }
        for text in [
            "",
            "@",
            "@-1",
            "yesterday",
            "-2d",
            "2023-11-14",
            "1969-01-01T00:00:00Z",
        ] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

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
        assert_eq!(
            UtcMillis(UnixMillis(1_700_000_000_007)).to_string(),
            "2023-11-14 22:13:20.007 UTC"
        );
        assert_eq!(
            UtcMillis(UnixMillis(u64::MAX)).to_string(),
            "Unix millisecond 18446744073709551615"
        );
    }
}
