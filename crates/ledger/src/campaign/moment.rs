//! Moments as a file's rows give them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use trtc_call_core::{Problem, UnixMillis};

/// A moment with its offset from UTC, or as a clock on the wall shows it in a time zone.
pub(super) fn moment(text: &str, zone: Option<&TimeZone>) -> Result<UnixMillis, Problem> {
    let problem = |rule: String, fix: &str| Problem::new("not_before", rule, fix);
    let timestamp = match text.parse::<Timestamp>() {
        Ok(timestamp) => timestamp,
        Err(_) => {
            let local: DateTime = text.parse().map_err(|_| {
                let rule = format!("must be a moment, not `{text}`");
                problem(
                    rule,
                    "write 2026-12-01T09:00:00+01:00, or 2026-12-01T09:00 with a time zone",
                )
            })?;
            let zone = zone.ok_or_else(|| {
                let rule = format!("`{text}` needs a time zone");
                problem(
                    rule,
                    "write an offset such as +01:00 behind it, or name a time zone",
                )
            })?;
            let local = local.to_zoned(zone.clone()).map_err(|error| {
                problem(format!("`{text}` is no moment: {error}"), "write another")
            })?;
            local.timestamp()
        }
    };
    let milliseconds = u64::try_from(timestamp.as_millisecond());
    milliseconds
        .map(UnixMillis)
        .map_err(|_| problem(format!("`{text}` is before 1970"), "write a later moment"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quiet_hours::time_zone;

    #[test]
    fn a_moment_has_an_offset_or_is_of_a_time_zone() {
        let berlin = time_zone("Europe/Berlin").unwrap();
        let at = |text: &str, zone| moment(text, zone).map(|at| at.0);
        assert_eq!(at("2023-11-14T22:13:20Z", None), Ok(1_700_000_000_000));
        assert_eq!(
            at("2023-11-14T23:13:20", Some(&berlin)),
            Ok(1_700_000_000_000)
        );
        assert_eq!(
            at("2023-11-14 23:13:20.007", Some(&berlin)),
            Ok(1_700_000_000_007)
        );
        for (text, zone) in [
            ("2023-11-14T23:13:20", None),
            ("soon", Some(&berlin)),
            ("1969-01-01T00:00Z", None),
        ] {
            assert_eq!(
                moment(text, zone).unwrap_err().field,
                "not_before",
                "{text}"
            );
        }
        assert!(time_zone("Mars/Olympus").is_err());
    }
}
