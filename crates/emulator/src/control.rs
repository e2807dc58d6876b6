//! The control API, for people and programs that reach the emulator over HTTP: the emulator's own
//! methods as `/emulator/…`. Its answers are plain JSON with plain HTTP statuses.

mod ingests;
mod webhooks;

use std::time::Duration;

use serde::Serialize;
use trtc_call_core::{CloudErrorCode, ErrorCode, Problem};
use trtc_call_json::JsonText;

use crate::clock::milliseconds;
use crate::field::{FieldError, Fields};
use crate::value::Value;
use crate::{Answer, Emulator, Fault, FaultKind, Request, Script, Then, cloud, command, query};

/// The part of a path behind `/emulator/`, if it belongs to the control API.
pub(crate) fn route(path: &str) -> Option<&str> {
    match path.strip_prefix("/emulator")? {
        "" => Some(""),
        rest => rest.strip_prefix('/'),
    }
}

pub(crate) fn answer(emulator: &mut Emulator, route: &str, request: &Request<'_>) -> Answer {
    match serve(emulator, route, request) {
        Ok(value) => json_answer(200, value),
        Err(ControlError { status, problem }) => {
            json_answer(status, JsonText::object().with("error", &problem))
        }
    }
}

fn json_answer(status: u16, value: JsonText) -> Answer {
    let mut body = value.into_string().into_bytes();
    // For people with curl.
    body.push(b'\n');
    Answer::json(status, body)
}

struct ControlError {
    status: u16,
    problem: Problem,
}

impl ControlError {
    fn not_found(field: &str, rule: impl Into<String>, fix: impl Into<String>) -> ControlError {
        ControlError {
            status: 404,
            problem: Problem::new(field, rule, fix),
        }
    }

    fn bad_request(field: &str, rule: impl Into<String>, fix: impl Into<String>) -> ControlError {
        ControlError {
            status: 400,
            problem: Problem::new(field, rule, fix),
        }
    }
}

const ROUTES: &[(&str, &str)] = &[
    ("GET", "health"),
    #[cfg(feature = "server")]
    ("GET", "openapi.json"),
    ("GET", "state"),
    ("GET", "calls"),
    ("GET", "calls/{callId}"),
    ("GET", "rings"),
    ("GET", "events"),
    ("GET", "scripts"),
    ("GET", "scripts/{user}"),
    ("PUT", "scripts/{user}"),
    ("DELETE", "scripts/{user}"),
    ("GET", "faults"),
    ("POST", "faults"),
    ("DELETE", "faults"),
    ("POST", "time/advance"),
    ("GET", "webhooks"),
    ("PUT", "webhooks"),
    ("DELETE", "webhooks"),
    ("GET", "webhooks/deliveries"),
    ("GET", "rooms"),
    ("GET", "ingests"),
    ("GET", "ingests/{taskId}"),
    ("GET", "streams"),
    ("PUT", "streams"),
    ("DELETE", "streams"),
    ("GET", "ingest-webhooks"),
    ("PUT", "ingest-webhooks"),
    ("DELETE", "ingest-webhooks"),
];

const SCRIPT_EXAMPLE: &str = r#"{"script":"answer","afterMs":500,"hangUpAfterMs":2000}"#;
const FAULT_EXAMPLE: &str = r#"{"fault":"http_status","status":502,"requests":1}"#;
const ADVANCE_EXAMPLE: &str = r#"{"ms":60000}"#;

