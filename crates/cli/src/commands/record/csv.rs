//! Records as comma-separated values (RFC 4180). Values are exact: a spreadsheet may take one that begins
//! with `=` for a formula.

use trtc_call::{CallRecord, RoomId, UnixSeconds, UserId};

/// The names of the columns.
pub(super) const HEADER: &str =
    "callId,caller,callees,mediaType,callType,startTime,acceptTime,endTime,result,roomType,room";

/// One record. Callees are divided by spaces; times are in UTC.
pub(super) fn row(record: &CallRecord) -> String {
    let callees = record
        .members
        .iter()
        .filter(|member| **member != record.caller);
    let callees: Vec<&str> = callees.map(UserId::as_str).collect();
    let (room_type, room) = match &record.room {
        Some(RoomId::Number(number)) => ("number", number.to_string()),
        Some(RoomId::Text(text)) => ("string", text.as_str().to_owned()),
        None => ("", String::new()),
    };
    [
        record.call_id.as_str(),
        record.caller.as_str(),
        &callees.join(" "),
        record.media_type.as_str(),
        record.call_type.as_str(),
        &utc(record.start_time),
        &record.accept_time.map(utc).unwrap_or_default(),
        &utc(record.end_time),
        record.result.as_str(),
        room_type,
        &room,
    ]
    .map(cell)
    .join(",")
}

/// RFC 3339, and plain Unix seconds where no calendar reaches.
fn utc(moment: UnixSeconds) -> String {
    let timestamp = i64::try_from(moment.0).ok();
    match timestamp.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()) {
        Some(timestamp) => timestamp.to_string(),
        None => moment.to_string(),
    }
}

fn cell(text: &str) -> String {
    if text.contains(['"', ',', '\r', '\n']) || text != text.trim() {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use trtc_call::{CallId, CallResult};

    use super::*;

    fn record() -> CallRecord {
        let member = |name: &str| UserId::any(name);
        CallRecord::new(
            CallId::new("c-1").unwrap(),
            member("robot"),
            vec![member("robot"), member("a \"b\",\nc"), member("jack")],
            CallResult::NotAnswer,
            UnixSeconds(1_700_000_000),
            UnixSeconds(u64::MAX),
        )
    }

    #[test]
    fn a_row_has_the_columns_of_the_header_and_quotes_what_must_be_quoted() {
        let mut record = record();
        record.room = Some(RoomId::text("123").unwrap());
        assert_eq!(
            row(&record),
            "c-1,robot,\"a \"\"b\"\",\nc jack\",Video,MultiCall,2023-11-14T22:13:20Z,,18446744073709551615,NotAnswer,string,123"
        );
        record.members.truncate(1);
        assert_eq!(row(&record).split(',').count(), HEADER.split(',').count());
    }

    #[test]
    fn numeric_rooms_and_string_rooms_are_told_apart() {
        let mut record = record();
        record.room = Some(RoomId::number(123).unwrap());
        assert!(row(&record).ends_with(",number,123"));
        record.room = None;
        assert!(row(&record).ends_with(",,"));
    }
}
