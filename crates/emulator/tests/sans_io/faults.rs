//! Every injected fault, and whether the phone rings all the same.

use std::time::Duration;

use serde_json::Value;
use trtc_call_core::ErrorCode;
use trtc_call_emulator::{Answer, Cut, Fault, FaultKind};

use super::caller::{END, START, call_of, query};
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
