//! Campaigns, from the file to the report, by several processes that come and go.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use trtc_call_emulator::{Emulator, Fault, FaultKind};

use crate::program::{Program, Run, file, trtc_call};
use crate::ring_once::new_store;
use crate::service::Service;

/// Users that stay in their calls, so that nothing but rings goes on.
pub(crate) fn users(count: u64) -> impl Iterator<Item = String> {
    (1..=count).map(|number| format!("answer-0-stay-{number}"))
}

pub(crate) fn csv(name: &str, users: impl Iterator<Item = String>) -> PathBuf {
    let rows: String = users.map(|user| format!("{user}\r\n")).collect();
    file(name, format!("\u{feff}user\r\n{rows}"))
}

pub(crate) struct Ledger<'a> {
    service: &'a Service,
    pub(crate) store: PathBuf,
}

impl Ledger<'_> {
    pub(crate) fn new<'a>(service: &'a Service, name: &str) -> Ledger<'a> {
        let store = new_store(name);
        Ledger { service, store }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Program {
        self.service
            .client(arguments)
            .env("TRTC_STORE", &self.store)
    }

    pub(crate) fn create(&self, file: &Path) -> Program {
        self.command(&["campaign", "create", "c", "--from"])
            .arg(file)
    }

    pub(crate) fn status(&self) -> Value {
        self.command(&["campaign", "status", "c", "--json"])
            .run()
            .exits_with(0)
            .json()
    }
}

pub(crate) fn last_line(run: &Run) -> Value {
    serde_json::from_str(run.stdout.lines().last().unwrap()).unwrap()
}

/// How many were rung in all, none of them twice.
pub(crate) fn rung(emulator: &mut Emulator, users: impl Iterator<Item = String>) -> u64 {
    let rings = users.map(|user| emulator.rings(&user));
    rings
        .inspect(|rings| assert!(*rings <= 1, "somebody was rung twice"))
        .sum()
}

#[test]
fn a_campaign_is_made_rung_and_told_of() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-whole");
    let text = "user,key,user_data,name\nanswer-0-stay,order-1,\"two\nlines\",\"Ada, Countess\"\noffline,order-2,,Joe\n";
    let file = file("whole.csv", text);
    let create = || {
        ledger
            .create(&file)
            .args(&["--push-title", "Hello {name}", "--json"])
    };
    let made = create().run().exits_with(0).json();
    assert_eq!(
        (&made["rows"], &made["new"]),
        (&2.into(), &2.into()),
        "{made}"
    );
    let again = create().run().exits_with(0).json();
    assert_eq!(
        (&again["new"], &again["known"]),
        (&0.into(), &2.into()),
        "{again}"
    );
    assert_eq!(ledger.status()["queued"], 2);

    let run = ledger
        .command(&["campaign", "run", "c", "--json"])
        .run()
        .exits_with(0);
    let rings = run
        .stdout
        .lines()
        .filter(|line| line.starts_with("{\"event\":\"ring\""));
    assert_eq!(rings.count(), 2, "{run:?}");
    assert_eq!(last_line(&run)["event"], "end");
    let status = ledger.status();
    for (count, number) in [
        ("total", 2),
        ("queued", 0),
        ("claimed", 0),
        ("sending", 0),
        ("rung", 1),
        ("refused", 1),
        ("unknown", 0),
        ("presumedNotRung", 0),
        ("cancelled", 0),
    ] {
        assert_eq!(status[count], number, "{count}: {status}");
        assert_eq!(last_line(&run)[count], number, "{count}");
    }
    let row = ledger
        .command(&["campaign", "rows", "c", "--state", "rung", "--json"])
        .run()
        .exits_with(0)
        .json();
    assert_eq!(
        row["call"]["OfflinePushInfo"]["Title"],
        "Hello Ada, Countess"
    );
    assert_eq!(row["call"]["UserData"], "two\nlines");

    let report = ledger
        .command(&["campaign", "report", "c", "--csv"])
        .run()
        .exits_with(0);
    let mut lines = report.stdout.lines();
    assert!(
        lines.next().unwrap().starts_with("line,key,callees,"),
        "{report:?}"
    );
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("2,order-1,answer-0-stay,1,rung,"),
        "{report:?}"
    );
    // The value on line 2 has a line of its own.
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("4,order-2,offline,1,refused,"),
        "{report:?}"
    );
    let report = ledger
        .command(&["campaign", "report", "c", "--json"])
        .run()
        .exits_with(0)
        .json();
    assert_eq!(report["failures"]["not_rung"], 1);
    let rows = ledger
        .command(&["campaign", "rows", "c", "--state", "refused", "--json"])
        .run()
        .exits_with(0)
        .json();
    assert_eq!(rows["key"], "order-2");
    let show = ledger
        .command(&["ledger", "show", "order-1"])
        .run()
        .exits_with(0);
    assert!(
        show.stdout.contains("sending") && show.stdout.contains("Ada, Countess"),
        "{show:?}"
    );
}

