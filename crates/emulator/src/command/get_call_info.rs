//! `POST /v4/call_engine_http_srv/get_call_info` (<https://trtc.io/document/68932>)

use trtc_call_json::JsonText;

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
    Ok(Some(
        JsonText::object()
            .with("CallInfo", &wire::call_info(call))
            .with("UserList", &wire::user_list(call)),
    ))
}
