//! Comma-separated values (RFC 4180), as spreadsheets open them.

use ::csv::{Terminator, WriterBuilder};

use crate::UnixSeconds;
use crate::tc3::iso_date;

/// A line, without its end.
pub(crate) fn line<const N: usize>(cells: [String; N]) -> String {
    let line = written([cells]);
    line.trim_end_matches("\r\n").to_owned()
}

/// Lines as a file.
pub(crate) fn written<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    for cells in rows {
        // Memory takes everything, and every row has as many cells.
        let _ = writer.write_record(cells.map(guarded));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// What spreadsheets take for the beginning of a formula, in both widths of East Asian keyboards.
const BEGINS_A_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

fn guarded(cell: String) -> String {
    if cell.starts_with(BEGINS_A_FORMULA) {
        format!("'{cell}")
    } else {
        cell
    }
}

/// RFC 3339, and plain Unix seconds beyond the year 9999, which it ends with.
pub(crate) fn utc(moment: UnixSeconds) -> String {
    const SECONDS_A_DAY: u64 = 86_400;
    const YEAR_10000: u64 = 253_402_300_800;
    if moment.0 >= YEAR_10000 {
        return moment.to_string();
    }
    let (day, second) = (moment.0 / SECONDS_A_DAY, moment.0 % SECONDS_A_DAY);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", iso_date(day))
}
