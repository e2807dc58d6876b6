//! `--extra`, on every command that sends a request.

use crate::program::Run;
use crate::service::{program_for, recorded};

/// Every such command, and a field of its request, if it has one.
const COMMANDS: [(&[&str], Option<&str>); 14] = [
    (&["start", "--callee", "jack"], Some("UserData")),
    (&["status", "35fd577d"], Some("CallId")),
    (&["end", "35fd577d"], Some("CallId")),
    (&["record", "get", "35fd577d"], Some("CallId")),
    (&["record", "list"], Some("Page")),
    (&["callback", "set", "https://example.com"], Some("Url")),
    (&["callback", "get"], None),
    (&["callback", "delete"], None),
    (
        &[
            "ingest",
            "start",
            "https://example.com/a",
            "--room",
            "lobby",
        ],
        Some("StreamUrl"),
    ),
    (&["ingest", "update", "35fd577d", "--pause"], Some("TaskId")),
    (&["ingest", "describe", "35fd577d"], Some("TaskId")),
    (&["ingest", "stop", "35fd577d"], Some("TaskId")),
    (&["room", "dismiss", "--room", "lobby"], Some("RoomId")),
    (
        &["room", "remove", "jack", "--room-number", "7"],
        Some("SdkAppId"),
    ),
];

/// A refusal, of the REST API and of the cloud API at once.
const REFUSAL: &str = r#"{"ActionStatus":"FAIL","ErrorCode":60010,"ErrorInfo":"no","RequestId":"a",
    "Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"no"},"RequestId":"a"}}"#;

#[test]
fn every_command_that_sends_a_request_sends_further_fields_as_they_are_and_tells_of_them() {
    let (base_url, bodies) = recorded(REFUSAL);
    for (command, _) in COMMANDS {
        let run = program_for(&base_url, command)
            .args(&["--extra", "Tomorrow=12345678901234567890"])
            .args(&["--extra", r#"Later={"a":[1.10]}"#])
            .run()
            .exits_with(1);
        let body = bodies.try_recv().unwrap();
        assert!(
            body.ends_with(r#""Later":{"a":[1.10]},"Tomorrow":12345678901234567890}"#),
            "{command:?}: {body}"
        );
        assert!(
            run.stderr
                .contains("--extra Tomorrow: is a field that this release does not know"),
            "{run:?}"
        );
    }
}

#[test]
fn no_command_sends_a_further_field_that_is_known_or_no_json() {
    let (base_url, bodies) = recorded(REFUSAL);
    let refused = |command: &[&str], given: &str| {
        let run: Run = program_for(&base_url, command)
            .args(&["--extra", given, "--json"])
            .run()
            .exits_with(2);
        let problems = run.json()["error"]["problems"].clone();
        assert_eq!(problems.as_array().unwrap().len(), 1, "{run:?}");
        assert_eq!(problems[0]["field"], "--extra", "{run:?}");
    };
    for (command, known) in COMMANDS {
        refused(command, "Tomorrow=x");
        if let Some(known) = known {
            refused(command, &format!("{known}=1"));
        }
    }
    assert!(bodies.try_recv().is_err(), "nothing was sent");
}

#[test]
fn a_dry_run_shows_further_fields_with_the_advice_on_them() {
    let commands = COMMANDS.iter().map(|(command, _)| *command);
    let dry = commands.filter(|command| ["start", "ingest", "room"].contains(&command[0]));
    for command in dry {
        let run = program_for("http://127.0.0.1:9", command)
            .args(&[
                "--extra",
                "Tomorrow=12345678901234567890",
                "--dry-run",
                "--json",
            ])
            .run()
            .exits_with(0);
        assert!(
            run.stdout.contains(r#""Tomorrow":12345678901234567890"#)
                || run.stdout.contains(r#""Tomorrow": 12345678901234567890"#),
            "{run:?}"
        );
        let advice = &run.json()["advice"];
        assert_eq!(advice[0]["code"], "unknown_field", "{run:?}");
        assert_eq!(advice[0]["field"], "extra.Tomorrow", "{run:?}");
    }
}
