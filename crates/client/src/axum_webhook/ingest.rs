use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use trtc_call_core::webhook::WebhookError;
use trtc_call_core::webhook::ingest::{self, IngestEvent, IngestWebhookVerifier};

use super::{read, response};
use crate::Tasks;

/// Extracts what a webhook tells about a stream, that the [`IngestWebhookVerifier`] of the state let
/// through. Order them by their `event_time`: one may be an old one, sent again by somebody who saw it.
///
/// ```no_run
/// use trtc_call::axum_webhook::{IngestAcknowledged, IngestWebhook};
/// use trtc_call::webhook::ingest::IngestWebhookVerifier;
/// use trtc_call::SessionHandle;
///
/// # fn router(verifier: IngestWebhookVerifier, session: SessionHandle) -> axum::Router {
/// let on_webhook = |IngestWebhook(event): IngestWebhook| async move {
///     session.ingest_webhook(&event); // leaves out what concerns other streams
///     IngestAcknowledged
/// };
/// axum::Router::new()
///     .route("/ingest", axum::routing::post(on_webhook))
///     .with_state(verifier)
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct IngestWebhook(pub IngestEvent);

impl<S> FromRequest<S> for IngestWebhook
where
    S: Send + Sync,
    IngestWebhookVerifier: FromRef<S>,
{
    type Rejection = IngestWebhookRejection;

    async fn from_request(
        request: Request,
        state: &S,
    ) -> Result<IngestWebhook, IngestWebhookRejection> {
        let verifier = IngestWebhookVerifier::from_ref(state);
        let (head, body) = request.into_parts();
        let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        let body = read(body).await.ok_or(IngestWebhookRejection(None))?;
        let event = verifier.verify(header("sign"), header("sdkappid"), &body);
        event.map(IngestWebhook).map_err(|error| {
            tracing::warn!(code = error.code(), %error, "an ingest webhook is refused");
            IngestWebhookRejection(Some(error))
        })
    }
}

/// Why a request did not become an [`IngestWebhook`]. As a response: 401, 400 or 413.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestWebhookRejection(Option<WebhookError>);

impl IngestWebhookRejection {
    /// The refusal; `None` if the connection broke before the body was there.
    #[must_use]
    pub fn error(&self) -> Option<&WebhookError> {
        self.0.as_ref()
    }
}

impl IntoResponse for IngestWebhookRejection {
    fn into_response(self) -> Response {
        match &self.0 {
            Some(error) => response(ingest::refuse(error)),
            None => axum::http::StatusCode::BAD_REQUEST.into_response(),
        }
    }
}

/// What a handler returns: 200, with the body that the service expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IngestAcknowledged;

impl IntoResponse for IngestAcknowledged {
    fn into_response(self) -> Response {
        response(ingest::acknowledge())
    }
}

/// As [`acknowledge_first`](super::acknowledge_first), for webhooks about streams: the service waits 5 s.
pub fn acknowledge_ingest_first<S, H, F>(tasks: &Tasks, handler: H) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
    IngestWebhookVerifier: FromRef<S>,
    H: Fn(IngestEvent) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let tasks = tasks.clone();
    post(move |IngestWebhook(event): IngestWebhook| async move {
        tasks.spawn(handler(event));
        IngestAcknowledged
    })
}
