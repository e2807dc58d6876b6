//! Every injected fault, and whether the phone rings all the same.

use std::time::Duration;

use serde_json::{Value, json};
use trtc_call_core::ErrorCode;
use trtc_call_emulator::{Alteration, Answer, Cut, Fault, FaultKind};

use super::caller::{END, LIST, RECORD, START, call_of, query};
use super::{BEGINNING, Line, envelope};

/// The answer to a call that meets the fault, and how often the phone rang.
fn spoiled(fault: Fault) -> (Answer, u64) {
    let mut line = Line::new();
    line.emulator.inject(fault);
    let answer = ring(&mut line);
    let rings = line.emulator.rings("jack");
    assert!(line.emulator.faults().is_empty(), "it is used up");
    assert_eq!(envelope(&ring(&mut line))["ErrorCode"], 0, "and over");
    (answer, rings)
}

fn ring(line: &mut Line) -> Answer {
    let path_and_query = format!("{START}?{}", query(BEGINNING));
    let body = call_of(&["jack"]).to_string();
    line.handle("POST", &path_and_query, body.as_bytes())
}

impl Line {
    /// The body that answers a request, whatever it looks like.
    fn exchange(&mut self, path: &str, body: &Value) -> Value {
        let path_and_query = format!("{path}?{}", self.query);
        let answer = self.handle("POST", &path_and_query, body.to_string().as_bytes());
        serde_json::from_slice(&answer.body).unwrap()
    }
}

/// Both settings of `takes_effect` do what they say.
fn spoiled_with_and_without_effect(kind: &FaultKind) -> [Answer; 2] {
    [true, false].map(|takes_effect| {
        let (answer, rings) = spoiled(Fault::new(kind.clone()).takes_effect(takes_effect));
        assert_eq!(rings, u64::from(takes_effect), "{kind:?}");
        answer
    })
}

#[test]
fn a_fault_of_the_reply_lets_the_phone_ring_and_a_fault_before_it_does_not() {
    let delay = FaultKind::Delay(Duration::from_secs(1));
    for (kind, expected_rings) in [
        (delay, 1),
        (FaultKind::CutBeforeReply, 1),
        (FaultKind::CutMidReply, 1),
        (FaultKind::MalformedJson, 1),
        (FaultKind::AlteredReply(Alteration::default()), 1),
        (FaultKind::ErrorCode(ErrorCode(60008)), 1),
        (FaultKind::ErrorCode(ErrorCode(60013)), 1),
        (FaultKind::ErrorCode(ErrorCode(101_001)), 1),
        (FaultKind::ErrorCode(ErrorCode(60014)), 0),
        (FaultKind::HttpStatus(502), 0),
        (FaultKind::RateLimit, 0),
    ] {
        let (_, rings) = spoiled(Fault::new(kind.clone()));
        assert_eq!(rings, expected_rings, "{kind:?}");
    }
}

#[test]
fn a_gateway_answers_with_its_status_and_a_page() {
    for answer in spoiled_with_and_without_effect(&FaultKind::HttpStatus(502)) {
        assert_eq!(answer.status, 502);
        assert_eq!(answer.content_type, "text/html");
        assert!(answer.body.starts_with(b"<html>"));
        assert_eq!(answer.error_code, None);
    }
}

#[test]
fn a_reply_has_the_headers_that_a_fault_gives_it() {
    let fault = Fault::new(FaultKind::HttpStatus(303))
        .header("Location", "https://elsewhere.example/?a=b")
        .header("Retry-After", "2")
        .takes_effect(true);
    let (answer, rings) = spoiled(fault);
    assert_eq!((answer.status, rings), (303, 1));
    let headers: Vec<_> = answer
        .headers
        .iter()
        .map(|(n, v)| format!("{n}: {v}"))
        .collect();
    assert_eq!(
        headers,
        ["Location: https://elsewhere.example/?a=b", "Retry-After: 2"]
    );
}

#[test]
fn a_reply_can_lack_what_is_documented_and_hold_what_is_not() {
    for answer in spoiled_with_and_without_effect(&FaultKind::AlteredReply(
        Alteration::default()
            .set("/ErrorInfo", Value::Null)
            .set("/Extra", json!([u64::MAX]))
            .remove("/RequestId"),
    )) {
        let reply: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer.error_code, None);
        assert_eq!(reply["ErrorInfo"], json!(null));
        assert_eq!(reply["Extra"], json!([u64::MAX]));
        assert_eq!(reply.get("RequestId"), None);
        assert_eq!(reply["ErrorCode"], 0);
    }
}