#[test]
fn every_wrong_row_is_named_with_its_line_before_anything_is_put_in() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-wrong");
    let long = "x".repeat(256);
    let text = format!(
        "user,key,time_zone\njack,a,\nj ack,b,\njill,{long},\njoe,a,\njim,d,Mars\nann,e,,\n"
    );
    let run = ledger
        .create(&file("wrong.csv", text))
        .arg("--json")
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
            "line 3, user",
            "line 4, key",
            "line 5, key",
            "line 6, time_zone",
            "line 7, values"
        ]
    );
    assert!(
        problems[2]["rule"]
            .as_str()
            .unwrap()
            .contains("line 2 already"),
        "{document}"
    );
    let run = ledger
        .command(&["campaign", "create", "a\nb", "--from", "nowhere.csv"])
        .run()
        .exits_with(2);
    assert!(
        run.stderr.contains("NAME") && !run.stderr.contains("key"),
        "{run:?}"
    );
    let run = ledger
        .create(&file("no-user.csv", "name\njack\n"))
        .run()
        .exits_with(2);
    assert!(
        run.stderr.contains("line 1, user") && run.stderr.contains("which has name"),
        "{run:?}"
    );
    for (name, text, told) in [
        (
            "cr.csv",
            "user,key\rjack,a\rjill,b\r",
            "line ends LF or CRLF",
        ),
        ("cr-alone.csv", "user\rjack\r", "line ends LF or CRLF"),
        ("no-rows.csv", "user\r\n", "line 1, rows: must be there"),
        ("no-rows.ndjson", "", "line 1, rows: must be there"),
    ] {
        let run = ledger.create(&file(name, text)).run().exits_with(2);
        assert!(run.stderr.contains(told), "{run:?}");
    }
    let run = ledger
        .create(&file("short.csv", "user\njack\n"))
        .args(&["--ring-timeout", "1s"])
        .run()
        .exits_with(2);
    assert!(
        run.stderr.contains("--ring-timeout") && !run.stderr.contains("line "),
        "{run:?}"
    );

    let left = file("left-behind.csv", "user,key,,\r\njack,a,,\r\n,,,\r\n,\r\n");
    let run = ledger.create(&left).args(&["--dry-run", "--json"]).run();
    assert_eq!(run.exits_with(0).json()["rows"], 1);
    let fine = file(
        "fine.ndjson",
        "{\"user\":\"jack\"}\n\n{\"user\":9007199254740993}\n",
    );
    let run = ledger
        .create(&fine)
        .args(&["--dry-run", "--json"])
        .run()
        .exits_with(0);
    assert_eq!(run.json()["rows"], 2);
    let run = ledger
        .command(&["campaign", "status", "c"])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("c is not in the ledger"), "{run:?}");
    assert_eq!(
        service.with(|emulator| emulator.requests("start_call_by_robot")),
        0
    );
}

