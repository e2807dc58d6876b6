//! What the service tells about ingest tasks (<https://trtc.io/document/62717>): another configuration,
//! another signature and other repetitions than the webhooks about calls.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use trtc_call_core::{Problem, SdkAppId};

use crate::{IngestEndReason, UnixMillis};

/// Whom the service tells about ingest tasks. At the service, the console sets it.
#[derive(Clone)]
#[non_exhaustive]
pub struct IngestWebhooks {
    /// Where to. The emulator sends by plain http only.
    pub url: String,
    /// How long the receiver may take to answer, in real time. Default: 5 s, as at the service.
    pub timeout: Duration,
    key: Option<String>,
}

impl IngestWebhooks {
    /// Tells that URL, without a signature.
    #[must_use]
    pub fn new(url: impl Into<String>) -> IngestWebhooks {
        IngestWebhooks {
            url: url.into(),
            timeout: Duration::from_secs(5),
            key: None,
        }
    }

    /// Signs with that key (`Sign`). It is never printed.
    ///
    /// # Errors
    /// If it is empty.
    pub fn with_key(mut self, key: impl Into<String>) -> Result<IngestWebhooks, Problem> {
        let key = key.into();
        if key.is_empty() {
            return Err(Problem::new(
                "key",
                "must not be empty",
                "leave it out to send without a signature",
            ));
        }
        self.key = Some(key);
        Ok(self)
    }

    /// Whether deliveries are signed.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.key.is_some()
    }

    /// The headers of a delivery.
    pub(super) fn headers(&self, sdk_app_id: SdkAppId, body: &str) -> Vec<(&'static str, String)> {
        let mut headers = vec![("sdkappid", sdk_app_id.to_string())];
        if let Some(key) = &self.key {
            headers.push(("sign", sign(key, body)));
        }
        headers
    }
}

/// By the vendor's words rather than by the library's own verifier: base64 of HMAC-SHA256 of the body.
fn sign(key: &str, body: &str) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

impl fmt::Debug for IngestWebhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IngestWebhooks")
            .field("url", &self.url)
            .field("timeout", &self.timeout)
            .field("is_signed", &self.is_signed())
            .finish()
    }
}

/// A failed delivery comes again at once, and then every 10 s for a minute.
const ATTEMPTS: u32 = 8;

/// How long to wait after the attempt of that number; `None` gives up.
pub(super) fn retry_after(attempt: u32) -> Option<Duration> {
    match attempt {
        ATTEMPTS.. => None,
        0 | 1 => Some(Duration::ZERO),
        _ => Some(Duration::from_secs(10)),
    }
}

/// What there is to tell about a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IngestReport {
    Started,
    Failed,
    Restarting,
    Stopped(IngestEndReason),
}

impl IngestReport {
    /// `EventType`, and how the log of deliveries calls it.
    fn event_type(self) -> (u32, &'static str) {
        match self {
            IngestReport::Started | IngestReport::Failed | IngestReport::Restarting => (701, "701"),
            IngestReport::Stopped(_) => (702, "702"),
        }
    }

    pub(super) fn command(self) -> &'static str {
        self.event_type().1
    }

    /// The body about what happened at `event`, sent at `callback`.
    pub(super) fn body(self, task_id: &str, event: UnixMillis, callback: UnixMillis) -> Value {
        let status = match self {
            IngestReport::Started | IngestReport::Stopped(_) => 0,
            IngestReport::Failed => 1,
            IngestReport::Restarting => 2,
        };
        json!({
            "EventGroupId": 7,
            "EventType": self.event_type().0,
            "CallbackMsTs": callback,
            "EventInfo": { "EventMsTs": event, "TaskId": task_id, "Status": status },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_tried_at_once_again_and_then_for_a_minute() {
        let waits: Vec<u64> = (1..)
            .map_while(retry_after)
            .map(|wait| wait.as_secs())
            .collect();
        assert_eq!(waits, [0, 10, 10, 10, 10, 10, 10]);
    }

    #[test]
    fn the_signature_is_base64_of_the_mac_of_the_body() {
        // RFC 4231, test case 2.
        assert_eq!(
            sign("Jefe", "what do ya want for nothing?"),
            "W9zBRr9gdU5qBCQIJcFUagh1Y4MnxTyDlk7scpZOxDg="
        );
    }

    #[test]
    fn the_key_is_not_printed() {
        let webhooks = IngestWebhooks::new("http://a").with_key("MARKED").unwrap();
        assert!(!format!("{webhooks:?}").contains("MARKED"));
        assert!(IngestWebhooks::new("http://a").with_key("").is_err());
    }
}
