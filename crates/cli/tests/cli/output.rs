//! What happens to a result that cannot be written, when what it tells of has been done.

#![cfg(target_os = "linux")]

use std::fs::File;
use std::io;
use std::process::Stdio;

use trtc_call_emulator::{Fault, FaultKind};

use crate::program::{Program, Run};
use crate::service::Service;

/// A disk without room.
fn full() -> Stdio {
    File::create("/dev/full").unwrap().into()
}

/// A reader that is gone.
fn closed() -> Stdio {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// Runs it for people and for programs, into a full disk and a closed pipe.
fn unwritten(program: impl Fn() -> Program, check: impl Fn(Run)) {
    for format in [&[][..], &["--json"]] {
        for stdout in [full(), closed()] {
            check(program().args(format).stdout(stdout).run());
        }
    }
}

#[test]
fn a_call_whose_reply_cannot_be_written_is_exit_code_4_and_its_name_is_on_stderr() {
    let service = Service::start();
    unwritten(
        || service.client(&["start", "--callee", "noanswer"]),
        |run| {
            let run = run.exits_with(4);
            let call_id = service.with(|emulator| emulator.calls().last().unwrap().call_id.clone());
            let end = format!("trtc-call end {call_id}");
            assert!(run.stderr.contains(&end), "{run:?}");
            assert!(run.stderr.contains("stdout cannot be written"), "{run:?}");
            service.client(&["end", &call_id]).run().exits_with(0);
        },
    );
}

#[test]
fn a_watched_call_whose_record_cannot_be_written_is_exit_code_4() {
    unwritten(
        || {
            crate::program::trtc_call(["start", "--callee", "answer-0-hangup-100"])
                .args(&["--wait", "--emulator"])
        },
        |run| {
            let run = run.exits_with(4);
            assert!(run.stderr.contains("rang, and has ended"), "{run:?}");
        },
    );
}

#[test]
fn a_played_call_whose_outcome_cannot_be_written_is_exit_code_4() {
    unwritten(
        || {
            crate::program::trtc_call(["start", "--callee", "answer-0-hangup-300"]).args(&[
                "--room",
                "lobby",
                "--play",
                "https://media.example/live",
                "--emulator",
            ])
        },
        |run| {
            let run = run.exits_with(4);
            assert!(run.stderr.contains("went out"), "{run:?}");
        },
    );
}

#[test]
fn a_stdout_that_is_open_for_reading_only_is_refused_before_anybody_is_rung() {
    let service = Service::start();
    for format in [&[][..], &["--json"]] {
        let program = service.client(&["start", "--callee", "jack"]);
        let stdout = File::open("/dev/null").unwrap();
        let run = program.args(format).stdout(stdout).run();
        let run = run.exits_with(2);
        assert!(run.stderr.contains("stdout cannot be written"), "{run:?}");
        assert_eq!(service.with(|emulator| emulator.rings("jack")), 0);
    }
}

#[test]
fn nobody_rung_stays_exit_code_5() {
    let service = Service::start();
    unwritten(
        || service.client(&["start", "--callee", "offline"]),
        |run| {
            let run = run.exits_with(5);
            assert!(run.stderr.contains("stdout cannot be written"), "{run:?}");
        },
    );
}

#[test]
fn a_stream_whose_task_cannot_be_written_is_exit_code_4_and_its_name_is_on_stderr() {
    let service = Service::start();
    let start = ["ingest", "start", "https://media.example/live"];
    unwritten(
        || service.client(&start).args(&["--room", "lobby"]),
        |run| {
            let run = run.exits_with(4);
            let task_id =
                service.with(|emulator| emulator.ingests().last().unwrap().task_id.clone());
            let stop = format!("trtc-call ingest stop {task_id}");
            assert!(run.stderr.contains(&stop), "{run:?}");
            let stop = ["ingest", "stop", &task_id];
            service.client(&stop).run().exits_with(0);
        },
    );
}

#[test]
fn what_can_be_asked_for_again_says_what_it_did() {
    let service = Service::start();
    for (arguments, done) in [
        (
            &["callback", "set", "https://a.example"][..],
            "Webhooks go to",
        ),
        (&["callback", "delete"], "callback configuration"),
        (&["ingest", "stop", "task-1"], "ended already"),
        (&["room", "dismiss", "--room", "lobby"], "lobby"),
        (&["room", "remove", "jack", "--room", "lobby"], "jack"),
    ] {
        unwritten(
            || service.client(arguments),
            |run| {
                let run = run.exits_with(2);
                assert!(run.stderr.contains(done), "{arguments:?}: {run:?}");
            },
        );
    }
    let call_id = service.ring("noanswer");
    let run = service.client(&["end", &call_id, "--json"]).stdout(full());
    let run = run.run().exits_with(2);
    assert!(run.stderr.contains("has ended"), "{run:?}");
}

#[test]
fn an_error_that_cannot_be_written_for_programs_is_told_on_stderr() {
    let service = Service::start();
    unwritten(
        || {
            service.inject(Fault::new(FaultKind::CutBeforeReply));
            service.client(&["start", "--callee", "jack"])
        },
        |run| {
            let run = run.exits_with(4);
            assert!(run.stderr.contains("the phone may have rung"), "{run:?}");
        },
    );
}

#[test]
fn a_reader_that_has_seen_enough_of_what_changes_nothing_is_no_failure() {
    let service = Service::start();
    let run = service.client(&["callback", "get"]).stdout(closed()).run();
    assert_eq!(run.exits_with(0).stderr, "");
}
