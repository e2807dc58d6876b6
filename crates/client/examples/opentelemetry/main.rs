//! Spans of OpenTelemetry: the client makes one of `tracing` for each request, and `tracing-opentelemetry` hands it on.
//! No secret is in it.
//!
//! ```sh
//! cargo run --example opentelemetry -- jack
//! ```
//!
//! What follows prints the spans; an exporter such as that of `opentelemetry-otlp` sends them.

#![allow(clippy::print_stdout, reason = "it is what an example shows")]

#[path = "../settings/mod.rs"]
mod settings;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use settings::{BoxError, Settings};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use trtc_call::MediaType;
use trtc_call::call_engine::start_call_by_robot::Request;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("trtc-call"));
    tracing_subscriber::registry().with(layer).init();

    let client = Settings::read()?.client().build()?;
    let callee = std::env::args().nth(1).ok_or("say whom to ring")?;
    let call = Request::builder("robot", [callee], MediaType::Audio).build()?;
    client.send(&call).await?;

    for span in exporter.get_finished_spans()? {
        println!("{}: {:?}", span.name, span.attributes);
    }
    Ok(())
}
