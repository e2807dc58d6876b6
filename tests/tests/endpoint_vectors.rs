//! Every case below `tests/vectors/<command>/`: what is sent, and what is made of a reply. The README
//! there tells what the files are.

mod vectors;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use trtc_call_core::call_config::{delete_callback, get_callback, set_callback};
use trtc_call_core::call_engine::{end_call, get_call_info, start_call_by_robot};
use trtc_call_core::call_record::{get_record_by_callid, get_record_by_filter};
use trtc_call_core::offline_push::OfflinePushInfo;
use trtc_call_core::{
    Access, CallId, Endpoint, Error, InvalidRequest, Problem, Region, Reply, SdkAppId, UnixSeconds,
    UserId, UserSig,
};

use vectors::{cases, json_file, text_file};

#[test]
fn start_call_by_robot() {
    run::<start_call_by_robot::Request>(start_call);
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
        let request = start_call(json_file(&case, "input.json")).unwrap();
        let advice: Vec<Value> = request
            .advice()
            .iter()
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

fn start_call(input: Value) -> Result<start_call_by_robot::Request, InvalidRequest> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Input {
        robot: String,
        callees: Vec<String>,
        media_type: String,
        room: Option<Value>,
        ring_timeout: Option<u64>,
        user_data: Option<String>,
        offline_push: Option<Value>,
    }
    let input: Input = serde_json::from_value(input).unwrap();
    let media_type = input.media_type.as_str().into();
    let mut builder = start_call_by_robot::Request::builder(input.robot, input.callees, media_type);
    builder = match input.room {
        Some(Value::Number(number)) => {
            builder.room(u32::try_from(number.as_u64().unwrap()).unwrap())
        }
        Some(Value::String(text)) => builder.room(text),
        Some(other) => panic!("no room: {other}"),
        None => builder,
    };
    if let Some(milliseconds) = input.ring_timeout {
        builder = builder.ring_timeout(Duration::from_millis(milliseconds));
    }
    if let Some(user_data) = input.user_data {
        builder = builder.user_data(user_data);
    }
    if let Some(push) = input.offline_push {
        builder = builder.offline_push(OfflinePushInfo::from_json(&push.to_string())?);
    }
    builder.build()
}

#[test]
fn get_call_info() {
    run(|input| Ok(get_call_info::Request::new(call_id(&input)?)));
}

#[test]
fn end_call() {
    run(|input| Ok(end_call::Request::new(call_id(&input)?)));
}

#[test]
fn get_record_by_callid() {
    run(|input| Ok(get_record_by_callid::Request::new(call_id(&input)?)));
}

#[test]
fn get_record_by_filter() {
    run::<get_record_by_filter::Request>(|input| {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Input {
            now: UnixSeconds,
            start_time: Option<UnixSeconds>,
            end_time: Option<UnixSeconds>,
            result: Option<String>,
            call_type: Option<String>,
            page_size: Option<u32>,
            page: Option<u32>,
        }
        let input: Input = serde_json::from_value(input).unwrap();
        let mut builder = get_record_by_filter::Request::builder();
        if let Some(time) = input.start_time {
            builder = builder.start_time(time);
        }
        if let Some(time) = input.end_time {
            builder = builder.end_time(time);
        }
        if let Some(word) = input.result {
            builder = builder.result(word.as_str());
        }
        if let Some(word) = input.call_type {
            builder = builder.call_type(word.as_str());
        }
        if let Some(size) = input.page_size {
            builder = builder.page_size(size);
        }
        if let Some(page) = input.page {
            builder = builder.page(page);
        }
        builder.build(input.now)
    });
}

#[test]
fn set_callback() {
    run::<set_callback::Request>(|input| {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Input {
            url: String,
            commands: Vec<String>,
            #[serde(default)]
            allow_unknown_commands: bool,
        }
        let input: Input = serde_json::from_value(input).unwrap();
        let commands = input.commands.iter().map(String::as_str);
        let builder = set_callback::Request::builder(input.url, commands);
        if input.allow_unknown_commands {
            builder.allow_unknown_commands().build()
        } else {
            builder.build()
        }
    });
}

#[test]
fn get_callback() {
    run(|_| Ok(get_callback::Request::new()));
}

#[test]
fn delete_callback() {
    run(|_| Ok(delete_callback::Request::new()));
}

fn call_id(input: &Value) -> Result<CallId, Problem> {
    CallId::new(input["callId"].as_str().unwrap())
}

/// Runs the cases of one command, of which there are requests and replies.
fn run<E: Endpoint<Response: Serialize>>(build: impl Fn(Value) -> Result<E, InvalidRequest>) {
    let (mut requests, mut replies) = (0, 0);
    for case in cases(E::COMMAND.name) {
        if case.join("input.json").exists() {
            check_request(&case, &build);
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

fn check_request<E: Endpoint>(case: &Path, build: impl Fn(Value) -> Result<E, InvalidRequest>) {
    let request = match build(json_file(case, "input.json")) {
        Ok(request) => request,
        Err(invalid) => {
            let fields: Vec<&str> = invalid
                .problems()
                .iter()
                .map(|p| p.field.as_str())
                .collect();
            assert_eq!(
                json!(fields),
                json_file(case, "problems.json"),
                "{}",
                case.display()
            );
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
    let status = text_file(case, "status.txt").trim_end().parse().unwrap();
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
