//! A whole service: it rings on request, takes the webhooks, and shuts down in order on SIGTERM and Ctrl-C.
//!
//! ```sh
//! cargo run --example axum_service --features axum
//! curl -X POST http://127.0.0.1:8080/ring/jack
//! ```
//!
//! `TRTC_WEBHOOK_TOKEN` is the token of the console's callback settings; `LISTEN` where to listen, `127.0.0.1:8080` unless
//! it is set.

#![allow(clippy::print_stdout, reason = "it is what an example shows")]

#[path = "../settings/mod.rs"]
mod settings;

use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use settings::{BoxError, Settings, variable};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use trtc_call::axum_webhook::{WebhookReceiver, acknowledge_first};
use trtc_call::call_engine::start_call_by_robot;
use trtc_call::webhook::{Delivery, Event, WebhookToken, WebhookVerifier};
use trtc_call::{Client, Error, MediaType};

#[derive(Clone)]
struct Service {
    client: Client,
    webhooks: WebhookReceiver,
}

impl FromRef<Service> for WebhookReceiver {
    fn from_ref(service: &Service) -> WebhookReceiver {
        service.webhooks.clone()
    }
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    let settings = Settings::read()?;
    let token = WebhookToken::new(variable("TRTC_WEBHOOK_TOKEN")?)?;
    let verifier = WebhookVerifier::new(settings.sdk_app_id, &token);
    // Whoever gives up on a call without its CallId finds it in the webhooks by callees, room and time.
    let client = settings
        .client()
        .on_abandoned(|unknown| println!("look for it: {unknown}"))
        .build()?;
    let router = axum::Router::new()
        .route("/ring/{callee}", post(ring))
        .route("/webhook", acknowledge_first(client.tasks(), on_webhook))
        .with_state(Service {
            client: client.clone(),
            webhooks: WebhookReceiver::new(verifier),
        });

    let listen = variable("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(listen).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, router)
        .with_graceful_shutdown(asked_to_stop()?)
        .await?;

    // Nothing new comes in any more. What was begun is finished: calls whose caller has hung up, and webhooks that were
    // acknowledged, and would not come again.
    client.drained().await;
    println!("all is done");
    Ok(())
}

/// Detached, so that a caller who hangs up does not take the CallId along.
async fn ring(
    State(service): State<Service>,
    Path(callee): Path<String>,
) -> Result<String, (StatusCode, String)> {
    let call = start_call_by_robot::Request::builder("robot", [callee], MediaType::Video)
        .room("lobby")
        .build()
        .map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    match service.client.send_detached(call).await {
        Ok(reply) if reply.response.was_rung() => Ok(match reply.response.call_id {
            Some(call_id) => format!("rings: {call_id}"),
            None => "rings".to_owned(),
        }),
        Ok(_) => Err((StatusCode::CONFLICT, "busy or offline".to_owned())),
        // Not to be asked for again: the phone may ring.
        Err(Error::OutcomeUnknown(unknown)) => Err((StatusCode::ACCEPTED, unknown.to_string())),
        Err(error) => Err((StatusCode::BAD_GATEWAY, error.to_string())),
    }
}

async fn on_webhook(delivery: Delivery) {
    if let Event::CallEnded(ended) = delivery.event {
        let record = ended.record;
        println!("{} ended: {}", record.call_id, record.result);
        // What takes longer than the service would wait, such as a database.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        println!("{} is filed", record.call_id);
    }
}

fn asked_to_stop() -> Result<impl Future<Output = ()>, BoxError> {
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    })
}
