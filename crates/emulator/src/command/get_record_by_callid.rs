//! `POST /v4/call_record_http_srv/get_record_by_callid` (<https://trtc.io/document/68930>)

use trtc_call_json::JsonText;

use super::{Command, Scene};
use crate::field::Fields;
use crate::reply::{Outcome, Refusal};
use crate::wire;

pub(super) const COMMAND: Command = Command {
    service: "call_record_http_srv",
    name: "get_record_by_callid",
    serve,
};

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let call = scene
        .exchange
        .call(request.string("CallId")?)
        .filter(|call| call.has_record);
    match call.and_then(wire::call_record) {
        Some(record) => Ok(Some(JsonText::object().with("CallRecord", &record))),
        None => Err(Refusal::by_code(101_050)),
    }
}
