//! `POST /v4/call_engine_http_srv/start_call_by_robot`

use std::time::Duration;

use serde::Serialize;
use trtc_call_core::call_engine::start_call_by_robot::{Request, Response};
use trtc_call_core::offline_push::{Advice, OfflinePushInfo};
use trtc_call_core::{CallId, Endpoint as _, Problem, UnixSeconds, UserId};
use trtc_call_json::to_javascript;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::endpoint;
use crate::error::Failure;
use crate::given::{Given, GivenUserId, Object};
use crate::problems::Problems;

/// What its sender should know before it is sent, as the JSON text of an array.
#[wasm_bindgen(js_name = adviseStartCallByRobot)]
pub fn advise(request: &str, allow_any_user_id: bool) -> Result<String, Failure> {
    let advice = read(request, allow_any_user_id)?.advice();
    let advice: Vec<_> = advice.into_iter().map(Advice::in_javascript).collect();
    Ok(to_javascript(&advice))
}

/// Reads the reply.
pub(crate) fn parse(status: u16, body: &[u8]) -> Result<String, Failure> {
    endpoint::reply::<Request, _>(
        status,
        body,
        |Response {
             call_id, callees, ..
         }| {
            let callees = callees.into_iter().map(|callee| JsCallee {
                was_rung: callee.was_rung(),
                user_id: callee.user_id,
                result_code: callee.result_code,
            });
            JsResponse {
                call_id,
                callees: callees.collect(),
            }
        },
    )
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsResponse {
    call_id: Option<CallId>,
    callees: Vec<JsCallee>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsCallee {
    user_id: UserId,
    result_code: i64,
    was_rung: bool,
}

#[wasm_bindgen]
impl Failure {
    /// The failure of a call that may have rung, with what is needed to find it: the request that was
    /// built, and the Unix seconds at which it was sent and failed.
    #[wasm_bindgen(js_name = outcomeUnknown)]
    pub fn outcome_unknown(
        self,
        account: &Account,
        request: &str,
        sent_at: f64,
        failed_at: f64,
    ) -> Result<Failure, Failure> {
        let request = read(request, account.allow_any_user_id)?;
        Ok(match request.ring_attempt() {
            Some(ring) => {
                let seconds = |time: f64| UnixSeconds(time as u64);
                self.of_unknown_outcome(ring, seconds(sent_at), seconds(failed_at))
            }
            None => self,
        })
    }
}

/// Reads it out of `{ robot, callees, media, room?, ringTimeout?, userData?, offlinePush? }`.
pub(crate) fn read(json: &str, allow_any_user_id: bool) -> Result<Request, Failure> {
    let mut object = Object::read("call", json)?;
    let mut problems = Problems::default();
    let robot = object.required("robot");
    let robot = problems.note(robot);
    let callees = object.required("callees");
    let callees = problems.note(callees.and_then(|names| names.list("callees")));
    let media = object.required("media");
    let media = problems.note(media.and_then(|word| word.borrowed_text("media")));
    let room = object.take("room");
    let ring_timeout = object.take("ringTimeout").map(ring_timeout);
    let ring_timeout = ring_timeout.and_then(|time| problems.note(time));
    let user_data = object.take("userData").map(|data| data.text("userData"));
    let user_data = user_data.and_then(|data| problems.note(data));
    let offline_push = object.take("offlinePush");
    let offline_push = offline_push
        .and_then(|push| problems.note_all(OfflinePushInfo::from_json(push.0.as_str())));
    problems.extend(object.leftovers());

    // What is missing has been noted. Something valid stands in for it, so that core judges the rest.
    let is_complete = robot.is_some() && callees.is_some() && media.is_some();
    let media = media.unwrap_or("Video".into());
    let user = |name| GivenUserId::Given {
        name,
        allow_any: allow_any_user_id,
    };
    let robot = robot.map_or(GivenUserId::Missing(" robot"), user);
    let callees: Vec<_> = match callees {
        Some(callees) => callees.into_iter().map(user).collect(),
        None => vec![GivenUserId::Missing(" callee")],
    };
    let mut builder = Request::builder(robot, callees, media.as_ref().into());
    if let Some(room) = room {
        builder = builder.room(room);
    }
    if let Some(ring_timeout) = ring_timeout {
        builder = builder.ring_timeout(ring_timeout);
    }
    if let Some(user_data) = user_data {
        builder = builder.user_data(user_data);
    }
    if let Some(offline_push) = offline_push {
        builder = builder.offline_push(offline_push);
    }
    let request = problems.note_all(builder.build());
    problems.unless_any(request.filter(|_| is_complete))
}

/// JavaScript's unit of time is the millisecond.
fn ring_timeout(given: Given<'_>) -> Result<Duration, Problem> {
    let milliseconds = given.whole("ringTimeout", "milliseconds");
    milliseconds.map(Duration::from_millis)
}
