use serde_json::json;
use trtc_call_emulator::{Fault, FaultKind};

use crate::service::Service;

#[test]
fn a_callback_is_set_shown_replaced_and_deleted() {
    let service = Service::start();
    let run = service.client(&["callback", "get"]).run().exits_with(0);
    assert!(run.stdout.contains("No webhooks are sent"), "{run:?}");
    let run = service
        .client(&["callback", "get", "--json"])
        .run()
        .exits_with(0);
    let nothing = json!({ "requestId": null, "configured": false, "url": null, "commands": [] });
    assert_eq!(run.json(), nothing);

    let url = "https://example.com/calls?tenant=5";
    let run = service
        .client(&["callback", "set", url])
        .run()
        .exits_with(0);
    assert!(run.stdout.contains(url), "{run:?}");
    assert_eq!(run.stderr, "");
    let run = service
        .client(&["callback", "get", "--json"])
        .run()
        .exits_with(0);
    let document = run.json();
    assert_eq!(document["configured"], true);
    assert_eq!(document["url"], url);
    let all = [
        "Call.CallbackAfterStartCall",
        "Call.CallbackAfterMemberChanged",
        "Call.CallbackAfterEndCall",
    ];
    assert_eq!(
        document["commands"],
        json!(all),
        "all three unless told otherwise"
    );

    let set = ["callback", "set", "http://127.0.0.1:8080/?a=b", "--json"];
    let events = [
        "--event",
        "end",
        "--event",
        "Call.CallbackAfterMemberChanged",
    ];
    let run = service.client(&set).args(&events).run().exits_with(0);
    assert!(run.json()["requestId"].is_string());
    assert_eq!(run.stderr, "", "to this machine, plain http is well");
    let run = service.client(&["callback", "get"]).run().exits_with(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "Webhooks go to http://127.0.0.1:8080/?a=b",
            "  event  Call.CallbackAfterEndCall",
            "  event  Call.CallbackAfterMemberChanged"
        ]
    );

    let delete = ["callback", "delete", "--json"];
    assert_eq!(
        service.client(&delete).run().exits_with(0).json()["deleted"],
        true
    );
    assert_eq!(
        service.client(&delete).run().exits_with(0).json()["deleted"],
        false
    );
    service.with(|emulator| assert_eq!(emulator.callback_configuration(), None));
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_words_of_the_command_line() {
    let service = Service::start();
    let run = service
        .client(&["callback", "set", "example.com", "--event", "lunch"])
        .args(&[
            "--event",
            "start",
            "--event",
            "Call.CallbackAfterStartCall",
            "--json",
        ])
        .env("TRTC_ADMIN", "")
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
            "URL",
            "--event lunch",
            "--event Call.CallbackAfterStartCall",
            "--admin"
        ]
    );
    assert!(
        problems[2]["rule"]
            .as_str()
            .unwrap()
            .contains("--event start already")
    );
    assert_eq!(
        service.with(|emulator| emulator.requests("set_callback")),
        0
    );
}

#[test]
fn unknown_events_are_sent_when_asked_for_and_the_service_decides() {
    let service = Service::start();
    let set = [
        "callback",
        "set",
        "https://example.com",
        "--event",
        "Call.CallbackAfterLunch",
    ];
    service.client(&set).run().exits_with(2);
    let run = service
        .client(&set)
        .args(&["--allow-unknown-events", "--json"])
        .run()
        .exits_with(1);
    assert_eq!(run.json()["error"]["errorCode"], 100_002);
}

#[test]
fn clear_text_to_another_machine_is_warned_of() {
    let service = Service::start();
    let run = service
        .client(&["callback", "set", "http://example.com"])
        .run()
        .exits_with(0);
    assert!(run.stderr.contains("plain http"), "{run:?}");
}

#[test]
fn a_delete_whose_reply_was_lost_succeeds() {
    let service = Service::start();
    let set = ["callback", "set", "https://example.com"];
    service.client(&set).run().exits_with(0);
    service.inject(Fault::new(FaultKind::CutBeforeReply));
    let run = service.client(&["callback", "delete"]).run().exits_with(0);
    assert!(run.stdout.contains("There was no callback"), "{run:?}");
}
