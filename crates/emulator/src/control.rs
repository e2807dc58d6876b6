//! The control API, for people and programs that reach the emulator over HTTP: the emulator's own
//! methods as `/emulator/…`. Its answers are plain JSON with plain HTTP statuses.

mod faults;
mod ingests;
mod webhooks;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;
use trtc_call_core::{Problem, SdkAppId, UnixMillis};

use crate::clock::milliseconds;
use crate::field::{FieldError, Fields, parse_object};
use crate::json::json;
use crate::query;
use crate::{Answer, Emulator, ReceivedRequest, Script, Then};

/// The part of a path behind `/emulator/`, if it belongs to the control API.
pub(crate) fn route(path: &str) -> Option<&str> {
    match path.strip_prefix("/emulator")? {
        "" => Some(""),
        rest => rest.strip_prefix('/'),
    }
}

pub(crate) fn answer(emulator: &mut Emulator, path: &str, request: &ReceivedRequest<'_>) -> Answer {
    let (status, value) = match serve(emulator, path, request) {
        Ok(value) => (200, value),
        Err(ControlError { status, error }) => (status, json(&Refused { error })),
    };
    let mut answer = Answer::json(status, &value);
    // For people with curl.
    answer.body.push(b'\n');
    answer
}

/// What a route answers.
type Outcome = Result<Box<RawValue>, ControlError>;

struct ControlError {
    status: u16,
    error: Problem,
}

#[derive(Serialize)]
struct Refused {
    error: Problem,
}

impl ControlError {
    fn new(
        status: u16,
        field: &str,
        rule: impl Into<String>,
        fix: impl Into<String>,
    ) -> ControlError {
        ControlError {
            status,
            error: Problem::new(field, rule, fix),
        }
    }
}

/// A request for a route.
struct Asked<'a> {
    request: &'a ReceivedRequest<'a>,
    /// What stands in the place of the template's braces.
    segment: &'a str,
}

