use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::program::{file, trtc_call};

/// The folder of vectors, and the command or action.
const COMMANDS: [(&str, &str); 16] = [
    ("start_call_by_robot", "start_call_by_robot"),
    ("get_call_info", "get_call_info"),
    ("end_call", "end_call"),
    ("get_record_by_callid", "get_record_by_callid"),
    ("get_record_by_filter", "get_record_by_filter"),
    ("set_callback", "set_callback"),
    ("get_callback", "get_callback"),
    ("delete_callback", "delete_callback"),
    ("start_stream_ingest", "StartStreamIngest"),
    ("update_stream_ingest", "UpdateStreamIngest"),
    ("describe_stream_ingest", "DescribeStreamIngest"),
    ("stop_stream_ingest", "StopStreamIngest"),
    ("dismiss_room", "DismissRoom"),
    ("dismiss_room_by_str_room_id", "DismissRoomByStrRoomId"),
    ("remove_user", "RemoveUser"),
    ("remove_user_by_str_room_id", "RemoveUserByStrRoomId"),
];

#[test]
fn every_saved_reply_is_read_as_its_vector_says() {
    let mut count = 0;
    for (folder, command) in COMMANDS {
        for case in vectors().join(folder).read_dir().unwrap() {
            let case = case.unwrap().path();
            let reply = case.join("reply.txt");
            if !reply.exists() {
                continue;
            }
            count += 1;
            let status = std::fs::read_to_string(case.join("status.txt"));
            let status = status.as_deref().map_or("200", str::trim);
            let expected = json_file(&case.join("expected.json"));
            check(
                command,
                status,
                &reply,
                &expected,
                &case.display().to_string(),
            );
        }
    }
    assert!(count > 50, "{count} vectors");
}

/// One request of each kind is enough: that the others are read alike, the vectors' own test shows.
#[test]
fn every_saved_refusal_is_read_as_its_vector_says() {
    for (file, command, kind) in [
        ("commands", "start_call_by_robot", "ringsAgain"),
        ("commands", "get_call_info", "harmless"),
        ("actions", "StartStreamIngest", "startsAgain"),
        ("actions", "StopStreamIngest", "harmless"),
    ] {
        let cases = json_file(&vectors().join("envelope").join(file).with_extension("json"));
        for case in cases.as_array().unwrap() {
            let name = format!("{}, as a reply to {command}", case["name"]);
            let reply =
                crate::program::file("decode-refusal.json", case["reply"].as_str().unwrap());
            let status = case
                .get("status")
                .map_or("200".to_owned(), Value::to_string);
            let mut error = case["error"].clone();
            let verdict = case[kind].as_object().unwrap().clone();
            error.as_object_mut().unwrap().extend(verdict);
            let expected = json!({ "ok": false, "error": error });
            check(command, &status, reply.as_ref(), &expected, &name);
        }
    }
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")
}

fn json_file(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn check(command: &str, status: &str, reply: &Path, expected: &Value, case: &str) {
    let run = trtc_call(["decode", command, "--json", "--status", status])
        .arg(reply)
        .run();
    let found = run.json();
    assert_eq!(found["command"], command, "{case}");
    assert_eq!(found["ok"], expected["ok"], "{case}");
    if expected["ok"] == true {
        assert_eq!(found["response"], expected["response"], "{case}");
        assert_eq!(found["requestId"], expected["requestId"], "{case}");
        assert_eq!(run.code, 0, "{case}");
        return;
    }
    let error = expected["error"].as_object().unwrap();
    for (key, value) in error {
        assert_eq!(found["error"][key], *value, "{key} of {case}");
    }
    let holds = |key: &str| error.get(key).is_some_and(|value| value == true);
    let code = match error["kind"].as_str().unwrap() {
        _ if holds("mayHaveRung") || holds("outcomeUnknown") => 4,
        "server" => 1,
        _ => 3,
    };
    assert_eq!(run.code, code, "{case}");
}

#[test]
fn a_reply_comes_from_a_file_or_from_stdin() {
    let reply = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#;
    let path = file("decode-reply.json", reply);
    let from_file = trtc_call(["decode", "end_call"])
        .arg(path)
        .run()
        .exits_with(0);
    let from_stdin = trtc_call(["decode", "end_call", "-"])
        .stdin(reply)
        .run()
        .exits_with(0);
    assert_eq!(from_file.stdout, from_stdin.stdout);
    let document: Value = serde_json::from_str(&from_file.stdout).unwrap();
    assert_eq!(document["requestId"], "Id-1");
}

#[test]
fn a_gateways_page_may_mean_that_the_phone_rang_and_never_that_a_status_was_read() {
    let decode = |command| {
        let arguments = ["decode", command, "--status", "502", "--json"];
        trtc_call(arguments).stdin("<html>502</html>").run()
    };
    let run = decode("start_call_by_robot").exits_with(4);
    assert_eq!(run.json()["error"]["firstBytes"], "<html>502</html>");
    let run = decode("get_call_info").exits_with(3);
    assert_eq!(run.json()["error"]["retryable"], true);
}

#[test]
fn a_file_that_cannot_be_read_and_a_command_that_does_not_exist_are_exit_code_2() {
    trtc_call(["decode", "end_call", "no-such-file"])
        .run()
        .exits_with(2);
    trtc_call(["decode", "hang_up"]).run().exits_with(2);
    let run = trtc_call(["decode", "end_call", "no-such-file", "--json"])
        .run()
        .exits_with(2);
    assert_eq!(run.json()["error"]["kind"], "file");
}

#[test]
fn more_than_1_mib_is_not_read() {
    let run = trtc_call(["decode", "end_call"])
        .stdin(vec![b' '; 1 << 21])
        .run()
        .exits_with(2);
    assert!(run.stderr.contains("larger than 1 MiB"), "{run:?}");
}

#[test]
fn a_reply_that_came_compressed_says_so() {
    let run = trtc_call(["decode", "end_call"])
        .stdin(*b"\x1f\x8b\x08\x00rest")
        .run();
    let run = run.exits_with(3);
    assert!(run.stdout.contains("gzip"), "{run:?}");
}
