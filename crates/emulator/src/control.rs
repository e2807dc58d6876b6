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
use crate::query::{self, Parameters};
use crate::value::Object;
use crate::{Answer, Emulator, Fault, FaultKind, Request, Script, Then, cloud, command};

/// The part of a path behind `/emulator/`, if it belongs to the control API.
pub(crate) fn route(path: &str) -> Option<&str> {
    match path.strip_prefix("/emulator")? {
        "" => Some(""),
        rest => rest.strip_prefix('/'),
    }
}

pub(crate) fn answer(emulator: &mut Emulator, path: &str, request: &Request<'_>) -> Answer {
    let (status, value) = match serve(emulator, path, request) {
        Ok(value) => (200, value),
        Err(ControlError { status, problem }) => {
            (status, JsonText::object().with("error", &problem))
        }
    };
    let mut body = value.into_string().into_bytes();
    // For people with curl.
    body.push(b'\n');
    Answer::json(status, body)
}

/// What a route answers.
type Outcome = Result<JsonText, ControlError>;

struct ControlError {
    status: u16,
    problem: Problem,
}

impl ControlError {
    fn new(status: u16, field: &str, rule: &str, fix: &str) -> ControlError {
        let problem = Problem::new(field, rule, fix);
        ControlError { status, problem }
    }
}

/// A request for a route.
struct Asked<'a> {
    request: &'a Request<'a>,
    /// What stands in the place of the template's braces.
    segment: &'a str,
}

type Serve = fn(&mut Emulator, &Asked<'_>) -> Outcome;

/// Methods, paths and what answers. What is in braces stands for any one segment.
const ROUTES: &[(&str, &str, Serve)] = &[
    ("GET", "health", |_, _| {
        Ok(JsonText::object().with("status", "ok"))
    }),
    #[cfg(feature = "server")]
    ("GET", "openapi.json", |_, _| Ok(openapi())),
    ("GET", "state", |emulator, _| Ok(state(emulator))),
    ("GET", "calls", |emulator, _| {
        Ok(JsonText::of(&emulator.calls()))
    }),
    ("GET", "calls/{callId}", call),
    ("GET", "rings", |emulator, _| {
        Ok(by_name(emulator.all_rings()))
    }),
    ("GET", "events", |emulator, asked| {
        let events = emulator.events_since(asked.since()?);
        Ok(JsonText::of(events.as_slice()))
    }),
    ("GET", "scripts", |emulator, _| {
        Ok(by_name(emulator.scripts()))
    }),
    ("GET", "scripts/{user}", |emulator, asked| {
        Ok(JsonText::of(&emulator.script(&asked.user()?)))
    }),
    ("PUT", "scripts/{user}", |emulator, asked| {
        let user = asked.user()?;
        let script = asked.body(SCRIPT_EXAMPLE, read_script)?;
        let answer = JsonText::of(&script);
        emulator.set_script(user, script);
        Ok(answer)
    }),
    ("DELETE", "scripts/{user}", |emulator, asked| {
        let user = asked.user()?;
        emulator.clear_script(&user);
        Ok(JsonText::of(&emulator.script(&user)))
    }),
    ("GET", "faults", |emulator, _| {
        Ok(JsonText::of(emulator.faults()))
    }),
    ("POST", "faults", |emulator, asked| {
        let fault = asked.body(FAULT_EXAMPLE, read_fault)?;
        let answer = JsonText::of(&fault);
        emulator.inject(fault);
        Ok(answer)
    }),
    ("DELETE", "faults", |emulator, _| {
        emulator.clear_faults();
        Ok(JsonText::of(emulator.faults()))
    }),
    ("POST", "time/advance", |emulator, asked| {
        let jump = asked.body(ADVANCE_EXAMPLE, |fields| {
            fields.only(&["ms"])?;
            required_milliseconds(fields, "ms")
        })?;
        emulator.advance_by(jump);
        Ok(state(emulator))
    }),
    ("GET", "webhooks", |emulator, _| {
        Ok(webhooks::show(emulator))
    }),
    ("PUT", "webhooks", webhooks::set),
    ("DELETE", "webhooks", |emulator, _| {
        Ok(webhooks::reset(emulator))
    }),
    ("GET", "webhooks/deliveries", |emulator, asked| {
        let deliveries = emulator.webhook_deliveries_since(asked.since()?);
        Ok(JsonText::of(deliveries.as_slice()))
    }),
    ("GET", "rooms", |emulator, _| {
        Ok(JsonText::of(emulator.rooms()))
    }),
    ("GET", "ingests", |emulator, _| {
        Ok(JsonText::of(&emulator.ingests()))
    }),
    ("GET", "ingests/{taskId}", ingests::show),
    ("GET", "streams", |emulator, _| {
        Ok(by_name(emulator.stream_scripts()))
    }),
    ("PUT", "streams", ingests::set_stream),
    ("DELETE", "streams", |emulator, _| {
        emulator.clear_stream_scripts();
        Ok(JsonText::object())
    }),
    ("GET", "ingest-webhooks", |emulator, _| {
        Ok(ingests::show_webhooks(emulator))
    }),
    ("PUT", "ingest-webhooks", ingests::set_webhooks),
    ("DELETE", "ingest-webhooks", |emulator, _| {
        emulator.set_ingest_webhooks(None);
        Ok(ingests::show_webhooks(emulator))
    }),
];

const SCRIPT_EXAMPLE: &str = r#"{"script":"answer","afterMs":500,"hangUpAfterMs":2000}"#;
const FAULT_EXAMPLE: &str = r#"{"fault":"http_status","status":502,"requests":1}"#;
const ADVANCE_EXAMPLE: &str = r#"{"ms":60000}"#;

fn serve(emulator: &mut Emulator, path: &str, request: &Request<'_>) -> Outcome {
    let mut methods = Vec::new();
    for (method, template, serve) in ROUTES {
        let Some(segment) = match_template(template, path) else {
            continue;
        };
        if *method == request.method {
            return serve(emulator, &Asked { request, segment });
        }
        methods.push(*method);
    }
    if methods.is_empty() {
        let mut all = String::new();
        for (method, template, _) in ROUTES {
            let before = if all.is_empty() { "there are " } else { ", " };
            all.push_str(&[before, method, " /emulator/", template].concat());
        }
        let rule = "must be one of the control API";
        return Err(ControlError::new(404, "path", rule, &all));
    }
    let rule = ["must be ", &methods.join(" or "), ", not ", request.method].concat();
    let fix = "use one of these methods";
    Err(ControlError::new(405, "method", &rule, fix))
}

/// What stands in the place of the template's braces, if the path is like it; empty if it has none.
fn match_template<'a>(template: &str, path: &'a str) -> Option<&'a str> {
    let mut found = "";
    let mut segments = path.split('/');
    for part in template.split('/') {
        let segment = segments.next()?;
        if part.starts_with('{') {
            found = segment;
        } else if part != segment {
            return None;
        }
    }
    segments.next().is_none().then_some(found)
}

