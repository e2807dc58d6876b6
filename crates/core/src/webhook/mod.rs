//! Webhooks: what the service tells your server about calls; about streams that are played, see [`ingest`].
//!
//! `POST {your URL}?SdkAppid=…&CallbackCommand=…&contenttype=json&ClientIP=…&OptPlatform=…&Sign=…&RequestTime=…`
//!
//! | goes in | comes out |
//! | --- | --- |
//! | the raw query, the raw body, [`WebhookToken`], the time | [`Delivery`] with its [`Event`], or a [`WebhookError`] |
//! | the same [`Event`]s in any order, any number of times | [`CallTimeline`]: the call's true state and history |
//!
//! ```
//! use trtc_call_core::webhook::{Event, WebhookReply, WebhookToken, WebhookVerifier};
//! use trtc_call_core::{SdkAppId, UnixSeconds};
//!
//! fn receive(query: &str, body: &[u8], now: UnixSeconds, token: &WebhookToken) -> WebhookReply {
//!     let verifier = WebhookVerifier::new(SdkAppId::new(1_400_000_000).unwrap(), token);
//!     match verifier.verify(query, body, now) {
//!         Ok(delivery) => {
//!             if let Event::CallEnded(ended) = &delivery.event {
//!                 println!("{} ended: {}", ended.record.call_id, ended.record.result);
//!             }
//!             WebhookReply::acknowledge() // within 2 s: leave longer work to a task of its own
//!         }
//!         Err(error) => WebhookReply::refuse(&error),
//!     }
//! }
//! ```
//!
//! # What a signature is worth
//!
//! `Sign` is the SHA-256 of a shared token and `RequestTime`. It shows that the query was made by
//! somebody who knows the token, within the last minutes. **It does not cover the body**: use TLS, and
//! confirm with [`get_call_info`](crate::call_engine::get_call_info) or
//! [`get_record_by_callid`](crate::call_record::get_record_by_callid) what money or safety hang on.
//!
//! Deliveries may repeat and arrive out of order. [`CallTimeline`] puts them right.
//!
//! Vendor: <https://trtc.io/document/68933>.

mod command;
mod error;
mod event;
pub mod ingest;
mod parse;
mod query;
mod reply;
mod sign;
mod test_delivery;
mod timeline;
mod verifier;

pub use command::CallbackCommand;
pub use error::{WebhookError, WebhookErrorReason};
pub use event::{
    CallEnded, CallStarted, Event, MemberAction, MemberChange, MembersChanged, UnknownEvent,
};
pub use parse::MAX_BODY_BYTES;
pub use query::OptPlatform;
pub use reply::WebhookReply;
pub use sign::WebhookToken;
pub(crate) use test_delivery::SentRecord;
pub use test_delivery::{SentDelivery, TestDelivery};
pub use timeline::{
    Added, CallPhase, CallState, CallTimeline, Happening, HistoryEntry, MemberState,
};
pub(crate) use timeline::{last_state, state_after};
pub use verifier::{
    Delivery, WebhookVerifier, parse_body_unverified, parse_unsigned, parse_unverified,
};
