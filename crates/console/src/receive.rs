//! `POST /webhooks/calls` and `/webhooks/ingest`: what the service tells of calls and of streams, verified,
//! noted, and handed to the board and to the sessions.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use trtc_call::webhook::ingest::{self, IngestEventKind, IngestWebhookVerifier};
use trtc_call::webhook::{
    Delivery as Verified, MAX_BODY_BYTES, WebhookError, WebhookReply, WebhookVerifier,
    parse_unsigned, parse_unverified,
};

use crate::board::{Delivery, Direction, Packet, Reason, Source, Status};
use crate::connections::{self, Unread};
use crate::gate::is_of_a_browser;
use crate::{Shared, WebhookCheck, origin, system_time};

pub(crate) const PATH: &str = "/webhooks/calls";
pub(crate) const INGEST_PATH: &str = "/webhooks/ingest";

/// Marks the console's own test deliveries, which tell of nothing that happened.
pub(crate) const TEST_PARAMETER: &str = "trtc-call-test";

/// Where this console receives webhooks, as seen from this machine.
pub(crate) fn url(address: SocketAddr) -> String {
    format!("{}{PATH}", origin(address))
}

/// Where it receives those about streams.
pub(crate) fn ingest_url(address: SocketAddr) -> String {
    format!("{}{INGEST_PATH}", origin(address))
}

pub(crate) async fn receive(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if is_of_a_browser(&head.headers) {
        return refuse_browser();
    }
    let query = head.uri.query().unwrap_or_default();
    if matches!(shared.webhooks, WebhookCheck::Off) {
        let message = "this console takes no webhooks: it was started without their token\n";
        return (StatusCode::NOT_FOUND, message).into_response();
    }
    let body = match read(body).await {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let verdict = check(&shared, query, &body);
    let reply = match &verdict {
        Ok(_) => WebhookReply::acknowledge(),
        Err(error) => {
            // Without the URL, which holds a signature.
            tracing::warn!(code = error.code(), %error, "a webhook is refused");
            WebhookReply::refuse(error)
        }
    };
    note(&shared, query, &body, &verdict, reply.status);
    if let Ok(delivery) = verdict
        && !delivery.other_parameters.contains_key(TEST_PARAMETER)
    {
        put_on_board(&shared, query, &body, &delivery);
        tell_ledger(&shared, delivery);
    }
    answer(reply)
}

pub(crate) async fn receive_ingest(
    State(shared): State<Arc<Shared>>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    if is_of_a_browser(&head.headers) {
        return refuse_browser();
    }
    let Some(key) = &shared.ingest_webhooks else {
        let message =
            "this console takes no webhooks about streams: it was started without their key\n";
        return (StatusCode::NOT_FOUND, message).into_response();
    };
    let body = match read(body).await {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let header = |name| head.headers.get(name).and_then(|it| it.to_str().ok());
    let (sign, app) = (header("sign"), header("sdkappid"));
    let verifier = IngestWebhookVerifier::new(shared.account.sdk_app_id, key);
    let verdict = verifier.verify(sign, app, &body);
    let reply = match &verdict {
        Ok(_) => ingest::acknowledge(),
        Err(error) => {
            tracing::warn!(code = error.code(), %error, "a webhook about a stream is refused");
            ingest::refuse(error)
        }
    };
    let headers = [("Sign", sign), ("SdkAppId", app)].into_iter();
    shared.board().note_delivery(Delivery {
        id: 0,
        received_at: system_time().0,
        direction: Direction::In,
        source: Source::Ingest,
        command: ingest::parse_unverified(&body)
            .ok()
            .map(|event| ingest_command(event.kind).to_owned()),
        call_id: None,
        verified: verdict.is_ok(),
        error: verdict.as_ref().err().map(reason),
        status: Status::Answered(reply.status),
        url: None,
        headers: headers
            .filter_map(|(name, value)| Some((name, value?.to_owned())))
            .collect(),
        query: None,
        body: Some(String::from_utf8_lossy(&body).into_owned()),
    });
    if let Ok(event) = &verdict {
        shared.sessions.hear_ingest(event);
    }
    answer(reply)
}

/// A name for what these webhooks have numbers for.
fn ingest_command(kind: IngestEventKind) -> &'static str {
    match kind {
        IngestEventKind::Started => "StreamIngest.Started",
        IngestEventKind::Failed => "StreamIngest.Failed",
        IngestEventKind::Restarting => "StreamIngest.Restarting",
        IngestEventKind::Stopped => "StreamIngest.Stopped",
        _ => "StreamIngest.Unknown",
    }
}

fn reason(error: &WebhookError) -> Reason {
    Reason {
        code: error.code(),
        message: error.to_string(),
    }
}

fn answer(reply: WebhookReply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_REQUEST);
    let content_type = [(header::CONTENT_TYPE, reply.content_type)];
    (status, content_type, reply.body).into_response()
}

