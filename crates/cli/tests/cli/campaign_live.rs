//! A campaign while it is rung: what webhooks tell is written as it comes, and Prometheus reads the numbers.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use trtc_call::webhook::WebhookToken;
use trtc_call_emulator::{CallbackConfiguration, Fault, FaultKind, WebhookSettings};

use crate::campaign::{Ledger, csv, last_line, users};
use crate::program::{Running, file, trtc_call};
use crate::service::Service;

const TOKEN: &str = "a token for webhooks";

/// The URL that the program names on stderr.
fn url(running: &mut Running, words: &str) -> String {
    let text = running.read_stderr_until(words);
    let at = text.rfind("http://").unwrap_or_else(|| panic!("{text}"));
    text[at..].trim_end().to_owned()
}

fn tell(service: &Service, url: &str, token: Option<&str>) {
    let mut settings = WebhookSettings::default();
    settings.token = token.map(|token| WebhookToken::new(token).unwrap());
    service.with(|emulator| {
        emulator.set_callback_configuration(Some(CallbackConfiguration::everything(url)));
        emulator.set_webhook_settings(settings);
    });
}

/// Nobody is rung before the service knows whom to tell.
fn control(ledger: &Ledger<'_>, command: &str) {
    ledger
        .command(&["campaign", command, "c"])
        .run()
        .exits_with(0);
}

/// A plain request, and the whole answer.
fn http(method: &str, url: &str) -> String {
    let (address, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The samples, after everything that `promtool check metrics` would say something about is refused.
fn samples(answer: &str) -> Vec<(String, f64)> {
    let (head, text) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("text/plain; version=0.0.4"), "{head}");
    assert!(text.ends_with('\n'), "{text}");
    let (mut helped, mut typed, mut seen) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut current = String::new();
    let mut samples = Vec::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap();
            assert!(helped.insert(name.to_owned()), "told twice: {line}");
            assert!(!words.trim().is_empty(), "{line}");
            current = name.to_owned();
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            assert_eq!(name, current, "HELP and TYPE stand together");
            assert!(typed.insert(name.to_owned()), "{line}");
            let is_counter = name.ends_with("_total");
            assert_eq!(kind, if is_counter { "counter" } else { "gauge" }, "{line}");
        } else {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let name = series.split('{').next().unwrap();
            let is_name = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
            assert!(name.bytes().all(is_name), "{line}");
            assert_eq!(name, current, "a sample stands under its name");
            assert!(seen.insert(series.to_owned()), "twice: {line}");
            assert!(series.contains("campaign=\"c\""), "{line}");
            samples.push((series.to_owned(), value.parse().unwrap()));
        }
    }
    assert_eq!(helped, typed);
    samples
}

fn sample(samples: &[(String, f64)], name: &str, label: &str) -> f64 {
    let of_name = |series: &str| series.starts_with(&format!("trtc_call_campaign_{name}{{"));
    let found = samples
        .iter()
        .find(|(series, _)| of_name(series) && series.contains(label));
    found.map_or(0.0, |(_, value)| *value)
}

#[test]
fn prometheus_reads_the_numbers_of_a_campaign_while_it_is_rung() {
    const USERS: u64 = 60;
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-metrics");
    ledger
        .create(&csv("metrics.csv", users(USERS)))
        .run()
        .exits_with(0);
    service.inject(Fault::new(FaultKind::RateLimit));
    let mut running = ledger
        .command(&["campaign", "run", "c", "--rate", "15", "--json"])
        .args(&["--metrics", "127.0.0.1:0"])
        .start();
    let url = url(&mut running, "numbers at");
    assert!(url.ends_with("/metrics"), "{url}");
    let mut last = Vec::new();
    while sample(&last, "rings", "state=\"rung\"") < 10.0 {
        last = samples(&http("GET", &url));
    }
    assert_eq!(
        sample(&last, "put_off_total", "reason=\"call_frequency_limit\""),
        1.0
    );
    assert_eq!(sample(&last, "rate_limit", ""), 15.0);
    assert_eq!(sample(&last, "running", ""), 1.0);
    assert_eq!(sample(&last, "store_errors_total", ""), 0.0);
    let of_all: f64 = last
        .iter()
        .filter(|(series, _)| series.starts_with("trtc_call_campaign_rings{"))
        .map(|(_, count)| count)
        .sum();
    assert_eq!(of_all, USERS as f64);
    assert!(sample(&last, "sent_total", "outcome=\"rung\"") >= 10.0);
    assert!(sample(&last, "counted_timestamp_seconds", "") > 1.7e9);
    for (method, path, status) in [
        ("POST", "", "405"),
        ("DELETE", "", "405"),
        ("GET", "/other", "404"),
    ] {
        let answer = http(method, &format!("{url}{path}"));
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
    }
    running.interrupt();
    running.wait().exits_with(130);
}

