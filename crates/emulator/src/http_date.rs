//! Writes the `Date` header of replies.

use trtc_call_core::UnixSeconds;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [(&str, u64); 12] = [
    ("Jan", 31),
    ("Feb", 28),
    ("Mar", 31),
    ("Apr", 30),
    ("May", 31),
    ("Jun", 30),
    ("Jul", 31),
    ("Aug", 31),
    ("Sep", 30),
    ("Oct", 31),
    ("Nov", 30),
    ("Dec", 31),
];
const DAY: u64 = 86_400;
const LAST: u64 = 253_402_300_799;

/// A moment such as `Tue, 14 Nov 2023 22:13:20 GMT`. The form has no years beyond 9999, where it stays.
pub(crate) fn http_date(moment: UnixSeconds) -> String {
    let moment = moment.0.min(LAST);
    let (mut days, time) = (moment / DAY, moment % DAY);
    let weekday = DAYS.iter().cycle().nth((days % 7) as usize);
    let mut year = 1970;
    while days >= days_in(year) {
        days -= days_in(year);
        year += 1;
    }
    let mut month = "";
    for (name, length) in MONTHS {
        let leap_day = u64::from(name == "Feb" && is_leap(year));
        month = name;
        if days < length + leap_day {
            break;
        }
        days -= length + leap_day;
    }
    format!(
        "{}, {:02} {month} {year} {:02}:{:02}:{:02} GMT",
        weekday.unwrap_or(&""),
        days + 1,
        time / 3600,
        time / 60 % 60,
        time % 60
    )
}

fn days_in(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_http_writes_it() {
        for (seconds, date) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), // RFC 9110
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_700_000_000, "Tue, 14 Nov 2023 22:13:20 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (u64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert_eq!(http_date(UnixSeconds(seconds)), date);
        }
    }
}
