//! Streams and rooms, without a call.

use std::time::Duration;

use trtc_call_emulator::{Fault, FaultKind};

use crate::service::Service;

const URL: &str = "https://media.example/live";

/// Plays into the room, and waits until the robot is there.
fn play(service: &Service, room: &[&str]) -> String {
    let arguments = [&["ingest", "start", URL, "--json"], room].concat();
    let run = service.client(&arguments).run().exits_with(0);
    service.await_that("the robot comes", |emulator| !emulator.rooms().is_empty());
    run.json()["taskId"].as_str().unwrap().to_owned()
}

#[test]
fn a_stream_is_started_described_changed_and_stopped() {
    let service = Service::start();
    let task = play(
        &service,
        &["--room", "lobby", "--volume", "80", "--repeat", "3"],
    );
    let described = service
        .client(&["ingest", "describe", &task, "--json"])
        .run();
    let document = described.exits_with(0).json();
    assert_eq!(document["status"], "InProgress");
    assert!(document["requestId"].is_string());
    let update = [
        "ingest", "update", &task, "--pause", "--volume", "50", "--tempo", "1.5",
    ];
    service.client(&update).run().exits_with(0);
    service.with(|emulator| {
        let ingest = &emulator.ingests()[0];
        assert_eq!(
            (ingest.volume, ingest.tempo_percent, ingest.is_paused),
            (50, 150, true)
        );
        assert_eq!((ingest.repeat_num, ingest.user.as_str()), (3, "robot"));
    });
    let stop = || service.client(&["ingest", "stop", &task, "--json"]).run();
    assert_eq!(stop().exits_with(0).json()["stopped"], true);
    assert_eq!(stop().exits_with(0).json()["stopped"], false);
    let run = service
        .client(&["ingest", "describe", &task])
        .run()
        .exits_with(0);
    assert!(run.stdout.contains("has ended"), "{run:?}");
}

#[test]
fn rooms_of_either_kind_are_dismissed_and_lose_their_users() {
    let service = Service::start();
    for room in [&["--room", "7"], &["--room-number", "7"]] {
        play(&service, room);
        let dismiss = [&["room", "dismiss", "--json"][..], room].concat();
        let run = || service.client(&dismiss).run().exits_with(0);
        assert_eq!(run().json()["dismissed"], true);
        assert_eq!(run().json()["dismissed"], false);
        play(&service, room);
        let remove = [&["room", "remove", "robot", "--json"][..], room].concat();
        let run = || service.client(&remove).run().exits_with(0);
        assert_eq!(run().json()["removed"], true);
        assert_eq!(run().json()["removed"], false);
        assert!(service.with(|emulator| emulator.rooms().is_empty()));
    }
}

#[test]
fn the_coding_decides_into_which_room_a_stream_goes() {
    let service = Service::start();
    for (coding, id_type) in [("numeric-0", 2), ("numeric-1", 1)] {
        let task = play(&service, &["--room", "123", "--ingest-room-coding", coding]);
        let room = service.with(|emulator| emulator.ingest(&task).unwrap().room.clone());
        assert_eq!(
            (room.id.as_str(), room.id_type),
            ("123", id_type),
            "{coding}"
        );
        service
            .client(&["ingest", "stop", &task])
            .run()
            .exits_with(0);
    }
}

#[test]
fn a_start_that_may_have_happened_is_exit_code_4_and_is_not_sent_again() {
    let service = Service::start();
    service.inject(Fault::new(FaultKind::CutBeforeReply));
    let start = ["ingest", "start", URL, "--room", "lobby", "--json"];
    let error = service.client(&start).run().exits_with(4).json()["error"].clone();
    assert_eq!(error["outcomeUnknown"], true);
    assert_eq!(error["mayHaveRung"], false);
    assert_eq!(error["retryable"], false);
    assert_eq!(
        service.with(|emulator| emulator.requests("StartStreamIngest")),
        1
    );
}

#[test]
fn a_refusal_names_the_services_code_and_a_clock_that_is_off_is_told() {
    let service = Service::start();
    let stop = || service.client(&["ingest", "stop", "task-1", "--json"]);
    let wrong = stop().env("TENCENTCLOUD_SECRET_KEY", "another");
    let error = wrong.run().exits_with(1).json()["error"].clone();
    assert_eq!(error["code"], "cloud_signature_wrong");
    assert_eq!(error["cloudCode"], "AuthFailure.SignatureFailure");
    // The service's clock goes ahead, which is this machine's behind.
    service.with(|emulator| emulator.advance_by(Duration::from_secs(3600)));
    let error = stop().run().exits_with(1).json()["error"].clone();
    assert_eq!(error["code"], "cloud_signature_expired");
    let skew = error["clockSkew"].as_i64().unwrap();
    assert!((-3620..=-3580).contains(&skew), "{error}");
    assert!(
        error["message"].as_str().unwrap().contains("behind"),
        "{error}"
    );
}

#[test]
fn a_dry_run_shows_the_request_without_its_secrets() {
    let service = Service::start();
    let arguments = [
        "ingest",
        "start",
        URL,
        "--room-number",
        "7",
        "--dry-run",
        "--json",
    ];
    let document = service.client(&arguments).run().exits_with(0).json();
    assert_eq!(document["headers"]["x-tc-action"], "StartStreamIngest");
    assert_eq!(document["headers"]["authorization"], "(hidden)");
    assert_eq!(document["body"]["RoomId"], "7");
    assert_eq!(document["body"]["RoomIdType"], 0);
    assert_eq!(document["body"]["StreamUrl"], URL);
    assert!(
        !document.to_string().contains("eJ"),
        "a UserSig shows: {document}"
    );
    let dismiss = ["room", "dismiss", "--room", "lobby", "--dry-run"];
    let run = service.client(&dismiss).run().exits_with(0);
    assert!(
        run.stdout.contains("x-tc-action: DismissRoomByStrRoomId"),
        "{run:?}"
    );
    assert_eq!(
        service.with(|emulator| emulator.requests("StartStreamIngest")),
        0
    );
}

#[test]
fn whatever_is_missing_or_wrong_is_told_at_once() {
    let arguments = [
        "ingest", "start", "no url", "--volume", "201", "--user", "ro bot", "--json",
    ];
    let run = crate::program::trtc_call(arguments).run().exits_with(2);
    let document = run.json();
    let problems = document["error"]["problems"].as_array().unwrap();
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem["field"].as_str().unwrap())
        .collect();
    let expected = [
        "room",
        "--user",
        "URL",
        "--volume",
        "--sdkappid",
        "secret key",
        "--cloud-secret-id",
        "cloud secret key",
    ];
    assert_eq!(fields, expected);

    let service = Service::start();
    let start = [
        "ingest",
        "start",
        URL,
        "--room",
        "lobby",
        "--repeat-for",
        "1h",
        "--json",
    ];
    let document = service.client(&start).run().exits_with(2).json();
    let problem = &document["error"]["problems"][0];
    assert_eq!(problem["field"], "--repeat-for");
    assert!(
        problem["fix"]
            .as_str()
            .unwrap()
            .contains("--repeat for-ever"),
        "{problem}"
    );
    let update = ["ingest", "update", "task-1", "--json"];
    let document = service.client(&update).run().exits_with(2).json();
    assert_eq!(document["error"]["problems"][0]["rule"], "changes nothing");
}
