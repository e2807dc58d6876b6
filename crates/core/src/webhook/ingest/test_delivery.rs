use serde::Serialize;

use super::{IngestEvent, IngestWebhookKey};
use crate::{SdkAppId, TaskId, UnixMillis};

/// Makes deliveries as the service makes them, **for tests of your own receiver**.
///
/// ```
/// use trtc_call_core::webhook::ingest::{
///     IngestEvent, IngestEventKind, IngestTestDelivery, IngestWebhookKey, IngestWebhookVerifier,
/// };
/// use trtc_call_core::{SdkAppId, TaskId, UnixMillis};
///
/// let (app, key) = (SdkAppId::new(1_400_000_000)?, IngestWebhookKey::new("any key")?);
/// let event = IngestEvent::new(IngestEventKind::Started, TaskId::new("task-1")?, UnixMillis(1_700_000_000_000));
/// let sent = IngestTestDelivery::new(app, &event).sign(&key);
///
/// // POST sent.body with the headers Sign and SdkAppId, or, without a socket:
/// let verifier = IngestWebhookVerifier::new(app, &key);
/// let read = verifier.verify(Some(&sent.sign), Some(&sent.sdk_app_id), sent.body.as_bytes());
/// assert_eq!(read, Ok(event));
/// # Ok::<(), trtc_call_core::Problem>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct IngestTestDelivery {
    sdk_app_id: SdkAppId,
    body: String,
}

/// A delivery, ready to be sent: `POST`, `content-type: application/json`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentIngestDelivery {
    /// The header `Sign`.
    pub sign: String,
    /// The header `SdkAppId`.
    pub sdk_app_id: String,
    /// JSON.
    pub body: String,
}

impl IngestTestDelivery {
    /// Delivers an event. Fields that this library does not know are not written.
    pub fn new(sdk_app_id: SdkAppId, event: &IngestEvent) -> IngestTestDelivery {
        let body = SentEvent {
            event_group_id: event.event_group,
            event_type: event.event_type,
            callback_ms_ts: event.callback_time,
            event_info: SentInfo {
                event_ms_ts: event.event_time,
                task_id: event.task_id.as_ref(),
                status: event.status,
            },
        };
        // Text and numbers, which JSON always has words for.
        let body = serde_json::to_string(&body).unwrap_or_default();
        IngestTestDelivery::with_body(sdk_app_id, body)
    }

    /// Delivers any text as the body: damaged, or of an event to come.
    pub fn with_body(sdk_app_id: SdkAppId, body: impl Into<String>) -> IngestTestDelivery {
        IngestTestDelivery {
            sdk_app_id,
            body: body.into(),
        }
    }

    /// The delivery as it is sent.
    #[must_use]
    pub fn sign(self, key: &IngestWebhookKey) -> SentIngestDelivery {
        SentIngestDelivery {
            sign: key.sign(self.body.as_bytes()),
            sdk_app_id: self.sdk_app_id.to_string(),
            body: self.body,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SentEvent<'a> {
    event_group_id: i64,
    event_type: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_ms_ts: Option<UnixMillis>,
    event_info: SentInfo<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SentInfo<'a> {
    event_ms_ts: UnixMillis,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<&'a TaskId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<i64>,
}