#[test]
fn a_campaigns_window_lies_ahead_and_is_told_as_it_was_understood() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-window");
    let users = csv("window.csv", users(2));
    let now_ms = || {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::try_from(since_1970.as_millis()).unwrap()
    };
    let began = now_ms();
    let made = ledger
        .create(&users)
        .args(&["--not-before", "2h", "--not-after", "8h", "--json"])
        .run()
        .exits_with(0)
        .json();
    for (name, hours) in [("notBefore", 2), ("notAfter", 8)] {
        let after = hours * 3_600_000;
        let at = made[name].as_u64().unwrap();
        assert!((began + after..=now_ms() + after).contains(&at), "{made}");
    }
    ledger
        .command(&["campaign", "run", "c"])
        .run()
        .exits_with(0);
    assert_eq!(ledger.status()["queued"], 2);
    let again = ledger
        .create(&users)
        .args(&["--not-before", "4h", "--json"])
        .run()
        .exits_with(0)
        .json();
    assert!(
        again["notBefore"].is_null(),
        "what is there keeps its time: {again}"
    );

    let check = |arguments: &[&str]| {
        let program = ledger.command(&["campaign", "create", "d", "--dry-run", "--from"]);
        program.arg(&users).args(arguments).run()
    };
    let zone = ["--time-zone", "Europe/Berlin"];
    let run = check(&[
        "--not-before",
        "2096-12-01T09:00",
        "--not-after",
        "2096-12-02",
        zone[0],
        zone[1],
    ])
    .exits_with(0);
    for told in [
        "2096-12-01 08:00:00 UTC, in ",
        "2096-12-01 23:00:00 UTC, in ",
    ] {
        assert!(run.stdout.contains(told), "{run:?}");
    }
    let run = check(&["--not-after", "2026-11-01T00:00Z"]).exits_with(2);
    assert!(run.stderr.contains("--not-after: has passed"), "{run:?}");
    let run = check(&["--not-before", "8h", "--not-after", "2h"]).exits_with(2);
    assert!(
        run.stderr.contains("--not-before: must be before"),
        "{run:?}"
    );
    let late = file(
        "late.csv",
        "user,not_before\njack,\njill,2096-12-01T09:00Z\n",
    );
    let create = ledger.command(&["campaign", "create", "d", "--not-after", "8h", "--from"]);
    let run = create.arg(late).run().exits_with(2);
    assert!(
        run.stderr.contains("line 3, not_before: must be before"),
        "{run:?}"
    );
    for (given, told) in [
        ("4000000000", "write @4000000000 for Unix seconds"),
        ("2096-12-01T09:00", "needs a time zone"),
        ("soon", "so long from now, such as 2h"),
    ] {
        for option in ["--not-before", "--not-after"] {
            let run = check(&[option, given]).exits_with(2);
            assert!(
                run.stderr.contains(option) && run.stderr.contains(told),
                "{run:?}"
            );
        }
    }
}

#[test]
fn a_name_that_is_taken_and_keys_of_other_calls_are_refused() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-taken");
    ledger
        .create(&file("taken-1.csv", "user,key\njack,a\n"))
        .run()
        .exits_with(0);
    let other = file("taken-2.csv", "user,key\njill,b\n");
    let run = ledger.create(&other).run().exits_with(2);
    assert!(run.stderr.contains("taken-1.csv"), "{run:?}");
    let reused = file("taken-3.csv", "user,key\njill,a\n");
    let run = ledger
        .command(&["campaign", "create", "d", "--from"])
        .arg(reused)
        .run()
        .exits_with(2);
    assert!(
        run.stderr.contains("line 2, key") && run.stderr.contains("another call"),
        "{run:?}"
    );
    ledger
        .command(&["campaign", "status", "d"])
        .run()
        .exits_with(2);
}

#[test]
fn ctrl_c_in_the_middle_and_the_same_command_goes_on() {
    const USERS: u64 = 120;
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-ctrl-c");
    ledger
        .create(&csv("ctrl-c.csv", users(USERS)))
        .run()
        .exits_with(0);
    let run = || ledger.command(&["campaign", "run", "c", "--rate", "60"]);
    let running = run().start();
    service.await_that("some are rung", |emulator| {
        rung(emulator, users(USERS)) > 10
    });
    running.interrupt();
    let stopped = running.wait().exits_with(130);
    assert!(
        stopped.stdout.contains("the same command goes on"),
        "{stopped:?}"
    );
    let status = ledger.status();
    assert_eq!(
        (&status["claimed"], &status["sending"], &status["unknown"]),
        (&0.into(), &0.into(), &0.into())
    );
    assert_eq!(
        service.with(|emulator| rung(emulator, users(USERS))),
        status["rung"].as_u64().unwrap()
    );

    run().run().exits_with(0);
    assert_eq!(service.with(|emulator| rung(emulator, users(USERS))), USERS);
    assert_eq!(ledger.status()["rung"], USERS);
}

#[test]
fn three_processes_share_the_rows_and_one_that_is_killed_rings_nobody_twice() {
    const USERS: u64 = 150;
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-killed");
    ledger
        .create(&csv("killed.csv", users(USERS)))
        .run()
        .exits_with(0);
    let start = || {
        ledger
            .command(&["campaign", "run", "c", "--rate", "60", "--json"])
            .start()
    };
    let (mut killed, others) = (start(), [start(), start()]);
    service.await_that("some are rung", |emulator| {
        rung(emulator, users(USERS)) > 20
    });
    killed.signal("KILL");
    // What it had in hand goes back, or is unknown, when its lease is over. Nobody has the rest.
    service.await_that("the others ring on", |emulator| {
        rung(emulator, users(USERS)) > 60
    });
    for other in &others {
        other.interrupt();
    }
    assert_eq!(killed.0.wait().unwrap().code(), None);
    for other in others {
        other.wait().exits_with(130);
    }
    let status = ledger.status();
    let sum: u64 = ["queued", "claimed", "sending", "rung", "unknown"]
        .iter()
        .map(|state| status[state].as_u64().unwrap())
        .sum();
    assert_eq!(sum, USERS, "{status}");
    assert_eq!(status["refused"], 0, "{status}");
}

