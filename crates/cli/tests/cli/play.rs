//! `start --play`: ring, play, hang up.

use serde_json::Value;
use trtc_call_emulator::{Emulator, Fault, FaultKind};

use crate::program::{Program, trtc_call};
use crate::service::Service;

const PLAY: [&str; 5] = [
    "start",
    "--room",
    "lobby",
    "--play",
    "https://media.example/live",
];

fn play(service: &Service, callee: &str) -> Program {
    service.client(&PLAY).args(&["--callee", callee])
}

fn events(document: &Value) -> Vec<&str> {
    let events = document["events"].as_array().unwrap().iter();
    events
        .map(|event| event["event"].as_str().unwrap())
        .collect()
}

fn something_plays(emulator: &mut Emulator) -> bool {
    emulator.ingests().iter().any(|ingest| ingest.end.is_none())
}

#[test]
fn people_see_it_ring_answer_play_and_end_and_then_the_record() {
    let run = trtc_call(PLAY)
        .args(&["--callee", "answer-300-hangup-900", "--wait", "--emulator"])
        .run()
        .exits_with(0);
    let seen = [
        "no real phone rings",
        "ringing",
        "answered",
        "playing, task",
        "left the call",
        "the call and the stream have ended",
    ];
    let mut rest = run.stderr.as_str();
    for words in seen {
        let after = rest.split_once(words);
        rest = after.unwrap_or_else(|| panic!("{words} in {run:?}")).1;
    }
    for words in ["NormalEnd", "talked for", "the callee hung up", "task "] {
        assert!(run.stdout.contains(words), "{words} in {run:?}");
    }
}

#[test]
fn programs_get_one_document_of_events_and_outcome() {
    let run = trtc_call(["start", "--callee", "answer-0-stay", "--room-number", "7"])
        .args(&[
            "--play",
            "https://media.example/plays-300.mp3",
            "--emulator",
            "--json",
        ])
        .run()
        .exits_with(0);
    let document = run.json();
    let expected = ["ringing", "member", "playing", "media_ended", "ending"];
    assert_eq!(events(&document), expected);
    assert!(document["events"][0]["atMs"].is_u64());
    let outcome = &document["outcome"];
    assert_eq!(outcome["reason"], "media_ended");
    assert_eq!(outcome["ingestMayRun"], false);
    assert_eq!(outcome["record"]["room"], 7);
    assert_eq!(outcome["record"]["callId"], document["events"][0]["callId"]);
}

#[test]
fn ctrl_c_ends_the_call_and_the_stream_and_says_so() {
    let service = Service::start();
    let running = play(&service, "answer-0-stay").start();
    service.await_that("the stream plays", something_plays);
    running.interrupt();
    service.await_that("the stream ends", |emulator| !something_plays(emulator));
    service.let_the_record_come();
    let run = running.wait().exits_with(0);
    assert!(
        run.stderr.contains("ending the call and the stream"),
        "{run:?}"
    );
    assert!(
        run.stderr.contains("the call and the stream have ended"),
        "{run:?}"
    );
    assert_eq!(service.with(|emulator| emulator.rings("answer-0-stay")), 1);
}

#[test]
fn a_second_ctrl_c_quits_at_once_and_says_what_may_go_on() {
    let service = Service::start();
    let delay = FaultKind::Delay(std::time::Duration::from_secs(8));
    service.inject(Fault::new(delay).only("end_call"));
    let running = play(&service, "answer-0-stay").start();
    service.await_that("the stream plays", something_plays);
    running.interrupt();
    service.await_that("the call is being ended", |emulator| {
        emulator.requests("end_call") > 0
    });
    running.interrupt_again();
    let run = running.wait().exits_with(130);
    assert!(run.stderr.contains("they may go on"), "{run:?}");
}

#[test]
fn nobody_answering_is_exit_code_5_and_starts_no_stream() {
    let service = Service::start();
    let document = play(&service, "reject")
        .arg("--json")
        .run()
        .exits_with(5)
        .json();
    assert_eq!(document["outcome"]["reason"], "not_answered");
    assert_eq!(
        service.with(|emulator| emulator.requests("StartStreamIngest")),
        0
    );
}

