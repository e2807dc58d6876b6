//! `POST /v4/call_config/get_callback` (<https://trtc.io/document/68937>)

use serde::Serialize;

use super::{Command, Scene};
use crate::field::Fields;
use crate::json::json;
use crate::reply::{Outcome, Refusal};

pub(super) const COMMAND: Command = Command {
    service: "call_config",
    name: "get_callback",
    serve,
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Payload<'a> {
    url: &'a str,
    callback_command_list: &'a [String],
}

fn serve(_: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let callback = scene.exchange.webhooks().configuration();
    let callback = callback.ok_or_else(|| Refusal::by_code(100_301))?;
    Ok(Some(json(&Payload {
        url: &callback.url,
        callback_command_list: &callback.commands,
    })))
}
