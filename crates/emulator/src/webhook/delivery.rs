use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;
use trtc_call_core::{SdkAppId, UnixMillis, UnixSeconds};

use super::{IngestWebhooks, WebhookSettings, signature};

/// A delivery, and what became of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// Counts the deliveries of an emulator, from 1.
    pub id: u64,
    /// `CallbackCommand`; about an ingest task, its `EventType`: `701` or `702`.
    pub command: &'static str,
    /// The call; empty about a task whose room is no call's.
    pub call_id: String,
    /// The task, about an ingest task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// When it happened, in emulated time (`EventTime`).
    pub happened_at: UnixMillis,
    /// Where it goes to, without the service's own parameters.
    pub url: String,
    /// `OptPlatform`; empty about an ingest task.
    pub platform: &'static str,
    /// The body.
    pub body: Box<RawValue>,
    /// The attempts that are over, oldest first.
    pub attempts: Vec<WebhookAttempt>,
    /// Whether there will be no more attempts.
    pub is_over: bool,
}

/// One attempt at a delivery. In the control API one flat object:
/// `{"at":1700000000000,"outcome":"refused","status":500}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WebhookAttempt {
    /// When it was over, in emulated time.
    pub at: UnixMillis,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: WebhookOutcome,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[non_exhaustive]
pub enum WebhookOutcome {
    /// The receiver answered 200.
    Acknowledged,
    /// The receiver answered something else.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The receiver did not answer in time.
    TimedOut,
    /// There was no connection, or it broke before the answer.
    NotReached,
    /// The URL is not one of plain http: the emulator speaks no TLS.
    UnsupportedUrl,
}

/// A delivery that is due, for the shell to send: `POST`, `content-type: application/json`. Report what
/// becomes of it with [`Emulator::note_webhook`](crate::Emulator::note_webhook).
///
/// **Its URL is a secret** for some minutes: it holds a signature. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutgoingWebhook {
    /// Which delivery it is.
    pub id: u64,
    /// Where to, with all parameters.
    pub url: String,
    /// The headers to add to `content-type`, in lower case. Secrets too.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
    /// How long to wait for the answer, in real time.
    pub timeout: Duration,
}

impl WebhookDelivery {
    pub(super) fn outgoing(
        &self,
        sdk_app_id: SdkAppId,
        settings: &WebhookSettings,
        signed_at: UnixSeconds,
    ) -> OutgoingWebhook {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        let mut url = format!(
            "{}{separator}SdkAppid={sdk_app_id}&CallbackCommand={}&contenttype=json&ClientIP=127.0.0.1&OptPlatform={}",
            self.url, self.command, self.platform,
        );
        if let Some(token) = &settings.token {
            let sign = signature::sign(token, signed_at);
            url = format!("{url}&Sign={sign}&RequestTime={signed_at}");
        }
        OutgoingWebhook {
            id: self.id,
            url,
            headers: Vec::new(),
            body: self.body.get().to_owned(),
            timeout: settings.timeout,
        }
    }

    /// A delivery about an ingest task, signed as the configuration is now.
    pub(super) fn outgoing_of_ingest(
        &self,
        sdk_app_id: SdkAppId,
        webhooks: Option<&IngestWebhooks>,
    ) -> OutgoingWebhook {
        let default = IngestWebhooks::new("");
        let webhooks = webhooks.unwrap_or(&default);
        let body = self.body.get().to_owned();
        OutgoingWebhook {
            id: self.id,
            url: self.url.clone(),
            headers: webhooks.headers(sdk_app_id, &body),
            body,
            timeout: webhooks.timeout,
        }
    }
}

impl fmt::Debug for OutgoingWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingWebhook")
            .field("id", &self.id)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
