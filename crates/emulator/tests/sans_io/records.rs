//! The list of records: filters, pages, and how long a record is kept.

use std::time::Duration;

use serde_json::{Value, json};

use super::caller::{LIST, START};
use super::{BEGINNING, DAY, Line};

/// A line on which calls were made, `seconds` apart, each over after 6 s at the latest.
fn line_with_calls(callees: &[&[&str]], seconds: u64) -> (Line, Vec<String>) {
    let mut line = Line::new();
    let call_ids = callees
        .iter()
        .map(|callees| {
            let call_id = line.ring(callees);
            line.wait(seconds * 1000);
            call_id
        })
        .collect();
    (line, call_ids)
}

fn code(line: &mut Line, body: &Value) -> i64 {
    line.send(LIST, body)["ErrorCode"].as_i64().unwrap()
}

fn page(line: &mut Line, body: &Value) -> (u64, u64, Vec<String>) {
    let reply = line.send(LIST, body);
    assert_eq!(reply["ErrorCode"], 0, "{reply}");
    let response = &reply["Response"];
    let records = response["CallRecordList"].as_array().unwrap().iter();
    (
        response["TotalNum"].as_u64().unwrap(),
        response["Page"].as_u64().unwrap(),
        records
            .map(|record| record["CallId"].as_str().unwrap().to_owned())
            .collect(),
    )
}

fn listed(line: &mut Line, body: &Value) -> Vec<String> {
    page(line, body).2
}

#[test]
fn the_first_page_holds_the_latest_10_and_what_get_record_by_callid_tells() {
    let callees: Vec<&[&str]> = vec![&["busy"]; 12];
    let (mut line, mut call_ids) = line_with_calls(&callees, 10);
    call_ids.reverse();
    let (total, number, first) = page(&mut line, &json!({}));
    assert_eq!((total, number), (12, 1));
    assert_eq!(first, call_ids[..10]);
    let (total, number, second) = page(&mut line, &json!({ "Page": 2 }));
    assert_eq!((total, number), (12, 2));
    assert_eq!(second, call_ids[10..]);
    let reply = line.send(LIST, &json!({ "NumberPerPage": 1 }));
    let listed = reply["Response"]["CallRecordList"][0].clone();
    assert_eq!(listed, line.record(&call_ids[0]));
}

#[test]
fn behind_the_last_page_there_is_page_0_and_without_any_record_101050() {
    let (mut line, _) = line_with_calls(&[&["busy"], &["busy"]], 10);
    let behind = json!({ "NumberPerPage": 2, "Page": 2 });
    assert_eq!(page(&mut line, &behind), (2, 0, vec![]));
    let largest = json!({ "NumberPerPage": u32::MAX, "Page": u32::MAX });
    assert_eq!(page(&mut line, &largest), (2, 0, vec![]));
    assert_eq!(code(&mut line, &json!({ "CallResult": "Cancel" })), 101_050);
    assert_eq!(code(&mut Line::new(), &json!({})), 101_050);
}

#[test]
fn every_filter_leaves_out_what_it_should() {
    let (mut line, ids) =
        line_with_calls(&[&["busy"], &["jack"], &["jack", "rose"], &["reject"]], 100);
    let now = BEGINNING + 400;
    for (filter, expected) in [
        (json!({ "CallResult": "CallBusy" }), vec![&ids[0]]),
        (json!({ "CallResult": "Reject" }), vec![&ids[3]]),
        (json!({ "CallResult": "NormalEnd" }), vec![&ids[2], &ids[1]]),
        (json!({ "CallType": "MultiCall" }), vec![&ids[2]]),
        (
            json!({ "CallType": "SingleCall" }),
            vec![&ids[3], &ids[1], &ids[0]],
        ),
        (
            json!({ "CallResult": "NormalEnd", "CallType": "SingleCall" }),
            vec![&ids[1]],
        ),
        (
            json!({ "StartTime": BEGINNING + 200 }),
            vec![&ids[3], &ids[2]],
        ),
        (json!({ "StartTime": BEGINNING + 201 }), vec![&ids[3]]),
        (json!({ "EndTime": BEGINNING + 99 }), vec![&ids[0]]),
        (
            json!({ "StartTime": BEGINNING + 100, "EndTime": BEGINNING + 204 }),
            vec![&ids[2], &ids[1]],
        ),
        (
            json!({ "StartTime": 0, "EndTime": now }),
            vec![&ids[3], &ids[2], &ids[1], &ids[0]],
        ),
    ] {
        assert_eq!(
            listed(&mut line, &filter),
            expected.into_iter().cloned().collect::<Vec<_>>(),
            "{filter}"
        );
    }
}

