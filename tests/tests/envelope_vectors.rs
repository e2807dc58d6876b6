//! Replies that are read alike whatever was sent, of `tests/vectors/envelope`: as a reply to each command, and to each
//! action.

use serde_json::{Value, json};
use trtc_call_core::{
    Action, CloudEndpoint, Endpoint, Error, Repeat, for_each_action, for_each_command,
};

use crate::vectors::{folder, json_file};

#[test]
fn commands() {
    for case in cases("commands.json") {
        for_each_command!(check_command(&case));
    }
}

fn check_command<E: Endpoint>(case: &Value) {
    let name = format!("{}, as a reply to {}", case["name"], E::COMMAND.name);
    let error = E::parse(status(case), reply(case)).err().expect(&name);
    let (kind, repeat) = (word(E::COMMAND.repeat), E::COMMAND.repeat);
    let verdict = json!({
        "retryable": error.is_retryable(repeat),
        "mayHaveRung": error.may_have_rung(repeat),
    });
    assert_eq!(about(&error), case["error"], "{name}");
    assert_eq!(verdict, case[kind], "{name}, {kind}");
}

#[test]
fn actions() {
    for case in cases("actions.json") {
        for_each_action!(check_action(&case));
    }
}

fn check_action<E: CloudEndpoint>(action: Action, case: &Value) {
    let name = format!("{}, as a reply to {}", case["name"], action.name);
    let error = E::parse(status(case), reply(case)).err().expect(&name);
    let (kind, repeat) = (word(action.repeat), action.repeat);
    let verdict = json!({
        "retryable": error.is_retryable(repeat),
        "outcomeUnknown": error.may_have_started(repeat),
    });
    assert_eq!(about(&error), case["error"], "{name}");
    assert_eq!(verdict, case[kind], "{name}, {kind}");
    assert!(!error.may_have_rung(repeat), "{name}");
}

fn cases(file: &str) -> Vec<Value> {
    let cases = json_file(&folder("envelope"), file);
    let cases = cases.as_array().unwrap();
    assert!(!cases.is_empty());
    cases.clone()
}

fn status(case: &Value) -> u16 {
    let status = case
        .get("status")
        .map_or(200, |status| status.as_u64().unwrap());
    status.try_into().unwrap()
}

fn reply(case: &Value) -> &[u8] {
    case["reply"].as_str().unwrap().as_bytes()
}

fn about(error: &Error) -> Value {
    let mut about = json!({
        "kind": error.kind(),
        "code": error.code(),
        "requestId": error.request_id(),
    });
    match error {
        Error::Server(error) => about["errorCode"] = json!(error.code),
        Error::Cloud(error) => about["cloudCode"] = json!(error.code),
        Error::Parse(error) => about["status"] = json!(error.status),
        other => panic!("{other:?}"),
    }
    about
}

/// As the vectors call what sending a request again does.
fn word(repeat: Repeat) -> &'static str {
    match repeat {
        Repeat::Harmless => "harmless",
        Repeat::RingsAgain => "ringsAgain",
        Repeat::StartsAgain => "startsAgain",
        other => panic!("no vector has a word for {other}"),
    }
}
