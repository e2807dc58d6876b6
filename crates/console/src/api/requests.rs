//! `/api/requests`: what this process has said to the service, the latest first.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};

use crate::Shared;
use crate::api_error::ApiError;
use crate::requests::Exchange;

/// Those after `?after=`, without their texts.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Json<Vec<Exchange>> {
    let after = query.get("after").and_then(|id| id.parse().ok());
    Json(shared.requests().after(after.unwrap_or(0)))
}

pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Json<Exchange>, ApiError> {
    let id = id.parse().ok();
    let found = id.and_then(|id| shared.requests().get(id).cloned());
    let found = found
        .ok_or_else(|| ApiError::not_found("there is no such request, or it has been forgotten"));
    found.map(Json)
}
