use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;
use trtc_call_core::webhook::WebhookToken;

use crate::Alteration;

/// Whom the service tells what: the one configuration of an application (`set_callback`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallbackConfiguration {
    /// Where to. The emulator sends by plain http only.
    pub url: String,
    /// The commands that are sent, such as `Call.CallbackAfterEndCall`.
    pub commands: Vec<String>,
}

impl CallbackConfiguration {
    /// All commands there are.
    pub const ALL_COMMANDS: [&str; 3] = [
        "Call.CallbackAfterStartCall",
        "Call.CallbackAfterMemberChanged",
        "Call.CallbackAfterEndCall",
    ];

    /// Sends these commands to that URL.
    pub fn new(
        url: impl Into<String>,
        commands: impl IntoIterator<Item = impl Into<String>>,
    ) -> CallbackConfiguration {
        CallbackConfiguration {
            url: url.into(),
            commands: commands.into_iter().map(Into::into).collect(),
        }
    }

    /// Sends everything to that URL.
    pub fn everything(url: impl Into<String>) -> CallbackConfiguration {
        CallbackConfiguration::new(url, CallbackConfiguration::ALL_COMMANDS)
    }

    pub(super) fn asks_for(&self, command: &str) -> bool {
        self.commands.iter().any(|asked| asked == command)
    }
}

/// How webhooks are sent. What the console sets at the service, and what goes wrong on the way.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WebhookSettings {
    /// Signs deliveries (`Sign`, `RequestTime`). Default: authentication is off.
    pub token: Option<WebhookToken>,
    /// How long the receiver may take to answer, in real time. Default: 2 s, as at the service.
    pub timeout: Duration,
    /// How often a delivery is tried. Default: 3 times.
    pub attempts: u32,
    /// From a failed attempt to the next, in emulated time. Default: 1 s.
    pub retry_after: Duration,
    /// How often each delivery is sent again although it arrived. Default: never.
    pub repeats: u32,
    /// Each delivery is held back by up to so much emulated time, so that they overtake each other.
    /// Default: not at all.
    pub shuffle: Duration,
    /// What is different in the bodies about calls, such as a field that is missing. Default: nothing.
    pub alteration: Alteration,
}

impl WebhookSettings {
    /// A body as it is sent.
    pub(super) fn alter(&self, body: Box<RawValue>) -> Box<RawValue> {
        let altered = RawValue::from_string(self.alteration.apply(body.get()));
        altered.unwrap_or(body)
    }
}

impl Default for WebhookSettings {
    fn default() -> WebhookSettings {
        WebhookSettings {
            token: None,
            timeout: Duration::from_secs(2),
            attempts: 3,
            retry_after: Duration::from_secs(1),
            repeats: 0,
            shuffle: Duration::ZERO,
            alteration: Alteration::default(),
        }
    }
}
