//! `/api/emulator`: what simulated users do, the emulated time, records to look at. Without an emulator,
//! none of it is there.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use trtc_call::input::Input;
use trtc_call::{Problem, ProblemCode, UnixMillis};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Config, Emulator, ReceivedRequest};

use crate::api_error::ApiError;
use crate::{Shared, system_time};

/// More than one looks at, and less than what takes long to make.
const MAX_SEEDED: u64 = 100_000;

fn server(shared: &Shared) -> Result<&Server, ApiError> {
    shared.emulator().ok_or_else(|| {
        ApiError::not_found("there is no emulator behind this console: start it with --emulator")
    })
}

/// What users do who do not do what their names say.
pub(super) async fn scripts(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, ApiError> {
    control(server(&shared)?, |emulator| {
        ask(emulator, "GET", "/emulator/scripts", "")
    })
    .map(Json)
}

/// Takes the same, in place of all that was set before; each script as the emulator's control API takes it.
pub(super) async fn set_scripts(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let server = server(&shared)?;
    let scripts: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(&body).map_err(|error| {
            let rule = format!("must be a JSON object: {error}");
            Problem::new(
                "scripts",
                rule,
                "send an object: user names, and what each does",
            )
            .coded(ProblemCode::NotAnObject)
        })?;
    // On trial, so that either all of them are set or none.
    let account = &shared.account;
    let mut config = Config::new(account.sdk_app_id, account.secret_key.clone());
    config.allow_any_user_id = account.allow_any_user_id;
    let mut trial = Emulator::new(&config);
    let mut problems = Vec::new();
    for (user, script) in &scripts {
        let path = format!("/emulator/scripts/{}", escaped(user));
        if let Err(problem) = ask(&mut trial, "PUT", &path, script.get()) {
            let problem = problem.in_javascript();
            let field = format!("{user}.{}", problem.field);
            problems.push(problem.at(field));
        }
    }
    if !problems.is_empty() {
        return Err(ApiError::Invalid(problems));
    }
    control(server, |emulator| {
        for user in emulator.scripts().clone().into_keys() {
            emulator.clear_script(&user);
        }
        for (user, script) in trial.scripts() {
            emulator.set_script(user, script.clone());
        }
        ask(emulator, "GET", "/emulator/scripts", "")
    })
    .map(Json)
}

pub(super) async fn advance(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let server = server(&shared)?;
    let body = String::from_utf8_lossy(&body);
    control(server, |emulator| {
        ask(emulator, "POST", "/emulator/time/advance", &body)
    })
    .map(Json)
}

pub(super) async fn seed_records(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let server = server(&shared)?;
    let mut input = Input::new(&body).properties("request")?;
    let count = input.required("count", |given| match given.whole("records")? {
        count if count <= MAX_SEEDED => Ok(count),
        _ => {
            let rule = format!("must be at most {MAX_SEEDED}");
            Err(Problem::new("count", rule, "ask for fewer")
                .coded(ProblemCode::OutOfRange)
                .with("from", 0)
                .with("to", MAX_SEEDED))
        }
    });
    let count = input.finish(count)?;
    let seed = getrandom::u64().unwrap_or(count);
    let records = server.with(|emulator| {
        emulator.seed_records(u32::try_from(count).unwrap_or(u32::MAX), seed);
        emulator
            .calls()
            .iter()
            .filter(|call| call.has_record)
            .count()
    });
    Ok(Json(json!({ "records": records })))
}

fn control(
    server: &Server,
    act: impl FnOnce(&mut Emulator) -> Result<Value, Problem>,
) -> Result<Value, ApiError> {
    Ok(server.with(act)?)
}

/// Asks the control API, which knows what a script looks like and says what is wrong with one.
fn ask(emulator: &mut Emulator, method: &str, path: &str, body: &str) -> Result<Value, Problem> {
    let request = ReceivedRequest {
        method,
        path_and_query: path,
        headers: &[],
        body: body.as_bytes(),
    };
    let now = UnixMillis(system_time().0);
    // The control API makes no ids, so that any number will do.
    let answer = emulator.handle(&request, now, 0);
    let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if answer.status == 200 {
        return Ok(value);
    }
    let part = |name: &str| {
        let text = value
            .pointer(&format!("/error/{name}"))
            .and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    Err(Problem::new(part("field"), part("rule"), part("fix")))
}

/// A name as a path segment.
fn escaped(name: &str) -> String {
    let bytes = name.bytes();
    bytes
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
