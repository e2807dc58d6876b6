//! Receives webhooks in an [axum](https://docs.rs/axum) server (feature `axum`).
//!
//! ```no_run
//! use trtc_call::axum_webhook::{Acknowledged, Webhook, WebhookReceiver};
//! use trtc_call::webhook::{Event, WebhookToken, WebhookVerifier};
//! use trtc_call::SdkAppId;
//!
//! async fn on_webhook(Webhook(delivery): Webhook) -> Acknowledged {
//!     if let Event::CallEnded(ended) = delivery.event {
//!         println!("{} ended: {}", ended.record.call_id, ended.record.result);
//!     }
//!     Acknowledged // within 2 s, or it comes again: see acknowledge_first
//! }
//!
//! # fn router(token: String) -> Result<axum::Router, Box<dyn std::error::Error>> {
//! let verifier = WebhookVerifier::new(SdkAppId::new(1_400_000_000)?, &WebhookToken::new(token)?);
//! let router = axum::Router::new()
//!     .route("/webhook", axum::routing::post(on_webhook))
//!     .with_state(WebhookReceiver::new(verifier));
//! # Ok(router)
//! # }
//! ```
//!
//! Nothing but the service's own deliveries reaches the handler: what is forged is answered with 401, what
//! cannot be read with 400 or 413. Deliveries may repeat and overtake each other: see
//! [`CallTimeline`](crate::webhook::CallTimeline).
//!
//! Webhooks about streams are signed in another way, and go to another route: [`IngestWebhook`].

mod ingest;

use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use http_body_util::BodyExt as _;
use trtc_call_core::webhook::{
    Delivery, MAX_BODY_BYTES, WebhookError, WebhookReply, WebhookVerifier, parse_unsigned,
};
use trtc_call_core::{SdkAppId, UnixSeconds};

use crate::Tasks;
use crate::builder::{Clock, system_clock};

pub use self::ingest::{
    IngestAcknowledged, IngestWebhook, IngestWebhookRejection, acknowledge_ingest_first,
};

/// Decides which deliveries get through. It belongs into the router's state, alone or as a part of it
/// (`FromRef`).
#[derive(Clone)]
pub struct WebhookReceiver {
    check: Check,
    clock: Clock,
}

#[derive(Debug, Clone)]
enum Check {
    Signature(WebhookVerifier),
    AppAlone(SdkAppId),
}

impl WebhookReceiver {
    /// Takes the deliveries that are signed as they should be.
    #[must_use]
    pub fn new(verifier: WebhookVerifier) -> WebhookReceiver {
        WebhookReceiver {
            check: Check::Signature(verifier),
            clock: Arc::new(system_clock),
        }
    }

    /// Takes every delivery that says it is for the application, **whoever sent it**: for webhooks whose
    /// authentication is off. Keep the URL secret, and confirm with the service what matters.
    #[must_use]
    pub fn unsigned(sdk_app_id: SdkAppId) -> WebhookReceiver {
        WebhookReceiver {
            check: Check::AppAlone(sdk_app_id),
            clock: Arc::new(system_clock),
        }
    }

    /// Your own clock, for the window of time. Default: the system's.
    #[must_use]
    pub fn clock(
        mut self,
        clock: impl Fn() -> UnixSeconds + Send + Sync + 'static,
    ) -> WebhookReceiver {
        self.clock = Arc::new(clock);
        self
    }

    /// What is forged is refused before its body is read.
    fn check_query(&self, query: &str) -> Result<(), WebhookError> {
        match &self.check {
            Check::Signature(verifier) => verifier.verify_query(query, (self.clock)()),
            Check::AppAlone(_) => Ok(()),
        }
    }

    fn check(&self, query: &str, body: &[u8]) -> Result<Delivery, WebhookError> {
        match &self.check {
            Check::Signature(verifier) => verifier.verify(query, body, (self.clock)()),
            Check::AppAlone(sdk_app_id) => parse_unsigned(*sdk_app_id, query, body),
        }
    }
}

