use trtc_call::ErrorCode;
use trtc_call_emulator::{Fault, FaultKind};

use crate::program::trtc_call;
use crate::service::{Service, always, nobody, program_for};

#[test]
fn a_started_call_rings_once_and_its_name_is_printed() {
    let service = Service::start();
    let run = service
        .client(&[
            "start",
            "--callee",
            "jack",
            "--video",
            "--room",
            "roomid-test",
        ])
        .run()
        .exits_with(0);
    let call_id = service.with(|emulator| emulator.calls()[0].call_id.clone());
    assert!(run.stdout.contains(&format!("Call {call_id}")), "{run:?}");
    assert!(run.stdout.contains("trtc-call status"), "{run:?}");
    assert_eq!(service.with(|emulator| emulator.rings("jack")), 1);
}

#[test]
fn the_reply_is_one_json_document() {
    let service = Service::start();
    let run = service
        .client(&[
            "start", "--callee", "jack", "--callee", "jill", "--audio", "--json",
        ])
        .run()
        .exits_with(0);
    let reply = &run.json()["reply"];
    assert!(
        reply["requestId"].as_str().unwrap().starts_with("Id-"),
        "{reply}"
    );
    assert!(reply["callId"].is_string());
    assert_eq!(reply["callees"][1]["userId"], "jill");
    assert_eq!(reply["callees"][1]["resultCode"], 0);
}

#[test]
fn nobody_rung_is_exit_code_5() {
    let service = Service::start();
    let run = service
        .client(&["start", "--callee", "offline"])
        .run()
        .exits_with(5);
    assert!(run.stderr.contains("offline could not be rung"), "{run:?}");
}

#[test]
fn some_rung_is_exit_code_0_and_says_who_was_not() {
    let service = Service::start();
    let arguments = ["start", "--callee", "jack", "--callee", "busy-bee"];
    let run = service.client(&arguments).run().exits_with(0);
    assert!(run.stderr.contains("busy-bee could not be rung"), "{run:?}");
    assert!(!run.stderr.contains("jack"), "{run:?}");
}

#[test]
fn a_refused_call_is_exit_code_1() {
    let service = Service::start();
    service.inject(Fault::new(FaultKind::ErrorCode(ErrorCode(60020))));
    let run = service
        .client(&["start", "--callee", "jack", "--json"])
        .run()
        .exits_with(1);
    let error = &run.json()["error"];
    assert_eq!(error["kind"], "server");
    assert_eq!(error["code"], "package_expired");
    assert_eq!(error["errorCode"], 60020);
    assert_eq!(error["mayHaveRung"], false);
    assert_eq!(error["retryable"], false);
    assert_eq!(service.with(|emulator| emulator.rings("jack")), 0);
}

#[test]
fn a_call_whose_reply_is_lost_is_exit_code_4_and_rings_once() {
    for kind in [
        FaultKind::CutBeforeReply,
        FaultKind::CutMidReply,
        FaultKind::MalformedJson,
        // What boxes on the way answer after they have passed the request on.
        FaultKind::HttpStatus(499),
        FaultKind::HttpStatus(303),
        FaultKind::HttpStatus(403),
    ] {
        let service = Service::start();
        service.inject(Fault::new(kind.clone()).takes_effect(true));
        let arguments = ["start", "--callee", "jack", "--room", "lobby", "--json"];
        let run = service.client(&arguments).run().exits_with(4);
        let error = &run.json()["error"];
        assert_eq!(error["kind"], "outcome_unknown", "{kind:?}");
        assert_eq!(error["mayHaveRung"], true);
        assert_eq!(error["retryable"], false);
        assert_eq!(error["attempt"]["callees"][0], "jack");
        assert_eq!(error["attempt"]["room"], "lobby");
        assert!(error["sentAt"].is_u64());
        assert!(error["cause"]["code"].is_string());
        // What was stored of it, a program in Rust reads, and writes as it was.
        let read: trtc_call::OutcomeUnknown = serde_json::from_value(error.clone()).unwrap();
        let written = serde_json::to_value(read).unwrap();
        for (name, value) in written.as_object().unwrap() {
            assert_eq!(*value, error[name], "{name}");
        }
        assert_eq!(
            service.with(|emulator| emulator.rings("jack")),
            1,
            "{kind:?}"
        );
    }
}

#[test]
fn people_are_told_that_the_phone_may_have_rung() {
    let service = Service::start();
    service.inject(Fault::new(FaultKind::ErrorCode(ErrorCode(60008))));
    let run = service
        .client(&["start", "--callee", "jack"])
        .run()
        .exits_with(4);
    assert!(run.stderr.contains("the phone may have rung"), "{run:?}");
    assert!(run.stderr.contains("was not sent again"), "{run:?}");
    assert!(run.stderr.contains("60008"), "{run:?}");
}

#[test]
fn a_call_that_certainly_did_not_ring_is_exit_code_3() {
    let run = program_for(&nobody(), &["start", "--callee", "jack"])
        .run()
        .exits_with(3);
    assert!(run.stderr.contains("safe to try again"), "{run:?}");
    assert!(!run.stderr.contains("may have rung"), "{run:?}");
}

#[test]
fn every_broken_rule_is_told_at_once_in_the_words_of_the_command_line() {
    let run = trtc_call([
        "start",
        "--robot",
        "ro bot",
        "--callee",
        "jack",
        "--callee",
        "jack smith",
        "--callee",
        "jack",
        "--room-number",
        "0",
        "--ring-timeout",
        "5s",
        "--user-data",
        &"x".repeat(1001),
        "--json",
    ])
    .run()
    .exits_with(2);
    let document = run.json();
    let problems = document["error"]["problems"].as_array().unwrap();
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "--robot",
            "--callee jack smith",
            "--callee jack",
            "--ring-timeout",
            "--user-data",
            "--room-number",
            "--sdkappid",
            "secret key",
            "--admin",
            "--region"
        ]
    );
    assert!(
        problems[0]["fix"]
            .as_str()
            .unwrap()
            .contains("--allow-any-user-id")
    );
    assert!(
        !problems[2]["fix"]
            .as_str()
            .unwrap()
            .contains("--allow-any-user-id")
    );
}

