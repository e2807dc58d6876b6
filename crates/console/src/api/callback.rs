//! `/api/callback`: where the service sends webhooks.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Serialize;
use trtc_call::call_config::{delete_callback, get_callback, if_configured, set_callback};
use trtc_call::input::{FromInput as _, Input};

use super::send;
use crate::Shared;
use crate::api_error::ApiError;

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
) -> Result<Json<Option<Configuration>>, ApiError> {
    let sent = shared.send(&get_callback::Request::new()).await;
    let reply = if_configured(sent).map_err(ApiError::service::<get_callback::Request>)?;
    Ok(Json(reply.map(|reply| Configuration {
        request_id: reply.request_id,
        configuration: reply.response,
    })))
}

pub(super) async fn set(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Json<Done>, ApiError> {
    let reply = send(&shared, &set_callback::Request::read(Input::new(&body))?).await?;
    Ok(Json(Done {
        request_id: Some(reply.request_id),
    }))
}

pub(super) async fn delete(State(shared): State<Arc<Shared>>) -> Result<Json<Done>, ApiError> {
    let sent = shared.send(&delete_callback::Request::new()).await;
    let reply = if_configured(sent).map_err(ApiError::service::<delete_callback::Request>)?;
    Ok(Json(Done {
        request_id: reply.map(|reply| reply.request_id),
    }))
}
