//! A campaign that plays to whoever answers.

use serde_json::Value;
use trtc_call_emulator::Emulator;

use crate::campaign::{Ledger, csv, last_line};
use crate::program::{Program, Run, file};
use crate::service::Service;

fn create(ledger: &Ledger<'_>, users: &str, media: &str) -> Program {
    let file = file(&format!("play-{}.csv", media.replace('.', "-")), users);
    let url = format!("https://media.example/{media}");
    ledger.create(&file).args(&["--play", &url])
}

fn playing(emulator: &mut Emulator) -> usize {
    let ingests = emulator.ingests().into_iter();
    ingests.filter(|ingest| ingest.end.is_none()).count()
}

fn played(run: &Run) -> Vec<Value> {
    let lines = run.stdout.lines();
    let lines = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["event"] == "played").collect()
}

#[test]
fn whoever_answers_is_played_to_until_they_hang_up_or_it_is_over() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-play");
    let users = "user\nanswer-100-hangup-2000\nanswer-100-stay\nreject\n";
    create(&ledger, users, "plays-4000.mp3").run().exits_with(0);
    let running = ledger.command(&["campaign", "run", "c", "--json"]).start();
    let is_over = |emulator: &mut Emulator| {
        let calls = emulator.calls();
        calls.len() == 3 && calls.iter().all(|call| call.end.is_some())
    };
    service.await_that("the calls end", is_over);
    service.with(|emulator| emulator.advance_by(std::time::Duration::from_secs(5)));
    let run = running.wait().exits_with(0);
    let mut reasons: Vec<String> = played(&run)
        .iter()
        .map(|line| line["reason"].as_str().unwrap().to_owned())
        .collect();
    reasons.sort();
    assert_eq!(
        reasons,
        ["hung_up", "media_ended", "not_answered"],
        "{run:#?}"
    );
    assert!(
        played(&run)
            .iter()
            .all(|line| line["callMayBeUp"] == false && line["ingestMayRun"] == false),
        "{run:#?}"
    );
    assert_eq!(service.with(|emulator| emulator.ingests().len()), 2);
    assert_eq!(service.with(playing), 0);
    let end = last_line(&run);
    for (count, number) in [("rung", 3), ("answered", 2), ("ended", 3)] {
        assert_eq!(end[count], number, "{count}: {run:#?}");
    }
}

#[test]
fn ctrl_c_ends_calls_and_streams_and_what_was_not_rung_waits() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-play-stopped");
    let users = (1..=40).map(|number| format!("answer-0-stay-{number}\n"));
    let users = format!("user\n{}", users.collect::<String>());
    create(&ledger, &users, "live")
        .args(&["--max-up", "4"])
        .run()
        .exits_with(0);
    let running = ledger.command(&["campaign", "run", "c"]).start();
    service.await_that("streams play", |emulator| playing(emulator) == 4);
    running.interrupt();
    service.await_that("streams end", |emulator| playing(emulator) == 0);
    service.let_the_record_come();
    let run = running.wait().exits_with(130);
    assert!(
        run.stderr.contains("calls and streams are ended"),
        "{run:?}"
    );
    let status = ledger.status();
    assert_eq!(
        (&status["rung"], &status["ended"], &status["queued"]),
        (&4.into(), &4.into(), &36.into()),
        "{status}"
    );
}

#[test]
fn a_stream_that_cannot_be_and_a_cloud_account_that_is_missing_are_told_before_anybody_is_rung() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-play-wrong");
    let file = csv("play-wrong.csv", ["jack".to_owned()].into_iter());
    let create = |options: &[&str]| {
        let run = ledger.create(&file).args(options).run();
        run.exits_with(2).stderr
    };
    let told = create(&["--play", "a.mp3", "--volume", "900"]);
    assert!(
        told.contains("--play") && told.contains("--volume"),
        "{told}"
    );
    assert!(create(&["--volume", "50"]).contains("--play"));
    let fine = ["--play", "https://media.example/a.mp3"];
    ledger.create(&file).args(&fine).run().exits_with(0);
    let run = ledger
        .command(&["campaign", "run", "c"])
        .env("TENCENTCLOUD_SECRET_ID", "")
        .env("TENCENTCLOUD_SECRET_KEY", "")
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("TENCENTCLOUD_SECRET_ID"), "{run:?}");
    assert_eq!(ledger.status()["queued"], 1);
    let rehearsal = ledger
        .create(&file)
        .args(&[
            "--rehearse",
            "--json",
            "--play",
            "https://media.example/plays-200.mp3",
        ])
        .run()
        .exits_with(0);
    assert_eq!(rehearsal.json()["ended"], 1, "{rehearsal:?}");
}
