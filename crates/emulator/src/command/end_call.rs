//! `POST /v4/call_engine_http_srv/end_call` (<https://trtc.io/document/74506>)

use super::{Command, Scene};
use crate::field::Fields;
use crate::reply::{Outcome, Refusal};

pub(super) const COMMAND: Command = Command {
    service: "call_engine_http_srv",
    name: "end_call",
    serve,
};

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let call_id = request.string("CallId")?;
    if scene.exchange.end(call_id, scene.now) {
        Ok(None)
    } else {
        Err(Refusal::by_code(101_004))
    }
}
