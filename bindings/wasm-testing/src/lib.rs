//! `trtc-call-emulator` for JavaScript: conversions only.

mod config;

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use trtc_call_core::{Problem, UnixMillis};
use trtc_call_emulator::{Cut, ReceivedRequest, WebhookOutcome};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// The emulated service. See the emulator's own documentation. Times are Unix milliseconds of the caller's clock.
#[wasm_bindgen]
pub struct Emulator(trtc_call_emulator::Emulator);

#[wasm_bindgen]
impl Emulator {
    /// An emulator of one application. `options` are those of `createEmulator` without the functions.
    /// Throws the problems: an array of `{ field, rule, fix }`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Emulator, JsValue> {
        let options = js_sys::JSON::stringify(options)?;
        match config::read(&String::from(options)) {
            Ok(config) => Ok(Emulator(trtc_call_emulator::Emulator::new(&config))),
            Err(invalid) => {
                let problems = invalid.into_problems().into_iter();
                let problems: Vec<Problem> = problems.map(Problem::in_javascript).collect();
                Err(serde_wasm_bindgen::to_value(&problems)?)
            }
        }
    }

    /// Answers a request to the service or to the control API. `headers` are pairs of names and values. The
    /// answer is `{ status, headers, body, delayMs, cut }`.
    pub fn handle(
        &mut self,
        method: &str,
        path_and_query: &str,
        headers: JsValue,
        body: &[u8],
        now: f64,
    ) -> Result<JsValue, JsError> {
        let headers: Vec<(String, String)> = serde_wasm_bindgen::from_value(headers)?;
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let request = ReceivedRequest {
            method,
            path_and_query,
            headers: &headers,
            body,
        };
        let answer = self.0.handle(&request, millis(now), getrandom::u64()?);
        Ok(serde_wasm_bindgen::to_value(&Answer::from(answer))?)
    }

    /// The webhook to send next, if one is due by now: `{ id, url, headers, body, timeoutMs, isAboutIngest }`.
    /// Report what becomes of it with `noteWebhook`, before the next is taken: so they go out in order.
    #[wasm_bindgen(js_name = takeDueWebhook)]
    pub fn take_due_webhook(&mut self, now: f64) -> Result<JsValue, JsError> {
        self.0.advance_to(millis(now));
        let due = self.0.take_due_webhook().map(Webhook::from);
        Ok(serde_wasm_bindgen::to_value(&due)?)
    }

    /// Takes note of what became of a webhook: `{ status }` of an answer, or `{ late: true }`, or `{}` if none came.
    #[wasm_bindgen(js_name = noteWebhook)]
    pub fn note_webhook(&mut self, id: f64, outcome: JsValue, now: f64) -> Result<(), JsError> {
        let outcome: Outcome = serde_wasm_bindgen::from_value(outcome)?;
        self.0.advance_to(millis(now));
        self.0.note_webhook(id as u64, outcome.into());
        Ok(())
    }

    /// When something happens next or a webhook is due.
    #[wasm_bindgen(js_name = nextDue)]
    #[must_use]
    pub fn next_due(&self) -> Option<f64> {
        let due = [self.0.next_due(), self.0.next_webhook_due()];
        let next = due.into_iter().flatten().min()?;
        Some(next.0 as f64)
    }
}

fn millis(time: f64) -> UnixMillis {
    UnixMillis(time as u64)
}

/// What to answer, and how badly.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status: u16,
    /// Of two with the same name, the later wins.
    headers: Vec<(String, String)>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    body: Uint8Array,
    /// How long to wait before the first byte.
    delay_ms: f64,
    /// Where the connection is to be closed, if it is.
    cut: Option<&'static str>,
}

impl From<trtc_call_emulator::Answer> for Answer {
    fn from(answer: trtc_call_emulator::Answer) -> Answer {
        let mut headers = vec![
            ("content-type".to_owned(), answer.content_type.to_owned()),
            ("date".to_owned(), answer.date_header()),
        ];
        headers.extend(answer.headers);
        Answer {
            status: answer.status,
            headers,
            body: Uint8Array::from(answer.body.as_slice()),
            delay_ms: answer.delay.as_secs_f64() * 1000.0,
            cut: match answer.cut {
                Cut::None => None,
                Cut::BeforeReply => Some("before_reply"),
                Cut::MidReply => Some("mid_reply"),
            },
        }
    }
}

/// A webhook to send by `POST`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Webhook {
    id: f64,
    url: String,
    headers: Vec<(&'static str, String)>,
    body: String,
    timeout_ms: f64,
    is_about_ingest: bool,
}

impl From<trtc_call_emulator::OutgoingWebhook> for Webhook {
    fn from(webhook: trtc_call_emulator::OutgoingWebhook) -> Webhook {
        // Those about calls have no headers of their own.
        let is_about_ingest = !webhook.headers.is_empty();
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(webhook.headers);
        Webhook {
            id: webhook.id as f64,
            url: webhook.url,
            headers,
            body: webhook.body,
            timeout_ms: webhook.timeout.as_secs_f64() * 1000.0,
            is_about_ingest,
        }
    }
}

/// What became of a webhook.
#[derive(Deserialize)]
struct Outcome {
    status: Option<u16>,
    #[serde(default)]
    late: bool,
}

impl From<Outcome> for WebhookOutcome {
    fn from(outcome: Outcome) -> WebhookOutcome {
        match outcome.status {
            Some(200) => WebhookOutcome::Acknowledged,
            Some(status) => WebhookOutcome::Refused { status },
            None if outcome.late => WebhookOutcome::TimedOut,
            None => WebhookOutcome::NotReached,
        }
    }
}
