//! Every polite way of asking the program to stop does what the first Ctrl-C does.

use std::time::Duration;

use trtc_call_emulator::{Emulator, Fault, FaultKind};

use crate::program::{Running, trtc_call};
use crate::service::Service;

const POLITE: [&str; 4] = ["INT", "TERM", "HUP", "QUIT"];

fn watched(service: &Service) -> Running {
    let running = service
        .client(&["start", "--callee", "noanswer", "--wait", "--json"])
        .heeds_hangups()
        .start();
    service.await_that("the call is watched", |emulator| {
        emulator.requests("get_call_info") > 0
    });
    running
}

fn something_plays(emulator: &mut Emulator) -> bool {
    emulator.ingests().iter().any(|ingest| ingest.end.is_none())
}

#[test]
fn a_watched_call_is_ended_by_every_polite_signal() {
    for signal in POLITE {
        let service = Service::start();
        let running = watched(&service);
        running.signal(signal);
        service.let_the_record_come();
        let document = running.wait().exits_with(5).json();
        assert_eq!(document["record"]["result"], "Cancel", "{signal}");
    }
}

#[test]
fn a_played_call_and_its_stream_are_ended_by_every_polite_signal() {
    for signal in POLITE {
        let service = Service::start();
        let running = service
            .client(&["start", "--callee", "answer-0-stay", "--room", "lobby"])
            .args(&["--play", "https://media.example/live", "--json"])
            .heeds_hangups()
            .start();
        service.await_that("the stream plays", something_plays);
        running.signal(signal);
        service.await_that("the stream ends", |emulator| !something_plays(emulator));
        service.let_the_record_come();
        let document = running.wait().exits_with(0).json();
        assert_eq!(document["outcome"]["reason"], "requested", "{signal}");
        assert_eq!(document["outcome"]["callMayBeUp"], false, "{signal}");
    }
}

#[test]
fn a_second_one_of_any_kind_quits_at_once() {
    for (first, second) in [("TERM", "TERM"), ("HUP", "TERM"), ("INT", "QUIT")] {
        let service = Service::start();
        service.inject(Fault::new(FaultKind::Delay(Duration::from_secs(8))).only("end_call"));
        let running = watched(&service);
        running.signal(first);
        service.await_that("the call is being ended", |emulator| {
            emulator.requests("end_call") > 0
        });
        // Sooner it would be the echo of the first one.
        std::thread::sleep(Duration::from_millis(50));
        running.signal(second);
        let run = running.wait().exits_with(130);
        assert!(run.stderr.contains("it may go on"), "{first}: {run:?}");
    }
}

#[test]
fn the_echo_of_a_signal_is_no_second_one() {
    let service = Service::start();
    let running = watched(&service);
    // A closed terminal: by the shell, and by the kernel when the shell is gone.
    running.signal("HUP");
    service.await_that("the call is being ended", |emulator| {
        emulator.requests("end_call") > 0
    });
    running.signal("HUP");
    service.let_the_record_come();
    running.wait().exits_with(5);
}

#[test]
fn a_start_whose_reply_is_awaited_is_of_unknown_outcome() {
    for signal in POLITE {
        let service = Service::start();
        service.inject(Fault::new(FaultKind::Delay(Duration::from_secs(8))));
        let running = service
            .client(&["start", "--callee", "jack", "--json"])
            .heeds_hangups()
            .start();
        service.await_that("jack rings", |emulator| emulator.rings("jack") == 1);
        running.signal(signal);
        let document = running.wait().exits_with(4).json();
        let cause = &document["error"]["cause"];
        assert_eq!(cause["code"], "cancelled");
        let named = if signal == "INT" { "Ctrl-C" } else { signal };
        assert!(
            cause["message"].as_str().unwrap().contains(named),
            "{cause}"
        );

        service.inject(Fault::new(FaultKind::Delay(Duration::from_secs(8))));
        let running = service
            .client(&["ingest", "start", "https://media.example/live"])
            .args(&["--room", "lobby", "--json"])
            .heeds_hangups()
            .start();
        service.await_that("the stream plays", something_plays);
        running.signal(signal);
        let document = running.wait().exits_with(4).json();
        assert_eq!(document["error"]["outcomeUnknown"], true, "{document}");
    }
}

#[test]
fn servers_stop_in_good_order() {
    for signal in POLITE {
        for (arguments, greeting) in [
            (&["emulator", "--listen", "127.0.0.1:0"][..], "trtc-call"),
            (&["console", "--emulator"], "Simulated"),
            (
                &[
                    "webhook",
                    "listen",
                    "--listen",
                    "127.0.0.1:0",
                    "--unsigned",
                    "--sdkappid",
                    "1400000001",
                ],
                "Listening",
            ),
        ] {
            let mut running = trtc_call(arguments).heeds_hangups().start();
            running.read_until(greeting);
            running.signal(signal);
            let run = running.wait().exits_with(0);
            assert!(run.stderr.contains("stopped"), "{signal}: {run:?}");
        }
    }
}

/// Elsewhere the program cannot see it.
#[cfg(target_os = "linux")]
#[test]
fn what_runs_under_nohup_outlives_its_terminal() {
    let service = Service::start();
    let running = service
        .client(&["start", "--callee", "answer-0-hangup-2000"])
        .args(&["--wait", "--json"])
        .through("nohup", &[])
        .start();
    service.await_that("the call is watched", |emulator| {
        emulator.requests("get_call_info") > 0
    });
    running.signal("HUP");
    service.let_the_record_come();
    let document = running.wait().exits_with(0).json();
    assert_eq!(document["record"]["result"], "NormalEnd");
    assert_eq!(service.with(|emulator| emulator.requests("end_call")), 0);
}
