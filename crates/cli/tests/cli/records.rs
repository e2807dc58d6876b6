use std::io::{BufRead as _, BufReader};
use std::time::Duration;

use serde_json::{Value, json};
use trtc_call_emulator::{Alteration, Fault, FaultKind};

use crate::service::{Service, always, nobody, program_for};

const LIST: &str = "get_record_by_filter";

/// A service with a record for each of the callees, the latest first.
fn service_with_records(callees: &[&str]) -> (Service, Vec<String>) {
    let service = Service::start();
    let mut call_ids: Vec<String> = callees.iter().map(|callee| service.ring(callee)).collect();
    service.with(|emulator| emulator.advance_by(Duration::from_secs(60)));
    call_ids.reverse();
    (service, call_ids)
}

fn requests(service: &Service) -> u64 {
    service.with(|emulator| emulator.requests(LIST))
}

fn call_ids(document: &Value) -> Vec<String> {
    let records = document["records"].as_array().unwrap().iter();
    records
        .map(|record| record["callId"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn records_are_listed_as_a_table_as_csv_and_as_one_document() {
    let (service, ids) = service_with_records(&["jack", "reject", "noanswer"]);
    let run = service.client(&["record", "list"]).run().exits_with(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("BEGAN  "), "{run:?}");
    for (line, (id, result)) in
        lines[1..]
            .iter()
            .zip(ids.iter().zip(["NotAnswer", "Reject", "NormalEnd"]))
    {
        assert!(
            line.contains(id.as_str()) && line.contains(result),
            "{run:?}"
        );
        let column = lines[0].find("FROM").unwrap();
        assert!(line[column..].starts_with("robot -> "), "{run:?}");
    }
    assert_eq!(lines.len(), 4);

    let run = service
        .client(&["record", "list", "--csv"])
        .run()
        .exits_with(0);
    let rows: Vec<Vec<&str>> = run
        .stdout
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!(rows[0][0], "callId");
    assert_eq!(rows[1][0], ids[0]);
    assert_eq!(rows[3][2], "jack");
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{run:?}");

    let run = service
        .client(&["record", "list", "--json"])
        .run()
        .exits_with(0);
    let document = run.json();
    assert_eq!(document["total"], 3);
    assert_eq!(call_ids(&document), ids);
    let get = service.client(&["record", "get", &ids[0], "--json"]).run();
    assert_eq!(document["records"][0], get.json()["record"]);
    // What was stored of the command's output, a program in Rust reads, and writes as it was.
    for record in document["records"].as_array().unwrap() {
        let read: trtc_call::CallRecord = serde_json::from_value(record.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), *record);
    }
}

#[test]
fn filters_and_limits_are_kept_and_no_more_is_asked_for_than_is_shown() {
    let callees = ["jack"; 12].iter().copied().chain(["reject", "jack"]);
    let (service, ids) = service_with_records(&callees.collect::<Vec<_>>());
    let list = |arguments: &[&str]| {
        let run = service
            .client(&["record", "list", "--json"])
            .args(arguments);
        call_ids(&run.run().exits_with(0).json())
    };
    assert_eq!(list(&["--result", "reject"]), ids[1..2]);
    assert_eq!(list(&["--call-type", "multicall"]), [""; 0]);
    assert_eq!(list(&["--since", "2d", "--until", "1d"]), [""; 0]);
    assert_eq!(list(&["--since", "2d"]), ids);
    let before = requests(&service);
    assert_eq!(list(&["--limit", "10"]), ids[..10]);
    assert_eq!(requests(&service) - before, 1);
    assert_eq!(list(&["--limit", "11"]), ids[..11]);
    assert_eq!(requests(&service) - before, 3);
    assert_eq!(list(&["--page-size", "100"]), ids);
    assert_eq!(requests(&service) - before, 4);

    let run = service
        .client(&["record", "list", "--limit", "2"])
        .run()
        .exits_with(0);
    assert_eq!(run.stdout.lines().count(), 3);
    assert!(run.stderr.contains("2 of 14 records"), "{run:?}");
}

#[test]
fn an_empty_list_is_no_failure() {
    let service = Service::start();
    let run = service.client(&["record", "list"]).run().exits_with(0);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("no call matches"), "{run:?}");
    let run = service
        .client(&["record", "list", "--json"])
        .run()
        .exits_with(0);
    assert_eq!(run.json(), json!({ "total": 0, "records": [] }));
    let run = service
        .client(&["record", "list", "--csv"])
        .run()
        .exits_with(0);
    assert_eq!(run.stdout.lines().count(), 1, "the header");
}

#[test]
fn a_page_that_fails_once_is_not_noticed_and_one_that_goes_on_failing_is_told_with_what_came_before()
 {
    let (service, ids) = service_with_records(&["jack"; 15]);
    service.inject(Fault::new(FaultKind::HttpStatus(502)).only(LIST));
    let run = service
        .client(&["record", "list", "--json"])
        .run()
        .exits_with(0);
    assert_eq!(call_ids(&run.json()), ids);

    // A delay of nothing lets the first page through.
    let (first, then) = (
        Fault::new(FaultKind::Delay(Duration::ZERO)).only(LIST),
        Fault::new(FaultKind::HttpStatus(502)).times(3).only(LIST),
    );
    let spoil = || {
        service.inject(first.clone());
        service.inject(then.clone());
    };
    spoil();
    let run = service
        .client(&["record", "list", "--json"])
        .run()
        .exits_with(3);
    assert_eq!(call_ids(&run.json()), ids[..10]);
    assert_eq!(run.json()["error"]["code"], "http_status");
    spoil();
    let run = service
        .client(&["record", "list", "--csv"])
        .run()
        .exits_with(3);
    assert_eq!(run.stdout.lines().count(), 11);
    assert!(run.stderr.contains("502"), "{run:?}");
    let run = service
        .client(&["record", "list", "--json"])
        .env("TRTC_BASE_URL", nobody())
        .run()
        .exits_with(3);
    assert_eq!(call_ids(&run.json()), [""; 0]);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_words_of_the_command_line() {
    let service = Service::start();
    let run = service
        .client(&[
            "record",
            "list",
            "--since",
            "@1700000000000",
            "--until",
            "@1700000000001",
            "--csv",
            "--json",
        ])
        .env("TRTC_ADMIN", "not a name")
        .run()
        .exits_with(2);
    let problems = run.json()["error"]["problems"].clone();
    let fields: Vec<&str> = problems
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["--csv", "--since", "--until", "TRTC_ADMIN"]);
    for arguments in [
        &["--limit", "0"][..],
        &["--page-size", "0"],
        &["--since", "yesterday"],
    ] {
        let run = service.client(&["record", "list"]).args(arguments);
        run.run().exits_with(2);
    }
    assert_eq!(requests(&service), 0);
}

#[test]
fn a_word_that_this_release_does_not_know_is_asked_for_with_a_warning() {
    let (service, _) = service_with_records(&["jack"]);
    for (option, word) in [("--result", "Bored"), ("--call-type", "Conference")] {
        let run = service
            .client(&["record", "list", option, word, "--json"])
            .run()
            .exits_with(0);
        let warning = format!("{option}: is \"{word}\", which this release does not know");
        assert!(run.stderr.contains(&warning), "{run:?}");
        assert_eq!(run.json()["records"], serde_json::json!([]), "{word}");
    }
    let known = [
        "record",
        "list",
        "--result",
        "OFFLINE",
        "--call-type",
        "singlecall",
    ];
    let run = service.client(&known).run().exits_with(0);
    assert!(!run.stderr.contains("warning"), "{run:?}");
}

#[test]
fn a_start_of_any_age_is_moved_with_a_warning_and_an_end_may_lie_in_the_future() {
    let (service, _) = service_with_records(&["jack"]);
    for since in ["8d", "@0", "7.5d"] {
        let run = service
            .client(&[
                "record",
                "list",
                "--since",
                since,
                "--until",
                "@99999999999",
                "--json",
            ])
            .run()
            .exits_with(0);
        assert!(
            run.stderr.contains("--since: ") && run.stderr.contains("moved to"),
            "{run:?}"
        );
        assert_eq!(
            run.json()["records"].as_array().unwrap().len(),
            1,
            "{since}"
        );
    }
    let run = service.client(&["record", "list", "--since", "1.5d"]).run();
    assert_eq!(run.exits_with(0).stderr.matches("warning").count(), 0);
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_listing() {
    let (service, _) = service_with_records(&["jack"; 30]);
    let mut running = service
        .client(&["record", "list", "--page-size", "1"])
        .start();
    let mut lines = BufReader::new(running.0.stdout.take().unwrap());
    lines.read_line(&mut String::new()).unwrap();
    drop(lines);
    assert!(running.0.wait().unwrap().success());
    assert!(requests(&service) < 30, "{}", requests(&service));
}

#[test]
fn a_server_that_repeats_a_page_ends_the_list_with_an_error() {
    // Whatever page is asked for.
    let base_url = always(
        r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{"TotalNum":9,"Page":1,"CallRecordList":[{"CallId":"c-1","Caller_Account":"robot","MediaType":"Video","CallType":"SingleCall","StartTime":1700000000,"EndTime":1700000060,"AcceptTime":0,"CallResult":"NotAnswer","CalleeList_Account":["robot","jack"],"RoomId":"","RoomIdType":0}]}}"#,
    );
    let list = || program_for(&base_url, &["record", "list", "--page-size", "1"]);
    let run = list().run().exits_with(3);
    assert!(
        run.stderr
            .contains("page 1 came where page 2 was asked for"),
        "{run:?}"
    );
    assert_eq!(run.stdout.matches("c-1").count(), 1, "{run:?}");
    let document = list().arg("--json").run().exits_with(3).json();
    assert_eq!(document["records"].as_array().unwrap().len(), 1);
    assert_eq!(document["error"]["code"], "reply_payload");
}

#[test]
fn an_entry_that_is_no_record_is_warned_of_and_ends_no_list() {
    let (service, ids) = service_with_records(&["jack"; 12]);
    let nameless = json!({ "CallResult": "NormalEnd\u{1b}[31m" });
    let odd = Alteration::default().set("/Response/CallRecordList/1", nameless.clone());
    let spoil = || service.inject(Fault::new(FaultKind::AlteredReply(odd.clone())).only(LIST));
    let others: Vec<&String> = ids[..1].iter().chain(&ids[2..]).collect();
    spoil();
    let run = service
        .client(&["record", "list", "--json"])
        .run()
        .exits_with(0);
    let document = run.json();
    assert_eq!(call_ids(&document).iter().collect::<Vec<_>>(), others);
    assert_eq!(document["unreadable"], json!([nameless]));
    let warning =
        "something that is no record, which is left out: {\"CallResult\":\"NormalEnd\\u001b[31m\"}";
    assert_eq!(run.stderr.matches(warning).count(), 1, "{run:?}");
    for (form, lines) in [("--csv", 12), ("--page-size=10", 12)] {
        spoil();
        let run = service
            .client(&["record", "list", form])
            .run()
            .exits_with(0);
        assert_eq!(run.stdout.lines().count(), lines, "{run:?}");
        assert_eq!(run.stderr.matches(warning).count(), 1, "{run:?}");
        assert!(!run.stderr.contains("records came"), "{run:?}");
    }
}

#[test]
fn a_day_and_a_half_ago_is_a_moment() {
    let service = Service::start();
    let run = service.client(&["record", "list", "--since", "1.5d"]);
    run.run().exits_with(0);
}
