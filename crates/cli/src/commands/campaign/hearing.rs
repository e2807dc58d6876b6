//! Webhooks about calls, handed to the ledger as they come.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::{mpsc, oneshot};
use trtc_call::SdkAppId;
use trtc_call::webhook::{Delivery, Event, WebhookReply};
use trtc_call_ledger::{Ledger, Ring};

use super::metrics::{Metrics, WebhookFate};
use crate::command_error::CommandError;
use crate::service;
use crate::webhook_check::{self, WebhookCheck};

/// The most that one transaction takes.
const BATCH: usize = 200;

/// Where webhooks come in.
pub(super) struct Hearing {
    /// Where the service is to send them.
    pub(super) url: String,
    /// What they tell, once it is written.
    pub(super) heard: mpsc::UnboundedReceiver<Heard>,
}

/// What a webhook tells.
pub(super) enum Heard {
    /// What it says itself.
    Event(Box<Event>),
    /// A ring that it changes.
    Changed(Box<Ring>),
}

impl Hearing {
    /// Listens as long as this runtime lives.
    pub(super) async fn begin(
        address: SocketAddr,
        check: WebhookCheck,
        (ledger, app): (Ledger, SdkAppId),
        metrics: Metrics,
    ) -> Result<Hearing, CommandError> {
        let (listener, url) = service::listen(address).await?;
        let (told, heard) = mpsc::unbounded_channel();
        // What cannot be written in the time that the service waits is not taken in.
        let (deliveries, received) = mpsc::channel(BATCH);
        tokio::spawn(write(ledger, app, received, told));
        let desk = Desk {
            check,
            deliveries,
            metrics,
        };
        let router = Router::new().fallback(receive).with_state(desk.into());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Hearing { url, heard })
    }
}

struct Desk {
    check: WebhookCheck,
    deliveries: mpsc::Sender<Received>,
    metrics: Metrics,
}

struct Received {
    delivery: Delivery,
    /// Whether it is written.
    answer: oneshot::Sender<bool>,
}

async fn receive(State(desk): State<std::sync::Arc<Desk>>, request: Request) -> Response {
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let (head, body) = request.into_parts();
    let query = head.uri.query().unwrap_or_default();
    let delivery = match desk.check.read(query, body).await {
        Ok((delivery, _)) => delivery,
        Err(error) => {
            desk.metrics.webhook(WebhookFate::Refused);
            return webhook_check::answer(WebhookReply::refuse(&error));
        }
    };
    // What is acknowledged is not told again: only what is written is.
    let (answer, written) = oneshot::channel();
    let received = Received { delivery, answer };
    let is_written = desk.deliveries.send(received).await.is_ok() && written.await == Ok(true);
    if is_written {
        desk.metrics.webhook(WebhookFate::Taken);
        webhook_check::answer(WebhookReply::acknowledge())
    } else {
        desk.metrics.webhook(WebhookFate::NotWritten);
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}

async fn write(
    ledger: Ledger,
    app: SdkAppId,
    mut received: mpsc::Receiver<Received>,
    told: mpsc::UnboundedSender<Heard>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    while received.recv_many(&mut batch, BATCH).await > 0 {
        let received = batch.drain(..);
        let (deliveries, answers): (Vec<Delivery>, Vec<_>) = received
            .map(|Received { delivery, answer }| (delivery, answer))
            .unzip();
        let written = ledger.webhooks(app, &deliveries).await;
        for answer in answers {
            // Who does not wait for it any more repeats the delivery.
            let _ = answer.send(written.is_ok());
        }
        if let Ok(changed) = written {
            let events = deliveries.into_iter().map(|delivery| delivery.event);
            let events = events.map(|event| Heard::Event(Box::new(event)));
            let changed = changed
                .into_iter()
                .map(|ring| Heard::Changed(Box::new(ring)));
            for heard in events.chain(changed) {
                let _ = told.send(heard);
            }
        }
    }
}