#[test]
fn a_call_is_listed_5_s_after_its_end_and_not_before() {
    let mut line = Line::new();
    let call_id = line.ring(&["busy"]);
    line.wait(4_999);
    assert_eq!(code(&mut line, &json!({})), 101_050);
    line.wait(1);
    assert_eq!(listed(&mut line, &json!({})), [call_id]);
}

#[test]
fn a_call_is_listed_for_7_days_and_an_earlier_start_is_moved_there() {
    let mut line = Line::new();
    let call_id = line.ring(&["busy"]);
    // The UserSig of a `Line` does not last that long.
    line.emulator.advance_by(7 * DAY - Duration::from_millis(1));
    line.query = super::query(BEGINNING + 7 * 24 * 3600 - 60);
    assert_eq!(listed(&mut line, &json!({ "StartTime": 1 })), [call_id]);
    line.wait(1);
    assert_eq!(code(&mut line, &json!({})), 101_050);
}

#[test]
fn an_end_in_the_future_and_a_start_behind_the_end_are_no_mistakes() {
    let (mut line, ids) = line_with_calls(&[&["busy"]], 10);
    let later = json!({ "EndTime": BEGINNING + 30 * 24 * 3600 });
    assert_eq!(listed(&mut line, &later), ids);
    let never = json!({ "StartTime": BEGINNING + 60, "EndTime": BEGINNING });
    assert_eq!(code(&mut line, &never), 101_050);
}

#[test]
fn every_rule_of_the_filter_is_checked_and_101002_names_the_field() {
    let (mut line, _) = line_with_calls(&[&["busy"]], 10);
    for (body, field) in [
        (json!({ "StartTime": "yesterday" }), "StartTime"),
        (json!({ "StartTime": -1 }), "StartTime"),
        (json!({ "StartTime": 1.5 }), "StartTime"),
        (json!({ "EndTime": null }), "EndTime"),
        (json!({ "CallResult": 1 }), "CallResult"),
        (json!({ "CallType": [] }), "CallType"),
        (json!({ "NumberPerPage": 0 }), "NumberPerPage"),
        (json!({ "NumberPerPage": "10" }), "NumberPerPage"),
        (json!({ "Page": 0 }), "Page"),
        (json!({ "Page": u64::MAX }), "Page"),
    ] {
        let reply = line.send(LIST, &body);
        assert_eq!(reply["ErrorCode"], 101_002, "{body}");
        let info = reply["ErrorInfo"].as_str().unwrap();
        assert!(info.starts_with(&format!("{field}: ")), "{info}");
    }
}

#[test]
fn a_word_that_no_record_has_finds_nothing_and_is_not_refused() {
    let (mut line, _) = line_with_calls(&[&["busy"]], 10);
    for body in [
        json!({ "CallResult": "Bored" }),
        json!({ "CallType": "singlecall" }),
    ] {
        assert_eq!(code(&mut line, &body), 101_050, "{body}");
    }
}

#[test]
fn the_list_has_a_rate_limit_of_its_own() {
    let (mut line, _) = line_with_calls(&[&["busy"]], 10);
    for _ in 0..200 {
        listed(&mut line, &json!({}));
    }
    assert_eq!(code(&mut line, &json!({})), 60007);
    let call = super::caller::call_of(&["jack"]);
    assert_eq!(line.send(START, &call)["ErrorCode"], 0);
}
