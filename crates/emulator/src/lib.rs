//! An emulator of Tencent RTC's server-side calling service: ring simulated users without an account,
//! and see what your program does when things go wrong.
//!
//! It takes the requests of the REST API, checks what the service checks (path, method, query, UserSig by
//! HMAC and expiry, admin account, JSON, every documented field rule, the rate limit) and answers with the
//! documented codes in the documented envelope. Simulated users ring, answer, refuse, hang up by a
//! [`Script`]; [`Fault`]s spoil the next replies; a control API below `/emulator/` does the same over
//! HTTP (see the README).
//!
//! The cloud API (stream ingest, rooms) is at `POST /`, with its own signature checked. Robots play into
//! [rooms](Emulator::rooms) by [tasks](Emulator::ingests) that end as the service's do.
//!
//! ```
//! use trtc_call_core::{SdkAppId, SecretKey, UnixMillis};
//! use trtc_call_emulator::{Config, Emulator, ReceivedRequest};
//!
//! let config = Config::new(SdkAppId::new(1400000001)?, SecretKey::new("any key")?);
//! let mut emulator = Emulator::new(&config);
//! // In a loop around any HTTP server, or in a browser without one:
//! let request = ReceivedRequest { method: "POST", path_and_query: "/v4/a/b", headers: &[], body: b"{}" };
//! let answer = emulator.handle(&request, UnixMillis(1_700_000_000_000), 42);
//! assert_eq!(answer.status, 200);
//! assert!(String::from_utf8_lossy(&answer.body).contains("60009"), "there is no such resource");
//! # Ok::<(), trtc_call_core::Problem>(())
//! ```
//!
//! The logic is sans-IO: no clock, no random source, no socket, no environment; it compiles for
//! wasm32-unknown-unknown. The feature `server` puts it behind a TCP socket:
#![cfg_attr(feature = "server", doc = "```")]
#![cfg_attr(not(feature = "server"), doc = "```ignore")]
//! # async fn example(config: trtc_call_emulator::Config) -> std::io::Result<()> {
//! use trtc_call_emulator::server::Server;
//!
//! let server = Server::start(config).await?;
//! // Point a client at server.base_url(), ring jack, and count:
//! let rings = server.with(|emulator| emulator.rings("jack"));
//! # Ok(())
//! # }
//! ```
//!
//! # What it is not
//! - No media: nobody hears or sees anything; rooms know who is in them, and streams how long they last.
//! - Not the vendor's code: where the documentation is silent (codes of callees who cannot be rung, the
//!   order of checks, the window of the rate limit), it does what its README says.
//! - No store: everything is in memory and gone with the emulator.
//!
//! # Features
//! | feature | default | adds |
//! | --- | --- | --- |
//! | `server` | no | [`server`](https://docs.rs/trtc-call-emulator/latest/trtc_call_emulator/server), the emulator behind a TCP socket |
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

mod admission;
mod agenda;
mod alteration;
mod call;
mod clock;
mod cloud;
mod command;
mod control;
mod emulator;
mod event;
mod exchange;
mod fault;
mod field;
mod http;
mod ingest;
mod json;
mod latest;
mod query;
mod random;
mod rate_limit;
mod reply;
mod rooms;
mod script;
#[cfg(feature = "server")]
pub mod server;
mod webhook;
mod wire;

pub use alteration::Alteration;
pub use call::{Call, Callee, CalleeStatus, End, EndResult, Media, Room};
pub use emulator::{Config, Emulator};
pub use event::{Event, EventKind};
pub use fault::{Fault, FaultKind};
pub use http::{Answer, Cut, MAX_BODY_BYTES, ReceivedRequest};
pub use ingest::{Ingest, IngestEnd, IngestEndReason, StreamScript};
pub use rooms::{Occupant, OccupiedRoom, Through};
pub use script::{Script, Then};
pub use webhook::{
    CallbackConfiguration, IngestWebhooks, OutgoingWebhook, WebhookAttempt, WebhookDelivery,
    WebhookOutcome, WebhookSettings,
};
