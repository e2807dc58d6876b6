//! `/emulator/webhooks`: the callback configuration, how webhooks are sent, and what became of them.

use serde::Serialize;
use serde_json::value::RawValue;
use trtc_call_core::webhook::WebhookToken;

use super::faults::read_alteration;
use super::{Asked, Outcome, optional_milliseconds};
use crate::clock::milliseconds;
use crate::field::{FieldError, Fields};
use crate::json::json;
use crate::{Alteration, CallbackConfiguration, Emulator, WebhookSettings};

const EXAMPLE: &str =
    r#"{"url":"http://127.0.0.1:8080/webhook","token":"any token","repeats":1,"shuffleMs":500}"#;

/// The configuration and the settings, without the token.
pub(super) fn show(emulator: &Emulator) -> Box<RawValue> {
    let settings = emulator.webhook_settings();
    json(&Shown {
        configuration: emulator.callback_configuration(),
        signed: settings.token.is_some(),
        timeout_ms: milliseconds(settings.timeout),
        attempts: settings.attempts,
        retry_after_ms: milliseconds(settings.retry_after),
        repeats: settings.repeats,
        shuffle_ms: milliseconds(settings.shuffle),
        alteration: &settings.alteration,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    configuration: Option<&'a CallbackConfiguration>,
    signed: bool,
    timeout_ms: u64,
    attempts: u32,
    retry_after_ms: u64,
    repeats: u32,
    shuffle_ms: u64,
    #[serde(flatten)]
    alteration: &'a Alteration,
}

/// Sets what is given; settings that are left out get their defaults. Without `url`, the configuration
/// stays as `set_callback` left it.
pub(super) fn set(emulator: &mut Emulator, asked: &Asked<'_>) -> Outcome {
    let (configuration, settings) = asked.body(EXAMPLE, |fields| {
        Ok((read_configuration(fields)?, read_settings(fields)?))
    })?;
    if configuration.is_some() {
        emulator.set_callback_configuration(configuration);
    }
    emulator.set_webhook_settings(settings);
    Ok(show(emulator))
}

/// Nobody is told anything any more, and the settings get their defaults.
pub(super) fn reset(emulator: &mut Emulator) -> Box<RawValue> {
    emulator.set_callback_configuration(None);
    emulator.set_webhook_settings(WebhookSettings::default());
    show(emulator)
}

fn read_configuration(fields: Fields<'_>) -> Result<Option<CallbackConfiguration>, FieldError> {
    let commands = match fields.optional_strings("commands")? {
        Some(commands) => commands,
        None => CallbackConfiguration::ALL_COMMANDS.to_vec(),
    };
    let Some(url) = fields.optional_string("url")? else {
        return Ok(None);
    };
    if !url.starts_with("http://") {
        return Err(fields.error("url", "must begin with http://: the emulator speaks no TLS"));
    }
    Ok(Some(CallbackConfiguration::new(url, commands)))
}

fn read_settings(fields: Fields<'_>) -> Result<WebhookSettings, FieldError> {
    fields.only(&[
        "url",
        "commands",
        "token",
        "timeoutMs",
        "attempts",
        "retryAfterMs",
        "repeats",
        "shuffleMs",
        "set",
        "remove",
    ])?;
    let mut settings = WebhookSettings {
        alteration: read_alteration(fields)?,
        ..WebhookSettings::default()
    };
    if let Some(token) = fields.optional_string("token")? {
        let token = WebhookToken::new(token);
        settings.token = Some(token.map_err(|problem| fields.error("token", problem.rule))?);
    }
    if let Some(timeout) = optional_milliseconds(fields, "timeoutMs")? {
        settings.timeout = timeout;
    }
    if let Some(attempts) = optional_count(fields, "attempts", 1)? {
        settings.attempts = attempts;
    }
    if let Some(retry_after) = optional_milliseconds(fields, "retryAfterMs")? {
        settings.retry_after = retry_after;
    }
    if let Some(repeats) = optional_count(fields, "repeats", 0)? {
        settings.repeats = repeats;
    }
    if let Some(shuffle) = optional_milliseconds(fields, "shuffleMs")? {
        settings.shuffle = shuffle;
    }
    Ok(settings)
}

/// Up to 100: more would be a mistake.
fn optional_count(fields: Fields<'_>, name: &str, from: i64) -> Result<Option<u32>, FieldError> {
    let count = fields.optional_integer(name, &(from..=100))?;
    Ok(count.and_then(|count| u32::try_from(count).ok()))
}