#[test]
fn webhooks_settle_what_is_unknown_and_count_ends_while_the_campaign_is_rung() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-listen");
    let text = "user\nanswer-50-hangup-100\nanswer-60-hangup-100\nreject-50\n";
    ledger.create(&file("listen.csv", text)).run().exits_with(0);
    control(&ledger, "pause");
    service.inject(Fault::new(FaultKind::CutBeforeReply));
    let mut running = ledger
        .command(&["campaign", "run", "c", "--json", "--listen", "127.0.0.1:0"])
        .args(&["--metrics", "127.0.0.1:0"])
        .env("TRTC_WEBHOOK_TOKEN", TOKEN)
        .start();
    let numbers = url(&mut running, "numbers at");
    let webhooks = url(&mut running, "webhooks are received at");
    let forged = http("POST", &format!("{webhooks}?SdkAppid=1400000001"));
    assert!(!forged.starts_with("HTTP/1.1 200"), "{forged}");
    assert!(http("GET", &webhooks).starts_with("HTTP/1.1 405"));
    let seen = samples(&http("GET", &numbers));
    assert_eq!(sample(&seen, "webhooks_total", "result=\"refused\""), 1.0);
    tell(&service, &webhooks, Some(TOKEN));
    control(&ledger, "resume");
    let run = running.wait().exits_with(0);
    let end = last_line(&run);
    for (count, number) in [("rung", 3), ("unknown", 0), ("ended", 3), ("answered", 2)] {
        assert_eq!(end[count], number, "{count}: {run:#?}");
    }
    let lines = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let calls: Vec<Value> = lines.filter(|line| line["event"] == "call").collect();
    let ended = |result: &str| {
        let results = calls.iter().map(|call| &call["callResult"]);
        results.filter(|found| *found == result).count()
    };
    assert_eq!(ended("NormalEnd"), 2, "{calls:?}");
    assert_eq!(ended("Reject"), 1, "{calls:?}");
    assert_eq!(
        service.with(|emulator| emulator.requests("get_record_by_filter")),
        0
    );
}

#[test]
fn who_did_not_answer_is_rung_again_by_the_same_run_that_hears_of_it() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-again");
    ledger
        .create(&file("again.csv", "user\nnoanswer\n"))
        .args(&["--attempts", "2", "--again-after", "1s"])
        .run()
        .exits_with(0);
    control(&ledger, "pause");
    let mut running = ledger
        .command(&["campaign", "run", "c", "--json", "--listen"])
        .args(&["127.0.0.1:0", "--unsigned"])
        .start();
    tell(&service, &url(&mut running, "received at"), None);
    control(&ledger, "resume");
    for attempt in 1..=2 {
        service.await_that("the phone rings", |emulator| {
            emulator.rings("noanswer") == attempt
        });
        service.with(|emulator| emulator.advance_by(Duration::from_secs(31)));
    }
    let run = running.wait().exits_with(0);
    let end = last_line(&run);
    assert_eq!(
        (&end["rung"], &end["ended"]),
        (&2.into(), &2.into()),
        "{run:#?}"
    );
    assert!(run.stdout.contains("\"attempt\":2"), "{run:#?}");
}

#[test]
fn options_of_a_run_that_hears_are_refused_where_nobody_would_tell() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-deaf");
    ledger
        .create(&csv("deaf.csv", users(1)))
        .run()
        .exits_with(0);
    let run = |options: &[&str]| {
        let run = ledger.command(&["campaign", "run", "c"]).args(options);
        run.run().exits_with(2).stderr
    };
    assert!(run(&["--unsigned"]).contains("--listen"));
    assert!(run(&["--wait"]).contains("--watch"));
    let missing = run(&["--listen", "127.0.0.1:0"]);
    assert!(
        missing.contains("TRTC_WEBHOOK_TOKEN") && missing.contains("--unsigned"),
        "{missing}"
    );
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    assert!(run(&["--metrics", &taken]).contains("cannot listen on"));
    assert_eq!(ledger.status()["queued"], 1);
}