fn serve(
    emulator: &mut Emulator,
    route: &str,
    request: &Request<'_>,
) -> Result<JsonText, ControlError> {
    let segments: Vec<&str> = route.split('/').collect();
    match (request.method, segments.as_slice()) {
        ("GET", ["health"]) => Ok(JsonText::object().with("status", &"ok")),
        #[cfg(feature = "server")]
        ("GET", ["openapi.json"]) => Ok(openapi()),
        ("GET", ["state"]) => Ok(state(emulator)),
        ("GET", ["calls"]) => Ok(to_json(&emulator.calls())),
        ("GET", ["calls", call_id]) => match emulator.call(call_id) {
            Some(call) => Ok(to_json(call)),
            None => Err(ControlError::not_found(
                "callId",
                "must be a call of this emulator whose record has not expired",
                "see GET /emulator/calls",
            )),
        },
        ("GET", ["rings"]) => Ok(to_json(emulator.all_rings())),
        ("GET", ["events"]) => {
            let since = since(request)?;
            Ok(to_json(&emulator.events_since(since).collect::<Vec<_>>()))
        }
        ("GET", ["scripts"]) => Ok(to_json(emulator.scripts())),
        ("GET", ["scripts", user]) => Ok(to_json(&emulator.script(&decode_user(user)?))),
        ("PUT", ["scripts", user]) => {
            let user = decode_user(user)?;
            let script = read_body(request, SCRIPT_EXAMPLE, read_script)?;
            let answer = to_json(&script);
            emulator.set_script(user, script);
            Ok(answer)
        }
        ("DELETE", ["scripts", user]) => {
            let user = decode_user(user)?;
            emulator.clear_script(&user);
            Ok(to_json(&emulator.script(&user)))
        }
        ("GET", ["faults"]) => Ok(to_json(&emulator.faults())),
        ("POST", ["faults"]) => {
            let fault = read_body(request, FAULT_EXAMPLE, read_fault)?;
            let answer = to_json(&fault);
            emulator.inject(fault);
            Ok(answer)
        }
        ("DELETE", ["faults"]) => {
            emulator.clear_faults();
            Ok(to_json(&emulator.faults()))
        }
        ("POST", ["time", "advance"]) => {
            let jump = read_body(request, ADVANCE_EXAMPLE, |fields| {
                fields.only(&["ms"])?;
                required_milliseconds(fields, "ms")
            })?;
            emulator.advance_by(jump);
            Ok(state(emulator))
        }
        ("GET", ["webhooks"]) => Ok(webhooks::show(emulator)),
        ("PUT", ["webhooks"]) => webhooks::set(emulator, request),
        ("DELETE", ["webhooks"]) => Ok(webhooks::reset(emulator)),
        ("GET", ["webhooks", "deliveries"]) => Ok(webhooks::deliveries(emulator, since(request)?)),
        ("GET", ["rooms"]) => Ok(to_json(&emulator.rooms())),
        ("GET", ["ingests"]) => Ok(to_json(&emulator.ingests())),
        ("GET", ["ingests", task_id]) => ingests::show(emulator, task_id),
        ("GET", ["streams"]) => Ok(to_json(emulator.stream_scripts())),
        ("PUT", ["streams"]) => ingests::set_stream(emulator, request),
        ("DELETE", ["streams"]) => {
            emulator.clear_stream_scripts();
            Ok(JsonText::object())
        }
        ("GET", ["ingest-webhooks"]) => Ok(ingests::show_webhooks(emulator)),
        ("PUT", ["ingest-webhooks"]) => ingests::set_webhooks(emulator, request),
        ("DELETE", ["ingest-webhooks"]) => {
            emulator.set_ingest_webhooks(None);
            Ok(ingests::show_webhooks(emulator))
        }
        (method, segments) => Err(no_such_route(method, segments)),
    }
}

/// The description of the REST API, as `cargo xtask openapi` writes it. The server alone has it: in process, a
/// module of WebAssembly would carry it for nobody.
#[cfg(feature = "server")]
fn openapi() -> JsonText {
    let json = trtc_call_json::Json::parse(include_str!("../openapi.json"));
    json.map_or_else(|_| JsonText::object(), JsonText::from)
}

fn state(emulator: &Emulator) -> JsonText {
    let is_going_on = |call: &&&crate::Call| call.end.is_none();
    let calls = emulator.calls();
    JsonText::object()
        .with("now", &emulator.now())
        .with("aheadMs", &milliseconds(emulator.jumped()))
        .with("sdkAppId", &emulator.sdk_app_id())
        .with("calls", &calls.len())
        .with("callsGoingOn", &calls.iter().filter(is_going_on).count())
        .with("requests", &emulator.all_requests())
        .with("lastEventId", &emulator.last_event_id())
}

/// The id after which to begin; 0 where none is given.
fn since(request: &Request<'_>) -> Result<u64, ControlError> {
    query::parameters(request.query())
        .and_then(|parameters| match parameters.get("since") {
            Some(since) => since.parse().ok(),
            None => Some(0),
        })
        .ok_or_else(|| {
            ControlError::bad_request(
                "since",
                "must be the id of the last one you know, a whole number",
                "ask for ?since=0 to get all",
            )
        })
}

fn decode_user(segment: &str) -> Result<String, ControlError> {
    query::decode(segment)
        .filter(|user| !user.is_empty())
        .ok_or_else(|| {
            ControlError::bad_request(
                "user",
                "must be a user's name, percent-encoded",
                "ask for /emulator/scripts/jack, for instance",
            )
        })
}

fn no_such_route(method: &str, segments: &[&str]) -> ControlError {
    let methods: Vec<&str> = ROUTES
        .iter()
        .filter(|(_, template)| is_match(template, segments))
        .map(|(method, _)| *method)
        .collect();
    if methods.is_empty() {
        let all: Vec<String> = ROUTES
            .iter()
            .map(|(method, template)| format!("{method} /emulator/{template}"))
            .collect();
        return ControlError::not_found(
            "path",
            "must be one of the control API",
            format!("there are {}", all.join(", ")),
        );
    }
    ControlError {
        status: 405,
        problem: Problem::new(
            "method",
            format!("must be {}, not {method}", methods.join(" or ")),
            "use one of these methods",
        ),
    }
}

fn is_match(template: &str, segments: &[&str]) -> bool {
    let parts: Vec<&str> = template.split('/').collect();
    parts.len() == segments.len()
        && parts
            .iter()
            .zip(segments)
            .all(|(part, segment)| part.starts_with('{') || part == segment)
}

