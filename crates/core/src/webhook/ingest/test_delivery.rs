use super::{IngestEvent, IngestWebhookKey};
use crate::SdkAppId;
use crate::cloud::Object;

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
        let mut info = Object::new();
        info.integer("EventMsTs", millis(event.event_time.0));
        if let Some(task_id) = &event.task_id {
            info.text("TaskId", task_id.as_str());
        }
        info.optional_integer("Status", event.status);
        let mut body = Object::new();
        body.integer("EventGroupId", event.event_group);
        body.integer("EventType", event.event_type);
        body.optional_integer(
            "CallbackMsTs",
            event.callback_time.map(|time| millis(time.0)),
        );
        body.json("EventInfo", &info.finish());
        IngestTestDelivery::with_body(sdk_app_id, body.finish())
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

/// Later than any year of the calendar, where it would not fit.
fn millis(time: u64) -> i64 {
    i64::try_from(time).unwrap_or(i64::MAX)
}
