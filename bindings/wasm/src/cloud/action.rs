//! What all actions have in common on their way to and from JavaScript.

use serde::Serialize;
use trtc_call_core::stream_ingest::{
    describe_stream_ingest, start_stream_ingest, stop_stream_ingest, update_stream_ingest,
};
use trtc_call_core::{
    CloudEndpoint, Error, Problem, Repeat, Reply, UnixSeconds, room as core_room,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{CloudAccount, room, stream_ingest};
use crate::endpoint::{lines, reply_text};
use crate::error::Failure;

/// Builds the request to an action, signed at `now` (Unix seconds): lines as those of a command.
#[wasm_bindgen(js_name = buildAction)]
pub fn build(
    account: &CloudAccount,
    action: &str,
    now: f64,
    request: &str,
    allow_any_user_id: bool,
) -> Result<String, Failure> {
    let access = account.access();
    let (sent, body) = match action {
        "StartStreamIngest" => {
            let request = stream_ingest::read_start(request, allow_any_user_id)?;
            (request.action(), request.body(&access))
        }
        "UpdateStreamIngest" => {
            let request = stream_ingest::read_update(request)?;
            (request.action(), request.body(&access))
        }
        "DescribeStreamIngest" => {
            let task_id = stream_ingest::read_task_id(request)?;
            let request = describe_stream_ingest::Request::new(task_id);
            (request.action(), request.body(&access))
        }
        "StopStreamIngest" => {
            let task_id = stream_ingest::read_task_id(request)?;
            let request = stop_stream_ingest::Request::new(task_id);
            (request.action(), request.body(&access))
        }
        "DismissRoom" | "DismissRoomByStrRoomId" => {
            let request = room::read_dismiss(request)?;
            (request.action(), request.body(&access))
        }
        _ => {
            let request = room::read_remove(request, allow_any_user_id)?;
            (request.action(), request.body(&access))
        }
    };
    if action != sent.name {
        // A numeric room has actions of its own, and so has a string room.
        return Err(Failure::from(Problem::new(
            "room",
            "is not of the kind that this action takes",
            "use a number for a numeric room, and the action ByStrRoomId for a string room",
        )));
    }
    let now = UnixSeconds(now as u64);
    Ok(lines(&access.http_request(sent, body, now)))
}

/// Reads the reply to a request: the JSON text of the response with its `requestId`.
#[wasm_bindgen(js_name = parseAction)]
pub fn parse(action: &str, status: u16, body: &[u8]) -> Result<String, Failure> {
    let result = match action {
        "StartStreamIngest" => text::<start_stream_ingest::Request>(status, body),
        "UpdateStreamIngest" => text::<update_stream_ingest::Request>(status, body),
        "DescribeStreamIngest" => text::<describe_stream_ingest::Request>(status, body),
        "StopStreamIngest" => text::<stop_stream_ingest::Request>(status, body),
        "DismissRoom" | "DismissRoomByStrRoomId" => text::<core_room::Dismiss>(status, body),
        _ => text::<core_room::Remove>(status, body),
    };
    result.map_err(|error| Failure::new(Repeat::of_named(action), error))
}

fn text<E: CloudEndpoint<Response: Serialize>>(status: u16, body: &[u8]) -> Result<String, Error> {
    let Reply {
        request_id,
        response,
        ..
    } = E::parse(status, body)?;
    Ok(reply_text(&request_id, &response))
}

pub(crate) fn http_request<E: CloudEndpoint>(
    account: &CloudAccount,
    request: &E,
    now: f64,
) -> String {
    lines(&request.http_request(&account.access(), UnixSeconds(now as u64)))
}
