//! `/api/session`: exchanges the ticket of a URL for a cookie.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::Shared;
use crate::api_error::ApiError;

/// Tells a page that there is a console behind it, and whether it may use it.
pub(super) async fn look(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Json<Value> {
    Json(json!({ "active": shared.session.is_open(&headers) }))
}

pub(super) async fn open(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let Some(cookie) = shared
        .session
        .redeem(&headers)
        .map_err(|error| ApiError::no_random(&error))?
    else {
        return Err(ApiError::refused(
            StatusCode::UNAUTHORIZED,
            "ticket_refused",
            "this address was used before, or is of another start: each opens the console once. Press Enter where \
             the console runs, and it prints another",
        ));
    };
    Ok(([(SET_COOKIE, cookie)], Json(json!({ "active": true }))))
}

pub(super) async fn close(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> impl IntoResponse {
    let cookie = shared.session.close(&headers);
    ([(SET_COOKIE, cookie)], Json(json!({ "active": false })))
}

/// Makes a URL for another browser.
pub(super) async fn invite(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, ApiError> {
    let url = shared
        .new_url()
        .map_err(|error| ApiError::no_random(&error))?;
    Ok(Json(json!({ "url": url })))
}
