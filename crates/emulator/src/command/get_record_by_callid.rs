//! `POST /v4/call_record_http_srv/get_record_by_callid` (<https://trtc.io/document/68930>)

use serde::Serialize;

use super::{Command, Scene};
use crate::field::Fields;
use crate::json::json;
use crate::reply::{Outcome, Refusal};
use crate::wire::CallRecord;

pub(super) const COMMAND: Command = Command {
    service: "call_record_http_srv",
    name: "get_record_by_callid",
    serve,
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Payload<'a> {
    call_record: CallRecord<'a>,
}

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let call = scene
        .exchange
        .call(request.string("CallId")?)
        .filter(|call| call.has_record);
    match call.and_then(CallRecord::of) {
        Some(call_record) => Ok(Some(json(&Payload { call_record }))),
        None => Err(Refusal::by_code(101_050)),
    }
}