#[test]
fn rings_of_unknown_outcome_are_exit_code_4_and_are_settled_by_hand() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-unknown");
    ledger
        .create(&csv("unknown.csv", users(5)))
        .run()
        .exits_with(0);
    service.inject(Fault::new(FaultKind::CutBeforeReply));
    let run = ledger
        .command(&["campaign", "run", "c"])
        .run()
        .exits_with(4);
    assert!(run.stdout.contains("trtc-call ledger settle"), "{run:?}");
    let row = ledger
        .command(&["campaign", "rows", "c", "--state", "unknown", "--json"])
        .run()
        .exits_with(0)
        .json();
    let key = row["key"].as_str().unwrap();
    assert!(key.starts_with("c:answer-0-stay-"), "{row}");
    ledger
        .command(&["ledger", "settle", key, "--not-rung"])
        .run()
        .exits_with(0);
    ledger
        .command(&["campaign", "run", "c"])
        .run()
        .exits_with(0);
    let status = ledger.status();
    assert_eq!(
        (&status["rung"], &status["presumedNotRung"]),
        (&4.into(), &1.into()),
        "{status}"
    );
    assert_eq!(service.with(|emulator| rung(emulator, users(5))), 5);
}

#[test]
fn a_campaign_is_paused_resumed_and_cancelled() {
    const USERS: u64 = 200;
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-control");
    ledger
        .create(&csv("control.csv", users(USERS)))
        .run()
        .exits_with(0);
    ledger
        .command(&["campaign", "pause", "c"])
        .run()
        .exits_with(0);
    let running = ledger
        .command(&["campaign", "run", "c", "--rate", "20"])
        .start();
    let paused = ledger.status();
    assert_eq!(
        (&paused["campaign"], &paused["rung"]),
        (&"paused".into(), &0.into())
    );
    let resumed = ledger
        .command(&["campaign", "resume", "c", "--json"])
        .run()
        .exits_with(0)
        .json();
    assert_eq!(resumed["campaign"], "running");
    service.await_that("some are rung", |emulator| rung(emulator, users(USERS)) > 3);
    let cancelled = ledger
        .command(&["campaign", "cancel", "c", "--json"])
        .run()
        .exits_with(0)
        .json();
    running.wait().exits_with(0);
    let status = ledger.status();
    assert_eq!(status["cancelled"], cancelled["cancelled"]);
    assert_eq!(
        status["rung"].as_u64().unwrap() + status["cancelled"].as_u64().unwrap(),
        USERS
    );
    let run = ledger
        .command(&["campaign", "resume", "c"])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("for good"), "{run:?}");
}

#[test]
fn the_demo_needs_nothing_and_goes_on_after_ctrl_c() {
    let store = new_store("campaign-demo");
    let demo = || {
        trtc_call(["campaign", "demo", "--emulator", "--users", "300"]).env("TRTC_STORE", &store)
    };
    let status = || {
        let run = trtc_call([
            "campaign",
            "status",
            "demo",
            "--json",
            "--sdkappid",
            "1400000000",
        ])
        .env("TRTC_STORE", &store)
        .run();
        if run.code == 0 {
            run.json()
        } else {
            Value::Null
        }
    };
    let running = demo().start();
    while status()["rung"].as_u64().unwrap_or(0) < 20 {}
    running.interrupt();
    let stopped = running.wait().exits_with(130);
    assert!(
        stopped.stdout.contains("the same command goes on"),
        "{stopped:?}"
    );
    let left = status()["queued"].as_u64().unwrap();
    assert!((1..300).contains(&left), "{stopped:?}");
    let running = demo().start();
    while status()["queued"] != 0 {}
    // It waits for the calls to end, which not everybody has to see.
    running.interrupt();
    let run = running.wait();
    assert!(run.code == 0 || run.stdout.contains("stopped"), "{run:?}");
    assert_eq!(status()["total"], 300);
}
