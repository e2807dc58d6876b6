//! Calls from start to record, by every script.

use std::time::Duration;

use serde_json::{Value, json};
use trtc_call_emulator::{CalleeStatus, Script, Then};

use super::caller::{END, INFO, RECORD, START, call_of};
use super::{BEGINNING, DAY, Line};

fn code(reply: &Value) -> i64 {
    reply["ErrorCode"].as_i64().unwrap()
}

/// Runs a call to its end and its record.
fn result_of(callees: &[&str]) -> String {
    let mut line = Line::new();
    let call_id = line.ring(callees);
    line.wait(60_000);
    let record = line.record(&call_id);
    record["CallResult"].as_str().unwrap().to_owned()
}

#[test]
fn jack_answers_after_1500_ms_and_hangs_up_3_s_later() {
    let mut line = Line::new();
    let call_id = line.ring(&["jack"]);
    assert_eq!(line.members(&call_id), ["robot: Calling", "jack: Waiting"]);
    line.wait(1_499);
    assert_eq!(line.members(&call_id), ["robot: Calling", "jack: Waiting"]);
    line.wait(1);
    assert_eq!(line.members(&call_id), ["robot: Calling", "jack: Calling"]);
    line.wait(2_999);
    assert_eq!(line.members(&call_id), ["robot: Calling", "jack: Calling"]);
    line.wait(1);
    assert_eq!(
        code(&line.send(INFO, &json!({ "CallId": call_id }))),
        101_004
    );
    assert_eq!(
        code(&line.send(RECORD, &json!({ "CallId": call_id }))),
        101_050
    );
    line.wait(4_999);
    assert_eq!(
        code(&line.send(RECORD, &json!({ "CallId": call_id }))),
        101_050
    );
    line.wait(1);
    let record = line.record(&call_id);
    assert_eq!(
        record,
        json!({
            "CallId": call_id,
            "Caller_Account": "robot",
            "MediaType": "Video",
            "CallType": "SingleCall",
            "StartTime": BEGINNING,
            "EndTime": BEGINNING + 4,
            "AcceptTime": BEGINNING + 1,
            "CallResult": "NormalEnd",
            "CalleeList_Account": ["robot", "jack"],
            "RoomId": "roomid-test",
            "RoomIdType": 2,
        })
    );
    assert_eq!(
        line.happened(),
        [
            "0: started robot",
            "0: ringing jack",
            "1500: answered jack",
            "4500: hung_up jack",
            "4500: ended NormalEnd",
            "9500: record_ready",
        ]
    );
}

#[test]
fn the_reply_to_a_start_names_the_call_and_what_became_of_each_callee() {
    let mut line = Line::new();
    let reply = line.send(START, &call_of(&["jack", "busy", "offline", "reject"]));
    let results = &reply["Response"]["CallResult"];
    assert_eq!(
        results,
        &json!([
            { "Callee_Account": "jack", "ResultCode": 0 },
            { "Callee_Account": "busy", "ResultCode": 1 },
            { "Callee_Account": "offline", "ResultCode": 2 },
            { "Callee_Account": "reject", "ResultCode": 0 },
        ])
    );
    assert_eq!(reply["Response"]["CallId"].as_str().unwrap().len(), 36);
    for (user, rings) in [
        ("jack", 1),
        ("busy", 0),
        ("offline", 0),
        ("reject", 1),
        ("bob", 0),
    ] {
        assert_eq!(line.emulator.rings(user), rings, "{user}");
    }
}

#[test]
fn a_request_sent_twice_rings_twice() {
    let mut line = Line::new();
    let first = line.ring(&["jack"]);
    let second = line.ring(&["jack"]);
    assert_ne!(first, second);
    assert_eq!(line.emulator.rings("jack"), 2);
    assert_eq!(line.emulator.requests("start_call_by_robot"), 2);
}

