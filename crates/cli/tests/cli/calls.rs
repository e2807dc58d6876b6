use std::time::Duration;

use crate::service::Service;

#[test]
fn status_tells_who_is_in_the_call_and_who_is_being_rung() {
    let service = Service::start();
    let call_id = service.ring("noanswer");
    let run = service.client(&["status", &call_id]).run().exits_with(0);
    assert!(run.stdout.contains(&format!("Call {call_id}")), "{run:?}");
    let line = |user: &str| run.stdout.lines().find(|line| line.contains(user)).unwrap();
    assert!(line("robot").ends_with("in the call"), "{run:?}");
    assert!(line("noanswer").ends_with("ringing"), "{run:?}");

    let run = service
        .client(&["status", &call_id, "--json"])
        .run()
        .exits_with(0);
    let document = run.json();
    assert_eq!(document["callId"], call_id.as_str());
    assert_eq!(document["mediaType"], "Video");
    assert!(document["requestId"].is_string());
    let members = document["members"].as_array().unwrap();
    let waiting = members
        .iter()
        .find(|member| member["userId"] == "noanswer")
        .unwrap();
    assert_eq!(waiting["status"], "Waiting");
}

#[test]
fn end_ends_a_call_once() {
    let service = Service::start();
    let call_id = service.ring("noanswer");
    let run = service.client(&["end", &call_id]).run().exits_with(0);
    assert!(run.stdout.contains("has ended"), "{run:?}");
    let run = service
        .client(&["end", &call_id, "--json"])
        .run()
        .exits_with(1);
    assert_eq!(run.json()["error"]["code"], "call_not_found");
    let run = service.client(&["status", &call_id]).run().exits_with(1);
    assert!(run.stderr.contains("101004"), "{run:?}");

    let another = service.ring("noanswer");
    let run = service
        .client(&["end", &another, "--json"])
        .run()
        .exits_with(0);
    assert!(run.json()["requestId"].is_string());
}

#[test]
fn a_record_can_be_read_some_seconds_after_the_end() {
    let service = Service::start();
    let call_id = service.ring("reject");
    service.with(|emulator| emulator.advance_by(Duration::from_secs(2)));
    let run = service
        .client(&["record", "get", &call_id])
        .run()
        .exits_with(1);
    assert!(
        run.stderr.contains("101050") && run.stderr.contains("wait"),
        "{run:?}"
    );

    service.with(|emulator| emulator.advance_by(Duration::from_secs(5)));
    let run = service
        .client(&["record", "get", &call_id])
        .run()
        .exits_with(0);
    assert!(
        run.stdout.contains("the callee declined (Reject)"),
        "{run:?}"
    );
    let run = service
        .client(&["record", "get", &call_id, "--json"])
        .run()
        .exits_with(0);
    let record = &run.json()["record"];
    assert_eq!(record["result"], "Reject");
    assert_eq!(record["callId"], call_id.as_str());
    assert_eq!(record["members"], serde_json::json!(["robot", "reject"]));
}
