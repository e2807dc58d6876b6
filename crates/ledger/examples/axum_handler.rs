//! A handler whose clients retry: the order's number is the key, so that an order rings once, whoever asks again and
//! whichever of your servers answers.
//!
//! ```sh
//! TRTC_SDKAPPID=… TRTC_SECRET_KEY=… TRTC_ADMIN=administrator TRTC_REGION=singapore TRTC_STORE=rings.db \
//!     cargo run --package trtc-call-ledger --example axum_handler
//! curl -X POST localhost:3000/orders/4711/reminders/jack
//! ```

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::{Client, MediaType, SecretKey};
use trtc_call_ledger::{Ledger, Verdict};

/// `POST /orders/{order}/reminders/{user}`
pub(crate) fn router(ledger: Ledger, client: Client) -> Router {
    Router::new()
        .route("/orders/{order}/reminders/{user}", post(remind))
        .with_state((ledger, client))
}

async fn remind(
    State((ledger, client)): State<(Ledger, Client)>,
    Path((order, user)): Path<(String, String)>,
) -> (StatusCode, Json<Value>) {
    let call = match Request::builder("robot", [user.as_str()], MediaType::Audio).build() {
        Ok(call) => call,
        Err(invalid) => return answer(StatusCode::BAD_REQUEST, json!(invalid.problems())),
    };
    // Where the client hangs up, this future is dropped; what has begun goes on, and the next request is told.
    let ring = match ledger
        .ring_once(&client, format!("order-{order}:reminder"), &call)
        .await
    {
        Ok(ring) => ring,
        Err(error) => return answer(StatusCode::SERVICE_UNAVAILABLE, json!(error.to_string())),
    };
    let status = match ring.verdict {
        Verdict::Rung => StatusCode::OK,
        Verdict::InProgress => StatusCode::ACCEPTED,
        Verdict::NotSent => StatusCode::SERVICE_UNAVAILABLE,
        Verdict::KeyReused => StatusCode::CONFLICT,
        // Asking again changes nothing: a person has to look.
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    answer(
        status,
        json!({ "verdict": ring.verdict, "repeated": ring.repeated, "callId": ring.ring.call_id }),
    )
}

fn answer(status: StatusCode, body: Value) -> (StatusCode, Json<Value>) {
    (status, Json(body))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let variable = |name: &str| std::env::var(name).map_err(|_| format!("set {name}"));
    let client = Client::builder(
        variable("TRTC_SDKAPPID")?.parse()?,
        SecretKey::new(variable("TRTC_SECRET_KEY")?)?,
        variable("TRTC_ADMIN")?.parse()?,
        variable("TRTC_REGION")?.parse::<trtc_call::Region>()?,
    )
    .build()?;
    let ledger = Ledger::open(&variable("TRTC_STORE")?).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, router(ledger, client)).await?;
    Ok(())
}
