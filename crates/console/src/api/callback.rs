//! `/api/callback`: where the service sends webhooks.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Serialize;
use trtc_call::call_config::{delete_callback, get_callback, if_configured, set_callback};

use super::send;
use crate::Shared;
use crate::failure::Failure;
use crate::given::Given;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Configuration {
    request_id: String,
    #[serde(flatten)]
    configuration: get_callback::Response,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Done {
    request_id: Option<String>,
}

/// The configuration, or null.
pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
) -> Result<Json<Option<Configuration>>, Failure> {
    let sent = shared.client().send(&get_callback::Request::new()).await;
    let reply = if_configured(sent).map_err(Failure::service::<get_callback::Request>)?;
    Ok(Json(reply.map(|reply| Configuration {
        request_id: reply.request_id,
        configuration: reply.response,
    })))
}

pub(super) async fn set(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Json<Done>, Failure> {
    let reply = send(&shared, &read(&body)?).await?;
    Ok(Json(Done {
        request_id: Some(reply.request_id),
    }))
}

fn read(body: &[u8]) -> Result<set_callback::Request, Failure> {
    let mut given = Given::read("request", body)?;
    let url = given.text("url");
    let url = given.required("url", url);
    let commands = given.texts("commands");
    let commands = given.required("commands", commands);
    let allow_unknown = given.flag("allowUnknownCommands");
    let is_complete = url.is_some() && commands.is_some();
    // What is missing has been noted. Something valid stands in for it, so that the core judges the rest.
    let url = url.unwrap_or_else(|| "https://callback".to_owned());
    let commands = commands.unwrap_or_else(|| vec!["Call.CallbackAfterEndCall".to_owned()]);
    let commands = commands.iter().map(String::as_str);
    let mut builder = set_callback::Request::builder(url, commands);
    if allow_unknown {
        builder = builder.allow_unknown_commands();
    }
    let request = given.note_all(builder.build()).filter(|_| is_complete);
    given.finish(request)
}

pub(super) async fn delete(State(shared): State<Arc<Shared>>) -> Result<Json<Done>, Failure> {
    let sent = shared.client().send(&delete_callback::Request::new()).await;
    let reply = if_configured(sent).map_err(Failure::service::<delete_callback::Request>)?;
    Ok(Json(Done {
        request_id: reply.map(|reply| reply.request_id),
    }))
}
