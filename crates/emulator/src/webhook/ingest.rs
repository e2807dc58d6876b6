//! What the service tells about ingest tasks (<https://trtc.io/document/62717>): another configuration,
//! another signature and other repetitions than the webhooks about calls.

use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;
use trtc_call_core::webhook::ingest::IngestWebhookKey;
use trtc_call_core::{SdkAppId, UnixMillis};

use crate::IngestEndReason;
use crate::json::json;

/// Whom the service tells about ingest tasks. At the service, the console sets it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct IngestWebhooks {
    /// Where to. The emulator sends by plain http only.
    pub url: String,
    /// Signs deliveries (`Sign`). Default: they are not signed.
    pub key: Option<IngestWebhookKey>,
    /// How long the receiver may take to answer, in real time. Default: 5 s, as at the service.
    pub timeout: Duration,
}

impl IngestWebhooks {
    /// Tells that URL, without a signature.
    #[must_use]
    pub fn new(url: impl Into<String>) -> IngestWebhooks {
        IngestWebhooks {
            url: url.into(),
            key: None,
            timeout: Duration::from_secs(5),
        }
    }

    /// The headers of a delivery.
    pub(super) fn headers(&self, sdk_app_id: SdkAppId, body: &str) -> Vec<(&'static str, String)> {
        let mut headers = vec![("sdkappid", sdk_app_id.to_string())];
        if let Some(key) = &self.key {
            headers.push(("sign", key.sign(body.as_bytes())));
        }
        headers
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
    pub(super) fn body(
        self,
        task_id: &str,
        event: UnixMillis,
        callback: UnixMillis,
    ) -> Box<RawValue> {
        let status = match self {
            IngestReport::Started | IngestReport::Stopped(_) => 0,
            IngestReport::Failed => 1,
            IngestReport::Restarting => 2,
        };
        json(&Body {
            event_group_id: 7,
            event_type: self.event_type().0,
            callback_ms_ts: callback,
            event_info: EventInfo {
                event_ms_ts: event,
                task_id,
                status,
            },
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    event_group_id: u32,
    event_type: u32,
    callback_ms_ts: UnixMillis,
    event_info: EventInfo<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EventInfo<'a> {
    event_ms_ts: UnixMillis,
    task_id: &'a str,
    status: u32,
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
}
