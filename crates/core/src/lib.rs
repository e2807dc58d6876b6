//! The sans-IO core of trtc-call.
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

pub mod call_engine;
mod call_id;
pub mod call_record;
mod endpoint;
mod error;
mod error_code;
mod http;
mod outcome_unknown;
pub mod private_map_key;
mod problem;
mod region;
mod retry;
mod room_id;
mod sdk_app_id;
mod secret_key;
mod time;
mod user_id;
pub mod usersig;
mod wire;

pub use call_engine::MediaType;
pub use call_id::CallId;
pub use call_record::{CallRecord, CallResult, CallType};
pub use endpoint::{Access, Command, Endpoint, PayloadError, Repeat, Reply};
pub use error::{
    Error, ParseError, ParseErrorKind, ServerError, TransportError, TransportErrorKind,
};
pub use error_code::{ErrorCode, ErrorCodeEntry};
pub use http::HttpRequest;
pub use outcome_unknown::{OutcomeUnknown, RingAttempt};
pub use problem::{InvalidRequest, Problem};
pub use region::{BaseUrl, Region};
pub use retry::{Decision, Effect, RetryPolicy};
pub use room_id::{RoomId, TextRoomId};
pub use sdk_app_id::SdkAppId;
pub use secret_key::SecretKey;
pub use time::UnixSeconds;
pub use user_id::UserId;
pub use usersig::UserSig;
