//! `POST /v4/call_engine_http_srv/get_call_info` (<https://trtc.io/document/68932>)

use serde::Serialize;

use super::{Command, Scene};
use crate::field::Fields;
use crate::json::json;
use crate::reply::{Outcome, Refusal};
use crate::wire::{CallInfo, Member, user_list};

pub(super) const COMMAND: Command = Command {
    service: "call_engine_http_srv",
    name: "get_call_info",
    serve,
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Payload<'a> {
    call_info: CallInfo<'a>,
    user_list: Vec<Member<'a>>,
}

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let call = scene
        .exchange
        .call(request.string("CallId")?)
        .filter(|call| call.end.is_none())
        .ok_or_else(|| Refusal::by_code(101_004))?;
    Ok(Some(json(&Payload {
        call_info: CallInfo::of(call),
        user_list: user_list(call),
    })))
}