impl Asked<'_> {
    /// The id after which to begin; 0 where none is given.
    fn since(&self) -> Result<u64, ControlError> {
        let parameters = Parameters::parse(self.request.query());
        let since = match parameters
            .as_ref()
            .map(|parameters| parameters.get("since"))
        {
            Some(Some(since)) => since.parse().ok(),
            Some(None) => Some(0),
            None => None,
        };
        let rule = "must be the id of the last one you know, a whole number";
        since.ok_or_else(|| ControlError::new(400, "since", rule, "ask for ?since=0 to get all"))
    }

    /// The segment as a user's name.
    fn user(&self) -> Result<String, ControlError> {
        let user = query::segment(self.segment).filter(|user| !user.is_empty());
        user.ok_or_else(|| {
            let fix = "ask for /emulator/scripts/jack, for instance";
            ControlError::new(400, "user", "must be a user's name, percent-encoded", fix)
        })
    }

    /// Reads the body, for which `example` is an example.
    fn body<T>(
        &self,
        example: &str,
        read: fn(Fields<'_>) -> Result<T, FieldError>,
    ) -> Result<T, ControlError> {
        let refuse = |field: &str, rule: &str| {
            let fix = ["send, for instance, ", example].concat();
            ControlError::new(400, field, rule, &fix)
        };
        let body = Object::parse(self.request.body).map_err(|rule| refuse("body", &rule))?;
        read(Fields::new(&body)).map_err(|error| refuse(&error.field, &error.rule))
    }
}

fn call(emulator: &mut Emulator, asked: &Asked<'_>) -> Outcome {
    emulator
        .call(asked.segment)
        .map(JsonText::of)
        .ok_or_else(|| {
            let rule = "must be a call of this emulator whose record has not expired";
            ControlError::new(404, "callId", rule, "see GET /emulator/calls")
        })
}

/// An object of all values.
fn by_name<V: Serialize>(values: &[(String, V)]) -> JsonText {
    let mut object = JsonText::object();
    for (name, value) in values {
        object = object.with(name, value);
    }
    object
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
        .with("requests", &by_name(emulator.all_requests()))
        .with("lastEventId", &emulator.last_event_id())
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
    const COMMON: &[&str] = &["fault", "requests", "command", "takesEffect"];
    let word = fields.string("fault")?;
    let own: &[&str] = match word {
        "http_status" => &["status"],
        "delay" => &["ms"],
        "error_code" | "cloud_error" => &["code"],
        "cut_before_reply" | "cut_mid_reply" | "malformed_json" | "rate_limit" => &[],
        _ => {
            let rule = "must be http_status, delay, cut_before_reply, cut_mid_reply, \
                malformed_json, error_code, cloud_error or rate_limit";
            return Err(fields.error("fault", rule));
        }
    };
    fields.only(&[COMMON, own].concat())?;
    let kind = match word {
        "http_status" => {
            let status = fields.integer("status", &(200..=599))?;
            FaultKind::HttpStatus(u16::try_from(status).unwrap_or(502))
        }
        "delay" => FaultKind::Delay(required_milliseconds(fields, "ms")?),
        "error_code" => {
            let code = fields.integer("code", &(1..=i64::from(i32::MAX)))?;
            FaultKind::ErrorCode(ErrorCode(code))
        }
        "cloud_error" => {
            let code = fields.string("code")?;
            let is_code = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
            if code.is_empty() || !code.bytes().all(is_code) {
                return Err(fields.error("code", "must be a code such as InternalError"));
            }
            FaultKind::CloudError(CloudErrorCode::from(code))
        }
        "cut_before_reply" => FaultKind::CutBeforeReply,
        "cut_mid_reply" => FaultKind::CutMidReply,
        "malformed_json" => FaultKind::MalformedJson,
        _ => FaultKind::RateLimit,
    };
    let mut fault = Fault::new(kind);
    if let Some(requests) = fields.optional_integer("requests", &(1..=i64::from(u32::MAX)))? {
        fault = fault.times(u32::try_from(requests).unwrap_or(u32::MAX));
    }
    if let Some(name) = fields.optional_string("command")? {
        let mut names: Vec<&str> = command::names().collect();
        names.extend(cloud::names());
        if !names.contains(&name) {
            let rule = ["must be one of ", &names.join(", ")].concat();
            return Err(fields.error("command", &rule));
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
