//! Everything about ringing users from the server with Tencent RTC that can be decided without a socket,
//! a clock or a random source.
//!
//! # The line
//!
//! | goes in | comes out |
//! | --- | --- |
//! | a typed request, [`Access`], a random number | [`HttpRequest`]: method, URL, headers, body |
//! | HTTP status and body | [`Reply`], or a typed [`Error`] |
//! | an [`Error`], the number of the attempt, a random number, what [`ReplyHead`] asks for | [`Decision`]: try again after so long, give up, or outcome unknown |
//! | [`SecretKey`], user, lifetime, the time | [`UserSig`] |
//! | a request to the cloud API, [`CloudAccess`], the time | [`HttpRequest`], signed with [`tc3`] |
//! | replies, webhooks, the time | the requests and events of a whole call: [`CallSession`](call_session::CallSession) |
//! | a webhook's raw query and body, the token, the time | its [`Delivery`](webhook::Delivery), or [why it is refused](webhook::WebhookError) |
//! | a UserSig, the time | its [claims](usersig::Claims), or [why it is refused](usersig::UserSigRejection) |
//!
//! The invariant: **the same arguments give the same result.** Nothing here waits, opens, looks at a
//! clock or keeps something for the next call. So any HTTP client will do:
//!
//! ```
//! use std::time::Duration;
//! use trtc_call_core::{
//!     Access, Decision, Endpoint, Error, HttpRequest, Reply, RetryPolicy, TransportError, UnixSeconds,
//! };
//!
//! fn send<E: Endpoint>(
//!     request: &E,
//!     access: &Access<'_>,
//!     http: impl Fn(HttpRequest) -> Result<(u16, Vec<u8>), TransportError>, // status and body
//!     now: impl Fn() -> UnixSeconds,
//!     random: impl Fn() -> u32,
//!     sleep: impl Fn(Duration),
//! ) -> Result<Reply<E::Response>, Error> {
//!     let mut attempt = 1;
//!     loop {
//!         let sent_at = now();
//!         let sent = http(request.http_request(access, random())).map_err(Error::from);
//!         let error = match sent.and_then(|(status, body)| E::parse(status, &body)) {
//!             Ok(reply) => return Ok(reply),
//!             Err(error) => error,
//!         };
//!         let asked = None; // what a header Retry-After says: `ReplyHead::retry_after`
//!         match RetryPolicy::default().decide(E::COMMAND.repeat, &error, attempt, random(), asked) {
//!             Decision::Retry { after } => sleep(after),
//!             Decision::GiveUp => return Err(error),
//!             // The phone may ring: `Error::OutcomeUnknown` says whose, and since when.
//!             Decision::OutcomeUnknown => {
//!                 return Err(Error::unknown_outcome(request.ring_attempt(), sent_at, now(), error));
//!             }
//!         }
//!         attempt += 1;
//!     }
//! }
//! ```
//!
//! # Your own transport
//!
#![doc = include_str!("../docs/transports.md")]
//!
//! # Where to look
//!
//! - [`call_engine`], [`call_record`] and [`call_config`]: the service's commands, a module each;
//! - [`stream_ingest`] and [`room`]: the actions of the [`cloud`] API, which play a stream into a room and
//!   put users out of it; [`tc3`], its signature;
//! - [`call_session`]: ring, play, hang up, clean up, record: the whole job, for who need not do it by hand;
//! - [`offline_push`]: the notification for who is offline, and advice on it;
//! - [`usersig`] and [`private_map_key`]: tokens, made and checked;
//! - [`webhook`]: what the service tells your server, verified and put in order, and [`webhook::ingest`] of
//!   streams;
//! - [`Error`], by moment, and [`ErrorCode`] and [`CloudErrorCode`], the service's codes: what each means,
//!   what to do, whether a phone can have rung or a stream can play;
//! - [`RetryPolicy`]: **a call that may have rung is never sent again**, nor a stream that may play.
//!
//! # What may be stored
//!
//! What the service tells is serialised with serde in one JSON (camelCase), which is that of the command's output and of
//! the npm package too, and stays as it is; later releases may add to it. It is read back whatever it holds: [`CallRecord`],
//! [`webhook::Event`] and [`Delivery`](webhook::Delivery), a session's [`Outcome`](call_session::Outcome),
//! [`OutcomeUnknown`]. What may be in a configuration is checked as if it were new: ids by themselves, [`SdkAppId`],
//! [`Region`], [`MediaType`].
//!
//! # Not ours
//!
//! Sending (the crate `trtc-call` does), a clock, random numbers, threads, files, the environment, logs.
//!
//! # Features
//!
//! | feature | default | adds |
//! | --- | --- | --- |
//! | `openapi` | no | [`openapi`](https://docs.rs/trtc-call-core/latest/trtc_call_core/openapi), the commands described as OpenAPI 3.1 |
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

pub mod call_config;
pub mod call_engine;
mod call_id;
pub mod call_record;
pub mod call_session;
mod cause;
pub mod client_defaults;
pub mod cloud;
mod described_cause;
mod endpoint;
mod endpoints;
mod error;
mod error_code;
mod error_description;
mod extra;
mod http;
mod http_status;
pub mod input;
mod json_text;
mod members;
pub mod offline_push;
#[cfg(feature = "openapi")]
pub mod openapi;
mod outcome_unknown;
pub mod private_map_key;
mod problem;
mod problem_code;
mod quoted;
mod region;
mod reply_head;
mod reported_room;
mod retry;
pub mod ring_ledger;
pub mod room;
mod room_id;
mod sdk_app_id;
mod secret_key;
pub mod secret_text;
mod spreadsheet;
mod stored;
pub mod stream_ingest;
pub mod tc3;
mod text_id;
mod time;
mod url;
mod user_id;
pub mod usersig;
pub mod webhook;
mod wire;
mod with_extra;
mod word;

pub use call_engine::MediaType;
pub use call_id::CallId;
pub use call_record::{CallRecord, CallResult, CallType};
pub use cause::Cause;
pub use cloud::{
    Action, CloudAccess, CloudEndpoint, CloudError, CloudErrorCode, CloudHost, CloudRegion,
};
pub use endpoint::{Access, Command, Endpoint, PayloadError, Repeat, Reply};
pub use error::{
    Error, ParseError, ParseErrorKind, ServerError, TransportError, TransportErrorKind,
};
pub use error_code::{ErrorCode, ErrorCodeEntry};
pub use error_description::{ErrorDescription, ErrorDetails, ServiceCode};
pub use extra::Extra;
pub use http::{HttpRequest, RequestSecrets};
pub use json_text::JsonText;
pub use outcome_unknown::{OutcomeUnknown, RingAttempt};
pub use problem::{InvalidRequest, Problem};
pub use problem_code::ProblemCode;
pub use region::{BaseUrl, Region};
pub use reply_head::ReplyHead;
pub use reported_room::{ReportedRoom, UntoldRoom};
pub use retry::{Decision, Effect, RetryPolicy};
pub use room_id::{IngestRoomIdCoding, RoomId, RoomNumber, TextRoomId};
pub use sdk_app_id::SdkAppId;
pub use secret_key::SecretKey;
pub use stream_ingest::TaskId;
pub use time::{UnixMillis, UnixSeconds};
pub use user_id::UserId;
pub use usersig::UserSig;
pub use with_extra::WithExtra;
