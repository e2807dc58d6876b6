//! Every case below `tests/vectors/<command>/`: what is sent, and what is made of a reply. The README
//! there tells what the files are.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};
use trtc_call_core::call_engine::start_call_by_robot;
use trtc_call_core::input::{FromInput, Input};
use trtc_call_core::offline_push::Advice;
use trtc_call_core::{
    Access, Endpoint, Error, InvalidRequest, Region, Reply, SdkAppId, UserId, UserSig, WithExtra,
    for_each_command,
};

use crate::vectors::{cases, json_file, status, text_file};

#[test]
fn every_command_sends_and_reads_as_its_cases_say() {
    for_each_command!(run());
}

/// The advice on a request that is built.
#[test]
fn start_call_by_robot_advice() {
    let with_advice = |case: &PathBuf| case.join("advice.json").exists();
    let cases: Vec<PathBuf> = cases("start_call_by_robot")
        .into_iter()
        .filter(with_advice)
        .collect();
    assert!(!cases.is_empty());
    for case in cases {
        let call = read::<start_call_by_robot::Request>(&case).unwrap();
        let advice: Vec<Value> = call
            .request()
            .advice()
            .into_iter()
            .chain(call.extra_advice())
            .map(Advice::in_javascript)
            .map(|advice| {
                json!({
                    "code": advice.code,
                    "field": advice.field,
                    "vendor": advice.vendor,
                    "shown": advice.shown,
                })
            })
            .collect();
        assert_eq!(
            Value::Array(advice),
            json_file(&case, "advice.json"),
            "{}",
            case.display()
        );
    }
}

/// Runs the cases of one command, of which there are requests and replies.
fn run<E: Endpoint<Response: Serialize> + FromInput>() {
    let (mut requests, mut replies) = (0, 0);
    for case in cases(E::COMMAND.name) {
        if case.join("input.json").exists() {
            check_request::<E>(&case);
            requests += 1;
        } else {
            check_reply::<E>(&case);
            replies += 1;
        }
    }
    assert!(
        requests > 0 && replies > 0,
        "{} lacks cases",
        E::COMMAND.name
    );
}

/// The request that a case's input makes.
fn read<E: Endpoint + FromInput>(case: &Path) -> Result<WithExtra<E>, InvalidRequest> {
    let input = text_file(case, "input.json");
    WithExtra::read(Input::new(&input), E::with_extra)
}

fn check_request<E: Endpoint + FromInput>(case: &Path) {
    let request = match read::<E>(case) {
        Ok(request) => request,
        Err(invalid) => {
            let problems = invalid.problems().iter();
            let fields: Vec<&str> = problems.map(|problem| problem.field.as_str()).collect();
            let expected = json_file(case, "problems.json");
            assert_eq!(json!(fields), expected, "{}", case.display());
            return;
        }
    };
    let access = json_file(case, "../../access.json");
    let text = |name: &str| access[name].as_str().unwrap();
    let number = |name: &str| u32::try_from(access[name].as_u64().unwrap()).unwrap();
    let sent = request.http_request(
        &Access {
            region: &text("region").parse::<Region>().unwrap(),
            sdk_app_id: SdkAppId::new(number("sdkAppId")).unwrap(),
            admin: &UserId::new(text("admin")).unwrap(),
            user_sig: &UserSig::from_token(text("userSig")),
        },
        number("random"),
    );
    assert_eq!(sent.method, "POST", "method of {}", case.display());
    assert_eq!(
        sent.url,
        text_file(case, "url.txt").trim_end(),
        "url of {}",
        case.display()
    );
    let body: Value = serde_json::from_str(&sent.body).unwrap();
    assert_eq!(
        body,
        json_file(case, "body.json"),
        "body of {}",
        case.display()
    );
}

fn check_reply<E: Endpoint<Response: Serialize>>(case: &Path) {
    let status = status(case);
    let read = match E::parse(status, text_file(case, "reply.txt").as_bytes()) {
        Ok(Reply {
            request_id,
            response,
            ..
        }) => {
            json!({ "ok": true, "requestId": request_id, "response": response })
        }
        Err(error) => {
            let mut about = json!({
                "kind": error.kind(),
                "code": error.code(),
                "requestId": error.request_id(),
                "retryable": error.is_retryable(E::COMMAND.repeat),
                "mayHaveRung": error.may_have_rung(E::COMMAND.repeat),
            });
            match error {
                Error::Server(error) => about["errorCode"] = json!(error.code),
                Error::Parse(error) => about["status"] = json!(error.status),
                other => panic!("{other:?} of {}", case.display()),
            }
            json!({ "ok": false, "error": about })
        }
    };
    assert_eq!(read, json_file(case, "expected.json"), "{}", case.display());
}