fn read_body<T>(
    request: &Request<'_>,
    example: &str,
    read: impl FnOnce(Fields<'_>) -> Result<T, FieldError>,
) -> Result<T, ControlError> {
    let fix = || format!("send, for instance, {example}");
    let body = Value::parse(request.body).map_err(|error| {
        ControlError::bad_request("body", format!("must be JSON: {error}"), fix())
    })?;
    let Value::Object(body) = body else {
        return Err(ControlError::bad_request(
            "body",
            "must be a JSON object",
            fix(),
        ));
    };
    read(Fields::new(&body))
        .map_err(|error| ControlError::bad_request(&error.field, error.rule, fix()))
}

fn read_script(fields: Fields<'_>) -> Result<Script, FieldError> {
    match fields.string("script")? {
        "answer" => {
            fields.only(&["script", "afterMs", "hangUpAfterMs", "dropAfterMs"])?;
            let after = required_milliseconds(fields, "afterMs")?;
            let hang_up = optional_milliseconds(fields, "hangUpAfterMs")?;
            let drop = optional_milliseconds(fields, "dropAfterMs")?;
            let then = match (hang_up, drop) {
                (None, None) => Then::Stay,
                (Some(after), None) => Then::HangUp(after),
                (None, Some(after)) => Then::Drop(after),
                (Some(_), Some(_)) => {
                    let rule = "must not stand beside hangUpAfterMs: a user leaves once";
                    return Err(fields.error("dropAfterMs", rule));
                }
            };
            Ok(Script::Answer { after, then })
        }
        "reject" => {
            fields.only(&["script", "afterMs"])?;
            let after = required_milliseconds(fields, "afterMs")?;
            Ok(Script::Reject { after })
        }
        "no_answer" => fields.only(&["script"]).map(|()| Script::NoAnswer),
        "busy" => fields.only(&["script"]).map(|()| Script::Busy),
        "offline" => fields.only(&["script"]).map(|()| Script::Offline),
        _ => {
            let rule = "must be answer, reject, no_answer, busy or offline";
            Err(fields.error("script", rule))
        }
    }
}

fn read_fault(fields: Fields<'_>) -> Result<Fault, FieldError> {
    const COMMON: [&str; 4] = ["fault", "requests", "command", "takesEffect"];
    let only = |own: &str| fields.only(&[&COMMON[..], &[own]].concat());
    let kind = match fields.string("fault")? {
        "http_status" => {
            only("status")?;
            let status = fields.integer("status", &(200..=599))?;
            FaultKind::HttpStatus(u16::try_from(status).unwrap_or(502))
        }
        "delay" => {
            only("ms")?;
            FaultKind::Delay(required_milliseconds(fields, "ms")?)
        }
        "error_code" => {
            only("code")?;
            FaultKind::ErrorCode(ErrorCode(
                fields.integer("code", &(1..=i64::from(i32::MAX)))?,
            ))
        }
        "cloud_error" => {
            only("code")?;
            let code = fields.string("code")?;
            let is_code = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
            if code.is_empty() || !code.bytes().all(is_code) {
                return Err(fields.error("code", "must be a code such as InternalError"));
            }
            FaultKind::CloudError(CloudErrorCode::from(code))
        }
        other => {
            let kind = match other {
                "cut_before_reply" => FaultKind::CutBeforeReply,
                "cut_mid_reply" => FaultKind::CutMidReply,
                "malformed_json" => FaultKind::MalformedJson,
                "rate_limit" => FaultKind::RateLimit,
                _ => {
                    let rule = "must be http_status, delay, cut_before_reply, cut_mid_reply, \
                        malformed_json, error_code, cloud_error or rate_limit";
                    return Err(fields.error("fault", rule));
                }
            };
            fields.only(&COMMON)?;
            kind
        }
    };
    let mut fault = Fault::new(kind);
    if let Some(requests) = fields.optional_integer("requests", &(1..=i64::from(u32::MAX)))? {
        fault = fault.times(u32::try_from(requests).unwrap_or(u32::MAX));
    }
    if let Some(name) = fields.optional_string("command")? {
        let names: Vec<&str> = command::names().chain(cloud::names()).collect();
        if !names.contains(&name) {
            let rule = format!("must be one of {}", names.join(", "));
            return Err(fields.error("command", rule));
        }
        fault = fault.only(name);
    }
    if let Some(takes_effect) = fields.optional_bool("takesEffect")? {
        fault = fault.takes_effect(takes_effect);
    }
    Ok(fault)
}

fn required_milliseconds(fields: Fields<'_>, name: &str) -> Result<Duration, FieldError> {
    optional_milliseconds(fields, name)?.ok_or_else(|| fields.error(name, "is missing"))
}

/// Up to 136 years: enough for every test, and no overflow.
fn optional_milliseconds(fields: Fields<'_>, name: &str) -> Result<Option<Duration>, FieldError> {
    let milliseconds = fields.optional_integer(name, &(0..=4_294_967_295_000))?;
    Ok(milliseconds.map(|ms| Duration::from_millis(ms.unsigned_abs())))
}

/// Strings, numbers and maps with string keys, which always serialise.
fn to_json(value: &impl Serialize) -> JsonText {
    JsonText::of(value)
}
