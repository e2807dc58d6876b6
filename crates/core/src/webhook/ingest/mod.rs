//! Webhooks of stream ingest: what the service tells your server about tasks.
//!
//! `POST {your URL}` with the headers `Sign` and `SdkAppId`; the URL, the key and the events are set in the
//! console, apart from those of calls.
//!
//! ```
//! use trtc_call_core::webhook::ingest::{self, IngestEventKind, IngestWebhookVerifier};
//! use trtc_call_core::webhook::WebhookReply;
//!
//! /// With the two headers, and the body as it arrived.
//! fn receive(verifier: &IngestWebhookVerifier, sign: &str, app: &str, body: &[u8]) -> WebhookReply {
//!     match verifier.verify(Some(sign), Some(app), body) {
//!         Ok(event) => {
//!             if let (IngestEventKind::Started, Some(task)) = (event.kind, &event.task_id) {
//!                 println!("{task} plays");
//!             }
//!             ingest::acknowledge() // within 5 s: leave longer work to a task of its own
//!         }
//!         Err(error) => ingest::refuse(&error),
//!     }
//! }
//! ```
//!
//! # What a signature is worth
//!
//! `Sign` is an HMAC of the raw body: it shows that somebody who knows the key wrote every byte of it.
//! **It holds no time that the receiver could check**: whoever has seen a delivery can send it again, at any
//! time. Use TLS, and take an event for news only if its `event_time` is later than what is known.
//!
//! A delivery that is not answered within 5 s is repeated at once, and then every 10 s for a minute.
//! Deliveries may arrive out of order: see [`in_order`].
//!
//! Vendor: <https://trtc.io/document/62717>.

mod event;
mod key;
mod parse;
mod test_delivery;
mod verifier;

pub use event::{IngestEvent, IngestEventKind, in_order};
pub use key::IngestWebhookKey;
pub use test_delivery::{IngestTestDelivery, SentIngestDelivery};
pub use verifier::{IngestWebhookVerifier, parse_unverified};

use super::{WebhookError, WebhookReply};

/// The delivery has arrived: 200.
#[must_use]
pub fn acknowledge() -> WebhookReply {
    WebhookReply {
        status: 200,
        content_type: "application/json",
        body: r#"{"code":0}"#.to_owned(),
    }
}

/// The delivery is refused: 401, 400 or 413. The body names the [code](WebhookError::code) and nothing
/// else: whoever forges deliveries learns no details.
#[must_use]
pub fn refuse(error: &WebhookError) -> WebhookReply {
    WebhookReply {
        status: error.http_status(),
        content_type: "application/json",
        body: format!(r#"{{"code":1,"message":"{}"}}"#, error.code()),
    }
}
