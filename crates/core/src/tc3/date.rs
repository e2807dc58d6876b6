//! Days of the calendar, in UTC.

use std::time::SystemTime;

use crate::UnixSeconds;

const SECONDS_A_DAY: u64 = 86_400;

/// The day a moment falls into, counted from 1970-01-01.
pub(super) fn day(moment: UnixSeconds) -> u64 {
    moment.0 / SECONDS_A_DAY
}

/// A day as `yyyy-mm-dd`.
pub(crate) fn iso_date(day: u64) -> String {
    // After Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so
    // that the leap day is the last one, and 400 of them make an era.
    let shifted = day + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let (month, next_year) = if month_from_march < 10 {
        (month_from_march + 3, 0)
    } else {
        (month_from_march - 9, 1)
    };
    let year = era * 400 + year_of_era + next_year;
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

/// A `Date` header, such as `Tue, 14 Nov 2023 22:13:20 GMT`.
pub(crate) fn http_date(text: &str) -> Option<UnixSeconds> {
    let moment = httpdate::parse_http_date(text.trim()).ok()?;
    let since_1970 = moment.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(UnixSeconds(since_1970.as_secs()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_days_have_their_dates() {
        for (seconds, date) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_700_006_399, "2023-11-14"),
            (1_700_006_400, "2023-11-15"),
            (1_709_210_096, "2024-02-29"),
            (4_107_542_399, "2100-02-28"),
            (4_107_542_400, "2100-03-01"),
            (253_402_300_799, "9999-12-31"),
        ] {
            assert_eq!(iso_date(day(UnixSeconds(seconds))), date);
        }
        iso_date(day(UnixSeconds(u64::MAX))); // Some year, and no overflow.
    }

    #[test]
    fn a_date_header_is_read() {
        let read = |text| http_date(text).map(|moment| moment.0);
        assert_eq!(read("Tue, 14 Nov 2023 22:13:20 GMT"), Some(1_700_000_000));
        assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(read("Thu, 29 Feb 2024 12:34:56 GMT"), Some(1_709_210_096));
        for other in [
            "",
            "2023-11-14T22:13:20Z",
            "Tue, 14 Nov 2023 22:13:20",
            "Tue, 14 Nov 2023 22:13:20 CET",
            "Tue, 14 Nov 2023 22:13:20 GMT x",
            "Tue, 14 Nov 2023 24:13:20 GMT",
            "Tue, +4 Nov 2023 22:13:20 GMT",
            "Tue, 14 Nov 1969 22:13:20 GMT",
            "Tue, 14 nov 2023 22:13:20 GMT",
            "Tue, 14 Nov 99999999999999999999 22:13:20 GMT",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn the_calendar_goes_on_by_one_day(day in 0u64..2_900_000) {
            let header = |day: u64| {
                let date = iso_date(day);
                let mut parts = date.split('-');
                let year = parts.next().unwrap();
                let month: usize = parts.next().unwrap().parse().unwrap();
                let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
                let weekday = weekdays[usize::try_from(day % 7).unwrap()];
                let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1];
                format!("{weekday}, {:0>2} {name} {year} 00:00:00 GMT", parts.next().unwrap())
            };
            prop_assert_eq!(http_date(&header(day)), Some(UnixSeconds(day * SECONDS_A_DAY)));
            prop_assert!(iso_date(day) < iso_date(day + 1));
        }
    }
}