type Serve = fn(&mut Emulator, &Asked<'_>) -> Outcome;

/// Methods, paths and what answers. What is in braces stands for any one segment.
const ROUTES: &[(&str, &str, Serve)] = &[
    ("GET", "health", |_, _| {
        Ok(json(&BTreeMap::from([("status", "ok")])))
    }),
    #[cfg(feature = "server")]
    ("GET", "openapi.json", |_, _| Ok(openapi())),
    ("GET", "state", |emulator, _| Ok(json(&State::of(emulator)))),
    ("GET", "calls", |emulator, _| Ok(json(&emulator.calls()))),
    ("GET", "calls/{callId}", call),
    ("GET", "rings", |emulator, _| Ok(json(emulator.all_rings()))),
    ("GET", "events", |emulator, asked| {
        let events: Vec<_> = emulator.events_since(asked.since()?).collect();
        Ok(json(&events))
    }),
    ("GET", "scripts", |emulator, _| Ok(json(emulator.scripts()))),
    ("GET", "scripts/{user}", |emulator, asked| {
        Ok(json(&emulator.script(&asked.user()?)))
    }),
    ("PUT", "scripts/{user}", |emulator, asked| {
        let user = asked.user()?;
        let script = asked.body(SCRIPT_EXAMPLE, read_script)?;
        let answer = json(&script);
        emulator.set_script(user, script);
        Ok(answer)
    }),
    ("DELETE", "scripts/{user}", |emulator, asked| {
        let user = asked.user()?;
        emulator.clear_script(&user);
        Ok(json(&emulator.script(&user)))
    }),
    ("GET", "faults", |emulator, _| Ok(json(emulator.faults()))),
    ("POST", "faults", faults::inject),
    ("DELETE", "faults", |emulator, _| {
        emulator.clear_faults();
        Ok(json(emulator.faults()))
    }),
    ("POST", "time/advance", |emulator, asked| {
        let jump = asked.body(ADVANCE_EXAMPLE, |fields| {
            fields.only(&["ms"])?;
            required_milliseconds(fields, "ms")
        })?;
        emulator.advance_by(jump);
        Ok(json(&State::of(emulator)))
    }),
    ("GET", "webhooks", |emulator, _| {
        Ok(webhooks::show(emulator))
    }),
    ("PUT", "webhooks", webhooks::set),
    ("DELETE", "webhooks", |emulator, _| {
        Ok(webhooks::reset(emulator))
    }),
    ("GET", "webhooks/deliveries", |emulator, asked| {
        let deliveries: Vec<_> = emulator.webhook_deliveries_since(asked.since()?).collect();
        Ok(json(&deliveries))
    }),
    ("GET", "rooms", |emulator, _| Ok(json(emulator.rooms()))),
    ("GET", "ingests", |emulator, _| {
        Ok(json(&emulator.ingests()))
    }),
    ("GET", "ingests/{taskId}", ingests::show),
    ("GET", "streams", |emulator, _| {
        Ok(json(emulator.stream_scripts()))
    }),
    ("PUT", "streams", ingests::set_stream),
    ("DELETE", "streams", |emulator, _| {
        emulator.clear_stream_scripts();
        Ok(json(emulator.stream_scripts()))
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
const ADVANCE_EXAMPLE: &str = r#"{"ms":60000}"#;

fn serve(emulator: &mut Emulator, path: &str, request: &ReceivedRequest<'_>) -> Outcome {
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
        let all: Vec<String> = ROUTES
            .iter()
            .map(|(method, template, _)| format!("{method} /emulator/{template}"))
            .collect();
        let rule = "must be one of the control API";
        let fix = format!("there are {}", all.join(", "));
        return Err(ControlError::new(404, "path", rule, fix));
    }
    let rule = format!("must be {}, not {}", methods.join(" or "), request.method);
    let fix = "use one of these methods";
    Err(ControlError::new(405, "method", rule, fix))
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
        let parameters = query::parameters(self.request.query());
        let since = parameters.and_then(|parameters| match parameters.get("since") {
            Some(since) => since.parse().ok(),
            None => Some(0),
        });
        let rule = "must be the id of the last one you know, a whole number";
        since.ok_or_else(|| ControlError::new(400, "since", rule, "ask for ?since=0 to get all"))
    }

    /// The segment as a user's name.
    fn user(&self) -> Result<String, ControlError> {
        let user = query::decode(self.segment).filter(|user| !user.is_empty());
        user.ok_or_else(|| {
            let fix = "ask for /emulator/scripts/jack, for instance";
            ControlError::new(400, "user", "must be a user's name, percent-encoded", fix)
        })
    }

    /// Reads the body, for which `example` is an example.
    fn body<T>(
        &self,
        example: &str,
        read: impl FnOnce(Fields<'_>) -> Result<T, FieldError>,
    ) -> Result<T, ControlError> {
        let refuse = |field: &str, rule: String| {
            ControlError::new(400, field, rule, format!("send, for instance, {example}"))
        };
        let body = parse_object(self.request.body).map_err(|rule| refuse("body", rule))?;
        read(Fields::new(&body)).map_err(|error| refuse(&error.field, error.rule))
    }
}

fn call(emulator: &mut Emulator, asked: &Asked<'_>) -> Outcome {
    emulator.call(asked.segment).map(json).ok_or_else(|| {
        let rule = "must be a call of this emulator whose record has not expired";
        ControlError::new(404, "callId", rule, "see GET /emulator/calls")
    })
}

/// The description of the REST API, as `cargo xtask openapi` writes it. The server alone has it: in process, a
/// module of WebAssembly would carry it for nobody.
#[cfg(feature = "server")]
fn openapi() -> Box<RawValue> {
    RawValue::from_string(include_str!("../openapi.json").to_owned()).unwrap_or_default()
}

/// What `state` shows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State<'a> {
    now: UnixMillis,
    ahead_ms: u64,
    sdk_app_id: SdkAppId,
    calls: usize,
    calls_going_on: usize,
    requests: &'a BTreeMap<&'static str, u64>,
    last_event_id: u64,
}

impl<'a> State<'a> {
    fn of(emulator: &'a Emulator) -> State<'a> {
        let calls = emulator.calls();
        State {
            now: emulator.now(),
            ahead_ms: milliseconds(emulator.jumped()),
            sdk_app_id: emulator.sdk_app_id(),
            calls: calls.len(),
            calls_going_on: calls.iter().filter(|call| call.end.is_none()).count(),
            requests: emulator.all_requests(),
            last_event_id: emulator.last_event_id(),
        }
    }
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

fn required_milliseconds(fields: Fields<'_>, name: &str) -> Result<Duration, FieldError> {
    optional_milliseconds(fields, name)?.ok_or_else(|| fields.error(name, "is missing"))
}

/// Up to 136 years: enough for every test, and no overflow.
fn optional_milliseconds(fields: Fields<'_>, name: &str) -> Result<Option<Duration>, FieldError> {
    let milliseconds = fields.optional_integer(name, &(0..=4_294_967_295_000))?;
    Ok(milliseconds.map(|ms| Duration::from_millis(ms.unsigned_abs())))
}
