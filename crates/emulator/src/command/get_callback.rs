//! `POST /v4/call_config/get_callback` (<https://trtc.io/document/68937>)

use trtc_call_json::JsonText;

use super::{Command, Scene};
use crate::field::Fields;
use crate::reply::{Outcome, Refusal};

pub(super) const COMMAND: Command = Command {
    service: "call_config",
    name: "get_callback",
    serve,
};

fn serve(_: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let callback = scene.exchange.webhooks().configuration();
    let callback = callback.ok_or_else(|| Refusal::by_code(100_301))?;
    Ok(Some(
        JsonText::object()
            .with("Url", &callback.url)
            .with("CallbackCommandList", &callback.commands),
    ))
}
