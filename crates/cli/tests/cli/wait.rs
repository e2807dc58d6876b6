use std::time::Duration;

use serde_json::Value;
use trtc_call_emulator::{Fault, FaultKind, Script, Then};

use crate::program::trtc_call;
use crate::service::Service;

/// The events as `jack ringing`, in their order.
fn events(document: &Value) -> Vec<String> {
    let event = |event: &Value| {
        format!(
            "{} {}",
            event["userId"].as_str().unwrap(),
            event["event"].as_str().unwrap()
        )
    };
    document["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(event)
        .collect()
}

#[test]
fn a_call_in_the_emulator_is_one_document_of_reply_events_and_record() {
    let run = trtc_call([
        "start",
        "--callee",
        "jack",
        "--video",
        "--room",
        "roomid-test",
        "--wait",
        "--emulator",
        "--json",
    ])
    .run()
    .exits_with(0);
    let document = run.json();
    assert_eq!(
        events(&document),
        ["jack ringing", "jack answered", "jack left"]
    );
    let times: Vec<u64> = document["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["atMs"].as_u64().unwrap())
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(document["record"]["callId"], document["reply"]["callId"]);
    assert_eq!(document["record"]["result"], "NormalEnd");
    assert_eq!(document["record"]["room"], "roomid-test");
    assert_eq!(document["record"]["mediaType"], "Video");
    assert_eq!(document.get("error"), None);
}

#[test]
fn people_see_it_ring_and_end_and_then_the_record() {
    let run = trtc_call([
        "start",
        "--callee",
        "answer-300-hangup-600",
        "--wait",
        "--emulator",
    ])
    .run()
    .exits_with(0);
    let seen = [
        "no real phone rings",
        "ringing",
        "answered",
        "left the call",
        "has ended",
    ];
    let mut rest = run.stderr.as_str();
    for words in seen {
        rest = rest
            .split_once(words)
            .unwrap_or_else(|| panic!("{words} in {run:?}"))
            .1;
    }
    assert!(
        run.stdout.contains("NormalEnd") && run.stdout.contains("talked for"),
        "{run:?}"
    );
    assert!(
        !run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'),
        "{run:?}"
    );
}

#[test]
fn nobody_answering_is_exit_code_5() {
    let run = trtc_call([
        "start",
        "--callee",
        "reject",
        "--wait",
        "--emulator",
        "--json",
    ])
    .run()
    .exits_with(5);
    let document = run.json();
    assert_eq!(events(&document), ["reject ringing", "reject unanswered"]);
    assert_eq!(document["record"]["result"], "Reject");
    assert_eq!(document["record"]["acceptTime"], Value::Null);
}

#[test]
fn an_answer_between_two_questions_is_told_by_the_record() {
    let run = trtc_call(["start", "--callee", "answer-100-hangup-100"])
        .args(&["--wait", "--emulator", "--json"])
        .run()
        .exits_with(0);
    let events = events(&run.json());
    let name = "answer-100-hangup-100";
    let expected = ["ringing", "answered", "left"].map(|event| format!("{name} {event}"));
    assert_eq!(events, expected, "{run:?}");
    assert!(!run.stderr.contains("did not answer"), "{run:?}");
}

#[test]
fn a_callee_who_cannot_be_rung_has_a_record_too() {
    let run = trtc_call([
        "start",
        "--callee",
        "offline",
        "--wait",
        "--emulator",
        "--json",
    ])
    .run()
    .exits_with(5);
    let document = run.json();
    assert_eq!(events(&document), ["offline notRung"]);
    assert_eq!(document["record"]["result"], "Offline");
}

#[test]
fn a_group_call_goes_on_until_the_last_member_leaves() {
    let service = Service::start();
    let running = service
        .client(&[
            "start",
            "--callee",
            "answer-0-hangup-3000",
            "--callee",
            "reject",
            "--wait",
            "--json",
        ])
        .start();
    service.let_the_record_come();
    let run = running.wait().exits_with(0);
    let events = events(&run.json());
    assert_eq!(
        events.last().unwrap(),
        "answer-0-hangup-3000 left",
        "{events:?}"
    );
    assert!(
        events.contains(&"reject unanswered".to_owned()),
        "{events:?}"
    );
}

#[test]
fn the_ring_timeout_is_the_services() {
    let service = Service::start();
    let running = service
        .client(&[
            "start",
            "--callee",
            "noanswer",
            "--ring-timeout",
            "40s",
            "--wait",
            "--json",
        ])
        .start();
    service.await_that("noanswer rings", |emulator| emulator.rings("noanswer") == 1);
    service.with(|emulator| emulator.advance_by(Duration::from_secs(39)));
    assert!(service.with(|emulator| emulator.calls()[0].end.is_none()));
    service.with(|emulator| emulator.advance_by(Duration::from_secs(7)));
    let document = running.wait().exits_with(5).json();
    assert_eq!(document["record"]["result"], "NotAnswer");
}

#[test]
fn ctrl_c_ends_the_call() {
    let service = Service::start();
    service.with(|emulator| {
        let after = Duration::ZERO;
        emulator.set_script(
            "jack",
            Script::Answer {
                after,
                then: Then::Stay,
            },
        );
    });
    let running = service
        .client(&["start", "--callee", "jack", "--wait", "--json"])
        .start();
    service.await_that("the call is watched", |emulator| {
        emulator.requests("get_call_info") > 0
    });
    running.interrupt();
    service.let_the_record_come();
    let run = running.wait().exits_with(0);
    assert!(run.stderr.contains("the call was ended"), "{run:?}");
    assert_eq!(
        events(&run.json()),
        ["jack ringing", "jack answered", "jack left"]
    );
    assert_eq!(service.with(|emulator| emulator.requests("end_call")), 1);
}

#[test]
fn ctrl_c_before_anybody_answers_cancels_the_call() {
    let service = Service::start();
    let running = service
        .client(&["start", "--callee", "noanswer", "--wait", "--json"])
        .start();
    service.await_that("the call is watched", |emulator| {
        emulator.requests("get_call_info") > 0
    });
    running.interrupt();
    service.let_the_record_come();
    let document = running.wait().exits_with(5).json();
    assert_eq!(document["record"]["result"], "Cancel");
}

#[test]
fn a_second_ctrl_c_quits_at_once() {
    let service = Service::start();
    service.inject(Fault::new(FaultKind::Delay(Duration::from_secs(8))).only("end_call"));
    let running = service
        .client(&["start", "--callee", "noanswer", "--wait", "--json"])
        .start();
    service.await_that("the call is watched", |emulator| {
        emulator.requests("get_call_info") > 0
    });
    running.interrupt();
    service.await_that("the call is being ended", |emulator| {
        emulator.requests("end_call") > 0
    });
    running.interrupt_again();
    let run = running.wait().exits_with(130);
    assert_eq!(events(&run.json()), ["noanswer ringing"]);
    assert!(run.stderr.contains("it may go on"), "{run:?}");
}

#[test]
fn ctrl_c_while_the_reply_is_awaited_leaves_the_outcome_unknown() {
    let service = Service::start();
    service.inject(Fault::new(FaultKind::Delay(Duration::from_secs(8))));
    let running = service
        .client(&["start", "--callee", "jack", "--json"])
        .start();
    service.await_that("jack rings", |emulator| emulator.rings("jack") == 1);
    running.interrupt();
    let document = running.wait().exits_with(4).json();
    assert_eq!(document["error"]["cause"]["code"], "cancelled");
    assert_eq!(document["error"]["attempt"]["callees"][0], "jack");
}

#[test]
fn a_call_interrupted_before_its_reply_is_ended_when_its_name_is_known() {
    let service = Service::start();
    service.inject(Fault::new(FaultKind::Delay(Duration::from_secs(2))));
    let running = service
        .client(&["start", "--callee", "noanswer", "--wait", "--json"])
        .start();
    service.await_that("the phone rings", |emulator| {
        emulator.rings("noanswer") == 1
    });
    running.interrupt();
    service.let_the_record_come();
    let document = running.wait().exits_with(5).json();
    assert_eq!(document["record"]["result"], "Cancel");
}

#[test]
fn the_watch_survives_a_while_without_the_service() {
    let service = Service::start();
    let fault = Fault::new(FaultKind::HttpStatus(502))
        .only("get_call_info")
        .times(5);
    service.inject(fault);
    let running = service
        .client(&[
            "start",
            "--callee",
            "answer-1000-hangup-3000",
            "--wait",
            "--json",
        ])
        .start();
    service.let_the_record_come();
    let run = running.wait().exits_with(0);
    assert!(run.stderr.contains("out of reach"), "{run:?}");
    assert_eq!(run.json()["record"]["result"], "NormalEnd");
}

#[test]
fn a_watch_that_is_refused_says_so_and_keeps_what_it_saw() {
    let service = Service::start();
    let refused = FaultKind::ErrorCode(trtc_call::ErrorCode(60021));
    service.inject(Fault::new(refused.clone()).only("get_call_info"));
    let arguments = ["start", "--callee", "jack", "--wait"];
    let run = service.client(&arguments).arg("--json").run().exits_with(1);
    let document = run.json();
    assert_eq!(document["error"]["errorCode"], 60021);
    assert_eq!(events(&document), ["jack ringing"]);
    assert_eq!(document["record"], Value::Null);

    service.inject(Fault::new(refused).only("get_call_info"));
    let run = service.client(&arguments).run().exits_with(1);
    assert!(run.stderr.contains("60021"), "{run:?}");
    assert!(run.stdout.contains("trtc-call end"), "{run:?}");
}