#[test]
fn every_result_of_a_record_can_be_had() {
    assert_eq!(result_of(&["jack"]), "NormalEnd");
    assert_eq!(result_of(&["reject"]), "Reject");
    assert_eq!(result_of(&["noanswer"]), "NotAnswer");
    assert_eq!(result_of(&["busy"]), "CallBusy");
    assert_eq!(result_of(&["offline"]), "Offline");
    assert_eq!(result_of(&["answer-100-drop-100"]), "Interrupt");
    assert_eq!(result_of(&["busy", "noanswer", "reject"]), "NotAnswer");
    assert_eq!(result_of(&["busy", "offline"]), "Offline");
    assert_eq!(result_of(&["noanswer", "jack", "reject"]), "NormalEnd");

    let mut line = Line::new();
    let call_id = line.ring(&["noanswer"]);
    line.wait(1_000);
    assert_eq!(code(&line.send(END, &json!({ "CallId": call_id }))), 0);
    line.wait(5_000);
    let record = line.record(&call_id);
    assert_eq!(record["CallResult"], "Cancel");
    assert_eq!(record["AcceptTime"], 0);
    assert_eq!(record["EndTime"], BEGINNING + 1);
}

#[test]
fn an_answered_call_that_is_ended_is_a_normal_end_and_nothing_happens_after_it() {
    let mut line = Line::new();
    let call_id = line.ring(&["jack", "noanswer"]);
    line.wait(2_000);
    let reply = line.send(END, &json!({ "CallId": call_id }));
    assert_eq!(code(&reply), 0);
    assert!(reply.get("Response").is_none());
    assert_eq!(
        code(&line.send(END, &json!({ "CallId": call_id }))),
        101_004
    );
    let statuses: Vec<CalleeStatus> = line.emulator.calls()[0]
        .callees
        .iter()
        .map(|callee| callee.status)
        .collect();
    assert_eq!(statuses, [CalleeStatus::Ended, CalleeStatus::Cancelled]);
    line.wait(60_000);
    assert_eq!(
        line.happened()[3..],
        [
            "1500: answered jack",
            "2000: ended NormalEnd",
            "7000: record_ready"
        ]
    );
    assert_eq!(line.record(&call_id)["CallResult"], "NormalEnd");
}

#[test]
fn phones_ring_until_the_timeout_and_then_the_call_ends() {
    let mut line = Line::new();
    let call_id = line.ring(&["noanswer"]);
    line.wait(29_999);
    assert_eq!(
        line.members(&call_id),
        ["robot: Calling", "noanswer: Waiting"]
    );
    line.wait(1);
    assert_eq!(
        code(&line.send(INFO, &json!({ "CallId": call_id }))),
        101_004
    );
    assert_eq!(
        line.happened()[2..],
        ["30000: not_answered noanswer", "30000: ended NotAnswer"]
    );
}

#[test]
fn who_would_answer_at_the_timeout_or_later_is_too_late() {
    for (name, result) in [
        ("answer-29999-hangup-1", "NormalEnd"),
        ("answer-30000-hangup-1", "NotAnswer"),
        ("answer-31000-hangup-1", "NotAnswer"),
    ] {
        assert_eq!(result_of(&[name]), result, "{name}");
    }
}

#[test]
fn a_group_call_goes_on_until_the_last_callee_has_left() {
    let mut line = Line::new();
    let call_id = line.ring(&[
        "answer-1000-hangup-1000",
        "answer-500",
        "reject",
        "noanswer",
    ]);
    line.wait(1_200);
    assert_eq!(
        line.members(&call_id),
        [
            "robot: Calling",
            "answer-1000-hangup-1000: Calling",
            "answer-500: Calling",
            "noanswer: Waiting",
        ]
    );
    line.wait(59_000);
    assert_eq!(
        line.members(&call_id),
        ["robot: Calling", "answer-500: Calling"]
    );
    line.send(END, &json!({ "CallId": call_id }));
    line.wait(5_000);
    let record = line.record(&call_id);
    assert_eq!(record["CallType"], "MultiCall");
    assert_eq!(record["CalleeList_Account"].as_array().unwrap().len(), 5);
    assert_eq!(record["AcceptTime"], BEGINNING);
}

#[test]
fn a_call_that_nobody_can_be_rung_for_ends_at_once() {
    let mut line = Line::new();
    let call_id = line.ring(&["busy"]);
    assert_eq!(
        code(&line.send(INFO, &json!({ "CallId": call_id }))),
        101_004
    );
    assert_eq!(
        line.happened(),
        ["0: started robot", "0: busy busy", "0: ended CallBusy"]
    );
}

