//! `start --key`: once for each key, from whatever process.

use std::path::PathBuf;

use serde_json::Value;
use trtc_call_emulator::{Fault, FaultKind};

use crate::program::{Program, Running, scratch};
use crate::service::{Service, nobody};

/// A ledger that is not there yet.
pub(crate) fn new_store(name: &str) -> PathBuf {
    let path = scratch(&format!("{name}.db"));
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    path
}

fn start(service: &Service, callee: &str, key: &str, store: &PathBuf) -> Program {
    let program = service.client(&[
        "start", "--callee", callee, "--json", "--key", key, "--store",
    ]);
    program.arg(store)
}

fn ring(document: &Value) -> (&str, bool) {
    let ring = &document["ring"];
    (
        ring["state"].as_str().unwrap(),
        ring["repeated"].as_bool().unwrap(),
    )
}

#[test]
fn many_processes_with_one_key_ring_once_and_print_the_stored_outcome() {
    let service = Service::start();
    let store = new_store("once-many");
    let all: Vec<Running> = (0..6)
        .map(|_| start(&service, "jack", "order-4711", &store).start())
        .collect();
    let runs: Vec<_> = all.into_iter().map(Running::wait).collect();
    assert_eq!(service.with(|emulator| emulator.rings("jack")), 1);
    let call_id = service.with(|emulator| emulator.calls()[0].call_id.clone());
    let mut rang = 0;
    for run in &runs {
        let document = run.json();
        assert_eq!(document["ring"]["key"], "order-4711");
        let (state, is_repeated) = ring(&document);
        if run.code == 0 {
            assert_eq!(state, "rung", "{document}");
            assert_eq!(document["reply"]["callId"], call_id.as_str());
            rang += u32::from(!is_repeated);
        } else {
            // It came while the first one's call was on its way.
            assert_eq!(
                (run.code, document["error"]["code"].as_str()),
                (4, Some("in_progress")),
                "{run:?}"
            );
        }
    }
    assert_eq!(rang, 1, "{runs:?}");

    let again = start(&service, "jack", "order-4711", &store)
        .run()
        .exits_with(0);
    let document = again.json();
    assert_eq!(ring(&document), ("rung", true));
    assert_eq!(document["reply"]["callId"], call_id.as_str());
    assert_eq!(document["reply"]["callees"][0]["userId"], "jack");
    let other = start(&service, "jack", "order-4712", &store)
        .run()
        .exits_with(0);
    assert_eq!(ring(&other.json()), ("rung", false));
    assert_eq!(service.with(|emulator| emulator.rings("jack")), 2);
}

#[test]
fn a_key_that_stands_for_another_call_is_refused_and_rings_nobody() {
    let service = Service::start();
    let store = new_store("once-reused");
    start(&service, "jack", "a", &store).run().exits_with(0);
    let run = start(&service, "jill", "a", &store).run().exits_with(2);
    let document = run.json();
    assert_eq!(document["error"]["code"], "key_reused");
    assert_eq!(document["error"]["mayHaveRung"], false);
    assert_eq!(ring(&document), ("rung", true));
    assert_eq!(service.with(|emulator| emulator.rings("jill")), 0);
}

#[test]
fn a_call_whose_reply_is_lost_is_unknown_until_it_is_settled_and_rings_once() {
    let service = Service::start();
    let store = new_store("once-unknown");
    service.inject(Fault::new(FaultKind::CutBeforeReply));
    for is_repeated in [false, true] {
        let run = start(&service, "jack", "a", &store).run().exits_with(4);
        let document = run.json();
        assert_eq!(ring(&document), ("unknown", is_repeated));
        assert_eq!(document["error"]["mayHaveRung"], true);
    }
    let settle = service
        .client(&["ledger", "settle", "a", "--rung", "--json", "--store"])
        .arg(&store);
    assert_eq!(settle.run().exits_with(0).json()["evidence"], "hand");
    let run = start(&service, "jack", "a", &store).run().exits_with(0);
    assert_eq!(ring(&run.json()), ("rung", true));
    assert_eq!(service.with(|emulator| emulator.rings("jack")), 1);
    let settle = service
        .client(&["ledger", "settle", "a", "--not-rung", "--store"])
        .arg(&store);
    let run = settle.run().exits_with(2);
    assert!(run.stderr.contains("the ring is rung"), "{run:?}");
}

#[test]
fn what_surely_was_not_sent_may_be_asked_for_again() {
    let service = Service::start();
    let store = new_store("once-not-sent");
    let run = start(&service, "jack", "a", &store)
        .env("TRTC_BASE_URL", nobody())
        .run()
        .exits_with(3);
    let document = run.json();
    assert_eq!(document["error"]["code"], "not_sent");
    assert_eq!(document["error"]["retryable"], true);
    let run = start(&service, "jack", "a", &store).run().exits_with(0);
    assert_eq!(ring(&run.json()), ("rung", false));
}

#[test]
fn a_refusal_is_stored_too() {
    let service = Service::start();
    let store = new_store("once-refused");
    for is_repeated in [false, true] {
        let run = start(&service, "offline", "a", &store).run().exits_with(5);
        let document = run.json();
        assert_eq!(ring(&document), ("refused", is_repeated));
        assert_eq!(document["error"]["code"], "not_rung");
    }
    assert_eq!(
        service.with(|emulator| emulator.requests("start_call_by_robot")),
        1
    );
}

#[test]
fn a_key_needs_a_ledger_and_a_ledger_a_key() {
    let service = Service::start();
    let run = service
        .client(&["start", "--callee", "jack", "--key", "a"])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("TRTC_STORE"), "{run:?}");
    let run = service
        .client(&["start", "--callee", "jack", "--store", "x.db"])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("--key"), "{run:?}");
    let store = new_store("once-needs");
    let run = start(&service, "jack", &"x".repeat(256), &store)
        .run()
        .exits_with(2);
    assert_eq!(run.json()["error"]["problems"][0]["field"], "--key");
    let folder = start(&service, "jack", "a", &scratch("no-such-folder/rings.db"))
        .run()
        .exits_with(2);
    assert_eq!(folder.json()["error"]["code"], "database_refused");
    assert_eq!(service.with(|emulator| emulator.rings("jack")), 0);

    let by_environment = service.client(&["start", "--callee", "jack", "--key", "a"]);
    by_environment.env("TRTC_STORE", &store).run().exits_with(0);
    assert_eq!(service.with(|emulator| emulator.rings("jack")), 1);
}