impl fmt::Debug for WebhookReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookReceiver")
            .field("check", &self.check)
            .finish_non_exhaustive()
    }
}

/// Extracts a delivery that the [`WebhookReceiver`] of the state let through.
#[derive(Debug, Clone)]
pub struct Webhook(pub Delivery);

impl<S> FromRequest<S> for Webhook
where
    S: Send + Sync,
    WebhookReceiver: FromRef<S>,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Webhook, WebhookRejection> {
        let receiver = WebhookReceiver::from_ref(state);
        let (head, body) = request.into_parts();
        let query = head.uri.query().unwrap_or_default();
        receiver.check_query(query).map_err(refuse)?;
        let body = read(body).await.ok_or(WebhookRejection(None))?;
        let delivery = receiver.check(query, &body).map_err(refuse)?;
        Ok(Webhook(delivery))
    }
}

fn refuse(error: WebhookError) -> WebhookRejection {
    // Without the URL, which holds a signature.
    tracing::warn!(code = error.code(), %error, "a webhook is refused");
    WebhookRejection(Some(error))
}

/// The body, or as much of it as shows that it is too long. `None` if the connection broke.
async fn read(mut body: Body) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() <= MAX_BODY_BYTES
        && let Some(frame) = body.frame().await
    {
        if let Ok(data) = frame.ok()?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Some(bytes)
}

/// Why a request did not become a [`Webhook`]. As a response: 401, 400 or 413.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRejection(Option<WebhookError>);

impl WebhookRejection {
    /// The refusal; `None` if the connection broke before the body was there.
    #[must_use]
    pub fn error(&self) -> Option<&WebhookError> {
        self.0.as_ref()
    }
}

impl fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(error) => error.fmt(f),
            None => f.write_str("the connection broke before the body was there"),
        }
    }
}

impl std::error::Error for WebhookRejection {}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        match &self.0 {
            Some(error) => response(WebhookReply::refuse(error)),
            None => StatusCode::BAD_REQUEST.into_response(),
        }
    }
}

/// What a handler returns: 200, with the body that the service expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acknowledged;

impl IntoResponse for Acknowledged {
    fn into_response(self) -> Response {
        response(WebhookReply::acknowledge())
    }
}

fn response(reply: WebhookReply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_REQUEST);
    let content_type = [(header::CONTENT_TYPE, reply.content_type)];
    (status, content_type, reply.body).into_response()
}

/// A route that acknowledges first and calls `handler` in one of `tasks`, so that the service has its answer within 2 s
/// whatever the handler does.
///
/// A delivery that was acknowledged does not come again, neither where its task fails nor where the process ends before
/// it is done: when the server has shut down, wait until the tasks are [drained](Tasks::drained). A
/// [`Client`](crate::Client) has [tasks](crate::Client::tasks) already.
///
/// ```no_run
/// # use trtc_call::Tasks;
/// # use trtc_call::axum_webhook::{WebhookReceiver, acknowledge_first};
/// # async fn serve(receiver: WebhookReceiver, listener: tokio::net::TcpListener) -> std::io::Result<()> {
/// let tasks = Tasks::new();
/// let on_webhook = acknowledge_first(&tasks, |delivery| async move { println!("{delivery:?}") });
/// let router = axum::Router::new().route("/webhook", on_webhook).with_state(receiver);
/// let stop = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
/// axum::serve(listener, router).with_graceful_shutdown(stop).await?;
/// tasks.drained().await;
/// # Ok(())
/// # }
/// ```
pub fn acknowledge_first<S, H, F>(tasks: &Tasks, handler: H) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
    WebhookReceiver: FromRef<S>,
    H: Fn(Delivery) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let tasks = tasks.clone();
    post(move |Webhook(delivery): Webhook| async move {
        tasks.spawn(handler(delivery));
        Acknowledged
    })
}