async fn read(body: Body) -> Result<Bytes, Response> {
    let read = connections::read(body, MAX_BODY_BYTES).await;
    read.map_err(|unread| match unread {
        Unread::TooLong => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Unread::TooSlow => StatusCode::REQUEST_TIMEOUT.into_response(),
    })
}

/// What a page of somebody's browser is answered, whatever it sends.
fn refuse_browser() -> Response {
    tracing::warn!("a webhook that a browser sent is refused");
    let message =
        "webhooks are taken from servers, and this request comes from a page in a browser\n";
    (StatusCode::FORBIDDEN, message).into_response()
}

fn check(shared: &Shared, query: &str, body: &[u8]) -> Result<Verified, WebhookError> {
    let sdk_app_id = shared.account.sdk_app_id;
    match &shared.webhooks {
        WebhookCheck::Token(token) => {
            // Deliveries are signed at real time, by the emulator too.
            WebhookVerifier::new(sdk_app_id, token).verify(query, body, system_time().seconds())
        }
        WebhookCheck::Unsigned | WebhookCheck::Off => parse_unsigned(sdk_app_id, query, body),
    }
}

fn note(
    shared: &Shared,
    query: &str,
    body: &[u8],
    verdict: &Result<Verified, WebhookError>,
    status: u16,
) {
    // What is refused may be readable all the same, and then says what it claims to be.
    let read = match verdict {
        Ok(delivery) => Some(delivery.event.clone()),
        Err(_) => parse_unverified(query, body).ok().map(|it| it.event),
    };
    shared.board().note_delivery(Delivery {
        id: 0,
        received_at: system_time().0,
        direction: Direction::In,
        source: Source::Calls,
        command: read.as_ref().map(|it| it.command().as_str().to_owned()),
        call_id: read.as_ref().and_then(|event| event.call_id().cloned()),
        verified: verdict.is_ok() && matches!(shared.webhooks, WebhookCheck::Token(_)),
        error: verdict.as_ref().err().map(reason),
        status: Status::Answered(status),
        url: None,
        headers: BTreeMap::new(),
        query: Some(query.to_owned()),
        body: Some(String::from_utf8_lossy(body).into_owned()),
    });
}

/// Whoever reads a packet over somebody's shoulder could send the webhook again, for as long as it is not too old.
fn without_signature(query: &str) -> String {
    let parts = query.split('&').map(|part| match part.split_once('=') {
        Some(("Sign", _)) => "Sign=(hidden)",
        _ => part,
    });
    parts.collect::<Vec<_>>().join("&")
}

fn put_on_board(shared: &Arc<Shared>, query: &str, body: &[u8], delivery: &Verified) {
    let Some(call_id) = delivery.event.call_id() else {
        return;
    };
    shared.sessions.hear_call(&delivery.event);
    let body = String::from_utf8_lossy(body);
    let query = without_signature(query);
    let raw = Packet::webhook(format!("POST {PATH}?{query}\n\n{body}"));
    shared.change_call(call_id, |call, next| call.hear(&delivery.event, raw, next));
}

/// Settles the ring that it is about, if one is unknown. What is lost here, the records tell workers later.
fn tell_ledger(shared: &Shared, delivery: Verified) {
    // Anybody could say that a phone rang.
    if !matches!(shared.webhooks, WebhookCheck::Token(_)) {
        return;
    }
    let Some(ledger) = shared.ledger.clone() else {
        return;
    };
    let app = shared.account.sdk_app_id;
    tokio::spawn(async move {
        if let Err(error) = ledger.webhook(app, &delivery).await {
            tracing::warn!(code = error.code(), %error, "the ledger did not take a webhook");
        }
    });
}
