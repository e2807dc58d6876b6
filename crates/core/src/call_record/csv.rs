//! Records as comma-separated values (RFC 4180), as spreadsheets open them.

use crate::spreadsheet::{line, utc, written};
use crate::{CallRecord, ReportedRoom, RoomId, UserId};

/// The names of the columns. `callees` are the members without the caller, joined by `;`, since names of older
/// applications may hold spaces. Times are in UTC; `roomType` is `number`, `string`, or `unknown`
/// for a room that cannot be told ([`ReportedRoom`]).
pub const COLUMNS: [&str; 11] = [
    "callId",
    "caller",
    "callees",
    "mediaType",
    "callType",
    "startTime",
    "acceptTime",
    "endTime",
    "result",
    "roomType",
    "room",
];

/// The first line, without its end.
#[must_use]
pub fn header() -> String {
    line(COLUMNS.map(str::to_owned))
}

/// A record's line, without its end.
///
/// A cell that a spreadsheet would run as a formula begins with a `'`, which spreadsheets take for "this is text".
#[must_use]
pub fn row(record: &CallRecord) -> String {
    line(cells(record))
}

/// The header and a row for each record, as a file: each line ends as RFC 4180 says.
pub fn table<'a>(records: impl IntoIterator<Item = &'a CallRecord>) -> String {
    let header = COLUMNS.map(str::to_owned);
    written(std::iter::once(header).chain(records.into_iter().map(cells)))
}

fn cells(record: &CallRecord) -> Cells {
    let members = record.members.iter();
    let callees = members.filter(|member| **member != record.caller);
    let callees: Vec<&str> = callees.map(UserId::as_str).collect();
    let (room_type, room) = match &record.room {
        Some(ReportedRoom::Known(RoomId::Number(number))) => ("number", number.to_string()),
        Some(ReportedRoom::Known(RoomId::Text(text))) => ("string", text.as_str().to_owned()),
        Some(untold) => ("unknown", untold.to_string()),
        None => ("", String::new()),
    };
    [
        record.call_id.to_string(),
        record.caller.to_string(),
        callees.join(";"),
        record.media_type.as_str().to_owned(),
        record.call_type.as_str().to_owned(),
        utc(record.start_time),
        record.accept_time.map(utc).unwrap_or_default(),
        utc(record.end_time),
        record.result.as_str().to_owned(),
        room_type.to_owned(),
        room,
    ]
}

type Cells = [String; COLUMNS.len()];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::call_record::get_record_by_filter::ListedRecord;
    use crate::input::Input;
    use crate::{CallId, CallResult, UnixSeconds};

    fn record(caller: &str, callees: &[&str]) -> CallRecord {
        let members = std::iter::once(&caller).chain(callees);
        CallRecord::new(
            CallId::new("c-1").unwrap(),
            UserId::any(caller),
            members.map(|name| UserId::any(*name)).collect(),
            CallResult::NotAnswer,
            UnixSeconds(1_700_000_000),
            UnixSeconds(u64::MAX),
        )
    }

    #[test]
    fn a_row_has_the_columns_of_the_header_and_quotes_what_must_be_quoted() {
        let mut record = record("robot", &["a \"b\",\nc", "jack the second"]);
        record.room = Some(RoomId::text("123").unwrap().into());
        assert_eq!(
            row(&record),
            "c-1,robot,\"a \"\"b\"\",\nc;jack the second\",Video,MultiCall,2023-11-14T22:13:20Z,,\
             18446744073709551615,NotAnswer,string,123"
        );
        record.members.truncate(1);
        assert_eq!(row(&record).split(',').count(), COLUMNS.len());
        assert!(header().starts_with("callId,caller,callees,"));
    }

    #[test]
    fn records_that_were_shown_and_given_back_make_the_same_table() {
        let mut known = record("=robot", &["jack the second", "12345678901234567890"]);
        known.accept_time = Some(UnixSeconds(1_700_000_001));
        known.room = Some(RoomId::number(123).unwrap().into());
        let mut text = record("robot", &["anna"]);
        text.room = Some(RoomId::text("123").unwrap().into());
        let mut untold = record("robot", &[]);
        untold.room = Some(ReportedRoom::Untold(crate::UntoldRoom {
            room_id: "12345678901234567890".parse().unwrap(),
            room_id_type: None,
        }));
        let records = [known, text, untold, record("robot", &["anna"])];
        let shown: Vec<_> = records.iter().map(ListedRecord::of).collect();
        let json = serde_json::to_string(&BTreeMap::from([("records", shown)])).unwrap();
        let mut given = Input::new(&json).properties("request").unwrap();
        let list = given.list_of::<CallRecord>("records");
        let back = given.finish(list).unwrap();
        assert_eq!(back, records);
        let table = table(&back);
        assert!(table.starts_with("callId,caller,"));
        assert_eq!(table.lines().count(), 1 + records.len());
        assert!(table.contains(",number,123\r\n") && table.contains(",string,123\r\n"));
        assert!(table.ends_with("\r\n"));
    }

    #[test]
    fn numeric_rooms_and_string_rooms_are_told_apart() {
        let mut record = record("robot", &["jack"]);
        record.room = Some(RoomId::number(123).unwrap().into());
        assert!(row(&record).ends_with(",number,123"));
        record.room = None;
        assert!(row(&record).ends_with(",,"));
    }

    #[test]
    fn no_cell_runs_as_a_formula() {
        for name in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x",
        ] {
            let mut record = record(name, &[name]);
            let text = row(&record);
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(text.as_bytes());
            let cells = reader.records().next().unwrap().unwrap();
            assert_eq!(&cells[1], format!("'{name}"));
            record.caller = UserId::any("robot");
            assert!(row(&record).contains(&format!("'{name}")), "{name}");
        }
        assert!(row(&record("a=b", &[])).contains(",a=b,"));
    }
}
