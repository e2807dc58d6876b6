//! The hours in which nobody is rung, where the callee is.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use trtc_call_core::ring_ledger::QuietHours;
use trtc_call_core::{Problem, UnixMillis};

/// Quiet hours that make sense.
#[derive(Debug, Clone)]
pub(crate) struct Quiet {
    from: Time,
    until: Time,
    time_zone: TimeZone,
}

impl Quiet {
    pub(crate) fn new(hours: &QuietHours) -> Result<Quiet, Problem> {
        let from = time("quiet_hours.from", &hours.from)?;
        let until = time("quiet_hours.until", &hours.until)?;
        if from == until {
            let rule = "must not be when they begin";
            return Err(Problem::new(
                "quiet_hours.until",
                rule,
                "leave them out, or name an hour",
            ));
        }
        let time_zone = time_zone(&hours.time_zone);
        Ok(Quiet {
            from,
            until,
            time_zone: time_zone.map_err(|problem| problem.at("quiet_hours.time_zone"))?,
        })
    }

    /// When they end for who is in that time zone, if it is quiet there now. A time zone that nobody knows counts as the
    /// hours' own.
    pub(crate) fn end(&self, zone: Option<&str>, now: UnixMillis) -> Option<UnixMillis> {
        let own = zone.and_then(|name| time_zone(name).ok());
        let zone = own.unwrap_or_else(|| self.time_zone.clone());
        let now = Timestamp::from_millisecond(i64::try_from(now.0).ok()?).ok()?;
        let there = now.to_zoned(zone.clone());
        let time = there.time();
        let is_quiet = if self.from < self.until {
            (self.from..self.until).contains(&time)
        } else {
            time >= self.from || time < self.until
        };
        if !is_quiet {
            return None;
        }
        let day = match time < self.until {
            true => there.date(),
            false => there.date().tomorrow().ok()?,
        };
        let end = zone.to_ambiguous_timestamp(day.to_datetime(self.until));
        let first = end.compatible().ok()?;
        // Where clocks are put back, the end may come twice, and its first time may have passed.
        let end = if first > now {
            first
        } else {
            end.later().ok()?
        };
        let end = u64::try_from(end.as_millisecond()).ok()?;
        Some(UnixMillis(end))
    }
}

fn time(field: &str, text: &str) -> Result<Time, Problem> {
    text.parse().map_err(|_| {
        let rule = format!("must be an hour of the day, not `{}`", text.escape_debug());
        Problem::new(field, rule, "write it as 21:00")
    })
}

/// The time zone of that name.
///
/// # Errors
/// If there is none.
pub(crate) fn time_zone(name: &str) -> Result<TimeZone, Problem> {
    TimeZone::get(name).map_err(|_| {
        let rule = format!("must be a time zone, not `{}`", name.escape_debug());
        Problem::new("time_zone", rule, "write it as Europe/Berlin")
    })
}

/// Checks that a name is a time zone's, as quiet hours and rows have it.
///
/// # Errors
/// If there is none of that name.
pub fn check_time_zone(name: &str) -> Result<(), Problem> {
    time_zone(name).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(from: &str, until: &str) -> Result<Quiet, Problem> {
        Quiet::new(&QuietHours {
            from: from.to_owned(),
            until: until.to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
        })
    }

    fn at(text: &str) -> UnixMillis {
        let at: Timestamp = text.parse().unwrap();
        UnixMillis(u64::try_from(at.as_millisecond()).unwrap())
    }

    #[test]
    fn quiet_hours_end_in_the_morning_of_the_callees_own_day() {
        let quiet = quiet("21:00", "08:00").unwrap();
        let evening = at("2026-11-30T20:30:00Z");
        assert_eq!(quiet.end(None, evening), Some(at("2026-12-01T07:00:00Z")));
        assert_eq!(
            quiet.end(None, at("2026-12-01T06:59:00Z")),
            Some(at("2026-12-01T07:00:00Z"))
        );
        assert_eq!(quiet.end(None, at("2026-12-01T07:00:00Z")), None);
        assert_eq!(quiet.end(Some("America/New_York"), evening), None);
        assert_eq!(
            quiet.end(Some("Asia/Shanghai"), evening),
            Some(at("2026-12-01T00:00:00Z"))
        );
        assert_eq!(
            quiet.end(Some("Atlantis/Capital"), evening),
            quiet.end(None, evening)
        );
        // The night in which clocks are put forward ends an hour earlier.
        assert_eq!(
            quiet.end(None, at("2026-03-28T22:00:00Z")),
            Some(at("2026-03-29T06:00:00Z"))
        );
    }

    #[test]
    fn quiet_hours_that_end_within_the_hour_that_comes_twice_end_later_than_now() {
        let quiet = quiet("21:00", "02:30").unwrap();
        let (first, second) = (at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z"));
        assert_eq!(quiet.end(None, at("2026-10-24T22:00:00Z")), Some(first));
        assert_eq!(quiet.end(None, first), None);
        assert_eq!(quiet.end(None, at("2026-10-25T01:10:00Z")), Some(second));
        assert_eq!(quiet.end(None, second), None);
    }

    #[test]
    fn quiet_hours_within_a_day_and_those_that_make_no_sense() {
        let noon = quiet("12:00", "14:00").unwrap();
        assert_eq!(
            noon.end(None, at("2026-06-01T11:00:00Z")),
            Some(at("2026-06-01T12:00:00Z"))
        );
        assert_eq!(noon.end(None, at("2026-06-01T12:00:00Z")), None);
        for (from, until) in [("12:00", "12:00"), ("25:00", "08:00"), ("", "08:00")] {
            assert!(quiet(from, until).is_err(), "{from} {until}");
        }
        assert_eq!(check_time_zone("Europe/Berlin"), Ok(()));
        assert_eq!(check_time_zone("Atlantis").unwrap_err().field, "time_zone");
    }
}
