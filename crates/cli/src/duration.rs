//! Durations on the command line (`30s`, `2h`, `180d`, or plain seconds), and how they are shown.

use std::fmt;
use std::time::Duration;

use jiff::{Span, SpanRelativeTo};

/// Reads a duration: an integer is seconds; otherwise a number with a unit, such as `500ms`, `30s`,
/// `1h 30m` or `180d`. A day has 24 hours.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    if let Some(days) = fraction_of_days(text) {
        return Ok(days);
    }
    let help = "write seconds, or a number with a unit, such as 30s, 2h or 180d";
    let span: Span = text.parse().map_err(|_| help.to_owned())?;
    let duration = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| help.to_owned())?;
    Duration::try_from(duration).map_err(|_| "must not be negative".to_owned())
}

/// `1.5d`, for which a calendar has no word.
fn fraction_of_days(text: &str) -> Option<Duration> {
    let days = text.strip_suffix('d')?.trim_end();
    let is_fraction = days
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds = days.parse::<f64>().ok().filter(|_| is_fraction)? * 86_400.0;
    Duration::try_from_secs_f64((seconds * 1000.0).round() / 1000.0).ok()
}

/// Reads a duration of whole seconds.
pub(crate) fn parse_seconds(text: &str) -> Result<u64, String> {
    let duration = parse(text)?;
    if duration.subsec_nanos() == 0 {
        Ok(duration.as_secs())
    } else {
        Err("must be whole seconds".to_owned())
    }
}

/// A duration for people, in its two largest units: `2.5 s`, `1 min 5 s`, `179 d 23 h`.
pub(crate) struct Shown(pub(crate) Duration);

impl Shown {
    pub(crate) fn seconds(seconds: u64) -> Shown {
        Shown(Duration::from_secs(seconds))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let tenths = self.0.subsec_millis() / 100;
        if seconds < 10 && tenths > 0 {
            return write!(f, "{seconds}.{tenths} s");
        }
        let (large, large_unit, small, small_unit) = match seconds {
            0..60 => return write!(f, "{seconds} s"),
            60..3600 => (seconds / 60, "min", seconds % 60, "s"),
            3600..86_400 => (seconds / 3600, "h", seconds % 3600 / 60, "min"),
            _ => (seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
        };
        write!(f, "{large} {large_unit}")?;
        if small > 0 {
            write!(f, " {small} {small_unit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_seconds_and_units_are_taken() {
        for (text, seconds) in [
            ("0", 0),
            ("15552000", 15_552_000),
            ("18446744073709551615", u64::MAX),
            ("30s", 30),
            ("2h", 7200),
            ("1h 30m", 5400),
            ("180d", 15_552_000),
            ("1.5d", 129_600),
            ("0.25d", 21_600),
            ("1.5h", 5400),
        ] {
            assert_eq!(parse_seconds(text), Ok(seconds), "{text}");
        }
        assert_eq!(parse("1500ms"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse("1.5s"), Ok(Duration::from_millis(1500)));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "s",
            "-1",
            "-5s",
            "1 month",
            "30 s x",
            "18446744073709551616",
            "1e3",
            "d",
            ".d",
            "1e3d",
            "-1.5d",
            "1.5.5d",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse_seconds("1500ms").is_err());
    }

    #[test]
    fn durations_are_shown_in_their_two_largest_units() {
        for (milliseconds, shown) in [
            (0, "0 s"),
            (2500, "2.5 s"),
            (9999, "9.9 s"),
            (12_500, "12 s"),
            (65_000, "1 min 5 s"),
            (3_600_000, "1 h"),
            (15_552_000_000, "180 d"),
            (15_551_999_000, "179 d 23 h"),
        ] {
            assert_eq!(
                Shown(Duration::from_millis(milliseconds)).to_string(),
                shown
            );
        }
    }
}
