//! Rings as comma-separated values (RFC 4180), as spreadsheets open them.

use super::Ring;
use crate::call_session::Failure;
use crate::spreadsheet::{line, utc};
use crate::{CallId, UnixMillis, UserId};

/// The names of the columns. `callees` are joined by `;`. Times are in UTC, by the second.
pub const COLUMNS: [&str; 15] = [
    "line",
    "key",
    "callees",
    "attempt",
    "state",
    "sentAt",
    "settledAt",
    "callId",
    "requestId",
    "evidence",
    "failure",
    "failureMessage",
    "callResult",
    "answeredAt",
    "data",
];

/// The first line, without its end.
#[must_use]
pub fn header() -> String {
    line(COLUMNS.map(str::to_owned))
}

/// A ring's line, without its end.
///
/// A cell that a spreadsheet would run as a formula begins with a `'`, which spreadsheets take for "this is text".
#[must_use]
pub fn row(ring: &Ring) -> String {
    let callees = ring.call.callees();
    let callees: Vec<&str> = callees.iter().map(UserId::as_str).collect();
    let time = |at: Option<UnixMillis>| at.map(|at| utc(at.seconds())).unwrap_or_default();
    let failure =
        |part: fn(&Failure) -> String| ring.failure.as_ref().map(part).unwrap_or_default();
    line([
        ring.line.map(|line| line.to_string()).unwrap_or_default(),
        ring.key.to_string(),
        callees.join(";"),
        ring.attempt.to_string(),
        ring.state.to_string(),
        time(ring.sent_at),
        time(ring.settled_at),
        ring.call_id
            .as_ref()
            .map(CallId::to_string)
            .unwrap_or_default(),
        ring.request_id.clone().unwrap_or_default(),
        ring.evidence
            .map(|evidence| evidence.to_string())
            .unwrap_or_default(),
        failure(|failure| failure.code.to_string()),
        failure(|failure| failure.message.clone()),
        ring.call_result
            .as_ref()
            .map(|result| result.as_str().to_owned())
            .unwrap_or_default(),
        ring.answered_at.map(utc).unwrap_or_default(),
        ring.data
            .as_ref()
            .map(|data| data.as_str().to_owned())
            .unwrap_or_default(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_engine::start_call_by_robot::Request;
    use crate::ring_ledger::{NewRing, RingKey};
    use crate::{MediaType, SdkAppId};

    #[test]
    fn a_row_has_the_columns_of_the_header_and_runs_no_formula() {
        let call = Request::builder("robot", ["jack", "jill"], MediaType::Audio)
            .build()
            .unwrap();
        let mut new = NewRing::new(RingKey::new("=1+1, \"so\"").unwrap(), call);
        new.line = Some(7);
        new.data = Some(r#"{"a":1}"#.parse().unwrap());
        let mut ring = Ring::new(SdkAppId::new(7).unwrap(), new, UnixMillis(0));
        ring.sent_at = Some(UnixMillis(1_700_000_000_999));
        let text = format!("{}\r\n{}", header(), row(&ring));
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let cells = reader.records().next().unwrap().unwrap();
        assert_eq!(&cells[0], "7");
        assert_eq!(&cells[1], "'=1+1, \"so\"");
        assert_eq!(
            (&cells[2], &cells[4], &cells[5]),
            ("jack;jill", "queued", "2023-11-14T22:13:20Z")
        );
        assert_eq!(&cells[14], r#"{"a":1}"#);
    }
}
