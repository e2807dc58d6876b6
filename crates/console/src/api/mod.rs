//! What the page asks for, as JSON: a file for each concern. Names and types are those of the npm package.

mod callback;
mod calls;
mod campaigns;
mod emulator;
mod records;
mod requests;
mod session;
pub(crate) mod settings;
mod usersig;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, Uri};
use axum::routing::{delete, get, post, put};
use trtc_call::{Endpoint, Error, Reply};

pub(crate) use self::calls::note_start;

use crate::api_error::ApiError;
use crate::{Shared, events};

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route(
            "/api/session",
            get(session::look)
                .post(session::open)
                .delete(session::close),
        )
        .route("/api/session/url", post(session::invite))
        .route("/api/settings", get(settings::get).patch(settings::change))
        .route("/api/calls", get(calls::list).post(calls::start))
        .route("/api/calls/{id}", get(calls::get))
        .route("/api/permits", post(calls::permit))
        .route("/api/calls/{id}/end", post(calls::end))
        .route("/api/campaigns", get(campaigns::follow))
        .route("/api/campaigns/{name}/rows", get(campaigns::rows))
        .route("/api/campaigns/{name}/{what}", post(campaigns::control))
        .route("/api/events", get(events::serve))
        .route("/api/records", get(records::list))
        .route("/api/records/{id}", get(records::get))
        .route("/api/requests", get(requests::list))
        .route("/api/requests/{id}", get(requests::get))
        .route("/api/webhooks", get(webhooks::list))
        .route("/api/webhooks/test", post(webhooks::test))
        .route("/api/webhooks/{id}", get(webhooks::get))
        .route("/api/webhooks/{id}/replay", post(webhooks::replay))
        .route(
            "/api/callback",
            get(callback::get)
                .put(callback::set)
                .merge(delete(callback::delete)),
        )
        .route("/api/rings/{key}", get(campaigns::ring))
        .route("/api/rings/{key}/settle", post(campaigns::settle))
        .route("/api/usersig", post(usersig::sign))
        .route(
            "/api/emulator/scripts",
            get(emulator::scripts).merge(put(emulator::set_scripts)),
        )
        .route("/api/emulator/advance", post(emulator::advance))
        .route("/api/emulator/seed-records", post(emulator::seed_records))
        .route("/api/{*rest}", axum::routing::any(no_such_resource))
        .method_not_allowed_fallback(no_such_method)
}

async fn no_such_resource(uri: Uri) -> ApiError {
    ApiError::not_found(format!("there is no {}", uri.path()))
}

async fn no_such_method(method: Method, uri: Uri) -> ApiError {
    let status = axum::http::StatusCode::METHOD_NOT_ALLOWED;
    let message = format!("{} does not take {method}", uri.path());
    ApiError::refused(status, "method_not_allowed", message)
}

/// Sends a command to the service.
async fn send<E: Endpoint + Sync>(
    shared: &Shared,
    request: &E,
) -> Result<Reply<E::Response>, ApiError> {
    let sent: Result<_, Error> = shared.send(request).await;
    sent.map_err(ApiError::service::<E>)
}
