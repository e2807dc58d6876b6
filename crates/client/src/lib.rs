//! Ring your users from the server with Tencent RTC (TUICallKit).
//!
//! ```no_run
//! use trtc_call::call_engine::start_call_by_robot;
//! use trtc_call::{Client, Error, MediaType, Region, SdkAppId, SecretKey, UserId};
//!
//! # async fn ring(secret_key: String) -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder(
//!     SdkAppId::new(1_400_000_000)?,
//!     SecretKey::new(secret_key)?,
//!     UserId::new("administrator")?,
//!     Region::Singapore,
//! )
//! .build()?;
//!
//! let call = start_call_by_robot::Request::builder("robot", ["jack"], MediaType::Video)
//!     .room("roomid-test")
//!     .build()?;
//! match client.send(&call).await {
//!     Ok(reply) if reply.response.was_rung() => println!("rings: {:?}", reply.response.call_id),
//!     Ok(reply) => println!("nobody rings, busy or offline: {:?}", reply.response.callees),
//!     Err(Error::OutcomeUnknown(unknown)) => println!("may have rung: {unknown}"),
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! This crate is the transport around [`trtc_call_core`], all of which it re-exports: it brings the
//! socket, the clock and the random numbers, and decides nothing that the core can decide.
//!
//! **A call that may have rung is never sent again.** `start_call_by_robot` has no idempotency key, so a
//! request whose outcome is unknown ends in [`Error::OutcomeUnknown`], which carries what is needed to
//! find out.
//!
//! [`Client::records`] lists what became of past calls, a page at a time as you go along.
//!
//! [`Client::session`] does a whole job: it rings, plays a stream to whoever answers, hangs up, cleans up
//! and fetches the record. Streams and rooms by themselves are requests to the cloud API:
//! [`Client::start_stream_ingest`], [`Client::room`], [`Client::send_cloud`].
//!
//! **A future may be dropped** by `select!`, a timeout, or a web server whose caller hangs up. A call that was on its way
//! may ring then, and its CallId is lost: [`Client::send_detached`] sends where the future may be dropped,
//! [`ClientBuilder::on_abandoned`] is told of calls that were lost so, and [`Client::drained`] waits, before the process
//! ends, for what goes on in the background.
//!
//! # Features
//!
//! | feature | adds |
//! | --- | --- |
//! | `axum` | [`axum_webhook`](https://docs.rs/trtc-call/latest/trtc_call/axum_webhook/), which receives webhooks in an axum server |
//! | `blocking` | [`blocking::Client`](https://docs.rs/trtc-call/latest/trtc_call/blocking/), for programs without an async runtime |
//!
//! Features add; none changes what is there without it.
//!
//! # Not in this crate
//!
//! Building and parsing (the core), a local service to test with (`trtc-call-emulator`), a command for
//! operators (`trtc-call-cli`).

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod abandoned;
#[cfg(feature = "axum")]
pub mod axum_webhook;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod client;
mod cloud_client;
mod detached;
mod exchange;
mod hosts;
pub mod http_client;
mod ingest;
mod rate_limit;
mod recorded;
mod records;
mod room_client;
mod session;
mod tasks;
mod transport;
mod user_sig_cache;

pub use builder::{ClientBuilder, ConfigError};
pub use client::Client;
pub use cloud_client::{CloudClient, CloudConfig};
pub use detached::Detached;
pub use http_client::{http_client_builder, plain_http_client_builder};
pub use recorded::RecordedExchange;
pub use records::Records;
pub use room_client::Room;
pub use session::{Session, SessionBuilder, SessionHandle};
pub use tasks::Tasks;
pub use transport::transport_error;
pub use trtc_call_core::*;