#[test]
fn a_rehearsal_tells_what_would_come_of_a_file_and_changes_nothing() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-rehearsal");
    let rows =
        "answer-20-hangup-20,,\nanswer-30-hangup-20,,\noffline,,\nlater,2099-01-01T00:00:00Z,\n";
    let file = file("rehearsal.csv", format!("user,not_before,name\n{rows}"));
    let rehearse = |options: &[&str]| {
        let run = ledger.create(&file).arg("--rehearse").args(options).run();
        run.exits_with(0)
    };
    let document = rehearse(&["--json"]).json();
    for (count, number) in [
        ("total", 4),
        ("rung", 2),
        ("answered", 2),
        ("refused", 1),
        ("queued", 1),
        ("postponed", 1),
        ("again", 0),
        ("known", 0),
    ] {
        assert_eq!(document[count], number, "{count}: {document}");
    }
    assert_eq!(document["failures"]["not_rung"], 1, "{document}");
    assert_eq!(document["refusals"][0]["line"], 4, "{document}");

    let ring = ["--key", "c:offline", "--store"];
    service
        .client(&[
            "start", "--callee", "offline", "--robot", "robot", "--video",
        ])
        .args(&["--ring-timeout", "30s", "--json"])
        .args(&ring)
        .arg(&ledger.store)
        .run()
        .exits_with(5);
    let run = rehearse(&[]);
    for words in [
        "nothing was changed",
        "in the ledger already  1",
        "not their time         1",
        "2099-01-01",
    ] {
        assert!(run.stdout.contains(words), "{words}: {run:#?}");
    }
    ledger
        .command(&["campaign", "status", "c"])
        .run()
        .exits_with(2);
    let asked = service.with(|emulator| emulator.requests("start_call_by_robot"));
    assert_eq!(asked, 1, "but for the ring with a key");
}

#[test]
fn a_rehearsal_tells_for_how_many_it_was_too_late() {
    // The first call is up until the others' last moment has passed.
    let rows: String = (1..=3)
        .map(|number| format!("answer-0-hangup-2000-{number}\n"))
        .collect();
    let rehearsal = trtc_call(["campaign", "create", "c", "--rehearse", "--max-up", "1"])
        .args(&["--not-after", "1s", "--from"])
        .arg(file("rehearsal-late.csv", format!("user\n{rows}")))
        .run()
        .exits_with(0);
    assert!(
        rehearsal.stdout.contains("cancelled, too late"),
        "{rehearsal:?}"
    );
}

#[test]
fn a_file_is_checked_and_rehearsed_without_a_ledger_or_an_application() {
    let file = file("rehearsal-alone.csv", "user\nanswer-20-hangup-20\n");
    let create = || trtc_call(["campaign", "create", "c", "--json", "--from"]).arg(&file);
    let checked = create().arg("--dry-run").run().exits_with(0).json();
    assert_eq!(
        (&checked["rows"], &checked["known"]),
        (&1.into(), &0.into())
    );
    let rehearsed = create().arg("--rehearse").run().exits_with(0).json();
    assert_eq!(rehearsed["rung"], 1, "{rehearsed}");
    let missing = create().run().exits_with(2).stdout;
    assert!(
        missing.contains("--store") && missing.contains("--sdkappid"),
        "{missing}"
    );
    let url = ["--dry-run", "--store", "never.db"];
    let missing = create().args(&url).run().exits_with(2).stdout;
    assert!(missing.contains("--sdkappid"), "{missing}");
}

#[test]
fn users_may_come_through_a_pipe() {
    let service = Service::start();
    let ledger = Ledger::new(&service, "campaign-stdin");
    let create = || {
        ledger
            .command(&["campaign", "create", "c", "--json", "--from", "-"])
            .stdin("user\njack\njill\n")
    };
    let made = create().run().exits_with(0).json();
    assert_eq!(
        (&made["rows"], &made["new"]),
        (&2.into(), &2.into()),
        "{made}"
    );
    assert_eq!(create().run().exits_with(0).json()["known"], 2);
    let by_name = ledger
        .command(&["campaign", "create", "d", "--json", "--format", "ndjson"])
        .args(&["--from", "/dev/stdin"])
        .stdin("{\"user\":\"joe\"}\n");
    assert_eq!(by_name.run().exits_with(0).json()["new"], 1);
}
