//! `POST /v4/call_config/delete_callback` (<https://trtc.io/document/68939>)

use super::{Command, Scene};
use crate::field::Fields;
use crate::reply::{Outcome, Refusal};

pub(super) const COMMAND: Command = Command {
    service: "call_config",
    name: "delete_callback",
    serve,
};

fn serve(_: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    if scene.exchange.webhooks().configuration().is_none() {
        return Err(Refusal::by_code(100_301));
    }
    scene.exchange.webhooks_mut().configure(None);
    Ok(None)
}
