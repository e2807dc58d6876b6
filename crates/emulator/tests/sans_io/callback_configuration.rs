//! `set_callback`, `get_callback`, `delete_callback`.

use serde_json::{Value, json};

use super::Line;
use super::caller::{DELETE_CALLBACK, GET_CALLBACK, SET_CALLBACK};

const ALL: [&str; 3] = [
    "Call.CallbackAfterStartCall",
    "Call.CallbackAfterMemberChanged",
    "Call.CallbackAfterEndCall",
];

fn code(line: &mut Line, path: &str, body: &Value) -> i64 {
    line.send(path, body)["ErrorCode"].as_i64().unwrap()
}

fn configuration(url: &str, commands: &[&str]) -> Value {
    json!({ "Url": url, "CallbackCommandList": commands })
}

#[test]
fn what_is_set_is_what_is_read_until_it_is_replaced_as_a_whole_or_deleted() {
    let mut line = Line::new();
    assert_eq!(code(&mut line, GET_CALLBACK, &json!({})), 100_301);
    assert_eq!(code(&mut line, DELETE_CALLBACK, &json!({})), 100_301);
    for wanted in [
        configuration("https://example.com/a?b=c", &ALL),
        configuration("http://127.0.0.1:8080", &ALL[2..]),
    ] {
        let set = line.send(SET_CALLBACK, &wanted);
        assert_eq!(set["ErrorCode"], 0, "{set}");
        assert!(set.get("Response").is_none());
        assert_eq!(line.send(GET_CALLBACK, &json!({}))["Response"], wanted);
    }
    let url = &line.emulator.callback_configuration().unwrap().url;
    assert_eq!(url, "http://127.0.0.1:8080");
    assert_eq!(code(&mut line, DELETE_CALLBACK, &json!({})), 0);
    assert_eq!(code(&mut line, GET_CALLBACK, &json!({})), 100_301);
    assert_eq!(line.emulator.callback_configuration(), None);
}

#[test]
fn every_rule_is_checked_and_100002_names_the_field_and_nothing_changes() {
    let mut line = Line::new();
    let good = configuration("https://example.com", &ALL[..1]);
    line.send(SET_CALLBACK, &good);
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let commands = "CallbackCommandList";
    for (body, field) in [
        (json!({ commands: ALL }), "Url"),
        (with("Url", json!("")), "Url"),
        (with("Url", json!("ftp://example.com")), "Url"),
        (with("Url", json!("example.com")), "Url"),
        (with("Url", json!(5)), "Url"),
        (json!({ "Url": "https://example.com" }), commands),
        (with(commands, json!([])), commands),
        (with(commands, json!(ALL[0])), commands),
        (with(commands, json!([ALL[0], 5])), commands),
        (
            with(commands, json!(["Call.CallbackAfterLunch"])),
            "CallbackCommandList[0]",
        ),
        (
            with(commands, json!([ALL[0], ALL[1], ALL[0]])),
            "CallbackCommandList[2]",
        ),
    ] {
        let reply = line.send(SET_CALLBACK, &body);
        assert_eq!(reply["ErrorCode"], 100_002, "{body}");
        let info = reply["ErrorInfo"].as_str().unwrap();
        assert!(info.starts_with(&format!("{field}: ")), "{info}");
    }
    assert_eq!(line.send(GET_CALLBACK, &json!({}))["Response"], good);
}

#[test]
fn each_command_has_a_rate_limit_of_its_own() {
    let mut line = Line::new();
    for _ in 0..200 {
        assert_eq!(code(&mut line, GET_CALLBACK, &json!({})), 100_301);
    }
    assert_eq!(code(&mut line, GET_CALLBACK, &json!({})), 60007);
    assert_eq!(code(&mut line, DELETE_CALLBACK, &json!({})), 100_301);
    let wanted = configuration("https://example.com", &ALL);
    assert_eq!(code(&mut line, SET_CALLBACK, &wanted), 0);
}
