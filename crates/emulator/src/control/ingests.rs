//! What the control API shows and sets of ingest tasks: `/emulator/ingests`, `/emulator/streams` and
//! `/emulator/ingest-webhooks`.

use serde::Serialize;
use serde_json::value::RawValue;
use trtc_call_core::webhook::ingest::IngestWebhookKey;

use super::{Asked, ControlError, Outcome, optional_milliseconds, required_milliseconds};
use crate::clock::milliseconds;
use crate::field::{FieldError, Fields};
use crate::json::json;
use crate::{Emulator, IngestWebhooks, StreamScript};

const STREAM_EXAMPLE: &str =
    r#"{"url":"https://a.example/welcome.mp3","script":"plays","durationMs":5000}"#;
const WEBHOOKS_EXAMPLE: &str = r#"{"url":"http://127.0.0.1:8080/ingest","key":"any key"}"#;

pub(super) fn show(emulator: &mut Emulator, asked: &Asked<'_>) -> Outcome {
    emulator.ingest(asked.segment).map(json).ok_or_else(|| {
        let rule = "must be an ingest task of this emulator";
        ControlError::new(404, "taskId", rule, "see GET /emulator/ingests")
    })
}

/// Sets what becomes of a stream, for tasks that start or change to it from now on.
pub(super) fn set_stream(emulator: &mut Emulator, asked: &Asked<'_>) -> Outcome {
    let (url, script) = asked.body(STREAM_EXAMPLE, |fields| {
        let url = fields.string("url")?.to_owned();
        Ok((url, read_script(fields)?))
    })?;
    emulator.set_stream_script(url, script);
    Ok(json(&script))
}

fn read_script(fields: Fields<'_>) -> Result<StreamScript, FieldError> {
    let duration = match fields.string("script")? {
        "plays" => {
            fields.only(&["url", "script", "durationMs", "restartAfterMs"])?;
            Some(required_milliseconds(fields, "durationMs")?)
        }
        "live" => {
            fields.only(&["url", "script", "restartAfterMs"])?;
            None
        }
        "fails" => {
            return fields
                .only(&["url", "script"])
                .map(|()| StreamScript::Fails);
        }
        _ => return Err(fields.error("script", "must be plays, live or fails")),
    };
    Ok(StreamScript::Plays {
        duration,
        restart_after: optional_milliseconds(fields, "restartAfterMs")?,
    })
}

/// Whom the service tells about ingest tasks, without the key.
pub(super) fn show_webhooks(emulator: &Emulator) -> Box<RawValue> {
    let webhooks = emulator.ingest_webhooks();
    json(&Shown {
        url: webhooks.map(|webhooks| webhooks.url.as_str()),
        signed: webhooks.is_some_and(|webhooks| webhooks.key.is_some()),
        timeout_ms: webhooks.map(|webhooks| milliseconds(webhooks.timeout)),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    url: Option<&'a str>,
    signed: bool,
    timeout_ms: Option<u64>,
}

pub(super) fn set_webhooks(emulator: &mut Emulator, asked: &Asked<'_>) -> Outcome {
    let webhooks = asked.body(WEBHOOKS_EXAMPLE, |fields| {
        fields.only(&["url", "key", "timeoutMs"])?;
        let url = fields.string("url")?;
        if !url.starts_with("http://") {
            return Err(fields.error("url", "must begin with http://: the emulator speaks no TLS"));
        }
        let mut webhooks = IngestWebhooks::new(url);
        if let Some(key) = fields.optional_string("key")? {
            let key = IngestWebhookKey::new(key);
            webhooks.key = Some(key.map_err(|problem| fields.error("key", problem.rule))?);
        }
        if let Some(timeout) = optional_milliseconds(fields, "timeoutMs")? {
            webhooks.timeout = timeout;
        }
        Ok(webhooks)
    })?;
    emulator.set_ingest_webhooks(Some(webhooks));
    Ok(show_webhooks(emulator))
}