#[test]
fn the_room_is_reported_as_it_was_given() {
    let mut line = Line::new();
    for (call_info, id, id_type) in [
        (json!({ "MediaType": "Audio" }), "", 0),
        (
            json!({ "MediaType": "Audio", "RoomId": "123", "RoomIdType": 1 }),
            "123",
            1,
        ),
        (
            json!({ "MediaType": "Audio", "RoomId": "123", "RoomIdType": 2 }),
            "123",
            2,
        ),
    ] {
        let mut body = call_of(&["jack"]);
        body["CallInfo"] = call_info;
        let reply = line.send(START, &body);
        let call_id = reply["Response"]["CallId"].as_str().unwrap().to_owned();
        let info = line.send(INFO, &json!({ "CallId": call_id }));
        let expected = json!({
            "CallId": call_id,
            "MediaType": "Audio",
            "ChatGroupId": "",
            "RoomId": id,
            "RoomIdType": id_type,
        });
        assert_eq!(info["Response"]["CallInfo"], expected);
        line.wait(20_000);
        let record = line.record(&call_id);
        assert_eq!(record["RoomId"], id);
        assert_eq!(record["RoomIdType"], id_type);
    }
}

#[test]
fn a_script_that_was_set_goes_before_the_name() {
    let mut line = Line::new();
    line.emulator.set_script("jack", Script::Busy);
    line.ring(&["jack"]);
    assert_eq!(line.emulator.rings("jack"), 0);
    let script = Script::Answer {
        after: Duration::ZERO,
        then: Then::HangUp(Duration::ZERO),
    };
    line.emulator.set_script("busy", script);
    line.ring(&["busy"]);
    line.wait(0);
    assert_eq!(
        line.happened()[5..],
        ["0: answered busy", "0: hung_up busy", "0: ended NormalEnd"]
    );
    line.emulator.clear_script("jack");
    line.ring(&["jack"]);
    assert_eq!(line.emulator.rings("jack"), 1);
}

#[test]
fn a_script_that_is_set_later_does_not_change_a_call_that_rings() {
    let mut line = Line::new();
    line.ring(&["jack"]);
    line.emulator.set_script("jack", Script::NoAnswer);
    line.wait(1_500);
    assert_eq!(line.happened()[2..], ["1500: answered jack"]);
}

#[test]
fn a_jump_lets_everything_in_between_happen_in_order() {
    let mut line = Line::new();
    line.ring(&["jack", "reject", "noanswer"]);
    line.emulator.advance_by(Duration::from_secs(600));
    assert_eq!(
        line.happened()[4..],
        [
            "1000: rejected reject",
            "1500: answered jack",
            "4500: hung_up jack",
            "30000: not_answered noanswer",
            "30000: ended NormalEnd",
            "35000: record_ready",
        ]
    );
    assert_eq!(line.emulator.now().0, line.now.0 + 600_000);
    line.ring(&["jack"]);
    assert_eq!(line.happened()[10], "600000: started robot");
}

#[test]
fn it_makes_no_difference_how_often_the_shell_calls() {
    let mut often = Line::new();
    let mut seldom = Line::new();
    let callees = ["jack", "reject", "answer-7-drop-11", "noanswer"];
    often.ring(&callees);
    seldom.ring(&callees);
    for _ in 0..1_000 {
        often.wait(40);
    }
    seldom.wait(40_000);
    assert_eq!(often.happened(), seldom.happened());
    assert_eq!(often.emulator.calls(), seldom.emulator.calls());
}

#[test]
fn the_next_due_event_is_told_in_the_shells_time() {
    let mut line = Line::new();
    assert_eq!(line.emulator.next_due(), None);
    line.emulator.advance_by(Duration::from_secs(100));
    line.ring(&["jack"]);
    assert_eq!(line.emulator.next_due().unwrap().0, line.now.0 + 1_500);
    line.wait(1_500);
    assert_eq!(line.emulator.next_due().unwrap().0, line.now.0 + 3_000);
}

#[test]
fn a_record_is_kept_for_7_days() {
    let mut line = Line::new();
    let call_id = line.ring(&["busy"]);
    line.emulator.advance_by(7 * DAY - Duration::from_millis(1));
    assert!(line.emulator.call(&call_id).unwrap().has_record);
    line.wait(1);
    assert_eq!(line.emulator.call(&call_id), None);
    assert!(line.emulator.calls().is_empty());
}

#[test]
fn calls_are_listed_in_the_order_of_their_start() {
    let mut line = Line::new();
    let call_ids: Vec<String> = (0..20).map(|_| line.ring(&["jack"])).collect();
    let listed: Vec<&str> = line
        .emulator
        .calls()
        .iter()
        .map(|call| call.call_id.as_str())
        .collect();
    assert_eq!(listed, call_ids);
}
