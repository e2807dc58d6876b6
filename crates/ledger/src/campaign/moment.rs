//! Moments as a file's rows and a command's options give them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use trtc_call_core::{Problem, UnixMillis};

use crate::quiet_hours::time_zone;

/// Reads a moment as the column `not_before` has it: with its offset from UTC (`2026-12-01T09:00:00+01:00`), as a clock
/// on the wall shows it in the time zone of that name (`2026-12-01T09:00`, or `2026-12-01` for the beginning of that
/// day), or `@` and Unix seconds.
///
/// # Errors
/// If it is no moment, needs a time zone, or there is none of that name. A plain number is none: nobody can tell
/// whether it counts from 1970 or from now.
pub fn read_moment(text: &str, zone: Option<&str>) -> Result<UnixMillis, Problem> {
    moment(text, zone.map(time_zone).transpose()?.as_ref())
}

pub(super) fn moment(text: &str, zone: Option<&TimeZone>) -> Result<UnixMillis, Problem> {
    let problem = |rule: String, fix: &str| Problem::new("not_before", rule, fix);
    let no_moment = || {
        let rule = format!("must be a moment, not `{}`", text.escape_debug());
        let fix = "write 2026-12-01T09:00:00+01:00, or 2026-12-01T09:00 with a time zone";
        problem(rule, fix)
    };
    let timestamp = if let Some(seconds) = text.strip_prefix('@') {
        let seconds = seconds.parse().map_err(|_| no_moment())?;
        Timestamp::from_second(seconds).map_err(|_| no_moment())?
    } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let rule = format!("must be a moment, not the plain number {text}");
        let fix = format!("write @{text} for Unix seconds, or 2026-12-01T09:00:00+01:00");
        return Err(problem(rule, &fix));
    } else if let Ok(timestamp) = text.parse::<Timestamp>() {
        timestamp
    } else {
        let local: DateTime = text.parse().map_err(|_| no_moment())?;
        let zone = zone.ok_or_else(|| {
            let rule = format!("`{text}` needs a time zone");
            problem(
                rule,
                "write an offset such as +01:00 behind it, or name a time zone",
            )
        })?;
        let local = local
            .to_zoned(zone.clone())
            .map_err(|error| problem(format!("`{text}` is no moment: {error}"), "write another"))?;
        local.timestamp()
    };
    let milliseconds = u64::try_from(timestamp.as_millisecond());
    milliseconds
        .map(UnixMillis)
        .map_err(|_| problem(format!("`{text}` is before 1970"), "write a later moment"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(at("2023-11-14", Some(&berlin)), Ok(1_699_916_400_000));
        assert_eq!(at("@1700000000", None), Ok(1_700_000_000_000));
        for (text, zone) in [
            ("2023-11-14T23:13:20", None),
            ("2023-11-14", None),
            ("soon", Some(&berlin)),
            ("", Some(&berlin)),
            ("2h", Some(&berlin)),
            ("@", None),
            ("@-1", None),
            ("@99999999999999", None),
            ("1969-01-01T00:00Z", None),
        ] {
            assert_eq!(
                moment(text, zone).unwrap_err().field,
                "not_before",
                "{text}"
            );
        }
        assert_eq!(
            read_moment("2023-11-14", Some("Mars/Olympus"))
                .unwrap_err()
                .field,
            "time_zone"
        );
    }

    #[test]
    fn a_plain_number_is_no_moment_and_is_told_how_to_become_one() {
        let berlin = time_zone("Europe/Berlin").unwrap();
        for text in ["1796200000", "20261201", "0"] {
            let problem = moment(text, Some(&berlin)).unwrap_err();
            let fix = format!("@{text} for Unix seconds");
            assert!(problem.fix.contains(&fix), "{problem}");
        }
    }
}