#[test]
fn records_can_be_odd_and_a_page_can_come_again() {
    let mut line = Line::new();
    let call_id = line.ring(&["busy"]);
    line.wait(5_000);
    let odd = Alteration::default()
        .set("/Response/CallRecord/CalleeList_Account", Value::Null)
        .remove("/Response/CallRecord/RoomIdType");
    line.emulator
        .inject(Fault::new(FaultKind::AlteredReply(odd)));
    let record =
        line.exchange(RECORD, &json!({ "CallId": call_id }))["Response"]["CallRecord"].clone();
    assert_eq!(record["CallId"], call_id);
    assert_eq!(record["CalleeList_Account"], Value::Null);
    assert_eq!(record.get("RoomIdType"), None);

    let first = line.exchange(LIST, &json!({}))["Response"].clone();
    let again = Alteration::default().set("/Response", first.clone());
    line.emulator.inject(
        Fault::new(FaultKind::AlteredReply(again))
            .only("get_record_by_filter")
            .times(9),
    );
    for page in [1, 2, 3] {
        let reply = line.exchange(LIST, &json!({ "Page": page }));
        assert_eq!(reply["Response"], first, "page {page}");
    }
}

#[test]
fn a_delayed_reply_is_the_real_one_or_a_service_timeout() {
    let delay = Duration::from_secs(9);
    let [served, timed_out] = spoiled_with_and_without_effect(&FaultKind::Delay(delay));
    assert_eq!(served.delay, delay);
    assert_eq!(timed_out.delay, delay);
    assert_eq!(
        envelope(&served)["Response"]["CallResult"][0]["ResultCode"],
        0
    );
    assert_eq!(envelope(&timed_out)["ErrorCode"], 60008);
}

#[test]
fn a_cut_says_where() {
    for (kind, cut) in [
        (FaultKind::CutBeforeReply, Cut::BeforeReply),
        (FaultKind::CutMidReply, Cut::MidReply),
    ] {
        for answer in spoiled_with_and_without_effect(&kind) {
            assert_eq!(answer.cut, cut);
            assert!(answer.body.len() > 2);
        }
    }
}

#[test]
fn a_malformed_reply_is_not_json() {
    for answer in spoiled_with_and_without_effect(&FaultKind::MalformedJson) {
        assert_eq!(answer.status, 200);
        assert!(serde_json::from_slice::<Value>(&answer.body).is_err());
        assert!(answer.body.starts_with(b"{\"ErrorCode\":0,"));
    }
}

#[test]
fn any_error_code_can_be_had_even_one_that_nobody_knows() {
    for code in [70052, 60021, 101_001, 4711] {
        for answer in spoiled_with_and_without_effect(&FaultKind::ErrorCode(ErrorCode(code))) {
            assert_eq!(envelope(&answer)["ErrorCode"], code);
        }
    }
}

#[test]
fn rate_limiting_is_60007() {
    for answer in spoiled_with_and_without_effect(&FaultKind::RateLimit) {
        assert_eq!(envelope(&answer)["ErrorCode"], 60007);
    }
}

#[test]
fn a_fault_of_one_command_leaves_the_others_alone() {
    let mut line = Line::new();
    line.emulator
        .inject(Fault::new(FaultKind::RateLimit).only("end_call").times(2));
    let call_id = line.ring(&["jack"]);
    let end = serde_json::json!({ "CallId": call_id });
    assert_eq!(line.send(END, &end)["ErrorCode"], 60007);
    assert_eq!(line.emulator.faults()[0].requests, 1);
    assert_eq!(line.send(END, &end)["ErrorCode"], 60007);
    assert_eq!(line.send(END, &end)["ErrorCode"], 0);
}

#[test]
fn a_request_that_would_be_refused_does_not_take_effect_whatever_the_fault_says() {
    let mut line = Line::new();
    line.emulator
        .inject(Fault::new(FaultKind::MalformedJson).takes_effect(true));
    let body = call_of(&["jack"]).to_string();
    line.handle("POST", START, body.as_bytes());
    assert_eq!(line.emulator.rings("jack"), 0);
}
