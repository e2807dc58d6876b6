//! `/api/calls`: start calls, watch them, end them.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::Serialize;
use trtc_call::call_engine::get_call_info::{Member, MemberStatus};
use trtc_call::call_engine::start_call_by_robot::{Request, Response};
use trtc_call::call_engine::{end_call, get_call_info};
use trtc_call::call_session::Media;
use trtc_call::input::{FromInput as _, Input};
use trtc_call::webhook::CallStarted;
use trtc_call::{CallId, RecordedExchange, Reply, RoomId, UnixMillis, UserId};

use crate::Shared;
use crate::api_error::ApiError;
use crate::board::{self, Answer, BoardCall, Snapshot};
use crate::play;

pub(super) async fn list(State(shared): State<Arc<Shared>>) -> Json<Snapshot> {
    Json(shared.board().snapshot())
}

/// One call with its packets. One that is not on the board is looked for at the service, and followed: so
/// it is after a restart.
pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<BoardCall>, ApiError> {
    let call_id = CallId::new(id)?;
    let look = || shared.board().call(&call_id).map(|call| call.view(0, true));
    if let Some(call) = look() {
        return Ok(Json(call));
    }
    let asked = board::ask(&shared, &call_id).await;
    let asked = asked.map_err(ApiError::service::<get_call_info::Request>)?;
    if matches!(asked, Answer::Gone) {
        board::ask_for_record(&shared, &call_id).await;
    }
    look().map(Json).ok_or_else(|| {
        let message = "the service knows no such call, and has no record of one";
        ApiError::not_found(message)
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Started {
    request_id: String,
    call_id: Option<CallId>,
    room: Option<RoomId>,
    callees: Vec<Callee>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Callee {
    user_id: UserId,
    result_code: i64,
    was_rung: bool,
}

/// The header with the permit, where a page asked for one.
const PERMIT: &str = "x-trtc-permit";

#[derive(Serialize)]
pub(super) struct Permit {
    permit: String,
}

pub(super) async fn permit(State(shared): State<Arc<Shared>>) -> Result<Json<Permit>, ApiError> {
    let permit = shared.permits.give();
    let permit = permit.map_err(|error| ApiError::no_random(&error))?;
    Ok(Json(Permit { permit }))
}

pub(super) async fn start(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Started>, ApiError> {
    let (request, media) = read(&shared, &body)?;
    if let Some(permit) = headers.get(PERMIT)
        && !shared.permits.redeem(permit.as_bytes())
    {
        return Err(ApiError::SentTwice);
    }
    let room = request.room().cloned();
    // In a task of its own: a page that goes away must not cut off a call that is being started.
    let starting = tokio::spawn({
        let shared = Arc::clone(&shared);
        async move {
            match media {
                Some(media) => play::start(&shared, play::plan(request, media)?).await,
                None => ring(&shared, &request).await,
            }
        }
    });
    let reply = starting.await.unwrap_or_else(|error| {
        Err(ApiError::refused(
            axum::http::StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            format!("the call's task ended early: {error}"),
        ))
    })?;
    let callees = reply.response.callees.into_iter().map(|callee| Callee {
        was_rung: callee.was_rung(),
        user_id: callee.user_id,
        result_code: callee.result_code,
    });
    Ok(Json(Started {
        request_id: reply.request_id,
        call_id: reply.response.call_id,
        room,
        callees: callees.collect(),
    }))
}

async fn ring(shared: &Arc<Shared>, request: &Request) -> Result<Reply<Response>, ApiError> {
    let began_at = shared.now();
    let mut exchanges = Vec::new();
    let sent = shared
        .send_seen(request, |exchange| exchanges.push(exchange))
        .await;
    let reply = sent.map_err(ApiError::service::<Request>)?;
    note_start(shared, request, &reply.response, &exchanges, began_at);
    Ok(reply)
}

/// Puts a call on the board that was started.
pub(crate) fn note_start(
    shared: &Arc<Shared>,
    request: &Request,
    response: &Response,
    exchanges: &[RecordedExchange],
    began_at: UnixMillis,
) {
    let Some(call_id) = &response.call_id else {
        return; // The webhooks will tell its name, if anybody does.
    };
    let now = shared.now();
    let is_emulated = shared.emulator().is_some();
    let robot = request.robot();
    let rung = response.callees.iter().filter(|callee| callee.was_rung());
    let rung = rung.map(|callee| Member::new(callee.user_id.clone(), MemberStatus::Waiting));
    let caller = Member::new(robot.clone(), MemberStatus::Calling);
    let members = std::iter::once(caller).chain(rung).collect();
    let media_type = request.media_type().clone();
    let mut started = CallStarted::new(call_id.clone(), media_type, members, began_at);
    started.room = request.room().cloned().map(Into::into);
    shared.change_call(call_id, |call, next| {
        call.set_robot(robot);
        call.note_exchanges(exchanges, (began_at, now), next);
        call.note_not_rung(&response.callees, is_emulated, now, next);
        call.begin(started, next);
        true
    });
}

pub(super) async fn end(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<Ended>, ApiError> {
    let call_id = CallId::new(id)?;
    if shared.sessions.end(&call_id) {
        // It ends the stream as well; the board tells how that goes.
        return Ok(Json(Ended { request_id: None }));
    }
    let request = end_call::Request::new(call_id.clone());
    let began_at = shared.now();
    let mut exchanges = Vec::new();
    let sent = shared
        .send_seen(&request, |exchange| exchanges.push(exchange))
        .await;
    let now = shared.now();
    if shared.board().call(&call_id).is_some() {
        shared.change_call(&call_id, |call, next| {
            call.note_exchanges(&exchanges, (began_at, now), next);
            true
        });
    }
    let reply = sent.map_err(ApiError::service::<end_call::Request>)?;
    Ok(Json(Ended {
        request_id: Some(reply.request_id),
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ended {
    /// `None` where a session ends the call.
    request_id: Option<String>,
}

/// The call that the page sent and what is to be played into it, or all that is wrong with them.
fn read(shared: &Shared, body: &[u8]) -> Result<(Request, Option<Media>), ApiError> {
    let input = Input::new(body).allow_any_user_id(shared.account.allow_any_user_id);
    let mut input = input.properties(Request::WHAT)?;
    let has_play = input.has("play");
    let media = input.object("play", Media::from_input);
    if has_play && shared.cloud.is_none() {
        input.note::<()>(Err(play::not_configured()));
    }
    let request = Request::from_input(&mut input);
    let request = input.finish(request)?;
    let request = match request.room() {
        None if has_play => request.with_room(play::make_up_room()?),
        _ => request,
    };
    Ok((request, media))
}