#[test]
fn a_stream_that_is_refused_ends_the_call_with_exit_code_1() {
    let service = Service::start();
    let wrong = play(&service, "answer-0-stay").env("TENCENTCLOUD_SECRET_KEY", "another");
    let document = wrong.arg("--json").run().exits_with(1).json();
    assert_eq!(document["outcome"]["reason"], "media_failed");
    assert_eq!(
        document["outcome"]["failure"]["code"],
        "cloud_signature_wrong"
    );
    assert!(service.with(|emulator| emulator.calls()[0].end.is_some()));
}

#[test]
fn a_call_whose_reply_is_lost_is_exit_code_4_and_rings_once() {
    let service = Service::start();
    service.inject(Fault::new(FaultKind::CutBeforeReply));
    let run = play(&service, "jack").arg("--json").run().exits_with(4);
    assert_eq!(run.json()["outcome"]["reason"], "outcome_unknown");
    assert_eq!(service.with(|emulator| emulator.rings("jack")), 1);
}

#[test]
fn a_wrong_coding_puts_the_robot_into_another_room() {
    let service = Service::start();
    for (coding, meets) in [("numeric-0", true), ("numeric-1", false)] {
        // A name that could be either kind's: what is no number at all would be refused.
        let running = service
            .client(&["start", "--callee", "answer-0-hangup-3000", "--room", "123"])
            .args(&["--play", "https://media.example/live"])
            .args(&["--ingest-room-coding", coding])
            .start();
        service.await_that("the stream plays", |emulator| {
            let mut ingests = emulator.ingests().into_iter();
            ingests.any(|ingest| ingest.end.is_none() && ingest.playing_since.is_some())
        });
        let (call, robot) = service.with(|emulator| {
            let call = emulator.calls().last().unwrap().room.clone().unwrap();
            (call, emulator.ingests().last().unwrap().room.clone())
        });
        assert_eq!(call == robot, meets, "{coding}: {call:?} {robot:?}");
        service.let_the_record_come();
        running.wait().exits_with(0);
    }
}

#[test]
fn whatever_is_missing_or_wrong_is_told_at_once() {
    let service = Service::start();
    let arguments = [
        "start",
        "--callee",
        "jack",
        "--play",
        "https://a.example/a",
        "--json",
    ];
    let document = service.client(&arguments).run().exits_with(2).json();
    assert_eq!(document["error"]["problems"][0]["field"], "room");
    let arguments = ["start", "--callee", "jack", "--volume", "50", "--json"];
    let document = service.client(&arguments).run().exits_with(2).json();
    let problem = &document["error"]["problems"][0];
    assert_eq!(problem["field"], "--volume");
    assert!(
        problem["fix"].as_str().unwrap().contains("--play"),
        "{problem}"
    );
    let run = trtc_call(PLAY).args(&["--callee", "jack", "--json"]).run();
    let document = run.exits_with(2).json();
    let problems = document["error"]["problems"].as_array().unwrap();
    let missing = |field: &str| problems.iter().any(|problem| problem["field"] == field);
    assert!(
        missing("--cloud-secret-id") && missing("cloud secret key"),
        "{document}"
    );
    assert_eq!(service.with(|emulator| emulator.rings("jack")), 0);
}

#[test]
fn an_answer_too_short_to_be_played_to_is_no_missing_answer() {
    let service = Service::start();
    let run = play(&service, "answer-0-hangup-100").run().exits_with(0);
    assert!(run.stdout.contains("the callee hung up"), "{run:?}");
    assert_eq!(
        service.with(|emulator| emulator.requests("StartStreamIngest")),
        0
    );
}

#[test]
fn in_a_group_call_it_is_told_who_answered_and_who_did_not() {
    let run = trtc_call(PLAY)
        .args(&[
            "--callee",
            "answer-300-hangup-2500",
            "--callee",
            "reject",
            "--emulator",
        ])
        .run()
        .exits_with(0);
    let line = |name: &str, words: &str| {
        let mut lines = run.stderr.lines();
        lines.any(|line| line.contains(name) && line.ends_with(words))
    };
    assert!(line("reject ", "did not answer"), "{run:?}");
    assert!(line("answer-300-hangup-2500", "left the call"), "{run:?}");
    assert!(!line("reject ", "left the call"), "{run:?}");
}
