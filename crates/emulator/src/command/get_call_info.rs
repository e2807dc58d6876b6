//! `POST /v4/call_engine_http_srv/get_call_info` (<https://trtc.io/document/68932>)

use serde_json::json;

use super::{Command, Scene};
use crate::field::Fields;
use crate::reply::{Outcome, Refusal};
use crate::wire;

pub(super) const COMMAND: Command = Command {
    service: "call_engine_http_srv",
    name: "get_call_info",
    serve,
};

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let call = scene
        .exchange
        .call(request.string("CallId")?)
        .filter(|call| call.end.is_none())
        .ok_or_else(|| Refusal::by_code(101_004))?;
    Ok(Some(json!({
        "CallInfo": wire::call_info(call),
        "UserList": wire::user_list(call),
    })))
}