#[test]
fn names_outside_the_rule_need_to_be_asked_for() {
    let arguments = [
        "start",
        "--callee",
        "jack.smith@example",
        "--dry-run",
        "--json",
    ];
    program_for("https://b.example", &arguments)
        .run()
        .exits_with(2);
    let run = program_for("https://b.example", &arguments)
        .arg("--allow-any-user-id")
        .run()
        .exits_with(0);
    assert_eq!(
        run.json()["body"]["CalleeList_Account"][0],
        "jack.smith@example"
    );
}

#[test]
fn a_dry_run_shows_the_request_without_sending_it_and_without_the_user_sig() {
    let service = Service::start();
    let arguments = [
        "start",
        "--callee",
        "jack",
        "--robot",
        "operator",
        "--audio",
        "--room-number",
        "123",
        "--ring-timeout",
        "1m 30s",
        "--user-data",
        "hello",
        "--dry-run",
    ];
    let run = service.client(&arguments).arg("--json").run().exits_with(0);
    let document = run.json();
    assert_eq!(document["method"], "POST");
    assert_eq!(document["headers"]["content-type"], "application/json");
    let url = document["url"].as_str().unwrap();
    assert!(
        url.contains("/v4/call_engine_http_srv/start_call_by_robot?"),
        "{url}"
    );
    assert!(url.contains("&usersig=(hidden)&random="), "{url}");
    let expected = serde_json::json!({
        "Robot_Account": "operator",
        "CalleeList_Account": ["jack"],
        "Timeout": 90_000,
        "UserData": "hello",
        "CallInfo": { "MediaType": "Audio", "RoomId": "123", "RoomIdType": 1 },
    });
    assert_eq!(document["body"], expected);

    let run = service.client(&arguments).run().exits_with(0);
    assert!(run.stdout.starts_with("POST http://127.0.0.1:"), "{run:?}");
    assert!(run.stdout.contains("usersig=(hidden)"), "{run:?}");
    assert!(
        run.stdout.contains("\"Robot_Account\": \"operator\""),
        "{run:?}"
    );
    assert_eq!(
        service.with(|emulator| emulator.requests("start_call_by_robot")),
        0
    );
}

#[test]
fn a_dry_run_tells_what_the_account_lacks() {
    let run = trtc_call(["start", "--callee", "jack", "--dry-run"])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("TRTC_SECRET_KEY"), "{run:?}");
}

#[test]
fn a_dry_run_with_the_emulator_needs_no_account_and_no_network() {
    let run = trtc_call([
        "start",
        "--callee",
        "jack",
        "--dry-run",
        "--emulator",
        "--json",
    ])
    .run()
    .exits_with(0);
    assert!(
        run.json()["url"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
}

#[test]
fn a_numeric_looking_string_room_stays_a_string_room() {
    let run = program_for(
        "https://b.example",
        &[
            "start",
            "--callee",
            "jack",
            "--room",
            "123",
            "--dry-run",
            "--json",
        ],
    )
    .run()
    .exits_with(0);
    assert_eq!(run.json()["body"]["CallInfo"]["RoomIdType"], 2);
}

#[test]
fn what_the_service_writes_cannot_steer_the_terminal() {
    let base_url = always(
        r#"{"ErrorCode":101002,"ErrorInfo":"\u001b]0;owned\u0007\u009b31m\nfake line","ActionStatus":"FAIL","RequestId":"Id-\u001b[2J"}"#,
    );
    let run = program_for(&base_url, &["start", "--callee", "jack"])
        .run()
        .exits_with(1);
    assert!(run.stderr.contains("owned"), "{run:?}");
    assert!(
        !run.stderr.contains(['\u{1b}', '\u{7}', '\u{9b}']),
        "{run:?}"
    );
    assert!(!run.stderr.contains("\nfake line"), "{run:?}");

    let base_url = always(
        r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-\u001b[2J","Response":{"CallId":"c\u001b[31m","CallResult":[{"Callee_Account":"\u001b[1mjack","ResultCode":0}]}}"#,
    );
    let run = program_for(&base_url, &["start", "--callee", "jack"])
        .run()
        .exits_with(0);
    assert!(run.stdout.contains(r"\u{1b}[1mjack"), "{run:?}");
    assert!(
        !run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'),
        "{run:?}"
    );
}

#[test]
fn a_reply_without_a_call_id_is_told() {
    let base_url =
        always(r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#);
    let run = program_for(&base_url, &["start", "--callee", "jack"])
        .run()
        .exits_with(0);
    assert!(run.stdout.contains("gave no CallId"), "{run:?}");
    let run = program_for(
        &base_url,
        &["start", "--callee", "jack", "--wait", "--json"],
    )
    .run()
    .exits_with(4);
    assert!(run.stderr.contains("cannot be watched"), "{run:?}");
    assert_eq!(run.json()["record"], serde_json::Value::Null);
}

#[test]
fn an_emulator_that_is_gone_is_not_to_be_asked() {
    let run = trtc_call(["start", "--callee", "jack", "--emulator"]).run();
    let run = run.exits_with(0);
    assert!(run.stdout.contains("Call "), "{run:?}");
    assert!(!run.stdout.contains("trtc-call"), "{run:?}");
}
