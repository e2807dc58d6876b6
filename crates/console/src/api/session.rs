//! `/api/session`: exchanges the token of the URL for a cookie.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::Shared;
use crate::failure::Failure;

/// Tells a page that there is a console behind it, and whether it may use it.
pub(super) async fn look(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Json<Value> {
    Json(json!({ "active": shared.session.has_cookie(&headers) }))
}

pub(super) async fn open(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Failure> {
    if !shared.session.has_token(&headers) {
        return Err(Failure::refused(
            StatusCode::UNAUTHORIZED,
            "session_refused",
            "this is not the console's token: open the URL that it printed when it started",
        ));
    }
    Ok((
        [(SET_COOKIE, shared.session.set_cookie())],
        Json(json!({ "active": true })),
    ))
}

pub(super) async fn close(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    (
        [(SET_COOKIE, shared.session.clear_cookie())],
        Json(json!({ "active": false })),
    )
}
